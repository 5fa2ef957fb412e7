//! The landlord's own RPLS return, joined to the OPS rows by identifier.
//!
//! Two layouts: the return of 64 positions (arrêté of 5 January 2010, annexe:
//! one line about the landlord, then one per dwelling, no header), and an
//! extract with named columns (`IDENT_REP`…) in any format that the intake
//! reads. The public file has no identifier of dwellings: it is refused.
//!
//! Invariants: identifiers are kept as hashes, never as text; what the OPS file
//! says wins; *MODE* is not taken, since the survey has its own occupation.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::io::{Read, Seek};

use super::cell::{Day, Row, Value};
use super::columns::{Names, Role};
use super::error::{IntakeError, Problem};
use super::header;
use super::numbers::{self, Calendar};
use super::rows::is_scientific;
use super::source::{self, Head};
use super::values::{self, Answer, is_silence};
use crate::campaign::normalise;
use crate::dwelling::{
    Dwelling, EnergyLabel, Financing, HousingType, Qpv, Typology, Variable, Variables,
};

/// The characteristics that are joined, and their position (from 0) in the
/// return of 64 positions.
const POSITIONS: [(Variable, usize); 7] = [
    (Variable::Qpv, 21),
    (Variable::HousingType, 22),
    (Variable::Rooms, 23),
    (Variable::Surface, 24),
    (Variable::ConstructionYear, 25),
    (Variable::Financing, 31),
    (Variable::EnergyLabel, 48),
];
/// Position of the INSEE code, which vouches for the layout.
const INSEE: usize = 3;
/// Fewest positions that lines of the return fill, their last ones being often
/// empty: up to the financing.
const FEWEST_POSITIONS: usize = 32;
/// Fewest named characteristics that make a file one of RPLS.
const FEWEST_NAMED: usize = 2;

/// What the return says of a dwelling.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Traits {
    qpv: Option<bool>,
    housing: Option<HousingType>,
    rooms: Option<u8>,
    surface: Option<u16>,
    year: Option<u16>,
    financing: Option<Financing>,
    energy: Option<EnergyLabel>,
}

/// A return, ready to be joined.
#[derive(Clone, Debug, Default)]
pub struct Rpls {
    dwellings: HashMap<u64, Traits>,
    variables: Variables,
}

/// The key of an identifier of RPLS; leading zeros come and go with the tools
/// that write files. `None` without one, or when its digits are lost.
pub(crate) fn key(text: &str) -> Option<u64> {
    let plain = normalise(text);
    if is_silence(&plain) || is_scientific(text) {
        return None;
    }
    let key = if plain.bytes().all(|b| b.is_ascii_digit()) {
        plain.trim_start_matches('0')
    } else {
        &plain
    };
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    Some(hasher.finish())
}

/// Where the columns are.
struct Layout {
    sheet: usize,
    /// The data begin under this row.
    header_row: u32,
    id: usize,
    columns: Vec<(Variable, usize)>,
}

impl Rpls {
    /// Reads a return; `source`, `size` and `name` as in [`read`](super::read).
    ///
    /// # Errors
    /// When the bytes cannot be read as a table, or have no identifier.
    pub fn read<S: Read + Seek>(source: S, size: u64, name: &str) -> Result<Self, IntakeError> {
        Self::read_problem(source, size).map_err(|problem| IntakeError::Refused {
            file: name.to_owned(),
            problem,
        })
    }

    /// Dwellings that the return describes.
    pub fn dwellings(&self) -> usize {
        self.dwellings.len()
    }

    /// The variables that it gives.
    pub fn variables(&self) -> Variables {
        self.variables
    }

    fn read_problem<S: Read + Seek>(source: S, size: u64) -> Result<Self, Problem> {
        source::reading(source, size, |problem| problem, Self::read_book)
    }

    fn read_book(book: &mut dyn source::Book) -> Result<Self, Problem> {
        let layout = layout(&book.heads()?)?;
        let calendar = Calendar {
            reference: Day {
                year: 2100,
                month: 1,
                day: 1,
            },
            epoch: book.epoch(),
        };
        let mut rpls = Self {
            variables: layout.columns.iter().map(|(v, _)| *v).collect(),
            ..Self::default()
        };
        if rpls.variables.contains(Variable::Rooms) {
            rpls.variables.insert(Variable::Typology);
        }
        book.scan(layout.sheet, &mut |number, row, _| {
            if number > layout.header_row
                && let Some(key) = key(&row.get(layout.id).text())
            {
                rpls.dwellings
                    .entry(key)
                    .or_insert_with(|| traits(row, &layout.columns, calendar));
            }
            Ok(true)
        })?;
        Ok(rpls)
    }

    /// Completes a dwelling where the row says nothing; false when the return
    /// does not know it.
    pub(crate) fn complete(
        &self,
        id: &str,
        dwelling: &mut Dwelling,
        filled: &mut dyn FnMut(Variable),
    ) -> bool {
        let Some(traits) = key(id).and_then(|key| self.dwellings.get(&key)) else {
            return false;
        };
        macro_rules! fill {
            ($field:ident, $value:expr, $variable:ident) => {
                if dwelling.$field.is_none() && $value.is_some() {
                    dwelling.$field = $value;
                    filled(Variable::$variable);
                }
            };
        }
        fill!(housing_type, traits.housing, HousingType);
        fill!(rooms, traits.rooms, Rooms);
        let typology = traits
            .rooms
            .map(|n| Typology::ALL[usize::from(n.clamp(1, 5)) - 1]);
        fill!(typology, typology, Typology);
        fill!(surface, traits.surface, Surface);
        fill!(construction_year, traits.year, ConstructionYear);
        fill!(financing, traits.financing, Financing);
        fill!(energy_label, traits.energy, EnergyLabel);
        if dwelling.qpv == Qpv::Unknown
            && let Some(inside) = traits.qpv
        {
            dwelling.qpv = if inside {
                Qpv::Inside(None)
            } else {
                Qpv::Outside
            };
            filled(Variable::Qpv);
        }
        true
    }
}

fn layout(heads: &[Head]) -> Result<Layout, Problem> {
    let names = Names::new();
    let mut public = false;
    for (sheet, head) in heads.iter().enumerate() {
        for (number, texts) in &head.rows {
            let mapping = header::map(texts, &names, None);
            let column = |variable| {
                let mut used = mapping.used.iter();
                let found = used.find(|used| used.variable == variable)?;
                Some((variable, found.column))
            };
            let columns: Vec<_> = POSITIONS.iter().filter_map(|(v, _)| column(*v)).collect();
            if columns.len() < FEWEST_NAMED {
                continue;
            }
            match column(Variable::DwellingId) {
                Some((_, id)) => {
                    return Ok(Layout {
                        sheet,
                        header_row: *number,
                        id,
                        columns,
                    });
                }
                None => public = true,
            }
        }
    }
    if public {
        return Err(Problem::RplsWithoutIdentifier);
    }
    // No names: the return of 64 positions, told by its lines.
    for (sheet, head) in heads.iter().enumerate() {
        let Some((first, _)) = head.rows.iter().find(|(_, texts)| is_return_line(texts)) else {
            continue;
        };
        let after = head.rows.iter().filter(|(number, _)| number >= first);
        let (lines, fit) = after.fold((0, 0), |(lines, fit), (_, texts)| {
            (lines + 1, fit + usize::from(is_return_line(texts)))
        });
        if fit * 10 >= lines * 9 {
            return Ok(Layout {
                sheet,
                header_row: first - 1,
                id: 0,
                columns: POSITIONS.to_vec(),
            });
        }
    }
    Err(Problem::NotRpls)
}

/// A line of the return: many positions, an identifier of ten characters at
/// most in the first, an INSEE code in the fourth.
fn is_return_line(texts: &[String]) -> bool {
    let position = |at: usize| texts.get(at).map_or("", |t| t.trim());
    let id = position(0);
    let insee = position(INSEE);
    (FEWEST_POSITIONS..=65).contains(&texts.len())
        && (1..=10).contains(&id.len())
        && id.bytes().all(|b| b.is_ascii_alphanumeric())
        && (4..=5).contains(&insee.len())
        && insee.bytes().skip(2).all(|b| b.is_ascii_digit())
}

fn traits(row: &Row, columns: &[(Variable, usize)], calendar: Calendar) -> Traits {
    fn known<T>(answer: Answer<T>) -> Option<T> {
        match answer {
            Answer::Known(value) => Some(value),
            _ => None,
        }
    }
    let mut traits = Traits::default();
    for (variable, column) in columns {
        let value: Value<'_> = row.get(*column);
        match variable {
            Variable::Qpv => {
                traits.qpv = match known(values::qpv(&value, Role::Rpls)) {
                    Some(Qpv::Inside(_)) => Some(true),
                    Some(Qpv::Outside) => Some(false),
                    _ => None,
                }
            }
            Variable::HousingType => traits.housing = known(values::housing_type(&value)),
            Variable::Rooms => traits.rooms = known(numbers::rooms(&value)),
            Variable::Surface => traits.surface = known(numbers::surface(&value)),
            Variable::ConstructionYear => traits.year = known(numbers::year(&value, calendar)),
            Variable::Financing => {
                traits.financing = known(values::financing(&value, Role::Rpls));
            }
            Variable::EnergyLabel => traits.energy = known(values::energy_label(&value)),
            _ => {}
        }
    }
    traits
}

//! A row of cells → a dwelling, or the reason why it is none.

mod household;
mod place;

use std::collections::hash_map::DefaultHasher;
use std::collections::{HashMap, HashSet};
use std::hash::{Hash, Hasher};

use super::cell::{Row, Value};
use super::columns::{COLUMNS, Role};
use super::correspondence::{Correspondence, scope_of, value_of};
use super::header::{Mapping, Used};
use super::numbers::{self, Calendar};
use super::report::{NamedLandlord, Reason, Sample};
use super::tally::{At, Kind, Tally, quote};
use super::values::{self, Answer, Scope, is_silence};
use crate::campaign::{Campaign, normalise};
use place::Commune;

use crate::dwelling::{
    Activity, Dwelling, EnergyLabel, FamilySituation, Financing, HousingType, Occupation, Qpv,
    Typology, Variable,
};

/// Most distinct spellings remembered for one vocabulary.
const MAX_REMEMBERED: usize = 4_096;
/// Most distinct landlords' names remembered.
const MAX_LANDLORD_NAMES: usize = 200;
/// Longest programme number or name, in characters.
const MAX_PROGRAMME_CHARS: usize = 200;

/// What the spellings met so far mean: labels come back thousands of times.
struct Memo<T>(HashMap<String, T>);

impl<T: Clone> Memo<T> {
    fn get(&mut self, value: &Value<'_>, find: impl FnOnce() -> T) -> T {
        let text = value.text();
        if let Some(known) = self.0.get(text.as_ref()) {
            return known.clone();
        }
        let found = find();
        if self.0.len() < MAX_REMEMBERED {
            self.0.insert(text.into_owned(), found.clone());
        }
        found
    }
}

impl<T> Default for Memo<T> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

#[derive(Default)]
struct Memos {
    communes: Memo<Commune>,
    codes: Memo<Commune>,
    landlords: Memo<Option<usize>>,
    occupation: Memo<Answer<Scope>>,
    housing: Memo<Answer<HousingType>>,
    typology: Memo<Answer<(Typology, Option<u8>)>>,
    financing: Memo<Answer<Financing>>,
    situation: Memo<Answer<FamilySituation>>,
    activity: Memo<Answer<Activity>>,
    energy: Memo<Answer<EnergyLabel>>,
}

/// Reads rows into one reused dwelling.
pub(crate) struct Reader<'a> {
    campaign: &'a Campaign,
    profile: Option<&'a Correspondence>,
    calendar: Calendar,
    mapping: &'a Mapping,
    /// For each variable, the ranks of its columns in the mapping.
    columns: Vec<Vec<usize>>,
    memos: Memos,
    seen: HashSet<u64>,
    pub(crate) landlords: Vec<NamedLandlord>,
    pub(crate) tally: Tally,
    dwelling: Dwelling,
    scratch: String,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(
        campaign: &'a Campaign,
        profile: Option<&'a Correspondence>,
        calendar: Calendar,
        mapping: &'a Mapping,
    ) -> Self {
        let mut columns = vec![Vec::new(); COLUMNS.len()];
        for (rank, used) in mapping.used.iter().enumerate() {
            columns[used.variable as usize].push(rank);
        }
        Self {
            campaign,
            profile,
            calendar,
            mapping,
            columns,
            memos: Memos::default(),
            seen: HashSet::new(),
            landlords: Vec::new(),
            tally: Tally::new(mapping),
            dwelling: Dwelling::default(),
            scratch: String::new(),
        }
    }

    fn used(&self, variable: Variable) -> Option<&'a Used> {
        let rank = *self.columns[variable as usize].first()?;
        Some(&self.mapping.used[rank])
    }

    fn cell<'r>(&self, row: &'r Row, variable: Variable) -> Value<'r> {
        self.used(variable)
            .map_or(Value::Empty, |used| row.get(used.column))
    }

    /// The dwelling of a row that is not blank, when it counts.
    pub(crate) fn read(&mut self, at: At<'_>, row: &Row) -> Option<&Dwelling> {
        self.tally.rows_read += 1;
        let commune = self.commune(at, row)?;
        if self.is_duplicate(at, row) {
            return None;
        }
        let occupation = match self.occupation(at, row) {
            Some(Scope::Out(reason)) => {
                self.tally
                    .left_out(reason, at, self.column(Variable::Occupation));
                return None;
            }
            Some(Scope::In(occupation)) => Some(occupation),
            None => None,
        };
        self.dwelling.clear();
        self.dwelling.commune = commune;
        self.dwelling.occupation = occupation;
        self.tally.rows_kept += 1;
        self.landlord(row);
        self.programme(row);
        self.building(at, row);
        if occupation == Some(Occupation::Let) {
            self.tally.rows_let += 1;
            self.household(at, row);
        }
        self.samples(row);
        Some(&self.dwelling)
    }

    fn column(&self, variable: Variable) -> Option<(usize, &'a str)> {
        self.used(variable).map(|u| (u.column, u.header.as_str()))
    }

    /// Was the dwelling of this identifier read already? The first row wins.
    fn is_duplicate(&mut self, at: At<'_>, row: &Row) -> bool {
        for variable in [Variable::DwellingId, Variable::OwnDwellingId] {
            let Some(column) = self.column(variable) else {
                continue;
            };
            let value = self.cell(row, variable);
            let text = value.text();
            let plain = normalise(&text);
            if is_silence(&plain) {
                continue;
            }
            if is_scientific(&text) {
                self.tally
                    .find(Kind::ScientificId, Some(variable), at, Some(column));
                continue;
            }
            // Leading zeros come and go with the tools that write the file.
            let digits = plain.trim_start_matches('0');
            let key = if plain.bytes().all(|b| b.is_ascii_digit()) {
                digits
            } else {
                &plain
            };
            let mut hasher = DefaultHasher::new();
            (variable as u8, key).hash(&mut hasher);
            if variable == Variable::OwnDwellingId {
                // Two landlords may well use the same references.
                let landlord = self.cell(row, Variable::Landlord);
                normalise(&landlord.text()).hash(&mut hasher);
            }
            if !self.seen.insert(hasher.finish()) {
                self.tally.left_out(Reason::Duplicate, at, Some(column));
                return true;
            }
            return false;
        }
        false
    }

    fn occupation(&mut self, at: At<'_>, row: &Row) -> Option<Scope> {
        let used = self.used(Variable::Occupation)?;
        let (value, profile) = (row.get(used.column), self.profile);
        let answer = self.memos.occupation.get(&value, || {
            match profile.and_then(|p| p.meaning(Variable::Occupation, &value.text())) {
                Some(meaning) => scope_of(meaning),
                None => values::occupation(&value, used.role),
            }
        });
        if let Answer::Known(Scope::Out(reason)) = answer {
            return Some(Scope::Out(reason));
        }
        self.note(at, used, &value, answer)
    }

    /// Counts an answer, or notes why there is none.
    fn note<T>(
        &mut self,
        at: At<'_>,
        used: &Used,
        value: &Value<'_>,
        answer: Answer<T>,
    ) -> Option<T> {
        match answer {
            Answer::Known(value) => {
                self.tally.answered(used.variable);
                Some(value)
            }
            Answer::Silent => None,
            other => {
                let implausible = matches!(other, Answer::Implausible);
                let column = (used.column, used.header.as_str());
                self.tally
                    .misunderstood(implausible, used.variable, &value.text(), at, column);
                None
            }
        }
    }

    fn landlord(&mut self, row: &Row) {
        let value = self.cell(row, Variable::Landlord);
        if is_silence(&normalise(&value.text())) {
            return;
        }
        let campaign = self.campaign;
        let rank = self
            .memos
            .landlords
            .get(&value, || campaign.landlord_by_name(&value.text()));
        self.dwelling.landlord = rank;
        let name = quote(&value.text());
        if let Some(known) = self.landlords.iter_mut().find(|l| l.name.0 == name) {
            known.rows += 1;
        } else if self.landlords.len() < MAX_LANDLORD_NAMES {
            self.landlords.push(NamedLandlord {
                name: Sample(name),
                rank,
                rows: 1,
            });
        }
    }

    fn programme(&mut self, row: &Row) {
        for (variable, out) in [(Variable::ProgrammeNumber, 0), (Variable::ProgrammeName, 1)] {
            let value = self.cell(row, variable);
            let text = value.text();
            if text.is_empty() || is_silence(&normalise(&text)) {
                continue;
            }
            let out = if out == 0 {
                &mut self.dwelling.programme
            } else {
                &mut self.dwelling.programme_name
            };
            out.extend(
                text.chars()
                    .filter(|c| !c.is_control())
                    .take(MAX_PROGRAMME_CHARS),
            );
        }
    }

    /// What is asked of every dwelling.
    fn building(&mut self, at: At<'_>, row: &Row) {
        let profile = self.profile;
        macro_rules! labelled {
            ($variable:ident, $memo:ident, $type:ident, |$value:ident, $role:ident| $read:expr) => {
                self.used(Variable::$variable).and_then(|used| {
                    let ($value, $role) = (row.get(used.column), used.role);
                    let _ = $role;
                    let answer = self.memos.$memo.get(&$value, || {
                        match profile.and_then(|p| p.meaning(Variable::$variable, &$value.text())) {
                            Some(m) => value_of($type::ALL, $type::IDS, m),
                            None => $read,
                        }
                    });
                    self.note(at, used, &$value, answer)
                })
            };
        }
        self.dwelling.housing_type = labelled!(HousingType, housing, HousingType, |v, _role| {
            values::housing_type(&v)
        });
        self.dwelling.financing =
            labelled!(
                Financing,
                financing,
                Financing,
                |v, role| values::financing(&v, role)
            );
        self.dwelling.energy_label = labelled!(EnergyLabel, energy, EnergyLabel, |v, _role| {
            values::energy_label(&v)
        });
        self.rooms_and_typology(at, row);
        let calendar = self.calendar;
        self.dwelling.construction_year =
            self.number(at, row, Variable::ConstructionYear, |v, _| {
                numbers::year(v, calendar)
            });
        self.dwelling.surface = self.number(at, row, Variable::Surface, |v, _| numbers::surface(v));
        self.qpv(at, row);
    }

    fn number<T>(
        &mut self,
        at: At<'_>,
        row: &Row,
        variable: Variable,
        read: impl FnOnce(&Value<'_>, Role) -> Answer<T>,
    ) -> Option<T> {
        let used = self.used(variable)?;
        let value = row.get(used.column);
        let answer = read(&value, used.role);
        self.note(at, used, &value, answer)
    }

    /// Typology and rooms complete each other: a « T3 » has three rooms, a
    /// dwelling of three rooms is a T3.
    fn rooms_and_typology(&mut self, at: At<'_>, row: &Row) {
        let profile = self.profile;
        let typology = self.used(Variable::Typology).and_then(|used| {
            let value = row.get(used.column);
            let answer = self.memos.typology.get(&value, || {
                match profile.and_then(|p| p.meaning(Variable::Typology, &value.text())) {
                    Some(m) => value_of(Typology::ALL, Typology::IDS, m).map(|t| (t, None)),
                    None => numbers::typology(&value),
                }
            });
            self.note(at, used, &value, answer)
        });
        let rooms = self.number(at, row, Variable::Rooms, |v, _| numbers::rooms(v));
        self.dwelling.rooms = rooms.or(typology.and_then(|(_, rooms)| rooms));
        self.dwelling.typology = typology
            .map(|(typology, _)| typology)
            .or(rooms.map(|n| Typology::ALL[usize::from(n.min(5)) - 1]));
    }

    /// Flag, code and name of a district complete each other.
    fn qpv(&mut self, at: At<'_>, row: &Row) {
        let mut qpv = Qpv::Unknown;
        let mut answered = false;
        for rank in 0..self.columns[Variable::Qpv as usize].len() {
            let used = &self.mapping.used[self.columns[Variable::Qpv as usize][rank]];
            let value = row.get(used.column);
            let meaning = self
                .profile
                .and_then(|p| p.meaning(Variable::Qpv, &value.text()));
            let answer = match meaning {
                Some("oui") => Answer::Known(Qpv::Inside(None)),
                Some("non") => Answer::Known(Qpv::Outside),
                Some(_) => Answer::Silent,
                None => values::qpv(&value, used.role),
            };
            match answer {
                Answer::Known(said) => match (&qpv, said) {
                    (Qpv::Unknown, said) | (Qpv::Inside(None), said @ Qpv::Inside(_)) => qpv = said,
                    (Qpv::Inside(_), Qpv::Outside) | (Qpv::Outside, Qpv::Inside(_)) => {
                        let column = Some((used.column, used.header.as_str()));
                        self.tally.find(Kind::QpvConflict, None, at, column);
                    }
                    _ => {}
                },
                Answer::Silent => {}
                _ => {
                    let column = (used.column, used.header.as_str());
                    self.tally
                        .misunderstood(false, Variable::Qpv, &value.text(), at, column);
                }
            }
            answered |= qpv != Qpv::Unknown;
        }
        if answered {
            self.tally.answered(Variable::Qpv);
        }
        self.dwelling.qpv = qpv;
    }

    /// Three distinct values of each mapped column, for the mapping step.
    fn samples(&mut self, row: &Row) {
        for (rank, used) in self.mapping.used.iter().enumerate() {
            if self.tally.wants_sample(rank) {
                let value = row.get(used.column);
                if value != Value::Empty {
                    let masked = matches!(
                        used.variable,
                        Variable::DwellingId | Variable::OwnDwellingId | Variable::Address
                    );
                    self.tally.sample(rank, &value.text(), masked);
                }
            }
        }
    }
}

/// A number whose last digits a spreadsheet has lost: `1,23E+09`.
fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else {
        return false;
    };
    mantissa.contains(['.', ','])
        && mantissa
            .bytes()
            .all(|b| b.is_ascii_digit() || b == b'.' || b == b',')
        && exponent
            .strip_prefix('+')
            .unwrap_or(exponent)
            .parse::<u8>()
            .is_ok()
}

//! A landlord's own *table de passage*: programme → secteur and QPV, in any
//! format that the intake reads; and the same as a file that he keeps.
//!
//! Invariant: only secteurs of the campaign, each in a commune where the
//! campaign has it, or the partials could not be merged.
//!
//! ```
//! use ops_mixite::{campaign::Campaign, intake::passage};
//! let file = "Programme;Commune;Secteur\n0101;Le Creusot;centre\n";
//! let table = passage::read(
//!     std::io::Cursor::new(file), file.len() as u64, "passage.csv", &Campaign::example(),
//! ).unwrap();
//! assert_eq!(table[0].secteur.as_deref(), Some("Centre"));
//! ```

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use super::cell::Row;
use super::columns::{Names, canonical};
use super::error::{IntakeError, Problem};
use super::lines::{Lines, unguarded};
use super::report::{ColumnName, Place, Sample, Told};
use super::source::{self, Head};
use super::values::is_silence;
use crate::campaign::{Campaign, MAX_PASSAGE, Passage, normalise};
use crate::dwelling::Variable;
use crate::legible;
use crate::table::ProgrammePlace;
use crate::words::passage as words;

/// Name under which the table is saved.
pub const FILE_NAME: &str = "a-conserver-passage.csv";

/// Secteurs named in a message.
const NAMED: usize = 12;

/// Which column holds what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Programme,
    Secteur,
    Qpv,
    Commune,
    Insee,
    Landlord,
}

/// Where the columns are.
struct Layout {
    sheet: usize,
    header_row: u32,
    columns: BTreeMap<Part, (usize, String)>,
}

/// Reads a table; `source`, `size` and `name` as in [`read`](super::read()). A
/// line without `landlord` is the reader's.
///
/// # Errors
/// When the bytes cannot be read as a table, a column is missing, or a line
/// names a secteur or a commune that the campaign does not have.
pub fn read<S: Read + Seek>(
    source: S,
    size: u64,
    name: &str,
    campaign: &Campaign,
) -> Result<Vec<Passage>, IntakeError> {
    read_problem(source, size, campaign).map_err(|problem| IntakeError::Refused {
        file: name.to_owned(),
        problem,
    })
}

/// Checks what was said on the screen: the page is no more trusted than a file.
///
/// # Errors
/// When a line names a secteur that the campaign does not have in its commune.
pub fn check(lines: &[Passage], campaign: &Campaign) -> Result<(), Problem> {
    for line in lines {
        let code = line.commune.as_deref().unwrap_or_default();
        if campaign.commune_by_code(code).is_none() {
            return Err(unknown_commune("", code));
        }
        if let Some(secteur) = &line.secteur
            && !campaign.secteurs(code).contains(secteur.as_str())
        {
            return Err(unknown_secteur("", secteur, code, campaign));
        }
    }
    Ok(())
}

/// The table as a file that stays with the landlord and reads back.
pub fn to_csv(programmes: &[ProgrammePlace], campaign_communes: &[(String, String)]) -> Vec<u8> {
    let mut out = Lines::default();
    out.line(&words::COLUMNS);
    for programme in programmes {
        let commune = campaign_communes
            .iter()
            .find(|(code, _)| *code == programme.commune)
            .map_or("", |(_, name)| name.as_str());
        out.line(&[
            &programme.number,
            &programme.name,
            &programme.commune,
            commune,
            programme.secteur.as_deref().unwrap_or_default(),
            programme.qpv.as_deref().unwrap_or_default(),
        ]);
    }
    out.into_bytes()
}

fn read_problem<S: Read + Seek>(
    source: S,
    size: u64,
    campaign: &Campaign,
) -> Result<Vec<Passage>, Problem> {
    source::reading(
        source,
        size,
        |problem| problem,
        |book| read_book(book, campaign),
    )
}

fn read_book(book: &mut dyn source::Book, campaign: &Campaign) -> Result<Vec<Passage>, Problem> {
    let heads = book.heads()?;
    let layout = layout(&heads)?;
    let sheet = book.sheets()[layout.sheet].name.clone();
    let mut lines: Vec<Passage> = Vec::new();
    // What each programme was said to be, and where.
    let mut said: BTreeMap<(String, String, String), (usize, u32)> = BTreeMap::new();
    book.scan(layout.sheet, &mut |number, row, _| {
        if number <= layout.header_row {
            return Ok(true);
        }
        for line in layout.lines(row, &sheet, number, campaign)? {
            let commune = line.commune.clone().unwrap_or_default();
            let key = (line.landlord.clone(), line.programme.clone(), commune);
            if let Some((rank, first)) = said.get(&key) {
                if lines[*rank] != line {
                    return Err(Problem::Passage(Told::new(
                        words::THE_PROGRAMME,
                        &[Sample::of(&line.programme)],
                        words::placed_twice(*first, number),
                    )));
                }
                continue;
            }
            if lines.len() == MAX_PASSAGE {
                return Err(unusable(&words::too_long()));
            }
            said.insert(key, (lines.len(), number));
            lines.push(line);
        }
        Ok(true)
    })?;
    if lines.is_empty() {
        return Err(unusable(words::NO_LINE));
    }
    Ok(lines)
}

fn unusable(what: &str) -> Problem {
    Problem::Passage(Told::plain(what.to_owned()))
}

fn unknown_commune(place: &str, name: &str) -> Problem {
    Problem::Passage(Told::new(
        words::the_commune(place),
        &[Sample::of(name)],
        words::NO_COMMUNE,
    ))
}

fn unknown_secteur(place: &str, secteur: &str, code: &str, campaign: &Campaign) -> Problem {
    let known = campaign.secteurs(code);
    let shown: Vec<&str> = known.iter().copied().take(NAMED).collect();
    let some = campaign.file().passage.iter().any(|p| p.secteur.is_some());
    let shown = some.then_some(&shown[..]);
    let commune = campaign
        .commune_by_code(code)
        .map_or("", |rank| campaign.file().communes[rank].name.as_str());
    Problem::Passage(Told::new(
        words::the_secteur(place),
        &[Sample::of(secteur)],
        words::other_secteurs(commune, shown),
    ))
}

/// The row that names a programme and a secteur or a district.
fn layout(heads: &[Head]) -> Result<Layout, Problem> {
    let names = Names::new();
    for (sheet, head) in heads.iter().enumerate() {
        for (number, texts) in &head.rows {
            let mut columns = BTreeMap::new();
            for (column, text) in texts.iter().enumerate() {
                if let Some(part) = part(text, &names) {
                    columns.entry(part).or_insert((column, text.clone()));
                }
            }
            if columns.contains_key(&Part::Programme)
                && (columns.contains_key(&Part::Secteur) || columns.contains_key(&Part::Qpv))
            {
                return Ok(Layout {
                    sheet,
                    header_row: *number,
                    columns,
                });
            }
        }
    }
    Err(unusable(words::NO_HEADER))
}

fn part(header: &str, names: &Names) -> Option<Part> {
    match canonical(header).as_str() {
        // In this table a programme is its number.
        "PROGRAMME" => return Some(Part::Programme),
        "SECTEUR" | "NOM SECTEUR" | "LIBELLE SECTEUR" => return Some(Part::Secteur),
        _ => {}
    }
    match names.recognise(header)?.variable {
        Variable::ProgrammeNumber => Some(Part::Programme),
        Variable::Qpv => Some(Part::Qpv),
        Variable::Commune => Some(Part::Commune),
        Variable::InseeCode => Some(Part::Insee),
        Variable::Landlord => Some(Part::Landlord),
        _ => None,
    }
}

impl Layout {
    /// What a row says: nothing, a line, or one by commune that has the secteur.
    fn lines(
        &self,
        row: &Row,
        sheet: &str,
        number: u32,
        campaign: &Campaign,
    ) -> Result<Vec<Passage>, Problem> {
        let text = |part: Part| {
            let (column, _) = self.columns.get(&part)?;
            let value = row.get(*column);
            let text = value.text();
            let text = legible::stripped(unguarded(text.trim())).into_owned();
            (!is_silence(&normalise(&text))).then_some(text)
        };
        let place = |part: Part| {
            let column = self.columns.get(&part).map(|(column, header)| ColumnName {
                letters: super::cell::letters(*column),
                header: header.clone(),
            });
            let place = Place {
                sheet: sheet.to_owned(),
                row: number,
                column,
            };
            words::at(&place)
        };
        let (Some(programme), secteur, qpv) =
            (text(Part::Programme), text(Part::Secteur), text(Part::Qpv))
        else {
            return Ok(Vec::new());
        };
        let qpv = qpv.filter(|code| is_district(code));
        if secteur.is_none() && qpv.is_none() {
            return Ok(Vec::new());
        }
        let landlord = match text(Part::Landlord) {
            None => String::new(),
            Some(name) => match campaign.landlord_by_name(&name) {
                Some(rank) => campaign.file().landlords[rank].id.clone(),
                None => {
                    return Err(Problem::Passage(Told::new(
                        place(Part::Landlord),
                        &[Sample::of(&name)],
                        words::NO_LANDLORD,
                    )));
                }
            },
        };
        let commune = match (text(Part::Insee), text(Part::Commune)) {
            (Some(code), _) => {
                let code = format!("{code:0>5}");
                let rank = campaign.commune_by_code(&code);
                Some(rank.ok_or_else(|| unknown_commune(&place(Part::Insee), &code))?)
            }
            (None, Some(name)) => {
                let rank = campaign
                    .commune_by_name(&name)
                    .or_else(|| campaign.commune_by_code(&name));
                Some(rank.ok_or_else(|| unknown_commune(&place(Part::Commune), &name))?)
            }
            (None, None) => None,
        };
        let line = |code: Option<&str>, secteur: Option<&str>| Passage {
            landlord: landlord.clone(),
            programme: programme.clone(),
            commune: code.map(str::to_owned),
            secteur: secteur.map(str::to_owned),
            qpv: qpv.clone(),
        };
        let communes = &campaign.file().communes;
        let candidates: Vec<&str> = match commune {
            Some(rank) => vec![communes[rank].code.as_str()],
            None => communes.iter().map(|c| c.code.as_str()).collect(),
        };
        let Some(secteur) = secteur else {
            return Ok(candidates
                .iter()
                .map(|code| line(Some(code), None))
                .collect());
        };
        let wanted = normalise(&secteur);
        let lines: Vec<Passage> = candidates
            .iter()
            .filter_map(|code| {
                let known = campaign.secteurs(code);
                let own = known.into_iter().find(|own| normalise(own) == wanted)?;
                Some(line(Some(code), Some(own)))
            })
            .collect();
        if lines.is_empty() {
            let code = commune.map_or("", |rank| communes[rank].code.as_str());
            return Err(unknown_secteur(
                &place(Part::Secteur),
                &secteur,
                code,
                campaign,
            ));
        }
        Ok(lines)
    }
}

/// A code of priority district: `QN` and what follows. « Non » in the column says
/// nothing that the rows do not say better.
fn is_district(text: &str) -> bool {
    let rest = text.strip_prefix("QN").or_else(|| text.strip_prefix("QP"));
    rest.is_some_and(|rest| rest.len() >= 4 && rest.bytes().all(|b| b.is_ascii_alphanumeric()))
}

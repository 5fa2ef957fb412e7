//! The lists of a campaign (communes, landlords, *table de passage*) as a person
//! types, pastes or imports them: one line each, `;` or a tab between columns.
//!
//! Columns are those of the header when there is one, in any order; without a
//! header they are taken in the order of [`ListKind::columns`].

use super::normalise;
use crate::words::campaign as words;

/// Most lines of a list that are read.
pub const MAX_LINES: usize = super::MAX_PASSAGE;

/// A list of a campaign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum ListKind {
    /// `code ; nom`.
    Communes,
    /// `id ; nom ; siren ; alias…`.
    Landlords,
    /// `code ; nom`, of priority districts.
    Districts,
    /// `bailleur ; programme ; commune ; secteur ; qpv`.
    Passage,
}

/// A column: the names it goes by, normalised, the usual one first.
type Column = &'static [&'static str];

const COMMUNES: &[Column] = &[
    &[
        "CODE",
        "CODE INSEE",
        "INSEE",
        "CODE COMMUNE",
        "COM",
        "CODGEO",
        "INSEE COM",
    ],
    &[
        "NOM",
        "COMMUNE",
        "NOM COMMUNE",
        "NOM DE LA COMMUNE",
        "LIBELLE",
        "LIBGEO",
        "NCCENR",
        "NOM COM",
    ],
];
const LANDLORDS: &[Column] = &[
    &["ID", "IDENTIFIANT", "CODE", "CODE BAILLEUR"],
    &[
        "NOM",
        "BAILLEUR",
        "NOM BAILLEUR",
        "NOM DU BAILLEUR",
        "RAISON SOCIALE",
    ],
    &["SIREN", "NUMERO SIREN", "N SIREN"],
    &["ALIAS", "AUTRE NOM", "AUTRES NOMS", "SIGLE"],
];
const DISTRICTS: &[Column] = &[
    &[
        "CODE",
        "CODE QPV",
        "QPV",
        "CODE QP",
        "CODE DU QPV",
        "CODE QUARTIER",
    ],
    &[
        "NOM",
        "NOM QPV",
        "NOM DU QPV",
        "QUARTIER",
        "NOM QP",
        "LIBELLE",
        "LIB QP",
    ],
];
const PASSAGE: &[Column] = &[
    &["BAILLEUR", "ID BAILLEUR", "CODE BAILLEUR"],
    &[
        "PROGRAMME",
        "NUMERO DE PROGRAMME",
        "NUMERO PROGRAMME",
        "N PROGRAMME",
        "CODE PROGRAMME",
    ],
    &[
        "COMMUNE",
        "CODE COMMUNE",
        "CODE INSEE",
        "INSEE",
        "NOM COMMUNE",
    ],
    &["SECTEUR", "QUARTIER", "NOM DU SECTEUR", "NOM SECTEUR"],
    &["QPV", "CODE QPV", "CODEQPV"],
];

impl ListKind {
    /// The names of its columns, in their order.
    pub fn columns(self) -> impl Iterator<Item = &'static str> {
        self.known().iter().map(|names| names[0])
    }

    fn known(self) -> &'static [Column] {
        match self {
            Self::Communes => COMMUNES,
            Self::Landlords => LANDLORDS,
            Self::Districts => DISTRICTS,
            Self::Passage => PASSAGE,
        }
    }

    /// How many of its columns, the first ones, a header must name.
    fn required(self) -> usize {
        2
    }

    /// The columns of a file that this row of headers names, by rank in
    /// [`Self::columns`]; the last column of landlords may be named several
    /// times (other names). `None` when the row is no header of this list.
    pub fn header<'a>(self, row: impl IntoIterator<Item = &'a str>) -> Option<Header> {
        let known = self.known();
        let mut columns: Vec<Vec<usize>> = vec![Vec::new(); known.len()];
        for (at, name) in row.into_iter().enumerate() {
            let name = normalise(name);
            let found = known
                .iter()
                .position(|names| names.contains(&name.as_str()))
                // « Alias 2 », « Autre nom (2) ».
                .or_else(|| {
                    let plain = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ');
                    (self == Self::Landlords && LANDLORDS[3].contains(&plain)).then_some(3)
                });
            if let Some(rank) = found
                && (columns[rank].is_empty() || (self == Self::Landlords && rank == 3))
            {
                columns[rank].push(at);
            }
        }
        columns[..self.required()]
            .iter()
            .all(|places| !places.is_empty())
            .then_some(Header(columns))
    }
}

/// Where the columns of a list stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header(Vec<Vec<usize>>);

impl Header {
    /// The cells of a row in the order of the list's columns, trailing empty
    /// ones left out.
    pub fn arrange(&self, cell: impl Fn(usize) -> String) -> Vec<String> {
        let mut fields = Vec::new();
        for places in &self.0 {
            if places.is_empty() {
                fields.push(String::new());
            }
            fields.extend(places.iter().map(|at| cell(*at)));
        }
        trimmed(fields)
    }
}

fn trimmed(mut fields: Vec<String>) -> Vec<String> {
    while fields.last().is_some_and(String::is_empty) {
        fields.pop();
    }
    fields
}

/// A line of a list: its number in the text, from 1, and its fields.
pub type Line = (usize, Vec<String>);

/// The lines of a text, without its header and without blank ones.
///
/// # Errors
/// When a quotation mark is opened and never closed, or there are too many
/// lines: a sentence.
pub fn lines(kind: ListKind, text: &str) -> Result<Vec<Line>, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let delimiter = [b'\t', b';', b',']
        .into_iter()
        .find(|d| text.as_bytes().contains(d))
        .unwrap_or(b';');
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut all: Vec<Line> = Vec::new();
    let mut header = None;
    let (mut counted, mut number) = (0, 1);
    for record in reader.records() {
        let record = record.map_err(|error| words::unreadable_list(&error))?;
        // The reader's position is before the blank lines that it skips.
        let start = record.position().map_or(counted, |p| p.byte() as usize);
        let blank = &text[start..];
        let start = start + blank.len() - blank.trim_start_matches(['\r', '\n']).len();
        number += text[counted..start].matches('\n').count();
        counted = start;
        if all.is_empty() && header.is_none() {
            header = kind.header(&record);
            if header.is_some() {
                continue;
            }
        }
        let fields = match &header {
            Some(header) => header.arrange(|at| record.get(at).unwrap_or_default().to_owned()),
            None => trimmed(record.iter().map(str::to_owned).collect()),
        };
        if fields.is_empty() {
            continue;
        }
        if all.len() == MAX_LINES {
            return Err(words::long_list(MAX_LINES));
        }
        all.push((number, fields));
    }
    Ok(all)
}

/// Lines as the text that a person edits.
pub fn text<'a>(lines: impl IntoIterator<Item = &'a [String]>) -> String {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b';')
        .flexible(true)
        .from_writer(Vec::new());
    for line in lines {
        writer
            .write_record(line)
            .expect("writing to memory cannot fail");
    }
    let bytes = writer.into_inner().expect("writing to memory cannot fail");
    String::from_utf8(bytes).expect("made of strings")
}

/// What is typed, with imported lines that are not there yet added under it.
///
/// # Errors
/// When what is typed cannot be read, as [`lines`].
pub fn append(kind: ListKind, typed: &str, imported: &str) -> Result<String, String> {
    let mut all: Vec<Vec<String>> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for (_, fields) in lines(kind, typed)?
        .into_iter()
        .chain(lines(kind, imported)?)
    {
        if seen.insert(fields.clone()) {
            all.push(fields);
        }
    }
    Ok(text(all.iter().map(Vec::as_slice)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kind: ListKind, text: &str) -> Vec<Vec<String>> {
        let lines = lines(kind, text).unwrap();
        lines.into_iter().map(|(_, fields)| fields).collect()
    }

    #[test]
    fn a_list_is_read_with_or_without_a_header_whatever_its_separator() {
        let expected = [["71153", "Le Creusot"], ["71306", "Montceau-les-Mines"]];
        for typed in [
            "71153;Le Creusot\n71306;Montceau-les-Mines\n",
            "71153\tLe Creusot\r\n\r\n71306\tMontceau-les-Mines",
            "Code INSEE;Commune\n71153;Le Creusot\n71306;Montceau-les-Mines",
            "\u{feff}Nom,Population,Code\nLe Creusot,20 000,71153\nMontceau-les-Mines,18 000,71306\n",
            " 71153 ; Le Creusot ;\n71306;Montceau-les-Mines;;",
        ] {
            assert_eq!(read(ListKind::Communes, typed), expected, "{typed}");
        }
    }

    #[test]
    fn other_names_of_a_landlord_take_as_many_columns_as_needed() {
        let typed = "nom;alias;id;alias 2\nOPAC 71;OPAC;opac71;Opac de Saône-et-Loire\n";
        assert_eq!(
            read(ListKind::Landlords, typed),
            [["opac71", "OPAC 71", "", "OPAC", "Opac de Saône-et-Loire"]]
        );
    }

    #[test]
    fn a_text_that_is_written_is_read_back() {
        let lines = [
            vec!["a".to_owned(), "Un; deux \"trois\"".to_owned()],
            vec!["b".to_owned(), String::new(), "x".to_owned()],
        ];
        let written = text(lines.iter().map(Vec::as_slice));
        assert_eq!(read(ListKind::Landlords, &written), lines);
    }

    #[test]
    fn imported_lines_join_those_typed_once() {
        let typed = "nom;code\nLe Creusot;71153";
        let imported = "71153;Le Creusot\n71306;Montceau-les-Mines\n";
        assert_eq!(
            append(ListKind::Communes, typed, imported).unwrap(),
            imported
        );
    }
}

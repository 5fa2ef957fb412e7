//! What was found in a file, for the landlord's screen: counts, positions, and
//! samples that are marked as such. It never leaves the landlord.

use serde::{Deserialize, Serialize};

use super::tally::quote;
use crate::dwelling::{Variable, Variables};
use crate::words::{quality, report as words};

/// The format of a file, recognised by its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Office Open XML.
    Xlsx,
    /// Office binary workbook.
    Xlsb,
    /// Excel 97 to 2003.
    Xls,
    /// OpenDocument spreadsheet.
    Ods,
    /// Text with separators.
    Csv,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Xlsx, Self::Xlsb, Self::Xls, Self::Ods, Self::Csv];

    /// The name shown.
    pub fn name(self) -> &'static str {
        match self {
            Self::Xlsx => ".xlsx",
            Self::Xlsb => ".xlsb",
            Self::Xls => ".xls",
            Self::Ods => ".ods",
            Self::Csv => ".csv",
        }
    }
}

/// A value of the file, quoted for the landlord who holds it; cut short, and
/// nothing unseen in it ([`legible`](crate::legible)).
///
/// The mark crosses with it from the worker to the page: a message has it under the
/// key `exemple`, and nothing else of a row anywhere (`tests/browser/messages.test.mjs`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Sample {
    #[serde(rename = "exemple")]
    text: String,
}

impl Sample {
    /// Quotes a value.
    pub fn of(value: &str) -> Self {
        Self { text: quote(value) }
    }

    /// As it is shown.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl std::fmt::Display for Sample {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

/// A French sentence that quotes values of the file, each still marked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// What stands before them.
    pub before: String,
    /// The values, listed.
    pub quoted: Vec<Sample>,
    /// What stands after them.
    pub after: String,
}

impl Told {
    pub(crate) fn new(
        before: impl Into<String>,
        quoted: &[Sample],
        after: impl Into<String>,
    ) -> Self {
        Self {
            before: before.into(),
            quoted: quoted.to_vec(),
            after: after.into(),
        }
    }

    /// A sentence that quotes nothing.
    pub fn plain(sentence: String) -> Self {
        Self::new(sentence, &[], "")
    }
}

impl std::fmt::Display for Told {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.before)?;
        for (rank, sample) in self.quoted.iter().enumerate() {
            let comma = if rank > 0 { ", " } else { "" };
            write!(f, "{comma}{}", words::quoted(sample.as_str()))?;
        }
        f.write_str(&self.after)
    }
}

/// A column of a sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnName {
    /// Its letters, `A` to `XFD`.
    pub letters: String,
    /// Its header, as written. Where the file has none, a row stands in its place:
    /// it is a quotation, as a [`Sample`] is, and goes nowhere else.
    pub header: String,
}

/// A place in the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Sheet.
    pub sheet: String,
    /// Row, from 1.
    pub row: u32,
    /// Column, when the finding is about one.
    pub column: Option<ColumnName>,
}

impl Place {
    /// Several rows of the sheet and the column of this one.
    pub fn with_rows(&self, rows: &[u32]) -> String {
        words::rows(self, rows)
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.with_rows(&[self.row]))
    }
}

/// How a column was recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Matched {
    /// The user said so.
    Confirmed,
    /// The very name.
    Exact,
    /// The name up to accents, case and punctuation.
    Canonical,
}

/// A column that is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappedColumn {
    /// For which variable.
    pub variable: Variable,
    /// Which column.
    pub column: ColumnName,
    /// How it was recognised.
    pub matched: Matched,
    /// The first distinct values, at most three; masked for identifiers.
    pub samples: Vec<Sample>,
}

/// Why a column is not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ignored {
    /// It looks like the identity of persons: never read.
    Identity,
    /// An address: never read.
    Address,
    /// Another column already serves the variable.
    Duplicate,
    /// Nothing in the catalogue of columns is called so.
    Unknown,
    /// The user set it aside.
    Refused,
    /// It counts occupants by bracket of ages, and the brackets of the file are
    /// not those of the survey.
    AgeBrackets,
}

/// A column that is not used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IgnoredColumn {
    /// Which.
    pub column: ColumnName,
    /// Why.
    pub why: Ignored,
}

/// A column that may be meant for a variable; never used unless confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// The variable.
    pub variable: Variable,
    /// The column.
    pub column: ColumnName,
    /// Likeness of the names, per cent.
    pub likeness: u8,
}

/// What the mapping step needs to ask its question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// Sheet.
    pub sheet: String,
    /// Row of the header, from 1.
    pub header_row: u32,
    /// Required variables without a column.
    pub missing: Vec<Variable>,
    /// What was recognised.
    pub mapped: Vec<MappedColumn>,
    /// What may be meant, best first.
    pub candidates: Vec<Candidate>,
    /// What is left.
    pub ignored: Vec<IgnoredColumn>,
}

/// Why a row is not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The commune is not of the territory.
    OutsideTerritory,
    /// A name that is none of the territory's, and looks like one.
    UnknownCommune,
    /// No commune, or one that could not be understood.
    NoCommune,
    /// Empty for works, demolition or sale (RPLS mode 3).
    EmptyOffMarket,
    /// Occupied without a lease: staff, caretaker (RPLS mode 5).
    OccupiedWithoutLease,
    /// Another landlord of the campaign than the one chosen.
    OtherLandlord,
    /// A dwelling that an earlier row already gave.
    Duplicate,
    /// A total.
    Total,
    /// The header once more.
    RepeatedHeader,
}

impl Reason {
    /// The words shown.
    pub fn label(self) -> &'static str {
        words::reason(self)
    }
}

/// Rows that are not counted, for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutOfScope {
    /// Why.
    pub reason: Reason,
    /// How many.
    pub rows: u64,
}

/// Rows of a commune that is not of the territory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutsideCommune {
    /// As the file calls it.
    pub name: Sample,
    /// How many rows.
    pub rows: u64,
}

/// A landlord that the rows name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedLandlord {
    /// As the file calls it.
    pub name: Sample,
    /// Rank in the campaign, when it is one of them.
    pub rank: Option<usize>,
    /// Said by the user to be another landlord's, not to be counted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub aside: bool,
    /// Rows that carry this name: those kept, or those left out when another
    /// landlord was chosen.
    pub rows: u64,
}

/// A value that was not understood: counted as no answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnknownValue {
    /// Of which variable.
    pub variable: Variable,
    /// The value; empty where a blank cell may be an answer.
    pub value: Sample,
    /// On how many rows.
    pub rows: u64,
    /// Where first.
    pub first: Place,
}

impl UnknownValue {
    /// As it is shown.
    pub fn shown(&self) -> &str {
        match self.value.as_str() {
            "" => quality::BLANK,
            value => value,
        }
    }
}

/// A label of a closed vocabulary that was understood, and as what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Understood {
    /// Of which variable.
    pub variable: Variable,
    /// The label, in one of its spellings.
    pub label: Sample,
    /// The modality, or one of the meanings of
    /// [`meanings`](super::correspondence::meanings).
    pub meaning: String,
    /// How many cells, or persons of a cell, carry it.
    pub times: u64,
}

/// A label that the user gave a meaning, and how the file carries it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenLabel {
    /// Of which variable.
    pub variable: Variable,
    /// As the correspondence has it.
    pub label: String,
    /// On how many rows.
    pub rows: u64,
    /// Distinct values of its column, counted up to a little over
    /// [`MAX_DISTINCT`](super::correspondence::MAX_DISTINCT).
    pub distinct: u64,
}

/// A commune that its name alone does not tell: the user must say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedCommune {
    /// As the file calls it.
    pub name: Sample,
    /// INSEE code of the commune of the territory that may be meant.
    pub code: String,
    /// Its name.
    pub known: String,
    /// Are its rows counted as that commune's until the user says otherwise?
    pub counted: bool,
    /// On how many rows.
    pub rows: u64,
    /// Where first.
    pub first: Place,
}

/// How well a variable is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answers {
    /// The variable.
    pub variable: Variable,
    /// Rows that could answer: rows kept, or let dwellings among them.
    pub asked: u64,
    /// Rows with a usable answer.
    pub answered: u64,
}

/// How well the dwellings of a commune are answered for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommuneAnswers {
    /// INSEE code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Let dwellings.
    pub lets: u64,
    /// Those of which the household answered.
    pub responding: u64,
    /// Answers by variable.
    pub answers: Vec<Answers>,
}

/// How the rows kept met the RPLS return.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RplsMatch {
    /// Dwellings of the return.
    pub dwellings: u64,
    /// Rows kept whose identifier it knows.
    pub matched: u64,
    /// Rows kept that it does not know, or without identifier.
    pub unmatched: u64,
    /// Where the first of them stand.
    pub unmatched_places: Vec<Place>,
}

/// How serious a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Nothing can be made of the file.
    Bloque,
    /// Something is lost.
    Alerte,
    /// Worth knowing.
    Information,
}

/// The `code` of rows of a dwelling that an earlier row gave already.
pub(crate) const DUPLICATE: &str = "logement-en-double";
/// The `code` of rows of a dwelling that an earlier row describes otherwise.
pub(crate) const DUPLICATE_DIFFERS: &str = "doublon-contradictoire";

/// Something that the landlord should know about the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// A stable word.
    pub code: String,
    /// How serious.
    pub severity: Severity,
    /// The variable it is about.
    pub variable: Option<Variable>,
    /// On how many rows, or columns.
    pub count: u64,
    /// What, and how to mend it, in French.
    pub message: String,
    /// Where, five at most.
    pub examples: Vec<Place>,
}

/// A sheet that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetRead {
    /// Its name; empty for a text file.
    pub name: String,
    /// Row of the header, from 1.
    pub header_row: u32,
    /// Rows read under it.
    pub rows: u64,
    /// The last row that holds something.
    pub last_row: u32,
}

/// Everything that reading a file has found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Name of the file.
    pub file: String,
    /// Its real format.
    pub format: Format,
    /// For a text file, its encoding and separator.
    pub dialect: Option<String>,
    /// The sheets that were read, in order; several when they share a header.
    pub sheets: Vec<SheetRead>,
    /// Names of the sheets that were not.
    pub other_sheets: Vec<String>,
    /// Rows read under the headers, blank rows left out.
    pub rows_read: u64,
    /// Rows kept: dwellings of the territory, in scope.
    pub rows_kept: u64,
    /// Let dwellings among them.
    pub rows_let: u64,
    /// Let dwellings of which the household answered: the file says so, or
    /// gives at least one usable answer.
    pub rows_responding: u64,
    /// Rows not counted, by reason.
    pub out_of_scope: Vec<OutOfScope>,
    /// Communes outside the territory, most frequent first.
    pub outside_communes: Vec<OutsideCommune>,
    /// Communes that the user must confirm.
    pub asked_communes: Vec<AskedCommune>,
    /// Landlords named by the rows kept, in order of appearance.
    pub landlords: Vec<NamedLandlord>,
    /// Variables for which there is a column.
    pub variables: Variables,
    /// The columns used.
    pub mapped: Vec<MappedColumn>,
    /// Columns that may be meant for variables without one.
    pub candidates: Vec<Candidate>,
    /// The columns not used.
    pub ignored: Vec<IgnoredColumn>,
    /// Values that were not understood.
    pub unknown_values: Vec<UnknownValue>,
    /// Values that were understood, by variable and meaning, the most frequent first.
    pub understood: Vec<Understood>,
    /// The labels that the correspondence explains and the file carries.
    pub given_labels: Vec<GivenLabel>,
    /// Answers by variable.
    pub answers: Vec<Answers>,
    /// The same by commune, in the order of the campaign.
    pub answers_by_commune: Vec<CommuneAnswers>,
    /// How the rows met the RPLS return, when one was given.
    pub rpls: Option<RplsMatch>,
    /// Findings, the most serious first.
    pub findings: Vec<Finding>,
}

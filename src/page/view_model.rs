//! What the screens show, as plain data that can cross from the worker.
//!
//! NOTE: these types are the whole of what the page can know of a landlord's
//! file: counts, positions (rows, column letters), headers, and sentences. None
//! has a place for a row.

use serde::{Deserialize, Serialize};

use crate::campaign::{BearsOn, Campaign};

/// A landlord to choose from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LandlordChoice {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: String,
}

/// What the screens need of a campaign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignView {
    /// Identifier.
    pub id: String,
    /// Name of the territory.
    pub territory: String,
    /// « Source OPS 2024 ».
    pub mention: String,
    /// Smallest count published.
    pub threshold: u32,
    /// On what it bears.
    pub bears_on: BearsOn,
    /// Landlords.
    pub landlords: Vec<LandlordChoice>,
}

impl From<&Campaign> for CampaignView {
    fn from(campaign: &Campaign) -> Self {
        let file = campaign.file();
        Self {
            id: file.id.clone(),
            territory: file.territory.name.clone(),
            mention: file.mention.clone(),
            threshold: file.rules.threshold,
            bears_on: file.rules.reading(),
            landlords: file
                .landlords
                .iter()
                .map(|l| LandlordChoice {
                    id: l.id.clone(),
                    name: l.name.clone(),
                })
                .collect(),
        }
    }
}

/// A variable and the column that was found for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappedColumn {
    /// The variable, in French.
    pub variable: String,
    /// Letters and headers of its columns; empty when it has none.
    pub columns: Vec<ColumnRef>,
    /// How it was recognised, in French.
    pub how: String,
}

/// A column of the landlord's file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnRef {
    /// Its letter (`AB`).
    pub letter: String,
    /// Its header.
    pub header: String,
}

/// Why rows were left out, and how many.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// The reason, in French.
    pub reason: String,
    /// How many rows.
    pub rows: u64,
}

/// How many units answered a variable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerRate {
    /// The variable, in French.
    pub variable: String,
    /// Units with a usable answer.
    pub respondents: u64,
    /// Eligible units.
    pub population: u64,
}

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Severity {
    /// Good to know.
    Note,
    /// Numbers may be poorer than they could be.
    Warning,
    /// Something was refused.
    Error,
}

/// A finding of the quality report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// What, where, how to mend it, in French.
    pub sentence: String,
}

/// The quality report and the columns found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QualityView {
    /// Name of the landlord that the partial will carry.
    pub landlord: String,
    /// What kind of file was read, which sheet, header row; in French.
    pub origin: String,
    /// Rows read, blank ones apart.
    pub rows_read: u64,
    /// Rows that count.
    pub rows_kept: u64,
    /// The others, by reason.
    pub left_out: Vec<LeftOut>,
    /// Variables with their columns.
    pub mapping: Vec<MappedColumn>,
    /// Columns that are not used.
    pub ignored: Vec<ColumnRef>,
    /// Usable answers by variable.
    pub answers: Vec<AnswerRate>,
    /// Findings, the gravest first.
    pub findings: Vec<Finding>,
}

/// What became of a partial that the consultant dropped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartialCheck {
    /// Name of the file.
    pub file: String,
    /// Its header, when it could be read.
    pub header: Option<PartialHeader>,
    /// The verdict of the gate, or the reason of the refusal, in French.
    pub verdict: Result<String, String>,
}

/// What a partial says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartialHeader {
    /// Landlord.
    pub landlord: String,
    /// Date, `AAAA-MM-JJ`.
    pub produced_on: String,
    /// Threshold.
    pub threshold: u32,
    /// On what it bears.
    pub bears_on: BearsOn,
}

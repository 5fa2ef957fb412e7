//! The messages between the page and its worker.
//!
//! One request, then any number of [`Response::Progress`] and at most one
//! [`Response::Campaign`], then one last answer; the page ends the worker when
//! it has it. A landlord's partial ([`Response::Aggregated`]) is not the last: it is
//! shown at once, and what the other reading of the rule would publish comes after. Files travel beside the request (`File` objects cannot be
//! serialised): a request names them by their rank.
//!
//! NOTE: an answer made from rows ([`LandlordOutcome`], [`OtherReading`], [`ReadingsOutcome`],
//! [`Response::Failed`]) holds counts, positions, headers, sentences without a value, a few marked
//! [`Sample`](crate::intake::Sample)s and the bytes of the partial. Adding a
//! field that could hold a row breaks the promise of the page.

use serde::{Deserialize, Serialize};

use super::view_model::{CampaignView, FileCheck};
use crate::campaign::draft::Draft;
use crate::campaign::lists::ListKind;
use crate::campaign::{BearsOn, Passage};
use crate::dwelling::Variable;
use crate::export::Format;
use crate::intake::{Correspondence, IntakeError, OTHER_LANDLORDS, Proposal, Report, Told};
use crate::pipeline::{AggregateError, LandlordError, OtherName, Step, UnknownLandlords};
use crate::secrecy::{OtherReading, Summary};
use crate::table::ProgrammePlace;
use crate::words::ui;

/// Where the data of a request come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Source {
    /// The files that travel beside the request.
    Files,
    /// The fictitious example, made in the worker.
    Example,
}

/// What the landlord's screen asks: an OPS file → a partial. The OPS file is the
/// first of the files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AggregateDemand {
    /// The landlord's file, or the example's.
    pub source: Source,
    /// Rank of the campaign file, when one was given.
    pub campaign: Option<usize>,
    /// Identifier of the landlord that was chosen; `None` reads it in the file.
    pub landlord: Option<String>,
    /// Today, `AAAA-MM-JJ` (UTC).
    pub produced_on: String,
    /// A threshold asked for on the screen.
    pub threshold: Option<u32>,
    /// A reading of the threshold asked for on the screen.
    pub bears_on: Option<BearsOn>,
    /// Rank of the *correspondance* profile, when one was given.
    pub profile: Option<usize>,
    /// Rank of the landlord's RPLS return, when one was given.
    pub rpls: Option<usize>,
    /// Rank of his *table de passage*, when one was given.
    pub passage: Option<usize>,
    /// The secteurs given on the screen; they win over the table's.
    pub secteurs: Vec<Passage>,
    /// What was said on the screen of the columns and of their labels; it wins
    /// over the profile.
    pub correspondence: Correspondence,
}

/// What the consultant's screen asks: partials → a base. The partials are the
/// first files, the campaign stands after them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsolidateDemand {
    /// The partials dropped, or the example's.
    pub source: Source,
    /// Rank of the campaign file, when one was given.
    pub campaign: Option<usize>,
    /// Today, for the partials of the example.
    pub produced_on: String,
}

/// What the collectivité's screen asks: check a base.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenBaseDemand {
    /// The base dropped, or the example's.
    pub source: Source,
    /// Today, for the partials of the example.
    pub produced_on: String,
}

/// What the consultant's screen asks: the base in another format.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportDemand {
    /// The bytes of the base.
    #[serde(with = "bytes")]
    pub base: Vec<u8>,
    /// The format.
    pub format: Format,
}

/// What the form that prepares a campaign asks: how much each reading of the
/// threshold would publish of a landlord's file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompareDemand {
    /// The landlord's file (the first of the files), or the example's.
    pub source: Source,
    /// The campaign that the form says; not read for the example, which has one
    /// of its own.
    #[serde(with = "bytes")]
    pub campaign: Vec<u8>,
    /// The threshold of the form.
    pub threshold: u32,
    /// Are small programmes grouped?
    pub group_small_programmes: bool,
    /// Today.
    pub produced_on: String,
}

/// What the page asks of a worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Request {
    /// Landlord.
    Aggregate(AggregateDemand),
    /// Consultant.
    Consolidate(ConsolidateDemand),
    /// Collectivité.
    OpenBase(OpenBaseDemand),
    /// The base, for a spreadsheet or statistical software.
    Export(ExportDemand),
    /// Checks a file of contours (the first file).
    OpenContours,
    /// Reads a campaign alone (the first file), to show its landlords and rules
    /// before any row is read.
    OpenCampaign,
    /// Reads a campaign (the first file) into the form that prepares one.
    EditCampaign,
    /// Compares what the readings of the threshold publish.
    CompareReadings(CompareDemand),
    /// Reads a list of a campaign (communes, landlords, *table de passage*) from
    /// the first file: columns of the list and nothing else of it.
    ReadList(ListKind),
}

/// How far the work is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// The step under way.
    pub step: Step,
    /// Rows read so far.
    pub rows: u64,
    /// Share done of the step, in per mille.
    pub per_mille: u16,
}

/// What comes out of a landlord's file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LandlordOutcome {
    /// The very bytes of the partial: what is shown, and what is downloaded. They
    /// come before ([`Response::Piece`]); whoever receives them puts them here.
    #[serde(skip)]
    pub partial: Vec<u8>,
    /// Their SHA-256, in hexadecimal: computed here, where no page waits for it.
    pub sha256: String,
    /// Name of the file to download.
    pub file_name: String,
    /// Name of the landlord that the partial carries.
    pub landlord: String,
    /// What reading the file has found.
    pub report: Report,
    /// Rows of other landlords of the campaign, left out.
    pub other_landlords: Vec<(String, u64)>,
    /// A sentence on the landlord's name, when the file calls him otherwise.
    pub warning: Option<OtherName>,
    /// How much is hidden, and why: for this screen only.
    pub hidden: Summary,
    /// The profile that the file was read with: names and labels, no data.
    pub correspondence: Correspondence,
    /// Where the landlord's programmes stand, as his partial says.
    pub programmes: Vec<ProgrammePlace>,
    /// What the attack of the partial found, in a sentence.
    pub verdict: String,
    /// What it leaves aside.
    pub caveats: Vec<String>,
}

/// How much each reading of the threshold publishes of a file: numbers of cells,
/// and nothing of what they count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadingsOutcome {
    /// Name of the landlord.
    pub landlord: String,
    /// Dwellings in scope.
    pub dwellings: u64,
    /// The threshold.
    pub threshold: u32,
    /// The reading of the campaign; the other is in the summary.
    pub applied: BearsOn,
    /// How much is published under each.
    pub summary: Summary,
}

/// What comes out of partials.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsolidationOutcome {
    /// One line per file, in the order given.
    pub checks: Vec<FileCheck>,
    /// The campaign that they were checked against.
    pub campaign: CampaignView,
    /// Names of the landlords of the campaign that are still missing.
    pub missing: Vec<String>,
    /// The base, or the sentence that says why there is none.
    pub base: Result<SavedBase, String>,
}

/// A base as a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedBase {
    /// Its bytes.
    #[serde(with = "bytes")]
    pub bytes: Vec<u8>,
    /// Name of the file to download.
    pub file_name: String,
}

/// What a worker answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Response {
    /// The work goes on.
    Progress(Progress),
    /// The campaign was read: its landlords and rules.
    Campaign(CampaignView),
    /// The answer to [`Request::OpenCampaign`].
    CampaignOpened(CampaignView),
    /// The answer to [`Request::EditCampaign`].
    CampaignToEdit(Box<Draft>),
    /// The answer to [`Request::ReadList`]: lines as a person types them.
    ListRead(String),
    /// The answer to [`Request::CompareReadings`].
    ReadingsCompared(Box<ReadingsOutcome>),
    /// A piece of the landlord's partial; [`Response::Aggregated`] follows the last.
    ///
    /// REASON: whole, the text would stand in the worker's memory beside the tables and
    /// the counts, and take as much as all of them.
    Piece(#[serde(with = "bytes")] Vec<u8>),
    /// The landlord's partial; [`Response::OtherReading`] follows.
    Aggregated(Box<LandlordOutcome>),
    /// What the other reading of the rule would publish of the same counts.
    OtherReading(Box<OtherReading>),
    /// The consultant's base.
    Consolidated(Box<ConsolidationOutcome>),
    /// The collectivité's base was checked.
    BaseOpened(SavedBase),
    /// The contours were checked: their bytes.
    ContoursOpened {
        /// The file.
        #[serde(with = "bytes")]
        bytes: Vec<u8>,
    },
    /// The base in another format.
    Exported(SavedBase),
    /// The work stopped.
    Failed(Failure),
}

/// Why the work stopped: what, where and how to mend it.
///
/// REASON: a sentence that quotes a value of the file crosses with that value still
/// marked; a sentence made whole in the worker would carry it unmarked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum Failure {
    /// A column of the file must be chosen.
    #[error("{}", ui::mapping_needed(.file, .proposal))]
    Mapping {
        /// Name of the file.
        file: String,
        /// What was found in it.
        proposal: Box<Proposal>,
    },
    /// The file cannot be read.
    #[error("« {file} » : {told}")]
    Refused {
        /// Name of the file.
        file: String,
        /// A stable word.
        code: String,
        /// The variable that it is about.
        variable: Option<Variable>,
        /// The sentence.
        told: Told,
    },
    /// The landlord whose file it is must be chosen.
    #[error("{told}")]
    Landlord {
        /// The sentence.
        told: Told,
        /// The names that the campaign does not know.
        unknown: Option<UnknownLandlords>,
    },
    /// A file beside the landlord's cannot be taken.
    #[error("{0}")]
    Beside(Told),
    /// Anything else.
    #[error("{0}")]
    Told(Told),
}

impl Failure {
    /// Does the choice of the landlord mend it?
    pub fn is_of_landlord(&self) -> bool {
        match self {
            Self::Landlord { .. } => true,
            Self::Refused { code, .. } => code == OTHER_LANDLORDS,
            Self::Mapping { .. } | Self::Beside(_) | Self::Told(_) => false,
        }
    }
}

impl From<String> for Failure {
    fn from(sentence: String) -> Self {
        Self::Told(Told::plain(sentence))
    }
}

impl From<AggregateError> for Failure {
    fn from(error: AggregateError) -> Self {
        match error {
            AggregateError::Intake(IntakeError::MappingNeeded { file, proposal }) => {
                Self::Mapping { file, proposal }
            }
            AggregateError::Intake(IntakeError::Refused { file, problem }) => Self::Refused {
                file,
                code: problem.code().to_owned(),
                variable: problem.variable(),
                told: problem.told(),
            },
            AggregateError::Landlord(error) => Self::Landlord {
                told: error.told(),
                unknown: match error {
                    LandlordError::Unknown(unknown) => Some(unknown),
                    _ => None,
                },
            },
            other => Self::from(other.to_string()),
        }
    }
}

impl Response {
    /// Does the worker's work end with this answer?
    pub fn is_last(&self) -> bool {
        !matches!(
            self,
            Self::Progress(_) | Self::Campaign(_) | Self::Piece(_) | Self::Aggregated(_)
        )
    }
}

/// Bytes as one block (an `Uint8Array` in the browser), not as a list of numbers.
mod bytes {
    use serde::{Deserializer, Serializer, de};
    use std::fmt;

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(bytes)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<u8>, D::Error> {
        struct Block;
        impl<'de> de::Visitor<'de> for Block {
            type Value = Vec<u8>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a block of bytes")
            }
            fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Self::Value, E> {
                Ok(bytes.to_vec())
            }
            fn visit_byte_buf<E: de::Error>(self, bytes: Vec<u8>) -> Result<Self::Value, E> {
                Ok(bytes)
            }
            fn visit_seq<A: de::SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut bytes = Vec::new();
                while let Some(byte) = seq.next_element()? {
                    bytes.push(byte);
                }
                Ok(bytes)
            }
        }
        deserializer.deserialize_byte_buf(Block)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_survive_the_crossing() {
        let request = Request::Aggregate(AggregateDemand {
            source: Source::Files,
            campaign: Some(1),
            landlord: Some("habellis".into()),
            produced_on: "2026-11-23".into(),
            threshold: Some(20),
            bears_on: Some(BearsOn::Effectif),
            profile: None,
            rpls: Some(2),
            passage: None,
            secteurs: vec![Passage {
                landlord: String::new(),
                programme: "0101".into(),
                commune: Some("71153".into()),
                secteur: Some("Centre".into()),
                qpv: None,
            }],
            correspondence: Correspondence::default(),
        });
        let text = serde_json::to_string(&request).unwrap();
        assert_eq!(serde_json::from_str::<Request>(&text).unwrap(), request);

        let response = Response::BaseOpened(SavedBase {
            bytes: vec![0, 255, 7],
            file_name: "a.base.json".into(),
        });
        let text = serde_json::to_string(&response).unwrap();
        assert_eq!(serde_json::from_str::<Response>(&text).unwrap(), response);
    }

    #[test]
    fn progress_and_what_is_shown_meanwhile_leave_the_worker_at_work() {
        let progress = Response::Progress(Progress {
            step: Step::Reading,
            rows: 1,
            per_mille: 2,
        });
        assert!(!progress.is_last());
        let failed = Response::Failed(Failure::from("non".to_owned()));
        assert!(failed.is_last());
        // The partial is shown while the worker compares: that answer is the last.
        let other = Response::OtherReading(Box::new(OtherReading {
            bears_on: BearsOn::Population,
            lines: Vec::new(),
            withdrawn: Vec::new(),
        }));
        assert!(other.is_last());
    }
}

//! The steps in order, shared by the page's worker and the command line, so
//! that both write the same bytes.

mod landlord;
mod merging;

use std::io::{Read, Seek};

pub use landlord::{LandlordError, OtherName, UnknownLandlords};
pub use merging::{
    AcceptedPartial, Consolidation, RefusedFile, Unmade, consolidate, consolidate_each,
};

use crate::attack::{self, Certified, Verdict};
use crate::campaign::{BearsOn, Campaign, Passage};
use crate::dwelling::Dwelling;
use crate::intake::{self, IntakeError, Report};
use crate::partial::{AppliedRules, Header, Partial, PartialError};
use crate::secrecy::{self, OtherReading, Rule, Summary};
use crate::table::{ProgrammePlace, RawTables};

/// A step of the landlord's or the consultant's work, for progress and timing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Going through the bytes before the first row (which encoding, which sheets):
    /// told by whoever holds the bytes.
    Opening,
    /// Reading the file and counting.
    Reading,
    /// Protecting the tables.
    Protecting,
    /// Attacking the partial.
    Attacking,
    /// Checking and merging partials.
    Merging,
}

/// Follows the work; the page posts messages, the command line prints.
pub trait Observer {
    /// A step begins.
    fn step(&mut self, step: Step);
    /// Rows read so far, and the share of the file read in per mille.
    fn progress(&mut self, rows: u64, per_mille: u16);
}

impl Observer for () {
    fn step(&mut self, _: Step) {}
    fn progress(&mut self, _: u64, _: u16) {}
}

/// What a landlord asks for.
#[derive(Clone, Debug)]
pub struct AggregateRequest {
    /// The campaign.
    pub campaign: Campaign,
    /// The landlord chosen, by identifier; `None` leaves it to the file.
    pub landlord: Option<String>,
    /// UTC date `AAAA-MM-JJ`, written in the partial.
    pub produced_on: String,
    /// A higher threshold than the campaign's.
    pub threshold: Option<u32>,
    /// A stricter reading than the campaign's.
    pub bears_on: Option<BearsOn>,
    /// How the file is to be read.
    pub options: intake::Options,
    /// The landlord's own lines of the *table de passage*.
    pub passage: Vec<Passage>,
}

impl AggregateRequest {
    /// The campaign's own rules, on the file as it is.
    pub fn new(campaign: Campaign, produced_on: impl Into<String>) -> Self {
        Self {
            campaign,
            landlord: None,
            produced_on: produced_on.into(),
            threshold: None,
            bears_on: None,
            options: intake::Options::default(),
            passage: Vec::new(),
        }
    }
}

/// Everything that the landlord's screen shows, and the file to download.
#[derive(Clone, Debug)]
pub struct Aggregation {
    /// The partial, proved safe.
    pub certified: Certified,
    /// Name under which to save it.
    pub file_name: String,
    /// What reading the file has found; stays with the landlord.
    pub report: Report,
    /// What was hidden and why; stays with the landlord.
    pub summary: Summary,
    /// Where the landlord's programmes stand.
    pub programmes: Vec<ProgrammePlace>,
    /// Rows of other landlords of the campaign, left out.
    pub other_landlords: Vec<(String, u64)>,
    /// A sentence on the landlord's name, when the file calls him otherwise.
    pub warning: Option<OtherName>,
    /// The counts that it was made from.
    pub counted: Counted,
}

/// Raw counts and how they were protected, kept to compare the two readings of
/// the rule: never printed.
#[derive(Clone)]
pub struct Counted {
    raw: RawTables,
    landlord: usize,
    dwellings: u64,
    produced_on: String,
    rules: AppliedRules,
}

impl std::fmt::Debug for Counted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Counted")
    }
}

impl Counted {
    /// Computes, attacks and forgets what the other reading of the rule would
    /// publish of the same counts; the landlord's screen shows how much.
    pub fn other_reading(&self, campaign: &Campaign) -> OtherReading {
        let bears_on = match self.rules.bears_on {
            BearsOn::Effectif => BearsOn::Population,
            BearsOn::Population => BearsOn::Effectif,
        };
        let header = Header {
            landlord: self.landlord,
            produced_on: &self.produced_on,
            rules: AppliedRules {
                bears_on,
                ..self.rules.clone()
            },
        };
        let made = protect_and_attack(campaign, &header, &self.raw, self.dwellings, &mut ());
        // Where nothing can be published, the other reading has no line.
        let summary = made.map(|(_, summary)| summary).unwrap_or_default();
        OtherReading {
            bears_on,
            lines: summary.lines,
            withdrawn: summary.withdrawn,
        }
    }
}

/// Why no partial was made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AggregateError {
    /// The file could not be read.
    #[error(transparent)]
    Intake(#[from] IntakeError),
    /// It is not clear whose file it is.
    #[error(transparent)]
    Landlord(#[from] LandlordError),
    /// A looser rule than the campaign's was asked for.
    #[error(
        "Le seuil demandé ({asked}) est inférieur à celui de la campagne ({least}). Un bailleur peut le relever, jamais l'abaisser."
    )]
    LooserThreshold {
        /// What was asked.
        asked: u32,
        /// The campaign's.
        least: u32,
    },
    /// The looser reading of the threshold was asked for.
    #[error(
        "La campagne fait porter le seuil sur « {} » ; « {} » est une lecture moins stricte. Un bailleur peut resserrer la règle, jamais la relâcher.",
        BearsOn::Effectif.id(),
        BearsOn::Population.id()
    )]
    LooserReading,
    /// The date is not a date.
    #[error("La date « {0} » n'est pas de la forme AAAA-MM-JJ.")]
    Date(String),
    /// No row counts.
    #[error(
        "Aucun logement du territoire dans ce fichier : {read} lignes lues, aucune gardée. Vérifiez la colonne Commune et le champ de l'enquête dans le contrôle qualité."
    )]
    NoDwelling {
        /// Rows read.
        read: u64,
    },
    /// Everything would be hidden.
    #[error(
        "Rien n'est publiable : {dwellings} logements dans le champ, et aucun nombre n'atteint le seuil de {threshold}. Aucun agrégat n'est produit."
    )]
    NothingToPublish {
        /// Dwellings in scope.
        dwellings: u64,
        /// The threshold.
        threshold: u32,
    },
    /// The attack succeeded whatever was hidden.
    #[error("L'agrégat n'a pas pu être certifié ; rien n'est produit. {0}")]
    Refused(Verdict),
    /// The partial does not pass its own reader: a defect of the software.
    #[error(
        "L'agrégat produit n'est pas conforme ({0}) : c'est un défaut du logiciel, rien n'est produit."
    )]
    Malformed(#[from] PartialError),
}

/// A landlord's file → a partial proved safe.
///
/// # Errors
/// When the file cannot be read, its landlord is unclear, nothing in it can be
/// published, or no certificate is found. Nothing is made then.
pub fn aggregate<S: Read + Seek>(
    source: S,
    size: u64,
    name: &str,
    request: &AggregateRequest,
    observer: &mut dyn Observer,
) -> Result<Aggregation, AggregateError> {
    let campaign = &request.campaign;
    let rules = rules(request)?;
    observer.step(Step::Reading);
    let mut counts = landlord::ByLandlord::new(campaign);
    let mut sink = |dwelling: &Dwelling| counts.add(dwelling);
    let options = intake::Options {
        landlord: (request.landlord.as_deref()).and_then(|id| campaign.landlord_by_id(id)),
        ..request.options.clone()
    };
    let report = intake::read(source, size, name, campaign, &options, observer, &mut sink)?;
    if report.rows_kept == 0 {
        return Err(AggregateError::NoDwelling {
            read: report.rows_read,
        });
    }
    let remembered = request.options.correspondence.as_ref();
    let remembered = remembered.and_then(|profile| profile.landlord.as_deref());
    let asked = landlord::Asked {
        chosen: request.landlord.as_deref(),
        remembered: remembered.and_then(|id| campaign.landlord_by_id(id)),
    };
    let chosen = landlord::choose(campaign, asked, &report.landlords)?;
    let id = &campaign.file().landlords[chosen.rank].id;
    let campaign = &campaign.with_passage(id, &request.passage);
    let dwellings = counts.of(chosen.rank).over(campaign);
    let programmes = dwellings.programmes(id);
    let (kept, raw) = (
        dwellings.dwellings(),
        dwellings.finish(id, report.variables),
    );
    let header = Header {
        landlord: chosen.rank,
        produced_on: &request.produced_on,
        rules,
    };
    let (certified, summary) = protect_and_attack(campaign, &header, &raw, kept, observer)?;
    Ok(Aggregation {
        certified,
        file_name: format!("{id}-{}.partiel.json", campaign.file().id),
        report,
        summary,
        programmes,
        other_landlords: chosen.others,
        warning: chosen.warning,
        counted: Counted {
            raw,
            landlord: chosen.rank,
            dwellings: kept,
            produced_on: header.produced_on.to_owned(),
            rules: header.rules,
        },
    })
}

/// The rules that apply: the campaign's, or the stricter ones asked for.
fn rules(request: &AggregateRequest) -> Result<AppliedRules, AggregateError> {
    let mut rules = AppliedRules::of(&request.campaign.file().rules);
    if let Some(asked) = request.threshold {
        if asked < rules.threshold {
            return Err(AggregateError::LooserThreshold {
                asked,
                least: rules.threshold,
            });
        }
        rules.threshold = asked;
    }
    if let Some(asked) = request.bears_on {
        if asked < rules.bears_on {
            return Err(AggregateError::LooserReading);
        }
        rules.bears_on = asked;
    }
    if !crate::campaign::is_date(&request.produced_on) {
        return Err(AggregateError::Date(request.produced_on.clone()));
    }
    Ok(rules)
}

/// Protects, attacks what would leave, and withdraws the tables for which no
/// certificate is found until one is, or nothing is left.
fn protect_and_attack(
    campaign: &Campaign,
    header: &Header<'_>,
    raw: &RawTables,
    dwellings: u64,
    observer: &mut dyn Observer,
) -> Result<(Certified, Summary), AggregateError> {
    let threshold = header.rules.threshold;
    let rule = Rule {
        threshold,
        bears_on: header.rules.bears_on,
    };
    let mut withdrawn: Vec<String> = Vec::new();
    let mut raw = std::borrow::Cow::Borrowed(raw);
    loop {
        observer.step(Step::Protecting);
        let protected = secrecy::protect(&raw, rule, &withdrawn);
        if !protected.tables.any_published() {
            return Err(AggregateError::NothingToPublish {
                dwellings,
                threshold,
            });
        }
        let summary = protected.summary.clone();
        let partial = Partial::new(campaign, header, &protected.zonages());
        observer.step(Step::Attacking);
        // What leaves is what its own reader accepts.
        let partial = Partial::check(partial.into_file())?;
        let verdict = match attack::certify(partial, &raw) {
            Ok(certified) => return Ok((certified, summary)),
            Err(verdict) => verdict,
        };
        let crossings = refused_crossings(&verdict, &withdrawn);
        if !crossings.is_empty() {
            withdrawn.extend(crossings);
            continue;
        }
        // Crossings go first, then a table's lines on districts, then the table.
        match finest_refused(&verdict, &withdrawn) {
            // All that are refused at once: each round protects everything anew.
            Some(table) if raw.qpv.is_some() && has_districts(&table, &withdrawn) => {
                let mut refused = refused_districts(&verdict, &withdrawn);
                let own = secrecy::districts_of(&table);
                if !refused.contains(&own) {
                    refused.push(own);
                }
                withdrawn.extend(refused);
            }
            Some(table) if raw.qpv.is_none() || whole_tables(&withdrawn) < MOST_FOR_DISTRICTS => {
                withdrawn.push(table);
            }
            // Districts cost more tables than they are worth: they go, and these come back.
            _ if raw.qpv.is_some() => {
                withdrawn.retain(|id| is_crossing(id));
                withdrawn.push(secrecy::DISTRICTS.to_owned());
                raw = std::borrow::Cow::Owned(raw.into_owned().without_qpv());
            }
            _ => return Err(AggregateError::Refused(verdict)),
        }
    }
}

/// Most tables that are withdrawn for priority districts to stay in the others.
const MOST_FOR_DISTRICTS: usize = 3;

/// How many tables are withdrawn whole.
fn whole_tables(withdrawn: &[String]) -> usize {
    let whole = |id: &&String| crate::indicator::table(id).is_some() && !is_crossing(id);
    withdrawn.iter().filter(whole).count()
}

fn is_crossing(table: &str) -> bool {
    crate::indicator::table(table).is_some_and(|def| def.dimensions.len() > 1)
}

/// The crossings that the verdict names: all at once, for each round protects
/// everything anew.
fn refused_crossings(verdict: &Verdict, withdrawn: &[String]) -> Vec<String> {
    let refused = |id: &str| names(verdict, id) && !withdrawn.iter().any(|w| w == id);
    let crossings = crate::indicator::CATALOGUE.iter();
    crossings
        .filter(|def| crate::indicator::CROSSINGS_ENTER && def.dimensions.len() > 1)
        .filter(|def| refused(def.id))
        .map(|def| def.id.to_owned())
        .collect()
}

/// Are there lines of this table on districts, to withdraw?
fn has_districts(table: &str, withdrawn: &[String]) -> bool {
    crate::indicator::table(table).is_some_and(|def| secrecy::has_districts(def, withdrawn))
}

/// The tables that the verdict refuses whose lines on districts can go. Of two that share
/// a cell only the second has its lines withdrawn while it stands.
fn refused_districts(verdict: &Verdict, withdrawn: &[String]) -> Vec<String> {
    crate::indicator::CATALOGUE
        .iter()
        .filter(|def| def.id != "occupation" && has_districts(def.id, withdrawn))
        .filter(|def| second_of(def.id).is_none_or(|twin| withdrawn.iter().any(|id| id == twin)))
        .filter(|def| names(verdict, def.id))
        .map(|def| secrecy::districts_of(def.id))
        .collect()
}

/// Does the verdict name this table?
fn names(verdict: &Verdict, table: &str) -> bool {
    let mut findings = verdict.findings.iter();
    findings.any(|(place, _)| place.table == table)
}

/// The table that shares a cell with this one, and goes before it.
fn second_of(table: &str) -> Option<&'static str> {
    let mut twins = crate::indicator::twins();
    let pair = twins.find(|[(first, _), _]| *first == table);
    pair.map(|[_, (second, _)]| second)
}

/// The last table of the catalogue that the verdict names. Of two tables that share a
/// cell the second goes.
fn finest_refused(verdict: &Verdict, withdrawn: &[String]) -> Option<String> {
    crate::indicator::CATALOGUE
        .iter()
        .rev()
        .filter(|def| def.id != "occupation" && names(verdict, def.id))
        .flat_map(|def| second_of(def.id).into_iter().chain([def.id]))
        .map(str::to_owned)
        .find(|table| !withdrawn.contains(table))
}

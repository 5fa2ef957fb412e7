//! What is counted while rows go by: findings, unknown values, answers. All of
//! it bounded, whatever the file.

use std::collections::{BTreeMap, HashMap};
use std::hash::{Hash, Hasher};

use super::cell::Value;
use super::columns::{self, Asked, COLUMNS};
use super::correspondence::{MAX_DISTINCT, meanings};
use super::header::{Mapping, column_name};
use super::limits::{
    MAX_AGE, MAX_INCOME, MAX_LISTED_VALUES, MAX_OCCUPANTS, MAX_QUOTED_CHARS, MAX_ROOMS,
    MAX_SURFACE, MAX_UNMATCHED, MIN_HOLDER_AGE,
};
use super::numbers::typology;
use super::report::{
    Answers, AskedCommune, CommuneAnswers, DUPLICATE, DUPLICATE_DIFFERS, Finding, GivenLabel,
    OutOfScope, OutsideCommune, Place, Reason, Sample, Severity, UnknownValue,
};
use super::values::Answer;
use crate::campaign::normalise;
use crate::dwelling::Variable;
use crate::legible;
use crate::words::findings as words;

/// Examples given with a finding.
const EXAMPLES: usize = 5;
/// A column whose values were these in so many rows shows no other one: of « Oui » and
/// « Non » a third is not waited for until the end of the file.
const SAME_AGAIN: u32 = 5_000;
/// Distinct communes outside the territory that are listed.
const MAX_COMMUNES_LISTED: usize = 200;

/// A kind of finding: its stable word, how serious it is, what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    ColumnToConfirm,
    AbsentColumn,
    IdentityColumns,
    UnknownValue,
    ImplausibleValue,
    NoCommune,
    CommuneConflict,
    CommuneCode,
    NearCommune,
    Namesake,
    OutsideTerritory,
    Duplicate,
    ScientificId,
    AgesAgainstOccupants,
    SituationAgainstOccupants,
    CoupleWithoutAges,
    ActivitiesAgainstAdults,
    DuplicateDiffers,
    ActivitiesAgainstAges,
    RplsUnmatched,
    SeveralLandlords,
    BirthYears,
    AgesByBracket,
    OtherBrackets,
    QpvConflict,
    QpvWithoutCode,
    QpvBlank,
    OffMarket,
    TotalRow,
    DeclaredExtent,
    ManySheets,
    OtherYears,
    AlikeSheets,
    OtherSheets,
    HiddenSheet,
}

impl Kind {
    fn describe(self) -> (&'static str, Severity, &'static str) {
        use Severity::{Alerte, Information};
        match self {
            Self::ColumnToConfirm => ("colonne-a-confirmer", Alerte, words::COLUMN_TO_CONFIRM),
            Self::AbsentColumn => (
                "colonne-de-correspondance-absente",
                Alerte,
                words::ABSENT_COLUMN,
            ),
            Self::IdentityColumns => (
                super::quality::IDENTITY,
                Information,
                words::IDENTITY_COLUMNS,
            ),
            Self::UnknownValue => ("valeur-inconnue", Alerte, words::UNKNOWN_VALUE),
            Self::ImplausibleValue => ("valeur-invraisemblable", Alerte, words::IMPLAUSIBLE_VALUE),
            Self::NoCommune => ("commune-absente", Alerte, words::NO_COMMUNE),
            Self::CommuneConflict => ("commune-contradictoire", Alerte, words::COMMUNE_CONFLICT),
            Self::CommuneCode => ("code-insee-inconnu", Alerte, words::COMMUNE_CODE),
            Self::NearCommune => ("commune-ressemblante", Alerte, words::NEAR_COMMUNE),
            Self::Namesake => ("commune-homonyme", Alerte, words::NAMESAKE),
            Self::OutsideTerritory => (
                "commune-hors-territoire",
                Information,
                words::OUTSIDE_TERRITORY,
            ),
            Self::Duplicate => (DUPLICATE, Alerte, words::DUPLICATE),
            Self::ScientificId => ("identifiant-scientifique", Alerte, words::SCIENTIFIC_ID),
            Self::AgesAgainstOccupants => {
                ("ages-et-occupants", Alerte, words::AGES_AGAINST_OCCUPANTS)
            }
            Self::SituationAgainstOccupants => (
                "situation-et-occupants",
                Alerte,
                words::SITUATION_AGAINST_OCCUPANTS,
            ),
            Self::CoupleWithoutAges => ("couple-sans-ages", Alerte, words::COUPLE_WITHOUT_AGES),
            Self::ActivitiesAgainstAdults => (
                "activites-et-majeurs",
                Alerte,
                words::ACTIVITIES_AGAINST_ADULTS,
            ),
            Self::DuplicateDiffers => (DUPLICATE_DIFFERS, Alerte, words::DUPLICATE_DIFFERS),
            Self::ActivitiesAgainstAges => {
                ("activites-et-ages", Alerte, words::ACTIVITIES_AGAINST_AGES)
            }
            Self::RplsUnmatched => ("logement-absent-du-rpls", Alerte, words::RPLS_UNMATCHED),
            Self::SeveralLandlords => {
                ("plusieurs-bailleurs", Information, words::SEVERAL_LANDLORDS)
            }
            Self::BirthYears => ("annee-lue-pour-un-age", Information, words::BIRTH_YEARS),
            Self::AgesByBracket => ("ages-par-tranche", Information, words::AGES_BY_BRACKET),
            Self::OtherBrackets => ("tranches-d-age-differentes", Alerte, words::OTHER_BRACKETS),
            Self::QpvConflict => ("qpv-contradictoire", Alerte, words::QPV_CONFLICT),
            Self::QpvWithoutCode => ("qpv-sans-code", Alerte, words::QPV_WITHOUT_CODE),
            Self::QpvBlank => ("qpv-vide", Alerte, words::QPV_BLANK),
            Self::OffMarket => ("hors-champ", Information, words::OFF_MARKET),
            Self::TotalRow => ("ligne-de-total", Information, words::TOTAL_ROW),
            Self::DeclaredExtent => ("etendue-annoncee", Information, words::DECLARED_EXTENT),
            Self::ManySheets => ("plusieurs-feuilles", Information, words::MANY_SHEETS),
            Self::OtherYears => ("feuille-d-une-autre-annee", Alerte, words::OTHER_YEARS),
            Self::AlikeSheets => ("feuille-ops-non-lue", Alerte, words::ALIKE_SHEETS),
            Self::OtherSheets => ("feuilles-non-lues", Information, words::OTHER_SHEETS),
            Self::HiddenSheet => ("feuille-masquee", Information, words::HIDDEN_SHEET),
        }
    }
}

/// Where the rows come from, for positions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct At<'a> {
    pub(crate) sheet: &'a str,
    pub(crate) row: u32,
}

#[derive(Default)]
struct Found {
    count: u64,
    examples: Vec<Place>,
}

/// The samples of a column.
#[derive(Clone, Default)]
struct Sampled {
    samples: Vec<Sample>,
    /// Values looked at since the last one that was new.
    again: u32,
}

struct Misunderstood {
    rows: u64,
    first: Place,
}

/// The counts of a commune.
#[derive(Clone)]
struct InCommune {
    kept: u64,
    lets: u64,
    responding: u64,
    answered: [u64; COLUMNS.len()],
}

/// The counts of a reading.
#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) rows_read: u64,
    pub(crate) rows_kept: u64,
    pub(crate) rows_let: u64,
    pub(crate) rows_responding: u64,
    findings: BTreeMap<(Kind, Option<Variable>), Found>,
    unknown: HashMap<Variable, HashMap<String, Misunderstood>>,
    reasons: BTreeMap<Reason, u64>,
    outside: HashMap<String, u64>,
    /// The commune of the row that is being read, by rank.
    commune: usize,
    /// By rank in the campaign.
    communes: Vec<InCommune>,
    samples: Vec<Sampled>,
    unmatched: Vec<Place>,
    asked_communes: BTreeMap<String, AskedCommune>,
    given: BTreeMap<Variable, Given>,
    /// Rows that every column of QPV leaves blank.
    blank_districts: Option<Misunderstood>,
    /// Does a row say that it is outside every QPV?
    pub(crate) says_outside: bool,
}

/// The labels of a variable that the user gave a meaning.
#[derive(Default)]
struct Given {
    rows: BTreeMap<String, u64>,
    /// Hashes of the values met, up to one more than a vocabulary has.
    distinct: std::collections::HashSet<u64>,
}

/// A value, cut short for the screen, where nothing in it stays unseen.
pub(crate) fn quote(text: &str) -> String {
    let text = legible::shown(text.trim());
    match text.char_indices().nth(MAX_QUOTED_CHARS) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.into_owned(),
    }
}

impl Tally {
    pub(crate) fn new(mapping: &Mapping) -> Self {
        Self {
            samples: vec![Sampled::default(); mapping.used.len()],
            ..Self::default()
        }
    }

    /// Notes a finding at a place.
    pub(crate) fn find(
        &mut self,
        kind: Kind,
        variable: Option<Variable>,
        at: At<'_>,
        column: Option<(usize, &str)>,
    ) {
        let found = self.findings.entry((kind, variable)).or_default();
        found.count += 1;
        if found.examples.len() < EXAMPLES {
            found.examples.push(place(at, column));
        }
    }

    /// Notes a finding about columns or sheets.
    pub(crate) fn remark(&mut self, kind: Kind, count: u64, examples: Vec<Place>) {
        let found = self.findings.entry((kind, None)).or_default();
        found.count += count;
        found.examples.extend(examples);
        found.examples.truncate(EXAMPLES);
    }

    /// Notes a value that was not understood, or cannot be.
    pub(crate) fn misunderstood(
        &mut self,
        implausible: bool,
        variable: Variable,
        value: &str,
        at: At<'_>,
        column: (usize, &str),
    ) {
        let kind = if implausible {
            Kind::ImplausibleValue
        } else {
            Kind::UnknownValue
        };
        self.find(kind, Some(variable), at, Some(column));
        let values = self.unknown.entry(variable).or_default();
        let value = quote(value);
        if let Some(known) = values.get_mut(&value) {
            known.rows += 1;
        } else if values.len() < MAX_LISTED_VALUES {
            let first = place(at, Some(column));
            values.insert(value, Misunderstood { rows: 1, first });
        }
    }

    /// Notes a row that says nothing of the QPV.
    pub(crate) fn blank_district(&mut self, at: At<'_>, column: (usize, &str)) {
        let first = || Misunderstood {
            rows: 0,
            first: place(at, Some(column)),
        };
        self.blank_districts.get_or_insert_with(first).rows += 1;
    }

    /// Blank rows, where rows inside a QPV are all that the file tells apart: the
    /// user must say whether blank is outside.
    fn asked_districts(&self) -> Option<&Misunderstood> {
        let inside = self.all_answered(Variable::Qpv as usize) > 0 && !self.says_outside;
        self.blank_districts.as_ref().filter(|_| inside)
    }

    pub(crate) fn left_out(&mut self, reason: Reason, at: At<'_>, column: Option<(usize, &str)>) {
        *self.reasons.entry(reason).or_default() += 1;
        let kind = match reason {
            // Said once for the whole file.
            Reason::OtherLandlord => return,
            Reason::OutsideTerritory => Kind::OutsideTerritory,
            Reason::UnknownCommune => Kind::NearCommune,
            Reason::NoCommune => Kind::NoCommune,
            Reason::EmptyOffMarket | Reason::OccupiedWithoutLease => Kind::OffMarket,
            Reason::Duplicate => Kind::Duplicate,
            Reason::Total | Reason::RepeatedHeader => Kind::TotalRow,
        };
        self.find(kind, None, at, column);
    }

    /// Notes a value of a variable whose labels the user explained, and the label.
    pub(crate) fn given(&mut self, variable: Variable, value: &str, label: Option<&str>) {
        let given = self.given.entry(variable).or_default();
        if given.distinct.len() <= MAX_DISTINCT {
            let mut hasher = std::hash::DefaultHasher::new();
            value.hash(&mut hasher);
            given.distinct.insert(hasher.finish());
        }
        match label.map(|label| (given.rows.get_mut(label), label)) {
            Some((Some(rows), _)) => *rows += 1,
            Some((None, label)) => drop(given.rows.insert(label.to_owned(), 1)),
            None => {}
        }
    }

    pub(crate) fn given_labels(&self) -> Vec<GivenLabel> {
        self.given
            .iter()
            .flat_map(|(variable, given)| {
                given.rows.iter().map(|(label, rows)| GivenLabel {
                    variable: *variable,
                    label: label.clone(),
                    rows: *rows,
                    distinct: given.distinct.len() as u64,
                })
            })
            .collect()
    }

    /// Notes a commune of which the user must say which it is.
    pub(crate) fn ask_commune(
        &mut self,
        name: &str,
        meant: &crate::campaign::Commune,
        counted: bool,
        at: At<'_>,
        column: Option<(usize, &str)>,
    ) {
        let name = quote(name);
        if let Some(asked) = self.asked_communes.get_mut(&name) {
            asked.rows += 1;
        } else if self.asked_communes.len() < MAX_LISTED_VALUES {
            let asked = AskedCommune {
                name: Sample::of(&name),
                code: meant.code.clone(),
                known: meant.name.clone(),
                counted,
                rows: 1,
                first: place(at, column),
            };
            self.asked_communes.insert(name, asked);
        }
    }

    pub(crate) fn asked_communes(&mut self) -> Vec<AskedCommune> {
        std::mem::take(&mut self.asked_communes)
            .into_values()
            .collect()
    }

    /// Notes a row that the RPLS return does not know.
    pub(crate) fn unmatched(&mut self, at: At<'_>, column: Option<(usize, &str)>) {
        if self.unmatched.len() < MAX_UNMATCHED {
            self.unmatched.push(place(at, column));
        }
    }

    pub(crate) fn take_unmatched(&mut self) -> Vec<Place> {
        std::mem::take(&mut self.unmatched)
    }

    pub(crate) fn outside(&mut self, commune: &str) {
        let name = quote(commune);
        if let Some(rows) = self.outside.get_mut(&name) {
            *rows += 1;
        } else if self.outside.len() < MAX_COMMUNES_LISTED {
            self.outside.insert(name, 1);
        }
    }

    pub(crate) fn answered(&mut self, variable: Variable) {
        self.here().answered[variable as usize] += 1;
    }

    /// The answers to a variable, of all communes.
    fn all_answered(&self, variable: usize) -> u64 {
        self.communes.iter().map(|c| c.answered[variable]).sum()
    }

    /// The rows that follow are of this commune.
    pub(crate) fn in_commune(&mut self, commune: usize) {
        self.commune = commune;
    }

    fn here(&mut self) -> &mut InCommune {
        if self.communes.len() <= self.commune {
            let none = InCommune {
                kept: 0,
                lets: 0,
                responding: 0,
                answered: [0; COLUMNS.len()],
            };
            self.communes.resize(self.commune + 1, none);
        }
        &mut self.communes[self.commune]
    }

    pub(crate) fn kept(&mut self) {
        self.rows_kept += 1;
        self.here().kept += 1;
    }

    pub(crate) fn is_let(&mut self) {
        self.rows_let += 1;
        self.here().lets += 1;
    }

    /// The household answered something.
    pub(crate) fn responded(&mut self) {
        self.rows_responding += 1;
        self.here().responding += 1;
    }

    /// How well each commune answers, in the order of the campaign.
    pub(crate) fn answers_by_commune(
        &self,
        mapping: &Mapping,
        campaign: &crate::campaign::Campaign,
    ) -> Vec<CommuneAnswers> {
        self.communes
            .iter()
            .zip(&campaign.file().communes)
            .filter(|(here, _)| here.kept > 0)
            .map(|(here, commune)| CommuneAnswers {
                code: commune.code.clone(),
                name: commune.name.clone(),
                lets: here.lets,
                responding: here.responding,
                answers: answers(mapping, here.kept, here.lets, &here.answered),
            })
            .collect()
    }

    /// Does the column want more samples?
    #[inline]
    pub(crate) fn wants_sample(&self, used: usize) -> bool {
        let sampled = &self.samples[used];
        sampled.samples.len() < 3 && sampled.again < SAME_AGAIN
    }

    pub(crate) fn sample(&mut self, used: usize, text: &str, masked: bool) {
        let sampled = &mut self.samples[used];
        sampled.again += 1;
        // Most columns have few values: seen again, they cost nothing.
        if !masked && sampled.samples.iter().any(|s| s.as_str() == text) {
            return;
        }
        let sample = Sample::of(&if masked { mask(text) } else { text.to_owned() });
        if !sampled.samples.contains(&sample) {
            sampled.samples.push(sample);
            sampled.again = 0;
        }
    }

    /// The samples of each mapped column.
    pub(crate) fn samples(&mut self) -> Vec<Vec<Sample>> {
        let sampled = std::mem::take(&mut self.samples);
        sampled.into_iter().map(|column| column.samples).collect()
    }

    pub(crate) fn answers(&self, mapping: &Mapping) -> Vec<Answers> {
        let all: Vec<u64> = (0..COLUMNS.len()).map(|v| self.all_answered(v)).collect();
        answers(mapping, self.rows_kept, self.rows_let, &all)
    }

    pub(crate) fn left_out_for(&self, reason: Reason) -> u64 {
        self.reasons.get(&reason).copied().unwrap_or(0)
    }

    pub(crate) fn out_of_scope(&self) -> Vec<OutOfScope> {
        self.reasons
            .iter()
            .map(|(reason, rows)| OutOfScope {
                reason: *reason,
                rows: *rows,
            })
            .collect()
    }

    pub(crate) fn outside_communes(&self) -> Vec<OutsideCommune> {
        let mut communes: Vec<_> = self
            .outside
            .iter()
            .map(|(name, rows)| OutsideCommune {
                name: Sample::of(name),
                rows: *rows,
            })
            .collect();
        crate::order::sort_by(&mut communes, |a, b| {
            b.rows.cmp(&a.rows).then_with(|| a.name.cmp(&b.name))
        });
        communes
    }

    pub(crate) fn unknown_values(&self) -> Vec<UnknownValue> {
        let mut all: Vec<_> = self
            .unknown
            .iter()
            .flat_map(|(variable, values)| {
                values.iter().map(|(value, m)| UnknownValue {
                    variable: *variable,
                    value: Sample::of(value),
                    rows: m.rows,
                    first: m.first.clone(),
                })
            })
            .chain(self.asked_districts().map(|m| UnknownValue {
                variable: Variable::Qpv,
                value: Sample::of(""),
                rows: m.rows,
                first: m.first.clone(),
            }))
            .collect();
        crate::order::sort_by(&mut all, |a, b| {
            (a.variable, std::cmp::Reverse(a.rows), &a.value).cmp(&(
                b.variable,
                std::cmp::Reverse(b.rows),
                &b.value,
            ))
        });
        all
    }

    /// What is said where no value at all of a variable was understood: its column
    /// is likely that of another.
    fn another_column(&self, variable: Variable) -> &'static str {
        let Some(values) = self.unknown.get(&variable) else {
            return "";
        };
        if self.all_answered(variable as usize) > 0 {
            return "";
        }
        let all = |test: &dyn Fn(&str) -> bool| values.keys().all(|value| test(value));
        let is_typology = |value: &str| {
            let answer = typology(&Value::Text(value));
            matches!(answer, Answer::Known(_))
        };
        if variable == Variable::HousingType && all(&is_typology) {
            return words::OTHER_COLUMN_TYPOLOGY;
        }
        if variable == Variable::FamilySituation && all(&is_civil_status) {
            return words::OTHER_COLUMN_CIVIL_STATUS;
        }
        words::OTHER_COLUMN
    }

    pub(crate) fn findings(&self) -> Vec<Finding> {
        let mut findings: Vec<_> = self
            .findings
            .iter()
            .map(|((kind, variable), found)| {
                let (code, severity, message) = kind.describe();
                let message = match variable {
                    Some(v) if *kind == Kind::UnknownValue && meanings(*v).is_empty() => {
                        words::of_variable(columns::of(*v).name, words::UNREADABLE)
                    }
                    Some(v) => {
                        let mut told = words::of_variable(columns::of(*v).name, message);
                        match kind {
                            Kind::ImplausibleValue => told.push_str(&believed(*v)),
                            Kind::UnknownValue => told.push_str(self.another_column(*v)),
                            _ => {}
                        }
                        told
                    }
                    None => message.to_owned(),
                };
                Finding {
                    code: code.to_owned(),
                    severity,
                    variable: *variable,
                    count: found.count,
                    message,
                    examples: found.examples.clone(),
                }
            })
            .collect();
        if let Some(blank) = self.asked_districts() {
            let (code, severity, message) = Kind::QpvBlank.describe();
            findings.push(Finding {
                code: code.to_owned(),
                severity,
                variable: Some(Variable::Qpv),
                count: blank.rows,
                message: message.to_owned(),
                examples: vec![blank.first.clone()],
            });
        }
        crate::order::sort_by(&mut findings, |a, b| {
            (a.severity, std::cmp::Reverse(a.count), &a.code).cmp(&(
                b.severity,
                std::cmp::Reverse(b.count),
                &b.code,
            ))
        });
        findings
    }
}

/// Is it a civil status (*état civil*)? Software for landlords often exports it
/// under the name of the family situation, of which it says nothing.
fn is_civil_status(value: &str) -> bool {
    let plain = normalise(value);
    let stem = plain.split(' ').next().unwrap_or_default();
    [
        "CELIBATAIRE",
        "MARIE",
        "DIVORCE",
        "VEUF",
        "VEUVE",
        "PACSE",
        "SEPARE",
        "CONCUBIN",
    ]
    .iter()
    .any(|status| stem.starts_with(status))
}

fn answers(mapping: &Mapping, kept: u64, lets: u64, answered: &[u64]) -> Vec<Answers> {
    let has = mapping.variables();
    COLUMNS
        .iter()
        .filter(|c| has.contains(c.variable) && c.asked != Asked::Never)
        .map(|c| Answers {
            variable: c.variable,
            asked: match c.asked {
                Asked::Households => lets,
                _ => kept,
            },
            answered: answered[c.variable as usize],
        })
        .collect()
}

/// What is believed of a variable, to tell why a value was not.
fn believed(variable: Variable) -> String {
    let bounds = match variable {
        Variable::HolderAge => words::ages(MIN_HOLDER_AGE, MAX_AGE),
        Variable::OccupantAges => words::ages(0, MAX_AGE),
        Variable::Occupants => words::occupants(MAX_OCCUPANTS),
        Variable::Activities => words::activities(MAX_OCCUPANTS),
        Variable::Income => words::income(MAX_INCOME),
        Variable::Surface => words::surface(MAX_SURFACE),
        Variable::Typology | Variable::Rooms => words::rooms(MAX_ROOMS),
        _ => return String::new(),
    };
    words::expected(&bounds)
}

fn place(at: At<'_>, column: Option<(usize, &str)>) -> Place {
    Place {
        sheet: at.sheet.to_owned(),
        row: at.row,
        column: column.map(|(column, header)| column_name(column, header)),
    }
}

/// The first two characters, the rest hidden.
fn mask(text: &str) -> String {
    let shown: String = text.trim().chars().take(2).collect();
    format!("{shown}•••")
}

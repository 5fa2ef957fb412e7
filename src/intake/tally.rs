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
    Answers, AskedCommune, CommuneAnswers, Finding, GivenLabel, OutOfScope, OutsideCommune, Place,
    Reason, Sample, Severity, UnknownValue,
};
use super::values::Answer;
use crate::campaign::normalise;
use crate::dwelling::Variable;
use crate::legible;
use crate::words::numbers;

/// Examples given with a finding.
const EXAMPLES: usize = 5;
/// A column whose values were these in so many rows shows no other one: of « Oui » and
/// « Non » a third is not waited for until the end of the file.
const SAME_AGAIN: u32 = 5_000;
/// Distinct communes outside the territory that are listed.
const MAX_COMMUNES_LISTED: usize = 200;

/// What is said of values that are no number nor date, where a meaning cannot
/// be given.
const UNREADABLE: &str = "Des valeurs ne sont ni un nombre ni une date lisible et comptent comme des non-réponses. Corrigez-les dans le logiciel d'où vient le fichier, puis refaites l'export.";

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
    AgesByBracket,
    OtherBrackets,
    QpvConflict,
    QpvWithoutCode,
    QpvBlank,
    OffMarket,
    TotalRow,
    DeclaredExtent,
    ManySheets,
    AlikeSheets,
    OtherSheets,
    HiddenSheet,
}

impl Kind {
    fn describe(self) -> (&'static str, Severity, &'static str) {
        use Severity::{Alerte, Information};
        match self {
            Self::ColumnToConfirm => (
                "colonne-a-confirmer",
                Alerte,
                "Des colonnes ressemblent à une variable qui manque, sans en porter le nom : elles ne sont pas lues. Dans la correspondance des colonnes, confirmez celles qui conviennent.",
            ),
            Self::AbsentColumn => (
                "colonne-de-correspondance-absente",
                Alerte,
                "La correspondance chargée nomme des colonnes que ce fichier n'a pas. Choisissez-les à nouveau dans la correspondance.",
            ),
            Self::IdentityColumns => (
                super::quality::IDENTITY,
                Information,
                "Des colonnes semblent porter l'identité de personnes. Elles ne sont pas lues ; l'export peut s'en passer.",
            ),
            Self::UnknownValue => (
                "valeur-inconnue",
                Alerte,
                "Des valeurs n'ont pas été comprises et comptent comme des non-réponses. Donnez-leur un sens dans la correspondance, ou corrigez-les dans le logiciel d'où vient le fichier.",
            ),
            Self::ImplausibleValue => (
                "valeur-invraisemblable",
                Alerte,
                "Des valeurs sont impossibles ou invraisemblables et comptent comme des non-réponses. Corrigez-les dans le logiciel d'où vient le fichier, puis refaites l'export.",
            ),
            Self::NoCommune => (
                "commune-absente",
                Alerte,
                "Des lignes n'ont pas de commune lisible et ne sont pas comptées. Complétez le code INSEE ou le nom de la commune.",
            ),
            Self::CommuneConflict => (
                "commune-contradictoire",
                Alerte,
                "Le code INSEE et le nom de la commune se contredisent ; le code est retenu. Vérifiez ces lignes.",
            ),
            Self::CommuneCode => (
                "code-insee-inconnu",
                Alerte,
                "Le code INSEE n'est pas celui d'une commune du territoire, mais le nom l'est et le département est le même : le nom est retenu. Vérifiez que la colonne donne bien les codes INSEE, et non les codes postaux.",
            ),
            Self::NearCommune => (
                "commune-ressemblante",
                Alerte,
                "Des lignes nomment une commune que la campagne ne connaît pas, mais dont le nom ressemble à l'une des siennes : elles ne sont pas comptées. Dites dans la correspondance de quelle commune il s'agit, ou ajoutez au fichier le code INSEE.",
            ),
            Self::Namesake => (
                "commune-homonyme",
                Alerte,
                "Ces lignes ne donnent que le nom de leur commune, et des communes d'autres départements portent le même : elles sont comptées comme étant du territoire. Confirmez-le, ou dites le contraire, dans la correspondance ; le code INSEE ou le code postal lèverait le doute.",
            ),
            Self::OutsideTerritory => (
                "commune-hors-territoire",
                Information,
                "Des lignes sont hors du territoire de la campagne et ne sont pas comptées. C'est normal pour un export de tout le patrimoine.",
            ),
            Self::Duplicate => (
                "logement-en-double",
                Alerte,
                "Des identifiants de logement reviennent plusieurs fois ; seule la première ligne de chacun est comptée. Supprimez les doublons (cotitulaires, par exemple).",
            ),
            Self::ScientificId => (
                "identifiant-scientifique",
                Alerte,
                "Des identifiants sont écrits en notation scientifique (1,23E+09) : le tableur en a perdu des chiffres, et les doublons ne peuvent pas y être cherchés. Réexportez cette colonne au format texte.",
            ),
            Self::AgesAgainstOccupants => (
                "ages-et-occupants",
                Alerte,
                "Le nombre d'âges listés n'est ni le nombre d'occupants, ni ce nombre moins le titulaire. Les âges connus sont utilisés tels quels. Une colonne d'âge (conjoint, enfant) manque peut-être à la correspondance, ou y est de trop ; sinon, vérifiez les âges et le nombre d'occupants de ces lignes.",
            ),
            Self::SituationAgainstOccupants => (
                "situation-et-occupants",
                Alerte,
                "La situation familiale contredit le nombre d'occupants (personne seule à plusieurs, famille à une personne…). Les ressources de ces ménages ne peuvent pas être classées. Corrigez celui des deux qui est faux.",
            ),
            Self::CoupleWithoutAges => (
                "couple-sans-ages",
                Alerte,
                "Des couples sans enfant ont un revenu, mais l'âge de l'un des deux n'est pas connu. Leur plafond PLUS dépend de leurs âges (jeune ménage : 55 ans au plus à eux deux) : ils ne comptent pas dans les ressources comparées au plafond. Ajoutez à l'export les âges de tous les occupants.",
            ),
            Self::ActivitiesAgainstAdults => (
                "activites-et-majeurs",
                Alerte,
                "Il y a plus d'activités de majeurs que d'occupants. Vérifiez les colonnes d'activité.",
            ),
            Self::DuplicateDiffers => (
                "doublon-contradictoire",
                Alerte,
                "Des lignes portent le même identifiant de logement et ne disent pas la même chose ; la première est comptée. Vérifiez laquelle est la bonne.",
            ),
            Self::ActivitiesAgainstAges => (
                "activites-et-ages",
                Alerte,
                "Il y a plus d'activités de majeurs que de personnes de 18 ans ou plus parmi les âges connus. Vérifiez les activités et les âges de ces lignes.",
            ),
            Self::RplsUnmatched => (
                "logement-absent-du-rpls",
                Alerte,
                "Des logements ne se retrouvent pas dans le fichier RPLS : leurs caractéristiques restent celles du fichier OPS. Vérifiez la colonne « Identifiant logement (idem RPLS) ».",
            ),
            Self::SeveralLandlords => (
                "plusieurs-bailleurs",
                Information,
                "Le fichier porte les logements de plusieurs bailleurs. Ce contrôle et l'agrégat ne comptent que le bailleur choisi, et les lignes qui ne nomment personne.",
            ),
            Self::AgesByBracket => (
                "ages-par-tranche",
                Information,
                "Les âges des occupants sont donnés par tranche : ils sont comptés. Les ressources des couples sans enfant, dont le plafond dépend de leurs âges exacts, ne peuvent pas être classées.",
            ),
            Self::OtherBrackets => (
                "tranches-d-age-differentes",
                Alerte,
                "Les tranches d'âge du fichier ne se rangent pas dans celles de l'enquête (0-17, 18-24, 25-39, 40-59, 60-74, 75 et plus), ou ne les couvrent pas toutes : ces colonnes ne sont pas utilisées. Exportez les âges, ou ces tranches.",
            ),
            Self::QpvConflict => (
                "qpv-contradictoire",
                Alerte,
                "Deux colonnes se contredisent sur le quartier prioritaire ; la première est retenue. Vérifiez ces lignes.",
            ),
            Self::QpvWithoutCode => (
                "qpv-sans-code",
                Alerte,
                "Le fichier dit quels logements sont en quartier prioritaire, mais pas dans lequel : des résultats en QPV et hors QPV, presque rien ne pourra être publié. Ajoutez à l'export le code du quartier (QN…), ou donnez une table de passage qui le porte pour chaque programme.",
            ),
            Self::QpvBlank => (
                "qpv-vide",
                Alerte,
                "Le quartier prioritaire n'est rempli que pour les logements qui y sont ; les lignes vides comptent comme des non-réponses. Si vide veut dire « hors QPV », dites-le dans la correspondance.",
            ),
            Self::OffMarket => (
                "hors-champ",
                Information,
                "Des logements sont hors du champ de la convention (vides hors location, ou occupés sans bail) et ne sont pas comptés.",
            ),
            Self::TotalRow => (
                "ligne-de-total",
                Information,
                "Des lignes de total ou d'en-tête répété ne sont pas des logements et ne sont pas comptées.",
            ),
            Self::DeclaredExtent => (
                "etendue-annoncee",
                Information,
                "La feuille annonce une autre dernière ligne que la dernière qui porte quelque chose. C'est courant après des suppressions ; vérifiez que le nombre de lignes lues est celui que vous attendez.",
            ),
            Self::ManySheets => (
                "plusieurs-feuilles",
                Information,
                "Plusieurs feuilles ont le même en-tête : elles sont lues comme un seul fichier.",
            ),
            Self::AlikeSheets => (
                "feuille-ops-non-lue",
                Alerte,
                "D'autres feuilles ont elles aussi une commune et une occupation, mais pas les mêmes colonnes que celle qui est lue : leurs logements ne sont pas comptés. Donnez à toutes le même en-tête.",
            ),
            Self::OtherSheets => (
                "feuilles-non-lues",
                Information,
                "D'autres feuilles du classeur ne sont pas lues : leur en-tête n'est pas celui d'un fichier OPS, ou il est différent.",
            ),
            Self::HiddenSheet => (
                "feuille-masquee",
                Information,
                "La feuille lue est masquée dans le classeur.",
            ),
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
    fn another_column(&self, variable: Variable) -> String {
        let Some(values) = self.unknown.get(&variable) else {
            return String::new();
        };
        if self.all_answered(variable as usize) > 0 {
            return String::new();
        }
        let all = |test: &dyn Fn(&str) -> bool| values.keys().all(|value| test(value));
        let is_typology = |value: &str| {
            let answer = typology(&Value::Text(value));
            matches!(answer, Answer::Known(_))
        };
        if variable == Variable::HousingType && all(&is_typology) {
            return " Ce sont des typologies (T1, T2…) : choisissez cette colonne sous « Typologie » (« Changer les colonnes »).".to_owned();
        }
        if variable == Variable::FamilySituation && all(&is_civil_status) {
            return " C'est un état civil, qui ne dit pas de qui se compose le ménage : choisissez la colonne qui dit « personne seule », « couple avec enfants »…, ou aucune (« Changer les colonnes »).".to_owned();
        }
        " Aucune ne l'a été : cette colonne est peut-être celle d'une autre variable (« Changer les colonnes »).".to_owned()
    }

    pub(crate) fn findings(&self) -> Vec<Finding> {
        let mut findings: Vec<_> = self
            .findings
            .iter()
            .map(|((kind, variable), found)| {
                let (code, severity, message) = kind.describe();
                let message = match variable {
                    Some(v) if *kind == Kind::UnknownValue && meanings(*v).is_empty() => {
                        format!("« {} » : {}", columns::of(*v).name, lower(UNREADABLE))
                    }
                    Some(v) => format!(
                        "« {} » : {}{}",
                        columns::of(*v).name,
                        lower(message),
                        match kind {
                            Kind::ImplausibleValue => believed(*v),
                            Kind::UnknownValue => self.another_column(*v),
                            _ => String::new(),
                        }
                    ),
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
        Variable::HolderAge => format!("de {MIN_HOLDER_AGE} à {MAX_AGE} ans"),
        Variable::OccupantAges => format!("de 0 à {MAX_AGE} ans"),
        Variable::Occupants => format!("de 1 à {MAX_OCCUPANTS} personnes"),
        Variable::Activities => format!("au plus {MAX_OCCUPANTS} personnes"),
        Variable::Income => format!("de 0 à {} euros", numbers::count(MAX_INCOME)),
        Variable::Surface => format!("de 1 à {MAX_SURFACE} m²"),
        Variable::Typology | Variable::Rooms => format!("de 1 à {MAX_ROOMS} pièces"),
        _ => return String::new(),
    };
    format!(" Attendu : {bounds}.")
}

fn place(at: At<'_>, column: Option<(usize, &str)>) -> Place {
    Place {
        sheet: at.sheet.to_owned(),
        row: at.row,
        column: column.map(|(column, header)| column_name(column, header)),
    }
}

/// The sentence within another: its first letter in lower case.
fn lower(sentence: &str) -> String {
    let mut chars = sentence.chars();
    chars
        .next()
        .map(|first| first.to_lowercase().chain(chars).collect())
        .unwrap_or_default()
}

/// The first two characters, the rest hidden.
fn mask(text: &str) -> String {
    let shown: String = text.trim().chars().take(2).collect();
    format!("{shown}•••")
}

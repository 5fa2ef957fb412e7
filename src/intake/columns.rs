//! The one table of columns: canonical name, other names, and how a column is
//! used. Mapping, checks, messages, profiles and tests all read it.
//!
//! Sources: Annexe 2 of the convention (the canonical names), the names of the
//! RPLS files, and `domain/ops_alias_entetes.csv` (a test holds the table to
//! it). A name whose columns carry official RPLS codes stands in `rpls`: only
//! there are codes understood without the user's word.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::campaign::normalise;
use crate::dwelling::{Activity, Variable, Variables};

/// How many columns may serve a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Columns {
    /// One.
    One,
    /// Several, read together (ages 1 to n; flag and code of a QPV).
    Several,
}

/// Of which rows a variable is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Identifies or places the dwelling: not an answer.
    Never,
    /// Every dwelling in scope.
    Dwellings,
    /// Let dwellings.
    Households,
}

/// What the catalogue of columns says of a variable.
#[derive(Debug)]
pub struct Column {
    /// The variable.
    pub variable: Variable,
    /// Its key in files.
    pub id: &'static str,
    /// Its name on screen.
    pub name: &'static str,
    /// Names under which files carry it, the best first; `#` is a number.
    pub aliases: &'static [&'static str],
    /// RPLS names: the column carries the official codes.
    pub rpls: &'static [&'static str],
    /// How many columns may serve it.
    pub columns: Columns,
    /// Of which rows it is asked.
    pub asked: Asked,
}

macro_rules! column {
    ($variable:ident, $id:literal, $name:literal, $columns:ident, $asked:ident,
     [$($alias:literal),* $(,)?], [$($rpls:literal),* $(,)?]) => {
        Column {
            variable: Variable::$variable,
            id: $id,
            name: $name,
            aliases: &[$name, $($alias),*],
            rpls: &[$($rpls),*],
            columns: Columns::$columns,
            asked: Asked::$asked,
        }
    };
}

/// Every variable, in the order of Annexe 2, then the RPLS characteristics.
#[rustfmt::skip]
pub const COLUMNS: &[Column] = &[
    column!(Landlord, "bailleur", "Bailleur", One, Never,
        ["Bailleur social", "Organisme", "Nom organisme", "Nom bailleur", "Société", "Nom société", "Société HLM",
         "Organisme HLM", "Raison sociale", "SIREN", "SIRET"], []),
    column!(DwellingId, "id_logement", "Identifiant logement", One, Never,
        ["Identifiant logement (idem RPLS)", "N° RPLS", "Numéro RPLS", "Identifiant RPLS",
         "Id logement RPLS", "ID_RPLS"], ["IDENT_REP", "IDENTREP"]),
    column!(OwnDwellingId, "id_logement_bailleur", "Référence logement", One, Never,
        ["Code lot", "N° lot", "Code logement", "UG", "Code UG", "N° UG", "N° module"], ["IDENT_INT"]),
    column!(ProgrammeNumber, "num_programme", "Numéro de programme", One, Never,
        ["N° programme", "Code programme", "N° groupe", "Code groupe", "Ensemble", "Code résidence",
         "N° résidence", "HP1"], []),
    column!(ProgrammeName, "nom_programme", "Nom du programme", One, Never,
        ["Programme", "Libellé programme", "Résidence", "Nom résidence", "Libellé résidence", "Groupe",
         "Nom groupe", "Libellé groupe"], []),
    column!(Commune, "commune", "Commune", One, Never,
        ["Libellé commune", "Nom commune", "Ville", "Commune du logement", "Localité", "CP Ville", "CP et ville",
         "CP Commune", "CP et commune", "Code postal et ville", "Code postal et commune"], ["LIBCOM"]),
    column!(InseeCode, "code_insee", "Code INSEE", One, Never,
        ["INSEE", "Code commune", "Code INSEE commune", "Code commune INSEE", "INSEE commune", "N° INSEE"], ["DEPCOM"]),
    column!(PostalCode, "code_postal", "Code postal", One, Never,
        ["CP"], ["CODEPOSTAL"]),
    column!(Address, "adresse", "Adresse", Several, Never,
        ["Adresse #", "Adresse du logement", "Voie", "N° voie", "Nom voie", "Type voie", "Rue", "Complément adresse"],
        ["NUMVOIE", "INDREP", "TYPVOIE", "NOMVOIE", "COMPLGEO", "LIEUDIT"]),
    column!(Qpv, "qpv", "QPV", Several, Dwellings,
        ["En QPV", "Logement en QPV", "Code QPV", "Code QP", "Nom QPV", "Quartier prioritaire"],
        ["QPV_CODE", "QPV_red", "QPV_LIBELLE", "PLG_QP24"]),
    column!(HousingType, "type_logement", "Type de logement", One, Dwellings,
        ["Type (individuel/collectif)", "Type de logement (individuel/collectif)", "Ind/Coll",
         "Individuel/Collectif", "Collectif/Individuel", "Nature"],
        ["TYPECONST", "TYPECONST_CODE"]),
    column!(Typology, "typologie", "Typologie", One, Dwellings,
        ["Typologie du logement", "Type", "Type lot"], []),
    column!(Financing, "financement", "Financement", One, Dwellings,
        ["Financement du logement", "Financement d'origine", "Financement initial", "Catégorie financement", "Type de financement", "FINAN_LIBELLE"],
        ["FINAN", "FINAN_CODE"]),
    column!(Occupation, "occupation", "Occupation", One, Dwellings,
        ["Occupation du logement", "Mode occupation", "Statut occupation", "Loué/Vacant", "Statut", "État"],
        ["MODE", "MODE_red"]),
    column!(FamilySituation, "situation_familiale", "Situation familiale", One, Households,
        ["Composition familiale", "Sit. fam.", "Situation de famille", "Type de ménage", "Composition ménage", "Composition du ménage"], []),
    column!(Occupants, "nb_occupants", "Nombre total d'occupants", One, Households,
        ["Nb occupants", "Nb personnes", "Nb personnes occupantes", "Nombre de personnes", "Nb personnes au foyer", "Taille du ménage", "Occupants", "NBOCC"], []),
    column!(HolderAge, "age_titulaire", "Âge du titulaire", One, Households,
        ["Age titulaire", "Age du titulaire du bail", "Âge du locataire", "Âge du locataire principal",
         "Âge du signataire du bail", "Âge du preneur", "Âge du chef de famille", "Date de naissance titulaire",
         "Date de naissance du titulaire du bail", "Date de naissance du locataire",
         "Année de naissance titulaire"], []),
    column!(OccupantAges, "age_occupants", "Âge des occupants", Several, Households,
        ["Age occupant #", "Age de l'occupant #", "Age #", "Age personne #", "Date naissance #",
         "Date de naissance occupant #", "Année naissance #", "Année de naissance occupant #",
         "Ages des occupants"], []),
    column!(Activities, "activite_majeurs", "Activité des majeurs", Several, Households,
        ["Activité des majeurs occupants", "Activité majeur #", "Activité #", "Activité occupant #",
         "Code activité #", "Activité"], []),
    column!(Income, "rfr", "Revenu fiscal de référence", One, Households,
        ["RFR", "RFR N-2", "RFR 2022", "RFR ménage", "Revenus", "Ressources ménage", "Ressources"], []),
    column!(Apl, "apl", "Bénéficiaire de l'APL", One, Households,
        ["APL", "Bénéficiaire APL", "Aide au logement", "AL/APL"], []),
    column!(Aspa, "aspa", "Bénéficiaire de l'ASPA", One, Households,
        ["ASPA", "Bénéficiaire ASPA", "Minimum vieillesse", "Allocation solidarité personnes âgées"], []),
    column!(Answered, "reponse_ops", "Réponse OPS", One, Households,
        ["Répondant", "Enquêté", "Retour enquête", "Réponse à l'enquête"], []),
    column!(ConstructionYear, "annee_construction", "Année de construction", One, Dwellings,
        ["Année construction", "Année d'achèvement"], ["CONSTRUCT"]),
    column!(EnergyLabel, "dpe", "Étiquette DPE", One, Dwellings,
        ["DPE", "Classe DPE", "Classe énergie", "Étiquette énergie"], ["DPEENERGIE"]),
    column!(Rooms, "nb_pieces", "Nombre de pièces", One, Dwellings,
        ["Nb pièces", "Pièces"], ["NBPIECE"]),
    column!(Surface, "surface", "Surface habitable", One, Dwellings,
        ["Surface", "Surface (m2)", "SHAB"], ["SURFHAB"]),
];

/// Columns that give the number of adults of one activity.
pub(crate) const ACTIVITY_COUNTS: &[(&str, Activity)] = &[
    ("Nb emploi stable", Activity::Stable),
    ("Nb emploi précaire", Activity::Precarious),
    ("Nb chômeurs", Activity::Unemployed),
    ("Nb étudiants", Activity::Student),
    ("Nb sans emploi", Activity::OutOfWork),
];

/// Headers that usually mean a variable, and may mean another thing: proposed,
/// never used unless the user confirms. `#` is a number.
const HINTS: &[(&str, Variable)] = &[
    ("Propriétaire", Variable::Landlord),
    ("Entité", Variable::Landlord),
    ("Lieu", Variable::Commune),
    ("Localisation", Variable::Commune),
    ("Situation locative", Variable::Occupation),
    ("Situation du logement", Variable::Occupation),
    ("Statut du logement", Variable::Occupation),
    ("État du logement", Variable::Occupation),
    ("État locatif", Variable::Occupation),
    ("Statut locatif", Variable::Occupation),
    ("Vacance", Variable::Occupation),
    ("Vacant", Variable::Occupation),
    ("Occupé", Variable::Occupation),
    ("Loué", Variable::Occupation),
    ("Situation", Variable::FamilySituation),
    ("Composition", Variable::FamilySituation),
    ("Ménage", Variable::FamilySituation),
    ("Foyer", Variable::FamilySituation),
    ("Famille", Variable::FamilySituation),
    ("Âge", Variable::HolderAge),
    ("Date de naissance", Variable::HolderAge),
    ("Année de naissance", Variable::HolderAge),
    ("DDN", Variable::HolderAge),
    ("Né le", Variable::HolderAge),
    ("Née le", Variable::HolderAge),
    ("Né(e) le", Variable::HolderAge),
    ("DDN #", Variable::OccupantAges),
    ("Âge du conjoint", Variable::OccupantAges),
    ("Date de naissance du conjoint", Variable::OccupantAges),
    ("CSP", Variable::Activities),
    ("CSP #", Variable::Activities),
    ("Profession", Variable::Activities),
    ("Profession #", Variable::Activities),
    ("Emploi", Variable::Activities),
    ("Emploi #", Variable::Activities),
    ("Situation professionnelle", Variable::Activities),
    ("Situation professionnelle #", Variable::Activities),
    ("Situation professionnelle titulaire", Variable::Activities),
    ("Situation professionnelle locataire", Variable::Activities),
    ("Situation professionnelle conjoint", Variable::Activities),
    ("Statut professionnel", Variable::Activities),
    ("Statut professionnel #", Variable::Activities),
    ("Contrat #", Variable::Activities),
    ("Revenu fiscal", Variable::Income),
    ("Revenu imposable", Variable::Income),
    ("Aide personnalisée au logement", Variable::Apl),
    ("Convention", Variable::Financing),
    ("Prêt", Variable::Financing),
    ("Fin. initial", Variable::Financing),
    ("Fin. d'origine", Variable::Financing),
    ("ZUS", Variable::Qpv),
    ("QP", Variable::Qpv),
];

/// Likeness given to a column of [`HINTS`], per cent.
const HINTED: u8 = 80;
/// Likeness of a name that lacks only its year, per cent.
const SAME_BUT_YEAR: u8 = 95;

/// Longest header whose likeness to the names is measured, in bytes.
const MAX_LIKENESS: usize = 60;

/// What a header is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Recognised {
    pub(crate) variable: Variable,
    /// Rank among the names of the variable, the best first.
    pub(crate) rank: usize,
    pub(crate) exact: bool,
    /// Recognised without the date or the year that ends the header.
    pub(crate) dated: bool,
    pub(crate) role: Role,
}

/// How the values of a column are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// As the variable says.
    Plain,
    /// Official RPLS codes.
    Rpls,
    /// A date of birth: bare numbers are days.
    Birth,
    /// The name of a district: any word says « inside ».
    DistrictName,
    /// The number of adults of an activity.
    Count(Activity),
    /// The number of occupants between two ages, both included.
    Between(u8, u8),
}

/// The column of a variable.
pub fn of(variable: Variable) -> &'static Column {
    COLUMNS
        .iter()
        .find(|c| c.variable == variable)
        .expect("a test holds every variable to the table")
}

/// The variable with this key in files.
pub fn by_id(id: &str) -> Option<&'static Column> {
    COLUMNS.iter().find(|c| c.id == id)
}

/// A header reduced to what matters: no accent, case, punctuation or little
/// word, abbreviations in full, `N` for number, `NB` for how many, no plural.
pub(crate) fn canonical(header: &str) -> String {
    let plain = normalise(header);
    let plain = spelt(&plain);
    let mut words: Vec<&str> = Vec::new();
    for word in plain.split(' ') {
        // « Occ1 » is « Occ 1 » for what follows.
        let stem = word.trim_end_matches(|c: char| c.is_ascii_digit());
        let (stem, rank) = match word.split_at(stem.len()) {
            (stem, rank) if !rank.is_empty() && abbreviated(stem).is_some() => (stem, rank),
            _ => (word, ""),
        };
        if let Some(full) = abbreviated(stem) {
            words.push(full);
        } else {
            words.push(match stem {
                "DE" | "DU" | "DES" | "D" | "L" | "LA" | "LE" | "LES" | "AU" | "EN" => continue,
                word if word.len() >= 4 => word.strip_suffix('S').unwrap_or(word),
                word => word,
            });
        }
        if !rank.is_empty() {
            words.push(rank);
        }
    }
    words.join(" ")
}

/// What the abbreviations of headers stand for, in canonical words.
fn abbreviated(word: &str) -> Option<&'static str> {
    Some(match word {
        "NO" | "NUM" | "NUMERO" => "N",
        "NOMBRE" | "NBRE" | "NBR" => "NB",
        "LIB" | "LIBELLE" => "LIBELLE",
        "OCC" => "OCCUPANT",
        "PERS" => "PERSONNE",
        "TIT" | "TITUL" => "TITULAIRE",
        "NAISS" => "NAISSANCE",
        "DT" | "DAT" => "DATE",
        "SIT" => "SITUATION",
        "FAM" => "FAMILIALE",
        "COMPO" | "COMP" => "COMPOSITION",
        "LOG" | "LGT" | "LOGT" => "LOGEMENT",
        "FINANC" | "FINANCT" => "FINANCEMENT",
        "TYPO" => "TYPOLOGIE",
        "PROG" | "PRG" | "PROGR" => "PROGRAMME",
        "RES" | "RESID" => "RESIDENCE",
        "GRP" => "GROUPE",
        "COM" => "COMMUNE",
        "ACT" | "ACTIV" => "ACTIVITE",
        "MAJ" => "MAJEUR",
        "REV" => "REVENU",
        "BENEF" => "BENEFICIAIRE",
        "IDENT" | "ID" => "IDENTIFIANT",
        "SURF" => "SURFACE",
        "HAB" => "HABITABLE",
        "CONST" | "CONSTR" => "CONSTRUCTION",
        _ => return None,
    })
}

/// Three single letters or more in a row are one word: « R.F.R. » is « RFR ».
fn spelt(plain: &str) -> String {
    let words: Vec<&str> = plain.split(' ').collect();
    let mut out: Vec<String> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let single = |word: &&&str| word.len() == 1 && word.as_bytes()[0].is_ascii_uppercase();
        let run = words[at..].iter().take_while(single).count();
        if run >= 3 {
            out.push(words[at..at + run].concat());
            at += run;
        } else {
            out.push(words[at].to_owned());
            at += 1;
        }
    }
    out.join(" ")
}

/// The canonical header without the date or the year that ends it: « Occupation
/// au 01/01/2024 », « RFR 2021 ».
fn undated(canonical: &str) -> Option<String> {
    let mut words: Vec<&str> = canonical.split(' ').collect();
    let year = words.pop()?.parse::<u16>().ok()?;
    if !(2000..2100).contains(&year) {
        return None;
    }
    while let Some("1" | "01" | "1ER" | "JANVIER" | "JANV") = words.last().copied() {
        words.pop();
    }
    (!words.is_empty()).then(|| words.join(" "))
}

/// The canonical header with its final number as `#`: « Age_1 », « AGE1 ». A
/// number of three digits or more is no rank.
fn ranked(canonical: &str) -> Option<String> {
    let stem = canonical.trim_end_matches(|c: char| c.is_ascii_digit());
    let rank = 1..=2;
    rank.contains(&(canonical.len() - stem.len()))
        .then(|| format!("{} #", stem.trim_end()))
}

/// The header without what stands in brackets, when something does.
fn unbracketed(header: &str) -> Option<String> {
    let (before, rest) = header.split_once('(')?;
    let after = rest.rsplit_once(')').map_or("", |(_, after)| after);
    Some(format!("{before} {after}"))
}

/// The names of the table in canonical form, prepared once for a file.
pub(crate) struct Names {
    names: std::collections::HashMap<String, Vec<Recognised>>,
    all: Vec<(String, Variable)>,
    hints: std::collections::HashMap<String, Variable>,
}

impl Names {
    pub(crate) fn new() -> Self {
        let mut names: std::collections::HashMap<String, Vec<Recognised>> =
            std::collections::HashMap::new();
        let mut all = Vec::new();
        for column in COLUMNS {
            let plain = column.aliases.iter().map(|a| (a, Role::Plain));
            let coded = column.rpls.iter().map(|a| (a, Role::Rpls));
            for (rank, (alias, role)) in plain.chain(coded).enumerate() {
                let key = canonical_with_rank(alias);
                let role = match column.variable {
                    Variable::HolderAge | Variable::OccupantAges
                        if key.starts_with("DATE NAISSANCE") =>
                    {
                        Role::Birth
                    }
                    Variable::Qpv if key == "NOM QPV" || key == "QPV LIBELLE" => Role::DistrictName,
                    _ => role,
                };
                all.push((key.clone(), column.variable));
                names.entry(key).or_default().push(Recognised {
                    variable: column.variable,
                    rank,
                    exact: false,
                    dated: false,
                    role,
                });
            }
        }
        for (rank, (alias, activity)) in ACTIVITY_COUNTS.iter().enumerate() {
            names.entry(canonical(alias)).or_default().push(Recognised {
                variable: Variable::Activities,
                rank: 100 + rank,
                exact: false,
                dated: false,
                role: Role::Count(*activity),
            });
        }
        let hints = HINTS
            .iter()
            .map(|(hint, variable)| (canonical_with_rank(hint), *variable))
            .collect();
        Self { names, all, hints }
    }

    /// What a header is for, by its exact or its canonical name.
    pub(crate) fn recognise(&self, header: &str) -> Option<Recognised> {
        let whole = canonical(header);
        if whole.is_empty() {
            return None;
        }
        let find = |key: &str| self.names.get(key).map(|found| found[0]);
        let with_rank = |key: &str| ranked(key).and_then(|key| find(&key));
        // Before ranks: « Age 75+ » is not the seventy-fifth age.
        if find(&whole).is_none()
            && let Some((low, high)) = bracket(header)
        {
            return Some(Recognised {
                variable: Variable::OccupantAges,
                rank: 200,
                exact: false,
                dated: false,
                role: Role::Between(low, high),
            });
        }
        let known = find(&whole).or_else(|| with_rank(&whole)).or_else(|| {
            let short = canonical(&unbracketed(header)?);
            find(&short).or_else(|| with_rank(&short))
        });
        let found = known.or_else(|| {
            let key = undated(&whole)?;
            let found = find(&key).or_else(|| with_rank(&key))?;
            Some(Recognised {
                dated: true,
                ..found
            })
        })?;
        let column = of(found.variable);
        let header = header.trim();
        let exact = column
            .aliases
            .iter()
            .chain(column.rpls)
            .any(|a| *a == header);
        Some(Recognised { exact, ..found })
    }

    /// How a column would be read if the user gave it to a variable.
    pub(crate) fn role_for(&self, header: &str, variable: Variable) -> Role {
        let name = canonical(header);
        let says = |word: &str| name.split(' ').any(|one| one == word);
        let born = ["NAISSANCE", "DDN", "NE", "NEE"].into_iter().any(says);
        let birth = born && !says("ANNEE");
        match self.recognise(header) {
            Some(found) if found.variable == variable => found.role,
            _ if birth && matches!(variable, Variable::HolderAge | Variable::OccupantAges) => {
                Role::Birth
            }
            _ => Role::Plain,
        }
    }

    /// The variable whose name is most like the header, and the likeness.
    pub(crate) fn nearest(&self, header: &str) -> Option<(Variable, u8)> {
        let key = canonical(header);
        let key = undated(&key).unwrap_or(key);
        // « Age occ. 2 » is as near to « Age occupant # » as « Age occ. 1 ».
        let key = ranked(&key).unwrap_or(key);
        if let Some(variable) = self.hints.get(&key) {
            return Some((*variable, HINTED));
        }
        // One year among several, which nothing chooses.
        if let Some(found) = self.names.get(&key) {
            return Some((found[0].variable, SAME_BUT_YEAR));
        }
        // REASON: likeness costs the product of the lengths, for every name.
        if key.len() < 4 || key.len() > MAX_LIKENESS {
            return None;
        }
        self.all
            .iter()
            .map(|(name, variable)| {
                // A longer header that begins with a known name is near too.
                let begins = name.len() >= 6 && key.starts_with(name.as_str());
                // REASON: most names are too far without looking; this was a
                // good part of the time of a small file.
                let likeness = if may_be_near(&key, name) {
                    strsim::normalized_damerau_levenshtein(&key, name)
                } else {
                    0.0
                };
                let likeness = if begins { likeness.max(0.85) } else { likeness };
                (*variable, (likeness * 100.0) as u8)
            })
            .max_by_key(|(_, likeness)| *likeness)
            .filter(|(_, likeness)| *likeness >= 75)
    }
}

/// Can the two be alike by three quarters? Each letter of the longer that the other
/// has not is an edit, and letters that change places are none of those.
fn may_be_near(a: &str, b: &str) -> bool {
    // Letters beyond ASCII count as one: the edits are then too few, never too many.
    let slot = |letter: char| (letter as usize).min(128);
    let mut left = [0_u8; 129];
    let mut longest = 0;
    for letter in a.chars() {
        left[slot(letter)] += 1;
        longest += 1;
    }
    let (mut length, mut shared) = (0, 0);
    for letter in b.chars() {
        length += 1;
        let left = &mut left[slot(letter)];
        if *left > 0 {
            *left -= 1;
            shared += 1;
        }
    }
    let longest: usize = usize::max(longest, length);
    4 * (longest - shared) <= longest
}

/// The ages of a column that counts occupants by bracket (*tranche d'âge*):
/// « Nb < 18 », « 18-24 ans », « Occupants de 75 ans et plus ». No other word may
/// stand there: a bracket of tenants or of incomes is another thing.
fn bracket(header: &str) -> Option<(u8, u8)> {
    let open = header.contains(['+', '>', '≥']);
    let under = header.contains(['<', '≤']);
    let inclusive = header.contains(['=', '≥', '≤']);
    let plain = normalise(header);
    let (mut numbers, mut open, mut under, mut says) = (Vec::new(), open, under, open || under);
    for word in plain.split(' ').filter(|w| !w.is_empty()) {
        match word {
            "PLUS" => open = true,
            "MOINS" => under = true,
            "AN" | "ANS" | "AGE" | "AGES" | "NB" | "NOMBRE" | "OCCUPANT" | "OCCUPANTS"
            | "PERSONNE" | "PERSONNES" | "TRANCHE" => says = true,
            "DE" | "D" | "DES" | "A" | "ET" | "ENTRE" | "OU" => {}
            number => numbers.push(number.parse::<u8>().ok()?),
        }
    }
    if !says {
        return None;
    }
    match numbers[..] {
        [low, high] if low < high && !open && !under => Some((low, high)),
        [low] if open && !under => Some((
            if header.contains('>') && !inclusive {
                low.checked_add(1)?
            } else {
                low
            },
            u8::MAX,
        )),
        [high] if under && !open => Some((
            0,
            if inclusive {
                high
            } else {
                high.checked_sub(1)?
            },
        )),
        _ => None,
    }
}

fn canonical_with_rank(alias: &str) -> String {
    match alias.strip_suffix('#') {
        Some(stem) => format!("{} #", canonical(stem)),
        None => canonical(alias),
    }
}

impl Serialize for Variable {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(of(*self).id)
    }
}

impl<'de> Deserialize<'de> for Variable {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let id = String::deserialize(deserializer)?;
        by_id(&id)
            .map(|c| c.variable)
            .ok_or_else(|| D::Error::custom(format!("« {id} » n'est pas une variable connue")))
    }
}

impl Serialize for Variables {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(
            COLUMNS
                .iter()
                .filter(|c| self.contains(c.variable))
                .map(|c| c.variable),
        )
    }
}

impl<'de> Deserialize<'de> for Variables {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<Variable>::deserialize(deserializer)?
            .into_iter()
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_variable_has_one_column_and_no_name_serves_two() {
        let last = Variable::Surface as usize;
        assert_eq!(COLUMNS.len(), last + 1);
        for (rank, column) in COLUMNS.iter().enumerate() {
            assert_eq!(COLUMNS.iter().filter(|c| c.id == column.id).count(), 1);
            assert_eq!(of(column.variable).id, column.id, "{rank}");
        }
        for (name, found) in &Names::new().names {
            let first = found[0].variable;
            assert!(
                found.iter().all(|f| f.variable == first),
                "{name}: {found:?}"
            );
        }
    }

    /// What is dismissed without measuring its likeness is unlike.
    #[test]
    fn no_name_that_is_near_is_dismissed() {
        let names = Names::new();
        let mut near = 0;
        for (one, _) in &names.all {
            let turned: String = one.chars().rev().collect();
            let bitten = &one[one.len().min(2)..];
            let accented = one.replace('E', "É");
            let others = names.all.iter().map(|(name, _)| name.as_str());
            for other in others.chain([&turned, bitten, &accented, ""]) {
                let likeness = strsim::normalized_damerau_levenshtein(one, other);
                near += u32::from(likeness >= 0.75);
                assert!(likeness < 0.75 || may_be_near(one, other), "{one}, {other}");
            }
        }
        assert!(near as usize > names.all.len());
    }

    /// The names collected from the field are all recognised, each for the
    /// variable it is listed under.
    #[test]
    fn the_names_of_the_field_are_recognised() {
        // Rooms are a variable of their own here; a household's ages by
        // bracket cannot give ages, and the column is listed as ignored.
        let rooms = ["Nb pièces", "NBPIECE"];
        let refused = ["Nb <18 / 18-24 / 25-39… (effectifs par tranche)"];
        let names = Names::new();
        let mut reader =
            csv::Reader::from_reader(&include_bytes!("../../domain/ops_alias_entetes.csv")[..]);
        let mut seen = 0;
        for record in reader.records() {
            let record = record.unwrap();
            let id = match &record[0] {
                "age_occupant_n" => "age_occupants",
                "activite_majeur_n" => "activite_majeurs",
                id => id,
            };
            for listed in record[1].split('|') {
                if refused.contains(&listed) {
                    assert_eq!(names.recognise(listed), None);
                    continue;
                }
                // « 1..n » stands for a rank, what is in brackets is a comment
                // that names further columns.
                let comment = listed.split_once(" (").map_or("", |(_, c)| c);
                let listed = listed.split(" (").next().unwrap().replace("1..n", "3");
                let split = if id == "activite_majeurs" {
                    " / "
                } else {
                    "\0"
                };
                let further = comment
                    .strip_prefix("+ ")
                    .map(|names| names.trim_end_matches(')').split(' '))
                    .into_iter()
                    .flatten();
                for header in listed.split(split).chain(further) {
                    let found = names.recognise(header).map(|f| of(f.variable).id);
                    let expected = if rooms.contains(&header) {
                        "nb_pieces"
                    } else {
                        id
                    };
                    assert_eq!(found, Some(expected), "{header}");
                    seen += 1;
                }
            }
        }
        assert!(seen > 110, "{seen}");
    }

    #[test]
    fn headers_as_they_are_typed() {
        let names = Names::new();
        let id = |header: &str| names.recognise(header).map(|f| of(f.variable).id);
        assert_eq!(id("  NUMERO DE PROGRAMME "), Some("num_programme"));
        assert_eq!(id("Type (individuel/collectif)"), Some("type_logement"));
        assert_eq!(id("Typologie (T2, T3…)"), Some("typologie"));
        assert_eq!(
            id("Occupation\n(loué / vacant / tiers)"),
            Some("occupation")
        );
        assert_eq!(id("AGE_12"), Some("age_occupants"));
        assert_eq!(id("activite2"), Some("activite_majeurs"));
        assert_eq!(id("R.F.R."), Some("rfr"));
        for (header, variable) in [
            ("Nbre d'occ.", "nb_occupants"),
            ("Nbre de pers.", "nb_occupants"),
            ("Age occ. 2", "age_occupants"),
            ("Age occ2", "age_occupants"),
            ("Sit. fam.", "situation_familiale"),
            ("Compo. fam.", "situation_familiale"),
            ("Typo", "typologie"),
            ("Financt log.", "financement"),
            ("Dt naiss. titulaire", "age_titulaire"),
            ("Âge du locataire", "age_titulaire"),
            ("Âge du titulaire au 01/01/2024", "age_titulaire"),
            ("Occupation au 1er janvier 2024", "occupation"),
            ("RFR 2021", "rfr"),
            ("N° prog.", "num_programme"),
            ("Bailleur social", "bailleur"),
            ("Logt en QPV", "qpv"),
            ("Date naiss. locataire", "age_titulaire"),
            ("Réponse à l'enquête", "reponse_ops"),
            ("Nom com.", "commune"),
            ("Année const.", "annee_construction"),
            ("Situation de famille", "situation_familiale"),
        ] {
            assert_eq!(id(header), Some(variable), "{header}");
        }
        // A year is no rank, and « Âge » alone may be anybody's.
        for header in [
            "Âge 2024",
            "Âge",
            "Âge au 01/01/2024",
            "Loyer 2024",
            "CSP 1",
        ] {
            assert_eq!(id(header), None, "{header}");
        }
        for (header, variable) in [
            ("Âge", Variable::HolderAge),
            ("CSP 2", Variable::Activities),
            ("Situation locative", Variable::Occupation),
            ("Lieu", Variable::Commune),
            ("QP", Variable::Qpv),
            ("Né(e) le", Variable::HolderAge),
            ("Fin. initial", Variable::Financing),
            ("Composition", Variable::FamilySituation),
            // He may stand among the ages already.
            ("Date naiss. conjoint", Variable::OccupantAges),
            ("Sit. professionnelle conjoint", Variable::Activities),
        ] {
            assert_eq!(names.nearest(header), Some((variable, HINTED)), "{header}");
        }
        assert_eq!(id("Couleur des volets"), None);
        assert_eq!(
            names.recognise("FINAN_CODE").map(|f| f.role),
            Some(Role::Rpls)
        );
        assert_eq!(
            names.recognise("Financement").map(|f| f.role),
            Some(Role::Plain)
        );
        assert_eq!(
            names.nearest("Comune").map(|(v, _)| v),
            Some(Variable::Commune)
        );
        assert_eq!(names.nearest("Couleur des volets"), None);
    }
}

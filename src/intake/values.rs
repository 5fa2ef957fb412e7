//! Closed vocabularies: what the words of a cell mean.
//!
//! Spellings follow `domain/ops_alias_valeurs.csv`, which a test holds this
//! module to. Numeric codes are understood only in the RPLS columns whose codes
//! are official; anywhere else the user must say what they mean, once.

use super::cell::Value;
use super::columns::Role;
use super::report::Reason;
use crate::campaign::normalise;
use crate::dwelling::{
    Activity, EnergyLabel, FamilySituation, Financing, HousingType, Occupation, Qpv, Variable,
};

/// What a cell says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer<T> {
    /// This.
    Known(T),
    /// Nothing: empty, or a word for « not known ».
    Silent,
    /// Something that was not understood.
    Unknown,
    /// Something understood that cannot be.
    Implausible,
}

impl<T> Answer<T> {
    #[cfg(test)]
    pub(crate) fn known(self) -> Option<T> {
        match self {
            Self::Known(value) => Some(value),
            _ => None,
        }
    }

    pub(crate) fn map<U>(self, f: impl FnOnce(T) -> U) -> Answer<U> {
        match self {
            Self::Known(value) => Answer::Known(f(value)),
            Self::Silent => Answer::Silent,
            Self::Unknown => Answer::Unknown,
            Self::Implausible => Answer::Implausible,
        }
    }

    fn from(found: Option<T>) -> Self {
        found.map_or(Self::Unknown, Self::Known)
    }
}

/// Is a normalised text a word for « not known »?
pub(crate) fn is_silence(plain: &str) -> bool {
    matches!(
        plain,
        "" | "NC"
            | "NR"
            | "ND"
            | "NA"
            | "N A"
            | "N C"
            | "N R"
            | "N D"
            | "NSP"
            | "VIERGE"
            | "NULL"
            | "NEANT"
            | "INCONNU"
            | "INCONNUE"
            | "NON RENSEIGNE"
            | "NON RENSEIGNEE"
            | "NON COMMUNIQUE"
            | "NON COMMUNIQUEE"
            | "NON CONNU"
            | "NON CONNUE"
            | "NON REPONSE"
            | "NON DISPONIBLE"
            | "SANS REPONSE"
            | "SANS OBJET"
            | "A COMPLETER"
            | "DIV 0"
            | "REF"
            | "VALUE"
            | "NAME"
            | "999"
            | "9999"
    )
}

/// Longest word for « not known », in letters and spaces.
const LONGEST_SILENCE: usize = 15;

/// Is a text, as typed, a word for « not known »? Told without making the
/// normalised text where its first letter or its length is enough.
pub(crate) fn says_nothing(text: &str) -> bool {
    let mut first = text
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || !c.is_ascii());
    match first.next().map(|c| c.to_ascii_uppercase()) {
        None | Some('A' | 'D' | 'I' | 'N' | 'R' | 'S' | 'V' | '9') => {}
        // An accented letter may be one of them; any other letter is not.
        Some(c) if !c.is_ascii() => {}
        Some(_) => return false,
    }
    let letters = text.bytes().filter(u8::is_ascii_alphanumeric);
    letters.count() <= LONGEST_SILENCE && is_silence(&normalise(text))
}

/// The scope that an occupation gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    In(Occupation),
    Out(Reason),
}

/// The normalised words of a cell, or why there are none.
fn words(value: &Value<'_>) -> Result<String, ()> {
    if matches!(value, Value::Error) {
        return Err(());
    }
    let plain = normalise(&value.text());
    if is_silence(&plain) {
        Err(())
    } else {
        Ok(plain)
    }
}

macro_rules! words_or_silence {
    ($value:expr) => {
        match words($value) {
            Ok(plain) => plain,
            Err(()) => return Answer::Silent,
        }
    };
}

pub(crate) fn occupation(value: &Value<'_>, role: Role) -> Answer<Scope> {
    use Occupation::{Let, ThirdParty, Vacant};
    use Scope::{In, Out};
    let plain = words_or_silence!(value);
    if role == Role::Rpls
        && let Some(code) = code(&plain)
    {
        return match code {
            1 => Answer::Known(In(Let)),
            2 => Answer::Known(In(Vacant)),
            3 => Answer::Known(Out(Reason::EmptyOffMarket)),
            4 => Answer::Known(In(ThirdParty)),
            5 => Answer::Known(Out(Reason::OccupiedWithoutLease)),
            9 => Answer::Silent,
            _ => Answer::Unknown,
        };
    }
    Answer::from(Some(match plain.as_str() {
        "L"
        | "LOUE"
        | "LOUEE"
        | "OCCUPE"
        | "OCCUPEE"
        | "LOUE AVEC CONTRAT DE LOCATION"
        | "LOUE AVEC CONTRAT"
        | "EN LOCATION" => In(Let),
        "V"
        | "VACANT"
        | "VACANTE"
        | "VACANCE"
        | "PROPOSE A LA LOCATION MAIS VACANT"
        | "PROPOSE A LA LOCATION VACANT"
        | "VACANT PROPOSE A LA LOCATION" => In(Vacant),
        "ASSOCIATION"
        | "TIERS"
        | "FOYER"
        | "ORGANISME TIERS"
        | "SOUS LOCATION"
        | "DONNE EN LOCATION A UN ORGANISME TIERS"
        | "DONNE EN LOCATION A DES ORGANISMES TIERS"
        | "LOUE A UN ORGANISME TIERS"
        | "LOUE A UNE ASSOCIATION"
        | "PRIS EN CHARGE PAR UNE ASSOCIATION" => In(ThirdParty),
        "VIDE HORS LOCATION"
        | "VIDE TRAVAUX"
        | "TRAVAUX"
        | "EN TRAVAUX"
        | "DEMOLITION"
        | "A DEMOLIR"
        | "EN VENTE"
        | "HORS LOCATION"
        | "VIDE TRAVAUX DEMOLITION VENTE" => Out(Reason::EmptyOffMarket),
        "GARDIEN"
        | "LOGEMENT DE FONCTION"
        | "LOGEMENT DE GARDIEN"
        | "FONCTION"
        | "OCCUPE SANS CONTREPARTIE"
        | "OCCUPE AVEC OU SANS CONTREPARTIE FINANCIERE FONCTION GARDIEN" => {
            Out(Reason::OccupiedWithoutLease)
        }
        // REASON: « Vide » alone is either vacant and offered, or empty and off
        // the market (RPLS 3): the user must say.
        _ => return Answer::Unknown,
    }))
}

pub(crate) fn housing_type(value: &Value<'_>) -> Answer<HousingType> {
    let plain = words_or_silence!(value);
    Answer::from(match plain.as_str() {
        "I"
        | "IND"
        | "INDIV"
        | "INDIVIDUEL"
        | "MAISON"
        | "PAVILLON"
        | "LOGEMENT INDIVIDUEL"
        | "MAISON INDIVIDUELLE" => Some(HousingType::Individual),
        "C" | "COL" | "COLL" | "COLLECTIF" | "APPARTEMENT" | "APPT" | "APPART" | "IMMEUBLE"
        | "LOGEMENT COLLECTIF" => Some(HousingType::Collective),
        _ => None,
    })
}

pub(crate) fn financing(value: &Value<'_>, role: Role) -> Answer<Financing> {
    use Financing::{Other, Plai, Pli, Pls, PlusAfter1977, PlusBefore1977};
    let plain = words_or_silence!(value);
    if role == Role::Rpls
        && let Some(code) = code(&plain)
    {
        return Answer::from(Some(match code {
            10 | 11 => Plai,
            50..=55 | 99 => PlusBefore1977,
            12 | 13 => PlusAfter1977,
            14 => Pls,
            16 => Pli,
            15 | 17 | 49 => Other,
            _ => return Answer::Unknown,
        }));
    }
    Answer::from(match plain.as_str() {
        "PLAI"
        | "PLA I"
        | "PLA D INTEGRATION"
        | "PLA D INTEGRATION LLTS"
        | "PLA D INTEGRATION LLTS DANS LES DOM"
        | "LLTS"
        | "PLA LM"
        | "PLA TS"
        | "PLATS"
        | "PLALM"
        | "PLA LOYER MINORE"
        | "PLA TRES SOCIAL"
        | "PLA INSERTION"
        | "PLA LM TS INSERTION"
        | "PLA LOYER MINORE PLA TRES SOCIAL PLA INSERTION" => Some(Plai),
        "PLUS AVANT 1977"
        | "AVANT 1977"
        | "HBM"
        | "PLR"
        | "PSR"
        | "PLR PSR"
        | "HLM"
        | "HLM O"
        | "HLMO"
        | "ILM"
        | "ILN"
        | "PRETS SPECIAUX CFF"
        | "PRETS SPECIAUX DU CFF"
        | "AUTRE FINANCEMENT AVANT 1977" => Some(PlusBefore1977),
        "PLUS APRES 1977"
        | "PLUS"
        | "PLA"
        | "PLUS LLS"
        | "PLUS LLS DANS LES DOM"
        | "LLS"
        | "PLA ORDINAIRE"
        | "PLUS CD" => Some(PlusAfter1977),
        "PLS" | "PPLS" | "PCLS" | "PLA CFF" | "PLS PPLS PCLS PLA CFF" => Some(Pls),
        "PLI" | "LLI" => Some(Pli),
        "AUTRE"
        | "AUTRES"
        | "PAP"
        | "PAP LOCATIF"
        | "PCL"
        | "PCL CONVENTIONNE OU NON"
        | "AUTRE FINANCEMENT"
        | "AUTRE FINANCEMENT A PARTIR DE 1977" => Some(Other),
        _ => None,
    })
}

pub(crate) fn situation(value: &Value<'_>) -> Answer<FamilySituation> {
    use FamilySituation::{Alone, CoupleWith, CoupleWithout, Other, SingleParent};
    let plain = words_or_silence!(value);
    match plain.as_str() {
        "PERSONNE SEULE"
        | "SEUL"
        | "SEULE"
        | "ISOLE"
        | "ISOLEE"
        | "CELIBATAIRE SANS ENFANT"
        | "PERSONNE ISOLEE"
        | "1 PERSONNE SEULE" => return Answer::Known(Alone),
        "AUTRE"
        | "AUTRES"
        | "AUTRE MENAGE"
        | "AUTRES MENAGES"
        | "COHABITATION"
        | "COLOCATION"
        | "AUTRES TYPES DE MENAGE"
        | "AUTRE TYPE DE MENAGE" => return Answer::Known(Other),
        "FAMILLE" => return Answer::Known(CoupleWith),
        "COUPLE" => return Answer::Known(CoupleWithout),
        _ => {}
    }
    // « Mono + 1 », « Couple 3 enf. et + », « Couple avec enfant(s) ».
    let (alone, rest) = match [
        "FAMILLE MONOPARENTALE",
        "MONOPARENTALE",
        "MONOPARENTAL",
        "MONO",
    ]
    .iter()
    .find_map(|stem| plain.strip_prefix(stem))
    {
        Some(rest) => (true, rest),
        None => match plain.strip_prefix("COUPLE") {
            Some(rest) => (false, rest),
            None => return Answer::Unknown,
        },
    };
    if !(rest.is_empty() || rest.starts_with(' ')) {
        return Answer::Unknown;
    }
    let (mut number, mut without, mut with, mut named) = (None, false, false, false);
    for word in rest.split(' ').filter(|w| !w.is_empty()) {
        match word {
            // Children are named to say that there are some, unless a word denies it.
            "ENFANT" | "ENFANTS" | "ENF" => named = true,
            "AVEC" => with = true,
            "S" | "PERS" | "PERSONNE" | "PERSONNES" | "A" | "CHARGE" | "PAC" | "ET" | "PLUS"
            | "OU" => {}
            "SANS" | "SS" => without = true,
            _ => match word.parse::<u8>() {
                Ok(n) if number.is_none() => number = Some(n),
                _ => return Answer::Unknown,
            },
        }
    }
    let children = number.unwrap_or(u8::from(with || (named && !without)));
    match (alone, without, children) {
        (true, false, n) if n > 0 || number.is_none() => Answer::Known(SingleParent),
        (false, true, 0) | (false, false, 0) if without || number == Some(0) => {
            Answer::Known(CoupleWithout)
        }
        (false, false, n) if n > 0 => Answer::Known(CoupleWith),
        _ => Answer::Unknown,
    }
}

pub(crate) fn activity(value: &Value<'_>) -> Answer<Activity> {
    let plain = words_or_silence!(value);
    // « Salarié en CDI »: the contract tells, not the employment.
    let contract = ["SALARIE ", "SALARIEE "]
        .iter()
        .find_map(|stem| plain.strip_prefix(stem))
        .map(|rest| rest.strip_prefix("EN ").unwrap_or(rest));
    Answer::from(match contract.unwrap_or(&plain) {
        "EMPLOI STABLE" | "STABLE" | "CDI" | "FONCTIONNAIRE" | "ES" | "INDEPENDANT" => {
            Some(Activity::Stable)
        }
        // Apprentices have no line of their own in Annexe 2.
        "EMPLOI PRECAIRE" | "PRECAIRE" | "CDD" | "INTERIM" | "INTERIMAIRE" | "EP" | "STAGE"
        | "STAGIAIRE" | "CONTRAT AIDE" | "APPRENTI" | "APPRENTIE" | "APPRENTIS"
        | "APPRENTISSAGE" | "ALTERNANCE" | "ALTERNANT" => Some(Activity::Precarious),
        // « <1 an » and « >1 an » are durations of unemployment.
        "CHOMEUR"
        | "CHOMEUSE"
        | "CHOMEURS"
        | "CHOMAGE"
        | "AU CHOMAGE"
        | "DEMANDEUR D EMPLOI"
        | "DEMANDEUSE D EMPLOI"
        | "DE"
        | "1 AN"
        | "CHOMEUR 1 AN"
        | "CHOMEUR MOINS D UN AN"
        | "CHOMEUR PLUS D UN AN" => Some(Activity::Unemployed),
        "ETUDIANT" | "ETUDIANTE" | "ETUDIANTS" => Some(Activity::Student),
        // Nor have pensioners.
        "SANS EMPLOI" | "AUTRE SANS EMPLOI" | "AUTRES SANS EMPLOI" | "SANS ACTIVITE"
        | "SANS PROFESSION" | "AU FOYER" | "INACTIF" | "INACTIVE" | "INVALIDE" | "RETRAITE"
        | "RETRAITEE" | "RETRAITES" | "PENSIONNE" | "PENSIONNEE" | "PRERETRAITE"
        | "PRERETRAITEE" => Some(Activity::OutOfWork),
        _ => None,
    })
}

/// Yes or no; an amount of aid is a yes.
pub(crate) fn yes_no(value: &Value<'_>) -> Answer<bool> {
    if let Value::Bool(b) = value {
        return Answer::Known(*b);
    }
    let plain = words_or_silence!(value);
    match plain.as_str() {
        "OUI" | "O" | "1" | "X" | "VRAI" | "TRUE" | "Y" | "YES" => return Answer::Known(true),
        "NON" | "N" | "0" | "2" | "FAUX" | "FALSE" | "NO" => return Answer::Known(false),
        _ => {}
    }
    match super::numbers::amount(value) {
        // REASON: no aid is that small; a lone digit is a code, and 9 is « not
        // known » as often as not.
        Answer::Known(3..=9) => Answer::Unknown,
        Answer::Known(euros) => Answer::Known(euros > 0),
        _ => Answer::Unknown,
    }
}

pub(crate) fn energy_label(value: &Value<'_>) -> Answer<EnergyLabel> {
    let plain = words_or_silence!(value);
    let letter = plain
        .strip_prefix("CLASSE ")
        .or_else(|| plain.strip_prefix("DPE "))
        .unwrap_or(&plain);
    match EnergyLabel::IDS.iter().position(|id| *id == letter) {
        Some(rank) => Answer::Known(EnergyLabel::ALL[rank]),
        None if letter == "N" || letter == "NON REALISE" => Answer::Silent,
        None => Answer::Unknown,
    }
}

/// The position with regard to the QPV: a flag (RPLS: 1 inside, 2 outside), a
/// code, or the name of a district.
pub(crate) fn qpv(value: &Value<'_>, role: Role) -> Answer<Qpv> {
    let plain = words_or_silence!(value);
    let code: String = plain.chars().filter(|c| *c != ' ').collect();
    let prefix = code.starts_with("QN") || code.starts_with("QP");
    if prefix
        && (5..=10).contains(&code.len())
        && code[2..].bytes().filter(u8::is_ascii_digit).count() >= 3
    {
        return Answer::Known(Qpv::Inside(Some(code)));
    }
    match plain.as_str() {
        "HORS QPV" | "HORS" | "H" | "PAS EN QPV" | "AUCUN" => return Answer::Known(Qpv::Outside),
        "EN QPV" | "QPV" => return Answer::Known(Qpv::Inside(None)),
        _ => {}
    }
    let flag = match value {
        Value::Bool(b) => Some(*b),
        _ => match plain.as_str() {
            "OUI" | "O" | "1" | "X" | "VRAI" | "TRUE" => Some(true),
            "NON" | "N" | "0" | "2" | "FAUX" | "FALSE" => Some(false),
            _ => None,
        },
    };
    match flag {
        Some(true) => Answer::Known(Qpv::Inside(None)),
        Some(false) => Answer::Known(Qpv::Outside),
        None if role == Role::DistrictName => Answer::Known(Qpv::Inside(None)),
        None => Answer::Unknown,
    }
}

/// Does the shipped vocabulary of the variable understand this label?
pub(crate) fn is_known(variable: Variable, label: &str) -> bool {
    fn understood<T>(answer: &Answer<T>) -> bool {
        matches!(answer, Answer::Known(_) | Answer::Silent)
    }
    let value = Value::Text(label);
    match variable {
        Variable::Occupation => understood(&occupation(&value, Role::Rpls)),
        Variable::HousingType => understood(&housing_type(&value)),
        Variable::Typology => understood(&super::numbers::typology(&value)),
        Variable::Financing => understood(&financing(&value, Role::Rpls)),
        Variable::FamilySituation => understood(&situation(&value)),
        Variable::Activities => understood(&activity(&value)),
        Variable::EnergyLabel => understood(&energy_label(&value)),
        Variable::Apl | Variable::Aspa | Variable::Answered => understood(&yes_no(&value)),
        Variable::Qpv => understood(&qpv(&value, Role::Plain)),
        _ => false,
    }
}

/// A small code, leading zeros allowed.
fn code(plain: &str) -> Option<u8> {
    (plain.len() <= 3 && plain.bytes().all(|b| b.is_ascii_digit()))
        .then(|| plain.parse().ok())
        .flatten()
}

#[cfg(test)]
#[path = "values_tests.rs"]
mod tests;

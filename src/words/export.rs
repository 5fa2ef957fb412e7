//! What is written in the exports: names of sheets and columns, and the notes.

use super::{heads, labels, numbers};
use crate::campaign::BearsOn;
use crate::indicator::Unit;
use crate::partial::AppliedRules;

/// A hidden number (*secret statistique*).
pub const HIDDEN: &str = "s";
/// A share that is not given because too few answered.
pub const LOW_RESPONSE: &str = "n";

/// Over the tables that a landlord's partial lacks: nothing of them is summed where he is.
pub const LACKS: &str = "Tableaux absents (masqués dans la base)";
/// The sheet of notes.
pub const NOTES: &str = "À lire";
/// The sheet of indices of segregation.
pub const SEGREGATION: &str = "Ségrégation";

/// The columns that say where a row is.
pub const PLACE: [&str; 5] = ["Zonage", "Niveau", "Commune", "Maille", "Code de la maille"];

/// The columns of the sheets of a theme, after [`PLACE`].
pub const RESULT: [&str; 16] = [
    "Indicateur",
    "Statut",
    "Numérateur",
    "Numérateur : entre",
    "Numérateur : et",
    "Dénominateur",
    "Dénominateur : entre",
    "Dénominateur : et",
    "Part",
    "Part : entre",
    "Part : et",
    "Écart à l'EPCI (points)",
    "Indice 100",
    "Taux de réponse",
    "Bailleurs présents",
    "Dénominateur retenu",
];

/// The columns of the sheet of segregation.
pub const SEGREGATION_COLUMNS: [&str; 9] = [
    "Zonage",
    "Niveau comparé",
    "Variable",
    "Groupe",
    "Indice",
    "Valeur",
    "Nombre de mailles",
    "Part des répondants de l'EPCI",
    "Mailles comparées (codes)",
];

/// The sheet of location quotients.
pub const QUOTIENTS: &str = "Quotients";

/// Its columns.
pub const QUOTIENT_COLUMNS: [&str; 7] = [
    "Niveau comparé",
    "Indicateur",
    "Maille",
    "Code de la maille",
    "Dans le groupe",
    "Réponses connues",
    "Quotient",
];

/// The title of the sheet of indices.
pub(crate) const INDICES: &str = "Indices de ségrégation";

/// What the lines of a sheet of counts are of.
pub(crate) fn population(unit: Unit) -> String {
    match unit.is_person() {
        true => "Logements dont une personne au moins a répondu".to_owned(),
        false => format!("Population ({})", labels::unit(unit)),
    }
}

/// The title of a sheet of counts; one of a crossing has not all mailles.
pub(crate) fn counts(table: &str, unit: Unit, crossed: bool) -> String {
    let known = match crossed {
        true => " – les mailles dont tout est masqué n'y sont pas",
        false => "",
    };
    format!("{table} – effectifs ({}){known}", labels::unit(unit))
}

/// The title of the notes.
pub(crate) fn base(territory: &str) -> String {
    format!("Base agrégée – {territory}")
}

/// The parts of the notes, and their keys.
pub(crate) const ORIGIN: &str = "Origine";
pub(crate) const REFERENCE_DATE: &str = "Date de référence";
pub(crate) const CAMPAIGN_FINGERPRINT: &str = "Empreinte de la campagne";
pub(crate) const BASE_FINGERPRINT: &str = "Empreinte de la base";
pub(crate) const RULES: &str = "Règles de diffusion";
pub(crate) const NO_EXTREME: [&str; 2] = [
    "0\u{202f}% et 100\u{202f}%",
    "aucune part nulle ni totale n'est diffusée",
];
pub(crate) const READING: &str = "Lecture";
pub(crate) const LANDLORD_HEADS: [&str; 3] =
    [heads::LANDLORD, "Empreinte de son agrégat", "Ses règles"];
pub(crate) const INDICATORS: &str = "Indicateurs";
pub(crate) const INDICATOR_HEADS: [&str; 5] = [
    heads::INDICATOR,
    heads::NUMERATOR,
    heads::DENOMINATOR,
    heads::SOURCE,
    "Note",
];

/// The threshold of the base.
pub(crate) fn threshold(rules: &AppliedRules) -> String {
    format!("{}, sur {}", rules.threshold, reading(rules.bears_on))
}

/// The least response rate.
pub(crate) fn least_response(rules: &AppliedRules) -> String {
    format!(
        "{} au moins, par variable",
        numbers::percent(rules.min_response)
    )
}

/// The rules of a partial.
pub(crate) fn rules(rules: &AppliedRules) -> String {
    format!(
        "seuil de {} sur {}, taux de réponse d'au moins {}",
        rules.threshold,
        reading(rules.bears_on),
        numbers::percent(rules.min_response)
    )
}

/// A landlord: « Habellis (habellis) », the identifier alone where nothing else
/// is known.
pub fn landlord(id: &str, name: &str) -> String {
    if id == name {
        id.to_owned()
    } else {
        format!("{name} ({id})")
    }
}

/// Every group at once.
pub const ALL_GROUPS: &str = "tous les groupes";

/// A zonage.
pub fn zonage(id: &str) -> &str {
    match id {
        "territoire" => "Territoire",
        "qpv" => "QPV",
        other => other,
    }
}

/// The sheet of counts of a table: at most 31 characters, the limit of Excel.
pub fn table_sheet(id: &str) -> &str {
    match id {
        "occupation" => "Eff. occupation",
        "type_logement" => "Eff. type de logement",
        "typologie" => "Eff. typologie",
        "financement" => "Eff. financement",
        "epoque" => "Eff. époque",
        "dpe" => "Eff. DPE",
        "situation_familiale" => "Eff. situation familiale",
        "taille_menage" => "Eff. taille du ménage",
        "age_titulaire" => "Eff. âge du titulaire",
        "ressources_plus" => "Eff. ressources",
        "apl" => "Eff. APL",
        "aspa" => "Eff. ASPA",
        "peuplement" => "Eff. peuplement",
        "premier_quartile" => "Eff. premier quartile",
        "activite" => "Eff. activité",
        "age_occupants" => "Eff. âge des occupants",
        "ressources_plus_x_financement" => "Eff. ressources x financement",
        "situation_familiale_x_typologie" => "Eff. situation x typologie",
        "ressources_plus_x_dpe" => "Eff. ressources x DPE",
        "situation_familiale_x_taille_menage" => "Eff. situation x taille",
        other => other,
    }
}

/// Under every title: the source, the territory, the date.
pub fn source(mention: &str, territory: &str, date: &str) -> String {
    format!("{mention} – {territory}, situation au {}", day(date))
}

/// A date AAAA-MM-JJ as it is read.
pub fn day(date: &str) -> String {
    let parts: Vec<&str> = date.split('-').collect();
    match parts.as_slice() {
        [year, month, day] => format!("{day}/{month}/{year}"),
        _ => date.to_owned(),
    }
}

/// On what the threshold bears.
pub fn reading(bears_on: BearsOn) -> &'static str {
    match bears_on {
        BearsOn::Effectif => "chaque effectif",
        BearsOn::Population => "la population de chaque résultat",
    }
}

/// How to read the sheets under these rules: sign, meaning.
pub fn signs(rules: &AppliedRules) -> Vec<(String, String)> {
    let threshold = rules.threshold;
    let rate = numbers::percent(rules.min_response);
    vec![
        (
            HIDDEN.to_owned(),
            format!(
                "secret statistique\u{a0}: nombre masqué, ou part qui ne peut être donnée (seuil de {threshold}, 0\u{202f}% ou 100\u{202f}%)"
            ),
        ),
        (
            LOW_RESPONSE.to_owned(),
            format!("non diffusé\u{a0}: moins de {rate} de réponses à cette question"),
        ),
        (
            "entre … et …".to_owned(),
            "la valeur exacte est masquée\u{202f}; ces bornes sont sûres et se déduisent de ce qui est publié".to_owned(),
        ),
        (
            "Écart à l'EPCI".to_owned(),
            "part de la maille moins part de l'EPCI, en points, quand les deux sont publiées".to_owned(),
        ),
        (
            "Indice 100".to_owned(),
            "100 × part de la maille ÷ part de l'EPCI, quand les deux sont publiées".to_owned(),
        ),
        (
            "Quotient de localisation".to_owned(),
            "part du groupe dans la maille, rapportée à sa part dans toutes les mailles comparées\u{a0}: au-dessus de 1, le groupe y est surreprésenté".to_owned(),
        ),
        (
            "Taux de réponse".to_owned(),
            "réponses exploitables à la question, rapportées aux ménages, logements ou personnes concernés".to_owned(),
        ),
        (
            "Parts".to_owned(),
            "calculées sur les effectifs exacts, arrondies une seule fois à cinq décimales".to_owned(),
        ),
    ]
}

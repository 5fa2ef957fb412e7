//! What is wrong with a partial or a base that was received, within the sentence
//! of the error that says it (`partial::PartialError`, `base::BaseError`).

use crate::campaign::{MAX_LANDLORDS, MIN_THRESHOLD};
use crate::partial::check::tree::ROOT;

/// A document without a format.
pub(crate) const UNKNOWN_DOCUMENT: &str = "document inconnu";

/// What a document that is no partial is, and where it goes.
pub(crate) fn other_document(format: &str) -> String {
    match format {
        "ops-mixite/base" => "c'est une base agrégée, déjà fusionnée. Elle s'ouvre dans l'onglet « Collectivité » ; ici se déposent les fichiers .partiel.json des bailleurs".to_owned(),
        "ops-mixite/campagne" => "c'est un fichier de campagne. Il se dépose dans « Campagne (facultatif) »".to_owned(),
        other => format!("il se dit « {other} »"),
    }
}

/// A date that is none.
pub(crate) fn bad_date(key: &str, date: &str) -> String {
    format!("« {key} » vaut « {date} », qui n'est pas une date AAAA-MM-JJ")
}

/// A text that may not be blank.
pub(crate) fn blank(key: &str) -> String {
    format!("« {key} » est vide")
}

// The header of a partial.
pub(crate) const CAMPAIGN_FINGERPRINT: &str =
    "l'empreinte de la campagne n'est pas de la forme « sha256:… »";
pub(crate) const LOW_RESPONSE: &str = "le taux de réponse minimal est inférieur à 60 %";

/// The identifier of a landlord.
pub(crate) fn bad_landlord(id: &str) -> String {
    format!(
        "l'identifiant de bailleur « {id} » doit être fait de lettres, chiffres, « - » et « _ »"
    )
}

/// That of a campaign.
pub(crate) fn bad_campaign(id: &str) -> String {
    format!(
        "l'identifiant de campagne « {id} » doit être fait de lettres, chiffres, « - » et « _ »"
    )
}

/// A threshold under the least.
pub(crate) fn low_threshold(threshold: u32) -> String {
    format!("le seuil {threshold} est inférieur à {MIN_THRESHOLD}, le minimum de la convention")
}

// The header of a base.
pub(crate) const BASE_CAMPAIGN: &str =
    "la campagne n'est pas désignée par un identifiant et une empreinte";
pub(crate) const BASE_ORDER: &str = "les agrégats partiels ne sont pas rangés par bailleur";

/// Its rules.
pub(crate) fn base_rules(threshold: u32) -> String {
    format!(
        "ses règles sont moins strictes que celles de la convention (seuil {threshold}, {MIN_THRESHOLD} au moins)"
    )
}

/// How many partials it is made of.
pub(crate) fn base_partials(partials: usize) -> String {
    format!("{partials} agrégats partiels ; il en faut de 1 à {MAX_LANDLORDS}")
}

/// One of them.
pub(crate) fn base_partial(landlord: &str) -> String {
    format!(
        "l'agrégat de « {landlord} » a un identifiant, un nom, une empreinte ou des règles qui ne conviennent pas"
    )
}

/// The tables that one of them lacks.
pub(crate) fn base_lacks(landlord: &str) -> String {
    format!(
        "les tableaux absents de l'agrégat de « {landlord} » ne sont pas ceux que la base masque"
    )
}

// A zonage.
pub(crate) const ZONAGE_NOT_FIRST: &str = "il manque ou n'est pas le premier";
pub(crate) const ZONAGE_UNKNOWN: &str = "ce zonage n'est pas de ceux que cette version connaît";
pub(crate) const ZONAGE_TWICE: &str = "il figure deux fois";
pub(crate) const ZONAGE_MISPLACED: &str = "il n'est pas à sa place";
pub(crate) const ZONAGE_EMPTY: &str = "il ne contient aucune maille";

/// Its leaves are not those of the first.
pub(crate) fn other_leaves(first: &str) -> String {
    format!("ses mailles les plus fines ne sont pas celles de « {first} »")
}

/// It has too many mailles.
pub(crate) fn too_many_mailles(mailles: usize, most: usize) -> String {
    format!("{mailles} mailles ; {most} au plus")
}

/// Its first maille is no root.
pub(crate) fn no_root(id: &str) -> String {
    format!(
        "la première maille, « {id} », doit être la racine « {ROOT} », de niveau « epci » et sans parent"
    )
}

/// A maille without identifier, by its rank from 1.
pub(crate) fn maille_without_id(rank: usize) -> String {
    format!("la maille n° {rank} n'a pas d'identifiant")
}

/// A maille that is there twice.
pub(crate) fn maille_twice(id: &str) -> String {
    format!("la maille « {id} » figure deux fois")
}

/// A second root.
pub(crate) fn maille_without_parent(id: &str) -> String {
    format!("la maille « {id} » n'a pas de parent, or la racine est « {ROOT} »")
}

/// A maille away from its parent.
pub(crate) fn maille_away(id: &str, parent: &str) -> String {
    format!("la maille « {id} » ne suit pas son parent « {parent} » (ordre en profondeur)")
}

/// A maille out of order.
pub(crate) fn maille_misplaced(id: &str, parent: &str) -> String {
    format!("la maille « {id} » n'est pas à sa place parmi les enfants de « {parent} »")
}

/// A maille at a level that its parent cannot hold.
pub(crate) fn maille_level(id: &str, parent: &str) -> String {
    format!("la maille « {id} » ne peut pas être à ce niveau sous « {parent} »")
}

// A table.
pub(crate) const TABLE_UNKNOWN: &str = "il n'est pas au catalogue de cette version";
pub(crate) const TABLE_MISPLACED: &str =
    "il figure deux fois ou n'est pas à sa place (ordre du catalogue)";
pub(crate) const TABLE_DIMENSIONS: &str =
    "ses dimensions ou ses modalités ne sont pas celles du catalogue de cette version";
pub(crate) const LINE_OF_DWELLINGS: &str =
    "la ligne doit porter « logements » et non « population »";
pub(crate) const LINE_OF_POPULATION: &str =
    "la ligne doit porter « population » et non « logements »";

/// Its zonage is not in the file.
pub(crate) fn table_zonage(zonage: &str) -> String {
    format!("son zonage « {zonage} » n'est pas décrit")
}

/// What it counts.
pub(crate) fn table_unit(read: &str, known: &str) -> String {
    format!("il compte des « {read} » ; le catalogue, des « {known} »")
}

/// A line, by its rank from 1, that is of another maille.
pub(crate) fn other_line(rank: usize, read: &str, expected: &str) -> String {
    format!("sa ligne n° {rank} est celle de « {read} » ; celle de « {expected} » est attendue")
}

/// A line that is missing.
pub(crate) fn missing_line(maille: &str) -> String {
    format!("il manque la ligne de la maille « {maille} »")
}

/// A line too many.
pub(crate) fn extra_line(maille: &str) -> String {
    format!("la ligne de « {maille} » est de trop")
}

/// How many counts a line has.
pub(crate) fn line_width(counts: usize, expected: usize) -> String {
    format!("{counts} effectifs ; {expected} attendus")
}

/// What is wrong with a line.
pub(crate) fn of_line(maille: &str, what: &str) -> String {
    format!("maille « {maille} » : {what}")
}

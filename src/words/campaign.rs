//! What is wrong with a campaign, within the sentence of the error that says it
//! (`campaign::CampaignError`).

use super::partial;
use crate::campaign::{CampaignFile, MAX_DISTRICTS, MAX_PASSAGE};

pub(crate) use partial::{LOW_RESPONSE, low_threshold};

pub(crate) const BAD_ID: &str =
    "l'identifiant de campagne doit être fait de lettres, chiffres, « - » et « _ »";
pub(crate) const NO_MENTION: &str = "la mention de la source (« mention ») est vide";
pub(crate) const COMMUNES: &str = "communes";
pub(crate) const LANDLORDS: &str = "bailleurs";

/// The date of the situation.
pub(crate) fn bad_date(date: &str) -> String {
    format!("la date de référence « {date} » n'est pas de la forme AAAA-MM-JJ")
}

/// A landlord without a name.
pub(crate) fn nameless_landlord(id: &str) -> String {
    format!("le bailleur « {id} » n'a pas de nom")
}

/// A commune without a name.
pub(crate) fn nameless_commune(code: &str) -> String {
    format!("la commune « {code} » n'a pas de nom")
}

/// How many of them there are.
pub(crate) fn how_many(count: usize, what: &str, most: usize) -> String {
    format!("{count} {what} ; il en faut de 1 à {most}")
}

/// Too many lines of the *table de passage*.
pub(crate) fn long_passage(file: &CampaignFile) -> String {
    format!(
        "{} lignes dans la table de passage, {MAX_PASSAGE} au plus",
        file.passage.len()
    )
}

/// Too many priority districts.
pub(crate) fn many_districts(file: &CampaignFile) -> String {
    format!(
        "{} quartiers prioritaires, {MAX_DISTRICTS} au plus",
        file.districts.len()
    )
}

/// A priority district.
pub(crate) fn bad_district(code: &str) -> String {
    format!("le quartier prioritaire « {code} » est en double, ou son code ou son nom manque")
}

/// The identifier of a landlord.
pub(crate) fn bad_landlord(id: &str) -> String {
    format!("le bailleur « {id} » a un identifiant en double ou mal formé")
}

/// The code of a commune.
pub(crate) fn bad_commune(code: &str) -> String {
    format!("le code commune « {code} » est en double ou n'a pas cinq caractères")
}

/// A landlord of the *table de passage*.
pub(crate) fn unknown_landlord(id: &str) -> String {
    format!("la table de passage nomme le bailleur inconnu « {id} »")
}

/// A commune of the *table de passage*.
pub(crate) fn unknown_commune(code: &str) -> String {
    format!("la table de passage nomme la commune inconnue « {code} »")
}

/// A list that cannot be read.
pub(crate) fn unreadable_list(error: &csv::Error) -> String {
    format!("la liste n'est pas lisible ({error})")
}

/// A list that is too long.
pub(crate) fn long_list(most: usize) -> String {
    format!("la liste dépasse {most} lignes")
}

//! What the consultant reads of the partials that were dropped, of who
//! contributes where, and of the base.

use super::{charts, numbers, ui};
use crate::base::Status;
use crate::partial::AppliedRules;

pub(crate) const CHECKS: &str = "Contrôle des agrégats";
pub(crate) const RULE_APPLIED: &str = "Règle appliquée";
pub(crate) const VERDICT: &str = "Verdict";
pub(crate) const ACTION: &str = "Action";
pub(crate) const REMOVE: &str = "Retirer";
pub(crate) const ACCEPTED: &str = "Accepté";
pub(crate) const AGAIN: &str = "Déjà reçu";
pub(crate) const REFUSED: &str = "Refusé";

/// The button that takes a file out, for those who do not see its row.
pub(crate) fn remove(file: &str) -> String {
    format!("Retirer {file}")
}

/// Before the names of the landlords that are missing.
pub(crate) const MISSING: &str = "Attendus et absents\u{a0}: ";

/// Before the names of the landlords whom a base lacks.
pub(crate) const INCOMPLETE: &str = "Base incomplète, sans l'agrégat de\u{a0}: ";
/// After their names.
pub(crate) const INCOMPLETE_MEANS: &str =
    ". Les nombres ne sont pas ceux de tout le territoire, mais des bailleurs présents.";

/// At the end of a merge, before the names of the landlords that are missing.
pub(crate) const STILL_MISSING: &str = " La base n'est pas complète, il manque\u{a0}: ";

/// At the end of a merge: what a landlord's partial lacks.
pub(crate) fn lacking(landlord: &str, tables: &str) -> String {
    format!(" L'agrégat de « {landlord} » ne porte pas : {tables}{LACKS_MEANS}")
}

pub(crate) const WHO: &str = "Qui contribue où";
pub(crate) const WHO_CAPTION: &str = "Bailleurs présents par commune";
pub(crate) const SHARE_OF_DWELLINGS: &str = "Part des logements";
pub(crate) const RESULTS_GIVEN: &str = "Résultats donnés";

/// Why the other results are not given: by the rule, for want of a table, of answers.
pub(crate) fn silent([secret, lacking, few]: [u64; 3]) -> Option<String> {
    let said = [
        (secret, charts::status(Status::Secret)),
        (lacking, charts::LACKING),
        (few, charts::status(Status::LowResponse)),
    ];
    let said = said.iter().filter(|(count, _)| *count > 0);
    let said: Vec<String> = said
        .map(|(count, why)| format!("{why}\u{a0}: {}", numbers::count(*count)))
        .collect();
    (!said.is_empty()).then(|| said.join(", "))
}

/// Every indicator in every commune.
pub(crate) const GRID: &str = "Chaque indicateur, commune par commune";

/// Before the name of a landlord whose partial lacks tables.
pub(crate) const LACKS: &str = "Tableaux absents de l'agrégat du bailleur ";
/// After the names of the tables.
pub(crate) const LACKS_MEANS: &str = ". La base n'en donne rien là où ce bailleur est présent.";

/// The rules of a base.
pub(crate) fn rules(rules: &AppliedRules) -> String {
    format!(
        "{}, taux de réponse d'au moins {}",
        ui::threshold(rules.threshold, rules.bears_on),
        numbers::percent(rules.min_response)
    )
}

pub(crate) const WHOLE_LABEL: &str = "Résultats sur l'ensemble du territoire";
pub(crate) const WHOLE: &str = "Ensemble du territoire";

/// How many results are published, after the name of a level.
pub(crate) const PUBLISHED: &str = "\u{a0}: résultats publiés";

/// After how many are: of how many, and how many are known between bounds.
pub(crate) fn of_results(all: u64, bounded: u64) -> String {
    format!(" sur {}{}", numbers::count(all), ui::and_bounded(bounded))
}

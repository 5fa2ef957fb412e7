//! What the landlord, and nobody else, is told of secrecy: down to which maille
//! a table reads well, what each reading of the rule would publish.

use super::ui;
use crate::campaign::BearsOn;
use crate::page::protocol::ReadingsOutcome;

pub(crate) const READS_WELL: &str = "Jusqu'à quelle maille chaque tableau se lit bien";
pub(crate) const NO_MAILLE: &str = "aucune maille";

/// What reading well is: published cells cover this share of the units, in per cent.
pub(crate) fn reads_well(percent: u64) -> String {
    format!(
        "La maille la plus fine où les effectifs publiés couvrent au moins {percent}\u{202f}% des unités comptées."
    )
}

pub(crate) const READINGS: &str =
    "Ce que publierait chaque lecture de la règle (affiché ici seulement)";

/// Under which reading the file is made.
pub(crate) fn applied(reading: BearsOn) -> String {
    format!(
        "Le fichier est fait selon la lecture «\u{a0}{}\u{a0}» (seuil {}). L'autre a été calculée et attaquée sur votre poste pour comparer\u{a0}: rien n'en sort.",
        reading.id(),
        ui::bears_on(reading)
    )
}

pub(crate) const TRIAL: &str = "Ce que publierait chaque lecture";
pub(crate) const TRIAL_UNITS: &str = "Un effectif est une case d'un tableau (par exemple les familles monoparentales d'une résidence)\u{a0}; les unités couvertes sont les ménages, logements ou personnes que comptent les cases publiées.";

/// After the name of the landlord whose file was tried.
pub(crate) fn trial(outcome: &ReadingsOutcome) -> String {
    format!(
        ", {}, seuil de {}. Les deux lectures ont été appliquées, puis attaquées, ici même\u{a0}; rien n'est gardé du fichier.",
        ui::count(outcome.dwellings, "logement", "logements"),
        outcome.threshold
    )
}

pub(crate) const COMPARISON: &str = "Effectifs publiés selon la lecture de la règle";
pub(crate) const COMPARISON_CAPTION: &str =
    "Effectifs publiés et unités couvertes, tous tableaux d'une variable ensemble";
pub(crate) const PUBLISHED: &str = "Effectifs publiés";
pub(crate) const UNITS_COVERED: &str = "Unités couvertes";

/// The head of the columns of a reading.
pub(crate) fn reading(reading: BearsOn) -> String {
    format!("Lecture «\u{a0}{}\u{a0}»", reading.id())
}

/// The tables that a reading would withdraw.
pub(crate) fn withdrawn(reading: BearsOn, tables: &[String]) -> String {
    format!(
        "Sous la lecture «\u{a0}{}\u{a0}», seraient retirés\u{a0}: {}.",
        reading.id(),
        tables.join(", ")
    )
}

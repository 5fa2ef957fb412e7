//! The panel of segregation.

use super::numbers;

/// Why there is no index.
pub(crate) const NONE: &str = "Pas d'indice pour cet indicateur à ce niveau\u{a0}: il en faut au moins deux mailles publiées, et un indicateur de ménages ou de personnes rapporté à toutes les réponses connues.";

/// How to read them.
pub(crate) const READING: &str = "Ces indices vont de 0 (répartition égale) à 1 (séparation complète), sauf l'isolement et l'interaction, qui sont des probabilités de rencontre, l'entropie et la divergence, sans borne fixe à 1. Ils ne portent que sur les mailles publiées.";

/// Over the indices of a group.
pub(crate) fn of_group(indicator: &str) -> String {
    format!("{indicator}, par rapport aux autres")
}

/// Over those of all groups.
pub(crate) fn of_all(table: &str) -> String {
    format!("{table}, toutes modalités")
}

/// Before a caveat that bears on all of them.
pub(crate) const READ_FIRST: &str = "À lire avant ces indices\u{a0}: ";
pub(crate) const INDEX: &str = "Indice";
pub(crate) const UNITS: &str = "Mailles comparées";
pub(crate) const UNIT: &str = "Maille";
pub(crate) const IN_GROUP: &str = "Dans le groupe";
pub(crate) const QUOTIENT: &str = "Quotient";
pub(crate) const QUOTIENTS: &str = "Quotients de localisation";
pub(crate) const QUOTIENTS_READING: &str = "Part du groupe dans la maille, rapportée à sa part dans toutes les mailles comparées\u{a0}: au-dessus de 1, le groupe y est surreprésenté.";

/// Over the quotients of an indicator.
pub(crate) fn quotients(indicator: &str) -> String {
    format!("{QUOTIENTS} – {indicator}")
}

/// How many quotients are listed.
pub(crate) fn largest(shown: usize, all: usize) -> String {
    format!(
        "Les {shown} plus grands quotients sur {}.",
        numbers::count(all as u64)
    )
}

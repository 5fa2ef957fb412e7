//! The secteurs of the landlord's programmes (*table de passage*).

use super::{numbers, ui};
use crate::campaign::MAX_PASSAGE;
use crate::intake::Place;

/// How many programmes have a secteur, and how many have none.
pub(crate) fn placed(placed: usize, open: usize) -> String {
    format!(
        "Dans les communes que la campagne divise en secteurs\u{a0}: {}, {}\u{a0}; un programme sans secteur est compté dans sa commune seulement.",
        ui::count(
            placed as u64,
            "programme a un secteur",
            "programmes ont un secteur"
        ),
        ui::count(
            open as u64,
            "programme n'en a pas",
            "programmes n'en ont pas"
        )
    )
}

/// The fold over the programmes that have none.
pub(crate) fn open(programmes: usize) -> String {
    format!(
        "Donner un secteur aux programmes qui n'en ont pas ({}, facultatif)",
        numbers::count(programmes as u64)
    )
}
pub(crate) const CHANGE: &str = "Changer les secteurs connus";
pub(crate) const APPLY: &str = "Appliquer les secteurs";
pub(crate) const KEEP: &str = "Enregistrer la table de passage";
pub(crate) const KEEP_WHAT: &str =
    "À garder sur votre poste\u{a0}: redonnez ce fichier la prochaine fois.";
pub(crate) const NO_SECTEUR: &str = "sans secteur";

/// More programmes than can be chosen for here.
pub(crate) fn others(programmes: usize) -> String {
    format!(
        "et {programmes} autres\u{a0}: enregistrez la table de passage, complétez-la dans votre tableur et redonnez-la."
    )
}

/// The columns of the table, as a file.
pub(crate) const COLUMNS: [&str; 6] = [
    "Numéro de programme",
    "Nom du programme",
    "Code INSEE",
    "Commune",
    "Secteur",
    "QPV",
];

// What is wrong with such a file, within the sentence of the error that says it:
// before a value that is quoted, and after it.
pub(crate) const NO_LINE: &str = "aucune ligne n'y donne de secteur ni de QPV";
pub(crate) const NO_HEADER: &str =
    "il y faut une colonne « Numéro de programme » et une colonne « Secteur » ou « QPV »";
pub(crate) const THE_PROGRAMME: &str = "le programme ";
pub(crate) const NO_LANDLORD: &str = " n'est pas un bailleur de la campagne";
pub(crate) const NO_COMMUNE: &str = " n'est pas du territoire de la campagne";

/// Where it is, before what it is.
pub(crate) fn at(place: &Place) -> String {
    format!("{place} : ")
}

/// A programme that two lines place differently.
pub(crate) fn placed_twice(first: u32, again: u32) -> String {
    format!(" y a deux places différentes, lignes {first} et {again}")
}

/// A table that is too long.
pub(crate) fn too_long() -> String {
    format!("elle a plus de {MAX_PASSAGE} lignes utiles, la limite")
}

/// A commune that the campaign does not have.
pub(crate) fn the_commune(place: &str) -> String {
    format!("{place}la commune ")
}

/// A secteur that the campaign does not have.
pub(crate) fn the_secteur(place: &str) -> String {
    format!("{place}la campagne n'a pas de secteur ")
}

/// After its name: the commune where it is, and the secteurs that there are, or
/// none at all.
pub(crate) fn other_secteurs(commune: &str, known: Option<&[&str]>) -> String {
    let commune = match commune {
        "" => String::new(),
        name => format!(" à {name}"),
    };
    let known = match known {
        None => {
            "la campagne ne définit aucun secteur : demandez au bureau d'études de les y mettre"
                .to_owned()
        }
        Some([]) => "la campagne n'y a aucun secteur".to_owned(),
        Some(known) => format!("secteurs possibles : « {} »", known.join(" », « ")),
    };
    format!("{commune} ({known})")
}

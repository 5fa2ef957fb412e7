//! What the mapping step asks, and the names of what it offers.

use super::{labels, ui};
use crate::dwelling::Variable;
use crate::intake::correspondence::{
    EMPTY_OFF_MARKET, FORMAT, OCCUPIED_WITHOUT_LEASE, OTHER_LANDLORD, OUTSIDE as ELSEWHERE,
    UNKNOWN, VERSION,
};
use crate::intake::{AskedCommune, columns};

pub(crate) const NO_COLUMN: &str = "aucune colonne";
/// A column that the page chose by its likeness.
pub(crate) const PROPOSED: &str = "Proposée d'après son nom\u{a0}: à confirmer.";
/// The same of several.
pub(crate) const PROPOSED_SEVERAL: &str = "Proposées d'après leur nom\u{a0}: à confirmer.";
/// Under the choice of a column without which nothing can be read.
pub(crate) const NEEDED: &str =
    "Nécessaire\u{a0}: sans elle, rien ne peut être compté. Choisissez la colonne qui la porte.";
/// The same, before [`PROPOSED`].
pub(crate) const NEEDED_PROPOSED: &str = "Nécessaire. ";
/// Asked beside the columns where none of them names the landlord.
pub(crate) const WHOSE: &str = "De qui vient ce fichier";
pub(crate) const WHOSE_WHY: &str =
    "Aucune colonne reconnue ne le dit. Si l'une d'elles le dit, choisissez-la plutôt ci-dessous.";
pub(crate) const WHOSE_NOT_SAID: &str = "à choisir, ou une colonne le dit";
pub(crate) const SEVERAL: &str = " (une ou plusieurs colonnes)";
/// The fold over the columns that are not chosen for a variable.
pub(crate) fn among_others(columns: usize, none: bool) -> String {
    match none {
        true => format!("Choisir parmi les colonnes du fichier ({columns})"),
        false => format!("Choisir parmi les autres colonnes ({columns})"),
    }
}

/// A column in a list: « C – Commune ».
pub(crate) fn column(letters: &str, header: &str) -> String {
    format!("{letters} – {header}")
}

pub(crate) const MEANINGS: &str = "Valeurs à préciser";
pub(crate) const MEANINGS_DEFAULT: &str =
    "Sans réponse de votre part, ces valeurs comptent comme une absence de réponse.";
pub(crate) const NOT_SAID: &str = "non précisé";

pub(crate) const COMMUNES: &str = "Communes à confirmer";
pub(crate) const COMMUNES_WHY: &str = "Leur nom seul ne suffit pas à les reconnaître, et leurs lignes ne donnent ni code INSEE ni code postal. «\u{a0}Confirmer la correspondance\u{a0}» confirme d'un coup celles qui sont comptées.";
pub(crate) const LANDLORDS: &str = "Bailleurs à reconnaître";
pub(crate) const LANDLORDS_WHY: &str = "La campagne ne connaît pas ces noms. Dites de qui sont leurs lignes\u{a0}: d'un bailleur de la campagne, écrit autrement, ou d'un autre, et elles ne seront pas comptées.";
/// Before the name of a landlord as the file writes it.
pub(crate) const LANDLORD: &str = "Bailleur\u{a0}: «\u{a0}";
pub(crate) const OF_ANOTHER: &str = "un autre bailleur, à ne pas compter";

/// Before the name of a commune as the file writes it.
pub(crate) const COMMUNE: &str = "Commune\u{a0}: «\u{a0}";
pub(crate) const OUTSIDE: &str = "une commune hors du territoire";

/// After a value or a name that is quoted: on how many rows it is.
pub(crate) fn rows(rows: u64) -> String {
    format!("\u{a0}» ({})", ui::rows(rows))
}

/// After the name of a variable, before a value of it.
pub(crate) const VALUE: &str = "\u{a0}: «\u{a0}";

/// The fold over what the user has said already.
pub(crate) fn answered(answers: usize) -> String {
    format!("Revenir sur vos réponses ({answers})")
}

/// What becomes of a commune until the user says which it is.
pub(crate) fn commune_not_said(asked: &AskedCommune) -> String {
    match asked.counted {
        true => format!("{} (à confirmer)", asked.known),
        false => "non précisé\u{a0}: pas comptée".to_owned(),
    }
}

/// What a label means.
pub(crate) fn meaning<'a>(variable: &str, meaning: &'a str) -> &'a str {
    match meaning {
        UNKNOWN => "Inconnu",
        EMPTY_OFF_MARKET => "Vide, hors location (travaux, démolition, vente)",
        OCCUPIED_WITHOUT_LEASE => "Occupé sans bail (gardien, personnel)",
        "oui" => "Oui",
        "non" => "Non",
        // The dimension of a table is in the singular.
        _ if variable == "activite_majeurs" => labels::modality("activite", meaning),
        _ => labels::modality(variable, meaning),
    }
}

/// Over the button: all that one press confirms.
pub(crate) fn confirms(columns: usize, communes: usize) -> Option<String> {
    let counted = |n: usize, one: &str, many: &str| (n > 0).then(|| ui::count(n as u64, one, many));
    let parts: Vec<String> = [
        counted(columns, "colonne proposée", "colonnes proposées"),
        counted(
            communes,
            "commune comptée sous réserve",
            "communes comptées sous réserve",
        ),
    ]
    .into_iter()
    .flatten()
    .collect();
    (!parts.is_empty()).then(|| {
        let otherwise = match (columns > 0, communes > 0) {
            (true, true) => format!("«\u{a0}{NO_COLUMN}\u{a0}», une autre colonne ou «\u{a0}{OUTSIDE}\u{a0}»"),
            (true, false) => format!("«\u{a0}{NO_COLUMN}\u{a0}» ou une autre colonne"),
            (false, _) => format!("«\u{a0}{OUTSIDE}\u{a0}»"),
        };
        format!(
            "Le bouton confirme d'un coup {}, dans l'état des listes ci-dessus. Ce qui n'est pas bon\u{a0}: choisissez d'abord {otherwise}.",
            parts.join(" et ")
        )
    })
}

pub(crate) const CONFIRM: &str = "Confirmer la correspondance";
pub(crate) const KEEP: &str = "Enregistrer la correspondance";
pub(crate) const KEEP_WHAT: &str = "Des noms de colonnes et de valeurs et le bailleur choisi, mais aucune donnée\u{a0}: à garder sur votre poste pour la prochaine fois. Les valeurs rares (moins de 11 lignes) n'y sont pas écrites, sauf les noms de communes.";

/// A profile that is too long.
pub(crate) fn too_long(bytes: usize, most: usize) -> String {
    format!("le fichier compte {bytes} octets, plus que la limite de {most}")
}

/// A profile that cannot be read.
pub(crate) fn unreadable(error: &str) -> String {
    format!("le fichier n'est pas lisible ({error})")
}

/// Another document.
pub(crate) fn other_document(format: &str, version: u32) -> String {
    format!(
        "c'est un fichier « {format} », version {version}, au lieu de « {FORMAT} », version {VERSION}"
    )
}

/// A label with a meaning that its variable does not have.
pub(crate) fn bad_meaning(
    variable: Variable,
    (label, meaning): (&str, &str),
    known: &[&str],
) -> String {
    let known = if variable == Variable::Commune {
        format!("un code INSEE ou {ELSEWHERE}")
    } else if variable == Variable::Landlord {
        format!("l'identifiant d'un bailleur ou {OTHER_LANDLORD}")
    } else if known.is_empty() {
        "aucun : cette variable n'a pas de liste de valeurs".to_owned()
    } else {
        known.join(", ")
    };
    format!(
        "pour « {} », la valeur « {label} » reçoit le sens « {meaning} » ; les sens possibles sont {known}",
        columns::of(variable).name
    )
}

/// A column for two variables.
pub(crate) fn column_twice(header: &str, one: Variable, other: Variable) -> String {
    format!(
        "la colonne « {header} » y sert à la fois « {} » et « {} »",
        columns::of(one).name,
        columns::of(other).name
    )
}

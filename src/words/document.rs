//! What is wrong with a document (JSON) or a profile, within the sentence of the
//! error that says it.

use serde_json::error::Category;

/// A text with a character that is not seen.
pub(crate) fn unseen(text: &str, unseen: char) -> String {
    format!(
        "le texte « {text} » contient un caractère invisible (U+{:04X}), qui peut le faire passer pour un autre ; retirez-le",
        u32::from(unseen)
    )
}

/// What the reader of JSON found wrong: it says it in English.
pub(crate) fn fault(error: &serde_json::Error) -> String {
    let said = error.to_string();
    let key = || said.split('`').nth(1).unwrap_or_default();
    let what = match error.classify() {
        Category::Eof => "le texte s'arrête avant sa fin".to_owned(),
        Category::Syntax if said.starts_with("recursion limit") => {
            "trop de niveaux sont emboîtés".to_owned()
        }
        Category::Syntax if said.starts_with("number out of range") => {
            "un nombre est trop grand".to_owned()
        }
        Category::Syntax | Category::Io => "ce n'est pas du JSON".to_owned(),
        Category::Data => match said.split(' ').next() {
            Some("missing") => format!("« {} » manque", key()),
            Some("unknown") => format!("« {} » n'y est pas attendu", key()),
            Some("duplicate") => format!("« {} » y figure deux fois", key()),
            Some("invalid") => "une valeur n'est pas du type attendu".to_owned(),
            // A sentence of ours.
            _ => said
                .rsplit_once(" at line ")
                .map_or(said.as_str(), |(what, _)| what)
                .to_owned(),
        },
    };
    match error.line() {
        0 => what,
        line => format!("{what} (ligne {line}, colonne {})", error.column()),
    }
}

/// A rate that is none.
pub(crate) fn bad_rate(value: f64) -> String {
    format!("{value} n'est pas un taux entre 0 et 1 à cinq décimales au plus")
}

// Contours: what stands where something else does.
pub(crate) const PROPERTIES: &str = "des propriétés";
pub(crate) const COORDINATES: &str = "des coordonnées";
pub(crate) const POINT: &str = "un point a deux coordonnées";

//! Whose file it is: names of landlords in sentences.

use super::report::quoted;

/// Most names listed in a sentence.
pub(crate) const MAX_NAMES: usize = 12;

/// How many names are left out.
pub(crate) fn and_others(names: usize) -> String {
    match names.saturating_sub(MAX_NAMES) {
        0 => String::new(),
        more => format!(" et {more} autres"),
    }
}

/// Names, each set apart, and how many are left out.
pub(crate) fn names<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.collect();
    let shown: Vec<String> = names.iter().take(MAX_NAMES).map(|n| quoted(n)).collect();
    format!("{}{}", shown.join(", "), and_others(names.len()))
}

/// The file names a landlord, and another was chosen.
pub(crate) fn other_name(said: &str, chosen: &str) -> String {
    format!(
        "Le fichier nomme le bailleur « {said} » ; l'agrégat est fait au nom de « {chosen} », que vous avez choisi."
    )
}

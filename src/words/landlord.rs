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

/// Before the names that the campaign does not know.
pub(crate) const COLUMN_NAMES: &str = "La colonne Bailleur nomme ";

/// After them. `campaign` is the one that was given, if it was; `alone` where the file has
/// no other name.
pub(crate) fn unknown(campaign: Option<&str>, alone: bool, known: &str) -> String {
    let whose = match alone {
        true => format!(
            "Si l'un des bailleurs de cette campagne est le vôtre, écrit autrement ({known}), choisissez-le (réglage « Bailleur »)."
        ),
        false => "Dites sous « Correspondance des colonnes », nom par nom, si c'est un bailleur de la campagne, écrit autrement, ou un autre. Le bailleur choisi, s'il y en a un, y est proposé : il reste à confirmer.".to_owned(),
    };
    match campaign {
        Some(id) => format!(
            ", que la campagne que vous avez donnée, « {id} », ne connaît pas. {whose} Si votre bailleur n'y est pas, demandez au bureau d'études un fichier de campagne où il figure."
        ),
        None => format!(
            ", que la campagne de la page ne connaît pas. Si le bureau d'études vous a remis un fichier .campagne.json, donnez-le (réglage « Campagne ») ; sinon, demandez-le-lui. {whose}"
        ),
    }
}

/// The file names a landlord, and another was chosen.
pub(crate) fn other_name(said: &str, chosen: &str) -> String {
    format!(
        "Le fichier nomme le bailleur « {said} » ; l'agrégat est fait au nom de « {chosen} », que vous avez choisi."
    )
}

//! What is said where nothing of an indicator can be read at a level: what, why,
//! whose cells they are, what to do.

use super::{charts, labels, numbers, ui};
use crate::base::{Base, Status};
use crate::chart::Figures;
use crate::indicator::shares;
use crate::table::{Level, Maille, NO_CODE};

/// What there is not.
pub fn what(figures: &Figures) -> String {
    let mailles = ui::count(figures.rows.len() as u64, "maille", "mailles");
    format!(
        "Rien n'est publiable ici pour cet indicateur : {mailles} à ce niveau ({}), et pas une valeur que l'on puisse lire.",
        charts::in_a_sentence(labels::levels(figures.level))
    )
}

/// Why.
pub fn why(figures: &Figures) -> String {
    let all = |status: Status| figures.rows.iter().all(|row| row.status == status);
    if all(Status::LowResponse) {
        return format!(
            "Cette question a reçu moins de {} de réponses sur chacune d'elles.",
            numbers::percent(figures.rules.min_response)
        );
    }
    format!(
        "Chaque part repose sur un nombre trop petit (moins de {0}), nul ou total, ou permettrait, par soustraction, d'en retrouver un. Une case masquée ne dit pas laquelle de ces raisons est la sienne.",
        figures.rules.threshold
    )
}

/// Whose files had nothing to count it with, and what to do.
pub fn missing(base: &Base, figures: &Figures) -> Option<String> {
    let table = shares::share(figures.indicator)?.table();
    let names: Vec<String> = base
        .lacking(table.id)
        .iter()
        .map(|n| format!("« {n} »"))
        .collect();
    (!names.is_empty()).then(|| {
        format!(
            "L'agrégat de {} n'a pas le tableau dont vient cet indicateur (« {} ») : rien n'en est additionné là où ce bailleur est présent. Choisissez un autre indicateur, ou demandez un agrégat refait sur un fichier qui en a les colonnes.",
            charts::first_names(&names),
            labels::table(table.id)
        )
    })
}

/// Whose cells they are, as far as the base knows: it has the landlords present
/// on each maille, and not what each of them published.
pub fn whose(base: &Base, figures: &Figures) -> Option<String> {
    let rows = figures.rows.iter().map(|row| row.landlords.as_slice());
    let (mut alone, mut together) = (Vec::new(), Vec::new());
    for (id, name) in base.landlords() {
        let mailles = rows.clone().filter(|there| there.contains(&id));
        let lonely = mailles.clone().filter(|there| there.len() == 1).count();
        let all = mailles.count();
        if lonely > 0 {
            let count = numbers::count(lonely as u64);
            alone.push(format!("« {name} » ({count})"));
        }
        if all > lonely {
            together.push(format!("« {name} »"));
        }
    }
    let mut sentences = Vec::new();
    if !alone.is_empty() {
        sentences.push(format!(
            "Mailles où un seul bailleur est présent : {}.",
            charts::first_names(&alone)
        ));
    }
    if !together.is_empty() {
        sentences.push(format!(
            "{} plusieurs bailleurs sont présents ({}) : il suffit que l'un d'eux masque un nombre pour que la somme le soit.",
            if alone.is_empty() { "Ici" } else { "Ailleurs," },
            charts::first_names(&together)
        ));
    }
    (!sentences.is_empty()).then(|| sentences.join(" "))
}

/// That files say which dwellings are in a district and not in which, and whose
/// they are: without codes next to nothing is publishable in and out of QPV.
pub fn codes(base: &Base) -> Option<String> {
    let (zone, rank) = base
        .zonages()
        .iter()
        .enumerate()
        .find_map(|(zone, zonage)| {
            let without = |m: &Maille| m.level == Level::Qpv && m.id == NO_CODE;
            Some((zone, zonage.mailles.iter().position(without)?))
        })?;
    let present = &base.results_on(zone, rank).first()?.landlords;
    let names = base.landlords().into_iter();
    let names = names.filter(|(id, _)| present.contains(id));
    let names: Vec<String> = names.map(|(_, name)| format!("« {name} »")).collect();
    Some(format!(
        "Il manque des codes de quartier (QN…) : {} des logements en QPV sans dire dans lequel ({}), et sans ces codes presque rien ne peut être publié en QPV ni hors QPV. {} d'ajouter le code à {} export OPS, ou au bureau d'études de le donner pour chaque programme dans la table de passage de la campagne ; les agrégats sont alors à refaire.",
        if names.len() < 2 {
            "un bailleur a"
        } else {
            "des bailleurs ont"
        },
        charts::first_names(&names),
        if names.len() < 2 {
            "Demandez-lui"
        } else {
            "Demandez-leur"
        },
        if names.len() < 2 { "son" } else { "leur" },
    ))
}

/// What to do.
pub fn remedy(base: &Base, figures: &Figures) -> String {
    let larger = match figures.level {
        Level::Epci | Level::Commune => {
            "Choisissez un indicateur qui compte plus de ménages, ou lisez le territoire entier dans « Chiffres clés »."
        }
        _ => {
            "Choisissez « Communes » dans « Maille » : plus une maille est grande, plus elle se lit."
        }
    };
    let mut mailles = base.zonages().iter().flat_map(|zonage| &zonage.mailles);
    let small = figures.level == Level::Programme;
    if small && !mailles.any(|maille| maille.level == Level::Regroupement) {
        return format!(
            "{larger} Pour lire des groupes de résidences, le bureau d'études peut cocher « Regrouper les petits programmes » dans la campagne, et les bailleurs refaire leur agrégat."
        );
    }
    larger.to_owned()
}

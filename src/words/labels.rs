//! The names on screen of what files name by identifiers: tables, modalités,
//! units, levels, indicators, statuses.
//!
//! An identifier without an entry is shown as it is; a test forbids that for
//! everything in the catalogue.

use crate::indicator::{TableDef, Unit};
use crate::table::Level;

/// A programme whose name another bears: with its number, its landlord, or both.
pub(crate) fn programme(name: &str, number: Option<&str>, landlord: Option<&str>) -> String {
    let number = number.map(|number| format!(" n°\u{a0}{number}"));
    let landlord = landlord.map(|landlord| format!(" – {landlord}"));
    format!(
        "{name}{}{}",
        number.unwrap_or_default(),
        landlord.unwrap_or_default()
    )
}

/// A priority district, by its name or its code, and the communes where it is.
pub(crate) fn district(name: &str, communes: &[&str]) -> String {
    format!("{name} ({})", communes.join(", "))
}

/// The title of a table.
pub fn table(id: &str) -> &str {
    match id {
        "occupation" => "Occupation des logements",
        "type_logement" => "Type de logement",
        "typologie" => "Typologie",
        "financement" => "Financement",
        "epoque" => "Époque de construction",
        "dpe" => "Étiquette énergie (DPE)",
        "situation_familiale" => "Situation familiale",
        "taille_menage" => "Taille du ménage",
        "age_titulaire" => "Âge du titulaire du bail",
        "ressources_plus" => "Ressources, en\u{a0}% du plafond PLUS",
        "apl" => "Aide personnalisée au logement (APL)",
        "aspa" => "Allocation de solidarité aux personnes âgées (ASPA)",
        "peuplement" => "Peuplement du logement",
        "premier_quartile" => "Premier quartile de ressources (indicateur approché)",
        "activite" => "Activité des majeurs",
        "age_occupants" => "Âge des occupants",
        // Where a partial has none of them.
        "qpv" => "Quartiers prioritaires (QPV)",
        "ressources_plus_x_financement" => "Ressources selon le financement",
        "situation_familiale_x_typologie" => "Situation familiale selon la typologie",
        "ressources_plus_x_dpe" => "Ressources selon l'étiquette énergie",
        "situation_familiale_x_taille_menage" => "Situation familiale selon la taille du ménage",
        other => other,
    }
}

/// The name of a modalité of a dimension.
pub fn modality<'a>(dimension: &str, id: &'a str) -> &'a str {
    match (dimension, id) {
        ("occupation", "loue") => "Loués à un ménage",
        ("occupation", "vacant") => "Vacants proposés à la location",
        ("occupation", "tiers") => "Loués à un organisme tiers",
        ("type_logement", "individuel") => "Individuel",
        ("type_logement", "collectif") => "Collectif",
        ("typologie", "T5+") => "T5 et plus",
        ("financement", "PLUS_avant_1977") => "HLM avant 1977",
        ("financement", "PLUS_apres_1977") => "PLA et PLUS (depuis 1977)",
        ("financement", "autre") => "Autre financement",
        ("epoque", "avant_1949") => "Avant 1949",
        ("epoque", "1949_1974") => "De 1949 à 1974",
        ("epoque", "1975_1989") => "De 1975 à 1989",
        ("epoque", "1990_2009") => "De 1990 à 2009",
        ("epoque", "2010_et_apres") => "2010 et après",
        ("situation_familiale", "personne_seule") => "Personne seule",
        ("situation_familiale", "famille_monoparentale") => "Famille monoparentale",
        ("situation_familiale", "couple_sans_enfant") => "Couple sans enfant",
        ("situation_familiale", "couple_avec_enfants") => "Couple avec enfant(s)",
        ("situation_familiale", "autre") => "Autre situation",
        ("taille_menage", "1") => "1 personne",
        ("taille_menage", "2") => "2 personnes",
        ("taille_menage", "3") => "3 personnes",
        ("taille_menage", "4") => "4 personnes",
        ("taille_menage", "5+") => "5 personnes et plus",
        ("age_titulaire", "moins_30") => "Moins de 30 ans",
        ("age_titulaire", "30_39") => "De 30 à 39 ans",
        ("age_titulaire", "40_49") => "De 40 à 49 ans",
        ("age_titulaire", "50_64") => "De 50 à 64 ans",
        ("age_titulaire", "65_74") => "De 65 à 74 ans",
        ("age_titulaire" | "age_occupants", "75_et_plus") => "75 ans et plus",
        ("ressources_plus", "moins_20") => "Moins de 20\u{202f}%",
        ("ressources_plus", "20_40") => "De 20 à moins de 40\u{202f}%",
        ("ressources_plus", "40_60") => "De 40 à moins de 60\u{202f}%",
        ("ressources_plus", "60_80") => "De 60 à moins de 80\u{202f}%",
        ("ressources_plus", "80_100") => "De 80 à moins de 100\u{202f}%",
        ("ressources_plus", "100_120") => "De 100 à moins de 120\u{202f}%",
        ("ressources_plus", "120_et_plus") => "120\u{202f}% et plus",
        ("apl" | "aspa", "oui") => "Oui",
        ("apl" | "aspa", "non") => "Non",
        ("peuplement", "sous_occupation") => "Sous-occupation",
        ("peuplement", "adapte") => "Occupation adaptée",
        ("peuplement", "sur_occupation") => "Sur-occupation",
        ("premier_quartile", "sous") => "Sous le seuil",
        ("premier_quartile", "au_dessus") => "Au seuil ou au-dessus",
        ("activite", "emploi_stable") => "Emploi stable",
        ("activite", "emploi_precaire") => "Emploi précaire",
        ("activite", "chomeur") => "Chômage",
        ("activite", "etudiant") => "Études",
        ("activite", "sans_emploi") => "Sans emploi (retraite comprise)",
        ("age_occupants", "0_17") => "Moins de 18 ans",
        ("age_occupants", "18_24") => "De 18 à 24 ans",
        ("age_occupants", "25_39") => "De 25 à 39 ans",
        ("age_occupants", "40_59") => "De 40 à 59 ans",
        ("age_occupants", "60_74") => "De 60 à 74 ans",
        (_, other) => other,
    }
}

/// The name of a cell of a line: its modalité, or the two that cross.
pub fn cell(def: &TableDef, rank: usize) -> String {
    crate::indicator::shares::cell_ids(def, rank)
        .into_iter()
        .zip(def.dimensions)
        .map(|(id, dimension)| modality(dimension.id, id))
        .collect::<Vec<_>>()
        .join(" × ")
}

/// The unit, in the plural.
pub fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Dwellings => "logements",
        Unit::Households => "ménages",
        Unit::Adults => "majeurs",
        Unit::Occupants => "occupants",
    }
}

/// What a zonage gives its results by.
pub fn zonage(id: &str) -> &'static str {
    match id {
        "qpv" => "Par quartier prioritaire (QPV)",
        _ => "Par commune, secteur et programme",
    }
}

/// A level, in the singular.
pub fn level(level: Level) -> &'static str {
    match level {
        Level::Epci => "EPCI",
        Level::Commune => "Commune",
        Level::Secteur => "Secteur",
        Level::Programme => "Programme",
        Level::Regroupement => "Regroupement de programmes",
        Level::Part => "Partie de programme",
        Level::QpvSituation => "Situation au regard des QPV",
        Level::Qpv => "Quartier prioritaire (QPV)",
    }
}

/// A level, in the plural.
pub fn levels(level: Level) -> &'static str {
    match level {
        Level::Epci => "EPCI",
        Level::Commune => "Communes",
        Level::Secteur => "Secteurs",
        Level::Programme => "Programmes",
        Level::Regroupement => "Regroupements de programmes",
        Level::Part => "Parties de programme",
        Level::QpvSituation => "Dans et hors QPV",
        Level::Qpv => "Quartiers prioritaires (QPV)",
    }
}

/// The names of tables, one after the other.
pub fn tables(ids: &[String]) -> String {
    let names: Vec<&str> = ids.iter().map(|id| table(id)).collect();
    names.join(", ")
}

/// What was withdrawn: a table, its lines on priority districts (`table@qpv`), or
/// the whole zonage of districts (`qpv`).
pub fn withdrawn(id: &str) -> String {
    match id.split_once('@') {
        Some((id, _)) => format!("{} (sur les quartiers prioritaires)", table(id)),
        None if id == "qpv" => "tous les tableaux sur les quartiers prioritaires".to_owned(),
        None => table(id).to_owned(),
    }
}

/// The dwellings of a commune that no programme has.
pub(crate) const NO_PROGRAMME: &str = "sans programme";

/// Mailles of the zonage of priority districts, and parts of programmes.
pub const INSIDE_QPV: &str = "En QPV";
/// Outside.
pub const OUTSIDE_QPV: &str = "Hors QPV";
/// Nothing says it.
pub const UNKNOWN_QPV: &str = "QPV non renseigné";
/// The rows say no code.
pub const QPV_WITHOUT_CODE: &str = "QPV sans code";
/// The part of a programme inside a QPV.
pub const PART_INSIDE: &str = "en QPV";
/// Outside.
pub const PART_OUTSIDE: &str = "hors QPV";
/// Nothing says it.
pub const PART_UNKNOWN: &str = "QPV non renseigné";

/// What is printed about an indicator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IndicatorWords {
    /// Its name.
    pub label: &'static str,
    /// What its numerator counts.
    pub numerator: &'static str,
    /// What its denominator counts: always printed, no official text fixes it.
    pub denominator: &'static str,
    /// Where the definition comes from; « convention » when it is ours.
    pub source: &'static str,
    /// What the reader must know; empty when there is nothing.
    pub note: &'static str,
}

const fn words(
    label: &'static str,
    numerator: &'static str,
    denominator: &'static str,
    source: &'static str,
    note: &'static str,
) -> IndicatorWords {
    IndicatorWords {
        label,
        numerator,
        denominator,
        source,
        note,
    }
}

const KNOWN_SITUATION: &str = "ménages dont la situation familiale est connue";
const KNOWN_RESOURCES: &str = "ménages dont le revenu fiscal est connu et la catégorie PLUS calculable (sans les couples sans enfant dont un âge manque)";
const KNOWN_AGE: &str = "titulaires dont l'âge est connu";
const KNOWN_ACTIVITY: &str = "majeurs dont l'activité est connue";
const KNOWN_FIT: &str = "logements loués dont les pièces, la surface et les occupants sont connus";
/// The themes and their indicators: one sheet each, one part of the fiche each.
pub const THEMES: &[(&str, &[&str])] = &[
    ("Ménages", &["seule", "mono", "enf3"]),
    (
        "Ressources",
        &["lt20", "lt40", "lt60", "gt100", "gt120", "q1"],
    ),
    ("Âges", &["age30", "age65", "age75", "min"]),
    (
        "Activité",
        &["stable", "precaire", "chom", "sansemploi", "chom_actifs"],
    ),
    ("Aides", &["apl", "aspa"]),
    ("Logement", &["vac", "tiers", "sousocc", "surocc", "dpe"]),
];

const CONVENTION: &str =
    "convention d'usage\u{a0}: aucun texte ne fixe ce dénominateur, il est donc toujours affiché";
const SNE: &str = "GIP SNE\u{202f}; dénominateur\u{a0}: convention";
const CEILING: &str = "Plafonds du millésime fixé par la campagne\u{202f}; classes [a\u{202f}; b[ cumulées à partir des classes publiées.";
const PERSONS: &str = "L'unité est la personne et non le ménage.";

/// The words of an indicator, by its `cle`.
pub fn indicator(key: &str) -> IndicatorWords {
    match key {
        "seule" => words(
            "Personnes seules",
            "ménages d'une personne seule",
            KNOWN_SITUATION,
            CONVENTION,
            "",
        ),
        "mono" => words(
            "Familles monoparentales",
            "ménages monoparentaux",
            KNOWN_SITUATION,
            CONVENTION,
            "Part parmi tous les ménages, et non parmi les familles.",
        ),
        "enf3" => words(
            "Familles de 3 enfants et plus",
            "familles monoparentales de 4 personnes et plus, couples avec enfant(s) de 5 personnes et plus",
            "ménages dont la situation familiale et la taille sont connues",
            CONVENTION,
            "Indicateur approché\u{a0}: le nombre d'enfants est déduit du nombre d'occupants.",
        ),
        "lt20" => words(
            "Ménages sous 20\u{202f}% du plafond PLUS",
            "ménages dont le revenu fiscal est inférieur à 20\u{202f}% du plafond PLUS",
            KNOWN_RESOURCES,
            SNE,
            CEILING,
        ),
        "lt40" => words(
            "Ménages sous 40\u{202f}% du plafond PLUS",
            "ménages dont le revenu fiscal est inférieur à 40\u{202f}% du plafond PLUS",
            KNOWN_RESOURCES,
            SNE,
            CEILING,
        ),
        "lt60" => words(
            "Ménages sous 60\u{202f}% du plafond PLUS",
            "ménages dont le revenu fiscal est inférieur à 60\u{202f}% du plafond PLUS",
            KNOWN_RESOURCES,
            SNE,
            CEILING,
        ),
        "gt100" => words(
            "Ménages au-dessus du plafond PLUS",
            "ménages dont le revenu fiscal atteint ou dépasse 100\u{202f}% du plafond PLUS",
            KNOWN_RESOURCES,
            CONVENTION,
            CEILING,
        ),
        "gt120" => words(
            "Ménages à 120\u{202f}% du plafond PLUS et plus",
            "ménages dont le revenu fiscal atteint ou dépasse 120\u{202f}% du plafond PLUS",
            KNOWN_RESOURCES,
            "seuil du supplément de loyer de solidarité\u{a0}: CCH, L441-3",
            "Indicateur de niveau de ressources\u{a0}: le supplément de loyer n'est pas dû partout (QPV, ZRR).",
        ),
        "q1" => words(
            "Ménages sous le premier quartile",
            "ménages dont le revenu fiscal par unité de consommation est sous le seuil de la campagne",
            "ménages dont le revenu fiscal et les âges sont connus",
            "seuil\u{a0}: arrêté annuel (CCH, L441-1)",
            "Indicateur approché\u{a0}: le seuil est défini sur les ressources des demandeurs, non sur le revenu fiscal des occupants.",
        ),
        "age30" => words(
            "Titulaires de moins de 30 ans",
            "titulaires du bail de moins de 30 ans",
            KNOWN_AGE,
            "enquête OPS 2014",
            "Âge révolu à la date de référence.",
        ),
        "age65" => words(
            "Titulaires de 65 ans et plus",
            "titulaires du bail de 65 ans et plus",
            KNOWN_AGE,
            CONVENTION,
            "Âge révolu à la date de référence.",
        ),
        "age75" => words(
            "Titulaires de 75 ans et plus",
            "titulaires du bail de 75 ans et plus",
            KNOWN_AGE,
            CONVENTION,
            "Âge révolu à la date de référence.",
        ),
        "min" => words(
            "Occupants de moins de 18 ans",
            "occupants de moins de 18 ans",
            "occupants dont l'âge est connu",
            CONVENTION,
            PERSONS,
        ),
        "stable" => words(
            "Majeurs en emploi stable",
            "majeurs en emploi stable",
            KNOWN_ACTIVITY,
            SNE,
            PERSONS,
        ),
        "precaire" => words(
            "Majeurs en emploi précaire",
            "majeurs en emploi précaire, apprentis compris",
            KNOWN_ACTIVITY,
            SNE,
            PERSONS,
        ),
        "chom" => words(
            "Majeurs au chômage",
            "majeurs au chômage",
            KNOWN_ACTIVITY,
            SNE,
            PERSONS,
        ),
        "sansemploi" => words(
            "Majeurs sans emploi (autres)",
            "majeurs sans emploi ni au chômage, retraités compris",
            KNOWN_ACTIVITY,
            SNE,
            "L'unité est la personne et non le ménage. Les retraités en font partie\u{a0}: ce n'est pas, à lui seul, un indicateur de fragilité.",
        ),
        "chom_actifs" => words(
            "Chômeurs parmi les actifs",
            "majeurs au chômage",
            "majeurs en emploi stable, en emploi précaire ou au chômage",
            CONVENTION,
            PERSONS,
        ),
        "apl" => words(
            "Bénéficiaires de l'APL",
            "ménages bénéficiaires de l'APL",
            "ménages dont la situation au regard de l'APL est connue",
            SNE,
            "",
        ),
        "aspa" => words(
            "Bénéficiaires de l'ASPA",
            "ménages bénéficiaires de l'ASPA",
            "ménages dont la situation au regard de l'ASPA est connue",
            CONVENTION,
            "",
        ),
        "vac" => words(
            "Taux de vacance",
            "logements vacants proposés à la location",
            "logements loués et logements vacants proposés à la location",
            "arrêté du 5 janvier 2010 (RPLS)",
            "",
        ),
        "tiers" => words(
            "Location à des organismes tiers",
            "logements loués à un organisme tiers",
            "logements dont l'occupation est connue",
            CONVENTION,
            "",
        ),
        "sousocc" => words(
            "Sous-occupation",
            "logements comptant plus de pièces habitables que d'occupants plus un",
            KNOWN_FIT,
            "CCH, L621-2",
            "",
        ),
        "surocc" => words(
            "Sur-occupation",
            "logements de moins de 9 m² pour une personne, 16 m² pour deux, 9 m² de plus par personne jusqu'à 70 m²",
            KNOWN_FIT,
            "CSS, D542-14",
            "La norme de l'Insee, en nombre de pièces, est une autre définition.",
        ),
        "dpe" => words(
            "Logements classés E, F ou G",
            "logements d'étiquette énergie E, F ou G",
            "logements dont l'étiquette énergie est connue",
            "SDES",
            "",
        ),
        _ => words("", "", "", "", ""),
    }
}

/// The name of an index of segregation, by its identifier in the base.
pub fn index(id: &str) -> &str {
    match id {
        "dissimilarite" => "Dissimilarité (Duncan)",
        "isolement" => "Isolement",
        "interaction" => "Interaction",
        "eta2" => "Rapport de corrélation (η²)",
        "theil_h" => "Indice de Theil (H)",
        "gini" => "Gini",
        "dissimilarite_multi" => "Dissimilarité, tous groupes",
        "theil_h_multi" => "Indice de Theil (H), tous groupes",
        "exposition_normalisee" => "Exposition normalisée",
        "diversite_relative" => "Diversité relative",
        "entropie" => "Entropie",
        "divergence" => "Divergence",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::CATALOGUE;

    #[test]
    fn everything_in_the_catalogue_has_a_name() {
        // Their own names on screen.
        const AS_THEY_ARE: &[&str] = &[
            "T1", "T2", "T3", "T4", "PLAI", "PLS", "PLI", "A", "B", "C", "D", "E", "F", "G",
        ];
        for def in CATALOGUE {
            assert_ne!(table(def.id), def.id);
            for dimension in def.dimensions {
                for id in dimension.modalities {
                    assert!(
                        modality(dimension.id, id) != *id || AS_THEY_ARE.contains(id),
                        "{} {id}",
                        dimension.id
                    );
                }
            }
        }
        let crossing = crate::indicator::table("situation_familiale_x_taille_menage").unwrap();
        assert_eq!(
            cell(crossing, 9),
            "Famille monoparentale × 5 personnes et plus"
        );
    }
}

//! What the quality summary (*contrôle qualité*) and the list of columns say of
//! the landlord's file.

use super::{numbers, ui};
use crate::intake::{Answers, Format, Ignored, Matched, Report, RplsMatch, Severity};

pub(crate) const LETS_ANSWERING: &str = "Ménages ayant répondu";
pub(crate) const ATTENTION: &str = "Attention\u{a0}:";
pub(crate) const ERROR: &str = "Erreur\u{a0}:";
pub(crate) const FINDINGS: &str = "Constats";

/// No dwelling is let, as far as one knows.
pub(crate) const NONE_LET: &str = "Aucun logement n'est compris comme loué : rien de ce qui concerne les ménages n'est compté. Vérifiez la colonne « Occupation » et le sens de ses valeurs sous « Correspondance des colonnes ».";

/// What a landlord may lose of his file without noticing.
#[derive(Debug, Default)]
pub(crate) struct Lost<'a> {
    /// Another landlord, after whom the file is called.
    pub(crate) named: Option<&'a str>,
    /// How the file calls the landlord, and in whose name it was read.
    pub(crate) other: Option<(&'a str, &'a str)>,
    /// Rows whose commune was not recognised.
    pub(crate) rows: u64,
    /// Rows of a dwelling that an earlier row describes otherwise.
    pub(crate) contradicted: u64,
    /// Communes to confirm, and the rows counted as theirs meanwhile.
    pub(crate) communes: (u64, u64),
    /// What is given of priority districts.
    pub(crate) districts: Districts,
    /// Columns that may be meant.
    pub(crate) columns: u64,
    /// Variables without a column.
    pub(crate) lacking: &'a [&'a str],
    /// A large part of the rows, left out: how many, of how many, why most of them.
    pub(crate) left_out: Option<(u64, u64, &'a str)>,
    /// Values without a meaning.
    pub(crate) values: u64,
    /// Of those the one on most rows: its variable, the value, the rows.
    pub(crate) most: Option<(&'a str, &'a str, u64)>,
    /// Variables that nobody answers.
    pub(crate) silent: &'a [&'a str],
    /// Other findings.
    pub(crate) findings: u64,
}

/// What a partial gives of priority districts (*QPV*).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Districts {
    /// Tables on districts.
    #[default]
    Given,
    /// None: nobody knows which dwellings are in one.
    Unknown,
    /// None: no certificate was found with them.
    Withdrawn,
}

impl Districts {
    /// Why there are none: the merge then gives none of any landlord's.
    fn lacking(self) -> Option<String> {
        let why = match self {
            Self::Given => return None,
            Self::Unknown => "rien ne dit quels logements sont en quartier prioritaire (QPV)",
            Self::Withdrawn => {
                "vos quartiers prioritaires (QPV) sont lus, mais rien de ce qu'on en publierait n'est prouvé sûr\u{a0}: leurs tableaux sont retirés"
            }
        };
        Some(format!(
            "{why}\u{a0}; le territoire n'aura alors aucun résultat en QPV, tous bailleurs compris"
        ))
    }
}

/// What becomes of the partial if nothing is done.
pub(crate) const MAY_BE_SENT: &str = "L'agrégat est protégé dans tous les cas\u{a0}; il peut être incomplet tant que rien n'y est fait.";

/// What is to be looked at before a partial is sent.
pub(crate) fn before_sending(lost: &Lost<'_>) -> Option<String> {
    let counted = |n: u64, one: &str, many: &str| (n > 0).then(|| ui::count(n, one, many));
    let named = |what: &str, names: &[&str]| {
        (!names.is_empty()).then(|| format!("{what} pour « {} »", names.join(" », « ")))
    };
    let values = || {
        let (variable, value, rows) = lost.most?;
        let one = format!("« {value} » ({variable}, {})", ui::rows(rows));
        Some(match lost.values {
            0 => return None,
            1 => format!("la valeur {one} n'est pas comprise et reste à préciser"),
            many => format!(
                "{} valeurs ne sont pas comprises et restent à préciser, dont {one}",
                numbers::count(many)
            ),
        })
    };
    let left_out = |(rows, all, why): (u64, u64, &str)| {
        let counted = match rows {
            1 => "n'est pas comptée",
            _ => "ne sont pas comptées",
        };
        format!(
            "{} sur {} {counted} (surtout\u{a0}: {why})",
            ui::rows(rows),
            numbers::count(all)
        )
    };
    let other = |name: &str| {
        format!(
            "le nom du fichier est celui d'un autre bailleur, « {name} » (réglage « Bailleur »)"
        )
    };
    let called = |(said, chosen): (&str, &str)| {
        format!("le fichier nomme « {said} », et l'agrégat est au nom de « {chosen} »")
    };
    let parts = [
        lost.other.map(called),
        lost.named.map(other),
        counted(
            lost.rows,
            "ligne n'est pas comptée, faute de commune reconnue",
            "lignes ne sont pas comptées, faute de commune reconnue",
        ),
        counted(
            lost.contradicted,
            "ligne répète un logement déjà lu sans dire la même chose, et n'est pas comptée",
            "lignes répètent des logements déjà lus sans dire la même chose, et ne sont pas comptées",
        ),
        lost.left_out.map(left_out),
        (lost.communes.0 > 0).then(|| {
            format!(
                "{} à confirmer ({})",
                ui::count(lost.communes.0, "commune", "communes"),
                ui::rows(lost.communes.1)
            )
        }),
        counted(
            lost.columns,
            "colonne n'est pas lue et reste à confirmer",
            "colonnes ne sont pas lues et restent à confirmer",
        ),
        named("aucune colonne", lost.lacking),
        lost.districts.lacking(),
        values(),
        named("aucune réponse comprise", lost.silent),
    ];
    let mut parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() {
        return None;
    }
    parts.extend(counted(
        lost.findings,
        "autre point d'attention",
        "autres points d'attention",
    ));
    Some(format!(
        "À voir d'abord : {}. {MAY_BE_SENT}",
        parts.join(" ; ")
    ))
}

/// How serious a finding is, before what it says.
pub(crate) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Bloque => ERROR,
        Severity::Alerte => ATTENTION,
        Severity::Information => "À savoir\u{a0}:",
    }
}

/// The button that saves the report, and what it saves.
pub(crate) const KEEP: &str = "Enregistrer le contrôle qualité";
pub(crate) const KEEP_WHAT: &str = "Un fichier CSV pour vous, à garder sur votre poste\u{a0}: il peut citer des valeurs de votre fichier.";

/// After how many households answered: of how many, and what share.
pub(crate) fn of_lets(report: &Report) -> String {
    format!(
        " sur {} ({})",
        numbers::count(report.rows_let),
        ui::share(report.rows_responding, report.rows_let)
    )
}

/// The format of the file, its sheets, its header.
pub(crate) fn origin(report: &Report) -> String {
    let mut text = match report.format {
        // Its name may end in .txt, .tsv, or in nothing.
        Format::Csv => "Fichier texte".to_owned(),
        format => format!("Fichier {}", format.name()),
    };
    if let Some(dialect) = &report.dialect {
        text.push_str(&format!(" ({dialect})"));
    }
    let sheets: Vec<String> = report
        .sheets
        .iter()
        .filter(|sheet| !sheet.name.is_empty())
        .map(|sheet| format!("«\u{a0}{}\u{a0}»", sheet.name))
        .collect();
    match sheets.len() {
        0 => {}
        1 => text.push_str(&format!(", feuille {}", sheets[0])),
        _ => text.push_str(&format!(", feuilles {}", sheets.join(", "))),
    }
    if let Some(first) = report.sheets.first() {
        text.push_str(&format!(", en-tête en ligne {}", first.header_row));
    }
    text.push('.');
    text
}

/// Before the name of another landlord, whose rows are left out.
pub(crate) const OF_ANOTHER_LANDLORD: &str = "\u{a0}: d'un autre bailleur, «\u{a0}";

/// Where a finding is, after its sentence.
pub(crate) fn places(places: &[String]) -> String {
    format!("Où : {}.", places.join(" ; "))
}

pub(crate) const RPLS: &str = "Rapprochement avec le RPLS";

/// How many dwellings met the return.
pub(crate) fn rpls(rpls: &RplsMatch) -> String {
    let all = rpls.matched + rpls.unmatched;
    let share = match all {
        0 => String::new(),
        all => format!(" ({})", ui::share(rpls.matched, all)),
    };
    format!(
        "{} sur {}{share}\u{a0}; la déclaration en décrit {}.",
        ui::count(rpls.matched, "logement rapproché", "logements rapprochés"),
        numbers::count(all),
        numbers::count(rpls.dwellings)
    )
}

/// The fold over the dwellings that the return lacks.
pub(crate) fn rpls_unmatched(rpls: &RplsMatch) -> String {
    format!(
        "Logements absents de la déclaration ({})",
        numbers::count(rpls.unmatched)
    )
}

/// After a list that is cut.
pub(crate) fn and_others(others: u64) -> String {
    format!("et {} autres.", numbers::count(others))
}

pub(crate) const BY_COMMUNE: &str = "Taux de réponse par commune";
pub(crate) const BY_COMMUNE_CAPTION: &str =
    "Taux de réponse par commune, toutes variables ensemble";
pub(crate) const BY_COMMUNE_UNIT: &str =
    " (le détail par variable est dans le fichier du contrôle qualité)";
pub(crate) const HOUSEHOLDS_RATE: &str = "Taux, ménages";
pub(crate) const ANSWERS: &str = "Réponses";
pub(crate) const ANSWERS_ASKED: &str = "Réponses attendues";
pub(crate) const ANSWERS_RATE: &str = "Taux, réponses";

pub(crate) const BY_VARIABLE: &str = "Taux de réponse par variable";
pub(crate) const BY_VARIABLE_UNIT: &str = " (réponses exploitables\u{a0}; affiché ici seulement)";
pub(crate) const DWELLINGS_CONCERNED: &str = "Logements concernés";
pub(crate) const RATE: &str = "Taux";

/// The rate of answers to a variable.
pub(crate) fn rate(answers: &Answers) -> String {
    ui::share_or_none(answers.answered, answers.asked)
}

pub(crate) const UNKNOWN: &str = "Valeurs non retenues";
pub(crate) const UNKNOWN_UNIT: &str = " (extraits de votre fichier, affichés ici seulement)";
/// In place of a value: the cell is blank.
pub(crate) const BLANK: &str = "(vide)";
pub(crate) const VALUE_READ: &str = "Valeur lue";
pub(crate) const FIRST: &str = "La première";

/// The fold over the values that were not understood.
pub(crate) fn unknown(values: usize) -> String {
    format!("Valeurs non retenues, comptées comme absence de réponse ({values})")
}

/// How many variables were found, in how many columns.
pub(crate) fn columns_found(variables: usize, columns: usize) -> String {
    format!(
        "{} dans {}. Rien n'est lu d'une colonne que son nom ne désigne pas, et que vous n'avez pas choisie.",
        ui::count(variables as u64, "variable reconnue", "variables reconnues"),
        ui::count(columns as u64, "colonne", "colonnes")
    )
}

pub(crate) const SEE_COLUMNS: &str = "Voir les colonnes reconnues";
pub(crate) const COLUMNS_TO_CONFIRM: &str = "Colonnes à confirmer";
pub(crate) const CHANGE_COLUMNS: &str = "Changer les colonnes";

/// « La colonne A « Communne » ressemble à « Commune ». … »: before the column,
/// before the variable, after it.
pub(crate) const NEAR: [&str; 3] = [
    "La colonne ",
    " ressemble à «\u{a0}",
    "\u{a0}». Si c'est bien elle, confirmez-la ci-dessous\u{a0}; sinon, choisissez la bonne. Confirmée, elle est montrée avec trois extraits sous «\u{a0}Voir les colonnes reconnues\u{a0}».",
];

pub(crate) const MAPPED: &str = "Colonnes reconnues";
pub(crate) const COLUMN_OF_FILE: &str = "Colonne du fichier";
pub(crate) const RECOGNISED: &str = "Reconnue";
pub(crate) const SAMPLES: &str = "Extraits, affichés ici seulement";

/// How a column was recognised.
pub(crate) fn matched(matched: Matched) -> &'static str {
    match matched {
        Matched::Confirmed => "confirmée par vous",
        Matched::Exact => "au nom exact",
        Matched::Canonical => "à la casse, aux accents ou à la ponctuation près",
    }
}

pub(crate) const SEE_UNDERSTOOD: &str = "Voir comment les valeurs sont comprises";
pub(crate) const UNDERSTOOD_REMEDY: &str =
    "Une valeur comprise autrement que chez vous\u{a0}: corrigez-la dans le fichier.";
pub(crate) const UNDERSTOOD: &str = "Valeurs comprises";
pub(crate) const UNDERSTOOD_CAPTION: &str = "Valeurs comprises, par variable";
pub(crate) const IN_THE_FILE: &str = "Dans le fichier";
pub(crate) const UNDERSTOOD_AS: &str = "Comprise comme";

/// Beside a variable of which only some spellings are listed.
pub(crate) fn most_frequent(spellings: usize) -> String {
    format!(" (les {spellings} écritures les plus fréquentes)")
}

/// Variables without a column.
pub(crate) const ABSENT: &str = "Absentes du fichier";
/// What follows from it, before their names.
pub(crate) const ABSENT_MEANS: &str = ". L'agrégat n'a pas les tableaux qui en viennent, sauf ce qu'une autre colonne, la campagne ou la déclaration RPLS donne\u{a0}: ";

/// Columns whose name tells nothing, before their names.
pub(crate) const UNREAD: &str = "Non lues, faute d'un nom que la page connaît";
/// What to do of them, after their names.
pub(crate) const UNREAD_REMEDY: &str =
    ". Si l'une d'elles porte une variable, dites-le dans «\u{a0}Changer les colonnes\u{a0}».";

/// After names that are cut.
pub(crate) fn and_more(more: usize) -> String {
    format!(" et {}", ui::others(more as u64))
}

/// The fold over the columns that are not used.
pub(crate) fn ignored(columns: usize) -> String {
    format!("Colonnes non utilisées ({columns})")
}

/// Why a column is not used.
pub(crate) fn why_ignored(why: Ignored) -> &'static str {
    match why {
        Ignored::Identity => "identité de personnes, jamais lue",
        Ignored::Address => "adresse, jamais lue",
        Ignored::Duplicate => "une autre colonne sert déjà cette variable",
        Ignored::Unknown => "nom inconnu de la page, non lue",
        Ignored::Refused => "écartée par vous",
        Ignored::AgeBrackets => "tranches d'âge autres que celles de l'enquête",
    }
}

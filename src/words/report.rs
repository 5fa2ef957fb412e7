//! The report of a reading: places, reasons, and the quality report as a file.

use crate::intake::{Place, Reason, Severity};

/// A text of the file, set apart from the words around it.
pub(crate) fn quoted(text: &str) -> String {
    format!("« {text} »")
}

/// The sheet, before a row of it; a text file has none.
pub(crate) fn sheet(name: &str) -> String {
    match name {
        "" => String::new(),
        name => format!("feuille « {name} », "),
    }
}

/// Several rows of the sheet and the column of a place.
pub(crate) fn rows(place: &Place, rows: &[u32]) -> String {
    let sheet = sheet(&place.sheet);
    let noun = if rows.len() > 1 { "lignes" } else { "ligne" };
    let rows: Vec<String> = rows.iter().map(u32::to_string).collect();
    let column = match &place.column {
        Some(c) if c.letters.is_empty() => format!(", colonne « {} »", c.header),
        Some(c) => format!(", colonne {} (« {} »)", c.letters, c.header),
        None => String::new(),
    };
    format!("{sheet}{noun} {}{column}", rows.join(", "))
}

/// « (feuille « x », ligne 3) », for sentences; empty without a sheet.
pub(crate) fn place(sheet: &str, row: u32) -> String {
    match (sheet, row) {
        ("", 0) => String::new(),
        ("", row) => format!(" (ligne {row})"),
        (sheet, 0) => format!(" (feuille « {sheet} »)"),
        (sheet, row) => format!(" (feuille « {sheet} », ligne {row})"),
    }
}

/// Why a row is not counted.
pub(crate) fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::OutsideTerritory => "commune hors du territoire",
        Reason::UnknownCommune => {
            "commune à préciser, dont le nom ressemble à une commune du territoire"
        }
        Reason::NoCommune => "commune absente ou illisible",
        Reason::EmptyOffMarket => {
            "logement vide hors location : travaux, démolition, vente (mode 3)"
        }
        Reason::OccupiedWithoutLease => "logement occupé sans bail : fonction, gardien (mode 5)",
        Reason::OtherLandlord => "logement d'un autre bailleur de la campagne",
        Reason::Duplicate => "identifiant de logement déjà lu",
        Reason::Total => "ligne de total",
        Reason::RepeatedHeader => "en-tête répété",
    }
}

/// The first line of the file.
pub(crate) const TITLE: &str = "Contrôle qualité : à conserver par le bailleur, ne pas transmettre";

/// Heads of the findings; their examples come after.
pub(crate) const FINDING: [&str; 5] =
    ["Code", "Gravité", "Variable", "Nombre", "Constat et remède"];

/// The head of an example, from 1.
pub(crate) fn example(rank: usize) -> String {
    format!("Exemple {rank}")
}

/// How serious a finding is.
pub(crate) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Bloque => "bloque",
        Severity::Alerte => "alerte",
        Severity::Information => "information",
    }
}

pub(crate) const KEPT: &str = "Logements gardés";
pub(crate) const LET: &str = "dont loués";

/// Rows that are not counted, for a reason.
pub(crate) fn left_out(why: Reason) -> String {
    format!("Lignes non comptées : {}", reason(why))
}

pub(crate) const RPLS_DWELLINGS: &str = "Logements de la déclaration RPLS";
pub(crate) const RPLS_MATCHED: &str = "Logements rapprochés du RPLS";
pub(crate) const RPLS_UNMATCHED: &str = "Logements absents du RPLS";
pub(crate) const RPLS_ABSENT: &str = "Absent du RPLS";
pub(crate) const OUT_OF: &str = "sur";
pub(crate) const RATE: &str = "Taux (%)";

/// Heads of the parts of the file.
pub(crate) const UNKNOWN: [&str; 4] = ["Variable", "Valeur non retenue", "Lignes", "Première"];
/// See [`UNKNOWN`].
pub(crate) const UNDERSTOOD: [&str; 4] = ["Variable", "Valeur comprise", "Comme", "Nombre"];
/// See [`UNKNOWN`].
pub(crate) const OUTSIDE: [&str; 2] = ["Commune hors du territoire, non comptée", "Lignes"];
/// See [`UNKNOWN`].
pub(crate) const ANSWERS: [&str; 6] = [
    "Commune",
    "Code INSEE",
    "Variable",
    "Logements concernés",
    "Réponses",
    RATE,
];

pub(crate) const WHOLE: &str = "Ensemble";
pub(crate) const ANY_ANSWER: &str = "Ménages ayant répondu à quelque chose";
pub(crate) const ALL_VARIABLES: &str = "Toutes les variables ensemble";

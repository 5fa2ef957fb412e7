//! What is said of a table dropped where a document is expected.

/// Whom to ask for a partial.
pub const ASK_LANDLORD: &str = "demandez au bailleur le seul fichier .partiel.json, que la page fait chez lui, dans l'onglet « Bailleur »";

/// Whom to ask for a base.
pub const ASK_CONSULTANT: &str =
    "demandez au bureau d'études le fichier .base.json, et non ses exports";

/// A table is no document: it may be the rows of a landlord, which were never to be
/// sent.
pub fn table(expected: &str, ask: &str) -> String {
    format!(
        "Ce fichier est un tableau, pas {expected}. Les données des ménages ne quittent pas le poste du bailleur\u{202f}: si ce fichier en contient, il n'aurait pas dû vous être transmis\u{202f}; signalez-le au bailleur et supprimez-le. Dans tous les cas, {ask}. Seul le début du fichier a été regardé, pour le reconnaître."
    )
}

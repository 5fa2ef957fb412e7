//! The slip that goes with a partial (*bordereau d'envoi*).

use super::{numbers, ui};

/// Before the name of the landlord.
pub(crate) const MADE_FOR: &str =
    "Agrégat partiel de l'enquête d'occupation du parc social, établi pour ";

pub(crate) const READ: &str = "Ce qui a été lu";

/// The file that was read, of this format.
pub(crate) fn file_read(format: &str) -> String {
    format!("un fichier {format}, lu sur ce poste et gardé par le bailleur")
}

/// Few rows left out are few dwellings: not told.
pub(crate) fn left_out(rows: u64, threshold: u64) -> String {
    match rows {
        0 => "aucune".to_owned(),
        few if few < threshold => format!("moins de {threshold}"),
        rows => numbers::count(rows),
    }
}

pub(crate) const LEAVES: &str = "Ce qui sort";
pub(crate) const FILE_SHA: &str = "SHA-256 du fichier";
pub(crate) const FINGERPRINT_WITHIN: &str = "Empreinte écrite dedans";
/// Between the identifier of the campaign and its fingerprint.
pub(crate) const CAMPAIGN_FINGERPRINT: &str = ", empreinte ";
pub(crate) const TABLES: &str = "Tableaux";
pub(crate) const NUMBERS: &str = "Nombres";

/// How many numbers are in the file, how many are not, of how many mailles.
pub(crate) fn cells((published, hidden): (u64, u64), communes: u64, programmes: u64) -> String {
    format!(
        "{}, {}, sur {}",
        ui::count(published, "publié", "publiés"),
        ui::count(hidden, "masqué", "masqués"),
        mailles(communes, programmes)
    )
}

/// « 3 communes et 12 programmes ».
fn mailles(communes: u64, programmes: u64) -> String {
    format!(
        "{} et {}",
        ui::count(communes, "commune", "communes"),
        ui::count(programmes, "programme", "programmes")
    )
}

pub(crate) const NOTHING_ELSE: &str = "Rien d'autre ne sort\u{a0}: ni ligne, ni adresse, ni identifiant de logement, ni nom de personne, ni nom du fichier lu.";

pub(crate) const RULES: &str = "Règles appliquées";
/// After the least response rate.
pub(crate) const RESPONSE_CHECKED: &str = " au moins, vérifié à la fusion";
pub(crate) const CONTROL: &str = "Contrôle";
pub(crate) const CONTROL_WORDS: &str = "l'agrégat a été attaqué par un programme qui ne connaît que lui\u{a0}; aucun nombre masqué de ménages n'a pu être retrouvé";

pub(crate) const MADE: &str = "Produit";
pub(crate) const MADE_ON: &str = "Le";
pub(crate) const MADE_BY: &str = "Par";
pub(crate) const MADE_IN: &str = "Page";

pub(crate) const SENDING: &str = "Envoi";
/// What the landlord fills in by hand.
pub(crate) const TO_FILL: [&str; 3] = [
    "Destinataire (à remplir à la main)",
    "Date et moyen (à remplir à la main)",
    "Envoyé par (à remplir à la main)",
];

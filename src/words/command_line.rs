//! What the command line says, apart from what the page says too.

use std::fmt::Display;

use crate::intake::{Finding, Place, UnknownValue, columns};
use crate::pipeline::Step;

/// How it is used.
pub const USAGE: &str = "\
Usage :
  ops-mixite agreger  OPS [--rpls F] [--campagne F] [--bailleur ID] [--passage F] [--correspondance F]
                      [--produit-le AAAA-MM-JJ] [--seuil N] [--seuil-porte-sur effectif|population] -o X.partiel.json
  ops-mixite fusionner A.partiel.json B.partiel.json … [--campagne F] -o X.base.json
                        [--xlsx F] [--ods F] [--csv F]
  ops-mixite verifier X.partiel.json
";

/// No command.
pub const WHICH_COMMAND: &str = "Quelle commande ? agreger, fusionner ou verifier.";
/// No output.
pub const NO_OUTPUT: &str = "Il manque le fichier à écrire : -o FICHIER.";
/// One file to aggregate.
pub const ONE_FILE: &str = "Il faut un fichier OPS, et un seul.";
/// At least one partial to merge.
pub const SOME_PARTIAL: &str = "Il faut au moins un agrégat partiel.";
/// One partial to verify.
pub const ONE_PARTIAL: &str = "Il faut un agrégat partiel, et un seul.";
/// The option that does what the sentence of the page asks.
pub const LANDLORD_OPTION: &str = " En ligne de commande\u{a0}: --bailleur ID.";

/// An option without its value.
pub fn missing_value(option: &str) -> String {
    format!("Il manque une valeur après {option}.")
}

/// An option that does not exist.
pub fn unknown_option(option: &str) -> String {
    format!("Option inconnue : {option}.")
}

/// An argument too many.
pub fn unexpected(argument: impl Display) -> String {
    format!("Argument en trop : {argument}.")
}

/// A value after an option that takes none.
pub fn no_value(option: &str) -> String {
    format!("L'option {option} ne prend pas de valeur.")
}

/// An argument that is no text.
pub fn not_text(argument: impl Display) -> String {
    format!("« {argument} » n'est pas de l'UTF-8.")
}

/// Anything else that is wrong with the command line.
pub fn misunderstood(error: impl Display) -> String {
    format!("Ligne de commande incomprise : {error}.")
}

/// A command that does not exist.
pub fn unknown_command(command: &str) -> String {
    format!("Commande inconnue : « {command} ».")
}

/// A threshold that is no number.
pub fn bad_threshold(value: &str) -> String {
    format!("« {value} » n'est pas un seuil entier.")
}

/// A reading of the threshold that does not exist.
pub fn bad_reading(value: &str) -> String {
    format!("« {value} » : le seuil porte sur « effectif » ou sur « population ».")
}

/// A date of the environment that is none.
pub fn bad_epoch(value: &str) -> String {
    format!("SOURCE_DATE_EPOCH « {value} » n'est pas un nombre de secondes.")
}

/// An output that is one of the files read.
pub fn output_is_read(path: impl Display) -> String {
    format!("{path} est lu par la commande : choisissez un autre nom pour ce qu'elle écrit.")
}

/// One file for two outputs.
pub fn output_twice(path: impl Display) -> String {
    format!("{path} est demandé pour deux sorties.")
}

/// A file that cannot be read.
pub fn unreadable(path: impl Display, error: &std::io::Error) -> String {
    format!("Lecture de {path} impossible : {error}.")
}

/// A file that cannot be written.
pub fn unwritable(path: impl Display, error: &std::io::Error) -> String {
    format!("Écriture de {path} impossible : {error}.")
}

/// A file that is too long.
pub fn too_long(path: impl Display, size: u64, limit: usize) -> String {
    format!("{path} fait {size} octets ; {limit} au plus.")
}

/// What is said of a file.
pub fn of_file(file: impl Display, said: impl Display) -> String {
    format!("{file} : {said}")
}

/// How many rows were read, and kept.
pub fn rows(read: u64, kept: u64) -> String {
    format!("{read} lignes lues, {kept} logements dans le champ")
}

/// A finding, with the first place where it was made.
pub fn finding(finding: &Finding) -> String {
    let first = |place: &Place| format!(" ; d'abord {place}");
    let first = finding.examples.first().map_or(String::new(), first);
    format!(
        "{} ({}{first}) : {}",
        finding.code, finding.count, finding.message
    )
}

/// A label without a meaning.
pub fn without_meaning(unknown: &UnknownValue) -> String {
    format!(
        "valeur à préciser ({}, {} lignes) : {}",
        columns::of(unknown.variable).id,
        unknown.rows,
        unknown.shown()
    )
}

/// How the dwellings met the RPLS return.
pub fn rpls(matched: u64, kept: u64, unmatched: u64) -> String {
    format!(
        "RPLS : {matched} logements rapprochés sur {kept}, {unmatched} absents de la déclaration"
    )
}

/// A programme that the *table de passage* lacks.
pub fn without_secteur(number: &str, commune: &str) -> String {
    format!("programme sans secteur : {number} (commune {commune})")
}

/// How many others there are.
pub fn others_without_secteur(others: usize) -> String {
    format!("et {others} autres programmes sans secteur")
}

/// A table that was withdrawn, by its name.
pub fn withdrawn(table: &str) -> String {
    format!("retiré, faute de certificat : {table}")
}

/// A landlord whose partial is missing.
pub fn missing(landlord: &str) -> String {
    format!("agrégat attendu et absent : {landlord}")
}

/// A step, before its time.
pub fn step(step: Step) -> &'static str {
    match step {
        Step::Opening => "ouverture",
        Step::Reading => "lecture",
        Step::Protecting => "secret",
        Step::Attacking => "attaque",
        Step::Merging => "fusion",
    }
}

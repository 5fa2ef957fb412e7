//! What the gate says of a partial: its verdict, and why a cell is not safe.

use super::numbers;
use crate::attack::Finding;
use crate::campaign::BearsOn;

/// What is wrong with a cell, or a file.
pub(crate) fn finding(finding: &Finding) -> String {
    let sentence = match finding {
        Finding::Below(most) => return format!("la case masquée vaut au plus {most}"),
        Finding::Exact(value) => return format!("la case masquée vaut exactement {value}"),
        Finding::Identity => {
            "cette case et sa jumelle dans un autre tableau n'ont pas le même statut ou la même valeur"
        }
        Finding::BrokenLine => {
            "la population est masquée mais une autre case de la ligne est publiée"
        }
        Finding::Contradiction => "aucun tableau n'est compatible avec les nombres publiés",
        Finding::Unproved => "aucune preuve n'a été trouvée que la case masquée est protégée",
        Finding::FewDwellings => {
            "ces personnes, ou un groupe que l'on peut en déduire, vivent dans trop peu de logements"
        }
        Finding::OpenMargin => {
            "la ligne du croisement est publiée, mais celle des tableaux croisés n'est pas complète"
        }
        Finding::OutOfReach(what) => what,
    };
    sentence.to_owned()
}

/// The file is accepted.
pub(crate) fn accepted(attacked: u64, threshold: u32, bears_on: BearsOn) -> String {
    let attacked = numbers::count(attacked);
    match bears_on {
        BearsOn::Effectif => format!(
            "{attacked} cases masquées attaquées : de ce qui est publié, on ne peut déduire d'aucune ni sa valeur, ni qu'elle est inférieure à {threshold}."
        ),
        BearsOn::Population => format!(
            "{attacked} cases masquées attaquées : aucun résultat ne porte sur moins de {threshold} logements, ménages ou personnes, aucun 0 % ni 100 % ne peut être déduit."
        ),
    }
}

/// The file is refused.
pub(crate) fn refused(findings: u64) -> String {
    format!(
        "Agrégat refusé : {} défaut{} de secret.",
        numbers::count(findings),
        if findings > 1 { "s" } else { "" }
    )
}

/// A line of the findings.
pub(crate) fn found(place: &crate::partial::Place, finding: &Finding) -> String {
    format!("\n  {place} : {finding}.")
}

/// How many findings are not listed.
pub(crate) fn others(findings: u64) -> String {
    format!("\n  … et {} autres.", numbers::count(findings))
}

/// Of tables of persons, what is checked here and what the landlord's machine attests.
pub(crate) const PERSONS_ATTESTED: &str = "Tableaux de personnes : une part du contrôle demande les lignes du fichier, et n'est faite que sur le poste du bailleur.";
/// Of dwellings about no surveyed household (secrecy.md, point 2).
pub(crate) const DWELLINGS_EXEMPT: &str = "Les logements vacants ou confiés à un tiers ne sont pas attaqués : aucun ménage enquêté n'y vit, ils ne disent rien de personne. Leurs petits nombres ne sont pas écrits, mais la règle ne demande pas d'empêcher qu'on les retrouve par soustraction.";

/// What cannot be judged: the threshold is under the least.
pub(crate) const LOW_THRESHOLD: &str = "le seuil est inférieur à 11";
/// Two zonages other than those known.
pub(crate) const OTHER_ZONAGES: &str = "ses zonages ne sont pas « territoire » et « qpv »";
/// Two zonages that do not meet at their leaves.
pub(crate) const UNFAITHFUL_ZONAGES: &str = "ses deux zonages ne se recoupent pas comme prévu";
/// Crossings under the other reading.
pub(crate) const CROSSINGS_READING: &str =
    "les croisements ne sont attaqués que dans la lecture « effectif »";

/// A table that is not in the catalogue, or not published.
pub(crate) fn unattacked(table: &str) -> String {
    format!("le tableau « {table} » n'est pas attaqué par cette version : il ne peut être certifié")
}

/// A table that cannot be judged on districts.
pub(crate) fn not_on_districts(table: &str) -> String {
    format!("le tableau « {table} » ne peut être certifié sur les quartiers prioritaires")
}

/// Too many programmes for crossings.
pub(crate) fn too_many_programmes(most: usize) -> String {
    format!("les croisements ne sont attaqués que jusqu'à {most} programmes")
}

/// The part of a line of a crossing where the other question has no answer.
pub(crate) fn silent(modality: &str) -> String {
    format!("{modality} × sans réponse")
}

/// Where in a partial something is.
pub(crate) fn place(table: &str, maille: &str) -> String {
    format!("tableau « {table} », maille « {maille} »")
}

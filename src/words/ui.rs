//! What the three screens say, apart from the headings and labels that stand in
//! `index.html`.

use crate::campaign::{BearsOn, Rate};
use crate::intake::{Proposal, columns};
use crate::pipeline::Step;
use crate::words::{numbers, report};

/// A no-break space, before `:` and in numbers with their unit.
pub const NBSP: &str = "\u{a0}";
/// Before what a word introduces.
pub(crate) const COLON: &str = "\u{a0}: ";
/// Before what is quoted.
pub(crate) const OPEN: &str = "«\u{a0}";
/// After what is quoted.
pub(crate) const CLOSE: &str = "\u{a0}»";
/// In place of a number that is not there.
pub(crate) const DASH: &str = "–";
/// After names that are cut.
pub(crate) const AND_SO_ON: &str = ", …";
/// In place of a share of nothing.
pub(crate) const NO_OBJECT: &str = "sans objet";
/// What stands in a hidden cell.
pub const HIDDEN: &str = "masqué";
/// A merge was stopped.
pub const CANCELLED_MERGE: &str = "Fusion annulée. Les fichiers choisis sont gardés : ajoutez-en ou retirez-en un pour reprendre.";
/// The reading of a base was stopped.
pub const CANCELLED_BASE: &str = "Lecture de la base annulée.";
/// The copy of a partial that is in the base already.
pub const RECEIVED_AGAIN: &str = "Déjà reçu (même empreinte), compté une fois.";

/// A merge is done: what became of each file.
pub fn merged(accepted: u64, refused: u64, again: u64) -> String {
    format!(
        "Contrôle et fusion terminés : {}.",
        checked(accepted, refused, again)
    )
}

/// How many files were accepted, refused, received already.
pub fn checked(accepted: u64, refused: u64, again: u64) -> String {
    let mut words = count(accepted, "agrégat accepté", "agrégats acceptés");
    words.push_str(", ");
    match refused {
        0 => words.push_str("aucun refusé"),
        refused => words.push_str(&count(refused, "refusé", "refusés")),
    }
    if again > 0 {
        words.push_str(&format!(", {}", count(again, "déjà reçu", "déjà reçus")));
    }
    words
}

/// How many communes are shown of those that the base holds.
pub fn first_communes(shown: usize, all: usize) -> String {
    format!(
        "{} communes sur {} sont montrées ici ; la base et ses exports les ont toutes.",
        numbers::count(shown as u64),
        numbers::count(all as u64)
    )
}

/// A campaign came among the partials.
pub fn campaign_taken(file: &str) -> String {
    spaced(&format!(
        "« {file} », déposé avec les agrégats, sert de campagne."
    ))
}

/// The campaign in use, which was read or is the page's own.
pub fn campaign_in_use(
    own: bool,
    (id, territory): (&str, &str),
    (communes, landlords): (usize, usize),
    (threshold, reading): (u32, BearsOn),
) -> String {
    format!(
        "{} : « {id} » ({territory}), {}, {}, seuil de {threshold} {}.",
        if own {
            "Campagne employée sans ce fichier"
        } else {
            "Campagne lue"
        },
        count(communes as u64, "commune", "communes"),
        count(landlords as u64, "bailleur", "bailleurs"),
        bears_on(reading)
    )
}

/// The file was read again with what was answered.
pub const READ_AGAIN: &str = "Vos choix sont pris en compte : le fichier a été relu avec eux, et l'aperçu plus bas en tient compte.";
/// The same, and it cannot be taken.
pub const READ_AGAIN_IN_VAIN: &str = "Le fichier a été relu avec vos choix, et ne donne pas d'agrégat : pourquoi est dit en haut de l'écran.";

/// How many results are between bounds, after how many are published.
pub fn and_bounded(bounded: u64) -> String {
    match bounded {
        0 => String::new(),
        bounded => format!("{NBSP}; {}", count(bounded, "encadré", "encadrés")),
    }
}

/// The first choice of the list of landlords.
pub const LANDLORD_FROM_FILE: &str = "d'après le fichier";
/// Leads to that list.
pub const CHOOSE_LANDLORD: &str = "Choisir le bailleur";
/// The name of its place, in the errors that ask for it.
pub const CAMPAIGN_PLACE: &str = "Campagne (facultatif)";
/// The campaign's file is to be given.
pub const GIVE_CAMPAIGN: &str = "Donner le fichier de campagne";
/// Names of landlords are to be told.
pub const TELL_NAMES: &str = "Dire de qui sont ces lignes";
/// A read was stopped.
pub const CANCELLED: &str =
    "Lecture annulée. Rien n'a été conservé de ce fichier ; vos réglages sont gardés.";
/// The reading of an optional file was stopped.
pub const CANCELLED_BESIDE: &str =
    "Lecture annulée : ce qui est affiché n'a pas changé, et le fichier choisi n'est pas retenu.";
/// An optional file cannot be taken.
pub const BESIDE_REFUSED: &str =
    "Ce fichier n'est donc pas retenu, et ce qui est affiché n'a pas changé.";
/// Everything was wiped.
pub const CLEARED: &str = "Tout est effacé : la page ne contient plus rien de votre fichier.";
/// The worker trapped.
pub const CRASHED: &str = "Le calcul s'est arrêté de façon imprévue et tout ce qui avait été lu est effacé. La page reste utilisable : vérifiez que le fichier s'ouvre dans votre tableur, enregistrez-le à nouveau, puis choisissez-le une autre fois.";
/// The worker could not start.
pub const NO_WORKER: &str = "Votre navigateur n'a pas pu démarrer le calcul. Rechargez la page ; si cela persiste, essayez avec Edge, Chrome ou Firefox à jour.";
/// The safe file could not be read back.
pub const UNREADABLE_PREVIEW: &str = "L'agrégat produit n'a pas pu être relu pour vous être montré : il n'est donc pas proposé au téléchargement.";
/// The threshold typed is not a number.
pub const BAD_THRESHOLD: &str = "Le seuil doit être un nombre entier.";
/// A file can no longer be read.
pub const FILE_GONE: &str = "le fichier n'est plus lisible : il a été déplacé, modifié ou fermé depuis qu'il a été choisi. Choisissez-le à nouveau";
/// Several files on an input that takes one.
pub const ONE_FILE_ONLY: &str =
    "Un seul fichier est attendu ici, et plusieurs ont été déposés. Déposez-en un seul.";
/// What was dropped is a folder.
pub const A_FOLDER: &str =
    "C'est un dossier qui a été déposé. Ouvrez-le, puis déposez le fichier lui-même.";
/// What was dropped is not a file.
pub const NOT_A_FILE: &str =
    "Ce qui a été déposé n'est pas un fichier. Déposez le fichier lui-même, depuis l'explorateur.";
/// The other reading of the rule is being computed; nobody has to wait for it.
pub const COMPARING_READINGS: &str = "L'autre lecture de la règle est calculée sur votre poste, pour comparaison : le tableau viendra ici. Ne l'attendez pas, ce qui sortira est déjà complet.";
/// The two readings of the rule are compared.
pub const READINGS_COMPARED: &str = "Les deux lectures de la règle sont comparées ci-dessous.";
/// The comparison stopped; the partial is whole.
pub const READINGS_FAILED: &str = "La comparaison avec l'autre lecture de la règle s'est arrêtée. Ce qui sortira n'en dépend pas ; choisissez le fichier une autre fois pour comparer.";
/// Over a table wider than the screen.
pub const WIDER: &str = "La suite du tableau est à droite\u{a0}: faites-le défiler (souris, doigt ou flèches du clavier).";
/// The base was read.
pub const BASE_READY: &str = "Base lue. Choisissez un indicateur et une maille.";
/// A partial was saved.
pub const PARTIAL_SAVED: &str = "Agrégat partiel enregistré dans vos téléchargements. C'est le seul fichier à transmettre au bureau d'études.";
/// Title of the slip that goes with a partial.
pub const SLIP: &str = "Bordereau d'envoi";
/// A base was saved.
pub const BASE_SAVED: &str = "Base agrégée enregistrée dans vos téléchargements.";
/// An export is being made.
pub const EXPORTING: &str = "Export en préparation…";
/// The chart could not be turned into an image.
pub const NO_IMAGE: &str = "Votre navigateur n'a pas pu faire l'image. Essayez l'autre format d'image, ou une version à jour d'Edge, de Chrome ou de Firefox.";
/// No partial was accepted.
pub const NO_BASE: &str = "Aucun agrégat n'est accepté : il n'y a pas encore de résultat.";
/// Every landlord of the campaign is there.
pub const NONE_MISSING: &str = "Tous les bailleurs de la campagne sont là.";

/// Name of the file of the example, on screen.
pub const EXAMPLE_FILE: &str = "données fictives";

/// The foot of the page.
pub fn foot(program: &str, version: &str) -> String {
    format!(
        "{program} {version}. Tout est calculé dans votre navigateur : cette page n'envoie rien."
    )
}

/// What a step is called while it runs.
pub fn step(step: Step) -> &'static str {
    match step {
        Step::Opening => "Ouverture du fichier",
        Step::Reading => "Lecture",
        Step::Protecting => "Protection du secret statistique",
        Step::Attacking => "Contrôle du secret : la page attaque l'agrégat",
        Step::Merging => "Contrôle et fusion des agrégats",
    }
}

/// The line under the progress bar.
pub fn progress(at: Step, rows: u64) -> String {
    let name = step(at);
    match (at, rows) {
        (Step::Reading, 0) => format!("{name}…"),
        (Step::Reading, 1) => format!("{name} : 1 ligne lue"),
        (Step::Reading, n) => format!("{name} : {} lignes lues", numbers::count(n)),
        _ => format!("{name}…"),
    }
}

/// A file could not be read.
pub fn read_failed(file: &str, error: &std::io::Error) -> String {
    format!("« {file} » : {error}.")
}

/// A column that is needed has no sure name.
pub fn mapping_needed(file: &str, proposal: &Proposal) -> String {
    let names: Vec<&str> = proposal
        .missing
        .iter()
        .map(|variable| columns::of(*variable).name)
        .collect();
    let sheet = report::sheet(&proposal.sheet);
    let near = |variable| proposal.candidates.iter().any(|c| c.variable == variable);
    let remedy = if proposal.missing.iter().all(|variable| near(*variable)) {
        "Confirmez ci-dessous la colonne qui y ressemble, ou choisissez-en une autre."
    } else {
        "Dites ci-dessous quelle colonne contient chaque variable qui manque, puis confirmez la correspondance ; rien n'est à changer dans le fichier."
    };
    format!(
        "« {file} » : aucune colonne ne s'appelle « {} » ({sheet}en-tête en ligne {}). {remedy}",
        names.join(" », « "),
        proposal.header_row
    )
}

/// A base was saved, and lacks these landlords.
pub fn base_saved_without(missing: &[String]) -> String {
    format!(
        "Base incomplète enregistrée dans vos téléchargements\u{a0}: il y manque {}.",
        missing.join(", ")
    )
}

/// A base was read, and lacks these landlords.
pub fn base_incomplete(missing: &[String]) -> String {
    format!(
        "Elle est incomplète\u{a0}: il y manque {}.",
        missing.join(", ")
    )
}

/// In the name of a file made of a base that lacks landlords.
pub fn incomplete(missing: &[String]) -> &'static str {
    match missing {
        [] => "",
        _ => "-incomplete",
    }
}

/// The landlord's preview is ready, and in whose name it is.
pub fn preview_ready(landlord: &str) -> String {
    format!(
        "Lecture terminée, au nom de « {landlord} ». Vérifiez ci-dessous ce qui sortira de votre poste."
    )
}

/// The threshold asked for is under the campaign's.
pub fn threshold_too_low(asked: u32, least: u32) -> String {
    format!(
        "Le seuil {asked} est inférieur à celui de la campagne, {least}. Vous pouvez le relever, jamais l'abaisser."
    )
}

/// What stands for the lines of a crossing below the EPCI.
pub fn no_line_of_crossing(lines: u64) -> String {
    format!(
        "Un croisement n'est publié que pour l'EPCI\u{a0}: ici, {}, tous les effectifs et tous les répondants masqués.",
        count(lines, "ligne", "lignes")
    )
}

/// How many of the dwellings surveyed stand where something is known.
pub fn covered(covered: u64, whole: u64) -> String {
    format!(
        "Logements enquêtés : {}. Les communes dont au moins un résultat est publié ou encadré en regroupent {}, soit {}.",
        numbers::count(whole),
        numbers::count(covered),
        share(covered, whole)
    )
}

/// A file was saved.
pub fn exported(file: &str) -> String {
    format!("« {file} » est enregistré dans vos téléchargements.")
}

/// On what the threshold bears.
pub fn bears_on(reading: BearsOn) -> &'static str {
    match reading {
        BearsOn::Effectif => "sur chaque effectif",
        BearsOn::Population => "sur la population de chaque résultat",
    }
}

/// The threshold and on what it bears: « seuil de 11 sur chaque effectif ».
pub(crate) fn threshold(threshold: u32, reading: BearsOn) -> String {
    format!("seuil de {threshold} {}", bears_on(reading))
}

/// The readings of the rule that a landlord may choose: the campaign's, or a
/// stricter one; value, then words.
pub fn readings(campaign: BearsOn) -> &'static [(&'static str, &'static str)] {
    match campaign {
        BearsOn::Effectif => &[("", "effectif (campagne)")],
        BearsOn::Population => &[
            ("", "population (campagne)"),
            ("effectif", "effectif, plus stricte"),
        ],
    }
}

/// What the readings are, and whether there is one to choose.
pub fn reading_help(campaign: BearsOn) -> &'static str {
    match campaign {
        BearsOn::Effectif => {
            "Chaque nombre publié atteint le seuil : c'est la lecture la plus stricte, et la campagne n'en permet pas d'autre."
        }
        BearsOn::Population => {
            "Effectif : chaque nombre publié atteint le seuil. Population : c'est l'ensemble que chaque résultat décrit (les ménages d'une commune…) qui l'atteint."
        }
    }
}

/// Why cells are hidden for themselves.
pub fn hidden_for_themselves(threshold: u32, reading: BearsOn) -> String {
    match reading {
        BearsOn::Effectif => format!("sous {threshold}, ou égaux à tous les répondants"),
        BearsOn::Population => {
            format!(
                "nuls, égaux à tous les répondants, ou sur moins de {threshold} logements, ménages ou personnes"
            )
        }
    }
}

/// A date `AAAA-MM-JJ` as it is written in French; anything else as it is.
///
/// ```
/// use ops_mixite::words::ui::date;
/// assert_eq!(date("2024-01-01"), "1er janvier 2024");
/// assert_eq!(date("2026-11-23"), "23 novembre 2026");
/// assert_eq!(date("demain"), "demain");
/// ```
pub fn date(iso: &str) -> String {
    const MONTHS: [&str; 12] = [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ];
    let parts = || {
        let mut parts = iso.split('-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        let month = MONTHS.get(month.parse::<usize>().ok()?.checked_sub(1)?)?;
        let day: u8 = day.parse().ok()?;
        let day = if day == 1 {
            "1er".to_owned()
        } else {
            day.to_string()
        };
        Some(format!("{day} {month} {year}"))
    };
    if !crate::campaign::is_date(iso) {
        return iso.to_owned();
    }
    parts().unwrap_or_else(|| iso.to_owned())
}

/// « 1 ligne », « 12 lignes ».
pub fn count(n: u64, one: &str, many: &str) -> String {
    let noun = if n < 2 { one } else { many };
    format!("{}{NBSP}{noun}", numbers::count(n))
}

/// So many rows.
pub(crate) fn rows(n: u64) -> String {
    count(n, "ligne", "lignes")
}

/// So many bytes.
pub(crate) fn bytes(n: usize) -> String {
    count(n as u64, "octet", "octets")
}

/// So many others.
pub(crate) fn others(n: u64) -> String {
    count(n, "autre", "autres")
}

/// The same sentence with the no-break spaces that French wants around double
/// punctuation and quotation marks.
///
/// ```
/// use ops_mixite::words::ui::spaced;
/// assert_eq!(spaced("« a » : oui ; non ?"), "«\u{a0}a\u{a0}»\u{a0}: oui\u{a0}; non\u{a0}?");
/// assert_eq!(spaced("12:30"), "12:30");
/// ```
pub fn spaced(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let before = letter == ' '
            && letters
                .peek()
                .is_some_and(|next| matches!(next, ':' | ';' | '?' | '!' | '»' | '%'));
        let after = letter == ' ' && out.ends_with('«');
        out.push(if before || after { '\u{a0}' } else { letter });
    }
    out
}

/// `part / whole` in per cent with one decimal; `whole` is not zero.
pub fn share(part: u64, whole: u64) -> String {
    let one = u128::from(Rate::ONE);
    let whole = u128::from(whole).max(1);
    // Rounded half away from zero, as everywhere.
    let rate = (2 * u128::from(part) * one + whole) / (2 * whole);
    numbers::percent(Rate(u32::try_from(rate).unwrap_or(u32::MAX)))
}

/// The same; words where `whole` is zero.
pub(crate) fn share_or_none(part: u64, whole: u64) -> String {
    match whole {
        0 => NO_OBJECT.to_owned(),
        whole => share(part, whole),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_agree_with_their_noun() {
        assert_eq!(count(0, "ligne", "lignes"), "0\u{a0}ligne");
        assert_eq!(count(1, "ligne", "lignes"), "1\u{a0}ligne");
        assert_eq!(count(1200, "ligne", "lignes"), "1\u{202f}200\u{a0}lignes");
    }

    #[test]
    fn a_landlord_can_tighten_the_reading_and_never_loosen_it() {
        let values = |campaign| {
            readings(campaign)
                .iter()
                .map(|(v, _)| *v)
                .collect::<Vec<_>>()
        };
        assert_eq!(values(BearsOn::Effectif), [""]);
        assert_eq!(values(BearsOn::Population), ["", BearsOn::Effectif.id()]);
    }

    #[test]
    fn shares_are_in_per_cent() {
        assert_eq!(share(2, 3), "66,7\u{202f}%");
        assert_eq!(share(0, 3), "0,0\u{202f}%");
        assert_eq!(share(3, 3), "100,0\u{202f}%");
    }
}

//! What the landlord reads of the partial before it leaves.

use super::{labels, numbers, ui};
use crate::campaign::BearsOn;
use crate::indicator;
use crate::partial::AppliedRules;
use crate::secrecy::SummaryLine;

/// « Le fichier **x.partiel.json** contient ce qui suit … »: before its name, and
/// after it.
pub(crate) const FILE_HOLDS: &str = "Le fichier ";
/// See [`FILE_HOLDS`].
pub(crate) fn file_holds(size: usize) -> String {
    format!(
        " contient ce qui suit, et rien d'autre\u{a0}: cet aperçu est fait des {} mêmes qui seront enregistrés.",
        ui::bytes(size)
    )
}

pub(crate) const MENTION: &str = "Mention";
pub(crate) const SOFTWARE: &str = "Logiciel";
pub(crate) const NO_TABLE: &str = "Ce fichier n'a pas de tableau.";

/// What a table counts, beside its title: its unit, and the mention.
pub(crate) const CROSSING_UNIT: &str = " (ménages, ";
pub(crate) const BOTH_ANSWERED: &str = "Répondants aux deux questions";

/// Before the names of the tables that were withdrawn.
pub(crate) const WITHDRAWN: &str =
    "Tableaux retirés, où rien n'est publiable, ou n'est prouvé sûr\u{a0}: ";

pub(crate) const HIDDEN_BY_TABLE: &str =
    "Ce qui est masqué, tableau par tableau (affiché ici seulement)";
pub(crate) const NEVER_WHY: &str = "Le fichier ne dit jamais pourquoi un effectif est masqué\u{a0}: le dire permettrait de le retrouver.";
pub(crate) const HIDDEN_LABEL: &str = "Effectifs masqués par tableau et par niveau";
pub(crate) const HIDDEN_CAPTION: &str = "Effectifs publiés et masqués";
pub(crate) const TABLE: &str = "Tableau";
/// The columns of numbers of that table, in order.
pub(crate) const HIDDEN_HEADS: [&str; 6] = [
    "Publiés",
    "Masqués pour eux-mêmes",
    "Masqués pour protéger les précédents",
    "Unités couvertes par les effectifs publiés",
    "Unités masquées pour elles-mêmes",
    "Unités masquées pour protéger",
];

/// Over the table of occupation, whose other cells are masked and not protected.
pub(crate) const OCCUPATION_EXEMPT: &str = "Ici seuls les logements loués à des ménages sont protégés. Les autres (vacants, confiés à un tiers) ne disent rien d'un ménage enquêté\u{a0}: leurs petits nombres ne sont pas écrits, mais la règle ne demande pas d'empêcher qu'on les retrouve par soustraction. Là où tous les logements sont loués, les répondants sont masqués\u{a0}: c'est le même nombre, et il n'est écrit qu'une fois.";
/// Before the verdict on the partial, by the reading of the rule.
pub(crate) fn verified(bears_on: BearsOn) -> &'static str {
    match bears_on {
        BearsOn::Effectif => {
            "Vérifié\u{a0}: aucun nombre masqué de ménages ou de personnes ne se retrouve à partir de ce qui sort."
        }
        BearsOn::Population => {
            "Vérifié\u{a0}: la règle est tenue, même pour ce qui se déduirait de ce qui sort."
        }
    }
}
/// The fold over what the verdict leaves aside.
pub(crate) const CAVEATS: &str = "Ce que ce contrôle laisse de côté";

pub(crate) const TEXT: &str = "Le texte du fichier, tel qu'il sera écrit";
pub(crate) const TEXT_LABEL: &str = "Texte du fichier";

/// The text is cut after so many characters.
pub(crate) fn text_cut(characters: usize) -> String {
    format!(
        "Début du fichier\u{a0}: {} premiers caractères. Les tableaux ci-dessus en montrent tout le contenu.",
        numbers::count(characters as u64)
    )
}

/// A part of the units of a line of the summary.
pub(crate) fn of_units(line: &SummaryLine, part: u64) -> String {
    ui::share_or_none(part, line.figures.units)
}

/// How much of a table is hidden at a level, and why.
pub(crate) fn hidden(line: &SummaryLine, rules: &AppliedRules) -> String {
    let figures = &line.figures;
    let (own, protecting) = (figures.hidden_for_themselves, figures.hidden_to_protect);
    let all = numbers::count(figures.published + own + protecting);
    if own + protecting == 0 {
        return format!("Rien n'est masqué à ce niveau\u{a0}: les {all} effectifs sont publiés.");
    }
    let hidden = |n| ui::count(n, "masqué", "masqués");
    // Of an empty table there is nothing to cover.
    let covered = match figures.units {
        0 => String::new(),
        _ => format!(
            " Les effectifs publiés couvrent {} des {}.",
            of_units(line, figures.units_published),
            indicator::table(&line.table).map_or("", |def| labels::unit(def.unit))
        ),
    };
    format!(
        "Affiché ici seulement\u{a0}: sur {all} effectifs à ce niveau, {}, {} pour eux-mêmes ({}), {} pour qu'on ne puisse pas retrouver les précédents.{covered}",
        ui::count(figures.published, "publié", "publiés"),
        hidden(own),
        ui::hidden_for_themselves(rules.threshold, rules.bears_on),
        hidden(protecting),
    )
}

pub(crate) const LINES_BEFORE: &str = "Lignes précédentes";
pub(crate) const LINES_AFTER: &str = "Lignes suivantes";

/// Which lines of a table are shown.
pub(crate) fn lines(first: usize, last: usize, all: usize) -> String {
    format!(
        "Lignes {} à {} sur\u{a0}{}",
        numbers::count(first as u64),
        numbers::count(last as u64),
        numbers::count(all as u64)
    )
}

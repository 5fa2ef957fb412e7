//! The fiche of a maille, and the figures of an indicator in tables.

use super::{heads, labels, numbers, ui};
use crate::base::fraction::Fraction;

pub(crate) const STOCK: &str = "Parc enquêté";
pub(crate) const CAPTION: &str = "Indicateurs de mixité";
/// The head of the column of drawings.
pub(crate) const SCALE: &str = "0\u{202f}% – 100\u{202f}%";
pub(crate) const DRAWING: &str = "Dessin\u{a0}: part de la maille, de 0 à 100\u{202f}%\u{202f}; le trait est la part de l'EPCI, une bande grise va d'une de ses bornes à l'autre\u{202f}; un cadre bleu, d'une borne à l'autre de la maille.";
/// Gaps and indices may not be those of the numbers shown.
pub(crate) const ROUNDED: &str = "Les écarts et les indices sont calculés avant arrondi\u{a0}: ils peuvent différer d'un dixième de ceux des parts affichées.";
pub(crate) const PROFILE: &str = "Profil de fragilité\u{a0}:";
/// Beside a gap that the profile counts.
pub(crate) const ABOVE: &str = "\u{a0}▲";
/// The indicators that have no figure on the whole territory, and why.
pub(crate) fn silent(indicators: &[String]) -> String {
    format!(
        "Sans chiffre pour tout le territoire\u{a0}: {}.",
        indicators.join("\u{202f}; ")
    )
}

pub(crate) const ALL: &str = "Tous les indicateurs sur le territoire";

/// The name of the table, for those who do not see it.
pub(crate) fn label(maille: &str) -> String {
    format!("Fiche\u{a0}: {maille}")
}

/// The button that opens the fiche of a maille that was searched.
pub(crate) fn open(maille: &str) -> String {
    format!("Ouvrir\u{a0}: {maille}")
}

/// The title of two mailles side by side.
pub(crate) fn compared([one, other]: [&str; 2]) -> String {
    format!("{one} et {other}")
}

/// The landlords of one of two mailles.
pub(crate) fn landlords_of(maille: &str) -> String {
    format!("{}, {maille}", heads::LANDLORDS_PRESENT)
}

/// The dwellings of one of two mailles.
pub(crate) fn stock_of(maille: &str) -> String {
    format!("{STOCK}, {maille}")
}

/// Why one side is hidden with the other.
pub(crate) const BOTH_SIDES: &str = "En QPV et hors QPV font le territoire (avec, s'il y en a, les logements dont on ne sait pas où ils sont)\u{a0}: quand l'un est masqué, l'autre l'est souvent aussi, sans quoi le premier se retrouverait par soustraction. Il suffit d'un quartier trop petit pour être montré\u{a0}: c'est pourquoi un grand nombre peut être masqué hors QPV. Les deux sont alors donnés, si possible, entre des bornes.";

/// Where all districts together stand beside the rest.
pub(crate) const ONE_DISTRICT: &str = "Tous les indicateurs, et tous les quartiers ensemble. Pour un seul quartier\u{a0}: sous «\u{a0}Fiche\u{a0}», choisissez-le, puis «\u{a0}Comparer avec\u{a0}» et «\u{a0}Hors QPV\u{a0}».";

/// Under two mailles side by side.
pub(crate) const COMPARED: &str = "L'écart est en points, calculé avant arrondi\u{a0}; il est donné entre des bornes où l'une des deux parts l'est.";
/// The first of the mailles to compare with.
pub(crate) const NO_OTHER: &str = "aucune (la fiche seule)";
/// What a share is a share of.
pub(crate) fn among(indicator: &str) -> String {
    format!("parmi\u{a0}: {}", labels::indicator(indicator).denominator)
}

pub(crate) const DEFINED_BY: &str = "Source de la définition";
pub(crate) const MAILLES_BEFORE: &str = "Mailles précédentes";
pub(crate) const MAILLES_AFTER: &str = "Mailles suivantes";
pub(crate) const PAGES_OF_CHART: &str = "Pages du graphique";
/// A residence and its landlord.
pub(crate) fn of_landlord(name: &str, landlord: &str) -> String {
    format!("{name}, {landlord}")
}

/// After the name of a maille of which nothing can be read.
pub(crate) const NOTHING: &str = " – rien de publiable";
/// Over a table without a number.
pub(crate) const ALL_HIDDEN: &str = "Le tableau de ces mailles, toutes masquées";
/// The same, of indicators.
pub(crate) const ALL_INDICATORS_HIDDEN: &str = "Le tableau de ces indicateurs, tous masqués";

/// What a table counts, beside its title: counts and shares of the answers.
pub(crate) fn share_of_answers(unit: &str, mention: &str) -> String {
    format!(" ({unit}, et part des réponses connues\u{202f}; {mention})")
}

/// The same of a crossing, where shares are of a row.
pub(crate) fn share_of_row(unit: &str, mention: &str) -> String {
    format!(" ({unit}, et part de la ligne\u{202f}; {mention})")
}

pub(crate) const WHOLE: &str = "Ensemble";
pub(crate) const UNLISTED: &str =
    "D'autres mailles, dont rien n'est publiable, ne sont pas dans ce tableau.";

/// How many answered both questions of a crossing.
pub(crate) fn both_known(count: Option<u64>, response: Option<Fraction>) -> String {
    let count = count.map_or_else(|| ui::HIDDEN.to_owned(), numbers::count);
    let rate = response.map(|rate| numbers::percent(rate.rounded()));
    let rate = rate.map(|rate| format!(" (taux de réponse {rate})"));
    format!(
        "Réponses connues aux deux questions\u{a0}: {count}{}.",
        rate.unwrap_or_default()
    )
}

/// Over a numerator and its denominator in one cell.
pub(crate) const OUT_OF: &str = "Numérateur sur dénominateur";
/// Over the gap between two mailles.
pub(crate) const GAP_BETWEEN: &str = "Écart (1re\u{a0}−\u{a0}2de)";

/// Shares and statuses at a date, heads of columns.
pub(crate) fn share_on(day: &str) -> String {
    format!("Part au {day}")
}

/// See [`share_on`].
pub(crate) fn status_on(day: &str) -> String {
    format!("Statut au {day}")
}

pub(crate) const CHANGE: &str = "Évolution";
pub(crate) const CHANGE_IN_POINTS: &str =
    "L'évolution est donnée en points, seulement là où les deux parts sont publiées.";
pub(crate) const NOT_IN_BASE: &str = "absente de la base";

/// The heat table.
pub(crate) const PAGES_OF_HEAT: &str = "Pages du tableau de chaleur";
pub(crate) const LEGEND: &str = "Légende";
pub(crate) const BOUNDED_SIGN: &str = "a–b";
pub(crate) const BOUNDED: &str = "encadré par deux bornes";
pub(crate) const HEAT_READING: &str = "Indice 100\u{a0}: part de la maille rapportée à celle de l'EPCI. Une couleur n'est ni bonne ni mauvaise\u{a0}: elle dit l'écart.";

/// What the heat table's cells are, beside its title.
pub(crate) fn heat_unit(mention: &str) -> String {
    format!(" (parts en\u{a0}%\u{202f}; {mention})")
}

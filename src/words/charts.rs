//! What is written on charts and in the tables of figures under them.

use super::{labels, numbers, ui};
use crate::base::fraction::Gap;
use crate::base::{Base, Status};
use crate::campaign::Rate;
use crate::partial::AppliedRules;
use crate::table::Level;

/// Most names in a sentence under a chart.
const MAX_NAMES: usize = 6;

/// A name and what is said of it.
pub(crate) fn named(name: &str, said: &str) -> String {
    format!("{name}\u{a0}: {said}")
}

/// The mentions of two bases that are compared.
pub(crate) fn mentions(now: &str, before: &str) -> String {
    format!("{now}{AND}{before}")
}

/// An indicator in and out of QPV, and the gap between the two.
pub(crate) fn contrast(indicator: &str, inside: &str, outside: &str, gap: &str) -> String {
    format!("{indicator}\u{a0}: {IN_QPV} {inside}, {OUT_OF_QPV} {outside}{gap}")
}

/// Some of what a maille divides into, and not all.
pub const PARTIAL: &str = "partielle";

/// What that means.
pub const PARTIAL_MEANING: &str = "certaines catégories sont publiées, les autres masquées\u{202f}; on connaît leur somme quand les réponses connues le sont";

/// A status, in a word.
pub fn status(status: Status) -> &'static str {
    match status {
        Status::Published => "publié",
        Status::Bounded => "encadré",
        Status::Secret => "secret",
        Status::LowResponse => "réponse insuffisante",
    }
}

/// The same, of a result that may be hidden for want of a table that a landlord present
/// lacks.
pub fn status_of(status: Status, lacking: bool) -> &'static str {
    match lacking {
        true => LACKING,
        false => self::status(status),
    }
}
/// Its status then.
pub const LACKING: &str = "donnée absente";

/// What a status means under these rules.
pub fn status_meaning(status: Status, rules: &AppliedRules) -> String {
    match status {
        Status::Published => "valeur exacte".to_owned(),
        Status::Bounded => {
            "la valeur exacte est masquée\u{202f}; elle est comprise entre ces bornes".to_owned()
        }
        Status::Secret => format!(
            "effectif masqué\u{a0}: au moins un bailleur présent ne peut pas le publier (seuil de {}, 0\u{202f}% ou 100\u{202f}%), ou n'a pas cette donnée",
            rules.threshold
        ),
        Status::LowResponse => format!(
            "moins de {} de réponses à cette question",
            numbers::percent(rules.min_response)
        ),
    }
}

/// What a status means, in the legend of a chart.
pub fn short_meaning(status: Status) -> &'static str {
    match status {
        Status::Published => "valeur exacte",
        Status::Bounded => "valeur exacte masquée, comprise entre ces bornes",
        Status::Secret => "effectif qu'un bailleur présent ne peut pas publier",
        Status::LowResponse => "trop peu de réponses à cette question pour publier une part",
    }
}

/// Between two bounds.
pub(crate) const AND: &str = " et ";

/// Bounds of a share: « entre 41,0 % et 52,0 % ».
pub fn between(min: Rate, max: Rate) -> String {
    format!(
        "entre {} et {}",
        numbers::at_least(min),
        numbers::at_most(max)
    )
}

/// Bounds of a share where there is little room: « 41,0–52,0 % ».
pub fn range(min: Rate, max: Rate) -> String {
    format!(
        "{}–{}",
        bare(&numbers::at_least(min)),
        numbers::at_most(max)
    )
}

/// Bounds of a share in a table whose unit its caption says: « 41,0–52,0 ».
pub fn bare_range(min: Rate, max: Rate) -> String {
    format!(
        "{}–{}",
        bare(&numbers::at_least(min)),
        bare(&numbers::at_most(max))
    )
}

/// Bounds of a gap: « entre −3,3 et −0,7 pt ».
pub fn between_gaps(bounds: (Gap, Gap)) -> String {
    let (min, max) = gap_ends(bounds);
    format!("entre {min} et {max}")
}

/// Bounds of a gap where there is little room: « −3,3 à −0,7 pt ».
pub fn gap_range(bounds: (Gap, Gap)) -> String {
    let (min, max) = gap_ends(bounds);
    format!("{min} à {max}")
}

/// Both ends of a gap, rounded outward; the second says the unit of both.
fn gap_ends((min, max): (Gap, Gap)) -> (String, String) {
    let min = numbers::points_at_least(min.0);
    let min = min.trim_end_matches(['p', 't', 's', numbers::THIN]);
    (min.to_owned(), numbers::points_at_most(max.0))
}

/// A status and what it means, under a chart.
pub fn note(of: Status) -> String {
    format!("« {} »\u{a0}: {}", status(of), short_meaning(of))
}

/// The mailles that a chart does not draw: how many, which, and why. `None` when
/// there are none.
pub fn left_out(word: &str, meaning: &str, names: impl Iterator<Item = String>) -> Option<String> {
    let names: Vec<String> = names.collect();
    let count = ui::count(
        names.len() as u64,
        "maille non dessinée",
        "mailles non dessinées",
    );
    let first = first_names(&names);
    (!names.is_empty()).then(|| format!("« {word} »\u{a0}: {count} ({first})\u{202f}; {meaning}"))
}

/// The same of mailles that have a status.
pub fn left_out_as(of: Status, names: impl Iterator<Item = String>) -> Option<String> {
    left_out(status(of), short_meaning(of), names)
}

/// Some names, and that there are others.
pub(super) fn first_names(names: &[String]) -> String {
    let more = if names.len() > MAX_NAMES {
        ui::AND_SO_ON
    } else {
        ""
    };
    format!("{}{more}", names[..names.len().min(MAX_NAMES)].join(", "))
}

/// The indicators that can be read neither in nor out of QPV.
pub fn neither_side(names: &[&str]) -> String {
    format!(
        "non dessinés, rien n'étant publiable ni en QPV ni hors QPV\u{a0}: {}",
        names.join(", ")
    )
}

/// That ranks are not sure, when some are not.
pub fn unsure(mailles: usize) -> Option<String> {
    let words = match mailles {
        0 => return None,
        1 => {
            "Le rang d'une maille n'est pas sûr\u{a0}: sa valeur n'est connue qu'entre deux bornes"
                .to_owned()
        }
        n => format!(
            "Le rang de {n} mailles n'est pas sûr\u{a0}: leur valeur n'est connue qu'entre deux bornes"
        ),
    };
    Some(format!("{words}, dont le milieu les range"))
}

/// What a drawing carries: the mention, the territory and its date.
pub fn source(base: &Base) -> String {
    sourced(&base.file().mention, base)
}

/// The same with another mention.
pub fn sourced(mention: &str, base: &Base) -> String {
    let file = base.file();
    let awaited = base.awaited();
    let without = match awaited.is_empty() {
        true => String::new(),
        false => format!(", sans {}", awaited.join(", ")),
    };
    format!(
        "{mention} – {}, situation au {}{without}",
        file.territory.name,
        ui::date(&file.reference_date)
    )
}

/// What a share is a share of: « 94 sur 204 ».
pub fn out_of(part: u64, whole: u64) -> String {
    part_of(&numbers::count(part), &numbers::count(whole))
}

/// The same of numbers in words, of which one may be bounds.
pub(crate) fn part_of(part: &str, whole: &str) -> String {
    format!("{part} sur {whole}")
}

/// Bounds of a count: « entre 41 et 52 ».
pub fn between_counts(min: u64, max: u64) -> String {
    format!("entre {} et {}", numbers::count(min), numbers::count(max))
}

/// A count, or its bounds, in as few words: « 41 », « 41 à 52 ».
pub fn count_range(min: u64, max: u64) -> String {
    match min == max {
        true => numbers::count(min),
        false => format!("{} à {}", numbers::count(min), numbers::count(max)),
    }
}

/// The title of a chart.
pub fn title(indicator: &str, level: Level) -> String {
    format!(
        "{} – {}",
        labels::indicator(indicator).label,
        in_a_sentence(labels::levels(level))
    )
}

/// The title of a chart of gaps.
pub fn gap_title(indicator: &str, level: Level) -> String {
    format!("{} – écart à l'EPCI", title(indicator, level))
}

/// The title of a chart of changes.
pub fn change_title(indicator: &str, level: Level, since: &str) -> String {
    format!("{} – évolution depuis le {since}", title(indicator, level))
}

/// The title of the comparison in and out of QPV.
pub const CONTRAST_TITLE: &str = "En QPV et hors QPV – ensemble du territoire";

/// What that comparison's rows hold.
pub const CONTRAST_UNIT: &str =
    "parts sur l'ensemble du territoire\u{202f}; dénominateur de chaque indicateur dans le tableau";

/// Inside the priority districts.
pub const IN_QPV: &str = "en QPV";
/// Outside of them.
pub const OUT_OF_QPV: &str = "hors QPV";

/// A class of a map: « de 12,3 % à 18,4 % (7 mailles) ».
pub fn class(low: Rate, high: Rate, count: usize) -> String {
    let noun = if count < 2 { "maille" } else { "mailles" };
    if low == high {
        return format!("{} ({count}\u{a0}{noun})", numbers::percent(low));
    }
    format!(
        "de {} à {} ({count}\u{a0}{noun})",
        numbers::percent(low),
        numbers::percent(high)
    )
}

/// A value on a map, whose unit its legend says: « 23,1 ».
pub fn map_value(share: Rate) -> String {
    bare(&numbers::percent(share)).to_owned()
}

fn bare(percent: &str) -> &str {
    percent.trim_end_matches([numbers::THIN, '%'])
}

/// Where the values of a map are.
pub const IN_THE_TABLE: &str = "Les valeurs de chaque maille sont dans le tableau.";

/// Mailles that a map cannot show.
pub fn without_contour(names: &[&str]) -> String {
    format!("sans contour dans le fichier\u{a0}: {}", names.join(", "))
}

/// The title of a composition.
pub fn composition_title(table: &str, level: Level) -> String {
    format!(
        "{} – {}",
        labels::table(table),
        in_a_sentence(labels::levels(level))
    )
}

/// The title of a crossing on a maille.
pub(crate) fn crossing_title(table: &str, maille: &str) -> String {
    format!("{} – {maille}", labels::table(table))
}

/// Numerator and denominator, printed under every title.
pub fn definition(indicator: &str) -> String {
    let words = labels::indicator(indicator);
    format!("{} / {}", words.numerator, words.denominator)
}

/// The EPCI among mailles, in a word.
pub const EPCI: &str = "Ensemble (EPCI)";

/// The line of the EPCI.
pub fn epci(share: Rate) -> String {
    format!("EPCI\u{a0}: {}", numbers::percent(share))
}

/// The EPCI where its share is known between bounds.
pub fn epci_between((min, max): (Rate, Rate)) -> String {
    format!("EPCI\u{a0}: {}", between(min, max))
}

/// Where the EPCI has no share at all.
pub const EPCI_HIDDEN: &str = "EPCI\u{a0}: valeur non publiée, pas d'écart";

/// Where a maille has a share and the EPCI none.
pub const NO_GAP: &str = "écart non publiable";

/// Where a share is published and no change can be.
pub const NO_CHANGE: &str = "évolution non publiable";

/// Why there is no change.
pub const BOTH_SHARES: &str = "les deux parts ne sont pas publiées";

/// What a composition counts.
pub fn composition_unit(unit: crate::indicator::Unit) -> String {
    format!(
        "en\u{a0}% des {} dont la réponse est connue",
        labels::unit(unit)
    )
}

/// Which rows a chart shows, when it does not show all.
pub fn page(first: usize, last: usize, total: usize) -> String {
    if first == 1 {
        format!("les {last} premières mailles sur {total}")
    } else {
        format!("mailles {first} à {last} sur {total}")
    }
}

/// How many mailles of a level are drawn: « 9 communes sur 34 ».
pub fn drawn(level: Level, drawn: usize, all: usize) -> String {
    let mailles = match level {
        Level::QpvSituation => "mailles".to_owned(),
        level => in_a_sentence(labels::levels(level)),
    };
    match drawn {
        1 => format!("une seule maille sur {all}"),
        _ => format!("{drawn} {mailles} sur {all}"),
    }
}

/// After a share of few units.
pub const FEW: &str = " *";

/// What that mark means, under a table.
pub fn of_few_units(units: u64) -> String {
    format!(
        "*\u{a0}: dénominateur inférieur à {units}\u{202f}; quelques-uns de plus ou de moins changent beaucoup la part."
    )
}

/// The same in a drawing of one indicator.
pub fn of_few(indicator: &str, units: u64) -> String {
    format!(
        "*\u{a0}: dénominateur inférieur à {units} ({})\u{202f}; quelques-uns de plus ou de moins changent beaucoup la part",
        labels::indicator(indicator).denominator
    )
}

/// No row at all.
pub const NO_ROW: &str = "Aucune maille à ce niveau pour cet indicateur.";

/// A crossing that some of the partials lack.
pub fn lacking_crossing(crossing: &str, lacking: &[String], landlords: usize) -> String {
    let names: Vec<String> = lacking.iter().map(|name| format!("« {name} »")).collect();
    let names = names.join(", ");
    let (they, files) = match lacking.len() {
        1 => ("L'agrégat de", "de ce bailleur"),
        _ => ("Les agrégats de", "de ces bailleurs"),
    };
    format!(
        "« {crossing} » : {they} {names} ({} sur {landlords}) ne le porte{} pas, soit que le fichier {files} n'en ait pas les colonnes, soit que la preuve de sa protection n'ait pas été trouvée. Aucun nombre n'en est donc donné : la somme des autres passerait pour celle du territoire.",
        lacking.len(),
        if lacking.len() > 1 { "nt" } else { "" },
    )
}

/// Under a crossing: of what its shares are.
pub const SHARE_OF_A_ROW: &str = "« Ensemble » compte tous les ménages de la ligne, que leur réponse à la seconde question soit connue ou non. La part est celle de la case dans cet ensemble ; elle manque où il est masqué.";

/// No crossing in the base.
pub const NO_CROSSING: &str = "Cette base ne contient pas de croisement de deux variables\u{a0}: les agrégats des bailleurs n'en portaient pas.";

/// The name of the part of a bar that is hidden.
pub const HIDDEN_PART: &str = "masqué (secret)";

/// Where the hidden parts of a bar are drawn.
pub const MASKED_TOGETHER: &str =
    "hachures\u{a0}: les catégories masquées d'une maille, ensemble, à la place de la première";

/// The hidden parts of a bar, together: « catégories masquées, ensemble 27,0 % ».
pub fn masked_sum(sum: Rate) -> String {
    format!("catégories masquées, ensemble {}", numbers::percent(sum))
}

/// The head of the column of their sum.
pub const MASKED_COLUMN: &str = "Catégories masquées, ensemble";

/// A response rate that is too low: « réponse insuffisante (48,2 %) ».
pub fn low_response(response: Option<Rate>) -> String {
    match response {
        Some(rate) => format!(
            "{} ({})",
            status(Status::LowResponse),
            numbers::percent(rate)
        ),
        None => status(Status::LowResponse).to_owned(),
    }
}

/// Lower case for the first letter, unless the word is an acronym.
pub(super) fn in_a_sentence(words: &str) -> String {
    let mut letters = words.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => words.to_owned(),
    }
}

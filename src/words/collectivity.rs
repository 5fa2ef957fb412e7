//! What the collectivité's screen says.

use super::{charts, heads, labels, numbers};
use crate::base::fraction::{Fraction, Gap};
use crate::campaign::Rate;
use crate::chart::{Absence, Column, View};

/// An earlier base was read.
pub const BEFORE_READY: &str =
    "Base antérieure lue : l'évolution est dans le choix « Représentation ».";
/// Another file was refused while a base was on screen.
pub const BASE_KEPT: &str = "La base affichée n'a pas changé.";
/// A file beside the base is refused.
pub fn refused(file: &str) -> String {
    format!("« {file} » ne peut pas servir ici.")
}

/// Contours were read.
pub const CONTOURS_READY: &str =
    "Contours lus : la carte est dans le choix « Représentation ». Ils ne quittent pas cette page.";

/// A way of showing an indicator.
pub fn view(view: View) -> &'static str {
    match view {
        View::Ranking => "Classement",
        View::Gaps => "Écarts à l'EPCI",
        View::Composition => "Composition",
        View::Contrast => "En QPV et hors QPV",
        View::Map => "Carte",
        View::Evolution => "Évolution",
    }
}

/// A theme over the indicators to choose from, in the words that one looks for.
pub(crate) fn theme(theme: &str) -> &str {
    match theme {
        "Ressources" => "Ressources (revenus modestes, revenus élevés)",
        "Ménages" => "Ménages (personnes seules, familles)",
        "Activité" => "Activité (emploi, chômage)",
        theme => theme,
    }
}

/// Over the ways of showing that need another file, as long as it is not there.
pub(crate) const WITH_A_FILE: &str = "Avec un fichier de plus (contours, base antérieure)";

/// Why there is no drawing, and what to do.
pub fn absence(absence: Absence) -> &'static str {
    match absence {
        Absence::NoComposition => {
            "Cet indicateur croise deux variables : il n'a pas de composition. Choisissez un autre indicateur ou une autre représentation."
        }
        Absence::NoQpv => {
            "Cette base ne distingue pas les quartiers prioritaires (QPV) : les fichiers des bailleurs ne les indiquaient pas."
        }
        Absence::NoContours => {
            "Déposez dans « Contours (facultatif) » un fichier GeoJSON des communes (code INSEE) ou des QPV : la page n'en contient pas."
        }
        Absence::NoContourHere => {
            "Aucun contour du fichier ne porte le code d'une maille de ce niveau. Choisissez le niveau des contours, ou déposez un autre fichier."
        }
        Absence::NoEarlierBase => {
            "Déposez dans « Base antérieure (facultatif) » la base agrégée d'une enquête plus ancienne du même territoire."
        }
        // Where there are mailles, `words::nothing` says more.
        Absence::NothingToRead => charts::NO_ROW,
        Absence::NothingInQpv => {
            "Rien n'est publiable en QPV ni hors QPV : chaque part repose sur un nombre trop petit, ou permettrait, par soustraction avec le total du territoire, d'en retrouver un. Choisissez « Classement » et « Communes »."
        }
        Absence::NoReference => {
            "La part de l'EPCI n'est pas publiable pour cet indicateur : il n'y a rien à quoi comparer les mailles. Choisissez « Classement »."
        }
        Absence::NoChange => {
            "Aucune évolution n'est publiable ici : aucune maille de ce niveau n'a une part exacte dans les deux enquêtes. Le tableau donne ce qui est connu de chacune ; choisissez « Communes » ou un autre indicateur."
        }
    }
}

/// Why a base has no districts: some landlords' partials have none.
pub fn without_districts_of(landlords: &[String]) -> String {
    let names: Vec<String> = landlords.iter().map(|name| format!("« {name} »")).collect();
    format!(
        "Cette base ne distingue pas les quartiers prioritaires (QPV), que l'agrégat d'au moins un bailleur ne donne pas : {}. La somme des autres passerait pour celle du territoire. Si son fichier ne porte pas le code du quartier de chaque logement (QN…), le bureau d'études peut le lui demander, ou le donner par programme dans la table de passage de la campagne. S'il le porte, son agrégat n'a pu en rien publier qui soit prouvé sûr.",
        names.join(", ")
    )
}

/// Which indicators have no value in or out of QPV, and why.
pub fn without_district(indicators: &str) -> String {
    format!(
        "Sans valeur en QPV ni hors QPV : {indicators}. Les agrégats des bailleurs ne comptent par quartier que les logements et les ménages ; ils comptent les personnes (âge, activité) par commune, secteur et programme."
    )
}

/// The head of a column of figures.
pub fn column(column: Column) -> &'static str {
    match column {
        Column::Name => heads::MAILLE,
        Column::Share => heads::SHARE,
        Column::Numerator => heads::NUMERATOR,
        Column::Denominator => heads::DENOMINATOR,
        Column::Gap => heads::EPCI_GAP,
        Column::Index => heads::INDEX_100,
        Column::Response => heads::RESPONSE_RATE,
        Column::Status => heads::STATUS,
    }
}

/// *Indice 100*, in hundredths, as it is read: « 118 ».
pub fn index_100(index: u64) -> String {
    numbers::count((index + 50) / 100)
}

/// What the profile of a maille counts.
pub fn profile(above: usize, known: usize, all: usize, least: Gap) -> String {
    if known == 0 {
        return format!(
            "aucun des {all} indicateurs n'a d'écart exact à l'EPCI sur cette maille : le profil ne peut pas être établi."
        );
    }
    let least = numbers::points(least.0);
    let least = least.trim_start_matches('+');
    let compared = match known {
        1 => format!("un seul des {all} indicateurs se compare ici à l'EPCI"),
        n if n == all => format!("les {all} indicateurs se comparent à l'EPCI"),
        n => format!("{n} des {all} indicateurs se comparent ici à l'EPCI"),
    };
    let above = match (above, known) {
        (0, 1) => format!("il ne le dépasse pas de {least} ou plus"),
        (_, 1) => format!("il le dépasse de {least} ou plus"),
        (0, _) => format!("aucun ne le dépasse de {least} ou plus"),
        (1, _) => format!("un seul le dépasse de {least} ou plus"),
        (n, _) => format!("{n} le dépassent de {least} ou plus"),
    };
    let hidden = match all - known {
        0 => "",
        1 => " L'autre n'a pas d'écart exact : il n'est pas compté.",
        _ => " Les autres n'ont pas d'écart exact : ils ne sont pas comptés.",
    };
    format!("{compared} ; {above}.{hidden}")
}

/// The dwellings surveyed and, of those, the households: each where it is
/// published.
pub fn stock(dwellings: Option<u64>, households: Option<u64>) -> String {
    let hidden = || super::ui::HIDDEN.to_owned();
    format!(
        "logements\u{a0}: {}\u{202f}; loués à des ménages\u{a0}: {}",
        dwellings.map_or_else(hidden, numbers::count),
        households.map_or_else(hidden, numbers::count)
    )
}

/// That units which hold less than half of the people say nothing of the others.
pub fn minority(units: usize, covered: Fraction) -> String {
    format!(
        "ils ne portent que sur {}, où se trouvent {} des répondants de l'EPCI, moins de la moitié. Ils comparent ces mailles entre elles et ne décrivent pas le territoire.",
        super::ui::count(units as u64, "maille", "mailles"),
        numbers::percent(covered.rounded())
    )
}

/// What an index of dissimilarity says, in words.
pub fn dissimilarity(value: f64, people: &str) -> String {
    // Between 0 and 1; hundred-thousandths, as every share.
    let share = Rate((value.clamp(0.0, 1.0) * f64::from(Rate::ONE)).round() as u32);
    format!(
        "Dissimilarité de {} : il faudrait que {} des {people} du groupe changent de maille pour qu'il soit réparti comme les autres entre les mailles comparées.",
        numbers::index_read(value),
        numbers::percent(share)
    )
}

/// The units of an index and what they hold.
pub fn covered(units: usize, covered: Option<Fraction>) -> String {
    let units = super::ui::count(units as u64, "maille publiée", "mailles publiées");
    match covered {
        Some(part) => format!(
            "{units}, qui rassemblent {} des répondants de l'EPCI",
            numbers::percent(part.rounded())
        ),
        None => format!("{units} ; leur poids dans l'EPCI n'est pas publié"),
    }
}

/// The mailles that the heat table leaves out.
pub fn silent(mailles: usize) -> String {
    let them = super::ui::count(mailles as u64, "maille n'a", "mailles n'ont");
    let it = if mailles < 2 { "la" } else { "les" };
    format!("{them} aucun indicateur publiable\u{a0}: ce tableau ne {it} montre pas.")
}

/// Beside the field that searches a maille.
pub const SEARCH: &str =
    "Quelques lettres suffisent, du nom, de la commune ou du bailleur, dans n'importe quel ordre.";
/// How many mailles hold what is searched.
pub fn found(mailles: usize) -> String {
    match mailles {
        0 => "Aucune maille de ce niveau ne porte ces mots.".to_owned(),
        n => format!(
            "{} : à choisir dans les listes.",
            super::ui::count(n as u64, "maille trouvée", "mailles trouvées")
        ),
    }
}

/// What a way of showing makes of the other choices, where it is not what they say.
pub fn view_help(view: View) -> &'static str {
    match view {
        View::Contrast => {
            "Tous les indicateurs, sur l'ensemble du territoire : l'indicateur et la maille choisis n'y changent rien."
        }
        View::Ranking | View::Gaps | View::Composition | View::Evolution | View::Map => "",
    }
}

/// How many mailles are in a list to choose from, when it is not all.
pub fn first_mailles(shown: usize, all: usize) -> String {
    format!(
        "{} mailles à ce niveau : la liste n'en montre que {}. Tapez une partie du nom pour trouver les autres.",
        numbers::count(all as u64),
        numbers::count(shown as u64)
    )
}

/// Columns of the heat table are short of room: the label alone, its unit said
/// once in the caption.
pub fn heat_caption(level: crate::table::Level) -> String {
    format!(
        "Tous les indicateurs, par maille ({})",
        labels::levels(level)
    )
}

/// What the colours of the heat table mean, from far below to far above.
pub const HEAT_CLASSES: [(i8, &str); 7] = [
    (-3, "indice 100 sous 67"),
    (-2, "de 67 à 83"),
    (-1, "de 83 à 95"),
    (0, "de 95 à 105, proche de l'EPCI"),
    (1, "de 105 à 120"),
    (2, "de 120 à 150"),
    (3, "150 et plus"),
];

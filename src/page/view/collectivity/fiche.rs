//! The fiche of a maille, on one printed page; the key figures of the EPCI.

use maud::{Markup, html};

use super::figures::{gap, index};
use super::legend;
use crate::base::fraction::Gap;
use crate::base::profile::{self, FRAGILITY, Profile};
use crate::base::{Base, Status};
use crate::chart::{self, FigureRow};
use crate::page::view::results::{count, key_figures, rate, share};
use crate::page::view::scrolling;
use crate::words::{charts, collectivity, labels, numbers, ui};

/// The smallest gap that the profile counts: under two points, neighbours are
/// not told apart.
const LEAST: Gap = Gap(2_000);
/// The indicators that a meeting of the CIL opens with.
const KEY: [&str; 8] = [
    "seule",
    "mono",
    "lt40",
    "age65",
    "chom_actifs",
    "apl",
    "vac",
    "surocc",
];

/// Every indicator on a maille (*fiche*), made to be printed on one page.
pub fn fiche(base: &Base, zonage: &str, maille: &str) -> Markup {
    let file = base.file();
    let rows = chart::maille(base, zonage, maille);
    let Some((_, first)) = rows.first() else {
        return html! { p { (charts::NO_ROW) } };
    };
    let profile = profile::profile(&file.results, zonage, maille, FRAGILITY, LEAST);
    html! {
        h4 { (first.label()) }
        dl.fiche {
            dt { "Territoire" } dd { (file.territory.name) }
            dt { "Situation au" } dd { (ui::date(&file.reference_date)) }
            dt { "Bailleurs présents" } dd { (first.landlords.join(", ")) }
        }
        @if let Some(profile) = profile { (fragility(&profile)) }
        (scrolling(&format!("Fiche\u{a0}: {}", first.label()), &html! {
            table {
                caption { "Indicateurs de mixité" span.unite { " (" (file.mention) ")" } }
                thead { tr {
                    th scope="col" { "Indicateur" }
                    th.nombre scope="col" { "Part" }
                    th.nombre scope="col" { "Numérateur" }
                    th.nombre scope="col" { "Dénominateur" }
                    th.nombre scope="col" { "Écart à l'EPCI" }
                    th.nombre scope="col" { "Indice 100" }
                    th.nombre scope="col" { "Taux de réponse" }
                    th scope="col" { "Statut" }
                } }
                tbody { @for (key, row) in &rows { (line(key, row)) } }
            }
        }))
        (legend(rows.iter().map(|(_, row)| row.status), &file.rules))
        p.mention { (file.mention) }
    }
}

fn line(key: &str, row: &FigureRow) -> Markup {
    html! {
        tr {
            th scope="row" {
                (labels::indicator(key).label)
                span.sous { "parmi\u{a0}: " (labels::indicator(key).denominator) }
            }
            (share(row))
            (count(row.numerator, row.numerator_bounds))
            (count(row.denominator, row.denominator_bounds))
            (gap(row, false))
            (index(row))
            (rate(row.response))
            td { (charts::status(row.status)) }
        }
    }
}

/// How many indicators stand above the EPCI, never without which.
fn fragility(profile: &Profile) -> Markup {
    let words = collectivity::profile(
        profile.above(),
        profile.known(),
        profile.components.len(),
        profile.least,
    );
    html! {
        div.profil {
            p { strong { "Profil de fragilité\u{a0}:" } " " (ui::spaced(&words)) }
            ul { @for part in &profile.components {
                li class=[part.gap.is_some_and(|gap| gap >= profile.least).then_some("au-dessus")] {
                    (labels::indicator(&part.indicator).label) "\u{a0}: "
                    @match (part.gap, part.status) {
                        (Some(gap), _) => {
                            (numbers::points(gap.0))
                            @if gap >= profile.least { span aria-hidden="true" { "\u{a0}▲" } }
                        },
                        (None, Status::Published) => (charts::NO_GAP),
                        (None, status) => (charts::status(status)),
                    }
                }
            } }
        }
    }
}

/// The EPCI at a glance, then every indicator on it.
pub fn territory(base: &Base) -> Markup {
    let root = base
        .zonages()
        .first()
        .and_then(|zonage| Some((zonage, zonage.mailles.first()?)));
    let rows = root.map_or_else(Vec::new, |(zonage, root)| {
        chart::maille(base, &zonage.id, &root.id)
    });
    let shown = KEY
        .iter()
        .filter_map(|key| rows.iter().find(|(found, _)| found == key));
    html! {
        dl.cles {
            @for (key, row) in shown {
                div {
                    dt { (labels::indicator(key).label) }
                    dd {
                        (row.share_words())
                        @if let (Some(part), Some(whole)) = (row.numerator, row.denominator) {
                            span.sous { (numbers::count(part)) " sur " (numbers::count(whole)) " " (labels::indicator(key).denominator) }
                        }
                    }
                }
            }
        }
        details {
            summary { "Tous les indicateurs sur le territoire" }
            (key_figures(base))
        }
        p.mention { (base.file().mention) }
    }
}

//! What can be chosen: indicator, level, view, maille.

use maud::{Markup, html};

use crate::base::Base;
use crate::chart::{self, Absence, Figures, Picture, View};
use crate::legible::apart;
use crate::order;
use crate::page::view::{commune_of, options, said};
use crate::table::Level;
use crate::words::{alphabetical, charts, collectivity, labels, nothing, ui};

/// The indicators to choose from, by theme: value is the `cle`.
pub fn indicators(base: &Base, chosen: &str) -> Markup {
    let keys = chart::indicators(base);
    html! {
        @for (theme, members) in labels::THEMES {
            @let held = members.iter().copied().filter(|key| keys.contains(key));
            @let choices: Vec<_> = held.map(|key| (key, labels::indicator(key).label)).collect();
            @if !choices.is_empty() {
                optgroup label=(theme) { (options(choices, chosen)) }
            }
        }
    }
}

/// The levels to choose from: value is the level as files spell it.
pub fn levels(levels: &[Level], chosen: Level) -> Markup {
    html! {
        @for level in levels {
            option value=(level.id()) selected[*level == chosen] { (labels::levels(*level)) }
        }
    }
}

/// The ways of showing an indicator.
pub fn views(chosen: View) -> Markup {
    let choices = View::ALL.map(|view| (view.id(), collectivity::view(view)));
    options(choices, chosen.id())
}

/// The mailles of a level that have results, by name: value is `zonage/maille`. The
/// districts group programmes that have theirs in the territory.
pub fn mailles(base: &Base, level: Level, chosen: &str) -> Markup {
    let mut choices: Vec<(String, String)> = base
        .zonages()
        .iter()
        .enumerate()
        .flat_map(|(zone, zonage)| {
            let mailles = zonage.mailles.iter().enumerate();
            let shown = mailles.filter(move |(rank, maille)| {
                maille.level == level && !base.results_on(zone, *rank).is_empty()
            });
            shown.map(move |(_, maille)| {
                let name = match commune_of(zonage, maille) {
                    Some(commune) => format!("{} ({})", apart(&maille.name), apart(commune)),
                    None => maille.name.clone(),
                };
                (format!("{}/{}", zonage.id, maille.id), name)
            })
        })
        .collect();
    order::sort_by_cached_key(&mut choices, |(id, name)| (alphabetical(name), id.clone()));
    let choices = choices
        .iter()
        .map(|(id, name)| (id.as_str(), name.as_str()));
    options(choices, chosen)
}

/// Which of the pages of a chart is drawn, and the buttons to the others.
pub fn chart_pages(picture: &Picture) -> Markup {
    html! {
        @if let Some(place) = picture.place() {
            (super::pages(("Pages du graphique", "page"), place.0 / chart::MAX_BARS, chart::MAX_BARS, place))
        }
    }
}

/// Why there is no drawing, and what to do.
pub fn absence(absence: Absence, base: &Base, figures: &Figures) -> Markup {
    let of_mailles = absence == Absence::NothingToRead && !figures.rows.is_empty();
    html! {
        div.absence {
            @if of_mailles {
                p { strong { (ui::spaced(&nothing::what(figures))) } }
                p { (ui::spaced(&nothing::why(figures))) }
                @if let Some(whose) = nothing::whose(base, figures) { p { (said(&whose)) } }
                p { (ui::spaced(&nothing::remedy(base, figures))) }
            } @else if absence == Absence::NothingToRead {
                p { (charts::NO_ROW) }
            } @else {
                p { (ui::spaced(collectivity::absence(absence))) }
            }
        }
    }
}

/// The title of the table under a chart.
pub(super) fn title(figures: &Figures) -> String {
    charts::title(figures.indicator, figures.level)
}

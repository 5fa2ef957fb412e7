//! What can be chosen: indicator, level, view, maille.

use maud::{Markup, html};

use crate::base::{Base, ResultFile};
use crate::chart::{self, Absence, Figures, Picture, View};
use crate::legible::apart;
use crate::order;
use crate::page::view::{options, said};
use crate::table::Level;
use crate::words::{alphabetical, charts, collectivity, fiche as words, labels, nothing, ui};

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

/// Mailles of a list that the eye goes through; of more, some are searched by name.
pub const AT_A_GLANCE: usize = 12;
/// Most mailles of a list to choose from: more are searched.
pub const MAX_CHOICES: usize = 500;

/// Those of the mailles whose name holds what is searched, by name: value is
/// `zonage/maille`. The first that has something to be read is chosen unless another
/// is.
pub fn mailles(mut choices: Vec<Place>, chosen: &str, searched: &str) -> Markup {
    let searched = alphabetical(searched.trim());
    choices.retain(|place| alphabetical(&place.name).contains(&searched));
    order::sort_by_cached_key(&mut choices, |place| {
        (alphabetical(&place.name), place.id.clone())
    });
    choices.truncate(MAX_CHOICES);
    let kept = choices.iter().position(|place| place.id == chosen);
    let chosen = kept.or_else(|| choices.iter().position(|place| place.readable));
    html! {
        @for (rank, place) in choices.iter().enumerate() {
            option value=(place.id) selected[Some(rank) == chosen] {
                (place.name)
                @if !place.readable { (words::NOTHING) }
            }
        }
    }
}

/// The mailles that one may be compared with, by name: those whose name holds what is
/// searched, and the one that is chosen already.
pub fn others(mut choices: Vec<Place>, chosen: &str, searched: &str) -> Markup {
    let searched = alphabetical(searched.trim());
    choices.retain(|place| place.id == chosen || alphabetical(&place.name).contains(&searched));
    choices.retain(|place| place.readable);
    order::sort_by_cached_key(&mut choices, |place| {
        (place.id != chosen, alphabetical(&place.name))
    });
    choices.truncate(MAX_CHOICES);
    let all = choices.iter();
    let all = all.map(|place| (place.id.as_str(), place.name.as_str()));
    options(std::iter::once(("", words::NO_OTHER)).chain(all), chosen)
}

/// A maille to choose.
pub struct Place {
    id: String,
    name: String,
    readable: bool,
}

/// The mailles of a level that have results. The districts group programmes that have
/// theirs in the territory.
pub fn places(base: &Base, level: Level) -> Vec<Place> {
    base.zonages()
        .iter()
        .enumerate()
        .flat_map(|(zone, zonage)| {
            let mailles = zonage.mailles.iter().enumerate();
            let shown = mailles.filter(move |(rank, maille)| {
                maille.level == level && !base.results_on(zone, *rank).is_empty()
            });
            shown.map(move |(rank, maille)| {
                let name = match zonage.commune_of(maille) {
                    Some(commune) => format!("{} ({})", apart(&maille.name), apart(&commune.name)),
                    None => maille.name.clone(),
                };
                let results = base.results_on(zone, rank).iter();
                Place {
                    id: format!("{}/{}", zonage.id, maille.id),
                    name,
                    readable: results.clone().any(ResultFile::is_readable),
                }
            })
        })
        .collect()
}

/// Which of the pages of a chart is drawn, and the buttons to the others.
pub fn chart_pages(picture: &Picture) -> Markup {
    html! {
        @if let Some(place) = picture.place() {
            (super::pages((words::PAGES_OF_CHART, "page"), place.0 / chart::MAX_BARS, chart::MAX_BARS, place))
        }
    }
}

/// Why there is no drawing, and what to do.
pub fn absence(absence: Absence, base: &Base, figures: &Figures) -> Markup {
    let of_mailles = absence == Absence::NothingToRead && !figures.rows.is_empty();
    let at_districts = matches!(figures.level, Level::Qpv | Level::QpvSituation);
    let of_districts = absence == Absence::NothingInQpv || of_mailles && at_districts;
    html! {
        div.absence {
            @if of_mailles {
                p { strong { (ui::spaced(&nothing::what(figures))) } }
                @if let Some(missing) = nothing::missing(base, figures) {
                    p { (said(&missing)) }
                } @else {
                    p { (ui::spaced(&nothing::why(figures))) }
                    @if let Some(whose) = nothing::whose(base, figures) { p { (said(&whose)) } }
                    p { (ui::spaced(&nothing::remedy(base, figures))) }
                }
            } @else {
                p { (ui::spaced(collectivity::absence(absence))) }
            }
            @if let Some(codes) = of_districts.then(|| nothing::codes(base)).flatten() {
                p { (said(&codes)) }
            }
        }
    }
}

/// The title of the table under a chart.
pub(super) fn title(figures: &Figures) -> String {
    charts::title(figures.indicator, figures.level)
}

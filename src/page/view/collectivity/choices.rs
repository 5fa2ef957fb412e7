//! What can be chosen: indicator, level, view; the pages of a chart.

use maud::{Markup, html};

use crate::base::Base;
use crate::chart::{self, Absence, Figures, Picture, View};
use crate::page::view::{options, said};
use crate::partial::check::tree::ZONAGES;
use crate::table::Level;
use crate::words::{charts, collectivity, fiche as words, labels, nothing, ui};

/// The indicators to choose from, by theme: value is the `cle`.
pub fn indicators(base: &Base, chosen: &str) -> Markup {
    let keys = chart::indicators(base);
    html! {
        @for (theme, members) in labels::THEMES {
            @let held = members.iter().copied().filter(|key| keys.contains(key));
            @let choices: Vec<_> = held.map(|key| (key, labels::indicator(key).label)).collect();
            @if !choices.is_empty() {
                optgroup label=(collectivity::theme(theme)) { (options(choices, chosen)) }
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

/// The ways of showing an indicator; those that wait for a file stand apart, and say it.
pub fn views(chosen: View, lacking: impl Fn(View) -> bool) -> Markup {
    let (lacking, ready): (Vec<View>, Vec<View>) = View::ALL.iter().partition(|v| lacking(**v));
    let of = |views: &[View]| {
        let choices = views.iter().map(|v| (v.id(), collectivity::view(*v)));
        options(choices, chosen.id())
    };
    html! {
        (of(&ready))
        @if !lacking.is_empty() { optgroup label=(collectivity::WITH_A_FILE) { (of(&lacking)) } }
    }
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
    let without = base.lacking(ZONAGES[1]);
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
            } @else if absence == Absence::NoQpv && !without.is_empty() {
                p { (said(&collectivity::without_districts_of(&without))) }
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

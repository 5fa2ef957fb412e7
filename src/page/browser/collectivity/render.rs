//! What is chosen → the regions of the screen.

use super::{CANVAS, STATE, State};
use crate::base::panel;
use crate::chart::{Composition, Contrast, Evolution, Heat, Picture, View};
use crate::page::browser::{chart, dom};
use crate::page::view::collectivity::places::{self, Places};
use crate::page::view::collectivity::{
    choices, crossing, fiche, figures, heat, segregation, tables,
};
use crate::words::{collectivity as words, ui};

/// Everything that follows the indicator, the level or the view.
pub(super) fn all() {
    drawing();
    table();
    STATE.with_borrow(|state| {
        if let Some(shown) = &state.shown {
            let panel = panel::panel(&shown.base, shown.choice.indicator, shown.choice.level);
            let html = segregation::segregation(panel.as_ref(), &shown.figures);
            dom::html("segregation", &html);
        }
    });
}

/// The ways of showing: those that wait for a file stand apart until it is there.
pub(super) fn views() {
    STATE.with_borrow(|state| {
        if let Some(shown) = &state.shown {
            let lacking = |view| match view {
                View::Map => state.contours.is_none(),
                View::Evolution => state.before.is_none(),
                _ => false,
            };
            dom::html("choix-vue", &choices::views(shown.choice.view, lacking));
        }
    });
}

/// The key figures, which nothing chosen changes.
pub(super) fn territory() {
    STATE.with_borrow(|state| {
        if let Some(shown) = &state.shown {
            dom::html("cles", &fiche::territory(&shown.base));
        }
    });
}

/// The crossings of the base, and the mailles that have them.
pub(super) fn crossings() {
    STATE.with_borrow(|state| {
        if let Some(shown) = &state.shown {
            let some = !crossing::held(&shown.base).is_empty();
            dom::show("choix-croisements", some);
            dom::html("choix-croisement", &crossing::choices(&shown.base, ""));
            if some {
                let table = dom::chosen("choix-croisement");
                let mailles = crossing::mailles(&shown.base, &table, "");
                dom::html("choix-maille-croisement", &mailles);
            }
        }
    });
    crossing();
}

/// The crossing that is chosen.
pub(super) fn crossing() {
    let table = dom::chosen("choix-croisement");
    let maille = dom::chosen("choix-maille-croisement");
    STATE.with_borrow(|state| {
        if let Some(shown) = &state.shown {
            let html = if crossing::held(&shown.base).is_empty() {
                crossing::none()
            } else {
                crossing::crossing(&shown.base, &table, &maille)
            };
            dom::html("croisement", &html);
        }
    });
}

/// What follows the level alone: the heat table, the mailles of the fiche.
pub(super) fn places() {
    heat();
    fiches();
}

/// Another level of fiches: no name that was searched is of it.
pub(super) fn fiches() {
    dom::set_typed("recherche-fiche", "");
    mailles();
}

/// The mailles of the fiche and those to compare with, the searched ones where there
/// are many.
pub(super) fn mailles() {
    STATE.with_borrow(|state| {
        if let Some(shown) = &state.shown {
            let (base, level) = (&shown.base, shown.fiche_level);
            let levels = choices::levels(&shown.levels, level);
            dom::html("choix-niveau-fiche", &levels);
            let places = Places::of(base, level);
            let many = places.count() > places::AT_A_GLANCE;
            dom::show("champ-recherche-fiche", many);
            let searched = if many {
                dom::typed("recherche-fiche")
            } else {
                String::new()
            };
            let fiches = places.fiches(&dom::chosen("choix-fiche"), &searched);
            dom::html("choix-fiche", &fiches);
            let (this, other) = (dom::chosen("choix-fiche"), dom::chosen("choix-comparaison"));
            let wider = Places::comparable(base, level);
            let beside = wider.as_ref().unwrap_or(&places);
            dom::html(
                "choix-comparaison",
                &beside.others(&this, &other, &searched),
            );
            let help = if !searched.trim().is_empty() {
                words::found(places.found(&searched))
            } else if places.count() > places::MAX_CHOICES {
                words::first_mailles(places::MAX_CHOICES, places.count())
            } else {
                words::SEARCH.to_owned()
            };
            dom::text("aide-recherche-fiche", &ui::spaced(&help));
            let found = places.to_open(&dom::chosen("choix-fiche"), &searched);
            dom::html("trouvees-fiche", &found);
        }
    });
    self::fiche();
}

/// The only maille that holds what is searched.
pub(super) fn only_found() -> Option<String> {
    STATE.with_borrow(|state| {
        let shown = state.shown.as_ref()?;
        let places = Places::of(&shown.base, shown.fiche_level);
        let only = places.only(&dom::typed("recherche-fiche"))?;
        Some(only.to_owned())
    })
}

pub(super) fn heat() {
    STATE.with_borrow(|state| {
        if let Some(shown) = &state.shown {
            let table = Heat::of(&shown.base, shown.choice.level, shown.heat_page);
            dom::html("chaleur", &heat::heat(&table));
        }
    });
}

/// The drawing, or why there is none.
pub(super) fn drawing() {
    STATE.with_borrow_mut(|state| {
        let Some((shown, materials)) = state.materials() else {
            return;
        };
        let view = shown.choice.view;
        dom::text("aide-vue", &ui::spaced(words::view_help(view)));
        match Picture::of(view, materials) {
            Ok(picture) => {
                dom::clear("sans-graphique");
                dom::show("avec-graphique", true);
                chart::draw(CANVAS, &picture);
                dom::html("graphique-pages", &choices::chart_pages(&picture));
            }
            Err(absence) => {
                dom::show("avec-graphique", false);
                let html = choices::absence(absence, &shown.base, &shown.figures);
                dom::html("sans-graphique", &html);
            }
        }
        let width = chart::width_of("avec-graphique");
        if let Some(shown) = &mut state.shown {
            shown.width = width;
        }
        if matches!(view, View::Composition | View::Evolution) {
            // Their table holds the mailles of the drawing.
            fill_table(state);
        }
    });
}

/// The table under the drawing.
pub(super) fn table() {
    STATE.with_borrow(fill_table);
}

fn fill_table(state: &State) {
    let Some((shown, materials)) = state.materials() else {
        return;
    };
    let rules = &shown.base.file().rules;
    let (indicator, level) = (shown.choice.indicator, shown.choice.level);
    let other = match shown.choice.view {
        View::Composition => Composition::around(&shown.base, indicator, level)
            .map(|composition| tables::composition(&composition, shown.page, rules)),
        View::Contrast => {
            Contrast::of(&shown.base).map(|contrast| tables::contrast(&contrast, rules))
        }
        View::Evolution => materials
            .before
            .and_then(|before| Evolution::of(&shown.base, before, indicator, level))
            .map(|evolution| tables::evolution(&evolution, shown.page, rules)),
        View::Ranking | View::Gaps | View::Map => None,
    };
    let html =
        other.unwrap_or_else(|| figures::figures(&shown.figures, shown.sort, shown.table_page));
    dom::html("chiffres", &html);
}

pub(super) fn fiche() {
    let (chosen, other) = (dom::chosen("choix-fiche"), dom::chosen("choix-comparaison"));
    STATE.with_borrow(|state| {
        // Which zonage and maille, as `Places` writes it.
        let [place, other] = [&chosen, &other].map(|choice| choice.split_once('/'));
        let html = match (&state.shown, place, other) {
            (Some(shown), Some(place), Some(other)) => fiche::comparison(&shown.base, place, other),
            (Some(shown), Some((zonage, maille)), _) => fiche::fiche(&shown.base, zonage, maille),
            _ => return dom::clear("fiche"),
        };
        dom::html("fiche", &html);
    });
}

//! The three tabs, by the ARIA pattern: arrow keys move, one tab is in the
//! order of Tab, each has an address (`#bailleur`).

use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use super::dom;
use crate::page::address;

const TABS: [&str; 3] = ["bailleur", "bureau-etudes", "collectivite"];

pub(super) fn start() {
    for (rank, name) in TABS.into_iter().enumerate() {
        let tab = dom::by_id::<HtmlElement>(&tab_id(name));
        dom::listen(&tab, "click", move |_| go(rank));
        dom::listen(&tab, "keydown", move |event| {
            let Some(event) = event.dyn_ref::<KeyboardEvent>() else {
                return;
            };
            let last = TABS.len() - 1;
            let to = match event.key().as_str() {
                "ArrowRight" => (rank + 1) % TABS.len(),
                "ArrowLeft" => rank.checked_sub(1).unwrap_or(last),
                "Home" => 0,
                "End" => last,
                _ => return,
            };
            event.prevent_default();
            go(to);
            dom::focus(&tab_id(TABS[to]));
        });
    }
    dom::listen(&dom::window(), "hashchange", |_| {
        follow_address();
        super::collectivity::follow_address();
    });
    show(0);
    follow_address();
}

fn tab_id(name: &str) -> String {
    format!("onglet-{name}")
}

/// Shows a tab and gives the page its address.
fn go(rank: usize) {
    show(rank);
    // Another screen is read from its top.
    dom::window().scroll_to_with_x_and_y(0.0, 0.0);
    // Refused in some embedded views; the tab is shown all the same.
    let address = match TABS[rank] {
        address::SCREEN => super::collectivity::address(),
        other => other.to_owned(),
    };
    let _ = dom::window().location().set_hash(&address);
}

/// Shows the tab that the address names; any other address changes nothing.
fn follow_address() {
    let hash = dom::window().location().hash().unwrap_or_default();
    // What follows `?` is the state of a screen, not its name.
    let name = hash.trim_start_matches('#').split('?').next();
    if let Some(rank) = TABS.iter().position(|tab| Some(*tab) == name) {
        show(rank);
    }
}

fn show(rank: usize) {
    for (other, name) in TABS.into_iter().enumerate() {
        let selected = other == rank;
        let tab = dom::by_id::<HtmlElement>(&tab_id(name));
        let _ = tab.set_attribute("aria-selected", if selected { "true" } else { "false" });
        tab.set_tab_index(if selected { 0 } else { -1 });
        dom::show(&format!("panneau-{name}"), selected);
    }
    // What is hidden has no width to measure.
    super::overflow::mark_soon();
    // A hidden canvas has no width: its screen draws once it is seen.
    if TABS[rank] == address::SCREEN {
        super::collectivity::shown();
    }
}

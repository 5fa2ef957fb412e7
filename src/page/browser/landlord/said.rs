//! What the choices on the landlord's screen say: read, remembered, and the file
//! read again with it.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlSelectElement, NodeList};

use super::{STATE, restart};
use crate::campaign::Passage;
use crate::intake::{Correspondence, columns};
use crate::page::browser::{dom, drop_zone};
use crate::page::view::{self, whose};
use crate::words::ui;

/// Reads the file again with what the choices on screen say.
pub(super) fn confirm() {
    let mut said = Correspondence::default();
    for group in within("correspondance", "[data-plusieurs]") {
        let attribute = |name| group.get_attribute(name).unwrap_or_default();
        let chosen = values(&group, "input:checked");
        // What the program found by itself needs no saying.
        if let Some(column) = columns::by_id(&attribute("data-variable"))
            && chosen != values(&group, "input[data-trouve]")
        {
            said.columns.insert(column.variable, chosen);
        }
    }
    for select in selects("correspondance") {
        let attribute = |name| select.get_attribute(name).unwrap_or_default();
        let value = select.value();
        let Some(column) = columns::by_id(&attribute("data-variable")) else {
            continue;
        };
        let value = match value.is_empty() {
            true => attribute("data-defaut"),
            false => value,
        };
        if value == attribute("data-trouve") {
            continue;
        }
        if select.has_attribute("data-valeur") {
            let labels = said.values.entry(column.variable).or_default();
            labels.insert(attribute("data-valeur"), value);
        } else {
            let headers = Some(value).filter(|header| !header.is_empty());
            said.columns
                .insert(column.variable, headers.into_iter().collect());
        }
    }
    // Asked beside the columns only where the setting is empty.
    let whose = selects("correspondance")
        .into_iter()
        .find(|select| select.get_attribute("id").as_deref() == Some(whose::CHOICE));
    if let Some(whose) = whose.map(|select| select.value())
        && !whose.is_empty()
    {
        dom::by_id::<HtmlSelectElement>(super::LANDLORD).set_value(&whose);
    }
    STATE.with_borrow_mut(|state| state.said = std::mem::take(&mut state.said).with(&said));
    restart_and_return(MAPPING);
}

/// Reads the file again with the secteurs given on screen.
pub(super) fn place() {
    let said: Vec<Passage> = selects("passage")
        .into_iter()
        .filter_map(|select| {
            let attribute = |name| select.get_attribute(name).unwrap_or_default();
            let secteur = select.value();
            (!secteur.is_empty() && secteur != attribute("data-trouve")).then(|| Passage {
                landlord: String::new(),
                programme: attribute("data-programme"),
                commune: Some(attribute("data-commune")),
                secteur: Some(secteur),
                qpv: None,
            })
        })
        .collect();
    STATE.with_borrow_mut(|state| state.placed.extend(said));
    restart_and_return(PLACES);
}

/// Reads the file, if there is one, again with a setting that was changed.
pub(super) fn set() {
    restart();
    let chosen = !drop_zone::files(super::OPS).is_empty();
    STATE.with_borrow_mut(|state| {
        if state.job.is_some() && (chosen || state.example) {
            state.return_to = Some(SETTINGS);
        }
    });
}

/// A part of the screen where choices are made.
#[derive(Clone, Copy)]
pub(super) struct Asked {
    /// Its heading, which takes the focus if the button that was pressed is gone.
    heading: Option<&'static str>,
    /// What became of the choices, told there: the state of the screen is far above.
    pub(super) state: &'static str,
}

/// Columns and values.
pub(super) const MAPPING: Asked = Asked {
    heading: Some("titre-correspondance"),
    state: "etat-correspondance",
};
/// Secteurs.
pub(super) const PLACES: Asked = Asked {
    heading: Some("titre-passage"),
    state: "etat-passage",
};
/// Landlord, threshold, reading of the rule.
pub(super) const SETTINGS: Asked = Asked {
    heading: None,
    state: "etat-reglages",
};

impl Asked {
    /// The file was read again, and gave a partial or an alert.
    pub(super) fn tell(self, read: bool) {
        let told = match read {
            true => maud::html! { (view::said(ui::READ_AGAIN)) },
            false => maud::html! { span.reserve { (view::said(ui::READ_AGAIN_IN_VAIN)) } },
        };
        dom::html(self.state, &told);
        if let Some(heading) = self.heading {
            dom::focus(heading);
        }
    }
}

/// Reads again. The button that was pressed vanishes: the focus waits on
/// *Annuler*, then goes back to the heading of what was answered.
fn restart_and_return(asked: Asked) {
    restart();
    STATE.with_borrow_mut(|state| state.return_to = Some(asked));
    dom::focus("annuler-bailleur");
}

/// The values of the boxes of a group that a selector picks.
fn values(group: &Element, which: &str) -> Vec<String> {
    let all = group.query_selector_all(which).map(elements);
    let all = all.unwrap_or_default().into_iter();
    all.filter_map(|one| one.get_attribute("value")).collect()
}

/// The choices of a region.
fn selects(region: &str) -> Vec<HtmlSelectElement> {
    let all = within(region, "select").into_iter();
    all.filter_map(|one| one.dyn_into().ok()).collect()
}

/// The elements of a region that a selector picks.
fn within(region: &str, which: &str) -> Vec<Element> {
    let all = dom::document().query_selector_all(&format!("#{region} {which}"));
    all.map(elements).unwrap_or_default()
}

fn elements(list: NodeList) -> Vec<Element> {
    (0..list.length())
        .filter_map(|rank| list.item(rank)?.dyn_into().ok())
        .collect()
}

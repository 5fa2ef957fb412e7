//! Drag and drop: every frame marked `data-depot` hands what is dropped on it to
//! its file input, which then behaves as if the files had been chosen.

use std::collections::BTreeMap;

use wasm_bindgen::JsCast;
use web_sys::{
    DataTransfer, DragEvent, Element, Event, File, FileList, HtmlElement, HtmlInputElement,
};

use super::dom;
use crate::page::view;
use crate::page::view_model::CampaignView;
use crate::words::ui;

pub(super) fn start() {
    let zones = dom::document()
        .query_selector_all("[data-depot]")
        .expect("the selector is well formed");
    for rank in 0..zones.length() {
        let zone = zones
            .item(rank)
            .and_then(|n| n.dyn_into::<HtmlElement>().ok());
        let Some(zone) = zone else { continue };
        let input = zone.get_attribute("data-depot").unwrap_or_default();
        watch(&zone, input);
    }
    // A file that misses the frame would otherwise replace the page.
    for event in ["dragover", "drop"] {
        dom::listen(&dom::window(), event, |event| event.prevent_default());
    }
}

fn watch(zone: &HtmlElement, input: String) {
    let mark = |zone: &HtmlElement, over: bool| {
        let zone = zone.clone();
        move |event: Event| {
            event.prevent_default();
            let _ = zone.class_list().toggle_with_force("survol", over);
        }
    };
    dom::listen(zone, "dragenter", mark(zone, true));
    dom::listen(zone, "dragover", mark(zone, true));
    dom::listen(zone, "dragleave", mark(zone, false));
    let leave = mark(zone, false);
    dom::listen(zone, "drop", move |event| {
        let dropped = event
            .dyn_ref::<DragEvent>()
            .and_then(DragEvent::data_transfer);
        let folder = dropped.as_ref().is_some_and(holds_a_folder);
        let files = dropped.and_then(|data| data.files());
        leave(event);
        if folder {
            alert_beside(&input, ui::A_FOLDER);
        } else {
            receive(&input, files);
        }
    });
}

/// Browsers list a folder among the files, under its name: nothing can be read of it.
fn holds_a_folder(dropped: &DataTransfer) -> bool {
    let items = dropped.items();
    (0..items.length()).any(|rank| {
        let item = items.get(rank);
        let entry = item.and_then(|item| item.webkit_get_as_entry().ok().flatten());
        entry.is_some_and(|entry| entry.is_directory())
    })
}

fn receive(input: &str, files: Option<FileList>) {
    let Some(files) = files.filter(|files| files.length() > 0) else {
        alert_beside(input, ui::NOT_A_FILE);
        return;
    };
    let element = dom::by_id::<HtmlInputElement>(input);
    if !element.multiple() && files.length() > 1 {
        alert_beside(input, ui::ONE_FILE_ONLY);
        return;
    }
    element.set_files(Some(&files));
    let change = Event::new("change").expect("an event can be made");
    let _ = element.dispatch_event(&change);
}

/// Writes in the live region of the field, or of the screen, or part of it, that
/// holds the input.
fn alert_beside(input: &str, sentence: &str) {
    let element = dom::by_id::<Element>(input);
    let within = |around: &str| {
        let around = element.closest(around).ok().flatten()?;
        around.query_selector("[role=alert]").ok().flatten()
    };
    let region = within("[data-depot]").or_else(|| within("[data-ecran], [role=tabpanel]"));
    if let Some(region) = region {
        region.set_text_content(Some(sentence));
    }
}

/// The files that an input holds.
pub(super) fn files(input: &str) -> Vec<File> {
    dom::by_id::<HtmlInputElement>(input)
        .files()
        .map(|list| (0..list.length()).filter_map(|i| list.item(i)).collect())
        .unwrap_or_default()
}

/// Makes an input hold these files, or none.
pub(super) fn set_files(input: &str, files: &[File]) {
    let element = dom::by_id::<HtmlInputElement>(input);
    if files.is_empty() {
        element.set_value("");
        return;
    }
    let Ok(data) = web_sys::DataTransfer::new() else {
        return;
    };
    for file in files {
        let _ = data.items().add_with_file(file);
    }
    element.set_files(data.files().as_ref());
}

/// The files that what is shown was made with, by input: one that is refused in
/// their place gives it back.
#[derive(Default)]
pub(super) struct Kept(BTreeMap<&'static str, Vec<File>>);

impl Kept {
    /// Of no file yet.
    pub(super) const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// What an input holds now is what was used.
    pub(super) fn keep(&mut self, input: &'static str) {
        self.0.insert(input, files(input));
    }

    /// An input holds again what was used.
    pub(super) fn put_back(&self, input: &str) {
        set_files(input, self.0.get(input).map_or(&[], Vec::as_slice));
    }
}

/// Says beside the field of a campaign which one is in use: the file that was read,
/// or the page's own.
pub(super) fn tell_campaign(input: &str, campaign: &CampaignView) {
    let region = format!("lue-{input}");
    let own = files(input).is_empty();
    let sentence = ui::campaign_in_use(
        own,
        (&campaign.id, &campaign.territory),
        (campaign.communes.len(), campaign.landlords.len()),
        (campaign.threshold, campaign.bears_on),
    );
    let class = own.then_some("aide");
    dom::html(
        &region,
        &maud::html! { span class=[class] { (view::said(&sentence)) } },
    );
}

//! Finding elements of `index.html`, listening to them, writing into them.

use super::overflow;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{Document, Element, Event, EventTarget, HtmlElement, KeyboardEvent};

#[wasm_bindgen]
extern "C" {
    // The sealed bootstrap holds the page's only Trusted Types policy.
    #[wasm_bindgen(js_namespace = opsMixite, js_name = setHtml)]
    fn set_html(element: &Element, html: &str);
}

pub(super) fn window() -> web_sys::Window {
    web_sys::window().expect("the page has a window")
}

pub(super) fn document() -> Document {
    window().document().expect("the window has a document")
}

/// An element of `index.html`; its absence is a fault of the page itself.
pub(super) fn by_id<T: JsCast>(id: &str) -> T {
    document()
        .get_element_by_id(id)
        .and_then(|element| element.dyn_into().ok())
        .unwrap_or_else(|| panic!("index.html has no element {id} of the kind expected"))
}

/// Listens for the life of the page.
pub(super) fn listen(target: &EventTarget, event: &str, listener: impl FnMut(Event) + 'static) {
    let closure = Closure::<dyn FnMut(Event)>::new(listener);
    target
        .add_event_listener_with_callback(event, closure.as_ref().unchecked_ref())
        .expect("adding a listener cannot fail");
    closure.forget();
}

/// Listens to an element of `index.html`.
pub(super) fn on(id: &str, event: &str, mut listener: impl FnMut() + 'static) {
    listen(&by_id::<Element>(id), event, move |_| listener());
}

/// Listens to Enter in a field of `index.html`.
pub(super) fn on_enter(id: &str, mut listener: impl FnMut() + 'static) {
    listen(&by_id::<Element>(id), "keydown", move |event| {
        let key = event.dyn_into::<KeyboardEvent>().map(|event| event.key());
        if key.is_ok_and(|key| key == "Enter") {
            listener();
        }
    });
}

/// Listens to clicks on elements that carry `data-<name>`, inside a region that
/// is rendered anew now and then; gives the attribute's value.
pub(super) fn on_data_click(region: &str, name: &'static str, listener: impl Fn(String) + 'static) {
    let attribute = format!("data-{name}");
    let selector = format!("[{attribute}]");
    listen(&by_id::<Element>(region), "click", move |event| {
        let found = event
            .target()
            .and_then(|t| t.dyn_into::<Element>().ok())
            .and_then(|e| e.closest(&selector).ok().flatten())
            .and_then(|e| e.get_attribute(&attribute));
        if let Some(value) = found {
            listener(value);
        }
    });
}

pub(super) fn show(id: &str, visible: bool) {
    by_id::<HtmlElement>(id).set_hidden(!visible);
}

pub(super) fn text(id: &str, text: &str) {
    by_id::<Element>(id).set_text_content(Some(text));
}

pub(super) fn text_of(id: &str) -> String {
    by_id::<Element>(id).text_content().unwrap_or_default()
}

/// The text of the first element that a selector finds; none without one.
pub(super) fn text_within(selector: &str) -> String {
    let found = document().query_selector(selector).ok().flatten();
    found.and_then(|e| e.text_content()).unwrap_or_default()
}

/// Prints what a class of the page leaves visible, under a title, which names the PDF
/// too; printing by the browser's menu prints the screen.
pub(super) fn print_alone(class: &str, title: &str) {
    if let Some(body) = document().body() {
        let of_page = document().title();
        document().set_title(title);
        let _ = body.class_list().add_1(class);
        // Refused by some embedded views, which then print nothing.
        let _ = window().print();
        let _ = body.class_list().remove_1(class);
        document().set_title(&of_page);
    }
}

pub(super) fn html(id: &str, markup: &maud::Markup) {
    set_html(&by_id::<Element>(id), &markup.0);
    overflow::mark_soon();
}

pub(super) fn clear(id: &str) {
    text(id, "");
}

pub(super) fn focus(id: &str) {
    // An element that cannot take the focus is no reason to stop.
    let _ = by_id::<HtmlElement>(id).focus();
}

/// Does this element, or one inside it, hold the focus?
pub(super) fn has_focus(id: &str) -> bool {
    let active = document().active_element();
    by_id::<Element>(id).contains(active.as_deref())
}

/// Calls back once the browser has laid out and is about to paint.
pub(super) fn next_frame(then: impl FnOnce() + 'static) {
    let callback = Closure::once_into_js(then);
    let _ = window().request_animation_frame(callback.unchecked_ref());
}

/// Today, `AAAA-MM-JJ`, in UTC.
pub(super) fn today() -> String {
    let iso = String::from(js_sys::Date::new_0().to_iso_string());
    iso.chars().take(10).collect()
}

/// The part of the address after the page's own.
pub(super) fn hash() -> String {
    window().location().hash().unwrap_or_default()
}

/// Gives the page another address, and one more step back.
pub(super) fn set_hash(address: &str) {
    // Refused in some embedded views, which then have no address to share.
    let _ = window().location().set_hash(address);
}

/// Makes a `<select>` show a value that it has.
pub(super) fn choose(id: &str, value: &str) {
    by_id::<web_sys::HtmlSelectElement>(id).set_value(value);
}

/// What is typed in a field.
pub(super) fn typed(id: &str) -> String {
    by_id::<web_sys::HtmlInputElement>(id).value()
}

/// Puts a text in a field.
pub(super) fn set_typed(id: &str, text: &str) {
    by_id::<web_sys::HtmlInputElement>(id).set_value(text);
}

/// The value of a `<select>`.
pub(super) fn chosen(id: &str) -> String {
    by_id::<web_sys::HtmlSelectElement>(id).value()
}

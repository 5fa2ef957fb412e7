//! Saving a file: a link on a blob, followed once.

use wasm_bindgen::JsCast;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, HtmlElement, Url};

use super::dom;

/// Media type of the project's own files.
pub(super) const JSON: &str = "application/json";
/// Media type of the tables that stay with the landlord.
pub(super) const CSV: &str = "text/csv";

/// Saves bytes under a name; false when the browser refuses.
pub(super) fn save(name: &str, bytes: &[u8], media_type: &str) -> bool {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes));
    Blob::new_with_u8_array_sequence_and_options(&parts, &options)
        .is_ok_and(|blob| save_blob(name, &blob))
}

/// Saves what the browser made itself.
pub(super) fn save_blob(name: &str, blob: &Blob) -> bool {
    try_save(name, blob).is_some()
}

fn try_save(name: &str, blob: &Blob) -> Option<()> {
    let url = Url::create_object_url_with_blob(blob).ok()?;
    let document = dom::document();
    let link: HtmlAnchorElement = document.create_element("a").ok()?.dyn_into().ok()?;
    link.set_href(&url);
    link.set_download(name);
    let link: HtmlElement = link.unchecked_into();
    link.set_hidden(true);
    // Firefox follows only a link that stands in the document.
    document.body()?.append_child(&link).ok()?;
    link.click();
    link.remove();
    // NOTE: the address is not revoked at once: a browser may still be reading
    // it. It names a file that is safe to leave, and dies with the page.
    Some(())
}

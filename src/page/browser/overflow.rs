//! Tables that go on to the right say so: not every screen shows a bar to scroll.

use std::cell::Cell;

use wasm_bindgen::JsCast;
use web_sys::Element;

use super::dom;
use crate::words::ui;

const CUE: &str = "data-plus";

thread_local! {
    static WAITING: Cell<bool> = const { Cell::new(false) };
}

pub(super) fn start() {
    dom::listen(&dom::window(), "resize", |_| mark_soon());
}

/// Marks the tables once all that changes now has changed: measuring each time
/// would lay the page out as often.
pub(super) fn mark_soon() {
    if !WAITING.replace(true) {
        dom::next_frame(|| {
            WAITING.set(false);
            mark();
        });
    }
}

fn mark() {
    let Ok(frames) = dom::document().query_selector_all(".defile") else {
        return;
    };
    let frames: Vec<Element> = (0..frames.length())
        .filter_map(|rank| frames.item(rank)?.dyn_into().ok())
        .collect();
    // All measures, then all changes, for the same reason.
    let wide: Vec<bool> = frames
        .iter()
        .map(|frame| frame.scroll_width() > frame.client_width())
        .collect();
    for (frame, wide) in frames.iter().zip(wide) {
        let _ = match wide {
            true => frame.set_attribute(CUE, ui::WIDER),
            false => frame.remove_attribute(CUE),
        };
    }
}

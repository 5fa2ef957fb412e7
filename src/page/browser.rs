//! The browser's half of the page: the only code that knows `web_sys`.
//!
//! Two entry points are called by the sealed bootstrap: [`page_main`] in the
//! page, [`worker_run`] in the worker.
//!
//! * `dom`: finding elements, listening, showing.
//! * `tabs`, `drop_zone`, `download`: what the screens share.
//! * `overflow`: tables that go on to the right say so.
//! * `job`: one worker, one request, one last answer.
//! * `file_source`: a `File` read by pieces, in the worker.
//! * `worker`: the worker's side of the protocol.
//! * `landlord`, `consultant`, `collectivity`: the three screens.
//! * `preparation`: the form that makes a campaign, on the consultant's screen.

mod chart;
mod collectivity;
mod consultant;
mod dom;
mod download;
mod drop_zone;
mod file_source;
mod job;
mod landlord;
mod overflow;
mod preparation;
mod tabs;
mod worker;

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::page::view::help;
use crate::words::{help as questions, ui};

/// Brings the page to life.
#[wasm_bindgen]
pub fn page_main() {
    tabs::start();
    overflow::start();
    drop_zone::start();
    landlord::start();
    consultant::start();
    preparation::start();
    collectivity::start();
    // A browser may keep a page that was left, its workers with it.
    dom::listen(&dom::window(), "pagehide", |_| {
        landlord::leave();
        consultant::leave();
        preparation::leave();
        collectivity::leave();
    });
    dom::text(
        "pied",
        &ui::spaced(&ui::foot(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))),
    );
    for (region, asked) in [
        ("aides-depart", questions::LANDLORD_START),
        ("aides-sortie", questions::LANDLORD),
        ("aides-fusion", questions::CONSULTANT),
        ("aides-indicateur", questions::COLLECTIVITY),
    ] {
        dom::html(region, &help::questions(asked));
    }
    dom::html("sigles", &help::glossary());
    dom::html("declaration", &help::accessibility());
    dom::show("demarrage", false);
    dom::show("application", true);
}

/// Answers a request inside the worker.
#[wasm_bindgen]
pub fn worker_run(demande: JsValue, fichiers: js_sys::Array) {
    worker::run(demande, &fichiers);
}

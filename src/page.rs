//! The three screens: landlord (*bailleur*), consultant (*bureau d'études*),
//! collectivité.
//!
//! The page and its worker are two instances of the same wasm. **Rows are read
//! in the worker only**, and the worker is ended after its last answer; what crosses
//! to the page is [`protocol`] and nothing else: counts, positions, sentences,
//! and the bytes of files that are safe to leave. Its types have no place for a
//! row.
//!
//! * [`protocol`]: the messages between page and worker.
//! * [`address`]: the state of a screen in the address, without any data.
//! * [`view_model`]: what the screens show, as plain data.
//! * [`view`]: data → HTML; pure functions, escaped by construction.
//! * `browser`: the only code that knows the browser (wasm only).

pub mod address;
#[cfg(target_arch = "wasm32")]
pub mod browser;
pub mod protocol;
pub mod view;
pub mod view_model;

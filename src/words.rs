//! Every French sentence that is not an error of a module's own enum.
//!
//! * [`ui`]: what the three screens say.

pub mod ui;

//! Every French sentence that is not an error of a module's own enum.
//!
//! * [`labels`]: names of tables, modalités, units, levels, indicators.
//! * [`numbers`]: numbers as they are written in French.
//! * [`prepare`]: what the screen that prepares a campaign says.
//! * [`ui`]: what the three screens say.

pub mod charts;
pub mod export;
pub mod labels;
pub mod numbers;
pub mod prepare;
pub mod ui;

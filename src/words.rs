//! Every French sentence that is not an error of a module's own enum.
//!
//! * [`labels`]: names of tables, modalités, units, levels, indicators.
//! * [`numbers`]: numbers as they are written in French.
//! * [`charts`], [`collectivity`]: drawings, and the screen that shows them.
//! * [`ui`]: what the three screens say.

pub mod charts;
pub mod collectivity;
pub mod export;
pub mod labels;
pub mod numbers;
pub mod ui;

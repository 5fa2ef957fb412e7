//! Every French sentence that is not an error of a module's own enum.

pub mod charts;
pub mod labels;
pub mod numbers;

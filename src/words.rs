//! Every French sentence that is not an error of a module's own enum.

pub mod labels;
pub mod numbers;

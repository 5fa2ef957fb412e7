//! Nothing: the measures are in `stages.rs`.

//! The collectivité's screen.
pub(super) fn start() {}
pub(super) fn shown() {}

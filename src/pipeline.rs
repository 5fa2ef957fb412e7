//! The steps in order, shared by the page's worker and the command line.

/// A step of the landlord's or the consultant's work, for progress and timing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Reading the file and counting.
    Reading,
    /// Protecting the tables.
    Protecting,
    /// Attacking the partial.
    Attacking,
    /// Checking and merging partials.
    Merging,
}

/// Follows the work; the page posts messages, the command line prints.
pub trait Observer {
    /// A step begins.
    fn step(&mut self, step: Step);
    /// Rows read so far, and the share of the file read in per mille.
    fn progress(&mut self, rows: u64, per_mille: u16);
}

impl Observer for () {
    fn step(&mut self, _: Step) {}
    fn progress(&mut self, _: u64, _: u16) {}
}

//! The protector: raw tables → publishable tables.
//!
//! The only module that can make a [`Publishable`] count.

use crate::indicator::TableDef;
use crate::table::Zonage;

/// A count that may be published, or a hidden cell (`None`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Publishable(Option<u32>);

impl Publishable {
    /// The count, or `None` where it is hidden.
    pub fn get(self) -> Option<u32> {
        self.0
    }
}

/// A line as it may leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishableLine {
    /// Rank of the maille in the zonage.
    pub maille: usize,
    /// Eligible units; for tables of persons, the dwellings behind them.
    pub population: Publishable,
    /// Units with a usable answer.
    pub respondents: Publishable,
    /// Counts by cell.
    pub counts: Vec<Publishable>,
}

/// A table as it may leave: one line per maille of its levels.
#[derive(Clone)]
pub struct PublishableTable {
    /// Its definition.
    pub def: &'static TableDef,
    /// Its lines.
    pub lines: Vec<PublishableLine>,
}

/// The tables of a landlord over one zonage, as they may leave.
#[derive(Clone)]
pub struct PublishableTables {
    /// The tree.
    pub zonage: Zonage,
    /// The tables.
    pub tables: Vec<PublishableTable>,
}

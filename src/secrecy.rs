//! The protector: raw tables → publishable tables.
//!
//! The only module that can make a [`Publishable`] count, and it makes one only
//! in [`protect`]. What it must reach is said in [`crate::attack`], which checks
//! it with code of its own: here cells are hidden, there they are attacked.
//!
//! # Method
//!
//! Reading `effectif`: a count is hidden when it is under the threshold or
//! equals its line's respondents (primary suppression). Then each hidden cell
//! must be able to reach the threshold in some table that agrees with all that
//! is published, and to take two values. A table is a network (`secrecy::network`) and
//! such tables are circulations over hidden arcs; a cell that cannot reach the
//! threshold gets the cheapest cycle through published cells, and these are
//! hidden too (complementary suppression). Prices keep EPCI and communes whole
//! before secteurs before programmes.
//!
//! Linked tables are protected in this order, so that they decouple:
//!
//! 1. `population` of dwellings, as a tree of its own;
//! 2. `population` of households, which is `occupation.loue`, inside the
//!    network of `occupation` (whose other cells nobody needs to protect);
//! 3. each table, under the rule that **a line whose `population` is hidden is
//!    hidden whole, in every table of the unit**. Then whole units can be moved
//!    between such lines without changing anything that is published, so a
//!    feasible table of one indicator extends to all of them (proof in
//!    `docs/secrecy.md`).
//!
//! 4. each crossing, whose lines are published only where those of its first
//!    variable are whole (`secrecy::crossing`).
//!
//! `situation_familiale.personne_seule` and `taille_menage.1` count the same
//! households: they share their status, and each change of one is imposed on the
//! other.

mod crossing;
mod front;
mod lines;
mod linked;
mod network;
mod release;
mod search;
mod sheet;
mod tables;
#[cfg(test)]
mod tests;

pub use linked::{DISTRICTS, districts_of, has_districts};

use linked::Linked;
use sheet::Status;

use crate::campaign::BearsOn;
use crate::indicator::TableDef;
use crate::table::{Level, RawTables, Zonage};

/// A count that may be published, or a hidden cell.
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

impl PublishableTables {
    /// Is there anything to publish?
    pub fn any_published(&self) -> bool {
        self.tables.iter().flat_map(|t| &t.lines).any(|line| {
            line.population.0.is_some()
                || line.respondents.0.is_some()
                || line.counts.iter().any(|c| c.0.is_some())
        })
    }
}

/// What was hidden at one level of one table, and why: for the landlord's
/// screen only, never in the file.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct LevelSummary {
    /// Cells published (counts by modality).
    pub published: u64,
    /// Cells hidden because of what they are (under the threshold, or all of
    /// the respondents).
    pub hidden_for_themselves: u64,
    /// Cells hidden to protect others.
    pub hidden_to_protect: u64,
    /// Units behind published cells.
    pub units_published: u64,
    /// Units behind all cells.
    pub units: u64,
    /// Units behind cells hidden because of what they are.
    pub units_for_themselves: u64,
}

impl LevelSummary {
    /// Cells, published or not.
    pub fn cells(&self) -> u64 {
        self.published + self.hidden_for_themselves + self.hidden_to_protect
    }

    /// Units behind cells hidden to protect others.
    pub fn units_to_protect(&self) -> u64 {
        self.units
            .saturating_sub(self.units_published + self.units_for_themselves)
    }

    /// Adds the figures of another table.
    pub fn add(&mut self, other: &Self) {
        self.published += other.published;
        self.hidden_for_themselves += other.hidden_for_themselves;
        self.hidden_to_protect += other.hidden_to_protect;
        self.units_published += other.units_published;
        self.units += other.units;
        self.units_for_themselves += other.units_for_themselves;
    }
}

/// [`LevelSummary`] of one table at one level.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct SummaryLine {
    /// Table.
    pub table: String,
    /// Level.
    pub level: Level,
    /// Figures.
    pub figures: LevelSummary,
}

/// What was hidden, table by table and level by level, and the tables that were
/// withdrawn because no certificate was found for them.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Summary {
    /// One line per table and level, in the order of the file.
    pub lines: Vec<SummaryLine>,
    /// Tables withdrawn.
    pub withdrawn: Vec<String>,
    /// What the other reading of the rule would publish, when it was asked for.
    pub other: Option<Box<OtherReading>>,
}

/// What a reading of the rule that was not applied would publish.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct OtherReading {
    /// The reading.
    pub bears_on: BearsOn,
    /// One line per table and level.
    pub lines: Vec<SummaryLine>,
    /// Tables that would be withdrawn.
    pub withdrawn: Vec<String>,
}

/// Protected tables and what the landlord is told about them.
pub struct Protected {
    /// What may leave, over the territory.
    pub tables: PublishableTables,
    /// What may leave, over the priority districts.
    pub qpv: Option<PublishableTables>,
    /// What was hidden and why.
    pub summary: Summary,
}

impl Protected {
    /// What may leave, zonage by zonage.
    pub fn zonages(self) -> Vec<PublishableTables> {
        std::iter::once(self.tables).chain(self.qpv).collect()
    }
}

/// The rule of secrecy: a threshold, and on what it bears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Smallest count.
    pub threshold: u32,
    /// On what the threshold bears.
    pub bears_on: BearsOn,
}

/// Protects the tables of a landlord.
///
/// `withdrawn` names tables to leave out, or a table's lines on priority districts
/// ([`districts_of`]), because the gate found no certificate for them. The summary adds
/// the crossings of which nothing may be published: a table without a number says no
/// more than its absence, and looks like one that was protected.
pub fn protect(raw: &RawTables, rule: Rule, withdrawn: &[String]) -> Protected {
    let linked = Linked::new(raw, withdrawn);
    let mut withdrawn = withdrawn.to_vec();
    let statuses = loop {
        let statuses = tables::hide(&linked, rule, &withdrawn);
        // What its tables hide beside a crossing may leave nothing of it to publish:
        // they need not hide it then.
        let blank = statuses.iter().find(|status| {
            raw.tables[status.table].def.dimensions.len() > 1 && crossing::is_blank(status)
        });
        match blank {
            Some(status) => withdrawn.push(raw.tables[status.table].def.id.to_owned()),
            None => break statuses,
        }
    };
    for (rank, table) in raw.tables.iter().enumerate() {
        let left_out = table.def.published && statuses.iter().all(|status| status.table != rank);
        if left_out && !withdrawn.iter().any(|id| id == table.def.id) {
            withdrawn.push(table.def.id.to_owned());
        }
    }
    let withdrawn = &withdrawn[..];
    let mut summary = Summary {
        withdrawn: withdrawn.to_vec(),
        ..Summary::default()
    };
    let tables = publishable(
        (&linked, 0, &raw.zonage),
        statuses.iter(),
        rule,
        &mut summary,
        crate::table::shows,
    );
    let qpv = raw.qpv.as_ref().map(|zonage| {
        let shown = |s: &&Status| linked::has_districts(raw.tables[s.table].def, withdrawn);
        publishable(
            (&linked, 1, zonage),
            statuses.iter().filter(shown),
            rule,
            &mut summary,
            |_, level| linked::shows(level),
        )
    });
    Protected {
        tables,
        qpv,
        summary,
    }
}

/// The tables of one zonage, given what is hidden in them.
fn publishable<'a>(
    (linked, zonage, tree): (&Linked, usize, &Zonage),
    statuses: impl Iterator<Item = &'a Status>,
    rule: Rule,
    summary: &mut Summary,
    shows: impl Fn(&TableDef, Level) -> bool,
) -> PublishableTables {
    let line_of = linked.lines_of(zonage, tree);
    let mut tables = Vec::new();
    for status in statuses {
        let table = &linked.raw.tables[status.table];
        let mut lines = Vec::new();
        for (maille, &at) in line_of.iter().enumerate() {
            let level = tree.mailles[maille].level;
            if !shows(table.def, level) {
                continue;
            }
            let line = &table.lines[at];
            let show = |count: u32, hidden: bool| Publishable((!hidden).then_some(count));
            let cells = &status.cells[at];
            lines.push(PublishableLine {
                maille,
                population: show(line.population, status.base[at]),
                respondents: show(line.respondents, status.respondents[at]),
                counts: line
                    .counts
                    .iter()
                    .zip(cells)
                    .map(|(count, hidden)| show(*count, *hidden))
                    .collect(),
            });
            // A crossing has no line but the territory's to publish: those below would
            // pass for a loss, level by level.
            if table.def.dimensions.len() > 1 && level != Level::Epci {
                continue;
            }
            let figures = summary_of(summary, table.def.id, level);
            for (cell, (count, hidden)) in line.counts.iter().zip(cells).enumerate() {
                figures.units += u64::from(*count);
                if !hidden {
                    figures.published += 1;
                    figures.units_published += u64::from(*count);
                } else if sheet::primary(table, at, cell, rule) {
                    figures.hidden_for_themselves += 1;
                    figures.units_for_themselves += u64::from(*count);
                } else {
                    figures.hidden_to_protect += 1;
                }
            }
        }
        tables.push(PublishableTable {
            def: table.def,
            lines,
        });
    }
    PublishableTables {
        zonage: tree.clone(),
        tables,
    }
}

fn summary_of<'a>(summary: &'a mut Summary, table: &str, level: Level) -> &'a mut LevelSummary {
    let place = summary
        .lines
        .iter()
        .position(|l| l.table == table && l.level == level)
        .unwrap_or_else(|| {
            summary.lines.push(SummaryLine {
                table: table.to_owned(),
                level,
                figures: LevelSummary::default(),
            });
            summary.lines.len() - 1
        });
    &mut summary.lines[place].figures
}

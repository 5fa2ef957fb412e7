//! Crossings: what is hidden in the line of the territory, the only one published.
//!
//! It is published where the line of the first variable is published whole. With the
//! first variable known, the cells are a network once more: from the outside to each
//! modality, from there to its cells or to those who did not answer the second
//! question. Those hidden sums obey the same two rules as cells (the gate asks for
//! it), so each gets a cycle.
//!
//! Communes have no published line: each would bound what its own programmes hide,
//! and the gate proves the territory's alone much more often. In the reading
//! `population` nothing is published: a line that is hidden whole has cells that
//! cannot reach the threshold, which beside a crossing they must.

use super::Rule;
use super::network::{Access, Arc, Network, Way};
use super::sheet::{Status, price, primary};
use crate::campaign::BearsOn;
use crate::indicator::{self, Classify, MAX_CROSSED_LEAVES, TableDef, Unit};
use crate::table::{Level, RawTable, RawTables};

#[cfg(test)]
mod tests;

/// The rank of the territory among mailles.
const TOP: usize = 0;
/// The arc of those who answered the first question only.
const SILENT: Arc = 0;

/// A crossing and what is hidden in the two tables that it crosses.
struct Pair<'a> {
    table: &'a RawTable,
    base: &'a [bool],
    rule: Rule,
    a: (&'a RawTable, &'a Status),
    b: (&'a RawTable, &'a Status),
    /// Modalities that the second table hides over the territory: protected as one.
    blank: Vec<bool>,
    /// Cells that no household is in.
    never: Vec<bool>,
}

impl<'a> Pair<'a> {
    fn new(
        raw: &'a RawTables,
        rank: usize,
        rule: Rule,
        base: &'a [bool],
        statuses: &'a [Status],
    ) -> Option<Self> {
        let table = &raw.tables[rank];
        let Classify::Cross(first, second) = table.def.classify else {
            return None;
        };
        let of = |id: &str| {
            let status = statuses.iter().find(|s| raw.tables[s.table].def.id == id)?;
            Some((&raw.tables[status.table], status))
        };
        let b = of(second)?;
        let blank = b.1.cells[0].clone();
        Some(Self {
            table,
            base,
            rule,
            a: of(first)?,
            b,
            blank,
            never: never(table.def),
        })
    }

    /// May the line of the territory be published, given the two tables?
    fn may_open(&self) -> bool {
        let ((a, a_status), (b, b_status)) = (self.a, self.b);
        let (least, table) = (self.rule.threshold, &self.table.lines[TOP]);
        let whole = !self.base[TOP]
            && !a_status.respondents[TOP]
            && a_status.cells[TOP].iter().all(|hidden| !hidden)
            && a.lines[TOP].counts.iter().all(|count| *count >= least);
        let mut counts = b.lines[TOP].counts.iter().zip(&self.blank);
        let answers = !b_status.base[TOP]
            && !b_status.respondents[TOP]
            && counts.all(|(count, blank)| *blank || *count >= least);
        let contradicted = table
            .counts
            .iter()
            .zip(&self.never)
            .any(|(c, never)| *never && *c > 0);
        // Those who answered the first question only hide among the dwellings without
        // an answer to the second.
        let line = &b.lines[TOP];
        let spoken = self.silent() == 0 || line.population - line.respondents >= least;
        let strict = self.rule.bears_on == BearsOn::Effectif;
        strict && whole && answers && spoken && !contradicted && table.respondents >= least
    }

    /// Those who answered the first question only.
    fn silent(&self) -> u32 {
        self.a.0.lines[TOP].respondents - self.table.lines[TOP].respondents
    }
}

/// Cells of a crossing that no household is in, where the catalogue says that a
/// modality of the first table is one of the second.
fn never(def: &TableDef) -> Vec<bool> {
    let same = indicator::same_answer(def);
    let width = def.dimensions[1].modalities.len();
    (0..def.width())
        .map(|cell| same.is_some_and(|(i, j)| (cell / width == i) != (cell % width == j)))
        .collect()
}

/// May a crossing be published, given the two tables? Then the table of dwellings that
/// it has for second variable, if any, by rank.
pub(super) fn opens(
    raw: &RawTables,
    rank: usize,
    rule: Rule,
    base: &[bool],
    statuses: &[Status],
) -> Option<Option<usize>> {
    let leaves = raw.zonage.leaves().into_iter().filter(|leaf| *leaf).count();
    if leaves > MAX_CROSSED_LEAVES {
        return None;
    }
    let pair = Pair::new(raw, rank, rule, base, statuses).filter(Pair::may_open)?;
    let dwellings = pair.b.0.def.unit == Unit::Dwellings;
    Some(dwellings.then_some(pair.b.1.table))
}

/// Is nothing of a crossing published?
pub(super) fn is_blank(status: &Status) -> bool {
    status.respondents[TOP] && status.cells[TOP].iter().all(|hidden| *hidden)
}

/// What is hidden in a crossing, given what is hidden in the two tables it
/// crosses.
pub(super) fn hide(
    raw: &RawTables,
    rank: usize,
    rule: Rule,
    base: &[bool],
    statuses: &[Status],
) -> Status {
    let table = &raw.tables[rank];
    let width = table.def.width();
    let mailles = table.lines.len();
    let mut status = Status {
        table: rank,
        base: base.to_vec(),
        respondents: vec![true; mailles],
        cells: vec![vec![true; width]; mailles],
    };
    let pair = Pair::new(raw, rank, rule, base, statuses);
    let Some(pair) = pair.filter(Pair::may_open) else {
        return status;
    };
    let mut system = System::new(&pair);
    system.protect(i64::from(rule.threshold));
    system.publish(&mut status);
    let of_level = |level: Level| {
        let mailles = raw.zonage.mailles.iter().enumerate();
        mailles
            .filter(move |(_, m)| m.level == level)
            .map(|(g, _)| g)
    };
    let mut communes = of_level(Level::Commune);
    if let (Some(copy), None) = (communes.next(), communes.next()) {
        // The only commune is a copy of the territory.
        status.cells[copy] = status.cells[TOP].clone();
        status.respondents[copy] = status.respondents[TOP];
    }
    status
}

/// A crossing over the territory as a network.
struct System {
    net: Network,
    /// Modalities of the two variables.
    size: (usize, usize),
    /// Modalities of the second variable in each column.
    columns: Vec<Vec<usize>>,
    /// Cells of the table that no household is in.
    never: Vec<bool>,
}

impl System {
    fn new(pair: &Pair<'_>) -> Self {
        let (table, rule) = (pair.table, pair.rule);
        let (columns, blank) = (columns(&pair.blank), pair.blank.contains(&true));
        let modalities = pair.blank.len();
        let (n, w) = (table.def.dimensions[0].modalities.len(), columns.len());
        let (line, margins) = (&table.lines[TOP], &pair.a.0.lines[TOP].counts);
        let (mut tail, mut head, mut value) = (Vec::new(), Vec::new(), Vec::new());
        let mut access = Vec::new();
        let mut add = |ends: (u32, u32), truth: u32, how: Access| {
            tail.push(ends.0);
            head.push(ends.1);
            value.push(i64::from(truth));
            access.push(how);
        };
        // Outside, all the silent, then the answers to the first question.
        let row = |i: usize| (2 + i) as u32;
        let silent = pair.silent();
        let how = match silent {
            0 => Access::Fixed,
            few if few < rule.threshold => Access::Hidden,
            _ => Access::Price(price(Level::Epci, line.respondents)),
        };
        add((1, 0), silent, how);
        for (i, margin) in margins.iter().enumerate() {
            add((0, row(i)), *margin, Access::Fixed);
            let mut rest = *margin;
            for (c, column) in columns.iter().enumerate() {
                let cells = || column.iter().map(|j| i * modalities + j);
                let count: u32 = cells().map(|cell| line.counts[cell]).sum();
                let small = cells().any(|cell| primary(table, TOP, cell, rule));
                let how = if cells().all(|cell| pair.never[cell]) {
                    // Nobody asks anything of a cell that no household is in.
                    Access::Fixed
                } else if blank && c + 1 == w || small {
                    Access::Hidden
                } else {
                    Access::Price(price(Level::Epci, count))
                };
                add((row(i), 0), count, how);
                rest -= count;
            }
            add((row(i), 1), rest, Access::Hidden);
        }
        let mut net = Network::of_arcs(2 + n, tail, head, value);
        for (arc, how) in access.into_iter().enumerate() {
            net.set(arc, how);
        }
        Self {
            net,
            size: (n, w),
            columns,
            never: pair.never.clone(),
        }
    }

    /// The arc of a cell; the column after the last is those who did not answer.
    fn cell(&self, i: usize, column: usize) -> Arc {
        2 + i * (self.size.1 + 2) + column
    }

    /// Gives every hidden cell, and those who did not answer, the room that they need.
    /// All of those together are hidden where they are fewer than the threshold, or to
    /// let one of them move: so they move with the first of them that reaches it.
    fn protect(&mut self, threshold: i64) {
        let (n, w) = self.size;
        let targets: Vec<Arc> = (0..n)
            .flat_map(|i| (0..=w).map(move |c| (i, c)))
            .map(|(i, c)| self.cell(i, c))
            .collect();
        for arc in &targets {
            if self.net.hidden(*arc) && self.net.best(*arc) < threshold {
                let want = threshold - self.net.value(*arc);
                self.net.push(*arc, Way::Up, want);
            }
        }
        for arc in targets {
            if self.net.hidden(arc) && !self.net.moved(arc) {
                // One that cannot rise cannot fall either: all the rest of its line is
                // cells that no household is in.
                self.net.push(arc, Way::Up, 1);
            }
        }
    }

    fn publish(&self, status: &mut Status) {
        let modalities: usize = self.columns.iter().map(Vec::len).sum();
        for i in 0..self.size.0 {
            for (c, column) in self.columns.iter().enumerate() {
                for j in column {
                    let cell = i * modalities + j;
                    let hidden = self.net.hidden(self.cell(i, c));
                    status.cells[TOP][cell] = self.never[cell] || hidden;
                }
            }
        }
        status.respondents[TOP] = self.net.hidden(SILENT);
    }
}

/// One column for each modality, those that are blank together.
fn columns(blank: &[bool]) -> Vec<Vec<usize>> {
    let (together, mut columns) = blank.iter().enumerate().fold(
        (Vec::new(), Vec::new()),
        |(mut together, mut columns), (j, blank)| {
            if *blank {
                together.push(j);
            } else {
                columns.push(vec![j]);
            }
            (together, columns)
        },
    );
    if !together.is_empty() {
        columns.push(together);
    }
    columns
}

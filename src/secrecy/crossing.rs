//! Crossings: which lines and cells are hidden.
//!
//! A line of a crossing is published only where the line of its first variable
//! is published whole; the others are hidden whole and make one row together.
//! With the first variable known, the cells are a network once more: from the
//! outside to each row and modality, from there to the cell of the territory or
//! to those who did not answer the second question. Those hidden sums obey the
//! same two rules as cells (the gate asks for it), so each gets a cycle.

use super::Rule;
use super::network::{Access, Arc, Network, Way};
use super::sheet::{Status, price, primary};
use crate::campaign::BearsOn;
use crate::indicator::{self, Classify, TableDef, Unit};
use crate::table::{Level, RawLine, RawTable, RawTables};

/// The mailles of which a crossing is published: the territory and communes.
struct Lines {
    /// The territory.
    top: usize,
    /// Communes of which the line may be published.
    open: Vec<usize>,
    /// All other communes.
    rest: Vec<usize>,
}

/// A crossing and what is hidden in the two tables that it crosses.
struct Pair<'a> {
    table: &'a RawTable,
    base: &'a [bool],
    rule: Rule,
    a: (&'a RawTable, &'a Status),
    b: (&'a RawTable, &'a Status),
    /// Modalities that the second table hides over the territory: hidden in every
    /// line, and protected as one.
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

    /// May the line be published, given the two tables?
    fn may_open(&self, g: usize) -> bool {
        let ((a, a_status), (b, b_status)) = (self.a, self.b);
        let (least, table) = (self.rule.threshold, &self.table.lines[g]);
        let whole = !self.base[g]
            && !a_status.respondents[g]
            && a_status.cells[g].iter().all(|hidden| !hidden)
            && a.lines[g].counts.iter().all(|count| *count >= least);
        let counts = b.lines[g].counts.iter().zip(&b_status.cells[g]);
        let answers = !b_status.base[g]
            && !b_status.respondents[g]
            && counts
                .zip(&self.blank)
                .all(|((count, hidden), blank)| match hidden {
                    true => *blank && self.rule.bears_on == BearsOn::Effectif,
                    false => *count >= least,
                });
        let contradicted = table
            .counts
            .iter()
            .zip(&self.never)
            .any(|(c, never)| *never && *c > 0);
        let spoken = self.silent(g) == 0 || self.silent_dwellings(g) >= least;
        whole && answers && spoken && !contradicted && table.respondents >= least
    }

    /// Those of a line who answered the first question only.
    fn silent(&self, g: usize) -> u32 {
        self.a.0.lines[g].respondents - self.table.lines[g].respondents
    }

    /// Those without an answer to the second, which they cannot exceed.
    fn silent_dwellings(&self, g: usize) -> u32 {
        let line = &self.b.0.lines[g];
        line.population - line.respondents
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

/// The rank of the table of dwellings that a crossing has for second variable,
/// where the crossing may be published.
pub(super) fn dwellings_of(
    raw: &RawTables,
    rank: usize,
    rule: Rule,
    base: &[bool],
    statuses: &[Status],
) -> Option<usize> {
    let pair = Pair::new(raw, rank, rule, base, statuses)?;
    let dwellings = pair.b.0.def.unit == Unit::Dwellings && pair.may_open(0);
    dwellings.then_some(pair.b.1.table)
}

/// What is hidden in a crossing, given what is hidden in the two tables it
/// crosses. `closed` are lines that must not be published.
pub(super) fn hide(
    raw: &RawTables,
    rank: usize,
    rule: Rule,
    base: &[bool],
    statuses: &[Status],
    closed: &dyn Fn(usize) -> bool,
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
    let Some(pair) = Pair::new(raw, rank, rule, base, statuses) else {
        return status;
    };
    let top = 0;
    if !pair.may_open(top) || closed(top) {
        return status;
    }
    let communes =
        (0..raw.zonage.mailles.len()).filter(|g| raw.zonage.mailles[*g].level == Level::Commune);
    let only = communes.clone().count() == 1;
    let (mut open, mut rest): (Vec<usize>, Vec<usize>) =
        communes.partition(|g| !only && pair.may_open(*g) && !closed(*g));
    // Those who did not answer hide among the silent dwellings of the rest: where
    // these are too few, the smallest lines join it.
    while !rest.is_empty() && pair.silent(top) > 0 {
        let silent: u32 = rest.iter().map(|g| pair.silent_dwellings(*g)).sum();
        let smallest = (0..open.len())
            .filter(|at| pair.silent_dwellings(open[*at]) > 0)
            .min_by_key(|at| table.lines[open[*at]].respondents);
        match smallest {
            Some(at) if silent < rule.threshold => rest.push(open.remove(at)),
            _ => break,
        }
    }
    rest.sort_unstable();
    let lines = Lines { top, open, rest };
    let mut system = System::new(raw, &pair, &lines);
    system.protect(i64::from(rule.threshold), only);
    system.publish(&lines, &mut status);
    if only {
        // The only commune is a copy of the territory.
        let copy = lines.rest[0];
        status.cells[copy] = status.cells[top].clone();
        status.respondents[copy] = status.respondents[top];
    }
    status
}

/// A crossing as a network.
struct System {
    net: Network,
    /// Modalities of the two variables.
    size: (usize, usize),
    rows: usize,
    /// Is the last row one of several lines?
    merged: bool,
    /// Of each row, everyone who answered the first question answered the second.
    answered: Vec<bool>,
    /// Answers to the first question, by row.
    whole: Vec<i64>,
    /// Modalities of the second variable in each column.
    columns: Vec<Vec<usize>>,
    modalities: usize,
    /// Cells of the table that no household is in.
    never: Vec<bool>,
}

impl System {
    fn new(raw: &RawTables, pair: &Pair<'_>, lines: &Lines) -> Self {
        let (table, a, rule) = (pair.table, pair.a.0, pair.rule);
        let (columns, blank) = (columns(&pair.blank), pair.blank.contains(&true));
        let modalities = table.def.dimensions[1].modalities.len();
        let size = (table.def.dimensions[0].modalities.len(), columns.len());
        let (n, w) = size;
        let sum = |of: &RawTable, among: &[usize]| {
            let mut all = vec![0_i64; of.def.width()];
            for g in among {
                let counts = &of.lines[*g].counts;
                all.iter_mut()
                    .zip(counts)
                    .for_each(|(s, c)| *s += i64::from(*c));
            }
            all
        };
        let mut groups: Vec<Vec<usize>> = lines.open.iter().map(|g| vec![*g]).collect();
        if !lines.rest.is_empty() {
            groups.push(lines.rest.clone());
        }
        let rows = groups.len();
        let column = |i: usize, j: usize| (2 + i * w + j) as u32;
        let row = |r: usize, i: usize| (2 + n * w + r * (n + 1) + i) as u32;
        let (mut tail, mut head, mut value) = (Vec::new(), Vec::new(), Vec::new());
        let mut access = Vec::new();
        let mut add = |ends: (u32, u32), truth: i64, how: Access| {
            tail.push(ends.0);
            head.push(ends.1);
            value.push(truth);
            access.push(how);
        };
        // Modalities that are blank come last.
        let merged_column = blank.then(|| columns.len() - 1);
        // The cells of the table that a cell of the system sums.
        let of = |c: usize| {
            let row = c / w * modalities;
            columns[c % w].iter().map(move |j| row + j)
        };
        // Nobody asks anything of a cell that no household is in.
        let never = |c: usize| of(c).all(|cell| pair.never[cell]);
        let cell = |g: usize, c: usize| {
            let count: u32 = of(c).map(|cell| table.lines[g].counts[cell]).sum();
            let small = of(c).any(|cell| primary(table, g, cell, rule));
            if never(c) {
                Access::Fixed
            } else if merged_column == Some(c % w) || small || count < rule.threshold {
                Access::Hidden
            } else {
                Access::Price(price(raw.zonage.mailles[g].level, count))
            }
        };
        let silent = |g: usize| {
            let (line, both): (&RawLine, &RawLine) = (&a.lines[g], &table.lines[g]);
            let silent = line.respondents - both.respondents;
            let how = match silent {
                0 => Access::Fixed,
                few if few < rule.threshold => Access::Hidden,
                _ => Access::Price(price(raw.zonage.mailles[g].level, both.respondents)),
            };
            (i64::from(silent), how)
        };
        let top = sum(table, &[lines.top]);
        for c in 0..n * w {
            let count = of(c).map(|cell| top[cell]).sum();
            add((column(c / w, c % w), 0), count, cell(lines.top, c));
        }
        let (all_silent, how) = silent(lines.top);
        add((1, 0), all_silent, how);
        let (mut answered, mut whole) = (Vec::new(), Vec::new());
        for (r, among) in groups.iter().enumerate() {
            let line = (r < lines.open.len()).then(|| among[0]);
            let (margins, cells) = (sum(a, among), sum(table, among));
            let none: i64 = margins.iter().sum::<i64>() - cells.iter().sum::<i64>();
            let how = line.map_or(Access::Hidden, |g| silent(g).1);
            add((row(r, n), 1), none, how);
            answered.push(none == 0 && (line.is_some() || all_silent == 0));
            whole.push(margins.iter().sum());
            for (i, margin) in margins.iter().enumerate() {
                add((0, row(r, i)), *margin, Access::Fixed);
                let mut rest = *margin;
                for j in 0..w {
                    let c = i * w + j;
                    let count: i64 = of(c).map(|cell| cells[cell]).sum();
                    rest -= count;
                    let how = match line {
                        Some(g) => cell(g, c),
                        None if never(c) => Access::Fixed,
                        None => Access::Hidden,
                    };
                    add((row(r, i), column(i, j)), count, how);
                }
                add((row(r, i), row(r, n)), rest, Access::Hidden);
            }
        }
        let mut net = Network::of_arcs(2 + n * w + rows * (n + 1), tail, head, value);
        for (arc, how) in access.into_iter().enumerate() {
            net.set(arc, how);
        }
        Self {
            net,
            size,
            rows,
            merged: lines.rest.len() > 1,
            answered,
            whole,
            columns,
            modalities,
            never: pair.never.clone(),
        }
    }

    fn top_cell(&self, cell: usize) -> Arc {
        cell
    }

    fn top_silent(&self) -> Arc {
        self.size.0 * self.size.1
    }

    fn silent(&self, row: usize) -> Arc {
        let (n, w) = self.size;
        n * w + 1 + row * (1 + n * (w + 2))
    }

    /// The arc of a cell; the column after the last is those who did not answer.
    fn cell(&self, row: usize, i: usize, j: usize) -> Arc {
        self.silent(row) + 1 + i * (self.size.1 + 2) + 1 + j
    }

    /// Gives every hidden cell, and every hidden sum, the room that it needs.
    fn protect(&mut self, threshold: i64, copy: bool) {
        let (n, w) = self.size;
        let is_sum = |r: usize| r + 1 == self.rows && (self.merged || copy);
        // Arcs, and whether they must take two values.
        let mut targets: Vec<(Arc, bool)> = (0..n * w).map(|c| (self.top_cell(c), true)).collect();
        let mut margins = vec![(self.top_silent(), self.whole.iter().sum::<i64>(), true)];
        for r in 0..self.rows {
            margins.push((self.silent(r), self.whole[r], !is_sum(r)));
            for i in 0..n {
                for j in 0..w + usize::from(!self.answered[r]) {
                    targets.push((self.cell(r, i, j), !is_sum(r)));
                }
            }
        }
        for (arc, _) in &targets {
            if self.net.hidden(*arc) && self.net.best(*arc) < threshold {
                let want = threshold - self.net.value(*arc);
                self.net.push(*arc, Way::Up, want);
            }
        }
        for (arc, whole, _) in &margins {
            if self.net.hidden(*arc) && whole - self.net.least(*arc) < threshold {
                let want = threshold - (whole - self.net.value(*arc));
                self.net.push(*arc, Way::Down, want);
            }
        }
        let two = targets
            .into_iter()
            .filter(|(_, two)| *two)
            .map(|(arc, _)| arc);
        let margins = margins.into_iter().filter(|(_, _, two)| *two);
        for arc in two.chain(margins.map(|(arc, ..)| arc)) {
            if self.net.hidden(arc) && !self.net.moved(arc) {
                self.stir(arc);
            }
        }
        if self.rows == 1
            || !self.net.hidden(self.top_silent()) && self.net.truth(self.top_silent()) == 0
        {
            return;
        }
        // The territory's silent by modality, which no arc is.
        for i in 0..n {
            self.stir_silent(i);
        }
    }

    fn stir(&mut self, arc: Arc) -> bool {
        self.net.push(arc, Way::Up, 1) > 0 || self.net.push(arc, Way::Down, 1) > 0
    }

    /// Makes the sum of the territory's cells of one modality take two values:
    /// one of them changes, the others stay; hidden ones first, then the
    /// smallest.
    fn stir_silent(&mut self, i: usize) {
        let w = self.size.1;
        let mut cells: Vec<Arc> = (0..w).map(|j| self.top_cell(i * w + j)).collect();
        cells.sort_by_key(|arc| (!self.net.hidden(*arc), self.net.truth(*arc)));
        for at in 0..cells.len() {
            let arc = cells[at];
            cells
                .iter()
                .for_each(|other| self.net.freeze(*other, *other != arc));
            let done = self.stir(arc);
            if done {
                self.net.set(arc, Access::Hidden);
            }
            cells
                .iter()
                .for_each(|other| self.net.freeze(*other, false));
            if done {
                break;
            }
        }
    }

    fn publish(&self, lines: &Lines, status: &mut Status) {
        let (n, w) = self.size;
        for c in 0..n * w {
            for j in &self.columns[c % w] {
                let cell = c / w * self.modalities + j;
                let never = self.never[cell];
                status.cells[lines.top][cell] = never || self.net.hidden(self.top_cell(c));
                for (r, g) in lines.open.iter().enumerate() {
                    let hidden = self.net.hidden(self.cell(r, c / w, c % w));
                    status.cells[*g][cell] = never || hidden;
                }
            }
        }
        status.respondents[lines.top] = self.net.hidden(self.top_silent());
        for (r, g) in lines.open.iter().enumerate() {
            status.respondents[*g] = self.net.hidden(self.silent(r));
        }
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

//! One table under protection.

use std::collections::BTreeMap;

use super::Rule;
use super::linked::Linked;
use super::network::{Access, Arc, Network, Way};
use super::release::{Goal, release};
use crate::campaign::BearsOn;
use crate::indicator::Unit;
use crate::table::{Level, MASS, RawTable};

#[cfg(test)]
mod tests;

/// What is hidden in one table, for every maille of the joint tree, then for
/// every sum.
pub(super) struct Status {
    /// Rank among the raw tables.
    pub(super) table: usize,
    /// `population`, or `logements` in a table of persons, by maille.
    pub(super) base: Vec<bool>,
    /// By maille.
    pub(super) respondents: Vec<bool>,
    /// By maille, then cell.
    pub(super) cells: Vec<Vec<bool>>,
}

/// What hiding a cell costs, by level and by what it holds. In a commune each unit
/// counts, by fours: sixty or seventy of them weigh as much as a cell of a secteur.
/// Elsewhere it is the number of cells that matters, and of their units the order
/// of magnitude.
pub(super) fn price(level: Level, count: u32) -> u32 {
    let base = match level {
        Level::Epci => 100_000,
        Level::Commune | Level::QpvSituation => {
            return COMMUNE + COMMUNE_UNITS * (count.min(4_000) / 4);
        }
        Level::Secteur | Level::Qpv => 400,
        Level::Programme | Level::Regroupement | Level::Part => 32,
    };
    base + base / 16 * count.max(1).ilog2()
}

/// A cell of a commune, and four units in it.
const COMMUNE: u32 = 4_000;
const COMMUNE_UNITS: u32 = 24;

/// Must the cell be hidden for what it is?
pub(super) fn primary(table: &RawTable, maille: usize, cell: usize, rule: Rule) -> bool {
    let line = &table.lines[maille];
    let count = line.counts[cell];
    let small = match rule.bears_on {
        BearsOn::Population => count == 0,
        BearsOn::Effectif => {
            count < rule.threshold
                || (table.def.unit.is_person() && line.behind[cell] < rule.threshold)
        }
    };
    small || count == line.respondents
}

/// Lines that a table hides for the sake of a crossing.
#[derive(Clone)]
pub(super) struct Closed {
    /// Those whose cells are hidden, by maille.
    pub(super) cells: Vec<bool>,
    /// Those whose respondents are.
    pub(super) respondents: Vec<bool>,
}

/// One table under protection, as a network.
///
/// Tables of dwellings and households have one more column, the units without an
/// answer, and `population` for margin; it is hidden when the respondents are.
/// Tables of persons have the respondents for margin, and their network carries
/// *masses* rather than counts: a dwelling of *n* usable persons gives each
/// `MASS / n`, so that a cut of `11 · MASS` rests on eleven dwellings.
pub(super) struct Sheet<'a> {
    rank: usize,
    pub(super) table: &'a RawTable,
    rule: Rule,
    /// Lines that are hidden whole.
    lines: &'a [bool],
    /// Lines whose margin is hidden.
    margins: &'a [bool],
    /// Lines that the table has.
    asked: &'a [bool],
    sums: &'a [Vec<usize>],
    /// Lines whose cells, and lines whose respondents, a crossing wants hidden.
    closed: Option<Closed>,
    /// The column that another table shares.
    pub(super) shared: Option<usize>,
    pub(super) net: Network,
}

impl<'a> Sheet<'a> {
    /// The table with its primary suppression. `lines` are hidden whole; the
    /// `population` of those in `margins` is hidden too.
    pub(super) fn new(
        linked: &'a Linked,
        rank: usize,
        rule: Rule,
        lines: &'a [bool],
        margins: &'a [bool],
    ) -> Self {
        let raw = &linked.raw;
        let table = &raw.tables[rank];
        let (width, person) = (table.def.width(), table.def.unit.is_person());
        let weigh = person && rule.bears_on == BearsOn::Effectif;
        let cell = |c: usize, g: usize| {
            let line = &table.lines[g];
            match line.counts.get(c) {
                Some(_) if weigh => line.masses[c] as i64,
                Some(count) => i64::from(*count),
                None => i64::from(line.population - line.respondents),
            }
        };
        let margin = |g: usize| {
            let line = &table.lines[g];
            match person {
                true if weigh => line.masses.iter().sum::<u64>() as i64,
                true => i64::from(line.respondents),
                false => i64::from(line.population),
            }
        };
        let mut sheet = Self {
            rank,
            table,
            rule,
            lines,
            margins,
            asked: &linked.asked[rank],
            sums: &linked.sums,
            closed: None,
            shared: None,
            net: Network::new(&raw.zonage, width + usize::from(!person), cell, margin),
        };
        let leaf = raw.zonage.leaves();
        for (g, maille) in raw.zonage.mailles.iter().enumerate() {
            let (line, level) = (&table.lines[g], maille.level);
            let access = |hide: bool, count: u32| {
                if hide || lines[g] {
                    Access::Hidden
                } else {
                    Access::Price(price(level, count))
                }
            };
            for (c, count) in line.counts.iter().enumerate() {
                let arc = sheet.net.cell(c, g);
                sheet
                    .net
                    .set(arc, access(primary(table, g, c, rule), *count));
            }
            if let Some(silent) = sheet.silent(g) {
                let hide = rule.bears_on == BearsOn::Effectif && line.respondents < rule.threshold;
                let silent_access = match access(hide, line.respondents) {
                    // Lines are decided before the cells, and stay.
                    Access::Price(_) if rule.bears_on == BearsOn::Population => Access::Fixed,
                    access => access,
                };
                sheet.net.set(silent, silent_access);
            }
            let arc = sheet.net.margin(g);
            sheet.net.set(
                arc,
                if margins[g] {
                    Access::Hidden
                } else {
                    Access::Fixed
                },
            );
            if table.def.unit == Unit::Dwellings {
                sheet.net.set_lower(arc, i64::from(leaf[g]));
            }
        }
        sheet
    }

    /// Hides cells and respondents of some lines for good.
    pub(super) fn close(&mut self, closed: Closed) {
        for g in 0..self.net.mailles() {
            if closed.cells[g] {
                for c in 0..self.table.def.width() {
                    self.net.set(self.net.cell(c, g), Access::Hidden);
                }
            }
            if let Some(silent) = self.silent(g).filter(|_| closed.respondents[g]) {
                self.net.set(silent, Access::Hidden);
            }
        }
        self.closed = Some(closed);
    }

    /// The arc of the units without an answer: hidden when the respondents are.
    pub(super) fn silent(&self, maille: usize) -> Option<Arc> {
        (!self.table.def.unit.is_person()).then(|| self.net.cell(self.table.def.width(), maille))
    }

    /// What a hidden cell must be able to reach.
    fn goal(&self, maille: usize, cell: usize) -> i64 {
        let threshold = i64::from(self.rule.threshold);
        match self.rule.bears_on {
            BearsOn::Population => 1,
            BearsOn::Effectif if !self.table.def.unit.is_person() => threshold,
            // A cell that rests on enough dwellings is certified by itself.
            BearsOn::Effectif if self.table.lines[maille].behind[cell] >= self.rule.threshold => 0,
            BearsOn::Effectif => threshold * MASS as i64,
        }
    }

    /// Changes a cell by up to `want`, without moving what a twin shares where
    /// that is possible, with the twin where it is not.
    fn push(&mut self, twin: &mut Option<&mut Self>, arc: Arc, way: Way, want: i64) -> i64 {
        let mut done = self.net.push(arc, way, want);
        if let Some(twin) = twin.as_deref_mut()
            && done < want
        {
            done += self.push_both(twin, arc, way, want - done);
        }
        done
    }

    /// Changes a cell by one unit, either way.
    fn stir(&mut self, twin: &mut Option<&mut Self>, arc: Arc) -> bool {
        self.push(twin, arc, Way::Up, 1) > 0 || self.push(twin, arc, Way::Down, 1) > 0
    }

    /// Changes a cell with the shared column free to move, and imposes the same
    /// change of that column on the twin; gives what was reached in both. On
    /// failure both tables are what they were.
    pub(super) fn push_both(&mut self, twin: &mut Self, arc: Arc, way: Way, want: i64) -> i64 {
        let (Some(mine), Some(theirs)) = (self.shared, twin.shared) else {
            return 0;
        };
        let mailles = self.net.mailles();
        let column = self.net.cell(mine, 0)..self.net.cell(mine, mailles);
        self.net.begin();
        twin.net.begin();
        self.net.hold(0..0);
        self.net.take_opened();
        let done = self.net.push(arc, way, want);
        self.net.hold(column.clone());
        for opened in self.net.take_opened() {
            if column.contains(&opened) {
                let shared = twin.net.cell(theirs, self.net.maille_of(opened));
                twin.net.set(shared, Access::Hidden);
            }
        }
        let mut changes: BTreeMap<Arc, i64> = BTreeMap::new();
        for (moved, change) in self.net.tried() {
            if column.contains(&moved) {
                let shared = twin.net.cell(theirs, self.net.maille_of(moved));
                *changes.entry(shared).or_default() += change;
            }
        }
        changes.retain(|_, change| *change != 0);
        let changes: Vec<(Arc, i64)> = changes.into_iter().collect();
        if twin.net.impose(&changes) {
            self.net.keep();
            twin.net.keep();
            done
        } else {
            self.net.undo();
            twin.net.undo();
            0
        }
    }

    /// Protects every hidden cell and every hidden number of respondents. Where these
    /// are under the threshold, so is each of their cells: a table that brings one to
    /// it brings them there too.
    pub(super) fn protect(&mut self, mut twin: Option<&mut Self>) {
        let (mailles, width) = (self.net.mailles(), self.table.def.width());
        let strict = self.rule.bears_on == BearsOn::Effectif;
        // Shared cells are protected with their twins before.
        let columns: Vec<usize> = (0..width).filter(|c| Some(*c) != self.shared).collect();
        for g in (0..mailles).filter(|g| self.asked[*g]) {
            for &c in &columns {
                let (arc, goal) = (self.net.cell(c, g), self.goal(g, c));
                if self.net.hidden(arc) && self.net.best(arc) < goal {
                    let want = goal - self.net.value(arc);
                    self.push(&mut twin, arc, Way::Up, want);
                }
            }
        }
        if !strict {
            return;
        }
        for g in (0..mailles).filter(|g| self.asked[*g]) {
            for &c in &columns {
                let arc = self.net.cell(c, g);
                if self.net.hidden(arc) && !self.net.moved(arc) {
                    self.stir(&mut twin, arc);
                }
            }
            let respondents = match self.silent(g) {
                _ if self.margins[g] => {
                    self.stir_respondents(g, &mut twin);
                    continue;
                }
                Some(silent) => silent,
                None => self.net.margin(g),
            };
            if self.net.hidden(respondents) && !self.net.moved(respondents) {
                self.stir(&mut twin, respondents);
            }
        }
    }

    /// Makes the respondents of a line without margin take a second value: one
    /// cell changes and the others of the line stay.
    fn stir_respondents(&mut self, g: usize, twin: &mut Option<&mut Self>) {
        let arcs: Vec<Arc> = (0..self.table.def.width())
            .map(|c| self.net.cell(c, g))
            .collect();
        let moved: i64 = arcs
            .iter()
            .map(|arc| self.net.value(*arc) - self.net.truth(*arc))
            .sum();
        if moved != 0 {
            return;
        }
        let loose: Vec<Arc> = arcs
            .into_iter()
            .filter(|arc| !self.net.is_frozen(*arc))
            .collect();
        for arc in &loose {
            loose
                .iter()
                .for_each(|other| self.net.freeze(*other, other != arc));
            if self.stir(twin, *arc) {
                break;
            }
        }
        loose.iter().for_each(|arc| self.net.freeze(*arc, false));
    }

    /// Publishes again what protects nobody (see [`release`]).
    pub(super) fn release(&mut self, linked: &Linked) {
        let (mailles, width) = (self.net.mailles(), self.table.def.width());
        let threshold = i64::from(self.rule.threshold);
        let strict = self.rule.bears_on == BearsOn::Effectif;
        let (mut goals, mut candidates) = (Vec::new(), Vec::new());
        for g in (0..mailles).filter(|g| self.asked[*g]) {
            let closed =
                |of: fn(&Closed) -> &Vec<bool>| self.closed.as_ref().is_some_and(|c| of(c)[g]);
            let line = &self.table.lines[g];
            let level = linked.raw.zonage.mailles[g].level;
            for c in 0..width {
                let arc = self.net.cell(c, g);
                if !self.net.hidden(arc) {
                    continue;
                }
                // A cell that reaches another value takes another value.
                if self.net.truth(arc) < self.goal(g, c) {
                    goals.push(Goal::Reach(arc, self.goal(g, c)));
                } else if strict {
                    goals.push(Goal::Stir(arc));
                }
                let kept = self.lines[g] || closed(|closed| &closed.cells);
                if !kept && !primary(self.table, g, c, self.rule) {
                    candidates.push((price(level, line.counts[c]), arc));
                }
            }
            if !strict {
                continue;
            }
            if self.margins[g] {
                goals.push(Goal::StirSum(
                    (0..width).map(|c| self.net.cell(c, g)).collect(),
                ));
                continue;
            }
            let Some(silent) = self.silent(g) else {
                continue;
            };
            if !self.net.hidden(silent) {
                continue;
            }
            if line.respondents < self.rule.threshold {
                let most = i64::from(line.population) - threshold;
                goals.push(Goal::Fall(silent, most));
                continue;
            }
            goals.push(Goal::Stir(silent));
            if !self.lines[g] && !closed(|closed| &closed.respondents) {
                candidates.push((price(level, line.respondents), silent));
            }
        }
        release(&mut self.net, goals, candidates, strict);
    }

    pub(super) fn status(self) -> Status {
        let (mailles, width) = (self.net.mailles(), self.table.def.width());
        let hidden_respondents = |g: usize| match self.silent(g) {
            Some(silent) => self.net.hidden(silent),
            None => self.lines[g],
        };
        let mut status = Status {
            table: self.rank,
            base: if self.table.def.unit.is_person() {
                self.lines
            } else {
                self.margins
            }
            .to_vec(),
            respondents: (0..mailles).map(hidden_respondents).collect(),
            cells: (0..mailles)
                .map(|g| {
                    (0..width)
                        .map(|c| self.net.hidden(self.net.cell(c, g)))
                        .collect()
                })
                .collect(),
        };
        for (k, parts) in self.sums.iter().enumerate() {
            let (respondents, cells) = self.sum_status(mailles + k, parts);
            status.respondents.push(respondents);
            status.cells.push(cells);
        }
        status
    }

    /// What is hidden in the line of a sum: all that the published nodes do not
    /// give away already.
    fn sum_status(&self, rank: usize, parts: &[usize]) -> (bool, Vec<bool>) {
        let width = self.table.def.width();
        let line = &self.table.lines[rank];
        let arcs = |c: usize| parts.iter().map(move |g| self.net.cell(c, *g));
        let person = self.table.def.unit.is_person();
        let all: Vec<Arc> = (0..width).flat_map(arcs).collect();
        let respondents = !self.asked[rank]
            || line.respondents < self.rule.threshold
            || (person && self.lines[rank])
            || !self.net.is_implied(&all);
        let whole = !self.asked[rank]
            || (respondents && (person || self.rule.bears_on == BearsOn::Population));
        let cells = (0..width)
            .map(|c| {
                let arcs: Vec<Arc> = arcs(c).collect();
                whole || primary(self.table, rank, c, self.rule) || !self.net.is_implied(&arcs)
            })
            .collect();
        (respondents, cells)
    }
}

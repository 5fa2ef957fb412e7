//! Which cells are hidden: populations first, then each table.

use super::network::{Access, Arc, Network, Way};
use crate::indicator::{IDENTITIES, IdentityPart, Unit};
use crate::table::{Level, RawTable, RawTables};

/// What is hidden in one table, for every maille of the zonage.
pub(super) struct Status {
    /// Rank among the raw tables.
    pub(super) table: usize,
    /// By maille, then cell.
    pub(super) cells: Vec<Vec<bool>>,
    /// By maille.
    pub(super) respondents: Vec<bool>,
}

/// What is hidden in all the tables of a landlord.
pub(super) struct Hidden {
    dwellings: Vec<bool>,
    households: Vec<bool>,
    pub(super) tables: Vec<Status>,
}

impl Hidden {
    /// Which populations of the unit are hidden, by maille.
    pub(super) fn population(&self, unit: Unit) -> &[bool] {
        match unit {
            Unit::Dwellings => &self.dwellings,
            Unit::Households | Unit::Adults | Unit::Occupants => &self.households,
        }
    }
}

/// Must the cell be hidden for what it is?
pub(super) fn primary(count: u32, respondents: u32, threshold: u32) -> bool {
    count < threshold || count == respondents
}

/// What hiding a cell costs, by level and by what it holds.
fn price(level: Level, count: u32) -> u32 {
    let base = match level {
        Level::Epci => 100_000,
        Level::Commune | Level::QpvSituation => 4_000,
        Level::Secteur | Level::Qpv => 400,
        Level::Programme | Level::Regroupement | Level::Part => 32,
    };
    base + base / 16 * count.max(1).ilog2()
}

/// A population weighs as much as all the tables whose lines it takes along.
const POPULATION_WEIGHT: u32 = 60;
/// Households of a maille, inside `occupation`.
const LET: usize = 0;

pub(super) fn hide(raw: &RawTables, threshold: u32, withdrawn: &[String]) -> Hidden {
    let mailles = raw.zonage.mailles.len();
    let find = |id: &str| {
        raw.tables
            .iter()
            .position(|t| t.def.id == id && t.def.published && !withdrawn.iter().any(|w| w == id))
    };
    let mut hidden = Hidden {
        dwellings: vec![false; mailles],
        households: vec![true; mailles],
        tables: Vec::new(),
    };
    if let Some(table) = raw.tables.iter().find(|t| t.def.unit == Unit::Dwellings) {
        hidden.dwellings = hide_dwellings(raw, table, threshold);
    }
    if let Some(rank) = find("occupation") {
        let status = hide_occupation(raw, rank, threshold, &hidden.dwellings);
        hidden.households = status.cells.iter().map(|cells| cells[LET]).collect();
        hidden.tables.push(status);
    }
    let twins = IDENTITIES.iter().find_map(|identity| {
        let IdentityPart::Modality(right) = identity.right.1 else {
            return None;
        };
        let (a, b) = (find(identity.left.0)?, find(identity.right.0)?);
        Some(((a, identity.left.1), (b, right)))
    });
    for (rank, table) in raw.tables.iter().enumerate() {
        if find(table.def.id) != Some(rank) || table.def.id == "occupation" {
            continue;
        }
        let population = hidden.population(table.def.unit);
        match twins {
            Some((first, second)) if first.0 == rank => {
                let (a, b) = hide_twins(raw, first, second, threshold, population);
                hidden.tables.push(a);
                hidden.tables.push(b);
            }
            Some((_, second)) if second.0 == rank => {}
            _ => {
                let mut sheet = Sheet::new(raw, rank, threshold, population);
                sheet.protect_all(None);
                hidden.tables.push(sheet.status());
            }
        }
    }
    hidden.tables.sort_by_key(|status| status.table);
    hidden
}

/// Which populations of dwellings are hidden: a tree of its own.
fn hide_dwellings(raw: &RawTables, table: &RawTable, threshold: u32) -> Vec<bool> {
    let value = |g: usize| i64::from(table.lines[g].population);
    let mut net = Network::new(&raw.zonage, 1, |_, g| value(g), value);
    let is_leaf = leaves(raw);
    for (g, leaf) in is_leaf.iter().enumerate() {
        let count = table.lines[g].population;
        let arc = net.cell(0, g);
        net.set(
            arc,
            if count < threshold {
                Access::Hidden
            } else {
                Access::Price(price(raw.zonage.mailles[g].level, count))
            },
        );
        let margin = net.margin(g);
        net.set(margin, Access::Hidden);
        // Everyone knows that a listed leaf holds a dwelling.
        net.set_lower(arc, i64::from(*leaf));
        net.set_lower(margin, i64::from(*leaf));
    }
    for g in 0..is_leaf.len() {
        let arc = net.cell(0, g);
        if net.hidden(arc) {
            reach(&mut net, arc, threshold);
        }
    }
    for g in 0..is_leaf.len() {
        let arc = net.cell(0, g);
        if net.hidden(arc) {
            stir(&mut net, arc);
        }
    }
    (0..is_leaf.len())
        .map(|g| net.hidden(net.cell(0, g)))
        .collect()
}

/// Hides in `occupation` what keeps the populations of households safe; its
/// other cells obey the threshold alone.
fn hide_occupation(raw: &RawTables, rank: usize, threshold: u32, population: &[bool]) -> Status {
    let table = &raw.tables[rank];
    let mut sheet = Sheet::new(raw, rank, threshold, population);
    for (g, line) in table.lines.iter().enumerate() {
        let let_arc = sheet.net.cell(LET, g);
        let count = line.counts[LET];
        if population[g] {
            continue;
        }
        if count >= threshold {
            // All let: the respondents give way rather than the population.
            let level = raw.zonage.mailles[g].level;
            let weight = price(level, count).saturating_mul(POPULATION_WEIGHT);
            sheet.net.set(let_arc, Access::Price(weight));
            if count == line.respondents {
                let silent = sheet.silent(g);
                sheet.net.set(silent, Access::Hidden);
            }
        }
    }
    let mailles = table.lines.len();
    for g in 0..mailles {
        let arc = sheet.net.cell(LET, g);
        if sheet.net.hidden(arc) {
            reach(&mut sheet.net, arc, threshold);
        }
    }
    for g in 0..mailles {
        let arc = sheet.net.cell(LET, g);
        if sheet.net.hidden(arc) {
            stir(&mut sheet.net, arc);
        }
    }
    sheet.status()
}

/// Protects two tables of which one cell a line is the same.
///
/// The shared cells stay still (frozen) while the others are protected; where
/// that is not enough, and for the shared cells themselves, a change goes
/// through both tables at once ([`Sheet::push_both`]).
fn hide_twins(
    raw: &RawTables,
    first: (usize, usize),
    second: (usize, usize),
    threshold: u32,
    population: &[bool],
) -> (Status, Status) {
    let mut a = Sheet::new(raw, first.0, threshold, population);
    let mut b = Sheet::new(raw, second.0, threshold, population);
    (a.shared, b.shared) = (Some(first.1), Some(second.1));
    let mailles = raw.zonage.mailles.len();
    for g in 0..mailles {
        let (x, y) = (a.net.cell(first.1, g), b.net.cell(second.1, g));
        if a.net.hidden(x) || b.net.hidden(y) {
            a.net.set(x, Access::Hidden);
            b.net.set(y, Access::Hidden);
        }
        // Both change together, so neither may shrink by more than the other holds.
        let (vx, vy) = (a.net.value(x), b.net.value(y));
        a.net.set_lower(x, vx - vx.min(vy));
        b.net.set_lower(y, vy - vx.min(vy));
        a.net.freeze(x, true);
        b.net.freeze(y, true);
    }
    for g in 0..mailles {
        let (x, y) = (a.net.cell(first.1, g), b.net.cell(second.1, g));
        if !a.net.hidden(x) {
            continue;
        }
        let threshold = i64::from(threshold);
        if a.net.best(x).min(b.net.best(y)) < threshold {
            let want = threshold - a.net.value(x).min(b.net.value(y));
            a.push_both(&mut b, x, Way::Up, want);
        }
        if !a.net.moved(x) && a.push_both(&mut b, x, Way::Up, 1) == 0 {
            a.push_both(&mut b, x, Way::Down, 1);
        }
    }
    a.protect_all(Some(&mut b));
    b.protect_all(Some(&mut a));
    (a.status(), b.status())
}

/// Brings a hidden cell to the threshold, hiding what it takes.
fn reach(net: &mut Network, arc: Arc, threshold: u32) {
    let threshold = i64::from(threshold);
    if net.best(arc) < threshold {
        let want = threshold - net.value(arc);
        net.push(arc, Way::Up, want);
    }
}

/// Makes a hidden cell take a second value.
fn stir(net: &mut Network, arc: Arc) {
    if !net.moved(arc) && net.push(arc, Way::Up, 1) == 0 {
        net.push(arc, Way::Down, 1);
    }
}

fn leaves(raw: &RawTables) -> Vec<bool> {
    let mut leaf = vec![true; raw.zonage.mailles.len()];
    for maille in &raw.zonage.mailles {
        if let Some(parent) = maille.parent {
            leaf[parent] = false;
        }
    }
    leaf
}

/// One table under protection.
struct Sheet<'a> {
    rank: usize,
    table: &'a RawTable,
    threshold: u32,
    population: &'a [bool],
    /// The column that another table shares.
    shared: Option<usize>,
    net: Network,
}

impl<'a> Sheet<'a> {
    /// The table with its primary suppression, lines of hidden population whole.
    fn new(raw: &'a RawTables, rank: usize, threshold: u32, population: &'a [bool]) -> Self {
        let table = &raw.tables[rank];
        let width = table.def.width();
        let net = Network::new(
            &raw.zonage,
            width + 1,
            |c, g| {
                let line = &table.lines[g];
                i64::from(match line.counts.get(c) {
                    Some(count) => *count,
                    None => line.population - line.respondents,
                })
            },
            |g| i64::from(table.lines[g].population),
        );
        let mut sheet = Self {
            rank,
            table,
            threshold,
            population,
            shared: None,
            net,
        };
        let is_leaf = leaves(raw);
        for (g, line) in table.lines.iter().enumerate() {
            let level = raw.zonage.mailles[g].level;
            let access = |hide: bool, count: u32| {
                if hide || population[g] {
                    Access::Hidden
                } else {
                    Access::Price(price(level, count))
                }
            };
            for (c, count) in line.counts.iter().enumerate() {
                let arc = sheet.net.cell(c, g);
                sheet.net.set(
                    arc,
                    access(primary(*count, line.respondents, threshold), *count),
                );
            }
            let silent = sheet.silent(g);
            sheet.net.set(
                silent,
                access(line.respondents < threshold, line.respondents),
            );
            let margin = sheet.net.margin(g);
            sheet.net.set(
                margin,
                if population[g] {
                    Access::Hidden
                } else {
                    Access::Fixed
                },
            );
            if table.def.unit == Unit::Dwellings {
                sheet.net.set_lower(margin, i64::from(is_leaf[g]));
            }
        }
        sheet
    }

    /// The arc of the units without an answer: hidden when the respondents are.
    fn silent(&self, maille: usize) -> Arc {
        self.net.cell(self.table.def.width(), maille)
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

    /// Changes a cell with the shared column free to move, and imposes the same
    /// change of that column on the twin; gives what was reached in both.
    fn push_both(&mut self, twin: &mut Self, arc: Arc, way: Way, want: i64) -> i64 {
        let (Some(mine), Some(theirs)) = (self.shared, twin.shared) else {
            return 0;
        };
        let mailles = self.table.lines.len();
        let arcs: Vec<(Arc, Arc)> = (0..mailles)
            .map(|g| (self.net.cell(mine, g), twin.net.cell(theirs, g)))
            .collect();
        let before: Vec<i64> = arcs.iter().map(|(x, _)| self.net.value(*x)).collect();
        arcs.iter().for_each(|(x, _)| self.net.freeze(*x, false));
        let done = self.net.push(arc, way, want);
        let mut deltas = Vec::new();
        for ((x, y), old) in arcs.iter().zip(before) {
            self.net.freeze(*x, true);
            if self.net.hidden(*x) {
                twin.net.set(*y, Access::Hidden);
            }
            let delta = self.net.value(*x) - old;
            if delta != 0 {
                deltas.push((*y, delta));
            }
        }
        if twin.net.impose(&deltas) { done } else { 0 }
    }

    /// Protects every hidden cell and every hidden number of respondents.
    fn protect_all(&mut self, mut twin: Option<&mut Self>) {
        let (mailles, width) = (self.table.lines.len(), self.table.def.width());
        let threshold = i64::from(self.threshold);
        // Shared cells are protected by `hide_twins`.
        let columns: Vec<usize> = (0..width).filter(|c| Some(*c) != self.shared).collect();
        for g in 0..mailles {
            for &c in &columns {
                let arc = self.net.cell(c, g);
                if self.net.hidden(arc) && self.net.best(arc) < threshold {
                    let want = threshold - self.net.value(arc);
                    self.push(&mut twin, arc, Way::Up, want);
                }
            }
            let silent = self.silent(g);
            if self.net.hidden(silent) && !self.population[g] {
                let population = i64::from(self.table.lines[g].population);
                if population - self.net.least(silent) < threshold {
                    let want = threshold - (population - self.net.value(silent));
                    self.push(&mut twin, silent, Way::Down, want);
                }
            }
        }
        for g in 0..mailles {
            for &c in &columns {
                let arc = self.net.cell(c, g);
                if self.net.hidden(arc)
                    && !self.net.moved(arc)
                    && self.push(&mut twin, arc, Way::Up, 1) == 0
                {
                    self.push(&mut twin, arc, Way::Down, 1);
                }
            }
            let silent = self.silent(g);
            if !self.net.hidden(silent) || self.net.moved(silent) {
                continue;
            }
            if self.population[g] {
                self.stir_respondents(g, &mut twin);
            } else if self.push(&mut twin, silent, Way::Up, 1) == 0 {
                self.push(&mut twin, silent, Way::Down, 1);
            }
        }
    }

    /// Makes the respondents of a line without population take a second value:
    /// one cell changes and the others of the line stay.
    fn stir_respondents(&mut self, g: usize, twin: &mut Option<&mut Self>) {
        let arcs: Vec<Arc> = (0..self.table.def.width())
            .map(|c| self.net.cell(c, g))
            .collect();
        let now: i64 = arcs.iter().map(|arc| self.net.value(*arc)).sum();
        if now != i64::from(self.table.lines[g].respondents) {
            return;
        }
        let frozen: Vec<bool> = arcs.iter().map(|arc| self.net.is_frozen(*arc)).collect();
        'done: for way in [Way::Up, Way::Down] {
            for (arc, was) in arcs.iter().zip(&frozen) {
                if *was {
                    continue;
                }
                arcs.iter()
                    .for_each(|other| self.net.freeze(*other, other != arc));
                if self.push(twin, *arc, way, 1) > 0 {
                    break 'done;
                }
            }
        }
        for (arc, was) in arcs.iter().zip(frozen) {
            self.net.freeze(*arc, was);
        }
    }

    fn status(self) -> Status {
        let (mailles, width) = (self.table.lines.len(), self.table.def.width());
        Status {
            table: self.rank,
            cells: (0..mailles)
                .map(|g| {
                    (0..width)
                        .map(|c| self.net.hidden(self.net.cell(c, g)))
                        .collect()
                })
                .collect(),
            respondents: (0..mailles)
                .map(|g| self.net.hidden(self.silent(g)))
                .collect(),
        }
    }
}

//! Populations and lines: what is decided before the cells.

use super::Rule;
use super::network::{Access, Arc, Network, Way};
use super::release::{Goal, dearest_first, release};
use super::sheet::{Sheet, Status, price};
use crate::campaign::BearsOn;
use crate::table::{RawTable, RawTables};

/// A population weighs as much as all the tables whose lines it takes along.
const POPULATION_WEIGHT: u32 = 60;
/// A line weighs as much as its cells.
const LINE_WEIGHT: u32 = 6;
/// Households of a maille, inside `occupation`.
pub(super) const LET: usize = 0;

/// Brings a hidden cell to the threshold, hiding what it takes.
pub(super) fn reach(net: &mut Network, arc: Arc, threshold: u32) {
    let threshold = i64::from(threshold);
    if net.best(arc) < threshold {
        let want = threshold - net.value(arc);
        net.push(arc, Way::Up, want);
    }
}

/// Brings hidden cells to the threshold, then makes each take a second value.
fn protect(net: &mut Network, arcs: impl Iterator<Item = Arc> + Clone, threshold: u32) {
    for arc in arcs.clone() {
        if net.hidden(arc) {
            reach(net, arc, threshold);
        }
    }
    for arc in arcs {
        if net.hidden(arc) && !net.moved(arc) && net.push(arc, Way::Up, 1) == 0 {
            net.push(arc, Way::Down, 1);
        }
    }
}

/// Publishes again the lines that protect no other; those in `kept` stay hidden.
fn give_back(
    net: &mut Network,
    raw: &RawTables,
    column: std::ops::Range<Arc>,
    rule: Rule,
    kept: impl Fn(usize) -> bool,
) {
    let threshold = i64::from(rule.threshold);
    let (mut goals, mut candidates) = (Vec::new(), Vec::new());
    for (g, arc) in column.enumerate() {
        if !net.hidden(arc) {
            continue;
        }
        if net.truth(arc) < threshold {
            goals.push(Goal::Reach(arc, threshold));
        } else if !kept(g) {
            let count = net.truth(arc) as u32;
            candidates.push((price(raw.zonage.mailles[g].level, count), arc));
        }
        if rule.bears_on == BearsOn::Effectif {
            goals.push(Goal::Stir(arc));
        }
    }
    release(net, &goals, &dearest_first(candidates));
}

/// Which populations of dwellings are hidden: a tree of its own.
pub(super) fn hide_dwellings(raw: &RawTables, table: &RawTable, rule: Rule) -> Vec<bool> {
    let threshold = rule.threshold;
    let value = |g: usize| i64::from(table.lines[g].population);
    let mut net = Network::new(&raw.zonage, 1, |_, g| value(g), value);
    let leaves = raw.zonage.leaves();
    for (g, leaf) in leaves.iter().enumerate() {
        let count = table.lines[g].population;
        let (arc, margin) = (net.cell(0, g), net.margin(g));
        let dear = Access::Price(price(raw.zonage.mailles[g].level, count));
        net.set(
            arc,
            if count < threshold {
                Access::Hidden
            } else {
                dear
            },
        );
        net.set(margin, Access::Hidden);
        // Everyone knows that a listed leaf holds a dwelling.
        net.set_lower(arc, i64::from(*leaf));
        net.set_lower(margin, i64::from(*leaf));
    }
    let column = net.cell(0, 0)..net.cell(0, leaves.len());
    protect(&mut net, column.clone(), threshold);
    give_back(&mut net, raw, column.clone(), rule, |_| false);
    column.map(|arc| net.hidden(arc)).collect()
}

/// Hides in `occupation` what keeps the populations of households safe; its
/// other cells obey the threshold alone.
pub(super) fn hide_occupation(
    raw: &RawTables,
    rank: usize,
    rule: Rule,
    population: &[bool],
) -> Status {
    let mut sheet = Sheet::new(raw, rank, rule, population, population);
    for (g, line) in raw.tables[rank].lines.iter().enumerate() {
        if population[g] {
            continue;
        }
        let (arc, count) = (sheet.net.cell(LET, g), line.counts[LET]);
        let dear = price(raw.zonage.mailles[g].level, count).saturating_mul(POPULATION_WEIGHT);
        let small = count < rule.threshold;
        sheet.net.set(
            arc,
            if small {
                Access::Hidden
            } else {
                Access::Price(dear)
            },
        );
        // All let: the respondents give way rather than the population. So do
        // respondents under the threshold, in both readings.
        let give_way = line.respondents < rule.threshold || (count == line.respondents && !small);
        let respondents = Access::Price(price(raw.zonage.mailles[g].level, line.respondents));
        if let Some(silent) = sheet.silent(g) {
            sheet.net.set(
                silent,
                if give_way {
                    Access::Hidden
                } else {
                    respondents
                },
            );
        }
    }
    let column = sheet.net.cell(LET, 0)..sheet.net.cell(LET, population.len());
    protect(&mut sheet.net, column.clone(), rule.threshold);
    give_back(&mut sheet.net, raw, column, rule, |g| population[g]);
    sheet.status()
}

/// Which lines are hidden whole, given the units in them (`count`) out of a
/// population: the respondents of a table in the reading `population`, the
/// dwellings behind a table of persons in both.
pub(super) fn hide_lines(
    raw: &RawTables,
    rule: Rule,
    population: (&[bool], &dyn Fn(usize) -> u32),
    count: &dyn Fn(usize) -> u32,
) -> Vec<bool> {
    let (hidden, whole) = population;
    let silent = |g: usize| i64::from(whole(g)) - i64::from(count(g));
    let mut net = Network::new(
        &raw.zonage,
        2,
        |c, g| {
            if c == 0 {
                i64::from(count(g))
            } else {
                silent(g)
            }
        },
        |g| i64::from(whole(g)),
    );
    for (g, hide) in hidden.iter().enumerate() {
        let dear = price(raw.zonage.mailles[g].level, count(g)).saturating_mul(LINE_WEIGHT);
        let (line, rest, margin) = (net.cell(0, g), net.cell(1, g), net.margin(g));
        let small = *hide || count(g) < rule.threshold;
        net.set(
            line,
            if small {
                Access::Hidden
            } else {
                Access::Price(dear)
            },
        );
        // What the two published numbers fix stays fixed by conservation.
        net.set(rest, Access::Hidden);
        net.set(margin, if *hide { Access::Hidden } else { Access::Fixed });
    }
    let column = net.cell(0, 0)..net.cell(0, hidden.len());
    match rule.bears_on {
        BearsOn::Effectif => protect(&mut net, column.clone(), rule.threshold),
        BearsOn::Population => {
            for arc in column.clone() {
                if net.hidden(arc) {
                    reach(&mut net, arc, rule.threshold);
                }
            }
        }
    }
    give_back(&mut net, raw, column.clone(), rule, |g| hidden[g]);
    column.map(|arc| net.hidden(arc)).collect()
}

//! Populations and lines: what is decided before the cells.

use super::Rule;
use super::linked::Linked;
use super::network::{Access, Arc, Network, Way};
use super::release::{Goal, release};
use super::sheet::{Sheet, Status, price, primary};
use crate::campaign::BearsOn;
use crate::table::{RawLine, RawTable, RawTables};

/// A population weighs as much as all the tables whose lines it takes along.
const POPULATION_WEIGHT: u32 = 60;
/// A population weighs as much as so many cells, and those of its line.
const POPULATION_CELLS: u32 = 8;
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

/// Which cells of a column are hidden: those of mailles, then sums that what is
/// published does not give.
fn hidden_column(net: &Network, column: usize, linked: &Linked) -> Vec<bool> {
    let mut hidden: Vec<bool> = (0..net.mailles())
        .map(|g| net.hidden(net.cell(column, g)))
        .collect();
    for parts in &linked.sums {
        let arcs: Vec<Arc> = parts.iter().map(|g| net.cell(column, *g)).collect();
        hidden.push(!net.is_implied(&arcs));
    }
    hidden
}

/// Publishes again the lines that protect no other, given the price of each;
/// those in `kept` stay hidden.
fn give_back(
    net: &mut Network,
    column: impl Iterator<Item = Arc>,
    rule: Rule,
    dear: &dyn Fn(usize) -> u32,
    kept: impl Fn(usize) -> bool,
) {
    let threshold = i64::from(rule.threshold);
    let (mut goals, mut candidates) = (Vec::new(), Vec::new());
    for arc in column {
        let g = net.maille_of(arc);
        if !net.hidden(arc) {
            continue;
        }
        if net.truth(arc) < threshold {
            goals.push(Goal::Reach(arc, threshold));
            continue;
        }
        if !kept(g) {
            candidates.push((dear(g), arc));
        }
        if rule.bears_on == BearsOn::Effectif {
            goals.push(Goal::Stir(arc));
        }
    }
    release(net, goals, candidates, rule.bears_on == BearsOn::Effectif);
}

/// How many cells of a line could be published, over all the tables: what hiding
/// its population takes along.
fn cells_in(raw: &RawTables, maille: usize, rule: Rule) -> u32 {
    let cells = |table: &RawTable| {
        let width = table.def.width();
        (0..width)
            .filter(|cell| !primary(table, maille, *cell, rule))
            .count()
    };
    raw.tables.iter().map(cells).sum::<usize>() as u32
}

/// Which populations of dwellings are hidden: a tree of its own.
pub(super) fn hide_dwellings(linked: &Linked, table: &RawTable, rule: Rule) -> Vec<bool> {
    let raw = &linked.raw;
    let threshold = rule.threshold;
    let value = |g: usize| i64::from(table.lines[g].population);
    let mut net = Network::new(&raw.zonage, 1, |_, g| value(g), value);
    let leaves = raw.zonage.leaves();
    let dear = |g: usize| {
        let level = raw.zonage.mailles[g].level;
        price(level, table.lines[g].population)
            .saturating_mul(POPULATION_CELLS + cells_in(raw, g, rule))
    };
    for (g, leaf) in leaves.iter().enumerate() {
        let count = table.lines[g].population;
        let (arc, margin) = (net.cell(0, g), net.margin(g));
        net.set(
            arc,
            if count < threshold {
                Access::Hidden
            } else {
                Access::Price(dear(g))
            },
        );
        net.set(margin, Access::Hidden);
        // Everyone knows that a listed leaf holds a dwelling.
        net.set_lower(arc, i64::from(*leaf));
        net.set_lower(margin, i64::from(*leaf));
    }
    let column = net.cell(0, 0)..net.cell(0, leaves.len());
    protect(&mut net, column.clone(), threshold);
    give_back(&mut net, column, rule, &dear, |_| false);
    let small = table.lines.iter().map(|line| line.population < threshold);
    let hidden = hidden_column(&net, 0, linked).into_iter().zip(small);
    hidden.map(|(hidden, small)| hidden || small).collect()
}

/// Hides in `occupation` what keeps the populations of households safe; its
/// other cells obey the threshold alone.
pub(super) fn hide_occupation(
    linked: &Linked,
    rank: usize,
    rule: Rule,
    population: &[bool],
) -> Status {
    let raw = &linked.raw;
    let mut sheet = Sheet::new(linked, rank, rule, population, population);
    let dear = |g: usize| {
        let (level, count) = (
            raw.zonage.mailles[g].level,
            raw.tables[rank].lines[g].counts[LET],
        );
        price(level, count).saturating_mul(POPULATION_WEIGHT)
    };
    for (g, maille) in raw.zonage.mailles.iter().enumerate() {
        if population[g] {
            continue;
        }
        let line = &raw.tables[rank].lines[g];
        let (arc, count) = (sheet.net.cell(LET, g), line.counts[LET]);
        let small = count < rule.threshold;
        sheet.net.set(
            arc,
            if small {
                Access::Hidden
            } else {
                Access::Price(dear(g))
            },
        );
        // All let: the respondents give way rather than the population. So do
        // respondents under the threshold, in both readings.
        let give_way = line.respondents < rule.threshold || (count == line.respondents && !small);
        let respondents = Access::Price(price(maille.level, line.respondents));
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
    let column = sheet.net.cell(LET, 0)..sheet.net.cell(LET, raw.zonage.mailles.len());
    protect(&mut sheet.net, column.clone(), rule.threshold);
    give_back(&mut sheet.net, column, rule, &dear, |g| population[g]);
    let households = hidden_column(&sheet.net, LET, linked);
    let mut status = sheet.status();
    let lines = raw.tables[rank].lines.iter();
    let sums = lines
        .zip(households)
        .enumerate()
        .skip(raw.zonage.mailles.len());
    for (at, (line, hidden)) in sums {
        let (cell, respondents) = hidden_in_sum(hidden, line, rule.threshold);
        status.cells[at][LET] = cell;
        status.respondents[at] |= respondents;
    }
    status
}

/// Does a sum hide its let dwellings, or its respondents in their place, given
/// whether what is published leaves them open? The leaves see to it that no such sum
/// is given away under the threshold: this holds of itself what they hold together.
fn hidden_in_sum(open: bool, line: &RawLine, threshold: u32) -> (bool, bool) {
    let cell = open || line.counts[LET] < threshold;
    (cell, !cell && line.counts[LET] == line.respondents)
}

/// Which lines are hidden whole, given the units in them (`count`) out of a
/// population: the respondents of a table in the reading `population`, the
/// dwellings behind a table of persons in both.
pub(super) fn hide_lines(
    linked: &Linked,
    asked: &[bool],
    rule: Rule,
    population: (&[bool], &dyn Fn(usize) -> u32),
    count: &dyn Fn(usize) -> u32,
) -> Vec<bool> {
    let raw = &linked.raw;
    let mailles = raw.zonage.mailles.len();
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
    let dear = |g: usize| price(raw.zonage.mailles[g].level, count(g)).saturating_mul(LINE_WEIGHT);
    for (g, hide) in hidden.iter().enumerate().take(mailles) {
        let (line, rest, margin) = (net.cell(0, g), net.cell(1, g), net.margin(g));
        let small = *hide || !asked[g] || count(g) < rule.threshold;
        net.set(
            line,
            if small {
                Access::Hidden
            } else {
                Access::Price(dear(g))
            },
        );
        // What the two published numbers fix stays fixed by conservation.
        net.set(rest, Access::Hidden);
        net.set(margin, if *hide { Access::Hidden } else { Access::Fixed });
    }
    let column: Vec<Arc> = (0..mailles)
        .filter(|g| asked[*g])
        .map(|g| net.cell(0, g))
        .collect();
    match rule.bears_on {
        BearsOn::Effectif => protect(&mut net, column.iter().copied(), rule.threshold),
        BearsOn::Population => {
            for &arc in &column {
                if net.hidden(arc) {
                    reach(&mut net, arc, rule.threshold);
                }
            }
        }
    }
    give_back(&mut net, column.into_iter(), rule, &dear, |g| hidden[g]);
    let small = (0..).map(|g| count(g) < rule.threshold);
    let hidden = hidden_column(&net, 0, linked).into_iter().zip(small);
    hidden.map(|(hidden, small)| hidden || small).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrecy::tests::{POPULATION, RULE};
    use crate::table::{Level, Maille, Zonage};

    /// A tree by the parents of its mailles.
    fn tree(parents: &[Option<usize>]) -> Zonage {
        let maille = |parent: &Option<usize>| Maille {
            id: String::new(),
            level: Level::Programme,
            name: String::new(),
            parent: *parent,
        };
        Zonage {
            id: "territoire".to_owned(),
            mailles: parents.iter().map(maille).collect(),
        }
    }

    /// Two hidden mailles under a published one, and the arcs of the two.
    fn pair(first: i64, second: i64) -> (Network, [Arc; 2]) {
        let value = |g: usize| [first + second, first, second][g];
        let tree = tree(&[None, Some(0), Some(0)]);
        let mut net = Network::new(&tree, 1, |_, g| value(g), value);
        for g in 0..3 {
            net.set(net.margin(g), Access::Hidden);
        }
        let arcs = [net.cell(0, 1), net.cell(0, 2)];
        arcs.iter().for_each(|arc| net.set(*arc, Access::Hidden));
        (net, arcs)
    }

    #[test]
    fn a_cell_that_was_at_the_threshold_is_not_moved_again() {
        let (mut net, [small, large]) = pair(5, 20);
        reach(&mut net, small, 11);
        assert_eq!((net.value(small), net.value(large)), (11, 14));
        net.push(small, Way::Down, 3);
        reach(&mut net, small, 11);
        assert_eq!((net.value(small), net.best(small)), (8, 11));
    }

    #[test]
    fn a_cell_that_cannot_rise_falls() {
        // All twenty of the margin.
        let mut net = Network::new(&tree(&[None]), 2, |c, _| [20, 0][c], |_| 20);
        let whole = net.cell(0, 0);
        net.set(whole, Access::Hidden);
        net.set(net.cell(1, 0), Access::Hidden);
        protect(&mut net, std::iter::once(whole), 11);
        assert!(net.moved(whole));
        assert_eq!((net.value(whole), net.best(whole)), (19, 20));
    }

    #[test]
    fn a_line_is_not_given_back_where_its_return_tells_another() {
        for (bears_on, hidden) in [(BearsOn::Effectif, true), (BearsOn::Population, false)] {
            let (mut net, [kept, other]) = pair(20, 15);
            let rule = Rule {
                threshold: 11,
                bears_on,
            };
            let column = [kept, other].into_iter();
            give_back(&mut net, column, rule, &|_| 1, |g| g == 1);
            let found = [net.hidden(kept), net.hidden(other)];
            assert_eq!(found, [true, hidden], "{bears_on:?}");
        }
    }

    #[test]
    fn a_line_is_given_back_from_the_threshold_on() {
        for (small, hidden) in [(5, [true, true]), (10, [true, true]), (11, [false, false])] {
            let (mut net, [small, large]) = pair(small, 20);
            let column = [small, large].into_iter();
            give_back(&mut net, column, POPULATION, &|_| 1, |_| false);
            assert_eq!([net.hidden(small), net.hidden(large)], hidden);
        }
    }

    /// A table over a root and its leaves, given population, respondents and counts
    /// of each leaf.
    fn linked(id: &str, leaves: &[(u32, u32, &[u32])]) -> Linked {
        let def = crate::indicator::table(id).unwrap();
        let mut lines = vec![RawLine::empty(def)];
        for &(population, respondents, counts) in leaves {
            let mut line = RawLine {
                population,
                respondents,
                ..RawLine::empty(def)
            };
            line.counts[..counts.len()].copy_from_slice(counts);
            lines[0].add(&line);
            lines.push(line);
        }
        let mut parents = vec![Some(0); lines.len()];
        parents[0] = None;
        let raw = RawTables {
            zonage: tree(&parents),
            qpv: None,
            tables: vec![RawTable { def, lines }],
        };
        Linked::new(&raw, &[])
    }

    #[test]
    fn a_population_takes_along_the_cells_that_could_be_published() {
        let line: (u32, u32, &[u32]) = (83, 83, &[0, 12, 10, 11, 50]);
        let mut made = linked("typologie", &[line]);
        assert_eq!(cells_in(&made.raw, 1, RULE), 3);
        made.raw.tables.push(made.raw.tables[0].clone());
        assert_eq!(cells_in(&made.raw, 1, RULE), 6);
    }

    #[test]
    fn a_population_is_protected_by_the_cheapest_with_its_cells() {
        let small: (u32, u32, &[u32]) = (5, 5, &[5]);
        for (first, second, hidden) in [
            // Alike: the one whose cells are hidden anyhow.
            ((20, 20, &[20][..]), (24, 24, &[12, 12][..]), [true, false]),
            // So many more dwellings weigh more than one cell.
            (
                (1_024, 1_024, &[1_024][..]),
                (20, 20, &[11, 9][..]),
                [false, true],
            ),
        ] {
            let made = linked("typologie", &[small, first, second]);
            let found = hide_dwellings(&made, &made.raw.tables[0], RULE);
            assert_eq!(found, [false, true, hidden[0], hidden[1]]);
        }
    }

    #[test]
    fn respondents_are_published_from_the_threshold_on() {
        for (respondents, hidden) in [(10, true), (11, false)] {
            // Let dwellings under the threshold: not all that have answered.
            let made = linked(
                "occupation",
                &[
                    (40, respondents, &[9, respondents - 9]),
                    (50, 40, &[30, 10]),
                    (45, 35, &[25, 10]),
                ],
            );
            let status = hide_occupation(&made, 0, RULE, &[false; 4]);
            assert_eq!(status.respondents[1], hidden);
            assert!(status.cells[1][LET]);
        }
    }

    /// Which lines are hidden whole in the reading `population`: units in each leaf,
    /// and out of how many.
    fn lines_hidden(
        levels: &[Level],
        units: &[(u32, u32)],
        hidden: &[bool],
        asked: &[bool],
    ) -> Vec<bool> {
        let leaves: Vec<(u32, u32, &[u32])> =
            units.iter().map(|(n, of)| (*of, *n, &[][..])).collect();
        let mut made = linked("apl", &leaves);
        for (maille, level) in made.raw.zonage.mailles[1..].iter_mut().zip(levels) {
            maille.level = *level;
        }
        let lines = &made.raw.tables[0].lines;
        hide_lines(
            &made,
            asked,
            POPULATION,
            (hidden, &|g| lines[g].population),
            &|g| lines[g].respondents,
        )
    }

    #[test]
    fn a_line_under_the_threshold_is_hidden_with_the_cheapest_other() {
        let levels = [
            Level::Programme,
            Level::Programme,
            Level::Commune,
            Level::Programme,
        ];
        let units = |small| [(small, 60), (40, 70), (11, 70), (600, 900)];
        let (none, all) = ([false; 5], [true; 5]);
        let found = lines_hidden(&levels, &units(10), &none, &all);
        assert_eq!(found, [false, true, true, false, false]);
        // Nobody has answered.
        let found = lines_hidden(&levels, &units(0), &none, &all);
        assert_eq!(found, [false, true, true, false, false]);
        let found = lines_hidden(&levels, &units(11), &none, &all);
        assert_eq!(found, none);
        // What has no population, and what the table does not ask for.
        let closed = [false, false, false, false, true];
        let found = lines_hidden(&levels, &units(30), &closed, &all);
        assert!(found[4], "{found:?}");
        let found = lines_hidden(&levels, &units(30), &none, &[true, true, true, true, false]);
        assert!(found[4] && !found[1], "{found:?}");
    }

    #[test]
    fn a_sum_holds_the_threshold_of_itself() {
        let line = |let_, respondents| RawLine {
            counts: vec![let_, respondents - let_, 0],
            respondents,
            ..RawLine::default()
        };
        for (open, line, told) in [
            (false, line(10, 30), (true, false)),
            (false, line(10, 10), (true, false)),
            (false, line(11, 30), (false, false)),
            // All let: the respondents give way.
            (false, line(11, 11), (false, true)),
            (true, line(11, 11), (true, false)),
            (true, line(11, 30), (true, false)),
        ] {
            assert_eq!(hidden_in_sum(open, &line, 11), told, "{line:?}");
        }
    }
}

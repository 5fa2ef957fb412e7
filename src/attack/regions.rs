//! What a crossing hides over one or several places: each cell must reach what it
//! must in tables for which a lift exists.
//!
//! The lines of the crossing that are published are attacked as a network
//! ([`super::crossing`]); here are communes hidden with others, modalities that are
//! one column of that network, and groups of leaves (see [`super::component`]).

use super::circulation::{Circulation, Way};
use super::component::{Joint, Places};
use super::crossing::{self, Case, Spot};
use super::{Attack, Finding, Verdict};
use crate::indicator::Unit;

/// A set of places, or one, whose cells of a crossing must reach the threshold.
pub(super) struct Region {
    rank: usize,
    /// Mailles of the tables that are moved for it.
    mailles: Vec<usize>,
    /// The line to blame.
    line: usize,
    /// Second answers that are asked.
    columns: Vec<usize>,
    ask: Ask,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ask {
    /// Each cell reaches the threshold.
    Reach,
    /// And takes two values.
    Two,
    /// A group where, for each second answer, enough households give it, not all.
    Group(usize),
    /// Nothing: the whole territory, where the crossing publishes no other line.
    Nothing,
}

/// The sets of places under watch: by place their ranks, and what is asked.
pub(super) fn watch(
    attack: &Attack<'_>,
    case: &Case<'_>,
    places: &Places,
    line_of_place: &[Option<usize>],
) -> (Vec<Vec<usize>>, Vec<Region>) {
    let mut by_place = vec![Vec::new(); places.leaves.len()];
    let mut regions: Vec<Region> = Vec::new();
    let mut add = |within: &dyn Fn(usize) -> bool, mailles, line, columns: &[usize], ask| {
        let mut some = false;
        for (place, ranks) in by_place.iter_mut().enumerate() {
            if within(place) {
                ranks.push(regions.len());
                some = true;
            }
        }
        if some {
            regions.push(Region {
                rank: regions.len(),
                mailles,
                line,
                columns: columns.to_vec(),
                ask,
            });
        }
    };
    let all: Vec<usize> = (0..case.b.width).collect();
    let together = case.columns.last().filter(|c| c.len() > 1);
    let blank: &[usize] = together.map_or(&[], Vec::as_slice);
    let several = case.rest.len() > 1;
    for &line in case.rest.iter().filter(|_| several) {
        // A commune that is hidden with others.
        let maille = case.mailles[line];
        let two = attack.population(Unit::Households, maille).is_some();
        let ask = if two { Ask::Two } else { Ask::Reach };
        let within = |place: usize| line_of_place[place] == Some(line);
        add(&within, vec![maille], 0, &all, ask);
    }
    if !blank.is_empty() {
        // Modalities that are one column of the crossing, one by one.
        let single = case.rest.iter().filter(|_| !several && !case.copy);
        for &line in case.published.iter().chain(single) {
            let within = |place: usize| line_of_place[place] == Some(line);
            add(&within, vec![case.mailles[line]], line, blank, Ask::Two);
        }
        add(&|_| true, vec![case.mailles[0]], 0, blank, Ask::Two);
    }
    if case.published.is_empty() {
        add(&|_| true, vec![case.mailles[0]], 0, &[], Ask::Nothing);
    }
    for (place, leaves) in places.leaves.iter().enumerate() {
        let within = |other: usize| other == place;
        if places.top == Some(place) {
            add(&within, leaves.clone(), 0, &all, Ask::Reach);
        }
        if places.group[place] && case.b.unit == Unit::Dwellings {
            let line = line_of_place[place].filter(|k| case.published.contains(k));
            add(
                &within,
                leaves.clone(),
                line.unwrap_or(0),
                &all,
                Ask::Group(place),
            );
        }
    }
    (by_place, regions)
}

/// Choices of places tried for one cell.
const TURNS: usize = 4;
/// Looks again for witnesses of what the network of a crossing alone did not find: a
/// cell of the territory, where it publishes no other line.
pub(super) fn gathered(
    attack: &Attack<'_>,
    (rank, case, regions): (usize, &Case<'_>, &[Region]),
    spot: Spot,
    joint: &mut Joint<'_>,
    net: &Circulation,
) -> bool {
    let whole = regions.iter().find(|region| region.ask == Ask::Nothing);
    let (Some(region), Spot::Cell(_, cell)) = (whole, spot) else {
        return false;
    };
    let (i, column) = (cell / case.columns.len(), cell % case.columns.len());
    // Over the territory a cell is the arc of its rank: in some witness it was this.
    let (least, _) = net.range(cell);
    case.columns[column].iter().any(|j| {
        let seen = |joint: &Joint<'_>| joint.links[rank].lift.region(region.rank, i, *j)[2];
        for turn in 0..TURNS {
            if seen(joint) >= attack.threshold {
                break;
            }
            joint.gather(rank, region.rank, (i, *j), attack.threshold, turn);
        }
        seen(joint) >= attack.threshold && least < seen(joint)
    })
}

/// Most cells of a region that fail before the others are left alone.
const MAX_WEAK: usize = 3;

/// Attacks the cells of a crossing over a region.
pub(super) fn attack(
    attack: &Attack<'_>,
    (rank, case, region): (usize, &Case<'_>, &Region),
    joint: &mut Joint<'_>,
    net: &mut Circulation,
    verdict: &mut Verdict,
) {
    let goal = attack.threshold;
    let never = crossing::impossible(case.crossing.def);
    let seen =
        |joint: &Joint<'_>, i: usize, j: usize| joint.links[rank].lift.region(region.rank, i, j);
    let mut weak = 0;
    for &j in &region.columns {
        // What fails costs most: a few failures say enough.
        if weak >= MAX_WEAK || joint.exhausted() && weak > 0 {
            return;
        }
        if let Ask::Group(place) = region.ask {
            let enough = |joint: &Joint<'_>| joint.links[rank].lift.enough(place, j);
            verdict.attacked += 1;
            for i in 0..case.a.width {
                if enough(joint) {
                    break;
                }
                lift_cell(rank, case, region, (i, j), attack.threshold, (joint, net));
            }
            if !enough(joint) {
                weak += 1;
                let what = case.b.place(j, region.mailles[0]).what;
                verdict.find(case.place(region.line, what), Finding::Unproved);
            }
            continue;
        }
        for i in (0..case.a.width).filter(|i| !never.contains(&(*i, j))) {
            verdict.attacked += 1;
            if seen(joint, i, j)[2] < goal {
                lift_cell(rank, case, region, (i, j), goal, (joint, net));
            }
            let [now, low, high] = seen(joint, i, j);
            let mut fine = high >= goal;
            if fine && region.ask == Ask::Two && low == high {
                lift_cell(rank, case, region, (i, j), now + 1, (joint, net));
                let [_, low, high] = seen(joint, i, j);
                fine = low < high;
            }
            if !fine {
                weak += 1;
                let what = format!("{} × {}", case.a.place(i, 0).what, case.b.place(j, 0).what);
                verdict.find(case.place(region.line, what), Finding::Unproved);
            }
        }
    }
}

/// Raises a cell of a region: the two tables there, the crossing if that fails, then the
/// units between them.
fn lift_cell(
    rank: usize,
    case: &Case<'_>,
    region: &Region,
    (i, j): (usize, usize),
    goal: i64,
    (joint, net): (&mut Joint<'_>, &mut Circulation),
) {
    if joint.exhausted() {
        return;
    }
    joint.links[rank].lift.trade(region.rank, (i, j), goal);
    let places = joint.links[rank].lift.places_of(region.rank);
    if joint.links[rank].lift.region(region.rank, i, j)[0] >= goal {
        return;
    }
    // What the crossing leaves open is what the places hold: they alone may do.
    if joint.gather(rank, region.rank, (i, j), goal, 0) {
        return;
    }
    let row = joint.links[rank].lift.row_of(region.rank);
    let column = case.columns.iter().position(|c| c.contains(&j));
    if let (Some(row), Some(column)) = (row, column) {
        case.system.propose(net, &joint.links[rank].held);
        let arc = case.system.arc(row, i, column);
        let mut judge = |table: &[i64]| joint.accept_crossing(rank, case.system.held(table));
        let want = goal - net.now(arc);
        if want > 0 {
            net.advance(arc, Way::Up, want, &mut judge);
        }
    }
    for turn in 0..TURNS {
        if joint.gather(rank, region.rank, (i, j), goal, turn) {
            return;
        }
        if turn == 0 {
            joint.begin_anew();
        }
    }
    let (a, b) = joint.links[rank].tables;
    for maille in &region.mailles {
        joint.raise(a, (i, *maille), goal);
        joint.raise(b, (j, *maille), goal);
    }
    // Between the places of the region first, then with units from outside.
    loop {
        let link = &mut joint.links[rank];
        let done = link.lift.raise(region.rank, (i, j), goal);
        link.lift.settle_open(&mut link.held);
        link.lift.keep();
        let left = goal - link.lift.region(region.rank, i, j)[0];
        if done || joint.bring(rank, &places, (i, j), left) == 0 {
            return;
        }
    }
}

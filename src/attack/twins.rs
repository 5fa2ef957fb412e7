//! Two tables of which one cell a line counts the same households.
//!
//! *Personne seule* and *ménage d'une personne* are one cell, up to households
//! that answered only one of the two questions: in a leaf, the excess of the
//! first over the second is at most the number of units without an answer to the
//! second, and conversely. A witness for one table must come with one for the
//! other in which the shared cells change alike.
//!
//! The joint system is no longer a network, so this part may refuse a safe file;
//! it never accepts one of which it did not build both witnesses.

use super::flow::{Flow, Towards};
use super::{Attack, Finding, Mover, Sheet, Verdict};
use crate::campaign::BearsOn;

/// A table, its network and its shared column.
struct Twin<'a> {
    sheet: &'a Sheet<'a>,
    flow: Flow,
    column: usize,
}

impl Twin<'_> {
    fn shared(&self, maille: usize) -> usize {
        self.flow.cell(self.column, maille)
    }

    fn silent(&self, maille: usize) -> usize {
        self.flow.cell(self.sheet.width, maille)
    }

    fn hold(&mut self, held: bool) {
        for g in 0..self.sheet.mailles() {
            let arc = self.shared(g);
            self.flow.hold(arc, held);
        }
    }

    fn values(&self) -> Vec<i64> {
        (0..self.sheet.mailles())
            .map(|g| self.flow.now(self.shared(g)))
            .collect()
    }
}

/// Attacks both tables, from a first pair that agrees on the shared cells.
pub(super) fn attack(
    attack: &Attack<'_>,
    first: (&Sheet<'_>, usize),
    second: (&Sheet<'_>, usize),
    verdict: &mut Verdict,
) {
    if let Some((mut a, mut b)) = start(attack, first, second, verdict) {
        attack_both(attack, &mut a, &mut b, verdict);
    }
}

/// A first pair of tables that agree on the shared cells.
fn start<'a>(
    attack: &Attack<'_>,
    first: (&'a Sheet<'a>, usize),
    second: (&'a Sheet<'a>, usize),
    verdict: &mut Verdict,
) -> Option<(Twin<'a>, Twin<'a>)> {
    // Both tables start from the same proportions, which leaves little to mend.
    let room = room(attack, first, second);
    let (x, y) = (spread(attack, first, &room), spread(attack, second, &room));
    let (Some(a), Some(b)) = (
        attack.flow(first.0, Some((first.1, &x)), verdict),
        attack.flow(second.0, Some((second.1, &y)), verdict),
    ) else {
        return None;
    };
    let mut a = Twin {
        sheet: first.0,
        flow: a,
        column: first.1,
    };
    let mut b = Twin {
        sheet: second.0,
        flow: b,
        column: second.1,
    };
    a.hold(true);
    b.hold(true);
    let leaf = attack.zonage.leaves();
    if !couple(&leaf, &mut a, &mut b) && !contradicted(&a, &b) {
        let place = b.sheet.place(b.column, 0);
        verdict.find(place, Finding::Unproved);
        return None;
    }
    bound(&mut a, &mut b);
    a.flow.restart();
    b.flow.restart();
    Some((a, b))
}

/// Attacks both tables from a first pair.
fn attack_both<'a>(attack: &Attack<'_>, a: &mut Twin<'a>, b: &mut Twin<'a>, verdict: &mut Verdict) {
    let leaf = attack.zonage.leaves();
    // What one round cannot reach, another may: each begins from the first pair
    // of tables, remembers all that was seen, and goes after what is left.
    let start = (a.flow.snapshot(), b.flow.snapshot());
    let mut round = Verdict::default();
    for _ in 0..MAX_ROUNDS {
        round = Verdict::default();
        attack_round(attack, &leaf, a, b, &mut round);
        if round.accepted() {
            break;
        }
        a.flow.go_back(&start.0);
        b.flow.go_back(&start.1);
    }
    verdict.absorb(round);
}

/// Most rounds over a pair of tables.
const MAX_ROUNDS: usize = 4;

/// Attacks every hidden cell of both tables that is not yet proved safe.
fn attack_round<'t>(
    attack: &Attack<'_>,
    leaf: &[bool],
    a: &mut Twin<'t>,
    b: &mut Twin<'t>,
    verdict: &mut Verdict,
) {
    for g in 0..a.sheet.mailles() {
        if a.flow.hidden(a.shared(g)) {
            verdict.attacked += 2;
            attack_shared(attack, leaf, a, b, g, verdict);
        }
    }
    let (first, second) = (a.sheet, b.sheet);
    attack.attack_table(
        first,
        &mut Pair {
            leaf,
            one: a,
            other: b,
        },
        verdict,
    );
    attack.attack_table(
        second,
        &mut Pair {
            leaf,
            one: b,
            other: a,
        },
        verdict,
    );
}

/// A table whose shared cells stay still where they can, and otherwise change
/// with those of its twin.
struct Pair<'p, 't> {
    leaf: &'p [bool],
    one: &'p mut Twin<'t>,
    other: &'p mut Twin<'t>,
}

impl Pair<'_, '_> {
    /// Lets the shared cell of the line give way, the twin choosing how, and
    /// pushes again.
    fn make_room(&mut self, arc: usize, towards: Towards, want: i64) -> i64 {
        let g = arc % self.one.sheet.mailles();
        if !self.one.flow.hidden(self.one.shared(g)) {
            return 0;
        }
        for way in [towards.back(), towards] {
            for step in [want, 1] {
                let moved = move_shared(self.leaf, self.other, self.one, g, way, step) > 0;
                let done = if moved {
                    self.one.flow.advance(arc, towards, want)
                } else {
                    0
                };
                if done > 0 {
                    return done;
                }
            }
        }
        0
    }
}

impl Mover for Pair<'_, '_> {
    fn flow(&mut self) -> &mut Flow {
        &mut self.one.flow
    }

    fn push(&mut self, arc: usize, towards: Towards, want: i64) -> i64 {
        if arc / self.one.sheet.mailles() == self.one.column {
            let line = arc % self.one.sheet.mailles();
            return move_shared(self.leaf, self.one, self.other, line, towards, want);
        }
        let mut done = self.one.flow.advance(arc, towards, want);
        while done < want {
            let left = want - done;
            let step = [left, 1]
                .into_iter()
                .map(|step| move_both(self.one, self.other, arc, towards, step))
                .find(|step| *step > 0);
            let step = step
                .or_else(|| {
                    let line = arc % self.one.sheet.mailles();
                    [left, 1]
                        .into_iter()
                        .map(|step| {
                            move_by_pairs(self.leaf, self.one, self.other, line, arc, towards, step)
                        })
                        .find(|step| *step > 0)
                })
                .unwrap_or_else(|| self.make_room(arc, towards, left));
            if step == 0 {
                break;
            }
            done += step;
        }
        done
    }

    fn finding(&self, _: Finding) -> Finding {
        Finding::Unproved
    }
}

/// The most that the shared cell of each line can hold, judging by what its two
/// lines publish.
fn room(attack: &Attack<'_>, first: (&Sheet<'_>, usize), second: (&Sheet<'_>, usize)) -> Vec<i64> {
    let most = |(sheet, column): (&Sheet<'_>, usize), g: usize| {
        let others = (0..=sheet.width).filter(|c| *c != column);
        // A population that is hidden is taken for the smallest there is.
        let population = sheet.line(g).base().unwrap_or(1);
        (population - others.filter_map(|c| sheet.cell(c, g)).sum::<i64>()).max(0)
    };
    (0..attack.zonage.mailles.len())
        .map(|g| most(first, g).min(most(second, g)))
        .collect()
}

/// Values for the hidden shared cells: what the parent has left is spread over
/// its hidden children in proportion to their room.
fn spread(attack: &Attack<'_>, (sheet, column): (&Sheet<'_>, usize), room: &[i64]) -> Vec<i64> {
    let mut values: Vec<i64> = room.to_vec();
    for (g, children) in attack.zonage.children().iter().enumerate() {
        if let Some(published) = sheet.cell(column, g) {
            values[g] = published;
        }
        let hidden = |c: &&usize| sheet.cell(column, **c).is_none();
        let left = values[g]
            - children
                .iter()
                .filter_map(|c| sheet.cell(column, *c))
                .sum::<i64>();
        let whole: i64 = children
            .iter()
            .filter(hidden)
            .map(|c| room[*c].max(1))
            .sum();
        let (mut seen, mut given) = (0, 0);
        for c in children.iter().filter(hidden) {
            seen += room[*c].max(1);
            let until = left.max(0) * seen / whole.max(1);
            values[*c] = until - given;
            given = until;
        }
    }
    values
}

/// Finds a pair of tables that agree on the shared cells.
fn couple<'t>(leaf: &[bool], a: &mut Twin<'t>, b: &mut Twin<'t>) -> bool {
    let differences = |a: &Twin<'_>, b: &Twin<'_>| -> Vec<i64> {
        a.values()
            .iter()
            .zip(b.values())
            .map(|(x, y)| x - y)
            .collect()
    };
    let gaps = differences(a, b);
    let impose = |twin: &mut Twin<'_>, sign: i64| {
        let deltas: Vec<(usize, i64)> = gaps
            .iter()
            .enumerate()
            .filter(|(g, gap)| **gap != 0 && twin.flow.hidden(twin.shared(*g)))
            .map(|(g, gap)| (twin.shared(g), sign * gap))
            .collect();
        twin.flow.impose(&deltas)
    };
    if impose(b, 1) || impose(a, -1) {
        return true;
    }
    // Leaf by leaf, for what those without an answer do not explain: first with
    // leaves that err the other way, then with any.
    for round in 0..ROUNDS {
        let excess: Vec<i64> = differences(a, b)
            .iter()
            .enumerate()
            .map(|(g, gap)| {
                if leaf[g] && a.flow.hidden(a.shared(g)) {
                    gap - explained(*gap, a, b, g)
                } else {
                    0
                }
            })
            .collect();
        if excess.iter().all(|e| *e == 0) {
            return true;
        }
        let mut moved = false;
        for (g, too_much) in excess.iter().enumerate().filter(|(_, e)| **e != 0) {
            for (twin, up) in [(&mut *b, *too_much > 0), (&mut *a, *too_much < 0)] {
                for (other, e) in excess.iter().enumerate() {
                    let helps = !leaf[other] || e * too_much < 0 || round % 2 == 1;
                    let arc = twin.shared(other);
                    twin.flow.hold(arc, !helps);
                }
                let (arc, towards) = (
                    twin.shared(g),
                    if up { Towards::More } else { Towards::Less },
                );
                let done = twin.flow.advance(arc, towards, too_much.abs());
                twin.hold(true);
                if done > 0 {
                    moved = true;
                    break;
                }
            }
            if moved {
                break;
            }
        }
        if !moved && round % 2 == 1 {
            return false;
        }
    }
    false
}

/// Most corrections tried before the pair is given up.
const ROUNDS: usize = 400;

/// The part of a gap that units without an answer explain.
fn explained(gap: i64, a: &Twin<'_>, b: &Twin<'_>, g: usize) -> i64 {
    if gap > 0 {
        gap.min(b.flow.now(b.silent(g)))
    } else {
        gap.max(-a.flow.now(a.silent(g)))
    }
}

/// Do the published numbers themselves say that the two cells differ? Then the
/// answers of some households contradict each other and nobody can rely on it.
fn contradicted(a: &Twin<'_>, b: &Twin<'_>) -> bool {
    (0..a.sheet.mailles()).any(|g| {
        let all = || {
            let gap = a.sheet.cell(a.column, g)? - b.sheet.cell(b.column, g)?;
            let (silent_a, silent_b) = (
                a.sheet.cell(a.sheet.width, g)?,
                b.sheet.cell(b.sheet.width, g)?,
            );
            Some(gap > silent_b || -gap > silent_a)
        };
        all().unwrap_or(false)
    })
}

/// From here on the gaps stay: cells may not shrink below what keeps them true.
fn bound<'t>(a: &mut Twin<'t>, b: &mut Twin<'t>) {
    for (g, (x, y)) in a.values().into_iter().zip(b.values()).enumerate() {
        let gap = x - y;
        for (twin, other) in [(&mut *a, gap), (&mut *b, -gap)] {
            let (shared, silent) = (twin.shared(g), twin.silent(g));
            if twin.flow.hidden(shared) {
                twin.flow.set_floor(shared, other.max(0));
            }
            if twin.flow.hidden(silent) {
                twin.flow.set_floor(silent, (-other).max(0));
            }
        }
    }
}

/// Attacks the shared cell of a line in both tables at once.
fn attack_shared(
    attack: &Attack<'_>,
    leaf: &[bool],
    a: &mut Twin<'_>,
    b: &mut Twin<'_>,
    g: usize,
    verdict: &mut Verdict,
) {
    let threshold = attack.goal();
    let (x, y) = (a.shared(g), b.shared(g));
    let reached =
        |a: &Twin<'_>, b: &Twin<'_>| a.flow.range(x).1.min(b.flow.range(y).1) >= threshold;
    while !reached(a, b) {
        let want = threshold - a.flow.now(x).min(b.flow.now(y));
        let moved = [want, 1]
            .into_iter()
            .any(|want| move_shared(leaf, a, b, g, Towards::More, want) > 0);
        if !moved {
            break;
        }
    }
    let (low, high) = a.flow.range(x);
    let two = attack.bears_on == BearsOn::Population
        || low < high
        || [Towards::More, Towards::Less]
            .into_iter()
            .any(|towards| move_shared(leaf, a, b, g, towards, 1) > 0);
    if !(two && reached(a, b)) {
        verdict.find(a.sheet.place(a.column, g), Finding::Unproved);
    }
}

/// Most lines tried one by one as partners of a line.
const MAX_PARTNERS: usize = 300;

/// Moves the shared cell of a line in both tables: with any other line, then
/// with one partner at a time, the nearest first. Gives how far.
fn move_shared(
    leaf: &[bool],
    one: &mut Twin<'_>,
    other: &mut Twin<'_>,
    g: usize,
    towards: Towards,
    want: i64,
) -> i64 {
    let (mine, theirs) = (one.shared(g), other.shared(g));
    let mut step = move_both(one, other, mine, towards, want);
    if step == 0 {
        step = move_both(other, one, theirs, towards, want);
    }
    if step > 0 {
        return step;
    }
    step = move_by_pairs(leaf, one, other, g, mine, towards, want);
    if step == 0 {
        step = move_by_pairs(leaf, other, one, g, theirs, towards, want);
    }
    step
}

/// Moves a cell of a line with the shared cells of that line and of one partner
/// free, for each partner in turn, the nearest first. Gives how far.
fn move_by_pairs(
    leaf: &[bool],
    one: &mut Twin<'_>,
    other: &mut Twin<'_>,
    line: usize,
    arc: usize,
    towards: Towards,
    want: i64,
) -> i64 {
    let mut partners: Vec<usize> = (0..leaf.len())
        .filter(|p| leaf[*p] && *p != line && one.flow.hidden(one.shared(*p)))
        .collect();
    partners.sort_by_key(|p| p.abs_diff(line));
    // Inner lines follow whichever leaves move.
    let inner: Vec<usize> = (0..leaf.len()).filter(|g| !leaf[*g]).collect();
    let hold = |one: &mut Twin<'_>, lines: &[usize], held: bool| {
        for g in lines {
            let shared = one.shared(*g);
            one.flow.hold(shared, held);
        }
    };
    hold(one, &inner, false);
    hold(one, &[line], false);
    let mut moved = 0;
    for partner in partners.into_iter().take(MAX_PARTNERS) {
        hold(one, &[partner], false);
        moved = try_both(one, other, arc, towards, want);
        hold(one, &[partner], true);
        if moved > 0 {
            break;
        }
    }
    hold(one, &inner, true);
    hold(one, &[line], true);
    moved
}

/// Moves a cell of one table, the shared ones with it if need be, and imposes
/// the same change of those on the other; both or neither. Gives how far.
fn move_both(
    one: &mut Twin<'_>,
    other: &mut Twin<'_>,
    arc: usize,
    towards: Towards,
    want: i64,
) -> i64 {
    one.flow.loosen(Some(one.column));
    let moved = try_both(one, other, arc, towards, want);
    one.flow.loosen(None);
    moved
}

/// The same, with the shared cells held that are held.
fn try_both(
    one: &mut Twin<'_>,
    other: &mut Twin<'_>,
    arc: usize,
    towards: Towards,
    want: i64,
) -> i64 {
    one.flow.begin();
    other.flow.begin();
    let done = one.flow.advance(arc, towards, want);
    let deltas: Vec<(usize, i64)> = one
        .flow
        .trial_changes(one.column)
        .into_iter()
        .map(|(g, change)| (other.shared(g), change))
        .collect();
    if done > 0 && other.flow.impose(&deltas) {
        one.flow.keep();
        other.flow.keep();
        done
    } else {
        one.flow.undo();
        other.flow.undo();
        0
    }
}

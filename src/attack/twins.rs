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
    if !couple(&leaf, attack.goal(), &mut a, &mut b) && !contradicted(&a, &b) {
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
    // A population that is hidden is taken for the smallest there is.
    (0..attack.zonage.mailles.len())
        .map(|g| most(first, g, 1).min(most(second, g, 1)))
        .collect()
}

/// The most that a cell of a line can hold, judging by what the line publishes; `unknown`
/// stands for a population that is hidden.
fn most((sheet, column): (&Sheet<'_>, usize), g: usize, unknown: i64) -> i64 {
    let others = (0..=sheet.width).filter(|c| *c != column);
    let population = sheet.line(g).base().unwrap_or(unknown);
    (population - others.filter_map(|c| sheet.cell(c, g)).sum::<i64>()).max(0)
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

/// Finds a pair of tables that agree on the shared cells: where it can, with gaps that
/// leave every hidden shared cell `goal` to reach.
fn couple<'t>(leaf: &[bool], goal: i64, a: &mut Twin<'t>, b: &mut Twin<'t>) -> bool {
    let gaps: Vec<i64> = (0..leaf.len()).map(|g| gap(a, b, g)).collect();
    let impose = |twin: &mut Twin<'_>, sign: i64| {
        let deltas: Vec<(usize, i64)> = gaps
            .iter()
            .enumerate()
            .filter(|(g, gap)| **gap != 0 && twin.flow.hidden(twin.shared(*g)))
            .map(|(g, gap)| (twin.shared(g), sign * gap))
            .collect();
        twin.flow.impose(&deltas)
    };
    // All at once, where that can be; then leaf by leaf what those without an answer
    // do not explain. What is published stays, and only they explain it.
    let _ = impose(b, 1) || impose(a, -1);
    // By more than what it can hold beyond the goal, the other would not reach it.
    let most = |twin: &Twin<'_>, g: usize| match twin.flow.hidden(twin.shared(g)) {
        true => (most((twin.sheet, twin.column), g, FAR) - goal).max(0),
        false => FAR,
    };
    let mut gaps = Gaps {
        leaf,
        inner: (0..leaf.len()).filter(|g| !leaf[*g]).collect(),
        most: (0..leaf.len()).map(|g| [most(a, g), most(b, g)]).collect(),
        excess: Vec::new(),
    };
    gaps.close(a, b) || {
        gaps.most.fill([FAR; 2]);
        gaps.close(a, b)
    }
}

/// More than any count.
const FAR: i64 = i64::MAX / 4;

/// Most times that all leaves are gone through before a pair is given up.
const ROUNDS: usize = 60;

/// Who gives way to a leaf whose gap is not explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Helpers {
    /// Units without an answer, more of which explain it, in the line alone.
    Silent,
    /// The same, and any shared cell.
    SilentAnywhere,
    /// Shared cells of leaves whose gap has room the other way.
    Roomy,
    /// Any shared cell.
    Any,
}

/// The gaps between the shared cells of two tables, leaf by leaf.
struct Gaps<'l> {
    leaf: &'l [bool],
    /// The other mailles.
    inner: Vec<usize>,
    /// By how much the first table may have more in each leaf, and the second, even where
    /// more is explained.
    most: Vec<[i64; 2]>,
    /// What is not explained in each leaf; nothing in the other mailles.
    excess: Vec<i64>,
}

impl Gaps<'_> {
    /// Changes both tables until every gap is explained; says whether it is.
    fn close<'t>(&mut self, a: &mut Twin<'t>, b: &mut Twin<'t>) -> bool {
        self.excess = (0..self.leaf.len())
            .map(|g| self.unexplained(a, b, g))
            .collect();
        for _ in 0..ROUNDS {
            let wrong = (0..self.leaf.len()).filter(|g| self.excess[*g] != 0);
            let wrong: Vec<usize> = wrong.collect();
            if wrong.is_empty() {
                return true;
            }
            let mut better = false;
            for g in wrong {
                better |= self.lessen(a, b, g);
            }
            if !better {
                return false;
            }
        }
        false
    }

    /// Lessens what is not explained in a leaf, where less is then left in all.
    fn lessen<'t>(&mut self, a: &mut Twin<'t>, b: &mut Twin<'t>, g: usize) -> bool {
        for helpers in [
            Helpers::Roomy,
            Helpers::Silent,
            Helpers::Any,
            Helpers::SilentAnywhere,
        ] {
            for first in [false, true] {
                if self.excess[g] == 0 {
                    return true;
                }
                a.flow.begin();
                b.flow.begin();
                self.push(a, b, g, (helpers, first));
                let changes = self.changes(a, b);
                let less = |(at, left): &(usize, i64)| self.excess[*at].abs() - left.abs();
                if changes.iter().map(less).sum::<i64>() > 0 {
                    a.flow.keep();
                    b.flow.keep();
                    for (at, left) in changes {
                        self.excess[at] = left;
                    }
                    return true;
                }
                a.flow.undo();
                b.flow.undo();
            }
        }
        false
    }

    /// Moves a cell of a leaf in the first table, or in the second, so that its gap
    /// shrinks or is explained.
    fn push<'t>(
        &self,
        a: &mut Twin<'t>,
        b: &mut Twin<'t>,
        g: usize,
        (helpers, first): (Helpers, bool),
    ) {
        let excess = self.excess[g];
        let lacks = first == (excess < 0);
        let free: Vec<usize> = match helpers {
            Helpers::Roomy => (0..self.leaf.len())
                .filter(|other| self.leaf[*other] && self.has_room(a, b, *other, excess > 0))
                .chain(self.inner.iter().copied().chain([g]))
                .collect(),
            _ => Vec::new(),
        };
        let one = if first { a } else { b };
        let (arc, towards) = match helpers {
            // The table that has less in the leaf has the units that explain it.
            Helpers::Silent | Helpers::SilentAnywhere if !lacks => return,
            Helpers::Silent | Helpers::SilentAnywhere => (one.silent(g), Towards::More),
            _ if lacks => (one.shared(g), Towards::More),
            _ => (one.shared(g), Towards::Less),
        };
        if !one.flow.hidden(arc) {
            return;
        }
        for other in &free {
            one.flow.hold(one.shared(*other), false);
        }
        let anywhere = matches!(helpers, Helpers::Any | Helpers::SilentAnywhere);
        one.flow.loosen(anywhere.then_some(one.column));
        one.flow.advance(arc, towards, excess.abs());
        one.flow.loosen(None);
        for other in &free {
            one.flow.hold(one.shared(*other), true);
        }
    }

    /// The leaves that a trial touches, with what is not explained there now.
    fn changes(&self, a: &Twin<'_>, b: &Twin<'_>) -> Vec<(usize, i64)> {
        let of = |twin: &Twin<'_>| -> Vec<usize> {
            let cells = twin.flow.trial_cells().into_iter();
            cells
                .filter(|(column, ..)| *column == twin.column || *column == twin.sheet.width)
                .map(|(_, g, _)| g)
                .collect()
        };
        let mut touched = [of(a), of(b)].concat();
        touched.sort_unstable();
        touched.dedup();
        let touched = touched.into_iter();
        touched.map(|g| (g, self.unexplained(a, b, g))).collect()
    }

    /// The part of the gap of a leaf that is too much, or that units without an answer do
    /// not explain.
    fn unexplained(&self, a: &Twin<'_>, b: &Twin<'_>, g: usize) -> i64 {
        let gap = if self.leaf[g] { gap(a, b, g) } else { 0 };
        let [above, below] = self.explained(a, b, g);
        gap - gap.clamp(-below, above)
    }

    /// May the gap of a leaf grow, or shrink, by one without any more to explain?
    fn has_room(&self, a: &Twin<'_>, b: &Twin<'_>, g: usize, grow: bool) -> bool {
        let (gap, [above, below]) = (gap(a, b, g), self.explained(a, b, g));
        match grow {
            true => gap < above,
            false => -gap < below,
        }
    }

    /// By how much the first table may have more in a leaf, and the second: no more than
    /// the units that did not answer the other's question.
    fn explained(&self, a: &Twin<'_>, b: &Twin<'_>, g: usize) -> [i64; 2] {
        let silent = |twin: &Twin<'_>| twin.flow.now(twin.silent(g));
        let [above, below] = self.most[g];
        [silent(b).min(above), silent(a).min(below)]
    }
}

/// By how much the shared cell of a leaf is more in the first table.
fn gap(a: &Twin<'_>, b: &Twin<'_>, g: usize) -> i64 {
    a.flow.now(a.shared(g)) - b.flow.now(b.shared(g))
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

//! What an attacker can work out from one table: exact flows.
//!
//! A table over a tree is a network: one arc a cell, additivity at the nodes.
//! Published cells are constants; a hidden cell takes, over all the tables that
//! agree with them, every whole value between a minimum and a maximum, and a
//! maximum flow finds each end. This file starts from the published numbers
//! alone: it makes a feasible table of its own, then pushes hidden cells as far
//! as they go, and remembers the range that each was seen to take.

use std::collections::VecDeque;
use std::ops::Range;

use crate::table::Zonage;

/// Growing or shrinking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Towards {
    More,
    Less,
}

impl Towards {
    pub(super) fn back(self) -> Self {
        match self {
            Self::More => Self::Less,
            Self::Less => Self::More,
        }
    }
}

/// A sum of cells: its cells, its value now, lowest and highest.
struct Watched {
    cells: Vec<usize>,
    values: [i64; 3],
}

/// A cell as an arc. All that a search asks of one stands together: it looks at cells
/// here and there, and each look would otherwise be several.
#[derive(Clone, Copy)]
struct Cell {
    tail: u32,
    head: u32,
    now: i64,
    /// The least that everyone knows of it.
    floor: i64,
    /// Published.
    fixed: bool,
    held: bool,
}

/// One published table: `columns` counts a maille (the units without an answer
/// last) and a margin.
pub(super) struct Flow {
    mailles: usize,
    columns: usize,
    cells: Vec<Cell>,
    low: Vec<i64>,
    high: Vec<i64>,
    /// Sum of the columns of a line, the last one apart: now, lowest, highest.
    answers: Vec<[i64; 3]>,
    /// Cells that may move although they are held, and the one that is pushed.
    loose: Range<usize>,
    pushed: usize,
    /// Changes since [`Flow::begin`], while they may still be undone.
    trial: Option<Vec<(u32, Towards, i64)>>,
    /// Sums of cells under watch, and those that each cell is in.
    sums: Vec<Watched>,
    watched: Vec<Vec<u32>>,
    around: Vec<Vec<u32>>,
    /// The search that last saw each node, and the cell by which it came.
    seen: Vec<u32>,
    round: u32,
    came: Vec<u32>,
    fronts: [Front; 2],
}

/// How many cells either end looks at for a path that carries all that is wanted.
const PATIENCE: usize = 128;

/// One end of a search: the nodes reached, and how far they have been looked at.
#[derive(Default)]
struct Front {
    nodes: Vec<u32>,
    done: usize,
    /// In the node at hand: where it began, how many cells were looked at.
    first: usize,
    at: usize,
}

impl Flow {
    /// The network of a table: `cell(column, maille)` and `margin(maille)` give
    /// what is published, `floor` the least that everyone knows of a margin.
    /// `None` when no table agrees with what is published. `start` proposes
    /// values for the hidden cells of one column, kept where they can be.
    pub(super) fn new(
        zonage: &Zonage,
        columns: usize,
        cell: impl Fn(usize, usize) -> Option<i64>,
        margin: impl Fn(usize) -> Option<i64>,
        floor: impl Fn(usize) -> i64,
        start: Option<(usize, &[i64])>,
    ) -> Option<Self> {
        let mailles = zonage.mailles.len();
        let mut has_children = vec![false; mailles];
        for maille in &zonage.mailles {
            if let Some(parent) = maille.parent {
                has_children[parent] = true;
            }
        }
        // Node 0 is the outside; an inner maille has a node a column and one for
        // its margin, a leaf has a single node where its line adds up.
        let mut nodes = 1;
        let first: Vec<usize> = has_children
            .iter()
            .map(|inner| {
                let at = nodes;
                nodes += if *inner { columns + 1 } else { 1 };
                at
            })
            .collect();
        let node = |maille: Option<usize>, column: usize| match maille {
            None => 0,
            Some(g) if has_children[g] => (first[g] + column) as u32,
            Some(g) => first[g] as u32,
        };
        let mut flow = Self {
            mailles,
            columns,
            cells: Vec::new(),
            low: Vec::new(),
            high: Vec::new(),
            answers: vec![[0; 3]; mailles],
            loose: 0..0,
            pushed: usize::MAX,
            trial: None,
            sums: Vec::new(),
            watched: Vec::new(),
            around: vec![Vec::new(); nodes],
            seen: vec![0; nodes],
            round: 0,
            came: vec![0; nodes],
            fronts: Default::default(),
        };
        for column in 0..=columns {
            for g in 0..mailles {
                let up = node(zonage.mailles[g].parent, column);
                let here = node(Some(g), column);
                let (value, least) = if column == columns {
                    (margin(g), floor(g))
                } else {
                    (cell(column, g), 0)
                };
                if value.is_some_and(|v| v < least) {
                    return None;
                }
                let arc = flow.cells.len() as u32;
                let (tail, head) = if column == columns {
                    (here, up)
                } else {
                    (up, here)
                };
                flow.cells.push(Cell {
                    tail,
                    head,
                    now: value.unwrap_or(least),
                    floor: least,
                    fixed: value.is_some(),
                    held: false,
                });
                if value.is_none() {
                    flow.around[here as usize].push(arc);
                    flow.around[up as usize].push(arc);
                }
            }
        }
        if let Some((column, values)) = start {
            for (g, value) in values.iter().enumerate() {
                let arc = flow.cell(column, g);
                let cell = &mut flow.cells[arc];
                if !cell.fixed {
                    cell.now = *value;
                }
                cell.held = true;
            }
            let settled = flow.settle();
            for cell in &mut flow.cells {
                cell.held = false;
            }
            if settled {
                flow.restart();
                return Some(flow);
            }
        }
        flow.deal(zonage);
        if !flow.settle() {
            return None;
        }
        flow.restart();
        Some(flow)
    }

    /// The present table.
    pub(super) fn snapshot(&self) -> Vec<i64> {
        self.cells.iter().map(|cell| cell.now).collect()
    }

    /// Goes back to a table, and keeps what was seen since.
    pub(super) fn go_back(&mut self, table: &[i64]) {
        self.put(table);
        for g in 0..self.mailles {
            self.answers[g][0] = (0..self.columns - 1)
                .map(|c| self.cells[self.cell(c, g)].now)
                .sum();
        }
        for sum in &mut self.sums {
            sum.values[0] = sum.cells.iter().map(|arc| self.cells[*arc].now).sum();
        }
    }

    /// Gives the cells the values of a table.
    fn put(&mut self, table: &[i64]) {
        for (cell, value) in self.cells.iter_mut().zip(table) {
            cell.now = *value;
        }
    }

    /// Makes a published cell hidden, at its present value.
    pub(super) fn open(&mut self, arc: usize) {
        let Cell { tail, head, .. } = self.cells[arc];
        self.cells[arc].fixed = false;
        self.around[tail as usize].push(arc as u32);
        self.around[head as usize].push(arc as u32);
    }

    /// Forgets the ranges seen, and starts from the present table.
    pub(super) fn restart(&mut self) {
        self.low.clear();
        self.low.extend(self.cells.iter().map(|cell| cell.now));
        self.high.clone_from(&self.low);
        for g in 0..self.mailles {
            let sum = (0..self.columns - 1)
                .map(|c| self.cells[self.cell(c, g)].now)
                .sum();
            self.answers[g] = [sum; 3];
        }
        for sum in &mut self.sums {
            sum.values = [sum.cells.iter().map(|arc| self.cells[*arc].now).sum(); 3];
        }
    }

    /// Watches a sum of cells; gives its rank.
    pub(super) fn watch(&mut self, cells: Vec<usize>) -> usize {
        self.watched.resize(self.cells.len(), Vec::new());
        let rank = self.sums.len();
        for arc in cells.iter().filter(|arc| !self.cells[**arc].fixed) {
            self.watched[*arc].push(rank as u32);
        }
        let now = cells.iter().map(|arc| self.cells[*arc].now).sum();
        self.sums.push(Watched {
            cells,
            values: [now; 3],
        });
        rank
    }

    /// Number of sums under watch.
    pub(super) fn watching(&self) -> usize {
        self.sums.len()
    }

    /// A watched sum: now, lowest and highest seen.
    pub(super) fn sum(&self, rank: usize) -> [i64; 3] {
        self.sums[rank].values
    }

    /// Is a sum of cells the same in every table that agrees with what is
    /// published? True when the nodes can be given heights such that each hidden
    /// cell of the sum climbs by one and all other hidden cells stay level: two
    /// tables differ by circulations, around which heights come back. Where only
    /// the floors of other cells keep the sum still, the answer is no.
    pub(super) fn is_given(&self, cells: &[usize]) -> bool {
        let mut climbs = vec![0_i64; self.cells.len()];
        let hidden: Vec<usize> = cells.iter().copied().filter(|a| self.hidden(*a)).collect();
        hidden.iter().for_each(|arc| climbs[*arc] = 1);
        let mut heights: Vec<Option<i64>> = vec![None; self.around.len()];
        for arc in hidden {
            let first = self.cells[arc].tail as usize;
            if heights[first].is_some() {
                continue;
            }
            heights[first] = Some(0);
            let mut queue = vec![(first, 0)];
            while let Some((node, height)) = queue.pop() {
                for arc in &self.around[node] {
                    let Cell { tail, head, .. } = self.cells[*arc as usize];
                    let climb = climbs[*arc as usize];
                    let (next, there) = if tail as usize == node {
                        (head as usize, height + climb)
                    } else {
                        (tail as usize, height - climb)
                    };
                    match heights[next] {
                        None => {
                            heights[next] = Some(there);
                            queue.push((next, there));
                        }
                        Some(known) if known != there => return false,
                        Some(_) => {}
                    }
                }
            }
        }
        true
    }

    #[inline]
    pub(super) fn cell(&self, column: usize, maille: usize) -> usize {
        column * self.mailles + maille
    }

    #[inline]
    pub(super) fn margin(&self, maille: usize) -> usize {
        self.columns * self.mailles + maille
    }

    #[inline]
    pub(super) fn hidden(&self, arc: usize) -> bool {
        !self.cells[arc].fixed
    }

    #[inline]
    pub(super) fn now(&self, arc: usize) -> i64 {
        self.cells[arc].now
    }

    /// Smallest and largest values seen.
    pub(super) fn range(&self, arc: usize) -> (i64, i64) {
        (self.low[arc], self.high[arc])
    }

    /// Smallest and largest respondents of a line seen.
    pub(super) fn answers(&self, maille: usize) -> (i64, i64) {
        (self.answers[maille][1], self.answers[maille][2])
    }

    pub(super) fn hold(&mut self, arc: usize, held: bool) {
        self.cells[arc].held = held;
    }

    /// Holds a cell of a maille still, or lets it go.
    pub(super) fn hold_at(&mut self, column: usize, maille: usize, held: bool) {
        let arc = self.cell(column, maille);
        self.hold(arc, held);
    }

    #[inline(always)]
    pub(super) fn is_held(&self, arc: usize) -> bool {
        self.cells[arc].held && !self.loose.contains(&arc)
    }

    /// Lets the cells of a column move although they are held, or no longer.
    pub(super) fn loosen(&mut self, column: Option<usize>) {
        self.loose = column.map_or(0..0, |c| self.cell(c, 0)..self.cell(c + 1, 0));
    }

    pub(super) fn set_floor(&mut self, arc: usize, floor: i64) {
        self.cells[arc].floor = floor.min(self.cells[arc].now);
    }

    /// Moves a hidden cell by up to `want` while all else that is published
    /// stays; gives how far it went. Less than `want` is a proof: the cell can
    /// go no further, whatever the table (max-flow, min-cut).
    pub(super) fn advance(&mut self, arc: usize, towards: Towards, want: i64) -> i64 {
        let Cell { tail, head, .. } = self.cells[arc];
        let (from, to, want) = match towards {
            Towards::More => (head, tail, want),
            Towards::Less => (
                tail,
                head,
                want.min(self.cells[arc].now - self.cells[arc].floor),
            ),
        };
        self.pushed = arc;
        let mut done = 0;
        while done < want {
            let mut changed = vec![(arc as u32, towards)];
            let near = arc % self.mailles;
            let (_, step) = self.way(from, &[to], near, want - done, &mut changed);
            if step == 0 {
                break;
            }
            self.apply(&changed, step);
            self.note(&changed);
            done += step;
        }
        self.pushed = usize::MAX;
        done
    }

    /// How many times a set of changes can be made at once.
    #[inline]
    pub(super) fn room(&self, changes: &[(usize, Towards)]) -> i64 {
        changes
            .iter()
            .map(|(arc, towards)| match towards {
                _ if self.cells[*arc].fixed || self.is_held(*arc) => 0,
                Towards::More => i64::MAX,
                Towards::Less => self.cells[*arc].now - self.cells[*arc].floor,
            })
            .min()
            .unwrap_or(0)
    }

    /// Makes a set of changes that leaves every sum as it is.
    pub(super) fn turn(&mut self, changes: &[(usize, Towards)], step: i64) {
        let changes: Vec<(u32, Towards)> = changes
            .iter()
            .map(|(arc, way)| (*arc as u32, *way))
            .collect();
        self.apply(&changes, step);
        self.note(&changes);
    }

    #[inline]
    pub(super) fn columns(&self) -> usize {
        self.columns
    }

    /// The column and maille of a cell.
    #[inline]
    pub(super) fn place(&self, arc: usize) -> (usize, usize) {
        (arc / self.mailles, arc % self.mailles)
    }

    /// Imposes changes on held cells and repairs the rest of the table; leaves
    /// everything as it was, and says so, when it cannot.
    pub(super) fn impose(&mut self, deltas: &[(usize, i64)]) -> bool {
        if deltas
            .iter()
            .any(|(arc, delta)| self.cells[*arc].now + delta < self.cells[*arc].floor)
        {
            return false;
        }
        let mut surplus: Vec<(u32, i64)> = Vec::new();
        let mut add = |node: u32, amount: i64| match surplus.iter_mut().find(|(n, _)| *n == node) {
            Some(entry) => entry.1 += amount,
            None => surplus.push((node, amount)),
        };
        for &(arc, delta) in deltas {
            add(self.cells[arc].head, delta);
            add(self.cells[arc].tail, -delta);
        }
        let mut log: Vec<(u32, Towards, i64)> = Vec::new();
        while let Some(at) = surplus.iter().position(|(_, amount)| *amount > 0) {
            let (from, have) = surplus[at];
            let mut changed = Vec::new();
            let wanting: Vec<u32> = surplus
                .iter()
                .filter(|(_, a)| *a < 0)
                .map(|(n, _)| *n)
                .collect();
            let near = self.maille_near(from);
            let (goal, mut step) = self.way(from, &wanting, near, have, &mut changed);
            if let Some(entry) = surplus.iter_mut().find(|(n, _)| *n == goal && step > 0) {
                step = step.min(-entry.1);
                entry.1 += step;
            }
            if step == 0 {
                for (arc, towards, step) in log.into_iter().rev() {
                    self.apply(&[(arc, towards.back())], step);
                }
                return false;
            }
            self.apply(&changed, step);
            log.extend(changed.iter().map(|(arc, towards)| (*arc, *towards, step)));
            surplus[at].1 -= step;
        }
        for &(arc, delta) in deltas {
            let towards = if delta > 0 {
                Towards::More
            } else {
                Towards::Less
            };
            self.apply(&[(arc as u32, towards)], delta.abs());
            log.push((arc as u32, towards, 0));
        }
        let changed: Vec<_> = log
            .into_iter()
            .map(|(arc, towards, _)| (arc, towards))
            .collect();
        self.note(&changed);
        true
    }

    /// Where a path that began at a node ends.
    fn end_of(&self, from: u32, changed: &[(u32, Towards)]) -> u32 {
        changed
            .iter()
            .fold(from, |node, (arc, _)| self.across(*arc, node))
    }

    fn across(&self, arc: u32, node: u32) -> u32 {
        let Cell { tail, head, .. } = self.cells[arc as usize];
        if node == tail { head } else { tail }
    }

    fn apply(&mut self, changed: &[(u32, Towards)], step: i64) {
        for (arc, towards) in changed {
            let signed = if *towards == Towards::More {
                step
            } else {
                -step
            };
            let arc = *arc as usize;
            self.cells[arc].now += signed;
            if let Some(trial) = &mut self.trial {
                trial.push((arc as u32, *towards, step));
            }
            if arc / self.mailles < self.columns - 1 && !self.answers.is_empty() {
                self.answers[arc % self.mailles][0] += signed;
            }
            for sum in self.watched.get(arc).into_iter().flatten() {
                self.sums[*sum as usize].values[0] += signed;
            }
        }
    }

    /// Begins a trial: what follows is remembered only once it is kept.
    pub(super) fn begin(&mut self) {
        self.trial = Some(Vec::new());
    }

    /// What the trial has changed so far among the cells of a column: maille and
    /// difference.
    pub(super) fn trial_changes(&self, column: usize) -> Vec<(usize, i64)> {
        let mut changes: Vec<(usize, i64)> = Vec::new();
        for (arc, towards, step) in self.trial.iter().flatten() {
            let (at, g) = (*arc as usize / self.mailles, *arc as usize % self.mailles);
            if at != column {
                continue;
            }
            let signed = if *towards == Towards::More {
                *step
            } else {
                -step
            };
            match changes.iter_mut().find(|(known, _)| *known == g) {
                Some(change) => change.1 += signed,
                None => changes.push((g, signed)),
            }
        }
        changes.retain(|(_, change)| *change != 0);
        changes
    }

    /// What the trial has changed so far: column, maille and difference.
    pub(super) fn trial_cells(&self) -> Vec<(usize, usize, i64)> {
        let mut changes: Vec<(u32, i64)> = self
            .trial
            .iter()
            .flatten()
            .filter(|(arc, ..)| (*arc as usize) < self.mailles * self.columns)
            .map(|(arc, towards, step)| match towards {
                Towards::More => (*arc, *step),
                Towards::Less => (*arc, -*step),
            })
            .collect();
        changes.sort_unstable_by_key(|(arc, _)| *arc);
        changes.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 += next.1;
            }
            same
        });
        let place = |arc: u32| (arc as usize / self.mailles, arc as usize % self.mailles);
        let cells = changes.into_iter().filter(|(_, step)| *step != 0);
        cells
            .map(|(arc, step)| (place(arc).0, place(arc).1, step))
            .collect()
    }

    /// Deals what each inner maille has of a column out to the leaves under it, one
    /// column a leaf as far as it goes: that of which the least is dealt. So each
    /// column has something to give near every leaf, and paths are short, where
    /// leaves filled one column after the other would lie far from what they lack.
    fn deal(&mut self, zonage: &Zonage) {
        let mut left = self.balance();
        for children in zonage.children() {
            let leaf = |g: &&usize| {
                self.cells[self.margin(**g)].tail == self.cells[self.cell(0, **g)].head
            };
            let leaves: Vec<usize> = children.iter().filter(leaf).copied().collect();
            let Some(first) = leaves.first() else {
                continue;
            };
            let above: Vec<usize> = (0..self.columns)
                .map(|column| self.cells[self.cell(column, *first)].tail as usize)
                .collect();
            let whole: Vec<i64> = above.iter().map(|node| left[*node].max(1)).collect();
            for g in leaves {
                let line = self.cells[self.margin(g)].tail as usize;
                while left[line] < 0 {
                    let open = (0..self.columns).filter(|column| {
                        let arc = self.cell(*column, g);
                        !self.cells[arc].fixed && left[above[*column]] > 0
                    });
                    // Shares compare in thousandths: they only make for variety.
                    let best = open.max_by_key(|column| {
                        let share = left[above[*column]] * 1_000 / whole[*column];
                        (share, std::cmp::Reverse(*column))
                    });
                    let Some(column) = best else { break };
                    let arc = self.cell(column, g);
                    let given = left[above[column]].min(-left[line]);
                    self.cells[arc].now += given;
                    left[above[column]] -= given;
                    left[line] += given;
                }
            }
        }
    }

    /// What flows into each node and not out of it.
    fn balance(&self) -> Vec<i64> {
        let mut balance = vec![0_i64; self.around.len()];
        for cell in &self.cells {
            balance[cell.tail as usize] -= cell.now;
            balance[cell.head as usize] += cell.now;
        }
        balance
    }

    /// Spreads what each maille holds of a column over its hidden children, in
    /// proportion to their room: a table from which every way is open, where a
    /// first table has many cells at nought. What is held stays.
    pub(super) fn even_out(&mut self, zonage: &Zonage) {
        let before = self.snapshot();
        let room = |g: usize| {
            let known = (0..self.columns).map(|column| self.cells[self.cell(column, g)]);
            let known: i64 = known.filter(|cell| cell.fixed).map(|cell| cell.now).sum();
            (self.cells[self.margin(g)].now - known).max(0) + 1
        };
        let rooms: Vec<i64> = (0..self.mailles).map(room).collect();
        for (g, children) in zonage.children().iter().enumerate() {
            for column in 0..self.columns {
                let free = |c: &&usize| {
                    let arc = self.cell(column, **c);
                    !self.cells[arc].fixed && !self.cells[arc].held
                };
                let (loose, firm): (Vec<&usize>, Vec<&usize>) = children.iter().partition(free);
                let kept: i64 = firm
                    .iter()
                    .map(|c| self.cells[self.cell(column, **c)].now)
                    .sum();
                let left = (self.cells[self.cell(column, g)].now - kept).max(0);
                let whole: i64 = loose.iter().map(|c| rooms[**c]).sum();
                let (mut seen, mut given) = (0, 0);
                for c in loose {
                    seen += rooms[*c];
                    let until = left * seen / whole.max(1);
                    let arc = self.cell(column, *c);
                    self.cells[arc].now = (until - given).max(self.cells[arc].floor);
                    given = until;
                }
            }
        }
        if !self.settle() {
            self.put(&before);
        }
        self.restart();
    }

    /// Ends the trial: the present table counts.
    pub(super) fn keep(&mut self) {
        let trial = self.trial.take().unwrap_or_default();
        let changed: Vec<_> = trial
            .into_iter()
            .map(|(arc, towards, _)| (arc, towards))
            .collect();
        self.note(&changed);
    }

    /// Ends the trial: the table is again what it was when it began.
    pub(super) fn undo(&mut self) {
        for (arc, towards, step) in self.trial.take().unwrap_or_default().into_iter().rev() {
            self.apply(&[(arc, towards.back())], step);
        }
    }

    /// Remembers the values of a complete table.
    fn note(&mut self, changed: &[(u32, Towards)]) {
        if self.trial.is_some() {
            return;
        }
        for (arc, _) in changed {
            let arc = *arc as usize;
            self.low[arc] = self.low[arc].min(self.cells[arc].now);
            self.high[arc] = self.high[arc].max(self.cells[arc].now);
            let [sum, low, high] = &mut self.answers[arc % self.mailles];
            (*low, *high) = ((*low).min(*sum), (*high).max(*sum));
            for rank in self.watched.get(arc).into_iter().flatten() {
                let [sum, low, high] = &mut self.sums[*rank as usize].values;
                (*low, *high) = ((*low).min(*sum), (*high).max(*sum));
            }
        }
    }

    /// A path over hidden cells from a node to one of the goals: adds the cells
    /// that it changes, gives the goal and how much it carries, at most `want`. A
    /// path that carries it all is looked for first, not far: it goes through fewer
    /// cells, and there may be none.
    fn way(
        &mut self,
        from: u32,
        goals: &[u32],
        near: usize,
        want: i64,
        changed: &mut Vec<(u32, Towards)>,
    ) -> (u32, i64) {
        if goals.contains(&from) {
            return (from, want);
        }
        let met = (want > 1).then(|| self.meet(from, goals, near, want, PATIENCE));
        let met = (met.flatten()).or_else(|| self.meet(from, goals, near, 1, usize::MAX));
        let Some((arc, before, after)) = met else {
            return (from, 0);
        };
        let start = changed.len();
        let mut node = before;
        while node != from {
            let arc = self.came[node as usize];
            node = self.across(arc, node);
            changed.push((arc, self.towards(arc, node)));
        }
        changed.push((arc, self.towards(arc, before)));
        let mut node = after;
        while !goals.contains(&node) {
            let arc = self.came[node as usize];
            changed.push((arc, self.towards(arc, node)));
            node = self.across(arc, node);
        }
        let room = |(arc, towards): &(u32, Towards)| match towards {
            Towards::More => want,
            Towards::Less => self.cells[*arc as usize].now - self.cells[*arc as usize].floor,
        };
        let step = changed[start..].iter().map(room).fold(want, i64::min);
        (node, step)
    }

    /// How a cell changes when a path leaves a node by it.
    fn towards(&self, arc: u32, node: u32) -> Towards {
        if self.cells[arc as usize].tail == node {
            Towards::More
        } else {
            Towards::Less
        }
    }

    /// Where a search from a node and one from the goals meet, over hidden cells
    /// that may each change by `least`: the cell between, its node on either side.
    ///
    /// A maille may have hundreds of children. Both ends look at one cell in turn,
    /// from the maille `near` backwards: there stand the mailles that were pushed
    /// just before and have much to give, and both ends meet at one of them long
    /// before either has seen all. Where one end is shut in, there is no path.
    fn meet(
        &mut self,
        from: u32,
        goals: &[u32],
        near: usize,
        least: i64,
        patience: usize,
    ) -> Option<(u32, u32, u32)> {
        self.round += 2;
        for (side, roots) in [&[from], goals].into_iter().enumerate() {
            let front = &mut self.fronts[side];
            (front.done, front.at) = (0, 0);
            front.nodes.clear();
            front.nodes.extend_from_slice(roots);
            for root in roots {
                self.seen[*root as usize] = self.round + side as u32;
            }
        }
        for _ in 0..patience {
            for side in [0, 1] {
                let front = &mut self.fronts[side];
                let node = *front.nodes.get(front.done)?;
                let arcs = &self.around[node as usize];
                if front.at == arcs.len() {
                    (front.done, front.at) = (front.done + 1, 0);
                    continue;
                }
                if front.at == 0 {
                    front.first = arcs.partition_point(|arc| *arc as usize % self.mailles <= near);
                }
                front.at += 1;
                let before = front.first.checked_sub(front.at);
                let arc = arcs[before.unwrap_or(arcs.len() + front.first - front.at)];
                let cell = &self.cells[arc as usize];
                let shrinks = (cell.tail == node) != (side == 0);
                let tight = shrinks && cell.now - cell.floor < least;
                if tight || arc as usize == self.pushed || self.is_held(arc as usize) {
                    continue;
                }
                let next = if cell.tail == node {
                    cell.head
                } else {
                    cell.tail
                };
                let seen = &mut self.seen[next as usize];
                if *seen < self.round {
                    *seen = self.round + side as u32;
                    self.came[next as usize] = arc;
                    self.fronts[side].nodes.push(next);
                } else if *seen != self.round + side as u32 {
                    return Some(match side {
                        0 => (arc, node, next),
                        _ => (arc, next, node),
                    });
                }
            }
        }
        None
    }

    /// A maille at a node: that of its first hidden cell.
    fn maille_near(&self, node: u32) -> usize {
        let first = self.around[node as usize].first();
        first.map_or(0, |arc| *arc as usize % self.mailles)
    }

    /// A shortest path over hidden cells from a node to one that `goal` accepts:
    /// the cells that it changes and how much it carries, at most `want`. A path
    /// that carries it all is looked for first: it goes through fewer cells.
    fn path(
        &mut self,
        from: u32,
        goal: impl Fn(u32) -> bool,
        want: i64,
        changed: &mut Vec<(u32, Towards)>,
    ) -> i64 {
        if goal(from) {
            return want;
        }
        let found = self.search(from, &goal, want);
        let found = if found.is_none() && want > 1 {
            self.search(from, &goal, 1)
        } else {
            found
        };
        let Some(mut node) = found else { return 0 };
        let (mut step, start) = (want, changed.len());
        while node != from {
            let arc = self.came[node as usize];
            let towards = if self.cells[arc as usize].head == node {
                Towards::More
            } else {
                Towards::Less
            };
            if towards == Towards::Less {
                step = step.min(self.cells[arc as usize].now - self.cells[arc as usize].floor);
            }
            changed.push((arc, towards));
            node = self.across(arc, node);
        }
        changed[start..].reverse();
        step
    }

    /// The node that a search over hidden cells, which may each change by `least`,
    /// reaches first among those that `goal` accepts.
    fn search(&mut self, from: u32, goal: &impl Fn(u32) -> bool, least: i64) -> Option<u32> {
        self.round += 2;
        self.seen[from as usize] = self.round;
        let mut queue = VecDeque::from([from]);
        while let Some(node) = queue.pop_front() {
            for at in 0..self.around[node as usize].len() {
                let arc = self.around[node as usize][at];
                let next = self.across(arc, node);
                if self.seen[next as usize] == self.round || self.is_held(arc as usize) {
                    continue;
                }
                let forward = self.cells[arc as usize].tail == node;
                if !forward && self.cells[arc as usize].now - self.cells[arc as usize].floor < least
                {
                    continue;
                }
                self.seen[next as usize] = self.round;
                self.came[next as usize] = arc;
                if goal(next) {
                    return Some(next);
                }
                queue.push_back(next);
            }
        }
        None
    }

    /// Makes the table add up: what flows into a node flows out of it.
    fn settle(&mut self) -> bool {
        let answers = std::mem::take(&mut self.answers);
        let mut balance = self.balance();
        let mut settled = true;
        'nodes: for node in 0..balance.len() {
            while balance[node] > 0 {
                let mut changed = Vec::new();
                let step = self.path(
                    node as u32,
                    |n| balance[n as usize] < 0,
                    balance[node],
                    &mut changed,
                );
                let goal = self.end_of(node as u32, &changed) as usize;
                if step == 0 {
                    settled = false;
                    break 'nodes;
                }
                let step = step.min(-balance[goal]);
                self.apply(&changed, step);
                balance[node] -= step;
                balance[goal] += step;
            }
        }
        self.answers = answers;
        settled
    }
}

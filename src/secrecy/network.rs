//! A table as a network, and the cheapest way to move units around in it.
//!
//! Every cell is one arc and additivity is conservation at the nodes (Castro,
//! *Network flows heuristics for complementary cell suppression*, 2002; the
//! class of tables that τ-ARGUS calls 1H2D). For each column a tree of arcs goes
//! down from the source through the inner mailles to the leaves; from each leaf
//! the margin (`population`) goes back up to the source. The column *sans
//! réponse* makes the respondents and the margin meet.
//!
//! A change of the table that keeps every published cell is a circulation over
//! hidden arcs: an arc may grow without limit and shrink to its lower bound.
//!
//! How a change finds its way is in `secrecy::search`.

use std::collections::BTreeMap;
use std::ops::Range;

use super::search::{Map, Search};
use crate::table::Zonage;

/// Rank of an arc.
pub(super) type Arc = usize;

/// What the search may do with an arc.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// Hidden already: free of charge.
    Hidden,
    /// Published: may be hidden at this price.
    Price(u32),
    /// Published, and to stay so.
    Fixed,
}

/// Which way an arc changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// It grows.
    Up,
    /// It shrinks.
    Down,
}

impl Way {
    /// The other way.
    pub(super) fn back(self) -> Self {
        match self {
            Self::Up => Self::Down,
            Self::Down => Self::Up,
        }
    }

    fn signed(self, step: i64) -> i64 {
        match self {
            Self::Up => step,
            Self::Down => -step,
        }
    }
}

/// What a search reads of an arc, side by side in memory.
#[derive(Clone, Copy)]
pub(super) struct Cell {
    /// In a feasible table: the true one at first, moved by every push.
    value: i64,
    lower: i64,
    pub(super) access: Access,
    pub(super) tail: u32,
    pub(super) head: u32,
}

impl Cell {
    /// How far the cell can change.
    pub(super) fn room(&self, way: Way) -> i64 {
        match way {
            Way::Up => i64::MAX,
            Way::Down => self.value - self.lower,
        }
    }
}

/// The network of one table over one tree.
#[derive(Clone)]
pub(super) struct Network {
    mailles: usize,
    columns: usize,
    cells: Vec<Cell>,
    truth: Vec<i64>,
    /// Did the arc ever hold another value than the true one?
    moved: Vec<bool>,
    /// Largest value seen.
    best: Vec<i64>,
    /// Arcs that no search may use for now: these, and a whole range.
    frozen: Vec<bool>,
    held: Range<Arc>,
    /// Changes that may still be undone, and are not remembered until kept.
    trial: Option<Vec<(Arc, i64)>>,
    /// Arcs hidden by searches since [`Network::take_opened`].
    opened: Vec<Arc>,
    search: Search,
}

impl Network {
    /// The network of a table: `column(c, maille)` for `columns` columns and
    /// `margin(maille)`, true values both.
    pub(super) fn new(
        zonage: &Zonage,
        columns: usize,
        column: impl Fn(usize, usize) -> i64,
        margin: impl Fn(usize) -> i64,
    ) -> Self {
        let mailles = zonage.mailles.len();
        let mut inner = vec![None; mailles];
        let mut inners = 0;
        for maille in &zonage.mailles {
            if let Some(parent) = maille.parent
                && inner[parent].is_none()
            {
                inner[parent] = Some(inners);
                inners += 1;
            }
        }
        // Nodes: the source, then for each inner maille one node a column and
        // one for the margin, then one node a leaf.
        let block = columns + 1;
        let mut leaves = 0;
        let node: Vec<usize> = (0..mailles)
            .map(|g| match inner[g] {
                Some(rank) => 1 + rank * block,
                None => {
                    leaves += 1;
                    inners * block + leaves
                }
            })
            .collect();
        let at = |g: usize, c: usize| node[g] + if inner[g].is_some() { c } else { 0 };
        let above = |g: usize, c: usize| zonage.mailles[g].parent.map_or(0, |p| at(p, c));
        let arcs = block * mailles;
        let (mut tail, mut head, mut value) = (
            Vec::with_capacity(arcs),
            Vec::with_capacity(arcs),
            Vec::with_capacity(arcs),
        );
        for c in 0..columns {
            for g in 0..mailles {
                tail.push(above(g, c) as u32);
                head.push(at(g, c) as u32);
                value.push(column(c, g));
            }
        }
        for g in 0..mailles {
            tail.push(at(g, columns) as u32);
            head.push(above(g, columns) as u32);
            value.push(margin(g));
        }
        let nodes = 1 + inners * block + leaves;
        Self {
            mailles,
            columns,
            ..Self::of_arcs(nodes, tail, head, value)
        }
    }

    /// A network that is not a tree's: arcs with their true values.
    pub(super) fn of_arcs(nodes: usize, tail: Vec<u32>, head: Vec<u32>, value: Vec<i64>) -> Self {
        let arcs = value.len();
        let cells: Vec<Cell> = (0..arcs)
            .map(|arc| Cell {
                value: value[arc],
                lower: 0,
                access: Access::Fixed,
                tail: tail[arc],
                head: head[arc],
            })
            .collect();
        Self {
            mailles: 0,
            columns: 0,
            search: Search::new(nodes, &cells),
            cells,
            moved: vec![false; arcs],
            best: value.clone(),
            truth: value,
            frozen: vec![false; arcs],
            held: 0..0,
            trial: None,
            opened: Vec::new(),
        }
    }

    /// Number of mailles.
    pub(super) fn mailles(&self) -> usize {
        self.mailles
    }

    /// The maille of an arc.
    pub(super) fn maille_of(&self, arc: Arc) -> usize {
        arc % self.mailles
    }

    /// The arc of a cell.
    pub(super) fn cell(&self, column: usize, maille: usize) -> Arc {
        column * self.mailles + maille
    }

    /// The arc of a margin.
    pub(super) fn margin(&self, maille: usize) -> Arc {
        self.columns * self.mailles + maille
    }

    pub(super) fn set(&mut self, arc: Arc, access: Access) {
        self.cells[arc].access = access;
    }

    pub(super) fn access(&self, arc: Arc) -> Access {
        self.cells[arc].access
    }

    pub(super) fn set_lower(&mut self, arc: Arc, lower: i64) {
        self.cells[arc].lower = lower;
    }

    pub(super) fn hidden(&self, arc: Arc) -> bool {
        self.cells[arc].access == Access::Hidden
    }

    /// The true value.
    pub(super) fn truth(&self, arc: Arc) -> i64 {
        self.truth[arc]
    }

    pub(super) fn value(&self, arc: Arc) -> i64 {
        self.cells[arc].value
    }

    /// Largest value that the arc was seen to take.
    pub(super) fn best(&self, arc: Arc) -> i64 {
        self.best[arc]
    }

    /// Was the arc seen to take another value than the true one?
    pub(super) fn moved(&self, arc: Arc) -> bool {
        self.moved[arc]
    }

    pub(super) fn is_frozen(&self, arc: Arc) -> bool {
        self.frozen[arc] || self.held.contains(&arc)
    }

    pub(super) fn freeze(&mut self, arc: Arc, frozen: bool) {
        self.frozen[arc] = frozen;
    }

    /// Holds a range of arcs still, in place of the range held before.
    pub(super) fn hold(&mut self, arcs: Range<Arc>) {
        self.held = arcs;
    }

    /// The arcs that searches have hidden since the last call.
    pub(super) fn take_opened(&mut self) -> Vec<Arc> {
        std::mem::take(&mut self.opened)
    }

    /// Changes an arc by up to `want`, hiding the cheapest cells that it takes;
    /// gives what was reached.
    pub(super) fn push(&mut self, arc: Arc, way: Way, want: i64) -> i64 {
        self.push_with(arc, way, want, true)
    }

    /// The same over hidden cells alone.
    pub(super) fn push_free(&mut self, arc: Arc, way: Way, want: i64) -> i64 {
        self.push_with(arc, way, want, false)
    }

    fn push_with(&mut self, arc: Arc, way: Way, want: i64, pay: bool) -> i64 {
        let cell = self.cells[arc];
        let (start, goal) = match way {
            Way::Up => (cell.head, cell.tail),
            Way::Down => (cell.tail, cell.head),
        };
        let want = want.min(cell.room(way));
        let was_frozen = std::mem::replace(&mut self.frozen[arc], true);
        let mut done = 0;
        while done < want && self.find(arc, start, &[goal], want - done, pay).is_some() {
            let step = self.send(want - done);
            self.shift(arc, way, step);
            done += step;
        }
        self.frozen[arc] = was_frozen;
        done
    }

    /// Imposes a change on cells that stay still otherwise, and repairs the table
    /// around them. Where it cannot, the table is left out of balance, for the
    /// caller to undo (see [`Self::begin`]).
    pub(super) fn impose(&mut self, deltas: &[(Arc, i64)]) -> bool {
        let mut balance: BTreeMap<u32, i64> = BTreeMap::new();
        for &(arc, delta) in deltas {
            let cell = self.cells[arc];
            if cell.value + delta < cell.lower {
                return false;
            }
            *balance.entry(cell.head).or_default() += delta;
            *balance.entry(cell.tail).or_default() -= delta;
        }
        let about = deltas.first().map_or(0, |(arc, _)| *arc);
        while let Some((&start, &have)) = balance.iter().find(|(_, b)| **b > 0) {
            let lacking = balance.iter().filter(|(_, b)| **b < 0);
            let goals: Vec<u32> = lacking.map(|(node, _)| *node).collect();
            let Some(goal) = self.find(about, start, &goals, have, true) else {
                return false;
            };
            let lacking = balance.entry(goal).or_default();
            let step = self.send(have.min(-*lacking));
            *lacking += step;
            *balance.entry(start).or_default() -= step;
        }
        for &(arc, delta) in deltas {
            self.shift(arc, Way::Up, delta);
        }
        true
    }

    /// Does every change of the table leave the sum of these arcs as it is? Then
    /// what is published gives it away, and publishing it says nothing more.
    ///
    /// So it is when the nodes can be given heights such that each hidden arc of
    /// the sum goes up by one and every other hidden arc stays level: around any
    /// circulation the heights come back to where they were.
    pub(super) fn is_implied(&self, arcs: &[Arc]) -> bool {
        let mut summed = vec![false; self.cells.len()];
        let hidden = arcs.iter().copied().filter(|arc| self.hidden(*arc));
        hidden.for_each(|arc| summed[arc] = true);
        let mut height: Vec<Option<i64>> = vec![None; self.search.nodes()];
        let mut stack = Vec::new();
        for first in arcs.iter().filter(|arc| summed[**arc]) {
            let start = self.cells[*first].tail;
            if height[start as usize].is_some() {
                continue;
            }
            height[start as usize] = Some(0);
            stack.push((start, 0));
            while let Some((node, here)) = stack.pop() {
                for (arc, way, next) in self.search.around(node) {
                    if !self.hidden(arc) {
                        continue;
                    }
                    let there = here + way.signed(i64::from(summed[arc]));
                    match height[next as usize] {
                        Some(known) if known != there => return false,
                        Some(_) => {}
                        None => {
                            height[next as usize] = Some(there);
                            stack.push((next, there));
                        }
                    }
                }
            }
        }
        true
    }

    /// Number of arcs.
    pub(super) fn arcs(&self) -> usize {
        self.cells.len()
    }

    /// Takes the true table again.
    pub(super) fn back_to_truth(&mut self) {
        for (cell, truth) in self.cells.iter_mut().zip(&self.truth) {
            cell.value = *truth;
        }
    }

    /// Grants searches so many steps from now on.
    pub(super) fn grant(&mut self, steps: Option<u64>) {
        self.search.grant(steps);
    }

    /// Steps that searches have taken so far.
    pub(super) fn effort(&self) -> u64 {
        self.search.effort()
    }

    /// Have searches no steps left?
    pub(super) fn is_spent(&self) -> bool {
        self.search.is_spent()
    }

    /// The published cells around where the last search was shut in.
    pub(super) fn fence(&self) -> Vec<Arc> {
        self.search.fence(&self.cells)
    }

    /// Begins a trial: what follows is remembered only if it is kept.
    pub(super) fn begin(&mut self) {
        self.trial = Some(Vec::new());
    }

    /// The arcs that the trial has changed, some of them several times.
    pub(super) fn tried(&self) -> impl Iterator<Item = (Arc, i64)> + '_ {
        self.trial.iter().flatten().copied()
    }

    /// Ends the trial: the present table counts.
    pub(super) fn keep(&mut self) {
        for (arc, _) in self.trial.take().unwrap_or_default() {
            self.note(arc);
        }
    }

    /// Ends the trial: the table is what it was. What was hidden stays so.
    pub(super) fn undo(&mut self) {
        for (arc, change) in self.trial.take().unwrap_or_default() {
            self.cells[arc].value -= change;
        }
    }

    fn shift(&mut self, arc: Arc, way: Way, step: i64) {
        let change = way.signed(step);
        self.cells[arc].value += change;
        match &mut self.trial {
            Some(trial) => trial.push((arc, change)),
            None => self.note(arc),
        }
    }

    /// Remembers the value of an arc in a table that is consistent.
    fn note(&mut self, arc: Arc) {
        let value = self.cells[arc].value;
        self.moved[arc] |= value != self.truth[arc];
        self.best[arc] = self.best[arc].max(value);
    }

    /// Looks for the cheapest way from a node to one of others, for a change about
    /// an arc.
    fn find(&mut self, about: Arc, start: u32, goals: &[u32], want: i64, pay: bool) -> Option<u32> {
        let map = Map {
            cells: &self.cells,
            frozen: &self.frozen,
            held: &self.held,
            mailles: self.mailles as u32,
            near: about.checked_rem(self.mailles).unwrap_or(0) as u32,
        };
        self.search.find(&map, start, goals, want, pay)
    }

    /// Sends up to `want` units along the way found, and hides what it takes.
    fn send(&mut self, want: i64) -> i64 {
        let path = std::mem::take(&mut self.search.path);
        let rooms = path
            .iter()
            .map(|(arc, way)| self.cells[*arc as usize].room(*way));
        let step = rooms.fold(want, i64::min);
        for (arc, way) in &path {
            let arc = *arc as usize;
            if !self.hidden(arc) {
                self.cells[arc].access = Access::Hidden;
                self.opened.push(arc);
            }
            self.shift(arc, *way, step);
        }
        self.search.path = path;
        step
    }
}

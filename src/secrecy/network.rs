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

use std::cmp::Reverse;
use std::collections::BinaryHeap;

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

/// Price of a step, so that of two ways at one price the shorter wins.
const STEP: u64 = 1;
/// Weight of a price against steps.
const UNIT: u64 = 1 << 16;

/// The network of one table over one tree.
#[derive(Clone)]
pub(super) struct Network {
    mailles: usize,
    columns: usize,
    tail: Vec<u32>,
    head: Vec<u32>,
    truth: Vec<i64>,
    /// A feasible table: the true one at first, moved by every push.
    value: Vec<i64>,
    lower: Vec<i64>,
    access: Vec<Access>,
    /// Did the arc ever hold another value than the true one?
    moved: Vec<bool>,
    /// Largest and smallest values seen.
    best: Vec<i64>,
    least: Vec<i64>,
    /// Arcs that no search may use for now.
    frozen: Vec<bool>,
    incident: Vec<Vec<(u32, Way)>>,
    // Search state, reused.
    stamp: Vec<u32>,
    now: u32,
    cost: Vec<u64>,
    from: Vec<(u32, Way)>,
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
        let mut incident = vec![Vec::new(); nodes];
        for arc in 0..arcs {
            incident[tail[arc] as usize].push((arc as u32, Way::Up));
            incident[head[arc] as usize].push((arc as u32, Way::Down));
        }
        Self {
            mailles: 0,
            columns: 0,
            truth: value.clone(),
            best: value.clone(),
            least: value.clone(),
            moved: vec![false; arcs],
            lower: vec![0; arcs],
            access: vec![Access::Fixed; arcs],
            frozen: vec![false; arcs],
            stamp: vec![0; nodes],
            now: 0,
            cost: vec![0; nodes],
            from: vec![(0, Way::Up); nodes],
            tail,
            head,
            value,
            incident,
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
        self.access[arc] = access;
    }

    pub(super) fn set_lower(&mut self, arc: Arc, lower: i64) {
        self.lower[arc] = lower;
    }

    pub(super) fn hidden(&self, arc: Arc) -> bool {
        self.access[arc] == Access::Hidden
    }

    /// The true value.
    pub(super) fn truth(&self, arc: Arc) -> i64 {
        self.truth[arc]
    }

    pub(super) fn value(&self, arc: Arc) -> i64 {
        self.value[arc]
    }

    /// Largest value that the arc was seen to take.
    pub(super) fn best(&self, arc: Arc) -> i64 {
        self.best[arc]
    }

    /// Smallest value that the arc was seen to take.
    pub(super) fn least(&self, arc: Arc) -> i64 {
        self.least[arc]
    }

    /// Was the arc seen to take another value than the true one?
    pub(super) fn moved(&self, arc: Arc) -> bool {
        self.moved[arc]
    }

    pub(super) fn is_frozen(&self, arc: Arc) -> bool {
        self.frozen[arc]
    }

    pub(super) fn freeze(&mut self, arc: Arc, frozen: bool) {
        self.frozen[arc] = frozen;
    }

    /// Changes an arc by up to `want`, hiding the cheapest cells that it takes;
    /// gives what was reached.
    pub(super) fn push(&mut self, arc: Arc, way: Way, want: i64) -> i64 {
        let (start, goal) = self.ends(arc, way);
        let want = match way {
            Way::Up => want,
            Way::Down => want.min(self.value[arc] - self.lower[arc]),
        };
        let was_frozen = std::mem::replace(&mut self.frozen[arc], true);
        let mut done = 0;
        while done < want {
            let step = self.route(start, goal, want - done);
            if step == 0 {
                break;
            }
            self.shift(arc, way, step);
            done += step;
        }
        self.frozen[arc] = was_frozen;
        done
    }

    /// Imposes a change on frozen arcs (`deltas`) and repairs the table around
    /// them; on failure everything but the hidings is undone.
    pub(super) fn impose(&mut self, deltas: &[(Arc, i64)]) -> bool {
        let before = self.value.clone();
        let mut balance: std::collections::BTreeMap<u32, i64> = std::collections::BTreeMap::new();
        for &(arc, delta) in deltas {
            if self.value[arc] + delta < self.lower[arc] {
                return false;
            }
            *balance.entry(self.head[arc]).or_default() += delta;
            *balance.entry(self.tail[arc]).or_default() -= delta;
        }
        while let Some((&start, &have)) = balance.iter().find(|(_, b)| **b > 0) {
            let goals: Vec<(u32, i64)> = balance
                .iter()
                .filter(|(_, b)| **b < 0)
                .map(|(n, b)| (*n, -b))
                .collect();
            let mut step = 0;
            for (goal, need) in goals {
                step = self.route(start, goal, have.min(need));
                if step > 0 {
                    *balance.get_mut(&goal).expect("listed") += step;
                    break;
                }
            }
            if step == 0 {
                self.value = before;
                return false;
            }
            *balance.get_mut(&start).expect("listed") -= step;
        }
        for &(arc, delta) in deltas {
            let way = if delta > 0 { Way::Up } else { Way::Down };
            self.shift(arc, way, delta.abs());
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
        let summed: std::collections::HashSet<Arc> = arcs
            .iter()
            .copied()
            .filter(|arc| self.hidden(*arc))
            .collect();
        let mut height: std::collections::HashMap<u32, i64> = std::collections::HashMap::new();
        for first in &summed {
            let start = self.tail[*first];
            if height.contains_key(&start) {
                continue;
            }
            height.insert(start, 0);
            let mut stack = vec![start];
            while let Some(node) = stack.pop() {
                let here = height[&node];
                for &(arc, way) in &self.incident[node as usize] {
                    let index = arc as usize;
                    if !self.hidden(index) {
                        continue;
                    }
                    let climb = i64::from(summed.contains(&index));
                    let (next, there) = match way {
                        Way::Up => (self.head[index], here + climb),
                        Way::Down => (self.tail[index], here - climb),
                    };
                    match height.get(&next) {
                        Some(known) if *known != there => return false,
                        Some(_) => {}
                        None => {
                            height.insert(next, there);
                            stack.push(next);
                        }
                    }
                }
            }
        }
        true
    }

    /// Number of arcs.
    pub(super) fn arcs(&self) -> usize {
        self.value.len()
    }

    /// Takes the true table again.
    pub(super) fn back_to_truth(&mut self) {
        self.value.clone_from(&self.truth);
    }

    /// Changes an arc and nothing else: conservation is the caller's.
    pub(super) fn move_by(&mut self, arc: Arc, way: Way, step: i64) {
        self.value[arc] += match way {
            Way::Up => step,
            Way::Down => -step,
        };
    }

    /// Forgets which nodes a search has reached.
    pub(super) fn new_search(&mut self) {
        self.now += 1;
    }

    /// A search has reached a node, by this step.
    pub(super) fn reached_by(&mut self, node: u32, step: Option<(Arc, Way)>) {
        self.stamp[node as usize] = self.now;
        if let Some((arc, way)) = step {
            self.from[node as usize] = (arc as u32, way);
        }
    }

    pub(super) fn is_reached(&self, node: u32) -> bool {
        self.stamp[node as usize] == self.now
    }

    /// The step by which a search reached a node.
    pub(super) fn came_by(&self, node: u32) -> (Arc, Way) {
        let (arc, way) = self.from[node as usize];
        (arc as usize, way)
    }

    /// Number of steps from a node.
    pub(super) fn degree(&self, node: u32) -> usize {
        self.incident[node as usize].len()
    }

    /// A step from a node.
    pub(super) fn step(&self, node: u32, at: usize) -> (Arc, Way) {
        let (arc, way) = self.incident[node as usize][at];
        (arc as usize, way)
    }

    fn shift(&mut self, arc: Arc, way: Way, step: i64) {
        self.value[arc] += match way {
            Way::Up => step,
            Way::Down => -step,
        };
        self.moved[arc] = true;
        self.best[arc] = self.best[arc].max(self.value[arc]);
        self.least[arc] = self.least[arc].min(self.value[arc]);
    }

    /// Sends up to `want` units from `start` to `goal` the cheapest way, hides
    /// what it takes, and gives the units sent.
    fn route(&mut self, start: u32, goal: u32, want: i64) -> i64 {
        if start == goal {
            return want;
        }
        if !self.search(start, goal, want) {
            return 0;
        }
        let mut step = want;
        let mut node = goal;
        while node != start {
            let (arc, way) = self.from[node as usize];
            step = step.min(self.residual(arc as usize, way));
            node = self.other_end(arc as usize, way);
        }
        let mut node = goal;
        while node != start {
            let (arc, way) = self.from[node as usize];
            let arc = arc as usize;
            if !self.hidden(arc) {
                self.access[arc] = Access::Hidden;
            }
            self.shift(arc, way, step);
            node = self.other_end(arc, way);
        }
        step
    }

    /// Where a step along the arc ends, and where it came from.
    pub(super) fn ends(&self, arc: Arc, way: Way) -> (u32, u32) {
        match way {
            Way::Up => (self.head[arc], self.tail[arc]),
            Way::Down => (self.tail[arc], self.head[arc]),
        }
    }

    /// Where a step along the arc came from.
    pub(super) fn other_end(&self, arc: Arc, way: Way) -> u32 {
        match way {
            Way::Up => self.tail[arc],
            Way::Down => self.head[arc],
        }
    }

    /// How far an arc can change.
    pub(super) fn residual(&self, arc: Arc, way: Way) -> i64 {
        match way {
            Way::Up => i64::MAX,
            Way::Down => self.value[arc] - self.lower[arc],
        }
    }

    /// Dijkstra over the residual network. A published arc that cannot carry
    /// all that is wanted costs more: another would have to be hidden as well.
    fn search(&mut self, start: u32, goal: u32, want: i64) -> bool {
        self.now += 1;
        let mut heap = BinaryHeap::new();
        self.stamp[start as usize] = self.now;
        self.cost[start as usize] = 0;
        heap.push(Reverse((0_u64, start)));
        while let Some(Reverse((cost, node))) = heap.pop() {
            if node == goal {
                return true;
            }
            if cost > self.cost[node as usize] {
                continue;
            }
            for &(arc, way) in &self.incident[node as usize] {
                let index = arc as usize;
                let room = self.residual(index, way);
                if room <= 0 || self.frozen[index] {
                    continue;
                }
                let price = match self.access[index] {
                    Access::Hidden => 0,
                    Access::Price(price) => {
                        let paths = if room >= want {
                            1
                        } else {
                            (want + room - 1) / room
                        };
                        u64::from(price) * paths as u64 * UNIT
                    }
                    Access::Fixed => continue,
                };
                let next = match way {
                    Way::Up => self.head[index],
                    Way::Down => self.tail[index],
                };
                // A way that carries all that is wanted is worth a detour.
                let total = cost + price + if room < want { 3 * STEP } else { STEP };
                let known = self.stamp[next as usize] == self.now;
                if !known || total < self.cost[next as usize] {
                    self.stamp[next as usize] = self.now;
                    self.cost[next as usize] = total;
                    self.from[next as usize] = (arc, way);
                    heap.push(Reverse((total, next)));
                }
            }
        }
        false
    }
}

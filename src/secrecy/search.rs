//! The way of a change through a network: first over hidden cells, which is free;
//! failing that, through the published cells that cost least to hide.
//!
//! A change of one cell is paid for around it, in its line, its commune: the two
//! ends of its arc are near. So the free search goes from both ends at once, a step
//! each in turn. Where there is no free way it ends as soon as one of the
//! two is shut in, and it is from there, the smaller side, that the priced search
//! looks for a way out (Dijkstra; a hidden cell costs nothing and goes before the
//! heap). Neither walks through the whole table for a matter of one commune.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;

use super::front::Front;
use super::network::{Access, Arc, Cell, Way};

/// A way out of a node: the arc, the direction in which it changes, where it ends.
#[derive(Clone, Copy)]
struct Step {
    arc: u32,
    to: u32,
    way: Way,
}

/// From which end a node was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Start,
    Goal,
}

/// How a search reached a node.
#[derive(Clone, Copy)]
struct Mark {
    round: u32,
    /// Rank of the step.
    step: u32,
    side: Side,
    cost: u64,
}

/// How many steps are looked at for a way that carries all that is wanted at once,
/// before several ways are.
const PATIENCE: u64 = 64;
/// How many of the cells of a column under one maille are looked at for those to
/// hide, before all are: among so many there is one that costs as little as any.
const NEIGHBOURS: u32 = 96;

/// No step: where a search began.
const ROOT: u32 = u32::MAX;

/// The cells of a network, and those that stay still for now.
pub(super) struct Map<'a> {
    pub(super) cells: &'a [Cell],
    pub(super) frozen: &'a [bool],
    pub(super) held: &'a Range<Arc>,
    /// Number of mailles, which arcs follow column by column; none in a network
    /// that is not a tree's.
    pub(super) mailles: u32,
    /// The maille of the cell that is to change.
    pub(super) near: u32,
}

impl Map<'_> {
    #[inline(always)]
    fn still(&self, arc: u32) -> bool {
        self.frozen[arc as usize] || self.held.contains(&(arc as usize))
    }
}

/// The nodes of a network, and the memory that searches use again.
#[derive(Clone)]
pub(super) struct Search {
    /// Steps out of each node, one node after the other.
    first: Vec<u32>,
    steps: Vec<Step>,
    marks: Vec<Mark>,
    /// By node and end: the step that last led a search to its end.
    led: [Vec<u32>; 2],
    round: u32,
    fronts: [Front; 2],
    /// Nodes that a priced search reaches for nothing more.
    queue: Vec<u32>,
    /// The end that the last free search found shut in.
    shut: Side,
    heap: BinaryHeap<Reverse<(u64, u32)>>,
    /// The way found: arcs and directions, in no order.
    pub(super) path: Vec<(u32, Way)>,
    /// Steps looked at so far, and how many may be.
    effort: u64,
    limit: u64,
}

impl Search {
    pub(super) fn new(nodes: usize, cells: &[Cell]) -> Self {
        let mut first = vec![0_u32; nodes + 1];
        for cell in cells {
            first[cell.tail as usize + 1] += 1;
            first[cell.head as usize + 1] += 1;
        }
        for node in 0..nodes {
            first[node + 1] += first[node];
        }
        let mut next = first.clone();
        let none = Step {
            arc: 0,
            to: 0,
            way: Way::Up,
        };
        let mut steps = vec![none; 2 * cells.len()];
        for (arc, cell) in (0_u32..).zip(cells) {
            for (from, to, way) in [
                (cell.tail, cell.head, Way::Up),
                (cell.head, cell.tail, Way::Down),
            ] {
                let place = &mut next[from as usize];
                steps[*place as usize] = Step { arc, to, way };
                *place += 1;
            }
        }
        let mark = Mark {
            round: 0,
            step: ROOT,
            side: Side::Start,
            cost: 0,
        };
        Self {
            first,
            steps,
            marks: vec![mark; nodes],
            led: [vec![ROOT; nodes], vec![ROOT; nodes]],
            round: 0,
            fronts: Default::default(),
            queue: Vec::new(),
            shut: Side::Start,
            heap: BinaryHeap::new(),
            path: Vec::new(),
            effort: 0,
            limit: u64::MAX,
        }
    }

    /// Number of nodes.
    pub(super) fn nodes(&self) -> usize {
        self.marks.len()
    }

    /// Grants searches so many steps from now on.
    pub(super) fn grant(&mut self, steps: Option<u64>) {
        self.limit = steps.map_or(u64::MAX, |steps| self.effort.saturating_add(steps));
    }

    /// Steps looked at so far.
    pub(super) fn effort(&self) -> u64 {
        self.effort
    }

    /// Are there no steps left?
    pub(super) fn is_spent(&self) -> bool {
        self.effort >= self.limit
    }

    /// The steps out of a node: arc, direction, end.
    pub(super) fn around(&self, node: u32) -> impl Iterator<Item = (Arc, Way, u32)> + '_ {
        let node = node as usize;
        let range = self.first[node] as usize..self.first[node + 1] as usize;
        self.steps[range]
            .iter()
            .map(|step| (step.arc as usize, step.way, step.to))
    }

    /// Looks for a way from a node to one of others, that carries all that is
    /// wanted if possible; leaves it in `path` and gives the goal that it leads to.
    pub(super) fn find(
        &mut self,
        map: &Map<'_>,
        start: u32,
        goals: &[u32],
        want: i64,
        pay: bool,
    ) -> Option<u32> {
        self.path.clear();
        if goals.contains(&start) {
            return Some(start);
        }
        if want > 1
            && let Ok(goal) = self.free(map, start, goals, want, PATIENCE)
        {
            return Some(goal);
        }
        let narrow = match self.free(map, start, goals, 1, u64::MAX) {
            Ok(goal) => return Some(goal),
            Err(side) => side,
        };
        if !pay {
            return None;
        }
        (self.priced(map, start, goals, want, narrow, NEIGHBOURS))
            .or_else(|| self.priced(map, start, goals, want, narrow, u32::MAX))
    }

    fn begin(&mut self) {
        self.round += 1;
        self.fronts.iter_mut().for_each(Front::clear);
        self.queue.clear();
        self.heap.clear();
    }

    #[inline(always)]
    fn reach(&mut self, node: u32, side: Side, step: u32, cost: u64) {
        self.marks[node as usize] = Mark {
            round: self.round,
            step,
            side,
            cost,
        };
    }

    /// A way over hidden cells that carry `least` each, else the end that is shut in.
    ///
    /// A maille may have thousands of children. Both ends look at one step in turn,
    /// beginning with those around the cell that is to change: they meet there, long
    /// before either has seen them all.
    fn free(
        &mut self,
        map: &Map<'_>,
        start: u32,
        goals: &[u32],
        least: i64,
        patience: u64,
    ) -> Result<u32, Side> {
        let limit = self.limit.min(self.effort.saturating_add(patience));
        self.begin();
        self.join(start, Side::Start, ROOT);
        for goal in goals {
            self.join(*goal, Side::Goal, ROOT);
        }
        loop {
            for side in [Side::Start, Side::Goal] {
                let turn = (self.effort < limit)
                    .then(|| self.turn(map, side))
                    .flatten();
                let Some((node, index)) = turn else {
                    self.shut = side;
                    return Err(side);
                };
                self.effort += 1;
                let step = self.steps[index as usize];
                let cell = &map.cells[step.arc as usize];
                let way = along(step.way, side);
                if cell.access != Access::Hidden || cell.room(way) < least || map.still(step.arc) {
                    continue;
                }
                let mark = self.marks[step.to as usize];
                if mark.round != self.round {
                    self.join(step.to, side, index);
                } else if mark.side != side {
                    self.path.push((step.arc, way));
                    self.led[side as usize][node as usize] = index;
                    let one = self.walk(map, node);
                    let other = self.walk(map, step.to);
                    return Ok(if side == Side::Start { other } else { one });
                }
            }
        }
    }

    /// Number of steps out of a node.
    fn degree(&self, node: u32) -> u32 {
        self.first[node as usize + 1] - self.first[node as usize]
    }

    /// A node is reached from one end.
    #[inline(always)]
    fn join(&mut self, node: u32, side: Side, step: u32) {
        self.reach(node, side, step, 0);
        self.fronts[side as usize].push(node, self.degree(node));
    }

    /// The next step to look at from one end, and the node that it leaves.
    fn turn(&mut self, map: &Map<'_>, side: Side) -> Option<(u32, u32)> {
        let (led, first, steps) = (&self.led[side as usize], &self.first, &self.steps);
        self.fronts[side as usize].turn(first, |node| {
            let led = led[node as usize];
            (
                nearest(map, first, steps, node),
                (led != ROOT).then_some(led),
            )
        })
    }

    /// The published arcs between where the last free search was shut in and the
    /// rest.
    pub(super) fn fence(&self, cells: &[Cell]) -> Vec<Arc> {
        let inside = |node: u32| {
            let mark = self.marks[node as usize];
            mark.round == self.round && mark.side == self.shut
        };
        let nodes = self.fronts[self.shut as usize].nodes();
        let mut fence: Vec<Arc> = nodes
            .flat_map(|node| self.around(*node))
            .filter(|(arc, _, to)| cells[*arc].access != Access::Hidden && !inside(*to))
            .map(|(arc, _, _)| arc)
            .collect();
        fence.sort_unstable();
        fence.dedup();
        fence
    }

    /// The cheapest way, from the side that is shut in. A published arc that
    /// cannot carry all that is wanted costs more: another would have to be hidden
    /// as well.
    fn priced(
        &mut self,
        map: &Map<'_>,
        start: u32,
        goals: &[u32],
        want: i64,
        side: Side,
        neighbours: u32,
    ) -> Option<u32> {
        self.begin();
        let own = [start];
        let (roots, targets): (&[u32], &[u32]) = match side {
            Side::Start => (&own, goals),
            Side::Goal => (goals, &own),
        };
        for root in roots {
            self.reach(*root, side, ROOT, 0);
            self.queue.push(*root);
        }
        let (mut level, mut done) = (0, 0);
        loop {
            let node = if let Some(node) = self.queue.get(done) {
                done += 1;
                *node
            } else {
                let Reverse((cost, node)) = self.heap.pop()?;
                level = cost;
                node
            };
            if self.marks[node as usize].cost != level {
                continue;
            }
            if targets.contains(&node) {
                let root = self.walk(map, node);
                return Some(if side == Side::Start { node } else { root });
            }
            let (first, end) = (self.first[node as usize], self.first[node as usize + 1]);
            let mut next = nearest(map, &self.first, &self.steps, node);
            let many = (end - first).min(neighbours);
            self.effort += u64::from(many);
            for at in 0..many {
                // The way up comes first, and is never left out.
                let index = if at + 1 == neighbours { first } else { next };
                next = if next == first { end - 1 } else { next - 1 };
                let step = self.steps[index as usize];
                let cell = &map.cells[step.arc as usize];
                let way = along(step.way, side);
                let room = cell.room(way);
                if room <= 0 || map.still(step.arc) {
                    continue;
                }
                let price = match cell.access {
                    Access::Fixed => continue,
                    Access::Hidden => 0,
                    Access::Price(price) if room >= want => u64::from(price),
                    Access::Price(price) => {
                        u64::from(price) * want.unsigned_abs().div_ceil(room.unsigned_abs())
                    }
                };
                let cost = level + price;
                let mark = self.marks[step.to as usize];
                if mark.round != self.round || cost < mark.cost {
                    self.reach(step.to, side, index, cost);
                    if price == 0 {
                        self.queue.push(step.to);
                    } else {
                        self.heap.push(Reverse((cost, step.to)));
                    }
                }
            }
        }
    }

    /// Adds to the path the steps by which a node was reached, back to where the
    /// search began; gives that place.
    fn walk(&mut self, map: &Map<'_>, mut node: u32) -> u32 {
        loop {
            let mark = self.marks[node as usize];
            if mark.step == ROOT {
                return node;
            }
            let step = self.steps[mark.step as usize];
            self.path.push((step.arc, along(step.way, mark.side)));
            let cell = &map.cells[step.arc as usize];
            node = match step.way {
                Way::Up => cell.tail,
                Way::Down => cell.head,
            };
            self.led[mark.side as usize][node as usize] = mark.step;
        }
    }
}

/// The direction in which an arc changes when a path, which goes from the start
/// to the goal, takes the step: a search from the goal goes against it.
fn along(way: Way, side: Side) -> Way {
    match side {
        Side::Start => way,
        Side::Goal => way.back(),
    }
}

/// The step out of a node that is nearest to the cell that is to change; those
/// before it were protected earlier, so that more of them are hidden.
fn nearest(map: &Map<'_>, first: &[u32], steps: &[Step], node: u32) -> u32 {
    let (from, to) = (first[node as usize], first[node as usize + 1]);
    let around = &steps[from as usize..to as usize];
    let (Some(step), true) = (around.first(), map.mailles > 0) else {
        return to.saturating_sub(1).max(from);
    };
    // Around an inner node all cells are of one column.
    let near = step.arc - step.arc % map.mailles + map.near;
    let before = around.partition_point(|step| step.arc <= near);
    from + (before.max(1) - 1) as u32
}

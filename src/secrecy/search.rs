//! The way of a change through a network: first over hidden cells, which is free;
//! failing that, through the published cells that cost least to hide.
//!
//! A change of one cell is paid for around it, in its line, its commune: the two
//! ends of its arc are near. So the free search goes from both ends at once, the
//! smaller front first. Where there is no free way it ends as soon as one of the
//! two is shut in, and it is from there, the smaller side, that the priced search
//! looks for a way out (Dijkstra; a hidden cell costs nothing and goes before the
//! heap). Neither walks through the whole table for a matter of one commune.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;

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
    arc: u32,
    way: Way,
    side: Side,
    cost: u64,
}

/// No arc: where a search began.
const ROOT: u32 = u32::MAX;

/// The cells of a network, and those that stay still for now.
pub(super) struct Map<'a> {
    pub(super) cells: &'a [Cell],
    pub(super) frozen: &'a [bool],
    pub(super) held: &'a Range<Arc>,
}

impl Map<'_> {
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
    round: u32,
    queues: [Vec<u32>; 2],
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
            arc: ROOT,
            way: Way::Up,
            side: Side::Start,
            cost: 0,
        };
        Self {
            first,
            steps,
            marks: vec![mark; nodes],
            round: 0,
            queues: [Vec::new(), Vec::new()],
            shut: Side::Start,
            heap: BinaryHeap::new(),
            path: Vec::new(),
            effort: 0,
            limit: u64::MAX,
        }
    }

    /// Grants searches so many steps from now on.
    pub(super) fn grant(&mut self, steps: Option<u64>) {
        self.limit = steps.map_or(u64::MAX, |steps| self.effort.saturating_add(steps));
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
        let narrow = match self.free(map, start, goals, want) {
            Ok(goal) => return Some(goal),
            Err(side) if want == 1 => side,
            Err(_) => match self.free(map, start, goals, 1) {
                Ok(goal) => return Some(goal),
                Err(side) => side,
            },
        };
        if pay {
            self.priced(map, start, goals, want, narrow)
        } else {
            None
        }
    }

    fn begin(&mut self) {
        self.round += 1;
        self.queues.iter_mut().for_each(Vec::clear);
        self.heap.clear();
    }

    fn reach(&mut self, node: u32, side: Side, arc: u32, way: Way, cost: u64) {
        self.marks[node as usize] = Mark {
            round: self.round,
            arc,
            way,
            side,
            cost,
        };
    }

    /// A way over hidden cells that carry `least` each, else the end that is shut in.
    fn free(&mut self, map: &Map<'_>, start: u32, goals: &[u32], least: i64) -> Result<u32, Side> {
        self.begin();
        self.reach(start, Side::Start, ROOT, Way::Up, 0);
        self.queues[0].push(start);
        for goal in goals {
            self.reach(*goal, Side::Goal, ROOT, Way::Up, 0);
            self.queues[1].push(*goal);
        }
        let mut done = [0, 0];
        loop {
            let waiting = [0, 1].map(|side| self.queues[side].len() - done[side]);
            let (at, side) = if waiting[0] <= waiting[1] {
                (0, Side::Start)
            } else {
                (1, Side::Goal)
            };
            if waiting[at] == 0 || self.is_spent() {
                self.shut = side;
                return Err(side);
            }
            let node = self.queues[at][done[at]];
            done[at] += 1;
            let range = self.first[node as usize]..self.first[node as usize + 1];
            self.effort += u64::from(range.end - range.start);
            for index in range {
                let step = self.steps[index as usize];
                let cell = &map.cells[step.arc as usize];
                let way = along(step.way, side);
                if cell.access != Access::Hidden || cell.room(way) < least || map.still(step.arc) {
                    continue;
                }
                let mark = self.marks[step.to as usize];
                if mark.round != self.round {
                    self.reach(step.to, side, step.arc, way, 0);
                    self.queues[at].push(step.to);
                } else if mark.side != side {
                    self.path.push((step.arc, way));
                    let one = self.walk(map, node);
                    let other = self.walk(map, step.to);
                    return Ok(if side == Side::Start { other } else { one });
                }
            }
        }
    }

    /// The published arcs between where the last free search was shut in and the
    /// rest.
    pub(super) fn fence(&self, cells: &[Cell]) -> Vec<Arc> {
        let inside = |node: u32| {
            let mark = self.marks[node as usize];
            mark.round == self.round && mark.side == self.shut
        };
        let nodes = &self.queues[usize::from(self.shut == Side::Goal)];
        let mut fence: Vec<Arc> = nodes
            .iter()
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
    ) -> Option<u32> {
        self.begin();
        let own = [start];
        let (roots, targets): (&[u32], &[u32]) = match side {
            Side::Start => (&own, goals),
            Side::Goal => (goals, &own),
        };
        for root in roots {
            self.reach(*root, side, ROOT, Way::Up, 0);
            self.queues[0].push(*root);
        }
        let (mut level, mut done) = (0, 0);
        loop {
            let node = if let Some(node) = self.queues[0].get(done) {
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
            let range = self.first[node as usize]..self.first[node as usize + 1];
            self.effort += u64::from(range.end - range.start);
            for index in range {
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
                    self.reach(step.to, side, step.arc, way, cost);
                    if price == 0 {
                        self.queues[0].push(step.to);
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
            if mark.arc == ROOT {
                return node;
            }
            self.path.push((mark.arc, mark.way));
            let cell = &map.cells[mark.arc as usize];
            let (from, to) = match mark.way {
                Way::Up => (cell.tail, cell.head),
                Way::Down => (cell.head, cell.tail),
            };
            node = if mark.side == Side::Start { from } else { to };
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

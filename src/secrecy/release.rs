//! The clean-up: hidden cells that turn out to protect nobody are published again.
//!
//! Cells are hidden one after the other, each for the sake of one cell; a later
//! cycle may do the work of an earlier one. So every hidden cell that need not be
//! hidden for itself is tried once, the dearest first: without it, can all the
//! others still do what they must? Once is enough, because hiding fewer cells
//! never makes another easier to protect. The work is bounded ([`MOST_STEPS`]).
//!
//! Each goal keeps its *witness*, the arcs by which it moves away from the true
//! table; only the goals whose witness goes through the cell on trial are proved
//! again. That is what makes the clean-up as cheap as the protection.

use std::collections::VecDeque;

use super::network::{Access, Arc, Network, Way};

/// How many steps of a search one clean-up may take. The proof that a cell must
/// stay hidden goes through all the hidden cells that it can reach, so that a
/// large table costs the square of its size; past this the dearest cells have had
/// their chance, and the rest stays hidden. Steps, not time: equal inputs give
/// equal files.
const MOST_STEPS: u64 = 4_000_000;

/// What a hidden cell must be able to do, from the true table.
#[derive(Clone, Debug)]
pub(super) enum Goal {
    /// Reach a value.
    Reach(Arc, i64),
    /// Fall to a value.
    Fall(Arc, i64),
    /// Take another value.
    Stir(Arc),
    /// The sum of these cells must take another value.
    StirSum(Vec<Arc>),
}

impl Goal {
    fn is_about(&self, arc: Arc) -> bool {
        match self {
            Self::Reach(own, _) | Self::Fall(own, _) | Self::Stir(own) => *own == arc,
            Self::StirSum(_) => false,
        }
    }
}

/// Cells by price, the dearest first.
pub(super) fn dearest_first(mut priced: Vec<(u32, Arc)>) -> Vec<Arc> {
    priced.sort_by_key(|(price, arc)| (std::cmp::Reverse(*price), *arc));
    priced.into_iter().map(|(_, arc)| arc).collect()
}

/// Publishes again every candidate that can be while all the goals hold. Does
/// nothing where a goal cannot be proved to begin with.
pub(super) fn release(net: &mut Network, goals: &[Goal], candidates: &[Arc]) {
    net.back_to_truth();
    let mut left = MOST_STEPS;
    let mut witnesses: Vec<Option<Vec<Arc>>> = Vec::with_capacity(goals.len());
    let mut users: Vec<Vec<usize>> = vec![Vec::new(); net.arcs()];
    for (rank, goal) in goals.iter().enumerate() {
        let Some(witness) = prove(net, goal, &mut left) else {
            return;
        };
        witness.iter().for_each(|arc| users[*arc].push(rank));
        witnesses.push(Some(witness));
    }
    for &arc in candidates {
        if left == 0 {
            break;
        }
        net.set(arc, Access::Fixed);
        let mut proofs = Vec::new();
        let mut holds = true;
        for &rank in &users[arc] {
            let concerned = witnesses[rank].as_ref().is_some_and(|w| w.contains(&arc));
            if !concerned || goals[rank].is_about(arc) {
                continue;
            }
            match prove(net, &goals[rank], &mut left) {
                Some(witness) => proofs.push((rank, witness)),
                None => {
                    holds = false;
                    break;
                }
            }
        }
        if !holds {
            net.set(arc, Access::Hidden);
            continue;
        }
        for rank in std::mem::take(&mut users[arc]) {
            if goals[rank].is_about(arc) {
                witnesses[rank] = None;
            }
        }
        for (rank, witness) in proofs {
            witness.iter().for_each(|arc| users[*arc].push(rank));
            witnesses[rank] = Some(witness);
        }
    }
}

/// The arcs by which a goal is met over hidden cells alone, if it can be within
/// the steps left.
fn prove(net: &mut Network, goal: &Goal, left: &mut u64) -> Option<Vec<Arc>> {
    let mut trail = Trail::default();
    let met = match goal {
        Goal::Reach(arc, value) => {
            let want = value - net.value(*arc);
            trail.push(net, *arc, Way::Up, want, left) >= want
        }
        Goal::Fall(arc, value) => {
            let want = net.value(*arc) - value;
            trail.push(net, *arc, Way::Down, want, left) >= want
        }
        Goal::Stir(arc) => trail.stir(net, *arc, left),
        Goal::StirSum(arcs) => {
            let frozen: Vec<bool> = arcs.iter().map(|arc| net.is_frozen(*arc)).collect();
            arcs.iter().for_each(|arc| net.freeze(*arc, true));
            let stirred = arcs.iter().any(|arc| trail.stir(net, *arc, left));
            for (arc, was) in arcs.iter().zip(frozen) {
                net.freeze(*arc, was);
            }
            stirred
        }
    };
    let mut arcs: Vec<Arc> = trail.steps.iter().map(|(arc, ..)| *arc).collect();
    arcs.sort_unstable();
    arcs.dedup();
    trail.undo(net);
    met.then_some(arcs)
}

/// Moves away from the true table, to be undone.
#[derive(Default)]
struct Trail {
    steps: Vec<(Arc, Way, i64)>,
}

impl Trail {
    /// Changes an arc by up to `want` over hidden cells; gives how far it went.
    fn push(&mut self, net: &mut Network, arc: Arc, way: Way, want: i64, left: &mut u64) -> i64 {
        let (start, goal) = net.ends(arc, way);
        let want = want.min(net.residual(arc, way));
        let was_frozen = net.is_frozen(arc);
        net.freeze(arc, true);
        let mut done = 0;
        while done < want {
            let Some(path) = shortest(net, start, goal, left) else {
                break;
            };
            let step = path
                .iter()
                .map(|(arc, way)| net.residual(*arc, *way))
                .fold(want - done, i64::min);
            for (arc, way) in path {
                self.shift(net, arc, way, step);
            }
            self.shift(net, arc, way, step);
            done += step;
        }
        net.freeze(arc, was_frozen);
        done
    }

    fn stir(&mut self, net: &mut Network, arc: Arc, left: &mut u64) -> bool {
        self.push(net, arc, Way::Up, 1, left) > 0 || self.push(net, arc, Way::Down, 1, left) > 0
    }

    fn shift(&mut self, net: &mut Network, arc: Arc, way: Way, step: i64) {
        net.move_by(arc, way, step);
        self.steps.push((arc, way, step));
    }

    fn undo(self, net: &mut Network) {
        for (arc, way, step) in self.steps {
            net.move_by(arc, way, -step);
        }
    }
}

/// A path of fewest hidden cells that can change.
fn shortest(net: &mut Network, start: u32, goal: u32, left: &mut u64) -> Option<Vec<(Arc, Way)>> {
    if start == goal {
        return Some(Vec::new());
    }
    net.new_search();
    net.reached_by(start, None);
    let mut queue = VecDeque::from([start]);
    'search: while let Some(node) = queue.pop_front() {
        let degree = net.degree(node);
        *left = left.saturating_sub(degree as u64);
        if *left == 0 {
            return None;
        }
        for at in 0..degree {
            let (arc, way) = net.step(node, at);
            if !net.hidden(arc) || net.is_frozen(arc) || net.residual(arc, way) <= 0 {
                continue;
            }
            let next = net.ends(arc, way).0;
            if !net.is_reached(next) {
                net.reached_by(next, Some((arc, way)));
                if next == goal {
                    break 'search;
                }
                queue.push_back(next);
            }
        }
    }
    if !net.is_reached(goal) {
        return None;
    }
    let mut path = Vec::new();
    let mut node = goal;
    while node != start {
        let (arc, way) = net.came_by(node);
        path.push((arc, way));
        node = net.other_end(arc, way);
    }
    Some(path)
}

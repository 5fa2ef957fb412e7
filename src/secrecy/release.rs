//! The clean-up: hidden cells that turn out to protect nobody are published again,
//! then pairs of them are exchanged for a cheaper one.
//!
//! Cells are hidden one after the other, each for the sake of one cell; a later
//! cycle may do the work of an earlier one. So every hidden cell that need not be
//! hidden for itself is tried, the dearest first: without it, can all the others
//! still do what they must? One pass is enough, because hiding fewer cells never
//! makes another easier to protect.
//!
//! What is left cannot lose a cell, but may not be the best: hiding one more cell
//! sometimes makes several of the others superfluous. When a cell cannot be
//! published, some goal is shut in; the published cells on the *fence* of where it
//! can go are those that could stand in for it. A cell on the fences of others that
//! are dearer together is hidden in their place, if they can then be published.
//!
//! Each goal keeps its *witness*, the arcs by which it moves away from the true
//! table; only the goals whose witness goes through the cell on trial are proved
//! again. That is what makes the clean-up as cheap as the protection. A change that
//! lifts one cell lifts others with it: it is the witness of all the goals it meets.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::network::{Access, Arc, Network, Way};
use crate::order;

#[cfg(test)]
mod tests;

/// How many steps of a search may go into the first proofs, for each cell that may
/// be published.
const PROOF_STEPS: u64 = 16_000;
/// How many in all, at least and at most. A proof goes through all the hidden cells
/// that it can reach, so that a large table costs the square of its size, to publish
/// a few cells in a hundred thousand; past this they stay hidden, and as soon as the
/// proofs found foretell it ([`Cleaning::prove_all`]). Steps, not time: equal inputs
/// give equal files.
const ALL_PROOFS: (u64, u64) = (400_000, 2_000_000);
/// After this part of them it is foretold.
const EARLY: u64 = 16;
/// How many steps go into what follows: the dearest cells have their chance first.
const MOST_STEPS: u64 = 6_000_000;
/// How many times exchanges are looked for.
const ROUNDS: usize = 6;

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
    /// The cell that it is about, if it is about one.
    fn cell(&self) -> Option<Arc> {
        match self {
            Self::Reach(own, _) | Self::Fall(own, _) | Self::Stir(own) => Some(*own),
            Self::StirSum(_) => None,
        }
    }

    fn is_about(&self, arc: Arc) -> bool {
        self.cell() == Some(arc)
    }

    /// Is it met where its cell moves from a value by so much?
    fn is_met(&self, value: i64, change: i64) -> bool {
        match self {
            Self::Reach(_, least) => value + change >= *least,
            Self::Fall(_, most) => value + change <= *most,
            Self::Stir(_) => change != 0,
            Self::StirSum(_) => false,
        }
    }
}

/// Publishes again every candidate that can be while all the goals hold, and
/// exchanges others for cheaper ones; a cell that is hidden then must take two
/// values if `stirs`. Candidates come with their prices. Does nothing where a goal
/// cannot be proved to begin with.
pub(super) fn release(
    net: &mut Network,
    goals: Vec<Goal>,
    mut candidates: Vec<(u32, Arc)>,
    stirs: bool,
) {
    net.back_to_truth();
    // Nothing to publish: nothing to prove.
    if candidates.is_empty() {
        return;
    }
    let steps = proof_steps(candidates.len());
    net.grant(Some(steps));
    order::sort_by_key(&mut candidates, |(price, arc)| {
        (std::cmp::Reverse(*price), *arc)
    });
    let users = vec![Vec::new(); net.arcs()];
    let mut cleaning = Cleaning {
        net,
        witnesses: vec![None; goals.len()],
        goals,
        users,
        blocks: BTreeMap::new(),
    };
    if cleaning.prove_all(steps) {
        cleaning.net.grant(Some(MOST_STEPS));
        for _ in 0..ROUNDS {
            cleaning.clean(&candidates);
            candidates.retain(|(_, arc)| cleaning.net.hidden(*arc));
            if !cleaning.exchange(&mut candidates, stirs) {
                break;
            }
        }
    }
    net.grant(None);
}

/// How many steps the first proofs of so many candidates are worth.
fn proof_steps(candidates: usize) -> u64 {
    let (least, most) = ALL_PROOFS;
    (PROOF_STEPS * candidates as u64).clamp(least, most)
}

/// Will the proofs of `all` goals take more than twice the steps that they are
/// worth, if the others take as many as the first `proved`?
fn is_foretold(spent: u64, steps: u64, proved: u64, all: u64) -> bool {
    spent > steps / EARLY && spent * all > 2 * steps * proved
}

/// Why a cell must stay hidden.
struct Block {
    /// A goal that fails without it.
    goal: usize,
    /// The published cells that could help that goal.
    fence: Vec<Arc>,
}

/// The arcs of a witness, in order; several goals may have the same.
type Witness = Rc<[Arc]>;

/// A witness that was replaced: rank of the goal, what it was.
type Replaced = (usize, Option<Witness>);

struct Cleaning<'a> {
    net: &'a mut Network,
    goals: Vec<Goal>,
    /// By goal; none for a cell that was published.
    witnesses: Vec<Option<Witness>>,
    /// By arc: the goals whose witness goes through it, or once did.
    users: Vec<Vec<usize>>,
    /// What was found to stand in the way of each candidate, the latest last.
    blocks: BTreeMap<Arc, Vec<Block>>,
}

impl Cleaning<'_> {
    /// Finds a witness of each goal, if there is and if so many steps seem to do.
    fn prove_all(&mut self, steps: u64) -> bool {
        let mut about = vec![None; self.net.arcs()];
        for (rank, goal) in self.goals.iter().enumerate() {
            if let Some(arc) = goal.cell() {
                about[arc] = Some(rank);
            }
        }
        let (all, begun) = (self.goals.len() as u64, self.net.effort());
        for rank in 0..self.goals.len() {
            let spent = self.net.effort() - begun;
            if is_foretold(spent, steps, rank as u64 + 1, all) {
                return false;
            }
            if self.witnesses[rank].is_some() {
                continue;
            }
            let Some(changes) = prove(self.net, &self.goals[rank]) else {
                return false;
            };
            let witness: Witness = changes.keys().copied().collect();
            for (&arc, &change) in &changes {
                let truth = self.net.truth(arc);
                if let Some(other) = about[arc]
                    && self.witnesses[other].is_none()
                    && self.goals[other].is_met(truth, change)
                {
                    self.witness(other, Some(witness.clone()));
                }
            }
            if self.witnesses[rank].is_none() {
                self.witness(rank, Some(witness));
            }
        }
        true
    }

    fn add(&mut self, goal: Goal) -> bool {
        let Some(changes) = prove(self.net, &goal) else {
            return false;
        };
        self.goals.push(goal);
        self.witnesses.push(None);
        let witness = changes.into_keys().collect();
        self.witness(self.goals.len() - 1, Some(witness));
        true
    }

    /// Gives a goal another witness; gives the former.
    fn witness(&mut self, goal: usize, witness: Option<Witness>) -> Replaced {
        for arc in witness.iter().flat_map(|arcs| arcs.iter()) {
            self.users[*arc].push(goal);
        }
        (goal, std::mem::replace(&mut self.witnesses[goal], witness))
    }

    fn concerns(&self, goal: usize, arc: Arc) -> bool {
        self.witnesses[goal]
            .as_ref()
            .is_some_and(|witness| witness.contains(&arc))
    }

    /// Tries the candidates one by one.
    fn clean(&mut self, candidates: &[(u32, Arc)]) {
        for &(price, arc) in candidates {
            if self.net.is_spent() {
                break;
            }
            // Fences move with the pattern: only the latest is still true.
            if let Some(blocks) = self.blocks.get_mut(&arc) {
                blocks.drain(..blocks.len().saturating_sub(1));
            }
            self.publish(arc, price);
        }
    }

    /// Is a cell on all the fences known to keep another hidden?
    fn may_serve(&self, stand_in: Arc, arc: Arc) -> bool {
        self.blocks.get(&arc).is_some_and(|blocks| {
            blocks
                .iter()
                .all(|block| block.fence.binary_search(&stand_in).is_ok())
        })
    }

    /// Publishes a cell if all the goals hold without it; gives the witnesses that
    /// had to be replaced.
    fn publish(&mut self, arc: Arc, price: u32) -> Option<Vec<Replaced>> {
        self.net.set(arc, Access::Price(price));
        let mut proofs = Vec::new();
        // What stood in the way last time most often does again.
        let blocks = self.blocks.get(&arc).into_iter().flatten();
        let suspects: Vec<usize> = blocks.rev().map(|block| block.goal).collect();
        let others = std::mem::take(&mut self.users[arc]);
        for &goal in suspects.iter().chain(&others) {
            if !self.concerns(goal, arc) || self.goals[goal].is_about(arc) {
                continue;
            }
            let Some(changes) = prove(self.net, &self.goals[goal]) else {
                let fence = self.net.fence();
                let blocks = self.blocks.entry(arc).or_default();
                blocks.retain(|block| block.goal != goal);
                blocks.push(Block { goal, fence });
                self.users[arc] = others;
                self.net.set(arc, Access::Hidden);
                return None;
            };
            proofs.push((goal, changes.into_keys().collect()));
        }
        let mut replaced = Vec::new();
        for &goal in &others {
            if self.goals[goal].is_about(arc) {
                replaced.push(self.witness(goal, None));
            }
        }
        for (goal, witness) in proofs {
            replaced.push(self.witness(goal, Some(witness)));
        }
        self.users[arc] = others;
        Some(replaced)
    }

    /// Hides cells in place of others that are dearer together. Was there any?
    fn exchange(&mut self, candidates: &mut Vec<(u32, Arc)>, stirs: bool) -> bool {
        let mut served: BTreeMap<Arc, Vec<(u32, Arc)>> = BTreeMap::new();
        for &(price, arc) in candidates.iter() {
            let Some(block) = self.blocks.get(&arc).and_then(|blocks| blocks.last()) else {
                continue;
            };
            for stand_in in block.fence.iter().filter(|s| self.may_serve(**s, arc)) {
                served.entry(*stand_in).or_default().push((price, arc));
            }
        }
        let sum = |cells: &[(u32, Arc)]| cells.iter().map(|(price, _)| u64::from(*price)).sum();
        let mut trials: Vec<(u64, u32, Arc)> = Vec::new();
        for (stand_in, cells) in &served {
            let all: u64 = sum(cells);
            if let Access::Price(price) = self.net.access(*stand_in)
                && let Some(gain) = all.checked_sub(u64::from(price))
            {
                trials.push((gain, price, *stand_in));
            }
        }
        order::sort_by_key(&mut trials, |(gain, _, arc)| {
            (std::cmp::Reverse(*gain), *arc)
        });
        let mut any = false;
        for (_, price, stand_in) in trials {
            if self.net.is_spent() {
                break;
            }
            let cells: Vec<(u32, Arc)> = served[&stand_in]
                .iter()
                .copied()
                .filter(|(_, arc)| self.net.hidden(*arc) && self.may_serve(stand_in, *arc))
                .collect();
            if sum(&cells) <= u64::from(price) {
                continue;
            }
            self.net.set(stand_in, Access::Hidden);
            let (mut freed, mut replaced) = (Vec::new(), Vec::new());
            for (price, arc) in cells {
                if let Some(former) = self.publish(arc, price) {
                    freed.push((price, arc));
                    replaced.extend(former);
                }
            }
            let gains = sum(&freed) > u64::from(price);
            if gains && (!stirs || self.add(Goal::Stir(stand_in))) {
                candidates.push((price, stand_in));
                any = true;
                continue;
            }
            self.net.set(stand_in, Access::Price(price));
            for (_, arc) in freed {
                self.net.set(arc, Access::Hidden);
            }
            for (goal, former) in replaced.into_iter().rev() {
                self.witness(goal, former);
            }
        }
        candidates.retain(|(_, arc)| self.net.hidden(*arc));
        order::sort_by_key(candidates, |(price, arc)| (std::cmp::Reverse(*price), *arc));
        any
    }
}

/// The arcs that change, and by how much, for a goal to be met over hidden cells
/// alone, if it can be within the steps left.
fn prove(net: &mut Network, goal: &Goal) -> Option<BTreeMap<Arc, i64>> {
    net.begin();
    let met = match goal {
        Goal::Reach(arc, value) => {
            let want = value - net.value(*arc);
            net.push_free(*arc, Way::Up, want) >= want
        }
        Goal::Fall(arc, value) => {
            let want = net.value(*arc) - value;
            net.push_free(*arc, Way::Down, want) >= want
        }
        Goal::Stir(arc) => stir(net, *arc),
        Goal::StirSum(arcs) => {
            let loose: Vec<Arc> = arcs
                .iter()
                .copied()
                .filter(|arc| !net.is_frozen(*arc))
                .collect();
            loose.iter().for_each(|arc| net.freeze(*arc, true));
            let stirred = arcs.iter().any(|arc| stir(net, *arc));
            loose.iter().for_each(|arc| net.freeze(*arc, false));
            stirred
        }
    };
    let mut changes = BTreeMap::new();
    for (arc, change) in net.tried() {
        *changes.entry(arc).or_default() += change;
    }
    net.undo();
    // What came back to where it was is no part of it.
    changes.retain(|_, change| *change != 0);
    met.then_some(changes)
}

fn stir(net: &mut Network, arc: Arc) -> bool {
    net.push_free(arc, Way::Up, 1) > 0 || net.push_free(arc, Way::Down, 1) > 0
}

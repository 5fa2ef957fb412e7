//! One end of a free search (`secrecy::search`): the nodes reached, and which of
//! the steps around them come next.
//!
//! A programme has a dozen cells, a commune may have thousands of programmes. So
//! nodes with few steps are looked around before those with many, and each begins
//! with the step by which it last led to the other end, then with those nearest to
//! the cell that is to change: where a way exists, most often one of the first steps
//! finds it.

/// One end of a free search.
#[derive(Clone, Default)]
pub(super) struct Front {
    /// Nodes reached, in order: with few steps, then with many.
    reached: [Vec<u32>; 2],
    /// Which is at hand.
    turns: [Turn; 2],
}

/// A node whose steps are looked at.
#[derive(Clone, Copy, Default)]
struct Turn {
    /// How many nodes were at hand before.
    done: usize,
    node: u32,
    /// The next step, how many are left.
    next: u32,
    left: u32,
    /// Before these, the one that led to the other end.
    led: Option<u32>,
}

/// So many steps are few.
const FEW: u32 = 32;

impl Front {
    pub(super) fn clear(&mut self) {
        self.reached.iter_mut().for_each(Vec::clear);
        self.turns = [Turn::default(); 2];
    }

    /// A node is reached, with so many steps around it.
    #[inline(always)]
    pub(super) fn push(&mut self, node: u32, steps: u32) {
        self.reached[usize::from(steps > FEW)].push(node);
    }

    /// The nodes reached.
    pub(super) fn nodes(&self) -> impl Iterator<Item = &u32> {
        self.reached.iter().flatten()
    }

    /// The next step to look at, and the node that it leaves. Steps follow one
    /// another from `first[node]` on; `begin` tells where to begin around a node,
    /// and which step comes before all.
    #[inline]
    pub(super) fn turn(
        &mut self,
        first: &[u32],
        begin: impl Fn(u32) -> (u32, Option<u32>),
    ) -> Option<(u32, u32)> {
        for (reached, turn) in self.reached.iter().zip(&mut self.turns) {
            while turn.left == 0
                && let Some(&node) = reached.get(turn.done)
            {
                let (next, led) = begin(node);
                *turn = Turn {
                    done: turn.done + 1,
                    node,
                    next,
                    left: first[node as usize + 1] - first[node as usize],
                    led,
                };
            }
            if turn.left > 0 {
                return Some((turn.node, turn.step(first)));
            }
        }
        None
    }
}

impl Turn {
    /// The step to look at; the next is the one before it, around the node.
    fn step(&mut self, first: &[u32]) -> u32 {
        if let Some(led) = self.led.take() {
            return led;
        }
        let index = self.next;
        self.left -= 1;
        self.next = if index == first[self.node as usize] {
            first[self.node as usize + 1] - 1
        } else {
            index - 1
        };
        index
    }
}

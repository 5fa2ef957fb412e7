//! A witness made for one cell: units of the same two answers, gathered.
//!
//! [`super::component`] moves tables step by step, and each step must be followed by
//! the lifts. For a cell of a crossing that is a detour: what one step brings to a
//! programme of the first table and another to a different programme of the second
//! makes no unit that gives both answers. Here both tables change in the *same*
//! programmes first, as far as each network lets them; then the units are laid there
//! and everything around them is filled anew.

use super::component::Joint;
use super::flow::Towards;
use crate::order;

/// What a leaf is to hold of the two answers.
struct Share {
    leaf: usize,
    units: i64,
}

impl Joint<'_> {
    /// Builds a witness in which the places of a region hold so many units of one
    /// kind; `false` where none was found, and nothing is changed then.
    pub(super) fn gather(
        &mut self,
        rank: usize,
        region: usize,
        (i, j): (usize, usize),
        goal: i64,
        turn: usize,
    ) -> bool {
        let (a, b) = self.links[rank].tables;
        let places = self.links[rank].lift.places_of(region);
        let within = |g: &usize| self.place[*g].is_some_and(|p| places.contains(&p));
        let mut leaves: Vec<(i64, usize)> = (0..self.place.len())
            .filter(within)
            .map(|g| (-self.most(a, i, g).min(self.most(b, j, g)), g))
            .collect();
        order::sort(&mut leaves);
        leaves.retain(|(most, _)| *most < 0);
        let skip = turn.min(leaves.len().saturating_sub(1));
        leaves.rotate_left(skip);
        self.tables[a].flow.begin();
        self.tables[b].flow.begin();
        let (mut left, mut shares) = (goal, Vec::new());
        for (most, leaf) in leaves {
            let want = left.min(-most);
            if want <= 0 {
                break;
            }
            let first = self.bring_to(a, (i, leaf), want);
            let second = self.bring_to(b, (j, leaf), first);
            let units = first.min(second);
            self.tables[a].flow.hold_at(i, leaf, true);
            self.tables[b].flow.hold_at(j, leaf, true);
            shares.push(Share { leaf, units });
            left -= units;
        }
        for share in &shares {
            self.tables[a].flow.hold_at(i, share.leaf, false);
            self.tables[b].flow.hold_at(j, share.leaf, false);
        }
        let done = left <= 0 && {
            let mut laid = vec![0; places.len()];
            for share in &shares {
                if let Some(at) = places
                    .iter()
                    .position(|p| self.place[share.leaf] == Some(*p))
                {
                    laid[at] += share.units;
                }
            }
            let laid = places.iter().copied().zip(laid).collect::<Vec<_>>();
            // Other places are tried after the first choice.
            self.links[rank].lift.hurry(turn > 0);
            let done = self.lay(rank, (i, j), &laid);
            self.links[rank].lift.hurry(false);
            done
        };
        for table in [a, b] {
            let flow = &mut self.tables[table].flow;
            match done {
                true => flow.keep(),
                false => flow.undo(),
            }
        }
        done
    }

    /// The most that a cell of a leaf could be, at first sight.
    fn most(&self, table: usize, column: usize, leaf: usize) -> i64 {
        let flow = &self.tables[table].flow;
        let arc = flow.cell(column, leaf);
        if !flow.hidden(arc) {
            return flow.now(arc);
        }
        let others = (0..flow.columns()).map(|c| flow.cell(c, leaf));
        let known: i64 = others
            .filter(|arc| !flow.hidden(*arc))
            .map(|arc| flow.now(arc))
            .sum();
        flow.now(flow.margin(leaf)) - known
    }

    /// Raises a cell of a leaf towards a goal; gives what it holds then of it.
    fn bring_to(&mut self, table: usize, (column, leaf): (usize, usize), goal: i64) -> i64 {
        let flow = &mut self.tables[table].flow;
        let arc = flow.cell(column, leaf);
        let want = goal - flow.now(arc);
        if want > 0 && flow.hidden(arc) && !flow.is_held(arc) {
            flow.advance(arc, Towards::More, want);
        }
        flow.now(arc).min(goal)
    }
}

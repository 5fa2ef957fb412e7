//! Whole units that change places.
//!
//! Two places each give the other a unit, with all its answers. Nothing that a
//! crossing holds changes, as long as both places lie in one of its rows, and no
//! lift has anything to repair. What the two units differ in changes in the tables,
//! along both branches up to where they meet: all those cells must be hidden.

use super::component::{Joint, Link};
use super::flow::Towards;
use crate::order;

/// Most pairs of places looked at for one move.
const MAX_PAIRS: usize = 600;
/// Most leaves of one maille that are looked at.
const MAX_WITHIN: usize = 12;

/// Changes of one table that leave all its sums.
type Changes = (usize, Vec<(usize, Towards)>);

/// Units of one link that change places: one place gives and receives, the other
/// does the reverse.
pub(super) struct Units {
    link: usize,
    pub(super) gains: usize,
    pub(super) loses: usize,
    pub(super) given: (usize, usize),
    pub(super) received: (usize, usize),
}

/// Two leaves, of which the first receives what is wanted.
#[derive(Clone, Copy)]
struct Leaves {
    gains: usize,
    loses: usize,
}

/// What changes, and how many times it can.
#[derive(Default)]
struct Plan {
    changes: Vec<Changes>,
    units: Vec<Units>,
    most: i64,
    /// Must all other tables stay as they are?
    alone: bool,
}

impl Joint<'_> {
    /// Moves a cell of the table under attack by an exchange, the others `alone` or
    /// not; gives how far.
    pub(super) fn exchange(&mut self, arc: usize, towards: Towards, want: i64, alone: bool) -> i64 {
        let flow = &self.tables[self.at].flow;
        let (column, maille) = flow.place(arc);
        if column >= flow.columns() || flow.is_held(arc) || !flow.hidden(arc) {
            return 0;
        }
        let last = self.last[maille];
        let within = (maille..=last).filter(|g| self.place[*g].is_some());
        let within: Vec<usize> = within.take(MAX_WITHIN).collect();
        // The change stays under the nearest maille that publishes its cell.
        let fixed = |g: &usize| !self.tables[self.at].flow.hidden(flow.cell(column, *g));
        let top = std::iter::successors(Some(maille), |g| self.parent[*g]).find(fixed);
        let (start, end) = top.map_or((0, self.place.len() - 1), |top| (top, self.last[top]));
        let (mut done, mut pairs) = (0, 0);
        // The nearest leaves first.
        for distance in 1..=(maille - start).max(end - last.min(end)) {
            for other in [maille.checked_sub(distance), Some(last + distance)] {
                let there = |g: &usize| (start..=end).contains(g) && self.place[*g].is_some();
                let Some(there) = other.filter(there) else {
                    continue;
                };
                for &here in &within {
                    let leaves = match towards {
                        Towards::More => Leaves {
                            gains: here,
                            loses: there,
                        },
                        Towards::Less => Leaves {
                            gains: there,
                            loses: here,
                        },
                    };
                    done += self.exchange_between(leaves, column, want - done, alone);
                    pairs += 1;
                    self.pairs += 1;
                    if done == want || pairs == MAX_PAIRS {
                        return done;
                    }
                }
            }
        }
        done
    }

    /// Exchanges units between two leaves, as many as they have.
    fn exchange_between(&mut self, leaves: Leaves, column: usize, want: i64, alone: bool) -> i64 {
        let mut done = 0;
        while done < want && self.place[leaves.gains] != self.place[leaves.loses] {
            let Some(mut plan) = self.plan(leaves, column, alone) else {
                break;
            };
            plan.most = plan.most.min(want - done);
            done += self.carry_out(&plan);
        }
        done
    }

    /// Brings units of one kind into a set of places, against others; gives how
    /// many.
    pub(super) fn bring(
        &mut self,
        link: usize,
        places: &[usize],
        (i, j): (usize, usize),
        want: i64,
    ) -> i64 {
        let here = |g: &usize| self.place[*g].is_some_and(|place| places.contains(&place));
        let leaves = (0..self.place.len()).filter(|g| self.place[*g].is_some());
        let (within, outside): (Vec<usize>, Vec<usize>) = leaves.partition(here);
        let holds = |g: &&usize| {
            let place = self.place[**g];
            place.is_some_and(|place| self.links[link].lift.units(place, i, j) > 0)
        };
        let Some(middle) = within.get(within.len() / 2).copied() else {
            return 0;
        };
        let mut outside: Vec<usize> = outside.iter().filter(holds).copied().collect();
        order::sort_by_key(&mut outside, |g| g.abs_diff(middle));
        let (mut done, mut pairs) = (0, 0);
        for loses in outside {
            for &gains in &within {
                let leaves = Leaves { gains, loses };
                while done < want
                    && let Some(mut plan) = self.plan_unit(link, leaves, (i, j))
                {
                    plan.most = plan.most.min(want - done);
                    done += self.carry_out(&plan);
                }
                pairs += 1;
                self.pairs += 1;
                if done == want || pairs == MAX_PAIRS {
                    return done;
                }
            }
        }
        done
    }

    /// How one leaf receives a unit of this kind for one of another.
    fn plan_unit(&self, link: usize, leaves: Leaves, (i, j): (usize, usize)) -> Option<Plan> {
        let Link { tables, lift, .. } = &self.links[link];
        let (gains, loses) = (self.place[leaves.gains]?, self.place[leaves.loses]?);
        let most = lift.units(loses, i, j);
        if most == 0 || lift.row(gains) != lift.row(loses) {
            return None;
        }
        let (m, k) = lift.kinds();
        let turns = |table: usize, gain: usize, lose: usize| {
            gain == lose
                || gain.max(lose) < self.tables[table].flow.columns()
                    && self.may_turn(table, leaves, (gain, lose))
        };
        let mut options: Vec<(usize, i64, usize, usize)> = (0..m)
            .filter(|a| turns(tables.0, i, *a))
            .flat_map(|a| (0..k).map(move |b| (a, b)))
            .filter(|given| *given != (i, j))
            .map(|(a, b)| {
                let differ = usize::from(a != i) + usize::from(b != j);
                (differ, -lift.units(gains, a, b), a, b)
            })
            .filter(|(_, held, _, b)| *held < 0 && turns(tables.1, j, *b))
            .collect();
        order::sort(&mut options);
        options.into_iter().find_map(|(_, held, a, b)| {
            let mut plan = Plan {
                most: most.min(-held),
                ..Plan::default()
            };
            plan.units.push(Units {
                link,
                gains,
                loses,
                given: (a, b),
                received: (i, j),
            });
            let mut changed = |table: usize, gain: usize, lose: usize| {
                let columns = self.tables[table].flow.columns();
                gain == lose
                    || gain.max(lose) < columns
                        && self.change(table, leaves, (gain, lose), Some(link), &mut plan)
            };
            (changed(tables.0, i, a) && changed(tables.1, j, b)).then_some(plan)
        })
    }

    fn carry_out(&mut self, plan: &Plan) -> i64 {
        for (table, changes) in &plan.changes {
            self.tables[*table].flow.turn(changes, plan.most);
        }
        for units in &plan.units {
            self.links[units.link].lift.exchange(units, plan.most);
        }
        plan.most
    }

    /// How one leaf receives a unit that gives this answer to the question of the
    /// table under attack.
    fn plan(&self, leaves: Leaves, gain: usize, alone: bool) -> Option<Plan> {
        let flow = &self.tables[self.at].flow;
        let (here, there) = (flow.cell(gain, leaves.gains), flow.cell(gain, leaves.loses));
        if flow.room(&[(here, Towards::More), (there, Towards::Less)]) <= 0
            || !self.holds_everywhere(leaves.loses, gain)
        {
            return None;
        }
        let mut losable = (0..self.tables[self.at].flow.columns()).filter(|lose| {
            *lose != gain
                && self.may_follow(leaves, (gain, *lose), alone)
                && self.may_turn(self.at, leaves, (gain, *lose))
        });
        losable.find_map(|lose| {
            let mut plan = Plan {
                most: i64::MAX,
                alone,
                ..Plan::default()
            };
            let done = self.change(self.at, leaves, (gain, lose), None, &mut plan);
            done.then_some(plan)
        })
    }

    /// Can a table change so in the two leaves, whatever is above them?
    fn may_turn(&self, table: usize, leaves: Leaves, (gain, lose): (usize, usize)) -> bool {
        let flow = &self.tables[table].flow;
        let at = |column: usize, leaf: usize, towards: Towards| (flow.cell(column, leaf), towards);
        flow.room(&[
            at(gain, leaves.gains, Towards::More),
            at(gain, leaves.loses, Towards::Less),
            at(lose, leaves.gains, Towards::Less),
            at(lose, leaves.loses, Towards::More),
        ]) > 0
    }

    /// Do all lifts of the table under attack hold units of this answer in the leaf?
    /// Most leaves are left aside by it: asked before all else.
    fn holds_everywhere(&self, leaf: usize, answer: usize) -> bool {
        let Some(place) = self.place[leaf] else {
            return false;
        };
        self.links.iter().all(|Link { tables, lift, .. }| {
            (self.at != tables.0 || lift.beside_first(place, answer) != 0)
                && (self.at != tables.1 || lift.beside_second(place, answer) != 0)
        })
    }

    /// Can the lifts of the table under attack follow, judging by the two leaves alone?
    fn may_follow(&self, leaves: Leaves, (gain, lose): (usize, usize), alone: bool) -> bool {
        let (Some(gains), Some(loses)) = (self.place[leaves.gains], self.place[leaves.loses])
        else {
            return false;
        };
        self.links.iter().all(|Link { tables, lift, .. }| {
            let (given, received) = match self.at {
                at if at == tables.0 => (
                    lift.beside_first(gains, lose),
                    lift.beside_first(loses, gain),
                ),
                at if at == tables.1 => (
                    lift.beside_second(gains, lose),
                    lift.beside_second(loses, gain),
                ),
                _ => return true,
            };
            match alone {
                true => given & received != 0,
                false => given != 0 && received != 0,
            }
        })
    }

    /// Plans that a table changes in both leaves, and that all lifts follow but the
    /// one that asks for it.
    fn change(
        &self,
        table: usize,
        leaves: Leaves,
        (gain, lose): (usize, usize),
        asks: Option<usize>,
        plan: &mut Plan,
    ) -> bool {
        if plan.changes.iter().any(|(known, _)| *known == table) {
            return false;
        }
        let flow = &self.tables[table].flow;
        let meet = self.meet(leaves);
        let mut changes = Vec::new();
        for (leaf, more, less) in [(leaves.gains, gain, lose), (leaves.loses, lose, gain)] {
            let mut at = Some(leaf);
            while let Some(g) = at.filter(|g| Some(*g) != meet) {
                let (up, down) = (flow.cell(more, g), flow.cell(less, g));
                let most = flow.room(&[(up, Towards::More), (down, Towards::Less)]);
                if most <= 0 {
                    return false;
                }
                plan.most = plan.most.min(most);
                changes.extend([(up, Towards::More), (down, Towards::Less)]);
                at = self.parent[g];
            }
        }
        plan.changes.push((table, changes));
        let mut links = (0..self.links.len()).filter(|link| Some(*link) != asks);
        links.all(|link| self.follow(link, table, leaves, (gain, lose), plan))
    }

    /// Plans which units a lift exchanges for a change of one of its tables: units
    /// that differ by nothing else, or by what the other table may change too.
    fn follow(
        &self,
        link: usize,
        table: usize,
        leaves: Leaves,
        (gain, lose): (usize, usize),
        plan: &mut Plan,
    ) -> bool {
        let Link { tables, lift, .. } = &self.links[link];
        let (first, other) = match table {
            t if t == tables.0 => (true, tables.1),
            t if t == tables.1 => (false, tables.0),
            _ => return true,
        };
        let (Some(gains), Some(loses)) = (self.place[leaves.gains], self.place[leaves.loses])
        else {
            return false;
        };
        if lift.row(gains) != lift.row(loses) {
            return false;
        }
        let (m, k) = lift.kinds();
        let kinds = if first { k } else { m };
        let of = |answer: usize, kind: usize| match first {
            true => (answer, kind),
            false => (kind, answer),
        };
        let held = |place: usize, (i, j): (usize, usize)| lift.units(place, i, j);
        let most = |given: usize, received: usize| {
            held(gains, of(lose, given)).min(held(loses, of(gain, received)))
        };
        // Units that differ by nothing else, the most there are.
        let same = (0..kinds).max_by_key(|kind| (most(*kind, *kind), std::cmp::Reverse(*kind)));
        if let Some(kind) = same.filter(|kind| most(*kind, *kind) > 0) {
            plan.most = plan.most.min(most(kind, kind));
            plan.units.push(Units {
                link,
                gains,
                loses,
                given: of(lose, kind),
                received: of(gain, kind),
            });
            return true;
        }
        if plan.alone {
            return false;
        }
        let mut options: Vec<(i64, usize, usize)> = (0..kinds)
            .flat_map(|given| (0..kinds).map(move |received| (given, received)))
            .map(|(given, received)| (-most(given, received), given, received))
            .filter(|(most, ..)| *most < 0)
            .collect();
        order::sort(&mut options);
        let columns = self.tables[other].flow.columns();
        for (most, given, received) in options {
            let before = (plan.changes.len(), plan.units.len(), plan.most);
            plan.most = plan.most.min(-most);
            plan.units.push(Units {
                link,
                gains,
                loses,
                given: of(lose, given),
                received: of(gain, received),
            });
            // A dwelling without a household gives no answer that a table counts.
            let counted = given < columns && received < columns;
            if counted && self.change(other, leaves, (received, given), Some(link), plan) {
                return true;
            }
            plan.changes.truncate(before.0);
            plan.units.truncate(before.1);
            plan.most = before.2;
        }
        false
    }

    /// The maille where the branches of two leaves meet.
    fn meet(&self, leaves: Leaves) -> Option<usize> {
        let mut at = Some(leaves.gains);
        while let Some(g) = at {
            if (g..=self.last[g]).contains(&leaves.loses) {
                return Some(g);
            }
            at = self.parent[g];
        }
        None
    }
}

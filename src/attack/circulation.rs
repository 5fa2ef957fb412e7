//! Whole-number tables of a crossing that agree with what is published.
//!
//! A crossing with its margins held still is a network: every cell stands in two
//! sums. A third kind of sum, *at most so many dwellings of this kind*, is no
//! part of the network: arcs are in groups, a group's load may not exceed its
//! cap, and every table is checked as a whole before it counts as a witness.

use std::collections::VecDeque;

/// Rank of an arc.
pub(super) type Arc = usize;

/// Says whether a table that the network allows agrees with the rest of the file.
pub(super) type Judge<'j> = &'j mut dyn FnMut(&[i64]) -> bool;

/// Which way an arc changes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Up,
    Down,
}

const NO_GROUP: usize = usize::MAX;
/// Most groups closed one after the other in search of one path.
const MAX_DETOURS: usize = 12;

/// A network, the table it holds at present, and the range of what was seen.
#[derive(Clone, Default)]
pub(super) struct Circulation {
    ends: Vec<(usize, usize)>,
    fixed: Vec<bool>,
    most: Vec<i64>,
    group: Vec<usize>,
    now: Vec<i64>,
    low: Vec<i64>,
    high: Vec<i64>,
    held: Vec<bool>,
    around: Vec<Vec<Arc>>,
    caps: Vec<i64>,
    load: Vec<i64>,
    closed: Vec<bool>,
}

impl Circulation {
    pub(super) fn new(nodes: usize, caps: Vec<i64>) -> Self {
        Self {
            around: vec![Vec::new(); nodes],
            load: vec![0; caps.len()],
            closed: vec![false; caps.len()],
            caps,
            ..Self::default()
        }
    }

    /// Adds an arc: published at a value, or hidden and at most so much.
    pub(super) fn arc(
        &mut self,
        (tail, head): (usize, usize),
        value: Option<i64>,
        most: i64,
        group: Option<usize>,
    ) -> Arc {
        let arc = self.ends.len();
        self.ends.push((tail, head));
        self.fixed.push(value.is_some());
        self.most.push(value.unwrap_or(most));
        self.group.push(group.unwrap_or(NO_GROUP));
        self.now.push(value.unwrap_or(0));
        self.held.push(false);
        if value.is_none() {
            self.around[tail].push(arc);
            self.around[head].push(arc);
        }
        if let Some(group) = group {
            self.load[group] += value.unwrap_or(0);
        }
        arc
    }

    /// Where a hidden cell begins, before [`Circulation::settle`].
    pub(super) fn propose(&mut self, arc: Arc, value: i64) {
        if !self.fixed[arc] {
            let value = value.clamp(0, self.most[arc]);
            if self.group[arc] != NO_GROUP {
                self.load[self.group[arc]] += value - self.now[arc];
            }
            self.now[arc] = value;
        }
    }

    pub(super) fn now(&self, arc: Arc) -> i64 {
        self.now[arc]
    }

    /// Smallest and largest values seen in witnesses.
    pub(super) fn range(&self, arc: Arc) -> (i64, i64) {
        (self.low[arc], self.high[arc])
    }

    pub(super) fn hold(&mut self, arc: Arc, held: bool) {
        self.held[arc] = held;
    }

    pub(super) fn snapshot(&self) -> Vec<i64> {
        self.now.clone()
    }

    /// Goes back to a table that was a witness.
    pub(super) fn go_back(&mut self, table: &[i64]) {
        self.now.copy_from_slice(table);
        self.load.fill(0);
        for (arc, group) in self.group.iter().enumerate() {
            if *group != NO_GROUP {
                self.load[*group] += self.now[arc];
            }
        }
    }

    /// Makes a first table that agrees with everything; `false` when none was
    /// found.
    pub(super) fn settle(&mut self) -> bool {
        let start = (self.now.clone(), self.load.clone());
        let found = self.fill() || {
            // Without the caps first, then load by load down to them.
            (self.now, self.load) = start;
            let caps = self.caps.clone();
            self.caps.fill(i64::MAX / 4);
            let found = self.fill() && {
                self.remember();
                self.unload(&caps)
            };
            self.caps = caps;
            found
        } && self.sound();
        self.remember();
        found
    }

    fn remember(&mut self) {
        self.low.clone_from(&self.now);
        self.high.clone_from(&self.now);
    }

    fn fill(&mut self) -> bool {
        let mut balance = vec![0_i64; self.around.len()];
        for (arc, (tail, head)) in self.ends.iter().enumerate() {
            balance[*tail] -= self.now[arc];
            balance[*head] += self.now[arc];
        }
        self.repair(&mut balance)
    }

    /// Brings every group down to its cap, no other rising above its own.
    fn unload(&mut self, caps: &[i64]) -> bool {
        loop {
            for (group, cap) in caps.iter().enumerate() {
                self.caps[group] = self.load[group].max(*cap);
            }
            let over: Vec<Arc> = (0..self.ends.len())
                .filter(|arc| {
                    let group = self.group[*arc];
                    group != NO_GROUP && self.load[group] > caps[group]
                })
                .collect();
            if over.is_empty() {
                return true;
            }
            let moved = over.into_iter().any(|arc| {
                let group = self.group[arc];
                let excess = self.load[group] - caps[group];
                !self.fixed[arc] && self.advance(arc, Way::Down, excess, &mut |_| true) > 0
            });
            if !moved {
                return false;
            }
        }
    }

    /// Does the present table agree with everything? Each arc within its bounds,
    /// what enters a node leaves it, no group above its cap.
    fn sound(&self) -> bool {
        let mut balance = vec![0_i64; self.around.len()];
        let mut load = vec![0_i64; self.caps.len()];
        for (arc, (tail, head)) in self.ends.iter().enumerate() {
            let value = self.now[arc];
            if value < 0 || value > self.most[arc] || (self.fixed[arc] && value != self.most[arc]) {
                return false;
            }
            balance[*tail] -= value;
            balance[*head] += value;
            if self.group[arc] != NO_GROUP {
                load[self.group[arc]] += value;
            }
        }
        balance.iter().all(|b| *b == 0) && load.iter().zip(&self.caps).all(|(l, cap)| l <= cap)
    }

    /// Remembers the values of a complete table, once it is checked, here and by
    /// `judge`.
    fn witness(&mut self, judge: Judge<'_>) -> bool {
        if !self.sound() || !judge(&self.now) {
            return false;
        }
        for (arc, value) in self.now.iter().enumerate() {
            self.low[arc] = self.low[arc].min(*value);
            self.high[arc] = self.high[arc].max(*value);
        }
        true
    }

    /// Moves a hidden cell by up to `want`; gives how far it went.
    pub(super) fn advance(&mut self, arc: Arc, way: Way, want: i64, judge: Judge<'_>) -> i64 {
        let want = match way {
            Way::Up => want.min(self.most[arc] - self.now[arc]),
            Way::Down => want.min(self.now[arc]),
        };
        if self.fixed[arc] || self.held[arc] {
            return 0;
        }
        let mut done = 0;
        while done < want {
            let left = want - done;
            let step = [left, 1]
                .into_iter()
                .find(|step| self.impose(&[(arc, way, *step)], judge))
                .or_else(|| self.with_a_partner(arc, way, left, judge));
            match step {
                Some(step) => done += step,
                None => break,
            }
        }
        done
    }

    /// Moves a cell against another of its group, so that the load stays.
    fn with_a_partner(&mut self, arc: Arc, way: Way, want: i64, judge: Judge<'_>) -> Option<i64> {
        if way == Way::Down || self.group[arc] == NO_GROUP {
            return None;
        }
        let partners: Vec<Arc> = (0..self.ends.len())
            .filter(|other| {
                *other != arc
                    && self.group[*other] == self.group[arc]
                    && !self.fixed[*other]
                    && !self.held[*other]
            })
            .collect();
        partners.into_iter().find_map(|other| {
            let most = want.min(self.now[other]);
            [most, 1].into_iter().find(|step| {
                *step > 0
                    && *step <= most
                    && self.impose(&[(arc, Way::Up, *step), (other, Way::Down, *step)], judge)
            })
        })
    }

    /// Imposes changes and repairs the rest of the table; leaves everything as
    /// it was, and says so, when it cannot or when the result is no witness.
    fn impose(&mut self, changes: &[(Arc, Way, i64)], judge: Judge<'_>) -> bool {
        let (before, loads) = (self.now.clone(), self.load.clone());
        let mut balance = vec![0_i64; self.around.len()];
        for (arc, way, step) in changes {
            self.shift(*arc, *way, *step);
            let (tail, head) = self.ends[*arc];
            let signed = if *way == Way::Up { *step } else { -step };
            balance[tail] -= signed;
            balance[head] += signed;
        }
        let held: Vec<bool> = changes.iter().map(|(arc, ..)| self.held[*arc]).collect();
        changes.iter().for_each(|(arc, ..)| self.held[*arc] = true);
        let done = self.repair(&mut balance);
        for ((arc, ..), was) in changes.iter().zip(held) {
            self.held[*arc] = was;
        }
        if done && self.witness(judge) {
            return true;
        }
        self.now = before;
        self.load = loads;
        false
    }

    fn shift(&mut self, arc: Arc, way: Way, step: i64) {
        let signed = if way == Way::Up { step } else { -step };
        self.now[arc] += signed;
        if self.group[arc] != NO_GROUP {
            self.load[self.group[arc]] += signed;
        }
    }

    /// Carries every surplus to where something is missing.
    fn repair(&mut self, balance: &mut [i64]) -> bool {
        for node in 0..balance.len() {
            while balance[node] > 0 {
                let Some((goal, path)) = self.route(node, balance) else {
                    return false;
                };
                let mut step = balance[node].min(-balance[goal]);
                for (arc, way) in &path {
                    step = step.min(self.room(*arc, *way));
                }
                path.iter()
                    .for_each(|(arc, way)| self.shift(*arc, *way, step));
                balance[node] -= step;
                balance[goal] += step;
            }
        }
        true
    }

    fn room(&self, arc: Arc, way: Way) -> i64 {
        match way {
            Way::Down => self.now[arc],
            Way::Up => {
                let group = self.group[arc];
                let arc = self.most[arc] - self.now[arc];
                if group == NO_GROUP {
                    arc
                } else {
                    arc.min(self.caps[group] - self.load[group])
                }
            }
        }
    }

    /// A way to a node that lacks something. A path that grows one group twice
    /// is cut down to steps of one, or avoided where even that is too much.
    fn route(&mut self, from: usize, balance: &[i64]) -> Option<(usize, Vec<(Arc, Way)>)> {
        let mut found = None;
        for _ in 0..MAX_DETOURS {
            let (goal, path) = self.path(from, balance)?;
            let growth = |group: usize| {
                path.iter()
                    .filter(|(arc, _)| self.group[*arc] == group)
                    .map(|(_, way)| if *way == Way::Up { 1 } else { -1 })
                    .sum::<i64>()
            };
            let full = path.iter().map(|(arc, _)| self.group[*arc]).find(|group| {
                *group != NO_GROUP
                    && growth(*group) > 1
                    && growth(*group) > self.caps[*group] - self.load[*group]
            });
            match full {
                Some(group) => self.closed[group] = true,
                None => {
                    found = Some((goal, path));
                    break;
                }
            }
        }
        self.closed.fill(false);
        found
    }

    fn path(&self, from: usize, balance: &[i64]) -> Option<(usize, Vec<(Arc, Way)>)> {
        let mut came: Vec<Option<(Arc, Way)>> = vec![None; self.around.len()];
        let mut queue = VecDeque::from([from]);
        let mut goal = None;
        'search: while let Some(node) = queue.pop_front() {
            for arc in &self.around[node] {
                let (tail, head) = self.ends[*arc];
                let (next, way) = if tail == node {
                    (head, Way::Up)
                } else {
                    (tail, Way::Down)
                };
                let group = self.group[*arc];
                let shut = way == Way::Up && group != NO_GROUP && self.closed[group];
                if next == from
                    || came[next].is_some()
                    || self.held[*arc]
                    || shut
                    || self.room(*arc, way) <= 0
                {
                    continue;
                }
                came[next] = Some((*arc, way));
                if balance[next] < 0 {
                    goal = Some(next);
                    break 'search;
                }
                queue.push_back(next);
            }
        }
        let goal = goal?;
        let (mut node, mut path) = (goal, Vec::new());
        while node != from {
            let (arc, way) = came[node]?;
            path.push((arc, way));
            let (tail, head) = self.ends[arc];
            node = if way == Way::Up { tail } else { head };
        }
        path.reverse();
        Some((goal, path))
    }
}

//! A crossing below its lines: how many units of each programme gave both answers.
//!
//! What a table publishes in programmes and secteurs bounds a crossing, and the
//! crossing bounds what the table hides there. The system has three dimensions
//! (place, first answer, second answer) and is no network. A witness of the first
//! table, one of the second and one of the crossing make a witness together when
//! some table *y(place, i, j)* of whole numbers has all three as its sums. This
//! file looks for it by small repairs of one that it has:
//!
//! * a place whose answers change is filled again by shortest paths between its
//!   rows and columns (one place alone is a network);
//! * what is then too much in a line of the crossing goes by *rectangles* inside
//!   one place, (i, j) and (i', j') into (i, j') and (i', j), which change neither
//!   table; several in a row where one is not enough.
//!
//! The search may fail where a table exists; [`Lift::agrees`] checks what it finds
//! by plain sums.

use super::exchange::Units;

/// What is known of a crossing's places.
pub(super) struct Shape {
    /// Kinds of first answer, of which the first `known` are in the crossing; the
    /// others are silence and dwellings without a household.
    pub(super) kinds: (usize, usize),
    pub(super) known: usize,
    /// The column of the crossing of each kind of second answer, the silent last.
    pub(super) column: Vec<usize>,
    /// Pairs of answers that no unit gives.
    pub(super) never: Vec<(usize, usize)>,
    /// The row of the crossing of each place.
    pub(super) row: Vec<usize>,
    /// By row, first answer, column: cells that the crossing leaves open, in the row
    /// and over the territory. They are what the places hold.
    pub(super) open: Vec<bool>,
    /// By row: is the sum of its last column over the first answers known?
    pub(super) tied: Vec<bool>,
    /// Sets of places under watch, by place.
    pub(super) regions: Vec<Vec<usize>>,
    /// Places that are groups of leaves whose households are hidden.
    pub(super) groups: Vec<bool>,
    pub(super) threshold: i64,
}

/// Units, gaps and sums of regions: what [`Lift::go_back`] goes back to.
pub(super) type Table = (Vec<i64>, Vec<i64>, Vec<i64>);

/// Answers to one question, by rank: those that units of a place give.
pub(super) type Kinds = u32;

enum Change {
    Unit(usize, usize, usize, i64),
    Gap(usize, i64),
}

/// The present table, and the range of what was seen in witnesses.
pub(super) struct Lift {
    shape: Shape,
    columns: Vec<Vec<usize>>,
    /// By column, its second answers; by first answer, those that go with it.
    within: Vec<Kinds>,
    may: Vec<Kinds>,
    allowed: Vec<bool>,
    /// Places of each row, the largest first.
    places: Vec<Vec<usize>>,
    /// By two first answers and two columns: where among the places of a row the last
    /// rectangle was found, while `aiming`. Those before it have been used up.
    found: Vec<usize>,
    aiming: bool,
    /// What all searches have taken, in places and cells looked at, and where the
    /// present repair gives up.
    steps: u64,
    patience: u64,
    hurried: bool,
    y: Vec<i64>,
    /// By first answer and place, the second answers that units give with it; by second
    /// answer and place, the first: most questions about a place need no more.
    beside: [Vec<Kinds>; 2],
    /// By row, first answer, column: what the places hold less what is wanted.
    gap: Vec<i64>,
    /// By row: the gaps of the last column together.
    over: Vec<i64>,
    now: Vec<i64>,
    low: Vec<i64>,
    high: Vec<i64>,
    /// By place and second answer: was it seen that enough households of a group
    /// give it, and not all of them?
    enough: Vec<bool>,
    /// Units of one kind that may not leave, by place.
    pin: Option<((usize, usize), Vec<i64>)>,
    log: Vec<Change>,
    /// Are open cells, too, to be what is wanted?
    strict: bool,
}

/// Units that a cell takes where nothing counts them.
const PLENTY: i64 = i64::MAX / 4;

/// Most times that one repair goes through the places of its row; fewer where another
/// choice of places is tried next. Of the repairs that succeed nearly all take a tenth of
/// it, and those that fail would take many times as much.
const MAX_SCANS: u64 = 1_000;
const MAX_SCANS_HURRIED: u64 = 400;

/// Most units handed on in one repair without lessening what is too much.
const MAX_WANDERING: usize = 40;

/// A leg of a chain of rectangles: place, then the two kinds that it takes from.
type Leg = (usize, (usize, usize), (usize, usize));

impl Lift {
    /// An empty table.
    pub(super) fn new(shape: Shape) -> Self {
        let (m, k) = shape.kinds;
        let width = shape.column.iter().max().map_or(0, |c| c + 1);
        let columns: Vec<Vec<usize>> = (0..width)
            .map(|c| (0..k).filter(|j| shape.column[*j] == c).collect())
            .collect();
        let set = |kinds: &Vec<usize>| kinds.iter().fold(0, |set: Kinds, j| set | 1 << j);
        let within = columns.iter().map(set).collect();
        let mut allowed = vec![true; m * k];
        for (i, j) in &shape.never {
            allowed[i * k + j] = false;
        }
        let beside = |i: usize| (0..k).filter(|j| allowed[i * k + j]).collect();
        let may = (0..m).map(|i| set(&beside(i))).collect();
        let rows = shape.row.iter().max().map_or(0, |r| r + 1);
        let mut places = vec![Vec::new(); rows];
        for (place, row) in shape.row.iter().enumerate() {
            places[*row].push(place);
        }
        let regions = shape.regions.iter().flatten().max().map_or(0, |r| r + 1);
        Self {
            y: vec![0; shape.row.len() * m * k],
            beside: [m, k].map(|kinds| vec![0; shape.row.len() * kinds]),
            gap: vec![0; rows * shape.known * width],
            over: vec![0; rows],
            found: vec![0; (m * columns.len()).pow(2)],
            aiming: false,
            steps: 0,
            patience: u64::MAX,
            hurried: false,
            now: vec![0; regions * m * k],
            low: Vec::new(),
            high: Vec::new(),
            enough: vec![false; shape.row.len() * k],
            columns,
            within,
            may,
            allowed,
            places,
            shape,
            pin: None,
            log: Vec::new(),
            strict: false,
        }
    }

    /// Fills every place with these answers; gives the rows of those that do not
    /// come out.
    pub(super) fn fill(
        &mut self,
        first: impl Fn(usize, usize) -> i64,
        second: impl Fn(usize, usize) -> i64,
    ) -> Vec<usize> {
        let (m, k) = self.shape.kinds;
        let mut sizes = vec![0_i64; self.shape.row.len()];
        let mut failed = Vec::new();
        for (place, size) in sizes.iter_mut().enumerate() {
            let mut need: Vec<i64> = (0..m).map(|i| first(place, i)).collect();
            *size = need.iter().sum();
            need.extend((0..k).map(|j| second(place, j)));
            // Near independence first: it leaves most room for repairs.
            let (rows, columns) = (need[..m].to_vec(), need[m..].to_vec());
            for (i, row) in rows.iter().enumerate() {
                for (j, column) in columns.iter().enumerate() {
                    if self.allowed[i * k + j] && *size > 0 {
                        let units = row * column / *size;
                        self.add(place, i, j, units);
                        need[i] -= units;
                        need[m + j] -= units;
                    }
                }
            }
            if !self.refit(place, &mut need) {
                failed.push(self.shape.row[place]);
            }
        }
        for places in &mut self.places {
            places.sort_by_key(|place| std::cmp::Reverse(sizes[*place]));
        }
        failed.dedup();
        failed
    }

    /// What the places hold by row, first answer and column, when `want` is wanted.
    pub(super) fn held(&self, want: &[i64]) -> Vec<i64> {
        self.gap
            .iter()
            .zip(want)
            .map(|(gap, want)| gap + want)
            .collect()
    }

    /// Brings the filled places to what the crossing holds, where something else
    /// was wanted before; gives the rows that do not come out.
    pub(super) fn aim(&mut self, before: &[i64], want: &[i64]) -> Vec<usize> {
        let changes = before.iter().zip(want).map(|(before, want)| before - want);
        let changes: Vec<i64> = changes.collect();
        for (at, change) in changes.into_iter().enumerate() {
            self.widen(at, change);
        }
        let mut failed = Vec::new();
        self.aiming = true;
        for row in 0..self.places.len() {
            if !self.repair(row) {
                failed.push(row);
            }
        }
        self.aiming = false;
        self.found.fill(0);
        self.log.clear();
        for place in 0..self.shape.row.len() {
            if self.shape.groups[place] {
                self.note_group(place);
            }
        }
        self.low.clone_from(&self.now);
        self.high.clone_from(&self.now);
        failed
    }

    #[inline]
    fn cell(&self, place: usize, i: usize, j: usize) -> usize {
        (place * self.shape.kinds.0 + i) * self.shape.kinds.1 + j
    }

    #[inline]
    fn gap_at(&self, row: usize, i: usize, column: usize) -> usize {
        (row * self.shape.known + i) * self.columns.len() + column
    }

    /// Is the cell of a row to be what is wanted? Too much then counts, and too little.
    #[inline]
    fn counts(&self, row: usize, i: usize, column: usize) -> bool {
        i < self.shape.known
            && (self.strict
                || !self.shape.open[self.gap_at(row, i, column)]
                || self.is_over(row, column))
    }

    /// Does the last column of a row hold too much or too little as a whole?
    #[inline]
    fn is_over(&self, row: usize, column: usize) -> bool {
        column + 1 == self.columns.len() && self.shape.tied[row] && self.over[row] != 0
    }

    /// Too much (or, negative, too little) at a cell of a row; nought where nothing
    /// is wanted.
    #[inline]
    fn gap(&self, row: usize, i: usize, column: usize) -> i64 {
        if !self.counts(row, i, column) {
            return 0;
        }
        match !self.strict && self.is_over(row, column) {
            true => self.over[row],
            false => self.gap[self.gap_at(row, i, column)],
        }
    }

    /// All that is too much or too little in a row.
    fn trouble(&self, row: usize) -> i64 {
        let (n, w) = (self.shape.known, self.columns.len());
        let cell = |i: usize, c: usize| {
            let at = self.gap_at(row, i, c);
            match self.strict || !self.shape.open[at] {
                true => self.gap[at].abs(),
                false => 0,
            }
        };
        let cells: i64 = (0..n)
            .map(|i| (0..w).map(|c| cell(i, c)).sum::<i64>())
            .sum();
        match w > 0 && self.shape.tied[row] {
            true => cells + self.over[row].abs(),
            false => cells,
        }
    }

    /// Units that a cell of a row may take without harm.
    #[inline]
    fn lack(&self, row: usize, i: usize, column: usize) -> i64 {
        match self.counts(row, i, column) {
            true => (-self.gap(row, i, column)).max(0),
            false => PLENTY,
        }
    }

    /// From now on open cells, too, are to be what is wanted; or no longer.
    pub(super) fn be_strict(&mut self, strict: bool) {
        self.strict = strict;
    }

    /// Open cells are what the places hold: brings what is wanted to it.
    pub(super) fn settle_open(&mut self, want: &mut [i64]) {
        let cells = self.gap.iter_mut().zip(want).zip(&self.shape.open);
        for ((gap, want), _) in cells.filter(|(_, open)| **open) {
            *want += std::mem::take(gap);
        }
        self.over.fill(0);
    }

    #[inline]
    pub(super) fn units(&self, place: usize, i: usize, j: usize) -> i64 {
        self.y[self.cell(place, i, j)]
    }

    /// What all searches have taken.
    pub(super) fn steps(&self) -> u64 {
        self.steps
    }

    #[inline]
    pub(super) fn kinds(&self) -> (usize, usize) {
        self.shape.kinds
    }

    #[inline]
    pub(super) fn row(&self, place: usize) -> usize {
        self.shape.row[place]
    }

    #[inline]
    fn put(&mut self, place: usize, i: usize, j: usize, step: i64) {
        let at = self.cell(place, i, j);
        self.y[at] += step;
        self.note_kind(place, i, j);
        if i < self.shape.known {
            let (row, column) = (self.shape.row[place], self.shape.column[j]);
            let gap = self.gap_at(row, i, column);
            self.gap[gap] += step;
            if column + 1 == self.columns.len() {
                self.over[row] += step;
            }
        }
        let (m, k) = self.shape.kinds;
        for region in &self.shape.regions[place] {
            self.now[region * m * k + i * k + j] += step;
        }
    }

    #[inline]
    fn note_kind(&mut self, place: usize, i: usize, j: usize) {
        let some = self.units(place, i, j) > 0;
        let places = self.shape.row.len();
        for (of, at, other) in [(0, i * places + place, j), (1, j * places + place, i)] {
            let bit: Kinds = 1 << other;
            match some {
                true => self.beside[of][at] |= bit,
                false => self.beside[of][at] &= !bit,
            }
        }
    }

    /// The second answers that units of a place give with this first one.
    #[inline]
    pub(super) fn beside_first(&self, place: usize, i: usize) -> Kinds {
        self.beside[0][i * self.shape.row.len() + place]
    }

    /// The first answers that units of a place give with this second one.
    #[inline]
    pub(super) fn beside_second(&self, place: usize, j: usize) -> Kinds {
        self.beside[1][j * self.shape.row.len() + place]
    }

    fn add(&mut self, place: usize, i: usize, j: usize, step: i64) {
        if step != 0 {
            self.put(place, i, j, step);
            self.log.push(Change::Unit(place, i, j, step));
        }
    }

    /// Units of one kind more in a place, whatever its answers.
    pub(super) fn lay(&mut self, place: usize, (i, j): (usize, usize), units: i64) {
        self.add(place, i, j, units);
    }

    /// Units of one kind that may not leave these places from now on.
    pub(super) fn pin(&mut self, kind: (usize, usize), kept: &[(usize, i64)]) {
        let mut least = vec![0; self.shape.row.len()];
        kept.iter()
            .for_each(|(place, units)| least[*place] = *units);
        self.pin = Some((kind, least));
    }

    /// From now on a repair gives up soon; or no longer.
    pub(super) fn hurry(&mut self, hurried: bool) {
        self.hurried = hurried;
    }

    /// More units, or fewer, may not leave a place.
    fn keep_more(&mut self, place: usize, step: i64) {
        if let Some((_, least)) = &mut self.pin {
            least[place] += step;
        }
    }

    /// All units may leave again.
    pub(super) fn unpin(&mut self) {
        self.pin = None;
    }

    /// The crossing itself changes, at this rank among rows, first answers, columns.
    pub(super) fn want(&mut self, at: usize, step: i64) {
        self.widen(at, -step);
        self.log.push(Change::Gap(at, -step));
    }

    fn widen(&mut self, at: usize, step: i64) {
        self.gap[at] += step;
        let w = self.columns.len();
        if at % w + 1 == w {
            self.over[at / (w * self.shape.known)] += step;
        }
    }

    fn mark(&self) -> usize {
        self.log.len()
    }

    fn back_to(&mut self, mark: usize) {
        while self.log.len() > mark {
            match self.log.pop() {
                Some(Change::Unit(place, i, j, step)) => self.put(place, i, j, -step),
                Some(Change::Gap(at, step)) => self.widen(at, -step),
                None => {}
            }
        }
    }

    /// Takes back everything since the last witness.
    pub(super) fn undo(&mut self) {
        self.back_to(0);
    }

    /// The present table counts as a witness.
    pub(super) fn keep(&mut self) {
        let (m, k) = self.shape.kinds;
        for change in std::mem::take(&mut self.log) {
            if let Change::Unit(place, i, j, _) = change {
                if self.shape.groups[place] && !self.enough[place * k + j] {
                    self.note_group(place);
                }
                for region in &self.shape.regions[place] {
                    let at = region * m * k + i * k + j;
                    self.low[at] = self.low[at].min(self.now[at]);
                    self.high[at] = self.high[at].max(self.now[at]);
                }
            }
        }
    }

    /// The households of a group, by second answer.
    fn note_group(&mut self, place: usize) {
        let (m, k) = self.shape.kinds;
        // The last kind of first answer is no household, where there is one.
        let households = self.shape.known + 1;
        let held = |j: usize| {
            (0..m.min(households))
                .map(|i| self.units(place, i, j))
                .sum()
        };
        let held: Vec<i64> = (0..k).map(held).collect();
        let all: i64 = held.iter().sum();
        for (j, held) in held.into_iter().enumerate() {
            self.enough[place * k + j] |= held >= self.shape.threshold && held < all;
        }
    }

    /// Was it seen that enough households of a group give this second answer?
    pub(super) fn enough(&self, place: usize, j: usize) -> bool {
        self.enough[place * self.shape.kinds.1 + j]
    }

    /// The places of a region.
    pub(super) fn places_of(&self, region: usize) -> Vec<usize> {
        let within = |place: &usize| self.shape.regions[*place].contains(&region);
        (0..self.shape.row.len()).filter(within).collect()
    }

    /// The row of a region that lies in one.
    pub(super) fn row_of(&self, region: usize) -> Option<usize> {
        let within = |place: &usize| self.shape.regions[*place].contains(&region);
        let mut rows = (0..self.shape.row.len())
            .filter(within)
            .map(|place| self.shape.row[place]);
        let first = rows.next()?;
        rows.all(|row| row == first).then_some(first)
    }

    /// A cell of a region: now, least and most seen.
    pub(super) fn region(&self, region: usize, i: usize, j: usize) -> [i64; 3] {
        let at = (region * self.shape.kinds.0 + i) * self.shape.kinds.1 + j;
        [self.now[at], self.low[at], self.high[at]]
    }

    pub(super) fn snapshot(&self) -> Table {
        (self.y.clone(), self.gap.clone(), self.now.clone())
    }

    /// Goes back to a table that was a witness.
    pub(super) fn go_back(&mut self, table: &Table) {
        self.y.clone_from(&table.0);
        self.gap.clone_from(&table.1);
        // A table that was a witness has nothing too much.
        self.over.fill(0);
        self.now.clone_from(&table.2);
        self.log.clear();
        let (m, k) = self.shape.kinds;
        for at in 0..self.y.len() {
            self.note_kind(at / (m * k), at / k % m, at % k);
        }
    }

    /// Is the present table whole: no negative cell, no pair that nobody gives,
    /// the answers of each place, and each row of the crossing?
    pub(super) fn agrees(
        &self,
        first: impl Fn(usize, usize) -> i64,
        second: impl Fn(usize, usize) -> i64,
        wanted: impl Fn(usize, usize, usize) -> i64,
    ) -> bool {
        let (m, k) = self.shape.kinds;
        let cells = (0..self.shape.row.len() * m * k)
            .all(|at| self.y[at] >= 0 && (self.allowed[at % (m * k)] || self.y[at] == 0));
        let places = (0..self.shape.row.len()).all(|g| {
            (0..m).all(|i| (0..k).map(|j| self.units(g, i, j)).sum::<i64>() == first(g, i))
                && (0..k).all(|j| (0..m).map(|i| self.units(g, i, j)).sum::<i64>() == second(g, j))
        });
        let rows = (0..self.places.len()).all(|r| {
            (0..self.shape.known).all(|i| {
                (0..self.columns.len()).all(|c| {
                    let held = |g: &usize| -> i64 {
                        self.columns[c].iter().map(|j| self.units(*g, i, *j)).sum()
                    };
                    self.places[r].iter().map(held).sum::<i64>() == wanted(r, i, c)
                })
            })
        });
        cells && places && rows
    }

    /// Units change places: what the two places hold together does not change.
    pub(super) fn exchange(&mut self, units: &Units, step: i64) {
        for (place, sign) in [(units.gains, step), (units.loses, -step)] {
            let ((i, j), (a, b)) = (units.received, units.given);
            self.add(place, i, j, sign);
            self.add(place, a, b, -sign);
        }
        self.keep();
    }

    /// Units that may leave a cell.
    #[inline]
    fn free(&self, place: usize, i: usize, j: usize) -> i64 {
        let kept = match &self.pin {
            Some((kind, least)) if *kind == (i, j) => least[place],
            _ => 0,
        };
        self.units(place, i, j) - kept
    }

    #[inline]
    fn may_take(&self, place: usize, i: usize, j: usize) -> bool {
        self.free(place, i, j) > 0
    }

    /// What a place must gain, by kind of first then of second answer: shortest
    /// paths between what has too much and what lacks.
    pub(super) fn refit(&mut self, place: usize, need: &mut [i64]) -> bool {
        let (m, k) = self.shape.kinds;
        let row = self.shape.row[place];
        loop {
            let start = (0..m + k).find(|n| if *n < m { need[*n] > 0 } else { need[*n] < 0 });
            let Some(start) = start else {
                return need.iter().all(|n| *n == 0);
            };
            let mut far = vec![i64::MAX; m + k];
            let mut came = vec![usize::MAX; m + k];
            far[start] = 0;
            let mut changed = true;
            while changed {
                changed = false;
                self.steps += (m * k) as u64;
                for i in 0..m {
                    for j in 0..k {
                        let gap = self.gap(row, i, self.shape.column[j]);
                        let known = self.counts(row, i, self.shape.column[j]);
                        let cost = |good: bool| match (known, good) {
                            (false, _) => 2,
                            (true, true) => 1,
                            (true, false) => 3,
                        };
                        if far[i] < i64::MAX && self.allowed[i * k + j] {
                            let there = far[i] + cost(gap < 0);
                            if there < far[m + j] {
                                (far[m + j], came[m + j], changed) = (there, i, true);
                            }
                        }
                        if far[m + j] < i64::MAX && self.may_take(place, i, j) {
                            let there = far[m + j] + cost(gap > 0);
                            if there < far[i] {
                                (far[i], came[i], changed) = (there, m + j, true);
                            }
                        }
                    }
                }
            }
            let goal = (0..m + k)
                .filter(|n| if *n < m { need[*n] < 0 } else { need[*n] > 0 })
                .filter(|n| far[*n] < i64::MAX)
                .min_by_key(|n| far[*n]);
            let Some(goal) = goal else {
                return false;
            };
            let mut path = Vec::new();
            let mut node = goal;
            while node != start {
                path.push((came[node], node));
                node = came[node];
            }
            let mut step = need[start].abs().min(need[goal].abs());
            for (from, to) in &path {
                let (i, j, grows) = if *from < m {
                    (*from, to - m, true)
                } else {
                    (*to, from - m, false)
                };
                let gap = self.gap(row, i, self.shape.column[j]);
                if !grows {
                    step = step.min(self.free(place, i, j));
                }
                if (grows && gap < 0) || (!grows && gap > 0) {
                    step = step.min(gap.abs());
                }
            }
            for (from, to) in path {
                if from < m {
                    self.add(place, from, to - m, step);
                } else {
                    self.add(place, to, from - m, -step);
                }
            }
            for end in [start, goal] {
                need[end] -= step * need[end].signum();
            }
        }
    }

    /// Brings a row back to what the crossing holds. Every step lessens the sum
    /// of the gaps, so there is an end.
    pub(super) fn repair(&mut self, row: usize) -> bool {
        let scans = match self.hurried {
            true => MAX_SCANS_HURRIED,
            false => MAX_SCANS,
        };
        self.patience = match self.aiming {
            true => u64::MAX,
            false => self.steps + scans * self.places[row].len() as u64,
        };
        let mut wandered = 0;
        loop {
            if self.trouble(row) == 0 {
                return true;
            }
            if self.steps > self.patience {
                return false;
            }
            if !self.directly(row) && !self.by_way_of_another(row) {
                if wandered == MAX_WANDERING || !self.wander(row, wandered) {
                    return false;
                }
                wandered += 1;
            }
        }
    }

    /// Cells of a row that hold too much or too little, with how much.
    fn gaps(&self, row: usize) -> impl Iterator<Item = (usize, usize, i64)> {
        let w = self.columns.len();
        (0..self.shape.known * w)
            .map(move |at| (at / w, at % w, self.gap(row, at / w, at % w)))
            .filter(|(.., gap)| *gap != 0)
    }

    /// Cells of one first answer between which a unit that moves lessens the gaps,
    /// with how many can.
    fn along_rows(&self, row: usize) -> Vec<(usize, (usize, usize), i64)> {
        let mut moves = Vec::new();
        for (i, c, gap) in self.gaps(row) {
            for d in (0..self.columns.len()).filter(|d| *d != c) {
                if gap > 0 {
                    moves.push((i, (c, d), gap.min(self.lack(row, i, d))));
                } else if !self.counts(row, i, d) {
                    moves.push((i, (d, c), -gap));
                }
            }
        }
        moves.retain(|(.., most)| *most > 0);
        moves
    }

    /// The same between cells of one column.
    fn along_columns(&self, row: usize) -> Vec<((usize, usize), usize, i64)> {
        let mut moves = Vec::new();
        for (i, c, gap) in self.gaps(row) {
            for b in (0..self.shape.known).filter(|b| *b != i) {
                if gap > 0 {
                    moves.push(((i, b), c, gap.min(self.lack(row, b, c))));
                } else if !self.counts(row, b, c) {
                    moves.push(((b, i), c, -gap));
                }
            }
        }
        moves.retain(|(.., most)| *most > 0);
        moves
    }

    /// Moves what is too much where it lacks.
    fn directly(&mut self, row: usize) -> bool {
        for (i, (c, d), most) in self.along_rows(row) {
            if self.across_rows(row, i, (c, d), (most, 1)) {
                return true;
            }
        }
        for ((i, b), c, most) in self.along_columns(row) {
            if self.across_columns(row, (i, b), c, (most, 1)) {
                return true;
            }
        }
        false
    }

    /// Hands one unit of what is too much to another first answer, which lessens
    /// nothing but leaves the search elsewhere.
    fn wander(&mut self, row: usize, round: usize) -> bool {
        let (n, w) = (self.shape.known, self.columns.len());
        let stuck = self.along_rows(row);
        let Some(&(i, (c, d), _)) = stuck.get(round % stuck.len().max(1)) else {
            return false;
        };
        for at in 0..n * w {
            // Another first answer, or another column, each in its turn.
            let at = (at + 7 * round) % (n * w);
            let (b, e) = (at / w, at % w);
            let (from, to) = if round.is_multiple_of(2) {
                ((i, c), (b, d))
            } else {
                ((i, c), (b, e))
            };
            if b == i || from.1 == to.1 {
                continue;
            }
            if let Some((place, j, l)) = self.rectangle(row, from, to)
                && self.turn(&[(place, (from.0, j), (to.0, l))], 1)
            {
                return true;
            }
        }
        false
    }

    /// Moves one unit of what is too much in two steps, by way of a third column
    /// or of a third first answer.
    fn by_way_of_another(&mut self, row: usize) -> bool {
        let (n, w) = (self.shape.known, self.columns.len());
        let (mark, before) = (self.mark(), self.trouble(row));
        // The first step may do harm that the second makes good.
        let harm = (1, -2);
        for (i, (c, d), _) in self.along_rows(row) {
            for e in (0..w).filter(|e| *e != c && *e != d) {
                if self.across_rows(row, i, (e, d), harm)
                    && self.across_rows(row, i, (c, e), harm)
                    && self.trouble(row) < before
                {
                    return true;
                }
                self.back_to(mark);
            }
        }
        for ((i, b), c, _) in self.along_columns(row) {
            for f in (0..n).filter(|f| *f != i && *f != b) {
                if self.across_columns(row, (f, b), c, harm)
                    && self.across_columns(row, (i, f), c, harm)
                    && self.trouble(row) < before
                {
                    return true;
                }
                self.back_to(mark);
            }
        }
        false
    }

    /// A place of the row that holds (i, c) and (b, d), and may hold (i, d) and
    /// (b, c): its kinds of second answer.
    fn rectangle(
        &mut self,
        row: usize,
        (i, c): (usize, usize),
        (b, d): (usize, usize),
    ) -> Option<(usize, usize, usize)> {
        let (m, w) = (self.shape.kinds.0, self.columns.len());
        let (x, y) = (self.within[c] & self.may[b], self.within[d] & self.may[i]);
        let all = self.shape.row.len();
        let (first, other) = (
            &self.beside[0][i * all..(i + 1) * all],
            &self.beside[0][b * all..(b + 1) * all],
        );
        let free = |place: usize, kinds: Kinds, answer: usize| {
            ranks(kinds).find(|other| self.may_take(place, answer, *other))
        };
        let places = &self.places[row];
        let cursor = ((i * m + b) * w + c) * w + d;
        let start = self.found[cursor];
        for turn in 0..places.len() {
            let at = match start + turn {
                at if at < places.len() => at,
                at => at - places.len(),
            };
            let (place, steps) = (places[at], turn as u64 + 1);
            let (j, l) = (first[place] & x, other[place] & y);
            if j != 0
                && l != 0
                && let (Some(j), Some(l)) = (free(place, j, i), free(place, l, b))
            {
                self.steps += steps;
                if self.aiming {
                    self.found[cursor] = at;
                }
                return Some((place, j, l));
            }
        }
        self.steps += places.len() as u64;
        None
    }

    /// Moves what is too much at (i, c) to (i, d), by rectangles over other first
    /// answers until one can take it: the trouble of the row falls by `least`.
    fn across_rows(
        &mut self,
        row: usize,
        i: usize,
        (c, d): (usize, usize),
        (most, least): (i64, i64),
    ) -> bool {
        let m = self.shape.kinds.0;
        let mut came: Vec<Option<(usize, Leg)>> = vec![None; m];
        let mut queue = std::collections::VecDeque::from([i]);
        while let Some(a) = queue.pop_front().filter(|_| self.steps <= self.patience) {
            for b in (0..m).rev() {
                if b == i || came[b].is_some() {
                    continue;
                }
                let Some((place, j, l)) = self.rectangle(row, (a, c), (b, d)) else {
                    continue;
                };
                came[b] = Some((a, (place, (a, j), (b, l))));
                if self.eases(row, &legs(&came, i, b), (most, least)) {
                    return true;
                }
                queue.push_back(b);
            }
        }
        false
    }

    /// Moves what is too much at (i, c) to (b, c), by rectangles over other columns.
    fn across_columns(
        &mut self,
        row: usize,
        (i, b): (usize, usize),
        c: usize,
        (most, least): (i64, i64),
    ) -> bool {
        let w = self.columns.len();
        let mut came: Vec<Option<(usize, Leg)>> = vec![None; w];
        let mut queue = std::collections::VecDeque::from([c]);
        while let Some(a) = queue.pop_front().filter(|_| self.steps <= self.patience) {
            for d in 0..w {
                if d == c || came[d].is_some() {
                    continue;
                }
                let Some((place, j, l)) = self.rectangle(row, (i, a), (b, d)) else {
                    continue;
                };
                came[d] = Some((a, (place, (i, j), (b, l))));
                if self.eases(row, &legs(&came, c, d), (most, least)) {
                    return true;
                }
                queue.push_back(d);
            }
        }
        false
    }

    /// Turns a chain of rectangles if that lessens the trouble of its row by so much.
    fn eases(&mut self, row: usize, legs: &[Leg], (most, least): (i64, i64)) -> bool {
        let (mark, before) = (self.mark(), self.trouble(row));
        for most in [most, 1] {
            if self.turn(legs, most) {
                if before - self.trouble(row) >= least {
                    return true;
                }
                self.back_to(mark);
            }
            if most == 1 {
                break;
            }
        }
        false
    }

    /// Turns a chain of rectangles, as many units as each can give.
    fn turn(&mut self, legs: &[Leg], most: i64) -> bool {
        let step = legs.iter().fold(most, |step, (place, x, y)| {
            let held = self.free(*place, x.0, x.1).min(self.free(*place, y.0, y.1));
            step.min(held)
        });
        let mark = self.mark();
        for step in [step, 1] {
            let done = step > 0
                && legs.iter().all(|(place, (a, j), (b, l))| {
                    let can = self.free(*place, *a, *j).min(self.free(*place, *b, *l)) >= step;
                    if can {
                        self.rotate(*place, (*a, *j), (*b, *l), step);
                    }
                    can
                });
            if done {
                return true;
            }
            self.back_to(mark);
        }
        false
    }

    fn rotate(&mut self, place: usize, (a, j): (usize, usize), (b, l): (usize, usize), step: i64) {
        self.add(place, a, j, -step);
        self.add(place, b, l, -step);
        self.add(place, a, l, step);
        self.add(place, b, j, step);
    }

    /// Raises a cell of a region by rectangles inside its places, each against the
    /// reverse one in a place outside: no table changes, and no row of the crossing.
    pub(super) fn trade(&mut self, region: usize, (i, j): (usize, usize), goal: i64) {
        let (m, k) = self.shape.kinds;
        let now = |lift: &Self| lift.region(region, i, j)[0];
        let holds = |lift: &Self, place: usize| lift.beside_first(place, i) >> j & 1 == 1;
        let within = self.places_of(region);
        let mut outside: Vec<usize> = (0..self.shape.row.len())
            .filter(|place| holds(self, *place) && !within.contains(place))
            .collect();
        for place in within {
            for (b, l) in (0..m).flat_map(|b| (0..k).map(move |l| (b, l))) {
                let mut at = 0;
                while at < outside.len() && now(self) < goal && b != i && l != j {
                    let other = outside[at];
                    let here = self.units(place, i, l).min(self.units(place, b, j));
                    if here == 0 || !self.allowed[b * k + l] {
                        break;
                    }
                    let same = self.shape.row[place] == self.shape.row[other];
                    let there = self.units(other, i, j).min(self.units(other, b, l));
                    if same && there > 0 {
                        let step = here.min(there).min(goal - now(self));
                        self.rotate(place, (i, l), (b, j), step);
                        self.rotate(other, (i, j), (b, l), step);
                        if self.units(other, i, j) == 0 {
                            outside.swap_remove(at);
                            continue;
                        }
                    }
                    at += 1;
                }
            }
        }
        self.keep();
    }

    /// Raises a cell of a region to a goal by rectangles inside its places, the
    /// rows repaired each time; what is published does not change.
    pub(super) fn raise(&mut self, region: usize, (i, j): (usize, usize), goal: i64) -> bool {
        let kept: Vec<(usize, i64)> = self
            .places_of(region)
            .into_iter()
            .map(|place| (place, self.units(place, i, j)))
            .collect();
        self.pin((i, j), &kept);
        let done = self.raise_pinned(region, (i, j), goal);
        self.unpin();
        done
    }

    fn raise_pinned(&mut self, region: usize, (i, j): (usize, usize), goal: i64) -> bool {
        let (m, k) = self.shape.kinds;
        let places = self.places_of(region);
        'again: while self.region(region, i, j)[0] < goal {
            let want = goal - self.region(region, i, j)[0];
            for &place in &places {
                for b in (0..m).filter(|b| *b != i) {
                    for l in (0..k).filter(|l| *l != j) {
                        let can = self.may_take(place, i, l)
                            && self.may_take(place, b, j)
                            && self.allowed[b * k + l];
                        if !can {
                            continue;
                        }
                        let most = want.min(self.free(place, i, l)).min(self.free(place, b, j));
                        for step in [most, 1] {
                            let mark = self.mark();
                            self.rotate(place, (i, l), (b, j), step);
                            self.keep_more(place, step);
                            if self.repair(self.shape.row[place]) {
                                continue 'again;
                            }
                            self.keep_more(place, -step);
                            self.back_to(mark);
                            if most == 1 {
                                break;
                            }
                        }
                    }
                }
            }
            return false;
        }
        true
    }
}

/// The answers of a set, in their order.
fn ranks(mut kinds: Kinds) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let first = kinds.trailing_zeros();
        kinds &= kinds.wrapping_sub(1);
        (first < Kinds::BITS).then_some(first as usize)
    })
}

fn legs(came: &[Option<(usize, Leg)>], start: usize, end: usize) -> Vec<Leg> {
    let (mut at, mut legs) = (end, Vec::new());
    while at != start {
        let Some((before, leg)) = came[at] else { break };
        legs.push(leg);
        at = before;
    }
    legs.reverse();
    legs
}

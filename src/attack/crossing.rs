//! Crossings: two questions asked of the same household.
//!
//! A line of a crossing may be published only where the line of its first
//! variable, A, is published whole. With A known, the cells of a crossing are a
//! network (proof in `docs/secrecy.md`): each stands in the sum of its line and
//! modality of A, with those who did not answer the second question (∅), and in
//! the sum of its cell over the communes. The communes whose line is hidden
//! whole make one more row, of which A is known by difference.
//!
//! The second variable, B, counts dwellings: it bounds a column from above. That
//! is no part of the network; every witness is checked against it as a whole
//! (`attack::circulation`). The modalities that B hides over the territory are
//! hidden in every line of the crossing, and judged as one.

use super::circulation::{Arc, Circulation, Judge, Way};
use super::{Attack, Finding, Sheet, Verdict};
use crate::indicator::{self, Classify, TableDef, shares};
use crate::partial::{LineFile, MAX_COUNT, Place, TableFile};
use crate::table::Level;
use crate::words::attack as words;

/// A crossing of the file.
pub(super) struct Crossing<'a> {
    pub(super) table: &'a TableFile,
    pub(super) def: &'static TableDef,
}

/// A row of the system: a published line, or all the others together.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// Answers to A, by modality.
    pub(super) margin: Vec<i64>,
    /// Published cells.
    pub(super) cells: Vec<Option<i64>>,
    /// Answers to A less those to both.
    pub(super) silent: Option<i64>,
    /// The most that this can be: dwellings without an answer to B.
    pub(super) most_silent: i64,
    /// Is it one line, of which no hidden cell may be known exactly?
    pub(super) line: bool,
}

/// What is published of a crossing.
#[derive(Clone, Debug)]
pub(super) struct System {
    pub(super) threshold: i64,
    /// Modalities of A and of B.
    pub(super) size: (usize, usize),
    pub(super) rows: Vec<Row>,
    /// The cells and the silent of the territory.
    pub(super) top: Vec<Option<i64>>,
    pub(super) top_silent: Option<i64>,
    /// The most that B allows, by row then column.
    pub(super) caps: Option<Vec<i64>>,
    /// Cells that no household is in, by what the two questions ask.
    pub(super) never: Vec<usize>,
}

/// A cell that was not proved safe: row (`None` is the territory) and cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spot {
    Cell(Option<usize>, usize),
    /// Those who answered A (by modality) and not B.
    Silent(Option<usize>, usize),
    Respondents(Option<usize>),
    /// No table was found.
    All,
}

/// What was found: hidden cells attacked, and those not proved safe.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) attacked: u64,
    pub(super) weak: Vec<Spot>,
}

pub(super) struct Target {
    arc: Arc,
    spot: Spot,
    /// The largest value asked, and the smallest where that is asked instead.
    reach: Reach,
    two: bool,
}

enum Reach {
    AtLeast(i64),
    AtMost(i64),
}

impl System {
    /// Looks for a witness for each hidden cell, of the crossing alone.
    #[cfg(test)]
    pub(super) fn attack(&self) -> Found {
        let (mut net, targets) = self.network();
        match net.settle() {
            true => self.seek(&mut net, &targets, &mut |_| true),
            false => Found {
                attacked: 0,
                weak: vec![Spot::All],
            },
        }
    }

    /// Begins the network with what the rows hold elsewhere, where they may.
    pub(super) fn propose(&self, net: &mut Circulation, held: &[i64]) {
        let (n, w) = self.size;
        let at = |r: usize, i: usize, c: usize| held[(r * n + i) * (w + 1) + c];
        let rows = self.rows.len();
        for (r, i) in (0..rows).flat_map(|r| (0..n).map(move |i| (r, i))) {
            (0..=w).for_each(|c| net.propose(self.arc(r, i, c), at(r, i, c)));
        }
        for r in 0..rows {
            let silent = (0..n).map(|i| at(r, i, w)).sum();
            net.propose(n * w + 1 + r * (1 + n * (w + 2)), silent);
        }
        for cell in 0..n * w {
            net.propose(cell, (0..rows).map(|r| at(r, cell / w, cell % w)).sum());
        }
        let silent = (0..rows).flat_map(|r| (0..n).map(move |i| (r, i)));
        net.propose(n * w, silent.map(|(r, i)| at(r, i, w)).sum());
    }

    /// By row, first answer and column: what is hidden in the row and over the
    /// territory, and may be anything that the answers allow. Those who did not answer
    /// the second question are never published by first answer.
    pub(super) fn open(&self) -> Vec<bool> {
        let (n, w) = self.size;
        let of = |row: &Row, cell: usize| row.cells[cell].or(self.top[cell]).is_none();
        let rows = self
            .rows
            .iter()
            .flat_map(|row| (0..n).map(move |i| (row, i)));
        rows.flat_map(|(row, i)| (0..=w).map(move |c| c == w || of(row, i * w + c)))
            .collect()
    }

    /// By row: is it known, or may it be, how many did not answer the second question?
    pub(super) fn tied(&self) -> Vec<bool> {
        let rows = self.rows.iter();
        rows.map(|row| row.silent.or(self.top_silent).is_some())
            .collect()
    }

    /// Do the rows hold what is published of them and of the territory?
    pub(super) fn allows(&self, held: &[i64]) -> bool {
        let (n, w) = self.size;
        let at = |r: usize, i: usize, c: usize| held[(r * n + i) * (w + 1) + c];
        let rows = 0..self.rows.len();
        let silent = |r: usize| (0..n).map(|i| at(r, i, w)).sum::<i64>();
        let each = rows.clone().all(|r| {
            let row = &self.rows[r];
            let margins =
                (0..n).all(|i| (0..=w).map(|c| at(r, i, c)).sum::<i64>() == row.margin[i]);
            let cells = row.cells.iter().enumerate();
            let same = |(cell, value): (usize, &Option<i64>)| {
                value.is_none_or(|value| value == at(r, cell / w, cell % w))
            };
            margins && cells.clone().all(same) && row.silent.is_none_or(|all| all == silent(r))
        });
        let mut top = self.top.iter().enumerate();
        each && top.all(|(cell, value)| {
            let sum = || rows.clone().map(|r| at(r, cell / w, cell % w)).sum::<i64>();
            value.is_none_or(|value| value == sum())
        }) && (self.top_silent).is_none_or(|all| all == rows.clone().map(silent).sum::<i64>())
    }

    /// Looks for a witness for each hidden cell, among those that `judge` allows.
    pub(super) fn seek(
        &self,
        net: &mut Circulation,
        targets: &[Target],
        judge: Judge<'_>,
    ) -> Found {
        let mut found = Found::default();
        let first = net.snapshot();
        for target in targets {
            found.attacked += 1;
            if !reached(net, target, &first, judge) {
                found.weak.push(target.spot);
            }
        }
        let width = self.size.1;
        // The territory's silent, by modality, are a sum over the rows and no arc.
        // Its cells are the first arcs.
        for i in 0..self.size.0 {
            if self.rows.len() == 1 || self.top_silent == Some(0) {
                break;
            }
            found.attacked += 1;
            let cells: Vec<Arc> = (0..width).map(|j| i * width + j).collect();
            let two = cells.iter().any(|arc| {
                cells
                    .iter()
                    .for_each(|other| net.hold(*other, other != arc));
                nudge(net, *arc, judge)
            });
            cells.iter().for_each(|arc| net.hold(*arc, false));
            if !two {
                found.weak.push(Spot::Silent(None, i));
            }
        }
        found
    }

    /// The network, which has no table yet, and what is asked of it.
    pub(super) fn network(&self) -> (Circulation, Vec<Target>) {
        let (n, w) = self.size;
        let rows = self.rows.len();
        // Outside, all the silent, then columns, then rows and their silent.
        let column = |i: usize, j: usize| 2 + i * w + j;
        let line = |r: usize, i: usize| 2 + n * w + r * (n + 1) + i;
        let caps = self.caps.clone().unwrap_or_default();
        let capped = !caps.is_empty();
        let mut net = Circulation::new(2 + n * w + rows * (n + 1), caps);
        let mut targets = Vec::new();
        let least = |arc, spot, two| Target {
            arc,
            spot,
            reach: Reach::AtLeast(self.threshold),
            two,
        };
        let never = |cell: usize| self.never.contains(&cell);
        for (cell, value) in self.top.iter().enumerate() {
            let value = &value.or(never(cell).then_some(0));
            let arc = net.arc((column(cell / w, cell % w), 0), *value, MAX_COUNT, None);
            if value.is_none() {
                let spot = Spot::Cell(None, cell);
                targets.push(least(arc, spot, true));
            }
        }
        let answered = |row: &Row| row.margin.iter().sum::<i64>();
        let all: i64 = self.rows.iter().map(answered).sum();
        let arc = net.arc((1, 0), self.top_silent, MAX_COUNT, None);
        if self.top_silent.is_none() {
            targets.push(respondents(arc, None, all - self.threshold, true));
        }
        for (r, row) in self.rows.iter().enumerate() {
            let nobody = line(r, n);
            let arc = net.arc((nobody, 1), row.silent, row.most_silent, None);
            if row.silent.is_none() {
                let most = answered(row) - self.threshold;
                targets.push(respondents(arc, Some(r), most, row.line));
            }
            for (i, margin) in row.margin.iter().enumerate() {
                net.arc((0, line(r, i)), Some(*margin), 0, None);
                for j in 0..w {
                    let cell = i * w + j;
                    let value = row.cells[cell].or(never(cell).then_some(0));
                    let group = capped.then_some(r * w + j);
                    let arc = net.arc((line(r, i), column(i, j)), value, MAX_COUNT, group);
                    if value.is_none() {
                        let spot = Spot::Cell(Some(r), cell);
                        targets.push(least(arc, spot, row.line));
                    }
                }
                let arc = net.arc((line(r, i), nobody), None, MAX_COUNT, None);
                if !self.all_answered(r) {
                    // The only row is the territory.
                    targets.push(least(arc, Spot::Silent(Some(r), i), row.line || rows == 1));
                }
            }
        }
        (net, targets)
    }

    /// The arc of a cell of a row; the column after the last is the silent.
    pub(super) fn arc(&self, row: usize, i: usize, column: usize) -> Arc {
        let (n, w) = self.size;
        n * w + 1 + row * (1 + n * (w + 2)) + 1 + i * (w + 2) + 1 + column
    }

    /// What a table of the network says of the rows: by row, modality of A, and
    /// column, the silent last.
    pub(super) fn held(&self, table: &[i64]) -> Vec<i64> {
        let (n, w) = self.size;
        let cells = (0..self.rows.len()).flat_map(|r| (0..n).map(move |i| (r, i)));
        cells
            .flat_map(|(r, i)| (0..=w).map(move |c| (r, i, c)))
            .map(|(r, i, c)| table[self.arc(r, i, c)])
            .collect()
    }

    /// Is it published, or does it follow, that everyone in the row who answered
    /// A answered B?
    fn all_answered(&self, row: usize) -> bool {
        let others = || {
            let others = self.rows.iter().enumerate().filter(|(r, _)| *r != row);
            let known: Option<i64> = others.map(|(_, row)| row.silent).sum();
            Some(self.top_silent? - known?)
        };
        self.rows[row].silent.or_else(others) == Some(0) || self.top_silent == Some(0)
    }
}

/// Is there a witness in which the cell is large enough, and, where it is asked,
/// one in which it has another value?
fn reached(net: &mut Circulation, target: &Target, first: &[i64], judge: Judge<'_>) -> bool {
    let arc = target.arc;
    let push = |net: &mut Circulation, judge: Judge<'_>| match target.reach {
        Reach::AtLeast(goal) => {
            if net.range(arc).1 < goal {
                net.advance(arc, Way::Up, goal - net.now(arc), judge);
            }
            net.range(arc).1 >= goal
        }
        Reach::AtMost(goal) => {
            if net.range(arc).0 > goal {
                net.advance(arc, Way::Down, net.now(arc) - goal, judge);
            }
            net.range(arc).0 <= goal
        }
    };
    let mut far = push(net, judge);
    if !far && judge(first) {
        // What one table does not reach, another may.
        net.go_back(first);
        far = push(net, judge);
    }
    let (low, high) = net.range(arc);
    far && (!target.two || low < high || nudge(net, arc, judge))
}

fn nudge(net: &mut Circulation, arc: Arc, judge: Judge<'_>) -> bool {
    net.advance(arc, Way::Up, 1, judge) > 0 || net.advance(arc, Way::Down, 1, judge) > 0
}

/// Respondents are large where the silent are few.
fn respondents(arc: Arc, row: Option<usize>, most_silent: i64, two: bool) -> Target {
    Target {
        arc,
        spot: Spot::Respondents(row),
        reach: Reach::AtMost(most_silent),
        two,
    }
}

fn any_published(line: &LineFile) -> bool {
    line.respondents.is_some() || line.counts.iter().any(Option::is_some)
}

fn complete(line: &LineFile, threshold: i64) -> bool {
    line.base().is_some()
        && line.respondents.is_some()
        && line
            .counts
            .iter()
            .all(|count| count.is_some_and(|c| c >= threshold))
}

/// A crossing that the gate can judge, with the two tables that it crosses.
pub(super) struct Case<'a> {
    pub(super) crossing: &'a Crossing<'a>,
    pub(super) a: &'a Sheet<'a>,
    pub(super) b: &'a Sheet<'a>,
    /// Rank of the maille of each line.
    pub(super) mailles: Vec<usize>,
    /// Lines that are rows of the system, in its order.
    pub(super) published: Vec<usize>,
    /// Lines that are one row together.
    pub(super) rest: Vec<usize>,
    /// Is the only commune a copy of the territory?
    pub(super) copy: bool,
    /// Modalities of B in each column of the system.
    pub(super) columns: Vec<Vec<usize>>,
    pub(super) system: System,
}

impl Case<'_> {
    /// Where a finding of the crossing stands.
    pub(super) fn place(&self, line: usize, what: String) -> Place {
        self.crossing.place(line, what)
    }

    /// The line of a row: its own, or the territory's for several together.
    pub(super) fn line_of(&self, row: usize) -> usize {
        match self.published.get(row) {
            Some(line) => *line,
            None if self.rest.len() == 1 && !self.copy => self.rest[0],
            None => 0,
        }
    }

    /// Where the spot of a finding stands.
    pub(super) fn place_of(&self, spot: Spot) -> Place {
        let def = self.crossing.def;
        let width = def.dimensions[1].modalities.len();
        let size = self.system.size;
        let line = |row: Option<usize>| row.map_or(0, |row| self.line_of(row));
        match spot {
            Spot::Cell(row, cell) => {
                let rank = cell / size.1 * width + self.columns[cell % size.1][0];
                self.place(line(row), shares::cell_ids(def, rank).join(" × "))
            }
            Spot::Silent(row, i) => {
                let what = words::silent(def.dimensions[0].modalities[i]);
                self.place(line(row), what)
            }
            Spot::Respondents(row) => self.place(line(row), "repondants".to_owned()),
            Spot::All => self.place(0, String::new()),
        }
    }
}

impl Crossing<'_> {
    pub(super) fn place(&self, line: usize, what: String) -> Place {
        Place {
            table: self.table.id.clone(),
            zonage: self.table.zonage.clone(),
            maille: self.table.lines[line].maille.clone(),
            what,
        }
    }

    /// Is anything of it published?
    pub(super) fn is_shown(&self) -> bool {
        self.table.lines.iter().any(any_published)
    }
}

/// What is published of a crossing, when it is published as it must be.
pub(super) fn case<'a>(
    attack: &'a Attack<'a>,
    crossing: &'a Crossing<'a>,
    verdict: &mut Verdict,
) -> Option<Case<'a>> {
    let table = crossing.table;
    let place = |line: usize, what: String| crossing.place(line, what);
    // Rank of the maille of each line.
    let mailles: Vec<usize> = (0..attack.zonage.mailles.len())
        .filter(|g| {
            matches!(
                attack.zonage.mailles[*g].level,
                Level::Epci | Level::Commune
            )
        })
        .collect();
    let shown: Vec<usize> = (0..table.lines.len())
        .filter(|k| any_published(&table.lines[*k]))
        .collect();
    if mailles.len() != table.lines.len() {
        verdict.find(place(0, String::new()), Finding::Contradiction);
        return None;
    }
    let Classify::Cross(a, b) = crossing.def.classify else {
        return None;
    };
    let (Some(a), Some(b)) = (attack.sheet(a), attack.sheet(b)) else {
        verdict.find(place(0, String::new()), Finding::OpenMargin);
        return None;
    };
    let line_of_a = |k: usize| a.line(mailles[k]);
    let line_of_b = |k: usize| b.line(mailles[k]);
    // Modalities of B that are judged as one.
    let width = crossing.def.dimensions[1].modalities.len();
    let blank: Vec<bool> = (0..width)
        .map(|j| line_of_b(0).counts[j].is_none())
        .collect();
    let mut open = false;
    for &k in std::iter::once(&0).chain(&shown) {
        let line = line_of_b(k);
        let of_b = line.base().is_some()
            && line.respondents.is_some()
            && line
                .counts
                .iter()
                .zip(&blank)
                .all(|(count, blank)| match count {
                    Some(count) => *count >= attack.threshold,
                    None => *blank,
                });
        let hidden = table.lines[k]
            .counts
            .iter()
            .enumerate()
            .all(|(cell, count)| count.is_none() || !blank[cell % width]);
        if !complete(line_of_a(k), attack.threshold) || !of_b || !hidden {
            open = true;
            verdict.find(place(k, String::new()), Finding::OpenMargin);
        }
    }
    if open {
        return None;
    }
    let columns = columns(&blank);
    let size = (crossing.def.dimensions[0].modalities.len(), columns.len());
    let merged = |k: usize| -> Vec<Option<i64>> {
        let counts = &table.lines[k].counts;
        (0..size.0)
            .flat_map(|i| columns.iter().map(move |column| (i, column)))
            .map(|(i, column)| column.iter().map(|j| counts[i * width + j]).sum())
            .collect()
    };
    // An only commune is a copy of the territory.
    let copy = table.lines.len() == 2;
    if copy {
        let (top, only) = (&table.lines[0], &table.lines[1]);
        if top.counts != only.counts || top.respondents != only.respondents {
            verdict.find(place(1, String::new()), Finding::Identity);
            return None;
        }
    }
    let published: Vec<usize> = shown.iter().copied().filter(|k| *k != 0 && !copy).collect();
    let rest: Vec<usize> = (1..table.lines.len())
        .filter(|k| !published.contains(k))
        .collect();
    let counts = |k: usize| -> Vec<i64> { line_of_a(k).counts.iter().flatten().copied().collect() };
    let silent = |k: usize| Some(line_of_a(k).respondents? - table.lines[k].respondents?);
    let mut rows: Vec<Row> = published
        .iter()
        .map(|k| Row {
            margin: counts(*k),
            cells: merged(*k),
            silent: silent(*k),
            most_silent: MAX_COUNT,
            line: true,
        })
        .collect();
    if !rest.is_empty() {
        let mut margin = counts(0);
        for row in &rows {
            margin
                .iter_mut()
                .zip(&row.margin)
                .for_each(|(m, r)| *m -= r);
        }
        if margin.iter().any(|m| *m < 0) {
            verdict.find(place(0, String::new()), Finding::Contradiction);
            return None;
        }
        let line = rest.len() == 1 && !copy;
        rows.push(Row {
            margin,
            cells: vec![None; size.0 * size.1],
            silent: None,
            most_silent: MAX_COUNT,
            line,
        });
    }
    let bounds = |k: usize| caps_of(line_of_b(k), &columns);
    let (mut left, mut all) = bounds(0);
    let mut caps = Vec::new();
    for (row, k) in rows.iter_mut().zip(&published) {
        let (silent, columns) = bounds(*k);
        row.most_silent = silent;
        left -= silent;
        all.iter_mut().zip(&columns).for_each(|(a, c)| *a -= c);
        caps.extend(columns);
    }
    if let Some(row) = rows.get_mut(published.len()) {
        row.most_silent = left;
        caps.extend(all);
    }
    let system = System {
        threshold: attack.threshold,
        size,
        rows,
        top: merged(0),
        top_silent: silent(0),
        caps: Some(caps),
        never: never(crossing.def, &columns),
    };
    Some(Case {
        crossing,
        a,
        b,
        mailles,
        published,
        rest,
        copy,
        columns,
        system,
    })
}

/// Cells of the system that no household is in: who lives alone is one person.
fn never(def: &TableDef, columns: &[Vec<usize>]) -> Vec<usize> {
    let pairs = impossible(def);
    let cells = (0..def.dimensions[0].modalities.len())
        .flat_map(|i| (0..columns.len()).map(move |c| (i, c)));
    cells
        .filter(|(i, c)| columns[*c].iter().all(|j| pairs.contains(&(*i, *j))))
        .map(|(i, c)| i * columns.len() + c)
        .collect()
}

/// Pairs of answers that exclude each other, where the catalogue says that a
/// modality of the first table is one of the second.
pub(super) fn impossible(def: &TableDef) -> Vec<(usize, usize)> {
    let Some((one, other)) = indicator::same_answer(def) else {
        return Vec::new();
    };
    (0..def.dimensions[0].modalities.len())
        .flat_map(|i| (0..def.dimensions[1].modalities.len()).map(move |j| (i, j)))
        .filter(|(i, j)| (*i == one) != (*j == other))
        .collect()
}

/// The columns of a system: one for each modality of B, those that are blank
/// over the territory together.
fn columns(blank: &[bool]) -> Vec<Vec<usize>> {
    let mut columns: Vec<Vec<usize>> = (0..blank.len())
        .filter(|j| !blank[*j])
        .map(|j| vec![j])
        .collect();
    let together: Vec<usize> = (0..blank.len()).filter(|j| blank[*j]).collect();
    if !together.is_empty() {
        columns.push(together);
    }
    columns
}

/// The dwellings of a line without an answer to B, and those in each column.
fn caps_of(line: &LineFile, columns: &[Vec<usize>]) -> (i64, Vec<i64>) {
    let (base, answers) = (
        line.base().unwrap_or_default(),
        line.respondents.unwrap_or_default(),
    );
    let single = |column: &Vec<usize>| match column[..] {
        [j] => line.counts[j],
        _ => None,
    };
    let known: i64 = columns.iter().filter_map(single).sum();
    let caps = columns
        .iter()
        .map(|column| single(column).unwrap_or(answers - known))
        .collect();
    (base - answers, caps)
}

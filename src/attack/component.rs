//! Crossings with all that bounds them: one system.
//!
//! Tables that crossings link are attacked together. A witness is a table of each
//! and a table of each crossing for which a *lift* exists ([`super::lift`]): whole
//! numbers of units by place, first and second answer, of which all are the sums.
//! Two crossings that share a table need no more: in each place their lifts hold
//! the same answers to it, and units can be matched by that answer.
//!
//! A *place* is a leaf whose households are published, or a group of leaves: those
//! whose households are not, under one nearest maille whose households are. Inside
//! a group whole units, with all their answers, move freely; what it takes to say
//! so is demanded by [`check_groups`] (proof in `docs/secrecy.md`).
//!
//! Every hidden cell of the tables and of the crossings must reach what it must in
//! such witnesses. What is not proved is laid at a line of a crossing: without
//! crossings the tables have already been found safe.

use std::collections::{BTreeMap, BTreeSet};

use super::crossing::{self, Case, Spot};
use super::flow::{Flow, Towards};
use super::lift::{self, Lift, Shape};
use super::regions::{self, Region};
use super::{Attack, Finding, Mover, Sheet, Verdict};
use crate::campaign::BearsOn;
use crate::indicator::{MAX_CROSSED_LEAVES, Unit, twins};
use crate::partial::Place;
use crate::table::Level;
use crate::words::attack as words;

/// A table of the system and the one that it holds at present.
pub(super) struct Table<'a> {
    pub(super) sheet: &'a Sheet<'a>,
    pub(super) flow: Flow,
}

/// A pair of tables, the lift between them and what it must agree with.
pub(super) struct Link {
    /// The ranks of the two tables.
    pub(super) tables: (usize, usize),
    pub(super) lift: Lift,
    /// What the crossing holds at present, by row, first answer, column.
    pub(super) held: Vec<i64>,
    /// Where a failure is told, by row.
    rows: Vec<Place>,
}

/// The tables of a system and the lifts between them.
pub(super) struct Joint<'a> {
    pub(super) tables: Vec<Table<'a>>,
    pub(super) links: Vec<Link>,
    /// The place of each leaf.
    pub(super) place: Vec<Option<usize>>,
    /// The parent of each maille, and the last of those that it holds.
    pub(super) parent: Vec<Option<usize>>,
    pub(super) last: Vec<usize>,
    /// The table under attack.
    pub(super) at: usize,
    /// The link and row that last stopped a change.
    stopped: Option<(usize, usize)>,
    /// A witness to begin anew from where another leads nowhere.
    first: Option<First>,
    /// Moves that failed.
    failures: usize,
    /// What the exchanges of whole units have taken, in pairs of leaves looked at.
    pub(super) pairs: u64,
}

/// A witness: what each table holds, each lift, and each crossing.
struct First {
    tables: Vec<Vec<i64>>,
    links: Vec<(lift::Table, Vec<i64>)>,
}

/// A table and its cells that change: column, maille, difference.
type Changed = (usize, Vec<(usize, usize, i64)>);

/// Units of one kind that a link is to hold, by place.
type Laid<'l> = (usize, (usize, usize), &'l [(usize, i64)]);

impl<'a> Joint<'a> {
    fn new(attack: &Attack<'_>, tables: Vec<Table<'a>>, places: &Places) -> Self {
        let parent: Vec<Option<usize>> = attack.zonage.mailles.iter().map(|m| m.parent).collect();
        // Mailles stand depth first: what one holds follows it.
        let mut last: Vec<usize> = (0..parent.len()).collect();
        for g in (0..parent.len()).rev() {
            if let Some(p) = parent[g] {
                last[p] = last[p].max(last[g]);
            }
        }
        Self {
            tables,
            links: Vec::new(),
            place: places.of.clone(),
            parent,
            last,
            at: 0,
            stopped: None,
            first: None,
            failures: 0,
            pairs: 0,
        }
    }

    /// Has the search taken all that it may? What is left is not proved then.
    pub(super) fn exhausted(&self) -> bool {
        let lifts: u64 = self.links.iter().map(|link| link.lift.steps()).sum();
        self.pairs + lifts > MAX_STEPS
    }

    /// From now on a move that fails is tried again from the present witness.
    fn mark_first(&mut self) {
        let links = self.links.iter();
        self.first = Some(First {
            tables: self.tables.iter().map(|t| t.flow.snapshot()).collect(),
            links: links.map(|l| (l.lift.snapshot(), l.held.clone())).collect(),
        });
    }

    /// Goes back to the first witness, where there is one.
    pub(super) fn begin_anew(&mut self) -> bool {
        let Some(first) = &self.first else {
            return false;
        };
        for (table, was) in self.tables.iter_mut().zip(&first.tables) {
            table.flow.go_back(was);
        }
        for (link, (lift, held)) in self.links.iter_mut().zip(&first.links) {
            link.lift.go_back(lift);
            link.held.clone_from(held);
        }
        true
    }

    fn table(&self, id: &str) -> Option<usize> {
        self.tables.iter().position(|t| t.sheet.table.id == id)
    }

    /// Does a lift exist once a table changes so? Then it is the present one.
    fn accept(&mut self, table: usize, cells: &[(usize, usize, i64)]) -> bool {
        self.follow_all(&[(table, cells.to_vec())], None)
    }

    /// Does a lift exist once the tables of a link are what they are on trial, and
    /// the places of a region hold so many units of one kind?
    pub(super) fn lay(&mut self, rank: usize, kind: (usize, usize), laid: &[(usize, i64)]) -> bool {
        let (a, b) = self.links[rank].tables;
        let changes = [a, b].map(|table| (table, self.tables[table].flow.trial_cells()));
        self.links[rank].lift.pin(kind, laid);
        let done = self.follow_all(&changes, Some((rank, kind, laid)));
        self.links[rank].lift.unpin();
        done
    }

    /// Lets every lift follow what changes in tables; `laid` are units that one of
    /// them must hold, at least, by place.
    fn follow_all(&mut self, changes: &[Changed], laid: Option<Laid<'_>>) -> bool {
        let mut stopped = None;
        for (rank, link) in self.links.iter_mut().enumerate() {
            let (m, k) = link.lift.kinds();
            let mut needs: BTreeMap<usize, Vec<i64>> = BTreeMap::new();
            for (table, cells) in changes {
                let offset = match *table {
                    t if t == link.tables.0 => 0,
                    t if t == link.tables.1 => m,
                    _ => continue,
                };
                for (column, maille, step) in cells {
                    if let Some(place) = self.place[*maille] {
                        let need = needs.entry(place).or_insert_with(|| vec![0; m + k]);
                        need[offset + column] += step;
                    }
                }
            }
            if let Some((_, (i, j), laid)) = laid.filter(|(at, ..)| *at == rank) {
                for (place, units) in laid {
                    let more = units - link.lift.units(*place, i, j);
                    if more > 0 {
                        let need = needs.entry(*place).or_insert_with(|| vec![0; m + k]);
                        link.lift.lay(*place, (i, j), more);
                        need[i] -= more;
                        need[m + j] -= more;
                    }
                }
            }
            let mut rows = BTreeSet::new();
            for (place, need) in &mut needs {
                if need.iter().all(|n| *n == 0) {
                    continue;
                }
                rows.insert(link.lift.row(*place));
                if !link.lift.refit(*place, need) {
                    stopped = Some((rank, link.lift.row(*place)));
                }
            }
            if stopped.is_none() {
                let stuck = rows.into_iter().find(|row| !link.lift.repair(*row));
                stopped = stuck.map(|row| (rank, row));
            }
            if stopped.is_some() {
                break;
            }
        }
        self.settle(stopped)
    }

    /// Does a lift exist once a crossing holds this?
    pub(super) fn accept_crossing(&mut self, rank: usize, held: Vec<i64>) -> bool {
        let link = &mut self.links[rank];
        let by_row = held.len() / link.rows.len().max(1);
        let (mut rows, old) = (BTreeSet::new(), std::mem::replace(&mut link.held, held));
        for (at, (new, old)) in link.held.iter().zip(&old).enumerate() {
            if new != old {
                link.lift.want(at, new - old);
                rows.insert(at / by_row);
            }
        }
        link.lift.be_strict(true);
        let stopped = rows.into_iter().find(|row| !link.lift.repair(*row));
        link.lift.be_strict(false);
        if stopped.is_some() {
            link.held = old;
        }
        self.settle(stopped.map(|row| (rank, row)))
    }

    fn settle(&mut self, stopped: Option<(usize, usize)>) -> bool {
        for link in &mut self.links {
            match stopped {
                None => {
                    link.lift.settle_open(&mut link.held);
                    link.lift.keep();
                }
                Some(_) => link.lift.undo(),
            }
        }
        if stopped.is_some() {
            self.stopped = stopped;
        }
        stopped.is_none()
    }

    /// One change of the table under attack; `Err` gives the cells that it would
    /// have moved.
    fn attempt(&mut self, arc: usize, towards: Towards, want: i64) -> Result<i64, Vec<usize>> {
        let flow = &mut self.tables[self.at].flow;
        flow.begin();
        let done = flow.advance(arc, towards, want);
        let cells = flow.trial_cells();
        if done > 0 && self.accept(self.at, &cells) {
            self.tables[self.at].flow.keep();
            return Ok(done);
        }
        let flow = &mut self.tables[self.at].flow;
        flow.undo();
        Err(cells.iter().map(|(c, g, _)| flow.cell(*c, *g)).collect())
    }

    /// Moves a cell by one, another way than the first.
    fn detour(&mut self, arc: usize, towards: Towards) -> i64 {
        let mut held = Vec::new();
        let mut done = 0;
        for _ in 0..MAX_DETOURS {
            match self.attempt(arc, towards, 1) {
                Ok(step) => {
                    done = step;
                    break;
                }
                Err(cells) => {
                    let flow = &mut self.tables[self.at].flow;
                    // The farthest first: near the cell there is less choice.
                    let next = cells
                        .into_iter()
                        .rev()
                        .find(|cell| *cell != arc && !flow.is_held(*cell) && flow.hidden(*cell));
                    let Some(next) = next else { break };
                    flow.hold(next, true);
                    held.push(next);
                }
            }
        }
        let flow = &mut self.tables[self.at].flow;
        held.into_iter().for_each(|cell| flow.hold(cell, false));
        done
    }

    /// Raises a hidden cell of one of the tables.
    pub(super) fn raise(&mut self, table: usize, (column, maille): (usize, usize), goal: i64) {
        let before = std::mem::replace(&mut self.at, table);
        let flow = &self.tables[table].flow;
        let arc = flow.cell(column, maille);
        let want = goal - flow.now(arc);
        if want > 0 && flow.hidden(arc) {
            self.push(arc, Towards::More, want);
        }
        self.at = before;
    }
}

/// What the search for the witnesses of a system may take, in places, cells and pairs
/// of leaves looked at: counted, and not timed, so that the verdict is the same on
/// every machine.
const MAX_STEPS: u64 = 200_000_000;

/// Most moves that fail before all others are refused unseen.
const MAX_FAILURES: usize = 40;

/// Cells that a failed change would have moved, held one after the other in
/// search of another way.
const MAX_DETOURS: usize = 8;

impl Mover for Joint<'_> {
    fn flow(&mut self) -> &mut Flow {
        &mut self.tables[self.at].flow
    }

    fn push(&mut self, arc: usize, towards: Towards, want: i64) -> i64 {
        // What is refused costs most: a few failures say enough.
        if self.failures >= MAX_FAILURES || self.exhausted() {
            return 0;
        }
        // One up may fail where one down does not.
        let counts = want > 1 || towards == Towards::Less;
        let before = self.flow().now(arc);
        let goal = match towards {
            Towards::More => before + want,
            Towards::Less => before - want,
        };
        let done = self.go(arc, towards, want);
        if done < want && self.begin_anew() {
            let left = match towards {
                Towards::More => goal - self.flow().now(arc),
                Towards::Less => self.flow().now(arc) - goal,
            };
            let last = self.go(arc, towards, left);
            self.failures += usize::from(last < left && counts);
            return want - left + last;
        }
        self.failures += usize::from(done < want && counts);
        done
    }

    fn finding(&self, _: Finding) -> Finding {
        Finding::Unproved
    }

    /// The line of a crossing that stopped the last change.
    fn blame(&self, place: Place) -> Place {
        match self.stopped {
            Some((rank, row)) => self.links[rank].rows[row].clone(),
            None => self
                .links
                .first()
                .map_or(place, |link| link.rows[0].clone()),
        }
    }
}

impl Joint<'_> {
    /// Moves a cell from the present witness; gives how far.
    fn go(&mut self, arc: usize, towards: Towards, want: i64) -> i64 {
        let mut done = 0;
        while done < want {
            let left = want - done;
            let mut step = self.exchange(arc, towards, left, true);
            for size in [left, left / 3, 1] {
                if size > 0 && step == 0 {
                    step = self.attempt(arc, towards, size).unwrap_or_default();
                }
            }
            if step == 0 {
                step = self.exchange(arc, towards, left, false);
            }
            if step == 0 {
                step = self.detour(arc, towards);
            }
            if step == 0 {
                break;
            }
            done += step;
        }
        done
    }
}

/// Leaves, or groups of them, between which no unit moves unseen.
pub(super) struct Places {
    /// The place of each leaf.
    of: Vec<Option<usize>>,
    /// The leaves of each place.
    pub(super) leaves: Vec<Vec<usize>>,
    /// Are the households of its leaves hidden?
    pub(super) group: Vec<bool>,
    /// The group of leaves in communes whose households are hidden.
    pub(super) top: Option<usize>,
}

impl Places {
    fn of(attack: &Attack<'_>) -> Self {
        let leaf = attack.zonage.leaves();
        let mut places = Self {
            of: vec![None; leaf.len()],
            leaves: Vec::new(),
            group: Vec::new(),
            top: None,
        };
        let mut of_group = BTreeMap::new();
        for g in (0..leaf.len()).filter(|g| leaf[*g]) {
            let above = shown_above(attack, g);
            let place = match above {
                Some(above) if above == g => places.leaves.len(),
                above => *of_group.entry(above).or_insert(places.leaves.len()),
            };
            if place == places.leaves.len() {
                places.leaves.push(Vec::new());
                places.group.push(above != Some(g));
            }
            if above == Some(0) && g != 0 {
                places.top = Some(place);
            }
            places.leaves[place].push(g);
            places.of[g] = Some(place);
        }
        places
    }

    fn sum(&self, place: usize, value: impl Fn(usize) -> i64) -> i64 {
        self.leaves[place].iter().map(|g| value(*g)).sum()
    }
}

/// The nearest maille, itself or above, of which the households are published.
fn shown_above(attack: &Attack<'_>, maille: usize) -> Option<usize> {
    let mut at = Some(maille);
    while let Some(g) = at {
        if attack.population(Unit::Households, g).is_some() {
            return Some(g);
        }
        at = attack.zonage.mailles[g].parent;
    }
    None
}

/// Is nothing published that would tell the leaves of a group apart? Where the
/// households are hidden the second table shows no cell, and its respondents only
/// where everyone above is known to have answered.
fn check_groups(attack: &Attack<'_>, case: &Case<'_>, verdict: &mut Verdict) {
    if case.b.unit == Unit::Households {
        return;
    }
    for (g, line) in case.b.each_line().enumerate() {
        let fine = match shown_above(attack, g) {
            Some(above) if above == g => line.base().is_some(),
            None => false,
            Some(above) => {
                let above = case.b.line(above);
                let all = above.base().is_some() && above.base() == above.respondents;
                line.counts.iter().all(Option::is_none) && (line.respondents.is_none() || all)
            }
        };
        if !fine {
            let place = case.place(0, case.b.line(g).maille.clone());
            verdict.find(place, Finding::OpenMargin);
            return;
        }
    }
}

/// Attacks the crossings of a file with their tables.
pub(super) fn attack(attack: &Attack<'_>, verdict: &mut Verdict) {
    let shown = || attack.crossings.iter().filter(|c| c.is_shown());
    if attack.bears_on == BearsOn::Population {
        // What it takes there for a crossing to be safe is not established.
        for crossing in shown() {
            let what = words::CROSSINGS_READING;
            let finding = Finding::OutOfReach(what.to_owned());
            verdict.find(crossing.place(0, String::new()), finding);
        }
        return;
    }
    if attack
        .zonage
        .leaves()
        .into_iter()
        .filter(|leaf| *leaf)
        .count()
        > MAX_CROSSED_LEAVES
    {
        for crossing in shown() {
            let what = words::too_many_programmes(MAX_CROSSED_LEAVES);
            verdict.find(crossing.place(0, String::new()), Finding::OutOfReach(what));
        }
        return;
    }
    let mut cases: Vec<Case<'_>> = shown()
        .filter_map(|crossing| crossing::case(attack, crossing, verdict))
        .collect();
    while !cases.is_empty() {
        let mut system = vec![cases.remove(0)];
        // All that shares a table with what is there.
        loop {
            let ids = |case: &Case<'_>| [case.a.table.id.clone(), case.b.table.id.clone()];
            let known: Vec<String> = system.iter().flat_map(ids).collect();
            let linked = |case: &Case<'_>| ids(case).iter().any(|id| known.contains(id));
            match cases.iter().position(linked) {
                Some(at) => system.push(cases.remove(at)),
                None => break,
            }
        }
        attack_system(attack, &system, verdict);
    }
}

/// Most turns between places and crossing in search of a first table.
const MAX_TURNS: usize = 6;

/// Attacks crossings that share tables.
fn attack_system(attack: &Attack<'_>, cases: &[Case<'_>], verdict: &mut Verdict) {
    let before = verdict.count;
    for case in cases {
        check_groups(attack, case, verdict);
    }
    if verdict.count > before {
        return;
    }
    let Some(tables) = tables(attack, cases, verdict) else {
        return;
    };
    let places = Places::of(attack);
    let mut joint = Joint::new(attack, tables, &places);
    let (mut nets, mut regions) = (Vec::new(), Vec::new());
    for case in cases {
        let (mut link, watched, mut failed) = link(attack, case, &joint, &places);
        let (mut net, targets) = case.system.network();
        if failed.is_empty() {
            // What the places hold and what the crossing holds, turn by turn.
            for _ in 0..MAX_TURNS {
                case.system.propose(&mut net, &link.lift.held(&link.held));
                if !net.settle() {
                    verdict.find(case.place_of(Spot::All), Finding::Unproved);
                    return;
                }
                let held = case.system.held(&net.snapshot());
                failed = link.lift.aim(&link.held, &held);
                link.held = held;
                if failed.is_empty() {
                    // The crossing begins from what the places hold.
                    link.lift.settle_open(&mut link.held);
                    case.system.propose(&mut net, &link.held);
                    if !net.settle() || case.system.held(&net.snapshot()) != link.held {
                        verdict.find(case.place_of(Spot::All), Finding::Unproved);
                        return;
                    }
                    break;
                }
            }
        }
        for row in failed {
            verdict.find(link.rows[row].clone(), Finding::Unproved);
        }
        joint.links.push(link);
        nets.push((net, targets));
        regions.push(watched);
    }
    joint.links.extend(twin_links(cases, &joint, &places));
    if verdict.count > before {
        return;
    }
    // The crossings first: what they hold moves seldom afterwards.
    let mut weak = Vec::new();
    for (rank, case) in cases.iter().enumerate() {
        let (net, targets) = &mut nets[rank];
        let mut judge = |table: &[i64]| {
            !joint.exhausted() && joint.accept_crossing(rank, case.system.held(table))
        };
        let found = case.system.seek(net, targets, &mut judge);
        verdict.attacked += found.attacked;
        weak.extend(found.weak.into_iter().map(|spot| (rank, spot)));
    }
    joint.mark_first();
    for (rank, spot) in weak {
        let (case, net) = (&cases[rank], &nets[rank].0);
        if !regions::gathered(attack, (rank, case, &regions[rank]), spot, &mut joint, net) {
            verdict.find(case.place_of(spot), Finding::Unproved);
        }
    }
    let mut part = Verdict::default();
    for table in 0..joint.tables.len() {
        joint.at = table;
        let sheet = joint.tables[table].sheet;
        attack.attack_table(sheet, &mut joint, &mut part);
    }
    verdict.absorb_findings(part);
    for (rank, case) in cases.iter().enumerate() {
        let net = &mut nets[rank].0;
        for region in &regions[rank] {
            regions::attack(attack, (rank, case, region), &mut joint, net, verdict);
        }
    }
    for (rank, case) in cases.iter().enumerate() {
        if !is_whole(rank, case, &joint, &places) {
            verdict.find(case.place_of(Spot::All), Finding::Contradiction);
        }
    }
}

/// The tables of a system, each with a first table that leaves room.
fn tables<'a>(
    attack: &'a Attack<'a>,
    cases: &[Case<'a>],
    verdict: &mut Verdict,
) -> Option<Vec<Table<'a>>> {
    let mut sheets: Vec<&'a Sheet<'a>> = Vec::new();
    let mut add = |sheet: &'a Sheet<'a>| {
        if !sheets.iter().any(|s| s.table.id == sheet.table.id) {
            sheets.push(sheet);
        }
    };
    for case in cases {
        add(case.a);
        add(case.b);
        let ids = [&case.a.table.id, &case.b.table.id];
        for pair in twins() {
            if pair
                .iter()
                .any(|(id, _)| ids.iter().any(|known| *known == id))
            {
                pair.iter()
                    .filter_map(|(id, _)| attack.sheet(id))
                    .for_each(&mut add);
            }
        }
    }
    let mut tables = Vec::new();
    for sheet in sheets {
        let mut flow = attack.flow(sheet, None, verdict)?;
        flow.even_out(attack.zonage);
        tables.push(Table { sheet, flow });
    }
    Some(tables)
}

/// The lift of a crossing, the regions under watch, and the rows for which none
/// was found.
fn link(
    attack: &Attack<'_>,
    case: &Case<'_>,
    joint: &Joint<'_>,
    places: &Places,
) -> (Link, Vec<Region>, Vec<usize>) {
    let (n, w) = (case.a.width, case.b.width);
    let dwellings = case.b.unit == Unit::Dwellings;
    let mut column = vec![case.columns.len(); w + 1];
    for (c, modalities) in case.columns.iter().enumerate() {
        modalities.iter().for_each(|j| column[*j] = c);
    }
    // The commune of each place, as a line of the crossing.
    let line_of_place: Vec<Option<usize>> = (0..places.leaves.len())
        .map(|place| {
            let mut at = Some(places.leaves[place][0]);
            while let Some(g) = at {
                if attack.zonage.mailles[g].level == Level::Commune {
                    break;
                }
                at = attack.zonage.mailles[g].parent;
            }
            let commune = at.filter(|_| places.top != Some(place))?;
            case.mailles.iter().position(|g| *g == commune)
        })
        .collect();
    let row = line_of_place
        .iter()
        .map(|line| {
            let row = line.and_then(|k| case.published.iter().position(|p| *p == k));
            row.unwrap_or(case.published.len())
        })
        .collect();
    let (regions, watched) = regions::watch(attack, case, places, &line_of_place);
    let shape = Shape {
        kinds: (n + 1 + usize::from(dwellings), w + 1),
        known: n,
        column,
        never: crossing::impossible(case.crossing.def),
        row,
        open: case.system.open(),
        tied: case.system.tied(),
        regions,
        groups: places.group.clone(),
        threshold: attack.threshold,
    };
    let mut lift = Lift::new(shape);
    let (Some(a), Some(b)) = (joint.table(&case.a.table.id), joint.table(&case.b.table.id)) else {
        unreachable!()
    };
    let answers = Answers::of((a, b), joint, places);
    let failed = lift.fill(|p, i| answers.first(p, i), |p, j| answers.second(p, j));
    let rows = 0..case.system.rows.len();
    let link = Link {
        tables: (a, b),
        lift,
        held: vec![0; case.system.rows.len() * n * (case.columns.len() + 1)],
        rows: rows
            .map(|row| case.place(case.line_of(row), String::new()))
            .collect(),
    };
    (link, watched, failed)
}

/// What the present tables say of a place.
struct Answers<'t> {
    a: &'t Flow,
    b: &'t Flow,
    places: &'t Places,
    width: usize,
}

impl<'t> Answers<'t> {
    fn of((a, b): (usize, usize), joint: &'t Joint<'_>, places: &'t Places) -> Self {
        Self {
            a: &joint.tables[a].flow,
            b: &joint.tables[b].flow,
            places,
            width: joint.tables[a].sheet.width,
        }
    }

    /// Answers to the first question; then the silent; then dwellings without a
    /// household.
    fn first(&self, place: usize, i: usize) -> i64 {
        let (a, b) = (self.a, self.b);
        self.places.sum(place, |g| match i <= self.width {
            true => a.now(a.cell(i, g)),
            false => b.now(b.margin(g)) - a.now(a.margin(g)),
        })
    }

    fn second(&self, place: usize, j: usize) -> i64 {
        self.places.sum(place, |g| self.b.now(self.b.cell(j, g)))
    }
}

/// The lifts between tables of which one cell a line is the same, where no
/// crossing of the file makes one.
fn twin_links(cases: &[Case<'_>], joint: &Joint<'_>, places: &Places) -> Vec<Link> {
    let pairs =
        twins().filter_map(|[(a, i), (b, j)]| Some(((joint.table(a)?, i), (joint.table(b)?, j))));
    pairs
        .filter(|((a, _), (b, _))| !joint.links.iter().any(|link| link.tables == (*a, *b)))
        .filter_map(|(a, b)| twin_link(a, b, &cases[0], joint, places))
        .collect()
}

fn twin_link(
    (a, one): (usize, usize),
    (b, other): (usize, usize),
    case: &Case<'_>,
    joint: &Joint<'_>,
    places: &Places,
) -> Option<Link> {
    let (n, w) = (joint.tables[a].sheet.width, joint.tables[b].sheet.width);
    let never = (0..n).flat_map(|i| (0..w).map(move |j| (i, j)));
    let shape = Shape {
        kinds: (n + 1, w + 1),
        known: 0,
        column: vec![0; w + 1],
        never: never
            .filter(|(i, j)| (*i == one) != (*j == other))
            .collect(),
        row: vec![0; places.leaves.len()],
        open: Vec::new(),
        tied: vec![false],
        regions: vec![Vec::new(); places.leaves.len()],
        groups: vec![false; places.leaves.len()],
        threshold: 0,
    };
    let mut lift = Lift::new(shape);
    let answers = Answers::of((a, b), joint, places);
    let mut failed = lift.fill(|p, i| answers.first(p, i), |p, j| answers.second(p, j));
    failed.extend(lift.aim(&[], &[]));
    // Answers that contradict each other bind nobody.
    failed.is_empty().then(|| Link {
        tables: (a, b),
        lift,
        held: Vec::new(),
        rows: vec![case.place(0, String::new())],
    })
}

/// Do the present tables and crossing all come from the lift? By plain sums.
fn is_whole(rank: usize, case: &Case<'_>, joint: &Joint<'_>, places: &Places) -> bool {
    let link = &joint.links[rank];
    let answers = Answers::of(link.tables, joint, places);
    let (n, w) = (case.a.width, case.columns.len() + 1);
    link.lift.agrees(
        |p, i| answers.first(p, i),
        |p, j| answers.second(p, j),
        |row, i, c| link.held[(row * n + i) * w + c],
    ) && case.system.allows(&link.held)
}

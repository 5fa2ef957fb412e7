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

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::crossing::{self, Case, Spot};
use super::flow::{Flow, Towards};
use super::lift::{Lift, Shape};
use super::regions::{self, Region};
use super::twins::{self, Pair, Twin};
use super::{Attack, Finding, Mover, Sheet, Verdict};
use crate::campaign::BearsOn;
use crate::indicator::{IDENTITIES, IdentityPart, Unit};
use crate::partial::Place;
use crate::table::Level;

/// A pair of tables, the lift between them and what it must agree with.
pub(super) struct Link {
    /// The two tables.
    tables: (String, String),
    pub(super) lift: Lift,
    /// What the crossing holds at present, by row, first answer, column.
    held: Vec<i64>,
    /// Where a failure is told, by row; and by maille of a table.
    rows: Vec<Place>,
}

/// All the lifts of one system.
#[derive(Default)]
pub(super) struct Joint {
    /// The place of each leaf.
    place: Vec<Option<usize>>,
    /// The parent of each maille.
    parent: Vec<Option<usize>>,
    pub(super) links: Vec<Link>,
    /// The link and row that last stopped a change.
    stopped: Option<(usize, usize)>,
}

/// Changes of one table: column, maille and difference.
type Changes<'c> = (&'c String, &'c Vec<(usize, usize, i64)>);

impl Joint {
    /// Does a lift exist once tables change so? Then it is the present one.
    pub(super) fn accept(&mut self, changes: &[Changes<'_>]) -> bool {
        let mut stopped = None;
        for (rank, link) in self.links.iter_mut().enumerate() {
            let (m, k) = link.lift.kinds();
            let mut needs: BTreeMap<usize, Vec<i64>> = BTreeMap::new();
            for (id, cells) in changes {
                let offset = match *id {
                    id if *id == link.tables.0 => 0,
                    id if *id == link.tables.1 => m,
                    _ => continue,
                };
                for (column, maille, step) in *cells {
                    if let Some(place) = self.place[*maille] {
                        let need = needs.entry(place).or_insert_with(|| vec![0; m + k]);
                        need[offset + column] += step;
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
                stopped = rows
                    .into_iter()
                    .find(|row| !link.lift.repair(*row))
                    .map(|row| (rank, row));
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
        let stopped = rows.into_iter().find(|row| !link.lift.repair(*row));
        if stopped.is_some() {
            link.held = old;
        }
        self.settle(stopped.map(|row| (rank, row)))
    }

    fn settle(&mut self, stopped: Option<(usize, usize)>) -> bool {
        for link in &mut self.links {
            match stopped {
                None => link.lift.keep(),
                Some(_) => link.lift.undo(),
            }
        }
        if stopped.is_some() {
            self.stopped = stopped;
        }
        stopped.is_none()
    }

    /// Moves a cell of a leaf against another leaf, two units of which differ by
    /// nothing else: no lift has anything to repair. Gives how far.
    fn exchange(
        &mut self,
        flow: &mut Flow,
        id: &String,
        (arc, towards, want): (usize, Towards, i64),
    ) -> i64 {
        let (column, leaf) = flow.place(arc);
        let Some(here) = self.place.get(leaf).copied().flatten() else {
            return 0;
        };
        if column >= flow.columns() {
            return 0;
        }
        let all = self.place.len();
        // The nearest leaves first.
        let near = (1..all).flat_map(|d| [leaf.checked_sub(d), Some(leaf + d)]);
        for other in near.flatten().filter(|other| *other < all) {
            let Some(there) = self.place[other].filter(|there| *there != here) else {
                continue;
            };
            for against in (0..flow.columns()).filter(|c| *c != column) {
                let (gain, lose) = match towards {
                    Towards::More => (column, against),
                    Towards::Less => (against, column),
                };
                let least = [(lose, leaf), (gain, other)];
                let empty = |(c, g): &(usize, usize)| {
                    let arc = flow.cell(*c, *g);
                    !flow.hidden(arc) || flow.is_held(arc) || flow.now(arc) <= 0
                };
                if least.iter().any(empty) {
                    continue;
                }
                let changes = self.branches(flow, (leaf, other), (gain, lose));
                let mut step = want.min(flow.room(&changes));
                let mut pairs = Vec::new();
                for link in &self.links {
                    let first = match id {
                        id if *id == link.tables.0 => true,
                        id if *id == link.tables.1 => false,
                        _ => {
                            pairs.push(None);
                            continue;
                        }
                    };
                    match link.lift.common((here, there), (gain, lose), first) {
                        Some((kind, most)) if step > 0 => {
                            step = step.min(most);
                            pairs.push(Some((first, kind)));
                        }
                        _ => {
                            step = 0;
                            break;
                        }
                    }
                }
                if step == 0 {
                    continue;
                }
                for (link, pair) in self.links.iter_mut().zip(pairs) {
                    if let Some((first, kind)) = pair {
                        let pair = (first, kind, step);
                        link.lift.exchange((here, there), (gain, lose), pair);
                    }
                }
                flow.turn(&changes, step);
                return step;
            }
        }
        0
    }

    /// The cells that change when a leaf gains and loses against another: along
    /// both branches, up to where they meet.
    fn branches(
        &self,
        flow: &Flow,
        (leaf, other): (usize, usize),
        (gain, lose): (usize, usize),
    ) -> Vec<(usize, Towards)> {
        let above = |leaf: usize| {
            std::iter::successors(Some(leaf), |g| self.parent[*g]).collect::<Vec<usize>>()
        };
        let (mine, theirs) = (above(leaf), above(other));
        let mut changes = Vec::new();
        for (own, against, up, down) in [
            (&mine, &theirs, Towards::More, Towards::Less),
            (&theirs, &mine, Towards::Less, Towards::More),
        ] {
            for g in own.iter().take_while(|g| !against.contains(g)) {
                changes.push((flow.cell(gain, *g), up));
                changes.push((flow.cell(lose, *g), down));
            }
        }
        changes
    }

    /// The line of a crossing that stopped the last change.
    pub(super) fn blame(&self, place: Place) -> Place {
        match self.stopped {
            Some((rank, row)) => self.links[rank].rows[row].clone(),
            None => self
                .links
                .first()
                .map_or(place, |link| link.rows[0].clone()),
        }
    }

    pub(super) fn snapshot(&self) -> Vec<(super::lift::Table, Vec<i64>)> {
        let links = self.links.iter();
        links
            .map(|link| (link.lift.snapshot(), link.held.clone()))
            .collect()
    }

    /// Goes back to lifts that were witnesses.
    pub(super) fn go_back(&mut self, tables: &[(super::lift::Table, Vec<i64>)]) {
        for (link, (table, held)) in self.links.iter_mut().zip(tables) {
            link.lift.go_back(table);
            link.held.clone_from(held);
        }
    }
}

/// Cells that a failed change would have moved, held one after the other in
/// search of another way.
const MAX_DETOURS: usize = 8;

/// Moves a cell of a table as far as the lifts follow; gives how far.
pub(super) fn advance(
    flow: &mut Flow,
    joint: &RefCell<Joint>,
    id: &String,
    (arc, towards, want): (usize, Towards, i64),
) -> i64 {
    let mut done = 0;
    while done < want {
        let left = want - done;
        let mut step = joint.borrow_mut().exchange(flow, id, (arc, towards, left));
        for size in [left, left / 3, 1] {
            if size > 0 && step == 0 {
                step = attempt(flow, joint, id, (arc, towards, size)).unwrap_or_default();
            }
        }
        if step == 0 {
            step = detour(flow, joint, id, (arc, towards));
        }
        if step == 0 {
            break;
        }
        done += step;
    }
    done
}

/// One change; `Err` gives the cells that it would have moved.
fn attempt(
    flow: &mut Flow,
    joint: &RefCell<Joint>,
    id: &String,
    (arc, towards, want): (usize, Towards, i64),
) -> Result<i64, Vec<usize>> {
    flow.begin();
    let done = flow.advance(arc, towards, want);
    let cells = flow.trial_cells();
    if done > 0 && joint.borrow_mut().accept(&[(id, &cells)]) {
        flow.keep();
        return Ok(done);
    }
    flow.undo();
    Err(cells.iter().map(|(c, g, _)| flow.cell(*c, *g)).collect())
}

/// Moves a cell by one, another way than the first.
fn detour(
    flow: &mut Flow,
    joint: &RefCell<Joint>,
    id: &String,
    (arc, towards): (usize, Towards),
) -> i64 {
    let mut held = Vec::new();
    let mut done = 0;
    for _ in 0..MAX_DETOURS {
        match attempt(flow, joint, id, (arc, towards, 1)) {
            Ok(step) => {
                done = step;
                break;
            }
            Err(cells) => {
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
    held.into_iter().for_each(|cell| flow.hold(cell, false));
    done
}

/// A table of the system that has no twin.
struct Lifted<'a> {
    sheet: &'a Sheet<'a>,
    flow: Flow,
    joint: &'a RefCell<Joint>,
}

impl Mover for Lifted<'_> {
    fn flow(&mut self) -> &mut Flow {
        &mut self.flow
    }

    fn push(&mut self, arc: usize, towards: Towards, want: i64) -> i64 {
        let id = &self.sheet.table.id;
        advance(&mut self.flow, self.joint, id, (arc, towards, want))
    }

    fn finding(&self, _: Finding) -> Finding {
        Finding::Unproved
    }

    fn blame(&self, place: Place) -> Place {
        self.joint.borrow().blame(place)
    }
}

/// The tables of a system.
pub(super) struct Tables<'a> {
    single: Vec<Lifted<'a>>,
    twins: Option<(Twin<'a>, Twin<'a>)>,
    leaf: Vec<bool>,
}

impl<'a> Tables<'a> {
    fn flow(&self, id: &str) -> Option<&Flow> {
        let single = self.single.iter().find(|t| t.sheet.table.id == id);
        single.map(|t| &t.flow).or_else(|| {
            let (a, b) = self.twins.as_ref()?;
            let mut both = [a, b].into_iter();
            both.find(|t| t.sheet.table.id == id).map(|t| &t.flow)
        })
    }

    /// Moves a cell of one of the tables.
    pub(super) fn push(&mut self, id: &str, (column, maille): (usize, usize), want: i64) {
        let Some(flow) = self.flow(id) else { return };
        let arc = flow.cell(column, maille);
        let want = want - flow.now(arc);
        if want <= 0 || !flow.hidden(arc) {
            return;
        }
        if let Some(table) = self.single.iter_mut().find(|t| t.sheet.table.id == id) {
            table.push(arc, Towards::More, want);
        } else if let Some((a, b)) = &mut self.twins {
            let leaf = &self.leaf;
            let (one, other) = if a.sheet.table.id == id {
                (a, b)
            } else {
                (b, a)
            };
            Pair { leaf, one, other }.push(arc, Towards::More, want);
        }
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
    for (g, line) in case.b.table.lines.iter().enumerate() {
        let fine = match shown_above(attack, g) {
            Some(above) if above == g => line.base().is_some(),
            None => false,
            Some(above) => {
                let above = &case.b.table.lines[above];
                let all = above.base().is_some() && above.base() == above.respondents;
                line.counts.iter().all(Option::is_none) && (line.respondents.is_none() || all)
            }
        };
        if !fine {
            let place = case.place(0, case.b.table.lines[g].maille.clone());
            verdict.find(place, Finding::OpenMargin);
            return;
        }
    }
}

/// Attacks the crossings of a file with their tables.
pub(super) fn attack(attack: &Attack<'_>, verdict: &mut Verdict) {
    let shown = attack.crossings.iter().filter(|c| c.is_shown());
    let mut cases: Vec<Case<'_>> = shown
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
    let joint = RefCell::new(Joint::default());
    let Some(mut tables) = tables(attack, cases, &joint, verdict) else {
        return;
    };
    let places = Places::of(attack);
    joint.borrow_mut().place.clone_from(&places.of);
    joint.borrow_mut().parent = attack.zonage.mailles.iter().map(|m| m.parent).collect();
    let (mut nets, mut regions) = (Vec::new(), Vec::new());
    for case in cases {
        let (mut link, watched, mut failed) = link(attack, case, &tables, &places);
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
                    break;
                }
            }
        }
        for row in failed {
            verdict.find(link.rows[row].clone(), Finding::Unproved);
        }
        joint.borrow_mut().links.push(link);
        nets.push((net, targets));
        regions.push(watched);
    }
    if let Some(link) = twin_link(cases, &tables, &places) {
        joint.borrow_mut().links.push(link);
    }
    if verdict.count > before {
        return;
    }
    // The crossings first: what they hold moves seldom afterwards.
    for (rank, case) in cases.iter().enumerate() {
        let (net, targets) = &mut nets[rank];
        let mut judge = |table: &[i64]| {
            let held = case.system.held(table);
            joint.borrow_mut().accept_crossing(rank, held)
        };
        let found = case.system.seek(net, targets, &mut judge);
        verdict.attacked += found.attacked;
        for spot in found.weak {
            verdict.find(case.place_of(spot), Finding::Unproved);
        }
    }
    let mut part = Verdict::default();
    for table in &mut tables.single {
        let sheet = table.sheet;
        attack.attack_table(sheet, table, &mut part);
        attack_hidden_lines(attack, sheet, table, &mut part);
    }
    if let Some((a, b)) = &mut tables.twins {
        twins::attack_both(attack, a, b, &mut part);
        let leaf = &tables.leaf;
        let sheet = a.sheet;
        attack_hidden_lines(
            attack,
            sheet,
            &mut Pair {
                leaf,
                one: a,
                other: b,
            },
            &mut part,
        );
        let sheet = b.sheet;
        attack_hidden_lines(
            attack,
            sheet,
            &mut Pair {
                leaf,
                one: b,
                other: a,
            },
            &mut part,
        );
    }
    verdict.absorb_findings(part);
    for (rank, case) in cases.iter().enumerate() {
        for region in &regions[rank] {
            let system = (rank, case, region);
            regions::attack(
                attack,
                system,
                &joint,
                (&mut tables, &mut nets[rank].0),
                verdict,
            );
        }
    }
    for (rank, case) in cases.iter().enumerate() {
        if !is_whole(&joint.borrow().links[rank], case, &tables, &places) {
            verdict.find(case.place_of(Spot::All), Finding::Contradiction);
        }
    }
}

/// In the reading `population` a line that is hidden whole is one result: with a
/// crossing beside it, each of its cells must reach the threshold, so that no sum
/// of them is under it.
fn attack_hidden_lines(
    attack: &Attack<'_>,
    sheet: &Sheet<'_>,
    mover: &mut dyn Mover,
    verdict: &mut Verdict,
) {
    if attack.bears_on == BearsOn::Effectif {
        return;
    }
    let hidden = |g: &usize| sheet.asked[*g] && sheet.table.lines[*g].respondents.is_none();
    let mut targets = Vec::new();
    for g in (0..sheet.table.lines.len()).filter(hidden) {
        let cells = (0..sheet.width).map(|c| (mover.flow().cell(c, g), sheet.place(c, g)));
        targets.extend(cells);
    }
    attack.attack_arcs(mover, &targets, attack.threshold, verdict);
}

/// The tables of a system, each with a first table that leaves room.
fn tables<'a>(
    attack: &'a Attack<'a>,
    cases: &[Case<'a>],
    joint: &'a RefCell<Joint>,
    verdict: &mut Verdict,
) -> Option<Tables<'a>> {
    let mut sheets: Vec<&'a Sheet<'a>> = Vec::new();
    for sheet in cases.iter().flat_map(|case| [case.a, case.b]) {
        if !sheets.iter().any(|s| s.table.id == sheet.table.id) {
            sheets.push(sheet);
        }
    }
    let pair = IDENTITIES.iter().find_map(|identity| {
        let IdentityPart::Modality(right) = identity.right.1 else {
            return None;
        };
        let sides = [identity.left.0, identity.right.0];
        let here = sheets.iter().any(|s| sides.contains(&s.table.id.as_str()));
        let (a, b) = (attack.sheet(sides[0])?, attack.sheet(sides[1])?);
        here.then_some(((a, identity.left.1), (b, right)))
    });
    let mut twins = None;
    if let Some((first, second)) = pair {
        let (mut a, mut b) = twins::start(attack, first, second, verdict)?;
        a.flow.even_out(attack.zonage);
        b.flow.even_out(attack.zonage);
        (a.joint, b.joint) = (Some(joint), Some(joint));
        sheets.retain(|s| ![a.sheet, b.sheet].iter().any(|t| t.table.id == s.table.id));
        twins = Some((a, b));
    }
    let mut single = Vec::new();
    for sheet in sheets {
        let mut flow = attack.flow(sheet, None, verdict)?;
        flow.even_out(attack.zonage);
        single.push(Lifted { sheet, flow, joint });
    }
    let leaf = attack.zonage.leaves();
    Some(Tables {
        single,
        twins,
        leaf,
    })
}

/// The lift of a crossing, the regions under watch, and the rows for which none
/// was found.
fn link(
    attack: &Attack<'_>,
    case: &Case<'_>,
    tables: &Tables<'_>,
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
        regions,
        groups: places.group.clone(),
        threshold: attack.threshold,
    };
    let mut lift = Lift::new(shape);
    let answers = Answers::of(case, tables, places);
    let failed = lift.fill(|p, i| answers.first(p, i), |p, j| answers.second(p, j));
    let rows = 0..case.system.rows.len();
    let link = Link {
        tables: (case.a.table.id.clone(), case.b.table.id.clone()),
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
    a: Option<&'t Flow>,
    b: Option<&'t Flow>,
    places: &'t Places,
    width: usize,
}

impl<'t> Answers<'t> {
    fn of(case: &Case<'_>, tables: &'t Tables<'_>, places: &'t Places) -> Self {
        Self {
            a: tables.flow(&case.a.table.id),
            b: tables.flow(&case.b.table.id),
            places,
            width: case.a.width,
        }
    }

    /// Answers to the first question; then the silent; then dwellings without a
    /// household.
    fn first(&self, place: usize, i: usize) -> i64 {
        let (Some(a), Some(b)) = (self.a, self.b) else {
            return 0;
        };
        self.places.sum(place, |g| match i <= self.width {
            true => a.now(a.cell(i, g)),
            false => b.now(b.margin(g)) - a.now(a.margin(g)),
        })
    }

    fn second(&self, place: usize, j: usize) -> i64 {
        let Some(b) = self.b else { return 0 };
        self.places.sum(place, |g| b.now(b.cell(j, g)))
    }
}

/// The lift between two tables of which one cell a line is the same, where no
/// crossing of the file makes one.
fn twin_link(cases: &[Case<'_>], tables: &Tables<'_>, places: &Places) -> Option<Link> {
    let (a, b) = tables.twins.as_ref()?;
    let ids = (a.sheet.table.id.clone(), b.sheet.table.id.clone());
    let crossed = |case: &Case<'_>| case.a.table.id == ids.0 && case.b.table.id == ids.1;
    if cases.iter().any(crossed) {
        return None;
    }
    let (n, w) = (a.sheet.width, b.sheet.width);
    let never = (0..n).flat_map(|i| (0..w).map(move |j| (i, j)));
    let shape = Shape {
        kinds: (n + 1, w + 1),
        known: 0,
        column: vec![0; w + 1],
        never: never
            .filter(|(i, j)| (*i == a.column) != (*j == b.column))
            .collect(),
        row: vec![0; places.leaves.len()],
        regions: vec![Vec::new(); places.leaves.len()],
        groups: vec![false; places.leaves.len()],
        threshold: 0,
    };
    let mut lift = Lift::new(shape);
    let held = |flow: &Flow, place, column| places.sum(place, |g| flow.now(flow.cell(column, g)));
    let mut failed = lift.fill(|p, i| held(&a.flow, p, i), |p, j| held(&b.flow, p, j));
    failed.extend(lift.aim(&[], &[]));
    // Answers that contradict each other bind nobody.
    failed.is_empty().then(|| Link {
        tables: ids,
        lift,
        held: Vec::new(),
        rows: vec![cases[0].place(0, String::new())],
    })
}

/// Do the present tables and crossing all come from the lift? By plain sums.
fn is_whole(link: &Link, case: &Case<'_>, tables: &Tables<'_>, places: &Places) -> bool {
    let answers = Answers::of(case, tables, places);
    let (n, w) = (case.a.width, case.columns.len() + 1);
    let published = |row: usize, i: usize, c: usize| {
        let of_row = case.system.rows.get(row)?;
        (c + 1 < w).then(|| of_row.cells[i * (w - 1) + c]).flatten()
    };
    link.lift.agrees(
        |p, i| answers.first(p, i),
        |p, j| answers.second(p, j),
        |row, i, c| link.held[(row * n + i) * w + c],
    ) && (0..case.system.rows.len()).all(|row| {
        (0..n).all(|i| {
            let held = |c: usize| link.held[(row * n + i) * w + c];
            let margin = (0..w).map(held).sum::<i64>() == case.system.rows[row].margin[i];
            margin && (0..w).all(|c| published(row, i, c).is_none_or(|p| p == held(c)))
        })
    })
}

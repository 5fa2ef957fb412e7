//! The gate on crossings with the tables that they cross, against every table.
//!
//! Two communes of two programmes, a table of households of two modalités, one of
//! dwellings (or of households) of two, and the crossing of both over the communes
//! and the territory; in a second test another table beside it, crossed with the same
//! first one. A random truth and a random pattern of hidden cells, down to the
//! programmes. All whole numbers *y(programme, answers)* that agree with what is
//! published are listed, populations included.

use std::collections::HashMap;

use super::crossing::{self, Crossing};
use super::fixture::Random;
use super::{Attack, Finding, Lines, Sheet, Verdict};
use crate::campaign::BearsOn;
use crate::indicator::{Classify, Depth, Dimension, TableDef, Unit};
use crate::partial::{Absent, DimensionFile, LineFile, TableFile};
use crate::table::Zonage;

const THRESHOLD: i64 = 2;
/// The communes of the programmes.
const HOLDS: [&[usize]; 7] = [&[0, 1, 2, 3], &[0, 1], &[0], &[1], &[2, 3], &[2], &[3]];
/// The mailles with a line of the crossing.
const LINES: [usize; 3] = [0, 1, 4];

const fn crossing(
    id: &'static str,
    dimensions: &'static [Dimension],
    second: &'static str,
) -> TableDef {
    TableDef {
        id,
        unit: Unit::Households,
        dimensions,
        depth: Depth::Communes,
        needs: &[],
        classify: Classify::Cross("apl", second),
        published: true,
    }
}

const fn two(id: &'static str) -> Dimension {
    Dimension {
        id,
        modalities: &["oui", "non"],
    }
}

/// A first table crossed with a second, and with a third.
static CROSSINGS: [TableDef; 2] = [
    crossing("apl_x_dpe", &[two("apl"), two("dpe")], "dpe"),
    crossing("apl_x_epoque", &[two("apl"), two("epoque")], "epoque"),
];

fn zonage() -> Zonage {
    super::fixture::zonage(&[
        ("epci", None),
        ("C1", Some(0)),
        ("P1", Some(1)),
        ("P2", Some(1)),
        ("C2", Some(0)),
        ("P3", Some(4)),
        ("P4", Some(4)),
    ])
}

/// What units can be: first answer (0, 1, silent, no household), second and third
/// (0, 1, silent).
type Kind = [usize; 3];
const SILENT: usize = 2;
const NOBODY: usize = 3;

/// What is said of a maille, in this order. The three tables: two cells and
/// respondents each.
const D: usize = 0;
const H: usize = 1;
const TABLES: [usize; 3] = [2, 5, 8];
/// The crossings: four cells and respondents each, and those who answered the first
/// question alone.
const CROSSED: [usize; 2] = [11, 16];
const ALONE: [usize; 2] = [21, 23];
const NUMBERS: usize = 25;

fn numbers(kinds: &[Kind], units: &[i64], households_only: bool) -> [i64; NUMBERS] {
    let mut all = [0; NUMBERS];
    for (kind, n) in kinds.iter().zip(units) {
        all[D] += n;
        let household = kind[0] != NOBODY;
        if household {
            all[H] += n;
        }
        let answers = |table: usize| {
            let counted = household || (table > 0 && !households_only);
            (kind[table] < SILENT && counted).then_some(kind[table])
        };
        for (table, first) in TABLES.into_iter().enumerate() {
            if let Some(answer) = answers(table) {
                all[first + answer] += n;
                all[first + 2] += n;
            }
        }
        let Some(i) = answers(0) else { continue };
        for crossing in 0..2 {
            match answers(crossing + 1) {
                Some(j) => {
                    all[CROSSED[crossing] + 2 * i + j] += n;
                    all[CROSSED[crossing] + 4] += n;
                }
                None => all[ALONE[crossing] + i] += n,
            }
        }
    }
    all
}

type Published = [[Option<i64>; NUMBERS]; 7];

struct System {
    kinds: Vec<Kind>,
    households_only: bool,
    published: Published,
    most: i64,
    /// One or two.
    crossings: usize,
}

/// The kinds of units of a system and the most units of a programme.
fn kinds(random: &mut Random, households_only: bool) -> (Vec<Kind>, i64) {
    let mut kinds: Vec<Kind> = vec![[0, 0, 0], [0, 1, 0], [1, 0, 0], [1, 1, 0]];
    let most = match random.below(4) {
        0 => 7,
        1 if !households_only => {
            kinds.extend([[NOBODY, 0, 0], [NOBODY, 1, 0]]);
            4
        }
        2 => {
            kinds.extend([[0, SILENT, 0], [1, SILENT, 0]]);
            5
        }
        _ => {
            kinds.extend([[SILENT, 0, 0], [SILENT, 1, 0]]);
            4
        }
    };
    (kinds, most)
}

/// The same with a third answer: fewer units, as there are more ways to list.
fn kinds_of_three(random: &mut Random, households_only: bool) -> (Vec<Kind>, i64) {
    let firsts = match random.below(5) {
        0 if !households_only => vec![0, 1, NOBODY],
        1 => vec![0, 1, SILENT],
        _ => vec![0, 1],
    };
    let seconds = match (firsts.len(), random.below(4)) {
        (2, 0) => vec![0, 1, SILENT],
        _ => vec![0, 1],
    };
    let mut kinds = Vec::new();
    for i in &firsts {
        for j in &seconds {
            kinds.extend([0, 1].map(|k| [*i, *j, k]));
        }
    }
    let most = if kinds.len() > 8 { 4 } else { 5 };
    (kinds, most)
}

fn system(random: &mut Random, crossings: usize) -> System {
    let households_only = random.below(3) == 0;
    let (kinds, most) = match crossings {
        1 => kinds(random, households_only),
        _ => kinds_of_three(random, households_only),
    };
    let truth: Vec<Vec<i64>> = (0..4)
        .map(|_| {
            let all = if random.below(if crossings > 1 { 40 } else { 6 }) == 0 {
                1
            } else {
                2 + random.below(most as u64 - 1)
            };
            let mut units = vec![0; kinds.len()];
            let skew = match crossings > 1 && random.below(8) > 0 {
                true => kinds.len() as u64,
                false => 1 + random.below(kinds.len() as u64) as u64,
            };
            for _ in 0..all {
                units[random.below(skew) as usize] += 1;
            }
            units
        })
        .collect();
    let mut published = [[None; NUMBERS]; 7];
    // Most programmes show no cell; some communes hide their programmes' people.
    let bare = TABLES.map(|_| random.below(if crossings > 1 { 40 } else { 8 }) != 0);
    let small = |leaf: &Vec<i64>| {
        let all = numbers(&kinds, leaf, households_only);
        all[H] < THRESHOLD || all[D] < THRESHOLD
    };
    let mut hidden_people = [random.below(4) == 0, random.below(4) == 0];
    for (commune, hidden) in hidden_people.iter_mut().enumerate() {
        *hidden |= truth[2 * commune..2 * commune + 2].iter().any(small);
    }
    let dwellings_too = random.below(2) == 0;
    let hide = [0, 3, 6][random.below(3) as usize];
    for (g, line) in published.iter_mut().enumerate() {
        let mut units = vec![0; kinds.len()];
        for leaf in HOLDS[g] {
            units
                .iter_mut()
                .zip(&truth[*leaf])
                .for_each(|(u, t)| *u += t);
        }
        let all = numbers(&kinds, &units, households_only);
        let top = LINES.contains(&g);
        let show = |shown: bool, value: i64| (shown && value >= THRESHOLD).then_some(value);
        let people = top || !hidden_people[usize::from(g > 4)];
        let few = HOLDS[g]
            .iter()
            .any(|leaf| truth[*leaf].iter().sum::<i64>() < THRESHOLD);
        line[D] = show(people || !(dwellings_too || few), all[D]);
        line[H] = show(people && line[D].is_some(), all[H]);
        if households_only {
            // The file then says nothing of dwellings, which are as many.
            line[D] = line[H];
        }
        let people = line[H].is_some();
        for (table, first) in TABLES.into_iter().take(crossings + 1).enumerate() {
            let cells = top || !bare[table];
            for n in first..first + 2 {
                let lucky = top || random.below(6) >= hide;
                line[n] = show(people && cells && lucky, all[n]);
            }
            line[first + 2] = show(people && (top || random.below(12) != 0), all[first + 2]);
        }
        if !top {
            continue;
        }
        // A line of the crossing wants whole lines of the tables.
        for crossing in 0..crossings {
            let whole = [TABLES[0], TABLES[crossing + 1]].iter().all(|first| {
                let cells = *first..first + 2;
                cells
                    .clone()
                    .all(|n| line[n].is_some_and(|v| v >= THRESHOLD))
                    && line[first + 2].is_some()
            });
            let open = whole && (g == 0 || random.below(2 * crossings as u64) == 0);
            for n in CROSSED[crossing]..CROSSED[crossing] + 5 {
                let lucky = random.below(6) >= hide;
                line[n] = show(open && lucky, all[n]);
            }
        }
    }
    let mut system = System {
        kinds,
        households_only,
        published,
        most,
        crossings,
    };
    for crossing in 0..crossings {
        if !system.shows(0, crossing) {
            for line in &mut system.published {
                line[CROSSED[crossing]..CROSSED[crossing] + 5].fill(None);
            }
        }
    }
    system
}

impl System {
    /// Does a crossing publish anything of a maille?
    fn shows(&self, g: usize, crossing: usize) -> bool {
        let first = CROSSED[crossing];
        self.published[g][first..first + 5]
            .iter()
            .any(Option::is_some)
    }
}

/// Every way for a programme to be filled that agrees with its line.
fn fillings(system: &System, g: usize) -> Vec<Vec<i64>> {
    let mut out = Vec::new();
    // A programme hidden with another has all but one of its commune's at most.
    let commune = if g < 4 { 1 } else { 4 };
    let most = system.published[g][D].or_else(|| Some(system.published[commune][D]? - 1));
    let most = most.unwrap_or(2 * system.most);
    let mut units = vec![0; system.kinds.len()];
    fn fill(
        system: &System,
        g: usize,
        at: usize,
        left: i64,
        units: &mut Vec<i64>,
        out: &mut Vec<Vec<i64>>,
    ) {
        if at == units.len() {
            let all = numbers(&system.kinds, units, system.households_only);
            if all[D] > 0 && agrees(&system.published[g], &all) {
                out.push(units.clone());
            }
            return;
        }
        for n in 0..=left {
            units[at] = n;
            fill(system, g, at + 1, left - n, units, out);
        }
        units[at] = 0;
    }
    fill(system, g, 0, most, &mut units, &mut out);
    out
}

fn agrees(published: &[Option<i64>; NUMBERS], all: &[i64; NUMBERS]) -> bool {
    published
        .iter()
        .zip(all)
        .all(|(p, v)| p.is_none_or(|p| p == *v))
}

type Ranges = [(i64, i64); NUMBERS];
const NEVER: Ranges = [(i64::MAX, i64::MIN); NUMBERS];

fn widen(ranges: &mut Ranges, all: &[i64; NUMBERS]) {
    for (range, value) in ranges.iter_mut().zip(all) {
        *range = (range.0.min(*value), range.1.max(*value));
    }
}

fn merge(ranges: &mut Ranges, other: &Ranges) {
    for (range, other) in ranges.iter_mut().zip(other) {
        *range = (range.0.min(other.0), range.1.max(other.1));
    }
}

/// Most pairs of fillings listed for one commune.
const MAX_LISTED: usize = 2_000_000;

/// Is every hidden cell safe? `None` when there is too much to list.
fn is_safe(system: &System) -> Option<bool> {
    let total = |units: &[i64]| numbers(&system.kinds, units, system.households_only);
    // By what a commune holds of each kind: the ranges of its two programmes.
    let mut communes = Vec::new();
    for (commune, programmes) in [(1, [2, 3]), (4, [5, 6])] {
        let [first, second] = programmes.map(|g| fillings(system, g));
        if first.len() * second.len() > MAX_LISTED {
            return None;
        }
        let mut sums: HashMap<Vec<i64>, [Ranges; 2]> = HashMap::new();
        for x in &first {
            for y in &second {
                let sum: Vec<i64> = x.iter().zip(y).map(|(a, b)| a + b).collect();
                if agrees(&system.published[commune], &total(&sum)) {
                    let ranges = sums.entry(sum).or_insert([NEVER; 2]);
                    widen(&mut ranges[0], &total(x));
                    widen(&mut ranges[1], &total(y));
                }
            }
        }
        communes.push(sums);
    }
    let mut ranges = [NEVER; 7];
    for (x, below_x) in &communes[0] {
        for (y, below_y) in &communes[1] {
            let sum: Vec<i64> = x.iter().zip(y).map(|(a, b)| a + b).collect();
            if !agrees(&system.published[0], &total(&sum)) {
                continue;
            }
            widen(&mut ranges[0], &total(&sum));
            widen(&mut ranges[1], &total(x));
            widen(&mut ranges[4], &total(y));
            merge(&mut ranges[2], &below_x[0]);
            merge(&mut ranges[3], &below_x[1]);
            merge(&mut ranges[5], &below_y[0]);
            merge(&mut ranges[6], &below_y[1]);
        }
    }
    let fine = |(low, high): (i64, i64)| high >= THRESHOLD && low < high;
    Some((0..7).all(|g| {
        let line = &system.published[g];
        let hidden = |n: usize| line[n].is_some() || fine(ranges[g][n]);
        let first = if system.households_only { H } else { D };
        let asked = system.crossings + 1;
        let tables = (first..TABLES[0])
            .chain(TABLES[0]..TABLES[0] + 3 * asked)
            .all(hidden);
        let crossing = |crossing: usize| {
            if !LINES.contains(&g) || !system.shows(0, crossing) {
                return true;
            }
            let first = CROSSED[crossing];
            // Those who answered A alone, where the line is published.
            let alone = ALONE[crossing]..ALONE[crossing] + 2;
            let silent: i64 = alone.clone().map(|n| ranges[g][n].1).sum();
            let alone = silent == 0 || alone.into_iter().all(|n| fine(ranges[g][n]));
            (first..first + 4).all(hidden)
                && (!system.shows(g, crossing) || (hidden(first + 4) && alone))
        };
        tables && (0..system.crossings).all(crossing)
    }))
}

fn table(zonage: &Zonage, id: &str, of: impl Fn(usize) -> Option<LineFile>) -> TableFile {
    TableFile {
        id: id.to_owned(),
        zonage: zonage.id.clone(),
        unit: String::new(),
        dimensions: vec![DimensionFile {
            id: id.to_owned(),
            modalities: vec!["oui".to_owned(), "non".to_owned()],
        }],
        lines: (0..7).filter_map(of).collect(),
    }
}

/// How a system is attacked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    Whole,
    /// Without its crossing.
    Tables,
    /// The crossing as a network over its own lines, without the programmes.
    Lines,
}

/// Does the gate accept a system?
fn accepts(system: &System, how: How) -> bool {
    attack(system, how, BearsOn::Effectif).accepted()
}

/// What the gate says of a system.
fn attack(system: &System, how: How, bears_on: BearsOn) -> Verdict {
    let zonage = zonage();
    let line = |g: usize, base: usize, cells: std::ops::Range<usize>, all: usize| {
        let numbers = &system.published[g];
        LineFile {
            maille: zonage.mailles[g].id.clone(),
            population: Absent::Present(numbers[base]),
            dwellings: Absent::Absent,
            respondents: numbers[all],
            counts: numbers[cells].to_vec(),
        }
    };
    let units = |table: usize| match table {
        0 => Unit::Households,
        _ if system.households_only => Unit::Households,
        _ => Unit::Dwellings,
    };
    let tables: Vec<TableFile> = ["apl", "dpe", "epoque"][..=system.crossings]
        .iter()
        .enumerate()
        .map(|(rank, id)| {
            let (base, first) = (
                if units(rank) == Unit::Households {
                    H
                } else {
                    D
                },
                TABLES[rank],
            );
            table(&zonage, id, |g| {
                Some(line(g, base, first..first + 2, first + 2))
            })
        })
        .collect();
    let crossed: Vec<TableFile> = CROSSINGS[..system.crossings]
        .iter()
        .zip(CROSSED)
        .map(|(def, first)| {
            table(&zonage, def.id, |g| {
                LINES
                    .contains(&g)
                    .then(|| line(g, H, first..first + 4, first + 4))
            })
        })
        .collect();
    let sheets = tables.iter().enumerate().map(|(rank, table)| Sheet {
        table,
        lines: Lines::Whole(&table.lines),
        unit: units(rank),
        width: 2,
        zonages: std::rc::Rc::new([]),
        sums: Vec::new(),
    });
    let crossings = CROSSINGS
        .iter()
        .zip(&crossed)
        .map(|(def, table)| Crossing { table, def });
    let mut attack = Attack {
        zonage: &zonage,
        sheets: sheets.collect(),
        crossings: Vec::new(),
        threshold: THRESHOLD,
        bears_on,
    };
    let mut verdict = Verdict::default();
    match how {
        How::Whole => attack.crossings.extend(crossings),
        How::Tables => {}
        How::Lines => {
            for crossing in crossings {
                let Some(case) = crossing::case(&attack, &crossing, &mut verdict) else {
                    continue;
                };
                for spot in case.system.attack().weak {
                    verdict.find(case.place_of(spot), Finding::Unproved);
                }
            }
            return verdict;
        }
    }
    attack.run(&mut verdict);
    verdict
}

/// What the gate said of the systems of a test, and what they are.
#[derive(Default)]
struct Count {
    accepted: u32,
    refused: u32,
    broken: u32,
    below: u32,
}

/// Compares the gate with listing, system by system, and never finds one that it
/// accepts and that listing breaks. Of those refused only so many are listed.
fn compare(seed: u64, systems: usize, crossings: usize, listed: u32) -> Count {
    let mut random = Random(seed);
    let mut count = Count::default();
    for _ in 0..systems {
        let system = system(&mut random, crossings);
        if !(0..crossings).all(|crossing| system.shows(0, crossing)) {
            continue;
        }
        let accepted = accepts(&system, How::Whole);
        // Listing is slow: what the tables alone reveal is another test's matter.
        if !accepted && (count.refused + count.broken >= listed || !accepts(&system, How::Tables)) {
            continue;
        }
        let Some(truly) = is_safe(&system) else {
            continue;
        };
        if accepted {
            assert!(truly, "{:?} {:?}", system.kinds, system.published);
        }
        match (truly, accepted) {
            (true, true) => count.accepted += 1,
            (true, false) => count.refused += 1,
            (false, _) => {
                count.broken += 1;
                count.below += u32::from(accepts(&system, How::Lines));
            }
        }
    }
    println!(
        "{crossings} croisement(s) : {} sûrs acceptés, {} sûrs refusés ; {} cassables que leurs tableaux seuls ne trahissent pas, dont {} que seuls les programmes trahissent",
        count.accepted, count.refused, count.broken, count.below
    );
    count
}

/// Ensure that the gate never accepts a crossing that listing breaks, down to the
/// programmes; and say how many safe ones it refuses.
#[test]
fn the_gate_never_accepts_a_crossing_that_listing_breaks() {
    let count = compare(0x2024_1125, 80_000, 1, u32::MAX);
    assert!(count.below >= 1, "aucune fuite par les programmes");
    assert!(
        count.accepted >= 20 && count.broken >= 100,
        "le tirage ne teste rien"
    );
}

/// The same with two crossings that share their first table.
#[test]
fn the_gate_never_accepts_two_crossings_of_one_table_that_listing_breaks() {
    let count = compare(0x2024_1126, 70_000, 2, 120);
    assert!(
        count.accepted >= 50 && count.broken >= 100 && count.below >= 1,
        "le tirage ne teste rien"
    );
}

/// Ensure that the gate refuses any crossing in the reading `population`, whatever its
/// tables, and names it.
#[test]
fn a_crossing_in_the_reading_population_is_refused() {
    let mut random = Random(0x2024_1127);
    let mut seen = 0;
    for _ in 0..3_000 {
        let system = system(&mut random, 1);
        let alone = attack(&system, How::Tables, BearsOn::Population);
        if !system.shows(0, 0) || !alone.accepted() {
            continue;
        }
        seen += 1;
        let verdict = attack(&system, How::Whole, BearsOn::Population);
        let [(place, Finding::OutOfReach(what))] = &verdict.findings[..] else {
            panic!("{verdict}");
        };
        assert_eq!((&*place.table, &*place.maille), ("apl_x_dpe", "epci"));
        assert!(what.contains("« effectif »"), "{what}");
    }
    assert!(seen >= 20, "le tirage ne teste rien ({seen})");
}

//! The gate against every possible table, on systems small enough to list.
//!
//! Dwellings, households and two tables of households over three programmes of
//! two communes; a random truth and a random pattern of hidden cells. Listing
//! all whole-number tables that agree with what is published gives the true
//! range of each hidden cell; the gate must say the same.

use std::collections::BTreeMap;

use super::fixture::Random;
use super::{Attack, Finding, Verdict};
use crate::campaign::BearsOn;
use crate::indicator;
use crate::partial::{Absent, DimensionFile, LineFile, PartialFile, TableFile, ZonageFile};
use crate::table::{Level, Maille, Zonage};

/// Threshold of the tests: small, so that the systems are.
const THRESHOLD: i64 = 3;
/// For each maille, which leaves it holds.
const HOLDS: [&[usize]; 6] = [&[0, 1, 2], &[0, 1], &[0], &[1], &[2], &[2]];

fn zonage() -> Zonage {
    let maille = |id: &str, level, parent| Maille {
        id: id.to_owned(),
        level,
        name: id.to_owned(),
        parent,
    };
    Zonage {
        id: "territoire".to_owned(),
        mailles: vec![
            maille("epci", Level::Epci, None),
            maille("71001", Level::Commune, Some(0)),
            maille("h/1@71001", Level::Programme, Some(1)),
            maille("h/2@71001", Level::Programme, Some(1)),
            maille("71002", Level::Commune, Some(0)),
            maille("h/3@71002", Level::Programme, Some(4)),
        ],
    }
}

/// One leaf of the core: let, vacant, third party, without an answer.
type Core = [i64; 4];
/// One leaf of a table of households: its two cells.
type Pair = [i64; 2];

/// What is published of one system, as sums by maille.
struct Published {
    dwellings: [Option<i64>; 6],
    households: [Option<i64>; 6],
    /// Let, vacant, third party, respondents.
    occupation: [[Option<i64>; 4]; 6],
    /// Two cells and the respondents, for two tables.
    tables: [[[Option<i64>; 3]; 6]; 2],
}

fn sum<const N: usize>(leaves: &[[i64; N]; 3], maille: usize, columns: &[usize]) -> i64 {
    HOLDS[maille]
        .iter()
        .map(|l| columns.iter().map(|c| leaves[*l][*c]).sum::<i64>())
        .sum()
}

fn agrees(published: Option<i64>, value: i64) -> bool {
    published.is_none_or(|p| p == value)
}

fn core_agrees(p: &Published, core: &[Core; 3]) -> bool {
    (0..6).all(|g| {
        agrees(p.dwellings[g], sum(core, g, &[0, 1, 2, 3]))
            && agrees(p.households[g], sum(core, g, &[0]))
            && (0..3).all(|c| agrees(p.occupation[g][c], sum(core, g, &[c])))
            && agrees(p.occupation[g][3], sum(core, g, &[0, 1, 2]))
    })
}

fn table_agrees(p: &[[Option<i64>; 3]; 6], table: &[Pair; 3]) -> bool {
    (0..6).all(|g| {
        agrees(p[g][0], sum(table, g, &[0]))
            && agrees(p[g][1], sum(table, g, &[1]))
            && agrees(p[g][2], sum(table, g, &[0, 1]))
    })
}

/// All the ways to put at most `total` units in `N` cells.
fn fillings<const N: usize>(total: i64) -> Vec<[i64; N]> {
    let mut out = vec![[0; N]];
    for c in 0..N {
        out = out
            .into_iter()
            .flat_map(|row| {
                let left = total - row.iter().sum::<i64>();
                (0..=left).map(move |v| {
                    let mut row = row;
                    row[c] = v;
                    row
                })
            })
            .collect();
    }
    out
}

/// Smallest and largest value of every cell, by table, maille and column.
type Ranges = BTreeMap<(usize, usize, usize), (i64, i64)>;

fn widen(ranges: &mut Ranges, key: (usize, usize, usize), value: i64) {
    let range = ranges.entry(key).or_insert((value, value));
    *range = (range.0.min(value), range.1.max(value));
}

/// The true ranges: tables 0 and 1 are those of households, 2 is made of the two
/// populations. The root's dwellings are always published, so the list is finite.
fn true_ranges(p: &Published) -> Ranges {
    let total = p.dwellings[0].expect("published");
    let rows = fillings::<4>(total);
    let mut ranges = Ranges::new();
    for a in &rows {
        for b in &rows {
            let left = total - a.iter().sum::<i64>() - b.iter().sum::<i64>();
            // Every listed programme holds a dwelling.
            if left < 1 || a.iter().sum::<i64>() < 1 || b.iter().sum::<i64>() < 1 {
                continue;
            }
            for c in rows.iter().filter(|c| c.iter().sum::<i64>() == left) {
                let core = [*a, *b, *c];
                if !core_agrees(p, &core) {
                    continue;
                }
                let lists: Vec<Vec<[Pair; 3]>> = p
                    .tables
                    .iter()
                    .map(|published| {
                        let mut list = Vec::new();
                        for x in fillings::<2>(core[0][0]) {
                            for y in fillings::<2>(core[1][0]) {
                                for z in fillings::<2>(core[2][0]) {
                                    if table_agrees(published, &[x, y, z]) {
                                        list.push([x, y, z]);
                                    }
                                }
                            }
                        }
                        list
                    })
                    .collect();
                if lists.iter().any(Vec::is_empty) {
                    continue;
                }
                for g in 0..6 {
                    widen(&mut ranges, (2, g, 0), sum(&core, g, &[0, 1, 2, 3]));
                    widen(&mut ranges, (2, g, 1), sum(&core, g, &[0]));
                    for (t, list) in lists.iter().enumerate() {
                        for table in list {
                            widen(&mut ranges, (t, g, 0), sum(table, g, &[0]));
                            widen(&mut ranges, (t, g, 1), sum(table, g, &[1]));
                            widen(&mut ranges, (t, g, 2), sum(table, g, &[0, 1]));
                        }
                    }
                }
            }
        }
    }
    ranges
}

/// The cells that are hidden and can be worked out, in a reading of the rule.
fn truly_weak(p: &Published, bears_on: BearsOn) -> usize {
    let ranges = true_ranges(p);
    let mut weak = 0;
    let mut judge = |published: Option<i64>, key, line: bool| {
        let (low, high) = ranges[&key];
        let known = match bears_on {
            BearsOn::Effectif => high < THRESHOLD || low == high,
            BearsOn::Population if line => high < THRESHOLD,
            BearsOn::Population => high < 1,
        };
        weak += usize::from(published.is_none() && known);
    };
    for g in 0..6 {
        judge(p.dwellings[g], (2, g, 0), true);
        judge(p.households[g], (2, g, 1), true);
        for t in 0..2 {
            for c in 0..3 {
                judge(p.tables[t][g][c], (t, g, c), c == 2);
            }
        }
    }
    weak
}

fn file(p: &Published, zonage: &Zonage, bears_on: BearsOn) -> PartialFile {
    let table = |id: &str, lines: Vec<LineFile>| {
        let def = indicator::table(id).unwrap();
        TableFile {
            id: id.to_owned(),
            zonage: zonage.id.clone(),
            unit: def.unit.id().to_owned(),
            dimensions: DimensionFile::all_of(def),
            lines,
        }
    };
    let line = |g: usize, base, respondents, counts: &[Option<i64>]| LineFile {
        maille: zonage.mailles[g].id.clone(),
        population: Absent::Present(base),
        dwellings: Absent::Absent,
        respondents,
        counts: counts.to_vec(),
    };
    let occupation =
        (0..6).map(|g| line(g, p.dwellings[g], p.occupation[g][3], &p.occupation[g][..3]));
    let households = |t: usize| {
        (0..6).map(move |g| line(g, p.households[g], p.tables[t][g][2], &p.tables[t][g][..2]))
    };
    let campaign = crate::campaign::Campaign::cucm();
    let mut file: PartialFile = serde_json::from_value(serde_json::json!({
        "format": crate::partial::FORMAT, "version": 1,
        "campagne": {"id": campaign.file().id, "empreinte": campaign.fingerprint()},
        "bailleur": {"id": "h", "nom": "H"}, "produit_le": "2026-01-01",
        "logiciel": {"nom": "x", "version": "0"}, "mention": "x", "date_reference": "2024-01-01",
        "regles": {"seuil": THRESHOLD, "seuil_porte_sur": bears_on, "taux_reponse_min": 0.6},
        "zonages": [], "tableaux": [], "empreinte": ""
    }))
    .unwrap();
    file.zonages = vec![ZonageFile::from(zonage)];
    file.tables = vec![
        table("occupation", occupation.collect()),
        table("apl", households(0).collect()),
        table("aspa", households(1).collect()),
    ];
    file
}

/// A random truth and a random pattern; lines whose population is hidden are
/// hidden whole, as the gate demands.
fn system(random: &mut Random, bears_on: BearsOn) -> Published {
    let core: [Core; 3] = std::array::from_fn(|_| {
        let mut leaf = [
            random.below(4),
            random.below(2),
            0,
            i64::from(random.below(6) == 0),
        ];
        if leaf.iter().sum::<i64>() == 0 {
            leaf[0] = 1;
        }
        leaf
    });
    let tables: [[Pair; 3]; 2] = std::array::from_fn(|_| {
        std::array::from_fn(|l| {
            let households = core[l][0];
            let first = random.below(households as u64 + 1);
            let second = random.below((households - first) as u64 + 1);
            [first, second]
        })
    });
    let hide = 2 + random.below(3) as u64;
    let mut show =
        |shown: bool, value: i64| (shown && random.below(4) >= hide as i64 - 1).then_some(value);
    let mut p = Published {
        dwellings: [None; 6],
        households: [None; 6],
        occupation: [[None; 4]; 6],
        tables: [[[None; 3]; 6]; 2],
    };
    for g in 0..6 {
        p.dwellings[g] = show(true, sum(&core, g, &[0, 1, 2, 3]));
        if g == 0 {
            p.dwellings[0] = Some(sum(&core, 0, &[0, 1, 2, 3]));
        }
        let line = p.dwellings[g].is_some();
        for c in 0..3 {
            p.occupation[g][c] = show(line, sum(&core, g, &[c]));
        }
        p.occupation[g][3] = show(line, sum(&core, g, &[0, 1, 2]));
        p.households[g] = p.occupation[g][0];
        let line = p.households[g].is_some();
        for (published, table) in p.tables.iter_mut().zip(&tables) {
            let respondents = show(line, sum(table, g, &[0, 1]));
            // In the second reading a line that is hidden is hidden whole.
            let cells = line && (respondents.is_some() || bears_on == BearsOn::Effectif);
            published[g] = [
                show(cells, sum(table, g, &[0])),
                show(cells, sum(table, g, &[1])),
                respondents,
            ];
        }
    }
    p
}

fn gate(p: &Published, bears_on: BearsOn) -> Verdict {
    let zonage = zonage();
    let file = file(p, &zonage, bears_on);
    let mut verdict = Verdict::default();
    Attack::new(&file.tables, &zonage, &file.rules).run(&mut verdict);
    verdict
}

/// Holds the gate against the list of all tables on random systems.
fn agree(bears_on: BearsOn, systems: usize) {
    let mut random = Random(20_241_123);
    let (mut safe, mut broken) = (0, 0);
    for _ in 0..systems {
        let p = system(&mut random, bears_on);
        let weak = truly_weak(&p, bears_on);
        let verdict = gate(&p, bears_on);
        assert_eq!(
            verdict.accepted(),
            weak == 0,
            "{weak} cases faibles ; {verdict}"
        );
        if weak == 0 { safe += 1 } else { broken += 1 }
    }
    assert!(
        safe >= 5 && broken >= 50,
        "{safe} sûrs, {broken} cassables : le tirage ne teste rien"
    );
}

/// Ensure that the gate accepts a file if, and only if, listing all tables finds
/// every hidden cell safe, linked tables and hidden populations included.
#[test]
fn the_gate_says_what_listing_says() {
    agree(BearsOn::Effectif, 200);
}

/// Ensure the same in the reading `population`.
#[test]
fn the_gate_says_what_listing_says_of_lines() {
    agree(BearsOn::Population, 120);
}

/// Ensure that publishing anything in a line whose population is hidden is
/// refused, and that twin cells of different status are.
#[test]
fn lines_and_twins_are_demanded() {
    let mut p = system(&mut Random(7), BearsOn::Effectif);
    for g in 1..6 {
        p.dwellings[g] = None;
        p.occupation[g] = [None; 4];
        p.households[g] = None;
        p.tables[0][g] = [None; 3];
        p.tables[1][g] = [None; 3];
    }
    p.tables[0][1][0] = Some(1);
    assert!(
        gate(&p, BearsOn::Effectif)
            .findings
            .iter()
            .any(|(_, f)| *f == Finding::BrokenLine)
    );
    p.tables[0][1][0] = None;
    p.occupation[0][0] = Some(4);
    p.households[0] = None;
    assert!(
        gate(&p, BearsOn::Effectif)
            .findings
            .iter()
            .any(|(_, f)| *f == Finding::Identity)
    );
}

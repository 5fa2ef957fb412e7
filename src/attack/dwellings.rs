//! The check of persons against every group that can be derived, dwelling by
//! dwelling.
//!
//! Random dwellings of one to four persons in three programmes, a random pattern
//! of hidden cells. A sum of hidden cells can be derived when it is a combination
//! of what is published: each such group is listed, and the dwellings that have a
//! person in it are counted one by one. Whenever the check of masses accepts, all
//! of them must rest on enough dwellings.

use super::fixture::{Line, Random, table, zonage};
use super::persons::attest_table;
use super::{Sheet, Verdict};
use crate::indicator;
use crate::table::{MASS, RawLine, RawTable};

const THRESHOLD: u32 = 3;
const LEAVES: usize = 3;
const COLUMNS: usize = 3;
/// Which leaves each maille holds.
const HOLDS: [&[usize]; 6] = [&[0, 1, 2], &[0, 1], &[0], &[1], &[2], &[2]];
/// A prime: ranks are computed modulo it.
const PRIME: i64 = 1_000_003;

/// A dwelling: its programme and how many of its persons are in each modality.
type Home = (usize, [u32; COLUMNS]);

fn homes(random: &mut Random) -> Vec<Home> {
    let skew = 1 + random.below(COLUMNS as u64) as u64;
    (0..4 + random.below(14) as usize)
        .map(|_| {
            let mut persons = [0; COLUMNS];
            for _ in 0..1 + random.below(4) {
                persons[random.below(skew) as usize] += 1;
            }
            (random.below(LEAVES as u64) as usize, persons)
        })
        .collect()
}

/// What the rows say of a maille.
fn line(homes: &[Home], maille: usize) -> RawLine {
    let mut line = RawLine {
        counts: vec![0; 5],
        behind: vec![0; 5],
        masses: vec![0; 5],
        ..RawLine::default()
    };
    for (leaf, persons) in homes {
        if !HOLDS[maille].contains(leaf) {
            continue;
        }
        let all: u32 = persons.iter().sum();
        line.population += 1;
        line.respondents += all;
        for (column, count) in persons.iter().enumerate() {
            line.counts[column] += count;
            line.behind[column] += u32::from(*count > 0);
            line.masses[column] += u64::from(*count) * (MASS / u64::from(all));
        }
    }
    line
}

/// Adds a row to a reduced basis, if it is not in its span already.
fn reduce(basis: &[Vec<i64>], mut row: Vec<i64>) -> Option<Vec<i64>> {
    for known in basis {
        let lead = known.iter().position(|v| *v != 0).expect("not null");
        let factor = row[lead];
        if factor != 0 {
            for (value, k) in row.iter_mut().zip(known) {
                *value = (*value - factor * k).rem_euclid(PRIME);
            }
        }
    }
    let lead = row.iter().position(|v| *v != 0)?;
    let (mut inverse, mut power, mut base) = (1, PRIME - 2, row[lead]);
    while power > 0 {
        if power % 2 == 1 {
            inverse = inverse * base % PRIME;
        }
        base = base * base % PRIME;
        power /= 2;
    }
    Some(row.into_iter().map(|v| v * inverse % PRIME).collect())
}

/// The fewest dwellings behind a group of hidden cells that can be derived.
fn fewest(homes: &[Home], lines: &[Line]) -> Option<usize> {
    let leaf_line = [2, 3, 5];
    let cells: Vec<(usize, usize)> = (0..LEAVES)
        .flat_map(|leaf| (0..COLUMNS).map(move |column| (leaf, column)))
        .filter(|(leaf, column)| lines[leaf_line[*leaf]].2[*column].is_none())
        .collect();
    let row = |maille: usize, column: Option<usize>| -> Vec<i64> {
        cells
            .iter()
            .map(|(leaf, c)| {
                i64::from(HOLDS[maille].contains(leaf) && column.is_none_or(|column| column == *c))
            })
            .collect()
    };
    let mut basis: Vec<Vec<i64>> = Vec::new();
    for (maille, (_, respondents, counts)) in lines.iter().enumerate() {
        let shown = (0..COLUMNS)
            .filter(|column| counts[*column].is_some())
            .map(|column| row(maille, Some(column)))
            .chain(respondents.map(|_| row(maille, None)));
        for published in shown {
            basis.extend(reduce(&basis, published));
        }
    }
    (1..1_u32 << cells.len())
        .filter(|set| {
            let group = (0..cells.len()).map(|at| i64::from(set >> at & 1));
            reduce(&basis, group.collect()).is_none()
        })
        .map(|set| {
            let in_group = |leaf: usize, column: usize| {
                let at = cells.iter().position(|cell| *cell == (leaf, column));
                at.is_some_and(|at| set >> at & 1 == 1)
            };
            homes
                .iter()
                .filter(|(leaf, persons)| {
                    (0..COLUMNS).any(|c| persons[c] > 0 && in_group(*leaf, c))
                })
                .count()
        })
        .min()
}

/// Ensure that whatever the check of masses accepts rests on enough dwellings,
/// group by group; and that it accepts a good part of what does.
#[test]
fn whatever_is_attested_rests_on_enough_dwellings() {
    let tree = zonage(&[
        ("epci", None),
        ("C1", Some(0)),
        ("P1", Some(1)),
        ("P2", Some(1)),
        ("C2", Some(0)),
        ("P3", Some(4)),
    ]);
    let def = indicator::table("activite").unwrap();
    let mut random = Random(31_415_926);
    let (mut attested, mut refused, mut safe_refused, mut groups) = (0, 0, 0, 0);
    for _ in 0..4_000 {
        let homes = homes(&mut random);
        let known = RawTable {
            def,
            lines: (0..6).map(|g| line(&homes, g)).collect(),
        };
        let rate = 2 + random.below(4) as u64;
        let lines: Vec<Line> = known
            .lines
            .iter()
            .map(|line| {
                let whole = line.population < THRESHOLD || random.below(8) == 0;
                let mut show = |count: u32, behind: u32| {
                    let hide = whole || behind < THRESHOLD || random.below(rate) == 0;
                    (!hide).then_some(i64::from(count))
                };
                let counts = (0..COLUMNS)
                    .map(|c| show(line.counts[c], line.behind[c]))
                    .chain([Some(0), Some(0)])
                    .collect();
                let of = |count: u32| (!whole).then_some(i64::from(count));
                (of(line.population), of(line.respondents), counts)
            })
            .collect();
        let file = table(&tree, "activite", lines.clone());
        let sheet = Sheet::of(&file, def);
        // The two modalités that nobody has are published as such here.
        let mut verdict = Verdict::default();
        attest_table(&tree, &sheet, &known, THRESHOLD, &mut verdict);
        let found = verdict
            .findings
            .iter()
            .any(|(place, _)| !matches!(place.what.as_str(), "etudiant" | "sans_emploi"));
        let fewest = fewest(&homes, &lines);
        groups += usize::from(fewest.is_some());
        let enough = fewest.is_none_or(|dwellings| dwellings >= THRESHOLD as usize);
        if !found {
            assert!(enough, "{fewest:?} logements : {homes:?} {lines:?}");
            attested += 1;
        } else {
            refused += 1;
            safe_refused += usize::from(enough);
        }
    }
    println!(
        "{attested} attestés, {refused} refusés dont {safe_refused} sûrs, {groups} avec groupes"
    );
    assert!(attested > 100 && refused > 1_000 && groups > 1_000);
}

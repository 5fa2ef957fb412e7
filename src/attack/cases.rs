//! The gate against small published cases of the literature, of which the exact
//! bounds are known (`tests/data/secrecy_cases.json`, each with its source).
//!
//! Each case is laid out as a table of households: a tree of mailles and one to
//! five modalities. Where a case has no margin by line, most households do not
//! answer, so that `repondants ≤ population` binds nothing.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::fixture::{Line, gate, table, zonage};
use super::range::Ranges;
use crate::campaign::BearsOn;
use crate::indicator;
use crate::partial::TableFile;
use crate::table::Zonage;

#[derive(Deserialize)]
struct Case {
    id: String,
    source: String,
    cells: BTreeMap<String, i64>,
    patterns: BTreeMap<String, Pattern>,
}

#[derive(Deserialize)]
struct Pattern {
    suppressed: Vec<String>,
    lower_bound: i64,
    bounds: BTreeMap<String, [i64; 2]>,
    exact: Vec<String>,
    breakable: Vec<String>,
}

fn cases() -> Vec<Case> {
    serde_json::from_str(include_str!("../../tests/data/secrecy_cases.json")).unwrap()
}

/// How a case lies in a table.
struct Shape {
    mailles: Vec<(&'static str, Option<usize>)>,
    columns: Vec<&'static str>,
    /// Name of the case's cell in a maille and column; `None` where the case
    /// says that there is nothing.
    name: fn(&str, &str) -> Option<String>,
    /// Does the case publish the margin of each line?
    margins: bool,
}

const TABLE: &str = "situation_familiale";
/// Households of a leaf where a case has no margin.
const PLENTY: i64 = 1_000;

fn shape(case: &str) -> Shape {
    let list = |leaves: &[&'static str]| {
        let mut mailles = vec![("T", None)];
        mailles.extend(leaves.iter().map(|leaf| (*leaf, Some(0))));
        Shape {
            mailles,
            columns: vec!["*"],
            name: |maille, _| Some(maille.to_owned()),
            margins: false,
        }
    };
    let square = |rows: &[&'static str], columns: &[&'static str]| {
        let mut mailles = vec![("Total", None)];
        mailles.extend(rows.iter().map(|row| (*row, Some(0))));
        Shape {
            mailles,
            columns: columns.to_vec(),
            name: |maille, column| Some(format!("{maille}|{column}")),
            margins: true,
        }
    };
    match case {
        "tau_audit_interval" => square(&["1", "2", "3"], &["1", "2"]),
        "ssb_zeros_and_singletons_3x5" => square(&["1", "2", "3"], &["A", "B", "C", "D", "E"]),
        "us194_zeros_all_zero" => list(&["c1", "c2", "c3"]),
        "us194_ones_pair_natural" | "frequency_sum_of_primaries_below_threshold" => {
            list(&["c1", "c2", "c3", "c4"])
        }
        "single_child_chain" => Shape {
            mailles: vec![
                ("12", None),
                ("120", Some(0)),
                ("1200", Some(1)),
                ("1200Z", Some(2)),
                ("129", Some(0)),
            ],
            columns: vec!["*"],
            name: |maille, _| Some(maille.to_owned()),
            margins: false,
        },
        // Counties are mailles; the second hierarchy, big and small places, are
        // modalities: every place is of one of them.
        "linked_two_hierarchies_diff" => Shape {
            mailles: vec![
                ("Total", None),
                ("county-1", Some(0)),
                ("A", Some(1)),
                ("B", Some(1)),
                ("I", Some(1)),
                ("J", Some(1)),
                ("county-2", Some(0)),
                ("K", Some(6)),
                ("L", Some(6)),
                ("M", Some(6)),
                ("N", Some(6)),
            ],
            columns: vec!["small", "BIG"],
            name: |maille, column| {
                let big = matches!(maille, "L" | "M");
                match maille {
                    "Total" => Some(column.to_owned()),
                    _ => (big == (column == "BIG")).then(|| maille.to_owned()),
                }
            },
            margins: false,
        },
        other => panic!("{other} : cas sans disposition"),
    }
}

/// The case as published under a pattern; hidden cells known to be at least
/// something are counted from there.
fn publish(case: &Case, shape: &Shape, pattern: &Pattern) -> (Zonage, TableFile) {
    let zonage = zonage(&shape.mailles);
    let ranks = 0..shape.mailles.len();
    let children = zonage.children();
    let hidden = |name: &String| pattern.suppressed.contains(name);
    let leaf = |g: usize, column: &str| -> i64 {
        (shape.name)(shape.mailles[g].0, column).map_or(0, |name| {
            case.cells[&name]
                - if hidden(&name) {
                    pattern.lower_bound
                } else {
                    0
                }
        })
    };
    fn sum(children: &[Vec<usize>], leaf: &dyn Fn(usize) -> i64, g: usize) -> i64 {
        match children[g].as_slice() {
            [] => leaf(g),
            below => below.iter().map(|c| sum(children, leaf, *c)).sum(),
        }
    }
    let value = |g: usize, column: &str| sum(&children, &|g| leaf(g, column), g);
    let lines = ranks
        .map(|g| -> Line {
            let names = shape
                .columns
                .iter()
                .map(|column| (shape.name)(shape.mailles[g].0, column));
            let silenced = names.clone().flatten().any(|name| hidden(&name));
            let counts: Vec<Option<i64>> = names
                .zip(&shape.columns)
                .map(|(name, column)| {
                    (!name.is_some_and(|name| hidden(&name))).then(|| value(g, column))
                })
                .collect();
            let all: i64 = shape.columns.iter().map(|column| value(g, column)).sum();
            if shape.margins {
                return (Some(all), Some(all), counts);
            }
            let population = sum(&children, &|_| PLENTY, g);
            (Some(population), (!silenced).then_some(all), counts)
        })
        .collect();
    let table = table(&zonage, TABLE, lines);
    (zonage, table)
}

/// Ensure that the gate finds the bounds that each source states, exactly, and
/// refuses a pattern if, and only if, one of its cells can be recovered.
#[test]
fn the_bounds_are_those_that_the_sources_state() {
    let (mut bounds, mut refused) = (0, 0);
    for case in cases() {
        let shape = shape(&case.id);
        for (name, pattern) in &case.patterns {
            let at = format!("{} ({}), {name}", case.id, case.source);
            let (zonage, file) = publish(&case, &shape, pattern);
            let mut ranges =
                Ranges::of(&zonage, indicator::table(TABLE).unwrap(), &file, None).unwrap();
            for (g, (maille, _)) in shape.mailles.iter().enumerate() {
                for (c, column) in shape.columns.iter().enumerate() {
                    let Some(cell) = (shape.name)(maille, column) else {
                        continue;
                    };
                    if let Some([low, high]) = pattern.bounds.get(&cell) {
                        let (least, most) = ranges.sum(g, &[c]);
                        let found = [least + pattern.lower_bound, most + pattern.lower_bound];
                        assert_eq!(found, [*low, *high], "{at}, {cell}");
                        bounds += 1;
                    }
                }
            }
            let verdict = gate(&zonage, vec![file], 1, BearsOn::Effectif);
            assert_eq!(
                verdict.accepted(),
                pattern.exact.is_empty(),
                "{at} : {verdict}"
            );
            if !pattern.breakable.is_empty() {
                assert!(!verdict.accepted(), "{at}");
                refused += 1;
            }
        }
    }
    assert_eq!((bounds, refused), (63, 6));
}

/// Ensure that a derivable sum under the threshold is refused although none of
/// its cells is known, and that a third cell mends it.
#[test]
fn a_sum_under_the_threshold_is_refused() {
    let mut seen = 0;
    for (id, pattern, safe) in [
        ("tau_audit_interval", "published_manual", false),
        (
            "frequency_sum_of_primaries_below_threshold",
            "two_primaries",
            false,
        ),
        (
            "frequency_sum_of_primaries_below_threshold",
            "third_cell",
            true,
        ),
        (
            "ssb_zeros_and_singletons_3x5",
            "C_with_singletons_lb0",
            false,
        ),
        ("single_child_chain", "all_levels_and_sibling", true),
    ] {
        let case = cases().into_iter().find(|case| case.id == id).unwrap();
        let (zonage, file) = publish(&case, &shape(id), &case.patterns[pattern]);
        let verdict = gate(&zonage, vec![file], 11, BearsOn::Effectif);
        assert_eq!(verdict.accepted(), safe, "{id}, {pattern} : {verdict}");
        seen += 1;
    }
    assert_eq!(seen, 5);
}

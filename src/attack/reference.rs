//! What the gate finds in the patterns of the reference tool.
//!
//! `tests/data/reference_patterns.csv` lists the cells that GaussSuppression
//! 1.2.3 hides, beside every count under 11, in five tables of the reference
//! microdata. The tool makes sure that no cell is known exactly; it leaves sums
//! under 11 that can be derived, and here is how many cells they narrow.

use std::collections::{BTreeMap, BTreeSet};

use super::fixture::{Line, gate, table, zonage};
use super::{Finding, Verdict};
use crate::campaign::BearsOn;

/// Variables of the microdata, each with a table as wide.
const VARIABLES: [(&str, &str); 5] = [
    ("situation", "situation_familiale"),
    ("age", "age_titulaire"),
    ("activite", "taille_menage"),
    ("revenu", "ressources_plus"),
    ("occupation", "peuplement"),
];

fn rows() -> Vec<csv::StringRecord> {
    let text = include_bytes!("../../tests/data/micro_10k.csv");
    csv::Reader::from_reader(&text[..])
        .records()
        .map(Result::unwrap)
        .collect()
}

/// What the gate says of the pattern of a variable.
fn judged(rank: usize) -> Verdict {
    let rows = rows();
    let (variable, stand_in) = VARIABLES[rank];
    let text = include_bytes!("../../tests/data/reference_patterns.csv");
    let secondary: BTreeSet<(String, String)> = csv::Reader::from_reader(&text[..])
        .records()
        .map(Result::unwrap)
        .filter(|row| row[0] == *variable)
        .map(|row| (row[2].to_owned(), row[3].to_owned()))
        .collect();
    let categories: BTreeSet<&str> = rows.iter().map(|row| &row[4 + rank]).collect();
    let categories: Vec<&str> = categories.into_iter().collect();
    let mut counts: BTreeMap<Vec<&str>, Vec<i64>> = BTreeMap::new();
    for row in &rows {
        let column = categories
            .iter()
            .position(|c| *c == &row[4 + rank])
            .unwrap();
        let path = ["Total", &row[1], &row[2], &row[3]];
        for depth in 1..=path.len() {
            let line = counts.entry(path[..depth].to_vec()).or_default();
            line.resize(categories.len(), 0);
            line[column] += 1;
        }
    }
    let paths: Vec<&Vec<&str>> = counts.keys().collect();
    let mailles: Vec<(&str, Option<usize>)> = paths
        .iter()
        .map(|path| {
            let above = &path[..path.len() - 1];
            let parent = paths.binary_search_by(|p| p.as_slice().cmp(above));
            (path[path.len() - 1], parent.ok())
        })
        .collect();
    let tree = zonage(&mailles);
    let lines = counts
        .iter()
        .map(|(path, line)| -> Line {
            let geo = path[path.len() - 1];
            let show = |category: &str, count: i64| {
                let hidden = secondary.contains(&(geo.to_owned(), category.to_owned()));
                (count >= 11 && !hidden).then_some(count)
            };
            let total = show("Total", line.iter().sum());
            let cells = categories.iter().zip(line).map(|(c, n)| show(c, *n));
            (total, total, cells.collect())
        })
        .collect();
    let tables = vec![table(&tree, stand_in, lines)];
    gate(&tree, tables, 11, BearsOn::Effectif)
}

/// Ensure that the gate sees what the reference pattern leaves derivable in each
/// of its five tables, although it leaves no cell known exactly.
#[test]
fn the_reference_leaves_sums_under_the_threshold() {
    for (rank, (variable, _)) in VARIABLES.iter().enumerate() {
        let verdict = judged(rank);
        let listed = verdict.findings.len();
        let of = |wanted: fn(&Finding) -> bool| {
            verdict.findings.iter().filter(|(_, f)| wanted(f)).count()
        };
        let below = of(|f| matches!(f, Finding::Below(_)));
        let exact = of(|f| matches!(f, Finding::Exact(_)));
        println!(
            "{variable} : {} cases attaquées, {} resserrées (sur les {listed} premières : {below} sous 11, {exact} exactes)",
            verdict.attacked, verdict.count
        );
        assert!(below > 20, "{variable} : {verdict}");
    }
}

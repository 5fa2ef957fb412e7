//! The protector against the gate, and the gate against brute force.

mod common;

use common::{partial_of, random_tables, reference_tables};
use ops_mixite::attack::verify;
use ops_mixite::secrecy::protect;

/// Ensure that what the protector makes of the reference microdata withstands
/// the gate.
#[test]
fn reference_microdata_is_protected() {
    let raw = reference_tables();
    let protected = protect(&raw, 11, &[]);
    for line in &protected.summary.lines {
        let f = &line.figures;
        println!(
            "{} {:?}: {} publiées, {} masquées, {} pour protéger",
            line.table, line.level, f.published, f.hidden_for_themselves, f.hidden_to_protect
        );
    }
    let verdict = verify(&partial_of(protected.tables));
    println!("{verdict}");
    assert!(verdict.accepted(), "{verdict}");
    assert!(verdict.attacked > 1_000);
}

/// Ensure that the protector wins on small trees full of zeros, ones, chains,
/// and tables that nobody answered.
#[test]
fn small_random_landlords_are_protected() {
    let mut refused = 0;
    for seed in 0..600 {
        let raw = random_tables(seed);
        let verdict = verify(&partial_of(protect(&raw, 11, &[]).tables));
        if !verdict.accepted() {
            refused += 1;
            println!("graine {seed} : {verdict}");
        }
    }
    assert_eq!(refused, 0);
}

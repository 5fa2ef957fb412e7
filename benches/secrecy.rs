//! What protection costs and how long it takes: `cargo bench`.
//!
//! First the five tables of the reference microdata, beside the pattern of
//! GaussSuppression; then generated landlords of growing size, all tables
//! together. Nothing is asserted: the figures of `docs/secrecy.md` come from here.

#[path = "native/clock.rs"]
mod clock;
#[path = "../tests/common/mod.rs"]
mod common;
#[path = "native/secret.rs"]
mod secret;

use common::landlords;
use ops_mixite::attack::verify;
use ops_mixite::campaign::BearsOn;
use ops_mixite::secrecy::{Protected, Rule, protect};
use ops_mixite::table::Level;

fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let start = clock::now();
    let made = work();
    (made, clock::now() - start)
}

fn rule(bears_on: BearsOn) -> Rule {
    Rule {
        threshold: 11,
        bears_on,
    }
}

/// The shares published at programme and commune level in the last table.
fn shares(protected: &Protected) -> [f64; 2] {
    let table = protected.tables.tables.last().expect("one table");
    let share = |level: Level| {
        let mut lines = protected.summary.lines.iter();
        let line = lines.find(|l| l.table == table.def.id && l.level == level);
        line.map_or(0.0, |l| {
            100.0 * l.figures.units_published as f64 / l.figures.units as f64
        })
    };
    [Level::Programme, Level::Commune].map(share)
}

fn reference() {
    println!("Microdonnées de référence, lecture « effectif »");
    println!(
        "variable | masquées | référence | écart | programmes | communes (au plus) | effectifs des communes (au plus) | secret | attaque"
    );
    for (rank, (variable, theirs)) in common::REFERENCE.iter().enumerate() {
        let raw = common::reference_table(rank);
        let (protected, protecting) = timed(|| protect(&raw, rule(BearsOn::Effectif), &[]));
        let (hidden, counts) = common::loss(&protected);
        let [programmes, communes] = shares(&protected);
        let partial = common::partial_of(protected.tables);
        let (verdict, attacking) = timed(|| verify(&partial));
        let gap = 100.0 * (hidden as f64 / *theirs as f64 - 1.0);
        let (most, share) = common::best_of_communes(&raw, 11);
        println!(
            "{variable} | {hidden} | {theirs} | {gap:+.2} % | {programmes:.1} % | {communes:.1} % ({share:.1} %) | {counts} ({most}) | {protecting:.0} ms | {attacking:.0} ms | {} défauts",
            verdict.count
        );
    }
}

fn main() {
    reference();
    println!(
        "Bailleurs fictifs, tous les tableaux, et leurs croisements\n{}",
        secret::HEADER
    );
    for (rows, programmes) in secret::SHAPES {
        print!("{}", secret::measured(rows, programmes));
    }
}

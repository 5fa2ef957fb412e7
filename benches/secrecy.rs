//! What protection costs and how long it takes: `cargo bench`.
//!
//! First the five tables of the reference microdata, beside the pattern of
//! GaussSuppression; then generated landlords of growing size, all tables
//! together. Nothing is asserted: the figures of `docs/secrecy.md` come from here.

#[path = "../tests/common/mod.rs"]
mod common;

use std::time::{Duration, Instant};

use ops_mixite::attack::{attest, verify};
use ops_mixite::campaign::BearsOn;
use ops_mixite::secrecy::{Protected, Rule, protect};
use ops_mixite::table::Level;

/// Processor time of this program so far, where the system tells: on a busy
/// machine the clock says little.
fn processor() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let mut fields = stat.rsplit(')').next()?.split_whitespace();
    let ticks: u64 = fields.nth(11)?.parse().ok()?;
    // A hundred ticks a second, on every Linux of today.
    Some(Duration::from_millis(ticks * 10))
}

#[allow(
    clippy::disallowed_methods,
    reason = "native only: this program measures"
)]
fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let (start, before) = (Instant::now(), processor());
    let made = work();
    let spent = processor().zip(before).map(|(now, then)| now - then);
    (made, spent.unwrap_or_else(|| start.elapsed()))
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
            "{variable} | {hidden} | {theirs} | {gap:+.2} % | {programmes:.1} % | {communes:.1} % ({share:.1} %) | {counts} ({most}) | {protecting:.1?} | {attacking:.1?} | {} défauts",
            verdict.count
        );
    }
}

/// Largest memory of the process so far, where the system tells.
fn peak() -> String {
    std::fs::read_to_string("/proc/self/status")
        .ok()
        .and_then(|status| {
            let line = status.lines().find(|l| l.starts_with("VmHWM"))?;
            Some(line.split_whitespace().nth(1)?.to_owned())
        })
        .map_or_else(|| "?".to_owned(), |kib| format!("{kib} Kio"))
}

fn growth() {
    println!("Bailleurs fictifs, tous les tableaux");
    println!("lignes / programmes | lecture | secret | attaque | personnes | cases | mémoire");
    for (rows, programmes) in [
        (10_000, 600),
        (30_000, 600),
        (100_000, 2_000),
        (300_000, 6_000),
    ] {
        let raw = common::landlords::landlord(rows, programmes);
        for bears_on in [BearsOn::Effectif, BearsOn::Population] {
            let (protected, protecting) = timed(|| protect(&raw, rule(bears_on), &[]));
            let partial = common::partial_in(&protected.zonages(), bears_on);
            let (mut verdict, attacking) = timed(|| verify(&partial));
            let ((), attesting) = timed(|| attest(&partial, &raw, &mut verdict));
            println!(
                "{rows} / {programmes} | {} | {protecting:.0?} | {attacking:.0?} | {attesting:.0?} | {} attaquées, {} défauts | {}",
                bears_on.id(),
                verdict.attacked,
                verdict.count,
                peak()
            );
        }
    }
}

fn main() {
    reference();
    growth();
}

//! What protection costs on the reference microdata: hidden cells by level, time
//! of protector and gate. `cargo run --release --example secret`.

#[path = "../tests/common/mod.rs"]
mod common;

use std::collections::BTreeMap;
use std::time::Instant;

use ops_mixite::attack::verify;
use ops_mixite::campaign::BearsOn;
use ops_mixite::secrecy::{Rule, protect};

#[allow(
    clippy::disallowed_methods,
    reason = "native only: this program measures"
)]
fn main() {
    let raw = common::reference_tables();
    for bears_on in [BearsOn::Effectif, BearsOn::Population] {
        let start = Instant::now();
        let protected = protect(
            &raw,
            Rule {
                threshold: 11,
                bears_on,
            },
            &[],
        );
        let protecting = start.elapsed();
        let zonage = protected.tables.zonage.clone();
        println!("lecture « {} »", bears_on.id());
        for table in &protected.tables.tables {
            let mut hidden = BTreeMap::new();
            for line in &table.lines {
                let cells = line.counts.iter().filter(|c| c.get().is_none()).count();
                let population = usize::from(line.population.get().is_none());
                *hidden.entry(zonage.mailles[line.maille].level).or_insert(0) += cells + population;
            }
            let total: usize = hidden.values().sum();
            println!("  {} : {total} cases masquées {hidden:?}", table.def.id);
        }
        let partial = common::partial_read(protected.tables, bears_on);
        let start = Instant::now();
        let verdict = verify(&partial);
        println!(
            "  secret {} ms, attaque {} ms : {verdict}",
            protecting.as_millis(),
            start.elapsed().as_millis()
        );
    }
}

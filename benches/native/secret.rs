//! What the protector and the gate cost: a whole landlord, all his tables, in both
//! readings of the rule; reading his file and writing his partial are not counted.
//!
//! `wasm.mjs` runs it in WebAssembly, `cargo bench --bench secrecy` natively.

use ops_mixite::attack::{attest, verify};
use ops_mixite::campaign::{BearsOn, Campaign};
use ops_mixite::partial::{AppliedRules, Header, Partial};
use ops_mixite::secrecy::{Rule, protect};

use crate::clock::{now, peak};
use crate::landlords::landlord;

/// What [`measured`] says of each landlord.
pub(crate) const HEADER: &str = "\
| lignes / programmes | lecture | secret | attaque | personnes | cases attaquées | à retirer | mémoire |
| --- | --- | --- | --- | --- | --- | --- | --- |";

/// Dwellings and programmes of the landlords measured.
pub(crate) const SHAPES: [(usize, usize); 4] = [
    (10_000, 600),
    (30_000, 600),
    (100_000, 2_000),
    (300_000, 6_000),
];

/// Protects and attacks the landlord of so many dwellings and programmes, and says
/// what it took.
pub(crate) fn measured(rows: usize, programmes: usize) -> String {
    let campaign = Campaign::cucm();
    let raw = landlord(rows as u64, programmes as u64);
    let mut said = String::new();
    for bears_on in [BearsOn::Effectif, BearsOn::Population] {
        let rules = AppliedRules {
            bears_on,
            ..AppliedRules::of(&campaign.file().rules)
        };
        let rule = Rule {
            threshold: rules.threshold,
            bears_on,
        };
        let start = now();
        let protected = protect(&raw, rule, &[]);
        let protecting = now() - start;
        let header = Header {
            landlord: 0,
            produced_on: "2026-11-23",
            rules,
        };
        let partial = Partial::new(&campaign, &header, &protected.zonages());
        let start = now();
        let mut verdict = verify(&partial);
        let attacking = now() - start;
        let start = now();
        attest(&partial, &raw, &mut verdict);
        let attesting = now() - start;
        let held = peak().map_or("inconnue".into(), |mib| format!("{mib} Mio"));
        let mut refused: Vec<&str> = verdict
            .findings
            .iter()
            .map(|f| f.0.table.as_str())
            .collect();
        refused.dedup();
        said += &format!(
            "| {rows} / {programmes} | {} | {protecting:.0} ms | {attacking:.0} ms | {attesting:.0} ms | {} | {} | {held} |\n",
            bears_on.id(),
            verdict.attacked,
            refused.join(", "),
        );
    }
    said
}

//! The gate over two zonages against every possible table, on landlords small
//! enough to list.
//!
//! Four programmes of two communes, some of them in priority districts that may
//! cross communes and cut programmes; one table of dwellings, protected, then
//! changed here and there. Listing all whole-number tables that agree with what
//! is published, in both zonages at once, tells which hidden cells can be worked
//! out: the gate must never accept a file that has one.

use std::collections::BTreeMap;

use super::{Verdict, joint};
use crate::campaign::{BearsOn, Campaign};
use crate::dwelling::{Dwelling, HousingType, Qpv, Variable};
use crate::partial::sample::Seed;
use crate::partial::{Absent, AppliedRules, Header, Partial};
use crate::secrecy::{Rule, protect};
use crate::table::{Fold, RawTables, Zonage};

/// Threshold of the tests: small, so that the systems are.
const THRESHOLD: i64 = 3;

/// Nine dwellings at most over four programmes.
fn landlord(seed: &mut Seed) -> RawTables {
    let campaign = Campaign::cucm();
    let mut fold = Fold::new(&campaign);
    let districts: Vec<Qpv> = (0..4)
        .map(|_| match seed.below(4) {
            0 => Qpv::Inside(Some("QN07101M".to_owned())),
            1 => Qpv::Inside(Some("QN07102M".to_owned())),
            _ => Qpv::Outside,
        })
        .collect();
    let cut = seed.below(3) == 0;
    for row in 0..7 + seed.below(3) {
        let programme = if row < 4 { row } else { seed.below(4) };
        let dwelling = Dwelling {
            commune: (programme / 2) as usize,
            programme: programme.to_string(),
            qpv: if cut && row == 4 {
                Qpv::Outside
            } else {
                districts[programme as usize].clone()
            },
            housing_type: [
                Some(HousingType::Individual),
                Some(HousingType::Collective),
                Some(HousingType::Collective),
                None,
            ][seed.below(4) as usize],
            ..Dwelling::default()
        };
        fold.add(&dwelling, row);
    }
    fold.finish("habellis", [Variable::HousingType].into_iter().collect())
}

fn partial(raw: &RawTables, bears_on: BearsOn) -> Partial {
    let campaign = Campaign::cucm();
    let rule = Rule {
        threshold: THRESHOLD as u32,
        bears_on,
    };
    let header = Header {
        landlord: 0,
        produced_on: "2026-01-01",
        rules: AppliedRules {
            threshold: rule.threshold,
            bears_on,
            ..AppliedRules::of(&campaign.file().rules)
        },
    };
    Partial::new(&campaign, &header, &protect(raw, rule, &[]).zonages())
}

fn gate(partial: &Partial) -> Verdict {
    let mut verdict = Verdict::default();
    match joint::System::of(partial) {
        Ok(system) => system.attack(partial, &mut verdict),
        Err(what) => panic!("{what}"),
    }
    verdict
}

/// What a line publishes: population, respondents, two cells.
type Line = [Option<i64>; 4];

/// Every line with the leaves that it sums.
fn lines(partial: &Partial, leaves: &[String]) -> Vec<(Line, Vec<usize>)> {
    let mut all = Vec::new();
    for table in &partial.file().tables {
        let zonage = partial.zonages().iter().find(|z| z.id == table.zonage);
        let held = held(zonage.unwrap(), leaves);
        for line in &table.lines {
            let values = [
                line.base(),
                line.respondents,
                line.counts[0],
                line.counts[1],
            ];
            all.push((values, held[&line.maille].clone()));
        }
    }
    all
}

fn held(zonage: &Zonage, leaves: &[String]) -> BTreeMap<String, Vec<usize>> {
    let mut held: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (rank, maille) in zonage.mailles.iter().enumerate() {
        let Some(leaf) = leaves.iter().position(|id| *id == maille.id) else {
            continue;
        };
        let mut up = Some(rank);
        while let Some(at) = up {
            held.entry(zonage.mailles[at].id.clone())
                .or_default()
                .push(leaf);
            up = zonage.mailles[at].parent;
        }
    }
    held
}

/// Number of hidden cells that can be worked out, by listing every table.
fn truly_weak(partial: &Partial, bears_on: BearsOn) -> usize {
    let first = &partial.zonages()[0];
    let leaf = first.leaves();
    let leaves: Vec<String> = (0..leaf.len())
        .filter(|g| leaf[*g])
        .map(|g| first.mailles[g].id.clone())
        .collect();
    let lines = lines(partial, &leaves);
    let total = lines[0].0[0].expect("the root's dwellings are published");
    let mut ranges = vec![[(i64::MAX, i64::MIN); 4]; lines.len()];
    let mut table = vec![[0_i64; 3]; leaves.len()];
    list(&mut table, 0, total, &mut |table| {
        let value = |set: &[usize], what: usize| -> i64 {
            let columns: &[usize] = [&[0, 1, 2][..], &[0, 1], &[0], &[1]][what];
            set.iter()
                .map(|l| columns.iter().map(|c| table[*l][*c]).sum::<i64>())
                .sum()
        };
        let agrees = lines.iter().all(|(published, set)| {
            (0..4).all(|what| published[what].is_none_or(|p| p == value(set, what)))
        });
        if !agrees {
            return;
        }
        for ((_, set), ranges) in lines.iter().zip(&mut ranges) {
            for (what, range) in ranges.iter_mut().enumerate() {
                let value = value(set, what);
                *range = (range.0.min(value), range.1.max(value));
            }
        }
    });
    let mut weak = 0;
    for ((published, _), ranges) in lines.iter().zip(&ranges) {
        for (what, (low, high)) in ranges.iter().enumerate() {
            let known = match bears_on {
                BearsOn::Effectif => *high < THRESHOLD || low == high,
                BearsOn::Population if what < 2 => *high < THRESHOLD,
                BearsOn::Population => *high < 1,
            };
            weak += usize::from(published[what].is_none() && known);
        }
    }
    weak
}

/// Every table of `total` dwellings, one at least in each leaf.
fn list(table: &mut [[i64; 3]], leaf: usize, left: i64, each: &mut dyn FnMut(&[[i64; 3]])) {
    let after = (table.len() - leaf) as i64 - 1;
    if after < 0 {
        if left == 0 {
            each(table);
        }
        return;
    }
    let range = if after == 0 {
        left..=left
    } else {
        1..=left - after
    };
    for here in range {
        for a in 0..=here {
            for b in 0..=here - a {
                table[leaf] = [a, b, here - a - b];
                list(table, leaf + 1, left - here, each);
            }
        }
    }
}

fn never_fooled(bears_on: BearsOn) {
    let mut seed = Seed(20_241_124);
    let (mut safe, mut broken, mut refused, mut shown) = (0, 0, 0, 0);
    for _ in 0..160 {
        let raw = landlord(&mut seed);
        if raw.qpv.is_none() || raw.tables.is_empty() {
            continue;
        }
        let whole = partial(&raw, bears_on);
        let truth = partial(&raw, bears_on);
        let mut file = truth.file().clone();
        // One system in three stands as it was protected.
        for _ in 0..seed.below(3) {
            change(&mut file, &raw, &mut seed);
        }
        let changed = Partial::unchecked(file, whole.zonages().to_vec());
        if changed.file().tables[0].lines[0].base().is_none() {
            continue;
        }
        let weak = truly_weak(&changed, bears_on);
        let verdict = gate(&changed);
        if verdict.accepted() {
            assert_eq!(weak, 0, "accepté à tort : {:#?}", changed.file().tables);
            let on_districts = changed.file().tables.iter().filter(|t| t.zonage == "qpv");
            shown += on_districts
                .flat_map(|t| &t.lines)
                .flat_map(|l| &l.counts)
                .filter(|c| c.is_some())
                .count();
        }
        match (weak == 0, verdict.accepted()) {
            (true, true) => safe += 1,
            (true, false) => refused += 1,
            _ => broken += 1,
        }
    }
    println!(
        "{bears_on:?} : {safe} sûrs acceptés, {refused} sûrs refusés, {broken} cassables refusés, {shown} cases de QPV publiées"
    );
    assert!(safe >= 20 && broken >= 10 && shown > 0);
}

/// Publishes the true value of a hidden cell, or hides a published one.
fn change(file: &mut crate::partial::PartialFile, raw: &RawTables, seed: &mut Seed) {
    let t = seed.below(file.tables.len() as u64) as usize;
    let zonage = match file.tables[t].zonage.as_str() {
        "qpv" => raw.qpv.as_ref().unwrap(),
        _ => &raw.zonage,
    };
    let leaf = raw.zonage.leaves();
    let leaves: Vec<String> = (0..leaf.len())
        .filter(|g| leaf[*g])
        .map(|g| raw.zonage.mailles[g].id.clone())
        .collect();
    let ranks: Vec<usize> = (0..leaf.len()).filter(|g| leaf[*g]).collect();
    let held = held(zonage, &leaves);
    let lines = &mut file.tables[t].lines;
    let at = seed.below(lines.len() as u64) as usize;
    let line = &mut lines[at];
    let of = |value: &dyn Fn(usize) -> u32| -> i64 {
        let set = &held[&line.maille];
        set.iter().map(|l| i64::from(value(ranks[*l]))).sum()
    };
    let table = &raw.tables[0];
    let cell = seed.below(2) as usize;
    let (population, respondents, count) = (
        of(&|g| table.lines[g].population),
        of(&|g| table.lines[g].respondents),
        of(&|g| table.lines[g].counts[cell]),
    );
    if line.base().is_none() {
        // A line without population stays hidden whole.
        if seed.below(2) == 0 && population >= THRESHOLD {
            line.population = Absent::Present(Some(population));
        }
    } else if seed.below(3) == 0 {
        line.respondents = line.respondents.xor(Some(respondents));
    } else {
        line.counts[cell] = line.counts[cell].xor(Some(count));
    }
}

/// Ensure that no file of two zonages that can be broken is accepted; the share
/// of safe files refused is printed.
#[test]
fn the_gate_is_never_fooled_by_two_zonages() {
    never_fooled(BearsOn::Effectif);
}

/// Ensure the same in the reading `population`.
#[test]
fn the_gate_is_never_fooled_by_two_zonages_of_lines() {
    never_fooled(BearsOn::Population);
}

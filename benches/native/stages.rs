//! Each stage of the work, natively and alone:
//! `cargo bench -p mesures --features criterion`.
//!
//! Reading is measured without what follows it, folding on dwellings that were
//! read before, and so on: the sum is the landlord's wait, less the browser.
#![allow(missing_docs)]

use std::hint::black_box;
use std::io::Cursor;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use ops_mixite::attack;
use ops_mixite::campaign::Campaign;
use ops_mixite::dwelling::{Dwelling, Variables};
use ops_mixite::example::{Landlord, SEED, table, to_csv};
use ops_mixite::intake::{self, Options};
use ops_mixite::merge::Merged;
use ops_mixite::partial::{AppliedRules, Header, Partial};
use ops_mixite::secrecy::{self, Rule};
use ops_mixite::table::{Fold, RawTables};

#[path = "../../tests/intake/writers.rs"]
#[allow(dead_code)]
mod writers;

const ROWS: usize = 10_000;

fn read(bytes: &[u8], campaign: &Campaign, sink: &mut dyn FnMut(&Dwelling)) -> Variables {
    let size = bytes.len() as u64;
    let options = Options::default();
    intake::read(
        Cursor::new(bytes),
        size,
        "ops",
        campaign,
        &options,
        &mut (),
        sink,
    )
    .expect("the example is read")
    .variables
}

fn folded(campaign: &Campaign, dwellings: &[Dwelling], variables: Variables) -> RawTables {
    let mut fold = Fold::new(campaign);
    for (row, dwelling) in dwellings.iter().enumerate() {
        fold.add(dwelling, row as u64);
    }
    fold.finish(&campaign.file().landlords[0].id, variables)
}

fn stages(c: &mut Criterion) {
    let campaign = Campaign::example();
    let rows = table(Landlord::A, SEED, ROWS);
    let sheets = writers::one(writers::typed(&rows));
    let csv = to_csv(&rows).into_bytes();
    let mut group = c.benchmark_group("étapes");
    group
        .sample_size(10)
        .throughput(Throughput::Elements(ROWS as u64));
    for (format, bytes) in [
        ("csv", &csv),
        ("xlsx", &writers::xlsx(&sheets)),
        ("xlsb", &writers::xlsb(&sheets)),
        ("ods", &writers::ods(&sheets)),
    ] {
        group.bench_function(format!("lecture {format}"), |b| {
            b.iter(|| {
                read(bytes, &campaign, &mut |dwelling| {
                    black_box(dwelling);
                })
            });
        });
    }
    let mut dwellings = Vec::new();
    let variables = read(&csv, &campaign, &mut |d| dwellings.push(d.clone()));
    group.bench_function("comptage", |b| {
        b.iter(|| folded(&campaign, &dwellings, variables))
    });
    let raw = folded(&campaign, &dwellings, variables);
    let rules = AppliedRules::of(&campaign.file().rules);
    let rule = Rule {
        threshold: rules.threshold,
        bears_on: rules.bears_on,
    };
    group.bench_function("protection", |b| {
        b.iter(|| secrecy::protect(&raw, rule, &[]))
    });
    let header = Header {
        landlord: 0,
        produced_on: "2026-11-23",
        rules,
    };
    let zonages = secrecy::protect(&raw, rule, &[]).zonages();
    let partial = Partial::new(&campaign, &header, &zonages);
    group.bench_function("attaque", |b| b.iter(|| attack::verify(&partial)));
    group.bench_function("fusion", |b| {
        let one = || Merged::from_partial(&campaign, &partial).expect("it is of the campaign");
        b.iter_batched(
            || (Merged::empty(&campaign), one()),
            |(mut merged, one)| merged.add(one).map(|()| merged),
            BatchSize::LargeInput,
        );
    });
    group.finish();
}

criterion_group!(benches, stages);
criterion_main!(benches);

//! What reading asks of the allocator, counted natively: ten times the rows
//! must not ask ten times as much. An exact budget, where a duration would only
//! measure the machine.

use std::alloc::System;
use std::io::Cursor;

use ops_mixite::campaign::Campaign;
use ops_mixite::example::{Landlord, SEED, table, to_csv};
use ops_mixite::intake::{self, Options};
use ops_mixite::merge::Merged;
use ops_mixite::pipeline::{self, AggregateRequest};
use ops_mixite::table::Fold;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[path = "intake/writers.rs"]
#[allow(dead_code)]
mod writers;

/// Most allocations for a row more.
const MOST_BY_ROW: f64 = 7.0;

#[global_allocator]
static COUNTED: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Allocations, new or larger, of a reading from bytes to counts.
fn allocations(bytes: &[u8]) -> usize {
    let campaign = Campaign::example();
    let mut fold = Fold::new(&campaign);
    let mut row = 0;
    let region = Region::new(COUNTED);
    intake::read(
        Cursor::new(bytes),
        bytes.len() as u64,
        "ops",
        &campaign,
        &Options::default(),
        &mut (),
        &mut |dwelling| {
            row += 1;
            fold.add(dwelling, row);
        },
    )
    .expect("the example is read");
    let stats = region.change();
    stats.allocations + stats.reallocations
}

/// Most bytes that a merge keeps for a maille of a real partial: its texts, and
/// what its lines publish.
const MOST_BY_MAILLE: usize = 160;

/// Bytes that the merge of one partial holds, for each of its mailles.
fn held_by_maille(rows: usize) -> usize {
    let campaign = Campaign::example();
    let bytes = to_csv(&table(Landlord::A, SEED, rows)).into_bytes();
    let request = AggregateRequest::new(campaign.clone(), "2026-11-23");
    let (size, source) = (bytes.len() as u64, Cursor::new(bytes));
    let made = pipeline::aggregate(source, size, "ops", &request, &mut ())
        .expect("the example makes a partial");
    let partial = made.certified.partial();
    let region = Region::new(COUNTED);
    let merged = Merged::from_partial(&campaign, partial).expect("it is of the campaign");
    let stats = region.change();
    let mailles: usize = merged.extent().iter().sum();
    (stats.bytes_allocated - stats.bytes_deallocated) / mailles
}

// One test: the count is of the whole process.
#[test]
fn a_row_more_asks_for_next_to_nothing_and_a_merge_holds_little() {
    let held = held_by_maille(20_000);
    println!("fusion : {held} octets par maille");
    assert!(held <= MOST_BY_MAILLE, "{held} bytes by maille");

    const FEW: usize = 2_000;
    const MANY: usize = 12_000;
    let files = |rows| {
        let table = table(Landlord::A, SEED, rows);
        let sheets = writers::one(writers::typed(&table));
        [
            ("csv", to_csv(&table).into_bytes()),
            ("xlsx", writers::xlsx(&sheets)),
            ("ods", writers::ods(&sheets)),
        ]
    };
    for ((format, few), (_, many)) in files(FEW).into_iter().zip(files(MANY)) {
        let (few, many) = (allocations(&few), allocations(&many));
        // What is left: the normalised identifier that finds duplicates, words
        // looked at for « not known », the code of a district, programmes and
        // labels met for the first time.
        let by_row = (many - few) as f64 / (MANY - FEW) as f64;
        println!("{format} : {few} puis {many} allocations, {by_row:.2} par ligne");
        assert!(by_row <= MOST_BY_ROW, "{format}: {by_row} by row");
    }
}

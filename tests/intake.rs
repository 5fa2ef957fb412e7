//! Intake, from bytes to dwellings: the same rows in each format give the same
//! dwellings; broken and hostile bytes give the right sentence.

#[path = "intake/dirty.rs"]
mod dirty;
#[path = "intake/dresses.rs"]
mod dresses;
#[path = "intake/fuzz.rs"]
mod fuzz;
#[path = "intake/hostile.rs"]
mod hostile;
#[path = "intake/passage.rs"]
mod passage;
#[path = "intake/rpls.rs"]
mod rpls;
#[path = "intake/same.rs"]
mod same;
#[path = "intake/values.rs"]
mod values;
#[path = "intake/writers.rs"]
mod writers;

use std::io::Cursor;

use ops_mixite::campaign::Campaign;
use ops_mixite::dwelling::Dwelling;
use ops_mixite::intake::{self, IntakeError, Options, Report};

/// Reads bytes under the campaign of the CUCM.
pub(crate) fn read_with(
    bytes: &[u8],
    campaign: &Campaign,
    options: &Options,
) -> Result<(Vec<Dwelling>, Report), IntakeError> {
    let mut dwellings = Vec::new();
    let report = intake::read(
        Cursor::new(bytes),
        bytes.len() as u64,
        "ops",
        campaign,
        options,
        &mut (),
        &mut |d| dwellings.push(d.clone()),
    )?;
    assert_eq!(dwellings.len() as u64, report.rows_kept);
    let left_out: u64 = report.out_of_scope.iter().map(|o| o.rows).sum();
    assert_eq!(report.rows_kept + left_out, report.rows_read);
    Ok((dwellings, report))
}

pub(crate) fn read(bytes: &[u8]) -> Result<(Vec<Dwelling>, Report), IntakeError> {
    read_with(bytes, &Campaign::cucm(), &Options::default())
}

//! `cargo xtask fuzz`: the readers on many more changed files than a test run
//! gives them. An input that makes one fall is written under
//! `tests/fixtures/fuzz`, to be committed with its mending.

use std::process::ExitCode;

use anyhow::Result;

use crate::process;

/// Inputs by target when none is asked for.
pub(crate) const DEFAULT_INPUTS: u64 = 20_000;

/// The command.
pub(crate) fn command(inputs: u64) -> Result<ExitCode> {
    let mut cargo = process::cargo();
    cargo
        .args(["test", "--test", "intake", "--", "fuzz::"])
        .env("OPS_MIXITE_FUZZ", inputs.to_string());
    process::run(&mut cargo)?;
    Ok(ExitCode::SUCCESS)
}

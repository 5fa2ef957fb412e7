//! `cargo xtask screenshots`: the pictures of the guides, taken anew from the page.

use std::process::ExitCode;

use anyhow::Result;

use crate::{build, process, project, setup};

pub(crate) fn command() -> Result<ExitCode> {
    setup::for_build()?;
    setup::for_browser_tests()?;
    build::page()?;
    process::run(
        process::command(setup::node()?)
            .arg(project::browser_tests().join("screenshots.mjs"))
            .arg("--executable")
            .arg(setup::chromium()?)
            .arg("--file")
            .arg(project::sealed_page())
            .arg("--folder")
            .arg(project::root().join("docs/guides/images")),
    )?;
    Ok(ExitCode::SUCCESS)
}

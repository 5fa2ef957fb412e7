//! `cargo xtask bench`: how fast the page is, as ratios taken in one run.
//!
//! The figures depend on the machine; the ratios much less. `docs/performance.md`
//! keeps those of a day, with the machine's name.

use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context as _, Result};

use crate::{build, process, project, setup};

/// Rows of the files made, when none are asked for.
const ROWS: [u64; 4] = [10_000, 100_000, 300_000, 1_000_000];

const HEADER: &str = "\
| lignes | format | page / SheetJS | tableaux / décompression | tableaux / .xlsx | page | dont tableaux | protection | attaque | aperçu | puis l'autre lecture | SheetJS | décompression | mémoire wasm | par ligne |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |";

pub(crate) fn command(asked: Vec<u64>) -> Result<ExitCode> {
    let page = Page::made()?;
    setup::for_benches()?;
    let rows = if asked.is_empty() {
        ROWS.to_vec()
    } else {
        asked
    };
    println!(
        "\nFichier choisi → aperçu montré, à côté de SheetJS 0.18.5 (XLSX.read seul) et de la \
         décompression de la feuille par le navigateur ; 30 colonnes. « Puis l'autre lecture » se \
         calcule quand l'aperçu est déjà montré.\n\n{HEADER}"
    );
    for rows in rows {
        let folder = std::env::temp_dir().join(format!("ops-mixite-mesures-{rows}"));
        let made = process::run(
            released("run")
                .args(["--example", "exemple", "--"])
                .arg(&folder)
                .arg(rows.to_string())
                .args(["csv", "xlsx", "ods"])
                .stdout(Stdio::null()),
        );
        let measured = made.and_then(|()| {
            process::run(
                page.measure("bench.mjs")
                    .args(["--rows", &rows.to_string()])
                    .arg("--folder")
                    .arg(&folder),
            )
        });
        std::fs::remove_dir_all(&folder)
            .with_context(|| format!("suppression de {}", folder.display()))?;
        measured?;
    }
    Ok(ExitCode::SUCCESS)
}

/// `cargo xtask bench fusion`, `bench secret`: the merge of many partials, the
/// protector and the gate, in WebAssembly.
pub(crate) fn wasm(measure: &str) -> Result<ExitCode> {
    setup::for_build()?;
    let node = setup::node()?;
    process::run(
        released("build")
            .args(FUSION)
            .args(["--lib", "--target", "wasm32-unknown-unknown"])
            // As the page is compiled.
            .env(build::WASM_FLAGS, build::FEATURES),
    )?;
    let target = project::root().join("target");
    let made = target.join("mesures");
    let bindgen = format!("wasm-bindgen{}", std::env::consts::EXE_SUFFIX);
    process::run(
        process::command(project::tools().join("bin").join(bindgen))
            .args(["--target", "nodejs", "--no-typescript", "--out-dir"])
            .arg(&made)
            .arg(target.join("wasm32-unknown-unknown/release/mesures.wasm")),
    )?;
    process::run(
        process::command(&node)
            .arg(project::browser_benches().join("wasm.mjs"))
            .arg(made.join("mesures.js"))
            .arg(measure),
    )?;
    Ok(ExitCode::SUCCESS)
}

/// `cargo xtask bench communes`: the collectivité's screen on a base of 35 000
/// communes, with a programme in each.
pub(crate) fn communes() -> Result<ExitCode> {
    let page = Page::made()?;
    let base = std::env::temp_dir().join("ops-mixite-35000.base.json");
    process::run(
        released("run")
            .args(FUSION)
            .args(["--bin", "fusion", "--"])
            // Landlords, mailles, communes, tables.
            .args(["1", "70001", "35000", "2"])
            .arg(&base),
    )?;
    let measured = process::run(page.measure("communes.mjs").arg("--base").arg(&base));
    std::fs::remove_file(&base).with_context(|| format!("suppression de {}", base.display()))?;
    measured?;
    Ok(ExitCode::SUCCESS)
}

/// The package whose programs measure the merge, the protector and the gate.
const FUSION: [&str; 4] = ["--package", "mesures", "--features", "fusion"];

/// A command of cargo on what is compiled as it is released.
fn released(command: &str) -> Command {
    let mut cargo = process::cargo();
    cargo.args([command, "--quiet", "--locked", "--release"]);
    cargo
}

/// The sealed page, and the browser that it is measured in.
struct Page {
    node: PathBuf,
    chromium: PathBuf,
}

impl Page {
    fn made() -> Result<Self> {
        setup::for_build()?;
        setup::for_browser_tests()?;
        build::page()?;
        Ok(Self {
            node: setup::node()?,
            chromium: setup::chromium()?,
        })
    }

    /// A script that measures it.
    fn measure(&self, script: &str) -> Command {
        let mut command = process::command(&self.node);
        command
            .arg(project::browser_benches().join(script))
            .arg("--executable")
            .arg(&self.chromium)
            .arg("--file")
            .arg(project::sealed_page());
        command
    }
}

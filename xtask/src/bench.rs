//! `cargo xtask bench`: how fast the page is, as ratios taken in one run.
//!
//! The figures depend on the machine; the ratios much less. `docs/performance.md`
//! keeps those of a day, with the machine's name.

use std::process::ExitCode;

use anyhow::{Context as _, Result};

use crate::{build, process, project, setup};

/// Rows of the files made, when none are asked for.
const ROWS: [u64; 4] = [10_000, 100_000, 300_000, 1_000_000];

const HEADER: &str = "\
| lignes | format | page / SheetJS | tableaux / décompression | tableaux / .xlsx | page | dont tableaux | protection | attaque | puis l'autre lecture | SheetJS | décompression | mémoire wasm | par ligne |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |";

pub(crate) fn command(asked: Vec<u64>) -> Result<ExitCode> {
    setup::for_build()?;
    setup::for_browser_tests()?;
    setup::for_benches()?;
    build::page()?;
    let node = setup::node()?;
    let chromium = setup::chromium()?;
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
            process::cargo()
                .args([
                    "run",
                    "--quiet",
                    "--locked",
                    "--release",
                    "--example",
                    "exemple",
                    "--",
                ])
                .arg(&folder)
                .arg(rows.to_string())
                .args(["csv", "xlsx", "ods"])
                .stdout(std::process::Stdio::null()),
        );
        let measured = made.and_then(|()| {
            process::run(
                process::command(&node)
                    .arg(project::browser_benches().join("bench.mjs"))
                    .arg("--executable")
                    .arg(&chromium)
                    .arg("--file")
                    .arg(project::sealed_page())
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

/// `cargo xtask bench fusion`: the merge of many partials, in WebAssembly.
pub(crate) fn fusion() -> Result<ExitCode> {
    setup::for_build()?;
    let node = setup::node()?;
    process::run(process::cargo().args([
        "build",
        "--quiet",
        "--locked",
        "--release",
        "--package",
        "mesures",
        "--features",
        "fusion",
        "--lib",
        "--target",
        "wasm32-unknown-unknown",
    ]))?;
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
            .arg(project::browser_benches().join("fusion.mjs"))
            .arg(made.join("mesures.js")),
    )?;
    Ok(ExitCode::SUCCESS)
}

/// `cargo xtask bench communes`: the collectivité's screen on a base of 35 000
/// communes, with a programme in each.
pub(crate) fn communes() -> Result<ExitCode> {
    setup::for_build()?;
    setup::for_browser_tests()?;
    build::page()?;
    let node = setup::node()?;
    let chromium = setup::chromium()?;
    let base = std::env::temp_dir().join("ops-mixite-35000.base.json");
    process::run(
        process::cargo()
            .args([
                "run",
                "--quiet",
                "--locked",
                "--release",
                "--package",
                "mesures",
                "--features",
                "fusion",
                "--bin",
                "fusion",
                "--",
                // Landlords, mailles, communes, tables.
                "1",
                "70001",
                "35000",
                "2",
            ])
            .arg(&base),
    )?;
    let measured = process::run(
        process::command(&node)
            .arg(project::browser_benches().join("communes.mjs"))
            .arg("--executable")
            .arg(&chromium)
            .arg("--file")
            .arg(project::sealed_page())
            .arg("--base")
            .arg(&base),
    );
    std::fs::remove_file(&base).with_context(|| format!("suppression de {}", base.display()))?;
    measured?;
    Ok(ExitCode::SUCCESS)
}

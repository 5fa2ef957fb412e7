//! `cargo xtask check`: form, lints, documentation, and the sealed page.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result};

use crate::seal::{audit, plants};
use crate::test::Count;
use crate::{process, project, seal, setup};

/// Each check with its name, and the arguments cargo gets.
const CARGO_CHECKS: [(&str, &[&str]); 4] = [
    ("mise en forme", &["fmt", "--all", "--check"]),
    (
        "clippy, natif",
        &[
            "clippy",
            "--quiet",
            "--locked",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ],
    ),
    (
        "clippy, navigateur",
        &[
            "clippy",
            "--quiet",
            "--locked",
            "--lib",
            "--no-default-features",
            "--target",
            "wasm32-unknown-unknown",
            "--",
            "-D",
            "warnings",
        ],
    ),
    (
        "documentation",
        &[
            "doc",
            "--quiet",
            "--locked",
            "--workspace",
            "--no-deps",
            "--document-private-items",
        ],
    ),
];

/// The command: everything, even after a failure.
pub(crate) fn command() -> Result<ExitCode> {
    setup::for_build()?;
    let mut count = all();
    if project::sealed_page().exists() {
        count += sealed_page();
    } else {
        println!("– page scellée : pas encore construite (« cargo xtask build »)");
    }
    println!("\n{count}");
    Ok(count.exit_code())
}

/// The command for the page alone, as it stands in `dist/`: quick.
pub(crate) fn page_command() -> Result<ExitCode> {
    let count = sealed_page();
    println!("\n{count}");
    Ok(count.exit_code())
}

/// The checks of the sources.
pub(crate) fn all() -> Count {
    let sources = CARGO_CHECKS
        .iter()
        .map(|(name, arguments)| {
            let outcome = process::run(
                process::cargo()
                    .args(*arguments)
                    .env("RUSTDOCFLAGS", "-D warnings"),
            );
            said(name, outcome.map_err(|error| format!("{error:#}")))
        })
        .fold(Count::default(), |sum, one| sum + one);
    sources
        + said(
            "dépendances",
            dependencies().map_err(|error| format!("{error:#}")),
        )
}

/// What may come into the page, as deny.toml says it. Security advisories are
/// kept outside: they are not looked at here, and this says so.
fn dependencies() -> Result<()> {
    setup::for_dependencies_check()?;
    let tool = format!("cargo-deny{}", std::env::consts::EXE_SUFFIX);
    process::run(
        process::command(project::tools().join("bin").join(tool)).args([
            "--offline",
            "--workspace",
            "check",
            "bans",
            "licenses",
            "sources",
        ]),
    )?;
    println!(
        "  (avis de sécurité non vérifiés : leur base est à l'extérieur ; « cargo deny check advisories »)"
    );
    Ok(())
}

/// The checks of the file that goes out.
pub(crate) fn sealed_page() -> Count {
    let (page, sums) = match read_sealed() {
        Ok(read) => read,
        Err(error) => return said("page scellée", Err(format!("{error:#}"))),
    };
    let sound = said("page scellée", told(form(&page, &sums)))
        + said(
            "ce que le wasm peut faire",
            told(audit::wasm_problems(&page)),
        );
    let seen = plants::unseen(&page).map(|(unseen, count)| {
        println!("  (le contrôle essayé sur {count} pages trouées)");
        unseen
    });
    sound + said("ce que le contrôle sait voir", told(seen))
}

fn read_sealed() -> Result<(String, String)> {
    let path = project::sealed_page();
    let read = |path: &Path| {
        std::fs::read_to_string(path).with_context(|| format!("lecture de {}", path.display()))
    };
    Ok((
        read(&path)?,
        read(&path.with_file_name(seal::FINGERPRINTS))?,
    ))
}

fn form(page: &str, sums: &str) -> Result<Vec<String>> {
    let mut problems = audit::problems(page);
    problems.extend(audit::fingerprint_problem(page.as_bytes(), sums));
    problems.extend(audit::size_problem(page.as_bytes())?);
    Ok(problems)
}

fn told(problems: Result<Vec<String>>) -> Result<(), String> {
    match problems {
        Ok(problems) if problems.is_empty() => Ok(()),
        Ok(problems) => Err(problems.join("\n    ")),
        Err(error) => Err(format!("{error:#}")),
    }
}

fn said(name: &str, outcome: Result<(), String>) -> Count {
    match outcome {
        Ok(()) => {
            println!("✓ {name}");
            Count {
                passed: 1,
                ..Count::default()
            }
        }
        Err(reason) => {
            println!("✗ {name}\n    {reason}");
            Count {
                failed: 1,
                ..Count::default()
            }
        }
    }
}

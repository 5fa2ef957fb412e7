//! `cargo xtask release`: what is handed over, in one archive: the sealed page,
//! the command line of this machine, the guides, the shapes of the files, and
//! the fingerprint of each.
//!
//! The same commit gives the same bytes: the page and the command line carry no
//! folder of this machine, and the archive has one order, one date (that of the
//! version, in CHANGELOG.md) and no owner.

use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail, ensure};
use sha2::{Digest as _, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::seal::{self, hex};
use crate::{build, check, process, project, setup};

/// The version that is released.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What is taken from the sources as it is; folders with all that they hold.
const SOURCES: [&str; 9] = [
    "README.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "docs",
    "domain/cucm-ops-2024.campagne.json",
    "domain/exemple-fictif.campagne.json",
    "tests/data/exemple",
];

/// A file of the archive.
struct Entry {
    /// Its path in the archive, with `/`.
    name: String,
    /// Is it a program?
    program: bool,
    bytes: Vec<u8>,
}

/// The command.
pub(crate) fn command() -> Result<ExitCode> {
    let changes = process::output(process::command("git").args(["status", "--porcelain"]))
        .context("la livraison demande git et les sources d'un commit")?;
    ensure!(
        changes.is_empty(),
        "les sources ont des changements qui ne sont dans aucun commit : la page n'en porterait aucun"
    );
    let changelog = text("CHANGELOG.md")?;
    let date = released_on(&changelog, VERSION)?;
    let host = host()?;

    setup::for_build()?;
    build::page()?;
    let page = check::sealed_page();
    println!("{page}");
    ensure!(page.failed == 0, "la page scellée est refusée");
    println!("→ Construction de la ligne de commande pour {host}");
    let program = build::released_command_line()?;

    let mut entries = sources()?;
    entries.extend(built(&program)?);
    entries.push(fingerprints(&entries));
    let folder = format!("ops-mixite-{VERSION}");
    let archive = packed(&folder, entries, date)?;
    let path = build::release_folder().join(format!("{folder}-{host}.zip"));
    std::fs::write(&path, &archive).with_context(|| format!("écriture de {}", path.display()))?;
    println!(
        "✓ {} : {} octets\n  SHA-256 {}",
        path.display(),
        archive.len(),
        hex(&Sha256::digest(&archive))
    );
    Ok(ExitCode::SUCCESS)
}

/// The day of a version, as CHANGELOG.md heads it: `## 0.1.0, 2026-11-25`.
fn released_on(changelog: &str, version: &str) -> Result<DateTime> {
    let head = format!("## {version}, ");
    let day = changelog.lines().find_map(|line| line.strip_prefix(&head));
    let read = |day: &str| {
        let mut numbers = day.split('-');
        let (year, month, day) = (numbers.next()?, numbers.next()?, numbers.next()?);
        let (year, month, day) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
        DateTime::from_date_and_time(year, month, day, 0, 0, 0).ok()
    };
    day.and_then(read).with_context(|| {
        format!(
            "CHANGELOG.md ne donne pas le jour de la version {version} : il y faut « {head}AAAA-MM-JJ »"
        )
    })
}

/// The kind of machine that the command line is built for.
fn host() -> Result<String> {
    let told =
        process::output(process::command("rustc").arg("-vV")).context("« rustc -vV » a échoué")?;
    let host = told.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host
        .context("« rustc -vV » ne dit pas la machine")?
        .to_owned())
}

/// The files of [`SOURCES`] that git keeps.
fn sources() -> Result<Vec<Entry>> {
    let listed = process::output(
        process::command("git")
            .args(["ls-files", "-z", "--"])
            .args(SOURCES),
    )
    .context("« git ls-files » a échoué")?;
    let names = listed.split('\0').filter(|name| !name.is_empty());
    names
        .map(|name| {
            Ok(Entry {
                name: name.to_owned(),
                program: false,
                bytes: bytes(&project::root().join(name))?,
            })
        })
        .collect()
}

/// The page, the headers for hosts, the command line.
fn built(program: &Path) -> Result<Vec<Entry>> {
    let dist = project::sealed_page();
    let hosting = dist.with_file_name(seal::HOSTING);
    let mut files: Vec<(PathBuf, String)> = Vec::new();
    for entry in
        std::fs::read_dir(&hosting).with_context(|| format!("lecture de {}", hosting.display()))?
    {
        let path = entry?.path();
        let name = file_name(&path)?;
        files.push((path, format!("{}/{name}", seal::HOSTING)));
    }
    files.push((dist, "index.html".to_owned()));
    let mut entries = files
        .into_iter()
        .map(|(path, name)| {
            Ok(Entry {
                name,
                program: false,
                bytes: bytes(&path)?,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    entries.push(Entry {
        name: file_name(program)?,
        program: true,
        bytes: bytes(program)?,
    });
    Ok(entries)
}

/// What `sha256sum --check` reads, for every other file.
fn fingerprints(entries: &[Entry]) -> Entry {
    let mut lines: Vec<(&str, String)> = entries
        .iter()
        .map(|entry| (entry.name.as_str(), hex(&Sha256::digest(&entry.bytes))))
        .collect();
    lines.sort_unstable();
    let text: String = lines
        .iter()
        .map(|(name, sum)| format!("{sum}  {name}\n"))
        .collect();
    Entry {
        name: seal::FINGERPRINTS.to_owned(),
        program: false,
        bytes: text.into_bytes(),
    }
}

/// The archive. Pure: the same entries, in any order, give the same bytes.
fn packed(folder: &str, mut entries: Vec<Entry>, date: DateTime) -> Result<Vec<u8>> {
    entries.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    if let Some(pair) = entries.windows(2).find(|pair| pair[0].name == pair[1].name) {
        bail!(
            "deux fichiers de l'archive s'appellent « {} »",
            pair[0].name
        );
    }
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for entry in &entries {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(date)
            .unix_permissions(if entry.program { 0o755 } else { 0o644 });
        archive.start_file(format!("{folder}/{}", entry.name), options)?;
        archive.write_all(&entry.bytes)?;
    }
    Ok(archive.finish()?.into_inner())
}

fn file_name(path: &Path) -> Result<String> {
    let name = path.file_name().and_then(|name| name.to_str());
    Ok(name
        .with_context(|| format!("nom illisible : {}", path.display()))?
        .to_owned())
}

fn bytes(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("lecture de {}", path.display()))
}

fn text(name: &str) -> Result<String> {
    let path = project::root().join(name);
    std::fs::read_to_string(&path).with_context(|| format!("lecture de {}", path.display()))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::io::Read as _;

    use super::*;

    fn entry(name: &str, program: bool, text: &str) -> Entry {
        Entry {
            name: name.to_owned(),
            program,
            bytes: text.as_bytes().to_vec(),
        }
    }

    fn day() -> DateTime {
        released_on("# x\n\n## 0.1.0, 2026-11-25\n", "0.1.0").unwrap()
    }

    #[test]
    fn the_order_of_the_files_does_not_change_the_archive() {
        let entries = || vec![entry("b", true, "programme"), entry("a/c", false, "texte")];
        let one = packed("x-1", entries(), day()).unwrap();
        let two = packed("x-1", entries().into_iter().rev().collect(), day()).unwrap();
        assert_eq!(one, two);

        let mut read = zip::ZipArchive::new(Cursor::new(one)).unwrap();
        let names: Vec<String> = (read.file_names())
            .map(|name| name.unwrap().into_owned())
            .collect();
        assert_eq!(names, ["x-1/a/c", "x-1/b"]);
        for (name, mode, text) in [("x-1/a/c", 0o644, "texte"), ("x-1/b", 0o755, "programme")] {
            let mut file = read.by_name(name).unwrap();
            assert_eq!(file.unix_mode().map(|mode| mode & 0o777), Some(mode));
            assert_eq!(file.last_modified(), Some(day()));
            let mut content = String::new();
            file.read_to_string(&mut content).unwrap();
            assert_eq!(content, text);
        }
        let twice = vec![entry("a", false, ""), entry("a", false, "")];
        assert!(packed("x-1", twice, day()).is_err());
    }

    #[test]
    fn a_version_without_a_day_is_not_released() {
        assert!(released_on("## 0.1.0, not released\n", "0.1.0").is_err());
        assert!(released_on("## 0.1.0, 2026-13-25\n", "0.1.0").is_err());
        assert!(released_on("## 0.1.1, 2026-11-25\n", "0.1.0").is_err());
        assert_eq!((day().year(), day().month(), day().day()), (2026, 11, 25));
    }

    #[test]
    fn fingerprints_are_those_that_sha256sum_checks() {
        let made = fingerprints(&[entry("b", false, ""), entry("a", false, "abc")]);
        let text = String::from_utf8(made.bytes).unwrap();
        assert_eq!(
            text,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  a\n\
             e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  b\n"
        );
    }

    /// The targets of the relative links of a Markdown text.
    fn links(text: &str) -> Vec<&str> {
        text.split("](")
            .skip(1)
            .filter_map(|rest| rest.split_once(')'))
            .map(|(target, _)| target.split('#').next().unwrap_or_default())
            .filter(|target| !target.is_empty() && !target.contains(':'))
            .collect()
    }

    /// Where a relative link of a file leads, from the root.
    fn followed(from: &str, link: &str) -> String {
        let mut steps: Vec<&str> = from.split('/').collect();
        steps.pop();
        for step in link.trim_end_matches('/').split('/') {
            match step {
                "." => {}
                ".." => {
                    steps.pop();
                }
                step => steps.push(step),
            }
        }
        steps.join("/")
    }

    #[test]
    fn links_lead_where_they_say() {
        assert_eq!(
            links("[a](b.md#c) [d](https://e) ![f](g/h.png)"),
            ["b.md", "g/h.png"]
        );
        assert_eq!(followed("docs/guides/a.md", "../b.md"), "docs/b.md");
    }

    #[test]
    fn no_document_links_to_what_is_not_there_and_the_guides_need_the_archive_alone() {
        let archive: HashSet<String> = sources()
            .unwrap()
            .into_iter()
            .map(|entry| entry.name)
            .collect();
        let all = process::output(process::command("git").args(["ls-files", "-z", "--", "*.md"]))
            .unwrap();
        let mut seen = 0;
        for name in all.split('\0').filter(|name| !name.is_empty()) {
            for link in links(&text(name).unwrap()) {
                let target = followed(name, link);
                assert!(
                    project::root().join(&target).exists(),
                    "{name} mène à {target}, qui n'existe pas"
                );
                if name.starts_with("docs/guides/") {
                    assert!(
                        archive.contains(&target),
                        "{name} mène à {target}, qui n'est pas dans l'archive"
                    );
                }
                seen += 1;
            }
        }
        assert!(seen > 20, "{seen}");
    }
}

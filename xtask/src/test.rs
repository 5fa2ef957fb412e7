//! `cargo xtask test`: native tests, exports reopened, checks, build, then both
//! browsers. It goes on after a failure, so that one run tells everything.

use std::fmt;
use std::io::{BufRead as _, BufReader};
use std::ops::{Add, AddAssign};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context as _, Result};

use crate::setup::{BROWSERS, Browser};
use crate::{build, check, process, project, serve, setup};

/// What `cargo xtask test` was asked.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    without_browsers: bool,
    filter: Option<String>,
}

impl Options {
    /// Reads the words after `test`.
    pub(crate) fn parse(words: &[&str]) -> Result<Self, String> {
        let mut options = Self::default();
        for word in words {
            match *word {
                "--sans-navigateur" => options.without_browsers = true,
                word if word.starts_with('-') => {
                    return Err(format!("Option inconnue : « {word} »."));
                }
                word if options.filter.is_none() => options.filter = Some(word.to_owned()),
                word => {
                    return Err(format!(
                        "Un seul filtre à la fois : « {word} » est de trop."
                    ));
                }
            }
        }
        Ok(options)
    }
}

impl Options {
    /// Are the exports reopened? With a filter, only when it is about them.
    fn reopens_exports(&self) -> bool {
        self.filter
            .as_deref()
            .is_none_or(|filter| filter.contains("export"))
    }
}

/// How many tests ran, and how they ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    /// Those that passed.
    pub(crate) passed: usize,
    /// Those that failed.
    pub(crate) failed: usize,
    /// Those that were not run.
    pub(crate) skipped: usize,
}

impl Count {
    /// One failure: something that should have run could not.
    const FAILURE: Self = Self {
        passed: 0,
        failed: 1,
        skipped: 0,
    };

    /// Success when nothing failed.
    pub(crate) fn exit_code(self) -> ExitCode {
        if self.failed == 0 {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }
}

impl Add for Count {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            skipped: self.skipped + other.skipped,
        }
    }
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

/// The closing line, which programs read: English, and the same for every tool.
impl fmt::Display for Count {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(formatter, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

/// The command.
pub(crate) fn command(options: &Options) -> Result<ExitCode> {
    let mut report: Vec<(String, Count)> = Vec::new();

    title("Préparation");
    setup::for_build()?;
    let node_ready = if options.without_browsers {
        Ok(())
    } else {
        // Without Node the rest still runs, and the browsers are counted as failed.
        setup::for_browser_tests()
    };

    title("Tests natifs");
    report.push(("tests natifs".to_owned(), native(options.filter.as_deref())));

    if options.reopens_exports() {
        title("Exports rouverts par openpyxl, odfpy et le csv de Python");
        let count = exports().unwrap_or_else(|error| failure(&error));
        report.push(("exports rouverts".to_owned(), count));
    }

    if options.filter.is_none() {
        title("Contrôles");
        report.push(("contrôles".to_owned(), check::all()));
    }

    title("Page");
    let page = build::page();
    report.push((
        "page".to_owned(),
        match &page {
            Ok(()) => check::sealed_page(),
            Err(error) => failure(error),
        },
    ));

    if options.without_browsers {
        let count = Count {
            skipped: BROWSERS.len(),
            ..Count::default()
        };
        report.push((
            "navigateurs (non ouverts, à la demande : --sans-navigateur)".to_owned(),
            count,
        ));
    } else {
        let ready =
            node_ready.and(page.map_err(|_| anyhow::anyhow!("la page n'a pas été construite")));
        report.extend(in_browsers(ready, options.filter.as_deref()));
    }

    title("Bilan");
    for (name, count) in &report {
        println!("{name} : {count}");
    }
    let total = report
        .iter()
        .fold(Count::default(), |sum, (_, count)| sum + *count);
    println!("\n{total}");
    Ok(total.exit_code())
}

fn title(text: &str) {
    println!("\n── {text}");
}

fn failure(error: &anyhow::Error) -> Count {
    println!("✗ {error:#}");
    Count::FAILURE
}

fn native(filter: Option<&str>) -> Count {
    let mut tests = process::cargo();
    tests
        .args(["test", "--workspace", "--locked", "--no-fail-fast"])
        .args(filter);
    match counted(&mut tests, native_line) {
        Ok(count) if count == Count::default() && filter.is_none() => {
            failure(&anyhow::anyhow!("aucun test natif n'a été trouvé"))
        }
        Ok(count) => count,
        Err(error) => failure(&error),
    }
}

/// The exports, reopened by libraries that did not write them. Without Python
/// they are not known to be right: that is a failure.
fn exports() -> Result<Count> {
    let python = setup::for_export_tests()?;
    let command_line = build::command_line()?;
    let mut tests = process::command(python);
    tests
        .arg(project::export_tests().join("reopen.py"))
        .arg(command_line)
        .env("PYTHONIOENCODING", "utf-8")
        .env("PYTHONDONTWRITEBYTECODE", "1");
    counted(&mut tests, closing_line)
}

fn in_browsers(ready: Result<()>, filter: Option<&str>) -> Vec<(String, Count)> {
    let started = ready.and_then(|()| {
        let node = setup::node()?;
        let command_line = build::command_line()?;
        let address = serve::in_background()?;
        Ok((node, command_line, address))
    });
    let (node, command_line, address) = match started {
        Ok(started) => started,
        Err(error) => return vec![("navigateurs".to_owned(), failure(&error))],
    };
    BROWSERS
        .iter()
        .map(|browser| {
            title(&format!("Tests dans {}", browser.name));
            let count = in_browser(browser, &node, &command_line, &address, filter);
            (browser.name.to_owned(), count)
        })
        .collect()
}

fn in_browser(
    browser: &Browser,
    node: &Path,
    command_line: &Path,
    address: &str,
    filter: Option<&str>,
) -> Count {
    let Some(executable) = browser.find() else {
        println!("✗ {}", browser.advice());
        return Count::FAILURE;
    };
    let mut tests = process::command(node);
    tests
        .arg(project::browser_tests().join("run.mjs"))
        .arg(browser.id)
        .arg("--executable")
        .arg(executable)
        .args(["--url", address])
        .arg("--cli")
        .arg(command_line);
    if let Some(filter) = filter {
        tests.args(["--filter", filter]);
    }
    match counted(&mut tests, closing_line) {
        Ok(count) if count == Count::default() && filter.is_none() => {
            failure(&anyhow::anyhow!("aucun test de navigateur n'a été trouvé"))
        }
        Ok(count) => count,
        Err(error) => failure(&error),
    }
}

/// Runs, shows everything, and adds the counts found in the lines. A command
/// that fails without counting a failure still counts as one.
fn counted(command: &mut Command, read: fn(&str) -> Option<Count>) -> Result<Count> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .context("les tests n'ont pas pu être lancés")?;
    let mut count = Count::default();
    let output = child
        .stdout
        .take()
        .context("les tests n'ont pas de sortie")?;
    let mut lines = BufReader::new(output);
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line)? > 0 {
        let text = String::from_utf8_lossy(&line);
        print!("{text}");
        if let Some(found) = read(text.trim()) {
            count += found;
        }
        line.clear();
    }
    if !child.wait()?.success() && count.failed == 0 {
        count += Count::FAILURE;
    }
    Ok(count)
}

/// `test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out`
fn native_line(line: &str) -> Option<Count> {
    let line = line.strip_prefix("test result: ")?;
    let (_, counts) = line.split_once(". ")?;
    let mut numbers = counts.split("; ");
    let mut next = |word: &str| numbers.next()?.strip_suffix(word)?.trim().parse().ok();
    Some(Count {
        passed: next("passed")?,
        failed: next("failed")?,
        skipped: next("ignored")?,
    })
}

/// `12 passed, 0 failed`, alone on its line, as our own tools end.
fn closing_line(line: &str) -> Option<Count> {
    let mut parts = line.split(", ");
    let mut next = |word: &str| parts.next()?.strip_suffix(word)?.trim_end().parse().ok();
    let (passed, failed) = (next("passed")?, next("failed")?);
    let skipped = match parts.next() {
        Some(part) => part.strip_suffix("skipped")?.trim_end().parse().ok()?,
        None => 0,
    };
    Some(Count {
        passed,
        failed,
        skipped,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_of_cargo_are_counted() {
        let line = "test result: FAILED. 12 passed; 2 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.00s";
        assert_eq!(
            native_line(line),
            Some(Count {
                passed: 12,
                failed: 2,
                skipped: 1
            })
        );
        assert_eq!(native_line("test a ... ok"), None);
        assert_eq!(native_line("test result: ok. many passed"), None);
    }

    #[test]
    fn the_closing_line_is_written_as_it_is_read() {
        for count in [
            Count {
                passed: 12,
                failed: 3,
                skipped: 0,
            },
            Count {
                passed: 1,
                failed: 0,
                skipped: 2,
            },
        ] {
            assert_eq!(closing_line(&count.to_string()), Some(count));
        }
        assert_eq!(Count::default().to_string(), "0 passed, 0 failed");
        assert_eq!(closing_line("ok 12 passed, 0 failed"), None);
    }

    #[test]
    fn a_command_that_fails_in_silence_is_a_failure() {
        let mut command = process::command("cargo");
        command
            .arg("une-commande-qui-n-existe-pas")
            .stderr(Stdio::null());
        assert_eq!(counted(&mut command, native_line).unwrap(), Count::FAILURE);
    }

    #[test]
    fn options_are_read_in_any_order() {
        let wanted = Options {
            without_browsers: true,
            filter: Some("secret".to_owned()),
        };
        assert_eq!(Options::parse(&["secret", "--sans-navigateur"]), Ok(wanted));
        assert!(Options::default().reopens_exports());
        let filtered = |word| Options::parse(&[word]).unwrap().reopens_exports();
        assert!(filtered("exports") && !filtered("secret"));
        assert!(Options::parse(&["--vite"]).is_err());
        assert!(Options::parse(&["a", "b"]).is_err());
    }
}

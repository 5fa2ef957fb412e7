//! The command line: the page's core, native, for scripts, audits and benches.
//!
//! Exit 0: written or accepted. Exit 1: refused (data, secrecy, gate). Exit 2:
//! usage, or a file that cannot be read or written.

use std::io::{BufReader, Read as _, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use lexopt::prelude::*;
use ops_mixite::attack;
use ops_mixite::campaign::{BearsOn, Campaign};
use ops_mixite::export::{self, Format};
use ops_mixite::intake;
use ops_mixite::json;
use ops_mixite::partial::Partial;
use ops_mixite::pipeline::{self, AggregateError, AggregateRequest, Observer, Step};
use ops_mixite::words::{command_line as words, labels};

/// Why the command stops.
enum Failure {
    /// The command line is not understood.
    Usage(String),
    /// A file cannot be read or written.
    Io(String),
    /// The data, the secrecy or the gate says no.
    Refused(String),
}

type Outcome = Result<(), Failure>;

/// Programmes without a secteur, and labels without a meaning, that are named one by one.
const MAX_LISTED: usize = 20;

fn main() -> ExitCode {
    let arguments = lexopt::Parser::from_env();
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Usage(message)) => {
            eprintln!("{message}\n\n{}", words::USAGE);
            ExitCode::from(2)
        }
        Err(Failure::Io(message)) => {
            eprintln!("{message}");
            ExitCode::from(2)
        }
        Err(Failure::Refused(message)) => {
            eprintln!("{message}");
            ExitCode::from(1)
        }
    }
}

/// The options of all the commands.
#[derive(Default)]
struct Options {
    help: bool,
    files: Vec<PathBuf>,
    output: Option<PathBuf>,
    campaign: Option<PathBuf>,
    landlord: Option<String>,
    correspondence: Option<PathBuf>,
    rpls: Option<PathBuf>,
    passage: Option<PathBuf>,
    produced_on: Option<String>,
    threshold: Option<u32>,
    bears_on: Option<BearsOn>,
    exports: Vec<(Format, PathBuf)>,
}

fn usage(error: impl std::fmt::Display) -> Failure {
    Failure::Usage(error.to_string())
}

/// `lexopt` speaks English; what a user may meet is said in French.
fn misused(error: lexopt::Error) -> Failure {
    use lexopt::Error;
    Failure::Usage(match error {
        Error::MissingValue { option } => words::missing_value(&option.unwrap_or_default()),
        Error::UnexpectedOption(option) => words::unknown_option(&option),
        Error::UnexpectedArgument(value) => words::unexpected(value.to_string_lossy()),
        Error::UnexpectedValue { option, .. } => words::no_value(&option),
        Error::NonUnicodeValue(value) => words::not_text(value.to_string_lossy()),
        other => words::misunderstood(other),
    })
}

fn run(mut arguments: lexopt::Parser) -> Outcome {
    let command = match arguments.next().map_err(misused)? {
        Some(Value(command)) => command.string().map_err(misused)?,
        Some(Short('h') | Long("help" | "aide")) => {
            print!("{}", words::USAGE);
            return Ok(());
        }
        Some(Short('V') | Long("version")) => {
            println!("ops-mixite {}", env!("CARGO_PKG_VERSION"));
            return Ok(());
        }
        Some(other) => return Err(misused(other.unexpected())),
        None => return Err(usage(words::WHICH_COMMAND)),
    };
    let allowed: &[&str] = match command.as_str() {
        "agreger" => &[
            "rpls",
            "passage",
            "campagne",
            "bailleur",
            "correspondance",
            "produit-le",
            "seuil",
            "seuil-porte-sur",
            "o",
        ],
        "fusionner" => &["campagne", "o", "xlsx", "ods", "csv"],
        "verifier" => &[],
        other => return Err(usage(words::unknown_command(other))),
    };
    let options = parse(&mut arguments, allowed)?;
    if options.help {
        print!("{}", words::USAGE);
        return Ok(());
    }
    nothing_is_written_over_what_is_read(&options)?;
    match command.as_str() {
        "agreger" => aggregate(&options),
        "fusionner" => consolidate(&options),
        _ => verify(&options),
    }
}

fn parse(arguments: &mut lexopt::Parser, allowed: &[&str]) -> Result<Options, Failure> {
    let mut options = Options::default();
    while let Some(argument) = arguments.next().map_err(misused)? {
        let name = match &argument {
            Value(_) => None,
            Long(name) => Some((*name).to_owned()),
            Short(letter) => Some(letter.to_string()),
        };
        let Some(name) = name else {
            if let Value(file) = argument {
                options.files.push(file.into());
            }
            continue;
        };
        if ["h", "help", "aide"].contains(&name.as_str()) {
            options.help = true;
            return Ok(options);
        }
        if !allowed.contains(&name.as_str()) {
            return Err(misused(argument.unexpected()));
        }
        let value = arguments.value().map_err(misused)?;
        let text = |value: std::ffi::OsString| value.string().map_err(misused);
        match name.as_str() {
            "xlsx" => options.exports.push((Format::Xlsx, value.into())),
            "ods" => options.exports.push((Format::Ods, value.into())),
            "csv" => options.exports.push((Format::Csv, value.into())),
            "o" => options.output = Some(value.into()),
            "campagne" => options.campaign = Some(value.into()),
            "correspondance" => options.correspondence = Some(value.into()),
            "passage" => options.passage = Some(value.into()),
            "rpls" => options.rpls = Some(value.into()),
            "bailleur" => options.landlord = Some(text(value)?),
            "produit-le" => options.produced_on = Some(text(value)?),
            "seuil" => {
                let value = text(value)?;
                let number = value.parse();
                options.threshold = Some(number.map_err(|_| usage(words::bad_threshold(&value)))?);
            }
            _ => {
                options.bears_on = Some(match text(value)?.as_str() {
                    "effectif" => BearsOn::Effectif,
                    "population" => BearsOn::Population,
                    other => return Err(usage(words::bad_reading(other))),
                });
            }
        }
    }
    Ok(options)
}

/// A slip of the hand must not cost a landlord his file: no output may be one of
/// the files that the command reads.
fn nothing_is_written_over_what_is_read(options: &Options) -> Outcome {
    let same = |a: &Path, b: &Path| match (a.canonicalize(), b.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => a == b,
    };
    let beside = [
        &options.campaign,
        &options.correspondence,
        &options.rpls,
        &options.passage,
    ];
    let read = options.files.iter().chain(beside.into_iter().flatten());
    let exports = options.exports.iter().map(|(_, path)| path);
    for output in options.output.iter().chain(exports) {
        if read.clone().any(|path| same(path, output)) {
            return Err(usage(words::output_is_read(output.display())));
        }
    }
    Ok(())
}

fn read(path: &Path, limit: usize) -> Result<Vec<u8>, Failure> {
    let unreadable = |e: std::io::Error| Failure::Io(words::unreadable(path.display(), &e));
    // Of a table that came in place of a document, no more than what tells it.
    let mut start = Vec::new();
    let mut file = std::fs::File::open(path).map_err(unreadable)?;
    let begun = (&mut file).take(json::START as u64).read_to_end(&mut start);
    begun.map_err(unreadable)?;
    if json::is_table(&start) {
        return Ok(start);
    }
    let size = file.metadata().map_err(unreadable)?.len();
    if size > limit as u64 {
        let message = words::too_long(path.display(), size, limit);
        return Err(Failure::Refused(message));
    }
    std::fs::read(path).map_err(unreadable)
}

/// A file to be read in pieces, and its size.
fn open(path: &Path) -> Result<(BufReader<std::fs::File>, u64), Failure> {
    let unreadable = |e: std::io::Error| Failure::Io(words::unreadable(path.display(), &e));
    let file = std::fs::File::open(path).map_err(unreadable)?;
    let size = file.metadata().map_err(unreadable)?.len();
    Ok((BufReader::new(file), size))
}

fn campaign(options: &Options) -> Result<Campaign, Failure> {
    match &options.campaign {
        None => Ok(Campaign::cucm()),
        Some(path) => {
            let bytes = read(path, ops_mixite::campaign::MAX_BYTES)?;
            Campaign::parse(&bytes).map_err(|e| Failure::Refused(words::of_file(path.display(), e)))
        }
    }
}

fn output(options: &Options) -> Result<&Path, Failure> {
    options
        .output
        .as_deref()
        .ok_or_else(|| usage(words::NO_OUTPUT))
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}

fn aggregate(options: &Options) -> Outcome {
    let output = output(options)?;
    let [path] = options.files.as_slice() else {
        return Err(usage(words::ONE_FILE));
    };
    let mut intake_options = intake::Options::default();
    if let Some(path) = &options.correspondence {
        let bytes = read(path, intake::correspondence::MAX_BYTES)?;
        let parsed = intake::Correspondence::parse(&bytes);
        let refused = |e| Failure::Refused(words::of_file(path.display(), e));
        intake_options.correspondence = Some(parsed.map_err(refused)?);
    }
    if let Some(path) = &options.rpls {
        let (file, size) = open(path)?;
        let rpls = intake::Rpls::read(file, size, &file_name(path))
            .map_err(|e| Failure::Refused(e.to_string()))?;
        intake_options.rpls = Some(std::sync::Arc::new(rpls));
    }
    let campaign = campaign(options)?;
    let passage = match &options.passage {
        None => Vec::new(),
        Some(path) => {
            let (file, size) = open(path)?;
            intake::passage::read(file, size, &file_name(path), &campaign)
                .map_err(|e| Failure::Refused(e.to_string()))?
        }
    };
    let request = AggregateRequest {
        campaign,
        landlord: options.landlord.clone(),
        produced_on: produced_on(options)?,
        threshold: options.threshold,
        bears_on: options.bears_on,
        options: intake_options,
        passage,
    };
    let (file, size) = open(path)?;
    let mut timer = Timer::default();
    let made =
        pipeline::aggregate(file, size, &file_name(path), &request, &mut timer).map_err(|e| {
            // The sentence names the setting of the page.
            let option = match e {
                AggregateError::Landlord(_) => words::LANDLORD_OPTION,
                _ => "",
            };
            Failure::Refused(format!("{e}{option}"))
        })?;
    timer.finish();
    let report = &made.report;
    eprintln!("{}", words::rows(report.rows_read, report.rows_kept));
    for finding in &report.findings {
        let identity = finding.code == intake::quality::IDENTITY;
        if finding.severity != intake::Severity::Alerte && !identity {
            continue;
        }
        eprintln!("{}", words::finding(finding));
    }
    // What a correspondence would have to explain.
    let labels = report.unknown_values.iter();
    let labels = labels.filter(|u| !intake::correspondence::meanings(u.variable).is_empty());
    for unknown in labels.take(MAX_LISTED) {
        eprintln!("{}", words::without_meaning(unknown));
    }
    if let Some(rpls) = &report.rpls {
        let said = words::rpls(rpls.matched, report.rows_kept, rpls.unmatched);
        eprintln!("{said}");
    }
    let without: Vec<String> = made
        .programmes
        .iter()
        .filter(|p| p.secteur.is_none() && !request.campaign.secteurs(&p.commune).is_empty())
        .map(|p| words::without_secteur(&p.number, &p.commune))
        .collect();
    for programme in without.iter().take(MAX_LISTED) {
        eprintln!("{programme}");
    }
    if without.len() > MAX_LISTED {
        let others = without.len() - MAX_LISTED;
        eprintln!("{}", words::others_without_secteur(others));
    }
    for table in &made.summary.withdrawn {
        eprintln!("{}", words::withdrawn(&labels::withdrawn(table)));
    }
    if let Some(warning) = &made.warning {
        eprintln!("{warning}");
    }
    eprintln!("{}", made.certified.verdict());
    write(&[(output, made.certified.bytes())])
}

fn consolidate(options: &Options) -> Outcome {
    let output = output(options)?;
    if options.files.is_empty() {
        return Err(usage(words::SOME_PARTIAL));
    }
    let campaign = campaign(options)?;
    let mut timer = Timer::default();
    // One at a time is in memory; the first that cannot be read ends the command.
    let mut unread = None;
    let files = options.files.iter().map(|path| {
        let bytes = match read(path, ops_mixite::partial::MAX_BYTES) {
            Ok(bytes) => Ok(bytes.into()),
            Err(failure) => {
                unread.get_or_insert(failure);
                Err(String::new())
            }
        };
        (file_name(path), bytes)
    });
    let made = pipeline::consolidate_each(files, &campaign, &mut timer);
    timer.finish();
    if let Some(failure) = unread {
        return Err(failure);
    }
    if !made.refused.is_empty() {
        let reasons: Vec<String> = made
            .refused
            .iter()
            .map(|r| words::of_file(&r.file, &r.reason))
            .collect();
        return Err(Failure::Refused(reasons.join("\n")));
    }
    for landlord in &made.missing {
        eprintln!("{}", words::missing(landlord));
    }
    let base = made
        .base
        .map_err(|unmade| Failure::Refused(unmade.to_string()))?;
    let mut outputs = vec![(output, base.to_bytes())];
    for (format, path) in &options.exports {
        if outputs.iter().any(|(other, _)| other == path) {
            return Err(usage(words::output_twice(path.display())));
        }
        let bytes = export::write(&base, *format)
            .map_err(|e| Failure::Refused(words::of_file(path.display(), e)))?;
        outputs.push((path, bytes));
    }
    write(&outputs)
}

fn verify(options: &Options) -> Outcome {
    let [path] = options.files.as_slice() else {
        return Err(usage(words::ONE_PARTIAL));
    };
    let bytes = read(path, ops_mixite::partial::MAX_BYTES)?;
    let mut timer = Timer::default();
    timer.step(Step::Attacking);
    let partial =
        Partial::parse(&bytes).map_err(|e| Failure::Refused(words::of_file(path.display(), e)))?;
    let verdict = attack::verify(&partial);
    timer.finish();
    if verdict.accepted() {
        eprintln!("{verdict}");
        Ok(())
    } else {
        Err(Failure::Refused(words::of_file(path.display(), verdict)))
    }
}

/// The date given, else that of `SOURCE_DATE_EPOCH`, else today's, in UTC.
fn produced_on(options: &Options) -> Result<String, Failure> {
    if let Some(date) = &options.produced_on {
        return Ok(date.clone());
    }
    let moment = match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(text) => text
            .parse()
            .ok()
            .and_then(|seconds| time::OffsetDateTime::from_unix_timestamp(seconds).ok())
            .ok_or_else(|| usage(words::bad_epoch(&text)))?,
        Err(_) => time::OffsetDateTime::now_utc(),
    };
    Ok(moment.date().to_string())
}

/// All the files or none: each is written beside its place, then renamed.
fn write(files: &[(&Path, Vec<u8>)]) -> Outcome {
    let failed =
        |path: &Path, e: std::io::Error| Failure::Io(words::unwritable(path.display(), &e));
    let mut ready = Vec::new();
    for (path, bytes) in files {
        let folder = path
            .parent()
            .filter(|p| !p.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        let mut temporary = tempfile::Builder::new()
            .prefix(".ops-mixite-")
            .permissions(permissions())
            .tempfile_in(folder)
            .map_err(|e| failed(path, e))?;
        temporary.write_all(bytes).map_err(|e| failed(path, e))?;
        temporary
            .as_file()
            .sync_all()
            .map_err(|e| failed(path, e))?;
        ready.push((*path, temporary));
    }
    for (path, temporary) in ready {
        temporary.persist(path).map_err(|e| failed(path, e.error))?;
    }
    Ok(())
}

/// What an ordinary new file gets; temporary files are private by default.
#[cfg(unix)]
fn permissions() -> std::fs::Permissions {
    std::os::unix::fs::PermissionsExt::from_mode(0o644)
}

/// What an ordinary new file gets.
#[cfg(not(unix))]
fn permissions() -> std::fs::Permissions {
    std::fs::metadata(".")
        .expect("the current folder exists")
        .permissions()
}

/// Prints the time of each step on standard error.
#[derive(Default)]
struct Timer {
    running: Option<(Step, Instant)>,
    spent: Vec<(Step, Duration)>,
}

impl Timer {
    #[allow(
        clippy::disallowed_methods,
        reason = "native only: the core never reads a clock"
    )]
    fn now() -> Instant {
        Instant::now()
    }

    fn finish(&mut self) {
        self.stop();
        for (step, spent) in &self.spent {
            eprintln!("{} {} ms", words::step(*step), spent.as_millis());
        }
    }

    fn stop(&mut self) {
        if let Some((step, since)) = self.running.take() {
            let spent = since.elapsed();
            match self.spent.iter_mut().find(|(s, _)| *s == step) {
                Some(known) => known.1 += spent,
                None => self.spent.push((step, spent)),
            }
        }
    }
}

impl Observer for Timer {
    fn step(&mut self, step: Step) {
        self.stop();
        self.running = Some((step, Self::now()));
    }

    fn progress(&mut self, _: u64, _: u16) {}
}

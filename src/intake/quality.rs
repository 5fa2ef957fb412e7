//! The quality report (*contrôle qualité*) as a file for the landlord's own
//! use. It alone may quote a value of the file, and it stays with the landlord:
//! its name says so.

use super::columns;
use super::lines::Lines;
use super::report::{Answers, Place, Report, Severity};
use crate::dwelling::Variable;
use crate::words::{heads, report as words};

/// Name under which the report is saved.
pub const FILE_NAME: &str = "a-conserver-qualite.csv";

/// Code of the finding that names the columns of persons' identities.
pub const IDENTITY: &str = "colonnes-d-identite";

/// Examples of a finding.
const EXAMPLES: usize = 5;

/// The report of a file that gave nothing: the one finding that blocks.
pub fn refused_csv(file: &str, code: &str, variable: Option<Variable>, sentence: &str) -> Vec<u8> {
    let mut out = Lines::default();
    out.line(&[words::TITLE]);
    out.line(&[heads::FILE, file]);
    out.line::<&str>(&[]);
    out.line(&words::FINDING);
    out.line(&[
        code,
        words::severity(Severity::Bloque),
        variable.map_or("", |v| columns::of(v).name),
        "1",
        sentence,
    ]);
    out.into_bytes()
}

/// The report as bytes; a pure function of it.
pub fn to_csv(report: &Report) -> Vec<u8> {
    let mut out = Lines::default();
    out.line(&[words::TITLE]);
    out.line(&[heads::FILE, &report.file, report.format.name()]);
    out.line(&[heads::ROWS_READ, &report.rows_read.to_string()]);
    out.line(&[words::KEPT, &report.rows_kept.to_string()]);
    out.line(&[words::LET, &report.rows_let.to_string()]);
    for left_out in &report.out_of_scope {
        let label = words::left_out(left_out.reason);
        out.line(&[&label, &left_out.rows.to_string()]);
    }
    out.line::<&str>(&[]);
    let mut header: Vec<String> = words::FINDING.map(str::to_owned).into();
    header.extend((1..=EXAMPLES).map(words::example));
    out.line(&header);
    for finding in &report.findings {
        let mut cells = vec![
            finding.code.clone(),
            words::severity(finding.severity).to_owned(),
            finding
                .variable
                .map_or(String::new(), |v| columns::of(v).name.to_owned()),
            finding.count.to_string(),
            finding.message.clone(),
        ];
        let places = (0..EXAMPLES).map(|n| {
            finding
                .examples
                .get(n)
                .map_or(String::new(), Place::to_string)
        });
        cells.extend(places);
        out.line(&cells);
    }
    if let Some(rpls) = &report.rpls {
        out.line::<&str>(&[]);
        out.line(&[words::RPLS_DWELLINGS, &rpls.dwellings.to_string()]);
        let all = rpls.matched + rpls.unmatched;
        out.line(&[
            words::RPLS_MATCHED,
            &rpls.matched.to_string(),
            words::OUT_OF,
            &all.to_string(),
            words::RATE,
            &rate(rpls.matched, all),
        ]);
        out.line(&[words::RPLS_UNMATCHED, &rpls.unmatched.to_string()]);
        for place in &rpls.unmatched_places {
            out.line(&[words::RPLS_ABSENT, &place.to_string()]);
        }
    }
    if !report.unknown_values.is_empty() {
        out.line::<&str>(&[]);
        out.line(&words::UNKNOWN);
        for unknown in &report.unknown_values {
            out.line(&[
                columns::of(unknown.variable).name,
                unknown.shown(),
                &unknown.rows.to_string(),
                &unknown.first.to_string(),
            ]);
        }
    }
    if !report.understood.is_empty() {
        out.line::<&str>(&[]);
        out.line(&words::UNDERSTOOD);
        for one in &report.understood {
            out.line(&[
                columns::of(one.variable).name,
                one.label.as_str(),
                &one.meaning,
                &one.times.to_string(),
            ]);
        }
    }
    if !report.outside_communes.is_empty() {
        out.line::<&str>(&[]);
        out.line(&words::OUTSIDE);
        for commune in &report.outside_communes {
            out.line(&[commune.name.as_str(), &commune.rows.to_string()]);
        }
    }
    out.line::<&str>(&[]);
    out.line(&words::ANSWERS);
    let households = (report.rows_let, report.rows_responding);
    answers(&mut out, words::WHOLE, "", households, &report.answers);
    for commune in &report.answers_by_commune {
        let households = (commune.lets, commune.responding);
        answers(
            &mut out,
            &commune.name,
            &commune.code,
            households,
            &commune.answers,
        );
    }
    out.into_bytes()
}

fn answers(
    out: &mut Lines,
    name: &str,
    code: &str,
    (lets, responding): (u64, u64),
    answers: &[Answers],
) {
    let (asked, answered) = answers
        .iter()
        .fold((0, 0), |(a, b), one| (a + one.asked, b + one.answered));
    let mut line = |variable: &str, asked: u64, answered: u64| {
        let (asked, answered) = (asked.max(answered), answered);
        out.line(&[
            name,
            code,
            variable,
            &asked.to_string(),
            &answered.to_string(),
            &rate(answered, asked),
        ]);
    };
    line(words::ANY_ANSWER, lets, responding);
    line(words::ALL_VARIABLES, asked, answered);
    for one in answers {
        line(columns::of(one.variable).name, one.asked, one.answered);
    }
}

/// Per cent with one decimal, as on the screen; nothing of nobody.
fn rate(answered: u64, asked: u64) -> String {
    // Rounded half away from zero, as everywhere.
    let (answered, asked) = (u128::from(answered), u128::from(asked));
    match (2_000 * answered + asked).checked_div(2 * asked) {
        Some(rate) => format!("{},{}", rate / 10, rate % 10),
        None => String::new(),
    }
}

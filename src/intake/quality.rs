//! The quality report (*contrôle qualité*) as a file for the landlord's own
//! use. It alone may quote a value of the file, and it stays with the landlord:
//! its name says so.

use super::columns;
use super::lines::Lines;
use super::report::{Answers, Place, Report, Severity};
use crate::dwelling::Variable;

/// Name under which the report is saved.
pub const FILE_NAME: &str = "a-conserver-qualite.csv";

/// Code of the finding that names the columns of persons' identities.
pub const IDENTITY: &str = "colonnes-d-identite";

/// The first line.
const TITLE: &str = "Contrôle qualité : à conserver par le bailleur, ne pas transmettre";

/// Examples of a finding.
const EXAMPLES: usize = 5;

/// The report of a file that gave nothing: the one finding that blocks.
pub fn refused_csv(file: &str, code: &str, variable: Option<Variable>, sentence: &str) -> Vec<u8> {
    let mut out = Lines::default();
    out.line(&[TITLE]);
    out.line(&["Fichier", file]);
    out.line::<&str>(&[]);
    out.line(&["Code", "Gravité", "Variable", "Nombre", "Constat et remède"]);
    out.line(&[
        code,
        severity(Severity::Bloque),
        variable.map_or("", |v| columns::of(v).name),
        "1",
        sentence,
    ]);
    out.into_bytes()
}

/// The report as bytes; a pure function of it.
pub fn to_csv(report: &Report) -> Vec<u8> {
    let mut out = Lines::default();
    out.line(&[TITLE]);
    out.line(&["Fichier", &report.file, report.format.name()]);
    out.line(&["Lignes lues", &report.rows_read.to_string()]);
    out.line(&["Logements gardés", &report.rows_kept.to_string()]);
    out.line(&["dont loués", &report.rows_let.to_string()]);
    for left_out in &report.out_of_scope {
        let label = format!("Lignes non comptées : {}", left_out.reason.label());
        out.line(&[&label, &left_out.rows.to_string()]);
    }
    out.line::<&str>(&[]);
    let mut header = vec![
        "Code".to_owned(),
        "Gravité".to_owned(),
        "Variable".to_owned(),
        "Nombre".to_owned(),
        "Constat et remède".to_owned(),
    ];
    header.extend((1..=EXAMPLES).map(|n| format!("Exemple {n}")));
    out.line(&header);
    for finding in &report.findings {
        let mut cells = vec![
            finding.code.clone(),
            severity(finding.severity).to_owned(),
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
        out.line(&[
            "Logements de la déclaration RPLS",
            &rpls.dwellings.to_string(),
        ]);
        let all = rpls.matched + rpls.unmatched;
        out.line(&[
            "Logements rapprochés du RPLS",
            &rpls.matched.to_string(),
            "sur",
            &all.to_string(),
            "Taux (%)",
            &rate(rpls.matched, all),
        ]);
        out.line(&["Logements absents du RPLS", &rpls.unmatched.to_string()]);
        for place in &rpls.unmatched_places {
            out.line(&["Absent du RPLS", &place.to_string()]);
        }
    }
    if !report.unknown_values.is_empty() {
        out.line::<&str>(&[]);
        out.line(&["Variable", "Valeur non retenue", "Lignes", "Première"]);
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
        out.line(&["Variable", "Valeur comprise", "Comme", "Nombre"]);
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
        out.line(&["Commune hors du territoire, non comptée", "Lignes"]);
        for commune in &report.outside_communes {
            out.line(&[commune.name.as_str(), &commune.rows.to_string()]);
        }
    }
    out.line::<&str>(&[]);
    out.line(&[
        "Commune",
        "Code INSEE",
        "Variable",
        "Logements concernés",
        "Réponses",
        "Taux (%)",
    ]);
    let households = (report.rows_let, report.rows_responding);
    answers(&mut out, "Ensemble", "", households, &report.answers);
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
    line("Ménages ayant répondu à quelque chose", lets, responding);
    line("Toutes les variables ensemble", asked, answered);
    for one in answers {
        line(columns::of(one.variable).name, one.asked, one.answered);
    }
}

/// Per cent with one decimal, rounded down; nothing of nobody.
fn rate(answered: u64, asked: u64) -> String {
    match (u128::from(answered) * 1000).checked_div(u128::from(asked)) {
        Some(rate) => format!("{},{}", rate / 10, rate % 10),
        None => String::new(),
    }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Bloque => "bloque",
        Severity::Alerte => "alerte",
        Severity::Information => "information",
    }
}

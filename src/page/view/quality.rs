//! What was understood of the landlord's file: rows, columns, answers, findings.

use maud::{Markup, html};

use super::scrolling;
use crate::page::view_model::{AnswerRate, ColumnRef, QualityView, Severity};
use crate::words::numbers;
use crate::words::ui::{self, NBSP};

/// The quality summary (*Contrôle qualité*).
pub fn summary(quality: &QualityView) -> Markup {
    let left_out: u64 = quality.left_out.iter().map(|l| l.rows).sum();
    html! {
        @if !quality.origin.is_empty() { p { (quality.origin) } }
        dl.cles {
            @if !quality.landlord.is_empty() {
                div { dt { "Bailleur" } dd { (quality.landlord) } }
            }
            div { dt { "Lignes lues" } dd { (numbers::count(quality.rows_read)) } }
            div { dt { "Logements comptés" } dd { (numbers::count(quality.rows_kept)) } }
            div { dt { "Lignes écartées" } dd { (numbers::count(left_out)) } }
        }
        @if !quality.left_out.is_empty() {
            h4 { "Lignes écartées" }
            ul.constats {
                @for reason in &quality.left_out {
                    li { (ui::count(reason.rows, "ligne", "lignes")) (NBSP) ": " (reason.reason) }
                }
            }
        }
        @if !quality.findings.is_empty() {
            h4 { "Constats" }
            ul.constats {
                @for finding in &quality.findings {
                    li class=[class(finding.severity)] {
                        strong { (ui::severity(finding.severity)) (NBSP) ":" } " "
                        (finding.sentence)
                    }
                }
            }
        }
        @if !quality.answers.is_empty() { (answers(&quality.answers)) }
    }
}

fn class(severity: Severity) -> Option<&'static str> {
    match severity {
        Severity::Note => None,
        Severity::Warning => Some("avertissement"),
        Severity::Error => Some("erreur"),
    }
}

fn answers(answers: &[AnswerRate]) -> Markup {
    scrolling(
        "Taux de réponse par variable",
        &html! {
            table {
                caption { "Taux de réponse par variable" span.unite { " (réponses exploitables ; ne sort pas de cet écran)" } }
                thead { tr {
                    th scope="col" { "Variable" }
                    th.nombre scope="col" { "Réponses" }
                    th.nombre scope="col" { "Population" }
                    th.nombre scope="col" { "Taux" }
                } }
                tbody {
                    @for answer in answers {
                        tr {
                            th scope="row" { (answer.variable) }
                            td.nombre { (numbers::count(answer.respondents)) }
                            td.nombre { (numbers::count(answer.population)) }
                            td.nombre { (rate(answer)) }
                        }
                    }
                }
            }
        },
    )
}

fn rate(answer: &AnswerRate) -> String {
    match answer.population {
        0 => "sans objet".to_owned(),
        whole => ui::share(answer.respondents, whole),
    }
}

/// The columns found (*Correspondance des colonnes*).
pub fn mapping(quality: &QualityView) -> Markup {
    html! {
        @if !quality.mapping.is_empty() {
            (scrolling("Colonnes reconnues", &html! {
                table {
                    caption { "Colonnes reconnues" }
                    thead { tr {
                        th scope="col" { "Variable" }
                        th scope="col" { "Colonne du fichier" }
                        th scope="col" { "Reconnue" }
                    } }
                    tbody {
                        @for variable in &quality.mapping {
                            tr {
                                th scope="row" { (variable.variable) }
                                td { (columns(&variable.columns)) }
                                td { (variable.how) }
                            }
                        }
                    }
                }
            }))
        }
        @if !quality.ignored.is_empty() {
            details {
                summary { "Colonnes non utilisées (" (quality.ignored.len()) ")" }
                ul { @for column in &quality.ignored { li { (column_ref(column)) } } }
            }
        }
    }
}

fn columns(columns: &[ColumnRef]) -> Markup {
    html! {
        @if columns.is_empty() { "absente du fichier" }
        @for (i, column) in columns.iter().enumerate() {
            @if i > 0 { br; }
            (column_ref(column))
        }
    }
}

fn column_ref(column: &ColumnRef) -> Markup {
    html! { span.lettre { (column.letter) } " « " (column.header) " »" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::view_model::{Finding, LeftOut, MappedColumn};

    fn quality() -> QualityView {
        QualityView {
            landlord: "Bailleur <A>".into(),
            origin: "Feuille « OPS »".into(),
            rows_read: 12_345,
            rows_kept: 12_340,
            left_out: vec![LeftOut {
                reason: "hors du territoire".into(),
                rows: 5,
            }],
            mapping: vec![MappedColumn {
                variable: "Commune".into(),
                columns: vec![ColumnRef {
                    letter: "C".into(),
                    header: "<script>alert(1)</script>".into(),
                }],
                how: "à l'identique".into(),
            }],
            ignored: vec![ColumnRef {
                letter: "AB".into(),
                header: "Téléphone".into(),
            }],
            answers: vec![AnswerRate {
                variable: "APL".into(),
                respondents: 2,
                population: 3,
            }],
            findings: vec![Finding {
                severity: Severity::Warning,
                sentence: "3 valeurs inconnues".into(),
            }],
        }
    }

    #[test]
    fn the_summary_says_numbers_in_french_and_every_reason() {
        let html = summary(&quality()).into_string();
        assert!(
            html.contains("<dt>Lignes lues</dt><dd>12\u{202f}345</dd>"),
            "{html}"
        );
        assert!(html.contains("<dt>Lignes écartées</dt><dd>5</dd>"));
        assert!(html.contains("5\u{a0}lignes\u{a0}: hors du territoire"));
        assert!(html.contains("Bailleur &lt;A&gt;"));
        assert!(html.contains("<li class=\"avertissement\"><strong>Attention"));
        assert!(html.contains("66,7\u{202f}%"));
        assert!(html.contains("<caption>") && html.contains("<th scope=\"row\">APL</th>"));
    }

    #[test]
    fn headers_of_the_file_stay_text() {
        let html = mapping(&quality()).into_string();
        assert!(!html.contains("<script>"));
        assert!(
            html.contains(
                "<span class=\"lettre\">C</span> « &lt;script&gt;alert(1)&lt;/script&gt; »"
            )
        );
        assert!(html.contains("Colonnes non utilisées (1)"));
    }

    #[test]
    fn an_empty_population_has_no_rate() {
        let none = AnswerRate {
            variable: "DPE".into(),
            respondents: 0,
            population: 0,
        };
        assert_eq!(rate(&none), "sans objet");
    }
}

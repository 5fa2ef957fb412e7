//! What was understood of the landlord's file: rows, columns, answers, findings.
//!
//! All of it stays on this screen.

use maud::{Markup, html};

use super::mapping::{self, Found};
use super::{name, said, scrolling, whose};
use crate::dwelling::Variable;
use crate::intake::correspondence::MAX_DISTINCT;
use crate::intake::{
    Answers, Candidate, ColumnName, CommuneAnswers, Correspondence, DUPLICATE, DUPLICATE_DIFFERS,
    Finding, Ignored, IgnoredColumn, MappedColumn, Place, Proposal, Reason, Report, RplsMatch,
    Severity, Understood, columns,
};
use crate::page::protocol::LandlordOutcome;
use crate::page::view_model::CampaignView;
use crate::pipeline::OtherName;
use crate::words::quality::Districts;
use crate::words::ui::{self, CLOSE, COLON, OPEN};
use crate::words::{heads, mapping as mapping_words, numbers, quality as words};

/// The quality summary (*Contrôle qualité*).
pub fn summary(outcome: &LandlordOutcome) -> Markup {
    let report = &outcome.report;
    html! {
        p { (said(&words::origin(report))) }
        dl.cles {
            div { dt { (heads::LANDLORD) } dd { (outcome.landlord) } }
            div { dt { (heads::ROWS_READ) } dd { (numbers::count(report.rows_read)) } }
            div { dt { (heads::DWELLINGS_COUNTED) } dd { (numbers::count(report.rows_kept)) } }
            @if report.rows_let > 0 {
                div { dt { (words::LETS_ANSWERING) } dd {
                    (numbers::count(report.rows_responding))
                    span.sous { (words::of_lets(report)) }
                } }
            }
            div { dt { (heads::ROWS_LEFT_OUT) } dd { (numbers::count(report.rows_read - report.rows_kept)) } }
        }
        @if let Some(warning) = &outcome.warning {
            ul.constats { li.avertissement { strong { (words::ATTENTION) } " " (said(&warning.to_string())) } }
        }
        @if report.rows_kept > 0 && report.rows_let == 0 {
            ul.constats { li.avertissement { strong { (words::ATTENTION) } " " (said(words::NONE_LET)) } }
        }
        (left_out(outcome))
        @if !report.findings.is_empty() {
            h4 { (words::FINDINGS) }
            ul.constats { @for finding in &report.findings { (finding_line(finding)) } }
        }
        (unknown_values(report))
        @if let Some(rpls) = &report.rpls { (rpls_match(rpls)) }
        (answers(&report.answers))
        (answers_by_commune(&report.answers_by_commune))
        (keep())
    }
}

/// What the landlord should look at before sending, if rows or columns of his file
/// may be lost.
///
/// `named` is the landlord that the name of the file names, when it is another, and
/// `other` the name that its rows give, when it is another.
pub fn before_sending(
    report: &Report,
    (named, other): (Option<&str>, Option<&OtherName>),
    districts: Districts,
) -> Option<Markup> {
    let unknown = |reason| matches!(reason, Reason::UnknownCommune | Reason::NoCommune);
    let left_out = report.out_of_scope.iter();
    let rows = left_out.filter(|o| unknown(o.reason)).map(|o| o.rows).sum();
    let mut variables: Vec<_> = report.candidates.iter().map(|c| c.variable).collect();
    crate::order::sort(&mut variables);
    variables.dedup();
    let values = mapping::open(&report.unknown_values);
    let most = values.iter().max_by_key(|u| u.rows);
    // Rows outside of the territory or of another landlord are rightly left out.
    let usual = |reason| {
        !unknown(reason) && !matches!(reason, Reason::OutsideTerritory | Reason::OtherLandlord)
    };
    let mut usual: Vec<_> = report
        .out_of_scope
        .iter()
        .filter(|o| usual(o.reason))
        .collect();
    crate::order::sort_by_key(&mut usual, |o| std::cmp::Reverse(o.rows));
    let of_these = usual.iter().map(|o| o.rows).sum::<u64>();
    let large = of_these * LARGE_PART >= report.rows_read && of_these > 0;
    let alerts = report.findings.iter().filter(|f| {
        let told = large && f.code == DUPLICATE;
        f.severity == Severity::Alerte && !told && !said_by_counts(f)
    });
    let communes = report.asked_communes.iter().filter(|c| c.counted);
    let silent: Vec<&str> = report
        .answers
        .iter()
        .filter(|a| a.asked > 0 && a.answered == 0)
        .filter(|a| report.mapped.iter().any(|m| m.variable == a.variable))
        .map(|a| columns::of(a.variable).name)
        .collect();
    let lacking = without_column(report, is_usual);
    let contradicted = report.findings.iter();
    let contradicted = contradicted.filter(|f| f.code == DUPLICATE_DIFFERS);
    let words = words::before_sending(&words::Lost {
        named,
        other: other.map(|other| (other.said.as_str(), other.chosen.as_str())),
        rows,
        communes: (
            communes.clone().count() as u64,
            communes.map(|c| c.rows).sum(),
        ),
        districts,
        contradicted: contradicted.map(|f| f.count).sum(),
        columns: variables.len() as u64,
        lacking: &lacking,
        left_out: usual
            .first()
            .filter(|_| large)
            .map(|o| (of_these, report.rows_read, o.reason.label())),
        values: values.len() as u64,
        most: most.map(|u| (columns::of(u.variable).name, u.shown(), u.rows)),
        silent: &silent,
        findings: alerts.count() as u64,
    })?;
    Some(html! { span.reserve { (said(&words)) } })
}

/// One row in so many, left out for another reason than its commune, is said where the
/// landlord is about to send.
const LARGE_PART: u64 = 5;

/// Does the survey of every landlord hold it (annexe 2 of the convention)?
fn is_usual(column: &columns::Column) -> bool {
    match column.variable {
        Variable::Answered => false,
        Variable::HousingType | Variable::Typology | Variable::Financing => true,
        _ => column.asked == columns::Asked::Households,
    }
}

/// May a column that was not read be one of those that are missing?
fn may_be_unread(report: &Report) -> bool {
    let missing = |c: &columns::Column| is_usual(c) || c.variable == Variable::Qpv;
    report.ignored.iter().any(|i| i.why == Ignored::Unknown)
        && !without_column(report, missing).is_empty()
}

/// The names of the variables that no column gives, of those asked for.
fn without_column(report: &Report, asked: impl Fn(&columns::Column) -> bool) -> Vec<&'static str> {
    let absent = columns::COLUMNS.iter();
    absent
        .filter(|c| asked(c) && !report.variables.contains(c.variable))
        .map(|c| c.name)
        .collect()
}

/// Is it what the counts of [`before_sending`] say already?
fn said_by_counts(finding: &Finding) -> bool {
    let codes = [
        "commune-ressemblante",
        "commune-absente",
        "commune-homonyme",
        "colonne-a-confirmer",
        "valeur-inconnue",
        DUPLICATE,
        DUPLICATE_DIFFERS,
    ];
    codes.contains(&finding.code.as_str())
}

/// What blocks: the file gave nothing.
pub fn refused(sentence: &str) -> Markup {
    html! {
        ul.constats { li.erreur { strong { (words::ERROR) } " " (said(sentence)) } }
        (keep())
    }
}

/// The button that saves the report.
fn keep() -> Markup {
    html! {
        p { button.second type="button" data-conserver="" { (words::KEEP) }
            " " span.aide { (words::KEEP_WHAT) } }
    }
}

/// How the dwellings met the RPLS return.
fn rpls_match(rpls: &RplsMatch) -> Markup {
    html! {
        h4 { (words::RPLS) }
        p { (words::rpls(rpls)) }
        @if rpls.unmatched > 0 {
            details {
                summary { (words::rpls_unmatched(rpls)) }
                ul { @for place in &rpls.unmatched_places { li { (said(&place.to_string())) } } }
                @let listed = rpls.unmatched_places.len() as u64;
                @if listed < rpls.unmatched { p { (words::and_others(rpls.unmatched - listed)) } }
            }
        }
    }
}

fn answers_by_commune(communes: &[CommuneAnswers]) -> Markup {
    html! {
        @if !communes.is_empty() {
            details {
                summary { (words::BY_COMMUNE) }
                (scrolling(words::BY_COMMUNE, &html! {
                    table {
                        caption { (words::BY_COMMUNE_CAPTION) span.unite { (words::BY_COMMUNE_UNIT) } }
                        thead { tr {
                            th scope="col" { (heads::COMMUNE) }
                            th.nombre scope="col" { (words::LETS_ANSWERING) }
                            th.nombre scope="col" { (heads::HOUSEHOLDS) }
                            th.nombre scope="col" { (words::HOUSEHOLDS_RATE) }
                            th.nombre scope="col" { (words::ANSWERS) }
                            th.nombre scope="col" { (words::ANSWERS_ASKED) }
                            th.nombre scope="col" { (words::ANSWERS_RATE) }
                        } }
                        tbody {
                            @for commune in communes {
                                @let asked = commune.answers.iter().map(|a| a.asked).sum::<u64>();
                                @let answered = commune.answers.iter().map(|a| a.answered).sum::<u64>();
                                tr {
                                    th scope="row" { (commune.name) }
                                    td.nombre { (numbers::count(commune.responding)) }
                                    td.nombre { (numbers::count(commune.lets)) }
                                    td.nombre { (ui::share_or_none(commune.responding, commune.lets)) }
                                    td.nombre { (numbers::count(answered)) }
                                    td.nombre { (numbers::count(asked)) }
                                    td.nombre { (ui::share_or_none(answered, asked)) }
                                }
                            }
                        }
                    }
                }))
            }
        }
    }
}

fn left_out(outcome: &LandlordOutcome) -> Markup {
    let report = &outcome.report;
    html! {
        @if !(report.out_of_scope.is_empty() && outcome.other_landlords.is_empty()) {
            h4 { (heads::ROWS_LEFT_OUT) }
            ul.constats {
                @for reason in report.out_of_scope.iter().filter(|o| o.reason != Reason::OtherLandlord) {
                    li {
                        (ui::rows(reason.rows)) (COLON) (reason.reason.label())
                        @if reason.reason == Reason::OutsideTerritory && !report.outside_communes.is_empty() {
                            " ("
                            @for (i, commune) in report.outside_communes.iter().enumerate() {
                                @if i > 0 { ", " }
                                (name(commune.name.as_str())) " " (numbers::count(commune.rows))
                            }
                            ")"
                        }
                    }
                }
                @for (landlord, rows) in &outcome.other_landlords {
                    li { (ui::rows(*rows)) (words::OF_ANOTHER_LANDLORD) (name(landlord)) (CLOSE) }
                }
            }
        }
    }
}

fn finding_line(finding: &Finding) -> Markup {
    let class = match finding.severity {
        Severity::Bloque => Some("erreur"),
        Severity::Alerte => Some("avertissement"),
        Severity::Information => None,
    };
    html! {
        li class=[class] {
            strong { (words::severity(finding.severity)) } " " (said(&finding.message))
            @if !finding.examples.is_empty() { span.sous { (said(&places(finding))) } }
        }
    }
}

/// Where: the rows of one column together, and how many more there are.
fn places(finding: &Finding) -> String {
    let alike = |a: &Place, b: &Place| a.sheet == b.sheet && a.column == b.column;
    let mut said: Vec<String> = finding
        .examples
        .chunk_by(alike)
        .map(|group| group[0].with_rows(&group.iter().map(|place| place.row).collect::<Vec<_>>()))
        .collect();
    let more = finding.count.saturating_sub(finding.examples.len() as u64);
    if more > 0 {
        said.push(ui::others(more));
    }
    words::places(&said)
}

fn unknown_values(report: &Report) -> Markup {
    html! {
        @if !report.unknown_values.is_empty() {
            details {
                summary { (words::unknown(report.unknown_values.len())) }
                (scrolling(words::UNKNOWN, &html! {
                    table {
                        caption { (words::UNKNOWN) span.unite { (words::UNKNOWN_UNIT) } }
                        thead { tr {
                            th scope="col" { (heads::VARIABLE) }
                            th scope="col" { (words::VALUE_READ) }
                            th.nombre scope="col" { (heads::ROWS) }
                            th scope="col" { (words::FIRST) }
                        } }
                        tbody {
                            @for unknown in &report.unknown_values {
                                tr {
                                    th scope="row" { (columns::of(unknown.variable).name) }
                                    td { (OPEN) (unknown.shown()) (CLOSE) }
                                    td.nombre { (numbers::count(unknown.rows)) }
                                    td { (said(&unknown.first.to_string())) }
                                }
                            }
                        }
                    }
                }))
            }
        }
    }
}

fn answers(answers: &[Answers]) -> Markup {
    html! {
        @if !answers.is_empty() {
            (scrolling(words::BY_VARIABLE, &html! {
                table {
                    caption { (words::BY_VARIABLE) span.unite { (words::BY_VARIABLE_UNIT) } }
                    thead { tr {
                        th scope="col" { (heads::VARIABLE) }
                        th.nombre scope="col" { (words::ANSWERS) }
                        th.nombre scope="col" { (words::DWELLINGS_CONCERNED) }
                        th.nombre scope="col" { (words::RATE) }
                    } }
                    tbody {
                        @for answer in answers {
                            tr {
                                th scope="row" { (columns::of(answer.variable).name) }
                                td.nombre { (numbers::count(answer.answered)) }
                                td.nombre { (numbers::count(answer.asked)) }
                                td.nombre { (words::rate(answer)) }
                            }
                        }
                    }
                }
            }))
        }
    }
}

/// The columns found (*Correspondance des colonnes*).
pub fn columns_found(report: &Report, said: &Correspondence, campaign: &CampaignView) -> Markup {
    let mut variables: Vec<_> = report.mapped.iter().map(|m| m.variable).collect();
    crate::order::sort(&mut variables);
    variables.dedup();
    html! {
        p { (words::columns_found(variables.len(), report.mapped.len())) }
        details {
            summary { (words::SEE_COLUMNS) }
            (mapped(&report.mapped))
        }
        (understood(&report.understood))
        (absent(report))
        (ignored(&report.ignored))
        (mapping::commune_choices(&report.asked_communes))
        (mapping::meaning_choices(&report.unknown_values))
        (mapping::answered(said, campaign))
        @if !report.candidates.is_empty() {
            h4 { (words::COLUMNS_TO_CONFIRM) }
            ul.constats { @for candidate in &report.candidates { (near(candidate)) } }
        }
        // What is to be confirmed, or looked for, is seen without a click.
        details open[!report.candidates.is_empty() || may_be_unread(report)] {
            summary { (words::CHANGE_COLUMNS) }
            (mapping::column_choices(Found {
                mapped: &report.mapped,
                candidates: &report.candidates,
                ignored: &report.ignored,
                missing: &[],
            }))
        }
        @let asked = !(report.candidates.is_empty() && report.asked_communes.is_empty() && mapping::open(&report.unknown_values).is_empty());
        @let proposed = mapping::proposed(&report.mapped, &report.candidates).len();
        (mapping::confirm(asked, proposed, report.asked_communes.iter().filter(|c| c.counted).count()))
    }
}

/// The columns found in a file that lacks a sure match for one that is needed.
///
/// `campaign` is given where nobody has said whose file it is.
pub fn proposal(proposal: &Proposal, campaign: Option<&CampaignView>) -> Markup {
    let says = |variable: Variable| {
        proposal.mapped.iter().any(|m| m.variable == variable)
            || proposal.candidates.iter().any(|c| c.variable == variable)
    };
    let campaign = campaign.filter(|_| !says(Variable::Landlord));
    let candidates = || {
        let all = proposal.candidates.iter();
        all.filter(|c| proposal.missing.contains(&c.variable))
    };
    html! {
        ul.constats {
            @for candidate in candidates() { (near(candidate)) }
        }
        @if let Some(campaign) = campaign { div.grille.question { (whose::choice(campaign)) } }
        (mapping::column_choices(Found {
            mapped: &proposal.mapped,
            candidates: &proposal.candidates,
            ignored: &proposal.ignored,
            missing: &proposal.missing,
        }))
        (mapping::confirm(true, mapping::proposed(&proposal.mapped, &proposal.candidates).len(), 0))
        (mapped(&proposal.mapped))
        (ignored(&proposal
            .ignored
            .iter()
            .filter(|i| candidates().all(|c| c.column != i.column))
            .cloned()
            .collect::<Vec<_>>()))
    }
}

fn near(candidate: &Candidate) -> Markup {
    html! {
        li.avertissement {
            @let [the_column, looks_like, remedy] = words::NEAR;
            (the_column) (column(&candidate.column)) (looks_like) (columns::of(candidate.variable).name) (remedy)
        }
    }
}

fn mapped(mapped: &[MappedColumn]) -> Markup {
    html! {
        @if !mapped.is_empty() {
            (scrolling(words::MAPPED, &html! {
                table {
                    caption { (words::MAPPED) }
                    thead { tr {
                        th scope="col" { (heads::VARIABLE) }
                        th scope="col" { (words::COLUMN_OF_FILE) }
                        th scope="col" { (words::RECOGNISED) }
                        th scope="col" { (words::SAMPLES) }
                    } }
                    tbody {
                        @for one in mapped {
                            tr {
                                th scope="row" { (columns::of(one.variable).name) }
                                td { (column(&one.column)) }
                                td { (words::matched(one.matched)) }
                                td { (one.samples.iter().map(|s| s.as_str()).collect::<Vec<_>>().join(" · ")) }
                            }
                        }
                    }
                }
            }))
        }
    }
}

/// What the labels of closed vocabularies were taken for.
fn understood(understood: &[Understood]) -> Markup {
    html! {
        @if !understood.is_empty() {
            details {
                summary { (words::SEE_UNDERSTOOD) }
                p.aide { (words::UNDERSTOOD_REMEDY) }
                (scrolling(words::UNDERSTOOD, &html! {
                    table {
                        caption { (words::UNDERSTOOD_CAPTION) }
                        thead { tr {
                            th scope="col" { (heads::VARIABLE) }
                            th scope="col" { (words::IN_THE_FILE) }
                            th scope="col" { (words::UNDERSTOOD_AS) }
                            th.nombre scope="col" { (heads::COUNT) }
                        } }
                        @for lines in understood.chunk_by(|a, b| a.variable == b.variable) {
                            @let column = columns::of(lines[0].variable);
                            tbody {
                                @for (rank, line) in lines.iter().enumerate() {
                                    tr {
                                        @if rank == 0 {
                                            th scope="rowgroup" rowspan=(lines.len()) {
                                                (column.name)
                                                @if lines.len() == MAX_DISTINCT { (words::most_frequent(MAX_DISTINCT)) }
                                            }
                                        }
                                        td { (name(line.label.as_str())) }
                                        td { (mapping_words::meaning(column.id, &line.meaning)) }
                                        td.nombre { (numbers::count(line.times)) }
                                    }
                                }
                            }
                        }
                    }
                }))
            }
        }
    }
}

/// Variables without a column: their tables are not in the partial.
fn absent(report: &Report) -> Markup {
    let absent = without_column(report, |c| c.asked != columns::Asked::Never);
    html! {
        @if !absent.is_empty() {
            p { strong { (words::ABSENT) } (words::ABSENT_MEANS) (absent.join(", ")) "." }
        }
    }
}

/// Most columns of unknown name that are listed without a click.
const UNKNOWN_SHOWN: usize = 8;

fn ignored(ignored: &[IgnoredColumn]) -> Markup {
    // One of these may hold what the reader misses.
    let unknown: Vec<&IgnoredColumn> = ignored
        .iter()
        .filter(|one| one.why == Ignored::Unknown)
        .collect();
    let more = unknown.len().saturating_sub(UNKNOWN_SHOWN);
    html! {
        @if !unknown.is_empty() {
            p {
                strong { (words::UNREAD) } (COLON)
                @for (rank, one) in unknown.iter().take(UNKNOWN_SHOWN).enumerate() {
                    @if rank > 0 { ", " }
                    (column(&one.column))
                }
                @if more > 0 { (words::and_more(more)) }
                (words::UNREAD_REMEDY)
            }
        }
        @if !ignored.is_empty() {
            details {
                summary { (words::ignored(ignored.len())) }
                ul { @for one in ignored { li { (column(&one.column)) (COLON) (words::why_ignored(one.why)) } } }
            }
        }
    }
}

fn column(column: &ColumnName) -> Markup {
    html! { span.lettre { (column.letters) } " " (OPEN) (name(&column.header)) (CLOSE) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::Campaign;
    use crate::intake::{self, IntakeError, Sample};
    use crate::secrecy::Summary;

    fn read(csv: &str) -> Result<Report, IntakeError> {
        let options = intake::Options {
            landlord: Some(0),
            ..intake::Options::default()
        };
        intake::read(
            std::io::Cursor::new(csv),
            csv.len() as u64,
            "ops.csv",
            &Campaign::cucm(),
            &options,
            &mut (),
            &mut |_| {},
        )
    }

    #[test]
    fn without_a_let_dwelling_the_households_are_said_to_be_lost() {
        let said = |csv: &str| {
            summary(&outcome(csv))
                .into_string()
                .contains("compris comme loué")
        };
        assert!(said("Commune;Occupation;APL\nBlanzy;bof;oui\n"));
        assert!(!said(
            "Commune;Occupation;APL\nBlanzy;bof;oui\nBlanzy;Loué;oui\n"
        ));
    }

    #[test]
    fn labels_are_told_with_what_they_were_taken_for() {
        let report =
            read("Commune;Occupation;Financement\nBlanzy;Loué;PLUS\nBlanzy;Vide travaux;<b>\n");
        let html = columns_found(&report.unwrap(), &nothing_said(), &cucm()).into_string();
        let start = html.find("Valeurs comprises, par variable").unwrap();
        let table = &html[start..start + html[start..].find("</table>").unwrap()];
        for cells in [
            "<td>Vide travaux</td><td>Vide, hors location (travaux, démolition, vente)</td><td class=\"nombre\">1</td>",
            "<td>PLUS</td><td>PLA et PLUS (depuis 1977)</td><td class=\"nombre\">1</td>",
        ] {
            assert!(table.contains(cells), "{table}");
        }
        // Each variable once, over its lines; what was not understood is asked elsewhere.
        assert_eq!(table.matches("rowgroup").count(), 2, "{table}");
        assert!(!table.contains("&lt;b&gt;"), "{table}");
    }

    fn nothing_said() -> Correspondence {
        Correspondence::default()
    }

    fn cucm() -> CampaignView {
        CampaignView::from(&Campaign::cucm())
    }

    fn outcome(csv: &str) -> LandlordOutcome {
        LandlordOutcome {
            partial: Vec::new(),
            sha256: String::new(),
            file_name: String::new(),
            landlord: "Bailleur <A>".into(),
            report: read(csv).unwrap(),
            other_landlords: vec![("OPAC".into(), 1)],
            warning: Some(crate::pipeline::OtherName {
                said: intake::Sample::of("nommé autrement"),
                chosen: "Habellis".into(),
            }),
            hidden: Summary::default(),
            correspondence: intake::Correspondence::default(),
            programmes: Vec::new(),
            verdict: String::new(),
            caveats: Vec::new(),
        }
    }

    const HOSTILE: &str = "Commune;Occupation;APL;<script>alert(1)</script>;Bailleur\n\
        Le Creusot;Loué;oui;x;\nLe Creusot;Loué;<img src=x>;x;Habellis\nLe Creusot;Loué;oui;x;OPAC 71\nDijon;Loué;oui;x;\n";

    #[test]
    fn the_summary_counts_rows_and_says_every_reason() {
        let html = summary(&outcome(HOSTILE))
            .into_string()
            .replace('\u{a0}', " ");
        assert!(html.contains("Fichier texte ("), "{html}");
        assert!(html.contains("<dt>Lignes lues</dt><dd>4</dd>"));
        assert!(html.contains("<dt>Logements comptés</dt><dd>2</dd>"));
        assert!(html.contains("<dt>Lignes écartées</dt><dd>2</dd>"));
        assert!(html.contains("1 ligne : commune hors du territoire (Dijon 1)"));
        assert!(html.contains("d'un autre bailleur, « OPAC »"));
        assert!(html.contains("Bailleur &lt;A&gt;"));
        assert!(html.contains("nommé autrement"));
        let apl = "<th scope=\"row\">Bénéficiaire de l'APL</th><td class=\"nombre\">1</td><td class=\"nombre\">2</td><td class=\"nombre\">50,0\u{202f}%</td>";
        assert!(html.replace('’', "'").contains(apl), "{html}");
    }

    /// What a landlord may lose is said where he is about to send: rows of communes that
    /// are not recognised and columns that are not read, nothing of what is normal.
    #[test]
    fn what_may_be_lost_is_said_before_sending() {
        let said = |csv: &str| {
            let markup = before_sending(&read(csv).unwrap(), (None, None), Districts::Given)?;
            Some(markup.into_string().replace('\u{a0}', " "))
        };
        const HEAD: &str = "Commune;Type de logement;Typologie;Financement;Occupation;Nb occupants;Age titulaire;Age 1;Activité 1;RFR;APL;ASPA;";
        const REST: &str = "1;41;41;CDI;12000;oui;non;";
        let file = |situation: &str, rows: &[(&str, &str)]| {
            let rows = rows.iter();
            let rows = rows.map(|(commune, value)| {
                format!("{commune};Collectif;T3;PLUS;Loué;{REST}{value}\n")
            });
            format!("{HEAD}{situation}\n{}", rows.collect::<String>())
        };
        let (alone, blanzy) = ("Personne seule", "Blanzy");
        let whole = file("Situation familiale", &[(blanzy, alone), ("Dijon", alone)]);
        assert_eq!(said(&whole), None);
        for (head, rows, words) in [
            (
                "Situation familiale",
                &[
                    (blanzy, alone),
                    ("Blanzi", alone),
                    ("", alone),
                    ("Dijon", alone),
                ][..],
                "2 lignes ne sont pas comptées, faute de commune reconnue.",
            ),
            // Nobody's answer is understood: what the column holds is to be explained.
            (
                "Situation familiale",
                &[(blanzy, "PS"), (blanzy, "FM")],
                "2 valeurs ne sont pas comprises et restent à préciser, dont « PS » (Situation \
                 familiale, 1 ligne) ; aucune réponse comprise pour « Situation familiale ».",
            ),
            (
                "Situation fam. actuelle",
                &[(blanzy, "Autre")],
                "1 colonne n'est pas lue et reste à confirmer ; aucune colonne pour \
                 « Situation familiale ».",
            ),
        ] {
            let after = words::MAY_BE_SENT.replace('\u{a0}', " ");
            let words = format!("<span class=\"reserve\">À voir d'abord : {words} {after}</span>");
            assert_eq!(said(&file(head, rows)).unwrap(), words);
        }
        // A dwelling that comes twice is no loss, unless the second row says otherwise or
        // a large part of the file goes with it.
        let twice = |second: &str| {
            let row =
                |values: &str| format!("8;Blanzy;Collectif;T3;PLUS;Loué;{values};Personne seule\n");
            let values = REST.trim_end_matches(';');
            let head = format!("Identifiant logement (idem RPLS);{HEAD}Situation familiale\n");
            said(&format!("{head}{}{}", row(values), row(second)))
        };
        let same = twice("1;41;41;CDI;12000;oui;non").unwrap();
        let large = "1 ligne sur 2 n'est pas comptée (surtout : identifiant de logement déjà lu)";
        assert!(same.contains(large), "{same}");
        let differs = twice("1;41;41;CDI;13000;oui;non").unwrap();
        assert!(
            differs.contains("1 ligne répète un logement déjà lu sans dire la même chose"),
            "{differs}"
        );
    }

    #[test]
    fn communes_to_confirm_and_unknown_districts_are_told_before_sending() {
        let report = read("Commune;Occupation\nTorcy;Loué\nTorcy;Loué\n").unwrap();
        let said = |districts: Districts| {
            let markup = before_sending(&report, (None, None), districts).unwrap();
            markup.into_string().replace('\u{a0}', " ")
        };
        assert!(said(Districts::Given).contains("1 commune à confirmer (2 lignes)"));
        assert!(!said(Districts::Given).contains("quartier prioritaire"));
        assert!(said(Districts::Unknown).contains("aucun résultat en QPV, tous bailleurs compris"));
        let withdrawn = said(Districts::Withdrawn);
        assert!(withdrawn.contains("sont lus, mais") && !withdrawn.contains("rien ne dit"));
        // It is no other point as well.
        assert!(
            !said(Districts::Given).contains("autre point"),
            "{}",
            said(Districts::Given)
        );
    }

    #[test]
    fn in_whose_name_it_is_read_is_told_first() {
        let report = read("Commune;Occupation\nBlanzy;Loué\n").unwrap();
        let other = OtherName {
            said: Sample::of("<b>A"),
            chosen: "Habellis".to_owned(),
        };
        let said = before_sending(&report, (Some("<b>"), Some(&other)), Districts::Given);
        let said = said.unwrap().into_string().replace('\u{a0}', " ");
        let first = "À voir d'abord : le fichier nomme « &lt;b&gt;A », et l'agrégat est au nom de « Habellis » ; ";
        assert!(said.contains(first), "{said}");
        assert!(said.contains("autre bailleur, « &lt;b&gt;"), "{said}");
    }

    #[test]
    fn what_the_file_says_stays_text() {
        let outcome = outcome(HOSTILE);
        for html in [
            summary(&outcome),
            columns_found(&outcome.report, &nothing_said(), &cucm()),
        ] {
            let html = html.into_string().replace('\u{a0}', " ");
            assert!(
                !html.contains("<script>") && !html.contains("<img"),
                "{html}"
            );
        }
        let html = columns_found(&outcome.report, &nothing_said(), &cucm())
            .into_string()
            .replace('\u{a0}', " ");
        assert!(
            html.contains(
                "<span class=\"lettre\">D</span> « &lt;script&gt;alert(1)&lt;/script&gt; »"
            )
        );
        assert!(html.contains("Colonnes non utilisées (1)"));
        // What no name told is seen without a click.
        assert!(html.contains("Non lues, faute d'un nom que la page connaît</strong> : <span"));
        assert!(html.contains("Absentes du fichier"));
    }

    #[test]
    fn a_column_that_must_be_confirmed_is_named_with_its_letter() {
        let csv = "Communne;Occupation;APL\nLe Creusot;Loué;oui\n";
        let Err(IntakeError::MappingNeeded {
            proposal: found, ..
        }) = read(csv)
        else {
            panic!("a near name is not enough");
        };
        let html = proposal(&found, None).into_string().replace('\u{a0}', " ");
        assert!(
            html.contains("<span class=\"lettre\">A</span> « Communne » ressemble à « Commune »"),
            "{html}"
        );
        assert!(html.contains("au nom exact"));
        // It is not said to be useless in the same breath.
        assert!(!html.contains("nom inconnu de la page, non lue"));
    }

    #[test]
    fn the_rows_of_a_finding_are_listed_by_column() {
        let rows = "Le Creusot;Loué;bof\n".repeat(7);
        let html = summary(&outcome(&format!("Commune;Occupation;APL\n{rows}")))
            .into_string()
            .replace('\u{a0}', " ");
        let places = "Où : lignes 2, 3, 4, 5, 6, colonne C (« APL ») ; 2 autres.";
        assert!(html.contains(places), "{html}");
        let one = summary(&outcome("Commune;Occupation;APL\nLe Creusot;Loué;bof\n"))
            .into_string()
            .replace('\u{a0}', " ");
        assert!(one.contains("Où : ligne 2, colonne C (« APL »)."), "{one}");
    }

    #[test]
    fn a_variable_asked_of_nobody_has_no_rate() {
        let none = Answers {
            variable: Variable::Apl,
            asked: 0,
            answered: 0,
        };
        assert_eq!(words::rate(&none), "sans objet");
    }

    #[test]
    fn many_columns_of_unknown_name_are_counted() {
        let unknown = |letters: &str| IgnoredColumn {
            column: ColumnName {
                letters: letters.to_owned(),
                header: "x".to_owned(),
            },
            why: Ignored::Unknown,
        };
        let shown = |count: usize| {
            let all: Vec<_> = ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J"]
                .into_iter()
                .take(count)
                .map(unknown)
                .collect();
            ignored(&all).into_string()
        };
        assert!(!shown(0).contains("Non lues"));
        assert!(!shown(UNKNOWN_SHOWN).contains("autre"));
        assert!(shown(UNKNOWN_SHOWN + 1).contains(&ui::others(1)));
    }
}

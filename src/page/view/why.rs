//! What is seen of secrecy where the rows are: down to which maille each table
//! reads well, and what each reading of the rule would publish of a file.

use maud::{Markup, html};

use super::{name, scrolling};
use crate::campaign::BearsOn;
use crate::indicator;
use crate::page::protocol::ReadingsOutcome;
use crate::secrecy::{LevelSummary, Summary, SummaryLine};
use crate::table::Level;
use crate::words::ui::{self, COLON};
use crate::words::{charts, heads, labels, why as words};

/// A table reads well at a level where published cells cover this share of the
/// units, in per cent.
const WELL_PUBLISHED: u64 = 80;

/// Down to which maille each table is well published.
pub fn suggestions(summary: &Summary) -> Markup {
    let mut tables: Vec<&str> = Vec::new();
    for line in &summary.lines {
        if !tables.contains(&line.table.as_str()) {
            tables.push(&line.table);
        }
    }
    html! {
        details {
            summary { (words::READS_WELL) }
            p.aide { (words::reads_well(WELL_PUBLISHED)) }
            ul {
                @for table in tables {
                    li {
                        strong { (labels::table(table)) } (COLON)
                        @match finest(summary, table) {
                            Some(line) => {
                                (labels::levels(line.level)) " ("
                                (ui::share(line.figures.units_published, line.figures.units)) ")"
                            }
                            None => (words::NO_MAILLE),
                        }
                    }
                }
            }
        }
    }
}

/// The finest level of the territory at which a table is well published.
fn finest<'a>(summary: &'a Summary, table: &str) -> Option<&'a SummaryLine> {
    summary
        .lines
        .iter()
        .filter(|line| line.table == table)
        .filter(|line| !matches!(line.level, Level::Qpv | Level::QpvSituation))
        .filter(|line| {
            let figures = &line.figures;
            figures.units > 0 && figures.units_published * 100 >= figures.units * WELL_PUBLISHED
        })
        .max_by_key(|line| line.level)
}

/// What each reading of the rule publishes of this file, level by level.
pub fn readings(summary: &Summary, applied: BearsOn) -> Markup {
    if summary.other.is_none() {
        return html! {};
    }
    html! {
        details {
            summary { (words::READINGS) }
            p.aide { (words::applied(applied)) }
            (comparison(summary, applied))
        }
    }
}

/// The same for a campaign that is being prepared, on a file of trial.
pub fn trial(outcome: &ReadingsOutcome) -> Markup {
    html! {
        h4 { (words::TRIAL) }
        p { (name(&outcome.landlord)) (words::trial(outcome)) }
        (comparison(&outcome.summary, outcome.applied))
        p.aide { (words::TRIAL_UNITS) }
    }
}

/// Level by level, the cells that each reading publishes and what they cover.
fn comparison(summary: &Summary, applied: BearsOn) -> Markup {
    let Some(other) = &summary.other else {
        return html! {};
    };
    let columns = [
        (applied, by_level(&summary.lines), &summary.withdrawn),
        (other.bears_on, by_level(&other.lines), &other.withdrawn),
    ];
    html! {
        (scrolling(words::COMPARISON, &html! {
            table {
                caption { (words::COMPARISON_CAPTION) }
                thead {
                    tr {
                        th scope="col" rowspan="2" { (heads::LEVEL) }
                        @for (reading, _, _) in &columns {
                            th scope="colgroup" colspan="3" { (words::reading(*reading)) }
                        }
                    }
                    tr { @for _ in &columns {
                        th.nombre scope="col" { (words::PUBLISHED) }
                        th.nombre scope="col" { (heads::SHARE) }
                        th.nombre scope="col" { (words::UNITS_COVERED) }
                    } }
                }
                tbody {
                    @for (level, _) in &columns[0].1 {
                        tr {
                            th scope="row" { (labels::levels(*level)) }
                            @for (_, levels, _) in &columns { (figures(levels, *level)) }
                        }
                    }
                }
            }
        }))
        @for (reading, _, withdrawn) in &columns {
            @if !withdrawn.is_empty() {
                @let tables: Vec<String> = withdrawn.iter().map(|id| labels::withdrawn(id)).collect();
                p { (words::withdrawn(*reading, &tables)) }
            }
        }
    }
}

fn figures(levels: &[(Level, LevelSummary)], level: Level) -> Markup {
    let figures = levels.iter().find(|(l, _)| *l == level).map(|(_, f)| f);
    html! {
        @match figures {
            Some(f) => {
                td.nombre { (charts::out_of(f.published, f.cells())) }
                td.nombre { (ui::share(f.published, f.cells())) }
                td.nombre { (ui::share(f.units_published, f.units)) }
            }
            None => { td.nombre { "0" } td.nombre { (ui::share(0, 1)) } td.nombre { (ui::share(0, 1)) } }
        }
    }
}

/// All tables of one variable together, from the EPCI down. One reading has crossings
/// and the other none: counted, they would make the stricter one publish more.
fn by_level(lines: &[SummaryLine]) -> Vec<(Level, LevelSummary)> {
    let mut levels: Vec<(Level, LevelSummary)> = Vec::new();
    let crossed = |id: &str| indicator::table(id).is_some_and(|def| def.dimensions.len() > 1);
    for line in lines.iter().filter(|line| !crossed(&line.table)) {
        match levels.iter_mut().find(|(level, _)| *level == line.level) {
            Some((_, sum)) => sum.add(&line.figures),
            None => levels.push((line.level, line.figures.clone())),
        }
    }
    crate::order::sort_by_key(&mut levels, |(level, _)| *level);
    levels
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrecy::OtherReading;

    fn line(table: &str, level: Level, published: u64, units: u64) -> SummaryLine {
        SummaryLine {
            table: table.to_owned(),
            level,
            figures: LevelSummary {
                published,
                hidden_for_themselves: 40 - published,
                units_published: published * 10,
                units,
                ..LevelSummary::default()
            },
        }
    }

    fn summary() -> Summary {
        Summary {
            lines: vec![
                line("apl", Level::Epci, 40, 400),
                line("apl", Level::Commune, 39, 400),
                line("apl", Level::Programme, 12, 400),
                line("typologie", Level::Epci, 20, 400),
                line("typologie", Level::Programme, 1, 400),
                line("situation_familiale_x_typologie", Level::Epci, 30, 400),
            ],
            withdrawn: Vec::new(),
            other: Some(Box::new(OtherReading {
                bears_on: BearsOn::Population,
                lines: vec![
                    line("apl", Level::Epci, 40, 400),
                    line("apl", Level::Programme, 33, 400),
                ],
                withdrawn: vec!["taille_menage".to_owned()],
            })),
        }
    }

    #[test]
    fn the_finest_level_that_reads_well_is_suggested() {
        let html = suggestions(&summary()).into_string();
        assert!(
            html.contains("</strong>\u{a0}: Communes (97,5\u{202f}%)"),
            "{html}"
        );
        assert!(html.contains("</strong>\u{a0}: aucune maille"), "{html}");
    }

    #[test]
    fn both_readings_stand_side_by_side() {
        let html = readings(&summary(), BearsOn::Effectif).into_string();
        for figures in [
            // EPCI: all tables but the crossing together, then the other reading.
            "<td class=\"nombre\">60 sur 80</td><td class=\"nombre\">75,0\u{202f}%</td><td class=\"nombre\">75,0\u{202f}%</td>",
            "<td class=\"nombre\">13 sur 80</td><td class=\"nombre\">16,3\u{202f}%</td><td class=\"nombre\">16,3\u{202f}%</td>",
            "<td class=\"nombre\">33 sur 40</td><td class=\"nombre\">82,5\u{202f}%</td><td class=\"nombre\">82,5\u{202f}%</td>",
            // The other reading has nothing at this level.
            "<td class=\"nombre\">0</td>",
        ] {
            assert!(html.contains(figures), "{figures} : {html}");
        }
        assert!(html.contains("seraient retirés"));
        let trial = trial(&ReadingsOutcome {
            landlord: "<b>Bailleur".to_owned(),
            dwellings: 1_200,
            threshold: 15,
            applied: BearsOn::Effectif,
            summary: summary(),
        })
        .into_string();
        assert!(trial.contains("&lt;b&gt;Bailleur, 1\u{202f}200\u{a0}logements, seuil de 15."));
        assert!(trial.contains("33 sur 40") && !trial.contains("<details"));
        let alone = Summary {
            other: None,
            ..summary()
        };
        assert!(readings(&alone, BearsOn::Effectif).into_string().is_empty());
    }
}

//! Who contributes where, for the consultant: one line per commune.
//!
//! The results name landlords by their identifier; their names come from the
//! partials that were just accepted.

use maud::{Markup, html};

use super::results::share;
use super::scrolling;
use crate::base::{Base, ResultFile, Status};
use crate::chart::{self, TABLE_ROWS};
use crate::page::view;
use crate::table::Level;
use crate::words::ui::{self, COLON, DASH, HIDDEN};
use crate::words::{charts, control as words, heads, labels, numbers};

/// A commune, or the whole territory.
struct Line<'a> {
    name: &'a str,
    landlords: Vec<&'a str>,
    dwellings: Option<u64>,
    given: u64,
    /// Hidden by the rule, for want of a table, for want of answers.
    silent: [u64; 3],
    results: u64,
    whole: bool,
}

/// The table; `names` are the landlords' identifiers and names.
pub fn completeness(base: &Base, names: &[(String, String)]) -> Markup {
    let lines = lines(base, names);
    let whole = lines.iter().find(|l| l.whole).and_then(|l| l.dwellings);
    let covered: u64 = lines
        .iter()
        .filter(|line| !line.whole && line.given > 0)
        .filter_map(|line| line.dwellings)
        .sum();
    let part = |dwellings: Option<u64>| match (dwellings, whole) {
        (Some(part), Some(whole)) if whole > 0 => ui::share(part, whole),
        _ => DASH.to_owned(),
    };
    let communes = lines.iter().filter(|l| !l.whole);
    let number = communes.clone().count();
    html! {
        h4 { (words::WHO) }
        @if let Some(whole) = whole {
            p { (ui::spaced(&ui::covered(covered, whole))) }
        }
        (scrolling(words::WHO, &html! {
            table {
                caption { (words::WHO_CAPTION) span.unite { " (" (base.file().mention) ")" } }
                thead { tr {
                    th scope="col" { (heads::COMMUNE) }
                    th scope="col" { (heads::LANDLORDS_PRESENT) }
                    th.nombre scope="col" { (heads::DWELLINGS) }
                    th.nombre scope="col" { (words::SHARE_OF_DWELLINGS) }
                    th.nombre scope="col" { (words::RESULTS_GIVEN) }
                } }
                tbody {
                    @for line in lines.iter().filter(|l| l.whole).chain(communes.take(TABLE_ROWS)) {
                        tr class=[line.whole.then_some("reference")] {
                            th scope="row" { (line.name) }
                            td { (view::names(&line.landlords)) }
                            @match line.dwellings {
                                Some(n) => td.nombre { (numbers::count(n)) },
                                None => td.masque { (HIDDEN) },
                            }
                            td.nombre { (part(line.dwellings)) }
                            td.nombre {
                                (charts::out_of(line.given, line.results))
                                @if let Some(why) = words::silent(line.silent) { span.sous { (why) } }
                            }
                        }
                    }
                }
            }
        }))
        (by_commune(base))
        (lacks(base))
        @if number > TABLE_ROWS { p { (ui::spaced(&ui::first_communes(TABLE_ROWS, number))) } }
    }
}

/// What is known of each indicator in each commune, in one table: where to ask a
/// landlord for more is seen at once.
pub fn by_commune(base: &Base) -> Markup {
    let keys = chart::indicators(base);
    let communes = base.zonages().first().into_iter().flat_map(|zonage| {
        let communes = zonage.mailles.iter().filter(|m| m.level == Level::Commune);
        communes.map(|maille| {
            (
                maille.name.as_str(),
                chart::maille(base, &zonage.id, &maille.id),
            )
        })
    });
    html! {
        details {
            summary { (words::GRID) }
            (scrolling(words::GRID, &html! {
                table {
                    caption { (words::GRID) span.unite { " (" (base.file().mention) ")" } }
                    thead { tr {
                        th scope="col" { (heads::COMMUNE) }
                        @for key in &keys { th.nombre scope="col" { (labels::indicator(key).label) } }
                    } }
                    tbody {
                        @for (name, rows) in communes.take(TABLE_ROWS) {
                            tr {
                                th scope="row" { (view::name(name)) }
                                @for key in &keys {
                                    @match rows.iter().find(|(of, _)| of == key) {
                                        Some((_, row)) if row.lacking || row.status == Status::LowResponse => td.masque { (row.status_words()) },
                                        Some((_, row)) => (share(row)),
                                        None => td { (DASH) },
                                    }
                                }
                            }
                        }
                    }
                }
            }))
        }
    }
}

/// The tables that the landlords' partials lack: what is « secret » for want of them is
/// no small number.
pub fn lacks(base: &Base) -> Markup {
    html! {
        @for (landlord, tables) in base.lacks() {
            p { strong { (words::LACKS) (view::name(&landlord)) (COLON) } (tables) (words::LACKS_MEANS) }
        }
    }
}

/// That a base is not of the whole territory, when a landlord of it is awaited.
pub fn awaited(base: &Base) -> Markup {
    let awaited = base.awaited();
    html! {
        @if !awaited.is_empty() {
            p.incomplete { strong { (words::INCOMPLETE) } (view::names(&awaited)) (words::INCOMPLETE_MEANS) }
        }
    }
}

fn lines<'a>(base: &'a Base, names: &'a [(String, String)]) -> Vec<Line<'a>> {
    let Some(zonage) = base.zonages().first() else {
        return Vec::new();
    };
    let mut dwellings = vec![None; zonage.mailles.len()];
    for line in base.lines(0, "occupation").unwrap_or_default() {
        let base = line.line.base();
        dwellings[line.maille] = base.and_then(|count| u64::try_from(count).ok());
    }
    let shown = zonage.mailles.iter().enumerate();
    let shown = shown.filter(|(_, m)| matches!(m.level, Level::Epci | Level::Commune));
    shown
        .map(|(rank, maille)| {
            let results = base.results_on(0, rank);
            let given = |status| matches!(status, Status::Published | Status::Bounded);
            let count = |is: &dyn Fn(&ResultFile) -> bool| {
                results.iter().filter(|result| is(result)).count() as u64
            };
            let present = results.first().map_or(&[][..], |r| &r.landlords);
            Line {
                name: &maille.name,
                landlords: present.iter().map(|id| name(id, names)).collect(),
                dwellings: dwellings[rank],
                silent: [
                    count(&|r| r.status == Status::Secret && !base.is_lacking(r)),
                    count(&|r| base.is_lacking(r)),
                    count(&|r| r.status == Status::LowResponse),
                ],
                given: results.iter().filter(|r| given(r.status)).count() as u64,
                results: results.len() as u64,
                whole: maille.level == Level::Epci,
            }
        })
        .collect()
}

/// The name of a landlord where it is known, else the identifier.
fn name<'a>(id: &'a str, names: &'a [(String, String)]) -> &'a str {
    let known = names.iter().find(|(known, _)| known == id);
    known.map_or(id, |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::sample::base;
    use crate::campaign::Campaign;
    use crate::partial::sample;

    #[test]
    fn each_commune_names_its_landlords_and_its_share_of_the_dwellings() {
        let campaign = Campaign::example();
        let of = |communes| sample::dwellings(11, 900, communes);
        let base = base(&campaign, [("exemple-a", of(3)), ("exemple-b", of(1))]);
        let names = [("exemple-a".to_owned(), "<b>Bailleur A".to_owned())];
        let html = completeness(&base, &names).into_string();
        // Every indicator in every commune stands in a table of its own: what is published
        // by its value, what is hidden in a word.
        let (html, grid) = html.split_once("<details>").unwrap();
        assert_eq!(grid.matches("<th scope=\"row\">").count(), 3);
        let indicators = chart::indicators(&base).len();
        assert_eq!(grid.matches("<th class=\"nombre\"").count(), indicators);
        assert_eq!(grid.matches("<td").count(), 3 * indicators);
        let zonage = &base.zonages()[0];
        let rows = zonage.mailles.iter().filter(|m| m.level == Level::Commune);
        let rows = rows.flat_map(|m| chart::maille(&base, &zonage.id, &m.id));
        let hidden = rows.filter(|(_, row)| row.status == Status::Secret).count();
        assert!(hidden > 0 && hidden < 3 * indicators);
        assert_eq!(grid.matches(HIDDEN).count(), hidden);
        // The EPCI and three communes; one of them has both landlords.
        assert_eq!(html.matches("<th scope=\"row\">").count(), 4);
        let both = "<td>&lt;b&gt;Bailleur A, exemple-b</td>";
        assert_eq!(html.matches(both).count(), 2);
        assert_eq!(html.matches("<td>&lt;b&gt;Bailleur A</td>").count(), 2);
        assert!(html.contains(
            "<td class=\"nombre\">1\u{202f}800</td><td class=\"nombre\">100,0\u{202f}%</td>"
        ));
    }
}

//! What will leave (*Ce qui sortira de votre poste*): the partial, shown from the
//! very bytes that the download saves, once read back by [`Partial::reread`].

use maud::{Markup, html};

use super::{by_id, name, said, scrolling, why};
use crate::indicator::Unit;
use crate::legible;
use crate::partial::{DimensionFile, LineFile, Partial, TableFile};
use crate::secrecy::Summary;
use crate::table::{Level, Maille, Zonage};
use crate::words::ui::{self, COLON, HIDDEN};
use crate::words::{charts, heads, labels, numbers, preview as words};

/// Lines of a table shown at once; more are turned page by page, so that a
/// landlord of thousands of programmes does not freeze the page.
pub const LINES_PER_PAGE: usize = 200;
/// Characters of the file's text shown at once.
pub const MAX_TEXT: usize = 200_000;

/// What is chosen to be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Rank of the table in the file.
    pub table: usize,
    /// Level of the lines.
    pub level: Level,
    /// Page, from zero.
    pub page: usize,
}

/// The header of the file.
///
/// `verdict` is what the gate says, then what it leaves aside.
pub fn header(
    partial: &Partial,
    size: usize,
    (verdict, caveats): (&str, &[String]),
    name: &str,
) -> Markup {
    let file = partial.file();
    html! {
        p { (words::FILE_HOLDS) strong { (name) } (words::file_holds(size)) }
        dl.fiche {
            dt { (heads::LANDLORD) } dd { (file.landlord.name) }
            dt { (heads::CAMPAIGN) } dd { (file.campaign.id) }
            dt { (heads::PRODUCED_ON) } dd { (ui::date(&file.produced_on)) }
            dt { (heads::SITUATION_ON) } dd { (ui::date(&file.reference_date)) }
            dt { (words::MENTION) } dd { (file.mention) }
            dt { (heads::RULE) } dd { (ui::threshold(file.rules.threshold, file.rules.bears_on)) }
            dt { (words::SOFTWARE) } dd { (file.software.name) " " (file.software.version) }
            dt { (heads::FINGERPRINT) } dd { code { (file.fingerprint) } }
        }
        @if !verdict.is_empty() {
            div.preuve {
                p { strong { (words::verified(file.rules.bears_on)) } " " (said(verdict)) }
                @if !caveats.is_empty() {
                    details {
                        summary { (words::CAVEATS) }
                        @for caveat in caveats { p { (said(caveat)) } }
                    }
                }
            }
        }
    }
}

/// The tables of the file to choose from, each once: value is the rank of the first.
/// Most stand in both zonages under one name; their levels are in [`level_choices`].
pub fn table_choices(partial: &Partial, chosen: usize) -> Markup {
    let tables = || partial.file().tables.iter();
    let first = |(rank, table): &(usize, &TableFile)| {
        tables().position(|other| other.id == table.id) == Some(*rank)
    };
    html! {
        @for (rank, table) in tables().enumerate().filter(first) {
            option value=(rank) selected[rank == chosen] { (labels::table(&table.id)) }
        }
    }
}

/// The table that is looked at first: one of households, since the rule lets small numbers
/// of dwellings without any be found again in that of occupations.
pub fn first(partial: &Partial) -> usize {
    let mut tables = partial.file().tables.iter();
    let households = tables.position(|table| table.unit == Unit::Households.id());
    households.unwrap_or(0)
}

/// Where a table can be looked at: its rank in each zonage, with its levels there.
pub fn places(partial: &Partial, table: usize) -> Vec<(usize, Level)> {
    let tables = &partial.file().tables;
    let id = tables.get(table).map(|table| &table.id);
    let same = (0..tables.len()).filter(|rank| Some(&tables[*rank].id) == id);
    same.flat_map(|rank| {
        levels(partial, rank)
            .into_iter()
            .map(move |level| (rank, level))
    })
    .collect()
}

/// The same place in another table, or its first.
pub fn moved(partial: &Partial, places: &[(usize, Level)], from: Choice) -> Choice {
    let tables = &partial.file().tables;
    let zonage = |rank: usize| tables.get(rank).map(|table| &table.zonage);
    let same = |(rank, level): &&(usize, Level)| {
        *level == from.level && zonage(*rank) == zonage(from.table)
    };
    let place = places.iter().find(same).or(places.first());
    let (table, level) = place.copied().unwrap_or((0, Level::Epci));
    Choice {
        table,
        level,
        page: 0,
    }
}

/// The levels at which a table has lines, from the top.
fn levels(partial: &Partial, table: usize) -> Vec<Level> {
    let mut levels = Vec::new();
    if let Some((table, zonage)) = table_of(partial, table) {
        let mailles = by_id(zonage);
        for line in &table.lines {
            if let Some(maille) = mailles.get(line.maille.as_str())
                && !levels.contains(&maille.level)
            {
                levels.push(maille.level);
            }
        }
    }
    crate::order::sort(&mut levels);
    levels
}

/// The levels to choose from, by zonage where there are several: value is the rank in
/// [`places`].
pub fn level_choices(partial: &Partial, places: &[(usize, Level)], chosen: Choice) -> Markup {
    let tables = &partial.file().tables;
    let ranked = || places.iter().enumerate();
    let options = |of: usize| {
        html! {
            @for (rank, (table, level)) in ranked().filter(|(_, (table, _))| *table == of) {
                option value=(rank) selected[(*table, *level) == (chosen.table, chosen.level)] { (labels::levels(*level)) }
            }
        }
    };
    let mut of: Vec<usize> = places.iter().map(|(table, _)| *table).collect();
    of.dedup();
    html! {
        @if let [only] = of[..] { (options(only)) } @else {
            @for table in of {
                optgroup label=(labels::zonage(&tables[table].zonage)) { (options(table)) }
            }
        }
    }
}

/// The lines of a table at a level.
pub fn table(partial: &Partial, choice: Choice) -> Markup {
    let Some((table, zonage)) = table_of(partial, choice.table) else {
        return html! { p { (words::NO_TABLE) } };
    };
    let mailles = by_id(zonage);
    let lines: Vec<(&LineFile, &Maille)> = table
        .lines
        .iter()
        .filter_map(|line| Some((line, *mailles.get(line.maille.as_str())?)))
        .filter(|(_, maille)| maille.level == choice.level)
        .collect();
    let pages = lines.len().div_ceil(LINES_PER_PAGE).max(1);
    let page = choice.page.min(pages - 1);
    let shown = &lines[page * LINES_PER_PAGE..lines.len().min((page + 1) * LINES_PER_PAGE)];
    let cells = cell_names(table);
    let title = charts::composition_title(&table.id, choice.level);
    let persons = table
        .lines
        .first()
        .is_some_and(|l| l.population.is_absent());
    if let [rows, columns] = &table.dimensions[..] {
        let is_blank =
            |line: &LineFile| line.respondents.is_none() && line.counts.iter().all(Option::is_none);
        // Dozens of matrices without a number would say no more.
        if choice.level != Level::Epci && lines.iter().all(|(line, _)| is_blank(line)) {
            return html! { p { (ui::no_line_of_crossing(lines.len() as u64)) } };
        }
        return html! {
            @for (line, maille) in shown {
                (matrix(&[&title, COLON, &legible::apart(&maille.name)].concat(), (rows, columns), line, &partial.file().mention))
            }
            @if pages > 1 { (pager(page, pages, lines.len())) }
        };
    }
    html! {
        @if table.id == "occupation" { p.aide { (words::OCCUPATION_EXEMPT) } }
        (scrolling(&title, &html! {
            table {
                caption {
                    (title)
                    span.unite { " (" (unit_name(&table.unit)) ", " (name(&partial.file().mention)) ")" }
                }
                thead { tr {
                    th scope="col" { (heads::MAILLE) }
                    th.nombre scope="col" { (if persons { heads::DWELLINGS } else { heads::POPULATION }) }
                    th.nombre scope="col" { (heads::RESPONDENTS) }
                    @for cell in &cells { th.nombre scope="col" { (cell) } }
                } }
                tbody {
                    @for (line, maille) in shown {
                        tr {
                            th scope="row" {
                                (name(&maille.name))
                                @if let Some(commune) = zonage.commune_of(maille) { span.sous { (commune.name) } }
                            }
                            (cell(line.base()))
                            (cell(line.respondents))
                            @for count in &line.counts { (cell(*count)) }
                        }
                    }
                }
            }
        }))
        @if pages > 1 { (pager(page, pages, lines.len())) }
    }
}

/// A line of a crossing: the first variable down, the second across.
fn matrix(
    title: &str,
    (rows, columns): (&DimensionFile, &DimensionFile),
    line: &LineFile,
    mention: &str,
) -> Markup {
    let width = columns.modalities.len();
    scrolling(
        title,
        &html! {
            table {
                caption { (title) span.unite { (words::CROSSING_UNIT) (mention) ")" } }
                thead { tr {
                    th scope="col" { (labels::table(&rows.id)) }
                    @for id in &columns.modalities {
                        th.nombre scope="col" { (labels::modality(&columns.id, id)) }
                    }
                } }
                tbody {
                    @for (i, id) in rows.modalities.iter().enumerate() {
                        tr {
                            th scope="row" { (labels::modality(&rows.id, id)) }
                            @for count in line.counts.iter().skip(i * width).take(width) { (cell(*count)) }
                        }
                    }
                    tr { th scope="row" { (words::BOTH_ANSWERED) } (cell(line.respondents)) }
                    tr { th scope="row" { (heads::POPULATION) } (cell(line.base())) }
                }
            }
        },
    )
}

/// How much of a table is hidden, and why; all tables in a fold below.
pub fn hidden(partial: &Partial, summary: &Summary, choice: Choice) -> Markup {
    let table = partial.file().tables.get(choice.table);
    let line = table.and_then(|table| {
        summary
            .lines
            .iter()
            .find(|l| l.table == table.id && l.level == choice.level)
    });
    html! {
        @if let Some(line) = line { p { (words::hidden(line, &partial.file().rules)) } }
        @if !summary.withdrawn.is_empty() {
            p { strong { (words::WITHDRAWN) }
                (summary.withdrawn.iter().map(|id| labels::withdrawn(id)).collect::<Vec<_>>().join(", ")) "." }
        }
        @if !summary.lines.is_empty() {
            (why::suggestions(summary))
            details {
                summary { (words::HIDDEN_BY_TABLE) }
                p.aide { (words::NEVER_WHY) }
                (hidden_table(summary))
            }
        }
    }
}

fn hidden_table(summary: &Summary) -> Markup {
    scrolling(
        words::HIDDEN_LABEL,
        &html! {
            table {
                caption { (words::HIDDEN_CAPTION) }
                thead { tr {
                    th scope="col" { (words::TABLE) }
                    th scope="col" { (heads::LEVEL) }
                    @for head in words::HIDDEN_HEADS { th.nombre scope="col" { (head) } }
                } }
                tbody {
                    @for line in &summary.lines {
                        tr {
                            th scope="row" { (labels::table(&line.table)) }
                            td { (labels::levels(line.level)) }
                            td.nombre { (numbers::count(line.figures.published)) }
                            td.nombre { (numbers::count(line.figures.hidden_for_themselves)) }
                            td.nombre { (numbers::count(line.figures.hidden_to_protect)) }
                            td.nombre { (words::of_units(line, line.figures.units_published)) }
                            td.nombre { (words::of_units(line, line.figures.units_for_themselves)) }
                            td.nombre { (words::of_units(line, line.figures.units_to_protect())) }
                        }
                    }
                }
            }
        },
    )
}

/// The text of the file, as a text editor shows it.
pub fn text(bytes: &[u8]) -> Markup {
    // What is beyond is not gone through: it may be long.
    let head = &bytes[..bytes.len().min(MAX_TEXT * char::MAX.len_utf8())];
    let shown: String = String::from_utf8_lossy(head)
        .chars()
        .take(MAX_TEXT)
        .collect();
    let rest = bytes.len() > shown.len();
    html! {
        details {
            summary { (words::TEXT) }
            pre tabindex="0" aria-label=(words::TEXT_LABEL) { (shown) }
            @if rest {
                p.aide { (words::text_cut(MAX_TEXT)) }
            }
        }
    }
}

fn table_of(partial: &Partial, rank: usize) -> Option<(&TableFile, &Zonage)> {
    let table = partial.file().tables.get(rank)?;
    let zonage = partial.zonages().iter().find(|z| z.id == table.zonage)?;
    Some((table, zonage))
}

/// The names of the cells of a line.
fn cell_names(table: &TableFile) -> Vec<&str> {
    let dimension = table.dimensions.first();
    dimension.map_or_else(Vec::new, |dimension| {
        let ids = dimension.modalities.iter();
        ids.map(|id| labels::modality(&dimension.id, id)).collect()
    })
}

fn unit_name(id: &str) -> &str {
    crate::indicator::Unit::ALL
        .into_iter()
        .find(|unit| unit.id() == id)
        .map_or(id, |unit| labels::unit(unit))
}

fn cell(count: Option<i64>) -> Markup {
    html! {
        @match count {
            Some(n) => td.nombre { (numbers::count(n.unsigned_abs())) },
            None => td.masque { (HIDDEN) },
        }
    }
}

fn pager(page: usize, pages: usize, lines: usize) -> Markup {
    let (first, last) = (
        page * LINES_PER_PAGE + 1,
        lines.min((page + 1) * LINES_PER_PAGE),
    );
    html! {
        nav.pages aria-label=(heads::PAGES_OF_TABLE) {
            @if page > 0 {
                button.second.menu type="button" data-page=(page - 1) { (words::LINES_BEFORE) }
            }
            p { (words::lines(first, last, lines)) }
            @if page + 1 < pages {
                button.second.menu type="button" data-page=(page + 1) { (words::LINES_AFTER) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::Campaign;
    use crate::dwelling::Dwelling;
    use crate::partial::sample;
    use crate::secrecy::{LevelSummary, SummaryLine};

    fn checked(campaign: &Campaign, landlord: &str, rows: &[Dwelling]) -> Partial {
        let raw = sample::raw(campaign, landlord, rows);
        Partial::check(sample::file(campaign, landlord, &raw)).unwrap()
    }

    fn partial() -> Partial {
        let campaign = Campaign::example();
        checked(&campaign, "exemple-a", &sample::dwellings(7, 900, 3))
    }

    fn at(table: usize, level: Level) -> Choice {
        Choice {
            table,
            level,
            page: 0,
        }
    }

    fn summary(table: &str, level: Level, own: u64, protecting: u64) -> Summary {
        Summary {
            lines: vec![SummaryLine {
                table: table.to_owned(),
                level,
                figures: LevelSummary {
                    published: 1_200,
                    hidden_for_themselves: own,
                    hidden_to_protect: protecting,
                    units_published: 9_000,
                    units: 10_000,
                    units_for_themselves: 400,
                },
            }],
            withdrawn: vec!["dpe".to_owned()],
            other: None,
        }
    }

    fn rank(partial: &Partial, id: &str) -> usize {
        let mut tables = partial.file().tables.iter();
        tables.position(|t| t.id == id).unwrap()
    }

    #[test]
    fn a_table_of_dwellings_says_what_is_not_attacked() {
        let line = |table: &str, units: u64| SummaryLine {
            table: table.to_owned(),
            level: Level::Commune,
            figures: LevelSummary {
                published: 3,
                hidden_for_themselves: 1,
                units,
                units_published: units,
                ..Default::default()
            },
        };
        let rules = partial().file().rules.clone();
        let said = |table, units| words::hidden(&line(table, units), &rules);
        assert!(said("apl", 9).ends_with("des ménages."));
        // Where it matters, and before the numbers.
        let exempt = |id: &str| {
            let of = partial();
            let html = table(&of, at(rank(&of, id), Level::Commune)).into_string();
            html.find(words::OCCUPATION_EXEMPT)
                .map(|said| said < html.find("<table").unwrap())
        };
        assert_eq!(exempt("occupation"), Some(true));
        assert_eq!(exempt("apl"), None);
        assert!(!said("apl", 0).contains("couvrent"));
    }

    /// Every number of the file is on screen, every `null` is a hidden cell, and
    /// there is nothing else: the preview hides and adds nothing.
    #[test]
    fn the_preview_shows_every_cell_of_the_file_and_nothing_else() {
        let partial = partial();
        let file = partial.file();
        for (table_rank, table_file) in file.tables.iter().enumerate() {
            let mut shown = Vec::new();
            for level in levels(&partial, table_rank) {
                let html = table(&partial, at(table_rank, level)).into_string();
                for cell in html.split("<td class=\"").skip(1) {
                    let text = cell.split_once('>').unwrap().1.split_once('<').unwrap().0;
                    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
                    assert_eq!(cell.starts_with("masque"), text == HIDDEN);
                    shown.push(digits.parse::<i64>().ok());
                }
            }
            shown.sort_unstable();
            let mut written: Vec<_> = table_file
                .lines
                .iter()
                .flat_map(|l| {
                    [l.base(), l.respondents]
                        .into_iter()
                        .chain(l.counts.clone())
                })
                .collect();
            written.sort_unstable();
            assert_eq!(shown, written, "{}", table_file.id);
        }
    }

    /// A table that stands in both zonages is chosen once, and then its level in either.
    #[test]
    fn a_table_is_chosen_once_and_districts_are_among_its_levels() {
        let file = crate::base::sample::protected(crate::example::Landlord::A);
        let partial = Partial::reread(&serde_json::to_vec(&file).unwrap()).unwrap();
        let tables = &partial.file().tables;
        let html = table_choices(&partial, 0).into_string();
        let ids: std::collections::BTreeSet<&str> =
            tables.iter().map(|table| table.id.as_str()).collect();
        assert_eq!(html.matches("<option").count(), ids.len());
        assert!(ids.len() < tables.len());
        assert_eq!(tables[first(&partial)].id, "situation_familiale");
        let apl = rank(&partial, "apl");
        let all = places(&partial, apl);
        let at_districts = tables.iter().rposition(|table| table.id == "apl").unwrap();
        assert!(
            all.contains(&(at_districts, Level::QpvSituation)),
            "{all:?}"
        );
        let choice = at(at_districts, Level::QpvSituation);
        let html = level_choices(&partial, &all, choice).into_string();
        let (ours, theirs) = html.split_once("Par quartier prioritaire (QPV)").unwrap();
        assert!(ours.contains("<optgroup label=\"Par commune, secteur et programme\">"));
        assert!(ours.contains(">Communes</option>") && !ours.contains(" selected"));
        assert!(
            theirs.contains(" selected>Dans et hors QPV</option>"),
            "{html}"
        );
        // Another table is looked at from the same place, or from its first.
        let families = rank(&partial, "situation_familiale");
        let there = moved(&partial, &places(&partial, families), choice);
        assert_eq!(tables[there.table].id, "situation_familiale");
        assert_eq!(
            (tables[there.table].zonage.as_str(), there.level),
            ("qpv", choice.level)
        );
        // No crossing says anything of districts or programmes.
        let crossing = tables.iter().position(|table| table.dimensions.len() > 1);
        let there = places(&partial, crossing.unwrap());
        let there = moved(&partial, &there, at(apl, Level::Programme));
        assert_eq!((Some(there.table), there.level), (crossing, Level::Epci));
    }

    #[test]
    fn lines_say_their_maille_and_columns_their_modality() {
        let partial = partial();
        let apl = rank(&partial, "apl");
        assert_eq!(
            levels(&partial, apl),
            [Level::Epci, Level::Commune, Level::Programme]
        );
        let html = table(&partial, at(apl, Level::Programme)).into_string();
        assert!(
            html.contains("(ménages, Données fictives)</span></caption>"),
            "{html}"
        );
        assert!(html.contains("<th class=\"nombre\" scope=\"col\">Population</th>"));
        assert!(html.contains("<th class=\"nombre\" scope=\"col\">Oui</th>"));
        assert!(html.contains("<span class=\"sous\">Les Bizots</span>"));
        let persons = rank(&partial, "activite");
        let html = table(&partial, at(persons, Level::Epci)).into_string();
        assert!(html.contains("scope=\"col\">Logements</th>"));
        assert!(!html.contains("Population"));
        let crossing = rank(&partial, "situation_familiale_x_taille_menage");
        assert_eq!(levels(&partial, crossing), [Level::Epci, Level::Commune]);
        let html = table(&partial, at(crossing, Level::Epci)).into_string();
        assert!(html.contains("<th scope=\"row\">Famille monoparentale</th>"));
        assert!(html.contains("<th class=\"nombre\" scope=\"col\">5 personnes et plus</th>"));
    }

    #[test]
    fn long_tables_are_turned_page_by_page_and_lose_no_line() {
        let campaign = Campaign::example();
        let mut rows = sample::dwellings(3, 12 * 450, 1);
        for (i, row) in rows.iter_mut().enumerate() {
            row.programme = format!("{:03}", i % 450);
        }
        let partial = checked(&campaign, "exemple-a", &rows);
        let mut seen = 0;
        for page in 0..3 {
            let choice = Choice {
                page,
                ..at(0, Level::Programme)
            };
            let html = table(&partial, choice).into_string();
            seen += html.matches("<th scope=\"row\">").count();
            assert_eq!(html.contains("Lignes suivantes"), page < 2);
            assert_eq!(html.contains("Lignes précédentes"), page > 0);
        }
        assert_eq!(seen, 450);
        // A page beyond the last is the last.
        let beyond = Choice {
            page: 99,
            ..at(0, Level::Programme)
        };
        assert!(
            table(&partial, beyond)
                .into_string()
                .contains("Lignes 401 à 450")
        );
        assert!(
            table(&partial, at(99, Level::Epci))
                .into_string()
                .contains("pas de tableau")
        );
    }

    #[test]
    fn names_from_the_file_stay_text() {
        let campaign = Campaign::example();
        let hostile = "<img src=x onerror=alert(1)>{{7*7}}";
        let mut rows = sample::dwellings(7, 900, 1);
        for row in &mut rows {
            row.programme_name = hostile.to_owned();
            row.programme = hostile.to_owned();
        }
        let partial = checked(&campaign, "exemple-a", &rows);
        for html in [
            table(&partial, at(0, Level::Programme)),
            text(&partial.to_bytes()),
            header(&partial, 1, (hostile, &[hostile.to_owned()]), hostile),
            hidden(
                &partial,
                &summary(hostile, Level::Epci, 1, 1),
                at(0, Level::Epci),
            ),
        ] {
            let html = html.into_string();
            assert!(html.contains("&lt;img src=x onerror=alert(1)&gt;"));
            assert!(!html.contains("<img"));
        }
    }

    #[test]
    fn the_landlord_reads_how_much_is_hidden_and_why() {
        let partial = partial();
        let table = partial.file().tables[0].id.clone();
        let of = |own, protecting| {
            let summary = summary(&table, Level::Commune, own, protecting);
            hidden(&partial, &summary, at(0, Level::Commune)).into_string()
        };
        let html = of(3, 1);
        assert!(html.contains("sur 1\u{202f}204 effectifs"), "{html}");
        assert!(html.contains("3\u{a0}masqués pour eux-mêmes (sous 11"));
        assert!(html.contains("1\u{a0}masqué pour qu'on"));
        let unit = unit_name(&partial.file().tables[0].unit);
        let covered = format!("couvrent 90,0\u{202f}% des {unit}.");
        assert!(html.contains(&covered), "{html}");
        // Shares of units: published, hidden for themselves, hidden to protect.
        for share in ["90,0", "4,0", "6,0"] {
            assert!(html.contains(&format!("<td class=\"nombre\">{share}\u{202f}%</td>")));
        }
        assert!(html.contains("Tableaux retirés"));
        assert!(html.contains("Étiquette énergie (DPE)"));
        assert!(of(0, 0).contains("Rien n'est masqué à ce niveau"));
    }

    #[test]
    fn the_header_names_file_rules_and_fingerprint() {
        let partial = partial();
        let html = header(
            &partial,
            12_345,
            ("Aucun nombre masqué n'a pu être retrouvé.", &[]),
            "a.partiel.json",
        )
        .into_string();
        assert!(html.contains("<strong>a.partiel.json</strong>"));
        assert!(html.contains("12\u{202f}345\u{a0}octets"));
        assert!(html.contains(&partial.file().fingerprint));
        assert!(html.contains("23 novembre 2026") && html.contains("1er janvier 2024"));
        assert!(html.contains("Aucun nombre masqué n'a pu être retrouvé."));
    }
}

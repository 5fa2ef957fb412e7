//! The fiche of a maille, on one printed page; the key figures of the EPCI.

use std::collections::HashMap;

use maud::{Markup, html};

use super::figures::{gap, index};
use super::{by_theme, legend, tables, without_district};
use crate::base::fraction::Gap;
use crate::base::profile::{self, FRAGILITY, Profile};
use crate::base::{Base, Status};
use crate::campaign::Rate;
use crate::chart::{self, FigureRow};
use crate::indicator::{self, Unit};
use crate::page::view::results::{self, count, key_figures, rate, share};
use crate::page::view::scrolling;
use crate::page::view::{self, completeness};
use crate::partial::check::tree::ZONAGES;
use crate::table::Level;
use crate::words::ui::{self, COLON};
use crate::words::{charts, collectivity, fiche as words, heads, labels, numbers};

/// The smallest gap that the profile counts: under two points, neighbours are
/// not told apart.
const LEAST: Gap = Gap(2_000);
/// The indicators that a meeting of the CIL opens with.
const KEY: [&str; 8] = [
    "seule",
    "mono",
    "lt40",
    "age65",
    "chom_actifs",
    "apl",
    "vac",
    "surocc",
];

/// Every indicator on a maille (*fiche*), by theme, beside the EPCI's; made to be
/// printed on one page.
pub fn fiche(base: &Base, zonage: &str, maille: &str) -> Markup {
    let file = base.file();
    let rows = chart::maille(base, zonage, maille);
    let Some((_, first)) = rows.first() else {
        return html! { p { (charts::NO_ROW) } };
    };
    let landlords = base.landlords();
    let epci: HashMap<&str, FigureRow> = results::territory(base).into_iter().collect();
    let results = match base.find(zonage, maille) {
        Some((zone, rank)) => base.results_on(zone, rank),
        None => &[],
    };
    let profile = profile::profile(results, FRAGILITY, LEAST);
    let absent = chart::absent(base, rows.iter().map(|(key, _)| *key));
    html! {
        h4 { (first.label()) }
        dl.fiche {
            (territory_and_date(base))
            dt { (heads::LANDLORDS_PRESENT) } dd { (names(&landlords, &first.landlords)) }
            dt { (words::STOCK) } dd { (stock(base, zonage, maille)) }
        }
        @if let Some(profile) = profile { (fragility(&profile, &rows)) }
        (completeness::awaited(base))
        (scrolling(&words::label(&first.label()), &html! {
            table.themes {
                caption { (words::CAPTION) span.unite { " (" (file.mention) ")" } }
                thead { tr {
                    th scope="col" { (heads::INDICATOR) }
                    th.nombre scope="col" { (heads::SHARE) }
                    th.nombre scope="col" { (labels::level(Level::Epci)) }
                    th.nombre scope="col" { (heads::EPCI_GAP) }
                    td.dessin aria-hidden="true" { (words::SCALE) }
                    th.nombre scope="col" { (heads::INDEX_100) }
                    th.nombre scope="col" { (heads::NUMERATOR) }
                    th.nombre scope="col" { (heads::DENOMINATOR) }
                    th.nombre scope="col" { (heads::RESPONSE_RATE) }
                    th scope="col" { (heads::STATUS) }
                } }
                (by_theme(&rows, COLUMNS, |(key, _)| key, |(key, row), name| line(row, epci.get(key), name)))
            }
        }))
        (results::few(rows.iter().map(|(_, row)| row)))
        (legend(rows.iter().map(|(_, row)| row.status), &file.rules))
        p.aide.dessin-cle aria-hidden="true" { (words::DRAWING) }
        p.aide { (words::ROUNDED) }
        (completeness::lacks(base))
        @if zonage != ZONAGES[0] { (without_district(&absent)) }
        p.mention { (file.mention) }
    }
}

/// Every indicator on two mailles (zonage, identifier), side by side.
pub fn comparison(base: &Base, one: (&str, &str), other: (&str, &str)) -> Markup {
    let file = base.file();
    let rows = chart::pairs(base, one, other);
    let Some(first) = rows.first() else {
        return html! { p { (charts::NO_ROW) } };
    };
    let absent = chart::absent(base, rows.iter().map(|row| row.indicator));
    let landlords = base.landlords();
    let labels = first.sides.each_ref().map(FigureRow::label);
    let names = labels.each_ref().map(String::as_str);
    let title = words::compared(names);
    html! {
        h4 { (title) }
        dl.fiche {
            (territory_and_date(base))
            @for ((side, name), place) in first.sides.iter().zip(names).zip([one, other]) {
                dt { (words::landlords_of(name)) } dd { (self::names(&landlords, &side.landlords)) }
                dt { (words::stock_of(name)) } dd { (stock(base, place.0, place.1)) }
            }
        }
        (completeness::awaited(base))
        (scrolling(&title, &tables::side_by_side(words::CAPTION, &file.mention, names, &rows)))
        (results::few(rows.iter().flat_map(|row| &row.sides)))
        (legend(tables::statuses(&rows), &file.rules))
        p.aide { (words::COMPARED) }
        @if one.0 != ZONAGES[0] { (without_district(&absent)) }
        (completeness::lacks(base))
        p.mention { (file.mention) }
    }
}

fn territory_and_date(base: &Base) -> Markup {
    let file = base.file();
    html! {
        dt { (heads::TERRITORY) } dd { (file.territory.name) }
        dt { (heads::SITUATION_ON) } dd { (ui::date(&file.reference_date)) }
    }
}

/// Columns of the fiche.
const COLUMNS: usize = 10;

fn line(row: &FigureRow, epci: Option<&FigureRow>, name: &Markup) -> Markup {
    html! {
        tr {
            (name)
            (share(row))
            @match epci { Some(epci) => (share(epci)), None => (rate(None)) }
            (gap(row, false))
            td.dessin { (drawn(row, epci)) }
            (index(row))
            (count(row.numerator, row.numerator_bounds))
            (count(row.denominator, row.denominator_bounds))
            (rate(row.response))
            td { (row.status_words()) }
        }
    }
}

/// A share on a line from 0 to 100 %, beside that of the EPCI. Everything it says
/// stands in the cells beside it.
fn drawn(row: &FigureRow, epci: Option<&FigureRow>) -> Markup {
    let at = |rate: Rate| format!("{:.2}", f64::from(rate.0) / 1_000.0);
    html! {
        svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false" {
            rect.fond x="0" y="4.5" width="100" height="1" {}
            // Under the maille's own bounds, which it may cover.
            @if let Some((min, max)) = epci.and_then(|epci| epci.bounds) {
                rect.etendue x=(at(min)) y="0" width=(at(Rate(max.0 - min.0))) height="10" {}
            }
            @match (row.share, row.bounds) {
                (Some(share), _) => rect.part x="0" y="1.5" width=(at(share)) height="7" {},
                (None, Some((min, max))) => rect.bornes x=(at(min)) y="1.5" width=(at(Rate(max.0 - min.0))) height="7" {},
                (None, None) => {}
            }
            @if let Some(share) = epci.and_then(|epci| epci.share) {
                rect.repere x=(at(share)) y="0" width="1" height="10" {}
            }
        }
    }
}

/// The names of landlords, given by their identifiers.
fn names(known: &[(String, String)], landlords: &[String]) -> Markup {
    let name = |id| match known.iter().find(|(known, _)| known == id) {
        Some((_, name)) => name,
        None => id,
    };
    view::names(landlords.iter().map(name))
}

/// The dwellings surveyed on a maille and, of those, the households.
fn stock(base: &Base, zonage: &str, maille: &str) -> String {
    let population = |unit: Unit| {
        let tables = base.file().tables.iter();
        tables
            .filter(|table| table.zonage == zonage)
            .filter(|table| indicator::table(&table.id).is_some_and(|def| def.unit == unit))
            .find_map(|table| {
                table
                    .lines
                    .iter()
                    .find(|line| line.maille == maille)?
                    .base()
            })
            .and_then(|count| u64::try_from(count).ok())
    };
    collectivity::stock(population(Unit::Dwellings), population(Unit::Households))
}

/// How many indicators stand above the EPCI, never without which.
fn fragility(profile: &Profile, rows: &[(&str, FigureRow)]) -> Markup {
    let said = collectivity::profile(
        profile.above(),
        profile.known(),
        profile.components.len(),
        profile.least,
    );
    let between = |key: &str| rows.iter().find(|(found, _)| *found == key)?.1.gap_words();
    html! {
        div.profil {
            p { strong { (words::PROFILE) } " " (ui::spaced(&said)) }
            ul { @for part in &profile.components {
                li class=[part.gap.is_some_and(|gap| gap >= profile.least).then_some("au-dessus")] {
                    (labels::indicator(&part.indicator).label) (COLON)
                    @match (part.gap, between(&part.indicator), part.status) {
                        (Some(gap), ..) => {
                            (numbers::points(gap.0))
                            @if gap >= profile.least { span aria-hidden="true" { (words::ABOVE) } }
                        },
                        (None, Some(bounds), _) => (bounds),
                        (None, None, Status::Published) => (charts::NO_GAP),
                        (None, None, status) => (charts::status(status)),
                    }
                }
            } }
        }
    }
}

/// The EPCI at a glance, then every indicator on it.
pub fn territory(base: &Base) -> Markup {
    let rows = results::territory(base);
    let of_key = |key: &&str| rows.iter().find(|(found, _)| found == key);
    let readable = |row: &&(&str, FigureRow)| row.1.is_readable();
    let key = KEY.iter().filter_map(of_key).filter(readable);
    let silent: Vec<_> = rows.iter().filter(|row| !readable(row)).collect();
    // A tile without a figure says nothing at a glance: another takes its place.
    let others = rows
        .iter()
        .filter(readable)
        .filter(|row| !KEY.contains(&row.0));
    let shown = key.chain(others).take(KEY.len());
    let silent: Vec<String> = silent
        .iter()
        .map(|(key, row)| charts::named(labels::indicator(key).label, &row.share_words()))
        .collect();
    html! {
        (completeness::awaited(base))
        dl.cles {
            @for (key, row) in shown {
                div {
                    dt { (labels::indicator(key).label) }
                    dd {
                        (row.share_words())
                        @if let Some(counts) = row.out_of_words() {
                            span.sous { (counts) " " (labels::indicator(key).denominator) }
                        }
                    }
                }
            }
        }
        @if !silent.is_empty() { p.aide { (words::silent(&silent)) } }
        details {
            summary { (words::ALL) }
            (key_figures(base))
        }
        (completeness::lacks(base))
        p.mention { (base.file().mention) }
    }
}

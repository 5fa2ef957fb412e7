//! The segregation panel: indices, the units they were computed over, and what
//! these hold.

use maud::{Markup, html};

use crate::base::panel::{Indices, Panel};
use crate::chart::{Figures, TABLE_ROWS};
use crate::indicator::shares::share;
use crate::page::view::scrolling;
use crate::words::ui::{self, COLON};
use crate::words::{collectivity, heads, labels, numbers, segregation as words};

/// The panel of an indicator at a level.
pub fn segregation(panel: Option<&Panel>, figures: &Figures) -> Markup {
    let Some(panel) = panel else {
        return html! { p { (words::NONE) } };
    };
    let label = labels::indicator(figures.indicator).label;
    let share = share(figures.indicator);
    let table = share.map_or("", |share| labels::table(share.table().id));
    let people = share.map_or("", |share| labels::unit(share.table().unit));
    html! {
        div.grille {
            @if let Some(group) = &panel.group {
                (indices(&words::of_group(label), group, people, &figures.mention))
            }
            @if let Some(all) = &panel.all {
                (indices(&words::of_all(table), all, people, &figures.mention))
            }
        }
        @if !panel.quotients.is_empty() { (quotients(panel, label, &figures.mention)) }
        p.aide { (words::READING) }
        p.mention { (figures.mention) }
    }
}

/// Indices, what they are of, and what they are not.
fn indices(title: &str, indices: &Indices, people: &str, mention: &str) -> Markup {
    let dissimilarity = indices.values.iter().find(|(id, _)| id == "dissimilarite");
    let dissimilarity = dissimilarity.map(|(_, value)| *value);
    let minority = indices
        .covered
        .filter(|covered| 2 * covered.part < covered.whole);
    html! {
        div {
            @if let Some(covered) = minority {
                p.avertissement-fort {
                    strong { (words::READ_FIRST) }
                    (ui::spaced(&collectivity::minority(indices.units.len(), covered)))
                }
            }
            // How much of the territory they bear on, before what they say.
            @if minority.is_none() {
                p { (ui::spaced(&collectivity::covered(indices.units.len(), indices.covered))) "." }
            }
            // What the first says in words, before all in figures.
            @if let Some(value) = dissimilarity { p { (ui::spaced(&collectivity::dissimilarity(value, people))) } }
            (scrolling(title, &html! {
                table {
                    caption { (title) span.unite { " (" (mention) ")" } }
                    thead { tr { th scope="col" { (words::INDEX) } th.nombre scope="col" { (heads::VALUE) } } }
                    tbody { @for (id, value) in &indices.values { tr {
                        th scope="row" { (labels::index(id)) }
                        td.nombre { (numbers::index_read(*value)) }
                    } } }
                }
            }))
            details {
                summary { (words::UNITS) span.lecteur { (COLON) (title) } }
                p { (indices.units[..indices.units.len().min(TABLE_ROWS)].join(", "))
                    @if indices.units.len() > TABLE_ROWS { (ui::AND_SO_ON) } "." }
            }
        }
    }
}

fn quotients(panel: &Panel, label: &str, mention: &str) -> Markup {
    let title = words::quotients(label);
    html! {
        details {
            summary { (title) }
            p.aide { (words::QUOTIENTS_READING) }
            (scrolling(&title, &html! {
                table {
                    caption { (title) span.unite { " (" (mention) ")" } }
                    thead { tr {
                        th scope="col" { (words::UNIT) }
                        th.nombre scope="col" { (words::IN_GROUP) }
                        th.nombre scope="col" { (heads::KNOWN_ANSWERS) }
                        th.nombre scope="col" { (words::QUOTIENT) }
                    } }
                    tbody { @for unit in panel.quotients.iter().take(TABLE_ROWS) { tr {
                        th scope="row" { (unit.name) }
                        td.nombre { (numbers::count(unit.part)) }
                        td.nombre { (numbers::count(unit.whole)) }
                        td.nombre { (numbers::index_read(unit.quotient)) }
                    } } }
                }
            }))
            @if panel.quotients.len() > TABLE_ROWS {
                p { (words::largest(TABLE_ROWS, panel.quotients.len())) }
            }
        }
    }
}

//! The segregation panel: indices, the units they were computed over, and what
//! these hold.

use maud::{Markup, html};

use crate::base::panel::{Indices, Panel};
use crate::chart::{Figures, TABLE_ROWS};
use crate::indicator::shares::share;
use crate::page::view::scrolling;
use crate::words::{collectivity, labels, numbers, ui};

/// Why there is no index.
const NONE: &str = "Pas d'indice pour cet indicateur à ce niveau\u{a0}: il en faut au moins deux mailles publiées, et un indicateur de ménages ou de personnes rapporté à toutes les réponses connues.";

/// The panel of an indicator at a level.
pub fn segregation(panel: Option<&Panel>, figures: &Figures) -> Markup {
    let Some(panel) = panel else {
        return html! { p { (NONE) } };
    };
    let label = labels::indicator(figures.indicator).label;
    let share = share(figures.indicator);
    let table = share.map_or("", |share| labels::table(share.table().id));
    let people = share.map_or("", |share| labels::unit(share.table().unit));
    html! {
        div.grille {
            @if let Some(group) = &panel.group {
                (indices(&format!("{label}, par rapport aux autres"), group, people, &figures.mention))
            }
            @if let Some(all) = &panel.all {
                (indices(&format!("{table}, toutes modalités"), all, people, &figures.mention))
            }
        }
        @if !panel.quotients.is_empty() { (quotients(panel, label, &figures.mention)) }
        p.aide { "Ces indices vont de 0 (répartition égale) à 1 (séparation complète), sauf l'isolement et l'interaction, qui sont des probabilités de rencontre, l'entropie et la divergence, sans borne fixe à 1. Ils ne portent que sur les mailles publiées." }
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
                    strong { "À lire avant ces indices\u{a0}: " }
                    (ui::spaced(&collectivity::minority(indices.units.len(), covered)))
                }
            }
            (scrolling(title, &html! {
                table {
                    caption { (title) span.unite { " (" (mention) ")" } }
                    thead { tr { th scope="col" { "Indice" } th.nombre scope="col" { "Valeur" } } }
                    tbody { @for (id, value) in &indices.values { tr {
                        th scope="row" { (labels::index(id)) }
                        td.nombre { (numbers::index_read(*value)) }
                    } } }
                }
            }))
            @if let Some(value) = dissimilarity { p { (ui::spaced(&collectivity::dissimilarity(value, people))) } }
            p { (ui::spaced(&collectivity::covered(indices.units.len(), indices.covered))) "." }
            details {
                summary { "Unités utilisées" span.lecteur { "\u{a0}: " (title) } }
                p { (indices.units[..indices.units.len().min(TABLE_ROWS)].join(", "))
                    @if indices.units.len() > TABLE_ROWS { ", …" } "." }
            }
        }
    }
}

fn quotients(panel: &Panel, label: &str, mention: &str) -> Markup {
    let title = format!("Quotients de localisation – {label}");
    html! {
        details {
            summary { (title) }
            p.aide { "Part du groupe dans l'unité, rapportée à sa part dans toutes les unités utilisées\u{a0}: au-dessus de 1, le groupe y est surreprésenté." }
            (scrolling(&title, &html! {
                table {
                    caption { (title) span.unite { " (" (mention) ")" } }
                    thead { tr {
                        th scope="col" { "Unité" }
                        th.nombre scope="col" { "Dans le groupe" }
                        th.nombre scope="col" { "Réponses connues" }
                        th.nombre scope="col" { "Quotient" }
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
                p { "Les " (TABLE_ROWS) " plus grands quotients sur " (numbers::count(panel.quotients.len() as u64)) "." }
            }
        }
    }
}

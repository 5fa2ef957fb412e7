//! The heat table: mailles × indicators, a number in every coloured cell.

use maud::{Markup, html};

use super::{paged, pages};
use crate::base::Status;
use crate::chart::{FigureRow, Heat, HeatRow, TABLE_ROWS, heat_class};
use crate::words::export::{HIDDEN, LOW_RESPONSE};
use crate::words::ui::{DASH, NO_OBJECT};
use crate::words::{charts, collectivity, fiche as words, heads, labels};

/// A page of the table.
pub fn heat(heat: &Heat) -> Markup {
    let title = collectivity::heat_caption(heat.level);
    let page = heat.first / TABLE_ROWS;
    let place = (heat.first, heat.rows.len(), heat.total);
    html! {
        (pages((words::PAGES_OF_HEAT, "chaleur"), page, TABLE_ROWS, place))
        (paged("chaleur-defile", &title, &html! {
            table.chaleur {
                caption { (title) span.unite { (words::heat_unit(&heat.mention)) } }
                thead {
                    tr.themes {
                        td {}
                        @for (theme, span) in themes(heat) { th scope="colgroup" colspan=(span) { (theme) } }
                    }
                    tr {
                        th scope="col" { (heads::MAILLE) }
                        @for key in &heat.indicators {
                            th.colonne scope="col" { span { (labels::indicator(key).label) } }
                        }
                    }
                }
                tbody {
                    (line(&heat.epci, true))
                    @for row in &heat.rows { (line(row, false)) }
                }
            }
        }))
        @if heat.silent > 0 { p { (collectivity::silent(heat.silent)) } }
        @else if heat.rows.is_empty() { p { (charts::NO_ROW) } }
        (legend())
        p.mention { (heat.mention) }
    }
}

/// The themes of the columns, and how many each heads.
fn themes(heat: &Heat) -> impl Iterator<Item = (&'static str, usize)> {
    labels::THEMES.iter().filter_map(|(theme, members)| {
        let columns = heat.indicators.iter().filter(|key| members.contains(key));
        let span = columns.count();
        (span > 0).then_some((*theme, span))
    })
}

fn line(row: &HeatRow, reference: bool) -> Markup {
    html! {
        tr class=[reference.then_some("reference")] {
            th scope="row" {
                (row.name)
                @if let Some(commune) = &row.commune { span.sous { (commune) } }
            }
            @for figure in &row.cells { (cell(figure.as_ref(), reference)) }
        }
    }
}

/// A share without its unit, which the caption says, on the colour of its index.
fn cell(figure: Option<&FigureRow>, reference: bool) -> Markup {
    let coded = |code: &str, words: &str, class: &str| {
        html! {
            td class=(class) { span aria-hidden="true" { (code) } span.lecteur { (words) } }
        }
    };
    let Some(figure) = figure else {
        return coded(DASH, NO_OBJECT, "nombre");
    };
    match (figure.status, figure.share, figure.bounds) {
        (Status::Published, Some(share), _) => {
            let class = figure
                .index
                .filter(|_| !reference)
                .map_or_else(String::new, |index| format!(" ch{}", heat_class(index)));
            html! { td class=(format!("nombre{class}")) { (charts::map_value(share)) } }
        }
        (Status::Bounded, _, Some((min, max))) => html! {
            td.nombre.encadre {
                span aria-hidden="true" { (charts::bare_range(min, max)) }
                span.lecteur { (charts::between(min, max)) }
            }
        },
        (Status::LowResponse, _, _) => coded(
            LOW_RESPONSE,
            charts::status(Status::LowResponse),
            "nombre faible",
        ),
        _ => coded(HIDDEN, charts::status(Status::Secret), "masque"),
    }
}

fn legend() -> Markup {
    html! {
        ul.cles-chaleur aria-label=(words::LEGEND) {
            @for (class, words) in collectivity::HEAT_CLASSES {
                li { span class=(format!("pastille ch{class}")) aria-hidden="true" {} (words) }
            }
            li { span.pastille.masque aria-hidden="true" { (HIDDEN) } (charts::status(Status::Secret)) }
            li { span.pastille.faible aria-hidden="true" { (LOW_RESPONSE) } (charts::status(Status::LowResponse)) }
            li { span.pastille.encadre aria-hidden="true" { (words::BOUNDED_SIGN) } (words::BOUNDED) }
        }
        p.aide { (words::HEAT_READING) }
    }
}

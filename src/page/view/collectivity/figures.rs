//! The figures under a chart: sorted by the reader, turned page by page.

use maud::{Markup, html};

use super::choices::title;
use super::{definition, legend, paged, pages};
use crate::chart::{Column, FigureRow, Figures, Sort, TABLE_ROWS};
use crate::page::view::results::{count, few, in_two, rate, share};
use crate::words::ui::DASH;
use crate::words::{charts, collectivity, fiche as words, heads};

/// The figures of an indicator at a level, below those of the EPCI.
pub fn figures(figures: &Figures, sort: Sort, page: usize) -> Markup {
    let title = title(figures);
    let (rows, first, count_of_pages) = figures.table(sort, page);
    let page = page.min(count_of_pages - 1);
    let place = (first, rows.len(), figures.rows.len());
    let statuses = figures
        .rows
        .iter()
        .chain(&figures.epci)
        .map(|row| row.status);
    html! {
        (definition(figures.indicator))
        (folded_if(figures.readable() == 0, rows.len(), words::ALL_HIDDEN, &html! {
        (pages((heads::PAGES_OF_TABLE, "table"), page, TABLE_ROWS, place))
        (paged("chiffres-defile", &title, &html! {
            table {
                caption { (title) span.unite { " (" (figures.mention) ")" } }
                thead { tr { @for (rank, column) in Column::ALL.into_iter().enumerate() {
                    (head(rank, column, sort))
                } } }
                tbody {
                    @if let Some(epci) = &figures.epci { (line(epci, true)) }
                    @for row in rows { (line(row, false)) }
                }
            }
        }))
        }))
        @if figures.rows.is_empty() { p { (charts::NO_ROW) } }
        @if let Some(unsure) = charts::unsure(figures.unsure()) { p { (unsure) "." } }
        (few(figures.rows.iter()))
        (legend(statuses, &figures.rules))
        p.mention { (figures.mention) }
    }
}

/// Most rows without any value that stand in sight.
const FEW: usize = 12;

/// What says nothing is a screen shorter folded.
pub(super) fn folded_if(silent: bool, rows: usize, words: &str, table: &Markup) -> Markup {
    html! {
        @if silent && rows > FEW {
            details { summary { (words) } (table) }
        } @else { (table) }
    }
}

/// The head of a column, with its button; the direction is told to everyone.
fn head(rank: usize, column: Column, sort: Sort) -> Markup {
    let sorted = (sort.by == column).then_some(if sort.descending {
        ("descending", "▼")
    } else {
        ("ascending", "▲")
    });
    let number = !matches!(column, Column::Name | Column::Status);
    html! {
        th scope="col" class=[number.then_some("nombre")] aria-sort=[sorted.map(|(aria, _)| aria)] {
            button.tri type="button" id=(format!("tri-{rank}")) data-tri=(rank) {
                (collectivity::column(column))
                span.fleche aria-hidden="true" { (sorted.map_or("", |(_, arrow)| arrow)) }
            }
        }
    }
}

fn line(row: &FigureRow, reference: bool) -> Markup {
    html! {
        tr class=[reference.then_some("reference")] {
            th scope="row" {
                (row.name)
                @if let Some(commune) = &row.commune { span.sous { (commune) } }
            }
            (share(row))
            (count(row.numerator, row.numerator_bounds))
            (count(row.denominator, row.denominator_bounds))
            (gap(row, reference))
            (index(row))
            (rate(row.response))
            td { (row.status_words()) }
        }
    }
}

/// A gap to the EPCI; the EPCI has none to itself. Of a share that is read beside
/// an EPCI that is not, words say that there is no gap.
pub(super) fn gap(row: &FigureRow, reference: bool) -> Markup {
    html! {
        td.nombre {
            @match row.gap_words() {
                Some(gap) if !reference => (in_two(&gap)),
                None if !reference && row.is_readable() => (charts::NO_GAP),
                _ => (DASH),
            }
        }
    }
}

pub(super) fn index(row: &FigureRow) -> Markup {
    html! {
        td.nombre {
            @if let Some(index) = row.index { (collectivity::index_100(index)) } @else { (DASH) }
        }
    }
}

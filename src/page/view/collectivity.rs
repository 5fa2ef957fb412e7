//! The collectivité's screen: choices, tables under the charts, heat table,
//! segregation, fiche.
//!
//! Every table names what is counted, carries the mention and says the status
//! of a result in words.

pub mod choices;
pub mod crossing;
pub mod fiche;
pub mod figures;
pub mod heat;
pub mod places;
pub mod segregation;
pub mod tables;

use std::collections::BTreeSet;

use maud::{Markup, html};

use crate::base::Status;
use crate::partial::AppliedRules;
use crate::words::{charts, collectivity, fiche as words, heads, labels, ui};

/// What an indicator counts, over what, from which source.
fn definition(indicator: &str) -> Markup {
    let said = labels::indicator(indicator);
    html! {
        dl.fiche {
            dt { (heads::NUMERATOR) } dd { (said.numerator) }
            dt { (heads::DENOMINATOR) } dd { (said.denominator) }
            dt { (words::DEFINED_BY) } dd { (said.source) }
            @if !said.note.is_empty() { dt { (heads::WORTH_KNOWING) } dd { (said.note) } }
        }
    }
}

/// Rows of indicators by theme, for a table of so many columns. Those that follow each
/// other and have one denominator say it once, over them; `line` gets the head of its
/// row.
fn by_theme<T>(
    rows: &[T],
    columns: usize,
    key: impl Fn(&T) -> &'static str,
    line: impl Fn(&T, &Markup) -> Markup,
) -> Markup {
    let denominator = |row: &T| labels::indicator(key(row)).denominator;
    let head = |row: &T, alone: bool| {
        html! {
            th scope="row" {
                (labels::indicator(key(row)).label)
                @if alone { span.sous { (words::among(key(row))) } }
            }
        }
    };
    html! {
        @for (theme, members) in labels::THEMES {
            @let members: Vec<&T> = rows.iter().filter(|row| members.contains(&key(row))).collect();
            @for (rank, run) in members.chunk_by(|a, b| denominator(a) == denominator(b)).enumerate() {
                tbody {
                    @if rank == 0 {
                        tr.theme { th scope="rowgroup" colspan=(columns) { (theme) } }
                    }
                    @if let [first, _, ..] = run {
                        tr.parmi { th scope="rowgroup" colspan=(columns) { span { (words::among(key(first))) } } }
                    }
                    @for row in run { (line(row, &head(row, run.len() == 1))) }
                }
            }
        }
    }
}

/// What the statuses on screen mean.
fn legend(statuses: impl IntoIterator<Item = Status>, rules: &AppliedRules) -> Markup {
    html! { dl.fiche.aide { (meanings(statuses, rules)) } }
}

/// Each status with what it means, once.
fn meanings(statuses: impl IntoIterator<Item = Status>, rules: &AppliedRules) -> Markup {
    let statuses: BTreeSet<Status> = statuses.into_iter().collect();
    html! {
        @for status in statuses {
            dt { (charts::status(status)) }
            dd { (charts::status_meaning(status, rules)) }
        }
    }
}

/// The indicators that no district has, and why.
fn without_district(indicators: &[&str]) -> Markup {
    let names = indicators.iter().map(|key| labels::indicator(key).label);
    let names: Vec<&str> = names.collect();
    html! {
        @if !names.is_empty() {
            p.aide { (ui::spaced(&collectivity::without_district(&names.join(", ")))) }
        }
    }
}

/// A table that scrolls sideways, and takes the focus when its page is turned.
fn paged(id: &str, label: &str, table: &Markup) -> Markup {
    html! { div.defile id=(id) tabindex="0" role="group" aria-label=(label) { (table) } }
}

/// The buttons to the other pages of a table or chart: `data-<name>` holds the
/// page. `first` is a rank from zero.
fn pages(
    (label, name): (&str, &str),
    page: usize,
    size: usize,
    (first, shown, total): (usize, usize, usize),
) -> Markup {
    let button = |to: usize, words: &str| {
        html! {
            @match name {
                "page" => button.second.menu type="button" data-page=(to) { (words) },
                "table" => button.second.menu type="button" data-table=(to) { (words) },
                _ => button.second.menu type="button" data-chaleur=(to) { (words) },
            }
        }
    };
    html! {
        @if total > shown {
            nav.pages aria-label=(label) {
                @if first > 0 { (button(page.saturating_sub(1), words::MAILLES_BEFORE)) }
                p { (charts::page(first + 1, first + shown, total)) }
                @if first + size < total { (button(page + 1, words::MAILLES_AFTER)) }
            }
        }
    }
}

#[cfg(test)]
mod tests;

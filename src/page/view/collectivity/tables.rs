//! The tables under the charts that are no list of shares: composition, QPV,
//! evolution.

use maud::{Markup, html};

use super::figures::folded_if;
use super::{by_theme, definition, legend, meanings, paged};
use crate::base::Status;
use crate::base::fraction::Fraction;
use crate::chart::{
    ChangeRow, Composition, Contrast, Evolution, FigureRow, Pair, StackedRow, TABLE_ROWS,
};
use crate::page::view::results::in_two;
use crate::page::view::results::{count, share};
use crate::partial::AppliedRules;
use crate::words::ui::{DASH, HIDDEN};
use crate::words::{charts, fiche as words, heads, labels, numbers};

/// The counts and shares of every modalité, for the mailles of the drawing.
pub fn composition(composition: &Composition, page: usize, rules: &AppliedRules) -> Markup {
    let title = charts::composition_title(composition.table.id, composition.level);
    let rows = composition.listed(page);
    let masked = (composition.epci.iter().chain(rows))
        .any(|row| row.is_readable() && row.masked().is_some());
    let unlisted = unlisted(rows, &composition.rows, composition.readable());
    html! {
        (paged("chiffres-defile", &title, &html! {
            table.composition {
                caption { (title) span.unite {
                    (words::share_of_answers(labels::unit(composition.table.unit), &composition.mention))
                } }
                thead { tr {
                    th scope="col" { (heads::MAILLE) }
                    @for name in &composition.modalities { th.nombre scope="col" { (name) } }
                    @if masked { th.nombre scope="col" { (charts::MASKED_COLUMN) } }
                    th.nombre scope="col" { (heads::KNOWN_ANSWERS) }
                    th scope="col" { (heads::STATUS) }
                } }
                tbody { @for row in composition.epci.iter().chain(rows) { tr class=[reference(composition, row).then_some("reference")] {
                    th scope="row" { (row.name) }
                    @for part in &row.counts { (count_and_share(*part, row.respondents.filter(|_| row.answered))) }
                    @if masked {
                        @match row.masked() {
                            Some(sum) => (count_and_share(Some(sum), row.respondents)),
                            None => td.nombre { (DASH) },
                        }
                    }
                    (count(row.respondents, None))
                    td { (row.status_word()) }
                } } }
            }
        }))
        (unlisted)
        dl.fiche.aide {
            dt { (charts::PARTIAL) } dd { (charts::PARTIAL_MEANING) }
            (meanings([Status::Secret, Status::LowResponse], rules))
        }
        p.mention { (composition.mention) }
    }
}

/// A count, and under it what share of the whole it is; a hidden one is said to be.
pub(super) fn count_and_share(part: Option<u64>, whole: Option<u64>) -> Markup {
    let share = part.zip(whole);
    let share = share.and_then(|(part, whole)| Fraction::new(part, whole));
    html! {
        @match part {
            Some(part) => td.nombre {
                (numbers::count(part))
                @if let Some(share) = share { span.sous { (numbers::percent(share.rounded())) } }
            },
            None => td.masque { (HIDDEN) },
        }
    }
}

/// How many of the mailles that no drawing holds are on no page of the table.
fn unlisted<T>(listed: &[T], all: &[T], readable: usize) -> Markup {
    let hidden = all.len() - readable;
    html! {
        @if hidden > 0 && listed.len() == TABLE_ROWS {
            p.aide { (words::UNLISTED) }
        }
    }
}

/// Is this row that of the EPCI?
fn reference(composition: &Composition, row: &StackedRow) -> bool {
    composition
        .epci
        .as_ref()
        .is_some_and(|epci| epci.id == row.id)
}

/// Every indicator in and out of QPV.
pub fn contrast(contrast: &Contrast, rules: &AppliedRules) -> Markup {
    let names = [labels::INSIDE_QPV, labels::OUTSIDE_QPV];
    let table = side_by_side(
        charts::CONTRAST_TITLE,
        &contrast.mention,
        names,
        &contrast.rows,
    );
    html! {
        (folded_if(contrast.readable().next().is_none(), contrast.rows.len(), words::ALL_INDICATORS_HIDDEN, &html! {
            (paged("chiffres-defile", charts::CONTRAST_TITLE, &table))
        }))
        (legend(statuses(&contrast.rows), rules))
        @if contrast.rows.iter().any(|row| row.sides.iter().all(|s| s.status == Status::Secret)) {
            p.aide { (words::BOTH_SIDES) }
        }
        p.aide { (words::ONE_DISTRICT) }
        (super::without_district(&contrast.absent))
        p.mention { (contrast.mention) }
    }
}

/// The statuses of all sides.
pub(super) fn statuses(rows: &[Pair]) -> impl Iterator<Item = Status> {
    rows.iter()
        .flat_map(|row| &row.sides)
        .map(|side| side.status)
}

/// The table of every indicator on two mailles.
pub(super) fn side_by_side(title: &str, mention: &str, names: [&str; 2], rows: &[Pair]) -> Markup {
    html! {
        table.themes {
            caption { (title) span.unite { " (" (mention) ")" } }
            thead {
                tr {
                    th scope="col" rowspan="2" { (heads::INDICATOR) }
                    @for name in names { th scope="colgroup" colspan="3" { (name) } }
                    th.nombre scope="col" rowspan="2" { (words::GAP_BETWEEN) }
                }
                tr { @for _ in names {
                    th.nombre scope="col" { (heads::SHARE) }
                    th.nombre scope="col" { (words::OUT_OF) }
                    th scope="col" { (heads::STATUS) }
                } }
            }
            (by_theme(rows, SIDE_BY_SIDE, |row| row.indicator, |row, name| html! { tr {
                (name)
                @for side in &row.sides {
                    (share(side))
                    (out_of(side))
                    td { (side.status_words()) }
                }
                td.nombre { @match row.gap_words() { Some(gap) => (in_two(&gap)), None => (DASH) } }
            } }))
        }
    }
}

/// Columns of two mailles side by side.
const SIDE_BY_SIDE: usize = 8;

/// The numerator out of the denominator: « 68 sur 212 », « masqué sur 77 ».
fn out_of(row: &FigureRow) -> Markup {
    let (part, whole) = row.counts_words();
    let hidden = part.is_none();
    let masked = || HIDDEN.to_owned();
    let words = match whole {
        None if hidden => masked(),
        whole => charts::part_of(&part.unwrap_or_else(masked), &whole.unwrap_or_else(masked)),
    };
    html! { td.nombre[!hidden].masque[hidden] { (words) } }
}

/// An indicator then and now.
pub fn evolution(evolution: &Evolution, page: usize, rules: &AppliedRules) -> Markup {
    let title = charts::change_title(evolution.indicator, evolution.level, &evolution.since);
    let rows = evolution.listed(page);
    let unlisted = unlisted(rows, &evolution.rows, evolution.readable());
    let statuses = evolution
        .rows
        .iter()
        .chain(&evolution.epci)
        .flat_map(|row| [Some(row.now.status), row.before.as_ref().map(|b| b.status)])
        .flatten();
    html! {
        (definition(evolution.indicator))
        (paged("chiffres-defile", &title, &html! {
            table {
                caption { (title) span.unite { " (" (evolution.mention) ")" } }
                thead { tr {
                    th scope="col" { (heads::MAILLE) }
                    th.nombre scope="col" { (words::share_on(&evolution.since)) }
                    th scope="col" { (words::status_on(&evolution.since)) }
                    th.nombre scope="col" { (words::share_on(&evolution.until)) }
                    th scope="col" { (words::status_on(&evolution.until)) }
                    th.nombre scope="col" { (words::CHANGE) }
                } }
                tbody {
                    @if let Some(epci) = &evolution.epci { (change(epci, true)) }
                    @for row in rows { (change(row, false)) }
                }
            }
        }))
        (unlisted)
        p.aide { (words::CHANGE_IN_POINTS) }
        (legend(statuses, rules))
        p.mention { (evolution.mention) }
    }
}

fn change(row: &ChangeRow, reference: bool) -> Markup {
    html! {
        tr class=[reference.then_some("reference")] {
            th scope="row" {
                (row.now.name)
                @if let Some(commune) = &row.now.commune { span.sous { (commune) } }
            }
            @match &row.before {
                Some(before) => { (share(before)) td { (before.status_words()) } },
                None => { td.nombre { (DASH) } td { (words::NOT_IN_BASE) } },
            }
            (share(&row.now))
            td { (row.now.status_words()) }
            td.nombre { (points(row.points)) }
        }
    }
}

fn points(gap: Option<crate::base::fraction::Gap>) -> String {
    gap.map_or_else(|| DASH.to_owned(), |gap| numbers::points(gap.0))
}

//! Two variables crossed (*croisement*) on a maille: counts, and shares of each
//! row.

use maud::{Markup, html};

use super::legend;
use super::tables::count_and_share;
use crate::base::fraction::Fraction;
use crate::base::{Base, BaseLine, Status, may_be_published};
use crate::indicator::{self, TableDef};
use crate::page::view::{options, said, scrolling};
use crate::partial::AppliedRules;
use crate::words::{charts, fiche as words, labels};

/// The crossings that a base holds.
pub fn held(base: &Base) -> Vec<&'static TableDef> {
    let tables = base.file().tables.iter();
    let crossed = tables.filter_map(|table| indicator::table(&table.id));
    crossed.filter(|def| def.dimensions.len() == 2).collect()
}

/// The crossings to choose from: value is the table's identifier.
pub fn choices(base: &Base, chosen: &str) -> Markup {
    let held = held(base);
    options(
        held.iter().map(|def| (def.id, labels::table(def.id))),
        chosen,
    )
}

/// The mailles of which a crossing says something, the EPCI always among them.
pub fn mailles(base: &Base, table: &str, chosen: &str) -> Markup {
    let lines = base.lines(0, table).unwrap_or_default();
    let shown = |line: &&BaseLine<'_>| line.maille == 0 || !is_blank(line);
    let mailles = lines.iter().filter(shown).map(|line| {
        let maille = &base.zonages()[0].mailles[line.maille];
        (maille.id.as_str(), maille.name.as_str())
    });
    options(mailles, chosen)
}

/// Is nothing of the crossing published on the maille?
fn is_blank(line: &BaseLine<'_>) -> bool {
    line.line.respondents.is_none() && line.line.counts.iter().all(Option::is_none)
}

/// A crossing on a maille; nothing where the base has none.
pub fn crossing(base: &Base, table: &str, maille: &str) -> Markup {
    let lines = base.lines(0, table).unwrap_or_default();
    let mailles = base.zonages().first().map_or(&[][..], |z| &z.mailles);
    let found = held(base)
        .into_iter()
        .find(|def| def.id == table)
        .zip(lines.iter().find(|line| mailles[line.maille].id == maille));
    let Some((def, line)) = found else {
        return html! {};
    };
    let file = base.file();
    let lacking = base.lacking(table);
    if !lacking.is_empty() {
        return html! {
            p.absence { (said(&charts::lacking_crossing(labels::table(def.id), &lacking, file.partials.len()))) }
            p.mention { (file.mention) }
        };
    }
    let place = (&*mailles[line.maille].name, &*file.mention);
    let first = def.dimensions.first().map_or("", |dimension| dimension.id);
    let margins = base.lines(0, first).unwrap_or_default();
    let margins = margins.iter().find(|one| one.maille == line.maille);
    let margins = margins.map_or(&[][..], |one| &one.line.counts);
    shown(def, line, margins, place, &file.rules)
}

/// A line of a crossing, on the maille of this name, with this mention. `margins` are
/// the counts of its first variable there: of the households of a row, whether their
/// other answer is known or not.
pub(super) fn shown(
    def: &TableDef,
    line: &BaseLine<'_>,
    margins: &[Option<i64>],
    (name, mention): (&str, &str),
    rules: &AppliedRules,
) -> Markup {
    let title = charts::crossing_title(def.id, name);
    let least = rules.min_response;
    let answered = (line.response).is_some_and(|rate| least.reached_by(rate.part, rate.whole));
    let [rows, columns] = def.dimensions else {
        return html! {};
    };
    let width = columns.modalities.len();
    html! {
        (scrolling(&title, &html! {
            table {
                caption { (title) span.unite { (words::share_of_row(labels::unit(def.unit), mention)) } }
                thead {
                    tr {
                        th scope="col" { (labels::table(rows.id)) }
                        @for id in columns.modalities { th.nombre scope="col" { (labels::modality(columns.id, id)) } }
                        th.nombre scope="col" { (words::WHOLE) }
                    }
                }
                tbody { @for (rank, id) in rows.modalities.iter().enumerate() {
                    @let cells = &line.line.counts[rank * width..][..width];
                    @let whole = margins.get(rank).and_then(|count| known(*count));
                    tr {
                        th scope="row" { (labels::modality(rows.id, id)) }
                        @for cell in cells { (count_and_share(known(*cell), whole.filter(|whole| answered && said_of(rules, *cell, *whole)))) }
                        (count_and_share(whole, None))
                    }
                } }
            }
        }))
        p { (words::both_known(known(line.line.respondents), line.response)) }
        (legend([Status::Secret].into_iter().chain((!answered).then_some(Status::LowResponse)), rules))
        p.aide { (said(charts::SHARE_OF_A_ROW)) }
        p.mention { (mention) }
    }
}

/// May the share of a cell in its row be said?
fn said_of(rules: &AppliedRules, cell: Option<i64>, whole: u64) -> bool {
    let share = known(cell).and_then(|part| Fraction::new(part, whole));
    share.is_some_and(|share| may_be_published(rules, share))
}

fn known(count: Option<i64>) -> Option<u64> {
    count.and_then(|count| u64::try_from(count).ok())
}

/// What is said where a base has no crossing.
pub fn none() -> Markup {
    html! { p.absence { (charts::NO_CROSSING) } }
}

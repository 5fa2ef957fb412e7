//! Two variables crossed (*croisement*) on a maille: counts, and shares of each
//! row.

use maud::{Markup, html};

use super::legend;
use super::tables::count_and_share;
use crate::base::{Base, BaseLine, Status};
use crate::indicator::{self, TableDef};
use crate::page::view::{options, said, scrolling};
use crate::partial::AppliedRules;
use crate::words::ui::HIDDEN;
use crate::words::{charts, labels, numbers};

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
    shown(def, line, place, &file.rules)
}

/// A line of a crossing, on the maille of this name, with this mention.
pub(super) fn shown(
    def: &TableDef,
    line: &BaseLine<'_>,
    (name, mention): (&str, &str),
    rules: &AppliedRules,
) -> Markup {
    let title = format!("{} – {name}", labels::table(def.id));
    let least = rules.min_response;
    let answered = (line.response).is_some_and(|rate| least.reached_by(rate.part, rate.whole));
    let [rows, columns] = def.dimensions else {
        return html! {};
    };
    let width = columns.modalities.len();
    html! {
        (scrolling(&title, &html! {
            table {
                caption { (title) span.unite {
                    " (" (labels::unit(def.unit)) ", et part de la ligne\u{202f}; " (mention) ")"
                } }
                thead {
                    tr {
                        th scope="col" { (labels::table(rows.id)) }
                        @for id in columns.modalities { th.nombre scope="col" { (labels::modality(columns.id, id)) } }
                        th.nombre scope="col" { "Ensemble" }
                    }
                }
                tbody { @for (rank, id) in rows.modalities.iter().enumerate() {
                    @let cells = &line.line.counts[rank * width..][..width];
                    @let whole = cells.iter().map(|c| known(*c)).sum::<Option<u64>>();
                    tr {
                        th scope="row" { (labels::modality(rows.id, id)) }
                        @for cell in cells { (count_and_share(known(*cell), whole.filter(|_| answered))) }
                        (count_and_share(whole, None))
                    }
                } }
            }
        }))
        p { "Réponses connues aux deux questions\u{a0}: " (known(line.line.respondents).map_or_else(|| HIDDEN.to_owned(), numbers::count))
            @if let BaseLine { response: Some(rate), .. } = line { " (taux de réponse " (numbers::percent(rate.rounded())) ")" } "." }
        (legend([Status::Secret].into_iter().chain((!answered).then_some(Status::LowResponse)), rules))
        p.aide { "La part est celle de la case dans sa ligne\u{202f}; elle n'est donnée que si toute la ligne est publiée." }
        p.mention { (mention) }
    }
}

fn known(count: Option<i64>) -> Option<u64> {
    count.and_then(|count| u64::try_from(count).ok())
}

/// What is said where a base has no crossing.
pub fn none() -> Markup {
    html! { p.absence { (charts::NO_CROSSING) } }
}

//! The results of a base: what it is, and the key figures of the EPCI.
//!
//! Every table names what the numerator and the denominator count, carries the
//! mention (« Source OPS 2024 ») and says the status of a result in words.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::{name, names, scrolling};
use crate::base::{Base, Status};
use crate::chart::{self, FEW_UNITS, FigureRow};
use crate::table::Level;
use crate::words::ui::{self, DASH, HIDDEN};
use crate::words::{charts, control as words, fiche, heads, labels, numbers};

/// What the base is.
pub fn header(base: &Base) -> Markup {
    let file = base.file();
    let landlords: Vec<String> = base.landlords().into_iter().map(|(_, name)| name).collect();
    html! {
        p.titre-base {
            strong { (file.territory.name) }
            span { (heads::SITUATION_ON) " " (ui::date(&file.reference_date)) }
            span { (file.mention) }
        }
        dl.fiche {
            dt { (heads::LANDLORDS) } dd { (names(&landlords)) }
            dt { (heads::RULE) } dd { (words::rules(&file.rules)) }
            dt { (heads::FINGERPRINT) } dd { code.empreinte { (file.fingerprint) } }
        }
        (super::completeness::awaited(base))
    }
}

/// Every indicator on the whole territory.
pub fn key_figures(base: &Base) -> Markup {
    let mention = &base.file().mention;
    let rows = territory(base);
    html! {
        (counts(base))
        (scrolling(words::WHOLE_LABEL, &html! {
            table {
                caption { (words::WHOLE) span.unite { " (" (name(mention)) ")" } }
                thead { tr {
                    th scope="col" { (heads::INDICATOR) }
                    th.nombre scope="col" { (heads::SHARE) }
                    th.nombre scope="col" { (heads::NUMERATOR) }
                    th.nombre scope="col" { (heads::DENOMINATOR) }
                    th.nombre scope="col" { (heads::RESPONSE_RATE) }
                    th scope="col" { (heads::STATUS) }
                } }
                tbody {
                    @for (key, row) in &rows {
                        tr {
                            th scope="row" {
                                (labels::indicator(key).label)
                                span.sous { (fiche::among(key)) }
                            }
                            (share(row))
                            (count(row.numerator, row.numerator_bounds))
                            (count(row.denominator, row.denominator_bounds))
                            (rate(row.response))
                            td { (row.status_words()) }
                        }
                    }
                }
            }
        }))
        p.mention { (mention) }
    }
}

/// Every indicator on the EPCI.
pub(super) fn territory(base: &Base) -> Vec<(&'static str, FigureRow)> {
    let zonage = base.zonages().first();
    let root = zonage.and_then(|zonage| Some((zonage, zonage.mailles.first()?)));
    root.map_or_else(Vec::new, |(zonage, root)| {
        chart::maille(base, &zonage.id, &root.id)
    })
}

/// How many results are published at each level, and how many known between bounds.
fn counts(base: &Base) -> Markup {
    let mut levels: BTreeMap<Level, (u64, u64, u64)> = BTreeMap::new();
    for (zone, zonage) in base.zonages().iter().enumerate() {
        for (rank, maille) in zonage.mailles.iter().enumerate() {
            for result in base.results_on(zone, rank) {
                let (published, bounded, all) = levels.entry(maille.level).or_default();
                *published += u64::from(result.status == Status::Published);
                *bounded += u64::from(result.status == Status::Bounded);
                *all += 1;
            }
        }
    }
    html! {
        dl.cles {
            @for (level, (published, bounded, all)) in levels {
                div {
                    dt { (labels::levels(level)) (words::PUBLISHED) }
                    dd { (numbers::count(published)) span.sous { (words::of_results(all, bounded)) } }
                }
            }
        }
    }
}

pub(super) fn share(row: &FigureRow) -> Markup {
    html! {
        @match row.status {
            // The mark is drawn by the style: the cell holds the number alone.
            Status::Published | Status::Bounded => td.nombre.peu[row.is_of_few()] { (in_two(&row.share_words())) },
            Status::LowResponse => td.nombre { (DASH) },
            Status::Secret => td.masque { (HIDDEN) },
        }
    }
}

/// What the mark of a share of few units means, where one bears it.
pub(super) fn few<'a>(mut rows: impl Iterator<Item = &'a FigureRow>) -> Markup {
    html! { @if rows.any(FigureRow::is_of_few) { p.aide { (charts::of_few_units(FEW_UNITS)) } } }
}

/// Bounds that go on two lines where there is little room: « entre 26,0 % » over
/// « et 36,0 % ». Anything else as it is.
pub(super) fn in_two(words: &str) -> Markup {
    html! {
        @match words.split_once(charts::AND) {
            Some((low, high)) => { span.bloc { (low) } " " span.bloc { (charts::AND.trim_start()) (high) } },
            None => (words),
        }
    }
}

/// A count, or its bounds, announced as such.
pub(super) fn count(count: Option<u64>, bounds: Option<(u64, u64)>) -> Markup {
    html! {
        @match (count, bounds) {
            (Some(n), _) => td.nombre { (numbers::count(n)) },
            (None, Some((min, max))) => td.nombre { (in_two(&charts::between_counts(min, max))) },
            (None, None) => td.masque { (HIDDEN) },
        }
    }
}

pub(super) fn rate(rate: Option<crate::campaign::Rate>) -> Markup {
    html! { td.nombre { @if let Some(rate) = rate { (numbers::percent(rate)) } @else { (DASH) } } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::sample;
    use crate::campaign::{Campaign, Rate};
    use crate::chart::Figures;
    use crate::partial::sample::dwellings;

    fn base(hostile: &str) -> Base {
        let campaign = Campaign::example();
        let mut rows = dwellings(11, 900, 3);
        for row in &mut rows {
            row.programme_name = hostile.to_owned();
        }
        sample::base(&campaign, [("exemple-a", rows)])
    }

    #[test]
    fn bounds_are_announced_as_bounds_and_hidden_cells_as_hidden() {
        let mut of = Figures::of(&base("Résidence"), "mono", Level::Commune).unwrap();
        let row = &mut of.rows[0];
        row.status = Status::Bounded;
        (row.share, row.numerator) = (None, None);
        row.bounds = Some((Rate(20_000), Rate(30_000)));
        assert_eq!(
            share(row).into_string(),
            "<td class=\"nombre\"><span class=\"bloc\">entre 20,0\u{202f}%</span> <span class=\"bloc\">et 30,0\u{202f}%</span></td>"
        );
        assert_eq!(
            count(row.numerator, None).into_string(),
            "<td class=\"masque\">masqué</td>"
        );
        assert_eq!(
            count(None, Some((41, 1_052))).into_string(),
            "<td class=\"nombre\"><span class=\"bloc\">entre 41</span> <span class=\"bloc\">et 1\u{202f}052</span></td>"
        );
        row.status = Status::Secret;
        assert_eq!(share(row).into_string(), "<td class=\"masque\">masqué</td>");
    }

    #[test]
    fn the_key_figures_name_every_indicator_and_the_landlords() {
        let base = base("Résidence");
        let html = key_figures(&base).into_string();
        for key in chart::indicators(&base) {
            assert!(html.contains(labels::indicator(key).label));
        }
        assert!(html.contains("résultats publiés"));
        let header = header(&base).into_string();
        assert!(header.contains("<dd>Bailleur fictif A</dd>"), "{header}");
    }
}

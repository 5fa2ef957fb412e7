//! The results of a base: key figures of the EPCI for the consultant, one
//! indicator at one level for the collectivité.
//!
//! Every table names what the numerator and the denominator count, carries the
//! mention (« Source OPS 2024 ») and says the status of a result in words.

use std::collections::{BTreeMap, HashMap};

use maud::{Markup, html};

use super::{commune_of, scrolling};
use crate::base::{Base, Status};
use crate::chart::{self, FigureRow, Figures};
use crate::table::Level;
use crate::words::ui::{self, HIDDEN};
use crate::words::{charts, labels, numbers};

/// What the base is.
pub fn header(base: &Base) -> Markup {
    let file = base.file();
    let landlords: Vec<&str> = file.partials.iter().map(|p| p.landlord.as_str()).collect();
    html! {
        dl.fiche {
            dt { "Territoire" } dd { (file.territory.name) }
            dt { "Mention" } dd { (file.mention) }
            dt { "Situation au" } dd { (ui::date(&file.reference_date)) }
            dt { "Bailleurs" } dd { (landlords.join(", ")) }
            dt { "Règle" } dd {
                "seuil de " (file.rules.threshold) " " (ui::bears_on(file.rules.bears_on))
                ", taux de réponse d'au moins " (numbers::percent(file.rules.min_response))
            }
            dt { "Empreinte" } dd { code { (file.fingerprint) } }
        }
    }
}

/// The indicators to choose from: value is the `cle`.
pub fn indicator_choices(base: &Base, chosen: &str) -> Markup {
    let keys = chart::indicators(base);
    let choices = keys.iter().map(|key| (*key, labels::indicator(key).label));
    super::options(choices, chosen)
}

/// The levels to choose from: value is the rank.
pub fn level_choices(levels: &[Level]) -> Markup {
    html! {
        @for (rank, level) in levels.iter().enumerate() {
            option value=(rank) { (labels::levels(*level)) }
        }
    }
}

/// The mailles of a level, by name: value is `zonage/maille`.
pub fn maille_choices(base: &Base, level: Level, chosen: &str) -> Markup {
    let mut choices: Vec<(String, String)> = base
        .zonages()
        .iter()
        .flat_map(|zonage| {
            let mailles = zonage.mailles.iter().filter(|m| m.level == level);
            mailles.map(move |maille| {
                let name = match commune_of(zonage, maille) {
                    Some(commune) => format!("{} ({commune})", maille.name),
                    None => maille.name.clone(),
                };
                (format!("{}/{}", zonage.id, maille.id), name)
            })
        })
        .collect();
    choices.sort_by(|a, b| (&a.1, &a.0).cmp(&(&b.1, &b.0)));
    let choices = choices
        .iter()
        .map(|(id, name)| (id.as_str(), name.as_str()));
    super::options(choices, chosen)
}

/// Every indicator on a maille (*fiche*), made to be printed on one page.
pub fn fiche(base: &Base, zonage: &str, maille: &str) -> Markup {
    let file = base.file();
    let rows = chart::maille(base, zonage, maille);
    let Some((_, first)) = rows.first() else {
        return html! { p { (charts::NO_ROW) } };
    };
    let mut statuses: Vec<Status> = rows.iter().map(|(_, row)| row.status).collect();
    statuses.sort_unstable();
    statuses.dedup();
    html! {
        h4 { (first.label()) }
        dl.fiche {
            dt { "Territoire" } dd { (file.territory.name) }
            dt { "Situation au" } dd { (ui::date(&file.reference_date)) }
            dt { "Bailleurs présents" } dd { (first.landlords.join(", ")) }
        }
        (scrolling(&format!("Fiche\u{a0}: {}", first.label()), &html! {
            table {
                caption { "Indicateurs de mixité" span.unite { " (" (file.mention) ")" } }
                thead { tr {
                    th scope="col" { "Indicateur" }
                    th.nombre scope="col" { "Part" }
                    th.nombre scope="col" { "Numérateur" }
                    th.nombre scope="col" { "Dénominateur" }
                    th.nombre scope="col" { "Écart à l'EPCI" }
                    th.nombre scope="col" { "Taux de réponse" }
                    th scope="col" { "Statut" }
                } }
                tbody {
                    @for (key, row) in &rows {
                        tr {
                            th scope="row" {
                                (labels::indicator(key).label)
                                span.sous { "parmi\u{a0}: " (labels::indicator(key).denominator) }
                            }
                            (share(row))
                            (count(row.numerator, row.numerator_bounds))
                            (count(row.denominator, row.denominator_bounds))
                            td.nombre { @if let Some(gap) = row.gap { (numbers::points(gap.0)) } @else { "–" } }
                            (rate(row.response))
                            td { (charts::status(row.status)) }
                        }
                    }
                }
            }
        }))
        dl.fiche.aide {
            @for status in statuses {
                dt { (charts::status(status)) }
                dd { (charts::status_meaning(status, &file.rules)) }
            }
        }
        p.mention { (file.mention) }
    }
}

/// Which of the pages of a chart is drawn, and the buttons to the others.
pub fn chart_pages(figures: &Figures, page: usize) -> Markup {
    let pages = figures.pages();
    let page = page.min(pages - 1);
    let data = figures.page(page);
    html! {
        @if pages > 1 {
            nav.pages aria-label="Pages du graphique" {
                @if page > 0 {
                    button.second.menu type="button" data-page=(page - 1) { "Mailles précédentes" }
                }
                p { (charts::page(data.first, data.first + data.rows.len() - 1, data.total)) }
                @if page + 1 < pages {
                    button.second.menu type="button" data-page=(page + 1) { "Mailles suivantes" }
                }
            }
        }
    }
}

/// The figures under a chart, all of them, in its order, below those of the EPCI.
pub fn figures(figures: &Figures) -> Markup {
    let title = charts::title(figures.indicator, figures.level);
    html! {
        (definition(figures.indicator))
        (scrolling(&title, &html! {
            table {
                caption { (title) span.unite { " (" (figures.mention) ")" } }
                thead { tr {
                    th scope="col" { "Maille" }
                    th.nombre scope="col" { "Part" }
                    th.nombre scope="col" { "Numérateur" }
                    th.nombre scope="col" { "Dénominateur" }
                    th.nombre scope="col" { "Écart à l'EPCI" }
                    th.nombre scope="col" { "Taux de réponse" }
                    th scope="col" { "Statut" }
                } }
                tbody {
                    @if let Some(epci) = &figures.epci { (figure_line(epci, true)) }
                    @for row in &figures.rows { (figure_line(row, false)) }
                }
            }
        }))
        @if figures.rows.is_empty() { p { (charts::NO_ROW) } }
        (legend(figures))
        p.mention { (figures.mention) }
    }
}

/// What the statuses on screen mean.
fn legend(figures: &Figures) -> Markup {
    let mut statuses: Vec<Status> = figures.rows.iter().map(|row| row.status).collect();
    statuses.extend(figures.epci.as_ref().map(|row| row.status));
    statuses.sort_unstable();
    statuses.dedup();
    html! {
        dl.fiche.aide {
            @for status in statuses {
                dt { (charts::status(status)) }
                dd { (charts::status_meaning(status, &figures.rules)) }
            }
        }
    }
}

/// Every indicator on the whole territory.
pub fn key_figures(base: &Base) -> Markup {
    let mention = &base.file().mention;
    let rows: Vec<(&'static str, FigureRow)> = chart::indicators(base)
        .into_iter()
        .filter_map(|key| Some((key, Figures::of(base, key, Level::Commune)?.epci?)))
        .collect();
    html! {
        (counts(base))
        (scrolling("Résultats sur l'ensemble du territoire", &html! {
            table {
                caption { "Ensemble du territoire" span.unite { " (" (mention) ")" } }
                thead { tr {
                    th scope="col" { "Indicateur" }
                    th.nombre scope="col" { "Part" }
                    th.nombre scope="col" { "Numérateur" }
                    th.nombre scope="col" { "Dénominateur" }
                    th.nombre scope="col" { "Taux de réponse" }
                    th scope="col" { "Statut" }
                } }
                tbody {
                    @for (key, row) in &rows {
                        tr {
                            th scope="row" {
                                (labels::indicator(key).label)
                                span.sous { "parmi\u{a0}: " (labels::indicator(key).denominator) }
                            }
                            (share(row))
                            (count(row.numerator, row.numerator_bounds))
                            (count(row.denominator, row.denominator_bounds))
                            (rate(row.response))
                            td { (charts::status(row.status)) }
                        }
                    }
                }
            }
        }))
        p.mention { (mention) }
    }
}

/// How many results are published at each level.
fn counts(base: &Base) -> Markup {
    let mut levels: BTreeMap<Level, (u64, u64)> = BTreeMap::new();
    let mailles: HashMap<(&str, &str), Level> = base
        .zonages()
        .iter()
        .flat_map(|z| {
            let mailles = z.mailles.iter();
            mailles.map(|m| ((z.id.as_str(), m.id.as_str()), m.level))
        })
        .collect();
    for result in &base.file().results {
        let place = (result.zonage.as_str(), result.maille.as_str());
        if let Some(level) = mailles.get(&place) {
            let (published, all) = levels.entry(*level).or_default();
            *published += u64::from(result.status == Status::Published);
            *all += 1;
        }
    }
    html! {
        dl.cles {
            @for (level, (published, all)) in levels {
                div {
                    dt { (labels::levels(level)) "\u{a0}: résultats publiés" }
                    dd { (numbers::count(published)) " sur " (numbers::count(all)) }
                }
            }
        }
    }
}

/// What an indicator counts, over what, from which source.
fn definition(indicator: &str) -> Markup {
    let words = labels::indicator(indicator);
    html! {
        dl.fiche {
            dt { "Numérateur" } dd { (words.numerator) }
            dt { "Dénominateur" } dd { (words.denominator) }
            dt { "Définition" } dd { (words.source) }
            @if !words.note.is_empty() { dt { "À savoir" } dd { (words.note) } }
        }
    }
}

fn figure_line(row: &FigureRow, reference: bool) -> Markup {
    html! {
        tr class=[reference.then_some("reference")] {
            th scope="row" {
                (row.name)
                @if let Some(commune) = &row.commune { span.sous { (commune) } }
            }
            (share(row))
            (count(row.numerator, row.numerator_bounds))
            (count(row.denominator, row.denominator_bounds))
            td.nombre {
                @match row.gap {
                    Some(gap) if !reference => (numbers::points(gap.0)),
                    _ => "–",
                }
            }
            (rate(row.response))
            td { (charts::status(row.status)) }
        }
    }
}

fn share(row: &FigureRow) -> Markup {
    html! {
        @match row.status {
            Status::Published | Status::Bounded => td.nombre { (row.share_words()) },
            Status::LowResponse => td.nombre { "–" },
            Status::Secret => td.masque { (HIDDEN) },
        }
    }
}

/// A count, or its bounds, announced as such.
fn count(count: Option<u64>, bounds: Option<(u64, u64)>) -> Markup {
    html! {
        @match (count, bounds) {
            (Some(n), _) => td.nombre { (numbers::count(n)) },
            (None, Some((min, max))) => td.nombre { (charts::between_counts(min, max)) },
            (None, None) => td.masque { (HIDDEN) },
        }
    }
}

fn rate(rate: Option<crate::campaign::Rate>) -> Markup {
    html! { td.nombre { @if let Some(rate) = rate { (numbers::percent(rate)) } @else { "–" } } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::{Campaign, Rate};
    use crate::merge::Merged;
    use crate::partial::{Partial, sample};

    fn base(hostile: &str) -> Base {
        let campaign = Campaign::example();
        let mut rows = sample::dwellings(11, 900, 3);
        for row in &mut rows {
            row.programme_name = hostile.to_owned();
        }
        let raw = sample::raw(&campaign, "exemple-a", &rows);
        let partial = Partial::check(sample::file(&campaign, "exemple-a", &raw)).unwrap();
        Base::from_merged(
            &campaign,
            &Merged::from_partial(&campaign, &partial).unwrap(),
        )
    }

    fn shown(base: &Base, indicator: &str, level: Level) -> (Figures, String) {
        let of = Figures::of(base, indicator, level).unwrap();
        let html = figures(&of).into_string();
        (of, html)
    }

    #[test]
    fn an_indicator_is_shown_with_what_it_counts_and_its_source() {
        let (_, html) = shown(&base("Résidence"), "mono", Level::Commune);
        assert!(html.contains("ménages monoparentaux"));
        assert!(html.contains("ménages dont la situation familiale est connue"));
        assert!(html.contains("<p class=\"mention\">Données fictives</p>"));
        // The EPCI for reference, then the three communes.
        assert_eq!(html.matches("<th scope=\"row\">").count(), 4);
        assert_eq!(html.matches("<tr class=\"reference\">").count(), 1);
    }

    #[test]
    fn every_exact_share_is_on_screen_and_every_other_has_its_status() {
        let base = base("Résidence");
        let mut seen = [0; 2];
        for key in chart::indicators(&base) {
            for level in chart::levels(&base) {
                let (of, html) = shown(&base, key, level);
                for row in &of.rows {
                    if let Some(share) = row.share {
                        assert!(html.contains(&format!(">{}</td>", numbers::percent(share))));
                    }
                    assert!(html.contains(charts::status(row.status)));
                    assert!(html.contains(&charts::status_meaning(row.status, &of.rules)));
                    seen[usize::from(row.share.is_some())] += 1;
                }
            }
        }
        assert!(seen[0] > 0 && seen[1] > 0, "the sample holds both");
    }

    #[test]
    fn bounds_are_announced_as_bounds_and_hidden_cells_as_hidden() {
        let (mut of, _) = shown(&base("Résidence"), "mono", Level::Commune);
        let row = &mut of.rows[0];
        row.status = Status::Bounded;
        (row.share, row.numerator) = (None, None);
        row.bounds = Some((Rate(20_000), Rate(30_000)));
        assert_eq!(
            share(row).into_string(),
            "<td class=\"nombre\">entre 20,0\u{202f}% et 30,0\u{202f}%</td>"
        );
        assert_eq!(
            count(row.numerator, None).into_string(),
            "<td class=\"masque\">masqué</td>"
        );
        assert_eq!(
            count(None, Some((41, 1_052))).into_string(),
            "<td class=\"nombre\">entre 41 et 1\u{202f}052</td>"
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
        assert!(header(&base).into_string().contains("exemple-a"));
    }

    #[test]
    fn a_fiche_holds_every_indicator_with_its_status_and_the_mention() {
        let base = base("<b>Résidence</b>");
        for level in chart::levels(&base) {
            let choices = maille_choices(&base, level, "").into_string();
            let count = base.zonages().iter().flat_map(|z| &z.mailles);
            let count = count.filter(|m| m.level == level).count();
            assert_eq!(choices.matches("<option").count(), count);
        }
        for zonage in base.zonages() {
            for maille in &zonage.mailles {
                let rows = chart::maille(&base, &zonage.id, &maille.id);
                let html = fiche(&base, &zonage.id, &maille.id).into_string();
                assert!(!html.contains("<b>"));
                assert_eq!(html.matches("<th scope=\"row\">").count(), rows.len());
                for (key, row) in &rows {
                    assert!(html.contains(labels::indicator(key).label));
                    assert!(html.contains(&share(row).into_string()));
                }
            }
        }
        let zonage = &base.zonages()[0];
        let html = fiche(&base, &zonage.id, &zonage.mailles[1].id).into_string();
        assert!(html.contains("<p class=\"mention\">Données fictives</p>"));
        assert!(html.contains("exemple-a") && html.contains("Taux de réponse"));
        assert_eq!(
            fiche(&base, "ailleurs", "rien").into_string(),
            format!("<p>{}</p>", charts::NO_ROW)
        );
    }

    #[test]
    fn a_chart_of_many_mailles_is_turned_page_by_page() {
        let (mut of, _) = shown(&base("Résidence"), "mono", Level::Programme);
        assert_eq!(chart_pages(&of, 0).into_string(), "");
        let row = of.rows[0].clone();
        of.rows = vec![row; chart::MAX_BARS * 2 + 1];
        let middle = chart_pages(&of, 1).into_string();
        assert!(middle.contains("data-page=\"0\"") && middle.contains("data-page=\"2\""));
        let last = chart_pages(&of, 99).into_string();
        assert!(last.contains("data-page=\"1\"") && !last.contains("suivantes"));
    }

    #[test]
    fn names_from_the_file_stay_text() {
        let (_, html) = shown(&base("<svg onload=alert(1)>"), "seule", Level::Programme);
        assert!(html.contains("&lt;svg onload=alert(1)&gt;") && !html.contains("<svg"));
    }
}

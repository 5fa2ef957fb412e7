//! The results of a base: key figures of the EPCI for the consultant, one
//! indicator at one level for the collectivité.
//!
//! Every table names what the numerator and the denominator count, carries the
//! mention (« Source OPS 2024 ») and says the status of a result in words.

use maud::{Markup, html};

use super::scrolling;
use crate::base::{Base, ResultFile, Status};
use crate::indicator::shares::SHARES;
use crate::table::{Level, Maille, Zonage};
use crate::words::ui::{self, HIDDEN};
use crate::words::{labels, numbers};

/// An indicator and a level to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The `cle` of the indicator.
    pub indicator: &'static str,
    /// The level of the mailles.
    pub level: Level,
}

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
                "seuil " (file.rules.threshold) ", " (ui::bears_on(file.rules.bears_on))
                ", taux de réponse d'au moins " (numbers::percent(file.rules.min_response))
            }
            dt { "Empreinte" } dd { code { (file.fingerprint) } }
        }
    }
}

/// The indicators of a base, in the order of the catalogue.
pub fn indicators(base: &Base) -> Vec<&'static str> {
    let results = &base.file().results;
    SHARES
        .iter()
        .map(|share| share.key)
        .filter(|key| results.iter().any(|r| r.indicator == *key))
        .collect()
}

/// The indicators to choose from: value is the `cle`.
pub fn indicator_choices(base: &Base, chosen: &str) -> Markup {
    let keys = indicators(base);
    let choices = keys.iter().map(|key| (*key, labels::indicator(key).label));
    super::options(choices, chosen)
}

/// The levels at which an indicator has results, from the top.
pub fn levels(base: &Base, indicator: &str) -> Vec<Level> {
    let mut levels: Vec<Level> = lines(base, indicator)
        .map(|(_, _, maille)| maille.level)
        .collect();
    levels.sort_unstable();
    levels.dedup();
    levels
}

/// The figures of an indicator at a level, below those of the EPCI.
pub fn figures(base: &Base, choice: Choice) -> Markup {
    let words = labels::indicator(choice.indicator);
    let mention = &base.file().mention;
    let at_level =
        |level| lines(base, choice.indicator).filter(move |(_, _, maille)| maille.level == level);
    html! {
        (definition(choice.indicator))
        (scrolling(words.label, &html! {
            table {
                caption {
                    (words.label) " : " (labels::levels(choice.level))
                    span.unite { " (" (mention) ")" }
                }
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
                    @if choice.level != Level::Epci {
                        @for (result, zonage, maille) in at_level(Level::Epci) {
                            (figure_line(result, zonage, maille, true))
                        }
                    }
                    @for (result, zonage, maille) in at_level(choice.level) {
                        (figure_line(result, zonage, maille, false))
                    }
                }
            }
        }))
        p.mention { (mention) }
    }
}

/// Every indicator on the whole territory.
pub fn key_figures(base: &Base) -> Markup {
    let mention = &base.file().mention;
    let results: Vec<&ResultFile> = indicators(base)
        .into_iter()
        .filter_map(|key| {
            lines(base, key)
                .find(|(_, _, maille)| maille.level == Level::Epci)
                .map(|(result, _, _)| result)
        })
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
                    @for result in results {
                        tr {
                            th scope="row" {
                                (labels::indicator(&result.indicator).label)
                                span.sous { "parmi : " (labels::indicator(&result.indicator).denominator) }
                            }
                            (share(result))
                            (numerator(result))
                            (denominator(result))
                            (rate(result.response))
                            td { (status(result.status)) }
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
    let mut levels: Vec<(Level, u64, u64)> = Vec::new();
    for key in indicators(base) {
        for (result, _, maille) in lines(base, key) {
            let published = u64::from(result.status == Status::Published);
            match levels.iter_mut().find(|(level, ..)| *level == maille.level) {
                Some((_, known, all)) => {
                    *known += published;
                    *all += 1;
                }
                None => levels.push((maille.level, published, 1)),
            }
        }
    }
    levels.sort_unstable();
    html! {
        dl.cles {
            @for (level, published, all) in levels {
                div {
                    dt { (labels::levels(level)) " : résultats publiés" }
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

fn figure_line(result: &ResultFile, zonage: &Zonage, maille: &Maille, reference: bool) -> Markup {
    html! {
        tr class=[reference.then_some("reference")] {
            th scope="row" {
                (maille.name)
                @if let Some(commune) = super::commune_of(zonage, maille) { span.sous { (commune) } }
            }
            (share(result))
            (numerator(result))
            (denominator(result))
            td.nombre { @if let Some(gap) = result.gap { (numbers::points(gap.0)) } @else { "–" } }
            (rate(result.response))
            td { (status(result.status)) }
        }
    }
}

fn share(result: &ResultFile) -> Markup {
    html! {
        @match (result.share, result.min, result.max) {
            (Some(share), _, _) => td.nombre { (numbers::percent(share)) },
            (None, Some(min), Some(max)) => td.nombre { "entre " (numbers::percent(min)) " et " (numbers::percent(max)) },
            _ if result.status == Status::LowResponse => td.nombre { "–" },
            _ => td.masque { (HIDDEN) },
        }
    }
}

fn numerator(result: &ResultFile) -> Markup {
    bounded(result.numerator, result.numerator_min, result.numerator_max)
}

fn denominator(result: &ResultFile) -> Markup {
    bounded(
        result.denominator,
        result.denominator_min,
        result.denominator_max,
    )
}

fn bounded(exact: Option<u64>, min: Option<u64>, max: Option<u64>) -> Markup {
    html! {
        @match (exact, min, max) {
            (Some(n), _, _) => td.nombre { (numbers::count(n)) },
            (None, Some(min), Some(max)) => td.nombre { "entre " (numbers::count(min)) " et " (numbers::count(max)) },
            _ => td.masque { (HIDDEN) },
        }
    }
}

fn rate(rate: Option<crate::campaign::Rate>) -> Markup {
    html! { td.nombre { @if let Some(rate) = rate { (numbers::percent(rate)) } @else { "–" } } }
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Published => "publié",
        Status::Bounded => "encadré",
        Status::Secret => "secret statistique",
        Status::LowResponse => "réponse insuffisante",
    }
}

/// The results of an indicator with their mailles, in the order of the file.
fn lines<'a>(
    base: &'a Base,
    indicator: &'a str,
) -> impl Iterator<Item = (&'a ResultFile, &'a Zonage, &'a Maille)> {
    let zonages: Vec<_> = base
        .zonages()
        .iter()
        .map(|zonage| (zonage, super::by_id(zonage)))
        .collect();
    base.file()
        .results
        .iter()
        .filter(move |result| result.indicator == indicator)
        .filter_map(move |result| {
            let (zonage, mailles) = zonages.iter().find(|(z, _)| z.id == result.zonage)?;
            Some((result, *zonage, *mailles.get(result.maille.as_str())?))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::Campaign;
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

    #[test]
    fn an_indicator_is_shown_with_what_it_counts_and_its_source() {
        let base = base("Résidence");
        assert_eq!(indicators(&base)[0], "seule");
        assert_eq!(
            levels(&base, "mono"),
            [Level::Epci, Level::Commune, Level::Programme]
        );
        let choice = Choice {
            indicator: "mono",
            level: Level::Commune,
        };
        let html = figures(&base, choice).into_string();
        assert!(html.contains("ménages monoparentaux"));
        assert!(html.contains("ménages dont la situation familiale est connue"));
        assert!(html.contains("<p class=\"mention\">Données fictives</p>"));
        // The EPCI for reference, then the three communes.
        assert_eq!(html.matches("<th scope=\"row\">").count(), 4);
        assert_eq!(html.matches("<tr class=\"reference\">").count(), 1);
        let epci = figures(
            &base,
            Choice {
                level: Level::Epci,
                ..choice
            },
        );
        assert_eq!(epci.into_string().matches("<th scope=\"row\">").count(), 1);
    }

    #[test]
    fn every_exact_share_of_the_base_is_on_screen_and_no_hidden_one() {
        let base = base("Résidence");
        let mut seen = [false; 2];
        for key in indicators(&base) {
            for level in levels(&base, key) {
                let choice = Choice {
                    indicator: key,
                    level,
                };
                let html = figures(&base, choice).into_string();
                for (result, _, maille) in lines(&base, key) {
                    if maille.level != level {
                        continue;
                    }
                    match result.share {
                        Some(share) => {
                            assert!(html.contains(&format!(">{}</td>", numbers::percent(share))));
                            seen[0] = true;
                        }
                        None => {
                            assert!(html.contains(status(result.status)));
                            seen[1] = true;
                        }
                    }
                }
            }
        }
        assert_eq!(seen, [true; 2], "the sample holds both");
    }

    #[test]
    fn bounds_are_announced_as_bounds() {
        let base = base("Résidence");
        let mut result = base.file().results[0].clone();
        result.status = Status::Bounded;
        result.share = None;
        result.min = Some(crate::campaign::Rate(20_000));
        result.max = Some(crate::campaign::Rate(30_000));
        result.numerator = None;
        result.numerator_min = Some(41);
        result.numerator_max = Some(52);
        assert_eq!(
            share(&result).into_string(),
            "<td class=\"nombre\">entre 20,0\u{202f}% et 30,0\u{202f}%</td>"
        );
        assert_eq!(
            numerator(&result).into_string(),
            "<td class=\"nombre\">entre 41 et 52</td>"
        );
        result.status = Status::Secret;
        result.min = None;
        assert_eq!(
            share(&result).into_string(),
            "<td class=\"masque\">masqué</td>"
        );
    }

    #[test]
    fn the_key_figures_name_every_indicator_and_the_landlords() {
        let base = base("Résidence");
        let html = key_figures(&base).into_string();
        for key in indicators(&base) {
            assert!(html.contains(&labels::indicator(key).label.replace('&', "&amp;")));
        }
        assert!(html.contains("résultats publiés"));
        assert!(header(&base).into_string().contains("exemple-a"));
    }

    #[test]
    fn names_from_the_file_stay_text() {
        let base = base("<svg onload=alert(1)>");
        let choice = Choice {
            indicator: "seule",
            level: Level::Programme,
        };
        let html = figures(&base, choice).into_string();
        assert!(html.contains("&lt;svg onload=alert(1)&gt;") && !html.contains("<svg"));
    }
}

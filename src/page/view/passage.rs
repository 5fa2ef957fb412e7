//! The secteurs of the landlord's programmes (*table de passage*): those that
//! have one, those that lack one, and a choice for each.
//!
//! Each `<select>` carries the number and the commune of its programme by
//! `data-programme` and `data-commune`; `data-trouve` is the secteur it has.

use maud::{Markup, html};

use super::name;
use crate::page::view_model::{CampaignView, CommuneChoice};
use crate::table::ProgrammePlace;
use crate::words::passage as words;

/// Choices shown at once: beyond, a file is handier.
const MAX_CHOICES: usize = 300;

/// Programmes without secteur that are shown without a click.
const OPEN_AT_ONCE: usize = 6;

/// Has the campaign any secteur?
pub fn concerns(campaign: &CampaignView) -> bool {
    campaign.communes.iter().any(|c| !c.secteurs.is_empty())
}

/// The programmes to place, and those that are placed.
pub fn choices(programmes: &[ProgrammePlace], campaign: &CampaignView) -> Markup {
    // A programme in a commune that the campaign does not divide has no secteur
    // to be given.
    let placeable: Vec<(&ProgrammePlace, &CommuneChoice)> = programmes
        .iter()
        .filter_map(|programme| {
            let mut communes = campaign.communes.iter();
            let commune = communes.find(|c| c.code == programme.commune)?;
            (!commune.secteurs.is_empty()).then_some((programme, commune))
        })
        .collect();
    let (placed, open): (Vec<_>, Vec<_>) =
        (placeable.iter().copied()).partition(|(programme, _)| programme.secteur.is_some());
    html! {
        p { (words::placed(placed.len(), open.len())) }
        // Hundreds of choices that nobody has to make: out of the way.
        @if !open.is_empty() {
            details open[open.len() <= OPEN_AT_ONCE] {
                summary { (words::open(open.len())) }
                (selects(&open, 0))
            }
        }
        @if !placed.is_empty() {
            details {
                summary { (words::CHANGE) }
                (selects(&placed, open.len()))
            }
        }
        @if !placeable.is_empty() {
            p {
                button.second type="button" data-placer="" { (words::APPLY) }
                " " button.second type="button" data-conserver="" { (words::KEEP) }
                " " span.aide { (words::KEEP_WHAT) }
            }
        }
    }
}

fn selects(programmes: &[(&ProgrammePlace, &CommuneChoice)], first: usize) -> Markup {
    html! {
        div.grille {
            @for (rank, (programme, commune)) in programmes.iter().enumerate().take(MAX_CHOICES) {
                @let id = format!("secteur-{}", first + rank);
                @let known = programme.secteur.as_deref().unwrap_or_default();
                div.champ {
                    label for=(id) {
                        (programme.number)
                        @if programme.name != programme.number { " " (name(&programme.name)) }
                        ", " (name(&commune.name))
                    }
                    select id=(id) autocomplete="off" data-programme=(programme.number) data-commune=(commune.code) data-trouve=(known) {
                        @if known.is_empty() { option value="" { (words::NO_SECTEUR) } }
                        @for secteur in &commune.secteurs {
                            option value=(secteur) selected[secteur == known] { (secteur) }
                        }
                    }
                }
            }
        }
        @if programmes.len() > MAX_CHOICES {
            p { (words::others(programmes.len() - MAX_CHOICES)) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::Campaign;

    fn programme(commune: &str, number: &str, secteur: Option<&str>) -> ProgrammePlace {
        ProgrammePlace {
            commune: commune.into(),
            number: number.into(),
            name: "<b>Résidence</b>".into(),
            secteur: secteur.map(str::to_owned),
            qpv: None,
        }
    }

    #[test]
    fn programmes_without_secteur_come_first_with_the_secteurs_of_their_commune() {
        let campaign = CampaignView::from(&Campaign::example());
        assert!(concerns(&campaign));
        assert!(!concerns(&CampaignView::from(&Campaign::cucm())));
        let divided = campaign.communes.iter().find(|c| c.code == "71153");
        let secteurs = &divided.unwrap().secteurs;
        assert!(secteurs.contains(&"Centre".to_owned()));
        let html = choices(
            &[
                programme("71153", "0105", Some("Centre")),
                programme("71153", "0999", None),
                programme("71999", "1", None),
            ],
            &campaign,
        )
        .into_string();
        assert!(!html.contains("<b>"), "{html}");
        assert_eq!(html.matches("<select").count(), 2);
        let open = html.find("data-programme=\"0999\"").unwrap();
        let placed = html.find("data-programme=\"0105\"").unwrap();
        assert!(open < placed);
        assert!(html[open..placed].contains("sans secteur"));
        assert!(html[placed..].contains("<option value=\"Centre\" selected>"));
        assert!(!html[placed..].contains("sans secteur"));
    }
}

//! Whose file it is (*de quel bailleur vient ce fichier ?*): the choice of the landlord
//! where it is asked, and of whom the names are that the campaign does not know.

use maud::{Markup, html};

use super::{mapping, name};
use crate::campaign::normalise;
use crate::dwelling::Variable;
use crate::intake::columns;
use crate::intake::correspondence::OTHER_LANDLORD;
use crate::page::protocol::Failure;
use crate::page::view_model::CampaignView;
use crate::pipeline::UnknownLandlords;
use crate::words::{mapping as words, ui};

/// The choice of the landlord, beside the columns that are asked for: one question
/// rather than two.
pub fn choice(campaign: &CampaignView) -> Markup {
    html! {
        div.champ {
            label for=(CHOICE) { (words::WHOSE) }
            select id=(CHOICE) autocomplete="off" aria-describedby="de-qui-aide" {
                option value="" { (words::WHOSE_NOT_SAID) }
                @for landlord in &campaign.landlords {
                    option value=(landlord.id) { (name(&landlord.name)) }
                }
            }
            p.aide id="de-qui-aide" { (words::WHOSE_WHY) }
        }
    }
}

/// The choice that [`choice`] offers.
pub const CHOICE: &str = "de-qui";

/// A choice per name of a landlord that the campaign does not know.
///
/// `chosen` is the landlord whose file it is said to be: proposed, and to be confirmed.
pub fn names(unknown: &UnknownLandlords, campaign: &CampaignView, chosen: &str) -> Markup {
    html! {
        h4 { (words::LANDLORDS) }
        p.aide { (words::LANDLORDS_WHY) }
        div.grille {
            @for (rank, one) in unknown.names.iter().enumerate() {
                @let id = format!("nom-bailleur-{rank}");
                div.champ {
                    label for=(id) {
                        (words::LANDLORD) (name(one.name.as_str())) (words::rows(one.rows))
                    }
                    select id=(id) autocomplete="off" data-variable=(columns::of(Variable::Landlord).id) data-valeur=(one.name.as_str()) data-trouve="" {
                        option value="" { (words::NOT_SAID) }
                        @for landlord in &campaign.landlords {
                            option value=(landlord.id) selected[landlord.id == chosen] { (name(&landlord.name)) }
                        }
                        option value=(OTHER_LANDLORD) { (words::OF_ANOTHER) }
                    }
                }
            }
        }
        (mapping::confirm(true, 0, 0))
    }
}

/// The buttons under an alert that the choice of the landlord, or another campaign, mends.
pub fn buttons(failure: &Failure, file: &str, campaign: &CampaignView) -> Markup {
    let unknown = match failure {
        Failure::Landlord { unknown, .. } => unknown.as_ref(),
        _ => None,
    };
    let elsewhere = |place: &str, words: &str, first: bool| {
        html! { button.second[!first] type="button" data-aller=(place) { (words) } }
    };
    html! {
        @match unknown {
            // The landlords of the campaign are most likely others: its file comes first.
            Some(unknown) => {
                @if unknown.campaign.is_none() { (elsewhere(CAMPAIGN, ui::GIVE_CAMPAIGN, true)) }
                @if unknown.alone {
                    (choices(file, campaign, false))
                    @if campaign.landlords.len() > MAX_BUTTONS {
                        (elsewhere(LANDLORD, ui::CHOOSE_LANDLORD, false))
                    }
                } @else {
                    (elsewhere("titre-correspondance", ui::TELL_NAMES, unknown.campaign.is_some()))
                }
            }
            None => {
                (choices(file, campaign, true))
                (elsewhere(LANDLORD, ui::CHOOSE_LANDLORD, false))
            }
        }
    }
}

/// The choice of the landlord.
pub const LANDLORD: &str = "choix-bailleur";
/// The campaign's file.
pub const CAMPAIGN: &str = "campagne-bailleur";

/// The landlords of the campaign, each a button, where they are few; first the one that
/// the file is called after.
fn choices(file: &str, campaign: &CampaignView, likely: bool) -> Markup {
    let mut landlords: Vec<_> = campaign.landlords.iter().collect();
    if landlords.len() > MAX_BUTTONS {
        return html! {};
    }
    let after = called_after(file, "", campaign);
    crate::order::sort_by_key(&mut landlords, |landlord| {
        after.is_none_or(|name| name != landlord.name)
    });
    html! {
        @for landlord in landlords {
            button.second[!likely] type="button" data-bailleur=(landlord.id) { (name(&landlord.name)) }
        }
    }
}

/// More landlords are chosen in the list.
const MAX_BUTTONS: usize = 6;

/// A shorter name may stand in any word.
const SHORTEST_NAME: usize = 5;

/// The landlord of the campaign that a file is called after, when it is not the one in
/// whose name it was read.
pub fn called_after<'a>(file: &str, landlord: &str, campaign: &'a CampaignView) -> Option<&'a str> {
    let file = normalise(file);
    let names = |name: &str| {
        let name = normalise(name);
        name.len() >= SHORTEST_NAME && file.contains(&name)
    };
    let named = campaign.landlords.iter();
    let mut named = named.filter(|l| names(&l.name) || names(&l.id));
    let first = named.clone().next()?;
    named.all(|l| l.name != landlord).then_some(&first.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::Campaign;
    use crate::intake::{NamedLandlord, Sample, Told};

    fn cucm() -> CampaignView {
        CampaignView::from(&Campaign::cucm())
    }

    #[test]
    fn a_file_called_after_another_landlord_is_told() {
        let of = |file, landlord| called_after(file, landlord, &cucm()).map(str::to_owned);
        let opac = "OPAC Saône-et-Loire";
        assert_eq!(of("Parc Habellis 2024.xlsx", opac).unwrap(), "Habellis");
        assert_eq!(of("OPAC SAONE ET LOIRE.ods", "Habellis").unwrap(), opac);
        assert_eq!(of("Parc Habellis 2024.xlsx", "Habellis"), None);
        assert_eq!(of("habellis et opac71.xlsx", opac), None, "of both");
        assert_eq!(of("ops.xlsx", opac), None);
        // Asked whose file it is, he is offered first the one that it is called after.
        let first = |file: &str| {
            let html = choices(file, &cucm(), true).into_string();
            assert_eq!(html.matches("<button").count(), cucm().landlords.len());
            html.find("Habellis").unwrap() < html.find("OPAC").unwrap()
        };
        assert!(first("Parc Habellis 2024.xlsx") && !first("OPAC SAONE ET LOIRE.ods"));
    }

    /// Where the file names nobody else, a press tells whose it is; otherwise each name is
    /// asked about, and the campaign's file comes first where none was given.
    #[test]
    fn names_that_the_campaign_does_not_know_are_asked_about() {
        let of = |names: &[&str], campaign: Option<&str>| UnknownLandlords {
            names: names
                .iter()
                .map(|name| NamedLandlord {
                    name: Sample::of(name),
                    rank: None,
                    aside: false,
                    rows: 3_000,
                })
                .collect(),
            alone: names.len() == 1,
            campaign: campaign.map(str::to_owned),
            known: String::new(),
        };
        let under = |unknown| {
            let failure = Failure::Landlord {
                told: Told::plain(String::new()),
                unknown: Some(unknown),
            };
            buttons(&failure, "ops.csv", &cucm()).into_string()
        };
        let alone = under(of(&["SEMCODA"], None));
        let first = alone.split("</button>").next().unwrap();
        assert!(first.contains(ui::GIVE_CAMPAIGN), "{alone}");
        assert!(
            alone.contains("<button class=\"second\" type=\"button\" data-bailleur=\"habellis\">")
        );
        let several = under(of(&["OPAC", "<i>"], Some("x")));
        assert!(several.contains(ui::TELL_NAMES) && !several.contains("data-bailleur"));
        assert!(!several.contains(ui::GIVE_CAMPAIGN));
        let html = names(&of(&["OPAC", "<i>"], None), &cucm(), "").into_string();
        let html = html.replace(['\u{a0}', '\u{202f}'], " ");
        assert!(
            html.contains("Bailleur : « &lt;i&gt; » (3 000 lignes)"),
            "{html}"
        );
        assert_eq!(html.matches("<option value=\"habellis\">").count(), 2);
        let proposed = names(&of(&["OPAC", "<i>"], None), &cucm(), "habellis").into_string();
        let selected = "<option value=\"habellis\" selected>";
        assert_eq!(proposed.matches(selected).count(), 2);
        assert_eq!(html.matches("<option value=\"autre_bailleur\">").count(), 2);
    }
}

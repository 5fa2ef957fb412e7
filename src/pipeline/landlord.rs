//! Whose file is it? (*quel bailleur ?*)
//!
//! The choice made explicitly, else the only landlord of the campaign that the
//! column names, else the one that the profile remembers. Rows of another landlord of the campaign are left out and
//! reported. A name that matches none is an error, unless it is the only one in
//! the file and a landlord was chosen, now or in the profile.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::campaign::Campaign;
use crate::dwelling::Dwelling;
use crate::intake::{NamedLandlord, Sample, Told};
use crate::table::Fold;
use crate::words::landlord as words;

/// Why it is not clear whose file it is.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum LandlordError {
    /// The landlord chosen is not of the campaign.
    #[error("« {asked} » n'est pas un bailleur de cette campagne. Bailleurs possibles : {known}.")]
    NotInCampaign {
        /// What was asked.
        asked: String,
        /// The campaign's.
        known: String,
    },
    /// Nobody chose and the file does not tell.
    #[error(
        "Aucune colonne reconnue ne dit de quel bailleur vient le fichier. Choisissez le bailleur (réglage « Bailleur ») : {known}. S'il n'y est pas, le bureau d'études doit vous remettre le fichier .campagne.json où il figure (réglage « Campagne »)."
    )]
    NotSaid {
        /// The campaign's.
        known: String,
    },
    /// The file names landlords that the campaign does not know.
    #[error("{}", .0.told())]
    Unknown(UnknownLandlords),
    /// Several landlords of the campaign and no choice.
    #[error(
        "Le fichier contient les logements de plusieurs bailleurs : {names}. Choisissez celui dont vous voulez l'agrégat (réglage « Bailleur »)."
    )]
    Several {
        /// Their names.
        names: String,
    },
}

impl LandlordError {
    /// The sentence, the values that it quotes still marked.
    pub fn told(&self) -> Told {
        match self {
            Self::Unknown(unknown) => unknown.told(),
            other => Told::plain(other.to_string()),
        }
    }
}

/// Landlords that a file names and the campaign does not know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnknownLandlords {
    /// What the file says.
    pub names: Vec<NamedLandlord>,
    /// Is it the only name in the file? The choice of a landlord then says whose it is;
    /// otherwise each name is to be told.
    pub alone: bool,
    /// Identifier of the campaign, when it is not the one that the page holds.
    pub campaign: Option<String>,
    /// The campaign's landlords.
    pub known: String,
}

impl UnknownLandlords {
    fn told(&self) -> Told {
        let shown: Vec<Sample> = self.names.iter().map(|n| n.name.clone()).collect();
        let more = words::and_others(shown.len());
        let rest = words::unknown(self.campaign.as_deref(), self.alone, &self.known);
        let shown = &shown[..shown.len().min(words::MAX_NAMES)];
        Told::new(words::COLUMN_NAMES, shown, format!("{more}{rest}"))
    }
}

/// The landlord who was chosen, where the file calls him otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherName {
    /// As the file calls him.
    pub said: Sample,
    /// His name in the campaign.
    pub chosen: String,
}

impl std::fmt::Display for OtherName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&words::other_name(self.said.as_str(), &self.chosen))
    }
}

/// The landlord of the partial.
pub(super) struct Chosen {
    /// Rank in the campaign.
    pub(super) rank: usize,
    /// Other landlords of the campaign in the file, and their rows.
    pub(super) others: Vec<(String, u64)>,
    /// When the file calls him otherwise.
    pub(super) warning: Option<OtherName>,
}

/// Dwellings folded by the landlord that their rows name.
pub(super) struct ByLandlord<'a> {
    campaign: &'a Campaign,
    folds: BTreeMap<Option<usize>, Fold<'a>>,
    rows: u64,
}

impl<'a> ByLandlord<'a> {
    pub(super) fn new(campaign: &'a Campaign) -> Self {
        Self {
            campaign,
            folds: BTreeMap::new(),
            rows: 0,
        }
    }

    pub(super) fn add(&mut self, dwelling: &Dwelling) {
        self.rows += 1;
        self.folds
            .entry(dwelling.landlord)
            .or_insert_with(|| Fold::new(self.campaign))
            .add(dwelling, self.rows);
    }

    /// The dwellings of a landlord, those of which no row names one included.
    pub(super) fn of(mut self, rank: usize) -> Fold<'a> {
        let mut fold = self
            .folds
            .remove(&Some(rank))
            .unwrap_or_else(|| Fold::new(self.campaign));
        if let Some(unnamed) = self.folds.remove(&None) {
            fold.absorb(unnamed);
        }
        fold
    }
}

/// Which landlord the user wants.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    /// The identifier that he chose.
    pub(super) chosen: Option<&'a str>,
    /// The rank of the one that his profile remembers: it gives way to what the file
    /// says.
    pub(super) remembered: Option<usize>,
}

pub(super) fn choose(
    campaign: &Campaign,
    asked: Asked<'_>,
    named: &[NamedLandlord],
) -> Result<Chosen, LandlordError> {
    let landlords = &campaign.file().landlords;
    let known = || {
        let all: Vec<String> = landlords
            .iter()
            .map(|l| format!("{} ({})", l.name, l.id))
            .collect();
        words::names(all.iter().map(String::as_str))
    };
    let explicit = match asked.chosen {
        None => None,
        Some(id) => {
            Some(
                campaign
                    .landlord_by_id(id)
                    .ok_or_else(|| LandlordError::NotInCampaign {
                        asked: id.to_owned(),
                        known: known(),
                    })?,
            )
        }
    };
    let strangers = named.iter().filter(|n| n.rank.is_none() && !n.aside);
    let strangers: Vec<&NamedLandlord> = strangers.collect();
    let aside = named.iter().filter(|n| n.aside);
    let mut ours: BTreeMap<usize, u64> = BTreeMap::new();
    for (rank, rows) in named.iter().filter_map(|n| Some((n.rank?, n.rows))) {
        *ours.entry(rank).or_default() += rows;
    }
    let only_stranger = ours.is_empty() && strangers.len() == 1;
    let excused = only_stranger && explicit.or(asked.remembered).is_some();
    if !strangers.is_empty() && !excused {
        let held = campaign.fingerprint() == Campaign::cucm().fingerprint();
        return Err(LandlordError::Unknown(UnknownLandlords {
            campaign: (!held).then(|| campaign.file().id.clone()),
            names: strangers.into_iter().cloned().collect(),
            alone: only_stranger,
            known: known(),
        }));
    }
    let rank = match (explicit, ours.len()) {
        (Some(rank), _) => rank,
        (None, 1) => *ours.keys().next().expect("one is there"),
        (None, 0) => match asked.remembered {
            Some(rank) => rank,
            None => return Err(LandlordError::NotSaid { known: known() }),
        },
        (None, _) => {
            return Err(LandlordError::Several {
                names: words::names(ours.keys().map(|rank| landlords[*rank].name.as_str())),
            });
        }
    };
    Ok(Chosen {
        rank,
        others: ours
            .iter()
            .filter(|(other, _)| **other != rank)
            .map(|(other, rows)| (landlords[*other].name.clone(), *rows))
            .chain(aside.map(|other| (other.name.as_str().to_owned(), other.rows)))
            .collect(),
        warning: strangers.first().map(|stranger| OtherName {
            said: stranger.name.clone(),
            chosen: landlords[rank].name.clone(),
        }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(campaign: &Campaign, names: &[&str]) -> Vec<NamedLandlord> {
        names
            .iter()
            .map(|name| NamedLandlord {
                name: Sample::of(name),
                rank: campaign.landlord_by_name(name),
                aside: false,
                rows: 5,
            })
            .collect()
    }

    #[test]
    fn the_landlord_is_the_one_chosen_or_the_only_one_named() {
        let campaign = Campaign::cucm();
        let with = |asked: Asked<'_>, names: &[&str]| {
            choose(&campaign, asked, &named(&campaign, names))
                .map(|c| (c.rank, c.others.len(), c.warning.is_some()))
        };
        let choose = |chosen: Option<&str>, names: &[&str]| {
            let remembered = None;
            with(Asked { chosen, remembered }, names)
        };
        assert_eq!(choose(None, &["HABELLIS"]), Ok((0, 0, false)));
        assert_eq!(choose(None, &["HABELLIS", "015450638"]), Ok((0, 0, false)));
        assert_eq!(
            choose(Some("opac71"), &["HABELLIS", "OPAC 71"]),
            Ok((1, 1, false))
        );
        assert_eq!(choose(Some("habellis"), &[]), Ok((0, 0, false)));
        assert_eq!(
            choose(Some("habellis"), &["Habitat Dijon"]),
            Ok((0, 0, true))
        );
        assert!(matches!(
            choose(None, &["Habitat Dijon"]),
            Err(LandlordError::Unknown(_))
        ));
        assert!(matches!(
            choose(Some("habellis"), &["HABELLIS", "Dijon"]),
            Err(LandlordError::Unknown(_))
        ));
        assert!(matches!(
            choose(None, &[]),
            Err(LandlordError::NotSaid { .. })
        ));
        assert!(matches!(
            choose(Some("x"), &[]),
            Err(LandlordError::NotInCampaign { .. })
        ));
        // The profile speaks where the file does not, and gives way to it.
        let remembered = Asked {
            chosen: None,
            remembered: Some(1),
        };
        assert_eq!(with(remembered, &[]), Ok((1, 0, false)));
        assert_eq!(with(remembered, &["Habitat Dijon"]), Ok((1, 0, true)));
        assert_eq!(with(remembered, &["HABELLIS"]), Ok((0, 0, false)));
        assert!(matches!(
            with(remembered, &["HABELLIS", "OPAC 71"]),
            Err(LandlordError::Several { .. })
        ));
        let other = Asked {
            chosen: Some("habellis"),
            ..remembered
        };
        assert_eq!(with(other, &[]), Ok((0, 0, false)));
        let unknown = choose(None, &["Habitat Dijon"]).unwrap_err().to_string();
        for said in ["« Habitat Dijon »", ".campagne.json", "Habellis"] {
            assert!(unknown.contains(said), "{unknown}");
        }
        let several = choose(None, &["HABELLIS", "OPAC 71"])
            .unwrap_err()
            .to_string();
        assert!(
            several.contains("Habellis") && several.contains("OPAC Saône-et-Loire"),
            "{several}"
        );
    }
}

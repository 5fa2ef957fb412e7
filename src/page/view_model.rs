//! What the screens show of campaigns and partials, as plain data that crosses
//! from the worker.

use serde::{Deserialize, Serialize};

use crate::campaign::{BearsOn, Campaign};
use crate::pipeline::{AcceptedPartial, RefusedFile};

/// A landlord to choose from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LandlordChoice {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: String,
}

/// What the screens need of a campaign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignView {
    /// Identifier.
    pub id: String,
    /// Name of the territory.
    pub territory: String,
    /// « Source OPS 2024 ».
    pub mention: String,
    /// Smallest count published.
    pub threshold: u32,
    /// On what it bears.
    pub bears_on: BearsOn,
    /// Landlords.
    pub landlords: Vec<LandlordChoice>,
    /// Communes, with the *secteurs* that the campaign has there.
    pub communes: Vec<CommuneChoice>,
}

/// A commune of a campaign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommuneChoice {
    /// INSEE code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Its *secteurs*.
    pub secteurs: Vec<String>,
}

impl From<&Campaign> for CampaignView {
    fn from(campaign: &Campaign) -> Self {
        let file = campaign.file();
        Self {
            id: file.id.clone(),
            territory: file.territory.name.clone(),
            mention: file.mention.clone(),
            threshold: file.rules.threshold,
            bears_on: file.rules.reading(),
            landlords: file
                .landlords
                .iter()
                .map(|l| LandlordChoice {
                    id: l.id.clone(),
                    name: l.name.clone(),
                })
                .collect(),
            communes: file
                .communes
                .iter()
                .map(|c| CommuneChoice {
                    code: c.code.clone(),
                    name: c.name.clone(),
                    secteurs: (campaign.secteurs(&c.code).into_iter())
                        .map(str::to_owned)
                        .collect(),
                })
                .collect(),
        }
    }
}

/// What became of a file that the consultant dropped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileCheck {
    /// It is in the base.
    Accepted(AcceptedPartial),
    /// It is not.
    Refused(RefusedFile),
}

impl FileCheck {
    /// Name of the file.
    pub fn file(&self) -> &str {
        match self {
            Self::Accepted(partial) => &partial.file,
            Self::Refused(refused) => &refused.file,
        }
    }
}

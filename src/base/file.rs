//! The base as parsed, key by key.

use serde::{Deserialize, Serialize};

use super::fraction::Gap;
use crate::campaign::{Rate, Territory};
use crate::partial::{AppliedRules, CampaignRef, TableFile, ZonageFile};
use crate::table::Level;

/// A base as parsed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BaseFile {
    /// Always [`super::FORMAT`].
    pub format: String,
    /// Always [`super::VERSION`].
    pub version: u32,
    /// Campaign.
    #[serde(rename = "campagne")]
    pub campaign: CampaignRef,
    /// Territory.
    #[serde(rename = "territoire")]
    pub territory: Territory,
    /// « Source OPS 2024 ».
    pub mention: String,
    /// Date of the survey.
    #[serde(rename = "date_reference")]
    pub reference_date: String,
    /// Rules of the campaign, applied to every result.
    #[serde(rename = "regles")]
    pub rules: AppliedRules,
    /// The partials merged, by landlord.
    #[serde(rename = "partiels")]
    pub partials: Vec<MergedPartial>,
    /// Names of the landlords of the campaign of whom nothing was merged; absent when there
    /// are none, and from the bases of earlier builds.
    ///
    /// REASON: who opens a base does not have its campaign, and would take the sum of some
    /// landlords for the territory's.
    #[serde(
        rename = "bailleurs_absents",
        default,
        skip_serializing_if = "Vec::is_empty"
    )]
    pub absent: Vec<String>,
    /// Zonages, all landlords together.
    pub zonages: Vec<ZonageFile>,
    /// Merged tables.
    #[serde(rename = "tableaux")]
    pub tables: Vec<TableFile>,
    /// Results: by zonage, maille, then indicator.
    #[serde(rename = "resultats")]
    pub results: Vec<ResultFile>,
    /// Indices of segregation.
    pub segregation: Vec<SegregationFile>,
    /// Fingerprint of all the rest.
    #[serde(rename = "empreinte")]
    pub fingerprint: String,
}

/// A partial that the base was made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MergedPartial {
    /// Identifier of the landlord.
    #[serde(rename = "bailleur")]
    pub landlord: String,
    /// His name in the campaign; absent from the bases of earlier builds.
    ///
    /// REASON: who opens a base does not have its campaign, and would read
    /// identifiers on the screens and in the exports.
    #[serde(rename = "nom", default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Fingerprint of the partial.
    #[serde(rename = "empreinte")]
    pub fingerprint: String,
    /// Rules that it was made under.
    #[serde(rename = "regles")]
    pub rules: AppliedRules,
    /// The tables over the territory that another partial has and this one lacks, in
    /// the order of the catalogue, then `qpv` where it lacks the priority districts that
    /// another has, of which the base then has none; absent when it lacks none, and from the bases of
    /// earlier builds.
    ///
    /// REASON: where a landlord is present without a table nothing of it is summed, and
    /// who reads a hidden crossing could not tell whose file to ask for.
    #[serde(
        rename = "tableaux_absents",
        default,
        skip_serializing_if = "Vec::is_empty"
    )]
    pub lacks: Vec<String>,
}

/// What is known of a result (*statut*).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// An exact share.
    #[serde(rename = "publie")]
    Published,
    /// Bounds of the share.
    #[serde(rename = "borne")]
    Bounded,
    /// Hidden.
    Secret,
    /// Too few answers (60 % rule): no share.
    #[serde(rename = "reponse_insuffisante")]
    LowResponse,
}

/// A result: an indicator on a maille.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ResultFile {
    /// The `cle` of the indicator.
    #[serde(rename = "indicateur")]
    pub indicator: String,
    /// Zonage.
    pub zonage: String,
    /// Maille.
    pub maille: String,
    /// What is known.
    #[serde(rename = "statut")]
    pub status: Status,
    /// Numerator; never under [`Status::Secret`], and under [`Status::Bounded`]
    /// where the tables publish it: the denominator is then between bounds.
    #[serde(
        rename = "numerateur",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub numerator: Option<u64>,
    /// Denominator, when it is published.
    #[serde(
        rename = "denominateur",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub denominator: Option<u64>,
    /// Least numerator, under [`Status::Bounded`].
    #[serde(
        rename = "numerateur_min",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub numerator_min: Option<u64>,
    /// Greatest numerator.
    #[serde(
        rename = "numerateur_max",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub numerator_max: Option<u64>,
    /// Least denominator.
    #[serde(
        rename = "denominateur_min",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub denominator_min: Option<u64>,
    /// Greatest denominator.
    #[serde(
        rename = "denominateur_max",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub denominator_max: Option<u64>,
    /// The share.
    #[serde(rename = "part", default, skip_serializing_if = "Option::is_none")]
    pub share: Option<Rate>,
    /// Least share, rounded down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<Rate>,
    /// Greatest share, rounded up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<Rate>,
    /// Gap to the share of the EPCI, when both are exact.
    #[serde(
        rename = "ecart_epci",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub gap: Option<Gap>,
    /// Response rate of the variable on the maille, when it is known.
    #[serde(
        rename = "taux_reponse",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub response: Option<Rate>,
    /// The landlords present on the maille.
    #[serde(rename = "bailleurs")]
    pub landlords: Vec<String>,
}

impl ResultFile {
    /// Has it a share to be read, exact or between bounds?
    pub fn is_readable(&self) -> bool {
        matches!(self.status, Status::Published | Status::Bounded)
    }
}

/// An index of segregation over the published mailles of a level.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SegregationFile {
    /// Zonage.
    pub zonage: String,
    /// Level of the units.
    #[serde(rename = "niveau")]
    pub level: Level,
    /// Table.
    #[serde(rename = "tableau")]
    pub table: String,
    /// The modalités of the group; absent for indices over all groups.
    #[serde(rename = "groupe", default, skip_serializing_if = "Option::is_none")]
    pub group: Option<Vec<String>>,
    /// Which index.
    #[serde(rename = "indice")]
    pub index: String,
    /// Its value.
    #[serde(rename = "valeur")]
    pub value: f64,
    /// The units used.
    pub mailles: Vec<String>,
}

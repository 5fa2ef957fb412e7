//! The partial aggregate (*agrégat partiel*): the only file that leaves a
//! landlord.
//!
//! `null` is a hidden cell; the file never says why a cell is hidden. It holds
//! no address, no dwelling, no row, no file name and no quality report.
//! [`Partial`] is a file that was read and checked: structure, catalogue,
//! additivity, thresholds, fingerprint. Whether it is *safe* is for
//! [`crate::attack`] to say.

pub(crate) mod check;
#[cfg(test)]
pub(crate) mod sample;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::campaign::{Campaign, RulesFile};
use crate::indicator::{Dimension, TableDef};
use crate::json;
use crate::secrecy::{PublishableLine, PublishableTables};
use crate::table::{Level, Zonage};
use crate::words::{attack as words, partial as defects, refusals};

/// The `format` of a partial.
pub const FORMAT: &str = "ops-mixite/partiel";
/// The version of the format that this build reads and writes.
pub const VERSION: u32 = 1;
/// Largest partial read, in bytes.
pub const MAX_BYTES: usize = 128 * 1024 * 1024;
/// Most mailles in a zonage.
pub const MAX_MAILLES: usize = 200_000;
/// Largest count in a partial: more dwellings than any landlord holds.
pub const MAX_COUNT: i64 = 50_000_000;

/// The campaign of a partial or a base, by identifier and fingerprint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CampaignRef {
    /// Identifier.
    pub id: String,
    /// Fingerprint of the campaign file.
    #[serde(rename = "empreinte")]
    pub fingerprint: String,
}

/// The landlord of a partial.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LandlordRef {
    /// Identifier in the campaign.
    pub id: String,
    /// Name.
    #[serde(rename = "nom")]
    pub name: String,
}

/// The software that wrote a partial.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Software {
    /// Name.
    #[serde(rename = "nom")]
    pub name: String,
    /// Version.
    pub version: String,
}

/// The rules that a partial was made under.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AppliedRules {
    /// Smallest count published.
    #[serde(rename = "seuil")]
    pub threshold: u32,
    /// On what the threshold bears.
    #[serde(rename = "seuil_porte_sur")]
    pub bears_on: crate::campaign::BearsOn,
    /// Lowest response rate of a published share.
    #[serde(rename = "taux_reponse_min")]
    pub min_response: crate::campaign::Rate,
}

impl AppliedRules {
    /// The rules of a campaign.
    pub fn of(rules: &RulesFile) -> Self {
        Self {
            threshold: rules.threshold,
            bears_on: rules.reading(),
            min_response: rules.min_response,
        }
    }

    /// Are these rules at least as strict as `other`?
    pub fn at_least_as_strict_as(&self, other: &Self) -> bool {
        self.threshold >= other.threshold
            && self.bears_on >= other.bears_on
            && self.min_response >= other.min_response
    }
}

/// A maille in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MailleFile {
    /// Identifier.
    pub id: String,
    /// Level.
    #[serde(rename = "niveau")]
    pub level: Level,
    /// Name.
    #[serde(rename = "nom")]
    pub name: String,
    /// Identifier of the parent; `null` for the root.
    pub parent: Option<String>,
}

/// A zonage in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ZonageFile {
    /// Identifier.
    pub id: String,
    /// Mailles, depth-first.
    pub mailles: Vec<MailleFile>,
}

impl From<&Zonage> for ZonageFile {
    fn from(zonage: &Zonage) -> Self {
        Self {
            id: zonage.id.clone(),
            mailles: zonage
                .mailles
                .iter()
                .map(|m| MailleFile {
                    id: m.id.clone(),
                    level: m.level,
                    name: m.name.clone(),
                    parent: m.parent.map(|p| zonage.mailles[p].id.clone()),
                })
                .collect(),
        }
    }
}

/// A dimension in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DimensionFile {
    /// Identifier.
    pub id: String,
    /// Modalités.
    #[serde(rename = "modalites")]
    pub modalities: Vec<String>,
}

impl DimensionFile {
    /// The dimensions of a table of the catalogue.
    pub fn all_of(def: &TableDef) -> Vec<Self> {
        let of = |dimension: &Dimension| Self {
            id: dimension.id.to_owned(),
            modalities: dimension
                .modalities
                .iter()
                .map(|m| (*m).to_owned())
                .collect(),
        };
        def.dimensions.iter().map(of).collect()
    }
}

/// A line in a file. Counts are wide so that a negative or huge one is read and
/// then refused by name; after the check they are in `0..=MAX_COUNT`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LineFile {
    /// Identifier of the maille.
    pub maille: String,
    /// Eligible units; absent from tables of persons.
    #[serde(default, skip_serializing_if = "Absent::is_absent")]
    pub population: Absent,
    /// Dwellings behind the respondents; only in tables of persons.
    #[serde(
        rename = "logements",
        default,
        skip_serializing_if = "Absent::is_absent"
    )]
    pub dwellings: Absent,
    /// Units with a usable answer.
    #[serde(rename = "repondants")]
    pub respondents: Option<i64>,
    /// Counts, row-major; `null` is hidden.
    #[serde(rename = "effectifs")]
    pub counts: Vec<Option<i64>>,
}

impl LineFile {
    /// A line of a table: `base` is its `population`, or its `logements` where the
    /// table counts persons.
    pub(crate) fn of(
        def: &TableDef,
        maille: &str,
        base: Option<i64>,
        respondents: Option<i64>,
        counts: Vec<Option<i64>>,
    ) -> Self {
        let base = Absent::Present(base);
        let (population, dwellings) = if def.unit.is_person() {
            (Absent::Absent, base)
        } else {
            (base, Absent::Absent)
        };
        Self {
            maille: maille.to_owned(),
            population,
            dwellings,
            respondents,
            counts,
        }
    }

    /// `population`, or `logements` in a table of persons.
    pub fn base(&self) -> Option<i64> {
        match (self.population, self.dwellings) {
            (Absent::Present(value), _) | (_, Absent::Present(value)) => value,
            _ => None,
        }
    }
}

/// A key that may be absent, present with a number, or present and hidden.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Absent {
    /// The key is not there.
    #[default]
    Absent,
    /// The key is there.
    Present(Option<i64>),
}

impl Absent {
    /// Is the key not there?
    pub fn is_absent(&self) -> bool {
        *self == Self::Absent
    }
}

impl Serialize for Absent {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Present(value) => value.serialize(serializer),
            Self::Absent => serializer.serialize_none(),
        }
    }
}

impl<'de> Deserialize<'de> for Absent {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(Self::Present)
    }
}

/// A table in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TableFile {
    /// Identifier in the catalogue.
    pub id: String,
    /// Zonage of its lines.
    pub zonage: String,
    /// What it counts.
    #[serde(rename = "unite")]
    pub unit: String,
    /// One dimension, two for a crossing.
    pub dimensions: Vec<DimensionFile>,
    /// Lines, in the order of the mailles.
    #[serde(rename = "lignes")]
    pub lines: Vec<LineFile>,
}

impl TableFile {
    /// A table of the catalogue over a zonage.
    pub(crate) fn of(def: &TableDef, zonage: &str, lines: Vec<LineFile>) -> Self {
        Self {
            id: def.id.to_owned(),
            zonage: zonage.to_owned(),
            unit: def.unit.id().to_owned(),
            dimensions: DimensionFile::all_of(def),
            lines,
        }
    }
}

/// A partial as parsed, key by key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PartialFile {
    /// Always [`FORMAT`].
    pub format: String,
    /// Always [`VERSION`].
    pub version: u32,
    /// Campaign.
    #[serde(rename = "campagne")]
    pub campaign: CampaignRef,
    /// Landlord.
    #[serde(rename = "bailleur")]
    pub landlord: LandlordRef,
    /// UTC date, given to the core and never read by it.
    #[serde(rename = "produit_le")]
    pub produced_on: String,
    /// Software.
    #[serde(rename = "logiciel")]
    pub software: Software,
    /// « Source OPS 2024 ».
    pub mention: String,
    /// Date of the survey.
    #[serde(rename = "date_reference")]
    pub reference_date: String,
    /// Rules applied.
    #[serde(rename = "regles")]
    pub rules: AppliedRules,
    /// Zonages.
    pub zonages: Vec<ZonageFile>,
    /// Tables, in the order of the catalogue.
    #[serde(rename = "tableaux")]
    pub tables: Vec<TableFile>,
    /// Fingerprint of all the rest.
    #[serde(rename = "empreinte")]
    pub fingerprint: String,
}

/// Where in a partial something is wrong: table, maille and what in the line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Table.
    pub table: String,
    /// Zonage.
    pub zonage: String,
    /// Maille.
    pub maille: String,
    /// `population`, `repondants`, or a modality.
    pub what: String,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&words::place(&self.table, &self.maille))?;
        if !self.what.is_empty() {
            write!(f, ", {}", self.what)?;
        }
        Ok(())
    }
}

/// What is wrong with a partial.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum PartialError {
    /// Larger than [`MAX_BYTES`].
    #[error(
        "Ce fichier fait {size} octets ; un agrégat partiel en fait {max} au plus. Vérifiez que c'est bien le fichier .partiel.json reçu du bailleur, ou redemandez-le."
    )]
    TooLarge {
        /// Its size.
        size: usize,
        /// The bound.
        max: usize,
    },
    /// A table: perhaps the rows of a landlord.
    #[error("{}", refusals::table("un agrégat partiel", refusals::ASK_LANDLORD))]
    Rows,
    /// Not the JSON expected.
    #[error("Ce fichier n'est pas un agrégat partiel lisible : {0}.")]
    Json(String),
    /// Another kind of document.
    #[error("Ce fichier n'est pas un agrégat partiel : {}.", defects::other_document(.0))]
    Format(String),
    /// A version this build does not read.
    #[error(
        "Cet agrégat est de la version {0} ; cette page lit la version {VERSION}. Ouvrez-le avec la page qui l'a produit, ou mettez la page à jour."
    )]
    Version(u64),
    /// The fingerprint does not match.
    #[error(
        "L'empreinte ne correspond pas au contenu : le fichier a été modifié après sa production. Redemandez-le au bailleur."
    )]
    Fingerprint,
    /// Something in the header.
    #[error("En-tête de l'agrégat : {0}.")]
    Header(String),
    /// The tree of mailles.
    #[error("Zonage « {zonage} » : {what}.")]
    Zonage {
        /// Which zonage.
        zonage: String,
        /// What is wrong.
        what: String,
    },
    /// A table that is not the catalogue's, or lines that are not the zonage's.
    #[error("Tableau « {table} » : {what}.")]
    Table {
        /// Which table.
        table: String,
        /// What is wrong.
        what: String,
    },
    /// A count that breaks a rule of structure or of publication.
    #[error("Dans le {place} : {what}.")]
    Count {
        /// Where.
        place: Place,
        /// What is wrong.
        what: String,
    },
}

/// A partial that was read and checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partial {
    file: PartialFile,
    zonages: Vec<Zonage>,
}

/// What the header of a partial says besides the campaign.
#[derive(Clone, Debug)]
pub struct Header<'a> {
    /// Rank of the landlord in the campaign.
    pub landlord: usize,
    /// UTC date `AAAA-MM-JJ`.
    pub produced_on: &'a str,
    /// Rules applied.
    pub rules: AppliedRules,
}

impl PartialFile {
    /// A file that has its header alone: no zonage, no table, no fingerprint.
    pub fn headed(campaign: &Campaign, header: &Header<'_>) -> Self {
        let file = campaign.file();
        let landlord = &file.landlords[header.landlord];
        Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            campaign: CampaignRef {
                id: file.id.clone(),
                fingerprint: campaign.fingerprint().to_owned(),
            },
            landlord: LandlordRef {
                id: landlord.id.clone(),
                name: landlord.name.clone(),
            },
            produced_on: header.produced_on.to_owned(),
            software: Software {
                name: env!("CARGO_PKG_NAME").to_owned(),
                version: env!("CARGO_PKG_VERSION").to_owned(),
            },
            mention: file.mention.clone(),
            reference_date: file.reference_date.clone(),
            rules: header.rules.clone(),
            zonages: Vec::new(),
            tables: Vec::new(),
            fingerprint: String::new(),
        }
    }
}

impl Partial {
    /// The partial that protected tables make.
    pub fn new(campaign: &Campaign, header: &Header<'_>, protected: &[PublishableTables]) -> Self {
        let mut partial = PartialFile::headed(campaign, header);
        for PublishableTables { zonage, tables } in protected {
            partial.zonages.push(zonage.into());
            partial.tables.extend(tables.iter().map(|table| {
                let lines = table.lines.iter();
                let lines = lines.map(|line| line_file(table.def, line, zonage));
                TableFile::of(table.def, &zonage.id, lines.collect())
            }));
        }
        partial.fingerprint = json::fingerprint_of(&partial);
        Self {
            file: partial,
            zonages: protected.iter().map(|z| z.zonage.clone()).collect(),
        }
    }

    /// Reads and checks a partial.
    ///
    /// # Errors
    /// When the bytes are not a partial of this version, were edited, are not
    /// additive or not of the catalogue, or publish what the threshold forbids.
    pub fn parse(bytes: &[u8]) -> Result<Self, PartialError> {
        if json::is_table(bytes) {
            return Err(PartialError::Rows);
        }
        if bytes.len() > MAX_BYTES {
            return Err(PartialError::TooLarge {
                size: bytes.len(),
                max: MAX_BYTES,
            });
        }
        let found = json::survey(bytes).map_err(PartialError::Json)?;
        if found.format.as_deref() != Some(FORMAT) {
            let other = found.format.as_deref().unwrap_or(defects::UNKNOWN_DOCUMENT);
            return Err(PartialError::Format(json::cut(other)));
        }
        if found.version != Some(u64::from(VERSION)) {
            return Err(PartialError::Version(found.version.unwrap_or(0)));
        }
        let file: PartialFile = json::typed(bytes).map_err(PartialError::Json)?;
        if file.fingerprint != found.fingerprint {
            return Err(PartialError::Fingerprint);
        }
        Self::check(file)
    }

    /// Reads the bytes of a partial that this program has just certified and written,
    /// without computing again the fingerprint that it gave them: the page would stand
    /// still meanwhile.
    ///
    /// # Errors
    /// As [`Partial::parse`].
    pub fn reread(bytes: &[u8]) -> Result<Self, PartialError> {
        Self::check(json::typed(bytes).map_err(PartialError::Json)?)
    }

    /// Checks a partial as parsed, its fingerprint apart.
    ///
    /// # Errors
    /// As [`Partial::parse`].
    pub fn check(file: PartialFile) -> Result<Self, PartialError> {
        let zonages = check::check(&file)?;
        Ok(Self { file, zonages })
    }

    /// A file that no reader has checked, for the gate's tests.
    #[cfg(test)]
    pub(crate) fn unchecked(file: PartialFile, zonages: Vec<Zonage>) -> Self {
        Self { file, zonages }
    }

    /// The bytes of the file.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        json::pretty(&self.file).into_bytes()
    }

    /// The file.
    pub fn file(&self) -> &PartialFile {
        &self.file
    }

    /// The file, without its trees.
    pub(crate) fn into_file(self) -> PartialFile {
        self.file
    }

    /// Its zonages as trees, in the order of the file.
    pub fn zonages(&self) -> &[Zonage] {
        &self.zonages
    }
}

fn line_file(def: &TableDef, line: &PublishableLine, zonage: &Zonage) -> LineFile {
    let wide = |count: crate::secrecy::Publishable| count.get().map(i64::from);
    let counts = line.counts.iter().map(|c| wide(*c)).collect();
    LineFile::of(
        def,
        &zonage.mailles[line.maille].id,
        wide(line.population),
        wide(line.respondents),
        counts,
    )
}

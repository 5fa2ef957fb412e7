//! The campaign (*campagne*): what the landlords and the consultant agreed on.
//!
//! Territory, landlords (*bailleurs*), communes, *table de passage*, secrecy
//! rules and income ceilings, in one JSON file that the consultant makes. The
//! CUCM's campaign of the OPS 2024 survey is embedded, so that a landlord needs
//! no file to start; any other EPCI is another file, not other code.
//!
//! [`CampaignFile`] is the file as parsed; [`Campaign`] is the file checked,
//! with its look-ups and its fingerprint.
//!
//! ```
//! let campaign = ops_mixite::campaign::Campaign::cucm();
//! assert_eq!(campaign.file().communes.len(), 34);
//! assert_eq!(campaign.commune_by_code("71153"), Some(5));
//! assert_eq!(campaign.commune_by_name("ST VALLIER"), campaign.commune_by_code("71486"));
//! ```

pub mod ceilings;
pub mod draft;
pub mod lists;

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::json;
use crate::words::{campaign as words, document};

/// The `format` of a campaign file.
pub const FORMAT: &str = "ops-mixite/campagne";
/// The version of the format that this build reads and writes.
pub const VERSION: u32 = 1;
/// The lowest threshold that any campaign may ask for (convention, article 1).
pub const MIN_THRESHOLD: u32 = 11;
/// The lowest response rate that any campaign may ask for (article 1).
pub const MIN_RESPONSE: Rate = Rate(60_000);
/// Largest campaign file read, in bytes.
pub const MAX_BYTES: usize = 32 * 1024 * 1024;
/// Most communes in a campaign (there are 35 000 in France).
pub const MAX_COMMUNES: usize = 40_000;
/// Most landlords in a campaign.
pub const MAX_LANDLORDS: usize = 2_000;
/// Most priority districts named in a campaign (there are 1 600 in France).
pub const MAX_DISTRICTS: usize = 5_000;
/// Most lines in the *table de passage*.
pub const MAX_PASSAGE: usize = 500_000;

const CUCM: &str = include_str!("../domain/cucm-ops-2024.campagne.json");
const EXAMPLE: &str = include_str!("../domain/exemple-fictif.campagne.json");

/// The campaigns that the page holds.
const EMBEDDED: [&str; 2] = [CUCM, EXAMPLE];

/// A proportion, exact to the fifth decimal: `Rate(60_000)` is 60 %.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rate(pub u32);

impl Rate {
    /// One, in the unit of the type.
    pub const ONE: u32 = 100_000;

    /// Is `part / whole` at least this rate? True for a whole of zero.
    pub fn reached_by(self, part: u64, whole: u64) -> bool {
        u128::from(part) * u128::from(Self::ONE) >= u128::from(self.0) * u128::from(whole)
    }
}

impl Serialize for Rate {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(f64::from(self.0) / f64::from(Self::ONE))
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = f64::deserialize(deserializer)?;
        let scaled = (value * f64::from(Self::ONE)).round();
        if !(0.0..=f64::from(Self::ONE)).contains(&scaled)
            || (value * f64::from(Self::ONE) - scaled).abs() > 1e-6
        {
            return Err(serde::de::Error::custom(document::bad_rate(value)));
        }
        Ok(Self(scaled as u32))
    }
}

/// On what the threshold of 11 bears (`seuil_porte_sur`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum BearsOn {
    /// Each result bears on at least 11 units (article 1 read alone).
    Population,
    /// No count of any kind is below 11 (article 2): the stricter reading.
    #[default]
    Effectif,
}

impl BearsOn {
    /// The word used in files.
    pub fn id(self) -> &'static str {
        match self {
            Self::Population => "population",
            Self::Effectif => "effectif",
        }
    }
}

/// The secrecy and quality rules of a campaign (*regles*).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RulesFile {
    /// Smallest count that may be published; at least 11.
    #[serde(rename = "seuil")]
    pub threshold: u32,
    /// On what the threshold bears; absent means `effectif`.
    #[serde(
        rename = "seuil_porte_sur",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub bears_on: Option<BearsOn>,
    /// Lowest response rate of a published share; at least 60 %.
    #[serde(rename = "taux_reponse_min")]
    pub min_response: Rate,
    /// Group programmes that are too small to be published.
    #[serde(
        rename = "regrouper_petits_programmes",
        default,
        skip_serializing_if = "std::ops::Not::not"
    )]
    pub group_small_programmes: bool,
}

/// The territory (*territoire*): an EPCI.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Territory {
    /// Its name.
    #[serde(rename = "nom")]
    pub name: String,
    /// Its SIREN number.
    pub siren: String,
}

/// A landlord (*bailleur*) of the campaign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Landlord {
    /// Short identifier: letters, digits, `-` and `_`.
    pub id: String,
    /// Name shown.
    #[serde(rename = "nom")]
    pub name: String,
    /// SIREN number, when it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub siren: Option<String>,
    /// Other names under which files call it.
    #[serde(rename = "alias", default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
}

/// A commune of the territory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Commune {
    /// INSEE code (five characters).
    pub code: String,
    /// Official name.
    #[serde(rename = "nom")]
    pub name: String,
}

/// A priority district (*quartier prioritaire de la politique de la ville*, QPV).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct District {
    /// Its code, as files give it (« QN07101M »).
    pub code: String,
    /// Its name.
    #[serde(rename = "nom")]
    pub name: String,
}

/// A line of the *table de passage*: where a programme stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Passage {
    /// Identifier of the landlord.
    #[serde(rename = "bailleur")]
    pub landlord: String,
    /// *Numéro de programme*.
    #[serde(rename = "programme")]
    pub programme: String,
    /// INSEE code of the commune, when the number alone does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commune: Option<String>,
    /// *Secteur* within the commune.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secteur: Option<String>,
    /// Code of the priority district, when the programme stands in one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub qpv: Option<String>,
}

/// Income ceilings for PLUS housing (*plafonds de ressources PLUS*), in euros
/// a year (arrêté of 29 July 1987, annexe, as amended each December).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PlusCeilings {
    /// Year whose 1 January the ceilings are those of.
    #[serde(rename = "millesime")]
    pub vintage: u16,
    /// Zone of the arrêté.
    pub zone: String,
    /// The six household categories.
    pub categories: [u32; 6],
    /// For each person beyond the sixth category.
    #[serde(rename = "supplement")]
    pub supplement: u32,
}

/// A campaign file as parsed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CampaignFile {
    /// Always [`FORMAT`].
    pub format: String,
    /// Always [`VERSION`].
    pub version: u32,
    /// Identifier of the campaign.
    pub id: String,
    /// Territory.
    #[serde(rename = "territoire")]
    pub territory: Territory,
    /// Date of the survey, `AAAA-MM-JJ`; ages are taken at this date.
    #[serde(rename = "date_reference")]
    pub reference_date: String,
    /// What every result carries, « Source OPS 2024 ».
    pub mention: String,
    /// Rules.
    #[serde(rename = "regles")]
    pub rules: RulesFile,
    /// Landlords.
    #[serde(rename = "bailleurs")]
    pub landlords: Vec<Landlord>,
    /// Communes.
    pub communes: Vec<Commune>,
    /// Names of priority districts, which files know by their code.
    #[serde(rename = "quartiers", default, skip_serializing_if = "Vec::is_empty")]
    pub districts: Vec<District>,
    /// *Table de passage*.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passage: Vec<Passage>,
    /// PLUS ceilings.
    #[serde(rename = "plafonds_plus")]
    pub plus_ceilings: PlusCeilings,
    /// First quartile of the applicants' income, euros a year per consumption
    /// unit; no value is known for the CUCM.
    #[serde(rename = "premier_quartile_uc", default)]
    pub first_quartile: Option<u64>,
}

/// What is wrong with a campaign file.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum CampaignError {
    /// Larger than [`MAX_BYTES`].
    #[error(
        "Ce fichier fait {size} octets ; une campagne en fait {max} au plus. Vérifiez que c'est bien le fichier .campagne.json remis par le bureau d'études."
    )]
    TooLarge {
        /// Its size.
        size: usize,
        /// The bound.
        max: usize,
    },
    /// A table or a text.
    #[error(
        "Ce fichier n'est pas une campagne, dont le nom finit par .campagne.json. Si c'est un tableau de logements, sa place est dans « Fichier OPS »."
    )]
    NotJson,
    /// Not the JSON that is expected.
    #[error("Le fichier de campagne n'est pas lisible : {0}. Redemandez-le au bureau d'études.")]
    Json(String),
    /// Another format or version.
    #[error(
        "Ce fichier n'est pas une campagne de la version {VERSION} (format « {format} », version {version})."
    )]
    Format {
        /// What it says it is.
        format: String,
        /// The version it says.
        version: u32,
    },
    /// A value that no campaign may hold.
    #[error("Campagne « {id} » : {what}.")]
    Value {
        /// The campaign.
        id: String,
        /// What is wrong, in French.
        what: String,
    },
}

/// A campaign that was checked.
#[derive(Clone, Debug)]
pub struct Campaign {
    file: CampaignFile,
    fingerprint: String,
    commune_codes: HashMap<String, usize>,
    commune_names: HashMap<String, Option<usize>>,
    landlord_names: HashMap<String, usize>,
    passage: HashMap<(String, String), Vec<usize>>,
    /// A landlord's own lines, by the key of the programme.
    own_passage: HashMap<String, Vec<Passage>>,
}

impl Campaign {
    /// The campaign of the CUCM for the OPS 2024 survey.
    pub fn cucm() -> Self {
        Self::parse(CUCM.as_bytes()).expect("the embedded campaign is checked by a test")
    }

    /// The campaign of the fictitious example; merges with no other.
    pub fn example() -> Self {
        Self::parse(EXAMPLE.as_bytes()).expect("the embedded campaign is checked by a test")
    }

    /// The campaign that ships with the page under this fingerprint: its words
    /// are known to whoever only has a base.
    pub fn shipped(fingerprint: &str) -> Option<Self> {
        let shipped = [Self::cucm(), Self::example()];
        shipped
            .into_iter()
            .find(|campaign| campaign.fingerprint() == fingerprint)
    }

    /// Reads and checks a campaign file.
    ///
    /// # Errors
    /// When the bytes are not a campaign of this version, or ask for rules
    /// looser than the convention's.
    pub fn parse(bytes: &[u8]) -> Result<Self, CampaignError> {
        if bytes.len() > MAX_BYTES {
            return Err(CampaignError::TooLarge {
                size: bytes.len(),
                max: MAX_BYTES,
            });
        }
        if !json::looks_like_one(bytes) {
            return Err(CampaignError::NotJson);
        }
        let found = json::survey(bytes).map_err(CampaignError::Json)?;
        let format = found.format.unwrap_or_default();
        let version = found.version.unwrap_or(0);
        if format != FORMAT || version != u64::from(VERSION) {
            return Err(CampaignError::Format {
                format: json::cut(&format),
                version: u32::try_from(version).unwrap_or(u32::MAX),
            });
        }
        let file: CampaignFile = json::typed(bytes).map_err(CampaignError::Json)?;
        check(&file)?;
        Ok(Self::index(file, found.fingerprint))
    }

    fn index(file: CampaignFile, fingerprint: String) -> Self {
        let commune_codes = file
            .communes
            .iter()
            .enumerate()
            .map(|(rank, c)| (c.code.clone(), rank))
            .collect();
        let mut commune_names: HashMap<String, Option<usize>> = HashMap::new();
        for (rank, commune) in file.communes.iter().enumerate() {
            // Two communes of the territory under one name: the name decides nothing.
            commune_names
                .entry(normalise_commune(&commune.name))
                .and_modify(|found| *found = None)
                .or_insert(Some(rank));
        }
        let mut landlord_names = HashMap::new();
        for (rank, landlord) in file.landlords.iter().enumerate() {
            let names = [&landlord.id, &landlord.name]
                .into_iter()
                .chain(&landlord.aliases)
                .chain(&landlord.siren);
            for name in names {
                landlord_names.entry(normalise(name)).or_insert(rank);
            }
        }
        let mut passage: HashMap<_, Vec<usize>> = HashMap::new();
        for (rank, line) in file.passage.iter().enumerate() {
            passage
                .entry((line.landlord.clone(), line.programme.clone()))
                .or_default()
                .push(rank);
        }
        Self {
            file,
            fingerprint,
            commune_codes,
            commune_names,
            landlord_names,
            passage,
            own_passage: HashMap::new(),
        }
    }

    /// The file.
    pub fn file(&self) -> &CampaignFile {
        &self.file
    }

    /// The fingerprint of the file.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// On what the threshold bears.
    pub fn bears_on(&self) -> BearsOn {
        self.file.rules.bears_on.unwrap_or_default()
    }

    /// Rank of the commune with this INSEE code.
    pub fn commune_by_code(&self, code: &str) -> Option<usize> {
        self.commune_codes.get(code).copied()
    }

    /// Rank of the commune of this name, whatever its case, accents, articles
    /// and abbreviations.
    pub fn commune_by_name(&self, name: &str) -> Option<usize> {
        *self.commune_names.get(&normalise_commune(name))?
    }

    /// Rank of the landlord that a file calls so: id, name, alias, SIREN or
    /// SIRET, normalised.
    pub fn landlord_by_name(&self, name: &str) -> Option<usize> {
        let key = normalise(name);
        if let Some(&rank) = self.landlord_names.get(&key) {
            return Some(rank);
        }
        // A SIRET is the SIREN and five more digits.
        let digits = key.replace(' ', "");
        if digits.len() == 14 && digits.bytes().all(|b| b.is_ascii_digit()) {
            return self.landlord_names.get(&digits[..9]).copied();
        }
        None
    }

    /// Rank of the landlord with this identifier.
    pub fn landlord_by_id(&self, id: &str) -> Option<usize> {
        self.file.landlords.iter().position(|l| l.id == id)
    }

    /// The name of the priority district with this code, where the campaign gives one.
    pub fn district(&self, code: &str) -> Option<&str> {
        let mut districts = self.file.districts.iter();
        let found = districts.find(|d| d.code.eq_ignore_ascii_case(code));
        found.map(|district| district.name.as_str())
    }

    /// The line of the *table de passage* for a programme in a commune.
    pub fn passage(&self, landlord: &str, programme: &str, commune: &str) -> Option<&Passage> {
        if let Some(own) = self.own_passage.get(&programme_key(programme))
            && let Some(line) = own
                .iter()
                .find(|line| line.landlord == landlord && line.commune.as_deref() == Some(commune))
        {
            return Some(line);
        }
        let lines = self
            .passage
            .get(&(landlord.to_owned(), programme.to_owned()))?;
        let line = |exact: bool| {
            lines
                .iter()
                .map(|&rank| &self.file.passage[rank])
                .find(|line| match &line.commune {
                    Some(code) => exact && code == commune,
                    None => !exact,
                })
        };
        line(true).or_else(|| line(false))
    }

    /// The *secteurs* that the campaign has in a commune.
    pub fn secteurs(&self, commune: &str) -> std::collections::BTreeSet<&str> {
        let here = |line: &&Passage| line.commune.as_deref().is_none_or(|code| code == commune);
        let lines = self.file.passage.iter().filter(here);
        lines.filter_map(|line| line.secteur.as_deref()).collect()
    }

    /// This campaign with a landlord's own lines of the *table de passage*, which
    /// win over the campaign's; what a line leaves empty stays the campaign's. A
    /// later line wins over an earlier one. The fingerprint stays: the agreement
    /// is the same.
    #[must_use]
    pub fn with_passage(&self, landlord: &str, lines: &[Passage]) -> Self {
        let mut campaign = self.clone();
        for line in lines {
            let Some(commune) = &line.commune else {
                continue;
            };
            if !line.landlord.is_empty() && line.landlord != landlord {
                continue;
            }
            let mut line = line.clone();
            line.landlord = landlord.to_owned();
            if let Some(before) = campaign.passage(landlord, &line.programme, commune) {
                let (secteur, qpv) = (before.secteur.clone(), before.qpv.clone());
                line.secteur = line.secteur.or(secteur);
                line.qpv = line.qpv.or(qpv);
            }
            let own = campaign
                .own_passage
                .entry(programme_key(&line.programme))
                .or_default();
            own.retain(|other| other.commune != line.commune);
            own.push(line);
        }
        campaign
    }

    /// Is this campaign one of those embedded in the software?
    pub fn is_example(&self) -> bool {
        self.file.id == "exemple-fictif"
    }
}

/// The key of a programme in a landlord's own table: leading zeros come and go
/// with the tools that write files.
fn programme_key(programme: &str) -> String {
    let plain = normalise(programme);
    if plain.bytes().all(|b| b.is_ascii_digit()) {
        plain.trim_start_matches('0').to_owned()
    } else {
        plain
    }
}

impl RulesFile {
    /// On what the threshold bears, the default applied.
    pub fn reading(&self) -> BearsOn {
        self.bears_on.unwrap_or_default()
    }

    /// Are these rules at least as strict as `other`?
    pub fn at_least_as_strict_as(&self, other: &Self) -> bool {
        self.threshold >= other.threshold
            && self.reading() >= other.reading()
            && self.min_response >= other.min_response
    }
}

fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

fn check(file: &CampaignFile) -> Result<(), CampaignError> {
    let fail = |what: String| {
        Err(CampaignError::Value {
            id: file.id.clone(),
            what,
        })
    };
    if file.rules.threshold < MIN_THRESHOLD {
        return fail(words::low_threshold(file.rules.threshold));
    }
    if file.rules.min_response < MIN_RESPONSE {
        return fail(words::LOW_RESPONSE.to_owned());
    }
    if !is_identifier(&file.id) {
        return fail(words::BAD_ID.into());
    }
    if !is_date(&file.reference_date) {
        return fail(words::bad_date(&file.reference_date));
    }
    // Every partial carries these words, and its reader asks for them.
    if is_blank(&file.mention) {
        return fail(words::NO_MENTION.to_owned());
    }
    if let Some(nameless) = file.landlords.iter().find(|l| is_blank(&l.name)) {
        return fail(words::nameless_landlord(&nameless.id));
    }
    if let Some(nameless) = file.communes.iter().find(|c| is_blank(&c.name)) {
        return fail(words::nameless_commune(&nameless.code));
    }
    for (what, count, max) in [
        (words::COMMUNES, file.communes.len(), MAX_COMMUNES),
        (words::LANDLORDS, file.landlords.len(), MAX_LANDLORDS),
    ] {
        if count == 0 || count > max {
            return fail(words::how_many(count, what, max));
        }
    }
    if file.districts.len() > MAX_DISTRICTS {
        return fail(words::many_districts(file));
    }
    let mut districts = std::collections::HashSet::new();
    for district in &file.districts {
        let code = district.code.to_ascii_uppercase();
        if is_blank(&code) || is_blank(&district.name) || !districts.insert(code) {
            return fail(words::bad_district(&district.code));
        }
    }
    if file.passage.len() > MAX_PASSAGE {
        return fail(words::long_passage(file));
    }
    let mut seen = std::collections::HashSet::new();
    for landlord in &file.landlords {
        if !is_identifier(&landlord.id) || !seen.insert(landlord.id.as_str()) {
            return fail(words::bad_landlord(&landlord.id));
        }
    }
    seen.clear();
    for commune in &file.communes {
        let well_formed =
            commune.code.len() == 5 && commune.code.bytes().all(|b| b.is_ascii_alphanumeric());
        if !well_formed || !seen.insert(commune.code.as_str()) {
            return fail(words::bad_commune(&commune.code));
        }
    }
    for line in &file.passage {
        if !file.landlords.iter().any(|l| l.id == line.landlord) {
            return fail(words::unknown_landlord(&line.landlord));
        }
        if let Some(code) = &line.commune
            && !file.communes.iter().any(|c| &c.code == code)
        {
            return fail(words::unknown_commune(code));
        }
    }
    Ok(())
}

/// Letters, digits, `-` and `_`, at least one.
pub(crate) fn is_identifier(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 64
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// Is the text a date `AAAA-MM-JJ`?
pub fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    let number =
        |range: std::ops::Range<usize>| text.get(range).and_then(|t| t.parse::<u32>().ok());
    bytes.len() == 10
        && bytes.iter().enumerate().all(|(i, b)| {
            if i == 4 || i == 7 {
                *b == b'-'
            } else {
                b.is_ascii_digit()
            }
        })
        && number(5..7).is_some_and(|month| (1..=12).contains(&month))
        && number(8..10).is_some_and(|day| (1..=31).contains(&day))
}

/// Upper case without accents; runs of anything else become one space.
///
/// ```
/// assert_eq!(ops_mixite::campaign::normalise(" Opac  Saône-et-Loire "), "OPAC SAONE ET LOIRE");
/// ```
pub fn normalise(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        let accented = without_accent(c);
        let letter = c.is_ascii_alphanumeric();
        if !letter && accented.is_empty() {
            gap = !out.is_empty();
            continue;
        }
        if std::mem::take(&mut gap) {
            out.push(' ');
        }
        if letter {
            out.push(c.to_ascii_uppercase());
        }
        out.push_str(accented);
    }
    out
}

/// An accented letter in upper case without its accent; empty for anything else.
fn without_accent(c: char) -> &'static str {
    match c {
        '\0'..='\x7f' => "",
        'à' | 'â' | 'ä' | 'á' | 'ã' | 'À' | 'Â' | 'Ä' | 'Á' | 'Ã' => "A",
        'ç' | 'Ç' => "C",
        'é' | 'è' | 'ê' | 'ë' | 'É' | 'È' | 'Ê' | 'Ë' => "E",
        'î' | 'ï' | 'í' | 'Î' | 'Ï' | 'Í' => "I",
        'ñ' | 'Ñ' => "N",
        'ô' | 'ö' | 'ó' | 'õ' | 'Ô' | 'Ö' | 'Ó' | 'Õ' => "O",
        'ù' | 'û' | 'ü' | 'ú' | 'Ù' | 'Û' | 'Ü' | 'Ú' => "U",
        'ÿ' | 'Ÿ' => "Y",
        'œ' | 'Œ' => "OE",
        'æ' | 'Æ' => "AE",
        _ => "",
    }
}

/// A commune's name without case, accents, leading article and abbreviation.
fn normalise_commune(name: &str) -> String {
    let plain = normalise(name);
    let mut words: Vec<&str> = plain
        .split(' ')
        .map(|word| match word {
            "ST" => "SAINT",
            "STE" => "SAINTE",
            word => word,
        })
        .collect();
    let article = |word: &str| matches!(word, "LE" | "LA" | "LES" | "L");
    if words.len() > 1 && article(words[0]) {
        words.remove(0);
    } else if words.len() > 1 && words.last().is_some_and(|last| article(last)) {
        // « Creusot (Le) ».
        words.pop();
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn embedded_campaigns_are_valid_and_distinct() {
        let (cucm, example) = (Campaign::cucm(), Campaign::example());
        assert_eq!(cucm.file().mention, "Source OPS 2024");
        assert_eq!(example.file().mention, "Données fictives");
        assert!(example.is_example() && !cucm.is_example());
        assert_ne!(cucm.fingerprint(), example.fingerprint());
    }

    #[test]
    fn a_campaign_too_large_is_refused_by_its_size() {
        let mut huge = vec![0; 33_554_433];
        let refused = Campaign::parse(&huge).unwrap_err();
        let max = 33_554_432;
        assert!(matches!(refused, CampaignError::TooLarge { max: m, .. } if m == max));
        assert!(refused.to_string().contains(".campagne.json"), "{refused}");
        huge.pop();
        assert!(matches!(
            Campaign::parse(&huge),
            Err(CampaignError::NotJson)
        ));
    }

    #[test]
    fn lists_too_long_and_words_that_lack_are_refused() {
        fn district(code: &str, name: &str) -> District {
            District {
                code: code.to_owned(),
                name: name.to_owned(),
            }
        }
        let told = |change: fn(&mut CampaignFile)| {
            let mut file = Campaign::example().file().clone();
            change(&mut file);
            check(&file).map_or_else(|e| e.to_string(), |()| String::new())
        };
        for (change, said) in [
            (
                (|f| f.communes.resize(40_001, f.communes[0].clone())) as fn(&mut CampaignFile),
                "40001 communes ; il en faut de 1 à 40000",
            ),
            (
                |f| f.landlords.resize(2_001, f.landlords[0].clone()),
                "2001 bailleurs ; il en faut de 1 à 2000",
            ),
            (
                |f| f.passage.resize(500_001, f.passage[0].clone()),
                "500001 lignes dans la table de passage, 500000 au plus",
            ),
            (|f| f.mention = " ".to_owned(), "(« mention ») est vide"),
            (
                |f| f.landlords[1].name.clear(),
                "le bailleur « exemple-b » n'a pas de nom",
            ),
            (|f| f.communes[0].name.clear(), "n'a pas de nom"),
            (
                |f| f.districts.push(district("QN1", " ")),
                "le quartier prioritaire « QN1 » est en double, ou son code ou son nom manque",
            ),
            (
                |f| f.districts = vec![district("QN1", "Un"), district("qn1", "Deux")],
                "« qn1 » est en double",
            ),
            (
                |f| f.districts.resize(5_001, district("QN1", "Un")),
                "5001 quartiers prioritaires, 5000 au plus",
            ),
        ] {
            let told = told(change);
            assert!(told.contains(said), "{told}");
        }
    }

    #[test]
    fn communes_are_found_under_their_usual_spellings() {
        let campaign = Campaign::cucm();
        for (spelling, code) in [
            ("Creusot", "71153"),
            ("LE CREUSOT", "71153"),
            ("Creusot (Le)", "71153"),
            ("les bizots", "71038"),
            ("St-Laurent d’Andenay", "71436"),
            ("ECUISSES", "71187"),
            ("Montceau les Mines", "71306"),
        ] {
            assert_eq!(
                campaign.commune_by_name(spelling),
                campaign.commune_by_code(code),
                "{spelling}"
            );
        }
        assert_eq!(campaign.commune_by_name("Dijon"), None);
    }

    #[test]
    fn landlords_are_found_by_name_alias_and_siret() {
        let campaign = Campaign::cucm();
        assert_eq!(campaign.landlord_by_name("habellis"), Some(0));
        assert_eq!(campaign.landlord_by_name("015 450 638"), None);
        assert_eq!(campaign.landlord_by_name("015450638"), Some(0));
        assert_eq!(campaign.landlord_by_name("01545063800012"), Some(0));
        assert_eq!(campaign.landlord_by_name("OPAC SAONE ET LOIRE"), Some(1));
        assert_eq!(campaign.landlord_by_name("Autre"), None);
    }

    #[test]
    fn looser_rules_than_the_convention_are_refused() {
        for (from, to) in [("\"seuil\": 11", "\"seuil\": 10"), ("0.6", "0.59")] {
            let text = CUCM.replacen(from, to, 1);
            assert!(matches!(
                Campaign::parse(text.as_bytes()),
                Err(CampaignError::Value { .. })
            ));
        }
        assert!(matches!(
            Campaign::parse(CUCM.replacen("\"seuil\"", "\"seuils\"", 1).as_bytes()),
            Err(CampaignError::Json(_))
        ));
    }
}

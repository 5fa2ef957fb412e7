//! Reads a base, and checks that it says what its tables say.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use super::file::{BaseFile, MergedPartial, ResultFile, Status};
use super::results::Computed;
use super::{Base, FORMAT, MAX_BYTES, VERSION, bounds, results};
use crate::campaign::{MAX_LANDLORDS, MIN_RESPONSE, MIN_THRESHOLD, is_date};
use crate::json;
use crate::partial::check::tables::{self, Expected};
use crate::partial::check::tree::{self, ZONAGES};
use crate::partial::check::{is_fingerprint, is_identifier};
use crate::partial::{self, AppliedRules, MAX_COUNT, MAX_MAILLES, PartialError, TableFile};
use crate::table::Zonage;
use crate::words::numbers::count;
use crate::words::partial as words;
use crate::words::refusals;

/// Largest count of a base: that of a partial, for each landlord.
const MAX_MERGED: i64 = MAX_COUNT * MAX_LANDLORDS as i64;

/// By how much an index of segregation may differ from the one computed again:
/// another version may sum in another order.
const INDEX_TOLERANCE: f64 = 1e-9;

/// What is wrong with a base.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum BaseError {
    /// Larger than [`MAX_BYTES`].
    #[error(
        "Ce fichier fait {size} octets ; une base agrégée en fait {max} au plus. Vérifiez que c'est bien le fichier .base.json du bureau d'études."
    )]
    TooLarge {
        /// Its size.
        size: usize,
        /// The bound.
        max: usize,
    },
    /// A merge of which no base can be made.
    #[error(
        "La base agrégée de ces agrégats serait trop grande : {} mailles, {} octets au moins ; elle en a {} et {} au plus. Fusionnez moins de bailleurs à la fois. Le regroupement des petits programmes, que la campagne peut demander, réduit aussi le nombre de mailles.",
        count(*mailles as u64), count(*size), count(MAX_MAILLES as u64), count(MAX_BYTES as u64)
    )]
    Unmade {
        /// Mailles of its zonages.
        mailles: usize,
        /// Bytes that it would have at least.
        size: u64,
    },
    /// A table: an export, or perhaps the rows of a landlord.
    #[error("{}", refusals::table("une base agrégée", refusals::ASK_CONSULTANT))]
    Rows,
    /// Not the JSON expected.
    #[error("Ce fichier n'est pas une base agrégée lisible : {0}.")]
    Json(String),
    /// A partial where a base is expected.
    #[error(
        "Ce fichier est un agrégat partiel : déposez-le dans l'onglet « Bureau d'études », qui en fait une base agrégée."
    )]
    Partial,
    /// Another kind of document.
    #[error("Ce fichier n'est pas une base agrégée : il se dit « {0} ».")]
    Format(String),
    /// A version this build does not read.
    #[error(
        "Cette base est de la version {0} ; cette page lit la version {VERSION}. Ouvrez-la avec la page qui l'a produite, ou mettez la page à jour."
    )]
    Version(u64),
    /// The fingerprint does not match.
    #[error(
        "L'empreinte ne correspond pas au contenu : la base a été modifiée après sa production. Redemandez-la au bureau d'études."
    )]
    Fingerprint,
    /// Something in the header.
    #[error("En-tête de la base : {0}.")]
    Header(String),
    /// The tree of mailles or the merged tables.
    #[error("Base agrégée : {0}")]
    Tables(#[from] PartialError),
    /// A result that the tables do not give.
    #[error(
        "Base agrégée : le résultat n° {rank} (indicateur « {indicator} », maille « {maille} ») n'est pas celui que donnent ses tableaux."
    )]
    Result {
        /// Its rank, from 1.
        rank: usize,
        /// Its indicator.
        indicator: String,
        /// Its maille.
        maille: String,
    },
    /// Indices of segregation that the tables do not give.
    #[error(
        "Base agrégée : l'indice de ségrégation n° {rank} n'est pas celui que donnent ses tableaux."
    )]
    Segregation {
        /// Its rank, from 1.
        rank: usize,
    },
}

pub(super) fn parse(bytes: &[u8]) -> Result<Base, BaseError> {
    if json::is_table(bytes) {
        return Err(BaseError::Rows);
    }
    if bytes.len() > MAX_BYTES {
        return Err(BaseError::TooLarge {
            size: bytes.len(),
            max: MAX_BYTES,
        });
    }
    let found = json::survey(bytes).map_err(BaseError::Json)?;
    match found.format.as_deref() {
        Some(FORMAT) => {}
        Some(partial::FORMAT) => return Err(BaseError::Partial),
        other => {
            let other = other.unwrap_or(words::UNKNOWN_DOCUMENT);
            return Err(BaseError::Format(json::cut(other)));
        }
    }
    if found.version != Some(u64::from(VERSION)) {
        return Err(BaseError::Version(found.version.unwrap_or(0)));
    }
    let file: BaseFile = json::typed(bytes).map_err(BaseError::Json)?;
    if file.fingerprint != found.fingerprint {
        return Err(BaseError::Fingerprint);
    }
    check(file)
}

/// Reads bytes that [`parse`] accepted, or that a base wrote.
pub(super) fn reread(bytes: &[u8]) -> Result<Base, BaseError> {
    let file: BaseFile = json::typed(bytes).map_err(BaseError::Json)?;
    let zonages = tree::check(&file.zonages)?;
    Ok(Base::of(file, zonages))
}

/// Checks a base as parsed, its fingerprint apart.
pub(crate) fn check(file: BaseFile) -> Result<Base, BaseError> {
    header(&file)?;
    let zonages = tree::check(&file.zonages)?;
    let expected = Expected {
        rules: &file.rules,
        max_count: MAX_MERGED,
        merged: true,
    };
    tables::check(&file.tables, &zonages, &expected)?;
    lacks(&file, &zonages)?;

    // Who is present on a maille is not in the tables: taken from the file, the
    // same for all the results of the maille.
    let landlords: HashSet<&str> = file.partials.iter().map(|p| p.landlord.as_str()).collect();
    let mut present: HashMap<(&str, &str), &[String]> = HashMap::new();
    for (rank, result) in file.results.iter().enumerate() {
        let sound = match present.entry((&result.zonage, &result.maille)) {
            Entry::Occupied(known) => *known.get() == result.landlords.as_slice(),
            Entry::Vacant(entry) => {
                let here = entry.insert(&result.landlords);
                !here.is_empty()
                    && here.is_sorted_by(|a, b| a < b)
                    && here.iter().all(|id| landlords.contains(id.as_str()))
            }
        };
        if !sound {
            return Err(wrong(rank, result));
        }
    }
    let mut computed = results::compute(&file.rules, &zonages, &file.tables, |zonage, maille| {
        let zonage = &zonages[zonage];
        present
            .get(&(zonage.id.as_str(), zonage.mailles[maille].id.as_str()))
            .map(|landlords| landlords.to_vec())
            .unwrap_or_default()
    });
    // A base made before an indicator was added holds none of its results: it stays
    // what its tables say, without them.
    let held: HashSet<&str> = file.results.iter().map(|r| r.indicator.as_str()).collect();
    if !held.is_empty() {
        computed.retain(|computed| held.contains(computed.result.indicator.as_str()));
    }
    for (rank, (read, computed)) in file.results.iter().zip(&computed).enumerate() {
        if !agree(&file.rules, read, computed) {
            return Err(wrong(rank, read));
        }
    }
    if file.results.len() != computed.len() {
        let rank = file.results.len().min(computed.len());
        let extra = file.results.get(rank);
        let extra = extra.or(computed.get(rank).map(|computed| &computed.result));
        return Err(wrong(rank, extra.expect("the lengths differ")));
    }
    let indices = results::segregation(&file.rules, &zonages, &file.tables, &file.results);
    let same = |rank: usize| match (file.segregation.get(rank), indices.get(rank)) {
        (Some(read), Some(computed)) => {
            (read.value - computed.value).abs() <= INDEX_TOLERANCE
                && *read
                    == super::SegregationFile {
                        value: read.value,
                        ..computed.clone()
                    }
        }
        _ => false,
    };
    let longest = file.segregation.len().max(indices.len());
    if let Some(rank) = (0..longest).find(|rank| !same(*rank)) {
        return Err(BaseError::Segregation { rank: rank + 1 });
    }
    Ok(Base::of(file, zonages))
}

fn wrong(rank: usize, result: &ResultFile) -> BaseError {
    BaseError::Result {
        rank: rank + 1,
        indicator: result.indicator.clone(),
        maille: result.maille.clone(),
    }
}

/// Does the result read say what its tables give? Bounds follow from the
/// partials and not from the merged tables: where they stand for a hidden
/// result, they are asked to obey the rules and to contradict nothing.
fn agree(rules: &AppliedRules, read: &ResultFile, computed: &Computed) -> bool {
    let Computed { result, numerator } = computed;
    if read.status != Status::Bounded {
        return read == result;
    }
    result.status == Status::Secret
        && bounds::read(rules, read, (*numerator, result.denominator)).is_some()
        && *read
            == ResultFile {
                status: Status::Bounded,
                numerator: *numerator,
                numerator_min: read.numerator_min,
                numerator_max: read.numerator_max,
                denominator_min: read.denominator_min,
                denominator_max: read.denominator_max,
                min: read.min,
                max: read.max,
                ..result.clone()
            }
}

/// Is what each partial is said to lack a table of the base, in the order of the
/// catalogue, of which nothing is summed over the territory? Priority districts come
/// last: of those, which not all can lack, there is then no zonage.
fn lacks(file: &BaseFile, zonages: &[Zonage]) -> Result<(), BaseError> {
    let territory = zonages.first().map_or("", |zonage| &zonage.id);
    let of_territory = || file.tables.iter().filter(|t| t.zonage == territory);
    let hidden = |table: &TableFile| {
        table.lines.first().is_some_and(|line| {
            line.base().is_none()
                && line.respondents.is_none()
                && line.counts.iter().all(Option::is_none)
        })
    };
    let districts =
        |partial: &MergedPartial| partial.lacks.last().is_some_and(|id| id == ZONAGES[1]);
    if file.partials.iter().any(districts)
        && (zonages.len() > 1 || file.partials.iter().all(districts))
    {
        let landlord = file.partials.iter().find(|p| districts(p));
        let landlord = landlord.map_or("", |partial| &partial.landlord);
        return Err(BaseError::Header(words::base_lacks(landlord)));
    }
    for partial in &file.partials {
        let tables = partial.lacks.len() - usize::from(districts(partial));
        let ranks = partial.lacks[..tables].iter().map(|id| {
            let (rank, table) = of_territory().enumerate().find(|(_, t)| &t.id == id)?;
            hidden(table).then_some(rank)
        });
        let sound = match ranks.collect::<Option<Vec<usize>>>() {
            Some(ranks) => ranks.is_sorted_by(|a, b| a < b),
            None => false,
        };
        if !sound {
            return Err(BaseError::Header(words::base_lacks(&partial.landlord)));
        }
    }
    Ok(())
}

fn header(file: &BaseFile) -> Result<(), BaseError> {
    let fail = |what: String| Err(BaseError::Header(what));
    if file.format != FORMAT {
        return Err(BaseError::Format(file.format.clone()));
    }
    if file.version != VERSION {
        return Err(BaseError::Version(u64::from(file.version)));
    }
    if !is_identifier(&file.campaign.id) || !is_fingerprint(&file.campaign.fingerprint) {
        return fail(words::BASE_CAMPAIGN.into());
    }
    if !is_date(&file.reference_date) {
        return fail(words::bad_date("date_reference", &file.reference_date));
    }
    for (key, text) in [
        ("mention", &file.mention),
        ("territoire.nom", &file.territory.name),
    ] {
        if text.trim().is_empty() {
            return fail(words::blank(key));
        }
    }
    if file.rules.threshold < MIN_THRESHOLD || file.rules.min_response < MIN_RESPONSE {
        return fail(words::base_rules(file.rules.threshold));
    }
    if file.partials.is_empty() || file.partials.len() > MAX_LANDLORDS {
        return fail(words::base_partials(file.partials.len()));
    }
    if !file.partials.is_sorted_by(|a, b| a.landlord < b.landlord) {
        return fail(words::BASE_ORDER.to_owned());
    }
    if file.partials.len() + file.absent.len() > MAX_LANDLORDS {
        return fail(words::base_partials(
            file.partials.len() + file.absent.len(),
        ));
    }
    if file.absent.iter().any(|name| name.trim().is_empty()) {
        return fail(words::blank("bailleurs_absents"));
    }
    for partial in &file.partials {
        if !is_identifier(&partial.landlord)
            || !is_fingerprint(&partial.fingerprint)
            || !partial.rules.at_least_as_strict_as(&file.rules)
            || partial
                .name
                .as_ref()
                .is_some_and(|name| name.trim().is_empty())
        {
            return fail(words::base_partial(&partial.landlord));
        }
    }
    Ok(())
}

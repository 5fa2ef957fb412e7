//! The aggregate base (*base agrégée*): merged tables → results that the
//! collectivité reads.
//!
//! Every result names its numerator and denominator. A share is exact or it is
//! not there: computed from integers that every landlord present publishes,
//! rounded once. The rules of the convention are applied again here, on the
//! merged maille: the threshold, 0 % and 100 %, and the response rate of the
//! variable (60 %).
//!
//! [`Base::parse`] trusts nothing: it computes the results again from the
//! file's own tables and refuses a file that says otherwise. Bounds ([`bounds`])
//! follow from the partials: it asks them to contradict nothing.

pub mod bounds;
pub mod evolution;
mod file;
pub mod fraction;
mod names;
pub mod panel;
pub mod profile;
pub(crate) mod read;
mod results;
#[cfg(test)]
pub(crate) mod sample;
pub mod segregation;

pub use file::{BaseFile, MergedPartial, ResultFile, SegregationFile, Status};
pub use read::BaseError;
pub(crate) use results::may_be_published;

use std::ops::Range;

use crate::campaign::Campaign;
use crate::indicator::shares::{SHARES, share};
use crate::indicator::{Depth, TableDef};
use crate::json;
use crate::merge::{Merged, MergedTable};
use crate::partial::check::tree::ZONAGES;
use crate::partial::{AppliedRules, LineFile, MAX_MAILLES, TableFile, ZonageFile};
use crate::table::{Maille, Zonage};
use crate::words::labels;

/// The `format` of a base.
pub const FORMAT: &str = "ops-mixite/base";
/// The version of the format that this build reads and writes.
pub const VERSION: u32 = 1;
/// Largest base read, in bytes.
pub const MAX_BYTES: usize = 128 * 1024 * 1024;

/// A base that was made or read here, and checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Base {
    file: BaseFile,
    zonages: Vec<Zonage>,
    /// Where the results of each maille stand in the file, by zonage.
    places: Vec<Vec<Range<usize>>>,
}

/// A merged line of a table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BaseLine<'a> {
    /// Rank of its maille in the zonage.
    pub maille: usize,
    /// Its counts.
    pub line: &'a LineFile,
    /// Response rate of the variable, when it is known.
    pub response: Option<fraction::Fraction>,
}

impl Base {
    /// The base of a merge. Of an empty merge it has no zonage, and no reader
    /// accepts it.
    ///
    /// # Errors
    /// When it would be larger than what is read back; told before it is made
    /// wherever that can be, since the memory of a browser would not hold it.
    pub fn from_merged(campaign: &Campaign, merged: &Merged) -> Result<Self, BaseError> {
        if let Some(unmade) = too_large(&merged.extent(), least_size(merged)) {
            return Err(unmade);
        }
        let agreed = campaign.file();
        let rules = AppliedRules::of(&agreed.rules);
        let landlords = merged.landlords();
        let mut zonages = Vec::new();
        let mut tables = Vec::new();
        let mut present = Vec::new();
        let mut lacks = vec![Vec::new(); landlords.len()];
        for zonage in merged.zonages() {
            if zonages.is_empty() {
                for table in &zonage.tables {
                    let id = || table.def.id.to_owned();
                    table
                        .lacking
                        .iter()
                        .for_each(|rank| lacks[*rank].push(id()));
                }
            }
            tables.extend(
                zonage
                    .tables
                    .iter()
                    .map(|table| table_file(table, &zonage.zonage)),
            );
            present.push(zonage.present);
            zonages.push(zonage.zonage);
        }
        let districts = ZONAGES[1];
        for rank in merged.lacking(districts) {
            lacks[rank].push(districts.to_owned());
        }
        let mut computed = results::compute(&rules, &zonages, &tables, |zonage, maille| {
            present[zonage][maille]
                .iter()
                .map(|&rank| landlords[rank].id.clone())
                .collect()
        });
        bounds::announce(&rules, &mut computed, |result, share| {
            merged.bounds(
                &result.zonage,
                &result.maille,
                share,
                result.landlords.len(),
            )
        });
        let results: Vec<ResultFile> = computed.into_iter().map(|c| c.result).collect();
        let segregation = results::segregation(&rules, &zonages, &tables, &results);
        let here = |id: &str| landlords.iter().any(|landlord| landlord.id == id);
        let absent = agreed.landlords.iter().filter(|l| !here(&l.id));
        let mut file = BaseFile {
            format: FORMAT.to_owned(),
            version: VERSION,
            campaign: merged.campaign().clone(),
            territory: agreed.territory.clone(),
            mention: agreed.mention.clone(),
            reference_date: agreed.reference_date.clone(),
            rules,
            partials: landlords
                .iter()
                .zip(lacks)
                .map(|(landlord, lacks)| MergedPartial {
                    landlord: landlord.id.clone(),
                    name: Some(landlord.name.clone()),
                    fingerprint: landlord.fingerprint.clone(),
                    rules: landlord.rules.clone(),
                    lacks,
                })
                .collect(),
            absent: absent.map(|landlord| landlord.name.clone()).collect(),
            zonages: zonages.iter().map(ZonageFile::from).collect(),
            tables,
            results,
            segregation,
            fingerprint: String::new(),
        };
        file.fingerprint = json::fingerprint_of(&file);
        if let Some(unmade) = too_large(&merged.extent(), json::pretty_len(&file) as u64) {
            return Err(unmade);
        }
        Ok(Self::of(file, zonages))
    }

    /// A file and its trees. Files have their results by zonage, then maille.
    fn of(file: BaseFile, mut zonages: Vec<Zonage>) -> Self {
        let mut at = 0;
        let mut place = |zonage: &Zonage, maille: &Maille| {
            let first = at;
            let here = |r: &ResultFile| r.maille == maille.id && r.zonage == zonage.id;
            while file.results.get(at).is_some_and(here) {
                at += 1;
            }
            first..at
        };
        let places = zonages
            .iter()
            .map(|zonage| zonage.mailles.iter().map(|m| place(zonage, m)).collect())
            .collect();
        if let [territory, others @ ..] = &mut zonages[..] {
            for districts in others {
                names::locate_districts(territory, districts);
            }
            names::tell_apart(territory, &landlords(&file));
        }
        Self {
            file,
            zonages,
            places,
        }
    }

    /// Reads and checks a base.
    ///
    /// # Errors
    /// When the bytes are not a base of this version, were edited, or hold a
    /// result that their own tables do not give.
    pub fn parse(bytes: &[u8]) -> Result<Self, BaseError> {
        read::parse(bytes)
    }

    /// Reads the bytes of a base that was checked already, and checks nothing of
    /// its figures: the page is given by its worker bytes that [`Base::parse`]
    /// accepted there, and would stand still while it checked them anew.
    ///
    /// # Errors
    /// When the bytes are no base at all.
    pub fn reread(bytes: &[u8]) -> Result<Self, BaseError> {
        read::reread(bytes)
    }

    /// The bytes of the file.
    pub fn to_bytes(&self) -> Vec<u8> {
        json::pretty(&self.file).into_bytes()
    }

    /// The file.
    pub fn file(&self) -> &BaseFile {
        &self.file
    }

    /// Its landlords: identifier and name. A base of an earlier build has their
    /// identifiers alone; the campaigns that ship with the page know their names.
    pub fn landlords(&self) -> Vec<(String, String)> {
        landlords(&self.file)
    }

    /// The names of the landlords of the campaign of whom there is nothing here. In a base
    /// of an earlier build they are known of the campaigns that ship with the page.
    pub fn awaited(&self) -> Vec<String> {
        if !self.file.absent.is_empty() {
            return self.file.absent.clone();
        }
        let Some(campaign) = Campaign::shipped(&self.file.campaign.fingerprint) else {
            return Vec::new();
        };
        let here = |id: &str| self.file.partials.iter().any(|p| p.landlord == id);
        let landlords = campaign.file().landlords.iter();
        let absent = landlords.filter(|landlord| !here(&landlord.id));
        absent.map(|landlord| landlord.name.clone()).collect()
    }

    /// The names of the landlords whose partial lacks a table that this base has: nothing
    /// of it is summed where they are present. Asked of the priority districts
    /// (`qpv`), those for want of whose this base has none. None is known for a base of an earlier
    /// build.
    pub fn lacking(&self, table: &str) -> Vec<String> {
        let partials = self.file.partials.iter().zip(self.landlords());
        partials
            .filter(|(partial, _)| partial.lacks.iter().any(|id| id == table))
            .map(|(_, (_, name))| name)
            .collect()
    }

    /// Is a result hidden for want of its table, which the partial of a landlord present
    /// lacks?
    pub fn is_lacking(&self, result: &ResultFile) -> bool {
        if result.status != Status::Secret {
            return false;
        }
        let mut lacking = self.file.partials.iter().filter(|p| !p.lacks.is_empty());
        let table = || Some(share(&result.indicator)?.table().id);
        lacking.any(|partial| {
            result.landlords.contains(&partial.landlord)
                && table().is_some_and(|table| partial.lacks.iter().any(|id| id == table))
        })
    }

    /// The landlords whose partial lacks tables, and which, in words.
    pub fn lacks(&self) -> Vec<(String, String)> {
        let partials = self.file.partials.iter().zip(self.landlords());
        partials
            .filter(|(partial, _)| !partial.lacks.is_empty())
            .map(|(partial, (_, name))| (name, labels::tables(&partial.lacks)))
            .collect()
    }

    /// The merged lines of a table over a zonage (by rank); `None` without such a
    /// table.
    pub fn lines(&self, zonage: usize, table: &str) -> Option<Vec<BaseLine<'_>>> {
        let lines = results::lines(self.zonages.get(zonage)?, &self.file.tables, table)?;
        let lines = lines.into_iter().map(|(maille, line, response)| BaseLine {
            maille,
            line,
            response,
        });
        Some(lines.collect())
    }

    /// The results on a maille, by the ranks of its zonage and of itself.
    pub fn results_on(&self, zonage: usize, maille: usize) -> &[ResultFile] {
        let place = self.places.get(zonage).and_then(|z| z.get(maille));
        place.map_or(&[], |place| &self.file.results[place.clone()])
    }

    /// The ranks of a zonage and of a maille, by their identifiers.
    pub fn find(&self, zonage: &str, maille: &str) -> Option<(usize, usize)> {
        let zone = self.zonages.iter().position(|z| z.id == zonage)?;
        let mailles = &self.zonages[zone].mailles;
        Some((zone, mailles.iter().position(|m| m.id == maille)?))
    }

    /// Its zonages as trees, in the order of the file.
    pub fn zonages(&self) -> &[Zonage] {
        &self.zonages
    }
}

/// See [`Base::landlords`].
fn landlords(file: &BaseFile) -> Vec<(String, String)> {
    let campaign = Campaign::shipped(&file.campaign.fingerprint);
    let name = |id: &str| {
        let campaign = campaign.as_ref()?.file();
        let known = campaign.landlords.iter().find(|l| l.id == id)?;
        Some(known.name.clone())
    };
    let partials = file.partials.iter();
    partials
        .map(|p| {
            let id = p.landlord.clone();
            let name = p.name.clone().or_else(|| name(&id));
            let name = name.unwrap_or_else(|| id.clone());
            (id, name)
        })
        .collect()
}

/// Why no base is made of so many mailles by zonage, in so many bytes at least.
fn too_large(extent: &[usize], size: u64) -> Option<BaseError> {
    let mailles = extent.iter().copied().max().unwrap_or_default();
    (mailles > MAX_MAILLES || size > MAX_BYTES as u64)
        .then_some(BaseError::Unmade { mailles, size })
}

/// Bytes that the base of a merge has at least, counted before it is made: the
/// lines of its tables and its results, each with as few characters as it can.
fn least_size(merged: &Merged) -> u64 {
    /// `{ "maille": "…", "population": null, "repondants": null, "effectifs": [ ] }`
    const LINE: usize = 140;
    /// A line of the list of counts.
    const COUNT: usize = 14;
    /// A result that is hidden, of one landlord.
    const RESULT: usize = 150;
    let of_table = |def: &'static TableDef| match def.depth {
        Depth::Leaves => {
            let shares = SHARES.iter().filter(|share| share.table().id == def.id);
            LINE + COUNT * def.width() + RESULT * shares.count()
        }
        Depth::Communes => 0,
    };
    // The lines of the other zonages are those of districts alone: few.
    let (mailles, tables) = (merged.extent(), merged.tables());
    let per_maille: usize = tables
        .first()
        .into_iter()
        .flatten()
        .copied()
        .map(of_table)
        .sum();
    // In 64 bits: a campaign has far more lines than 32 can count the bytes of.
    mailles
        .first()
        .map_or(0, |mailles| *mailles as u64 * per_maille as u64)
}

fn table_file(table: &MergedTable, zonage: &Zonage) -> TableFile {
    let narrow = |count: Option<u64>| {
        count.map(|count| i64::try_from(count).expect("sums of counts stay under 2^50"))
    };
    let lines = table.lines.iter().map(|line| {
        let counts = line.counts.iter().copied().map(narrow).collect();
        LineFile::of(
            table.def,
            &zonage.mailles[line.maille].id,
            narrow(line.base),
            narrow(line.respondents),
            counts,
        )
    });
    TableFile::of(table.def, &zonage.id, lines.collect())
}

#[cfg(test)]
mod tests;

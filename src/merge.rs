//! Partials of several landlords → merged tables.
//!
//! [`Merged`] is a commutative monoid: [`Merged::merge`] is associative, does
//! not care for the order of arrival, and [`Merged::empty`] is its identity
//! (tests check each law). So partials can be merged two by two, in any order
//! and in several places, and give the same base byte for byte.
//!
//! A landlord is **present** on a maille when his partial lists it. Where he is
//! present and his cell is hidden, or his file lacks the table, the merged cell is
//! hidden; of a zonage that his file lacks there is none: never the sum of the
//! others, which would pass for the whole. Nothing here can leak, whatever it
//! computes: it reads safe files and nothing else.

mod bounds;
mod error;
mod own;
mod union;

pub use bounds::ShareBounds;
pub use error::MergeError;

use std::collections::BTreeMap;

use crate::campaign::Campaign;
use crate::indicator::TableDef;
use crate::partial::check::is_identifier;
use crate::partial::check::tree::ZONAGES;
use crate::partial::{AppliedRules, CampaignRef, Partial};
use crate::table::{Level, Zonage};
use crate::words::export as words;
use bounds::Bounds;
use union::{Union, is_shared};

/// A landlord whose partial is in the merge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergedLandlord {
    /// Identifier in the campaign.
    pub id: String,
    /// Name.
    pub name: String,
    /// Fingerprint of his partial.
    pub fingerprint: String,
    /// Rules that his partial was made under.
    pub rules: AppliedRules,
}

/// Partials merged: of none, one or several landlords of one campaign.
#[derive(Clone, Debug)]
pub struct Merged {
    campaign: CampaignRef,
    /// By rank in the campaign.
    landlords: BTreeMap<u16, MergedLandlord>,
    /// By rank in [`ZONAGES`].
    zonages: BTreeMap<usize, Union>,
    /// What follows from the partials on what they hide.
    bounds: Bounds,
}

/// A merged zonage, in the order of files.
#[derive(Clone, Debug)]
pub struct MergedZonage {
    /// The tree, all landlords together.
    pub zonage: Zonage,
    /// The landlords present on each maille: ranks in [`Merged::landlords`].
    pub present: Vec<Vec<usize>>,
    /// The tables that at least one landlord has, in the order of the catalogue.
    pub tables: Vec<MergedTable>,
}

/// A merged table.
#[derive(Clone, Debug)]
pub struct MergedTable {
    /// Its definition.
    pub def: &'static TableDef,
    /// One line per maille of its levels, in their order.
    pub lines: Vec<MergedLine>,
    /// The landlords whose partial lacks it: ranks in [`Merged::landlords`].
    pub lacking: Vec<usize>,
}

/// A merged line; `None` is hidden.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergedLine {
    /// Rank of the maille in the zonage.
    pub maille: usize,
    /// Eligible units; for tables of persons, the dwellings behind them.
    pub base: Option<u64>,
    /// Units with a usable answer.
    pub respondents: Option<u64>,
    /// Counts, row-major.
    pub counts: Vec<Option<u64>>,
}

impl Merged {
    /// The merge of no partial: the identity.
    pub fn empty(campaign: &Campaign) -> Self {
        Self {
            campaign: CampaignRef {
                id: campaign.file().id.clone(),
                fingerprint: campaign.fingerprint().to_owned(),
            },
            landlords: BTreeMap::new(),
            zonages: BTreeMap::new(),
            bounds: Bounds::default(),
        }
    }

    /// The merge of one partial.
    ///
    /// # Errors
    /// When the partial is of another campaign or version of it, of a landlord
    /// that the campaign does not name, made under looser rules, lists mailles
    /// that are not the landlord's or does not go down to programmes.
    pub fn from_partial(campaign: &Campaign, partial: &Partial) -> Result<Self, MergeError> {
        let (file, agreed) = (partial.file(), campaign.file());
        let name = || file.landlord.name.clone();
        if file.campaign.fingerprint != campaign.fingerprint() {
            return Err(MergeError::OtherCampaign {
                landlord: name(),
                theirs: file.campaign.id.clone(),
                ours: agreed.id.clone(),
            });
        }
        let rank = campaign.landlord_by_id(&file.landlord.id).ok_or_else(|| {
            MergeError::UnknownLandlord {
                landlord: name(),
                id: file.landlord.id.clone(),
            }
        })?;
        // The fingerprint binds both to one campaign; a header that says
        // otherwise was not written by this software.
        if file.campaign.id != agreed.id
            || file.reference_date != agreed.reference_date
            || file.mention != agreed.mention
        {
            return Err(MergeError::Header { landlord: name() });
        }
        let rules = AppliedRules::of(&agreed.rules);
        if !file.rules.at_least_as_strict_as(&rules) {
            return Err(MergeError::Looser {
                landlord: name(),
                theirs: words::rules(&file.rules),
                ours: words::rules(&rules),
            });
        }
        for zonage in partial.zonages() {
            let mut divided = vec![false; zonage.mailles.len()];
            for parent in zonage.mailles.iter().filter_map(|maille| maille.parent) {
                divided[parent] = true;
            }
            for (maille, divided) in zonage.mailles.iter().zip(divided) {
                if is_shared(maille.level) && !divided {
                    return Err(MergeError::Undivided {
                        landlord: name(),
                        maille: maille.id.clone(),
                    });
                }
                if !belongs(campaign, &file.landlord.id, zonage, maille) {
                    return Err(MergeError::Foreign {
                        landlord: name(),
                        maille: maille.id.clone(),
                    });
                }
            }
        }
        let rank = u16::try_from(rank).expect("a campaign holds at most MAX_LANDLORDS landlords");
        let mut merged = Self::empty(campaign);
        for zonage in partial.zonages() {
            let place = ZONAGES
                .iter()
                .position(|id| *id == zonage.id)
                .expect("the reader of partials knows its zonages");
            merged
                .zonages
                .insert(place, Union::of(rank, zonage, &file.tables));
        }
        merged.landlords.insert(
            rank,
            MergedLandlord {
                id: file.landlord.id.clone(),
                name: agreed.landlords[usize::from(rank)].name.clone(),
                fingerprint: file.fingerprint.clone(),
                rules: file.rules.clone(),
            },
        );
        Ok(merged)
    }

    /// Adds to the merge of one partial the bounds of what that partial hides;
    /// without them, what is hidden stays so. A step of its own, since it costs
    /// about as much as the gate. The threshold is that of the campaign.
    pub fn bounded(mut self, campaign: &Campaign, partial: &Partial) -> Self {
        let alone = self.landlords.len() == 1;
        let file = partial.file();
        if alone
            && self
                .landlords
                .values()
                .all(|l| l.fingerprint == file.fingerprint)
        {
            self.bounds = Bounds::of(partial, campaign.file().rules.threshold);
        }
        self
    }

    /// The bounds of a share (by rank) on a maille where this many landlords are
    /// present, when each of them gave some.
    pub fn bounds(
        &self,
        zonage: &str,
        maille: &str,
        share: usize,
        present: usize,
    ) -> Option<ShareBounds> {
        self.bounds.get(zonage, maille, share, present)
    }

    /// Merges two merges.
    ///
    /// # Errors
    /// When they are of two campaigns, share a landlord, or place one maille
    /// differently.
    pub fn merge(mut self, other: Self) -> Result<Self, MergeError> {
        self.add(other)?;
        Ok(self)
    }

    /// Merges another into this one, which stays as it was on an error.
    ///
    /// # Errors
    /// As [`Merged::merge`].
    pub fn add(&mut self, mut other: Self) -> Result<(), MergeError> {
        self.compatible(&other)?;
        // All is compared before anything changes.
        let mut known = BTreeMap::new();
        for (place, theirs) in &other.zonages {
            if let Some(ours) = self.zonages.get(place) {
                // The operation is commutative: the fewer mailles are added to the
                // many, since a merge of hundreds would else be gone through at
                // each file.
                let larger = theirs.is_larger_than(ours);
                let (many, few) = if larger {
                    (theirs, ours)
                } else {
                    (ours, theirs)
                };
                let stands = many.compared(few).map_err(|maille| MergeError::Misplaced {
                    zonage: ZONAGES[*place].to_owned(),
                    maille,
                })?;
                known.insert(*place, (larger, stands));
            }
        }
        for (place, (larger, stands)) in known {
            let ours = self.zonages.get_mut(&place).expect("it was compared");
            let mut theirs = other.zonages.remove(&place).expect("it was compared");
            if larger {
                std::mem::swap(ours, &mut theirs);
            }
            ours.absorb(theirs, &stands);
        }
        // A zonage that was not here comes as it is.
        self.zonages.extend(other.zonages);
        self.landlords.extend(other.landlords);
        self.bounds.add(other.bounds);
        Ok(())
    }

    fn compatible(&self, other: &Self) -> Result<(), MergeError> {
        if self.campaign != other.campaign {
            return Err(MergeError::TwoCampaigns {
                left: self.campaign.id.clone(),
                right: other.campaign.id.clone(),
            });
        }
        if let Some(rank) = self
            .landlords
            .keys()
            .find(|rank| other.landlords.contains_key(*rank))
        {
            return Err(MergeError::Twice {
                landlord: self.landlords[rank].name.clone(),
            });
        }
        Ok(())
    }

    /// The campaign.
    pub fn campaign(&self) -> &CampaignRef {
        &self.campaign
    }

    /// The landlords, in the order of files (by identifier).
    pub fn landlords(&self) -> Vec<&MergedLandlord> {
        self.by_id()
            .into_iter()
            .map(|rank| &self.landlords[&rank])
            .collect()
    }

    /// The zonages that every landlord's file has: one without priority districts may
    /// have dwellings in any of them, and the others' would pass for the whole.
    fn complete(&self) -> impl Iterator<Item = (usize, &Union)> {
        let all = self.landlords.len();
        let zonages = self.zonages.iter().map(|(place, union)| (*place, union));
        zonages.filter(move |(_, union)| union.landlords() == all)
    }

    /// The landlords whose file lacks a zonage that another's has: ranks in
    /// [`Merged::landlords`]. The merge then has none of it.
    pub fn lacking(&self, zonage: &str) -> Vec<usize> {
        let union = (self.zonages.iter()).find(|(place, _)| ZONAGES[**place] == zonage);
        let order = self.by_id().into_iter().enumerate();
        let lacks = |rank: u16| union.is_some_and(|(_, union)| !union.has(rank));
        order
            .filter(|(_, rank)| lacks(*rank))
            .map(|(place, _)| place)
            .collect()
    }

    /// The merged tables, in the order of files.
    pub fn zonages(&self) -> Vec<MergedZonage> {
        let order = self.by_id();
        self.complete()
            .map(|(place, union)| union.ordered(ZONAGES[place], &order))
            .collect()
    }

    /// How many mailles [`Merged::zonages`] would give, by zonage.
    pub fn extent(&self) -> Vec<usize> {
        self.complete().map(|(_, union)| union.len()).collect()
    }

    /// The tables of each zonage, as [`Merged::extent`] counts their mailles.
    pub fn tables(&self) -> Vec<Vec<&'static TableDef>> {
        self.complete().map(|(_, union)| union.tables()).collect()
    }

    /// Ranks in the campaign of the landlords, by identifier.
    fn by_id(&self) -> Vec<u16> {
        let mut ranks: Vec<u16> = self.landlords.keys().copied().collect();
        crate::order::sort_by(&mut ranks, |a, b| {
            self.landlords[a].id.cmp(&self.landlords[b].id)
        });
        ranks
    }
}

/// May this landlord's partial list this maille? Communes are the campaign's,
/// secteurs are named after their commune, programmes after their landlord, with
/// a mark (`@`) that nothing shared bears: so two landlords share a maille only
/// where they share a place.
fn belongs(
    campaign: &Campaign,
    landlord: &str,
    zonage: &Zonage,
    maille: &crate::table::Maille,
) -> bool {
    let under = |prefix: &str| {
        maille
            .id
            .strip_prefix(prefix)
            .is_some_and(|rest| rest.len() > 1 && rest.starts_with('/'))
    };
    if is_shared(maille.level) == maille.id.contains('@') {
        return false;
    }
    match maille.level {
        Level::Epci | Level::QpvSituation | Level::Qpv => true,
        Level::Commune => campaign.commune_by_code(&maille.id).is_some(),
        Level::Secteur => maille.parent.is_some_and(|p| under(&zonage.mailles[p].id)),
        Level::Programme | Level::Part => {
            debug_assert!(is_identifier(landlord));
            under(landlord)
        }
        // Only where the campaign asks for it, lest one landlord's tree be cut
        // otherwise than the others'.
        Level::Regroupement => {
            campaign.file().rules.group_small_programmes
                && under(landlord)
                && maille.id[landlord.len()..].starts_with("/+")
        }
    }
}

#[cfg(test)]
mod tests;

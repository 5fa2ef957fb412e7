//! Bounds of what is hidden: where a landlord's cell is hidden, what follows
//! from his file is added to what the others publish.
//!
//! Nothing new is revealed: bounds are functions of partials that are safe by
//! themselves, whoever reads them and whatever he already knows.
//!
//! A merge holds, for each maille and share, the sum of the ranges of the
//! landlords present ([`crate::attack::range`]) and how many there are: adding
//! is commutative and associative, and one who is present without a range shows
//! as one contributor too few. Where landlords can meet (EPCI, commune, secteur,
//! QPV) all ranges are kept. A programme has one landlord: a range there is kept
//! only if its numerator reaches the threshold for certain, since otherwise it
//! is never announced ([`crate::base`]).

use std::collections::{BTreeMap, HashMap};

use crate::attack::range::{Range, Ranges};
use crate::indicator::shares::SHARES;
use crate::indicator::{self, Unit};
use crate::partial::check::tables::has_line;
use crate::partial::{LineFile, MAX_COUNT, Partial, TableFile};
use crate::table::Zonage;

use super::union::is_shared;

/// The bounds of a share over the landlords who gave one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ShareBounds {
    /// Least and greatest numerator.
    pub numerator: (u64, u64),
    /// Least and greatest denominator.
    pub denominator: (u64, u64),
    /// Least and greatest number of those who answered.
    pub answered: (u64, u64),
    /// Least and greatest number of those who were asked.
    pub asked: (u64, u64),
    /// How many landlords are counted.
    landlords: usize,
}

impl ShareBounds {
    fn add(&mut self, other: &Self) {
        let sum = |a: &mut (u64, u64), b: (u64, u64)| *a = (a.0 + b.0, a.1 + b.1);
        sum(&mut self.numerator, other.numerator);
        sum(&mut self.denominator, other.denominator);
        sum(&mut self.answered, other.answered);
        sum(&mut self.asked, other.asked);
        self.landlords += other.landlords;
    }
}

/// By maille, then by rank of the share.
type OfZonage = BTreeMap<String, BTreeMap<usize, ShareBounds>>;

/// The bounds of a merge, by zonage.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Bounds(BTreeMap<String, OfZonage>);

impl Bounds {
    /// The bounds of one partial, under a threshold.
    pub(super) fn of(partial: &Partial, threshold: u32) -> Self {
        let mut bounds = Self::default();
        for zonage in partial.zonages() {
            let mut of_zonage = OfZonage::new();
            let tables = &partial.file().tables;
            let households = households(zonage, tables);
            for table in tables.iter().filter(|table| table.zonage == zonage.id) {
                let elsewhere = tables
                    .iter()
                    .find(|other| other.id == table.id && other.zonage != zonage.id);
                let root = zonage.mailles.first().map(|maille| &maille.id);
                let whole = elsewhere
                    .and_then(|other| other.lines.first())
                    .filter(|line| Some(&line.maille) == root);
                of_table(
                    zonage,
                    &households,
                    (table, whole),
                    i64::from(threshold),
                    &mut of_zonage,
                );
            }
            bounds.0.insert(zonage.id.clone(), of_zonage);
        }
        bounds
    }

    /// Adds those of other landlords.
    pub(super) fn add(&mut self, other: Self) {
        for (zonage, mailles) in other.0 {
            let here = self.0.entry(zonage).or_default();
            for (maille, shares) in mailles {
                let here = here.entry(maille).or_default();
                for (share, bounds) in shares {
                    here.entry(share).or_default().add(&bounds);
                }
            }
        }
    }

    /// The bounds of a share, when each of the landlords present gave one.
    pub(super) fn get(
        &self,
        zonage: &str,
        maille: &str,
        share: usize,
        landlords: usize,
    ) -> Option<ShareBounds> {
        let bounds = self.0.get(zonage)?.get(maille)?.get(&share)?;
        (bounds.landlords == landlords).then_some(*bounds)
    }
}

fn of_table(
    zonage: &Zonage,
    households: &HashMap<&str, i64>,
    (table, whole): (&TableFile, Option<&LineFile>),
    threshold: i64,
    out: &mut OfZonage,
) {
    let Some(def) = indicator::table(&table.id) else {
        return;
    };
    let shares: Vec<_> = SHARES
        .iter()
        .enumerate()
        .filter(|(_, share)| share.table().id == def.id)
        .map(|(rank, share)| (rank, share.numerator_cells(), share.denominator_cells()))
        .collect();
    if shares.is_empty() {
        return;
    }
    let Some(mut ranges) = Ranges::of(zonage, def, table, whole) else {
        return;
    };
    let shown = zonage
        .mailles
        .iter()
        .filter(|m| has_line(def, zonage, m.level));
    for (g, maille) in shown.enumerate() {
        let line = &table.lines[g];
        let shared = is_shared(maille.level);
        // A programme whose line is published whole, or whose respondents are
        // hidden, has no bounds worth the search.
        if !shared && (line.respondents.is_none() || line.counts.iter().all(Option::is_some)) {
            continue;
        }
        for (rank, numerator, denominator) in &shares {
            if !shared {
                // Its respondents are published: what may be hidden is a cell.
                let mut cells = numerator.iter().chain(denominator.iter().flatten());
                let hidden = cells.any(|cell| line.counts[*cell].is_none());
                let least: i64 = numerator.iter().map(|cell| ranges.least(g, *cell)).sum();
                if !hidden || least < threshold {
                    continue;
                }
            }
            let base = ranges.base(g);
            let respondents = ranges.respondents(g);
            let whole = match denominator {
                None => respondents,
                Some(cells) => ranges.sum(g, cells),
            };
            let (answered, asked) = if def.unit.is_person() {
                let exact = households.get(maille.id.as_str());
                (base, exact.map_or((0, MAX_COUNT), |exact| (*exact, *exact)))
            } else {
                (respondents, base)
            };
            let found = (|| {
                Some(ShareBounds {
                    numerator: counts(ranges.sum(g, numerator))?,
                    denominator: counts(whole)?,
                    answered: counts(answered)?,
                    asked: counts(asked)?,
                    landlords: 1,
                })
            })();
            if let Some(found) = found {
                out.entry(maille.id.clone())
                    .or_default()
                    .insert(*rank, found);
            }
        }
    }
}

/// The households of each maille, who were asked about their persons: by the
/// identifier of the maille, where a table of households publishes them.
fn households<'a>(zonage: &Zonage, tables: &'a [TableFile]) -> HashMap<&'a str, i64> {
    let of_households = |table: &&TableFile| {
        table.zonage == zonage.id
            && indicator::table(&table.id).is_some_and(|def| def.unit == Unit::Households)
    };
    let mut known = HashMap::new();
    for line in tables.iter().filter(of_households).flat_map(|t| &t.lines) {
        if let Some(base) = line.base() {
            known.entry(line.maille.as_str()).or_insert(base);
        }
    }
    known
}

/// A range as counts; `None` when nothing bounds it.
fn counts(range: Range) -> Option<(u64, u64)> {
    let bounded = 0 <= range.0 && range.0 <= range.1 && range.1 < MAX_COUNT;
    bounded.then_some((range.0.unsigned_abs(), range.1.unsigned_abs()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Level;

    #[test]
    fn only_what_bounds_on_both_sides_is_a_bound() {
        assert_eq!(counts((3, 5)), Some((3, 5)));
        assert_eq!(counts((0, MAX_COUNT - 1)).map(|(least, _)| least), Some(0));
        for none in [(-1, 5), (5, 3), (0, MAX_COUNT), (-1, MAX_COUNT)] {
            assert_eq!(counts(none), None, "{none:?}");
        }
    }

    #[test]
    fn landlords_share_places_and_no_programme() {
        assert!(is_shared(Level::Commune) && is_shared(Level::Qpv));
        for own in [Level::Programme, Level::Regroupement, Level::Part] {
            assert!(!is_shared(own), "{own:?}");
        }
    }
}

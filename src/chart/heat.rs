//! Mailles × indicators (*tableau de chaleur*): every share of a level at once.

use super::figures::{self, FigureRow};
use super::sort::TABLE_ROWS;
use crate::base::{Base, ResultFile};
use crate::table::Level;
use crate::words::alphabetical;

/// How far from the EPCI an *indice 100* stands, in hundredths: under each
/// bound in turn. Bounds are symmetric as ratios (1.05, 1.20, 1.50), so that
/// indicators of any size are coloured alike.
const BOUNDS: [u64; 6] = [6_667, 8_333, 9_524, 10_500, 12_000, 15_000];

/// The class of an index: −3 (far below) to 3 (far above).
pub fn class(index: u64) -> i8 {
    let rank = BOUNDS.iter().filter(|bound| index >= **bound).count();
    i8::try_from(rank).expect("there are six bounds") - 3
}

/// A maille of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeatRow {
    /// Its name.
    pub name: String,
    /// The commune that holds it.
    pub commune: Option<String>,
    /// One cell for each indicator; `None` without a result.
    pub cells: Vec<Option<FigureRow>>,
}

/// A page of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heat {
    /// The level.
    pub level: Level,
    /// « Source OPS 2024 ».
    pub mention: String,
    /// The columns, by their `cle`.
    pub indicators: Vec<&'static str>,
    /// The EPCI.
    pub epci: HeatRow,
    /// A page of mailles, by name.
    pub rows: Vec<HeatRow>,
    /// Rank of the first, from zero.
    pub first: usize,
    /// How many mailles have a value to be read, over all pages.
    pub total: usize,
    /// How many have none: they are on no page.
    pub silent: usize,
}

impl Heat {
    /// A page of the table of a level; a page beyond the last is the last.
    pub fn of(base: &Base, level: Level, page: usize) -> Self {
        let indicators = figures::indicators(base);
        // The shares of the EPCI stand at the root of the first zonage.
        let mut epci = cells(base, &indicators, (0, 0));
        let exact: Vec<_> = epci
            .iter()
            .map(|cell| cell.as_ref().and_then(FigureRow::exact))
            .collect();
        let indexed = |mut cells: Vec<Option<FigureRow>>| {
            for (cell, all) in cells.iter_mut().zip(&exact) {
                if let Some(row) = cell {
                    row.index = figures::index(row, *all);
                }
            }
            cells
        };
        epci = indexed(epci);

        // All are put in order, and those of the page alone are filled.
        let mut places: Vec<(usize, usize)> = Vec::new();
        let mut silent = 0;
        for (zone, zonage) in base.zonages().iter().enumerate() {
            let mailles = zonage.mailles.iter().enumerate();
            let of_level = mailles.filter(|(_, maille)| maille.level == level);
            for (rank, _) in of_level {
                let results = base.results_on(zone, rank);
                if results.iter().any(ResultFile::is_readable) {
                    places.push((zone, rank));
                } else if !results.is_empty() {
                    silent += 1;
                }
            }
        }
        crate::order::sort_by_cached_key(&mut places, |&(zone, rank)| {
            let zonage = &base.zonages()[zone];
            let maille = &zonage.mailles[rank];
            let commune = zonage.commune_of(maille).map(|commune| &commune.name);
            (alphabetical(&maille.name), commune, maille.id.clone())
        });
        let pages = places.len().div_ceil(TABLE_ROWS).max(1);
        let first = page.min(pages - 1) * TABLE_ROWS;
        let row = |&(zone, rank): &(usize, usize)| {
            let zonage = &base.zonages()[zone];
            let maille = &zonage.mailles[rank];
            HeatRow {
                name: maille.name.clone(),
                commune: zonage
                    .commune_of(maille)
                    .map(|commune| commune.name.clone()),
                cells: indexed(cells(base, &indicators, (zone, rank))),
            }
        };
        Self {
            level,
            mention: base.file().mention.clone(),
            epci: HeatRow {
                name: base.file().territory.name.clone(),
                commune: None,
                cells: epci,
            },
            rows: places
                .iter()
                .skip(first)
                .take(TABLE_ROWS)
                .map(row)
                .collect(),
            first,
            total: places.len(),
            silent,
            indicators,
        }
    }
}

/// The results on a maille, one for each indicator.
fn cells(base: &Base, indicators: &[&str], (zone, rank): (usize, usize)) -> Vec<Option<FigureRow>> {
    let of = |key: &&str| {
        let mut results = base.results_on(zone, rank).iter();
        let result = results.find(|result| result.indicator == *key)?;
        Some(figures::row(base, result, &base.zonages()[zone], rank))
    };
    indicators.iter().map(of).collect()
}

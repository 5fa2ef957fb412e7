//! Mailles × indicators (*tableau de chaleur*): every share of a level at once.

use std::collections::HashMap;

use super::figures::{self, FigureRow, Figures};
use super::sort::TABLE_ROWS;
use crate::base::Base;
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
    /// How many mailles there are in all.
    pub total: usize,
}

impl Heat {
    /// A page of the table of a level; a page beyond the last is the last.
    pub fn of(base: &Base, level: Level, page: usize) -> Self {
        let indicators = figures::indicators(base);
        let mut heat = Self {
            level,
            mention: base.file().mention.clone(),
            epci: HeatRow {
                name: base.file().territory.name.clone(),
                commune: None,
                cells: vec![None; indicators.len()],
            },
            rows: Vec::new(),
            first: 0,
            total: 0,
            indicators,
        };
        let mut rows: HashMap<String, HeatRow> = HashMap::new();
        for (column, key) in heat.indicators.iter().enumerate() {
            let Some(figures) = Figures::of(base, key, level) else {
                continue;
            };
            heat.epci.cells[column] = figures.epci;
            for figure in figures.rows {
                let row = rows.entry(figure.id.clone()).or_insert_with(|| HeatRow {
                    name: figure.name.clone(),
                    commune: figure.commune.clone(),
                    cells: vec![None; heat.indicators.len()],
                });
                row.cells[column] = Some(figure);
            }
        }
        let mut rows: Vec<(String, HeatRow)> = rows.into_iter().collect();
        rows.sort_by_cached_key(|(id, row)| {
            (alphabetical(&row.name), row.commune.clone(), id.clone())
        });
        heat.total = rows.len();
        let pages = rows.len().div_ceil(TABLE_ROWS).max(1);
        heat.first = page.min(pages - 1) * TABLE_ROWS;
        let kept = rows.into_iter().skip(heat.first).take(TABLE_ROWS);
        heat.rows = kept.map(|(_, row)| row).collect();
        heat
    }
}

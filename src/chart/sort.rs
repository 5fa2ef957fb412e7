//! The order of a table of figures, as its reader chooses it.

use std::cmp::Ordering;

use super::figures::{FigureRow, Figures, MAX_BARS};
use crate::order;
use crate::words::alphabetical;

/// Most rows of a table shown at once.
pub const TABLE_ROWS: usize = 200;

/// The rows of a table under a page of a drawing, which holds the first
/// `readable` rows alone: the others follow those of its last page, as far as a
/// table goes.
pub(super) fn listed<T>(rows: &[T], readable: usize, page: usize) -> &[T] {
    let last = readable.div_ceil(MAX_BARS).max(1) - 1;
    let start = page.min(last) * MAX_BARS;
    let most = if page < last { MAX_BARS } else { TABLE_ROWS };
    &rows[start..rows.len().min(start + most)]
}

/// A column to sort by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// Name of the maille.
    Name,
    /// Share, or the middle of its bounds.
    Share,
    /// Numerator, or the middle of its bounds.
    Numerator,
    /// Denominator, or the middle of its bounds.
    Denominator,
    /// Gap to the EPCI, or the middle of its bounds.
    Gap,
    /// *Indice 100*.
    Index,
    /// Response rate.
    Response,
    /// Status.
    Status,
}

impl Column {
    /// Every column, in the order of the table.
    pub const ALL: [Self; 8] = [
        Self::Name,
        Self::Share,
        Self::Numerator,
        Self::Denominator,
        Self::Gap,
        Self::Index,
        Self::Response,
        Self::Status,
    ];
}

/// A column and a direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// The column.
    pub by: Column,
    /// Largest first?
    pub descending: bool,
}

impl Default for Sort {
    fn default() -> Self {
        Self {
            by: Column::Share,
            descending: true,
        }
    }
}

impl Sort {
    /// What a press on this column's button asks: the other direction of the
    /// same column, else numbers from the largest and words from A.
    #[must_use]
    pub fn pressed(self, by: Column) -> Self {
        let descending = if self.by == by {
            !self.descending
        } else {
            !matches!(by, Column::Name | Column::Status)
        };
        Self { by, descending }
    }
}

impl Figures {
    /// A page of the table, with the rank of its first row and how many pages
    /// there are. What is not known comes last in both directions.
    pub fn table(&self, sort: Sort, page: usize) -> (Vec<&FigureRow>, usize, usize) {
        let mut rows: Vec<&FigureRow> = self.rows.iter().collect();
        // The figures already stand in the order of the shares.
        if sort != Sort::default() {
            // Equal ones by name, each put in lower case once.
            order::sort_by_cached_key(&mut rows, |row| (alphabetical(&row.name), row.id.clone()));
            if sort.by == Column::Name && sort.descending {
                rows.reverse();
            }
            order::sort_by(&mut rows, |a, b| compare(a, b, sort));
        }
        let pages = rows.len().div_ceil(TABLE_ROWS).max(1);
        let first = page.min(pages - 1) * TABLE_ROWS;
        let last = rows.len().min(first + TABLE_ROWS);
        (rows[first..last].to_vec(), first, pages)
    }
}

/// The order of two rows that stand by name. A value known between bounds stands
/// at their middle; what is not known comes last in both directions.
pub(super) fn compare(a: &FigureRow, b: &FigureRow, sort: Sort) -> Ordering {
    let known = |x: Option<i128>, y: Option<i128>| match (x, y) {
        (Some(x), Some(y)) if sort.descending => y.cmp(&x),
        (Some(x), Some(y)) => x.cmp(&y),
        (x, y) => y.is_some().cmp(&x.is_some()),
    };
    let wide = |count: Option<u64>| count.map(i128::from);
    // Doubled, as the middle of bounds is their sum.
    let count = |count: Option<u64>, bounds: Option<(u64, u64)>| {
        let (low, high) = count.map(|count| (count, count)).or(bounds)?;
        Some(i128::from(low) + i128::from(high))
    };
    let gap = |row: &FigureRow| {
        let (low, high) = row.gap.map(|gap| (gap, gap)).or(row.gap_bounds)?;
        Some(i128::from(low.0) + i128::from(high.0))
    };
    match sort.by {
        Column::Name => Ordering::Equal,
        Column::Status if sort.descending => b.status.cmp(&a.status),
        Column::Status => a.status.cmp(&b.status),
        // Rounded first, so that shares and bounds have one order; exact ones
        // that round alike are then told apart.
        Column::Share => {
            known(a.middle().map(i128::from), b.middle().map(i128::from)).then_with(|| {
                match (a.exact(), b.exact()) {
                    (Some(x), Some(y)) => {
                        let cross = |m: u64, n: u64| i128::from(m) * i128::from(n);
                        known(Some(cross(x.part, y.whole)), Some(cross(y.part, x.whole)))
                    }
                    (x, y) => y.is_some().cmp(&x.is_some()),
                }
            })
        }
        Column::Numerator => known(
            count(a.numerator, a.numerator_bounds),
            count(b.numerator, b.numerator_bounds),
        ),
        Column::Denominator => known(
            count(a.denominator, a.denominator_bounds),
            count(b.denominator, b.denominator_bounds),
        ),
        Column::Gap => known(gap(a), gap(b)),
        Column::Index => known(wide(a.index), wide(b.index)),
        Column::Response => known(
            a.response.map(|rate| i128::from(rate.0)),
            b.response.map(|rate| i128::from(rate.0)),
        ),
    }
}

//! The counts of a table: range, publication thresholds, additivity along the
//! line and along the tree, and the counts that two tables share.
//!
//! Additivity is asked of what is published. Where cells are hidden the file
//! still implies lower bounds (a hidden maille holds at least what its children
//! publish), and no total may be under them. That no more than that can be
//! derived is for [`crate::attack`].

use crate::campaign::BearsOn;
use crate::indicator::{IDENTITIES, IdentityPart, Unit};
use crate::partial::{LineFile, PartialError, Place};

use super::tables::{Expected, Placed, column_name};
use crate::words::counts as words;

pub(super) const BASE: usize = 0;
pub(super) const RESPONDENTS: usize = 1;
pub(super) const CELLS: usize = 2;

fn column(line: &LineFile, column: usize) -> Option<i64> {
    match column {
        BASE => line.base(),
        RESPONDENTS => line.respondents,
        cell => line.counts[cell - CELLS],
    }
}

impl Placed<'_> {
    fn columns(&self) -> usize {
        CELLS + self.def.width()
    }

    pub(super) fn value(&self, maille: usize, at: usize) -> Option<i64> {
        column(&self.file.lines[self.line_of[maille]?], at)
    }

    pub(super) fn fail(&self, maille: usize, at: usize, what: String) -> PartialError {
        PartialError::Count {
            place: Place {
                table: self.def.id.to_owned(),
                zonage: self.zonage.id.clone(),
                maille: self.zonage.mailles[maille].id.clone(),
                what: column_name(self.def, at),
            },
            what,
        }
    }

    /// The mailles that have a line, with it.
    fn lines(&self) -> impl Iterator<Item = (usize, &LineFile)> {
        self.line_of
            .iter()
            .enumerate()
            .filter_map(|(maille, at)| Some((maille, &self.file.lines[(*at)?])))
    }
}

/// Checks the counts of one table.
pub(super) fn check(table: &Placed<'_>, expected: &Expected<'_>) -> Result<(), PartialError> {
    for (maille, line) in table.lines() {
        range(table, maille, line, expected)?;
        published(table, maille, line, expected)?;
        line_sum(table, maille, line)?;
    }
    tree_sums(table)
}

fn range(
    table: &Placed<'_>,
    maille: usize,
    line: &LineFile,
    expected: &Expected<'_>,
) -> Result<(), PartialError> {
    for at in 0..table.columns() {
        if let Some(count) = column(line, at)
            && !(0..=expected.max_count).contains(&count)
        {
            return Err(table.fail(maille, at, words::no_count(count, expected.max_count)));
        }
    }
    Ok(())
}

/// Point 1 of the guarantee, in the reading that the file announces.
fn published(
    table: &Placed<'_>,
    maille: usize,
    line: &LineFile,
    expected: &Expected<'_>,
) -> Result<(), PartialError> {
    let threshold = i64::from(expected.rules.threshold);
    for at in 0..table.columns() {
        let Some(count) = column(line, at) else {
            continue;
        };
        let bears = at < CELLS || expected.rules.bears_on == BearsOn::Effectif;
        let least = if bears { threshold } else { 1 };
        if count < least {
            return Err(table.fail(maille, at, words::too_small(count, least)));
        }
        if at < CELLS {
            continue;
        }
        match line.respondents {
            Some(respondents) if respondents == count => {
                return Err(table.fail(maille, at, words::all_respondents(count)));
            }
            // In the second reading a line that is hidden is hidden whole; but
            // respondents of `occupation` give way to the population of
            // households, which is one of its cells.
            None if !expected.merged
                && expected.rules.bears_on == BearsOn::Population
                && table.def.id != "occupation" =>
            {
                return Err(table.fail(maille, at, words::CELL_WITHOUT_RESPONDENTS.to_owned()));
            }
            _ => {}
        }
    }
    Ok(())
}

fn line_sum(table: &Placed<'_>, maille: usize, line: &LineFile) -> Result<(), PartialError> {
    let person = table.def.unit.is_person();
    let known: i64 = line.counts.iter().flatten().sum();
    let complete = line.counts.iter().all(Option::is_some);
    if let Some(respondents) = line.respondents {
        if complete && known != respondents {
            return Err(table.fail(maille, RESPONDENTS, words::wrong_sum(known, respondents)));
        }
        if known > respondents {
            return Err(table.fail(maille, RESPONDENTS, words::over_sum(known, respondents)));
        }
    }
    let Some(base) = line.base() else {
        return Ok(());
    };
    let least = line.respondents.unwrap_or(known);
    if !person && least > base {
        return Err(table.fail(maille, RESPONDENTS, words::over_population(least, base)));
    }
    if person && line.respondents.is_some_and(|persons| persons < base) {
        return Err(table.fail(maille, BASE, words::MORE_DWELLINGS.to_owned()));
    }
    Ok(())
}

/// A maille and its children, column by column, from the leaves up.
fn tree_sums(table: &Placed<'_>) -> Result<(), PartialError> {
    let mailles = &table.zonage.mailles;
    let columns = table.columns();
    let mut in_line = vec![0; mailles.len()];
    // Cells first: a line of hidden respondents holds at least its cells.
    for at in (CELLS..columns).chain([RESPONDENTS, BASE]) {
        let mut children = vec![Children::default(); mailles.len()];
        let mut least = vec![0; mailles.len()];
        for maille in (0..mailles.len()).rev() {
            if table.line_of[maille].is_none() {
                continue;
            }
            let below = children[maille];
            let value = table.value(maille, at);
            if let Some(total) = value
                && below.any
            {
                if below.complete && below.published != total {
                    return Err(table.fail(
                        maille,
                        at,
                        words::not_children(total, below.published),
                    ));
                }
                if below.least > total {
                    return Err(table.fail(maille, at, words::under_children(total, below.least)));
                }
            }
            // `logements` counts other units than `repondants`: no bound passes.
            let from_line = if at == RESPONDENTS || (at == BASE && !table.def.unit.is_person()) {
                in_line[maille]
            } else {
                0
            };
            if let Some(total) = value
                && from_line > total
            {
                return Err(table.fail(maille, at, words::under_line(total, from_line)));
            }
            least[maille] = value.unwrap_or_else(|| below.least.max(from_line));
            if let Some(parent) = mailles[maille].parent {
                let up = &mut children[parent];
                up.complete &= value.is_some();
                up.any = true;
                up.published += value.unwrap_or(0);
                up.least += least[maille];
            }
        }
        if at == RESPONDENTS {
            in_line = least;
        } else {
            in_line.iter_mut().zip(least).for_each(|(a, b)| *a += b);
        }
    }
    Ok(())
}

#[derive(Clone, Copy)]
struct Children {
    any: bool,
    complete: bool,
    published: i64,
    least: i64,
}

impl Default for Children {
    fn default() -> Self {
        Self {
            any: false,
            complete: true,
            published: 0,
            least: 0,
        }
    }
}

/// Counts that several tables share: the population of a unit, the dwellings
/// behind persons, the identities of the catalogue.
pub(super) fn check_links(
    tables: &[Placed<'_>],
    expected: &Expected<'_>,
) -> Result<(), PartialError> {
    for (rank, table) in tables.iter().enumerate() {
        let unit = table.def.unit;
        let households = if unit.is_person() {
            Unit::Households
        } else {
            unit
        };
        let other = tables[..rank]
            .iter()
            .find(|t| t.def.unit == households && t.zonage.id == table.zonage.id);
        if let Some(other) = other {
            for (maille, _) in table.lines() {
                if other.line_of[maille].is_none() {
                    continue;
                }
                let (here, there) = (table.value(maille, BASE), other.value(maille, BASE));
                if unit.is_person() {
                    if let (Some(dwellings), Some(population)) = (here, there)
                        && dwellings > population
                    {
                        return Err(table.fail(
                            maille,
                            BASE,
                            words::over_dwellings(dwellings, population),
                        ));
                    }
                } else if here != there && (!expected.merged || (here.is_some() && there.is_some()))
                {
                    return Err(table.fail(
                        maille,
                        BASE,
                        words::other_population(here, other.def.id, there),
                    ));
                }
            }
        }
    }
    for identity in IDENTITIES {
        let IdentityPart::Population(unit) = identity.right.1 else {
            // Equal only up to those who answered one question of the two.
            continue;
        };
        let (id, cell) = identity.left;
        for left in tables.iter().filter(|t| t.def.id == id) {
            let Some(right) = tables
                .iter()
                .find(|t| t.def.unit == unit && t.zonage.id == left.zonage.id)
            else {
                continue;
            };
            for (maille, line) in left.lines() {
                if let (Some(a), Some(b)) = (line.counts[cell], right.value(maille, BASE))
                    && a != b
                {
                    return Err(left.fail(
                        maille,
                        CELLS + cell,
                        words::other_count(a, right.def.id, b),
                    ));
                }
            }
        }
    }
    Ok(())
}

//! A crossing and the two tables that it crosses: it counts some of their units,
//! so that no sum of its cells exceeds theirs.

use super::counts::{BASE, CELLS, RESPONDENTS};
use super::tables::Placed;
use crate::indicator::Classify;
use crate::partial::PartialError;
use crate::words::counts as words;

/// Checks every crossing against the tables that the file has.
pub(super) fn check(tables: &[Placed<'_>]) -> Result<(), PartialError> {
    for crossing in tables {
        let Classify::Cross(first, second) = crossing.def.classify else {
            continue;
        };
        let width = crossing.def.dimensions[1].modalities.len();
        for (id, step) in [(first, true), (second, false)] {
            let same = |t: &&Placed<'_>| t.def.id == id && t.zonage.id == crossing.zonage.id;
            if let Some(table) = tables.iter().find(same) {
                let of = |cell: usize| if step { cell / width } else { cell % width };
                under(crossing, table, &of)?;
            }
        }
    }
    Ok(())
}

/// Published cells of the crossing, summed by the modality that `of` gives.
fn under(
    crossing: &Placed<'_>,
    table: &Placed<'_>,
    of: &dyn Fn(usize) -> usize,
) -> Result<(), PartialError> {
    for maille in 0..crossing.line_of.len() {
        if crossing.line_of[maille].is_none() || table.line_of[maille].is_none() {
            continue;
        }
        let too_many = |least: i64, most: i64| words::over_margin(least, table.def.id, most);
        for modality in 0..table.def.width() {
            let cells = (0..crossing.def.width()).filter(|cell| of(*cell) == modality);
            let least: i64 = cells
                .clone()
                .filter_map(|cell| crossing.value(maille, CELLS + cell))
                .sum();
            if let Some(most) = table.value(maille, CELLS + modality)
                && least > most
            {
                let at = CELLS + cells.clone().next().unwrap_or_default();
                return Err(crossing.fail(maille, at, too_many(least, most)));
            }
        }
        let all = table
            .value(maille, RESPONDENTS)
            .or_else(|| table.value(maille, BASE));
        if let (Some(least), Some(most)) = (crossing.value(maille, RESPONDENTS), all)
            && least > most
        {
            return Err(crossing.fail(maille, RESPONDENTS, too_many(least, most)));
        }
    }
    Ok(())
}

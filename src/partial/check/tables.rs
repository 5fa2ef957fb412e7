//! The tables of a file: of the catalogue, in its order, one line per maille.

use crate::indicator::{self, CATALOGUE, TableDef};
use crate::partial::{Absent, AppliedRules, PartialError, TableFile};
use crate::table::{Level, Zonage, shows};

use super::{counts, margins};
use crate::words::partial as words;

/// What is expected of the counts of a file.
pub(crate) struct Expected<'a> {
    /// Rules that its published counts obey.
    pub(crate) rules: &'a AppliedRules,
    /// Largest count.
    pub(crate) max_count: i64,
    /// Are the counts merged over landlords? Then a table that one of them lacks
    /// hides populations that the other tables of its unit publish, and a line
    /// may mix two readings of the threshold.
    pub(crate) merged: bool,
}

/// A table as read, with its place in the tree.
pub(crate) struct Placed<'a> {
    /// Its definition.
    pub(crate) def: &'static TableDef,
    /// Its zonage.
    pub(crate) zonage: &'a Zonage,
    /// Its lines.
    pub(crate) file: &'a TableFile,
    /// Rank of the line of each maille of the zonage.
    pub(crate) line_of: Vec<Option<usize>>,
}

/// Does a table show a line at this level of this zonage? Trees other than the
/// first leave the root and the leaves to it.
pub(crate) fn has_line(def: &TableDef, zonage: &Zonage, level: Level) -> bool {
    if zonage.id == super::tree::ZONAGES[0] {
        shows(def, level)
    } else {
        matches!(level, Level::Qpv | Level::QpvSituation)
    }
}

/// Checks every table, then what links them.
pub(crate) fn check(
    files: &[TableFile],
    zonages: &[Zonage],
    expected: &Expected<'_>,
) -> Result<(), PartialError> {
    let mut placed: Vec<Placed<'_>> = Vec::new();
    let mut last = None;
    for file in files {
        let fail = |what: String| {
            Err(PartialError::Table {
                table: file.id.clone(),
                what,
            })
        };
        let Some(rank) = CATALOGUE.iter().position(|def| def.id == file.id) else {
            return fail(words::TABLE_UNKNOWN.to_owned());
        };
        let Some(zone) = zonages.iter().position(|z| z.id == file.zonage) else {
            return fail(words::table_zonage(&file.zonage));
        };
        if last >= Some((zone, rank)) {
            return fail(words::TABLE_MISPLACED.to_owned());
        }
        last = Some((zone, rank));
        placed.push(place(file, &CATALOGUE[rank], &zonages[zone])?);
    }
    for table in &placed {
        counts::check(table, expected)?;
    }
    counts::check_links(&placed, expected)?;
    margins::check(&placed)
}

fn place<'a>(
    file: &'a TableFile,
    def: &'static TableDef,
    zonage: &'a Zonage,
) -> Result<Placed<'a>, PartialError> {
    let fail = |what: String| {
        Err(PartialError::Table {
            table: file.id.clone(),
            what,
        })
    };
    if file.unit != def.unit.id() {
        return fail(words::table_unit(&file.unit, def.unit.id()));
    }
    let same = file.dimensions.len() == def.dimensions.len()
        && file
            .dimensions
            .iter()
            .zip(def.dimensions)
            .all(|(read, known)| {
                read.id == known.id
                    && read
                        .modalities
                        .iter()
                        .map(String::as_str)
                        .eq(known.modalities.iter().copied())
            });
    if !same {
        return fail(words::TABLE_DIMENSIONS.to_owned());
    }
    let mut line_of = vec![None; zonage.mailles.len()];
    let mut lines = file.lines.iter().enumerate();
    for (rank, maille) in zonage.mailles.iter().enumerate() {
        if !has_line(def, zonage, maille.level) {
            continue;
        }
        match lines.next() {
            Some((at, line)) if line.maille == maille.id => line_of[rank] = Some(at),
            Some((at, line)) => {
                return fail(words::other_line(at + 1, &line.maille, &maille.id));
            }
            None => return fail(words::missing_line(&maille.id)),
        }
    }
    if let Some((_, line)) = lines.next() {
        return fail(words::extra_line(&line.maille));
    }
    for line in &file.lines {
        let wrong = if line.counts.len() != def.width() {
            Some(words::line_width(line.counts.len(), def.width()))
        } else {
            let (present, absent) = if def.unit.is_person() {
                (line.dwellings, line.population)
            } else {
                (line.population, line.dwellings)
            };
            match (present, absent) {
                (Absent::Present(_), Absent::Absent) => None,
                _ if def.unit.is_person() => Some(words::LINE_OF_DWELLINGS.to_owned()),
                _ => Some(words::LINE_OF_POPULATION.to_owned()),
            }
        };
        if let Some(what) = wrong {
            return fail(words::of_line(&line.maille, &what));
        }
    }
    Ok(Placed {
        def,
        zonage,
        file,
        line_of,
    })
}

/// The name of a column of a line: `population` (or `logements`),
/// `repondants`, then the cells.
pub(crate) fn column_name(def: &TableDef, column: usize) -> String {
    match column {
        0 if def.unit.is_person() => "logements".to_owned(),
        0 => "population".to_owned(),
        1 => "repondants".to_owned(),
        _ => indicator::shares::cell_ids(def, column - 2).join(" × "),
    }
}

//! The dwellings behind persons: checked where the rows are, and only there.
//!
//! A group of persons that can be derived must rest on at least the threshold of
//! dwellings, and the file does not hold the dwellings behind each cell. So the
//! landlord's worker checks it, from the partial as it would leave and from
//! masses counted with the rows: a dwelling of *n* usable persons gives each of
//! them `⌊MASS / n⌋`, so that the masses of one dwelling never exceed `MASS`, and
//! a group whose mass is `11 · MASS` lives in eleven dwellings at least.
//!
//! A hidden cell that rests on enough dwellings is certified by itself. For any
//! other, the smallest derivable group that holds it is a minimum cut: its mass
//! is that of the cell plus a maximum flow over the masses of hidden cells.

use super::flow::{Flow, Towards};
use super::{Finding, Sheet, Verdict};
use crate::campaign::BearsOn;
use crate::indicator;
use crate::partial::Partial;
use crate::table::{MASS, RawTable, RawTables, Zonage};

/// Checks the dwellings behind the persons of a partial; adds to the verdict.
///
/// The reading `population` counts its lines in dwellings, which the file holds,
/// and asks nothing more.
pub fn attest(partial: &Partial, raw: &RawTables, verdict: &mut Verdict) {
    let file = partial.file();
    let threshold = file.rules.threshold;
    if file.rules.bears_on == BearsOn::Population {
        return;
    }
    for table in &file.tables {
        let known = raw.tables.iter().find(|t| t.def.id == table.id);
        let Some((def, known)) = indicator::table(&table.id).zip(known) else {
            continue;
        };
        if !def.unit.is_person() {
            continue;
        }
        let sheet = Sheet::of(table, def);
        if known.lines.len() == table.lines.len() {
            attest_table(&raw.zonage, &sheet, known, threshold, verdict);
        } else {
            verdict.find(sheet.place_of(0, "repondants"), Finding::Contradiction);
        }
    }
}

/// Checks one table of persons against the masses of its cells.
pub(super) fn attest_table(
    zonage: &Zonage,
    sheet: &Sheet<'_>,
    known: &RawTable,
    threshold: u32,
    verdict: &mut Verdict,
) {
    let mass = |column: usize, g: usize| known.lines[g].masses[column] as i64;
    let total = |g: usize| (0..sheet.width).map(|c| mass(c, g)).sum();
    let flow = Flow::new(
        zonage,
        sheet.width + 1,
        |column, g| {
            Some(if column < sheet.width {
                mass(column, g)
            } else {
                0
            })
        },
        |g| Some(total(g)),
        |_| 0,
        None,
    );
    let Some(mut flow) = flow else {
        verdict.find(sheet.place_of(0, "repondants"), Finding::Contradiction);
        return;
    };
    let mut hidden = Vec::new();
    for (g, line) in sheet.each_line().enumerate() {
        if line.respondents.is_none() {
            flow.open(flow.margin(g));
        }
        for (column, count) in line.counts.iter().enumerate() {
            if count.is_none() {
                flow.open(flow.cell(column, g));
                hidden.push((column, g));
            } else if known.lines[g].behind[column] < threshold {
                verdict.find(sheet.place(column, g), Finding::FewDwellings);
            }
        }
    }
    let goal = i64::from(threshold) * MASS as i64;
    for (column, g) in hidden {
        let arc = flow.cell(column, g);
        if known.lines[g].behind[column] >= threshold || flow.range(arc).1 >= goal {
            continue;
        }
        flow.advance(arc, Towards::More, goal - flow.now(arc));
        if flow.range(arc).1 < goal {
            verdict.find(sheet.place(column, g), Finding::FewDwellings);
        }
    }
}

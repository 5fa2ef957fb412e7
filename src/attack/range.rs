//! What a table lets anyone deduce of its hidden cells: exact ranges.
//!
//! The merge announces them as bounds. They are computed from the file as it
//! left, with the network of the gate: whoever holds the file can compute the
//! same, so that saying them reveals nothing.
//!
//! The network is that of one table with the population of its unit, over the
//! mailles of which the table has a line, and over the whole territory where a table
//! on priority districts leaves it to the other zonage: inside the districts and
//! outside of them add up to it. The range of a cell is exact for that
//! system (max-flow, min-cut) and true for the whole file; it is exact for the
//! whole file too where the population of the line is published (property of
//! `docs/secrecy.md`), identities between two tables apart. The range of a
//! **sum** of cells of a line is the better of two sums of ranges, that of the
//! cells and the respondents less the others: always true, exact when one hidden
//! cell alone stands on one side.

use super::flow::{Flow, Towards};
use crate::indicator::TableDef;
use crate::partial::check::tables::has_line;
use crate::partial::{LineFile, MAX_COUNT, TableFile};
use crate::table::{Maille, Zonage};

/// Least and greatest values.
pub(crate) type Range = (i64, i64);

/// The ranges of one table.
pub(crate) struct Ranges<'a> {
    /// The line of the whole territory, if lent, then those of the table.
    lines: Vec<&'a LineFile>,
    flow: Flow,
    width: usize,
    person: bool,
    /// Number of lines lent.
    lent: usize,
}

impl<'a> Ranges<'a> {
    /// The network of a table; `None` when no table agrees with what it
    /// publishes. Mailles are named by the rank of their line in the table.
    ///
    /// `whole` is the line of the whole territory, which the same table has over the
    /// other zonage: it is lent where this one shows no line at its root.
    pub(crate) fn of(
        zonage: &Zonage,
        def: &TableDef,
        table: &'a TableFile,
        whole: Option<&'a LineFile>,
    ) -> Option<Self> {
        let root = zonage.mailles.first()?;
        let whole = whole.filter(|_| !has_line(def, zonage, root.level));
        let lent = usize::from(whole.is_some());
        let mut rank_of = vec![None; zonage.mailles.len()];
        let mut shown = Zonage {
            id: zonage.id.clone(),
            mailles: Vec::with_capacity(table.lines.len()),
        };
        for (rank, maille) in zonage.mailles.iter().enumerate() {
            if (rank == 0 && lent > 0) || has_line(def, zonage, maille.level) {
                rank_of[rank] = Some(shown.mailles.len());
                shown.mailles.push(Maille {
                    parent: maille.parent.and_then(|parent| rank_of[parent]),
                    ..maille.clone()
                });
            }
        }
        let (width, person) = (def.width(), def.unit.is_person());
        let lines: Vec<&LineFile> = whole.into_iter().chain(&table.lines).collect();
        let line = |g: usize| lines[g];
        let flow = Flow::new(
            &shown,
            width + 1,
            |column, g| {
                if column < width {
                    line(g).counts[column]
                } else if person {
                    // Nobody knows how many persons did not answer: their
                    // tables begin with the respondents.
                    Some(0)
                } else {
                    Some(line(g).base()? - line(g).respondents?)
                }
            },
            |g| {
                if person {
                    line(g).respondents
                } else {
                    line(g).base()
                }
            },
            |_| 0,
            None,
        )?;
        Some(Self {
            lines,
            flow,
            width,
            person,
            lent,
        })
    }

    /// The least value of a cell.
    pub(crate) fn least(&mut self, g: usize, column: usize) -> i64 {
        self.least_of(self.flow.cell(column, self.lent + g))
    }

    fn least_of(&mut self, arc: usize) -> i64 {
        if self.flow.hidden(arc) {
            self.flow.advance(arc, Towards::Less, MAX_COUNT);
        }
        self.flow.range(arc).0
    }

    fn range_of(&mut self, arc: usize) -> Range {
        let least = self.least_of(arc);
        if self.flow.hidden(arc) {
            let want = MAX_COUNT - self.flow.now(arc);
            self.flow.advance(arc, Towards::More, want);
        }
        (least, self.flow.range(arc).1)
    }

    fn line(&self, g: usize) -> &'a LineFile {
        self.lines[self.lent + g]
    }

    /// The population of a line, or the dwellings of a table of persons.
    pub(crate) fn base(&mut self, g: usize) -> Range {
        match (self.line(g).base(), self.person) {
            (Some(base), _) => (base, base),
            (None, true) => (0, MAX_COUNT),
            (None, false) => self.range_of(self.flow.margin(self.lent + g)),
        }
    }

    /// The respondents of a line.
    pub(crate) fn respondents(&mut self, g: usize) -> Range {
        if let Some(exact) = self.line(g).respondents {
            return (exact, exact);
        }
        if self.person {
            return self.range_of(self.flow.margin(self.lent + g));
        }
        let base = self.base(g);
        let silent = self.range_of(self.flow.cell(self.width, self.lent + g));
        let cells = self.total(g, |_| true);
        (
            cells.0.max(base.0 - silent.1),
            cells.1.min(base.1 - silent.0),
        )
    }

    /// The sum of some cells of a line.
    pub(crate) fn sum(&mut self, g: usize, cells: &[usize]) -> Range {
        let inside = self.total(g, |column| cells.contains(&column));
        if inside.0 == inside.1 {
            return inside;
        }
        let others = self.total(g, |column| !cells.contains(&column));
        let all = self.respondents(g);
        (
            inside.0.max(all.0 - others.1),
            inside.1.min(all.1 - others.0),
        )
    }

    fn total(&mut self, g: usize, among: impl Fn(usize) -> bool) -> Range {
        (0..self.width)
            .filter(|c| among(*c))
            .fold((0, 0), |sum, column| {
                let cell = self.range_of(self.flow.cell(column, self.lent + g));
                (sum.0 + cell.0, sum.1 + cell.1)
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator;
    use crate::partial::Absent;
    use crate::table::Level;

    const HIDDEN: Option<i64> = None;

    /// Population, respondents, counts.
    type Line = (i64, Option<i64>, [Option<i64>; 2]);

    /// A commune of `lines.len() - 1` programmes, the commune first.
    fn table(lines: &[Line]) -> (Zonage, TableFile) {
        let maille = |rank: usize| Maille {
            id: format!("{rank}"),
            level: if rank == 0 {
                Level::Commune
            } else {
                Level::Programme
            },
            name: String::new(),
            parent: (rank > 0).then_some(0),
        };
        let zonage = Zonage {
            id: "territoire".to_owned(),
            mailles: (0..lines.len()).map(maille).collect(),
        };
        let lines = lines
            .iter()
            .enumerate()
            .map(|(rank, (population, respondents, counts))| LineFile {
                maille: format!("{rank}"),
                population: Absent::Present(Some(*population)),
                respondents: *respondents,
                counts: counts.to_vec(),
                ..LineFile::default()
            })
            .collect();
        let table = TableFile {
            id: "apl".to_owned(),
            zonage: "territoire".to_owned(),
            unit: "menages".to_owned(),
            dimensions: Vec::new(),
            lines,
        };
        (zonage, table)
    }

    /// Every table that agrees with what is published, one by one.
    fn enumerated(table: &TableFile) -> Vec<[Range; 3]> {
        let programmes = &table.lines[1..];
        let mut seen = vec![[(i64::MAX, i64::MIN); 3]; table.lines.len()];
        let fits = |line: &LineFile, counts: [i64; 2]| {
            let sum = counts[0] + counts[1];
            sum <= line.base().unwrap()
                && line.respondents.is_none_or(|r| r == sum)
                && line
                    .counts
                    .iter()
                    .zip(counts)
                    .all(|(c, v)| c.is_none_or(|c| c == v))
        };
        let options: Vec<Vec<[i64; 2]>> = programmes
            .iter()
            .map(|line| {
                let most = line.base().unwrap();
                (0..=most)
                    .flat_map(|a| (0..=most - a).map(move |b| [a, b]))
                    .filter(|counts| fits(line, *counts))
                    .collect()
            })
            .collect();
        let mut choice = vec![0; options.len()];
        loop {
            let chosen: Vec<[i64; 2]> = options
                .iter()
                .zip(&choice)
                .map(|(all, at)| all[*at])
                .collect();
            let total = chosen
                .iter()
                .fold([0, 0], |s, c| [s[0] + c[0], s[1] + c[1]]);
            if fits(&table.lines[0], total) {
                for (line, counts) in std::iter::once(total).chain(chosen).enumerate() {
                    for (range, value) in
                        seen[line]
                            .iter_mut()
                            .zip([counts[0], counts[1], counts[0] + counts[1]])
                    {
                        *range = (range.0.min(value), range.1.max(value));
                    }
                }
            }
            let Some(next) = (0..choice.len()).find(|at| choice[*at] + 1 < options[*at].len())
            else {
                return seen;
            };
            choice[next] += 1;
            choice[..next].fill(0);
        }
    }

    #[test]
    fn ranges_are_those_of_every_table_that_agrees() {
        let some = Some;
        for lines in [
            vec![
                (30, some(28), [some(14), some(14)]),
                (12, HIDDEN, [HIDDEN, HIDDEN]),
                (18, some(16), [HIDDEN, HIDDEN]),
            ],
            vec![
                (40, HIDDEN, [HIDDEN, some(15)]),
                (14, some(12), [HIDDEN, HIDDEN]),
                (13, HIDDEN, [HIDDEN, some(4)]),
                (13, some(13), [HIDDEN, HIDDEN]),
            ],
            vec![
                (24, some(20), [HIDDEN, HIDDEN]),
                (12, HIDDEN, [some(3), HIDDEN]),
                (12, HIDDEN, [HIDDEN, some(5)]),
            ],
        ] {
            let (zonage, table) = table(&lines);
            let def = indicator::table("apl").unwrap();
            let mut ranges = Ranges::of(&zonage, def, &table, None).unwrap();
            for (g, seen) in enumerated(&table).into_iter().enumerate() {
                assert_eq!(ranges.sum(g, &[0]), seen[0], "{lines:?} {g}");
                assert_eq!(ranges.sum(g, &[1]), seen[1], "{lines:?} {g}");
                assert_eq!(ranges.respondents(g), seen[2], "{lines:?} {g}");
                assert_eq!(ranges.least(g, 0), seen[0].0);
            }
        }
    }

    /// Inside the districts and outside of them add up to the territory, which the other
    /// zonage publishes: what is hidden outside is bounded by it.
    #[test]
    fn the_line_of_the_territory_bounds_both_sides_of_the_districts() {
        let (_, table) = table(&[
            (100, Some(90), [Some(30), Some(60)]),
            (40, Some(36), [HIDDEN, HIDDEN]),
            (60, Some(54), [HIDDEN, HIDDEN]),
            (25, Some(22), [Some(14), Some(8)]),
            (15, Some(14), [HIDDEN, HIDDEN]),
        ]);
        let places = [
            ("0", Level::Epci, None),
            ("1", Level::QpvSituation, Some(0)),
            ("3", Level::Qpv, Some(1)),
            ("4", Level::Qpv, Some(1)),
            ("2", Level::QpvSituation, Some(0)),
        ];
        let zonage = Zonage {
            id: "qpv".to_owned(),
            mailles: places
                .map(|(id, level, parent)| Maille {
                    id: id.to_owned(),
                    level,
                    name: String::new(),
                    parent,
                })
                .into(),
        };
        let [whole, inside, outside, large, small] = table.lines.try_into().unwrap();
        let districts = TableFile {
            lines: vec![inside, large, small, outside],
            zonage: "qpv".to_owned(),
            ..table
        };
        let def = indicator::table("apl").unwrap();
        let mut alone = Ranges::of(&zonage, def, &districts, None).unwrap();
        assert_eq!(alone.sum(0, &[0]), (14, 28));
        assert_eq!(alone.sum(3, &[0]), (0, 54));
        let mut ranges = Ranges::of(&zonage, def, &districts, Some(&whole)).unwrap();
        assert_eq!(ranges.sum(0, &[0]), (14, 28));
        assert_eq!(ranges.sum(2, &[0]), (0, 14));
        assert_eq!(ranges.sum(3, &[0]), (2, 16));
        assert_eq!(ranges.least(3, 0), 2);
        assert_eq!(ranges.respondents(3), (54, 54));
    }

    #[test]
    fn a_table_that_contradicts_itself_has_no_range() {
        let (zonage, table) = table(&[
            (30, Some(28), [Some(14), Some(14)]),
            (30, Some(28), [Some(15), Some(13)]),
        ]);
        assert!(Ranges::of(&zonage, indicator::table("apl").unwrap(), &table, None).is_none());
    }
}

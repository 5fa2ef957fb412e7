//! Results from tables: one function for the maker and the reader of a base.

use super::file::{ResultFile, SegregationFile, Status};
use super::fraction::Fraction;
use super::segregation::{Index, all_groups, two_groups};
use crate::campaign::BearsOn;
use crate::indicator::shares::{Denominator, SHARES, Share};
use crate::indicator::{self, TableDef, Unit};
use crate::partial::check::tables::has_line;
use crate::partial::{AppliedRules, LineFile, TableFile};
use crate::table::{Level, Zonage};

/// The levels whose published mailles an index of segregation compares.
const COMPARED: [Level; 4] = [Level::Commune, Level::Secteur, Level::Programme, Level::Qpv];

/// A table with the line of each maille at hand.
struct Lines<'a> {
    def: &'static TableDef,
    file: &'a TableFile,
    line_of: Vec<Option<usize>>,
}

impl<'a> Lines<'a> {
    fn of(zonage: &Zonage, tables: &'a [TableFile]) -> Vec<Self> {
        tables
            .iter()
            .filter(|table| table.zonage == zonage.id)
            .filter_map(|file| {
                let def = indicator::table(&file.id)?;
                let mut lines = 0..file.lines.len();
                let line_of = zonage
                    .mailles
                    .iter()
                    .map(|m| has_line(def, zonage, m.level).then(|| lines.next())?)
                    .collect();
                Some(Self { def, file, line_of })
            })
            .collect()
    }

    fn line(&self, maille: usize) -> Option<&'a LineFile> {
        Some(&self.file.lines[self.line_of[maille]?])
    }
}

/// A share whose table the zonage has, its cells found.
struct Read<'a> {
    /// Its rank among the shares.
    rank: usize,
    share: &'static Share,
    table: &'a Lines<'a>,
    numerator: Vec<usize>,
    denominator: Option<Vec<usize>>,
}

fn count(value: Option<i64>) -> Option<u64> {
    value.and_then(|value| u64::try_from(value).ok())
}

/// The sum of cells, when each is published.
fn sum(line: &LineFile, cells: &[usize]) -> Option<u64> {
    cells.iter().map(|cell| count(line.counts[*cell])).sum()
}

/// The answers to a variable among those eligible: `repondants` of
/// `population`, or `logements` of the let dwellings where persons are counted.
fn response(tables: &[Lines<'_>], table: &Lines<'_>, maille: usize) -> Option<Fraction> {
    let line = table.line(maille)?;
    if !table.def.unit.is_person() {
        return Fraction::new(count(line.respondents)?, count(line.base())?);
    }
    let dwellings = tables
        .iter()
        .filter(|t| t.def.unit == Unit::Households)
        .find_map(|t| count(t.line(maille)?.base()))?;
    Fraction::new(count(line.base())?, dwellings)
}

/// The lines of a table over a zonage, each with the rank of its maille and the
/// response rate of its variable; `None` without such a table.
pub(super) fn lines<'a>(
    zonage: &Zonage,
    tables: &'a [TableFile],
    table: &str,
) -> Option<Vec<(usize, &'a LineFile, Option<Fraction>)>> {
    let all = Lines::of(zonage, tables);
    let table = all.iter().find(|t| t.def.id == table)?;
    let placed = (0..zonage.mailles.len())
        .filter_map(|maille| Some((maille, table.line(maille)?, response(&all, table, maille))));
    Some(placed.collect())
}

/// May this share be published under these rules? The threshold, 0 % and
/// 100 %, once more.
pub(crate) fn may_be_published(rules: &AppliedRules, share: Fraction) -> bool {
    let threshold = u64::from(rules.threshold);
    let least = match rules.bears_on {
        BearsOn::Effectif => threshold,
        BearsOn::Population => 1,
    };
    share.whole >= threshold && share.part >= least && share.whole - share.part >= least
}

/// A result, and what the tables publish of a hidden one.
pub(super) struct Computed {
    pub(super) result: ResultFile,
    /// The sum of the cells of the numerator, where all are published: a hidden
    /// result does not say it, bounds of its share do.
    pub(super) numerator: Option<u64>,
}

/// Every result, in the order of files. `present` names the landlords of a
/// maille (rank of the zonage, rank of the maille).
pub(super) fn compute(
    rules: &AppliedRules,
    zonages: &[Zonage],
    tables: &[TableFile],
    present: impl Fn(usize, usize) -> Vec<String>,
) -> Vec<Computed> {
    let mut results = Vec::new();
    // The share of the EPCI stands at the root of the first zonage.
    let mut epci: Vec<Option<Fraction>> = vec![None; SHARES.len()];
    for (zone, zonage) in zonages.iter().enumerate() {
        let lines = Lines::of(zonage, tables);
        let shares: Vec<Read<'_>> = SHARES
            .iter()
            .enumerate()
            .filter_map(|(rank, share)| {
                Some(Read {
                    rank,
                    share,
                    table: lines.iter().find(|t| t.def.id == share.table().id)?,
                    numerator: share.numerator_cells(),
                    denominator: share.denominator_cells(),
                })
            })
            .collect();
        for (maille, placed) in zonage.mailles.iter().enumerate() {
            let landlords = present(zone, maille);
            for read in &shares {
                let table = read.table;
                let Some(line) = table.line(maille) else {
                    continue;
                };
                let part = sum(line, &read.numerator);
                let whole = match &read.denominator {
                    None => count(line.respondents),
                    Some(cells) => sum(line, cells),
                };
                let response = response(&lines, table, maille);
                let exact = match (part, whole) {
                    (Some(part), Some(whole)) => Fraction::new(part, whole)
                        .filter(|fraction| may_be_published(rules, *fraction)),
                    _ => None,
                };
                let status = match (exact, response) {
                    // Without a response rate, nobody can say that it is reached.
                    (None, _) | (_, None) => Status::Secret,
                    (Some(_), Some(rate))
                        if !rules.min_response.reached_by(rate.part, rate.whole) =>
                    {
                        Status::LowResponse
                    }
                    _ => Status::Published,
                };
                let published = exact.filter(|_| status == Status::Published);
                if zone == 0 && maille == 0 {
                    epci[read.rank] = published;
                }
                let result = ResultFile {
                    indicator: read.share.key.to_owned(),
                    zonage: zonage.id.clone(),
                    maille: placed.id.clone(),
                    status,
                    numerator: part.filter(|_| status != Status::Secret),
                    denominator: whole,
                    numerator_min: None,
                    numerator_max: None,
                    denominator_min: None,
                    denominator_max: None,
                    share: published.map(Fraction::rounded),
                    min: None,
                    max: None,
                    gap: published
                        .zip(epci[read.rank])
                        .map(|(here, all)| here.gap(all)),
                    response: response.map(Fraction::rounded),
                    landlords: landlords.clone(),
                };
                results.push(Computed {
                    result,
                    numerator: part,
                });
            }
        }
    }
    results
}

/// Indices of segregation over the published mailles of each level.
pub(super) fn segregation(
    rules: &AppliedRules,
    zonages: &[Zonage],
    tables: &[TableFile],
    results: &[ResultFile],
) -> Vec<SegregationFile> {
    let mut all = Vec::new();
    for zonage in zonages {
        let lines = Lines::of(zonage, tables);
        let published: std::collections::HashMap<(&str, &str), (u64, u64)> = results
            .iter()
            .filter(|result| result.zonage == zonage.id && result.status == Status::Published)
            .filter_map(|result| {
                let counts = (result.numerator?, result.denominator?);
                Some(((result.indicator.as_str(), result.maille.as_str()), counts))
            })
            .collect();
        for level in COMPARED {
            let mailles: Vec<usize> = (0..zonage.mailles.len())
                .filter(|rank| zonage.mailles[*rank].level == level)
                .collect();
            for table in lines.iter().filter(|t| compares(t.def)) {
                let mut push = |group: Option<Vec<String>>, indices: &[Index], used: &[usize]| {
                    for (index, value) in indices {
                        all.push(SegregationFile {
                            zonage: zonage.id.clone(),
                            level,
                            table: table.def.id.to_owned(),
                            group: group.clone(),
                            index: (*index).to_owned(),
                            value: *value,
                            mailles: used
                                .iter()
                                .map(|rank| zonage.mailles[*rank].id.clone())
                                .collect(),
                        });
                    }
                };
                for share in SHARES.iter().filter(|s| {
                    s.table().id == table.def.id && s.denominator == Denominator::Respondents
                }) {
                    let (used, units): (Vec<usize>, Vec<(u64, u64)>) = mailles
                        .iter()
                        .filter_map(|rank| {
                            let id = zonage.mailles[*rank].id.as_str();
                            Some((*rank, *published.get(&(share.key, id))?))
                        })
                        .unzip();
                    if let (Some(group), Some(indices)) = (share.group(), two_groups(&units)) {
                        let group = group.into_iter().map(str::to_owned).collect();
                        push(Some(group), &indices, &used);
                    }
                }
                // With two modalités, all groups say nothing more than one.
                if table.def.width() < 3 {
                    continue;
                }
                let (used, units): (Vec<usize>, Vec<Vec<u64>>) = mailles
                    .iter()
                    .filter_map(|rank| {
                        let line = table.line(*rank)?;
                        let rate = response(&lines, table, *rank)?;
                        let counts: Vec<u64> = line
                            .counts
                            .iter()
                            .map(|c| count(*c))
                            .collect::<Option<_>>()?;
                        rules
                            .min_response
                            .reached_by(rate.part, rate.whole)
                            .then_some((*rank, counts))
                    })
                    .unzip();
                if let Some(indices) = all_groups(&units) {
                    push(None, &indices, &used);
                }
            }
        }
    }
    all
}

/// Segregation is of households and persons, by one variable.
fn compares(def: &TableDef) -> bool {
    def.unit != Unit::Dwellings && def.dimensions.len() == 1
}

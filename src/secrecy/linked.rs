//! Both zonages under protection at once.
//!
//! The priority districts group the same leaves in another way. Those that lie
//! within one maille of the territory are nodes of one tree with it
//! ([`Joint`]): that tree is protected as a single zonage would be. The other
//! mailles are sums of nodes; of those only what the published nodes give away
//! already is published, so they open nothing.

use crate::indicator::{Depth, TableDef};
use crate::table::joint::{Joint, Place};
use crate::table::{Level, RawLine, RawTable, RawTables, Zonage};

/// The zonage of priority districts, where it is withdrawn whole.
pub const DISTRICTS: &str = "qpv";

/// The lines of a table on priority districts, where they are withdrawn.
pub fn districts_of(table: &str) -> String {
    format!("{table}@{DISTRICTS}")
}

/// Raw tables over the joint tree.
pub(super) struct Linked {
    /// Lines of the nodes, then of the sums.
    pub(super) raw: RawTables,
    /// The nodes of each sum.
    pub(super) sums: Vec<Vec<usize>>,
    /// By table: which lines it has, nodes then sums.
    pub(super) asked: Vec<Vec<bool>>,
    /// The maille of each line.
    places: Vec<Place>,
}

/// Does a table have lines in the zonage of priority districts? Persons do not:
/// the dwellings behind them are attested in one zonage only. Nor do crossings.
pub fn has_districts(def: &TableDef, withdrawn: &[String]) -> bool {
    def.published
        && !def.unit.is_person()
        && matches!(def.depth, Depth::Leaves)
        && !withdrawn.iter().any(|w| *w == districts_of(def.id))
}

impl Linked {
    pub(super) fn new(raw: &RawTables, withdrawn: &[String]) -> Self {
        let Some(second) = &raw.qpv else {
            let lines = raw.zonage.mailles.len();
            return Self {
                raw: raw.clone(),
                sums: Vec::new(),
                asked: vec![vec![true; lines]; raw.tables.len()],
                places: (0..lines)
                    .map(|maille| Place { zonage: 0, maille })
                    .collect(),
            };
        };
        let joint = Joint::of(&raw.zonage, second);
        let places: Vec<Place> = joint
            .origin
            .iter()
            .copied()
            .chain(joint.sums.iter().map(|sum| sum.place))
            .collect();
        let sums: Vec<Vec<usize>> = joint.sums.into_iter().map(|sum| sum.parts).collect();
        let leaf = joint.zonage.leaves();
        let tables = raw
            .tables
            .iter()
            .map(|table| {
                let empty = RawLine::empty(table.def);
                let mut lines: Vec<RawLine> = joint
                    .origin
                    .iter()
                    .zip(&leaf)
                    .map(|(place, leaf)| match leaf {
                        true => table.lines[place.maille].clone(),
                        false => empty.clone(),
                    })
                    .collect();
                for rank in (1..lines.len()).rev() {
                    if let Some(parent) = joint.zonage.mailles[rank].parent {
                        let (before, from) = lines.split_at_mut(rank);
                        before[parent].add(&from[0]);
                    }
                }
                for parts in &sums {
                    let mut sum = empty.clone();
                    parts.iter().for_each(|part| sum.add(&lines[*part]));
                    lines.push(sum);
                }
                RawTable {
                    def: table.def,
                    lines,
                }
            })
            .collect();
        let asked = raw
            .tables
            .iter()
            .map(|table| {
                let districts = has_districts(table.def, withdrawn);
                let has = |place: &Place| place.zonage == 0 || districts;
                places.iter().map(has).collect()
            })
            .collect();
        Self {
            raw: RawTables {
                zonage: joint.zonage,
                qpv: None,
                tables,
            },
            sums,
            asked,
            places,
        }
    }

    /// The line of each maille of one of the zonages.
    pub(super) fn lines_of(&self, zonage: usize, tree: &Zonage) -> Vec<usize> {
        let mut line_of = vec![0; tree.mailles.len()];
        for (line, place) in self.places.iter().enumerate() {
            if place.zonage == zonage {
                line_of[place.maille] = line;
            }
        }
        line_of
    }
}

/// Does a zonage of priority districts show a line at this level?
pub(super) fn shows(level: Level) -> bool {
    matches!(level, Level::Qpv | Level::QpvSituation)
}

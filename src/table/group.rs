//! Programmes too small to be published, grouped (*regroupement*).
//!
//! When the campaign asks for it (`regles.regrouper_petits_programmes`): within
//! each secteur, or commune where there is none, the programmes under the
//! threshold are taken in the order of their numbers and put together until the
//! group holds twice the threshold; what remains joins the last group. Only the
//! number of dwellings in scope decides, which is no secret of any household, so
//! that the groups say nothing of the answers. The members are then no mailles of
//! the file: their counts could be worked out from neither side.

use std::collections::BTreeMap;

use super::{Leaf, escape};
use crate::indicator::{CATALOGUE, Unit};

/// A group is complete with this many times the threshold.
const COMPLETE: u32 = 2;

/// The small programmes of a landlord, by the path of the maille that holds them.
pub(super) struct Small {
    threshold: u32,
    by_path: BTreeMap<Vec<String>, Vec<(String, Leaf)>>,
}

/// A leaf made of one or several programmes.
pub(super) struct Group {
    /// Numbers of its members.
    pub(super) members: Vec<String>,
    pub(super) leaf: Leaf,
}

impl Group {
    /// The identifier of a group of several programmes.
    pub(super) fn id(&self, landlord: &str, commune: &str) -> String {
        format!("{landlord}/+{}@{commune}", escape(&self.members[0]))
    }
}

impl Small {
    pub(super) fn new(threshold: u32) -> Self {
        Self {
            threshold,
            by_path: BTreeMap::new(),
        }
    }

    /// Keeps a programme that is too small; gives back one that is not. Dwellings
    /// without a programme number are no programme.
    pub(super) fn keep(&mut self, path: &[String], number: &str, leaf: Leaf) -> Option<Leaf> {
        if number.is_empty() || dwellings(&leaf) >= self.threshold {
            return Some(leaf);
        }
        let small = self.by_path.entry(path.to_vec()).or_default();
        small.push((number.to_owned(), leaf));
        None
    }

    /// The groups, with the path of the maille that holds each.
    pub(super) fn groups(self) -> impl Iterator<Item = (Vec<String>, Group)> {
        let complete = COMPLETE * self.threshold;
        self.by_path
            .into_iter()
            .flat_map(move |(path, programmes)| {
                grouped(programmes, complete)
                    .into_iter()
                    .map(move |group| (path.clone(), group))
            })
    }
}

fn grouped(mut programmes: Vec<(String, Leaf)>, complete: u32) -> Vec<Group> {
    crate::order::sort_by(&mut programmes, |(a, _), (b, _)| a.cmp(b));
    let mut groups: Vec<Group> = Vec::new();
    let mut open: Option<Group> = None;
    for (number, leaf) in programmes {
        let group = match open.take() {
            None => Group {
                members: vec![number],
                leaf,
            },
            Some(group) => group.with(number, leaf),
        };
        if dwellings(&group.leaf) >= complete {
            groups.push(group);
        } else {
            open = Some(group);
        }
    }
    match (groups.last_mut(), open) {
        (Some(last), Some(rest)) => last.absorb(rest),
        (None, Some(rest)) => groups.push(rest),
        (_, None) => {}
    }
    groups
}

impl Group {
    fn with(mut self, number: String, leaf: Leaf) -> Self {
        self.absorb(Self {
            members: vec![number],
            leaf,
        });
        self
    }

    fn absorb(&mut self, other: Self) {
        self.members.extend(other.members);
        let lines = self.leaf.lines.iter_mut();
        lines
            .zip(&other.leaf.lines)
            .for_each(|(mine, theirs)| mine.add(theirs));
    }
}

/// Dwellings in scope of a leaf.
fn dwellings(leaf: &Leaf) -> u32 {
    CATALOGUE
        .iter()
        .zip(&leaf.lines)
        .find(|(def, _)| def.unit == Unit::Dwellings)
        .map_or(0, |(_, line)| line.population)
}

#[cfg(test)]
mod tests {
    use crate::campaign::{Campaign, Passage};
    use crate::dwelling::{Dwelling, Occupation, Variable};
    use crate::table::{Fold, Level, RawTables};

    /// Programmes of a commune by number and size, some of them in a secteur.
    fn fold(grouping: bool, programmes: &[(&str, u32, bool)]) -> RawTables {
        let mut file = Campaign::cucm().file().clone();
        file.rules.group_small_programmes = grouping;
        file.passage = programmes
            .iter()
            .filter(|(.., secteur)| *secteur)
            .map(|(number, ..)| Passage {
                landlord: "habellis".to_owned(),
                programme: (*number).to_owned(),
                commune: None,
                secteur: Some("Centre".to_owned()),
                qpv: None,
            })
            .collect();
        let campaign = Campaign::parse(crate::json::pretty(&file).as_bytes()).unwrap();
        let mut fold = Fold::new(&campaign);
        // The order of the rows is not that of the numbers.
        for (number, size, _) in programmes.iter().rev() {
            for row in 0..*size {
                let dwelling = Dwelling {
                    programme: (*number).to_owned(),
                    occupation: Some(if row == 0 {
                        Occupation::Vacant
                    } else {
                        Occupation::Let
                    }),
                    ..Dwelling::default()
                };
                fold.add(&dwelling, u64::from(row));
            }
        }
        fold.finish("habellis", [Variable::Occupation].into_iter().collect())
    }

    fn leaves(tables: &RawTables) -> Vec<(&str, &str, u32)> {
        let leaf = tables.zonage.leaves();
        let mailles = tables.zonage.mailles.iter().enumerate();
        mailles
            .filter(|(g, _)| leaf[*g])
            .map(|(g, m)| {
                (
                    m.id.as_str(),
                    m.name.as_str(),
                    tables.tables[0].lines[g].population,
                )
            })
            .collect()
    }

    const PROGRAMMES: &[(&str, u32, bool)] = &[
        ("01", 6, false),
        ("02", 40, false),
        ("03", 10, false),
        ("04", 9, false),
        ("05", 10, false),
        ("06", 11, false),
        ("07", 5, false),
        ("08", 3, true),
        ("09", 4, true),
        ("", 2, false),
    ];

    #[test]
    fn small_programmes_are_grouped_in_order_and_the_rest_joins_the_last_group() {
        let tables = fold(true, PROGRAMMES);
        assert_eq!(
            leaves(&tables),
            [
                // A secteur is grouped by itself, even short of the mark.
                ("habellis/+08@71038", "08, 09", 7),
                // 6 + 10 + 9 make a group; 10 + 5 join it.
                ("habellis/+01@71038", "01, 03, 04, 05, 07", 40),
                ("habellis/02@71038", "02", 40),
                ("habellis/06@71038", "06", 11),
                // Dwellings without a programme are no programme.
                ("habellis/~@71038", "sans programme", 2),
            ]
        );
        let groups = tables.zonage.mailles.iter();
        let groups = groups.filter(|m| m.level == Level::Regroupement).count();
        assert_eq!(groups, 2);
        assert_eq!(tables.tables[0].lines[0].population, 100);
        assert_eq!(tables.tables[0].lines[0].counts.iter().sum::<u32>(), 100);
    }

    #[test]
    fn two_groups_are_made_where_there_is_enough_for_both() {
        let sizes: Vec<(String, u32)> = (0..6).map(|n| (format!("{n}"), 8)).collect();
        let programmes: Vec<(&str, u32, bool)> = sizes
            .iter()
            .map(|(number, size)| (number.as_str(), *size, false))
            .collect();
        assert_eq!(
            leaves(&fold(true, &programmes)),
            [
                ("habellis/+0@71038", "0, 1, 2", 24),
                ("habellis/+3@71038", "3, 4, 5", 24),
            ]
        );
    }

    #[test]
    fn nothing_is_grouped_unless_the_campaign_asks_and_one_programme_is_no_group() {
        assert_eq!(leaves(&fold(false, PROGRAMMES)).len(), PROGRAMMES.len());
        let alone = fold(true, &[("01", 5, false), ("02", 30, false)]);
        assert_eq!(
            leaves(&alone),
            [
                ("habellis/01@71038", "01", 5),
                ("habellis/02@71038", "02", 30)
            ]
        );
    }
}

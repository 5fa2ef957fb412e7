//! Additive tables over a tree of mailles, in exact integers.
//!
//! A *zonage* is a tree of *mailles* (EPCI → commune → secteur → programme). A
//! table has one line per maille of its levels; in a line the counts add up to
//! `respondents`, and every count of a maille is the sum of its children's.
//!
//! [`Fold`] takes dwellings one by one and keeps counts by programme only, so
//! that no row outlives its reading.

mod group;
pub mod joint;
mod programmes;
mod qpv;

pub(crate) use qpv::NO_CODE;
use std::collections::{BTreeMap, HashMap, hash_map};

pub use programmes::ProgrammePlace;

use foldhash::fast::FixedState;

use crate::campaign::Campaign;
use crate::dwelling::{Dwelling, Qpv, Variables};
use crate::indicator::{self, CATALOGUE, Classify, Depth, TableDef, Unit};
use crate::words::labels;

/// Level of a maille (*niveau*).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// The whole territory.
    Epci,
    /// Commune.
    Commune,
    /// *Secteur*, from the *table de passage*.
    Secteur,
    /// *Programme* (residence).
    Programme,
    /// Small programmes grouped.
    Regroupement,
    /// The part of a programme inside or outside a QPV.
    Part,
    /// Inside, outside, not known (second zonage).
    QpvSituation,
    /// A priority district.
    Qpv,
}

impl Level {
    /// The word used in files and addresses.
    pub fn id(self) -> &'static str {
        match self {
            Self::Epci => "epci",
            Self::Commune => "commune",
            Self::Secteur => "secteur",
            Self::Programme => "programme",
            Self::Regroupement => "regroupement",
            Self::Part => "part",
            Self::QpvSituation => "qpv_situation",
            Self::Qpv => "qpv",
        }
    }
}

/// A maille: a geographic unit of a zonage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Maille {
    /// Opaque identifier.
    pub id: String,
    /// Level.
    pub level: Level,
    /// Name shown.
    pub name: String,
    /// Rank of the parent in the zonage; the root has none.
    pub parent: Option<usize>,
}

/// A tree of mailles, depth-first, children by identifier (code point).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zonage {
    /// Identifier (`territoire`).
    pub id: String,
    /// The mailles; a parent stands before its children.
    pub mailles: Vec<Maille>,
}

impl Zonage {
    /// Which mailles have no children.
    pub fn leaves(&self) -> Vec<bool> {
        let mut leaf = vec![true; self.mailles.len()];
        self.mailles
            .iter()
            .filter_map(|m| m.parent)
            .for_each(|parent| leaf[parent] = false);
        leaf
    }

    /// The commune in which a smaller maille stands.
    pub fn commune_of(&self, maille: &Maille) -> Option<&Maille> {
        let mut above = maille.parent;
        std::iter::from_fn(|| {
            let here = &self.mailles[above?];
            above = here.parent;
            Some(here)
        })
        .find(|maille| maille.level == Level::Commune)
    }

    /// Ranks of the children of each maille, in order.
    pub fn children(&self) -> Vec<Vec<usize>> {
        let mut children = vec![Vec::new(); self.mailles.len()];
        for (rank, maille) in self.mailles.iter().enumerate() {
            if let Some(parent) = maille.parent {
                children[parent].push(rank);
            }
        }
        children
    }
}

/// Most cells in a table of persons.
const MAX_PERSON_CELLS: usize = 8;

/// A line of counts: raw, exact, never to be published as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawLine {
    /// Eligible units (`population`); for tables of persons, the dwellings
    /// behind the respondents (`logements`).
    pub population: u32,
    /// Units with a usable answer (`repondants`).
    pub respondents: u32,
    /// Counts by cell (`effectifs`), row-major.
    pub counts: Vec<u32>,
    /// In tables of persons, the dwellings behind each cell.
    pub behind: Vec<u32>,
    /// In tables of persons, the mass of each cell: every dwelling spreads
    /// [`MASS`] evenly over its usable persons, rounded down. Masses add like
    /// counts, and those of one dwelling never exceed [`MASS`].
    pub masses: Vec<u64>,
}

/// The mass of a dwelling: divisible by every number of persons up to ten.
pub const MASS: u64 = 2_520;

impl RawLine {
    pub(crate) fn add(&mut self, other: &Self) {
        self.population += other.population;
        self.respondents += other.respondents;
        let add = |mine: &mut [u32], theirs: &[u32]| {
            mine.iter_mut().zip(theirs).for_each(|(a, b)| *a += b)
        };
        add(&mut self.counts, &other.counts);
        add(&mut self.behind, &other.behind);
        self.masses
            .iter_mut()
            .zip(&other.masses)
            .for_each(|(a, b)| *a += b);
    }

    /// An empty line of a table.
    pub(crate) fn empty(def: &TableDef) -> Self {
        let persons = if def.unit.is_person() { def.width() } else { 0 };
        Self {
            counts: vec![0; def.width()],
            behind: vec![0; persons],
            masses: vec![0; persons],
            ..Self::default()
        }
    }
}

/// A raw table: one line per maille of the zonage, in its order.
#[derive(Clone)]
pub struct RawTable {
    /// Its definition in the catalogue.
    pub def: &'static TableDef,
    /// One line per maille of the zonage (all levels, even those that the
    /// table does not show).
    pub lines: Vec<RawLine>,
}

/// All the raw tables of one landlord.
#[derive(Clone)]
pub struct RawTables {
    /// The tree.
    pub zonage: Zonage,
    /// The priority districts, over the same leaves, when rows tell them.
    pub qpv: Option<Zonage>,
    /// The tables, in the order of the catalogue.
    pub tables: Vec<RawTable>,
}

impl RawTables {
    /// The same without the priority districts: programmes are whole again.
    #[must_use]
    pub fn without_qpv(mut self) -> Self {
        self.qpv = None;
        let part: Vec<bool> = self
            .zonage
            .mailles
            .iter()
            .map(|m| m.level == Level::Part)
            .collect();
        let mut rank = 0;
        let new: Vec<usize> = part
            .iter()
            .map(|part| {
                rank += usize::from(!part);
                rank.saturating_sub(1)
            })
            .collect();
        let mut kept = part.iter();
        self.zonage
            .mailles
            .retain(|_| kept.next().is_some_and(|part| !part));
        for maille in &mut self.zonage.mailles {
            maille.parent = maille.parent.map(|parent| new[parent]);
        }
        for table in &mut self.tables {
            let mut kept = part.iter();
            table
                .lines
                .retain(|_| kept.next().is_some_and(|part| !part));
        }
        self
    }

    /// Does the table show a line for this maille?
    pub fn shows(&self, def: &TableDef, maille: usize) -> bool {
        shows(def, self.zonage.mailles[maille].level)
    }
}

/// Does a table show lines at this level?
pub fn shows(def: &TableDef, level: Level) -> bool {
    match def.depth {
        Depth::Leaves => true,
        Depth::Communes => matches!(level, Level::Epci | Level::Commune),
    }
}

/// What identifies a leaf: commune, programme and position with regard to the
/// QPV.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct LeafKey {
    commune: usize,
    programme: String,
    qpv: Qpv,
}

struct Leaf {
    name: String,
    /// Rank of the row that gave the name.
    named_by: u64,
    /// One line per table of the catalogue.
    lines: Vec<RawLine>,
}

impl Leaf {
    fn absorb(&mut self, other: Self) {
        if other.named_by < self.named_by {
            (self.name, self.named_by) = (other.name, other.named_by);
        }
        self.lines
            .iter_mut()
            .zip(&other.lines)
            .for_each(|(a, b)| a.add(b));
    }
}

/// Folds dwellings into counts by programme.
///
/// ```
/// use ops_mixite::{campaign::Campaign, dwelling::*, table::Fold};
/// let campaign = Campaign::cucm();
/// let mut fold = Fold::new(&campaign);
/// let dwelling = Dwelling { occupation: Some(Occupation::Let), ..Dwelling::default() };
/// (0..12).for_each(|row| fold.add(&dwelling, row));
/// let tables = fold.finish("habellis", [Variable::Occupation].into_iter().collect());
/// assert_eq!(tables.zonage.mailles.len(), 3, "EPCI, commune, programme");
/// assert_eq!(tables.tables[0].lines[0].counts, [12, 0, 0]);
/// ```
pub struct Fold<'a> {
    campaign: &'a Campaign,
    /// Ranks of the leaves.
    ranks: HashMap<LeafKey, usize, FixedState>,
    leaves: Vec<Leaf>,
    dwellings: u64,
    /// The leaf of the last dwelling: the next one is most often of the same.
    key: LeafKey,
    last: Option<usize>,
}

impl<'a> Fold<'a> {
    /// An empty fold.
    pub fn new(campaign: &'a Campaign) -> Self {
        Self {
            campaign,
            ranks: HashMap::default(),
            leaves: Vec::new(),
            dwellings: 0,
            key: LeafKey::default(),
            last: None,
        }
    }

    /// The same counts under a campaign whose *table de passage* was completed:
    /// everything else of it must be the same.
    #[must_use]
    pub fn over<'b>(self, campaign: &'b Campaign) -> Fold<'b> {
        Fold {
            campaign,
            ranks: self.ranks,
            leaves: self.leaves,
            dwellings: self.dwellings,
            key: self.key,
            last: self.last,
        }
    }

    /// Dwellings folded so far.
    pub fn dwellings(&self) -> u64 {
        self.dwellings
    }

    /// Counts one dwelling in every table; `row` is its rank in the file, from
    /// which a programme takes its first name.
    pub fn add(&mut self, dwelling: &Dwelling, row: u64) {
        self.dwellings += 1;
        let rank = self.leaf_of(dwelling);
        let leaf = &mut self.leaves[rank];
        if leaf.name.is_empty() && !dwelling.programme_name.is_empty() {
            leaf.name.push_str(&dwelling.programme_name);
            leaf.named_by = row;
        }
        let mut cells = [None; CATALOGUE.len()];
        for (rank, (def, line)) in CATALOGUE.iter().zip(&mut leaf.lines).enumerate() {
            if !indicator::in_population(def.unit, dwelling) {
                continue;
            }
            if let Classify::Many(classify) = def.classify {
                let mut people = [0; MAX_PERSON_CELLS];
                classify(dwelling, &mut people);
                let usable: u32 = people.iter().sum();
                line.respondents += usable;
                line.population += u32::from(usable > 0);
                for (cell, count) in people
                    .into_iter()
                    .enumerate()
                    .filter(|(_, count)| *count > 0)
                {
                    line.counts[cell] += count;
                    line.behind[cell] += 1;
                    line.masses[cell] += u64::from(count) * (MASS / u64::from(usable));
                }
            } else {
                line.population += 1;
                cells[rank] = match indicator::CROSSED[rank] {
                    Some((a, b)) => indicator::crossed(cells[a], cells[b], b),
                    None => indicator::cell(def, dwelling, self.campaign),
                };
                if let Some(cell) = cells[rank] {
                    line.counts[cell] += 1;
                    line.respondents += 1;
                }
            }
        }
    }

    /// The rank of the leaf that a dwelling is of.
    fn leaf_of(&mut self, dwelling: &Dwelling) -> usize {
        let key = &mut self.key;
        if let Some(last) = self.last
            && key.commune == dwelling.commune
            && key.programme == dwelling.programme
            && key.qpv == dwelling.qpv
        {
            return last;
        }
        key.commune = dwelling.commune;
        key.programme.clone_from(&dwelling.programme);
        key.qpv.clone_from(&dwelling.qpv);
        let rank = match self.ranks.get(&*key) {
            Some(rank) => *rank,
            None => {
                // A key is made for the first dwelling of a leaf only.
                self.ranks.insert(key.clone(), self.leaves.len());
                self.leaves.push(Leaf {
                    name: String::new(),
                    named_by: u64::MAX,
                    lines: CATALOGUE.iter().map(RawLine::empty).collect(),
                });
                self.leaves.len() - 1
            }
        };
        self.last = Some(rank);
        rank
    }

    /// The leaves and their keys, in no order.
    fn keyed(self) -> impl Iterator<Item = (LeafKey, Leaf)> {
        let mut leaves: Vec<Option<Leaf>> = self.leaves.into_iter().map(Some).collect();
        let ranks = self.ranks.into_iter();
        ranks.filter_map(move |(key, rank)| Some((key, leaves[rank].take()?)))
    }

    /// Adds what another fold counted over the same campaign.
    pub fn absorb(&mut self, other: Self) {
        self.dwellings += other.dwellings;
        for (key, leaf) in other.keyed() {
            match self.ranks.entry(key) {
                hash_map::Entry::Vacant(place) => {
                    place.insert(self.leaves.len());
                    self.leaves.push(leaf);
                }
                hash_map::Entry::Occupied(place) => self.leaves[*place.get()].absorb(leaf),
            }
        }
    }

    /// The tables of the landlord for the variables that the file carries.
    pub fn finish(self, landlord: &str, variables: Variables) -> RawTables {
        let campaign = self.campaign;
        let mut defs: Vec<(usize, &'static TableDef)> = CATALOGUE
            .iter()
            .enumerate()
            .filter(|(_, def)| def.computable(variables, campaign))
            .collect();
        if !variables.contains(crate::dwelling::Variable::Occupation) {
            // Without the occupation no dwelling is known to be let.
            defs.retain(|(_, def)| def.unit == Unit::Dwellings);
        }
        // Identifier path from the root → leaf; `BTreeMap` gives the order of
        // files: depth-first, children by identifier.
        let mut paths: BTreeMap<Vec<String>, (Level, String, Option<Leaf>)> = BTreeMap::new();
        let root = vec!["epci".to_owned()];
        paths.insert(
            root.clone(),
            (Level::Epci, campaign.file().territory.name.clone(), None),
        );
        let rules = &campaign.file().rules;
        let mut small = rules
            .group_small_programmes
            .then(|| group::Small::new(rules.threshold));
        // A group of programmes may stand on both sides of a district: there are
        // groups or districts.
        let leaves = qpv::settle(self.keyed(), campaign, landlord, small.is_none());
        let known = leaves.keys().any(|key| key.qpv != Qpv::Unknown);
        let mut groups: Vec<(String, Level, String, Qpv)> = Vec::new();
        let mut pieces: BTreeMap<(usize, String), u32> = BTreeMap::new();
        for key in leaves.keys() {
            *pieces
                .entry((key.commune, key.programme.clone()))
                .or_default() += 1;
        }
        for (key, leaf) in leaves {
            let commune = &campaign.file().communes[key.commune];
            let mut path = root.clone();
            path.push(commune.code.clone());
            paths
                .entry(path.clone())
                .or_insert_with(|| (Level::Commune, commune.name.clone(), None));
            let passage = campaign.passage(landlord, &key.programme, &commune.code);
            if let Some(secteur) = passage.and_then(|p| p.secteur.as_ref()) {
                path.push(format!("{}/{}", commune.code, escape(secteur)));
                paths
                    .entry(path.clone())
                    .or_insert_with(|| (Level::Secteur, secteur.clone(), None));
            }
            let leaf = match &mut small {
                Some(small) => match small.keep(&path, &key.programme, leaf) {
                    Some(leaf) => leaf,
                    None => continue,
                },
                None => leaf,
            };
            let (id, name) = programme(landlord, &key.programme, &commune.code, &leaf);
            let cut = pieces[&(key.commune, key.programme.clone())] > 1;
            path.push(id.clone());
            let (id, level, name) = if cut {
                let name_of = paths
                    .entry(path.clone())
                    .or_insert_with(|| (Level::Programme, name.clone(), None));
                if name_of.1 == key.programme {
                    name_of.1.clone_from(&name);
                }
                let (id, name) = qpv::part(&id, &name, &key.qpv);
                path.push(id.clone());
                (id, Level::Part, name)
            } else {
                (id, Level::Programme, name)
            };
            if known {
                groups.push((id, level, name.clone(), key.qpv));
            }
            paths.insert(path, (level, name, Some(leaf)));
        }
        for (mut path, group) in small.into_iter().flat_map(group::Small::groups) {
            // The root, then the commune.
            let commune = path[1].clone();
            let (level, (id, name)) = match group.members.as_slice() {
                [alone] => (
                    Level::Programme,
                    programme(landlord, alone, &commune, &group.leaf),
                ),
                members => (
                    Level::Regroupement,
                    (group.id(landlord, &commune), members.join(", ")),
                ),
            };
            path.push(id);
            paths.insert(path, (level, name, Some(group.leaf)));
        }
        let mut zonage = Zonage {
            id: "territoire".to_owned(),
            mailles: Vec::with_capacity(paths.len()),
        };
        let mut tables: Vec<RawTable> = defs
            .iter()
            .map(|(_, def)| RawTable {
                def,
                lines: Vec::with_capacity(paths.len()),
            })
            .collect();
        let mut ancestors: Vec<usize> = Vec::new();
        for (path, (level, name, leaf)) in paths {
            ancestors.truncate(path.len() - 1);
            let rank = zonage.mailles.len();
            zonage.mailles.push(Maille {
                id: path.into_iter().next_back().expect("a path is never empty"),
                level,
                name,
                parent: ancestors.last().copied(),
            });
            ancestors.push(rank);
            for (table, (place, def)) in tables.iter_mut().zip(&defs) {
                table.lines.push(match &leaf {
                    Some(leaf) => leaf.lines[*place].clone(),
                    None => RawLine::empty(def),
                });
            }
        }
        for table in &mut tables {
            // A parent stands before its children: backwards, each maille is
            // complete when it is added to its parent.
            for rank in (1..zonage.mailles.len()).rev() {
                let parent = zonage.mailles[rank].parent.expect("only the root has none");
                let (before, from) = table.lines.split_at_mut(rank);
                before[parent].add(&from[0]);
            }
        }
        RawTables {
            zonage,
            qpv: known.then(|| qpv::zonage(campaign, groups)),
            tables,
        }
    }
}

/// Identifier and name of a programme.
fn programme(landlord: &str, number: &str, commune: &str, leaf: &Leaf) -> (String, String) {
    if number.is_empty() {
        (
            format!("{landlord}/~@{commune}"),
            labels::NO_PROGRAMME.to_owned(),
        )
    } else {
        (
            format!("{landlord}/{}@{commune}", escape(number)),
            programme_name(&leaf.name, number),
        )
    }
}

/// Percent-encodes what has a meaning in identifiers of mailles.
pub fn escape(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '/' | '@' | '~' | '%' => out.push_str(&format!("%{:02X}", c as u32)),
            c => out.push(c),
        }
    }
    out
}

/// The name of a programme, or its number where the name is missing or could
/// point at a person or a door (an address with a number, a title and a name).
pub fn programme_name(name: &str, number: &str) -> String {
    let name = name.trim();
    if name.is_empty() || looks_like_address(name) || looks_like_person(name) {
        number.to_owned()
    } else {
        name.chars().take(MAX_NAME).collect()
    }
}

/// Longest name of a maille, in characters.
const MAX_NAME: usize = 120;

fn looks_like_address(name: &str) -> bool {
    const WAYS: &[&str] = &[
        "RUE",
        "AVENUE",
        "AV",
        "BOULEVARD",
        "BD",
        "BVD",
        "PLACE",
        "PL",
        "ALLEE",
        "ALLEES",
        "CHEMIN",
        "CHE",
        "IMPASSE",
        "IMP",
        "ROUTE",
        "RTE",
        "QUAI",
        "COURS",
        "SQUARE",
        "PASSAGE",
        "SENTIER",
        "VOIE",
    ];
    let plain = crate::campaign::normalise(name);
    let words: Vec<&str> = plain.split(' ').collect();
    words.iter().any(|w| WAYS.contains(w))
        && words
            .iter()
            .any(|w| w.starts_with(|c: char| c.is_ascii_digit()))
}

fn looks_like_person(name: &str) -> bool {
    const TITLES: &[&str] = &[
        "M",
        "MR",
        "MME",
        "MLLE",
        "MONSIEUR",
        "MADAME",
        "MADEMOISELLE",
    ];
    let plain = crate::campaign::normalise(name);
    let mut words = plain.split(' ');
    words.next().is_some_and(|first| TITLES.contains(&first)) && words.next().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dwelling::{Activity, Occupation, Qpv, Variable};

    #[test]
    fn without_districts_programmes_are_whole_again() {
        let campaign = Campaign::cucm();
        let tables = |told: bool| {
            let mut fold = Fold::new(&campaign);
            for i in 0..300_usize {
                let mut d = Dwelling {
                    commune: i % 3,
                    programme: format!("{}", i % 6),
                    occupation: Some(Occupation::Let),
                    ..Dwelling::default()
                };
                // Every other programme is cut by a district, the first one too.
                if told && i % 2 == 0 {
                    d.qpv = match i % 5 {
                        0 => Qpv::Inside(Some("QN07101M".to_owned())),
                        1 => Qpv::Unknown,
                        _ => Qpv::Outside,
                    };
                } else if told {
                    d.qpv = Qpv::Outside;
                }
                d.household.apl = [None, Some(true), Some(false)][i % 3];
                fold.add(&d, i as u64);
            }
            let variables = [Variable::Occupation, Variable::Apl, Variable::Qpv];
            fold.finish("habellis", variables.into_iter().collect())
        };
        let cut = tables(true);
        assert!(cut.qpv.is_some());
        let parts = |tables: &RawTables| {
            let mailles = tables.zonage.mailles.iter();
            mailles.filter(|m| m.level == Level::Part).count()
        };
        assert!(parts(&cut) > 4);
        let (whole, never) = (cut.without_qpv(), tables(false));
        assert!(whole.qpv.is_none() && never.qpv.is_none());
        assert_eq!(whole.zonage.mailles, never.zonage.mailles);
        for (ours, theirs) in whole.tables.iter().zip(&never.tables) {
            assert_eq!(ours.def.id, theirs.def.id);
            assert_eq!(ours.lines, theirs.lines);
        }
        assert_eq!(whole.tables.len(), never.tables.len());
    }

    #[test]
    fn lines_add_up_along_the_tree() {
        let campaign = Campaign::cucm();
        let mut fold = Fold::new(&campaign);
        for i in 0..500_usize {
            let mut d = Dwelling {
                commune: i % 7,
                programme: format!("{:02}", i % 23),
                occupation: [None, Some(Occupation::Let), Some(Occupation::Vacant)][i % 3],
                ..Dwelling::default()
            };
            d.household.apl = [None, Some(true), Some(false), Some(true)][i % 4];
            d.household.activities = vec![Some(Activity::ALL[i % 5]); i % 3];
            fold.add(&d, i as u64);
        }
        let variables = [Variable::Occupation, Variable::Apl, Variable::Activities]
            .into_iter()
            .collect();
        let tables = fold.finish("habellis", variables);
        let children = tables.zonage.children();
        assert_eq!(tables.tables.len(), 3);
        for table in &tables.tables {
            for (rank, line) in table.lines.iter().enumerate() {
                assert_eq!(line.counts.iter().sum::<u32>(), line.respondents);
                if children[rank].is_empty() {
                    continue;
                }
                let mut sum = RawLine::empty(table.def);
                children[rank]
                    .iter()
                    .for_each(|c| sum.add(&table.lines[*c]));
                assert_eq!(&sum, line);
            }
        }
    }

    #[test]
    fn names_that_point_at_a_door_or_a_person_give_way_to_the_number() {
        assert_eq!(
            programme_name("Résidence Harfleur", "12"),
            "Résidence Harfleur"
        );
        assert_eq!(programme_name("12 rue Jean Jaurès", "12"), "12");
        assert_eq!(programme_name("Rue de la Paix", "12"), "Rue de la Paix");
        assert_eq!(programme_name("MME DURAND", "12"), "12");
        assert_eq!(programme_name("  ", "12"), "12");
        assert_eq!(escape("A/B@C~%"), "A%2FB%40C%7E%25");
    }
}

//! One zonage of several landlords: mailles united by identifier, counts added.
//!
//! REASON: a merge keeps, for each maille and table, how many landlords gave a
//! line, beside the sum of what they gave. A table that a landlord lacks then
//! shows at the end as fewer contributors than landlords present, whatever the
//! order of arrival: that is what makes the operation associative.

use std::collections::{BTreeMap, HashMap};

use crate::indicator::CATALOGUE;
use crate::partial::TableFile;
use crate::partial::check::tables::has_line;
use crate::table::{Level, Maille, Zonage};

use super::{MergedLine, MergedTable, MergedZonage};

/// A count, or hidden. Eight bytes where `Option<u64>` takes sixteen: merges
/// hold millions of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cell(u64);

impl Cell {
    const HIDDEN: Self = Self(u64::MAX);
    const NONE: Self = Self(0);

    fn new(count: Option<i64>) -> Self {
        count
            .and_then(|count| u64::try_from(count).ok())
            .map_or(Self::HIDDEN, Self)
    }

    /// Hidden as soon as one side is. Sums stay far under the mark: a campaign
    /// has at most 2 000 landlords of 50 million units.
    fn add(&mut self, other: Self) {
        *self = match (*self, other) {
            (Self::HIDDEN, _) | (_, Self::HIDDEN) => Self::HIDDEN,
            (Self(a), Self(b)) => Self(a + b),
        };
    }

    fn get(self) -> Option<u64> {
        (self != Self::HIDDEN).then_some(self.0)
    }
}

#[derive(Clone, Debug)]
struct Node {
    level: Level,
    name: String,
    parent: Option<String>,
    /// Ranks in the campaign of the landlords present, ascending.
    present: Vec<u16>,
}

/// A table over the mailles of the union, in their order of arrival.
#[derive(Clone, Debug)]
struct Column {
    /// Cells in a line: population, respondents, counts.
    stride: usize,
    /// How many landlords gave a line.
    given: Vec<u16>,
    cells: Vec<Cell>,
}

impl Column {
    fn new(stride: usize, mailles: usize) -> Self {
        let mut column = Self {
            stride,
            given: Vec::new(),
            cells: Vec::new(),
        };
        column.grow(mailles);
        column
    }

    fn grow(&mut self, mailles: usize) {
        self.given.resize(mailles, 0);
        self.cells.resize(mailles * self.stride, Cell::NONE);
    }

    fn add(&mut self, maille: usize, given: u16, cells: impl Iterator<Item = Cell>) {
        self.given[maille] += given;
        let start = maille * self.stride;
        self.cells[start..start + self.stride]
            .iter_mut()
            .zip(cells)
            .for_each(|(sum, cell)| sum.add(cell));
    }
}

/// One zonage, all landlords together.
#[derive(Clone, Debug, Default)]
pub(super) struct Union {
    /// Identifier → place in `nodes`.
    index: HashMap<String, usize>,
    nodes: Vec<Node>,
    /// By rank in the catalogue.
    tables: BTreeMap<usize, Column>,
    /// Ranks in the campaign of the landlords whose file has this zonage.
    landlords: Vec<u16>,
}

impl Union {
    /// The zonage of one landlord.
    pub(super) fn of(landlord: u16, zonage: &Zonage, tables: &[TableFile]) -> Self {
        let mut union = Self {
            index: HashMap::with_capacity(zonage.mailles.len()),
            nodes: Vec::with_capacity(zonage.mailles.len()),
            tables: BTreeMap::new(),
            landlords: vec![landlord],
        };
        for (rank, maille) in zonage.mailles.iter().enumerate() {
            union.index.insert(maille.id.clone(), rank);
            union.nodes.push(Node {
                level: maille.level,
                name: maille.name.clone(),
                parent: maille.parent.map(|p| zonage.mailles[p].id.clone()),
                present: vec![landlord],
            });
        }
        for table in tables.iter().filter(|table| table.zonage == zonage.id) {
            let rank = CATALOGUE
                .iter()
                .position(|def| def.id == table.id)
                .expect("the reader of partials accepts only tables of the catalogue");
            let mut column = Column::new(CATALOGUE[rank].width() + 2, union.nodes.len());
            for line in &table.lines {
                let cells = [line.base(), line.respondents]
                    .into_iter()
                    .chain(line.counts.iter().copied())
                    .map(Cell::new);
                column.add(union.index[&line.maille], 1, cells);
            }
            union.tables.insert(rank, column);
        }
        union
    }

    /// A maille that the two place differently, the first by identifier.
    pub(super) fn conflict(&self, other: &Self) -> Option<String> {
        // The fewer mailles are looked up among the many: a merge of hundreds
        // would else go through all of it at each file.
        let (few, many) = if self.nodes.len() <= other.nodes.len() {
            (self, other)
        } else {
            (other, self)
        };
        few.index
            .iter()
            .filter_map(|(id, place)| {
                let (one, two) = (&few.nodes[*place], &many.nodes[*many.index.get(id)?]);
                (one.level != two.level || one.parent != two.parent).then_some(id)
            })
            .min()
            .cloned()
    }

    /// Takes the other in; they have no landlord and no conflict in common.
    pub(super) fn absorb(&mut self, mut other: Self) {
        if other.nodes.len() > self.nodes.len() {
            // The operation is commutative: move the fewer mailles.
            std::mem::swap(self, &mut other);
        }
        self.landlords = union(&self.landlords, &other.landlords);
        // Where each maille of the other stands here.
        let mut places = vec![0; other.nodes.len()];
        let mut ids: Vec<(String, usize)> = other.index.into_iter().collect();
        ids.sort_unstable_by_key(|(_, theirs)| *theirs);
        for ((id, theirs), node) in ids.into_iter().zip(other.nodes) {
            places[theirs] = match self.index.get(&id) {
                Some(&here) => {
                    let ours = &mut self.nodes[here];
                    ours.present = union(&ours.present, &node.present);
                    if node.name < ours.name {
                        ours.name = node.name;
                    }
                    here
                }
                None => {
                    self.index.insert(id, self.nodes.len());
                    self.nodes.push(node);
                    self.nodes.len() - 1
                }
            };
        }
        for column in self.tables.values_mut() {
            column.grow(self.nodes.len());
        }
        for (rank, theirs) in other.tables {
            let ours = self
                .tables
                .entry(rank)
                .or_insert_with(|| Column::new(theirs.stride, self.nodes.len()));
            let lines = theirs.cells.chunks_exact(theirs.stride);
            for ((place, given), cells) in places.iter().zip(theirs.given).zip(lines) {
                ours.add(*place, given, cells.iter().copied());
            }
        }
    }

    /// The mailles in the order of files and their merged lines. `landlords`
    /// are all those of the merge, in the order of files.
    pub(super) fn ordered(&self, id: &str, landlords: &[u16]) -> MergedZonage {
        let mut children: HashMap<&str, Vec<&str>> = HashMap::new();
        let mut roots: Vec<&str> = Vec::new();
        for (id, place) in &self.index {
            match &self.nodes[*place].parent {
                Some(parent) => children.entry(parent).or_default().push(id),
                None => roots.push(id),
            }
        }
        // Last in, first out: siblings are stacked from the last to the first.
        let descending = |ids: &mut Vec<&str>| ids.sort_unstable_by(|a, b| b.cmp(a));
        descending(&mut roots);
        let mut stack: Vec<(&str, Option<usize>)> = roots.iter().map(|id| (*id, None)).collect();
        let mut zonage = Zonage {
            id: id.to_owned(),
            mailles: Vec::with_capacity(self.nodes.len()),
        };
        let mut places = Vec::with_capacity(self.nodes.len());
        while let Some((id, parent)) = stack.pop() {
            let place = self.index[id];
            let rank = places.len();
            places.push(place);
            let node = &self.nodes[place];
            zonage.mailles.push(Maille {
                id: id.to_owned(),
                level: node.level,
                name: node.name.clone(),
                parent,
            });
            if let Some(mut below) = children.remove(id) {
                descending(&mut below);
                stack.extend(below.into_iter().map(|id| (id, Some(rank))));
            }
        }
        // A landlord without this zonage may have dwellings anywhere in it.
        let complete = landlords.iter().all(|l| self.landlords.contains(l));
        let tables = self
            .tables
            .iter()
            .map(|(rank, column)| {
                let def = &CATALOGUE[*rank];
                let lines = places
                    .iter()
                    .enumerate()
                    .filter(|(maille, _)| has_line(def, &zonage, zonage.mailles[*maille].level))
                    .map(|(maille, place)| {
                        let all =
                            usize::from(column.given[*place]) == self.nodes[*place].present.len();
                        let cells = &column.cells[place * column.stride..][..column.stride];
                        let get = |cell: &Cell| cell.get().filter(|_| all && complete);
                        MergedLine {
                            maille,
                            base: get(&cells[0]),
                            respondents: get(&cells[1]),
                            counts: cells[2..].iter().map(get).collect(),
                        }
                    })
                    .collect();
                MergedTable { def, lines }
            })
            .collect();
        let rank_of: HashMap<u16, usize> = landlords
            .iter()
            .enumerate()
            .map(|(rank, landlord)| (*landlord, rank))
            .collect();
        let present = places
            .iter()
            .map(|place| {
                let mut ranks: Vec<usize> = self.nodes[*place]
                    .present
                    .iter()
                    .map(|landlord| rank_of[landlord])
                    .collect();
                ranks.sort_unstable();
                ranks
            })
            .collect();
        MergedZonage {
            zonage,
            present,
            tables,
        }
    }
}

/// Two ascending lists without common element, as one.
fn union(a: &[u16], b: &[u16]) -> Vec<u16> {
    let mut all = [a, b].concat();
    all.sort_unstable();
    all
}

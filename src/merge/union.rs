//! One zonage of several landlords: what they can share united by identifier,
//! its counts added; what is one landlord's alone beside it ([`super::own`]).
//!
//! REASON: a merge keeps, for each shared maille and table, how many landlords
//! gave a line, beside the sum of what they gave. A table that a landlord lacks
//! then shows at the end as fewer contributors than landlords present, whatever
//! the order of arrival: that is what makes the operation associative.

use std::collections::{BTreeMap, HashMap};

use foldhash::fast::FixedState;

use crate::indicator::{CATALOGUE, TableDef};
use crate::partial::TableFile;
use crate::partial::check::tables::has_line;
use crate::table::{Level, Maille, Zonage};

use super::own::{Own, Packed, Parent};
use super::{MergedLine, MergedTable, MergedZonage};

/// A count, or hidden. Eight bytes where `Option<u64>` takes sixteen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cell(u64);

impl Cell {
    const HIDDEN: Self = Self(u64::MAX);
    const NONE: Self = Self(0);

    fn new(count: Option<u64>) -> Self {
        count.map_or(Self::HIDDEN, Self)
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

/// May several landlords be present on a maille of this level?
pub(super) fn is_shared(level: Level) -> bool {
    match level {
        Level::Epci | Level::Commune | Level::Secteur | Level::QpvSituation | Level::Qpv => true,
        Level::Programme | Level::Regroupement | Level::Part => false,
    }
}

/// A maille that landlords can share.
#[derive(Clone, Debug)]
struct Place {
    level: Level,
    name: String,
    /// Its rank in the union, always before this one's.
    parent: Option<u32>,
    /// How many landlords are present.
    present: u16,
}

/// A table over the shared mailles, in their order of arrival.
#[derive(Clone, Debug)]
struct Column {
    /// Cells in a line: population, respondents, counts.
    stride: usize,
    /// How many landlords gave a line.
    given: Vec<u16>,
    cells: Vec<Cell>,
}

impl Column {
    fn new(stride: usize, places: usize) -> Self {
        let mut column = Self {
            stride,
            given: Vec::new(),
            cells: Vec::new(),
        };
        column.grow(places);
        column
    }

    fn grow(&mut self, places: usize) {
        self.given.resize(places, 0);
        self.cells.resize(places * self.stride, Cell::NONE);
    }

    fn line(&self, place: usize) -> &[Cell] {
        &self.cells[place * self.stride..][..self.stride]
    }

    fn add(&mut self, place: usize, given: u16, cells: impl Iterator<Item = Cell>) {
        self.given[place] += given;
        self.cells[place * self.stride..][..self.stride]
            .iter_mut()
            .zip(cells)
            .for_each(|(sum, cell)| sum.add(cell));
    }
}

/// Where the shared mailles of one union stand in another, by rank.
pub(super) type Known = Vec<Option<u32>>;

/// One zonage, all landlords together.
#[derive(Clone, Debug, Default)]
pub(super) struct Union {
    /// Identifier of a shared maille → its rank in `places`.
    index: HashMap<String, u32, FixedState>,
    places: Vec<Place>,
    /// By rank in the catalogue.
    tables: BTreeMap<usize, Column>,
    /// By rank in the campaign: the landlords whose file has this zonage.
    own: BTreeMap<u16, Own>,
}

/// A child of a shared maille, while mailles are put in order.
enum Member {
    Place(usize),
    /// Rank of the landlord in the order of files, rank among his own mailles.
    Own(usize, usize),
}

impl Union {
    /// The zonage of one landlord.
    pub(super) fn of(landlord: u16, zonage: &Zonage, tables: &[TableFile]) -> Self {
        let mut union = Self::default();
        let mut own = Own::default();
        // Where each maille of the file went.
        let mut went: Vec<Parent> = Vec::with_capacity(zonage.mailles.len());
        for maille in &zonage.mailles {
            let parent = maille.parent.map(|parent| went[parent]);
            if is_shared(maille.level) {
                let rank = narrow(union.places.len());
                union.index.insert(maille.id.clone(), rank);
                union.places.push(Place {
                    level: maille.level,
                    name: maille.name.clone(),
                    parent: match parent {
                        Some(Parent::Place(place)) => Some(place),
                        _ => None,
                    },
                    present: 1,
                });
                own.places.push(rank);
                went.push(Parent::Place(rank));
            } else {
                let rank = narrow(own.len());
                let parent = parent.expect("only the root has no parent, and it is shared");
                own.push(&maille.id, &maille.name, maille.level, parent);
                went.push(Parent::Own(rank));
            }
        }
        for table in tables.iter().filter(|table| table.zonage == zonage.id) {
            let rank = CATALOGUE
                .iter()
                .position(|def| def.id == table.id)
                .expect("the reader of partials accepts only tables of the catalogue");
            let def = &CATALOGUE[rank];
            let mut column = Column::new(def.width() + 2, union.places.len());
            let mut packed = Packed::default();
            let mut cells = Vec::with_capacity(column.stride);
            let shown = (zonage.mailles.iter().zip(&went))
                .filter(|(maille, _)| has_line(def, zonage, maille.level));
            for ((maille, went), line) in shown.zip(&table.lines) {
                debug_assert_eq!(maille.id, line.maille, "the reader checks their order");
                cells.clear();
                cells.extend(
                    [line.base(), line.respondents]
                        .into_iter()
                        .chain(line.counts.iter().copied())
                        .map(|count| count.and_then(|count| u64::try_from(count).ok())),
                );
                match went {
                    Parent::Place(place) => {
                        column.add(*place as usize, 1, cells.iter().copied().map(Cell::new));
                    }
                    Parent::Own(_) => packed.push(&cells),
                }
            }
            packed.shrink();
            union.tables.insert(rank, column);
            own.tables.insert(rank, packed);
        }
        own.shrink();
        union.own.insert(landlord, own);
        union
    }

    /// How many landlords' files have this zonage.
    pub(super) fn landlords(&self) -> usize {
        self.own.len()
    }

    /// Has the file of a landlord this zonage? By his rank in the campaign.
    pub(super) fn has(&self, landlord: u16) -> bool {
        self.own.contains_key(&landlord)
    }

    /// How many mailles.
    pub(super) fn len(&self) -> usize {
        self.places.len() + self.own.values().map(Own::len).sum::<usize>()
    }

    /// Its tables, in the order of the catalogue.
    pub(super) fn tables(&self) -> Vec<&'static TableDef> {
        self.tables.keys().map(|rank| &CATALOGUE[*rank]).collect()
    }

    /// Where the shared mailles of the other stand here, and a maille that the two
    /// place differently, the first by identifier.
    pub(super) fn compared(&self, other: &Self) -> Result<Known, String> {
        let ids = other.ids();
        let known: Known = ids.iter().map(|id| self.index.get(*id).copied()).collect();
        let misplaced = |rank: &usize| {
            let Some(here) = known[*rank] else {
                return false;
            };
            let (ours, theirs) = (&self.places[here as usize], &other.places[*rank]);
            // A parent that is not known here is not the parent known here.
            let parent = theirs.parent.map(|parent| known[parent as usize]);
            ours.level != theirs.level || parent != ours.parent.map(Some)
        };
        let first = (0..ids.len()).filter(misplaced).map(|rank| ids[rank]).min();
        match first {
            None => Ok(known),
            Some(id) => Err(id.to_owned()),
        }
    }

    /// Takes the other in; they have no landlord and no conflict in common. `known`
    /// is what [`Union::compared`] said.
    pub(super) fn absorb(&mut self, other: Self, known: &Known) {
        // Where each place of the other stands here.
        let mut stands: Vec<u32> = Vec::with_capacity(other.places.len());
        let mut new: Vec<(String, u32)> = other
            .index
            .into_iter()
            .filter(|(_, theirs)| known[*theirs as usize].is_none())
            .collect();
        new.sort_unstable_by_key(|(_, theirs)| *theirs);
        let mut new = new.into_iter();
        for (mut place, known) in other.places.into_iter().zip(known) {
            stands.push(match *known {
                Some(here) => {
                    let ours = &mut self.places[here as usize];
                    ours.present += place.present;
                    if place.name < ours.name {
                        ours.name = place.name;
                    }
                    here
                }
                None => {
                    let rank = narrow(self.places.len());
                    let (id, _) = new.next().expect("one for each that is not known");
                    place.parent = place.parent.map(|parent| stands[parent as usize]);
                    self.index.insert(id, rank);
                    self.places.push(place);
                    rank
                }
            });
        }
        for column in self.tables.values_mut() {
            column.grow(self.places.len());
        }
        for (rank, theirs) in other.tables {
            let ours = self
                .tables
                .entry(rank)
                .or_insert_with(|| Column::new(theirs.stride, self.places.len()));
            for (place, here) in stands.iter().enumerate() {
                let cells = theirs.line(place).iter().copied();
                ours.add(*here as usize, theirs.given[place], cells);
            }
        }
        for (landlord, mut own) in other.own {
            for place in &mut own.places {
                *place = stands[*place as usize];
            }
            self.own.insert(landlord, own);
        }
    }

    /// Does it hold more shared mailles?
    pub(super) fn is_larger_than(&self, other: &Self) -> bool {
        self.places.len() > other.places.len()
    }

    /// Identifiers of the shared mailles, by rank.
    fn ids(&self) -> Vec<&str> {
        let mut ids = vec![""; self.places.len()];
        for (id, place) in &self.index {
            ids[*place as usize] = id;
        }
        ids
    }

    /// The mailles in the order of files and their merged lines. `landlords`
    /// are all those of the merge, in the order of files.
    pub(super) fn ordered(&self, id: &str, landlords: &[u16]) -> MergedZonage {
        let own: Vec<Option<&Own>> = landlords.iter().map(|rank| self.own.get(rank)).collect();
        let (zonage, members) = self.depth_first(id, &own);
        let tables =
            self.tables
                .iter()
                .map(|(rank, column)| {
                    let def = &CATALOGUE[*rank];
                    // A landlord's mailles come in the order of his file.
                    let mut lines: Vec<_> = own
                        .iter()
                        .map(|own| Some(own.as_ref()?.tables.get(rank)?.lines()))
                        .collect();
                    let shown = members.iter().enumerate().filter(|(maille, _)| {
                        has_line(def, &zonage, zonage.mailles[*maille].level)
                    });
                    let lines = shown
                        .map(|(maille, member)| {
                            let mut cells: Vec<Option<u64>> = match member {
                                Member::Place(place) => {
                                    let all = column.given[*place] == self.places[*place].present;
                                    let get = |cell: &Cell| cell.get().filter(|_| all);
                                    column.line(*place).iter().map(get).collect()
                                }
                                Member::Own(landlord, _) => match &mut lines[*landlord] {
                                    Some(lines) => lines.next(column.stride),
                                    None => vec![None; column.stride],
                                },
                            };
                            MergedLine {
                                maille,
                                base: cells[0],
                                respondents: cells[1],
                                counts: cells.split_off(2),
                            }
                        })
                        .collect();
                    let has = |own: &Option<&Own>| own.is_some_and(|o| o.tables.contains_key(rank));
                    let lacking = own.iter().enumerate().filter(|(_, own)| !has(own));
                    MergedTable {
                        def,
                        lines,
                        lacking: lacking.map(|(landlord, _)| landlord).collect(),
                    }
                })
                .collect();
        let mut present: Vec<Vec<usize>> = vec![Vec::new(); self.places.len()];
        for (landlord, own) in own.iter().enumerate() {
            for place in own.iter().flat_map(|own| &own.places) {
                present[*place as usize].push(landlord);
            }
        }
        let present = members
            .iter()
            .map(|member| match member {
                Member::Place(place) => std::mem::take(&mut present[*place]),
                Member::Own(landlord, _) => vec![*landlord],
            })
            .collect();
        MergedZonage {
            zonage,
            present,
            tables,
        }
    }

    /// All mailles, depth-first, children by identifier; and what each is here.
    fn depth_first(&self, id: &str, own: &[Option<&Own>]) -> (Zonage, Vec<Member>) {
        let ids = self.ids();
        let mut children: Vec<Vec<Member>> = Vec::new();
        children.resize_with(self.places.len(), Vec::new);
        let mut roots = Vec::new();
        for (rank, place) in self.places.iter().enumerate() {
            match place.parent {
                Some(parent) => children[parent as usize].push(Member::Place(rank)),
                None => roots.push(Member::Place(rank)),
            }
        }
        for (landlord, own) in own.iter().enumerate() {
            let Some(own) = own else { continue };
            for rank in 0..own.len() {
                if let Parent::Place(place) = own.parent(rank) {
                    children[own.places[place as usize] as usize].push(Member::Own(landlord, rank));
                }
            }
        }
        let own_of = |landlord: usize| own[landlord].expect("its mailles are listed above");
        let id_of = |member: &Member| match member {
            Member::Place(place) => ids[*place],
            Member::Own(landlord, rank) => own_of(*landlord).id(*rank),
        };
        let mut zonage = Zonage {
            id: id.to_owned(),
            mailles: Vec::with_capacity(self.len()),
        };
        let mut members = Vec::with_capacity(self.len());
        // Last in, first out: siblings are stacked from the last to the first.
        let stacked = |mut siblings: Vec<Member>, parent: Option<usize>| {
            siblings.sort_unstable_by(|a, b| id_of(b).cmp(id_of(a)));
            siblings.into_iter().map(move |member| (member, parent))
        };
        let mut stack: Vec<(Member, Option<usize>)> = stacked(roots, None).collect();
        while let Some((member, parent)) = stack.pop() {
            let rank = members.len();
            let (level, name) = match &member {
                Member::Place(place) => (self.places[*place].level, &*self.places[*place].name),
                Member::Own(landlord, at) => {
                    (own_of(*landlord).level(*at), own_of(*landlord).name(*at))
                }
            };
            zonage.mailles.push(Maille {
                id: id_of(&member).to_owned(),
                level,
                name: name.to_owned(),
                parent,
            });
            let below = match &member {
                Member::Place(place) => std::mem::take(&mut children[*place]),
                // Its parts follow it in the file.
                Member::Own(landlord, at) => (at + 1..own_of(*landlord).len())
                    .take_while(|below| {
                        matches!(own_of(*landlord).parent(*below),
                            Parent::Own(parent) if parent as usize == *at)
                    })
                    .map(|below| Member::Own(*landlord, below))
                    .collect(),
            };
            members.push(member);
            stack.extend(stacked(below, Some(rank)));
        }
        (zonage, members)
    }
}

/// A rank of maille: a partial has at most 200 000, a campaign 2 000 landlords.
fn narrow(rank: usize) -> u32 {
    u32::try_from(rank).expect("mailles are fewer than 2^32")
}

//! The mailles that are one landlord's alone: programmes, groups of them, their
//! parts.
//!
//! REASON: a merge of hundreds of landlords holds millions of them, and adds
//! nothing to any. They stay as they came, packed: texts end to end, parents by
//! rank, and of each line what it publishes and no more. A line that is wholly
//! hidden, as most lines of programmes are, takes one byte or two.

use std::collections::BTreeMap;

use crate::table::Level;

/// Where a maille of one landlord hangs.
#[derive(Clone, Copy, Debug)]
pub(super) enum Parent {
    /// Under a shared maille: its rank in [`Own::places`].
    Place(u32),
    /// Under another of his own: its rank among them.
    Own(u32),
}

#[derive(Clone, Debug)]
struct Node {
    /// Where its identifier and its name end in the texts; they begin where those
    /// of the node before end.
    id_end: u32,
    name_end: u32,
    parent: Parent,
    level: Level,
}

/// One landlord's mailles in a zonage.
#[derive(Clone, Debug, Default)]
pub(super) struct Own {
    texts: String,
    /// Depth-first, as in his file.
    nodes: Vec<Node>,
    /// The shared mailles that he lists: their ranks in the union.
    pub(super) places: Vec<u32>,
    /// By rank in the catalogue: the lines of `nodes`, in their order.
    pub(super) tables: BTreeMap<usize, Packed>,
}

impl Own {
    /// Adds a maille, after its parent.
    pub(super) fn push(&mut self, id: &str, name: &str, level: Level, parent: Parent) {
        // A partial has a bounded size, far under 4 GiB.
        let end = |text: &String| u32::try_from(text.len()).expect("a file is bounded");
        self.texts.push_str(id);
        let id_end = end(&self.texts);
        self.texts.push_str(name);
        self.nodes.push(Node {
            id_end,
            name_end: end(&self.texts),
            parent,
            level,
        });
    }

    /// Gives back what was kept in store while it grew.
    pub(super) fn shrink(&mut self) {
        self.texts.shrink_to_fit();
        self.nodes.shrink_to_fit();
        self.places.shrink_to_fit();
    }

    /// How many mailles.
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    fn start(&self, rank: usize) -> usize {
        match rank.checked_sub(1) {
            Some(before) => self.nodes[before].name_end as usize,
            None => 0,
        }
    }

    /// The identifier of a maille.
    pub(super) fn id(&self, rank: usize) -> &str {
        &self.texts[self.start(rank)..self.nodes[rank].id_end as usize]
    }

    /// The name of a maille.
    pub(super) fn name(&self, rank: usize) -> &str {
        let node = &self.nodes[rank];
        &self.texts[node.id_end as usize..node.name_end as usize]
    }

    /// The level of a maille.
    pub(super) fn level(&self, rank: usize) -> Level {
        self.nodes[rank].level
    }

    /// Where a maille hangs.
    pub(super) fn parent(&self, rank: usize) -> Parent {
        self.nodes[rank].parent
    }
}

/// Lines of counts one after the other: for each, a number whose bits say which
/// of its cells are published, then these. Numbers are written by seven bits
/// (LEB128), so that a small one takes a byte.
#[derive(Clone, Debug, Default)]
pub(super) struct Packed(Vec<u8>);

/// Most cells of a line: the bits of the number that says which are published.
pub(super) const MAX_STRIDE: usize = u64::BITS as usize;

impl Packed {
    /// Adds a line of at most [`MAX_STRIDE`] cells.
    pub(super) fn push(&mut self, cells: &[Option<u64>]) {
        debug_assert!(cells.len() <= MAX_STRIDE);
        let published = cells.iter().enumerate().filter(|(_, cell)| cell.is_some());
        self.write(published.map(|(rank, _)| 1 << rank).sum());
        for cell in cells.iter().flatten() {
            self.write(*cell);
        }
    }

    fn write(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }

    /// Gives back what was kept in store while it grew.
    pub(super) fn shrink(&mut self) {
        self.0.shrink_to_fit();
    }

    /// The lines, from the first.
    pub(super) fn lines(&self) -> Lines<'_> {
        Lines(&self.0)
    }
}

/// The lines of a [`Packed`] that are left to read.
pub(super) struct Lines<'a>(&'a [u8]);

impl Lines<'_> {
    /// The next line, of so many cells.
    pub(super) fn next(&mut self, stride: usize) -> Vec<Option<u64>> {
        let published = self.read();
        (0..stride)
            .map(|rank| (published >> rank & 1 == 1).then(|| self.read()))
            .collect()
    }

    fn read(&mut self) -> u64 {
        let (mut number, mut shift) = (0, 0);
        while let Some((byte, rest)) = self.0.split_first() {
            self.0 = rest;
            number |= u64::from(byte & 0x7f) << shift;
            shift += 7;
            if byte & 0x80 == 0 {
                break;
            }
        }
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::CATALOGUE;
    use proptest::prelude::*;

    #[test]
    fn every_table_of_the_catalogue_can_be_packed() {
        for def in CATALOGUE {
            assert!(def.width() + 2 <= MAX_STRIDE, "{}", def.id);
        }
    }

    #[test]
    fn a_hidden_line_of_a_usual_table_takes_a_byte() {
        let mut packed = Packed::default();
        packed.push(&[None; 7]);
        packed.push(&[Some(120), Some(100), None, None, Some(50_000_000)]);
        assert_eq!(packed.0.len(), 1 + 1 + 1 + 1 + 4);
    }

    proptest! {
        #[test]
        fn what_is_packed_is_read_back(
            lines in prop::collection::vec(
                prop::collection::vec(prop::option::of(any::<u64>()), MAX_STRIDE),
                0..5,
            ),
            stride in 1..=MAX_STRIDE,
        ) {
            let mut packed = Packed::default();
            for line in &lines {
                packed.push(&line[..stride]);
            }
            let mut read = packed.lines();
            for line in &lines {
                prop_assert_eq!(&read.next(stride), &line[..stride]);
            }
            prop_assert!(read.0.is_empty());
        }
    }

    #[test]
    fn texts_end_to_end_are_told_apart() {
        let mut own = Own::default();
        own.push(
            "a/1@71001",
            "Les Tilleuls",
            Level::Programme,
            Parent::Place(0),
        );
        own.push("a/1@71001/hors", "", Level::Part, Parent::Own(0));
        own.push("a/2@71001", "2", Level::Programme, Parent::Place(0));
        let read: Vec<_> = (0..own.len())
            .map(|rank| (own.id(rank), own.name(rank)))
            .collect();
        assert_eq!(
            read,
            [
                ("a/1@71001", "Les Tilleuls"),
                ("a/1@71001/hors", ""),
                ("a/2@71001", "2")
            ]
        );
    }
}

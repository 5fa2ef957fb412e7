//! The shared strings of a workbook, in little more than their bytes.

use crate::intake::error::{Bound, Problem};
use crate::intake::limits::{MAX_CELL_BYTES, MAX_SHARED_STRINGS};
use crate::words::damage as words;

/// Bits of the place of a byte within its block.
const BLOCK_BITS: u32 = 20;
/// Bytes of a block.
///
/// REASON for blocks: one buffer that doubles holds, while it is moved, three
/// times what it keeps, and the memory of a wasm never shrinks.
const BLOCK: usize = 1 << BLOCK_BITS;

/// Texts by rank.
#[derive(Debug, Default)]
pub(crate) struct Strings {
    blocks: Vec<String>,
    /// Where each string ends: the rank of its block, then the place in it. It
    /// begins where the one before ends, or with its block.
    ends: Vec<u32>,
}

impl Strings {
    /// Makes room for so many strings.
    pub(crate) fn expect(&mut self, count: usize) {
        self.ends.reserve_exact(count.min(MAX_SHARED_STRINGS));
    }

    pub(crate) fn push(&mut self, text: &str) -> Result<(), Problem> {
        if self.ends.len() >= MAX_SHARED_STRINGS {
            return Err(Problem::too_much(
                Bound::SharedStrings,
                self.ends.len() as u64 + 1,
                MAX_SHARED_STRINGS as u64,
            ));
        }
        if text.len() > MAX_CELL_BYTES {
            return Err(Problem::too_much(
                Bound::CellBytes,
                text.len() as u64,
                MAX_CELL_BYTES as u64,
            ));
        }
        let full = |block: &String| block.len() + text.len() >= BLOCK;
        if self.blocks.last().is_none_or(full) {
            // The first block grows: most workbooks have few strings.
            self.blocks.push(match self.blocks.len() {
                0 => String::new(),
                _ => String::with_capacity(BLOCK),
            });
        }
        let rank = self.blocks.len() - 1;
        let block = &mut self.blocks[rank];
        block.push_str(text);
        self.ends.push((rank << BLOCK_BITS | block.len()) as u32);
        Ok(())
    }

    /// The block, the start and the end of a string.
    #[inline]
    fn place(&self, rank: usize) -> Option<(usize, usize, usize)> {
        let end = *self.ends.get(rank)?;
        let before = rank.checked_sub(1).map_or(0, |before| self.ends[before]);
        let (block, end) = (end >> BLOCK_BITS, end as usize & (BLOCK - 1));
        let start = match before >> BLOCK_BITS == block {
            true => before as usize & (BLOCK - 1),
            false => 0,
        };
        Some((block as usize, start, end))
    }

    #[inline]
    pub(crate) fn get(&self, rank: usize) -> Option<&str> {
        let (block, start, end) = self.place(rank)?;
        Some(&self.blocks[block][start..end])
    }

    /// Is the string an empty one? Nothing of it is looked at.
    #[inline]
    pub(crate) fn is_empty(&self, rank: usize) -> Option<bool> {
        self.place(rank).map(|(_, start, end)| start == end)
    }

    /// The string that a cell refers to.
    pub(crate) fn known(&self, rank: usize) -> Result<&str, Problem> {
        self.get(rank)
            .ok_or_else(|| Problem::damaged(words::NO_SUCH_TEXT))
    }

    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_come_back_over_the_ends_of_blocks() {
        let mut strings = Strings::default();
        let texts: Vec<String> = (0..400)
            .map(|n| "é".repeat(n * 37 % 9_000) + &n.to_string())
            .chain([String::new(), "x".repeat(131_072), String::new()])
            .collect();
        texts.iter().for_each(|text| strings.push(text).unwrap());
        assert!(strings.blocks.len() > 2);
        for (rank, text) in texts.iter().enumerate() {
            assert_eq!(strings.get(rank), Some(text.as_str()));
        }
        assert_eq!((strings.len(), strings.get(texts.len())), (403, None));
        let long = "x".repeat(131_073);
        assert_eq!(strings.push(&long).unwrap_err().code(), "limite-depassee");
        assert_eq!(strings.len(), 403);
        let mut many = Strings::default();
        many.ends.resize(7_999_999, 0);
        assert_eq!(many.push(""), Ok(()));
        assert_eq!(many.push("").unwrap_err().code(), "limite-depassee");
    }
}

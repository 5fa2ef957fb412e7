//! The compound file ([MS-CFB]) that holds an .xls, and any encrypted workbook:
//! a little file system of chained sectors.
//!
//! Every chain is followed for at most as many sectors as the file has, so a
//! loop or a wild number is an error and memory never exceeds the file's size.

use std::io::{Read, Seek, SeekFrom};

use super::biff::Bytes;
use super::window::Window;
use crate::intake::error::Problem;
use crate::words::damage as words;

const END_OF_CHAIN: u32 = 0xFFFF_FFFE;
const NO_STREAM: u32 = 0xFFFF_FFFF;
/// Sectors from this number on are marks, not places.
const MARKS: u32 = 0xFFFF_FFFA;

pub(crate) struct Cfb<S> {
    source: Window<S>,
    sector: usize,
    sectors: usize,
    fat: Vec<u32>,
    mini_cutoff: u64,
    mini_fat: Vec<u32>,
    mini_stream: Vec<u8>,
    entries: Vec<Entry>,
}

struct Entry {
    name: String,
    kind: u8,
    start: u32,
    size: u64,
}

fn broken(what: &str) -> Problem {
    Problem::damaged(words::structure(what))
}

impl<S: Read + Seek> Cfb<S> {
    pub(crate) fn open(mut source: Window<S>) -> Result<Self, Problem> {
        let header = source.start(512)?;
        if header.len() < 512 {
            return Err(Problem::truncated(words::HEADER_CUT));
        }
        let mut h = Bytes(&header[0x1E..]);
        let sector = match h.u16()? {
            9 => 512,
            12 => 4096,
            _ => return Err(broken(words::SECTOR_SIZE)),
        };
        let mut h = Bytes(&header[0x30..]);
        let directory = h.u32()?;
        h.u32()?;
        let mini_cutoff = u64::from(h.u32()?);
        let mini_fat_start = h.u32()?;
        h.u32()?;
        let mut difat_next = h.u32()?;
        h.u32()?;
        let sectors = (source.size() as usize).div_ceil(sector);
        let mut cfb = Self {
            source,
            sector,
            sectors,
            fat: Vec::new(),
            mini_cutoff: mini_cutoff.min(1 << 16),
            mini_fat: Vec::new(),
            mini_stream: Vec::new(),
            entries: Vec::new(),
        };
        // The sectors of the table: 109 in the header, the rest chained.
        let mut table: Vec<u32> = words(&header[0x4C..]).filter(|s| *s < MARKS).collect();
        while difat_next < MARKS {
            let bytes = cfb.sector(difat_next)?;
            let mut more: Vec<u32> = words(&bytes).collect();
            difat_next = more.pop().unwrap_or(END_OF_CHAIN);
            table.extend(more.into_iter().filter(|s| *s < MARKS));
            if table.len() > cfb.sectors + sector {
                return Err(broken(words::SECTOR_TABLE));
            }
        }
        for id in table {
            let bytes = cfb.sector(id)?;
            cfb.fat.extend(words(&bytes));
            if cfb.fat.len() > cfb.sectors + sector {
                break; // the rest would be beyond the end of the file
            }
        }
        let bytes = cfb.chain(directory)?;
        cfb.entries = bytes.chunks_exact(128).map(entry).collect();
        let root = cfb
            .entries
            .first()
            .ok_or_else(|| broken(words::DIRECTORY))?;
        let (root_start, root_size) = (root.start, root.size);
        if mini_fat_start < MARKS {
            let bytes = cfb.chain(mini_fat_start)?;
            cfb.mini_fat = words(&bytes).collect();
            cfb.mini_stream = cfb.chain(root_start)?;
            cfb.mini_stream
                .truncate(usize::try_from(root_size).unwrap_or(usize::MAX));
        }
        Ok(cfb)
    }

    /// Is there a stream or a storage of this name?
    pub(crate) fn has(&self, name: &str) -> bool {
        self.entries
            .iter()
            .any(|e| e.kind != 0 && e.name.eq_ignore_ascii_case(name))
    }

    /// The bytes of a stream.
    pub(crate) fn stream(&mut self, name: &str) -> Result<Option<Vec<u8>>, Problem> {
        let Some(entry) = self
            .entries
            .iter()
            .find(|e| e.kind == 2 && e.name.eq_ignore_ascii_case(name))
        else {
            return Ok(None);
        };
        let (start, size) = (entry.start, entry.size);
        let mut bytes = if size < self.mini_cutoff {
            self.mini_chain(start)?
        } else {
            self.chain(start)?
        };
        if (bytes.len() as u64) < size {
            return Err(Problem::truncated(words::short(
                name,
                bytes.len() as u64,
                size,
            )));
        }
        bytes.truncate(size as usize);
        Ok(Some(bytes))
    }

    fn sector(&mut self, id: u32) -> Result<Vec<u8>, Problem> {
        let at = (u64::from(id) + 1) * self.sector as u64;
        if at >= self.source.size() {
            return Err(Problem::truncated(words::SECTOR_BEYOND));
        }
        self.source.seek(SeekFrom::Start(at))?;
        let mut bytes = Vec::with_capacity(self.sector);
        (&mut self.source)
            .take(self.sector as u64)
            .read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn chain(&mut self, mut id: u32) -> Result<Vec<u8>, Problem> {
        let mut bytes = Vec::new();
        for _ in 0..=self.sectors {
            if id == END_OF_CHAIN || id == NO_STREAM {
                return Ok(bytes);
            }
            bytes.extend_from_slice(&self.sector(id)?);
            id = *self
                .fat
                .get(id as usize)
                .ok_or_else(|| broken(words::CHAIN))?;
        }
        Err(broken(words::ENDLESS_CHAIN))
    }

    fn mini_chain(&self, mut id: u32) -> Result<Vec<u8>, Problem> {
        let mut bytes = Vec::new();
        for _ in 0..=self.mini_fat.len() {
            if id == END_OF_CHAIN || id == NO_STREAM {
                return Ok(bytes);
            }
            let at = id as usize * 64;
            let end = (at + 64).min(self.mini_stream.len());
            bytes.extend_from_slice(
                self.mini_stream
                    .get(at..end)
                    .ok_or_else(|| broken(words::SMALL_SECTORS))?,
            );
            id = *self
                .mini_fat
                .get(id as usize)
                .ok_or_else(|| broken(words::SMALL_SECTORS))?;
        }
        Err(broken(words::ENDLESS_SMALL_CHAIN))
    }
}

fn words(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes
        .chunks_exact(4)
        .map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
}

fn entry(bytes: &[u8]) -> Entry {
    let units = usize::from(u16::from_le_bytes([bytes[64], bytes[65]])).min(64) / 2;
    let mut name = String::new();
    super::biff::push_utf16(&bytes[..units.saturating_sub(1) * 2], &mut name);
    let word =
        |at: usize| u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
    Entry {
        name,
        kind: bytes[66],
        start: word(116),
        // Version 3 files have garbage in the upper half.
        size: u64::from(word(120)),
    }
}

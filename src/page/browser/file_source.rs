//! A `File` as `Read + Seek`, read by pieces inside the worker: the file is never
//! whole in memory.
//!
//! The example, which is made in memory, is the same type: two would double in
//! the wasm every reader of every format.

use std::io::{self, Read, Seek, SeekFrom};

use web_sys::{File, FileReaderSync};

/// Bytes read from the file at once, unless told otherwise.
const PIECE: u64 = 1 << 20;
/// A smaller file is gone through before the eye sees it.
const LARGE: u64 = 2 * PIECE;

/// Reads a `File` piece by piece.
pub(super) struct FileSource {
    /// Where pieces come from; `None` when all the bytes are in memory.
    disk: Option<(File, FileReaderSync)>,
    size: u64,
    at: u64,
    /// Bytes read at once.
    at_once: u64,
    /// The piece in memory and where it begins.
    piece: Vec<u8>,
    piece_at: u64,
    /// Told where each piece ends, beside the size.
    follow: Option<fn(u64, u64)>,
}

impl FileSource {
    /// # Errors
    /// Outside a worker.
    pub(super) fn new(file: File) -> io::Result<Self> {
        let reader = FileReaderSync::new().map_err(|_| unreadable())?;
        // Sizes of files are integers well under 2^53.
        let size = file.size() as u64;
        Ok(Self {
            disk: Some((file, reader)),
            size,
            at: 0,
            at_once: PIECE,
            piece: Vec::new(),
            piece_at: 0,
            follow: None,
        })
    }

    /// Tells `follow` how far a large file is gone through.
    pub(super) fn followed(mut self, follow: fn(u64, u64)) -> Self {
        self.follow = (self.size > LARGE).then_some(follow);
        self
    }

    /// Reads no more than so many bytes at once.
    pub(super) fn in_pieces_of(mut self, bytes: u64) -> Self {
        self.at_once = bytes;
        self
    }

    /// Bytes made here: one piece, the whole.
    pub(super) fn in_memory(bytes: Vec<u8>) -> Self {
        Self {
            disk: None,
            size: bytes.len() as u64,
            at: 0,
            at_once: PIECE,
            piece: bytes,
            piece_at: 0,
            follow: None,
        }
    }

    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// Reads the whole file, no more than `max` bytes of it.
    pub(super) fn read_whole(mut self, max: usize) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        // One byte beyond the bound, so that the parser sees it is exceeded.
        (&mut self).take(max as u64 + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn load(&mut self) -> io::Result<()> {
        let start = self.at;
        // A leap to the directory at the end of a workbook is no progress.
        let goes_on = start == self.piece_at + self.piece.len() as u64;
        let end = self.size.min(start + self.at_once);
        let (file, reader) = self.disk.as_ref().ok_or_else(unreadable)?;
        let blob = file
            .slice_with_f64_and_f64(start as f64, end as f64)
            .map_err(|_| unreadable())?;
        let buffer = reader
            .read_as_array_buffer(&blob)
            .map_err(|_| unreadable())?;
        self.piece = js_sys::Uint8Array::new(&buffer).to_vec();
        self.piece_at = start;
        if self.piece.len() as u64 != end - start {
            return Err(unreadable());
        }
        if let Some(follow) = self.follow.filter(|_| goes_on) {
            follow(end, self.size);
        }
        Ok(())
    }
}

/// The file moved, changed or became unreadable since it was chosen.
fn unreadable() -> io::Error {
    io::Error::other(crate::words::ui::FILE_GONE)
}

impl Read for FileSource {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.size || out.is_empty() {
            return Ok(0);
        }
        let inside = self.at >= self.piece_at && self.at < self.piece_at + self.piece.len() as u64;
        if !inside {
            self.load()?;
        }
        let from = (self.at - self.piece_at) as usize;
        let length = out.len().min(self.piece.len() - from);
        out[..length].copy_from_slice(&self.piece[from..from + length]);
        self.at += length as u64;
        Ok(length)
    }
}

impl Seek for FileSource {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.size.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}

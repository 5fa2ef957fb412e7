//! Buffered, seekable reading with a position that others can watch.
//!
//! REASON: in the browser each read is a slice of a `File` read synchronously,
//! so reads must be few and large; `BufReader` forgets its buffer at each seek,
//! and reading a zip seeks all the time.

use std::cell::Cell;
use std::io::{self, Read, Seek, SeekFrom};
use std::rc::Rc;

/// Bytes read at a time.
const WINDOW: usize = 256 * 1024;

/// A source seen through a window that is moved rarely.
pub(crate) struct Window<S> {
    source: S,
    size: u64,
    buffer: Vec<u8>,
    /// Position of the buffer in the source.
    at: u64,
    position: Rc<Cell<u64>>,
    /// Where the source itself stands, when known.
    source_at: Option<u64>,
}

impl<S: Read + Seek> Window<S> {
    pub(crate) fn new(source: S, size: u64) -> Self {
        Self {
            source,
            size,
            buffer: Vec::new(),
            at: 0,
            position: Rc::new(Cell::new(0)),
            source_at: None,
        }
    }

    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// The position, for who follows the progress.
    pub(crate) fn watch(&self) -> Rc<Cell<u64>> {
        Rc::clone(&self.position)
    }

    /// The first bytes, the position then back at the start.
    pub(crate) fn start(&mut self, length: usize) -> io::Result<Vec<u8>> {
        self.rewind()?;
        let mut bytes = Vec::with_capacity(length);
        self.take(length as u64).read_to_end(&mut bytes)?;
        self.rewind()?;
        Ok(bytes)
    }

    fn fill(&mut self, position: u64) -> io::Result<()> {
        if self.source_at != Some(position) {
            self.source.seek(SeekFrom::Start(position))?;
        }
        self.source_at = None;
        self.buffer.resize(WINDOW, 0);
        let mut length = 0;
        while length < WINDOW {
            match self.source.read(&mut self.buffer[length..]) {
                Ok(0) => break,
                Ok(n) => length += n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        self.buffer.truncate(length);
        self.at = position;
        self.source_at = Some(position + length as u64);
        Ok(())
    }
}

impl<S: Read + Seek> Read for Window<S> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let position = self.position.get();
        let inside = |w: &Self| position >= w.at && position < w.at + w.buffer.len() as u64;
        if !inside(self) {
            if out.is_empty() || position >= self.size {
                return Ok(0);
            }
            self.fill(position)?;
            if !inside(self) {
                return Ok(0);
            }
        }
        let rest = &self.buffer[(position - self.at) as usize..];
        let n = rest.len().min(out.len());
        out[..n].copy_from_slice(&rest[..n]);
        self.position.set(position + n as u64);
        Ok(n)
    }
}

impl<S: Read + Seek> Seek for Window<S> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(n) => Some(n),
            SeekFrom::End(n) => self.size.checked_add_signed(n),
            SeekFrom::Current(n) => self.position.get().checked_add_signed(n),
        };
        let target = target.ok_or(io::ErrorKind::UnexpectedEof)?;
        self.position.set(target);
        Ok(target)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    #[test]
    fn reads_what_is_there_whatever_the_seeks() {
        let bytes: Vec<u8> = (0..WINDOW * 2 + 17).map(|i| (i % 251) as u8).collect();
        let mut window = Window::new(Cursor::new(&bytes), bytes.len() as u64);
        let mut whole = Vec::new();
        window.read_to_end(&mut whole).unwrap();
        assert_eq!(whole, bytes);
        for at in [0, 5, WINDOW - 3, WINDOW, 2 * WINDOW + 10, 7] {
            window.seek(SeekFrom::Start(at as u64)).unwrap();
            let mut some = [0; 7];
            window.read_exact(&mut some).unwrap();
            assert_eq!(some, bytes[at..at + 7]);
        }
        assert_eq!(
            window.seek(SeekFrom::End(-1)).unwrap(),
            bytes.len() as u64 - 1
        );
        assert_eq!(window.watch().get(), bytes.len() as u64 - 1);
        window.seek(SeekFrom::End(4)).unwrap();
        assert_eq!(window.read(&mut [0; 4]).unwrap(), 0);
        assert!(window.seek(SeekFrom::Current(i64::MIN)).is_err());
    }
}

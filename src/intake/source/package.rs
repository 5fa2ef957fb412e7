//! The zip of a workbook, checked before anything in it is believed.
//!
//! Each part that is read is inflated through, in constant memory: its check
//! sum, its real size, the ratio of inflation, the length of its longest run of
//! XML and its closing tag are known before a result is given. Small parts are
//! so looked at first; the long ones as they are read ([`Package::whole`]), or
//! after. So a broken or hostile part is an error, never a smaller result.

use std::cell::Cell;
use std::io::{self, Read, Seek};
use std::rc::Rc;

use zip::ZipArchive;
use zip::read::ZipFile;
use zip::result::ZipError;

use super::window::Window;
use crate::intake::error::{Bound, Problem};
use crate::intake::limits::{
    MAX_ENTRIES, MAX_ENTRY_BYTES, MAX_KEPT_BYTES, MAX_RATIO, MAX_XML_RUN, RATIO_FROM_BYTES,
};
use crate::words::damage as words;

/// A zip whose parts were or will be checked.
pub(crate) struct Package<S> {
    zip: ZipArchive<Window<S>>,
    position: Rc<Cell<u64>>,
    names: Vec<String>,
}

/// What a part is, which decides how it is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// XML read as a stream.
    StreamedXml,
    /// XML kept whole by whoever reads it.
    KeptXml,
    /// Binary records read as a stream.
    Streamed,
    /// Binary records kept whole.
    Kept,
}

impl Part {
    /// The most bytes that it may be once inflated.
    fn most(self) -> u64 {
        match self {
            Self::Kept | Self::KeptXml => MAX_KEPT_BYTES,
            Self::Streamed | Self::StreamedXml => MAX_ENTRY_BYTES,
        }
    }
}

/// How much of a part is inflated, and how much it may be.
struct Inflated {
    packed: u64,
    declared: u64,
    most: u64,
    size: u64,
}

impl Inflated {
    fn of<S: Read>(part: &ZipFile<'_, S>, kind: Part) -> Self {
        Self {
            packed: part.compressed_size(),
            declared: part.size(),
            most: kind.most(),
            size: 0,
        }
    }

    /// So many bytes more.
    fn grow(&mut self, more: usize) -> Result<(), Problem> {
        self.size += more as u64;
        if self.size > self.most {
            let size = self.size.max(self.declared);
            return Err(Problem::too_much(Bound::EntryBytes, size, self.most));
        }
        let ratio = self.size / self.packed.max(1);
        if self.size > RATIO_FROM_BYTES && ratio > MAX_RATIO {
            return Err(Problem::too_much(Bound::Ratio, ratio, MAX_RATIO));
        }
        Ok(())
    }

    /// Is there less than the zip announces?
    fn is_short(&self) -> bool {
        self.size < self.declared
    }
}

/// A part that is checked as it is read. What it refuses is told in full by
/// [`Package::check`].
pub(crate) struct Whole<R> {
    part: R,
    inflated: Inflated,
}

impl<R> Whole<R> {
    /// The size that the zip announces.
    pub(crate) fn declared(&self) -> u64 {
        self.inflated.declared
    }
}

impl<R: Read> Read for Whole<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let n = self.part.read(out)?;
        if self.inflated.grow(n).is_err() {
            return Err(io::ErrorKind::InvalidData.into());
        }
        if n == 0 && !out.is_empty() && self.inflated.is_short() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(n)
    }
}

/// Where a part lies in the file, to follow the progress.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Extent {
    pub(crate) start: u64,
    pub(crate) length: u64,
}

impl Extent {
    pub(crate) fn per_mille(self, position: u64) -> u16 {
        let read = position.saturating_sub(self.start).min(self.length);
        (read * 1000).checked_div(self.length).unwrap_or(0) as u16
    }
}

impl From<ZipError> for Problem {
    fn from(error: ZipError) -> Self {
        match error {
            ZipError::Io(e) => e.into(),
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED)
            | ZipError::InvalidPassword => Self::Password,
            ZipError::UnsupportedArchive(_) | ZipError::CompressionMethodNotSupported(_) => {
                Self::damaged(words::OTHER_COMPRESSION)
            }
            ZipError::FileNotFound => Self::damaged(words::PART_MISSING),
            _ => Self::truncated(words::NO_CONTENTS),
        }
    }
}

impl<S: Read + Seek> Package<S> {
    pub(crate) fn open(source: Window<S>) -> Result<Self, Problem> {
        let position = source.watch();
        let zip = ZipArchive::new(source)?;
        if zip.len() > MAX_ENTRIES {
            return Err(Problem::too_much(
                Bound::Entries,
                zip.len() as u64,
                MAX_ENTRIES as u64,
            ));
        }
        let names = (0..zip.len())
            .filter_map(|i| zip.name_for_index(i)?.ok().map(|n| n.into_owned()))
            .collect();
        Ok(Self {
            zip,
            position,
            names,
        })
    }

    /// The real name of a part, its case and slashes overlooked.
    pub(crate) fn find(&self, name: &str) -> Option<&str> {
        let name = name.trim_start_matches('/');
        let same = |n: &&String| {
            n.len() == name.len()
                && n.bytes()
                    .zip(name.bytes())
                    .all(|(a, b)| a.eq_ignore_ascii_case(&b) || (a == b'\\' && b == b'/'))
        };
        self.names.iter().find(same).map(String::as_str)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// A file inside that may be what the user meant.
    pub(crate) fn nested(&mut self) -> Option<String> {
        let known = [".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".csv", ".txt"];
        self.names
            .iter()
            .find(|n| known.iter().any(|k| n.to_lowercase().ends_with(k)))
            .map(|n| n.rsplit('/').next().unwrap_or(n).chars().take(80).collect())
    }

    pub(crate) fn position(&self) -> Rc<Cell<u64>> {
        Rc::clone(&self.position)
    }

    /// Opens a part that was checked.
    pub(crate) fn part(&mut self, name: &str) -> Result<ZipFile<'_, Window<S>>, Problem> {
        let name = self.find(name).ok_or(ZipError::FileNotFound)?.to_owned();
        Ok(self.zip.by_name(&name)?)
    }

    /// Where a part lies.
    pub(crate) fn extent(&mut self, name: &str) -> Result<Extent, Problem> {
        let part = self.part(name)?;
        Ok(Extent {
            start: part.data_start().unwrap_or(0),
            length: part.compressed_size(),
        })
    }

    /// Opens a part that was not checked: its bounds, its sizes and its check sum
    /// are looked at as it is read, up to its end.
    pub(crate) fn whole(
        &mut self,
        name: &str,
        kind: Part,
    ) -> Result<Whole<ZipFile<'_, Window<S>>>, Problem> {
        let part = self.part(name)?;
        if part.encrypted() {
            return Err(Problem::Password);
        }
        Ok(Whole {
            inflated: Inflated::of(&part, kind),
            part,
        })
    }

    /// Inflates a part through, checking all that can be.
    pub(crate) fn check(&mut self, name: &str, kind: Part) -> Result<(), Problem> {
        let mut part = self.part(name)?;
        if part.encrypted() {
            return Err(Problem::Password);
        }
        let mut inflated = Inflated::of(&part, kind);
        let mut xml = matches!(kind, Part::KeptXml | Part::StreamedXml).then(XmlCheck::default);
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let n = match part.read(&mut buffer) {
                Ok(0) => break,
                Ok(n) => n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                Err(e) => return Err(broken(&e, name)),
            };
            inflated.grow(n)?;
            if let Some(xml) = &mut xml {
                xml.feed(&buffer[..n], name)?;
            }
        }
        if inflated.is_short() {
            let Inflated { size, declared, .. } = inflated;
            return Err(Problem::truncated(words::shorter_than_said(
                name, size, declared,
            )));
        }
        match xml {
            Some(xml) => xml.end(name),
            None => Ok(()),
        }
    }

    pub(crate) fn into_inner(self) -> Window<S> {
        self.zip.into_inner()
    }
}

fn broken(error: &io::Error, name: &str) -> Problem {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => Problem::truncated(words::cut(name)),
        // Wrong check sum, impossible deflate stream, more bytes than declared.
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::Other => {
            Problem::damaged(words::check_sum(name))
        }
        _ => Problem::Io {
            what: error.to_string(),
        },
    }
}

/// A look at XML as bytes: no document type, no endless run, a closing tag.
#[derive(Default)]
struct XmlCheck {
    run: usize,
    state: State,
    /// The last bytes seen.
    tail: Vec<u8>,
    /// `uniqueCount` of shared strings must not exceed the bytes there are.
    head: Vec<u8>,
    size: u64,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum State {
    #[default]
    Plain,
    /// After `<`.
    Open,
    /// After `<!`.
    Bang,
    /// In a comment or a section: bytes that end it, how many are matched.
    Until(&'static [u8; 3], usize),
}

const TAIL: usize = 256;

impl XmlCheck {
    fn feed(&mut self, bytes: &[u8], name: &str) -> Result<(), Problem> {
        self.size += bytes.len() as u64;
        if self.head.len() < 4096 {
            let missing = (4096 - self.head.len()).min(bytes.len());
            self.head.extend_from_slice(&bytes[..missing]);
        }
        self.tail
            .extend_from_slice(&bytes[bytes.len().saturating_sub(TAIL)..]);
        let extra = self.tail.len().saturating_sub(TAIL);
        self.tail.drain(..extra);
        let mut rest = bytes;
        while !rest.is_empty() {
            if self.state == State::Plain {
                // The common case, by whole runs.
                match rest.iter().position(|b| *b == b'<') {
                    Some(at) => {
                        self.length(at, name)?;
                        self.run = 0;
                        self.state = State::Open;
                        rest = &rest[at + 1..];
                    }
                    None => {
                        self.length(rest.len(), name)?;
                        return Ok(());
                    }
                }
                continue;
            }
            let byte = rest[0];
            rest = &rest[1..];
            self.length(1, name)?;
            self.state = match (self.state, byte) {
                (State::Open, b'!') => State::Bang,
                (State::Open, _) => State::Plain,
                (State::Bang, b'-') => State::Until(b"-->", 0),
                (State::Bang, b'[') => State::Until(b"]]>", 0),
                (State::Bang, _) => {
                    return Err(Problem::damaged(words::doctype(name)));
                }
                (State::Until(end, n), b) if b == end[n] => {
                    if n == 2 {
                        State::Plain
                    } else {
                        State::Until(end, n + 1)
                    }
                }
                // `--->` and `]]]>` end too.
                (State::Until(end, 2), b) if b == end[1] => State::Until(end, 2),
                (State::Until(end, _), b) => State::Until(end, usize::from(b == end[0])),
                (State::Plain, _) => State::Plain,
            };
        }
        Ok(())
    }

    fn length(&mut self, more: usize, name: &str) -> Result<(), Problem> {
        self.run += more;
        if self.run > MAX_XML_RUN {
            return Err(Problem::damaged(words::long_run(Some(name), MAX_XML_RUN)));
        }
        Ok(())
    }

    fn end(self, name: &str) -> Result<(), Problem> {
        let tail = self.tail.trim_ascii_end();
        let closed = tail.ends_with(b">")
            && self.state == State::Plain
            && (tail.ends_with(b"/>") || tail.windows(2).any(|w| w == b"</"));
        if !closed {
            return Err(Problem::truncated(words::cut_before_tag(name)));
        }
        let head = String::from_utf8_lossy(&self.head);
        let announced = head
            .split_once("uniqueCount=\"")
            .and_then(|(_, rest)| rest.split('"').next()?.parse::<u64>().ok());
        let most = (self.size / 4).min(crate::intake::limits::MAX_SHARED_STRINGS as u64);
        if let Some(announced) = announced
            && announced > most
        {
            return Err(Problem::too_much(Bound::SharedStrings, announced, most));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(xml: &str) -> Result<(), Problem> {
        let mut whole = XmlCheck::default();
        whole.feed(xml.as_bytes(), "x")?;
        whole.end("x")?;
        // The verdict does not depend on where the pieces are cut.
        let mut pieces = XmlCheck::default();
        for byte in xml.as_bytes() {
            pieces.feed(&[*byte], "x")?;
        }
        pieces.end("x")
    }

    #[test]
    fn xml_is_looked_at_as_bytes() {
        assert_eq!(check("<?xml version='1.0'?>\n<a><b/>t</a>\n"), Ok(()));
        assert_eq!(check("<a><!-- <<< --- --->x<![CDATA[ <]] ]]]></a>"), Ok(()));
        assert_eq!(check("<a/>"), Ok(()));
        let code = |xml: &str| check(xml).map_err(|p| p.code());
        assert_eq!(code("<a><b>"), Err("fichier-tronque"));
        assert_eq!(code("<a>text"), Err("fichier-tronque"));
        assert_eq!(code("<a><!-- </a>"), Err("fichier-tronque"));
        assert_eq!(
            code("<!DOCTYPE a [<!ENTITY b \"c\">]><a/>"),
            Err("fichier-abime")
        );
        let run = |n| check(&format!("<a>{}</a>", "x".repeat(n)));
        assert_eq!(run(1_048_570), Ok(()));
        let refused = run(1_048_577).unwrap_err();
        assert_eq!(refused.code(), "fichier-abime");
        assert!(refused.to_string().contains("1048576"), "{refused}");
        assert_eq!(
            code(&format!("<a><!--{}--></a>", "<".repeat(1_048_576))),
            Err("fichier-abime")
        );
        assert_eq!(
            code("<sst uniqueCount=\"99999999999\"></sst>"),
            Err("limite-depassee")
        );
        // As many as there are bytes for, and never more than the bound.
        for (announced, sound) in [("8000000", true), ("8000001", false)] {
            let mut look = XmlCheck {
                size: 1 << 30,
                ..XmlCheck::default()
            };
            let text = format!("<sst uniqueCount=\"{announced}\"></sst>");
            look.feed(text.as_bytes(), "x").unwrap();
            assert_eq!(look.end("x").is_ok(), sound, "{announced}");
        }
    }

    #[test]
    fn a_part_inflates_to_its_bound_and_no_further() {
        let from = |kind: Part, packed, size| Inflated {
            packed,
            declared: 0,
            most: kind.most(),
            size,
        };
        for (kind, most) in [
            (Part::Kept, 268_435_456),
            (Part::KeptXml, 268_435_456),
            (Part::Streamed, 2_147_483_648),
            (Part::StreamedXml, 2_147_483_648),
        ] {
            let mut part = from(kind, most, most - 1);
            assert_eq!(part.grow(1), Ok(()));
            let told = Problem::too_much(Bound::EntryBytes, most + 1, most);
            assert_eq!(part.grow(1), Err(told), "{kind:?}");
        }
        // Ratio: over 200, and only past 64 MiB.
        let (size, packed) = (67_108_864, 335_544);
        let mut part = from(Part::Kept, 1, size - 1);
        assert_eq!(part.grow(1), Ok(()));
        let mut part = from(Part::Kept, packed, size);
        assert_eq!(part.grow(1), Ok(()));
        let mut part = from(Part::Kept, packed - 2_000, size);
        let told = Problem::too_much(Bound::Ratio, 201, 200);
        assert_eq!(part.grow(1), Err(told));
        // What is checked as it is read stops there too.
        let mut whole = Whole {
            part: io::repeat(b' '),
            inflated: from(Part::Kept, 1, size - 1),
        };
        assert_eq!(whole.read(&mut [0]).unwrap(), 1);
        assert!(whole.read(&mut [0]).is_err());
    }
}

//! XML of a known producer, taken apart as bytes.
//!
//! REASON: a sheet is hundreds of millions of bytes of the same few tags. A
//! general reader copies each tag, checks each as UTF-8 and compares each name;
//! this one looks at bytes where they stand and decodes only what is asked for.
//!
//! Invariants: a document type is refused; entities are never expanded; a piece
//! (tag, text, comment) longer than [`MAX_XML_RUN`] is refused; an end that comes
//! before every tag is closed, or a tag closed under another name, is an error.

use std::io::{self, Read};

use crate::intake::error::Problem;
use crate::intake::limits::MAX_XML_RUN;
use crate::words::damage as words;

/// Bytes asked for at a time.
const STEP: usize = 64 * 1024;

/// A piece of a document. Comments and instructions are not handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token<'a> {
    /// `<name …>`; `empty` when it is closed by its own `/>`.
    Open {
        name: &'a [u8],
        attributes: Attributes<'a>,
        empty: bool,
    },
    /// `</name>`.
    Close { name: &'a [u8] },
    /// Text between tags, its references not resolved.
    Text(&'a [u8]),
    /// What a `CDATA` section holds, as it is.
    Section(&'a [u8]),
    /// The end of the document.
    End,
}

/// Takes a document apart, in the memory of its longest piece.
pub(crate) struct Scanner<R> {
    source: R,
    buffer: Vec<u8>,
    /// The first byte that was not taken.
    at: usize,
    /// The end of the bytes that are there.
    filled: usize,
    ended: bool,
    /// The names of the open tags, one after the other, and where each begins.
    names: Vec<u8>,
    opened: Vec<usize>,
}

/// Where a piece stands in the buffer.
enum Piece {
    Open {
        name: usize,
        attributes: usize,
        empty: bool,
    },
    Close {
        name: usize,
    },
    Text,
    Section,
    /// Nothing for anyone.
    Aside,
}

impl Piece {
    fn token<'a>(&self, bytes: &'a [u8]) -> Token<'a> {
        match *self {
            Self::Open {
                name,
                attributes,
                empty,
            } => {
                let end = bytes.len() - usize::from(empty);
                Token::Open {
                    name: &bytes[1..name],
                    attributes: Attributes(&bytes[attributes.min(end)..end]),
                    empty,
                }
            }
            Self::Close { name } => Token::Close {
                name: &bytes[2..name],
            },
            Self::Text | Self::Aside => Token::Text(bytes),
            Self::Section => Token::Section(&bytes[b"<![CDATA[".len()..]),
        }
    }
}

fn malformed() -> Problem {
    Problem::damaged(words::PART_MALFORMED)
}

fn cut() -> Problem {
    Problem::truncated(words::SHEET_CUT_BEFORE_TAG)
}

impl<R: Read> Scanner<R> {
    pub(crate) fn new(source: R) -> Self {
        Self {
            source,
            buffer: Vec::new(),
            at: 0,
            filled: 0,
            ended: false,
            names: Vec::new(),
            opened: Vec::new(),
        }
    }

    /// The bytes that are there and were not taken.
    pub(crate) fn ahead(&self) -> &[u8] {
        &self.buffer[self.at..self.filled]
    }

    /// Takes bytes that whoever calls has understood: whole pieces, every tag
    /// among them closed.
    pub(crate) fn take(&mut self, length: usize) {
        debug_assert!(length <= self.filled - self.at);
        self.at += length;
    }

    /// Reads on; false at the end of the source.
    pub(crate) fn more(&mut self) -> Result<bool, Problem> {
        if self.ended {
            return Ok(false);
        }
        self.buffer.copy_within(self.at..self.filled, 0);
        self.filled -= self.at;
        self.at = 0;
        if self.filled > MAX_XML_RUN {
            return Err(Problem::damaged(words::long_run(None, MAX_XML_RUN)));
        }
        let room = self.filled + STEP;
        if self.buffer.len() < room {
            self.buffer.resize(room, 0);
        }
        let read = loop {
            match self.source.read(&mut self.buffer[self.filled..]) {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                read => break read?,
            }
        };
        self.filled += read;
        self.ended = read == 0;
        Ok(!self.ended)
    }

    /// The next piece.
    pub(crate) fn next(&mut self) -> Result<Token<'_>, Problem> {
        let Some((range, piece)) = self.advance()? else {
            return self.last();
        };
        let bytes = &self.buffer[range];
        let token = piece.token(bytes);
        match token {
            Token::Open {
                name, empty: false, ..
            } => {
                self.opened.push(self.names.len());
                self.names.extend_from_slice(name);
            }
            Token::Close { name } => {
                let from = self.opened.pop().ok_or_else(malformed)?;
                if self.names[from..] != *name {
                    // The end of a tag further out: what stood between was cut.
                    let mut end = from;
                    for start in self.opened.iter().rev() {
                        if self.names[*start..end] == *name {
                            return Err(cut());
                        }
                        end = *start;
                    }
                    return Err(malformed());
                }
                self.names.truncate(from);
            }
            _ => {}
        }
        Ok(token)
    }

    /// The next piece, whatever the tags that are open.
    fn unmatched(&mut self) -> Result<Token<'_>, Problem> {
        Ok(match self.advance()? {
            Some((range, piece)) => piece.token(&self.buffer[range]),
            None => Token::End,
        })
    }

    /// Takes the next piece that is for someone: where it stands, what it is.
    fn advance(&mut self) -> Result<Option<(std::ops::Range<usize>, Piece)>, Problem> {
        loop {
            let start = self.at;
            match piece(&self.buffer[start..self.filled])? {
                Some((_, Piece::Aside, whole)) => self.at += whole,
                Some((length, piece, whole)) => {
                    self.at += whole;
                    return Ok(Some((start..start + length, piece)));
                }
                None if self.more()? => {}
                None => return Ok(None),
            }
        }
    }

    /// What stands at the end of the source: nothing, or text without a tag.
    fn last(&mut self) -> Result<Token<'_>, Problem> {
        let rest = self.ahead();
        if !self.opened.is_empty() || rest.contains(&b'<') {
            return Err(cut());
        }
        if !rest.trim_ascii().is_empty() {
            return Err(malformed());
        }
        self.at = self.filled;
        Ok(Token::End)
    }

    /// Skips the rest of the tag that was just opened.
    pub(crate) fn leave(&mut self) -> Result<(), Problem> {
        let outside = self.opened.len().saturating_sub(1);
        while self.opened.len() > outside {
            if self.next()? == Token::End {
                return Err(cut());
            }
        }
        Ok(())
    }

    /// Skips the rest of the innermost open tag of this name. What is skipped is
    /// not taken apart: only the tags of that very name are counted.
    pub(crate) fn leave_named(&mut self, name: &[u8]) -> Result<(), Problem> {
        let named = |rank: &usize| {
            let end = self.opened.get(rank + 1).copied();
            self.names[self.opened[*rank]..end.unwrap_or(self.names.len())] == *name
        };
        let outside = (0..self.opened.len()).rev().find(named);
        let outside = outside.ok_or_else(malformed)?;
        let finder = memchr::memmem::Finder::new(name);
        let mut depth = 1_u32;
        loop {
            // Up to the last tag that may not be whole.
            let ahead = self.ahead();
            let whole = memchr::memrchr(b'<', ahead).unwrap_or(ahead.len());
            if memchr::memmem::find(&ahead[..whole], b"<!").is_some() {
                // A comment may hold anything: piece by piece, then.
                break;
            }
            let mut end = None;
            for at in finder.find_iter(&ahead[..whole]) {
                let after = ahead[at + name.len()..whole].first();
                if !matches!(after, Some(b' ' | b'>' | b'/' | b'\n' | b'\r' | b'\t')) {
                    continue;
                }
                if ahead[..at].ends_with(b"</") {
                    depth -= 1;
                } else if ahead[..at].ends_with(b"<") {
                    let tag = tag_end(&ahead[at - 1..whole]).ok_or_else(malformed)?;
                    depth += u32::from(ahead[at - 1 + tag - 1] != b'/');
                }
                if depth == 0 {
                    end = memchr::memchr(b'>', &ahead[at..whole]).map(|n| at + n + 1);
                    break;
                }
            }
            if depth == 0 {
                self.at += end.ok_or_else(malformed)?;
                self.names.truncate(self.opened[outside]);
                self.opened.truncate(outside);
                return Ok(());
            }
            self.at += whole;
            if !self.more()? {
                return Err(cut());
            }
        }
        // The tags that were skipped are closed among what was skipped, but for
        // those of this name.
        let inner = self.opened.get(outside + 1).copied();
        self.names.truncate(inner.unwrap_or(self.names.len()));
        self.opened.truncate(outside + 1);
        self.leave_counted(name, depth)
    }

    /// The same, piece by piece, with so many tags of the name to close.
    fn leave_counted(&mut self, name: &[u8], mut depth: u32) -> Result<(), Problem> {
        while depth > 0 {
            // Names are not compared: where the skipping began is not known.
            match self.unmatched()? {
                Token::Open { name: n, empty, .. } if n == name => depth += u32::from(!empty),
                Token::Close { name: n } if n == name => depth -= 1,
                Token::End => return Err(cut()),
                _ => {}
            }
        }
        let from = self.opened.pop().ok_or_else(malformed)?;
        self.names.truncate(from);
        Ok(())
    }

    /// Reads to the end, so that all of it is known to be well formed.
    pub(crate) fn finish(&mut self) -> Result<(), Problem> {
        while self.next()? != Token::End {}
        Ok(())
    }
}

/// The first piece of some bytes: its length without its end mark, what it is,
/// its whole length. `None` when it is not whole.
fn piece(bytes: &[u8]) -> Result<Option<(usize, Piece, usize)>, Problem> {
    let Some(first) = bytes.first() else {
        return Ok(None);
    };
    if *first != b'<' {
        return Ok(memchr::memchr(b'<', bytes).map(|end| (end, Piece::Text, end)));
    }
    let Some(second) = bytes.get(1) else {
        return Ok(None);
    };
    let until = |from: usize, mark: &[u8]| {
        let found = memchr::memmem::find(bytes.get(from..)?, mark)?;
        Some((from + found, from + found + mark.len()))
    };
    match second {
        b'?' => Ok(until(2, b"?>").map(|(end, whole)| (end, Piece::Aside, whole))),
        b'!' => {
            let (comment, section) = (b"<!--", b"<![CDATA[");
            if bytes.starts_with(comment) {
                return Ok(until(4, b"-->").map(|(end, whole)| (end, Piece::Aside, whole)));
            }
            if bytes.starts_with(section) {
                return Ok(until(9, b"]]>").map(|(end, whole)| (end, Piece::Section, whole)));
            }
            if comment.starts_with(bytes) || section.starts_with(bytes) {
                return Ok(None);
            }
            Err(Problem::damaged(words::PART_DOCTYPE))
        }
        b'/' => Ok(memchr::memchr(b'>', bytes).map(|end| {
            let name = 2 + bytes[2..end].trim_ascii_end().len();
            (end, Piece::Close { name }, end + 1)
        })),
        _ => {
            let Some(end) = tag_end(bytes) else {
                return Ok(None);
            };
            let empty = bytes[end - 1] == b'/';
            let inside = &bytes[1..end - usize::from(empty)];
            let name = 1 + inside
                .iter()
                .position(u8::is_ascii_whitespace)
                .unwrap_or(inside.len());
            if name == 1 {
                return Err(malformed());
            }
            let attributes = name;
            Ok(Some((
                end,
                Piece::Open {
                    name,
                    attributes,
                    empty,
                },
                end + 1,
            )))
        }
    }
}

/// The `>` that ends a tag: one within quotes does not.
fn tag_end(bytes: &[u8]) -> Option<usize> {
    let mut from = 1;
    loop {
        let at = from + memchr::memchr3(b'>', b'"', b'\'', &bytes[from..])?;
        match bytes[at] {
            b'>' => return Some(at),
            quote => from = at + 1 + memchr::memchr(quote, &bytes[at + 1..])? + 1,
        }
    }
}

/// The attributes of a tag, in order; values are as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Attributes<'a>(&'a [u8]);

impl<'a> Attributes<'a> {
    /// The raw value of an attribute.
    pub(crate) fn get(self, key: &[u8]) -> Result<Option<&'a [u8]>, Problem> {
        for found in self {
            let (name, value) = found?;
            if name == key {
                return Ok(Some(value));
            }
        }
        Ok(None)
    }
}

impl<'a> Iterator for Attributes<'a> {
    type Item = Result<(&'a [u8], &'a [u8]), Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.0.trim_ascii_start();
        if rest.is_empty() {
            return None;
        }
        self.0 = b"";
        let parsed = || {
            let equals = memchr::memchr(b'=', rest)?;
            let after = rest[equals + 1..].trim_ascii_start();
            let quote = *after.first().filter(|q| matches!(q, b'"' | b'\''))?;
            let end = memchr::memchr(quote, &after[1..])?;
            Some((
                rest[..equals].trim_ascii_end(),
                &after[1..=end],
                &after[end + 2..],
            ))
        };
        let Some((key, value, rest)) = parsed() else {
            return Some(Err(malformed()));
        };
        self.0 = rest;
        Some(Ok((key, value)))
    }
}

/// Adds text as it is meant: references resolved, ends of lines made one.
pub(crate) fn decode(raw: &[u8], out: &mut String) -> Result<(), Problem> {
    let mut rest = std::str::from_utf8(raw).map_err(|_| malformed())?;
    while let Some(at) = memchr::memchr2(b'&', b'\r', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        if rest.as_bytes()[at] == b'\r' {
            out.push('\n');
            rest = &rest[at + 1..];
            rest = rest.strip_prefix('\n').unwrap_or(rest);
            continue;
        }
        let end = rest[at..].find(';').ok_or_else(malformed)?;
        out.push(reference(&rest[at + 1..at + end]).ok_or_else(malformed)?);
        rest = &rest[at + end + 1..];
    }
    out.push_str(rest);
    Ok(())
}

fn reference(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix('x') {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            // As XML has it, a document holds no zero.
            char::from_u32(code.ok()?).filter(|c| *c != '\0')
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A source that gives so many bytes at a time.
    struct Drops<'a>(&'a [u8], usize);

    impl Read for Drops<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let n = self.1.min(self.0.len()).min(out.len());
            out[..n].copy_from_slice(&self.0[..n]);
            self.0 = &self.0[n..];
            Ok(n)
        }
    }

    fn pieces(xml: &[u8], drops: usize) -> Result<Vec<String>, Problem> {
        let mut scanner = Scanner::new(Drops(xml, drops));
        let mut all = Vec::new();
        loop {
            let shown = String::from_utf8_lossy;
            all.push(match scanner.next()? {
                Token::Open {
                    name,
                    attributes,
                    empty,
                } => {
                    let mut text = shown(name).into_owned();
                    for attribute in attributes {
                        let (key, value) = attribute?;
                        text.push_str(&format!(" {}={}", shown(key), shown(value)));
                    }
                    if empty { format!("{text}/") } else { text }
                }
                Token::Close { name } => format!("/{}", shown(name)),
                Token::Text(text) => format!("'{}'", shown(text)),
                Token::Section(text) => format!("[{}]", shown(text)),
                Token::End => return Ok(all),
            });
        }
    }

    #[test]
    fn a_document_is_taken_apart_wherever_its_bytes_are_cut() {
        let xml = "<?xml version='1.0'?>\n<a x=\"1>2\" y = 'é'><!-- <b> --- --><b/>t&amp;<![CDATA[<c>]]]><d /></a >\n";
        let expected = [
            "'\n'",
            "a x=1>2 y=é",
            "b/",
            "'t&amp;'",
            "[<c>]]",
            "d/",
            "/a",
        ];
        for drops in [1, 2, 3, 7, 1000] {
            let mut found = pieces(xml.as_bytes(), drops).unwrap();
            // White space after the root may come as a text or not.
            found.retain(|piece| piece != "'\n'" || drops == 0);
            assert_eq!(found, expected[1..], "{drops}");
        }
    }

    #[test]
    fn a_tag_is_left_whatever_it_holds() {
        for inside in [
            "",
            "x<b>y</b>",
            "<a/><a x='1'/>",
            "<a><a></a></a>",
            "<ab></ab><aa/>",
            "<!-- </a> --><a></a>",
            "<a><![CDATA[</a>]]></a><c/>",
        ] {
            let xml = format!("<r><a k='v'><b>{inside}</b></a><end/></r>");
            for drops in [1, 2, 5, 1000] {
                let mut scanner = Scanner::new(Drops(xml.as_bytes(), drops));
                for _ in 0..3 {
                    assert!(matches!(scanner.next().unwrap(), Token::Open { .. }));
                }
                scanner.leave_named(b"a").unwrap();
                assert!(
                    matches!(scanner.next().unwrap(), Token::Open { name: b"end", .. }),
                    "{xml} by {drops}"
                );
                scanner.finish().unwrap();
            }
        }
        let mut scanner = Scanner::new(&b"<r><a><b></b>"[..]);
        scanner.next().unwrap();
        scanner.next().unwrap();
        assert_eq!(
            scanner.leave_named(b"a").unwrap_err().code(),
            "fichier-tronque"
        );
    }

    #[test]
    fn what_is_malformed_is_an_error() {
        let code = |xml: &str| pieces(xml.as_bytes(), 5).map_err(|p| p.code());
        for xml in [
            "<a><b></c></a>",
            "<a></b>",
            "</a>",
            "<a/>x",
            "<a x=1/>",
            "< a/>",
        ] {
            assert_eq!(code(xml), Err("fichier-abime"), "{xml}");
        }
        for xml in [
            "<a><b></a>",
            "<a><b><c></a>",
            "<a>",
            "<a>x",
            "<a><!-- </a>",
            "<a x='>",
            "<a></a",
            "<",
        ] {
            assert_eq!(code(xml), Err("fichier-tronque"), "{xml}");
        }
        assert_eq!(code("<!DOCTYPE a><a/>"), Err("fichier-abime"));
        let long = format!("<a>{}</a>", "x".repeat(2_100_000));
        let refused = pieces(long.as_bytes(), STEP).unwrap_err();
        assert_eq!(refused.code(), "fichier-abime");
        assert!(refused.to_string().contains("1048576"), "{refused}");
        let less = format!("<a>{}</a>", "x".repeat(1_000_000));
        assert!(pieces(less.as_bytes(), STEP).is_ok());
    }

    #[test]
    fn references_are_resolved_and_none_other() {
        let decoded = |raw: &str| {
            let mut out = String::new();
            decode(raw.as_bytes(), &mut out).map(|()| out)
        };
        assert_eq!(
            decoded("a&lt;b&#233;&#xE9;\r\nc\rd").unwrap(),
            "a<béé\nc\nd"
        );
        for raw in ["&nbsp;", "&#0;", "&#xD800;", "&amp", "&#-1;"] {
            assert!(decoded(raw).is_err(), "{raw}");
        }
    }
}

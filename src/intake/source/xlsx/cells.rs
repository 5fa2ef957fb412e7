//! The cells of a sheet, one after the other.
//!
//! Almost every cell is `<c r="B2" s="1" t="s"><v>12</v></c>`, and whole in the
//! buffer: it is read where it stands. Any other goes through the pieces of the
//! document, one by one.

use std::io::{Read, Seek};
use std::rc::Rc;

use super::super::Gather;
use super::super::digits::{number, whole};
use super::super::package::{Package, Part};
use super::super::strings::Strings;
use super::super::xml::{Attributes, Scanner, Token, decode};
use super::outline::Outline;
use super::texts;
use crate::intake::cell::{Day, Value};
use crate::intake::error::Problem;
use crate::words::damage as words;

/// What was learnt of a sheet beside its cells.
pub(super) struct Scanned {
    /// The last row that it says it has.
    pub(super) declared: Option<u32>,
    /// Was it read and checked to its end?
    pub(super) whole: bool,
}

fn malformed(what: &str) -> Problem {
    Problem::damaged(words::cell(what))
}

fn outside() -> Problem {
    Problem::damaged(words::CELL_OUTSIDE)
}

/// Hands over the cells of the sheet in this part.
pub(super) fn scan<S: Read + Seek>(
    package: &mut Package<S>,
    part: &str,
    outline: &Outline,
    strings: Rc<Strings>,
    gather: Gather<'_, '_>,
) -> Result<Scanned, Problem> {
    let (extent, position) = (package.extent(part)?, package.position());
    let per_mille = || extent.per_mille(position.get());
    let mut cells = Cells {
        xml: Scanner::new(package.whole(part, Part::StreamedXml)?),
        outline,
        strings: &strings,
        gather: gather.over(Rc::clone(&strings)),
        row: 0,
        column: 0,
        text: String::new(),
        piece: String::new(),
    };
    let mut scanned = Scanned {
        declared: None,
        whole: false,
    };
    if !cells.begin(&mut scanned)? || cells.rows(&per_mille)? {
        cells.xml.finish()?;
        scanned.whole = true;
    }
    Ok(scanned)
}

struct Cells<'a, 'g, 's, R> {
    xml: Scanner<R>,
    outline: &'a Outline,
    strings: &'a Strings,
    gather: Gather<'g, 's>,
    /// Where the next cell stands that does not say it.
    row: u32,
    column: u32,
    text: String,
    piece: String,
}

/// How the value of a cell is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Number,
    /// A number that must be one.
    TypedNumber,
    Shared,
    Bool,
    Error,
    Text,
    Inline,
    Date,
}

impl Kind {
    fn of(raw: &[u8]) -> Option<Self> {
        Some(match raw {
            b"n" => Self::TypedNumber,
            b"s" => Self::Shared,
            b"b" => Self::Bool,
            b"e" => Self::Error,
            b"str" => Self::Text,
            b"inlineStr" | b"is" => Self::Inline,
            b"d" => Self::Date,
            _ => return None,
        })
    }
}

/// What the tag of a cell says.
struct Head {
    /// Row and column, from 0.
    place: Option<(u32, u32)>,
    style: Option<usize>,
    kind: Kind,
}

impl Head {
    fn of(attributes: Attributes<'_>) -> Result<Self, Problem> {
        let mut head = Self {
            place: None,
            style: None,
            kind: Kind::Number,
        };
        for found in attributes {
            let (key, value) = found?;
            match key {
                b"r" => {
                    let (row, column) = place(value)?;
                    head.place = Some((row, column.ok_or_else(outside)?));
                }
                b"s" => head.style = Some(rank(value).unwrap_or(0)),
                b"t" => head.kind = Kind::of(value).ok_or_else(|| malformed(words::CELL_TYPE))?,
                _ => {}
            }
        }
        Ok(head)
    }
}

/// The value of a cell; a text stands in the buffer of the reader.
enum Held {
    Empty,
    Number(f64),
    Shared(usize),
    Bool(bool),
    Error,
    Text,
    Date,
}

impl<R: Read> Cells<'_, '_, '_, R> {
    /// Goes to the data of the sheet; false when there is none.
    fn begin(&mut self, scanned: &mut Scanned) -> Result<bool, Problem> {
        loop {
            match self.xml.next()? {
                Token::Open {
                    name: b"dimension",
                    attributes,
                    ..
                } => {
                    let extent = attributes.get(b"ref")?.ok_or_else(outside)?;
                    let last = extent.rsplit(|b| *b == b':').next().unwrap_or_default();
                    let (row, column) = place(last)?;
                    // Writers that do not know the extent beforehand say « A1 ».
                    if (row, column.ok_or_else(outside)?) != (0, 0) {
                        scanned.declared = Some(row.saturating_add(1));
                    }
                }
                Token::Open {
                    name: b"sheetData",
                    empty,
                    ..
                } => return Ok(!empty),
                Token::End => return Ok(false),
                _ => {}
            }
        }
    }

    /// Reads the rows; false when no more of them was wanted.
    fn rows(&mut self, per_mille: &dyn Fn() -> u16) -> Result<bool, Problem> {
        loop {
            // Cells as most are, while they last.
            while let Some(plain) = Plain::of(self.xml.ahead()) {
                let Some(held) = plain.held(self.strings, self.outline) else {
                    break;
                };
                let Some(row) = self.gather.row(plain.row, per_mille)? else {
                    return Ok(false);
                };
                let column = plain.column;
                match held {
                    PlainValue::Shared(rank) => row.put_shared(column as usize, rank)?,
                    PlainValue::Other(value) => row.put(column as usize, value)?,
                }
                let length = plain.length;
                self.column = column + 1;
                self.xml.take(length);
            }
            match self.xml.next()? {
                Token::Open {
                    name: b"row",
                    attributes,
                    empty,
                } => {
                    if let Some(raw) = attributes.get(b"r")? {
                        self.row = place(raw)?.0;
                    }
                    if empty {
                        self.end_row();
                    }
                }
                Token::Close { name: b"row" } => self.end_row(),
                Token::Open {
                    name: b"c",
                    attributes,
                    empty,
                } => {
                    let head = Head::of(attributes)?;
                    if !self.cell(&head, empty, per_mille)? {
                        return Ok(false);
                    }
                }
                Token::Close { name: b"sheetData" } => return self.gather.flush(per_mille),
                Token::End => {
                    return Err(Problem::truncated(words::SHEET_DATA_CUT));
                }
                _ => {}
            }
        }
    }

    fn end_row(&mut self) {
        self.row = self.row.saturating_add(1);
        self.column = 0;
    }

    /// A cell, piece by piece; false when no more is wanted.
    fn cell(
        &mut self,
        head: &Head,
        empty: bool,
        per_mille: &dyn Fn() -> u16,
    ) -> Result<bool, Problem> {
        let (row, column) = head.place.unwrap_or((self.row, self.column));
        self.column = column.saturating_add(1);
        let held = if empty {
            Held::Empty
        } else {
            self.children(head.kind)?
        };
        let value = match held {
            Held::Empty => return Ok(true),
            Held::Number(n) => self.outline.number(n, head.style),
            Held::Shared(rank) => Value::Text(self.strings.known(rank)?),
            Held::Bool(b) => Value::Bool(b),
            Held::Error => Value::Error,
            Held::Text => Value::Text(&self.text),
            Held::Date => match Day::parse(&self.text) {
                Some(day) => Value::Date(day),
                None => Value::Text(&self.text),
            },
        };
        match self.gather.row(row, per_mille)? {
            Some(row) => row.put(column as usize, value)?,
            None => return Ok(false),
        }
        Ok(true)
    }

    /// What a cell holds, up to its end: its last child says.
    fn children(&mut self, kind: Kind) -> Result<Held, Problem> {
        let mut held = Held::Empty;
        loop {
            let (child, closed) = match self.xml.next()? {
                Token::Open { name, empty, .. } => (Child::of(name)?, empty),
                Token::Close { name: b"c" } => return Ok(held),
                Token::End => return Err(malformed(words::CELL_END)),
                _ => continue,
            };
            held = match child {
                _ if closed => Held::Empty,
                Child::Inline => {
                    self.text.clear();
                    texts::string(&mut self.xml, b"is", &mut self.text, &mut self.piece)?;
                    Held::Text
                }
                Child::Value => self.value(kind)?,
                Child::Formula => {
                    self.xml.leave()?;
                    Held::Empty
                }
            };
        }
    }

    /// What a `<v>` that was just opened holds, up to its end.
    fn value(&mut self, kind: Kind) -> Result<Held, Problem> {
        self.piece.clear();
        loop {
            match self.xml.next()? {
                Token::Text(raw) => decode(raw, &mut self.piece)?,
                Token::Close { name: b"v" } => break,
                Token::End => return Err(malformed(words::CELL_END)),
                _ => {}
            }
        }
        let raw = self.piece.as_str();
        Ok(match kind {
            Kind::Inline => Held::Empty,
            Kind::Text => {
                self.text.clear();
                texts::unescape(raw, &mut self.text);
                Held::Text
            }
            Kind::Date => {
                std::mem::swap(&mut self.text, &mut self.piece);
                Held::Date
            }
            _ if raw.is_empty() => Held::Empty,
            Kind::Shared => Held::Shared(rank(raw.as_bytes()).unwrap_or(0)),
            Kind::Error => Held::Error,
            Kind::Bool => match raw.trim().to_ascii_lowercase().as_str() {
                "" => Held::Empty,
                "0" | "false" => Held::Bool(false),
                "1" | "true" => Held::Bool(true),
                _ => return Err(malformed(words::CELL_BOOLEAN)),
            },
            Kind::Number | Kind::TypedNumber => match raw.parse() {
                Ok(n) => Held::Number(n),
                Err(_) if kind == Kind::TypedNumber => return Err(malformed(words::CELL_NUMBER)),
                Err(_) => {
                    std::mem::swap(&mut self.text, &mut self.piece);
                    Held::Text
                }
            },
        })
    }
}

/// What stands in a cell.
enum Child {
    Inline,
    Value,
    Formula,
}

impl Child {
    fn of(name: &[u8]) -> Result<Self, Problem> {
        match name {
            b"is" => Ok(Self::Inline),
            b"v" => Ok(Self::Value),
            b"f" => Ok(Self::Formula),
            _ => Err(malformed(words::CELL_CONTENT)),
        }
    }
}

impl Outline {
    /// A number in a cell of this format: a day, or itself.
    fn number(&self, n: f64, style: Option<usize>) -> Value<'static> {
        let moment = style.is_some_and(|s| self.moments.get(s).copied().unwrap_or(false));
        match moment.then(|| Day::from_serial(n, self.epoch)).flatten() {
            Some(day) => Value::Date(day),
            None => Value::Number(n),
        }
    }
}

/// A cell as most are, whole in the buffer.
struct Plain<'a> {
    row: u32,
    column: u32,
    style: Option<usize>,
    kind: Kind,
    value: &'a [u8],
    length: usize,
}

enum PlainValue<'a> {
    Shared(u32),
    Other(Value<'a>),
}

impl<'a> Plain<'a> {
    /// `<c r="B2" s="1" t="s"><v>12</v></c>` or `<c r="B2" s="1"/>` at the start
    /// of some bytes; `None` for anything else, or when it is not whole.
    fn of(bytes: &'a [u8]) -> Option<Self> {
        let mut rest = bytes.strip_prefix(b"<c r=\"")?;
        let (mut column, mut row) = (0_u32, 0_u32);
        // Three letters and seven digits at most: neither can overflow.
        for digits in 0..4 {
            let letter = *rest.first()?;
            if !letter.is_ascii_uppercase() || digits == 3 {
                break;
            }
            column = column * 26 + u32::from(letter - b'A') + 1;
            rest = &rest[1..];
        }
        for digits in 0..8 {
            let digit = *rest.first()?;
            if !digit.is_ascii_digit() || digits == 7 {
                break;
            }
            row = row * 10 + u32::from(digit - b'0');
            rest = &rest[1..];
        }
        rest = rest.strip_prefix(b"\"")?;
        let mut plain = Self {
            row: row.checked_sub(1)?,
            column: column.checked_sub(1)?,
            style: None,
            kind: Kind::Number,
            value: b"",
            length: 0,
        };
        rest = loop {
            match rest {
                [b' ', key @ (b's' | b't'), b'=', b'"', value @ ..] => {
                    let end = value.iter().position(|b| *b == b'"')?;
                    match key {
                        b's' => plain.style = Some(rank(&value[..end])?),
                        _ => plain.kind = Kind::of(&value[..end])?,
                    }
                    rest = &value[end + 1..];
                }
                [b'/', b'>', rest @ ..] => break rest,
                [b'>', content @ ..] => {
                    let content = content.strip_prefix(b"<v>")?;
                    let end = content.iter().position(|b| *b == b'<')?;
                    plain.value = &content[..end];
                    break content[end..].strip_prefix(b"</v></c>")?;
                }
                _ => return None,
            }
        };
        plain.length = bytes.len() - rest.len();
        Some(plain)
    }

    /// Its value, unless that takes more than a look.
    fn held(&self, strings: &Strings, outline: &Outline) -> Option<PlainValue<'a>> {
        if self.value.is_empty() {
            // `<v></v>` of a text is an empty text, that of a cell is none.
            return Some(PlainValue::Other(Value::Empty));
        }
        Some(PlainValue::Other(match self.kind {
            Kind::Number | Kind::TypedNumber => outline.number(number(self.value)?, self.style),
            Kind::Shared => {
                let rank = rank(self.value)?;
                if strings.is_empty(rank)? {
                    return Some(PlainValue::Other(Value::Empty));
                }
                return Some(PlainValue::Shared(u32::try_from(rank).ok()?));
            }
            Kind::Bool => match self.value {
                b"0" => Value::Bool(false),
                b"1" => Value::Bool(true),
                _ => return None,
            },
            Kind::Error => Value::Error,
            Kind::Text => {
                if memchr::memchr3(b'&', b'\r', b'_', self.value).is_some() {
                    return None;
                }
                Value::Text(std::str::from_utf8(self.value).ok()?)
            }
            Kind::Inline | Kind::Date => return None,
        }))
    }
}

fn rank(raw: &[u8]) -> Option<usize> {
    whole(raw).and_then(|n| usize::try_from(n).ok())
}

/// The place that a reference gives, from 0: its row, and its column when it
/// names one.
fn place(reference: &[u8]) -> Result<(u32, Option<u32>), Problem> {
    let letters = reference.iter().take_while(|b| b.is_ascii_alphabetic());
    let letters = letters.count();
    let mut column = 0_u32;
    for letter in &reference[..letters] {
        let letter = u32::from(letter.to_ascii_uppercase() - b'A') + 1;
        column = (column.checked_mul(26))
            .and_then(|c| c.checked_add(letter))
            .ok_or_else(outside)?;
    }
    let row = whole(&reference[letters..]).and_then(|row| u32::try_from(row).ok());
    let row = row.and_then(|row| row.checked_sub(1)).ok_or_else(outside)?;
    Ok((row, column.checked_sub(1)))
}

//! .ods: `content.xml` streamed from the zip, in the memory of one row.
//!
//! OpenDocument 1.2 part 1, section 9: rows and cells carry how many times they
//! repeat; a typed cell has its value in an attribute, a text in paragraphs.

use std::cell::Cell;
use std::io::{Read, Seek};
use std::rc::Rc;

use super::digits::{number, whole};
use super::package::{Extent, Package, Part};
use super::xml::{Attributes, Scanner, Token, decode};
use super::{Book, Head, SheetInfo, Sink};
use crate::intake::cell::{Day, Epoch, Row, Value};
use crate::intake::error::{Bound, Problem};
use crate::intake::limits::{MAX_CELL_BYTES, MAX_COLUMNS, MAX_ROWS, MAX_SHEETS};
use crate::intake::report::Format;
use crate::words::damage as words;

pub(crate) struct Ods<S> {
    package: Package<S>,
    sheets: Vec<SheetInfo>,
    heads: Vec<Head>,
}

const CONTENT: &str = "content.xml";

impl<S: Read + Seek> Ods<S> {
    pub(crate) fn open(mut package: Package<S>) -> Result<Self, Problem> {
        if package.has("mimetype") {
            let mut kind = String::new();
            let part = package.part("mimetype")?;
            // A broken type says nothing; the content is checked anyway.
            let _ = part.take(128).read_to_string(&mut kind);
            let kind = kind.trim();
            if kind.starts_with("application/vnd.oasis") && !kind.contains("spreadsheet") {
                return Err(Problem::WrongKind {
                    what: words::OPEN_DOCUMENT.to_owned(),
                });
            }
        }
        if package.has("META-INF/manifest.xml") {
            package.check("META-INF/manifest.xml", Part::KeptXml)?;
            let mut manifest = Vec::new();
            package
                .part("META-INF/manifest.xml")?
                .read_to_end(&mut manifest)?;
            let mark = b"encryption-data";
            if manifest.windows(mark.len()).any(|w| w == mark) {
                return Err(Problem::Password);
            }
        }
        let mut book = Self {
            package,
            sheets: Vec::new(),
            heads: Vec::new(),
        };
        let looked = book.look();
        book.settled(looked)?;
        Ok(book)
    }

    /// The content, checked as it is read.
    fn tables(&mut self) -> Result<Tables<impl Read + '_>, Problem> {
        let extent = self.package.extent(CONTENT)?;
        let position = self.package.position();
        let part = self.package.whole(CONTENT, Part::StreamedXml)?;
        Ok(Tables::new(part, position, extent))
    }

    /// What is wrong with the bytes, if anything, is told before what was made
    /// of them.
    fn settled<T>(&mut self, read: Result<T, Problem>) -> Result<T, Problem> {
        if read.is_err() {
            self.package.check(CONTENT, Part::StreamedXml)?;
        }
        read
    }

    /// One pass to the end: the names of the sheets and their heads.
    fn look(&mut self) -> Result<(), Problem> {
        let (mut sheets, mut heads) = (Vec::new(), Vec::new());
        let mut tables = self.tables()?;
        while let Some(name) = tables.next_table()? {
            if sheets.len() == MAX_SHEETS {
                return Err(Problem::too_much(
                    Bound::Sheets,
                    MAX_SHEETS as u64 + 1,
                    MAX_SHEETS as u64,
                ));
            }
            let mut head = Head::default();
            tables.rows(&mut |number, row, _| Ok(head.push(number, row)))?;
            sheets.push(SheetInfo::new(&name, true));
            heads.push(head);
        }
        drop(tables);
        (self.sheets, self.heads) = (sheets, heads);
        Ok(())
    }
}

impl<S: Read + Seek> Book for Ods<S> {
    fn format(&self) -> Format {
        Format::Ods
    }

    fn epoch(&self) -> Option<Epoch> {
        // Dates are written out; a bare number is no day.
        None
    }

    fn sheets(&self) -> &[SheetInfo] {
        &self.sheets
    }

    fn heads(&mut self) -> Result<Vec<Head>, Problem> {
        Ok(self.heads.clone())
    }

    fn scan(&mut self, sheet: usize, sink: &mut Sink<'_>) -> Result<(), Problem> {
        let mut tables = self.tables()?;
        for _ in 0..sheet {
            tables.next_table()?;
            tables.rows(&mut |_, _, _| Ok(false))?;
        }
        tables.next_table()?;
        tables.rows(sink)
    }
}

/// The tables of a document, one after the other.
struct Tables<R> {
    xml: Scanner<R>,
    position: Rc<Cell<u64>>,
    extent: Extent,
    /// Is the reader inside a table whose rows were not all read?
    inside: bool,
    /// The text of a cell, and the value that its tag gives as text.
    text: String,
    given: String,
}

fn malformed() -> Problem {
    Problem::damaged(words::CONTENT_MALFORMED)
}

const TABLE: &[u8] = b"table:table";
const ROW: &[u8] = b"table:table-row";
const CELL: &[u8] = b"table:table-cell";
const COVERED: &[u8] = b"table:covered-table-cell";

impl<R: Read> Tables<R> {
    fn new(source: R, position: Rc<Cell<u64>>, extent: Extent) -> Self {
        Self {
            xml: Scanner::new(source),
            position,
            extent,
            inside: false,
            text: String::new(),
            given: String::new(),
        }
    }

    /// Goes to the next table; its name. At the end all was read.
    fn next_table(&mut self) -> Result<Option<String>, Problem> {
        if std::mem::take(&mut self.inside) {
            self.xml.leave_named(TABLE)?;
        }
        loop {
            match self.xml.next()? {
                Token::Open {
                    name: TABLE,
                    attributes,
                    empty,
                } => {
                    self.inside = !empty;
                    let mut name = String::new();
                    if let Some(raw) = attributes.get(b"table:name")? {
                        decode(raw, &mut name)?;
                    }
                    return Ok(Some(name));
                }
                Token::End => return Ok(None),
                _ => {}
            }
        }
    }

    /// Streams the rows of the table.
    fn rows(&mut self, sink: &mut Sink<'_>) -> Result<(), Problem> {
        if !self.inside {
            return Ok(());
        }
        let mut row = Row::default();
        let mut number = 0_u32;
        loop {
            match self.xml.next()? {
                Token::Open {
                    name: ROW,
                    attributes,
                    empty,
                } => {
                    let repeated = attributes.get(b"table:number-rows-repeated")?;
                    let repeated = repeated.map_or(Ok(1), |raw| times(raw, Bound::Rows))?;
                    row.clear();
                    if !empty {
                        self.cells(&mut row)?;
                    }
                    if row.width() == 0 {
                        // Blank rows are how a sheet ends: they cost nothing.
                        number = number.saturating_add(repeated);
                        continue;
                    }
                    for _ in 0..repeated {
                        if number >= MAX_ROWS {
                            return Err(Problem::too_much(
                                Bound::Rows,
                                u64::from(number) + u64::from(repeated),
                                u64::from(MAX_ROWS),
                            ));
                        }
                        number += 1;
                        let per_mille = self.extent.per_mille(self.position.get());
                        if !sink(number, &row, per_mille)? {
                            return Ok(());
                        }
                    }
                }
                Token::Close { name: TABLE } => {
                    self.inside = false;
                    return Ok(());
                }
                Token::End => return Err(cut()),
                _ => {}
            }
        }
    }

    /// The cells of a row, up to its end.
    fn cells(&mut self, row: &mut Row) -> Result<(), Problem> {
        let mut column = 0_usize;
        loop {
            while let Some(plain) = PlainCell::of(self.xml.ahead()) {
                let value = match plain.number {
                    Some(n) => Value::Number(n),
                    None => Value::Text(plain.text),
                };
                if value != Value::Text("") {
                    for at in column..column.saturating_add(plain.repeated) {
                        row.put(at, value)?;
                    }
                }
                column = column.saturating_add(plain.repeated);
                let length = plain.length;
                self.xml.take(length);
            }
            let (head, empty) = match self.xml.next()? {
                Token::Open {
                    name: name @ (CELL | COVERED),
                    attributes,
                    empty,
                } => {
                    let mut head = CellHead::of(attributes, &mut self.given)?;
                    // What a merged cell covers is not shown: nobody meant it.
                    if name == COVERED {
                        head.kind = Kind::Nothing;
                    }
                    (head, empty)
                }
                Token::Close { name: ROW } => return Ok(()),
                Token::End => return Err(cut()),
                _ => continue,
            };
            self.text.clear();
            if !empty {
                self.paragraphs()?;
            }
            let value = match head.kind {
                Kind::Nothing => Value::Empty,
                Kind::Text => Value::Text(&self.text),
                Kind::Given => Value::Text(&self.given),
                Kind::Number(n) => Value::Number(n),
                Kind::Date => match Day::parse(&self.given) {
                    Some(day) => Value::Date(day),
                    None => Value::Text(&self.given),
                },
                Kind::Bool(b) => Value::Bool(b),
                Kind::Error => Value::Error,
            };
            if value != Value::Empty && value != Value::Text("") {
                for at in column..column.saturating_add(head.repeated) {
                    row.put(at, value)?;
                }
            }
            column = column.saturating_add(head.repeated);
        }
    }

    /// The text of a cell, up to its end: its paragraphs, joined by line feeds;
    /// comments and drawings left out.
    fn paragraphs(&mut self) -> Result<(), Problem> {
        let (mut depth, mut paragraph, mut aside) = (0_u32, 0_u32, 0_u32);
        let mut any = false;
        let out = &mut self.text;
        loop {
            if out.len() > MAX_CELL_BYTES {
                return Err(Problem::too_much(
                    Bound::CellBytes,
                    out.len() as u64,
                    MAX_CELL_BYTES as u64,
                ));
            }
            match self.xml.next()? {
                Token::Open { empty, .. } if aside > 0 => aside += u32::from(!empty),
                Token::Close { .. } if aside > 0 => aside -= 1,
                Token::Open {
                    name,
                    attributes,
                    empty,
                } => {
                    match name {
                        b"office:annotation"
                        | b"draw:frame"
                        | b"draw:custom-shape"
                        | TABLE
                        | b"office:event-listeners" => {
                            aside += u32::from(!empty);
                            continue;
                        }
                        b"text:p" | b"text:h" => {
                            if std::mem::replace(&mut any, true) {
                                out.push('\n');
                            }
                            paragraph += u32::from(!empty);
                        }
                        b"text:s" => {
                            let n = attributes.get(b"text:c")?;
                            let n = n.map_or(Ok(1), |raw| times(raw, Bound::CellBytes))?;
                            out.extend((0..n.min(1000)).map(|_| ' '));
                        }
                        b"text:tab" => out.push('\t'),
                        b"text:line-break" => out.push('\n'),
                        _ => {}
                    }
                    depth += u32::from(!empty);
                }
                Token::Close { name } => {
                    if depth == 0 {
                        return Ok(());
                    }
                    depth -= 1;
                    if matches!(name, b"text:p" | b"text:h") {
                        paragraph = paragraph.saturating_sub(1);
                    }
                }
                Token::Text(raw) if paragraph > 0 && aside == 0 => decode(raw, out)?,
                Token::Section(raw) if paragraph > 0 && aside == 0 => {
                    out.push_str(std::str::from_utf8(raw).map_err(|_| malformed())?);
                }
                Token::End => return Err(cut()),
                _ => {}
            }
        }
    }
}

/// A cell as most are, whole in the buffer: without a value, a number, or one
/// paragraph without a reference.
struct PlainCell<'a> {
    number: Option<f64>,
    text: &'a str,
    repeated: usize,
    length: usize,
}

impl<'a> PlainCell<'a> {
    /// The cell that some bytes begin with; `None` for any other, or when it is
    /// not whole.
    fn of(bytes: &'a [u8]) -> Option<Self> {
        let mut rest = bytes.strip_prefix(b"<table:table-cell")?;
        let (mut kind, mut value): (&[u8], Option<&[u8]>) = (b"", None);
        let mut repeated = 1;
        let empty = loop {
            match rest {
                [b'>', after @ ..] => {
                    rest = after;
                    break false;
                }
                [b'/', b'>', after @ ..] => {
                    rest = after;
                    break true;
                }
                [b' ', after @ ..] => {
                    let equals = after.iter().position(|b| *b == b'=')?;
                    let (key, quoted) =
                        (&after[..equals], after[equals + 1..].strip_prefix(b"\"")?);
                    let end = quoted.iter().position(|b| *b == b'"')?;
                    let raw = &quoted[..end];
                    match key {
                        b"office:value-type" => kind = raw,
                        b"office:value" => value = Some(raw),
                        b"table:number-columns-repeated" => {
                            repeated = times(raw, Bound::Columns).ok()? as usize;
                        }
                        b"office:string-value" | b"office:date-value" | b"office:boolean-value" => {
                            return None;
                        }
                        b"calcext:value-type" if raw == b"error" => return None,
                        _ => {}
                    }
                    rest = &quoted[end + 1..];
                }
                _ => return None,
            }
        };
        let number = match (kind, value) {
            (b"float" | b"percentage" | b"currency", Some(raw)) => {
                Some(number(raw).filter(|n| n.is_finite())?)
            }
            (b"string" | b"", None) => None,
            _ => return None,
        };
        let mut text = "";
        if !empty {
            let paragraph = rest.strip_prefix(b"<text:p>")?;
            let end = paragraph
                .iter()
                .position(|b| matches!(b, b'<' | b'&' | b'\r'))?;
            rest = paragraph[end..].strip_prefix(b"</text:p></table:table-cell>")?;
            if number.is_none() {
                text = std::str::from_utf8(&paragraph[..end]).ok()?;
            }
        }
        Some(Self {
            number,
            text,
            repeated,
            length: bytes.len() - rest.len(),
        })
    }
}

fn cut() -> Problem {
    Problem::truncated(words::SHEET_CUT_BEFORE_TAG)
}

/// The value that a cell's attributes give.
#[derive(Clone, Copy)]
enum Kind {
    /// None is shown.
    Nothing,
    /// That of its paragraphs.
    Text,
    /// A text, or a date, that the tag gives.
    Given,
    Date,
    Number(f64),
    Bool(bool),
    Error,
}

/// What the tag of a cell says.
struct CellHead {
    kind: Kind,
    repeated: usize,
}

impl CellHead {
    /// Reads the attributes; a value given as text is left in `given`.
    fn of(attributes: Attributes<'_>, given: &mut String) -> Result<Self, Problem> {
        let (mut kind, mut value, mut repeated): (_, Option<&[u8]>, _) = (None, None, 1);
        let mut error = false;
        for found in attributes {
            let (key, raw) = found?;
            match key {
                b"office:value-type" => kind = Some(raw),
                b"office:value"
                | b"office:date-value"
                | b"office:boolean-value"
                | b"office:string-value" => value = Some(raw),
                b"table:number-columns-repeated" => repeated = times(raw, Bound::Columns)?,
                // LibreOffice says of an error that it is a string, and the
                // truth aside.
                b"calcext:value-type" => error = raw == b"error",
                _ => {}
            }
        }
        let mut give = |raw, kind| {
            given.clear();
            decode(raw, given).map(|()| kind)
        };
        let kind = match (kind, value) {
            _ if error => Kind::Error,
            (Some(b"float" | b"percentage" | b"currency"), Some(raw)) => {
                match number(raw.trim_ascii()) {
                    Some(n) if n.is_finite() => Kind::Number(n),
                    _ => Kind::Text,
                }
            }
            (Some(b"date"), Some(raw)) => give(raw, Kind::Date)?,
            (Some(b"boolean"), Some(raw)) => Kind::Bool(raw == b"true"),
            (Some(b"string"), Some(raw)) => give(raw, Kind::Given)?,
            // Without a type there may still be a text (other writers).
            _ => Kind::Text,
        };
        Ok(Self {
            kind,
            repeated: repeated as usize,
        })
    }
}

/// How many times a row, a cell or a space repeats: at least once.
fn times(raw: &[u8], bound: Bound) -> Result<u32, Problem> {
    let n = whole(raw.trim_ascii()).ok_or_else(malformed)?;
    let max = match bound {
        Bound::Columns => MAX_COLUMNS as u64,
        Bound::CellBytes => MAX_CELL_BYTES as u64,
        _ => u64::from(MAX_ROWS),
    };
    if n > max {
        return Err(Problem::too_much(bound, n, max));
    }
    Ok((n as u32).max(1))
}

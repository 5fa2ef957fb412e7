//! .ods: `content.xml` streamed from the zip, in the memory of one row.
//!
//! OpenDocument 1.2 part 1, section 9: rows and cells carry how many times they
//! repeat; a typed cell has its value in an attribute, a text in paragraphs.

use std::cell::Cell;
use std::io::{BufRead, BufReader, Read, Seek};
use std::rc::Rc;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader as XmlReader, XmlVersion};

use super::package::{Extent, Package, Part};
use super::{Book, Head, SheetInfo, Sink};
use crate::intake::cell::{Day, Epoch, Row, Value};
use crate::intake::error::{Bound, Problem};
use crate::intake::limits::{MAX_CELL_BYTES, MAX_COLUMNS, MAX_ROWS, MAX_SHEETS};
use crate::intake::report::Format;

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
                    what: "c'est un document OpenDocument, pas un classeur".to_owned(),
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
        package.check(CONTENT, Part::StreamedXml)?;
        let mut book = Self {
            package,
            sheets: Vec::new(),
            heads: Vec::new(),
        };
        book.look()?;
        Ok(book)
    }

    fn reader(&mut self) -> Result<Tables<impl BufRead + '_>, Problem> {
        let extent = self.package.extent(CONTENT)?;
        let position = self.package.position();
        let part = self.package.part(CONTENT)?;
        Ok(Tables::new(
            BufReader::with_capacity(64 * 1024, part),
            position,
            extent,
        ))
    }

    /// One pass: the names of the sheets and their heads.
    fn look(&mut self) -> Result<(), Problem> {
        let (mut sheets, mut heads) = (Vec::new(), Vec::new());
        let mut tables = self.reader()?;
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
            sheets.push(SheetInfo {
                name,
                visible: true,
            });
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
        let mut tables = self.reader()?;
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
    xml: XmlReader<R>,
    buffer: Vec<u8>,
    position: Rc<Cell<u64>>,
    extent: Extent,
    /// Is the reader inside a table whose rows were not all read?
    inside: bool,
}

fn malformed() -> Problem {
    Problem::damaged("« content.xml » est mal formé")
}

impl<R: BufRead> Tables<R> {
    fn new(source: R, position: Rc<Cell<u64>>, extent: Extent) -> Self {
        let mut xml = XmlReader::from_reader(source);
        xml.config_mut().expand_empty_elements = true;
        Self {
            xml,
            buffer: Vec::new(),
            position,
            extent,
            inside: false,
        }
    }

    /// Goes to the next table; its name.
    fn next_table(&mut self) -> Result<Option<String>, Problem> {
        if std::mem::take(&mut self.inside) {
            self.leave_table()?;
        }
        loop {
            self.buffer.clear();
            match self
                .xml
                .read_event_into(&mut self.buffer)
                .map_err(|_| malformed())?
            {
                Event::Start(e) if e.name().as_ref() == "table:table" => {
                    self.inside = true;
                    return Ok(Some(attribute(&e, "table:name")?.unwrap_or_default()));
                }
                Event::Eof => return Ok(None),
                _ => {}
            }
        }
    }

    fn leave_table(&mut self) -> Result<(), Problem> {
        let mut depth = 1;
        while depth > 0 {
            self.buffer.clear();
            match self
                .xml
                .read_event_into(&mut self.buffer)
                .map_err(|_| malformed())?
            {
                Event::Start(e) if e.name().as_ref() == "table:table" => depth += 1,
                Event::End(e) if e.name().as_ref() == "table:table" => depth -= 1,
                Event::Eof => return Err(cut()),
                _ => {}
            }
        }
        Ok(())
    }

    /// Streams the rows of the table.
    fn rows(&mut self, sink: &mut Sink<'_>) -> Result<(), Problem> {
        if !self.inside {
            return Ok(());
        }
        let mut row = Row::default();
        let mut number = 0_u32;
        let mut text = String::new();
        loop {
            self.buffer.clear();
            match self
                .xml
                .read_event_into(&mut self.buffer)
                .map_err(|_| malformed())?
            {
                Event::Start(e) if e.name().as_ref() == "table:table-row" => {
                    let repeated = repetition(&e, "table:number-rows-repeated", Bound::Rows)?;
                    row.clear();
                    self.cells(&mut row, &mut text)?;
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
                Event::End(e) if e.name().as_ref() == "table:table" => {
                    self.inside = false;
                    return Ok(());
                }
                Event::Eof => return Err(cut()),
                _ => {}
            }
        }
    }

    /// The cells of a row, up to its end.
    fn cells(&mut self, row: &mut Row, text: &mut String) -> Result<(), Problem> {
        let mut column = 0_usize;
        loop {
            self.buffer.clear();
            match self
                .xml
                .read_event_into(&mut self.buffer)
                .map_err(|_| malformed())?
            {
                Event::Start(e)
                    if matches!(
                        e.name().as_ref(),
                        "table:table-cell" | "table:covered-table-cell"
                    ) =>
                {
                    // What a merged cell covers is not shown: nobody meant it.
                    let covered = e.name().as_ref() == "table:covered-table-cell";
                    let (kind, repeated) = Kind::of(&e)?;
                    text.clear();
                    self.paragraphs(text)?;
                    let value = if covered {
                        Value::Empty
                    } else {
                        kind.value(text)
                    };
                    if value != Value::Empty && value != Value::Text("") {
                        for at in column..column.saturating_add(repeated) {
                            row.put(at, value)?;
                        }
                    }
                    column = column.saturating_add(repeated);
                }
                Event::End(e) if e.name().as_ref() == "table:table-row" => return Ok(()),
                Event::Eof => return Err(cut()),
                _ => {}
            }
        }
    }

    /// The text of a cell, up to its end: its paragraphs, joined by line feeds;
    /// comments and drawings left out.
    fn paragraphs(&mut self, out: &mut String) -> Result<(), Problem> {
        let (mut depth, mut paragraph, mut aside) = (0_u32, 0_u32, 0_u32);
        let mut any = false;
        loop {
            self.buffer.clear();
            if out.len() > MAX_CELL_BYTES {
                return Err(Problem::too_much(
                    Bound::CellBytes,
                    out.len() as u64,
                    MAX_CELL_BYTES as u64,
                ));
            }
            match self
                .xml
                .read_event_into(&mut self.buffer)
                .map_err(|_| malformed())?
            {
                Event::Start(e) => {
                    depth += 1;
                    match e.name().as_ref() {
                        "office:annotation"
                        | "draw:frame"
                        | "draw:custom-shape"
                        | "table:table"
                        | "office:event-listeners" => aside += 1,
                        _ if aside > 0 => aside += 1,
                        "text:p" | "text:h" => {
                            if std::mem::replace(&mut any, true) {
                                out.push('\n');
                            }
                            paragraph += 1;
                        }
                        "text:s" => {
                            let n = repetition(&e, "text:c", Bound::CellBytes)?;
                            out.extend((0..n.min(1000)).map(|_| ' '));
                        }
                        "text:tab" => out.push('\t'),
                        "text:line-break" => out.push('\n'),
                        _ => {}
                    }
                }
                Event::End(e) => {
                    if depth == 0 {
                        return Ok(());
                    }
                    depth -= 1;
                    if aside > 0 {
                        aside -= 1;
                    } else if matches!(e.name().as_ref(), "text:p" | "text:h") {
                        paragraph = paragraph.saturating_sub(1);
                    }
                }
                Event::Text(e) if paragraph > 0 && aside == 0 => out.push_str(&e.xml10_content()),
                Event::CData(e) if paragraph > 0 && aside == 0 => out.push_str(&e.xml10_content()),
                Event::GeneralRef(e) if paragraph > 0 && aside == 0 => {
                    match e.resolve_char_ref().map_err(|_| malformed())? {
                        Some(c) => out.push(c),
                        None => out.push_str(match e.xml10_content().as_ref() {
                            "amp" => "&",
                            "lt" => "<",
                            "gt" => ">",
                            "quot" => "\"",
                            "apos" => "'",
                            _ => return Err(malformed()),
                        }),
                    }
                }
                Event::Eof => return Err(cut()),
                _ => {}
            }
        }
    }
}

fn cut() -> Problem {
    Problem::truncated("une feuille s'arrête avant sa balise de fin")
}

/// The value that a cell's attributes give.
enum Kind {
    Text(Option<String>),
    Number(f64),
    Date(String),
    Bool(bool),
    Error,
}

impl Kind {
    /// The kind of a cell, and how many times it repeats.
    fn of(e: &BytesStart<'_>) -> Result<(Self, usize), Problem> {
        let (mut kind, mut value, mut repeated) = (None, None, 1);
        let mut error = false;
        // NOTE: checks of duplicate attributes are quadratic; a cell has five.
        for found in e.attributes().with_checks(false) {
            let found = found.map_err(|_| malformed())?;
            let text = found
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|_| malformed())?;
            match found.key.as_ref() {
                "office:value-type" => kind = Some(text),
                "office:value"
                | "office:date-value"
                | "office:boolean-value"
                | "office:string-value" => value = Some(text),
                "table:number-columns-repeated" => repeated = times(&text, Bound::Columns)?,
                // LibreOffice says of an error that it is a string, and the
                // truth aside.
                "calcext:value-type" => error = text == "error",
                _ => {}
            }
        }
        if error {
            return Ok((Self::Error, repeated as usize));
        }
        let kind = match (kind.as_deref(), value) {
            (Some("float" | "percentage" | "currency"), Some(value)) => {
                match value.trim().parse::<f64>() {
                    Ok(n) if n.is_finite() => Self::Number(n),
                    _ => Self::Text(None),
                }
            }
            (Some("date"), Some(date)) => Self::Date(date.into_owned()),
            (Some("boolean"), Some(value)) => Self::Bool(value == "true"),
            (Some("string"), value) => Self::Text(value.map(|v| v.into_owned())),
            // Without a type there may still be a text (other writers).
            _ => Self::Text(None),
        };
        Ok((kind, repeated as usize))
    }

    fn value<'a>(&'a self, text: &'a str) -> Value<'a> {
        match self {
            Self::Text(Some(value)) => Value::Text(value),
            Self::Text(None) => Value::Text(text),
            Self::Number(n) => Value::Number(*n),
            Self::Date(date) => match Day::parse(date) {
                Some(day) => Value::Date(day),
                None => Value::Text(date),
            },
            Self::Bool(b) => Value::Bool(*b),
            Self::Error => Value::Error,
        }
    }
}

fn attribute(e: &BytesStart<'_>, name: &str) -> Result<Option<String>, Problem> {
    for found in e.attributes().with_checks(false) {
        let found = found.map_err(|_| malformed())?;
        if found.key.as_ref() == name {
            let value = found.normalized_value(XmlVersion::Implicit1_0);
            return Ok(Some(value.map_err(|_| malformed())?.into_owned()));
        }
    }
    Ok(None)
}

/// How many times a row or a space repeats: at least once.
fn repetition(e: &BytesStart<'_>, name: &str, bound: Bound) -> Result<u32, Problem> {
    attribute(e, name)?.map_or(Ok(1), |text| times(&text, bound))
}

fn times(text: &str, bound: Bound) -> Result<u32, Problem> {
    let n: u64 = text.trim().parse().map_err(|_| malformed())?;
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

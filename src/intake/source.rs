//! Formats: bytes → rows of cells, one reader each, the format told by the
//! content and never by the name.
//!
//! Invariants: a reader keeps no row; it fails rather than give less than the
//! file holds; no byte sequence makes it panic or take unbounded memory.
//!
//! REASON for readers of our own beside calamine's (which reads, cell by cell, the
//! .xlsx of an unusual shape): its .ods and .xls readers hold every sheet of the workbook, dense, and
//! its binary readers index records without checking their length, which in a
//! release build ends the process.

pub(crate) mod biff;
pub(crate) mod cfb;
pub(crate) mod digits;
pub(crate) mod ods;
pub(crate) mod package;
pub(crate) mod strings;
pub(crate) mod text;
pub(crate) mod window;
pub(crate) mod xls;
pub(crate) mod xlsb;
pub(crate) mod xlsx;
pub(crate) mod xml;

use std::io::{Read, Seek};

use super::cell::{Epoch, Overflow, Row, Value};
use super::error::{Bound, Problem};
use super::limits::{
    HEADER_COLUMNS, HEADER_ROWS, MAX_CELL_BYTES, MAX_COLUMNS, MAX_FILE_BYTES, MAX_ROW_BYTES,
};
use super::report::Format;
use crate::legible;
use crate::words::damage as words;
use window::Window;

/// A sheet of a workbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SheetInfo {
    /// As it is shown.
    pub(crate) name: String,
    pub(crate) visible: bool,
}

impl SheetInfo {
    pub(crate) fn new(name: &str, visible: bool) -> Self {
        let name = legible::shown(name).into_owned();
        Self { name, visible }
    }
}

/// The first rows of a sheet, as text: where its header is looked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Head {
    /// Row numbers from 1, and the texts of the cells.
    pub(crate) rows: Vec<(u32, Vec<String>)>,
}

/// What a row consumer gets: the row's number from 1, its cells, and how much
/// of the sheet was read, per mille. It answers whether to go on.
pub(crate) type Sink<'a> = dyn FnMut(u32, &Row, u16) -> Result<bool, Problem> + 'a;

/// A file whose sheets can be read, any number of times.
pub(crate) trait Book {
    fn format(&self) -> Format;
    /// Encoding and separator of a text file.
    fn dialect(&self) -> Option<String> {
        None
    }
    /// How dates are counted, where bare numbers may be dates.
    fn epoch(&self) -> Option<Epoch>;
    fn sheets(&self) -> &[SheetInfo];
    /// The last row that the file says a sheet has, once it was scanned, where
    /// the format says so.
    fn declared_last_row(&self, _sheet: usize) -> Option<u32> {
        None
    }
    /// Streams the rows of a sheet, blank ones left out or not.
    fn scan(&mut self, sheet: usize, sink: &mut Sink<'_>) -> Result<(), Problem>;
    /// Looks at what the scans have not read to its end: whoever reads a book
    /// asks this before believing what was read, or why it could not be.
    fn verify(&mut self) -> Result<(), Problem> {
        Ok(())
    }
    /// The heads of all sheets.
    fn heads(&mut self) -> Result<Vec<Head>, Problem> {
        (0..self.sheets().len())
            .map(|sheet| {
                let mut head = Head::default();
                self.scan(sheet, &mut |number, row, _| Ok(head.push(number, row)))?;
                Ok(head)
            })
            .collect()
    }
}

impl Head {
    /// Keeps a row; answers whether more are wanted.
    pub(crate) fn push(&mut self, number: u32, row: &Row) -> bool {
        if !row.is_blank() {
            let width = row.width().min(HEADER_COLUMNS);
            let text = |c| legible::shown(&row.get(c).text()).into_owned();
            let texts = (0..width).map(text).collect();
            self.rows.push((number, texts));
        }
        self.rows.len() < HEADER_ROWS
    }
}

impl From<Overflow> for Problem {
    fn from(overflow: Overflow) -> Self {
        match overflow {
            Overflow::Column(n) => Self::too_much(Bound::Columns, n as u64, MAX_COLUMNS as u64),
            Overflow::Cell(n) => Self::too_much(Bound::CellBytes, n as u64, MAX_CELL_BYTES as u64),
            Overflow::Row(n) => Self::too_much(Bound::RowBytes, n as u64, MAX_ROW_BYTES as u64),
        }
    }
}

/// Gathers cells that come one by one into rows.
pub(crate) struct Gather<'a, 'b> {
    row: Row,
    number: Option<u32>,
    sink: &'a mut Sink<'b>,
}

impl<'a, 'b> Gather<'a, 'b> {
    pub(crate) fn new(sink: &'a mut Sink<'b>) -> Self {
        Self {
            row: Row::default(),
            number: None,
            sink,
        }
    }

    /// The same, for rows whose texts are among these.
    pub(crate) fn over(mut self, strings: std::rc::Rc<strings::Strings>) -> Self {
        self.row = Row::over(strings);
        self
    }

    /// Puts a cell (row and column from 0); false when no more is wanted.
    pub(crate) fn cell(
        &mut self,
        row: u32,
        column: u32,
        value: Value<'_>,
        per_mille: impl Fn() -> u16,
    ) -> Result<bool, Problem> {
        match self.row(row, &per_mille)? {
            Some(row) => row.put(column as usize, value)?,
            None => return Ok(false),
        }
        Ok(true)
    }

    /// The row of this number (from 0), the one before handed over; `None` when
    /// no more is wanted.
    #[inline]
    pub(crate) fn row(
        &mut self,
        row: u32,
        per_mille: &dyn Fn() -> u16,
    ) -> Result<Option<&mut Row>, Problem> {
        if self.number != Some(row) && !self.begin(row, per_mille)? {
            return Ok(None);
        }
        Ok(Some(&mut self.row))
    }

    /// Hands the last row over and begins another; false when no more is wanted.
    fn begin(&mut self, row: u32, per_mille: &dyn Fn() -> u16) -> Result<bool, Problem> {
        if self.number.is_some_and(|last| last > row) {
            return Err(Problem::damaged(words::disorder(
                u64::from(row) + 1,
                self.number.map_or(0, |n| u64::from(n) + 1),
            )));
        }
        if row >= super::limits::MAX_ROWS {
            return Err(Problem::too_much(
                Bound::Rows,
                u64::from(row) + 1,
                u64::from(super::limits::MAX_ROWS),
            ));
        }
        if !self.flush(per_mille)? {
            return Ok(false);
        }
        self.number = Some(row);
        Ok(true)
    }

    /// Hands the last row over.
    pub(crate) fn flush(&mut self, per_mille: impl Fn() -> u16) -> Result<bool, Problem> {
        let Some(number) = self.number.take() else {
            return Ok(true);
        };
        let more = (self.sink)(number + 1, &self.row, per_mille())?;
        self.row.clear();
        Ok(more)
    }
}

/// What a file is, from its first bytes.
const ZIP: &[u8] = b"PK\x03\x04";
const EMPTY_ZIP: &[u8] = b"PK\x05\x06";
const CFB: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
/// Other kinds of files that are dropped by mistake, by their first bytes.
const OTHERS: &[(&[u8], &str)] = &[
    (b"%PDF", words::PDF),
    (b"{\\rtf", words::RTF),
    (b"\x89PNG", words::PICTURE),
    (b"\xff\xd8\xff", words::PICTURE),
    (b"GIF8", words::PICTURE),
    (b"7z\xbc\xaf", words::SEVEN_ZIP),
    (b"Rar!", words::RAR),
    (b"\x1f\x8b", words::GZIP),
    (b"SQLite format 3", words::SQLITE),
    (b"\x00\x01\x00\x00Standard", words::ACCESS),
    (b"MZ", words::PROGRAM),
];

/// Opens a file, whatever its name, and gives what is read of it once all of its
/// bytes are known to be whole: bytes that are not are told before anything that
/// was made of them.
pub(crate) fn reading<S: Read + Seek, T, E>(
    source: S,
    size: u64,
    refused: impl Fn(Problem) -> E,
    work: impl FnOnce(&mut dyn Book) -> Result<T, E>,
) -> Result<T, E> {
    let mut book = open(source, size).map_err(&refused)?;
    let read = work(book.as_mut());
    book.verify().map_err(&refused)?;
    read
}

fn open<'s, S: Read + Seek + 's>(source: S, size: u64) -> Result<Box<dyn Book + 's>, Problem> {
    if size == 0 {
        return Err(Problem::Empty);
    }
    if size > MAX_FILE_BYTES {
        return Err(Problem::too_much(Bound::FileBytes, size, MAX_FILE_BYTES));
    }
    let mut source = Window::new(source, size);
    let start = source.start(4096)?;
    if start.is_empty() {
        return Err(Problem::Empty);
    }
    if start.starts_with(ZIP) || start.starts_with(EMPTY_ZIP) {
        return open_zip(source);
    }
    if start.starts_with(CFB) {
        return Ok(Box::new(xls::Xls::open(source)?));
    }
    // A BIFF stream out of its container: Excel 2 to 4.
    if matches!(start[..], [0x09, 0x00 | 0x02 | 0x04, 0x04 | 0x06, 0x00, ..]) {
        return Err(Problem::WrongKind {
            what: words::BEFORE_EXCEL_97.to_owned(),
        });
    }
    if let Some((_, what)) = OTHERS.iter().find(|(magic, _)| start.starts_with(magic)) {
        return Err(Problem::WrongKind {
            what: (*what).to_owned(),
        });
    }
    if let Some(what) = text::markup(&start) {
        return Err(Problem::WrongKind {
            what: what.to_owned(),
        });
    }
    Ok(Box::new(text::Text::open(source)?))
}

fn open_zip<'s, S: Read + Seek + 's>(source: Window<S>) -> Result<Box<dyn Book + 's>, Problem> {
    let mut package = package::Package::open(source)?;
    if package.has("xl/workbook.bin") {
        return Ok(Box::new(xlsb::Xlsb::open(package)?));
    }
    if package.has("content.xml") {
        return Ok(Box::new(ods::Ods::open(package)?));
    }
    if package.has("[Content_Types].xml") && package.has("_rels/.rels") {
        if package.has("word/document.xml") || package.has("ppt/presentation.xml") {
            return Err(Problem::WrongKind {
                what: words::WORD_OR_POWERPOINT.to_owned(),
            });
        }
        return xlsx::open(package);
    }
    Err(Problem::WrongKind {
        what: match package.nested() {
            Some(name) => words::nested(&name),
            None => words::ZIP.to_owned(),
        },
    })
}

//! .xls: the records of BIFF8 ([MS-XLS]), Excel 97 to 2003.
//!
//! The workbook stream is held in memory (it is at most the file, and a sheet
//! has at most 65 536 × 256 cells); rows are streamed from it.

use std::io::{Read, Seek};

use super::biff::{Bytes, Formats, push_utf16, rk};
use super::cfb::Cfb;
use super::strings::Strings;
use super::window::Window;
use super::{Book, Gather, SheetInfo, Sink};
use crate::intake::cell::{Epoch, Value};
use crate::intake::error::{Bound, Problem};
use crate::intake::limits::MAX_SHEETS;
use crate::intake::report::Format;
use crate::words::damage as words;

pub(crate) struct Xls {
    stream: Vec<u8>,
    sheets: Vec<SheetInfo>,
    offsets: Vec<usize>,
    strings: Strings,
    formats: Formats,
    epoch: Epoch,
}

/// Walks the records of a stream: a type, a length, the bytes.
struct Records<'a> {
    rest: &'a [u8],
}

impl<'a> Records<'a> {
    fn next(&mut self) -> Result<Option<(u16, &'a [u8])>, Problem> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let mut bytes = Bytes(self.rest);
        let (kind, length) = (bytes.u16()?, usize::from(bytes.u16()?));
        let body = bytes
            .take(length)
            .map_err(|_| Problem::truncated(words::CUT_IN_RECORD))?;
        self.rest = bytes.0;
        Ok(Some((kind, body)))
    }

    /// The bodies of the `CONTINUE` records that follow.
    fn continued(&mut self) -> Result<Vec<&'a [u8]>, Problem> {
        let mut bodies = Vec::new();
        while self.rest.starts_with(&CONTINUE.to_le_bytes()) {
            match self.next()? {
                Some((_, body)) => bodies.push(body),
                None => break,
            }
        }
        Ok(bodies)
    }
}

const CONTINUE: u16 = 0x3C;
const BOF: u16 = 0x0809;
const EOF: u16 = 0x0A;
const FILE_PASS: u16 = 0x2F;
const DATE_MODE: u16 = 0x22;
const BOUND_SHEET: u16 = 0x85;
const FORMAT: u16 = 0x041E;
const XF: u16 = 0xE0;
const SST: u16 = 0xFC;
const LABEL_SST: u16 = 0xFD;
const LABEL: u16 = 0x0204;
const R_STRING: u16 = 0xD6;
const NUMBER: u16 = 0x0203;
const RK: u16 = 0x027E;
const MUL_RK: u16 = 0xBD;
const BOOL_ERR: u16 = 0x0205;
const FORMULA: u16 = 0x06;
const STRING: u16 = 0x0207;

impl Xls {
    pub(crate) fn open<S: Read + Seek>(source: Window<S>) -> Result<Self, Problem> {
        let mut file = Cfb::open(source)?;
        if file.has("EncryptedPackage") {
            return Err(Problem::Password);
        }
        let Some(stream) = file.stream("Workbook")? else {
            let what = if file.has("Book") {
                words::BEFORE_EXCEL_97
            } else if file.has("WordDocument") {
                words::WORD
            } else {
                words::NOT_EXCEL
            };
            return Err(Problem::WrongKind {
                what: what.to_owned(),
            });
        };
        let mut book = Self {
            stream: Vec::new(),
            sheets: Vec::new(),
            offsets: Vec::new(),
            strings: Strings::default(),
            formats: Formats::default(),
            epoch: Epoch::From1900,
        };
        book.globals(&stream)?;
        book.stream = stream;
        Ok(book)
    }

    fn globals(&mut self, stream: &[u8]) -> Result<(), Problem> {
        let mut records = Records { rest: stream };
        let mut first = true;
        while let Some((kind, body)) = records.next()? {
            let mut bytes = Bytes(body);
            if std::mem::take(&mut first) {
                if kind != BOF || bytes.u16()? != 0x0600 {
                    return Err(Problem::WrongKind {
                        what: words::BEFORE_EXCEL_97.to_owned(),
                    });
                }
                continue;
            }
            match kind {
                FILE_PASS => return Err(Problem::Password),
                DATE_MODE if bytes.u16()? == 1 => self.epoch = Epoch::From1904,
                BOUND_SHEET => {
                    let (offset, state, kind) = (bytes.u32()?, bytes.u8()?, bytes.u8()?);
                    let units = usize::from(bytes.u8()?);
                    let mut name = String::new();
                    text(&mut bytes, units, &mut name)?;
                    if kind != 0 {
                        continue; // a chart or macros
                    }
                    if self.sheets.len() == MAX_SHEETS {
                        return Err(Problem::too_much(
                            Bound::Sheets,
                            MAX_SHEETS as u64 + 1,
                            MAX_SHEETS as u64,
                        ));
                    }
                    self.sheets.push(SheetInfo::new(&name, state & 3 == 0));
                    self.offsets.push(offset as usize);
                }
                FORMAT => {
                    let (id, units) = (bytes.u16()?, usize::from(bytes.u16()?));
                    let mut code = String::new();
                    text(&mut bytes, units, &mut code)?;
                    self.formats.format(id, &code);
                }
                XF => {
                    bytes.u16()?;
                    self.formats.cell_format(bytes.u16()?);
                }
                SST => {
                    let mut pieces = vec![body];
                    pieces.extend(records.continued()?);
                    shared_strings(&pieces, &mut self.strings)?;
                }
                EOF => return Ok(()),
                _ => {}
            }
        }
        Err(Problem::truncated(words::CUT_BEFORE_END))
    }
}

/// The characters of a string: a byte of flags, then units of one byte or two.
fn text(bytes: &mut Bytes<'_>, units: usize, out: &mut String) -> Result<(), Problem> {
    if bytes.u8()? & 1 != 0 {
        push_utf16(bytes.take(units * 2)?, out);
    } else {
        // The low bytes of UTF-16: ISO 8859-1.
        out.extend(bytes.take(units)?.iter().map(|b| char::from(*b)));
    }
    Ok(())
}

/// The shared strings, over a record and its continuations. A string may be
/// cut anywhere; what remains of its characters then begins with a new byte of
/// flags, while formatting runs are cut without one.
fn shared_strings(pieces: &[&[u8]], strings: &mut Strings) -> Result<(), Problem> {
    let mut cursor = Pieces {
        current: Bytes(pieces[0]),
        rest: &pieces[1..],
    };
    cursor.u32()?;
    let count = cursor.u32()?;
    let mut text = String::new();
    for _ in 0..count {
        if cursor.at_end() {
            return Err(Problem::truncated(words::SHARED_TEXTS_MISSING));
        }
        let mut units = usize::from(cursor.u16()?);
        let flags = cursor.u8()?;
        let runs = if flags & 8 != 0 {
            usize::from(cursor.u16()?) * 4
        } else {
            0
        };
        let phonetic = if flags & 4 != 0 {
            cursor.u32()? as usize
        } else {
            0
        };
        text.clear();
        let mut wide = flags & 1 != 0;
        while units > 0 {
            if cursor.current.0.is_empty() {
                cursor.advance()?;
                wide = cursor.current.u8()? & 1 != 0;
            }
            let size = if wide { 2 } else { 1 };
            let here = units.min(cursor.current.0.len() / size);
            if here == 0 {
                return Err(Problem::damaged(words::SHARED_TEXT_CUT));
            }
            let taken = cursor.current.take(here * size)?;
            if wide {
                push_utf16(taken, &mut text);
            } else {
                text.extend(taken.iter().map(|b| char::from(*b)));
            }
            units -= here;
        }
        strings.push(&text)?;
        cursor.skip(runs + phonetic)?;
    }
    Ok(())
}

struct Pieces<'a> {
    current: Bytes<'a>,
    rest: &'a [&'a [u8]],
}

impl<'a> Pieces<'a> {
    fn at_end(&self) -> bool {
        self.current.0.is_empty() && self.rest.iter().all(|p| p.is_empty())
    }

    fn advance(&mut self) -> Result<(), Problem> {
        let (next, rest) = self
            .rest
            .split_first()
            .ok_or_else(|| Problem::truncated(words::SHARED_TEXTS_MISSING))?;
        (self.current, self.rest) = (Bytes(next), rest);
        Ok(())
    }

    fn byte(&mut self) -> Result<u8, Problem> {
        while self.current.0.is_empty() {
            self.advance()?;
        }
        self.current.u8()
    }

    fn u8(&mut self) -> Result<u8, Problem> {
        self.byte()
    }

    fn u16(&mut self) -> Result<u16, Problem> {
        Ok(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    fn u32(&mut self) -> Result<u32, Problem> {
        Ok(u32::from(self.u16()?) | u32::from(self.u16()?) << 16)
    }

    fn skip(&mut self, mut n: usize) -> Result<(), Problem> {
        while n > 0 {
            if self.current.0.is_empty() {
                self.advance()?;
            }
            let here = n.min(self.current.0.len());
            self.current.take(here)?;
            n -= here;
        }
        Ok(())
    }
}

impl Book for Xls {
    fn format(&self) -> Format {
        Format::Xls
    }

    fn epoch(&self) -> Option<Epoch> {
        Some(self.epoch)
    }

    fn sheets(&self) -> &[SheetInfo] {
        &self.sheets
    }

    fn scan(&mut self, sheet: usize, sink: &mut Sink<'_>) -> Result<(), Problem> {
        let rest = self
            .stream
            .get(self.offsets[sheet]..)
            .filter(|rest| !rest.is_empty())
            .ok_or_else(|| Problem::truncated(words::SHEET_BEYOND))?;
        let whole = rest.len();
        let mut records = Records { rest };
        let mut gather = Gather::new(sink);
        // Cells of BIFF come by blocks of rows, in order of rows.
        let mut string = String::new();
        let mut awaited: Option<(u32, u32)> = None;
        let mut depth = 0_u32;
        loop {
            let Some((kind, body)) = records.next()? else {
                return Err(Problem::truncated(words::SHEET_CUT));
            };
            let left = records.rest.len();
            let per_mille = || ((whole - left) as u64 * 1000 / whole as u64) as u16;
            let mut bytes = Bytes(body);
            // An embedded chart is a sheet within the sheet: nothing of it counts.
            match kind {
                BOF => {
                    depth += 1;
                    continue;
                }
                EOF if depth <= 1 => break,
                EOF => {
                    depth -= 1;
                    continue;
                }
                _ if depth != 1 => continue,
                _ => {}
            }
            let mut more = true;
            match kind {
                LABEL_SST | NUMBER | RK | BOOL_ERR | FORMULA | LABEL | R_STRING => {
                    let (row, column) = (u32::from(bytes.u16()?), u32::from(bytes.u16()?));
                    let format = usize::from(bytes.u16()?);
                    let value = match kind {
                        LABEL_SST => Value::Text(self.strings.known(bytes.u32()? as usize)?),
                        NUMBER => self.formats.value(format, bytes.f64()?, self.epoch),
                        RK => self.formats.value(format, rk(bytes.u32()?), self.epoch),
                        BOOL_ERR => {
                            let value = bytes.u8()?;
                            if bytes.u8()? != 0 {
                                Value::Error
                            } else {
                                Value::Bool(value != 0)
                            }
                        }
                        FORMULA => {
                            let result = bytes.take(8)?;
                            match (result[6], result[7], result[0]) {
                                // The text is in the STRING record that follows.
                                (0xFF, 0xFF, 0) => {
                                    awaited = Some((row, column));
                                    continue;
                                }
                                (0xFF, 0xFF, 1) => Value::Bool(result[2] != 0),
                                (0xFF, 0xFF, 2) => Value::Error,
                                (0xFF, 0xFF, _) => Value::Empty,
                                _ => self.formats.value(format, Bytes(result).f64()?, self.epoch),
                            }
                        }
                        _ => {
                            let units = usize::from(bytes.u16()?);
                            string.clear();
                            text(&mut bytes, units, &mut string)?;
                            Value::Text(&string)
                        }
                    };
                    more = gather.cell(row, column, value, per_mille)?;
                }
                MUL_RK => {
                    let (row, first) = (u32::from(bytes.u16()?), u32::from(bytes.u16()?));
                    let mut column = first;
                    while more && bytes.0.len() >= 8 {
                        let format = usize::from(bytes.u16()?);
                        let value = self.formats.value(format, rk(bytes.u32()?), self.epoch);
                        more = gather.cell(row, column, value, per_mille)?;
                        column += 1;
                    }
                }
                STRING => {
                    if let Some((row, column)) = awaited.take() {
                        let units = usize::from(bytes.u16()?);
                        string.clear();
                        text(&mut bytes, units, &mut string)?;
                        more = gather.cell(row, column, Value::Text(&string), per_mille)?;
                    }
                }
                _ => {}
            }
            if !more {
                return Ok(());
            }
        }
        gather.flush(|| 1000)?;
        Ok(())
    }
}

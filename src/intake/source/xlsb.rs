//! .xlsb: the records of [MS-XLSB], streamed from the zip.

use std::cell::Cell;
use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Read, Seek};
use std::rc::Rc;

use quick_xml::events::Event;
use quick_xml::{Reader as XmlReader, XmlVersion};

use super::biff::{Bytes, Formats, push_utf16, rk};
use super::package::{Extent, Package, Part};
use super::strings::Strings;
use super::{Book, Gather, SheetInfo, Sink};
use crate::intake::cell::{Epoch, Value};
use crate::intake::error::{Bound, Problem};
use crate::intake::limits::{MAX_CELL_BYTES, MAX_ROW_BYTES, MAX_SHEETS};
use crate::intake::report::Format;
use crate::words::damage as words;

pub(crate) struct Xlsb<S> {
    package: Package<S>,
    sheets: Vec<SheetInfo>,
    parts: Vec<String>,
    strings: Strings,
    formats: Formats,
    epoch: Epoch,
}

/// Reads records: a type and a length, both in sevens of bits, then bytes.
struct Records<R> {
    source: R,
    body: Vec<u8>,
}

impl<R: BufRead> Records<R> {
    fn new(source: R) -> Self {
        Self {
            source,
            body: Vec::new(),
        }
    }

    fn byte(&mut self) -> io::Result<Option<u8>> {
        let mut byte = [0];
        Ok((self.source.read(&mut byte)? == 1).then_some(byte[0]))
    }

    fn sevens(&mut self, first: u8, most: u32) -> Result<u32, Problem> {
        let (mut n, mut byte) = (u32::from(first & 0x7F), first);
        for shift in 1..most {
            if byte & 0x80 == 0 {
                break;
            }
            byte = self.byte()?.ok_or_else(cut)?;
            n |= u32::from(byte & 0x7F) << (7 * shift);
        }
        Ok(n)
    }

    /// The type and the bytes of the next record; `None` at the end.
    fn next(&mut self) -> Result<Option<(u32, Bytes<'_>)>, Problem> {
        let Some(first) = self.byte()? else {
            return Ok(None);
        };
        let kind = match first {
            b if b & 0x80 == 0 => u32::from(b),
            b => u32::from(b & 0x7F) | u32::from(self.byte()?.ok_or_else(cut)? & 0x7F) << 7,
        };
        let first = self.byte()?.ok_or_else(cut)?;
        let length = self.sevens(first, 4)? as usize;
        if length > MAX_ROW_BYTES {
            return Err(Problem::too_much(
                Bound::RowBytes,
                length as u64,
                MAX_ROW_BYTES as u64,
            ));
        }
        self.body.resize(length, 0);
        self.source.read_exact(&mut self.body).map_err(|_| cut())?;
        Ok(Some((kind, Bytes(&self.body))))
    }
}

fn cut() -> Problem {
    Problem::truncated(words::PART_CUT_IN_RECORD)
}

/// A wide string: a count of UTF-16 units, then the units.
fn wide(bytes: &mut Bytes<'_>, out: &mut String) -> Result<(), Problem> {
    let units = bytes.u32()? as usize;
    if units > MAX_CELL_BYTES {
        return Err(Problem::too_much(
            Bound::CellBytes,
            units as u64,
            MAX_CELL_BYTES as u64,
        ));
    }
    push_utf16(bytes.take(units * 2)?, out);
    Ok(())
}

// Numbers of records, [MS-XLSB] 2.3.
const BRT_ROW_HDR: u32 = 0;
const BRT_SST_ITEM: u32 = 19;
const BRT_FMT: u32 = 44;
const BRT_XF: u32 = 47;
const BRT_BEGIN_SHEET_DATA: u32 = 145;
const BRT_END_SHEET_DATA: u32 = 146;
const BRT_WB_PROP: u32 = 153;
const BRT_BUNDLE_SH: u32 = 156;
const BRT_BEGIN_CELL_XFS: u32 = 617;
const BRT_END_CELL_XFS: u32 = 618;

impl<S: Read + Seek> Xlsb<S> {
    pub(crate) fn open(mut package: Package<S>) -> Result<Self, Problem> {
        for name in package.names().to_vec() {
            let lower = name.to_lowercase();
            if lower.ends_with(".rels") {
                package.check(&name, Part::KeptXml)?;
            } else if lower.ends_with(".bin") {
                let kept = lower.contains("sharedstrings") || lower.contains("styles");
                package.check(&name, if kept { Part::Kept } else { Part::Streamed })?;
            }
        }
        let targets = relations(&mut package)?;
        let mut book = Self {
            package,
            sheets: Vec::new(),
            parts: Vec::new(),
            strings: Strings::default(),
            formats: Formats::default(),
            epoch: Epoch::From1900,
        };
        book.workbook(&targets)?;
        book.styles()?;
        book.shared_strings()?;
        Ok(book)
    }

    fn workbook(&mut self, targets: &HashMap<String, String>) -> Result<(), Problem> {
        let mut records = Records::new(BufReader::new(self.package.part("xl/workbook.bin")?));
        while let Some((kind, mut bytes)) = records.next()? {
            match kind {
                BRT_WB_PROP if bytes.u32()? & 1 != 0 => self.epoch = Epoch::From1904,
                BRT_BUNDLE_SH => {
                    let (state, _id) = (bytes.u32()?, bytes.u32()?);
                    let (mut relation, mut name) = (String::new(), String::new());
                    if bytes.0.starts_with(&[0xFF; 4]) {
                        continue; // a sheet of macros, without a part
                    }
                    wide(&mut bytes, &mut relation)?;
                    wide(&mut bytes, &mut name)?;
                    let Some(target) = targets.get(&relation) else {
                        return Err(Problem::damaged(words::SHEET_MISSING));
                    };
                    if self.sheets.len() == MAX_SHEETS {
                        return Err(Problem::too_much(
                            Bound::Sheets,
                            MAX_SHEETS as u64 + 1,
                            MAX_SHEETS as u64,
                        ));
                    }
                    if target.contains("worksheets/") {
                        self.sheets.push(SheetInfo::new(&name, state == 0));
                        self.parts.push(match target.strip_prefix('/') {
                            Some(absolute) => absolute.to_owned(),
                            None => format!("xl/{target}"),
                        });
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn styles(&mut self) -> Result<(), Problem> {
        if !self.package.has("xl/styles.bin") {
            return Ok(());
        }
        let mut records = Records::new(BufReader::new(self.package.part("xl/styles.bin")?));
        let mut in_cells = false;
        let mut code = String::new();
        while let Some((kind, mut bytes)) = records.next()? {
            match kind {
                BRT_FMT => {
                    let id = bytes.u16()?;
                    code.clear();
                    wide(&mut bytes, &mut code)?;
                    self.formats.format(id, &code);
                }
                BRT_BEGIN_CELL_XFS => in_cells = true,
                BRT_END_CELL_XFS => in_cells = false,
                BRT_XF if in_cells => {
                    bytes.u16()?;
                    self.formats.cell_format(bytes.u16()?);
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn shared_strings(&mut self) -> Result<(), Problem> {
        if !self.package.has("xl/sharedStrings.bin") {
            return Ok(());
        }
        let part = self.package.part("xl/sharedStrings.bin")?;
        let mut records = Records::new(BufReader::new(part));
        let mut text = String::new();
        while let Some((kind, mut bytes)) = records.next()? {
            if kind == BRT_SST_ITEM {
                bytes.u8()?; // rich text or phonetics follow the plain text
                text.clear();
                wide(&mut bytes, &mut text)?;
                self.strings.push(&text)?;
            }
        }
        Ok(())
    }
}

/// The targets of the workbook's relations.
fn relations<S: Read + Seek>(package: &mut Package<S>) -> Result<HashMap<String, String>, Problem> {
    let mut targets = HashMap::new();
    let part = package.part("xl/_rels/workbook.bin.rels")?;
    let mut xml = XmlReader::from_reader(BufReader::new(part));
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer) {
            Ok(Event::Start(e) | Event::Empty(e)) if e.local_name().as_ref() == "Relationship" => {
                let get = |name: &str| -> Option<String> {
                    let found = e.try_get_attribute(name).ok()??;
                    let value = found.normalized_value(XmlVersion::Implicit1_0);
                    Some(value.ok()?.into_owned())
                };
                if let (Some(id), Some(target)) = (get("Id"), get("Target")) {
                    targets.insert(id, target);
                }
            }
            Ok(Event::Eof) => return Ok(targets),
            Ok(_) => {}
            Err(_) => return Err(Problem::damaged(words::SHEET_LIST_MALFORMED)),
        }
    }
}

impl<S: Read + Seek> Book for Xlsb<S> {
    fn format(&self) -> Format {
        Format::Xlsb
    }

    fn epoch(&self) -> Option<Epoch> {
        Some(self.epoch)
    }

    fn sheets(&self) -> &[SheetInfo] {
        &self.sheets
    }

    fn scan(&mut self, sheet: usize, sink: &mut Sink<'_>) -> Result<(), Problem> {
        let name = self.parts[sheet].clone();
        let extent: Extent = self.package.extent(&name)?;
        let position: Rc<Cell<u64>> = self.package.position();
        let per_mille = || extent.per_mille(position.get());
        let mut records = Records::new(BufReader::new(self.package.part(&name)?));
        let mut gather = Gather::new(sink);
        let (mut row, mut inside) = (0, false);
        let mut text = String::new();
        loop {
            let Some((kind, mut bytes)) = records.next()? else {
                return Err(Problem::truncated(words::SHEET_CUT));
            };
            match kind {
                BRT_BEGIN_SHEET_DATA => inside = true,
                BRT_END_SHEET_DATA => break,
                BRT_ROW_HDR if inside => row = bytes.u32()?,
                2..=11 if inside => {
                    let column = bytes.u32()?;
                    let format = (bytes.u32()? & 0x00FF_FFFF) as usize;
                    let value = match kind {
                        2 => self.formats.value(format, rk(bytes.u32()?), self.epoch),
                        3 | 11 => Value::Error,
                        4 | 10 => Value::Bool(bytes.u8()? != 0),
                        5 | 9 => self.formats.value(format, bytes.f64()?, self.epoch),
                        6 | 8 => {
                            text.clear();
                            wide(&mut bytes, &mut text)?;
                            Value::Text(&text)
                        }
                        _ => Value::Text(self.strings.known(bytes.u32()? as usize)?),
                    };
                    if !gather.cell(row, column, value, per_mille)? {
                        return Ok(());
                    }
                }
                _ => {}
            }
        }
        gather.flush(per_mille)?;
        Ok(())
    }
}

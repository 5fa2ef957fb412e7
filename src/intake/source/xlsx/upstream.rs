//! .xlsx and .xlsm of an unusual shape, cell by cell, through calamine's
//! streaming reader: the fallback, and what the tests hold our reader to.
//!
//! NOTE: never `worksheet_range`: a 2 kB file whose cells are A1 and XFD1048576
//! would have it allocate seventeen thousand million cells.

use std::cell::Cell;
use std::io::{Read, Seek};
use std::rc::Rc;

use calamine::{DataRef, Reader, SheetType, SheetVisible, XlsxError};

use super::super::package::{Extent, Package};
use super::super::window::Window;
use super::super::{Book, Gather, SheetInfo, Sink};
use crate::intake::cell::{Day, Epoch, Value};
use crate::intake::error::{Bound, Problem};
use crate::intake::limits::MAX_SHEETS;
use crate::intake::report::Format;
use crate::words::damage as words;

pub(super) struct Upstream<S> {
    book: calamine::Xlsx<Window<S>>,
    sheets: Vec<SheetInfo>,
    /// As the library knows them.
    names: Vec<String>,
    epoch: Epoch,
    position: Rc<Cell<u64>>,
    extents: Vec<Extent>,
    /// The last row that each sheet scanned says it has.
    declared: std::collections::HashMap<usize, u32>,
}

impl<S: Read + Seek> Upstream<S> {
    /// Opens a workbook whose parts were all checked.
    pub(super) fn open(mut package: Package<S>) -> Result<Self, Problem> {
        let mut extents = Vec::new();
        for name in package.names().to_vec() {
            if !name.ends_with('/') {
                extents.push(package.extent(&name)?);
            }
        }
        let position = package.position();
        let book = calamine::Xlsx::new(package.into_inner())?;
        let worksheets = || {
            let all = book.sheets_metadata().iter();
            all.filter(|s| s.typ == SheetType::WorkSheet)
        };
        let names = worksheets().map(|s| s.name.clone()).collect();
        let sheets: Vec<_> = worksheets()
            .map(|s| SheetInfo::new(&s.name, s.visible == SheetVisible::Visible))
            .collect();
        if sheets.len() > MAX_SHEETS {
            return Err(Problem::too_much(
                Bound::Sheets,
                sheets.len() as u64,
                MAX_SHEETS as u64,
            ));
        }
        let epoch = if book.has_1904_epoch() {
            Epoch::From1904
        } else {
            Epoch::From1900
        };
        Ok(Self {
            book,
            sheets,
            names,
            epoch,
            position,
            extents,
            declared: std::collections::HashMap::new(),
        })
    }
}

impl<S: Read + Seek> Book for Upstream<S> {
    fn format(&self) -> Format {
        Format::Xlsx
    }

    fn epoch(&self) -> Option<Epoch> {
        Some(self.epoch)
    }

    fn sheets(&self) -> &[SheetInfo] {
        &self.sheets
    }

    fn declared_last_row(&self, sheet: usize) -> Option<u32> {
        self.declared.get(&sheet).copied()
    }

    fn scan(&mut self, sheet: usize, sink: &mut Sink<'_>) -> Result<(), Problem> {
        let name = self.names[sheet].clone();
        let mut cells = match self.book.worksheet_cells_reader(&name) {
            Ok(cells) => cells,
            // A chart or macro sheet under the relation of a worksheet.
            Err(XlsxError::NotAWorksheet(_)) => return Ok(()),
            Err(e) => return Err(e.into()),
        };
        // Writers that do not know the extent beforehand say « A1 ».
        let end = cells.dimensions().end;
        if end != (0, 0) {
            self.declared.insert(sheet, end.0.saturating_add(1));
        }
        let position = &self.position;
        // The part that is being read is the one the position lies in.
        let extent = self
            .extents
            .iter()
            .find(|e| (e.start..=e.start + e.length).contains(&position.get()))
            .copied()
            .unwrap_or_default();
        let per_mille = || extent.per_mille(position.get());
        let mut gather = Gather::new(sink);
        while let Some(cell) = cells.next_cell()? {
            let (row, column) = cell.get_position();
            let value = match cell.get_value() {
                DataRef::Empty => continue,
                DataRef::Int(n) => Value::Number(*n as f64),
                DataRef::Float(n) => Value::Number(*n),
                DataRef::String(text) => Value::Text(text),
                DataRef::SharedString(text) => Value::Text(text),
                DataRef::Bool(b) => Value::Bool(*b),
                DataRef::DateTime(date) if date.is_datetime() => {
                    match Day::from_serial(date.as_f64(), self.epoch) {
                        Some(day) => Value::Date(day),
                        None => Value::Number(date.as_f64()),
                    }
                }
                DataRef::DateTime(duration) => Value::Number(duration.as_f64()),
                DataRef::DateTimeIso(text) => match Day::parse(text) {
                    Some(day) => Value::Date(day),
                    None => Value::Text(text),
                },
                DataRef::DurationIso(text) => Value::Text(text),
                DataRef::Error(_) => Value::Error,
            };
            if !gather.cell(row, column, value, per_mille)? {
                return Ok(());
            }
        }
        gather.flush(per_mille)?;
        Ok(())
    }
}

impl From<XlsxError> for Problem {
    fn from(error: XlsxError) -> Self {
        match error {
            XlsxError::Password => Self::Password,
            XlsxError::Zip(e) => e.into(),
            XlsxError::Io(e) => e.into(),
            XlsxError::XmlEof(tag) => Self::truncated(words::sheet_cut_before(tag)),
            XlsxError::FileNotFound(part) => Self::damaged(words::part_missing(&part)),
            XlsxError::RelationshipNotFound | XlsxError::WorksheetNotFound(_) => {
                Self::damaged(words::SHEET_MISSING)
            }
            XlsxError::ColumnNumberOverflow | XlsxError::RowNumberOverflow => {
                Self::damaged(words::CELL_OUTSIDE)
            }
            // NOTE: what the library says may quote a cell.
            _ => Self::damaged(words::PART_MALFORMED),
        }
    }
}

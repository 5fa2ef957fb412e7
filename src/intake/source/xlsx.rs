//! .xlsx and .xlsm: the one sheet that is asked for, streamed from the zip.
//!
//! ECMA-376 part 1, sections 18.2 to 18.4. Workbooks of the shape that
//! spreadsheets write (UTF-8, the main namespace without a prefix) are read here;
//! any other goes to calamine's streaming reader ([`upstream`]), which is also
//! what the tests hold this one to, cell by cell.
//!
//! A sheet is inflated once: its check sum, its sizes and its end are looked at
//! as it goes by. What was not read whole is looked at by [`Book::verify`].

mod cells;
mod outline;
mod texts;
mod upstream;

use std::collections::{BTreeSet, HashMap};
use std::io::{Read, Seek};
use std::rc::Rc;

use super::package::{Package, Part};
use super::strings::Strings;
use super::xml::Scanner;
use super::{Book, Gather, SheetInfo, Sink};
use crate::intake::cell::Epoch;
use crate::intake::error::Problem;
use crate::intake::report::Format;
use outline::Outline;

pub(crate) struct Xlsx<S> {
    package: Package<S>,
    outline: Outline,
    strings: Rc<Strings>,
    /// The last row that each sheet scanned says it has.
    declared: HashMap<usize, u32>,
    /// Parts that were not looked at to their end.
    unverified: BTreeSet<String>,
}

/// How a part is checked, from its name in lower case.
fn kind(lower: &str) -> Part {
    let xml = [".xml", ".rels", ".vml"].iter().any(|e| lower.ends_with(e));
    let kept = ["sharedstrings", "styles", "workbook", "theme", ".rels"];
    match (xml, kept.iter().any(|k| lower.contains(k))) {
        (true, true) => Part::KeptXml,
        (true, false) => Part::StreamedXml,
        (false, _) => Part::Streamed,
    }
}

/// Opens a workbook. Its small parts are checked here; the others when they are
/// read.
pub(crate) fn open<'s, S: Read + Seek + 's>(
    mut package: Package<S>,
) -> Result<Box<dyn Book + 's>, Problem> {
    let mut unverified = BTreeSet::new();
    for name in package.names().to_vec() {
        let lower = name.to_lowercase();
        if lower.ends_with('/') || lower.contains("/media/") {
            continue;
        }
        let streamed = lower.contains("worksheets/") || lower.contains("sharedstrings");
        if streamed && lower.ends_with(".xml") {
            unverified.insert(name);
        } else {
            package.check(&name, kind(&lower))?;
        }
    }
    if let Some(outline) = Outline::read(&mut package)? {
        let mut book = Xlsx {
            package,
            outline,
            strings: Rc::default(),
            declared: HashMap::new(),
            unverified,
        };
        book.shared_strings()?;
        return Ok(Box::new(book));
    }
    for name in unverified {
        package.check(&name, kind(&name.to_lowercase()))?;
    }
    Ok(Box::new(upstream::Upstream::open(package)?))
}

impl<S: Read + Seek> Xlsx<S> {
    fn shared_strings(&mut self) -> Result<(), Problem> {
        let Some(name) = self.outline.strings.clone() else {
            return Ok(());
        };
        let read = |package: &mut Package<S>| {
            let part = package.whole(&name, Part::KeptXml)?;
            let size = part.declared();
            texts::shared(&mut Scanner::new(part), size)
        };
        let strings = read(&mut self.package);
        self.strings = Rc::new(self.settled(&name, strings)?);
        self.unverified.remove(&name);
        Ok(())
    }

    /// A part that could not be read: what is wrong with its bytes, if anything,
    /// is told before what was made of them.
    fn settled<T>(&mut self, name: &str, read: Result<T, Problem>) -> Result<T, Problem> {
        if read.is_err() {
            self.package.check(name, kind(&name.to_lowercase()))?;
            self.unverified.remove(name);
        }
        read
    }
}

impl<S: Read + Seek> Book for Xlsx<S> {
    fn format(&self) -> Format {
        Format::Xlsx
    }

    fn epoch(&self) -> Option<Epoch> {
        Some(self.outline.epoch)
    }

    fn sheets(&self) -> &[SheetInfo] {
        &self.outline.sheets
    }

    fn declared_last_row(&self, sheet: usize) -> Option<u32> {
        self.declared.get(&sheet).copied()
    }

    fn scan(&mut self, sheet: usize, sink: &mut Sink<'_>) -> Result<(), Problem> {
        let name = self.outline.parts[sheet].clone();
        let strings = Rc::clone(&self.strings);
        let read = cells::scan(
            &mut self.package,
            &name,
            &self.outline,
            strings,
            Gather::new(sink),
        );
        let scanned = self.settled(&name, read)?;
        if let Some(row) = scanned.declared {
            self.declared.insert(sheet, row);
        }
        if scanned.whole {
            self.unverified.remove(&name);
        }
        Ok(())
    }

    fn verify(&mut self) -> Result<(), Problem> {
        while let Some(name) = self.unverified.pop_first() {
            self.package.check(&name, kind(&name.to_lowercase()))?;
        }
        Ok(())
    }
}

#[cfg(test)]
#[path = "xlsx/tests.rs"]
mod tests;

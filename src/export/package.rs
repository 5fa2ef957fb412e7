//! What the two formats of workbook share: a zip of XML parts.
//!
//! Written here, since the `zip` library, which reads, would bring into the page
//! a second compressor that it never calls (calamine asks for it): an eighth of
//! the page. Entries carry no time, so that equal parts give equal bytes.

use std::io::{self, Write};

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};
use quick_xml::Writer;

/// A part under construction.
pub(super) type Xml = Writer<Vec<u8>>;

/// How an entry stands in the package: the number of its method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    /// As it is: a reader finds its text at a known place.
    Stored = 0,
    /// Compressed.
    Deflated = 8,
}

/// Signatures of the three records of a zip.
const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
/// Version 2.0 of the format: deflated entries.
const VERSION: u16 = 20;
/// Names are in UTF-8.
const FLAGS: u16 = 1 << 11;
/// The first day of the format, 1 January 1980, at midnight.
const TIME: u16 = 0;
const DATE: u16 = 1 << 5 | 1;

/// Writes the entries, in order.
///
/// # Errors
/// When the whole is larger than the format can say (4 GiB).
pub(super) fn zip(entries: Vec<(String, Entry, Vec<u8>)>) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    let mut directory = Vec::new();
    let count = short(entries.len())?;
    for (name, entry, bytes) in entries {
        let offset = long(out.len())?;
        let mut sum = Crc::new();
        sum.update(&bytes);
        let packed = match entry {
            Entry::Stored => None,
            Entry::Deflated => {
                let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
                encoder.write_all(&bytes)?;
                Some(encoder.finish()?)
            }
        };
        let body = packed.as_deref().unwrap_or(&bytes);

        // What the entry and the directory both say.
        let mut common = Vec::new();
        for word in [VERSION, FLAGS, entry as u16, TIME, DATE] {
            common.extend(word.to_le_bytes());
        }
        for word in [sum.sum(), long(body.len())?, long(bytes.len())?] {
            common.extend(word.to_le_bytes());
        }
        // Length of the name, then no extra field.
        for word in [short(name.len())?, 0] {
            common.extend(word.to_le_bytes());
        }

        out.extend(LOCAL.to_le_bytes());
        out.extend(&common);
        out.extend(name.as_bytes());
        out.extend(body);

        directory.extend(CENTRAL.to_le_bytes());
        directory.extend(VERSION.to_le_bytes());
        directory.extend(&common);
        // No comment, first disk, no attributes.
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let (offset, length) = (long(out.len())?, long(directory.len())?);
    out.extend(directory);
    out.extend(END.to_le_bytes());
    for word in [0, 0, count, count] {
        out.extend(word.to_le_bytes());
    }
    out.extend(length.to_le_bytes());
    out.extend(offset.to_le_bytes());
    // No comment.
    out.extend([0; 2]);
    Ok(out)
}

fn short(number: usize) -> io::Result<u16> {
    u16::try_from(number).map_err(io::Error::other)
}

fn long(number: usize) -> io::Result<u32> {
    u32::try_from(number).map_err(io::Error::other)
}

/// XML written by hand.
pub(super) fn raw(xml: &mut Xml, text: &str) -> io::Result<()> {
    xml.get_mut().write_all(text.as_bytes())
}

/// The letters of a column, from 1.
pub(super) fn letters(mut column: usize) -> String {
    let mut out = Vec::new();
    while column > 0 {
        column -= 1;
        out.push(char::from(b'A' + (column % 26) as u8));
        column /= 26;
    }
    out.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_letters() {
        assert_eq!(
            [1, 26, 27, 52, 703].map(letters),
            ["A", "Z", "AA", "AZ", "AAA"]
        );
    }

    #[test]
    fn a_package_reads_back_entry_by_entry() {
        let long: Vec<u8> = (0..100_000_u32)
            .flat_map(|n| (n % 251).to_le_bytes())
            .collect();
        let entries = vec![
            ("mimetype".to_owned(), Entry::Stored, b"en clair".to_vec()),
            ("dossier/é.xml".to_owned(), Entry::Deflated, long),
            ("vide".to_owned(), Entry::Deflated, Vec::new()),
        ];
        let bytes = zip(entries.clone()).unwrap();
        let mut archive = ::zip::ZipArchive::new(io::Cursor::new(bytes)).unwrap();
        assert_eq!(archive.len(), entries.len());
        for (rank, (name, entry, content)) in entries.iter().enumerate() {
            let mut found = archive.by_index(rank).unwrap();
            assert_eq!(found.name().unwrap(), name.as_str());
            let stored = found.compression() == ::zip::CompressionMethod::Stored;
            assert_eq!(stored, *entry == Entry::Stored);
            let mut read = Vec::new();
            // The reader checks the sum.
            io::Read::read_to_end(&mut found, &mut read).unwrap();
            assert_eq!(read, *content);
        }
    }
}

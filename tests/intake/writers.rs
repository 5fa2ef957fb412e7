//! The same rows in each format: what the readers are tested on.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;

/// A cell to write.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell {
    Empty,
    Text(String),
    Number(f64),
}

pub(crate) type Sheet = (String, Vec<Vec<Cell>>);

/// The rows of the example, numbers as numbers.
pub(crate) fn typed(rows: &[Vec<String>]) -> Vec<Vec<Cell>> {
    rows.iter()
        .enumerate()
        .map(|(rank, row)| {
            row.iter()
                .enumerate()
                .map(|(column, text)| match text.parse() {
                    _ if text.is_empty() => Cell::Empty,
                    Ok(n) if rank > 0 && ops_mixite::example::NUMBERS.contains(&column) => {
                        Cell::Number(n)
                    }
                    _ => Cell::Text(text.clone()),
                })
                .collect()
        })
        .collect()
}

/// Rows of texts.
pub(crate) fn texts(rows: &[&[&str]]) -> Vec<Vec<Cell>> {
    rows.iter()
        .map(|row| {
            row.iter()
                .map(|t| match *t {
                    "" => Cell::Empty,
                    t => Cell::Text(t.to_owned()),
                })
                .collect()
        })
        .collect()
}

pub(crate) fn one(rows: Vec<Vec<Cell>>) -> Vec<Sheet> {
    vec![("Feuille1".to_owned(), rows)]
}

pub(crate) fn xlsx(sheets: &[Sheet]) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    for (name, rows) in sheets {
        let sheet = book.add_worksheet();
        sheet.set_name(name).unwrap();
        for (r, row) in rows.iter().enumerate() {
            for (c, cell) in row.iter().enumerate() {
                let (r, c) = (r as u32, c as u16);
                match cell {
                    Cell::Empty => {}
                    Cell::Text(text) => drop(sheet.write_string(r, c, text).unwrap()),
                    Cell::Number(n) => drop(sheet.write_number(r, c, *n).unwrap()),
                }
            }
        }
    }
    book.save_to_buffer().unwrap()
}

/// A zip of named parts, the first stored and the rest deflated.
pub(crate) fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (rank, (name, bytes)) in parts.iter().enumerate() {
        let method = if rank == 0 && *name == "mimetype" {
            zip::CompressionMethod::Stored
        } else {
            zip::CompressionMethod::Deflated
        };
        zip.start_file(
            *name,
            SimpleFileOptions::default().compression_method(method),
        )
        .unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn escape(text: &str) -> String {
    quick_xml::escape::escape(text).into_owned()
}

pub(crate) const ODS_TYPE: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";

/// An .ods around the inside of `office:spreadsheet`.
pub(crate) fn ods_of(tables: &str) -> Vec<u8> {
    let content = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<office:document-content \
         xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
         xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
         xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" office:version=\"1.2\">\
         <office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>\
         </office:document-content>"
    );
    zip(&[
        ("mimetype", ODS_TYPE),
        ("content.xml", content.as_bytes()),
        (
            "META-INF/manifest.xml",
            b"<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\"/>",
        ),
    ])
}

/// As LibreOffice does: empty cells and equal rows are written once with how
/// many times they repeat, and the sheet ends with a million blank rows.
pub(crate) fn ods(sheets: &[Sheet]) -> Vec<u8> {
    let mut tables = String::new();
    for (name, rows) in sheets {
        tables.push_str(&format!("<table:table table:name=\"{}\">", escape(name)));
        tables.push_str("<table:table-column table:number-columns-repeated=\"1024\"/>");
        let mut at = 0;
        while at < rows.len() {
            let same = rows[at..].iter().take_while(|r| **r == rows[at]).count();
            match same {
                1 => tables.push_str("<table:table-row>"),
                n => tables.push_str(&format!(
                    "<table:table-row table:number-rows-repeated=\"{n}\">"
                )),
            }
            ods_row(&rows[at], &mut tables);
            tables.push_str("</table:table-row>");
            at += same;
        }
        tables.push_str(
            "<table:table-row table:number-rows-repeated=\"1040000\">\
             <table:table-cell table:number-columns-repeated=\"1024\"/></table:table-row>\
             </table:table>",
        );
    }
    ods_of(&tables)
}

fn ods_row(row: &[Cell], out: &mut String) {
    let mut at = 0;
    while at < row.len() {
        let same = row[at..].iter().take_while(|c| **c == row[at]).count();
        let repeat = match same {
            1 => String::new(),
            n => format!(" table:number-columns-repeated=\"{n}\""),
        };
        match &row[at] {
            Cell::Empty => out.push_str(&format!("<table:table-cell{repeat}/>")),
            Cell::Text(text) => out.push_str(&format!(
                "<table:table-cell{repeat} office:value-type=\"string\"><text:p>{}</text:p></table:table-cell>",
                escape(text)
            )),
            Cell::Number(n) => out.push_str(&format!(
                "<table:table-cell{repeat} office:value-type=\"float\" office:value=\"{n}\"><text:p>{n}</text:p></table:table-cell>"
            )),
        }
        at += same;
    }
    if row.len() < 1024 {
        let n = 1024 - row.len();
        out.push_str(&format!(
            "<table:table-cell table:number-columns-repeated=\"{n}\"/>"
        ));
    }
}

/// Records of [MS-XLSB]: a type and a length in sevens of bits, then bytes.
#[derive(Default)]
pub(crate) struct Records(pub(crate) Vec<u8>);

impl Records {
    pub(crate) fn put(&mut self, kind: u32, body: &[u8]) -> &mut Self {
        if kind < 0x80 {
            self.0.push(kind as u8);
        } else {
            self.0
                .extend([(kind & 0x7F) as u8 | 0x80, (kind >> 7) as u8]);
        }
        let mut length = body.len();
        loop {
            let byte = (length & 0x7F) as u8;
            length >>= 7;
            self.0.push(byte | if length > 0 { 0x80 } else { 0 });
            if length == 0 {
                break;
            }
        }
        self.0.extend_from_slice(body);
        self
    }
}

fn wide(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let mut bytes = (units.len() as u32).to_le_bytes().to_vec();
    bytes.extend(units.iter().flat_map(|u| u.to_le_bytes()));
    bytes
}

/// Shared strings, whole numbers as compact ones, other numbers as doubles.
pub(crate) fn xlsb(sheets: &[Sheet]) -> Vec<u8> {
    let mut strings: Vec<String> = Vec::new();
    let mut ranks = std::collections::HashMap::new();
    let mut parts: Vec<(String, Vec<u8>)> = Vec::new();
    for (at, (_, rows)) in sheets.iter().enumerate() {
        let mut sheet = Records::default();
        sheet.put(129, &[]);
        let width = rows.iter().map(Vec::len).max().unwrap_or(0) as u32;
        let extent = [0, rows.len() as u32, 0, width];
        sheet.put(148, &extent.map(u32::to_le_bytes).concat());
        sheet.put(145, &[]);
        for (r, row) in rows.iter().enumerate() {
            let mut head = (r as u32).to_le_bytes().to_vec();
            head.extend([0; 21]);
            sheet.put(0, &head);
            for (c, cell) in row.iter().enumerate() {
                let mut body = (c as u32).to_le_bytes().to_vec();
                body.extend([0; 4]);
                let kind = match cell {
                    Cell::Empty => 1,
                    Cell::Text(text) => {
                        let rank = *ranks.entry(text.clone()).or_insert_with(|| {
                            strings.push(text.clone());
                            strings.len() as u32 - 1
                        });
                        body.extend(rank.to_le_bytes());
                        7
                    }
                    Cell::Number(n) if *n == n.trunc() && n.abs() < 1e8 => {
                        body.extend((((*n as i32) << 2) as u32 | 2).to_le_bytes());
                        2
                    }
                    Cell::Number(n) => {
                        body.extend(n.to_le_bytes());
                        5
                    }
                };
                sheet.put(kind, &body);
            }
        }
        sheet.put(146, &[]).put(130, &[]);
        parts.push((format!("xl/worksheets/sheet{}.bin", at + 1), sheet.0));
    }
    let mut shared = Records::default();
    let counts = [strings.len() as u32, strings.len() as u32];
    shared.put(159, &counts.map(u32::to_le_bytes).concat());
    for text in &strings {
        let mut body = vec![0];
        body.extend(wide(text));
        shared.put(19, &body);
    }
    shared.put(160, &[]);
    let mut book = Records::default();
    book.put(131, &[]).put(153, &[0; 12]).put(143, &[]);
    let mut relations = String::from(
        "<?xml version=\"1.0\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">",
    );
    for (at, (name, _)) in sheets.iter().enumerate() {
        let mut body = 0_u32.to_le_bytes().to_vec();
        body.extend((at as u32 + 1).to_le_bytes());
        body.extend(wide(&format!("rId{}", at + 1)));
        body.extend(wide(name));
        book.put(156, &body);
        relations.push_str(&format!(
            "<Relationship Id=\"rId{0}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet{0}.bin\"/>",
            at + 1
        ));
    }
    relations.push_str("</Relationships>");
    book.put(144, &[]).put(157, &[0; 26]).put(132, &[]);
    let mut styles = Records::default();
    styles.put(278, &[]);
    styles
        .put(617, &1_u32.to_le_bytes())
        .put(47, &[0; 16])
        .put(618, &[]);
    styles.put(279, &[]);
    parts.push(("xl/workbook.bin".into(), book.0));
    parts.push(("xl/_rels/workbook.bin.rels".into(), relations.into_bytes()));
    parts.push(("xl/sharedStrings.bin".into(), shared.0));
    parts.push(("xl/styles.bin".into(), styles.0));
    parts.push((
        "[Content_Types].xml".into(),
        b"<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>".to_vec(),
    ));
    let parts: Vec<_> = parts
        .iter()
        .map(|(n, b)| (n.as_str(), b.as_slice()))
        .collect();
    zip(&parts)
}

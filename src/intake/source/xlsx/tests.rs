//! Our reader beside calamine's, which is the judge: the same cells, whatever
//! the way in which a workbook writes them.

use std::io::{Cursor, Write};

use proptest::prelude::*;

use super::super::window::Window;
use super::*;

/// A workbook of one sheet, its zip in memory.
fn workbook(sheet: &str, strings: &str) -> Vec<u8> {
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let relations = |lines: &str| {
        format!(
            "<?xml version=\"1.0\"?>\n<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{lines}</Relationships>"
        )
    };
    let relation = |id: &str, kind: &str, target: &str| {
        format!("<Relationship Id=\"{id}\" Type=\"{office}/{kind}\" Target=\"{target}\"/>")
    };
    let parts = [
        ("_rels/.rels", relations(&relation("r1", "officeDocument", "xl/workbook.xml"))),
        (
            "xl/_rels/workbook.xml.rels",
            relations(&(relation("r1", "worksheet", "worksheets/sheet1.xml") + &relation("r2", "sharedStrings", "sharedStrings.xml"))),
        ),
        (
            "xl/workbook.xml",
            format!("<workbook xmlns:r=\"{office}\"><workbookPr/><sheets><sheet name=\"A &amp; B\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"),
        ),
        (
            "xl/styles.xml",
            "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"dd/mm/yyyy\"/><numFmt numFmtId=\"165\" formatCode=\"0.00\"/></numFmts>\
             <cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"164\"/><xf numFmtId=\"165\"/><xf numFmtId=\"20\"/><xf/></cellXfs></styleSheet>".to_owned(),
        ),
        ("xl/sharedStrings.xml", strings.to_owned()),
        ("xl/worksheets/sheet1.xml", sheet.to_owned()),
    ];
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn package(bytes: &[u8]) -> Package<Cursor<&[u8]>> {
    Package::open(Window::new(Cursor::new(bytes), bytes.len() as u64)).unwrap()
}

/// Every row that is not blank, and the extent announced.
fn rows(book: &mut dyn Book) -> Result<(Vec<String>, Option<u32>), Problem> {
    let mut all = Vec::new();
    book.scan(0, &mut |number, row, _| {
        if !row.is_blank() {
            let cells: Vec<_> = (0..row.width())
                .map(|c| format!("{:?}", row.get(c)))
                .collect();
            all.push(format!("{number}: {}", cells.join(" | ")));
        }
        Ok(true)
    })?;
    book.verify()?;
    Ok((all, book.declared_last_row(0)))
}

/// The rows as we read them and as calamine does.
#[allow(clippy::type_complexity)]
fn both(bytes: &[u8]) -> [Result<(Vec<String>, Option<u32>), Problem>; 2] {
    let ours = open(package(bytes)).and_then(|mut book| rows(book.as_mut()));
    let theirs = upstream::Upstream::open(package(bytes)).and_then(|mut book| rows(&mut book));
    [ours, theirs]
}

#[track_caller]
fn alike(sheet: &str, strings: &str) -> Vec<String> {
    let bytes = workbook(sheet, strings);
    let outline = Outline::read(&mut package(&bytes)).unwrap();
    assert!(outline.is_some(), "the judge would judge itself");
    let [ours, theirs] = both(&bytes);
    let (ours, theirs) = (ours.unwrap(), theirs.unwrap());
    assert_eq!(ours, theirs, "{sheet}");
    ours.0
}

const STRINGS: &str = "<sst uniqueCount=\"5\"><si><t>Torcy</t></si><si><t xml:space=\"preserve\"> é &lt; b </t></si>\
     <si><r><t>ri</t></r><r><t>che</t></r></si><si/><si><t> a_x000D_b </t></si></sst>";

fn data(rows: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><dimension ref=\"A1:C9\"/><sheetData>{rows}</sheetData><pageMargins left=\"0.7\"/></worksheet>"
    )
}

#[test]
fn cells_of_every_kind() {
    let rows = alike(
        &data(
            "<row r=\"1\" spans=\"1:3\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" s=\"0\" t=\"s\"><v>1</v></c><c r=\"C1\" t=\"s\" s=\"2\"><v>2</v></c></row>\n\
             <row r=\"3\"><c r=\"A3\"><v>12</v></c><c r=\"B3\" t=\"n\"><v>-1.5E3</v></c><c r=\"AA3\"><v>0.1</v></c><c r=\"AB3\"><v>123456789012345678</v></c></row>\
             <row r=\"4\"><c r=\"A4\" s=\"1\"><v>45292</v></c><c r=\"B4\" s=\"2\"><v>1</v></c><c r=\"C4\" s=\"3\"><v>45292</v></c><c r=\"D4\" s=\"4\"><v>0.5</v></c><c r=\"E4\" s=\"5\"><v>7</v></c><c r=\"F4\" s=\"99\"><v>7</v></c></row>\
             <row r=\"5\"><c r=\"A5\" t=\"b\"><v>1</v></c><c r=\"B5\" t=\"b\"><v>FALSE</v></c><c r=\"C5\" t=\"e\"><v>#N/A</v></c><c r=\"D5\" t=\"str\"><v>a &amp; b_x000D_</v></c><c r=\"E5\" t=\"d\"><v>2024-01-01</v></c></row>\
             <row r=\"6\"><c r=\"A6\" t=\"inlineStr\"><is><t> en ligne </t></is></c><c r=\"B6\"><f>A1+1</f><v>3</v></c><c r=\"C6\" t=\"str\"><f>\"x\"</f><v>x</v></c></row>\
             <row r=\"7\"><c r=\"A7\" s=\"1\"/><c r=\"B7\"/><c r=\"C7\"></c><c r=\"D7\"><v/></c><c r=\"E7\"><v></v></c><c r=\"F7\" t=\"s\"><v>3</v></c></row>\
             <row r=\"8\"><c r='A8'><v>1</v></c><c  r=\"B8\" ><v>2</v></c ><c r=\"C8\" cm=\"1\"><v>3</v></c></row>",
        ),
        STRINGS,
    );
    assert_eq!(rows.len(), 6);
    assert_eq!(
        rows[0],
        "1: Text(\"Torcy\") | Text(\" é < b \") | Text(\"riche\")"
    );
    assert!(
        rows[2].contains("Date(Day { year: 2024, month: 1, day: 1 }) | Date"),
        "{}",
        rows[2]
    );
}

#[test]
fn cells_that_do_not_say_where_they_stand() {
    let rows = alike(
        &data(
            "<row><c><v>1</v></c><c t=\"s\"><v>0</v></c></row><row/><row r=\"5\"><c r=\"C5\"><v>2</v></c><c><v>3</v></c></row><row><c><v>4</v></c></row>",
        ),
        STRINGS,
    );
    assert_eq!(rows[1], "5: Empty | Empty | Number(2.0) | Number(3.0)");
    assert_eq!(rows.len(), 3);
}

#[test]
fn a_sheet_longer_than_the_buffer() {
    let mut lines = String::new();
    for row in 1..=4_000 {
        lines.push_str(&format!("<row r=\"{row}\">"));
        for (column, letter) in ["A", "B", "C", "D"].iter().enumerate() {
            lines.push_str(&match (row + column) % 4 {
                0 => format!("<c r=\"{letter}{row}\"><v>{}</v></c>", row * 31 % 977),
                1 => format!("<c r=\"{letter}{row}\" t=\"s\"><v>{}</v></c>", row % 5),
                2 => format!("<c r=\"{letter}{row}\" t=\"inlineStr\"><is><t>é{row}</t></is></c>"),
                _ => format!(
                    "<c r=\"{letter}{row}\" s=\"1\"><v>{}.25</v></c>",
                    20_000 + row
                ),
            });
        }
        lines.push_str("</row>");
    }
    assert_eq!(alike(&data(&lines), STRINGS).len(), 4_000);
}

#[test]
fn an_unusual_workbook_is_left_to_calamine() {
    let sheet = data("<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>");
    let prefixed = sheet
        .replace("<worksheet xmlns", "<x:worksheet xmlns:x")
        .replace("</", "</x:")
        .replace("<row", "<x:row")
        .replace("<c ", "<x:c ")
        .replace("<v>", "<x:v>")
        .replace("<sheetData", "<x:sheetData")
        .replace("<dimension", "<x:dimension");
    let bytes = workbook(&prefixed, STRINGS);
    assert_eq!(Outline::read(&mut package(&bytes)).unwrap(), None);
    let [ours, theirs] = both(&bytes);
    assert_eq!(ours.unwrap(), theirs.unwrap());
}

/// A cell, written in one of many ways.
fn cell() -> impl Strategy<Value = String> {
    let place = prop_oneof![6 => Just(true), 1 => Just(false)];
    let style = prop::option::of(0..7_u32);
    let value = prop_oneof![
        (0..6_u32).prop_map(|n| ("s", format!("<v>{}</v>", n % 5))),
        any::<i32>().prop_map(|n| ("", format!("<v>{n}</v>"))),
        any::<f64>()
            .prop_filter("finite", |n| n.is_finite())
            .prop_map(|n| ("n", format!("<v>{n:e}</v>"))),
        (0.0..60_000.0).prop_map(|n: f64| ("", format!("<v>{n}</v>"))),
        "[a-zé0-9 .,_x&;-]{0,8}"
            .prop_map(|t| ("str", format!("<v>{}</v>", t.replace('&', "&amp;")))),
        "[a-zé0-9 ]{0,8}".prop_map(|t| ("inlineStr", format!("<is><t>{t}</t></is>"))),
        "[a-z]{1,4}".prop_map(|t| ("", format!("<v>{t}</v>"))),
        Just(("b", "<v>1</v>".to_owned())),
        Just(("e", "<v>#REF!</v>".to_owned())),
        Just(("", "<f>SUM(A1:A2)</f><v>7</v>".to_owned())),
        Just(("", "\n  <v>8</v>\n".to_owned())),
        Just(("", String::new())),
    ];
    (place, style, value, any::<bool>()).prop_map(|(place, style, (kind, content), before)| {
        let place = if place { " r=\"@\"" } else { "" };
        let style = style.map_or(String::new(), |s| format!(" s=\"{s}\""));
        let kind = if kind.is_empty() {
            String::new()
        } else {
            format!(" t=\"{kind}\"")
        };
        let (first, second) = if before { (style, kind) } else { (kind, style) };
        match content.is_empty() {
            true => format!("<c{place}{first}{second}/>"),
            false => format!("<c{place}{first}{second}>{content}</c>"),
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn cells_written_in_any_way_are_those_of_calamine(rows in prop::collection::vec((any::<bool>(), prop::collection::vec(cell(), 0..6)), 0..6)) {
        let mut lines = String::new();
        for (rank, (numbered, cells)) in rows.into_iter().enumerate() {
            // Rows that do not say their number follow those that do.
            let row = rank as u32 + 1;
            lines.push_str(&if numbered { format!("<row r=\"{row}\">") } else { "<row>".to_owned() });
            for (column, cell) in cells.into_iter().enumerate() {
                let place = format!("{}{row}", crate::intake::cell::letters(column));
                lines.push_str(&cell.replace('@', &place));
            }
            lines.push_str("</row>\n");
        }
        alike(&data(&lines), STRINGS);
    }
}

//! The workbook of Excel (Office Open XML), written without a library: the one
//! made for it weighed more than a quarter of the page, for charts, images and
//! formulas that no sheet here has.
//!
//! A package is a zip of parts that name each other: the content types, the
//! relations, the workbook, its styles, the shared texts, one part a sheet, and
//! the properties. Entries carry no time, so that equal sheets give equal bytes.

use std::collections::HashMap;
use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::package::{self, Entry, Xml, letters, raw};
use super::sheet::{Cell, Sheet, Style, Value};

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE_RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const CONTENT_TYPES: &str = "http://schemas.openxmlformats.org/package/2006/content-types";
const CORE_PROPERTIES: &str =
    "http://schemas.openxmlformats.org/package/2006/metadata/core-properties";

/// What stands in a column's width beside its characters, in Excel's own font.
const PADDING: f64 = 0.71;

/// The styles: fonts, fills, borders, then the formats of cells in the order of
/// [`Style::ALL`], after the one that Excel keeps for itself.
const STYLES: &str = r##"<numFmts count="4"><numFmt numFmtId="164" formatCode="0.0%"/><numFmt numFmtId="165" formatCode="+0.0;-0.0;0.0"/><numFmt numFmtId="166" formatCode="0.0000"/><numFmt numFmtId="167" formatCode="0.0"/></numFmts><fonts count="5"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font><font><b/><sz val="14"/><name val="Calibri"/><family val="2"/></font><font><i/><sz val="11"/><name val="Calibri"/><family val="2"/></font><font><b/><sz val="11"/><name val="Calibri"/><family val="2"/></font><font><sz val="11"/><color rgb="FF595959"/><name val="Calibri"/><family val="2"/></font></fonts><fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFE8EDF2"/><bgColor indexed="64"/></patternFill></fill></fills><borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border><border><left/><right/><top/><bottom style="thin"><color auto="1"/></bottom><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="11"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/><xf numFmtId="49" fontId="2" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/><xf numFmtId="49" fontId="3" fillId="2" borderId="1" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="3" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="166" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="49" fontId="4" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyAlignment="1"><alignment horizontal="right"/></xf><xf numFmtId="167" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>"##;

/// The rank of a style among the formats of [`STYLES`].
fn style(style: Style) -> usize {
    match style {
        Style::Title => 1,
        Style::Source => 2,
        Style::Header => 3,
        Style::Text => 4,
        Style::Count => 5,
        Style::Share => 6,
        Style::Points => 7,
        Style::Index => 8,
        Style::Sign => 9,
        Style::Base100 => 10,
    }
}

/// Writes the package. The date of its properties is that of the data.
pub(super) fn write(sheets: &[Sheet], date: &str) -> Vec<u8> {
    parts(sheets, date)
        .and_then(package::zip)
        .expect("memory takes the package")
}

fn parts(sheets: &[Sheet], date: &str) -> io::Result<Vec<(String, Entry, Vec<u8>)>> {
    let mut texts = Texts::default();
    let mut pages = Vec::new();
    for (rank, sheet) in sheets.iter().enumerate() {
        pages.push((
            format!("xl/worksheets/sheet{}.xml", rank + 1),
            worksheet(sheet, rank == 0, &mut texts)?,
        ));
    }
    let mut parts = vec![
        ("[Content_Types].xml".to_owned(), content_types(sheets)?),
        ("_rels/.rels".to_owned(), package_relations()?),
        ("docProps/core.xml".to_owned(), properties(date)?),
        ("xl/workbook.xml".to_owned(), workbook(sheets)?),
        (
            "xl/_rels/workbook.xml.rels".to_owned(),
            workbook_relations(sheets)?,
        ),
        (
            "xl/styles.xml".to_owned(),
            document("styleSheet", &[("xmlns", MAIN)], |xml| raw(xml, STYLES))?,
        ),
        ("xl/sharedStrings.xml".to_owned(), texts.part()?),
    ];
    parts.extend(pages);
    Ok(parts
        .into_iter()
        .map(|(name, bytes)| (name, Entry::Deflated, bytes))
        .collect())
}

fn document(
    root: &str,
    attributes: &[(&str, &str)],
    inner: impl FnOnce(&mut Xml) -> io::Result<()>,
) -> io::Result<Vec<u8>> {
    let mut xml = Writer::new(Vec::new());
    xml.write_event(Event::Decl(BytesDecl::new(
        "1.0",
        Some("UTF-8"),
        Some("yes"),
    )))?;
    xml.create_element(root)
        .with_attributes(attributes.iter().copied())
        .write_inner_content(inner)?;
    Ok(xml.into_inner())
}

/// An element without content.
fn empty(xml: &mut Xml, name: &str, attributes: &[(&str, &str)]) -> io::Result<()> {
    xml.create_element(name)
        .with_attributes(attributes.iter().copied())
        .write_empty()?;
    Ok(())
}

/// The texts of the workbook, each once.
#[derive(Default)]
struct Texts<'a> {
    ranks: HashMap<&'a str, usize>,
    all: Vec<&'a str>,
    uses: usize,
}

impl<'a> Texts<'a> {
    fn rank(&mut self, text: &'a str) -> usize {
        self.uses += 1;
        *self.ranks.entry(text).or_insert_with(|| {
            self.all.push(text);
            self.all.len() - 1
        })
    }

    fn part(&self) -> io::Result<Vec<u8>> {
        let (uses, count) = (self.uses.to_string(), self.all.len().to_string());
        let attributes = [("xmlns", MAIN), ("count", &uses), ("uniqueCount", &count)];
        document("sst", &attributes, |xml| {
            for text in &self.all {
                xml.create_element("si").write_inner_content(|xml| {
                    xml.create_element("t")
                        .with_attribute(("xml:space", "preserve"))
                        .write_text_content(BytesText::new(&literal(text)))?;
                    Ok(())
                })?;
            }
            Ok(())
        })
    }
}

/// Excel reads `_x0041_` as the character of that number: the underscore that
/// begins such a sequence is itself written by number.
fn literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let rest = text.as_bytes()[at..].get(..7);
        let sequence = rest.is_some_and(|bytes| {
            bytes.starts_with(b"_x")
                && bytes[6] == b'_'
                && bytes[2..6].iter().all(u8::is_ascii_hexdigit)
        });
        if sequence {
            out.push_str("_x005F");
        }
        out.push(c);
    }
    out
}

fn worksheet<'a>(sheet: &'a Sheet, first: bool, texts: &mut Texts<'a>) -> io::Result<Vec<u8>> {
    document("worksheet", &[("xmlns", MAIN)], |xml| {
        // Printed as wide as the page, A4 landscape (last element).
        raw(xml, r#"<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>"#)?;
        view(xml, sheet, first)?;
        raw(xml, r#"<sheetFormatPr defaultRowHeight="15"/>"#)?;
        if !sheet.widths.is_empty() {
            xml.create_element("cols").write_inner_content(|xml| {
                for (column, width) in (1_usize..).zip(&sheet.widths) {
                    let column = column.to_string();
                    let width = (f64::from(*width) + PADDING).to_string();
                    let attributes = [
                        ("min", &*column),
                        ("max", &column),
                        ("width", &width),
                        ("customWidth", "1"),
                    ];
                    empty(xml, "col", &attributes)?;
                }
                Ok(())
            })?;
        }
        xml.create_element("sheetData").write_inner_content(|xml| {
            for (rank, cells) in (1_usize..).zip(&sheet.rows) {
                row(xml, rank, cells, texts)?;
            }
            Ok(())
        })?;
        if let Some(range) = filtered(sheet) {
            empty(xml, "autoFilter", &[("ref", &range.replace('$', ""))])?;
        }
        raw(
            xml,
            r#"<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/><pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>"#,
        )
    })
}

/// What stays in view; the workbook opens on its first sheet.
fn view(xml: &mut Xml, sheet: &Sheet, first: bool) -> io::Result<()> {
    let selected: &[(&str, &str)] = if first { &[("tabSelected", "1")] } else { &[] };
    xml.create_element("sheetViews")
        .write_inner_content(|xml| {
            xml.create_element("sheetView")
                .with_attributes(selected.iter().copied())
                .with_attribute(("workbookViewId", "0"))
                .write_inner_content(|xml| {
                    let (columns, rows) = (sheet.frozen_columns, sheet.frozen);
                    let pane = match (columns > 0, rows > 0) {
                        (false, false) => return Ok(()),
                        (false, true) => "bottomLeft",
                        (true, false) => "topRight",
                        (true, true) => "bottomRight",
                    };
                    let corner = format!("{}{}", letters(columns + 1), rows + 1);
                    let (columns, rows) = (columns.to_string(), rows.to_string());
                    let mut attributes = Vec::new();
                    attributes.extend((columns != "0").then_some(("xSplit", &*columns)));
                    attributes.extend((rows != "0").then_some(("ySplit", &*rows)));
                    attributes.push(("topLeftCell", &corner));
                    attributes.push(("activePane", pane));
                    attributes.push(("state", "frozen"));
                    empty(xml, "pane", &attributes)
                })?;
            Ok(())
        })?;
    Ok(())
}

fn row<'a>(xml: &mut Xml, rank: usize, cells: &'a [Cell], texts: &mut Texts<'a>) -> io::Result<()> {
    if cells.is_empty() {
        return Ok(());
    }
    xml.create_element("row")
        .with_attribute(("r", rank.to_string().as_str()))
        .write_inner_content(|xml| {
            for (column, cell) in (1..).zip(cells) {
                let place = format!("{}{rank}", letters(column));
                let style = style(cell.style).to_string();
                let element = xml
                    .create_element("c")
                    .with_attribute(("r", place.as_str()))
                    .with_attribute(("s", style.as_str()));
                let (element, value) = match &cell.value {
                    Value::Empty => continue,
                    // A text of nothing is no text.
                    Value::Text(text) if text.is_empty() => {
                        element.write_empty()?;
                        continue;
                    }
                    Value::Text(text) => (
                        element.with_attribute(("t", "s")),
                        texts.rank(text).to_string(),
                    ),
                    Value::Number(number, _) => (element, number.to_string()),
                };
                element.write_inner_content(|xml| {
                    xml.create_element("v")
                        .write_text_content(BytesText::new(&value))?;
                    Ok(())
                })?;
            }
            Ok(())
        })?;
    Ok(())
}

/// The heads of the columns and what is under them.
fn filtered(sheet: &Sheet) -> Option<String> {
    (sheet.frozen > 0 && !sheet.widths.is_empty()).then(|| {
        format!(
            "$A${}:${}${}",
            sheet.frozen,
            letters(sheet.widths.len()),
            sheet.rows.len().max(sheet.frozen)
        )
    })
}

fn workbook(sheets: &[Sheet]) -> io::Result<Vec<u8>> {
    let attributes = [("xmlns", MAIN), ("xmlns:r", RELATIONS)];
    document("workbook", &attributes, |xml| {
        raw(xml, "<bookViews><workbookView/></bookViews>")?;
        xml.create_element("sheets").write_inner_content(|xml| {
            for (rank, sheet) in (1..).zip(sheets) {
                let (number, relation) = (rank.to_string(), sheet_relation(rank));
                let attributes = [
                    ("name", sheet.name.as_str()),
                    ("sheetId", &number),
                    ("r:id", &relation),
                ];
                empty(xml, "sheet", &attributes)?;
            }
            Ok(())
        })?;
        if sheets.iter().all(|sheet| filtered(sheet).is_none()) {
            return Ok(());
        }
        // Excel keeps the filters and the rows repeated on each page as names.
        xml.create_element("definedNames")
            .write_inner_content(|xml| {
                for (rank, sheet) in sheets.iter().enumerate() {
                    let Some(range) = filtered(sheet) else {
                        continue;
                    };
                    let (local, name, head) = (rank.to_string(), &sheet.name, sheet.frozen);
                    xml.create_element("definedName")
                        .with_attribute(("name", "_xlnm._FilterDatabase"))
                        .with_attribute(("localSheetId", local.as_str()))
                        .with_attribute(("hidden", "1"))
                        .write_text_content(BytesText::new(&format!("'{name}'!{range}")))?;
                    xml.create_element("definedName")
                        .with_attribute(("name", "_xlnm.Print_Titles"))
                        .with_attribute(("localSheetId", local.as_str()))
                        .write_text_content(BytesText::new(&format!("'{name}'!${head}:${head}")))?;
                }
                Ok(())
            })?;
        Ok(())
    })
}

fn sheet_relation(rank: usize) -> String {
    format!("feuille{rank}")
}

fn relation(xml: &mut Xml, id: &str, kind: &str, target: &str) -> io::Result<()> {
    let attributes = [("Id", id), ("Type", kind), ("Target", target)];
    empty(xml, "Relationship", &attributes)
}

fn workbook_relations(sheets: &[Sheet]) -> io::Result<Vec<u8>> {
    document("Relationships", &[("xmlns", PACKAGE_RELATIONS)], |xml| {
        for rank in 1..=sheets.len() {
            relation(
                xml,
                &sheet_relation(rank),
                &format!("{RELATIONS}/worksheet"),
                &format!("worksheets/sheet{rank}.xml"),
            )?;
        }
        for (id, kind, target) in [
            ("styles", "styles", "styles.xml"),
            ("textes", "sharedStrings", "sharedStrings.xml"),
        ] {
            relation(xml, id, &format!("{RELATIONS}/{kind}"), target)?;
        }
        Ok(())
    })
}

fn package_relations() -> io::Result<Vec<u8>> {
    document("Relationships", &[("xmlns", PACKAGE_RELATIONS)], |xml| {
        let kind = format!("{RELATIONS}/officeDocument");
        relation(xml, "classeur", &kind, "xl/workbook.xml")?;
        let kind = format!("{PACKAGE_RELATIONS}/metadata/core-properties");
        relation(xml, "proprietes", &kind, "docProps/core.xml")
    })
}

fn content_types(sheets: &[Sheet]) -> io::Result<Vec<u8>> {
    const BOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    const PACKAGE: &str = "application/vnd.openxmlformats-package";
    document("Types", &[("xmlns", CONTENT_TYPES)], |xml| {
        for (extension, kind) in [
            ("rels", format!("{PACKAGE}.relationships+xml")),
            ("xml", "application/xml".to_owned()),
        ] {
            let attributes = [("Extension", extension), ("ContentType", &*kind)];
            empty(xml, "Default", &attributes)?;
        }
        let named = [
            ("/xl/workbook.xml", format!("{BOOK}.sheet.main+xml")),
            ("/xl/styles.xml", format!("{BOOK}.styles+xml")),
            ("/xl/sharedStrings.xml", format!("{BOOK}.sharedStrings+xml")),
            (
                "/docProps/core.xml",
                format!("{PACKAGE}.core-properties+xml"),
            ),
        ]
        .map(|(part, kind)| (part.to_owned(), kind));
        let pages = (1..=sheets.len()).map(|rank| {
            (
                format!("/xl/worksheets/sheet{rank}.xml"),
                format!("{BOOK}.worksheet+xml"),
            )
        });
        for (part, kind) in named.into_iter().chain(pages) {
            empty(
                xml,
                "Override",
                &[("PartName", &part), ("ContentType", &kind)],
            )?;
        }
        Ok(())
    })
}

fn properties(date: &str) -> io::Result<Vec<u8>> {
    let attributes = [
        ("xmlns:cp", CORE_PROPERTIES),
        ("xmlns:dcterms", "http://purl.org/dc/terms/"),
        ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
    ];
    document("cp:coreProperties", &attributes, |xml| {
        xml.create_element("dcterms:created")
            .with_attribute(("xsi:type", "dcterms:W3CDTF"))
            .write_text_content(BytesText::new(&format!("{date}T00:00:00Z")))?;
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_style_has_the_format_of_its_rank() {
        let ranks: Vec<usize> = Style::ALL.into_iter().map(style).collect();
        assert_eq!(ranks, (1..=Style::ALL.len()).collect::<Vec<_>>());
        let (_, formats) = STYLES.split_once("<cellXfs").unwrap();
        assert_eq!(formats.matches("<xf ").count(), Style::ALL.len() + 1);
    }

    #[test]
    fn a_sequence_that_excel_would_read_as_a_character_is_spelt() {
        for (text, written) in [
            ("_x0041_", "_x005F_x0041_"),
            ("é_x00e9_x0041_", "é_x005F_x00e9_x005F_x0041_"),
            ("_x041_ _xé_", "_x041_ _xé_"),
        ] {
            assert_eq!(literal(text), written);
        }
    }
}

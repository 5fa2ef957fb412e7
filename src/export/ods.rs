//! The workbook of LibreOffice (OpenDocument 1.3), written without a library:
//! those that exist bring older copies of `zip` and `quick-xml`.
//!
//! A package is a zip whose first entry, stored, is its media type; then the
//! manifest, the content, the styles, the settings (what stays in view) and the
//! properties. Entries carry no time, so that equal sheets give equal bytes.

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::package::{self, Entry, Xml, letters, raw};
use super::sheet::{Cell, Sheet, Style, Value};

/// The media type of a spreadsheet.
pub(super) const MEDIA_TYPE: &str = "application/vnd.oasis.opendocument.spreadsheet";

const SPACES: [(&str, &str); 9] = [
    (
        "xmlns:office",
        "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    ),
    (
        "xmlns:style",
        "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    ),
    (
        "xmlns:text",
        "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    ),
    (
        "xmlns:table",
        "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    ),
    (
        "xmlns:fo",
        "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
    ),
    (
        "xmlns:number",
        "urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0",
    ),
    (
        "xmlns:meta",
        "urn:oasis:names:tc:opendocument:xmlns:meta:1.0",
    ),
    (
        "xmlns:config",
        "urn:oasis:names:tc:opendocument:xmlns:config:1.0",
    ),
    ("office:version", "1.3"),
];

/// The part of the manifest, of the number styles and of the page that does not
/// depend on the data.
const MANIFEST: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3"><manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/><manifest:file-entry manifest:full-path="styles.xml" manifest:media-type="text/xml"/><manifest:file-entry manifest:full-path="settings.xml" manifest:media-type="text/xml"/><manifest:file-entry manifest:full-path="meta.xml" manifest:media-type="text/xml"/></manifest:manifest>
"#;

const STYLES: &str = r#"<office:styles><style:default-style style:family="table-cell"><style:text-properties fo:font-size="10pt" fo:language="fr" fo:country="FR"/></style:default-style></office:styles><office:automatic-styles><style:page-layout style:name="pl1"><style:page-layout-properties fo:page-width="29.7cm" fo:page-height="21cm" style:print-orientation="landscape" style:scale-to-X="1" style:scale-to-Y="0"/></style:page-layout></office:automatic-styles><office:master-styles><style:master-page style:name="Default" style:page-layout-name="pl1"/></office:master-styles>"#;

const NUMBERS: &str = r##"<style:style style:name="ta1" style:family="table" style:master-page-name="Default"><style:table-properties table:display="true" style:writing-mode="lr-tb"/></style:style><number:number-style style:name="n-count"><number:number number:decimal-places="0" number:min-integer-digits="1" number:grouping="true"/></number:number-style><number:percentage-style style:name="n-share"><number:number number:decimal-places="1" number:min-decimal-places="1" number:min-integer-digits="1"/><number:text> %</number:text></number:percentage-style><number:number-style style:name="n-plus" style:volatile="true"><number:text>+</number:text><number:number number:decimal-places="1" number:min-decimal-places="1" number:min-integer-digits="1"/></number:number-style><number:number-style style:name="n-points"><number:number number:decimal-places="1" number:min-decimal-places="1" number:min-integer-digits="1"/><style:map style:condition="value()&gt;0" style:apply-style-name="n-plus"/></number:number-style><number:number-style style:name="n-index"><number:number number:decimal-places="4" number:min-decimal-places="4" number:min-integer-digits="1"/></number:number-style><number:number-style style:name="n-base100"><number:number number:decimal-places="1" number:min-decimal-places="1" number:min-integer-digits="1"/></number:number-style><number:text-style style:name="n-text"><number:text-content/></number:text-style><style:style style:name="title" style:family="table-cell"><style:text-properties fo:font-weight="bold" fo:font-size="14pt"/></style:style><style:style style:name="source" style:family="table-cell"><style:text-properties fo:font-style="italic"/></style:style><style:style style:name="header" style:family="table-cell"><style:table-cell-properties fo:background-color="#e8edf2" fo:border-bottom="0.5pt solid #000000" fo:wrap-option="wrap" style:vertical-align="top"/><style:text-properties fo:font-weight="bold"/></style:style><style:style style:name="text" style:family="table-cell" style:data-style-name="n-text"/><style:style style:name="count" style:family="table-cell" style:data-style-name="n-count"/><style:style style:name="share" style:family="table-cell" style:data-style-name="n-share"/><style:style style:name="points" style:family="table-cell" style:data-style-name="n-points"/><style:style style:name="index" style:family="table-cell" style:data-style-name="n-index"/><style:style style:name="base100" style:family="table-cell" style:data-style-name="n-base100"/><style:style style:name="sign" style:family="table-cell" style:data-style-name="n-text"><style:paragraph-properties fo:text-align="end"/><style:text-properties fo:color="#595959"/></style:style>"##;

fn style(style: Style) -> &'static str {
    match style {
        Style::Title => "title",
        Style::Source => "source",
        Style::Header => "header",
        Style::Text => "text",
        Style::Count => "count",
        Style::Share => "share",
        Style::Points => "points",
        Style::Index => "index",
        Style::Sign => "sign",
        Style::Base100 => "base100",
    }
}

/// Writes the package.
pub(super) fn write(sheets: &[Sheet], date: &str) -> Vec<u8> {
    parts(sheets, date)
        .and_then(package::zip)
        .expect("memory takes the package")
}

fn parts(sheets: &[Sheet], date: &str) -> io::Result<Vec<(String, Entry, Vec<u8>)>> {
    let styles = document("office:document-styles", |xml| raw(xml, STYLES))?;
    Ok([
        ("mimetype", Entry::Stored, MEDIA_TYPE.as_bytes().to_vec()),
        (
            "META-INF/manifest.xml",
            Entry::Deflated,
            MANIFEST.as_bytes().to_vec(),
        ),
        ("content.xml", Entry::Deflated, content(sheets)?),
        ("styles.xml", Entry::Deflated, styles),
        ("settings.xml", Entry::Deflated, settings(sheets)?),
        ("meta.xml", Entry::Deflated, meta(date)?),
    ]
    .map(|(name, entry, bytes)| (name.to_owned(), entry, bytes))
    .into())
}

fn document(root: &str, inner: impl FnOnce(&mut Xml) -> io::Result<()>) -> io::Result<Vec<u8>> {
    let mut xml = Writer::new(Vec::new());
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    xml.create_element(root)
        .with_attributes(SPACES)
        .write_inner_content(inner)?;
    Ok(xml.into_inner())
}

fn content(sheets: &[Sheet]) -> io::Result<Vec<u8>> {
    let mut widths: Vec<u16> = sheets
        .iter()
        .flat_map(|s| s.widths.iter().copied())
        .collect();
    crate::order::sort(&mut widths);
    widths.dedup();
    document("office:document-content", |xml| {
        xml.create_element("office:automatic-styles")
            .write_inner_content(|xml| {
                raw(xml, NUMBERS)?;
                for width in &widths {
                    xml.create_element("style:style")
                        .with_attribute(("style:name", format!("w{width}").as_str()))
                        .with_attribute(("style:family", "table-column"))
                        .write_inner_content(|xml| {
                            // About 2 mm a character.
                            let size = format!("{}mm", width * 2);
                            xml.create_element("style:table-column-properties")
                                .with_attribute(("style:column-width", size.as_str()))
                                .write_empty()?;
                            Ok(())
                        })?;
                }
                Ok(())
            })?;
        xml.create_element("office:body")
            .write_inner_content(|xml| {
                xml.create_element("office:spreadsheet")
                    .write_inner_content(|xml| {
                        for sheet in sheets {
                            table(xml, sheet)?;
                        }
                        filters(xml, sheets)
                    })?;
                Ok(())
            })?;
        Ok(())
    })
}

fn table(xml: &mut Xml, sheet: &Sheet) -> io::Result<()> {
    xml.create_element("table:table")
        .with_attribute(("table:name", sheet.name.as_str()))
        .with_attribute(("table:style-name", "ta1"))
        .write_inner_content(|xml| {
            for width in &sheet.widths {
                xml.create_element("table:table-column")
                    .with_attribute(("table:style-name", format!("w{width}").as_str()))
                    .write_empty()?;
            }
            let (above, below) = sheet.rows.split_at(sheet.frozen.min(sheet.rows.len()));
            if let Some((head, above)) = above.split_last() {
                for cells in above {
                    row(xml, cells)?;
                }
                xml.create_element("table:table-header-rows")
                    .write_inner_content(|xml| row(xml, head))?;
            }
            for cells in below {
                row(xml, cells)?;
            }
            Ok(())
        })?;
    Ok(())
}

fn row(xml: &mut Xml, cells: &[Cell]) -> io::Result<()> {
    xml.create_element("table:table-row")
        .write_inner_content(|xml| {
            if cells.is_empty() {
                xml.create_element("table:table-cell").write_empty()?;
            }
            for cell in cells {
                let element = xml.create_element("table:table-cell");
                let element = element.with_attribute(("table:style-name", style(cell.style)));
                match &cell.value {
                    Value::Empty => {
                        element.write_empty()?;
                    }
                    Value::Text(text) => {
                        element
                            .with_attribute(("office:value-type", "string"))
                            .write_inner_content(|xml| paragraph(xml, text))?;
                    }
                    Value::Number(number, shown) => {
                        let kind = match cell.style {
                            Style::Share => "percentage",
                            _ => "float",
                        };
                        element
                            .with_attribute(("office:value-type", kind))
                            .with_attribute(("office:value", number.to_string().as_str()))
                            .write_inner_content(|xml| paragraph(xml, shown))?;
                    }
                }
            }
            Ok(())
        })?;
    Ok(())
}

/// A paragraph. Readers fold spaces: those that follow another, or stand at an
/// end, are written as elements.
fn paragraph(xml: &mut Xml, text: &str) -> io::Result<()> {
    xml.create_element("text:p").write_inner_content(|xml| {
        let mut rest = text;
        let mut first = true;
        while !rest.is_empty() {
            let end = rest
                .char_indices()
                .find(|(at, c)| {
                    *c == ' ' && {
                        let next = rest[at + 1..].chars().next();
                        next.is_none_or(|n| n == ' ') || (first && *at == 0)
                    }
                })
                .map_or(rest.len(), |(at, _)| at);
            if end > 0 {
                xml.write_event(Event::Text(BytesText::new(&rest[..end])))?;
            }
            rest = &rest[end..];
            first = false;
            let spaces = rest.len() - rest.trim_start_matches(' ').len();
            if spaces > 0 {
                xml.create_element("text:s")
                    .with_attribute(("text:c", spaces.to_string().as_str()))
                    .write_empty()?;
                rest = &rest[spaces..];
            }
        }
        Ok(())
    })?;
    Ok(())
}

/// Filter buttons on the heads of the columns.
fn filters(xml: &mut Xml, sheets: &[Sheet]) -> io::Result<()> {
    xml.create_element("table:database-ranges")
        .write_inner_content(|xml| {
            for (rank, sheet) in sheets.iter().enumerate().filter(|(_, s)| s.frozen > 0) {
                let name = &sheet.name;
                let range = format!(
                    "'{name}'.A{}:'{name}'.{}{}",
                    sheet.frozen,
                    letters(sheet.widths.len()),
                    sheet.rows.len()
                );
                xml.create_element("table:database-range")
                    .with_attribute(("table:name", format!("filtre{rank}").as_str()))
                    .with_attribute(("table:target-range-address", range.as_str()))
                    .with_attribute(("table:display-filter-buttons", "true"))
                    .write_empty()?;
            }
            Ok(())
        })?;
    Ok(())
}

/// What stays in view.
fn settings(sheets: &[Sheet]) -> io::Result<Vec<u8>> {
    fn item(xml: &mut Xml, name: &str, kind: &str, value: &str) -> io::Result<()> {
        xml.create_element("config:config-item")
            .with_attribute(("config:name", name))
            .with_attribute(("config:type", kind))
            .write_text_content(BytesText::new(value))?;
        Ok(())
    }
    fn entry(xml: &mut Xml, sheet: &Sheet) -> io::Result<()> {
        xml.create_element("config:config-item-map-entry")
            .with_attribute(("config:name", sheet.name.as_str()))
            .write_inner_content(|xml| {
                for (axis, after, at) in [
                    ("Horizontal", "Right", sheet.frozen_columns),
                    ("Vertical", "Bottom", sheet.frozen),
                ] {
                    if at == 0 {
                        continue;
                    }
                    let at = at.to_string();
                    // 2: frozen, and not merely split.
                    item(xml, &format!("{axis}SplitMode"), "short", "2")?;
                    item(xml, &format!("{axis}SplitPosition"), "int", &at)?;
                    item(xml, &format!("Position{after}"), "int", &at)?;
                }
                Ok(())
            })?;
        Ok(())
    }
    document("office:document-settings", |xml| {
        xml.create_element("office:settings")
            .write_inner_content(|xml| {
                xml.create_element("config:config-item-set")
                    .with_attribute(("config:name", "ooo:view-settings"))
                    .with_attribute(("xmlns:ooo", "http://openoffice.org/2004/office"))
                    .write_inner_content(|xml| {
                        xml.create_element("config:config-item-map-indexed")
                            .with_attribute(("config:name", "Views"))
                            .write_inner_content(|xml| {
                                xml.create_element("config:config-item-map-entry")
                                    .write_inner_content(|xml| {
                                        item(xml, "ViewId", "string", "view1")?;
                                        xml.create_element("config:config-item-map-named")
                                            .with_attribute(("config:name", "Tables"))
                                            .write_inner_content(|xml| {
                                                sheets.iter().try_for_each(|s| entry(xml, s))
                                            })?;
                                        Ok(())
                                    })?;
                                Ok(())
                            })?;
                        Ok(())
                    })?;
                Ok(())
            })?;
        Ok(())
    })
}

fn meta(date: &str) -> io::Result<Vec<u8>> {
    document("office:document-meta", |xml| {
        xml.create_element("office:meta")
            .write_inner_content(|xml| {
                xml.create_element("meta:creation-date")
                    .write_text_content(BytesText::new(&format!("{date}T00:00:00")))?;
                Ok(())
            })?;
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_stay() {
        let mut xml = Writer::new(Vec::new());
        paragraph(&mut xml, " a b  c<& é ").unwrap();
        assert_eq!(
            String::from_utf8(xml.into_inner()).unwrap(),
            r#"<text:p><text:s text:c="1"/>a b<text:s text:c="2"/>c&lt;&amp; é<text:s text:c="1"/></text:p>"#
        );
    }
}

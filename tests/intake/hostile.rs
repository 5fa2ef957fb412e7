//! Broken and hostile files: the right sentence, and no panic.

use std::io::Write;

use ops_mixite::intake::{Bound, IntakeError, Problem};
use proptest::prelude::*;

use super::read;
use super::writers::{self, Cell, Records, ods_of, one, texts, zip};

fn refused(bytes: &[u8]) -> Problem {
    match read(bytes) {
        Err(IntakeError::Refused { file, problem }) => {
            assert_eq!(file, "ops");
            problem
        }
        other => panic!("{other:?}"),
    }
}

fn small() -> Vec<writers::Sheet> {
    one(texts(&[
        &["Commune", "Occupation", "Situation familiale", "RFR"],
        &["Torcy", "Loué", "Personne seule", "12 000"],
        &["Blanzy", "Vacant", "", ""],
    ]))
}

/// A part of a zip changed, the rest as it was.
pub(crate) fn with_part(bytes: &[u8], name: &str, change: impl Fn(String) -> String) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let names: Vec<_> = (0..archive.len())
        .map(|i| archive.name_for_index(i).unwrap().unwrap().into_owned())
        .collect();
    let parts: Vec<(String, Vec<u8>)> = names
        .into_iter()
        .map(|part| {
            let mut bytes = Vec::new();
            std::io::Read::read_to_end(&mut archive.by_name(&part).unwrap(), &mut bytes).unwrap();
            if part == name {
                bytes = change(String::from_utf8(bytes).unwrap()).into_bytes();
            }
            (part, bytes)
        })
        .collect();
    let parts: Vec<_> = parts
        .iter()
        .map(|(n, b)| (n.as_str(), b.as_slice()))
        .collect();
    zip(&parts)
}

const SHEET1: &str = "xl/worksheets/sheet1.xml";

/// A compound file with one stream, as [MS-CFB] lays it out.
fn compound(stream: &str, content: &[u8]) -> Vec<u8> {
    let mut file = vec![0_u8; 512];
    file[..8].copy_from_slice(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
    file[0x18..0x20].copy_from_slice(&[0x3E, 0, 3, 0, 0xFE, 0xFF, 9, 0]);
    file[0x20] = 6;
    file[0x2C] = 1; // one sector of table
    file[0x30] = 1; // the directory is in sector 1
    file[0x38..0x3C].copy_from_slice(&4096_u32.to_le_bytes());
    file[0x3C..0x40].copy_from_slice(&0xFFFF_FFFE_u32.to_le_bytes());
    file[0x44..0x48].copy_from_slice(&0xFFFF_FFFE_u32.to_le_bytes());
    file[0x4C..0x200].fill(0xFF);
    file[0x4C..0x50].fill(0);
    let mut content = content.to_vec();
    content.resize(content.len().max(4096).div_ceil(512) * 512, 0);
    let sectors = content.len() / 512;
    let mut fat = vec![0xFFFF_FFFD_u32, 0xFFFF_FFFE];
    fat.extend((0..sectors as u32).map(|s| {
        if s + 1 == sectors as u32 {
            0xFFFF_FFFE
        } else {
            s + 3
        }
    }));
    fat.resize(128, 0xFFFF_FFFF);
    file.extend(fat.iter().flat_map(|w| w.to_le_bytes()));
    let entry = |name: &str, kind: u8, start: u32, size: u32| {
        let mut bytes = vec![0_u8; 128];
        for (at, unit) in name.encode_utf16().enumerate() {
            bytes[at * 2..at * 2 + 2].copy_from_slice(&unit.to_le_bytes());
        }
        bytes[64] = (name.len() as u8 + 1) * 2;
        bytes[66] = kind;
        bytes[68..80].fill(0xFF);
        bytes[116..120].copy_from_slice(&start.to_le_bytes());
        bytes[120..124].copy_from_slice(&size.to_le_bytes());
        bytes
    };
    file.extend(entry("Root Entry", 5, 0xFFFF_FFFE, 0));
    file.extend(entry(stream, 2, 2, content.len() as u32));
    file.extend([0; 256]);
    file.extend(content);
    file
}

#[test]
fn an_empty_file() {
    assert_eq!(refused(b""), Problem::Empty);
    assert!(
        read(b"")
            .unwrap_err()
            .to_string()
            .contains("« ops » : le fichier est vide")
    );
}

#[test]
fn a_truncated_workbook() {
    for bytes in [
        writers::xlsx(&small()),
        writers::ods(&small()),
        writers::xlsb(&small()),
    ] {
        for keep in [bytes.len() / 3, bytes.len() * 2 / 3, bytes.len() - 30] {
            assert_eq!(refused(&bytes[..keep]).code(), "fichier-tronque", "{keep}");
        }
    }
    let xls = include_bytes!("../fixtures/exemple-300.xls");
    for keep in [300, 600, xls.len() / 2, xls.len() - 600] {
        let code = refused(&xls[..keep]).code();
        assert!(
            ["fichier-tronque", "fichier-abime"].contains(&code),
            "{keep}: {code}"
        );
    }
}

#[test]
fn a_wrong_check_sum() {
    for bytes in [
        writers::xlsx(&small()),
        writers::ods(&small()),
        writers::xlsb(&small()),
    ] {
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&bytes)).unwrap();
        let mut broken = bytes.clone();
        let part = [
            "xl/sharedStrings.xml",
            "content.xml",
            "xl/sharedStrings.bin",
        ]
        .iter()
        .find(|n| archive.index_for_name(n).is_some())
        .unwrap();
        let found = archive.by_name(part).unwrap();
        let middle = found.data_start().unwrap() + found.compressed_size() / 2;
        broken[middle as usize] ^= 0x55;
        assert_eq!(refused(&broken).code(), "fichier-abime");
    }
}

#[test]
fn a_sheet_that_ends_before_its_closing_tag() {
    let xlsx = writers::xlsx(&small());
    let cut = with_part(&xlsx, SHEET1, |xml| {
        xml.split("<row r=\"3\"").next().unwrap().to_owned()
    });
    assert_eq!(refused(&cut).code(), "fichier-tronque");
    // Closed again, but without the end of the data.
    let sly = with_part(&xlsx, SHEET1, |xml| xml.replace("</sheetData>", ""));
    assert_eq!(refused(&sly).code(), "fichier-tronque");
    let ods = writers::ods(&small());
    let cut = with_part(&ods, "content.xml", |xml| {
        xml.replace("</table:table>", "")
            .replace("</office:spreadsheet>", "")
    });
    assert!(["fichier-tronque", "fichier-abime"].contains(&refused(&cut).code()));
    let csv = "Commune;Occupation\nTorcy;\"Loué\nBlanzy;Vacant\n";
    assert_eq!(refused(csv.as_bytes()).code(), "fichier-abime");
}

#[test]
fn a_password() {
    assert_eq!(
        refused(&compound("EncryptedPackage", &[1; 5000])),
        Problem::Password
    );
    // An .xls says it by a record of its own.
    let mut stream = vec![0x09, 0x08, 0x10, 0x00];
    stream.extend([0x00, 0x06, 0x05, 0x00]);
    stream.extend([0; 12]);
    stream.extend([0x2F, 0x00, 0x02, 0x00, 0x01, 0x00]);
    assert_eq!(refused(&compound("Workbook", &stream)), Problem::Password);
    // OpenDocument lists what is encrypted.
    let ods = zip(&[
        ("mimetype", writers::ODS_TYPE),
        ("content.xml", b"\x01\x02\x03 not XML"),
        (
            "META-INF/manifest.xml",
            b"<manifest:manifest><manifest:encryption-data/></manifest:manifest>",
        ),
    ]);
    assert_eq!(refused(&ods), Problem::Password);
}

#[test]
fn other_kinds_of_files() {
    let says = |bytes: &[u8], word: &str| {
        let problem = refused(bytes);
        assert_eq!(problem.code(), "format-inconnu", "{problem}");
        assert!(problem.to_string().contains(word), "{problem}");
    };
    says(
        b"<html><table><tr><td>Commune</td></tr></table></html>",
        "HTML",
    );
    says(b"\xef\xbb\xbf \n<!DOCTYPE html><p>", "HTML");
    says(b"%PDF-1.7 ...", "PDF");
    says(b"{\"format\":\"ops-mixite/partiel\"}", "JSON");
    says(
        b"<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">",
        "XML 2003",
    );
    says(b"\x89PNG\r\n\x1a\n....", "image");
    says(
        b"\x00\x01\x02\x03garbage",
        "ni un classeur ni un fichier texte",
    );
    says(&compound("WordDocument", b"x"), "Word");
    says(&compound("Book", b"x"), "antérieure à 97");
    says(&zip(&[("docs/ops.xlsx", b"x")]), "« ops.xlsx »");
    says(&zip(&[("photo.jpg", b"x")]), "archive zip");
    says(
        &zip(&[
            ("mimetype", b"application/vnd.oasis.opendocument.text"),
            ("content.xml", b"<a/>"),
        ]),
        "OpenDocument",
    );
    says(
        &zip(&[
            ("[Content_Types].xml", b"<a/>"),
            ("_rels/.rels", b"<a/>"),
            ("word/document.xml", b"<a/>"),
        ]),
        "Word",
    );
}

#[test]
fn the_name_of_the_file_decides_nothing() {
    let xlsx = writers::xlsx(&small());
    let report = ops_mixite::intake::read(
        std::io::Cursor::new(&xlsx),
        xlsx.len() as u64,
        "export.csv",
        &ops_mixite::campaign::Campaign::cucm(),
        &Default::default(),
        &mut (),
        &mut |_| {},
    )
    .unwrap();
    assert_eq!(report.format, ops_mixite::intake::Format::Xlsx);
}

#[test]
fn no_commune_and_no_occupation() {
    for sheets in [
        one(texts(&[
            &["Occupation", "RFR", "APL"],
            &["Loué", "1", "Oui"],
        ])),
        one(texts(&[&["Marque", "Couleur"], &["A", "rouge"]])),
    ] {
        let sentence = read(&writers::xlsx(&sheets)).unwrap_err().to_string();
        for part in ["« Commune » est introuvable", "En-têtes lus"] {
            assert!(sentence.contains(part), "{sentence}");
        }
    }
    let error = read("Commune;RFR;APL\nTorcy;1;Oui\n".as_bytes()).unwrap_err();
    assert!(error.to_string().contains("« Occupation »"), "{error}");
}

#[test]
fn a_header_and_nothing_under_it() {
    let sheets = one(texts(&[&["OPS 2024"], &["Commune", "Occupation"]]));
    for bytes in [
        writers::xlsx(&sheets),
        writers::ods(&sheets),
        writers::xlsb(&sheets),
    ] {
        assert_eq!(
            refused(&bytes),
            Problem::NoRows {
                sheet: "Feuille1".into(),
                header_row: 2
            }
        );
    }
    assert_eq!(refused(b"Commune;Occupation").code(), "aucune-ligne");
    assert_eq!(refused(&writers::xlsx(&one(vec![]))), Problem::NoData);
    assert_eq!(refused(b"\n \n\n"), Problem::NoData);
}

#[test]
fn no_row_of_the_territory() {
    let problem = refused("Commune;Occupation\nDijon;Loué\nDijon;Loué\nBeaune;Loué\n".as_bytes());
    assert_eq!(problem.code(), "aucun-logement");
    assert!(
        problem.to_string().contains("« Dijon », « Beaune »"),
        "{problem}"
    );
}

#[test]
fn a_sheet_as_wide_and_high_as_can_be_takes_no_memory() {
    let mut rows = texts(&[&["Commune", "Occupation"], &["Torcy", "Loué"]]);
    let xlsx = {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        for (r, row) in rows.iter().enumerate() {
            for (c, cell) in row.iter().enumerate() {
                if let Cell::Text(text) = cell {
                    sheet.write_string(r as u32, c as u16, text).unwrap();
                }
            }
        }
        sheet.write_string(1_048_575, 16_383, "x").unwrap();
        book.save_to_buffer().unwrap()
    };
    let (dwellings, report) = read(&xlsx).unwrap();
    assert_eq!((dwellings.len(), report.rows_read), (1, 2));
    // The same in OpenDocument, by repetition.
    rows.truncate(2);
    let ods = ods_of(
        "<table:table table:name=\"F\">\
         <table:table-row><table:table-cell><text:p>Commune</text:p></table:table-cell><table:table-cell><text:p>Occupation</text:p></table:table-cell></table:table-row>\
         <table:table-row><table:table-cell><text:p>Torcy</text:p></table:table-cell><table:table-cell><text:p>Loué</text:p></table:table-cell></table:table-row>\
         <table:table-row table:number-rows-repeated=\"1048573\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>\
         <table:table-row><table:table-cell table:number-columns-repeated=\"16383\"/><table:table-cell><text:p>x</text:p></table:table-cell></table:table-row>\
         </table:table>",
    );
    let (dwellings, report) = read(&ods).unwrap();
    assert_eq!((dwellings.len(), report.rows_read), (1, 2));
}

#[test]
fn a_declared_extent_that_disagrees_is_told() {
    let xlsx = with_part(&writers::xlsx(&small()), SHEET1, |xml| {
        let changed = xml.replace("ref=\"A1:D3\"", "ref=\"A1:D900\"");
        assert_ne!(changed, xml);
        changed
    });
    let (dwellings, report) = read(&xlsx).unwrap();
    assert_eq!((dwellings.len(), report.sheets[0].last_row), (2, 3));
    let mut findings = report.findings.iter();
    let told = findings.find(|f| f.code == "etendue-annoncee").unwrap();
    assert_eq!(told.examples[0].row, 900);
    let (_, report) = read(&writers::xlsx(&small())).unwrap();
    assert!(report.findings.iter().all(|f| f.code != "etendue-annoncee"));
}

#[test]
fn bounds_are_told_with_both_numbers() {
    let too_much = |bytes: &[u8]| match refused(bytes) {
        Problem::TooMuch { bound, found, max } => {
            assert!(found > max, "{bound:?} {found} {max}");
            let sentence = Problem::TooMuch { bound, found, max }.to_string();
            assert!(sentence.contains(&format!("{found} {bound}")), "{sentence}");
            assert!(sentence.contains(&format!("limite de {max}")), "{sentence}");
            (bound, max)
        }
        other => panic!("{other}"),
    };
    let rows = (Bound::Rows, 1_048_576);
    let columns = (Bound::Columns, 16_384);
    // Repetition beyond the sheet.
    let repeated = |row: &str, cell: &str| {
        ods_of(&format!(
            "<table:table><table:table-row {row}><table:table-cell {cell}><text:p>x</text:p></table:table-cell></table:table-row></table:table>"
        ))
    };
    assert_eq!(
        too_much(&repeated("table:number-rows-repeated=\"1048577\"", "")),
        rows
    );
    assert_eq!(
        too_much(&repeated("", "table:number-columns-repeated=\"16385\"")),
        columns
    );
    // A text file of 200 000 columns, a cell without end.
    let wide = format!("Commune;Occupation{}\n", ";x".repeat(200_000));
    assert_eq!(too_much(wide.as_bytes()), columns);
    let long = format!("Commune;Occupation\nTorcy;{}\n", "x".repeat(131_073));
    assert_eq!(too_much(long.as_bytes()), (Bound::CellBytes, 131_072));
    // Cells that are each short enough, in a row that is not.
    let cells = vec!["x".repeat(131_072); 33].join(";");
    let long = format!("Commune;Occupation\nTorcy;{cells}\n");
    let told = refused(long.as_bytes()).to_string();
    assert!(told.contains("dépasse 4194304 octets"), "{told}");
    // More sheets than anyone keeps.
    let sheets: Vec<writers::Sheet> = (0..257).map(|n| (format!("F{n}"), Vec::new())).collect();
    for book in [writers::xlsx as fn(&[_]) -> _, writers::ods, writers::xlsb] {
        assert_eq!(too_much(&book(&sheets)), (Bound::Sheets, 256));
    }
    // A part that inflates two thousand times.
    let ods = with_part(&writers::ods(&small()), "content.xml", |xml| {
        let blank = "<table:table-row/>".repeat(3_740_000);
        xml.replace("</table:table>", &format!("{blank}</table:table>"))
    });
    assert_eq!(too_much(&ods), (Bound::Ratio, 200));
    // Shared strings that claim to be more than their bytes.
    let xlsx = with_part(&writers::xlsx(&small()), "xl/sharedStrings.xml", |xml| {
        xml.replacen("uniqueCount=\"", "uniqueCount=\"99999999", 1)
    });
    assert_eq!(too_much(&xlsx).0, Bound::SharedStrings);
    // Too many entries.
    let names: Vec<String> = (0..10_001).map(|n| format!("{n}")).collect();
    let parts: Vec<_> = names.iter().map(|n| (n.as_str(), &b""[..])).collect();
    assert_eq!(too_much(&zip(&parts)), (Bound::Entries, 10_000));
    // A row of a binary workbook beyond the sheet.
    let mut sheet = Records::default();
    sheet.put(145, &[]).put(0, &[0xFF; 25]);
    sheet.put(5, &[0; 16]).put(146, &[]);
    let xlsb = {
        let bytes = writers::xlsb(&small());
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&bytes)).unwrap();
        let mut out = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for at in 0..archive.len() {
            let mut part = archive.by_index(at).unwrap();
            let name = part.name().unwrap().into_owned();
            out.start_file(&name, zip::write::SimpleFileOptions::default())
                .unwrap();
            if name.ends_with("sheet1.bin") {
                out.write_all(&sheet.0).unwrap();
            } else {
                std::io::copy(&mut part, &mut out).unwrap();
            }
        }
        out.finish().unwrap().into_inner()
    };
    assert_eq!(too_much(&xlsb), rows);
    // A file larger than the bound is refused before a byte is read.
    let huge = ops_mixite::intake::read(
        std::io::Cursor::new(b""),
        1_073_741_825,
        "ops",
        &ops_mixite::campaign::Campaign::cucm(),
        &Default::default(),
        &mut (),
        &mut |_| {},
    );
    let told = huge.unwrap_err().to_string();
    assert!(told.contains("octets dans le fichier"), "{told}");
    assert!(told.contains("limite de 1073741824"), "{told}");
}

#[test]
fn entities_are_not_expanded() {
    let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>";
    let xlsx = with_part(&writers::xlsx(&small()), SHEET1, |xml| {
        xml.replacen("<worksheet", &format!("{bomb}<worksheet"), 1)
    });
    assert!(refused(&xlsx).to_string().contains("type de document"));
    let ods = with_part(&writers::ods(&small()), "content.xml", |xml| {
        xml.replacen("Torcy", "&inconnue;", 1)
    });
    assert_eq!(refused(&ods).code(), "fichier-abime");
}

#[test]
fn rows_that_go_back_are_refused() {
    let xlsx = with_part(&writers::xlsx(&small()), SHEET1, |xml| {
        xml.replace("r=\"3\"", "r=\"1\"")
            .replace("\"A3\"", "\"A1\"")
            .replace("\"B3\"", "\"B1\"")
    });
    assert!(refused(&xlsx).to_string().contains("vient après"));
}

#[test]
fn references_beyond_numbers_do_no_harm() {
    for (row, cell) in [
        ("99999999999", "A99999999999"),
        ("3", "ZZZZZZZZZZZ3"),
        ("3", "A0"),
        ("x", "é3"),
    ] {
        let xlsx = with_part(&writers::xlsx(&small()), SHEET1, |xml| {
            xml.replace("r=\"3\"", &format!("r=\"{row}\""))
                .replace("\"A3\"", &format!("\"{cell}\""))
        });
        survives(&xlsx);
    }
}

/// Any result will do, so long as it is one.
fn survives(bytes: &[u8]) {
    if let Err(e) = read(bytes) {
        let sentence = e.to_string();
        assert!(sentence.starts_with("« ops » : "), "{sentence}");
    }
}

fn mutated(bytes: &[u8], changes: &[(usize, u8)], keep: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for (at, value) in changes {
        let at = at % bytes.len();
        bytes[at] = *value;
    }
    bytes.truncate(bytes.len().saturating_sub(keep));
    bytes
}

/// A zip whose named part is replaced by changed bytes, its sums right: what a
/// parser of the part gets.
fn with_changed_part(bytes: &[u8], name: &str, changes: &[(usize, u8)], cut: usize) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut out = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).unwrap();
        let part_name = part.name().unwrap().into_owned();
        out.start_file(&part_name, zip::write::SimpleFileOptions::default())
            .unwrap();
        let mut content = Vec::new();
        std::io::Read::read_to_end(&mut part, &mut content).unwrap();
        if part_name == name && !content.is_empty() {
            content = mutated(&content, changes, cut);
        }
        out.write_all(&content).unwrap();
    }
    out.finish().unwrap().into_inner()
}

fn changes() -> impl Strategy<Value = Vec<(usize, u8)>> {
    // Bytes that mean something to the formats come more often.
    let byte = prop_oneof![
        any::<u8>(),
        prop::sample::select(b"<>/\"'=&; \n0129AZaz!-[]\x00\xff".to_vec())
    ];
    prop::collection::vec((any::<usize>(), byte), 1..6)
}

/// Few cases in every run; `PROPTEST_CASES` asks for more.
fn config() -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|n| n.parse().ok());
    ProptestConfig {
        cases: asked.unwrap_or(400),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn changed_bytes_never_panic(changes in changes(), cut in 0..200_usize, which in 0..5_usize) {
        let csv = "Commune;Occupation;\"RFR\"\nTorcy;Loué;12\n\"Bla\nnzy\";Vacant;\n";
        let bytes = match which {
            0 => writers::xlsx(&small()),
            1 => writers::ods(&small()),
            2 => writers::xlsb(&small()),
            3 => csv.as_bytes().to_vec(),
            _ => include_bytes!("../fixtures/dates-1904.xls").to_vec(),
        };
        survives(&mutated(&bytes, &changes, if cut < 64 { cut } else { 0 }));
    }

    #[test]
    fn changed_parts_never_panic(changes in changes(), cut in 0..200_usize, which in any::<prop::sample::Index>()) {
        let cut = if cut < 64 { cut } else { 0 };
        let parts: &[(u8, &str)] = &[
            (0, SHEET1), (0, "xl/sharedStrings.xml"), (0, "xl/workbook.xml"), (0, "xl/styles.xml"),
            (0, "xl/_rels/workbook.xml.rels"), (0, "_rels/.rels"),
            (1, "content.xml"), (1, "META-INF/manifest.xml"), (1, "mimetype"),
            (2, "xl/worksheets/sheet1.bin"), (2, "xl/sharedStrings.bin"), (2, "xl/workbook.bin"),
            (2, "xl/styles.bin"), (2, "xl/_rels/workbook.bin.rels"),
        ];
        let (book, part) = parts[which.index(parts.len())];
        let bytes = match book {
            0 => writers::xlsx(&small()),
            1 => writers::ods(&small()),
            _ => writers::xlsb(&small()),
        };
        survives(&with_changed_part(&bytes, part, &changes, cut));
    }

    #[test]
    fn any_text_never_panics(text in "[A-Za-zéà0-9;,\t\"\n\r€. /<>-]{0,200}") {
        survives(text.as_bytes());
        survives(format!("Commune;Occupation;Age 1;RFR;QPV;Typologie\nTorcy;Loué;{text}").as_bytes());
    }
}

use std::collections::HashMap;
use std::io::Cursor;

use calamine::{Data, Ods, Range, Reader, Xlsx};

use super::sheet::{Sheet, Value, clean, fits, sheets};
use super::*;
use crate::base::{ResultFile, Status, sample};
use crate::campaign::{Campaign, Rate};
use crate::indicator::CATALOGUE;
use crate::indicator::shares::SHARES;
use crate::intake::{IntakeError, Problem};
use crate::json;
use crate::partial::sample::dwellings;
use crate::table::Level;
use crate::words::export as words;
use crate::words::labels;

/// Names that a spreadsheet would run, fold or refuse.
const HOSTILE: [&str; 10] = [
    "=1+1",
    "+33 1 23",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "  deux  espaces ; \"guillemets\" ",
    "<b>&amp;\u{0}\u{b}\u{ffff}",
    "_x0041_ é 😀",
    "https://exemple.fr",
];

/// Two landlords, with hidden cells, low response rates and hostile names.
fn base() -> Base {
    let campaign = Campaign::example();
    let files = [("exemple-a", 11), ("exemple-b", 12)].map(|(landlord, seed)| {
        let mut file = sample::file(&campaign, landlord, &dwellings(seed, 900, 5));
        let mut names = HOSTILE.iter().cycle();
        for maille in &mut file.zonages[0].mailles {
            if maille.level == Level::Programme {
                maille.name = (*names.next().unwrap()).to_owned();
            }
        }
        file
    });
    let base = sample::of_files(&campaign, files);
    // Bounds as a reader accepts them, whatever computes them.
    let mut file = base.file().clone();
    let hidden = file
        .results
        .iter_mut()
        .find(|r| r.status == Status::Secret && r.denominator.is_some_and(|d| d >= 100))
        .unwrap();
    let whole = hidden.denominator.unwrap();
    hidden.status = Status::Bounded;
    (hidden.numerator_min, hidden.numerator_max) = (Some(41), Some(52));
    (hidden.denominator_min, hidden.denominator_max) = (Some(whole), Some(whole));
    hidden.min = Some(Rate((41 * 100_000 / whole) as u32));
    hidden.max = Some(Rate((52_u64 * 100_000).div_ceil(whole) as u32));
    file.fingerprint = json::fingerprint_of(&file);
    // A file with such names is refused: the exports do not count on it.
    assert!(Base::parse(json::pretty(&file).as_bytes()).is_err());
    crate::base::read::check(file).unwrap()
}

/// An export is no list of dwellings, though it names communes and landlords.
#[test]
fn an_export_is_refused_where_rows_are_awaited() {
    let base = base();
    for format in Format::ALL {
        let bytes = write(&base, format).unwrap();
        let read = crate::intake::read(
            Cursor::new(&bytes),
            bytes.len() as u64,
            "export",
            &Campaign::example(),
            &crate::intake::Options::default(),
            &mut (),
            &mut |_| {},
        );
        let Err(IntakeError::Refused { problem, .. }) = read else {
            panic!("{format:?} : {read:?}");
        };
        assert_eq!(problem, Problem::OwnExport, "{format:?}");
    }
}

/// The sheets of a workbook, in order.
fn reopened(bytes: &[u8], format: Format) -> Vec<(String, Range<Data>)> {
    fn all<R: Reader<Cursor<Vec<u8>>>>(mut book: R) -> Vec<(String, Range<Data>)>
    where
        R::Error: std::fmt::Debug,
    {
        book.sheet_names()
            .into_iter()
            .map(|name| {
                let range = book.worksheet_range(&name).unwrap();
                (name, range)
            })
            .collect()
    }
    let bytes = Cursor::new(bytes.to_vec());
    match format {
        Format::Xlsx => all(Xlsx::new(bytes).unwrap()),
        Format::Ods => all(Ods::new(bytes).unwrap()),
        Format::Csv => panic!("not a workbook"),
    }
}

fn at(range: &Range<Data>, row: usize, column: usize) -> Data {
    let place = (row as u32, column as u32);
    range.get_value(place).cloned().unwrap_or(Data::Empty)
}

#[test]
fn both_workbooks_hold_every_cell_and_nothing_is_a_formula() {
    let base = base();
    let expected: Vec<Sheet> = sheets(&base).unwrap();
    assert!(expected.len() > 12, "notes, themes, tables, segregation");
    for format in [Format::Xlsx, Format::Ods] {
        let bytes = write(&base, format).unwrap();
        let read = reopened(&bytes, format);
        assert_eq!(read.len(), expected.len());
        let (mut numbers, mut texts) = (0, 0);
        for (sheet, (name, range)) in expected.iter().zip(&read) {
            assert_eq!(sheet.name, *name);
            for (row, cells) in sheet.rows.iter().enumerate() {
                for (column, cell) in cells.iter().enumerate() {
                    let found = at(range, row, column);
                    let place = format!("{format:?} {name} {row} {column}");
                    match &cell.value {
                        Value::Empty => assert!(
                            matches!(&found, Data::Empty) || found == Data::String(String::new()),
                            "{place}"
                        ),
                        Value::Text(text) if text.is_empty() => {}
                        Value::Text(text) => {
                            texts += 1;
                            assert_eq!(found, Data::String(text.clone()), "{place}");
                        }
                        Value::Number(number, _) => {
                            numbers += 1;
                            assert_eq!(found, Data::Float(*number), "{place}");
                        }
                    }
                }
            }
        }
        assert!(numbers > 2_000 && texts > 2_000, "{numbers} {texts}");
        let formulas: usize = match format {
            Format::Xlsx => {
                let mut book = Xlsx::new(Cursor::new(bytes)).unwrap();
                let names = book.sheet_names();
                let used = |n: &String| book.worksheet_formula(n).unwrap().used_cells().count();
                names.iter().map(used).sum()
            }
            _ => {
                let mut book = Ods::new(Cursor::new(bytes)).unwrap();
                let names = book.sheet_names();
                let used = |n: &String| book.worksheet_formula(n).unwrap().used_cells().count();
                names.iter().map(used).sum()
            }
        };
        assert_eq!(formulas, 0);
    }
}

#[test]
fn every_number_of_a_workbook_is_that_of_the_base() {
    let base = base();
    let results: HashMap<(&str, &str), &ResultFile> = base
        .file()
        .results
        .iter()
        .map(|r| {
            (
                (labels::indicator(&r.indicator).label, r.maille.as_str()),
                r,
            )
        })
        .collect();
    for format in [Format::Xlsx, Format::Ods] {
        let read = reopened(&write(&base, format).unwrap(), format);
        let mut seen = HashMap::new();
        for (name, range) in &read {
            if !labels::THEMES.iter().any(|(theme, _)| theme == name) {
                continue;
            }
            for row in 4..range.end().unwrap().0 as usize + 1 {
                let text = |column: usize| match at(range, row, column) {
                    Data::String(text) => text,
                    Data::Empty => String::new(),
                    other => panic!("{other:?}"),
                };
                let number = |column: usize| match at(range, row, column) {
                    Data::Float(number) => Some(number),
                    _ => None,
                };
                let result = results[&(text(5).as_str(), text(4).as_str())];
                *seen.entry(result.status).or_insert(0) += 1;
                let count = |count: Option<u64>| count.map(|c| c as f64);
                let rate = |rate: Option<Rate>| rate.map(|r| f64::from(r.0) / 1e5);
                assert_eq!(number(7), count(result.numerator));
                assert_eq!(number(8), count(result.numerator_min));
                assert_eq!(number(9), count(result.numerator_max));
                assert_eq!(number(10), count(result.denominator));
                assert_eq!(number(11), count(result.denominator_min));
                assert_eq!(number(12), count(result.denominator_max));
                assert_eq!(number(13), rate(result.share));
                assert_eq!(number(14), rate(result.min));
                assert_eq!(number(15), rate(result.max));
                assert_eq!(number(16), result.gap.map(|g| f64::from(g.0) / 1e3));
                let part =
                    |r: &ResultFile| r.numerator.unwrap() as f64 / r.denominator.unwrap() as f64;
                let epci = results[&(text(5).as_str(), "epci")];
                let both = [result, epci].map(|r| r.status == Status::Published);
                match number(17) {
                    Some(index) => {
                        let expected = 100.0 * part(result) / part(epci);
                        assert!((index - expected).abs() <= 0.005 + 1e-9);
                        assert_eq!(both, [true; 2]);
                    }
                    None => assert_ne!(both, [true; 2]),
                }
                assert_eq!(number(18), rate(result.response));
                let sign = match result.status {
                    Status::Published => None,
                    Status::LowResponse => Some(words::LOW_RESPONSE),
                    _ => Some(words::HIDDEN),
                };
                if let Some(sign) = sign {
                    assert_eq!(text(13), sign);
                }
            }
        }
        assert_eq!(
            seen.values().sum::<i32>() as usize,
            base.file().results.len()
        );
        assert!(
            seen[&Status::Published] > 50 && seen[&Status::Secret] > 10,
            "{seen:?}"
        );
        assert!(seen[&Status::LowResponse] > 5, "{seen:?}");
        assert_eq!(seen[&Status::Bounded], 1);
        for (name, range) in &read {
            let source = at(range, 1, 0).to_string();
            assert!(source.contains(&base.file().mention), "{name} {source}");
        }
    }
}

#[test]
fn the_landlords_are_named_in_the_notes() {
    let all = sheets(&base()).unwrap();
    let notes = all.iter().find(|sheet| sheet.name == words::NOTES).unwrap();
    let texts: Vec<&str> = notes
        .rows
        .iter()
        .filter_map(|row| match &row.first()?.value {
            Value::Text(text) => Some(text.as_str()),
            _ => None,
        })
        .collect();
    for landlord in [
        "Bailleur fictif A (exemple-a)",
        "Bailleur fictif B (exemple-b)",
    ] {
        assert!(texts.contains(&landlord), "{texts:?}");
    }
}

#[test]
fn the_long_table_says_what_the_base_says() {
    let base = base();
    let bytes = write(&base, Format::Csv).unwrap();
    let text = std::str::from_utf8(&bytes).unwrap();
    let text = text.strip_prefix('\u{feff}').unwrap();
    assert!(text.ends_with("\r\n"));
    let mut reader = ::csv::ReaderBuilder::new()
        .delimiter(b';')
        .from_reader(text.as_bytes());
    let heads: Vec<String> = reader
        .headers()
        .unwrap()
        .iter()
        .map(str::to_owned)
        .collect();
    let column = |name: &str| heads.iter().position(|head| head == name).unwrap();
    let rows: Vec<::csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), base.file().results.len());
    for (row, result) in rows.iter().zip(&base.file().results) {
        let number = |name: &str| row[column(name)].parse::<f64>().ok();
        assert_eq!(row[column("source")], base.file().mention);
        assert_eq!(row[column("indicateur")], result.indicator);
        assert_eq!(row[column("maille")], result.maille);
        assert_eq!(number("numerateur"), result.numerator.map(|n| n as f64));
        assert_eq!(
            number("numerateur_min"),
            result.numerator_min.map(|n| n as f64)
        );
        assert_eq!(number("denominateur"), result.denominator.map(|n| n as f64));
        assert_eq!(number("part"), result.share.map(|r| f64::from(r.0) / 1e5));
        assert_eq!(number("part_max"), result.max.map(|r| f64::from(r.0) / 1e5));
        assert_eq!(
            number("ecart_epci"),
            result.gap.map(|g| f64::from(g.0) / 1e5)
        );
        let name = &row[column("maille_nom")];
        assert!(
            !name.starts_with(['=', '+', '-', '@', '\t', '\r']),
            "{name}"
        );
    }
    let inert = |row: &::csv::StringRecord| row[column("maille_nom")].starts_with("'=1+1");
    assert!(rows.iter().any(inert));
}

/// What a landlord's file lacks is no secret: exports say so, as the screens do.
#[test]
fn what_a_landlord_lacks_is_said_to_be_absent() {
    let campaign = Campaign::example();
    let files = [("exemple-a", 11), ("exemple-b", 12)]
        .map(|(landlord, seed)| sample::file(&campaign, landlord, &dwellings(seed, 900, 5)));
    let [whole, mut lacking] = files;
    lacking.tables.retain(|table| table.id != "apl");
    let base = sample::of_files(&campaign, [whole, lacking]);
    let bytes = write(&base, Format::Csv).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let apl = |line: &&str| line.contains(";apl;") && line.contains(";epci;");
    let line = text.lines().find(apl).unwrap();
    assert!(line.contains(";secret;donnée absente;"), "{line}");
    let words = labels::indicator("apl").label;
    for format in [Format::Xlsx, Format::Ods] {
        let read = reopened(&write(&base, format).unwrap(), format);
        let said = read.iter().flat_map(|(_, range)| {
            let end = range.end().map_or(0, |(row, _)| row as usize + 1);
            let of = |row: &usize| at(range, *row, 5) == Data::String(words.to_owned());
            (0..end)
                .filter(of)
                .map(|row| at(range, row, 6))
                .collect::<Vec<_>>()
        });
        assert!(
            said.into_iter()
                .any(|status| status == Data::String("donnée absente".into()))
        );
    }
}

#[test]
fn equal_bases_give_equal_bytes() {
    let (one, two) = (base(), base());
    for format in Format::ALL {
        assert_eq!(write(&one, format).unwrap(), write(&two, format).unwrap());
    }
}

#[test]
fn an_opendocument_package_begins_with_its_media_type_in_clear() {
    let bytes = write(&base(), Format::Ods).unwrap();
    let start = [b"mimetype".as_slice(), ods::MEDIA_TYPE.as_bytes()].concat();
    assert_eq!(bytes[30..30 + start.len()], start[..]);
    let mut package = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let manifest =
        std::io::read_to_string(package.by_name("META-INF/manifest.xml").unwrap()).unwrap();
    let names: Vec<String> = package
        .file_names()
        .map(|name| name.unwrap().into_owned())
        .collect();
    for name in names {
        let listed = manifest.contains(&format!("\"{name}\""));
        assert!(
            listed || name == "mimetype" || name.starts_with("META-INF/"),
            "{name}"
        );
        // Each part is well formed.
        if name.ends_with(".xml") {
            let text = std::io::read_to_string(package.by_name(&name).unwrap()).unwrap();
            let mut reader = quick_xml::Reader::from_str(&text);
            while reader.read_event().unwrap() != quick_xml::events::Event::Eof {}
        }
    }
}

#[test]
fn every_share_has_a_theme_and_every_sheet_a_name_that_excel_takes() {
    let themed: Vec<&str> = labels::THEMES
        .iter()
        .flat_map(|(_, keys)| keys.iter().copied())
        .collect();
    let shares: Vec<&str> = SHARES.iter().map(|share| share.key).collect();
    assert_eq!(themed, shares);
    let tables = CATALOGUE.iter().map(|def| words::table_sheet(def.id));
    let names: Vec<&str> = labels::THEMES
        .iter()
        .map(|(theme, _)| *theme)
        .chain(tables)
        .chain([words::NOTES, words::SEGREGATION, words::QUOTIENTS])
        .collect();
    let distinct: std::collections::HashSet<String> =
        names.iter().map(|name| name.to_lowercase()).collect();
    assert_eq!(distinct.len(), names.len());
    for name in names {
        assert!(name.chars().count() <= 31, "{name}");
        assert!(
            !name.contains(['[', ']', ':', '*', '?', '/', '\\', '\'']),
            "{name}"
        );
    }
}

#[test]
fn what_no_workbook_holds_is_refused_or_cut() {
    let mut longest = sheets(&base()).unwrap().remove(0);
    longest.rows.resize_with(1_048_576, Vec::new);
    assert_eq!(fits(std::slice::from_ref(&longest)), Ok(()));
    longest.rows.push(Vec::new());
    let refused = fits(&[longest]).unwrap_err().to_string();
    assert!(
        refused.contains("1048577 lignes") && refused.contains("1048576 au plus"),
        "{refused}"
    );
    // In UTF-16 units, as Excel counts them.
    assert_eq!(clean(&"x".repeat(32_766)), "x".repeat(32_766));
    let cut = clean(&"é😀".repeat(20_000));
    assert_eq!(
        (cut.encode_utf16().count(), cut.chars().last()),
        (32_767, Some('…'))
    );
}

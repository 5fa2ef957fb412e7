//! One file in five formats.

use ops_mixite::campaign::Campaign;
use ops_mixite::dwelling::Dwelling;
use ops_mixite::example::{Landlord, SEED, table, to_csv};
use ops_mixite::intake::{Format, Options, Report};

use super::read_with;
use super::writers::{self, one, typed};

/// 300 dwellings of the example as Excel 97 wrote them; see the README beside.
const XLS: &[u8] = include_bytes!("../fixtures/exemple-300.xls");

fn example(bytes: &[u8]) -> (Vec<Dwelling>, Report) {
    read_with(bytes, &Campaign::example(), &Options::default()).unwrap()
}

/// The parts of a report that do not name the format or its sheets.
fn counts(mut report: Report) -> Report {
    report.format = Format::Csv;
    report.dialect = None;
    report.sheets.clear();
    for finding in &mut report.findings {
        finding.examples.iter_mut().for_each(|p| p.sheet.clear());
    }
    report
}

#[test]
fn five_formats_give_the_same_dwellings() {
    let rows = table(Landlord::A, SEED, 300);
    let csv = to_csv(&rows).into_bytes();
    let sheets = one(typed(&rows));
    let (expected, report) = example(&csv);
    assert_eq!(expected.len(), 300);
    assert_eq!(report.format, Format::Csv);
    let report = counts(report);
    for (format, bytes) in [
        (Format::Xlsx, writers::xlsx(&sheets)),
        (Format::Ods, writers::ods(&sheets)),
        (Format::Xlsb, writers::xlsb(&sheets)),
        (Format::Xls, XLS.to_vec()),
    ] {
        let (dwellings, found) = example(&bytes);
        assert_eq!(found.format, format);
        for (rank, (a, b)) in dwellings.iter().zip(&expected).enumerate() {
            assert_eq!(a, b, "{format:?}, dwelling {rank}");
        }
        assert_eq!(dwellings.len(), expected.len(), "{format:?}");
        assert_eq!(counts(found), report, "{format:?}");
    }
}

/// Our readers of .xls and .xlsb against calamine's, cell by cell.
#[test]
fn other_readers_see_the_same_cells() {
    use calamine::{Data, Reader, Xls, Xlsb};
    use std::io::Cursor;
    let rows = table(Landlord::A, SEED, 300);
    let bytes = writers::xlsb(&one(typed(&rows)));
    let mut xlsb = Xlsb::new(Cursor::new(bytes)).unwrap();
    let mut xls = Xls::new(Cursor::new(XLS)).unwrap();
    for range in [
        xlsb.worksheet_range("Feuille1").unwrap(),
        xls.worksheet_range("Feuille1").unwrap(),
    ] {
        assert_eq!(range.height(), rows.len());
        for (r, row) in rows.iter().enumerate() {
            for (c, text) in row.iter().enumerate() {
                let found = match range.get((r, c)) {
                    None | Some(Data::Empty) => String::new(),
                    Some(cell) => cell.to_string(),
                };
                assert_eq!(&found, text, "row {r}, column {c}");
            }
        }
    }
}

#[test]
fn the_example_reads_without_a_remark_and_everything_is_answered() {
    let csv = to_csv(&table(Landlord::A, SEED, 2_000));
    let (dwellings, report) = example(csv.as_bytes());
    assert_eq!(dwellings.len(), 2_000);
    assert_eq!(report.rows_read, 2_000);
    assert_eq!(report.landlords.len(), 1);
    assert_eq!(report.landlords[0].rank, Some(0));
    assert_eq!(report.unknown_values, []);
    assert_eq!(report.candidates, []);
    let codes: Vec<_> = report.findings.iter().map(|f| f.code.as_str()).collect();
    assert_eq!(codes, [""; 0], "{:?}", report.findings);
    for answers in &report.answers {
        let percent = answers.answered * 100 / answers.asked;
        assert!((75..=100).contains(&percent), "{answers:?}");
    }
    assert!(report.answers.len() >= 16);
    // The address, and nothing else, is set aside.
    let ignored: Vec<_> = report
        .ignored
        .iter()
        .map(|i| i.column.header.as_str())
        .collect();
    assert_eq!(ignored, ["Adresse"]);
}

#[test]
fn sheets_of_the_same_header_are_one_file() {
    let rows = typed(&table(Landlord::B, SEED, 90));
    let (header, body) = rows.split_first().unwrap();
    let sheet = |name: &str, rows: &[Vec<writers::Cell>]| {
        let mut all = vec![
            vec![writers::Cell::Text("Export 2024".into())],
            header.clone(),
        ];
        all.extend_from_slice(rows);
        (name.to_owned(), all)
    };
    let notes = (
        "Lisez-moi".to_owned(),
        writers::texts(&[&["Note"], &["Rien"]]),
    );
    let sheets = [sheet("Nord", &body[..40]), notes, sheet("Sud", &body[40..])];
    let (expected, _) = example(to_csv(&table(Landlord::B, SEED, 90)).as_bytes());
    for bytes in [
        writers::xlsx(&sheets),
        writers::ods(&sheets),
        writers::xlsb(&sheets),
    ] {
        let (dwellings, report) = example(&bytes);
        assert_eq!(dwellings, expected);
        assert!(report.findings.iter().all(|f| f.code != "etendue-annoncee"));
        let read: Vec<_> = report
            .sheets
            .iter()
            .map(|s| (s.name.as_str(), s.header_row, s.rows))
            .collect();
        assert_eq!(read, [("Nord", 2, 40), ("Sud", 2, 50)]);
        assert_eq!(report.other_sheets, ["Lisez-moi"]);
    }
}

#[test]
fn a_report_crosses_as_data() {
    let csv = to_csv(&table(Landlord::A, SEED, 100)).replace("Loué", "Bail");
    let (_, report) = example(csv.as_bytes());
    let json = serde_json::to_string(&report).unwrap();
    assert_eq!(serde_json::from_str::<Report>(&json).unwrap(), report);
}

//! The test matrix: the same rows in many dresses (formats, layouts,
//! vocabularies, encodings) give the same partial, byte for byte.

use std::io::Cursor;

use ops_mixite::campaign::Campaign;
use ops_mixite::example::{HEADERS, Landlord, NUMBERS, SEED, table, to_csv};
use ops_mixite::intake::Options;
use ops_mixite::pipeline::{self, AggregateRequest};
use rust_xlsxwriter::{Format, Workbook};

use super::hostile::with_part;
use super::writers::{self, Cell, one, typed};

/// As many as in the Excel 97 fixture.
const DWELLINGS: usize = 300;
const XLS: &[u8] = include_bytes!("../fixtures/exemple-300.xls");

const COMMUNE: usize = 4;
const HOUSING: usize = 7;
const TYPOLOGY: usize = 8;
const OCCUPATION: usize = 10;
const SITUATION: usize = 11;
const HOLDER: usize = 13;
const AGES: std::ops::Range<usize> = 14..19;
const ACTIVITIES: std::ops::Range<usize> = 19..22;
const INCOME: usize = 22;
const APL: usize = 23;
const ASPA: usize = 24;
const QPV: usize = 25;

type Rows = Vec<Vec<String>>;

fn rows() -> Rows {
    table(Landlord::A, SEED, DWELLINGS)
}

/// The partial that the landlord would send.
fn partial(bytes: &[u8]) -> Vec<u8> {
    let request = AggregateRequest::new(Campaign::example(), "2024-06-01");
    let size = bytes.len() as u64;
    pipeline::aggregate(Cursor::new(bytes), size, "ops", &request, &mut ())
        .unwrap_or_else(|e| panic!("{e}"))
        .certified
        .bytes()
}

/// Rows in which the columns of a range give way to others.
fn replaced(
    rows: &Rows,
    columns: std::ops::Range<usize>,
    headers: &[&str],
    cells: impl Fn(&[String]) -> Vec<String>,
) -> Rows {
    rows.iter()
        .enumerate()
        .map(|(rank, row)| {
            let mut out = row[..columns.start].to_vec();
            if rank == 0 {
                out.extend(headers.iter().map(|h| (*h).to_owned()));
            } else {
                out.extend(cells(&row[columns.clone()]));
            }
            out.extend_from_slice(&row[columns.end..]);
            out
        })
        .collect()
}

fn delimited(rows: &Rows, separator: &str, end: &str) -> String {
    rows.iter()
        .map(|row| {
            let cells: Vec<_> = row
                .iter()
                .map(|c| {
                    if c.contains([';', ',', '\t', '"']) {
                        format!("\"{}\"", c.replace('"', "\"\""))
                    } else {
                        c.clone()
                    }
                })
                .collect();
            cells.join(separator) + end
        })
        .collect()
}

fn encoded(text: &str, encoding: &'static encoding_rs::Encoding) -> Vec<u8> {
    let (bytes, _, lost) = encoding.encode(text);
    assert!(!lost);
    bytes.into_owned()
}

/// Mac OS Roman, which the encoding standard only decodes: by its own table.
fn mac(text: &str) -> Vec<u8> {
    let high: Vec<u8> = (0x80..=0xFF).collect();
    let (table, _, _) = encoding_rs::MACINTOSH.decode(&high);
    let table: Vec<char> = table.chars().collect();
    text.chars()
        .map(|c| match u8::try_from(c) {
            Ok(byte) if byte < 0x80 => byte,
            _ => 0x80 + table.iter().position(|t| *t == c).unwrap() as u8,
        })
        .collect()
}

/// The year of birth that gives an age at 1 January 2024.
fn birth_year(age: &str) -> String {
    match age.parse::<i32>() {
        Ok(age) => (2023 - age).to_string(),
        Err(_) => String::new(),
    }
}

/// Days from 30 December 1899 to 15 June of a year.
fn serial(year: i64) -> f64 {
    let days = |y: i64| 365 * y + y / 4 - y / 100 + y / 400;
    // 1 January of a year is day 1 after the years before it.
    let from_first = days(year - 1) - days(1899);
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    (from_first + 2 + 165 + i64::from(leap)) as f64
}

/// Tenants and occupants by their dates of birth, in date cells.
fn births(rows: &Rows, epoch_1904: bool) -> Vec<u8> {
    let date = Format::new().set_num_format("dd/mm/yyyy");
    let shift = if epoch_1904 { 1_462.0 } else { 0.0 };
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (r, row) in rows.iter().enumerate() {
        for (c, text) in row.iter().enumerate() {
            let (line, column) = (r as u32, c as u16);
            let dated = c == HOLDER || AGES.contains(&c);
            match text.parse::<f64>() {
                _ if r == 0 && c == HOLDER => {
                    sheet.write_string(line, column, "Date de naissance du titulaire du bail")
                }
                _ if r == 0 && dated => {
                    sheet.write_string(line, column, format!("Date naissance {}", c - HOLDER))
                }
                Ok(age) if dated => {
                    let day = serial(2023 - age as i64) - shift;
                    sheet.write_number_with_format(line, column, day, &date)
                }
                Ok(n) if NUMBERS.contains(&c) => sheet.write_number(line, column, n),
                _ => sheet.write_string(line, column, text),
            }
            .unwrap();
        }
    }
    let bytes = book.save_to_buffer().unwrap();
    if epoch_1904 {
        return with_part(&bytes, "xl/workbook.xml", |xml| {
            let changed = xml.replacen("<workbookPr", "<workbookPr date1904=\"1\"", 1);
            assert_ne!(changed, xml);
            changed
        });
    }
    bytes
}

/// Titles, a blank row, a first column of nothing, a total below.
fn with_titles(rows: &Rows) -> Vec<u8> {
    let title = |text: &str| vec![Cell::Empty, Cell::Text(text.into())];
    let mut all = vec![
        title("Occupation du parc social au 1er janvier 2024"),
        title("Commune : toutes"),
        vec![],
    ];
    all.extend(typed(rows).into_iter().map(|mut row| {
        row.insert(0, Cell::Empty);
        row
    }));
    let mut total = title("TOTAL");
    total.resize(rows[0].len() + 1, Cell::Empty);
    total[INCOME + 1] = Cell::Number(12_345_678.0);
    all.push(total);
    writers::xlsx(&one(all))
}

/// Groups in merged cells above details.
fn two_rows(rows: &Rows) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let centre = Format::new();
    let body = typed(rows);
    let groups = [
        (0_u16, 10_u16, "Logement"),
        (11, 12, "Ménage"),
        (14, 18, "Âge des occupants"),
        (19, 21, "Activité des majeurs"),
        (26, 29, "RPLS"),
    ];
    for (first, last, text) in groups {
        sheet.merge_range(1, first, 1, last, text, &centre).unwrap();
    }
    for (c, header) in HEADERS.iter().enumerate() {
        let column = c as u16;
        if AGES.contains(&c) {
            sheet.write_number(2, column, (c - HOLDER) as f64).unwrap();
        } else if ACTIVITIES.contains(&c) {
            let text = format!("Majeur {}", c - ACTIVITIES.start + 1);
            sheet.write_string(2, column, text).unwrap();
        } else if groups.iter().any(|(a, b, _)| (*a..=*b).contains(&column)) {
            sheet.write_string(2, column, *header).unwrap();
        } else {
            // Merged with the cell below.
            sheet
                .merge_range(1, column, 2, column, header, &centre)
                .unwrap();
        }
    }
    for (r, row) in body[1..].iter().enumerate() {
        for (c, cell) in row.iter().enumerate() {
            let (line, column) = (r as u32 + 3, c as u16);
            match cell {
                Cell::Empty => {}
                Cell::Text(text) => drop(sheet.write_string(line, column, text).unwrap()),
                Cell::Number(n) => drop(sheet.write_number(line, column, *n).unwrap()),
            }
        }
    }
    book.save_to_buffer().unwrap()
}

fn sheets_by_commune(rows: &Rows) -> Vec<writers::Sheet> {
    let mut sheets: Vec<writers::Sheet> = Vec::new();
    let cells = typed(rows);
    for (row, cells) in rows.iter().zip(&cells).skip(1) {
        let name = row[COMMUNE].replace('\'', " ");
        let name: String = name.chars().take(31).collect();
        let at = sheets.iter().position(|(n, _)| *n == name);
        let at = at.unwrap_or_else(|| {
            let header = typed(&[rows[0].clone()]);
            sheets.push((name, header));
            sheets.len() - 1
        });
        sheets[at].1.push(cells.clone());
    }
    sheets
}

/// A title over covered cells, amounts as currencies, a share as a percentage,
/// years of birth as dates.
fn rich_ods(rows: &Rows) -> Vec<u8> {
    let text = |t: &str| {
        format!(
            "<table:table-cell office:value-type=\"string\"><text:p>{t}</text:p></table:table-cell>"
        )
    };
    let mut out = String::from("<table:table table:name=\"OPS\">");
    out.push_str(
        "<table:table-row><table:table-cell table:number-columns-spanned=\"3\" office:value-type=\"string\"><text:p>Export</text:p></table:table-cell><table:covered-table-cell table:number-columns-repeated=\"2\"/></table:table-row>",
    );
    for (r, row) in rows.iter().enumerate() {
        out.push_str("<table:table-row>");
        for (c, cell) in row.iter().enumerate() {
            if cell.is_empty() {
                out.push_str("<table:table-cell/>");
            } else if r == 0 && c == HOLDER {
                out.push_str(&text("Date de naissance titulaire"));
            } else if r > 0 && c == HOLDER {
                let year = birth_year(cell);
                out.push_str(&format!("<table:table-cell office:value-type=\"date\" office:date-value=\"{year}-06-15\"><text:p>15/06/{year}</text:p></table:table-cell>"));
            } else if r > 0 && c == INCOME {
                out.push_str(&format!("<table:table-cell office:value-type=\"currency\" office:currency=\"EUR\" office:value=\"{cell}\"><text:p>{cell} €</text:p></table:table-cell>"));
            } else {
                out.push_str(&text(&quick_xml::escape::escape(cell)));
            }
        }
        out.push_str(&if r == 0 {
            text("Taux d'effort")
        } else {
            "<table:table-cell office:value-type=\"percentage\" office:value=\"0.21\"><text:p>21 %</text:p></table:table-cell>".to_owned()
        });
        out.push_str("</table:table-row>");
    }
    out.push_str("</table:table>");
    writers::ods_of(&out)
}

/// Other words for the same things, several on each column.
fn other_words(rows: &Rows) -> Rows {
    let mut rows = rows.clone();
    for (rank, row) in rows.iter_mut().enumerate().skip(1) {
        let turn = rank % 3;
        let digit = row[TYPOLOGY][1..].to_owned();
        row[TYPOLOGY] = [
            format!("F{digit}"),
            format!("{digit} pièces"),
            format!("T{digit} bis"),
        ][turn]
            .clone();
        row[HOUSING] = match (row[HOUSING].as_str(), turn) {
            ("Individuel", 0) => "Maison",
            ("Individuel", _) => "I",
            (_, 0) => "Appartement",
            _ => "COLL",
        }
        .to_owned();
        for column in [APL, ASPA] {
            row[column] = match (row[column].as_str(), turn) {
                ("Oui", 0) => "O",
                ("Oui", 1) => "1",
                ("Oui", _) => "VRAI",
                ("Non", 0) => "N",
                ("Non", 1) => "0",
                ("Non", _) => "FAUX",
                _ => ["NC", "#N/A", "non renseigné"][turn],
            }
            .to_owned();
        }
        if row[QPV] == "Non" {
            row[QPV] = ["Hors QPV", "N", "2"][turn].to_owned();
        }
        if let Ok(n) = row[INCOME].parse::<u64>() {
            let (thousands, rest) = (n / 1000, n % 1000);
            row[INCOME] = match turn {
                _ if n < 1000 => format!("{n},00 €"),
                0 => format!("{thousands}\u{202f}{rest:03},49 €"),
                1 => format!("{thousands}\u{a0}{rest:03}"),
                _ => format!("{thousands} {rest:03} EUR"),
            };
        }
        if row[OCCUPATION] == "Loué" && turn == 1 {
            row[OCCUPATION] = "LOUE ".to_owned();
        }
        if row[SITUATION] == "Personne seule" && turn == 2 {
            row[SITUATION] = "Isolé".to_owned();
        }
    }
    rows
}

fn counted_activities(rows: &Rows) -> Rows {
    const LABELS: [&str; 5] = [
        "Emploi stable",
        "Emploi précaire",
        "Chômeur",
        "Étudiant",
        "Sans emploi",
    ];
    replaced(
        rows,
        ACTIVITIES,
        &[
            "Nb emploi stable",
            "Nb emploi précaire",
            "Nb chômeurs",
            "Nb étudiants",
            "Nb sans emploi",
        ],
        |cells| {
            LABELS
                .iter()
                .map(|label| cells.iter().filter(|c| c == label).count().to_string())
                .collect()
        },
    )
}

fn listed_in_one_cell(rows: &Rows) -> Rows {
    let joined = |separator: &'static str| {
        move |cells: &[String]| {
            let full: Vec<_> = cells.iter().filter(|c| !c.is_empty()).cloned().collect();
            vec![full.join(separator)]
        }
    };
    let rows = replaced(rows, ACTIVITIES, &["Activité des majeurs"], joined(" / "));
    replaced(&rows, AGES, &["Ages des occupants"], joined(";"))
}

fn years_of_birth(rows: &Rows) -> Rows {
    let headers: Vec<_> = (1..=5).map(|n| format!("Année naissance {n}")).collect();
    let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
    let years = |cells: &[String]| cells.iter().map(|c| birth_year(c)).collect();
    let rows = replaced(rows, AGES, &headers, years);
    let holder = HOLDER..HOLDER + 1;
    replaced(&rows, holder, &["Année de naissance titulaire"], years)
}

#[test]
fn the_same_rows_in_twenty_dresses_give_the_same_partial() {
    let rows = rows();
    let sheets = one(typed(&rows));
    let bom = |text: String| [b"\xef\xbb\xbf", text.as_bytes()].concat();
    let dresses: Vec<(&str, Vec<u8>)> = vec![
        ("csv , BOM CRLF", bom(delimited(&rows, ",", "\r\n"))),
        (
            "csv tab windows-1252",
            encoded(&delimited(&rows, "\t", "\r\n"), encoding_rs::WINDOWS_1252),
        ),
        ("csv ; mac-roman", mac(&delimited(&rows, ";", "\r"))),
        (
            "csv | total",
            format!("{}TOTAL;;\n", delimited(&rows, "|", "\n")).into_bytes(),
        ),
        ("xlsx", writers::xlsx(&sheets)),
        ("xlsx titles and total", with_titles(&rows)),
        ("xlsx header on two rows", two_rows(&rows)),
        (
            "xlsx one sheet per commune",
            writers::xlsx(&sheets_by_commune(&rows)),
        ),
        ("xlsx births 1900", births(&rows, false)),
        ("xlsx births 1904", births(&rows, true)),
        ("ods repeated", writers::ods(&sheets)),
        (
            "ods one sheet per commune",
            writers::ods(&sheets_by_commune(&rows)),
        ),
        ("ods covered, currency, percentage, dates", rich_ods(&rows)),
        ("xls", XLS.to_vec()),
        ("xlsb", writers::xlsb(&sheets)),
        (
            "csv years of birth",
            to_csv(&years_of_birth(&rows)).into_bytes(),
        ),
        (
            "csv lists in one cell",
            to_csv(&listed_in_one_cell(&rows)).into_bytes(),
        ),
        (
            "csv activities counted",
            to_csv(&counted_activities(&rows)).into_bytes(),
        ),
        ("csv other words", to_csv(&other_words(&rows)).into_bytes()),
        (
            "xlsx other words",
            writers::xlsx(&one(typed(&other_words(&rows)))),
        ),
    ];
    let expected = partial(to_csv(&rows).as_bytes());
    for (dress, bytes) in dresses {
        assert!(partial(&bytes) == expected, "{dress}");
    }
}

/// Ages by bracket do not tell a young couple: the incomes of couples without
/// children are left out on both sides.
#[test]
fn ages_by_bracket_give_the_same_partial() {
    const BOUNDS: [u32; 8] = [0, 3, 18, 25, 40, 60, 75, 200];
    let mut rows = rows();
    for row in &mut rows {
        if row[SITUATION] == "Couple sans enfant" {
            row[INCOME].clear();
        }
    }
    let headers = [
        "Nb < 3 ans",
        "3-17 ans",
        "18 à 24 ans",
        "De 25 à 39 ans",
        "40-59",
        "60 - 74 ans",
        "75 ans et plus",
    ];
    let dressed = replaced(
        &rows,
        AGES,
        &headers.map(|h| if h == "40-59" { "Âge 40-59" } else { h }),
        |cells| {
            let ages: Vec<u32> = cells.iter().filter_map(|c| c.parse().ok()).collect();
            BOUNDS
                .windows(2)
                .map(|b| {
                    ages.iter()
                        .filter(|a| (b[0]..b[1]).contains(*a))
                        .count()
                        .to_string()
                })
                .collect()
        },
    );
    assert!(partial(to_csv(&dressed).as_bytes()) == partial(to_csv(&rows).as_bytes()));
    let (_, report) = super::read_with(
        to_csv(&dressed).as_bytes(),
        &Campaign::example(),
        &Options::default(),
    )
    .unwrap();
    assert!(report.findings.iter().any(|f| f.code == "ages-par-tranche"));
}

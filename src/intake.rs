//! Intake: the bytes of a landlord's spreadsheet → dwellings, one by one, and a
//! report of what was found.
//!
//! ```text
//! bytes ─ source (xlsx, xlsb, xls, ods, csv) ─▶ rows of cells ─ header ─▶ mapping
//!                                                    └─ rows, values, numbers ─▶ Dwelling
//! ```
//!
//! Invariants:
//! * the format is told by the content; no bytes make the reading panic, nor
//!   take more than the bounds of [`limits`] allow;
//! * no row is kept: a [`Dwelling`] is handed over and its buffer reused;
//! * nothing is guessed: what is not understood is unknown, counted, reported;
//! * columns that look like the identity of persons are never read.
//!
//! ```
//! use ops_mixite::{campaign::Campaign, intake};
//! let file = "Commune;Occupation;RFR\nLe Creusot;Loué;15 234,50 €\nDijon;Loué;0\n";
//! let mut incomes = Vec::new();
//! let report = intake::read(
//!     std::io::Cursor::new(file), file.len() as u64, "ops.csv",
//!     &Campaign::cucm(), &intake::Options::default(), &mut (),
//!     &mut |dwelling| incomes.push(dwelling.household.income),
//! ).unwrap();
//! assert_eq!(incomes, [Some(15_234)]);
//! assert_eq!((report.rows_read, report.rows_kept), (2, 1));
//! ```

mod cell;
pub mod columns;
pub mod correspondence;
pub mod error;
mod header;
mod identity;
pub mod limits;
mod lines;
pub mod lists;
mod namesakes;
mod numbers;
pub mod passage;
pub mod quality;
pub mod report;
mod rows;
pub mod rpls;
mod seen;
mod source;
mod tally;
mod values;

use std::io::{Read, Seek};

pub use correspondence::Correspondence;
pub use error::{Bound, IntakeError, OTHER_LANDLORDS, Problem};
pub use report::{
    Answers, AskedCommune, Candidate, ColumnName, CommuneAnswers, Finding, Format, GivenLabel,
    Ignored, IgnoredColumn, MappedColumn, Matched, NamedLandlord, OutOfScope, OutsideCommune,
    Place, Proposal, Reason, Report, RplsMatch, Sample, Severity, SheetRead, Told, Understood,
    UnknownValue,
};

pub use rpls::Rpls;

use crate::campaign::Campaign;
use crate::dwelling::{Dwelling, Variable};
use crate::pipeline::Observer;
use cell::Day;
use columns::{Names, canonical};
use header::Mapping;
use numbers::Calendar;
pub(crate) use report::{DUPLICATE, DUPLICATE_DIFFERS};
use rows::Reader;
use source::{Book, Head};
use tally::{At, Kind, Tally};

/// Rows between two signs of progress.
const PROGRESS_ROWS: u64 = 1_000;

/// Sheets looked at for headers that are only alike.
const NEAR_SHEETS: usize = 3;

/// What the user adds to a file.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// What the user said of the columns and of their labels.
    pub correspondence: Option<Correspondence>,
    /// The landlord's own RPLS return, read beforehand.
    pub rpls: Option<std::sync::Arc<Rpls>>,
    /// Rank of the landlord that was chosen: rows that name another landlord of
    /// the campaign are left out.
    pub landlord: Option<usize>,
}

/// Reads a file: hands each dwelling over, and reports.
///
/// `source` is read in large slices and may be sought anywhere; `size` is its
/// length; `name` is only for messages.
///
/// # Errors
/// When the bytes cannot be read as a table, or a required column is missing
/// or must be confirmed.
pub fn read<S: Read + Seek>(
    source: S,
    size: u64,
    name: &str,
    campaign: &Campaign,
    options: &Options,
    observer: &mut dyn Observer,
    sink: &mut dyn FnMut(&Dwelling),
) -> Result<Report, IntakeError> {
    let refused = refusing(name);
    let profile = options.correspondence.as_ref();
    if let Some(profile) = profile {
        profile.check().map_err(refused)?;
    }
    source::reading(source, size, refused, |book| {
        read_book(book, name, campaign, options, observer, sink)
    })
}

/// A problem of this file, as the error that names it.
fn refusing(name: &str) -> impl Fn(Problem) -> IntakeError + Copy {
    |problem| IntakeError::Refused {
        file: name.to_owned(),
        problem,
    }
}

fn read_book(
    book: &mut dyn Book,
    name: &str,
    campaign: &Campaign,
    options: &Options,
    observer: &mut dyn Observer,
    sink: &mut dyn FnMut(&Dwelling),
) -> Result<Report, IntakeError> {
    let refused = refusing(name);
    let profile = options.correspondence.as_ref();
    let names = Names::new();
    let heads = book.heads().map_err(refused)?;
    let reference = Day::parse(&campaign.file().reference_date).unwrap_or(Day {
        year: 2024,
        month: 1,
        day: 1,
    });
    let mut chosen = choose(book, &heads, &names, profile).map_err(refused)?;
    chosen.leave_other_years(book, reference.year);
    let persons = identities(book, &chosen).map_err(refused)?;
    chosen.mapping.forbid(&persons);
    let first = &chosen.sheets[0];
    let missing = chosen.mapping.missing();
    if !missing.is_empty() {
        let samples = first_samples(book, &chosen).map_err(refused)?;
        let sheet = book.sheets()[first.rank].name.clone();
        // Like a known name or not, the column may be there: the user can say.
        return Err(IntakeError::MappingNeeded {
            file: name.to_owned(),
            proposal: Box::new(Proposal {
                sheet,
                header_row: first.header_row,
                missing,
                mapped: with_samples(&chosen.mapping, samples),
                candidates: chosen.mapping.candidates.clone(),
                ignored: chosen.mapping.ignored_columns(),
            }),
        });
    }
    let calendar = Calendar {
        reference,
        epoch: book.epoch(),
    };
    let mut reader = Reader::new(campaign, profile, calendar, &chosen.mapping);
    reader.rpls = options.rpls.as_deref();
    reader.own = options.landlord;
    let sheets = scan(book, &chosen, &mut reader, observer, sink).map_err(refused)?;
    remarks(book, &chosen, &sheets, &mut reader);
    let understood = reader.understood();
    let tally = &mut reader.tally;
    let (sheet, header_row) = (sheets[0].name.clone(), sheets[0].header_row);
    if tally.rows_read == 0 {
        return Err(refused(Problem::NoRows { sheet, header_row }));
    }
    let theirs = tally.left_out_for(Reason::OtherLandlord);
    // A total beside them does not make them the chosen landlord's.
    if tally.rows_kept == 0 && 2 * theirs > tally.rows_read {
        return Err(refused(Problem::OtherLandlords {
            sheet,
            header_row,
            rows: tally.rows_read,
            landlords: reader
                .landlords
                .into_iter()
                .take(5)
                .map(|l| l.name)
                .collect(),
        }));
    }
    if tally.rows_kept == 0 {
        let seen = tally.outside_communes().into_iter().map(|c| c.name);
        let near = tally.asked_communes().into_iter().map(|c| c.name);
        return Err(refused(Problem::NothingKept {
            sheet,
            header_row,
            rows: tally.rows_read,
            communes: seen.chain(near).take(5).collect(),
        }));
    }
    let mapped = with_samples(&chosen.mapping, tally.samples());
    let unread = unread(book, &chosen).into_iter();
    let other_sheets = unread
        .map(|rank| book.sheets()[rank].name.clone())
        .collect();
    Ok(Report {
        file: name.to_owned(),
        format: book.format(),
        dialect: book.dialect(),
        sheets,
        other_sheets,
        rows_read: tally.rows_read,
        rows_kept: tally.rows_kept,
        rows_let: tally.rows_let,
        rows_responding: tally.rows_responding,
        out_of_scope: tally.out_of_scope(),
        outside_communes: tally.outside_communes(),
        asked_communes: tally.asked_communes(),
        landlords: reader.landlords,
        variables: match &options.rpls {
            Some(rpls) => chosen.mapping.variables().union(rpls.variables()),
            None => chosen.mapping.variables(),
        },
        mapped,
        candidates: chosen.mapping.candidates.clone(),
        ignored: chosen.mapping.ignored_columns(),
        unknown_values: tally.unknown_values(),
        understood,
        given_labels: tally.given_labels(),
        answers: tally.answers(&chosen.mapping),
        answers_by_commune: tally.answers_by_commune(&chosen.mapping, campaign),
        rpls: options.rpls.as_ref().map(|rpls| RplsMatch {
            dwellings: rpls.dwellings() as u64,
            matched: reader.rpls_matched,
            unmatched: tally.rows_kept - reader.rpls_matched,
            unmatched_places: tally.take_unmatched(),
        }),
        findings: tally.findings(),
    })
}

/// A sheet that is read.
struct ChosenSheet {
    rank: usize,
    header_row: u32,
}

/// What is read of a book.
struct Chosen {
    /// At least one.
    sheets: Vec<ChosenSheet>,
    /// Ranks of the visible sheets that would do alone, under another header.
    alike: Vec<usize>,
    /// Ranks of the sheets under the same header that are of another year.
    other_years: Vec<usize>,
    mapping: Mapping,
}

impl Chosen {
    /// Reads no sheet that is called after another year, where one is called after that
    /// of the survey: last year's rows are no dwellings of this one.
    fn leave_other_years(&mut self, book: &dyn Book, survey: i32) {
        let year = |sheet: &ChosenSheet| year_in(&book.sheets()[sheet.rank].name);
        if self.sheets.iter().any(|sheet| year(sheet) == Some(survey)) {
            let other = |sheet: &ChosenSheet| year(sheet).is_some_and(|year| year != survey);
            let left = self.sheets.extract_if(.., |sheet| other(sheet));
            self.other_years = left.map(|sheet| sheet.rank).collect();
        }
    }
}

/// The year that a name bears, when it bears one.
fn year_in(name: &str) -> Option<i32> {
    let numbers = name.split(|letter: char| !letter.is_ascii_digit());
    let mut years = numbers.filter(|number| number.len() == 4);
    let year = years.next()?.parse().ok()?;
    (years.next().is_none() && (1990..2100).contains(&year)).then_some(year)
}

/// Is the sheet complete, is it visible, how much does its header name?
type Merit = (bool, bool, (usize, usize));

/// The sheet that looks most like an OPS file, visible ones before hidden ones,
/// and with it every sheet of the very same header (one by agency or commune).
fn choose(
    book: &dyn Book,
    heads: &[Head],
    names: &Names,
    profile: Option<&Correspondence>,
) -> Result<Chosen, Problem> {
    let mut best: Option<(Merit, usize)> = None;
    let mut located = Vec::new();
    for (rank, head) in heads.iter().enumerate() {
        let found = header::locate(head, names, profile);
        if let Some(found) = &found {
            let mapping = header::map(&found.texts, names, profile);
            let complete = mapping.missing().is_empty();
            let key = (complete, book.sheets()[rank].visible, found.score);
            if best.is_none_or(|(most, _)| key > most) {
                best = Some((key, rank));
            }
        }
        located.push(found);
    }
    if best.is_none() {
        // Misspelt headers: enough to ask the user, on the first sheets only.
        for (rank, head) in heads.iter().enumerate().take(NEAR_SHEETS) {
            if let Some(found) = header::locate_near(head, names) {
                best = Some(((false, false, found.score), rank));
                located[rank] = Some(found);
                break;
            }
        }
    }
    let Some((rank, header)) = best.and_then(|(_, rank)| Some((rank, located[rank].as_ref()?)))
    else {
        // No header anywhere: show what stands in the fullest sheet.
        let (rank, head) = heads
            .iter()
            .enumerate()
            .filter(|(_, head)| !head.rows.is_empty())
            .max_by_key(|(rank, head)| (head.rows.len(), std::cmp::Reverse(*rank)))
            .ok_or(Problem::NoData)?;
        let widest = head
            .rows
            .iter()
            .max_by_key(|(n, texts)| (texts.len(), std::cmp::Reverse(*n)));
        return Err(Problem::MissingColumn {
            variable: Variable::Commune,
            sheet: book.sheets()[rank].name.clone(),
            header_row: 0,
            headers: shown(widest.map_or(&[], |(_, texts)| texts)),
        });
    };
    let headers = &header.texts;
    // Empty columns on the right are no part of a header.
    let names_of = |texts: &[String]| {
        let mut names: Vec<String> = texts.iter().map(|t| canonical(t)).collect();
        names.truncate(
            names
                .iter()
                .rposition(|n| !n.is_empty())
                .map_or(0, |at| at + 1),
        );
        names
    };
    let own = names_of(headers);
    // They name communes and landlords, as an OPS file does.
    let of_results = ["NUMERATEUR", "DENOMINATEUR", "STATUT"];
    if of_results.iter().all(|name| own.iter().any(|n| n == name)) {
        return Err(Problem::OwnExport);
    }
    let mut sheets = vec![ChosenSheet {
        rank,
        header_row: header.row,
    }];
    let mut alike = Vec::new();
    for (other, found) in located.iter().enumerate() {
        if other != rank
            && book.sheets()[other].visible
            && let Some(found) = found
        {
            if names_of(&found.texts) == own {
                sheets.push(ChosenSheet {
                    rank: other,
                    header_row: found.row,
                });
            } else if header::map(&found.texts, names, profile)
                .missing()
                .is_empty()
            {
                alike.push(other);
            }
        }
    }
    crate::order::sort_by_key(&mut sheets, |sheet| sheet.rank);
    Ok(Chosen {
        sheets,
        alike,
        other_years: Vec::new(),
        mapping: header::map(headers, names, profile),
    })
}

/// The columns in which persons are met, by their values: two in the first rows
/// of a sheet are enough. Nothing of what is looked at is kept.
fn identities(
    book: &mut dyn Book,
    chosen: &Chosen,
) -> Result<std::collections::BTreeSet<usize>, Problem> {
    let mut met = std::collections::BTreeMap::<usize, u32>::new();
    for sheet in &chosen.sheets {
        let last = sheet.header_row.saturating_add(limits::IDENTITY_ROWS);
        book.scan(sheet.rank, &mut |number, row, _| {
            if number > sheet.header_row {
                for column in 0..row.width().min(limits::HEADER_COLUMNS) {
                    let met_here = match row.get(column) {
                        cell::Value::Text(text) => identity::is_identity_value(text),
                        // No other number of a dwelling or a household is so long.
                        cell::Value::Number(n) => identity::is_identity_number(n),
                        _ => false,
                    };
                    if met_here {
                        *met.entry(column).or_default() += 1;
                    }
                }
            }
            Ok(number < last)
        })?;
    }
    Ok(met
        .into_iter()
        .filter(|(_, times)| *times >= 2)
        .map(|(column, _)| column)
        .collect())
}

/// Samples of the mapped columns of a file that is not read further: what the
/// user is asked about must be seen.
fn first_samples(book: &mut dyn Book, chosen: &Chosen) -> Result<Vec<Vec<Sample>>, Problem> {
    let mut tally = Tally::new(&chosen.mapping);
    let sheet = &chosen.sheets[0];
    let last = sheet.header_row.saturating_add(limits::IDENTITY_ROWS);
    book.scan(sheet.rank, &mut |number, row, _| {
        if number > sheet.header_row {
            rows::sample(&mut tally, &chosen.mapping, row);
        }
        Ok(number < last)
    })?;
    Ok(tally.samples())
}

fn with_samples(mapping: &Mapping, samples: Vec<Vec<Sample>>) -> Vec<MappedColumn> {
    let mut mapped = mapping.mapped_columns();
    for (column, samples) in mapped.iter_mut().zip(samples) {
        column.samples = samples;
    }
    mapped
}

/// Headers as they are quoted in a message.
fn shown(texts: &[String]) -> Vec<Sample> {
    texts
        .iter()
        // NOTE: without a header anywhere this may be a row of data.
        .filter(|t| !identity::is_identity_value(t))
        .map(|t| Sample::of(t))
        .filter(|t| !t.as_str().is_empty())
        .take(60)
        .collect()
}

fn scan(
    book: &mut dyn Book,
    chosen: &Chosen,
    reader: &mut Reader<'_>,
    observer: &mut dyn Observer,
    sink: &mut dyn FnMut(&Dwelling),
) -> Result<Vec<SheetRead>, Problem> {
    let mut read = Vec::new();
    let count = chosen.sheets.len() as u64;
    for (order, sheet) in chosen.sheets.iter().enumerate() {
        let name = book.sheets()[sheet.rank].name.clone();
        let before = reader.tally.rows_read;
        let mut last_row = sheet.header_row;
        book.scan(sheet.rank, &mut |number, row, per_mille| {
            if !row.is_blank() {
                last_row = last_row.max(number);
            }
            if number <= sheet.header_row || row.is_blank() {
                return Ok(true);
            }
            let at = At {
                sheet: &name,
                row: number,
            };
            if let Some(dwelling) = reader.read(at, row) {
                sink(dwelling);
            }
            if reader.tally.rows_read.is_multiple_of(PROGRESS_ROWS) {
                let whole = (order as u64 * 1000 + u64::from(per_mille)) / count;
                observer.progress(reader.tally.rows_read, whole as u16);
            }
            Ok(true)
        })?;
        read.push(SheetRead {
            rows: reader.tally.rows_read - before,
            last_row,
            name,
            header_row: sheet.header_row,
        });
    }
    observer.progress(reader.tally.rows_read, 1000);
    Ok(read)
}

/// Ranks of the sheets that are not read.
fn unread(book: &dyn Book, chosen: &Chosen) -> Vec<usize> {
    let read = |rank: &usize| chosen.sheets.iter().any(|sheet| sheet.rank == *rank);
    (0..book.sheets().len())
        .filter(|rank| !read(rank))
        .collect()
}

/// Findings about columns and sheets.
fn remarks(book: &dyn Book, chosen: &Chosen, sheets: &[SheetRead], reader: &mut Reader<'_>) {
    let named: std::collections::BTreeSet<_> =
        reader.landlords.iter().map(|named| named.rank).collect();
    let tally = &mut reader.tally;
    let header = |sheet: &SheetRead, column| Place {
        sheet: sheet.name.clone(),
        row: sheet.header_row,
        column,
    };
    let columns = [
        (Ignored::Identity, Kind::IdentityColumns),
        (Ignored::AgeBrackets, Kind::OtherBrackets),
    ];
    for (why, kind) in columns {
        let places: Vec<_> = chosen
            .mapping
            .ignored_columns()
            .into_iter()
            .filter(|column| column.why == why)
            .map(|column| header(&sheets[0], Some(column.column)))
            .collect();
        if !places.is_empty() {
            tally.remark(kind, places.len() as u64, places);
        }
    }
    if named.len() > 1 {
        tally.remark(
            Kind::SeveralLandlords,
            named.len() as u64,
            vec![header(&sheets[0], None)],
        );
    }
    if chosen.mapping.ages_by_bracket() {
        tally.remark(Kind::AgesByBracket, 1, vec![header(&sheets[0], None)]);
    }
    let open: Vec<_> = chosen
        .mapping
        .candidates
        .iter()
        .map(|candidate| header(&sheets[0], Some(candidate.column.clone())))
        .collect();
    if !open.is_empty() {
        tally.remark(Kind::ColumnToConfirm, open.len() as u64, open);
    }
    if !chosen.mapping.absent.is_empty() {
        let places = chosen.mapping.absent.iter().map(|(_, name)| {
            let column = ColumnName {
                letters: String::new(),
                header: name.clone(),
            };
            header(&sheets[0], Some(column))
        });
        tally.remark(
            Kind::AbsentColumn,
            chosen.mapping.absent.len() as u64,
            places.collect(),
        );
    }
    if sheets.len() > 1 {
        let places = sheets.iter().map(|sheet| header(sheet, None)).collect();
        tally.remark(Kind::ManySheets, sheets.len() as u64, places);
    }
    let extents: Vec<_> = chosen
        .sheets
        .iter()
        .zip(sheets)
        .filter_map(|(chosen, read)| {
            let declared = book.declared_last_row(chosen.rank)?;
            (declared != read.last_row).then(|| Place {
                sheet: read.name.clone(),
                row: declared,
                column: None,
            })
        })
        .collect();
    if !extents.is_empty() {
        tally.remark(Kind::DeclaredExtent, extents.len() as u64, extents);
    }
    if !book.sheets()[chosen.sheets[0].rank].visible {
        tally.remark(Kind::HiddenSheet, 1, vec![header(&sheets[0], None)]);
    }
    let whole = |name: &str| Place {
        sheet: name.to_owned(),
        row: 1,
        column: None,
    };
    let mut others = unread(book, chosen);
    others.retain(|rank| !chosen.alike.contains(rank) && !chosen.other_years.contains(rank));
    for (ranks, kind) in [
        (&chosen.alike, Kind::AlikeSheets),
        (&chosen.other_years, Kind::OtherYears),
        (&others, Kind::OtherSheets),
    ] {
        if !ranks.is_empty() {
            let names = ranks.iter().map(|rank| &book.sheets()[*rank].name);
            let places = names.map(|name| whole(name)).collect();
            tally.remark(kind, ranks.len() as u64, places);
        }
    }
}

//! What both workbooks hold: sheets of typed cells.

use std::collections::HashMap;

use super::{ExportError, MAX_CELL, MAX_ROWS};
use crate::base::fraction::{Fraction, Gap};
use crate::base::panel;
use crate::base::{Base, ResultFile, Status};
use crate::campaign::Rate;
use crate::indicator;
use crate::indicator::shares::SHARES;
use crate::partial::LineFile;
use crate::table::{Level, Zonage};
use crate::words::export as words;
use crate::words::segregation as segregation_words;
use crate::words::{charts, heads, labels, numbers};

/// How a cell looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Style {
    /// Title of a sheet or of a part of the notes.
    Title,
    /// Source, under the title.
    Source,
    /// Head of a column.
    Header,
    /// Text.
    Text,
    /// Whole number.
    Count,
    /// Per cent.
    Share,
    /// Points, signed.
    Points,
    /// Four decimals.
    Index,
    /// A sign in place of a number.
    Sign,
    /// One decimal (*indice 100*).
    Base100,
}

impl Style {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Title,
        Self::Source,
        Self::Header,
        Self::Text,
        Self::Count,
        Self::Share,
        Self::Points,
        Self::Index,
        Self::Sign,
        Self::Base100,
    ];
}

/// What a cell holds; there is no formula.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing.
    Empty,
    /// Text, whatever it begins with.
    Text(String),
    /// A number, and how it reads.
    Number(f64, String),
}

/// A cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// How it looks.
    pub style: Style,
    /// What it holds.
    pub value: Value,
}

impl Cell {
    fn text(style: Style, text: impl AsRef<str>) -> Self {
        Self {
            style,
            value: Value::Text(clean(text.as_ref())),
        }
    }

    fn empty() -> Self {
        Self {
            style: Style::Text,
            value: Value::Empty,
        }
    }

    fn count(count: u64) -> Self {
        Self {
            style: Style::Count,
            // Counts stay far under 2^53.
            value: Value::Number(count as f64, numbers::count(count)),
        }
    }

    fn share(rate: Rate) -> Self {
        Self {
            style: Style::Share,
            value: Value::Number(
                f64::from(rate.0) / f64::from(Rate::ONE),
                numbers::percent(rate),
            ),
        }
    }

    fn points(gap: Gap) -> Self {
        Self {
            style: Style::Points,
            value: Value::Number(f64::from(gap.0) / 1_000.0, numbers::points(gap.0)),
        }
    }

    /// *Indice 100*, given in hundredths.
    fn base_100(index: u64) -> Self {
        let tenths = (index + 5) / 10;
        Self {
            style: Style::Base100,
            value: Value::Number(
                // Far under 2^53.
                index as f64 / 100.0,
                format!("{},{}", numbers::count(tenths / 10), tenths % 10),
            ),
        }
    }

    fn index(value: f64) -> Self {
        Self {
            style: Style::Index,
            value: Value::Number(value, numbers::index(value)),
        }
    }
}

/// A sheet.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// Its name: at most 31 characters, none of `[]:*?/\'`.
    pub name: String,
    /// Rows that stay in view, the last of which heads the columns; 0 in notes.
    pub frozen: usize,
    /// Columns that stay in view.
    pub frozen_columns: usize,
    /// Widths of the columns, in characters.
    pub widths: Vec<u16>,
    /// The rows; they may be of different lengths.
    pub rows: Vec<Vec<Cell>>,
}

/// Text that both formats can hold: no control character, of bounded length.
pub(super) fn clean(text: &str) -> String {
    let mut units = 0;
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let c = match c {
            c if c.is_control() => ' ',
            '\u{fffe}' | '\u{ffff}' => char::REPLACEMENT_CHARACTER,
            c => c,
        };
        units += c.len_utf16();
        if units >= MAX_CELL {
            out.push('…');
            break;
        }
        out.push(c);
    }
    out
}

/// The sheets of a base, in order.
///
/// # Errors
/// When one would hold more rows than a workbook can.
pub fn sheets(base: &Base) -> Result<Vec<Sheet>, ExportError> {
    let places = Places::of(base);
    let mut sheets = vec![notes(base)];
    for (theme, keys) in labels::THEMES {
        sheets.extend(results(base, &places, theme, keys));
    }
    sheets.extend(counts(base, &places));
    sheets.extend(segregation(base));
    sheets.extend(quotients(base));
    fits(&sheets)?;
    Ok(sheets)
}

/// Does a workbook hold as many rows as the longest of them?
pub(super) fn fits(sheets: &[Sheet]) -> Result<(), ExportError> {
    match sheets.iter().find(|sheet| sheet.rows.len() > MAX_ROWS) {
        None => Ok(()),
        Some(sheet) => Err(ExportError::TooManyRows {
            sheet: sheet.name.clone(),
            rows: sheet.rows.len(),
        }),
    }
}

/// A maille in words.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) zonage: &'a Zonage,
    pub(super) rank: usize,
}

impl<'a> Place<'a> {
    pub(super) fn level(self) -> Level {
        self.zonage.mailles[self.rank].level
    }

    pub(super) fn name(self) -> &'a str {
        &self.zonage.mailles[self.rank].name
    }

    pub(super) fn parent(self) -> Option<&'a str> {
        let parent = self.zonage.mailles[self.rank].parent?;
        Some(&self.zonage.mailles[parent].id)
    }

    /// The commune that it is, or is in.
    pub(super) fn commune(self) -> Option<&'a str> {
        let here = &self.zonage.mailles[self.rank];
        let commune = match here.level {
            Level::Commune => Some(here),
            _ => self.zonage.commune_of(here),
        };
        Some(&commune?.name)
    }

    fn cells(self) -> Vec<Cell> {
        let maille = &self.zonage.mailles[self.rank];
        vec![
            Cell::text(Style::Text, words::zonage(&self.zonage.id)),
            Cell::text(Style::Text, labels::level(maille.level)),
            self.commune()
                .map_or_else(Cell::empty, |name| Cell::text(Style::Text, name)),
            Cell::text(Style::Text, &maille.name),
            Cell::text(Style::Text, &maille.id),
        ]
    }
}

/// The mailles by zonage and identifier.
pub(super) struct Places<'a>(HashMap<(&'a str, &'a str), Place<'a>>);

impl<'a> Places<'a> {
    pub(super) fn of(base: &'a Base) -> Self {
        let mut all = HashMap::new();
        for zonage in base.zonages() {
            for (rank, maille) in zonage.mailles.iter().enumerate() {
                all.insert(
                    (zonage.id.as_str(), maille.id.as_str()),
                    Place { zonage, rank },
                );
            }
        }
        Self(all)
    }

    pub(super) fn get(&self, zonage: &str, maille: &str) -> Option<Place<'a>> {
        self.0.get(&(zonage, maille)).copied()
    }
}

/// Title, source, an empty row, the heads of the columns.
fn opened(base: &Base, name: &str, title: &str, columns: &[(String, u16)]) -> Sheet {
    let file = base.file();
    let source = words::source(&file.mention, &file.territory.name, &file.reference_date);
    Sheet {
        name: name.to_owned(),
        frozen: 4,
        frozen_columns: 0,
        widths: columns.iter().map(|(_, width)| *width).collect(),
        rows: vec![
            vec![Cell::text(Style::Title, title)],
            vec![Cell::text(Style::Source, source)],
            vec![],
            columns
                .iter()
                .map(|(head, _)| Cell::text(Style::Header, head))
                .collect(),
        ],
    }
}

fn place_columns() -> Vec<(String, u16)> {
    words::PLACE
        .iter()
        .zip([12, 14, 22, 28, 24])
        .map(|(head, width)| ((*head).to_owned(), width))
        .collect()
}

fn results(base: &Base, places: &Places<'_>, theme: &str, keys: &[&str]) -> Option<Sheet> {
    let widths = [
        38, 20, 13, 13, 13, 14, 14, 14, 10, 10, 10, 14, 11, 12, 24, 60,
    ];
    let mut columns = place_columns();
    columns.extend(
        words::RESULT
            .iter()
            .zip(widths)
            .map(|(head, width)| ((*head).to_owned(), width)),
    );
    let mut sheet = opened(base, theme, theme, &columns);
    sheet.frozen_columns = words::PLACE.len();
    let before = sheet.rows.len();
    let epci = Epci::of(base);
    let names: HashMap<String, String> = base.landlords().into_iter().collect();
    for result in &base.file().results {
        if !keys.contains(&result.indicator.as_str()) {
            continue;
        }
        let mut row = places
            .get(&result.zonage, &result.maille)
            .map(Place::cells)
            .unwrap_or_default();
        let landlords = result.landlords.iter().map(|id| match names.get(id) {
            Some(name) => words::landlord(id, name),
            None => id.clone(),
        });
        let landlords: Vec<String> = landlords.collect();
        row.extend(result_cells(
            result,
            base.is_lacking(result),
            epci.index(result),
            &landlords.join(", "),
        ));
        sheet.rows.push(row);
    }
    (sheet.rows.len() > before).then_some(sheet)
}

/// The exact shares of the EPCI, by indicator.
pub(super) struct Epci<'a>(HashMap<&'a str, Fraction>);

impl<'a> Epci<'a> {
    pub(super) fn of(base: &'a Base) -> Self {
        let root = base.zonages().first();
        let root = root.and_then(|z| Some((z.id.as_str(), z.mailles.first()?.id.as_str())));
        let results = base.file().results.iter();
        Self(
            results
                .filter(|r| Some((r.zonage.as_str(), r.maille.as_str())) == root)
                .filter_map(|r| Some((r.indicator.as_str(), exact(r)?)))
                .collect(),
        )
    }

    /// *Indice 100* of a result, in hundredths, when both shares are exact.
    pub(super) fn index(&self, result: &ResultFile) -> Option<u64> {
        exact(result)?.index_100(*self.0.get(result.indicator.as_str())?)
    }
}

fn exact(result: &ResultFile) -> Option<Fraction> {
    Fraction::new(result.numerator?, result.denominator?)
        .filter(|_| result.status == Status::Published)
}

fn result_cells(
    result: &ResultFile,
    lacking: bool,
    index: Option<u64>,
    landlords: &str,
) -> Vec<Cell> {
    let indicator = labels::indicator(&result.indicator);
    let hidden = || Cell::text(Style::Sign, words::HIDDEN);
    let withheld = || match result.status {
        Status::LowResponse => Cell::text(Style::Sign, words::LOW_RESPONSE),
        _ => hidden(),
    };
    let exact = |count: Option<u64>| count.map_or_else(hidden, Cell::count);
    let bound = |count: Option<u64>| count.map_or_else(Cell::empty, Cell::count);
    let share = |rate: Option<Rate>| rate.map_or_else(Cell::empty, Cell::share);
    vec![
        Cell::text(Style::Text, indicator.label),
        Cell::text(Style::Text, charts::status_of(result.status, lacking)),
        exact(result.numerator),
        bound(result.numerator_min),
        bound(result.numerator_max),
        exact(result.denominator),
        bound(result.denominator_min),
        bound(result.denominator_max),
        result.share.map_or_else(withheld, Cell::share),
        share(result.min),
        share(result.max),
        result.gap.map_or_else(withheld, Cell::points),
        index.map_or_else(withheld, Cell::base_100),
        result.response.map_or_else(hidden, Cell::share),
        Cell::text(Style::Text, landlords),
        Cell::text(Style::Text, indicator.denominator),
    ]
}

/// One sheet of merged counts for each table, whatever the zonages.
fn counts(base: &Base, places: &Places<'_>) -> Vec<Sheet> {
    let mut sheets: Vec<(&str, Sheet)> = Vec::new();
    for (rank, zonage) in base.zonages().iter().enumerate() {
        for table in base.file().tables.iter().filter(|t| t.zonage == zonage.id) {
            let (Some(def), Some(lines)) =
                (indicator::table(&table.id), base.lines(rank, &table.id))
            else {
                continue;
            };
            let crossed = def.dimensions.len() > 1;
            let at = sheets
                .iter()
                .position(|(id, _)| *id == table.id)
                .unwrap_or_else(|| {
                    let mut columns = place_columns();
                    columns.push((words::population(def.unit), 14));
                    columns.push((heads::RESPONDENTS.to_owned(), 12));
                    columns.push((heads::RESPONSE_RATE.to_owned(), 12));
                    columns.extend((0..def.width()).map(|cell| (labels::cell(def, cell), 15)));
                    let title = words::counts(labels::table(def.id), def.unit, crossed);
                    let mut sheet = opened(base, words::table_sheet(def.id), &title, &columns);
                    sheet.frozen_columns = words::PLACE.len();
                    sheets.push((def.id, sheet));
                    sheets.len() - 1
                });
            // Below the EPCI a crossing gives nothing but the population, which other
            // sheets have: its lines are left out.
            let known = |line: &LineFile| {
                line.respondents.is_some() || line.counts.iter().any(Option::is_some)
            };
            for line in lines.into_iter().filter(|l| !crossed || known(l.line)) {
                let maille = &zonage.mailles[line.maille].id;
                let mut row = places
                    .get(&zonage.id, maille)
                    .map(Place::cells)
                    .unwrap_or_default();
                let count = |count: Option<i64>| {
                    count
                        .and_then(|c| u64::try_from(c).ok())
                        .map_or_else(|| Cell::text(Style::Sign, words::HIDDEN), Cell::count)
                };
                row.push(count(line.line.base()));
                row.push(count(line.line.respondents));
                row.push(line.response.map_or_else(
                    || Cell::text(Style::Sign, words::HIDDEN),
                    |rate| Cell::share(rate.rounded()),
                ));
                row.extend(line.line.counts.iter().map(|c| count(*c)));
                sheets[at].1.rows.push(row);
            }
        }
    }
    sheets.into_iter().map(|(_, sheet)| sheet).collect()
}

fn segregation(base: &Base) -> Option<Sheet> {
    let columns: Vec<(String, u16)> = words::SEGREGATION_COLUMNS
        .iter()
        .zip([12, 22, 36, 40, 32, 10, 12, 16, 60])
        .map(|(head, width)| ((*head).to_owned(), width))
        .collect();
    let mut sheet = opened(base, words::SEGREGATION, words::INDICES, &columns);
    let covered = panel::coverages(base);
    for (index, covered) in base.file().segregation.iter().zip(covered) {
        let group = match &index.group {
            None => words::ALL_GROUPS.to_owned(),
            Some(group) => group
                .iter()
                .map(|id| labels::modality(&index.table, id))
                .collect::<Vec<_>>()
                .join(" + "),
        };
        sheet.rows.push(vec![
            Cell::text(Style::Text, words::zonage(&index.zonage)),
            Cell::text(Style::Text, labels::levels(index.level)),
            Cell::text(Style::Text, labels::table(&index.table)),
            Cell::text(Style::Text, group),
            Cell::text(Style::Text, labels::index(&index.index)),
            Cell::index(index.value),
            Cell::count(index.mailles.len() as u64),
            covered.map_or_else(
                || Cell::text(Style::Sign, words::HIDDEN),
                |part| Cell::share(part.rounded()),
            ),
            Cell::text(Style::Text, index.mailles.join(", ")),
        ]);
    }
    (!base.file().segregation.is_empty()).then_some(sheet)
}

/// Location quotients of each group in the units of its indices.
fn quotients(base: &Base) -> Option<Sheet> {
    let columns: Vec<(String, u16)> = words::QUOTIENT_COLUMNS
        .iter()
        .zip([22, 38, 28, 24, 13, 14, 11])
        .map(|(head, width)| ((*head).to_owned(), width))
        .collect();
    let mut sheet = opened(
        base,
        words::QUOTIENTS,
        segregation_words::QUOTIENTS,
        &columns,
    );
    let empty = sheet.rows.len();
    for share in SHARES {
        for level in [Level::Commune, Level::Secteur, Level::Programme, Level::Qpv] {
            let Some(panel) = panel::panel(base, share.key, level) else {
                continue;
            };
            let rows = panel.quotients.iter().map(|unit| {
                vec![
                    Cell::text(Style::Text, labels::levels(level)),
                    Cell::text(Style::Text, labels::indicator(share.key).label),
                    Cell::text(Style::Text, &unit.name),
                    Cell::text(Style::Text, &unit.id),
                    Cell::count(unit.part),
                    Cell::count(unit.whole),
                    Cell::index(unit.quotient),
                ]
            });
            sheet.rows.extend(rows);
        }
    }
    (sheet.rows.len() > empty).then_some(sheet)
}

fn notes(base: &Base) -> Sheet {
    let file = base.file();
    let mut sheet = opened(base, words::NOTES, &words::base(&file.territory.name), &[]);
    sheet.rows.truncate(2);
    sheet.frozen = 0;
    sheet.widths = vec![38, 60, 60, 32, 60];
    let rules = &file.rules;
    let mut row = |style: Style, cells: &[&str]| {
        sheet
            .rows
            .push(cells.iter().map(|text| Cell::text(style, text)).collect());
    };
    row(Style::Text, &[]);
    row(Style::Title, &[words::ORIGIN]);
    row(Style::Text, &[heads::SOURCE, &file.mention]);
    row(
        Style::Text,
        &[words::REFERENCE_DATE, &words::day(&file.reference_date)],
    );
    row(Style::Text, &[heads::TERRITORY, &file.territory.name]);
    row(Style::Text, &[heads::CAMPAIGN, &file.campaign.id]);
    row(
        Style::Text,
        &[words::CAMPAIGN_FINGERPRINT, &file.campaign.fingerprint],
    );
    row(Style::Text, &[words::BASE_FINGERPRINT, &file.fingerprint]);
    row(Style::Text, &[]);
    row(Style::Title, &[words::RULES]);
    row(Style::Text, &[heads::THRESHOLD, &words::threshold(rules)]);
    row(
        Style::Text,
        &[heads::RESPONSE_RATE, &words::least_response(rules)],
    );
    row(Style::Text, &words::NO_EXTREME);
    row(Style::Text, &[]);
    row(Style::Title, &[words::READING]);
    for (sign, meaning) in words::signs(rules) {
        row(Style::Text, &[&sign, &meaning]);
    }
    row(Style::Text, &[]);
    row(Style::Title, &[heads::LANDLORDS]);
    let mut heads = words::LANDLORD_HEADS.to_vec();
    let some_lack = file
        .partials
        .iter()
        .any(|partial| !partial.lacks.is_empty());
    if some_lack {
        heads.push(words::LACKS);
    }
    row(Style::Header, &heads);
    for (partial, (_, name)) in file.partials.iter().zip(base.landlords()) {
        let theirs = words::rules(&partial.rules);
        let (landlord, lacks) = (
            words::landlord(&partial.landlord, &name),
            labels::tables(&partial.lacks),
        );
        let mut cells = vec![&*landlord, &partial.fingerprint, &theirs];
        cells.extend(some_lack.then_some(&*lacks));
        row(Style::Text, &cells);
    }
    row(Style::Text, &[]);
    row(Style::Title, &[words::INDICATORS]);
    row(Style::Header, &words::INDICATOR_HEADS);
    let has = |table: &str| file.tables.iter().any(|t| t.id == table);
    for share in SHARES.iter().filter(|share| has(share.table().id)) {
        let words = labels::indicator(share.key);
        row(
            Style::Text,
            &[
                words.label,
                words.numerator,
                words.denominator,
                words.source,
                words.note,
            ],
        );
    }
    sheet
}

//! The figures of a chart: rows of a base, sorted, and pages of them.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::sort;
use crate::base::fraction::{Fraction, Gap};
use crate::base::{Base, ResultFile, Status};
use crate::campaign::Rate;
use crate::indicator::shares::{SHARES, share};
use crate::legible::apart;
use crate::order;
use crate::partial::AppliedRules;
use crate::table::{Level, Zonage};
use crate::words::{alphabetical, charts, labels, numbers};

/// Most bars in one drawing; the table beside it holds every row.
pub const MAX_BARS: usize = 40;

/// A share of fewer units is marked: one of them is two points of it.
pub const FEW_UNITS: u64 = 50;

/// A row of figures: an indicator on a maille.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureRow {
    /// Identifier of the maille.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The commune that holds it, when it is smaller than a commune.
    pub commune: Option<String>,
    /// What is known.
    pub status: Status,
    /// Is nothing known for want of the table, which the partial of a landlord present
    /// lacks?
    pub lacking: bool,
    /// Numerator, when it may be shown.
    pub numerator: Option<u64>,
    /// Denominator, when it may be shown.
    pub denominator: Option<u64>,
    /// Bounds of the numerator, when it is not known exactly.
    pub numerator_bounds: Option<(u64, u64)>,
    /// Bounds of the denominator, likewise.
    pub denominator_bounds: Option<(u64, u64)>,
    /// The share.
    pub share: Option<Rate>,
    /// Bounds of the share.
    pub bounds: Option<(Rate, Rate)>,
    /// Gap to the EPCI.
    pub gap: Option<Gap>,
    /// Bounds of the gap, when the share of the maille or of the EPCI is known
    /// between bounds alone.
    pub gap_bounds: Option<(Gap, Gap)>,
    /// *Indice 100*: the share over that of the EPCI, in hundredths, when both
    /// are exact.
    pub index: Option<u64>,
    /// Response rate of the variable.
    pub response: Option<Rate>,
    /// Landlords present.
    pub landlords: Vec<String>,
}

impl FigureRow {
    /// The name on a chart: a programme alone says little.
    pub fn label(&self) -> String {
        match &self.commune {
            Some(commune) => format!("{} ({})", apart(&self.name), apart(commune)),
            None => self.name.clone(),
        }
    }

    /// The share in words, whatever the status.
    pub fn share_words(&self) -> String {
        match (self.status, self.share, self.bounds) {
            (Status::Published, Some(share), _) => numbers::percent(share),
            (Status::Bounded, _, Some((min, max))) => charts::between(min, max),
            (Status::LowResponse, _, _) => charts::low_response(self.response),
            _ => self.status_words().to_owned(),
        }
    }

    /// What is known of it, in a word.
    pub fn status_words(&self) -> &'static str {
        charts::status_of(self.status, self.lacking)
    }

    /// What its share is of, in numbers: « 94 sur 204 », « 507 sur 2 354 à 2 449 ».
    pub fn out_of_words(&self) -> Option<String> {
        let (part, whole) = self.counts_words();
        let (part, whole) = (part?, whole?);
        self.is_readable().then(|| charts::part_of(&part, &whole))
    }

    /// The numerator and the denominator in words, where something is known of them.
    pub fn counts_words(&self) -> (Option<String>, Option<String>) {
        let words = |exact: Option<u64>, bounds: Option<(u64, u64)>| {
            let (min, max) = exact.map(|exact| (exact, exact)).or(bounds)?;
            Some(charts::count_range(min, max))
        };
        (
            words(self.numerator, self.numerator_bounds),
            words(self.denominator, self.denominator_bounds),
        )
    }

    /// The gap to the EPCI in words, exact or between bounds.
    pub fn gap_words(&self) -> Option<String> {
        let exact = self.gap.map(|gap| numbers::points(gap.0));
        let bounds = || Some(charts::between_gaps(self.gap_bounds?));
        exact.or_else(bounds)
    }

    /// Is it a share of so few units that one of them moves it by points?
    pub fn is_of_few(&self) -> bool {
        let whole = self.denominator.or(self.denominator_bounds.map(|b| b.0));
        self.is_readable() && whole.is_some_and(|whole| whole < FEW_UNITS)
    }

    /// Can its share be read, exactly or between bounds?
    pub fn is_readable(&self) -> bool {
        self.middle().is_some()
    }

    /// Twice the share, or the sum of its bounds: what a maille is ranked by. Of
    /// bounds, the middle is the only point that leans to neither.
    pub(super) fn middle(&self) -> Option<u32> {
        match (self.status, self.share, self.bounds) {
            (Status::Published, Some(share), _) => Some(2 * share.0),
            (Status::Bounded, _, Some((min, max))) => Some(min.0 + max.0),
            _ => None,
        }
    }

    /// The least and the greatest share that the counts allow.
    pub(super) fn span(&self) -> Option<(Fraction, Fraction)> {
        if let Some(exact) = self.exact() {
            return Some((exact, exact));
        }
        let (part, whole) = self.numerator_bounds.zip(self.denominator_bounds)?;
        let of = |part: u64, whole: u64| Fraction::new(part.min(whole), whole);
        of(part.0, whole.1).zip(of(part.1, whole.0))
    }

    /// Sets what depends on the EPCI: *indice 100*, bounds of the gap.
    pub(super) fn beside(&mut self, epci: Option<&Self>) {
        self.index = epci.and_then(|epci| index(self, epci.exact()));
        self.gap_bounds = match (self.gap, self.span(), epci.and_then(Self::span)) {
            (None, Some(here), Some(all)) => Some((here.0.gap_down(all.1), here.1.gap_up(all.0))),
            _ => None,
        };
    }

    pub(super) fn exact(&self) -> Option<Fraction> {
        Fraction::new(self.numerator?, self.denominator?)
            .filter(|_| self.status == Status::Published)
    }
}

/// All the figures of an indicator at a level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    /// The `cle` of the indicator.
    pub indicator: &'static str,
    /// The level.
    pub level: Level,
    /// « Source OPS 2024 ».
    pub mention: String,
    /// The mention, the territory and its date: what a drawing carries.
    pub source: String,
    /// Rules of the base.
    pub rules: AppliedRules,
    /// The EPCI.
    pub epci: Option<FigureRow>,
    /// The mailles from the largest share, or middle of its bounds; then those
    /// that lack answers, then the hidden ones; equal ones by name.
    pub rows: Vec<FigureRow>,
}

/// The indicators that a base holds, in the order of the catalogue.
pub fn indicators(base: &Base) -> Vec<&'static str> {
    // The whole territory has a result of each.
    let held = base.results_on(0, 0);
    SHARES
        .iter()
        .filter(|share| held.iter().any(|result| result.indicator == share.key))
        .map(|share| share.key)
        .collect()
}

/// The indicators of a base that are not among those of some rows.
pub fn absent(base: &Base, held: impl Iterator<Item = &'static str>) -> Vec<&'static str> {
    let held: Vec<&str> = held.collect();
    let mut absent = indicators(base);
    absent.retain(|key| !held.contains(key));
    absent
}

/// The levels under the EPCI that a base holds, from the largest mailles.
pub fn levels(base: &Base) -> Vec<Level> {
    let mut levels: Vec<Level> = base
        .zonages()
        .iter()
        .flat_map(|zonage| zonage.mailles.iter().map(|maille| maille.level))
        .filter(|level| *level != Level::Epci)
        .collect();
    order::sort(&mut levels);
    levels.dedup();
    levels
}

/// Every indicator on a maille, in the order of the catalogue: what its fiche
/// holds.
pub fn maille(base: &Base, zonage: &str, maille: &str) -> Vec<(&'static str, FigureRow)> {
    let Some((zone, rank)) = base.find(zonage, maille) else {
        return Vec::new();
    };
    let on = |zone: usize, rank: usize| -> HashMap<&str, &ResultFile> {
        let results = base.results_on(zone, rank).iter();
        results.map(|r| (r.indicator.as_str(), r)).collect()
    };
    // The shares of the EPCI stand at the root of the first zonage.
    let (results, epci) = (on(zone, rank), on(0, 0));
    let (zonage, first) = (&base.zonages()[zone], &base.zonages()[0]);
    indicators(base)
        .into_iter()
        .filter_map(|key| {
            let mut here = row(base, results.get(key)?, zonage, rank);
            let all = epci.get(key).map(|all| row(base, all, first, 0));
            here.beside(all.as_ref());
            Some((key, here))
        })
        .collect()
}

/// *Indice 100* in hundredths, when both shares are exact.
pub(super) fn index(row: &FigureRow, epci: Option<Fraction>) -> Option<u64> {
    row.exact()?.index_100(epci?)
}

impl Figures {
    /// The figures of an indicator at a level; `None` for an indicator that is
    /// not in the catalogue.
    pub fn of(base: &Base, indicator: &str, level: Level) -> Option<Self> {
        let indicator = share(indicator)?.key;
        let mut figures = Self {
            indicator,
            level,
            mention: base.file().mention.clone(),
            source: charts::source(base),
            rules: base.file().rules.clone(),
            epci: None,
            rows: Vec::new(),
        };
        for (zone, zonage) in base.zonages().iter().enumerate() {
            for (rank, maille) in zonage.mailles.iter().enumerate() {
                let wanted = maille.level == level;
                if !wanted && rank != 0 {
                    continue;
                }
                let mut results = base.results_on(zone, rank).iter();
                let Some(result) = results.find(|r| r.indicator == indicator) else {
                    continue;
                };
                let row = row(base, result, zonage, rank);
                if wanted {
                    figures.rows.push(row);
                } else {
                    figures.epci = Some(row);
                }
            }
        }
        let all = figures.epci.clone();
        for row in figures.rows.iter_mut().chain(&mut figures.epci) {
            row.beside(all.as_ref());
        }
        // Names are put in lower case once, not at each comparison.
        let by_name = |row: &FigureRow| (alphabetical(&row.name), row.id.clone());
        order::sort_by_cached_key(&mut figures.rows, by_name);
        order::sort_by(&mut figures.rows, ranked);
        Some(figures)
    }

    /// How many mailles can be read: they come first, and are drawn.
    pub fn readable(&self) -> usize {
        self.rows.iter().filter(|row| row.is_readable()).count()
    }

    /// How many mailles, known between bounds alone, may stand elsewhere in the
    /// ranking: their bounds meet the share, or the bounds, of another.
    pub fn unsure(&self) -> usize {
        let ends = |row: &FigureRow| match (row.share, row.bounds) {
            (Some(share), _) => (share, share),
            (None, bounds) => bounds.unwrap_or((Rate(0), Rate(0))),
        };
        let known = || self.rows.iter().filter(|row| row.is_readable());
        let (mut lows, mut highs): (Vec<Rate>, Vec<Rate>) = known().map(ends).unzip();
        order::sort(&mut lows);
        order::sort(&mut highs);
        let met = |row: &&FigureRow| {
            let (low, high) = ends(row);
            let begun = lows.partition_point(|other| *other <= high);
            let ended = highs.partition_point(|other| *other < low);
            begun - ended > 1
        };
        known()
            .filter(|row| row.status == Status::Bounded)
            .filter(met)
            .count()
    }

    /// A drawing's rows; a page beyond the last is the last.
    pub fn page(&self, page: usize) -> ChartData {
        let (drawn, hidden) = self.rows.split_at(self.readable());
        let statuses = [Status::LowResponse, Status::Secret].into_iter();
        let left_out = statuses.filter_map(|status| {
            let rows = hidden.iter().filter(|row| row.status == status);
            charts::left_out_as(status, rows.map(FigureRow::label))
        });
        ChartData {
            indicator: self.indicator,
            level: self.level,
            source: self.source.clone(),
            epci: self.epci.as_ref().and_then(|row| row.share),
            epci_bounds: self.epci.as_ref().and_then(|row| row.bounds),
            left_out: left_out.collect(),
            unsure: self.unsure(),
            all: self.rows.len(),
            ..ChartData::cut(drawn, page)
        }
    }
}

/// A page of figures, ready to be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChartData {
    /// The `cle` of the indicator.
    pub indicator: &'static str,
    /// The level.
    pub level: Level,
    /// What a drawing carries: mention, territory, date.
    pub source: String,
    /// The share of the EPCI, when it is exact.
    pub epci: Option<Rate>,
    /// Bounds of the share of the EPCI.
    pub epci_bounds: Option<(Rate, Rate)>,
    /// Its rows, at most [`MAX_BARS`].
    pub rows: Vec<FigureRow>,
    /// Rank of its first row among all, from 1.
    pub first: usize,
    /// How many rows are drawn, over all pages.
    pub total: usize,
    /// How many mailles there are at this level, drawn or not.
    pub all: usize,
    /// The mailles that no drawing holds, and why, in sentences.
    pub left_out: Vec<String>,
    /// How many ranks are not sure.
    pub unsure: usize,
}

impl ChartData {
    /// A page of the rows that are drawn, and nothing around them; a page beyond
    /// the last is the last.
    pub(super) fn cut(drawn: &[FigureRow], page: usize) -> Self {
        let last = drawn.len().div_ceil(MAX_BARS).max(1) - 1;
        let start = page.min(last) * MAX_BARS;
        let end = (start + MAX_BARS).min(drawn.len());
        Self {
            indicator: "",
            level: Level::Epci,
            source: String::new(),
            epci: None,
            epci_bounds: None,
            rows: drawn[start..end].to_vec(),
            first: start + 1,
            total: drawn.len(),
            all: drawn.len(),
            left_out: Vec::new(),
            unsure: 0,
        }
    }

    /// Which rows these are, when there are others: how many of the level are drawn,
    /// and which of them are on this page.
    pub(super) fn which(&self) -> Vec<String> {
        let drawn =
            (self.total < self.all).then(|| charts::drawn(self.level, self.total, self.all));
        let page = (self.rows.len() < self.total)
            .then(|| charts::page(self.first, self.first + self.rows.len() - 1, self.total));
        drawn.into_iter().chain(page).collect()
    }

    /// Has a row a share of few units? A note says so.
    pub(super) fn of_few(&self) -> Option<String> {
        let few = self.rows.iter().any(FigureRow::is_of_few);
        few.then(|| charts::of_few(self.indicator, FEW_UNITS))
    }

    /// What the page says, in a paragraph.
    pub(super) fn alternative(&self, title: &str) -> String {
        let mut text = format!("{title}.");
        for which in self.which() {
            text.push_str(&format!(" {which}."));
        }
        if let Some(epci) = self.epci {
            text.push_str(&format!(" {}.", charts::epci(epci)));
        }
        for row in &self.rows {
            let gap = row
                .gap_words()
                .map(|gap| format!(" ({gap})"))
                .unwrap_or_default();
            let said = charts::named(&row.label(), &row.share_words());
            text.push_str(&format!(" {said}{gap}."));
        }
        if self.rows.is_empty() {
            text.push_str(&format!(" {}", charts::NO_ROW));
        }
        for sentence in self.left_out.iter().chain(&self.uncertain()) {
            text.push_str(&format!(" {sentence}."));
        }
        text.push_str(&format!(" {}.", self.source));
        text
    }

    /// That ranks are not sure, when some are not.
    pub(super) fn uncertain(&self) -> Option<String> {
        charts::unsure(self.unsure)
    }

    /// The definition, printed under the title.
    pub(super) fn definition(&self) -> String {
        charts::definition(self.indicator)
    }

    /// The note of a proxy.
    pub(super) fn note(&self) -> Option<&'static str> {
        share(self.indicator)
            .filter(|share| share.proxy)
            .map(|share| labels::indicator(share.key).note)
    }
}

pub(super) fn row(base: &Base, result: &ResultFile, zonage: &Zonage, rank: usize) -> FigureRow {
    let maille = &zonage.mailles[rank];
    FigureRow {
        id: maille.id.clone(),
        name: maille.name.clone(),
        commune: zonage
            .commune_of(maille)
            .map(|commune| commune.name.clone()),
        status: result.status,
        lacking: base.is_lacking(result),
        numerator: result.numerator,
        denominator: result.denominator,
        numerator_bounds: result.numerator_min.zip(result.numerator_max),
        denominator_bounds: result.denominator_min.zip(result.denominator_max),
        share: result.share,
        bounds: result.min.zip(result.max),
        gap: result.gap,
        gap_bounds: None,
        index: None,
        response: result.response,
        landlords: result.landlords.clone(),
    }
}

pub(super) fn ranked(a: &FigureRow, b: &FigureRow) -> Ordering {
    sort::compare(a, b, sort::Sort::default()).then_with(|| match a.is_readable() {
        true => Ordering::Equal,
        // Too few answers, then hidden.
        false => b.status.cmp(&a.status),
    })
}

//! Stacked bars: how each maille divides among the modalités of a table.

use plotters::coord::Shift;
use plotters::prelude::{DrawingArea, DrawingBackend, RGBColor};
use plotters::style::FontStyle;
use plotters::style::text_anchor::HPos;

use super::bars::{Frame, Rows};
use super::pen::{self, BLACK, GREY, PAPER, Pen, SMALL, Set};
use super::{Chart, Drawn, Look, MAX_BARS, sort};
use crate::base::fraction::Fraction;
use crate::base::{Base, BaseLine, Status};
use crate::indicator::{self, TableDef};
use crate::order;
use crate::table::Level;
use crate::words::{charts, labels, numbers};

const MARGIN: f64 = 12.0;
const ROW: f64 = 26.0;
const BAR: f64 = 19.0;
const KEY: f64 = 18.0;

/// Colours of the modalités (Okabe and Ito, then their lighter shades); each
/// also has a letter, so that no colour is needed to read the chart.
pub(super) const PALETTE: [RGBColor; 8] = [
    RGBColor(0x00, 0x72, 0xb2),
    RGBColor(0xe6, 0x9f, 0x00),
    RGBColor(0x00, 0x9e, 0x73),
    RGBColor(0xcc, 0x79, 0xa7),
    RGBColor(0x56, 0xb4, 0xe9),
    RGBColor(0xd5, 0x5e, 0x00),
    RGBColor(0xf0, 0xe4, 0x42),
    RGBColor(0xbb, 0xbb, 0xbb),
];

/// A maille of a composition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StackedRow {
    /// Identifier of the maille.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Units with a usable answer; `None` is hidden, and the row has no bar.
    pub respondents: Option<u64>,
    /// Counts by modalité; `None` is hidden.
    pub counts: Vec<Option<u64>>,
    /// Is the response rate known and sufficient?
    pub answered: bool,
}

impl StackedRow {
    /// Can one of its counts be read?
    pub fn is_readable(&self) -> bool {
        self.answered && self.respondents.is_some() && self.counts.iter().any(Option::is_some)
    }

    /// The units of all its hidden modalités together: the respondents less the
    /// others. `None` when no modalité is hidden, or when the others are not shown.
    pub fn masked(&self) -> Option<u64> {
        let respondents = self.respondents.filter(|_| self.answered)?;
        let known = self.counts.iter().flatten().sum();
        let hidden = self.counts.contains(&None);
        respondents.checked_sub(known).filter(|_| hidden)
    }

    /// The parts of its bar, from the left: its modalités in their order, the
    /// hidden ones together in the place of the first. What stands before the
    /// first hidden one and after the last stands where it would in a whole bar.
    pub(super) fn parts(&self) -> Vec<(Part, u64)> {
        let mut parts = Vec::new();
        let mut masked = self.masked();
        for (rank, count) in self.counts.iter().enumerate() {
            match count {
                Some(count) => parts.push((Part::Modality(rank), *count)),
                None => parts.extend(masked.take().map(|sum| (Part::Masked, sum))),
            }
        }
        parts
    }

    /// What is known of it: published when all of it is, `None` when some of its
    /// counts are.
    fn status(&self) -> Option<Status> {
        match self.respondents {
            Some(_) if !self.answered => Some(Status::LowResponse),
            _ if !self.is_readable() => Some(Status::Secret),
            _ if self.counts.iter().all(Option::is_some) => Some(Status::Published),
            _ => None,
        }
    }

    /// The same in a word, for the table: a count of it may be published though it
    /// has no bar, its respondents being hidden.
    pub fn status_word(&self) -> &'static str {
        let some = self.counts.iter().any(Option::is_some);
        match self.status() {
            Some(Status::Secret) if some => charts::PARTIAL,
            Some(status) => charts::status(status),
            None => charts::PARTIAL,
        }
    }
}

/// A part of a bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// A modalité, by its rank.
    Modality(usize),
    /// All that are hidden.
    Masked,
}

/// How the mailles of a level divide among the modalités of a table.
#[derive(Clone, Debug)]
pub struct Composition {
    /// The table.
    pub table: &'static TableDef,
    /// The level.
    pub level: Level,
    /// « Source OPS 2024 ».
    pub mention: String,
    /// The mention, the territory and its date: what a drawing carries.
    pub source: String,
    /// Names of the modalités.
    pub modalities: Vec<String>,
    /// The EPCI, to compare with.
    pub epci: Option<StackedRow>,
    /// The mailles in the order of the base, those of which nothing can be read
    /// last.
    pub rows: Vec<StackedRow>,
}

impl Composition {
    /// The composition of a table at a level, for tables of one dimension that
    /// the base holds.
    pub fn of(base: &Base, table: &str, level: Level) -> Option<Self> {
        let def = indicator::table(table).filter(|def| def.dimensions.len() == 1)?;
        let wide = |count: Option<i64>| count.and_then(|c| u64::try_from(c).ok());
        let least = base.file().rules.min_response;
        let (mut rows, mut epci) = (Vec::new(), None);
        let mut found = false;
        for (zone, zonage) in base.zonages().iter().enumerate() {
            let Some(lines) = base.lines(zone, def.id) else {
                continue;
            };
            found = true;
            for BaseLine {
                maille,
                line,
                response,
            } in lines
            {
                let maille = &zonage.mailles[maille];
                let row = StackedRow {
                    id: maille.id.clone(),
                    name: maille.name.clone(),
                    respondents: wide(line.respondents),
                    counts: line.counts.iter().map(|c| wide(*c)).collect(),
                    answered: response.is_some_and(|rate| least.reached_by(rate.part, rate.whole)),
                };
                if maille.level == level {
                    rows.push(row);
                } else if maille.level == Level::Epci {
                    epci = Some(row);
                }
            }
        }
        order::sort_by_key(&mut rows, |row: &StackedRow| !row.is_readable());
        found.then(|| Self {
            table: def,
            level,
            mention: base.file().mention.clone(),
            source: charts::source(base),
            modalities: (0..def.width())
                .map(|cell| labels::cell(def, cell))
                .collect(),
            epci,
            rows,
        })
    }

    /// How many mailles can be read, in part at least: they come first, and are
    /// drawn.
    pub fn readable(&self) -> usize {
        self.rows.iter().filter(|row| row.is_readable()).count()
    }

    /// The rows of the table under a page of the drawing.
    pub fn listed(&self, page: usize) -> &[StackedRow] {
        sort::listed(&self.rows, self.readable(), page)
    }
}

/// Stacked bars of a page of at most [`MAX_BARS`] mailles; a page beyond the
/// last is the last.
pub fn stacked(composition: Composition, page: usize) -> Stack {
    let last = composition.readable().div_ceil(MAX_BARS).max(1) - 1;
    Stack(composition, page.min(last))
}

/// Stacked bars, ready to be drawn.
pub struct Stack(Composition, usize);

impl Stack {
    fn title(&self) -> String {
        charts::composition_title(self.0.table.id, self.0.level)
    }

    fn rows(&self) -> &[StackedRow] {
        let start = self.1 * MAX_BARS;
        &self.0.rows[start..self.0.readable().min(start + MAX_BARS)]
    }

    /// Rank of its first maille, how many it holds, and how many all its pages do.
    pub(super) fn place(&self) -> (usize, usize, usize) {
        let first = self.1 * MAX_BARS;
        (first, self.rows().len(), self.0.readable())
    }

    /// The mailles that no drawing holds, and why.
    fn left_out(&self) -> Vec<String> {
        let hidden = &self.0.rows[self.0.readable()..];
        let statuses = [Status::LowResponse, Status::Secret].into_iter();
        let sentences = statuses.filter_map(|status| {
            let rows = hidden.iter().filter(|row| row.status() == Some(status));
            charts::left_out_as(status, rows.map(|row| row.name.clone()))
        });
        sentences.collect()
    }

    /// The EPCI, then the mailles of the page.
    fn bars(&self) -> impl Iterator<Item = &StackedRow> {
        self.0.epci.iter().chain(self.rows())
    }

    fn frame(&self, look: Look) -> Frame {
        let mut subtitles = vec![charts::composition_unit(self.0.table.unit)];
        let (first, shown, total) = self.place();
        if shown < total {
            subtitles.push(charts::page(first + 1, first + shown, total));
        }
        let mut notes = self.left_out();
        if self.bars().any(|row| row.masked().is_some()) {
            notes.insert(0, charts::MASKED_TOGETHER.to_owned());
        }
        if self.0.rows.is_empty() {
            notes.push(charts::NO_ROW.to_owned());
        }
        Frame::new(look, &self.title(), &subtitles, &notes, &self.0.source)
    }

    /// Where each key of the legend goes: `(x, line)`.
    fn keys(&self, look: Look) -> Vec<(f64, f64, String)> {
        let right = f64::from(look.width) - MARGIN;
        let (mut x, mut line) = (MARGIN, 0.0);
        let words = self
            .0
            .modalities
            .iter()
            .enumerate()
            .map(|(rank, name)| format!("{} {name}", letter(rank)))
            .chain([charts::HIDDEN_PART.to_owned()]);
        words
            .map(|words| {
                let width = 24.0 + pen::about(&words, SMALL) + 10.0;
                if x + width > right && x > MARGIN {
                    (x, line) = (MARGIN, line + 1.0);
                }
                let place = (x, line, words);
                x += width;
                place
            })
            .collect()
    }

    fn keys_height(&self, look: Look) -> f64 {
        let lines = self
            .keys(look)
            .last()
            .map_or(0.0, |(_, line, _)| line + 1.0);
        lines * KEY + 8.0
    }
}

fn letter(rank: usize) -> char {
    char::from(b'a' + u8::try_from(rank % 26).expect("under 26"))
}

/// The letters of the hidden modalités: « b+d ».
fn hidden_letters(row: &StackedRow) -> String {
    let ranks = (0..row.counts.len()).filter(|rank| row.counts[*rank].is_none());
    let letters: Vec<String> = ranks.map(|rank| letter(rank).to_string()).collect();
    letters.join("+")
}

fn paint(rank: usize) -> RGBColor {
    PALETTE[rank % PALETTE.len()]
}

/// Black or white, whichever reads better on a colour: 4.5:1 at least on every
/// colour of ours (RGAA 4.1, 3.2).
pub(super) fn ink_on(RGBColor(r, g, b): RGBColor) -> RGBColor {
    let light = 299 * u32::from(r) + 587 * u32::from(g) + 114 * u32::from(b);
    if light > 100_000 { BLACK } else { PAPER }
}

impl Chart for Stack {
    fn height(&self, look: Look) -> u32 {
        let frame = self.frame(look);
        let plot = self.keys_height(look) + Rows::of(look, ROW).tall(self.bars().count());
        (frame.top() + plot + frame.bottom()).ceil() as u32
    }

    fn alternative(&self) -> String {
        let mut text = format!("{}.", self.title());
        for row in self.bars() {
            let parts: Vec<String> = self
                .0
                .modalities
                .iter()
                .zip(&row.counts)
                .map(|(name, count)| {
                    let part = (*count).zip(row.respondents.filter(|_| row.answered));
                    let words = part
                        .and_then(|(part, whole)| Fraction::new(part, whole))
                        .map_or_else(
                            || charts::HIDDEN_PART.to_owned(),
                            |part| numbers::percent(part.rounded()),
                        );
                    format!("{name} {words}")
                })
                .chain(
                    (row.masked().zip(row.respondents))
                        .and_then(|(sum, all)| Fraction::new(sum, all))
                        .map(|sum| charts::masked_sum(sum.rounded())),
                )
                .collect();
            let said = charts::named(&row.name, &parts.join(", "));
            text.push_str(&format!(" {said}."));
        }
        for sentence in self.left_out() {
            text.push_str(&format!(" {sentence}."));
        }
        text.push_str(&format!(" {}.", self.0.source));
        text
    }

    fn draw<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>, look: Look) -> Drawn<DB> {
        let pen = Pen { area, look };
        let frame = self.frame(look);
        let top = frame.top() + self.keys_height(look);
        let places = Rows::of(look, ROW);
        frame.draw(&pen, top + places.tall(self.bars().count()))?;
        for (rank, (x, line, words)) in self.keys(look).into_iter().enumerate() {
            let y = frame.top() + line * KEY + 8.0;
            let (from, to) = ((x, y - 6.0), (x + 16.0, y + 6.0));
            if rank < self.0.modalities.len() {
                pen.fill(from, to, paint(rank))?;
            } else {
                pen.hatched(from, to, GREY)?;
            }
            pen.text(&words, (x + 21.0, y), Set::new(SMALL))?;
        }
        let left = places.left();
        let right = f64::from(look.width) - MARGIN;
        for (rank, row) in self.bars().enumerate() {
            let y = top + places.middle(rank);
            let epci = self.0.epci.as_ref().is_some_and(|epci| epci.id == row.id);
            let (name, style) = if epci {
                (charts::EPCI, FontStyle::Bold)
            } else {
                (&*row.name, FontStyle::Normal)
            };
            places.name(&pen, name, style, y)?;
            self.bar(&pen, row, y, left, right)?;
        }
        Ok(())
    }
}

impl Stack {
    fn bar<DB: DrawingBackend>(
        &self,
        pen: &Pen<'_, DB>,
        row: &StackedRow,
        y: f64,
        left: f64,
        right: f64,
    ) -> Drawn<DB> {
        let (above, below) = (y - BAR / 2.0, y + BAR / 2.0);
        let words = Set::new(SMALL).ink(GREY).style(FontStyle::Italic);
        let respondents = match row.respondents {
            Some(respondents) if respondents > 0 && row.answered => respondents,
            Some(_) if !row.answered => {
                let text = charts::low_response(None);
                return pen.text(&text, (left + 6.0, y), words);
            }
            _ => {
                let text = charts::status(crate::base::Status::Secret);
                return pen.text(text, (left + 6.0, y), words);
            }
        };
        let mut x = left;
        for (part, count) in row.parts() {
            let end = x + (right - left) * count as f64 / respondents as f64;
            let middle = ((x + end) / 2.0, y);
            let share = Fraction::new(count, respondents).map_or(0, |part| part.rounded().0);
            let share = (share + 500) / 1_000;
            let fits = |label: &String, around: f64| end - x > pen::about(label, SMALL) + around;
            match part {
                Part::Modality(rank) => {
                    pen.fill((x, above), (end, below), paint(rank))?;
                    let label = format!("{} {share}", letter(rank));
                    if fits(&label, 4.0) {
                        let set = Set::new(SMALL).ink(ink_on(paint(rank)));
                        pen.text(&label, middle, set.anchor(HPos::Center))?;
                    }
                }
                Part::Masked if end - x > 1.0 => {
                    pen.hatched((x, above), (end, below), GREY)?;
                    let labels = [
                        format!("{} {share}", hidden_letters(row)),
                        share.to_string(),
                    ];
                    if let Some(label) = labels.iter().find(|label| fits(label, 12.0)) {
                        pen.label(label, middle, Set::new(SMALL).anchor(HPos::Center))?;
                    }
                }
                Part::Masked => {}
            }
            x = end;
        }
        Ok(())
    }
}

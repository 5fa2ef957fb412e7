//! Horizontal bars: mailles ranked by share, and their gaps to the EPCI.

use plotters::coord::Shift;
use plotters::prelude::{DrawingArea, DrawingBackend};
use plotters::style::FontStyle;
use plotters::style::text_anchor::HPos;

use super::pen::{self, BLUE, BODY, GREY, GRID, INK, Pen, SMALL, Set, TITLE, VERMILION};
use super::{Chart, ChartData, Drawn, FigureRow, Look};
use crate::base::Status;
use crate::campaign::Rate;
use crate::words::{charts, numbers};

const MARGIN: f64 = 12.0;
const ROW: f64 = 25.0;
const BAR: f64 = 15.0;
/// Room for a gap beside the longest bar.
const VALUE: f64 = 72.0;
/// From this width on, names stand beside their bars.
const BESIDE: u32 = 480;
/// From a line of a name to the next, as a share of its size.
const LEADING: f64 = 1.04;
/// Lines of the title, and of what is small.
const LINES: (f64, f64) = (24.0, 17.0);
/// From this width on, a value is followed by what it is a share of.
const WIDE: u32 = 560;

/// Mailles ranked by share, with the line of the EPCI.
pub fn ranking(data: ChartData) -> Bars {
    Bars {
        title: charts::title(data.indicator, data.level),
        kind: Kind::Share,
        data,
    }
}

/// Gaps of the same mailles to the share of the EPCI, in points.
pub fn gaps(data: ChartData) -> Bars {
    Bars {
        title: charts::gap_title(data.indicator, data.level),
        kind: Kind::Gap,
        data,
    }
}

/// Changes of the same mailles since an earlier survey, in points: each row's
/// gap is its change.
pub fn changes(data: ChartData, since: &str) -> Bars {
    Bars {
        title: charts::change_title(data.indicator, data.level, since),
        kind: Kind::Change,
        data,
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Share,
    Gap,
    Change,
}

/// Horizontal bars, ready to be drawn.
pub struct Bars {
    title: String,
    kind: Kind,
    data: ChartData,
}

/// What every chart has above and below its plot.
pub(super) struct Frame {
    /// Title, then subtitles, each already on lines that fit.
    title: Vec<String>,
    subtitles: Vec<String>,
    notes: Vec<String>,
    source: Vec<String>,
}

impl Frame {
    pub(super) fn new(
        look: Look,
        title: &str,
        subtitles: &[String],
        notes: &[String],
        source: &str,
    ) -> Self {
        let width = f64::from(look.width) - 2.0 * MARGIN;
        let lines = |texts: &[String]| {
            texts
                .iter()
                .flat_map(|text| pen::wrap(text, width, SMALL))
                .collect()
        };
        Self {
            title: pen::wrap(title, width, TITLE * pen::BOLD),
            subtitles: lines(subtitles),
            notes: lines(notes),
            source: pen::wrap(source, width, SMALL * pen::BOLD),
        }
    }

    /// Where the plot begins.
    pub(super) fn top(&self) -> f64 {
        let (title, small) = LINES;
        MARGIN + self.title.len() as f64 * title + self.subtitles.len() as f64 * small + 8.0
    }

    /// Height of what is below the plot.
    pub(super) fn bottom(&self) -> f64 {
        10.0 + (self.notes.len() + self.source.len()) as f64 * LINES.1 + MARGIN
    }

    /// Draws all but the plot, which ends at `end`.
    pub(super) fn draw<DB: DrawingBackend>(&self, pen: &Pen<'_, DB>, end: f64) -> Drawn<DB> {
        pen.paper()?;
        let mut y = MARGIN + 11.0;
        for line in &self.title {
            pen.text(line, (MARGIN, y), Set::new(TITLE).style(FontStyle::Bold))?;
            y += LINES.0;
        }
        y -= 3.0;
        for line in &self.subtitles {
            pen.text(line, (MARGIN, y), Set::new(SMALL).ink(GREY))?;
            y += LINES.1;
        }
        let mut y = end + 18.0;
        for line in &self.notes {
            pen.text(line, (MARGIN, y), Set::new(SMALL).ink(GREY))?;
            y += LINES.1;
        }
        for line in &self.source {
            pen.text(line, (MARGIN, y), Set::new(SMALL).style(FontStyle::Bold))?;
            y += LINES.1;
        }
        Ok(())
    }
}

/// The rows of a chart and their names: in a column beside the bars or, on a
/// phone, where a column would leave neither of them room, above each bar.
#[derive(Clone, Copy)]
pub(super) struct Rows {
    /// Height of the bars of a row.
    height: f64,
    /// Width of the names beside the bars.
    beside: f64,
    /// Height of a name above its bars.
    above: f64,
}

impl Rows {
    pub(super) fn of(look: Look, height: f64) -> Self {
        let (beside, above) = if look.width < BESIDE {
            (0.0, 17.0)
        } else {
            ((f64::from(look.width) * 0.34).min(240.0), 0.0)
        };
        Self {
            height,
            beside,
            above,
        }
    }

    /// Height of so many rows.
    pub(super) fn tall(self, rows: usize) -> f64 {
        rows as f64 * (self.height + self.above)
    }

    /// Where the bars begin.
    pub(super) fn left(self) -> f64 {
        MARGIN + self.beside
    }

    /// The middle of the bars of a row, below the top of all rows.
    pub(super) fn middle(self, rank: usize) -> f64 {
        self.tall(rank) + self.above + self.height / 2.0
    }

    /// Draws the name of the row whose bars have their middle at `y`.
    pub(super) fn name<DB: DrawingBackend>(
        self,
        pen: &Pen<'_, DB>,
        name: &str,
        style: FontStyle,
        y: f64,
    ) -> Drawn<DB> {
        let (size, anchor, lines) = self.lines(name, pen.look);
        let set = Set::new(size).style(style).anchor(anchor);
        if self.above > 0.0 {
            // Beside the axis, over the lines of the grid.
            let at = (MARGIN + 3.0, y - (self.height + self.above) / 2.0 + 3.0);
            return pen.label(&lines.concat(), at, set);
        }
        let leading = size * LEADING;
        let first = y - (lines.len() - 1) as f64 / 2.0 * leading;
        for (rank, line) in lines.iter().enumerate() {
            let at = (self.left() - 6.0, first + rank as f64 * leading);
            pen.text(line, at, set)?;
        }
        Ok(())
    }

    /// A name on the lines that hold it: smaller where a row has no room for as
    /// many of the usual size, cut at the end of the last.
    fn lines(self, name: &str, look: Look) -> (f64, HPos, Vec<String>) {
        if self.above > 0.0 {
            let room = f64::from(look.width) - 2.0 * MARGIN;
            return (BODY, HPos::Left, vec![pen::cut(name, room, BODY)]);
        }
        let room = self.beside - 6.0;
        let held = |size: f64| ((self.height / (size * LEADING)) as usize).max(1);
        let (mut size, mut lines) = (BODY, pen::wrap(name, room, BODY));
        if lines.len() > held(size) {
            (size, lines) = (SMALL, pen::wrap(name, room, SMALL));
        }
        let rest = lines.split_off(held(size).min(lines.len().max(1)) - 1);
        lines.push(rest.join(" "));
        let lines = lines.iter().map(|line| pen::cut(line, room, size));
        (size, HPos::Right, lines.collect())
    }
}

impl Bars {
    fn frame(&self, look: Look) -> Frame {
        let data = &self.data;
        let mut subtitles = vec![data.definition()];
        subtitles.extend(data.which());
        match (data.epci, data.epci_bounds) {
            (Some(_), _) => {}
            _ if self.kind == Kind::Change => {}
            (None, Some(bounds)) => subtitles.push(charts::epci_between(bounds)),
            (None, None) => subtitles.push(charts::EPCI_HIDDEN.to_owned()),
        }
        let mut notes: Vec<String> = data.note().map(str::to_owned).into_iter().collect();
        if data.rows.iter().any(|row| row.status == Status::Bounded) {
            notes.push(charts::note(Status::Bounded));
        }
        notes.extend(data.of_few().filter(|_| self.kind != Kind::Change));
        notes.extend(data.left_out.iter().cloned());
        notes.extend(data.uncertain());
        if data.rows.is_empty() {
            notes.push(charts::NO_ROW.to_owned());
        }
        Frame::new(look, &self.title, &subtitles, &notes, &data.source)
    }

    /// The value of a row on the axis, in hundred-thousandths.
    fn value(&self, row: &FigureRow) -> Option<i32> {
        match self.kind {
            Kind::Share => row.share.map(signed),
            Kind::Gap | Kind::Change => row.gap.map(|gap| gap.0),
        }
    }

    /// The bounds of a row on the axis, where it has no value there.
    fn span(&self, row: &FigureRow) -> Option<(i32, i32)> {
        match self.kind {
            Kind::Share => row.bounds.map(|(min, max)| (signed(min), signed(max))),
            Kind::Gap => row.gap_bounds.map(|(min, max)| (min.0, max.0)),
            Kind::Change => None,
        }
    }

    /// What stands beside the bar of a row.
    fn words(&self, row: &FigureRow, look: Look) -> String {
        let mut words = self.bare_words(row, look);
        if self.kind != Kind::Change && row.is_of_few() {
            words.push_str(charts::FEW);
        }
        words
    }

    fn bare_words(&self, row: &FigureRow, look: Look) -> String {
        match (self.value(row), self.kind, row.bounds, row.gap_bounds) {
            (Some(_), Kind::Share, ..) => row.share_words(),
            (Some(value), ..) => numbers::points(value),
            (None, Kind::Share, Some(bounds), _) => bounds_words(bounds, look),
            (None, Kind::Gap, _, Some(bounds)) if look.width >= WIDE => {
                charts::between_gaps(bounds)
            }
            (None, Kind::Gap, _, Some(bounds)) => charts::gap_range(bounds),
            (None, Kind::Gap, ..) => charts::NO_GAP.to_owned(),
            (None, Kind::Change, ..) => charts::NO_CHANGE.to_owned(),
            (None, Kind::Share, ..) => row.share_words(),
        }
    }

    /// The ends of the axis and its step, in hundred-thousandths.
    fn axis(&self) -> (i32, i32, i32) {
        let rows = self.data.rows.iter();
        let ends = rows.filter_map(|row| match self.value(row) {
            Some(value) => Some((value, value)),
            None => self.span(row),
        });
        let from = match self.kind {
            Kind::Share => (0, self.data.epci.map_or(0, signed)),
            Kind::Gap | Kind::Change => (0, 0),
        };
        let (low, high) = ends.fold(from, |all, row| (all.0.min(row.0), all.1.max(row.1)));
        let low = if self.kind == Kind::Share { 0 } else { low };
        let wanted = (high - low).max(1_000) / 5;
        let step = [200, 500, 1_000, 2_000, 5_000, 10_000, 20_000]
            .into_iter()
            .find(|step| *step >= wanted)
            .unwrap_or(50_000);
        let down = |value: i32| value.div_euclid(step) * step;
        (down(low), -down(-high.max(1)), step)
    }
}

impl Bars {
    /// Room for the widest words beside a bar, so that none leaves the drawing.
    fn room(&self, look: Look) -> f64 {
        let width = |row: &FigureRow| match (self.value(row), self.span(row)) {
            (Some(_), _) => {
                let counts = self.out_of(row, look);
                let counts = counts.map_or(0.0, |text| pen::about(&text, SMALL) + 4.0);
                pen::about(&self.words(row, look), BODY) + counts
            }
            (None, Some(_)) => pen::about(&self.words(row, look), SMALL),
            // Words without a bar begin at zero.
            (None, None) => 0.0,
        };
        let widest = self.data.rows.iter().map(width).fold(0.0, f64::max);
        (widest + 10.0).max(VALUE)
    }
}

fn signed(rate: Rate) -> i32 {
    i32::try_from(rate.0).expect("a rate is at most 100 000")
}

impl Chart for Bars {
    fn height(&self, look: Look) -> u32 {
        let frame = self.frame(look);
        // 18 above the bars for the EPCI's label, 22 below for the axis.
        let plot = 18.0 + Rows::of(look, ROW).tall(self.data.rows.len()) + 22.0;
        (frame.top() + plot + frame.bottom()).ceil() as u32
    }

    fn alternative(&self) -> String {
        self.data.alternative(&self.title)
    }

    fn draw<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>, look: Look) -> Drawn<DB> {
        let pen = Pen { area, look };
        let frame = self.frame(look);
        let top = frame.top() + 18.0;
        let places = Rows::of(look, ROW);
        let bottom = top + places.tall(self.data.rows.len());
        frame.draw(&pen, bottom + 22.0)?;
        let (low, high, step) = self.axis();
        // Values stand outside their bars: room on the left too, where gaps go.
        let left = places.left() + if low < 0 { VALUE } else { 0.0 };
        let edge = f64::from(look.width) - MARGIN;
        let right = edge - self.room(look);
        let x = |value: i32| left + (right - left) * f64::from(value - low) / f64::from(high - low);
        let label = |value: i32| match self.kind {
            Kind::Share => numbers::percent_whole(value),
            Kind::Gap | Kind::Change => numbers::points_whole(value),
        };
        // Labels wider than what parts their ticks would run into one another;
        // zero always has its own.
        let ticks = ((high - low) / step + 1).max(2);
        let every = ((f64::from(ticks) * 46.0) / (right - left)).ceil().max(1.0) as i32;
        for tick in 0..ticks {
            let value = low + tick * step;
            pen.line((x(value), top), (x(value), bottom), GRID, 1.0)?;
            if (value / step) % every == 0 {
                let set = Set::new(SMALL).ink(GREY).anchor(HPos::Center);
                pen.text(&label(value), (x(value), bottom + 11.0), set)?;
            }
        }
        let rows = || {
            let rows = self.data.rows.iter().enumerate();
            rows.map(move |(rank, row)| (row, top + places.middle(rank)))
        };
        for (row, y) in rows() {
            self.bar(&pen, row, y, &x)?;
        }
        pen.line((x(0), top), (x(0), bottom), INK, 1.0)?;
        if let Some(epci) = self.data.epci {
            let at = match self.kind {
                Kind::Share => x(signed(epci)),
                Kind::Gap | Kind::Change => x(0),
            };
            if self.kind == Kind::Share {
                pen.dashed(at, top, bottom, INK)?;
                pen.marker((at, top), INK)?;
            }
            epci_label(&pen, at, top - 12.0, edge, epci)?;
        }
        // Words last, over the line of the EPCI.
        for (row, y) in rows() {
            places.name(&pen, &row.label(), FontStyle::Normal, y)?;
            self.value_label(&pen, row, y, &x)?;
        }
        Ok(())
    }
}

impl Bars {
    fn bar<DB: DrawingBackend>(
        &self,
        pen: &Pen<'_, DB>,
        row: &FigureRow,
        y: f64,
        x: &impl Fn(i32) -> f64,
    ) -> Drawn<DB> {
        let (above, below) = (y - BAR / 2.0, y + BAR / 2.0);
        let zero = x(0);
        if let Some(value) = self.value(row) {
            let (end, ink) = (x(value), if value < 0 { VERMILION } else { BLUE });
            return pen.fill((zero.min(end), above), (zero.max(end), below), ink);
        }
        if let Some((min, max)) = self.span(row) {
            let ink = if max < 0 { VERMILION } else { BLUE };
            let (min, max) = (x(min), x(max));
            return pen.hatched((min, above), (max.max(min + 2.0), below), ink);
        }
        // No bar at all where nothing is known: a length would be a value.
        Ok(())
    }

    fn value_label<DB: DrawingBackend>(
        &self,
        pen: &Pen<'_, DB>,
        row: &FigureRow,
        y: f64,
        x: &impl Fn(i32) -> f64,
    ) -> Drawn<DB> {
        let words = self.words(row, pen.look);
        let line = self.data.epci.filter(|_| self.kind == Kind::Share);
        // Words that would stand on the line of the EPCI begin after it.
        let after = |end: f64, width: f64| {
            let at = line.map(|epci| x(signed(epci)));
            let across = |at: &f64| end < *at + 4.0 && *at < end + 10.0 + width;
            (at.filter(across).unwrap_or(end).max(end) + 6.0, y)
        };
        match (self.value(row), self.span(row)) {
            (Some(value), _) if value < 0 => {
                let set = Set::new(BODY).anchor(HPos::Right);
                pen.label(&words, (x(value) - 6.0, y), set)
            }
            (Some(value), _) => {
                let counts = self.out_of(row, pen.look);
                let width = pen::about(&words, BODY);
                let beside = counts.as_ref().map_or(0.0, |c| 4.0 + pen::about(c, SMALL));
                let at = after(x(value), width + beside);
                pen.label(&words, at, Set::new(BODY))?;
                match counts {
                    Some(counts) => {
                        let at = (at.0 + width + 4.0, y);
                        pen.label(&counts, at, Set::new(SMALL).ink(GREY))
                    }
                    None => Ok(()),
                }
            }
            (None, Some((_, max))) => {
                let at = after(x(max.max(0)), pen::about(&words, SMALL));
                pen.label(&words, at, Set::new(SMALL))
            }
            (None, None) => {
                // Zero may stand near the end of the drawing.
                let last = f64::from(pen.look.width) - MARGIN - pen::about(&words, SMALL);
                let set = Set::new(SMALL).ink(GREY).style(FontStyle::Italic);
                pen.label(&words, ((x(0) + 6.0).min(last), y), set)
            }
        }
    }

    /// The numerator and the denominator of an exact share, where there is room.
    fn out_of(&self, row: &FigureRow, look: Look) -> Option<String> {
        let counts = row.numerator.zip(row.denominator);
        let (part, whole) = counts.filter(|_| self.kind == Kind::Share && look.width >= WIDE)?;
        Some(charts::out_of(part, whole))
    }

    /// Rank of its first maille, how many it holds, and how many all its pages do.
    pub(super) fn place(&self) -> (usize, usize, usize) {
        (self.data.first - 1, self.data.rows.len(), self.data.total)
    }
}

/// Bounds of a share, in as few letters as the width asks for.
fn bounds_words((min, max): (Rate, Rate), look: Look) -> String {
    if look.width >= WIDE {
        charts::between(min, max)
    } else {
        charts::range(min, max)
    }
}

/// The EPCI's label over its line, kept inside the drawing.
fn epci_label<DB: DrawingBackend>(
    pen: &Pen<'_, DB>,
    at: f64,
    y: f64,
    right: f64,
    epci: Rate,
) -> Drawn<DB> {
    let words = charts::epci(epci);
    let half = pen::about(&words, SMALL) / 2.0;
    let at = at.min(right - half).max(MARGIN + half);
    let set = Set::new(SMALL).style(FontStyle::Bold).anchor(HPos::Center);
    pen.text(&words, (at, y), set)
}

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
    mention: String,
}

impl Frame {
    pub(super) fn new(
        look: Look,
        title: &str,
        subtitles: &[String],
        notes: &[String],
        mention: &str,
    ) -> Self {
        let width = f64::from(look.width) - 2.0 * MARGIN;
        let lines = |texts: &[String]| {
            texts
                .iter()
                .flat_map(|text| pen::wrap(text, width, SMALL))
                .collect()
        };
        Self {
            title: pen::wrap(title, width, TITLE),
            subtitles: lines(subtitles),
            notes: lines(notes),
            mention: mention.to_owned(),
        }
    }

    /// Where the plot begins.
    pub(super) fn top(&self) -> f64 {
        let (title, small) = LINES;
        MARGIN + self.title.len() as f64 * title + self.subtitles.len() as f64 * small + 8.0
    }

    /// Height of what is below the plot.
    pub(super) fn bottom(&self) -> f64 {
        10.0 + (self.notes.len() + 1) as f64 * LINES.1 + MARGIN
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
        pen.text(
            &self.mention,
            (MARGIN, y),
            Set::new(SMALL).style(FontStyle::Bold),
        )
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
        if data.epci.is_none() && self.kind != Kind::Change {
            subtitles.push(charts::EPCI_HIDDEN.to_owned());
        }
        let mut notes: Vec<String> = data.note().map(str::to_owned).into_iter().collect();
        for status in [Status::Bounded, Status::Secret, Status::LowResponse] {
            if data.rows.iter().any(|row| row.status == status) {
                notes.push(format!(
                    "« {} »\u{a0}: {}",
                    charts::status(status),
                    charts::short_meaning(status)
                ));
            }
        }
        if data.rows.is_empty() {
            notes.push(charts::NO_ROW.to_owned());
        }
        Frame::new(look, &self.title, &subtitles, &notes, &data.mention)
    }

    /// The value of a row on the axis, in hundred-thousandths.
    fn value(&self, row: &FigureRow) -> Option<i32> {
        match self.kind {
            Kind::Share => row.share.map(signed),
            Kind::Gap | Kind::Change => row.gap.map(|gap| gap.0),
        }
    }

    /// The ends of the axis and its step, in hundred-thousandths.
    fn axis(&self) -> (i32, i32, i32) {
        let values = || self.data.rows.iter().filter_map(|row| self.value(row));
        let bounds = || self.data.rows.iter().filter_map(|row| row.bounds);
        let (mut low, mut high) = (values().min().unwrap_or(0), values().max().unwrap_or(0));
        if self.kind == Kind::Share {
            low = 0;
            high = high
                .max(self.data.epci.map_or(0, signed))
                .max(bounds().map(|(_, max)| signed(max)).max().unwrap_or(0));
        }
        let (low, high) = (low.min(0), high.max(0));
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
        if self.kind != Kind::Share {
            return VALUE;
        }
        let width = |row: &FigureRow| match (row.share, row.bounds) {
            (Some(_), _) => {
                let counts = out_of(row, look).map_or(0.0, |text| pen::about(&text, SMALL) + 4.0);
                pen::about(&row.share_words(), BODY) + counts
            }
            (None, Some(bounds)) => pen::about(&bounds_words(bounds, look), SMALL),
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
        if let (Kind::Share, Some((min, max))) = (self.kind, row.bounds) {
            let (min, max) = (x(signed(min)), x(signed(max)));
            return pen.hatched((min, above), (max.max(min + 2.0), below), BLUE);
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
        let after = |end: f64| (end + 6.0, y);
        match (self.value(row), self.kind, row.bounds) {
            (Some(value), Kind::Share, _) => {
                let words = row.share_words();
                pen.label(&words, after(x(value)), Set::new(BODY))?;
                match out_of(row, pen.look) {
                    Some(counts) => {
                        let at = (x(value) + 6.0 + pen::about(&words, BODY) + 4.0, y);
                        pen.label(&counts, at, Set::new(SMALL).ink(GREY))
                    }
                    None => Ok(()),
                }
            }
            (Some(value), _, _) if value < 0 => {
                let set = Set::new(BODY).anchor(HPos::Right);
                pen.label(&numbers::points(value), (x(value) - 6.0, y), set)
            }
            (Some(value), _, _) => {
                pen.label(&numbers::points(value), after(x(value)), Set::new(BODY))
            }
            (None, Kind::Share, Some((min, max))) => {
                let words = bounds_words((min, max), pen.look);
                pen.label(&words, after(x(signed(max))), Set::new(SMALL))
            }
            (None, kind, bounds) => {
                let words = match (row.status, kind, bounds) {
                    (Status::Published, Kind::Change, _) => charts::NO_CHANGE.to_owned(),
                    (Status::Published, ..) => charts::NO_GAP.to_owned(),
                    (_, _, Some(bounds)) => bounds_words(bounds, pen.look),
                    _ => row.share_words(),
                };
                // Zero may stand near the end of the drawing.
                let last = f64::from(pen.look.width) - MARGIN - pen::about(&words, SMALL);
                let set = Set::new(SMALL).ink(GREY).style(FontStyle::Italic);
                pen.label(&words, ((x(0) + 6.0).min(last), y), set)
            }
        }
    }
}

/// The numerator and the denominator of an exact share, where there is room.
fn out_of(row: &FigureRow, look: Look) -> Option<String> {
    let counts = row.numerator.zip(row.denominator);
    let (part, whole) = counts.filter(|_| look.width >= WIDE)?;
    Some(charts::out_of(part, whole))
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

//! In and out of the priority districts (*QPV*): every indicator, two bars.

use plotters::coord::Shift;
use plotters::prelude::{DrawingArea, DrawingBackend, RGBColor};
use plotters::style::FontStyle;
use plotters::style::text_anchor::HPos;

use super::bars::{Frame, Rows};
use super::figures::{self, FigureRow};
use super::pen::{self, BLUE, GREY, GRID, INK, Pen, SMALL, Set};
use super::{Chart, Drawn, Look};
use crate::base::fraction::Gap;
use crate::base::{Base, Status};
use crate::table::Level;
use crate::words::{charts, labels, numbers};

const MARGIN: f64 = 12.0;
const ROW: f64 = 40.0;
const BAR: f64 = 13.0;
/// Light blue of the palette, outlined: outside.
const LIGHT: RGBColor = RGBColor(0xcf, 0xe6, 0xf5);

/// An indicator on two mailles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The `cle` of the indicator.
    pub indicator: &'static str,
    /// One and the other.
    pub sides: [FigureRow; 2],
}

impl Pair {
    /// The first less the second, from the unrounded shares, when both are exact.
    pub fn gap(&self) -> Option<Gap> {
        let [one, other] = &self.sides;
        Some(one.exact()?.gap(other.exact()?))
    }

    /// The same in words, or between bounds where a side is.
    pub fn gap_words(&self) -> Option<String> {
        if let Some(gap) = self.gap() {
            return Some(numbers::points(gap.0));
        }
        let [one, other] = self.sides.each_ref().map(FigureRow::span);
        let (one, other) = one.zip(other)?;
        let bounds = (one.0.gap_down(other.1), one.1.gap_up(other.0));
        let readable = self.sides.iter().all(FigureRow::is_readable);
        readable.then(|| charts::between_gaps(bounds))
    }

    /// Can a side of it be read?
    pub fn is_readable(&self) -> bool {
        self.sides.iter().any(FigureRow::is_readable)
    }
}

/// Every indicator that two mailles (zonage, identifier) have, in the order of the
/// catalogue.
pub fn pairs(base: &Base, one: (&str, &str), other: (&str, &str)) -> Vec<Pair> {
    let mut first = figures::maille(base, one.0, one.1);
    figures::maille(base, other.0, other.1)
        .into_iter()
        .filter_map(|(indicator, row)| {
            let at = first.iter().position(|(key, _)| *key == indicator)?;
            let sides = [first.swap_remove(at).1, row];
            Some(Pair { indicator, sides })
        })
        .collect()
}

/// Every indicator of a base in and out of QPV.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contrast {
    /// « Source OPS 2024 ».
    pub mention: String,
    /// The mention, the territory and its date: what a drawing carries.
    pub source: String,
    /// Inside, then outside; in the order of the catalogue.
    pub rows: Vec<Pair>,
    /// The indicators of the base that no district has.
    pub absent: Vec<&'static str>,
}

impl Contrast {
    /// `None` when the base does not tell the two apart.
    pub fn of(base: &Base) -> Option<Self> {
        let zonage = base.zonages().iter().find(|zonage| {
            let mut mailles = zonage.mailles.iter();
            mailles.any(|maille| maille.level == Level::QpvSituation)
        })?;
        let rows = pairs(base, (&zonage.id, "en_qpv"), (&zonage.id, "hors_qpv"));
        let absent = figures::absent(base, rows.iter().map(|row| row.indicator));
        (!rows.is_empty()).then(|| Self {
            mention: base.file().mention.clone(),
            source: charts::source(base),
            rows,
            absent,
        })
    }

    /// The indicators that can be read on one side at least: they are drawn.
    pub fn readable(&self) -> impl Iterator<Item = &Pair> {
        self.rows.iter().filter(|row| row.is_readable())
    }

    /// The indicators that the drawing does not hold.
    fn left_out(&self) -> Option<String> {
        let drawn: Vec<&str> = self.readable().map(|row| row.indicator).collect();
        let rows = self.rows.iter().map(|row| row.indicator);
        let hidden = rows.filter(|key| !drawn.contains(key));
        let names: Vec<&str> = hidden.map(|key| labels::indicator(key).label).collect();
        (!names.is_empty()).then(|| charts::neither_side(&names))
    }

    fn frame(&self, look: Look) -> Frame {
        let mut notes = Vec::new();
        for status in [Status::Bounded, Status::Secret, Status::LowResponse] {
            let has = |row: &Pair| row.sides.iter().any(|side| side.status == status);
            if self.readable().any(has) {
                notes.push(charts::note(status));
            }
        }
        notes.extend(self.left_out());
        let unit = [charts::CONTRAST_UNIT.to_owned()];
        Frame::new(look, charts::CONTRAST_TITLE, &unit, &notes, &self.source)
    }

    /// The end of the axis, in hundred-thousandths: a whole number of tens of
    /// per cent.
    fn end(&self) -> u32 {
        let rows = self.rows.iter().flat_map(|row| &row.sides);
        let ends = rows.filter_map(|row| row.share.or(row.bounds.map(|(_, max)| max)));
        let most = ends.map(|rate| rate.0).max().unwrap_or(0);
        most.div_ceil(10_000).max(1) * 10_000
    }

    /// What stands beside the bar of a side.
    fn words(name: &str, row: &FigureRow) -> String {
        let value = match (row.share, row.bounds) {
            (None, Some((min, max))) => charts::range(min, max),
            _ => row.share_words(),
        };
        charts::named(name, &value)
    }

    /// Room for the widest words beside a bar, so that none leaves the drawing.
    fn room(&self) -> f64 {
        let names = [charts::IN_QPV, charts::OUT_OF_QPV];
        let sides = self
            .readable()
            .flat_map(|row| names.into_iter().zip(&row.sides));
        let widths = sides.map(|(name, row)| pen::about(&Self::words(name, row), SMALL));
        widths.fold(0.0, f64::max) + 10.0
    }

    fn bar<DB: DrawingBackend>(
        pen: &Pen<'_, DB>,
        row: &FigureRow,
        (name, inside): (&str, bool),
        y: f64,
        x: &impl Fn(u32) -> f64,
    ) -> Drawn<DB> {
        let (above, below) = (y - BAR / 2.0, y + BAR / 2.0);
        let words = Self::words(name, row);
        let end = match (row.share, row.bounds) {
            (Some(share), _) => {
                let end = x(share.0);
                pen.fill((x(0), above), (end, below), BLUE)?;
                if !inside && end - x(0) > 3.0 {
                    let (from, to) = ((x(0) + 1.0, above + 1.0), (end - 1.0, below - 1.0));
                    pen.fill(from, to, LIGHT)?;
                }
                end
            }
            (None, Some((min, max))) => {
                let (min, max) = (x(min.0), x(max.0).max(x(min.0) + 2.0));
                pen.hatched((min, above), (max, below), BLUE)?;
                max
            }
            (None, None) => {
                let set = Set::new(SMALL).ink(GREY).style(FontStyle::Italic);
                return pen.label(&words, (x(0) + 6.0, y), set);
            }
        };
        pen.label(&words, (end + 6.0, y), Set::new(SMALL))
    }
}

impl Chart for Contrast {
    fn height(&self, look: Look) -> u32 {
        let frame = self.frame(look);
        let plot = 8.0 + Rows::of(look, ROW).tall(self.readable().count()) + 22.0;
        (frame.top() + plot + frame.bottom()).ceil() as u32
    }

    fn alternative(&self) -> String {
        let mut text = format!("{}.", charts::CONTRAST_TITLE);
        for row in self.readable() {
            let gap = row
                .gap()
                .map(|gap| format!(" ({})", numbers::points(gap.0)));
            let said = charts::contrast(
                labels::indicator(row.indicator).label,
                &row.sides[0].share_words(),
                &row.sides[1].share_words(),
                &gap.unwrap_or_default(),
            );
            text.push_str(&format!(" {said}."));
        }
        for sentence in self.left_out().into_iter().chain([self.source.clone()]) {
            text.push_str(&format!(" {sentence}."));
        }
        text
    }

    fn draw<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>, look: Look) -> Drawn<DB> {
        let pen = Pen { area, look };
        let frame = self.frame(look);
        let top = frame.top() + 8.0;
        let places = Rows::of(look, ROW);
        let bottom = top + places.tall(self.readable().count());
        frame.draw(&pen, bottom + 22.0)?;
        let left = places.left();
        let right = f64::from(look.width) - MARGIN - self.room();
        let end = self.end();
        let x = |value: u32| left + (right - left) * f64::from(value) / f64::from(end);
        let ticks = end / 10_000;
        let every = ((f64::from(ticks + 1) * 46.0) / (right - left))
            .ceil()
            .max(1.0) as u32;
        for tick in (0..=ticks).step_by(every as usize) {
            let at = x(tick * 10_000);
            pen.line((at, top), (at, bottom), GRID, 1.0)?;
            let label = numbers::percent_whole(i32::try_from(tick * 10_000).unwrap_or(0));
            let set = Set::new(SMALL).ink(GREY).anchor(HPos::Center);
            pen.text(&label, (at, bottom + 11.0), set)?;
        }
        for (rank, row) in self.readable().enumerate() {
            let y = top + places.middle(rank);
            Self::bar(&pen, &row.sides[0], (charts::IN_QPV, true), y - 8.0, &x)?;
            Self::bar(
                &pen,
                &row.sides[1],
                (charts::OUT_OF_QPV, false),
                y + 8.0,
                &x,
            )?;
        }
        pen.line((x(0), top), (x(0), bottom), INK, 1.0)?;
        for (rank, row) in self.readable().enumerate() {
            let label = labels::indicator(row.indicator).label;
            let y = top + places.middle(rank);
            places.name(&pen, label, FontStyle::Normal, y)?;
        }
        Ok(())
    }
}

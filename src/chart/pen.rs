//! Positions, strokes and texts in CSS pixels, whatever the backend's scale.

use plotters::coord::Shift;
use plotters::element::{PathElement, Polygon, Rectangle, Text};
use plotters::prelude::{Color, DrawingArea, DrawingBackend, RGBColor, ShapeStyle};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontFamily, FontStyle, IntoTextStyle, TextStyle};

use super::{Drawn, Look};

/// Ink of texts and axes.
pub(super) const INK: RGBColor = RGBColor(0x1e, 0x1e, 0x1e);
/// Ink on a colour.
pub(super) const BLACK: RGBColor = RGBColor(0, 0, 0);
/// Ink of what is secondary; contrast 7:1 on white.
pub(super) const GREY: RGBColor = RGBColor(0x55, 0x55, 0x55);
/// Lines of the grid.
pub(super) const GRID: RGBColor = RGBColor(0xd9, 0xd9, 0xd9);
/// Paper.
pub(super) const PAPER: RGBColor = RGBColor(0xff, 0xff, 0xff);
/// Bars, and gaps above (palette of Okabe and Ito, told apart by everyone).
pub(super) const BLUE: RGBColor = RGBColor(0x00, 0x72, 0xb2);
/// Gaps below.
pub(super) const VERMILION: RGBColor = RGBColor(0xd5, 0x5e, 0x00);

/// Size of texts.
pub(super) const SMALL: f64 = 12.0;
/// Size of the names and values.
pub(super) const BODY: f64 = 14.0;
/// Size of titles.
pub(super) const TITLE: f64 = 18.0;
/// How much wider bold letters are.
pub(super) const BOLD: f64 = 1.12;

/// A drawing area in CSS pixels.
pub(super) struct Pen<'a, DB: DrawingBackend> {
    pub(super) area: &'a DrawingArea<DB, Shift>,
    pub(super) look: Look,
}

/// How a text is set.
#[derive(Clone, Copy)]
pub(super) struct Set {
    pub(super) size: f64,
    pub(super) style: FontStyle,
    pub(super) ink: RGBColor,
    pub(super) anchor: HPos,
}

impl Set {
    pub(super) fn new(size: f64) -> Self {
        Self {
            size,
            style: FontStyle::Normal,
            ink: INK,
            anchor: HPos::Left,
        }
    }

    pub(super) fn ink(self, ink: RGBColor) -> Self {
        Self { ink, ..self }
    }

    pub(super) fn style(self, style: FontStyle) -> Self {
        Self { style, ..self }
    }

    pub(super) fn anchor(self, anchor: HPos) -> Self {
        Self { anchor, ..self }
    }
}

impl<DB: DrawingBackend> Pen<'_, DB> {
    pub(super) fn at(&self, (x, y): (f64, f64)) -> (i32, i32) {
        let scaled = |length: f64| (length * self.look.scale).round() as i32;
        (scaled(x), scaled(y))
    }

    pub(super) fn stroke(&self, ink: RGBColor, width: f64) -> ShapeStyle {
        let width = (width * self.look.scale).round().max(1.0) as u32;
        ink.stroke_width(width)
    }

    /// Paper over the whole area.
    pub(super) fn paper(&self) -> Drawn<DB> {
        self.area.fill(&PAPER)
    }

    /// A text, centred vertically on `y`.
    pub(super) fn text(&self, text: &str, at: (f64, f64), set: Set) -> Drawn<DB> {
        let size = set.size * self.look.scale * self.look.text;
        let style: TextStyle<'_> = (FontFamily::SansSerif, size, set.style)
            .into_text_style(self.area)
            .color(&set.ink)
            .pos(Pos::new(set.anchor, VPos::Center));
        self.area.draw(&Text::new(clean(text), self.at(at), style))
    }

    /// A text on its own piece of paper, so that no line crosses it.
    pub(super) fn label(&self, text: &str, at: (f64, f64), set: Set) -> Drawn<DB> {
        let (width, half) = (about(text, set.size) * 1.1, set.size * 0.6);
        let left = match set.anchor {
            HPos::Left => at.0 - 2.0,
            HPos::Right => at.0 + 2.0 - width,
            HPos::Center => at.0 - width / 2.0,
        };
        self.fill((left, at.1 - half), (left + width, at.1 + half), PAPER)?;
        self.text(text, at, set)
    }

    /// A filled rectangle.
    pub(super) fn fill(&self, from: (f64, f64), to: (f64, f64), ink: RGBColor) -> Drawn<DB> {
        let (from, to) = (self.at(from), self.at(to));
        self.area.draw(&Rectangle::new([from, to], ink.filled()))
    }

    /// A line.
    pub(super) fn line(
        &self,
        from: (f64, f64),
        to: (f64, f64),
        ink: RGBColor,
        width: f64,
    ) -> Drawn<DB> {
        let path = vec![self.at(from), self.at(to)];
        self.area
            .draw(&PathElement::new(path, self.stroke(ink, width)))
    }

    /// A vertical dashed line.
    pub(super) fn dashed(&self, x: f64, from: f64, to: f64, ink: RGBColor) -> Drawn<DB> {
        let mut y = from;
        while y < to {
            self.line((x, y), (x, (y + 5.0).min(to)), ink, 1.5)?;
            y += 9.0;
        }
        Ok(())
    }

    /// A rectangle of hatches with its outline: what is hidden.
    pub(super) fn hatched(&self, from: (f64, f64), to: (f64, f64), ink: RGBColor) -> Drawn<DB> {
        self.fill(from, to, PAPER)?;
        let height = to.1 - from.1;
        let mut x = from.0 - height + 5.0;
        while x < to.0 {
            // The stroke from (x, bottom) to (x + height, top), cut at both sides.
            let left = x.max(from.0);
            let right = (x + height).min(to.0);
            if left < right {
                let y = |at: f64| to.1 - (at - x);
                self.line((left, y(left)), (right, y(right)), ink, 1.0)?;
            }
            x += 5.0;
        }
        for (a, b) in [
            (from, (to.0, from.1)),
            ((from.0, to.1), to),
            (from, (from.0, to.1)),
            ((to.0, from.1), to),
        ] {
            self.line(a, b, ink, 1.0)?;
        }
        Ok(())
    }

    /// A small triangle at the top of the EPCI's line.
    pub(super) fn marker(&self, (x, y): (f64, f64), ink: RGBColor) -> Drawn<DB> {
        let points = [(x - 4.0, y - 6.0), (x + 4.0, y - 6.0), (x, y)].map(|p| self.at(p));
        self.area.draw(&Polygon::new(points, ink.filled()))
    }
}

/// As much of a text as fits in a width, with an ellipsis where it was cut.
pub(super) fn cut(text: &str, width: f64, size: f64) -> String {
    if about(text, size) <= width {
        return text.to_owned();
    }
    let room = width - size * letter('…');
    let mut end = 0.0;
    let fits = |c: &char| {
        end += size * letter(*c);
        end <= room
    };
    let mut short: String = text.chars().take_while(fits).collect();
    if short.is_empty() {
        short.extend(text.chars().next());
    }
    short.truncate(short.trim_end().len());
    short.push('…');
    short
}

/// A text on as many lines as it needs in a width, cut after spaces and hyphens.
pub(super) fn wrap(text: &str, width: f64, size: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.trim().split_inclusive([' ', '-']) {
        match lines.last_mut() {
            Some(line) if about(line, size) + about(word.trim_end(), size) <= width => {
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    for line in &mut lines {
        line.truncate(line.trim_end().len());
    }
    lines
}

/// How wide a text is, roughly.
pub(super) fn about(text: &str, size: f64) -> f64 {
    text.chars().map(letter).sum::<f64>() * size
}

/// How wide a letter is, as a share of its size: about what it is in DejaVu Sans, the
/// widest of the fonts that « sans-serif » stands for on common machines.
fn letter(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | 'I' | 'J' | '\'' | '’' => 0.28,
        ' ' | '\u{a0}' | '.' | ',' | ':' | ';' | 'î' | 'ï' => 0.33,
        '\u{202f}' => 0.2,
        'f' | 't' | 'r' | '-' | '(' | ')' | '!' => 0.4,
        's' | 'c' | 'z' | '–' => 0.53,
        'w' | '+' | '−' | '=' => 0.83,
        'm' | '%' | 'M' | 'W' | 'œ' | '…' => 0.98,
        c if c.is_uppercase() => 0.7,
        _ => 0.63,
    }
}

/// Control characters are not allowed in XML, and draw nothing anywhere.
fn clean(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

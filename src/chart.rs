//! Drawings of the results, generic over the backend: a canvas on screen, SVG
//! for files, from the same code and the same figures.
//!
//! [`Figures`] is the table under a chart, sorted; [`ChartData`] is a page of
//! it; [`ranking`] and [`gaps`] draw it, [`Composition`] is drawn by
//! [`stacked`], [`Contrast`] and [`Map`] by themselves, [`Evolution`] by
//! [`changes`]. A [`View`] is which of them the screen shows, a [`Picture`] is
//! that drawing. Every chart carries its definition and the campaign's mention;
//! a colour never says anything alone: values are written beside their bars,
//! hidden mailles carry a word.
//!
//! NOTE: texts are placed by their anchor and never measured. Backends disagree
//! on measures (the browser's own, a rough estimate natively), and the page's
//! style policy forbids what some of them do to measure.

mod bars;
mod contrast;
mod evolution;
mod figures;
mod heat;
mod map;
mod pen;
mod picture;
mod sort;
mod stack;
mod surface;

pub use bars::{changes, gaps, ranking};
pub use contrast::{Contrast, Pair, pairs};
pub use evolution::{ChangeRow, Evolution};
pub use figures::{
    ChartData, FEW_UNITS, FigureRow, Figures, MAX_BARS, absent, indicators, levels, maille,
};
pub use heat::{Heat, HeatRow, class as heat_class};
pub use map::Map;
pub use picture::{Absence, Materials, Picture, View};
pub use sort::{Column, Sort, TABLE_ROWS};
pub use stack::{Composition, StackedRow, stacked};

use plotters::prelude::{DrawingBackend, IntoDrawingArea, SVGBackend};

/// A result of drawing.
pub type Drawn<DB> =
    Result<(), plotters::drawing::DrawingAreaErrorKind<<DB as DrawingBackend>::ErrorType>>;

/// How a drawing is sized.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    /// Width in CSS pixels.
    pub width: u32,
    /// Device pixels in a CSS pixel (`devicePixelRatio`), applied to every
    /// position, stroke and font.
    pub scale: f64,
    /// Factor of the fonts alone.
    text: f64,
}

impl Look {
    /// Narrowest drawing: a phone held upright.
    pub const MIN_WIDTH: u32 = 300;

    /// On a canvas whose bitmap is `width × scale` pixels wide.
    pub fn canvas(width: u32, scale: f64) -> Self {
        Self {
            width: width.max(Self::MIN_WIDTH),
            scale,
            text: 1.0,
        }
    }

    /// In an SVG file.
    pub fn svg(width: u32) -> Self {
        Self {
            width: width.max(Self::MIN_WIDTH),
            scale: 1.0,
            // The SVG backend divides the sizes of fonts by this factor.
            text: 1.24,
        }
    }

    /// The bitmap that a drawing of this height (CSS pixels) needs.
    pub fn bitmap(&self, height: u32) -> (u32, u32) {
        let scaled = |length: u32| (f64::from(length) * self.scale).round() as u32;
        (scaled(self.width), scaled(height))
    }
}

/// Something that can be drawn: its height, then itself.
pub trait Chart {
    /// Height in CSS pixels at this width.
    fn height(&self, look: Look) -> u32;

    /// Draws it on an area of [`Look::bitmap`].
    ///
    /// # Errors
    /// Those of the backend.
    fn draw<DB: DrawingBackend>(
        &self,
        area: &plotters::drawing::DrawingArea<DB, plotters::coord::Shift>,
        look: Look,
    ) -> Drawn<DB>;

    /// What the drawing says, for those who do not see it.
    fn alternative(&self) -> String;

    /// The drawing as an SVG document.
    fn svg(&self, width: u32) -> String {
        let look = Look::svg(width);
        let mut text = String::new();
        {
            let backend = SVGBackend::with_string(&mut text, look.bitmap(self.height(look)));
            self.draw(&backend.into_drawing_area(), look)
                .expect("writing to a string cannot fail");
        }
        text
    }
}

#[cfg(test)]
mod tests;

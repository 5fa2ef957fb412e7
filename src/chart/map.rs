//! A map of shares by classes (*carte choroplèthe*), on contours that the user
//! gives.
//!
//! Degrees are drawn on a plane with the cosine of the middle latitude, metres
//! as they are: enough for an intercommunalité, and no library of projections.

use plotters::coord::Shift;
use plotters::prelude::{DrawingArea, DrawingBackend, RGBColor};
use plotters::style::FontStyle;
use plotters::style::text_anchor::HPos;

use super::bars::Frame;
use super::figures::{FigureRow, Figures};
use super::pen::{self, BLUE, GREY, INK, PAPER, Pen, SMALL, Set};
use super::stack::ink_on;
use super::surface::{self, Hatch};
use super::{Chart, Drawn, Look};
use crate::base::Status;
use crate::campaign::Rate;
use crate::contours::{Contours, Point, Shape, Surface};
use crate::words::{charts, labels};

const MARGIN: f64 = 12.0;
const KEY: f64 = 18.0;
/// Tallest map: the height of a laptop's window.
const MAX_HEIGHT: f64 = 620.0;
/// Half of the distance between the name and the value of a maille.
const HALF_LINE: f64 = 8.0;
/// Most names of mailles without contour in a note.
const MAX_NAMES: usize = 6;

/// From few to many, told apart by everyone; five is what the eye sorts.
pub(super) const CLASSES: [RGBColor; 5] = [
    RGBColor(0xde, 0xeb, 0xf7),
    RGBColor(0xad, 0xcf, 0xe8),
    RGBColor(0x6b, 0xae, 0xd6),
    RGBColor(0x21, 0x71, 0xb5),
    RGBColor(0x08, 0x45, 0x94),
];

/// A map of the figures of an indicator, ready to be drawn.
pub struct Map {
    title: String,
    figures: Figures,
    places: Vec<Place>,
    classes: Vec<Class>,
    /// Smallest and largest coordinates, projected.
    frame: (Point, Point),
}

/// A maille with its surfaces, projected; the first is the largest, and that is
/// where its words go, if they can.
struct Place {
    row: usize,
    surfaces: Vec<Surface>,
}

/// Shares from the least to the greatest, and how many.
struct Class {
    low: Rate,
    high: Rate,
    count: usize,
}

impl Map {
    /// `None` when no contour is that of a maille of these figures.
    pub fn of(figures: Figures, contours: &Contours) -> Option<Self> {
        let found = |row: &FigureRow| -> Vec<&Shape> {
            let shapes = contours.shapes.iter();
            shapes.filter(|shape| shape.code == row.id).collect()
        };
        let mut places: Vec<Place> = figures
            .rows
            .iter()
            .enumerate()
            .map(|(row, figure)| Place {
                row,
                surfaces: found(figure)
                    .into_iter()
                    .flat_map(|shape| shape.surfaces.clone())
                    .filter(|surface| surface.first().is_some_and(|edge| edge.len() > 2))
                    .collect(),
            })
            .filter(|place| !place.surfaces.is_empty())
            .collect();
        project(&mut places);
        let area = |surface: &Surface| surface::area(&surface[0]);
        for place in &mut places {
            let areas = place.surfaces.iter().map(area).enumerate();
            let largest = areas.max_by(|a, b| a.1.total_cmp(&b.1));
            place.surfaces.swap(0, largest.map_or(0, |(rank, _)| rank));
        }
        // An enclave is drawn over what surrounds it.
        let size = |place: &Place| -> f64 { place.surfaces.iter().map(area).sum() };
        crate::order::sort_by(&mut places, |a, b| size(b).total_cmp(&size(a)));
        let frame = extent(&places)?;
        Some(Self {
            title: charts::title(figures.indicator, figures.level),
            classes: classes(&figures),
            figures,
            places,
            frame,
        })
    }

    /// How the place is filled: a colour, or hatches.
    fn fill(&self, row: &FigureRow) -> Result<RGBColor, Hatch> {
        match (row.status, row.share) {
            (Status::Published, Some(share)) => {
                let rank = self.classes.iter().position(|class| share <= class.high);
                Ok(shade(rank.unwrap_or(0), self.classes.len()))
            }
            (Status::Bounded, _) => Err(Hatch::Level),
            (Status::LowResponse, _) => Err(Hatch::Cross),
            _ => Err(Hatch::Slant),
        }
    }

    fn notes(&self) -> Vec<String> {
        let words = labels::indicator(self.figures.indicator);
        let mut notes = Vec::new();
        if crate::indicator::shares::share(self.figures.indicator).is_some_and(|s| s.proxy) {
            notes.push(words.note.to_owned());
        }
        let drawn: Vec<usize> = self.places.iter().map(|place| place.row).collect();
        let rows = self.figures.rows.iter().enumerate();
        let mut names: Vec<&str> = rows
            .filter(|(rank, _)| !drawn.contains(rank))
            .map(|(_, row)| row.name.as_str())
            .take(MAX_NAMES + 1)
            .collect();
        if names.len() > MAX_NAMES {
            names[MAX_NAMES] = "…";
        }
        if !names.is_empty() {
            notes.push(charts::without_contour(&names));
        }
        notes
    }

    fn heading(&self, look: Look) -> Frame {
        let mut subtitles = vec![charts::definition(self.figures.indicator)];
        subtitles.push(match self.epci() {
            Some(share) => charts::epci(share),
            None => charts::EPCI_HIDDEN.to_owned(),
        });
        Frame::new(
            look,
            &self.title,
            &subtitles,
            &self.notes(),
            &self.figures.source,
        )
    }

    fn epci(&self) -> Option<Rate> {
        self.figures.epci.as_ref().and_then(|row| row.share)
    }

    /// The keys of the legend: how each is filled, and its words.
    fn keys(&self) -> Vec<(Result<RGBColor, Hatch>, String)> {
        let mut keys: Vec<(Result<RGBColor, Hatch>, String)> = self
            .classes
            .iter()
            .enumerate()
            .map(|(rank, class)| {
                let words = charts::class(class.low, class.high, class.count);
                (Ok(shade(rank, self.classes.len())), words)
            })
            .collect();
        for (status, hatch) in [
            (Status::Bounded, Hatch::Level),
            (Status::Secret, Hatch::Slant),
            (Status::LowResponse, Hatch::Cross),
        ] {
            if self.figures.rows.iter().any(|row| row.status == status) {
                let words = charts::named(charts::status(status), charts::short_meaning(status));
                keys.push((Err(hatch), words));
            }
        }
        keys
    }

    /// Each key on lines that fit, and where its first line stands.
    fn legend(&self, look: Look) -> Vec<(Result<RGBColor, Hatch>, Vec<String>)> {
        let room = f64::from(look.width) - 2.0 * MARGIN - 26.0;
        let keys = self.keys().into_iter();
        keys.map(|(fill, words)| (fill, pen::wrap(&words, room, SMALL)))
            .collect()
    }

    /// Pixels of a unit of the projection, and the height of the map.
    fn scale(&self, look: Look) -> (f64, f64) {
        let (low, high) = self.frame;
        let (width, height) = (high[0] - low[0], high[1] - low[1]);
        let room = f64::from(look.width) - 2.0 * MARGIN;
        let scale =
            (room / width.max(f64::MIN_POSITIVE)).min(MAX_HEIGHT / height.max(f64::MIN_POSITIVE));
        (scale, height * scale)
    }
}

/// Degrees to a plane; metres are one already.
fn project(places: &mut [Place]) {
    let Some((low, high)) = extent(places) else {
        return;
    };
    let degrees = low[0] >= -180.0 && high[0] <= 180.0 && low[1] >= -90.0 && high[1] <= 90.0;
    let shrink = if degrees {
        libm::cos(((low[1] + high[1]) / 2.0).to_radians()).max(0.01)
    } else {
        1.0
    };
    let rings = places.iter_mut().flat_map(|p| &mut p.surfaces).flatten();
    for point in rings.flatten() {
        point[0] *= shrink;
    }
}

fn extent(places: &[Place]) -> Option<(Point, Point)> {
    let rings = places.iter().flat_map(|place| &place.surfaces).flatten();
    let mut points = rings.flatten();
    let first = *points.next()?;
    Some(points.fold((first, first), |(low, high), point| {
        (
            [low[0].min(point[0]), low[1].min(point[1])],
            [high[0].max(point[0]), high[1].max(point[1])],
        )
    }))
}

/// Classes of about as many mailles each; equal shares are never parted.
fn classes(figures: &Figures) -> Vec<Class> {
    let mut shares: Vec<Rate> = figures.rows.iter().filter_map(|row| row.share).collect();
    crate::order::sort(&mut shares);
    let wanted = CLASSES.len().min(shares.len());
    let mut classes: Vec<Class> = Vec::new();
    for (rank, share) in shares.iter().enumerate() {
        let full = classes.len() < wanted && rank * wanted / shares.len() >= classes.len();
        match classes.last_mut() {
            Some(class) if class.high == *share || !full => {
                (class.high, class.count) = (*share, class.count + 1);
            }
            _ => classes.push(Class {
                low: *share,
                high: *share,
                count: 1,
            }),
        }
    }
    classes
}

/// The colour of a class among so many: few classes are as far apart as many.
fn shade(rank: usize, classes: usize) -> RGBColor {
    match classes {
        0 | 1 => CLASSES[2],
        _ => CLASSES[rank * (CLASSES.len() - 1) / (classes - 1)],
    }
}

impl Chart for Map {
    fn height(&self, look: Look) -> u32 {
        let frame = self.heading(look);
        let lines: usize = self.legend(look).iter().map(|(_, lines)| lines.len()).sum();
        let plot = self.scale(look).1 + 14.0 + lines as f64 * KEY;
        (frame.top() + plot + frame.bottom()).ceil() as u32
    }

    fn alternative(&self) -> String {
        let mut text = format!("{}.", self.title);
        if let Some(epci) = self.epci() {
            text.push_str(&format!(" {}.", charts::epci(epci)));
        }
        for (_, words) in self.keys() {
            text.push_str(&format!(" {words}."));
        }
        for note in self.notes() {
            text.push_str(&format!(" {note}."));
        }
        text.push_str(&format!(
            " {} {}.",
            charts::IN_THE_TABLE,
            self.figures.source
        ));
        text
    }

    fn draw<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>, look: Look) -> Drawn<DB> {
        let pen = Pen { area, look };
        let frame = self.heading(look);
        let (scale, height) = self.scale(look);
        let top = frame.top();
        let legend = self.legend(look);
        let lines: usize = legend.iter().map(|(_, lines)| lines.len()).sum();
        frame.draw(&pen, top + height + 14.0 + lines as f64 * KEY)?;
        let (low, high) = self.frame;
        let left = (f64::from(look.width) - (high[0] - low[0]) * scale) / 2.0;
        // North is up, and pixels count downwards.
        let place = |point: &Point| {
            (
                left + (point[0] - low[0]) * scale,
                top + (high[1] - point[1]) * scale,
            )
        };
        let mut texts = Vec::new();
        for shown in &self.places {
            let row = &self.figures.rows[shown.row];
            let fill = self.fill(row);
            let mut surfaces = Vec::new();
            for surface in &shown.surfaces {
                let rings: Vec<Vec<(f64, f64)>> = surface
                    .iter()
                    .map(|ring| surface::thinned(ring.iter().map(place)))
                    .collect();
                surface::fill(&pen, &rings, fill)?;
                surface::outline(&pen, &rings)?;
                surfaces.push(rings);
            }
            texts.push((row, fill, surfaces));
        }
        // Words last, over the outlines of all neighbours.
        for (row, fill, surfaces) in texts {
            words(&pen, row, fill, &|size| {
                surfaces.iter().find_map(|rings| surface::room(rings, size))
            })?;
        }
        let mut y = top + height + 14.0;
        for (fill, lines) in legend {
            let corners = |y: f64| {
                let (right, above, below) = (MARGIN + 18.0, y - 6.0, y + 6.0);
                vec![
                    (MARGIN, above),
                    (right, above),
                    (right, below),
                    (MARGIN, below),
                ]
            };
            surface::fill(&pen, &[corners(y)], fill)?;
            surface::outline(&pen, &[corners(y)])?;
            for line in lines {
                pen.text(&line, (MARGIN + 26.0, y), Set::new(SMALL))?;
                y += KEY;
            }
        }
        Ok(())
    }
}

/// The name and the value of a maille in its surface, where `room` finds some for
/// them: the table has them all.
fn words<DB: DrawingBackend>(
    pen: &Pen<'_, DB>,
    row: &FigureRow,
    fill: Result<RGBColor, Hatch>,
    room: &dyn Fn((f64, f64)) -> Option<(f64, f64)>,
) -> Drawn<DB> {
    let set = Set::new(SMALL).anchor(HPos::Center);
    let fits = |text: &str, lines: f64| {
        room((pen::about(text, SMALL) * 1.1 + 2.0, lines * 2.0 * HALF_LINE))
    };
    let Ok(colour) = fill else {
        // On its own piece of paper, since no word reads over hatches.
        return match fits(&row.name, 1.0) {
            Some(at) => pen.label(&row.name, at, set),
            None => Ok(()),
        };
    };
    let Some(value) = row.share.map(charts::map_value) else {
        return Ok(());
    };
    let set = set.ink(ink_on(colour));
    let bold = set.style(FontStyle::Bold);
    if let Some((x, y)) = fits(&row.name, 2.0) {
        pen.text(&row.name, (x, y - HALF_LINE), set)?;
        pen.text(&value, (x, y + HALF_LINE), bold)
    } else if let Some(at) = fits(&value, 1.0) {
        pen.text(&value, at, bold)
    } else {
        Ok(())
    }
}

/// Ink of hatches: what is hidden is grey, what is bounded blue.
pub(super) fn hatch_ink(hatch: Hatch) -> RGBColor {
    match hatch {
        Hatch::Level => BLUE,
        Hatch::Slant | Hatch::Cross => GREY,
    }
}

/// Under hatches, and between neighbours.
pub(super) const UNDER: RGBColor = PAPER;
/// Between neighbours.
pub(super) const EDGE: RGBColor = INK;

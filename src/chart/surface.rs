//! Surfaces in CSS pixels: filled, hatched, outlined, and where a value fits.

use plotters::element::{PathElement, Polygon};
use plotters::prelude::{Color, DrawingBackend, RGBColor};

use super::Drawn;
use super::map::{EDGE, UNDER, hatch_ink};
use super::pen::Pen;

/// Pixels between two hatches.
const STEP: f64 = 6.0;

/// Hatches, told apart by their direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hatch {
    /// Horizontal: bounds.
    Level,
    /// Slanted: hidden.
    Slant,
    /// Crossed: too few answers.
    Cross,
}

type Ring = Vec<(f64, f64)>;

/// A ring without the points that fall on the pixel of the one before: a map
/// costs what it shows.
pub(super) fn thinned(points: impl Iterator<Item = (f64, f64)>) -> Ring {
    let mut ring: Ring = Vec::new();
    for (x, y) in points {
        let near = |last: &(f64, f64)| (last.0 - x).abs() < 0.5 && (last.1 - y).abs() < 0.5;
        if !ring.last().is_some_and(near) {
            ring.push((x, y));
        }
    }
    ring
}

/// The area inside a ring.
pub(super) fn area(ring: &[[f64; 2]]) -> f64 {
    let next = ring.iter().cycle().skip(1);
    let cross = ring
        .iter()
        .zip(next)
        .map(|(a, b)| a[0] * b[1] - b[0] * a[1]);
    cross.sum::<f64>().abs() / 2.0
}

/// Fills a surface with a colour or with hatches; its holes are paper.
pub(super) fn fill<DB: DrawingBackend>(
    pen: &Pen<'_, DB>,
    rings: &[Ring],
    with: Result<RGBColor, Hatch>,
) -> Drawn<DB> {
    for (rank, ring) in rings.iter().enumerate() {
        let ink = match with {
            Ok(colour) if rank == 0 => colour,
            _ => UNDER,
        };
        let points: Vec<(i32, i32)> = ring.iter().map(|point| pen.at(*point)).collect();
        pen.area.draw(&Polygon::new(points, ink.filled()))?;
    }
    let Err(hatch) = with else { return Ok(()) };
    let ink = hatch_ink(hatch);
    type Turn = fn((f64, f64)) -> (f64, f64);
    let directions: &[Turn] = match hatch {
        Hatch::Level => &[|p| p],
        Hatch::Slant => &[|(x, y)| (x - y, x + y)],
        Hatch::Cross => &[|(x, y)| (x - y, x + y), |(x, y)| (x + y, y - x)],
    };
    for (rank, turn) in directions.iter().enumerate() {
        let step = if hatch == Hatch::Level {
            STEP
        } else {
            STEP * 1.5
        };
        for (from, to) in strokes(rings, *turn, step) {
            // Back from the turned axes; the sum of squares is 2 but for Level.
            let back = |(u, v): (f64, f64)| match (hatch, rank) {
                (Hatch::Level, _) => (u, v),
                (_, 0) => ((u + v) / 2.0, (v - u) / 2.0),
                _ => ((u - v) / 2.0, (u + v) / 2.0),
            };
            pen.line(back(from), back(to), ink, 1.0)?;
        }
    }
    Ok(())
}

/// The parts of regular lines that are inside the rings, in turned axes: inside
/// is where an odd number of edges was crossed.
fn strokes(
    rings: &[Ring],
    turn: fn((f64, f64)) -> (f64, f64),
    step: f64,
) -> Vec<((f64, f64), (f64, f64))> {
    let mut crossings: std::collections::BTreeMap<i64, Vec<f64>> =
        std::collections::BTreeMap::new();
    for ring in rings {
        let next = ring.iter().cycle().skip(1);
        for (a, b) in ring.iter().zip(next) {
            let (a, b) = (turn(*a), turn(*b));
            let (low, high) = if a.1 < b.1 { (a, b) } else { (b, a) };
            let mut line = (low.1 / step).ceil() as i64;
            while (line as f64) * step < high.1 {
                let v = line as f64 * step;
                let u = low.0 + (high.0 - low.0) * (v - low.1) / (high.1 - low.1);
                crossings.entry(line).or_default().push(u);
                line += 1;
            }
        }
    }
    let mut all = Vec::new();
    for (line, mut at) in crossings {
        at.sort_by(f64::total_cmp);
        let v = line as f64 * step;
        for pair in at.chunks_exact(2) {
            all.push(((pair[0], v), (pair[1], v)));
        }
    }
    all
}

/// The outlines of a surface.
pub(super) fn outline<DB: DrawingBackend>(pen: &Pen<'_, DB>, rings: &[Ring]) -> Drawn<DB> {
    for ring in rings {
        let closed = ring.iter().chain(ring.first());
        let points: Vec<(i32, i32)> = closed.map(|point| pen.at(*point)).collect();
        let path = PathElement::new(points, pen.stroke(EDGE, 0.75));
        pen.area.draw(&path)?;
    }
    Ok(())
}

/// The middle of the widest horizontal line inside a ring, and its width, among
/// a few: where a value has the most room.
pub(super) fn widest(ring: &[(f64, f64)]) -> Option<(f64, f64, f64)> {
    let ys = || ring.iter().map(|point| point.1);
    let (low, high) = (ys().reduce(f64::min)?, ys().reduce(f64::max)?);
    let mut best: Option<(f64, f64, f64)> = None;
    // From the middle outwards, so that it wins where all are as wide.
    for eighth in [4, 3, 5, 2, 6] {
        let y = low + (high - low) * f64::from(eighth) / 8.0;
        let next = ring.iter().cycle().skip(1);
        let mut at: Vec<f64> = ring
            .iter()
            .zip(next)
            .filter(|(a, b)| (a.1 <= y) != (b.1 <= y))
            .map(|(a, b)| a.0 + (b.0 - a.0) * (y - a.1) / (b.1 - a.1))
            .collect();
        at.sort_by(f64::total_cmp);
        for pair in at.chunks_exact(2) {
            let width = pair[1] - pair[0];
            if best.is_none_or(|(_, _, widest)| width > widest + 0.5) {
                best = Some(((pair[0] + pair[1]) / 2.0, y, width));
            }
        }
    }
    best
}

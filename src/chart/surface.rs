//! Surfaces in CSS pixels: filled, hatched, outlined, and where words fit.

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

/// Where a box of this size fits inside a surface: on the line nearest to its
/// middle, of a few.
pub(super) fn room(rings: &[Ring], (wide, tall): (f64, f64)) -> Option<(f64, f64)> {
    const LINES: i32 = 8;
    let ys = || rings.first().into_iter().flatten().map(|point| point.1);
    let (low, high) = (ys().reduce(f64::min)?, ys().reduce(f64::max)?);
    let play = high - low - tall;
    if play < 0.0 {
        return None;
    }
    // From the middle outwards: 0, -1, 1, -2, 2…
    let mut lines = (0..=2 * LINES).map(|rank| (rank + 1) / 2 * (1 - rank % 2 * 2));
    lines.find_map(|line| {
        let y = (low + high + f64::from(line) / f64::from(LINES) * play) / 2.0;
        // What is inside at the middle of the box, at its top and at its bottom.
        let (above, below) = (inside(rings, y - tall / 2.0), inside(rings, y + tall / 2.0));
        let common = inside(rings, y)
            .into_iter()
            .filter_map(|span| shared(span, &above))
            .filter_map(|span| shared(span, &below))
            .max_by(|a, b| (a.1 - a.0).total_cmp(&(b.1 - b.0)))?;
        (common.1 - common.0 >= wide).then_some(((common.0 + common.1) / 2.0, y))
    })
}

/// The longest part of a span that others share.
fn shared((from, to): (f64, f64), others: &[(f64, f64)]) -> Option<(f64, f64)> {
    others
        .iter()
        .map(|other| (from.max(other.0), to.min(other.1)))
        .max_by(|a, b| (a.1 - a.0).total_cmp(&(b.1 - b.0)))
}

/// The parts of a horizontal line inside the rings: where an odd number of edges
/// was crossed.
fn inside(rings: &[Ring], y: f64) -> Vec<(f64, f64)> {
    let edges = rings
        .iter()
        .flat_map(|ring| ring.iter().zip(ring.iter().cycle().skip(1)));
    let mut at: Vec<f64> = edges
        .filter(|(a, b)| (a.1 <= y) != (b.1 <= y))
        .map(|(a, b)| a.0 + (b.0 - a.0) * (y - a.1) / (b.1 - a.1))
        .collect();
    at.sort_by(f64::total_cmp);
    at.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect()
}

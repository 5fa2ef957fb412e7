//! A chart on a canvas, sharp on screens of any density.

use plotters::prelude::IntoDrawingArea;
use plotters_canvas::CanvasBackend;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Blob, Element, HtmlCanvasElement};

use super::dom;
use crate::chart::{Chart, Look};

/// Densest screen drawn for: beyond, the eye sees nothing and the bitmap grows.
const MAX_RATIO: f64 = 4.0;
/// Width of an image, in CSS pixels: what a page of a report holds.
pub(super) const IMAGE_WIDTH: u32 = 900;
/// Bitmap pixels in a CSS pixel of an image.
const IMAGE_RATIO: f64 = 2.0;

/// Draws a chart as wide as the frame that holds the canvas. A hidden canvas
/// has no width: it is left alone until it is seen.
pub(super) fn draw(id: &str, chart: &impl Chart) {
    let canvas = dom::by_id::<HtmlCanvasElement>(id);
    let width = width_of(id);
    if width == 0 {
        return;
    }
    let ratio = dom::window().device_pixel_ratio().clamp(1.0, MAX_RATIO);
    let _ = canvas.set_attribute("aria-label", &chart.alternative());
    paint(canvas, chart, Look::canvas(width, ratio));
}

/// The chart as a bitmap, denser than the screen; `then` is called once it is
/// made, with nothing when the browser cannot.
pub(super) fn png(chart: &impl Chart, then: impl FnOnce(Option<Blob>) + 'static) {
    let canvas = dom::document()
        .create_element("canvas")
        .ok()
        .and_then(|element| element.dyn_into::<HtmlCanvasElement>().ok());
    let Some(canvas) = canvas else {
        then(None);
        return;
    };
    paint(
        canvas.clone(),
        chart,
        Look::canvas(IMAGE_WIDTH, IMAGE_RATIO),
    );
    let made = Closure::once_into_js(move |blob: Option<Blob>| then(blob));
    // Without its callback the browser says nothing more: the button stays.
    let _ = canvas.to_blob(made.unchecked_ref());
}

fn paint(canvas: HtmlCanvasElement, chart: &impl Chart, look: Look) {
    let (bitmap_width, bitmap_height) = look.bitmap(chart.height(look));
    canvas.set_width(bitmap_width);
    canvas.set_height(bitmap_height);
    if let Some(backend) = CanvasBackend::with_canvas_object(canvas) {
        let area = backend.into_drawing_area();
        // A canvas that cannot be drawn on leaves the table of the same figures.
        let _ = chart.draw(&area, look);
    }
}

/// The width, in CSS pixels, that a chart would be drawn at.
pub(super) fn width_of(id: &str) -> u32 {
    dom::by_id::<Element>(id)
        .parent_element()
        .map_or(0, |frame| frame.client_width())
        .try_into()
        .unwrap_or(0)
}

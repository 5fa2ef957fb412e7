//! The drawing on screen as a file: a dense bitmap, or SVG.

use super::{CONSOLE, STATE};
use crate::chart::{Chart, Picture, View};
use crate::page::browser::{chart, dom, download};
use crate::words::ui;

/// The drawing on screen, and the name of its image without extension.
fn image() -> Option<(Picture, String)> {
    STATE.with_borrow(|state| {
        let (shown, materials) = state.materials()?;
        let choice = shown.choice;
        let picture = Picture::of(choice.view, materials).ok()?;
        let base = &shown.base;
        let campaign = &base.file().campaign.id;
        let campaign = format!("{campaign}{}", ui::incomplete(&base.awaited()));
        let name = match choice.view {
            View::Ranking => format!("{campaign}-{}-{}", choice.indicator, choice.level.id()),
            View::Contrast => format!("{campaign}-{}", choice.view.id()),
            view => format!(
                "{campaign}-{}-{}-{}",
                choice.indicator,
                choice.level.id(),
                view.id()
            ),
        };
        Some((picture, name))
    })
}

pub(super) fn svg() {
    if let Some((picture, name)) = image() {
        let svg = picture.svg(chart::IMAGE_WIDTH);
        let name = format!("{name}.svg");
        let saved = download::save(&name, svg.as_bytes(), "image/svg+xml");
        say_saved(&name, saved);
    }
}

pub(super) fn png() {
    if let Some((picture, name)) = image() {
        let name = format!("{name}.png");
        chart::png(&picture, move |blob| {
            let saved = blob.is_some_and(|blob| download::save_blob(&name, &blob));
            say_saved(&name, saved);
        });
    }
}

fn say_saved(name: &str, saved: bool) {
    if saved {
        dom::text("etat-image", &ui::spaced(&ui::exported(name)));
    } else {
        CONSOLE.alert(ui::NO_IMAGE);
    }
}

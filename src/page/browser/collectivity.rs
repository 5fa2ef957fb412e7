//! The collectivité's screen (*Collectivité*): one base, one indicator, one
//! level, a chart and the same figures in a table.

use std::cell::RefCell;

use super::job::{Console, Job};
use super::{chart, dom, download, drop_zone};
use crate::base::Base;
use crate::chart::{self as drawing, Chart, ChartData, Figures};
use crate::page::protocol::{OpenBaseDemand, Request, Response, SavedBase, Source};
use crate::page::view::results;
use crate::table::Level;
use crate::words::ui;

const BASE: &str = "base";
const CANVAS: &str = "graphique";
/// Class of the page while its fiche is printed.
const PRINTED: &str = "impression-fiche";
const CONSOLE: Console = Console {
    screen: "collectivite",
    input: BASE,
};

struct Shown {
    base: Base,
    levels: Vec<Level>,
    figures: Option<Figures>,
    /// The page of the chart, from zero.
    page: usize,
    /// The width that the chart was drawn at.
    width: u32,
}

#[derive(Default)]
struct State {
    job: Option<Job>,
    shown: Option<Shown>,
}

thread_local! {
    static STATE: RefCell<State> = RefCell::default();
}

pub(super) fn start() {
    dom::on(BASE, "change", || {
        let files = drop_zone::files(BASE);
        forget();
        if !files.is_empty() {
            run(Source::Files, &files);
        }
    });
    dom::on("exemple-collectivite", "click", || {
        forget();
        drop_zone::set_files(BASE, &[]);
        run(Source::Example, &[]);
    });
    dom::on("annuler-collectivite", "click", cancel);
    dom::on("choix-indicateur", "change", choose);
    dom::on("choix-maille", "change", choose);
    dom::on("image-png", "click", save_png);
    dom::on("image-svg", "click", save_svg);
    dom::on("choix-fiche", "change", show_fiche);
    dom::on("imprimer-fiche", "click", || dom::print_alone(PRINTED));
    dom::on_data_click("graphique-pages", "page", |page| turn_page(&page));
    dom::listen(&dom::window(), "resize", |_| shown());
}

fn cancel() {
    forget();
    CONSOLE.state(ui::CANCELLED_BASE);
    dom::focus(BASE);
}

/// The page is left, perhaps to be shown again: what was under way ends.
pub(super) fn leave() {
    if STATE.with_borrow(|state| state.job.is_some()) {
        cancel();
    }
}

fn run(source: Source, files: &[web_sys::File]) {
    CONSOLE.begin();
    let demand = OpenBaseDemand {
        source,
        produced_on: dom::today(),
    };
    match Job::start(&Request::OpenBase(demand), files, answer) {
        Ok(job) => STATE.with_borrow_mut(|state| state.job = Some(job)),
        Err(sentence) => {
            CONSOLE.end();
            CONSOLE.alert(&sentence);
        }
    }
}

fn answer(response: Response) {
    if response.is_last() {
        STATE.with_borrow_mut(|state| state.job = None);
        CONSOLE.end();
    }
    match response {
        Response::Progress(progress) => CONSOLE.progress(&progress),
        Response::BaseOpened(base) => show(&base),
        Response::Failed { sentence, .. } => CONSOLE.alert(&sentence),
        Response::Campaign(_)
        | Response::CampaignOpened(_)
        | Response::CampaignToEdit(_)
        | Response::ListRead(_)
        | Response::Aggregated(_)
        | Response::Consolidated(_)
        | Response::Exported(_) => {}
    }
}

fn show(file: &SavedBase) {
    let base = match Base::parse(&file.bytes) {
        Ok(base) => base,
        Err(error) => {
            CONSOLE.alert(&error.to_string());
            return;
        }
    };
    let indicators = drawing::indicators(&base);
    let levels = drawing::levels(&base);
    let first = indicators.first().copied().unwrap_or_default();
    dom::html("base-entete", &results::header(&base));
    dom::html(
        "choix-indicateur",
        &results::indicator_choices(&base, first),
    );
    dom::html("choix-maille", &results::level_choices(&levels));
    STATE.with_borrow_mut(|state| {
        state.shown = Some(Shown {
            base,
            levels,
            figures: None,
            page: 0,
            width: 0,
        });
    });
    // The canvas must be seen to have a width.
    dom::show("resultats-collectivite", true);
    choose();
    CONSOLE.state(ui::BASE_READY);
}

fn choose() {
    let indicator = dom::chosen("choix-indicateur");
    let rank: usize = dom::chosen("choix-maille").parse().unwrap_or(0);
    STATE.with_borrow_mut(|state| {
        let Some(shown) = &mut state.shown else {
            return;
        };
        let level = shown.levels.get(rank).copied().unwrap_or(Level::Commune);
        shown.figures = Figures::of(&shown.base, &indicator, level);
        shown.page = 0;
        if let Some(figures) = &shown.figures {
            dom::html("chiffres", &results::figures(figures));
            let before = dom::chosen("choix-fiche");
            let choices = results::maille_choices(&shown.base, level, &before);
            dom::html("choix-fiche", &choices);
        }
    });
    dom::clear("etat-image");
    redraw();
    show_fiche();
}

fn turn_page(page: &str) {
    STATE.with_borrow_mut(|state| {
        if let Some(shown) = &mut state.shown {
            shown.page = page.parse().unwrap_or(0);
        }
    });
    redraw();
    // The button that was pressed is gone with the page it stood on.
    dom::focus("choix-maille");
}

fn redraw() {
    STATE.with_borrow_mut(|state| {
        let Some(shown) = &mut state.shown else {
            return;
        };
        let Some(figures) = &shown.figures else {
            return;
        };
        shown.width = chart::width_of(CANVAS);
        chart::draw(CANVAS, &drawing::ranking(figures.page(shown.page)));
        dom::html(
            "graphique-pages",
            &results::chart_pages(figures, shown.page),
        );
    });
}

/// The chart on screen, and the name of its image without extension.
fn image() -> Option<(ChartData, String)> {
    STATE.with_borrow(|state| {
        let shown = state.shown.as_ref()?;
        let figures = shown.figures.as_ref()?;
        let name = format!(
            "{}-{}-{}",
            shown.base.file().campaign.id,
            figures.indicator,
            level_word(figures.level)
        );
        Some((figures.page(shown.page), name))
    })
}

/// A level as it is spelled in the project's files.
fn level_word(level: Level) -> String {
    serde_json::to_value(level)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}

fn save_svg() {
    if let Some((data, name)) = image() {
        let svg = drawing::ranking(data).svg(chart::IMAGE_WIDTH);
        let name = format!("{name}.svg");
        let saved = download::save(&name, svg.as_bytes(), "image/svg+xml");
        say_saved(&name, saved);
    }
}

fn save_png() {
    if let Some((data, name)) = image() {
        let name = format!("{name}.png");
        chart::png(&drawing::ranking(data), move |blob| {
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

fn show_fiche() {
    let chosen = dom::chosen("choix-fiche");
    STATE.with_borrow(|state| {
        // Which zonage and maille, as `results::maille_choices` writes it.
        let place = chosen.split_once('/');
        if let (Some(shown), Some((zonage, maille))) = (&state.shown, place) {
            dom::html("fiche", &results::fiche(&shown.base, zonage, maille));
        } else {
            dom::clear("fiche");
        }
    });
}

/// The screen came into view or changed its width: the chart follows.
pub(super) fn shown() {
    let stale = STATE.with_borrow(|state| {
        let shown = state.shown.as_ref();
        shown.is_some_and(|shown| shown.width != chart::width_of(CANVAS))
    });
    if stale {
        redraw();
    }
}

/// Ends the worker and drops the base.
fn forget() {
    STATE.with_borrow_mut(|state| *state = State::default());
    CONSOLE.end();
    CONSOLE.quiet();
    dom::show("resultats-collectivite", false);
    for region in [
        "base-entete",
        "choix-indicateur",
        "choix-maille",
        "graphique-pages",
        "chiffres",
        "choix-fiche",
        "fiche",
        "etat-image",
    ] {
        dom::clear(region);
    }
}

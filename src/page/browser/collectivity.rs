//! The collectivité's screen (*Collectivité*): one base, one indicator, one
//! level, one drawing and the same figures in a table.
//!
//! * `render`: what is chosen → the regions of the screen.
//! * `images`: the drawing as a file.

mod images;
mod render;

use std::cell::RefCell;

use maud::html;

use super::job::{Console, Job};
use super::{chart, dom, drop_zone};
use crate::base::{Base, evolution};
use crate::chart::{self as drawing, Column, Figures, Materials, Sort};
use crate::contours::Contours;
use crate::page::address::{self, Choice};
use crate::page::protocol::{OpenBaseDemand, Request, Response, Source};
use crate::page::view::collectivity::choices;
use crate::page::view::{self, results};
use crate::table::Level;
use crate::words::{collectivity as words, ui};

const BASE: &str = "base";
const BEFORE: &str = "base-anterieure";
const CONTOURS: &str = "contours";
const CANVAS: &str = "graphique";
/// Class of the page while its fiche is printed.
const PRINTED: &str = "impression-fiche";
const CONSOLE: Console = Console {
    screen: address::SCREEN,
    input: BASE,
};

/// A base on screen, and what is chosen in it.
struct Shown {
    base: Base,
    levels: Vec<Level>,
    choice: Choice,
    /// The level of the fiche: it goes with that of the indicator until another is chosen.
    fiche_level: Level,
    figures: Figures,
    sort: Sort,
    /// The pages of the chart, of the table, of the heat table, from zero.
    page: usize,
    table_page: usize,
    heat_page: usize,
    /// The width that the chart was drawn at.
    width: u32,
}

#[derive(Default)]
struct State {
    job: Option<Job>,
    /// The reading of contours or of an earlier base.
    side: Option<Job>,
    shown: Option<Shown>,
    before: Option<Base>,
    contours: Option<Contours>,
    /// The files that these two were read from.
    kept: drop_zone::Kept,
}

impl State {
    /// What the drawing is made from.
    fn materials(&self) -> Option<(&Shown, Materials<'_>)> {
        let shown = self.shown.as_ref()?;
        let materials = Materials {
            base: &shown.base,
            before: self.before.as_ref(),
            contours: self.contours.as_ref(),
            figures: &shown.figures,
            page: shown.page,
        };
        Some((shown, materials))
    }
}

thread_local! {
    static STATE: RefCell<State> = RefCell::default();
}

pub(super) fn start() {
    dom::on(BASE, "change", || {
        let files = drop_zone::files(BASE);
        if files.is_empty() {
            forget();
        } else {
            // What is on screen stays until another base is accepted.
            STATE.with_borrow_mut(|state| state.job = None);
            open(Source::Files, &files);
        }
    });
    dom::on("exemple-collectivite", "click", || {
        forget();
        drop_zone::set_files(BASE, &[]);
        open(Source::Example, &[]);
    });
    dom::on("annuler-collectivite", "click", cancel);
    dom::on(BEFORE, "change", || beside(BEFORE));
    dom::on(CONTOURS, "change", || beside(CONTOURS));
    for select in ["choix-indicateur", "choix-maille", "choix-vue"] {
        dom::on(select, "change", chosen);
    }
    dom::on("image-png", "click", images::png);
    dom::on("image-svg", "click", images::svg);
    dom::on("choix-fiche", "change", render::mailles);
    dom::on("choix-comparaison", "change", render::fiche);
    dom::on("choix-niveau-fiche", "change", fiche_level);
    dom::on("recherche-fiche", "input", render::mailles);
    // Enter opens the only maille that is found. Leaving the field does not: what is
    // searched may be meant for the comparison.
    dom::on_enter("recherche-fiche", || {
        if let Some(place) = render::only_found() {
            dom::choose("choix-fiche", &place);
            render::mailles();
        }
    });
    dom::on_data_click("trouvees-fiche", "ouvrir", |place| {
        dom::choose("choix-fiche", &place);
        render::mailles();
        dom::focus("choix-fiche");
    });
    for select in ["choix-croisement", "choix-maille-croisement"] {
        dom::on(select, "change", render::crossing);
    }
    dom::on("imprimer-fiche", "click", || {
        let title = dom::text_within("#fiche h4");
        dom::print_alone(PRINTED, &crate::words::fiche::label(&title));
    });
    dom::on_data_click("graphique-pages", "page", |page| {
        turn(&page, |shown| &mut shown.page);
        render::drawing();
        // The button that was pressed is gone with the page it stood on.
        dom::focus("choix-maille");
    });
    dom::on_data_click("chiffres", "table", |page| {
        turn(&page, |shown| &mut shown.table_page);
        render::table();
        dom::focus("chiffres-defile");
    });
    // A heading that takes the focus comes into view; the address keeps what is
    // chosen, which an anchor would replace.
    dom::on_data_click("sommaire", "aller", |heading| dom::focus(&heading));
    dom::on_data_click("chiffres", "tri", |column| sort(&column));
    dom::on_data_click("chaleur", "chaleur", |page| {
        turn(&page, |shown| &mut shown.heat_page);
        render::heat();
        dom::focus("chaleur-defile");
    });
    dom::listen(&dom::window(), "resize", |_| shown());
}

fn open(source: Source, files: &[web_sys::File]) {
    let job = job(source, files, |response| {
        if response.is_last() {
            STATE.with_borrow_mut(|state| state.job = None);
            CONSOLE.end();
        }
        match response {
            Response::Progress(progress) => CONSOLE.progress(&progress),
            Response::BaseOpened(file) => show(&file.bytes),
            Response::Failed(failure) => refuse(&failure.to_string()),
            _ => {}
        }
    });
    STATE.with_borrow_mut(|state| state.job = job);
}

/// The file chosen is no base: what is on screen stays.
fn refuse(sentence: &str) {
    if STATE.with_borrow(|state| state.shown.is_some()) {
        drop_zone::set_files(BASE, &[]);
        CONSOLE.alert(&format!("{sentence}\n{}", words::BASE_KEPT));
    } else {
        CONSOLE.alert(sentence);
    }
}

fn job(
    source: Source,
    files: &[web_sys::File],
    answer: impl Fn(Response) + 'static,
) -> Option<Job> {
    let demand = OpenBaseDemand {
        source,
        produced_on: dom::today(),
    };
    started(&Request::OpenBase(demand), files, answer)
}

fn started(
    request: &Request,
    files: &[web_sys::File],
    answer: impl Fn(Response) + 'static,
) -> Option<Job> {
    CONSOLE.begin();
    match Job::start(request, files, answer) {
        Ok(job) => Some(job),
        Err(sentence) => {
            CONSOLE.end();
            CONSOLE.alert(&sentence);
            None
        }
    }
}

/// Reads contours or an earlier base, or drops those that were there. They stay
/// until others are accepted.
fn beside(input: &'static str) {
    STATE.with_borrow_mut(|state| state.side = None);
    CONSOLE.end();
    quiet();
    let files = drop_zone::files(input);
    let name = files.first().map(web_sys::File::name).unwrap_or_default();
    if files.is_empty() {
        STATE.with_borrow_mut(|state| {
            match input {
                BEFORE => state.before = None,
                _ => state.contours = None,
            }
            state.kept.keep(input);
        });
        render::views();
        render::all();
        return;
    }
    let answer = move |response: Response| {
        if response.is_last() {
            STATE.with_borrow_mut(|state| state.side = None);
            CONSOLE.end();
        }
        let taken = match response {
            Response::Progress(progress) => return CONSOLE.progress(&progress),
            Response::BaseOpened(file) => take_before(&file.bytes),
            Response::ContoursOpened { bytes } => take_contours(&bytes),
            Response::Failed(failure) => Err(failure.to_string()),
            _ => return,
        };
        match taken {
            Ok(sentence) => {
                STATE.with_borrow_mut(|state| state.kept.keep(input));
                CONSOLE.state(sentence);
                render::views();
                render::all();
            }
            Err(sentence) => {
                put_back(input);
                // Beside the field: the alert of the screen may be out of sight.
                let said = format!(
                    "{}\n{sentence}\n{}",
                    words::refused(&name),
                    ui::BESIDE_REFUSED
                );
                dom::html(&format!("alerte-{input}"), &view::sentences(&said));
            }
        }
    };
    let side = if input == BEFORE {
        job(Source::Files, &files, answer)
    } else {
        started(&Request::OpenContours, &files, answer)
    };
    STATE.with_borrow_mut(|state| state.side = side);
}

/// Nothing is wrong, as far as one knows.
fn quiet() {
    CONSOLE.quiet();
    for input in [BEFORE, CONTOURS] {
        dom::clear(&format!("alerte-{input}"));
    }
}

/// An input shows again the file that was read from it.
fn put_back(input: &str) {
    STATE.with_borrow(|state| state.kept.put_back(input));
}

fn take_before(bytes: &[u8]) -> Result<&'static str, String> {
    let before = Base::reread(bytes).map_err(|error| error.to_string())?;
    STATE.with_borrow_mut(|state| {
        if let Some(shown) = &state.shown {
            evolution::comparable(&shown.base, &before).map_err(|error| error.to_string())?;
        }
        state.before = Some(before);
        Ok(words::BEFORE_READY)
    })
}

fn take_contours(bytes: &[u8]) -> Result<&'static str, String> {
    let contours = Contours::parse(bytes).map_err(|error| error.to_string())?;
    STATE.with_borrow_mut(|state| state.contours = Some(contours));
    Ok(words::CONTOURS_READY)
}

fn show(bytes: &[u8]) {
    let base = match Base::reread(bytes) {
        Ok(base) => base,
        Err(error) => return refuse(&error.to_string()),
    };
    let asked = address::parse(&dom::hash());
    let indicators = drawing::indicators(&base);
    let levels = drawing::levels(&base);
    let first = |level: &Level| levels.contains(level);
    let choice = Choice {
        indicator: asked
            .indicator
            .filter(|key| indicators.contains(key))
            .or(indicators.first().copied())
            .unwrap_or_default(),
        level: asked
            .level
            .filter(first)
            .or(levels.first().copied())
            .unwrap_or(Level::Commune),
        view: asked.view.unwrap_or_default(),
    };
    let Some(figures) = Figures::of(&base, choice.indicator, choice.level) else {
        return refuse(ui::NO_BASE);
    };
    let awaited = base.awaited();
    dom::html("base-entete", &results::header(&base));
    dom::html(
        "choix-indicateur",
        &choices::indicators(&base, choice.indicator),
    );
    dom::html("choix-maille", &choices::levels(&levels, choice.level));
    STATE.with_borrow_mut(|state| {
        // An earlier base of another territory does not outlive this one.
        let comparable = |before: &Base| evolution::comparable(&base, before).is_ok();
        if !state.before.as_ref().is_some_and(comparable) {
            state.before = None;
            drop_zone::set_files(BEFORE, &[]);
            state.kept.keep(BEFORE);
        }
        state.shown = Some(Shown {
            base,
            levels,
            fiche_level: choice.level,
            choice,
            figures,
            sort: Sort::default(),
            page: 0,
            table_page: 0,
            heat_page: 0,
            width: 0,
        });
    });
    // The canvas must be seen to have a width.
    dom::show("resultats-collectivite", true);
    render::territory();
    render::crossings();
    render::places();
    render::views();
    render::all();
    CONSOLE.told(&html! {
        (view::said(ui::BASE_READY))
        @if !awaited.is_empty() {
            " " span.reserve { (view::said(&ui::base_incomplete(&awaited))) }
        }
    });
}

/// Something was chosen on the screen: the address follows.
fn chosen() {
    let asked = address::Asked {
        indicator: address_indicator(&dom::chosen("choix-indicateur")),
        level: address::level(&dom::chosen("choix-maille")),
        view: address::view(&dom::chosen("choix-vue")),
    };
    if apply(asked) {
        dom::set_hash(&address());
    }
}

fn address_indicator(key: &str) -> Option<&'static str> {
    crate::indicator::shares::share(key).map(|share| share.key)
}

/// Another level of fiches was chosen.
fn fiche_level() {
    let asked = address::level(&dom::chosen("choix-niveau-fiche"));
    STATE.with_borrow_mut(|state| {
        if let (Some(shown), Some(level)) = (&mut state.shown, asked) {
            shown.fiche_level = level;
        }
    });
    render::fiches();
}

/// The address changed, by the browser's buttons or by a link: the screen
/// follows.
pub(super) fn follow_address() {
    let asked = address::parse(&dom::hash());
    if apply(asked) {
        STATE.with_borrow(|state| {
            if let Some(shown) = &state.shown {
                dom::choose("choix-indicateur", shown.choice.indicator);
                dom::choose("choix-maille", shown.choice.level.id());
                dom::choose("choix-vue", shown.choice.view.id());
            }
        });
    }
}

/// The address of what is on screen.
pub(super) fn address() -> String {
    STATE.with_borrow(|state| match &state.shown {
        Some(shown) => shown.choice.address(),
        None => address::SCREEN.to_owned(),
    })
}

/// Shows what is asked for, as far as the base has it; false when that is what
/// is shown already.
fn apply(asked: address::Asked) -> bool {
    let moved = STATE.with_borrow_mut(|state| {
        let shown = state.shown.as_mut()?;
        let was = shown.choice;
        let has = |key: &&str| drawing::indicators(&shown.base).contains(key);
        let choice = Choice {
            indicator: asked.indicator.filter(has).unwrap_or(was.indicator),
            level: asked
                .level
                .filter(|level| shown.levels.contains(level))
                .unwrap_or(was.level),
            view: asked.view.unwrap_or(was.view),
        };
        if choice == was {
            return None;
        }
        shown.figures = Figures::of(&shown.base, choice.indicator, choice.level)?;
        // In or out of districts is a comparison rather than a place to look up.
        if shown.fiche_level == was.level && choice.level != Level::QpvSituation {
            shown.fiche_level = choice.level;
        }
        shown.choice = choice;
        (shown.page, shown.table_page) = (0, 0);
        Some(choice.level != was.level)
    });
    let Some(other_level) = moved else {
        return false;
    };
    dom::clear("etat-image");
    if other_level {
        STATE.with_borrow_mut(|state| {
            if let Some(shown) = &mut state.shown {
                shown.heat_page = 0;
            }
        });
        render::places();
    }
    render::all();
    true
}

fn turn(page: &str, field: impl Fn(&mut Shown) -> &mut usize) {
    STATE.with_borrow_mut(|state| {
        if let Some(shown) = &mut state.shown {
            *field(shown) = page.parse().unwrap_or(0);
        }
    });
}

fn sort(column: &str) {
    let Some(by) = column
        .parse()
        .ok()
        .and_then(|rank: usize| Column::ALL.get(rank).copied())
    else {
        return;
    };
    STATE.with_borrow_mut(|state| {
        if let Some(shown) = &mut state.shown {
            shown.sort = shown.sort.pressed(by);
            shown.table_page = 0;
        }
    });
    render::table();
    dom::focus(&format!("tri-{column}"));
}

/// The screen came into view or changed its width: the chart follows.
pub(super) fn shown() {
    let stale = STATE.with_borrow(|state| {
        let shown = state.shown.as_ref();
        shown.is_some_and(|shown| shown.width != chart::width_of("avec-graphique"))
    });
    if stale {
        render::drawing();
    }
}

/// Stops what runs: a base being read, or a file beside the base shown, which
/// stays.
fn cancel() {
    let stays = STATE.with_borrow_mut(|state| {
        (state.job, state.side) = (None, None);
        state.shown.is_some()
    });
    [BEFORE, CONTOURS].into_iter().for_each(put_back);
    if stays {
        CONSOLE.end();
        quiet();
    } else {
        forget();
    }
    CONSOLE.state(ui::CANCELLED_BASE);
    dom::focus(BASE);
}

/// The page is left, perhaps to be shown again: what was under way ends.
pub(super) fn leave() {
    if STATE.with_borrow(|state| state.job.is_some() || state.side.is_some()) {
        cancel();
    }
}

/// Ends the worker and drops the base; files beside it stay.
fn forget() {
    STATE.with_borrow_mut(|state| {
        (state.job, state.side, state.shown) = (None, None, None);
    });
    CONSOLE.end();
    quiet();
    dom::show("resultats-collectivite", false);
    for region in [
        "base-entete",
        "cles",
        "choix-indicateur",
        "choix-maille",
        "choix-vue",
        "sans-graphique",
        "graphique-pages",
        "chiffres",
        "trouvees-fiche",
        "segregation",
        "chaleur",
        "choix-croisement",
        "choix-maille-croisement",
        "croisement",
        "choix-niveau-fiche",
        "choix-fiche",
        "choix-comparaison",
        "fiche",
        "etat-image",
    ] {
        dom::clear(region);
    }
}

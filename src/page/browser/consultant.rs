//! The consultant's screen (*Bureau d'études*).
//!
//! Partials come in one or several goes; each change checks and merges anew.

use std::cell::RefCell;

use web_sys::File;

use super::job::{Console, Job};
use super::{dom, download, drop_zone};
use crate::base::Base;
use crate::campaign::Campaign;
use crate::export::Format;
use crate::page::protocol::{
    ConsolidateDemand, ConsolidationOutcome, ExportDemand, Request, Response, SavedBase, Source,
};
use crate::page::view::{self, completeness, control, results};
use crate::page::view_model::{CampaignView, FileCheck};
use crate::words::ui;

const PARTIALS: &str = "partiels";
const CAMPAIGN: &str = "campagne-bureau-etudes";
/// What was read of the campaign.
const READ: &str = "lue-campagne-bureau-etudes";
const CAMPAIGN_EXTENSION: &str = ".campagne.json";
/// Buttons that lead to what a merge has given.
const MENU: &str = "sommaire-bureau-etudes";
const CONSOLE: Console = Console {
    screen: "bureau-etudes",
    input: PARTIALS,
};

#[derive(Default)]
struct State {
    job: Option<Job>,
    files: Vec<File>,
    example: bool,
    base: Option<SavedBase>,
    /// The landlords that it lacks, by name.
    missing: Vec<String>,
    /// Name of the campaign file that came among the partials.
    taken: Option<String>,
    /// The campaign that what is shown was made under.
    kept: drop_zone::Kept,
}

thread_local! {
    static STATE: RefCell<State> = RefCell::default();
}

pub(super) fn start() {
    drop_zone::tell_campaign(CAMPAIGN, &CampaignView::from(&Campaign::cucm()));
    dom::on(PARTIALS, "change", || {
        add(drop_zone::files(PARTIALS));
        restart();
    });
    dom::on(CAMPAIGN, "change", || {
        STATE.with_borrow_mut(|state| state.taken = None);
        if STATE.with_borrow(|state| state.base.is_some()) {
            // What is shown stays until the campaign is known to be one.
            STATE.with_borrow_mut(|state| state.job = None);
            CONSOLE.quiet();
            merge();
        } else {
            restart();
        }
    });
    dom::on("exemple-bureau-etudes", "click", || {
        STATE.with_borrow_mut(|state| {
            state.files.clear();
            state.taken = None;
            state.example = true;
        });
        drop_zone::set_files(PARTIALS, &[]);
        drop_zone::set_files(CAMPAIGN, &[]);
        restart();
    });
    dom::on("annuler-bureau-etudes", "click", cancel);
    for region in [MENU, "alerte-bureau-etudes"] {
        dom::on_data_click(region, "aller", |place| dom::focus(&place));
    }
    dom::on_data_click("controle", "retirer", |rank| remove(&rank));
    dom::on("telecharger-base", "click", save);
    for (button, format) in [
        ("exporter-xlsx", Format::Xlsx),
        ("exporter-ods", Format::Ods),
        ("exporter-csv", Format::Csv),
    ] {
        dom::on(button, "click", move || export(format));
    }
}

fn cancel() {
    forget();
    CONSOLE.quiet();
    CONSOLE.state(ui::CANCELLED_MERGE);
    dom::focus(PARTIALS);
}

/// The page is left, perhaps to be shown again: what was under way ends.
pub(super) fn leave() {
    if STATE.with_borrow(|state| state.job.is_some()) {
        cancel();
    }
}

/// Adds files to those that are there; a file chosen again replaces itself. A
/// whole folder may be dropped: the campaign in it goes where campaigns go, unless
/// one is there already.
fn add(mut files: Vec<File>) {
    let campaign = files.iter().position(|file| is_campaign(&file.name()));
    if let Some(rank) = campaign.filter(|_| drop_zone::files(CAMPAIGN).is_empty()) {
        let file = files.remove(rank);
        STATE.with_borrow_mut(|state| state.taken = Some(file.name()));
        drop_zone::set_files(CAMPAIGN, &[file]);
    }
    let all = STATE.with_borrow_mut(|state| {
        state.example &= files.is_empty();
        for file in files {
            let same = |other: &File| {
                other.name() == file.name()
                    && other.size() == file.size()
                    && other.last_modified() == file.last_modified()
            };
            match state.files.iter().position(same) {
                Some(rank) => state.files[rank] = file,
                None => state.files.push(file),
            }
        }
        state.files.clone()
    });
    drop_zone::set_files(PARTIALS, &all);
}

/// What is said of a campaign that came among the partials.
fn campaign_taken() -> Option<String> {
    STATE.with_borrow(|state| state.taken.as_deref().map(ui::campaign_taken))
}

/// Is this the name that the page gives to campaigns?
fn is_campaign(name: &str) -> bool {
    name.to_lowercase().ends_with(CAMPAIGN_EXTENSION)
}

fn remove(rank: &str) {
    let all = STATE.with_borrow_mut(|state| {
        if let Ok(rank) = rank.parse::<usize>()
            && rank < state.files.len()
        {
            state.files.remove(rank);
        }
        state.files.clone()
    });
    drop_zone::set_files(PARTIALS, &all);
    restart();
    dom::focus(PARTIALS);
}

fn restart() {
    forget();
    CONSOLE.quiet();
    merge();
}

/// Checks and merges what is chosen.
fn merge() {
    let (files, example) = STATE.with_borrow(|state| (state.files.clone(), state.example));
    let campaign = drop_zone::files(CAMPAIGN);
    if files.is_empty() && !example {
        CONSOLE.state(&campaign_taken().unwrap_or_default());
        if campaign.is_empty() {
            drop_zone::tell_campaign(CAMPAIGN, &CampaignView::from(&Campaign::cucm()));
        } else {
            begin(&Request::OpenCampaign, &campaign);
        }
        return;
    }
    let demand = ConsolidateDemand {
        source: if example {
            Source::Example
        } else {
            Source::Files
        },
        campaign: (!campaign.is_empty() && !example).then_some(files.len()),
        produced_on: dom::today(),
    };
    let files: Vec<_> = files.into_iter().chain(campaign).collect();
    begin(&Request::Consolidate(demand), &files);
}

fn begin(request: &Request, files: &[File]) {
    CONSOLE.begin();
    match Job::start(request, files, answer) {
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
        Response::Consolidated(outcome) => {
            clear();
            STATE.with_borrow_mut(|state| state.kept.keep(CAMPAIGN));
            show(*outcome);
        }
        Response::CampaignOpened(campaign) => {
            drop_zone::tell_campaign(CAMPAIGN, &campaign);
            // Reading it has put what was said of where it came from out of sight.
            CONSOLE.state(&campaign_taken().unwrap_or_default());
        }
        Response::Failed(failure) => refuse(&failure.to_string()),
        Response::Campaign(_)
        | Response::CampaignToEdit(_)
        | Response::ListRead(_)
        | Response::ReadingsCompared(_)
        | Response::Aggregated(_)
        | Response::BaseOpened(_)
        | Response::ContoursOpened { .. }
        | Response::OtherReading(_)
        | Response::Piece(_)
        | Response::Exported(_) => {}
    }
}

/// The campaign cannot be taken: what was made without it stays.
fn refuse(sentence: &str) {
    let stays = STATE.with_borrow(|state| {
        let stays = state.base.is_some();
        if stays {
            state.kept.put_back(CAMPAIGN);
        }
        stays
    });
    if stays {
        CONSOLE.alert_beside(sentence);
    } else {
        CONSOLE.alert(sentence);
    }
}

fn show(outcome: ConsolidationOutcome) {
    let example = STATE.with_borrow(|state| state.example);
    drop_zone::tell_campaign(CAMPAIGN, &outcome.campaign);
    dom::html(
        "controle",
        &control::checks(&outcome.checks, &outcome.missing, !example),
    );
    dom::show("resultats-bureau-etudes", true);
    show_merge(outcome.base.is_ok());
    dom::show(MENU, true);
    match outcome.base {
        Ok(file) => match Base::reread(&file.bytes) {
            Ok(base) => {
                let names = landlords(&outcome.checks);
                dom::html(
                    "fusion",
                    &maud::html! {
                        (results::key_figures(&base))
                        (completeness::completeness(&base, &names))
                    },
                );
                STATE.with_borrow_mut(|state| {
                    state.base = Some(file);
                    state.missing.clone_from(&outcome.missing);
                });
                let taken = campaign_taken();
                let done = control::done(
                    &outcome.checks,
                    &outcome.missing,
                    &base.lacks(),
                    taken.as_deref(),
                );
                CONSOLE.told(&done);
            }
            Err(error) => {
                show_merge(false);
                CONSOLE.alert(&error.to_string());
            }
        },
        Err(reason) => {
            let sentence = control::nothing(&reason, &outcome.checks);
            // A sentence that names the place has a way there: it is out of sight.
            let campaign = sentence.contains(ui::CAMPAIGN_PLACE);
            CONSOLE.alert_with(
                &sentence,
                &maud::html! {
                    @if campaign {
                        p.boutons { button type="button" data-aller=(CAMPAIGN) { (ui::GIVE_CAMPAIGN) } }
                    }
                },
            );
        }
    }
}

/// Identifiers and names of the landlords whose partials were accepted.
fn landlords(checks: &[FileCheck]) -> Vec<(String, String)> {
    checks
        .iter()
        .filter_map(|check| match check {
            FileCheck::Accepted(partial) => Some((partial.landlord.clone(), partial.name.clone())),
            FileCheck::Refused(_) => None,
        })
        .collect()
}

fn save() {
    let saved = STATE.with_borrow(|state| {
        let base = state.base.as_ref()?;
        Some(download::save(&base.file_name, &base.bytes, download::JSON))
    });
    if saved == Some(true) {
        let missing = STATE.with_borrow(|state| state.missing.clone());
        let told = match missing.is_empty() {
            true => maud::html! { (ui::BASE_SAVED) },
            false => maud::html! {
                span.reserve { (view::said(&ui::base_saved_without(&missing))) }
            },
        };
        dom::html("etat-base", &told);
    }
}

/// Shows what was merged, and the buttons that lead there, or hides them.
fn show_merge(shown: bool) {
    for part in [
        "section-fusion",
        "aller-section-fusion",
        "aller-telecharger-base",
    ] {
        dom::show(part, shown);
    }
}

/// Asks a worker for the base in a format. Another asked for meanwhile takes
/// its place: its button says so by the sentence that ends it.
fn export(format: Format) {
    let Some(base) = STATE.with_borrow(|state| Some(state.base.as_ref()?.bytes.clone())) else {
        return;
    };
    // So does a campaign on trial: its place takes back the one that it had.
    STATE.with_borrow_mut(|state| {
        state.job = None;
        state.kept.put_back(CAMPAIGN);
    });
    CONSOLE.end();
    dom::text("etat-base", &ui::spaced(ui::EXPORTING));
    let demand = Request::Export(ExportDemand { base, format });
    let answered = move |response: Response| {
        if response.is_last() {
            STATE.with_borrow_mut(|state| state.job = None);
            dom::clear("etat-base");
        }
        match response {
            Response::Exported(file)
                if download::save(&file.file_name, &file.bytes, format.media_type()) =>
            {
                dom::text("etat-base", &ui::spaced(&ui::exported(&file.file_name)));
            }
            Response::Failed(failure) => CONSOLE.alert(&failure.to_string()),
            _ => {}
        }
    };
    match Job::start(&demand, &[], answered) {
        Ok(job) => STATE.with_borrow_mut(|state| state.job = Some(job)),
        Err(sentence) => {
            dom::clear("etat-base");
            CONSOLE.alert(&sentence);
        }
    }
}

/// Ends the worker and drops the results; the files stay.
fn forget() {
    STATE.with_borrow_mut(|state| state.job = None);
    CONSOLE.end();
    clear();
}

fn clear() {
    STATE.with_borrow_mut(|state| state.base = None);
    dom::show("resultats-bureau-etudes", false);
    dom::show(MENU, false);
    for region in ["controle", "fusion", "etat-base", READ] {
        dom::clear(region);
    }
}

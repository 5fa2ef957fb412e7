//! An optional file, chosen while a partial is shown: what is shown stays until it
//! is known whether the file can be taken.
//!
//! A file that cannot (wrong, damaged, hostile) changes nothing: its place takes back
//! the file that it had. Whatever else comes of it replaces what was shown.

use super::{BESIDE, CONSOLE, OPS, READINGS_STATE, STATE, allow_download, clear, read, restart};
use crate::page::browser::{dom, drop_zone};
use crate::page::protocol::{Failure, Response};
use crate::page::view_model::CampaignView;
use crate::words::ui;

use web_sys::HtmlInputElement;

/// The trial of an optional file.
pub(super) struct Trial {
    /// Where it was put.
    input: &'static str,
    /// The campaign that was read on the way.
    campaign: Option<CampaignView>,
}

/// Reads again with the file that an input was just given.
pub(super) fn read_with(input: &'static str) {
    let shown = STATE.with_borrow(|state| state.shown.is_some());
    if !shown || drop_zone::files(OPS).is_empty() {
        restart();
        return;
    }
    let compared = STATE.with_borrow_mut(|state| {
        state.trial = Some(Trial {
            input,
            campaign: None,
        });
        // Ends the comparison of the readings, if it was not over.
        state.job.take().is_none()
    });
    if !compared {
        dom::text(READINGS_STATE, &ui::spaced(ui::READINGS_FAILED));
    }
    // Not saved meanwhile: it may be about to be replaced.
    lock(true);
    CONSOLE.quiet();
    read();
    // A setting on screen stopped the reading before it began.
    if STATE.with_borrow(|state| state.job.is_none() && state.trial.is_some()) {
        restart();
    }
}

/// The answer, unless it is about a trial that goes on or is lost.
pub(super) fn judge(response: Response) -> Option<Response> {
    let on_trial = STATE.with_borrow(|state| state.trial.is_some());
    match response {
        response if !on_trial => return Some(response),
        Response::Progress(progress) => CONSOLE.progress(&progress),
        Response::Campaign(campaign) => STATE.with_borrow_mut(|state| {
            if let Some(trial) = &mut state.trial {
                trial.campaign = Some(campaign);
            }
        }),
        Response::Failed(Failure::Beside(told)) => {
            give_up("");
            CONSOLE.alert_beside(&told.to_string());
        }
        response => {
            let campaign = STATE.with_borrow_mut(|state| state.trial.take()?.campaign);
            clear();
            if let Some(campaign) = campaign {
                super::show_campaign(campaign);
            }
            return Some(response);
        }
    }
    None
}

/// Ends a trial that goes on: what is shown stays, and its file. False when there is
/// none.
pub(super) fn give_up(sentence: &str) -> bool {
    let lost = STATE.with_borrow_mut(|state| {
        let trial = state.trial.take()?;
        state.job = None;
        state.kept.put_back(trial.input);
        Some(())
    });
    if lost.is_none() {
        return false;
    }
    CONSOLE.end();
    CONSOLE.quiet();
    CONSOLE.state(sentence);
    lock(false);
    true
}

/// Remembers the files that what is shown was made with.
pub(super) fn keep() {
    STATE.with_borrow_mut(|state| BESIDE.into_iter().for_each(|input| state.kept.keep(input)));
}

fn lock(locked: bool) {
    dom::by_id::<HtmlInputElement>("verifie").set_disabled(locked);
    if locked {
        dom::by_id::<web_sys::HtmlButtonElement>("telecharger-partiel").set_disabled(true);
    } else {
        allow_download();
    }
}

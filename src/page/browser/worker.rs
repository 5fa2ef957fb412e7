//! The worker's side of the protocol: the only place where rows exist.

use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, File};

use super::file_source::FileSource;
use crate::campaign::{self, Campaign};
use crate::page::protocol::{Progress, Request, Response, Step};
use crate::page::view_model::CampaignView;
use crate::pipeline::Observer;
use crate::words::ui;

/// Rows between two messages of progress: often enough for the eye, seldom
/// enough to cost nothing.
const ROWS_PER_MESSAGE: u64 = 2_000;

pub(super) fn run(demande: JsValue, fichiers: &js_sys::Array) {
    // A request that cannot be read is a fault of the page, like a trap.
    let response = match serde_wasm_bindgen::from_value::<Request>(demande) {
        Ok(request) => answer(&request, &Files(fichiers)).unwrap_or_else(failed),
        Err(_) => failed(ui::CRASHED.to_owned()),
    };
    post(&response);
}

fn failed(sentence: String) -> Response {
    Response::Failed {
        sentence,
        quality: None,
    }
}

fn answer(request: &Request, files: &Files<'_>) -> Result<Response, String> {
    match request {
        Request::OpenCampaign => {
            let campaign = files.campaign(Some(0))?;
            Ok(Response::CampaignOpened(CampaignView::from(&campaign)))
        }
        _ => Err(String::new()),
    }
}

fn post(response: &Response) {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let message = response
        .serialize(&serde_wasm_bindgen::Serializer::new())
        .expect("messages are plain data");
    scope
        .post_message(&message)
        .expect("plain data can be cloned");
}

/// The files beside the request.
struct Files<'a>(&'a js_sys::Array);

impl Files<'_> {
    fn get(&self, rank: usize) -> Result<File, String> {
        let rank = u32::try_from(rank).unwrap_or(u32::MAX);
        self.0
            .get(rank)
            .dyn_into()
            .map_err(|_| ui::CRASHED.to_owned())
    }

    fn open(&self, rank: usize) -> Result<FileSource, String> {
        FileSource::new(self.get(rank)?).map_err(|e| ui::read_failed(&self.name(rank), &e))
    }

    fn name(&self, rank: usize) -> String {
        self.get(rank).map(|file| file.name()).unwrap_or_default()
    }

    fn whole(&self, rank: usize, max: usize) -> Result<Vec<u8>, String> {
        self.open(rank)?
            .read_whole(max)
            .map_err(|e| ui::read_failed(&self.name(rank), &e))
    }

    /// The campaign file of this rank, or the embedded campaign.
    fn campaign(&self, rank: Option<usize>) -> Result<Campaign, String> {
        let Some(rank) = rank else {
            return Ok(Campaign::cucm());
        };
        let bytes = self.whole(rank, campaign::MAX_BYTES)?;
        Campaign::parse(&bytes).map_err(|e| e.to_string())
    }
}

/// Posts the progress of the core to the page, not too often.
struct Poster {
    step: Step,
    posted: u64,
    per_mille: u16,
}

impl Default for Poster {
    fn default() -> Self {
        Self {
            step: Step::Reading,
            posted: 0,
            per_mille: 0,
        }
    }
}

impl Observer for Poster {
    fn step(&mut self, step: crate::pipeline::Step) {
        *self = Self {
            step: step.into(),
            ..Self::default()
        };
        post(&Response::Progress(Progress {
            step: self.step,
            rows: 0,
            per_mille: 0,
        }));
    }

    fn progress(&mut self, rows: u64, per_mille: u16) {
        if rows >= self.posted + ROWS_PER_MESSAGE || per_mille >= self.per_mille + 10 {
            (self.posted, self.per_mille) = (rows, per_mille);
            post(&Response::Progress(Progress {
                step: self.step,
                rows,
                per_mille,
            }));
        }
    }
}

//! The worker's side of the protocol: the only place where rows exist.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt::Display;
use std::io::Read as _;

use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, File};

use super::file_source::FileSource;
use crate::base::{self, Base, BaseError};
use crate::campaign::draft::Draft;
use crate::campaign::{self, Campaign, CampaignError};
use crate::contours::{self, Contours};
use crate::example::{self, Landlord};
use crate::export;
use crate::intake::lists::read_list;
use crate::intake::{Correspondence, IntakeError, Options, Rpls, Told, correspondence, passage};
use crate::json;
use crate::legible;
use crate::order;
use crate::page::protocol::{
    AggregateDemand, CompareDemand, ConsolidateDemand, ConsolidationOutcome, ExportDemand, Failure,
    LandlordOutcome, OpenBaseDemand, Progress, ReadingsOutcome, Request, Response, SavedBase,
    Source,
};
use crate::page::view_model::{CampaignView, FileCheck};
use crate::partial::{self, PartialError};
use crate::pipeline::{
    self, AggregateError, AggregateRequest, Aggregation, Consolidation, Counted, Observer,
    RefusedFile, Step,
};
use crate::words::{prepare, ui};

/// Rows between two messages of progress: often enough for the eye, seldom
/// enough to cost nothing.
const ROWS_PER_MESSAGE: u64 = 2_000;

pub(super) fn run(demande: JsValue, fichiers: &js_sys::Array) {
    // A request that cannot be read is a fault of the page, like a trap.
    let response = match serde_wasm_bindgen::from_value::<Request>(demande) {
        Ok(request) => answer(&request, &Files(fichiers)).unwrap_or_else(Response::Failed),
        Err(_) => Response::Failed(Failure::from(ui::CRASHED.to_owned())),
    };
    post(&response);
}

/// A file beside the landlord's that cannot be read.
fn told(error: IntakeError) -> Failure {
    Failure::Beside(error.told())
}

/// The same, of a document.
fn beside(error: impl Display) -> Failure {
    Failure::Beside(Told::plain(error.to_string()))
}

fn answer(request: &Request, files: &Files<'_>) -> Result<Response, Failure> {
    match request {
        Request::OpenCampaign => {
            let campaign = files.campaign(Some(0))?;
            Ok(Response::CampaignOpened(CampaignView::from(&campaign)))
        }
        Request::EditCampaign => {
            let campaign = files.campaign(Some(0))?;
            Ok(Response::CampaignToEdit(Box::new(Draft::of(
                campaign.file(),
            ))))
        }
        Request::ReadList(kind) => {
            let source = files.open(0)?;
            let size = source.size();
            let text = read_list(source, size, &files.name(0), *kind).map_err(told)?;
            Ok(Response::ListRead(text))
        }
        Request::CompareReadings(demand) => compare_readings(demand, files),
        Request::Aggregate(demand) => aggregate(demand, files),
        Request::Consolidate(demand) => Ok(consolidate(demand, files)?),
        Request::OpenBase(demand) => Ok(open_base(demand, files)?),
        Request::Export(demand) => Ok(export_base(demand)?),
        Request::OpenContours => {
            let bytes = files.whole(0, contours::MAX_BYTES)?;
            Contours::parse(&bytes).map_err(|e| e.to_string())?;
            Ok(Response::ContoursOpened { bytes })
        }
    }
}

fn aggregate(demand: &AggregateDemand, files: &Files<'_>) -> Result<Response, Failure> {
    let campaign = match demand.source {
        Source::Files => files.campaign(demand.campaign).map_err(beside)?,
        Source::Example => Campaign::example(),
    };
    post(&Response::Campaign(CampaignView::from(&campaign)));
    let profile = match demand.profile {
        Some(rank) => {
            Correspondence::parse(&files.whole(rank, correspondence::MAX_BYTES)?).map_err(beside)?
        }
        None => Correspondence::default(),
    };
    let profile = profile.with(&demand.correspondence);
    let rpls = match demand.rpls {
        Some(rank) => {
            let source = files.open(rank)?;
            let size = source.size();
            let rpls = Rpls::read(source, size, &files.name(rank)).map_err(told)?;
            Some(std::sync::Arc::new(rpls))
        }
        None => None,
    };
    let mut places = match demand.passage {
        Some(rank) => {
            let source = files.open(rank)?;
            let size = source.size();
            passage::read(source, size, &files.name(rank), &campaign).map_err(told)?
        }
        None => Vec::new(),
    };
    passage::check(&demand.secteurs, &campaign).map_err(|e| e.to_string())?;
    places.extend_from_slice(&demand.secteurs);
    // The screen's choice may come from the list of an earlier campaign.
    let landlord = (demand.landlord.clone()).filter(|id| campaign.landlord_by_id(id).is_some());
    let request = AggregateRequest {
        campaign,
        landlord,
        produced_on: demand.produced_on.clone(),
        threshold: demand.threshold,
        bears_on: demand.bears_on,
        options: Options {
            correspondence: (!profile.is_empty()).then(|| profile.clone()),
            rpls,
            ..Options::default()
        },
        passage: places,
    };
    let made = match demand.source {
        Source::Files => protect(files.open(0)?, &files.name(0), &request),
        Source::Example => protect(example_rows(Landlord::A), ui::EXAMPLE_FILE, &request),
    };
    let made = made?;
    let mut profile = profile.kept(&made.report.given_labels);
    if request.landlord.is_some() {
        profile.landlord = request.landlord.clone();
    }
    let (outcome, counted) = outcome(made, profile);
    // The landlord looks at what will leave while the rest is computed.
    post(&Response::Aggregated(Box::new(outcome)));
    let other = counted.other_reading(&request.campaign);
    Ok(Response::OtherReading(Box::new(other)))
}

fn compare_readings(demand: &CompareDemand, files: &Files<'_>) -> Result<Response, Failure> {
    let campaign = match demand.source {
        Source::Files => Campaign::parse(&demand.campaign),
        Source::Example => {
            let mut file = Campaign::example().file().clone();
            file.rules.threshold = demand.threshold;
            file.rules.group_small_programmes = demand.group_small_programmes;
            Campaign::parse(json::pretty(&file).as_bytes())
        }
    };
    let campaign = campaign.map_err(|e| e.to_string())?;
    let mut request = AggregateRequest::new(campaign.clone(), demand.produced_on.as_str());
    let made = match demand.source {
        Source::Example => protect(example_rows(Landlord::A), ui::EXAMPLE_FILE, &request),
        Source::Files => {
            let name = files.name(0);
            let made = protect(files.open(0)?, &name, &request);
            // Whose file it is changes no number of cells.
            if let Err(AggregateError::Landlord(_)) = &made {
                request.landlord = campaign.file().landlords.first().map(|l| l.id.clone());
                protect(files.open(0)?, &name, &request)
            } else {
                made
            }
        }
    };
    let mut made = made.map_err(|error| match error {
        AggregateError::Intake(IntakeError::MappingNeeded { file, .. }) => {
            Failure::from(prepare::mapping_needed(&file))
        }
        other => Failure::from(other),
    })?;
    made.summary.other = Some(Box::new(made.counted.other_reading(&campaign)));
    let partial = made.certified.partial().file();
    Ok(Response::ReadingsCompared(Box::new(ReadingsOutcome {
        landlord: partial.landlord.name.clone(),
        dwellings: made.report.rows_kept,
        threshold: partial.rules.threshold,
        applied: partial.rules.bears_on,
        summary: made.summary,
    })))
}

fn protect(
    source: FileSource,
    name: &str,
    request: &AggregateRequest,
) -> Result<Aggregation, AggregateError> {
    let size = source.size();
    let source = source.followed(opening);
    pipeline::aggregate(source, size, name, request, &mut Poster::default())
}

/// What the page shows, and the counts that stay here; the bytes of the partial are
/// on their way already.
fn outcome(made: Aggregation, correspondence: Correspondence) -> (LandlordOutcome, Counted) {
    let sha256 = (made.certified).in_pieces(&mut |piece| post(&Response::Piece(piece.to_vec())));
    let outcome = LandlordOutcome {
        sha256,
        partial: Vec::new(),
        file_name: made.file_name,
        landlord: made.certified.partial().file().landlord.name.clone(),
        report: made.report,
        other_landlords: made.other_landlords,
        warning: made.warning,
        hidden: made.summary,
        correspondence,
        programmes: made.programmes,
        verdict: made.certified.verdict().sentence(),
        caveats: (made.certified.verdict().caveats().into_iter())
            .map(str::to_owned)
            .collect(),
    };
    (outcome, made.counted)
}

fn consolidate(demand: &ConsolidateDemand, files: &Files<'_>) -> Result<Response, String> {
    let (made, campaign) = match demand.source {
        Source::Files => {
            let campaign = files.campaign(demand.campaign)?;
            let made = merge_files(files, demand.campaign, &campaign);
            (made, CampaignView::from(&campaign))
        }
        Source::Example => {
            let made = merge_example(&demand.produced_on)?;
            (made, CampaignView::from(&Campaign::example()))
        }
    };
    let base = match &made.0.base {
        Ok(base) => Ok(SavedBase {
            bytes: base.to_bytes(),
            file_name: made.0.file_name.clone(),
        }),
        Err(unmade) => Err(unmade.to_string()),
    };
    Ok(Response::Consolidated(Box::new(ConsolidationOutcome {
        checks: in_order(&made.1, made.0.accepted, made.0.refused),
        campaign,
        missing: made.0.missing,
        base,
    })))
}

/// The partials among the files, merged; and what each is called.
fn merge_files(
    files: &Files<'_>,
    campaign_rank: Option<usize>,
    campaign: &Campaign,
) -> (Consolidation, Vec<String>) {
    let count = campaign_rank.unwrap_or(files.count());
    let names = distinct((0..count).map(|rank| files.name(rank)));
    let read = names
        .iter()
        .enumerate()
        .map(|(rank, name)| (name.clone(), files.partial(rank).map(Cow::Owned)));
    let made = pipeline::consolidate_each(read, campaign, &mut Poster::default());
    (made, names)
}

/// The two landlords of the example, from rows to base.
fn merge_example(produced_on: &str) -> Result<(Consolidation, Vec<String>), String> {
    let mut partials = Vec::new();
    for landlord in [Landlord::A, Landlord::B] {
        let request = AggregateRequest::new(Campaign::example(), produced_on);
        let made = protect(example_rows(landlord), ui::EXAMPLE_FILE, &request)
            .map_err(|e| e.to_string())?;
        partials.push((made.file_name, made.certified.bytes()));
    }
    let names = partials.iter().map(|(name, _)| name.clone()).collect();
    let made = pipeline::consolidate(&partials, &Campaign::example(), &mut Poster::default());
    Ok((made, names))
}

fn open_base(demand: &OpenBaseDemand, files: &Files<'_>) -> Result<Response, String> {
    let (bytes, file_name) = match demand.source {
        Source::Files => {
            let bytes = files.base(0)?;
            Base::parse(&bytes).map_err(|e| e.to_string())?;
            (bytes, files.name(0))
        }
        Source::Example => {
            let (made, _) = merge_example(&demand.produced_on)?;
            let base = made.base.map_err(|unmade| unmade.to_string())?;
            (base.to_bytes(), made.file_name)
        }
    };
    Ok(Response::BaseOpened(SavedBase { bytes, file_name }))
}

fn export_base(demand: &ExportDemand) -> Result<Response, String> {
    let base = Base::parse(&demand.base).map_err(|e| e.to_string())?;
    Ok(Response::Exported(SavedBase {
        bytes: export::write(&base, demand.format).map_err(|e| e.to_string())?,
        file_name: format!(
            "{}{}.{}",
            base.file().campaign.id,
            ui::incomplete(&base.awaited()),
            demand.format.extension()
        ),
    }))
}

fn example_rows(landlord: Landlord) -> FileSource {
    let rows = example::table(landlord, example::SEED, example::DWELLINGS);
    FileSource::in_memory(example::to_csv(&rows).into_bytes())
}

/// Two files may bear one name: the second says it is the second.
fn distinct(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for name in names {
        let free = |name: &String| !all.contains(name);
        let numbered = (2..).map(|n| format!("{name} ({n})"));
        let name = std::iter::once(name.clone()).chain(numbered).find(free);
        all.extend(name);
    }
    all
}

/// What became of each file, in the order in which they were given.
fn in_order(
    names: &[String],
    accepted: Vec<pipeline::AcceptedPartial>,
    refused: Vec<RefusedFile>,
) -> Vec<FileCheck> {
    let mut checks: Vec<FileCheck> = accepted
        .into_iter()
        .map(FileCheck::Accepted)
        .chain(refused.into_iter().map(FileCheck::Refused))
        .collect();
    order::sort_by_key(&mut checks, |check| {
        names.iter().position(|name| name == check.file())
    });
    checks
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
    fn count(&self) -> usize {
        self.0.length() as usize
    }

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
        self.get(rank)
            .map(|file| legible::shown(&file.name()).into_owned())
            .unwrap_or_default()
    }

    fn start(&self, rank: usize) -> Result<Vec<u8>, String> {
        let mut start = vec![0; json::START];
        let mut source = self.open(rank)?.in_pieces_of(start.len() as u64);
        let read = source.read(&mut start);
        let length = read.map_err(|e| ui::read_failed(&self.name(rank), &e))?;
        start.truncate(length);
        Ok(start)
    }

    fn whole(&self, rank: usize, max: usize) -> Result<Vec<u8>, String> {
        self.open(rank)?
            .read_whole(max)
            .map_err(|e| ui::read_failed(&self.name(rank), &e))
    }

    /// A document of the project; one that is too large is not read at all, and of a
    /// table that came in its place no more than what tells it from a document.
    fn document<E: Display>(
        &self,
        rank: usize,
        max: usize,
        too_large: impl Fn(usize, usize) -> E,
    ) -> Result<Vec<u8>, String> {
        let start = self.start(rank)?;
        if json::is_table(&start) {
            return Ok(start);
        }
        let size = usize::try_from(self.open(rank)?.size()).unwrap_or(usize::MAX);
        if size > max {
            return Err(too_large(size, max).to_string());
        }
        self.whole(rank, max)
    }

    fn partial(&self, rank: usize) -> Result<Vec<u8>, String> {
        self.document(rank, partial::MAX_BYTES, |size, max| {
            PartialError::TooLarge { size, max }
        })
    }

    fn base(&self, rank: usize) -> Result<Vec<u8>, String> {
        self.document(rank, base::MAX_BYTES, |size, max| BaseError::TooLarge {
            size,
            max,
        })
    }

    /// The campaign file of this rank, or the embedded campaign.
    fn campaign(&self, rank: Option<usize>) -> Result<Campaign, String> {
        let Some(rank) = rank else {
            return Ok(Campaign::cucm());
        };
        let bytes = self.document(rank, campaign::MAX_BYTES, |size, max| {
            CampaignError::TooLarge { size, max }
        })?;
        Campaign::parse(&bytes).map_err(|e| e.to_string())
    }
}

thread_local! {
    /// Was a row told? Before, bytes are all that goes by.
    static ROWS: Cell<bool> = const { Cell::new(false) };
}

/// Tells how far the bytes are while no row is known: a .csv is gone through for
/// its encoding, an .ods for its sheets.
fn opening(at: u64, size: u64) {
    if !ROWS.get() {
        post(&Response::Progress(Progress {
            step: Step::Opening,
            rows: 0,
            per_mille: u16::try_from(at * 1000 / size.max(1)).unwrap_or(1000),
        }));
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
    fn step(&mut self, step: Step) {
        ROWS.set(false);
        *self = Self {
            step,
            ..Self::default()
        };
        post(&Response::Progress(Progress {
            step: self.step,
            rows: 0,
            per_mille: 0,
        }));
    }

    fn progress(&mut self, rows: u64, per_mille: u16) {
        ROWS.set(true);
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

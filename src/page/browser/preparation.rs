//! The form that makes a campaign (*Préparer une campagne*). What is typed stays
//! in its fields, whatever happens; the file is made here and nowhere kept.

use std::cell::RefCell;

use web_sys::{Element, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};

use super::job::{Console, Job};
use super::{dom, download, drop_zone};
use crate::campaign::draft::{Draft, Fault, Field};
use crate::campaign::lists::{self, ListKind};
use crate::campaign::{Campaign, MIN_THRESHOLD, ceilings};
use crate::page::protocol::{CompareDemand, Request, Response, Source};
use crate::page::view;
use crate::words::{prepare, ui};

const EXISTING: &str = "prepa-existante";
const CEILINGS: &str = "prepa-bareme";
const GROUP: &str = "prepa-regrouper";
/// A landlord's file, to compare the readings on.
const TRIAL: &str = "prepa-essai";
const COMPARED: &str = "prepa-comparaison";
/// Under what a form may begin from.
const STARTED: &str = "etat-prepa-depart";
const CONSOLE: Console = Console {
    screen: "preparation",
    input: EXISTING,
};
/// The input of a list's file, and the field that it fills.
const LISTS: [(&str, ListKind, Field); 4] = [
    (
        "prepa-fichier-communes",
        ListKind::Communes,
        Field::Communes,
    ),
    (
        "prepa-fichier-bailleurs",
        ListKind::Landlords,
        Field::Landlords,
    ),
    (
        "prepa-fichier-quartiers",
        ListKind::Districts,
        Field::Districts,
    ),
    ("prepa-fichier-passage", ListKind::Passage, Field::Passage),
];

thread_local! {
    static JOB: RefCell<Option<Job>> = const { RefCell::new(None) };
    /// The campaign that the form was filled from.
    static ORIGIN: RefCell<Option<Campaign>> = const { RefCell::new(None) };
}

pub(super) fn start() {
    let choices: Vec<(String, String)> = ceilings::known()
        .enumerate()
        .map(|(rank, known)| (rank.to_string(), prepare::ceilings(&known)))
        .collect();
    let options = choices.iter().map(|(v, w)| (v.as_str(), w.as_str()));
    dom::html(
        CEILINGS,
        &view::options(
            [("", prepare::TYPED_CEILINGS)].into_iter().chain(options),
            "",
        ),
    );
    dom::on(CEILINGS, "change", choose_ceilings);
    dom::on(EXISTING, "change", open_existing);
    dom::on("prepa-embarquee", "click", || {
        fill(&Draft::of(Campaign::cucm().file()));
    });
    dom::on("annuler-preparation", "click", || {
        stop();
        CONSOLE.state(prepare::CANCELLED);
        dom::focus(EXISTING);
    });
    dom::on("telecharger-campagne", "click", save);
    dom::on(TRIAL, "change", || compare(Source::Files));
    dom::on("prepa-essai-fictif", "click", || compare(Source::Example));
    for (input, kind, field) in LISTS {
        dom::on(input, "change", move || import(input, kind, field));
    }
}

/// Starts a worker on the file of an input; `done` gets the last good answer.
fn ask(input: &'static str, request: &Request, done: impl Fn(Response, &str) + 'static) {
    let files = drop_zone::files(input);
    if files.is_empty() {
        stop();
        CONSOLE.quiet();
    } else {
        begin(input, &files, request, done);
    }
}

/// Starts a worker on files, or on none.
fn begin(
    input: &'static str,
    files: &[web_sys::File],
    request: &Request,
    done: impl Fn(Response, &str) + 'static,
) {
    stop();
    CONSOLE.quiet();
    dom::clear(STARTED);
    let name = files.first().map(web_sys::File::name).unwrap_or_default();
    CONSOLE.begin();
    let answer = move |response: Response| {
        if response.is_last() {
            stop();
            // The same file can be chosen again once mended.
            drop_zone::set_files(input, &[]);
        }
        match response {
            Response::Progress(progress) => CONSOLE.progress(&progress),
            Response::Failed(failure) => CONSOLE.alert(&failure.to_string()),
            other => done(other, &name),
        }
    };
    match Job::start(request, files, answer) {
        Ok(job) => JOB.set(Some(job)),
        Err(sentence) => {
            CONSOLE.end();
            CONSOLE.alert(&sentence);
        }
    }
}

/// The page is left, perhaps to be shown again: what was under way ends.
pub(super) fn leave() {
    if JOB.with_borrow(Option::is_some) {
        stop();
        CONSOLE.state(prepare::CANCELLED);
    }
}

fn stop() {
    JOB.set(None);
    CONSOLE.end();
}

fn open_existing() {
    ask(EXISTING, &Request::EditCampaign, |response, _| {
        if let Response::CampaignToEdit(draft) = response {
            fill(&draft);
        }
    });
}

fn import(input: &'static str, kind: ListKind, field: Field) {
    ask(input, &Request::ReadList(kind), move |response, file| {
        if let Response::ListRead(text) = response {
            match lists::append(kind, &value(field), &text) {
                Ok(all) => {
                    put(field, &all);
                    CONSOLE.state(&prepare::imported(file));
                }
                Err(why) => CONSOLE.alert(&prepare::unreadable_list(&why)),
            }
        }
    });
}

/// Puts the ceilings chosen in their fields, where they can still be changed.
fn choose_ceilings() {
    let chosen = dom::chosen(CEILINGS).parse().ok();
    if let Some(known) = chosen.and_then(|rank| ceilings::known().nth(rank)) {
        let mut draft = Draft::default();
        draft.set_ceilings(&known);
        for field in [Field::Vintage, Field::Zone, Field::Ceilings] {
            put(field, draft.get(field));
        }
    }
}

/// What stands in the fields.
fn draft() -> Draft {
    let mut draft = Draft::default();
    for field in Field::ALL {
        draft.set(field, value(field));
    }
    draft.group_small_programmes = dom::by_id::<HtmlInputElement>(GROUP).checked();
    draft
}

/// Shows what each reading of the threshold would publish: of a file under the
/// campaign of the form, which must then be whole, or of the example under its
/// threshold.
fn compare(source: Source) {
    dom::clear(COMPARED);
    let draft = draft();
    let (files, campaign) = match source {
        Source::Example => (Vec::new(), Vec::new()),
        Source::Files => {
            let files = drop_zone::files(TRIAL);
            if files.is_empty() {
                return;
            }
            match draft.prepare() {
                Ok(made) => (files, made.bytes),
                Err(faults) => {
                    drop_zone::set_files(TRIAL, &[]);
                    return tell(&faults);
                }
            }
        }
    };
    tell(&[]);
    let threshold = draft.get(Field::Threshold).trim().parse();
    let demand = CompareDemand {
        source,
        campaign,
        threshold: threshold.unwrap_or(MIN_THRESHOLD).max(MIN_THRESHOLD),
        group_small_programmes: draft.group_small_programmes,
        produced_on: dom::today(),
    };
    let request = Request::CompareReadings(demand);
    begin(TRIAL, &files, &request, |response, _| {
        if let Response::ReadingsCompared(outcome) = response {
            dom::html(COMPARED, &view::why::trial(&outcome));
            CONSOLE.state(prepare::COMPARED);
        }
    });
}

fn save() {
    CONSOLE.quiet();
    let made = ORIGIN.with_borrow(|origin| draft().prepare_to_hand_out(origin.as_ref()));
    match made {
        Ok(made) => {
            tell(&[]);
            if download::save(&made.file_name, &made.bytes, download::JSON) {
                let file = made.campaign.file();
                CONSOLE.state(&prepare::saved(
                    &made.file_name,
                    file.communes.len(),
                    file.landlords.len(),
                    file.passage.len(),
                ));
            }
        }
        Err(faults) => tell(&faults),
    }
}

/// Writes each fault under its field, and goes to the first.
fn tell(faults: &[Fault]) {
    let mut wrong = 0;
    for field in Field::ALL {
        let own: Vec<&str> = faults
            .iter()
            .filter(|fault| fault.field == field)
            .map(|fault| fault.sentence.as_str())
            .collect();
        dom::html(
            &format!("{}-erreur", field.id()),
            &view::sentences(&own.join("\n")),
        );
        let element = dom::by_id::<Element>(field.id());
        if own.is_empty() {
            let _ = element.remove_attribute("aria-invalid");
        } else {
            let _ = element.set_attribute("aria-invalid", "true");
            wrong += 1;
        }
    }
    if let Some(first) = faults.first() {
        CONSOLE.alert(&prepare::faults(wrong));
        dom::focus(first.field.id());
    }
}

fn fill(draft: &Draft) {
    tell(&[]);
    for field in Field::ALL {
        put(field, draft.get(field));
    }
    dom::by_id::<HtmlInputElement>(GROUP).set_checked(draft.group_small_programmes);
    // The ceilings are those of the campaign, whatever was chosen before.
    dom::by_id::<HtmlSelectElement>(CEILINGS).set_value("");
    ORIGIN.set(draft.prepare().ok().map(|made| made.campaign));
    CONSOLE.quiet();
    // Where it was asked for: the state of the form is far below.
    dom::text(STARTED, &ui::spaced(prepare::LOADED));
}

/// What a field holds: an input, a choice or a text of several lines.
fn value(field: Field) -> String {
    match field {
        Field::Communes | Field::Landlords | Field::Districts | Field::Passage => {
            dom::by_id::<HtmlTextAreaElement>(field.id()).value()
        }
        Field::BearsOn => dom::chosen(field.id()),
        _ => dom::by_id::<HtmlInputElement>(field.id()).value(),
    }
}

fn put(field: Field, value: &str) {
    match field {
        Field::Communes | Field::Landlords | Field::Districts | Field::Passage => {
            dom::by_id::<HtmlTextAreaElement>(field.id()).set_value(value);
        }
        Field::BearsOn => dom::by_id::<HtmlSelectElement>(field.id()).set_value(value),
        _ => dom::by_id::<HtmlInputElement>(field.id()).set_value(value),
    }
}

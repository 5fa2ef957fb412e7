//! One worker, one request, one last answer.
//!
//! Dropping a [`Job`] ends its worker: its memory is freed and what it had read
//! is gone. An answer that was already on its way is then ignored.

use std::cell::Cell;
use std::rc::Rc;

use serde::Serialize;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, File, MessageEvent, Worker};

use super::dom;
use crate::page::protocol::{Failure, Progress, Request, Response};
use crate::pipeline::Step;
use crate::words::ui;

#[wasm_bindgen]
extern "C" {
    // The sealed bootstrap makes the worker: its address is a Trusted Type, and
    // it sends the compiled module as first message.
    #[wasm_bindgen(js_namespace = opsMixite, js_name = newWorker, catch)]
    fn new_worker() -> Result<Worker, JsValue>;
}

/// A request under way.
pub(super) struct Job {
    worker: Worker,
    alive: Rc<Cell<bool>>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(Event)>,
}

impl Job {
    /// Starts a worker on a request. `answer` gets every answer; a trap, a
    /// worker that cannot start and an answer that cannot be read become
    /// [`Response::Failed`].
    pub(super) fn start(
        request: &Request,
        files: &[File],
        answer: impl Fn(Response) + 'static,
    ) -> Result<Self, String> {
        let worker = new_worker().map_err(|_| ui::NO_WORKER.to_owned())?;
        let alive = Rc::new(Cell::new(true));
        let answer = Rc::new(answer);

        let on_message = {
            let (alive, answer) = (Rc::clone(&alive), Rc::clone(&answer));
            let mut pieces: Vec<Vec<u8>> = Vec::new();
            Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
                if alive.get() {
                    // `{panne: true}` is no answer of the protocol.
                    let response = serde_wasm_bindgen::from_value(event.data());
                    match response.unwrap_or_else(|_| crashed()) {
                        Response::Piece(piece) => pieces.push(piece),
                        Response::Aggregated(mut outcome) => {
                            outcome.partial = std::mem::take(&mut pieces).concat();
                            answer(Response::Aggregated(outcome));
                        }
                        other => answer(other),
                    }
                }
            })
        };
        let on_error = {
            let alive = Rc::clone(&alive);
            Closure::<dyn FnMut(Event)>::new(move |event: Event| {
                // The sentence is ours: the browser's would be in English and
                // could quote what was read.
                event.prevent_default();
                if alive.get() {
                    answer(crashed());
                }
            })
        };
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        let job = Self {
            worker,
            alive,
            _on_message: on_message,
            _on_error: on_error,
        };
        job.ask(request, files)
            .map_err(|_| ui::NO_WORKER.to_owned())?;
        Ok(job)
    }

    fn ask(&self, request: &Request, files: &[File]) -> Result<(), JsValue> {
        let message = js_sys::Object::new();
        let request = request
            .serialize(&serde_wasm_bindgen::Serializer::new())
            .map_err(JsValue::from)?;
        let files: js_sys::Array = files.iter().collect();
        js_sys::Reflect::set(&message, &"demande".into(), &request)?;
        js_sys::Reflect::set(&message, &"fichiers".into(), &files)?;
        self.worker.post_message(&message)
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        self.alive.set(false);
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

fn crashed() -> Response {
    Response::Failed(Failure::from(ui::CRASHED.to_owned()))
}

/// The parts of a screen that follow a job: progress, alert, state.
#[derive(Clone, Copy)]
pub(super) struct Console {
    /// Suffix of the identifiers in `index.html`.
    pub(super) screen: &'static str,
    /// Where the focus goes when *Annuler* vanishes under it.
    pub(super) input: &'static str,
}

impl Console {
    fn id(self, part: &str) -> String {
        format!("{part}-{}", self.screen)
    }

    /// Empties alert and state, shows the progress at zero.
    pub(super) fn begin(self) {
        self.quiet();
        let bar = dom::by_id::<web_sys::HtmlProgressElement>(&self.id("barre"));
        // Without a value the bar says that the work goes on, not how far.
        let _ = bar.remove_attribute("value");
        dom::text(
            &self.id("texte"),
            &ui::spaced(&ui::progress(Step::Reading, 0)),
        );
        dom::show(&self.id("avancement"), true);
    }

    pub(super) fn progress(self, progress: &Progress) {
        let bar = dom::by_id::<web_sys::HtmlProgressElement>(&self.id("barre"));
        if progress.per_mille > 0 {
            bar.set_value(f64::from(progress.per_mille));
        } else {
            let _ = bar.remove_attribute("value");
        }
        dom::text(
            &self.id("texte"),
            &ui::spaced(&ui::progress(progress.step, progress.rows)),
        );
    }

    /// Hides the progress; the focus that was on *Annuler* goes to the input.
    pub(super) fn end(self) {
        let lost = dom::has_focus(&self.id("avancement"));
        dom::show(&self.id("avancement"), false);
        if lost {
            dom::focus(self.input);
        }
    }

    pub(super) fn alert(self, sentence: &str) {
        dom::html(&self.id("alerte"), &crate::page::view::sentences(sentence));
    }

    /// The same, with a way to mend it.
    pub(super) fn alert_with(self, sentence: &str, remedy: &maud::Markup) {
        let said = crate::page::view::sentences(sentence);
        dom::html(&self.id("alerte"), &maud::html! { (said) (remedy) });
    }

    /// A file beside what is shown cannot be taken: what is shown stays.
    pub(super) fn alert_beside(self, sentence: &str) {
        self.alert(&format!("{sentence}\n{}", ui::BESIDE_REFUSED));
    }

    pub(super) fn state(self, sentence: &str) {
        self.told(&crate::page::view::said(sentence));
    }

    /// The state, already written.
    pub(super) fn told(self, state: &maud::Markup) {
        dom::html(&self.id("etat"), state);
    }

    pub(super) fn quiet(self) {
        dom::clear(&self.id("alerte"));
        dom::clear(&self.id("etat"));
    }
}

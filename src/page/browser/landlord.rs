//! The landlord's screen (*Bailleur*).
//!
//! Choosing the file starts the reading; changing anything else starts it anew.
//! The page keeps the partial and what is said about it, nothing of the rows. The
//! partial is shown and can be saved as soon as it is proved safe; what the other
//! reading of the rule would publish comes after, from the same worker.

mod beside;
mod said;

use std::cell::RefCell;

use maud::{Markup, html};
use web_sys::{HtmlButtonElement, HtmlInputElement, HtmlSelectElement};

use super::job::{Console, Job};
use super::{dom, download, drop_zone};
use crate::campaign::{BearsOn, Campaign, Passage};
use crate::intake::{Correspondence, Proposal, passage as places, quality as report};
use crate::page::protocol::{AggregateDemand, Failure, LandlordOutcome, Request, Response, Source};
use crate::page::view::{self, mapping, passage, preview, quality, slip, whose};
use crate::page::view_model::CampaignView;
use crate::partial::Partial;
use crate::secrecy::{self, OtherReading, Summary};
use crate::table::{Level, ProgrammePlace};
use crate::words::quality::Districts;
use crate::words::ui;

const OPS: &str = "fichier-ops";
const CAMPAIGN: &str = whose::CAMPAIGN;
const PROFILE: &str = "correspondance-bailleur";
const RPLS: &str = "fichier-rpls";
const PASSAGE: &str = "passage-bailleur";
/// The optional files: a change of one reads again.
const BESIDE: [&str; 4] = [CAMPAIGN, PROFILE, RPLS, PASSAGE];
/// The choice of the landlord.
const LANDLORD: &str = whose::LANDLORD;
/// Under the threshold: why it cannot be taken.
const BAD_THRESHOLD: &str = "erreur-seuil";
/// Name of the profile: it stays on the landlord's machine.
const PROFILE_NAME: &str = "a-conserver-correspondance.json";
/// Class of the page while the slip is printed.
const PRINTED: &str = "impression-bordereau";
const HTML: &str = "text/html;charset=utf-8";
/// What each reading of the rule publishes, and how far its computation is.
const READINGS: &str = "sortie-lectures";
const READINGS_STATE: &str = "etat-lectures";
/// Over the checkbox: what may be lost of the file.
const REMINDER: &str = "rappel-sortie";
/// Buttons that lead to what a reading has given.
const MENU: &str = "sommaire-bailleur";
const IN_MENU: [&str; 3] = [
    "section-qualite",
    "section-correspondance",
    "section-sortie",
];
const CONSOLE: Console = Console {
    screen: "bailleur",
    input: OPS,
};

/// The partial on screen.
struct Shown {
    partial: Partial,
    bytes: Vec<u8>,
    file_name: String,
    hidden: Summary,
    correspondence: Correspondence,
    programmes: Vec<ProgrammePlace>,
    slip: Markup,
    choice: preview::Choice,
}

struct State {
    job: Option<Job>,
    campaign: CampaignView,
    example: bool,
    /// What was said of the columns of the file that is chosen.
    said: Correspondence,
    /// The secteurs that were given to his programmes.
    placed: Vec<Passage>,
    /// Where a choice was made: there its result is told, and the focus goes back.
    return_to: Option<said::Asked>,
    /// The quality report on screen, as a file.
    quality: Vec<u8>,
    shown: Option<Shown>,
    /// The optional files that what is shown was made with.
    kept: drop_zone::Kept,
    /// An optional file that is read while what was made without it stays.
    trial: Option<beside::Trial>,
}

thread_local! {
    static STATE: RefCell<State> = RefCell::new(State {
        job: None,
        campaign: CampaignView::from(&Campaign::cucm()),
        example: false,
        said: Correspondence::default(),
        placed: Vec::new(),
        return_to: None,
        quality: Vec::new(),
        shown: None,
        kept: drop_zone::Kept::new(),
        trial: None,
    });
}

pub(super) fn start() {
    let campaign = STATE.with_borrow(|state| state.campaign.clone());
    dom::by_id::<HtmlInputElement>("seuil").set_value(&campaign.threshold.to_string());
    show_campaign(campaign);
    dom::on(OPS, "change", || {
        if !drop_zone::files(OPS).is_empty() {
            leave_example();
            // Another file may have other columns.
            unsay();
            restart();
        }
    });
    for file in BESIDE {
        dom::on(file, "change", move || {
            if leave_example() {
                restart();
            } else {
                beside::read_with(file);
            }
        });
    }
    dom::on_data_click("correspondance", "confirmer", |_| said::confirm());
    dom::on_data_click("correspondance", "conserver", |_| save_profile());
    dom::on_data_click("qualite", "conserver", |_| save_quality());
    for menu in [MENU, "alerte-bailleur"] {
        dom::on_data_click(menu, "aller", |place| dom::focus(&place));
    }
    dom::on_data_click("alerte-bailleur", "bailleur", |landlord| {
        dom::by_id::<HtmlSelectElement>(LANDLORD).set_value(&landlord);
        said::set();
        dom::focus("annuler-bailleur");
    });
    dom::on_data_click("passage", "placer", |_| said::place());
    dom::on_data_click("passage", "conserver", |_| save_passage());
    for setting in [LANDLORD, "seuil", "lecture"] {
        dom::on(setting, "change", said::set);
    }
    dom::on("exemple-bailleur", "click", || {
        wipe();
        STATE.with_borrow_mut(|state| state.example = true);
        reset_settings(&Campaign::example());
        restart();
    });
    dom::on("annuler-bailleur", "click", cancel);
    dom::on("effacer", "click", || {
        wipe();
        CONSOLE.state(ui::CLEARED);
        dom::focus(OPS);
    });
    dom::on("choix-tableau", "change", choose_table);
    dom::on("choix-niveau", "change", choose_level);
    dom::on_data_click("sortie-tableau", "page", |page| turn_page(&page));
    dom::on("verifie", "change", allow_download);
    dom::on("telecharger-partiel", "click", save);
    dom::on("enregistrer-bordereau", "click", save_slip);
    dom::on("imprimer-bordereau", "click", || {
        dom::print_alone(PRINTED, ui::SLIP)
    });
}

/// Ends what is under way and reads again, if there is something to read.
fn restart() {
    forget();
    CONSOLE.quiet();
    read();
}

/// Reads what is chosen.
fn read() {
    let example = STATE.with_borrow(|state| state.example);
    let ops = drop_zone::files(OPS);
    let campaign = drop_zone::files(CAMPAIGN);
    if ops.is_empty() && !example {
        if campaign.is_empty() {
            show_campaign(CampaignView::from(&Campaign::cucm()));
        } else {
            run(&Request::OpenCampaign, &campaign);
        }
        return;
    }
    let threshold = match threshold() {
        Ok(threshold) => threshold,
        Err(sentence) => {
            CONSOLE.alert(&sentence);
            return;
        }
    };
    let landlord = Some(dom::chosen(LANDLORD)).filter(|id| !id.is_empty());
    let source = if example {
        Source::Example
    } else {
        Source::Files
    };
    let mut files = ops;
    // The rank of an optional file among those that travel with the request.
    let mut beside = |input: &str| {
        let chosen = if example {
            Vec::new()
        } else {
            drop_zone::files(input)
        };
        let rank = (!chosen.is_empty()).then_some(files.len());
        files.extend(chosen);
        rank
    };
    let demand = AggregateDemand {
        source,
        campaign: beside(CAMPAIGN),
        profile: beside(PROFILE),
        rpls: beside(RPLS),
        passage: beside(PASSAGE),
        landlord,
        produced_on: dom::today(),
        threshold,
        bears_on: (dom::chosen("lecture") == BearsOn::Effectif.id()).then_some(BearsOn::Effectif),
        secteurs: STATE.with_borrow(|state| state.placed.clone()),
        correspondence: STATE.with_borrow(|state| state.said.clone()),
    };
    run(&Request::Aggregate(demand), &files);
}

fn run(request: &Request, files: &[web_sys::File]) {
    CONSOLE.begin();
    match Job::start(request, files, answer) {
        Ok(job) => STATE.with_borrow_mut(|state| state.job = Some(job)),
        Err(sentence) => {
            CONSOLE.end();
            CONSOLE.alert(&sentence);
        }
    }
}

/// The threshold typed, checked against the campaign's.
fn threshold() -> Result<Option<u32>, String> {
    let input = dom::by_id::<HtmlInputElement>("seuil");
    let typed = input.value();
    let least = STATE.with_borrow(|state| state.campaign.threshold);
    // A number input that holds no number has an empty value: its validity
    // tells « nothing » from « not a number ».
    dom::clear(BAD_THRESHOLD);
    let verdict = match typed.trim() {
        "" if !input.validity().bad_input() => Ok(None),
        digits => match digits.parse::<u32>() {
            Ok(asked) if asked < least => Err(ui::threshold_too_low(asked, least)),
            // The campaign's own: left to it, since another may be on its way.
            Ok(asked) => Ok((asked > least).then_some(asked)),
            Err(_) => Err(ui::BAD_THRESHOLD.to_owned()),
        },
    };
    let _ = match &verdict {
        Ok(_) => input.remove_attribute("aria-invalid"),
        Err(sentence) => {
            // The alert is far above.
            dom::html(BAD_THRESHOLD, &html! { p { (view::said(sentence)) } });
            input.set_attribute("aria-invalid", "true")
        }
    };
    verdict
}

fn answer(response: Response) {
    if response.is_last() {
        // Ends the worker: its memory, and the rows in it, are gone.
        STATE.with_borrow_mut(|state| state.job = None);
    }
    let Some(response) = beside::judge(response) else {
        return;
    };
    // The partial is on screen and stays there, whatever becomes of the comparison.
    if STATE.with_borrow(|state| state.shown.is_some()) {
        match response {
            Response::OtherReading(other) => show_readings(*other),
            _ => dom::text(READINGS_STATE, &ui::spaced(ui::READINGS_FAILED)),
        }
        return;
    }
    let mut return_to = None;
    if response.is_last() || matches!(response, Response::Aggregated(_)) {
        return_to = STATE.with_borrow_mut(|state| state.return_to.take());
        CONSOLE.end();
    }
    let read = matches!(response, Response::Aggregated(_));
    match response {
        Response::Progress(progress) => CONSOLE.progress(&progress),
        Response::Campaign(campaign) | Response::CampaignOpened(campaign) => {
            show_campaign(campaign)
        }
        Response::Aggregated(outcome) => show(*outcome),
        Response::Failed(failure) => {
            let sentence = show_failure(&failure);
            if failure.is_of_landlord() {
                // The choice is far below: it is made here where it is among few.
                let buttons = STATE
                    .with_borrow(|state| whose::buttons(&failure, &file_name(), &state.campaign));
                CONSOLE.alert_with(&sentence, &html! { p.boutons { (buttons) } });
            } else {
                CONSOLE.alert(&sentence);
            }
        }
        Response::CampaignToEdit(_)
        | Response::ListRead(_)
        | Response::OtherReading(_)
        | Response::ReadingsCompared(_)
        | Response::Consolidated(_)
        | Response::BaseOpened(_)
        | Response::ContoursOpened { .. }
        | Response::Piece(_)
        | Response::Exported(_) => {}
    }
    if let Some(asked) = return_to {
        asked.tell(read);
    }
}

/// The name of the file that is chosen; none of the example's rows.
fn file_name() -> String {
    let chosen = drop_zone::files(OPS);
    chosen.first().map(web_sys::File::name).unwrap_or_default()
}

/// Shows the landlords and the rules of a campaign; keeps what was chosen when
/// the new campaign allows it.
fn show_campaign(campaign: CampaignView) {
    drop_zone::tell_campaign(CAMPAIGN, &campaign);
    let before = STATE.with_borrow_mut(|state| {
        let threshold = state.campaign.threshold;
        state.campaign = campaign.clone();
        threshold
    });
    let chosen = dom::chosen(LANDLORD);
    let choices = std::iter::once(("", ui::LANDLORD_FROM_FILE)).chain(
        campaign
            .landlords
            .iter()
            .map(|l| (l.id.as_str(), l.name.as_str())),
    );
    dom::html(LANDLORD, &view::options(choices, &chosen));
    let readings = ui::readings(campaign.bears_on).iter().copied();
    let reading = view::options(readings, &dom::chosen("lecture"));
    dom::html("lecture", &reading);
    dom::text(
        "aide-lecture",
        &ui::spaced(ui::reading_help(campaign.bears_on)),
    );
    let input = dom::by_id::<HtmlInputElement>("seuil");
    input.set_min(&campaign.threshold.to_string());
    if input.value() == before.to_string() {
        input.set_value(&campaign.threshold.to_string());
    }
}

/// Shows what is known of a file that gave no partial; gives the sentence.
fn show_failure(failure: &Failure) -> String {
    let sentence = failure.to_string();
    match failure {
        Failure::Mapping { proposal, .. } => show_proposal(proposal),
        Failure::Refused {
            file,
            code,
            variable,
            told,
        } => {
            let csv = report::refused_csv(file, code, *variable, &told.to_string());
            show_refusal(&sentence, csv);
        }
        Failure::Landlord {
            unknown: Some(unknown),
            ..
        } if !unknown.alone => {
            STATE.with_borrow(|state| {
                let names = whose::names(unknown, &state.campaign, &dom::chosen(LANDLORD));
                dom::html("correspondance", &names);
            });
            show_sections(&["section-correspondance"]);
        }
        Failure::Landlord { .. } | Failure::Beside(_) | Failure::Told(_) => {}
    }
    sentence
}

/// What was understood of a file that gave no partial.
fn show_proposal(proposal: &Proposal) {
    let unsaid = dom::chosen(LANDLORD).is_empty();
    STATE.with_borrow(|state| {
        let campaign = Some(&state.campaign).filter(|_| unsaid);
        dom::html("correspondance", &quality::proposal(proposal, campaign));
    });
    show_sections(&["section-correspondance"]);
}

/// Why a file gave nothing, and the same as a file to keep.
fn show_refusal(sentence: &str, csv: Vec<u8>) {
    dom::html("qualite", &quality::refused(sentence));
    STATE.with_borrow_mut(|state| state.quality = csv);
    show_sections(&["section-qualite"]);
}

/// Shows these sections of the results, and no other.
fn show_sections(shown: &[&str]) {
    for section in [
        "section-qualite",
        "section-correspondance",
        "section-passage",
        "section-sortie",
        "section-bordereau",
    ] {
        dom::show(section, shown.contains(&section));
    }
    for section in IN_MENU {
        dom::show(&format!("aller-{section}"), shown.contains(&section));
    }
    dom::show("aller-telecharger", shown.contains(&"section-sortie"));
    dom::show(MENU, true);
    dom::show("resultats-bailleur", true);
}

fn show(outcome: LandlordOutcome) {
    let partial = match Partial::reread(&outcome.partial) {
        Ok(partial) => partial,
        Err(error) => {
            STATE.with_borrow_mut(|state| state.job = None);
            CONSOLE.alert(&format!("{}\n{error}", ui::UNREADABLE_PREVIEW));
            return;
        }
    };
    dom::html("qualite", &quality::summary(&outcome));
    dom::html(
        "correspondance",
        &html! {
            (STATE.with_borrow(|state| quality::columns_found(&outcome.report, &state.said, &state.campaign)))
            @if !outcome.correspondence.is_empty() { (mapping::keep()) }
        },
    );
    let with_secteurs = STATE.with_borrow(|state| {
        let concerned = passage::concerns(&state.campaign);
        if concerned {
            let choices = passage::choices(&outcome.programmes, &state.campaign);
            dom::html("passage", &choices);
        }
        concerned
    });
    let size = outcome.partial.len();
    let withdrawn = |id: &String| id == secrecy::DISTRICTS;
    let districts = match partial.zonages().len() {
        0 | 1 if outcome.hidden.withdrawn.iter().any(withdrawn) => Districts::Withdrawn,
        0 | 1 => Districts::Unknown,
        _ => Districts::Given,
    };
    dom::html(
        "sortie-entete",
        &preview::header(
            &partial,
            size,
            (&outcome.verdict, &outcome.caveats),
            &outcome.file_name,
        ),
    );
    let first = preview::first(&partial);
    dom::html("choix-tableau", &preview::table_choices(&partial, first));
    dom::html("sortie-texte", &preview::text(&outcome.partial));
    let of_others = outcome.other_landlords.iter().map(|(_, rows)| rows).sum();
    let slip = slip::slip(
        &partial,
        slip::Sent {
            name: &outcome.file_name,
            size,
            sha256: &outcome.sha256,
        },
        &slip::Reading::of(&outcome.report, of_others),
        &dom::text_of("identite"),
    );
    dom::html("bordereau", &slip);
    STATE.with_borrow_mut(|state| {
        state.quality = report::to_csv(&outcome.report);
        state.shown = Some(Shown {
            partial,
            bytes: outcome.partial,
            file_name: outcome.file_name,
            hidden: outcome.hidden,
            correspondence: outcome.correspondence,
            programmes: outcome.programmes,
            slip,
            choice: preview::Choice {
                table: first,
                level: Level::Commune,
                page: 0,
            },
        });
    });
    beside::keep();
    choose_table();
    let mut sections = vec![
        "section-qualite",
        "section-correspondance",
        "section-sortie",
        "section-bordereau",
    ];
    if with_secteurs {
        sections.push("section-passage");
    }
    show_sections(&sections);
    dom::text(READINGS_STATE, &ui::spaced(ui::COMPARING_READINGS));
    let before = STATE.with_borrow(|state| {
        let named = whose::called_after(&file_name(), &outcome.landlord, &state.campaign);
        let other = outcome.warning.as_ref();
        quality::before_sending(&outcome.report, (named, other), districts)
    });
    CONSOLE.told(&html! {
        (view::said(&ui::preview_ready(&outcome.landlord)))
        @if let Some(before) = &before { " " (before) }
    });
    dom::html(
        REMINDER,
        &html! { @if let Some(before) = &before { p.etat { (before) } } },
    );
    // The preview is complete once it is painted.
    dom::next_frame(|| {
        if STATE.with_borrow(|state| state.shown.is_some()) {
            dom::by_id::<HtmlInputElement>("verifie").set_disabled(false);
        }
    });
}

/// What each reading of the rule publishes: shown here, and only here.
fn show_readings(other: OtherReading) {
    STATE.with_borrow_mut(|state| {
        let Some(shown) = &mut state.shown else {
            return;
        };
        shown.hidden.other = Some(Box::new(other));
        let applied = shown.partial.file().rules.bears_on;
        dom::html(READINGS, &view::why::readings(&shown.hidden, applied));
    });
    dom::text(READINGS_STATE, &ui::spaced(ui::READINGS_COMPARED));
}

fn choose_table() {
    let table = rank_of("choix-tableau");
    STATE.with_borrow_mut(|state| {
        let Some(shown) = &mut state.shown else {
            return;
        };
        let places = preview::places(&shown.partial, table);
        shown.choice = preview::moved(&shown.partial, &places, shown.choice);
        dom::html(
            "choix-niveau",
            &preview::level_choices(&shown.partial, &places, shown.choice),
        );
    });
    draw_table();
}

fn choose_level() {
    let rank = rank_of("choix-niveau");
    STATE.with_borrow_mut(|state| {
        let Some(shown) = &mut state.shown else {
            return;
        };
        let places = preview::places(&shown.partial, shown.choice.table);
        if let Some((table, level)) = places.get(rank).copied() {
            shown.choice = preview::Choice {
                table,
                level,
                page: 0,
            };
        }
    });
    draw_table();
}

fn turn_page(page: &str) {
    STATE.with_borrow_mut(|state| {
        if let Some(shown) = &mut state.shown {
            shown.choice.page = page.parse().unwrap_or(0);
        }
    });
    draw_table();
    // The button that was pressed is gone with the page it stood on.
    dom::focus("choix-niveau");
}

fn draw_table() {
    STATE.with_borrow(|state| {
        let Some(shown) = &state.shown else { return };
        dom::html(
            "sortie-tableau",
            &preview::table(&shown.partial, shown.choice),
        );
        dom::html(
            "sortie-masque",
            &preview::hidden(&shown.partial, &shown.hidden, shown.choice),
        );
    });
}

fn rank_of(select: &str) -> usize {
    dom::by_id::<HtmlSelectElement>(select)
        .value()
        .parse()
        .unwrap_or(0)
}

fn allow_download() {
    let checked = dom::by_id::<HtmlInputElement>("verifie").checked();
    let ready = STATE.with_borrow(|state| state.shown.is_some());
    dom::by_id::<HtmlButtonElement>("telecharger-partiel").set_disabled(!(checked && ready));
}

fn save() {
    let saved = STATE.with_borrow(|state| {
        let shown = state.shown.as_ref()?;
        Some(download::save(
            &shown.file_name,
            &shown.bytes,
            download::JSON,
        ))
    });
    if saved == Some(true) {
        dom::text("etat-telechargement", ui::PARTIAL_SAVED);
    }
}

fn save_slip() {
    let saved = STATE.with_borrow(|state| {
        let shown = state.shown.as_ref()?;
        let name = slip::file_name(&shown.partial);
        let page = slip::document(&shown.slip).into_string();
        download::save(&name, page.as_bytes(), HTML).then_some(name)
    });
    if let Some(name) = saved {
        dom::text("etat-bordereau", &ui::exported(&name));
    }
}

fn unsay() {
    STATE.with_borrow_mut(|state| {
        state.said = Correspondence::default();
        state.placed.clear();
    });
}

fn save_profile() {
    let profile = STATE.with_borrow(|state| {
        let shown = state.shown.as_ref()?;
        Some(shown.correspondence.to_json().into_bytes())
    });
    keep(PROFILE_NAME, profile, download::JSON);
}

fn save_quality() {
    let csv = STATE.with_borrow(|state| state.quality.clone());
    keep(report::FILE_NAME, Some(csv), download::CSV);
}

fn save_passage() {
    let csv = STATE.with_borrow(|state| {
        let shown = state.shown.as_ref()?;
        let communes = state.campaign.communes.iter();
        let names: Vec<_> = communes.map(|c| (c.code.clone(), c.name.clone())).collect();
        Some(places::to_csv(&shown.programmes, &names))
    });
    keep(places::FILE_NAME, csv, download::CSV);
}

/// Saves a file that stays on the landlord's machine.
fn keep(name: &str, bytes: Option<Vec<u8>>, media_type: &str) {
    if bytes.is_some_and(|bytes| download::save(name, &bytes, media_type)) {
        CONSOLE.state(&ui::exported(name));
    }
}

/// The page is left, perhaps to be shown again: what was under way ends.
pub(super) fn leave() {
    let (working, shown) = STATE.with_borrow(|state| (state.job.is_some(), state.shown.is_some()));
    if beside::give_up(ui::CANCELLED_BESIDE) {
        return;
    }
    if working && shown {
        STATE.with_borrow_mut(|state| state.job = None);
        dom::text(READINGS_STATE, &ui::spaced(ui::READINGS_FAILED));
    } else if working {
        cancel();
    }
}

fn cancel() {
    if beside::give_up(ui::CANCELLED_BESIDE) {
        dom::focus(OPS);
        return;
    }
    // The focus is on the button that is about to vanish.
    forget();
    CONSOLE.end();
    CONSOLE.quiet();
    CONSOLE.state(ui::CANCELLED);
    if STATE.with_borrow_mut(|state| std::mem::take(&mut state.example)) {
        leave_example_campaign();
    }
    dom::focus(OPS);
}

/// Ends the worker and drops what is shown; the settings stay.
fn forget() {
    STATE.with_borrow_mut(|state| state.job = None);
    clear();
}

/// Drops what is shown.
fn clear() {
    STATE.with_borrow_mut(|state| {
        state.trial = None;
        state.shown = None;
        state.return_to = None;
        state.quality.clear();
    });
    CONSOLE.end();
    dom::show("resultats-bailleur", false);
    dom::show(MENU, false);
    for region in [
        "qualite",
        "correspondance",
        said::MAPPING.state,
        said::SETTINGS.state,
        "passage",
        said::PLACES.state,
        "sortie-entete",
        "sortie-tableau",
        "sortie-masque",
        READINGS,
        READINGS_STATE,
        "sortie-texte",
        REMINDER,
        "bordereau",
        "etat-bordereau",
        "choix-tableau",
        "choix-niveau",
        "etat-telechargement",
    ] {
        dom::clear(region);
    }
    let checkbox = dom::by_id::<HtmlInputElement>("verifie");
    checkbox.set_checked(false);
    checkbox.set_disabled(true);
    dom::by_id::<HtmlButtonElement>("telecharger-partiel").set_disabled(true);
}

/// Everything back to how the page opened.
fn wipe() {
    forget();
    CONSOLE.quiet();
    drop_zone::set_files(OPS, &[]);
    BESIDE
        .iter()
        .for_each(|file| drop_zone::set_files(file, &[]));
    unsay();
    STATE.with_borrow_mut(|state| {
        state.example = false;
        state.kept = drop_zone::Kept::new();
    });
    reset_settings(&Campaign::cucm());
}

fn reset_settings(campaign: &Campaign) {
    let campaign = CampaignView::from(campaign);
    for choice in [LANDLORD, "lecture"] {
        dom::by_id::<HtmlSelectElement>(choice).set_value("");
    }
    let seuil = dom::by_id::<HtmlInputElement>("seuil");
    seuil.set_value(&campaign.threshold.to_string());
    let _ = seuil.remove_attribute("aria-invalid");
    dom::clear(BAD_THRESHOLD);
    show_campaign(campaign);
}

/// True when it was on screen.
fn leave_example() -> bool {
    let example = STATE.with_borrow_mut(|state| std::mem::take(&mut state.example));
    if example {
        leave_example_campaign();
    }
    example
}

fn leave_example_campaign() {
    if drop_zone::files(CAMPAIGN).is_empty() {
        reset_settings(&Campaign::cucm());
    }
}

//! The slip that goes with a shipment (*bordereau d'envoi*), for the landlord's
//! register: what was read, what leaves, under which rules.
//!
//! It is made from the partial's own bytes and from a few counts of the reading,
//! held to the same threshold: it can be shown to whoever gets the partial.

use maud::{DOCTYPE, Markup, html};

use crate::intake::Report;
use crate::intake::report::Format;
use crate::page::view;
use crate::partial::{Partial, TableFile};
use crate::table::Level;
use crate::words::ui::{self, NBSP};
use crate::words::{heads, labels, numbers, slip as words};

/// What the slip says of the file that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    format: Format,
    rows_read: u64,
    rows_left_out: u64,
}

impl Reading {
    /// From the report of a reading, and the rows of other landlords in it.
    pub fn of(report: &Report, of_others: u64) -> Self {
        Self {
            format: report.format,
            rows_read: report.rows_read,
            rows_left_out: report.rows_read - report.rows_kept + of_others,
        }
    }
}

/// The file that leaves, as it is saved.
#[derive(Clone, Copy, Debug)]
pub struct Sent<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its size, in bytes.
    pub size: usize,
    /// The SHA-256 of its bytes, in hexadecimal.
    pub sha256: &'a str,
}

/// Name of the file of the slip: it stays on the landlord's machine.
pub fn file_name(partial: &Partial) -> String {
    let file = partial.file();
    format!(
        "a-conserver-bordereau-{}-{}.html",
        file.landlord.id, file.campaign.id
    )
}

/// The slip. `program` says which page made it.
pub fn slip(partial: &Partial, sent: Sent<'_>, reading: &Reading, program: &str) -> Markup {
    let file = partial.file();
    let threshold = u64::from(file.rules.threshold);
    let (communes, programmes) = mailles(partial);
    html! {
        p { (words::MADE_FOR) (view::name(&file.landlord.name)) "." }
        h4 { (words::READ) }
        dl.fiche {
            dt { (heads::FILE) } dd { (words::file_read(reading.format.name())) }
            dt { (heads::ROWS_LEFT_OUT) } dd { (words::left_out(reading.rows_left_out, threshold)) }
            @if let Some(rows) = rows_read(reading, partial, threshold) {
                dt { (heads::ROWS_READ) } dd { (numbers::count(rows)) }
            }
            dt { (heads::DWELLINGS_COUNTED) } dd { (dwellings(partial)) }
        }
        h4 { (words::LEAVES) }
        dl.fiche {
            dt { (heads::FILE) } dd { (sent.name) ", " (ui::bytes(sent.size)) }
            dt { (words::FILE_SHA) } dd { code { (sent.sha256) } }
            dt { (words::FINGERPRINT_WITHIN) } dd { code { (file.fingerprint) } }
            dt { (heads::CAMPAIGN) } dd { (file.campaign.id) (words::CAMPAIGN_FINGERPRINT) code { (file.campaign.fingerprint) } }
            dt { (heads::SITUATION_ON) } dd { (ui::date(&file.reference_date)) " (" (view::name(&file.mention)) ")" }
            dt { (words::TABLES) } dd { (tables(&file.tables)) }
            dt { (words::NUMBERS) } dd { (words::cells(cells(&file.tables), communes, programmes)) }
        }
        p { (words::NOTHING_ELSE) }
        h4 { (words::RULES) }
        dl.fiche {
            dt { (heads::THRESHOLD) } dd { (file.rules.threshold) " " (ui::bears_on(file.rules.bears_on)) }
            dt { (heads::RESPONSE_RATE) } dd { (numbers::percent(file.rules.min_response)) (words::RESPONSE_CHECKED) }
            dt { (words::CONTROL) } dd { (words::CONTROL_WORDS) }
        }
        h4 { (words::MADE) }
        dl.fiche {
            dt { (words::MADE_ON) } dd { (ui::date(&file.produced_on)) " (UTC)" }
            dt { (words::MADE_BY) } dd { (file.software.name) " " (file.software.version) }
            dt { (words::MADE_IN) } dd { (program) }
        }
        h4 { (words::SENDING) }
        dl.fiche.a-remplir {
            @for asked in words::TO_FILL { dt { (asked) } dd { (NBSP) } }
        }
    }
}

/// The slip as a file of its own: a page without script nor address, which its
/// own policy forbids besides.
pub fn document(slip: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="fr" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'";
                meta name="referrer" content="no-referrer";
                title { (ui::SLIP) }
                style { "body{font:11pt/1.4 sans-serif;max-width:45rem;margin:2rem auto;padding:0 1rem}dl{display:grid;grid-template-columns:12rem 1fr;gap:.2rem 1rem}dt{font-weight:bold}dd{margin:0;overflow-wrap:anywhere}.a-remplir dd{border-bottom:1px solid;min-height:2rem}" }
            }
            body { h1 { (ui::SLIP) } (slip) }
        }
    }
}

/// Told when neither they nor their difference with what is counted would tell
/// a small number.
fn rows_read(reading: &Reading, partial: &Partial, threshold: u64) -> Option<u64> {
    let told = reading.rows_left_out == 0 || reading.rows_left_out >= threshold;
    (told && total(partial).is_some()).then_some(reading.rows_read)
}

/// The dwellings of the whole territory, as the partial itself publishes them.
fn total(partial: &Partial) -> Option<u64> {
    let zonage = partial.zonages().first()?;
    let root = zonage.mailles.iter().find(|m| m.level == Level::Epci)?;
    let table = partial
        .file()
        .tables
        .iter()
        .find(|t| t.unit == "logements" && t.zonage == zonage.id)?;
    let line = table.lines.iter().find(|line| line.maille == root.id)?;
    u64::try_from(line.base()?).ok()
}

fn dwellings(partial: &Partial) -> String {
    total(partial).map_or_else(|| ui::HIDDEN.to_owned(), numbers::count)
}

fn tables(tables: &[TableFile]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for table in tables {
        let name = labels::table(&table.id);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.join(", ")
}

/// The cells of the file: those with a number, those without.
fn cells(tables: &[TableFile]) -> (u64, u64) {
    let lines = tables.iter().flat_map(|table| &table.lines);
    let all = lines.flat_map(|l| {
        let counts = l.counts.iter().copied();
        [l.base(), l.respondents].into_iter().chain(counts)
    });
    all.fold((0, 0), |(published, hidden), cell| match cell {
        Some(_) => (published + 1, hidden),
        None => (published, hidden + 1),
    })
}

/// How many communes and programmes it has.
fn mailles(partial: &Partial) -> (u64, u64) {
    // The territory's: a programme stands among the districts as well.
    let territory = || partial.zonages().iter().take(1).flat_map(|z| &z.mailles);
    let count = |level| territory().filter(|maille| maille.level == level).count() as u64;
    (count(Level::Commune), count(Level::Programme))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::Campaign;
    use crate::json;
    use crate::partial::sample;

    fn partial(name: &str) -> Partial {
        let campaign = Campaign::example();
        let raw = sample::raw(&campaign, "exemple-a", &sample::dwellings(7, 900, 3));
        let mut file = sample::file(&campaign, "exemple-a", &raw);
        file.landlord.name = name.to_owned();
        file.fingerprint = json::fingerprint_of(&file);
        Partial::check(file).unwrap()
    }

    fn reading(left_out: u64) -> Reading {
        Reading {
            format: Format::Ods,
            rows_read: 87_654,
            rows_left_out: left_out,
        }
    }

    fn written(partial: &Partial, reading: &Reading) -> String {
        let sent = Sent {
            name: "a.partiel.json",
            size: 6,
            sha256: "f1a2",
        };
        slip(partial, sent, reading, "page d'essai").into_string()
    }

    #[test]
    fn the_slip_says_what_leaves_and_under_which_rules() {
        let partial = partial("Bailleur fictif A");
        let text = written(&partial, &reading(0));
        let file = partial.file();
        for said in [
            "Bailleur fictif A",
            "a.partiel.json, 6\u{a0}octets",
            "<code>f1a2</code>",
            &file.fingerprint,
            &file.campaign.fingerprint,
            &file.mention,
            "page d'essai",
            "<dt>Seuil</dt><dd>11 ",
            "un fichier .ods",
            &numbers::count(87_654),
        ] {
            assert!(text.contains(said), "{said} in {text}");
        }
        // A programme that stands in two zonages is one.
        let zonage = partial.zonages()[0].clone();
        let twice = Partial::unchecked(file.clone(), vec![zonage.clone(), zonage]);
        assert_eq!(mailles(&twice), mailles(&partial));
        let (published, hidden) = cells(&file.tables);
        assert!(published > 100 && hidden > 0);
        assert!(text.contains(&ui::count(hidden, "masqué", "masqués")));
    }

    #[test]
    fn few_rows_left_out_are_not_told_even_by_difference() {
        let partial = partial("A");
        for (left_out, told) in [(0, true), (1, false), (10, false), (11, true)] {
            let text = written(&partial, &reading(left_out));
            let said = text.contains(&numbers::count(87_654));
            assert_eq!(said, told, "{left_out}");
            assert_eq!(text.contains("<dd>moins de 11</dd>"), !told, "{left_out}");
            assert!(!text.contains(&format!("<dd>{left_out}</dd>")) || told);
        }
    }

    #[test]
    fn what_the_partial_hides_the_slip_hides() {
        let campaign = Campaign::example();
        let raw = sample::raw(&campaign, "exemple-a", &sample::dwellings(7, 900, 3));
        let mut file = sample::file(&campaign, "exemple-a", &raw);
        let shown = written(&Partial::check(file.clone()).unwrap(), &reading(0));
        file.tables.retain(|table| table.unit != "logements");
        file.fingerprint = json::fingerprint_of(&file);
        let hidden = written(&Partial::check(file).unwrap(), &reading(0));
        assert!(!shown.contains("<dd>masqué</dd>"));
        assert!(hidden.contains("<dt>Logements comptés</dt><dd>masqué</dd>"));
        assert!(!hidden.contains(&numbers::count(87_654)));
    }

    #[test]
    fn the_file_of_the_slip_is_text_in_a_page_without_script() {
        let partial = partial("<script>alert()</script>");
        let sent = Sent {
            name: "x",
            size: 0,
            sha256: "",
        };
        let page = document(&slip(&partial, sent, &reading(0), "")).into_string();
        assert!(page.contains("&lt;script&gt;alert()&lt;/script&gt;"));
        for active in ["<script", "http:", "https:", "src=", "href=", " on"] {
            let found = page.matches(active).count();
            assert_eq!(found, 0, "{active} in {page}");
        }
        assert!(file_name(&partial).starts_with("a-conserver-bordereau-exemple-a-"));
    }
}

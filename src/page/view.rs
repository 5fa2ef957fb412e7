//! Data → HTML. Pure functions: nothing here knows the browser, and every text
//! that comes from a file is escaped by construction (`maud`).
//!
//! * [`preview`]: the partial, from the very bytes that leave.
//! * [`quality`]: what was understood of the landlord's file.
//! * [`mapping`]: the choices of the mapping step.
//! * [`completeness`]: who contributes where.
//! * [`passage`]: the secteurs of the landlord's programmes.
//! * [`control`]: the partials that the consultant dropped.
//! * [`results`]: what a base is, and its key figures.
//! * [`collectivity`]: its indicators, for the collectivité.
//! * [`help`]: contextual help, the glossary and the accessibility statement.
//! * [`slip`]: the slip that goes with a partial.
//! * [`why`]: what the landlord alone sees of secrecy.

pub mod collectivity;
pub mod completeness;
pub mod control;
pub mod help;
pub mod mapping;
pub mod passage;
pub mod preview;
pub mod quality;
pub mod results;
pub mod slip;
pub mod whose;
pub mod why;

use std::borrow::Cow;
use std::collections::HashMap;

use maud::{Markup, html};

use crate::legible;
use crate::table::{Maille, Zonage};
use crate::words::ui;

/// Most characters of a sentence that is shown: a file made for it could have
/// millions quoted.
const MAX_SENTENCE_CHARS: usize = 2_000;

/// The `<option>`s of a list of choices: value, words, and the one chosen.
pub fn options<'a>(choices: impl IntoIterator<Item = (&'a str, &'a str)>, chosen: &str) -> Markup {
    html! {
        @for (value, words) in choices {
            option value=(value) selected[value == chosen] { (words) }
        }
    }
}

/// Sentences for a live region, one paragraph each.
pub fn sentences(text: &str) -> Markup {
    html! {
        @for line in text.lines().filter(|l| !l.trim().is_empty()) {
            p { (said(line)) }
        }
    }
}

/// A sentence, each text that it quotes set apart from the words around it, and cut
/// short when a file made it endless.
pub fn said(sentence: &str) -> Markup {
    let sentence = match sentence.char_indices().nth(MAX_SENTENCE_CHARS) {
        Some((at, _)) => Cow::from(format!("{}…", &sentence[..at])),
        None => sentence.into(),
    };
    let sentence = ui::spaced(&sentence);
    let mut parts = sentence.split_inclusive('«');
    html! {
        (parts.next().unwrap_or_default())
        @for part in parts {
            @let (quoted, after) = part.split_at(part.find('»').unwrap_or(part.len()));
            (name(quoted)) (after)
        }
    }
}

/// A name that comes from a file, within a sentence: in a script that runs from
/// right to left, it turns nothing around it.
pub fn name(text: &str) -> Markup {
    html! {
        @if legible::runs_leftward(text) { bdi { (text) } } @else { (text) }
    }
}

/// Several names in a row.
pub fn names<'a>(all: impl IntoIterator<Item = &'a (impl AsRef<str> + 'a)>) -> Markup {
    html! {
        @for (rank, one) in all.into_iter().enumerate() {
            @if rank > 0 { ", " }
            (name(one.as_ref()))
        }
    }
}

/// A table that scrolls sideways on its own, reachable by keyboard.
fn scrolling(label: &str, table: &Markup) -> Markup {
    html! { div.defile tabindex="0" role="group" aria-label=(label) { (table) } }
}

/// The mailles of a zonage by identifier.
fn by_id(zonage: &Zonage) -> HashMap<&str, &Maille> {
    let mailles = zonage.mailles.iter();
    mailles.map(|maille| (maille.id.as_str(), maille)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_from_right_to_left_turns_nothing_around_it() {
        assert_eq!(
            said("« דיור » : 12 lignes, « b »").into_string(),
            "«<bdi>\u{a0}דיור\u{a0}</bdi>»\u{a0}: 12 lignes, «\u{a0}b\u{a0}»"
        );
        assert_eq!(names(&["A", "דיור"]).into_string(), "A, <bdi>דיור</bdi>");
        // A quotation that never ends, a mark without one.
        assert_eq!(
            said("a » « ד").into_string(),
            "a\u{a0}» «<bdi>\u{a0}ד</bdi>"
        );
    }

    #[test]
    fn a_sentence_has_an_end() {
        let shown = said(&"é".repeat(5_000_000)).into_string();
        assert_eq!(shown.chars().count(), MAX_SENTENCE_CHARS + 1);
    }

    #[test]
    fn choices_and_sentences_are_escaped() {
        let html = options([("\"><script>", "<b>gras</b>")], "x").into_string();
        assert_eq!(
            html,
            "<option value=\"&quot;&gt;&lt;script&gt;\">&lt;b&gt;gras&lt;/b&gt;</option>"
        );
        assert_eq!(
            sentences("un\n\n<img src=x onerror=alert(1)>").into_string(),
            "<p>un</p><p>&lt;img src=x onerror=alert(1)&gt;</p>"
        );
        assert!(
            options([("a", "A"), ("b", "B")], "b")
                .into_string()
                .contains("<option value=\"b\" selected>")
        );
    }
}

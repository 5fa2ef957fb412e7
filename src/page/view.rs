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
pub mod why;

use std::collections::HashMap;

use maud::{Markup, html};

use crate::table::{Level, Maille, Zonage};
use crate::words::ui;

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
            p { (ui::spaced(line)) }
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

/// The name of the commune in which a smaller maille stands.
fn commune_of<'a>(zonage: &'a Zonage, maille: &Maille) -> Option<&'a str> {
    if maille.level == Level::Commune {
        return None;
    }
    let mut above = maille.parent;
    while let Some(rank) = above {
        let maille = &zonage.mailles[rank];
        if maille.level == Level::Commune {
            return Some(&maille.name);
        }
        above = maille.parent;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

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

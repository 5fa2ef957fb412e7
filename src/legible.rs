//! Text that looks like what it is (*texte lisible*).
//!
//! A character that is not seen, or that turns the others round, lets a text pass
//! for another: « 71153 » with a space of no width is another code, and a
//! right-to-left override shows `txt.exe` for `exe.txt`. So:
//!
//! - the project's own documents hold none ([`unseen_in`]): they are refused;
//! - identifiers and names taken from rows lose them ([`stripped`]): they are
//!   debris of copying, and two programmes must not differ by what nobody sees;
//! - what is quoted on a screen shows each of them as `�` ([`shown`]).
//!
//! A name in a script that runs from right to left is seen, and stays; but it would
//! turn round the punctuation and the figures beside it: it is set apart, by markup in
//! the views, by marks where there is none ([`apart`]).
//!
//! ```
//! use ops_mixite::legible;
//! assert_eq!(legible::shown("a\u{202e}b\nc"), "a\u{fffd}b c");
//! assert_eq!(legible::stripped("71\u{200b}153"), "71153");
//! ```

use std::borrow::Cow;

/// Is this character without a shape of its own, or does it move the others?
///
/// A space that does not break is a space like others. Accents written apart are
/// seen.
pub fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00ad}'                  // soft hyphen
            | '\u{034f}' | '\u{061c}'   // joiner, Arabic mark
            | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{3164}' | '\u{ffa0}' // fillers
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'   // of no width, marks of direction
            | '\u{2028}'..='\u{202e}'   // separators, embeddings, overrides
            | '\u{2060}'..='\u{206f}'   // joiners, isolates
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}') // tags, variants
}

/// Is there a letter of a script that runs from right to left?
///
/// The blocks that Unicode keeps for such scripts, whatever is assigned in them.
pub fn runs_leftward(text: &str) -> bool {
    text.chars().any(|c| {
        matches!(c,
            '\u{590}'..='\u{8ff}'
            | '\u{fb1d}'..='\u{fdff}'
            | '\u{fe70}'..='\u{fefe}'
            | '\u{10800}'..='\u{10fff}'
            | '\u{1e800}'..='\u{1efff}')
    })
}

/// A text that turns nothing round it, where markup cannot say so: an option, a
/// label.
pub fn apart(text: &str) -> Cow<'_, str> {
    if runs_leftward(text) {
        format!("\u{2068}{text}\u{2069}").into()
    } else {
        text.into()
    }
}

/// A break of line is a space where a text stands on one line.
fn is_break(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// The text with each unseen character shown.
pub fn shown(text: &str) -> Cow<'_, str> {
    each(text, |c| Some(if is_break(c) { ' ' } else { '\u{fffd}' }))
}

/// The text without its unseen characters.
pub fn stripped(text: &str) -> Cow<'_, str> {
    each(text, |c| is_break(c).then_some(' '))
}

fn each(text: &str, instead: impl Fn(char) -> Option<char>) -> Cow<'_, str> {
    // Most texts are plain, which their bytes tell.
    if text.bytes().all(|b| matches!(b, b' '..=b'~')) || !text.chars().any(is_unseen) {
        return text.into();
    }
    let kept = |c: char| if is_unseen(c) { instead(c) } else { Some(c) };
    text.chars().filter_map(kept).collect::<String>().into()
}

/// How a text looks once shown, and its first unseen character; `None` when all of
/// it is seen.
pub fn unseen_in(text: &str) -> Option<(String, char)> {
    let unseen = text.chars().find(|c| is_unseen(*c))?;
    Some((shown(text).into_owned(), unseen))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_seen_is_left_alone() {
        for text in [
            "Résidence « L’Étang »",
            "Saint-Vallier n° 3",
            "a\u{a0}b\u{202f}c",
            "e\u{301}",
            "東",
        ] {
            assert!(matches!(shown(text), Cow::Borrowed(same) if same == text));
            assert!(matches!(stripped(text), Cow::Borrowed(same) if same == text));
        }
    }

    #[test]
    fn what_is_not_seen_is_shown_or_gone() {
        for c in [
            '\0',
            '\u{ad}',
            '\u{200b}',
            '\u{200d}',
            '\u{202e}',
            '\u{2066}',
            '\u{feff}',
            '\u{e0041}',
        ] {
            let text = format!("a{c}b");
            assert_eq!(shown(&text), "a\u{fffd}b", "{c:?}");
            assert_eq!(stripped(&text), "ab", "{c:?}");
        }
        assert_eq!(stripped("Numéro\r\nde programme"), "Numéro  de programme");
    }

    #[test]
    fn a_script_from_right_to_left_is_set_apart_and_no_other() {
        assert_eq!(apart("דיור 12"), "\u{2068}דיור 12\u{2069}");
        assert_eq!(apart("السكن"), "\u{2068}السكن\u{2069}");
        for text in ["Résidence « L’Étang »", "Στέγη", "Жильё", "東"] {
            assert!(matches!(apart(text), Cow::Borrowed(same) if same == text));
        }
    }

    #[test]
    fn the_first_unseen_character_is_told() {
        assert_eq!(
            unseen_in("c\u{200b}\u{202e}"),
            Some(("c\u{fffd}\u{fffd}".to_owned(), '\u{200b}'))
        );
        assert_eq!(unseen_in("Torcy"), None);
    }
}

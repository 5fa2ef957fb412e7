//! The texts of a workbook: shared strings, and strings within a cell.

use std::io::Read;

use super::super::strings::Strings;
use super::super::xml::{Scanner, Token, decode};
use crate::intake::error::{Bound, Problem};
use crate::intake::limits::MAX_SHARED_STRINGS;
use crate::words::damage as words;

/// Reads the shared strings, to the end of their part; `size` is the size that
/// the zip announces.
pub(super) fn shared<R: Read>(xml: &mut Scanner<R>, size: u64) -> Result<Strings, Problem> {
    let mut strings = Strings::default();
    let (mut text, mut piece) = (String::new(), String::new());
    loop {
        if let Some((plain, length)) = plain_item(xml.ahead()) {
            strings.push(plain)?;
            xml.take(length);
            continue;
        }
        match xml.next()? {
            Token::Open {
                name: b"si", empty, ..
            } => {
                text.clear();
                if !empty {
                    string(xml, b"si", &mut text, &mut piece)?;
                }
                strings.push(&text)?;
            }
            Token::Open {
                name: b"sst",
                attributes,
                ..
            } => {
                let announced = attributes.get(b"uniqueCount")?;
                let announced: Option<u64> =
                    announced.and_then(|n| std::str::from_utf8(n).ok()?.parse().ok());
                // A string takes four bytes at least: `<t/>`.
                let most = (size / 4).min(MAX_SHARED_STRINGS as u64);
                match announced {
                    Some(n) if n > most => {
                        return Err(Problem::too_much(Bound::SharedStrings, n, most));
                    }
                    Some(n) => strings.expect(n as usize),
                    None => {}
                }
            }
            Token::End => return Ok(strings),
            _ => {}
        }
    }
}

/// `<si><t>text</t></si>`, as most are: the text and the length of it all.
fn plain_item(bytes: &[u8]) -> Option<(&str, usize)> {
    const OPEN: &[u8] = b"<si><t>";
    const CLOSE: &[u8] = b"</t></si>";
    let rest = bytes.strip_prefix(OPEN)?;
    let end = memchr::memchr(b'<', rest)?;
    if !rest[end..].starts_with(CLOSE) || memchr::memchr3(b'&', b'\r', b'_', &rest[..end]).is_some()
    {
        return None;
    }
    let text = std::str::from_utf8(&rest[..end]).ok()?;
    Some((trim(text), OPEN.len() + end + CLOSE.len()))
}

/// White space around a text that is not said to be kept.
fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\r', '\n'])
}

/// A string up to the end of its tag: its runs one after the other, what is
/// said of its pronunciation left out.
pub(super) fn string<R: Read>(
    xml: &mut Scanner<R>,
    closing: &[u8],
    out: &mut String,
    piece: &mut String,
) -> Result<(), Problem> {
    let mut aside = false;
    loop {
        match xml.next()? {
            Token::Open {
                name: b"rPh",
                empty: false,
                ..
            } => aside = true,
            Token::Close { name: b"rPh" } => aside = false,
            Token::Open {
                name: b"t",
                attributes,
                empty: false,
            } if !aside => {
                let kept = attributes.get(b"xml:space")? == Some(b"preserve");
                piece.clear();
                loop {
                    match xml.next()? {
                        Token::Text(text) => decode(text, piece)?,
                        Token::Section(text) => piece.push_str(
                            std::str::from_utf8(text)
                                .map_err(|_| Problem::damaged(words::TEXT_ENCODING))?,
                        ),
                        Token::Close { name: b"t" } => break,
                        _ => {}
                    }
                }
                unescape(if kept { piece } else { trim(piece) }, out);
            }
            Token::Close { name } if name == closing => return Ok(()),
            _ => {}
        }
    }
}

/// Adds a text whose `_x000D_` are the characters that XML cannot write
/// (ECMA-376 part 1, 22.9.2.19).
pub(super) fn unescape(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let Some(unit) = unit(&rest[at..]) else {
            out.push_str(&rest[..at + 2]);
            rest = &rest[at + 2..];
            continue;
        };
        out.push_str(&rest[..at]);
        rest = &rest[at + UNIT..];
        // Two halves of a character are written one after the other.
        let pair = match (unit, self::unit(rest)) {
            (0xD800..=0xDBFF, Some(low @ 0xDC00..=0xDFFF)) => Some([unit, low]),
            _ => None,
        };
        if pair.is_some() {
            rest = &rest[UNIT..];
        }
        let units = pair.unwrap_or([unit, 0]);
        let units = &units[..1 + usize::from(pair.is_some())];
        out.extend(
            char::decode_utf16(units.iter().copied())
                .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)),
        );
    }
    out.push_str(rest);
}

/// Bytes of `_xHHHH_`.
const UNIT: usize = 7;

/// The code unit that a text begins with, written `_xHHHH_`.
fn unit(text: &str) -> Option<u16> {
    let bytes = text.as_bytes().get(..UNIT)?;
    let digits = bytes.strip_prefix(b"_x")?.strip_suffix(b"_")?;
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_of_the_format() {
        let plain = |text: &str| {
            let mut out = String::new();
            unescape(text, &mut out);
            out
        };
        for (text, meant) in [
            ("_x005F_x0000_", "_x0000_"),
            ("a_x000D_b", "a\rb"),
            ("_x00ZZ_", "_x00ZZ_"),
            ("_x00½_", "_x00½_"),
            ("__x0041_", "_A"),
            ("_x_x0041_", "_xA"),
            ("_xD83D__xDE00_", "\u{1F600}"),
            ("_xD83D_a", "\u{FFFD}a"),
            ("_xDE00_", "\u{FFFD}"),
            ("_x", "_x"),
        ] {
            assert_eq!(plain(text), meant, "{text}");
        }
    }

    #[test]
    fn strings_are_plain_rich_or_empty() {
        let xml = "<sst uniqueCount=\"6\"><si><t> a </t></si><si><t xml:space=\"preserve\"> b </t></si><si/>\
                   <si><r><t>c</t></r><r><rPr/><t xml:space=\"preserve\"> d</t></r><rPh sb=\"0\"><t>x</t></rPh></si>\
                   <si><t>e &amp; f</t></si><si><t/></si></sst>";
        let strings = shared(&mut Scanner::new(xml.as_bytes()), xml.len() as u64).unwrap();
        let found: Vec<_> = (0..strings.len())
            .map(|n| strings.get(n).unwrap())
            .collect();
        assert_eq!(found, ["a", " b ", "", "c d", "e & f", ""]);
    }
}

//! How the project's documents are written, read and fingerprinted.
//!
//! JSON, UTF-8, two-space indent, LF, a final newline; numbers in plain
//! notation without trailing zeros (`0.6`, never `6e-1` nor `0.60`).
//!
//! The fingerprint (*empreinte*) of a document is `sha256:` and the hexadecimal
//! digest of its **canonical bytes**: the document as read, without its
//! top-level `empreinte`, keys sorted by code point at every level, no white
//! space, only `"`, `\` and control characters escaped, arrays in file order.
//!
//! ```
//! let a: serde_json::Value = serde_json::from_str(r#"{"b": 0.60, "a": "é", "empreinte": "x"}"#).unwrap();
//! assert_eq!(ops_mixite::json::canonical(&a), r#"{"a":"é","b":0.6}"#.as_bytes());
//! ```

mod canonical;
mod written;

use std::io;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};
use sha2::{Digest, Sha256};

use crate::legible;
use crate::words::document as words;

/// The key of the fingerprint, left out of what it covers.
const FINGERPRINT_KEY: &str = "empreinte";

/// Most characters that an error quotes of a document.
const MAX_QUOTED_CHARS: usize = 200;

/// Writes floats in plain notation; everything else as the inner formatter.
///
/// REASON: `serde_json` writes `1.0` and `1e-5`, where the contract asks for
/// `1` and `0.00001`. `Display` of `f64` gives the shortest plain notation
/// that reads back to the same value.
struct Plain<F>(F);

/// The number whose `Display` is its spelling: `-0` would be another of zero.
fn plain(value: f64) -> f64 {
    if value == 0.0 { 0.0 } else { value }
}

macro_rules! delegate {
    ($($name:ident($($arg:ident: $ty:ty),*);)*) => {
        $(fn $name<W: ?Sized + io::Write>(&mut self, writer: &mut W $(, $arg: $ty)*) -> io::Result<()> {
            self.0.$name(writer $(, $arg)*)
        })*
    };
}

impl<F: Formatter> Formatter for Plain<F> {
    fn write_f64<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        write!(writer, "{}", plain(value))
    }
    delegate! {
        begin_array();
        end_array();
        begin_array_value(first: bool);
        end_array_value();
        begin_object();
        end_object();
        begin_object_key(first: bool);
        end_object_key();
        begin_object_value();
        end_object_value();
    }
}

/// Least that a text grows by while it is written.
const GROWTH: usize = 64 * 1024;

/// A text being written, which grows by an eighth.
///
/// REASON: a `Vec` doubles, so that a document of a hundred million bytes would hold
/// two hundred; nothing else is allocated meanwhile, and the memory that follows it is
/// nearly always free.
struct Text(Vec<u8>);

impl io::Write for Text {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let (held, needed) = (self.0.len(), bytes.len());
        if self.0.capacity() - held < needed {
            self.0.reserve_exact(needed.max(held / 8).max(GROWTH));
        }
        self.0.extend_from_slice(bytes);
        Ok(needed)
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write(bytes).map(|_| ())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn write_to<T: Serialize + ?Sized, F: Formatter>(
    document: &T,
    writer: &mut dyn io::Write,
    formatter: F,
) {
    document
        .serialize(&mut Serializer::with_formatter(writer, Plain(formatter)))
        .expect(ALWAYS);
}

/// The document as a file: two-space indent, LF, a final newline.
pub fn pretty<T: Serialize + ?Sized>(document: &T) -> String {
    let mut text = Text(Vec::new());
    write_pretty(document, &mut text);
    String::from_utf8(text.0).expect("JSON is UTF-8")
}

/// The same, to a writer that never fails.
fn write_pretty<T: Serialize + ?Sized>(document: &T, writer: &mut dyn io::Write) {
    write_to(document, writer, PrettyFormatter::with_indent(b"  "));
    writer.write_all(b"\n").expect(ALWAYS);
}

/// Most bytes of a piece of [`in_pieces`].
const PIECE: usize = 1 << 20;

/// The document as a file, handed over piece by piece so that it is never held whole
/// beside what it is made of; gives the SHA-256 of all of it.
pub fn in_pieces<T: Serialize + ?Sized>(document: &T, each: &mut dyn FnMut(&[u8])) -> String {
    struct Pieces<'a> {
        held: Vec<u8>,
        hash: Sha256,
        each: &'a mut dyn FnMut(&[u8]),
    }
    impl Pieces<'_> {
        fn hand_over(&mut self) {
            self.hash.update(&self.held);
            (self.each)(&self.held);
            self.held.clear();
        }
    }
    impl io::Write for Pieces<'_> {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if self.held.len() + bytes.len() > PIECE {
                self.hand_over();
            }
            self.held.extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut pieces = Pieces {
        held: Vec::with_capacity(PIECE),
        hash: Sha256::new(),
        each,
    };
    write_pretty(document, &mut pieces);
    pieces.hand_over();
    hexadecimal(&pieces.hash.finalize())
}

/// What is asked of a document before it is read as a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Survey {
    /// Its `format`, when it is a text.
    pub format: Option<String>,
    /// Its `version`, when it is a whole number.
    pub version: Option<u64>,
    /// Its fingerprint, computed.
    pub fingerprint: String,
}

/// How many bytes of a file [`is_table`] asks for.
pub const START: usize = 4096;

/// Are these the first bytes of a table, a workbook or lines of separated values, in
/// place of a document? It may be the rows of a landlord: the rest is not to be read.
pub fn is_table(bytes: &[u8]) -> bool {
    let start = &bytes[..bytes.len().min(START)];
    let line = start.split(|byte| *byte == b'\n').next();
    let line = unmarked(line.unwrap_or_default()).trim_ascii_start();
    // Other bytes that steer are those of no text in any encoding.
    let text = |byte: &u8| *byte >= b' ' || b"\t\r\0".contains(byte);
    let separators = line.iter().filter(|byte| b";\t,".contains(byte));
    start.starts_with(b"PK\x03\x04")
        || start.starts_with(b"\xd0\xcf\x11\xe0")
        || !matches!(line.first(), Some(b'{' | b'['))
            && line.iter().all(text)
            && separators.count() > 2
}

/// Goes through bytes as a document, a mark of UTF-8 allowed before it. Every
/// document of the project passes here.
///
/// # Errors
/// A French clause, when they are no JSON, or hold a text with a character that is
/// not seen: it could make that text pass for another.
pub fn survey(bytes: &[u8]) -> Result<Survey, String> {
    let canonical = canonical::of(unmarked(bytes)).map_err(|error| told(&error))?;
    if let Some((text, unseen)) = canonical.unseen {
        return Err(words::unseen(&cut(&text), unseen));
    }
    Ok(Survey {
        format: canonical.format,
        version: canonical.version,
        fingerprint: marked(&Sha256::digest(&canonical.bytes)),
    })
}

/// May the bytes be a document? A table, or a book of sheets, begins otherwise.
pub(crate) fn looks_like_one(bytes: &[u8]) -> bool {
    unmarked(bytes).trim_ascii_start().starts_with(b"{")
}

fn unmarked(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// Reads bytes that are a document as a type.
///
/// # Errors
/// A French clause: what is wrong and where. It may quote the document.
pub fn typed<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    serde_json::from_slice(unmarked(bytes)).map_err(|error| told(&error))
}

/// What the reader of JSON says, made fit to be shown: it may quote the document.
fn told(error: &serde_json::Error) -> String {
    cut(&legible::shown(&words::fault(error)))
}

/// A text of a document that is quoted, cut short.
pub(crate) fn cut(text: &str) -> String {
    match text.char_indices().nth(MAX_QUOTED_CHARS) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// What a document of the project cannot lack.
const ALWAYS: &str = "documents are trees of strings, numbers and lists: they always serialise";

/// The canonical bytes of a document, which its fingerprint covers.
pub fn canonical<T: Serialize + ?Sized>(document: &T) -> Vec<u8> {
    written::canonical(document).expect(ALWAYS)
}

/// The fingerprint that a typed document will have once written: `sha256:` and the
/// digest in hexadecimal.
pub fn fingerprint_of<T: Serialize + ?Sized>(document: &T) -> String {
    marked(&written::digest(document).expect(ALWAYS))
}

/// A digest as a fingerprint says it.
fn marked(digest: &[u8]) -> String {
    format!("sha256:{}", hexadecimal(digest))
}

/// The SHA-256 of bytes, in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// How many bytes [`pretty`] gives, without making them.
pub fn pretty_len<T: Serialize + ?Sized>(document: &T) -> usize {
    struct Counted(usize);
    impl io::Write for Counted {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut counted = Counted(0);
    write_pretty(document, &mut counted);
    counted.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn a_document_in_pieces_is_the_document() {
        let document: Vec<String> = (0..150_000).map(|n| format!("{n} é")).collect();
        let (mut whole, mut lengths) = (Vec::new(), Vec::new());
        let hash = in_pieces(&document, &mut |piece| {
            lengths.push(piece.len());
            whole.extend_from_slice(piece);
        });
        assert!(whole == pretty(&document).into_bytes());
        assert_eq!(hash, sha256(&whole));
        assert!(lengths.len() > 2 && lengths.iter().all(|length| *length <= PIECE));
    }

    #[test]
    fn a_table_is_known_by_its_first_bytes_and_a_document_is_none() {
        let utf_16: Vec<u8> = "Commune;Code INSEE;Typologie;Loyer\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        for table in [
            b"PK\x03\x04\x14\x00".as_slice(),
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            b"\xef\xbb\xbfCommune;Code INSEE;Typologie;Loyer\n",
            b"Commune,Code INSEE,Typologie,\xc2ge\r\nLe Creusot,71153,T3,40",
            b"Commune\tCode INSEE\tTypologie\tLoyer",
            &utf_16,
        ] {
            assert!(is_table(table), "{table:?}");
        }
        for other in [
            b"".as_slice(),
            b" {\"a\": 1, \"b\": 2, \"c\": 3, \"d\": 4}",
            b"\xef\xbb\xbf[1, 2, 3, 4, 5]",
            b"bonjour",
            b"Cher confr\xe8re, voici le fichier.",
            b"\x89PNG\r\n\x1a\n;;;;",
            b"\xff\xd8\xff\xe0\x00\x10JFIF\x01,;,;,",
        ] {
            assert!(!is_table(other), "{other:?}");
        }
        // Separators beyond the start are not looked for.
        assert!(!is_table(&[vec![b'x'; START], b";;;;".to_vec()].concat()));
    }

    #[test]
    fn what_is_not_seen_is_refused_and_named() {
        let refused = survey("{\"nom\": \"Tor\u{202e}cy\"}".as_bytes()).unwrap_err();
        assert!(
            refused.contains("« Tor\u{fffd}cy »") && refused.contains("U+202E"),
            "{refused}"
        );
        // Escaped, it is the same.
        assert!(survey(br#"{"nom": "Tor\u200bcy"}"#).is_err());
        assert!(survey("\u{feff}{\"nom\": \"Torcy\"}".as_bytes()).is_ok());
        // The reader of JSON quotes an unknown key.
        #[derive(Debug, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Nothing {}
        let long = format!("{{\"\u{202e}{}\": 1}}", "x".repeat(5_000));
        let refused = typed::<Nothing>(long.as_bytes()).unwrap_err();
        assert!(!refused.contains('\u{202e}') && refused.chars().count() <= MAX_QUOTED_CHARS + 1);
    }

    #[test]
    fn what_is_wrong_with_a_document_is_said_in_french() {
        #[derive(Debug, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        #[expect(dead_code, reason = "only its reading is looked at")]
        struct One {
            a: u8,
        }
        let deep = "[".repeat(100_000);
        for (text, said) in [
            (
                "{\"a\": 1",
                "le texte s'arrête avant sa fin (ligne 1, colonne 7)",
            ),
            ("", "le texte s'arrête avant sa fin"),
            ("\0\0", "ce n'est pas du JSON (ligne 1, colonne 1)"),
            (
                "{\"a\": 1e999}",
                "un nombre est trop grand (ligne 1, colonne 11)",
            ),
            (
                "{\"a\":\n \"1\"}",
                "une valeur n'est pas du type attendu (ligne 2, colonne 4)",
            ),
            (
                "{\"a\": 300}",
                "une valeur n'est pas du type attendu (ligne 1, colonne 9)",
            ),
            ("{}", "« a » manque (ligne 1, colonne 2)"),
            (
                "{\"a\": 1, \"a\": 2}",
                "« a » y figure deux fois (ligne 1, colonne 12)",
            ),
            (
                "{\"a\": 1, \"b\": 2}",
                "« b » n'y est pas attendu (ligne 1, colonne 12)",
            ),
            ("[]", "une valeur n'est pas du type attendu"),
            ("{\"a\": 1} x", "ce n'est pas du JSON (ligne 1, colonne 10)"),
        ] {
            let found = typed::<One>(text.as_bytes()).unwrap_err();
            assert!(found.starts_with(said), "{text}: {found}");
        }
        let found = survey(deep.as_bytes()).unwrap_err();
        assert!(
            found.starts_with("trop de niveaux sont emboîtés"),
            "{found}"
        );
        let ours = typed::<crate::campaign::Rate>(b"2").unwrap_err();
        assert!(!ours.contains("at line"), "{ours}");
    }

    #[test]
    fn numbers_are_plain() {
        assert_eq!(
            pretty(&json!([1.0, 0.60, 0.00001, 1e21, -0.0, 7])),
            "[\n  1,\n  0.6,\n  0.00001,\n  1000000000000000000000,\n  0,\n  7\n]\n"
        );
    }

    #[test]
    fn key_order_and_spelling_do_not_change_the_fingerprint() {
        let a: Value =
            serde_json::from_str("{\"b\":[1,0.60],\"a\":{\"d\":1,\"c\":\"\\u00e9\"}}").unwrap();
        let b: Value = serde_json::from_str(
            "{ \"a\": {\"c\":\"é\",\"d\":1}, \"b\":[1, 0.6], \"empreinte\":\"sha256:0\"}",
        )
        .unwrap();
        assert_eq!(fingerprint_of(&a), fingerprint_of(&b));
        assert_ne!(fingerprint_of(&a), fingerprint_of(&json!({"a": 1})));
    }

    #[test]
    fn a_digest_is_the_one_of_the_standard() {
        // FIPS 180-4, the example of one block.
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256(b"abc"), abc);
    }

    #[test]
    fn a_document_is_measured_without_being_written() {
        let document = json!({"a": [1, {"b": "é"}], "c": null, "d": [], "e": 0.5});
        assert_eq!(pretty_len(&document), pretty(&document).len());
    }
}

//! Bytes of a document → its canonical bytes, in one pass.
//!
//! REASON: a base may have a hundred million bytes; as a tree of values it would
//! take ten times as much, only to be written again in another order. Each value
//! is written as it is read; the members of an object change places only where
//! they do not come in the order of their keys.

use std::borrow::Cow;
use std::fmt;
use std::io::Write as _;
use std::ops::Range;

use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::{FINGERPRINT_KEY, plain};
use crate::legible;

/// What a pass over a document gives.
#[derive(Debug, Default)]
pub(super) struct Canonical {
    /// Its canonical bytes.
    pub(super) bytes: Vec<u8>,
    /// Its `format`, when it is a text.
    pub(super) format: Option<String>,
    /// Its `version`, when it is a whole number.
    pub(super) version: Option<u64>,
    /// The first text with an unseen character, as it is shown, and that character.
    pub(super) unseen: Option<(String, char)>,
}

/// Goes through a document.
pub(super) fn of(bytes: &[u8]) -> Result<Canonical, serde_json::Error> {
    let mut out = Canonical::default();
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let node = Node {
        out: &mut out,
        top: true,
    };
    node.deserialize(&mut reader)?;
    reader.end()?;
    Ok(out)
}

/// A value being read.
struct Node<'a> {
    out: &'a mut Canonical,
    /// Is it the document itself?
    top: bool,
}

impl Node<'_> {
    fn number(self, number: impl fmt::Display) {
        write!(self.out.bytes, "{number}").expect("memory takes all that is written");
    }
}

impl Canonical {
    fn text(&mut self, text: &str) {
        // Nearly all texts are identifiers.
        let plain = |b: u8| matches!(b, 0x20..0x7f);
        if self.unseen.is_none() && !text.bytes().all(plain) {
            self.unseen = legible::unseen_in(text);
        }
        serde_json::to_writer(&mut self.bytes, text).expect("memory takes all that is written");
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any valid JSON value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.out.bytes.extend_from_slice(b"null");
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.number(value);
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.number(value);
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.number(value);
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.number(plain(value));
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.out.text(text);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<(), A::Error> {
        self.out.bytes.push(b'[');
        let empty = self.out.bytes.len();
        loop {
            let node = Node {
                out: &mut *self.out,
                top: false,
            };
            if values.next_element_seed(node)?.is_none() {
                break;
            }
            self.out.bytes.push(b',');
        }
        if self.out.bytes.len() > empty {
            self.out.bytes.pop();
        }
        self.out.bytes.push(b']');
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let start = self.out.bytes.len();
        // Each key, and where its member stands, its comma included.
        let mut read: Vec<(Cow<'de, str>, Range<usize>)> = Vec::new();
        self.out.bytes.push(b'{');
        while let Some(key) = members.next_key_seed(Key)? {
            let from = self.out.bytes.len();
            self.out.text(&key);
            self.out.bytes.push(b':');
            let value = self.out.bytes.len();
            members.next_value_seed(Node {
                out: &mut *self.out,
                top: false,
            })?;
            if self.top {
                self.out.head(&key, value);
            }
            self.out.bytes.push(b',');
            read.push((key, from..self.out.bytes.len()));
        }
        let in_order = read.is_sorted_by(|(a, _), (b, _)| a < b);
        if !in_order || self.top {
            // Of two members of one key, the last is the one that is read.
            read.sort_by(|(a, _), (b, _)| a.cmp(b));
            let mut sorted = vec![b'{'];
            for (rank, (key, range)) in read.iter().enumerate() {
                let again = read.get(rank + 1).is_some_and(|(next, _)| next == key);
                if !(again || self.top && key == FINGERPRINT_KEY) {
                    sorted.extend_from_slice(&self.out.bytes[range.clone()]);
                }
            }
            self.out.bytes.truncate(start);
            self.out.bytes.append(&mut sorted);
        }
        if self.out.bytes.len() > start + 1 {
            self.out.bytes.pop();
        }
        self.out.bytes.push(b'}');
        Ok(())
    }
}

impl Canonical {
    /// Keeps what the document says that it is; its value was just written.
    fn head(&mut self, key: &str, value: usize) {
        // A long value is neither.
        let read = || -> Option<Value> { serde_json::from_slice(&self.bytes[value..]).ok() };
        match key {
            "format" => self.format = read().and_then(|v| Some(v.as_str()?.to_owned())),
            "version" => self.version = read().and_then(|v| v.as_u64()),
            _ => {}
        }
    }
}

/// A key, borrowed where it can be.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Cow<'de, str>;

    fn deserialize<D: serde::Deserializer<'de>>(self, reader: D) -> Result<Self::Value, D::Error> {
        reader.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string key")
    }

    fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(key))
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(key.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The same by the tree: written with care for nothing but being right.
    fn by_the_tree(value: &Value, top: bool) -> String {
        match value {
            Value::Number(n) if n.is_f64() => plain(n.as_f64().unwrap()).to_string(),
            Value::Array(values) => {
                let all: Vec<_> = values.iter().map(|v| by_the_tree(v, false)).collect();
                format!("[{}]", all.join(","))
            }
            Value::Object(map) => {
                let members = map
                    .iter()
                    .filter(|(key, _)| !top || *key != FINGERPRINT_KEY);
                let all: Vec<_> = members
                    .map(|(key, v)| {
                        format!("{}:{}", Value::from(key.as_str()), by_the_tree(v, false))
                    })
                    .collect();
                format!("{{{}}}", all.join(","))
            }
            other => other.to_string(),
        }
    }

    fn text() -> impl Strategy<Value = String> {
        prop_oneof!["[a-c\"\\\\é東]{0,3}", Just("empreinte".to_owned())]
    }

    /// JSON as anybody may write it: keys in any order, and twice.
    fn json() -> impl Strategy<Value = String> {
        let number = prop_oneof![
            any::<i64>().prop_map(|n| n.to_string()),
            any::<u64>().prop_map(|n| n.to_string()),
            any::<f64>()
                .prop_filter("JSON has no other", |n| n.is_finite())
                .prop_map(|n| format!("{n:e}")),
            Just("-0".to_owned()),
            Just("1.0".to_owned()),
            Just("123456789012345678901234".to_owned()),
        ];
        let leaf = prop_oneof![
            number,
            text().prop_map(|t| Value::from(t).to_string()),
            prop::sample::select(vec!["null".to_owned(), "true".to_owned()]),
        ];
        leaf.prop_recursive(4, 40, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5)
                    .prop_map(|all| format!("[ {} ]", all.join(" , "))),
                prop::collection::vec((text(), inner), 0..5).prop_map(|all| {
                    let all: Vec<_> = all
                        .iter()
                        .map(|(key, v)| format!("{} :\n{v}", Value::from(key.as_str())))
                        .collect();
                    format!("{{{}}}", all.join(","))
                }),
            ]
        })
    }

    proptest! {
        #[test]
        fn one_pass_says_what_the_tree_says(json in json()) {
            let tree: Value = serde_json::from_str(&json).unwrap();
            let read = of(json.as_bytes()).unwrap();
            let read = String::from_utf8(read.bytes).unwrap();
            prop_assert_eq!(&read, &by_the_tree(&tree, true));
            // What is fingerprinted as it is written is what will be read.
            let written = crate::json::canonical(&tree);
            prop_assert_eq!(String::from_utf8(written).unwrap(), read);
        }
    }

    #[test]
    fn the_last_of_two_members_is_the_one_read() {
        let read = of(br#"{"version": 1, "b": 1, "a": [], "version": 2, "b": {}}"#).unwrap();
        assert_eq!(read.bytes, br#"{"a":[],"b":{},"version":2}"#);
        assert_eq!(read.version, Some(2));
        let read = of(br#"{"format": {"a": 1}, "version": "1"}"#).unwrap();
        assert_eq!((read.format, read.version), (None, None));
    }

    #[test]
    fn the_first_unseen_character_is_told_wherever_it_stands() {
        let unseen = |json: &str| of(json.as_bytes()).unwrap().unseen;
        assert_eq!(
            unseen("{\"a\": [1, {\"b\": \"x\"}], \"c\\u200b\": null}"),
            Some(("c\u{fffd}".to_owned(), '\u{200b}'))
        );
        assert_eq!(unseen("[{\"a\": [\"x\\u202e\"]}]").unwrap().1, '\u{202e}');
        assert_eq!(unseen("{\"é\": \"Torcy\"}"), None);
    }

    #[test]
    fn what_is_no_document_is_an_error() {
        for wrong in ["", "{", "[1,]", "{\"a\" 1}", "1 2", "{1: 2}"] {
            assert!(of(wrong.as_bytes()).is_err(), "{wrong}");
        }
        let deep = "[".repeat(200) + &"]".repeat(200);
        assert!(of(deep.as_bytes()).is_err());
    }
}

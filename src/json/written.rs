//! A typed document → its canonical bytes, as it is written.
//!
//! REASON: the partial of a large landlord has a hundred million bytes. Written
//! whole, read again and written in order, it would stand in memory three times only
//! to be counted into a fingerprint. Here each value is written once, the members of
//! an object change places where they do not come in the order of their keys, and
//! what is complete goes to the digest at once. Only the document itself, whose
//! members are nearly all of it, is gone through once a member.

use std::borrow::Cow;
use std::io::Write as _;

use serde::ser::{self, Error as _, Impossible, Serialize};
use serde_json::Error;
use sha2::{Digest, Sha256};

use super::{FINGERPRINT_KEY, plain};
use crate::order;

/// Bytes that wait before they go to the digest.
const HELD_BYTES: usize = 64 * 1024;

/// The canonical bytes of a document.
pub(super) fn canonical<T: Serialize + ?Sized>(document: &T) -> Result<Vec<u8>, Error> {
    Ok(written(document, None)?.bytes)
}

/// The SHA-256 of the canonical bytes of a document.
pub(super) fn digest<T: Serialize + ?Sized>(document: &T) -> Result<[u8; 32], Error> {
    let out = written(document, Some(Sha256::new()))?;
    let mut digest = out.digest.unwrap_or_default();
    digest.update(&out.bytes);
    Ok(digest.finalize().into())
}

fn written<T: Serialize + ?Sized>(document: &T, digest: Option<Sha256>) -> Result<Out, Error> {
    let mut out = Out {
        digest,
        ..Out::default()
    };
    document.serialize(Node {
        out: &mut out,
        pass: Pass::Keys,
    })?;
    let Some(mut keys) = out.keys.take() else {
        // No object: it has been written.
        return Ok(out);
    };
    keys.retain(|key| key != FINGERPRINT_KEY);
    order::sort(&mut keys);
    out.bytes.push(b'{');
    for (rank, key) in keys.iter().enumerate() {
        if rank > 0 {
            out.bytes.push(b',');
        }
        document.serialize(Node {
            out: &mut out,
            pass: Pass::Member(key),
        })?;
    }
    out.bytes.push(b'}');
    Ok(out)
}

/// What is written, and what is known meanwhile.
#[derive(Default)]
struct Out {
    bytes: Vec<u8>,
    digest: Option<Sha256>,
    /// The keys of the document, when it is an object.
    keys: Option<Vec<Cow<'static, str>>>,
    /// Members of the objects that are being written.
    members: Vec<Member>,
    /// Where the members of one object are put in order.
    sorted: Vec<u8>,
}

/// A member of an object, and where it stands, its comma included.
struct Member {
    key: Cow<'static, str>,
    from: usize,
    to: usize,
}

impl Out {
    /// Hands on what cannot change any more.
    fn flush(&mut self) {
        if self.members.is_empty()
            && self.bytes.len() > HELD_BYTES
            && let Some(digest) = &mut self.digest
        {
            digest.update(&self.bytes);
            self.bytes.clear();
        }
    }

    /// Ends an object: its members, from a rank on, take the order of their keys.
    fn close(&mut self, first: usize) {
        let own = &mut self.members[first..];
        let in_order = own.is_sorted_by(|a, b| a.key < b.key);
        if let (Some(member), false) = (own.first(), in_order) {
            let start = member.from;
            // A few members, nearly in order: no sort is shorter.
            for last in 1..own.len() {
                let mut at = last;
                while at > 0 && own[at - 1].key > own[at].key {
                    own.swap(at - 1, at);
                    at -= 1;
                }
            }
            self.sorted.clear();
            for member in own {
                self.sorted
                    .extend_from_slice(&self.bytes[member.from..member.to]);
            }
            self.bytes.truncate(start);
            self.bytes.append(&mut self.sorted);
        }
        self.members.truncate(first);
        // Each member ends with its comma.
        if self.bytes.last() == Some(&b',') {
            self.bytes.pop();
        }
        self.bytes.push(b'}');
        self.flush();
    }
}

/// What is done of a value.
#[derive(Clone, Copy)]
enum Pass<'a> {
    /// It is written.
    Whole,
    /// It is the document: its keys are noted.
    Keys,
    /// It is the document: this member of it is written, with its key.
    Member(&'a str),
}

/// Where a value is written.
struct Node<'a> {
    out: &'a mut Out,
    pass: Pass<'a>,
}

/// A list or an object being written.
struct Parts<'a> {
    out: &'a mut Out,
    pass: Pass<'a>,
    /// Rank of its first member.
    first: usize,
    /// Was an element written?
    begun: bool,
    /// The key of a map whose value comes next.
    key: Cow<'static, str>,
}

impl<'a> Node<'a> {
    /// A value that JSON writes as it is.
    fn plain<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        serde_json::to_writer(&mut self.out.bytes, value)
    }

    fn list(self) -> Parts<'a> {
        self.out.bytes.push(b'[');
        self.parts()
    }

    fn object(self) -> Parts<'a> {
        match self.pass {
            Pass::Keys => self.out.keys = Some(Vec::new()),
            Pass::Whole => self.out.bytes.push(b'{'),
            Pass::Member(_) => {}
        }
        self.parts()
    }

    fn parts(self) -> Parts<'a> {
        Parts {
            first: self.out.members.len(),
            out: self.out,
            pass: self.pass,
            begun: false,
            key: Cow::Borrowed(""),
        }
    }
}

impl Parts<'_> {
    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        if self.begun {
            self.out.bytes.push(b',');
        }
        self.begun = true;
        let node = Node {
            out: &mut *self.out,
            pass: Pass::Whole,
        };
        value.serialize(node)
    }

    fn member<T: Serialize + ?Sized>(
        &mut self,
        key: Cow<'static, str>,
        value: &T,
    ) -> Result<(), Error> {
        let out = &mut *self.out;
        match self.pass {
            Pass::Keys => {
                out.keys.get_or_insert_default().push(key);
                return Ok(());
            }
            Pass::Member(wanted) if wanted != key => return Ok(()),
            _ => {}
        }
        let from = out.bytes.len();
        serde_json::to_writer(&mut out.bytes, &*key)?;
        out.bytes.push(b':');
        let whole = matches!(self.pass, Pass::Whole);
        let rank = out.members.len();
        if whole {
            out.members.push(Member {
                key,
                from,
                to: from,
            });
        }
        value.serialize(Node {
            out: &mut *out,
            pass: Pass::Whole,
        })?;
        if whole {
            out.bytes.push(b',');
            out.members[rank].to = out.bytes.len();
        }
        Ok(())
    }

    fn end_list(self) -> Result<(), Error> {
        self.out.bytes.push(b']');
        Ok(())
    }

    fn end_object(self) -> Result<(), Error> {
        if matches!(self.pass, Pass::Whole) {
            self.out.close(self.first);
        }
        Ok(())
    }
}

macro_rules! as_they_are {
    ($($name:ident: $type:ty),*) => {
        $(fn $name(self, value: $type) -> Result<(), Error> {
            self.plain(&value)
        })*
    };
}

impl<'a> ser::Serializer for Node<'a> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Parts<'a>;
    type SerializeTuple = Parts<'a>;
    type SerializeTupleStruct = Parts<'a>;
    type SerializeTupleVariant = Impossible<(), Error>;
    type SerializeMap = Parts<'a>;
    type SerializeStruct = Parts<'a>;
    type SerializeStructVariant = Impossible<(), Error>;

    as_they_are! {
        serialize_bool: bool,
        serialize_i8: i8,
        serialize_i16: i16,
        serialize_i32: i32,
        serialize_i64: i64,
        serialize_u8: u8,
        serialize_u16: u16,
        serialize_u32: u32,
        serialize_u64: u64,
        serialize_char: char,
        serialize_str: &str,
        serialize_bytes: &[u8]
    }

    fn serialize_f32(self, value: f32) -> Result<(), Error> {
        self.serialize_f64(f64::from(value))
    }

    fn serialize_f64(self, value: f64) -> Result<(), Error> {
        if value.is_finite() {
            write!(self.out.bytes, "{}", plain(value)).map_err(Error::io)
        } else {
            self.serialize_unit()
        }
    }

    fn serialize_none(self) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        self.plain(&())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), Error> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        let mut object = self.object();
        object.member(Cow::Borrowed(variant), value)?;
        object.end_object()
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Parts<'a>, Error> {
        Ok(self.list())
    }

    fn serialize_tuple(self, _: usize) -> Result<Parts<'a>, Error> {
        Ok(self.list())
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Parts<'a>, Error> {
        Ok(self.list())
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Error> {
        Err(in_no_document(name))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Parts<'a>, Error> {
        Ok(self.object())
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Parts<'a>, Error> {
        Ok(self.object())
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Error> {
        Err(in_no_document(name))
    }
}

/// A shape that no document of the project has.
fn in_no_document(name: &str) -> Error {
    Error::custom(format!("{name}: in no document"))
}

macro_rules! lists {
    ($($kind:ident: $name:ident),*) => {
        $(impl ser::$kind for Parts<'_> {
            type Ok = ();
            type Error = Error;

            fn $name<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
                self.element(value)
            }

            fn end(self) -> Result<(), Error> {
                self.end_list()
            }
        })*
    };
}

lists! {
    SerializeSeq: serialize_element,
    SerializeTuple: serialize_element,
    SerializeTupleStruct: serialize_field
}

impl ser::SerializeStruct for Parts<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        self.member(Cow::Borrowed(key), value)
    }

    fn end(self) -> Result<(), Error> {
        self.end_object()
    }
}

impl ser::SerializeMap for Parts<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        self.key = match serde_json::to_value(key)? {
            serde_json::Value::String(key) => Cow::Owned(key),
            other => Cow::Owned(other.to_string()),
        };
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        let key = std::mem::take(&mut self.key);
        self.member(key, value)
    }

    fn end(self) -> Result<(), Error> {
        self.end_object()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{canonical, fingerprint_of, sha256};

    #[derive(serde::Serialize)]
    struct Line<'a> {
        maille: &'a str,
        #[serde(rename = "effectifs")]
        counts: Vec<Option<i64>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        base: Option<Kind>,
    }

    #[derive(serde::Serialize)]
    enum Kind {
        #[serde(rename = "publie")]
        Published,
        Bound(Rate),
    }

    #[derive(serde::Serialize)]
    struct Rate(f64);

    #[derive(serde::Serialize)]
    struct Document<'a> {
        version: u8,
        lines: Vec<Line<'a>>,
        empreinte: &'a str,
        by_name: std::collections::BTreeMap<&'a str, (bool, char)>,
        nothing: (),
    }

    fn document(lines: usize) -> Document<'static> {
        let line = |rank: usize| Line {
            maille: ["71153", "é\"", ""][rank % 3],
            counts: vec![Some(rank as i64), None],
            base: [None, Some(Kind::Published), Some(Kind::Bound(Rate(0.60)))]
                .into_iter()
                .nth(rank % 3)
                .flatten(),
        };
        Document {
            version: 1,
            lines: (0..lines).map(line).collect(),
            empreinte: "sha256:0",
            by_name: [("b", (true, 'x')), ("a", (false, '"'))].into(),
            nothing: (),
        }
    }

    #[test]
    fn members_take_the_order_of_their_keys_at_every_level() {
        let bytes = canonical(&document(3));
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            concat!(
                r#"{"by_name":{"a":[false,"\""],"b":[true,"x"]},"lines":["#,
                r#"{"effectifs":[0,null],"maille":"71153"},"#,
                r#"{"base":"publie","effectifs":[1,null],"maille":"é\""},"#,
                r#"{"base":{"Bound":0.6},"effectifs":[2,null],"maille":""}],"#,
                r#""nothing":null,"version":1}"#
            )
        );
    }

    #[test]
    fn what_is_no_object_is_written_too() {
        for (value, bytes) in [
            (
                serde_json::json!([1, {"b": 0, "a": []}, {}]),
                r#"[1,{"a":[],"b":0},{}]"#,
            ),
            (serde_json::json!("a"), r#""a""#),
            (serde_json::json!({}), "{}"),
            (serde_json::json!({"empreinte": 1}), "{}"),
        ] {
            assert_eq!(canonical(&value), bytes.as_bytes());
        }
    }

    #[test]
    fn a_long_document_has_the_digest_of_its_canonical_bytes() {
        let document = document(20_000);
        let whole = canonical(&document);
        assert!(whole.len() > 4 * HELD_BYTES);
        assert_eq!(
            fingerprint_of(&document),
            format!("sha256:{}", sha256(&whole))
        );
        // Read back from its file, it has the same fingerprint.
        let file = crate::json::pretty(&document);
        let read = crate::json::survey(file.as_bytes()).unwrap();
        assert_eq!(fingerprint_of(&document), read.fingerprint);
    }

    #[test]
    fn little_waits_for_the_digest() {
        let out = written(&document(20_000), Some(Sha256::new())).unwrap();
        assert!(
            out.bytes.capacity() < 4 * HELD_BYTES,
            "{}",
            out.bytes.capacity()
        );
    }
}

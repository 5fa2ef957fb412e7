//! The JSON Schemas of the files that the project reads and writes, made from
//! their types and committed under `docs/schema/`; `cargo run --example schemas`
//! writes them anew, a test compares.
//!
//! A schema tells a landlord's technician, or another program, the shape of a
//! file. What no schema can say (additivity, the rule of 11, the gate) is checked
//! by the readers and by `ops-mixite verifier`.

use std::borrow::Cow;

use schemars::generate::{Contract, SchemaSettings};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::Value;

use crate::base::{BaseFile, fraction::Gap};
use crate::campaign::{CampaignFile, Rate};
use crate::dwelling::Variable;
use crate::intake::{Correspondence, columns};
use crate::partial::{Absent, PartialFile};

/// The schema of one kind of file.
#[derive(Debug)]
pub struct FileSchema {
    /// Name of the schema's own file, under `docs/schema/`.
    pub name: &'static str,
    /// The schema, as the bytes of that file.
    pub text: String,
}

/// The schemas of all kinds of file.
pub fn all() -> [FileSchema; 4] {
    use crate::{base, campaign, intake::correspondence, partial};
    [
        file::<CampaignFile>(
            "campagne.schema.json",
            campaign::FORMAT,
            campaign::VERSION,
            Contract::Deserialize,
        ),
        file::<PartialFile>(
            "partiel.schema.json",
            partial::FORMAT,
            partial::VERSION,
            Contract::Serialize,
        ),
        file::<BaseFile>(
            "base.schema.json",
            base::FORMAT,
            base::VERSION,
            Contract::Serialize,
        ),
        file::<Correspondence>(
            "correspondance.schema.json",
            correspondence::FORMAT,
            correspondence::VERSION,
            Contract::Deserialize,
        ),
    ]
}

/// The schema of a file that only the software writes says which keys are always
/// there; that of a file that people write, which ones they may leave out.
fn file<T: JsonSchema>(
    name: &'static str,
    format: &str,
    version: u32,
    contract: Contract,
) -> FileSchema {
    let settings = SchemaSettings::draft2020_12().with(|s| s.contract = contract);
    let mut schema = settings
        .into_generator()
        .into_root_schema_for::<T>()
        .to_value();
    schema["title"] = format.into();
    schema["properties"]["format"] = serde_json::json!({ "const": format });
    schema["properties"]["version"] = serde_json::json!({ "const": version });
    plain_words(&mut schema);
    FileSchema {
        name,
        text: crate::json::pretty(&schema),
    }
}

/// Descriptions come from the types' documentation: its links mean nothing here.
fn plain_words(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            if let Some(Value::String(text)) = map.get_mut("description") {
                *text = text.replace("[`", "").replace("`]", "").replace('\n', " ");
            }
            map.values_mut().for_each(plain_words);
        }
        Value::Array(items) => items.iter_mut().for_each(plain_words),
        _ => {}
    }
}

impl JsonSchema for Rate {
    fn schema_name() -> Cow<'static, str> {
        "Rate".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "number", "minimum": 0, "maximum": 1 })
    }
}

impl JsonSchema for Gap {
    fn schema_name() -> Cow<'static, str> {
        "Gap".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "number", "minimum": -1, "maximum": 1 })
    }
}

impl JsonSchema for Absent {
    fn schema_name() -> Cow<'static, str> {
        "Absent".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["integer", "null"] })
    }
}

impl JsonSchema for Variable {
    fn schema_name() -> Cow<'static, str> {
        "Variable".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let ids: Vec<&str> = columns::COLUMNS.iter().map(|column| column.id).collect();
        json_schema!({ "type": "string", "enum": ids })
    }
}

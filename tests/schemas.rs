//! The committed schemas are those of the types, and the files that the software
//! writes follow them.

use std::path::Path;
use std::process::Command;

use ops_mixite::example::{Landlord, table, to_csv};

use serde_json::Value;

fn committed(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("docs/schema")
        .join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn errors(schema: &str, document: &str) -> Vec<String> {
    let schema: Value = serde_json::from_str(&committed(schema)).unwrap();
    let document: Value = serde_json::from_str(document).unwrap();
    jsonschema::validator_for(&schema)
        .unwrap()
        .iter_errors(&document)
        .map(|error| format!("{} : {error}", error.instance_path()))
        .collect()
}

#[test]
fn the_committed_schemas_are_those_of_the_types() {
    for schema in ops_mixite::schema::all() {
        assert_eq!(
            committed(schema.name),
            schema.text,
            "{}: run `cargo run --example schemas`",
            schema.name
        );
    }
}

#[test]
fn the_files_written_follow_them() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let campaign = include_str!("../domain/exemple-fictif.campagne.json");
    std::fs::write(folder.join("c.json"), campaign).unwrap();
    std::fs::write(folder.join("a.csv"), to_csv(&table(Landlord::A, 7, 1_500))).unwrap();
    for arguments in [
        "agreger a.csv --campagne c.json --produit-le 2026-11-23 -o a.partiel.json",
        "fusionner a.partiel.json --campagne c.json -o a.base.json",
    ] {
        let done = Command::new(env!("CARGO_BIN_EXE_ops-mixite"))
            .current_dir(folder)
            .args(arguments.split(' '))
            .status()
            .unwrap();
        assert!(done.success(), "{arguments}");
    }
    let written = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let none = Vec::<String>::new();
    assert_eq!(errors("campagne.schema.json", campaign), none);
    let cucm = include_str!("../domain/cucm-ops-2024.campagne.json");
    assert_eq!(errors("campagne.schema.json", cucm), none);
    let partial = written("a.partiel.json");
    assert_eq!(errors("partiel.schema.json", &partial), none);
    assert_eq!(errors("base.schema.json", &written("a.base.json")), none);

    let profile = r#"{ "format": "ops-mixite/correspondance", "version": 1,
        "colonnes": { "commune": ["Lieu"] }, "valeurs": { "occupation": { "1": "loue" } } }"#;
    assert_eq!(errors("correspondance.schema.json", profile), none);

    // One of another kind, and one with a key too many, do not.
    assert_ne!(errors("base.schema.json", &partial), none);
    let extra = partial.replacen("\"produit_le\"", "\"adresse\": 1, \"produit_le\"", 1);
    assert_ne!(errors("partiel.schema.json", &extra), none);
}

//! The command line from two landlords' files to the exports: all the outputs
//! or none.

use std::path::Path;
use std::process::{Command, Output};

use ops_mixite::example::{Landlord, table, to_csv};

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ops-mixite"))
        .current_dir(folder)
        .args(arguments)
        .output()
        .unwrap()
}

fn succeeds(folder: &Path, arguments: &[&str]) {
    let output = run(folder, arguments);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?} {said}");
}

#[test]
fn exports_are_written_with_the_base_or_nothing_is() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let campaign = include_str!("../domain/exemple-fictif.campagne.json");
    std::fs::write(folder.join("c.json"), campaign).unwrap();
    for (name, landlord) in [("a", Landlord::A), ("b", Landlord::B)] {
        let rows = to_csv(&table(landlord, 7, 1_500));
        std::fs::write(folder.join(format!("{name}.csv")), rows).unwrap();
        let (from, to) = (format!("{name}.csv"), format!("{name}.partiel.json"));
        let date = "2026-11-23";
        succeeds(
            folder,
            &[
                "agreger",
                &from,
                "--campagne",
                "c.json",
                "--produit-le",
                date,
                "-o",
                &to,
            ],
        );
    }
    let merge = [
        "fusionner",
        "a.partiel.json",
        "b.partiel.json",
        "--campagne",
        "c.json",
    ];
    let with = |more: &[&'static str]| [&merge[..], more].concat();

    // One output that cannot be written: none is.
    let failed = run(
        folder,
        &with(&["-o", "x.json", "--csv", "x.csv", "--ods", "no/x.ods"]),
    );
    assert_eq!(failed.status.code(), Some(2));
    assert!(!folder.join("x.json").exists() && !folder.join("x.csv").exists());
    // Two outputs under one name are a mistake.
    let twice = run(folder, &with(&["-o", "x.json", "--csv", "x.json"]));
    assert_eq!(twice.status.code(), Some(2));
    assert!(!folder.join("x.json").exists());

    for stem in ["x", "y"] {
        let names = ["json", "xlsx", "ods", "csv"].map(|e| format!("{stem}.{e}"));
        let mut arguments = merge.to_vec();
        for (option, name) in ["-o", "--xlsx", "--ods", "--csv"].into_iter().zip(&names) {
            arguments.extend([option, name.as_str()]);
        }
        succeeds(folder, &arguments);
    }
    for extension in ["json", "xlsx", "ods", "csv"] {
        let bytes = |stem: &str| std::fs::read(folder.join(format!("{stem}.{extension}"))).unwrap();
        assert!(bytes("x") == bytes("y"), "{extension}");
    }
}

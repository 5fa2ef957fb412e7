//! The contract of the command line: exit codes, all the outputs or none, one
//! clear sentence in French, and nothing of what was there before is lost.

use std::path::Path;
use std::process::{Command, Output};

use ops_mixite::example::{Landlord, table, to_csv};

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ops-mixite"))
        .current_dir(folder)
        .env_remove("SOURCE_DATE_EPOCH")
        .args(arguments)
        .output()
        .unwrap()
}

fn succeeds(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{arguments:?} {said}");
    said
}

/// Stops with this exit code and says this.
fn stops(folder: &Path, arguments: &[&str], code: i32, words: &str) {
    let output = run(folder, arguments);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{arguments:?} {said}");
    assert!(said.contains(words), "{arguments:?} {said}");
}

/// A folder with the fictitious campaign and one landlord's file.
fn folder(campaign: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("c.json"), campaign).unwrap();
    let rows = to_csv(&table(Landlord::A, 7, 600));
    std::fs::write(folder.path().join("a.csv"), rows).unwrap();
    folder
}

const CAMPAIGN: &str = include_str!("../domain/exemple-fictif.campagne.json");

/// The names of what stands in a folder.
fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_landlord_tightens_the_rules_and_never_loosens_them() {
    let aggregate = ["agreger", "a.csv", "--campagne", "c.json", "-o", "x.json"];
    let with = |more: &[&'static str]| [&aggregate[..], more].concat();

    let strict = folder(CAMPAIGN);
    let strict = strict.path();
    stops(strict, &with(&["--seuil", "10"]), 1, "jamais l'abaisser");
    let reading = ["--seuil-porte-sur", "population"];
    stops(strict, &with(&reading), 1, "moins stricte");
    assert_eq!(names(strict), ["a.csv", "c.json"]);
    succeeds(strict, &with(&["--seuil", "20"]));
    let text = std::fs::read_to_string(strict.join("x.json")).unwrap();
    assert!(text.contains("\"seuil\": 20"), "{text}");

    let mut campaign: serde_json::Value = serde_json::from_str(CAMPAIGN).unwrap();
    campaign["regles"]["seuil_porte_sur"] = "population".into();
    let wide = folder(&campaign.to_string());
    let wide = wide.path();
    for (asked, written) in [(None, "population"), (Some("effectif"), "effectif")] {
        let mut arguments = aggregate.to_vec();
        arguments.extend(asked.iter().flat_map(|a| ["--seuil-porte-sur", a]));
        succeeds(wide, &arguments);
        let text = std::fs::read_to_string(wide.join("x.json")).unwrap();
        let rule = format!("\"seuil_porte_sur\": \"{written}\"");
        assert!(text.contains(&rule), "{rule}");
    }
}

#[test]
fn equal_dates_give_equal_bytes_and_the_date_is_given_to_the_core() {
    let folder = folder(CAMPAIGN);
    let folder = folder.path();
    let aggregate = ["agreger", "a.csv", "--campagne", "c.json", "-o"];
    let date = ["--produit-le", "2026-11-23"];
    for name in ["x.json", "y.json"] {
        let said = succeeds(folder, &[&aggregate[..], &[name], &date[..]].concat());
        for step in ["lecture ", "secret ", "attaque "] {
            let timed = said
                .lines()
                .any(|line| line.starts_with(step) && line.ends_with(" ms"));
            assert!(timed, "{step}: {said}");
        }
    }
    let bytes = |name: &str| std::fs::read(folder.join(name)).unwrap();
    assert!(bytes("x.json") == bytes("y.json"));
    let dated = Command::new(env!("CARGO_BIN_EXE_ops-mixite"))
        .current_dir(folder)
        .env("SOURCE_DATE_EPOCH", "1795392000")
        .args([&aggregate[..], &["z.json"]].concat())
        .output()
        .unwrap();
    assert!(dated.status.success());
    let text = String::from_utf8(bytes("z.json")).unwrap();
    assert!(text.contains("\"produit_le\": \"2026-11-23\""), "{text}");
    assert!(bytes("x.json") == bytes("z.json"));

    succeeds(folder, &["verifier", "x.json"]);
    let edited = String::from_utf8(bytes("x.json")).unwrap();
    std::fs::write(folder.join("x.json"), edited.replacen("null", "8", 1)).unwrap();
    stops(folder, &["verifier", "x.json"], 1, "x.json");
}

#[test]
fn an_output_never_takes_the_place_of_what_is_read() {
    let folder = folder(CAMPAIGN);
    let folder = folder.path();
    let aggregate = ["agreger", "a.csv", "--campagne", "c.json", "-o"];
    let before = ["a.csv", "c.json"].map(|n| std::fs::read(folder.join(n)).unwrap());
    for over in ["a.csv", "./c.json"] {
        let arguments = [&aggregate[..], &[over]].concat();
        stops(folder, &arguments, 2, "est lu par la commande");
    }
    let after = ["a.csv", "c.json"].map(|n| std::fs::read(folder.join(n)).unwrap());
    assert!(before == after);

    succeeds(folder, &[&aggregate[..], &["a.partiel.json"]].concat());
    let partial = std::fs::read(folder.join("a.partiel.json")).unwrap();
    let merge = ["fusionner", "a.partiel.json", "--campagne", "c.json", "-o"];
    let arguments = [&merge[..], &["x.json", "--csv", "a.partiel.json"]].concat();
    stops(folder, &arguments, 2, "est lu par la commande");
    assert!(partial == std::fs::read(folder.join("a.partiel.json")).unwrap());
    // The same output again is what a script does: it is written over.
    let again = [&aggregate[..], &["a.partiel.json"]].concat();
    succeeds(folder, &again);
}

#[test]
fn misuse_is_exit_2_and_refusal_exit_1_with_a_sentence() {
    let folder = folder(CAMPAIGN);
    let folder = folder.path();
    stops(folder, &[], 2, "Quelle commande");
    stops(folder, &["agrege"], 2, "Commande inconnue");
    stops(folder, &["agreger", "a.csv"], 2, "-o FICHIER");
    let output = ["-o", "x.json"];
    let aggregate = |more: &[&'static str]| [&["agreger"], more, &output[..]].concat();
    stops(folder, &aggregate(&[]), 2, "un fichier OPS");
    stops(folder, &aggregate(&["absent.csv"]), 2, "absent.csv");
    stops(folder, &aggregate(&["a.csv", "--seuil", "onze"]), 2, "onze");
    let campaign = ["a.csv", "--campagne", "a.csv"];
    stops(folder, &aggregate(&campaign), 1, "a.csv");
    // The landlords of another campaign.
    stops(folder, &aggregate(&["a.csv"]), 1, "habellis");
    stops(folder, &["verifier", "a.csv"], 1, "a.csv");
    // The page's sentence names its setting; here it is an option.
    let nobody = "Commune;Occupation\nLe Creusot;Loué\n";
    std::fs::write(folder.join("b.csv"), nobody).unwrap();
    stops(folder, &aggregate(&["b.csv"]), 1, "--bailleur ID");
    std::fs::remove_file(folder.join("b.csv")).unwrap();
    assert_eq!(names(folder), ["a.csv", "c.json"]);
}

#[test]
fn help_is_given_wherever_it_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [
        &["--help"][..],
        &["-h"],
        &["agreger", "--help"],
        &["agreger", "a.csv", "-h"],
        &["fusionner", "--aide"],
        &["verifier", "--help"],
    ] {
        let output = run(folder.path(), arguments);
        assert!(output.status.success(), "{arguments:?}");
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(said.starts_with("Usage") && said.contains("verifier"));
    }
}

#[test]
fn exports_are_written_with_the_base_or_nothing_is() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("c.json"), CAMPAIGN).unwrap();
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

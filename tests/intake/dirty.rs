//! A deliberately dirty file: its quality report, held to a golden file, and
//! what must never be repeated of it.

use ops_mixite::campaign::Campaign;
use ops_mixite::intake::{Ignored, Options, quality};

use super::read_with;

/// Everything that goes wrong at least once.
const DIRTY: &str = "\
Export du 03/01/2024;;;;;;;;;;;;;;
Identifiant logement;Commune;Occupation;Situation familiale;Nb occupants;Age titulaire;Age 1;Age 2;Activité 1;Activité 2;RFR;Surface;Nom du locataire;Contact;Remarque
1001;Torcy;Loué;Personne seule;3;45;45;12;CDI;;-5000;65;DURAND;06 12 34 56 78;a@exemple.fr
1002;Torcy;Loué;Famille monoparentale;1;15;150;;CDI;CDI;12 000 €;0;MARTIN;06 12 34 56 79;b@exemple.fr
1003;Blanzy;Bail;Couple avec enfants;3;38;38;9;CDI;CDD;abc;=1+1;PETIT;06 12 34 56 80;
1003;Blanzy;Loué;Couple avec enfants;3;38;38;9;CDI;CDD;9000;70;PETIT;06 12 34 56 80;
1,23E+09;Blanzy;Loué;Inclassable;2;40;40;9;CDI;CDD;9000;70;GRAND;06 12 34 56 81;
1005;Dijon;Loué;Personne seule;1;40;40;;CDI;;9000;70;GRAND;06 12 34 56 81;
1006;;Loué;Personne seule;1;40;40;;CDI;;9000;70;GRAND;06 12 34 56 81;
1007;Torcy;Gardien;;;;;;;;;70;GRAND;06 12 34 56 81;
TOTAL;;;;;;;;;;99;;;;
";

#[test]
fn the_quality_report_of_a_dirty_file() {
    let (_, report) = read_with(DIRTY.as_bytes(), &Campaign::cucm(), &Options::default()).unwrap();
    let bytes = quality::to_csv(&report);
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/qualite.csv");
    // To accept a change: OPS_MIXITE_ACCEPTE=1 cargo test, then read the difference.
    if std::env::var_os("OPS_MIXITE_ACCEPTE").is_some() {
        std::fs::write(golden, &bytes).unwrap();
    }
    let expected = std::fs::read(golden).unwrap();
    assert_eq!(
        String::from_utf8(bytes).unwrap(),
        String::from_utf8(expected).unwrap()
    );
}

#[test]
fn identity_is_recognised_by_header_and_by_content() {
    let (_, report) = read_with(DIRTY.as_bytes(), &Campaign::cucm(), &Options::default()).unwrap();
    let identity: Vec<_> = report
        .ignored
        .iter()
        .filter(|c| c.why == Ignored::Identity)
        .map(|c| c.column.header.as_str())
        .collect();
    assert_eq!(identity, ["Nom du locataire", "Contact", "Remarque"]);
    let all = serde_json::to_string(&report).unwrap();
    let csv = String::from_utf8(quality::to_csv(&report)).unwrap();
    for secret in [
        "DURAND",
        "MARTIN",
        "PETIT",
        "GRAND",
        "06 12",
        "exemple.fr",
        "1001",
        "1002",
    ] {
        assert!(!all.contains(secret), "{secret}");
        assert!(!csv.contains(secret), "{secret}");
    }
}

/// A column with an innocent name, even one that the user gave to a variable.
#[test]
fn a_variable_is_not_read_in_a_column_of_persons() {
    let csv = "Commune;Occupation;Résidence\nTorcy;Loué;Mme DURAND\nTorcy;Loué;M. PETIT\n";
    let (dwellings, report) =
        read_with(csv.as_bytes(), &Campaign::cucm(), &Options::default()).unwrap();
    assert!(dwellings.iter().all(|d| d.programme_name.is_empty()));
    assert_eq!(report.ignored[0].why, Ignored::Identity);
}

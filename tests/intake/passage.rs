//! The landlord's own *table de passage*, and files that hold several landlords.

use std::io::Cursor;

use ops_mixite::campaign::{Campaign, Passage};
use ops_mixite::example::{Landlord, SEED, table, to_csv};
use ops_mixite::intake::{IntakeError, Options, passage, quality};
use ops_mixite::pipeline::{self, AggregateRequest, Aggregation};

use super::read_with;
use super::writers;

fn read(text: &str) -> Result<Vec<Passage>, String> {
    read_bytes(text.as_bytes())
}

fn read_bytes(bytes: &[u8]) -> Result<Vec<Passage>, String> {
    let size = bytes.len() as u64;
    passage::read(Cursor::new(bytes), size, "p.csv", &Campaign::example())
        .map_err(|e| e.to_string())
}

fn aggregate(csv: &str, campaign: Campaign, passage: Vec<Passage>) -> Aggregation {
    let request = AggregateRequest {
        passage,
        ..AggregateRequest::new(campaign, "2024-06-01")
    };
    let size = csv.len() as u64;
    pipeline::aggregate(Cursor::new(csv), size, "ops", &request, &mut ())
        .unwrap_or_else(|e| panic!("{e}"))
}

#[test]
fn columns_are_found_and_secteurs_are_the_campaigns() {
    let lines = read(
        "Table de passage\n\nN° programme;Nom du programme;Ville;SECTEUR;Code QPV\n\
         0101;Résidence A;le creusot;CENTRE;QN99901M\n0102;;71153;;non\n;;;Sud;\n0103;;Le Creusot;Sud;\n",
    );
    let line = |programme: &str, secteur: &str, qpv: Option<&str>| Passage {
        landlord: String::new(),
        programme: programme.into(),
        commune: Some("71153".into()),
        secteur: Some(secteur.into()),
        qpv: qpv.map(str::to_owned),
    };
    // The line without secteur nor district, and that without programme, say nothing.
    let has_sud = Campaign::example().secteurs("71153").contains("Sud");
    let mut expected = vec![line("0101", "Centre", Some("QN99901M"))];
    if has_sud {
        expected.push(line("0103", "Sud", None));
        assert_eq!(lines.unwrap(), expected);
    } else {
        assert!(lines.unwrap_err().contains("« Sud » à Le Creusot"));
    }
    let xlsx = writers::xlsx(&writers::one(writers::texts(&[
        &["Programme", "Code INSEE", "Secteur"],
        &["0101", "71153", "Centre"],
    ])));
    assert_eq!(read_bytes(&xlsx).unwrap(), [line("0101", "Centre", None)]);
}

#[test]
fn what_a_table_may_not_say() {
    for (text, words) in [
        ("Programme;Commune\n1;Torcy\n", "colonne « Secteur »"),
        ("Programme;Secteur\n1;\n", "aucune ligne"),
        (
            "Programme;Commune;Secteur\n1;Dijon;Sud\n",
            "ligne 2, colonne B (« Commune ») : la commune « Dijon »",
        ),
        (
            "Programme;Commune;Secteur\n1;Le Creusot;Ailleurs\n",
            "ligne 2, colonne C (« Secteur ») : la campagne n'a pas de secteur « Ailleurs » à Le Creusot (secteurs possibles : « ",
        ),
        ("Programme;Secteur\n1;Ailleurs\n", "« Ailleurs »"),
        (
            "Programme;Commune;QPV\n1;Le Creusot;QN99901M\n2;Torcy;non\n1;Le Creusot;QN99902M\n",
            "lignes 2 et 4",
        ),
        (
            "Programme;Bailleur;QPV\n1;Autre HLM;QN99901M\n",
            "« Autre HLM » n'est pas un bailleur",
        ),
        ("", "vide"),
    ] {
        let error = read(text).unwrap_err();
        assert!(error.contains(words), "{error}");
    }
    let said = Passage {
        landlord: String::new(),
        programme: "1".into(),
        commune: Some("71153".into()),
        secteur: Some("Ailleurs".into()),
        qpv: None,
    };
    assert!(passage::check(&[said], &Campaign::example()).is_err());
}

/// A campaign stripped of its lines but one, and those lines in a file of the
/// landlord: the same partial.
#[test]
fn a_table_of_the_landlord_places_as_the_campaign_would() {
    let csv = to_csv(&table(Landlord::A, SEED, 1_000));
    let whole = aggregate(&csv, Campaign::example(), Vec::new());
    assert!(whole.programmes.iter().any(|p| p.secteur.is_some()));
    let names: Vec<_> = Campaign::example()
        .file()
        .communes
        .iter()
        .map(|c| (c.code.clone(), c.name.clone()))
        .collect();
    let saved = passage::to_csv(&whole.programmes, &names);
    // Only landlord B's lines are left: the secteurs stay known, A's places do not.
    let json = include_str!("../../domain/exemple-fictif.campagne.json")
        .replace("\"bailleur\": \"exemple-a\"", "\"bailleur\": \"exemple-b\"");
    let bare = Campaign::parse(json.as_bytes()).unwrap();
    let lost = aggregate(&csv, bare.clone(), Vec::new());
    assert!(lost.programmes.iter().all(|p| p.secteur.is_none()));
    let size = saved.len() as u64;
    let lines = passage::read(Cursor::new(&saved), size, "p", &bare).unwrap();
    let again = aggregate(&csv, bare, lines);
    assert_eq!(again.programmes, whole.programmes);
    let mailles = |made: &Aggregation| format!("{:?}", made.certified.partial().file().zonages);
    assert_eq!(mailles(&again), mailles(&whole));
    assert_ne!(mailles(&lost), mailles(&whole));
}

/// The landlord's line wins, whatever became of leading zeros; what it leaves
/// empty stays the campaign's; another landlord's line does nothing.
#[test]
fn the_landlords_line_wins_and_leaves_the_rest() {
    let campaign = Campaign::example();
    let line = |landlord: &str, secteur: &str| Passage {
        landlord: landlord.into(),
        programme: "105".into(),
        commune: Some("71153".into()),
        secteur: Some(secteur.into()),
        qpv: None,
    };
    let own = campaign.with_passage("exemple-a", &[line("exemple-b", "Nord"), line("", "Sud")]);
    let found = own.passage("exemple-a", "0105", "71153").unwrap();
    assert_eq!(found.secteur.as_deref(), Some("Sud"));
    assert_eq!(found.programme, "105");
    assert_eq!(own.fingerprint(), campaign.fingerprint());
    let other = own.passage("exemple-b", "0105", "71153");
    assert_eq!(other, campaign.passage("exemple-b", "0105", "71153"));
    let exact = campaign.with_passage(
        "exemple-a",
        &[Passage {
            programme: "0105".into(),
            ..line("", "Sud")
        }],
    );
    let found = exact.passage("exemple-a", "0105", "71153").unwrap();
    assert_eq!(found.qpv.as_deref(), Some("QN99901M"));
}

const MIXED: &str = "\
Bailleur;Commune;Occupation;RFR
Habellis;Torcy;Loué;1000
Habellis;Torcy;Loué;abc
;Torcy;Vacant;
OPAC 71;Torcy;Loué;xyz
OPAC 71;Dijon;Loué;1000
OPAC 71;;Loué;1000
Habellis;Dijon;Loué;1000
";

#[test]
fn the_report_counts_the_chosen_landlord() {
    let read = |landlord| {
        let options = Options {
            landlord,
            ..Options::default()
        };
        read_with(MIXED.as_bytes(), &Campaign::cucm(), &options)
    };
    let (dwellings, report) = read(Some(0)).unwrap();
    assert_eq!(
        (dwellings.len(), report.rows_kept, report.rows_let),
        (3, 3, 2)
    );
    let count = |code: &str| {
        let mut findings = report.findings.iter();
        findings.find(|f| f.code == code).map(|f| f.count)
    };
    assert_eq!(count("valeur-inconnue"), Some(1));
    assert_eq!(count("commune-absente"), None);
    assert_eq!(count("commune-hors-territoire"), Some(1));
    assert_eq!(count("plusieurs-bailleurs"), Some(2));
    let rfr = report
        .answers
        .iter()
        .find(|a| a.variable == ops_mixite::dwelling::Variable::Income);
    assert_eq!(rfr.map(|a| (a.asked, a.answered)), Some((2, 1)));
    let named: Vec<_> = report.landlords.iter().map(|l| (l.rank, l.rows)).collect();
    assert_eq!(named, [(Some(0), 2), (Some(1), 3)]);
    let csv = String::from_utf8(quality::to_csv(&report)).unwrap();
    assert!(
        csv.contains("logement d'un autre bailleur de la campagne;3"),
        "{csv}"
    );
    let (_, report) = read(Some(1)).unwrap();
    assert_eq!((report.rows_kept, report.rows_let), (2, 1));
    // Nobody chosen: everybody.
    let (_, report) = read(None).unwrap();
    assert_eq!(report.rows_kept, 4);
}

#[test]
fn a_file_of_others_says_whose_it_is() {
    let options = Options {
        landlord: Some(0),
        ..Options::default()
    };
    let csv = "Bailleur;Commune;Occupation\nOPAC 71;Torcy;Loué\n";
    let error = read_with(csv.as_bytes(), &Campaign::cucm(), &options).unwrap_err();
    let sentence = error.to_string();
    assert!(
        sentence.contains("aucune des 1 lignes lues n'est du bailleur choisi"),
        "{sentence}"
    );
    assert!(sentence.contains("« OPAC 71 »"), "{sentence}");
    let IntakeError::Refused { file, problem } = error else {
        panic!("{sentence}");
    };
    let report = String::from_utf8(quality::refused_csv(
        &file,
        problem.code(),
        problem.variable(),
        &problem.to_string(),
    ))
    .unwrap();
    assert!(report.contains("autre-bailleur;bloque;;1;"), "{report}");
}

#[test]
fn a_total_does_not_hide_that_the_rows_are_another_landlords() {
    let options = Options {
        landlord: Some(0),
        ..Options::default()
    };
    let csv = "Bailleur;Commune;Occupation\nOPAC 71;Torcy;Loué\nOPAC 71;Torcy;Loué\nTotal;;2\n";
    let refused = read_with(csv.as_bytes(), &Campaign::cucm(), &options).unwrap_err();
    let said = refused.to_string();
    assert!(
        said.contains("n'est du bailleur choisi") && said.contains("OPAC 71"),
        "{said}"
    );
}

//! The RPLS return joined by identifier, and nothing of a file left in what the
//! command line writes.

use std::io::Cursor;
use std::sync::Arc;

use ops_mixite::campaign::Campaign;
use ops_mixite::dwelling::{Dwelling, Financing, Qpv, Typology, Variable};
use ops_mixite::example::{HEADERS, Landlord, SEED, table, to_csv};
use ops_mixite::intake::{IntakeError, Options, Problem, Report, Rpls};

use super::read_with;
use super::writers;

fn rpls(bytes: &[u8]) -> Result<Rpls, Problem> {
    Rpls::read(Cursor::new(bytes), bytes.len() as u64, "rpls.csv").map_err(|e| match e {
        IntakeError::Refused { problem, .. } => problem,
        other => panic!("{other}"),
    })
}

fn joined(ops: &str, rpls: Rpls) -> (Vec<Dwelling>, Report) {
    let options = Options {
        rpls: Some(Arc::new(rpls)),
        ..Options::default()
    };
    read_with(ops.as_bytes(), &Campaign::example(), &options).unwrap()
}

/// A line of the return of 64 positions.
fn line(id: &str, traits: &[(usize, &str)]) -> String {
    let mut cells = vec![String::new(); 64];
    cells[0] = id.to_owned();
    cells[3] = "71153".to_owned();
    for (position, value) in traits {
        cells[position - 1] = (*value).to_owned();
    }
    cells.join(";") + "\n"
}

fn ret() -> String {
    let full = [
        (22, "1"),
        (23, "C"),
        (24, "3"),
        (25, "66"),
        (26, "1974"),
        (32, "13"),
        (40, "2"),
        (49, "D"),
    ];
    format!(
        "015450638;Habellis;2024\n{}{}",
        line("0000000001", &full),
        line("0000000002", &[(24, "4"), (25, "999"), (32, "14")])
    )
}

const OPS: &str = "\
Commune;Identifiant logement;Occupation;Financement
Torcy;1;Loué;PLAI
Torcy;0000000002;Loué;
Torcy;3;Loué;
";

#[test]
fn the_return_of_64_positions_completes_what_the_file_leaves_empty() {
    let rpls = rpls(ret().as_bytes()).unwrap();
    assert_eq!(rpls.dwellings(), 2);
    let (dwellings, report) = joined(OPS, rpls);
    let first = &dwellings[0];
    // The file's own word wins, and MODE 2 does not make a let dwelling vacant.
    assert_eq!(first.financing, Some(Financing::Plai));
    assert_eq!(first.occupation.map(|o| o.id()), Some("loue"));
    assert_eq!((first.rooms, first.surface), (Some(3), Some(66)));
    assert_eq!(first.typology, Some(Typology::T3));
    assert_eq!(first.construction_year, Some(1974));
    assert_eq!(first.energy_label.map(|e| e.id()), Some("D"));
    assert_eq!(first.qpv, Qpv::Inside(None));
    let second = &dwellings[1];
    assert_eq!(second.financing, Some(Financing::Pls));
    assert_eq!((second.rooms, second.surface), (Some(4), None));
    assert_eq!(dwellings[2].rooms, None);
    let matched = report.rpls.unwrap();
    assert_eq!(
        (matched.dwellings, matched.matched, matched.unmatched),
        (2, 2, 1)
    );
    assert!(report.variables.contains(Variable::EnergyLabel));
    let finding = report
        .findings
        .iter()
        .find(|f| f.code == "logement-absent-du-rpls")
        .unwrap();
    assert_eq!((finding.count, finding.examples[0].row), (1, 4));
}

#[test]
fn an_extract_with_names_is_joined_and_gives_what_the_file_would_have_said() {
    // The example's own characteristics, taken out of the file and given back.
    const TRAITS: [usize; 4] = [26, 27, 28, 29];
    let rows = table(Landlord::A, SEED, 200);
    let without: Vec<Vec<String>> = rows.iter().map(|row| row[..26].to_vec()).collect();
    let extract: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            let id = if row[1] == HEADERS[1] {
                "IDENT_REP"
            } else {
                &row[1]
            };
            let traits = TRAITS.iter().map(|at| row[*at].clone());
            std::iter::once(id.to_owned()).chain(traits).collect()
        })
        .collect();
    let (expected, _) = read_with(
        to_csv(&rows).as_bytes(),
        &Campaign::example(),
        &Options::default(),
    )
    .unwrap();
    let sheets = writers::one(writers::typed(&extract));
    for bytes in [to_csv(&extract).into_bytes(), writers::xlsx(&sheets)] {
        let (dwellings, report) = joined(&to_csv(&without), rpls(&bytes).unwrap());
        assert_eq!(dwellings, expected);
        assert_eq!(report.rpls.unwrap().unmatched, 0);
    }
}

#[test]
fn the_public_file_and_other_files_are_refused_with_the_reason() {
    let public = "\u{feff}DEPCOM;LIBCOM;TYPECONST_CODE;NBPIECE;SURFHAB;CONSTRUCT;FINAN_CODE\n71153;Le Creusot;C;3;60;1974;52\n";
    let refused = rpls(public.as_bytes()).unwrap_err();
    assert_eq!(refused, Problem::RplsWithoutIdentifier);
    assert!(refused.to_string().contains("public"));
    assert_eq!(rpls(b"a;b\n1;2\n").unwrap_err(), Problem::NotRpls);
    assert_eq!(rpls(OPS.as_bytes()).unwrap_err(), Problem::NotRpls);
}

#[test]
fn a_file_of_two_landlords_says_whose_numbers_its_counts_are() {
    let mut rows = table(Landlord::A, SEED, 20);
    rows.extend_from_slice(&table(Landlord::B, SEED, 20)[1..]);
    let csv = to_csv(&rows);
    let (_, report) = read_with(csv.as_bytes(), &Campaign::example(), &Options::default()).unwrap();
    let said = report
        .findings
        .iter()
        .find(|f| f.code == "plusieurs-bailleurs");
    assert_eq!(said.map(|f| f.count), Some(2));
}

/// Identifiers, addresses and persons are in no file that the command line
/// writes, nor on its standard error.
#[test]
fn nothing_that_identifies_is_written() {
    let rows = table(Landlord::A, SEED, 300);
    let mut secrets = Vec::new();
    let mut dressed = Vec::new();
    for (rank, row) in rows.iter().enumerate() {
        let mut row = row.clone();
        if rank == 0 {
            row.extend(["Nom locataire", "Contact"].map(str::to_owned));
        } else {
            row[1] = format!("IDLOG{rank:05}X");
            row[6] = format!("{rank} impasse Secrète");
            let name = format!("DURANDEAU{rank}");
            let mail = format!("personne{rank}@exemple.fr");
            secrets.extend([row[1].clone(), row[6].clone(), name.clone(), mail.clone()]);
            row.extend([name, mail]);
        }
        dressed.push(row);
    }
    let extract: String = dressed[1..]
        .iter()
        .fold("IDENT_REP;NBPIECE;SURFHAB\n".to_owned(), |all, row| {
            all + &format!("{};{};{}\n", row[1], row[28], row[29])
        });
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("ops.csv"), to_csv(&dressed)).unwrap();
    std::fs::write(path("rpls.csv"), extract).unwrap();
    let campaign = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/domain/exemple-fictif.campagne.json"
    );
    let run = |arguments: &[&std::ffi::OsStr]| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_ops-mixite"))
            .args(arguments)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{said}");
        said + &String::from_utf8_lossy(&output.stdout)
    };
    let os = |text: &'static str| std::ffi::OsStr::new(text);
    let (ops, extract) = (path("ops.csv"), path("rpls.csv"));
    let (partial, base) = (path("a.partiel.json"), path("a.base.json"));
    let mut written = run(&[
        os("agreger"),
        ops.as_os_str(),
        os("--rpls"),
        extract.as_os_str(),
        os("--campagne"),
        os(campaign),
        os("-o"),
        partial.as_os_str(),
    ]);
    assert!(
        written.contains("300 logements rapprochés sur 300"),
        "{written}"
    );
    written += &run(&[
        os("fusionner"),
        partial.as_os_str(),
        os("--campagne"),
        os(campaign),
        os("-o"),
        base.as_os_str(),
        os("--xlsx"),
        path("a.xlsx").as_os_str(),
        os("--ods"),
        path("a.ods").as_os_str(),
        os("--csv"),
        path("a.csv").as_os_str(),
    ]);
    let inputs = ["ops.csv", "rpls.csv"];
    let mut files = 0;
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        if inputs.iter().any(|name| entry.file_name() == *name) {
            continue;
        }
        files += 1;
        let bytes = std::fs::read(entry.path()).unwrap();
        match zip::ZipArchive::new(Cursor::new(&bytes)) {
            Err(_) => written += &String::from_utf8(bytes).unwrap(),
            Ok(mut book) => {
                for part in 0..book.len() {
                    let mut text = Vec::new();
                    let mut part = book.by_index(part).unwrap();
                    std::io::Read::read_to_end(&mut part, &mut text).unwrap();
                    written += &String::from_utf8_lossy(&text);
                }
            }
        }
    }
    assert_eq!(files, 5);
    // What is searched would be found.
    assert!(written.contains("Source OPS 2024") || written.contains("Données fictives"));
    for secret in secrets {
        assert!(!written.contains(&secret), "{secret}");
    }
}

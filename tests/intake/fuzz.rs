//! Every reader on changed files, in memory and from fixed seeds: the same
//! inputs in every run. No panic; an input that makes one is written among the
//! fixtures, which are all read again here.
//!
//! `OPS_MIXITE_FUZZ=N` asks for N inputs by target (`cargo xtask fuzz`).

use std::io::{Cursor, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use ops_mixite::base::Base;
use ops_mixite::campaign::Campaign;
use ops_mixite::example::{Landlord, SEED, table, to_csv};
use ops_mixite::intake::{Correspondence, Options, Rpls, limits, passage, quality};
use ops_mixite::partial::Partial;
use ops_mixite::pipeline::{self, AggregateRequest};
use ops_mixite::{attack, json};
use serde_json::Value;

use super::writers::{self, one, typed};

/// Inputs by target in an ordinary run.
const INPUTS: u64 = 120;
/// What the whole run may have taken at its height, in kibibytes (other tests of
/// the same process included, which inflate large parts on purpose).
const MAX_RESIDENT_KIB: u64 = 2 << 20;

/// SplitMix64: small, seeded, the same everywhere.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Under `bound`, which is not zero.
    fn under(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    fn range(&mut self, length: usize) -> std::ops::Range<usize> {
        let start = self.under(length + 1);
        let most = (length - start).min(400);
        start..start + self.under(most + 1)
    }
}

/// What formats take for a number, a name or a length.
const WORDS: &[&[u8]] = &[
    b"-1",
    b"0",
    b"1e999",
    b"18446744073709551616",
    b"4294967295",
    b"2147483648",
    b"99999999999",
    b"NaN",
    b"\xff\xff\xff\xff",
    b"\x00\x00\x00\x00",
    b"\x7f\xff\xff\xff",
    b"<",
    b">",
    b"/>",
    b"&",
    b"&#xFFFFFFFF;",
    b"<!--",
    b"]]>",
    b"\"",
    b"\"\"",
    b";",
    b"\r",
    b"\n\n",
    b"\t",
    b"=",
    b"XFD1048576",
    b"table:number-rows-repeated=\"1048576\"",
    b"table:number-columns-repeated=\"16384\"",
    b"{",
    b"}",
    b"[",
    b"null",
    b"\xef\xbb\xbf",
    b"\xc3\x28",
    b"\xed\xa0\x80",
    "é\u{202e}\u{0}".as_bytes(),
];

/// One to four changes: bits, bytes, words, truncation, pieces lost, doubled or
/// taken from another file.
fn changed(bytes: &[u8], other: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for _ in 0..=dice.under(4) {
        if out.is_empty() {
            return out;
        }
        let at = dice.under(out.len());
        match dice.under(9) {
            0 => out[at] ^= 1 << dice.under(8),
            1 => out[at] = dice.next() as u8,
            2 => out.truncate(at),
            3 => {
                let lost = dice.range(out.len());
                drop(out.drain(lost));
            }
            4 => {
                let piece = out[dice.range(out.len())].to_vec();
                out.splice(at..at, piece);
            }
            5 => {
                let piece = other[dice.range(other.len())].to_vec();
                out.splice(at..at, piece);
            }
            6 => {
                let end = (at + 4).min(out.len());
                out.splice(at..end, WORDS[dice.under(WORDS.len())].iter().copied());
            }
            7 => {
                // A number as the formats write it, replaced whole.
                if let Some(start) = out[at..]
                    .iter()
                    .position(u8::is_ascii_digit)
                    .map(|n| n + at)
                {
                    let length = out[start..]
                        .iter()
                        .take_while(|b| b.is_ascii_digit())
                        .count();
                    let word = WORDS[dice.under(8)].iter().copied();
                    out.splice(start..start + length, word);
                }
            }
            _ => out
                .splice(at..at, WORDS[dice.under(WORDS.len())].iter().copied())
                .for_each(drop),
        }
    }
    out
}

/// A file, and when it is a zip its parts.
struct Seed {
    bytes: Vec<u8>,
    parts: Vec<(String, Vec<u8>)>,
}

impl Seed {
    fn plain(bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            bytes: bytes.into(),
            parts: Vec::new(),
        }
    }

    fn zip(bytes: Vec<u8>) -> Self {
        let mut archive = zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
        let parts = (0..archive.len())
            .map(|at| {
                let mut part = archive.by_index(at).unwrap();
                let mut content = Vec::new();
                part.read_to_end(&mut content).unwrap();
                (part.name().unwrap().into_owned(), content)
            })
            .collect();
        drop(archive);
        Self { bytes, parts }
    }

    /// Changed as it is, or inside a part whose sums are made right again.
    fn changed(&self, other: &Self, dice: &mut Dice) -> Vec<u8> {
        if self.parts.is_empty() || dice.under(4) == 0 {
            return changed(&self.bytes, &other.bytes, dice);
        }
        // Large parts are met as often as they weigh, small ones too.
        let target = dice.under(self.parts.len());
        let mut parts = self.parts.clone();
        let (_, content) = &mut parts[target];
        if !content.is_empty() {
            let from = &other.parts.get(target).unwrap_or(&self.parts[0]).1;
            *content = changed(content, from, dice);
        }
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in &parts {
            let stored = zip::write::SimpleFileOptions::default()
                .compression_method(zip::CompressionMethod::Stored);
            zip.start_file(name, stored).unwrap();
            zip.write_all(content).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }
}

fn inputs() -> u64 {
    let asked = std::env::var("OPS_MIXITE_FUZZ").ok();
    asked.and_then(|n| n.parse().ok()).unwrap_or(INPUTS)
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/fuzz")
}

/// Runs a reader on changed seeds; an input that panics becomes a fixture.
fn run(target: &str, seeds: &[Seed], read: fn(&[u8])) {
    for number in 0..inputs() {
        let mut dice = Dice(number);
        let (a, b) = (dice.under(seeds.len()), dice.under(seeds.len()));
        let input = seeds[a].changed(&seeds[b], &mut dice);
        if catch_unwind(AssertUnwindSafe(|| read(&input))).is_err() {
            let path = fixtures().join(format!("{target}-{number}.bin"));
            std::fs::create_dir_all(fixtures()).unwrap();
            std::fs::write(&path, &input).unwrap();
            panic!("{target}, input {number}: kept as {}", path.display());
        }
    }
    if let Some(peak) = resident_peak() {
        assert!(peak < MAX_RESIDENT_KIB, "{target}: {peak} KiB");
    }
}

/// The height of the process's memory, where the system tells.
fn resident_peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// The landlord's file: whatever is read is reported, and the report is written.
fn ops(bytes: &[u8]) {
    match super::read_with(bytes, &Campaign::example(), &Options::default()) {
        Ok((dwellings, report)) => {
            assert!(dwellings.len() <= limits::MAX_ROWS as usize * limits::MAX_SHEETS);
            assert!(quality::to_csv(&report).len() < 64 << 20);
        }
        Err(error) => assert!(error.to_string().starts_with("« ops » : ")),
    }
}

fn rpls(bytes: &[u8]) {
    let _ = Rpls::read(Cursor::new(bytes), bytes.len() as u64, "rpls");
}

fn own_passage(bytes: &[u8]) {
    let _ = passage::read(
        Cursor::new(bytes),
        bytes.len() as u64,
        "p",
        &Campaign::example(),
    );
}

fn campaign(bytes: &[u8]) {
    if let Ok(campaign) = Campaign::parse(bytes) {
        let csv = "Commune;Occupation;N° programme\nLe Creusot;Loué;0105\n";
        let _ = super::read_with(csv.as_bytes(), &campaign, &Options::default());
    }
}

fn profile(bytes: &[u8]) {
    if let Ok(profile) = Correspondence::parse(bytes) {
        assert_eq!(
            Correspondence::parse(profile.to_json().as_bytes()).unwrap(),
            profile
        );
        let options = Options {
            correspondence: Some(profile),
            ..Options::default()
        };
        let csv = to_csv(&table(Landlord::A, SEED, 3));
        let _ = super::read_with(csv.as_bytes(), &Campaign::example(), &options);
    }
}

fn partial(bytes: &[u8]) {
    if let Ok(partial) = Partial::parse(bytes) {
        let _ = attack::verify(&partial).to_string();
        let files = [("p".to_owned(), bytes.to_vec())];
        let _ = pipeline::consolidate(&files, &Campaign::example(), &mut ());
    }
}

fn base(bytes: &[u8]) {
    if let Ok(base) = Base::parse(bytes) {
        let _ = base.to_bytes();
    }
}

fn books(make: fn(&[writers::Sheet]) -> Vec<u8>) -> Vec<Seed> {
    let rows = typed(&table(Landlord::A, SEED, 12));
    let (header, body) = rows.split_first().unwrap();
    let half = |rows: &[Vec<writers::Cell>]| {
        let mut all = vec![header.clone()];
        all.extend_from_slice(rows);
        all
    };
    let two = [
        ("Nord".to_owned(), half(&body[..6])),
        ("Sud".to_owned(), half(&body[6..])),
    ];
    vec![Seed::zip(make(&one(rows.clone()))), Seed::zip(make(&two))]
}

#[test]
fn xlsx_that_are_changed() {
    run("xlsx", &books(writers::xlsx), ops);
}

#[test]
fn ods_that_are_changed() {
    run("ods", &books(writers::ods), ops);
}

#[test]
fn xlsb_that_are_changed() {
    run("xlsb", &books(writers::xlsb), ops);
}

#[test]
fn xls_that_are_changed() {
    let seed = || Seed::plain(*include_bytes!("../fixtures/dates-1904.xls"));
    run("xls", &[seed(), seed()], ops);
}

#[test]
fn csv_that_are_changed() {
    let csv = to_csv(&table(Landlord::A, SEED, 12));
    let odd = "Commune,Occupation,\"Ages des occupants\",RFR\r\nTorcy,Loué,\"45;12;9\",\"12 000,50 €\"\r\n\"Bla\nnzy\",Vacant,,\r\n";
    let (latin, _, _) = encoding_rs::WINDOWS_1252.encode(&csv);
    run(
        "csv",
        &[
            Seed::plain(csv.as_bytes()),
            Seed::plain(odd),
            Seed::plain(latin),
        ],
        ops,
    );
}

#[test]
fn rpls_that_are_changed() {
    let line = |id: &str| {
        let mut cells = vec!["1"; 64];
        (cells[0], cells[3]) = (id, "71153");
        cells.join(";") + "\n"
    };
    let positions = format!("015450638;H;2024\n{}{}", line("0000000001"), line("A2"));
    let named = "IDENT_REP;FINAN;NBPIECE;SURFHAB;QPV;DPEENERGIE\n1;13;3;66;1;D\n2;14;4;80;2;G\n";
    run("rpls", &[Seed::plain(positions), Seed::plain(named)], rpls);
}

#[test]
fn tables_de_passage_that_are_changed() {
    let csv =
        "Programme;Commune;Secteur;QPV\n0101;Le Creusot;Centre;QN99901M\n0102;71153;Centre;\n";
    let xlsx = writers::xlsx(&one(writers::texts(&[
        &["N° programme", "Code INSEE", "Secteur"],
        &["0101", "71153", "Centre"],
    ])));
    run("passage", &[Seed::plain(csv), Seed::zip(xlsx)], own_passage);
}

#[test]
fn campaigns_that_are_changed() {
    let seeds = [
        Seed::plain(include_str!("../../domain/cucm-ops-2024.campagne.json")),
        Seed::plain(include_str!("../../domain/exemple-fictif.campagne.json")),
    ];
    run("campagne", &seeds, campaign);
}

#[test]
fn profiles_that_are_changed() {
    let json = r#"{ "format": "ops-mixite/correspondance", "version": 1,
        "colonnes": { "commune": ["Commune"], "aspa": [], "rfr": ["Revenu fiscal de référence"] },
        "valeurs": { "occupation": { "1": "loue", "Loué": "vide_hors_location" }, "apl": { "Oui": "non" } } }"#;
    run("profil", &[Seed::plain(json), Seed::plain("{}")], profile);
}

fn partials() -> Vec<(String, Vec<u8>)> {
    let made = |landlord| {
        let csv = to_csv(&table(landlord, SEED, 300));
        let request = AggregateRequest::new(Campaign::example(), "2024-06-01");
        let size = csv.len() as u64;
        let made = pipeline::aggregate(Cursor::new(csv), size, "ops", &request, &mut ()).unwrap();
        (made.file_name, made.certified.bytes())
    };
    vec![made(Landlord::A), made(Landlord::B)]
}

/// Changes a value somewhere in a document.
fn change_value(value: &mut Value, dice: &mut Dice) {
    let deeper = dice.under(12) > 0;
    match value {
        Value::Object(map) if !map.is_empty() => {
            let rank = dice.under(map.len());
            if deeper {
                change_value(map.values_mut().nth(rank).unwrap(), dice);
            } else {
                let key = map.keys().nth(rank).unwrap().clone();
                map.remove(&key);
            }
        }
        Value::Array(list) if !list.is_empty() => {
            let rank = dice.under(list.len());
            match dice.under(3) {
                _ if deeper => change_value(&mut list[rank], dice),
                0 => drop(list.remove(rank)),
                1 => list.push(list[rank].clone()),
                _ => list.reverse(),
            }
        }
        leaf => {
            *leaf = match dice.under(6) {
                0 => Value::Null,
                1 => Value::from(u64::MAX),
                2 => Value::from(-1),
                3 => Value::from(dice.under(30)),
                4 => Value::from("epci"),
                _ => Value::from(0.5),
            }
        }
    }
}

/// Changes a few values of a document and makes its fingerprint right again: what
/// stands behind the fingerprint is met too.
fn resealed(bytes: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut document: Value = serde_json::from_slice(bytes).unwrap();
    for _ in 0..=dice.under(3) {
        change_value(&mut document, dice);
    }
    if let Value::Object(map) = &mut document {
        map.remove("empreinte");
    }
    let fingerprint = json::fingerprint_of(&document);
    if let Value::Object(map) = &mut document {
        map.insert("empreinte".to_owned(), Value::from(fingerprint));
    }
    serde_json::to_vec_pretty(&document).unwrap()
}

/// Half of the seeds are broken in their values, behind a right fingerprint.
fn sealed_seeds(files: &[Vec<u8>]) -> Vec<Seed> {
    let mut seeds: Vec<Seed> = files
        .iter()
        .map(|bytes| Seed::plain(bytes.clone()))
        .collect();
    seeds.push(Seed::plain("{}"));
    seeds
}

fn run_resealed(target: &str, files: &[Vec<u8>], read: fn(&[u8])) {
    for number in 0..inputs() {
        let mut dice = Dice(number);
        let file = &files[dice.under(files.len())];
        let input = resealed(file, &mut dice);
        if catch_unwind(AssertUnwindSafe(|| read(&input))).is_err() {
            let path = fixtures().join(format!("{target}-scelle-{number}.bin"));
            std::fs::create_dir_all(fixtures()).unwrap();
            std::fs::write(&path, &input).unwrap();
            panic!("{target}, input {number}: kept as {}", path.display());
        }
    }
}

#[test]
fn partials_that_are_changed() {
    let files: Vec<_> = partials().into_iter().map(|(_, bytes)| bytes).collect();
    run("partiel", &sealed_seeds(&files), partial);
    run_resealed("partiel", &files, partial);
}

#[test]
fn bases_that_are_changed() {
    let made = pipeline::consolidate(&partials(), &Campaign::example(), &mut ());
    let files = [made.base.unwrap().to_bytes()];
    run("base", &sealed_seeds(&files), base);
    run_resealed("base", &files, base);
}

/// What once made a reader fall, read again by the reader that its name says.
#[test]
fn every_crash_is_a_fixture() {
    let Ok(found) = std::fs::read_dir(fixtures()) else {
        return;
    };
    for entry in found {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let read: fn(&[u8]) = match name.split('-').next().unwrap_or_default() {
            "rpls" => rpls,
            "passage" => own_passage,
            "campagne" => campaign,
            "profil" => profile,
            "partiel" => partial,
            "base" => base,
            _ => ops,
        };
        read(&bytes);
    }
}

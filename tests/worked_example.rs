//! `docs/exemple.md`, recomputed: three fictitious landlords, from their rows to
//! a fiche. Every figure of that page stands in a block that this test writes
//! anew and compares. After a change that is meant:
//! `OPS_MIXITE_ECRIRE=1 cargo test --test worked_example`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use ops_mixite::base::{Base, ResultFile, Status};
use ops_mixite::campaign::{Campaign, Rate};
use ops_mixite::partial::{LineFile, Partial};
use ops_mixite::pipeline::{self, AggregateRequest};
use ops_mixite::words::{charts, labels, numbers, ui};

const TABLE: &str = "situation_familiale";
const LANDLORDS: [&str; 3] = ["alpha", "beta", "gamma"];
/// What the landlords' files call the modalités of [`TABLE`], in its order.
const SITUATIONS: [&str; 5] = [
    "Personne seule",
    "Famille monoparentale",
    "Couple sans enfant",
    "Couple avec enfant(s)",
    "Autre",
];
/// The commune of the fiche.
const FICHE: &str = "99003";
/// The commune whose bounds are explained.
const BOUNDED: &str = "99001";

/// The true figures of a place, counted here from the rows: what no one but the
/// landlord ever sees.
#[derive(Clone, Debug, Default)]
struct Truth {
    dwellings: u64,
    let_: u64,
    situations: [u64; 5],
    apl: [u64; 2],
}

impl Truth {
    fn answered(&self) -> u64 {
        self.situations.iter().sum()
    }

    fn add(&mut self, other: &Self) {
        self.dwellings += other.dwellings;
        self.let_ += other.let_;
        let sum = |a: &mut [u64], b: &[u64]| a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
        sum(&mut self.situations, &other.situations);
        sum(&mut self.apl, &other.apl);
    }
}

/// By landlord, then by maille: the EPCI, the communes, the programmes.
type Truths = BTreeMap<&'static str, BTreeMap<String, Truth>>;

struct Example {
    campaign: Campaign,
    truths: Truths,
    /// The files as they leave: name, bytes.
    files: Vec<(String, Vec<u8>)>,
    partials: Vec<Partial>,
    base: Base,
}

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/exemple")
}

fn example() -> Example {
    let read = |name: String| std::fs::read(folder().join(name)).unwrap();
    let campaign = Campaign::parse(&read("exemple.campagne.json".to_owned())).unwrap();
    let mut truths = Truths::new();
    let mut files = Vec::new();
    for landlord in LANDLORDS {
        let bytes = read(format!("{landlord}.csv"));
        truths.insert(landlord, count(&campaign, landlord, &bytes));
        let request = AggregateRequest::new(campaign.clone(), "2026-11-23");
        let size = bytes.len() as u64;
        let source = std::io::Cursor::new(bytes);
        let made = pipeline::aggregate(source, size, landlord, &request, &mut ()).unwrap();
        files.push((made.file_name, made.certified.bytes()));
    }
    let partials = files
        .iter()
        .map(|(_, bytes)| Partial::parse(bytes).unwrap())
        .collect();
    let made = pipeline::consolidate(&files, &campaign, &mut ());
    assert!(made.refused.is_empty() && made.missing.is_empty());
    Example {
        campaign,
        truths,
        files,
        partials,
        base: made.base.unwrap(),
    }
}

/// The rows, counted without any of the software.
fn count(campaign: &Campaign, landlord: &str, bytes: &[u8]) -> BTreeMap<String, Truth> {
    let mut all: BTreeMap<String, Truth> = BTreeMap::new();
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(bytes);
    let heads: Vec<String> = reader
        .headers()
        .unwrap()
        .iter()
        .map(str::to_owned)
        .collect();
    let at = |name: &str| heads.iter().position(|head| head == name).unwrap();
    let (programme, commune, occupation) =
        (at("Numéro de programme"), at("Commune"), at("Occupation"));
    let (situation, apl) = (at("Situation familiale"), at("Bénéficiaire de l'APL"));
    for row in reader.records().map(Result::unwrap) {
        let communes = &campaign.file().communes;
        let code = &communes
            .iter()
            .find(|c| c.name == row[commune])
            .unwrap()
            .code;
        let mut one = Truth {
            dwellings: 1,
            ..Truth::default()
        };
        if &row[occupation] == "Loué" {
            one.let_ = 1;
            if let Some(rank) = SITUATIONS.iter().position(|s| *s == &row[situation]) {
                one.situations[rank] = 1;
            }
            if let Some(rank) = ["oui", "non"].iter().position(|s| *s == &row[apl]) {
                one.apl[rank] = 1;
            }
        }
        for maille in [
            "epci".to_owned(),
            code.clone(),
            format!("{landlord}/{}@{code}", &row[programme]),
        ] {
            all.entry(maille).or_default().add(&one);
        }
    }
    all
}

fn line<'a>(partial: &'a Partial, table: &str, maille: &str) -> Option<&'a LineFile> {
    let tables = &partial.file().tables;
    let table = tables.iter().find(|t| t.id == table)?;
    table.lines.iter().find(|line| line.maille == maille)
}

fn result<'a>(base: &'a Base, indicator: &str, maille: &str) -> &'a ResultFile {
    let mut results = base.file().results.iter();
    results
        .find(|r| r.indicator == indicator && r.maille == maille && r.zonage == "territoire")
        .unwrap()
}

fn published(count: Option<i64>) -> String {
    count.map_or("s".to_owned(), |n| numbers::count(n.unsigned_abs()))
}

fn name(example: &Example, maille: &str) -> String {
    let zonage = &example.base.zonages()[0];
    let found = zonage.mailles.iter().find(|m| m.id == maille).unwrap();
    found.name.clone()
}

fn row(out: &mut String, cells: &[String]) {
    writeln!(out, "| {} |", cells.join(" | ")).unwrap();
}

fn head(out: &mut String, cells: &[&str], texts: usize) {
    row(
        out,
        &cells.iter().map(|c| (*c).to_owned()).collect::<Vec<_>>(),
    );
    let rules: Vec<String> = (0..cells.len())
        .map(|at| if at < texts { "---" } else { "---:" }.to_owned())
        .collect();
    row(out, &rules);
}

fn modalities() -> Vec<&'static str> {
    let def = ops_mixite::indicator::table(TABLE).unwrap();
    let ids = def.dimensions[0].modalities;
    ids.iter().map(|id| labels::modality(TABLE, id)).collect()
}

/// The rows, counted by landlord and commune.
fn rows_block(example: &Example) -> String {
    let mut out = String::new();
    let mut heads = vec!["Bailleur", "Commune", "Logements", "Loués", "Réponses"];
    heads.extend(modalities());
    head(&mut out, &heads, 2);
    let mut all = Truth::default();
    for (landlord, mailles) in &example.truths {
        all.add(&mailles["epci"]);
        for commune in &example.campaign.file().communes {
            let Some(truth) = mailles.get(&commune.code) else {
                continue;
            };
            let mut cells = vec![landlord_name(example, landlord), commune.name.clone()];
            cells.extend([truth.dwellings, truth.let_, truth.answered()].map(numbers::count));
            cells.extend(truth.situations.map(numbers::count));
            row(&mut out, &cells);
        }
    }
    writeln!(
        out,
        "\nEn tout, {} lignes, {} logements loués, {} ménages dont la situation familiale est connue.",
        numbers::count(all.dwellings),
        numbers::count(all.let_),
        numbers::count(all.answered())
    )
    .unwrap();
    out
}

fn landlord_name(example: &Example, id: &str) -> String {
    let rank = example.campaign.landlord_by_id(id).unwrap();
    example.campaign.file().landlords[rank].name.clone()
}

/// What leaves each landlord, for the same table.
fn partials_block(example: &Example) -> String {
    let mut out = String::new();
    let mut heads = vec!["Bailleur", "Maille", "Population", "Répondants"];
    heads.extend(modalities());
    head(&mut out, &heads, 2);
    for partial in &example.partials {
        let landlord = &partial.file().landlord;
        for maille in &partial.zonages()[0].mailles {
            let line = line(partial, TABLE, &maille.id).unwrap();
            let mut cells = vec![
                landlord.name.clone(),
                format!("{} {}", labels::level(maille.level), maille.name),
                published(line.base()),
                published(line.respondents),
            ];
            cells.extend(line.counts.iter().copied().map(published));
            row(&mut out, &cells);
        }
    }
    out
}

/// An exact sum, written out.
fn addition_block(example: &Example) -> String {
    let counts = |cell: fn(&LineFile) -> Option<i64>| -> Vec<i64> {
        let lines = example
            .partials
            .iter()
            .map(|p| line(p, TABLE, "epci").unwrap());
        lines.map(|l| cell(l).unwrap()).collect()
    };
    let written = |counts: &[i64]| {
        let words: Vec<String> = counts.iter().map(|c| published(Some(*c))).collect();
        format!(
            "{} = {}",
            words.join(" + "),
            published(Some(counts.iter().sum()))
        )
    };
    let (alone, answered, asked) = (
        counts(|l| l.counts[0]),
        counts(|l| l.respondents),
        counts(LineFile::base),
    );
    let sum = |counts: &[i64]| counts.iter().sum::<i64>().unsigned_abs();
    format!(
        "- personnes seules : {} ;\n- répondants : {} ;\n- population : {} ;\n- part : {} ÷ {} = {} ;\n- taux de réponse : {} ÷ {} = {}.\n",
        written(&alone),
        written(&answered),
        written(&asked),
        numbers::count(sum(&alone)),
        numbers::count(sum(&answered)),
        ui::share(sum(&alone), sum(&answered)),
        numbers::count(sum(&answered)),
        numbers::count(sum(&asked)),
        ui::share(sum(&answered), sum(&asked)),
    )
}

fn numerator(result: &ResultFile) -> String {
    match (result.numerator, result.numerator_min, result.numerator_max) {
        (Some(n), _, _) => numbers::count(n),
        (_, Some(min), Some(max)) => charts::between_counts(min, max),
        _ => "s".to_owned(),
    }
}

fn denominator(result: &ResultFile) -> String {
    match (
        result.denominator,
        result.denominator_min,
        result.denominator_max,
    ) {
        (Some(n), _, _) => numbers::count(n),
        (_, Some(min), Some(max)) => charts::between_counts(min, max),
        _ => "s".to_owned(),
    }
}

fn share(result: &ResultFile) -> String {
    match (result.share, result.min, result.max) {
        (Some(share), _, _) => numbers::percent(share),
        (_, Some(min), Some(max)) => charts::between(min, max),
        _ => "s".to_owned(),
    }
}

/// The base, for one indicator.
fn base_block(example: &Example) -> String {
    let mut out = String::new();
    let heads = [
        "Maille",
        "Personnes seules",
        "Ménages répondants",
        "Part",
        "Statut",
    ];
    head(&mut out, &heads, 1);
    for maille in ["epci".to_owned()].into_iter().chain(communes(example)) {
        let result = result(&example.base, "seule", &maille);
        row(
            &mut out,
            &[
                name(example, &maille),
                numerator(result),
                denominator(result),
                share(result),
                charts::status(result.status).to_owned(),
            ],
        );
    }
    out
}

fn communes(example: &Example) -> impl Iterator<Item = String> {
    let communes = &example.campaign.file().communes;
    communes.iter().map(|c| c.code.clone())
}

/// Where the bounds of a commune come from.
fn bounds_block(example: &Example) -> String {
    let mut out = String::new();
    let commune = name(example, BOUNDED);
    let mut sum = 0;
    for partial in &example.partials {
        let count = line(partial, TABLE, BOUNDED).unwrap().counts[0];
        let landlord = &partial.file().landlord.name;
        match count {
            Some(n) => {
                sum += n.unsigned_abs();
                writeln!(
                    out,
                    "- {landlord} publie {n} personnes seules à {commune} ;"
                )
                .unwrap();
            }
            None => writeln!(out, "- {landlord} masque ce nombre ;").unwrap(),
        }
    }
    let result = result(&example.base, "seule", BOUNDED);
    let (min, max) = (result.numerator_min.unwrap(), result.numerator_max.unwrap());
    let truth: u64 = example
        .truths
        .values()
        .map(|t| t[BOUNDED].situations[0])
        .sum();
    writeln!(
        out,
        "- ce que son agrégat laisse possible va de {} à {} : la base annonce donc {}.",
        min - sum,
        max - sum,
        charts::between_counts(min, max)
    )
    .unwrap();
    writeln!(
        out,
        "\nLe vrai nombre, que personne ne détient, est {truth} : il est bien dans l'intervalle."
    )
    .unwrap();
    out
}

/// The fiche of a commune.
fn fiche_block(example: &Example) -> String {
    let mut out = format!("**{}** (Données fictives)\n\n", name(example, FICHE));
    let heads = [
        "Indicateur",
        "Part",
        "Numérateur",
        "Dénominateur",
        "Écart à l'EPCI",
        "Taux de réponse",
        "Statut",
    ];
    head(&mut out, &heads, 1);
    for result in &example.base.file().results {
        if result.maille != FICHE {
            continue;
        }
        row(
            &mut out,
            &[
                labels::indicator(&result.indicator).label.to_owned(),
                share(result),
                numerator(result),
                denominator(result),
                result
                    .gap
                    .map_or("–".to_owned(), |gap| numbers::points(gap.0)),
                result.response.map_or("–".to_owned(), numbers::percent),
                charts::status(result.status).to_owned(),
            ],
        );
    }
    out
}

const START: &str = "<!-- calculé : ";
const END: &str = "<!-- fin -->\n";

/// The page with its blocks written anew, and what stands outside them.
fn rewritten(page: &str, blocks: &BTreeMap<&str, String>) -> (String, String) {
    let (mut out, mut outside) = (String::new(), String::new());
    let mut seen = Vec::new();
    let mut rest = page;
    while let Some((before, after)) = rest.split_once(START) {
        let (key, after) = after.split_once(" -->\n").unwrap();
        let (_, after) = after.split_once(END).unwrap();
        write!(out, "{before}{START}{key} -->\n{}{END}", blocks[key]).unwrap();
        outside.push_str(before);
        seen.push(key);
        rest = after;
    }
    outside.push_str(rest);
    seen.sort_unstable();
    assert!(seen.iter().eq(blocks.keys()), "each block once: {seen:?}");
    (out + rest, outside)
}

#[test]
fn every_figure_of_the_worked_example_is_recomputed() {
    let example = example();
    let blocks = BTreeMap::from([
        ("lignes", rows_block(&example)),
        ("agrégats", partials_block(&example)),
        ("addition", addition_block(&example)),
        ("base", base_block(&example)),
        ("bornes", bounds_block(&example)),
        ("fiche", fiche_block(&example)),
    ]);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/exemple.md");
    let page = std::fs::read_to_string(&path)
        .unwrap()
        .replace("\r\n", "\n");
    let (written, outside) = rewritten(&page, &blocks);
    if std::env::var_os("OPS_MIXITE_ECRIRE").is_some() {
        std::fs::write(&path, &written).unwrap();
    }
    assert_eq!(page, written);
    // Outside the blocks only the rules are figures.
    let figures: Vec<&str> = outside
        .split(|c: char| !c.is_ascii_digit())
        .filter(|figure| !figure.is_empty() && !["11", "60"].contains(figure))
        .collect();
    assert_eq!(figures, [""; 0]);
}

#[test]
fn what_is_said_of_the_example_is_true_of_its_rows() {
    let example = example();
    let mut hidden = 0;
    for partial in &example.partials {
        let landlord = partial.file().landlord.id.as_str();
        for (table, counts) in [
            (
                TABLE,
                (|t: &Truth| t.situations.to_vec()) as fn(&Truth) -> Vec<u64>,
            ),
            ("apl", |t| t.apl.to_vec()),
        ] {
            for (maille, truth) in &example.truths[landlord] {
                let line = line(partial, table, maille).unwrap();
                let truths = counts(truth);
                let pairs = [
                    (line.base(), truth.let_),
                    (line.respondents, truths.iter().sum()),
                ];
                for (said, truth) in line.counts.iter().copied().zip(truths).chain(pairs) {
                    match said {
                        Some(said) => assert_eq!(said.unsigned_abs(), truth, "{maille}"),
                        None => hidden += 1,
                    }
                }
            }
        }
    }
    assert!(hidden > 0);
    let mut seen = BTreeMap::new();
    for maille in ["epci".to_owned()].into_iter().chain(communes(&example)) {
        let mut truth = Truth::default();
        let own = example
            .truths
            .values()
            .filter_map(|mailles| mailles.get(&maille));
        own.for_each(|t| truth.add(t));
        for (indicator, part, whole) in [
            ("seule", truth.situations[0], truth.answered()),
            ("mono", truth.situations[1], truth.answered()),
            ("apl", truth.apl[0], truth.apl[0] + truth.apl[1]),
        ] {
            let result = result(&example.base, indicator, &maille);
            *seen.entry(charts::status(result.status)).or_insert(0) += 1;
            match result.status {
                Status::Published => {
                    assert_eq!(
                        (result.numerator, result.denominator),
                        (Some(part), Some(whole))
                    );
                    // Half away from zero, in integers.
                    let exact = (2 * part * u64::from(Rate::ONE) + whole) / (2 * whole);
                    assert_eq!(u64::from(result.share.unwrap().0), exact);
                }
                Status::Bounded => {
                    let (min, max) = (result.numerator_min.unwrap(), result.numerator_max.unwrap());
                    assert!(min <= part && part <= max && min < max);
                    let share = 1e5 * part as f64 / whole as f64;
                    assert!(f64::from(result.min.unwrap().0) <= share);
                    assert!(share <= f64::from(result.max.unwrap().0));
                }
                Status::Secret => assert_eq!(result.numerator, None),
                Status::LowResponse => panic!("all answer enough"),
            }
        }
    }
    assert_eq!(seen.len(), 3, "published, bounded and secret: {seen:?}");
}

/// Bytes with a text replaced once.
fn altered(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = std::str::from_utf8(bytes).unwrap();
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1).into_bytes()
}

#[test]
fn wrong_files_are_named_and_refused_and_the_good_ones_stay() {
    let example = example();
    let bytes = |rank: usize| example.files[rank].1.clone();
    let other_campaign = {
        let mut file = example.campaign.file().clone();
        file.id = "autre-campagne".to_owned();
        let json = serde_json::to_vec(&file).unwrap();
        Campaign::parse(&json).unwrap()
    };
    let twice = altered(&bytes(0), "2026-11-23", "2026-11-24");
    let fingerprint = ops_mixite::json::fingerprint_of::<serde_json::Value>(
        &serde_json::from_slice(&twice).unwrap(),
    );
    let twice = altered(
        &twice,
        &example.partials[0].file().fingerprint,
        &fingerprint,
    );
    let name = |name: &str| name.to_owned();
    let files = [
        (name("deux-fois.json"), twice),
        (
            name("retouché.json"),
            altered(&bytes(1), "Les Acacias", "Les Acacia"),
        ),
        (
            name("version.json"),
            altered(&bytes(1), "\"version\": 1", "\"version\": 2"),
        ),
        (name("base.json"), example.base.to_bytes()),
        (
            name("campagne.json"),
            serde_json::to_vec(example.campaign.file()).unwrap(),
        ),
        (name("énorme.json"), vec![b' '; 200 << 20]),
        (name("coupé.json"), bytes(1)[..5_000].to_vec()),
        (name("vide.json"), Vec::new()),
        (name("image.json"), b"\x89PNG\r\n\x1a\n".to_vec()),
        // What never should have left: the rows of a landlord, whatever they are called.
        (
            name("alpha.csv"),
            std::fs::read(folder().join("alpha.csv")).unwrap(),
        ),
        (name("alpha.partiel.json"), b"PK\x03\x04\x14".to_vec()),
    ];
    let expected = [
        "figure deux fois",
        "empreinte ne correspond pas",
        "version 2",
        "n'est pas un agrégat partiel",
        "n'est pas un agrégat partiel",
        "fait 209715200 octets",
        "pas un agrégat partiel lisible",
        "pas un agrégat partiel lisible",
        "pas un agrégat partiel lisible",
        "demandez au bailleur le seul fichier .partiel.json",
        "est un tableau, pas un agrégat partiel",
    ];
    // The good ones stand first, in the middle and last.
    let mut all = vec![example.files[0].clone()];
    all.extend_from_slice(&files[..4]);
    all.push(example.files[1].clone());
    all.extend_from_slice(&files[4..]);
    all.push(example.files[2].clone());
    let made = pipeline::consolidate(&all, &example.campaign, &mut ());
    assert_eq!(made.refused.len(), files.len());
    for (refused, ((file, _), reason)) in made.refused.iter().zip(files.iter().zip(expected)) {
        assert_eq!(&refused.file, file);
        assert!(
            refused.reason.contains(reason),
            "{file}: {}",
            refused.reason
        );
    }
    let accepted: Vec<&str> = made.accepted.iter().map(|p| p.landlord.as_str()).collect();
    assert_eq!(accepted, LANDLORDS);
    assert!(made.missing.is_empty());
    assert_eq!(made.base.unwrap().to_bytes(), example.base.to_bytes());

    // All of another campaign: none is taken, each is named with both campaigns.
    let made = pipeline::consolidate(&example.files, &other_campaign, &mut ());
    assert!(made.base.is_err() && made.accepted.is_empty());
    assert_eq!(made.missing.len(), LANDLORDS.len());
    for refused in &made.refused {
        assert!(
            refused.reason.contains("« exemple-trois-bailleurs »"),
            "{}",
            refused.reason
        );
        assert!(
            refused.reason.contains("« autre-campagne »"),
            "{}",
            refused.reason
        );
    }
    assert_eq!(made.refused.len(), LANDLORDS.len());
}

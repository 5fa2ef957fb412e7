//! What a merge costs: partials of many landlords, each with many mailles, added
//! one by one; their making, their checks and the gate are not counted.
//! `cargo run --release --example fusion -- [BAILLEURS] [MAILLES]`.

use std::time::{Duration, Instant};

use ops_mixite::base::Base;
use ops_mixite::campaign::{Campaign, Landlord};
use ops_mixite::indicator;
use ops_mixite::json;
use ops_mixite::merge::Merged;
use ops_mixite::partial::{
    Absent, AppliedRules, CampaignRef, DimensionFile, FORMAT, LandlordRef, LineFile, Partial,
    PartialFile, Software, TableFile, VERSION, ZonageFile,
};
use ops_mixite::table::{Level, Maille, Zonage};

/// Most mailles of which a base is made here.
const MOST_OF_A_BASE: usize = 50_000;
/// Tables of each partial.
const TABLES: [&str; 2] = ["occupation", "situation_familiale"];

#[allow(
    clippy::disallowed_methods,
    reason = "native only: this program measures"
)]
fn main() {
    let mut words = std::env::args().skip(1).map(|word| word.parse::<usize>());
    let mut number = |default| words.next().and_then(Result::ok).unwrap_or(default);
    let (landlords, mailles) = (number(700), number(10_000));
    let campaign = campaign(landlords);
    let mut merged = Merged::empty(&campaign);
    let mut spent = Duration::ZERO;
    let mut seen = 0;
    for landlord in 0..landlords {
        let partial = partial(&campaign, landlord, mailles);
        seen += partial.zonages()[0].mailles.len();
        let start = Instant::now();
        let one = Merged::from_partial(&campaign, &partial).expect("it is of the campaign");
        merged.add(one).expect("landlords differ");
        spent += start.elapsed();
    }
    let start = Instant::now();
    let zonages = merged.zonages();
    let ordering = start.elapsed();
    println!(
        "{landlords} agrégats, {seen} mailles, {} réunies, {} tableaux : fusion {} ms, mise en ordre {} ms, mémoire au plus {}",
        zonages[0].zonage.mailles.len(),
        TABLES.len(),
        spent.as_millis(),
        ordering.as_millis(),
        peak()
    );
    let united = zonages[0].zonage.mailles.len();
    if united <= MOST_OF_A_BASE {
        base(&campaign, &merged);
    }
}

/// What opening the base costs: its whole check, in the worker, and the reading
/// of bytes that were checked, in the page.
#[allow(
    clippy::disallowed_methods,
    reason = "native only: this program measures"
)]
fn base(campaign: &Campaign, merged: &Merged) {
    let bytes = Base::from_merged(campaign, merged).to_bytes();
    let start = Instant::now();
    Base::parse(&bytes).expect("a base reads itself back");
    let checked = start.elapsed();
    let start = Instant::now();
    Base::reread(&bytes).expect("it was just read");
    println!(
        "base de {} octets : contrôlée en {} ms, relue en {} ms, mémoire au plus {}",
        bytes.len(),
        checked.as_millis(),
        start.elapsed().as_millis(),
        peak()
    );
}

/// The CUCM's communes, and as many landlords as asked.
fn campaign(landlords: usize) -> Campaign {
    let mut file = Campaign::cucm().file().clone();
    file.passage.clear();
    file.landlords = (0..landlords)
        .map(|rank| Landlord {
            id: format!("bailleur-{rank}"),
            name: format!("Bailleur {rank}"),
            siren: None,
            aliases: Vec::new(),
        })
        .collect();
    Campaign::parse(json::pretty(&file).as_bytes()).expect("it is well formed")
}

/// A partial of so many mailles: the EPCI, the communes, and programmes of 40
/// dwellings.
fn partial(campaign: &Campaign, landlord: usize, mailles: usize) -> Partial {
    let landlord = &campaign.file().landlords[landlord];
    let communes = &campaign.file().communes;
    let programmes = mailles
        .saturating_sub(1 + communes.len())
        .max(communes.len());
    let mut tree = vec![maille("epci", Level::Epci, None)];
    let mut weights = vec![programmes as i64];
    let mut codes: Vec<&str> = communes.iter().map(|c| c.code.as_str()).collect();
    codes.sort_unstable();
    for (rank, code) in codes.iter().enumerate() {
        let own = (rank..programmes).step_by(codes.len()).count();
        let parent = tree.len();
        tree.push(maille(code, Level::Commune, Some(0)));
        weights.push(own as i64);
        for programme in 0..own {
            let id = format!("{}/{programme:05}@{code}", landlord.id);
            tree.push(maille(&id, Level::Programme, Some(parent)));
            weights.push(1);
        }
    }
    let zonage = Zonage {
        id: "territoire".to_owned(),
        mailles: tree,
    };
    let mut file = PartialFile {
        format: FORMAT.to_owned(),
        version: VERSION,
        campaign: CampaignRef {
            id: campaign.file().id.clone(),
            fingerprint: campaign.fingerprint().to_owned(),
        },
        landlord: LandlordRef {
            id: landlord.id.clone(),
            name: landlord.name.clone(),
        },
        produced_on: "2026-11-23".to_owned(),
        software: Software {
            name: "mesure".to_owned(),
            version: "1".to_owned(),
        },
        mention: campaign.file().mention.clone(),
        reference_date: campaign.file().reference_date.clone(),
        rules: AppliedRules::of(&campaign.file().rules),
        tables: TABLES
            .iter()
            .map(|id| table(id, &zonage, &weights))
            .collect(),
        zonages: vec![ZonageFile::from(&zonage)],
        fingerprint: String::new(),
    };
    file.fingerprint = json::fingerprint_of(&file);
    Partial::check(file).expect("it is additive")
}

fn maille(id: &str, level: Level, parent: Option<usize>) -> Maille {
    Maille {
        id: id.to_owned(),
        level,
        name: id.to_owned(),
        parent,
    }
}

/// Every dwelling is let and answered; the counts of the crossing stay hidden.
fn table(id: &str, zonage: &Zonage, weights: &[i64]) -> TableFile {
    let def = indicator::table(id).expect("it is in the catalogue");
    let lines = zonage.mailles.iter().zip(weights).map(|(maille, weight)| {
        let whole = 40 * weight;
        let counts = match id {
            "occupation" => vec![Some(whole - 15 * weight), Some(15 * weight), None],
            _ => vec![Some(13 * weight), Some(12 * weight), None, None, None],
        };
        let (base, counts) = match id {
            "occupation" => (whole, counts),
            _ => (whole - 15 * weight, counts),
        };
        LineFile {
            maille: maille.id.clone(),
            population: Absent::Present(Some(base)),
            dwellings: Absent::Absent,
            respondents: Some(base),
            counts,
        }
    });
    TableFile {
        id: id.to_owned(),
        zonage: zonage.id.clone(),
        unit: def.unit.id().to_owned(),
        dimensions: DimensionFile::all_of(def),
        lines: lines.collect(),
    }
}

/// The most memory that this process has held, where the system says it.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    line.map_or("inconnue".to_owned(), |l| {
        l["VmHWM:".len()..].trim().to_owned()
    })
}

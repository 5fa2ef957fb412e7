//! What a merge costs: partials of many landlords, each with many mailles, added
//! one by one; their making, their checks and the gate are not counted.
//! Each landlord has a maille in each commune, the rest are programmes of his own.
//!
//! `wasm.mjs` runs it in WebAssembly, the program `fusion` natively.

use ops_mixite::base::Base;
use ops_mixite::campaign::{Campaign, Commune, Landlord};
use ops_mixite::indicator::{CATALOGUE, Depth, TableDef, Unit};
use ops_mixite::json;
use ops_mixite::merge::Merged;
use ops_mixite::partial::{
    Absent, AppliedRules, DimensionFile, Header, LineFile, Partial, PartialFile, TableFile,
    ZonageFile,
};
use ops_mixite::table::{Level, Maille, Zonage};

use crate::clock::{now, peak};

/// What is merged.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// How many partials.
    pub landlords: usize,
    /// How many mailles has each.
    pub mailles: usize,
    /// How many communes have the campaign.
    pub communes: usize,
    /// How many tables of the catalogue, at most.
    pub tables: usize,
}

impl Default for Asked {
    fn default() -> Self {
        Self {
            landlords: 700,
            mailles: 10_000,
            communes: 34,
            tables: usize::MAX,
        }
    }
}

/// Merges, and says what it took; with the bytes of the base, where there is one.
pub fn measured(asked: Asked) -> (String, Option<Vec<u8>>) {
    let defs: Vec<&TableDef> = CATALOGUE
        .iter()
        .filter(|def| def.published && def.depth == Depth::Leaves)
        .take(asked.tables)
        .collect();
    let campaign = campaign(asked);
    let mut merged = Merged::empty(&campaign);
    let (mut spent, mut seen) = (0.0, 0);
    for landlord in 0..asked.landlords {
        let partial = partial(&campaign, landlord, asked, &defs);
        seen += partial.zonages()[0].mailles.len();
        let start = now();
        let one = Merged::from_partial(&campaign, &partial).expect("it is of the campaign");
        merged.add(one).expect("landlords differ");
        spent += now() - start;
    }
    let memory = |peak: Option<usize>| peak.map_or("inconnue".into(), |mib| format!("{mib} Mio"));
    let mut said = format!(
        "{} agrégats, {seen} mailles, {} réunies, {} tableaux : fusion {spent:.0} ms, mémoire au plus {}",
        asked.landlords,
        merged.extent()[0],
        defs.len(),
        memory(peak()),
    );
    let start = now();
    let base = match Base::from_merged(&campaign, &merged) {
        Ok(base) => base,
        Err(unmade) => return (format!("{said}\n{unmade}"), None),
    };
    let made = now() - start;
    let bytes = base.to_bytes();
    drop(base);
    let start = now();
    Base::parse(&bytes).expect("a base reads itself back");
    let checked = now() - start;
    let start = now();
    Base::reread(&bytes).expect("it was just read");
    said += &format!(
        "\nbase de {} octets : faite en {made:.0} ms, contrôlée en {checked:.0} ms, relue en {:.0} ms, mémoire au plus {}",
        bytes.len(),
        now() - start,
        memory(peak()),
    );
    (said, Some(bytes))
}

fn campaign(asked: Asked) -> Campaign {
    let mut file = Campaign::cucm().file().clone();
    file.passage.clear();
    file.communes = (1..=asked.communes)
        .map(|rank| Commune {
            code: format!("{rank:05}"),
            name: format!("Commune {rank}"),
        })
        .collect();
    file.landlords = (0..asked.landlords)
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
/// dwellings, one in each commune at least.
fn partial(campaign: &Campaign, rank: usize, asked: Asked, defs: &[&TableDef]) -> Partial {
    let landlord = &campaign.file().landlords[rank];
    let communes = &campaign.file().communes;
    let programmes = asked
        .mailles
        .saturating_sub(1 + communes.len())
        .max(communes.len());
    let mut mailles = vec![maille("epci", Level::Epci, None)];
    let mut weights = vec![programmes as i64];
    for (rank, commune) in communes.iter().enumerate() {
        let own = (rank..programmes).step_by(communes.len()).count();
        let parent = mailles.len();
        mailles.push(maille(&commune.code, Level::Commune, Some(0)));
        weights.push(own as i64);
        for programme in 0..own {
            let id = format!("{}/{programme:05}@{}", landlord.id, commune.code);
            mailles.push(maille(&id, Level::Programme, Some(parent)));
            weights.push(1);
        }
    }
    let zonage = Zonage {
        id: "territoire".to_owned(),
        mailles,
    };
    let header = Header {
        landlord: rank,
        produced_on: "2026-11-23",
        rules: AppliedRules::of(&campaign.file().rules),
    };
    let mut file = PartialFile::headed(campaign, &header);
    file.zonages.push(ZonageFile::from(&zonage));
    file.tables = defs
        .iter()
        .map(|def| table(def, &zonage, &weights))
        .collect();
    // The gate is not run: nobody recomputes it here.
    file.fingerprint = format!("sha256:{:064}", landlord.id.len());
    Partial::check(file).expect("it is additive")
}

fn maille(id: &str, level: Level, parent: Option<usize>) -> Maille {
    Maille {
        id: id.to_owned(),
        level,
        name: format!("Résidence {}", id.len()),
        parent,
    }
}

/// Of the 40 dwellings of a programme 25 are let, to 50 persons; answers are
/// spread evenly, and published from 11 on.
fn table(def: &TableDef, zonage: &Zonage, weights: &[i64]) -> TableFile {
    let (base, respondents) = match def.unit {
        Unit::Dwellings => (40, 40),
        Unit::Households => (25, 25),
        _ => (25, 50),
    };
    let width = def.width() as i64;
    let spread: Vec<i64> = match def.id {
        "occupation" => vec![25, 15, 0],
        _ => (0..width)
            .map(|rank| respondents / width + i64::from(rank < respondents % width))
            .collect(),
    };
    let lines = zonage.mailles.iter().zip(weights).map(|(maille, weight)| {
        let base = Absent::Present(Some(base * weight));
        let person = def.unit.is_person();
        LineFile {
            maille: maille.id.clone(),
            population: if person { Absent::Absent } else { base },
            dwellings: if person { base } else { Absent::Absent },
            respondents: Some(respondents * weight),
            counts: spread
                .iter()
                .map(|count| Some(count * weight).filter(|count| *count >= 11))
                .collect(),
        }
    });
    TableFile {
        id: def.id.to_owned(),
        zonage: zonage.id.clone(),
        unit: def.unit.id().to_owned(),
        dimensions: DimensionFile::all_of(def),
        lines: lines.collect(),
    }
}

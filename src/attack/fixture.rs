//! Files for the tests of the gate, written by hand.

use super::{Attack, Finding, Verdict};
use crate::campaign::{BearsOn, Campaign};
use crate::indicator;
use crate::partial::{Absent, DimensionFile, LineFile, PartialFile, TableFile, ZonageFile};
use crate::table::{Level, Maille, Zonage};

/// A tree: each maille with the rank of its parent; those without children are
/// programmes.
pub(super) fn zonage(mailles: &[(&str, Option<usize>)]) -> Zonage {
    let level = |rank: usize| match mailles[rank].1 {
        None => Level::Epci,
        Some(_) if !mailles.iter().any(|m| m.1 == Some(rank)) => Level::Programme,
        Some(0) => Level::Commune,
        Some(_) => Level::Secteur,
    };
    Zonage {
        id: "territoire".to_owned(),
        mailles: mailles
            .iter()
            .enumerate()
            .map(|(rank, (id, parent))| Maille {
                id: (*id).to_owned(),
                level: level(rank),
                name: String::new(),
                parent: *parent,
            })
            .collect(),
    }
}

/// Population, respondents, counts.
pub(super) type Line = (Option<i64>, Option<i64>, Vec<Option<i64>>);

/// Numbers drawn from a seed (xorshift).
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn below(&mut self, n: u64) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 11) % n) as i64
    }
}

/// A table of the catalogue with these lines, missing cells published as 0.
pub(super) fn table(zonage: &Zonage, id: &str, lines: Vec<Line>) -> TableFile {
    let def = indicator::table(id).unwrap();
    let person = def.unit.is_person();
    let base = |shown: bool, base| {
        if shown {
            Absent::Present(base)
        } else {
            Absent::Absent
        }
    };
    TableFile {
        id: id.to_owned(),
        zonage: zonage.id.clone(),
        unit: def.unit.id().to_owned(),
        dimensions: DimensionFile::all_of(def),
        lines: lines
            .into_iter()
            .zip(&zonage.mailles)
            .map(|((population, respondents, mut counts), maille)| {
                counts.resize(def.width(), Some(0));
                LineFile {
                    maille: maille.id.clone(),
                    population: base(!person, population),
                    dwellings: base(person, population),
                    respondents,
                    counts,
                }
            })
            .collect(),
    }
}

/// What the gate says of a file of these tables.
pub(super) fn gate(
    zonage: &Zonage,
    tables: Vec<TableFile>,
    threshold: u32,
    bears_on: BearsOn,
) -> Verdict {
    let campaign = Campaign::cucm();
    let mut file: PartialFile = serde_json::from_value(serde_json::json!({
        "format": crate::partial::FORMAT, "version": 1,
        "campagne": {"id": campaign.file().id, "empreinte": campaign.fingerprint()},
        "bailleur": {"id": "h", "nom": "H"}, "produit_le": "2026-01-01",
        "logiciel": {"nom": "x", "version": "0"}, "mention": "x", "date_reference": "2024-01-01",
        "regles": {"seuil": threshold, "seuil_porte_sur": bears_on, "taux_reponse_min": 0.6},
        "zonages": [], "tableaux": [], "empreinte": ""
    }))
    .unwrap();
    file.zonages = vec![ZonageFile::from(zonage)];
    file.tables = tables;
    let mut verdict = Verdict::default();
    Attack::new(&file.tables, zonage, &file.rules).run(&mut verdict);
    verdict
}

/// Does the verdict find this of a cell?
pub(super) fn finds(verdict: &Verdict, maille: &str, what: &str, finding: &Finding) -> bool {
    verdict
        .findings
        .iter()
        .any(|(place, f)| place.maille == maille && place.what == what && f == finding)
}

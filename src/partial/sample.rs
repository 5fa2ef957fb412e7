//! Partials for tests, made without the protector.
//!
//! Every count that the first point of the guarantee forbids is hidden, and
//! nothing else is: these files are well formed, not safe.

use super::{AppliedRules, Header, LineFile, Partial, PartialFile, TableFile, ZonageFile};
use crate::campaign::{BearsOn, Campaign};
use crate::dwelling::{
    Activity, Dwelling, FamilySituation, Household, Occupation, Variable, Variables,
};
use crate::json;
use crate::table::{Fold, RawTables};

/// A seeded stream of numbers, enough to vary rows.
pub(crate) struct Seed(pub(crate) u64);

impl Seed {
    /// A number under `bound`.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

/// The variables that the rows of [`dwellings`] carry.
pub(crate) fn variables() -> Variables {
    [
        Variable::Occupation,
        Variable::FamilySituation,
        Variable::Occupants,
        Variable::HolderAge,
        Variable::Income,
        Variable::Apl,
        Variable::Activities,
    ]
    .into_iter()
    .collect()
}

/// Fictitious dwellings over `communes` communes, four programmes in each.
pub(crate) fn dwellings(seed: u64, count: usize, communes: u64) -> Vec<Dwelling> {
    let mut seed = Seed(seed);
    (0..count)
        .map(|_| {
            let commune = seed.below(communes);
            let situation = FamilySituation::ALL[seed.below(5).min(seed.below(5)) as usize];
            let occupants = match situation {
                FamilySituation::Alone => 1,
                FamilySituation::CoupleWithout => 2,
                _ => 2 + seed.below(4) as u16,
            };
            Dwelling {
                commune: commune as usize,
                programme: format!("{}", commune * 4 + seed.below(4)),
                occupation: Some(match seed.below(12) {
                    0 => Occupation::Vacant,
                    1 => Occupation::ThirdParty,
                    _ => Occupation::Let,
                }),
                household: Household {
                    situation: (seed.below(10) > 0).then_some(situation),
                    occupants: Some(occupants),
                    holder_age: (seed.below(3) > 0).then(|| 20 + seed.below(70) as u8),
                    income: Some(seed.below(45_000)),
                    apl: [Some(true), Some(false), None][seed.below(3) as usize],
                    activities: (0..seed.below(3))
                        .map(|_| Some(Activity::ALL[seed.below(5) as usize]))
                        .collect(),
                    ..Household::default()
                },
                ..Dwelling::default()
            }
        })
        .collect()
}

/// The raw tables of dwellings.
pub(crate) fn raw(campaign: &Campaign, landlord: &str, rows: &[Dwelling]) -> RawTables {
    let mut fold = Fold::new(campaign);
    rows.iter().for_each(|row| fold.add(row, fold.dwellings()));
    fold.finish(landlord, variables())
}

/// The file of a landlord, its fingerprint right.
pub(crate) fn file(campaign: &Campaign, landlord: &str, tables: &RawTables) -> PartialFile {
    let rules = AppliedRules::of(&campaign.file().rules);
    let threshold = rules.threshold;
    let line_least = |count: u32| (count >= threshold).then_some(i64::from(count));
    let header = Header {
        landlord: campaign.landlord_by_id(landlord).unwrap(),
        produced_on: "2026-11-23",
        rules: rules.clone(),
    };
    let mut file = PartialFile::headed(campaign, &header);
    file.zonages.push(ZonageFile::from(&tables.zonage));
    for table in &tables.tables {
        let def = table.def;
        let lines = (0..tables.zonage.mailles.len())
            .filter(|maille| tables.shows(def, *maille))
            .map(|maille| {
                let line = &table.lines[maille];
                let respondents = line_least(line.respondents);
                let least = match rules.bears_on {
                    BearsOn::Effectif => threshold,
                    BearsOn::Population => 1,
                };
                let whole = rules.bears_on == BearsOn::Population && respondents.is_none();
                let counts = line
                    .counts
                    .iter()
                    .map(|&count| {
                        (count >= least && count != line.respondents && !whole)
                            .then_some(i64::from(count))
                    })
                    .collect();
                LineFile::of(
                    def,
                    &tables.zonage.mailles[maille].id,
                    line_least(line.population),
                    respondents,
                    counts,
                )
            })
            .collect();
        file.tables
            .push(TableFile::of(def, &tables.zonage.id, lines));
    }
    file.fingerprint = json::fingerprint_of(&file);
    file
}

/// A partial as it is read, whatever the test changed in it.
pub(crate) fn checked(mut file: PartialFile) -> Partial {
    file.fingerprint = json::fingerprint_of(&file);
    Partial::check(file).unwrap()
}

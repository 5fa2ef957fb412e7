//! Landlords made up from a seed, for tests and measures alike.

use ops_mixite::campaign::{Campaign, Passage};
use ops_mixite::dwelling::{
    Activity, Dwelling, FamilySituation, Occupation, Qpv, Typology, Variable, Variables,
};
use ops_mixite::table::{Fold, RawTables};

/// SplitMix64 (Steele, Lea and Flood, 2014): small, seeded, good enough.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    pub(crate) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

pub(crate) fn variables() -> Variables {
    [
        Variable::Occupation,
        Variable::Typology,
        Variable::FamilySituation,
        Variable::Occupants,
        Variable::HolderAge,
        Variable::Income,
        Variable::Apl,
        Variable::Activities,
        Variable::OccupantAges,
    ]
    .into_iter()
    .collect()
}

/// The campaign, with a *table de passage* for these programmes.
fn with_secteurs(campaign: &Campaign, programmes: u64) -> Campaign {
    let mut file = campaign.file().clone();
    let communes = file.communes.len() as u64;
    file.passage = (0..programmes)
        .filter(|programme| programme % communes < 10)
        .map(|programme| Passage {
            landlord: "habellis".to_owned(),
            programme: format!("{programme:05}"),
            commune: Some(file.communes[(programme % communes) as usize].code.clone()),
            secteur: Some(format!("Secteur {}", programme / communes % 4)),
            qpv: None,
        })
        .collect();
    Campaign::parse(ops_mixite::json::pretty(&file).as_bytes()).expect("it is well formed")
}

/// A landlord of `programmes` programmes over the communes of the CUCM, unequal
/// in size and in what their tenants answer. The ten first communes have four
/// secteurs each, the three first a priority district, which cuts a programme in
/// twenty.
pub(crate) fn landlord(rows: u64, programmes: u64) -> RawTables {
    let campaign = with_secteurs(&Campaign::cucm(), programmes);
    let communes = campaign.file().communes.len() as u64;
    let mut random = Random(rows);
    let mut fold = Fold::new(&campaign);
    for row in 0..rows {
        // The smaller of two draws: a few large programmes, many small ones.
        let programme = random.below(programmes).min(random.below(programmes));
        let skew = 2 + programme % 4;
        let situation = FamilySituation::ALL[random.below(skew) as usize];
        let occupants = match situation {
            FamilySituation::Alone => 1,
            FamilySituation::CoupleWithout => 2,
            _ => 2 + random.below(4) as u16,
        };
        let mut d = Dwelling {
            commune: (programme % communes) as usize,
            programme: format!("{programme:05}"),
            qpv: match (programme % communes, programme / communes % 3) {
                (0..3, 0) if programme.is_multiple_of(20) && random.chance(50) => Qpv::Outside,
                (commune @ 0..3, 0) => Qpv::Inside(Some(format!("QN0710{commune}M"))),
                _ => Qpv::Outside,
            },
            occupation: Some(match random.below(20) {
                0 => Occupation::Vacant,
                1 => Occupation::ThirdParty,
                _ => Occupation::Let,
            }),
            typology: Some(Typology::ALL[random.below(skew) as usize]),
            ..Dwelling::default()
        };
        let h = &mut d.household;
        let answers = random.chance(85);
        h.situation = answers.then_some(situation);
        h.occupants = answers.then_some(occupants);
        h.holder_age = random.chance(90).then(|| (20 + random.below(70)) as u8);
        h.income = random.chance(80).then(|| random.below(12_000 * skew));
        h.apl = random.chance(90).then(|| random.chance(10 * skew));
        for _ in 0..occupants {
            h.listed_ages
                .push(random.chance(90).then(|| random.below(90) as u8));
            if random.chance(60) {
                h.activities
                    .push(Some(Activity::ALL[random.below(skew) as usize]));
            }
        }
        fold.add(&d, row);
    }
    fold.finish("habellis", variables())
}

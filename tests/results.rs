//! From rows to the base, through everything between: two landlords, each
//! protected, certified, written, read, merged; and what the base then says
//! held against the rows.

mod common;

use std::collections::HashMap;

use common::{Random, variables};
use ops_mixite::attack::certify;
use ops_mixite::base::{Base, Status};
use ops_mixite::campaign::{Campaign, Rate};
use ops_mixite::chart::{Chart, Figures, ranking};
use ops_mixite::dwelling::{Dwelling, FamilySituation, Household, Occupation, Typology};
use ops_mixite::indicator::shares::share;
use ops_mixite::merge::Merged;
use ops_mixite::partial::{AppliedRules, Header, Partial};
use ops_mixite::secrecy::{Rule, protect};
use ops_mixite::table::{Fold, Level, RawTables};

const LANDLORDS: [&str; 2] = ["habellis", "opac71"];

/// A landlord of eight communes, some of them large.
fn raw(campaign: &Campaign, landlord: usize) -> RawTables {
    let mut random = Random(40 + landlord as u64);
    let mut fold = Fold::new(campaign);
    for commune in 0..8 {
        for programme in 0..1 + random.below(6) {
            for row in 0..5 + random.below(30 * (commune + 1)) {
                let n = 1 + random.below(5) as u16;
                let situation = match n {
                    1 => FamilySituation::Alone,
                    2 => FamilySituation::CoupleWithout,
                    _ => FamilySituation::ALL[1 + random.below(4) as usize],
                };
                let dwelling = Dwelling {
                    commune: commune as usize,
                    programme: format!("{programme}"),
                    typology: Some(Typology::ALL[random.below(5) as usize]),
                    occupation: Some(match random.below(15) {
                        0 => Occupation::Vacant,
                        1 => Occupation::ThirdParty,
                        _ => Occupation::Let,
                    }),
                    household: Household {
                        situation: random.chance(90).then_some(situation),
                        occupants: random.chance(95).then_some(n),
                        holder_age: random.chance(80).then(|| 20 + random.below(70) as u8),
                        income: random.chance(75).then(|| random.below(50_000)),
                        // Under 60 % in half of the communes.
                        apl: random
                            .chance(if commune % 2 == 0 { 50 } else { 80 })
                            .then(|| random.chance(40)),
                        ..Household::default()
                    },
                    ..Dwelling::default()
                };
                fold.add(&dwelling, row);
            }
        }
    }
    fold.finish(LANDLORDS[landlord], variables())
}

/// What a landlord sends: certified bytes, withdrawing what has no certificate.
fn sent(campaign: &Campaign, landlord: usize, raw: &RawTables) -> Vec<u8> {
    let header = Header {
        landlord,
        produced_on: "2026-11-23",
        rules: AppliedRules::of(&campaign.file().rules),
    };
    let made = |withdrawn: &[String]| {
        let protected = protect(
            raw,
            Rule {
                threshold: campaign.file().rules.threshold,
                bears_on: campaign.bears_on(),
            },
            withdrawn,
        );
        certify(Partial::new(campaign, &header, &protected.zonages()), raw)
    };
    made(&[])
        .or_else(|_| made(&["taille_menage".to_owned()]))
        .unwrap_or_else(|verdict| panic!("{verdict}"))
        .bytes()
}

#[test]
fn what_two_landlords_send_gives_exact_results_or_none() {
    let campaign = Campaign::cucm();
    let rows = [raw(&campaign, 0), raw(&campaign, 1)];
    let files = [0, 1].map(|landlord| sent(&campaign, landlord, &rows[landlord]));
    let base = |order: [usize; 2]| {
        let mut merged = Merged::empty(&campaign);
        for landlord in order {
            let partial = Partial::parse(&files[landlord]).unwrap();
            let one = Merged::from_partial(&campaign, &partial).unwrap();
            let one = one.bounded(&campaign, &partial);
            merged = merged.merge(one).unwrap();
        }
        Base::from_merged(&campaign, &merged).unwrap()
    };
    let bytes = base([0, 1]).to_bytes();
    assert_eq!(base([1, 0]).to_bytes(), bytes);
    let base = Base::parse(&bytes).unwrap();

    let ranks: [HashMap<&str, usize>; 2] = [0, 1].map(|landlord: usize| {
        let mailles = rows[landlord].zonage.mailles.iter().enumerate();
        mailles.map(|(rank, m)| (m.id.as_str(), rank)).collect()
    });
    let mut seen = HashMap::new();
    for result in &base.file().results {
        *seen.entry(result.status).or_insert(0) += 1;
        let share = share(&result.indicator).unwrap();
        let (mut part, mut whole, mut answered, mut asked) = (0, 0, 0, 0);
        let mut present = Vec::new();
        for landlord in 0..2 {
            let Some(&rank) = ranks[landlord].get(result.maille.as_str()) else {
                continue;
            };
            present.push(LANDLORDS[landlord]);
            let tables = &rows[landlord].tables;
            let table = tables
                .iter()
                .find(|t| t.def.id == share.table().id)
                .unwrap();
            let line = &table.lines[rank];
            let sum = |cells: &[usize]| cells.iter().map(|c| line.counts[*c]).sum::<u32>();
            part += sum(&share.numerator_cells());
            whole += share
                .denominator_cells()
                .map_or(line.respondents, |cells| sum(&cells));
            (answered, asked) = (answered + line.respondents, asked + line.population);
        }
        assert_eq!(result.landlords, present);
        if let Some(numerator) = result.numerator {
            assert_eq!(numerator, u64::from(part), "{result:?}");
        }
        if let Some(denominator) = result.denominator {
            assert_eq!(denominator, u64::from(whole), "{result:?}");
        }
        let enough = u64::from(answered) * 10 >= u64::from(asked) * 6;
        match result.status {
            Status::Published => {
                assert!(enough && part >= 11 && whole - part >= 11, "{result:?}");
                let exact = (f64::from(part) / f64::from(whole) * 1e5).round() as u32;
                assert_eq!(result.share, Some(Rate(exact)));
            }
            Status::LowResponse => assert!(!enough && result.share.is_none(), "{result:?}"),
            Status::Secret => assert!(result.numerator.is_none() && result.share.is_none()),
            Status::Bounded => {
                // The truth lies between bounds that are not a point, of the
                // denominator alone where the numerator is published.
                assert!(result.share.is_none());
                let numerators = result.numerator_min.unwrap()..=result.numerator_max.unwrap();
                let denominators =
                    result.denominator_min.unwrap()..=result.denominator_max.unwrap();
                assert!(numerators.contains(&u64::from(part)), "{result:?} {part}");
                let exact = numerators.start() == numerators.end();
                assert_eq!(result.numerator.is_some(), exact, "{result:?}");
                let choice = numerators.start() < numerators.end()
                    || denominators.start() < denominators.end();
                assert!(choice, "{result:?}");
                assert!(
                    denominators.contains(&u64::from(whole)),
                    "{result:?} {whole}"
                );
                let exact = f64::from(part) / f64::from(whole) * 1e5;
                let (min, max) = (result.min.unwrap(), result.max.unwrap());
                assert!(f64::from(min.0) <= exact && exact <= f64::from(max.0));
                assert!(max.0 - min.0 <= ops_mixite::base::bounds::MAX_WIDTH.0);
                assert!(enough && part >= 11 && whole - part >= 11, "{result:?}");
            }
        }
    }
    assert!(seen[&Status::Published] > 100, "{seen:?}");
    assert!(seen[&Status::LowResponse] > 5, "{seen:?}");
    assert!(seen[&Status::Secret] > 100, "{seen:?}");
    assert!(seen[&Status::Bounded] > 3, "{seen:?}");

    let figures = Figures::of(&base, "mono", Level::Commune).unwrap();
    assert_eq!(figures.rows.len(), 8);
    let svg = ranking(figures.page(0)).svg(800);
    assert!(svg.contains("Source OPS 2024") && svg.contains("Familles monoparentales"));
}

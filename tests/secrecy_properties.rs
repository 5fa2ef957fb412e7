//! Properties of the protector over landlords of every shape, and of what two
//! landlords' files say together.

mod common;

use common::{crossings, partial_read, variables};
use ops_mixite::attack::{attest, verify};
use ops_mixite::base::Base;
use ops_mixite::campaign::{BearsOn, Campaign, Passage};
use ops_mixite::dwelling::{Activity, Dwelling, FamilySituation, Occupation, Typology};
use ops_mixite::merge::Merged;
use ops_mixite::partial::{AppliedRules, Header, Partial};
use ops_mixite::secrecy::{Rule, protect};
use ops_mixite::table::{Fold, RawTables};
use proptest::prelude::*;

/// A programme: commune, secteur or none, and its dwellings.
#[derive(Clone, Debug)]
struct Programme {
    commune: usize,
    secteur: Option<u8>,
    /// For each dwelling: let or not, situation, APL, age class, adults.
    dwellings: Vec<(u8, u8, u8, u8, u8)>,
}

/// Programmes of one to sixty dwellings, in which most answers are alike: zeros
/// and ones abound, a commune often holds a single secteur of a single programme;
/// one programme in ten holds no household at all.
fn programme() -> impl Strategy<Value = Programme> {
    let size = prop_oneof![Just(1_usize), 2..5_usize, 9..14_usize, 20..60_usize];
    let empty = proptest::bool::weighted(0.1);
    let shape = (
        0..3_usize,
        proptest::option::of(0..2_u8),
        size,
        1..6_u8,
        empty,
    );
    shape.prop_flat_map(|(commune, secteur, size, skew, empty)| {
        let states = if empty { 0..2_u8 } else { 0..12 };
        let dwelling = (states, 0..skew, 0..=skew, 0..skew, 0..4_u8);
        proptest::collection::vec(dwelling, size).prop_map(move |dwellings| Programme {
            commune,
            secteur,
            dwellings,
        })
    })
}

/// The campaign that puts programmes in their secteurs.
fn campaign(programmes: &[Programme]) -> Campaign {
    let mut file = Campaign::cucm().file().clone();
    let line = |(rank, programme): (usize, &Programme)| {
        Some(Passage {
            landlord: "habellis".to_owned(),
            programme: format!("{rank:02}"),
            commune: Some(file.communes[programme.commune].code.clone()),
            secteur: Some(format!("S{}", programme.secteur?)),
            qpv: None,
        })
    };
    file.passage = programmes.iter().enumerate().filter_map(line).collect();
    Campaign::parse(serde_json::to_string(&file).unwrap().as_bytes()).unwrap()
}

fn tables(campaign: &Campaign, programmes: &[Programme]) -> RawTables {
    let mut fold = Fold::new(campaign);
    for (rank, programme) in programmes.iter().enumerate() {
        for &(state, situation, apl, age, adults) in &programme.dwellings {
            let mut d = Dwelling {
                commune: programme.commune,
                programme: format!("{rank:02}"),
                occupation: Some(match state {
                    0 => Occupation::Vacant,
                    1 => Occupation::ThirdParty,
                    _ => Occupation::Let,
                }),
                typology: Some(Typology::ALL[situation as usize % 5]),
                ..Dwelling::default()
            };
            let h = &mut d.household;
            h.situation = Some(FamilySituation::ALL[situation as usize]);
            h.occupants = Some(if situation == 0 { 1 } else { 3 });
            h.apl = [Some(true), Some(false), None][apl as usize % 3];
            h.holder_age = Some(25 + 12 * age);
            h.income = Some(9_000 * u64::from(age));
            h.activities = (0..adults)
                .map(|adult| Some(Activity::ALL[(adult * apl) as usize % 5]))
                .collect();
            fold.add(&d, fold.dwellings());
        }
    }
    fold.finish("habellis", variables())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// Ensure that every landlord's file withstands the gate, with all its tables
    /// or without that of which one cell is another's; and that making it twice
    /// gives the same bytes.
    #[test]
    fn every_landlord_is_protected(
        programmes in proptest::collection::vec(programme(), 1..9),
        strict in any::<bool>(),
    ) {
        let bears_on = if strict { BearsOn::Effectif } else { BearsOn::Population };
        let rule = Rule { threshold: 11, bears_on };
        let raw = tables(&campaign(&programmes), &programmes);
        let made = |withdrawn: &[String]| {
            let partial = partial_read(protect(&raw, rule, withdrawn).tables, bears_on);
            let partial = Partial::check(partial.file().clone()).expect("lisible");
            let mut verdict = verify(&partial);
            attest(&partial, &raw, &mut verdict);
            (verdict, ops_mixite::json::pretty(partial.file()))
        };
        let (verdict, bytes) = made(&[]);
        prop_assert_eq!(&made(&[]).1, &bytes);
        if !verdict.accepted() {
            let (verdict, _) = made(&[crossings(), vec!["taille_menage".to_owned()]].concat());
            prop_assert!(verdict.accepted(), "{}", verdict);
        }
    }
}

/// Twelve programmes of one commune; of the first two, `first` and `second`
/// households answer yes.
fn pair(first: u8, second: u8) -> RawTables {
    let campaign = Campaign::cucm();
    let mut fold = Fold::new(&campaign);
    for programme in 0..12_u8 {
        let yes = [first, second].get(programme as usize).copied();
        for rank in 0..40 {
            let mut d = Dwelling {
                commune: 0,
                programme: format!("{programme:02}"),
                occupation: Some(Occupation::Let),
                ..Dwelling::default()
            };
            d.household.apl = Some(rank < yes.unwrap_or(12 + programme));
            fold.add(&d, fold.dwellings());
        }
    }
    fold.finish("habellis", variables())
}

/// Ensure that the file is the same, to the byte, whichever of two hidden cells
/// is the small one: nothing in it tells which was hidden for the other's sake.
#[test]
fn the_file_does_not_tell_which_cell_is_small() {
    for bears_on in [BearsOn::Effectif, BearsOn::Population] {
        let (few, many) = match bears_on {
            BearsOn::Effectif => (5, 14),
            BearsOn::Population => (0, 13),
        };
        let bytes = |first, second| {
            let rule = Rule {
                threshold: 11,
                bears_on,
            };
            let tables = protect(&pair(first, second), rule, &[]).tables;
            ops_mixite::json::pretty(partial_read(tables, bears_on).file())
        };
        let (one, other) = (bytes(few, many), bytes(many, few));
        assert!(one == other, "{}", bears_on.id());
        assert!(one.contains("null"));
        assert!(other != bytes(few, many + 2));
    }
}

/// Ensure that the base of two landlords, less what the first knows of himself,
/// says nothing of the second that his own file does not: an exact count comes
/// only where he publishes it, and bounds are never tighter than his own. The
/// second holds communes where the first has nothing: there the base is his file.
#[test]
fn the_base_less_ones_own_rows_says_nothing_more() {
    let campaign = Campaign::cucm();
    let landlord = |rank: usize, seed: u64| {
        let mut random = common::Random(seed);
        let mut fold = Fold::new(&campaign);
        for commune in 0..6 + 3 * rank {
            for programme in 0..1 + random.below(5) {
                for _ in 0..4 + random.below(70) {
                    let mut d = Dwelling {
                        commune,
                        programme: format!("{programme}"),
                        occupation: Some(Occupation::Let),
                        ..Dwelling::default()
                    };
                    d.household.apl = random.chance(90).then(|| random.chance(25));
                    d.household.situation =
                        Some(FamilySituation::ALL[random.below(4 + programme % 2) as usize]);
                    fold.add(&d, fold.dwellings());
                }
            }
        }
        let id = campaign.file().landlords[rank].id.clone();
        let raw = fold.finish(&id, variables());
        let rule = Rule {
            threshold: 11,
            bears_on: BearsOn::Effectif,
        };
        let header = Header {
            landlord: rank,
            produced_on: "2026-01-01",
            rules: AppliedRules::of(&campaign.file().rules),
        };
        let withdrawn = [crossings(), vec!["taille_menage".to_owned()]].concat();
        let partial = Partial::new(
            &campaign,
            &header,
            &[protect(&raw, rule, &withdrawn).tables],
        );
        assert!(verify(&partial).accepted());
        (raw, partial)
    };
    let (mut exact, mut silent, mut bounded, mut alone_there) = (0, 0, 0, 0);
    for seed in 0..8 {
        let ((mine, a), (_, b)) = (landlord(0, 2 * seed), landlord(1, 2 * seed + 1));
        let base = |partials: &[&Partial]| {
            let mut merged = Merged::empty(&campaign);
            for partial in partials {
                let one = Merged::from_partial(&campaign, partial).unwrap();
                merged = merged.merge(one.bounded(&campaign, partial)).unwrap();
            }
            Base::from_merged(&campaign, &merged).unwrap()
        };
        let (both, alone) = (base(&[&a, &b]), base(&[&b]));
        let line_of = |table: &ops_mixite::partial::TableFile, maille: &str| {
            table.lines.iter().find(|l| l.maille == maille).cloned()
        };
        for table in &both.file().tables {
            let theirs = b.file().tables.iter().find(|t| t.id == table.id).unwrap();
            let known = mine.tables.iter().find(|t| t.def.id == table.id).unwrap();
            for line in &table.lines {
                let Some(his) = line_of(theirs, &line.maille) else {
                    continue;
                };
                let rank = mine.zonage.mailles.iter().position(|m| m.id == line.maille);
                for (c, merged) in line.counts.iter().enumerate() {
                    let own = rank.map_or(0, |g| i64::from(known.lines[g].counts[c]));
                    match (merged, his.counts[c]) {
                        (Some(merged), Some(count)) => {
                            assert_eq!(merged - own, count);
                            exact += 1;
                            alone_there += usize::from(rank.is_none());
                        }
                        (Some(_), None) => panic!("{} {} {c}", table.id, line.maille),
                        (None, None) => silent += 1,
                        (None, Some(_)) => {}
                    }
                }
            }
        }
        for result in &both.file().results {
            let Some((least, most)) = result.numerator_min.zip(result.numerator_max) else {
                continue;
            };
            let share = ops_mixite::indicator::shares::share(&result.indicator).unwrap();
            let rank = mine
                .zonage
                .mailles
                .iter()
                .position(|m| m.id == result.maille);
            let known = mine
                .tables
                .iter()
                .find(|t| t.def.id == share.table().id)
                .unwrap();
            let own = rank.map_or(0, |g| {
                let cells = share.numerator_cells();
                cells
                    .iter()
                    .map(|c| u64::from(known.lines[g].counts[*c]))
                    .sum()
            });
            let same = |r: &&ops_mixite::base::ResultFile| {
                r.indicator == result.indicator && r.maille == result.maille
            };
            let Some(his) = alone.file().results.iter().find(same) else {
                continue;
            };
            let range = his
                .numerator
                .map(|n| (n, n))
                .or(his.numerator_min.zip(his.numerator_max));
            if let Some((low, high)) = range {
                assert!(
                    least <= low + own && high + own <= most,
                    "{result:?} {his:?}"
                );
                bounded += 1;
            }
        }
    }
    println!(
        "{exact} effectifs exacts dont {alone_there} où il est seul, {silent} masqués, {bounded} bornes"
    );
    assert!(
        exact > 100 && alone_there > 50 && silent > 100 && bounded > 5,
        "{exact} {alone_there} {silent} {bounded}"
    );
}

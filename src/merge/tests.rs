use proptest::prelude::*;

use super::*;
use crate::campaign::{BearsOn, Landlord, Rate};
use crate::json;
use crate::partial::{PartialFile, sample, sample::checked};

/// The example's campaign with a third landlord.
fn campaign() -> Campaign {
    let mut file = Campaign::example().file().clone();
    file.landlords.push(Landlord {
        id: "exemple-c".to_owned(),
        name: "Bailleur fictif C".to_owned(),
        siren: None,
        aliases: Vec::new(),
    });
    Campaign::parse(json::pretty(&file).as_bytes()).unwrap()
}

fn file(campaign: &Campaign, landlord: &str, seed: u64, rows: usize) -> PartialFile {
    let rows = sample::dwellings(seed, rows, 4);
    sample::file(campaign, landlord, &sample::raw(campaign, landlord, &rows))
}

fn partial(campaign: &Campaign, landlord: &str, seed: u64, rows: usize) -> Partial {
    checked(file(campaign, landlord, seed, rows))
}

/// Everything that a merge says, to compare two of them.
fn said(merged: &Merged) -> String {
    format!(
        "{:?}{:?}{:?}",
        merged.campaign(),
        merged.landlords(),
        merged.zonages()
    )
}

fn one(campaign: &Campaign, partial: &Partial) -> Merged {
    Merged::from_partial(campaign, partial).unwrap()
}

/// A partial that may lack tables and whose cells may be hidden at random.
fn thinned(campaign: &Campaign, landlord: &str, seed: u64) -> Partial {
    let mut draw = sample::Seed(seed);
    let rows = 200 + draw.below(600) as usize;
    let mut file = file(campaign, landlord, seed, rows);
    file.tables
        .retain(|t| t.id == "occupation" || draw.below(4) > 0);
    for maille in &mut file.zonages[0].mailles {
        if maille.level == Level::Commune && draw.below(3) == 0 {
            maille.name = format!("Autre nom {}", draw.below(3));
        }
    }
    for line in file.tables.iter_mut().flat_map(|t| &mut t.lines) {
        for count in &mut line.counts {
            if draw.below(5) == 0 {
                *count = None;
            }
        }
    }
    checked(file)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn merging_is_commutative_and_associative_and_has_an_identity(seeds in any::<[u64; 3]>()) {
        let campaign = campaign();
        let [a, b, c] = [("exemple-a", 0), ("exemple-b", 1), ("exemple-c", 2)]
            .map(|(id, at)| one(&campaign, &thinned(&campaign, id, seeds[at])));
        let merge = |x: &Merged, y: &Merged| x.clone().merge(y.clone()).unwrap();
        prop_assert_eq!(said(&merge(&a, &b)), said(&merge(&b, &a)));
        prop_assert_eq!(
            said(&merge(&merge(&a, &b), &c)),
            said(&merge(&a, &merge(&b, &c)))
        );
        prop_assert_eq!(said(&merge(&merge(&c, &a), &b)), said(&merge(&a, &merge(&b, &c))));
        let none = Merged::empty(&campaign);
        prop_assert_eq!(said(&merge(&a, &none)), said(&a));
        prop_assert_eq!(said(&merge(&none, &a)), said(&a));
    }

    #[test]
    fn a_merged_count_is_the_sum_of_all_landlords_present_or_hidden(seeds in any::<[u64; 2]>()) {
        let campaign = campaign();
        let (a, b) = (
            thinned(&campaign, "exemple-a", seeds[0]),
            thinned(&campaign, "exemple-b", seeds[1]),
        );
        let merged = one(&campaign, &a).merge(one(&campaign, &b)).unwrap();
        let zonage = &merged.zonages()[0];
        for (rank, maille) in zonage.zonage.mailles.iter().enumerate() {
            let present: Vec<usize> = [&a, &b]
                .iter()
                .enumerate()
                .filter(|(_, p)| p.file().zonages[0].mailles.iter().any(|m| m.id == maille.id))
                .map(|(at, _)| at)
                .collect();
            prop_assert_eq!(&zonage.present[rank], &present);
            for table in &zonage.tables {
                let Some(line) = table.lines.iter().find(|l| l.maille == rank) else {
                    continue;
                };
                for cell in 0..table.def.width() {
                    // `None` as soon as one of those present gives nothing.
                    let sum: Option<i64> = present
                        .iter()
                        .map(|at| {
                            let file = [&a, &b][*at].file();
                            let theirs = file.tables.iter().find(|t| t.id == table.def.id)?;
                            let line = theirs.lines.iter().find(|l| l.maille == maille.id)?;
                            line.counts[cell]
                        })
                        .sum();
                    prop_assert_eq!(line.counts[cell].map(|c| c as i64), sum);
                }
            }
        }
    }
}

#[test]
fn landlords_share_communes_and_keep_their_programmes() {
    let campaign = campaign();
    let a = partial(&campaign, "exemple-a", 1, 700);
    let b = partial(&campaign, "exemple-b", 2, 700);
    let merged = one(&campaign, &a).merge(one(&campaign, &b)).unwrap();
    let zonage = &merged.zonages()[0];
    assert_eq!(zonage.zonage.mailles.len(), 1 + 4 + 2 * 16);
    for (maille, present) in zonage.zonage.mailles.iter().zip(&zonage.present) {
        let expected: &[usize] = match maille.level {
            Level::Programme if maille.id.starts_with("exemple-a/") => &[0],
            Level::Programme => &[1],
            _ => &[0, 1],
        };
        assert_eq!(present, expected, "{}", maille.id);
    }
    let names: Vec<&str> = merged.landlords().iter().map(|l| l.id.as_str()).collect();
    assert_eq!(names, ["exemple-a", "exemple-b"]);
    // Depth-first, siblings by identifier: what the reader of a file asks.
    let files = [crate::partial::ZonageFile::from(&zonage.zonage)];
    crate::partial::check::tree::check(&files).unwrap();
}

#[test]
fn partials_that_do_not_belong_together_are_refused_by_name() {
    let campaign = campaign();
    let a = partial(&campaign, "exemple-a", 1, 300);
    let twice = one(&campaign, &a)
        .merge(one(&campaign, &partial(&campaign, "exemple-a", 2, 300)))
        .unwrap_err();
    assert_eq!(
        twice,
        MergeError::Twice {
            landlord: "Bailleur fictif A".to_owned()
        }
    );
    let refused = |mutate: &dyn Fn(&mut PartialFile)| {
        let mut file = file(&campaign, "exemple-a", 1, 300);
        mutate(&mut file);
        Merged::from_partial(&campaign, &checked(file)).unwrap_err()
    };
    // The same campaign without the third landlord has another fingerprint.
    let older = Campaign::example();
    assert!(matches!(
        Merged::from_partial(&older, &a),
        Err(MergeError::OtherCampaign { .. })
    ));
    assert!(matches!(
        Merged::empty(&older).merge(one(&campaign, &a)),
        Err(MergeError::TwoCampaigns { .. })
    ));
    assert!(matches!(
        refused(&|f| f.landlord.id = "inconnu".to_owned()),
        MergeError::UnknownLandlord { .. }
    ));
    assert!(matches!(
        refused(&|f| {
            f.tables.clear();
            f.zonages[0].mailles.truncate(2);
        }),
        MergeError::Undivided { .. }
    ));
    assert!(matches!(
        refused(&|f| f.mention = "Source OPS 2022".to_owned()),
        MergeError::Header { .. }
    ));
    // Programmes grouped, which the campaign does not ask for.
    assert!(matches!(
        refused(&|f| {
            let last = f.zonages[0].mailles.last_mut().unwrap();
            last.level = Level::Regroupement;
        }),
        MergeError::Foreign { .. }
    ));
    // B's file under A's name: its programmes are not his.
    assert!(matches!(
        refused(&|f| f.landlord.id = "exemple-b".to_owned()),
        MergeError::Foreign { .. }
    ));
    assert!(matches!(
        refused(&|f| {
            let commune = f.zonages[0].mailles[1].id.clone();
            for maille in &mut f.zonages[0].mailles {
                if maille.id == commune {
                    maille.id = "00000".to_owned();
                } else if maille.parent.as_ref() == Some(&commune) {
                    maille.parent = Some("00000".to_owned());
                }
            }
            for line in f.tables.iter_mut().flat_map(|t| &mut t.lines) {
                if line.maille == commune {
                    line.maille = "00000".to_owned();
                }
            }
        }),
        MergeError::Foreign { .. }
    ));
}

#[test]
fn stricter_rules_merge_and_looser_ones_do_not() {
    let mut strict = campaign().file().clone();
    strict.rules.threshold = 20;
    strict.rules.min_response = Rate(70_000);
    let strict = Campaign::parse(json::pretty(&strict).as_bytes()).unwrap();
    let made = |threshold, min_response, bears_on| {
        let mut file = file(&strict, "exemple-a", 1, 600);
        file.rules = AppliedRules {
            threshold,
            bears_on,
            min_response,
        };
        for line in file.tables.iter_mut().flat_map(|t| &mut t.lines) {
            // Only the root publishes: enough under any of these rules.
            if line.maille != "epci" {
                line.respondents = None;
                line.counts.iter_mut().for_each(|c| *c = None);
            }
        }
        for line in file.tables.iter_mut().flat_map(|t| &mut t.lines) {
            line.counts
                .iter_mut()
                .for_each(|c| *c = c.filter(|c| *c >= 30));
        }
        Merged::from_partial(&strict, &checked(file))
    };
    use BearsOn::{Effectif, Population};
    assert!(made(20, Rate(70_000), Effectif).is_ok());
    assert!(made(20, Rate(80_000), Effectif).is_ok());
    for looser in [
        made(19, Rate(70_000), Effectif),
        made(20, Rate(69_999), Effectif),
        made(20, Rate(70_000), Population),
    ] {
        let error = looser.unwrap_err();
        assert!(matches!(error, MergeError::Looser { .. }), "{error}");
        assert!(
            error
                .to_string()
                .contains("seuil de 20 sur chaque effectif")
        );
    }
}

#[test]
fn a_maille_under_two_names_keeps_the_smallest() {
    let campaign = campaign();
    let a = one(&campaign, &partial(&campaign, "exemple-a", 1, 300));
    let mut b = file(&campaign, "exemple-b", 2, 300);
    b.zonages[0].mailles[1].name = "Autre nom".to_owned();
    let b = one(&campaign, &checked(b));
    let merged = a.merge(b).unwrap();
    assert_eq!(merged.zonages()[0].zonage.mailles[1].name, "Autre nom");
}

#[test]
fn a_maille_in_two_places_is_refused_and_nothing_is_lost() {
    let campaign = campaign();
    let mut kept = one(&campaign, &partial(&campaign, "exemple-a", 1, 300));
    let before = said(&kept);
    let b = partial(&campaign, "exemple-b", 2, 300);
    let mut other = one(&campaign, &b);
    // No partial can say this of a commune; a second zonage could.
    let mut zonage = b.zonages()[0].clone();
    zonage.mailles[1].level = Level::Secteur;
    other.zonages.insert(0, Union::of(1, &zonage, &[]));
    assert_eq!(
        kept.add(other).unwrap_err(),
        MergeError::Misplaced {
            zonage: "territoire".to_owned(),
            maille: zonage.mailles[1].id.clone(),
        }
    );
    assert_eq!(said(&kept), before);
}

#[test]
fn a_maille_stands_under_the_name_of_its_place() {
    let plain = campaign();
    let mut file = plain.file().clone();
    file.rules.group_small_programmes = true;
    let grouping = Campaign::parse(json::pretty(&file).as_bytes()).unwrap();
    let zonage = Zonage {
        id: "territoire".to_owned(),
        mailles: Vec::new(),
    };
    let stands = |campaign: &Campaign, level, id: &str| {
        let maille = crate::table::Maille {
            id: id.to_owned(),
            level,
            name: String::new(),
            parent: None,
        };
        belongs(campaign, "exemple-a", &zonage, &maille)
    };
    assert!(stands(&plain, Level::Programme, "exemple-a/1@71153"));
    for other in ["exemple-a/", "exemple-b/1@71153", "exemple-ab/1@71153"] {
        assert!(!stands(&plain, Level::Programme, other), "{other}");
    }
    let group = "exemple-a/+1@71153";
    assert!(stands(&grouping, Level::Regroupement, group));
    assert!(!stands(&plain, Level::Regroupement, group));
    for other in ["exemple-a/1@71153", "exemple-b/+1@71153"] {
        assert!(!stands(&grouping, Level::Regroupement, other), "{other}");
    }
}

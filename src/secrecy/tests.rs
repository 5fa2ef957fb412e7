//! What the protector says of its own work, and counts at the threshold itself.
//! That what it hides is enough is for the attackers of `tests/secrecy*.rs`.

use super::*;
use crate::campaign::Campaign;
use crate::dwelling::{Dwelling, FamilySituation, Occupation, Qpv, Variable};
use crate::indicator;
use crate::table::Fold;

/// The rule in both readings, as campaigns have it.
pub(super) const RULE: Rule = Rule {
    threshold: 11,
    bears_on: BearsOn::Effectif,
};
pub(super) const POPULATION: Rule = Rule {
    threshold: 11,
    bears_on: BearsOn::Population,
};

/// Programmes of one commune each: let dwellings, vacant ones, and the side of a
/// district that they stand on.
fn raw(places: &[(u32, u32, Qpv)]) -> RawTables {
    let apart = places.iter().cloned().enumerate();
    of_communes(&apart.collect::<Vec<_>>())
}

/// The same, each with the rank of its commune.
fn of_communes(places: &[(usize, (u32, u32, Qpv))]) -> RawTables {
    let campaign = Campaign::cucm();
    let mut fold = Fold::new(&campaign);
    for (programme, (commune, (let_, vacant, qpv))) in places.iter().enumerate() {
        for rank in 0..let_ + vacant {
            let mut dwelling = Dwelling {
                commune: *commune,
                programme: format!("{programme}"),
                qpv: qpv.clone(),
                occupation: Some(match rank < *let_ {
                    true => Occupation::Let,
                    false => Occupation::Vacant,
                }),
                ..Dwelling::default()
            };
            dwelling.household.apl = (rank < *let_).then_some(rank % 2 == 0);
            fold.add(&dwelling, u64::from(rank));
        }
    }
    let variables = [Variable::Occupation, Variable::Apl, Variable::Qpv];
    fold.finish("habellis", variables.into_iter().collect())
}

/// Population, respondents and let dwellings of the lines of `occupation` at a level.
fn occupation(tables: &PublishableTables, level: Level) -> Vec<[Option<u32>; 3]> {
    let table = tables.tables.iter().find(|t| t.def.id == "occupation");
    let shown = table.unwrap().lines.iter();
    shown
        .filter(|line| tables.zonage.mailles[line.maille].level == level)
        .map(|line| [line.population, line.respondents, line.counts[0]].map(Publishable::get))
        .collect()
}

#[test]
fn eleven_is_enough_and_all_let_hides_the_respondents() {
    let here = || Qpv::Inside(Some("QN07101M".to_owned()));
    let places = [
        (11, 20, Qpv::Outside),
        (30, 0, here()),
        (40, 15, Qpv::Outside),
    ];
    let made = protect(&raw(&places), RULE, &[]);
    let mut communes = occupation(&made.tables, Level::Commune);
    communes.sort_unstable();
    assert_eq!(
        communes,
        [
            // All are let: the two numbers would be one, and the population stays.
            [Some(30), None, Some(30)],
            [Some(31), Some(31), Some(11)],
            [Some(55), Some(55), Some(40)],
        ]
    );
    let sides = occupation(made.qpv.as_ref().unwrap(), Level::QpvSituation);
    assert_eq!(
        sides,
        [[Some(30), None, Some(30)], [Some(86), Some(86), Some(51)],]
    );
    // A district whose numbers its commune gives, less what stands outside.
    let places = [
        (0, (30, 0, here())),
        (0, (40, 15, Qpv::Outside)),
        (1, (25, 12, Qpv::Outside)),
    ];
    let made = protect(&of_communes(&places), RULE, &[]);
    let sides = occupation(made.qpv.as_ref().unwrap(), Level::QpvSituation);
    assert_eq!(
        sides,
        [[Some(30), None, Some(30)], [Some(92), Some(92), Some(65)]]
    );
    // Respondents at the threshold itself.
    let made = protect(
        &raw(&[(11, 0, Qpv::Unknown), (40, 15, Qpv::Unknown)]),
        RULE,
        &[],
    );
    let mut communes = occupation(&made.tables, Level::Commune);
    communes.sort_unstable();
    assert_eq!(communes[0], [Some(11), None, Some(11)]);
    // One dwelling fewer is one too few.
    let made = protect(
        &raw(&[(10, 21, Qpv::Unknown), (40, 15, Qpv::Unknown)]),
        RULE,
        &[],
    );
    let mut communes = occupation(&made.tables, Level::Commune);
    communes.sort_unstable();
    assert_eq!(communes[0][2], None, "{communes:?}");
    // All the dwellings are as many as they were.
    assert_eq!(communes[0][0], Some(31), "{communes:?}");
}

#[test]
fn a_sum_hides_its_respondents_for_itself_or_for_its_nodes() {
    let here = || Qpv::Inside(Some("QN07101M".to_owned()));
    // Vacant dwellings inside and outside, in the first commune and in the second.
    for (vacant, inside, outside) in [
        // All let inside, and the respondents give way.
        ([[0, 18], [0, 18]], [58, 0, 58], [171, 171, 115]),
        // Both parts of the second commune are all let: so neither sum is told.
        ([[18, 18], [0, 0]], [76, 0, 58], [153, 0, 115]),
        ([[18, 18], [18, 18]], [94, 94, 58], [171, 171, 115]),
    ] {
        let [first, second] = vacant;
        let places = [
            (0, (30, first[0], here())),
            (0, (40, first[1], Qpv::Outside)),
            (1, (28, second[0], here())),
            (1, (25, second[1], Qpv::Outside)),
            (2, (50, 20, Qpv::Outside)),
        ];
        let made = protect(&of_communes(&places), RULE, &[]);
        let sides = occupation(made.qpv.as_ref().unwrap(), Level::QpvSituation);
        let told = |[of, respondents, let_]: [u32; 3]| {
            let respondents = (respondents > 0).then_some(respondents);
            [Some(of), respondents, Some(let_)]
        };
        assert_eq!(sides, [told(inside), told(outside)], "{vacant:?}");
    }
}

#[test]
fn what_is_hidden_is_counted_and_told_apart() {
    let raw = raw(&[
        (12, 3, Qpv::Unknown),
        (30, 0, Qpv::Unknown),
        (40, 15, Qpv::Unknown),
        (25, 11, Qpv::Unknown),
    ]);
    let made = protect(&raw, RULE, &[]);
    let (mut hidden, mut published) = (0, 0);
    for line in &made.summary.lines {
        let shown = made.tables.tables.iter().find(|t| t.def.id == line.table);
        let known = raw.tables.iter().find(|t| t.def.id == line.table).unwrap();
        let mut wanted = LevelSummary::default();
        for shown in &shown.unwrap().lines {
            if raw.zonage.mailles[shown.maille].level != line.level {
                continue;
            }
            let truth = &known.lines[shown.maille];
            for (count, cell) in truth.counts.iter().zip(&shown.counts) {
                let units = u64::from(*count);
                wanted.units += units;
                if let Some(told) = cell.get() {
                    assert_eq!(told, *count);
                    (wanted.published, published) = (wanted.published + 1, published + 1);
                    wanted.units_published += units;
                } else if *count < 11 || *count == truth.respondents {
                    wanted.hidden_for_themselves += 1;
                    wanted.units_for_themselves += units;
                } else {
                    (wanted.hidden_to_protect, hidden) = (wanted.hidden_to_protect + 1, hidden + 1);
                }
            }
        }
        assert_eq!(line.figures, wanted, "{} {:?}", line.table, line.level);
    }
    assert!(hidden > 0 && published > 0, "{hidden} {published}");
}

#[test]
fn figures_add_up() {
    let one = LevelSummary {
        published: 1,
        hidden_for_themselves: 20,
        hidden_to_protect: 300,
        units_published: 4_000,
        units: 200_000,
        units_for_themselves: 50_000,
    };
    assert_eq!(one.cells(), 321);
    assert_eq!(one.units_to_protect(), 146_000);
    let mut twice = one.clone();
    twice.add(&one);
    let LevelSummary {
        published,
        hidden_for_themselves,
        hidden_to_protect,
        units_published,
        units,
        units_for_themselves,
    } = twice;
    assert_eq!(
        [published, hidden_for_themselves, hidden_to_protect],
        [2, 40, 600]
    );
    assert_eq!(
        [units_published, units, units_for_themselves],
        [8_000, 400_000, 100_000]
    );
}

#[test]
fn what_is_withdrawn_is_told() {
    let raw = raw(&[(30, 12, Qpv::Unknown), (40, 15, Qpv::Unknown)]);
    let made = protect(&raw, RULE, &["apl".to_owned()]);
    assert_eq!(made.summary.withdrawn, ["apl"]);
    assert!(made.tables.tables.iter().all(|table| table.def.id != "apl"));
    let all = protect(&raw, RULE, &[]);
    assert!(all.tables.tables.iter().any(|table| table.def.id == "apl"));
}

#[test]
fn districts_have_lines_of_their_own_beside_the_territory() {
    let here = Qpv::Inside(Some("QN07101M".to_owned()));
    let known = raw(&[
        (30, 12, here),
        (40, 15, Qpv::Outside),
        (25, 11, Qpv::Outside),
    ]);
    let zonages = protect(&known, RULE, &[districts_of("apl")]).zonages();
    let tables = |of: &PublishableTables| of.tables.iter().map(|t| t.def.id).collect::<Vec<_>>();
    let told: Vec<_> = zonages.iter().map(tables).collect();
    // What is withdrawn on districts stays over the territory.
    assert_eq!(told, [vec!["occupation", "apl"], vec!["occupation"]]);
    let levels = |of: &PublishableTables| {
        let lines = of.tables[0].lines.iter();
        let mut levels: Vec<Level> = lines.map(|l| of.zonage.mailles[l.maille].level).collect();
        levels.sort_unstable();
        levels.dedup();
        levels
    };
    // The territory is a line once, not again at the head of the districts.
    assert_eq!(
        [levels(&zonages[0]), levels(&zonages[1])],
        [
            vec![Level::Epci, Level::Commune, Level::Programme],
            vec![Level::QpvSituation, Level::Qpv]
        ]
    );
    let unknown = raw(&[(30, 12, Qpv::Unknown), (40, 15, Qpv::Unknown)]);
    assert_eq!(protect(&unknown, RULE, &[]).zonages().len(), 1);
}

#[test]
fn without_the_let_dwellings_nothing_is_said_of_their_households() {
    // With districts too, whose lines may be sums of several communes.
    let here = Qpv::Inside(Some("QN07101M".to_owned()));
    for (first, others) in [(Qpv::Unknown, Qpv::Unknown), (here, Qpv::Outside)] {
        let raw = of_communes(&[
            (0, (30, 12, first)),
            (0, (40, 15, others.clone())),
            (1, (25, 11, others)),
        ]);
        let zonages = protect(&raw, RULE, &["occupation".to_owned()]).zonages();
        for tables in &zonages {
            let apl = tables.tables.iter().find(|t| t.def.id == "apl");
            for line in &apl.unwrap().lines {
                let cells = line.counts.iter();
                let mut all = cells.chain([&line.population, &line.respondents]);
                assert!(all.all(|cell| cell.get().is_none()), "{line:?}");
            }
        }
    }
}

#[test]
fn a_single_number_is_something_to_publish() {
    let hidden = || PublishableLine {
        maille: 0,
        population: Publishable(None),
        respondents: Publishable(None),
        counts: vec![Publishable(None); 3],
    };
    let published = |line: PublishableLine| {
        let tables = PublishableTables {
            zonage: Zonage {
                id: "territoire".to_owned(),
                mailles: Vec::new(),
            },
            tables: vec![PublishableTable {
                def: indicator::table("occupation").unwrap(),
                lines: vec![hidden(), line],
            }],
        };
        tables.any_published()
    };
    assert!(!published(hidden()));
    let one = Publishable(Some(11));
    for line in [
        PublishableLine {
            population: one,
            ..hidden()
        },
        PublishableLine {
            respondents: one,
            ..hidden()
        },
        PublishableLine {
            counts: vec![Publishable(None), one],
            ..hidden()
        },
    ] {
        assert!(published(line));
    }
}

/// Households let in programmes of one commune each: situation, occupants, and how
/// many there are.
type Households<'a> = &'a [(Option<FamilySituation>, Option<u16>, u32)];

/// Of each commune, is the cell of lone persons hidden, which two tables share?
fn alone(places: &[Households<'_>], rule: Rule) -> Vec<bool> {
    let campaign = Campaign::cucm();
    let mut fold = Fold::new(&campaign);
    for (commune, groups) in places.iter().enumerate() {
        for (situation, occupants, many) in *groups {
            for rank in 0..*many {
                let mut dwelling = Dwelling {
                    commune,
                    programme: format!("{commune}"),
                    occupation: Some(Occupation::Let),
                    ..Dwelling::default()
                };
                dwelling.household.situation = *situation;
                dwelling.household.occupants = *occupants;
                dwelling.household.apl = Some(rank % 2 == 0);
                fold.add(&dwelling, u64::from(rank));
            }
        }
    }
    let variables = [
        Variable::Occupation,
        Variable::FamilySituation,
        Variable::Occupants,
        Variable::Apl,
    ];
    let raw = fold.finish("habellis", variables.into_iter().collect());
    let made = protect(&raw, rule, &[]).tables;
    let ids: Vec<&str> = made.tables.iter().map(|t| t.def.id).collect();
    assert_eq!(
        ids,
        ["occupation", "situation_familiale", "taille_menage", "apl"]
    );
    let [first, second] = [1, 2].map(|table| {
        let lines = made.tables[table].lines.iter();
        lines
            .filter(|line| made.zonage.mailles[line.maille].level == Level::Commune)
            .map(|line| line.counts[0].get().is_none())
            .collect::<Vec<_>>()
    });
    assert_eq!(first, second, "one cell, one status");
    first
}

#[test]
fn lone_persons_are_hidden_in_both_tables_or_in_none() {
    use FamilySituation::{Alone, CoupleWithout as Couple};
    let lone = |many| (Some(Alone), Some(1), many);
    let two = |many| (Some(Couple), Some(2), many);
    let population = Rule {
        bears_on: BearsOn::Population,
        ..RULE
    };
    let (silent, of_two) = ((None, None, 25), (None, Some(2), 25));
    let (yes, no) = (true, false);
    type Case<'a> = ([Households<'a>; 3], [bool; 3], [bool; 3]);
    let cases: [Case<'_>; 8] = [
        // The cheapest other is enough, and one is enough.
        (
            [
                &[lone(5), two(40)],
                &[lone(12), two(40)],
                &[lone(30), two(40)],
            ],
            [yes, yes, no],
            [no, no, no],
        ),
        // Where nobody is alone, that takes another value too.
        (
            [&[lone(5), two(40)], &[lone(12), two(40)], &[two(40)]],
            [yes, yes, yes],
            [yes, no, yes],
        ),
        // All that have answered are alone, of all or of some.
        (
            [
                &[lone(20), silent],
                &[lone(30), two(40)],
                &[lone(60), two(40)],
            ],
            [yes, yes, no],
            [yes, yes, no],
        ),
        (
            [&[lone(20)], &[lone(30), two(40)], &[lone(60), two(40)]],
            [yes, yes, no],
            [yes, yes, no],
        ),
        // The same in the first table alone.
        (
            [
                &[lone(20), of_two],
                &[lone(30), two(40)],
                &[lone(60), two(40)],
            ],
            [yes, yes, no],
            [yes, yes, no],
        ),
        // Ten that have answered: a line under the threshold goes whole, with another.
        (
            [
                &[lone(5), two(5), silent],
                &[lone(30), two(40)],
                &[lone(60), two(40)],
            ],
            [yes, yes, no],
            [yes, yes, no],
        ),
        // Two under the threshold, which make it together or do not.
        (
            [
                &[lone(5), two(40)],
                &[lone(6), two(40)],
                &[lone(60), two(40)],
            ],
            [yes, yes, no],
            [no, no, no],
        ),
        (
            [
                &[lone(2), two(40)],
                &[lone(8), two(40)],
                &[lone(60), two(40)],
            ],
            [yes, yes, yes],
            [no, no, no],
        ),
    ];
    for (k, (places, by_count, by_population)) in cases.iter().enumerate() {
        assert_eq!(alone(places, RULE), by_count, "{k}");
        assert_eq!(alone(places, population), by_population, "{k}");
    }
}

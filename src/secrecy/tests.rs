//! What the protector says of its own work, and counts at the threshold itself.
//! That what it hides is enough is for the attackers of `tests/secrecy*.rs`.

use super::*;
use crate::campaign::Campaign;
use crate::dwelling::{Dwelling, Occupation, Qpv, Variable};
use crate::indicator;
use crate::table::Fold;

const RULE: Rule = Rule {
    threshold: 11,
    bears_on: BearsOn::Effectif,
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
fn without_the_let_dwellings_nothing_is_said_of_their_households() {
    let raw = raw(&[(30, 12, Qpv::Unknown), (40, 15, Qpv::Unknown)]);
    let made = protect(&raw, RULE, &["occupation".to_owned()]);
    let apl = made.tables.tables.iter().find(|t| t.def.id == "apl");
    for line in &apl.unwrap().lines {
        let cells = line.counts.iter();
        let mut all = cells.chain([&line.population, &line.respondents]);
        assert!(all.all(|cell| cell.get().is_none()), "{line:?}");
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

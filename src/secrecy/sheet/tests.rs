//! What a table hides by itself, and what each of its cells must reach.

use super::*;
use crate::campaign::Campaign;
use crate::dwelling::{Activity, Dwelling, Occupation, Variable};
use crate::indicator;
use crate::table::{Fold, RawLine};

const RULE: Rule = Rule {
    threshold: 11,
    bears_on: BearsOn::Effectif,
};
const POPULATION: Rule = Rule {
    threshold: 11,
    bears_on: BearsOn::Population,
};

#[test]
fn a_cell_costs_by_its_level_and_by_what_it_holds() {
    for (level, costs) in [
        (Level::Epci, [100_000, 100_000, 118_750, 162_500]),
        (Level::Commune, [4_000, 4_000, 4_072, 10_144]),
        (Level::QpvSituation, [4_000, 4_000, 4_072, 10_144]),
        (Level::Secteur, [400, 400, 475, 650]),
        (Level::Qpv, [400, 400, 475, 650]),
        (Level::Programme, [32, 32, 38, 52]),
        (Level::Regroupement, [32, 32, 38, 52]),
        (Level::Part, [32, 32, 38, 52]),
    ] {
        assert_eq!(
            [0, 1, 15, 1_024].map(|n| price(level, n)),
            costs,
            "{level:?}"
        );
    }
    // Past four thousand units a commune costs no more.
    assert_eq!(price(Level::Commune, 4_000), 28_000);
    assert_eq!(price(Level::Commune, 90_000), 28_000);
}

#[test]
fn a_cell_is_hidden_for_what_it_is_by_the_reading() {
    let table = |id: &str| RawTable {
        def: indicator::table(id).unwrap(),
        lines: vec![RawLine {
            population: 60,
            respondents: 50,
            counts: vec![0, 1, 10, 11, 50],
            behind: vec![0, 1, 10, 10, 11],
            masses: vec![0; 5],
        }],
    };
    let hidden = |id: &str, rule| [0, 1, 2, 3, 4].map(|cell| primary(&table(id), 0, cell, rule));
    assert_eq!(hidden("typologie", RULE), [true, true, true, false, true]);
    // Eleven persons of ten dwellings.
    assert_eq!(hidden("activite", RULE), [true; 5]);
    let of_population = [true, false, false, false, true];
    assert_eq!(hidden("typologie", POPULATION), of_population);
    assert_eq!(hidden("activite", POPULATION), of_population);
    // The threshold asked for, not eleven alone.
    let higher = Rule {
        threshold: 12,
        ..RULE
    };
    assert!(hidden("typologie", higher)[3]);
    let mut enough = table("activite");
    enough.lines[0].behind[3] = 11;
    assert!(!primary(&enough, 0, 3, RULE) && primary(&enough, 0, 3, higher));
}

/// One programme of adults in stable work, two a dwelling, one of them without an
/// answer in some.
fn adults(dwellings: u32, lone: u32) -> crate::table::RawTables {
    let campaign = Campaign::cucm();
    let mut fold = Fold::new(&campaign);
    for rank in 0..dwellings {
        let mut dwelling = Dwelling {
            programme: "1".to_owned(),
            occupation: Some(Occupation::Let),
            ..Dwelling::default()
        };
        let other = (rank >= lone).then_some(Activity::ALL[0]);
        dwelling.household.activities = vec![Some(Activity::ALL[0]), other];
        fold.add(&dwelling, u64::from(rank));
    }
    let variables = [Variable::Occupation, Variable::Activities];
    fold.finish("habellis", variables.into_iter().collect())
}

#[test]
fn a_cell_of_persons_rests_on_eleven_dwellings() {
    for (dwellings, goal) in [(10, 11 * 2_520), (11, 0)] {
        let raw = adults(dwellings, 3);
        let linked = Linked::new(&raw, &[]);
        let rank = raw.tables.iter().position(|t| t.def.id == "activite");
        let rank = rank.unwrap();
        let lines = vec![false; raw.zonage.mailles.len()];
        let made = |rule| Sheet::new(&linked, rank, rule, &lines, &lines);
        let sheet = made(RULE);
        assert_eq!(sheet.goal(0, 0), goal);
        // A dwelling weighs the same however many of its persons have answered.
        let whole = i64::from(dwellings) * 2_520;
        assert_eq!(sheet.net.truth(sheet.net.cell(0, 0)), whole);
        assert_eq!(sheet.net.truth(sheet.net.margin(0)), whole);
        // Counts, where the threshold bears on them.
        let sheet = made(POPULATION);
        let persons = i64::from(2 * dwellings - 3);
        assert_eq!(sheet.net.truth(sheet.net.cell(0, 0)), persons);
        assert_eq!(sheet.net.truth(sheet.net.margin(0)), persons);
        assert_eq!((sheet.goal(0, 0), sheet.silent(0)), (1, None));
        assert!(!sheet.net.hidden(sheet.net.margin(0)));
    }
    // Households: the threshold itself, and one column more.
    let raw = adults(20, 0);
    let linked = Linked::new(&raw, &[]);
    let lines = vec![false; raw.zonage.mailles.len()];
    let sheet = Sheet::new(&linked, 0, RULE, &lines, &lines);
    assert_eq!(raw.tables[0].def.id, "occupation");
    assert_eq!(sheet.goal(0, 0), 11);
    assert_eq!(sheet.silent(0), Some(sheet.net.cell(3, 0)));
}

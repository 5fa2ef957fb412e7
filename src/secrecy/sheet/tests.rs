//! What a table hides by itself, and what each of its cells must reach.

use super::*;
use crate::campaign::Campaign;
use crate::dwelling::{Activity, Dwelling, FamilySituation, Occupation, Variable};
use crate::indicator;
use crate::secrecy::tests::{POPULATION, RULE};
use crate::table::{Fold, RawLine};

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

/// Households of one programme: twenty alone, then of two persons: fifteen couples
/// without children, one of another kind.
fn twins() -> crate::table::RawTables {
    let campaign = Campaign::cucm();
    let mut fold = Fold::new(&campaign);
    for rank in 0..36 {
        let mut dwelling = Dwelling {
            programme: "1".to_owned(),
            occupation: Some(Occupation::Let),
            ..Dwelling::default()
        };
        let (situation, occupants) = match rank {
            0..20 => (FamilySituation::Alone, 1),
            20..35 => (FamilySituation::CoupleWithout, 2),
            _ => (FamilySituation::Other, 2),
        };
        dwelling.household.situation = Some(situation);
        dwelling.household.occupants = Some(occupants);
        fold.add(&dwelling, rank);
    }
    let variables = [
        Variable::Occupation,
        Variable::FamilySituation,
        Variable::Occupants,
    ];
    fold.finish("habellis", variables.into_iter().collect())
}

const ALONE: usize = 0;
const COUPLES: usize = 2;
const OTHERS: usize = 4;
const OF_TWO: usize = 1;

/// Both tables of [`twins`], nothing hidden but the columns given, and `access` to
/// the column that they share.
fn with_twins(
    hidden: [&[usize]; 2],
    access: Access,
    then: impl for<'a> FnOnce(Sheet<'a>, Sheet<'a>),
) {
    let raw = twins();
    let linked = Linked::new(&raw, &[]);
    let lines = vec![false; raw.zonage.mailles.len()];
    let [first, second] = [("situation_familiale", 0), ("taille_menage", 1)].map(|(id, at)| {
        let rank = raw.tables.iter().position(|t| t.def.id == id).unwrap();
        let mut sheet = Sheet::new(&linked, rank, RULE, &lines, &lines);
        let width = sheet.table.def.width();
        for g in 0..lines.len() {
            for c in 0..=width {
                let shared = if c == ALONE { access } else { Access::Fixed };
                let access = match hidden[at].contains(&c) {
                    true => Access::Hidden,
                    false => shared,
                };
                sheet.net.set(sheet.net.cell(c, g), access);
            }
        }
        sheet.shared = Some(ALONE);
        sheet
            .net
            .hold(sheet.net.cell(ALONE, 0)..sheet.net.cell(ALONE, lines.len()));
        sheet
    });
    then(first, second);
}

fn values(sheet: &Sheet<'_>, columns: &[usize]) -> Vec<i64> {
    let value = |c: &usize| sheet.net.value(sheet.net.cell(*c, 0));
    columns.iter().map(value).collect()
}

#[test]
fn a_change_takes_what_is_free_then_what_twins_share() {
    with_twins(
        [&[COUPLES, OTHERS], &[OF_TWO]],
        Access::Price(5),
        |mut a, mut b| {
            let couples = a.net.cell(COUPLES, 0);
            assert_eq!(a.push(&mut Some(&mut b), couples, Way::Up, 4), 4);
            // One of the others, then three who are alone in both tables.
            assert_eq!(values(&a, &[ALONE, COUPLES, OTHERS]), [17, 19, 0]);
            assert_eq!(values(&b, &[ALONE, OF_TWO]), [17, 19]);
            for sheet in [&a, &b] {
                for g in 0..sheet.net.mailles() {
                    assert!(sheet.net.hidden(sheet.net.cell(ALONE, g)), "{g}");
                }
                assert!(sheet.net.is_frozen(sheet.net.cell(ALONE, 0)));
            }
            assert!(a.net.moved(couples) && b.net.moved(b.net.cell(OF_TWO, 0)));
        },
    );
}

#[test]
fn a_change_that_the_twin_cannot_follow_is_not_made() {
    with_twins([&[COUPLES], &[]], Access::Hidden, |mut a, mut b| {
        let couples = a.net.cell(COUPLES, 0);
        assert_eq!(a.push_both(&mut b, couples, Way::Up, 4), 0);
        assert_eq!(a.push(&mut Some(&mut b), couples, Way::Up, 4), 0);
        assert!(!a.stir(&mut Some(&mut b), couples));
        assert_eq!(values(&a, &[ALONE, COUPLES]), [20, 15]);
        assert_eq!(values(&b, &[ALONE, OF_TWO]), [20, 16]);
        assert!(!a.net.moved(couples) && !b.net.moved(b.net.cell(ALONE, 0)));
    });
    // Alone, a table leaves what is shared where it is.
    with_twins([&[COUPLES], &[OF_TWO]], Access::Hidden, |mut a, _| {
        let couples = a.net.cell(COUPLES, 0);
        assert_eq!(a.push(&mut None, couples, Way::Up, 4), 0);
    });
}

#[test]
fn a_cell_stirs_up_or_else_down_and_says_so() {
    let stirred = |hidden: &[usize], cell: usize| {
        let mut told = None;
        with_twins([hidden, &[]], Access::Fixed, |mut a, _| {
            let arc = a.net.cell(cell, 0);
            let before = a.net.value(arc);
            told = Some((a.stir(&mut None, arc), a.net.value(arc) - before));
        });
        told.unwrap()
    };
    assert_eq!(stirred(&[COUPLES, OTHERS], COUPLES), (true, 1));
    // The third has nobody to give.
    assert_eq!(stirred(&[COUPLES, 1], COUPLES), (true, -1));
    assert_eq!(stirred(&[COUPLES], COUPLES), (false, 0));
}

#[test]
fn lines_closed_for_a_crossing_stay_closed() {
    with_twins([&[], &[]], Access::Fixed, |mut a, _| {
        let hidden = |sheet: &Sheet<'_>, g: usize| -> Vec<bool> {
            let columns = 0..=sheet.table.def.width();
            columns
                .map(|c| sheet.net.hidden(sheet.net.cell(c, g)))
                .collect()
        };
        let closed = Closed {
            cells: vec![false, true, true],
            respondents: vec![false, false, true],
        };
        a.close(closed);
        let cells = [vec![true; 5], vec![false]].concat();
        let pattern = [vec![false; 6], cells, vec![true; 6]];
        assert_eq!([0, 1, 2].map(|g| hidden(&a, g)), pattern);
        let raw = twins();
        a.release(&Linked::new(&raw, &[]));
        assert_eq!([0, 1, 2].map(|g| hidden(&a, g)), pattern);
        assert!(a.closed.is_some());
    });
}

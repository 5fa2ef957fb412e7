//! Rows folded apart and put together count as rows folded at once.

use ops_mixite::campaign::Campaign;
use ops_mixite::dwelling::{Dwelling, Household, HousingType, Occupation, Variable};
use ops_mixite::table::{Fold, Level, MASS, RawTables};

/// Three programmes of three communes; a name on some rows only.
fn dwellings() -> Vec<Dwelling> {
    let dwelling = |row: usize| Dwelling {
        commune: row % 3,
        programme: format!("{:02}", row % 3),
        programme_name: match row {
            4 => "Tivoli".to_owned(),
            7 => "Tivoli bis".to_owned(),
            _ => String::new(),
        },
        occupation: Some(Occupation::Let),
        housing_type: Some(HousingType::ALL[row % 2]),
        household: Household {
            listed_ages: vec![Some(40), Some(8), Some(u8::try_from(row).unwrap())],
            ..Household::default()
        },
        ..Dwelling::default()
    };
    (0..60).map(dwelling).collect()
}

fn finished(fold: Fold<'_>) -> RawTables {
    let variables = [
        Variable::Occupation,
        Variable::HousingType,
        Variable::OccupantAges,
    ];
    fold.finish("habellis", variables.into_iter().collect())
}

/// All that the tables count: persons, and the dwellings behind them, too.
fn counted(raw: &RawTables) -> String {
    let lines = raw.tables.iter().map(|table| &table.lines);
    format!("{:?}{:?}", raw.zonage, lines.collect::<Vec<_>>())
}

#[test]
fn a_fold_takes_in_what_another_counted() {
    let campaign = Campaign::cucm();
    let rows = dwellings();
    let mut whole = Fold::new(&campaign);
    for (row, dwelling) in rows.iter().enumerate() {
        whole.add(dwelling, row as u64);
    }
    assert_eq!(whole.dwellings(), 60);
    let whole = finished(whole);
    let names = whole.zonage.mailles.iter();
    let mut names = names.filter(|maille| maille.level == Level::Programme);
    assert!(
        names.any(|maille| maille.name == "Tivoli"),
        "the first name"
    );

    // The name of a programme is the first of the file, whoever counted it.
    for first in 0..2 {
        let mut halves = [Fold::new(&campaign), Fold::new(&campaign)];
        for (row, dwelling) in rows.iter().enumerate() {
            halves[(row / 6 + first) % 2].add(dwelling, row as u64);
        }
        let [mut one, other] = halves;
        one.absorb(other);
        assert_eq!(one.dwellings(), 60);
        assert_eq!(counted(&finished(one)), counted(&whole), "{first}");
    }
}

#[test]
fn persons_rest_on_the_dwellings_that_hold_them() {
    let campaign = Campaign::cucm();
    let mut fold = Fold::new(&campaign);
    for (row, dwelling) in dwellings().iter().enumerate() {
        fold.add(dwelling, row as u64);
    }
    let raw = finished(fold);
    let ages = raw
        .tables
        .iter()
        .find(|table| table.def.id == "age_occupants");
    let line = &ages.expect("ages were given").lines[0];
    assert_eq!((line.respondents, line.population), (180, 60));
    // Every dwelling holds a child of eight and an adult of forty.
    assert_eq!(line.counts.iter().sum::<u32>(), 180);
    assert_eq!(line.behind[0], 60);
    assert_eq!(line.masses.iter().sum::<u64>(), 60 * MASS);
    assert!(
        line.behind
            .iter()
            .zip(&line.counts)
            .all(|(behind, n)| behind <= n)
    );
}

//! What the secrecy tests share: landlords made up from a seed, and the
//! reference microdata.
#![allow(dead_code)]

pub(crate) mod landlords;

use ops_mixite::campaign::{BearsOn, Campaign};
use ops_mixite::dwelling::{Activity, Dwelling, FamilySituation, Occupation, Typology, Variable};
use ops_mixite::partial::{AppliedRules, Header, Partial};
use ops_mixite::secrecy::{Protected, PublishableTables};
use ops_mixite::table::{Fold, Level, RawTables};

pub(crate) use landlords::{Random, variables};

/// The crossings, as a list of tables to leave out: those have lines of fewer
/// mailles, and tests of their own.
pub(crate) fn crossings() -> Vec<String> {
    ops_mixite::indicator::CATALOGUE
        .iter()
        .filter(|def| def.dimensions.len() > 1)
        .map(|def| def.id.to_owned())
        .collect()
}

/// The partial of the CUCM's first landlord.
pub(crate) fn partial_of(tables: PublishableTables) -> Partial {
    partial_read(tables, BearsOn::Effectif)
}

/// The same, made under a reading of the rule.
pub(crate) fn partial_read(tables: PublishableTables, bears_on: BearsOn) -> Partial {
    partial_in(&[tables], bears_on)
}

/// The same, of all its zonages.
pub(crate) fn partial_in(zonages: &[PublishableTables], bears_on: BearsOn) -> Partial {
    let campaign = Campaign::cucm();
    let header = Header {
        landlord: 0,
        produced_on: "2026-01-01",
        rules: AppliedRules {
            bears_on,
            ..AppliedRules::of(&campaign.file().rules)
        },
    };
    Partial::new(&campaign, &header, zonages)
}

/// A small landlord: few communes, few programmes, skewed answers.
pub(crate) fn random_tables(seed: u64) -> RawTables {
    let campaign = Campaign::cucm();
    let mut random = Random(seed);
    let mut fold = Fold::new(&campaign);
    let communes = 1 + random.below(5);
    let programmes = 1 + random.below(7);
    let size = 1 + random.below(60);
    let response = 40 + random.below(61);
    let consistent = random.chance(70);
    for commune in 0..communes {
        for programme in 0..1 + random.below(programmes) {
            let skew = 1 + random.below(5);
            for _ in 0..1 + random.below(size) {
                let mut d = Dwelling {
                    commune: commune as usize,
                    programme: format!("{programme:02}"),
                    ..Dwelling::default()
                };
                d.occupation = match random.below(20) {
                    0 => Some(Occupation::Vacant),
                    1 => Some(Occupation::ThirdParty),
                    2 if !consistent => None,
                    _ => Some(Occupation::Let),
                };
                d.typology = random
                    .chance(95)
                    .then(|| Typology::ALL[random.below(skew) as usize]);
                let situation = FamilySituation::ALL[random.below(skew) as usize];
                let n = if situation == FamilySituation::Alone {
                    1
                } else {
                    2 + random.below(4) as u16
                };
                let h = &mut d.household;
                h.situation = random.chance(response).then_some(situation);
                let answers = if consistent {
                    h.situation.is_some()
                } else {
                    random.chance(response)
                };
                h.occupants = answers.then_some(n);
                if !consistent && random.chance(2) {
                    h.occupants = Some(3);
                }
                h.holder_age = random
                    .chance(response)
                    .then(|| (20 + random.below(12 * skew)) as u8);
                h.income = random.chance(response).then(|| random.below(10_000 * skew));
                for _ in 0..n {
                    let adult = random.chance(50);
                    h.listed_ages
                        .push(random.chance(response).then(|| (random.below(90)) as u8));
                    if adult {
                        h.activities.push(
                            random
                                .chance(response)
                                .then(|| Activity::ALL[random.below(skew) as usize]),
                        );
                    }
                }
                h.apl = random.chance(response).then(|| random.chance(10 * skew));
                fold.add(&d, fold.dwellings());
            }
        }
    }
    fold.finish("habellis", variables())
}

/// The 10 000 dwellings of the reference, as one landlord of the CUCM: sectors
/// come from a table de passage.
pub(crate) fn reference_tables() -> RawTables {
    let mut reader = csv::Reader::from_reader(&include_bytes!("../data/micro_10k.csv")[..]);
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let base = Campaign::cucm();
    let mut file = base.file().clone();
    let commune = |name: &str| name[1..].parse::<usize>().unwrap() - 1;
    let mut passage = std::collections::BTreeMap::new();
    for row in &rows {
        passage.insert((row[3].to_owned(), commune(&row[1])), row[2].to_owned());
    }
    file.passage = passage
        .into_iter()
        .map(
            |((programme, place), secteur)| ops_mixite::campaign::Passage {
                landlord: "habellis".to_owned(),
                programme,
                commune: Some(file.communes[place].code.clone()),
                secteur: Some(secteur),
                qpv: None,
            },
        )
        .collect();
    let campaign = Campaign::parse(serde_json::to_string(&file).unwrap().as_bytes()).unwrap();
    let mut fold = Fold::new(&campaign);
    for row in &rows {
        let mut d = Dwelling {
            commune: commune(&row[1]),
            programme: row[3].to_owned(),
            occupation: Some(Occupation::Let),
            ..Dwelling::default()
        };
        d.household.situation = Some(match &row[4] {
            "SEULE" | "PERSONNE_SEULE" => FamilySituation::Alone,
            "MONOPARENTALE" => FamilySituation::SingleParent,
            "COUPLE_SANS_ENFANT" => FamilySituation::CoupleWithout,
            "COUPLE_AVEC_ENFANTS" => FamilySituation::CoupleWith,
            "AUTRE" => FamilySituation::Other,
            other => panic!("{other}"),
        });
        d.household.holder_age = Some(match &row[5][..1] {
            "A" => 20,
            "B" => 30,
            "C" => 45,
            "D" => 60,
            "E" => 70,
            _ => 80,
        });
        fold.add(&d, fold.dwellings());
    }
    fold.finish(
        "habellis",
        [
            Variable::Occupation,
            Variable::FamilySituation,
            Variable::HolderAge,
        ]
        .into_iter()
        .collect(),
    )
}

/// One variable of the reference microdata, as a table of households as wide:
/// situation, age, activité, revenu, occupation.
pub(crate) fn reference_table(variable: usize) -> RawTables {
    const STAND_INS: [&str; 5] = [
        "situation_familiale",
        "age_titulaire",
        "taille_menage",
        "ressources_plus",
        "peuplement",
    ];
    let mut raw = reference_tables();
    raw.tables.retain(|table| table.def.id == "occupation");
    let mut reader = csv::Reader::from_reader(&include_bytes!("../data/micro_10k.csv")[..]);
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let categories: std::collections::BTreeSet<&str> =
        rows.iter().map(|row| &row[4 + variable]).collect();
    let def = ops_mixite::indicator::table(STAND_INS[variable]).unwrap();
    assert_eq!(def.width(), categories.len());
    let leaves: std::collections::HashMap<&str, usize> = raw
        .zonage
        .mailles
        .iter()
        .enumerate()
        .filter(|(_, m)| m.level == ops_mixite::table::Level::Programme)
        .map(|(g, m)| (m.id.as_str(), g))
        .collect();
    let communes = Campaign::cucm();
    let mut lines = vec![
        ops_mixite::table::RawLine {
            counts: vec![0; def.width()],
            ..Default::default()
        };
        raw.zonage.mailles.len()
    ];
    for row in &rows {
        let place = row[1][1..].parse::<usize>().unwrap() - 1;
        let code = &communes.file().communes[place].code;
        let column = categories
            .iter()
            .position(|c| *c == &row[4 + variable])
            .unwrap();
        let mut at = Some(leaves[format!("habellis/{}@{code}", &row[3]).as_str()]);
        while let Some(g) = at {
            lines[g].population += 1;
            lines[g].respondents += 1;
            lines[g].counts[column] += 1;
            at = raw.zonage.mailles[g].parent;
        }
    }
    raw.tables.push(ops_mixite::table::RawTable { def, lines });
    raw
}

/// The file that publishes other counts under the pattern of a partial.
pub(crate) fn shown_as(
    pattern: &ops_mixite::partial::PartialFile,
    raw: &RawTables,
) -> ops_mixite::partial::PartialFile {
    use ops_mixite::partial::Absent;
    let mut file = pattern.clone();
    for table in &mut file.tables {
        let truth = raw.tables.iter().find(|t| t.def.id == table.id).unwrap();
        for (line, known) in table.lines.iter_mut().zip(&truth.lines) {
            let replace = |shown: &mut Option<i64>, count: u32| {
                if shown.is_some() {
                    *shown = Some(i64::from(count));
                }
            };
            for base in [&mut line.population, &mut line.dwellings] {
                if let Absent::Present(shown) = base {
                    replace(shown, known.population);
                }
            }
            replace(&mut line.respondents, known.respondents);
            for (shown, count) in line.counts.iter_mut().zip(&known.counts) {
                replace(shown, *count);
            }
        }
    }
    file
}

/// Hidden cells of the reference pattern, populations included.
pub(crate) const REFERENCE: [(&str, usize); 5] = [
    ("situation", 3_308),
    ("age", 4_021),
    ("activite", 3_318),
    ("revenu", 4_692),
    ("occupation", 2_054),
];

/// Hidden cells and populations of the last table, and the counts that it
/// publishes in the communes.
pub(crate) fn loss(protected: &Protected) -> (usize, u64) {
    let table = protected.tables.tables.last().expect("one table");
    let hidden = table
        .lines
        .iter()
        .map(|line| {
            line.counts.iter().filter(|c| c.get().is_none()).count()
                + usize::from(line.population.get().is_none())
        })
        .sum();
    let mut lines = protected.summary.lines.iter();
    let communes = lines
        .find(|l| l.table == table.def.id && l.level == Level::Commune)
        .map_or(0, |line| line.figures.published);
    (hidden, communes)
}

/// At most how many counts any safe file publishes in the communes, and at most
/// what share of the units, where everyone answered and the respondents are
/// published. In a line whose population is published the hidden counts add up to
/// a number that anyone can work out; where those that must be hidden add up to less
/// than the threshold, one more of the line is hidden too.
pub(crate) fn best_of_communes(raw: &RawTables, threshold: u32) -> (u64, f64) {
    let table = raw.tables.last().expect("one table");
    let (mut most, mut units, mut all) = (0_u64, 0_u32, 0_u32);
    for (maille, line) in raw.zonage.mailles.iter().zip(&table.lines) {
        if maille.level != Level::Commune {
            continue;
        }
        all += line.respondents;
        if line.population < threshold {
            continue;
        }
        let small = |count: &u32| *count < threshold || *count == line.respondents;
        let (hidden, others): (Vec<u32>, Vec<u32>) = line.counts.iter().partition(|c| small(c));
        most += others.len() as u64;
        units += others.iter().sum::<u32>();
        if !hidden.is_empty() && hidden.iter().sum::<u32>() < threshold {
            let least = others.iter().min();
            most -= u64::from(least.is_some());
            units -= least.unwrap_or(&0);
        }
    }
    (most, 100.0 * f64::from(units) / f64::from(all))
}

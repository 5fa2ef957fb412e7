//! Priority districts beside the territory: protector against gate, and files
//! changed after the protection.

mod common;

use common::Random;
use ops_mixite::attack::{Finding, verify};
use ops_mixite::campaign::{BearsOn, Campaign};
use ops_mixite::dwelling::{Dwelling, FamilySituation, HousingType, Occupation, Qpv, Variable};
use ops_mixite::example::{self, Landlord};
use ops_mixite::partial::{Absent, AppliedRules, Header, Partial, PartialFile};
use ops_mixite::pipeline::{AggregateRequest, aggregate};
use ops_mixite::secrecy::{Rule, districts_of, protect};
use ops_mixite::table::{Fold, Level, RawTables};

const STRICT: BearsOn = BearsOn::Effectif;

/// Two towns with a district each, that may cut programmes, and villages.
fn landlord(seed: u64) -> RawTables {
    let campaign = Campaign::cucm();
    let mut random = Random(seed);
    let mut fold = Fold::new(&campaign);
    let cuts = random.chance(40);
    for programme in 0..24_usize {
        let commune = programme % 5;
        let inside = commune < 2 && random.chance(40);
        for _ in 0..5 + random.below(40) {
            let code = format!("QN0710{commune}M");
            let here = inside && !(cuts && random.chance(10));
            let mut d = Dwelling {
                commune,
                programme: format!("{programme:02}"),
                qpv: if here {
                    Qpv::Inside(Some(code))
                } else {
                    Qpv::Outside
                },
                occupation: Some(match random.below(15) {
                    0 => Occupation::Vacant,
                    _ => Occupation::Let,
                }),
                housing_type: Some(HousingType::ALL[random.below(2) as usize]),
                ..Dwelling::default()
            };
            d.household.situation = random
                .chance(90)
                .then(|| FamilySituation::ALL[random.below(5).min(random.below(5)) as usize]);
            d.household.apl = random.chance(90).then(|| random.chance(40));
            fold.add(&d, fold.dwellings());
        }
    }
    let variables = [
        Variable::Occupation,
        Variable::HousingType,
        Variable::FamilySituation,
        Variable::Apl,
    ];
    fold.finish("habellis", variables.into_iter().collect())
}

fn partial(raw: &RawTables, withdrawn: &[String]) -> Partial {
    partial_read(raw, withdrawn, STRICT)
}

fn partial_read(raw: &RawTables, withdrawn: &[String], bears_on: BearsOn) -> Partial {
    let campaign = Campaign::cucm();
    let header = Header {
        landlord: 0,
        produced_on: "2026-01-01",
        rules: AppliedRules {
            bears_on,
            ..AppliedRules::of(&campaign.file().rules)
        },
    };
    let rule = Rule {
        threshold: 11,
        bears_on,
    };
    let made = Partial::new(&campaign, &header, &protect(raw, rule, withdrawn).zonages());
    Partial::check(made.file().clone()).unwrap_or_else(|e| panic!("{e}"))
}

/// Is the changed file refused, by the reader or by the gate?
fn refused(file: PartialFile) -> bool {
    Partial::check(file).map_or(true, |partial| !verify(&partial).accepted())
}

/// Ensure that both zonages withstand the gate, districts published among them,
/// and that the same rows give the same file; that no fewer landlords pass, and no
/// fewer cells are published, than when these figures were written.
#[test]
fn districts_are_protected_with_the_territory() {
    for (bears_on, pass, publish) in [(STRICT, 30, 3_575), (BearsOn::Population, 30, 7_792)] {
        let (mut whole, mut shown, mut cells) = (0, 0, 0);
        for seed in 0..30 {
            let raw = landlord(seed);
            let made = partial_read(&raw, &[], bears_on);
            assert_eq!(made.file(), partial_read(&raw, &[], bears_on).file());
            let verdict = verify(&made);
            if !verdict.accepted() {
                println!("graine {seed} : {verdict}");
                continue;
            }
            whole += 1;
            for table in &made.file().tables {
                let counts = table.lines.iter().flat_map(|l| &l.counts);
                cells += counts.clone().count();
                shown += counts.filter(|c| c.is_some()).count();
            }
        }
        println!("{bears_on:?} : {whole} bailleurs sur 30, {shown} cases publiées sur {cells}");
        assert!(whole >= pass && shown >= publish);
    }
}

/// Ensure that a hidden cell of a district or of the territory's sums is refused
/// once its true value is published, and so are an 8 and a 0.
#[test]
fn a_cell_of_districts_put_back_is_refused() {
    let mut tried = 0;
    for seed in 0..6 {
        let raw = landlord(seed);
        let made = partial(&raw, &[]);
        if !verify(&made).accepted() {
            continue;
        }
        for (t, table) in made.file().tables.iter().enumerate() {
            if table.zonage != "qpv" || table.id == "occupation" {
                continue;
            }
            for (l, line) in table.lines.iter().enumerate() {
                for (c, count) in line.counts.iter().enumerate() {
                    if count.is_some() || line.base().is_none() {
                        continue;
                    }
                    for value in [0, 8] {
                        let mut file = made.file().clone();
                        file.tables[t].lines[l].counts[c] = Some(value);
                        assert!(refused(file), "graine {seed} : {} {value}", line.maille);
                        tried += 1;
                    }
                }
            }
        }
    }
    assert!(tried > 20, "{tried}");
}

/// Ensure that the sum of all districts cannot be published where one is hidden.
#[test]
fn a_sum_that_opens_a_district_is_refused() {
    let mut tried = 0;
    for seed in 0..20 {
        let raw = landlord(seed);
        let made = partial(&raw, &[]);
        if !verify(&made).accepted() {
            continue;
        }
        let second = raw.qpv.as_ref().expect("rows tell the districts");
        let inside = |id: &str| {
            let m = second.mailles.iter().position(|m| m.id == id);
            m.is_some_and(|m| second.mailles[m].level == Level::QpvSituation)
        };
        for (t, table) in made.file().tables.iter().enumerate() {
            if table.id != "apl" || table.zonage != "qpv" {
                continue;
            }
            for (l, line) in table.lines.iter().enumerate() {
                if !inside(&line.maille) || line.counts[0].is_some() {
                    continue;
                }
                let mut file = made.file().clone();
                file.tables[t].lines[l].counts[0] = Some(40);
                assert!(refused(file), "graine {seed} : {}", line.maille);
                tried += 1;
            }
        }
    }
    println!("{tried} sommes essayées");
    assert!(tried > 0);
}

/// A town of four programmes: in the district two, of 20 and 21 dwellings, outside
/// it one of `outside` and one of 60; a village of another 60.
fn around_a_district(outside: usize) -> RawTables {
    let campaign = Campaign::cucm();
    let mut fold = Fold::new(&campaign);
    for (programme, size, commune, inside) in [
        ("01", 20, 0, true),
        ("02", 21, 0, true),
        ("03", outside, 0, false),
        ("04", 60, 0, false),
        ("05", 60, 1, false),
    ] {
        for rank in 0..size {
            let mut d = Dwelling {
                commune,
                programme: programme.to_owned(),
                qpv: match inside {
                    true => Qpv::Inside(Some("QN07100M".to_owned())),
                    false => Qpv::Outside,
                },
                occupation: Some(Occupation::Let),
                ..Dwelling::default()
            };
            d.household.apl = Some(rank % 3 == 0);
            fold.add(&d, fold.dwellings());
        }
    }
    let variables = [Variable::Occupation, Variable::Apl];
    fold.finish("habellis", variables.into_iter().collect())
}

/// Ensure that a district that groups some of the hidden lines cannot be published
/// beside the commune: the town less the district and the programme of 60 is the
/// programme of eight. Both readings; with twelve in its place, nothing is hidden.
#[test]
fn a_district_of_hidden_lines_would_open_the_rest() {
    for bears_on in [BearsOn::Effectif, BearsOn::Population] {
        let open = partial_read(&around_a_district(12), &[], bears_on);
        let hidden = |p: &Partial| {
            let lines = p.file().tables.iter().flat_map(|t| &t.lines);
            lines.filter(|l| l.base().is_none()).count()
        };
        assert!(verify(&open).accepted() && hidden(&open) == 0);
        let raw = around_a_district(8);
        let made = partial_read(&raw, &[], bears_on);
        assert!(verify(&made).accepted(), "{}", verify(&made));
        let mut file = made.file().clone();
        file.tables.retain(|table| table.id == "apl");
        let truth = raw.tables.iter().find(|t| t.def.id == "apl").unwrap();
        for line in file.tables.iter_mut().flat_map(|table| &mut table.lines) {
            let rank = raw.zonage.mailles.iter().position(|m| m.id == line.maille);
            let hidden = ["01", "02", "03"].map(|n| format!("habellis/{n}@"));
            let (population, counts) = match rank {
                _ if hidden.iter().any(|id| line.maille.starts_with(id)) => (None, [None; 2]),
                Some(g) => {
                    let counts = &truth.lines[g].counts;
                    let counts = [0, 1].map(|c| Some(i64::from(counts[c])));
                    (Some(i64::from(truth.lines[g].population)), counts)
                }
                None if line.maille == "hors_qpv" => (Some(128), [Some(43), Some(85)]),
                None => (Some(41), [Some(14), Some(27)]),
            };
            line.population = Absent::Present(population);
            line.respondents = population;
            line.counts = counts.to_vec();
        }
        let verdict = verify(&Partial::check(file).unwrap_or_else(|e| panic!("{e}")));
        let found = verdict.findings.iter().any(|(place, finding)| {
            place.maille.starts_with("habellis/03@") && *finding == Finding::Below(8)
        });
        assert!(found, "{bears_on:?} : {verdict}");
    }
}

/// Ensure that a table's lines on districts can be withdrawn alone.
#[test]
fn the_lines_of_a_table_on_districts_can_be_withdrawn() {
    let raw = landlord(3);
    let made = partial(&raw, &[districts_of("apl")]);
    let of = |id: &str, zonage: &str| {
        let mut tables = made.file().tables.iter();
        tables.any(|t| t.id == id && t.zonage == zonage)
    };
    assert!(of("apl", "territoire") && !of("apl", "qpv") && of("situation_familiale", "qpv"));
    let whole = raw.without_qpv();
    assert!(whole.zonage.mailles.iter().all(|m| m.level != Level::Part));
    assert_eq!(partial(&whole, &[]).zonages().len(), 1);
}

/// Ensure that households who answer one question and not another cost no table: what two
/// tables say of those who live alone then differs by a few in most programmes.
#[test]
fn independent_refusals_to_answer_cost_neither_tables_nor_districts() {
    let mut rows = example::table(Landlord::A, example::SEED, 3_200);
    let head = rows.remove(0);
    let column = |name: &str| head.iter().position(|cell| cell == name).unwrap();
    let (situation, size) = (
        column("Situation familiale"),
        column("Nombre total d'occupants"),
    );
    for (rank, row) in rows.iter_mut().enumerate() {
        if rank % 41 == 0 {
            row[situation].clear();
        }
        if rank % 59 == 0 {
            row[size].clear();
        }
    }
    rows.insert(0, head);
    let csv = example::to_csv(&rows).into_bytes();
    let request = AggregateRequest::new(Campaign::example(), "2026-11-23");
    let (len, csv) = (csv.len() as u64, std::io::Cursor::new(csv));
    let made = aggregate(csv, len, "ops.csv", &request, &mut ()).unwrap();
    assert_eq!(made.summary.withdrawn, [""; 0]);
    let tables = &made.certified.partial().file().tables;
    for id in ["situation_familiale", "taille_menage"] {
        assert_eq!(
            tables.iter().filter(|table| table.id == id).count(),
            2,
            "{id}"
        );
    }
}

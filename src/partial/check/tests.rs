use super::*;
use crate::campaign::{BearsOn, Campaign, Rate};
use crate::json;
use crate::partial::{Absent, LineFile, Partial, TableFile, sample};
use crate::table::Level;

fn good() -> PartialFile {
    let campaign = Campaign::example();
    let rows = sample::dwellings(7, 900, 3);
    let raw = sample::raw(&campaign, "exemple-a", &rows);
    sample::file(&campaign, "exemple-a", &raw)
}

/// The message with which a mutated file is refused.
fn refusal(mutate: impl FnOnce(&mut PartialFile)) -> String {
    let mut file = good();
    mutate(&mut file);
    check(&file)
        .expect_err("the mutation must be refused")
        .to_string()
}

fn table<'a>(file: &'a mut PartialFile, id: &str) -> &'a mut TableFile {
    file.tables.iter_mut().find(|t| t.id == id).unwrap()
}

fn line<'a>(file: &'a mut PartialFile, id: &str, at: usize) -> &'a mut LineFile {
    &mut table(file, id).lines[at]
}

#[test]
fn a_well_formed_file_is_read_with_its_tree() {
    let file = good();
    let zonages = check(&file).unwrap();
    assert_eq!(zonages.len(), 1);
    assert_eq!(zonages[0].mailles.len(), 1 + 3 + 12);
    assert_eq!(zonages[0].mailles[0].level, Level::Epci);
    // Persons, crossings and hidden cells are all in the sample.
    assert!(file.tables.iter().any(|t| t.unit == "majeurs"));
    assert!(file.tables.iter().any(|t| t.dimensions.len() == 2));
    assert!(
        file.tables
            .iter()
            .any(|t| t.lines.iter().any(|l| l.counts.contains(&None)))
    );
}

#[test]
fn bytes_read_back_to_the_same_partial_and_an_edited_file_is_refused() {
    let partial = Partial::check(good()).unwrap();
    let bytes = partial.to_bytes();
    assert_eq!(Partial::parse(&bytes).unwrap(), partial);
    let edited = String::from_utf8(bytes)
        .unwrap()
        .replace("Bailleur fictif A", "Bailleur fictif B");
    assert_eq!(
        Partial::parse(edited.as_bytes()),
        Err(PartialError::Fingerprint)
    );
    let deep = [b"{\"format\":".to_vec(), b"[".repeat(1_000_000)].concat();
    assert!(matches!(Partial::parse(&deep), Err(PartialError::Json(_))));
    // Noughts: nothing is read of them, not even to fill them.
    let mut huge = vec![0; 134_217_729];
    let refused = Partial::parse(&huge).unwrap_err();
    let max = 134_217_728;
    assert!(matches!(refused, PartialError::TooLarge { max: m, .. } if m == max));
    huge.pop();
    assert!(matches!(Partial::parse(&huge), Err(PartialError::Json(_))));
}

#[test]
fn the_second_reading_is_read_too() {
    let mut campaign = Campaign::example().file().clone();
    campaign.rules.bears_on = Some(BearsOn::Population);
    let campaign = Campaign::parse(json::pretty(&campaign).as_bytes()).unwrap();
    let raw = sample::raw(&campaign, "exemple-a", &sample::dwellings(7, 900, 3));
    let file = sample::file(&campaign, "exemple-a", &raw);
    assert!(
        file.tables.iter().any(|t| t
            .lines
            .iter()
            .flat_map(|l| &l.counts)
            .flatten()
            .any(|c| *c < 11)),
        "small numerators are published in this reading"
    );
    check(&file).unwrap();
    let mut stricter = file;
    stricter.rules.bears_on = BearsOn::Effectif;
    assert!(
        check(&stricter)
            .unwrap_err()
            .to_string()
            .contains("le plus petit effectif publiable est 11")
    );
}

#[test]
fn headers_that_no_software_of_ours_writes_are_refused() {
    for (mutate, word) in [
        (
            (|f| f.produced_on = "23/11/2026".to_owned()) as fn(&mut PartialFile),
            "produit_le",
        ),
        (|f| f.reference_date.clear(), "date_reference"),
        (|f| f.landlord.id = "../a".to_owned(), "bailleur"),
        (|f| f.campaign.id.clear(), "campagne"),
        (
            |f| f.campaign.fingerprint = "sha256:12".to_owned(),
            "empreinte",
        ),
        (|f| f.mention = "  ".to_owned(), "mention"),
        (|f| f.rules.threshold = 10, "seuil 10"),
        (|f| f.rules.min_response = Rate(59_999), "60 %"),
        (
            |f| f.format = "ops-mixite/base".to_owned(),
            "l'onglet « Collectivité »",
        ),
        (
            |f| f.format = "ops-mixite/campagne".to_owned(),
            "« Campagne (facultatif) »",
        ),
        (|f| f.format = "autre/chose".to_owned(), "« autre/chose »"),
        (|f| f.version = 2, "version 2"),
    ] {
        let message = refusal(mutate);
        assert!(message.contains(word), "{message}");
    }
}

#[test]
fn trees_that_are_not_trees_are_refused() {
    for (mutate, word) in [
        ((|f| f.zonages.clear()) as fn(&mut PartialFile), "il manque"),
        (|f| f.zonages[0].id = "qpv".to_owned(), "il manque"),
        (
            |f| {
                let again = f.zonages[0].clone();
                f.zonages.push(again);
            },
            "deux fois",
        ),
        (|f| f.zonages[0].mailles.clear(), "aucune maille"),
        (
            |f| f.zonages[0].mailles[0].id = "racine".to_owned(),
            "racine",
        ),
        (
            |f| f.zonages[0].mailles[0].parent = Some("epci".to_owned()),
            "racine",
        ),
        (
            |f| f.zonages[0].mailles[1].parent = None,
            "n'a pas de parent",
        ),
        (
            |f| {
                // A cycle: a commune under its own programme.
                let below = f.zonages[0].mailles[2].id.clone();
                f.zonages[0].mailles[1].parent = Some(below);
            },
            "ne suit pas son parent",
        ),
        (|f| f.zonages[0].mailles.swap(2, 3), "pas à sa place"),
        (
            |f| {
                let copy = f.zonages[0].mailles[2].clone();
                f.zonages[0].mailles.insert(3, copy);
            },
            "deux fois",
        ),
        (
            |f| f.zonages[0].mailles[2].level = Level::Epci,
            "à ce niveau",
        ),
        (
            |f| f.zonages[0].mailles[2].id.clear(),
            "n'a pas d'identifiant",
        ),
    ] {
        let message = refusal(mutate);
        assert!(message.starts_with("Zonage « "), "{message}");
        assert!(message.contains(word), "{message}");
    }
    let too_many = refusal(|f| {
        let copy = f.zonages[0].mailles[1].clone();
        f.zonages[0].mailles.resize(200_001, copy);
    });
    assert!(too_many.contains("200001") && too_many.contains("200000"));
}

#[test]
fn tables_that_are_not_the_catalogue_s_are_refused() {
    for (mutate, word) in [
        (
            (|f| table(f, "apl").id = "rfr_par_logement".to_owned()) as fn(&mut PartialFile),
            "catalogue",
        ),
        (|f| f.tables.swap(0, 1), "à sa place"),
        (
            |f| {
                let copy = f.tables[0].clone();
                f.tables.insert(1, copy);
            },
            "deux fois",
        ),
        (
            |f| table(f, "apl").unit = "logements".to_owned(),
            "logements",
        ),
        (
            |f| {
                let modalities = &mut table(f, "apl").dimensions[0].modalities;
                modalities.swap(0, 1);
            },
            "modalités",
        ),
        (|f| table(f, "apl").zonage = "qpv".to_owned(), "qpv"),
        (
            |f| {
                table(f, "apl").lines.pop();
            },
            "il manque la ligne",
        ),
        (|f| table(f, "apl").lines.swap(1, 2), "est attendue"),
        (
            |f| {
                let extra = table(f, "apl").lines[0].clone();
                table(f, "apl").lines.push(extra);
            },
            "de trop",
        ),
        (|f| line(f, "apl", 0).counts.push(None), "3 effectifs"),
        (
            |f| line(f, "apl", 0).dwellings = Absent::Present(None),
            "population",
        ),
        (
            |f| line(f, "activite", 0).dwellings = Absent::Absent,
            "logements",
        ),
    ] {
        let message = refusal(mutate);
        assert!(message.starts_with("Tableau « "), "{message}");
        assert!(message.contains(word), "{message}");
    }
}

#[test]
fn counts_that_break_the_rules_are_refused_by_name() {
    for (mutate, place, word) in [
        (
            (|f| line(f, "apl", 0).counts[0] = Some(-1)) as fn(&mut PartialFile),
            "oui",
            "entre 0 et",
        ),
        (
            |f| line(f, "apl", 0).counts[0] = Some(i64::MAX),
            "oui",
            "entre 0 et",
        ),
        (|f| line(f, "apl", 0).counts[0] = Some(0), "oui", "11"),
        (|f| line(f, "apl", 0).counts[1] = Some(10), "non", "11"),
        (
            |f| line(f, "apl", 0).respondents = Some(10),
            "repondants",
            "11",
        ),
        (
            |f| {
                let all = line(f, "apl", 0).respondents;
                line(f, "apl", 0).counts = vec![all, None];
            },
            "oui",
            "100 %",
        ),
        (
            |f| *line(f, "apl", 0).counts[0].as_mut().unwrap() += 1,
            "repondants",
            "les effectifs font",
        ),
        (
            |f| {
                *line(f, "apl", 0).respondents.as_mut().unwrap() -= 20;
                line(f, "apl", 0).counts[1] = None;
                let respondents = line(f, "apl", 0).respondents.unwrap();
                line(f, "apl", 0).counts[0] = Some(respondents + 1);
            },
            "repondants",
            "plus que",
        ),
        (
            |f| {
                let population = line(f, "apl", 0).base().unwrap();
                let apl = line(f, "apl", 0);
                apl.respondents = Some(population + 1);
                apl.counts = vec![None, None];
            },
            "repondants",
            "population",
        ),
        (
            |f| {
                // The line still adds up; the communes no longer do.
                let apl = line(f, "apl", 0);
                *apl.counts[0].as_mut().unwrap() += 1;
                *apl.counts[1].as_mut().unwrap() -= 1;
            },
            "oui",
            "la composent",
        ),
        (
            |f| {
                // The commune is hidden; its programmes still publish.
                let apl = line(f, "apl", 0);
                *apl = LineFile {
                    counts: vec![Some(11), Some(12)],
                    respondents: Some(23),
                    ..apl.clone()
                };
                for at in [1, 6, 11] {
                    line(f, "apl", at).counts = vec![None, None];
                    line(f, "apl", at).respondents = None;
                }
            },
            "epci",
            "la composent",
        ),
        (
            |f| line(f, "taille_menage", 0).population = Absent::Present(None),
            "population",
            "n'est pas celle du tableau",
        ),
        (
            |f| {
                let let_dwellings = line(f, "occupation", 0).counts[0].unwrap();
                let line = line(f, "occupation", 0);
                line.counts = vec![Some(let_dwellings + 1), None, None];
                for at in 1..16 {
                    f.tables[0].lines[at].counts = vec![None, None, None];
                }
            },
            "loue",
            "or le tableau",
        ),
        (
            |f| {
                let persons = line(f, "activite", 0).respondents.unwrap();
                line(f, "activite", 0).dwellings = Absent::Present(Some(persons + 1));
            },
            "logements",
            "plus de logements que de personnes",
        ),
    ] {
        let message = refusal(mutate);
        assert!(message.starts_with("Dans le tableau « "), "{message}");
        assert!(message.contains("maille « "), "{message}");
        assert!(
            message.contains(place) && message.contains(word),
            "{message}"
        );
    }
}

#[test]
fn no_more_dwellings_stand_behind_persons_than_are_let() {
    let message = refusal(|f| {
        // Alone in its column, so that only the link can tell.
        for at in 1..16 {
            line(f, "activite", at).dwellings = Absent::Present(None);
            line(f, "activite", at).respondents = None;
            line(f, "activite", at).counts = vec![None; 5];
        }
        let let_dwellings = line(f, "apl", 0).base().unwrap();
        let activity = line(f, "activite", 0);
        activity.dwellings = Absent::Present(Some(let_dwellings + 1));
        activity.respondents = Some(let_dwellings * 2);
        activity.counts = vec![None; 5];
    });
    assert!(
        message.contains("activite") && message.contains("loués"),
        "{message}"
    );
}

/// A crossing and its two tables, everything hidden, then changed.
fn crossed(change: impl FnOnce(&mut PartialFile)) -> Result<(), String> {
    let mut file = good();
    let ids = [
        "financement",
        "ressources_plus",
        "ressources_plus_x_financement",
    ];
    let defs = crate::indicator::CATALOGUE.iter();
    file.tables = defs
        .filter(|def| ids.contains(&def.id))
        .map(|def| {
            let mailles = file.zonages[0].mailles.iter();
            let shown = mailles.filter(|m| crate::table::shows(def, m.level));
            let lines = shown
                .map(|m| LineFile::of(def, &m.id, None, None, vec![None; def.width()]))
                .collect();
            TableFile::of(def, "territoire", lines)
        })
        .collect();
    change(&mut file);
    check(&file).map(|_| ()).map_err(|error| error.to_string())
}

const CROSSING: &str = "ressources_plus_x_financement";

/// The cell of two modalities.
fn cell(first: usize, second: usize) -> usize {
    first * crate::dwelling::Financing::IDS.len() + second
}

#[test]
fn cells_of_a_crossing_are_no_more_than_the_modality_that_they_share() {
    crossed(|_| {}).unwrap();
    let of_first = |most: i64| {
        crossed(|f| {
            line(f, "ressources_plus", 0).counts[2] = Some(most);
            let counts = &mut line(f, CROSSING, 0).counts;
            (counts[cell(2, 1)], counts[cell(2, 3)]) = (Some(20), Some(21));
            // Of other modalities: they do not add to it.
            (counts[cell(1, 1)], counts[cell(3, 3)]) = (Some(500), Some(500));
        })
    };
    of_first(42).unwrap();
    of_first(41).unwrap();
    let refused = of_first(40).unwrap_err();
    assert!(
        refused.contains("41 au moins, or le tableau « ressources_plus » en compte 40"),
        "{refused}"
    );
    let at = |i: usize, j: usize| {
        let def = crate::indicator::table(CROSSING).unwrap();
        crate::indicator::shares::cell_ids(def, cell(i, j)).join(" × ")
    };
    assert!(refused.contains(&at(2, 0)), "{refused}");
    let of_second = |most: i64| {
        crossed(|f| {
            line(f, "financement", 0).counts[1] = Some(most);
            let counts = &mut line(f, CROSSING, 0).counts;
            (counts[cell(2, 1)], counts[cell(6, 1)]) = (Some(20), Some(21));
            (counts[cell(2, 2)], counts[cell(6, 0)]) = (Some(500), Some(500));
        })
    };
    of_second(42).unwrap();
    of_second(41).unwrap();
    let refused = of_second(40).unwrap_err();
    assert!(
        refused.contains("41 au moins, or le tableau « financement » en compte 40")
            && refused.contains(&at(0, 1)),
        "{refused}"
    );
}

#[test]
fn those_who_answer_both_questions_are_no_more_than_those_who_answer_one() {
    for table in ["ressources_plus", "financement"] {
        for (most, fits) in [(101, true), (100, true), (99, false)] {
            let read = crossed(|f| {
                line(f, table, 0).respondents = Some(most);
                line(f, CROSSING, 0).respondents = Some(100);
            });
            assert_eq!(read.is_ok(), fits, "{table} {most}");
            let said = format!("100 au moins, or le tableau « {table} » en compte {most}");
            assert!(fits || read.unwrap_err().contains(&said));
        }
    }
    // Where the respondents are hidden, than there are units.
    for (most, fits) in [(101, true), (100, true), (99, false)] {
        let read = crossed(|f| {
            line(f, "financement", 0).population = Absent::Present(Some(most));
            line(f, CROSSING, 0).respondents = Some(100);
        });
        assert_eq!(read.is_ok(), fits, "{most}");
    }
    // Fewer answer than there are.
    let read = crossed(|f| {
        line(f, "financement", 0).population = Absent::Present(Some(500));
        line(f, "financement", 0).respondents = Some(99);
        line(f, CROSSING, 0).respondents = Some(100);
    });
    assert!(read.unwrap_err().contains("en compte 99"));
}

#[test]
fn a_crossing_adds_up_over_its_communes_and_has_the_population_of_its_unit() {
    let of_communes = |total: i64, communes: [Option<i64>; 3]| {
        crossed(|f| {
            line(f, CROSSING, 0).counts[cell(4, 1)] = Some(total);
            for (at, count) in communes.into_iter().enumerate() {
                line(f, CROSSING, at + 1).counts[cell(4, 1)] = count;
            }
        })
    };
    let (all, some) = ([11, 12, 13].map(Some), [Some(11), Some(12), None]);
    of_communes(36, all).unwrap();
    of_communes(35, all).unwrap_err();
    of_communes(37, all).unwrap_err();
    of_communes(23, some).unwrap();
    of_communes(200, some).unwrap();
    of_communes(22, some).unwrap_err();
    // Respondents of the territory hold what the communes publish, cell by cell.
    let respondents = |total: i64| {
        crossed(|f| {
            line(f, CROSSING, 1).counts[cell(4, 1)] = Some(30);
            line(f, CROSSING, 2).counts[cell(5, 2)] = Some(31);
            line(f, CROSSING, 0).respondents = Some(total);
        })
    };
    respondents(61).unwrap();
    respondents(60).unwrap_err();
    let population = |here: Option<i64>, there: Option<i64>| {
        crossed(|f| {
            line(f, CROSSING, 0).population = Absent::Present(here);
            line(f, "ressources_plus", 0).population = Absent::Present(there);
        })
    };
    population(Some(300), Some(300)).unwrap();
    for (here, there) in [(Some(301), Some(300)), (Some(300), None), (None, Some(300))] {
        let refused = population(here, there).unwrap_err();
        assert!(refused.contains("n'est pas celle du tableau"), "{refused}");
    }
}

#[test]
fn a_line_holds_its_own_cells_with_those_that_only_its_communes_publish() {
    // Fifty in a cell of the territory, thirty in another that it hides.
    let holds = |respondents: Option<i64>, population: Option<i64>| {
        crossed(|f| {
            line(f, CROSSING, 0).counts[cell(1, 1)] = Some(50);
            line(f, CROSSING, 1).counts[cell(4, 2)] = Some(30);
            line(f, CROSSING, 0).respondents = respondents;
            line(f, CROSSING, 0).population = Absent::Present(population);
            line(f, "ressources_plus", 0).population = Absent::Present(population);
        })
    };
    holds(Some(80), None).unwrap();
    holds(None, Some(80)).unwrap();
    for refused in [holds(Some(79), None), holds(None, Some(79))] {
        let refused = refused.unwrap_err();
        assert!(refused.contains("en suppose au moins 80"), "{refused}");
    }
}

//! The recipes of `docs/recipes.md`, followed: every place that they name is
//! there, and what they promise to follow by itself does.

use std::collections::BTreeSet;
use std::io::Cursor;
use std::path::Path;

use ops_mixite::base::Base;
use ops_mixite::campaign::Campaign;
use ops_mixite::campaign::draft::{Draft, Field};
use ops_mixite::chart::{self, Figures, Materials, Picture, View};
use ops_mixite::example::{HEADERS, Landlord, table, to_csv};
use ops_mixite::indicator::shares::SHARES;
use ops_mixite::intake::columns::{COLUMNS, Columns};
use ops_mixite::intake::report::Format;
use ops_mixite::pipeline::{AggregateRequest, aggregate, consolidate};
use ops_mixite::table::Level;
use ops_mixite::words::{collectivity, labels};

const DAY: &str = "2026-11-25";

/// The partial that a campaign makes of a text file.
fn partial(campaign: &Campaign, landlord: Option<&str>, csv: String) -> Vec<u8> {
    let request = AggregateRequest {
        landlord: landlord.map(str::to_owned),
        ..AggregateRequest::new(campaign.clone(), DAY)
    };
    let size = csv.len() as u64;
    let made = aggregate(Cursor::new(csv), size, "ops.csv", &request, &mut ());
    made.unwrap_or_else(|error| panic!("{error}"))
        .certified
        .bytes()
}

fn base(campaign: &Campaign, partials: Vec<(String, Vec<u8>)>) -> Base {
    let made = consolidate(&partials, campaign, &mut ());
    assert!(made.refused.is_empty(), "{:?}", made.refused);
    made.base.unwrap()
}

fn example_base() -> Base {
    let campaign = Campaign::example();
    let bytes = partial(&campaign, None, to_csv(&table(Landlord::A, 3, 1_500)));
    base(&campaign, vec![("a.partiel.json".to_owned(), bytes)])
}

/// The pieces of code of a line of Markdown, in order.
fn code(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

fn is_path(code: &str) -> bool {
    !code.contains([' ', '(', '<', '"']) && (code.contains('/') || code.ends_with(".html"))
}

fn is_name(code: &str) -> bool {
    code.chars().all(|c| c.is_ascii_alphabetic() || c == '_')
}

#[test]
fn every_place_that_a_recipe_names_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let recipes = include_str!("../docs/recipes.md");
    let (mut paths, mut names) = (0, 0);
    // A step goes on over the lines that are set in under it.
    for step in recipes.replace("\n   ", " ").lines() {
        let mut place: Option<String> = None;
        for code in code(step) {
            if is_path(code) {
                let path = root.join(code);
                assert!(path.exists(), "{code} n'existe pas : {step}");
                place = Some(if path.is_dir() {
                    let entries = std::fs::read_dir(&path).unwrap();
                    let names = entries.map(|e| e.unwrap().file_name().into_string().unwrap());
                    names.collect::<Vec<_>>().join(" ")
                } else {
                    std::fs::read_to_string(&path).unwrap()
                });
                paths += 1;
            } else if let Some(text) = &place
                && is_name(code)
            {
                assert!(text.contains(code), "« {code} » n'est plus là : {step}");
                names += 1;
            }
        }
    }
    assert!(paths > 25 && names > 15, "{paths} {names}");
}

#[test]
fn an_indicator_needs_its_rows_and_nothing_else() {
    let base = example_base();
    let zonage = &base.zonages()[0].id;
    let root = &base.zonages()[0].mailles[0].id;
    let listed = chart::indicators(&base);
    let counted: BTreeSet<&str> = (base.file().tables.iter())
        .map(|table| table.id.as_str())
        .collect();
    let mut shown = 0;
    for share in SHARES {
        if !counted.contains(share.table().id) {
            continue;
        }
        assert!(listed.contains(&share.key), "{}", share.key);
        assert!(Figures::of(&base, share.key, Level::Commune).is_some());
        let results = (base.file().results.iter())
            .filter(|r| r.indicator == share.key && r.zonage == *zonage && r.maille == *root);
        assert_eq!(results.count(), 1, "{}", share.key);
        let words = labels::indicator(share.key);
        for word in [
            words.label,
            words.numerator,
            words.denominator,
            words.source,
        ] {
            assert!(!word.is_empty(), "{}", share.key);
        }
        shown += 1;
    }
    assert!(shown >= 20, "{shown}");
}

#[test]
fn a_column_is_read_the_same_under_each_of_its_names() {
    let campaign = Campaign::example();
    let mut rows = table(Landlord::A, 3, 400);
    let expected = partial(&campaign, None, to_csv(&rows));
    let mut tried = 0;
    for column in COLUMNS.iter().filter(|c| c.columns == Columns::One) {
        let Some(rank) = (HEADERS.iter()).position(|header| column.aliases.contains(header)) else {
            continue;
        };
        for alias in column.aliases {
            // A date of birth is another answer than an age.
            if alias.contains("naissance") {
                continue;
            }
            rows[0][rank] = (*alias).to_owned();
            let made = partial(&campaign, None, to_csv(&rows));
            assert!(made == expected, "{} : « {alias} »", column.id);
            tried += 1;
        }
        rows[0][rank] = HEADERS[rank].to_owned();
    }
    assert!(tried > 60, "{tried}");
}

#[test]
fn every_format_can_be_chosen_on_the_page() {
    let page = include_str!("../index.html");
    let input = page.split("id=\"fichier-ops\" accept=\"").nth(1).unwrap();
    let accepted: Vec<&str> = input.split('"').next().unwrap().split(',').collect();
    let guides = [
        include_str!("../README.md"),
        include_str!("../docs/guides/bailleur.md"),
        include_str!("../src/intake/error.rs"),
    ];
    for format in Format::ALL {
        assert!(accepted.contains(&format.name()), "{}", format.name());
        for guide in guides {
            let name = format.name().trim_start_matches('.').to_uppercase();
            let named = guide.contains(format.name()) || guide.contains(&name);
            assert!(named, "{name} : {}", &guide[..60]);
        }
    }
}

#[test]
fn every_view_is_drawn_or_says_what_it_lacks() {
    let base = example_base();
    let figures = Figures::of(&base, "mono", Level::Commune).unwrap();
    let mut drawn = 0;
    for view in View::ALL {
        assert!(!collectivity::view(view).is_empty());
        let materials = Materials {
            base: &base,
            before: None,
            contours: None,
            figures: &figures,
            page: 0,
        };
        match Picture::of(view, materials) {
            Ok(_) => drawn += 1,
            Err(absence) => assert!(collectivity::absence(absence).ends_with('.')),
        }
    }
    assert!(drawn >= 3, "{drawn}");
}

#[test]
fn another_epci_is_a_campaign_file_and_no_code() {
    let mut draft = Draft::default();
    for (field, typed) in [
        (Field::Id, "mon-epci-ops-2024"),
        (Field::Territory, "Mon intercommunalité"),
        (Field::Siren, "200 000 001"),
        (Field::ReferenceDate, "2024-01-01"),
        (Field::Mention, "Source OPS 2024"),
        // Two columns of a spreadsheet, pasted.
        (
            Field::Communes,
            "71153\tLe Creusot\n71306\tMontceau-les-Mines",
        ),
        (
            Field::Landlords,
            "un;Office Un;;Bailleur fictif A\ndeux;Office Deux",
        ),
        (Field::Threshold, "11"),
        (Field::MinResponse, "60"),
        (Field::BearsOn, "effectif"),
    ] {
        draft.set(field, typed);
    }
    draft.set_ceilings(&Campaign::cucm().file().plus_ceilings);
    let prepared = draft
        .prepare()
        .unwrap_or_else(|faults| panic!("{faults:?}"));
    assert_eq!(prepared.file_name, "mon-epci-ops-2024.campagne.json");

    let read = Campaign::parse(&prepared.bytes).unwrap();
    let one = partial(&read, None, to_csv(&table(Landlord::A, 3, 1_500)));
    let two = partial(&read, Some("deux"), to_csv(&table(Landlord::B, 4, 1_500)));
    let partials = vec![("un".to_owned(), one), ("deux".to_owned(), two)];
    let base = base(&read, partials);
    assert_eq!(base.file().territory.name, "Mon intercommunalité");
    assert_eq!(base.file().mention, "Source OPS 2024");
    let communes: Vec<&str> = (base.zonages()[0].mailles.iter())
        .filter(|maille| maille.level == Level::Commune)
        .map(|maille| maille.name.as_str())
        .collect();
    assert_eq!(communes, ["Le Creusot", "Montceau-les-Mines"]);
}

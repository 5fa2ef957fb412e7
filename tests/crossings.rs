//! Crossings from the rows to what the collectivité opens: who publishes them, what the
//! base says where a landlord's partial lacks one, and what the exports hold.

use std::io::Cursor;

use ops_mixite::attack::{Finding, verify};
use ops_mixite::base::Base;
use ops_mixite::campaign::Campaign;
use ops_mixite::dwelling::{Dwelling, FamilySituation, Household, Occupation, Typology, Variable};
use ops_mixite::example::{Landlord, SEED, table, to_csv};
use ops_mixite::export::sheet::{Cell, sheets};
use ops_mixite::export::{self, Format};
use ops_mixite::json::fingerprint_of;
use ops_mixite::merge::Merged;
use ops_mixite::page::view::collectivity::crossing;
use ops_mixite::page::view::completeness;
use ops_mixite::page::view::preview;
use ops_mixite::partial::{AppliedRules, Header, Partial, TableFile};
use ops_mixite::pipeline::{AggregateRequest, Aggregation, aggregate, consolidate};
use ops_mixite::secrecy::{Rule, protect};
use ops_mixite::table::{Fold, Level, RawTables};

const CROSSINGS: [&str; 3] = [
    "ressources_plus_x_financement",
    "situation_familiale_x_typologie",
    "ressources_plus_x_dpe",
];
const SITUATIONS: &str = CROSSINGS[1];
/// What docs/secrecy.md says.
const MOST_PROGRAMMES: usize = 800;

fn landlord(
    landlord: Landlord,
    dwellings: usize,
    change: impl Fn(&mut AggregateRequest),
) -> Aggregation {
    let csv = to_csv(&table(landlord, SEED, dwellings));
    let size = csv.len() as u64;
    let mut request = AggregateRequest::new(Campaign::example(), "2026-11-26");
    change(&mut request);
    aggregate(Cursor::new(csv), size, "ops.csv", &request, &mut ()).unwrap()
}

/// The example's campaign, in the reading `population`.
fn looser_campaign() -> Campaign {
    let mut file = serde_json::to_value(Campaign::example().file()).unwrap();
    file["regles"]["seuil_porte_sur"] = "population".into();
    Campaign::parse(file.to_string().as_bytes()).unwrap()
}

fn crossings(partial: &Partial) -> Vec<&TableFile> {
    let tables = partial.file().tables.iter();
    tables.filter(|t| t.dimensions.len() > 1).collect()
}

fn of<'a>(partial: &'a Partial, id: &str) -> Option<&'a TableFile> {
    partial.file().tables.iter().find(|t| t.id == id)
}

fn base_of(partials: &[&Partial]) -> Base {
    let campaign = Campaign::example();
    let mut merged = Merged::empty(&campaign);
    for partial in partials {
        let one = Merged::from_partial(&campaign, partial).unwrap();
        merged = merged.merge(one.bounded(&campaign, partial)).unwrap();
    }
    let bytes = Base::from_merged(&campaign, &merged).unwrap().to_bytes();
    Base::parse(&bytes).unwrap()
}

/// Ensure that a landlord's crossings leave over the territory alone, with numbers,
/// that the gate counts their hidden cells, and that it refuses them in the other
/// reading, whoever wrote them.
#[test]
fn crossings_leave_over_the_territory_in_the_stricter_reading_only() {
    let made = landlord(Landlord::A, 1_500, |_| {});
    let partial = made.certified.partial();
    assert_eq!(made.summary.withdrawn, [""; 0]);
    let found = crossings(partial);
    let ids: Vec<&str> = found.iter().map(|t| t.id.as_str()).collect();
    assert_eq!(ids, CROSSINGS);
    for table in &found {
        let (top, communes) = table.lines.split_first().unwrap();
        assert_eq!(top.maille, "epci");
        let shown: Vec<i64> = top.counts.iter().flatten().copied().collect();
        assert!(
            shown.len() * 3 > top.counts.len(),
            "{} : {shown:?}",
            table.id
        );
        assert!(shown.iter().all(|count| *count >= 11));
        assert!(top.counts.contains(&None) && !communes.is_empty());
        for line in communes {
            assert!(line.respondents.is_none() && line.counts.iter().all(Option::is_none));
        }
        // What the landlord is told is about the line that may have numbers.
        let told = made.summary.lines.iter().filter(|l| l.table == table.id);
        let told: Vec<_> = told.map(|l| (l.level, l.figures.published)).collect();
        assert_eq!(told, [(Level::Epci, shown.len() as u64)]);
    }
    // The gate attacks more than without them, and says so.
    let without: Vec<TableFile> = {
        let tables = partial.file().tables.iter();
        tables
            .filter(|t| t.dimensions.len() == 1)
            .cloned()
            .collect()
    };
    let mut file = partial.file().clone();
    file.tables = without;
    let fewer = verify(&Partial::check(file).unwrap());
    assert!(fewer.accepted());
    assert!(made.certified.verdict().attacked > fewer.attacked);

    // The same crossings beside the tables of the other reading.
    let looser = landlord(Landlord::A, 1_500, |request| {
        request.campaign = looser_campaign()
    });
    let mut other = looser.certified.partial().file().clone();
    let population = |maille: &str| {
        let table = of(looser.certified.partial(), "situation_familiale").unwrap();
        let line = table.lines.iter().find(|line| line.maille == maille);
        line.unwrap().population
    };
    let at = other
        .tables
        .iter()
        .take_while(|t| t.zonage == "territoire")
        .count();
    other.tables.splice(at..at, found.into_iter().cloned());
    for line in other.tables[at..at + 3]
        .iter_mut()
        .flat_map(|t| &mut t.lines)
    {
        line.population = population(&line.maille);
    }
    let verdict = verify(&Partial::check(other).unwrap());
    let named = |id: &str| {
        let findings = verdict.findings.iter();
        let of = findings.filter(|(place, _)| place.table == id);
        of.filter(|(_, f)| matches!(f, Finding::OutOfReach(_)))
            .count()
            == 1
    };
    assert!(CROSSINGS.iter().all(|id| named(id)), "{verdict}");
}

/// Ensure that where crossings cannot be published they are withdrawn and named, not
/// left in the file without a number, and that all the rest leaves.
#[test]
fn what_cannot_be_published_is_withdrawn_and_named() {
    // The reading in which no crossing is proved.
    let looser = landlord(Landlord::A, 1_500, |request| {
        request.campaign = looser_campaign()
    });
    assert!(crossings(looser.certified.partial()).is_empty());
    assert_eq!(looser.summary.withdrawn, CROSSINGS);
    let told = preview::hidden(
        looser.certified.partial(),
        &looser.summary,
        preview::Choice {
            table: 0,
            level: Level::Epci,
            page: 0,
        },
    )
    .into_string();
    assert!(
        told.contains("Tableaux retirés")
            && told.contains("Situation familiale selon la typologie")
    );
    // The landlord who tightens the rule has them again.
    let stricter = looser.counted.other_reading(&looser_campaign());
    assert_eq!(stricter.withdrawn, [""; 0]);

    // A landlord so small that no line of a first variable is whole.
    let small = landlord(Landlord::A, 120, |_| {});
    let partial = small.certified.partial();
    assert!(crossings(partial).is_empty());
    assert_eq!(small.summary.withdrawn, CROSSINGS);
    assert!(of(partial, "situation_familiale").is_some());
}

/// The tables of a landlord of so many programmes of four households, in one commune.
fn of_programmes(campaign: &Campaign, programmes: usize) -> RawTables {
    let mut fold = Fold::new(campaign);
    for programme in 0..programmes {
        for household in 0..4 {
            let dwelling = Dwelling {
                programme: format!("{programme:04}"),
                occupation: Some(Occupation::Let),
                typology: Some(Typology::ALL[(programme + household) % 4]),
                household: Household {
                    situation: Some(FamilySituation::ALL[(programme / 4 + household) % 5]),
                    ..Household::default()
                },
                ..Dwelling::default()
            };
            fold.add(&dwelling, (4 * programme + household) as u64);
        }
    }
    let variables = [
        Variable::Occupation,
        Variable::Typology,
        Variable::FamilySituation,
    ];
    fold.finish("exemple-a", variables.into_iter().collect())
}

/// Ensure that beyond so many programmes a crossing is withdrawn before anything is
/// spent on it, and that the gate does not attack one that someone else has left in.
#[test]
fn beyond_so_many_programmes_no_crossing_leaves() {
    let campaign = Campaign::example();
    let rules = AppliedRules::of(&campaign.file().rules);
    let header = Header {
        landlord: 0,
        produced_on: "2026-11-26",
        rules: rules.clone(),
    };
    let rule = Rule {
        threshold: rules.threshold,
        bears_on: rules.bears_on,
    };
    let made = |programmes: usize| {
        let protected = protect(&of_programmes(&campaign, programmes), rule, &[]);
        let withdrawn = protected.summary.withdrawn.clone();
        (
            Partial::new(&campaign, &header, &protected.zonages()),
            withdrawn,
        )
    };
    let (kept, withdrawn) = made(MOST_PROGRAMMES);
    assert_eq!(withdrawn, [""; 0]);
    let crossing = of(&kept, SITUATIONS).unwrap().clone();
    assert!(crossing.lines[0].respondents.is_some());

    let (larger, withdrawn) = made(MOST_PROGRAMMES + 1);
    assert_eq!(withdrawn, [SITUATIONS]);
    assert!(of(&larger, SITUATIONS).is_none() && verify(&larger).accepted());
    let mut file = larger.file().clone();
    file.tables.push(crossing);
    let tables = file.tables.len();
    let population = file.tables[tables - 2].lines[0].population;
    file.tables[tables - 1]
        .lines
        .iter_mut()
        .for_each(|line| line.population = population);
    let verdict = verify(&Partial::check(file).unwrap());
    let [(place, Finding::OutOfReach(what))] = &verdict.findings[..] else {
        panic!("{verdict}");
    };
    assert_eq!(place.table, SITUATIONS);
    assert!(what.contains("800 programmes"), "{what}");
}

/// Ensure that a crossing of which no cell is left is withdrawn, its table of dwellings
/// then as without it, and that who is withdrawn already is named once.
#[test]
fn a_crossing_without_a_cell_left_costs_its_tables_nothing() {
    // Each situation lives in dwellings of one size alone; of three households, and
    // of twelve empty dwellings, the size is not known. Some are too few for a line.
    let campaign = Campaign::example();
    let mut fold = Fold::new(&campaign);
    let mut rank = 0;
    let mut add = |programme: &str, situation: Option<usize>, typology: Option<usize>| {
        let dwelling = Dwelling {
            programme: programme.to_owned(),
            occupation: Some(match situation {
                Some(_) => Occupation::Let,
                None => Occupation::Vacant,
            }),
            typology: typology.map(|t| Typology::ALL[t]),
            household: Household {
                situation: situation.map(|s| FamilySituation::ALL[s]),
                ..Household::default()
            },
            ..Dwelling::default()
        };
        fold.add(&dwelling, rank);
        rank += 1;
    };
    for each in 0..5 {
        (0..30).for_each(|_| add("A", Some(each), Some(each)));
        (0..4).for_each(|_| add("B", Some(each), Some(each)));
        (0..20).for_each(|_| add("B", None, Some(each)));
    }
    (0..3).for_each(|_| add("A", Some(0), None));
    (0..12).for_each(|_| add("A", None, None));
    let variables = [
        Variable::Occupation,
        Variable::Typology,
        Variable::FamilySituation,
    ];
    let raw = fold.finish("exemple-a", variables.into_iter().collect());
    let rule = Rule {
        threshold: 11,
        bears_on: campaign.bears_on(),
    };
    let made = protect(&raw, rule, &[]);
    assert_eq!(made.summary.withdrawn, [SITUATIONS]);
    let asked = protect(&raw, rule, &[SITUATIONS.to_owned()]);
    assert_eq!(asked.summary.withdrawn, [SITUATIONS]);
    assert_eq!(made.summary.lines, asked.summary.lines);
    let typologies = made.tables.tables.iter().find(|t| t.def.id == "typologie");
    let shown = typologies.unwrap().lines[0].counts.iter();
    assert!(shown.clone().all(|count| count.get().is_some()));
}

/// Ensure that the base of two landlords who both publish a crossing holds exact sums
/// where both show a cell and nothing elsewhere: whoever takes his own numbers away
/// learns of the other what the other's file says.
#[test]
fn a_merged_crossing_less_ones_own_is_the_others_file() {
    let made = [
        landlord(Landlord::A, 1_500, |_| {}),
        landlord(Landlord::B, 1_500, |_| {}),
    ];
    let partials = [0, 1].map(|l: usize| made[l].certified.partial());
    let base = base_of(&partials);
    let mut exact = 0;
    for id in CROSSINGS {
        let [ours, theirs] = partials.map(|partial| of(partial, id).unwrap());
        let lines = base.lines(0, id).unwrap();
        let top = lines[0].line;
        for (cell, merged) in top.counts.iter().enumerate() {
            let pair = (ours.lines[0].counts[cell], theirs.lines[0].counts[cell]);
            let sum = pair.0.zip(pair.1).map(|(a, b)| a + b);
            assert_eq!(*merged, sum, "{id} {cell}");
            exact += usize::from(sum.is_some());
        }
        assert!(
            lines[1..]
                .iter()
                .all(|l| l.line.counts.iter().all(Option::is_none))
        );
        assert!(base.lacking(id).is_empty());
        let html = crossing::crossing(&base, id, "epci").into_string();
        assert!(html.contains("Données fictives") && html.contains("taux de réponse"));
        // Communes have nothing to choose.
        assert_eq!(
            crossing::mailles(&base, id, "")
                .into_string()
                .matches("<option")
                .count(),
            1
        );
    }
    assert!(exact > 40, "{exact}");
}

/// Ensure that where one landlord's crossing was withdrawn the base gives no number of
/// it, says whose partial lacks it, on the screens and in the workbooks, and refuses to
/// be read if that is edited away from what its tables say.
#[test]
fn a_withdrawn_crossing_names_the_landlord_who_lacks_it() {
    let with = landlord(Landlord::A, 1_500, |_| {});
    let without = landlord(Landlord::B, 120, |_| {});
    let partials = [with.certified.partial(), without.certified.partial()];
    assert!(of(partials[0], SITUATIONS).is_some() && of(partials[1], SITUATIONS).is_none());
    let base = base_of(&partials);
    assert_eq!(base.file().partials[0].lacks, [""; 0]);
    assert_eq!(base.file().partials[1].lacks, CROSSINGS);
    let campaign = Campaign::example();
    let name = campaign.file().landlords[1].name.clone();
    assert_eq!(base.lacking(SITUATIONS), std::slice::from_ref(&name));
    let line = base.lines(0, SITUATIONS).unwrap()[0];
    assert!(line.line.base().is_none() && line.line.respondents.is_none());
    assert!(line.line.counts.iter().all(Option::is_none));
    let html = crossing::crossing(&base, SITUATIONS, "epci").into_string();
    assert!(html.contains(&name) && html.contains("1 sur 2") && !html.contains("<table"));
    // What the other tables say is not touched.
    assert!(base.lines(0, "situation_familiale").unwrap()[0].line.counts[0].is_some());
    let names = base.landlords();
    let html = completeness::completeness(&base, &names).into_string();
    assert!(
        html.contains("Tableaux absents")
            && html.contains("Situation familiale selon la typologie")
    );

    // The base made on the consultant's page says the same.
    let files = [&with, &without].map(|m| (m.file_name.clone(), m.certified.bytes()));
    let made = consolidate(&files, &campaign, &mut ());
    assert_eq!(made.base.unwrap().to_bytes(), base.to_bytes());

    // The other order of merge, byte for byte.
    assert_eq!(
        base_of(&[partials[1], partials[0]]).to_bytes(),
        base.to_bytes()
    );

    let lied = |lacks: &[&str]| {
        let mut file = base.file().clone();
        file.partials[0].lacks = lacks.iter().map(|id| (*id).to_owned()).collect();
        file.fingerprint = fingerprint_of(&file);
        Base::parse(serde_json::to_string(&file).unwrap().as_bytes())
    };
    for lacks in [
        &["situation_familiale"][..],
        &["rien"],
        &[SITUATIONS, SITUATIONS],
        &[CROSSINGS[2], SITUATIONS],
    ] {
        let error = lied(lacks).unwrap_err().to_string();
        assert!(error.contains("tableaux absents"), "{lacks:?} : {error}");
    }

    // The workbooks: a sheet of hidden counts, and the notes say why.
    let sheets = sheets(&base).unwrap();
    let text = |cells: &[Cell]| -> Vec<String> {
        cells
            .iter()
            .map(|cell| format!("{:?}", cell.value))
            .collect()
    };
    let notes = sheets[0].rows.iter().map(|row| text(row).join("|"));
    let row = notes.into_iter().find(|row| row.contains(&name)).unwrap();
    assert!(
        row.contains("Situation familiale selon la typologie"),
        "{row}"
    );
    for format in Format::ALL {
        assert!(!export::write(&base, format).unwrap().is_empty());
    }
}

/// Ensure that a crossing has no lines on districts, not even silent ones: the gate
/// has no proof for them.
#[test]
fn a_crossing_on_districts_is_refused() {
    let made = landlord(Landlord::A, 1_500, |_| {});
    let mut file = made.certified.partial().file().clone();
    let on_districts = |t: &&TableFile| t.zonage == "qpv" && t.id == "situation_familiale";
    let beside = file.tables.iter().find(on_districts);
    let mut lines = beside.unwrap().lines.clone();
    let mut crossing = of(made.certified.partial(), SITUATIONS).unwrap().clone();
    for line in &mut lines {
        line.respondents = None;
        line.counts = vec![None; crossing.lines[0].counts.len()];
    }
    (crossing.zonage, crossing.lines) = ("qpv".to_owned(), lines);
    file.tables.push(crossing);
    file.fingerprint = fingerprint_of(&file);
    // The reader has nothing against its form.
    let verdict = verify(&Partial::check(file).unwrap());
    let mut found = verdict.findings.iter();
    assert!(found.any(|(_, finding)| matches!(finding, Finding::OutOfReach(_))));
}

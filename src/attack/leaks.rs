//! Patterns that look safe and are not: the known failures of the field, each
//! as a file that the gate must refuse, beside the nearest one that it accepts.

use super::Finding;
use super::fixture::{Line, finds, gate, table, zonage};
use crate::campaign::BearsOn;

const HIDDEN: Option<i64> = None;

/// A line published whole: everyone answered.
fn open(counts: &[i64]) -> Line {
    let all = Some(counts.iter().sum());
    (all, all, counts.iter().map(|c| Some(*c)).collect())
}

/// A line hidden whole.
fn closed(width: usize) -> Line {
    (HIDDEN, HIDDEN, vec![HIDDEN; width])
}

/// A line of which the population and respondents are published.
fn line(population: i64, counts: &[Option<i64>]) -> Line {
    (Some(population), Some(population), counts.to_vec())
}

/// A commune hidden to fill in for another, of which all the programmes are
/// published: its population is their sum, and the small commune is what is left.
#[test]
fn a_filler_whose_children_are_published_hides_nothing() {
    let tree = zonage(&[
        ("epci", None),
        ("C1", Some(0)),
        ("P1", Some(1)),
        ("C2", Some(0)),
        ("P2", Some(3)),
        ("P3", Some(3)),
    ]);
    let file = |last: Line| {
        let lines = vec![
            open(&[55, 45]),
            closed(2),
            closed(2),
            closed(2),
            open(&[30, 20]),
            last,
        ];
        vec![table(&tree, "apl", lines)]
    };
    for bears_on in [BearsOn::Effectif, BearsOn::Population] {
        let verdict = gate(&tree, file(open(&[20, 22])), 11, bears_on);
        assert!(
            finds(&verdict, "C1", "population", &Finding::Below(8)),
            "{verdict}"
        );
        let verdict = gate(&tree, file(closed(2)), 11, bears_on);
        assert!(verdict.accepted(), "{verdict}");
    }
}

/// Every parent pools eleven hidden units, but not in the parent where they are.
#[test]
fn hidden_children_pool_under_their_own_parent() {
    let tree = zonage(&[
        ("epci", None),
        ("C1", Some(0)),
        ("P1", Some(1)),
        ("P2", Some(1)),
        ("C2", Some(0)),
        ("P3", Some(4)),
        ("P4", Some(4)),
    ]);
    let lines = vec![
        open(&[40, 38]),
        open(&[20, 19]),
        closed(2),
        open(&[17, 16]),
        open(&[20, 19]),
        closed(2),
        open(&[17, 16]),
    ];
    for bears_on in [BearsOn::Effectif, BearsOn::Population] {
        let verdict = gate(
            &tree,
            vec![table(&tree, "apl", lines.clone())],
            11,
            bears_on,
        );
        for programme in ["P1", "P3"] {
            assert!(
                finds(&verdict, programme, "population", &Finding::Below(6)),
                "{verdict}"
            );
        }
    }
}

/// A maille with a single child is a copy of it: hiding one of the two is void.
#[test]
fn a_single_child_is_a_copy_of_its_parent() {
    let tree = zonage(&[
        ("epci", None),
        ("C1", Some(0)),
        ("P1", Some(1)),
        ("C2", Some(0)),
        ("P2", Some(3)),
    ]);
    let hidden = [HIDDEN, HIDDEN];
    let lines = |copies: [&[Option<i64>]; 4]| {
        let mut lines = vec![open(&[40, 40])];
        lines.extend(copies.map(|counts| line(40, counts)));
        vec![table(&tree, "apl", lines)]
    };
    let shown: &[Option<i64>] = &[Some(15), Some(25)];
    let verdict = gate(
        &tree,
        lines([shown, &hidden, &hidden, &hidden]),
        11,
        BearsOn::Effectif,
    );
    assert!(
        finds(&verdict, "P1", "oui", &Finding::Exact(15)),
        "{verdict}"
    );
    let all = lines([&hidden, &hidden, &hidden, &hidden]);
    assert!(gate(&tree, all, 11, BearsOn::Effectif).accepted());
}

/// Two hidden cells at least in every line and in every column, and one of them
/// is known: it is the only bridge between two groups that add up by themselves.
#[test]
fn two_hidden_cells_in_every_line_may_still_give_one_away() {
    let tree = zonage(&[
        ("epci", None),
        ("C", Some(0)),
        ("P1", Some(1)),
        ("P2", Some(1)),
        ("P3", Some(1)),
        ("P4", Some(1)),
    ]);
    let file = |hidden: [&[usize]; 4]| {
        let programme = |hidden: &[usize]| {
            let counts = (0..4).map(|c| (!hidden.contains(&c)).then_some(20));
            line(80, &counts.collect::<Vec<_>>())
        };
        let mut lines = vec![open(&[80; 4]), open(&[80; 4])];
        lines.extend(hidden.map(programme));
        vec![table(&tree, "situation_familiale", lines)]
    };
    let bridge = file([&[0, 1, 2], &[0, 1], &[2, 3], &[2, 3]]);
    let verdict = gate(&tree, bridge, 11, BearsOn::Effectif);
    assert_eq!(verdict.count, 1, "{verdict}");
    assert!(
        finds(&verdict, "P1", "couple_sans_enfant", &Finding::Exact(20)),
        "{verdict}"
    );
    let apart = file([&[0, 1], &[0, 1], &[2, 3], &[2, 3]]);
    assert!(gate(&tree, apart, 11, BearsOn::Effectif).accepted());
}

/// The respondents of a line never exceed its population: where a commune
/// answered whole, hiding how many of its programmes did is void.
#[test]
fn respondents_never_exceed_the_population() {
    let tree = zonage(&[
        ("epci", None),
        ("C", Some(0)),
        ("P1", Some(1)),
        ("P2", Some(1)),
    ]);
    let file = |answers: i64, half: i64| {
        let programme = |population| (Some(population), HIDDEN, vec![HIDDEN; 2]);
        let all = || {
            (
                Some(56),
                Some(answers),
                vec![Some(half), Some(answers - half)],
            )
        };
        let lines = vec![all(), all(), programme(26), programme(30)];
        vec![table(&tree, "apl", lines)]
    };
    let verdict = gate(&tree, file(56, 28), 11, BearsOn::Effectif);
    for (programme, all) in [("P1", 26), ("P2", 30)] {
        assert!(
            finds(&verdict, programme, "repondants", &Finding::Exact(all)),
            "{verdict}"
        );
    }
    let verdict = gate(&tree, file(40, 20), 11, BearsOn::Effectif);
    assert!(verdict.accepted(), "{verdict}");
}

/// A line that everyone answered alike: 0 % and 100 % are known although no cell
/// is published. Forbidden in both readings.
#[test]
fn a_share_of_nought_can_be_deduced_from_hidden_cells() {
    let tree = zonage(&[
        ("epci", None),
        ("C", Some(0)),
        ("P1", Some(1)),
        ("P2", Some(1)),
    ]);
    let all = || line(60, &[HIDDEN, Some(60), HIDDEN]);
    let lines = vec![
        all(),
        all(),
        line(30, &[HIDDEN, Some(30), HIDDEN]),
        line(30, &[HIDDEN, Some(30), HIDDEN]),
    ];
    for bears_on in [BearsOn::Effectif, BearsOn::Population] {
        let tables = vec![table(&tree, "peuplement", lines.clone())];
        let verdict = gate(&tree, tables, 11, bears_on);
        assert!(
            finds(&verdict, "P1", "sous_occupation", &Finding::Below(0)),
            "{verdict}"
        );
    }
}

/// Two cells that count the same households: publishing one opens the other.
#[test]
fn one_of_two_equal_cells_opens_the_other() {
    let tree = zonage(&[
        ("epci", None),
        ("C", Some(0)),
        ("P1", Some(1)),
        ("P2", Some(1)),
    ]);
    let whole = || open(&[40, 40]);
    let hidden = || line(40, &[HIDDEN, HIDDEN]);
    let file = |second: [Line; 2]| {
        let mut lines = vec![whole(), whole()];
        lines.extend(second);
        vec![
            table(
                &tree,
                "situation_familiale",
                vec![whole(), whole(), hidden(), hidden()],
            ),
            table(&tree, "taille_menage", lines),
        ]
    };
    let verdict = gate(
        &tree,
        file([open(&[20, 20]), open(&[20, 20])]),
        11,
        BearsOn::Effectif,
    );
    assert!(
        finds(&verdict, "P1", "personne_seule", &Finding::Identity),
        "{verdict}"
    );
    let verdict = gate(&tree, file([hidden(), hidden()]), 11, BearsOn::Effectif);
    assert!(verdict.accepted(), "{verdict}");
}

/// The two readings: eight of a hundred is a result on a hundred dwellings in
/// one, a count under eleven in the other; in both no line of eight is known.
#[test]
fn the_two_readings_differ_on_cells_and_agree_on_lines() {
    let tree = zonage(&[
        ("epci", None),
        ("C", Some(0)),
        ("P1", Some(1)),
        ("P2", Some(1)),
    ]);
    let cells = |counts: [&[Option<i64>]; 2]| {
        let mut lines = vec![open(&[70, 100, 30]), open(&[70, 100, 30])];
        lines.extend(counts.map(|counts| line(100, counts)));
        vec![table(&tree, "peuplement", lines)]
    };
    let pair = || cells([&[HIDDEN, HIDDEN, Some(22)], &[HIDDEN, HIDDEN, Some(8)]]);
    for bears_on in [BearsOn::Effectif, BearsOn::Population] {
        assert!(gate(&tree, pair(), 11, bears_on).accepted());
    }
    // Four and four: a derivable group of eight.
    let lines = vec![
        open(&[8, 192]),
        open(&[8, 192]),
        line(100, &[HIDDEN, HIDDEN]),
        line(100, &[HIDDEN, HIDDEN]),
    ];
    let group = || vec![table(&tree, "apl", lines.clone())];
    let verdict = gate(&tree, group(), 11, BearsOn::Effectif);
    assert!(
        finds(&verdict, "P1", "oui", &Finding::Below(8)),
        "{verdict}"
    );
    assert!(gate(&tree, group(), 11, BearsOn::Population).accepted());
    // Respondents of three and five: a derivable line of eight.
    let silent = |population| (Some(population), HIDDEN, vec![HIDDEN; 2]);
    let all = || (Some(200), Some(108), vec![Some(54), Some(54)]);
    let tree = zonage(&[
        ("epci", None),
        ("C", Some(0)),
        ("P1", Some(1)),
        ("P2", Some(1)),
        ("P3", Some(1)),
    ]);
    let lines = vec![
        all(),
        all(),
        (Some(120), Some(100), vec![Some(50), Some(50)]),
        silent(40),
        silent(40),
    ];
    for bears_on in [BearsOn::Effectif, BearsOn::Population] {
        let tables = vec![table(&tree, "apl", lines.clone())];
        let verdict = gate(&tree, tables, 11, bears_on);
        assert!(
            finds(&verdict, "P2", "repondants", &Finding::Below(8)),
            "{verdict}"
        );
    }
}

/// Dwellings that stand vacant are masked under the threshold and may be worked out:
/// the verdict does not let believe the contrary.
#[test]
fn what_is_exempt_is_said() {
    let tree = zonage(&[("epci", None), ("C1", Some(0)), ("C2", Some(0))]);
    let all = |hidden: Option<i64>| {
        vec![
            line(200, &[Some(160), Some(20), Some(20)]),
            line(
                100,
                &[Some(80), hidden, Some(20).filter(|_| hidden.is_some())],
            ),
            line(
                100,
                &[Some(80), Some(20).filter(|_| hidden.is_some()), hidden],
            ),
        ]
    };
    for (hidden, exempt) in [(None, true), (Some(0), false)] {
        let file = vec![table(&tree, "occupation", all(hidden))];
        let verdict = gate(&tree, file, 11, BearsOn::Effectif);
        assert!(verdict.accepted(), "{verdict}");
        let said = verdict.to_string();
        assert_eq!(
            said.contains("les retrouve par soustraction"),
            exempt,
            "{said}"
        );
        // Beside a table of files it is said apart, and once.
        assert!(!verdict.sentence().contains("se déduire"));
        assert_eq!(verdict.caveats().len(), usize::from(exempt));
        let mut whole = verdict.sentence();
        for caveat in verdict.caveats() {
            whole = format!("{whole} {caveat}");
        }
        assert_eq!(whole, said);
    }
}

/// Those who did not answer a question explain why fewer live alone by one table than by
/// the other: where both counts are published, they are at least the difference, and what
/// is hidden beside them has the less.
#[test]
fn unanswered_questions_are_what_two_tables_say() {
    let mailles = zonage(&[("epci", None), ("P1", Some(0)), ("P2", Some(0))]);
    let line = |population, respondents: Option<i64>, counts: [Option<i64>; 5]| {
        (Some(population), respondents, counts.to_vec())
    };
    // In P1 9 silent households and 2 hidden beside them, 11 in all.
    let families = |other: Option<i64>| {
        vec![
            line(
                100,
                Some(71),
                [Some(40), Some(9), Some(0), Some(0), Some(22)],
            ),
            line(40, None, [Some(20), Some(9), Some(0), Some(0), other]),
            line(60, None, [Some(20), Some(0), Some(0), Some(0), other]),
        ]
    };
    let sizes = |alone: i64| {
        let others = 40 - alone;
        vec![
            line(
                100,
                Some(100),
                [
                    Some(alone + 20),
                    Some(80 - alone),
                    Some(0),
                    Some(0),
                    Some(0),
                ],
            ),
            line(
                40,
                Some(40),
                [Some(alone), Some(others), Some(0), Some(0), Some(0)],
            ),
            line(
                60,
                Some(60),
                [Some(20), Some(40), Some(0), Some(0), Some(0)],
            ),
        ]
    };
    let verdict = |alone: i64| {
        let tables = vec![
            table(&mailles, "situation_familiale", families(None)),
            table(&mailles, "taille_menage", sizes(alone)),
        ];
        gate(&mailles, tables, 11, BearsOn::Effectif)
    };
    // As many live alone by both: the silent may be none, and the others eleven.
    assert!(verdict(20).accepted(), "{}", verdict(20));
    // Eight more by one: eight are silent at least, and the others three at most.
    let told = verdict(28);
    let of_the_others =
        |(place, _): &(super::Place, Finding)| place.maille == "P1" && place.what == "autre";
    assert!(told.findings.iter().any(of_the_others), "{told}");
}

//! When a crossing opens, and what it hides cell by cell. That this is enough is for the
//! gate to say (`tests/crossings.rs`); that it is no more than needed, and that a
//! crossing which may leave does, is said here.

use super::*;
use crate::secrecy::tests::{POPULATION, RULE};
use crate::table::{Maille, RawLine, Zonage};

/// The second question is one of dwellings, or one that the same households answer.
const OF_DWELLINGS: &str = "situation_familiale_x_typologie";
const OF_HOUSEHOLDS: &str = "situation_familiale_x_taille_menage";
const SIDE: usize = 5;

/// A landlord's crossing, its two tables, and what is hidden in those.
struct Case {
    raw: RawTables,
    base: Vec<bool>,
    statuses: Vec<Status>,
}

impl Case {
    /// From the cells by modality of the first question, the last of each row those who
    /// did not answer the second. Eleven dwellings beside them did not answer either,
    /// and twenty in each modality are not let.
    fn new(id: &str, rows: [[u32; SIDE + 1]; SIDE], communes: usize) -> Self {
        let line = |population: u32, counts: Vec<u32>| RawLine {
            population,
            respondents: counts.iter().sum(),
            counts,
            ..RawLine::default()
        };
        let crossed: Vec<u32> = rows.iter().flat_map(|row| &row[..SIDE]).copied().collect();
        let first: Vec<u32> = rows.iter().map(|row| row.iter().sum()).collect();
        let column = |j: usize| rows.iter().map(|row| row[j]).sum::<u32>() + 20;
        let second: Vec<u32> = (0..SIDE).map(column).collect();
        let households: u32 = first.iter().sum::<u32>() + 30;
        let dwellings = second.iter().sum::<u32>() + column(SIDE) - 20 + 11;
        let def = |id: &str| indicator::table(id).unwrap();
        let Classify::Cross(a, b) = def(id).classify else {
            panic!("{id}")
        };
        let maille = |level, parent| Maille {
            id: String::new(),
            level,
            name: String::new(),
            parent,
        };
        let table = |id, top: RawLine| RawTable {
            def: def(id),
            lines: std::iter::once(top.clone())
                .chain((0..communes).map(|_| line(0, vec![0; top.counts.len()])))
                .collect(),
        };
        let tables = vec![
            table(a, line(households, first)),
            table(b, line(dwellings, second)),
            table(id, line(households, crossed)),
        ];
        let below = (0..communes).map(|_| maille(Level::Commune, Some(0)));
        let shown = |table: usize| Status {
            table,
            base: vec![false; 1 + communes],
            respondents: vec![false; 1 + communes],
            cells: vec![vec![false; SIDE]; 1 + communes],
        };
        Self {
            raw: RawTables {
                zonage: Zonage {
                    id: "territoire".to_owned(),
                    mailles: std::iter::once(maille(Level::Epci, None))
                        .chain(below)
                        .collect(),
                },
                qpv: None,
                tables,
            },
            base: vec![false; 1 + communes],
            statuses: vec![shown(0), shown(1)],
        }
    }

    /// The lines of the territory: those of the two tables, then the crossing's.
    fn top(&mut self, table: usize) -> &mut RawLine {
        &mut self.raw.tables[table].lines[TOP]
    }

    fn opens(&self, rule: Rule) -> Option<Option<usize>> {
        opens(&self.raw, 2, rule, &self.base, &self.statuses)
    }

    fn hidden(&self) -> Status {
        hide(&self.raw, 2, RULE, &self.base, &self.statuses)
    }

    /// The hidden cells of the territory, one row of `#` and `.` a modality of the first
    /// question, then whether its respondents are.
    fn drawn(&self) -> String {
        let status = self.hidden();
        let mark = |hidden: &bool| if *hidden { '#' } else { '.' };
        let mut text = String::new();
        for row in status.cells[TOP].chunks(SIDE) {
            text.extend(row.iter().map(mark));
            text.push(' ');
        }
        text.push(mark(&status.respondents[TOP]));
        text
    }
}

/// Enough everywhere, each cell dearer than the one before, and everyone answered: there
/// is nothing to hide.
const LARGE: [[u32; SIDE + 1]; SIDE] = [[40, 70, 140, 300, 600, 0]; SIDE];

/// [`LARGE`], with one row in place of the first.
fn first(row: [u32; SIDE + 1]) -> Case {
    let mut rows = LARGE;
    rows[0] = row;
    Case::new(OF_DWELLINGS, rows, 2)
}

type Change = (&'static str, fn(&mut Case), bool);

/// Of everything that the first table must show, and the second, one thing at a time.
#[test]
fn a_crossing_opens_where_both_its_tables_say_enough_over_the_territory() {
    let edge = || {
        // All that has a threshold stands at it: a margin, a sum of the second table,
        // the dwellings that hide the silent, the respondents of the crossing.
        let mut case = first([0, 0, 11, 0, 0, 0]);
        case.top(1).counts[4] = 11;
        let silent = case.top(0).respondents - 11;
        let crossing = case.top(2);
        crossing.respondents = 11;
        assert!(silent > 0);
        case
    };
    let changes: &[Change] = &[
        ("nothing", |_| (), true),
        ("households hidden", |c| c.base[TOP] = true, false),
        (
            "respondents of the first",
            |c| c.statuses[0].respondents[TOP] = true,
            false,
        ),
        (
            "a cell of the first",
            |c| c.statuses[0].cells[TOP][3] = true,
            false,
        ),
        ("a margin of ten", |c| c.top(0).counts[0] = 10, false),
        (
            "dwellings hidden",
            |c| c.statuses[1].base[TOP] = true,
            false,
        ),
        (
            "respondents of the second",
            |c| c.statuses[1].respondents[TOP] = true,
            false,
        ),
        ("a sum of ten", |c| c.top(1).counts[4] = 10, false),
        (
            "a sum of ten, hidden",
            |c| {
                c.top(1).counts[4] = 10;
                c.statuses[1].cells[TOP][4] = true;
            },
            true,
        ),
        (
            "ten dwellings without an answer",
            |c| c.top(1).respondents += 1,
            false,
        ),
        (
            "ten, and everyone answered",
            |c| {
                c.top(1).respondents += 1;
                c.top(2).respondents = c.raw.tables[0].lines[TOP].respondents;
            },
            true,
        ),
        (
            "ten respondents of the crossing",
            |c| c.top(2).respondents = 10,
            false,
        ),
    ];
    for (what, change, open) in changes {
        let mut case = edge();
        change(&mut case);
        assert_eq!(case.opens(RULE).is_some(), *open, "{what}");
        let shut = is_blank(&case.hidden());
        assert_eq!(shut, !open, "{what}");
    }
    assert_eq!(edge().opens(POPULATION), None);
    // A table that was withdrawn is not there to be crossed.
    for gone in [0, 1] {
        let mut case = edge();
        case.statuses.remove(gone);
        assert_eq!(case.opens(RULE), None);
    }
}

#[test]
fn only_a_table_of_dwellings_is_closed_beside_its_crossing() {
    assert_eq!(first(LARGE[0]).opens(RULE), Some(Some(1)));
    let mut rows = [[0, 40, 41, 42, 43, 0]; SIDE];
    rows[0] = [90, 0, 0, 0, 0, 0];
    let case = Case::new(OF_HOUSEHOLDS, rows, 2);
    assert_eq!(case.opens(RULE), Some(None));
    // One who lives alone in a household of two.
    let mut contradicted = Case::new(OF_HOUSEHOLDS, rows, 2);
    contradicted.top(2).counts[1] = 1;
    assert_eq!(contradicted.opens(RULE), None);
}

#[test]
fn eight_hundred_leaves_are_not_too_many() {
    assert!(Case::new(OF_DWELLINGS, LARGE, 800).opens(RULE).is_some());
    assert!(Case::new(OF_DWELLINGS, LARGE, 801).opens(RULE).is_none());
}

#[test]
fn no_cell_of_a_crossing_is_hidden_without_need() {
    let rest = " ..... ..... ..... .....";
    for (row, drawn, why) in [
        (LARGE[0], ".....", "nothing is small"),
        ([11, 70, 140, 300, 600, 0], ".....", "eleven is enough"),
        ([10, 70, 140, 300, 600, 0], "##...", "with the cheapest"),
        ([10, 70, 15, 300, 600, 0], "#.#..", "with the cheapest"),
        ([5, 3, 30, 300, 600, 0], "###..", "three too few for either"),
        ([5, 5, 30, 300, 600, 0], "###..", "one too few for either"),
        ([5, 6, 30, 300, 600, 0], "##...", "just enough for either"),
        ([0, 0, 0, 0, 22, 0], "#####", "no zero is told"),
    ] {
        assert_eq!(first(row).drawn(), format!("{drawn}{rest} ."), "{why}");
    }
}

#[test]
fn a_cell_that_holds_all_the_respondents_is_hidden() {
    // The empty cells of its row could do with those who did not answer.
    let mut rows = [[0, 0, 0, 0, 0, 30]; SIDE];
    rows[0][4] = 44;
    let drawn = Case::new(OF_DWELLINGS, rows, 2).drawn();
    assert_eq!(drawn, "##### ##### ##### ##### ##### .");
}

#[test]
fn who_did_not_answer_the_second_question_are_hidden_by_modality() {
    let silent = |silent: [u32; SIDE]| {
        let mut rows = LARGE;
        for (row, count) in rows.iter_mut().zip(silent) {
            row[SIDE] = count;
        }
        Case::new(OF_DWELLINGS, rows, 2).drawn()
    };
    // All answered, and that is told.
    assert_eq!(silent([0; SIDE]), "..... ..... ..... ..... ..... .");
    // A modality without any must look as one with some: each gives one cell up. Few of
    // them are not told, eleven are.
    let each = "#.... #.... #.... #.... #....";
    assert_eq!(silent([10, 0, 0, 0, 0]), format!("{each} #"));
    assert_eq!(silent([11, 0, 0, 0, 0]), format!("{each} ."));
    assert_eq!(silent([30; SIDE]), format!("{each} ."));
}

#[test]
fn modalities_that_the_second_table_hides_are_hidden_as_one() {
    let drawn = |hidden: &[usize]| {
        let mut case = Case::new(OF_DWELLINGS, LARGE, 2);
        for j in hidden {
            case.statuses[1].cells[TOP][*j] = true;
        }
        case.drawn()
    };
    // What is left of a row would be their sum: one more goes, the cheapest.
    let rows = |row: &str| [row; SIDE].join(" ") + " .";
    assert_eq!(drawn(&[4]), rows("#...#"));
    assert_eq!(drawn(&[0, 3]), rows("##.#."));
    assert_eq!(drawn(&[0, 1, 2, 3, 4]), rows("#####"));
}

#[test]
fn cells_that_no_household_is_in_are_hidden_and_hide_nothing() {
    let mut rows = [[0, 40, 70, 140, 300, 0]; SIDE];
    rows[0] = [90, 0, 0, 0, 0, 0];
    let drawn = |rows| Case::new(OF_HOUSEHOLDS, rows, 2).drawn();
    assert_eq!(drawn(rows), ".#### #.... #.... #.... #.... .");
    // They are no company for a small one.
    rows[2][1] = 9;
    assert_eq!(drawn(rows), ".#### #.... ###.. #.... #.... .");
}

#[test]
fn the_only_commune_is_a_copy_of_the_territory() {
    for (communes, copied) in [(1, true), (2, false)] {
        let mut rows = LARGE;
        rows[3][2] = 4;
        let status = Case::new(OF_DWELLINGS, rows, communes).hidden();
        let same = status.cells[1] == status.cells[TOP];
        assert_eq!(same && !status.respondents[1], copied);
        assert_eq!(status.cells[1].iter().all(|hidden| *hidden), !copied);
    }
}

#[test]
fn nothing_published_is_not_one_cell_nor_the_respondents() {
    let status = |respondents: bool, cells: [bool; 2]| Status {
        table: 0,
        base: vec![false],
        respondents: vec![respondents],
        cells: vec![cells.to_vec()],
    };
    assert!(is_blank(&status(true, [true, true])));
    assert!(!is_blank(&status(false, [true, true])));
    assert!(!is_blank(&status(true, [true, false])));
}

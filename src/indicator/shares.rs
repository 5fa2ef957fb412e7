//! The indicators (*indicateurs de mixité*): shares of the catalogue's tables.
//!
//! One declarative list, [`SHARES`], in the order of
//! `domain/indicateurs.csv`, whose `cle` names them in the base. A share is a
//! sum of cells over a sum of cells **of one line of one table**, so that its
//! numerator and denominator bear on the same units. Cumulative shares (under
//! 40 % of the ceiling, under 60 %) are sums of published classes and of
//! nothing else: where one class is hidden, the sum is too.
//!
//! ```
//! use ops_mixite::indicator::shares::{share, Denominator};
//! let mono = share("mono").unwrap();
//! assert_eq!(mono.table().id, "situation_familiale");
//! assert_eq!(mono.numerator_cells(), [1]);
//! assert_eq!(mono.denominator, Denominator::Respondents);
//! ```

use super::{TableDef, table};

/// A cell, by one modalité for each dimension of its table.
pub type Cell = &'static [&'static str];

/// What a share is a share of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denominator {
    /// Everyone whose answer to the variable is usable (`repondants`).
    Respondents,
    /// Some cells only.
    Cells(&'static [Cell]),
}

/// A share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// The `cle` of `domain/indicateurs.csv`.
    pub key: &'static str,
    table: &'static str,
    numerator: &'static [Cell],
    /// What it is a share of.
    pub denominator: Denominator,
    /// Does it only approximate what its label says? Then the label says so.
    pub proxy: bool,
}

impl Share {
    /// The table that it reads.
    pub fn table(&self) -> &'static TableDef {
        table(self.table).expect("a test checks that every share names a table of the catalogue")
    }

    /// Ranks of the numerator's cells in a line of the table.
    pub fn numerator_cells(&self) -> Vec<usize> {
        ranks(self.table(), self.numerator)
    }

    /// Ranks of the denominator's cells; `None` when it is `repondants`.
    pub fn denominator_cells(&self) -> Option<Vec<usize>> {
        match self.denominator {
            Denominator::Respondents => None,
            Denominator::Cells(cells) => Some(ranks(self.table(), cells)),
        }
    }

    /// The modalités of the numerator, when the table has one dimension.
    pub fn group(&self) -> Option<Vec<&'static str>> {
        self.numerator
            .iter()
            .map(|cell| match cell {
                [modality] => Some(*modality),
                _ => None,
            })
            .collect()
    }
}

/// The share with this key.
pub fn share(key: &str) -> Option<&'static Share> {
    SHARES.iter().find(|share| share.key == key)
}

/// The modalités that name a cell of a line, one for each dimension.
pub fn cell_ids(def: &TableDef, cell: usize) -> Vec<&'static str> {
    let mut rest = cell;
    let mut ids: Vec<&'static str> = def
        .dimensions
        .iter()
        .rev()
        .map(|dimension| {
            let id = dimension.modalities[rest % dimension.modalities.len()];
            rest /= dimension.modalities.len();
            id
        })
        .collect();
    ids.reverse();
    ids
}

fn ranks(def: &TableDef, cells: &[Cell]) -> Vec<usize> {
    (0..def.width())
        .filter(|cell| {
            let ids = cell_ids(def, *cell);
            cells.contains(&ids.as_slice())
        })
        .collect()
}

const fn of_respondents(
    key: &'static str,
    table: &'static str,
    numerator: &'static [Cell],
) -> Share {
    Share {
        key,
        table,
        numerator,
        denominator: Denominator::Respondents,
        proxy: false,
    }
}

const fn of_cells(
    key: &'static str,
    table: &'static str,
    numerator: &'static [Cell],
    denominator: &'static [Cell],
) -> Share {
    Share {
        denominator: Denominator::Cells(denominator),
        ..of_respondents(key, table, numerator)
    }
}

const fn proxy(share: Share) -> Share {
    Share {
        proxy: true,
        ..share
    }
}

const SITUATION: &str = "situation_familiale";
const RESOURCES: &str = "ressources_plus";
const AGE: &str = "age_titulaire";
const ACTIVITY: &str = "activite";

/// Every share, in the order of `domain/indicateurs.csv`.
pub const SHARES: &[Share] = &[
    of_respondents("seule", SITUATION, &[&["personne_seule"]]),
    of_respondents("mono", SITUATION, &[&["famille_monoparentale"]]),
    // Annexe 2 gives no number of children: occupants less one parent, or two.
    proxy(of_respondents(
        "enf3",
        "situation_familiale_x_taille_menage",
        &[
            &["famille_monoparentale", "4"],
            &["famille_monoparentale", "5+"],
            &["couple_avec_enfants", "5+"],
        ],
    )),
    of_respondents("lt20", RESOURCES, &[&["moins_20"]]),
    of_respondents("lt40", RESOURCES, &[&["moins_20"], &["20_40"]]),
    of_respondents("lt60", RESOURCES, &[&["moins_20"], &["20_40"], &["40_60"]]),
    of_respondents("gt100", RESOURCES, &[&["100_120"], &["120_et_plus"]]),
    of_respondents("gt120", RESOURCES, &[&["120_et_plus"]]),
    proxy(of_respondents("q1", "premier_quartile", &[&["sous"]])),
    of_respondents("age30", AGE, &[&["moins_30"]]),
    of_respondents("age65", AGE, &[&["65_74"], &["75_et_plus"]]),
    of_respondents("age75", AGE, &[&["75_et_plus"]]),
    of_respondents("min", "age_occupants", &[&["0_17"]]),
    of_respondents("stable", ACTIVITY, &[&["emploi_stable"]]),
    of_respondents("precaire", ACTIVITY, &[&["emploi_precaire"]]),
    of_respondents("chom", ACTIVITY, &[&["chomeur"]]),
    of_respondents("sansemploi", ACTIVITY, &[&["sans_emploi"]]),
    of_cells(
        "chom_actifs",
        ACTIVITY,
        &[&["chomeur"]],
        &[&["emploi_stable"], &["emploi_precaire"], &["chomeur"]],
    ),
    of_respondents("apl", "apl", &[&["oui"]]),
    of_respondents("aspa", "aspa", &[&["oui"]]),
    of_cells(
        "vac",
        "occupation",
        &[&["vacant"]],
        &[&["loue"], &["vacant"]],
    ),
    of_respondents("tiers", "occupation", &[&["tiers"]]),
    of_respondents("sousocc", "peuplement", &[&["sous_occupation"]]),
    of_respondents("surocc", "peuplement", &[&["sur_occupation"]]),
    of_respondents("dpe", "dpe", &[&["E"], &["F"], &["G"]]),
];

/// The keys of `domain/indicateurs.csv` that are no share of a table, and why.
pub const NOT_SHARES: &[(&str, &str)] = &[
    (
        "reponse",
        "no table counts the households that answered at least one question; each result carries the response rate of its own variable (`taux_reponse`)",
    ),
    (
        "ecart",
        "derived from two results of the same share: the column `ecart_epci`",
    ),
    (
        "indice",
        "derived from two results of the same share: 100 × share / share of the EPCI",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::labels;

    #[test]
    fn every_key_of_the_domain_is_a_share_or_a_documented_exception_in_its_order() {
        let mut reader =
            csv::Reader::from_reader(include_str!("../../domain/indicateurs.csv").as_bytes());
        let keys: Vec<String> = reader
            .records()
            .map(|record| record.unwrap()[0].to_owned())
            .collect();
        let shares: Vec<&str> = keys
            .iter()
            .map(String::as_str)
            .filter(|key| !NOT_SHARES.iter().any(|(not, _)| not == key))
            .collect();
        let ours: Vec<&str> = SHARES.iter().map(|share| share.key).collect();
        assert_eq!(ours, shares);
        assert_eq!(SHARES.len() + NOT_SHARES.len(), keys.len());
    }

    /// The guide tells who looks for an indicator where it is, or why it is not
    /// there: those that wait for the proof of their table among them.
    #[test]
    fn the_guide_tells_of_every_key_that_no_result_carries() {
        let guide = include_str!("../../docs/guides/collectivite.md");
        let waiting = SHARES.iter().filter(|share| !share.table().published);
        let missing: Vec<&str> = waiting
            .map(|share| share.key)
            .chain(NOT_SHARES.iter().map(|(key, _)| *key))
            .collect();
        assert_eq!(missing, ["enf3", "reponse", "ecart", "indice"]);
        let mut reader =
            csv::Reader::from_reader(include_str!("../../domain/indicateurs.csv").as_bytes());
        for record in reader.records().map(Result::unwrap) {
            let told = guide.contains(&format!("| {} |", &record[1]));
            assert_eq!(told, missing.contains(&&record[0]), "{}", &record[0]);
        }
    }

    #[test]
    fn every_share_reads_cells_that_its_table_has() {
        for share in SHARES {
            let numerator = share.numerator_cells();
            assert_eq!(numerator.len(), share.numerator.len(), "{}", share.key);
            match (share.denominator, share.denominator_cells()) {
                (Denominator::Respondents, None) => {
                    assert!(numerator.len() < share.table().width(), "{}", share.key);
                }
                (Denominator::Cells(cells), Some(ranks)) => {
                    assert_eq!(ranks.len(), cells.len(), "{}", share.key);
                    assert!(numerator.iter().all(|cell| ranks.contains(cell)));
                    assert!(numerator.len() < ranks.len(), "{}", share.key);
                }
                other => panic!("{}: {other:?}", share.key),
            }
            let words = labels::indicator(share.key);
            assert!(!words.label.is_empty(), "{}", share.key);
            assert_eq!(
                share.proxy,
                words.note.contains("approché"),
                "{}",
                share.key
            );
        }
    }

    #[test]
    fn cells_of_a_crossing_are_named_row_major() {
        let def = table("situation_familiale_x_taille_menage").unwrap();
        assert_eq!(cell_ids(def, 0), ["personne_seule", "1"]);
        assert_eq!(cell_ids(def, 9), ["famille_monoparentale", "5+"]);
        assert_eq!(share("enf3").unwrap().numerator_cells(), [8, 9, 19]);
    }
}

//! Where the programmes of a landlord stand, for the *table de passage* that he
//! completes on his own screen.

use serde::{Deserialize, Serialize};

use super::{Fold, programme_name};

/// A programme and its place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ProgrammePlace {
    /// INSEE code of its commune.
    pub commune: String,
    /// Its number.
    pub number: String,
    /// Its name, as the partial may carry it.
    pub name: String,
    /// Its *secteur*, when one is known.
    pub secteur: Option<String>,
    /// Its priority district in the *table de passage*.
    pub qpv: Option<String>,
}

impl Fold<'_> {
    /// The programmes that have a number, by commune then number.
    pub fn programmes(&self, landlord: &str) -> Vec<ProgrammePlace> {
        let mut all: Vec<_> = self
            .ranks
            .iter()
            .filter(|(key, _)| !key.programme.is_empty())
            .map(|(key, rank)| {
                let leaf = &self.leaves[*rank];
                let commune = &self.campaign.file().communes[key.commune].code;
                let line = self.campaign.passage(landlord, &key.programme, commune);
                ProgrammePlace {
                    commune: commune.clone(),
                    number: key.programme.clone(),
                    name: programme_name(&leaf.name, &key.programme),
                    secteur: line.and_then(|line| line.secteur.clone()),
                    qpv: line.and_then(|line| line.qpv.clone()),
                }
            })
            .collect();
        crate::order::sort(&mut all);
        all.dedup();
        all
    }
}

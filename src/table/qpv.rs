//! The second zonage: priority districts (*QPV*) over the same leaves.

use std::collections::{BTreeMap, HashMap};

use super::{Leaf, LeafKey, Level, Maille, Zonage, escape};
use crate::campaign::Campaign;
use crate::dwelling::Qpv;
use crate::words::labels;

/// Identifier of the zonage.
const ID: &str = "qpv";
const INSIDE: &str = "en_qpv";
const OUTSIDE: &str = "hors_qpv";
const UNKNOWN: &str = "qpv_non_renseigne";
/// The district of rows that say no code.
const NO_CODE: &str = "~";

/// The position of each leaf, completed from the *table de passage* where the
/// rows do not tell; leaves that become one are united.
///
/// A programme of the table stands outside when its line names no QPV and others
/// of the landlord's do: a table that names none says nothing of them. Where
/// districts are not wanted, every position is forgotten.
pub(super) fn settle(
    leaves: HashMap<LeafKey, Leaf>,
    campaign: &Campaign,
    landlord: &str,
    wanted: bool,
) -> BTreeMap<LeafKey, Leaf> {
    let names_some = campaign
        .file()
        .passage
        .iter()
        .any(|line| line.landlord == landlord && line.qpv.is_some());
    let mut settled: BTreeMap<LeafKey, Leaf> = BTreeMap::new();
    for (mut key, leaf) in leaves {
        let commune = &campaign.file().communes[key.commune].code;
        let line = campaign.passage(landlord, &key.programme, commune);
        if let Some(line) = line.filter(|_| names_some) {
            key.qpv = match (key.qpv, &line.qpv) {
                (Qpv::Unknown | Qpv::Inside(None), Some(code)) => Qpv::Inside(Some(code.clone())),
                (Qpv::Unknown, None) => Qpv::Outside,
                (said, _) => said,
            };
        }
        if !wanted {
            key.qpv = Qpv::Unknown;
        }
        match settled.entry(key) {
            std::collections::btree_map::Entry::Vacant(place) => {
                place.insert(leaf);
            }
            std::collections::btree_map::Entry::Occupied(mut place) => {
                place.get_mut().absorb(leaf);
            }
        }
    }
    settled
}

/// Identifier and name of the part of a programme that a QPV cuts.
pub(super) fn part(programme: &str, name: &str, qpv: &Qpv) -> (String, String) {
    let (id, label) = match qpv {
        Qpv::Inside(code) => {
            let code = code.as_deref().map_or(NO_CODE.to_owned(), escape);
            (format!("qpv:{code}"), labels::PART_INSIDE)
        }
        Qpv::Outside => ("hors".to_owned(), labels::PART_OUTSIDE),
        Qpv::Unknown => ("non_renseigne".to_owned(), labels::PART_UNKNOWN),
    };
    (format!("{programme}/{id}"), format!("{name} ({label})"))
}

/// The tree over leaves: identifier, level, name and position of each.
pub(super) fn zonage(territory: &str, leaves: Vec<(String, Level, String, Qpv)>) -> Zonage {
    let root = vec!["epci".to_owned()];
    let mut paths: BTreeMap<Vec<String>, (Level, String)> = BTreeMap::new();
    paths.insert(root.clone(), (Level::Epci, territory.to_owned()));
    for (id, level, name, position) in leaves {
        let mut path = root.clone();
        let (situation, label) = match &position {
            Qpv::Inside(_) => (INSIDE, labels::INSIDE_QPV),
            Qpv::Outside => (OUTSIDE, labels::OUTSIDE_QPV),
            Qpv::Unknown => (UNKNOWN, labels::UNKNOWN_QPV),
        };
        path.push(situation.to_owned());
        paths
            .entry(path.clone())
            .or_insert_with(|| (Level::QpvSituation, label.to_owned()));
        if let Qpv::Inside(code) = &position {
            let (id, name) = match code {
                Some(code) => (escape(code), code.clone()),
                None => (NO_CODE.to_owned(), labels::QPV_WITHOUT_CODE.to_owned()),
            };
            path.push(id);
            paths.entry(path.clone()).or_insert((Level::Qpv, name));
        }
        path.push(id);
        paths.insert(path, (level, name));
    }
    let mut zonage = Zonage {
        id: ID.to_owned(),
        mailles: Vec::with_capacity(paths.len()),
    };
    let mut ancestors: Vec<usize> = Vec::new();
    for (path, (level, name)) in paths {
        ancestors.truncate(path.len() - 1);
        let rank = zonage.mailles.len();
        zonage.mailles.push(Maille {
            id: path.into_iter().next_back().expect("a path is never empty"),
            level,
            name,
            parent: ancestors.last().copied(),
        });
        ancestors.push(rank);
    }
    zonage
}

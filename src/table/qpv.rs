//! The second zonage: priority districts (*QPV*) over the same leaves.

use std::collections::BTreeMap;

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
pub(crate) const NO_CODE: &str = "~";

/// The position of each leaf, completed from the *table de passage* where the
/// rows do not tell; leaves that become one are united.
///
/// A programme of the table stands outside when its line names no QPV and others
/// of the landlord's do: a table that names none says nothing of them. Where
/// districts are not wanted, every position is forgotten.
pub(super) fn settle(
    leaves: impl Iterator<Item = (LeafKey, Leaf)>,
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
pub(super) fn zonage(campaign: &Campaign, leaves: Vec<(String, Level, String, Qpv)>) -> Zonage {
    let root = vec!["epci".to_owned()];
    let mut paths: BTreeMap<Vec<String>, (Level, String)> = BTreeMap::new();
    let territory = campaign.file().territory.name.clone();
    paths.insert(root.clone(), (Level::Epci, territory));
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
                Some(code) => (
                    escape(code),
                    campaign.district(code).unwrap_or(code).to_owned(),
                ),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::Passage;

    const OUT: Qpv = Qpv::Outside;

    fn inside(code: Option<&str>) -> Qpv {
        Qpv::Inside(code.map(str::to_owned))
    }

    fn campaign(lines: &[(&str, &str, Option<&str>)]) -> Campaign {
        let mut file = Campaign::cucm().file().clone();
        let line = |&(landlord, programme, qpv): &(&str, &str, Option<&str>)| Passage {
            landlord: landlord.to_owned(),
            programme: programme.to_owned(),
            commune: None,
            secteur: None,
            qpv: qpv.map(str::to_owned),
        };
        file.passage = lines.iter().map(line).collect();
        Campaign::parse(crate::json::pretty(&file).as_bytes()).unwrap()
    }

    /// Leaves of the first commune: programme, position, rank of the row that names it.
    fn settled(
        campaign: &Campaign,
        leaves: &[(&str, Qpv, u64)],
        wanted: bool,
    ) -> Vec<(String, Qpv, String)> {
        let leaves = leaves.iter().map(|(programme, qpv, rank)| {
            let key = LeafKey {
                commune: 0,
                programme: (*programme).to_owned(),
                qpv: qpv.clone(),
            };
            let leaf = Leaf {
                name: format!("nom {rank}"),
                named_by: *rank,
                lines: Vec::new(),
            };
            (key, leaf)
        });
        settle(leaves, campaign, "habellis", wanted)
            .into_iter()
            .map(|(key, leaf)| (key.programme, key.qpv, leaf.name))
            .collect()
    }

    #[test]
    fn the_table_says_what_the_rows_do_not_and_nothing_against_them() {
        let named = campaign(&[
            ("habellis", "1", Some("QN07101M")),
            ("habellis", "2", None),
            ("opac71", "3", Some("QN07102M")),
        ]);
        let all = |qpv: Qpv| ["1", "2", "3"].map(|programme| (programme, qpv.clone(), 0));
        let positions = |qpv: Qpv| -> Vec<Qpv> {
            let found = settled(&named, &all(qpv), true).into_iter();
            found.map(|(_, qpv, _)| qpv).collect()
        };
        let code = inside(Some("QN07101M"));
        let said = positions(Qpv::Unknown);
        assert_eq!(said, [code.clone(), Qpv::Outside, Qpv::Unknown]);
        let said = positions(inside(None));
        assert_eq!(said, [code, inside(None), inside(None)]);
        assert_eq!(positions(OUT), [OUT; 3]);
        let other = inside(Some("QN07109M"));
        assert_eq!(
            positions(other.clone()),
            [other.clone(), other.clone(), other]
        );
        // A table that names no district of this landlord says nothing of his.
        let silent = campaign(&[("habellis", "1", None), ("opac71", "1", Some("QN07101M"))]);
        let found = settled(&silent, &all(Qpv::Unknown), true);
        assert!(found.iter().all(|(_, qpv, _)| *qpv == Qpv::Unknown));
    }

    /// Files know a district by its code, people by its name.
    #[test]
    fn a_district_bears_the_name_that_the_campaign_gives_it() {
        let mut file = campaign(&[]).file().clone();
        file.districts = vec![crate::campaign::District {
            code: "QN07101M".to_owned(),
            name: "Harfleur".to_owned(),
        }];
        let bytes = serde_json::to_vec(&file).unwrap();
        let campaign = Campaign::parse(&bytes).unwrap();
        let leaf = |id: &str, qpv| (id.to_owned(), Level::Programme, id.to_owned(), qpv);
        let leaves = vec![
            leaf("a", inside(Some("qn07101m"))),
            leaf("b", inside(Some("QN07102M"))),
        ];
        let zonage = zonage(&campaign, leaves);
        let districts = zonage.mailles.iter().filter(|m| m.level == Level::Qpv);
        let named: Vec<_> = districts.map(|m| (&*m.id, &*m.name)).collect();
        assert_eq!(named, [("QN07102M", "QN07102M"), ("qn07101m", "Harfleur")]);
    }

    #[test]
    fn leaves_that_become_one_are_united_under_their_first_name() {
        let named = campaign(&[("habellis", "1", Some("QN07101M"))]);
        let code = inside(Some("QN07101M"));
        let leaves = [("1", Qpv::Unknown, 7), ("1", code.clone(), 3)];
        let found = settled(&named, &leaves, true);
        assert_eq!(found, [("1".to_owned(), code, "nom 3".to_owned())]);
        let leaves = [("1", Qpv::Outside, 7), ("1", inside(None), 3)];
        let found = settled(&named, &leaves, false);
        assert_eq!(
            found,
            [("1".to_owned(), Qpv::Unknown, "nom 3".to_owned())],
            "districts are not wanted"
        );
    }
}

//! Two trees over the same leaves, as one tree where they nest.
//!
//! A second zonage groups the leaves of the first in another way. A maille of
//! the second whose leaves are whole children of one maille of the first is a
//! node between the two; the others are **sums** of nodes. A programme that the
//! second zonage cuts gives way: its parts stand under its parent, and the
//! programme becomes the sum of its parts. So does a secteur that a priority
//! district cuts: one of the two has to be a sum, of which next to nothing is
//! published, and the districts are what the mixité is read by.

use std::collections::HashMap;

use super::{Level, Maille, Zonage};
use crate::order;

/// A maille of one of the two zonages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Rank of the zonage.
    pub zonage: usize,
    /// Rank of the maille in it.
    pub maille: usize,
}

/// A maille that is no node of the joint tree but a sum of nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sum {
    /// Which maille.
    pub place: Place,
    /// The largest nodes that it is made of, disjoint, ascending.
    pub parts: Vec<usize>,
}

/// The joint tree.
#[derive(Clone, Debug)]
pub struct Joint {
    /// The tree; a parent stands before its children.
    pub zonage: Zonage,
    /// Where each of its mailles comes from.
    pub origin: Vec<Place>,
    /// The mailles of either zonage that are not in the tree; those of the first
    /// zonage come first.
    pub sums: Vec<Sum>,
}

struct Node {
    place: Place,
    parent: Option<usize>,
    children: Vec<usize>,
    /// Number of leaves under it.
    size: usize,
    /// Smallest leaf under it, for the order.
    first: usize,
}

struct Builder {
    nodes: Vec<Node>,
    /// The node of each leaf.
    leaf: Vec<usize>,
    /// How many leaves of the set at hand are under each node.
    count: Vec<usize>,
}

impl Joint {
    /// The joint tree of two zonages; the second has the leaves of the first
    /// (the reader of partials checks it).
    pub fn of(first: &Zonage, second: &Zonage) -> Self {
        let leaf_of = |zonage: &Zonage| zonage.leaves();
        let (first_leaf, second_leaf) = (leaf_of(first), leaf_of(second));
        let mut cut = vec![false; first.mailles.len()];
        for maille in first.mailles.iter().filter(|m| m.level == Level::Part) {
            if let Some(parent) = maille.parent {
                cut[parent] = true;
            }
        }
        let mut number: HashMap<&str, usize> = HashMap::new();
        for (rank, maille) in first.mailles.iter().enumerate() {
            if first_leaf[rank] {
                number.insert(&maille.id, number.len());
            }
        }
        let groups = sets(second, &second_leaf, &number);
        let of_level = |level: Level| {
            (0..second.mailles.len()).filter(move |rank| second.mailles[*rank].level == level)
        };
        let within = sets(first, &first_leaf, &number);
        for (rank, maille) in first.mailles.iter().enumerate() {
            let mut districts = of_level(Level::Qpv);
            cut[rank] |= maille.level == Level::Secteur
                && districts.any(|district| cuts(&groups[district], &within[rank]));
        }
        let mut builder = Builder {
            nodes: Vec::new(),
            leaf: Vec::new(),
            count: Vec::new(),
        };
        let mut node_of: Vec<Option<usize>> = vec![None; first.mailles.len()];
        for (rank, maille) in first.mailles.iter().enumerate() {
            if cut[rank] {
                continue;
            }
            let mut above = maille.parent;
            while let Some(parent) = above.filter(|p| cut[*p]) {
                above = first.mailles[parent].parent;
            }
            let at = builder.nodes.len();
            node_of[rank] = Some(at);
            let parent = above.and_then(|p| node_of[p]);
            builder.nodes.push(Node {
                place: Place {
                    zonage: 0,
                    maille: rank,
                },
                parent,
                children: Vec::new(),
                size: 0,
                first: usize::MAX,
            });
            if let Some(parent) = parent {
                builder.nodes[parent].children.push(at);
            }
            if first_leaf[rank] {
                builder.leaf.push(at);
            }
        }
        for (leaf, at) in builder.leaf.clone().into_iter().enumerate() {
            let mut up = Some(at);
            while let Some(node) = up {
                builder.nodes[node].size += 1;
                builder.nodes[node].first = builder.nodes[node].first.min(leaf);
                up = builder.nodes[node].parent;
            }
        }
        builder.count = vec![0; builder.nodes.len()];
        let mut pending: Vec<(Place, Vec<usize>)> = within
            .into_iter()
            .enumerate()
            .filter(|(rank, _)| cut[*rank])
            .map(|(maille, set)| (Place { zonage: 0, maille }, set))
            .collect();
        for maille in of_level(Level::Qpv).chain(of_level(Level::QpvSituation)) {
            let place = Place { zonage: 1, maille };
            if !builder.insert(place, &groups[maille]) {
                pending.push((place, groups[maille].clone()));
            }
        }
        builder.finish(first, second, pending)
    }
}

/// Do two sets of leaves, ascending, overlap and neither hold the other?
fn cuts(one: &[usize], other: &[usize]) -> bool {
    let common = one
        .iter()
        .filter(|leaf| other.binary_search(leaf).is_ok())
        .count();
    common > 0 && common < one.len() && common < other.len()
}

/// The leaves of each maille, ascending.
fn sets(zonage: &Zonage, leaf: &[bool], number: &HashMap<&str, usize>) -> Vec<Vec<usize>> {
    let mut sets = vec![Vec::new(); zonage.mailles.len()];
    for (rank, maille) in zonage.mailles.iter().enumerate() {
        let Some(leaf) = leaf[rank].then(|| number.get(maille.id.as_str())).flatten() else {
            continue;
        };
        let mut up = Some(rank);
        while let Some(at) = up {
            sets[at].push(*leaf);
            up = zonage.mailles[at].parent;
        }
    }
    sets.iter_mut().for_each(|set| set.sort_unstable());
    sets
}

impl Builder {
    /// Counts the leaves of a set under every node above them.
    fn mark(&mut self, set: &[usize], step: isize) {
        for leaf in set {
            let mut up = Some(self.leaf[*leaf]);
            while let Some(node) = up {
                self.count[node] = self.count[node].wrapping_add_signed(step);
                up = self.nodes[node].parent;
            }
        }
    }

    /// Puts a set of leaves into the tree, if it nests there.
    fn insert(&mut self, place: Place, set: &[usize]) -> bool {
        let Some(leaf) = set.first() else {
            return false;
        };
        self.mark(set, 1);
        let mut above = self.nodes[self.leaf[*leaf]].parent;
        while let Some(node) = above.filter(|n| self.count[*n] < set.len()) {
            above = self.nodes[node].parent;
        }
        let whole = |node: &usize| self.count[*node] == self.nodes[*node].size;
        let nested = above.filter(|node| {
            let mut children = self.nodes[*node].children.iter();
            children.all(|child| self.count[*child] == 0 || whole(child))
        });
        if let Some(parent) = nested {
            let (inside, outside): (Vec<usize>, Vec<usize>) = self.nodes[parent]
                .children
                .iter()
                .partition(|child| self.count[**child] > 0);
            let at = self.nodes.len();
            for child in &inside {
                self.nodes[*child].parent = Some(at);
            }
            self.nodes[parent].children = outside;
            self.nodes[parent].children.push(at);
            self.nodes.push(Node {
                place,
                parent: Some(parent),
                children: inside,
                size: set.len(),
                first: *leaf,
            });
            self.count.push(set.len());
        }
        self.mark(set, -1);
        nested.is_some()
    }

    /// The largest nodes that make up a set.
    fn parts(&mut self, set: &[usize]) -> Vec<usize> {
        self.mark(set, 1);
        let mut parts = Vec::new();
        for leaf in set {
            let mut node = self.leaf[*leaf];
            while let Some(parent) = self.nodes[node].parent
                && self.count[parent] == self.nodes[parent].size
            {
                node = parent;
            }
            if self.nodes[node].first == *leaf {
                parts.push(node);
            }
        }
        self.mark(set, -1);
        parts
    }

    fn finish(
        mut self,
        first: &Zonage,
        second: &Zonage,
        pending: Vec<(Place, Vec<usize>)>,
    ) -> Joint {
        let sums: Vec<(Place, Vec<usize>)> = pending
            .into_iter()
            .map(|(place, set)| (place, self.parts(&set)))
            .collect();
        let mut rank_of = vec![0; self.nodes.len()];
        let mut zonage = Zonage {
            id: first.id.clone(),
            mailles: Vec::with_capacity(self.nodes.len()),
        };
        let mut origin = Vec::with_capacity(self.nodes.len());
        let mut stack = vec![0];
        while let Some(at) = stack.pop() {
            let node = &self.nodes[at];
            rank_of[at] = zonage.mailles.len();
            let from = if node.place.zonage == 0 {
                first
            } else {
                second
            };
            zonage.mailles.push(Maille {
                parent: node.parent.map(|p| rank_of[p]),
                ..from.mailles[node.place.maille].clone()
            });
            origin.push(node.place);
            let mut children = node.children.clone();
            order::sort_by_key(&mut children, |child| {
                std::cmp::Reverse(self.nodes[*child].first)
            });
            stack.extend(children);
        }
        let sums = sums
            .into_iter()
            .map(|(place, parts)| {
                let mut parts: Vec<usize> = parts.into_iter().map(|p| rank_of[p]).collect();
                parts.sort_unstable();
                Sum { place, parts }
            })
            .collect();
        Joint {
            zonage,
            origin,
            sums,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zonage(id: &str, mailles: &[(&str, Level, Option<usize>)]) -> Zonage {
        Zonage {
            id: id.to_owned(),
            mailles: mailles
                .iter()
                .map(|(id, level, parent)| Maille {
                    id: (*id).to_owned(),
                    level: *level,
                    name: (*id).to_owned(),
                    parent: *parent,
                })
                .collect(),
        }
    }

    fn names(joint: &Joint) -> Vec<(String, Option<String>)> {
        let mailles = &joint.zonage.mailles;
        mailles
            .iter()
            .map(|m| (m.id.clone(), m.parent.map(|p| mailles[p].id.clone())))
            .collect()
    }

    /// Two communes; a QPV inside one of them, with a part of a programme, and
    /// one over both.
    #[test]
    fn a_district_inside_one_maille_is_a_node_and_one_across_is_a_sum() {
        use Level::{Commune, Epci, Part, Programme, Qpv, QpvSituation};
        let first = zonage(
            "territoire",
            &[
                ("epci", Epci, None),
                ("A", Commune, Some(0)),
                ("a1", Programme, Some(1)),
                ("a2", Programme, Some(1)),
                ("a2/hors", Part, Some(3)),
                ("a2/qpv:Q", Part, Some(3)),
                ("a3", Programme, Some(1)),
                ("B", Commune, Some(0)),
                ("b1", Programme, Some(7)),
                ("b2", Programme, Some(7)),
            ],
        );
        let second = zonage(
            "qpv",
            &[
                ("epci", Epci, None),
                ("en_qpv", QpvSituation, Some(0)),
                ("Q", Qpv, Some(1)),
                ("a1", Programme, Some(2)),
                ("a2/qpv:Q", Part, Some(2)),
                ("R", Qpv, Some(1)),
                ("a3", Programme, Some(5)),
                ("b1", Programme, Some(5)),
                ("hors_qpv", QpvSituation, Some(0)),
                ("a2/hors", Part, Some(8)),
                ("b2", Programme, Some(8)),
            ],
        );
        let joint = Joint::of(&first, &second);
        let parent = |id: &str| {
            names(&joint)
                .into_iter()
                .find(|(name, _)| name == id)
                .and_then(|(_, parent)| parent)
        };
        assert_eq!(parent("Q").as_deref(), Some("A"));
        assert_eq!(parent("a1").as_deref(), Some("Q"));
        assert_eq!(parent("a2/qpv:Q").as_deref(), Some("Q"));
        assert_eq!(parent("a2/hors").as_deref(), Some("A"));
        assert_eq!(parent("a2"), None, "a cut programme gives way");
        for (rank, maille) in joint.zonage.mailles.iter().enumerate() {
            assert!(maille.parent.is_none_or(|parent| parent < rank));
        }
        let sums: Vec<(String, Vec<&str>)> = joint
            .sums
            .iter()
            .map(|sum| {
                let from = [&first, &second][sum.place.zonage];
                (
                    from.mailles[sum.place.maille].id.clone(),
                    sum.parts
                        .iter()
                        .map(|p| joint.zonage.mailles[*p].id.as_str())
                        .collect(),
                )
            })
            .collect();
        let sum = |id: &str, parts: &[&'static str]| (id.to_owned(), parts.to_vec());
        assert_eq!(
            sums,
            [
                sum("a2", &["a2/qpv:Q", "a2/hors"]),
                sum("R", &["a3", "b1"]),
                sum("en_qpv", &["Q", "a3", "b1"]),
                sum("hors_qpv", &["a2/hors", "b2"]),
            ]
        );
    }

    /// A secteur that a district cuts is a sum of its parts; one that holds a
    /// district, or lies in one, stays.
    #[test]
    fn a_secteur_gives_way_to_a_district_that_cuts_it() {
        use Level::{Commune, Epci, Programme, Qpv, QpvSituation, Secteur};
        let first = zonage(
            "territoire",
            &[
                ("epci", Epci, None),
                ("A", Commune, Some(0)),
                ("A/cut", Secteur, Some(1)),
                ("a1", Programme, Some(2)),
                ("a2", Programme, Some(2)),
                ("A/in", Secteur, Some(1)),
                ("a3", Programme, Some(5)),
                ("a4", Programme, Some(5)),
                ("A/out", Secteur, Some(1)),
                ("a5", Programme, Some(8)),
                ("a6", Programme, Some(8)),
            ],
        );
        let second = zonage(
            "qpv",
            &[
                ("epci", Epci, None),
                ("en_qpv", QpvSituation, Some(0)),
                ("Q", Qpv, Some(1)),
                ("a2", Programme, Some(2)),
                ("a3", Programme, Some(2)),
                ("a4", Programme, Some(2)),
                ("R", Qpv, Some(1)),
                ("a5", Programme, Some(6)),
                ("hors_qpv", QpvSituation, Some(0)),
                ("a1", Programme, Some(8)),
                ("a6", Programme, Some(8)),
            ],
        );
        let joint = Joint::of(&first, &second);
        let parents: Vec<(String, Option<String>)> = names(&joint);
        let parent = |id: &str| {
            let found = parents.iter().find(|(name, _)| name == id);
            found.map(|(_, parent)| parent.clone().unwrap_or_default())
        };
        assert_eq!(parent("A/cut"), None, "it gives way");
        assert_eq!(parent("Q").as_deref(), Some("A"));
        assert_eq!(parent("A/in").as_deref(), Some("Q"));
        assert_eq!(parent("R").as_deref(), Some("A/out"));
        assert_eq!(parent("a1").as_deref(), Some("A"));
        let cut = joint.sums.iter().find(|sum| {
            sum.place
                == Place {
                    zonage: 0,
                    maille: 2,
                }
        });
        let parts = cut.map(|sum| sum.parts.iter().map(|p| &*joint.zonage.mailles[*p].id));
        assert_eq!(parts.map(Iterator::collect), Some(vec!["a1", "a2"]));
    }
}

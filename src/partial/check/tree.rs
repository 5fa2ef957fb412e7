//! The zonages of a file: trees of mailles, depth-first, children by
//! identifier (code point).

use std::collections::{BTreeSet, HashSet};

use crate::partial::{MAX_MAILLES, PartialError, ZonageFile};
use crate::table::{Level, Maille, Zonage};
use crate::words::partial as words;

/// The zonages that exist, in the order of files. All share one root, and the
/// second is another tree over the leaves of the first.
pub(crate) const ZONAGES: [&str; 2] = ["territoire", "qpv"];

/// The identifier of every root: landlords are united under it.
pub(crate) const ROOT: &str = "epci";

/// Reads the trees.
pub(crate) fn check(files: &[ZonageFile]) -> Result<Vec<Zonage>, PartialError> {
    if files.first().map(|zonage| zonage.id.as_str()) != Some(ZONAGES[0]) {
        return Err(PartialError::Zonage {
            zonage: ZONAGES[0].to_owned(),
            what: words::ZONAGE_NOT_FIRST.to_owned(),
        });
    }
    let mut zonages: Vec<Zonage> = Vec::with_capacity(files.len().min(ZONAGES.len()));
    for file in files {
        let fail = |what: &str| {
            Err(PartialError::Zonage {
                zonage: file.id.clone(),
                what: what.to_owned(),
            })
        };
        let Some(rank) = ZONAGES.iter().position(|id| *id == file.id) else {
            return fail(words::ZONAGE_UNKNOWN);
        };
        if zonages.iter().any(|zonage| zonage.id == file.id) {
            return fail(words::ZONAGE_TWICE);
        }
        if rank != zonages.len() {
            return fail(words::ZONAGE_MISPLACED);
        }
        zonages.push(tree(file)?);
    }
    if let [first, others @ ..] = zonages.as_slice() {
        let leaves = leaves(first);
        for other in others {
            if self::leaves(other) != leaves {
                return Err(PartialError::Zonage {
                    zonage: other.id.clone(),
                    what: words::other_leaves(&first.id),
                });
            }
        }
    }
    Ok(zonages)
}

fn tree(file: &ZonageFile) -> Result<Zonage, PartialError> {
    let fail = |what: String| {
        Err(PartialError::Zonage {
            zonage: file.id.clone(),
            what,
        })
    };
    if file.mailles.len() > MAX_MAILLES {
        return fail(words::too_many_mailles(file.mailles.len(), MAX_MAILLES));
    }
    match file.mailles.first() {
        None => return fail(words::ZONAGE_EMPTY.to_owned()),
        Some(root) if root.id == ROOT && root.level == Level::Epci && root.parent.is_none() => {}
        Some(root) => {
            return fail(words::no_root(&root.id));
        }
    }
    let mut seen = HashSet::with_capacity(file.mailles.len());
    let mut zonage = Zonage {
        id: file.id.clone(),
        mailles: Vec::with_capacity(file.mailles.len()),
    };
    // The path from the root to the last maille read, and on it the last child
    // seen: in a depth-first order every parent is on that path, which also
    // rules out cycles and mailles before their parent.
    let mut path: Vec<(usize, Option<&str>)> = Vec::new();
    for (rank, maille) in file.mailles.iter().enumerate() {
        if maille.id.is_empty() {
            return fail(words::maille_without_id(rank + 1));
        }
        if !seen.insert(maille.id.as_str()) {
            return fail(words::maille_twice(&maille.id));
        }
        let parent = match &maille.parent {
            None if rank == 0 => None,
            None => {
                return fail(words::maille_without_parent(&maille.id));
            }
            Some(parent) => {
                while path
                    .last()
                    .is_some_and(|(p, _)| file.mailles[*p].id != *parent)
                {
                    path.pop();
                }
                let Some((rank, last)) = path.last_mut() else {
                    return fail(words::maille_away(&maille.id, parent));
                };
                if last.is_some_and(|last| last >= maille.id.as_str()) {
                    return fail(words::maille_misplaced(&maille.id, parent));
                }
                *last = Some(&maille.id);
                let above = file.mailles[*rank].level;
                if !may_hold(&file.id, above, maille.level) {
                    return fail(words::maille_level(&maille.id, parent));
                }
                Some(*rank)
            }
        };
        path.push((rank, None));
        zonage.mailles.push(Maille {
            id: maille.id.clone(),
            level: maille.level,
            name: maille.name.clone(),
            parent,
        });
    }
    Ok(zonage)
}

/// May a maille of level `above` hold one of level `below` in this zonage?
fn may_hold(zonage: &str, above: Level, below: Level) -> bool {
    use Level::{Commune, Epci, Part, Programme, Qpv, QpvSituation, Regroupement, Secteur};
    if zonage == ZONAGES[0] {
        match below {
            Commune => above == Epci,
            Secteur => above == Commune,
            Programme | Regroupement => matches!(above, Commune | Secteur),
            Part => above == Programme,
            Epci | Qpv | QpvSituation => false,
        }
    } else {
        match below {
            QpvSituation => above == Epci,
            Qpv => above == QpvSituation,
            Programme | Regroupement | Part => matches!(above, Qpv | QpvSituation),
            Epci | Commune | Secteur => false,
        }
    }
}

fn leaves(zonage: &Zonage) -> BTreeSet<&str> {
    let mut inner = vec![false; zonage.mailles.len()];
    for maille in &zonage.mailles {
        if let Some(parent) = maille.parent {
            inner[parent] = true;
        }
    }
    zonage
        .mailles
        .iter()
        .zip(inner)
        .filter(|(_, inner)| !inner)
        .map(|(maille, _)| maille.id.as_str())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_maille_holds_the_levels_of_its_zonage_and_no_other() {
        use Level::{Commune, Epci, Part, Programme, Qpv, QpvSituation, Regroupement, Secteur};
        const ALL: [Level; 8] = [
            Epci,
            Commune,
            Secteur,
            Programme,
            Regroupement,
            Part,
            QpvSituation,
            Qpv,
        ];
        let territory: [(Level, &[Level]); 8] = [
            (Epci, &[Commune]),
            (Commune, &[Secteur, Programme, Regroupement]),
            (Secteur, &[Programme, Regroupement]),
            (Programme, &[Part]),
            (Regroupement, &[]),
            (Part, &[]),
            (QpvSituation, &[]),
            (Qpv, &[]),
        ];
        let districts: [(Level, &[Level]); 8] = [
            (Epci, &[QpvSituation]),
            (QpvSituation, &[Programme, Regroupement, Part, Qpv]),
            (Qpv, &[Programme, Regroupement, Part]),
            (Commune, &[]),
            (Secteur, &[]),
            (Programme, &[]),
            (Regroupement, &[]),
            (Part, &[]),
        ];
        for (zonage, held) in ZONAGES.into_iter().zip([territory, districts]) {
            for (above, wanted) in held {
                let found: Vec<Level> = ALL
                    .into_iter()
                    .filter(|below| may_hold(zonage, above, *below))
                    .collect();
                assert_eq!(found, wanted, "{zonage} {above:?}");
            }
        }
    }
}

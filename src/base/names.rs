//! Programmes of one name in one commune, told apart for those who read them.
//!
//! The file keeps the names as the landlords gave them; screens, drawings and exports
//! show these.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use super::BaseFile;
use crate::table::{Level, Zonage};
use crate::words::labels;

/// Adds to the names that several programmes of a commune bear the landlord of each; of
/// one landlord's, their numbers too.
///
/// `places` gives where the results of each maille of the territory stand in the file:
/// a programme has one landlord, which they name.
pub(super) fn tell_apart(
    territory: &mut Zonage,
    file: &BaseFile,
    places: &[Range<usize>],
    landlords: &[(String, String)],
) {
    let mut alike: HashMap<(&str, &str), Vec<usize>> = HashMap::new();
    for (rank, maille) in territory.mailles.iter().enumerate() {
        if maille.level == Level::Programme {
            let commune = territory.commune_of(maille);
            let commune = commune.map_or("", |commune| &commune.id);
            alike.entry((commune, &maille.name)).or_default().push(rank);
        }
    }
    let landlord = |rank: usize| {
        let result = file.results.get(places.get(rank)?.start)?;
        result.landlords.first().map(String::as_str)
    };
    let mut told = Vec::new();
    for ((_, name), ranks) in alike.into_iter().filter(|(_, ranks)| ranks.len() > 1) {
        let ids: BTreeSet<&str> = ranks.iter().filter_map(|rank| landlord(*rank)).collect();
        for rank in &ranks {
            let id = landlord(*rank).unwrap_or_default();
            let of = landlords.iter().find(|(known, _)| known == id);
            let of = of.filter(|_| ids.len() > 1).map(|(_, name)| name.as_str());
            let same = |other: &&usize| landlord(**other) == Some(id);
            let number = (ranks.iter().filter(same).count() > 1)
                .then(|| number(&territory.mailles[*rank].id));
            told.push((*rank, labels::programme(name, number.as_deref(), of)));
        }
    }
    for (rank, name) in told {
        territory.mailles[rank].name = name;
    }
}

/// The number of a programme, from its identifier: `<bailleur>/<numero>@<insee>`.
fn number(id: &str) -> String {
    let number = id.split_once('/').map_or(id, |(_, rest)| rest);
    let number = number.rsplit_once('@').map_or(number, |(number, _)| number);
    let mut plain = number.to_owned();
    for (sign, code) in [("/", "%2F"), ("@", "%40"), ("~", "%7E"), ("%", "%25")] {
        plain = plain.replace(code, sign);
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::sample;
    use crate::campaign::Campaign;
    use crate::partial::sample::dwellings;

    /// Two landlords who give one name to two programmes each, and to one more in another
    /// commune: the first four are told apart, the file keeps what they wrote.
    #[test]
    fn programmes_of_one_name_are_told_apart() {
        let campaign = Campaign::example();
        let files = [("exemple-a", 11), ("exemple-b", 12)].map(|(landlord, seed)| {
            let mut file = sample::file(&campaign, landlord, &dwellings(seed, 900, 5));
            for maille in &mut file.zonages[0].mailles {
                if maille.level == Level::Programme {
                    maille.name = "Les Acacias".to_owned();
                }
            }
            file
        });
        let base = sample::of_files(&campaign, files);
        let territory = &base.zonages()[0];
        let programmes = || {
            let all = territory.mailles.iter();
            all.filter(|maille| maille.level == Level::Programme)
        };
        let mut shown = BTreeSet::new();
        for maille in programmes() {
            let commune = &territory.commune_of(maille).unwrap().id;
            assert!(
                shown.insert((commune, &maille.name)),
                "{} of {commune} twice",
                maille.name
            );
            let alone = programmes()
                .filter(|other| &territory.commune_of(other).unwrap().id == commune)
                .count()
                == 1;
            assert_eq!(maille.name == "Les Acacias", alone, "{}", maille.name);
        }
        assert!(shown.len() > 4);
        let kept = base.file().zonages[0].mailles.iter();
        let kept = kept.filter(|maille| maille.level == Level::Programme);
        assert!(kept.clone().count() > 4);
        assert!(kept.into_iter().all(|maille| maille.name == "Les Acacias"));
        assert_eq!(number("a/12%2F3@71153"), "12/3");
    }
}

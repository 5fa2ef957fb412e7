//! Programmes of one name in one commune, told apart for those who read them; priority
//! districts, which bear a code or a name, said to be where they are.
//!
//! The file keeps the names as the landlords gave them; screens, drawings and exports
//! show these.

use std::collections::{BTreeSet, HashMap};

use crate::table::{Level, NO_CODE, Zonage};
use crate::words::labels;

/// Adds to the names that several programmes, or groups of them, of a commune bear the
/// landlord of each; of one landlord's, their numbers too.
pub(super) fn tell_apart(territory: &mut Zonage, landlords: &[(String, String)]) {
    let mut alike: HashMap<(&str, &str), Vec<usize>> = HashMap::new();
    for (rank, maille) in territory.mailles.iter().enumerate() {
        if matches!(maille.level, Level::Programme | Level::Regroupement) {
            let commune = territory.commune_of(maille);
            let commune = commune.map_or("", |commune| &commune.id);
            alike.entry((commune, &maille.name)).or_default().push(rank);
        }
    }
    let place = |rank: &usize| place(&territory.mailles[*rank].id);
    let mut told = Vec::new();
    for ((_, name), ranks) in alike.into_iter().filter(|(_, ranks)| ranks.len() > 1) {
        let mut of: HashMap<String, usize> = HashMap::new();
        for rank in &ranks {
            *of.entry(place(rank).0).or_default() += 1;
        }
        for rank in &ranks {
            let (id, number) = place(rank);
            let landlord = landlords.iter().find(|(known, _)| *known == id);
            let landlord = landlord.map_or(id.as_str(), |(_, name)| name);
            let number = Some(number.as_str()).filter(|_| of[&id] > 1);
            let landlord = Some(landlord).filter(|_| of.len() > 1);
            told.push((*rank, labels::programme(name, number, landlord)));
        }
    }
    for (rank, name) in told {
        territory.mailles[rank].name = name;
    }
}

/// Adds to the name of a priority district the communes that its programmes stand in.
pub(super) fn locate_districts(territory: &Zonage, districts: &mut Zonage) {
    let communes: HashMap<&str, &str> = territory
        .mailles
        .iter()
        .filter_map(|maille| {
            Some((
                maille.id.as_str(),
                territory.commune_of(maille)?.name.as_str(),
            ))
        })
        .collect();
    let mut of: HashMap<usize, BTreeSet<&str>> = HashMap::new();
    for maille in &districts.mailles {
        if let (Some(district), Some(commune)) = (maille.parent, communes.get(&*maille.id)) {
            of.entry(district).or_default().insert(commune);
        }
    }
    let told: Vec<(usize, String)> = of
        .into_iter()
        .filter(|(rank, _)| {
            let maille = &districts.mailles[*rank];
            maille.level == Level::Qpv && maille.id != NO_CODE
        })
        .map(|(rank, communes)| {
            let communes: Vec<&str> = communes.into_iter().collect();
            (
                rank,
                labels::district(&districts.mailles[rank].name, &communes),
            )
        })
        .collect();
    for (rank, name) in told {
        districts.mailles[rank].name = name;
    }
}

/// The landlord and the number of a programme, from its identifier:
/// `<bailleur>/<numero>@<insee>`.
fn place(id: &str) -> (String, String) {
    let (landlord, rest) = id.split_once('/').unwrap_or(("", id));
    let number = rest.rsplit_once('@').map_or(rest, |(number, _)| number);
    let plain = |text: &str| {
        let mut plain = text.to_owned();
        for (sign, code) in [("/", "%2F"), ("@", "%40"), ("~", "%7E"), ("%", "%25")] {
            plain = plain.replace(code, sign);
        }
        plain
    };
    (plain(landlord), plain(number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::sample;
    use crate::campaign::Campaign;
    use crate::example::Landlord;
    use crate::partial::sample::dwellings;

    /// A code says nothing to those who read it: the communes do.
    #[test]
    fn a_district_is_said_to_be_where_it_is() {
        let campaign = Campaign::example();
        let base = sample::of_files(&campaign, [sample::protected(Landlord::A)]);
        let [territory, districts] = base.zonages() else {
            panic!("two zonages");
        };
        let mut seen = 0;
        for (rank, maille) in districts.mailles.iter().enumerate() {
            if maille.level != Level::Qpv {
                continue;
            }
            let inside = districts.mailles.iter().filter(|m| m.parent == Some(rank));
            for programme in inside {
                let here = territory.mailles.iter().find(|m| m.id == programme.id);
                let commune = territory.commune_of(here.unwrap()).unwrap();
                assert!(maille.name.contains(&commune.name), "{}", maille.name);
                seen += 1;
            }
            assert!(maille.name.starts_with(&format!("{} (", maille.id)));
        }
        assert!(seen > 0);
        let kept = base.file().zonages[1].mailles.iter();
        let kept = kept.filter(|m| m.level == Level::Qpv);
        assert!(kept.into_iter().all(|m| m.id == m.name));
    }

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
        assert_eq!(place("a%7E/12%2F3@71153"), ("a~".into(), "12/3".into()));
    }
}

//! Income against the PLUS ceilings, and against the first quartile.
//!
//! Household categories: arrêté of 29 July 1987, article 1 and annexe (six
//! categories, a supplement beyond). Annexe 2 of the convention gives neither
//! dependants nor disability, so the category follows from the *situation
//! familiale*, the number of occupants and, for couples without children, the
//! ages of both (*jeune ménage*: sum of ages of 55 at most). Where the category
//! would have to be guessed the household is not a respondent.
//!
//! Classes are `[a ; b[`, compared in integers: `100 · RFR` with `k · ceiling`.

use crate::campaign::PlusCeilings;
use crate::dwelling::{FamilySituation, Household};

/// Upper bounds of the classes, per cent of the ceiling.
const BOUNDS: [u64; 6] = [20, 40, 60, 80, 100, 120];
/// A *jeune ménage* is a couple whose ages add up to this at most.
const YOUNG_COUPLE: u16 = 55;

/// The PLUS category (1 to 6) of a household and the persons beyond the sixth,
/// or `None` when it would have to be guessed or answers contradict each other.
pub fn category(household: &Household) -> Option<(u8, u16)> {
    use FamilySituation::{Alone, CoupleWith, CoupleWithout, Other, SingleParent};
    let n = household.occupants;
    let capped = |rank: u16| Some((rank.min(6) as u8, rank.saturating_sub(6)));
    match household.situation? {
        Alone => matches!(n, None | Some(1)).then_some((1, 0)),
        SingleParent => n.filter(|n| *n >= 2).and_then(|n| capped(n + 1)),
        CoupleWithout => {
            if n? != 2 {
                return None;
            }
            let ages: Vec<u8> = household.known_ages().collect();
            let [a, b] = ages[..] else { return None };
            Some((
                if u16::from(a) + u16::from(b) <= YOUNG_COUPLE {
                    3
                } else {
                    2
                },
                0,
            ))
        }
        CoupleWith => n.filter(|n| *n >= 3).and_then(capped),
        Other => n.filter(|n| *n >= 1).and_then(capped),
    }
}

/// The ceiling that applies to a household, in euros a year.
pub fn ceiling(household: &Household, ceilings: &PlusCeilings) -> Option<u64> {
    let (category, beyond) = category(household)?;
    let base = ceilings.categories[usize::from(category) - 1];
    Some(u64::from(base) + u64::from(beyond) * u64::from(ceilings.supplement))
}

/// The rank of the class of `ressources_plus`.
pub fn class(household: &Household, ceilings: &PlusCeilings) -> Option<usize> {
    let (income, ceiling) = (household.income?, ceiling(household, ceilings)?);
    Some(
        BOUNDS
            .iter()
            .take_while(|k| u128::from(income) * 100 >= u128::from(**k) * u128::from(ceiling))
            .count(),
    )
}

/// Is the income per consumption unit (*UC*: 1 for the first adult, 0.5 for
/// others of 14 and more, 0.3 for children) below the threshold? `None` unless
/// every occupant's age is known.
pub fn below_quartile(household: &Household, threshold: u64) -> Option<bool> {
    let income = household.income?;
    let ages: Vec<u8> = household.known_ages().collect();
    if ages.is_empty() || usize::from(household.occupants?) != ages.len() {
        return None;
    }
    let others = ages
        .iter()
        .filter(|age| **age >= 14)
        .count()
        .saturating_sub(1);
    let children = ages.iter().filter(|age| **age < 14).count();
    // Tenths of a consumption unit, so that the comparison stays in integers.
    let tenths = 10 + 5 * others as u128 + 3 * children as u128;
    Some(u128::from(income) * 10 < u128::from(threshold) * tenths)
}

impl Household {
    /// The known ages of the occupants, the tenant's included when the list
    /// lacks only him (one age fewer than occupants).
    pub fn known_ages(&self) -> impl Iterator<Item = u8> {
        let lacks_holder = self
            .occupants
            .is_some_and(|n| usize::from(n) == self.listed_ages.len() + 1)
            // Counted by class, he is among them already.
            && self.ages_by_class == [0; 6];
        self.listed_ages
            .iter()
            .copied()
            .chain(lacks_holder.then_some(self.holder_age))
            .flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::Campaign;

    /// The worked cases of the field, just below and above each bound.
    #[test]
    fn worked_cases_of_2024() {
        let campaign = Campaign::cucm();
        let ceilings = &campaign.file().plus_ceilings;
        let mut reader =
            csv::Reader::from_reader(&include_bytes!("../../domain/plus_check_cases_2024.csv")[..]);
        let classes = [
            "<20", "20-40", "40-60", "60-80", "80-100", "100-120", ">=130",
        ];
        let mut cases = 0;
        for record in reader.records() {
            let record = record.unwrap();
            let situation = match &record[0] {
                s if s.starts_with("personne seule") => FamilySituation::Alone,
                s if s.starts_with("couple sans") => FamilySituation::CoupleWithout,
                s if s.starts_with("famille mono") => FamilySituation::SingleParent,
                s if s.starts_with("couple avec") => FamilySituation::CoupleWith,
                s if s.starts_with("autre") => FamilySituation::Other,
                s => panic!("{s}"),
            };
            let ages: Vec<_> = record[2].split(';').map(|a| a.parse().ok()).collect();
            let household = Household {
                situation: Some(situation),
                occupants: record[1].parse().ok(),
                holder_age: ages[0],
                listed_ages: ages,
                income: record[6].parse().ok(),
                ..Household::default()
            };
            assert_eq!(
                category(&household),
                Some((record[3].parse().unwrap(), record[4].parse().unwrap())),
                "{record:?}"
            );
            assert_eq!(
                ceiling(&household, ceilings),
                record[5].parse().ok(),
                "{record:?}"
            );
            assert_eq!(
                class(&household, ceilings).map(|c| classes[c]),
                Some(&record[8]),
                "{record:?}"
            );
            cases += 1;
        }
        assert_eq!(cases, 11);
    }

    #[test]
    fn nothing_is_guessed() {
        let couple = |n, ages: &[Option<u8>]| Household {
            situation: Some(FamilySituation::CoupleWithout),
            occupants: n,
            listed_ages: ages.to_vec(),
            ..Household::default()
        };
        assert_eq!(category(&couple(Some(2), &[Some(30), None])), None);
        assert_eq!(category(&couple(Some(3), &[Some(30), Some(30)])), None);
        assert_eq!(category(&couple(None, &[Some(30), Some(30)])), None);
        let alone = |n| Household {
            situation: Some(FamilySituation::Alone),
            occupants: n,
            ..Household::default()
        };
        assert_eq!(category(&alone(Some(3))), None);
        assert_eq!(category(&alone(Some(1))), Some((1, 0)));
        let parent = Household {
            situation: Some(FamilySituation::SingleParent),
            occupants: Some(1),
            ..Household::default()
        };
        assert_eq!(category(&parent), None);
    }

    #[test]
    fn the_quartile_is_compared_by_consumption_unit() {
        let household = Household {
            occupants: Some(3),
            holder_age: Some(40),
            listed_ages: vec![Some(40), Some(13), Some(14)],
            income: Some(18_000),
            ..Household::default()
        };
        // 1 + 0.5 + 0.3 = 1.8 units: 10 000 euros each.
        assert_eq!(below_quartile(&household, 10_000), Some(false));
        assert_eq!(below_quartile(&household, 10_001), Some(true));
        assert_eq!(
            below_quartile(
                &Household {
                    occupants: Some(5),
                    ..household
                },
                10_001
            ),
            None
        );
    }
}

//! The fragility profile (*profil de fragilité*) of a maille: how many indicators
//! stand how far above the EPCI, never without its components.
//!
//! It counts and does not weigh: a score would hide which indicators make it.
//! An indicator whose gap is not published (secret, bounds, too few answers, or
//! no share of the EPCI) is a component without an answer, and the count is said
//! « out of » those that have one.

use super::file::{ResultFile, Status};
use super::fraction::Gap;
use crate::campaign::Rate;

/// The indicators counted, by their `cle`: those of which a higher share is read
/// as a fragility. A convention of ours, one for each subject, so that no
/// household is counted twice by two thresholds of one variable.
pub const FRAGILITY: &[&str] = &[
    "mono",
    "enf3",
    "lt40",
    "precaire",
    "chom_actifs",
    "aspa",
    "surocc",
];

/// An indicator of a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Component {
    /// Its `cle`.
    pub indicator: String,
    /// What is known of it.
    pub status: Status,
    /// Its share on the maille, when it is published.
    pub share: Option<Rate>,
    /// Its gap to the EPCI, when both are published.
    pub gap: Option<Gap>,
}

/// The profile of a maille.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The smallest gap that counts.
    pub least: Gap,
    /// Its components, in the order of the results.
    pub components: Vec<Component>,
}

impl Profile {
    /// How many indicators stand above the EPCI by the least gap or more.
    pub fn above(&self) -> usize {
        let gaps = self.components.iter().filter_map(|c| c.gap);
        gaps.filter(|gap| *gap >= self.least).count()
    }

    /// Out of how many whose gap is published.
    pub fn known(&self) -> usize {
        self.components.iter().filter(|c| c.gap.is_some()).count()
    }
}

/// The profile of a maille, from its results ([`super::Base::results_on`]), over
/// some indicators ([`FRAGILITY`]); `None` when it has none of them. `least` is
/// the smallest gap that counts.
pub fn profile(results: &[ResultFile], indicators: &[&str], least: Gap) -> Option<Profile> {
    let components: Vec<Component> = results
        .iter()
        .filter(|r| indicators.contains(&r.indicator.as_str()))
        .map(|r| Component {
            indicator: r.indicator.clone(),
            status: r.status,
            share: r.share,
            gap: r.gap.filter(|_| r.status == Status::Published),
        })
        .collect();
    (!components.is_empty()).then_some(Profile { least, components })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::shares::share;

    fn result(indicator: &str, status: Status, gap: Option<i32>) -> ResultFile {
        ResultFile {
            indicator: indicator.to_owned(),
            zonage: "territoire".to_owned(),
            maille: "71153".to_owned(),
            status,
            numerator: None,
            denominator: None,
            numerator_min: None,
            numerator_max: None,
            denominator_min: None,
            denominator_max: None,
            share: gap.map(|gap| Rate(20_000_u32.saturating_add_signed(gap))),
            min: None,
            max: None,
            gap: gap.map(Gap),
            response: None,
            landlords: Vec::new(),
        }
    }

    #[test]
    fn a_profile_counts_what_is_published_and_shows_the_rest() {
        let results = [
            result("mono", Status::Published, Some(2_000)),
            result("lt40", Status::Published, Some(1_999)),
            result("precaire", Status::Published, Some(-5_000)),
            result("chom_actifs", Status::Published, Some(9_000)),
            result("aspa", Status::Secret, None),
            result("surocc", Status::Bounded, None),
            // Not of the profile.
            result("apl", Status::Published, Some(30_000)),
        ];
        let profile = super::profile(&results, FRAGILITY, Gap(2_000)).unwrap();
        assert_eq!((profile.above(), profile.known()), (2, 4));
        assert_eq!(profile.components.len(), 6, "hidden ones are shown too");
        assert_eq!(profile.components[4].gap, None);
        let none = super::profile(&results[6..], FRAGILITY, Gap(2_000));
        assert_eq!(none, None);
    }

    #[test]
    fn the_indicators_of_the_profile_exist_and_no_modality_counts_twice() {
        let mut cells = std::collections::HashSet::new();
        for key in FRAGILITY {
            let share = share(key).unwrap();
            for cell in share.numerator_cells() {
                assert!(cells.insert((share.table().id, cell)), "{key}");
            }
        }
    }
}

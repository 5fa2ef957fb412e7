//! When a hidden result is announced by its bounds (*encadré*).
//!
//! A hidden result becomes `borne` when, **whatever its true value between the
//! bounds**, the rules of the convention hold: the threshold on the numerator,
//! on its complement and on the denominator, hence neither 0 % nor 100 %, and
//! the response rate; when the bounds are narrow enough to be read, at most
//! [`MAX_WIDTH`] between the shares; and when they leave a choice: bounds are
//! never a point. Otherwise it stays `secret`.
//!
//! Of its two numbers one may be exact, if the merged tables publish it: a share
//! of actives is between bounds as soon as those in work are, though the
//! unemployed are published. A number that no table publishes stays between
//! bounds even where they leave it one value: then nothing is announced.
//!
//! The least share is the least numerator over the greatest denominator, rounded
//! down, the greatest the reverse, rounded up: exact where the denominator is,
//! else true and a little wide.
//!
//! The reader of a base has the merged tables and not the partials. It accepts
//! the whole numbers announced when they contradict nothing in the tables and
//! obey these rules, and computes the shares again from them.

use super::file::{ResultFile, Status};
use super::results::Computed;
use crate::campaign::{BearsOn, Rate};
use crate::indicator::shares::SHARES;
use crate::merge::ShareBounds;
use crate::partial::AppliedRules;

/// Widest bounds announced: 10 points. Wider, they would not tell a maille from
/// its neighbours: most indicators vary by about as much between communes.
pub const MAX_WIDTH: Rate = Rate(10_000);

/// Announces hidden results by their bounds, where the rules allow.
/// `bounds(result, rank of its share)` gives those of all the landlords present.
pub(super) fn announce(
    rules: &AppliedRules,
    results: &mut [Computed],
    bounds: impl Fn(&ResultFile, usize) -> Option<ShareBounds>,
) {
    for Computed { result, numerator } in results {
        if result.status != Status::Secret {
            continue;
        }
        let share = SHARES.iter().position(|s| s.key == result.indicator);
        let Some(found) = share.and_then(|share| bounds(result, share)) else {
            continue;
        };
        let answered = rules
            .min_response
            .reached_by(found.answered.0, found.asked.1);
        let candidate = with(result, *numerator, found.numerator, found.denominator);
        if let Some(candidate) = candidate
            && answered
            && is_announced(rules, &candidate)
        {
            *result = candidate;
        }
    }
}

/// The result with these bounds, beside the numerator that the tables publish.
fn with(
    result: &ResultFile,
    numerator: Option<u64>,
    part: (u64, u64),
    whole: (u64, u64),
) -> Option<ResultFile> {
    let (min, max) = shares(part, whole)?;
    Some(ResultFile {
        status: Status::Bounded,
        numerator,
        numerator_min: Some(part.0),
        numerator_max: Some(part.1),
        denominator_min: Some(whole.0),
        denominator_max: Some(whole.1),
        min: Some(min),
        max: Some(max),
        ..result.clone()
    })
}

/// The shares between which lies that of numbers between these.
fn shares(part: (u64, u64), whole: (u64, u64)) -> Option<(Rate, Rate)> {
    if part.0 > part.1 || whole.0 > whole.1 || whole.0 == 0 {
        return None;
    }
    let one = u128::from(Rate::ONE);
    let least = u128::from(part.0) * one / u128::from(whole.1);
    let most = (u128::from(part.1) * one)
        .div_ceil(u128::from(whole.0))
        .min(one);
    let rate = |value: u128| u32::try_from(value).ok().map(Rate);
    Some((rate(least.min(one))?, rate(most)?))
}

/// Do the rules hold for every value between these bounds?
fn obeys(rules: &AppliedRules, part: (u64, u64), whole: (u64, u64)) -> bool {
    let threshold = u64::from(rules.threshold);
    let least = match rules.bears_on {
        BearsOn::Effectif => threshold,
        BearsOn::Population => 1,
    };
    // Nothing under the threshold on either side.
    part.0 >= least && whole.0 >= threshold && whole.0 >= part.1 + least
}

/// Do the bounds leave a choice, where the tables publish this numerator or none?
fn leave_a_choice(numerator: Option<u64>, part: (u64, u64), whole: (u64, u64)) -> bool {
    match numerator {
        Some(exact) => part == (exact, exact) && whole.0 < whole.1,
        None => part.0 < part.1,
    }
}

/// Is this result announced, its response rate apart?
fn is_announced(rules: &AppliedRules, result: &ResultFile) -> bool {
    let narrow = result
        .min
        .zip(result.max)
        .is_some_and(|(min, max)| max.0 - min.0 <= MAX_WIDTH.0);
    narrow && read(rules, result, (result.numerator, result.denominator)).is_some()
}

/// The bounds of a result as read, checked: `None` when they break a rule,
/// contradict what the tables publish (numerator, denominator), leave no choice
/// or are not those of its shares.
pub(super) fn read(
    rules: &AppliedRules,
    result: &ResultFile,
    (numerator, denominator): (Option<u64>, Option<u64>),
) -> Option<()> {
    let part = (result.numerator_min?, result.numerator_max?);
    let whole = (result.denominator_min?, result.denominator_max?);
    let sound = shares(part, whole)? == (result.min?, result.max?)
        && obeys(rules, part, whole)
        && leave_a_choice(numerator, part, whole)
        && denominator.is_none_or(|exact| whole == (exact, exact));
    sound.then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> AppliedRules {
        AppliedRules {
            threshold: 11,
            bears_on: BearsOn::Effectif,
            min_response: Rate(60_000),
        }
    }

    #[test]
    fn the_least_share_is_rounded_down_and_the_greatest_up() {
        assert_eq!(shares((1, 2), (3, 3)), Some((Rate(33_333), Rate(66_667))));
        assert_eq!(
            shares((41, 52), (100, 104)),
            Some((Rate(39_423), Rate(52_000)))
        );
        assert_eq!(shares((1, 5), (4, 4)), Some((Rate(25_000), Rate(100_000))));
        assert_eq!(shares((1, 2), (0, 3)), None);
        assert_eq!(shares((2, 1), (3, 3)), None);
    }

    #[test]
    fn bounds_obey_the_rules_whatever_the_true_value() {
        assert!(obeys(&rules(), (11, 14), (25, 30)));
        assert!(
            !obeys(&rules(), (10, 14), (100, 100)),
            "perhaps under the threshold"
        );
        assert!(!obeys(&rules(), (11, 15), (25, 30)), "perhaps ten others");
        let population = AppliedRules {
            bears_on: BearsOn::Population,
            ..rules()
        };
        assert!(obeys(&population, (1, 9), (11, 11)));
        assert!(!obeys(&population, (0, 9), (11, 11)), "perhaps 0 %");
        assert!(!obeys(&population, (1, 11), (11, 11)), "perhaps 100 %");
    }

    #[test]
    fn one_of_the_two_numbers_may_be_exact_and_published_never_both() {
        assert!(leave_a_choice(None, (14, 20), (100, 100)));
        assert!(leave_a_choice(None, (14, 20), (100, 104)));
        assert!(leave_a_choice(Some(14), (14, 14), (100, 104)));
        assert!(!leave_a_choice(Some(14), (14, 14), (100, 100)), "a point");
        assert!(!leave_a_choice(None, (14, 14), (100, 104)), "not published");
        assert!(!leave_a_choice(Some(15), (14, 14), (100, 104)), "another");
        assert!(!leave_a_choice(Some(14), (14, 20), (100, 104)), "too wide");
    }
}

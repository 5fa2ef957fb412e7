//! Proportions: computed exactly, rounded once, half away from zero.

use serde::{Deserialize, Serialize};

use crate::campaign::Rate;

/// A difference of two proportions, exact to the fifth decimal: `Gap(1_250)` is
/// 1.25 points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gap(pub i32);

impl Serialize for Gap {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(f64::from(self.0) / f64::from(Rate::ONE))
    }
}

impl<'de> Deserialize<'de> for Gap {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = f64::deserialize(deserializer)?;
        let Rate(size) = Rate::deserialize(serde::de::value::F64Deserializer::new(value.abs()))?;
        let size = i32::try_from(size).expect("a rate is at most 100 000");
        Ok(Self(if value < 0.0 { -size } else { size }))
    }
}

/// A proportion of integers, kept exact: `part` of `whole`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fraction {
    /// Numerator, at most the denominator.
    pub part: u64,
    /// Denominator, not zero.
    pub whole: u64,
}

impl Fraction {
    /// A proportion; `None` when the whole is zero or less than the part.
    pub fn new(part: u64, whole: u64) -> Option<Self> {
        (whole > 0 && part <= whole).then_some(Self { part, whole })
    }

    /// Rounded half up to the fifth decimal (a proportion is never negative).
    pub fn rounded(self) -> Rate {
        let (part, whole) = (u128::from(self.part), u128::from(self.whole));
        let twice = (2 * part * u128::from(Rate::ONE) + whole) / (2 * whole);
        Rate(u32::try_from(twice).expect("a proportion is at most one"))
    }

    /// This proportion less the other, from the unrounded values, rounded half
    /// away from zero to the fifth decimal.
    pub fn gap(self, other: Self) -> Gap {
        let (difference, whole) = self.less(other);
        let size = (2 * difference.abs() * i128::from(Rate::ONE) + whole) / (2 * whole);
        gap(if difference < 0 { -size } else { size })
    }

    /// The least that a gap is, of this proportion or more to the other or less:
    /// rounded down, so that it stays true.
    pub fn gap_down(self, other: Self) -> Gap {
        let (difference, whole) = self.less(other);
        gap((difference * i128::from(Rate::ONE)).div_euclid(whole))
    }

    /// The most that a gap is, of this proportion or less to the other or more:
    /// rounded up.
    pub fn gap_up(self, other: Self) -> Gap {
        let (difference, whole) = self.less(other);
        gap(-(-difference * i128::from(Rate::ONE)).div_euclid(whole))
    }

    /// Numerator and denominator of this proportion less the other.
    fn less(self, other: Self) -> (i128, i128) {
        // Counts are under 2^50, so that cross products stay under 2^120.
        let cross = |a: u64, b: u64| i128::from(a) * i128::from(b);
        let difference = cross(self.part, other.whole) - cross(other.part, self.whole);
        (difference, cross(self.whole, other.whole))
    }

    /// *Indice 100*: this proportion over the other, in hundredths, from the
    /// unrounded values, rounded half up; `None` when the other is zero.
    pub fn index_100(self, other: Self) -> Option<u64> {
        let wide = |a: u64, b: u64| u128::from(a) * u128::from(b);
        let (part, whole) = (wide(self.part, other.whole), wide(self.whole, other.part));
        let doubled = (2 * part * 10_000 + whole).checked_div(2 * whole)?;
        u64::try_from(doubled).ok()
    }
}

fn gap(hundred_thousandths: i128) -> Gap {
    Gap(i32::try_from(hundred_thousandths).expect("proportions differ by at most one"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(part: u64, whole: u64) -> Fraction {
        Fraction::new(part, whole).unwrap()
    }

    #[test]
    fn proportions_are_rounded_half_away_from_zero() {
        assert_eq!(of(812, 3904).rounded(), Rate(20_799));
        assert_eq!(of(1, 3).rounded(), Rate(33_333));
        assert_eq!(of(2, 3).rounded(), Rate(66_667));
        // 0.000005 exactly.
        assert_eq!(of(1, 200_000).rounded(), Rate(1));
        assert_eq!(of(1, 200_001).rounded(), Rate(0));
        assert_eq!(of(7, 7).rounded(), Rate(100_000));
        assert_eq!(Fraction::new(1, 0), None);
        assert_eq!(Fraction::new(2, 1), None);
    }

    #[test]
    fn a_gap_is_taken_before_rounding() {
        // 1/3 − 1/6 = 1/6 = 0.166667: rounding first gives 0.33333 − 0.16667.
        assert_eq!(of(1, 3).gap(of(1, 6)), Gap(16_667));
        assert_eq!(of(1, 6).gap(of(1, 3)), Gap(-16_667));
        assert_eq!(of(1, 200_000).gap(of(0, 1)), Gap(1));
        assert_eq!(of(0, 1).gap(of(1, 200_000)), Gap(-1));
        let large = (1 << 49) + 1;
        assert_eq!(of(large - 1, large).gap(of(0, large)), Gap(100_000));
    }

    #[test]
    fn bounds_of_a_gap_are_rounded_outward() {
        let (third, sixth) = (of(1, 3), of(1, 6));
        assert_eq!(third.gap_down(sixth), Gap(16_666));
        assert_eq!(third.gap_up(sixth), Gap(16_667));
        assert_eq!(sixth.gap_down(third), Gap(-16_667));
        assert_eq!(sixth.gap_up(third), Gap(-16_666));
        assert_eq!(of(1, 2).gap_down(of(1, 4)), Gap(25_000));
        assert_eq!(of(1, 2).gap_up(of(1, 4)), Gap(25_000));
    }

    #[test]
    fn an_index_is_taken_before_rounding() {
        // (1/3) / (1/6) = 2: rounding first gives 0.33333 / 0.16667 = 1.99994.
        assert_eq!(of(1, 3).index_100(of(1, 6)), Some(20_000));
        assert_eq!(of(94, 204).index_100(of(2406, 5946)), Some(11_387));
        assert_eq!(of(5, 9).index_100(of(5, 9)), Some(10_000));
        assert_eq!(of(5, 9).index_100(of(0, 9)), None);
    }

    #[test]
    fn gaps_are_written_plainly_and_read_back() {
        for (gap, text) in [
            (Gap(3_120), "0.0312\n"),
            (Gap(-1), "-0.00001\n"),
            (Gap(0), "0\n"),
        ] {
            assert_eq!(crate::json::pretty(&gap), text);
            assert_eq!(serde_json::from_str::<Gap>(text).unwrap(), gap);
        }
        assert!(serde_json::from_str::<Gap>("-1.5").is_err());
        assert!(serde_json::from_str::<Gap>("0.1234567").is_err());
    }
}

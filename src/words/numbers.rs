//! Numbers as they are written in French: narrow no-break space between
//! thousands and before « % », decimal comma, a true minus sign.
//!
//! ```
//! use ops_mixite::{campaign::Rate, words::numbers};
//! assert_eq!(numbers::count(12_345), "12\u{202f}345");
//! assert_eq!(numbers::percent(Rate(20_799)), "20,8\u{202f}%");
//! assert_eq!(numbers::points(-1_250), "−1,3\u{202f}pt");
//! ```

use crate::campaign::Rate;

/// Narrow no-break space (*espace fine insécable*).
pub const THIN: char = '\u{202f}';

/// A count, thousands apart.
pub fn count(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::with_capacity(digits.len() * 2);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(THIN);
        }
        out.push(digit);
    }
    out
}

/// A share in per cent, one decimal, half away from zero.
pub fn percent(rate: Rate) -> String {
    format!("{}{THIN}%", tenths(i64::from(rate.0)))
}

/// The least that a share is, in per cent: rounded down, so that it stays true.
pub fn at_least(rate: Rate) -> String {
    percent(Rate(rate.0 / 100 * 100))
}

/// The most that a share is, in per cent: rounded up, so that it stays true.
pub fn at_most(rate: Rate) -> String {
    percent(Rate(rate.0.div_ceil(100) * 100))
}

/// A tick of an axis of shares, in per cent: a decimal only where it needs one.
pub fn percent_whole(value: i32) -> String {
    format!("{}{THIN}%", trimmed(value))
}

/// A tick of an axis of gaps, in points, signed.
pub fn points_whole(value: i32) -> String {
    let sign = if value > 0 { "+" } else { "" };
    format!("{sign}{}", trimmed(value))
}

fn trimmed(value: i32) -> String {
    let text = tenths(i64::from(value));
    text.strip_suffix(",0").unwrap_or(&text).to_owned()
}

/// A gap in points (hundred-thousandths in, points out), one decimal, signed.
/// A gap that rounds to nothing has no sign.
pub fn points(gap: i32) -> String {
    let text = tenths(i64::from(gap));
    let sign = if gap > 0 && text != "0,0" { "+" } else { "" };
    // In French 1.9 is still singular, and so is −1.9.
    let unit = if gap.unsigned_abs() + 50 < 2_000 {
        "pt"
    } else {
        "pts"
    };
    format!("{sign}{text}{THIN}{unit}")
}

/// The least that a gap is, in points: rounded down.
pub fn points_at_least(gap: i32) -> String {
    points(gap.div_euclid(100) * 100)
}

/// The most that a gap is, in points: rounded up.
pub fn points_at_most(gap: i32) -> String {
    points(-(-gap).div_euclid(100) * 100)
}

/// An index to four decimals, as indices of segregation are read.
pub fn index(value: f64) -> String {
    format!("{value:.4}").replace('.', ",").replace('-', "−")
}

/// An index as it is read on screen: three significant digits.
pub fn index_read(value: f64) -> String {
    let (mut decimals, mut size) = (2, value.abs());
    while size > 0.0 && size < 1.0 && decimals < 6 {
        (decimals, size) = (decimals + 1, size * 10.0);
    }
    format!("{value:.decimals$}")
        .replace('.', ",")
        .replace('-', "−")
}

/// Hundred-thousandths → tenths of a hundredth, in French.
fn tenths(value: i64) -> String {
    let scaled = (value.abs() + 50) / 100;
    let sign = if value < 0 && scaled > 0 { "−" } else { "" };
    format!("{sign}{},{}", scaled / 10, scaled % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_in_french() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(1_000), "1\u{202f}000");
        assert_eq!(count(1_234_567), "1\u{202f}234\u{202f}567");
        assert_eq!(percent(Rate(100_000)), "100,0\u{202f}%");
        assert_eq!(percent(Rate(49)), "0,0\u{202f}%");
        assert_eq!(percent(Rate(50)), "0,1\u{202f}%");
        // A bound that is rounded is still a bound.
        assert_eq!(at_least(Rate(41_199)), "41,1\u{202f}%");
        assert_eq!(at_most(Rate(41_101)), "41,2\u{202f}%");
        assert_eq!(at_least(Rate(41_100)), at_most(Rate(41_100)));
        assert_eq!(at_most(Rate(99_999)), "100,0\u{202f}%");
        assert_eq!(percent_whole(20_000), "20\u{202f}%");
        assert_eq!(percent_whole(2_500), "2,5\u{202f}%");
        assert_eq!(points_whole(5_000), "+5");
        assert_eq!(points_whole(-5_000), "−5");
        assert_eq!(points(49), "0,0\u{202f}pt");
        assert_eq!(points(-49), "0,0\u{202f}pt");
        assert_eq!(points(1_949), "+1,9\u{202f}pt");
        assert_eq!(points(1_950), "+2,0\u{202f}pts");
        assert_eq!(points(-3_120), "−3,1\u{202f}pts");
        assert_eq!(index(0.256_671), "0,2567");
        for (value, read) in [
            (0.256_671, "0,257"),
            (0.002_9, "0,00290"),
            (1.903_6, "1,90"),
            (0.0, "0,00"),
            (-0.066, "−0,0660"),
        ] {
            assert_eq!(index_read(value), read);
        }
        // Gaps between bounds go outward, on either side of zero.
        assert_eq!(points_at_least(-3_201), "−3,3\u{202f}pts");
        assert_eq!(points_at_most(-699), "−0,6\u{202f}pt");
        assert_eq!(points_at_least(5_999), "+5,9\u{202f}pts");
        assert_eq!(points_at_most(5_901), "+6,0\u{202f}pts");
        assert_eq!(points_at_most(-3_200), points_at_least(-3_200));
    }
}

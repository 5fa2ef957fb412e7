//! Numbers as they are typed: amounts, ages, typologies, surfaces, years.
//!
//! Stated rules, since a file never says them:
//! * an amount is taken down to the whole euro; a single separator followed by
//!   exactly three digits parts thousands, since nobody writes mills;
//! * an age is the completed years at the reference date; of a year of birth
//!   alone it is `reference − year − 1`, which on 1 January is exact but for
//!   those born on that very day.

use super::cell::{Day, Epoch, Value};
use super::columns::Role;
use super::limits::{MAX_AGE, MAX_INCOME, MAX_OCCUPANTS, MAX_ROOMS, MAX_SURFACE};
use super::source::digits::whole;
use super::values::{Answer, is_silence};
use crate::campaign::normalise;
use crate::dwelling::Typology;

/// A number in text: its whole part, its sign, and whether it has decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Typed {
    whole: u64,
    negative: bool,
}

fn typed(text: &str) -> Option<Typed> {
    // Digits alone, as most are, that fit in any case.
    if text.len() <= 18
        && let Some(whole) = whole(text.as_bytes())
    {
        return Some(Typed {
            whole,
            negative: false,
        });
    }
    let upper = text.trim().to_uppercase();
    let bare = ["EUROS", "EURO", "EUR", "€", "M²", "M2", "ANS", "AN"]
        .iter()
        .find_map(|unit| upper.strip_suffix(unit))
        .unwrap_or(&upper);
    let bare = bare.strip_prefix('€').unwrap_or(bare);
    let mut digits = String::with_capacity(bare.len());
    let mut negative = false;
    for c in bare.chars() {
        match c {
            '0'..='9' | '.' | ',' => digits.push(c),
            // A thousands space: ordinary, U+00A0, U+202F, thin.
            c if c.is_whitespace() => {}
            '\'' | '’' => {}
            '-' | '−' if digits.is_empty() && !negative => negative = true,
            _ => return None,
        }
    }
    let decimal = match (digits.rfind(','), digits.rfind('.')) {
        (Some(comma), Some(dot)) => Some(comma.max(dot)),
        (Some(at), None) | (None, Some(at)) => {
            let parts = digits.matches([',', '.']).count();
            let thousands = parts > 1 || (digits.len() - at == 4 && (1..=3).contains(&at));
            (!thousands).then_some(at)
        }
        (None, None) => None,
    };
    let whole = &digits[..decimal.unwrap_or(digits.len())];
    let fraction = decimal.map_or("", |at| &digits[at + 1..]);
    if !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    // What is left of separators must part groups of three digits.
    let mut groups = whole.split([',', '.']);
    let first = groups.next()?;
    let mut joined = first.to_owned();
    for group in groups {
        if group.len() != 3 || !(1..=3).contains(&first.len()) {
            return None;
        }
        joined.push_str(group);
    }
    if joined.is_empty() && fraction.is_empty() {
        return None;
    }
    let whole = if joined.is_empty() {
        0
    } else {
        joined.parse().ok()?
    };
    Some(Typed { whole, negative })
}

/// The number in a cell, its whole part; `Silent` for nothing or a word for it.
fn number(value: &Value<'_>) -> Answer<Typed> {
    match value {
        Value::Empty | Value::Error => Answer::Silent,
        Value::Number(n) if n.is_finite() && n.abs() < 1e15 => Answer::Known(Typed {
            whole: n.abs().trunc() as u64,
            negative: *n < 0.0,
        }),
        Value::Text(text) => match typed(text) {
            Some(number) => Answer::Known(number),
            None if is_silence(&normalise(text)) => Answer::Silent,
            None => Answer::Unknown,
        },
        _ => Answer::Unknown,
    }
}

/// Nines only, six at least: how software writes « not known ».
fn is_filler(n: u64) -> bool {
    n >= 999_999 && n.to_string().bytes().all(|b| b == b'9')
}

/// Of what cannot be negative, a negative number: one that software writes for « not
/// known » (−1, −9, −99, −999), or a mistake.
fn below_zero<T>(n: u64) -> Answer<T> {
    match n {
        0 | 1 | 9 | 99 | 999 | 9_999 => Answer::Silent,
        _ => Answer::Implausible,
    }
}

/// An amount of money, in whole euros. Zero is an answer.
pub(crate) fn amount(value: &Value<'_>) -> Answer<u64> {
    match number(value) {
        Answer::Known(n) if n.negative && n.whole == 1 => Answer::Silent,
        Answer::Known(n) if is_filler(n.whole) => Answer::Silent,
        Answer::Known(n) if n.negative && n.whole > 0 => Answer::Implausible,
        Answer::Known(n) if n.whole > MAX_INCOME => Answer::Implausible,
        other => other.map(|n| n.whole),
    }
}

/// A count of persons.
pub(crate) fn persons(value: &Value<'_>) -> Answer<u16> {
    let value = match value {
        Value::Text(text) => {
            if text.len() <= 4
                && let Some(n) = whole(text.as_bytes())
            {
                return persons_of(Answer::Known(n));
            }
            // The normal form has no sign.
            if text.trim_start().starts_with(['-', '−']) {
                return persons_of_number(number(&Value::Text(text)));
            }
            let plain = normalise(text);
            let stem = plain.split(" PERS").next().unwrap_or_default();
            return persons_of(match stem.parse() {
                Ok(n) => Answer::Known(n),
                Err(_) => number(&Value::Text(text)).map(|n| n.whole),
            });
        }
        other => number(other),
    };
    persons_of_number(value)
}

fn persons_of_number(number: Answer<Typed>) -> Answer<u16> {
    match number {
        Answer::Known(n) if n.negative => below_zero(n.whole),
        other => persons_of(other.map(|n| n.whole)),
    }
}

fn persons_of(n: Answer<u64>) -> Answer<u16> {
    match n {
        Answer::Known(99 | 999 | 9999) => Answer::Silent,
        Answer::Known(n) if n == 0 || n > u64::from(MAX_OCCUPANTS) => Answer::Implausible,
        other => other.map(|n| n as u16),
    }
}

/// A count that may be zero (adults of an activity).
pub(crate) fn count(value: &Value<'_>) -> Answer<u16> {
    match number(value) {
        Answer::Known(n) if n.negative => below_zero(n.whole),
        Answer::Known(n) if n.whole == 99 || n.whole == 999 => Answer::Silent,
        Answer::Known(n) if n.whole > u64::from(MAX_OCCUPANTS) => Answer::Implausible,
        other => other.map(|n| n.whole as u16),
    }
}

/// How ages are taken.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Calendar {
    /// The reference date of the campaign.
    pub(crate) reference: Day,
    /// How the workbook counts days; `None` for a text file, which may come
    /// from either.
    pub(crate) epoch: Option<Epoch>,
}

impl Calendar {
    /// Completed years at the reference date.
    fn age_of(self, birth: Day) -> Answer<u8> {
        let r = self.reference;
        let years = r.year - birth.year - i32::from((birth.month, birth.day) > (r.month, r.day));
        plausible(i64::from(years))
    }

    fn age_of_year(self, year: u64) -> Answer<u8> {
        plausible(i64::from(self.reference.year) - year as i64 - 1)
    }

    fn is_year(self, n: u64) -> bool {
        (1880..=self.reference.year as u64 + 2).contains(&n)
    }
}

fn plausible(age: i64) -> Answer<u8> {
    match u8::try_from(age) {
        Ok(age) if age <= MAX_AGE => Answer::Known(age),
        _ => Answer::Implausible,
    }
}

/// An age, from an age, a date of birth or a year of birth; `year` is set when it is
/// taken from a bare year.
pub(crate) fn age(
    value: &Value<'_>,
    role: Role,
    calendar: Calendar,
    year: &mut bool,
) -> Answer<u8> {
    if let Value::Date(birth) = value {
        return calendar.age_of(*birth);
    }
    if let Value::Text(text) = value
        && let Some(birth) = Day::parse(text)
    {
        return calendar.age_of(birth);
    }
    // « 03/1985 » tells no more than its year.
    if let Value::Text(text) = value
        && super::cell::may_be_day(text)
    {
        return match text.trim().rsplit_once('/') {
            Some((month, year)) if !month.contains('/') => {
                calendar.age_of_year(year.parse().unwrap_or(0))
            }
            _ => Answer::Unknown,
        };
    }
    let n = match number(value) {
        Answer::Known(n) if n.negative => return below_zero(n.whole),
        Answer::Known(n) => n.whole,
        other => return other.map(|_| 0),
    };
    match (n, role) {
        (999 | 9999, _) => Answer::Silent,
        (n, _) if calendar.is_year(n) => {
            *year = true;
            calendar.age_of_year(n)
        }
        // In a column of dates a bare number is a day of the workbook's count.
        (n, Role::Birth) => match calendar.epoch.and_then(|e| Day::from_serial(n as f64, e)) {
            Some(birth) if n > 2_100 => calendar.age_of(birth),
            _ => Answer::Unknown,
        },
        (n, _) if n <= u64::from(MAX_AGE) => Answer::Known(n as u8),
        _ => Answer::Implausible,
    }
}

/// A typology, and the number of rooms when it says it exactly.
pub(crate) fn typology(value: &Value<'_>) -> Answer<(Typology, Option<u8>)> {
    let text = value.text();
    let plain = normalise(&text);
    if matches!(value, Value::Error) || is_silence(&plain) {
        return Answer::Silent;
    }
    match plain.as_str() {
        "STUDIO" | "CHAMBRE" | "STUDETTE" => return Answer::Known((Typology::T1, Some(1))),
        _ => {}
    }
    let stem = ["TYPE ", "TYPE", "T", "F"]
        .iter()
        .find_map(|prefix| plain.strip_prefix(prefix))
        .unwrap_or(&plain)
        .trim_start();
    let end = stem
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(stem.len());
    let Ok(rooms) = stem[..end].parse::<u8>() else {
        return Answer::Unknown;
    };
    if rooms == 0 || rooms > MAX_ROOMS {
        return Answer::Implausible;
    }
    let exact = match stem[end..].trim() {
        "" | "P" | "PIECE" | "PIECES" | "PIECES PRINCIPALES" | "DUPLEX" => {
            !text.contains(['+', '\''])
        }
        // A « bis » has a small room more: the number is not exact.
        "BIS" | "B" | "ET" | "ET PLUS" | "OU PLUS" | "PLUS" | "PIECES ET PLUS"
        | "PIECES OU PLUS" | "PIECES ET" => false,
        _ => return Answer::Unknown,
    };
    let typology = Typology::ALL[usize::from(rooms.min(5)) - 1];
    Answer::Known((typology, exact.then_some(rooms)))
}

/// A number of rooms.
pub(crate) fn rooms(value: &Value<'_>) -> Answer<u8> {
    typology(value).map(|(typology, rooms)| rooms.unwrap_or(typology as u8 + 1))
}

/// A surface in whole m², rounded down; RPLS writes 999 for « without object ».
pub(crate) fn surface(value: &Value<'_>) -> Answer<u16> {
    match number(value) {
        Answer::Known(n) if n.negative => below_zero(n.whole),
        Answer::Known(n) if n.whole == 999 || n.whole == 9999 => Answer::Silent,
        Answer::Known(n) if n.whole == 0 || n.whole > MAX_SURFACE => Answer::Implausible,
        other => other.map(|n| n.whole as u16),
    }
}

/// A year of construction.
pub(crate) fn year(value: &Value<'_>, calendar: Calendar) -> Answer<u16> {
    let n = match value {
        Value::Date(day) => day.year as u64,
        Value::Text(text) => match Day::parse(text) {
            Some(day) => day.year as u64,
            None => match number(value) {
                Answer::Known(n) => n.whole,
                other => return other.map(|_| 0),
            },
        },
        other => match number(other) {
            Answer::Known(n) => n.whole,
            other => return other.map(|_| 0),
        },
    };
    match n {
        0 | 999 | 9999 => Answer::Silent,
        1200.. if n <= calendar.reference.year as u64 + 2 => Answer::Known(n as u16),
        _ => Answer::Implausible,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Answer::{Implausible, Known, Silent, Unknown};

    #[allow(non_snake_case)]
    fn T(text: &str) -> Value<'_> {
        Value::Text(text)
    }

    #[test]
    fn amounts_as_they_are_typed() {
        for text in [
            "15234",
            "15 234",
            "15\u{a0}234",
            "15\u{202f}234 €",
            "15 234,00",
            "15.234,50",
            "15234.5",
            "15,234.99",
            "15234 EUR",
            "15.234",
            " 15234,9 euros",
            "15'234",
            "€ 15 234",
        ] {
            assert_eq!(amount(&T(text)), Known(15_234), "{text}");
        }
        assert_eq!(amount(&T("1.234.567,89")), Known(1_234_567));
        assert_eq!(amount(&T("12,5")), Known(12));
        assert_eq!(amount(&T("0")), Known(0));
        assert_eq!(amount(&T(",5")), Known(0));
        assert_eq!(amount(&Value::Number(15_234.99)), Known(15_234));
        for text in [
            "",
            "NC",
            "NR",
            "999999",
            "9999999",
            "-1",
            "#N/A",
            "non renseigné",
            " - ",
        ] {
            assert_eq!(amount(&T(text)), Silent, "{text}");
        }
        assert_eq!(amount(&Value::Empty), Silent);
        assert_eq!(amount(&Value::Error), Silent);
        assert_eq!(amount(&T("-500")), Implausible);
        assert_eq!(amount(&T("99000000")), Implausible);
        for text in ["douze", "1,5E+04", "12.34.56", "1 234,5,6", "12-34", "."] {
            assert_ne!(amount(&T(text)).known(), Some(0), "{text}");
            assert!(matches!(amount(&T(text)), Unknown | Silent), "{text}");
        }
        // A true small income is not a marker.
        assert_eq!(amount(&T("999")), Known(999));
        assert_eq!(amount(&Value::Number(f64::NAN)), Unknown);
        assert_eq!(amount(&Value::Number(1e300)), Unknown);
    }

    #[test]
    fn ages_at_the_reference_date() {
        let calendar = Calendar {
            reference: Day::new(2024, 1, 1).unwrap(),
            epoch: Some(Epoch::From1900),
        };
        let age = |v, role| age(&v, role, calendar, &mut false);
        assert_eq!(age(Value::Number(45.0), Role::Plain), Known(45));
        assert_eq!(age(T("45 ans"), Role::Plain), Known(45));
        assert_eq!(age(T("0"), Role::Plain), Known(0));
        assert_eq!(age(T("01/01/1994"), Role::Plain), Known(30));
        assert_eq!(age(T("02/01/1994"), Role::Plain), Known(29));
        assert_eq!(
            age(Value::Date(Day::new(1994, 1, 1).unwrap()), Role::Plain),
            Known(30)
        );
        assert_eq!(age(T("1994"), Role::Plain), Known(29));
        assert_eq!(age(Value::Number(1994.0), Role::Birth), Known(29));
        assert_eq!(age(T("2023"), Role::Plain), Known(0));
        assert_eq!(age(T("03/1985"), Role::Birth), Known(38));
        assert_eq!(age(T("12/03/85"), Role::Birth), Unknown);
        assert_eq!(age(T("12/03/85"), Role::Plain), Unknown);
        assert_eq!(age(T("2024"), Role::Plain), Implausible);
        assert_eq!(age(T("15/06/2024"), Role::Plain), Implausible);
        assert_eq!(age(T("1890"), Role::Plain), Implausible);
        assert_eq!(age(T("111"), Role::Plain), Implausible);
        assert_eq!(age(T("999"), Role::Plain), Silent);
        assert_eq!(age(T("NC"), Role::Plain), Silent);
        assert_eq!(age(Value::Number(34_335.0), Role::Birth), Known(30));
        // A number, and no age: not said to be no number.
        for text in ["34335", "412", "-3", "-7"] {
            assert_eq!(age(T(text), Role::Plain), Implausible, "{text}");
        }
        for text in ["-1", "-9", "-99", "-999"] {
            assert_eq!(age(T(text), Role::Plain), Silent, "{text}");
        }
        // From a text file the count of days is not known.
        let text = Calendar {
            epoch: None,
            ..calendar
        };
        assert_eq!(
            super::age(&T("34335"), Role::Birth, text, &mut false),
            Unknown
        );
    }

    #[test]
    fn typologies() {
        use Typology::{T1, T3, T5Plus};
        for text in ["T3", "F3", "3", "Type 3", "3 pièces", "t3", "T 3", "3P"] {
            assert_eq!(typology(&T(text)), Known((T3, Some(3))), "{text}");
        }
        assert_eq!(typology(&Value::Number(3.0)), Known((T3, Some(3))));
        for text in ["T3 bis", "T3B"] {
            assert_eq!(typology(&T(text)), Known((T3, None)), "{text}");
        }
        for text in ["T1 bis", "T1'"] {
            assert_eq!(typology(&T(text)), Known((T1, None)), "{text}");
        }
        for text in ["Studio", "Chambre"] {
            assert_eq!(typology(&T(text)), Known((T1, Some(1))), "{text}");
        }
        for text in ["T5 et +", "T6+", "T5 et plus", "5+"] {
            assert_eq!(typology(&T(text)), Known((T5Plus, None)), "{text}");
        }
        assert_eq!(typology(&T("T6")), Known((T5Plus, Some(6))));
        assert_eq!(typology(&T("Loft")), Unknown);
        assert_eq!(typology(&T("NC")), Silent);
        assert_eq!(typology(&T("T0")), Implausible);
    }

    #[test]
    fn counts_years_and_surfaces() {
        let calendar = Calendar {
            reference: Day::new(2024, 1, 1).unwrap(),
            epoch: None,
        };
        assert_eq!(persons(&T("3 personnes")), Known(3));
        assert_eq!(persons(&T("3")), Known(3));
        assert_eq!(persons(&Value::Number(3.0)), Known(3));
        assert_eq!(persons(&T("0")), Implausible);
        assert_eq!(persons(&T("99")), Silent);
        assert_eq!(persons(&T("45")), Implausible);
        assert_eq!(persons(&T("beaucoup")), Unknown);
        assert_eq!(persons(&T("-2")), Implausible);
        assert_eq!(persons(&Value::Number(-2.0)), Implausible);
        assert_eq!(persons(&T("-1")), Silent);
        assert_eq!(count(&T("-2")), Implausible);
        assert_eq!(count(&Value::Number(-1.0)), Silent);
        assert_eq!(surface(&T("-30")), Implausible);
        assert_eq!(surface(&T("-1")), Silent);
        assert_eq!(surface(&T("65,9 m²")), Known(65));
        assert_eq!(surface(&T("999")), Silent);
        assert_eq!(surface(&T("0")), Implausible);
        assert_eq!(year(&T("1975"), calendar), Known(1975));
        assert_eq!(year(&T("01/06/1975"), calendar), Known(1975));
        assert_eq!(year(&T("75"), calendar), Implausible);
        assert_eq!(year(&T("0"), calendar), Silent);
        assert_eq!(rooms(&T("4")), Known(4));
    }
}

//! One row of any spreadsheet, in one reused buffer.
//!
//! Every format reader fills the same [`Row`]; what follows knows no format.

use std::rc::Rc;

use super::limits::{MAX_CELL_BYTES, MAX_COLUMNS, MAX_ROW_BYTES};
use super::source::strings::Strings;

/// A calendar day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Day {
    pub(crate) year: i32,
    pub(crate) month: u8,
    pub(crate) day: u8,
}

/// From which day a workbook counts its dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Epoch {
    /// Day 1 is 1 January 1900 (and 29 February 1900 is believed to exist).
    From1900,
    /// Day 0 is 1 January 1904 (workbooks of older Macintoshes).
    From1904,
}

impl Day {
    /// A day that exists, of a year of four digits.
    pub(crate) fn new(year: i32, month: u8, day: u8) -> Option<Self> {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let last = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            _ => return None,
        };
        ((1..=last).contains(&day) && (1000..=9999).contains(&year)).then_some(Self {
            year,
            month,
            day,
        })
    }

    /// The day of a serial number, time of day dropped.
    pub(crate) fn from_serial(serial: f64, epoch: Epoch) -> Option<Self> {
        if !(0.0..2_958_466.0).contains(&serial) {
            return None;
        }
        let days = serial.floor() as i64;
        // Days since 1 January 1970.
        let days = match epoch {
            Epoch::From1904 => days - 24_107,
            // REASON: Excel gives 29 February 1900, which never was, the
            // number 60; the days before it are one off.
            Epoch::From1900 if days < 60 => days - 25_568,
            Epoch::From1900 => days - 25_569,
        };
        // Howard Hinnant's civil_from_days, on eras of 400 years.
        let z = days + 719_468;
        let (era, doe) = (z.div_euclid(146_097), z.rem_euclid(146_097));
        let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let day = (doy - (153 * mp + 2) / 5 + 1) as u8;
        let month = if mp < 10 { mp + 3 } else { mp - 9 } as u8;
        let year = (yoe + era * 400 + i64::from(month <= 2)) as i32;
        Self::new(year, month, day)
    }

    /// A day written `1985-03-12` (a time may follow) or `12/03/1985`, with
    /// any of `/ - .` as separator and the year in four digits.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = trimmed(text);
        // REASON: every age is asked whether it is a day, and « 1985-3-1 » is the
        // shortest.
        if text.len() < 8 {
            return None;
        }
        let date = text.split(['T', ' ']).next()?;
        let mut parts = date.split(['/', '-', '.']);
        let (a, b, c) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() || ![a, b, c].iter().all(|p| is_digits(p)) {
            return None;
        }
        match (a.len(), c.len()) {
            (4, 1..=2) => Self::new(a.parse().ok()?, b.parse().ok()?, c.parse().ok()?),
            (1..=2, 4) => Self::new(c.parse().ok()?, b.parse().ok()?, a.parse().ok()?),
            _ => None,
        }
    }
}

/// Is it a day, or what may be one: « 12/03/85 », of which nobody knows the
/// century, « 03/1985 », of which nobody knows the day?
pub(crate) fn may_be_day(text: &str) -> bool {
    let text = trimmed(text);
    // REASON: as above; « 03/1985 » is the shortest.
    if text.len() < 7 {
        return false;
    }
    let mut parts = text.split('/');
    let parts = [parts.next(), parts.next(), parts.next(), parts.next()];
    let two = |part: &str, most: u8| {
        part.len() == 2 && part.parse::<u8>().is_ok_and(|n| (1..=most).contains(&n))
    };
    Day::parse(text).is_some()
        || match parts {
            [Some(day), Some(month), Some(year), None] => {
                two(day, 31) && two(month, 12) && is_digits(year) && year.len() == 2
            }
            [Some(month), Some(year), None, None] => {
                two(month, 12) && is_digits(year) && year.len() == 4
            }
            _ => false,
        }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit())
}

/// A cell, as the format gives it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Value<'a> {
    Empty,
    Text(&'a str),
    Number(f64),
    Date(Day),
    Bool(bool),
    /// `#N/A`, `#REF!`…
    Error,
}

#[derive(Clone, Copy, Debug)]
enum Slot {
    Empty,
    Text(u32, u32),
    /// Rank among the strings of the workbook.
    Shared(u32),
    Number(f64),
    Date(Day),
    Bool(bool),
    Error,
}

/// A row: cells by column from 0, texts in one buffer or among the strings of
/// the workbook.
#[derive(Debug, Default)]
pub(crate) struct Row {
    cells: Vec<Slot>,
    text: String,
    strings: Rc<Strings>,
}

/// Why a cell does not fit a [`Row`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Overflow {
    Column(usize),
    Cell(usize),
    Row(usize),
}

impl Row {
    pub(crate) fn clear(&mut self) {
        self.cells.clear();
        self.text.clear();
    }

    /// An empty row whose texts may be among these.
    pub(crate) fn over(strings: Rc<Strings>) -> Self {
        Self {
            strings,
            ..Self::default()
        }
    }

    /// Puts one of the strings of the workbook, which is not empty, in a column:
    /// nothing of it is copied, nor looked at unless someone asks for the column.
    #[inline]
    pub(crate) fn put_shared(&mut self, column: usize, rank: u32) -> Result<(), Overflow> {
        self.set(column, Slot::Shared(rank))
    }

    /// Puts a value in a column; the columns between stay empty.
    pub(crate) fn put(&mut self, column: usize, value: Value<'_>) -> Result<(), Overflow> {
        let slot = match value {
            Value::Empty => return Ok(()),
            Value::Text("") => return Ok(()),
            Value::Text(text) => {
                if text.len() > MAX_CELL_BYTES {
                    return Err(Overflow::Cell(text.len()));
                }
                if self.text.len() + text.len() > MAX_ROW_BYTES {
                    return Err(Overflow::Row(self.text.len() + text.len()));
                }
                let start = self.text.len() as u32;
                self.text.push_str(text);
                Slot::Text(start, self.text.len() as u32)
            }
            Value::Number(n) => Slot::Number(n),
            Value::Date(d) => Slot::Date(d),
            Value::Bool(b) => Slot::Bool(b),
            Value::Error => Slot::Error,
        };
        self.set(column, slot)
    }

    /// Puts the texts of a line, parted by an ASCII byte, in the columns from the
    /// first: one copy for all of them. False, and the row is empty, where a cell, the
    /// line or their number passes its bound.
    pub(crate) fn put_line(&mut self, line: &str, separator: u8) -> bool {
        self.clear();
        if line.len() > MAX_ROW_BYTES {
            return false;
        }
        self.text.push_str(line);
        let mut start = 0;
        let ends = memchr::memchr_iter(separator, line.as_bytes());
        for end in ends.chain(std::iter::once(line.len())) {
            if self.cells.len() == MAX_COLUMNS || end - start > MAX_CELL_BYTES {
                self.clear();
                return false;
            }
            self.cells.push(match start == end {
                true => Slot::Empty,
                false => Slot::Text(start as u32, end as u32),
            });
            start = end + 1;
        }
        // As `put` does, which keeps no empty cell after the last.
        while let Some(Slot::Empty) = self.cells.last() {
            self.cells.pop();
        }
        true
    }

    #[inline(always)]
    fn set(&mut self, column: usize, slot: Slot) -> Result<(), Overflow> {
        if column >= MAX_COLUMNS {
            return Err(Overflow::Column(column + 1));
        }
        if self.cells.len() <= column {
            self.cells.resize(column + 1, Slot::Empty);
        }
        self.cells[column] = slot;
        Ok(())
    }

    /// The value in a column; empty beyond the last.
    #[inline]
    pub(crate) fn get(&self, column: usize) -> Value<'_> {
        match self.cells.get(column) {
            None | Some(Slot::Empty) => Value::Empty,
            Some(Slot::Text(start, end)) => Value::Text(&self.text[*start as usize..*end as usize]),
            Some(Slot::Shared(rank)) => {
                Value::Text(self.strings.get(*rank as usize).unwrap_or_default())
            }
            Some(Slot::Number(n)) => Value::Number(*n),
            Some(Slot::Date(d)) => Value::Date(*d),
            Some(Slot::Bool(b)) => Value::Bool(*b),
            Some(Slot::Error) => Value::Error,
        }
    }

    /// Columns up to the last that holds something.
    pub(crate) fn width(&self) -> usize {
        self.cells.len()
    }

    /// Does any cell hold something but blanks?
    pub(crate) fn is_blank(&self) -> bool {
        (0..self.width()).all(|column| match self.get(column) {
            Value::Empty => true,
            Value::Text(text) => trimmed(text).is_empty(),
            _ => false,
        })
    }
}

/// A text without the white space around it; most have none, which their first
/// and last bytes tell.
pub(super) fn trimmed(text: &str) -> &str {
    match text.as_bytes() {
        [b'!'..=b'~', .., b'!'..=b'~'] | [b'!'..=b'~'] => text,
        _ => text.trim(),
    }
}

/// A number as a person would have typed it: whole without a point.
pub(crate) fn plain_number(n: f64) -> String {
    if n == n.trunc() && n.abs() < 1e15 {
        format!("{}", n as i64)
    } else {
        format!("{n}")
    }
}

impl<'a> Value<'a> {
    /// The value as text, for identifiers, labels and quotations.
    pub(crate) fn text(self) -> std::borrow::Cow<'a, str> {
        match self {
            Value::Empty => "".into(),
            Value::Text(text) => trimmed(text).into(),
            Value::Number(n) => plain_number(n).into(),
            Value::Date(d) => format!("{:02}/{:02}/{:04}", d.day, d.month, d.year).into(),
            Value::Bool(true) => "VRAI".into(),
            Value::Bool(false) => "FAUX".into(),
            Value::Error => "#N/A".into(),
        }
    }
}

/// The letters of a column counted from 0: `A`, `Z`, `AA`, `XFD`.
pub(crate) fn letters(column: usize) -> String {
    let mut n = column + 1;
    let mut out = Vec::new();
    while n > 0 {
        n -= 1;
        out.push(b'A' + (n % 26) as u8);
        n /= 26;
    }
    out.iter().rev().map(|b| char::from(*b)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u8, day: u8) -> Option<Day> {
        Some(Day { year, month, day })
    }

    #[test]
    fn serials_of_both_epochs() {
        assert_eq!(Day::from_serial(1.0, Epoch::From1900), day(1900, 1, 1));
        assert_eq!(Day::from_serial(59.0, Epoch::From1900), day(1900, 2, 28));
        assert_eq!(Day::from_serial(61.0, Epoch::From1900), day(1900, 3, 1));
        assert_eq!(Day::from_serial(45_292.9, Epoch::From1900), day(2024, 1, 1));
        assert_eq!(Day::from_serial(43_830.0, Epoch::From1904), day(2024, 1, 1));
        assert_eq!(Day::from_serial(0.0, Epoch::From1904), day(1904, 1, 1));
        assert_eq!(Day::from_serial(-1.0, Epoch::From1900), None);
        assert_eq!(Day::from_serial(f64::NAN, Epoch::From1900), None);
        assert_eq!(Day::from_serial(1e300, Epoch::From1904), None);
    }

    #[test]
    fn dates_in_text() {
        assert_eq!(Day::parse("12/03/1985"), day(1985, 3, 12));
        assert_eq!(Day::parse(" 1985-03-12T00:00:00 "), day(1985, 3, 12));
        assert_eq!(Day::parse("29.02.2000 08:00"), day(2000, 2, 29));
        // A year of two digits is a guess; 29 February 1900 never was.
        for text in [
            "12/03/85",
            "29/02/1900",
            "31/04/1990",
            "1985",
            "a/b/c",
            "1/2/3/4",
        ] {
            assert_eq!(Day::parse(text), None, "{text}");
        }
    }

    #[test]
    fn what_may_be_a_day_is_no_list() {
        for text in ["12/03/1985", "12/03/85", "03/1985"] {
            assert!(may_be_day(text), "{text}");
        }
        for text in [
            "45/12/9",
            "45/12/09",
            "12/9",
            "45",
            "CDI/CDD",
            "85/84",
            "1985/1987",
        ] {
            assert!(!may_be_day(text), "{text}");
        }
    }

    #[test]
    fn column_letters() {
        assert_eq!(letters(0), "A");
        assert_eq!(letters(25), "Z");
        assert_eq!(letters(26), "AA");
        assert_eq!(letters(16_383), "XFD");
    }
}

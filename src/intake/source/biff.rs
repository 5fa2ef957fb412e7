//! What .xls and .xlsb share: checked reading of little-endian records, number
//! formats that are dates, compact numbers.

use crate::intake::cell::{Day, Epoch, Value};
use crate::intake::error::Problem;
use crate::words::damage as words;

/// A record's bytes, read from the front; every read is checked.
#[derive(Clone, Copy)]
pub(crate) struct Bytes<'a>(pub(crate) &'a [u8]);

fn short() -> Problem {
    Problem::damaged(words::SHORT_RECORD)
}

impl<'a> Bytes<'a> {
    pub(crate) fn take(&mut self, n: usize) -> Result<&'a [u8], Problem> {
        let (taken, rest) = self.0.split_at_checked(n).ok_or_else(short)?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Problem> {
        let (taken, rest) = self.0.split_first_chunk::<N>().ok_or_else(short)?;
        self.0 = rest;
        Ok(*taken)
    }

    pub(crate) fn u8(&mut self) -> Result<u8, Problem> {
        self.array::<1>().map(|b| b[0])
    }

    pub(crate) fn u16(&mut self) -> Result<u16, Problem> {
        self.array().map(u16::from_le_bytes)
    }

    pub(crate) fn u32(&mut self) -> Result<u32, Problem> {
        self.array().map(u32::from_le_bytes)
    }

    pub(crate) fn f64(&mut self) -> Result<f64, Problem> {
        self.array().map(f64::from_le_bytes)
    }
}

/// Appends UTF-16 little-endian text.
pub(crate) fn push_utf16(bytes: &[u8], out: &mut String) {
    let units = bytes
        .chunks_exact(2)
        .map(|b| u16::from_le_bytes([b[0], b[1]]));
    out.extend(char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)));
}

/// An RK number ([MS-XLS] 2.5.217): 30 bits of an integer or of a double, and
/// whether it stands for a hundredth.
pub(crate) fn rk(bits: u32) -> f64 {
    let n = if bits & 2 != 0 {
        f64::from((bits as i32) >> 2)
    } else {
        f64::from_bits(u64::from(bits & !3) << 32)
    };
    if bits & 1 != 0 { n / 100.0 } else { n }
}

/// Which cell formats of a workbook show dates.
#[derive(Default)]
pub(crate) struct Formats {
    /// Custom formats that show dates.
    dates: Vec<u16>,
    /// For each cell format, does it show a date?
    cells: Vec<bool>,
}

impl Formats {
    pub(crate) fn format(&mut self, id: u16, code: &str) {
        if shows_date(code) {
            self.dates.push(id);
        }
    }

    pub(crate) fn cell_format(&mut self, id: u16) {
        // Formats that every workbook has without declaring them.
        let builtin = matches!(id, 14..=17 | 22 | 27..=31 | 36 | 50..=54 | 57 | 58);
        self.cells.push(builtin || self.dates.contains(&id));
    }

    /// A number under a cell format: a date or itself.
    pub(crate) fn value(&self, format: usize, n: f64, epoch: Epoch) -> Value<'static> {
        if self.cells.get(format).copied().unwrap_or(false)
            && let Some(day) = Day::from_serial(n, epoch)
        {
            return Value::Date(day);
        }
        Value::Number(n)
    }
}

/// Does a number format show a day? Its first section holds `d` or `y` out of
/// quotes, brackets and escapes (`m` alone may be minutes).
fn shows_date(code: &str) -> bool {
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        match c {
            ';' => return false,
            '"' => {
                chars.by_ref().find(|c| *c == '"');
            }
            '[' => {
                chars.by_ref().find(|c| *c == ']');
            }
            '\\' | '_' | '*' => {
                chars.next();
            }
            // Excel writes `j` and `a` for French days and years only on
            // screen; in the file they are `d` and `y`.
            'd' | 'D' | 'y' | 'Y' => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compact_numbers() {
        assert_eq!(rk(0x0000_0000), 0.0);
        assert_eq!(rk((45 << 2) | 2), 45.0);
        assert_eq!(rk(((-3_i32 << 2) as u32) | 2), -3.0);
        assert_eq!(rk((12_345 << 2) | 3), 123.45);
        assert_eq!(rk((1.5_f64.to_bits() >> 32) as u32), 1.5);
    }

    #[test]
    fn formats_of_dates() {
        for code in [
            "dd/mm/yyyy",
            "d-mmm-yy",
            "[$-40C]d mmmm yyyy;@",
            "yyyy\\-mm\\-dd",
        ] {
            assert!(shows_date(code), "{code}");
        }
        for code in [
            "General",
            "0.00",
            "# ##0 \"days\"",
            "[Red]0;[yellow]0",
            "h:mm:ss",
            "_d0",
            "0;d",
        ] {
            assert!(!shows_date(code), "{code}");
        }
    }

    #[test]
    fn nothing_is_read_beyond_a_record() {
        let mut bytes = Bytes(&[1, 2, 3]);
        assert_eq!(bytes.u16().unwrap(), 0x0201);
        assert!(bytes.u16().is_err());
        assert_eq!(bytes.u8().unwrap(), 3);
        assert!(bytes.take(1).is_err());
    }
}

//! Numbers as software writes them.

/// A number; whole ones, which most are, at once.
pub(super) fn number(raw: &[u8]) -> Option<f64> {
    // Fifteen digits are exact.
    if raw.len() <= 15
        && let Some(n) = whole(raw)
    {
        return Some(n as f64);
    }
    std::str::from_utf8(raw).ok()?.parse().ok()
}

/// Digits alone.
pub(in crate::intake) fn whole(raw: &[u8]) -> Option<u64> {
    if raw.is_empty() {
        return None;
    }
    // REASON: so many digits cannot overflow, and a checked product of 64 bits is a
    // call in WebAssembly.
    let (sure, rest) = raw.split_at(raw.len().min(19));
    let mut n = 0_u64;
    for byte in sure {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        n = n * 10 + u64::from(digit);
    }
    for byte in rest {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        n = n.checked_mul(10)?.checked_add(u64::from(digit))?;
    }
    Some(n)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_the_language() {
        for text in [
            "0",
            "7",
            "999999999999999",
            "1234567890123456",
            "18446744073709551616",
            "-3",
            "0.1",
            "1e300",
            "1.7976931348623157E308",
            "+5",
            "007",
            ".5",
            "1.",
        ] {
            assert_eq!(number(text.as_bytes()), text.parse().ok(), "{text}");
        }
        for text in ["", "a", "1,5", "1 2", "é"] {
            assert_eq!(number(text.as_bytes()), None, "{text}");
        }
        assert_eq!(whole(b"18446744073709551615"), Some(u64::MAX));
        assert_eq!(whole(b"18446744073709551616"), None);
    }
}

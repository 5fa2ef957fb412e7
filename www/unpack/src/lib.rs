//! Unpacks the program of the sealed page.
//!
//! Browsers inflate gzip by themselves, but the program weighs a quarter less in
//! LZMA. This module of its own imports nothing: it can only turn the bytes that
//! `boot.js` places in its memory into others, which it reads there. The format is
//! lzip (`lzip -d`, or `xz -d` from 5.4 on): it has a checksum, so that a page cut
//! on its way is told from a browser that is too old.

use std::io::Read as _;
use std::sync::{Mutex, MutexGuard, PoisonError};

use lzma_rust2::LzipReader;

/// The most that is unpacked, in bytes: ten times the program of today.
pub const LIMIT: usize = 32 << 20;

/// How a lzip file ends: its checksum (4 bytes), the size of what it holds (8) and
/// its own (8).
const TRAILER: usize = 20;
const SIZE: std::ops::Range<usize> = 4..12;

static PACKED: Mutex<Vec<u8>> = Mutex::new(Vec::new());
static UNPACKED: Mutex<Vec<u8>> = Mutex::new(Vec::new());

fn held(bytes: &'static Mutex<Vec<u8>>) -> MutexGuard<'static, Vec<u8>> {
    bytes.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes room for this many packed bytes, and says where.
#[allow(unsafe_code)]
#[unsafe(no_mangle)]
pub extern "C" fn place(length: usize) -> *const u8 {
    let mut packed = held(&PACKED);
    *packed = vec![0; length.min(LIMIT)];
    packed.as_ptr()
}

/// Unpacks what was placed, and says how many bytes it makes; 0 when it is damaged.
#[allow(unsafe_code)]
#[unsafe(no_mangle)]
pub extern "C" fn unpack() -> usize {
    let whole = unpacked(&held(&PACKED)).unwrap_or_default();
    let length = whole.len();
    *held(&UNPACKED) = whole;
    length
}

/// Where the unpacked bytes are.
#[allow(unsafe_code)]
#[unsafe(no_mangle)]
pub extern "C" fn whole() -> *const u8 {
    held(&UNPACKED).as_ptr()
}

/// What a lzip file holds, or nothing when it is not one, or larger than [`LIMIT`].
pub fn unpacked(packed: &[u8]) -> Option<Vec<u8>> {
    let trailer = packed.last_chunk::<TRAILER>()?;
    let length = u64::from_le_bytes(trailer[SIZE].try_into().ok()?);
    let length = usize::try_from(length)
        .ok()
        .filter(|&length| length <= LIMIT)?;
    let mut whole = vec![0; length];
    let mut reader = LzipReader::new(packed);
    reader.read_exact(&mut whole).ok()?;
    // The checksum is read where the bytes end.
    let rest = reader.read(&mut [0]).ok()?;
    (rest == 0).then_some(whole)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use lzma_rust2::{LzipOptions, LzipWriter};

    use super::*;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut writer = LzipWriter::new(Vec::new(), LzipOptions::with_preset(6));
        writer.write_all(bytes).unwrap();
        writer.finish().unwrap()
    }

    fn sample() -> Vec<u8> {
        (0..40_000_u32)
            .flat_map(|n| (n * n / 7).to_le_bytes())
            .collect()
    }

    #[test]
    fn what_was_packed_comes_back() {
        assert_eq!(unpacked(&packed(&sample())), Some(sample()));
    }

    #[test]
    fn damage_is_seen_wherever_it_is() {
        let sound = packed(&sample());
        for at in (0..sound.len())
            .step_by(997)
            .chain(sound.len() - TRAILER..sound.len())
        {
            let mut damaged = sound.clone();
            damaged[at] ^= 0x10;
            assert_eq!(unpacked(&damaged), None, "{at}");
        }
        for length in [0, 1, TRAILER - 1, TRAILER, sound.len() / 2, sound.len() - 1] {
            assert_eq!(unpacked(&sound[..length]), None, "{length}");
        }
    }

    #[test]
    fn a_size_beyond_the_limit_is_refused_before_it_is_taken() {
        let mut bomb = packed(b"petit");
        let size = bomb.len() - TRAILER + SIZE.start;
        bomb[size..size + 8].copy_from_slice(&(32 * 1024 * 1024 + 1_u64).to_le_bytes());
        assert_eq!(unpacked(&bomb), None);
    }

    #[test]
    fn the_exports_hand_over_the_same() {
        let sound = packed(&sample());
        place(sound.len());
        held(&PACKED).copy_from_slice(&sound);
        assert_eq!(unpack(), sample().len());
        assert_eq!(whole(), held(&UNPACKED).as_ptr());
        assert_eq!(*held(&UNPACKED), sample());
        place(3);
        assert_eq!(unpack(), 0);
    }
}

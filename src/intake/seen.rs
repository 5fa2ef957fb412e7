//! Which dwellings were read already: the one thing that is kept of every row,
//! as two numbers, whatever the length of its identifier.

/// Slots to begin with.
const FIRST: usize = 1 << 10;

/// Hashes of identifiers, each with what its row says.
///
/// REASON: a table of the standard library pads the pair to sixteen bytes and
/// one, and holds while it grows half as much again; a million dwellings are
/// then twice the memory that they are here.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Zero where nothing is.
    keys: Vec<u64>,
    says: Vec<u32>,
    count: usize,
}

impl Seen {
    /// What the first row of this identifier said; `None` when this is it.
    pub(super) fn first(&mut self, hash: u64, says: u32) -> Option<u32> {
        if self.count * 8 >= self.keys.len() * 7 {
            self.grow();
        }
        // Zero is no key: the odds of either hash are the same.
        let key = hash.max(1);
        let at = slot(&self.keys, key);
        if self.keys[at] == key {
            return Some(self.says[at]);
        }
        self.keys[at] = key;
        self.says[at] = says;
        self.count += 1;
        None
    }

    fn grow(&mut self) {
        let size = (self.keys.len() * 2).max(FIRST);
        let mut keys = vec![0; size];
        let mut says = vec![0; size];
        for (key, said) in self.keys.iter().zip(&self.says) {
            if *key != 0 {
                let at = slot(&keys, *key);
                (keys[at], says[at]) = (*key, *said);
            }
        }
        (self.keys, self.says) = (keys, says);
    }
}

/// Where a key is, or would be. The table is never full.
fn slot(keys: &[u64], key: u64) -> usize {
    let mask = keys.len() - 1;
    let mut at = key as usize & mask;
    while keys[at] != 0 && keys[at] != key {
        at = (at + 1) & mask;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn it_remembers_like_the_table_of_the_standard_library() {
        let mut seen = Seen::default();
        let mut known: HashMap<u64, u32> = HashMap::new();
        let mut state = 7_u64;
        for n in 0..20_000_u32 {
            state = state.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29);
            // Neighbours, repetitions, and both ends.
            let hash = match n % 5 {
                0 => u64::from(n % 300),
                1 => u64::MAX - u64::from(n % 50),
                _ => state,
            };
            let key = hash.max(1);
            let expected = known.get(&key).copied();
            assert_eq!(seen.first(hash, n), expected, "{hash}");
            known.entry(key).or_insert(n);
        }
        assert_eq!(seen.count, known.len());
    }
}

//! Sorting what is sorted seldom: one body of the sort of the standard library for
//! all types and all orders.
//!
//! That sort is written anew for each type and each closure, a few kilobytes each
//! time: together they were a twelfth of the page. Here only ranks are sorted, by a
//! comparison called through a pointer. Loops that count keep the standard one.

use std::cmp::Ordering;

/// Sorts as [`slice::sort`] does.
pub fn sort<T: Ord>(items: &mut [T]) {
    sort_by(items, Ord::cmp);
}

/// Sorts as [`slice::sort_by_key`] does.
pub fn sort_by_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    sort_by(items, |a, b| key(a).cmp(&key(b)));
}

/// Sorts as [`slice::sort_by_cached_key`] does: a key is made once for each item.
pub fn sort_by_cached_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    let keys: Vec<K> = items.iter().map(key).collect();
    let ranks = ranks(keys.len(), &|a, b| keys[a].cmp(&keys[b]));
    place(items, ranks);
}

/// Sorts as [`slice::sort_by`] does.
pub fn sort_by<T>(items: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let ranks = ranks(items.len(), &|a, b| compare(&items[a], &items[b]));
    place(items, ranks);
}

/// Which item goes at each place; equal ones stay in their order.
fn ranks(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut ranks: Vec<usize> = (0..count).collect();
    ranks.sort_by(|a, b| compare(*a, *b));
    ranks
}

/// Puts at each place the item of this rank, along the cycles of the permutation.
fn place<T>(items: &mut [T], mut ranks: Vec<usize>) {
    for start in 0..items.len() {
        let mut at = start;
        loop {
            let from = std::mem::replace(&mut ranks[at], at);
            if from == start {
                break;
            }
            items.swap(at, from);
            at = from;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_order_is_that_of_the_standard_library(
            items in prop::collection::vec((0_u8..9, any::<u16>()), 0..60),
        ) {
            let by = |a: &(u8, u16), b: &(u8, u16)| b.0.cmp(&a.0);
            let (mut ours, mut theirs) = (items.clone(), items.clone());
            sort_by(&mut ours, by);
            theirs.sort_by(by);
            prop_assert_eq!(&ours, &theirs);
            sort_by_key(&mut ours, |item| item.0);
            theirs.sort_by_key(|item| item.0);
            prop_assert_eq!(&ours, &theirs);
            sort_by_cached_key(&mut ours, |item| item.1 % 5);
            theirs.sort_by_cached_key(|item| item.1 % 5);
            prop_assert_eq!(&ours, &theirs);
            sort(&mut ours);
            theirs.sort();
            prop_assert_eq!(ours, theirs);
        }
    }
}

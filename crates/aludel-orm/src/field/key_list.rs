//! Keys in an order.

use hashbrown::HashSet;

use crate::key::RawKey;

/// Keys in an order, each once. To ask for one, and to take one from either end, costs the same however long it is.
#[derive(Clone, Default)]
pub(super) struct KeyList {
    /// The first ones may have been taken out.
    keys: Vec<RawKey>,
    taken: usize,
    /// The same keys, once a long list was asked whether it has one.
    known: Option<Box<Known>>,
}

type Known = HashSet<RawKey, foldhash::fast::RandomState>;

/// A list that is no longer than this is looked through.
const SHORT: usize = 32;

impl KeyList {
    pub(super) fn new(keys: Vec<RawKey>) -> Self {
        Self { keys, taken: 0, known: None }
    }

    pub(super) fn as_slice(&self) -> &[RawKey] {
        &self.keys[self.taken..]
    }

    /// Whether a key is there.
    pub(super) fn has(&mut self, key: RawKey) -> bool {
        let keys = &self.keys[self.taken..];
        if keys.len() <= SHORT {
            return keys.contains(&key);
        }
        self.known.get_or_insert_with(|| Box::new(keys.iter().copied().collect())).contains(&key)
    }

    /// Adds a key unless it is there, and tells where.
    pub(super) fn insert(&mut self, key: RawKey, at: Option<usize>) -> Option<usize> {
        if self.has(key) {
            return None;
        }
        let length = self.as_slice().len();
        let at = at.unwrap_or(length).min(length);
        self.keys.insert(self.taken + at, key);
        if let Some(known) = &mut self.known {
            known.insert(key);
        }
        Some(at)
    }

    /// Adds a key at the end that is known not to be there.
    pub(super) fn push(&mut self, key: RawKey) -> usize {
        self.keys.push(key);
        if let Some(known) = &mut self.known {
            known.insert(key);
        }
        self.as_slice().len() - 1
    }

    /// Takes a key out that is at this place.
    pub(super) fn remove(&mut self, at: usize) {
        let key = self.as_slice()[at];
        if let Some(known) = &mut self.known {
            known.remove(&key);
        }
        if at > 0 {
            self.keys.remove(self.taken + at);
            return;
        }
        self.taken += 1;
        if self.taken * 2 > self.keys.len() {
            self.keys.drain(..self.taken);
            self.taken = 0;
        }
    }
}

/// Where a key is. Lists are mostly emptied from one of their ends.
pub(super) fn place(keys: &[RawKey], key: RawKey) -> Option<usize> {
    match keys.last() {
        Some(last) if *last == key => Some(keys.len() - 1),
        _ => keys.iter().position(|other| *other == key),
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use super::*;

    fn key(slot: u32) -> RawKey {
        RawKey { slot, tag: NonZeroU32::MIN }
    }

    /// The same as a plain list, whatever is done.
    #[test]
    fn as_a_plain_list() {
        let (mut list, mut plain) = (KeyList::default(), Vec::new());
        let mut state = 1_u32;
        let mut random = move |below: usize| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state as usize / 7 % below.max(1)
        };
        for step in 0..20_000_u32 {
            match random(5) {
                0 => {
                    let at = random(plain.len() + 1);
                    assert_eq!(list.insert(key(step), Some(at)), Some(at));
                    plain.insert(at, key(step));
                }
                1 if step % 3 == 0 => assert_eq!(list.push(key(step)), plain.len()),
                1 => assert_eq!(list.insert(key(step), None), Some(plain.len())),
                2 if !plain.is_empty() => {
                    list.remove(0);
                    plain.remove(0);
                }
                3 if !plain.is_empty() => {
                    let at = random(plain.len());
                    assert_eq!(place(list.as_slice(), plain[at]), Some(at));
                    assert_eq!(list.insert(plain[at], None), None);
                    list.remove(at);
                    let gone = plain.remove(at);
                    assert!(!list.has(gone));
                }
                _ => {}
            }
            if list.as_slice().len() > plain.len() {
                plain.push(key(step));
            }
            assert_eq!(list.as_slice(), plain);
        }
    }
}

//! Which slot a row of the database is in.

use aludel_core::{Kind, Value};
use aludel_sql::schema::StaticColumn;
use hashbrown::HashMap;

use super::compare::record;

/// A key of several columns or of no integer, as bytes.
pub(crate) type KeyBytes = smallvec::SmallVec<[u8; 32]>;

/// Slots by primary key.
pub(super) enum Identity {
    /// By one integer: pages of neighbouring keys, since a database numbers its rows that way.
    Integers(Integers),
    /// By anything else.
    Others(HashMap<KeyBytes, u32, foldhash::fast::RandomState>),
}

/// Slots by an integer.
pub(super) struct Integers {
    numbers: HashMap<i64, u32, foldhash::fast::RandomState>,
    #[allow(clippy::vec_box, reason = "pages stay where they are when there are more of them")]
    pages: Vec<Box<[u32; PAGE]>>,
    /// The page that was looked at last.
    last: (i64, u32),
}

const PAGE: usize = 256;
/// No page has this number: keys are shifted.
const NO_PAGE: i64 = i64::MAX;

impl Identity {
    pub(super) fn new(columns: &'static [StaticColumn], key: &[usize]) -> Self {
        let is_integer = |index: &usize| {
            let kind = columns.get(*index).map(|column| column.def().sql_type.kind());
            matches!(kind, Some(Kind::SmallInt | Kind::Integer | Kind::BigInt))
        };
        match key {
            [single] if is_integer(single) => {
                Self::Integers(Integers { numbers: HashMap::default(), pages: Vec::new(), last: (NO_PAGE, 0) })
            }
            _ => Self::Others(HashMap::default()),
        }
    }

    pub(super) fn find(&self, key: &[Value]) -> Option<u32> {
        match self {
            Self::Integers(integers) => integers.find(integer(key)?),
            Self::Others(others) => others.get(&bytes(key)).copied(),
        }
    }

    pub(super) fn insert(&mut self, key: &[Value], slot: u32) {
        match self {
            Self::Integers(integers) => {
                if let Some(key) = integer(key) {
                    integers.set(key, slot + 1);
                }
            }
            Self::Others(others) => {
                others.insert(bytes(key), slot);
            }
        }
    }

    /// Takes the key out, if it is the slot's.
    pub(super) fn remove(&mut self, key: &[Value], slot: u32) {
        if self.find(key) != Some(slot) {
            return;
        }
        match self {
            Self::Integers(integers) => {
                if let Some(key) = integer(key) {
                    integers.set(key, 0);
                }
            }
            Self::Others(others) => {
                others.remove(&bytes(key));
            }
        }
    }
}

impl Integers {
    #[inline]
    pub(super) fn find(&self, key: i64) -> Option<u32> {
        let (number, place) = split(key);
        let page = if self.last.0 == number { self.last.1 } else { *self.numbers.get(&number)? };
        self.pages[page as usize][place].checked_sub(1)
    }

    /// Notes the slot plus one, or 0 for none.
    #[inline]
    pub(super) fn set(&mut self, key: i64, slot: u32) {
        let (number, place) = split(key);
        if self.last.0 != number {
            let next = u32::try_from(self.pages.len()).unwrap_or(u32::MAX);
            let page = *self.numbers.entry(number).or_insert(next);
            if page == next {
                self.pages.push(Box::new([0; PAGE]));
            }
            self.last = (number, page);
        }
        self.pages[self.last.1 as usize][place] = slot;
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the rest of a division by 256")]
const fn split(key: i64) -> (i64, usize) {
    (key >> 8, (key & 255) as usize)
}

fn integer(key: &[Value]) -> Option<i64> {
    match key {
        [Value::Int(key)] => Some(*key),
        [Value::Uint(key)] => i64::try_from(*key).ok(),
        _ => None,
    }
}

/// A key as bytes.
pub(crate) fn bytes(key: &[Value]) -> KeyBytes {
    let mut bytes = Vec::with_capacity(32);
    key.iter().for_each(|value| record(value, &mut bytes));
    KeyBytes::from_vec(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_found_wherever_they_lie() {
        let mut map = Integers { numbers: HashMap::default(), pages: Vec::new(), last: (NO_PAGE, 0) };
        let keys = [0, 1, 255, 256, -1, -256, -257, i64::MAX, i64::MIN, 1 << 40];
        for (slot, key) in (0..).zip(keys) {
            assert_eq!(map.find(key), None, "{key}");
            map.set(key, slot + 1);
        }
        for (slot, key) in (0..).zip(keys) {
            assert_eq!(map.find(key), Some(slot), "{key}");
        }
        map.set(255, 0);
        assert_eq!(map.find(255), None);
        assert_eq!(map.find(256), Some(3));
    }

    #[test]
    fn keys_of_several_columns_do_not_run_into_each_other() {
        let one = [Value::Text("ab".into()), Value::Text("c".into())];
        let other = [Value::Text("a".into()), Value::Text("bc".into())];
        assert_ne!(bytes(&one), bytes(&other));
    }
}

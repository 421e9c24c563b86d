//! The values that the numbers of a description stand for.

use crate::statement::{Id, padded};

/// Gives each bound value of a description.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Values {
    /// Every value is its own number.
    Numbered,
    /// Small numbers, many of which the test data has; another choice for each seed.
    Small(u64),
}

impl Values {
    pub(crate) fn number(self, id: Id) -> i64 {
        match self {
            Self::Numbered => i64::from(id),
            Self::Small(seed) => i64::try_from(mix(seed, id) % 6).expect("small"),
        }
    }

    /// NULL, now and then.
    pub(crate) fn nullable(self, id: Id) -> Option<i64> {
        match self {
            Self::Small(seed) if mix(seed, id).is_multiple_of(5) => None,
            _ => Some(self.number(id)),
        }
    }

    /// A number of rows.
    pub(crate) fn count(self, id: Id) -> u64 {
        u64::try_from(self.number(id)).expect("not negative")
    }

    /// A text; in the test data there are `t0`, `t1` and so on.
    pub(crate) fn text(self, id: Id) -> String {
        match self {
            Self::Numbered => id.to_string(),
            Self::Small(_) => {
                ["t0", "t1", "T2", "t%", "_1", ""][usize::try_from(self.number(id)).expect("small")].to_owned()
            }
        }
    }

    /// The elements of an IN list: as many as there are numbers, or another length of the same size class.
    pub(crate) fn list<T: Copy>(self, ids: &[T], first: impl Fn(T) -> Id) -> Vec<T> {
        let most = padded(ids.len());
        match (self, ids) {
            (Self::Small(seed), [.., last]) => {
                let least = most / 2 + 1;
                let seed = usize::try_from(mix(seed, first(*last)) % 64).expect("small");
                ids.iter().copied().cycle().take(least + seed % (most - least + 1)).collect()
            }
            _ => ids.to_vec(),
        }
    }
}

fn mix(seed: u64, id: Id) -> u64 {
    let mixed = (seed ^ u64::from(id).wrapping_mul(0x9e37_79b9_7f4a_7c15)).wrapping_mul(0xd1b5_4a32_d192_ed03);
    mixed ^ (mixed >> 29)
}

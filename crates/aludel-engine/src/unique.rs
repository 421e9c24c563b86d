//! Rows without those that were there already.

use std::collections::HashSet;
use std::hash::Hash;

/// Rows without those that were there already; the first of each stays, in its place.
///
/// ```
/// use aludel_engine::Unique;
///
/// assert_eq!(vec![3, 1, 3, 2, 1].unique(), [3, 1, 2]);
/// ```
pub trait Unique {
    /// Leaves out rows that are equal to one before them.
    #[must_use]
    fn unique(self) -> Self;
}

impl<R: Hash + Eq> Unique for Vec<R> {
    fn unique(self) -> Self {
        let first: Vec<bool> = {
            let mut seen = HashSet::with_capacity(self.len());
            self.iter().map(|row| seen.insert(row)).collect()
        };
        self.into_iter().zip(first).filter_map(|(row, is_first)| is_first.then_some(row)).collect()
    }
}

//! Reading rows.

use aludel_core::{Decode, Fault, FromRow, RowRef};

/// One column's value; a fault tells which column it is.
#[inline]
pub fn field<T: Decode>(row: &dyn RowRef, index: usize) -> Result<T, Fault> {
    T::decode(row, index).map_err(|fault| fault.at(index))
}

/// The names of a row's parts, one behind the other.
///
/// # Panics
/// When the parts have not as many names as columns: a nested row must have names.
#[must_use]
pub const fn names<const N: usize>(parts: &[&[&'static str]]) -> [&'static str; N] {
    let mut all = [""; N];
    let mut count = 0;
    let mut part = 0;
    while part < parts.len() {
        let mut at = 0;
        while at < parts[part].len() {
            all[count] = parts[part][at];
            count += 1;
            at += 1;
        }
        part += 1;
    }
    assert!(count == N, "a nested row is a struct with named fields");
    all
}

/// Checks that a field with a column's name takes one column.
///
/// # Panics
/// When it takes more.
pub const fn one_column<T: FromRow>() {
    assert!(T::WIDTH == 1, "the field takes several columns: mark it with #[column(nested)]");
}

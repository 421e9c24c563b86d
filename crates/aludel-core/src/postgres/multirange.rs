//! Multiranges.

use super::own_type;
use super::range::{self, Range, RangeElement};
use super::read::{Read, count, put_sized};
use crate::error::Fault;

/// Several ranges of one type (PostgreSQL 14 and later).
///
/// PostgreSQL gives them in order, without those that are empty, and with those that touch each other put together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Multirange<T>(pub Vec<Range<T>>);

impl<T> Default for Multirange<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> FromIterator<Range<T>> for Multirange<T> {
    fn from_iter<I: IntoIterator<Item = Range<T>>>(ranges: I) -> Self {
        Self(ranges.into_iter().collect())
    }
}

fn write<T: RangeElement>(ranges: &Multirange<T>) -> Result<Vec<u8>, Fault> {
    let mut bytes = count(ranges.0.len())?.to_be_bytes().to_vec();
    ranges.0.iter().try_for_each(|range| put_sized(&mut bytes, &range::write(range)?))?;
    Ok(bytes)
}

fn read<T: RangeElement>(bytes: &[u8]) -> Option<Multirange<T>> {
    let mut rest = Read(bytes);
    let ranges: Option<_> = (0..rest.i32()?).map(|_| range::read(rest.sized()?)).collect();
    rest.end(Multirange(ranges?))
}

own_type!([T: RangeElement] Multirange<T>, T::MULTIRANGE, write, read);

//! Ranges.

use std::fmt;
use std::ops::Bound as End;

use super::cell::{Bound, BoundCell, BoundSink};
use super::own_type;
use super::read::{Read, put_sized};
use crate::decimal::Decimal;
use crate::decode::Decode;
use crate::encode::Encode;
use crate::error::Fault;
use crate::numeric::Numeric;
use crate::temporal::{Date, DateTime, Timestamp};
use crate::types::SqlTyped;

/// A range of numbers, dates or timestamps, with or without either end; or the empty one.
///
/// PostgreSQL gives ranges of whole numbers and dates in one form: `[1,5]` comes back as `[1,6)`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Range<T>(Option<(End<T>, End<T>)>);

impl<T> Range<T> {
    /// The range without any value in it.
    pub const EMPTY: Self = Self(None);

    /// From `start` on, up to and without `end`.
    pub const fn new(start: T, end: T) -> Self {
        Self(Some((End::Included(start), End::Excluded(end))))
    }

    /// Between these ends. PostgreSQL refuses a lower one above the upper one, and gives the empty range for ends between
    /// which there is nothing.
    pub const fn between(lower: End<T>, upper: End<T>) -> Self {
        Self(Some((lower, upper)))
    }

    /// Both ends; `None` for the empty range.
    pub fn ends(&self) -> Option<(End<&T>, End<&T>)> {
        self.0.as_ref().map(|(lower, upper)| (lower.as_ref(), upper.as_ref()))
    }

    /// The value at the lower end, where there is one.
    pub fn lower(&self) -> Option<&T> {
        match &self.0 {
            Some((End::Included(value) | End::Excluded(value), _)) => Some(value),
            _ => None,
        }
    }

    /// The value at the upper end, where there is one.
    pub fn upper(&self) -> Option<&T> {
        match &self.0 {
            Some((_, End::Included(value) | End::Excluded(value))) => Some(value),
            _ => None,
        }
    }

    /// Whether nothing is in it, as far as that is written: `(1,1)` is empty in the database only.
    pub const fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Whether the value is in it.
    pub fn contains(&self, value: &T) -> bool
    where
        T: PartialOrd,
    {
        self.ends().is_some_and(|ends| std::ops::RangeBounds::contains(&ends, value))
    }
}

impl<T> Default for Range<T> {
    /// The empty one.
    fn default() -> Self {
        Self::EMPTY
    }
}

impl<T> From<std::ops::Range<T>> for Range<T> {
    fn from(range: std::ops::Range<T>) -> Self {
        Self::new(range.start, range.end)
    }
}

impl<T> From<std::ops::RangeInclusive<T>> for Range<T> {
    fn from(range: std::ops::RangeInclusive<T>) -> Self {
        let (start, end) = range.into_inner();
        Self::between(End::Included(start), End::Included(end))
    }
}

impl<T> From<std::ops::RangeFrom<T>> for Range<T> {
    fn from(range: std::ops::RangeFrom<T>) -> Self {
        Self::between(End::Included(range.start), End::Unbounded)
    }
}

impl<T> From<std::ops::RangeTo<T>> for Range<T> {
    fn from(range: std::ops::RangeTo<T>) -> Self {
        Self::between(End::Unbounded, End::Excluded(range.end))
    }
}

impl<T> From<std::ops::RangeFull> for Range<T> {
    fn from(_: std::ops::RangeFull) -> Self {
        Self::between(End::Unbounded, End::Unbounded)
    }
}

impl<T: fmt::Display> fmt::Display for Range<T> {
    /// `[1,5)`, `(,5]`, `empty`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((lower, upper)) = &self.0 else {
            return f.write_str("empty");
        };
        match lower {
            End::Included(value) => write!(f, "[{value},")?,
            End::Excluded(value) => write!(f, "({value},")?,
            End::Unbounded => f.write_str("(,")?,
        }
        match upper {
            End::Included(value) => write!(f, "{value}]"),
            End::Excluded(value) => write!(f, "{value})"),
            End::Unbounded => f.write_str(")"),
        }
    }
}

/// A type that PostgreSQL has ranges of.
#[diagnostic::on_unimplemented(
    message = "PostgreSQL has no ranges of `{Self}`",
    label = "not a bound of a range",
    note = "ranges are made of i32, i64, decimals, dates, dates with times, and timestamps"
)]
pub trait RangeElement: SqlTyped<Base = Self> + Encode + Decode {
    /// The range's name in the database.
    const RANGE: &'static str;
    /// The multirange's name in the database.
    const MULTIRANGE: &'static str;
    /// How a bound is written.
    #[doc(hidden)]
    const BOUND: Bound;
}

macro_rules! range_elements {
    ($($(#[$attribute:meta])* $type:ty: $bound:ident $range:literal $multirange:literal;)+) => {
        $(
            $(#[$attribute])*
            impl RangeElement for $type {
                const RANGE: &'static str = $range;
                const MULTIRANGE: &'static str = $multirange;
                const BOUND: Bound = Bound::$bound;
            }
        )+
    };
}

range_elements! {
    i32: Int4 "int4range" "int4multirange";
    i64: Int8 "int8range" "int8multirange";
    Decimal: Numeric "numrange" "nummultirange";
    Numeric: Numeric "numrange" "nummultirange";
    Date: Date "daterange" "datemultirange";
    DateTime: DateTime "tsrange" "tsmultirange";
    Timestamp: Timestamp "tstzrange" "tstzmultirange";
    #[cfg(feature = "rust_decimal")]
    rust_decimal::Decimal: Numeric "numrange" "nummultirange";
    #[cfg(feature = "bigdecimal")]
    bigdecimal::BigDecimal: Numeric "numrange" "nummultirange";
    #[cfg(feature = "chrono")]
    chrono::NaiveDate: Date "daterange" "datemultirange";
    #[cfg(feature = "chrono")]
    chrono::NaiveDateTime: DateTime "tsrange" "tsmultirange";
    #[cfg(feature = "chrono")]
    chrono::DateTime<chrono::Utc>: Timestamp "tstzrange" "tstzmultirange";
    #[cfg(feature = "jiff")]
    jiff::civil::Date: Date "daterange" "datemultirange";
    #[cfg(feature = "jiff")]
    jiff::civil::DateTime: DateTime "tsrange" "tsmultirange";
    #[cfg(feature = "jiff")]
    jiff::Timestamp: Timestamp "tstzrange" "tstzmultirange";
    #[cfg(feature = "time")]
    time::Date: Date "daterange" "datemultirange";
    #[cfg(feature = "time")]
    time::PrimitiveDateTime: DateTime "tsrange" "tsmultirange";
    #[cfg(feature = "time")]
    time::OffsetDateTime: Timestamp "tstzrange" "tstzmultirange";
}

const IS_EMPTY: u8 = 0x01;
const LOWER_INCLUDED: u8 = 0x02;
const UPPER_INCLUDED: u8 = 0x04;
const LOWER_UNBOUNDED: u8 = 0x08;
const UPPER_UNBOUNDED: u8 = 0x10;

pub(super) fn write<T: RangeElement>(range: &Range<T>) -> Result<Vec<u8>, Fault> {
    let Some((lower, upper)) = &range.0 else {
        return Ok(vec![IS_EMPTY]);
    };
    let mut flags = 0;
    let mut bytes = vec![0];
    for (end, included, unbounded) in
        [(lower, LOWER_INCLUDED, LOWER_UNBOUNDED), (upper, UPPER_INCLUDED, UPPER_UNBOUNDED)]
    {
        let value = match end {
            End::Included(value) => {
                flags |= included;
                value
            }
            End::Excluded(value) => value,
            End::Unbounded => {
                flags |= unbounded;
                continue;
            }
        };
        let mut sink = BoundSink { bound: T::BOUND, bytes: Vec::new() };
        value.encode(&mut sink)?;
        put_sized(&mut bytes, &sink.bytes)?;
    }
    if let Some(first) = bytes.first_mut() {
        *first = flags;
    }
    Ok(bytes)
}

pub(super) fn read<T: RangeElement>(bytes: &[u8]) -> Option<Range<T>> {
    let mut rest = Read(bytes);
    let flags = rest.byte()?;
    if flags & IS_EMPTY != 0 {
        return rest.end(Range::EMPTY);
    }
    let mut end = |included: u8, unbounded: u8| {
        if flags & unbounded != 0 {
            return Some(End::Unbounded);
        }
        let cell = BoundCell { bound: T::BOUND, bytes: rest.sized()? };
        let value = T::decode(&cell, 0).ok()?;
        Some(if flags & included != 0 { End::Included(value) } else { End::Excluded(value) })
    };
    let lower = end(LOWER_INCLUDED, LOWER_UNBOUNDED)?;
    let upper = end(UPPER_INCLUDED, UPPER_UNBOUNDED)?;
    rest.end(Range::between(lower, upper))
}

own_type!([T: RangeElement] Range<T>, T::RANGE, write, read);

//! Types that only PostgreSQL has, as values: ranges, network addresses, bit strings, key-value maps, text for searching.
//!
//! They need no driver: each is written and read in PostgreSQL's binary format, by [`ParamSink::raw`](crate::ParamSink::raw) and
//! [`RowRef::raw`](crate::RowRef::raw). On another database such a column is an error that names the type.
//!
//! ```
//! use aludel_core::postgres::Range;
//!
//! let teens = Range::new(13, 20); // 20 is not in it
//! assert!(teens.contains(&19) && !teens.contains(&20));
//! assert_eq!(teens.to_string(), "[13,20)");
//! ```
//!
//! | PostgreSQL | Rust |
//! |---|---|
//! | `int4range`, `int8range`, `numrange`, `daterange`, `tsrange`, `tstzrange` | [`Range`] |
//! | their multiranges | [`Multirange`] |
//! | `inet`, `cidr` | [`Inet`], [`Cidr`] |
//! | `macaddr` | [`MacAddr`] |
//! | `varbit`; `bit(n)` by `sql_type` | [`Bits`] |
//! | `hstore` | [`Hstore`] |
//! | `tsvector`, `tsquery` | [`TsVector`], [`TsQuery`] |
//! | `point` | [`Point`] |
//! | `citext`, `ltree`, `xml` | [`Citext`], [`LTree`], [`Xml`] |
//! | `money` | none, since what its number means depends on a setting of the server: cast it to `numeric` |

mod bits;
mod cell;
mod hstore;
mod multirange;
mod net;
mod numeric;
mod point;
mod range;
mod read;
mod search;
mod texts;

pub use bits::Bits;
pub use hstore::Hstore;
pub use multirange::Multirange;
pub use net::{Cidr, Inet, MacAddr, ParseNetError};
pub use numeric::{read_numeric, write_numeric};
pub use point::Point;
pub use range::{Range, RangeElement};
pub use search::{Lexeme, TsQuery, TsVector};
pub use texts::{Citext, LTree, Xml};

/// Writes what every type of this module has: its SQL type, and its way in and out by the binary format.
///
/// `$write: fn(&T) -> Result<Vec<u8>, Fault>`, `$read: fn(&[u8]) -> Option<T>`.
macro_rules! own_type {
    ([$($generics:tt)*] $type:ty, $name:expr, $write:expr, $read:expr) => {
        impl<$($generics)*> $crate::SqlTyped for $type {
            type Base = Self;
            const SQL_TYPE: $crate::SqlType = $crate::SqlType::Native($crate::Held::Static(&$crate::NativeType {
                family: $crate::Held::Static($crate::postgres::FAMILY),
                name: $crate::Held::Static($name),
            }));
            const CACHE: $crate::CacheSafety = $crate::CacheSafety::Safe;
        }

        impl<$($generics)*> $crate::ArrayElement for $type {}

        impl<$($generics)*> $crate::Encode for $type {
            fn encode(&self, sink: &mut dyn $crate::ParamSink) -> Result<(), $crate::Fault> {
                let write: fn(&Self) -> Result<Vec<u8>, $crate::Fault> = $write;
                sink.raw($name, &write(self)?)
            }
            fn to_value(&self) -> $crate::Value {
                let write: fn(&Self) -> Result<Vec<u8>, $crate::Fault> = $write;
                match write(self) {
                    Ok(bytes) => $crate::Value::Raw(Box::new($crate::RawValue::new($name, bytes))),
                    Err(fault) => fault.into_value(),
                }
            }
        }

        impl<$($generics)*> $crate::Decode for $type {
            fn decode(row: &dyn $crate::RowRef, index: usize) -> Result<Self, $crate::Fault> {
                let read: fn(&[u8]) -> Option<Self> = $read;
                let bytes = $crate::postgres::raw_of(row, index, $name)?;
                read(bytes).ok_or_else(|| $crate::postgres::garbled($name, bytes))
            }
            fn blank() -> Option<Self> {
                Some(Self::default())
            }
        }

        impl<$($generics)*> $crate::FromRow for $type {
            const WIDTH: usize = 1;
            fn from_row(row: &dyn $crate::RowRef, start: usize) -> Result<Self, $crate::Fault> {
                <Self as $crate::Decode>::decode(row, start).map_err(|fault| fault.at(start))
            }
        }
    };
}
pub(crate) use own_type;

/// Whose types these are.
pub(crate) const FAMILY: &str = "postgresql";

/// The bytes of a cell that must be of this type.
pub(crate) fn raw_of<'r>(row: &'r dyn crate::RowRef, index: usize, wanted: &str) -> Result<&'r [u8], crate::Fault> {
    if row.is_null(index) {
        return Err(crate::Fault::null());
    }
    match row.raw(index) {
        // A driver may not know the names of types that were made in the database; their bytes are checked when they are read.
        Some((found, bytes)) if found == wanted || found.is_empty() => Ok(bytes),
        Some((found, _)) => {
            Err(crate::Fault::mismatch(format!("a value of type {wanted}"), format!("one of type {found}")))
        }
        None => Err(crate::Fault::unsupported(format!("the type {wanted} of PostgreSQL"))),
    }
}

#[cold]
pub(crate) fn garbled(wanted: &str, bytes: &[u8]) -> crate::Fault {
    crate::Fault::mismatch(format!("a value of type {wanted}"), format!("{} bytes that are none", bytes.len()))
}

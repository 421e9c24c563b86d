//! Types that only MySQL and MariaDB have, as values.
//!
//! | MySQL | Rust |
//! |---|---|
//! | `TIME` as a length of time | [`Interval`](crate::Interval), `std::time::Duration` and its kin |
//! | `UNSIGNED` | `u8`, `u16`, `u32`, `u64` |
//! | `ENUM` | an enum with `SqlEnum` |
//! | `SET` | [`Set`] of such an enum |
//! | `YEAR` | [`Year`] |
//! | `BIT(n)` | [`BitField`] |
//! | `GEOMETRY` | [`Geometry`], as bytes |

mod bit_field;
mod geometry;
mod set;
mod year;

pub use bit_field::BitField;
pub use geometry::Geometry;
pub use set::Set;
pub use year::Year;

use crate::types::{Held, NativeType, SqlType};

/// A type of this family.
const fn native(native: &'static NativeType) -> SqlType {
    SqlType::Native(Held::Static(native))
}

/// Whose types these are.
const FAMILY: Held<str> = Held::Static("mysql");

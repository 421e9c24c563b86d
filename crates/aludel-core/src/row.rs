//! Rows as Rust values: scalars, tuples, structs and options of them.

use crate::decode::RowRef;
use crate::error::Fault;

/// A value read from one or more neighbouring columns of a row.
///
/// Scalars take one column, tuples and structs the sum of their parts. `#[derive(FromRow)]` and `#[derive(Entity)]`
/// write it for structs.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be made from a row",
    label = "not a row type",
    note = "derive `aludel::FromRow` for a struct, or use a tuple of column types"
)]
pub trait FromRow: Sized {
    /// How many columns it takes.
    const WIDTH: usize;
    /// Names of the columns, for rows that are matched by name; empty where position alone counts.
    const NAMES: &'static [&'static str] = &[];
    /// Whether it takes all columns, however many there are; only [`Row`](crate::Row) does.
    const DYNAMIC: bool = false;
    /// Reads the value from the columns that begin at `start`.
    fn from_row(row: &dyn RowRef, start: usize) -> Result<Self, Fault>;
    /// As [`from_row`](Self::from_row); `None` when every column is NULL, as the missing side of an outer join is.
    fn from_row_optional(row: &dyn RowRef, start: usize) -> Result<Option<Self>, Fault> {
        if (start..start + Self::WIDTH).all(|index| row.is_null(index)) {
            return Ok(None);
        }
        Self::from_row(row, start).map(Some)
    }
}

impl<T: FromRow> FromRow for Option<T> {
    const WIDTH: usize = T::WIDTH;
    const NAMES: &'static [&'static str] = T::NAMES;
    fn from_row(row: &dyn RowRef, start: usize) -> Result<Self, Fault> {
        T::from_row_optional(row, start)
    }
    fn from_row_optional(row: &dyn RowRef, start: usize) -> Result<Option<Self>, Fault> {
        T::from_row_optional(row, start).map(Some)
    }
}

impl FromRow for () {
    const WIDTH: usize = 0;
    fn from_row(_: &dyn RowRef, _: usize) -> Result<Self, Fault> {
        Ok(())
    }
}

macro_rules! tuple_from_row {
    ($($name:ident)+) => {
        impl<$($name: FromRow),+> FromRow for ($($name,)+) {
            const WIDTH: usize = 0 $(+ $name::WIDTH)+;
            #[allow(non_snake_case, unused_assignments, reason = "one variable per type parameter; the last step is unused")]
            fn from_row(row: &dyn RowRef, start: usize) -> Result<Self, Fault> {
                let mut at = start;
                $(
                    let $name = $name::from_row(row, at)?;
                    at += $name::WIDTH;
                )+
                Ok(($($name,)+))
            }
        }
    };
}

tuple_from_row!(A);
tuple_from_row!(A B);
tuple_from_row!(A B C);
tuple_from_row!(A B C D);
tuple_from_row!(A B C D E);
tuple_from_row!(A B C D E F);
tuple_from_row!(A B C D E F G);
tuple_from_row!(A B C D E F G H);
tuple_from_row!(A B C D E F G H I);
tuple_from_row!(A B C D E F G H I J);
tuple_from_row!(A B C D E F G H I J K);
tuple_from_row!(A B C D E F G H I J K L);
tuple_from_row!(A B C D E F G H I J K L M);
tuple_from_row!(A B C D E F G H I J K L M N);
tuple_from_row!(A B C D E F G H I J K L M N O);
tuple_from_row!(A B C D E F G H I J K L M N O P);

/// Writes [`FromRow`], [`SqlTyped`](crate::SqlTyped) and [`ArrayElement`](crate::ArrayElement) for a type that is one cell
/// and implements [`Decode`](crate::Decode).
#[doc(hidden)]
#[macro_export]
macro_rules! scalar {
    (@no_element $type:ty, $sql:expr, $cache:expr) => {
        impl $crate::SqlTyped for $type {
            type Base = $type;
            const SQL_TYPE: $crate::SqlType = $sql;
            const CACHE: $crate::CacheSafety = $cache;
        }
        impl $crate::FromRow for $type {
            const WIDTH: usize = 1;
            #[inline]
            fn from_row(row: &dyn $crate::RowRef, start: usize) -> Result<Self, $crate::Fault> {
                <$type as $crate::Decode>::decode(row, start).map_err(|fault| fault.at(start))
            }
        }
    };
    ($type:ty, $sql:expr) => {
        $crate::scalar!($type, $sql, $crate::CacheSafety::Safe);
    };
    ($type:ty, $sql:expr, $cache:expr) => {
        $crate::scalar!(@no_element $type, $sql, $cache);
        impl $crate::ArrayElement for $type {}
    };
}

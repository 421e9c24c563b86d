//! Too few or too many rows or columns.

use std::fmt;

/// A result of another size than the call promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RowCountError {
    /// One row was wanted and there was none.
    NotFound,
    /// One row was wanted and there were more.
    TooMany,
    /// The rows have another number of columns than the Rust type takes.
    Columns {
        /// What the type takes.
        wanted: usize,
        /// What the statement gives.
        found: usize,
    },
}

impl RowCountError {
    /// Whether there was no row at all.
    #[must_use]
    pub const fn is_not_found(self) -> bool {
        matches!(self, Self::NotFound)
    }
}

impl fmt::Display for RowCountError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => {
                f.write_str("no row was found where one was wanted; use fetch_optional if there may be none")
            }
            Self::TooMany => {
                f.write_str("more than one row was found where one was wanted; filter further, limit(1), or fetch_all")
            }
            Self::Columns { wanted, found } => {
                write!(f, "the statement gives {found} column(s) and the Rust type takes {wanted}")
            }
        }
    }
}

impl std::error::Error for RowCountError {}

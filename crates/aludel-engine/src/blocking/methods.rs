//! The methods that engines, connections and transactions share, without `async`.

/// Writes the methods for a type with a field `inner` of the async type.
macro_rules! blocking_methods {
    ($type:ty, [$($receiver:tt)+], $self:ident) => {
        impl $type {
            /// Runs a statement and gives all its rows.
            ///
            /// # Errors
            /// When no connection can be had, the database refuses the statement, or a row is no `S::Row`.
            #[track_caller]
            pub fn fetch_all<S: ::aludel_sql::Executable>($($receiver)+, statement: S) -> ::aludel_core::Result<Vec<S::Row>> {
                crate::blocking::block_on($self.inner.fetch_all(statement))
            }

            /// Runs a statement and gives its only row.
            ///
            /// # Errors
            /// As [`fetch_all`](Self::fetch_all), and when there is no row or more than one.
            #[track_caller]
            pub fn fetch_one<S: ::aludel_sql::Executable>($($receiver)+, statement: S) -> ::aludel_core::Result<S::Row> {
                crate::blocking::block_on($self.inner.fetch_one(statement))
            }

            /// Runs a statement and gives its only row, or none.
            ///
            /// # Errors
            /// As [`fetch_all`](Self::fetch_all), and when there is more than one row.
            #[track_caller]
            pub fn fetch_optional<S: ::aludel_sql::Executable>(
                $($receiver)+,
                statement: S,
            ) -> ::aludel_core::Result<Option<S::Row>> {
                crate::blocking::block_on($self.inner.fetch_optional(statement))
            }

            /// Runs a statement and gives the first column of its only row.
            ///
            /// # Errors
            /// As [`fetch_one`](Self::fetch_one), and when the value is no `T`.
            #[track_caller]
            pub fn fetch_scalar<T: ::aludel_core::Decode + Send + 'static>(
                $($receiver)+,
                statement: impl ::aludel_sql::Executable,
            ) -> ::aludel_core::Result<T> {
                crate::blocking::block_on($self.inner.fetch_scalar(statement))
            }

            /// Runs a statement, throws its rows away, and gives how many rows it has inserted, changed or deleted.
            ///
            /// # Errors
            /// When no connection can be had, or the database refuses the statement.
            #[track_caller]
            pub fn execute($($receiver)+, statement: impl ::aludel_sql::Executable) -> ::aludel_core::Result<u64> {
                crate::blocking::block_on($self.inner.execute(statement))
            }
        }
    };
}

pub(crate) use blocking_methods;

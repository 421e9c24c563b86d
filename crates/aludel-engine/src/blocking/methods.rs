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

            /// Runs a statement and gives its rows as they come, without holding all of them.
            #[track_caller]
            pub fn stream<S: ::aludel_sql::Executable>(
                $($receiver)+,
                statement: S,
            ) -> crate::blocking::RowIter<'_, S::Row> {
                crate::blocking::RowIter { inner: $self.inner.stream(statement) }
            }

            /// Inserts any number of rows, taken from the iterator one by one, and gives how many: all or none.
            ///
            /// # Errors
            /// When no connection can be had, a value can't be written, or the database refuses a row.
            #[track_caller]
            pub fn insert<E, I, R>($($receiver)+, rows: ::aludel_sql::BulkInsert<E, I, R>) -> ::aludel_core::Result<u64>
            where
                E: ::aludel_sql::BulkTarget,
                I: ::aludel_sql::BulkRows<E> + Send,
                I::Item: Send,
            {
                crate::blocking::block_on($self.inner.insert(rows))
            }

            /// Inserts any number of rows and gives what the statement returns of them, in their order.
            ///
            /// # Errors
            /// As [`insert`](Self::insert), and when a returned row is no `R`.
            #[track_caller]
            pub fn insert_returning<E, I, R>(
                $($receiver)+,
                rows: ::aludel_sql::BulkInsert<E, I, R>,
            ) -> ::aludel_core::Result<Vec<R>>
            where
                E: ::aludel_sql::BulkTarget,
                I: ::aludel_sql::BulkRows<E> + Send,
                I::Item: Send,
                R: ::aludel_core::FromRow + Send + 'static,
            {
                crate::blocking::block_on($self.inner.insert_returning(rows))
            }

            /// Creates tables with their indexes, in an order in which each finds those that it refers to. Tables that are there
            /// already stay as they are.
            ///
            /// # Errors
            /// When the database can't say a part of them, or refuses one.
            #[track_caller]
            pub fn create_all($($receiver)+, tables: &[&::aludel_sql::schema::Table]) -> ::aludel_core::Result<()> {
                crate::blocking::block_on($self.inner.create_all(tables))
            }

            /// What is in the schema that names without a schema lead to, and the names of the others.
            ///
            /// # Errors
            /// When no connection can be had, or the dialect can't reflect.
            #[track_caller]
            pub fn inspect($($receiver)+) -> ::aludel_core::Result<crate::Inspector> {
                crate::blocking::block_on($self.inner.inspect())
            }

            /// What is in the schema of this name, and the names of the others.
            ///
            /// # Errors
            /// As [`inspect`](Self::inspect), and when there is no such schema.
            #[track_caller]
            pub fn inspect_schema($($receiver)+, name: &str) -> ::aludel_core::Result<crate::Inspector> {
                crate::blocking::block_on($self.inner.inspect_schema(name))
            }

            /// Drops tables, those that refer to others first. Tables that are not there are left out.
            ///
            /// # Errors
            /// When the database refuses one.
            #[track_caller]
            pub fn drop_all($($receiver)+, tables: &[&::aludel_sql::schema::Table]) -> ::aludel_core::Result<()> {
                crate::blocking::block_on($self.inner.drop_all(tables))
            }
        }
    };
}

pub(crate) use blocking_methods;

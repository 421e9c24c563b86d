//! The methods that engines, connections and transactions share.
//!
//! Each is a plain function that gives a future, so that `#[track_caller]` sees the line that calls it; what it does stands
//! in [`fetch`](crate::fetch), once.

/// Writes the methods for a type: `methods!(Engine, &self)`. The type has a method `hold` of the same receiver.
macro_rules! methods {
    ($type:ty, [$($receiver:tt)+], $self:ident) => {
        impl $type {
            /// Runs a statement and gives all its rows.
            ///
            /// # Errors
            /// When no connection can be had, the database refuses the statement, or a row is no `S::Row`.
            #[track_caller]
            pub fn fetch_all<S: ::aludel_sql::Executable>(
                $($receiver)+,
                statement: S,
            ) -> impl Future<Output = ::aludel_core::Result<Vec<S::Row>>> + Send {
                let at = ::std::panic::Location::caller();
                let hold = $self.hold();
                crate::fetch::all::<S::Row>(hold, crate::script::Plan::of(statement), S::BY_NAME, at)
            }

            /// Runs a statement and gives its only row.
            ///
            /// # Errors
            /// As [`fetch_all`](Self::fetch_all), and when there is no row or more than one.
            #[track_caller]
            pub fn fetch_one<S: ::aludel_sql::Executable>(
                $($receiver)+,
                statement: S,
            ) -> impl Future<Output = ::aludel_core::Result<S::Row>> + Send {
                let at = ::std::panic::Location::caller();
                let hold = $self.hold();
                crate::fetch::one::<S::Row>(hold, crate::script::Plan::of(statement), S::BY_NAME, at)
            }

            /// Runs a statement and gives its only row, or none.
            ///
            /// # Errors
            /// As [`fetch_all`](Self::fetch_all), and when there is more than one row.
            #[track_caller]
            pub fn fetch_optional<S: ::aludel_sql::Executable>(
                $($receiver)+,
                statement: S,
            ) -> impl Future<Output = ::aludel_core::Result<Option<S::Row>>> + Send {
                let at = ::std::panic::Location::caller();
                let hold = $self.hold();
                crate::fetch::optional::<S::Row>(hold, crate::script::Plan::of(statement), S::BY_NAME, at)
            }

            /// Runs a statement and gives the first column of its only row.
            ///
            /// # Errors
            /// As [`fetch_one`](Self::fetch_one), and when the value is no `T`.
            #[track_caller]
            pub fn fetch_scalar<T: ::aludel_core::Decode + Send + 'static>(
                $($receiver)+,
                statement: impl ::aludel_sql::Executable,
            ) -> impl Future<Output = ::aludel_core::Result<T>> + Send {
                let at = ::std::panic::Location::caller();
                let hold = $self.hold();
                crate::fetch::scalar::<T>(hold, statement.into_arguments(), at)
            }

            /// Runs a statement, throws its rows away, and gives how many rows it has inserted, changed or deleted.
            ///
            /// # Errors
            /// When no connection can be had, or the database refuses the statement.
            #[track_caller]
            pub fn execute(
                $($receiver)+,
                statement: impl ::aludel_sql::Executable,
            ) -> impl Future<Output = ::aludel_core::Result<u64>> + Send {
                let at = ::std::panic::Location::caller();
                let hold = $self.hold();
                let arguments = statement.into_arguments();
                async move { crate::fetch::changed(hold, arguments, at).await.map(|outcome| outcome.affected) }
            }

            /// Runs a statement and gives its rows as they come, without holding all of them.
            #[track_caller]
            pub fn stream<S: ::aludel_sql::Executable>($($receiver)+, statement: S) -> crate::RowStream<'_, S::Row> {
                let at = ::std::panic::Location::caller();
                crate::RowStream::new($self.hold(), crate::script::Plan::of(statement), S::BY_NAME, at)
            }

            /// Inserts any number of rows, taken from the iterator one by one, and gives how many: all or none.
            ///
            /// # Errors
            /// When no connection can be had, a value can't be written, or the database refuses a row.
            #[track_caller]
            pub fn insert<E, I, R>(
                $($receiver)+,
                rows: ::aludel_sql::BulkInsert<E, I, R>,
            ) -> impl Future<Output = ::aludel_core::Result<u64>> + Send
            where
                E: ::aludel_sql::BulkTarget,
                I: ::aludel_sql::BulkRows<E> + Send,
                I::Item: Send,
            {
                let at = ::std::panic::Location::caller();
                crate::bulk::insert($self.hold(), rows, at)
            }

            /// Inserts any number of rows and gives what the statement returns of them, in their order.
            ///
            /// # Errors
            /// As [`insert`](Self::insert), and when a returned row is no `R`.
            #[track_caller]
            pub fn insert_returning<E, I, R>(
                $($receiver)+,
                rows: ::aludel_sql::BulkInsert<E, I, R>,
            ) -> impl Future<Output = ::aludel_core::Result<Vec<R>>> + Send
            where
                E: ::aludel_sql::BulkTarget,
                I: ::aludel_sql::BulkRows<E> + Send,
                I::Item: Send,
                R: ::aludel_core::FromRow + Send + 'static,
            {
                let at = ::std::panic::Location::caller();
                crate::bulk::returning($self.hold(), rows, at)
            }

            /// Creates tables with their indexes, in an order in which each finds those that it refers to. Tables that are there
            /// already stay as they are.
            ///
            /// # Errors
            /// When the database can't say a part of them, or refuses one.
            #[track_caller]
            pub fn create_all(
                $($receiver)+,
                tables: &[&::aludel_sql::schema::Table],
            ) -> impl Future<Output = ::aludel_core::Result<()>> + Send {
                let at = ::std::panic::Location::caller();
                let hold = $self.hold();
                let sql = crate::ddl::create_all(&hold, tables);
                crate::ddl::run(hold, sql, at)
            }

            /// What is in the schema that names without a schema lead to, and the names of the others.
            ///
            /// # Errors
            /// When no connection can be had, or the dialect can't reflect.
            #[track_caller]
            pub fn inspect(
                $($receiver)+,
            ) -> impl Future<Output = ::aludel_core::Result<crate::Inspector>> + Send {
                let at = ::std::panic::Location::caller();
                crate::reflect::inspect($self.hold(), None, at)
            }

            /// What is in the schema of this name, and the names of the others.
            ///
            /// # Errors
            /// As [`inspect`](Self::inspect), and when there is no such schema.
            #[track_caller]
            pub fn inspect_schema(
                $($receiver)+,
                name: &str,
            ) -> impl Future<Output = ::aludel_core::Result<crate::Inspector>> + Send {
                let at = ::std::panic::Location::caller();
                crate::reflect::inspect($self.hold(), Some(name.to_owned()), at)
            }

            /// Drops tables, those that refer to others first. Tables that are not there are left out.
            ///
            /// # Errors
            /// When the database refuses one.
            #[track_caller]
            pub fn drop_all(
                $($receiver)+,
                tables: &[&::aludel_sql::schema::Table],
            ) -> impl Future<Output = ::aludel_core::Result<()>> + Send {
                let at = ::std::panic::Location::caller();
                let hold = $self.hold();
                let sql = crate::ddl::drop_all(&hold, tables);
                crate::ddl::run(hold, sql, at)
            }
        }
    };
}

pub(crate) use methods;

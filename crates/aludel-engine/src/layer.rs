//! What a layer on top of the engine calls: its own statements, sinks and feeds, with the line of the program that it speaks
//! for.

use std::panic::Location;
use std::sync::Arc;

use aludel_core::Result;
use aludel_sql::dialect::Dialect;
use aludel_sql::{Arguments, Each};

use crate::conn::Conn;
use crate::driver::{DriverTraits, Outcome, RowFeed, RowSink};
use crate::engine::Engine;
use crate::transaction::Transaction;

/// Writes the methods for a type with the methods `hold` and `shared`.
macro_rules! layer_methods {
    ($type:ty, [$($receiver:tt)+], $self:ident) => {
        impl $type {
            /// Runs a built statement, all its rows going into the sink, for a layer that speaks for the line `at`.
            ///
            /// The sink may borrow: a driver that decodes elsewhere does it into a [fork](RowSink::fork), which owns all it has.
            ///
            /// # Errors
            /// When no connection can be had, the database refuses the statement, or the sink refuses a row.
            pub async fn run(
                $($receiver)+,
                arguments: Arguments,
                sink: &mut dyn RowSink,
                at: &'static Location<'static>,
            ) -> Result<Outcome> {
                crate::fetch::run($self.hold(), arguments, sink, at).await
            }

            /// What the driver can do beyond the least.
            #[must_use]
            pub fn driver_traits(&self) -> DriverTraits {
                self.shared.pool.connector.traits()
            }
        }
    };
}

/// Writes the methods for a type that has a connection for longer than a call.
macro_rules! connection_methods {
    ($type:ty) => {
        layer_methods!($type, [&mut self], self);

        impl $type {
            /// Runs a statement for each row of the feed, in their order, for a layer that speaks for the line `at`. What it
            /// returns goes into the sink, in the same order. The outcome's `affected` is the sum.
            ///
            /// It begins no transaction and sets no savepoint. After an error the rows before it stay, and after a dropped
            /// future nobody knows how many do: whoever calls it is in a transaction and rolls back.
            ///
            /// `keys` takes the key that the database has made for each row of an INSERT, in their order. That costs much less
            /// than to have it returned, and is for tables of which the database makes the key.
            ///
            /// # Errors
            /// When a row can't be written, the database refuses one, or the sink refuses what is returned; and when keys are
            /// asked for of a driver that does [not tell](DriverTraits::inserted_keys) them or of a statement that makes none.
            pub async fn run_each(
                &mut self,
                statement: &Each,
                feed: &mut dyn RowFeed,
                sink: &mut dyn RowSink,
                keys: Option<&mut Vec<i64>>,
                at: &'static Location<'static>,
            ) -> Result<Outcome> {
                crate::bulk::run_each(self.hold(), statement, feed, sink, keys, at).await
            }

            /// As [`run`](Self::run), but only so many rows; if the outcome is not [finished](Outcome::finished), the cursor stays
            /// open for [`resume`](Self::resume). Any other statement on the connection closes it.
            ///
            /// # Errors
            /// As [`run`](Self::run).
            pub async fn run_some(
                &mut self,
                arguments: Arguments,
                sink: &mut dyn RowSink,
                limit: usize,
                at: &'static Location<'static>,
            ) -> Result<Outcome> {
                crate::fetch::run_some(self.hold(), arguments, sink, limit, at).await
            }

            /// Further rows of the open cursor.
            ///
            /// # Errors
            /// When the database gives an error, or the sink refuses a row.
            pub async fn resume(
                &mut self,
                sink: &mut dyn RowSink,
                limit: usize,
                at: &'static Location<'static>,
            ) -> Result<Outcome> {
                let mut held = self.hold().take_with_cursor(at).await?;
                held.live().connection.resume(sink, limit).await.map_err(|error| error.with_location(at))
            }

            /// The dialect that statements are compiled for.
            #[must_use]
            pub fn dialect(&self) -> &Arc<dyn Dialect> {
                &self.shared.dialect
            }
        }
    };
}

layer_methods!(Engine, [&self], self);
connection_methods!(Conn);
connection_methods!(Transaction<'_>);

//! What can run statements, for functions that do not care which.

use std::future::Future;

use aludel_core::{Decode, Result};
use aludel_sql::Executable;

use crate::conn::Conn;
use crate::engine::Engine;
use crate::hold::Hold;
use crate::stream::RowStream;
use crate::transaction::Transaction;

/// Something that can run statements: `&Engine`, `&mut Conn` or `&mut Transaction`.
///
/// For functions that do not care whether they are part of a transaction; the types themselves have the same methods and
/// more. One call takes it, so a function that runs several statements takes `&mut Conn` or `&mut Transaction`, or is given a
/// reference of its own for each.
///
/// ```
/// use aludel_engine::{Executor, Result};
/// use aludel_sql::text;
///
/// async fn version<'e>(on: impl Executor<'e>) -> Result<String> {
///     on.fetch_scalar(text("SELECT sqlite_version()")).await
/// }
/// ```
pub trait Executor<'e>: Sized + Send {
    /// Where the connection comes from.
    #[doc(hidden)]
    fn hold(self) -> Holder<'e>;

    /// Runs a statement and gives all its rows.
    #[track_caller]
    fn fetch_all<S: Executable>(self, statement: S) -> impl Future<Output = Result<Vec<S::Row>>> + Send {
        let at = std::panic::Location::caller();
        crate::fetch::all::<S::Row>(self.hold().0, crate::script::Plan::of(statement), S::BY_NAME, at)
    }

    /// Runs a statement and gives its only row.
    #[track_caller]
    fn fetch_one<S: Executable>(self, statement: S) -> impl Future<Output = Result<S::Row>> + Send {
        let at = std::panic::Location::caller();
        crate::fetch::one::<S::Row>(self.hold().0, crate::script::Plan::of(statement), S::BY_NAME, at)
    }

    /// Runs a statement and gives its only row, or none.
    #[track_caller]
    fn fetch_optional<S: Executable>(self, statement: S) -> impl Future<Output = Result<Option<S::Row>>> + Send {
        let at = std::panic::Location::caller();
        crate::fetch::optional::<S::Row>(self.hold().0, crate::script::Plan::of(statement), S::BY_NAME, at)
    }

    /// Runs a statement and gives the first column of its only row.
    #[track_caller]
    fn fetch_scalar<T: Decode + Send + 'static>(
        self,
        statement: impl Executable,
    ) -> impl Future<Output = Result<T>> + Send {
        let at = std::panic::Location::caller();
        crate::fetch::scalar::<T>(self.hold().0, statement.into_arguments(), at)
    }

    /// Runs a statement, throws its rows away, and gives how many rows it has inserted, changed or deleted.
    #[track_caller]
    fn execute(self, statement: impl Executable) -> impl Future<Output = Result<u64>> + Send {
        let at = std::panic::Location::caller();
        let (hold, arguments) = (self.hold().0, statement.into_arguments());
        async move { crate::fetch::changed(hold, arguments, at).await.map(|outcome| outcome.affected) }
    }

    /// Runs a statement and gives its rows as they come, without holding all of them.
    #[track_caller]
    fn stream<S: Executable>(self, statement: S) -> RowStream<'e, S::Row> {
        let at = std::panic::Location::caller();
        RowStream::new(self.hold().0, crate::script::Plan::of(statement), S::BY_NAME, at)
    }
}

/// Where a connection comes from; only this crate makes one.
#[doc(hidden)]
pub struct Holder<'e>(pub(crate) Hold<'e>);

impl std::fmt::Debug for Holder<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Holder")
    }
}

impl<'e> Executor<'e> for &'e Engine {
    fn hold(self) -> Holder<'e> {
        Holder(Engine::hold(self))
    }
}

impl<'e> Executor<'e> for &'e mut Conn {
    fn hold(self) -> Holder<'e> {
        Holder(Conn::hold(self))
    }
}

impl<'e> Executor<'e> for &'e mut Transaction<'_> {
    fn hold(self) -> Holder<'e> {
        Holder(Transaction::hold(self))
    }
}

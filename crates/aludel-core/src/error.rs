//! The one error of every fallible call, with a kind, predicates and the statement it befell.

mod column;
mod compile;
mod config;
mod database;
mod fault;
mod pool;
mod row_count;
mod schema;
mod usage;

use std::error::Error as StdError;
use std::fmt;
use std::panic::Location;
use std::sync::Arc;

pub use column::{ColumnError, Direction};
pub use compile::CompileError;
pub use config::ConfigError;
pub use database::{DatabaseError, DatabaseErrorKind};
pub use fault::{Fault, FaultKind};
pub use pool::{Holder, PoolError};
pub use row_count::RowCountError;
pub use schema::SchemaError;
pub use usage::UsageError;

/// A result with Aludel's error.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, where, and in which statement.
///
/// Ask with the predicates ([`is_unique_violation`](Self::is_unique_violation) and so on) or match on
/// [`kind`](Self::kind). Displaying it gives the cause first, then the SQL, the parameters (unless they are hidden), the
/// statement's fingerprint and the line of the program that ran it.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    statement: Option<StatementContext>,
    location: Option<&'static Location<'static>>,
}

/// The kinds of error.
#[derive(Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The database refused or failed.
    Database(DatabaseError),
    /// A connection could not be opened, or was lost.
    Connection(Box<dyn StdError + Send + Sync>),
    /// The pool had no connection in time, or is closed.
    Pool(PoolError),
    /// A URL or an option makes no sense.
    Config(ConfigError),
    /// A statement can't be written in the database's SQL, or is put together wrongly.
    Compile(CompileError),
    /// A value could not be written or read.
    Column(ColumnError),
    /// A statement gave too few or too many rows or columns.
    RowCount(RowCountError),
    /// A table, column or schema that is not there.
    Schema(SchemaError),
    /// A call that is wrong in the state things are in.
    Usage(UsageError),
    /// An error of the program's own, given out by a callback.
    Other(Box<dyn StdError + Send + Sync>),
}

/// The statement that an error belongs to.
#[derive(Clone, Debug)]
pub struct StatementContext {
    /// Its SQL.
    pub sql: Arc<str>,
    /// The stable hash of its SQL, as in logs and reports.
    pub fingerprint: u64,
    /// Its parameters as the log shows them; `None` when they are hidden or there are none.
    pub parameters: Option<String>,
}

impl Error {
    /// An error of this kind, of no statement yet.
    #[must_use]
    pub fn new(kind: impl Into<ErrorKind>) -> Self {
        Self(Box::new(Inner { kind: kind.into(), statement: None, location: None }))
    }

    /// Wraps an error of the program's own.
    pub fn other(error: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::new(ErrorKind::Other(error.into()))
    }

    /// A connection that could not be opened or was lost.
    pub fn connection(error: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::new(ErrorKind::Connection(error.into()))
    }

    /// Adds the statement, unless one is known already.
    #[must_use]
    pub fn with_statement(mut self, context: impl FnOnce() -> StatementContext) -> Self {
        if self.0.statement.is_none() {
            self.0.statement = Some(context());
        }
        self
    }

    /// Adds the line of the program that ran the statement, unless one is known already.
    #[must_use]
    pub fn with_location(mut self, location: &'static Location<'static>) -> Self {
        self.0.location.get_or_insert(location);
        self
    }

    /// The kind of error, for matching.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// The kind itself.
    #[must_use]
    pub fn into_kind(self) -> ErrorKind {
        self.0.kind
    }

    /// The statement, where there was one.
    #[must_use]
    pub fn statement(&self) -> Option<&StatementContext> {
        self.0.statement.as_ref()
    }

    /// The SQL of the statement, where there was one.
    #[must_use]
    pub fn sql(&self) -> Option<&str> {
        self.0.statement.as_ref().map(|statement| &*statement.sql)
    }

    /// The stable hash of the statement's SQL, as in logs and reports.
    #[must_use]
    pub fn fingerprint(&self) -> Option<u64> {
        self.0.statement.as_ref().map(|statement| statement.fingerprint)
    }

    /// The line of the program that ran the statement.
    #[must_use]
    pub fn location(&self) -> Option<&'static Location<'static>> {
        self.0.location
    }

    /// The database's own error, with code, constraint, table and column.
    #[must_use]
    pub fn database(&self) -> Option<&DatabaseError> {
        match &self.0.kind {
            ErrorKind::Database(error) => Some(error),
            _ => None,
        }
    }

    fn is_database(&self, kind: DatabaseErrorKind) -> bool {
        self.database().is_some_and(|error| error.kind() == kind)
    }

    /// A UNIQUE or PRIMARY KEY constraint was violated.
    #[must_use]
    pub fn is_unique_violation(&self) -> bool {
        self.is_database(DatabaseErrorKind::UniqueViolation)
    }

    /// A FOREIGN KEY constraint was violated.
    #[must_use]
    pub fn is_foreign_key_violation(&self) -> bool {
        self.is_database(DatabaseErrorKind::ForeignKeyViolation)
    }

    /// A NOT NULL constraint was violated.
    #[must_use]
    pub fn is_not_null_violation(&self) -> bool {
        self.is_database(DatabaseErrorKind::NotNullViolation)
    }

    /// A CHECK constraint was violated.
    #[must_use]
    pub fn is_check_violation(&self) -> bool {
        self.is_database(DatabaseErrorKind::CheckViolation)
    }

    /// Another connection holds a lock for longer than the busy timeout.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        self.is_database(DatabaseErrorKind::Locked)
    }

    /// The same transaction may succeed when tried again: a serialization failure, a deadlock, or a lock not had in time.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.database().is_some_and(|error| error.kind().is_retryable())
    }

    /// The connection is of no more use.
    #[must_use]
    pub fn is_disconnect(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Connection(_)) || self.is_database(DatabaseErrorKind::Disconnected)
    }

    /// A row was wanted and there was none.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        matches!(&self.0.kind, ErrorKind::RowCount(error) if error.is_not_found())
    }

    /// A row was changed or deleted by another program since it was read; the error names the row.
    #[must_use]
    pub fn is_stale_data(&self) -> bool {
        matches!(&self.0.kind, ErrorKind::Usage(error) if error.is_stale_data())
    }

    /// A table, column or schema is not there, and it was the program that noticed, not the database.
    #[must_use]
    pub fn is_unknown_name(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Schema(_))
    }

    /// No connection came free in time.
    #[must_use]
    pub fn is_pool_timeout(&self) -> bool {
        matches!(&self.0.kind, ErrorKind::Pool(PoolError::Timeout { .. }))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.kind)?;
        if let Some(statement) = &self.0.statement {
            write!(f, "\n  SQL: {}", statement.sql)?;
            if let Some(parameters) = &statement.parameters {
                write!(f, "\n  parameters: {parameters}")?;
            }
            write!(f, "\n  fingerprint: {:016x}", statement.fingerprint)?;
        }
        if let Some(location) = self.0.location {
            write!(f, "\n  at {location}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    /// The same text as `Display`, so that `unwrap` and `?` out of `main` are readable.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Database(error) => error.fmt(f),
            Self::Connection(error) => write!(f, "connection: {error}"),
            Self::Pool(error) => error.fmt(f),
            Self::Config(error) => error.fmt(f),
            Self::Compile(error) => error.fmt(f),
            Self::Column(error) => error.fmt(f),
            Self::RowCount(error) => error.fmt(f),
            Self::Schema(error) => error.fmt(f),
            Self::Usage(error) => error.fmt(f),
            Self::Other(error) => error.fmt(f),
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.0.kind {
            ErrorKind::Connection(error) | ErrorKind::Other(error) => Some(&**error),
            ErrorKind::Database(error) => Some(error),
            _ => None,
        }
    }
}

macro_rules! kinds {
    ($($variant:ident($type:ty)),+) => {
        $(
            impl From<$type> for ErrorKind {
                fn from(error: $type) -> Self {
                    Self::$variant(error)
                }
            }
            impl From<$type> for Error {
                fn from(error: $type) -> Self {
                    Self::new(ErrorKind::$variant(error))
                }
            }
        )+
    };
}

kinds!(
    Database(DatabaseError),
    Pool(PoolError),
    Config(ConfigError),
    Compile(CompileError),
    Column(ColumnError),
    RowCount(RowCountError),
    Schema(SchemaError),
    Usage(UsageError)
);

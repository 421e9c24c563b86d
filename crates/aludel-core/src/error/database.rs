//! What the database itself said.

use std::fmt;

/// An error from the database, with what it said of constraint, table and column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabaseError {
    kind: DatabaseErrorKind,
    code: String,
    sqlstate: Option<String>,
    message: String,
    constraint: Option<String>,
    table: Option<String>,
    column: Option<String>,
}

/// What an error from a database is about, the same for every database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DatabaseErrorKind {
    /// UNIQUE or PRIMARY KEY.
    UniqueViolation,
    /// FOREIGN KEY.
    ForeignKeyViolation,
    /// NOT NULL.
    NotNullViolation,
    /// CHECK.
    CheckViolation,
    /// Another constraint.
    OtherConstraint,
    /// The SQL has no meaning to the database: a syntax error, an unknown table or column.
    InvalidStatement,
    /// A value has the wrong type or is too large.
    InvalidValue,
    /// Another connection holds the lock.
    Locked,
    /// Transactions could not be put in an order.
    SerializationFailure,
    /// Transactions waited for each other.
    Deadlock,
    /// The statement was cancelled or interrupted.
    Cancelled,
    /// Disk, memory or a set limit is used up.
    Full,
    /// The database or the transaction only reads.
    ReadOnly,
    /// Not allowed.
    Permission,
    /// The file or the page is damaged, or is no database.
    Corrupt,
    /// The connection is gone.
    Disconnected,
    /// Anything else.
    Other,
}

impl DatabaseErrorKind {
    /// Whether the same transaction may succeed when tried again.
    #[must_use]
    pub const fn is_retryable(self) -> bool {
        matches!(self, Self::SerializationFailure | Self::Deadlock | Self::Locked)
    }

    const fn words(self) -> &'static str {
        match self {
            Self::UniqueViolation => "unique constraint violated",
            Self::ForeignKeyViolation => "foreign key constraint violated",
            Self::NotNullViolation => "NOT NULL constraint violated",
            Self::CheckViolation => "check constraint violated",
            Self::OtherConstraint => "constraint violated",
            Self::InvalidStatement => "the database refused the statement",
            Self::InvalidValue => "the database refused a value",
            Self::Locked => "the database is locked by another connection",
            Self::SerializationFailure => "serialization failure",
            Self::Deadlock => "deadlock",
            Self::Cancelled => "the statement was cancelled",
            Self::Full => "the database is full",
            Self::ReadOnly => "the database is read-only",
            Self::Permission => "not allowed",
            Self::Corrupt => "the database is damaged or is not a database",
            Self::Disconnected => "the connection was lost",
            Self::Other => "database error",
        }
    }
}

impl DatabaseError {
    /// What a driver makes of the database's answer: its kind, its own code and its message.
    #[must_use]
    pub fn new(kind: DatabaseErrorKind, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            kind,
            code: code.into(),
            sqlstate: None,
            message: message.into(),
            constraint: None,
            table: None,
            column: None,
        }
    }

    /// Adds the SQLSTATE, where the database's own code is another one.
    #[must_use]
    pub fn with_sqlstate(mut self, state: impl Into<String>) -> Self {
        self.sqlstate = Some(state.into()).filter(|state| !state.is_empty());
        self
    }

    /// Adds the constraint's name.
    #[must_use]
    pub fn with_constraint(mut self, name: impl Into<String>) -> Self {
        self.constraint = Some(name.into());
        self
    }

    /// Adds the table's name.
    #[must_use]
    pub fn with_table(mut self, name: impl Into<String>) -> Self {
        self.table = Some(name.into());
        self
    }

    /// Adds the column's name.
    #[must_use]
    pub fn with_column(mut self, name: impl Into<String>) -> Self {
        self.column = Some(name.into());
        self
    }

    /// What the error is about.
    #[must_use]
    pub fn kind(&self) -> DatabaseErrorKind {
        self.kind
    }

    /// The database's own code: an SQLSTATE, SQLite's extended result code in decimal, or MySQL's error number in decimal.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The SQLSTATE, where the database gives one beside its own code.
    #[must_use]
    pub fn sqlstate(&self) -> Option<&str> {
        self.sqlstate.as_deref()
    }

    /// The database's own message.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The violated constraint, where the database names it.
    #[must_use]
    pub fn constraint(&self) -> Option<&str> {
        self.constraint.as_deref()
    }

    /// The table, where the database names it.
    #[must_use]
    pub fn table(&self) -> Option<&str> {
        self.table.as_deref()
    }

    /// The column, or the columns separated by commas, where the database names them.
    #[must_use]
    pub fn column(&self) -> Option<&str> {
        self.column.as_deref()
    }
}

impl fmt::Display for DatabaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} [{}]: {}", self.kind.words(), self.code, self.message)
    }
}

impl std::error::Error for DatabaseError {}

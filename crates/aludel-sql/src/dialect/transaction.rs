//! How transactions begin and end.

use std::borrow::Cow;

/// The statements that begin or end a transaction, in order.
pub type Steps = Vec<Cow<'static, str>>;

/// What a transaction should be like.
///
/// ```
/// use aludel_sql::dialect::{Begin, Dialect, Sqlite, TransactionOptions};
///
/// let options = TransactionOptions { begin: Begin::Immediate, ..TransactionOptions::default() };
/// assert_eq!(Sqlite.begin_sql(&options)?, ["BEGIN IMMEDIATE"]);
/// # Ok::<(), aludel_core::CompileError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct TransactionOptions {
    /// How far it is shielded from others; none for the database's default.
    pub isolation: Option<Isolation>,
    /// Whether it only reads.
    pub read_only: bool,
    /// Whether a serializable read-only transaction may wait for a moment at which it can't fail.
    pub deferrable: bool,
    /// When the database's one writer's lock is taken, where it has one (SQLite).
    pub begin: Begin,
}

/// How far a transaction is shielded from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Isolation {
    /// It may see what others have not committed.
    ReadUncommitted,
    /// Each statement sees what was committed before it.
    ReadCommitted,
    /// What it has read stays as it was.
    RepeatableRead,
    /// As if transactions ran one after the other.
    Serializable,
    /// It sees the database as it was at its first statement (SQL Server's `SNAPSHOT`).
    Snapshot,
}

/// When the one writer's lock is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Begin {
    /// When it is needed.
    #[default]
    Deferred,
    /// At once, so that the transaction can't fail half-way because another one writes.
    Immediate,
    /// At once, and nobody else reads either.
    Exclusive,
}

impl Isolation {
    /// The standard's words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::ReadUncommitted => "READ UNCOMMITTED",
            Self::ReadCommitted => "READ COMMITTED",
            Self::RepeatableRead => "REPEATABLE READ",
            Self::Serializable => "SERIALIZABLE",
            Self::Snapshot => "SNAPSHOT",
        }
    }
}

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

/// The statements of a transaction that is committed in two steps, under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TwoPhase {
    /// Begins it.
    pub begin: Steps,
    /// Undoes it before it was prepared.
    pub undo: Steps,
    /// Prepares it: from now on it outlives the connection, and can be committed without fail.
    pub prepare: Steps,
    /// Commits it when it was prepared.
    pub commit: Steps,
    /// Undoes it when it was prepared.
    pub rollback: Steps,
    /// Whether the connection that has prepared it stays bound to it until it ends, or until the connection is closed.
    pub stays_bound: bool,
}

/// What is done with a lock that has a name and protects whatever programs agree upon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NamedLock {
    /// Waits for it; the connection has it until it is let go.
    Take,
    /// Takes it if nobody has it.
    TryTake,
    /// Lets it go.
    Release,
    /// Waits for it; the transaction has it until its end.
    TakeForTransaction,
    /// Takes it for the transaction if nobody has it.
    TryTakeForTransaction,
}

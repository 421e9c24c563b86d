//! What not every database can do.

/// Something that a driver and its dialect may or may not be able to do.
///
/// The suite tries all of them. What is claimed must work. What is not claimed must end in an error that says so, and leave
/// the connection usable: an answer that is wrong, or one that is right though nobody claimed it, is a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Capability {
    /// `INSERT … RETURNING`.
    InsertReturning,
    /// `UPDATE … RETURNING`.
    UpdateReturning,
    /// `DELETE … RETURNING`.
    DeleteReturning,
    /// `INSERT` that updates a row which is there already.
    Upsert,
    /// A list as one parameter.
    Arrays,
    /// Savepoints inside transactions.
    Savepoints,
    /// Transactions that refuse to write.
    ReadOnlyTransactions,
    /// Tables made in a transaction go with it.
    TransactionalDdl,
    /// `READ COMMITTED`: a transaction sees what others have committed since it began.
    ReadCommitted,
    /// `REPEATABLE READ`: a transaction sees what it has seen before.
    RepeatableRead,
    /// `SERIALIZABLE`: of two transactions that each read what the other writes, at most one is committed.
    Serializable,
    /// Transactions that are committed in two steps.
    TwoPhase,
    /// Locks that have a name.
    NamedLocks,
    /// `SELECT … FOR UPDATE SKIP LOCKED`.
    SkipLocked,
    /// A statement that is running can be stopped from elsewhere.
    Cancel,
    /// Several statements in one go.
    Pipeline,
    /// A violated foreign key's error names the constraint or the column.
    ForeignKeyNames,
    /// Exact decimals of 15 significant digits.
    Decimals,
    /// Exact decimals of 30 significant digits.
    WideDecimals,
    /// Dates, times of day, both together, and instants.
    Temporal,
    /// UUIDs.
    Uuids,
    /// JSON documents.
    Json,
    /// Floating-point numbers beyond all bounds.
    Infinity,
    /// Floating-point numbers that are none.
    NotANumber,
    /// Text with the character U+0000.
    ZeroInText,
    /// Columns of [`Text`](aludel::SqlType::Text) and [`Blob`](aludel::SqlType::Blob) hold more than 64 KB.
    LargeColumns,
    /// The URL has a host and a port, to which connections go over a network.
    Network,
    /// The URL's user and password are checked.
    Logins,
}

//! How transactions begin and end.

use std::borrow::Cow;

use aludel_core::CompileError;

use crate::dialect::{Dialect, Isolation, NamedLock, Steps, TransactionOptions, TwoPhase};

/// The isolation level is said before the transaction begins.
pub(super) fn begin_sql(dialect: &'static str, options: &TransactionOptions) -> Result<Steps, CompileError> {
    let mut steps = Steps::new();
    if let Some(isolation) = options.isolation {
        if isolation == Isolation::Snapshot {
            return Err(CompileError::unsupported(dialect, "the isolation level SNAPSHOT"));
        }
        steps.push(format!("SET TRANSACTION ISOLATION LEVEL {}", isolation.words()).into());
    }
    steps.push(Cow::Borrowed(if options.read_only { "START TRANSACTION READ ONLY" } else { "START TRANSACTION" }));
    Ok(steps)
}

pub(super) fn two_phase(dialect: &dyn Dialect, name: &str) -> TwoPhase {
    let quoted = |sql: &str| {
        let mut sql = format!("{sql} ");
        dialect.text_literal(&mut sql, name);
        Cow::Owned(sql)
    };
    TwoPhase {
        begin: vec![quoted("XA START")],
        undo: vec![quoted("XA END"), quoted("XA ROLLBACK")],
        prepare: vec![quoted("XA END"), quoted("XA PREPARE")],
        commit: vec![quoted("XA COMMIT")],
        rollback: vec![quoted("XA ROLLBACK")],
        stays_bound: true,
    }
}

/// MySQL waits for ever when the time is negative, MariaDB not at all; a year is long enough.
pub(super) fn named_lock_sql(what: NamedLock) -> Option<&'static str> {
    Some(match what {
        NamedLock::Take => "SELECT GET_LOCK(:name, 31536000)",
        NamedLock::TryTake => "SELECT GET_LOCK(:name, 0)",
        NamedLock::Release => "SELECT RELEASE_LOCK(:name)",
        NamedLock::TakeForTransaction | NamedLock::TryTakeForTransaction => return None,
    })
}

//! A piece of work as one transaction.

use std::panic::Location;
use std::sync::Arc;

use aludel_core::Result;
use aludel_sql::dialect::TransactionOptions;

use super::Transaction;
use crate::hold::checkout;
use crate::shared::Shared;

/// Runs the work in a transaction, which is committed if it gives a value and rolled back if it gives an error.
pub(crate) async fn run<T, F>(
    shared: &Arc<Shared>,
    options: TransactionOptions,
    at: &'static Location<'static>,
    work: F,
) -> Result<T>
where
    F: AsyncFnOnce(&mut Transaction<'_>) -> Result<T>,
{
    let live = checkout(shared, at).await?;
    let mut tx = Transaction::begin_owned(Arc::clone(shared), live, options, at).await?;
    match work(&mut tx).await {
        Ok(value) => tx.commit().await.map(|()| value),
        Err(error) => {
            // The work's own error says more than one of undoing it; and if that failed, the connection is settled or
            // thrown away before its next use.
            let _: Result<()> = tx.rollback().await;
            Err(error)
        }
    }
}

/// As [`run`], and once more while the error may go away by itself, `attempts` times in all.
pub(crate) async fn run_again<T, F>(
    shared: &Arc<Shared>,
    options: TransactionOptions,
    attempts: u32,
    at: &'static Location<'static>,
    mut work: F,
) -> Result<T>
where
    F: AsyncFnMut(&mut Transaction<'_>) -> Result<T>,
{
    let mut attempt = 1;
    loop {
        match run(shared, options, at, &mut work).await {
            Err(error) if error.is_retryable() && attempt < attempts => {
                tracing::debug!(target: "aludel::sql", attempt, "transaction is tried again: {error}");
                attempt += 1;
            }
            result => return result,
        }
    }
}

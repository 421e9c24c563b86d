//! A piece of work as one transaction.

use std::hash::{BuildHasher, RandomState};
use std::panic::Location;
use std::sync::Arc;
use std::time::Duration;

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

/// How long to wait before the next attempt: up to 10 ms, then up to twice as much each time, 1 s at most. It is a random part of
/// that, so that transactions which have met do not meet again.
pub(crate) fn pause(attempt: u32) -> Duration {
    let most =
        Duration::from_millis(10).saturating_mul(1 << attempt.saturating_sub(1).min(7)).min(Duration::from_secs(1));
    // Each hasher state of the standard library has keys of its own: random enough, and no dependency.
    let random = RandomState::new().hash_one(attempt);
    let part = u32::try_from(random >> 32).unwrap_or(u32::MAX);
    most.mul_f64(0.25 + 0.75 * f64::from(part) / f64::from(u32::MAX))
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
                let pause = pause(attempt);
                tracing::debug!(target: "aludel::sql", attempt, ?pause, "transaction is tried again: {error}");
                shared.pool.sleep(pause).await;
                attempt += 1;
            }
            result => return result,
        }
    }
}

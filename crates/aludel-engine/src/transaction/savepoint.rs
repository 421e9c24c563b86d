//! Setting, releasing and going back to savepoints.
//!
//! A savepoint that is left behind does no harm: nothing counts on it, the next one of its name hides it, and it ends with the
//! level below. So a level is counted from when it is known to be set until it begins to be released, and a future that is
//! dropped between leaves nothing to be found out.

use std::panic::Location;

use aludel_core::Result;

use super::event;
use crate::control;
use crate::driver::TransactionState;
use crate::events::fire;
use crate::live::{Live, Savepoint, savepoint_name};
use crate::shared::Shared;

type At = &'static Location<'static>;

/// Begins a level above the present one, and tells its number. Dropped half-way, it was not begun.
pub(super) async fn set(shared: &Shared, live: &mut Live, at: At) -> Result<u32> {
    let level = live.depth + 1;
    let sql = shared.dialect.savepoint_sql(&savepoint_name(level));
    control::log(shared, live, || sql.clone());
    control::run(shared, live, &sql, at).await?;
    live.depth = level;
    fire::savepoint(&shared.events, || event(live, level));
    Ok(level)
}

/// Ends the present level and keeps what was done in it. Dropped half-way, it was ended.
pub(super) async fn release(shared: &Shared, live: &mut Live, at: At) -> Result<()> {
    let level = live.depth;
    live.depth = level - 1;
    if let Some(sql) = shared.dialect.release_sql(&savepoint_name(level)) {
        control::log(shared, live, || sql.clone());
        if let Err(error) = control::run(shared, live, &sql, at).await {
            if live.connection.transaction() != TransactionState::Idle {
                live.depth = level;
            }
            return Err(error);
        }
    }
    fire::release_savepoint(&shared.events, || event(live, level));
    Ok(())
}

/// Ends a level and those above it, and undoes what was done in them. Dropped half-way, it is done before the next use.
pub(super) async fn roll_back(shared: &Shared, live: &mut Live, savepoint: Savepoint, at: At) -> Result<()> {
    let (level, name) = (savepoint.level, savepoint_name(savepoint.level));
    let back = shared.dialect.rollback_to_sql(&name);
    control::log(shared, live, || back.clone());
    let was_set = match live.go_back(shared, savepoint).await {
        Ok(was_set) => was_set,
        Err(error) => return Err(control::explain(shared, live, &back, error, at)),
    };
    fire::rollback_savepoint(&shared.events, || event(live, level));
    match shared.dialect.release_sql(&name) {
        Some(release) if was_set => {
            control::log(shared, live, || release.clone());
            control::run(shared, live, &release, at).await
        }
        _ => Ok(()),
    }
}

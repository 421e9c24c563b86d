//! Creating and dropping tables.

use std::panic::Location;
use std::sync::Arc;
use std::time::Instant;

use aludel_core::{CompileError, Result};
use aludel_sql::ddl::Ddl;
use aludel_sql::schema::Table;

use crate::cache::CacheStatus;
use crate::control;
use crate::hold::Hold;
use crate::shared::Shared;
use crate::transaction::{Transaction, writing};

type Statements = Result<(Vec<String>, CacheStatus), CompileError>;

/// The statements that create the tables.
pub(crate) fn create_all(hold: &Hold<'_>, tables: &[&Table]) -> Statements {
    timed(hold.shared(), |ddl| ddl.create_all(tables))
}

/// The statements that drop the tables.
pub(crate) fn drop_all(hold: &Hold<'_>, tables: &[&Table]) -> Statements {
    timed(hold.shared(), |ddl| ddl.drop_all(tables))
}

fn timed(shared: &Shared, write: impl FnOnce(&Ddl<'_>) -> Result<Vec<String>, CompileError>) -> Statements {
    let started = Instant::now();
    let ddl = Ddl::new(&*shared.dialect).checked(true).schemas(shared.cache.schemas());
    let statements = write(&ddl)?;
    Ok((statements, CacheStatus::NoKey { because: "DDL", took: started.elapsed() }))
}

/// Runs them: in one transaction, where the database's schema takes part in transactions.
pub(crate) async fn run(hold: Hold<'_>, statements: Statements, at: &'static Location<'static>) -> Result<()> {
    let (statements, status) = statements.map_err(|error| aludel_core::Error::from(error).with_location(at))?;
    let mut held = hold.take(at).await?;
    let shared = Arc::clone(held.shared);
    let live = held.live();
    if live.is_unsettled() {
        live.settle(&shared).await?;
    }
    if live.depth > 0 || !shared.dialect.capabilities().ddl.transactional {
        for sql in &statements {
            control::log(&shared, live, || format!("{sql}\n[{status}] ()"));
            control::run(&shared, live, sql, at).await?;
        }
        return Ok(());
    }
    let mut tx = Transaction::begin_borrowed(Arc::clone(&shared), live, writing(), at).await?;
    for sql in &statements {
        control::log(&shared, tx.live_mut(), || format!("{sql}\n[{status}] ()"));
        control::run(&shared, tx.live_mut(), sql, at).await?;
    }
    tx.commit_at(at).await
}

//! Rows that another program has changed or deleted.

use std::panic::Location;

use aludel_core::{Error, Result};
use aludel_engine::Transaction;
use aludel_sql::{AnySource, ColumnSet, Executable, Select};

use super::plan::describe;
use crate::arena::Arena;
use crate::fetch::Cells;

/// What was to be done to rows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// These columns were to be set.
    Update(ColumnSet),
    Delete,
}

/// An error that names the row of an update or a delete that is not as it was read.
pub(super) async fn stale(
    arena: &Arena,
    tx: &mut Transaction<'static>,
    table: u32,
    slots: &[u32],
    wanted: Wanted,
    at: &'static Location<'static>,
) -> Error {
    let verb = if wanted == Wanted::Delete { "deleted" } else { "updated" };
    match find(arena, tx, table, slots, wanted, at).await {
        Ok(Some(slot)) => {
            let row = describe(arena, table, slot);
            let mapper = arena.any(table).mapper();
            let how = match mapper.version {
                Some(version) => format!(
                    "another program has changed or deleted it since it was read (at {} = {:?})",
                    mapper.columns()[version].name(),
                    arena.any(table).first_column(slot, version)
                ),
                None => "its row is not there any more".to_owned(),
            };
            stale_data(format!("{row} could not be {verb}: {how}; refresh it and try again"))
        }
        Ok(None) => stale_data(format!(
            "of {} row(s) of {} that were to be {verb} fewer were found",
            slots.len(),
            arena.any(table).mapper().name()
        )),
        Err(error) => error,
    }
}

fn stale_data(message: String) -> Error {
    Error::from(aludel_core::UsageError::stale_data(message))
}

/// The first row that is not as the step has left it, as far as that can be told.
async fn find(
    arena: &Arena,
    tx: &mut Transaction<'static>,
    table: u32,
    slots: &[u32],
    wanted: Wanted,
    at: &'static Location<'static>,
) -> Result<Option<u32>> {
    if let [only] = slots {
        return Ok(Some(*only));
    }
    let any = arena.any(table);
    let mapper = any.mapper();
    let definitions: Vec<_> = mapper.columns().iter().collect();
    let key: Vec<_> = mapper.primary_key().iter().map(|column| definitions[*column]).collect();
    let source = AnySource::table(mapper.table());
    for slot in slots {
        let identity = if wanted == Wanted::Delete { any.first_identity(*slot) } else { any.identity(*slot) };
        let query =
            Select::nothing().besides(source.columns(definitions.clone())).filter(source.is_all(&key, identity));
        let mut cells = Cells::of(&definitions);
        tx.run(query.into_arguments(), &mut cells, at).await?;
        let is_stale = match (cells.rows.first(), wanted) {
            // One that is gone may have been deleted by this very step, and one that is still there was not.
            (found, Wanted::Delete) => found.is_some(),
            (None, Wanted::Update(_)) => true,
            // One that was updated by this step has its values.
            (Some(row), Wanted::Update(columns)) => {
                let columns = columns.iter().chain(mapper.version);
                columns.into_iter().any(|column| row.get(column) != Some(&any.column(*slot, column)))
            }
        };
        if is_stale {
            return Ok(Some(*slot));
        }
    }
    Ok(None)
}

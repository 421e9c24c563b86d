//! Rows that another program has changed or deleted.

use std::panic::Location;

use aludel_core::{Error, Result, Value};
use aludel_engine::Transaction;
use aludel_sql::{AnySource, Executable, Select};

use super::plan::describe;
use crate::arena::Arena;
use crate::fetch::Cells;

/// An error that names the row of a step that is not as it was read.
pub(super) async fn stale(
    arena: &Arena,
    tx: &mut Transaction<'static>,
    table: u32,
    slots: &[u32],
    verb: &str,
    at: &'static Location<'static>,
) -> Error {
    match find(arena, tx, table, slots, at).await {
        Ok(Some(slot)) => {
            let row = describe(arena, table, slot);
            let mapper = arena.any(table).mapper();
            let how = match mapper.version {
                Some(version) => format!(
                    "another program has {verb} it since it was read (at {} = {:?})",
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

/// The first row that is not there as it was read.
async fn find(
    arena: &Arena,
    tx: &mut Transaction<'static>,
    table: u32,
    slots: &[u32],
    at: &'static Location<'static>,
) -> Result<Option<u32>> {
    let any = arena.any(table);
    let mapper = any.mapper();
    let mut columns: Vec<usize> = mapper.primary_key().to_vec();
    columns.extend(mapper.version);
    let definitions: Vec<_> = columns.iter().map(|column| &mapper.columns()[*column]).collect();
    let source = AnySource::table(mapper.table());
    for slot in slots {
        let values: Vec<Value> = columns.iter().map(|column| any.first_column(*slot, *column)).collect();
        let key = mapper.primary_key().len();
        let condition = source.is_all(&definitions[..key], values[..key].to_vec());
        let query = Select::nothing().besides(source.columns(definitions.clone())).filter(condition);
        let mut cells = Cells::default();
        tx.run(query.into_arguments(), &mut cells, at).await?;
        let is_as_read = cells.rows.first().is_some_and(|row| match mapper.version {
            // The flush itself has raised the versions of those that it has found.
            Some(_) => row.last() != values.last() && is_raised(row.last(), values.last()),
            None => true,
        });
        if !is_as_read {
            return Ok(Some(*slot));
        }
    }
    Ok(None)
}

fn is_raised(now: Option<&Value>, before: Option<&Value>) -> bool {
    matches!((now, before), (Some(Value::Int(now)), Some(Value::Int(before))) if *now == before + 1)
}

//! A statement that a layer on top runs for each of many rows.

use aludel_core::{Error, Result, UsageError};
use aludel_sql::Each;

use super::At;
use super::call::BulkCall;
use crate::driver::{BulkField, BulkForm, Outcome, RowFeed, RowSink};
use crate::hold::Hold;

/// Runs the statement for each row, in no transaction or savepoint but those that are open.
pub(crate) async fn run_each(
    hold: Hold<'_>,
    statement: &Each,
    feed: &mut dyn RowFeed,
    sink: &mut dyn RowSink,
    keys: Option<&mut Vec<i64>>,
    at: At,
) -> Result<Outcome> {
    if keys.is_some() && !hold.shared().pool.connector.traits().inserted_keys {
        let message = "this driver does not tell the keys of inserted rows; ask for them with RETURNING";
        return Err(Error::from(UsageError::new(message)).with_location(at));
    }
    let mut held = hold.take(at).await?;
    let shared = held.shared;
    let live = held.live();
    if live.is_unsettled() {
        live.settle(shared).await?;
    }
    let field = |(index, column)| BulkField { index, column: Some(column) };
    let fields = statement.fields().into_iter().map(field).collect();
    let single = statement.arguments();
    let dialect = &*shared.dialect;
    let many = match shared.pool.connector.traits().bulk {
        BulkForm::Loop | BulkForm::Blocks { .. } => None,
        BulkForm::Values { rows } => {
            let rows = rows.min(dialect.capabilities().parameter_limit / statement.fields().len().max(1));
            if rows > 1 { statement.rows(rows).map(|many| (many, rows)) } else { None }
        }
        BulkForm::Arrays { rows, .. } => statement.arrays(dialect).map(|many| (many, rows)),
    };
    let copy = if keys.is_none() { statement.copy(dialect) } else { None };
    let call = BulkCall { shared, single, many, copy, fields, rows: 1, number: 1, enclosure: None, at };
    call.run(live, feed, sink, keys).await
}

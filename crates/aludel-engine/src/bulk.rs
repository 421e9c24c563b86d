//! Inserting any number of rows: encoded one by one straight into the driver, all or nothing.

mod call;
mod each;
mod feed;
mod noted;

use std::panic::Location;
use std::sync::Arc;

use aludel_core::{FromRow, Result};
use aludel_sql::dialect::Steps;
use aludel_sql::{Arguments, BulkInsert, BulkRows, BulkShape, BulkTarget, ColumnSet};

use crate::driver::{BulkField, BulkForm, Enclosure, NoRows, Outcome, RowSink, TransactionState};
use crate::hold::{Held, Hold};
use crate::live::Live;
use crate::shared::Shared;
use crate::sinks::Rows;
use crate::transaction::{Transaction, writing};
use call::BulkCall;
use feed::{Feed, Source, block_field};

pub(crate) use each::run_each;

type At = &'static Location<'static>;

/// Inserts the rows, and gives how many.
pub(crate) async fn insert<E, I, R>(hold: Hold<'_>, statement: BulkInsert<E, I, R>, at: At) -> Result<u64>
where
    E: BulkTarget,
    I: BulkRows<E> + Send,
    I::Item: Send,
{
    let (shape, rows) = statement.into_parts();
    let mut source = Source::<E, I>::new(rows);
    insert_rows(hold, &shape, &mut source, &mut NoRows, true, at).await.map(|outcome| outcome.affected)
}

/// Inserts the rows, and gives what it returns of them, in their order.
pub(crate) async fn returning<E, I, R>(hold: Hold<'_>, statement: BulkInsert<E, I, R>, at: At) -> Result<Vec<R>>
where
    E: BulkTarget,
    I: BulkRows<E> + Send,
    I::Item: Send,
    R: FromRow + Send + 'static,
{
    let (shape, rows) = statement.into_parts();
    let mut source = Source::<E, I>::new(rows);
    let mut sink = Rows::<R>::new(false);
    insert_rows(hold, &shape, &mut source, &mut sink, false, at).await?;
    Ok(sink.into_vec())
}

/// All rows or none: in a transaction of its own, or a savepoint of the one that is open. A single row needs neither.
///
/// What few inserts need is boxed: a future is moved as a whole before it is polled, and would be twice the size.
async fn insert_rows(
    hold: Hold<'_>,
    shape: &BulkShape,
    feed: &mut dyn Feed,
    sink: &mut dyn RowSink,
    in_blocks: bool,
    at: At,
) -> Result<Outcome> {
    if feed.is_empty() {
        return Ok(Outcome { finished: true, ..Outcome::default() });
    }
    let mut held: Held<'_> = hold.take(at).await?;
    let shared = held.shared;
    let live = held.live();
    if live.is_unsettled() {
        Box::pin(live.settle(shared)).await?;
    }
    let is_single = feed.is_single();
    let block = block_rows(shared, shape, in_blocks);
    let is_one = is_single || (block > 1 && feed.is_one_block(block));
    let mut inserting = Inserting { shared, shape, block, is_one, is_silent: in_blocks, at };
    let is_inside = live.depth > 0 || live.connection.transaction() != TransactionState::Idle;
    let may_abort = is_inside && shared.dialect.capabilities().aborts_on_error;
    if is_single || (is_one && !may_abort) {
        // One statement is all or nothing by itself.
        return inserting.runs(live, feed, sink, None).await;
    }
    if !is_one && !is_in_blocks(shared) {
        feed.release();
        inserting.block = 0;
    }
    // From here on a dropped future undoes what has begun.
    // Going back to a savepoint that is not set (yet, or any more) is an error, which ends the whole transaction there. So it is
    // set and forgotten by statements of their own.
    let (mut tx, begin) = if may_abort {
        (Box::pin(Transaction::set_savepoint(Arc::clone(shared), live, writing(), at)).await?, Steps::new())
    } else {
        let tx = Transaction::prepare(Arc::clone(shared), live);
        let begin = tx.begin_steps()?;
        (tx, begin)
    };
    let commit = tx.commit_steps();
    tx.log_steps(&begin);
    let enclosure = (!may_abort).then_some(Enclosure { begin: &begin, commit: &commit });
    match inserting.runs(tx.live_mut(), feed, sink, enclosure).await {
        Ok(outcome) if outcome.committed => {
            tx.note_committed(&commit);
            Ok(outcome)
        }
        Ok(outcome) => Box::pin(tx.commit_at(at)).await.map(|()| outcome),
        Err(error) => {
            // The first error says more than one of undoing it.
            let _: Result<()> = Box::pin(tx.rollback_at(at)).await;
            Err(error)
        }
    }
}

/// Whether many rows go in blocks, too.
fn is_in_blocks(shared: &Shared) -> bool {
    matches!(shared.pool.connector.traits().bulk, BulkForm::Blocks { .. })
}

/// How many rows a block has at most; 0 for a driver that takes rows one by one.
fn block_rows(shared: &Shared, shape: &BulkShape, is_silent: bool) -> usize {
    let rows = match shared.pool.connector.traits().bulk {
        BulkForm::Blocks { rows } if is_silent => rows,
        BulkForm::Arrays { few, .. } => few,
        _ => return 0,
    };
    rows.min(shared.dialect.capabilities().parameter_limit / shape.widest().max(1))
}

/// What is inserted, and how.
struct Inserting<'a> {
    shared: &'a Arc<Shared>,
    shape: &'a BulkShape,
    /// Rows in a block at most.
    block: usize,
    /// Whether all rows are one statement.
    is_one: bool,
    /// Whether nothing is returned.
    is_silent: bool,
    at: At,
}

impl Inserting<'_> {
    /// Rows that give the same columns are one run of the driver.
    async fn runs(
        &self,
        live: &mut Live,
        feed: &mut dyn Feed,
        sink: &mut dyn RowSink,
        mut enclosure: Option<Enclosure<'_>>,
    ) -> Result<Outcome> {
        let mut total = Outcome { finished: true, ..Outcome::default() };
        let mut number = 0;
        while let Some(given) = feed.begin_run() {
            number += 1;
            let rows = if self.block > 1 { feed.gather(self.block) } else { 1 };
            let call = self.call(given, rows, number, enclosure);
            let outcome = call.run(live, feed, sink, None).await?;
            total.affected += outcome.affected;
            total.rows += outcome.rows;
            total.last_insert_id = outcome.last_insert_id.or(total.last_insert_id);
            total.committed = outcome.committed;
            // The first run has begun it.
            enclosure = enclosure.map(|enclosure| Enclosure { begin: &[], ..enclosure });
        }
        Ok(total)
    }

    /// The run for rows that give these columns, of which the feed gives so many as one.
    fn call<'b>(
        &'b self,
        given: ColumnSet,
        rows: usize,
        number: u64,
        enclosure: Option<Enclosure<'b>>,
    ) -> BulkCall<'b> {
        let Self { shared, shape, is_one, is_silent, at, .. } = *self;
        let placeholders = shape.placeholders(given);
        let mut fields = Vec::with_capacity(rows * placeholders.len());
        for row in 0..rows {
            let field = |&(index, column): &(usize, _)| BulkField { index: block_field(row, index), column };
            fields.extend(placeholders.iter().map(field));
        }
        let many = if is_one { None } else { self.many(given, fields.len()) };
        let copy = if is_silent && !is_one { shape.copy(given, &*shared.dialect) } else { None };
        BulkCall { shared, single: shape.statement(given, rows), many, copy, fields, rows, number, enclosure, at }
    }

    /// The statement for many rows that give these columns, and how many it takes, for a driver that has a form for it.
    fn many(&self, given: ColumnSet, width: usize) -> Option<(Arguments, usize)> {
        match self.shared.pool.connector.traits().bulk {
            BulkForm::Loop | BulkForm::Blocks { .. } => None,
            BulkForm::Values { rows } => {
                let limit = self.shared.dialect.capabilities().parameter_limit;
                let rows = Some(rows.min(limit / width.max(1))).filter(|rows| *rows > 1)?;
                Some((self.shape.statement(given, rows), rows))
            }
            BulkForm::Arrays { rows, .. } => Some((self.shape.arrays(given, &*self.shared.dialect)?, rows)),
        }
    }
}

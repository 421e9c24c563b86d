//! Inserting any number of rows: encoded one by one straight into the driver, all or nothing.

mod feed;

use std::panic::Location;
use std::sync::Arc;
use std::time::Instant;

use aludel_core::{Error, FromRow, Result};
use aludel_sql::{Arguments, BulkInsert, BulkRows, BulkShape, ColumnSet, Entity};

use crate::cache::look_up;
use crate::driver::{Bulk, BulkField, BulkForm, BulkMany, Enclosure, NoRows, Outcome, RowSink, Slot, Times};
use crate::execute::{context, failed};
use crate::hold::{Held, Hold};
use crate::live::Live;
use crate::log::Sets;
use crate::observe::Run;
use crate::record::{Batch, Parameters};
use crate::shared::Shared;
use crate::sinks::Rows;
use crate::transaction::Transaction;
use feed::{Feed, Noted, Source, block_field};

type At = &'static Location<'static>;

/// Inserts the rows, and gives how many.
pub(crate) async fn insert<E, I, R>(hold: Hold<'_>, statement: BulkInsert<E, I, R>, at: At) -> Result<u64>
where
    E: Entity,
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
    E: Entity,
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
        live.settle(shared).await?;
    }
    let block = if in_blocks { block_rows(shared, shape) } else { 0 };
    if feed.is_single() || (block > 1 && feed.is_one_block(block)) {
        // One statement is all or nothing by itself.
        return Inserting { shared, shape, block, at }.runs(live, feed, sink, None).await;
    }
    // From here on a dropped future undoes what has begun.
    let mut tx = Transaction::prepare(Arc::clone(shared), live);
    let begin = tx.begin_steps()?;
    let commit = tx.commit_steps();
    tx.log_steps(&begin);
    let enclosure = Some(Enclosure { begin: &begin, commit: &commit });
    match (Inserting { shared, shape, block, at }).runs(tx.live_mut(), feed, sink, enclosure).await {
        Ok(outcome) if outcome.committed => {
            tx.note_committed(&commit);
            Ok(outcome)
        }
        Ok(outcome) => tx.commit_at(at).await.map(|()| outcome),
        Err(error) => {
            // The first error says more than one of undoing it.
            let _: Result<()> = tx.rollback_at(at).await;
            Err(error)
        }
    }
}

/// How many rows a block has at most; 0 for a driver that takes rows one by one, or in a form of its own.
fn block_rows(shared: &Shared, shape: &BulkShape) -> usize {
    let BulkForm::Blocks { rows } = shared.pool.connector.traits().bulk else {
        return 0;
    };
    rows.min(shared.dialect.capabilities().parameter_limit / shape.widest().max(1))
}

/// What is inserted, and how.
struct Inserting<'a> {
    shared: &'a Arc<Shared>,
    shape: &'a BulkShape,
    /// Rows in a block at most.
    block: usize,
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
        let Self { shared, shape, block, at } = *self;
        let mut total = Outcome { finished: true, ..Outcome::default() };
        let mut number = 0;
        while let Some(given) = feed.begin_run() {
            number += 1;
            let rows = if block > 1 { feed.gather(block) } else { 1 };
            let run = BulkCall { shared, shape, given, rows, number, enclosure, at };
            let outcome = run.insert(live, feed, sink).await?;
            total.affected += outcome.affected;
            total.rows += outcome.rows;
            total.last_insert_id = outcome.last_insert_id.or(total.last_insert_id);
            total.committed = outcome.committed;
            // The first run has begun it.
            enclosure = enclosure.map(|enclosure| Enclosure { begin: &[], ..enclosure });
        }
        Ok(total)
    }
}

/// One run of the driver.
struct BulkCall<'a> {
    shared: &'a Arc<Shared>,
    shape: &'a BulkShape,
    given: ColumnSet,
    /// Rows in a block.
    rows: usize,
    number: u64,
    enclosure: Option<Enclosure<'a>>,
    at: At,
}

impl BulkCall<'_> {
    async fn insert(&self, live: &mut Live, feed: &mut dyn Feed, sink: &mut dyn RowSink) -> Result<Outcome> {
        let fields = self.fields();
        let mut many = self.many(live, fields.len())?;
        // The clock is read only for somebody who listens.
        let started = self.shared.watches_statements().then(Instant::now);
        let mut arguments = self.shape.statement(self.given, self.rows);
        let (shared, at) = (self.shared, self.at);
        let mut forgotten = None;
        let (mut found, status) =
            look_up(&mut live.statements, &shared.cache, &arguments, &*shared.dialect, &mut forgotten)
                .map_err(|error| error.with_location(at))?;
        if let Some(number) = forgotten {
            live.connection.forget(number);
        }
        let mut once = Slot::EMPTY;
        let (single, single_slot, _) = found.parts(&mut once);
        let mut sets = Sets::default();
        let mut times = Times::default();
        let watched = started.map(|started| {
            let batch = Some(Batch { number: self.number, count: None, rows: 0, ordered: true });
            let status = status.with_time(single.compile_time);
            Run { shared, compiled: single, status, at, started, batch, connection: live.number }
        });
        if let Some(run) = &watched {
            feed.peek(&mut |row| sets.note(row, fields.iter().map(|field| field.index)));
            run.before(
                live.token.as_deref(),
                &mut live.info,
                Parameters::of_rows(&sets, shared.options.hide_parameters),
            );
            sets = Sets::default();
        }
        let mut noted = Noted { feed, sets: watched.is_some().then_some(&mut sets), fields: &fields };
        let result = live
            .connection
            .bulk(Bulk {
                single,
                single_slot,
                many: many.as_mut().map(|many| BulkMany {
                    compiled: &many.compiled,
                    slot: &mut many.slot,
                    rows: many.rows,
                }),
                fields: &fields,
                arguments: &mut arguments,
                feed: &mut noted,
                sink,
                enclosure: self.enclosure,
                times: watched.is_some().then_some(&mut times),
            })
            .await;
        let parameters = Parameters::of_rows(&sets, shared.options.hide_parameters);
        let result = result.map_err(|error: Error| {
            let error = error.with_statement(|| context(single, parameters)).with_location(at);
            failed(shared, Some((live.number, &mut live.is_lost)), &error);
            error
        });
        if let Some(run) = &watched {
            run.after(&mut live.info, parameters, times, &result, &run.span());
        }
        result
    }

    /// What the statement's placeholders are: those of a row, as often as a block has rows.
    fn fields(&self) -> Vec<BulkField> {
        let placeholders = self.shape.placeholders(self.given);
        let of_row = |row| {
            let field =
                move |&(index, column): &(usize, _)| BulkField { index: block_field(row, index), column: Some(column) };
            placeholders.iter().map(field)
        };
        (0..self.rows).flat_map(of_row).collect()
    }

    /// The statement for many rows at once, for a driver that has a form for it.
    fn many(&self, live: &mut Live, width: usize) -> Result<Option<Many>> {
        let most = match self.shared.pool.connector.traits().bulk {
            BulkForm::Loop | BulkForm::Blocks { .. } => return Ok(None),
            BulkForm::Values { rows } | BulkForm::Arrays { rows } => rows,
        };
        let limit = self.shared.dialect.capabilities().parameter_limit;
        let rows = most.min(limit / width.max(1));
        if rows < 2 {
            return Ok(None);
        }
        let arguments: Arguments = self.shape.statement(self.given, rows);
        let mut forgotten = None;
        let shared = self.shared;
        let (mut found, _) =
            look_up(&mut live.statements, &shared.cache, &arguments, &*shared.dialect, &mut forgotten)?;
        let mut once = Slot::EMPTY;
        let (compiled, slot, _) = found.parts(&mut once);
        let many = Many { compiled: Arc::clone(compiled), slot: *slot, rows };
        if let Some(number) = forgotten {
            live.connection.forget(number);
        }
        Ok(Some(many))
    }
}

struct Many {
    compiled: Arc<aludel_sql::Compiled>,
    slot: Slot,
    rows: usize,
}

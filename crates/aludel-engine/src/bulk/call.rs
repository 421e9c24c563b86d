//! One run of the driver for many rows.

use std::sync::Arc;
use std::time::Instant;

use aludel_core::{Error, Result, UsageError};
use aludel_sql::{Arguments, Compiled, StatementKind};

use super::At;
use super::noted::{Noted, Watch};
use crate::cache::look_up;
use crate::driver::{Bulk, BulkField, BulkMany, Enclosure, Outcome, RowFeed, RowSink, Slot, Times};
use crate::execute::{context, failed};
use crate::live::Live;
use crate::log::Sets;
use crate::observe::Run;
use crate::record::{Batch, Parameters};
use crate::shared::Shared;

/// A statement to be run for many rows.
pub(super) struct BulkCall<'a> {
    pub(super) shared: &'a Arc<Shared>,
    /// The statement for what the feed gives as one row.
    pub(super) single: Arguments,
    /// The statement for many rows, and how many.
    pub(super) many: Option<(Arguments, usize)>,
    /// The statement that rows can follow in the database's own format.
    pub(super) copy: Option<Arguments>,
    /// What the placeholders of `single` are.
    pub(super) fields: Vec<BulkField>,
    /// How many rows the feed gives as one.
    pub(super) rows: usize,
    /// Which run it is of those that make one bulk statement.
    pub(super) number: u64,
    pub(super) enclosure: Option<Enclosure<'a>>,
    pub(super) at: At,
}

impl BulkCall<'_> {
    /// Runs it on a connection that is settled. `keys` takes the keys that an INSERT makes.
    pub(super) async fn run(
        mut self,
        live: &mut Live,
        feed: &mut dyn RowFeed,
        sink: &mut dyn RowSink,
        keys: Option<&mut Vec<i64>>,
    ) -> Result<Outcome> {
        let (shared, at) = (self.shared, self.at);
        let mut many = self.many(live)?;
        let copy = self.copy(live)?;
        // The clock is read only for somebody who listens.
        let started = shared.watches_statements().then(Instant::now);
        let mut forgotten = None;
        let (mut found, status) =
            look_up(&mut live.statements, &shared.cache, &self.single, &*shared.dialect, &mut forgotten)
                .map_err(|error| error.with_location(at))?;
        if let Some(number) = forgotten {
            live.connection.forget(number);
        }
        let mut once = Slot::EMPTY;
        let (single, single_slot, _) = found.parts(&mut once);
        if keys.is_some() && single.kind != StatementKind::Insert {
            let message = "only an INSERT makes keys, and they were asked for of another statement";
            return Err(Error::from(UsageError::new(message)).with_location(at));
        }
        let mut sets = Sets::default();
        let mut times = Times::default();
        let mut watched = started.map(|started| {
            let batch = Some(Batch { number: self.number, count: None, rows: 0, ordered: true });
            let status = status.with_time(single.compile_time);
            Run { shared, compiled: single, status, at, started, batch, connection: live.number }
        });
        let watch = watched.as_ref().map(|run| {
            let hidden = shared.options.hide_parameters;
            Watch { run, sets: &mut sets, token: live.token.as_deref(), info: &mut live.info, hidden, is_told: false }
        });
        let mut noted = Noted { feed, fields: &self.fields, watch };
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
                copy: copy.as_ref(),
                fields: &self.fields,
                arguments: &mut self.single,
                feed: &mut noted,
                sink,
                keys,
                enclosure: self.enclosure,
                times: watched.is_some().then_some(&mut times),
            })
            .await;
        noted.tell();
        let parameters = Parameters::of_rows(&sets, shared.options.hide_parameters);
        let result = result.map_err(|error: Error| {
            let error = error.with_statement(|| context(single, parameters)).with_location(at);
            failed(shared, Some((live.number, &mut live.is_lost)), &error);
            error
        });
        if let Some(run) = &mut watched {
            let rows = sets.count() * self.rows as u64;
            run.batch = run.batch.map(|batch| Batch { rows, ..batch });
            run.after(&mut live.info, parameters, times, &result, &run.span());
        }
        result
    }

    /// Looks up the statement for many rows at once.
    fn many(&self, live: &mut Live) -> Result<Option<Many>> {
        let Some((arguments, rows)) = &self.many else {
            return Ok(None);
        };
        let (compiled, slot) = self.look_up(live, arguments)?;
        Ok(Some(Many { compiled, slot, rows: *rows }))
    }

    /// Looks up the statement that rows can follow.
    fn copy(&self, live: &mut Live) -> Result<Option<Arc<Compiled>>> {
        self.copy.as_ref().map(|arguments| self.look_up(live, arguments).map(|(compiled, _)| compiled)).transpose()
    }

    fn look_up(&self, live: &mut Live, arguments: &Arguments) -> Result<(Arc<Compiled>, Slot)> {
        let mut forgotten = None;
        let shared = self.shared;
        let found = look_up(&mut live.statements, &shared.cache, arguments, &*shared.dialect, &mut forgotten);
        let (mut found, _) = found.map_err(|error| error.with_location(self.at))?;
        let mut once = Slot::EMPTY;
        let (compiled, slot, _) = found.parts(&mut once);
        let found = (Arc::clone(compiled), *slot);
        if let Some(number) = forgotten {
            live.connection.forget(number);
        }
        Ok(found)
    }
}

struct Many {
    compiled: Arc<Compiled>,
    slot: Slot,
    rows: usize,
}

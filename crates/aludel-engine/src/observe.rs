//! Running a statement while somebody listens: the same as [`execute`](crate::execute::execute), with a clock, log lines, a
//! span and events. One [`QueryRecord`] feeds them all.

mod rows;

use std::panic::Location;
use std::time::Instant;

use aludel_core::{Error, Result};
use aludel_sql::{Arguments, Compiled};
use tracing::Instrument;

use crate::cache::{CacheStatus, look_up};
use crate::driver::{Call, Outcome, RowSink, Slot, Times};
use crate::events::{AfterExecute, BeforeExecute, fire};
use crate::execute::{failed, with_statement};
use crate::info::Info;
use crate::live::Live;
use crate::record::{Batch, Parameters, Phases, QueryRecord};
use crate::shared::Shared;
use rows::EchoedRows;

pub(crate) async fn execute(
    shared: &Shared,
    live: &mut Live,
    arguments: &mut Arguments,
    sink: &mut dyn RowSink,
    limit: usize,
    at: &'static Location<'static>,
) -> Result<Outcome> {
    // The call began when its connection was asked for.
    let waited = std::mem::take(&mut live.waited);
    let now = Instant::now();
    let started = now.checked_sub(waited).unwrap_or(now);
    let mut forgotten = None;
    let (mut found, status) = look_up(&mut live.statements, &shared.cache, arguments, &*shared.dialect, &mut forgotten)
        .map_err(|error| error.with_location(at))?;
    if let Some(number) = forgotten {
        live.connection.forget(number);
    }
    let mut once = Slot::EMPTY;
    let (compiled, slot, keep) = found.parts(&mut once);
    let run = Run {
        shared,
        compiled,
        status: status.with_time(compiled.compile_time),
        at,
        started,
        batch: None,
        connection: live.number,
    };
    let hidden = shared.options.hide_parameters;
    run.before(live.token.as_deref(), &mut live.info, Parameters::new(compiled, arguments, hidden));
    let mut times = Times::default();
    let span = run.span();
    let mut echoed = shared.log.shows_rows().then(|| EchoedRows::new(sink.fork()));
    let result = {
        let sink = match &mut echoed {
            Some(echoed) => echoed as &mut dyn RowSink,
            None => &mut *sink,
        };
        let call = Call { compiled, slot, arguments, sink, limit, keep, times: Some(&mut times) };
        live.connection.run(call).instrument(span.clone()).await
    };
    if let Some(echoed) = echoed {
        shared.log.rows(live.token.as_deref(), echoed.lines());
        sink.join(echoed.into_inner());
    }
    times.wait += waited;
    let result = result.map_err(|error| with_statement(shared, compiled, arguments, error, at));
    if let Err(error) = &result {
        failed(shared, Some((live.number, &mut live.is_lost)), error);
    }
    run.after(&mut live.info, Parameters::new(compiled, arguments, hidden), times, &result, &span);
    result
}

/// One run that somebody listens to.
pub(crate) struct Run<'a> {
    pub(crate) shared: &'a Shared,
    pub(crate) compiled: &'a Compiled,
    pub(crate) status: CacheStatus,
    pub(crate) at: &'static Location<'static>,
    pub(crate) started: Instant,
    pub(crate) batch: Option<Batch>,
    pub(crate) connection: u64,
}

impl Run<'_> {
    /// Tells that the statement is about to run.
    pub(crate) fn before(&self, token: Option<&str>, info: &mut Info, parameters: Parameters<'_>) {
        let record = self.record(parameters, Phases::default(), Ok(&Outcome::default()));
        self.shared.log.statement(token, &record);
        fire::before_cursor_execute(&self.shared.events, || BeforeExecute {
            sql: &self.compiled.sql,
            fingerprint: self.compiled.fingerprint,
            parameters,
            location: self.at,
            connection: self.connection,
            info,
        });
    }

    /// A span with OpenTelemetry's names.
    pub(crate) fn span(&self) -> tracing::Span {
        tracing::info_span!(
            target: "aludel::sql",
            "query",
            otel.kind = "client",
            otel.name = self.compiled.kind.operation(),
            otel.status_code = tracing::field::Empty,
            db.system.name = self.shared.system,
            db.namespace = %self.shared.database,
            db.operation.name = self.compiled.kind.operation(),
            db.query.text = %self.compiled.sql,
            db.query.fingerprint = format_args!("{:016x}", self.compiled.fingerprint),
            db.response.returned_rows = tracing::field::Empty,
            db.response.status_code = tracing::field::Empty,
            error.r#type = tracing::field::Empty,
            code.file.path = self.at.file(),
            code.line.number = self.at.line(),
            connection = self.connection,
        )
    }

    /// Tells how it went.
    pub(crate) fn after(
        &self,
        info: &mut Info,
        parameters: Parameters<'_>,
        times: Times,
        result: &Result<Outcome>,
        span: &tracing::Span,
    ) {
        let phases = Phases {
            wait: times.wait,
            compile: self.status.compile_time(),
            prepare: times.prepare,
            execute: times.execute,
            decode: times.decode,
            total: self.started.elapsed(),
        };
        match result {
            Ok(outcome) => {
                span.record("db.response.returned_rows", outcome.rows);
            }
            Err(error) => record_error(span, error),
        }
        let record = self.record(parameters, phases, result.as_ref());
        if let Some(slow) = self.shared.options.slow
            && phases.total >= slow
        {
            tracing::warn!(
                target: "aludel::slow",
                fingerprint = format_args!("{:016x}", record.fingerprint),
                total = ?phases.total,
                execute = ?phases.execute,
                location = %self.at,
                "slow statement: {}", record.sql,
            );
        }
        fire::after_cursor_execute(&self.shared.events, || AfterExecute { record: &record, info });
    }

    fn record<'r>(
        &'r self,
        parameters: Parameters<'r>,
        phases: Phases,
        result: Result<&Outcome, &'r Error>,
    ) -> QueryRecord<'r> {
        let outcome = result.copied().unwrap_or_default();
        QueryRecord {
            sql: &self.compiled.sql,
            fingerprint: self.compiled.fingerprint,
            kind: self.compiled.kind,
            location: self.at,
            cache: self.status,
            batch: self.batch,
            connection: self.connection,
            system: self.shared.system,
            database: &self.shared.database,
            parameters,
            phases,
            rows: outcome.rows,
            affected: outcome.affected,
            error: result.err(),
        }
    }
}

fn record_error(span: &tracing::Span, error: &Error) {
    span.record("otel.status_code", "ERROR");
    match error.database() {
        Some(database) => {
            span.record("db.response.status_code", database.code());
            span.record("error.type", database.code());
        }
        None => {
            span.record("error.type", "error");
        }
    }
}

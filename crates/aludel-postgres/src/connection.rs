//! One PostgreSQL connection.

use std::any::Any;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Waker};

use aludel_core::{Encode, Error, Kind, Result, UsageError};
use aludel_engine::driver::{
    Bulk, Call, Cancel, Connection, Face, Outcome, Reply, RowSink, Slot, Times, TransactionState, write_fault,
};
use aludel_sql::{Arguments, Compiled, StatementKind};

use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use crate::answer::{Answer, End};
use crate::bind::Param;
use crate::cancel::Canceller;
use crate::channel::Channel;
use crate::connector::Settings;
use crate::request::{self, Bind, Name};
use crate::statement::{Columns, Described, Statements};
use crate::types::{self, Type};

/// A connection to a PostgreSQL database.
///
/// The engine's driver uses it; a program gets at it through `Connection::as_any_mut` of the engine's connection, for what only
/// PostgreSQL can do.
#[derive(Debug)]
pub struct PostgresConnection {
    pub(crate) channel: Channel,
    pub(crate) statements: Statements,
    settings: Arc<Settings>,
    /// What no other connection has, in the names of its statements.
    prefix: u64,
    /// The statement whose rows were not all fetched.
    cursor: Option<Cursor>,
    /// The types that a new statement's parameters are said to have; kept for its memory.
    declared: Vec<u32>,
    /// Process and key, for requests to cancel.
    key: (i32, i32),
    /// Set while the channel is with a task that settles it.
    away: Option<Away>,
}

/// A statement whose rows were not all fetched.
#[derive(Clone, Debug)]
struct Cursor {
    compiled: Arc<Compiled>,
    columns: Option<Arc<Columns>>,
}

/// A statement's place and name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) slot: Slot,
    pub(crate) name: Name,
    /// Whether this request prepares it.
    pub(crate) is_new: bool,
}

/// An answer that is there on the blocking face, and will be on the other.
pub(crate) fn reply<'a, T>(face: Face, future: impl Future<Output = Result<T>> + Send + 'a) -> Reply<'a, T> {
    match face {
        Face::Async => Reply::later(future),
        Face::Blocking => match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(result) => Reply::now(result),
            Poll::Pending => Reply::now(Err(Error::other("a blocking connection would have waited"))),
        },
    }
}

impl PostgresConnection {
    pub(crate) fn new(channel: Channel, settings: Arc<Settings>) -> Self {
        Self {
            key: channel.state.key,
            away: None,
            channel,
            statements: Statements::new(settings.statements),
            settings,
            prefix: rand::random(),
            cursor: None,
            declared: Vec::new(),
        }
    }

    /// Whether statements are kept prepared at all.
    fn keeps_statements(&self) -> bool {
        self.settings.statements > 0
    }

    /// Finds the statement, or begins to prepare it: `Parse` and `Describe` are appended.
    pub(crate) fn place(&mut self, compiled: &Compiled, hint: Slot, keep: bool) -> Result<(Place, Described)> {
        self.write_closes();
        let prefix = self.prefix;
        if let Some((slot, number, described)) = self.statements.find(compiled.number, hint) {
            let name = Name { prefix, number };
            return Ok((Place { slot, name, is_new: false }, described.clone()));
        }
        let sql = &*compiled.sql;
        if let Some(at) = sql.find('\0') {
            return Err(UsageError::new(format!("the SQL holds a zero byte, at byte {at}")).into());
        }
        declare(compiled, &mut self.declared);
        let (slot, number) = match keep && self.keeps_statements() {
            true => self.statements.reserve(compiled.number),
            false => (Slot::EMPTY, 0),
        };
        let name = Name { prefix, number };
        let out = self.channel.wire.out();
        if !request::parse(name, sql, &self.declared, out) {
            return Err(too_large());
        }
        request::describe(name, out);
        Ok((Place { slot, name, is_new: true }, Described::default()))
    }

    /// Appends what lets go of statements that are not needed any more.
    fn write_closes(&mut self) {
        let prefix = self.prefix;
        for number in self.statements.closing().iter() {
            request::close(Name { prefix, number: *number }, self.channel.wire.out());
        }
    }

    /// The request stands in the write buffer as a whole: its Sync is appended, and noted.
    pub(crate) fn commit_request(&mut self) {
        self.statements.closing().clear();
        request::sync(self.channel.wire.out());
        self.channel.state.owed += 1;
    }

    /// As [`commit_request`](Self::commit_request), for a cursor that stays open.
    fn commit_unsynced(&mut self) {
        self.statements.closing().clear();
        request::flush(self.channel.wire.out());
        self.channel.state.is_unsynced = true;
    }

    /// The request could not be written as a whole: nothing of it is sent.
    pub(crate) fn take_back(&mut self, length: usize, place: Option<Place>) {
        self.channel.wire.truncate_out(length);
        if let Some(place) = place
            && place.is_new
        {
            self.statements.release(place.slot, place.name.number);
        }
    }

    /// What an answer has told of a new statement is kept.
    pub(crate) fn keep(&mut self, place: Place, described: Option<Described>, is_parsed: bool) {
        if !place.is_new || place.name.number == 0 {
            return;
        }
        match described {
            Some(described) if is_parsed => self.statements.fill(place.slot, place.name.number, described),
            _ if is_parsed => {}
            _ => self.statements.release(place.slot, place.name.number),
        }
    }

    /// Writes the request to run a statement.
    fn write_run(&mut self, call: &mut Call<'_>) -> Result<Sent> {
        let start = self.channel.wire.out().len();
        let (place, described) = match self.place(call.compiled, *call.slot, call.keep) {
            Ok(found) => found,
            Err(error) => {
                self.take_back(start, None);
                return Err(error);
            }
        };
        *call.slot = place.slot;
        if call.compiled.kind == StatementKind::Text {
            self.channel.state.may_begin = true;
        }
        let params = (!place.is_new).then_some(&*described.params);
        let written = write_bind(&mut self.channel, place.name, call.compiled, params, call.arguments);
        match written {
            Ok(true) => {}
            Ok(false) => {
                // Parse and Describe go alone, so that the types are known when the values are written.
                let at = self.channel.wire.out().len();
                self.channel.wire.truncate_out(at);
                self.commit_request();
                return Ok(Sent { place, columns: None, is_described_only: true });
            }
            Err(error) => {
                self.take_back(start, Some(place));
                return Err(error);
            }
        }
        self.write_execute(call.limit);
        Ok(Sent { place, columns: described.columns, is_described_only: false })
    }

    fn write_execute(&mut self, limit: usize) {
        match i32::try_from(limit) {
            Ok(limit) if limit > 0 => {
                request::execute(limit, self.channel.wire.out());
                self.commit_unsynced();
            }
            _ => {
                request::execute(0, self.channel.wire.out());
                self.commit_request();
            }
        }
    }

    async fn read_run(&mut self, call: Call<'_>, sent: Sent) -> Result<Outcome> {
        let Call { compiled, arguments, sink, limit, times, .. } = call;
        let Sent { mut place, mut columns, is_described_only } = sent;
        self.channel.flush().await?;
        if is_described_only {
            let described = self.read_description(place, compiled, times).await?;
            place.is_new = false;
            let start = self.channel.wire.out().len();
            if let Err(error) = write_bind(&mut self.channel, place.name, compiled, Some(&described.params), arguments)
            {
                self.take_back(start, Some(place));
                return Err(error);
            }
            self.write_execute(limit);
            columns = described.columns;
            self.channel.flush().await?;
            return self.read_answer(compiled, sink, None, place, columns).await;
        }
        self.read_answer(compiled, sink, times, place, columns).await
    }

    /// Reads the answer to `Parse`, `Describe` and `Sync`.
    pub(crate) async fn read_description(
        &mut self,
        place: Place,
        compiled: &Compiled,
        times: Option<&mut Times>,
    ) -> Result<Described> {
        let mut nothing = aludel_engine::driver::NoRows;
        let mut answer = Answer::new(compiled, &mut nothing, None);
        let started = std::time::Instant::now();
        answer.read(&mut self.channel).await?;
        if let Some(times) = times {
            times.prepare += started.elapsed();
        }
        let (described, is_parsed) = (answer.described.take(), answer.is_parsed);
        self.keep(place, described.clone(), is_parsed);
        answer.finish()?;
        Ok(described.unwrap_or_default())
    }

    async fn read_answer(
        &mut self,
        compiled: &Arc<Compiled>,
        sink: &mut dyn RowSink,
        times: Option<&mut Times>,
        place: Place,
        columns: Option<Arc<Columns>>,
    ) -> Result<Outcome> {
        let mut answer = Answer::new(compiled, sink, columns);
        answer.times = times;
        let end = answer.read(&mut self.channel).await?;
        if place.is_new {
            let (described, is_parsed) = (answer.described.take(), answer.is_parsed);
            self.keep(place, described, is_parsed);
        }
        let columns = answer.columns.clone();
        self.end_answer(end, answer.finish(), || Cursor { compiled: Arc::clone(compiled), columns }).await
    }

    /// What is to be done where reading an answer has ended.
    async fn end_answer(
        &mut self,
        end: End,
        result: Result<Outcome>,
        cursor: impl FnOnce() -> Cursor,
    ) -> Result<Outcome> {
        match end {
            End::Suspended if result.is_ok() => {
                self.cursor = Some(cursor());
                return result;
            }
            End::Suspended | End::Unsynced => {
                self.cursor = None;
                self.channel.write_end();
                let late = self.channel.drain(0).await?;
                // A commit of its own may fail at the end.
                return match (result, late) {
                    (Ok(_), Some(error)) => Err(error),
                    (result, _) => result,
                };
            }
            End::Ready | End::Left => {}
        }
        result
    }

    /// Appends a simple query.
    pub(crate) fn write_query(&mut self, sql: &str) -> Result<()> {
        if let Some(at) = sql.find('\0') {
            return Err(UsageError::new(format!("the SQL holds a zero byte, at byte {at}")).into());
        }
        if !self.channel.write_query(sql) {
            return Err(too_large());
        }
        Ok(())
    }

    /// Waits for everything that is owed.
    pub(crate) async fn drained(&mut self) -> Result<()> {
        self.channel.flush().await?;
        match self.channel.drain(0).await? {
            None => Ok(()),
            Some(error) => Err(error),
        }
    }

    async fn settled(&mut self, roll_back: bool) -> Result<()> {
        self.cursor = None;
        self.come_back().await?;
        self.channel.settle(&self.settings, roll_back).await?;
        self.statements.settle();
        Ok(())
    }

    /// Takes the channel back from the task that settles it.
    async fn come_back(&mut self) -> Result<()> {
        let Some(away) = &mut self.away else {
            return Ok(());
        };
        let came = (&mut away.task).await;
        self.away = None;
        match came {
            Ok((channel, settled)) => {
                self.channel = channel;
                self.channel.state.is_broken |= settled.is_err();
                settled
            }
            Err(error) => {
                self.channel.state.is_broken = true;
                Err(Error::connection(format!("what a dropped future left could not be settled: {error}")))
            }
        }
    }

    /// Has a task settle what is left, where there is a runtime for it.
    fn go_away(&mut self, roll_back: bool) {
        let Ok(runtime) = Handle::try_current() else {
            return;
        };
        let was = self.transaction();
        let roll_back = Arc::new(AtomicBool::new(roll_back));
        let (settings, rolls_back) = (Arc::clone(&self.settings), Arc::clone(&roll_back));
        let mut channel = std::mem::replace(&mut self.channel, Channel::absent(Face::Async));
        let task = runtime.spawn(async move {
            let mut settled = channel.settle(&settings, false).await;
            // It may be said later that a rollback is wanted too.
            if settled.is_ok() && rolls_back.load(Ordering::Acquire) {
                settled = channel.settle(&settings, true).await;
            }
            (channel, settled)
        });
        self.away = Some(Away { task, was, roll_back });
    }
}

/// The channel is with a task that settles it.
#[derive(Debug)]
struct Away {
    task: JoinHandle<(Channel, Result<()>)>,
    /// What was known of the transaction.
    was: TransactionState,
    roll_back: Arc<AtomicBool>,
}

/// A request that was written.
#[derive(Debug)]
struct Sent {
    place: Place,
    columns: Option<Arc<Columns>>,
    /// Whether only the statement's types were asked for.
    is_described_only: bool,
}

#[cold]
pub(crate) fn too_large() -> Error {
    UsageError::new("the statement and its values are too large: PostgreSQL takes a gigabyte, and 65,535 values").into()
}

/// Writes `Bind` for a statement's own values. False, and nothing is written, if a value can't be written before its type is
/// known.
fn write_bind(
    channel: &mut Channel,
    name: Name,
    compiled: &Compiled,
    params: Option<&[Type]>,
    arguments: &Arguments,
) -> Result<bool> {
    let out = channel.wire.out();
    let start = out.len();
    let count = compiled.binds.len();
    if let Some(params) = params
        && params.len() != count
    {
        let message = format!("the SQL has {} placeholder(s), and {count} value(s) are bound", params.len());
        return Err(UsageError::new(message).into());
    }
    let bind = Bind::begin(name, u16::try_from(count).map_err(|_| too_large())?, out);
    for (index, plan) in compiled.binds.iter().enumerate() {
        let ty = params.and_then(|params| params.get(index)).copied().unwrap_or(Type::UNKNOWN);
        let mut param = Param::new(out, ty);
        arguments.get(plan.source).encode(&mut param).map_err(|fault| write_fault(compiled, index, fault))?;
        let (is_text, needs_type) = (param.is_text, param.needs_type);
        if needs_type {
            out.truncate(start);
            return Ok(false);
        }
        if is_text {
            bind.as_text(index, out);
        }
    }
    if bind.end(out) { Ok(true) } else { Err(too_large()) }
}

/// The types that the parameters are said to have. What stands beside a column gets its type from there, and text is what
/// the server makes of it; otherwise the value's own kind decides.
fn declare(compiled: &Compiled, types: &mut Vec<u32>) {
    types.clear();
    types.resize(compiled.rows.map_or(0, |shape| shape.width * shape.rows), 0);
    types.extend(compiled.binds.iter().map(|bind| match bind.kind {
        Kind::Bytes => types::BYTEA,
        _ if bind.context.is_some() => 0,
        Kind::Bool => types::BOOL,
        Kind::SmallInt => types::INT2,
        Kind::Integer => types::INT4,
        Kind::BigInt => types::INT8,
        Kind::Float => types::FLOAT4,
        Kind::Double => types::FLOAT8,
        Kind::Decimal => types::NUMERIC,
        Kind::Date => types::DATE,
        Kind::Time => types::TIME,
        Kind::DateTime => types::TIMESTAMP,
        Kind::Timestamp => types::TIMESTAMPTZ,
        Kind::Interval => types::INTERVAL,
        Kind::Uuid => types::UUID,
        _ => 0,
    }));
}

impl Connection for PostgresConnection {
    fn run<'a>(&'a mut self, mut call: Call<'a>) -> Reply<'a, Outcome> {
        let face = self.channel.face();
        match self.write_run(&mut call) {
            Ok(sent) => reply(face, self.read_run(call, sent)),
            Err(error) => Reply::now(Err(error)),
        }
    }

    fn resume<'a>(&'a mut self, sink: &'a mut dyn RowSink, limit: usize) -> Reply<'a, Outcome> {
        let Some(cursor) = self.cursor.clone() else {
            return Reply::now(Ok(Outcome { finished: true, ..Outcome::default() }));
        };
        let limit = i32::try_from(limit).unwrap_or(i32::MAX).max(1);
        request::execute(limit, self.channel.wire.out());
        self.commit_unsynced();
        reply(self.channel.face(), async move {
            self.channel.flush().await?;
            let mut answer = Answer::new(&cursor.compiled, sink, cursor.columns.clone());
            answer.is_begun = true;
            let end = answer.read(&mut self.channel).await?;
            let result = answer.finish();
            self.end_answer(end, result, || cursor).await
        })
    }

    fn bulk<'a>(&'a mut self, bulk: Bulk<'a>) -> Reply<'a, Outcome> {
        reply(self.channel.face(), crate::bulk::run(self, bulk))
    }

    fn batch<'a>(&'a mut self, sql: &'a str) -> Reply<'a, ()> {
        let face = self.channel.face();
        match self.write_query(sql) {
            Ok(()) => reply(face, self.drained()),
            Err(error) => Reply::now(Err(error)),
        }
    }

    fn close_cursor(&mut self) -> Reply<'_, ()> {
        if !self.channel.state.is_unsynced {
            return Reply::now(Ok(()));
        }
        self.cursor = None;
        self.channel.write_end();
        reply(self.channel.face(), self.drained())
    }

    fn transaction(&self) -> TransactionState {
        match &self.away {
            None => self.channel.state.transaction(),
            Some(away) => away.was,
        }
    }

    fn owes(&self) -> bool {
        self.away.is_some() || self.channel.owes()
    }

    fn abandon(&mut self, roll_back: bool) {
        self.cursor = None;
        if let Some(away) = &self.away {
            away.roll_back.fetch_or(roll_back, Ordering::AcqRel);
            return;
        }
        self.channel.write_end();
        if roll_back && self.transaction() != TransactionState::Idle {
            let _is_short: bool = self.channel.write_query("ROLLBACK");
        }
        self.channel.try_settle();
        if self.channel.owes() && !self.channel.state.is_broken && self.channel.face() == Face::Async {
            self.go_away(roll_back);
        }
    }

    fn settle(&mut self, roll_back: bool) -> Reply<'_, ()> {
        reply(self.channel.face(), self.settled(roll_back))
    }

    fn is_closed(&mut self) -> bool {
        if self.away.is_none() && !self.channel.owes() {
            self.channel.look_for_end();
        }
        self.channel.state.is_broken
    }

    fn is_broken(&self) -> bool {
        self.channel.state.is_broken
    }

    fn ping(&mut self) -> Reply<'_, ()> {
        self.batch("")
    }

    fn forget(&mut self, number: u64) {
        self.statements.forget(number);
    }

    fn prepared(&self) -> usize {
        self.statements.len()
    }

    fn close(mut self: Box<Self>) -> Reply<'static, ()> {
        request::terminate(self.channel.wire.out());
        reply(self.channel.face(), async move { self.channel.flush().await })
    }

    fn canceller(&self) -> Option<Arc<dyn Cancel>> {
        Some(Arc::new(Canceller { settings: Arc::clone(&self.settings), key: self.key }))
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}

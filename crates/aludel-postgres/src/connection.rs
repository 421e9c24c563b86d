//! One PostgreSQL connection.

use std::any::Any;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use aludel_core::{Error, Result, UsageError};
use aludel_engine::driver::{
    Bulk, Call, Cancel, Connection, Face, Outcome, Pipeline, Reply, RowSink, TransactionState,
};

use crate::away::Away;
use crate::cancel::Canceller;
use crate::channel::Channel;
use crate::connector::Settings;
use crate::notice::Notification;
use crate::request;
use crate::run::Cursor;
use crate::statement::Statements;

/// A connection to a PostgreSQL database.
///
/// The engine's driver uses it; a program gets at it through `Connection::as_any_mut` of the engine's connection, for what only
/// PostgreSQL can do.
#[derive(Debug)]
pub struct PostgresConnection {
    pub(crate) channel: Channel,
    pub(crate) statements: Statements,
    pub(crate) settings: Arc<Settings>,
    /// What no other connection has, in the names of its statements.
    pub(crate) prefix: u64,
    /// The statement whose rows were not all fetched.
    pub(crate) cursor: Option<Cursor>,
    /// The types that a new statement's parameters are said to have; kept for its memory.
    pub(crate) declared: Vec<u32>,
    /// Process and key, for requests to cancel.
    key: (i32, i32),
    /// Which statements of many rows can go by COPY, by their numbers.
    pub(crate) copies: Vec<(u64, bool)>,
    /// Set while the channel is with a task that settles it.
    pub(crate) away: Option<Away>,
}

/// The result of a call of a connection that blocks, where it is ready when it is first asked for:
/// `wait(connection.copy_in(sql))`.
///
/// # Errors
/// Those of the call, and when the connection is one of an async engine, whose calls are to be awaited.
pub fn wait<T>(call: impl Future<Output = Result<T>>) -> Result<T> {
    match pin!(call).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => Err(UsageError::new("the call of an async connection is awaited, it does not block").into()),
    }
}

impl PostgresConnection {
    pub(crate) fn new(channel: Channel, settings: Arc<Settings>) -> Self {
        Self {
            key: channel.state.key,
            away: None,
            copies: Vec::new(),
            channel,
            statements: Statements::new(settings.statements),
            settings,
            prefix: rand::random(),
            cursor: None,
            declared: Vec::new(),
        }
    }

    /// The oldest message of `NOTIFY` that has come to this connection, after a `LISTEN` of its own, and was not asked for yet.
    /// Messages come while other statements run, so a [`Listener`](crate::Listener) hears them sooner.
    pub fn notification(&mut self) -> Option<Notification> {
        if self.away.is_none() && !self.channel.owes() {
            self.channel.look_for_end();
        }
        self.channel.state.notifications.next()
    }

    /// A setting of which the server tells when it changes, such as `server_version` or `TimeZone`.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let mut parameters = self.channel.state.parameters.iter();
        parameters.find(|(known, _)| &**known == name).map(|(_, value)| &**value)
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

    pub(crate) async fn settled(&mut self, roll_back: bool) -> Result<()> {
        self.cursor = None;
        if let Some(away) = &mut self.away {
            let came = away.end().await;
            self.away = None;
            self.channel = came.inspect_err(|_| self.channel.state.is_broken = true)?;
        }
        self.channel.settle(&self.settings, roll_back).await?;
        self.statements.settle();
        Ok(())
    }
}

#[cold]
pub(crate) fn too_large() -> Error {
    UsageError::new("the statement and its values are too large: PostgreSQL takes a gigabyte, and 65,535 values").into()
}

impl Connection for PostgresConnection {
    fn run<'a>(&'a mut self, mut call: Call<'a>) -> Reply<'a, Outcome> {
        let face = self.channel.face();
        match self.write_run(&mut call) {
            Ok(sent) => Reply::on(face, self.read_run(call, sent)),
            Err(error) => Reply::now(Err(error)),
        }
    }

    fn resume<'a>(&'a mut self, sink: &'a mut dyn RowSink, limit: usize) -> Reply<'a, Outcome> {
        let Some(cursor) = self.cursor.take() else {
            return Reply::now(Ok(Outcome { finished: true, ..Outcome::default() }));
        };
        let limit = i32::try_from(limit).unwrap_or(i32::MAX).max(1);
        Reply::on(self.channel.face(), self.read_more(cursor, sink, limit))
    }

    fn bulk<'a>(&'a mut self, bulk: Bulk<'a>) -> Reply<'a, Outcome> {
        Reply::on(self.channel.face(), crate::bulk::run(self, bulk))
    }

    fn batch<'a>(&'a mut self, sql: &'a str) -> Reply<'a, ()> {
        let face = self.channel.face();
        match self.write_query(sql) {
            Ok(()) => Reply::on(face, self.drained()),
            Err(error) => Reply::now(Err(error)),
        }
    }

    fn close_cursor(&mut self) -> Reply<'_, ()> {
        if !self.channel.state.is_unsynced {
            return Reply::now(Ok(()));
        }
        self.cursor = None;
        self.channel.write_end();
        Reply::on(self.channel.face(), self.drained())
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
            if roll_back {
                away.roll_back();
            }
            return;
        }
        self.channel.write_end();
        if roll_back && self.transaction() != TransactionState::Idle {
            let _is_short: bool = self.channel.write_query("ROLLBACK");
        }
        self.channel.try_settle();
        if self.channel.owes() && !self.channel.state.is_broken && self.channel.face() == Face::Async {
            self.away = Away::begin(&mut self.channel, &self.settings, roll_back);
        }
    }

    fn settle(&mut self, roll_back: bool) -> Reply<'_, ()> {
        Reply::on(self.channel.face(), self.settled(roll_back))
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
        Reply::on(self.channel.face(), async move { self.channel.flush().await })
    }

    fn canceller(&self) -> Option<Arc<dyn Cancel>> {
        Some(Arc::new(Canceller { settings: Arc::clone(&self.settings), key: self.key }))
    }

    fn pipeline(&mut self) -> Option<&mut dyn Pipeline> {
        Some(self)
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}

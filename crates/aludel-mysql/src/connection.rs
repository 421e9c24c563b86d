//! One connection to a MySQL or MariaDB server.

use std::any::Any;
use std::sync::Arc;
use std::time::Instant;

use aludel_core::{CompileError, Error, Result, UsageError};
use aludel_engine::driver::{Bulk, Call, Cancel, Connection, Outcome, Reply, RowSink, Slot, TransactionState};
use aludel_sql::{Compiled, StatementKind};
use bytes::BufMut;
use mysql_common::constants::{Command, MariadbCapabilities};

use crate::answer::{Reading, file_refused};
use crate::bind::Types;
use crate::bulk::Room;
use crate::connector::Target;
use crate::error::broken_protocol;
use crate::handshake::Opened;
use crate::request::{Values, put_execute};
use crate::row::Cell;
use crate::server::{Greeting, Product};
use crate::session::{Answer, Event, Session};
use crate::statement::{At, Prepared, Statements};
use crate::stop::Stops;

/// A connection to a MySQL or MariaDB server.
///
/// The engine's driver uses it; a program gets at it through `Connection::as_any_mut`.
#[derive(Debug)]
pub struct MySqlConnection {
    pub(crate) session: Session,
    pub(crate) statements: Statements,
    pub(crate) cursor: Option<Cursor>,
    pub(crate) greeting: Greeting,
    pub(crate) max_packet: usize,
    pub(crate) target: Arc<Target>,
    pub(crate) stops: Stops,
    /// Whether data for LOAD DATA LOCAL was begun and not ended.
    pub(crate) is_loading: bool,
    pub(crate) cells: Vec<Cell>,
    pub(crate) room: Room,
}

/// A statement whose rows were not all read.
#[derive(Debug)]
pub(crate) struct Cursor {
    pub(crate) compiled: Arc<Compiled>,
    at: At,
}

impl MySqlConnection {
    pub(crate) fn new(opened: Opened, target: Arc<Target>) -> Self {
        let Opened { session, greeting, max_packet, server } = opened;
        let stops = Stops::new(&target, greeting.connection, server);
        Self {
            session,
            statements: Statements::new(target.options.statement_cache),
            cursor: None,
            greeting,
            max_packet,
            target,
            stops,
            is_loading: false,
            cells: Vec::new(),
            room: Room::default(),
        }
    }

    /// The server's version, as it says it: `10.11.14-MariaDB`.
    #[must_use]
    pub fn server_version(&self) -> &str {
        &self.greeting.version
    }

    /// Whether the server is MariaDB.
    #[must_use]
    pub fn is_mariadb(&self) -> bool {
        self.greeting.product == Product::MariaDb
    }

    /// The server's number for the connection, as `KILL` and the process list know it.
    #[must_use]
    pub fn connection_id(&self) -> u32 {
        self.greeting.connection
    }

    /// Finds or prepares the statement, runs it, and hands over its rows.
    async fn execute(&mut self, call: Call<'_>) -> Result<Outcome> {
        let Call { compiled, slot, arguments, sink, limit, keep, mut times } = call;
        self.close_rows().await?;
        let started = times.is_some().then(Instant::now);
        let values = Values { compiled, arguments, hyphens: self.is_mariadb() };
        let (mut at, was_known) = self.request(values, *slot, keep).await?;
        let mut outcome = self.read_rows(compiled, at, sink, Reading::first(limit), times.as_deref_mut()).await;
        if was_known && outcome.as_ref().is_err_and(is_forgotten) {
            // It was not run: the server has forgotten it, or tables have changed under it too often.
            self.forget_statement(compiled.number);
            (at, _) = self.request(values, *slot, keep).await?;
            outcome = self.read_rows(compiled, at, sink, Reading::first(limit), times.as_deref_mut()).await;
        }
        *slot = at.slot();
        if let (Some(times), Some(started)) = (times, started) {
            times.execute += started.elapsed().saturating_sub(times.decode);
        }
        match outcome {
            Ok(Outcome { finished: false, .. }) => self.cursor = Some(Cursor { compiled: Arc::clone(compiled), at }),
            _ => self.end_of_answer(at),
        }
        outcome
    }

    /// Requests a run of the statement, prepared if need be. Tells where it is, and whether it was prepared before.
    #[inline]
    async fn request(&mut self, values: Values<'_>, slot: Slot, keep: bool) -> Result<(At, bool)> {
        if let Some(at) = self.statements.find(values.compiled.number, slot) {
            let entry = self.statements.get(at);
            put_execute(&mut self.session, entry.id, &mut entry.types, values, self.max_packet)?;
            return Ok((at, true));
        }
        match Box::pin(self.prepare_and_execute(values, keep)).await {
            Err(error) if is_full(&error) && self.statements.len() > 0 => {
                // All connections of all programs share the server's room.
                for id in self.statements.clear() {
                    self.session.close_statement(id);
                }
                Ok((Box::pin(self.prepare_and_execute(values, keep)).await?, false))
            }
            prepared => Ok((prepared?, false)),
        }
    }

    fn forget_statement(&mut self, number: u64) {
        if let Some(id) = self.statements.forget(number) {
            self.session.close_statement(id);
        }
    }

    /// A statement that is not kept goes as soon as it has run.
    #[inline]
    fn end_of_answer(&mut self, at: At) {
        if at == At::Once && !self.session.owes() {
            self.close_once();
        }
        if !self.session.owes() {
            self.session.rest();
        }
    }

    /// Sends a statement that the server does not know yet and its first run, both at once where the server can take that.
    #[cold]
    async fn prepare_and_execute(&mut self, values: Values<'_>, keep: bool) -> Result<At> {
        let compiled = values.compiled;
        check_text(&compiled.sql)?;
        // SQL of the program's own may have other placeholders than values; the server must not run it then.
        let in_one_go = self.greeting.mariadb.contains(MariadbCapabilities::MARIADB_CLIENT_STMT_BULK_OPERATIONS)
            && compiled.kind != StatementKind::Text;
        let mut types = Types::default();
        let at = self.session.begin(Command::COM_STMT_PREPARE);
        self.session.out().put_slice(compiled.sql.as_bytes());
        if compiled.sql.len() >= self.max_packet {
            self.session.take_back(at);
            return Err(crate::request::too_large(compiled.sql.len(), self.max_packet));
        }
        self.session.submit(at, Answer::Prepare);
        if in_one_go
            && let Err(error) = put_execute(&mut self.session, LAST_PREPARED, &mut types, values, self.max_packet)
        {
            // The statement is prepared all the same: it will be met again.
            self.read_prepared(compiled, Types::default(), keep).await?;
            return Err(error);
        }
        let at = self.read_prepared(compiled, types, keep).await?;
        if !in_one_go {
            let entry = self.statements.get(at);
            put_execute(&mut self.session, entry.id, &mut entry.types, values, self.max_packet)?;
        }
        Ok(at)
    }

    /// Reads the answer to a statement's preparation. If that failed, a run that was sent behind it fails too.
    async fn read_prepared(&mut self, compiled: &Compiled, types: Types, keep: bool) -> Result<At> {
        let owed = self.session.owed();
        let wanted = compiled.rows.map_or(0, |shape| shape.width * shape.rows) + compiled.binds.len();
        let mut types = Some(types);
        let mut prepared = Err(broken_protocol("a statement was prepared, and its number is not told"));
        while self.session.owed() == owed {
            match self.session.next().await? {
                Event::Prepared { id, parameters } if parameters == wanted => {
                    let types = types.take().unwrap_or_default();
                    let entry = Prepared { number: compiled.number, id, types, ..Prepared::default() };
                    let (at, displaced) = self.statements.add(entry, keep);
                    if let Some(id) = displaced {
                        self.session.close_statement(id);
                    }
                    prepared = Ok(at);
                }
                Event::Prepared { id, parameters } => {
                    self.session.close_statement(id);
                    let message = format!("its SQL has {parameters} parameter(s), and {wanted} value(s) are bound");
                    prepared = Err(CompileError::invalid(message).into());
                }
                Event::Failed(_) => prepared = Err(self.session.error()),
                _ => {}
            }
        }
        if prepared.is_err() {
            self.drain().await?;
        }
        prepared
    }

    /// Closes the open cursor.
    pub(crate) async fn close_rows(&mut self) -> Result<()> {
        if self.cursor.is_none() {
            return Ok(());
        }
        Box::pin(self.settle_all(false)).await
    }

    async fn resume_rows(&mut self, sink: &mut dyn RowSink, limit: usize) -> Result<Outcome> {
        let Some(Cursor { compiled, at }) = self.cursor.take() else {
            return Ok(Outcome { finished: true, ..Outcome::default() });
        };
        let outcome = self.read_rows(&compiled, at, sink, Reading::on(limit), None).await?;
        if outcome.finished {
            self.end_of_answer(at);
        } else {
            self.cursor = Some(Cursor { compiled, at });
        }
        Ok(outcome)
    }

    /// Runs SQL without placeholders: one or several statements, of which nothing is read but how they ended.
    pub(crate) async fn run_text(&mut self, sql: &str) -> Result<()> {
        self.close_rows().await?;
        if sql.len() >= self.max_packet {
            return Err(crate::request::too_large(sql.len(), self.max_packet));
        }
        self.session.query(sql);
        let mut asks_for_file = false;
        loop {
            match self.session.next().await? {
                Event::Done(done) if !done.more => break,
                Event::Failed(answer) => {
                    let error = self.session.error();
                    self.after_error(answer, &error).await?;
                    return Err(error);
                }
                Event::File => {
                    self.session.refuse_file();
                    asks_for_file = true;
                }
                _ => {}
            }
        }
        self.session.rest();
        if asks_for_file { Err(file_refused()) } else { Ok(()) }
    }

    /// A prepared statement's place, prepared if need be.
    #[inline]
    pub(crate) async fn prepared(&mut self, compiled: &Compiled, slot: Slot) -> Result<At> {
        match self.statements.find(compiled.number, slot) {
            Some(at) => Ok(at),
            None => Box::pin(self.prepare(compiled)).await,
        }
    }

    #[cold]
    async fn prepare(&mut self, compiled: &Compiled) -> Result<At> {
        check_text(&compiled.sql)?;
        let at = self.session.begin(Command::COM_STMT_PREPARE);
        self.session.out().put_slice(compiled.sql.as_bytes());
        self.session.submit(at, Answer::Prepare);
        self.read_prepared(compiled, Types::default(), true).await
    }
}

/// Whether the server does not know the statement any more (1243), or wants it prepared again (1615).
#[cold]
fn is_forgotten(error: &Error) -> bool {
    error.database().is_some_and(|error| matches!(error.code(), "1243" | "1615"))
}

/// Whether the server takes no more prepared statements.
#[cold]
fn is_full(error: &Error) -> bool {
    error.database().is_some_and(|error| error.code() == "1461")
}

/// What MariaDB takes for the number of the statement that was prepared last.
const LAST_PREPARED: u32 = u32::MAX;

/// The server would take a zero byte for the end, in some places.
fn check_text(sql: &str) -> Result<()> {
    match sql.find('\0') {
        None => Ok(()),
        Some(at) => Err(UsageError::new(format!("the SQL holds a zero byte, at byte {at}")).into()),
    }
}

impl Connection for MySqlConnection {
    fn run<'a>(&'a mut self, call: Call<'a>) -> Reply<'a, Outcome> {
        Reply::on(self.target.face, self.execute(call))
    }

    fn resume<'a>(&'a mut self, sink: &'a mut dyn RowSink, limit: usize) -> Reply<'a, Outcome> {
        Reply::on(self.target.face, self.resume_rows(sink, limit))
    }

    fn bulk<'a>(&'a mut self, bulk: Bulk<'a>) -> Reply<'a, Outcome> {
        Reply::on(self.target.face, self.run_bulk(bulk))
    }

    fn batch<'a>(&'a mut self, sql: &'a str) -> Reply<'a, ()> {
        Reply::on(self.target.face, self.run_text(sql))
    }

    fn close_cursor(&mut self) -> Reply<'_, ()> {
        if self.cursor.is_none() {
            return Reply::now(Ok(()));
        }
        Reply::on(self.target.face, self.close_rows())
    }

    fn transaction(&self) -> TransactionState {
        if self.session.owes() && self.cursor.is_none() {
            TransactionState::Unknown
        } else if self.session.is_in_transaction() {
            TransactionState::Open
        } else {
            TransactionState::Idle
        }
    }

    fn owes(&self) -> bool {
        self.session.owes() || self.stops.is_any()
    }

    fn abandon(&mut self, roll_back: bool) {
        self.leave(roll_back);
    }

    fn settle(&mut self, roll_back: bool) -> Reply<'_, ()> {
        Reply::on(self.target.face, self.settle_all(roll_back))
    }

    fn is_broken(&self) -> bool {
        self.session.is_broken() || self.is_loading
    }

    /// An idle server says nothing; what comes is its goodbye.
    fn is_closed(&mut self) -> bool {
        if self.is_broken() {
            return true;
        }
        if self.session.owes() {
            return false;
        }
        let is_closed = !matches!(self.session.wire().try_fill(), Ok(false));
        if is_closed {
            self.session.set_broken();
        }
        is_closed
    }

    fn ping(&mut self) -> Reply<'_, ()> {
        Reply::on(self.target.face, async {
            self.session.ping();
            self.drain().await
        })
    }

    fn forget(&mut self, number: u64) {
        self.forget_statement(number);
    }

    fn prepared(&self) -> usize {
        self.statements.len()
    }

    fn close(mut self: Box<Self>) -> Reply<'static, ()> {
        Reply::later(async move {
            let at = self.session.begin(Command::COM_QUIT);
            self.session.submit(at, Answer::Result);
            self.session.wire().flush().await.map_err(crate::error::connection_lost)
        })
    }

    fn canceller(&self) -> Option<Arc<dyn Cancel>> {
        Some(self.stops.canceller())
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}

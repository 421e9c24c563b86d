//! A connection on a thread of its own, so that SQLite never blocks an executor.
//!
//! The connection's side, [`Threaded`], sends owned jobs over a [`Line`] and waits for their answers; the thread decodes rows
//! into a fork of the call's sink and sends it back whole. Each job has a number, and an answer is taken by whoever waits
//! for that number: the answer to a job whose future was dropped is thrown away when the next one comes.

mod bulk;
mod job;
mod line;
mod thread;

use std::any::Any;
use std::sync::Arc;
use std::time::Instant;

use aludel_core::Result;
use aludel_engine::driver::{Bulk, Call, Cancel, Connection, Outcome, Reply, RowSink, Times, TransactionState};
use aludel_sql::StatementKind;

use crate::connection::SqliteConnection;
use crate::connector::Settings;
use job::{Answer, Job, RunJob};
use line::{Line, Sort};

/// A connection on a thread of its own.
#[derive(Debug)]
pub struct Threaded {
    line: Arc<Line>,
    /// The number of the last job that was sent.
    sent: u64,
    /// The number of the last job whose answer was taken.
    taken: u64,
    has_cursor: bool,
    /// The job that is settling what was left, and whether it rolls back.
    settling: Option<(u64, bool)>,
}

impl Threaded {
    /// Starts the thread, which opens the connection.
    pub(crate) async fn open(settings: Arc<Settings>) -> Result<Self> {
        let spin = settings.options.spin && std::thread::available_parallelism().is_ok_and(|cores| cores.get() > 1);
        let line = Arc::new(Line::new(spin));
        thread::start(settings, Arc::clone(&line))?;
        let mut threaded = Self { line, sent: 0, taken: 0, has_cursor: false, settling: None };
        threaded.ask(Job::Open, Sort::Write).await?;
        Ok(threaded)
    }

    /// Runs something on the connection's thread: functions, hooks, backups.
    ///
    /// # Errors
    /// When the thread is gone.
    pub async fn with<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&mut SqliteConnection) -> T + Send + 'static,
    ) -> Result<T> {
        let work = Box::new(move |connection: &mut SqliteConnection| Box::new(work(connection)) as Box<dyn Any + Send>);
        match self.ask(Job::With(work), Sort::Write).await? {
            Answer::With(value) => value.downcast().map(|value| *value).map_err(|_| line::confused()),
            _ => Err(line::confused()),
        }
    }

    /// Sends a job and waits for its answer. What is sent is noted before anything is waited for.
    async fn ask(&mut self, job: Job, sort: Sort) -> Result<Answer> {
        self.post(job, sort);
        self.line.answer(self.sent).await.inspect(|_| self.taken = self.sent)?.into_result()
    }

    fn post(&mut self, job: Job, sort: Sort) {
        self.sent += 1;
        self.line.post(self.sent, job, sort);
    }

    async fn ask_done(&mut self, job: Job) -> Result<()> {
        self.ask(job, Sort::Write).await.map(|_| ())
    }

    async fn run_elsewhere(&mut self, call: Call<'_>) -> Result<Outcome> {
        let Call { compiled, slot, arguments, sink, limit, keep, times } = call;
        let started = times.is_some().then(Instant::now);
        let sort = if compiled.kind == StatementKind::Select { Sort::Read } else { Sort::Write };
        let job = RunJob {
            compiled: Arc::clone(compiled),
            slot: *slot,
            arguments: std::mem::take(arguments),
            sink: sink.fork(),
            limit,
            keep,
            times: times.is_some().then(Times::default),
        };
        self.has_cursor = limit != usize::MAX;
        let Answer::Ran(ran) = self.ask(Job::Run(Box::new(job)), sort).await? else {
            return Err(line::confused());
        };
        let (result, job) = *ran;
        *slot = job.slot;
        *arguments = job.arguments;
        sink.join(job.sink);
        if let (Some(times), Some(spent), Some(started)) = (times, job.times, started) {
            *times =
                Times { wait: started.elapsed().saturating_sub(spent.prepare + spent.execute + spent.decode), ..spent };
        }
        self.has_cursor = matches!(&result, Ok(outcome) if !outcome.finished);
        result
    }

    async fn resume_elsewhere(&mut self, sink: &mut dyn RowSink, limit: usize) -> Result<Outcome> {
        let Answer::Resumed(result, fork) = self.ask(Job::Resume(sink.fork(), limit), Sort::Read).await? else {
            return Err(line::confused());
        };
        sink.join(fork);
        self.has_cursor = matches!(&result, Ok(outcome) if !outcome.finished);
        result
    }

    async fn settle_elsewhere(&mut self, roll_back: bool) -> Result<()> {
        let number = match self.settling {
            Some((number, rolls_back)) if number == self.sent && (rolls_back || !roll_back) => number,
            _ => {
                self.begin_to_settle(roll_back);
                self.sent
            }
        };
        let answer = self.line.answer(number).await?;
        self.taken = self.sent;
        self.settling = None;
        self.has_cursor = false;
        answer.into_result().map(|_| ())
    }

    fn begin_to_settle(&mut self, roll_back: bool) {
        if roll_back {
            self.line.interrupt();
        }
        self.post(Job::Settle(roll_back), Sort::Settle);
        self.settling = Some((self.sent, roll_back));
    }
}

impl Connection for Threaded {
    fn run<'a>(&'a mut self, call: Call<'a>) -> Reply<'a, Outcome> {
        Reply::later(self.run_elsewhere(call))
    }

    fn resume<'a>(&'a mut self, sink: &'a mut dyn RowSink, limit: usize) -> Reply<'a, Outcome> {
        Reply::later(self.resume_elsewhere(sink, limit))
    }

    fn bulk<'a>(&'a mut self, bulk: Bulk<'a>) -> Reply<'a, Outcome> {
        Reply::later(self.bulk_elsewhere(bulk))
    }

    fn batch<'a>(&'a mut self, sql: &'a str) -> Reply<'a, ()> {
        Reply::later(self.ask_done(Job::Batch(sql.to_owned())))
    }

    fn close_cursor(&mut self) -> Reply<'_, ()> {
        if !self.has_cursor && self.sent == self.taken {
            return Reply::now(Ok(()));
        }
        Reply::later(self.settle_elsewhere(false))
    }

    fn transaction(&self) -> TransactionState {
        if self.sent == self.taken { self.line.transaction() } else { TransactionState::Unknown }
    }

    fn owes(&self) -> bool {
        self.sent != self.taken || self.has_cursor
    }

    fn abandon(&mut self, roll_back: bool) {
        if self.owes() || self.transaction() != TransactionState::Idle {
            self.begin_to_settle(roll_back);
        }
    }

    fn settle(&mut self, roll_back: bool) -> Reply<'_, ()> {
        if !self.owes() && (!roll_back || self.transaction() == TransactionState::Idle) {
            return Reply::now(Ok(()));
        }
        Reply::later(self.settle_elsewhere(roll_back))
    }

    fn is_broken(&self) -> bool {
        self.line.is_dead()
    }

    fn ping(&mut self) -> Reply<'_, ()> {
        Reply::later(self.settle_elsewhere(false))
    }

    fn forget(&mut self, number: u64) {
        self.line.forget(number);
    }

    fn prepared(&self) -> usize {
        self.line.prepared()
    }

    fn close(mut self: Box<Self>) -> Reply<'static, ()> {
        Reply::later(async move { self.ask_done(Job::Close).await })
    }

    fn canceller(&self) -> Option<Arc<dyn Cancel>> {
        Some(Arc::clone(&self.line) as Arc<dyn Cancel>)
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}

impl Drop for Threaded {
    fn drop(&mut self) {
        self.line.interrupt();
        self.post(Job::Close, Sort::Settle);
    }
}

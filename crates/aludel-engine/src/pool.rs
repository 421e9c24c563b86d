//! The connections of an engine.
//!
//! Taking an idle connection is one short lock and no clock. Everything else is the slow path: opening one, waiting in
//! line, checking an old one. The line is fair: a connection that comes back goes to whoever waits longest, and nobody
//! who comes later overtakes. A place in the pool that becomes free without a connection (one was broken, or could not be
//! opened) is given to the first in line too, who then opens one.
//!
//! It is written here and not taken from a pool crate, because it must serve both faces with one code, know who holds what,
//! and hand out connections that owe something without waiting.

mod holders;
mod timer;
mod waiter;

use std::collections::VecDeque;
use std::panic::Location;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use aludel_core::{Error, PoolError, Result};

use crate::driver::{Connector, Reply};
use crate::live::Live;
use crate::shared::Shared;

use holders::Holders;
use timer::Timer;
pub(crate) use waiter::Grant;
use waiter::{Turn, Waiter};

/// The connections of an engine.
#[derive(Debug)]
pub(crate) struct Pool {
    pub(crate) options: PoolOptions,
    pub(crate) connector: Arc<dyn Connector>,
    inner: Mutex<Inner>,
    timer: Arc<Timer>,
}

/// How a pool behaves.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PoolOptions {
    /// Connections that are kept.
    pub(crate) size: usize,
    /// Connections beyond those, which are closed when they come back.
    pub(crate) overflow: usize,
    /// How long to wait for one.
    pub(crate) timeout: Duration,
    /// Older ones are closed and opened anew.
    pub(crate) recycle: Option<Duration>,
    /// Whether each is asked for a sign of life before it is given out.
    pub(crate) pre_ping: bool,
    /// Whether the longest idle one is given out first, instead of the last one used.
    pub(crate) fifo: bool,
    /// Whether no connection may be closed while the engine lives.
    pub(crate) keep_open: bool,
    /// Statements that a connection knows how to find again.
    pub(crate) statements: usize,
}

#[derive(Debug, Default)]
struct Inner {
    idle: VecDeque<Box<Live>>,
    /// Connections that are open or being opened.
    open: usize,
    holders: Holders,
    line: VecDeque<Arc<Waiter>>,
    is_closed: bool,
    last_connect_error: Option<String>,
    next_number: u64,
}

/// How a pool stands; see [`Engine::pool_status`](crate::Engine::pool_status).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PoolStatus {
    /// Connections that are open or being opened.
    pub open: usize,
    /// Connections that wait for work.
    pub idle: usize,
    /// Callers that wait for a connection.
    pub waiting: usize,
    /// The most connections there may be.
    pub limit: usize,
}

impl Pool {
    pub(crate) fn new(connector: Arc<dyn Connector>, options: PoolOptions) -> Self {
        Self { options, connector, inner: Mutex::default(), timer: Arc::default() }
    }

    /// An idle connection, if there is one to be had without further ado.
    #[inline]
    pub(crate) fn try_take(&self, shared: &Shared, at: &'static Location<'static>) -> Option<Box<Live>> {
        if self.options.recycle.is_some() || self.options.pre_ping {
            return None;
        }
        let mut inner = self.lock();
        if !inner.line.is_empty() || inner.is_closed || inner.next(self.options.fifo)?.is_unsettled() {
            return None;
        }
        let mut live = inner.pop(self.options.fifo)?;
        live.place = inner.holders.add(at, None);
        drop(inner);
        if live.connection.is_closed() {
            live.is_lost = true;
            self.give_back(shared, live);
            return None;
        }
        Some(live)
    }

    /// A connection: an idle one, a new one, or one that comes back in time.
    pub(crate) async fn take(&self, shared: &Shared, at: &'static Location<'static>) -> Result<Box<Live>> {
        let started = Instant::now();
        loop {
            let grant = match self.ask(at, started)? {
                Answer::Now(grant) => grant,
                Answer::Wait(waiter) => self.wait(waiter, started).await?,
            };
            // From here on a dropped future gives the grant back.
            let mut turn = Turn::new(self, shared, grant);
            if let Some(live) = turn.live() {
                if !self.is_fit(shared, live).await {
                    // Its place is free now, and this caller's turn has not passed.
                    turn.discard(shared).await;
                    turn.open(self, shared).await?;
                }
            } else {
                turn.open(self, shared).await?;
            }
            if let Some(live) = turn.finish(at, started) {
                return Ok(live);
            }
        }
    }

    /// Takes a connection back.
    #[inline]
    pub(crate) fn give_back(&self, shared: &Shared, mut live: Box<Live>) {
        if live.is_unsettled() || live.depth > 0 || is_in_transaction(&live) {
            live.abandon();
        }
        live.needs_reset = !shared.options.on_return.is_empty();
        let is_broken = live.is_lost || live.connection.is_broken();
        let mut inner = self.lock();
        inner.holders.remove(live.place);
        live.place = usize::MAX;
        let is_surplus = inner.open > self.options.size && inner.line.is_empty() && !self.options.keep_open;
        if is_broken || is_surplus || inner.is_closed {
            inner.open -= 1;
            let next = (!inner.is_closed).then(|| inner.line.pop_front()).flatten();
            if next.is_some() {
                inner.open += 1;
            }
            drop(inner);
            self.hand(next, Grant::Permit);
            shared.pool_closed(&mut live, is_broken);
            return;
        }
        match inner.line.pop_front() {
            Some(next) => {
                drop(inner);
                self.hand(Some(next), Grant::Live(live));
            }
            None => inner.idle.push_back(live),
        }
    }

    /// A place in the pool is free: it goes to the next in line.
    pub(crate) fn give_back_permit(&self) {
        let mut inner = self.lock();
        inner.open -= 1;
        let next = inner.line.pop_front();
        if next.is_some() {
            inner.open += 1;
        }
        drop(inner);
        self.hand(next, Grant::Permit);
    }

    /// Closes idle connections, lets those in use be closed when they come back, and refuses everybody from now on.
    pub(crate) async fn close(&self, shared: &Shared) {
        let (idle, line) = {
            let mut inner = self.lock();
            inner.is_closed = true;
            inner.open -= inner.idle.len();
            (std::mem::take(&mut inner.idle), std::mem::take(&mut inner.line))
        };
        for waiter in line {
            waiter.give(Grant::Closed);
        }
        for mut live in idle {
            shared.pool_closed(&mut live, false);
            // A goodbye that goes wrong is of no interest to anybody.
            let _: Result<()> = live.connection.close().await;
        }
    }

    pub(crate) fn status(&self) -> PoolStatus {
        let inner = self.lock();
        PoolStatus { open: inner.open, idle: inner.idle.len(), waiting: inner.line.len(), limit: self.limit() }
    }

    /// Waits, on whatever runtime there is, or none.
    pub(crate) async fn sleep(&self, time: Duration) {
        if let Some(deadline) = Instant::now().checked_add(time) {
            self.timer.until(deadline, std::future::pending::<()>()).await;
        }
    }

    fn limit(&self) -> usize {
        self.options.size + self.options.overflow
    }

    /// An idle connection, or a place to open one, or a place in line.
    fn ask(&self, at: &'static Location<'static>, now: Instant) -> Result<Answer> {
        let mut inner = self.lock();
        if inner.is_closed {
            return Err(PoolError::Closed.into());
        }
        if inner.line.is_empty() {
            if let Some(mut live) = inner.pop(self.options.fifo) {
                live.place = inner.holders.add(at, Some(now));
                return Ok(Answer::Now(Grant::Live(live)));
            }
            if inner.open < self.limit() {
                inner.open += 1;
                return Ok(Answer::Now(Grant::Permit));
            }
        }
        let waiter = Arc::new(Waiter::default());
        inner.holders.stamp(now);
        inner.line.push_back(Arc::clone(&waiter));
        Ok(Answer::Wait(waiter))
    }

    async fn wait(&self, waiter: Arc<Waiter>, started: Instant) -> Result<Grant> {
        let deadline = started.checked_add(self.options.timeout);
        match waiter.wait(self, &self.timer, deadline).await {
            Some(Grant::Closed) => Err(PoolError::Closed.into()),
            Some(grant) => Ok(grant),
            None => Err(self.timed_out(started)),
        }
    }

    #[cold]
    fn timed_out(&self, started: Instant) -> Error {
        let inner = self.lock();
        PoolError::Timeout {
            waited: started.elapsed(),
            size: self.limit(),
            holders: inner.holders.list(),
            last_connect_error: inner.last_connect_error.clone(),
        }
        .into()
    }

    /// Whether an idle connection may still be used; settles what it owes.
    async fn is_fit(&self, shared: &Shared, live: &mut Live) -> bool {
        if self.options.recycle.is_some_and(|age| live.opened.elapsed() >= age) && !self.options.keep_open {
            shared.pool_invalidated(live, "it has reached its age");
            return false;
        }
        if live.connection.is_closed() {
            shared.pool_invalidated(live, "the server has closed it");
            return false;
        }
        if live.is_unsettled()
            && let Err(error) = live.settle(shared).await
        {
            shared.pool_invalidated(live, &format!("it could not be settled: {error}"));
            return false;
        }
        if self.options.pre_ping
            && let Err(error) = live.connection.ping().await
        {
            shared.pool_invalidated(live, &format!("it gave no sign of life: {error}"));
            return false;
        }
        true
    }

    /// Opens a connection in a place that the caller holds.
    async fn connect(&self, shared: &Shared) -> Result<Box<Live>> {
        let connecting = self.connector.connect();
        match self.timer.within(shared.options.connect_timeout, connecting).await {
            Ok(connection) => {
                let number = {
                    let mut inner = self.lock();
                    inner.last_connect_error = None;
                    inner.next_number += 1;
                    inner.next_number
                };
                let mut live = Box::new(Live::new(connection, number, self.options.statements));
                for sql in &shared.options.on_connect {
                    live.connection.batch(sql).await?;
                }
                shared.pool_connected(&mut live)?;
                Ok(live)
            }
            Err(error) => {
                self.lock().last_connect_error = Some(error.to_string());
                Err(error)
            }
        }
    }

    /// Gives a connection or a place to somebody in line. One whose future was dropped, or whose time is up, gives it
    /// back, and the next one gets it.
    fn hand(&self, mut next: Option<Arc<Waiter>>, mut grant: Grant) {
        while let Some(waiter) = next {
            match waiter.give(grant) {
                None => return,
                Some(refused) => grant = refused,
            }
            let mut inner = self.lock();
            next = inner.line.pop_front();
            if next.is_none() {
                inner.put_down(grant);
                return;
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_in_transaction(live: &Live) -> bool {
    live.connection.transaction() != crate::driver::TransactionState::Idle
}

/// The answer of what opens a connection, if it comes in time.
pub(crate) async fn in_time<T>(limit: Duration, opening: Reply<'_, T>) -> Result<T> {
    Arc::new(Timer::default()).within(limit, opening).await
}

/// What a caller is told.
enum Answer {
    Now(Grant),
    Wait(Arc<Waiter>),
}

impl Inner {
    #[inline]
    fn next(&self, fifo: bool) -> Option<&Live> {
        if fifo { self.idle.front() } else { self.idle.back() }.map(|live| &**live)
    }

    /// Puts down what nobody in line takes.
    fn put_down(&mut self, grant: Grant) {
        match grant {
            Grant::Live(live) => self.idle.push_back(live),
            Grant::Permit => self.open -= 1,
            Grant::Closed => {}
        }
    }

    #[inline]
    fn pop(&mut self, fifo: bool) -> Option<Box<Live>> {
        if fifo { self.idle.pop_front() } else { self.idle.pop_back() }
    }
}

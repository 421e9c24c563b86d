//! Stopping a connection's statement by another connection: `KILL QUERY`.
//!
//! A KILL can come too late and find the next statement. So it is noted, before it is sent, that one may hit; whoever uses the
//! connection next waits until it was answered, and then lets a statement of no effect take it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU32, Ordering};
use std::time::Duration;

use aludel_core::{Error, Result};
use aludel_engine::driver::{Cancel, Face, Reply};
use tokio::task::JoinHandle;

use crate::connector::Target;
use crate::error::connection_lost;
use crate::handshake::{SERVER, open_bare};
use crate::parse::{Parse, lossy};
use crate::session::{Event, Session};

/// What stops a connection's statements.
#[derive(Debug)]
pub(crate) struct Stops {
    victim: Arc<Victim>,
    /// The KILL that is on its way, in a task of its own: it goes on when whoever waits for it is dropped.
    under_way: Option<(JoinHandle<Result<()>>, Arc<AtomicU8>)>,
    /// Whether a KILL of our own may hit the next statement.
    may_hit: bool,
}

/// The connection whose statements are stopped.
#[derive(Debug)]
struct Victim {
    target: Arc<Target>,
    connection: u32,
    /// Which server it is connected to: its number is another one's elsewhere.
    server: String,
    /// How many KILLs of the program's may still hit.
    cancelled: AtomicU32,
    /// How many of them were not answered yet.
    in_flight: AtomicU32,
}

const WAITING: u8 = 0;
const SENT: u8 = 1;
const CALLED_OFF: u8 = 2;

/// The server knows no such connection.
const UNKNOWN_CONNECTION: &str = "1094";

impl Stops {
    pub(crate) fn new(target: &Arc<Target>, connection: u32, server: String) -> Self {
        let victim = Victim {
            target: Arc::clone(target),
            connection,
            server,
            cancelled: AtomicU32::new(0),
            in_flight: AtomicU32::new(0),
        };
        Self { victim: Arc::new(victim), under_way: None, may_hit: false }
    }

    /// Whether there is anything to wait for or to take.
    #[inline]
    pub(crate) fn is_any(&self) -> bool {
        self.may_hit || self.under_way.is_some() || self.victim.cancelled.load(Ordering::Acquire) != 0
    }

    /// Waits until all KILLs are answered. Gives how many may hit the next statement.
    pub(crate) async fn that_may_hit(&mut self) -> u32 {
        while self.victim.in_flight.load(Ordering::Acquire) != 0 {
            match self.victim.target.face {
                Face::Async => tokio::time::sleep(Duration::from_millis(1)).await,
                Face::Blocking => std::thread::sleep(Duration::from_millis(1)),
            }
        }
        self.victim.cancelled.load(Ordering::Acquire) + u32::from(self.may_hit)
    }

    /// A statement of no effect has taken so many.
    pub(crate) fn have_hit(&mut self, count: u32) {
        let count = count - u32::from(std::mem::take(&mut self.may_hit)).min(count);
        self.victim.cancelled.fetch_sub(count, Ordering::AcqRel);
    }

    pub(crate) fn canceller(&self) -> Arc<dyn Cancel> {
        Arc::new(Canceller(Arc::clone(&self.victim)))
    }

    /// Stops what is running. On the async face a task of its own does it, for which [`end`](Self::end) waits.
    pub(crate) async fn begin(&mut self, pause: Duration) -> Result<()> {
        self.may_hit = true;
        match self.victim.target.face {
            Face::Blocking => self.victim.kill().await,
            Face::Async => {
                self.begin_unattended(pause);
                Ok(())
            }
        }
    }

    /// As [`begin`](Self::begin), after a pause in which it may be called off; not at all outside of a runtime.
    pub(crate) fn begin_unattended(&mut self, pause: Duration) {
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return;
        };
        if self.under_way.is_some() {
            return;
        }
        let state = Arc::new(AtomicU8::new(WAITING));
        let (victim, own) = (Arc::clone(&self.victim), Arc::clone(&state));
        let task = runtime.spawn(async move {
            if !pause.is_zero() {
                tokio::time::sleep(pause).await;
            }
            match own.compare_exchange(WAITING, SENT, Ordering::AcqRel, Ordering::Acquire) {
                Ok(_) => victim.kill().await,
                Err(_) => Ok(()),
            }
        });
        self.under_way = Some((task, state));
    }

    /// Waits until no KILL is on its way any more. One that has not begun is called off.
    pub(crate) async fn end(&mut self) -> Result<()> {
        let Some((task, state)) = &mut self.under_way else {
            return Ok(());
        };
        if !self.may_hit && state.compare_exchange(WAITING, CALLED_OFF, Ordering::AcqRel, Ordering::Acquire).is_ok() {
            task.abort();
            self.under_way = None;
            return Ok(());
        }
        self.may_hit = true;
        let ended = task.await;
        self.under_way = None;
        // A task that was lost with its runtime may have sent its KILL or not.
        ended.unwrap_or_else(|error| Err(Error::connection(error)))
    }
}

impl Victim {
    async fn kill(&self) -> Result<()> {
        let limit = self.target.options.socket.connect_timeout;
        let killing = self.kill_in_time();
        match self.target.face {
            Face::Blocking => killing.await,
            Face::Async => tokio::time::timeout(limit, killing).await.unwrap_or_else(|_| {
                Err(Error::connection("a statement could not be stopped: the server does not answer"))
            }),
        }
    }

    async fn kill_in_time(&self) -> Result<()> {
        let (mut session, _) = open_bare(&self.target.options, self.target.face).await?;
        session.wire().set_read_timeout(Some(self.target.options.socket.connect_timeout)).map_err(connection_lost)?;
        let found = ask(&mut session, &format!("SELECT {SERVER}")).await?;
        if found.as_deref() != Some(self.server.as_str()) {
            let message = "a statement could not be stopped: under the same name another server answers";
            return Err(Error::connection(message));
        }
        match ask(&mut session, &format!("KILL QUERY {}", self.connection)).await {
            Err(error) if error.database().is_some_and(|error| error.code() == UNKNOWN_CONNECTION) => Ok(()),
            killed => killed.map(|_| ()),
        }
    }
}

/// Runs a statement. Gives the first cell of the last row that it returns.
async fn ask(session: &mut Session, sql: &str) -> Result<Option<String>> {
    let mut answer = None;
    session.query(sql);
    loop {
        match session.next().await? {
            Event::Row => answer = Parse::new(session.payload()).bytes().map(lossy),
            Event::Done(_) => return Ok(answer),
            Event::Failed(_) => return Err(session.error()),
            _ => {}
        }
    }
}

/// What the program stops a statement by.
#[derive(Debug)]
struct Canceller(Arc<Victim>);

impl Cancel for Canceller {
    /// What it may hit too late is taken by the connection before its next statement.
    fn cancel(&self) -> Reply<'_, ()> {
        let victim = Arc::clone(&self.0);
        victim.cancelled.fetch_add(1, Ordering::AcqRel);
        victim.in_flight.fetch_add(1, Ordering::AcqRel);
        let killing = async move {
            let killed = victim.kill().await;
            victim.in_flight.fetch_sub(1, Ordering::AcqRel);
            killed
        };
        if self.0.target.face == Face::Blocking {
            return Reply::on(Face::Blocking, killing);
        }
        match tokio::runtime::Handle::try_current() {
            // It goes on when whoever waits for it is dropped.
            Ok(runtime) => {
                let task = runtime.spawn(killing);
                Reply::later(async { task.await.unwrap_or_else(|error| Err(Error::connection(error))) })
            }
            Err(error) => {
                self.0.in_flight.fetch_sub(1, Ordering::AcqRel);
                Reply::now(Err(Error::other(error)))
            }
        }
    }
}

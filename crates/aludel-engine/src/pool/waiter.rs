//! A place in the line for a connection.

use std::future::poll_fn;
use std::panic::Location;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};
use std::time::Instant;

use aludel_core::Result;

use super::Pool;
use super::timer::Timer;
use crate::live::Live;
use crate::shared::Shared;

/// What somebody in line is given.
#[derive(Debug)]
pub(crate) enum Grant {
    /// A connection.
    Live(Box<Live>),
    /// A place in the pool, to open one in.
    Permit,
    /// Nothing: the pool was closed.
    Closed,
}

/// Somebody in line.
#[derive(Debug, Default)]
pub(super) struct Waiter {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
enum State {
    #[default]
    New,
    Waiting(Waker),
    Given(Grant),
    /// The future was dropped, or its time was up.
    Gone,
}

impl Waiter {
    /// Gives it to whoever waits; gives it back if nobody does any more.
    pub(super) fn give(&self, grant: Grant) -> Option<Grant> {
        let mut state = self.lock();
        match std::mem::replace(&mut *state, State::Gone) {
            State::Gone => Some(grant),
            State::Given(first) => {
                *state = State::Given(first);
                Some(grant)
            }
            State::New => {
                *state = State::Given(grant);
                None
            }
            State::Waiting(waker) => {
                *state = State::Given(grant);
                drop(state);
                waker.wake();
                None
            }
        }
    }

    /// Waits until something is given, or until the deadline.
    pub(super) async fn wait(
        self: &Arc<Self>,
        pool: &Pool,
        timer: &Arc<Timer>,
        deadline: Option<Instant>,
    ) -> Option<Grant> {
        let mut place = Place { waiter: self, pool, timer, alarm: None };
        poll_fn(|cx| {
            let mut state = self.lock();
            if let State::Given(_) = *state {
                return match std::mem::replace(&mut *state, State::Gone) {
                    State::Given(grant) => Poll::Ready(Some(grant)),
                    _ => Poll::Ready(None),
                };
            }
            if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                *state = State::Gone;
                return Poll::Ready(None);
            }
            *state = State::Waiting(cx.waker().clone());
            drop(state);
            if let Some(deadline) = deadline {
                place.alarm = Some(timer.set(place.alarm, deadline, cx.waker()));
            }
            Poll::Pending
        })
        .await
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Leaves the line when the future ends, one way or the other.
struct Place<'a> {
    waiter: &'a Arc<Waiter>,
    pool: &'a Pool,
    timer: &'a Arc<Timer>,
    alarm: Option<(Instant, u64)>,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if let Some(alarm) = self.alarm {
            self.timer.cancel(alarm);
        }
        let given = match std::mem::replace(&mut *self.waiter.lock(), State::Gone) {
            State::Given(grant) => Some(grant),
            _ => None,
        };
        let next = {
            let mut inner = self.pool.lock();
            inner.line.retain(|other| !Arc::ptr_eq(other, self.waiter));
            // What was given to somebody who is gone goes to the next in line.
            given.map(|grant| (inner.line.pop_front(), grant))
        };
        match next {
            Some((Some(next), grant)) => self.pool.hand(Some(next), grant),
            Some((None, grant)) => self.pool.lock().put_down(grant),
            None => {}
        }
    }
}

/// A caller whose turn it is: holds the connection or the place until it is given out, and gives it back if the caller's
/// future is dropped before.
pub(super) struct Turn<'a> {
    pool: &'a Pool,
    shared: &'a Shared,
    has: Option<Grant>,
}

impl<'a> Turn<'a> {
    pub(super) fn new(pool: &'a Pool, shared: &'a Shared, grant: Grant) -> Self {
        Self { pool, shared, has: Some(grant) }
    }

    pub(super) fn live(&mut self) -> Option<&mut Live> {
        match &mut self.has {
            Some(Grant::Live(live)) => Some(live),
            _ => None,
        }
    }

    /// Throws the connection away and keeps its place.
    pub(super) async fn discard(&mut self, shared: &Shared) {
        if let Some(Grant::Live(mut live)) = self.has.replace(Grant::Permit) {
            self.pool.lock().holders.remove(live.place);
            shared.pool_closed(&mut live, false);
            // It is thrown away whatever it says.
            let _: Result<()> = live.connection.close().await;
        }
    }

    /// Opens a connection in the place.
    pub(super) async fn open(&mut self, pool: &Pool, shared: &Shared) -> Result<()> {
        let live = pool.connect(shared).await?;
        self.has = Some(Grant::Live(live));
        Ok(())
    }

    /// The connection, noted as held.
    pub(super) fn finish(mut self, at: &'static Location<'static>, since: Instant) -> Option<Box<Live>> {
        let Some(Grant::Live(mut live)) = self.has.take() else {
            return None;
        };
        let mut inner = self.pool.lock();
        inner.holders.remove(live.place);
        live.place = inner.holders.add(at, Some(since));
        Some(live)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        match self.has.take() {
            Some(Grant::Live(live)) => self.pool.give_back(self.shared, live),
            Some(Grant::Permit) => self.pool.give_back_permit(),
            Some(Grant::Closed) | None => {}
        }
    }
}

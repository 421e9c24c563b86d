//! Wakes those who have waited long enough, whatever runtime they wait on.
//!
//! A thread of its own, which exists only while somebody waits for a connection.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};
use std::time::{Duration, Instant};

use aludel_core::{Error, Result};

use crate::driver::Reply;

/// An alarm that is cancelled when nobody waits for it any more.
struct Alarm<'a> {
    timer: &'a Timer,
    set: Option<(Instant, u64)>,
}

impl Drop for Alarm<'_> {
    fn drop(&mut self) {
        if let Some(alarm) = self.set {
            self.timer.cancel(alarm);
        }
    }
}

/// How long the thread stays when nobody waits any more.
const LINGER: Duration = Duration::from_secs(1);

#[derive(Debug, Default)]
pub(super) struct Timer {
    alarms: Mutex<Alarms>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Alarms {
    at: BTreeMap<(Instant, u64), Waker>,
    next: u64,
    is_running: bool,
}

impl Timer {
    /// Wakes at the given time; takes the place of an alarm that was set before.
    pub(super) fn set(self: &Arc<Self>, before: Option<(Instant, u64)>, at: Instant, waker: &Waker) -> (Instant, u64) {
        let mut alarms = self.lock();
        let alarm = before.unwrap_or_else(|| {
            alarms.next += 1;
            (at, alarms.next)
        });
        alarms.at.insert(alarm, waker.clone());
        let is_first = alarms.at.keys().next() == Some(&alarm);
        if !alarms.is_running {
            let timer = Arc::clone(self);
            let thread = std::thread::Builder::new().name("aludel-timer".to_owned());
            // Without a thread, waiting still ends when a connection comes free; it is only not cut short.
            alarms.is_running = thread.spawn(move || timer.run()).is_ok();
        } else if is_first {
            self.changed.notify_one();
        }
        alarm
    }

    pub(super) fn cancel(&self, alarm: (Instant, u64)) {
        self.lock().at.remove(&alarm);
    }

    /// The future's output, if it comes before the deadline.
    pub(super) async fn until<F: Future>(self: &Arc<Self>, deadline: Instant, future: F) -> Option<F::Output> {
        let mut future = pin!(future);
        let mut alarm = Alarm { timer: self, set: None };
        poll_fn(|cx| {
            if let Poll::Ready(output) = future.as_mut().poll(cx) {
                return Poll::Ready(Some(output));
            }
            if Instant::now() >= deadline {
                return Poll::Ready(None);
            }
            alarm.set = Some(self.set(alarm.set, deadline, cx.waker()));
            Poll::Pending
        })
        .await
    }

    /// The answer of what opens a connection, if it comes within the limit.
    pub(super) async fn within<T>(self: &Arc<Self>, limit: Duration, opening: Reply<'_, T>) -> Result<T> {
        let opened = match Instant::now().checked_add(limit) {
            Some(deadline) => self.until(deadline, opening).await,
            None => Some(opening.await),
        };
        opened.unwrap_or_else(|| Err(Error::connection(format!("no connection could be opened in {limit:.1?}"))))
    }

    fn run(&self) {
        let mut alarms = self.lock();
        loop {
            let now = Instant::now();
            let pause = match alarms.at.first_key_value() {
                Some((&(at, _), _)) if at <= now => {
                    let waker = alarms.at.pop_first();
                    drop(alarms);
                    if let Some((_, waker)) = waker {
                        waker.wake();
                    }
                    alarms = self.lock();
                    continue;
                }
                Some((&(at, _), _)) => at - now,
                None => LINGER,
            };
            let is_idle = alarms.at.is_empty();
            let (again, timeout) = self.changed.wait_timeout(alarms, pause).unwrap_or_else(PoisonError::into_inner);
            alarms = again;
            if is_idle && timeout.timed_out() && alarms.at.is_empty() {
                alarms.is_running = false;
                return;
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Alarms> {
        self.alarms.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

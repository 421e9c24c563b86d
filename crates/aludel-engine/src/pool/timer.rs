//! Wakes those who have waited long enough, whatever runtime they wait on.
//!
//! A thread of its own, which exists only while somebody waits for a connection.

use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::time::{Duration, Instant};

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

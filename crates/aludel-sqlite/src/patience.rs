//! Waiting for another connection's lock, which can be called off.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Milliseconds to wait before each new try; the last is for all further ones.
const PAUSES: [u64; 12] = [1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50, 100];

/// How long a connection waits for locks.
#[derive(Debug)]
pub(crate) struct Patience {
    timeout: Duration,
    is_over: AtomicBool,
}

impl Patience {
    pub(crate) fn new(timeout: Duration) -> Self {
        Self { timeout, is_over: AtomicBool::new(false) }
    }

    /// Calls a wait off that is going on.
    pub(crate) fn end(&self) {
        self.is_over.store(true, Ordering::Release);
    }

    /// A new statement may wait again.
    pub(crate) fn renew(&self) {
        self.is_over.store(false, Ordering::Release);
    }

    /// Waits a little; `tries` were made in vain. False when the time is up or the wait was called off.
    pub(crate) fn wait(&self, tries: usize) -> bool {
        let waited = Duration::from_millis(waited(tries));
        let pause = Duration::from_millis(pause(tries)).min(self.timeout.saturating_sub(waited));
        if pause.is_zero() || self.is_over.load(Ordering::Acquire) {
            return false;
        }
        std::thread::sleep(pause);
        !self.is_over.load(Ordering::Acquire)
    }
}

fn pause(tries: usize) -> u64 {
    PAUSES.get(tries).or(PAUSES.last()).copied().unwrap_or(1)
}

/// How long was waited before so many tries.
fn waited(tries: usize) -> u64 {
    let listed: u64 = PAUSES.iter().take(tries).sum();
    let further = u64::try_from(tries.saturating_sub(PAUSES.len())).unwrap_or(u64::MAX);
    listed.saturating_add(further.saturating_mul(pause(PAUSES.len())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_ends_when_the_time_is_up_or_when_it_is_called_off() {
        let patience = Patience::new(Duration::from_millis(10));
        let started = std::time::Instant::now();
        assert_eq!((0..).take_while(|tries| patience.wait(*tries)).count(), 4);
        assert!(started.elapsed() >= Duration::from_millis(10));
        let patience = Patience::new(Duration::from_secs(5));
        patience.end();
        assert!(!patience.wait(0));
        patience.renew();
        assert!(patience.wait(0));
        assert_eq!(waited(14), 528);
    }
}

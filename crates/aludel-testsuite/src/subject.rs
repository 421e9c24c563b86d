//! What is tested: a driver, how to get a database for it, and what it claims.

use std::fmt;
use std::panic;
use std::pin::pin;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;
use std::time::Duration;

use aludel::Result;
use aludel::Url;
use aludel::driver::{BoxFuture, Connector, Driver, Face, Opening};

use crate::capability::Capability;
use crate::database::Database;
use crate::suite::Suite;

/// How long a test may take before it counts as one that never ends.
const PATIENCE: Duration = Duration::from_secs(180);

/// What is tested.
pub struct Subject {
    driver: Arc<dyn Driver>,
    database: Box<dyn Database>,
    capabilities: &'static [Capability],
}

impl Subject {
    /// A driver with a database of its own.
    pub fn new(driver: impl Driver, database: impl Database, capabilities: &'static [Capability]) -> Self {
        Self { driver: Arc::new(driver), database: Box::new(database), capabilities }
    }

    /// Runs a test on one face, and panics when it fails or does not end.
    pub fn run(self, face: Face, test: fn(Suite) -> BoxFuture<'static, ()>) {
        let Self { driver, database, capabilities } = self;
        let (done, wait) = channel();
        let thread = thread::spawn(move || {
            let suite = Suite::new(face, SharedDriver(driver), database, capabilities);
            match face {
                Face::Async => in_runtime(test(suite)),
                Face::Blocking => block_on(test(suite)),
            }
            let _ = done.send(());
        });
        match wait.recv_timeout(PATIENCE) {
            // Nobody waits for the thread: the test has failed, and its process will end.
            Err(RecvTimeoutError::Timeout) => panic!("the test did not end within {PATIENCE:?}"),
            Ok(()) | Err(RecvTimeoutError::Disconnected) => {
                if let Err(payload) = thread.join() {
                    panic::resume_unwind(payload);
                }
            }
        }
    }
}

/// In a task of a runtime with several threads, as a web handler is.
fn in_runtime(test: BoxFuture<'static, ()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.unwrap_or_else(|error| panic!("no runtime: {error}"));
    let outcome = runtime.block_on(runtime.spawn(test));
    if let Err(error) = outcome {
        match error.try_into_panic() {
            Ok(payload) => panic::resume_unwind(payload),
            Err(error) => panic!("{error}"),
        }
    }
}

/// Waits for a future in the caller's thread: for those that wait for other threads.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    struct Unpark(thread::Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}

/// Polls a future once. On the blocking face there is nothing to wait for.
pub(crate) fn at_once<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("on the blocking face a reply was not ready when it was first polled"),
    }
}

/// One driver for several engines.
#[derive(Clone, Debug)]
pub(crate) struct SharedDriver(Arc<dyn Driver>);

impl Driver for SharedDriver {
    fn schemes(&self) -> &'static [&'static str] {
        self.0.schemes()
    }

    fn open(&self, url: &Url, opening: &Opening) -> Result<Arc<dyn Connector>> {
        self.0.open(url, opening)
    }
}

impl fmt::Debug for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subject")
            .field("driver", &self.driver)
            .field("url", &self.database.url())
            .field("capabilities", &self.capabilities)
            .finish()
    }
}

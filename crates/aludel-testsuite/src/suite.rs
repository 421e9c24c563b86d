//! What a test works with.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::thread;
use std::time::Duration;

use aludel::driver::{BoxFuture, Face};
use aludel::prelude::*;
use aludel::schema::Table;
use aludel::{EngineBuilder, ErrorKind, blocking};

use crate::capability::Capability;
use crate::database::Database;
use crate::subject::{SharedDriver, at_once, block_on};

/// A driver on one face, with a database of its own.
#[derive(Clone)]
#[allow(missing_debug_implementations, reason = "nobody outside has one")]
pub struct Suite {
    inner: Arc<Inner>,
}

struct Inner {
    face: Face,
    driver: SharedDriver,
    database: Box<dyn Database>,
    capabilities: &'static [Capability],
}

/// What an engine is made with; the rest is as in every engine.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    /// The URL, where it is not the database's.
    pub(crate) url: Option<String>,
    pub(crate) pool_size: Option<usize>,
    pub(crate) pool_timeout: Option<Duration>,
    pub(crate) pre_ping: bool,
    pub(crate) prepared: Option<usize>,
    pub(crate) stream_rows: Option<usize>,
    pub(crate) connect_timeout: Option<Duration>,
}

impl Suite {
    pub(crate) fn new(
        face: Face,
        driver: SharedDriver,
        database: Box<dyn Database>,
        capabilities: &'static [Capability],
    ) -> Self {
        Self { inner: Arc::new(Inner { face, driver, database, capabilities }) }
    }

    pub(crate) fn url(&self) -> &str {
        self.inner.database.url()
    }

    pub(crate) fn has(&self, capability: Capability) -> bool {
        self.inner.capabilities.contains(&capability)
    }

    pub(crate) fn is_async(&self) -> bool {
        self.inner.face == Face::Async
    }

    /// An engine with these tables.
    pub(crate) async fn engine(&self, tables: &[&Table]) -> Engine {
        self.engine_with(Settings::default(), tables).await
    }

    /// An engine of one connection with these tables: what follows a statement follows it on the same connection.
    pub(crate) async fn single(&self, tables: &[&Table]) -> Engine {
        self.engine_with(Settings { pool_size: Some(1), ..Settings::default() }, tables).await
    }

    pub(crate) async fn engine_with(&self, settings: Settings, tables: &[&Table]) -> Engine {
        let engine = self.open(&settings).await.unwrap_or_else(|error| panic!("no engine: {error}"));
        if !tables.is_empty() {
            engine.create_all(tables).await.unwrap_or_else(|error| panic!("no tables: {error}"));
        }
        engine
    }

    pub(crate) async fn open(&self, settings: &Settings) -> Result<Engine> {
        match self.inner.face {
            Face::Async => self.builder::<Engine>(settings).connect().await,
            Face::Blocking => {
                self.builder::<blocking::Engine>(settings).connect().map(|engine| engine.as_async().clone())
            }
        }
    }

    fn builder<E>(&self, settings: &Settings) -> EngineBuilder<E> {
        let url = settings.url.clone().unwrap_or_else(|| self.url().to_owned());
        let mut builder = EngineBuilder::<E>::new(url).driver(self.inner.driver.clone());
        if let Some(size) = settings.pool_size {
            builder = builder.pool_size(size);
        }
        if let Some(timeout) = settings.pool_timeout {
            builder = builder.pool_timeout(timeout);
        }
        if let Some(statements) = settings.prepared {
            builder = builder.prepared_statements(statements);
        }
        if let Some(rows) = settings.stream_rows {
            builder = builder.stream_rows(rows);
        }
        if let Some(timeout) = settings.connect_timeout {
            builder = builder.connect_timeout(timeout);
        }
        builder.pool_pre_ping(settings.pre_ping)
    }

    /// Judges what came of something that only drivers with the capability can do. The work panics where an answer is wrong.
    pub(crate) async fn judge(&self, capability: Capability, engine: &Engine, result: Result<()>) {
        match (result, self.has(capability)) {
            (Ok(()), true) => {}
            (Ok(()), false) => {
                panic!("{capability:?} works and is not claimed: add it to the capabilities")
            }
            (Err(error), true) => panic!("{capability:?} is claimed and does not work: {error}"),
            (Err(error), false) => assert!(
                matches!(
                    error.kind(),
                    ErrorKind::Compile(_)
                        | ErrorKind::Column(_)
                        | ErrorKind::Database(_)
                        | ErrorKind::Config(_)
                        | ErrorKind::Usage(_)
                ),
                "{capability:?} is not claimed, and the error does not say what can't be done: {error}"
            ),
        }
        answers(engine, 77).await;
    }

    /// Runs futures side by side: as tasks, or each in a thread.
    pub(crate) async fn together<T: Send + 'static>(&self, work: Vec<BoxFuture<'static, T>>) -> Vec<T> {
        match self.inner.face {
            Face::Async => {
                let tasks: Vec<_> = work.into_iter().map(tokio::spawn).collect();
                let mut results = Vec::new();
                for task in tasks {
                    results.push(task.await.unwrap_or_else(|error| panic!("a task panicked: {error}")));
                }
                results
            }
            Face::Blocking => {
                let threads: Vec<_> = work.into_iter().map(|work| thread::spawn(|| block_on(work))).collect();
                threads.into_iter().map(|t| t.join().unwrap_or_else(|_| panic!("a thread panicked"))).collect()
            }
        }
    }

    pub(crate) async fn sleep(&self, time: Duration) {
        match self.inner.face {
            Face::Async => tokio::time::sleep(time).await,
            Face::Blocking => thread::sleep(time),
        }
    }

    /// On the blocking face every reply is there at once.
    pub(crate) async fn checked<F: Future + Send>(&self, future: F) -> F::Output {
        if self.is_async() { future.await } else { at_once(future) }
    }
}

/// The connection is well: it gives this number when it is asked for it.
pub(crate) async fn answers(engine: &Engine, number: i64) {
    let answer = engine.fetch_one(select(value(number))).await;
    assert_eq!(answer.unwrap_or_else(|error| panic!("the next statement fails: {error}")), number);
}

/// Polls a future until it has been pending so many times, and drops it; gives its answer if it came before.
pub(crate) async fn cut<F: Future>(future: F, pending: usize) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut left = pending;
    poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        match future.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending => {
                left -= 1;
                if left == 0 { Poll::Ready(None) } else { Poll::Pending }
            }
        }
    })
    .await
}

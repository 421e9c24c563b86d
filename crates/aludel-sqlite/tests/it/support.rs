//! What the tests share.

use std::future::Future;
use std::io::Write;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use aludel::blocking;
use aludel::prelude::*;

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "users")]
pub(crate) struct User {
    #[column(primary_key)]
    pub(crate) id: i64,
    #[column(unique)]
    pub(crate) name: String,
    pub(crate) age: Option<i32>,
}

pub(crate) const SCHEMA: &str =
    "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, age INTEGER CHECK (age < 200))";

/// An async engine in memory, with a table of users.
pub(crate) async fn engine() -> Engine {
    let engine = Engine::connect("sqlite::memory:").await.unwrap();
    engine.acquire().await.unwrap().batch(SCHEMA).await.unwrap();
    engine
}

/// A blocking engine in memory, with a table of users.
pub(crate) fn blocking_engine() -> blocking::Engine {
    let engine = blocking::Engine::connect("sqlite::memory:").unwrap();
    engine.acquire().unwrap().batch(SCHEMA).unwrap();
    engine
}

pub(crate) fn user(id: i64) -> User {
    User { id, name: format!("user {id}"), age: (id % 2 == 0).then_some(30) }
}

pub(crate) fn users(count: i64) -> impl Iterator<Item = User> + Send {
    (1..=count).map(user)
}

/// Text that was written to it.
#[derive(Clone, Default)]
pub(crate) struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    pub(crate) fn take(&self) -> String {
        let text = self.text();
        self.0.lock().unwrap().clear();
        text
    }
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Polls the future so many times, giving the other side time between, and drops it. True if it became ready.
pub(crate) async fn poll_and_drop<F: Future>(future: F, polls: usize) -> bool {
    let mut future = pin!(future);
    for _ in 0..polls {
        match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(_) => return true,
            Poll::Pending => tokio::time::sleep(std::time::Duration::from_micros(300)).await,
        }
    }
    false
}

/// Waits, with a limit, until nobody holds a connection.
pub(crate) async fn is_free(engine: &Engine) {
    for _ in 0..1_000 {
        let status = engine.pool_status();
        if status.idle == status.open && status.waiting == 0 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
    panic!("a connection was not given back: {:?}", engine.pool_status());
}

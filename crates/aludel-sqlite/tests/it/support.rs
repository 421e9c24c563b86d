//! What the tests share.

use std::io::Write;
use std::sync::{Arc, Mutex};

use aludel::blocking;
use aludel::prelude::*;

pub(crate) use aludel_testsuite::futures::{is_free, poll_and_drop};

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

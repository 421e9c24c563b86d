//! What the tests share.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use aludel::blocking;
use aludel::prelude::*;
use aludel_testsuite::servers::{self, Database};

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "users")]
pub(crate) struct User {
    #[column(primary_key)]
    pub(crate) id: i64,
    #[column(unique)]
    pub(crate) name: String,
    pub(crate) age: Option<i32>,
}

pub(crate) const SCHEMA: &str = "CREATE TABLE users (id BIGINT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(190) NOT NULL, \
     age INT, UNIQUE KEY users_name (name), CONSTRAINT users_age CHECK (age < 200))";

/// A fresh database and an async engine for it, with a table of users.
pub(crate) async fn engine() -> (Engine, Database) {
    let database = servers::mysql();
    let engine = Engine::connect(database.url()).await.unwrap();
    engine.acquire().await.unwrap().batch(SCHEMA).await.unwrap();
    (engine, database)
}

/// A fresh database and a blocking engine for it, with a table of users.
pub(crate) fn blocking_engine() -> (blocking::Engine, Database) {
    let database = servers::mysql();
    let engine = blocking::Engine::connect(database.url()).unwrap();
    engine.acquire().unwrap().batch(SCHEMA).unwrap();
    (engine, database)
}

pub(crate) fn user(id: i64) -> User {
    User { id, name: format!("user {id}"), age: (id % 2 == 0).then_some(30) }
}

pub(crate) fn users(count: i64) -> impl Iterator<Item = User> + Send {
    (1..=count).map(user)
}

/// Polls the future so many times, and drops it. Tells whether it has ended before.
pub(crate) async fn poll_and_drop<F: Future>(future: F, polls: usize) -> bool {
    let mut future = pin!(future);
    for _ in 0..polls {
        match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(_) => return true,
            Poll::Pending => tokio::time::sleep(Duration::from_micros(300)).await,
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
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    panic!("a connection was not given back: {:?}", engine.pool_status());
}

//! What the tests share.

use aludel::blocking;
use aludel::prelude::*;
use aludel_testsuite::servers::{self, Database};

pub(crate) use aludel_testsuite::futures::poll_and_drop;

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "users")]
pub(crate) struct User {
    #[column(primary_key)]
    pub(crate) id: i64,
    #[column(unique)]
    pub(crate) name: String,
    pub(crate) age: Option<i32>,
}

pub(crate) const SCHEMA: &str = "CREATE TABLE users (id BIGSERIAL PRIMARY KEY, name TEXT NOT NULL UNIQUE, age INTEGER CHECK (age < 200)); ALTER SEQUENCE users_id_seq RESTART 100000";

/// An async engine on a database of its own, with a table of users.
pub(crate) async fn engine() -> (Engine, Database) {
    let database = servers::postgres();
    let engine = Engine::connect(database.url()).await.unwrap();
    engine.acquire().await.unwrap().batch(SCHEMA).await.unwrap();
    (engine, database)
}

/// A blocking engine on a database of its own, with a table of users.
pub(crate) fn blocking_engine() -> (blocking::Engine, Database) {
    let database = servers::postgres();
    let engine = blocking::Engine::connect(database.url()).unwrap();
    engine.acquire().unwrap().batch(SCHEMA).unwrap();
    (engine, database)
}

pub(crate) fn user(id: i64) -> User {
    User { id, name: format!("user {id}"), age: (id % 2 == 0).then_some(30) }
}

pub(crate) fn users(count: i64) -> impl Iterator<Item = User> + Clone + Send {
    (1..=count).map(user)
}

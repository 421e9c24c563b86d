//! The model of the scenarios, with its rows, and what runs statements note of themselves.

use std::sync::{Arc, Mutex};

use aludel::blocking::{Engine, Session};
use aludel::prelude::*;

use crate::backend;

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "users")]
pub(crate) struct User {
    #[column(primary_key)]
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) fullname: Option<String>,
    #[column(references = User::ID)]
    pub(crate) manager_id: Option<i64>,
    #[has_many(Address::USER_ID, cascade = "all, delete-orphan", order_by = Address::ID)]
    pub(crate) addresses: Many<Address>,
    #[has_many(Order::USER_ID, order_by = Order::ID)]
    pub(crate) orders: Many<Order>,
    #[belongs_to(User::MANAGER_ID)]
    pub(crate) manager: One<User>,
    #[has_many(User::MANAGER_ID, order_by = User::ID)]
    pub(crate) reports: Many<User>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "addresses")]
pub(crate) struct Address {
    #[column(primary_key)]
    pub(crate) id: i64,
    pub(crate) email: String,
    #[column(references = User::ID)]
    pub(crate) user_id: i64,
    #[belongs_to(Address::USER_ID)]
    pub(crate) user: One<User>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "orders")]
pub(crate) struct Order {
    #[column(primary_key)]
    pub(crate) id: i64,
    pub(crate) status: String,
    #[column(references = User::ID)]
    pub(crate) user_id: Option<i64>,
    #[belongs_to(Order::USER_ID)]
    pub(crate) user: One<User>,
    #[many_to_many(OrderTag::ORDER_ID, OrderTag::TAG_ID, order_by = Tag::ID)]
    pub(crate) tags: Many<Tag>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "tags")]
pub(crate) struct Tag {
    #[column(primary_key)]
    pub(crate) id: i64,
    pub(crate) label: String,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "order_tag")]
pub(crate) struct OrderTag {
    #[column(primary_key, references = Order::ID)]
    pub(crate) order_id: i64,
    #[column(primary_key, references = Tag::ID)]
    pub(crate) tag_id: i64,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "docs")]
pub(crate) struct Doc {
    #[column(primary_key)]
    pub(crate) id: i64,
    pub(crate) body: String,
    #[column(version)]
    pub(crate) version: i64,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "lines")]
pub(crate) struct Line {
    #[column(primary_key)]
    pub(crate) doc_id: i64,
    #[column(primary_key)]
    pub(crate) no: i64,
    pub(crate) txt: String,
}

/// A statement as the engine's event shows it: its SQL, and of each row its values.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Seen {
    pub(crate) sql: String,
    pub(crate) sets: Vec<Vec<aludel::Value>>,
}

#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<Seen>>>);

impl Log {
    /// The statements since the last call.
    pub(crate) fn take(&self) -> Vec<Seen> {
        std::mem::take(&mut self.0.lock().unwrap())
    }

    /// Their SQL alone.
    pub(crate) fn sql(&self) -> Vec<String> {
        self.take().into_iter().map(|seen| seen.sql).collect()
    }
}

/// Notes the statements of an engine from now on.
pub(crate) fn noted(engine: &Engine) -> Log {
    let log = Log::default();
    let noted = Log::clone(&log);
    engine.events().after_cursor_execute(move |event| {
        let record = &event.record;
        let sets = record.parameters.sets();
        let sql = backend::told(record.sql, sets.first().map_or(&[], Vec::as_slice));
        noted.0.lock().unwrap().push(Seen { sql, sets });
    });
    log
}

/// An empty database with the model's tables.
pub(crate) fn empty() -> (Engine, Log) {
    let engine = backend::engine();
    engine.create_all(schema![User, Address, Order, Tag, OrderTag, Doc, Line]).unwrap();
    let log = noted(&engine);
    (engine, log)
}

/// The database of the scenarios.
pub(crate) fn database() -> (Engine, Log) {
    let (engine, log) = empty();
    let rows = [
        "INSERT INTO users VALUES (1, 'ed', 'Ed Jones', NULL), (2, 'wendy', NULL, 1), (3, 'mary', NULL, 1), (4, 'fred', NULL, 2)",
        "INSERT INTO addresses VALUES (1, 'ed@a.org', 1), (2, 'ed@b.org', 1), (3, 'wendy@a.org', 2)",
        "INSERT INTO tags VALUES (1, 'new'), (2, 'hot'), (3, 'old')",
        "INSERT INTO orders VALUES (1, 'open', 1), (2, 'done', 1), (3, 'open', 2)",
        "INSERT INTO order_tag VALUES (1, 1), (1, 2), (2, 2)",
        "INSERT INTO docs VALUES (1, 'one', 1)",
        "INSERT INTO lines VALUES (1, 1, 'a'), (1, 2, 'b')",
    ];
    backend::fill(&engine, &rows);
    log.take();
    (engine, log)
}

/// A session on the database of the scenarios.
pub(crate) fn session() -> (Session, Log) {
    let (engine, log) = database();
    (Session::new(&engine), log)
}

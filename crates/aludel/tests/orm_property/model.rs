//! The entities of the random graphs: every sort of relationship, and CHECK constraints that refuse texts which begin with
//! "bad", so that a flush can fail in its middle.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use aludel::EngineBuilder;
use aludel::prelude::*;
use tokio::runtime::{Builder, Runtime};

use crate::backend::{self, is_sqlite, words};
use crate::slow::Slow;

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "users")]
pub(crate) struct User {
    #[column(primary_key)]
    pub(crate) id: i64,
    #[column(check = "name NOT LIKE 'bad%'")]
    pub(crate) name: String,
    pub(crate) age: Option<i64>,
    #[column(references = User::ID)]
    pub(crate) manager_id: Option<i64>,
    #[has_many(Address::USER_ID, cascade = "all, delete-orphan", order_by = Address::ID)]
    pub(crate) addresses: Many<Address>,
    #[has_many(Order::USER_ID, order_by = Order::ID)]
    pub(crate) orders: Many<Order>,
    #[has_one(Profile::USER_ID)]
    pub(crate) profile: One<Profile>,
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
    #[column(check = "email NOT LIKE 'bad%'")]
    pub(crate) email: String,
    #[column(references = User::ID)]
    pub(crate) user_id: i64,
    #[belongs_to(Address::USER_ID)]
    pub(crate) user: One<User>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "profiles")]
pub(crate) struct Profile {
    #[column(primary_key)]
    pub(crate) id: i64,
    #[column(check = "about NOT LIKE 'bad%'")]
    pub(crate) about: String,
    #[column(references = User::ID)]
    pub(crate) user_id: Option<i64>,
    #[belongs_to(Profile::USER_ID)]
    pub(crate) user: One<User>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "orders")]
pub(crate) struct Order {
    #[column(primary_key)]
    pub(crate) id: i64,
    #[column(check = "status NOT LIKE 'bad%'")]
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
    #[column(check = "label NOT LIKE 'bad%'")]
    pub(crate) label: String,
    #[many_to_many(OrderTag::TAG_ID, OrderTag::ORDER_ID, order_by = Order::ID)]
    pub(crate) orders: Many<Order>,
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
    #[column(check = "body NOT LIKE 'bad%'")]
    pub(crate) body: String,
    #[column(version)]
    pub(crate) version: i64,
    #[has_many(Line::DOC_ID, cascade = "all, delete-orphan", order_by = Line::NO)]
    pub(crate) lines: Many<Line>,
}

/// Its key is composite, and part of it is the foreign key.
#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "lines")]
pub(crate) struct Line {
    #[column(primary_key, references = Doc::ID)]
    pub(crate) doc_id: i64,
    #[column(primary_key)]
    pub(crate) no: i64,
    #[column(check = "txt NOT LIKE 'bad%'")]
    pub(crate) txt: String,
    #[belongs_to(Line::DOC_ID)]
    pub(crate) doc: One<Doc>,
}

/// Every row of the database as a line of text.
pub(crate) const DUMP: &str = "\
    SELECT 'user ' || id || ' ' || name || ' ' || ifnull(age, '-') || ' ' || ifnull(manager_id, '-') AS line FROM users \
    UNION ALL SELECT 'address ' || id || ' ' || email || ' ' || user_id FROM addresses \
    UNION ALL SELECT 'profile ' || id || ' ' || about || ' ' || ifnull(user_id, '-') FROM profiles \
    UNION ALL SELECT 'order ' || id || ' ' || status || ' ' || ifnull(user_id, '-') FROM orders \
    UNION ALL SELECT 'tag ' || id || ' ' || label FROM tags \
    UNION ALL SELECT 'order_tag ' || order_id || ' ' || tag_id FROM order_tag \
    UNION ALL SELECT 'doc ' || id || ' ' || body || ' ' || version FROM docs \
    UNION ALL SELECT 'line ' || doc_id || ' ' || no || ' ' || txt FROM lines WHERE 1 = 1";

thread_local! {
    /// What the connections of the thread's engines wait by.
    static RUNTIME: Runtime = Builder::new_current_thread().enable_all().build().unwrap();
}

/// An empty database; SQLite is called in this thread.
pub(crate) fn database() -> Engine {
    engine(|builder| builder)
}

/// The same, of which each answer has to be waited for, as a server's has anyway.
pub(crate) fn slow_database() -> Engine {
    engine(|builder| if is_sqlite() { builder.driver(Slow) } else { builder })
}

fn engine(settings: impl FnOnce(EngineBuilder<Engine>) -> EngineBuilder<Engine>) -> Engine {
    let url = if is_sqlite() { "sqlite::memory:?inline=on".to_owned() } else { backend::url() };
    let builder = Engine::builder(url).pool_size(1).max_overflow(0);
    let engine = now(settings(builder).connect()).unwrap();
    now(engine.create_all(schema![User, Address, Profile, Order, Tag, OrderTag, Doc, Line])).unwrap();
    engine
}

/// Empties the database again.
pub(crate) fn empty(engine: &Engine) {
    for table in ["order_tag", "addresses", "profiles", "orders", "tags", "lines", "docs"] {
        now(engine.execute(text(words(&format!("DELETE FROM {table} WHERE 1 = 1"))))).unwrap();
    }
    now(engine.execute(text("UPDATE users SET manager_id = NULL"))).unwrap();
    now(engine.execute(text("DELETE FROM users"))).unwrap();
}

/// The value of a future.
pub(crate) fn now<T>(future: impl Future<Output = T>) -> T {
    let waits = async { tokio::time::timeout(Duration::from_secs(30), future).await };
    RUNTIME.with(|runtime| runtime.block_on(waits)).unwrap_or_else(|_| panic!("the future never ends"))
}

/// Polls a future that often, each time that it is woken, and drops it; its value, if it came to one.
pub(crate) fn cut<T>(future: impl Future<Output = T>, polls: u32) -> Option<T> {
    let mut left = polls;
    let polled = async {
        let mut future = pin!(future);
        poll_fn(|context| {
            if left == 0 {
                return Poll::Ready(None);
            }
            left -= 1;
            match future.as_mut().poll(context) {
                Poll::Ready(value) => Poll::Ready(Some(value)),
                Poll::Pending if left == 0 => Poll::Ready(None),
                Poll::Pending => Poll::Pending,
            }
        })
        .await
    };
    now(polled)
}

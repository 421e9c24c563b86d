//! The model, its database, and futures that are cut short.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

use aludel::EngineBuilder;
use aludel::prelude::*;

use crate::backend::{self, is_sqlite};
use crate::slow::Slow;

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "users")]
pub(crate) struct User {
    #[column(primary_key)]
    pub(crate) id: i64,
    #[column(check = "name NOT LIKE 'bad%'")]
    pub(crate) name: String,
    pub(crate) age: Option<i64>,
    #[has_many(Address::USER_ID, cascade = "all, delete-orphan", order_by = Address::ID)]
    pub(crate) addresses: Many<Address>,
    #[has_many(Order::USER_ID, order_by = Order::ID)]
    pub(crate) orders: Many<Order>,
    #[has_one(Profile::USER_ID)]
    pub(crate) profile: One<Profile>,
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
    pub(crate) about: String,
    #[column(references = User::ID)]
    pub(crate) user_id: Option<i64>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "orders")]
pub(crate) struct Order {
    #[column(primary_key)]
    pub(crate) id: i64,
    pub(crate) status: String,
    #[column(references = User::ID)]
    pub(crate) user_id: Option<i64>,
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

/// A database that several connections share: on SQLite in a file.
pub(crate) struct Database {
    pub(crate) engine: Engine,
}

impl Database {
    /// With the rows that all tests begin with.
    pub(crate) async fn new() -> Self {
        Self::with("", |builder| builder).await
    }

    /// Each answer has to be waited for: a server's anyway, and SQLite's by its driver.
    pub(crate) async fn slow() -> Self {
        match is_sqlite() {
            true => Self::with("&inline=on", |builder| builder.driver(Slow)).await,
            false => Self::new().await,
        }
    }

    /// The same, with further options of SQLite's URL and settings of the engine.
    pub(crate) async fn with(
        options: &str,
        settings: impl FnOnce(EngineBuilder<Engine>) -> EngineBuilder<Engine>,
    ) -> Self {
        let url = backend::file(&format!("journal_mode=wal&synchronous=off{options}"));
        let engine = settings(Engine::builder(url)).connect().await.unwrap();
        engine.create_all(schema![User, Address, Profile, Order, Tag, OrderTag]).await.unwrap();
        let database = Self { engine };
        database.reset().await;
        // Once: a rollback does not give numbers back there.
        if let Some(sql) = backend::set_sequences() {
            database.engine.execute(text(sql)).await.unwrap();
        }
        database
    }

    /// Puts the first rows back.
    pub(crate) async fn reset(&self) {
        let sql = "
            DELETE FROM order_tag; DELETE FROM addresses; DELETE FROM profiles; DELETE FROM orders; DELETE FROM tags;
            DELETE FROM users;
            INSERT INTO users VALUES (1, 'ed', 30), (2, 'wendy', NULL), (3, 'mary', 40);
            INSERT INTO addresses VALUES (1, 'ed@a', 1), (2, 'ed@b', 1), (3, 'wendy@a', 2);
            INSERT INTO profiles VALUES (1, 'of ed', 1);
            INSERT INTO orders VALUES (1, 'open', 1), (2, 'done', 1), (3, 'open', 2);
            INSERT INTO tags VALUES (1, 'new'), (2, 'hot');
            INSERT INTO order_tag VALUES (1, 1), (1, 2), (2, 2);";
        self.engine.acquire().await.unwrap().batch(sql).await.unwrap();
    }

    /// Every row, as another connection sees it.
    pub(crate) async fn rows(&self) -> Vec<String> {
        let rows = self.engine.fetch_all(backend::text(DUMP).rows_as::<(String,)>()).await.unwrap();
        let mut rows: Vec<String> = rows.into_iter().map(|row| row.0).collect();
        rows.sort_unstable();
        rows
    }
}

/// Rows are told by what they say and whom they belong to: the numbers of new ones depend on how often something was tried.
const DUMP: &str = "
    SELECT 'user ' || name || ' ' || ifnull(age, '-') AS line FROM users
    UNION ALL SELECT 'address ' || email || ' of ' || name FROM addresses JOIN users ON users.id = user_id
    UNION ALL SELECT 'profile ' || about || ' of ' || ifnull(name, '-') FROM profiles LEFT JOIN users ON users.id = user_id
    UNION ALL SELECT 'order ' || status || ' of ' || ifnull(name, '-') FROM orders LEFT JOIN users ON users.id = user_id
    UNION ALL SELECT 'tag ' || label FROM tags
    UNION ALL SELECT 'link ' || status || ' ' || label
        FROM order_tag JOIN orders ON orders.id = order_id JOIN tags ON tags.id = tag_id";

/// Polls a future that often, each time that it is woken, and drops it; its value, if it came to one.
pub(crate) async fn cut<F: Future>(future: F, polls: usize) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut left = polls;
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
}

/// Does some work that is cut after so many polls, with every number of polls, until it tells that it came to its end. Gives
/// how many there were.
pub(crate) async fn at_every_point(mut work: impl AsyncFnMut(usize) -> bool) -> usize {
    let mut polls = 0;
    while !work(polls).await {
        polls += 1;
        assert!(polls < 500, "the future never ends");
    }
    polls
}

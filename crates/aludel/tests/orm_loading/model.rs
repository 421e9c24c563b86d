//! What is loaded: a shop.

use aludel::blocking::{Engine, Session};
use aludel::prelude::*;

use crate::log::{self, Log};

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "users")]
pub(crate) struct User {
    #[column(primary_key)]
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) nick: Option<String>,
    #[column(references = User::ID)]
    pub(crate) boss_id: Option<i64>,
    #[has_many(Address::USER_ID, order_by = Address::ID)]
    pub(crate) addresses: Many<Address>,
    #[has_many(Order::USER_ID, order_by = Order::ID)]
    pub(crate) orders: Many<Order>,
    #[has_one(Profile::USER_ID)]
    pub(crate) profile: One<Profile>,
    #[belongs_to(User::BOSS_ID)]
    pub(crate) boss: One<User>,
    #[has_many(User::BOSS_ID, order_by = User::ID)]
    pub(crate) staff: Many<User>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "addresses")]
pub(crate) struct Address {
    #[column(primary_key)]
    pub(crate) id: i64,
    pub(crate) email: String,
    #[column(references = User::ID)]
    pub(crate) user_id: Option<i64>,
    #[belongs_to(Address::USER_ID)]
    pub(crate) user: One<User>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "profiles")]
pub(crate) struct Profile {
    #[column(primary_key, references = User::ID)]
    pub(crate) user_id: i64,
    pub(crate) text: String,
    #[belongs_to(Profile::USER_ID)]
    pub(crate) user: One<User>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "orders")]
pub(crate) struct Order {
    #[column(primary_key)]
    pub(crate) id: i64,
    pub(crate) status: String,
    pub(crate) note: String,
    #[column(references = User::ID)]
    pub(crate) user_id: i64,
    #[column(references = Address::ID)]
    pub(crate) address_id: Option<i64>,
    #[belongs_to(Order::USER_ID)]
    pub(crate) user: One<User>,
    #[belongs_to(Order::ADDRESS_ID)]
    pub(crate) address: One<Address>,
    #[has_many(Item::ORDER_ID, order_by = Item::ID)]
    pub(crate) items: Many<Item>,
    #[many_to_many(OrderTag::ORDER_ID, OrderTag::TAG_ID, order_by = Tag::ID)]
    pub(crate) tags: Many<Tag>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "items")]
pub(crate) struct Item {
    #[column(primary_key)]
    pub(crate) id: i64,
    pub(crate) what: String,
    #[column(references = Order::ID)]
    pub(crate) order_id: i64,
    #[belongs_to(Item::ORDER_ID)]
    pub(crate) order: One<Order>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "tags")]
pub(crate) struct Tag {
    #[column(primary_key)]
    pub(crate) id: i64,
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

pub(crate) const TABLES: &[&aludel::schema::Table] = schema![User, Address, Profile, Order, Item, Tag, OrderTag];

pub(crate) const ROWS: [&str; 7] = [
    "INSERT INTO users VALUES (1, 'ed', 'eddie', NULL), (2, 'wendy', NULL, 1), (3, 'mary', NULL, 1), (4, 'fred', NULL, 2)",
    "INSERT INTO addresses VALUES (1, 'ed@a.org', 1), (2, 'ed@b.org', 1), (3, 'wendy@a.org', 2), (4, 'lost@a.org', NULL)",
    "INSERT INTO profiles VALUES (1, 'about ed'), (3, 'about mary')",
    "INSERT INTO orders VALUES (1, 'open', 'x', 1, 1), (2, 'done', 'y', 1, NULL), (3, 'open', 'z', 2, 3)",
    "INSERT INTO items VALUES (1, 'pen', 1), (2, 'ink', 1), (3, 'cup', 2), (4, 'hat', 3)",
    "INSERT INTO tags VALUES (1, 'new'), (2, 'hot'), (3, 'old')",
    "INSERT INTO order_tag VALUES (1, 1), (1, 2), (2, 2)",
];

/// An engine on the shop.
pub(crate) fn engine() -> (Engine, Log) {
    log::engine(TABLES, &ROWS)
}

/// A session on the shop.
pub(crate) fn session() -> (Session, Log) {
    log::session(TABLES, &ROWS)
}

/// All users in order.
pub(crate) fn users() -> Select<User> {
    User::select().order_by(User::ID)
}

/// How many addresses each has.
pub(crate) fn addresses(session: &aludel::Session, users: &[Key<User>]) -> Vec<usize> {
    users.iter().map(|user| session[*user].addresses.len()).collect()
}

/// The labels of the tags of a user's orders.
pub(crate) fn labels(session: &aludel::Session, user: Key<User>) -> String {
    let orders = session.view(user).many(User::ORDERS);
    let labels = orders.map(|order| order.many(Order::TAGS).map(|tag| tag.label.clone()).collect::<Vec<_>>().join(" "));
    labels.collect::<Vec<_>>().join(", ")
}

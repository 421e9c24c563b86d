//! Aludel's entities of the tables, and the statements over them, which both of its faces run.

use std::hint::black_box;

use aludel::language::{BulkInsert, BulkRows, Executable};
use aludel::prelude::*;

use crate::data::NewUser;
use crate::reference::VALUES;
use crate::turns::{Result, Turns};
use crate::{bulk, data};

/// A user.
#[derive(Clone, Debug, Entity, Hash)]
#[entity(table = "users")]
pub(super) struct User {
    #[column(primary_key)]
    pub(super) id: i32,
    pub(super) name: String,
    pub(super) hair_color: Option<String>,
}

/// A user's post.
#[derive(Clone, Debug, Entity, Hash)]
#[entity(table = "posts")]
pub(super) struct Post {
    #[column(primary_key)]
    pub(super) id: i32,
    pub(super) user_id: i32,
    pub(super) title: String,
    pub(super) body: Option<String>,
}

/// A comment on a post.
#[derive(Clone, Debug, Entity, Hash)]
#[entity(table = "comments")]
pub(super) struct Comment {
    #[column(primary_key)]
    pub(super) id: i32,
    pub(super) post_id: i32,
    pub(super) text: String,
}

/// One of a user's addresses.
#[derive(Clone, Debug, Entity, Hash)]
#[entity(table = "addresses")]
pub(super) struct Address {
    #[column(primary_key)]
    pub(super) id: i32,
    pub(super) user_id: i32,
    pub(super) email: String,
}

/// A row that `bulk400k` writes.
#[derive(Clone, Debug, Entity, Hash)]
#[entity(table = "items")]
pub(super) struct Item {
    #[column(primary_key, generated = false)]
    pub(super) id: i32,
    pub(super) name: String,
    pub(super) description: String,
}

#[derive(Clone, Debug, Entity)]
#[entity(table = "customers")]
struct Customer {
    #[column(primary_key)]
    id: i32,
    name: String,
    country: String,
}

#[derive(Clone, Debug, Entity)]
#[entity(table = "products")]
struct Product {
    #[column(primary_key)]
    id: i32,
    name: String,
    category: String,
}

#[derive(Clone, Debug, Entity)]
#[entity(table = "orders")]
struct Order {
    #[column(primary_key)]
    id: i32,
    customer_id: i32,
    status: String,
    placed_on: i32,
}

#[derive(Clone, Debug, Entity)]
#[entity(table = "lines")]
struct Line {
    #[column(primary_key)]
    id: i32,
    order_id: i32,
    product_id: i32,
    quantity: i32,
    price: i32,
}

/// A row of the reference statement.
pub(super) type OrderLine = (i32, i32, String, String, i32, i32);

/// Users with their posts with their comments.
pub(super) type Tree = Vec<(User, Vec<(Post, Vec<Comment>)>)>;

/// Users with their addresses.
pub(super) type UserTree = Vec<(User, Vec<Address>)>;

impl User {
    /// New users together with the keys that the database gave them.
    pub(super) fn with_keys(keys: Vec<i32>, new: Vec<NewUser>) -> Vec<Self> {
        keys.into_iter().zip(new).map(|(id, NewUser { name, hair_color })| Self { id, name, hair_color }).collect()
    }

    /// The statement that writes the user's color.
    pub(super) fn update_color(&self) -> Update<Self> {
        Self::update().set(Self::HAIR_COLOR, self.hair_color.as_deref()).filter(Self::ID.eq(self.id))
    }
}

/// The statement that inserts new users, and gives their keys.
pub(super) fn insert_rows(new: &[NewUser]) -> BulkInsert<User, impl BulkRows<User, Item: Send> + Send, i32> {
    let rows = new.iter().map(|user| (user.name.as_str(), user.hair_color.as_deref()));
    User::insert().tuples((User::NAME, User::HAIR_COLOR), rows).returning(User::ID)
}

/// The statement of `medium`.
pub(super) fn black_users() -> Select<(User, Option<Post>)> {
    select((User::ALL, Post::ALL.optional()))
        .left_join(Post::TABLE, Post::USER_ID.eq(User::ID))
        .filter(User::HAIR_COLOR.eq(data::BLACK))
}

/// The users that `insert` writes, as rows.
pub(super) fn new_users(count: usize) -> impl Iterator<Item = (String, Option<String>)> + Send {
    (0..count).map(|i| {
        let NewUser { name, hair_color } = data::new_user(i);
        (name, hair_color)
    })
}

/// The rows that `bulk400k` writes.
pub(super) fn items() -> impl Iterator<Item = Item> + Send {
    bulk::items().map(|bulk::Item { id, name, description }| Item { id, name, description })
}

/// The reference statement.
pub(super) fn reference_query() -> Select<OrderLine> {
    select((Line::ID, Order::PLACED_ON, Customer::NAME, Product::NAME, Line::QUANTITY, Line::PRICE))
        .join(Order::TABLE, Line::ORDER_ID.eq(Order::ID))
        .join(Customer::TABLE, Order::CUSTOMER_ID.eq(Customer::ID))
        .join(Product::TABLE, Line::PRODUCT_ID.eq(Product::ID))
        .filter(Customer::COUNTRY.eq(VALUES.country))
        .filter(Order::STATUS.eq(VALUES.status))
        .filter(Order::PLACED_ON.ge(VALUES.placed_from))
        .filter(Line::QUANTITY.gt(VALUES.quantity_above))
        .filter(Line::PRICE.lt(VALUES.price_below))
        .filter(Product::CATEGORY.in_(VALUES.categories))
        .order_by((Line::PRICE.desc(), Line::ID))
        .limit(VALUES.limit.unsigned_abs())
}

/// Builds the reference statement and finds its compiled form: what a call does before the database is asked.
pub(super) fn build_reference(mut turns: Turns) -> Result {
    let known = reference_query().into_arguments().key().to_owned();
    while let Some(turn) = turns.next() {
        while turn.again() {
            let statement = black_box(reference_query()).into_arguments();
            if !known.matches(&statement.key()) {
                return Err("a statement built again has another key".into());
            }
            turn.done(statement.in_order().len());
        }
    }
    Ok(())
}

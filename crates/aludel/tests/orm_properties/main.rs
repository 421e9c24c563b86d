//! Column properties: fields that stand for an expression.

#![allow(clippy::unwrap_used, reason = "a test ends by panicking")]

#[path = "../backend/mod.rs"]
mod backend;
mod reading;
mod writing;

use aludel::blocking::{Engine, Session};
use aludel::prelude::*;

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "users")]
struct User {
    #[column(primary_key)]
    id: i64,
    name: String,
    #[column(expression = func::char_length(User::NAME))]
    name_length: i64,
    #[column(expression = select(func::count(Address::ID)).filter(Address::USER_ID.eq(User::ID)).scalar())]
    address_count: i64,
    #[column(expression = select(Address::EMAIL).filter(Address::USER_ID.eq(User::ID)).order_by(Address::ID.desc()).limit(1).scalar())]
    latest: Option<String>,
    #[column(expression = User::NAME_LENGTH.gt(literal(4_i64)))]
    is_long: bool,
    #[has_many(Address::USER_ID, order_by = Address::EMAIL)]
    addresses: Many<Address>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "addresses")]
struct Address {
    #[column(primary_key)]
    id: i64,
    #[column(references = User::ID)]
    user_id: i64,
    email: String,
    #[column(expression = func::upper(Address::EMAIL))]
    loud: String,
    #[belongs_to(Address::USER_ID)]
    user: One<User>,
}

/// Ed has two addresses, Wendy none.
fn engine() -> Engine {
    let engine = backend::engine();
    engine.create_all(schema![User, Address]).expect("the database is empty");
    for (id, name) in [(1, "ed"), (2, "wendy")] {
        engine.execute(User::insert().row(User::build().id(id).name(name))).expect("it is new");
    }
    for (id, email) in [(1, "ed@old.org"), (2, "ed@new.org")] {
        let address = Address::build().id(id).user_id(1).email(email);
        engine.execute(Address::insert().row(address)).expect("it is new");
    }
    backend::fill(&engine, &[]);
    engine
}

fn session() -> Session {
    Session::new(&engine())
}

/// What the properties of a user are.
fn properties(user: &User) -> (i64, i64, Option<&str>, bool) {
    (user.name_length, user.address_count, user.latest.as_deref(), user.is_long)
}

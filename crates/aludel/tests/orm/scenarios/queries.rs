//! What is selected, and by what condition.

use aludel::prelude::*;
use serde_json::{Value as Json, json};

use super::play;
use crate::model::{Address, Order, Tag, User};

#[test]
fn columns_only() {
    let (mut session, scenario) = play("columns-only");
    let rows: Vec<(i64, String)> = session.fetch_all(select((User::ID, User::NAME)).order_by(User::ID)).unwrap();
    assert!(session.is_empty());
    scenario.is(json!(rows));
}

#[test]
fn entity_and_column() {
    let (mut session, scenario) = play("entity-and-column");
    let query = select((User::ALL, func::count(Address::ID)))
        .left_join(Address::TABLE, User::ID.eq(Address::USER_ID))
        .group_by(User::ID)
        .order_by(User::ID);
    let rows: Vec<(Key<User>, i64)> = session.fetch_all(query).unwrap();
    scenario.is(rows.iter().map(|(user, count)| json!([session[*user].name, count])).collect::<Vec<_>>());
}

#[test]
fn relationship_any() {
    let (mut session, scenario) = play("relationship-any");
    let query = select(User::NAME).filter(User::ADDRESSES.any(Address::EMAIL.like("%b.org")));
    scenario.is(session.fetch_all(query).unwrap());
}

#[test]
fn relationship_compare() {
    let (mut session, scenario) = play("relationship-compare");
    let ed = session.get_one::<User>(1).unwrap();
    let query = select(Address::ID).filter(Address::USER.is(&session[ed])).order_by(Address::ID);
    scenario.is(session.fetch_all(query).unwrap());
}

#[test]
fn relationship_is_null() {
    let (mut session, scenario) = play("relationship-is-null");
    let nobodys: Vec<i64> = session.fetch_all(select(Order::ID).filter(Order::USER.is_none())).unwrap();
    let hot = select(Order::ID).filter(Order::TAGS.any(Tag::LABEL.eq("hot"))).order_by(Order::ID);
    let hot: Vec<i64> = session.fetch_all(hot).unwrap();
    scenario.is(json!([nobodys, hot]));
}

#[test]
fn join_many_to_many() {
    let (mut session, scenario) = play("join-many-to-many");
    let query = select((Order::ID, Tag::LABEL)).join_related(Order::TAGS).order_by((Order::ID, Tag::ID));
    let rows: Vec<(i64, String)> = session.fetch_all(query).unwrap();
    scenario.is(json!(rows));
}

#[test]
fn from_statement() {
    let (mut session, scenario) = play("from-statement");
    let statement = text("SELECT * FROM users WHERE id < 3 ORDER BY id").rows_as::<User>();
    let users = session.fetch_all(statement).unwrap();
    scenario.is(users.iter().map(|user| Json::from(session[*user].name.as_str())).collect::<Vec<_>>());
}

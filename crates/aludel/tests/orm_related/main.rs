//! Queries by relationship.

#![allow(clippy::unwrap_used, reason = "a test ends by panicking")]

#[path = "../backend/mod.rs"]
mod backend;
#[path = "../orm/model.rs"]
mod model;

use aludel::blocking::Engine;
use aludel::bundle;
use aludel::prelude::*;

use model::{Address, Log, Order, Tag, User, database, session};

/// The statement's SQL and its rows.
#[track_caller]
fn check<S>(statement: S, sql: &str, rows: &[S::Row])
where
    S: Executable,
    S::Row: std::fmt::Debug + PartialEq,
{
    let (engine, log): (Engine, Log) = database();
    let found = engine.fetch_all(statement).unwrap();
    assert_eq!(log.sql(), [sql]);
    assert_eq!(found, rows);
}

#[test]
fn any_is_exists() {
    check(
        select(User::NAME).filter(User::ADDRESSES.any(Address::EMAIL.like("%b.org"))),
        "SELECT users.name FROM users WHERE EXISTS (SELECT 1 FROM addresses WHERE users.id = addresses.user_id AND \
         addresses.email LIKE ?)",
        &["ed".to_owned()],
    );
}

#[test]
fn any_over_a_link_table() {
    check(
        select(Order::ID).filter(Order::TAGS.any(Tag::LABEL.eq("hot"))).order_by(Order::ID),
        "SELECT orders.id FROM orders WHERE EXISTS (SELECT 1 FROM tags JOIN order_tag AS order_tag_1 ON tags.id = \
         order_tag_1.tag_id WHERE orders.id = order_tag_1.order_id AND tags.label = ?) ORDER BY orders.id",
        &[1, 2],
    );
}

#[test]
fn any_of_the_same_table() {
    check(
        select(User::NAME).filter(User::REPORTS.any(User::NAME.eq("fred"))),
        "SELECT users.name FROM users WHERE EXISTS (SELECT 1 FROM (SELECT users.id AS id, users.name AS \
         name, users.fullname AS fullname, users.manager_id AS manager_id FROM users WHERE users.name = ?) AS anon_1 WHERE users.id = anon_1.manager_id)",
        &["wendy".to_owned()],
    );
}

#[test]
fn has_and_its_negation() {
    let query = select(Address::ID).filter(Address::USER.has(User::NAME.eq("wendy")));
    check(
        query,
        "SELECT addresses.id FROM addresses WHERE EXISTS (SELECT 1 FROM users WHERE users.id = addresses.user_id AND \
         users.name = ?)",
        &[3],
    );
    let (engine, _) = database();
    let query = select(User::ID).filter(not(User::ADDRESSES.any(Address::EMAIL.contains("a.org")))).order_by(User::ID);
    assert_eq!(engine.fetch_all(query).unwrap(), [3, 4]);
    let query = select(User::ID).filter(User::ADDRESSES.is_empty()).order_by(User::ID);
    assert_eq!(engine.fetch_all(query).unwrap(), [3, 4]);
    let query = select(User::ID).filter(User::MANAGER.has(User::NAME.eq("ed"))).order_by(User::ID);
    assert_eq!(engine.fetch_all(query).unwrap(), [2, 3]);
}

#[test]
fn objects_are_compared_by_their_keys() {
    let (mut session, log) = session();
    let ed = session.get_one::<User>(1).unwrap();
    log.take();
    let query = select(Address::ID).filter(Address::USER.is(&session[ed])).order_by(Address::ID);
    assert_eq!(session.fetch_all(query).unwrap(), [1, 2]);
    assert_eq!(log.sql(), ["SELECT addresses.id FROM addresses WHERE addresses.user_id = ? ORDER BY addresses.id"]);
    let of_ed = Address::select().filter(User::ADDRESSES.with_parent(&session[ed]));
    assert_eq!(session.fetch_all(of_ed).unwrap().len(), 2);
    let managed = select(User::ID).filter(User::MANAGER.with_parent(&session[ed]));
    assert_eq!(session.fetch_all(managed).unwrap(), [] as [i64; 0]);
    let first = session.get_one::<Address>(3).unwrap();
    let owner = select(User::NAME).filter(User::ADDRESSES.contains(&session[first]));
    assert_eq!(session.fetch_all(owner).unwrap(), ["wendy"]);
    let hot = session.get_one::<Tag>(2).unwrap();
    let tagged = select(Order::ID).filter(Order::TAGS.contains(&session[hot])).order_by(Order::ID);
    assert_eq!(session.fetch_all(tagged).unwrap(), [1, 2]);
    let order = session.get_one::<Order>(1).unwrap();
    let tags = select(Tag::LABEL).filter(Order::TAGS.with_parent(&session[order])).order_by(Tag::ID);
    assert_eq!(session.fetch_all(tags).unwrap(), ["new", "hot"]);
}

#[test]
fn nobody_on_the_other_side() {
    check(
        select(User::ID).filter(User::MANAGER.is_none()),
        "SELECT users.id FROM users WHERE users.manager_id IS NULL",
        &[1],
    );
    check(
        select(Order::ID).filter(Order::USER.is_none()),
        "SELECT orders.id FROM orders WHERE orders.user_id IS NULL",
        &[],
    );
}

#[test]
fn joins_by_relationship() {
    check(
        select((User::NAME, Address::EMAIL)).join_related(User::ADDRESSES).order_by(Address::ID).limit(1),
        "SELECT users.name, addresses.email FROM users JOIN addresses ON users.id = addresses.user_id ORDER BY \
         addresses.id LIMIT ?",
        &[("ed".to_owned(), "ed@a.org".to_owned())],
    );
    check(
        select((Order::ID, Tag::LABEL)).join_related(Order::TAGS).order_by((Order::ID, Tag::ID)),
        "SELECT orders.id, tags.label FROM orders JOIN order_tag AS order_tag_1 ON orders.id = order_tag_1.order_id JOIN \
         tags ON tags.id = order_tag_1.tag_id ORDER BY orders.id, tags.id",
        &[(1, "new".to_owned()), (1, "hot".to_owned()), (2, "hot".to_owned())],
    );
}

#[test]
fn joins_to_an_alias() {
    let boss = User::alias("boss");
    let query = select((User::NAME, boss.col(User::NAME))).join_related_as(User::MANAGER, &boss).order_by(User::ID);
    check(
        query,
        "SELECT users.name, boss.name AS name_1 FROM users JOIN users AS boss ON boss.id = users.manager_id ORDER BY users.id",
        &[
            ("wendy".to_owned(), "ed".to_owned()),
            ("mary".to_owned(), "ed".to_owned()),
            ("fred".to_owned(), "wendy".to_owned()),
        ],
    );
    let address = Address::alias("a");
    let count = func::count(address.col(Address::ID));
    let query = select((User::NAME, count))
        .left_join_related_as(User::ADDRESSES, &address)
        .group_by(User::ID)
        .order_by(User::ID);
    let (engine, _) = database();
    let counts: Vec<i64> = engine.fetch_all(query).unwrap().into_iter().map(|row| row.1).collect();
    assert_eq!(counts, [2, 1, 0, 0]);
}

#[derive(FromRow, Clone, Debug, PartialEq)]
struct Names {
    name: String,
    fullname: Option<String>,
}

#[test]
fn bundles() {
    let ed = Names { name: "ed".into(), fullname: Some("Ed Jones".into()) };
    let query = select((User::ID, bundle::<Names, _>((User::NAME, User::FULLNAME)))).filter(User::ID.eq(1));
    let (mut session, _) = session();
    assert_eq!(session.fetch_all(query).unwrap(), [(1, ed)]);
}

#[test]
fn entities_and_columns() {
    let (mut session, log) = session();
    let query = select((User::ALL, func::count(Address::ID)))
        .left_join_related(User::ADDRESSES)
        .group_by(User::ID)
        .order_by(User::ID);
    let rows: Vec<(Key<User>, i64)> = session.fetch_all(query).unwrap();
    assert_eq!(log.sql().len(), 1);
    let found: Vec<(&str, i64)> = rows.iter().map(|(user, count)| (session[*user].name.as_str(), *count)).collect();
    assert_eq!(found, [("ed", 2), ("wendy", 1), ("mary", 0), ("fred", 0)]);
}

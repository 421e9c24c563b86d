//! Rows in large numbers, past the unit of work.

use aludel::blocking::Session;
use aludel::prelude::*;

use crate::backend::on;
use crate::model::{Address, Doc, User, database, session};

#[test]
fn insert() {
    let (mut session, log) = session();
    let rows = (0..1000).map(|number| User::build().name(format!("user {number}")));
    assert_eq!(session.bulk_insert::<User, _>(rows).unwrap(), 1000);
    let seen = log.take();
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].sql, "INSERT INTO users (name) VALUES (?)");
    assert!(session.is_empty());
    session.commit().unwrap();
    let count: i64 = session.fetch_one(select(func::count_all()).from(User::TABLE)).unwrap();
    assert_eq!(count, 1004);
}

/// Rows that give other columns begin another statement.
#[test]
fn insert_of_different_columns() {
    let (mut session, log) = session();
    let user = |id, name: &str| User {
        id,
        name: name.into(),
        fullname: None,
        manager_id: None,
        addresses: Many::unloaded(),
        orders: Many::unloaded(),
        manager: One::unloaded(),
        reports: Many::unloaded(),
    };
    assert_eq!(session.bulk_insert::<User, _>([user(0, "a"), user(0, "b"), user(50, "c"), user(0, "d")]).unwrap(), 4);
    assert_eq!(log.sql().len(), 3);
    let ids: Vec<i64> = session.fetch_all(select(User::ID).filter(User::ID.gt(4)).order_by(User::ID)).unwrap();
    // A sequence does not look at the rows.
    assert_eq!(ids, on([5, 6, 50, 51], [5, 6, 7, 50], [5, 6, 50, 51]));
    assert_eq!(session.bulk_insert::<User, _>(Vec::<User>::new()).unwrap(), 0);
}

/// They are part of the transaction.
#[test]
fn insert_is_rolled_back() {
    let (mut session, _) = session();
    let pending = session.add(User::build().name("pending"));
    session.bulk_insert::<User, _>([User::build().name("bulk")]).unwrap();
    // What was pending came first.
    assert_eq!(session[pending].id, 5);
    session.rollback().unwrap();
    let count: i64 = session.fetch_one(select(func::count_all()).from(User::TABLE)).unwrap();
    assert_eq!(count, 4);
}

/// Objects that are among the rows are stale afterwards.
#[test]
fn update_by_key() {
    let (mut session, log) = session();
    let users = session.fetch_all(User::select().order_by(User::ID)).unwrap();
    let changed: Vec<User> = [1, 3]
        .map(|id| User { id, name: "bulk".into(), fullname: Some("ignored".into()), ..session[users[0]].clone() })
        .into();
    log.take();
    assert_eq!(session.bulk_update(User::NAME, changed).unwrap(), 2);
    let seen = log.take();
    assert_eq!(seen.len(), 1);
    assert_eq!((seen[0].sql.as_str(), seen[0].sets.len()), ("UPDATE users SET name = ? WHERE users.id = ?", 2));
    assert!(session.is_stale(users[0]) && session.is_stale(users[2]) && !session.is_stale(users[1]));
    session.fetch_all(User::select()).unwrap();
    let names: Vec<&str> = users.iter().map(|user| session[*user].name.as_str()).collect();
    assert_eq!(names, ["bulk", "wendy", "bulk", "fred"]);
    assert_eq!(session[users[2]].fullname, None);
    session.rollback().unwrap();
    session.fetch_all(User::select()).unwrap();
    assert_eq!(session[users[0]].name, "ed");
}

#[test]
fn update_of_two_columns() {
    let (mut session, _) = session();
    let rows = [Doc { id: 1, body: "bulk".into(), version: 9 }, Doc { id: 7, body: "nobody".into(), version: 1 }];
    assert_eq!(session.bulk_update((Doc::BODY, Doc::VERSION), rows).unwrap(), 1);
    let doc = session.get_one::<Doc>(1).unwrap();
    assert_eq!((session[doc].body.as_str(), session[doc].version), ("bulk", 9));
}

/// A row that is refused: the transaction has to be rolled back, and the session can be used again.
#[test]
fn insert_that_fails() {
    let (engine, _) = database();
    let mut session = Session::new(&engine);
    let addresses = [("a", 1), ("b", 99), ("c", 1)];
    let rows = addresses.map(|(email, user_id)| Address::build().email(email).user_id(user_id));
    let error = session.bulk_insert::<Address, _>(rows).unwrap_err();
    assert!(error.is_foreign_key_violation(), "{error}");
    assert!(error.location().unwrap().file().ends_with("bulk.rs"));
    session.rollback().unwrap();
    let count: i64 = session.fetch_one(select(func::count_all()).from(Address::TABLE)).unwrap();
    assert_eq!(count, 3);
}

//! Savepoints.

use aludel::prelude::*;

use crate::model::{Address, User, session};

#[test]
fn kept() {
    let (mut session, _) = session();
    let ed = session.get_one::<User>(1).unwrap();
    let mut nested = session.begin_nested().unwrap();
    nested[ed].name = "x".into();
    let new = nested.add(User::build().name("new"));
    nested.commit().unwrap();
    assert_eq!((session[ed].name.as_str(), session[new].id), ("x", 5));
    session.commit().unwrap();
    session.refresh(ed).unwrap();
    assert_eq!(session[ed].name, "x");
}

/// What was kept by a savepoint is undone with the transaction.
#[test]
fn kept_and_then_undone() {
    let (mut session, _) = session();
    let ed = session.get_one::<User>(1).unwrap();
    let mut nested = session.begin_nested().unwrap();
    nested[ed].name = "x".into();
    let new = nested.add(User::build().name("new"));
    nested.commit().unwrap();
    session.rollback().unwrap();
    assert_eq!(session[ed].name, "ed");
    assert!(!session.contains(new));
}

#[test]
fn undone() {
    let (mut session, _) = session();
    let ed = session.fetch_one(User::select().filter(User::ID.eq(1)).options(selectinload(User::ADDRESSES))).unwrap();
    session[ed].name = "outer".into();
    let outer = session.add(User::build().name("outer"));
    let mut nested = session.begin_nested().unwrap();
    nested[ed].name = "inner".into();
    let inner = nested.add(User::build().name("inner"));
    let home = nested.add(Address::build().email("home@x.org"));
    nested.link(ed, User::ADDRESSES, home);
    nested.flush().unwrap();
    nested[ed].name = "not flushed".into();
    let first = nested.keys(ed, User::ADDRESSES)[0];
    nested.delete(first);
    nested.rollback().unwrap();
    assert_eq!(session[ed].name, "outer");
    assert!(session.contains(outer) && session.contains(first));
    assert!(!session.contains(inner) && !session.contains(home));
    assert_eq!(session[ed].addresses.len(), 2);
    session.commit().unwrap();
    let names: Vec<String> = session.fetch_all(select(User::NAME).order_by(User::ID)).unwrap();
    assert_eq!(names, ["outer", "wendy", "mary", "fred", "outer"]);
}

/// A guard that is dropped is undone by the next call that asks the database.
#[test]
fn dropped() {
    let (mut session, _) = session();
    let ed = session.get_one::<User>(1).unwrap();
    {
        let mut nested = session.begin_nested().unwrap();
        nested[ed].name = "inner".into();
        nested.add(User::build().name("new"));
        nested.flush().unwrap();
    }
    let names: Vec<String> = session.fetch_all(select(User::NAME).order_by(User::ID)).unwrap();
    assert_eq!(names, ["ed", "wendy", "mary", "fred"]);
    assert_eq!(session[ed].name, "ed");
    session[ed].fullname = None;
    session.commit().unwrap();
    session.refresh(ed).unwrap();
    assert_eq!((session[ed].name.as_str(), session[ed].fullname.as_deref()), ("ed", None));
}

#[test]
fn one_in_the_other() {
    let (mut session, _) = session();
    let ed = session.get_one::<User>(1).unwrap();
    let mut outer = session.begin_nested().unwrap();
    outer[ed].name = "outer".into();
    let mut inner = outer.begin_nested().unwrap();
    inner[ed].name = "inner".into();
    inner.rollback().unwrap();
    assert_eq!(outer[ed].name, "outer");
    let mut inner = outer.begin_nested().unwrap();
    inner[ed].fullname = None;
    inner.commit().unwrap();
    assert_eq!((outer[ed].name.as_str(), outer[ed].fullname.as_deref()), ("outer", None));
    let mut inner = outer.begin_nested().unwrap();
    inner[ed].name = "dropped".into();
    inner.flush().unwrap();
    drop(inner);
    outer.commit().unwrap();
    assert_eq!((session[ed].name.as_str(), session[ed].fullname.as_deref()), ("outer", None));
    session.commit().unwrap();
    session.refresh(ed).unwrap();
    assert_eq!((session[ed].name.as_str(), session[ed].fullname.as_deref()), ("outer", None));
}

/// Both are dropped: the inner one is undone, and then the outer one.
#[test]
fn both_dropped() {
    let (mut session, _) = session();
    let ed = session.get_one::<User>(1).unwrap();
    session[ed].fullname = Some("before".into());
    {
        let mut outer = session.begin_nested().unwrap();
        outer[ed].name = "outer".into();
        let mut inner = outer.begin_nested().unwrap();
        inner[ed].name = "inner".into();
        inner.flush().unwrap();
    }
    session.commit().unwrap();
    session.refresh(ed).unwrap();
    assert_eq!((session[ed].name.as_str(), session[ed].fullname.as_deref()), ("ed", Some("before")));
}

/// An error inside, and the rest goes on: what savepoints are mostly for.
#[test]
fn around_what_may_fail() {
    let (engine, _) = crate::model::database();
    engine.execute(text("CREATE UNIQUE INDEX names ON users (name)")).unwrap();
    let mut session = aludel::blocking::Session::new(&engine);
    let mut refused = Vec::new();
    for name in ["a", "ed", "b", "a"] {
        let mut nested = session.begin_nested().unwrap();
        nested.add(User::build().name(name));
        match nested.commit() {
            Ok(()) => {}
            Err(error) => {
                assert!(error.is_unique_violation(), "{error}");
                refused.push(name);
            }
        }
    }
    assert_eq!(refused, ["ed", "a"]);
    session.commit().unwrap();
    let names: Vec<String> = session.fetch_all(select(User::NAME).filter(User::ID.gt(4)).order_by(User::ID)).unwrap();
    assert_eq!(names, ["a", "b"]);
}

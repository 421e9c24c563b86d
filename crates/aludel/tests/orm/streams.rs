//! Objects some at a time.

use aludel::blocking::{Engine, Session};
use aludel::prelude::*;

use crate::backend;
use crate::model::{Address, Log, User, session};

/// Ten users with an address each.
fn ten() -> (Session, Log) {
    let (engine, log) = crate::model::empty();
    fill(&engine);
    log.take();
    (Session::new(&engine), log)
}

fn fill(engine: &Engine) {
    let users = (1..=10).map(|id| User::build().id(id).name(format!("user {id}")));
    engine.insert(User::insert().rows(users)).unwrap();
    let addresses = (1..=10).map(|id| Address::build().email(format!("{id}@x.org")).user_id(id));
    engine.insert(Address::insert().rows(addresses)).unwrap();
    backend::fill(engine, &[]);
}

fn query() -> Select<User> {
    User::select().order_by(User::ID)
}

#[test]
fn parts() {
    let (mut session, log) = ten();
    let mut stream = session.stream(query(), 4);
    let mut parts = Vec::new();
    while let Some(part) = stream.next().unwrap() {
        parts.push(part.iter().map(|user| stream[*user].id).collect::<Vec<_>>());
    }
    assert_eq!(parts, [vec![1, 2, 3, 4], vec![5, 6, 7, 8], vec![9, 10]]);
    assert!(stream.next().unwrap().is_none());
    assert_eq!(stream.session().len(), 10);
    drop(stream);
    assert_eq!(log.sql().len(), 1);
    // They are objects like any other.
    let first = session.get_one::<User>(1).unwrap();
    session[first].name = "x".into();
    session.commit().unwrap();
}

/// The parts come out even: no empty one at the end.
#[test]
fn parts_that_come_out_even() {
    let (mut session, _) = ten();
    for per in [1, 2, 5, 10, 11] {
        let mut stream = session.stream(query(), per);
        let mut sizes = Vec::new();
        while let Some(part) = stream.next().unwrap() {
            sizes.push(part.len());
        }
        assert_eq!(sizes.iter().sum::<usize>(), 10);
        assert!(sizes.iter().all(|size| *size > 0 && *size <= per), "{per}: {sizes:?}");
    }
    let mut none = session.stream(query().filter(User::ID.gt(99)), 3);
    assert!(none.next().unwrap().is_none());
}

/// Each part has its relationships, by a statement of its own.
#[test]
fn with_relationships() {
    let (mut session, log) = ten();
    let mut stream = session.stream(query().options(selectinload(User::ADDRESSES)), 4);
    let mut emails = Vec::new();
    while let Some(part) = stream.next().unwrap() {
        for user in part {
            let view = stream.session().view(user);
            emails.extend(view.many(User::ADDRESSES).map(|address| address.email.clone()));
        }
    }
    assert_eq!(emails.len(), 10);
    assert_eq!(emails[9], "10@x.org");
    drop(stream);
    assert_eq!(log.sql().len(), 4);
}

#[test]
fn with_a_joined_object_and_without_a_joined_collection() {
    let (mut session, log) = ten();
    let mut stream = session.stream(Address::select().order_by(Address::ID).options(joinedload(Address::USER)), 6);
    let mut names = Vec::new();
    while let Some(part) = stream.next().unwrap() {
        assert!(part.len() <= 6);
        names.extend(
            part.iter().map(|address| stream.session().view(*address).one(Address::USER).unwrap().name.clone()),
        );
    }
    assert_eq!((names.len(), names[9].as_str()), (10, "user 10"));
    drop(stream);
    assert_eq!(log.sql().len(), 1);
    // What is loaded of the joined object takes a further statement.
    let orders = joinedload(Address::USER).selectinload(User::ORDERS);
    let mut stream = session.stream(Address::select().order_by(Address::ID).options(orders), 6);
    let mut sizes = Vec::new();
    while let Some(part) = stream.next().unwrap() {
        let users = part.iter().map(|address| stream.session().view(*address).one(Address::USER).unwrap());
        assert!(users.into_iter().all(|user| user.orders.is_empty()));
        sizes.push(part.len());
        stream.expunge_all();
    }
    assert_eq!(sizes, [6, 4]);
    drop(stream);
    let error = session.stream(query().options(joinedload(User::ADDRESSES)), 4).next().unwrap_err();
    let said = error.to_string();
    assert!(said.starts_with("a joined collection can't be streamed"), "{said}");
    assert!(said.contains("use selectinload") && error.location().unwrap().file().ends_with("streams.rs"));
}

/// Objects that are done with are let go, so that memory stays flat.
#[test]
fn letting_go() {
    for has_relationships in [false, true] {
        let (mut session, _) = ten();
        let query = query().options(defer(User::FULLNAME));
        let query = if has_relationships { query.options(selectinload(User::ADDRESSES)) } else { query };
        let mut stream = session.stream(query, 3);
        let mut seen = 0;
        while let Some(part) = stream.next().unwrap() {
            seen += part.len();
            assert!(part.iter().all(|user| stream[*user].name.starts_with("user")));
            assert!(stream.session().len() <= 6);
            stream.expunge_all();
        }
        assert_eq!(seen, 10);
        drop(stream);
        assert!(session.is_empty());
    }
}

/// A stream that is left half-way does not stand in anybody's way.
#[test]
fn dropped_half_way() {
    let (mut session, _) = ten();
    let mut stream = session.stream(query(), 3);
    stream.next().unwrap();
    drop(stream);
    assert_eq!(session.len(), 3);
    let user = session.add(User::build().name("new"));
    session.commit().unwrap();
    assert_eq!(session[user].id, 11);
    let mut stream = session.stream(query(), 3);
    stream.next().unwrap();
    drop(stream);
    session.rollback().unwrap();
    assert_eq!(session.fetch_all(query()).unwrap().len(), 11);
}

/// Values, and rows of several things.
#[test]
fn values_and_mixed_rows() {
    let (mut session, _) = ten();
    let mut stream = session.stream(select((User::ID, User::NAME)).order_by(User::ID), 7);
    let first: Vec<(i64, String)> = stream.next().unwrap().unwrap();
    assert_eq!((first.len(), first[6].clone()), (7, (7, "user 7".to_owned())));
    drop(stream);
    let rows = select((User::ALL, Address::EMAIL)).join_related(User::ADDRESSES).order_by(User::ID);
    let mut stream = session.stream(rows, 7);
    let part: Vec<(Key<User>, String)> = stream.next().unwrap().unwrap();
    assert_eq!(stream[part[2].0].name, "user 3");
    assert_eq!(part[2].1, "3@x.org");
}

/// What is pending is flushed first, and objects that are here are found.
#[test]
fn objects_that_are_here() {
    let (mut session, _) = session();
    let ed = session.get_one::<User>(1).unwrap();
    session[ed].name = "changed".into();
    let new = session.add(User::build().name("new"));
    let mut stream = session.stream(query(), 2);
    assert_eq!(stream.next().unwrap().unwrap()[0], ed);
    assert_eq!(stream[ed].name, "changed");
    stream.next().unwrap();
    assert_eq!(stream.next().unwrap().unwrap(), [new]);
}

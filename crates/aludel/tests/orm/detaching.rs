//! Letting objects go.

use aludel::prelude::*;

use crate::model::{Address, Order, User, database, session};

#[test]
fn expunge_gives_changes_up_and_deletes_nothing() {
    let (mut session, log) = session();
    let ed = session.get_one::<User>(1).unwrap();
    session[ed].name = "x".into();
    session.expunge(ed);
    log.take();
    session.commit().unwrap();
    assert!(log.take().is_empty());
    let again = session.get_one::<User>(1).unwrap();
    assert_eq!(session[again].name, "ed");
}

/// With cascade = "all" the addresses go along; orders stay.
#[test]
fn expunge_cascades() {
    let (mut session, _) = session();
    let query = User::select().filter(User::ID.eq(1));
    let query = query.options((selectinload(User::ADDRESSES), selectinload(User::ORDERS)));
    let ed = session.fetch_one(query).unwrap();
    let (addresses, orders) = (session.keys(ed, User::ADDRESSES), session.keys(ed, User::ORDERS));
    session.expunge(ed);
    assert!(!addresses.iter().any(|address| session.contains(*address)));
    assert!(orders.iter().all(|order| session.contains(*order)));
    session[orders[0]].status = "kept".into();
    session.commit().unwrap();
    session.refresh(orders[0]).unwrap();
    assert_eq!((session[orders[0]].status.as_str(), session[orders[0]].user_id), ("kept", Some(1)));
}

/// The lists that an object was in are not known any more: without it they would not be whole.
#[test]
fn expunge_of_a_child() {
    let (mut session, log) = session();
    let ed = session.get_one::<User>(1).unwrap();
    session.load(ed, User::ADDRESSES).unwrap();
    let first = session.keys(ed, User::ADDRESSES)[0];
    session.expunge(first);
    // Its row is still there, so without it the list would not be the right one.
    assert!(session[ed].addresses.is_unloaded());
    log.take();
    session.commit().unwrap();
    assert!(log.take().is_empty());
    session.load(ed, User::ADDRESSES).unwrap();
    assert_eq!(session[ed].addresses.len(), 2);
}

#[test]
fn expunge_of_new_objects() {
    let (mut session, log) = session();
    let new = session.add(User::build().name("new"));
    let home = session.add(Address::build().email("x"));
    session.link(new, User::ADDRESSES, home);
    session.expunge(new);
    assert!(!session.contains(new) && !session.contains(home));
    session.commit().unwrap();
    assert!(log.take().is_empty());
}

#[test]
fn detach_gives_the_graph() {
    let (mut session, _) = session();
    let query = User::select().filter(User::ID.eq(1));
    let query = query.options((selectinload(User::ADDRESSES), selectinload(User::ORDERS).selectinload(Order::TAGS)));
    let ed = session.fetch_one(query).unwrap();
    session[ed].name = "changed".into();
    let value = session.detach(ed);
    assert!(!session.contains(ed));
    assert_eq!(value.name, "changed");
    assert_eq!(value.addresses.values()[1].email, "ed@b.org");
    assert_eq!(value.orders.values()[0].tags.len(), 2);
    assert!(value.reports.is_unloaded());
    assert_eq!(session.all::<Address>(), []);
    assert_eq!(session.all::<Order>().len(), 2);
    // And back.
    let ed = session.merge(value).unwrap();
    session.commit().unwrap();
    session.refresh(ed).unwrap();
    assert_eq!(session[ed].name, "changed");
}

#[test]
fn expunge_all() {
    let (mut session, log) = session();
    let users = session.fetch_all(User::select().options(selectinload(User::ADDRESSES))).unwrap();
    session[users[0]].name = "x".into();
    session.delete(users[1]);
    session.add(User::build().name("new"));
    session.expunge_all();
    assert!(session.is_empty() && !session.has_changes());
    log.take();
    session.commit().unwrap();
    assert!(log.take().is_empty());
    assert!(users.iter().all(|user| session.try_get(*user).is_err()));
    assert_eq!(session.fetch_all(User::select()).unwrap().len(), 4);
}

/// What was flushed before it went is still undone in the database.
#[test]
fn rollback_after_expunge() {
    let (mut session, _) = session();
    let ed = session.get_one::<User>(1).unwrap();
    let wendy = session.get_one::<User>(2).unwrap();
    session[ed].name = "x".into();
    session[wendy].name = "y".into();
    let new = session.add(User::build().name("new"));
    session.flush().unwrap();
    session.expunge(ed);
    session.expunge(new);
    // Their slots are used again.
    let others = session.fetch_all(User::select().filter(User::ID.in_([3, 4])).order_by(User::ID)).unwrap();
    session.rollback().unwrap();
    assert_eq!(session[wendy].name, "wendy");
    assert_eq!((session[others[0]].name.as_str(), session[others[1]].name.as_str()), ("mary", "fred"));
    let names: Vec<String> = session.fetch_all(select(User::NAME).order_by(User::ID)).unwrap();
    assert_eq!(names, ["ed", "wendy", "mary", "fred"]);
}

#[test]
fn close_rolls_back_and_the_session_can_be_used_again() {
    let (engine, _) = database();
    let mut session = aludel::blocking::Session::new(&engine);
    let ed = session.get_one::<User>(1).unwrap();
    session[ed].name = "x".into();
    session.flush().unwrap();
    session.close().unwrap();
    assert!(session.is_empty() && !session.in_transaction());
    assert!(session.try_get(ed).is_err());
    let ed = session.get_one::<User>(1).unwrap();
    assert_eq!(session[ed].name, "ed");
}

/// A dropped session rolls back.
#[test]
fn drop_rolls_back() {
    let (engine, _) = database();
    let mut session = aludel::blocking::Session::new(&engine);
    session.add(User::build().name("new"));
    session.flush().unwrap();
    drop(session);
    let names: Vec<String> = engine.fetch_all(select(User::NAME).order_by(User::ID)).unwrap();
    assert_eq!(names, ["ed", "wendy", "mary", "fred"]);
}

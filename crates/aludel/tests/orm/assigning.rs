//! Assigning whole structs and whole lists, and pushing new values.

use aludel::blocking::Session;
use aludel::prelude::*;

use crate::model::{Address, Order, Tag, User, session};

fn load_all(session: &mut Session) -> Key<User> {
    let query = User::select().filter(User::ID.eq(1));
    let orders = selectinload(User::ORDERS).selectinload(Order::TAGS);
    session.fetch_one(query.options((selectinload(User::ADDRESSES), orders))).unwrap()
}

fn emails(session: &Session, user: Key<User>) -> Vec<&str> {
    session.view(user).many(User::ADDRESSES).map(|address| address.get().email.as_str()).collect()
}

fn stored(session: &mut Session) -> Vec<(i64, String)> {
    session.fetch_all(select((Address::ID, Address::EMAIL)).order_by(Address::ID)).unwrap()
}

/// A struct that knows nothing of relationships leaves them as they are.
#[test]
fn a_struct_without_relationships() {
    let (mut session, log) = session();
    let ed = load_all(&mut session);
    log.take();
    session[ed] = User {
        id: 1,
        name: "ed".into(),
        fullname: Some("Edward".into()),
        manager_id: None,
        addresses: Many::unloaded(),
        orders: Many::unloaded(),
        manager: One::unloaded(),
        reports: Many::unloaded(),
    };
    session.flush().unwrap();
    assert_eq!(log.sql(), ["UPDATE users SET fullname = ? WHERE users.id = ?"]);
    assert_eq!(emails(&session, ed), ["ed@a.org", "ed@b.org"]);
    assert_eq!(session[ed].orders.len(), 2);
}

/// A copy of the object itself, keys and all.
#[test]
fn a_clone() {
    let (mut session, log) = session();
    let ed = load_all(&mut session);
    log.take();
    let copy = session[ed].clone();
    session[ed] = copy;
    session.commit().unwrap();
    assert!(log.take().is_empty());
    assert_eq!(emails(&session, ed), ["ed@a.org", "ed@b.org"]);
}

/// A copy of the graph: those of it that are here are recognized by their keys.
#[test]
fn an_owned_copy() {
    let (mut session, log) = session();
    let ed = load_all(&mut session);
    let (addresses, orders) = (session.keys(ed, User::ADDRESSES), session.keys(ed, User::ORDERS));
    let mut copy = session.owned(ed);
    copy.fullname = None;
    let mut emails_of_copy = copy.addresses.take();
    emails_of_copy[0].email = "changed@a.org".into();
    copy.addresses = emails_of_copy.into();
    log.take();
    session[ed] = copy;
    session.flush().unwrap();
    let kinds: Vec<String> = log.sql();
    assert_eq!(
        kinds,
        ["UPDATE users SET fullname = ? WHERE users.id = ?", "UPDATE addresses SET email = ? WHERE addresses.id = ?"]
    );
    assert_eq!(session.keys(ed, User::ADDRESSES), addresses);
    assert_eq!(session.keys(ed, User::ORDERS), orders);
    assert_eq!(session.keys(orders[0], Order::TAGS).len(), 2);
    session.rollback().unwrap();
    assert_eq!(emails(&session, ed), ["ed@a.org", "ed@b.org"]);
}

#[test]
fn pushing() {
    let (mut session, log) = session();
    let ed = load_all(&mut session);
    log.take();
    session[ed].addresses.push(Address::build().email("one@x.org"));
    session[ed].addresses.push(Address { id: 0, email: "two@x.org".into(), user_id: 0, user: One::unloaded() });
    assert_eq!(session[ed].addresses.len(), 4);
    session.flush().unwrap();
    // Both give the same columns: the number is the database's, and the foreign key is that of whoever they were pushed to.
    assert_eq!(log.sql(), ["INSERT INTO addresses (email, user_id) VALUES (?, ?)"]);
    assert_eq!(emails(&session, ed), ["ed@a.org", "ed@b.org", "one@x.org", "two@x.org"]);
    let last = session.keys(ed, User::ADDRESSES)[3];
    assert_eq!((session[last].id, session[last].user_id), (5, 1));
    assert_eq!(session.one(last, Address::USER), Some(ed));
}

/// What is pushed need not know what is there.
#[test]
fn pushing_to_what_was_not_loaded() {
    let (mut session, log) = session();
    let ed = session.get_one::<User>(1).unwrap();
    session[ed].addresses.push(Address::build().email("new@x.org"));
    log.take();
    session.flush().unwrap();
    assert_eq!(log.sql(), ["INSERT INTO addresses (email, user_id) VALUES (?, ?)"]);
    assert!(session[ed].addresses.is_unloaded());
    session.load(ed, User::ADDRESSES).unwrap();
    assert_eq!(emails(&session, ed), ["ed@a.org", "ed@b.org", "new@x.org"]);
}

/// Several levels, in one expression.
#[test]
fn pushing_a_graph() {
    let (mut session, _) = session();
    let ed = load_all(&mut session);
    let order = Order::build().status("new").tags([Tag::build().label("a"), Tag::build().label("b")]);
    session[ed].orders.push(order);
    session.commit().unwrap();
    session.expunge_all();
    let ed = load_all(&mut session);
    let labels: Vec<String> = session
        .view(ed)
        .many(User::ORDERS)
        .flat_map(|order| order.many(Order::TAGS))
        .map(|tag| tag.label.clone())
        .collect();
    assert_eq!(labels, ["new", "hot", "hot", "a", "b"]);
}

/// A whole new list: those that were there are orphans.
#[test]
fn a_whole_list() {
    let (mut session, log) = session();
    let ed = load_all(&mut session);
    let old = session.keys(ed, User::ADDRESSES);
    log.take();
    session[ed].addresses =
        vec![Address { id: 0, email: "only@x.org".into(), user_id: 1, user: One::unloaded() }].into();
    session.flush().unwrap();
    assert_eq!(log.sql().len(), 2);
    assert_eq!(emails(&session, ed), ["only@x.org"]);
    assert_eq!(stored(&mut session), [(3, "wendy@a.org".into()), (4, "only@x.org".into())]);
    session.rollback().unwrap();
    assert_eq!(session.keys(ed, User::ADDRESSES), old);
    assert_eq!(stored(&mut session).len(), 3);
}

/// The old list was not loaded: it is, so that those who are out can be taken out.
#[test]
fn a_whole_list_over_what_was_not_loaded() {
    let (mut session, _) = session();
    let ed = session.get_one::<User>(1).unwrap();
    session[ed].addresses =
        vec![Address { id: 0, email: "only@x.org".into(), user_id: 1, user: One::unloaded() }].into();
    session.commit().unwrap();
    assert_eq!(stored(&mut session), [(3, "wendy@a.org".into()), (4, "only@x.org".into())]);
    session[ed].orders = Many::from(Vec::new());
    session.commit().unwrap();
    let orders: Vec<(i64, Option<i64>)> =
        session.fetch_all(select((Order::ID, Order::USER_ID)).order_by(Order::ID)).unwrap();
    assert_eq!(orders, [(1, None), (2, None), (3, Some(2))]);
}

#[test]
fn a_whole_list_of_many_to_many() {
    let (mut session, _) = session();
    let order = session.get_one::<Order>(1).unwrap();
    session.load(order, Order::TAGS).unwrap();
    let [new, hot] = session.keys(order, Order::TAGS)[..] else { panic!() };
    let kept = session.owned(hot);
    session[order].tags = vec![kept, Tag { id: 0, label: "fresh".into() }].into();
    session.commit().unwrap();
    assert!(session.contains(new));
    session.load(order, Order::TAGS).unwrap();
    let labels: Vec<&str> = session.view(order).many(Order::TAGS).map(|tag| tag.get().label.as_str()).collect();
    assert_eq!(labels, ["hot", "fresh"]);
    assert_eq!(session.keys(order, Order::TAGS)[0], hot);
    let tags: i64 = session.fetch_one(select(func::count_all()).from(Tag::TABLE)).unwrap();
    assert_eq!(tags, 4);
}

/// A value in a relationship to one; and nobody.
#[test]
fn a_value_to_one() {
    let (mut session, _) = session();
    let fred = session.get_one::<User>(4).unwrap();
    session[fred].manager.set(User::build().name("boss"));
    session.flush().unwrap();
    let boss = session.one(fred, User::MANAGER).unwrap();
    assert_eq!((session[boss].name.as_str(), session[fred].manager_id), ("boss", Some(session[boss].id)));
    session[fred].manager = One::nobody();
    session.flush().unwrap();
    assert_eq!((session[fred].manager_id, session.one(fred, User::MANAGER)), (None, None));
    session.rollback().unwrap();
    assert_eq!(session[fred].manager_id, Some(2));
    let wendy = session.get_one::<User>(2).unwrap();
    assert_eq!(session.one(fred, User::MANAGER), Some(wendy));
}

/// The foreign key, set by hand: lists follow at the flush.
#[test]
fn a_foreign_key() {
    let (mut session, _) = session();
    let users = session.fetch_all(User::select().order_by(User::ID).options(selectinload(User::ADDRESSES))).unwrap();
    let (ed, wendy) = (users[0], users[1]);
    let first = session.keys(ed, User::ADDRESSES)[0];
    session[first].user_id = 2;
    session.flush().unwrap();
    assert_eq!(emails(&session, ed), ["ed@b.org"]);
    assert_eq!(emails(&session, wendy), ["wendy@a.org", "ed@a.org"]);
    assert_eq!(session.one(first, Address::USER), Some(wendy));
    let new = session.add(Address::build().email("new@x.org").user_id(1));
    session.flush().unwrap();
    assert_eq!(emails(&session, ed), ["ed@b.org", "new@x.org"]);
    assert_eq!(session.one(new, Address::USER), Some(ed));
    session.rollback().unwrap();
    assert_eq!(emails(&session, ed), ["ed@a.org", "ed@b.org"]);
}

/// A failed flush leaves pushed values where they can be put right.
#[test]
fn a_list_whose_flush_failed() {
    let (engine, _) = crate::model::database();
    engine.execute(text("CREATE UNIQUE INDEX emails ON addresses (email)")).unwrap();
    let mut session = Session::new(&engine);
    let ed = load_all(&mut session);
    session[ed].addresses.push(Address::build().email("wendy@a.org"));
    assert!(session.flush().unwrap_err().is_unique_violation());
    let [new] = session.pending::<Address>()[..] else { panic!() };
    assert_eq!(session.keys(ed, User::ADDRESSES).last(), Some(&new));
    session[new].email = "ed@c.org".into();
    session.commit().unwrap();
    session.load(ed, User::ADDRESSES).unwrap();
    assert_eq!(emails(&session, ed), ["ed@a.org", "ed@b.org", "ed@c.org"]);
}

//! Objects from elsewhere.

use aludel::prelude::*;

use crate::backend::on;
use crate::model::{Address, Doc, Order, Tag, User, session};

fn user(id: i64, name: &str) -> User {
    User {
        id,
        name: name.into(),
        fullname: None,
        manager_id: None,
        addresses: Many::unloaded(),
        orders: Many::unloaded(),
        manager: One::unloaded(),
        reports: Many::unloaded(),
    }
}

fn address(id: i64, email: &str, user_id: i64) -> Address {
    Address { id, email: email.into(), user_id, user: One::unloaded() }
}

#[test]
fn new_by_key_and_new_without() {
    let (mut session, log) = session();
    let fifty = session.merge(user(50, "fifty")).unwrap();
    let next = session.merge(user(0, "next")).unwrap();
    assert_eq!(log.sql().len(), 1);
    assert_eq!(session.pending::<User>(), [fifty, next]);
    session.commit().unwrap();
    assert_eq!((session[fifty].id, session[next].id), (50, on(51, 5, 51)));
    // Once more: now it is there.
    assert_eq!(session.merge(user(50, "fifty")).unwrap(), fifty);
    assert!(!session.is_modified(fifty));
}

#[test]
fn onto_a_row_that_is_not_here() {
    let (mut session, log) = session();
    let ed = session.merge(User { fullname: Some("Ed Jones".into()), ..user(1, "eddy") }).unwrap();
    assert_eq!(log.sql().len(), 1);
    assert_eq!(session[ed].name, "eddy");
    session.commit().unwrap();
    // Only what differs.
    assert_eq!(log.sql(), ["UPDATE users SET name = ? WHERE users.id = ?"]);
}

#[test]
fn onto_an_object_that_is_here() {
    let (mut session, log) = session();
    let ed = session.get_one::<User>(1).unwrap();
    session.load(ed, User::ADDRESSES).unwrap();
    log.take();
    let merged = session.merge(User { fullname: Some("Ed Jones".into()), ..user(1, "eddy") }).unwrap();
    assert_eq!(merged, ed);
    assert!(log.take().is_empty());
    // What was not loaded there stays loaded here.
    assert_eq!(session[ed].addresses.len(), 2);
    session.rollback().unwrap();
    assert_eq!(session[ed].name, "ed");
}

#[test]
fn of_a_pending_object_and_of_a_changed_one() {
    let (mut session, log) = session();
    let ed = session.get_one::<User>(1).unwrap();
    session[ed].fullname = Some("changed".into());
    session.merge(user(1, "eddy")).unwrap();
    assert_eq!((session[ed].name.as_str(), session[ed].fullname.as_deref()), ("eddy", None));
    log.take();
    session.flush().unwrap();
    assert_eq!(log.sql(), ["UPDATE users SET name = ?, fullname = ? WHERE users.id = ?"]);
}

/// A graph: whoever is there is merged by key, whoever is new is added, whoever is out of the list is taken out.
#[test]
fn a_graph() {
    let (mut session, log) = session();
    let graph = User {
        fullname: Some("Ed Jones".into()),
        addresses: vec![address(2, "second@b.org", 1), address(0, "new@x.org", 0)].into(),
        ..user(1, "ed")
    };
    let ed = session.merge(graph).unwrap();
    session.flush().unwrap();
    let shown: Vec<(i64, String, i64)> = session
        .view(ed)
        .many(User::ADDRESSES)
        .map(|address| (address.id, address.email.clone(), address.user_id))
        .collect();
    assert_eq!(shown, [(2, "second@b.org".into(), 1), (4, "new@x.org".into(), 1)]);
    let kinds: Vec<String> = log.sql().iter().map(|sql| sql.split(' ').next().unwrap().to_owned()).collect();
    assert_eq!(kinds, ["SELECT", "SELECT", "UPDATE", "INSERT", "DELETE"]);
    session.commit().unwrap();
    let rows: Vec<(i64, String)> =
        session.fetch_all(select((Address::ID, Address::EMAIL)).order_by(Address::ID)).unwrap();
    assert_eq!(rows, [(2, "second@b.org".into()), (3, "wendy@a.org".into()), (4, "new@x.org".into())]);
}

/// What one session has given out comes into another.
#[test]
fn from_another_session() {
    let (engine, log) = crate::model::database();
    let mut one = aludel::blocking::Session::new(&engine);
    let order = one
        .fetch_one(
            Order::select().filter(Order::ID.eq(1)).options((selectinload(Order::TAGS), joinedload(Order::USER))),
        )
        .unwrap();
    let mut copy = one.owned(order);
    one.close().unwrap();
    copy.status = "done".into();
    log.take();
    let mut other = aludel::blocking::Session::new(&engine);
    let order = other.merge(copy).unwrap();
    other.flush().unwrap();
    assert_eq!(log.sql().last().unwrap(), "UPDATE orders SET status = ? WHERE orders.id = ?");
    let view = other.view(order);
    assert_eq!(view.many(Order::TAGS).map(|tag| tag.label.clone()).collect::<Vec<_>>(), ["new", "hot"]);
    assert_eq!(view.one(Order::USER).unwrap().name, "ed");
    assert_eq!((other.all::<Tag>().len(), other.all::<User>().len()), (2, 1));
}

/// To-one: somebody who is there, somebody new, nobody.
#[test]
fn a_graph_to_one() {
    let (mut session, _) = session();
    let fred = session.merge(User { manager: One::from(user(3, "mary")), ..user(4, "fred") }).unwrap();
    session.flush().unwrap();
    assert_eq!(session[fred].manager_id, Some(3));
    session.merge(User { manager: One::from(user(0, "boss")), ..user(4, "fred") }).unwrap();
    session.flush().unwrap();
    assert_eq!(session[fred].manager_id, Some(5));
    session.merge(User { manager_id: Some(5), manager: One::nobody(), ..user(4, "fred") }).unwrap();
    session.flush().unwrap();
    assert_eq!(session[fred].manager_id, None);
}

/// A graph that comes back to where it began.
#[test]
fn a_graph_with_a_circle() {
    let (mut session, _) = session();
    let query = User::select().filter(User::ID.eq(1));
    let ed = session.fetch_one(query.options(selectinload(User::ADDRESSES).selectinload(Address::USER))).unwrap();
    let mut copy = session.owned(ed);
    copy.name = "x".into();
    session.expunge_all();
    let ed = session.merge(copy).unwrap();
    session.commit().unwrap();
    assert_eq!(session.all::<User>(), [ed]);
    assert_eq!(session.all::<Address>().len(), 2);
    assert_eq!(session[ed].addresses.len(), 2);
}

/// A copy with an old version is an update that nobody may have come before.
#[test]
fn an_old_version() {
    let (mut session, _) = session();
    let doc = session.get_one::<Doc>(1).unwrap();
    let old = session.owned(doc);
    session[doc].body = "two".into();
    session.commit().unwrap();
    let error = session.merge(Doc { body: "three".into(), ..old }).and_then(|_| session.flush()).unwrap_err();
    assert!(error.is_stale_data(), "{error}");
    session.rollback().unwrap();
    session.refresh(doc).unwrap();
    assert_eq!((session[doc].body.as_str(), session[doc].version), ("two", 2));
}

/// The row was deleted here, and comes back.
#[test]
fn of_a_deleted_object() {
    let (mut session, _) = session();
    let fred = session.get_one::<User>(4).unwrap();
    session.delete(fred);
    session.flush().unwrap();
    let again = session.merge(user(4, "fred again")).unwrap();
    assert_ne!(again, fred);
    session.commit().unwrap();
    let names: Vec<String> = session.fetch_all(select(User::NAME).filter(User::ID.eq(4))).unwrap();
    assert_eq!(names, ["fred again"]);
}

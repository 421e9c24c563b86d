//! UPDATE, DELETE, INSERT and text of the program's own, and the objects that are here.

use aludel::prelude::*;

use crate::backend::{Backend, backend};
use crate::model::{Address, Order, Tag, User, session};

#[test]
fn update_reaches_objects() {
    let (mut session, log) = session();
    let users = session.fetch_all(User::select().order_by(User::ID).limit(3)).unwrap();
    log.take();
    let update = User::update().set(User::FULLNAME, User::NAME.concat("!")).filter(User::ID.gt(1));
    assert_eq!(session.execute(update).unwrap(), 3);
    // Without UPDATE … RETURNING the rows are selected before and after.
    assert_eq!(log.sql().len(), crate::backend::on(1, 1, 3));
    let fullnames: Vec<Option<&str>> = users.iter().map(|user| session[*user].fullname.as_deref()).collect();
    assert_eq!(fullnames, [Some("Ed Jones"), Some("wendy!"), Some("mary!")]);
    assert!(!session.has_changes());
    session[users[1]].fullname = None;
    session.commit().unwrap();
    let fullname: Option<String> = session.fetch_one(select(User::FULLNAME).filter(User::ID.eq(2))).unwrap();
    assert_eq!(fullname, None);
}

/// Nobody is here: an ordinary UPDATE.
#[test]
fn update_without_objects() {
    let (mut session, log) = session();
    let update = || User::update().set(User::FULLNAME, "x").filter(User::ID.eq(1));
    assert_eq!(session.execute(update()).unwrap(), 1);
    assert_eq!(log.sql(), ["UPDATE users SET fullname = ? WHERE users.id = ?"]);
}

/// A foreign key that is changed so moves the object from list to list.
#[test]
fn update_of_a_foreign_key() {
    let (mut session, _) = session();
    let users = session.fetch_all(User::select().order_by(User::ID).options(selectinload(User::ADDRESSES))).unwrap();
    let moved = session.keys(users[0], User::ADDRESSES)[0];
    session.execute(Address::update().set(Address::USER_ID, 2).filter(Address::ID.eq(1))).unwrap();
    assert_eq!(session[moved].user_id, 2);
    assert_eq!(session[users[0]].addresses.len(), 1);
    assert_eq!(session.keys(users[1], User::ADDRESSES)[1], moved);
    session.rollback().unwrap();
    assert_eq!(session[moved].user_id, 1);
    assert_eq!(session.keys(users[0], User::ADDRESSES)[0], moved);
}

/// What is pending is flushed first; without a flush the program's own changes stay.
#[test]
fn update_of_changed_objects() {
    let (mut session, _) = session();
    let ed = session.get_one::<User>(1).unwrap();
    session[ed].name = "pending".into();
    let update = || User::update().set(User::FULLNAME, "sync").filter(User::NAME.eq("pending"));
    assert_eq!(session.execute(update()).unwrap(), 1);
    session[ed].name = "mine".into();
    session.no_autoflush().execute(update()).unwrap();
    assert_eq!(session[ed].name, "mine");
    session.commit().unwrap();
    session.refresh(ed).unwrap();
    assert_eq!((session[ed].name.as_str(), session[ed].fullname.as_deref()), ("mine", Some("sync")));
}

#[test]
fn delete_reaches_objects() {
    let (mut session, log) = session();
    let users = session.fetch_all(User::select().order_by(User::ID).options(selectinload(User::ADDRESSES))).unwrap();
    let addresses = session.keys(users[0], User::ADDRESSES);
    log.take();
    assert_eq!(session.execute(Address::delete().filter(Address::EMAIL.ends_with("@a.org"))).unwrap(), 2);
    assert_eq!(log.sql().len(), 1);
    assert_eq!(session.keys(users[0], User::ADDRESSES), [addresses[1]]);
    assert!(session[users[1]].addresses.is_empty());
    assert_eq!(session.get::<Address>(1).unwrap(), None);
    // It can be read until the commit.
    assert_eq!(session[addresses[0]].email, "ed@a.org");
    session.commit().unwrap();
    assert!(!session.contains(addresses[0]) && session.contains(addresses[1]));
}

#[test]
fn insert_and_text() {
    let (mut session, _) = session();
    let tags = session.fetch_all(Tag::select()).unwrap();
    assert_eq!(session.execute(Tag::insert().row(Tag::build().label("more"))).unwrap(), 1);
    assert_eq!(session.fetch_all(Tag::select()).unwrap().len(), 4);
    let changed = session.execute(text("UPDATE tags SET label = label || '!' WHERE id < :n").bind("n", 3)).unwrap();
    assert_eq!(changed, 2);
    // Text is not looked into.
    assert_eq!(session[tags[0]].label, "new");
    session.expire_all();
    session.fetch_all(Tag::select()).unwrap();
    assert_eq!(session[tags[0]].label, "new!");
}

/// RETURNING through a query: what comes back is loaded.
#[test]
fn returning_objects() {
    let (mut session, log) = session();
    let new = session.fetch_one(Tag::insert().row(Tag::build().label("more")).returning(Tag::ALL)).unwrap();
    assert_eq!((session[new].id, session[new].label.as_str()), (4, "more"));
    let update = Order::update().set(Order::STATUS, "shut").filter(Order::STATUS.eq("open"));
    let orders = session.fetch_all(update.returning(Order::ALL));
    if backend() == Backend::MariaDb {
        let error = orders.unwrap_err().to_string();
        assert!(error.contains("can't render UPDATE … RETURNING; select the rows"), "{error}");
        return;
    }
    let orders: Vec<Key<Order>> = orders.unwrap();
    assert_eq!(orders.len(), 2);
    assert!(orders.iter().all(|order| session[*order].status == "shut"));
    assert_eq!(session.get::<Order>(session[orders[0]].id).unwrap(), Some(orders[0]));
    assert_eq!(log.sql().len(), 2);
}

/// An upsert.
#[test]
fn upsert() {
    let (mut session, _) = session();
    let hot = session.get_one::<Tag>(2).unwrap();
    let upsert = Tag::insert()
        .row(Tag::build().id(2).label("warm"))
        .on_conflict(Tag::ID)
        .do_update([Tag::LABEL.set(aludel::language::excluded(Tag::LABEL))]);
    let found = session.fetch_one(upsert.returning(Tag::ALL)).unwrap();
    assert_eq!(found, hot);
    session.refresh(hot).unwrap();
    assert_eq!(session[hot].label, "warm");
}

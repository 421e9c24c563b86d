//! A rollback returns the objects to their state at the last commit, as it does the rows.

use aludel::blocking::Session;
use aludel::prelude::*;

use crate::backend::{Backend, backend, on};
use crate::model::{Address, Doc, Line, Order, Tag, User, database, session};

fn emails(session: &Session, user: Key<User>) -> Vec<&str> {
    session.view(user).many(User::ADDRESSES).map(|address| address.get().email.as_str()).collect()
}

#[test]
fn of_columns() {
    let (mut session, log) = session();
    let ed = session.get_one::<User>(1).unwrap();
    session[ed].name = "x".into();
    session.rollback().unwrap();
    assert_eq!(session[ed].name, "ed");
    assert!(!session.has_changes());
    session[ed].name = "y".into();
    session.flush().unwrap();
    session[ed].name = "z".into();
    session[ed].fullname = None;
    session.flush().unwrap();
    session[ed].name = "not flushed".into();
    session.rollback().unwrap();
    assert_eq!((session[ed].name.as_str(), session[ed].fullname.as_deref()), ("ed", Some("Ed Jones")));
    assert!(!session.has_changes() && session.is_stale(ed));
    log.take();
    session.commit().unwrap();
    assert!(log.take().is_empty());
}

/// What was committed is not undone.
#[test]
fn up_to_the_last_commit() {
    let (mut session, _) = session();
    let ed = session.get_one::<User>(1).unwrap();
    session[ed].name = "kept".into();
    session.commit().unwrap();
    session[ed].name = "lost".into();
    session.flush().unwrap();
    session.rollback().unwrap();
    assert_eq!(session[ed].name, "kept");
    session.refresh(ed).unwrap();
    assert_eq!(session[ed].name, "kept");
}

#[test]
fn of_new_objects() {
    let (mut session, _) = session();
    let pending = session.add(User::build().name("p"));
    let flushed = session.add(User::build().name("f").addresses([Address::build().email("f@x.org")]));
    session.flush().unwrap();
    let address = session.keys(flushed, User::ADDRESSES)[0];
    let late = session.add(User::build().name("l"));
    session.rollback().unwrap();
    assert!(![pending, flushed, late].iter().any(|key| session.contains(*key)));
    assert!(!session.contains(address));
    assert!(session.is_empty());
    assert_eq!(session.fetch_all(User::select()).unwrap().len(), 4);
    // Their numbers are free again on SQLite.
    let next = session.add(User::build().name("n"));
    session.commit().unwrap();
    assert_eq!(session[next].id, on(5, 7, 8));
}

#[test]
fn of_collections() {
    let (mut session, _) = session();
    let query = User::select().order_by(User::ID).options((selectinload(User::ADDRESSES), selectinload(User::ORDERS)));
    let users = session.fetch_all(query).unwrap();
    let (ed, wendy) = (users[0], users[1]);
    let moved = session.keys(ed, User::ADDRESSES)[0];
    session.link(wendy, User::ADDRESSES, moved);
    let home = session.add(Address::build().email("home@x.org"));
    session.link(ed, User::ADDRESSES, home);
    let order = session.keys(ed, User::ORDERS)[1];
    session.unlink(ed, User::ORDERS, order);
    assert_eq!(emails(&session, ed), ["ed@b.org", "home@x.org"]);
    assert_eq!(emails(&session, wendy), ["wendy@a.org", "ed@a.org"]);
    session.flush().unwrap();
    assert_eq!((session[moved].user_id, session[home].user_id, session[order].user_id), (2, 1, None));
    session.rollback().unwrap();
    assert_eq!(emails(&session, ed), ["ed@a.org", "ed@b.org"]);
    assert_eq!(emails(&session, wendy), ["wendy@a.org"]);
    assert_eq!(session[ed].orders.len(), 2);
    assert_eq!((session[moved].user_id, session[order].user_id), (1, Some(1)));
    assert_eq!(session.one(moved, Address::USER), Some(ed));
    assert_eq!(session.one(order, Order::USER), Some(ed));
    assert!(!session.contains(home));
}

/// The same without a flush between.
#[test]
fn of_collections_that_were_not_flushed() {
    let (mut session, log) = session();
    let users = session.fetch_all(User::select().order_by(User::ID).options(selectinload(User::ADDRESSES))).unwrap();
    let (ed, wendy) = (users[0], users[1]);
    let moved = session.keys(ed, User::ADDRESSES)[0];
    session.link(wendy, User::ADDRESSES, moved);
    session[ed].addresses.push(Address::build().email("pushed@x.org"));
    assert_eq!(session[ed].addresses.len(), 2);
    session.rollback().unwrap();
    assert_eq!(emails(&session, ed), ["ed@a.org", "ed@b.org"]);
    assert_eq!(emails(&session, wendy), ["wendy@a.org"]);
    log.take();
    session.commit().unwrap();
    assert!(log.take().is_empty());
}

#[test]
fn of_many_to_many() {
    let (mut session, _) = session();
    let orders = session.fetch_all(Order::select().order_by(Order::ID).options(selectinload(Order::TAGS))).unwrap();
    let tags = session.fetch_all(Tag::select().order_by(Tag::ID)).unwrap();
    session.unlink(orders[0], Order::TAGS, tags[0]);
    session.link(orders[0], Order::TAGS, tags[2]);
    session.link(orders[2], Order::TAGS, tags[2]);
    session.flush().unwrap();
    assert_eq!(session.keys(orders[0], Order::TAGS), [tags[1], tags[2]]);
    session.link(orders[1], Order::TAGS, tags[0]);
    session.rollback().unwrap();
    assert_eq!(session.keys(orders[0], Order::TAGS), [tags[0], tags[1]]);
    assert_eq!(session.keys(orders[1], Order::TAGS), [tags[1]]);
    assert_eq!(session.keys(orders[2], Order::TAGS), []);
    session.load(&orders, Order::TAGS).unwrap();
    assert_eq!(session.keys(orders[0], Order::TAGS), [tags[0], tags[1]]);
}

#[test]
fn of_deleted_objects() {
    let (mut session, _) = session();
    let query = User::select().order_by(User::ID).options(selectinload(User::ADDRESSES));
    let users = session.fetch_all(query).unwrap();
    let (ed, wendy) = (users[0], users[1]);
    let [first, second] = session.keys(ed, User::ADDRESSES)[..] else { panic!() };
    session.delete(first);
    session.delete(wendy);
    assert_eq!(emails(&session, ed), ["ed@b.org"]);
    session.flush().unwrap();
    assert!(session.get::<User>(2).unwrap().is_none());
    assert!(session.get::<Address>(1).unwrap().is_none());
    session.rollback().unwrap();
    assert_eq!(emails(&session, ed), ["ed@a.org", "ed@b.org"]);
    assert_eq!(session.keys(ed, User::ADDRESSES), [first, second]);
    assert_eq!(session.get::<User>(2).unwrap(), Some(wendy));
    assert_eq!(session.get::<Address>(1).unwrap(), Some(first));
    let fred = session.get_one::<User>(4).unwrap();
    assert_eq!(session[fred].manager_id, Some(2));
    // It can be deleted again.
    session.delete(first);
    session.commit().unwrap();
    assert!(!session.contains(first));
}

/// Deleted and not flushed.
#[test]
fn of_objects_that_were_to_be_deleted() {
    let (mut session, log) = session();
    let ed = session.get_one::<User>(1).unwrap();
    session.delete(ed);
    assert!(session.get::<User>(1).unwrap().is_none());
    session.rollback().unwrap();
    assert_eq!(session.get::<User>(1).unwrap(), Some(ed));
    log.take();
    session.commit().unwrap();
    assert!(log.take().is_empty());
}

#[test]
fn of_what_was_changed_and_then_deleted() {
    let (mut session, _) = session();
    let doc = session.get_one::<Doc>(1).unwrap();
    session[doc].body = "changed".into();
    session.delete(doc);
    session.flush().unwrap();
    session.rollback().unwrap();
    assert_eq!(session[doc].body, "one");
    session[doc].body = "flushed".into();
    session.flush().unwrap();
    session[doc].body = "changed".into();
    session.delete(doc);
    session.rollback().unwrap();
    assert_eq!((session[doc].body.as_str(), session[doc].version), ("one", 1));
    assert_eq!(session.get::<Doc>(1).unwrap(), Some(doc));
    assert_eq!((session[doc].body.as_str(), session[doc].version), ("one", 1));
}

#[test]
fn of_primary_keys() {
    let (mut session, _) = session();
    let line = session.get_one::<Line>((1, 1)).unwrap();
    session[line].no = 7;
    session.flush().unwrap();
    assert_eq!(session.get::<Line>((1, 7)).unwrap(), Some(line));
    assert!(session.get::<Line>((1, 1)).unwrap().is_none());
    session.rollback().unwrap();
    assert_eq!(session.get::<Line>((1, 1)).unwrap(), Some(line));
    assert_eq!(session[line].no, 1);
    assert!(session.get::<Line>((1, 7)).unwrap().is_none());
}

/// A row's number goes to another object, and back.
#[test]
fn of_a_number_that_was_used_again() {
    let (mut session, _) = session();
    let fred = session.get_one::<User>(4).unwrap();
    session.delete(fred);
    session.flush().unwrap();
    let other = session.add(User::build().id(4).name("other"));
    session.flush().unwrap();
    assert_eq!(session[other].id, 4);
    assert_eq!(session.get::<User>(4).unwrap(), Some(other));
    assert_eq!(session[fred].name, "fred");
    session.rollback().unwrap();
    assert_eq!(session.get::<User>(4).unwrap(), Some(fred));
    assert!(!session.contains(other));
}

/// What a statement has changed of objects.
#[test]
fn of_statements() {
    let (mut session, _) = session();
    let ed = session.get_one::<User>(1).unwrap();
    let fred = session.get_one::<User>(4).unwrap();
    session.execute(User::update().set(User::FULLNAME, "sync").filter(User::ID.eq(1))).unwrap();
    session.execute(User::delete().filter(User::ID.eq(4))).unwrap();
    assert_eq!(session[ed].fullname.as_deref(), Some("sync"));
    assert!(session.get::<User>(4).unwrap().is_none());
    session.rollback().unwrap();
    assert_eq!(session[ed].fullname.as_deref(), Some("Ed Jones"));
    assert_eq!(session.get::<User>(4).unwrap(), Some(fred));
}

/// A flush that fails is undone alone: what was flushed before it stays, and so does what was not.
#[test]
fn of_a_flush_that_failed() {
    for is_read_first in [false, true] {
        let (engine, _) = database();
        engine.execute(text("CREATE UNIQUE INDEX names ON users (name)")).unwrap();
        let mut session = Session::new(&engine);
        if is_read_first {
            session.get::<User>(1).unwrap();
        }
        let before = session.add(User::build().name("before"));
        session.flush().unwrap();
        let bad = session.add(User::build().name("ed"));
        let error = session.flush().unwrap_err();
        assert!(error.is_unique_violation(), "{error}");
        assert_eq!((session[before].id, session[bad].id), (5, 0));
        assert_eq!(session.pending::<User>(), [bad]);
        session[bad].name = "better".into();
        session.commit().unwrap();
        assert_eq!(session[bad].id, on(6, 7, 7));
        let names: Vec<String> = engine.fetch_all(select(User::NAME).order_by(User::ID)).unwrap();
        assert_eq!(names, ["ed", "wendy", "mary", "fred", "before", "better"]);
    }
}

/// One statement for several rows, of which the second is refused.
#[test]
fn of_a_flush_that_failed_half_way() {
    for is_used in [false, true] {
        let (engine, _) = database();
        engine.execute(text("CREATE UNIQUE INDEX names ON users (name)")).unwrap();
        let mut session = Session::new(&engine);
        if is_used {
            let ed = session.get_one::<User>(1).unwrap();
            session[ed].fullname = Some("Edward".into());
            session.flush().unwrap();
        }
        let keys = session.add_all(["a", "ed", "c"].map(|name| User::build().name(name)));
        assert!(session.flush().unwrap_err().is_unique_violation());
        assert_eq!(session.pending::<User>(), keys);
        assert!(keys.iter().all(|key| session[*key].id == 0));
        session.delete(keys[1]);
        session.commit().unwrap();
        let rows: Vec<(i64, String, Option<String>)> = engine
            .fetch_all(select((User::ID, User::NAME, User::FULLNAME)).filter(User::ID.ne(2)).order_by(User::ID))
            .unwrap();
        let names: Vec<(i64, &str)> = rows.iter().map(|(id, name, _)| (*id, name.as_str())).collect();
        let (a, c) = on((5, 6), (7, 8), (8, 9));
        assert_eq!(names, [(1, "ed"), (3, "mary"), (4, "fred"), (a, "a"), (c, "c")]);
        assert_eq!(rows[0].2.as_deref(), Some(if is_used { "Edward" } else { "Ed Jones" }));
    }
}

/// The database refuses to commit: everything is as before, in the session too.
#[test]
fn of_a_commit_that_failed() {
    if backend() == Backend::MariaDb {
        // It checks foreign keys at once and never refuses to commit.
        return;
    }
    let (engine, _) = crate::model::empty();
    engine.execute(text("DROP TABLE order_tag")).unwrap();
    let table =
        "CREATE TABLE order_tag (order_id INTEGER REFERENCES orders DEFERRABLE INITIALLY DEFERRED, tag_id INTEGER)";
    engine.execute(text(table)).unwrap();
    let mut session = Session::new(&engine);
    let ed = session.add(User::build().name("ed"));
    session.commit().unwrap();
    session[ed].name = "x".into();
    let new = session.add(User::build().name("new"));
    session.flush().unwrap();
    session.execute(text("INSERT INTO order_tag VALUES (9, 9)")).unwrap();
    let error = session.commit().unwrap_err();
    assert!(error.is_foreign_key_violation(), "{error}");
    assert_eq!(session[ed].name, "ed");
    assert!(!session.contains(new));
    session[ed].name = "y".into();
    session.commit().unwrap();
    let names: Vec<String> = engine.fetch_all(select(User::NAME)).unwrap();
    assert_eq!(names, ["y"]);
}

//! What was loaded, and what the session has changed and not flushed.

use aludel::blocking::Session;
use aludel::prelude::*;

use crate::model::{Address, Order, Profile, Tag, User, addresses, engine, labels, session, users};

/// Pending and moved children, while queries don't flush.
#[test]
fn children() {
    for how in 0..3 {
        let (mut session, log) = session();
        let found = session.fetch_all(users()).unwrap();
        let new = session.add(Address::build().email("new@x.org"));
        session.link(found[0], User::ADDRESSES, new);
        let moved = session.get_one::<Address>(1).unwrap();
        session.link(moved, Address::USER, found[2]);
        let gone = session.get_one::<Address>(2).unwrap();
        session.delete(gone);
        let lost = session.get_one::<Address>(4).unwrap();
        session[lost].user_id = Some(4);
        log.count();
        let mut session = session.no_autoflush();
        let again = match how {
            0 => session.fetch_all(users().options(selectinload(User::ADDRESSES))),
            1 => session.fetch_all(users().options(joinedload(User::ADDRESSES))),
            _ => session.fetch_all(users().options(subqueryload(User::ADDRESSES))),
        };
        assert_eq!(again.unwrap(), found);
        assert_eq!(addresses(&session, &found), [1, 1, 1, 1], "{how}");
        assert_eq!(session.keys(found[0], User::ADDRESSES), [new]);
        assert_eq!(session.keys(found[2], User::ADDRESSES), [moved]);
        assert_eq!(log.count(), if how == 1 { 1 } else { 2 });
        // The flush finds nothing new in what was loaded.
        session.flush().unwrap();
        session.load(&found, User::ADDRESSES).unwrap();
        assert_eq!(addresses(&session, &found), [1, 1, 1, 1], "{how}");
    }
}

/// A parent that was changed here goes before the one that the database joins.
#[test]
fn parents() {
    for how in 0..2 {
        let (mut session, _) = session();
        let found = session.fetch_all(users()).unwrap();
        let address = session.get_one::<Address>(1).unwrap();
        session.link(address, Address::USER, found[3]);
        let alone = session.get_one::<Address>(2).unwrap();
        session[alone].user_id = None;
        let mut session = session.no_autoflush();
        let query = Address::select().order_by(Address::ID);
        let addresses = match how {
            0 => session.fetch_all(query.options(selectinload(Address::USER))),
            _ => session.fetch_all(query.options(joinedload(Address::USER))),
        };
        let addresses = addresses.unwrap();
        assert_eq!(session.one(addresses[0], Address::USER), Some(found[3]), "{how}");
        assert_eq!(session.one(addresses[1], Address::USER), None, "{how}");
        session.flush().unwrap();
        assert_eq!((session[address].user_id, session[alone].user_id), (Some(4), None));
    }
}

#[test]
fn one_to_one() {
    let (mut session, _) = session();
    let found = session.fetch_all(users()).unwrap();
    let new = session.add(Profile::build().text("new"));
    session.link(found[1], User::PROFILE, new);
    let mut session = session.no_autoflush();
    session.load(&found, User::PROFILE).unwrap();
    assert_eq!(session.one(found[1], User::PROFILE), Some(new));
    assert!(session.one(found[0], User::PROFILE).is_some());
}

#[test]
fn links() {
    for how in 0..3 {
        let (mut session, _) = session();
        let ed = session.get_one::<User>(1).unwrap();
        session.load(ed, User::ORDERS).unwrap();
        let [first, second] = session.keys(ed, User::ORDERS)[..] else { panic!("two") };
        let (new, hot, old) = (
            session.get_one::<Tag>(1).unwrap(),
            session.get_one::<Tag>(2).unwrap(),
            session.get_one::<Tag>(3).unwrap(),
        );
        session.link(first, Order::TAGS, old);
        session.link(new, Tag::ORDERS, second);
        session.load(first, Order::TAGS).unwrap();
        session.unlink(hot, Tag::ORDERS, first);
        let mut session = session.no_autoflush();
        match how {
            0 => session.load(ed, selectinload(User::ORDERS).selectinload(Order::TAGS)).unwrap(),
            1 => drop(session.fetch_all(users().options(joinedload(User::ORDERS).joinedload(Order::TAGS))).unwrap()),
            _ => session.load(ed, selectinload(User::ORDERS).joinedload(Order::TAGS)).unwrap(),
        }
        assert_eq!(labels(&session, ed), "new old, new hot", "{how}");
        session.load([new, hot], Tag::ORDERS).unwrap();
        assert_eq!((session.keys(new, Tag::ORDERS).len(), session.keys(hot, Tag::ORDERS)), (2, vec![second]));
        session.flush().unwrap();
        session.load(ed, selectinload(User::ORDERS).selectinload(Order::TAGS)).unwrap();
        assert_eq!(labels(&session, ed), "new old, new hot", "{how}");
    }
}

/// New objects have nobody in the database.
#[test]
fn of_new_objects() {
    let (mut session, log) = session();
    let new = session.add(User::build().name("new").addresses([Address::build().email("x")]));
    let mut session = session.no_autoflush();
    session.load(new, User::ORDERS).unwrap();
    assert_eq!((session[new].orders.len(), log.count()), (0, 0));
    session.load(new, User::ADDRESSES).unwrap();
    session.flush().unwrap();
    assert_eq!(session.keys(new, User::ADDRESSES).len(), 1);
}

/// A load of what was loaded before reads it again; a query alone does not.
#[test]
fn loaded_before() {
    let (engine, _) = engine();
    let mut session = Session::new(&engine);
    let ed = session.get_one::<User>(1).unwrap();
    session.load(ed, User::ADDRESSES).unwrap();
    session.commit().unwrap();
    engine.execute(text("INSERT INTO addresses VALUES (9, 'ed@c.org', 1)")).unwrap();
    session.fetch_all(users()).unwrap();
    assert_eq!(session[ed].addresses.len(), 2);
    session.load(ed, User::ADDRESSES).unwrap();
    assert_eq!(session[ed].addresses.len(), 3);
}

/// Fresh objects are not read over, stale ones are, changed ones only if that is asked for.
#[test]
fn populate_existing() {
    let (engine, _) = engine();
    let mut session = Session::builder(&engine).expire_on_commit(false).build();
    let found = session.fetch_all(users().options(selectinload(User::ADDRESSES))).unwrap();
    let address = session.keys(found[0], User::ADDRESSES)[0];
    session.commit().unwrap();
    engine.execute(text("UPDATE users SET name = 'Ed' WHERE id = 1")).unwrap();
    engine.execute(text("UPDATE addresses SET email = 'new' WHERE id = 1")).unwrap();
    session.fetch_all(users().options(selectinload(User::ADDRESSES))).unwrap();
    assert_eq!((session[found[0]].name.as_str(), session[address].email.as_str()), ("ed", "ed@a.org"));
    for joined in [false, true] {
        session[address].email = "mine".into();
        let query = users().populate_existing();
        match joined {
            false => session.no_autoflush().fetch_all(query.options(selectinload(User::ADDRESSES))).unwrap(),
            true => session.no_autoflush().fetch_all(query.options(joinedload(User::ADDRESSES))).unwrap(),
        };
        assert_eq!((session[found[0]].name.as_str(), session[address].email.as_str()), ("Ed", "new"), "{joined}");
        assert!(!session.is_modified(address));
    }
}

/// A foreign key that another program has changed: the object stands with its new parent when it is read again.
#[test]
fn moved_by_another_program() {
    let (engine, _) = engine();
    let mut session = Session::new(&engine);
    let found = session.fetch_all(users().options(selectinload(User::ADDRESSES).selectinload(Address::USER))).unwrap();
    let address = session.keys(found[0], User::ADDRESSES)[0];
    session.commit().unwrap();
    engine.execute(text("UPDATE addresses SET user_id = 2 WHERE id = 1")).unwrap();
    session.refresh(address).unwrap();
    assert_eq!(session.one(address, Address::USER), Some(found[1]));
    assert_eq!(addresses(&session, &found), [1, 2, 0, 0]);
}

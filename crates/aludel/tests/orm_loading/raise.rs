//! `raiseload`, and what reading says of a relationship that was not loaded.

use std::panic::{AssertUnwindSafe, catch_unwind};

use aludel::prelude::*;

use crate::model::{Address, Order, User, session, users};

fn message(work: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(work)).unwrap_err();
    panic.downcast_ref::<String>().cloned().or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).into())).unwrap()
}

#[test]
fn reading_names_the_loader() {
    let (mut session, log) = session();
    let ed = session.fetch_one(users().filter(User::ID.eq(1)).options(raiseload(User::ADDRESSES))).unwrap();
    let by_session = message(|| drop(session.keys(ed, User::ADDRESSES)));
    assert_eq!(
        by_session,
        "User.addresses of Key<User>(0) was not loaded, and reading it does no I/O: load it with the query, \
         `.options(selectinload(User::ADDRESSES))`, or now, `session.load(&keys, User::ADDRESSES)`"
    );
    assert_eq!(session.try_keys(ed, User::ADDRESSES).unwrap_err().to_string(), by_session);
    assert_eq!(message(|| drop(session.view(ed).many(User::ADDRESSES))), by_session);
    let by_field = message(|| _ = session[ed].addresses.len());
    assert!(by_field.starts_with("this `Many<Address>` was not loaded, and reading it does no I/O"), "{by_field}");
    let by_field = message(|| _ = session[ed].profile.is_some());
    assert!(by_field.starts_with("this `One<Profile>` was not loaded, and reading it does no I/O"), "{by_field}");
    assert_eq!(log.count(), 1);
}

/// It goes before what was loaded and what a wider option would load.
#[test]
fn over_what_is_there() {
    let (mut session, log) = session();
    let found = session.fetch_all(users().options(selectinload(User::ADDRESSES))).unwrap();
    assert!(session[found[0]].addresses.is_loaded());
    let options = (selectinload(User::ADDRESSES), raiseload(User::ADDRESSES));
    session.fetch_all(users().options(options)).unwrap();
    assert!(session[found[0]].addresses.is_unloaded());
    assert_eq!(log.count(), 3);
    // Below another one.
    let path = selectinload(User::ORDERS).options((selectinload(Order::TAGS), raiseload(Order::TAGS)));
    session.fetch_all(users().options(path)).unwrap();
    let order = session.keys(found[0], User::ORDERS)[0];
    assert!(session[order].tags.is_unloaded());
}

/// What was put there and not flushed stays.
#[test]
fn over_what_is_pending() {
    let (mut session, _) = session();
    let ed = session.get_one::<User>(1).unwrap();
    session[ed].addresses.push(Address::build().email("new@x.org"));
    {
        let mut session = session.no_autoflush();
        session.fetch_all(users().options(raiseload(User::ADDRESSES))).unwrap();
    }
    session.commit().unwrap();
    session.load(ed, User::ADDRESSES).unwrap();
    assert_eq!(session[ed].addresses.len(), 3);
}

/// A many-to-one needs no loading where the object is here: the foreign key tells.
#[test]
fn to_one_by_its_foreign_key() {
    let (mut session, log) = session();
    let ed = session.get_one::<User>(1).unwrap();
    let found = session.fetch_all(Address::select().order_by(Address::ID).options(raiseload(Address::USER))).unwrap();
    assert_eq!(session.one(found[0], Address::USER), Some(ed));
    assert_eq!(session.one(found[3], Address::USER), None);
    let error = session.try_keys(found[2], Address::USER).unwrap_err().to_string();
    assert!(error.contains("selectinload(Address::USER)"), "{error}");
    assert_eq!(log.count(), 2);
}

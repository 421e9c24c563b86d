//! Keys that are no good: they are noticed, and what is said names the cure.

use std::panic::{AssertUnwindSafe, catch_unwind};

use aludel::prelude::*;

use crate::model::{Address, User, database, session};

/// What a panic says.
fn panic_of<R>(work: impl FnOnce() -> R) -> String {
    let error = match catch_unwind(AssertUnwindSafe(work)) {
        Ok(_) => panic!("it did not panic"),
        Err(error) => error,
    };
    match error.downcast::<String>() {
        Ok(text) => *text,
        Err(other) => (*other.downcast::<&'static str>().unwrap()).to_owned(),
    }
}

const GONE: &str = "is the key of a `User` that is not in the session any more: it was deleted, expunged or detached, or a \
                    rollback has undone its insertion; get it anew by `session.get` or a query";

#[test]
fn of_another_session() {
    let (engine, _) = database();
    let mut one = aludel::blocking::Session::new(&engine);
    let other = aludel::blocking::Session::new(&engine);
    let ed = one.get_one::<User>(1).unwrap();
    let said = panic_of(|| other[ed].name.clone());
    assert!(said.starts_with("Key<User>(0) is the key of a `User` in another session"), "{said}");
    assert!(said.ends_with("get the object here by `session.get`, or copy it with `session.merge(other.owned(key))`"));
    assert_eq!(other.try_get(ed).unwrap_err().to_string(), said);
    assert!(!other.contains(ed));
}

/// Another session's object in the very same slot is no excuse.
#[test]
fn of_another_session_with_such_a_slot() {
    let (engine, _) = database();
    let mut one = aludel::blocking::Session::new(&engine);
    let mut other = aludel::blocking::Session::new(&engine);
    let ed = one.get_one::<User>(1).unwrap();
    let wendy = other.get_one::<User>(2).unwrap();
    assert_eq!(format!("{ed:?}"), format!("{wendy:?}"));
    assert_ne!(ed, wendy);
    assert!(other.try_get(ed).is_err());
    assert!(other.try_get_mut(ed).is_err());
    let said = panic_of(|| other.delete(ed));
    assert!(said.contains("in another session"), "{said}");
    let said = panic_of(|| other.link(wendy, User::REPORTS, ed));
    assert!(said.contains("in another session"), "{said}");
    assert!(!other.has_changes());
}

#[test]
fn of_an_expunged_object() {
    let (mut session, _) = session();
    let ed = session.get_one::<User>(1).unwrap();
    session.expunge(ed);
    assert_eq!(panic_of(|| session[ed].name.clone()), format!("Key<User>(0) {GONE}"));
    assert_eq!(panic_of(|| session[ed].name.clear()), format!("Key<User>(0) {GONE}"));
    assert_eq!(session.try_get(ed).unwrap_err().to_string(), format!("Key<User>(0) {GONE}"));
    // Whoever comes into the slot has a key of its own.
    let again = session.get_one::<User>(1).unwrap();
    assert_ne!(again, ed);
    assert!(session.try_get(ed).is_err());
    assert_eq!(session[again].name, "ed");
}

#[test]
fn of_a_deleted_object() {
    let (mut session, _) = session();
    let fred = session.get_one::<User>(4).unwrap();
    session.delete(fred);
    session.flush().unwrap();
    assert_eq!(session[fred].name, "fred");
    session.commit().unwrap();
    assert_eq!(session.try_get(fred).unwrap_err().to_string(), format!("Key<User>(0) {GONE}"));
    assert!(session.get::<User>(4).unwrap().is_none());
}

#[test]
fn of_a_new_object_after_rollback() {
    let (mut session, _) = session();
    let pending = session.add(User::build().name("p"));
    session.rollback().unwrap();
    assert_eq!(session.try_get(pending).unwrap_err().to_string(), format!("Key<User>(0) {GONE}"));
    let flushed = session.add(User::build().name("f"));
    session.flush().unwrap();
    assert_eq!(session[flushed].id, 5);
    session.rollback().unwrap();
    assert_eq!(panic_of(|| session.view(flushed).name.clone()), format!("Key<User>(0) {GONE}"));
    assert!(session.get::<User>(5).unwrap().is_none());
}

/// Methods that wait give an error and no panic.
#[test]
fn in_calls_that_ask_the_database() {
    let (mut session, log) = session();
    let ed = session.get_one::<User>(1).unwrap();
    session.expunge(ed);
    log.take();
    let errors = [
        session.refresh(ed).unwrap_err(),
        session.refresh_only(ed, User::NAME).unwrap_err(),
        session.load(ed, User::ADDRESSES).unwrap_err(),
        session.load([ed], User::ADDRESSES).unwrap_err(),
    ];
    for error in errors {
        assert!(error.to_string().contains(GONE), "{error}");
        let location = error.location().unwrap();
        assert!(location.file().ends_with("keys.rs"), "{location}");
    }
    assert!(session.try_keys(ed, User::ADDRESSES).unwrap_err().to_string().contains(GONE));
    assert!(session.value(ed, User::NAME).unwrap_err().to_string().contains(GONE));
    assert!(log.take().is_empty());
}

#[test]
fn a_relationship_that_was_not_loaded() {
    let (mut session, _) = session();
    let ed = session.get_one::<User>(1).unwrap();
    let said = panic_of(|| session.keys(ed, User::ADDRESSES));
    assert_eq!(
        said,
        "User.addresses of Key<User>(0) was not loaded, and reading it does no I/O: load it with the query, \
         `.options(selectinload(User::ADDRESSES))`, or now, `session.load(&keys, User::ADDRESSES)`"
    );
    assert_eq!(session.try_keys(ed, User::ADDRESSES).unwrap_err().to_string(), said);
    let said = panic_of(|| session[ed].addresses.len());
    assert!(said.starts_with("this `Many<Address>` was not loaded, and reading it does no I/O"), "{said}");
    // Who is nobody's report is known without asking.
    assert_eq!(session.one(ed, User::MANAGER), None);
    let wendy = session.get_one::<User>(2).unwrap();
    assert_eq!(session.one(wendy, User::MANAGER), Some(ed));
    let address = session.get_one::<Address>(1).unwrap();
    assert_eq!(session.one(address, Address::USER), Some(ed));
    session.expunge(ed);
    let said = panic_of(|| session.one(wendy, User::MANAGER));
    assert!(said.starts_with("User.manager of Key<User>(1) was not loaded"), "{said}");
}

#[test]
fn a_field_of_a_session_holds_keys() {
    let (mut session, _) = session();
    let ed = session.get_one::<User>(1).unwrap();
    session.load(ed, User::ADDRESSES).unwrap();
    let said = panic_of(|| session[ed].addresses.values().len());
    assert!(said.contains("`session.view(key)`, `session.keys(key, Entity::RELATIONSHIP)`"), "{said}");
    let keys: Vec<Key<Address>> = session[ed].addresses.keys().collect();
    assert_eq!(keys, session.keys(ed, User::ADDRESSES));
    let said = panic_of(|| session.owned(ed).addresses.keys().len());
    assert!(said.starts_with("this `Many<Address>` holds values and no keys"), "{said}");
}

#[test]
fn a_primary_key_of_the_wrong_kind_does_not_compile_and_a_missing_row_is_none() {
    let (mut session, _) = session();
    assert!(session.get::<crate::model::Line>((1, 9)).unwrap().is_none());
    let error = session.get_one::<User>(99).unwrap_err();
    assert!(error.is_not_found(), "{error}");
    assert!(error.location().unwrap().file().ends_with("keys.rs"));
}

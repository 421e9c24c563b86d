//! What is written, and what becomes of properties then.

use aludel::prelude::*;

use crate::backend::{Backend, backend};
use crate::{Address, User, engine, properties, session};

/// The table has no such columns, and a row that is inserted gives none.
#[test]
fn rows() {
    let engine = engine();
    let user = User {
        id: 3,
        name: "jack".to_owned(),
        name_length: 100,
        address_count: 100,
        latest: None,
        is_long: true,
        addresses: Many::default(),
    };
    engine.execute(User::insert().row(user)).unwrap();
    let user = engine.fetch_one(User::select().filter(User::ID.eq(3))).unwrap();
    assert_eq!(properties(&user), (4, 0, None, false));
    let update = User::update().set(User::NAME, "eddie").filter(User::ADDRESS_COUNT.eq(2));
    let users = if backend() == Backend::MariaDb {
        // It has no UPDATE … RETURNING.
        assert_eq!(engine.execute(update).unwrap(), 1);
        engine.fetch_all(User::select().filter(User::ID.eq(1))).unwrap()
    } else {
        engine.fetch_all(update.returning(User::ALL)).unwrap()
    };
    assert_eq!(properties(&users[0]), (5, 2, Some("ed@new.org"), true));
    let error = engine.execute(User::update().set(User::NAME_LENGTH, 3)).unwrap_err().to_string();
    assert!(error.contains("the column `users.name_length` stands for an expression"), "{error}");
}

#[test]
fn new_objects() {
    let mut session = session();
    let jack = session.add(User::build().name("jack").addresses([Address::build().email("j@x.org")]));
    session.flush().unwrap();
    assert!(session.is_column_loaded(jack, User::NAME) && !session.is_column_loaded(jack, User::NAME_LENGTH));
    let id = session[jack].id;
    assert_eq!(session.get(id).unwrap(), Some(jack));
    assert_eq!(properties(&session[jack]), (4, 1, Some("j@x.org"), false));
    assert!(session.is_column_loaded(jack, User::NAME_LENGTH) && session.changes(jack).is_empty());
}

#[test]
fn changed_objects() {
    let mut session = session();
    let ed = session.get_one::<User>(1).unwrap();
    session[ed].name = "edward".to_owned();
    session.flush().unwrap();
    assert!(!session.is_column_loaded(ed, User::NAME_LENGTH));
    assert_eq!(session.fetch_all(User::select().filter(User::IS_LONG)).unwrap().len(), 2);
    assert_eq!(properties(&session[ed]), (6, 2, Some("ed@new.org"), true));
    // What other rows change is read when it is asked for.
    session.add(Address::build().user_id(1).email("ed@newest.org"));
    session.flush().unwrap();
    assert_eq!(session[ed].address_count, 2);
    session.refresh_only(ed, (User::ADDRESS_COUNT, User::LATEST)).unwrap();
    assert_eq!(properties(&session[ed]), (6, 3, Some("ed@newest.org"), true));
}

/// A property that a program sets is no change.
#[test]
fn properties_are_not_written() {
    let mut session = session();
    let ed = session.get_one::<User>(1).unwrap();
    session[ed].name_length = 50;
    assert!(session.changes(ed).is_empty() && !session.is_modified(ed));
    assert_eq!(session.plan().unwrap().to_string(), "nothing to do");
    session.refresh(ed).unwrap();
    assert_eq!(session[ed].name_length, 2);
}

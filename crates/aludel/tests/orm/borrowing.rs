//! Changing one object while reading others, and two at once.

use std::panic::{AssertUnwindSafe, catch_unwind};

use aludel::prelude::*;

use crate::model::{Address, User, session};

#[test]
fn with_reads_others() {
    let (mut session, log) = session();
    let users = session.fetch_all(User::select().order_by(User::ID)).unwrap();
    let (ed, wendy) = (users[0], users[1]);
    let length = session.with(ed, |ed, others| {
        ed.fullname = Some(format!("not {}", others[wendy].name));
        ed.name.len()
    });
    assert_eq!(length, 2);
    assert_eq!(session[ed].fullname.as_deref(), Some("not wendy"));
    log.take();
    session.commit().unwrap();
    assert_eq!(log.sql(), ["UPDATE users SET fullname = ? WHERE users.id = ?"]);
}

/// The object itself is out meanwhile.
#[test]
fn with_does_not_lend_twice() {
    let (mut session, _) = session();
    let ed = session.get_one::<User>(1).unwrap();
    session.with(ed, |_, others| assert!(others.try_get(ed).is_err()));
    assert_eq!(session[ed].name, "ed");
}

#[test]
fn with_puts_the_object_back_when_it_panics() {
    let (mut session, log) = session();
    let ed = session.get_one::<User>(1).unwrap();
    let caught = catch_unwind(AssertUnwindSafe(|| {
        session.with(ed, |ed, _| {
            ed.name = "half".into();
            panic!("in the middle");
        })
    }));
    assert!(caught.is_err());
    assert_eq!(session[ed].name, "half");
    assert!(session.is_modified(ed));
    session.rollback().unwrap();
    assert_eq!(session[ed].name, "ed");
    log.take();
    session.commit().unwrap();
    assert!(log.take().is_empty());
}

#[test]
fn with_a_new_object() {
    let (mut session, _) = session();
    let new = session.add(User::build().name("new"));
    session.with(new, |new, _| new.name.push('!'));
    session.commit().unwrap();
    session.refresh(new).unwrap();
    assert_eq!(session[new].name, "new!");
}

#[test]
fn pair_of_one_entity_and_of_two() {
    let (mut session, _) = session();
    let users = session.fetch_all(User::select().order_by(User::ID)).unwrap();
    let address = session.get_one::<Address>(3).unwrap();
    let (ed, wendy) = session.pair(users[0], users[1]);
    std::mem::swap(&mut ed.name, &mut wendy.name);
    let (user, home) = session.pair(users[1], address);
    home.email = format!("{}@x.org", user.name);
    assert_eq!((session[users[0]].name.as_str(), session[address].email.as_str()), ("wendy", "ed@x.org"));
    session.commit().unwrap();
    let names: Vec<String> = session.fetch_all(select(User::NAME).order_by(User::ID).limit(2)).unwrap();
    assert_eq!(names, ["wendy", "ed"]);
}

#[test]
fn pair_of_the_same_object() {
    let (mut session, _) = session();
    let ed = session.get_one::<User>(1).unwrap();
    let caught = catch_unwind(AssertUnwindSafe(|| {
        let _ = session.pair(ed, ed);
    }));
    let said = *caught.unwrap_err().downcast::<String>().unwrap();
    assert_eq!(said, "session.pair needs two objects, and Key<User>(0) and Key<User>(0) are the same one");
    assert_eq!(session[ed].name, "ed");
}

/// The second key is no good, or the closure panics: the first object is there all the same.
#[test]
fn pair_puts_the_object_back_when_it_panics() {
    let (mut session, _) = session();
    let users = session.fetch_all(User::select().order_by(User::ID)).unwrap();
    session.expunge(users[3]);
    let caught = catch_unwind(AssertUnwindSafe(|| {
        let _ = session.pair(users[0], users[3]);
    }));
    assert!(caught.is_err());
    assert_eq!(session[users[0]].name, "ed");
    let caught = catch_unwind(AssertUnwindSafe(|| {
        let (ed, wendy) = session.pair(users[0], users[1]);
        ed.name = "x".into();
        wendy.name = "y".into();
        panic!("in the middle");
    }));
    assert!(caught.is_err());
    assert_eq!((session[users[0]].name.as_str(), session[users[1]].name.as_str()), ("x", "y"));
    session.rollback().unwrap();
    assert_eq!((session[users[0]].name.as_str(), session[users[1]].name.as_str()), ("ed", "wendy"));
}

/// What changes the session may be told by what is read of it.
#[test]
fn arguments_may_read_the_session() {
    let (mut session, _) = session();
    let ed = session.get_one::<User>(1).unwrap();
    session.load(ed, User::ADDRESSES).unwrap();
    session.unlink(ed, User::ADDRESSES, session.keys(ed, User::ADDRESSES)[0]);
    session.delete(session.keys(ed, User::ADDRESSES)[0]);
    assert!(session[ed].addresses.is_empty());
    let mut nested = session.begin_nested().unwrap();
    let new = nested.add(Address::build().email(format!("{}@example.org", nested[ed].name)));
    nested.link(ed, User::ADDRESSES, new);
    nested.commit().unwrap();
    assert_eq!(session[new].email, "ed@example.org");
}

//! Panics in the program's own closures and listeners leave a session whole.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aludel::blocking::{Engine, Session};
use aludel::prelude::{schema, text};

use crate::backend::{self, is_sqlite};
use crate::model::{Address, Order, OrderTag, Profile, Tag, User};

fn engine() -> Engine {
    let engine = backend::engine();
    engine.create_all(schema![User, Address, Profile, Order, Tag, OrderTag]).unwrap();
    reset(&engine);
    engine
}

/// Puts the first rows back.
fn reset(engine: &Engine) {
    let users = "INSERT INTO users VALUES (1, 'ed', 30), (2, 'wendy', NULL)";
    let addresses = "INSERT INTO addresses VALUES (1, 'ed@a', 1)";
    backend::fill(engine, &["DELETE FROM addresses", "DELETE FROM users", users, addresses]);
}

#[test]
fn in_with_and_pair() {
    let mut session = Session::new(&engine());
    let ed = session.get_one::<User>(1).unwrap();
    let wendy = session.get_one::<User>(2).unwrap();
    let caught = catch_unwind(AssertUnwindSafe(|| {
        session.with(ed, |user, session| {
            user.age = Some(31);
            assert!(session.try_get(wendy).is_err(), "wendy is here");
        });
    }));
    assert!(caught.is_err());
    // What was done to it before stays done.
    assert_eq!(session[ed].age, Some(31));
    assert_eq!(session.history(ed, User::AGE).old, Some(Some(30)));
    let caught = catch_unwind(AssertUnwindSafe(|| {
        let (ed, wendy) = session.pair(ed, wendy);
        (ed.age, wendy.age) = (Some(32), Some(33));
        panic!("in the middle");
    }));
    assert!(caught.is_err());
    assert_eq!((session[ed].age, session[wendy].age), (Some(32), Some(33)));
    session.commit().unwrap();
    session.refresh(ed).unwrap();
    session.refresh(wendy).unwrap();
    assert_eq!((session[ed].age, session[wendy].age), (Some(32), Some(33)));
}

/// A listener that panics once, at one place after the other, in the middle of a commit.
#[test]
fn in_listeners() {
    type Listen = fn(&mut Session, Arc<AtomicBool>);
    fn bang(armed: &AtomicBool) {
        assert!(!armed.swap(false, Ordering::SeqCst), "bang");
    }
    let listeners: [(&str, Listen); 10] = [
        ("before_flush", |session, armed| {
            session.events().before_flush(move |_| {
                bang(&armed);
                Ok(())
            });
        }),
        ("after_flush", |session, armed| session.events().after_flush(move || bang(&armed))),
        ("after_begin", |session, armed| session.events().after_begin(move || bang(&armed))),
        ("before_commit", |session, armed| session.events().before_commit(move || bang(&armed))),
        ("after_commit", |session, armed| session.events().after_commit(move || bang(&armed))),
        ("before_insert", |session, armed| {
            session.events().before_insert::<Address>(move |_, _| {
                bang(&armed);
                Ok(())
            });
        }),
        ("after_insert", |session, armed| {
            session.events().after_insert::<Address>(move |_, _| {
                bang(&armed);
                Ok(())
            });
        }),
        ("before_update", |session, armed| {
            session.events().before_update::<User>(move |_, _| {
                bang(&armed);
                Ok(())
            });
        }),
        ("after_delete", |session, armed| {
            session.events().after_delete::<Address>(move |_, _| {
                bang(&armed);
                Ok(())
            });
        }),
        ("after_rollback", |session, armed| session.events().after_rollback(move || bang(&armed))),
    ];
    let engine = engine();
    for (name, listen) in listeners {
        reset(&engine);
        let mut session = Session::new(&engine);
        let armed = Arc::new(AtomicBool::new(true));
        listen(&mut session, Arc::clone(&armed));
        let works = |session: &mut Session| {
            let ed = session.get_one::<User>(1).unwrap();
            session.load(ed, User::ADDRESSES).unwrap();
            session[ed].age = Some(31);
            let first = session.keys(ed, User::ADDRESSES)[0];
            session.delete(first);
            session[ed].addresses.push(Address::build().email("new"));
            session.commit().unwrap();
            session.rollback().unwrap();
        };
        assert!(catch_unwind(AssertUnwindSafe(|| works(&mut session))).is_err(), "{name}");
        // Whatever was done or not done, it can be done now.
        session.commit().unwrap();
        let ed = session.get_one::<User>(1).unwrap();
        session[ed].age = Some(31);
        session.commit().unwrap();
        let emails: Vec<String> = engine
            .fetch_all(text("SELECT email FROM addresses").rows_as::<(String,)>())
            .unwrap()
            .into_iter()
            .map(|row| row.0)
            .collect();
        let expected = if name == "after_begin" { "ed@a" } else { "new" };
        assert_eq!(emails, [expected], "{name}");
        session.load(ed, User::ADDRESSES).unwrap();
        let here: Vec<String> =
            session.view(ed).many(User::ADDRESSES).map(|address| address.get().email.clone()).collect();
        assert_eq!(here, emails, "{name}");
    }
}

/// A listener of the engine panics at each statement of a commit, one after the other.
#[test]
fn in_the_engine() {
    let engine = engine();
    let count = Arc::new(std::sync::atomic::AtomicUsize::new(usize::MAX));
    let left = Arc::clone(&count);
    engine.events().after_cursor_execute(move |_| {
        let was = left.load(Ordering::SeqCst);
        if was != usize::MAX {
            left.store(was.wrapping_sub(1), Ordering::SeqCst);
            assert!(was != 0, "bang");
        }
    });
    let mut at = 0;
    loop {
        reset(&engine);
        let mut session = Session::new(&engine);
        let ed = session.get_one::<User>(1).unwrap();
        session.load(ed, User::ADDRESSES).unwrap();
        let first = session.keys(ed, User::ADDRESSES)[0];
        session[ed].age = Some(31);
        session.flush().unwrap();
        session[ed].name = "Edward".into();
        session.delete(first);
        let zoe = session.add(User::build().name("zoe").addresses([Address::build().email("home")]));
        count.store(at, Ordering::SeqCst);
        let caught = catch_unwind(AssertUnwindSafe(|| session.commit().unwrap()));
        count.store(usize::MAX, Ordering::SeqCst);
        session.commit().unwrap();
        let rows = "SELECT name || ' ' || ifnull(age, '-') AS line FROM users UNION ALL SELECT email FROM addresses";
        let rows = engine.fetch_all(backend::text(rows).rows_as::<(String,)>()).unwrap();
        let mut rows: Vec<String> = rows.into_iter().map(|row| row.0).collect();
        rows.sort_unstable();
        assert_eq!(rows, ["Edward 31", "home", "wendy -", "zoe -"], "at {at}");
        // A server counts on over what was undone.
        assert!(if is_sqlite() { session[zoe].id == 3 } else { session[zoe].id >= 3 }, "{}", session[zoe].id);
        if caught.is_ok() {
            break;
        }
        at += 1;
    }
    assert!(at > 3);
}

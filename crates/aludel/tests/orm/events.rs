//! Events of a session, and the warning of many small loads.

use std::sync::{Arc, Mutex};

use aludel::blocking::Session;
use aludel::prelude::*;
use aludel::{OrmStatement, SessionEvents};

use crate::model::{Address, Order, User, database, session};

type Notes = Arc<Mutex<Vec<String>>>;

fn note(notes: &Notes, what: impl Into<String>) {
    notes.lock().unwrap().push(what.into());
}

fn take(notes: &Notes) -> Vec<String> {
    std::mem::take(&mut notes.lock().unwrap())
}

#[test]
fn of_the_session() {
    let (mut session, _) = session();
    let notes = Notes::default();
    let events = session.events();
    let at = notes.clone();
    events.after_begin(move || note(&at, "begin"));
    let at = notes.clone();
    events.before_flush(move |_| {
        note(&at, "before flush");
        Ok(())
    });
    let at = notes.clone();
    events.after_flush(move || note(&at, "after flush"));
    let at = notes.clone();
    events.before_commit(move || note(&at, "before commit"));
    let at = notes.clone();
    events.after_commit(move || note(&at, "after commit"));
    let at = notes.clone();
    events.after_rollback(move || note(&at, "rollback"));
    session.add(User::build().name("new"));
    session.commit().unwrap();
    assert_eq!(take(&notes), ["before commit", "before flush", "begin", "after flush", "after commit"]);
    session.commit().unwrap();
    assert_eq!(take(&notes), ["before commit", "after commit"]);
    session.get::<User>(1).unwrap();
    session.rollback().unwrap();
    assert_eq!(take(&notes), ["begin", "rollback"]);
}

#[test]
fn of_objects() {
    let (mut session, _) = session();
    let notes = Notes::default();
    macro_rules! listen {
        ($($event:ident)+) => {
            $(
                let at = notes.clone();
                session.events().$event(move |session, key: Key<User>| {
                    note(&at, format!("{} {} {}", stringify!($event), session[key].id, session[key].name));
                    Ok(())
                });
            )+
        };
    }
    listen!(before_insert after_insert before_update after_update before_delete after_delete);
    let ed = session.get_one::<User>(1).unwrap();
    let mary = session.get_one::<User>(3).unwrap();
    let new = session.add(User::build().name("new"));
    session[ed].name = "x".into();
    session.delete(mary);
    session.add(Address::build().email("not heard of").user_id(1));
    session.flush().unwrap();
    let wanted = [
        "before_update 1 x",
        "before_insert 0 new",
        "before_delete 3 mary",
        "after_update 1 x",
        "after_insert 5 new",
        "after_delete 3 mary",
    ];
    assert_eq!(take(&notes), wanted);
    session[new].name = "new".into();
    session.flush().unwrap();
    assert_eq!(take(&notes), Vec::<String>::new());
}

/// What listeners change before is written along; what they change after is written by the next flush of the commit.
#[test]
fn listeners_change_objects() {
    let (mut session, log) = session();
    session.events().before_insert(|session, key: Key<User>| {
        let name = session[key].name.to_uppercase();
        session[key].name = name;
        Ok(())
    });
    session.events().before_update(|session, key: Key<User>| {
        session[key].fullname = Some("touched".into());
        Ok(())
    });
    session.events().after_insert(|session, key: Key<User>| {
        let id = session[key].id;
        session.add(Order::build().status("first").user_id(id));
        Ok(())
    });
    let new = session.add(User::build().name("new"));
    session.commit().unwrap();
    assert_eq!(session[new].name, "NEW");
    assert_eq!(log.sql().len(), 2);
    let status: String = session.fetch_one(select(Order::STATUS).filter(Order::USER_ID.eq(5))).unwrap();
    assert_eq!(status, "first");
    session[new].name = "other".into();
    session.commit().unwrap();
    session.refresh(new).unwrap();
    assert_eq!(session[new].fullname.as_deref(), Some("touched"));
}

/// `before_flush` may add, change and delete.
#[test]
fn before_flush_changes_objects() {
    let (mut session, _) = session();
    session.events().before_flush(|session| {
        for user in session.pending::<User>() {
            if session[user].name == "twin" {
                session[user].name = "one".into();
                session.add(User::build().name("two"));
            }
        }
        Ok(())
    });
    session.add(User::build().name("twin"));
    session.commit().unwrap();
    let names: Vec<String> = session.fetch_all(select(User::NAME).filter(User::ID.gt(4)).order_by(User::ID)).unwrap();
    assert_eq!(names, ["one", "two"]);
}

/// A listener's error forbids the flush.
#[test]
fn listeners_refuse() {
    let (mut session, log) = session();
    session.events().before_delete(|session, key: Key<User>| match session[key].name.as_str() {
        "ed" => Err(Error::other("ed stays")),
        _ => Ok(()),
    });
    let ed = session.get_one::<User>(1).unwrap();
    session.delete(ed);
    log.take();
    let error = session.commit().unwrap_err();
    assert!(error.to_string().contains("ed stays"), "{error}");
    assert!(log.sql().iter().all(|sql| sql.starts_with("SELECT")));
    session.rollback().unwrap();
    assert_eq!(session.get::<User>(1).unwrap(), Some(ed));
}

/// A commit in which listeners make more and more to do ends with an error.
#[test]
fn listeners_that_never_end() {
    let (mut session, _) = session();
    session.events().after_insert(|session, _: Key<User>| {
        session.add(User::build().name("more"));
        Ok(())
    });
    session.add(User::build().name("first"));
    let error = session.commit().unwrap_err();
    assert!(error.to_string().starts_with("after 100 flushes there is still something to do"), "{error}");
    session.rollback().unwrap();
}

/// A condition that is added to everything: soft deletes, tenants.
#[test]
fn criteria_for_every_statement() {
    let (engine, _) = database();
    let events = Arc::new(SessionEvents::default());
    let notes = Notes::default();
    let at = notes.clone();
    events.do_orm_execute(move |execute| {
        execute.add_criteria::<Address>(Address::EMAIL.like("%a.org"));
        let kind: OrmStatement = execute.statement();
        note(&at, format!("{kind:?} at {}", execute.location().file().rsplit('/').next().unwrap()));
        Ok(())
    });
    let mut session = Session::builder(&engine).events(events).build();
    let users = session.fetch_all(User::select().order_by(User::ID).options(selectinload(User::ADDRESSES))).unwrap();
    assert_eq!(session[users[0]].addresses.len(), 1);
    assert_eq!(take(&notes), ["Select at events.rs", "Load at events.rs"]);
    let query = User::select().order_by(User::ID).options(joinedload(User::ADDRESSES)).populate_existing();
    session.fetch_all(query).unwrap();
    assert_eq!(session[users[0]].addresses.len(), 1);
    assert!(session.get::<Address>(2).unwrap().is_none());
    assert_eq!(session.execute(Address::delete()).unwrap(), 2);
    assert_eq!(take(&notes), ["Select at events.rs", "Get at events.rs", "Delete at events.rs"]);
    session.commit().unwrap();
    let left: Vec<String> = engine.fetch_all(select(Address::EMAIL)).unwrap();
    assert_eq!(left, ["ed@b.org"]);
}

#[test]
fn many_small_loads_are_noticed() {
    let (engine, _) = database();
    let mut session = Session::new(&engine);
    let users = (0..30).map(|number| User::build().name(format!("user {number}")));
    session.bulk_insert::<User, _>(users).unwrap();
    let notes = Notes::default();
    let at = notes.clone();
    session.events().n_plus_one(move |found| note(&at, found.to_string()));
    let users = session.fetch_all(User::select()).unwrap();
    for user in &users {
        session.load(*user, User::ADDRESSES).unwrap();
    }
    let [said] = &take(&notes)[..] else { panic!("once for the line") };
    assert!(said.starts_with("User.addresses was loaded for one object 10 times from "), "{said}");
    assert!(said.contains("events.rs:"), "{said}");
    assert!(
        said.ends_with(
            "(N+1): load it for all of them at once, by `.options(selectinload(User::ADDRESSES))` on the query or \
             `session.load(&keys, User::ADDRESSES)`"
        ),
        "{said}"
    );
    // All at once is fine, and so are loads from different lines.
    session.load(&users, User::ORDERS).unwrap();
    session.load(users[0], User::ORDERS).unwrap();
    session.load(users[1], User::ORDERS).unwrap();
    assert!(take(&notes).is_empty());
}

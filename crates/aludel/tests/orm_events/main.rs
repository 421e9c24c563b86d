//! Events of sessions: which fire, when, and how often.

#![allow(clippy::unwrap_used, reason = "a test ends by panicking")]

#[path = "../backend/mod.rs"]
mod backend;
#[path = "../orm/model.rs"]
mod model;

use std::sync::{Arc, Mutex};

use aludel::OrmStatement;
use aludel::prelude::*;

use model::{Address, User, session};

/// What listeners have noted.
#[derive(Clone, Default)]
struct Notes(Arc<Mutex<Vec<String>>>);

impl Notes {
    fn add(&self, note: impl Into<String>) {
        self.0.lock().unwrap().push(note.into());
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

#[test]
fn the_life_of_objects() {
    let (mut session, _) = session();
    let notes = Notes::default();
    let noted = notes.clone();
    session.events().state_changed(move |session, key, change| {
        let name = session.typed::<User>(key).map(|key| session[key].name.clone());
        noted.add(format!("{change:?} {}", name.unwrap_or_else(|| "address".into())));
    });
    let ed = session.get_one::<User>(1).unwrap();
    session.load(ed, User::ADDRESSES).unwrap();
    assert_eq!(notes.take(), ["Loaded ed", "Loaded address", "Loaded address"]);
    session.get_one::<User>(1).unwrap();
    assert_eq!(notes.take(), [] as [String; 0]);

    let zoe = session.add(User::build().name("zoe"));
    session.flush().unwrap();
    assert_eq!(notes.take(), ["Added zoe", "Inserted zoe"]);
    session.rollback().unwrap();
    assert_eq!(notes.take(), ["Undone zoe"]);
    assert!(!session.contains(zoe));

    let fred = session.get_one::<User>(4).unwrap();
    session.delete(fred);
    session.flush().unwrap();
    session.rollback().unwrap();
    assert_eq!(notes.take(), ["Loaded fred", "Deleted fred", "Restored fred"]);
    session.delete(fred);
    session.commit().unwrap();
    assert_eq!(notes.take(), ["Deleted fred", "Detached fred"]);
    session.expunge(ed);
    assert_eq!(notes.take(), ["Detached ed"]);
}

#[test]
fn rows_and_transactions_in_order() {
    let (mut session, log) = session();
    let notes = Notes::default();
    let events = session.events();
    let note = |what: &'static str| {
        let notes = notes.clone();
        move || notes.add(what)
    };
    let row = |what: &'static str| {
        let notes = notes.clone();
        move |session: &mut Session, key: Key<User>| {
            notes.add(format!("{what} {}", session[key].name));
            Ok(())
        }
    };
    events.after_begin(note("begin"));
    events.after_flush(note("flushed"));
    events.before_commit(note("before commit"));
    events.after_commit(note("after commit"));
    events.after_rollback(note("after rollback"));
    events.before_insert::<User>(row("before insert"));
    events.after_insert::<User>(row("after insert"));
    events.before_update::<User>(row("before update"));
    events.after_update::<User>(row("after update"));
    events.before_delete::<User>(row("before delete"));
    events.after_delete::<User>(row("after delete"));
    let before = notes.clone();
    events.before_flush(move |session| {
        before.add(format!("before flush of {}", session.pending::<User>().len()));
        Ok(())
    });

    let zoe = session.add(User::build().name("zoe"));
    session.commit().unwrap();
    assert_eq!(
        notes.take(),
        [
            "before commit",
            "before flush of 1",
            "before insert zoe",
            "begin",
            "after insert zoe",
            "flushed",
            "after commit"
        ]
    );
    session[zoe].fullname = Some("Zoe".into());
    session.flush().unwrap();
    session.delete(zoe);
    session.flush().unwrap();
    session.rollback().unwrap();
    assert_eq!(
        notes.take(),
        [
            "before flush of 0",
            "before update zoe",
            "begin",
            "after update zoe",
            "flushed",
            "before flush of 0",
            "before delete zoe",
            "after delete zoe",
            "flushed",
            "after rollback"
        ]
    );
    // Nothing to do, nothing to tell.
    session.flush().unwrap();
    assert_eq!(notes.take(), [] as [String; 0]);
    log.take();
}

#[test]
fn what_a_listener_changes_is_written_too() {
    let (mut session, log) = session();
    session.events().before_insert::<User>(|session, key| {
        session[key].fullname = Some("by default".into());
        Ok(())
    });
    session.events().before_update::<User>(|session, key| {
        session[key].fullname = Some("changed".into());
        Ok(())
    });
    session.events().after_insert::<User>(|session, key| {
        let address = session.add(Address::build().email("welcome@x.org"));
        session.link(key, User::ADDRESSES, address);
        Ok(())
    });
    let zoe = session.add(User::build().name("zoe"));
    session.commit().unwrap();
    assert_eq!(
        log.sql(),
        ["INSERT INTO users (name, fullname) VALUES (?, ?)", "INSERT INTO addresses (email, user_id) VALUES (?, ?)"]
    );
    let names = session.fetch_all(select(User::FULLNAME).filter(User::NAME.eq("zoe"))).unwrap();
    assert_eq!(names, [Some("by default".to_owned())]);
    let zoe = session.get_one::<User>(session[zoe].id).unwrap();
    session[zoe].name = "zoey".into();
    log.take();
    session.commit().unwrap();
    assert_eq!(log.sql(), ["UPDATE users SET name = ?, fullname = ? WHERE users.id = ?"]);
}

/// Before the flush and before a row of it: what is added there is written by the same flush.
#[test]
fn what_a_listener_adds_is_written_too() {
    let (mut session, log) = session();
    let is_first = std::sync::atomic::AtomicBool::new(true);
    session.events().before_flush(move |session| {
        if is_first.swap(false, std::sync::atomic::Ordering::SeqCst) {
            session.add(User::build().name("audit"));
        }
        Ok(())
    });
    session.events().before_insert::<User>(|session, key| {
        let email = format!("{}@x.org", session[key].name);
        let address = session.add(Address::build().email(email));
        session.link(key, User::ADDRESSES, address);
        Ok(())
    });
    session.add(User::build().name("zoe"));
    session.flush().unwrap();
    assert!(!session.has_changes());
    assert_eq!(
        log.sql(),
        ["INSERT INTO users (name) VALUES (?)", "INSERT INTO addresses (email, user_id) VALUES (?, ?)"]
    );
    let rows = select((User::NAME, Address::EMAIL)).join_related(User::ADDRESSES).filter(User::ID.gt(4));
    let rows = session.fetch_all(rows.order_by(User::ID)).unwrap();
    let rows: Vec<(&str, &str)> = rows.iter().map(|(name, email)| (name.as_str(), email.as_str())).collect();
    assert_eq!(rows, [("zoe", "zoe@x.org"), ("audit", "audit@x.org")]);
}

#[test]
fn an_error_of_a_listener_stops_the_flush() {
    let (mut session, log) = session();
    session.events().before_insert::<User>(|session, key| {
        if session[key].name.is_empty() {
            return Err(aludel::Error::other("a user has a name"));
        }
        Ok(())
    });
    let nobody = session.add(User::build().name(""));
    let error = session.commit().unwrap_err();
    assert!(error.to_string().contains("a user has a name"), "{error}");
    assert_eq!(log.sql(), [] as [String; 0]);
    session[nobody].name = "somebody".into();
    session.commit().unwrap();
    assert_eq!(log.sql().len(), 1);
}

#[test]
fn statements_can_be_heard_and_narrowed() {
    let (mut session, _) = session();
    let notes = Notes::default();
    let noted = notes.clone();
    session.events().do_orm_execute(move |execute| {
        noted.add(format!("{:?}", execute.statement()));
        if execute.statement() == OrmStatement::Select {
            execute.add_criteria::<User>(User::ID.le(2));
        }
        Ok(())
    });
    let users = session.fetch_all(User::select().options(selectinload(User::ADDRESSES))).unwrap();
    assert_eq!(users.len(), 2);
    session.get::<User>(4).unwrap();
    session.execute(User::update().set(User::FULLNAME, "x").filter(User::ID.eq(1))).unwrap();
    session.execute(Address::delete().filter(Address::ID.eq(1))).unwrap();
    assert_eq!(notes.take(), ["Select", "Load", "Get", "Update", "Delete"]);
}

#[test]
fn bulk_paths_fire_no_objects_events() {
    let (mut session, _) = session();
    let notes = Notes::default();
    let noted = notes.clone();
    session.events().before_insert::<User>(move |_, _| {
        noted.add("insert");
        Ok(())
    });
    let noted = notes.clone();
    session.events().state_changed(move |_, _, change| noted.add(format!("{change:?}")));
    session.bulk_insert::<User, _>([User::build().name("a"), User::build().name("b")]).unwrap();
    session.insert(User::insert().rows([User::build().name("c")])).unwrap();
    assert_eq!(notes.take(), [] as [String; 0]);
    let ids: Vec<i64> = session
        .insert_returning(User::insert().rows([User::build().name("d"), User::build().name("e")]).returning(User::ID))
        .unwrap();
    // MariaDB takes more numbers for a bulk insert than it needs.
    assert_eq!(ids, backend::on([8, 9], [8, 9], [9, 10]));
    let keys: Vec<Key<User>> =
        session.insert_returning(User::insert().rows([User::build().name("f")]).returning(User::ALL)).unwrap();
    assert_eq!(session[keys[0]].name, "f");
}

#[test]
fn an_upsert_in_the_session() {
    let (mut session, _) = session();
    let ed = session.get_one::<User>(1).unwrap();
    let rows = [User { id: 1, name: "edward".into(), ..session[ed].clone() }];
    let rows = User::insert().rows(rows);
    session
        .insert(rows.on_conflict(User::ID).do_update([User::NAME.set(aludel::language::excluded(User::NAME))]))
        .unwrap();
    session.refresh(ed).unwrap();
    assert_eq!(session[ed].name, "edward");
}

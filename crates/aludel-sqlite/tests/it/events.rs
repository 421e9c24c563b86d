//! Events.

use std::sync::{Arc, Mutex};

use aludel::prelude::*;
use aludel::{CacheStatus, blocking};

use crate::support::{User, blocking_engine, engine, user};

#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<String>>>);

impl Told {
    fn note(&self, text: impl Into<String>) {
        self.0.lock().unwrap().push(text.into());
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

#[test]
fn statements_before_and_after() {
    let engine = blocking_engine();
    let told = Told::default();
    let note = told.clone();
    engine.events().before_cursor_execute(move |event| note.note(format!("before {} {}", event.sql, event.parameters)));
    let note = told.clone();
    let after = engine.events().after_cursor_execute(move |event| {
        let record = event.record;
        assert!(record.phases.total >= record.phases.execute);
        assert_eq!((record.system, record.database), ("sqlite", ":memory:"));
        note.note(format!("after {} {} {}", record.rows, record.affected, record.error.is_some()));
    });
    let note = told.clone();
    engine
        .events()
        .handle_error(move |event| note.note(format!("error {}", event.error.database().unwrap().message())));
    engine.fetch_one(select(value(5_i64))).unwrap();
    assert_eq!(told.take(), ["before SELECT ? AS anon_1 (5)", "after 1 0 false"]);
    engine.insert(User::insert().rows([user(1)])).unwrap();
    assert_eq!(told.take().last().unwrap(), "after 0 1 false");
    engine.execute(text("SELECT oops")).unwrap_err();
    assert_eq!(
        told.take(),
        ["before SELECT oops ()", "error no such column: oops, at byte 7 of the SQL", "after 0 0 true"]
    );
    assert!(engine.events().remove(after));
    assert!(!engine.events().remove(after));
    engine.fetch_one(select(value(5_i64))).unwrap();
    assert_eq!(told.take(), ["before SELECT ? AS anon_1 (5)"]);
}

#[test]
fn the_record_says_how_the_cache_was_met_and_who_asked() {
    let engine = blocking_engine();
    let told = Arc::new(Mutex::new(Vec::new()));
    let note = Arc::clone(&told);
    engine.events().after_cursor_execute(move |event| {
        note.lock().unwrap().push((event.record.cache, event.record.location, event.record.fingerprint));
    });
    let ask = || engine.fetch_all(User::select()).unwrap();
    ask();
    ask();
    let told = told.lock().unwrap();
    assert!(matches!(told[0].0, CacheStatus::Generated(_)) && matches!(told[1].0, CacheStatus::CachedSince(_)));
    assert_eq!(told[0].1.file(), file!());
    assert_eq!(told[0].2, told[1].2);
}

#[tokio::test]
async fn transactions() {
    let engine = engine().await;
    let told = Told::default();
    let events = engine.events();
    for (name, register) in [
        ("begin", events.begin(noting(&told, "begin"))),
        ("commit", events.commit(noting(&told, "commit"))),
        ("rollback", events.rollback(noting(&told, "rollback"))),
        ("savepoint", events.savepoint(noting(&told, "savepoint"))),
        ("rollback_savepoint", events.rollback_savepoint(noting(&told, "rollback_savepoint"))),
        ("release_savepoint", events.release_savepoint(noting(&told, "release_savepoint"))),
    ] {
        let _ = (name, register);
    }
    let mut tx = engine.begin().await.unwrap();
    tx.savepoint().await.unwrap().commit().await.unwrap();
    drop(tx.savepoint().await.unwrap());
    tx.commit().await.unwrap();
    drop(engine.begin().await.unwrap());
    assert_eq!(
        told.take(),
        [
            "begin 1",
            "savepoint 2",
            "release_savepoint 2",
            "savepoint 2",
            "rollback_savepoint 2",
            "commit 1",
            "begin 1",
            "rollback 1"
        ]
    );
}

fn noting(
    told: &Told,
    name: &'static str,
) -> impl Fn(&mut aludel::events::TransactionEvent<'_>) + Send + Sync + 'static {
    let told = told.clone();
    move |event| told.note(format!("{name} {}", event.level))
}

#[tokio::test]
async fn the_pool() {
    let engine = Engine::builder("sqlite::memory:").pool_size(1).connect_lazily().unwrap();
    let told = Told::default();
    let events = engine.events();
    let note = told.clone();
    events.connect(move |event| note.note(format!("connect {}", event.connection)));
    let note = told.clone();
    events.checkout(move |event| {
        note.note(format!("checkout {}", event.location.unwrap().file().ends_with("events.rs")))
    });
    let note = told.clone();
    events.checkin(move |_| note.note("checkin"));
    let note = told.clone();
    events.invalidate(move |event| note.note(format!("invalidate: {}", event.reason.unwrap())));
    let note = told.clone();
    events.close(move |_| note.note("close"));
    let mut connection = engine.acquire().await.unwrap();
    connection.invalidate();
    drop(connection);
    assert_eq!(told.take(), ["connect 1", "checkout true", "checkin", "invalidate: it was lost", "close"]);
}

#[test]
fn info_stays_with_the_connection() {
    struct Count(u32);
    let engine = blocking::Engine::builder("sqlite::memory:").pool_size(1).connect().unwrap();
    engine.events().before_cursor_execute(|event| event.info.get_or_insert_with(|| Count(0)).0 += 1);
    engine.fetch_one(select(value(1_i64))).unwrap();
    engine.fetch_one(select(value(1_i64))).unwrap();
    assert_eq!(engine.acquire().unwrap().info().get::<Count>().unwrap().0, 2);
}

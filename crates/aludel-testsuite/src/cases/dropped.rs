//! Futures that are dropped at every await point. Afterwards nothing is lost, nothing is held, and the next statement gets
//! its own answer: its values are compared, since a driver that gives the last statement's rows gives no error.

use std::time::{Duration, Instant};

use aludel::prelude::*;
use aludel::{Result, driver::TransactionState};

use crate::model::{Person, count, everybody, people, person, row};
use crate::suite::{Settings, Suite, answers, cut};

/// More await points than any of the futures has.
const MOST: usize = 400;

/// Does something with a future that is dropped after 1, 2, 3 … await points, until it ends by itself. A macro, since a
/// closure's future is not known to be `Send`.
macro_rules! at_every_point {
    (|$at:ident| $work:block) => {
        let mut has_ended = false;
        for $at in 1..MOST {
            has_ended = $work;
            if has_ended {
                break;
            }
        }
        assert!(has_ended, "a future was pending {MOST} times");
    };
}

/// The connection is as good as new, and gives what it is asked for and nothing else.
async fn is_well(engine: &Engine, salt: usize, rows: i64) {
    let salt = i64::try_from(salt).unwrap_or(0);
    for number in 0..3 {
        answers(engine, salt * 10 + number).await;
        let found = engine.fetch_optional(select((Person::ID, Person::NAME)).filter(Person::ID.eq(number + 1))).await;
        let wanted = (number < rows).then(|| (number + 1, format!("person {}", number + 1)));
        assert_eq!(found.unwrap_or_else(|error| panic!("{error}")), wanted);
    }
    assert_eq!(count(engine).await, rows);
    let mut connection = engine.acquire().await.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(connection.driver().transaction(), TransactionState::Idle);
    assert!(!connection.driver().owes());
    drop(connection);
    assert!(engine.pool_status().open <= 1, "a connection has leaked");
}

async fn engine(suite: &Suite, rows: i64) -> Engine {
    let settings = Settings { pool_size: Some(1), stream_rows: Some(50), ..Settings::default() };
    let engine = suite.engine_with(settings, schema![Person]).await;
    let inserted = engine.insert(Person::insert().rows(people(rows))).await;
    inserted.unwrap_or_else(|error| panic!("{error}"));
    engine
}

/// Reading: few rows, many rows, none.
pub async fn fetching(suite: Suite) {
    let engine = engine(&suite, 3_000).await;
    at_every_point!(|at| {
        let small = cut(engine.fetch_one(select(value(77_i64))), at).await;
        is_well(&engine, at, 3_000).await;
        let large = cut(engine.fetch_all(Person::select()), at).await;
        is_well(&engine, at + 500, 3_000).await;
        // A statement that the connection does not know yet.
        let text = text(format!("SELECT name FROM suite_person WHERE id < {at}"));
        let unknown = cut(engine.fetch_all(text), at).await;
        is_well(&engine, at + 700, 3_000).await;
        let wrong = cut(engine.fetch_all(aludel::language::text("SELEKT 1")), at).await;
        is_well(&engine, at + 900, 3_000).await;
        small.is_some() && large.is_some() && unknown.is_some() && wrong.is_some()
    });
}

/// The transaction goes on with its own answers.
pub async fn fetching_in_a_transaction(suite: Suite) {
    let engine = engine(&suite, 500).await;
    at_every_point!(|at| {
        let mut tx = engine.begin().await.unwrap_or_else(|error| panic!("{error}"));
        let inserted = tx.execute(Person::insert().row(person(9_000))).await;
        assert_eq!(inserted.unwrap_or_else(|error| panic!("{error}")), 1);
        let ended = cut(tx.fetch_all(Person::select()), at).await.is_some();
        let salt = i64::try_from(at).unwrap_or(0);
        assert_eq!(tx.fetch_one(select(value(salt))).await.unwrap_or_else(|error| panic!("{error}")), salt);
        let mine = tx.fetch_one(select(Person::NAME).filter(Person::ID.eq(9_000))).await;
        assert_eq!(mine.unwrap_or_else(|error| panic!("{error}")), "person 9000");
        tx.rollback().await.unwrap_or_else(|error| panic!("{error}"));
        is_well(&engine, at, 500).await;
        ended
    });
}

/// A change happens or does not, once.
pub async fn writing(suite: Suite) {
    let engine = engine(&suite, 10).await;
    let mut happened = 0;
    at_every_point!(|at| {
        let insert = Person::insert().row(person(11));
        let ended = cut(engine.execute(insert), at).await;
        if let Some(result) = &ended {
            assert!(result.is_ok(), "{result:?}");
        }
        // Nobody knows whether it ran; both is right.
        answers(&engine, 99).await;
        let there = count(&engine).await;
        assert!(there == 10 || there == 11, "{there}");
        assert!(there == 11 || ended.is_none());
        happened += there - 10;
        engine.execute(Person::delete().filter(Person::ID.eq(11))).await.unwrap_or_else(|error| panic!("{error}"));
        is_well(&engine, at, 10).await;
        ended.is_some()
    });
    assert!(happened > 0);
}

/// Whatever was begun is undone.
pub async fn transactions(suite: Suite) {
    let engine = engine(&suite, 10).await;
    at_every_point!(|at| {
        let work = async {
            let mut tx = engine.begin().await?;
            tx.execute(Person::insert().row(person(11))).await?;
            tx.fetch_all(Person::select()).await?;
            tx.execute(Person::update().set(Person::AGE, Some(1))).await?;
            tx.rollback().await
        };
        let ended = cut(work, at).await;
        is_well(&engine, at, 10).await;
        assert!(everybody(&engine).await.into_iter().eq(people(10).map(|person| row(&person))));
        ended.map(|result| result.unwrap_or_else(|error| panic!("{error}"))).is_some()
    });
}

/// All of a transaction is there, or nothing; one that was answered is there.
pub async fn commits_happen_or_do_not(suite: Suite) {
    let engine = engine(&suite, 3).await;
    let (mut kept, mut undone) = (0, 0);
    at_every_point!(|at| {
        let work = async {
            let mut tx = engine.begin().await?;
            tx.execute(Person::insert().row(person(11))).await?;
            tx.execute(Person::insert().row(person(12))).await?;
            tx.commit().await
        };
        let ended = cut(work, at).await;
        answers(&engine, 8).await;
        let there = count(&engine).await;
        assert!(there == 3 || there == 5, "half of a transaction is there: {there} rows");
        assert!(there == 5 || ended.is_none(), "a commit that was answered is not there");
        if there == 5 {
            kept += 1
        } else {
            undone += 1
        }
        engine.execute(Person::delete().filter(Person::ID.gt(3))).await.unwrap_or_else(|error| panic!("{error}"));
        is_well(&engine, at, 3).await;
        ended.map(|result: Result<()>| result.unwrap_or_else(|error| panic!("{error}"))).is_some()
    });
    // A driver whose replies are always there at once is never interrupted.
    assert!(kept > 0 && (undone > 0 || kept == 1), "{kept} kept, {undone} undone");
}

/// What stood before the savepoint stays.
pub async fn savepoints(suite: Suite) {
    if !suite.has(crate::Capability::Savepoints) {
        return;
    }
    let engine = engine(&suite, 3).await;
    at_every_point!(|at| {
        let mut tx = engine.begin().await.unwrap_or_else(|error| panic!("{error}"));
        let inserted = tx.execute(Person::insert().row(person(11))).await;
        assert_eq!(inserted.unwrap_or_else(|error| panic!("{error}")), 1);
        let work = async {
            let mut inner = tx.savepoint().await?;
            inner.execute(Person::insert().row(person(12))).await?;
            inner.rollback().await
        };
        let ended = cut(work, at).await;
        let query = select(Person::ID).filter(Person::ID.gt(3));
        assert_eq!(tx.fetch_all(query).await.unwrap_or_else(|error| panic!("{error}")), [11]);
        tx.rollback().await.unwrap_or_else(|error| panic!("{error}"));
        is_well(&engine, at, 3).await;
        ended.map(|result| result.unwrap_or_else(|error| panic!("{error}"))).is_some()
    });
}

/// All rows, or none.
pub async fn bulk_inserts(suite: Suite) {
    let engine = engine(&suite, 3).await;
    let mut points: Vec<usize> = (1..12).collect();
    points.extend([16, 24, 40, 80, 160, 320, 640, 1_280, 100_000]);
    let mut has_ended = false;
    for at in points {
        let rows = (4..=20_000).map(person);
        let ended = cut(engine.insert(Person::insert().rows(rows)), at).await;
        answers(&engine, 8).await;
        let there = count(&engine).await;
        assert!(there == 3 || there == 20_000, "{there} rows of a bulk insert");
        assert!(there == 20_000 || ended.is_none());
        engine.execute(Person::delete().filter(Person::ID.gt(3))).await.unwrap_or_else(|error| panic!("{error}"));
        is_well(&engine, at, 3).await;
        if ended.is_some() {
            has_ended = true;
            break;
        }
    }
    assert!(has_ended, "a bulk insert was pending 100,000 times");
}

/// A stream that is polled and left.
pub async fn streams(suite: Suite) {
    let engine = engine(&suite, 500).await;
    at_every_point!(|at| {
        let all = async {
            let mut stream = engine.stream(select(Person::ID).order_by(Person::ID));
            let mut number = 0;
            while let Some(id) = stream.next().await {
                number += 1;
                assert_eq!(id.unwrap_or_else(|error| panic!("{error}")), number);
            }
            assert_eq!(number, 500);
        };
        let ended = cut(all, at).await.is_some();
        is_well(&engine, at, 500).await;
        ended
    });
}

/// A connection that is half open is none.
pub async fn connecting(suite: Suite) {
    let _keeper = engine(&suite, 3).await;
    at_every_point!(|at| {
        let settings = Settings { pool_size: Some(1), ..Settings::default() };
        let ended = cut(suite.open(&settings), at).await;
        let engine = suite.engine_with(settings, &[]).await;
        is_well(&engine, at, 3).await;
        engine.close().await;
        ended.map(|engine| engine.unwrap_or_else(|error| panic!("{error}"))).is_some()
    });
}

/// A place in the line that is given up.
pub async fn waiting_for_a_connection(suite: Suite) {
    let engine = engine(&suite, 3).await;
    for at in 1..4 {
        let held = engine.acquire().await.unwrap_or_else(|error| panic!("{error}"));
        let waited = tokio::time::timeout(Duration::from_millis(20), cut(engine.acquire(), at));
        assert!(!matches!(waited.await, Ok(Some(_))), "two have the only connection");
        drop(held);
        is_well(&engine, at, 3).await;
        assert_eq!(engine.pool_status().waiting, 0);
    }
}

/// The locks of a transaction that was dropped in the middle of a statement are gone within a second.
pub async fn locks_are_gone_soon(suite: Suite) {
    let engine = engine(&suite, 10).await;
    let other = suite.single(&[]).await;
    for at in 1..5 {
        let work = async {
            let mut tx = engine.begin().await?;
            tx.execute(Person::update().set(Person::AGE, Some(1)).filter(Person::ID.eq(5))).await?;
            tx.fetch_all(text("SELECT a.id FROM suite_person a, suite_person b, suite_person c, suite_person d")).await
        };
        // It is dropped, and nobody uses the engine for a while.
        let _ = cut(work, at).await;
        let start = Instant::now();
        let set = other.execute(Person::update().set(Person::AGE, Some(2)).filter(Person::ID.eq(5))).await;
        assert_eq!(set.unwrap_or_else(|error| panic!("the lock is still held: {error}")), 1);
        assert!(start.elapsed() < Duration::from_secs(1), "the lock was held for {:?}", start.elapsed());
        is_well(&engine, at, 10).await;
    }
}

/// Several dropped futures in a row, of several kinds, on several connections.
pub async fn many_at_random(suite: Suite) {
    let settings = Settings { pool_size: Some(3), stream_rows: Some(20), ..Settings::default() };
    let engine = suite.engine_with(settings, schema![Person]).await;
    let inserted = engine.insert(Person::insert().rows(people(200))).await;
    inserted.unwrap_or_else(|error| panic!("{error}"));
    let mut seed = 12_345_u64;
    let mut random = |below: u64| {
        // A linear congruential generator: the same run each time.
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((seed >> 33) % below).unwrap_or(0)
    };
    for round in 0..300_i64 {
        let pending = random(6) + 1;
        match random(6) {
            0 => drop(cut(engine.fetch_one(select(value(-round))), pending).await),
            1 => drop(cut(engine.fetch_all(Person::select()), pending).await),
            2 => drop(cut(engine.execute(Person::update().set(Person::AGE, Some(5))), pending).await),
            3 => {
                let work = engine.transaction(async |tx| {
                    tx.execute(Person::insert().row(person(900))).await.and(Err::<(), _>(Error::other("no")))
                });
                drop(cut(work, pending).await);
            }
            4 => {
                let mut stream = engine.stream(Person::select());
                drop(cut(stream.next(), pending).await);
            }
            _ => drop(cut(engine.fetch_all(text("SELECT no_such_column FROM suite_person")), pending).await),
        }
        answers(&engine, round).await;
        let id = round % 200 + 1;
        let found = engine.fetch_one(select(Person::NAME).filter(Person::ID.eq(id))).await;
        assert_eq!(found.unwrap_or_else(|error| panic!("round {round}: {error}")), format!("person {id}"));
    }
    assert_eq!(count(&engine).await, 200);
    assert!(engine.pool_status().open <= 3);
}

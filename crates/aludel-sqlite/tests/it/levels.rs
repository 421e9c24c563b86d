//! Levels that one transaction begins and ends itself.

use std::future::Future;
use std::panic::Location;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use aludel::prelude::*;
use aludel::{Transaction, blocking};
use aludel_engine::blocking::block_on;

use crate::support::{Lines, User, blocking_engine, engine, is_free, poll_and_drop, user};

/// More polls than any of the futures takes.
const POLLS: usize = 8;

#[track_caller]
fn here() -> &'static Location<'static> {
    Location::caller()
}

async fn add(tx: &mut Transaction<'_>, id: i64) {
    tx.execute(User::insert().row(user(id))).await.unwrap();
}

async fn ids(tx: &mut Transaction<'_>) -> Vec<i64> {
    tx.fetch_all(select(User::ID).order_by(User::ID)).await.unwrap()
}

/// Polls so many times at once, so that the other side may not have begun, and drops it.
fn poll_at_once<F: Future>(future: F, polls: usize) -> bool {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    (0..polls).any(|_| matches!(future.as_mut().poll(&mut context), Poll::Ready(_)))
}

async fn levels_nest(tx: &mut Transaction<'_>) {
    assert_eq!((tx.level(), tx.is_usable()), (1, true));
    add(tx, 1).await;
    assert_eq!(tx.begin_level(here()).await.unwrap(), 2);
    add(tx, 2).await;
    assert_eq!(tx.begin_level(here()).await.unwrap(), 3);
    add(tx, 3).await;
    assert_eq!(tx.level(), 3);
    tx.rollback_level(here()).await.unwrap();
    assert_eq!((ids(tx).await, tx.level()), (vec![1, 2], 2));
    assert_eq!(tx.begin_level(here()).await.unwrap(), 3);
    add(tx, 4).await;
    tx.release_level(here()).await.unwrap();
    // One that borrows stands above them, and has levels of its own.
    let mut inner = tx.savepoint().await.unwrap();
    assert_eq!(inner.level(), 3);
    add(&mut inner, 5).await;
    assert_eq!(inner.begin_level(here()).await.unwrap(), 4);
    add(&mut inner, 6).await;
    inner.rollback_level(here()).await.unwrap();
    let error = inner.rollback_level(here()).await.unwrap_err();
    assert!(error.to_string().contains("no level is open"), "{error}");
    inner.begin_level(here()).await.unwrap();
    add(&mut inner, 7).await;
    inner.commit().await.unwrap();
    assert_eq!((ids(tx).await, tx.level()), (vec![1, 2, 4, 5, 7], 2));
    let mut inner = tx.savepoint().await.unwrap();
    inner.begin_level(here()).await.unwrap();
    add(&mut inner, 8).await;
    drop(inner);
    assert_eq!(tx.level(), 2);
    assert_eq!(ids(tx).await, [1, 2, 4, 5, 7]);
    tx.rollback_level(here()).await.unwrap();
    assert_eq!((ids(tx).await, tx.level()), (vec![1], 1));
    let error = tx.release_level(here()).await.unwrap_err();
    assert!(error.to_string().contains("no level is open") && error.location().is_some(), "{error}");
    assert!(tx.is_usable());
}

#[tokio::test]
async fn levels_nest_in_one_transaction() {
    let engine = engine().await;
    let mut tx = engine.begin().await.unwrap();
    levels_nest(&mut tx).await;
    tx.begin_level(here()).await.unwrap();
    add(&mut tx, 9).await;
    tx.begin_level(here()).await.unwrap();
    add(&mut tx, 10).await;
    tx.commit().await.unwrap();
    assert_eq!(engine.fetch_all(select(User::ID).order_by(User::ID)).await.unwrap(), [1, 9, 10]);
    let mut tx = engine.begin().await.unwrap();
    tx.begin_level(here()).await.unwrap();
    add(&mut tx, 11).await;
    drop(tx);
    let mut tx = engine.begin().await.unwrap();
    tx.begin_level(here()).await.unwrap();
    add(&mut tx, 12).await;
    tx.rollback().await.unwrap();
    assert_eq!(engine.fetch_all(select(User::ID).order_by(User::ID)).await.unwrap(), [1, 9, 10]);
    is_free(&engine).await;
}

#[test]
fn levels_nest_in_one_transaction_without_async() {
    let engine = blocking_engine();
    let mut tx = engine.begin().unwrap();
    block_on(levels_nest(tx.as_async()));
    let mut tx = tx.into_async();
    block_on(tx.begin_level(here())).unwrap();
    block_on(add(&mut tx, 9));
    block_on(tx.commit()).unwrap();
    assert_eq!(engine.fetch_all(select(User::ID).order_by(User::ID)).unwrap(), [1, 9]);
    let mut tx = engine.begin().unwrap();
    block_on(tx.as_async().begin_level(here())).unwrap();
    block_on(add(tx.as_async(), 10));
    drop(tx);
    assert_eq!(engine.fetch_all(select(User::ID).order_by(User::ID)).unwrap(), [1, 9]);
}

#[tokio::test]
async fn they_are_told_and_logged_as_savepoints_are() {
    let lines = Lines::default();
    let engine = Engine::builder("sqlite::memory:").echo(true).echo_to(lines.clone()).connect().await.unwrap();
    let told = Arc::new(Mutex::new(Vec::new()));
    let note = |name: &'static str| {
        let told = Arc::clone(&told);
        move |event: &mut aludel::events::TransactionEvent<'_>| {
            told.lock().unwrap().push(format!("{name} {}", event.level))
        }
    };
    let events = engine.events();
    events.savepoint(note("set"));
    events.release_savepoint(note("release"));
    events.rollback_savepoint(note("back"));
    events.commit(note("commit"));
    let mut tx = engine.begin().await.unwrap();
    lines.take();
    tx.begin_level(here()).await.unwrap();
    tx.begin_level(here()).await.unwrap();
    tx.rollback_level(here()).await.unwrap();
    tx.begin_level(here()).await.unwrap();
    tx.release_level(here()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(*told.lock().unwrap(), ["set 2", "set 3", "back 3", "set 3", "release 3", "release 2", "commit 1"]);
    let expected = [
        "SAVEPOINT aludel_2",
        "SAVEPOINT aludel_3",
        "ROLLBACK TO SAVEPOINT aludel_3",
        "RELEASE SAVEPOINT aludel_3",
        "SAVEPOINT aludel_3",
        "RELEASE SAVEPOINT aludel_3",
        "RELEASE SAVEPOINT aludel_2",
        "COMMIT",
    ];
    assert!(lines.take().lines().eq(expected));
}

#[tokio::test]
async fn a_dropped_future_leaves_what_it_says() {
    let engine = engine().await;
    let (mut begun, mut ended) = (false, false);
    for polls in 0..POLLS {
        for at_once in [false, true] {
            let mut tx = engine.begin().await.unwrap();
            add(&mut tx, 1).await;
            tx.begin_level(here()).await.unwrap();
            add(&mut tx, 2).await;
            // Begun or not.
            let future = tx.begin_level(here());
            let has_ended = if at_once { poll_at_once(future, polls) } else { poll_and_drop(future, polls).await };
            assert_eq!(tx.level(), if has_ended { 3 } else { 2 });
            assert_eq!(ids(&mut tx).await, [1, 2]);
            begun |= has_ended;
            if !has_ended {
                tx.begin_level(here()).await.unwrap();
            }
            add(&mut tx, 3).await;
            // Released, if it was polled at all.
            let future = tx.release_level(here());
            let has_ended = if at_once { poll_at_once(future, polls) } else { poll_and_drop(future, polls).await };
            assert_eq!(tx.level(), if polls == 0 { 3 } else { 2 });
            assert_eq!(ids(&mut tx).await, [1, 2, 3]);
            ended |= has_ended;
            if polls == 0 {
                tx.release_level(here()).await.unwrap();
            }
            // Undone, if it was polled at all.
            let future = tx.rollback_level(here());
            if at_once {
                poll_at_once(future, polls)
            } else {
                poll_and_drop(future, polls).await
            };
            assert_eq!(tx.level(), if polls == 0 { 2 } else { 1 });
            assert!(tx.is_usable());
            assert_eq!(ids(&mut tx).await, if polls == 0 { vec![1, 2, 3] } else { vec![1] });
            // Whatever was left behind, further levels are right.
            let level = tx.level();
            assert_eq!(tx.begin_level(here()).await.unwrap(), level + 1);
            add(&mut tx, 4).await;
            tx.rollback_level(here()).await.unwrap();
            tx.begin_level(here()).await.unwrap();
            add(&mut tx, 5).await;
            tx.commit().await.unwrap();
            let expected = if polls == 0 { vec![1, 2, 3, 5] } else { vec![1, 5] };
            assert_eq!(engine.fetch_all(select(User::ID).order_by(User::ID)).await.unwrap(), expected);
            engine.execute(User::delete()).await.unwrap();
            is_free(&engine).await;
        }
    }
    assert!(begun && ended);
}

#[tokio::test]
async fn a_savepoint_that_was_dropped_at_once() {
    let engine = engine().await;
    for polls in 0..POLLS {
        let mut tx = engine.begin().await.unwrap();
        add(&mut tx, 1).await;
        // Set or not.
        poll_at_once(tx.savepoint(), polls);
        assert_eq!(ids(&mut tx).await, [1]);
        // Committed.
        let mut inner = tx.savepoint().await.unwrap();
        add(&mut inner, 2).await;
        poll_at_once(inner.commit(), polls);
        assert_eq!(ids(&mut tx).await, if polls == 0 { vec![1] } else { vec![1, 2] });
        // Undone.
        let mut inner = tx.savepoint().await.unwrap();
        add(&mut inner, 3).await;
        poll_and_drop(inner.rollback(), polls).await;
        assert_eq!(ids(&mut tx).await, if polls == 0 { vec![1] } else { vec![1, 2] });
        tx.rollback().await.unwrap();
    }
}

#[tokio::test]
async fn a_bulk_insert_that_never_began() {
    let engine = engine().await;
    let mut tx = engine.begin().await.unwrap();
    add(&mut tx, 1).await;
    for polls in 0..POLLS {
        // Its savepoint may not be set when it is dropped.
        let has_ended = poll_at_once(tx.insert(User::insert().rows((2..200).map(user))), polls);
        assert_eq!(ids(&mut tx).await.len(), if has_ended { 199 } else { 1 });
        assert!(tx.is_usable());
        // Nor when a row can't be written.
        let error =
            tx.insert(User::insert().tuples((User::NAME, User::ID), [(Unwritable, 7_i64), (Unwritable, 8)])).await;
        assert!(error.unwrap_err().to_string().contains("it can't be written"));
        assert_eq!(tx.fetch_one(select(value(1_i64))).await.unwrap(), 1);
        tx.execute(User::delete().filter(User::ID.gt(1))).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(engine.fetch_all(select(User::ID)).await.unwrap(), [1]);
}

struct Unwritable;

impl aludel::Encode for Unwritable {
    fn encode(&self, _: &mut dyn aludel::ParamSink) -> std::result::Result<(), aludel::Fault> {
        Err(aludel::Fault::custom("it can't be written"))
    }
    fn to_value(&self) -> aludel::Value {
        aludel::Value::Null
    }
}

async fn ended_by_the_database(tx: &mut Transaction<'_>) {
    add(tx, 1).await;
    tx.begin_level(here()).await.unwrap();
    add(tx, 2).await;
    assert!(tx.is_usable());
    let error = tx.execute(text("INSERT OR ROLLBACK INTO users (id, name) VALUES (1, 'x')")).await.unwrap_err();
    assert!(error.is_unique_violation(), "{error}");
    assert!(!tx.is_usable());
    // There is nothing to undo.
    tx.rollback_level(here()).await.unwrap();
    let error = tx.begin_level(here()).await.unwrap_err();
    assert!(error.to_string().contains("the transaction is over"), "{error}");
    let error = tx.release_level(here()).await.unwrap_err();
    assert!(error.to_string().contains("the transaction is over"), "{error}");
    assert!(!tx.is_usable());
}

#[tokio::test]
async fn a_transaction_that_the_database_has_ended() {
    let engine = engine().await;
    let mut tx = engine.begin().await.unwrap();
    ended_by_the_database(&mut tx).await;
    drop(tx);
    assert!(engine.fetch_all(User::select()).await.unwrap().is_empty());
}

#[test]
fn a_transaction_that_the_database_has_ended_without_async() {
    let engine: blocking::Engine = blocking_engine();
    let mut tx = engine.begin().unwrap();
    block_on(ended_by_the_database(tx.as_async()));
    drop(tx);
    assert!(engine.fetch_all(User::select()).unwrap().is_empty());
}

#[tokio::test]
async fn the_futures_can_go_to_another_thread() {
    fn sent<F: Future + Send>(future: F) -> F {
        future
    }
    let engine = engine().await;
    let mut tx: Transaction<'static> = engine.begin().await.unwrap();
    sent(tx.begin_level(here())).await.unwrap();
    sent(tx.release_level(here())).await.unwrap();
    sent(tx.begin_level(here())).await.unwrap();
    sent(tx.rollback_level(here())).await.unwrap();
}

//! Transactions that are committed in two steps.

use std::time::Duration;

use aludel::Engine;
use aludel::prelude::*;

use crate::backend::{Backend, url_of};
use crate::{add, balance, bank, bank_at, committed};

/// Names are the server's, and other tests use it too.
fn name(what: &str) -> String {
    format!("{what} {} {:?}", std::process::id(), std::thread::current().id())
}

#[tokio::test]
async fn both_steps() {
    for backend in Backend::SERVERS {
        let engine = bank(backend).await;
        let name = name("both");
        let mut tx = engine.begin_two_phase(&name).await.unwrap();
        tx.execute(add(1, 5)).await.unwrap();
        let prepared = tx.prepare().await.unwrap();
        assert_eq!(committed(&engine, 1).await, 100, "{backend:?}: only prepared");
        assert!(engine.prepared_transactions().await.unwrap().contains(&name), "{backend:?}");
        prepared.commit().await.unwrap();
        assert_eq!(committed(&engine, 1).await, 105, "{backend:?}");
        assert!(!engine.prepared_transactions().await.unwrap().contains(&name), "{backend:?}");
    }
}

#[tokio::test]
async fn undone_before_and_after_it_was_prepared() {
    for backend in Backend::SERVERS {
        let engine = bank(backend).await;
        let name = name("undone");
        let mut tx = engine.begin_two_phase(&name).await.unwrap();
        tx.execute(add(1, 5)).await.unwrap();
        tx.rollback().await.unwrap();
        let mut tx = engine.begin_two_phase(&name).await.unwrap();
        assert_eq!(balance(&mut tx, 1).await.unwrap(), 100, "{backend:?}");
        tx.execute(add(1, 5)).await.unwrap();
        tx.prepare().await.unwrap().rollback().await.unwrap();
        assert_eq!(committed(&engine, 1).await, 100, "{backend:?}");
        // Dropped before it was prepared, it is gone.
        let mut tx = engine.begin_two_phase(&name).await.unwrap();
        tx.execute(add(1, 5)).await.unwrap();
        drop(tx);
        engine.execute(add(1, 1)).await.unwrap();
        assert_eq!(committed(&engine, 1).await, 101, "{backend:?}");
    }
}

/// The program ends between the two steps: another one finds the transaction by its name, with its locks, and ends it.
#[tokio::test]
async fn it_outlives_its_connection() {
    for backend in Backend::SERVERS {
        let url = url_of(backend);
        let engine = bank_at(&url).await;
        for is_kept in [true, false] {
            let name = name("outlives");
            let program = Engine::connect(&url).await.unwrap();
            let mut tx = program.begin_two_phase(&name).await.unwrap();
            tx.execute(add(2, 7)).await.unwrap();
            drop(tx.prepare().await.unwrap());
            program.close().await;
            drop(program);
            let left = engine.prepared_transactions().await.unwrap();
            assert!(left.contains(&name), "{backend:?}: {left:?}");
            let before = committed(&engine, 2).await;
            if is_kept {
                engine.commit_prepared(&name).await.unwrap();
                assert_eq!(committed(&engine, 2).await, before + 7, "{backend:?}");
            } else {
                engine.rollback_prepared(&name).await.unwrap();
                assert_eq!(committed(&engine, 2).await, before, "{backend:?}");
            }
            assert!(engine.commit_prepared(&name).await.is_err(), "{backend:?}: it has ended");
            // Its locks are gone.
            engine.execute(add(2, 0)).await.unwrap();
        }
    }
}

/// MariaDB binds it to the connection that has prepared it for as long as that one is open.
#[tokio::test]
async fn it_is_waited_for_while_its_connection_closes() {
    for backend in Backend::SERVERS {
        let url = url_of(backend);
        let engine = bank_at(&url).await;
        let name = name("closing");
        let mut tx = engine.begin_two_phase(&name).await.unwrap();
        tx.execute(add(1, 5)).await.unwrap();
        let prepared = tx.prepare().await.unwrap();
        let closing = tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(100)).await;
            drop(prepared);
        });
        engine.commit_prepared(&name).await.unwrap();
        closing.await.unwrap();
        assert_eq!(committed(&engine, 1).await, 105, "{backend:?}");
    }
}

#[tokio::test]
async fn one_that_a_connection_keeps_is_named() {
    let engine = bank(Backend::MariaDb).await;
    let name = name("kept");
    let mut tx = engine.begin_two_phase(&name).await.unwrap();
    tx.execute(add(1, 5)).await.unwrap();
    let prepared = tx.prepare().await.unwrap();
    let error = engine.rollback_prepared(&name).await.unwrap_err().to_string();
    assert!(error.contains("is prepared, but can't be ended here") && error.contains(&name), "{error}");
    prepared.commit().await.unwrap();
    assert_eq!(committed(&engine, 1).await, 105);
}

/// Two databases end in the same way.
#[tokio::test]
async fn over_two_databases() {
    let (postgres, mariadb) = (bank(Backend::Postgres).await, bank(Backend::MariaDb).await);
    let name = name("transfer");
    let mut from = postgres.begin_two_phase(&name).await.unwrap();
    let mut to = mariadb.begin_two_phase(&name).await.unwrap();
    from.execute(add(1, -30)).await.unwrap();
    to.execute(add(1, 30)).await.unwrap();
    let (from, to) = (from.prepare().await.unwrap(), to.prepare().await.unwrap());
    from.commit().await.unwrap();
    to.commit().await.unwrap();
    assert_eq!((committed(&postgres, 1).await, committed(&mariadb, 1).await), (70, 130));
}

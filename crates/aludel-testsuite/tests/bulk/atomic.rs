//! All rows or none.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Waker};

use aludel::prelude::*;
use aludel_testsuite::Backend;

use crate::each::everywhere;
use crate::place::{Item, count, item, open};

everywhere!(a_row_that_is_refused, a_row_that_cannot_be_encoded, dropped_at_every_point, dropped_in_a_transaction);

async fn a_row_that_is_refused(backend: Backend) {
    let place = open(backend).await;
    for bad in [0, 1, 999, 30_000, 69_999] {
        let rows = (0..70_000).map(|number| item(if number == bad { 69_998 - (bad == 69_999) as i64 } else { number }));
        let rows =
            rows.map(move |row| if bad == 69_999 && row.number == 69_997 { Item { number: 5, ..row } } else { row });
        let error = place.engine.insert(insert(Item::TABLE).rows(rows)).await.unwrap_err();
        assert!(error.is_unique_violation(), "{bad}: {error}");
        assert_eq!(count(&place.engine).await, 0, "{bad}");
    }
    assert_eq!(place.engine.insert(insert(Item::TABLE).rows((0..70_000).map(item))).await.unwrap(), 70_000);
    assert_eq!(count(&place.engine).await, 70_000);
}

async fn a_row_that_cannot_be_encoded(backend: Backend) {
    let place = open(backend).await;
    // No database takes this: a zero byte in text on PostgreSQL, NaN elsewhere.
    let bad = |row: Item| match backend {
        Backend::Postgres => Item { name: Some("zero \0 byte".to_owned()), ..row },
        _ => Item { weight: f64::NAN, ..row },
    };
    for at in [0, 5, 20_000] {
        let rows = (0..20_001).map(|number| if number == at { bad(item(number)) } else { item(number) });
        let error = place.engine.insert(insert(Item::TABLE).rows(rows)).await.unwrap_err().to_string();
        let column = if backend == Backend::Postgres { "name" } else { "weight" };
        assert!(error.contains(column), "{at}: {error}");
        assert_eq!(count(&place.engine).await, 0, "{at}");
    }
    assert_eq!(place.engine.insert(insert(Item::TABLE).rows((0..3).map(item))).await.unwrap(), 3);
}

/// The future is polled so often and then dropped: nothing of it stays, or all does, and the next answers are right.
async fn dropped_at_every_point(backend: Backend) {
    let place = open(backend).await;
    let mut has_finished = false;
    for polls in (0..40).chain((40..400).step_by(40)) {
        let before = count(&place.engine).await;
        let from = 10_000 * polls;
        let rows = (from..from + 3000).map(item);
        let is_done = poll_times(place.engine.insert(insert(Item::TABLE).rows(rows)), polls).await;
        has_finished |= is_done;
        let after = count(&place.engine).await;
        assert!(after == before || after == before + 3000, "{polls} polls: {before}, then {after}");
        assert!(!is_done || after == before + 3000);
        let number: Vec<i64> = place.engine.fetch_all(select(value(polls))).await.unwrap();
        assert_eq!(number, [polls]);
    }
    assert!(has_finished || backend == Backend::Sqlite, "it was never polled often enough");
}

/// The same in a transaction, which goes on and is committed.
async fn dropped_in_a_transaction(backend: Backend) {
    let place = open(backend).await;
    let mut expected = 0;
    for polls in (0..30).chain((30..300).step_by(30)) {
        let from = 10_000 * polls;
        let mut tx = place.engine.begin().await.unwrap();
        tx.insert(insert(Item::TABLE).rows([item(from)])).await.unwrap();
        poll_times(tx.insert(insert(Item::TABLE).rows((from + 1..from + 3001).map(item))), polls).await;
        let counted: i64 = match tx.fetch_one(select(func::count(Item::ID))).await {
            Ok(counted) => counted,
            // An asynchronous SQLite says that a statement which was writing has taken the transaction with it.
            Err(error) if error.to_string().contains("the transaction is over") => {
                drop(tx);
                assert_eq!(count(&place.engine).await, expected, "{polls} polls");
                continue;
            }
            Err(error) => panic!("{polls} polls: {error}"),
        };
        assert!(counted == expected + 1 || counted == expected + 3001, "{polls} polls: {expected}, then {counted}");
        tx.insert(insert(Item::TABLE).rows([item(from + 5000)])).await.unwrap();
        tx.commit().await.unwrap();
        expected = counted + 1;
        assert_eq!(count(&place.engine).await, expected, "{polls} polls");
    }
}

/// Polls a future so many times, waiting a little between, and drops it. Tells whether it was ready.
async fn poll_times<F: Future>(future: F, times: i64) -> bool {
    let mut future = pin!(future);
    for _ in 0..times {
        if future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready() {
            return true;
        }
        tokio::time::sleep(std::time::Duration::from_micros(200)).await;
    }
    false
}

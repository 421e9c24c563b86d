//! What a layer on top asks of the engine, over a driver that can do the least.

use std::borrow::Cow;
use std::future::Future;
use std::panic::Location;
use std::pin::pin;
use std::task::{Context, Waker};

use aludel_core::{CacheSafety, EncodeRow, Held, Result, SqlType};
use aludel_engine::driver::{NoRows, RowFeed};
use aludel_engine::{Engine, EngineBuilder};
use aludel_sql::Each;
use aludel_sql::schema::{ColumnDef, Generated, StaticColumn, Table};

use crate::mock::Mock;

static TABLE: Table = Table {
    name: Cow::Borrowed("t"),
    schema: None,
    columns: Held::Static(&[ColumnDef {
        name: Cow::Borrowed("id"),
        sql_type: SqlType::BigInt,
        nullable: false,
        server_default: None,
        generated: Generated::No,
        collation: None,
        comment: None,
        cache: CacheSafety::Safe,
    }]),
    primary_key: Held::Static(&[0]),
    foreign_keys: Held::Static(&[]),
    uniques: Held::Static(&[]),
    checks: Held::Static(&[]),
    indexes: Held::Static(&[]),
    comment: None,
    options: Held::Static(&[]),
};
static COLUMNS: [StaticColumn; 2] = [StaticColumn::new(&TABLE, 0), StaticColumn::of_table(&TABLE, &COLUMNS)];

/// So many rows of one number.
struct Numbers(i64);

impl RowFeed for Numbers {
    fn next(&mut self, with: &mut dyn FnMut(&dyn EncodeRow) -> Result<()>) -> Result<bool> {
        if self.0 == 0 {
            return Ok(false);
        }
        self.0 -= 1;
        with(&(self.0,)).map(|()| true)
    }
}

async fn engine(mock: &Mock) -> Engine {
    EngineBuilder::<Engine>::new("mock:").driver(mock.clone()).pool_size(1).connect().await.unwrap()
}

fn poll_once(future: impl Future) {
    let is_ready = pin!(future).poll(&mut Context::from_waker(Waker::noop())).is_ready();
    assert!(!is_ready, "every reply of the driver is pending once");
}

#[tokio::test]
async fn keys_of_a_driver_that_does_not_tell_them() {
    let engine = engine(&Mock::default()).await;
    let insert = Each::insert(&COLUMNS[1], &[&COLUMNS[0]]);
    let at = Location::caller();
    let mut tx = engine.begin().await.unwrap();
    assert!(!tx.driver_traits().inserted_keys && tx.dialect().name() == engine.dialect().name());
    let mut keys = Vec::new();
    let error = tx.run_each(&insert, &mut Numbers(3), &mut NoRows, Some(&mut keys), at).await.unwrap_err();
    assert!(error.to_string().contains("does not tell the keys") && error.location() == Some(at), "{error}");
    assert_eq!(tx.run_each(&insert, &mut Numbers(3), &mut NoRows, None, at).await.unwrap().affected, 3);
}

#[tokio::test]
async fn dropped_levels() {
    let mock = Mock::default();
    let engine = engine(&mock).await;
    let at = Location::caller();
    let mut tx = engine.begin().await.unwrap();
    mock.done();
    poll_once(tx.begin_level(at));
    assert_eq!(tx.level(), 1);
    assert_eq!(tx.begin_level(at).await.unwrap(), 2);
    assert_eq!(mock.done(), ["1 batch SAVEPOINT aludel_2", "1 settle false", "1 batch SAVEPOINT aludel_2"]);
    poll_once(tx.release_level(at));
    assert_eq!(tx.level(), 1);
    assert_eq!(tx.begin_level(at).await.unwrap(), 2);
    assert_eq!(mock.done(), ["1 batch RELEASE SAVEPOINT aludel_2", "1 settle false", "1 batch SAVEPOINT aludel_2"]);
    assert_eq!(tx.begin_level(at).await.unwrap(), 3);
    poll_once(tx.rollback_level(at));
    assert_eq!((tx.level(), tx.is_usable()), (2, true));
    mock.done();
    tx.commit().await.unwrap();
    let expected = [
        "1 settle false",
        "1 batch ROLLBACK TO SAVEPOINT aludel_3",
        "1 batch RELEASE SAVEPOINT aludel_3",
        "1 batch RELEASE SAVEPOINT aludel_2",
        "1 batch COMMIT",
    ];
    assert_eq!(mock.done(), expected);
}

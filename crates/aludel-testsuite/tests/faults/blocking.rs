//! The same faults on the blocking face.

use std::time::{Duration, Instant};

use aludel::blocking::Engine;
use aludel::prelude::*;
use aludel_testsuite::Backend;
use aludel_testsuite::Proxy;

use crate::backend::{OnServer, address, assert_lost, with};

fn connect(url: &str) -> Engine {
    <Engine as Connect>::builder(url).pool_size(2).connect().unwrap()
}

fn faults(backend: Backend) {
    let database = backend.fresh();
    let proxy = Proxy::start(address(database.url())).unwrap();
    let engine = connect(&with(&proxy.url(database.url()), "read_timeout=500ms"));
    let answers = |engine: &Engine| {
        let mut held = [engine.acquire().unwrap(), engine.acquire().unwrap()];
        for (number, conn) in (0_i64..).zip(&mut held) {
            assert_eq!(conn.fetch_one(select(value(number))).unwrap(), number);
        }
    };
    answers(&engine);

    // Closed while idle.
    proxy.cut();
    std::thread::sleep(Duration::from_millis(50));
    answers(&engine);

    // In the middle of a result.
    proxy.cut_after(50_000);
    assert_lost(&engine.fetch_all(text(backend.numbers(1_000_000)).rows_as::<i64>()).unwrap_err());
    answers(&engine);

    // Nothing is said any more.
    proxy.freeze();
    let started = Instant::now();
    assert_lost(&engine.fetch_one(select(value(1_i64))).unwrap_err());
    assert!(started.elapsed() < Duration::from_secs(10));
    proxy.cut();
    proxy.thaw();
    answers(&engine);

    // In the middle of a bulk insert, which is undone as a whole.
    engine.acquire().unwrap().batch("CREATE TABLE item (id BIGINT PRIMARY KEY, name VARCHAR(50) NOT NULL)").unwrap();
    let rows = (1..100_000_i64).map(|id| {
        if id == 50_000 {
            proxy.cut();
        }
        Item { id, name: "x".repeat(40) }
    });
    assert_lost(&engine.insert(insert(Item::TABLE).rows(rows)).unwrap_err());
    answers(&engine);
    assert_eq!(engine.fetch_one(select(func::count(Item::ID))).unwrap(), 0);
}

#[derive(Entity, Clone, Debug)]
#[entity(table = "item")]
struct Item {
    #[column(primary_key)]
    id: i64,
    name: String,
}

#[test]
fn postgres() {
    faults(Backend::Postgres);
}

#[test]
fn mariadb() {
    faults(Backend::MariaDb);
}

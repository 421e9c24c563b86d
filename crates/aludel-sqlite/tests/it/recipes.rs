//! Recipes of the documentation, each a test.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aludel::blocking::Engine;
use aludel::prelude::*;

/// A monitor of slow statements in ten lines.
#[test]
fn slow_statements() {
    let engine = Engine::connect("sqlite::memory:").unwrap();
    let slow = Arc::new(Mutex::new(Vec::new()));
    let found = Arc::clone(&slow);
    engine.events().after_cursor_execute(move |event| {
        let record = event.record;
        if record.phases.total >= Duration::from_millis(20) {
            let line =
                format!("{:.0?} at {}: {} {}", record.phases.total, record.location, record.sql, record.parameters);
            found.lock().unwrap().push(line);
        }
    });

    engine.fetch_one(select(value(1_i64))).unwrap();
    let sql = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :most) SELECT count(*) FROM n";
    engine.fetch_scalar::<i64>(text(sql).bind("most", 3_000_000_i64)).unwrap();
    let slow = slow.lock().unwrap();
    assert_eq!(slow.len(), 1);
    assert!(slow[0].contains("recipes.rs:") && slow[0].ends_with("SELECT count(*) FROM n (3000000)"), "{}", slow[0]);
}

/// How many statements a request runs, and how long they take.
#[test]
fn statements_of_a_request() {
    #[derive(Default)]
    struct Request {
        statements: u32,
        time: Duration,
    }
    let engine = Engine::connect("sqlite::memory:").unwrap();
    engine.events().after_cursor_execute(|event| {
        let request = event.info.get_or_insert_with(Request::default);
        request.statements += 1;
        request.time += event.record.phases.total;
    });
    let mut connection = engine.acquire().unwrap();
    for number in 0..3_i64 {
        connection.fetch_one(select(value(number))).unwrap();
    }
    let request = connection.info().remove::<Request>().unwrap();
    assert_eq!(request.statements, 3);
    assert!(request.time > Duration::ZERO);
}

//! What a connection runs when it was given back.

use aludel::blocking::Engine;
use aludel::prelude::*;

#[test]
fn settings_of_the_last_holder_are_gone() {
    let builder = <Engine as Connect>::builder("sqlite::memory:").pool_size(1);
    let engine = builder.reset_on_return("PRAGMA foreign_keys = ON").connect().unwrap();
    let mut conn = engine.acquire().unwrap();
    conn.batch("PRAGMA foreign_keys = OFF").unwrap();
    assert_eq!(conn.fetch_scalar::<i64>(text("PRAGMA foreign_keys")).unwrap(), 0);
    drop(conn);
    assert_eq!(engine.fetch_scalar::<i64>(text("PRAGMA foreign_keys")).unwrap(), 1);
}

#[test]
fn a_reset_that_fails_costs_the_connection() {
    let builder = <Engine as Connect>::builder("sqlite::memory:").pool_size(2);
    let engine = builder.reset_on_return("SELECT * FROM nowhere").connect().unwrap();
    // Each use is of a fresh connection, since none can be reset.
    for _ in 0..3 {
        assert_eq!(engine.fetch_scalar::<i64>(text("SELECT 1")).unwrap(), 1);
    }
    assert_eq!(engine.pool_status().open, 1);
}

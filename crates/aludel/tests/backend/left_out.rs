//! Tests that are about SQLite itself.

use std::io::Write;

use super::{backend, is_sqlite};

/// Ends a test that is about SQLite itself on another backend, and tells the reason on the run's output.
macro_rules! only_sqlite {
    ($reason:literal) => {
        if crate::backend::is_left_out($reason) {
            return;
        }
    };
}
pub(crate) use only_sqlite;

/// Whether the test is to end; it is told past what libtest captures, so that it can be counted.
pub(crate) fn is_left_out(reason: &str) -> bool {
    if is_sqlite() {
        return false;
    }
    let thread = std::thread::current();
    let line = format!("only on SQLite, not on {}: {}: {reason}\n", backend().name(), thread.name().unwrap_or("?"));
    let _ = std::io::stdout().write_all(line.as_bytes());
    true
}

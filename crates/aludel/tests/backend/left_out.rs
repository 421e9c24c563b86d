//! Tests that are about SQLite itself, or about what it does not have.

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

/// Ends a test on SQLite that is about several programs which write at once, and tells the reason.
macro_rules! only_servers {
    ($reason:literal) => {
        if crate::backend::is_left_out_on_sqlite($reason) {
            return;
        }
    };
}
pub(crate) use only_servers;

/// Whether the test is to end.
pub(crate) fn is_left_out(reason: &str) -> bool {
    !is_sqlite() && tell("SQLite", reason)
}

/// The same, on SQLite.
pub(crate) fn is_left_out_on_sqlite(reason: &str) -> bool {
    is_sqlite() && tell("servers", reason)
}

/// Tells it past what libtest captures, so that it can be counted.
fn tell(only_on: &str, reason: &str) -> bool {
    let thread = std::thread::current();
    let line = format!("only on {only_on}, not on {}: {}: {reason}\n", backend().name(), thread.name().unwrap_or("?"));
    let _ = std::io::stdout().write_all(line.as_bytes());
    true
}

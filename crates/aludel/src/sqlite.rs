//! The SQLite driver, which [`Connect`](crate::Connect) knows without being told.

pub use aludel_sqlite::Sqlite;

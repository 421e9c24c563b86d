//! The PostgreSQL driver, which [`Connect`](crate::Connect) knows without being told.

pub use aludel_postgres::{Postgres, PostgresConnection};

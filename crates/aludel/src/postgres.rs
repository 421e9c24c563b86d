//! The PostgreSQL driver, which [`Connect`](crate::Connect) knows without being told, and the types that only PostgreSQL has.

pub use aludel_core::postgres as types;
pub use aludel_postgres::operators;
pub use aludel_postgres::{Postgres, PostgresConnection};

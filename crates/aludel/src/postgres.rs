//! The PostgreSQL driver, which [`Connect`](crate::Connect) knows without being told, with what only PostgreSQL can do: COPY and
//! LISTEN, and the types that only PostgreSQL has.

pub use aludel_core::postgres as types;
pub use aludel_postgres::operators;
pub use aludel_postgres::{
    CopyIn, CopyOut, CopyRowsIn, CopyRowsOut, Listener, Notification, Postgres, PostgresConnection, wait,
};

//! The PostgreSQL driver, which [`Connect`](crate::Connect) knows without being told, with what only PostgreSQL can do: COPY and
//! LISTEN.

pub use aludel_postgres::{
    CopyIn, CopyOut, CopyRowsIn, CopyRowsOut, Listener, Notification, Postgres, PostgresConnection, wait,
};

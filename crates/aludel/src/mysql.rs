//! The MySQL and MariaDB driver, which [`Connect`](crate::Connect) knows without being told.

pub use aludel_mysql::{MySql, MySqlConnection};

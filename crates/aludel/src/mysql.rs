//! The MySQL and MariaDB driver, which [`Connect`](crate::Connect) knows without being told, and the types that only they have.

pub use aludel_core::mysql as types;
pub use aludel_mysql::{MySql, MySqlConnection};

//! Reading what is in a database, and tables that are known only at run time.
#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod by_hand;
mod everywhere;
mod mysql;
mod postgres;
mod property;
mod sqlite;
mod tables;

//! The engine on MariaDB, on both faces.

#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod auth;
mod basics;
mod bulk;
mod dropped;
mod errors;
mod faults;
mod load;
mod orm;
mod prepared;
mod scripted;
mod support;
mod tls;
mod values;

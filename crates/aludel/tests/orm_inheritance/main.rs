//! Entities of several kinds: joined tables, one table, tables alone.

#![allow(clippy::unwrap_used, reason = "a test ends by panicking")]

#[path = "../backend/mod.rs"]
mod backend;
mod concrete;
mod copies;
mod in_async;
mod joined;
mod levels;
mod log;
mod random;
mod single;
mod staff;

//! The engine on SQLite, on both faces.

#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod bulk;
mod concurrent;
mod dropped;
mod each;
mod errors;
mod events;
mod levels;
mod log;
mod pool;
mod recipes;
mod reset;
mod rows;
mod script;
mod stream;
mod support;
mod tracing_spans;
mod transactions;
mod values;

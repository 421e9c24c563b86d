//! The engine on PostgreSQL, on both faces.

#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod basic;
mod bulk;
mod copy;
mod dropped;
mod garbled;
mod listen;
mod pipeline;
mod plans;
mod relay;
mod support;
mod tls;
mod values;

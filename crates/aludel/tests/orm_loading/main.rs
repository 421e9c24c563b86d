//! Loading: what comes along with the rows of a query, in a session and outside.

#![allow(clippy::unwrap_used, reason = "a test ends by panicking")]

#[path = "../backend/mod.rs"]
mod backend;
mod columns;
mod contains;
mod cost;
mod criteria;
mod filters;
mod joined;
#[path = "../orm_relationships/log.rs"]
#[expect(dead_code, reason = "not all of it is asked here")]
mod log;
mod merging;
mod model;
mod outside;
mod outside_async;
mod paths;
mod raise;
mod random;
mod selectin;
mod subquery;

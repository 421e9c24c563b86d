//! What servers and networks do wrong: each test shows the kind of the error, that no connection leaks, that no transaction is
//! half applied, and that the next request works.

#![allow(clippy::unwrap_used, reason = "a test ends by panicking")]

mod backend;
mod blocking;
mod cut;
#[path = "../each/mod.rs"]
mod each;
mod full;
mod killed;
mod restart;
mod retry;
mod silent;

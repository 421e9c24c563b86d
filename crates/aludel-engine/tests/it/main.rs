//! The engine over a driver of a third party, which can be told what goes wrong.

#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod layers;
mod mock;
mod third_party;

//! The session without `async`: the same code, polled once in the caller's thread.

mod session;

use aludel_engine::blocking::block_on;

pub use session::{Nested, NoAutoflush, Objects, Session, SessionBuilder};

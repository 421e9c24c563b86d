//! The engine and the session without `async`: the same code, polled once in the caller's thread, which is blocked while it
//! waits. No runtime is needed.

pub use aludel_engine::blocking::{
    Conn, Engine, NamedLockGuard, PartitionIter, Prepared, RowIter, Transaction, TwoPhaseTransaction, block_on,
};
pub use aludel_orm::blocking::{Nested, NoAutoflush, Objects, Session, SessionBuilder};

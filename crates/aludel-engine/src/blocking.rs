//! The same engine for programs that block: no runtime, no second copy of the code.
//!
//! Under [`Face::Blocking`](crate::driver::Face::Blocking) drivers answer at once, by blocking where they have to. So a future of the engine is ready when it
//! is first polled, and polling it once in the caller's thread is all that happens here. The one thing that may still be
//! pending is waiting for a connection that another thread holds; then the thread is parked until its turn comes.

mod block_on;
mod conn;
mod engine;
mod methods;
mod rows;
mod transaction;
mod two_phase;

pub use block_on::block_on;
pub use conn::Conn;
pub use engine::Engine;
pub use rows::{PartitionIter, RowIter};
pub use transaction::Transaction;
pub use two_phase::{NamedLockGuard, Prepared, TwoPhaseTransaction};

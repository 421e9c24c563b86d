//! Relationships in a session: each kind built, flushed, loaded, changed, taken apart and deleted.

mod log;
mod one_to_many;

//! What may go wrong with a session: futures dropped at every await point, statements that fail, locks, full pools, panics, and
//! keys that belong elsewhere.

mod dropped;
mod model;
mod slow;

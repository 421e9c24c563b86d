//! What the author of a driver tests it with: databases for tests, and the suite that every driver passes.

pub mod servers;

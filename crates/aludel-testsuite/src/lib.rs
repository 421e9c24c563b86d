//! What the author of a driver tests it with: databases for tests, and the suite that every driver passes.

mod proxy;
pub mod servers;

pub use proxy::Proxy;

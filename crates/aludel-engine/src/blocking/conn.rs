//! A connection taken from the pool, without `async`.

use aludel_core::Result;

use super::block_on;
use super::methods::blocking_methods;
use crate::info::Info;

/// A connection taken from the pool; goes back to it when dropped. [`crate::Conn`] without `async`.
#[derive(Debug)]
pub struct Conn {
    pub(crate) inner: crate::Conn,
}

impl Conn {
    /// What the program keeps with the connection.
    pub fn info(&mut self) -> &mut Info {
        self.inner.info()
    }

    /// Runs SQL without placeholders, one or several statements, and throws rows away.
    ///
    /// # Errors
    /// When the database refuses one of them; those before it have run.
    #[track_caller]
    pub fn batch(&mut self, sql: &str) -> Result<()> {
        block_on(self.inner.batch(sql))
    }
}

blocking_methods!(Conn, [&mut self], self);

//! A connection taken from the pool, without `async`.

use aludel_core::Result;
use aludel_sql::dialect::TransactionOptions;

use super::methods::blocking_methods;
use super::{Transaction, block_on};
use crate::driver::Connection;
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

    /// Begins a transaction on this connection.
    ///
    /// # Errors
    /// When the database can't begin one, or one is open.
    #[track_caller]
    pub fn begin(&mut self) -> Result<Transaction<'_>> {
        block_on(self.inner.begin()).map(|inner| Transaction { inner })
    }

    /// Begins a transaction that is like this.
    ///
    /// # Errors
    /// As [`begin`](Self::begin), and when the database has no such transactions.
    #[track_caller]
    pub fn begin_with(&mut self, options: TransactionOptions) -> Result<Transaction<'_>> {
        block_on(self.inner.begin_with(options)).map(|inner| Transaction { inner })
    }

    /// Marks the connection's lines in the log until it goes back to the pool.
    pub fn set_logging_token(&mut self, token: impl Into<Box<str>>) {
        self.inner.set_logging_token(token);
    }

    /// The connection underneath, for layers that wait by [`block_on`](super::block_on).
    pub fn as_async(&mut self) -> &mut crate::Conn {
        &mut self.inner
    }

    /// The driver's own connection, for what only it can do.
    pub fn driver(&mut self) -> &mut dyn Connection {
        self.inner.driver()
    }
}

blocking_methods!(Conn, [&mut self], self);

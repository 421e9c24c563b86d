//! Calls that are wrong in the state things are in.

use std::fmt;

/// A call that is wrong in the state things are in; the text says what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageError {
    message: String,
    is_stale_data: bool,
}

impl UsageError {
    /// What is wrong and what to do.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), is_stale_data: false }
    }

    /// A row that another program has changed or deleted since it was read; the text names it.
    #[must_use]
    pub fn stale_data(message: impl Into<String>) -> Self {
        Self { message: message.into(), is_stale_data: true }
    }

    /// Whether a row was changed or deleted by another program since it was read.
    #[must_use]
    pub const fn is_stale_data(&self) -> bool {
        self.is_stale_data
    }
}

impl fmt::Display for UsageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for UsageError {}

//! What an engine can be told.

use std::time::Duration;

/// What an engine was told, beyond its pool's and its cache's limits.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    /// Whether parameters are left out of logs and errors.
    pub(crate) hide_parameters: bool,
    /// Statements that take longer are warned of.
    pub(crate) slow: Option<Duration>,
    /// Rows that a stream fetches at once.
    pub(crate) stream_rows: usize,
    /// SQL that each connection runs when it was opened.
    pub(crate) on_connect: Vec<String>,
    /// What a connection that was given back runs before it is used again.
    pub(crate) on_return: Vec<String>,
    /// How long opening a connection may take.
    pub(crate) connect_timeout: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            hide_parameters: false,
            slow: None,
            stream_rows: 256,
            on_connect: Vec::new(),
            on_return: Vec::new(),
            connect_timeout: Duration::from_secs(30),
        }
    }
}

/// What an engine prints of its statements, as [`EngineBuilder::echo`](crate::EngineBuilder::echo) is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Echo {
    /// Nothing.
    #[default]
    Off,
    /// Each statement, and how it met the cache with its parameters; two lines.
    Statements,
    /// And the line of the program that ran it, and the rows.
    Rows,
}

impl From<bool> for Echo {
    fn from(echo: bool) -> Self {
        if echo { Self::Statements } else { Self::Off }
    }
}

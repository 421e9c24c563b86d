//! A connection that could not be had from the pool.

use std::fmt;
use std::panic::Location;
use std::time::Duration;

/// Why the pool gave no connection.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum PoolError {
    /// None came free in time.
    Timeout {
        /// How long the caller waited.
        waited: Duration,
        /// How many connections the pool may have.
        size: usize,
        /// Who holds them, longest first.
        holders: Vec<Holder>,
        /// Why the last attempt to open one failed, where one failed since the last success.
        last_connect_error: Option<String>,
    },
    /// The engine was closed.
    Closed,
}

/// Somebody who has a connection of the pool.
#[derive(Clone, Debug)]
pub struct Holder {
    /// The line of the program that took it.
    pub location: &'static Location<'static>,
    /// For how long.
    pub held: Duration,
}

impl fmt::Display for PoolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closed => f.write_str("the engine is closed and gives no more connections"),
            Self::Timeout { waited, size, holders, last_connect_error } => {
                write!(f, "no connection came free in {waited:.1?}: all {size} of the pool are in use")?;
                for holder in holders {
                    write!(f, "\n  taken at {} and held for {:.1?}", holder.location, holder.held)?;
                }
                if let Some(error) = last_connect_error {
                    write!(f, "\n  the last attempt to connect failed: {error}")?;
                }
                f.write_str("\n  give connections back sooner, or raise the pool's size")
            }
        }
    }
}

impl std::error::Error for PoolError {}

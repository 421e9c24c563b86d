//! What a query's run took, and where the time went.

use std::iter::Sum;
use std::ops::Add;
use std::time::Duration;

use crate::answers::Cells;

/// One query, run twice.
#[derive(Debug)]
pub(crate) struct Asked {
    /// Its number in the specification, 1 to 22.
    pub(crate) number: u8,
    /// Its name in the specification.
    pub(crate) title: &'static str,
    /// When no statement of its shape had been compiled.
    pub(crate) first: Run,
    /// When it came from the cache.
    pub(crate) second: Run,
}

/// One run of a query.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) rows: Vec<Cells>,
    /// From the call to the last row in hand.
    pub(crate) time: Duration,
    /// How the statement met the cache, in the log's words.
    pub(crate) cache: String,
    pub(crate) phases: Phases,
}

/// A run's time by what it was spent on; what is left to [`Run::time`] is building the statement and the program itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Phases {
    /// Until the pool gave a connection.
    pub(crate) waiting: Duration,
    /// Making SQL text and its plans; nothing when the cache has it.
    pub(crate) compiling: Duration,
    /// The database's own compiling of the SQL; nothing when the connection has it.
    pub(crate) preparing: Duration,
    /// In the database: running and fetching.
    pub(crate) executing: Duration,
    /// Turning the driver's columns into Rust values.
    pub(crate) decoding: Duration,
}

impl Phases {
    /// All phases together.
    pub(crate) fn total(self) -> Duration {
        self.waiting + self.compiling + self.preparing + self.executing + self.decoding
    }
}

impl Add for Phases {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            waiting: self.waiting + other.waiting,
            compiling: self.compiling + other.compiling,
            preparing: self.preparing + other.preparing,
            executing: self.executing + other.executing,
            decoding: self.decoding + other.decoding,
        }
    }
}

impl Sum for Phases {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), Add::add)
    }
}

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
    /// Making SQL text and its plans; nothing when the cache has it.
    pub(crate) compiling: Duration,
    /// Until the pool gave a connection.
    pub(crate) waiting: Duration,
    /// In the database: preparing, running and fetching.
    pub(crate) executing: Duration,
    /// Turning the driver's columns into Rust values.
    pub(crate) decoding: Duration,
}

impl Phases {
    /// All phases together.
    pub(crate) fn total(self) -> Duration {
        self.compiling + self.waiting + self.executing + self.decoding
    }
}

impl Add for Phases {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            compiling: self.compiling + other.compiling,
            waiting: self.waiting + other.waiting,
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

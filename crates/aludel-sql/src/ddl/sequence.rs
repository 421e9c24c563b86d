//! Sequences.

use crate::schema::Name;

/// A sequence of numbers that the database counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sequence {
    /// Its name, without quotes.
    pub name: Name,
    /// The schema it lies in, where it says so.
    pub schema: Option<Name>,
    /// The first number.
    pub start: Option<i64>,
    /// The distance between numbers.
    pub increment: Option<i64>,
    /// The smallest number.
    pub min: Option<i64>,
    /// The largest number.
    pub max: Option<i64>,
    /// How many numbers a connection takes at once.
    pub cache: Option<u32>,
    /// Whether it begins again at its end.
    pub cycle: bool,
}

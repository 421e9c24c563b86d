//! Where rows go: into the session's objects, or into lists of values.

mod cells;
mod objects;
mod parts;
mod stage;
mod unique;

pub(crate) use cells::Cells;
pub(crate) use objects::{Fetched, ObjectSink};
pub(crate) use parts::{Part, PartSink};
pub(crate) use stage::{StageFork, StageSink};

pub(crate) use unique::{distinct, first_keys, needs_prints, print, unique_rows};

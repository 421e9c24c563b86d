//! Loads that are made one object at a time, from one line of the program: N+1.

use std::panic::Location;

use hashbrown::HashMap;

use crate::relation::Relation;

/// Loads from one line after which it is worth a warning.
const THRESHOLD: u32 = 10;

/// How often each line has loaded a relationship of a single object.
#[derive(Debug, Default)]
pub(crate) struct LazyCounts {
    counts: HashMap<(usize, usize), u32, foldhash::fast::RandomState>,
}

/// A relationship that was loaded for one object after another from the same line.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct NPlusOne {
    /// The relationship.
    pub relation: &'static Relation,
    /// The line.
    pub location: &'static Location<'static>,
    /// How many loads there were when it was noticed.
    pub loads: u32,
}

impl LazyCounts {
    /// Notes a load of one object; tells when there were too many, once for each line.
    pub(crate) fn note(&mut self, relation: &'static Relation, at: &'static Location<'static>) -> Option<NPlusOne> {
        let line = (std::ptr::from_ref(relation).addr(), std::ptr::from_ref(at).addr());
        let count = self.counts.entry(line).or_insert(0);
        *count += 1;
        if *count != THRESHOLD {
            return None;
        }
        let found = NPlusOne { relation, location: at, loads: *count };
        tracing::warn!(target: "aludel::orm", location = %at, loads = *count, "{found}");
        Some(found)
    }
}

impl std::fmt::Display for NPlusOne {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} was loaded for one object {} times from {} (N+1): load it for all of them at once, by \
             `.options(selectinload({}))` on the query or `session.load(&keys, {})`",
            self.relation.full_name(),
            self.loads,
            self.location,
            self.relation.constant(),
            self.relation.constant(),
        )
    }
}

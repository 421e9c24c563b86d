//! The cases: what is measured, and by which names.

use std::fmt;

use crate::orm::{self, Orm};

/// One piece of work that every library does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    /// Select all of a table of so many users.
    Trivial(usize),
    /// A left join with a filter over so many users, into pairs of structs.
    Medium(usize),
    /// Insert so many users in one statement.
    Insert(usize),
    /// Users, their posts and their comments, loaded level by level and grouped.
    Associations,
    /// Build the reference statement and find what is known of it, without running it.
    ReferenceBuild,
    /// Build and run the reference statement.
    ReferenceCall,
    /// Insert 400,000 rows into a file.
    Bulk,
    /// Work with objects that have keys.
    Orm(Orm),
}

impl Case {
    /// Every case, in the order in which they run.
    pub(crate) fn all() -> Vec<Self> {
        const SELECTED: [usize; 5] = [1, 10, 100, 1_000, 10_000];
        const INSERTED: [usize; 5] = [1, 10, 25, 50, 100];
        let mut cases = Vec::new();
        cases.extend(SELECTED.map(Case::Trivial));
        cases.extend(SELECTED.map(Case::Medium));
        cases.extend(INSERTED.map(Case::Insert));
        cases.extend([Case::Associations, Case::ReferenceBuild, Case::ReferenceCall, Case::Bulk]);
        cases.extend(Orm::ALL.map(Case::Orm));
        cases
    }

    /// True if `name` is this case's name, or the part of it before the slash.
    pub(crate) fn is_called(self, name: &str) -> bool {
        let own = self.to_string();
        own == name || own.split('/').next() == Some(name)
    }

    /// True if there is something to compare: what a library builds is its own affair.
    pub(crate) fn has_answer(self) -> bool {
        self != Case::ReferenceBuild
    }

    /// True if one iteration is a sample by itself, and few of them must do.
    pub(crate) fn is_long(self) -> bool {
        matches!(self, Case::Bulk | Case::Orm(Orm::Insert))
    }

    /// True if the two are measured in turns with each other, so that one is compared with the other.
    pub(crate) fn runs_with(self, other: Self) -> bool {
        self == other || matches!((self, other), (Case::Orm(one), Case::Orm(two)) if one.loads() && two.loads())
    }

    /// How many times one iteration does what the case's time is given for.
    pub(crate) fn operations(self) -> usize {
        if self == Case::Orm(Orm::Index) { orm::LOADED } else { 1 }
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Case::Trivial(rows) => write!(f, "trivial/{rows}"),
            Case::Medium(rows) => write!(f, "medium/{rows}"),
            Case::Insert(rows) => write!(f, "insert/{rows}"),
            Case::Associations => f.write_str("associations"),
            Case::ReferenceBuild => f.write_str("reference/build"),
            Case::ReferenceCall => f.write_str("reference/call"),
            Case::Bulk => f.write_str("bulk400k"),
            Case::Orm(case) => f.write_str(case.name()),
        }
    }
}

//! The cases: what is measured, and by which names.

use std::fmt;

use crate::backend::Backend;
use crate::orm::{self, Orm};
use crate::{bulk, data, reference};

/// One piece of work that every library does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    /// Select all of a table of so many users.
    Trivial(usize),
    /// A left join with a filter over so many users, into pairs of structs.
    Medium(usize),
    /// Insert so many users in one statement.
    Insert(usize),
    /// Insert so many users in one statement and read their keys back, in their order.
    InsertReturning(usize),
    /// Write one column of one user, known by its key.
    Update,
    /// Users, their posts and their comments, loaded level by level and grouped.
    Associations,
    /// Build the reference statement and find what is known of it, without running it.
    ReferenceBuild,
    /// Build and run the reference statement.
    ReferenceCall,
    /// Insert 400,000 rows into a file or an empty table.
    Bulk,
    /// Read a million users without holding them.
    Stream,
    /// Work with objects that have keys.
    Orm(Orm),
}

impl Case {
    /// Every case of a database, in the order in which they run.
    pub(crate) fn all(backend: Backend) -> Vec<Self> {
        const SELECTED: [usize; 5] = [1, 10, 100, 1_000, 10_000];
        const INSERTED: [usize; 5] = [1, 10, 25, 50, 100];
        let mut cases = Vec::new();
        cases.extend(SELECTED.map(Case::Trivial));
        cases.extend(SELECTED.map(Case::Medium));
        cases.extend(INSERTED.map(Case::Insert));
        if backend != Backend::Sqlite {
            cases.extend(INSERTED.map(Case::InsertReturning));
            cases.push(Case::Update);
        }
        cases.extend([Case::Associations, Case::ReferenceBuild, Case::ReferenceCall, Case::Bulk]);
        if backend != Backend::Sqlite {
            cases.push(Case::Stream);
        }
        cases.extend(Orm::ALL.map(Case::Orm));
        cases
    }

    /// True if `name` is this case's name, or the part of it before the slash.
    pub(crate) fn is_called(self, name: &str) -> bool {
        let own = self.to_string();
        own == name || own.split('/').next() == Some(name)
    }

    /// True if there is something to compare: what a library builds is its own affair, and so are the keys that a
    /// database gives; the rest of those rows is looked at where they are read back.
    pub(crate) fn has_answer(self) -> bool {
        !matches!(self, Case::ReferenceBuild | Case::Orm(Orm::Insert))
    }

    /// True if one iteration is a sample by itself, and few of them must do.
    pub(crate) fn is_long(self) -> bool {
        matches!(self, Case::Bulk | Case::Stream | Case::Orm(Orm::Insert))
    }

    /// True if the memory is looked at.
    pub(crate) fn has_memory(self) -> bool {
        self == Case::Stream
    }

    /// The tables, and the rows that the case finds there.
    pub(crate) fn script(self, backend: Backend) -> String {
        match self {
            Case::Trivial(rows) => data::trivial(backend, rows),
            Case::Medium(rows) => data::medium(backend, rows),
            Case::Insert(_) | Case::InsertReturning(_) => data::insert(backend),
            Case::Update => data::medium(backend, data::UPDATED),
            Case::Associations => data::associations(backend),
            Case::ReferenceBuild => String::new(),
            Case::ReferenceCall => reference::script(backend),
            Case::Bulk => bulk::script(backend),
            Case::Stream => data::trivial(backend, data::STREAMED),
            Case::Orm(case) => orm::script(backend, case),
        }
    }

    /// True if it changes its tables, so that a library needs its own.
    pub(crate) fn writes(self) -> bool {
        match self {
            Case::Insert(_) | Case::InsertReturning(_) | Case::Update | Case::Bulk => true,
            Case::Orm(case) => matches!(case, Orm::Insert | Orm::Update),
            _ => false,
        }
    }

    /// The statement that empties the table which it fills.
    pub(crate) fn emptied(self, backend: Backend) -> Option<String> {
        match self {
            Case::Bulk => Some(backend.empty("items")),
            Case::Insert(_) | Case::InsertReturning(_) | Case::Orm(Orm::Insert) => Some(backend.empty("users")),
            _ => None,
        }
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
            Case::InsertReturning(rows) => write!(f, "insert_returning/{rows}"),
            Case::Update => f.write_str("update"),
            Case::Associations => f.write_str("associations"),
            Case::ReferenceBuild => f.write_str("reference/build"),
            Case::ReferenceCall => f.write_str("reference/call"),
            Case::Bulk => f.write_str("bulk400k"),
            Case::Stream => f.write_str("stream1m"),
            Case::Orm(case) => f.write_str(case.name()),
        }
    }
}

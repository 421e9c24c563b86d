//! FROM elements and their identity.

use std::sync::Arc;

use crate::ast::{Source, SourceKind};
use crate::schema::{StaticColumn, Table};

/// Something rows come from: a table that a column implies, or a source that the program made.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Element<'a> {
    /// The table of a column.
    Table(&'static Table),
    /// A source.
    Source(&'a Source),
}

/// What tells one FROM element from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    /// A static table's address.
    Table(usize),
    /// A source's number.
    Id(u64),
}

impl<'a> Element<'a> {
    pub(crate) fn of_column(column: &'static StaticColumn, source: Option<&'a Arc<Source>>) -> Self {
        source.map_or(Self::Table(column.table), |source| Self::Source(source))
    }

    pub(crate) fn key(self) -> Key {
        match self {
            Self::Table(table) => Key::Table(address(table)),
            Self::Source(source) => key(source),
        }
    }

    /// The table it is, or is another name for.
    pub(crate) fn table(self) -> Option<&'a Table> {
        match self {
            Self::Table(table) => Some(table),
            Self::Source(source) => table(source),
        }
    }

    /// An owned source for it, to make expressions of.
    pub(crate) fn to_source(self) -> Source {
        match self {
            Self::Table(table) => Source { kind: SourceKind::Table(table), id: None },
            Self::Source(source) => source.clone(),
        }
    }

    /// What a person calls it.
    pub(crate) fn title(self) -> String {
        match self {
            Self::Table(table) => table.full_name(),
            Self::Source(source) => title(source),
        }
    }
}

/// A source's key. A source without a number is told by the address of what it shares with its copies.
pub(crate) fn key(source: &Source) -> Key {
    match (&source.kind, source.id) {
        (SourceKind::Table(table), _) => Key::Table(address(table)),
        (_, Some(id)) => Key::Id(id),
        (SourceKind::Runtime(table), None) => Key::Table(address(table)),
        (SourceKind::Derived { query, .. }, None) => Key::Table(Arc::as_ptr(query).addr()),
        (SourceKind::Cte { body, .. }, None) => Key::Table(Arc::as_ptr(body).addr()),
        (SourceKind::Alias { of, .. }, None) => Key::Table(Arc::as_ptr(of).addr()),
        _ => Key::Table(std::ptr::from_ref(source).addr()),
    }
}

/// The table that a source is, or is another name for.
pub(crate) fn table(source: &Source) -> Option<&Table> {
    match &source.kind {
        SourceKind::Table(table) => Some(table),
        SourceKind::Runtime(table) => Some(table),
        SourceKind::Alias { of, .. } => table(of),
        _ => None,
    }
}

/// The name that the program gave a source.
pub(crate) fn given_name(source: &Source) -> Option<&Arc<str>> {
    match &source.kind {
        SourceKind::Alias { name, .. }
        | SourceKind::Derived { name, .. }
        | SourceKind::Cte { name, .. }
        | SourceKind::Function { name, .. }
        | SourceKind::Values { name, .. }
        | SourceKind::Text { name, .. } => name.as_ref(),
        SourceKind::Table(_) | SourceKind::Runtime(_) => None,
    }
}

fn title(source: &Source) -> String {
    match (given_name(source), &source.kind) {
        (Some(name), _) => name.to_string(),
        (None, SourceKind::Table(table)) => table.full_name(),
        (None, SourceKind::Runtime(table)) => table.full_name(),
        (None, SourceKind::Alias { of, .. }) => format!("alias of {}", title(of)),
        (None, SourceKind::Derived { .. }) => "a subquery".to_owned(),
        (None, SourceKind::Cte { .. }) => "a CTE".to_owned(),
        (None, SourceKind::Function { .. }) => "a function".to_owned(),
        (None, SourceKind::Values { .. }) => "a list of values".to_owned(),
        (None, SourceKind::Text { .. }) => "a piece of text".to_owned(),
    }
}

fn address(table: &Table) -> usize {
    std::ptr::from_ref(table).addr()
}

//! What a database is read into, beside its tables.

use std::fmt;
use std::sync::Arc;

use aludel_core::EnumType;

use super::{Name, Table};
use crate::ddl::Sequence;

/// What lies in one schema (namespace) of a database.
///
/// Objects are in the order of their names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Schema {
    /// Its name; none for the one that names without a schema mean.
    pub name: Option<Name>,
    /// Tables.
    pub tables: Vec<Arc<Table>>,
    /// Views.
    pub views: Vec<View>,
    /// Sequences that no column owns.
    pub sequences: Vec<Sequence>,
    /// Enumerations that are types of their own.
    pub enums: Vec<EnumType>,
    /// What is there and has no place in these structures.
    pub notes: Vec<Note>,
}

/// A view.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// Its name, schema, columns and comment. It has no keys, constraints or indexes, but for those of a materialized one.
    pub table: Arc<Table>,
    /// The query.
    pub definition: Name,
    /// Whether its rows are kept.
    pub materialized: bool,
}

/// Something in the database that the structures have no place for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Note {
    /// The table, view or type.
    pub object: String,
    /// The column, index or constraint of it.
    pub part: Option<String>,
    /// What it is, in words.
    pub what: String,
    /// Whether it is missing in what was read. Otherwise it is kept to the letter, as an unknown type is, and only this database
    /// understands it.
    pub is_lost: bool,
}

impl Schema {
    /// The table with this name.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<&Arc<Table>> {
        self.tables.iter().find(|table| table.name == name)
    }

    /// The view with this name.
    #[must_use]
    pub fn view(&self, name: &str) -> Option<&View> {
        self.views.iter().find(|view| view.table.name == name)
    }

    /// What is there and has no place in these structures: nothing is left out in silence.
    #[must_use]
    pub fn unsupported(&self) -> &[Note] {
        &self.notes
    }
}

impl Note {
    /// Something that is missing in what was read.
    #[must_use]
    pub fn lost(object: &str, part: Option<&str>, what: impl Into<String>) -> Self {
        Self { object: object.to_owned(), part: part.map(str::to_owned), what: what.into(), is_lost: true }
    }

    /// Something that is kept to the letter.
    #[must_use]
    pub fn kept(object: &str, part: Option<&str>, what: impl Into<String>) -> Self {
        Self { is_lost: false, ..Self::lost(object, part, what) }
    }
}

impl fmt::Display for Note {
    /// `film.title: the type "ltree" is kept by its name`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.object)?;
        if let Some(part) = &self.part {
            write!(f, ".{part}")?;
        }
        write!(f, ": {}", self.what)
    }
}

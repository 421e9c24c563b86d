//! A table while its parts are read, one catalog after the other.

use std::sync::Arc;

use aludel_core::{Decode, EnumType, Held, Result, Row};

use crate::schema::{Check, ColumnDef, ForeignKey, Index, Name, Note, Schema, Table, TableOption, Unique, View};

/// A table while its parts are read.
#[derive(Debug, Default)]
pub(in crate::dialect) struct Draft {
    pub(in crate::dialect) name: String,
    pub(in crate::dialect) columns: Vec<ColumnDef>,
    pub(in crate::dialect) primary_key: Vec<usize>,
    pub(in crate::dialect) foreign_keys: Vec<ForeignKey>,
    pub(in crate::dialect) uniques: Vec<Unique>,
    pub(in crate::dialect) checks: Vec<Check>,
    pub(in crate::dialect) indexes: Vec<Index>,
    pub(in crate::dialect) comment: Option<Name>,
    pub(in crate::dialect) options: Vec<TableOption>,
    /// A view's query, and whether its rows are kept.
    pub(in crate::dialect) view: Option<(String, bool)>,
}

/// Tables in the order in which they were begun.
#[derive(Debug, Default)]
pub(in crate::dialect) struct Drafts {
    pub(in crate::dialect) tables: Vec<Draft>,
    pub(in crate::dialect) notes: Vec<Note>,
    /// Where the table stood that was asked for last.
    last: usize,
}

impl Draft {
    pub(in crate::dialect) fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    pub(in crate::dialect) fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// The positions of these columns; those that are not there are left out.
    pub(in crate::dialect) fn positions<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Held<[usize]> {
        names.into_iter().filter_map(|name| self.position(name)).collect::<Vec<_>>().into()
    }

    fn finish(self, schema: Option<&str>) -> (Table, Option<(String, bool)>) {
        let table = Table {
            name: self.name.into(),
            schema: schema.map(|schema| schema.to_owned().into()),
            columns: self.columns.into(),
            primary_key: self.primary_key.into(),
            foreign_keys: self.foreign_keys.into(),
            uniques: self.uniques.into(),
            checks: self.checks.into(),
            indexes: self.indexes.into(),
            comment: self.comment,
            options: self.options.into(),
        };
        (table, self.view)
    }
}

impl Drafts {
    /// The table with this name: rows of a catalog may tell of tables that were made meanwhile.
    pub(in crate::dialect) fn table(&mut self, name: &str) -> Option<&mut Draft> {
        // Catalogs are read in the order of tables, so it is the last one that was asked for, or one behind it.
        let is_it = |table: &Draft| table.name == name;
        let behind = self.tables.iter().skip(self.last).position(is_it).map(|at| at + self.last);
        self.last = behind.or_else(|| self.tables.iter().position(is_it))?;
        self.tables.get_mut(self.last)
    }

    pub(in crate::dialect) fn lost(&mut self, object: &str, part: Option<&str>, what: impl Into<String>) {
        self.notes.push(Note::lost(object, part, what));
    }

    pub(in crate::dialect) fn kept(&mut self, object: &str, part: Option<&str>, what: impl Into<String>) {
        self.notes.push(Note::kept(object, part, what));
    }

    /// A type that the definitions have no word for.
    pub(in crate::dialect) fn kept_type(&mut self, object: &str, column: &str, sql_type: &str) {
        self.kept(object, Some(column), format!("the type `{sql_type}` is kept by its name"));
    }

    pub(in crate::dialect) fn finish(self, schema: Option<&str>) -> Schema {
        let mut done = Schema { name: schema.map(|name| name.to_owned().into()), ..Schema::default() };
        for draft in self.tables {
            match draft.finish(schema) {
                (table, None) => done.tables.push(Arc::new(table)),
                (table, Some((definition, materialized))) => {
                    let view = View { table: Arc::new(table), definition: definition.into(), materialized };
                    done.views.push(view);
                }
            }
        }
        done.tables.sort_by(|a, b| a.name.cmp(&b.name));
        done.views.sort_by(|a, b| a.table.name.cmp(&b.table.name));
        done.notes = self.notes;
        done.notes.sort();
        done.notes.dedup();
        done
    }
}

/// An enumeration of this name and these labels.
pub(in crate::dialect) fn enum_type(name: &str, labels: &[String]) -> EnumType {
    let labels: Vec<Held<str>> = labels.iter().map(|label| Held::from(label.as_str())).collect();
    EnumType { name: Held::from(name), labels: labels.into() }
}

/// A cell of a catalog's row.
pub(in crate::dialect) fn cell<T: Decode>(row: &Row, name: &str) -> Result<T> {
    row.get(name)
}

/// A text of a catalog's row; empty where there is NULL.
pub(in crate::dialect) fn word(row: &Row, name: &str) -> Result<String> {
    Ok(row.get::<Option<String>>(name)?.unwrap_or_default())
}

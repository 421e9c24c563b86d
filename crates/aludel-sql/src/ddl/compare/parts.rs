//! A table in parts that can be compared one by one, each told in one spelling.

use std::collections::BTreeMap;

use aludel_core::{CompileError, SqlType};

use crate::ddl::Ddl;
use crate::dialect::{Catalog, Comments, Dialect};
use crate::schema::{
    Action, ColumnDef, Deferrable, ForeignKey, Generated, Index, IndexKey, IndexPart, ServerDefault, Table,
    TableOption, Unique,
};

/// Parts by what they are; several where the same is there more than once.
pub(super) type Parts = BTreeMap<String, Vec<Part>>;

/// A part of a table.
#[derive(Debug, Default)]
pub(super) struct Part {
    /// All that matters of it but its name.
    pub(super) text: String,
    /// A constraint's name, where it says one.
    pub(super) name: Option<String>,
    /// Whether the database makes it without being asked.
    pub(super) is_by_itself: bool,
}

pub(super) fn parts(dialect: &dyn Dialect, table: &Table) -> Result<Parts, CompileError> {
    let catalog = dialect
        .catalog()
        .ok_or_else(|| CompileError::unsupported(dialect.name(), "a comparison with what is in the database"))?;
    let mut told = Told { dialect, catalog, table, parts: Parts::new() };
    told.columns()?;
    told.keys()?;
    table.checks.iter().for_each(|check| told.check(&check.sql, check.name.as_deref()));
    for index in table.indexes.iter() {
        told.index(index)?;
    }
    told.rest();
    Ok(told.parts)
}

struct Told<'a> {
    dialect: &'a dyn Dialect,
    catalog: &'a dyn Catalog,
    table: &'a Table,
    parts: Parts,
}

impl Told<'_> {
    fn put(&mut self, what: String, text: String, name: Option<&str>) {
        let part = Part { text, name: name.map(str::to_owned), is_by_itself: false };
        self.parts.entry(what).or_default().push(part);
    }

    /// Says that the database makes the part that was put last without being asked.
    fn is_by_itself(&mut self, what: &str) {
        if let Some(part) = self.parts.get_mut(what).and_then(|parts| parts.last_mut()) {
            part.is_by_itself = true;
        }
    }

    fn columns(&mut self) -> Result<(), CompileError> {
        let names: Vec<_> = self.table.stored_columns().map(|column| column.name.to_string()).collect();
        self.put("columns".to_owned(), names.join(", "), None);
        for column in self.table.stored_columns() {
            let text = self.column(&self.catalog.normal_column(self.table, column))?;
            self.put(format!("column {}", column.name), text, None);
        }
        Ok(())
    }

    fn column(&self, column: &ColumnDef) -> Result<String, CompileError> {
        let mut text = self.type_of(column)?;
        let is_key = self
            .table
            .primary_key
            .iter()
            .any(|position| self.table.columns.get(*position).is_some_and(|key| key.name == column.name));
        text.push_str(if column.nullable && !is_key { "" } else { " NOT NULL" });
        if let Some(default) = &column.server_default {
            text.push_str(&format!(" DEFAULT {}", self.default(column, default)));
        }
        match &column.generated {
            Generated::Computed { sql, stored } => {
                let kind = if *stored { "stored" } else { "virtual" };
                text.push_str(&format!(" {kind} {}", self.catalog.normal_sql(self.table, sql)));
            }
            generated => text.push_str(
                &self.dialect.generated(self.table, &ColumnDef { generated: generated.clone(), ..column.clone() })?,
            ),
        }
        if let Some(collation) = &column.collation {
            text.push_str(&format!(" COLLATE {collation}"));
        }
        if let (Some(comment), true) = (&column.comment, self.keeps_comments()) {
            text.push_str(&format!(" COMMENT {comment:?}"));
        }
        Ok(text)
    }

    /// The type's spelling, and an enumeration's labels, which may not be part of it.
    fn type_of(&self, column: &ColumnDef) -> Result<String, CompileError> {
        let mut text = self.dialect.column_type(self.table, column)?.into_owned();
        if let (SqlType::Enum(labels), true) = (&column.sql_type, self.dialect.capabilities().ddl.named_enums) {
            let labels: Vec<&str> = labels.labels.iter().map(|label| &**label).collect();
            text.push_str(&format!(" {labels:?}"));
        }
        Ok(text)
    }

    fn default(&self, column: &ColumnDef, default: &ServerDefault) -> String {
        match default {
            ServerDefault::Text(text) => {
                let mut literal = String::new();
                self.dialect.text_literal(&mut literal, text);
                self.catalog.normal_default(self.table, column, &literal).into_owned()
            }
            ServerDefault::Now => {
                self.catalog.normal_default(self.table, column, self.dialect.now_default()).into_owned()
            }
            ServerDefault::Sql(sql) | ServerDefault::Exactly(sql) => {
                self.catalog.normal_default(self.table, column, sql).into_owned()
            }
        }
    }

    fn keys(&mut self) -> Result<(), CompileError> {
        let table = self.table;
        if !table.primary_key.is_empty() {
            let name = table.primary_key_name().filter(|_| self.keeps_key_name()).map(ToString::to_string);
            self.put("primary key".to_owned(), self.names(&table.primary_key)?, name.as_deref());
        }
        for key in table.foreign_keys.iter() {
            let (what, text) = self.foreign_key(key)?;
            self.put(what, text, key.name.as_deref());
        }
        for unique in table.uniques.iter() {
            let (what, text) = self.unique(unique)?;
            self.put(what, text, unique.name.as_deref());
        }
        Ok(())
    }

    fn foreign_key(&self, key: &ForeignKey) -> Result<(String, String), CompileError> {
        let (schema, table) = key.target.table();
        let schema = schema.map(|schema| format!("{schema}.")).unwrap_or_default();
        let columns = self.names(&key.columns)?;
        let what = format!("foreign key ({columns}) to {schema}{table} ({})", key.target.columns().join(", "));
        let action = |word: &str, action: Option<Action>| match action {
            None | Some(Action::NoAction) => String::new(),
            Some(Action::Restrict) if !self.catalog.restricts_at_once() => String::new(),
            Some(action) => format!(" ON {word} {action:?}"),
        };
        let text = format!("a key{}{}", action("DELETE", key.on_delete), action("UPDATE", key.on_update));
        Ok((what, format!("{text}{}", deferrable(key.deferrable))))
    }

    fn unique(&self, unique: &Unique) -> Result<(String, String), CompileError> {
        let what = format!("unique ({})", self.names(&unique.columns)?);
        let nulls = if unique.nulls_not_distinct { " NULLS NOT DISTINCT" } else { "" };
        Ok((what, format!("a constraint{nulls}{}", deferrable(unique.deferrable))))
    }

    fn check(&mut self, sql: &str, name: Option<&str>) {
        let sql = self.catalog.normal_sql(self.table, sql).into_owned();
        self.put(format!("check {sql}"), "a check".to_owned(), name);
    }

    fn index(&mut self, index: &Index) -> Result<(), CompileError> {
        let plain: Option<Vec<usize>> = index.parts.iter().map(plain_column).collect();
        let is_plain = index.filter.is_none() && index.options.is_empty() && index.include.is_empty();
        if let (Some(columns), true, true, true) = (&plain, is_plain, index.unique, self.catalog.uniques_are_indexes())
        {
            let unique = Unique { columns: columns.clone().into(), ..Unique::default() };
            let (what, text) = self.unique(&unique)?;
            self.put(what, text, Some(&index.name));
            return Ok(());
        }
        let mut text = String::from(if index.unique { "a unique index" } else { "an index" });
        let method = index.using.as_deref().map(str::to_lowercase);
        if let Some(method) = method.filter(|method| self.catalog.default_index_method() != Some(method.as_str())) {
            text.push_str(&format!(" USING {method}"));
        }
        for part in index.parts.iter() {
            text.push_str(&format!(" [{}]", self.index_part(part)?));
        }
        if !index.include.is_empty() {
            text.push_str(&format!(" INCLUDE ({})", self.names(&index.include)?));
        }
        if let Some(filter) = &index.filter {
            text.push_str(&format!(" WHERE {}", self.catalog.normal_sql(self.table, filter)));
        }
        for option in index.options.iter() {
            text.push_str(&format!(" {option:?}"));
        }
        let what = format!("index {}", index.name);
        self.put(what.clone(), text, None);
        let serves = plain.is_some_and(|columns| self.table.foreign_keys.iter().any(|key| *key.columns == *columns));
        if serves && is_plain && !index.unique && self.catalog.indexes_foreign_keys() {
            self.is_by_itself(&what);
        }
        Ok(())
    }

    fn index_part(&self, part: &IndexPart) -> Result<String, CompileError> {
        let mut text = match &part.key {
            IndexKey::Column(position) => self.names(&[*position])?,
            IndexKey::Sql(sql) => self.catalog.normal_sql(self.table, sql).into_owned(),
        };
        if let Some(length) = part.length {
            text.push_str(&format!("({length})"));
        }
        for (word, value) in [(" COLLATE ", &part.collation), (" CLASS ", &part.operator_class)] {
            if let Some(value) = value {
                text.push_str(word);
                text.push_str(value);
            }
        }
        // NULLs come last in an ascending order and first in a descending one, where an index says it.
        let nulls_first = part.nulls_first.filter(|first| *first != part.descending);
        text.push_str(if part.descending { " DESC" } else { "" });
        text.push_str(match nulls_first {
            None => "",
            Some(true) => " NULLS FIRST",
            Some(false) => " NULLS LAST",
        });
        Ok(text)
    }

    fn rest(&mut self) {
        if let (Some(comment), true) = (&self.table.comment, self.keeps_comments()) {
            self.put("comment".to_owned(), format!("{comment:?}"), None);
        }
        for option in self.table.options.iter() {
            if let TableOption::Exclude { name, sql } = option {
                let sql = self.catalog.normal_sql(self.table, sql).into_owned();
                self.put(format!("exclude {sql}"), "an exclusion constraint".to_owned(), name.as_deref());
                continue;
            }
            if !matches!(option, TableOption::PrimaryKeyName(_)) && self.catalog.keeps_option(option) {
                let what = format!("option {option:?}");
                self.put(what.clone(), "an option".to_owned(), None);
                if self.catalog.chooses_option(option) {
                    self.is_by_itself(&what);
                }
            }
        }
    }

    fn keeps_comments(&self) -> bool {
        self.dialect.capabilities().ddl.comments != Comments::None
    }

    fn keeps_key_name(&self) -> bool {
        let is_inline = self.table.stored_columns().any(|column| self.dialect.inline_key(self.table, column).is_some());
        self.catalog.names_primary_keys() && !is_inline
    }

    fn names(&self, positions: &[usize]) -> Result<String, CompileError> {
        Ddl::new(self.dialect).column_list(self.table, positions)
    }
}

fn plain_column(part: &IndexPart) -> Option<usize> {
    match (&part.key, part) {
        (
            IndexKey::Column(position),
            IndexPart {
                descending: false, operator_class: None, collation: None, nulls_first: None, length: None, ..
            },
        ) => Some(*position),
        _ => None,
    }
}

fn deferrable(deferrable: Option<Deferrable>) -> &'static str {
    match deferrable {
        None => "",
        Some(Deferrable::InitiallyImmediate) => " DEFERRABLE INITIALLY IMMEDIATE",
        Some(Deferrable::InitiallyDeferred) => " DEFERRABLE INITIALLY DEFERRED",
    }
}

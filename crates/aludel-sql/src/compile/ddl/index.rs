//! Indexes.

use aludel_core::CompileError;

use super::Ddl;
use crate::compile::precedence::is_one_piece;
use crate::dialect::IndexUsing;
use crate::schema::{Index, IndexKey, IndexOption, IndexPart, Table};

impl Ddl<'_> {
    /// The statement that makes an index.
    ///
    /// # Errors
    /// Where the database has no such index, or where it has no name.
    pub fn create_index(&self, table: &Table, index: &Index) -> Result<String, CompileError> {
        if index.concurrently && !self.facts().concurrent_indexes {
            return Err(self.unsupported("CREATE INDEX CONCURRENTLY"));
        }
        let name = self.index_name(table, index)?;
        let (name, on) = match self.schemas.get(table.schema.as_deref()) {
            // The index's name says the schema, and the table is looked for there.
            Some(schema) if self.facts().index_names_schema => {
                (format!("{}.{}", self.quoted(schema), self.quoted(&name)), self.quoted(&table.name))
            }
            _ => (self.quoted(&name), self.table_name(table)),
        };
        let exists = self.condition("IF NOT EXISTS ", self.facts().index_if_exists)?;
        let mut sql = format!(
            "CREATE {}INDEX {}{exists}{name} ON {on}",
            self.index_kind(index),
            if index.concurrently { "CONCURRENTLY " } else { "" },
        );
        let using = self.using(index)?;
        if self.facts().index_using == IndexUsing::BeforeColumns {
            sql.push_str(&using);
        }
        sql.push(' ');
        sql.push_str(&self.index_parts(table, index)?);
        if self.facts().index_using == IndexUsing::AfterColumns {
            sql.push_str(&using);
        }
        if !index.include.is_empty() {
            if !self.facts().index_include {
                return Err(self.unsupported("INCLUDE in an index"));
            }
            sql.push_str(&format!(" INCLUDE ({})", self.columns(table, &index.include)?));
        }
        sql.push_str(&self.index_options(index)?);
        if let Some(filter) = &index.filter {
            if !self.facts().partial_indexes {
                return Err(self.unsupported("an index of some rows only"));
            }
            sql.push_str(" WHERE ");
            sql.push_str(filter);
        }
        Ok(sql)
    }

    /// The statement that drops an index.
    ///
    /// # Errors
    /// Where the database has no `IF EXISTS` and it is asked for, or where the index has no name.
    pub fn drop_index(&self, table: &Table, index: &Index) -> Result<String, CompileError> {
        let exists = self.condition("IF EXISTS ", self.facts().index_if_exists)?;
        let name = self.index_name(table, index)?;
        Ok(if self.facts().drop_index_on_table {
            format!("DROP INDEX {exists}{} ON {}", self.quoted(&name), self.table_name(table))
        } else {
            format!("DROP INDEX {exists}{}", self.qualified(table.schema.as_deref(), &name))
        })
    }

    /// An index inside CREATE TABLE.
    pub(super) fn inline_index(&self, table: &Table, index: &Index) -> Result<String, CompileError> {
        if index.filter.is_some() || !index.include.is_empty() || index.concurrently {
            return Err(self.unsupported("this index inside CREATE TABLE"));
        }
        let kind = self.index_kind(index);
        let name = self.quoted(&self.index_name(table, index)?);
        let (parts, using, options) = (self.index_parts(table, index)?, self.using(index)?, self.index_options(index)?);
        Ok(format!("{kind}INDEX {name} {parts}{using}{options}"))
    }

    fn index_name(&self, table: &Table, index: &Index) -> Result<String, CompileError> {
        if !index.name.is_empty() {
            return Ok(index.name.to_string());
        }
        let limit = self.dialect.capabilities().identifier_limit;
        self.names
            .index_name(table, index, limit)
            .ok_or_else(|| CompileError::invalid(format!("an index of \"{}\" has no name", table.full_name())))
    }

    /// The words before INDEX, each with a space behind.
    fn index_kind(&self, index: &Index) -> &'static str {
        match index.using.as_deref().and_then(|method| self.dialect.index_kind(method)) {
            Some(kind) => kind,
            None if index.unique => "UNIQUE ",
            None => "",
        }
    }

    /// What stands behind an index's columns, with a space before each.
    fn index_options(&self, index: &Index) -> Result<String, CompileError> {
        let mut sql = String::new();
        for option in index.options.iter() {
            match self.dialect.index_option(option) {
                Some(words) => {
                    sql.push(' ');
                    sql.push_str(&words);
                }
                // Its own statement, or nothing that changes which rows there may be.
                None if matches!(option, IndexOption::Comment(_) | IndexOption::With(_) | IndexOption::Invisible) => {}
                None => return Err(self.unsupported(format!("{option:?} of an index"))),
            }
        }
        Ok(sql)
    }

    fn using(&self, index: &Index) -> Result<String, CompileError> {
        match &index.using {
            None => Ok(String::new()),
            Some(method) if self.dialect.index_kind(method).is_some() => Ok(String::new()),
            Some(_) if self.facts().index_using == IndexUsing::None => Err(self.unsupported("USING in an index")),
            Some(method) => Ok(format!(" USING {}", self.quoted(method))),
        }
    }

    fn index_parts(&self, table: &Table, index: &Index) -> Result<String, CompileError> {
        let parts: Result<Vec<_>, _> = index.parts.iter().map(|part| self.index_part(table, part)).collect();
        let parts = parts?;
        if parts.is_empty() {
            return Err(CompileError::invalid(format!("an index of \"{}\" has no columns", table.full_name())));
        }
        Ok(format!("({})", parts.join(", ")))
    }

    fn index_part(&self, table: &Table, part: &IndexPart) -> Result<String, CompileError> {
        let mut sql = match &part.key {
            IndexKey::Column(position) => self.column_name(table, *position)?,
            IndexKey::Sql(_) if !self.facts().index_expressions => {
                return Err(self.unsupported("an expression in an index"));
            }
            IndexKey::Sql(sql) if self.facts().index_parentheses || !is_one_piece(sql) => format!("({sql})"),
            IndexKey::Sql(sql) => sql.to_string(),
        };
        if let Some(length) = part.length {
            if !self.facts().index_lengths {
                return Err(self.unsupported("an index of the first characters only"));
            }
            sql.push_str(&format!("({length})"));
        }
        if let Some(collation) = &part.collation {
            if !self.facts().index_collations {
                return Err(self.unsupported("COLLATE in an index"));
            }
            sql.push_str(" COLLATE ");
            self.dialect.collation(&mut sql, collation)?;
        }
        if let Some(class) = &part.operator_class {
            if !self.facts().operator_classes {
                return Err(self.unsupported("an operator class"));
            }
            sql.push(' ');
            sql.push_str(class);
        }
        sql.push_str(if part.descending { " DESC" } else { "" });
        if let Some(first) = part.nulls_first {
            if !self.facts().index_nulls {
                return Err(self.unsupported("NULLS FIRST and NULLS LAST in an index"));
            }
            sql.push_str(if first { " NULLS FIRST" } else { " NULLS LAST" });
        }
        Ok(sql)
    }
}

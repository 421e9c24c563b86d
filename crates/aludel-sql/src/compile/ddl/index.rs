//! Indexes.

use aludel_core::CompileError;

use super::Ddl;
use crate::compile::precedence::is_one_piece;
use crate::dialect::IndexUsing;
use crate::schema::{Index, IndexKey, IndexPart, Table};

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
            if index.unique { "UNIQUE " } else { "" },
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
        let word = if index.unique { "UNIQUE INDEX" } else { "INDEX" };
        let name = self.quoted(&self.index_name(table, index)?);
        Ok(format!("{word} {name} {}{}", self.index_parts(table, index)?, self.using(index)?))
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

    fn using(&self, index: &Index) -> Result<String, CompileError> {
        match &index.using {
            None => Ok(String::new()),
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
            IndexKey::Sql(sql) if self.facts().index_parentheses || !is_one_piece(sql) => format!("({sql})"),
            IndexKey::Sql(sql) => sql.to_string(),
        };
        if let Some(class) = &part.operator_class {
            if !self.facts().operator_classes {
                return Err(self.unsupported("an operator class"));
            }
            sql.push(' ');
            sql.push_str(class);
        }
        sql.push_str(if part.descending { " DESC" } else { "" });
        Ok(sql)
    }
}

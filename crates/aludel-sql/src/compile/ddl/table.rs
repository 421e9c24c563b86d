//! CREATE TABLE and DROP TABLE.

use aludel_core::CompileError;

use super::Ddl;
use crate::dialect::Comments;
use crate::schema::{ForeignKey, Generated, Index, IndexKey, IndexOption, IndexPart, Table};

impl Ddl<'_> {
    /// The statements that make a table, its indexes and its comments.
    ///
    /// # Errors
    /// Where the database has no such type, constraint or index.
    pub fn create_table(&self, table: &Table) -> Result<Vec<String>, CompileError> {
        self.create_table_without(table, &[])
    }

    /// As [`create_table`](Self::create_table), without these foreign keys.
    pub(super) fn create_table_without(
        &self,
        table: &Table,
        without: &[&ForeignKey],
    ) -> Result<Vec<String>, CompileError> {
        if table.stored_columns().next().is_none() {
            return Err(CompileError::invalid(format!("table \"{}\" has no columns", table.full_name())));
        }
        let mut lines = Vec::new();
        for column in table.stored_columns() {
            lines.push(self.column(table, column)?);
        }
        lines.extend(self.table_constraints(table, without)?);
        // Where an index can't be made only if it is missing, it is made together with the table.
        let all_inside = self.checked && !self.facts().index_if_exists;
        let (inside, behind): (Vec<_>, Vec<_>) =
            table.indexes.iter().partition(|index| all_inside || self.is_of_counted(table, index));
        for index in inside {
            lines.push(self.inline_index(table, index)?);
        }
        let mut statements = vec![format!(
            "CREATE {}TABLE {}{} (\n    {}\n){}{}",
            self.dialect.table_kind(&table.options),
            self.if_not_exists()?,
            self.table_name(table),
            lines.join(",\n    "),
            self.dialect.table_options(&table.options),
            self.inline_table_comment(table),
        )];
        for index in behind {
            statements.push(self.create_index(table, index)?);
        }
        statements.extend(self.comments(table));
        Ok(statements)
    }

    /// Whether the database wants the index at once, since it begins with a column that it counts and that no key begins with.
    fn is_of_counted(&self, table: &Table, index: &Index) -> bool {
        let Some(IndexPart { key: IndexKey::Column(first), .. }) = index.parts.first() else { return false };
        let is_counted = table.columns.get(*first).is_some_and(|column| {
            matches!(column.generated, Generated::Key | Generated::MonotonicKey | Generated::Identity { .. })
        });
        let keys = std::iter::once(&table.primary_key).chain(table.uniques.iter().map(|unique| &unique.columns));
        self.facts().counted_needs_index && is_counted && !keys.into_iter().any(|key| key.first() == Some(first))
    }

    /// The statement that drops a table.
    ///
    /// # Errors
    /// Where the database has no `IF EXISTS` and it is asked for.
    pub fn drop_table(&self, table: &Table) -> Result<String, CompileError> {
        Ok(format!("DROP TABLE {}{}", self.if_exists()?, self.table_name(table)))
    }

    /// The statements that put comments on a table and its columns, where comments are statements.
    #[must_use]
    pub fn comments(&self, table: &Table) -> Vec<String> {
        if self.facts().comments != Comments::Statements {
            return Vec::new();
        }
        let name = self.table_name(table);
        let on_table = table.comment.iter().map(|text| format!("COMMENT ON TABLE {name} IS {}", self.literal(text)));
        let on_columns = table.stored_columns().filter_map(|column| {
            let text = self.literal(column.comment.as_deref()?);
            Some(format!("COMMENT ON COLUMN {name}.{} IS {text}", self.quoted(&column.name)))
        });
        let on_indexes = table.indexes.iter().flat_map(|index| {
            index.options.iter().filter_map(|option| match option {
                IndexOption::Comment(text) => {
                    let name = self.qualified(table.schema.as_deref(), &index.name);
                    Some(format!("COMMENT ON INDEX {name} IS {}", self.literal(text)))
                }
                _ => None,
            })
        });
        on_table.chain(on_columns).chain(on_indexes).collect()
    }

    fn inline_table_comment(&self, table: &Table) -> String {
        match &table.comment {
            Some(text) if self.facts().comments == Comments::Inline => format!(" COMMENT={}", self.literal(text)),
            _ => String::new(),
        }
    }
}

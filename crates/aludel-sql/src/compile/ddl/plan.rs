//! All tables of a program at once.

use aludel_core::CompileError;

use super::{Constraint, Ddl};
use crate::ddl::{Sorted, sorted_tables};
use crate::schema::{ForeignKey, Table};

impl Ddl<'_> {
    /// The statements that make enumerations, tables, indexes and comments, each table after those that it refers to.
    ///
    /// Foreign keys that go round in a circle are added at the end, where the database wants their tables to be there.
    ///
    /// # Errors
    /// Those of [`create_table`](Self::create_table).
    pub fn create_all(&self, tables: &[&Table]) -> Result<Vec<String>, CompileError> {
        let sorted = self.sorted(tables);
        let mut statements = Vec::new();
        for labels in self.enums(&sorted.tables) {
            statements.push(self.create_enum(labels)?);
        }
        let deferred: Vec<_> = sorted.deferred.iter().map(|(_, key)| *key).collect();
        for table in &sorted.tables {
            statements.extend(self.create_table_without(table, &deferred)?);
        }
        for (table, key) in &sorted.deferred {
            let sql = self.add_constraint(table, Constraint::ForeignKey(&self.named(table, key)))?;
            statements.push(if self.checked { self.dialect.if_absent(sql) } else { sql });
        }
        Ok(statements)
    }

    /// The statements that drop tables and enumerations, each table before those that it refers to.
    ///
    /// # Errors
    /// Where the database has no `IF EXISTS` and it is asked for.
    pub fn drop_all(&self, tables: &[&Table]) -> Result<Vec<String>, CompileError> {
        let sorted = self.sorted(tables);
        let mut statements = Vec::new();
        for (table, key) in &sorted.deferred {
            let key = self.named(table, key);
            statements.push(self.drop_constraint(table, key.name.as_deref().unwrap_or_default())?);
        }
        for table in sorted.tables.iter().rev() {
            statements.push(self.drop_table(table)?);
        }
        for labels in self.enums(&sorted.tables) {
            statements.push(self.drop_enum(labels)?);
        }
        Ok(statements)
    }

    fn sorted<'t>(&self, tables: &[&'t Table]) -> Sorted<'t> {
        let mut sorted = sorted_tables(tables);
        if self.facts().forward_references {
            sorted.deferred.clear();
        }
        sorted
    }

    /// A key that is added later needs a name by which it can be found again: the one that PostgreSQL would make up.
    fn named(&self, table: &Table, key: &ForeignKey) -> ForeignKey {
        let columns = key.columns.iter().filter_map(|position| table.columns.get(*position));
        let columns: Vec<_> = columns.map(|column| &*column.name).collect();
        let name = self
            .constraint_name(table, Constraint::ForeignKey(key))
            .unwrap_or_else(|| format!("{}_{}_fkey", table.name, columns.join("_")));
        ForeignKey { name: Some(name.into()), ..key.clone() }
    }
}

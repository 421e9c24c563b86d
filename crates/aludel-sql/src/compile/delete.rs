//! DELETE.

use super::SqlWriter;
use super::insert::is_plain_table;
use super::update::{others, scope};
use crate::ast::{Delete, Source};
use crate::dialect::{MultiTable, Written};
use crate::lower::element::Element;

impl SqlWriter<'_> {
    /// Writes a DELETE.
    pub(super) fn delete(&mut self, delete: &Delete, ctes: &[&Source]) -> Written {
        self.word = "DELETE";
        self.dml_with(ctes)?;
        let others = others(&delete.table, &delete.using, delete.filter.iter());
        let style = self.capabilities.delete_using;
        self.check_tables(&delete.table, &others, style, &delete.filter)?;
        self.scopes.push(scope(&delete.table, &others));
        self.sql("DELETE ");
        self.dml_top(delete.limit.as_ref())?;
        self.sql("FROM ");
        let lists_all = style == MultiTable::List && !others.is_empty();
        if lists_all || (style == MultiTable::FromAll && !is_plain_table(&delete.table)) {
            self.source_name(&delete.table)?;
        } else {
            self.element(Element::Source(&delete.table), &[])?;
        }
        self.output(&delete.returning, &delete.table, "deleted")?;
        if lists_all && !delete.returning.is_empty() {
            return Err(
                self.unsupported_with("RETURNING in a DELETE that reads further tables", "read them by EXISTS or IN")
            );
        }
        if lists_all {
            self.sql(" USING ");
            self.element(Element::Source(&delete.table), &[])?;
            self.sql(", ");
            self.elements_list(&others)?;
        }
        let word = if style == MultiTable::FromAll { " FROM " } else { " USING " };
        self.further_tables(word, &delete.table, &others, style)?;
        self.all_of(" WHERE ", &delete.filter)?;
        self.dml_limit(delete.limit.as_ref())?;
        self.returning(&delete.returning, &delete.table, self.capabilities.returning.delete)?;
        self.scopes.pop();
        Ok(())
    }
}

//! CREATE VIEW and DROP VIEW.

use aludel_core::CompileError;

use super::Ddl;
use crate::schema::View;

impl Ddl<'_> {
    /// The statement that makes a view. Its query is written as it stands, so it is in this database's words.
    ///
    /// # Errors
    /// Where the database has no such view.
    pub fn create_view(&self, view: &View) -> Result<String, CompileError> {
        let kind = self.view_kind(view)?;
        let columns: Vec<_> = view.table.columns.iter().map(|column| self.quoted(&column.name)).collect();
        let columns = if columns.is_empty() { String::new() } else { format!(" ({})", columns.join(", ")) };
        Ok(format!("CREATE {kind} {}{columns} AS {}", self.table_name(&view.table), view.definition))
    }

    /// The statement that drops a view.
    ///
    /// # Errors
    /// Where the database has no such view, or no `IF EXISTS` and it is asked for.
    pub fn drop_view(&self, view: &View) -> Result<String, CompileError> {
        Ok(format!("DROP {} {}{}", self.view_kind(view)?, self.if_exists()?, self.table_name(&view.table)))
    }

    fn view_kind(&self, view: &View) -> Result<&'static str, CompileError> {
        match (view.materialized, self.facts().materialized_views) {
            (false, _) => Ok("VIEW"),
            (true, true) => Ok("MATERIALIZED VIEW"),
            (true, false) => Err(self.unsupported("a materialized view")),
        }
    }
}

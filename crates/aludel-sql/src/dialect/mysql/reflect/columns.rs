//! Columns.

use aludel_core::{Result, Row, SqlType};

use super::types::{native, sql_type};
use super::{LEXIS, Reading, is_text, spelling};
use crate::dialect::catalog::draft::{cell, word};
use crate::dialect::catalog::tokens::bare;
use crate::schema::{ColumnDef, Generated, Name, ServerDefault, TableOption};

impl Reading<'_> {
    pub(super) fn column(&mut self, row: &Row) -> Result<()> {
        let (table, name, told) = (word(row, "table_name")?, word(row, "name")?, word(row, "type")?);
        // Sequences have columns too.
        if self.drafts.table(&table).is_none() {
            return Ok(());
        }
        let is_json = self.is_json(&table, &name);
        let enum_name = format!("{table}_{name}");
        let found = if is_json { SqlType::Json } else { sql_type(&told, &enum_name, self.queries.dialect) };
        let mut column = ColumnDef::new(name.clone(), found);
        column.nullable = cell::<i64>(row, "is_nullable")? != 0;
        column.comment = Some(word(row, "comment")?).filter(|text| !text.is_empty()).map(Into::into);
        let extra = word(row, "extra")?.to_lowercase();
        self.value(row, &table, &extra, &mut column)?;
        for what in ["invisible", "without system versioning"] {
            if extra.contains(what) {
                self.drafts.lost(&table, Some(&name), what.to_uppercase());
            }
        }
        let collation: Option<Name> = cell::<Option<String>>(row, "collation")?.map(Into::into);
        if let Some(draft) = self.drafts.table(&table) {
            let is_usual = |collation: &Name| draft.options.contains(&TableOption::Collate(collation.clone()));
            column.collation = collation.filter(|collation| !is_json && !is_usual(collation) && draft.view.is_none());
            draft.columns.push(column);
        }
        Ok(())
    }

    /// Where the column's value comes from when an INSERT leaves it out.
    fn value(&mut self, row: &Row, table: &str, extra: &str, column: &mut ColumnDef) -> Result<()> {
        if extra.contains("auto_increment") {
            column.generated = Generated::Key;
            return Ok(());
        }
        let expression = word(row, "expression")?;
        if extra.contains(" generated") && !expression.is_empty() {
            // When a row began and ended to be true, in a table that keeps its history.
            if matches!(expression.to_uppercase().as_str(), "ROW START" | "ROW END") {
                self.drafts.lost(table, Some(&column.name), format!("GENERATED ALWAYS AS {expression}"));
                return Ok(());
            }
            let sql = if self.queries.escapes_quotes { expression.replace("\\'", "'") } else { expression };
            let stored = !extra.contains("virtual");
            column.generated = Generated::Computed { sql: bare(&sql, LEXIS).into(), stored };
            return Ok(());
        }
        let default = cell::<Option<String>>(row, "default_value")?;
        let default = default.filter(|sql| !(self.queries.defaults_are_sql && sql == "NULL"));
        column.server_default = match default {
            Some(sql) if self.queries.defaults_are_sql => Some(spelling::default(&sql)),
            Some(sql) if extra.contains("default_generated") => Some(spelling::default(&sql.replace("\\'", "'"))),
            // MySQL tells a literal without its quotes.
            Some(plain) if is_text(&column.sql_type) || plain.contains(['-', ':']) && !plain.starts_with('-') => {
                Some(ServerDefault::Text(plain.into()))
            }
            Some(plain) => Some(ServerDefault::Sql(plain.into())),
            None => None,
        };
        if let Some((_, update)) = extra.split_once("on update ") {
            let update = update.split_whitespace().next().unwrap_or(update);
            let first = match &column.server_default {
                Some(ServerDefault::Now) => "current_timestamp(6)".to_owned(),
                Some(ServerDefault::Sql(sql)) => sql.to_string(),
                Some(ServerDefault::Text(text)) => format!("'{}'", text.replace('\'', "''")),
                _ => "NULL".to_owned(),
            };
            column.server_default = Some(ServerDefault::Exactly(format!("{first} ON UPDATE {update}").into()));
            let what = "ON UPDATE, which is kept in the default";
            self.drafts.kept(table, Some(&column.name), what);
        }
        Ok(())
    }
}

/// The column as the `information_schema` would tell of it.
pub(super) fn normal(column: &ColumnDef) -> ColumnDef {
    let mut normal = column.clone();
    if let SqlType::Native(own) = &normal.sql_type {
        normal.sql_type = native(&own.name.to_lowercase());
    }
    if matches!(normal.generated, Generated::MonotonicKey | Generated::Identity { .. }) {
        normal.generated = Generated::Key;
    }
    normal
}

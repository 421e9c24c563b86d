//! Columns in CREATE TABLE and ALTER TABLE.

use std::borrow::Cow;

use aludel_core::{CompileError, SqlType};

use super::Ddl;
use crate::compile::precedence::is_one_piece;
use crate::dialect::Comments;
use crate::schema::{ColumnDef, Generated, ServerDefault, Table};

impl Ddl<'_> {
    /// `name type COLLATE … DEFAULT … NOT NULL …`.
    pub(super) fn column(&self, table: &Table, column: &ColumnDef) -> Result<String, CompileError> {
        let mut sql = self.quoted(&column.name);
        sql.push(' ');
        if let Generated::Computed { sql: expression, stored } = &column.generated {
            sql.push_str(&self.dialect.computed(table, column, expression, *stored)?);
        } else {
            sql.push_str(&self.dialect.column_type(table, column)?);
            if let Some(collation) = &column.collation {
                sql.push_str(" COLLATE ");
                self.dialect.collation(&mut sql, collation)?;
            }
        }
        if let Some(default) = &column.server_default {
            sql.push_str(" DEFAULT ");
            sql.push_str(&self.default(column, default));
        }
        sql.push_str(self.nullness(table, column));
        sql.push_str(&self.dialect.generated(table, column)?);
        sql.push_str(self.dialect.inline_key(table, column).unwrap_or_default());
        if let (Some(text), Comments::Inline) = (&column.comment, self.facts().comments) {
            sql.push_str(" COMMENT ");
            sql.push_str(&self.literal(text));
        }
        Ok(sql)
    }

    fn nullness(&self, table: &Table, column: &ColumnDef) -> &'static str {
        let is_key = table
            .primary_key
            .iter()
            .any(|position| table.columns.get(*position).is_some_and(|key| key.name == column.name));
        let is_computed = matches!(column.generated, Generated::Computed { .. });
        match column.nullable && !is_key {
            true if self.dialect.says_null() && !is_computed => " NULL",
            true => "",
            false if is_computed && !self.facts().computed_not_null => "",
            false => " NOT NULL",
        }
    }

    fn default(&self, column: &ColumnDef, default: &ServerDefault) -> String {
        let sql = match default {
            ServerDefault::Text(text) => self.literal(text),
            ServerDefault::Exactly(sql) => return sql.to_string(),
            ServerDefault::Now => self.dialect.now_default().to_owned(),
            ServerDefault::Sql(sql) => self.default_expression(sql).into_owned(),
        };
        let is_long = matches!(column.sql_type, SqlType::Text | SqlType::Blob | SqlType::Json | SqlType::Jsonb);
        let is_bare = !sql.starts_with('(') && !sql.eq_ignore_ascii_case("NULL");
        if is_long && is_bare && self.facts().long_default_parentheses { format!("({sql})") } else { sql }
    }

    /// Some databases want parentheses around whatever is no literal.
    fn default_expression<'s>(&self, sql: &'s str) -> Cow<'s, str> {
        let is_literal = sql.trim_start().starts_with(['\'', '"', '('])
            || (is_one_piece(sql) && !sql.contains('('))
            || sql.trim_start_matches(['-', '+']).bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        if is_literal || !self.facts().default_parentheses { Cow::Borrowed(sql) } else { format!("({sql})").into() }
    }
}

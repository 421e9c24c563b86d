//! What the `information_schema` of MySQL and MariaDB tells of a database.

mod columns;
mod indexes;
mod queries;
mod spelling;
mod types;

use std::borrow::Cow;

use aludel_core::{Held, Result, Row, SqlType};

use super::{MariaDb, MySql};
use crate::ddl::Sequence;
use crate::dialect::catalog::draft::{Draft, Drafts, cell, word};
use crate::dialect::catalog::tokens::{Lexis, TokenKind, bare, tokens};
use crate::dialect::{Catalog, Scope};
use crate::language::{Text, text};
use crate::schema::{Action, Check, ColumnDef, ForeignKey, Schema, Table, TableOption, Target};
use queries::{MARIADB, MYSQL, Queries};

const LEXIS: Lexis = Lexis { backslash_escapes: true, brackets: false };

/// What both tell in the same way.
macro_rules! catalog {
    ($dialect:ty, $queries:expr) => {
        impl Catalog for $dialect {
            fn schemas(&self) -> Text {
                text(queries::SCHEMAS)
            }

            fn names(&self, schema: Option<&str>) -> Text {
                queries::scoped(queries::NAMES, Scope { schema, table: None })
            }

            fn statements(&self, scope: Scope<'_>) -> Vec<Text> {
                let queries: &Queries = &$queries;
                let all = [
                    queries::RELATIONS,
                    queries.checks,
                    queries::COLUMNS,
                    queries::FOREIGN_KEYS,
                    queries.indexes,
                    queries::TRIGGERS,
                ];
                all.into_iter().map(|query| queries::scoped(query, scope)).collect()
            }

            fn read(&self, scope: Scope<'_>, answers: &[Vec<Row>]) -> Result<Schema> {
                read(&$queries, scope, answers)
            }

            fn normal_column(&self, _table: &Table, column: &ColumnDef) -> ColumnDef {
                columns::normal(column)
            }

            fn normal_sql<'s>(&self, _table: &Table, sql: &'s str) -> Cow<'s, str> {
                spelling::normal_sql(sql).into()
            }

            fn normal_default<'s>(&self, _table: &Table, column: &ColumnDef, sql: &'s str) -> Cow<'s, str> {
                spelling::normal_default(column, sql).into()
            }

            fn uniques_are_indexes(&self) -> bool {
                true
            }

            fn names_primary_keys(&self) -> bool {
                false
            }

            fn default_index_method(&self) -> Option<&'static str> {
                Some("btree")
            }

            fn indexes_foreign_keys(&self) -> bool {
                true
            }

            fn chooses_option(&self, option: &TableOption) -> bool {
                self.keeps_option(option)
            }

            fn keeps_option(&self, option: &TableOption) -> bool {
                matches!(option, TableOption::Engine(_) | TableOption::Charset(_) | TableOption::Collate(_))
            }
        }
    };
}

catalog!(MySql, MYSQL);
catalog!(MariaDb, MARIADB);

struct Reading<'a> {
    schema: Option<&'a str>,
    queries: &'a Queries,
    drafts: Drafts,
    sequences: Vec<Sequence>,
    /// Table and column of each column that takes JSON alone.
    json: Vec<(String, String)>,
}

fn read(queries: &Queries, scope: Scope<'_>, answers: &[Vec<Row>]) -> Result<Schema> {
    let answer = |index| answers.get(index).map_or(&[][..], Vec::as_slice);
    let mut reading =
        Reading { schema: scope.schema, queries, drafts: Drafts::default(), sequences: Vec::new(), json: Vec::new() };
    for row in answer(0) {
        reading.relation(row)?;
    }
    for row in answer(1) {
        reading.check(row)?;
    }
    for row in answer(2) {
        reading.column(row)?;
    }
    reading.foreign_keys(answer(3))?;
    reading.indexes(answer(4))?;
    for row in answer(5) {
        reading.drafts.lost(&word(row, "table_name")?, Some(&word(row, "name")?), "a trigger");
    }
    let sequences = reading.sequences;
    Ok(Schema { sequences, ..reading.drafts.finish(scope.schema) })
}

impl Reading<'_> {
    fn relation(&mut self, row: &Row) -> Result<()> {
        let (name, kind) = (word(row, "name")?, word(row, "kind")?);
        if kind == "SEQUENCE" {
            self.drafts.lost(&name, None, "the options of a sequence");
            let schema = self.schema.map(|schema| schema.to_owned().into());
            self.sequences.push(Sequence { name: name.into(), schema, ..Sequence::default() });
            return Ok(());
        }
        let mut draft = Draft::new(name.clone());
        if kind.ends_with("VIEW") {
            let query = unqualified(&word(row, "definition")?, &word(row, "own_schema")?);
            draft.view = Some((query, false));
            let check = word(row, "check_option")?;
            if !check.is_empty() && check != "NONE" {
                self.drafts.lost(&name, None, format!("WITH {check} CHECK OPTION"));
            }
            if word(row, "security")? == "INVOKER" {
                self.drafts.lost(&name, None, "SQL SECURITY INVOKER");
            }
            self.drafts.tables.push(draft);
            return Ok(());
        }
        draft.comment = Some(word(row, "comment")?).filter(|text| !text.is_empty()).map(Into::into);
        let collation = word(row, "collation")?;
        if let Some(engine) = cell::<Option<String>>(row, "engine")? {
            draft.options.push(TableOption::Engine(engine.into()));
        }
        if let Some((charset, _)) = collation.split_once('_') {
            draft.options.push(TableOption::Charset(charset.to_owned().into()));
        }
        draft.options.push(TableOption::Collate(collation.into()));
        if kind != "BASE TABLE" {
            self.drafts.lost(&name, None, format!("that it is {}", kind.to_lowercase()));
        }
        let options = word(row, "options")?;
        if !options.is_empty() {
            self.drafts.lost(&name, None, format!("options: {options}"));
        }
        self.drafts.tables.push(draft);
        Ok(())
    }

    fn check(&mut self, row: &Row) -> Result<()> {
        let (table, name) = (word(row, "table_name")?, word(row, "name")?);
        let clause = word(row, "check_sql")?;
        let clause = if self.queries.escapes_quotes { clause.replace("\\'", "'") } else { clause };
        // JSON is text with a condition.
        if let [function, open, column, close] = &tokens(&clause, LEXIS)[..]
            && (function.is("json_valid") && open.is("(") && close.is(")"))
            && column.unquoted() == name
        {
            self.json.push((table, name));
            return Ok(());
        }
        if cell::<i64>(row, "is_enforced")? == 0 {
            self.drafts.lost(&table, Some(&name), "NOT ENFORCED");
        }
        if let Some(draft) = self.drafts.table(&table) {
            draft.checks.push(Check { name: Some(name.into()), sql: bare(&clause, LEXIS).into() });
        }
        Ok(())
    }

    /// One row for each column of a key.
    fn foreign_keys(&mut self, rows: &[Row]) -> Result<()> {
        for key in runs(rows)? {
            let Some(first) = key.first() else { continue };
            let schema = match cell::<i64>(first, "is_own_schema")? {
                0 => Some(word(first, "target_schema")?),
                _ => self.schema.map(str::to_owned),
            };
            let Some(draft) = self.drafts.table(&word(first, "table_name")?) else { continue };
            let columns = key.iter().map(|row| word(row, "column_name")).collect::<Result<Vec<_>>>()?;
            let targets = key.iter().map(|row| Ok(word(row, "target_column")?.into())).collect::<Result<Vec<_>>>()?;
            let key = ForeignKey {
                name: Some(word(first, "name")?.into()),
                columns: draft.positions(columns.iter().map(String::as_str)),
                target: Target::Named {
                    schema: schema.map(Into::into),
                    table: word(first, "target_table")?.into(),
                    columns: Held::from(targets),
                },
                on_delete: action(&word(first, "on_delete")?),
                on_update: action(&word(first, "on_update")?),
                deferrable: None,
            };
            draft.foreign_keys.push(key);
        }
        Ok(())
    }

    fn is_json(&self, table: &str, column: &str) -> bool {
        self.json.iter().any(|(of, name)| of == table && name == column)
    }
}

/// Rows with the same table and name, which stand together.
fn runs(rows: &[Row]) -> Result<Vec<&[Row]>> {
    let mut found = Vec::new();
    let (mut start, mut key) = (0, None);
    for (at, row) in rows.iter().enumerate() {
        let own = Some((word(row, "table_name")?, word(row, "name")?));
        if own != key {
            found.extend(rows.get(start..at).filter(|run| !run.is_empty()));
            (start, key) = (at, own);
        }
    }
    found.extend(rows.get(start..).filter(|run| !run.is_empty()));
    Ok(found)
}

/// To refuse is what a key does anyhow: at once, whichever word says it.
fn action(rule: &str) -> Option<Action> {
    match rule {
        "CASCADE" => Some(Action::Cascade),
        "SET NULL" => Some(Action::SetNull),
        "SET DEFAULT" => Some(Action::SetDefault),
        _ => None,
    }
}

/// A view's query without the name of its own database before every table.
fn unqualified(query: &str, schema: &str) -> String {
    let pieces = tokens(query, LEXIS);
    let mut out = String::with_capacity(query.len());
    let mut copied = 0;
    for (at, token) in pieces.iter().enumerate() {
        let is_first = at == 0 || !pieces.get(at - 1).is_some_and(|before| before.is("."));
        let is_schema = token.kind == TokenKind::Quoted && token.unquoted() == schema && is_first;
        if let (true, Some(dot)) = (is_schema, pieces.get(at + 1).filter(|next| next.is("."))) {
            out.push_str(query.get(copied..token.start).unwrap_or_default());
            copied = dot.end();
        }
    }
    out.push_str(query.get(copied..).unwrap_or_default());
    out
}

/// Whether a type is written with a length in characters.
const fn is_text(sql_type: &SqlType) -> bool {
    matches!(sql_type, SqlType::Varchar(_) | SqlType::Char(_) | SqlType::Text | SqlType::Enum(_) | SqlType::Set(_))
}

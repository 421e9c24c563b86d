//! What SQLite tells of a database: its pragmas, and the text of CREATE, which alone knows constraints.

mod parse;
mod types;

use std::borrow::Cow;
use std::collections::HashMap;

use aludel_core::{Result, Row, SqlType};

use super::Sqlite;
use crate::dialect::catalog::draft::{Draft, Drafts, cell, word};
use crate::dialect::catalog::normal::{Spelling, normal};
use crate::dialect::catalog::tokens::Lexis;
use crate::dialect::{Catalog, Dialect, Scope};
use crate::language::{Text, text};
use crate::schema::{
    Check, ColumnDef, ForeignKey, Generated, Index, IndexKey, IndexPart, Schema, ServerDefault, Table, TableOption,
    Target, Unique,
};
use parse::{Constraint, Created, Default, created_index, created_table, created_view};

impl Catalog for Sqlite {
    fn schemas(&self) -> Text {
        text("SELECT name, name = 'main' AS is_default FROM pragma_database_list ORDER BY seq")
    }

    fn names(&self, schema: Option<&str>) -> Text {
        let schema = schema.unwrap_or("main");
        let is_own = "schema = :schema AND type != 'shadow' AND name NOT LIKE 'sqlite~_%' ESCAPE '~'";
        text(format!("SELECT name, type = 'view' AS is_view FROM pragma_table_list WHERE {is_own} ORDER BY name"))
            .bind_text("schema", schema)
    }

    fn statements(&self, scope: Scope<'_>) -> Vec<Text> {
        let schema = scope.schema.unwrap_or("main");
        let master = format!("{}.sqlite_master AS m", self.quoted(schema));
        let one = if scope.table.is_some() { " AND m.tbl_name = :table COLLATE NOCASE" } else { "" };
        let own = format!("m.name NOT LIKE 'sqlite~_%' ESCAPE '~'{one}");
        let of = |sql: String, with_schema: bool| {
            let statement = text(sql);
            let statement = if with_schema { statement.bind_text("schema", schema) } else { statement };
            match scope.table {
                Some(table) => statement.bind_text("table", table),
                None => statement,
            }
        };
        vec![
            of(format!("SELECT m.type, m.name, m.tbl_name, m.sql FROM {master} WHERE {own} ORDER BY m.name"), false),
            of(
                format!(
                    "SELECT m.name AS table_name, c.name, c.type, c.\"notnull\" AS is_not_null, \
                     c.dflt_value AS default_value, c.pk, c.hidden \
                     FROM {master} JOIN pragma_table_xinfo(m.name, :schema) AS c \
                     WHERE m.type IN ('table', 'view') AND {own} ORDER BY m.name, c.cid"
                ),
                true,
            ),
            text("SELECT name, type, wr, strict FROM pragma_table_list WHERE schema = :schema")
                .bind_text("schema", schema),
            // A foreign key that names no columns refers to the primary key.
            of(
                format!(
                    "SELECT DISTINCT f.\"table\" AS table_name, c.name, c.pk FROM {master} \
                     JOIN pragma_foreign_key_list(m.name, :schema) AS f JOIN pragma_table_xinfo(f.\"table\", :schema) AS c \
                     WHERE m.type = 'table' AND f.\"to\" IS NULL AND c.pk > 0 AND {own} ORDER BY f.\"table\", c.pk"
                ),
                true,
            ),
        ]
    }

    fn read(&self, scope: Scope<'_>, answers: &[Vec<Row>]) -> Result<Schema> {
        let answer = |index| answers.get(index).map_or(&[][..], Vec::as_slice);
        let mut reading = Reading { schema: scope.schema, drafts: Drafts::default(), keys: HashMap::new() };
        for row in answer(3) {
            reading.keys.entry(word(row, "table_name")?.to_lowercase()).or_default().push(word(row, "name")?);
        }
        let mut kinds = HashMap::new();
        for row in answer(2) {
            let kind = (word(row, "type")?, cell::<i64>(row, "wr")? != 0, cell::<i64>(row, "strict")? != 0);
            kinds.insert(word(row, "name")?, kind);
        }
        let mut columns: HashMap<String, Vec<&Row>> = HashMap::new();
        for row in answer(1) {
            columns.entry(word(row, "table_name")?).or_default().push(row);
        }
        for row in answer(0) {
            let (kind, name, sql) = (word(row, "type")?, word(row, "name")?, word(row, "sql")?);
            let columns = columns.get(&name).map_or(&[][..], Vec::as_slice);
            match kind.as_str() {
                "table" => match kinds.get(&name) {
                    Some((kind, ..)) if kind == "shadow" => {}
                    Some((kind, ..)) if kind == "virtual" => reading.virtual_table(&name, columns, &sql)?,
                    flags => {
                        let (without_rowid, strict) = flags.map_or((false, false), |(_, wr, strict)| (*wr, *strict));
                        reading.table(&name, columns, &sql, without_rowid, strict)?;
                    }
                },
                "view" => reading.view(&name, columns, &sql)?,
                _ => {}
            }
        }
        for row in answer(0) {
            let (kind, name, table) = (word(row, "type")?, word(row, "name")?, word(row, "tbl_name")?);
            match kind.as_str() {
                "index" => reading.index(&name, &table, &word(row, "sql")?),
                "trigger" => reading.drafts.lost(&table, Some(&name), "a trigger"),
                _ => {}
            }
        }
        Ok(reading.drafts.finish(scope.schema))
    }

    fn is_same_name(&self, a: &str, b: &str) -> bool {
        a.eq_ignore_ascii_case(b)
    }

    /// An integer key is the rowid, which counts by itself.
    fn normal_column(&self, table: &Table, column: &ColumnDef) -> ColumnDef {
        let mut normal = column.clone();
        let is_plain = matches!(normal.generated, Generated::No | Generated::Identity { .. });
        if is_plain && types::is_rowid(table, column) {
            normal.generated = Generated::Key;
        }
        normal.collation = normal.collation.filter(|collation| !collation.eq_ignore_ascii_case("binary"));
        normal
    }

    fn normal_sql<'s>(&self, _table: &Table, sql: &'s str) -> Cow<'s, str> {
        normal(sql, &OwnSpelling).into()
    }

    fn restricts_at_once(&self) -> bool {
        true
    }

    fn keeps_option(&self, option: &TableOption) -> bool {
        matches!(option, TableOption::WithoutRowid | TableOption::Strict | TableOption::PrimaryKeyName(_))
    }
}

/// How SQLite spells expressions: as the program did.
struct OwnSpelling;

impl Spelling for OwnSpelling {
    fn lexis(&self) -> Lexis {
        parse::LEXIS
    }

    fn concat_binds_tightest(&self) -> bool {
        true
    }
}

struct Reading<'a> {
    schema: Option<&'a str>,
    drafts: Drafts,
    /// The primary keys of tables that are referred to by their name alone.
    keys: HashMap<String, Vec<String>>,
}

impl Reading<'_> {
    fn table(&mut self, name: &str, rows: &[&Row], sql: &str, without_rowid: bool, strict: bool) -> Result<()> {
        let Some(created) = created_table(sql) else {
            self.drafts.lost(name, None, "CREATE TABLE is written in a way that is not understood");
            return Ok(());
        };
        let mut draft = Draft::new(name);
        if without_rowid {
            draft.options.push(TableOption::WithoutRowid);
        }
        if strict {
            draft.options.push(TableOption::Strict);
        }
        let mut key = Vec::new();
        for (position, row) in rows.iter().enumerate() {
            let column = self.column(name, row, &created, strict)?;
            let part: i64 = cell(row, "pk")?;
            if part > 0 {
                key.push((part, position));
            }
            draft.columns.push(column);
        }
        key.sort_unstable();
        draft.primary_key = key.into_iter().map(|(_, position)| position).collect();
        self.key(&mut draft, rows, &created, without_rowid)?;
        for constraint in &created.constraints {
            self.constraint(&mut draft, constraint);
        }
        self.drafts.tables.push(draft);
        Ok(())
    }

    fn column(&mut self, table: &str, row: &Row, created: &Created, strict: bool) -> Result<ColumnDef> {
        let (name, declared) = (word(row, "name")?, word(row, "type")?);
        let own = created.columns.iter().find(|column| column.name.eq_ignore_ascii_case(&name));
        let sql_type = types::sql_type(&declared, strict);
        if let SqlType::Named(_) = sql_type {
            self.drafts.kept_type(table, &name, &declared);
        }
        let mut column = ColumnDef::new(name, sql_type);
        column.nullable = cell::<i64>(row, "is_not_null")? == 0;
        let hidden: i64 = cell(row, "hidden")?;
        if let Some(own) = own {
            column.collation = own.collation.clone().map(Into::into);
            for what in &own.unsupported {
                self.drafts.lost(table, Some(&column.name), what.clone());
            }
            if let (2 | 3, Some(computed)) = (hidden, &own.computed) {
                column.generated = Generated::Computed { sql: computed.clone().into(), stored: hidden == 3 };
            }
        }
        // What a column is computed by is no default.
        if !matches!(column.generated, Generated::Computed { .. }) {
            column.server_default = cell::<Option<String>>(row, "default_value")?.map(|sql| default(&sql));
        }
        Ok(column)
    }

    /// The primary key's own matters: the rowid, its name, and NULLs in it.
    fn key(&mut self, draft: &mut Draft, rows: &[&Row], created: &Created, without_rowid: bool) -> Result<()> {
        if let Some(name) = &created.key_name {
            match created.autoincrement {
                true => self.drafts.lost(&draft.name, Some(name), "the name of an AUTOINCREMENT key"),
                false => draft.options.push(TableOption::PrimaryKeyName(name.clone().into())),
            }
        }
        let is_rowid = match (&draft.primary_key[..], without_rowid) {
            ([position], false) => {
                let row = rows.get(*position);
                let is_integer = row.map(|row| word(row, "type")).transpose()?;
                is_integer.is_some_and(|name| name.eq_ignore_ascii_case("integer")) && !created.key_descends_inline
            }
            _ => false,
        };
        for position in draft.primary_key.clone() {
            let Some(column) = draft.columns.get_mut(position) else { continue };
            if is_rowid {
                column.sql_type = SqlType::BigInt;
                column.generated = if created.autoincrement { Generated::MonotonicKey } else { Generated::Key };
            } else if column.nullable && !without_rowid {
                self.drafts.lost(&draft.name, Some(&column.name), "a part of the primary key that takes NULL");
            }
            column.nullable = false;
        }
        if created.key_descends_inline {
            self.drafts.lost(&draft.name, None, "a key of type INTEGER PRIMARY KEY DESC, which is not the rowid");
        }
        Ok(())
    }

    fn constraint(&mut self, draft: &mut Draft, constraint: &Constraint) {
        let position = |draft: &Draft, name: &String| {
            draft.columns.iter().position(|column| column.name.eq_ignore_ascii_case(name))
        };
        match constraint {
            Constraint::Unique { name, columns } => {
                let columns: Vec<_> = columns.iter().filter_map(|name| position(draft, name)).collect();
                draft.uniques.push(Unique {
                    name: name.clone().map(Into::into),
                    columns: columns.into(),
                    ..Unique::default()
                });
            }
            Constraint::Check { name, sql } => {
                draft.checks.push(Check { name: name.clone().map(Into::into), sql: sql.clone().into() });
            }
            Constraint::ForeignKey { name, columns, reference } => {
                let columns: Vec<_> = columns.iter().filter_map(|name| position(draft, name)).collect();
                let targets = match reference.columns.is_empty() {
                    true => self.keys.get(&reference.table.to_lowercase()).cloned().unwrap_or_default(),
                    false => reference.columns.clone(),
                };
                if targets.len() != columns.len() {
                    let what = format!("a foreign key to \"{}\", which has no such key", reference.table);
                    self.drafts.lost(&draft.name, name.as_deref(), what);
                    return;
                }
                let targets: Vec<_> = targets.into_iter().map(Into::into).collect();
                draft.foreign_keys.push(ForeignKey {
                    name: name.clone().map(Into::into),
                    columns: columns.into(),
                    target: Target::Named {
                        schema: self.schema.map(|schema| schema.to_owned().into()),
                        table: reference.table.clone().into(),
                        columns: targets.into(),
                    },
                    on_delete: reference.on_delete,
                    on_update: reference.on_update,
                    deferrable: reference.deferrable,
                });
            }
            Constraint::Unsupported(what) => self.drafts.lost(&draft.name, None, what.clone()),
        }
    }

    fn index(&mut self, name: &str, table: &str, sql: &str) {
        let Some(created) = created_index(sql) else {
            if !sql.is_empty() {
                self.drafts.lost(table, Some(name), "an index that is written in a way that is not understood");
            }
            return;
        };
        let Some(draft) = self.drafts.table(table) else { return };
        let part = |part: &parse::Part| {
            let position = part
                .column
                .as_ref()
                .and_then(|name| draft.columns.iter().position(|column| column.name.eq_ignore_ascii_case(name)));
            let key = position.map_or_else(|| IndexKey::Sql(part.sql.clone().into()), IndexKey::Column);
            let collation = part.collation.clone().map(Into::into);
            IndexPart { descending: part.descending, collation, ..IndexPart::of(key) }
        };
        let parts = created.parts.iter().map(part).collect();
        let index = Index {
            unique: created.unique,
            filter: created.filter.map(Into::into),
            ..Index::new(name.to_owned(), parts)
        };
        draft.indexes.push(index);
    }

    fn virtual_table(&mut self, name: &str, rows: &[&Row], sql: &str) -> Result<()> {
        self.bare(name, rows, None)?;
        let how = sql.split_once("USING").or_else(|| sql.split_once("using")).map_or(sql, |(_, how)| how.trim());
        self.drafts.lost(name, None, format!("a virtual table: {how}"));
        Ok(())
    }

    fn view(&mut self, name: &str, rows: &[&Row], sql: &str) -> Result<()> {
        match created_view(sql) {
            Some(query) => self.bare(name, rows, Some(query)),
            None => {
                self.drafts.lost(name, None, "a view that is written in a way that is not understood");
                Ok(())
            }
        }
    }

    /// Names and types of columns, and no more.
    fn bare(&mut self, name: &str, rows: &[&Row], view: Option<String>) -> Result<()> {
        let mut draft = Draft::new(name);
        for row in rows {
            if cell::<i64>(row, "hidden")? == 0 {
                draft.columns.push(ColumnDef::new(word(row, "name")?, types::sql_type(&word(row, "type")?, false)));
            }
        }
        draft.view = view.map(|query| (query, false));
        self.drafts.tables.push(draft);
        Ok(())
    }
}

/// A default by its SQL.
fn default(sql: &str) -> ServerDefault {
    match parse::default(sql) {
        Default::Text(text) => ServerDefault::Text(text.into()),
        Default::Now => ServerDefault::Now,
        Default::Sql => ServerDefault::Sql(sql.to_owned().into()),
    }
}

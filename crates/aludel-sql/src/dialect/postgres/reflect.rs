//! What PostgreSQL's `pg_catalog` tells of a database.

mod columns;
mod exclusion;
mod indexes;
mod queries;
mod spelling;
mod types;

use std::borrow::Cow;
use std::collections::HashMap;

use aludel_core::{Held, Result, Row};

use super::Postgres;
use crate::ddl::Sequence;
use crate::dialect::catalog::draft::{Draft, Drafts, cell, enum_type, word};
use crate::dialect::catalog::tokens::{Lexis, bare, split, tokens};
use crate::dialect::{Catalog, Scope};
use crate::language::{Text, text};
use crate::schema::{
    Action, Check, ColumnDef, Deferrable, ForeignKey, Name, Schema, Table, TableOption, Target, Unique,
};

const LEXIS: Lexis = Lexis { backslash_escapes: false, brackets: false };

impl Catalog for Postgres {
    fn schemas(&self) -> Text {
        text(queries::SCHEMAS)
    }

    fn names(&self, schema: Option<&str>) -> Text {
        queries::scoped(queries::NAMES, Scope { schema, table: None })
    }

    fn statements(&self, scope: Scope<'_>) -> Vec<Text> {
        let all = [
            queries::RELATIONS,
            queries::COLUMNS,
            queries::CONSTRAINTS,
            queries::INDEXES,
            queries::ENUMS,
            queries::SEQUENCES,
        ];
        let wanted = if scope.table.is_some() { all.len() - 1 } else { all.len() };
        all.into_iter().take(wanted).map(|query| queries::scoped(query, scope)).collect()
    }

    fn read(&self, scope: Scope<'_>, answers: &[Vec<Row>]) -> Result<Schema> {
        let answer = |index| answers.get(index).map_or(&[][..], Vec::as_slice);
        let mut reading =
            Reading { schema: scope.schema, drafts: Drafts::default(), enums: HashMap::new(), sequences: Vec::new() };
        let mut enums = Vec::new();
        for row in answer(4) {
            let (name, label) = (word(row, "name")?, word(row, "label")?);
            if cell::<bool>(row, "is_own")? && enums.last() != Some(&name) {
                enums.push(name.clone());
            }
            reading.enums.entry(name).or_default().push(label);
        }
        for row in answer(0) {
            reading.relation(row)?;
        }
        for row in answer(1) {
            reading.column(row)?;
        }
        for row in answer(2) {
            reading.constraint(row)?;
        }
        reading.indexes(answer(3))?;
        for row in answer(5) {
            let sequence = reading.sequence(row)?;
            reading.sequences.push(sequence);
        }
        let mut sequences = std::mem::take(&mut reading.sequences);
        sequences.sort_by(|one, other| one.name.cmp(&other.name));
        let labels = |name: String| enum_type(&name, reading.enums.get(&name).map_or(&[], Vec::as_slice));
        let enums = enums.into_iter().map(labels).collect();
        Ok(Schema { enums, sequences, ..reading.drafts.finish(scope.schema) })
    }

    fn normal_column(&self, table: &Table, column: &ColumnDef) -> ColumnDef {
        columns::normal(table, column)
    }

    fn normal_sql<'s>(&self, table: &Table, sql: &'s str) -> Cow<'s, str> {
        match exclusion::is_one(sql) {
            true => exclusion::normal(table, sql).into(),
            false => spelling::normal_sql(table, sql).into(),
        }
    }

    fn normal_default<'s>(&self, table: &Table, column: &ColumnDef, sql: &'s str) -> Cow<'s, str> {
        spelling::normal_default(table, column, sql).into()
    }

    fn restricts_at_once(&self) -> bool {
        true
    }

    fn default_index_method(&self) -> Option<&'static str> {
        Some("btree")
    }

    fn keeps_option(&self, option: &TableOption) -> bool {
        matches!(option, TableOption::PartitionBy(_) | TableOption::Unlogged | TableOption::PrimaryKeyName(_))
    }
}

struct Reading<'a> {
    schema: Option<&'a str>,
    drafts: Drafts,
    /// Labels of enumerations that can be named without a schema.
    enums: HashMap<String, Vec<String>>,
    /// Sequences that are read for themselves.
    sequences: Vec<Sequence>,
}

impl Reading<'_> {
    fn relation(&mut self, row: &Row) -> Result<()> {
        let (name, kind) = (word(row, "name")?, word(row, "kind")?);
        let mut draft = Draft::new(name.clone());
        draft.comment = comment(row)?;
        if let Some(key) = cell::<Option<String>>(row, "partition_by")? {
            draft.options.push(TableOption::PartitionBy(key.into()));
        }
        if word(row, "persistence")? == "u" {
            draft.options.push(TableOption::Unlogged);
        }
        if matches!(kind.as_str(), "v" | "m") {
            let query = word(row, "definition")?;
            draft.view = Some((query.trim().trim_end_matches(';').to_owned(), kind == "m"));
        }
        let lost = [
            (kind == "f", "a foreign table's server and options"),
            (cell(row, "inherits")?, "the table or partitioned table that it is part of"),
            (cell(row, "has_policies")?, "row security"),
        ];
        for (_, what) in lost.into_iter().filter(|(is_there, _)| *is_there) {
            self.drafts.lost(&name, None, what);
        }
        if let Some(options) = cell::<Option<String>>(row, "options")? {
            self.drafts.lost(&name, None, format!("storage parameters: {options}"));
        }
        for trigger in identifiers(&word(row, "triggers")?) {
            self.drafts.lost(&name, Some(&trigger), "a trigger");
        }
        self.drafts.tables.push(draft);
        Ok(())
    }

    fn constraint(&mut self, row: &Row) -> Result<()> {
        let (table, name, kind) = (word(row, "table_name")?, word(row, "name")?, word(row, "kind")?);
        self.constraint_notes(row, &table, &name, &kind)?;
        let schema = self.schema;
        let Some(draft) = self.drafts.table(&table) else { return Ok(()) };
        let names = identifiers(&word(row, "columns")?);
        let columns = draft.positions(names.iter().map(String::as_str));
        let constraint_name: Option<Name> = Some(name.into());
        let deferrable = match (cell(row, "is_deferrable")?, cell(row, "is_deferred")?) {
            (false, _) => None,
            (true, false) => Some(Deferrable::InitiallyImmediate),
            (true, true) => Some(Deferrable::InitiallyDeferred),
        };
        match kind.as_str() {
            "p" => {
                draft.primary_key = columns.to_vec();
                draft.options.extend(constraint_name.map(TableOption::PrimaryKeyName));
            }
            "u" => draft.uniques.push(Unique {
                name: constraint_name,
                columns,
                deferrable,
                nulls_not_distinct: word(row, "nulls_not_distinct")? == "true",
            }),
            "x" => {
                let told = word(row, "exclusion_sql")?;
                let sql = told.strip_prefix("EXCLUDE ").unwrap_or(&told).to_owned();
                draft.options.push(TableOption::Exclude { name: constraint_name, sql: sql.into() });
            }
            "c" => {
                draft.checks.push(Check { name: constraint_name, sql: bare(&word(row, "check_sql")?, LEXIS).into() })
            }
            "f" => {
                let own = cell::<bool>(row, "is_own_schema")?;
                let target_schema = if own { schema.map(str::to_owned) } else { Some(word(row, "target_schema")?) };
                let targets: Vec<Name> =
                    identifiers(&word(row, "target_columns")?).into_iter().map(Into::into).collect();
                draft.foreign_keys.push(ForeignKey {
                    name: constraint_name,
                    columns,
                    target: Target::Named {
                        schema: target_schema.map(Into::into),
                        table: word(row, "target_table")?.into(),
                        columns: Held::from(targets),
                    },
                    on_delete: action(&word(row, "on_delete")?),
                    on_update: action(&word(row, "on_update")?),
                    deferrable,
                });
            }
            _ => {}
        }
        Ok(())
    }

    fn constraint_notes(&mut self, row: &Row, table: &str, name: &str, kind: &str) -> Result<()> {
        let lost = [
            (kind == "t", "a constraint trigger"),
            (kind == "p" && cell(row, "is_deferrable")?, "DEFERRABLE of a primary key"),
            (matches!(kind, "c" | "f") && !cell::<bool>(row, "is_valid")?, "NOT VALID"),
            (kind == "c" && cell(row, "is_not_inherited")?, "NO INHERIT"),
            (kind == "f" && word(row, "match_kind")? == "f", "MATCH FULL"),
            (kind == "f" && cell(row, "deletes_some")?, "ON DELETE of some columns"),
            (matches!(kind, "p" | "u") && cell(row, "has_included")?, "INCLUDE of a constraint"),
            (cell::<Option<String>>(row, "comment")?.is_some(), "a comment on a constraint"),
        ];
        for (_, what) in lost.into_iter().filter(|(is_there, _)| *is_there) {
            self.drafts.lost(table, Some(name), what);
        }
        Ok(())
    }

    fn sequence(&mut self, row: &Row) -> Result<Sequence> {
        let name = word(row, "name")?;
        let number_type = word(row, "type")?;
        if number_type != "bigint" {
            self.drafts.lost(&name, None, format!("the type `{number_type}` of a sequence"));
        }
        if cell::<Option<String>>(row, "comment")?.is_some() {
            self.drafts.lost(&name, None, "a comment on a sequence");
        }
        let schema = self.schema.map(|schema| schema.to_owned().into());
        Ok(Sequence { name: name.into(), schema, ..columns::sequence(row, &number_type)? })
    }
}

fn comment(row: &Row) -> Result<Option<Name>> {
    Ok(cell::<Option<String>>(row, "comment")?.map(Into::into))
}

/// Identifiers as `quote_ident` writes them, with commas between.
fn identifiers(list: &str) -> Vec<String> {
    let tokens = tokens(list, LEXIS);
    split(&tokens).into_iter().filter_map(|part| part.first().map(|token| token.unquoted())).collect()
}

fn action(letter: &str) -> Option<Action> {
    match letter {
        "c" => Some(Action::Cascade),
        "n" => Some(Action::SetNull),
        "d" => Some(Action::SetDefault),
        "r" => Some(Action::Restrict),
        _ => None,
    }
}

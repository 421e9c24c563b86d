//! Constraints.

use aludel_core::CompileError;

use super::Ddl;
use crate::schema::{Action, Check, Deferrable, ForeignKey, Table, TableOption, Target, Unique};

/// A constraint of a table.
#[derive(Clone, Copy, Debug)]
pub enum Constraint<'a> {
    /// The table's primary key.
    PrimaryKey,
    /// A foreign key.
    ForeignKey(&'a ForeignKey),
    /// UNIQUE.
    Unique(&'a Unique),
    /// CHECK.
    Check(&'a Check),
}

impl Ddl<'_> {
    /// The table's constraints but these foreign keys.
    pub(super) fn table_constraints(
        &self,
        table: &Table,
        without: &[&ForeignKey],
    ) -> Result<Vec<String>, CompileError> {
        let is_inline = table.stored_columns().any(|column| self.dialect.inline_key(table, column).is_some());
        let key = (!table.primary_key.is_empty() && !is_inline).then_some(Constraint::PrimaryKey);
        let is_in = |key: &&ForeignKey| !without.iter().any(|other| std::ptr::eq(*other, *key));
        key.into_iter()
            .chain(table.foreign_keys.iter().filter(is_in).map(Constraint::ForeignKey))
            .chain(table.uniques.iter().map(Constraint::Unique))
            .chain(table.checks.iter().map(Constraint::Check))
            .map(|constraint| self.constraint(table, constraint))
            .chain(table.options.iter().filter_map(|option| self.exclusion(option)))
            .collect()
    }

    fn exclusion(&self, option: &TableOption) -> Option<Result<String, CompileError>> {
        let TableOption::Exclude { name, sql } = option else { return None };
        if !self.facts().exclusions {
            return Some(Err(self.unsupported("an exclusion constraint")));
        }
        Some(Ok(match name {
            Some(name) => format!("CONSTRAINT {} EXCLUDE {sql}", self.quoted(name)),
            None => format!("EXCLUDE {sql}"),
        }))
    }

    /// `[CONSTRAINT name] …`.
    pub(super) fn constraint(&self, table: &Table, constraint: Constraint<'_>) -> Result<String, CompileError> {
        let body = match constraint {
            Constraint::PrimaryKey => format!("PRIMARY KEY ({})", self.columns(table, &table.primary_key)?),
            Constraint::Unique(unique) => self.unique(table, unique)?,
            Constraint::Check(check) => format!("CHECK ({})", check.sql),
            Constraint::ForeignKey(key) => self.foreign_key(table, key)?,
        };
        Ok(match self.constraint_name(table, constraint) {
            Some(name) => format!("CONSTRAINT {} {body}", self.quoted(&name)),
            None => body,
        })
    }

    /// The constraint's own name, or the one that the naming convention gives it.
    pub(super) fn constraint_name(&self, table: &Table, constraint: Constraint<'_>) -> Option<String> {
        let limit = self.dialect.capabilities().identifier_limit;
        let own = |name: &Option<crate::schema::Name>| name.as_ref().map(ToString::to_string);
        match constraint {
            Constraint::PrimaryKey => {
                own(&table.primary_key_name().cloned()).or_else(|| self.names.primary_key_name(table, limit))
            }
            Constraint::Unique(unique) => {
                own(&unique.name).or_else(|| self.names.unique_name(table, &unique.columns, limit))
            }
            Constraint::ForeignKey(key) => own(&key.name).or_else(|| self.names.foreign_key_name(table, key, limit)),
            Constraint::Check(check) => {
                self.names.check_name(table, check.name.as_deref(), limit).or_else(|| own(&check.name))
            }
        }
    }

    fn foreign_key(&self, table: &Table, key: &ForeignKey) -> Result<String, CompileError> {
        let (schema, name) = key.target.table();
        let targets = key.target.columns();
        if targets.len() != key.columns.len() {
            return Err(CompileError::invalid(format!(
                "a foreign key of \"{}\" has {} columns and refers to {}",
                table.full_name(),
                key.columns.len(),
                targets.len()
            )));
        }
        let target = match self.facts().foreign_key_schemas {
            true => self.qualified(schema, name),
            false if schema == table.schema.as_deref() => self.quoted(name),
            false => return Err(self.unsupported("a foreign key into another schema")),
        };
        let mut pairs: Vec<_> = key.columns.iter().copied().zip(targets).collect();
        if !self.facts().foreign_keys_in_any_order {
            let order = key_of(&key.target);
            pairs.sort_by_key(|(_, name)| order.iter().position(|one| one == name));
        }
        let (columns, targets): (Vec<usize>, Vec<String>) =
            pairs.into_iter().map(|(at, name)| (at, self.quoted(name))).unzip();
        let mut sql =
            format!("FOREIGN KEY({}) REFERENCES {target} ({})", self.columns(table, &columns)?, targets.join(", "));
        if let Some(action) = key.on_delete {
            sql.push_str(" ON DELETE ");
            sql.push_str(words(action));
        }
        if let Some(action) = key.on_update {
            if !self.facts().on_update {
                return Err(self.unsupported("ON UPDATE in a foreign key"));
            }
            sql.push_str(" ON UPDATE ");
            sql.push_str(words(action));
        }
        if let Some(deferrable) = key.deferrable {
            if !self.facts().deferrable {
                return Err(self.unsupported("DEFERRABLE in a foreign key"));
            }
            sql.push_str(moment(deferrable));
        }
        Ok(sql)
    }

    fn unique(&self, table: &Table, unique: &Unique) -> Result<String, CompileError> {
        let mut sql = String::from("UNIQUE ");
        if unique.nulls_not_distinct {
            if !self.facts().nulls_not_distinct {
                return Err(self.unsupported("NULLS NOT DISTINCT"));
            }
            sql.push_str("NULLS NOT DISTINCT ");
        }
        sql.push_str(&format!("({})", self.columns(table, &unique.columns)?));
        if let Some(deferrable) = unique.deferrable {
            if !self.facts().deferrable_unique {
                return Err(self.unsupported("DEFERRABLE in a UNIQUE constraint"));
            }
            sql.push_str(moment(deferrable));
        }
        Ok(sql)
    }
}

const fn moment(deferrable: Deferrable) -> &'static str {
    match deferrable {
        Deferrable::InitiallyImmediate => " DEFERRABLE INITIALLY IMMEDIATE",
        Deferrable::InitiallyDeferred => " DEFERRABLE INITIALLY DEFERRED",
    }
}

/// The other table's primary key, where the table is known.
fn key_of(target: &Target) -> Vec<&str> {
    let Target::Columns(columns) = target else { return Vec::new() };
    let Some(first) = columns().first() else { return Vec::new() };
    let table = first.table;
    table.primary_key.iter().filter_map(|at| table.columns.get(*at)).map(|column| &*column.name).collect()
}

const fn words(action: Action) -> &'static str {
    match action {
        Action::Cascade => "CASCADE",
        Action::SetNull => "SET NULL",
        Action::SetDefault => "SET DEFAULT",
        Action::Restrict => "RESTRICT",
        Action::NoAction => "NO ACTION",
    }
}

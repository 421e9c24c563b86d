//! INSERT.

use aludel_core::CompileError;

use super::SqlWriter;
use super::query::Place;
use super::writer::Qualifier;
use crate::ast::{
    Conflict, ConflictAction, ConflictTarget, Expr, Insert, InsertColumn, InsertSource, Query, QueryBody, Source,
    SourceKind,
};
use crate::compiled::RowShape;
use crate::dialect::{DmlWith, InsertDefaults, Upsert, Written};
use crate::lower::element::{Element, key, table};
use crate::lower::mentions::Mentions;

impl SqlWriter<'_> {
    /// Writes an INSERT.
    pub(super) fn insert(&mut self, insert: &Insert, ctes: &[&Source]) -> Written {
        self.word = "INSERT";
        if matches!(insert.source, InsertSource::Copy) {
            return self.copy(insert);
        }
        let with_first = self.capabilities.dml_with == DmlWith::Before;
        if with_first {
            self.with(ctes)?;
        }
        self.sql("INSERT ");
        self.words(&insert.prefixes, false);
        self.sql("INTO ");
        self.element(Element::Source(&insert.table), &[])?;
        self.column_list(insert)?;
        self.output(&insert.returning, &insert.table, "inserted")?;
        self.sql(" ");
        match &insert.source {
            InsertSource::Query(query) => {
                if !with_first {
                    self.with(ctes)?;
                }
                self.needs_where = insert.conflict.is_some() && self.capabilities.upsert_select_needs_where;
                self.source_query(query, insert)?;
                self.needs_where = false;
            }
            _ if !with_first && !ctes.is_empty() => {
                return Err(self.unsupported_with("WITH before INSERT … VALUES", "insert from a query"));
            }
            source => self.values(source, insert)?,
        }
        if let Some(conflict) = &insert.conflict {
            self.scopes.push([key(&insert.table)].into_iter().collect());
            self.conflict(conflict, insert)?;
            self.scopes.pop();
        }
        self.returning(&insert.returning, &insert.table, self.capabilities.returning.insert)
    }

    /// ON DUPLICATE KEY UPDATE sees the tables of the query too. If the query reads the table itself, nothing could name the row that
    /// is there any more, so the query becomes a table of its own.
    fn source_query(&mut self, query: &Query, insert: &Insert) -> Written {
        let is_seen = insert.conflict.is_some() && self.capabilities.upsert == Upsert::OnDuplicateKey;
        if !is_seen || !reads(query, &insert.table) {
            return self.query(query, Place::Top);
        }
        self.sql("SELECT * FROM ");
        self.parenthesised(|w| w.query(query, Place::From))?;
        self.sql(" AS ");
        self.identifier(&format!("new_{}", table(&insert.table).map_or("", |table| &*table.name)));
        Ok(())
    }

    fn column_list(&mut self, insert: &Insert) -> Written {
        let is_default = matches!(insert.source, InsertSource::Defaults);
        match self.capabilities.insert_defaults {
            InsertDefaults::Words if is_default => return Ok(()),
            InsertDefaults::EmptyLists if is_default => {
                self.sql(" ()");
                return Ok(());
            }
            InsertDefaults::FirstColumn if is_default => {
                let column = table(&insert.table).and_then(|table| table.columns.first());
                let column = column.ok_or_else(|| CompileError::invalid("an INSERT into a table without columns"))?;
                self.sql(" (");
                self.identifier(&column.name);
                self.sql(")");
                return Ok(());
            }
            _ => {}
        }
        if !insert.columns.is_empty() {
            self.sql(" (");
            self.list(&insert.columns, |w, column| {
                w.assigned(column);
                Ok(())
            })?;
            self.sql(")");
        } else if !matches!(insert.source, InsertSource::Query(_)) {
            return Err(CompileError::invalid("an INSERT of rows without columns"));
        }
        Ok(())
    }

    fn values(&mut self, source: &InsertSource, insert: &Insert) -> Written {
        match source {
            InsertSource::Defaults => {
                self.sql(match self.capabilities.insert_defaults {
                    InsertDefaults::Words => "DEFAULT VALUES",
                    InsertDefaults::EmptyLists => "VALUES ()",
                    InsertDefaults::FirstColumn => "VALUES (DEFAULT)",
                });
                Ok(())
            }
            InsertSource::Values(rows) => {
                self.several_rows(rows.len())?;
                if rows.iter().any(|row| row.len() != insert.columns.len()) {
                    return Err(CompileError::invalid("an INSERT whose rows are not as long as its list of columns"));
                }
                self.sql("VALUES ");
                self.list(rows, |w, row| w.parenthesised(|w| w.exprs(row)))
            }
            InsertSource::Rows { rows } => {
                let rows = usize::try_from(*rows).unwrap_or(usize::MAX);
                self.several_rows(rows)?;
                self.encoded_rows(RowShape { width: insert.columns.len(), rows })
            }
            InsertSource::Arrays => self.arrays(insert),
            InsertSource::Query(_) | InsertSource::Copy => Ok(()),
        }
    }

    /// `SELECT * FROM unnest(…)`, which reads the arrays side by side, in the order in which they are stored.
    fn arrays(&mut self, insert: &Insert) -> Written {
        if !self.binds.is_empty() {
            return Err(CompileError::invalid("placeholders before rows that are encoded as arrays"));
        }
        self.sql("SELECT * FROM unnest(");
        let mut number = 0;
        self.list(&insert.columns, |w, column| {
            let def = match column {
                InsertColumn::Static(column) => Some(column.def()),
                InsertColumn::Named(name) => table(&insert.table).and_then(|table| table.named_column(name)),
            };
            let Some(def) = def else {
                return Err(w.unsupported("an array for a column of unknown type"));
            };
            let Some(array) = w.dialect.array_of(&def.sql_type) else {
                return Err(w.unsupported("one array for all values of a column of this type"));
            };
            number += 1;
            w.row_placeholders(1, number);
            w.sql("::");
            w.sql(&array);
            Ok(())
        })?;
        self.sql(")");
        self.rows = Some(RowShape { width: insert.columns.len(), rows: 1 });
        Ok(())
    }

    /// Rows that follow the statement in the database's own format.
    fn copy(&mut self, insert: &Insert) -> Written {
        let has_more = insert.conflict.is_some() || !insert.returning.is_empty() || !insert.prefixes.is_empty();
        if has_more || !self.capabilities.binary_copy {
            return Err(self.unsupported("an INSERT by COPY"));
        }
        self.sql("COPY ");
        self.element(Element::Source(&insert.table), &[])?;
        self.column_list(insert)?;
        self.sql(" FROM STDIN (FORMAT binary)");
        self.rows = Some(RowShape { width: insert.columns.len(), rows: 1 });
        Ok(())
    }

    fn several_rows(&self, rows: usize) -> Written {
        match rows {
            0 => Err(CompileError::invalid("an INSERT of no rows")),
            1 => Ok(()),
            _ if self.capabilities.multi_row_insert => Ok(()),
            _ => Err(self.unsupported("several rows in one INSERT")),
        }
    }

    /// Placeholders that the driver fills row by row.
    fn encoded_rows(&mut self, shape: RowShape) -> Written {
        if !self.binds.is_empty() {
            return Err(CompileError::invalid("placeholders before rows that are encoded one by one"));
        }
        self.sql.reserve(shape.rows.saturating_mul(shape.width * 3 + 4));
        self.sql("VALUES ");
        self.list(0..shape.rows, |w, row| {
            w.sql("(");
            w.row_placeholders(shape.width, row * shape.width + 1);
            w.sql(")");
            Ok(())
        })?;
        self.rows = Some(shape);
        Ok(())
    }

    fn conflict(&mut self, conflict: &Conflict, insert: &Insert) -> Written {
        match self.capabilities.upsert {
            Upsert::None => Err(self.unsupported_with("ON CONFLICT", "use MERGE as text, or look for the row first")),
            Upsert::OnDuplicateKey => self.on_duplicate_key(conflict, insert),
            Upsert::OnConflict | Upsert::OnConflictOrConstraint => self.on_conflict(conflict, &insert.table),
        }
    }

    fn on_conflict(&mut self, conflict: &Conflict, table: &Source) -> Written {
        self.sql(" ON CONFLICT");
        match &conflict.target {
            ConflictTarget::Any => {}
            ConflictTarget::Columns { columns, filter } => {
                // As an index is defined: columns without their table, expressions in parentheses.
                self.targeted(Some((key(table), Qualifier::Bare)), |w| {
                    w.sql(" (");
                    w.list(columns, |w, column| w.pieced(|w| w.expr(column)))?;
                    w.sql(")");
                    match filter {
                        Some(filter) => w.all_of(" WHERE ", std::slice::from_ref(filter)),
                        None => Ok(()),
                    }
                })?;
            }
            ConflictTarget::Constraint(_) if self.capabilities.upsert == Upsert::OnConflict => {
                return Err(self.unsupported_with("ON CONFLICT ON CONSTRAINT", "name the constraint's columns"));
            }
            ConflictTarget::Constraint(name) => {
                self.sql(" ON CONSTRAINT ");
                self.identifier(name);
            }
        }
        match &conflict.action {
            ConflictAction::Nothing => self.sql(" DO NOTHING"),
            ConflictAction::Update { set, filter } => {
                self.sql(" DO UPDATE SET ");
                self.assignments(set, None)?;
                self.all_of(" WHERE ", filter)?;
            }
        }
        Ok(())
    }

    fn on_duplicate_key(&mut self, conflict: &Conflict, insert: &Insert) -> Written {
        match &conflict.target {
            // Any unique key counts there; a list of columns says what the program expects, not what is checked.
            ConflictTarget::Any | ConflictTarget::Columns { filter: None, .. } => {}
            ConflictTarget::Columns { .. } => return Err(self.unsupported("a condition on the conflict's target")),
            ConflictTarget::Constraint(_) => return Err(self.unsupported("ON CONFLICT ON CONSTRAINT")),
        }
        self.sql(" ON DUPLICATE KEY UPDATE ");
        match &conflict.action {
            ConflictAction::Update { set, filter } if filter.is_empty() => self.assignments(set, None),
            ConflictAction::Update { .. } => {
                Err(self.unsupported_with("a condition on the update of an upsert", "use CASE in the assignment"))
            }
            ConflictAction::Nothing => self.same_again(insert),
        }
    }

    /// `key = key`: the row stays, and other errors are still errors, which INSERT IGNORE would hide.
    fn same_again(&mut self, insert: &Insert) -> Written {
        let key = table(&insert.table).and_then(|table| table.columns.get(*table.primary_key.first()?));
        match (key, insert.columns.first()) {
            (Some(key), _) => {
                self.identifier(&key.name);
                self.sql(" = ");
                if matches!(insert.source, InsertSource::Query(_)) {
                    self.source_name(&insert.table)?;
                    self.sql(".");
                }
                self.identifier(&key.name);
            }
            (None, Some(column)) => {
                self.assigned(column);
                self.sql(" = ");
                self.assigned(column);
            }
            (None, None) => return Err(CompileError::invalid("an upsert without columns")),
        }
        Ok(())
    }

    /// Assignments of an UPDATE or upsert; `table` stands before each column where there are several tables.
    pub(super) fn assignments(&mut self, set: &[(InsertColumn, Expr)], table: Option<&Source>) -> Written {
        if set.is_empty() {
            return Err(CompileError::invalid(format!("{} without an assignment", self.word)));
        }
        self.list(set, |w, (column, value)| {
            if let Some(table) = table {
                w.source_name(table)?;
                w.sql(".");
            }
            w.assigned(column);
            w.sql(" = ");
            w.expr(value)
        })
    }

    fn assigned(&mut self, column: &InsertColumn) {
        match column {
            InsertColumn::Static(column) => {
                self.uses(column.def());
                self.identifier(column.name());
            }
            InsertColumn::Named(name) => self.identifier(name),
        }
    }
}

/// Whether a query reads a table under its own name.
fn reads(query: &Query, table: &Source) -> bool {
    let QueryBody::Select(select) = &query.body else { return false };
    let mut mentions = Mentions::default();
    let sources = select.from.iter().chain(select.joins.iter().map(|join| &join.target));
    sources.for_each(|source| mentions.element(Element::Source(source)));
    let exprs = select.columns.iter().map(|column| &column.expr).chain(&select.filter);
    exprs.for_each(|expr| mentions.expr(expr));
    mentions.has(key(table))
}

/// Whether a source is a table under its own name.
pub(super) fn is_plain_table(source: &Source) -> bool {
    matches!(source.kind, SourceKind::Table(_) | SourceKind::Runtime(_))
}

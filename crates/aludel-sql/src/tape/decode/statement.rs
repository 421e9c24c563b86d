//! Operations that make statements.

use std::sync::Arc;

use aludel_core::{CompileError, Kind};

use super::expr::give_context;
use super::property::writable;
use super::{Decoder, Op, broken};
use crate::ast::{
    Conflict, ConflictAction, ConflictTarget, Delete, Expr, Insert, InsertColumn, InsertSource, Join, JoinKind, Lock,
    LockStrength, LockWait, Prefix, Projection, Query, QueryBody, Select, SetOp, Source, SourceKind, Statement,
    TextStatement, Update,
};
use crate::schema::{StaticColumn, Table};

/// A statement under construction.
#[allow(clippy::large_enum_variant, reason = "few of them live at once, and briefly")]
pub(super) enum Building {
    Query(Query),
    Insert(Insert),
    Update(Update),
    Delete(Delete),
    Text(TextStatement),
}

impl Building {
    pub(super) fn into_text(self) -> Option<TextStatement> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// What a CTE's body is: a closed query, or the one statement under construction.
pub(super) fn to_cte_statement(mut decoder: Decoder<'_>) -> Result<Statement, CompileError> {
    match decoder.building.is_empty() {
        true => decoder.pop_query().map(|query| Statement::Query(Box::new(query))),
        false => decoder.finish_statement(),
    }
}

impl Decoder<'_> {
    /// The one statement that the tape holds.
    pub(super) fn finish_statement(&mut self) -> Result<Statement, CompileError> {
        Ok(match self.building.pop().ok_or_else(broken)? {
            Building::Query(query) => Statement::Query(Box::new(query)),
            Building::Insert(insert) => Statement::Insert(Box::new(insert)),
            Building::Update(update) => Statement::Update(Box::new(update)),
            Building::Delete(delete) => Statement::Delete(Box::new(delete)),
            Building::Text(text) => Statement::Text(text),
        })
    }

    /// Does the operation if it belongs to a statement; tells whether it does.
    pub(super) fn statement(&mut self, op: Op) -> Result<bool, CompileError> {
        Ok(self.source_operation(op)?
            || self.begin(op)?
            || self.shared_clause(op)?
            || self.select_clause(op)?
            || self.narrow(op)?
            || self.change_clause(op)?)
    }

    fn begin(&mut self, op: Op) -> Result<bool, CompileError> {
        let building = match op {
            Op::BeginSelect => Building::Query(Query::of_select(Select::default())),
            Op::Compound => {
                let op = [SetOp::Union, SetOp::Intersect, SetOp::Except].get(usize::from(self.byte()?)).copied();
                let all = self.flag()?;
                let count = self.count()?;
                let start = self.queries.len().checked_sub(count).ok_or_else(broken)?;
                let parts = self.queries.split_off(start);
                if parts.is_empty() {
                    return Err(CompileError::invalid("a UNION, INTERSECT or EXCEPT of no queries"));
                }
                let mut query = Query::of_select(Select::default());
                query.body = QueryBody::Compound { op: op.ok_or_else(broken)?, all, parts };
                Building::Query(query)
            }
            Op::BeginInsert => Building::Insert(Insert {
                with: Vec::new(),
                prefixes: Vec::new(),
                table: self.pop_source()?,
                columns: Vec::new(),
                source: InsertSource::Defaults,
                conflict: None,
                returning: Vec::new(),
            }),
            Op::BeginUpdate => Building::Update(Update {
                with: Vec::new(),
                table: self.pop_source()?,
                set: Vec::new(),
                from: Vec::new(),
                filter: Vec::new(),
                order_by: Vec::new(),
                limit: None,
                returning: Vec::new(),
            }),
            Op::BeginDelete => Building::Delete(Delete {
                with: Vec::new(),
                table: self.pop_source()?,
                using: Vec::new(),
                filter: Vec::new(),
                limit: None,
                returning: Vec::new(),
            }),
            Op::Matched => {
                let (table, others, filter, order_by, limit) = match self.building.pop().ok_or_else(broken)? {
                    Building::Update(one) => (one.table, one.from, one.filter, one.order_by, one.limit),
                    Building::Delete(one) => (one.table, one.using, one.filter, Vec::new(), one.limit),
                    _ => return Err(broken()),
                };
                let from = [table].into_iter().chain(others).collect();
                Building::Query(Query {
                    order_by,
                    limit,
                    ..Query::of_select(Select { from, filter, ..Select::default() })
                })
            }
            Op::BeginText => Building::Text(self.begin_text()?),
            Op::EndQuery => {
                match self.building.pop().ok_or_else(broken)? {
                    Building::Query(mut query) if self.building.is_empty() && self.nodes.is_whole(self.tape) => {
                        if let QueryBody::Select(select) = &mut query.body {
                            self.nodes.correlate(select);
                        }
                        self.queries.push(query);
                    }
                    Building::Query(query) => self.queries.push(query),
                    // SQL of the program's own in FROM is taken from where it was built.
                    text @ Building::Text(_) => self.building.push(text),
                    _ => return Err(broken()),
                }
                return Ok(true);
            }
            _ => return Ok(false),
        };
        self.building.push(building);
        Ok(true)
    }

    fn begin_text(&mut self) -> Result<TextStatement, CompileError> {
        let sql = self.text()?;
        let count = self.count()?;
        let mut binds = Vec::with_capacity(count);
        for _ in 0..count {
            let kind = Kind::from_byte(self.byte()?);
            let name = self.text()?;
            binds.push((name, self.bind(kind, None)?));
        }
        let parts = crate::text_sql::split(&sql, &binds)?;
        Ok(TextStatement { parts, columns: Vec::new(), no_rows: false })
    }

    fn current(&mut self) -> Result<&mut Building, CompileError> {
        self.building.last_mut().ok_or_else(broken)
    }

    pub(super) fn current_query(&mut self) -> Result<&mut Query, CompileError> {
        match self.current()? {
            Building::Query(query) => Ok(query),
            _ => Err(broken()),
        }
    }

    pub(super) fn current_select(&mut self) -> Result<&mut Select, CompileError> {
        match &mut self.current_query()?.body {
            QueryBody::Select(select) => Ok(select),
            QueryBody::Compound { .. } => Err(CompileError::invalid(
                "only order, limit and offset apply to a UNION, INTERSECT or EXCEPT; filter its parts, or select from it as a subquery",
            )),
        }
    }

    fn current_insert(&mut self) -> Result<&mut Insert, CompileError> {
        match self.current()? {
            Building::Insert(insert) => Ok(insert),
            _ => Err(broken()),
        }
    }

    /// Clauses that several kinds of statement have.
    fn shared_clause(&mut self, op: Op) -> Result<bool, CompileError> {
        match op {
            Op::Project | Op::ProjectColumn | Op::ProjectTable | Op::ProjectNode | Op::ProjectRuntime => {
                self.project(op)?
            }
            Op::From => {
                let source = self.pop_source()?;
                self.nodes.check_from(&source)?;
                match self.current()? {
                    Building::Query(_) => self.current_select()?.from.push(source),
                    Building::Update(update) => update.from.push(source),
                    Building::Delete(delete) => delete.using.push(source),
                    _ => return Err(broken()),
                }
            }
            Op::Filter => {
                let condition = self.pop()?;
                match self.current()? {
                    Building::Query(_) => self.current_select()?.filter.push(condition),
                    Building::Update(update) => update.filter.push(condition),
                    Building::Delete(delete) => delete.filter.push(condition),
                    _ => return Err(broken()),
                }
            }
            Op::OrderBy => {
                let count = self.count()?;
                let orders = self.pop_orders(count)?;
                match self.current()? {
                    Building::Query(query) => query.order_by.extend(orders),
                    Building::Update(update) => update.order_by.extend(orders),
                    _ => return Err(broken()),
                }
            }
            Op::Limit => {
                let limit = Some(self.pop()?);
                match self.current()? {
                    Building::Query(query) => query.limit = limit,
                    Building::Update(update) => update.limit = limit,
                    Building::Delete(delete) => delete.limit = limit,
                    _ => return Err(broken()),
                }
            }
            Op::Prefix => {
                let prefix = self.word()?;
                match self.current()? {
                    Building::Query(_) => self.current_select()?.prefixes.push(prefix),
                    Building::Insert(insert) => insert.prefixes.push(prefix),
                    _ => return Err(broken()),
                }
            }
            Op::Set => {
                let column = writable(self.column()?)?;
                let value = self.assigned(column)?;
                self.assign(InsertColumn::Static(column), value)?;
            }
            Op::SetNamed => {
                let column = self.named_column()?;
                let value = self.pop()?;
                self.assign(column, value)?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn assign(&mut self, column: InsertColumn, value: Expr) -> Result<(), CompileError> {
        match self.current()? {
            Building::Update(update) => update.set.push((column, value)),
            Building::Insert(insert) => {
                insert.columns.push(column);
                match &mut insert.source {
                    InsertSource::Defaults => insert.source = InsertSource::Values(vec![vec![value]]),
                    InsertSource::Values(rows) if rows.len() == 1 => {
                        rows.iter_mut().for_each(|row| row.push(value.clone()))
                    }
                    _ => {
                        return Err(CompileError::invalid(
                            "set(…) makes the one row of an INSERT; it can't follow row(…)",
                        ));
                    }
                }
            }
            _ => return Err(broken()),
        }
        Ok(())
    }

    /// A column of the statement's table by its name.
    fn named_column(&mut self) -> Result<InsertColumn, CompileError> {
        let name = self.text()?;
        let table = match self.current()? {
            Building::Insert(insert) => runtime_table(&insert.table),
            Building::Update(update) => runtime_table(&update.table),
            _ => return Err(broken()),
        };
        if let Some(table) = table {
            check_column(table, &name)?;
        }
        Ok(InsertColumn::Named(name))
    }

    /// The value assigned to a column.
    fn assigned(&mut self, column: &'static StaticColumn) -> Result<Expr, CompileError> {
        let mut value = self.pop()?;
        give_context(&Expr::Column { column, source: None }, &mut value);
        Ok(value)
    }

    /// Columns of the result.
    fn project(&mut self, op: Op) -> Result<(), CompileError> {
        let nodes = self.nodes;
        let column = |column| nodes.column(column).map(|expr| Projection { expr, label: None });
        match op {
            Op::Project => {
                let projection = match self.pop()? {
                    Expr::Labeled { expr, label } => Projection { expr: *expr, label: Some(label) },
                    expr => Projection { expr, label: None },
                };
                self.add_projection(projection)
            }
            Op::ProjectColumn => {
                let projection = column(self.column()?)?;
                self.add_projection(projection)
            }
            Op::ProjectTable => all_columns(self.column()?).try_for_each(|each| self.add_projection(column(each)?)),
            Op::ProjectNode => {
                let source = self.next_source()?;
                let mut columns = all_columns(self.column()?);
                columns.try_for_each(|each| {
                    let expr = nodes.column_of(each, Some(Arc::clone(&source)))?;
                    self.add_projection(Projection { expr, label: None })
                })
            }
            _ => {
                let columns = runtime_columns(&self.next_source()?)?;
                columns.into_iter().try_for_each(|projection| self.add_projection(projection))
            }
        }
    }

    fn add_projection(&mut self, projection: Projection) -> Result<(), CompileError> {
        let columns = match self.current()? {
            Building::Query(_) => &mut self.current_select()?.columns,
            Building::Insert(insert) => &mut insert.returning,
            Building::Update(update) => &mut update.returning,
            Building::Delete(delete) => &mut delete.returning,
            Building::Text(_) => return Err(broken()),
        };
        columns.push(projection);
        Ok(())
    }

    fn word(&mut self) -> Result<Prefix, CompileError> {
        let text = self.text()?;
        let dialect = if self.flag()? { Some(self.text()?) } else { None };
        Ok(Prefix { text, dialect })
    }

    /// Clauses of a query.
    fn select_clause(&mut self, op: Op) -> Result<bool, CompileError> {
        match op {
            Op::Join => {
                let kinds = [JoinKind::Inner, JoinKind::Left, JoinKind::Right, JoinKind::Full, JoinKind::Cross];
                let kind = kinds.get(usize::from(self.byte()?)).copied().ok_or_else(broken)?;
                let on = if self.flag()? { Some(self.pop()?) } else { None };
                let target = self.pop_source()?;
                self.nodes.check_from(&target)?;
                self.current_select()?.joins.push(Join { kind, target, on });
            }
            Op::GroupBy => {
                let count = self.count()?;
                let exprs = self.pop_many(count)?;
                self.current_select()?.group_by.exprs.extend(exprs);
            }
            Op::Having => {
                let condition = self.pop()?;
                self.current_select()?.having.push(condition);
            }
            Op::Offset => {
                let offset = self.pop()?;
                self.current_query()?.offset = Some(offset);
            }
            Op::Distinct => self.current_select()?.distinct = true,
            Op::DistinctOn => {
                let count = self.count()?;
                let exprs = self.pop_many(count)?;
                self.current_select()?.distinct_on.extend(exprs);
            }
            Op::WithTies => self.current_query()?.with_ties = true,
            Op::Lock => {
                let lock = self.lock()?;
                self.current_query()?.lock = Some(lock);
            }
            Op::Suffix => {
                let word = self.word()?;
                self.current_query()?.suffixes.push(word);
            }
            Op::Hint => {
                let word = self.word()?;
                let source = self.pop_source()?;
                self.current_select()?.hints.push((source, word));
            }
            Op::Correlate => {
                let count = self.count()?;
                let sources = self.pop_sources(count)?;
                let sources = self.nodes.correlated(sources);
                let select = self.current_select()?;
                if sources.is_empty() {
                    select.no_correlation = true;
                }
                select.correlate.extend(sources);
            }
            Op::CorrelateExcept => {
                let count = self.count()?;
                let sources = self.pop_sources(count)?;
                let sources = self.nodes.correlated(sources);
                self.current_select()?.correlate_except.get_or_insert_default().extend(sources);
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn lock(&mut self) -> Result<Lock, CompileError> {
        let strengths = [LockStrength::Update, LockStrength::NoKeyUpdate, LockStrength::Share, LockStrength::KeyShare];
        let strength = strengths.get(usize::from(self.byte()?)).copied().ok_or_else(broken)?;
        let waits = [LockWait::Wait, LockWait::NoWait, LockWait::SkipLocked];
        let wait = waits.get(usize::from(self.byte()?)).copied().ok_or_else(broken)?;
        let count = self.count()?;
        Ok(Lock { strength, wait, of: self.pop_sources(count)? })
    }

    /// Clauses of INSERT and of SQL of the program's own.
    fn change_clause(&mut self, op: Op) -> Result<bool, CompileError> {
        match op {
            Op::InsertColumn => {
                let column = writable(self.column()?)?;
                self.current_insert()?.columns.push(InsertColumn::Static(column));
            }
            Op::InsertNamed => {
                let column = self.named_column()?;
                self.current_insert()?.columns.push(column);
            }
            Op::InsertRow => {
                let count = self.count()?;
                let mut row = self.pop_many(count)?;
                let insert = self.current_insert()?;
                for (column, value) in insert.columns.iter().zip(&mut row) {
                    if let InsertColumn::Static(column) = column {
                        give_context(&Expr::Column { column, source: None }, value);
                    }
                }
                match &mut insert.source {
                    // A row that gives no column is a row of defaults.
                    _ if count == 0 => {}
                    InsertSource::Values(rows) => rows.push(row),
                    source => *source = InsertSource::Values(vec![row]),
                }
            }
            Op::InsertRows => {
                let rows = u32::try_from(self.count()?).map_err(|_| broken())?;
                self.current_insert()?.source = InsertSource::Rows { rows };
            }
            Op::InsertArrays => self.current_insert()?.source = InsertSource::Arrays,
            Op::InsertCopy => self.current_insert()?.source = InsertSource::Copy,
            Op::InsertQuery => {
                let query = self.pop_query()?;
                let insert = self.current_insert()?;
                check_width(insert.columns.len(), query.columns())?;
                insert.source = InsertSource::Query(Box::new(query));
            }
            Op::Conflict | Op::ConflictTargetFilter | Op::ConflictSet | Op::ConflictSetNamed | Op::ConflictFilter => {
                self.conflict(op)?
            }
            Op::TextColumn => {
                let label = self.text()?;
                let sql_type = Some(self.read_type()?);
                let expr = Expr::Named { source: None, name: Arc::clone(&label), sql_type };
                match self.current()? {
                    Building::Text(text) => text.columns.push(Projection { expr, label: Some(label) }),
                    _ => return Err(broken()),
                }
            }
            Op::TextNoRows => match self.current()? {
                Building::Text(text) => text.no_rows = true,
                _ => return Err(broken()),
            },
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn conflict(&mut self, op: Op) -> Result<(), CompileError> {
        if op == Op::Conflict {
            let target = match self.byte()? {
                0 => ConflictTarget::Any,
                1 => {
                    let count = self.count()?;
                    ConflictTarget::Columns { columns: self.pop_many(count)?, filter: None }
                }
                _ => ConflictTarget::Constraint(self.text()?),
            };
            self.current_insert()?.conflict = Some(Conflict { target, action: ConflictAction::Nothing });
            return Ok(());
        }
        let assignment = match op {
            Op::ConflictSet => Some(InsertColumn::Static(writable(self.column()?)?)),
            Op::ConflictSetNamed => Some(self.named_column()?),
            _ => None,
        };
        let expr = match assignment {
            Some(InsertColumn::Static(column)) => self.assigned(column)?,
            _ => self.pop()?,
        };
        let conflict = self.current_insert()?.conflict.as_mut().ok_or_else(broken)?;
        match (op, &mut conflict.target, &mut conflict.action) {
            (Op::ConflictTargetFilter, ConflictTarget::Columns { filter, .. }, _) => *filter = Some(expr),
            (Op::ConflictTargetFilter, ..) => {
                return Err(CompileError::invalid("where_target belongs to on_conflict with columns"));
            }
            (Op::ConflictFilter, _, ConflictAction::Update { filter, .. }) => filter.push(expr),
            (Op::ConflictSet | Op::ConflictSetNamed, _, action) => {
                if let ConflictAction::Nothing = action {
                    *action = ConflictAction::Update { set: Vec::new(), filter: Vec::new() };
                }
                if let (ConflictAction::Update { set, .. }, Some(column)) = (action, assignment) {
                    set.push((column, expr));
                }
            }
            _ => return Err(CompileError::invalid("do_update needs at least one assignment")),
        }
        Ok(())
    }
}

/// The columns of a table, found behind its stand-in.
fn all_columns(table: &'static StaticColumn) -> impl Iterator<Item = &'static StaticColumn> {
    table.siblings().iter()
}

/// Whether a query gives as many columns as an INSERT has.
fn check_width(wanted: usize, given: &[Projection]) -> Result<(), CompileError> {
    // SQL of the program's own may be any number of columns.
    let is_known = !given.is_empty() && !given.iter().any(|column| matches!(column.expr, Expr::Raw(_)));
    if is_known && given.len() != wanted {
        let given = given.len();
        return Err(CompileError::invalid(format!(
            "an INSERT into {wanted} column(s) from a query of {given} column(s)"
        )));
    }
    Ok(())
}

/// The columns of a table made at run time, or of an alias of one.
fn runtime_columns(source: &Arc<Source>) -> Result<Vec<Projection>, CompileError> {
    let table = runtime_table(source).ok_or_else(broken)?;
    let named = |column: &crate::schema::ColumnDef| Expr::Named {
        source: Some(Arc::clone(source)),
        name: Arc::from(&*column.name),
        sql_type: Some(column.sql_type.clone()),
    };
    Ok(table.columns.iter().map(|column| Projection { expr: named(column), label: None }).collect())
}

/// Whether a table made at run time has the column.
pub(super) fn check_column(table: &Table, name: &str) -> Result<(), CompileError> {
    table.find_column(name).map(|_| ()).map_err(|error| CompileError::invalid(error.to_string()))
}

/// The table made at run time that a source is, or is another name for.
pub(super) fn runtime_table(source: &Source) -> Option<&Table> {
    match &source.kind {
        SourceKind::Runtime(table) => Some(table),
        SourceKind::Alias { of, .. } => runtime_table(of),
        _ => None,
    }
}

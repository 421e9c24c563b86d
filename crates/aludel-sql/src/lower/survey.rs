//! One walk over a whole statement, for what must be known before its first word: the CTEs.

use std::collections::HashSet;
use std::sync::Arc;

use super::element::{Key, given_name, key};
use super::walk::{Part, parts, text_parts};
use crate::ast::{
    ConflictAction, ConflictTarget, Delete, Expr, Insert, InsertSource, Projection, Query, QueryBody, Select, Source,
    SourceKind, Statement, TextPart, Update,
};

/// What the walk found.
#[derive(Debug, Default)]
pub(crate) struct Survey<'a> {
    /// The CTEs, each once, each after those it reads.
    pub(crate) ctes: Vec<&'a Source>,
    /// Whether a FROM element has no name.
    pub(crate) has_anonymous: bool,
    /// Names of tables and sources, where they are asked for.
    names: Option<HashSet<&'a str>>,
    seen: Vec<Key>,
}

/// Walks a statement.
pub(crate) fn survey(statement: &Statement) -> Survey<'_> {
    let mut survey = Survey::default();
    survey.statement(statement);
    survey
}

/// Every name of a table or source in a statement: a made-up name must be none of them.
pub(crate) fn names(statement: &Statement) -> HashSet<&str> {
    let mut survey = Survey { names: Some(HashSet::new()), ..Survey::default() };
    survey.statement(statement);
    survey.names.unwrap_or_default()
}

impl<'a> Survey<'a> {
    fn statement(&mut self, statement: &'a Statement) {
        match statement {
            Statement::Query(query) => self.query(query),
            Statement::Insert(insert) => self.insert(insert),
            Statement::Update(update) => self.update(update),
            Statement::Delete(delete) => self.delete(delete),
            Statement::Text(text) => self.text(&text.parts),
        }
    }

    fn query(&mut self, query: &'a Query) {
        self.with(&query.with);
        match &query.body {
            QueryBody::Select(select) => self.select(select),
            QueryBody::Compound { parts, .. } => parts.iter().for_each(|part| self.query(part)),
        }
        query.order_by.iter().for_each(|order| self.expr(&order.expr));
        self.exprs(query.limit.iter().chain(&query.offset));
    }

    fn select(&mut self, select: &'a Select) {
        self.projections(&select.columns);
        self.exprs(&select.distinct_on);
        select.from.iter().for_each(|source| self.source(source));
        for join in &select.joins {
            self.source(&join.target);
            self.exprs(&join.on);
        }
        self.exprs(&select.filter);
        self.exprs(&select.group_by.exprs);
        self.exprs(&select.having);
    }

    fn insert(&mut self, insert: &'a Insert) {
        self.with(&insert.with);
        self.source(&insert.table);
        match &insert.source {
            InsertSource::Defaults | InsertSource::Rows { .. } | InsertSource::Arrays | InsertSource::Copy => {}
            InsertSource::Values(rows) => rows.iter().for_each(|row| self.exprs(row)),
            InsertSource::Query(query) => self.query(query),
        }
        if let Some(conflict) = &insert.conflict {
            if let ConflictTarget::Columns { columns, filter } = &conflict.target {
                self.exprs(columns.iter().chain(filter));
            }
            if let ConflictAction::Update { set, filter } = &conflict.action {
                self.exprs(set.iter().map(|(_, value)| value).chain(filter));
            }
        }
        self.projections(&insert.returning);
    }

    fn update(&mut self, update: &'a Update) {
        self.with(&update.with);
        self.source(&update.table);
        self.exprs(update.set.iter().map(|(_, value)| value));
        update.from.iter().for_each(|source| self.source(source));
        self.exprs(&update.filter);
        update.order_by.iter().for_each(|order| self.expr(&order.expr));
        self.exprs(&update.limit);
        self.projections(&update.returning);
    }

    fn delete(&mut self, delete: &'a Delete) {
        self.with(&delete.with);
        self.source(&delete.table);
        delete.using.iter().for_each(|source| self.source(source));
        self.exprs(&delete.filter);
        self.exprs(&delete.limit);
        self.projections(&delete.returning);
    }

    fn with(&mut self, with: &'a [Arc<Source>]) {
        with.iter().for_each(|source| self.source(source));
    }

    fn projections(&mut self, projections: &'a [Projection]) {
        projections.iter().for_each(|projection| self.expr(&projection.expr));
    }

    fn exprs(&mut self, exprs: impl IntoIterator<Item = &'a Expr>) {
        exprs.into_iter().for_each(|expr| self.expr(expr));
    }

    fn expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Property(property) => {
                match &property.source {
                    Some(source) => self.source(source),
                    None => self.name(&property.column.table.name),
                }
                self.expr(&property.expr);
            }
            Expr::Column { column, source: None } => self.name(&column.table.name),
            Expr::Column { source: Some(source), .. } | Expr::Named { source: Some(source), .. } => self.source(source),
            _ => parts(expr, &mut |part| match part {
                Part::Expr(expr) => self.expr(expr),
                Part::Query(query) => self.query(query),
            }),
        }
    }

    fn source(&mut self, source: &'a Source) {
        if let SourceKind::Table(table) = &source.kind {
            return self.name(&table.name);
        }
        let key = key(source);
        if self.seen.contains(&key) {
            return;
        }
        self.seen.push(key);
        match given_name(source) {
            Some(name) => self.name(name),
            None => self.has_anonymous |= !matches!(source.kind, SourceKind::Runtime(_)),
        }
        match &source.kind {
            SourceKind::Table(_) => {}
            SourceKind::Runtime(table) => self.name(&table.name),
            SourceKind::Alias { of, sample, .. } => {
                self.source(of);
                self.exprs(sample.iter().map(|(_, argument)| argument));
            }
            SourceKind::Derived { query, .. } => self.query(query),
            SourceKind::Cte { body, .. } => {
                self.statement(&body.statement);
                // What its body reads has been pushed by now.
                self.ctes.push(source);
            }
            SourceKind::Function { call, .. } => self.expr(call),
            SourceKind::Values { rows, .. } => rows.iter().for_each(|row| self.exprs(row)),
            SourceKind::Text { parts, .. } => self.text(parts),
        }
    }

    fn text(&mut self, parts: &'a [TextPart]) {
        text_parts(parts, &mut |part| {
            if let Part::Expr(expr) = part {
                self.expr(expr);
            }
        });
    }

    fn name(&mut self, name: &'a str) {
        if let Some(names) = &mut self.names {
            names.insert(name);
        }
    }
}

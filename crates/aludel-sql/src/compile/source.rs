//! FROM elements and joins.

use std::sync::Arc;

use aludel_core::CompileError;

use super::SqlWriter;
use super::query::Place;
use crate::ast::{Expr, JoinKind, Prefix, Source, SourceKind, TextPart};
use crate::dialect::{Lateral, ValuesTable, Written};
use crate::lower::element::{Element, key};
use crate::lower::from::{Joined, On};

impl SqlWriter<'_> {
    /// A FROM element, with its alias and its hints.
    pub(super) fn element(&mut self, element: Element<'_>, hints: &[(Source, Prefix)]) -> Written {
        match element {
            Element::Table(table) => self.table_name(table),
            Element::Source(source) => self.source(source)?,
        }
        if self.capabilities.comment_hints {
            return Ok(());
        }
        for (_, hint) in hints.iter().filter(|(source, _)| key(source) == element.key()) {
            self.words(std::slice::from_ref(hint), true);
        }
        Ok(())
    }

    pub(super) fn join(&mut self, join: &Joined<'_>, hints: &[(Source, Prefix)]) -> Written {
        if self.is_apply(join) {
            self.sql(if join.kind == JoinKind::Left { " OUTER APPLY " } else { " CROSS APPLY " });
            return self.element(join.target, hints);
        }
        self.sql(match join.kind {
            JoinKind::Inner => " JOIN ",
            JoinKind::Left => " LEFT OUTER JOIN ",
            JoinKind::Right => " RIGHT OUTER JOIN ",
            JoinKind::Full if self.capabilities.full_join => " FULL OUTER JOIN ",
            JoinKind::Full => return Err(self.unsupported_with("FULL OUTER JOIN", "unite a left and a right join")),
            JoinKind::Cross => " CROSS JOIN ",
        });
        self.element(join.target, hints)?;
        let on = match &join.on {
            On::Every => return Ok(()),
            On::Given(on) => on,
            On::Found(on) => on,
        };
        self.sql(" ON ");
        self.condition(on)
    }

    /// Whether the join is an APPLY: of a LATERAL subquery, for every row.
    fn is_apply(&self, join: &Joined<'_>) -> bool {
        let is_lateral =
            matches!(join.target, Element::Source(Source { kind: SourceKind::Derived { lateral: true, .. }, .. }));
        let is_every = match &join.on {
            On::Every => true,
            On::Given(Expr::Bool(value)) => *value,
            On::Given(Expr::And(list)) => list.is_empty(),
            On::Given(_) | On::Found(_) => false,
        };
        self.capabilities.lateral == Lateral::Apply && is_lateral && is_every
    }

    fn source(&mut self, source: &Source) -> Written {
        match &source.kind {
            SourceKind::Table(table) => self.table_name(table),
            SourceKind::Runtime(table) => self.table_name(table),
            SourceKind::Cte { .. } => return self.source_name(source),
            SourceKind::Alias { of, sample, .. } => {
                self.unnamed_source(of)?;
                self.alias(source)?;
                return self.sample(sample.as_ref());
            }
            SourceKind::Derived { .. } => {
                self.unnamed_source(source)?;
                self.alias(source)?;
            }
            SourceKind::Function { call, columns, ordinality, scalar, .. } => {
                if *ordinality && !self.capabilities.function_columns {
                    return Err(self.unsupported("WITH ORDINALITY"));
                }
                self.expr(call)?;
                self.sql(if *ordinality { " WITH ORDINALITY" } else { "" });
                self.alias(source)?;
                if self.capabilities.function_columns && !columns.is_empty() && !scalar {
                    self.column_names(columns);
                }
            }
            SourceKind::Values { columns, rows, .. } => return self.values_source(source, columns, rows),
            SourceKind::Text { parts, name, .. } => {
                let is_query = is_query(parts);
                if is_query {
                    self.parenthesised(|w| w.text_parts(parts))?;
                } else {
                    self.text_parts(parts)?;
                }
                if name.is_some() || is_query {
                    self.alias(source)?;
                }
            }
        }
        Ok(())
    }

    /// A FROM element without an alias of its own, because another one follows.
    fn unnamed_source(&mut self, source: &Source) -> Written {
        let SourceKind::Derived { query, lateral, .. } = &source.kind else {
            return self.source(source);
        };
        if *lateral && self.capabilities.lateral == Lateral::None {
            return Err(self.unsupported("LATERAL"));
        }
        if *lateral && self.capabilities.lateral == Lateral::Word {
            self.sql("LATERAL ");
        }
        let place = if *lateral { Place::Lateral } else { Place::From };
        self.parenthesised(|w| w.query(query, place))
    }

    fn alias(&mut self, source: &Source) -> Written {
        self.sql(self.capabilities.table_alias);
        let name = self.name_of(source)?;
        self.identifier(&name);
        Ok(())
    }

    fn sample(&mut self, sample: Option<&(Arc<str>, Expr)>) -> Written {
        let Some((method, argument)) = sample else {
            return Ok(());
        };
        if !self.capabilities.table_sample {
            return Err(self.unsupported("TABLESAMPLE"));
        }
        if !method.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            return Err(CompileError::invalid(format!("`{method}` is not a sampling method")));
        }
        self.sql(" TABLESAMPLE ");
        self.sql(method);
        self.parenthesised(|w| w.expr(argument))
    }

    pub(super) fn column_names(&mut self, columns: &[Arc<str>]) {
        self.sql("(");
        for (index, column) in columns.iter().enumerate() {
            self.sql(if index > 0 { ", " } else { "" });
            self.identifier(column);
        }
        self.sql(")");
    }

    fn values_source(&mut self, source: &Source, columns: &[Arc<str>], rows: &[Vec<Expr>]) -> Written {
        if rows.is_empty() || columns.is_empty() {
            return Err(CompileError::invalid("a list of values without rows or without names for its columns"));
        }
        self.sql("(");
        match self.capabilities.values_table {
            ValuesTable::Columns => self.rows_of_values(rows)?,
            ValuesTable::Numbered => {
                self.sql("SELECT ");
                self.list(columns.iter().zip(1_i64..), |w, (name, number)| {
                    w.sql("column");
                    w.integer(number);
                    w.sql(" AS ");
                    w.identifier(name);
                    Ok(())
                })?;
                self.sql(" FROM (");
                self.rows_of_values(rows)?;
                self.sql(")");
            }
            ValuesTable::RowColumns => {
                self.sql("VALUES ");
                self.list(rows, |w, row| {
                    w.sql("ROW");
                    w.parenthesised(|w| w.exprs(row))
                })?;
            }
            ValuesTable::Selects => self.values_as_selects(columns, rows)?,
        }
        self.sql(")");
        self.alias(source)?;
        if matches!(self.capabilities.values_table, ValuesTable::Columns | ValuesTable::RowColumns) {
            self.sql(" ");
            self.column_names(columns);
        }
        Ok(())
    }

    fn rows_of_values(&mut self, rows: &[Vec<Expr>]) -> Written {
        self.sql("VALUES ");
        self.list(rows, |w, row| w.parenthesised(|w| w.exprs(row)))
    }

    /// Rows as `SELECT … UNION ALL SELECT …`; the first one names the columns.
    fn values_as_selects(&mut self, columns: &[Arc<str>], rows: &[Vec<Expr>]) -> Written {
        for (number, row) in rows.iter().enumerate() {
            self.sql(if number > 0 { " UNION ALL SELECT " } else { "SELECT " });
            self.list(row.iter().enumerate(), |w, (at, value)| {
                w.expr(value)?;
                if let (0, Some(name)) = (number, columns.get(at)) {
                    w.sql(" AS ");
                    w.identifier(name);
                }
                Ok(())
            })?;
        }
        Ok(())
    }
}

/// Whether text in FROM is a query, which needs parentheses and a name; else it is a name as it stands.
pub(super) fn is_query(parts: &[TextPart]) -> bool {
    match parts.first() {
        Some(TextPart::Sql(sql)) => {
            let word = sql.trim_start().split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
            ["select", "with", "values"].iter().any(|query| word.eq_ignore_ascii_case(query))
        }
        _ => false,
    }
}

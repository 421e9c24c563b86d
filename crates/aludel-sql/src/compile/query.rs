//! Queries: one SELECT or several put together, ORDER BY, LIMIT, row locks.

use std::borrow::Cow;
use std::sync::Arc;

use aludel_core::CompileError;

use super::SqlWriter;
use crate::ast::{Expr, Lock, LockStrength, LockWait, Projection, Query, QueryBody, SetOp, Source, SourceKind};
use crate::dialect::{LockOf, Locking, RowLimit, Written};
use crate::lower::element::table;
use crate::lower::names::{bare, output_names};
use crate::schema::StaticColumn;

/// Where a query stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// It is the statement, or an INSERT's rows.
    Top,
    /// In an expression: it may read the FROM elements of the query around it.
    Scalar,
    /// In FROM.
    From,
    /// In FROM, where it may read the elements beside it.
    Lateral,
    /// In WITH.
    Cte,
}

impl Place {
    /// Whether its columns are read by name from outside.
    pub(super) const fn is_named(self) -> bool {
        matches!(self, Self::From | Self::Lateral | Self::Cte)
    }
}

impl SqlWriter<'_> {
    /// Writes a query; its CTEs were written at the statement's beginning.
    pub(super) fn query(&mut self, query: &Query, place: Place) -> Written {
        let target = self.target.take();
        let written = self.query_without_target(query, place);
        self.target = target;
        written
    }

    fn query_without_target(&mut self, query: &Query, place: Place) -> Written {
        match &query.body {
            QueryBody::Select(select) => {
                self.select(select, query, place)?;
                self.order_by(query, |_| None)?;
                self.tail(query)?;
                self.scopes.pop();
            }
            QueryBody::Compound { op, all, parts } => {
                self.compound(*op, *all, parts, place)?;
                let columns = query.columns();
                let names = output_names(columns);
                self.order_by(query, |expr| position(columns, expr).and_then(|at| names.get(at).cloned()))?;
                self.tail(query)?;
            }
        }
        Ok(())
    }

    fn compound(&mut self, op: SetOp, all: bool, parts: &[Query], place: Place) -> Written {
        if all && op != SetOp::Union && !self.capabilities.set_all {
            return Err(self.unsupported("INTERSECT ALL and EXCEPT ALL"));
        }
        if parts.is_empty() {
            return Err(CompileError::invalid("a UNION of no queries"));
        }
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                self.sql(" ");
                self.sql(match op {
                    SetOp::Union => "UNION",
                    SetOp::Intersect => "INTERSECT",
                    SetOp::Except => self.capabilities.except,
                });
                self.sql(if all { " ALL " } else { " " });
            }
            self.part(part, place)?;
        }
        Ok(())
    }

    fn part(&mut self, part: &Query, place: Place) -> Written {
        let is_plain = matches!(part.body, QueryBody::Select(_))
            && part.order_by.is_empty()
            && part.limit.is_none()
            && part.offset.is_none()
            && part.lock.is_none();
        if is_plain {
            return self.query(part, place);
        }
        if self.capabilities.nested_compounds {
            return self.parenthesised(|w| w.query(part, place));
        }
        self.sql("SELECT * FROM ");
        self.parenthesised(|w| w.query(part, place))?;
        if self.needs_where && place == Place::Top {
            self.sql(" WHERE ");
            self.constant(true);
        }
        Ok(())
    }

    /// ORDER BY; `shown` gives the name by which the whole shows an expression, where only names are allowed.
    fn order_by<'q>(&mut self, query: &'q Query, shown: impl Fn(&Expr) -> Option<Cow<'q, str>>) -> Written {
        if query.order_by.is_empty() {
            return Ok(());
        }
        self.sql(" ORDER BY ");
        self.list(&query.order_by, |w, order| {
            let name = shown(&order.expr);
            w.order(order, |w| match &name {
                Some(name) => {
                    w.identifier(name);
                    Ok(())
                }
                None => w.expr(&order.expr),
            })
        })
    }

    fn tail(&mut self, query: &Query) -> Written {
        self.row_limit(query)?;
        if let Some(lock) = &query.lock {
            self.lock(lock)?;
        }
        self.words(&query.suffixes, true);
        Ok(())
    }

    fn row_limit(&mut self, query: &Query) -> Written {
        let (limit, offset) = (query.limit.as_ref(), query.offset.as_ref());
        if limit.is_none() && offset.is_none() {
            return Ok(());
        }
        if query.with_ties && !self.capabilities.with_ties {
            return Err(self.unsupported_with("FETCH … WITH TIES", "use rank() in a subquery"));
        }
        match self.capabilities.row_limit {
            RowLimit::Limit { unlimited } if !query.with_ties => {
                if let Some(limit) = limit {
                    self.sql(" LIMIT ");
                    self.expr(limit)?;
                } else if let Some(unlimited) = unlimited {
                    self.sql(" LIMIT ");
                    self.sql(unlimited);
                }
                if let Some(offset) = offset {
                    self.sql(" OFFSET ");
                    self.expr(offset)?;
                }
                Ok(())
            }
            RowLimit::Limit { .. } | RowLimit::Fetch => self.fetch(limit, offset, query.with_ties),
            RowLimit::Top if self.is_top(query) => Ok(()),
            RowLimit::Top => {
                if query.with_ties {
                    return Err(self.unsupported("WITH TIES together with an offset or a UNION"));
                }
                if query.order_by.is_empty() {
                    self.sql(" ORDER BY (SELECT NULL)");
                }
                self.fetch(limit, Some(offset.unwrap_or(&Expr::Integer(0))), false)
            }
        }
    }

    fn fetch(&mut self, limit: Option<&Expr>, offset: Option<&Expr>, with_ties: bool) -> Written {
        let rows = |w: &mut Self, word: &str, count: &Expr| {
            w.sql(word);
            if matches!(count, Expr::Integer(_) | Expr::Bind(_)) {
                w.expr(count)
            } else {
                w.parenthesised(|w| w.expr(count))
            }
        };
        if let Some(offset) = offset {
            rows(self, " OFFSET ", offset)?;
            self.sql(" ROWS");
        }
        if let Some(limit) = limit {
            rows(self, " FETCH FIRST ", limit)?;
            self.sql(if with_ties { " ROWS WITH TIES" } else { " ROWS ONLY" });
        }
        Ok(())
    }

    /// Whether the limit stands behind the word SELECT.
    pub(super) fn is_top(&self, query: &Query) -> bool {
        self.capabilities.row_limit == RowLimit::Top
            && query.limit.is_some()
            && query.offset.is_none()
            && matches!(query.body, QueryBody::Select(_))
    }

    fn lock(&mut self, lock: &Lock) -> Written {
        let (key_strengths, share, of) = match self.capabilities.locking {
            Locking::Whole => return Ok(()),
            Locking::None => return Err(self.unsupported_with("FOR UPDATE", "give the table a locking hint")),
            Locking::Clause { key_strengths, share, of } => (key_strengths, share, of),
        };
        let words = match lock.strength {
            LockStrength::NoKeyUpdate if key_strengths => "FOR NO KEY UPDATE",
            LockStrength::KeyShare if key_strengths => "FOR KEY SHARE",
            LockStrength::Update | LockStrength::NoKeyUpdate => "FOR UPDATE",
            LockStrength::Share | LockStrength::KeyShare => share.unwrap_or("FOR UPDATE"),
        };
        self.sql(" ");
        self.sql(words);
        if !lock.of.is_empty() && of != LockOf::All {
            self.sql(" OF ");
            self.list(&lock.of, |w, source| {
                match (&source.kind, of) {
                    // A schema is not allowed here.
                    (SourceKind::Table(table), LockOf::Tables) => w.identifier(&table.name),
                    (SourceKind::Runtime(table), LockOf::Tables) => w.identifier(&table.name),
                    (_, LockOf::Tables) => w.source_name(source)?,
                    _ => {
                        let column = table(source).and_then(|table| table.columns.first());
                        let Some(column) = column else {
                            return Err(w.unsupported("FOR UPDATE OF something that is not a table"));
                        };
                        w.source_column(source, &column.name)?;
                    }
                }
                Ok(())
            })?;
        }
        self.sql(match lock.wait {
            LockWait::Wait => "",
            LockWait::NoWait => " NOWAIT",
            LockWait::SkipLocked => " SKIP LOCKED",
        });
        Ok(())
    }
}

/// The position of the column of a compound that an expression means.
fn position(columns: &[Projection], expr: &Expr) -> Option<usize> {
    let (wanted, wanted_source) = column_of(expr)?;
    columns.iter().position(|projection| {
        column_of(&projection.expr).is_some_and(|(column, source)| {
            let same_source = match (source, wanted_source) {
                (None, None) => true,
                (Some(source), Some(wanted)) => source.is(wanted),
                _ => false,
            };
            std::ptr::eq(column, wanted) && same_source
        })
    })
}

/// The table's column that an expression is, and what it is read through.
fn column_of(expr: &Expr) -> Option<(&'static StaticColumn, Option<&Arc<Source>>)> {
    match bare(expr) {
        Expr::Column { column, source } => Some((column, source.as_ref())),
        Expr::Property(property) => Some((property.column, property.source.as_ref())),
        _ => None,
    }
}

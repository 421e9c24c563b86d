//! One SELECT.

use super::SqlWriter;
use super::query::Place;
use crate::ast::{Expr, Query, Select};
use crate::dialect::Written;
use crate::lower::from::{self, Enclosing, FromClause};
use crate::lower::lint;

impl SqlWriter<'_> {
    /// Writes a SELECT up to HAVING. Its FROM elements stay as the innermost scope, which ORDER BY still needs.
    pub(super) fn select(&mut self, select: &Select, query: &Query, place: Place) -> Written {
        let clause = from::infer(select, self.enclosing(place))?;
        if self.options.lint {
            self.warnings.extend(lint::cartesian("SELECT", &clause, &select.filter));
        }
        self.scopes.push(clause.keys());
        self.sql("SELECT ");
        self.comment_hints(select);
        self.words(&select.prefixes, false);
        self.distinct(select)?;
        if self.is_top(query) {
            self.top(query)?;
        }
        self.projections(&select.columns, place.is_named())?;
        self.from(&clause, select)?;
        self.all_of(" WHERE ", &select.filter)?;
        if self.needs_where && place == Place::Top && select.filter.is_empty() && !clause.trees.is_empty() {
            self.sql(" WHERE ");
            self.constant(true);
        }
        self.group_by(&select.group_by.exprs)?;
        self.all_of(" HAVING ", &select.having)
    }

    fn group_by(&mut self, terms: &[Expr]) -> Written {
        if terms.is_empty() {
            return Ok(());
        }
        self.sql(" GROUP BY ");
        match terms {
            [Expr::Grouping { word: "ROLLUP", sets }] if self.capabilities.with_rollup => {
                self.exprs(sets)?;
                self.sql(" WITH ROLLUP");
                Ok(())
            }
            _ => self.exprs(terms),
        }
    }

    /// What a query at this place sees of the queries around it.
    fn enclosing(&self, place: Place) -> Enclosing<'_> {
        let implicit = self.scopes.last().map_or(&[][..], |scope| scope);
        match place {
            Place::Top | Place::Cte => Enclosing::default(),
            Place::Scalar | Place::Lateral => Enclosing { implicit, explicit: &self.scopes },
            Place::From => {
                let outer = self.scopes.len().saturating_sub(1);
                Enclosing { implicit: &[], explicit: &self.scopes[..outer] }
            }
        }
    }

    fn distinct(&mut self, select: &Select) -> Written {
        if !select.distinct_on.is_empty() {
            if !self.capabilities.distinct_on {
                return Err(self.unsupported_with("DISTINCT ON", "number the rows with row_number() in a subquery"));
            }
            self.sql("DISTINCT ON (");
            self.exprs(&select.distinct_on)?;
            self.sql(") ");
        } else if select.distinct {
            self.sql("DISTINCT ");
        }
        Ok(())
    }

    fn top(&mut self, query: &Query) -> Written {
        let Some(limit) = &query.limit else {
            return Ok(());
        };
        self.sql("TOP ");
        match limit {
            Expr::Integer(_) => self.expr(limit)?,
            _ => self.parenthesised(|w| w.expr(limit))?,
        }
        self.sql(if query.with_ties { " WITH TIES " } else { " " });
        Ok(())
    }

    /// FROM and its joins.
    fn from(&mut self, clause: &FromClause<'_>, select: &Select) -> Written {
        if clause.trees.is_empty() {
            if let Some(dual) = self.capabilities.dual {
                self.sql(" FROM ");
                self.sql(dual);
            }
            return Ok(());
        }
        self.sql(" FROM ");
        self.list(&clause.trees, |w, tree| {
            w.element(tree.root, &select.hints)?;
            tree.joins.iter().try_for_each(|join| w.join(join, &select.hints))
        })
    }

    fn comment_hints(&mut self, select: &Select) {
        if !self.capabilities.comment_hints {
            return;
        }
        let name = self.dialect.name();
        let mut hints =
            select.hints.iter().filter(|(_, hint)| hint.dialect.as_deref().is_none_or(|dialect| dialect == name));
        if let Some((_, first)) = hints.next() {
            let all = hints.fold(first.text.to_string(), |all, (_, hint)| all + " " + &hint.text);
            self.sql("/*+ ");
            self.sql(&all);
            self.sql(" */ ");
        }
    }
}

//! UPDATE.

use smallvec::SmallVec;

use super::SqlWriter;
use super::insert::is_plain_table;
use crate::ast::{Expr, Source, Update};
use crate::dialect::{DmlLimit, DmlWith, MultiTable, Written};
use crate::lower::element::{Element, Key, key};
use crate::lower::lint;
use crate::lower::mentions::Mentions;

impl SqlWriter<'_> {
    /// Writes an UPDATE.
    pub(super) fn update(&mut self, update: &Update, ctes: &[&Source]) -> Written {
        self.word = "UPDATE";
        self.dml_with(ctes)?;
        let values = update.set.iter().map(|(_, value)| value);
        let others = others(&update.table, &update.from, update.filter.iter().chain(values));
        let style = self.capabilities.update_from;
        self.check_tables(&update.table, &others, style, &update.filter)?;
        self.scopes.push(scope(&update.table, &others));
        self.sql("UPDATE ");
        self.dml_top(update.limit.as_ref())?;
        let lists_all = style == MultiTable::List && !others.is_empty();
        if style == MultiTable::FromAll && !is_plain_table(&update.table) {
            self.source_name(&update.table)?;
        } else {
            self.element(Element::Source(&update.table), &[])?;
        }
        if lists_all {
            self.sql(", ");
            self.elements_list(&others)?;
        }
        self.sql(" SET ");
        self.assignments(&update.set, lists_all.then_some(&update.table))?;
        self.output(&update.returning, &update.table, "inserted")?;
        self.further_tables(" FROM ", &update.table, &others, style)?;
        self.all_of(" WHERE ", &update.filter)?;
        if !update.order_by.is_empty() {
            if self.capabilities.dml_limit != DmlLimit::Limit {
                return Err(self.unsupported("ORDER BY in UPDATE"));
            }
            self.sql(" ORDER BY ");
            self.orders(&update.order_by)?;
        }
        self.dml_limit(update.limit.as_ref())?;
        self.returning(&update.returning, &update.table, self.capabilities.returning.update)?;
        self.scopes.pop();
        Ok(())
    }

    /// WITH before an UPDATE or DELETE.
    pub(super) fn dml_with(&mut self, ctes: &[&Source]) -> Written {
        if !ctes.is_empty() && self.capabilities.dml_with == DmlWith::OnlySelect {
            return Err(self.unsupported(format!("WITH before {}", self.word)));
        }
        self.with(ctes)
    }

    /// Warns of tables that nothing joins, and refuses further tables where the database reads none.
    pub(super) fn check_tables(
        &mut self,
        table: &Source,
        others: &[Element<'_>],
        style: MultiTable,
        filter: &[Expr],
    ) -> Written {
        if others.is_empty() {
            return Ok(());
        }
        if style == MultiTable::None {
            let message = format!("further tables in {}", self.word);
            return Err(self.unsupported_with(message, "read them in a subquery: EXISTS or IN"));
        }
        if self.options.lint {
            let all: Vec<_> = std::iter::once(Element::Source(table)).chain(others.iter().copied()).collect();
            self.warnings.extend(lint::cartesian_dml(self.word, &all, filter));
        }
        Ok(())
    }

    /// The clause with the further tables of an UPDATE or DELETE, where the style has one.
    pub(super) fn further_tables(
        &mut self,
        word: &str,
        table: &Source,
        others: &[Element<'_>],
        style: MultiTable,
    ) -> Written {
        let with_itself = style == MultiTable::FromAll && (!others.is_empty() || !is_plain_table(table));
        if style == MultiTable::Clause && !others.is_empty() {
            self.sql(word);
            return self.elements_list(others);
        }
        if with_itself {
            self.sql(word);
            let all: Vec<_> = std::iter::once(Element::Source(table)).chain(others.iter().copied()).collect();
            return self.elements_list(&all);
        }
        Ok(())
    }

    pub(super) fn elements_list(&mut self, elements: &[Element<'_>]) -> Written {
        self.list(elements, |w, element| w.element(*element, &[]))
    }

    pub(super) fn dml_top(&mut self, limit: Option<&Expr>) -> Written {
        if let (Some(limit), DmlLimit::Top) = (limit, self.capabilities.dml_limit) {
            self.sql("TOP (");
            self.expr(limit)?;
            self.sql(") ");
        }
        Ok(())
    }

    pub(super) fn dml_limit(&mut self, limit: Option<&Expr>) -> Written {
        match (limit, self.capabilities.dml_limit) {
            (None, _) | (Some(_), DmlLimit::Top) => Ok(()),
            (Some(limit), DmlLimit::Limit) => {
                self.sql(" LIMIT ");
                self.expr(limit)
            }
            (Some(_), DmlLimit::None) => {
                let message = format!("LIMIT in {}", self.word);
                Err(self.unsupported_with(message, "choose the rows by a subquery in WHERE"))
            }
        }
    }
}

/// The further tables of an UPDATE or DELETE: those that the program named, then those that the expressions mention.
pub(super) fn others<'a>(
    table: &'a Source,
    named: &'a [Source],
    exprs: impl Iterator<Item = &'a Expr>,
) -> SmallVec<[Element<'a>; 8]> {
    let mut mentions = Mentions::default();
    named.iter().for_each(|source| mentions.element(Element::Source(source)));
    exprs.for_each(|expr| mentions.expr(expr));
    let own = key(table);
    mentions.0.retain(|element| element.key() != own);
    mentions.0
}

/// The keys of a statement's table and its further ones.
pub(super) fn scope(table: &Source, others: &[Element<'_>]) -> SmallVec<[Key; 4]> {
    std::iter::once(key(table)).chain(others.iter().map(|element| element.key())).collect()
}

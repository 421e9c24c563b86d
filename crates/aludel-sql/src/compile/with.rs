//! WITH.

use super::SqlWriter;
use super::query::Place;
use crate::ast::{CteBody, Source, SourceKind, Statement};
use crate::dialect::Written;
use crate::lower::names::output_names;

impl SqlWriter<'_> {
    /// Writes the CTEs, in this order, with a space behind.
    pub(super) fn with(&mut self, ctes: &[&Source]) -> Written {
        if ctes.is_empty() {
            return Ok(());
        }
        let is_recursive = |source: &&Source| matches!(&source.kind, SourceKind::Cte { body, .. } if body.recursive);
        let says_recursive = self.capabilities.recursive_word && ctes.iter().any(is_recursive);
        self.sql(if says_recursive { "WITH RECURSIVE " } else { "WITH " });
        // A CTE reads nothing of the queries that read it.
        let scopes = std::mem::take(&mut self.scopes);
        let target = self.target.take();
        self.list(ctes, |w, source| match &source.kind {
            SourceKind::Cte { body, .. } => w.cte(source, body),
            _ => Ok(()),
        })?;
        self.scopes = scopes;
        self.target = target;
        self.sql(" ");
        Ok(())
    }

    fn cte(&mut self, source: &Source, body: &CteBody) -> Written {
        let name = self.name_of(source)?;
        self.identifier(&name);
        if !body.columns.is_empty() {
            self.column_names(&body.columns);
        } else if let (true, Statement::Query(query)) = (body.recursive, &body.statement) {
            let names: Vec<_> = output_names(query.columns()).into_iter().map(|name| name.into()).collect();
            if !names.is_empty() {
                self.column_names(&names);
            }
        }
        self.sql(" AS ");
        if let Some(materialized) = body.materialized {
            if !self.capabilities.materialized {
                return Err(self.unsupported("MATERIALIZED"));
            }
            self.sql(if materialized { "MATERIALIZED " } else { "NOT MATERIALIZED " });
        }
        self.parenthesised(|w| match &body.statement {
            Statement::Query(query) => w.query(query, Place::Cte),
            Statement::Text(text) => w.text_parts(&text.parts),
            _ if !w.capabilities.dml_in_cte => {
                Err(w.unsupported_with("a CTE that changes data", "run two statements in one transaction"))
            }
            statement => w.statement(statement, &[]),
        })
    }
}

//! Which FROM elements an expression mentions.

use smallvec::SmallVec;

use super::element::{Element, Key};
use super::walk::{Part, parts};
use crate::ast::{Expr, Source, SourceKind};

/// FROM elements in the order of their first mention.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mentions<'a>(pub(crate) SmallVec<[Element<'a>; 8]>);

impl<'a> Mentions<'a> {
    /// Adds what an expression mentions. What stands in its subqueries belongs to those.
    pub(crate) fn expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Column { column, source } => self.element(Element::of_column(column, source.as_ref())),
            // Its expression may be a subquery that takes the table from here.
            Expr::Property(property) => {
                self.element(Element::of_column(property.column, property.source.as_ref()));
                self.expr(&property.expr);
            }
            Expr::Named { source: Some(source), .. } => self.element(Element::Source(source)),
            _ => parts(expr, &mut |part| {
                if let Part::Expr(expr) = part {
                    self.expr(expr);
                }
            }),
        }
    }

    /// Adds an element; what a function in FROM reads comes before it.
    pub(crate) fn element(&mut self, element: Element<'a>) {
        if self.has(element.key()) {
            return;
        }
        if let Element::Source(Source { kind: SourceKind::Function { call, .. }, .. }) = element {
            self.expr(call);
        }
        self.0.push(element);
    }

    pub(crate) fn has(&self, key: Key) -> bool {
        self.0.iter().any(|element| element.key() == key)
    }
}

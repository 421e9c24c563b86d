//! IN.

use aludel_core::{Kind, SqlType};

use super::SqlWriter;
use super::precedence::Precedence;
use super::query::Place;
use crate::ast::{Bind, BindSource, Expr, InTarget, Query};
use crate::dialect::{TupleIn, Written};

impl SqlWriter<'_> {
    /// `operand [NOT] IN target`.
    pub(super) fn membership(&mut self, operand: &Expr, target: &InTarget, negated: bool) -> Written {
        match target {
            InTarget::List { list, size, width } => self.in_list(operand, list, *size, *width, negated),
            // Nothing is in an empty list, not even NULL.
            InTarget::Exprs(items) if items.is_empty() => {
                self.constant(negated);
                Ok(())
            }
            InTarget::Exprs(items) => {
                self.in_words(operand, negated)?;
                self.parenthesised(|w| w.exprs(items))
            }
            InTarget::Query(query) => {
                self.in_words(operand, negated)?;
                self.parenthesised(|w| w.inner_query(query))
            }
        }
    }

    /// A query behind IN, ANY or ALL. Some databases take none with a limit there, but for one that is a table of its own.
    pub(super) fn inner_query(&mut self, query: &Query) -> Written {
        if self.capabilities.limit_in_subqueries || (query.limit.is_none() && query.offset.is_none()) {
            return self.query(query, Place::Scalar);
        }
        self.sql("SELECT * FROM ");
        self.parenthesised(|w| w.query(query, Place::From))?;
        self.sql(" AS limited");
        Ok(())
    }

    fn in_words(&mut self, operand: &Expr, negated: bool) -> Written {
        self.operand_of(operand, Precedence::Other)?;
        self.sql(if negated { " NOT IN " } else { " IN " });
        Ok(())
    }

    fn in_list(&mut self, operand: &Expr, list: &Bind, size: u32, width: u32, negated: bool) -> Written {
        // There are no arrays of arrays.
        let is_array = matches!(operand.sql_type(), Some(SqlType::Array(_)));
        if self.capabilities.arrays && width <= 1 && !is_array {
            self.operand_of(operand, Precedence::Other)?;
            self.sql(if negated { " <> ALL(" } else { " = ANY(" });
            self.placeholder(list.source, Kind::List, list.context);
            self.sql(")");
            return Ok(());
        }
        if size == 0 {
            self.constant(negated);
            return Ok(());
        }
        if width <= 1 {
            self.in_words(operand, negated)?;
            return self.parenthesised(|w| w.elements(list, 0, size));
        }
        match self.capabilities.tuple_in {
            TupleIn::List => {
                self.in_words(operand, negated)?;
                self.parenthesised(|w| w.tuples(list, size, width))
            }
            TupleIn::Values => {
                self.in_words(operand, negated)?;
                self.sql("(VALUES ");
                self.tuples(list, size, width)?;
                self.sql(")");
                Ok(())
            }
            TupleIn::Conditions => self.tuple_conditions(operand, list, size, width, negated),
        }
    }

    fn tuples(&mut self, list: &Bind, size: u32, width: u32) -> Written {
        self.list(0..size, |w, row| w.parenthesised(|w| w.elements(list, row * width, width)))
    }

    /// So many elements of a list, from this one on.
    fn elements(&mut self, list: &Bind, from: u32, count: u32) -> Written {
        self.list(from..from + count, |w, element| {
            w.list_element(list, element);
            Ok(())
        })
    }

    fn list_element(&mut self, list: &Bind, element: u32) {
        let kind = match (list.kind, list.context) {
            (Kind::List, Some(column)) => column.def().sql_type.kind(),
            (Kind::List, None) => Kind::Other,
            (kind, _) => kind,
        };
        self.placeholder(BindSource { element: Some(element), ..list.source }, kind, list.context);
    }

    /// `(a = ? AND b = ? OR …)`, where tuples can't be compared.
    fn tuple_conditions(&mut self, operand: &Expr, list: &Bind, size: u32, width: u32, negated: bool) -> Written {
        let Expr::Tuple(columns) = operand else {
            return Err(self.unsupported("a tuple that is no list of columns in IN"));
        };
        self.sql(if negated { "NOT (" } else { "(" });
        for row in 0..size {
            self.sql(if row == 0 { "" } else { " OR " });
            for (column, position) in columns.iter().zip(0..width) {
                self.sql(if position == 0 { "" } else { " AND " });
                self.operand_of(column, Precedence::Other)?;
                self.sql(" = ");
                self.list_element(list, row * width + position);
            }
        }
        self.sql(")");
        Ok(())
    }
}

//! Operators with two operands.

use super::SqlWriter;
use super::precedence::Precedence;
use crate::ast::{BinaryOp, Expr};
use crate::dialect::{TupleIn, Written};

impl SqlWriter<'_> {
    /// Writes an operator's left operand, in parentheses where it needs them.
    ///
    /// # Errors
    /// Those of the operand.
    pub fn left(&mut self, op: BinaryOp, operand: &Expr) -> Written {
        let least = match Precedence::of_operator(op) {
            Precedence::Sum => Precedence::Sum,
            Precedence::Product => Precedence::Product,
            Precedence::Other => match operand {
                Expr::Binary { op: inner, .. } if *inner == op => Precedence::Other,
                _ => Precedence::Unary,
            },
            _ => Precedence::Other,
        };
        self.operand_of(operand, least)
    }

    /// Writes an operator's right operand, in parentheses where it needs them.
    ///
    /// # Errors
    /// Those of the operand.
    pub fn right(&mut self, op: BinaryOp, operand: &Expr) -> Written {
        let least = match Precedence::of_operator(op) {
            Precedence::Sum => Precedence::Product,
            Precedence::Product | Precedence::Other => Precedence::Unary,
            _ => Precedence::Other,
        };
        self.operand_of(operand, least)
    }

    /// A comparison; one with NULL is IS NULL.
    pub(super) fn comparison(&mut self, op: BinaryOp, left: &Expr, right: &Expr) -> Written {
        let is_not = match op {
            BinaryOp::Eq | BinaryOp::IsNotDistinct => Some(false),
            BinaryOp::Ne | BinaryOp::IsDistinct => Some(true),
            _ => None,
        };
        if let (Some(is_not), Expr::Null) = (is_not, right) {
            return self.is_null(left, is_not);
        }
        if matches!(left, Expr::Tuple(_)) && self.capabilities.tuple_in == TupleIn::Conditions {
            return Err(self.unsupported_with("a comparison of tuples", "compare column by column"));
        }
        self.dialect.binary(self, op, left, right)
    }
}

//! Ranges.

use aludel_core::SqlTyped;
use aludel_core::postgres::{Range, RangeElement};
use aludel_sql::{Expr, Expression, IntoExpr};

use super::{call, infix};

/// What can be done with ranges.
#[allow(clippy::wrong_self_convention, reason = "an expression is used up by what is made of it")]
pub trait RangeExpression<T: RangeElement>: Expression
where
    Self::Sql: SqlTyped<Base = Range<T>>,
{
    /// `@>`: the value is in the range.
    fn contains_value(self, value: impl IntoExpr<T>) -> Expr<bool> {
        infix(self, "@>", value)
    }

    /// `-|-`: both touch each other, and have nothing in common.
    fn is_adjacent_to(self, other: impl IntoExpr<Range<T>>) -> Expr<bool> {
        infix(self, "-|-", other)
    }

    /// `<<`: it ends before the other one begins.
    fn is_left_of(self, other: impl IntoExpr<Range<T>>) -> Expr<bool> {
        infix(self, "<<", other)
    }

    /// `>>`: it begins behind the other one's end.
    fn is_right_of(self, other: impl IntoExpr<Range<T>>) -> Expr<bool> {
        infix(self, ">>", other)
    }

    /// `*`: what both have in common.
    fn intersection(self, other: impl IntoExpr<Range<T>>) -> Expr<Self::Sql> {
        infix(self, "*", other)
    }

    /// `+`: both together. An error of the database where they don't touch each other.
    fn union_with(self, other: impl IntoExpr<Range<T>>) -> Expr<Self::Sql> {
        infix(self, "+", other)
    }

    /// `-`: what the other one leaves. An error of the database where that is in two pieces.
    fn difference(self, other: impl IntoExpr<Range<T>>) -> Expr<Self::Sql> {
        infix(self, "-", other)
    }

    /// The value at the lower end; NULL where there is none.
    fn lower(self) -> Expr<Option<T>> {
        call("lower", self)
    }

    /// The value at the upper end; NULL where there is none.
    fn upper(self) -> Expr<Option<T>> {
        call("upper", self)
    }

    /// Whether nothing is in it.
    fn is_empty(self) -> Expr<bool> {
        call("isempty", self)
    }
}

impl<T: RangeElement, X: Expression> RangeExpression<T> for X where X::Sql: SqlTyped<Base = Range<T>> {}

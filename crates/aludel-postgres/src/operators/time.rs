//! Moments and lengths of time.

use aludel_core::Interval;
use aludel_sql::{Expr, Expression, IntoExpr, literal};

use super::{call, infix};

/// What can be done with columns of dates with a time: `timestamp`, `timestamptz`, and `time`.
///
/// A `date` becomes a `timestamp` there: [`cast`](Expression::cast) it before.
pub trait TimeExpression: Expression {
    /// `+`: so much later. Months and days are counted by the calendar, of a `timestamptz` by the session's time zone.
    fn plus(self, length: impl IntoExpr<Interval>) -> Expr<Self::Sql> {
        infix(self, "+", length)
    }

    /// `-`: so much earlier.
    fn minus(self, length: impl IntoExpr<Interval>) -> Expr<Self::Sql> {
        infix(self, "-", length)
    }

    /// `-`: how long it is after another moment; negative where it is before. In days and hours, without months.
    fn since(self, other: impl IntoExpr<aludel_sql::Base<Self>>) -> Expr<Interval> {
        infix(self, "-", other)
    }

    /// `date_trunc`: the beginning of its `"hour"`, `"day"`, `"week"`, `"month"` and so on. The unit is part of the SQL text, so that the
    /// same expression may stand in GROUP BY.
    fn beginning_of(self, unit: &str) -> Expr<Self::Sql> {
        call("date_trunc", (literal(unit), self))
    }
}

impl<X: Expression> TimeExpression for X {}

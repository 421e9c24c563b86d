//! Operators and functions of PostgreSQL's own types, as methods of expressions.
//!
//! What several types share (`contains`, `contained_by`, `overlaps`, `has_key`) are methods of every
//! [`Expression`]; what arrays have is [`ArrayExpression`](aludel_sql::ArrayExpression). On another database each is an error
//! that names it.

mod hstore;
mod net;
mod range;
pub mod search;
mod time;

use aludel_core::SqlTyped;
use aludel_sql::{Expr, ExprList, Expression, Form, IntoExpr, Needs, native, operand};

pub use hstore::HstoreExpression;
pub use net::NetExpression;
pub use range::RangeExpression;
pub use search::SearchExpression;
pub use time::TimeExpression;

/// Whose operators these are.
const NEEDS: Needs = Needs::Family("postgresql");

/// `left operator right`
fn infix<B: SqlTyped, T: SqlTyped>(left: impl Expression, operator: &'static str, right: impl IntoExpr<B>) -> Expr<T> {
    native(NEEDS, Form::Infix(operator), (left, operand(right)))
}

/// `name(operands)`
fn call<T: SqlTyped>(name: &'static str, operands: impl ExprList) -> Expr<T> {
    native(NEEDS, Form::Call(name), operands)
}

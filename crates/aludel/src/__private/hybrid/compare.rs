//! Comparisons and conditions.

use aludel_core::SqlTyped;
use aludel_sql::{Base, Expr, Expression, IntoExpr};

pub use aludel_sql::not;

/// A type with an order that Rust and SQL agree about.
#[diagnostic::on_unimplemented(
    message = "`{Self}` may be NULL: Rust puts `None` before everything else, and SQL has no order for NULL",
    label = "take the value out first, by `unwrap_or(…)` or `if let Some(…)`"
)]
pub trait NeverNull: SqlTyped {}

#[diagnostic::do_not_recommend]
impl<T: SqlTyped<Base = T>> NeverNull for T {}

/// `==`, also of two that are NULL.
pub fn eq<X: Expression>(left: X, right: impl IntoExpr<Base<X>>) -> Expr<bool> {
    if X::Sql::NULLABLE { left.is_not_distinct_from(right) } else { left.eq(right) }
}

/// `!=`
pub fn ne<X: Expression>(left: X, right: impl IntoExpr<Base<X>>) -> Expr<bool> {
    if X::Sql::NULLABLE { left.is_distinct_from(right) } else { left.ne(right) }
}

/// `<`
pub fn lt<X: Expression<Sql: NeverNull>>(left: X, right: impl IntoExpr<Base<X>>) -> Expr<bool> {
    left.lt(right)
}

/// `<=`
pub fn le<X: Expression<Sql: NeverNull>>(left: X, right: impl IntoExpr<Base<X>>) -> Expr<bool> {
    left.le(right)
}

/// `>`
pub fn gt<X: Expression<Sql: NeverNull>>(left: X, right: impl IntoExpr<Base<X>>) -> Expr<bool> {
    left.gt(right)
}

/// `>=`
pub fn ge<X: Expression<Sql: NeverNull>>(left: X, right: impl IntoExpr<Base<X>>) -> Expr<bool> {
    left.ge(right)
}

/// `&&`
pub fn and<X: Expression<Sql = bool>>(left: X, right: impl IntoExpr<bool>) -> Expr<bool> {
    left.and(right)
}

/// `||`
pub fn or<X: Expression<Sql = bool>>(left: X, right: impl IntoExpr<bool>) -> Expr<bool> {
    left.or(right)
}

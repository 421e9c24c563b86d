//! What a method of `#[hybrid]` says in SQL: one function for each construct of Rust.
//!
//! They mean what Rust means. Where SQL's own construct of that name means something else (NULL is not equal to NULL, `LIKE`
//! does not tell small letters from capitals everywhere), they say it in other words.

mod argument;
mod arithmetic;
mod choice;
mod compare;
mod text;

use aludel_sql::{Base, Expr, Expression, IntoExpr, func};

pub use argument::{Argument, Borrowed, Made, Nullable, Owned};
pub use arithmetic::{Dividend, Summand, abs, add, cast, div, max, min, mul, negative, rem, sub};
pub use choice::{choose, choose_of, choose_or_null, choose_value};
pub use compare::{NeverNull, and, eq, ge, gt, le, lt, ne, not, or};
pub use text::{
    char_length, contains, contains_written, ends_with, is_empty, len, starts_with, to_lowercase, to_uppercase,
};

pub use aludel_sql::null;

/// The one type that all expressions have.
pub fn expr<X: Expression>(expression: X) -> Expr<X::Sql> {
    expression.expr()
}

/// A value on the left of an operator, as an expression of the type of what is on the right.
pub fn alike<X: Expression, M>(value: impl Argument<Base<X>, M>, _: &X) -> Expr<Base<X>> {
    value.into_argument()
}

/// `Some(…)`
pub fn some<X: Expression>(expression: X) -> Expr<Option<Base<X>>> {
    expression.nullable()
}

/// `is_some()`
pub fn is_some<X: Expression>(expression: X) -> Expr<bool> {
    expression.is_not_null()
}

/// `is_none()`
pub fn is_none<X: Expression>(expression: X) -> Expr<bool> {
    expression.is_null()
}

/// `unwrap_or(…)`
pub fn coalesce<X: Expression>(expression: X, otherwise: impl IntoExpr<Base<X>>) -> Expr<Base<X>> {
    func::coalesce(expression, otherwise)
}

/// `unwrap_or_default()`
pub fn or_default<X: Expression>(expression: X) -> Expr<Base<X>>
where
    Base<X>: Default + IntoExpr<Base<X>>,
{
    func::coalesce(expression, Base::<X>::default())
}

//! Texts.
//!
//! `LIKE` is not used: it reads `%` and `_` in what is looked for, and on some databases takes small letters and capitals for the
//! same.

use aludel_core::SqlTyped;
use aludel_sql::{Expr, Expression, func};

use super::Argument;

/// `starts_with(…)`: its first characters are the text.
pub fn starts_with<X: Expression, M>(text: X, start: impl Argument<String, M>) -> Expr<bool>
where
    X::Sql: SqlTyped<Base = String>,
{
    let start = start.into_argument();
    let length = func::char_length(start.clone());
    func::substring(text.expr(), 1, length).eq(start)
}

/// `ends_with(…)`
pub fn ends_with<X: Expression, M>(text: X, end: impl Argument<String, M>) -> Expr<bool>
where
    X::Sql: SqlTyped<Base = String>,
{
    let (text, end) = (text.expr(), end.into_argument());
    let length = func::char_length(end.clone());
    let from = func::char_length(text.clone()) - length.clone() + 1;
    // A text that is too short has no such place.
    length.clone().le(func::char_length(text.clone())).and(func::substring(text, from, length).eq(end))
}

/// `contains(…)`: without the text, it is another one. Every text contains the empty one.
pub fn contains<X: Expression, M>(text: X, part: impl Argument<String, M>) -> Expr<bool>
where
    X::Sql: SqlTyped<Base = String>,
{
    let part = part.into_argument();
    contains_written(text, part.clone()).or(part.eq(""))
}

/// `contains("text")`, where the text is known not to be empty.
pub fn contains_written<X: Expression, M>(text: X, part: impl Argument<String, M>) -> Expr<bool>
where
    X::Sql: SqlTyped<Base = String>,
{
    let text = text.expr();
    func::replace(text.clone(), part.into_argument(), "").ne(text)
}

/// `is_empty()`
pub fn is_empty<X: Expression>(text: X) -> Expr<bool>
where
    X::Sql: SqlTyped<Base = String>,
{
    text.eq("")
}

/// `len()`: how many bytes.
pub fn len<X: Expression>(text: X) -> Expr<i64>
where
    X::Sql: SqlTyped<Base = String>,
{
    func::call("octet_length", text)
}

/// `chars().count()`
pub fn char_length<X: Expression>(text: X) -> Expr<i64>
where
    X::Sql: SqlTyped<Base = String>,
{
    func::char_length(text)
}

/// `to_lowercase()`
pub fn to_lowercase<X: Expression>(text: X) -> Expr<X::Sql>
where
    X::Sql: SqlTyped<Base = String>,
{
    func::lower(text)
}

/// `to_uppercase()`
pub fn to_uppercase<X: Expression>(text: X) -> Expr<X::Sql>
where
    X::Sql: SqlTyped<Base = String>,
{
    func::upper(text)
}

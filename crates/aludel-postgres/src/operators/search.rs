//! Search in texts.
//!
//! `configuration` is the name of a text search configuration of the database, such as `english` or `simple`.

use aludel_core::SqlTyped;
use aludel_core::postgres::{TsQuery, TsVector};
use aludel_sql::{Expr, Expression, IntoExpr, operand};

use super::{call, infix};

/// `to_tsvector`: the words of a text in their normal form.
pub fn vector(configuration: &str, text: impl IntoExpr<String>) -> Expr<TsVector> {
    call("to_tsvector", (operand::<String>(configuration), operand(text)))
}

/// `to_tsquery`: words joined by `&`, `|`, `!` and `<->`. An error of the database where it can't be read.
pub fn query(configuration: &str, query: impl IntoExpr<String>) -> Expr<TsQuery> {
    call("to_tsquery", (operand::<String>(configuration), operand(query)))
}

/// `plainto_tsquery`: all words of a text, wherever they stand.
pub fn words(configuration: &str, text: impl IntoExpr<String>) -> Expr<TsQuery> {
    call("plainto_tsquery", (operand::<String>(configuration), operand(text)))
}

/// `phraseto_tsquery`: the words of a text, one behind the other.
pub fn phrase(configuration: &str, text: impl IntoExpr<String>) -> Expr<TsQuery> {
    call("phraseto_tsquery", (operand::<String>(configuration), operand(text)))
}

/// `websearch_to_tsquery`: as people write to search engines, with quotes, `or` and `-`. It takes every text.
pub fn web(configuration: &str, text: impl IntoExpr<String>) -> Expr<TsQuery> {
    call("websearch_to_tsquery", (operand::<String>(configuration), operand(text)))
}

/// `ts_rank`: how well the words are met; larger is better.
pub fn rank(vector: impl IntoExpr<TsVector>, query: impl IntoExpr<TsQuery>) -> Expr<f32> {
    call("ts_rank", (operand(vector), operand(query)))
}

/// `ts_headline`: pieces of the text with the words in `<b>` and `</b>`.
pub fn headline(configuration: &str, text: impl IntoExpr<String>, query: impl IntoExpr<TsQuery>) -> Expr<String> {
    call("ts_headline", (operand::<String>(configuration), operand(text), operand(query)))
}

/// What can be done with text that is prepared for searching.
pub trait SearchExpression: Expression
where
    Self::Sql: SqlTyped<Base = TsVector>,
{
    /// `@@`: the text has what is searched for.
    fn finds(self, query: impl IntoExpr<TsQuery>) -> Expr<bool> {
        infix(self, "@@", query)
    }
}

impl<X: Expression> SearchExpression for X where X::Sql: SqlTyped<Base = TsVector> {}

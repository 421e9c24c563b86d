//! SQL functions.
//!
//! The common ones are typed; [`call`] makes any other. Names are the generic ones: each dialect says them in its own
//! words (`char_length` is `length` on SQLite).

use aludel_core::{SqlType, SqlTyped};

use super::expr::{Base, Expr, Expression};
use super::into_expr::{ExprList, IntoExpr};
use super::raw::Raw;
use crate::tape::{Op, Tape};

const STAR: u8 = 1;
const DISTINCT: u8 = 2;
const TYPED: u8 = 4;

fn function<T>(name: &str, flags: u8, sql_type: Option<&SqlType>, arguments: impl ExprList) -> Expr<T> {
    let mut tape = Box::<Tape>::default();
    let count = arguments.push_all(&mut tape);
    finish(tape, name, flags, sql_type, count)
}

fn finish<T>(mut tape: Box<Tape>, name: &str, flags: u8, sql_type: Option<&SqlType>, count: usize) -> Expr<T> {
    tape.op2(Op::Function, flags | if sql_type.is_some() { TYPED } else { 0 });
    tape.count(count);
    tape.text(name);
    if let Some(sql_type) = sql_type {
        tape.sql_type(sql_type);
    }
    Expr::from_raw(Raw::Tape(tape))
}

/// Any function by name: `func::call::<i64>("my_func", (User::AGE, value(5)))`.
///
/// The name is part of the statement as it stands: never take it from a user.
pub fn call<T: SqlTyped>(name: &str, arguments: impl ExprList) -> Expr<T> {
    function(name, 0, Some(&T::SQL_TYPE), arguments)
}

/// `count(*)`
#[must_use]
pub fn count_all() -> Expr<i64> {
    function("count", STAR, Some(&SqlType::BigInt), ())
}

/// `count(expression)`: rows where it is not NULL.
pub fn count(expression: impl Expression) -> Expr<i64> {
    function("count", 0, Some(&SqlType::BigInt), expression)
}

/// `count(DISTINCT expression)`
pub fn count_distinct(expression: impl Expression) -> Expr<i64> {
    function("count", DISTINCT, Some(&SqlType::BigInt), expression)
}

/// Types that can be added up.
#[diagnostic::on_unimplemented(message = "values of type `{Self}` can't be added up", label = "not a number")]
pub trait Summable: SqlTyped {
    /// The type of a sum.
    type Sum: SqlTyped;
    /// The type of an average.
    type Average: SqlTyped;
}

macro_rules! summable {
    ($($type:ty => $sum:ty, $average:ty;)+) => {
        $(impl Summable for $type {
            type Sum = $sum;
            type Average = $average;
        })+
    };
}

summable! {
    i8 => i64, f64;
    i16 => i64, f64;
    i32 => i64, f64;
    i64 => i64, f64;
    u8 => i64, f64;
    u16 => i64, f64;
    u32 => i64, f64;
    u64 => aludel_core::Decimal, f64;
    f32 => f64, f64;
    f64 => f64, f64;
    aludel_core::Decimal => aludel_core::Decimal, aludel_core::Decimal;
    aludel_core::Numeric => aludel_core::Numeric, aludel_core::Numeric;
    aludel_core::Interval => aludel_core::Interval, aludel_core::Interval;
    std::time::Duration => std::time::Duration, std::time::Duration;
}

#[cfg(feature = "rust_decimal")]
summable! {
    rust_decimal::Decimal => rust_decimal::Decimal, rust_decimal::Decimal;
}

#[cfg(feature = "bigdecimal")]
summable! {
    bigdecimal::BigDecimal => bigdecimal::BigDecimal, bigdecimal::BigDecimal;
}

/// `sum(expression)`; NULL over no rows.
pub fn sum<X: Expression>(expression: X) -> Expr<Option<<Base<X> as Summable>::Sum>>
where
    Base<X>: Summable,
{
    function("sum", 0, Some(&<Base<X> as Summable>::Sum::SQL_TYPE), expression)
}

/// `avg(expression)`; NULL over no rows.
pub fn avg<X: Expression>(expression: X) -> Expr<Option<<Base<X> as Summable>::Average>>
where
    Base<X>: Summable,
{
    function("avg", 0, Some(&<Base<X> as Summable>::Average::SQL_TYPE), expression)
}

/// `min(expression)`; NULL over no rows.
pub fn min<X: Expression>(expression: X) -> Expr<Option<Base<X>>> {
    function("min", 0, Some(&X::Sql::SQL_TYPE), expression)
}

/// `max(expression)`; NULL over no rows.
pub fn max<X: Expression>(expression: X) -> Expr<Option<Base<X>>> {
    function("max", 0, Some(&X::Sql::SQL_TYPE), expression)
}

/// Values put together into one text with a separator: `group_concat`, `string_agg`.
pub fn aggregate_strings<X: Expression>(expression: X, separator: &str) -> Expr<Option<String>>
where
    X::Sql: SqlTyped<Base = String>,
{
    function("aggregate_strings", 0, Some(&SqlType::Text), (expression, super::literal(separator)))
}

/// The values of several rows as an array, NULLs among them; NULL over no rows. For databases with arrays.
pub fn array_agg<X: Expression>(expression: X) -> Expr<Option<Vec<X::Sql>>>
where
    X::Sql: aludel_core::ArrayElement,
{
    function("array_agg", 0, Some(&<Vec<X::Sql>>::SQL_TYPE), expression)
}

/// The first of two that is not NULL.
pub fn coalesce<X: Expression>(first: X, second: impl IntoExpr<Base<X>>) -> Expr<Base<X>> {
    let mut tape = first.into_raw().into_tape();
    second.into_raw_expr().append_to(&mut tape);
    finish(tape, "coalesce", 0, Some(&X::Sql::SQL_TYPE), 2)
}

/// The first of several that is not NULL.
pub fn coalesce_all<T: SqlTyped>(expressions: impl ExprList) -> Expr<T> {
    function("coalesce", 0, Some(&T::SQL_TYPE), expressions)
}

/// NULL where both are equal, else the first.
pub fn nullif<X: Expression>(first: X, second: impl IntoExpr<Base<X>>) -> Expr<Option<Base<X>>> {
    let mut tape = first.into_raw().into_tape();
    second.into_raw_expr().append_to(&mut tape);
    finish(tape, "nullif", 0, Some(&X::Sql::SQL_TYPE), 2)
}

macro_rules! text_functions {
    ($($(#[$doc:meta])* $function:ident, $name:literal;)+) => {
        $(
            $(#[$doc])*
            pub fn $function<X: Expression>(text: X) -> Expr<X::Sql>
            where
                X::Sql: SqlTyped<Base = String>,
            {
                function($name, 0, Some(&SqlType::Text), text)
            }
        )+
    };
}

text_functions! {
    /// In small letters.
    lower, "lower";
    /// In capital letters.
    upper, "upper";
    /// Without white space at both ends.
    trim, "trim";
    /// Without white space at the beginning.
    ltrim, "ltrim";
    /// Without white space at the end.
    rtrim, "rtrim";
}

/// How many characters a text has.
pub fn char_length<X: Expression>(text: X) -> Expr<i64>
where
    X::Sql: SqlTyped<Base = String>,
{
    function("char_length", 0, Some(&SqlType::BigInt), text)
}

/// A part of a text: from a position (1 is the first character), so many characters.
pub fn substring<X: Expression>(text: X, from: impl IntoExpr<i64>, length: impl IntoExpr<i64>) -> Expr<X::Sql>
where
    X::Sql: SqlTyped<Base = String>,
{
    let mut tape = text.into_raw().into_tape();
    from.into_raw_expr().append_to(&mut tape);
    length.into_raw_expr().append_to(&mut tape);
    finish(tape, "substring", 0, Some(&SqlType::Text), 3)
}

/// The text with every occurrence of `from` replaced.
pub fn replace<X: Expression>(text: X, from: impl IntoExpr<String>, to: impl IntoExpr<String>) -> Expr<X::Sql>
where
    X::Sql: SqlTyped<Base = String>,
{
    let mut tape = text.into_raw().into_tape();
    from.into_raw_expr().append_to(&mut tape);
    to.into_raw_expr().append_to(&mut tape);
    finish(tape, "replace", 0, Some(&SqlType::Text), 3)
}

/// The text with every match of a regular expression replaced, in the database's own syntax.
pub fn regexp_replace<X: Expression>(text: X, pattern: impl IntoExpr<String>, to: impl IntoExpr<String>) -> Expr<X::Sql>
where
    X::Sql: SqlTyped<Base = String>,
{
    let mut tape = text.into_raw().into_tape();
    pattern.into_raw_expr().append_to(&mut tape);
    to.into_raw_expr().append_to(&mut tape);
    finish(tape, "regexp_replace", 0, Some(&SqlType::Text), 3)
}

/// The number without its sign.
pub fn abs<X: Expression>(number: X) -> Expr<X::Sql> {
    function("abs", 0, Some(&X::Sql::SQL_TYPE), number)
}

/// The number rounded to so many digits after the point.
pub fn round<X: Expression>(number: X, digits: impl IntoExpr<i32>) -> Expr<X::Sql> {
    let mut tape = number.into_raw().into_tape();
    digits.into_raw_expr().append_to(&mut tape);
    finish(tape, "round", 0, Some(&X::Sql::SQL_TYPE), 2)
}

/// The present date and time, as the database tells it.
#[must_use]
pub fn now() -> Expr<aludel_core::DateTime> {
    function("now", 0, Some(&SqlType::DateTime), ())
}

/// The present date, as the database tells it.
#[must_use]
pub fn current_date() -> Expr<aludel_core::Date> {
    function("current_date", 0, Some(&SqlType::Date), ())
}

/// The present date and time, by SQL's own word.
#[must_use]
pub fn current_timestamp() -> Expr<aludel_core::DateTime> {
    function("current_timestamp", 0, Some(&SqlType::DateTime), ())
}

/// A random number, in the database's own range.
#[must_use]
pub fn random() -> Expr<i64> {
    function("random", 0, None, ())
}

/// The next value of a sequence, where the database has sequences.
#[must_use]
pub fn next_value(sequence: &str) -> Expr<i64> {
    Expr::from_raw(Raw::of(|tape| {
        tape.op(Op::NextValue);
        tape.text(sequence);
    }))
}

macro_rules! ranking_functions {
    ($($(#[$doc:meta])* $function:ident -> $type:ty;)+) => {
        $(
            $(#[$doc])*
            #[must_use]
            pub fn $function() -> Expr<$type> {
                function(stringify!($function), 0, Some(&<$type as SqlTyped>::SQL_TYPE), ())
            }
        )+
    };
}

ranking_functions! {
    /// The row's number in its window; wants [`over`](Expr::over).
    row_number -> i64;
    /// The row's rank in its window, with gaps; wants [`over`](Expr::over).
    rank -> i64;
    /// The row's rank in its window, without gaps; wants [`over`](Expr::over).
    dense_rank -> i64;
    /// The row's relative rank, 0 to 1; wants [`over`](Expr::over).
    percent_rank -> f64;
    /// The share of rows up to this one; wants [`over`](Expr::over).
    cume_dist -> f64;
}

/// The number of the row's bucket of so many; wants [`over`](Expr::over).
pub fn ntile(buckets: impl IntoExpr<i64>) -> Expr<i64> {
    let tape = buckets.into_raw_expr().into_tape();
    finish(tape, "ntile", 0, Some(&SqlType::BigInt), 1)
}

fn shifted<X: Expression, T>(name: &str, value: X, rows: i64, default: Option<Raw>) -> Expr<T> {
    let mut tape = value.into_raw().into_tape();
    rows.into_raw_expr().append_to(&mut tape);
    let count = 2 + usize::from(default.is_some());
    if let Some(default) = default {
        default.append_to(&mut tape);
    }
    finish(tape, name, 0, Some(&X::Sql::SQL_TYPE), count)
}

/// The value so many rows before; NULL where there is none; wants [`over`](Expr::over).
pub fn lag<X: Expression>(value: X, rows: i64) -> Expr<Option<Base<X>>> {
    shifted("lag", value, rows, None)
}

/// The value so many rows before, or the default; wants [`over`](Expr::over).
pub fn lag_or<X: Expression>(value: X, rows: i64, default: impl IntoExpr<Base<X>>) -> Expr<X::Sql> {
    shifted("lag", value, rows, Some(default.into_raw_expr()))
}

/// The value so many rows after; NULL where there is none; wants [`over`](Expr::over).
pub fn lead<X: Expression>(value: X, rows: i64) -> Expr<Option<Base<X>>> {
    shifted("lead", value, rows, None)
}

/// The value so many rows after, or the default; wants [`over`](Expr::over).
pub fn lead_or<X: Expression>(value: X, rows: i64, default: impl IntoExpr<Base<X>>) -> Expr<X::Sql> {
    shifted("lead", value, rows, Some(default.into_raw_expr()))
}

/// The value of the window's first row; wants [`over`](Expr::over).
pub fn first_value<X: Expression>(value: X) -> Expr<Option<Base<X>>> {
    function("first_value", 0, Some(&X::Sql::SQL_TYPE), value)
}

/// The value of the window's last row; wants [`over`](Expr::over).
pub fn last_value<X: Expression>(value: X) -> Expr<Option<Base<X>>> {
    function("last_value", 0, Some(&X::Sql::SQL_TYPE), value)
}

/// `GROUPING SETS (…)` in GROUP BY; each set is a [`tuple`](super::tuple) of expressions.
pub fn grouping_sets(sets: impl ExprList) -> Expr<bool> {
    grouping(0, sets)
}

/// `CUBE (…)` in GROUP BY.
pub fn cube(expressions: impl ExprList) -> Expr<bool> {
    grouping(1, expressions)
}

/// `ROLLUP (…)` in GROUP BY.
pub fn rollup(expressions: impl ExprList) -> Expr<bool> {
    grouping(2, expressions)
}

fn grouping(word: u8, sets: impl ExprList) -> Expr<bool> {
    let mut tape = Box::<Tape>::default();
    let count = sets.push_all(&mut tape);
    tape.op2(Op::Grouping, word);
    tape.count(count);
    Expr::from_raw(Raw::Tape(tape))
}

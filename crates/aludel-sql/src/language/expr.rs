//! Expressions and what can be done with them.

use std::borrow::Cow;
use std::marker::PhantomData;
use std::sync::Arc;

use aludel_core::{Encode, SqlType, SqlTyped, Value};

use super::into_expr::{ExprList, IntoExpr, IntoValue};
use super::label::Label;
use super::order::Ordering;
use super::own::{Containable, Contains, Keyed, Overlapping};
use super::raw::{Raw, size_class};
use super::select::Select;
use super::selectable::Labeled;
use super::window::Window;
use crate::ast::{BinaryOp, JsonAccess, LikePattern, UnaryOp};
use crate::schema::StaticColumn;
use crate::tape::{Node, NodeHead, Op, Tape};

/// An SQL expression whose value is a `T` in Rust.
///
/// There is one such type for every expression: combining expressions does not make larger and larger types.
#[derive(Debug)]
pub struct Expr<T> {
    raw: Raw,
    marker: PhantomData<fn() -> T>,
}

impl<T> Expr<T> {
    pub(crate) const fn from_raw(raw: Raw) -> Self {
        Self { raw, marker: PhantomData }
    }

    /// The expression with further operations behind it.
    pub(crate) fn then(self, operations: impl FnOnce(&mut Tape)) -> Self {
        Self::from_raw(self.raw.then(operations))
    }

    /// Over a window: makes a window function of a function call.
    ///
    /// ```
    /// # use aludel_sql::{func, window, literal, Expression};
    /// let place = func::row_number().over(window().order_by(literal(1)));
    /// ```
    #[must_use]
    pub fn over(self, window: Window) -> Self {
        let mut tape = self.raw.into_tape();
        window.append_to(&mut tape);
        Self::from_raw(Raw::Tape(tape))
    }

    /// Only the rows that meet the condition: `FILTER (WHERE …)` behind an aggregate.
    #[must_use]
    pub fn filter_where(self, condition: impl IntoExpr<bool>) -> Self {
        let mut tape = self.raw.into_tape();
        condition.into_raw_expr().append_to(&mut tape);
        tape.op(Op::FilterWhere);
        Self::from_raw(Raw::Tape(tape))
    }

    /// `ORDER BY` inside an aggregate's parentheses.
    #[must_use]
    pub fn aggregate_order_by(self, order: impl super::IntoOrder) -> Self {
        let mut tape = self.raw.into_tape();
        let count = order.push_orders(&mut tape);
        tape.op(Op::AggregateOrder);
        tape.count(count);
        Self::from_raw(Raw::Tape(tape))
    }

    /// `WITHIN GROUP (ORDER BY …)` behind an ordered-set aggregate.
    #[must_use]
    pub fn within_group(self, order: impl super::IntoOrder) -> Self {
        let mut tape = self.raw.into_tape();
        let count = order.push_orders(&mut tape);
        tape.op(Op::WithinGroup);
        tape.count(count);
        Self::from_raw(Raw::Tape(tape))
    }

    /// `DISTINCT` before a function's argument.
    #[must_use]
    pub fn distinct(self) -> Self {
        self.then(|tape| tape.op2(Op::Unary, UnaryOp::Distinct as u8))
    }
}

impl<T> Clone for Expr<T> {
    fn clone(&self) -> Self {
        Self { raw: self.raw.clone(), marker: PhantomData }
    }
}

impl<T: SqlTyped> Expression for Expr<T> {
    type Sql = T;
    fn into_raw(self) -> Raw {
        self.raw
    }
}

impl<T: SqlTyped> Expression for &Expr<T> {
    type Sql = T;
    fn into_raw(self) -> Raw {
        self.raw.clone()
    }
}

fn compare<L: Expression, R: IntoExpr<Base<L>>>(left: L, op: BinaryOp, right: R) -> Expr<bool> {
    let right = right.into_raw_expr();
    Expr::from_raw(match left.static_column() {
        Some(column) => Raw::compare_column(column, op, right),
        None => Raw::compare(left.into_raw(), op, right),
    })
}

fn binary<L: Expression, R: IntoExpr<B>, B, T>(left: L, op: BinaryOp, right: R) -> Expr<T> {
    Expr::from_raw(Raw::binary(left.into_raw(), op, right.into_raw_expr()))
}

fn like<L: Expression, R: IntoExpr<String>>(
    left: L,
    right: R,
    shape: LikePattern,
    flags: u8,
    escape: Option<char>,
) -> Expr<bool> {
    let mut tape = left.into_raw().into_tape();
    right.into_raw_expr().append_to(&mut tape);
    tape.op3(Op::Like, shape as u8, flags | if escape.is_some() { 4 } else { 0 });
    tape.bytes(&u32::from(escape.unwrap_or('\0')).to_le_bytes());
    Expr::from_raw(Raw::Tape(tape))
}

/// `LIKE '%' || text || '%'`
pub(super) fn contains_text(left: Raw, text: impl IntoExpr<String>) -> Expr<bool> {
    like(Expr::<String>::from_raw(left), text, LikePattern::Infix, 0, None)
}

const NEGATED: u8 = 1;
const INSENSITIVE: u8 = 2;

/// The type without `Option` of an expression.
pub type Base<X> = <<X as Expression>::Sql as SqlTyped>::Base;

/// Everything that can be done with a column or another expression.
///
/// The other side of an operator is a value, a column or an expression of the same type; see [`IntoExpr`]. Conditions
/// are `Expr<bool>`; NULL counts as false where a condition is wanted, as in SQL.
#[allow(clippy::wrong_self_convention, reason = "an expression is used up by what is made of it")]
#[diagnostic::on_unimplemented(message = "`{Self}` is not an SQL expression", label = "not a column or expression")]
pub trait Expression: Sized {
    /// The Rust type of its value; an `Option` where it may be NULL.
    type Sql: SqlTyped;

    /// The expression without its Rust type.
    #[doc(hidden)]
    fn into_raw(self) -> Raw;

    /// The column it is, if it is nothing but one.
    #[doc(hidden)]
    fn static_column(&self) -> Option<&'static StaticColumn> {
        None
    }

    /// The expression as the one type that all expressions have.
    fn expr(self) -> Expr<Self::Sql> {
        Expr::from_raw(self.into_raw())
    }

    /// `=`. With `None` on the right it is `IS NULL`.
    fn eq(self, other: impl IntoExpr<Base<Self>>) -> Expr<bool> {
        compare(self, BinaryOp::Eq, other)
    }

    /// `<>`. With `None` on the right it is `IS NOT NULL`.
    fn ne(self, other: impl IntoExpr<Base<Self>>) -> Expr<bool> {
        compare(self, BinaryOp::Ne, other)
    }

    /// `<`
    fn lt(self, other: impl IntoExpr<Base<Self>>) -> Expr<bool> {
        compare(self, BinaryOp::Lt, other)
    }

    /// `<=`
    fn le(self, other: impl IntoExpr<Base<Self>>) -> Expr<bool> {
        compare(self, BinaryOp::Le, other)
    }

    /// `>`
    fn gt(self, other: impl IntoExpr<Base<Self>>) -> Expr<bool> {
        compare(self, BinaryOp::Gt, other)
    }

    /// `>=`
    fn ge(self, other: impl IntoExpr<Base<Self>>) -> Expr<bool> {
        compare(self, BinaryOp::Ge, other)
    }

    /// Equal, where NULL equals NULL: `IS NOT DISTINCT FROM`, `IS`, `<=>`.
    fn is_not_distinct_from(self, other: impl IntoExpr<Base<Self>>) -> Expr<bool> {
        binary(self, BinaryOp::IsNotDistinct, other)
    }

    /// Different, where NULL equals NULL: `IS DISTINCT FROM`.
    fn is_distinct_from(self, other: impl IntoExpr<Base<Self>>) -> Expr<bool> {
        binary(self, BinaryOp::IsDistinct, other)
    }

    /// `IS NULL`
    fn is_null(self) -> Expr<bool> {
        Expr::from_raw(self.into_raw().is_null(false))
    }

    /// `IS NOT NULL`
    fn is_not_null(self) -> Expr<bool> {
        Expr::from_raw(self.into_raw().is_null(true))
    }

    /// `BETWEEN low AND high`, both included.
    fn between(self, low: impl IntoExpr<Base<Self>>, high: impl IntoExpr<Base<Self>>) -> Expr<bool> {
        between(self, low, high, 0)
    }

    /// `NOT BETWEEN low AND high`
    fn not_between(self, low: impl IntoExpr<Base<Self>>, high: impl IntoExpr<Base<Self>>) -> Expr<bool> {
        between(self, low, high, NEGATED)
    }

    /// `BETWEEN SYMMETRIC`: the bounds may come in either order.
    fn between_symmetric(self, low: impl IntoExpr<Base<Self>>, high: impl IntoExpr<Base<Self>>) -> Expr<bool> {
        between(self, low, high, 2)
    }

    /// `IN (…)`: one of the values or expressions. An empty list is never met.
    fn in_<I>(self, list: I) -> Expr<bool>
    where
        I: IntoIterator,
        I::Item: IntoExpr<Base<Self>>,
    {
        Expr::from_raw(in_list(self.into_raw(), list.into_iter().map(IntoExpr::into_raw_expr), false))
    }

    /// `NOT IN (…)`: none of the values or expressions. An empty list is always met.
    fn not_in<I>(self, list: I) -> Expr<bool>
    where
        I: IntoIterator,
        I::Item: IntoExpr<Base<Self>>,
    {
        Expr::from_raw(in_list(self.into_raw(), list.into_iter().map(IntoExpr::into_raw_expr), true))
    }

    /// `IN (SELECT …)`
    fn in_query<R: SqlTyped<Base = Base<Self>>>(self, query: Select<R>) -> Expr<bool> {
        Expr::from_raw(in_query(self.into_raw(), query.into_tape(), false))
    }

    /// `NOT IN (SELECT …)`
    fn not_in_query<R: SqlTyped<Base = Base<Self>>>(self, query: Select<R>) -> Expr<bool> {
        Expr::from_raw(in_query(self.into_raw(), query.into_tape(), true))
    }

    /// `= ANY (SELECT …)` and its kin: compares with at least one row.
    fn compare_any<R: SqlTyped<Base = Base<Self>>>(self, op: BinaryOp, query: Select<R>) -> Expr<bool> {
        Expr::from_raw(quantified(self.into_raw(), op, query.into_tape(), false))
    }

    /// `= ALL (SELECT …)` and its kin: compares with every row.
    fn compare_all<R: SqlTyped<Base = Base<Self>>>(self, op: BinaryOp, query: Select<R>) -> Expr<bool> {
        Expr::from_raw(quantified(self.into_raw(), op, query.into_tape(), true))
    }

    /// `LIKE pattern`, where `%` stands for any text and `_` for one character.
    fn like(self, pattern: impl IntoExpr<String>) -> Expr<bool>
    where
        Self::Sql: SqlTyped<Base = String>,
    {
        like(self, pattern, LikePattern::Whole, 0, None)
    }

    /// `NOT LIKE pattern`
    fn not_like(self, pattern: impl IntoExpr<String>) -> Expr<bool>
    where
        Self::Sql: SqlTyped<Base = String>,
    {
        like(self, pattern, LikePattern::Whole, NEGATED, None)
    }

    /// `LIKE pattern ESCAPE character`
    fn like_escape(self, pattern: impl IntoExpr<String>, escape: char) -> Expr<bool>
    where
        Self::Sql: SqlTyped<Base = String>,
    {
        like(self, pattern, LikePattern::Whole, 0, Some(escape))
    }

    /// `LIKE` where upper and lower case are the same.
    fn ilike(self, pattern: impl IntoExpr<String>) -> Expr<bool>
    where
        Self::Sql: SqlTyped<Base = String>,
    {
        like(self, pattern, LikePattern::Whole, INSENSITIVE, None)
    }

    /// `NOT LIKE` where upper and lower case are the same.
    fn not_ilike(self, pattern: impl IntoExpr<String>) -> Expr<bool>
    where
        Self::Sql: SqlTyped<Base = String>,
    {
        like(self, pattern, LikePattern::Whole, INSENSITIVE | NEGATED, None)
    }

    /// Begins with the text. `%` and `_` in it keep their meaning; see [`starts_with_escaped`](Self::starts_with_escaped).
    fn starts_with(self, text: impl IntoExpr<String>) -> Expr<bool>
    where
        Self::Sql: SqlTyped<Base = String>,
    {
        like(self, text, LikePattern::Prefix, 0, None)
    }

    /// Begins with exactly this text, whatever characters it has.
    fn starts_with_escaped(self, text: &str) -> Expr<bool>
    where
        Self::Sql: SqlTyped<Base = String>,
    {
        like(self, escape_pattern(text), LikePattern::Prefix, 0, Some('/'))
    }

    /// Ends with the text. `%` and `_` in it keep their meaning.
    fn ends_with(self, text: impl IntoExpr<String>) -> Expr<bool>
    where
        Self::Sql: SqlTyped<Base = String>,
    {
        like(self, text, LikePattern::Suffix, 0, None)
    }

    /// Ends with exactly this text, whatever characters it has.
    fn ends_with_escaped(self, text: &str) -> Expr<bool>
    where
        Self::Sql: SqlTyped<Base = String>,
    {
        like(self, escape_pattern(text), LikePattern::Suffix, 0, Some('/'))
    }

    /// Contains the text; `%` and `_` in it keep their meaning. An array, a range or a JSON document contains another one
    /// (`@>`), where the database has such an operator.
    fn contains<X>(self, other: X) -> Expr<bool>
    where
        Base<Self>: Contains<X>,
    {
        <Base<Self> as Contains<X>>::contains(self.into_raw(), other)
    }

    /// `<@`: the other array, range or JSON document contains this one.
    fn contained_by(self, other: impl IntoExpr<Base<Self>>) -> Expr<bool>
    where
        Base<Self>: Containable,
    {
        binary(self, BinaryOp::ContainedBy, other)
    }

    /// `&&`: both have something in common.
    fn overlaps(self, other: impl IntoExpr<Base<Self>>) -> Expr<bool>
    where
        Base<Self>: Overlapping,
    {
        binary(self, BinaryOp::Overlaps, other)
    }

    /// `?`: the document has this key at its top, or is an array with this text in it.
    fn has_key(self, key: impl IntoExpr<String>) -> Expr<bool>
    where
        Base<Self>: Keyed,
    {
        binary(self, BinaryOp::HasKey, key)
    }

    /// `?|`: the document has at least one of these keys.
    fn has_any_key(self, keys: impl IntoExpr<Vec<String>>) -> Expr<bool>
    where
        Base<Self>: Keyed,
    {
        binary(self, BinaryOp::HasAnyKey, keys)
    }

    /// `?&`: the document has all of these keys.
    fn has_all_keys(self, keys: impl IntoExpr<Vec<String>>) -> Expr<bool>
    where
        Base<Self>: Keyed,
    {
        binary(self, BinaryOp::HasAllKeys, keys)
    }

    /// Contains exactly this text, whatever characters it has.
    fn contains_escaped(self, text: &str) -> Expr<bool>
    where
        Self::Sql: SqlTyped<Base = String>,
    {
        like(self, escape_pattern(text), LikePattern::Infix, 0, Some('/'))
    }

    /// Matches a regular expression, in the database's own syntax. SQLite needs a function `regexp` for it.
    fn regexp(self, pattern: impl IntoExpr<String>) -> Expr<bool>
    where
        Self::Sql: SqlTyped<Base = String>,
    {
        let mut tape = self.into_raw().into_tape();
        pattern.into_raw_expr().append_to(&mut tape);
        tape.op2(Op::Regexp, 0);
        Expr::from_raw(Raw::Tape(tape))
    }

    /// Full-text search in the database's own syntax: `MATCH`, `MATCH … AGAINST`.
    fn matches(self, pattern: impl IntoExpr<String>) -> Expr<bool> {
        let mut tape = self.into_raw().into_tape();
        pattern.into_raw_expr().append_to(&mut tape);
        tape.op(Op::Match);
        Expr::from_raw(Raw::Tape(tape))
    }

    /// Text put together: `||`.
    fn concat(self, other: impl IntoExpr<String>) -> Expr<Self::Sql>
    where
        Self::Sql: SqlTyped<Base = String>,
    {
        let mut tape = self.into_raw().into_tape();
        other.into_raw_expr().append_to(&mut tape);
        tape.op(Op::Concat);
        tape.count(2);
        Expr::from_raw(Raw::Tape(tape))
    }

    /// `AND`
    fn and(self, other: impl IntoExpr<bool>) -> Expr<bool>
    where
        Self::Sql: SqlTyped<Base = bool>,
    {
        Expr::from_raw(Raw::junction(Op::And, [self.into_raw(), other.into_raw_expr()]))
    }

    /// `OR`
    fn or(self, other: impl IntoExpr<bool>) -> Expr<bool>
    where
        Self::Sql: SqlTyped<Base = bool>,
    {
        Expr::from_raw(Raw::junction(Op::Or, [self.into_raw(), other.into_raw_expr()]))
    }

    /// Division that drops the fraction. `/` keeps it, also between integers.
    fn floor_div(self, other: impl IntoExpr<Base<Self>>) -> Expr<Self::Sql> {
        binary(self, BinaryOp::FloorDiv, other)
    }

    /// `&`, bit by bit.
    fn bit_and(self, other: impl IntoExpr<Base<Self>>) -> Expr<Self::Sql> {
        binary(self, BinaryOp::BitAnd, other)
    }

    /// `|`, bit by bit.
    fn bit_or(self, other: impl IntoExpr<Base<Self>>) -> Expr<Self::Sql> {
        binary(self, BinaryOp::BitOr, other)
    }

    /// Exclusive or, bit by bit.
    fn bit_xor(self, other: impl IntoExpr<Base<Self>>) -> Expr<Self::Sql> {
        binary(self, BinaryOp::BitXor, other)
    }

    /// An operator that only the database knows, as it stands: `a.op("&&", b)`. Its result has the type of the left side.
    fn op(self, operator: &str, other: impl IntoExpr<Base<Self>>) -> Expr<Self::Sql> {
        Expr::from_raw(custom(self.into_raw(), operator, other.into_raw_expr(), false))
    }

    /// A comparison that only the database knows, as it stands: `a.bool_op("~~", b)`.
    fn bool_op(self, operator: &str, other: impl IntoExpr<Base<Self>>) -> Expr<bool> {
        Expr::from_raw(custom(self.into_raw(), operator, other.into_raw_expr(), true))
    }

    /// A PostgreSQL operator over whole values: `@>`, `<@`, `?`, `@@` and so on; see [`BinaryOp`].
    fn compare_by<B>(self, operator: BinaryOp, other: impl IntoExpr<B>) -> Expr<bool> {
        binary(self, operator, other)
    }

    /// `CAST(… AS type)`: converted by the database.
    fn cast<T: SqlTyped>(self) -> Expr<T> {
        self.cast_as(T::SQL_TYPE)
    }

    /// `CAST(… AS type)` to a type given in full: `cast_as::<String>(SqlType::Varchar(10))`.
    fn cast_as<T: SqlTyped>(self, sql_type: SqlType) -> Expr<T> {
        Expr::from_raw(cast(self.into_raw(), 0, &sql_type))
    }

    /// `TRY_CAST`: NULL where the conversion fails. Few databases have it.
    fn try_cast<T: SqlTyped>(self) -> Expr<Option<T::Base>> {
        Expr::from_raw(cast(self.into_raw(), 1, &T::SQL_TYPE))
    }

    /// Another type in the program only; the SQL stays as it is.
    fn coerce<T: SqlTyped>(self) -> Expr<T> {
        Expr::from_raw(self.into_raw().then(|tape| {
            tape.op(Op::Coerce);
            tape.sql_type(&T::SQL_TYPE);
        }))
    }

    /// The same expression, read as `Option`: for what may be NULL although its type does not say so.
    fn nullable(self) -> Expr<Option<Base<Self>>> {
        Expr::from_raw(self.into_raw())
    }

    /// The same expression, read without `Option`: for what can't be NULL here. A NULL is then an error.
    fn not_null(self) -> Expr<Base<Self>> {
        Expr::from_raw(self.into_raw())
    }

    /// A part of a date or time, as a whole number: `"year"`, `"month"`, `"day"`, `"hour"`, `"minute"`, `"second"`, `"dow"` (0 is
    /// Sunday), `"isodow"` (7 is Sunday), `"doy"`, `"week"` and `"isoyear"` (of ISO 8601), `"epoch"`, and what else the database has.
    fn extract(self, field: &str) -> Expr<i64> {
        Expr::from_raw(self.into_raw().then(|tape| {
            tape.op(Op::Extract);
            tape.text(field);
        }))
    }

    /// `COLLATE name`
    fn collate(self, collation: &str) -> Expr<Self::Sql> {
        Expr::from_raw(self.into_raw().then(|tape| {
            tape.op(Op::Collate);
            tape.text(collation);
        }))
    }

    /// A value inside a JSON document, as JSON: keys and positions in order.
    fn json_path<I>(self, path: I) -> Expr<Option<Base<Self>>>
    where
        I: IntoIterator,
        I::Item: Encode,
    {
        Expr::from_raw(json(self.into_raw(), path.into_iter().map(Encode::into_value), JsonAccess::Json))
    }

    /// A value inside a JSON document, as text without quotes: keys and positions in order.
    fn json_text<I>(self, path: I) -> Expr<Option<String>>
    where
        I: IntoIterator,
        I::Item: Encode,
    {
        Expr::from_raw(json(self.into_raw(), path.into_iter().map(Encode::into_value), JsonAccess::Text))
    }

    /// Names the expression in the result: `AS name`.
    fn label(self, name: impl Into<LabelName<Self::Sql>>) -> Labeled<Self::Sql> {
        Labeled::new(self.into_raw(), name.into().name)
    }

    /// Smallest first.
    fn asc(self) -> Ordering {
        Ordering::new(self.into_raw(), 0)
    }

    /// Largest first.
    fn desc(self) -> Ordering {
        Ordering::new(self.into_raw(), 1)
    }
}

/// The name of a label for an expression of the type `T`: a text, or a [`Label`] constant of that type.
#[derive(Clone, Debug)]
pub struct LabelName<T> {
    name: Cow<'static, str>,
    marker: PhantomData<fn() -> T>,
}

impl<T> LabelName<T> {
    fn new(name: impl Into<Cow<'static, str>>) -> Self {
        Self { name: name.into(), marker: PhantomData }
    }
}

impl<T> From<&'static str> for LabelName<T> {
    fn from(name: &'static str) -> Self {
        Self::new(name)
    }
}

impl<T> From<String> for LabelName<T> {
    fn from(name: String) -> Self {
        Self::new(name)
    }
}

impl<T> From<Label<T>> for LabelName<T> {
    fn from(label: Label<T>) -> Self {
        Self::new(label.name())
    }
}

/// A bound value: `value(1) - Item::DISCOUNT`.
///
/// An array, and a value of a type that only one family of databases has, is written with a cast: on its own, a database can't
/// tell what it is.
pub fn value<T: SqlTyped<Base = T> + Encode>(value: T) -> Expr<T> {
    let raw = value.into_raw_expr();
    Expr::from_raw(match T::SQL_TYPE {
        SqlType::Array(_) | SqlType::Native(_) => cast(raw, 0, &T::SQL_TYPE),
        _ => raw,
    })
}

/// A value written into the SQL text, because the program asks for it: an integer, text, truth value or number.
///
/// Unlike a bound [`value`] it is part of the statement's key: never use it for what a user typed in.
pub fn literal<T: LiteralValue>(value: T) -> Expr<T::Sql> {
    Expr::from_raw(Raw::of(|tape| value.push_literal(tape)))
}

/// What [`literal`] can write into the SQL text.
pub trait LiteralValue {
    /// The type of the expression.
    type Sql: SqlTyped;
    /// Appends the literal.
    #[doc(hidden)]
    fn push_literal(self, tape: &mut Tape);
}

macro_rules! integer_literal {
    ($($type:ty)+) => {
        $(
            impl LiteralValue for $type {
                type Sql = $type;
                fn push_literal(self, tape: &mut Tape) {
                    tape.op(Op::Integer);
                    tape.bytes(&i64::from(self).to_le_bytes());
                }
            }
        )+
    };
}

integer_literal!(i16 i32 i64 u8 u16 u32);

impl LiteralValue for bool {
    type Sql = Self;
    fn push_literal(self, tape: &mut Tape) {
        tape.op(if self { Op::True } else { Op::False });
    }
}

impl LiteralValue for &str {
    type Sql = String;
    fn push_literal(self, tape: &mut Tape) {
        tape.op(Op::TextLiteral);
        tape.text(self);
    }
}

impl LiteralValue for f64 {
    type Sql = Self;
    fn push_literal(self, tape: &mut Tape) {
        if self.is_finite() {
            tape.op(Op::Number);
            tape.text(&format!("{self:?}"));
        } else {
            // No database writes these alike; the value is bound.
            tape.bind(self.to_value(), aludel_core::Kind::Double);
        }
    }
}

/// NULL of a type.
#[must_use]
pub fn null<T: SqlTyped>() -> Expr<Option<T::Base>> {
    Expr::from_raw(Raw::of(|tape| tape.op(Op::Null)))
}

/// `NOT`
pub fn not(condition: impl IntoExpr<bool>) -> Expr<bool> {
    Expr::from_raw(condition.into_raw_expr().then(|tape| tape.op2(Op::Unary, UnaryOp::Not as u8)))
}

/// All of the conditions; true when there are none.
pub fn all_of<I>(conditions: I) -> Expr<bool>
where
    I: IntoIterator,
    I::Item: IntoExpr<bool>,
{
    Expr::from_raw(Raw::junction(Op::And, conditions.into_iter().map(IntoExpr::into_raw_expr)))
}

/// At least one of the conditions; false when there are none.
pub fn any_of<I>(conditions: I) -> Expr<bool>
where
    I: IntoIterator,
    I::Item: IntoExpr<bool>,
{
    Expr::from_raw(Raw::junction(Op::Or, conditions.into_iter().map(IntoExpr::into_raw_expr)))
}

/// `EXISTS (SELECT …)`
#[must_use]
pub fn exists<R>(query: Select<R>) -> Expr<bool> {
    query.exists()
}

/// An array of expressions, where the database has arrays.
pub fn array<T: SqlTyped>(parts: impl ExprList) -> Expr<T> {
    let mut tape = Box::<Tape>::default();
    let count = parts.push_all(&mut tape);
    tape.op(Op::Array);
    tape.count(count);
    Expr::from_raw(Raw::Tape(tape))
}

/// An expression that may stand in several places of one statement with its values bound once.
///
/// PostgreSQL needs this where a GROUP BY repeats an expression of the columns: two placeholders would be two expressions
/// to it. Clone what this gives.
pub fn shared<X: Expression>(expr: X) -> Expr<X::Sql> {
    let node = Node::new(NodeHead::Shared, *expr.into_raw().into_tape());
    Expr::from_raw(Raw::of(|tape| {
        tape.op(Op::Shared);
        tape.node(node);
    }))
}

/// SQL of the program's own as an expression; `{}` stands for the expressions, in order: `raw_sql::<i64>("abs({})", (User::AGE,))`.
///
/// The text is part of the statement as it stands: never put a user's input into it.
pub fn raw_sql<T: SqlTyped>(sql: &str, parts: impl ExprList) -> Expr<T> {
    let mut tape = Box::<Tape>::default();
    let count = parts.push_all(&mut tape);
    tape.op(Op::Raw);
    tape.count(count);
    let texts: Vec<&str> = sql.split("{}").collect();
    tape.count(texts.len());
    texts.iter().for_each(|text| tape.text(text));
    if texts.len() != count + 1 {
        tape.op(Op::Invalid);
        tape.text(&format!("raw_sql({sql:?}) has {} place(s) for {count} expression(s)", texts.len() - 1));
    }
    Expr::from_raw(Raw::Tape(tape))
}

fn between<L: Expression>(
    operand: L,
    low: impl IntoExpr<Base<L>>,
    high: impl IntoExpr<Base<L>>,
    flags: u8,
) -> Expr<bool> {
    let mut tape = operand.into_raw().into_tape();
    low.into_raw_expr().append_to(&mut tape);
    high.into_raw_expr().append_to(&mut tape);
    tape.op2(Op::Between, flags);
    Expr::from_raw(Raw::Tape(tape))
}

pub(crate) fn in_list(operand: Raw, list: impl Iterator<Item = Raw>, negated: bool) -> Raw {
    let mut values = Vec::with_capacity(list.size_hint().0);
    let mut others: Vec<Raw> = Vec::new();
    for item in list {
        match item {
            Raw::Value(value, _) if others.is_empty() && !value.is_null() => values.push(value),
            other => others.push(other),
        }
    }
    let values = values.into_boxed_slice();
    if others.is_empty() {
        return match operand {
            Raw::Column(column) => Raw::In { column, negated, list: values },
            operand => operand.then(|tape| {
                tape.op3(Op::InList, u8::from(negated), size_class(values.len()));
                tape.count(1);
                tape.value(Value::List(values));
            }),
        };
    }
    let mut tape = operand.into_tape();
    let count = values.len() + others.len();
    for value in values {
        tape.bind(value, aludel_core::Kind::Other);
    }
    for other in others {
        other.append_to(&mut tape);
    }
    tape.op2(Op::InExprs, u8::from(negated));
    tape.count(count);
    Raw::Tape(tape)
}

pub(super) fn in_query(operand: Raw, mut query: Box<Tape>, negated: bool) -> Raw {
    operand.then(|tape| {
        tape.append(&mut query);
        tape.op(Op::EndQuery);
        tape.op2(Op::InQuery, u8::from(negated));
    })
}

fn quantified(operand: Raw, op: BinaryOp, mut query: Box<Tape>, all: bool) -> Raw {
    operand.then(|tape| {
        tape.append(&mut query);
        tape.op(Op::EndQuery);
        tape.op2(Op::Quantified, u8::from(all));
        tape.op2(Op::Binary, op as u8);
    })
}

fn custom(left: Raw, operator: &str, right: Raw, comparison: bool) -> Raw {
    let mut tape = left.into_tape();
    right.append_to(&mut tape);
    tape.op2(Op::CustomOperator, u8::from(comparison));
    tape.text(operator);
    Raw::Tape(tape)
}

fn cast(operand: Raw, fallible: u8, sql_type: &SqlType) -> Raw {
    operand.then(|tape| {
        tape.op2(Op::Cast, fallible);
        tape.sql_type(sql_type);
    })
}

fn json(operand: Raw, path: impl Iterator<Item = Value>, access: JsonAccess) -> Raw {
    operand.then(|tape| {
        let mut count = 0;
        for key in path {
            let kind = if matches!(key, Value::Int(_)) { aludel_core::Kind::BigInt } else { aludel_core::Kind::Text };
            tape.bind(key, kind);
            count += 1;
        }
        tape.op2(Op::Json, access as u8);
        tape.count(count);
    })
}

fn escape_pattern(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '%' | '_' | '/') {
            escaped.push('/');
        }
        escaped.push(character);
    }
    escaped
}

/// A construct of the program's own as an expression, with its operands.
pub fn element<T: SqlTyped>(element: Arc<dyn crate::CustomElement>, operands: impl ExprList) -> Expr<T> {
    let mut tape = Box::<Tape>::default();
    let count = operands.push_all(&mut tape);
    tape.op(Op::Element);
    tape.count(count);
    tape.node(Node::new(NodeHead::Element(element), Tape::new()));
    Expr::from_raw(Raw::Tape(tape))
}

impl<T: IntoValue<T>> IntoValue<T> for Option<T> {
    fn into_plain_value(self) -> Value {
        self.map_or(Value::Null, IntoValue::into_plain_value)
    }
}

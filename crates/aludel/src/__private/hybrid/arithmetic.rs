//! Numbers, and `+` of texts.

use aludel_core::{Decimal, SqlTyped};
use aludel_sql::{Base, Expr, Expression, IntoExpr, case, func};

/// A type with `+`.
#[diagnostic::on_unimplemented(
    message = "a hybrid can't add values of type `{Self}`",
    label = "neither a number nor a text, or one that may be NULL"
)]
pub trait Summand: Sized + SqlTyped<Base = Self> {
    /// `+`
    fn add(left: Expr<Self>, right: impl IntoExpr<Self>) -> Expr<Self> {
        left + right
    }
}

/// A type with `/`.
#[diagnostic::on_unimplemented(
    message = "a hybrid can't divide values of type `{Self}`",
    label = "no number, or one that may be NULL"
)]
pub trait Dividend: Sized + SqlTyped<Base = Self> {
    /// `/`
    fn div(left: Expr<Self>, right: impl IntoExpr<Self>) -> Expr<Self>;
}

macro_rules! numbers {
    ($([$($type:ty)+] $left:ident / $right:ident => $quotient:expr;)+) => {
        $($(
            impl Summand for $type {}
            impl Dividend for $type {
                fn div($left: Expr<Self>, $right: impl IntoExpr<Self>) -> Expr<Self> {
                    $quotient
                }
            }
        )+)+
    };
}

numbers! {
    [i8 i16 i32 i64 u8 u16 u32] left / right => left.floor_div(right);
    [f32 f64 Decimal] left / right => (left / right).coerce();
}

impl Summand for String {
    fn add(left: Expr<Self>, right: impl IntoExpr<Self>) -> Expr<Self> {
        left.concat(right)
    }
}

/// `+`
pub fn add<X: Expression<Sql: Summand>>(left: X, right: impl IntoExpr<X::Sql>) -> Expr<X::Sql> {
    Summand::add(left.expr(), right)
}

/// `/`: of integers without the fraction.
pub fn div<X: Expression<Sql: Dividend>>(left: X, right: impl IntoExpr<X::Sql>) -> Expr<X::Sql> {
    Dividend::div(left.expr(), right)
}

/// `-`
pub fn sub<X: Expression>(left: X, right: impl IntoExpr<Base<X>>) -> Expr<X::Sql> {
    left.expr() - right
}

/// `*`
pub fn mul<X: Expression>(left: X, right: impl IntoExpr<Base<X>>) -> Expr<X::Sql> {
    left.expr() * right
}

/// `%`
pub fn rem<X: Expression>(left: X, right: impl IntoExpr<Base<X>>) -> Expr<X::Sql> {
    left.expr() % right
}

/// `-` before a number.
pub fn negative<X: Expression>(number: X) -> Expr<X::Sql> {
    -number.expr()
}

/// `abs()`
pub fn abs<X: Expression>(number: X) -> Expr<X::Sql> {
    func::abs(number)
}

/// `as`
pub fn cast<T: SqlTyped, X: Expression>(number: X) -> Expr<T> {
    number.cast()
}

/// `min(…)`
pub fn min<X: Expression>(one: X, other: impl IntoExpr<Base<X>> + Clone) -> Expr<X::Sql>
where
    X::Sql: super::NeverNull,
{
    let one = one.expr();
    case().when::<X::Sql>(one.clone().le(other.clone()), one).otherwise(other)
}

/// `max(…)`
pub fn max<X: Expression>(one: X, other: impl IntoExpr<Base<X>> + Clone) -> Expr<X::Sql>
where
    X::Sql: super::NeverNull,
{
    let one = one.expr();
    case().when::<X::Sql>(one.clone().ge(other.clone()), one).otherwise(other)
}

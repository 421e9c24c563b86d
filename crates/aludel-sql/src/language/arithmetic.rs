//! `+ - * / %` and unary minus between expressions and values.

use std::ops::{Add, Div, Mul, Neg, Rem, Sub};

use aludel_core::SqlTyped;

use super::column::Column;
use super::expr::{Expr, Expression};
use super::into_expr::IntoExpr;
use super::label::Label;
use super::raw::Raw;
use crate::ast::{BinaryOp, UnaryOp};

macro_rules! operator {
    ($trait:ident, $method:ident, $op:ident) => {
        impl<E, T: SqlTyped, R: IntoExpr<T::Base>> $trait<R> for Column<E, T> {
            type Output = Expr<T>;
            fn $method(self, right: R) -> Expr<T> {
                Expr::from_raw(Raw::binary(self.into_raw(), BinaryOp::$op, right.into_raw_expr()))
            }
        }
        impl<T: SqlTyped, R: IntoExpr<T::Base>> $trait<R> for Expr<T> {
            type Output = Self;
            fn $method(self, right: R) -> Self {
                Self::from_raw(Raw::binary(self.into_raw(), BinaryOp::$op, right.into_raw_expr()))
            }
        }
        impl<T: SqlTyped, R: IntoExpr<T::Base>> $trait<R> for Label<T> {
            type Output = Expr<T>;
            fn $method(self, right: R) -> Expr<T> {
                Expr::from_raw(Raw::binary(self.into_raw(), BinaryOp::$op, right.into_raw_expr()))
            }
        }
    };
}

operator!(Add, add, Add);
operator!(Sub, sub, Sub);
operator!(Mul, mul, Mul);
operator!(Rem, rem, Mod);

/// Types that can be divided by `/`, which keeps the fraction in every database.
///
/// Integers give floating-point numbers: `7 / 2` is 3.5. [`floor_div`](Expression::floor_div) drops the fraction.
#[diagnostic::on_unimplemented(message = "values of type `{Self}` can't be divided", label = "not a number")]
pub trait Divisible: SqlTyped {
    /// The type of a quotient.
    type Quotient: SqlTyped;
}

impl<T: Divisible> Divisible for Option<T> {
    type Quotient = Option<<T::Quotient as SqlTyped>::Base>;
}

macro_rules! divisible {
    ($($type:ty => $quotient:ty),+) => {
        $(impl Divisible for $type {
            type Quotient = $quotient;
        })+
    };
}

divisible!(i8 => f64, i16 => f64, i32 => f64, i64 => f64, u8 => f64, u16 => f64, u32 => f64, u64 => f64, f32 => f64, f64 => f64);
divisible!(aludel_core::Decimal => aludel_core::Decimal, aludel_core::Numeric => aludel_core::Numeric);
#[cfg(feature = "rust_decimal")]
divisible!(rust_decimal::Decimal => rust_decimal::Decimal);
#[cfg(feature = "bigdecimal")]
divisible!(bigdecimal::BigDecimal => bigdecimal::BigDecimal);

macro_rules! division {
    ($self:ty $(, $entity:ident)?) => {
        impl<$($entity,)? T: Divisible, R: IntoExpr<T::Base>> Div<R> for $self {
            type Output = Expr<T::Quotient>;
            fn div(self, right: R) -> Expr<T::Quotient> {
                Expr::from_raw(Raw::binary(self.into_raw(), BinaryOp::Div, right.into_raw_expr()))
            }
        }
    };
}

division!(Column<E, T>, E);
division!(Expr<T>);
division!(Label<T>);

impl<E, T: SqlTyped> Neg for Column<E, T> {
    type Output = Expr<T>;
    fn neg(self) -> Expr<T> {
        self.expr().neg()
    }
}

impl<T: SqlTyped> Neg for Expr<T> {
    type Output = Self;
    fn neg(self) -> Self {
        self.then(|tape| tape.op2(crate::tape::Op::Unary, UnaryOp::Neg as u8))
    }
}

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
operator!(Div, div, Div);
operator!(Rem, rem, Mod);

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

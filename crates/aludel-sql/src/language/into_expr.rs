//! What can stand where an expression of some type is wanted.

use aludel_core::{Encode, SqlTyped, Value};

use super::column::Column;
use super::expr::{Expr, Expression};
use super::label::Label;
use super::raw::Raw;
use super::select::Select;
use crate::tape::Tape;

/// What can stand where an expression of the type `B` is wanted: a value of that type, an `Option` of one, a column or
/// any other expression whose type is `B` or `Option<B>`.
///
/// Types are not mixed: an `i64` column is compared with `i64` values and columns. Where two types are meant to meet, say
/// so with [`cast`](super::Expression::cast) (in the database) or [`coerce`](super::Expression::coerce) (in the program
/// alone).
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be used where an SQL expression of type `{B}` is wanted",
    label = "expected a value, column or expression of type `{B}`",
    note = "SQL types are not converted implicitly; use `.cast::<T>()` or `.coerce::<T>()` where two types are meant to meet"
)]
pub trait IntoExpr<B> {
    /// The expression without its Rust type.
    #[doc(hidden)]
    fn into_raw_expr(self) -> Raw;
}

impl<T: SqlTyped<Base = T> + Encode> IntoExpr<T> for T {
    fn into_raw_expr(self) -> Raw {
        Raw::Value(self.into_value(), T::SQL_TYPE.kind())
    }
}

impl<T: SqlTyped<Base = T> + Encode> IntoExpr<T> for Option<T> {
    fn into_raw_expr(self) -> Raw {
        Raw::Value(self.into_value(), T::SQL_TYPE.kind())
    }
}

impl IntoExpr<String> for &str {
    fn into_raw_expr(self) -> Raw {
        Raw::Value(self.to_value(), aludel_core::Kind::Text)
    }
}

impl IntoExpr<String> for &String {
    fn into_raw_expr(self) -> Raw {
        Raw::Value(self.to_value(), aludel_core::Kind::Text)
    }
}

impl IntoExpr<String> for Option<&str> {
    fn into_raw_expr(self) -> Raw {
        Raw::Value(self.map_or(Value::Null, Encode::to_value), aludel_core::Kind::Text)
    }
}

impl IntoExpr<Vec<u8>> for &[u8] {
    fn into_raw_expr(self) -> Raw {
        Raw::Value(self.to_value(), aludel_core::Kind::Bytes)
    }
}

impl<T: SqlTyped> IntoExpr<T::Base> for Expr<T> {
    fn into_raw_expr(self) -> Raw {
        self.into_raw()
    }
}

impl<T: SqlTyped> IntoExpr<T::Base> for &Expr<T> {
    fn into_raw_expr(self) -> Raw {
        self.clone().into_raw()
    }
}

impl<E, T: SqlTyped> IntoExpr<T::Base> for Column<E, T> {
    fn into_raw_expr(self) -> Raw {
        self.into_raw()
    }
}

impl<T: SqlTyped> IntoExpr<T::Base> for Label<T> {
    fn into_raw_expr(self) -> Raw {
        self.into_raw()
    }
}

/// A query of one column stands for its one value.
impl<T: SqlTyped> IntoExpr<T::Base> for Select<T> {
    fn into_raw_expr(self) -> Raw {
        self.into_scalar_raw()
    }
}

/// A value (not an expression) of the type `B`, as an IN list of tuples holds them.
pub trait IntoValue<B> {
    /// The value.
    #[doc(hidden)]
    fn into_plain_value(self) -> Value;
}

impl<T: SqlTyped<Base = T> + Encode> IntoValue<T> for T {
    fn into_plain_value(self) -> Value {
        self.into_value()
    }
}

impl IntoValue<String> for &str {
    fn into_plain_value(self) -> Value {
        self.to_value()
    }
}

/// One or several expressions of any types: a column, or a tuple of expressions.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an expression or a tuple of expressions",
    label = "expected a column, an expression, or a tuple of them"
)]
pub trait ExprList {
    /// Appends them all and tells how many there are.
    #[doc(hidden)]
    fn push_all(self, tape: &mut Tape) -> usize;
}

impl<X: Expression> ExprList for X {
    fn push_all(self, tape: &mut Tape) -> usize {
        self.into_raw().append_to(tape);
        1
    }
}

impl<T: SqlTyped> ExprList for Vec<Expr<T>> {
    fn push_all(self, tape: &mut Tape) -> usize {
        self.into_iter().map(|expr| expr.push_all(tape)).sum()
    }
}

impl ExprList for () {
    fn push_all(self, _: &mut Tape) -> usize {
        0
    }
}

macro_rules! tuple_expr_list {
    ($($name:ident)+) => {
        impl<$($name: ExprList),+> ExprList for ($($name,)+) {
            #[allow(non_snake_case, reason = "one variable per type parameter")]
            fn push_all(self, tape: &mut Tape) -> usize {
                let ($($name,)+) = self;
                0 $(+ $name.push_all(tape))+
            }
        }
    };
}

tuple_expr_list!(A);
tuple_expr_list!(A B);
tuple_expr_list!(A B C);
tuple_expr_list!(A B C D);
tuple_expr_list!(A B C D E);
tuple_expr_list!(A B C D E F);
tuple_expr_list!(A B C D E F G);
tuple_expr_list!(A B C D E F G H);
tuple_expr_list!(A B C D E F G H I);
tuple_expr_list!(A B C D E F G H I J);
tuple_expr_list!(A B C D E F G H I J K);
tuple_expr_list!(A B C D E F G H I J K L);

impl ExprList for super::tuple::TupleExpr {
    fn push_all(self, tape: &mut Tape) -> usize {
        self.append_to(tape);
        1
    }
}

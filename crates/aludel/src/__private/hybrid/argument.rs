//! Parameters of hybrids.

use aludel_core::{Encode, SqlTyped};
use aludel_sql::{Base, Expr, Expression, null, value};

/// What can be given for a parameter of type `B`: a value, or an expression. `M` says which, and follows from it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be a parameter of type `{B}`",
    label = "expected a value, column or expression of type `{B}`"
)]
pub trait Argument<B, M> {
    /// As an expression.
    fn into_argument(self) -> Expr<B>;
}

/// A value of the type itself.
#[derive(Debug)]
pub struct Owned;

/// A text that is borrowed.
#[derive(Debug)]
pub struct Borrowed;

/// A value, or NULL.
#[derive(Debug)]
pub struct Nullable;

/// An expression.
#[derive(Debug)]
pub struct Made;

#[diagnostic::do_not_recommend]
impl<T: SqlTyped<Base = T> + Encode> Argument<T, Owned> for T {
    fn into_argument(self) -> Expr<T> {
        value(self)
    }
}

#[diagnostic::do_not_recommend]
impl Argument<String, Borrowed> for &str {
    fn into_argument(self) -> Expr<String> {
        value(self.to_owned())
    }
}

#[diagnostic::do_not_recommend]
impl Argument<String, Borrowed> for &String {
    fn into_argument(self) -> Expr<String> {
        value(self.clone())
    }
}

#[diagnostic::do_not_recommend]
impl<T: SqlTyped<Base = T>, V: Argument<T, M>, M> Argument<T, (Nullable, M)> for Option<V> {
    fn into_argument(self) -> Expr<T> {
        match self {
            Some(value) => value.into_argument(),
            None => null::<T>().not_null(),
        }
    }
}

#[diagnostic::do_not_recommend]
impl<X: Expression> Argument<Base<X>, Made> for X {
    fn into_argument(self) -> Expr<Base<X>> {
        self.not_null()
    }
}

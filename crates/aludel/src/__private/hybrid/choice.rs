//! CASE.

use aludel_core::SqlTyped;
use aludel_sql::{Base, Expr, Expression, IntoExpr, case};

/// `if … { expression } else { … }`
pub fn choose<X: Expression>(
    condition: impl IntoExpr<bool>,
    then: X,
    otherwise: impl IntoExpr<Base<X>>,
) -> Expr<X::Sql> {
    case().when::<X::Sql>(condition, then.expr()).otherwise(otherwise)
}

/// `if … { value } else { expression }`
pub fn choose_value<X: Expression>(
    condition: impl IntoExpr<bool>,
    then: impl IntoExpr<Base<X>>,
    otherwise: X,
) -> Expr<X::Sql> {
    case().when::<X::Sql>(condition, then).otherwise(otherwise.expr())
}

/// `if … { value } else { value }`, where the type is known from elsewhere.
pub fn choose_of<T: SqlTyped>(
    condition: impl IntoExpr<bool>,
    then: impl IntoExpr<T::Base>,
    otherwise: impl IntoExpr<T::Base>,
) -> Expr<T> {
    case().when::<T>(condition, then).otherwise(otherwise)
}

/// `if … { Some(…) } else { None }`
pub fn choose_or_null<X: Expression>(condition: impl IntoExpr<bool>, then: X) -> Expr<Option<Base<X>>> {
    case().when::<X::Sql>(condition, then.expr()).end()
}

//! Maps of texts.

use aludel_core::SqlTyped;
use aludel_core::postgres::Hstore;
use aludel_sql::{Expr, Expression, IntoExpr};

use super::{call, infix};

/// What can be done with `hstore`.
pub trait HstoreExpression: Expression
where
    Self::Sql: SqlTyped<Base = Hstore>,
{
    /// `->`: the text under a key; NULL where there is none.
    fn get(self, key: impl IntoExpr<String>) -> Expr<Option<String>> {
        infix(self, "->", key)
    }

    /// `||`: both maps in one; the other one's texts stand where both have a key.
    fn merged_with(self, other: impl IntoExpr<Hstore>) -> Expr<Self::Sql> {
        infix(self, "||", other)
    }

    /// The keys.
    fn keys(self) -> Expr<Vec<String>> {
        call("akeys", self)
    }
}

impl<X: Expression> HstoreExpression for X where X::Sql: SqlTyped<Base = Hstore> {}

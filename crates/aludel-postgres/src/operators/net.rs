//! Addresses.

use aludel_core::SqlTyped;
use aludel_core::postgres::{Cidr, Inet};
use aludel_sql::{Base, Expr, Expression, IntoExpr};

use super::{call, infix};

/// Addresses of hosts and networks.
pub trait Address: SqlTyped<Base = Self> {}

impl Address for Inet {}
impl Address for Cidr {}

/// What can be done with addresses.
#[allow(clippy::wrong_self_convention, reason = "an expression is used up by what is made of it")]
pub trait NetExpression: Expression
where
    Base<Self>: Address,
{
    /// `<<`: it lies in the other one's network, and is smaller.
    fn is_within(self, network: impl IntoExpr<Base<Self>>) -> Expr<bool> {
        infix(self, "<<", network)
    }

    /// `<<=`: it lies in the other one's network, or is that itself.
    fn is_within_or_equal(self, network: impl IntoExpr<Base<Self>>) -> Expr<bool> {
        infix(self, "<<=", network)
    }

    /// `>>`: the other one lies in its network, and is smaller.
    fn encloses(self, other: impl IntoExpr<Base<Self>>) -> Expr<bool> {
        infix(self, ">>", other)
    }

    /// The address without the number of its network's bits, as text.
    fn host(self) -> Expr<String> {
        call("host", self)
    }

    /// How many bits name its network.
    fn prefix(self) -> Expr<i32> {
        call("masklen", self)
    }

    /// 4 or 6.
    fn family(self) -> Expr<i32> {
        call("family", self)
    }
}

impl<X: Expression> NetExpression for X where Base<X>: Address {}

//! Expressions as columns of an entity.

use aludel_core::SqlTyped;

use super::expr::Expression;
use crate::tape::Tape;

/// An expression for [`Property::new`](crate::schema::Property::new): of the type `T`, or one that may be NULL where `T` may not,
/// such as the number that a subquery counts.
#[must_use]
pub fn property<T, E>(expression: E) -> Box<Tape>
where
    T: SqlTyped,
    E: Expression<Sql: SqlTyped<Base = T::Base>>,
{
    expression.into_raw().into_tape()
}

//! Names of result columns.

use std::marker::PhantomData;

use aludel_core::SqlTyped;

use super::expr::Expression;
use super::raw::Raw;
use crate::tape::Op;

/// A name of a result column with its type: made once, used where the column is made, ordered by and read.
///
/// ```
/// use aludel_sql::{func, label, select, Expression, Label};
///
/// const N: Label<i64> = label("n");
/// let query = select(func::count_all().label(N)).order_by(N.desc());
/// ```
#[derive(Debug)]
pub struct Label<T> {
    name: &'static str,
    marker: PhantomData<fn() -> T>,
}

/// A name of a result column with its type.
#[must_use]
pub const fn label<T>(name: &'static str) -> Label<T> {
    Label { name, marker: PhantomData }
}

impl<T> Label<T> {
    /// The name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.name
    }
}

impl<T> Clone for Label<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Label<T> {}

impl<T: SqlTyped> Expression for Label<T> {
    type Sql = T;
    fn into_raw(self) -> Raw {
        Raw::of(|tape| {
            tape.op(Op::Name);
            tape.text(self.name);
        })
    }
}

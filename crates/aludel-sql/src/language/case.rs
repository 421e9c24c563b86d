//! CASE.

use std::marker::PhantomData;

use aludel_core::SqlTyped;

use super::expr::Expr;
use super::into_expr::IntoExpr;
use super::raw::Raw;
use crate::tape::{Op, Tape};

/// The beginning of a CASE; see [`case`].
#[derive(Clone, Copy, Debug)]
pub struct CaseStart;

/// `CASE WHEN … THEN … ELSE … END`, whose type is that of its first value.
///
/// ```
/// # use aludel_sql::{case, literal, Expression};
/// # let age = literal(5);
/// let group = case().when::<String>(age.clone().lt(18), "minor").when(age.lt(65), "adult").otherwise("senior");
/// ```
#[must_use]
pub fn case() -> CaseStart {
    CaseStart
}

impl CaseStart {
    /// What the CASE gives where the condition holds. The type is often told from what the CASE is used for; say
    /// `.when::<String>(…)` where it is not.
    #[must_use]
    pub fn when<T: SqlTyped>(self, condition: impl IntoExpr<bool>, then: impl IntoExpr<T::Base>) -> Case<T> {
        Case { tape: Box::default(), whens: 0, marker: PhantomData }.when(condition, then)
    }
}

/// A CASE with at least one WHEN.
#[derive(Clone, Debug)]
pub struct Case<T> {
    tape: Box<Tape>,
    whens: usize,
    marker: PhantomData<fn() -> T>,
}

impl<T: SqlTyped> Case<T> {
    /// What the CASE gives where this condition is the first to hold.
    #[must_use]
    pub fn when(mut self, condition: impl IntoExpr<bool>, then: impl IntoExpr<T::Base>) -> Self {
        condition.into_raw_expr().append_to(&mut self.tape);
        then.into_raw_expr().append_to(&mut self.tape);
        self.whens += 1;
        self
    }

    /// What the CASE gives where no condition holds.
    #[must_use]
    pub fn otherwise(mut self, value: impl IntoExpr<T::Base>) -> Expr<T> {
        value.into_raw_expr().append_to(&mut self.tape);
        self.finish(2)
    }

    /// NULL where no condition holds.
    #[must_use]
    pub fn end(self) -> Expr<Option<T::Base>> {
        self.finish(0)
    }

    fn finish<U>(mut self, flags: u8) -> Expr<U> {
        self.tape.op2(Op::Case, flags);
        self.tape.count(self.whens);
        Expr::from_raw(Raw::Tape(self.tape))
    }
}

//! What can stand in a list of columns.

use aludel_core::{FromRow, SqlTyped};

use super::expr::{Expr, Expression};
use super::into_expr::IntoExpr;
use super::label::Label;
use super::order::{IntoOrder, Ordering};
use super::raw::Raw;
use crate::tape::{Op, Tape};
use std::borrow::Cow;
use std::marker::PhantomData;

/// What can be selected or returned: a column, an expression, an entity (`User::ALL`), or a tuple of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be selected",
    label = "expected a column, an expression, an entity's `ALL`, or a tuple of them",
    note = "an entity is selected as `User::ALL`, a value as `value(5)`"
)]
pub trait Selectable {
    /// What a row of it is in Rust.
    type Row: FromRow;
    /// Appends its columns.
    #[doc(hidden)]
    fn project(self, tape: &mut Tape);
}

impl<T: SqlTyped + FromRow> Selectable for Expr<T> {
    type Row = T;
    fn project(self, tape: &mut Tape) {
        self.into_raw().append_to(tape);
        tape.op(Op::Project);
    }
}

impl<T: SqlTyped + FromRow> Selectable for &Expr<T> {
    type Row = T;
    fn project(self, tape: &mut Tape) {
        self.clone().project(tape);
    }
}

impl<T: SqlTyped + FromRow> Selectable for Label<T> {
    type Row = T;
    fn project(self, tape: &mut Tape) {
        self.into_raw().append_to(tape);
        tape.op(Op::Project);
    }
}

/// An expression with a name in the result.
#[derive(Clone, Debug)]
pub struct Labeled<T> {
    raw: Raw,
    label: Cow<'static, str>,
    marker: PhantomData<fn() -> T>,
}

impl<T: SqlTyped> Labeled<T> {
    pub(crate) fn new(raw: Raw, label: Cow<'static, str>) -> Self {
        Self { raw, label, marker: PhantomData }
    }

    /// The name alone, as an expression: for ORDER BY.
    #[must_use]
    pub fn name(&self) -> Expr<T> {
        Expr::from_raw(Raw::of(|tape| {
            tape.op(Op::Name);
            tape.text(&self.label);
        }))
    }

    /// By the name, largest first.
    #[must_use]
    pub fn desc(&self) -> Ordering {
        self.name().desc()
    }

    /// By the name, smallest first.
    #[must_use]
    pub fn asc(&self) -> Ordering {
        self.name().asc()
    }
}

impl<T: SqlTyped + FromRow> Selectable for Labeled<T> {
    type Row = T;
    fn project(self, tape: &mut Tape) {
        self.raw.append_to(tape);
        tape.op(Op::Label);
        tape.text(&self.label);
        tape.op(Op::Project);
    }
}

impl<T: SqlTyped> IntoExpr<T::Base> for &Labeled<T> {
    fn into_raw_expr(self) -> Raw {
        self.name().into_raw()
    }
}

impl<T: SqlTyped> IntoOrder for &Labeled<T> {
    fn push_orders(self, tape: &mut Tape) -> usize {
        self.asc().push_orders(tape)
    }
}

macro_rules! tuple_selectable {
    ($($name:ident)+) => {
        impl<$($name: Selectable),+> Selectable for ($($name,)+) {
            type Row = ($($name::Row,)+);
            #[allow(non_snake_case, reason = "one variable per type parameter")]
            fn project(self, tape: &mut Tape) {
                let ($($name,)+) = self;
                $($name.project(tape);)+
            }
        }
    };
}

tuple_selectable!(A);
tuple_selectable!(A B);
tuple_selectable!(A B C);
tuple_selectable!(A B C D);
tuple_selectable!(A B C D E);
tuple_selectable!(A B C D E F);
tuple_selectable!(A B C D E F G);
tuple_selectable!(A B C D E F G H);
tuple_selectable!(A B C D E F G H I);
tuple_selectable!(A B C D E F G H I J);
tuple_selectable!(A B C D E F G H I J K);
tuple_selectable!(A B C D E F G H I J K L);
tuple_selectable!(A B C D E F G H I J K L M);
tuple_selectable!(A B C D E F G H I J K L M N);
tuple_selectable!(A B C D E F G H I J K L M N O);
tuple_selectable!(A B C D E F G H I J K L M N O P);

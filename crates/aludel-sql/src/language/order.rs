//! ORDER BY.

use super::expr::Expression;
use super::raw::Raw;
use crate::tape::{Op, Tape};

/// A term of ORDER BY: an expression with a direction.
#[derive(Clone, Debug)]
pub struct Ordering {
    raw: Raw,
    flags: u8,
}

impl Ordering {
    pub(crate) fn new(raw: Raw, flags: u8) -> Self {
        Self { raw, flags }
    }

    /// NULLs before everything else.
    #[must_use]
    pub fn nulls_first(mut self) -> Self {
        self.flags = (self.flags & 1) | 2;
        self
    }

    /// NULLs after everything else.
    #[must_use]
    pub fn nulls_last(mut self) -> Self {
        self.flags = (self.flags & 1) | 4;
        self
    }
}

/// One or several terms of ORDER BY: a column, an expression, one with a direction, or a tuple or vector of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be ordered by",
    label = "expected a column, an expression, `.asc()`, `.desc()`, or a tuple of them"
)]
pub trait IntoOrder {
    /// Appends the terms and tells how many there are.
    #[doc(hidden)]
    fn push_orders(self, tape: &mut Tape) -> usize;
}

impl<X: Expression> IntoOrder for X {
    fn push_orders(self, tape: &mut Tape) -> usize {
        Ordering::new(self.into_raw(), 0).push_orders(tape)
    }
}

impl IntoOrder for Ordering {
    fn push_orders(self, tape: &mut Tape) -> usize {
        self.raw.append_to(tape);
        tape.op2(Op::Order, self.flags);
        1
    }
}

impl IntoOrder for Vec<Ordering> {
    fn push_orders(self, tape: &mut Tape) -> usize {
        self.into_iter().map(|term| term.push_orders(tape)).sum()
    }
}

macro_rules! tuple_into_order {
    ($($name:ident)+) => {
        impl<$($name: IntoOrder),+> IntoOrder for ($($name,)+) {
            #[allow(non_snake_case, reason = "one variable per type parameter")]
            fn push_orders(self, tape: &mut Tape) -> usize {
                let ($($name,)+) = self;
                0 $(+ $name.push_orders(tape))+
            }
        }
    };
}

tuple_into_order!(A);
tuple_into_order!(A B);
tuple_into_order!(A B C);
tuple_into_order!(A B C D);
tuple_into_order!(A B C D E);
tuple_into_order!(A B C D E F);

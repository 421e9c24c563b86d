//! What belongs to arrays, ranges and other values that hold values.

use std::sync::Arc;

use aludel_core::postgres::{Cidr, Hstore, Inet, LTree, Multirange, Range, RangeElement};
use aludel_core::{ArrayElement, SqlTyped};

use super::expr::{Expr, Expression};
use super::into_expr::{ExprList, IntoExpr};
use super::raw::Raw;
use crate::ast::BinaryOp;
use crate::compile::{Form, NativeElement, Needs};
use crate::tape::{Node, NodeHead, Op, Tape};

/// A call or an operator that only some databases have; an error that names it on the others.
///
/// The words are part of the statement as they stand.
///
/// ```
/// use aludel_sql::{Expr, Form, Needs, native, value};
///
/// let normalised: Expr<String> = native(Needs::Family("postgresql"), Form::Call("unaccent"), value("é".to_owned()));
/// ```
pub fn native<T: SqlTyped>(needs: Needs, form: Form, operands: impl ExprList) -> Expr<T> {
    let mut tape = Box::<Tape>::default();
    let count = operands.push_all(&mut tape);
    tape.op(Op::Element);
    tape.count(count);
    tape.node(Node::new(NodeHead::Element(Arc::new(NativeElement { needs, form })), Tape::new()));
    Expr::from_raw(Raw::Tape(tape))
}

/// Whatever can stand for a `B`, as an expression: a value, a column, another expression.
pub fn operand<B: SqlTyped>(operand: impl IntoExpr<B>) -> Expr<B> {
    Expr::from_raw(operand.into_raw_expr())
}

/// What stands at the other side of [`contains`](Expression::contains): text contains text, an array an array, a document
/// a document.
#[diagnostic::on_unimplemented(
    message = "a value of type `{Self}` can't contain `{X}` in a database",
    label = "expected text in text, an array in an array, a JSON document in a document",
    note = "types are not converted implicitly; use `.cast::<T>()` or `.coerce::<T>()` where two types are meant to meet"
)]
pub trait Contains<X>: Sized {
    /// The condition.
    #[doc(hidden)]
    fn contains(left: Raw, right: X) -> Expr<bool>;
}

impl<X: IntoExpr<Self>> Contains<X> for String {
    fn contains(left: Raw, right: X) -> Expr<bool> {
        super::expr::contains_text(left, right)
    }
}

/// Types whose values are sets of other values: `@>` and `<@` are theirs.
#[diagnostic::on_unimplemented(
    message = "a value of type `{Self}` is not contained in another one",
    label = "expected an array, a range or a JSON document"
)]
pub trait Containable: SqlTyped {}

/// Types whose values can have something in common: `&&` is theirs.
#[diagnostic::on_unimplemented(
    message = "values of type `{Self}` don't overlap",
    label = "expected an array, a range or a network"
)]
pub trait Overlapping: SqlTyped {}

/// Types whose values have keys that are text: `?`, `?|` and `?&` are theirs.
#[diagnostic::on_unimplemented(message = "a value of type `{Self}` has no keys", label = "expected a JSON document")]
pub trait Keyed: SqlTyped {}

macro_rules! containers {
    ($($(#[$attribute:meta])* [$($generics:tt)*] $type:ty;)+) => {
        $(
            $(#[$attribute])*
            impl<$($generics)*> Containable for $type {}
            $(#[$attribute])*
            impl<$($generics)* X: IntoExpr<$type>> Contains<X> for $type {
                fn contains(left: Raw, right: X) -> Expr<bool> {
                    Expr::from_raw(Raw::binary(left, BinaryOp::Contains, right.into_raw_expr()))
                }
            }
        )+
    };
}

containers! {
    [T: ArrayElement,] Vec<T>;
    #[cfg(feature = "serde_json")]
    [] serde_json::Value;
    #[cfg(feature = "serde_json")]
    [T: 'static,] aludel_core::Json<T>;
    [T: RangeElement,] Range<T>;
    [T: RangeElement,] Multirange<T>;
    [] Hstore;
    [] LTree;
}

impl<T: ArrayElement> Overlapping for Vec<T> {}
impl<T: RangeElement> Overlapping for Range<T> {}
impl<T: RangeElement> Overlapping for Multirange<T> {}
impl Overlapping for Inet {}
impl Overlapping for Cidr {}
impl Keyed for Hstore {}
#[cfg(feature = "serde_json")]
impl Keyed for serde_json::Value {}
#[cfg(feature = "serde_json")]
impl<T: 'static> Keyed for aludel_core::Json<T> {}

/// What can be done with arrays, where the database has them.
///
/// [`contains`](Expression::contains), [`contained_by`](Expression::contained_by) and
/// [`overlaps`](Expression::overlaps) are methods of every expression. Positions begin at 1.
pub trait ArrayExpression<T: ArrayElement>: Expression
where
    Self::Sql: SqlTyped<Base = Vec<T>>,
{
    /// `value = ANY(array)`: whether the value is an element.
    fn has(self, value: impl IntoExpr<T::Base>) -> Expr<bool> {
        self.any(BinaryOp::Eq, value)
    }

    /// `value op ANY(array)`: whether the comparison holds for at least one element.
    fn any(self, op: BinaryOp, value: impl IntoExpr<T::Base>) -> Expr<bool> {
        quantified(self.into_raw(), op, value.into_raw_expr(), false)
    }

    /// `value op ALL(array)`: whether the comparison holds for every element.
    fn all(self, op: BinaryOp, value: impl IntoExpr<T::Base>) -> Expr<bool> {
        quantified(self.into_raw(), op, value.into_raw_expr(), true)
    }

    /// `array[position]`, from 1; NULL where there is no such element.
    fn element(self, position: impl IntoExpr<i32>) -> Expr<Option<T::Base>> {
        form(Form::Subscript, [self.into_raw(), position.into_raw_expr()])
    }

    /// `array[first:last]`, both from 1 and included.
    fn slice(self, first: impl IntoExpr<i32>, last: impl IntoExpr<i32>) -> Expr<Self::Sql> {
        form(Form::Slice, [self.into_raw(), first.into_raw_expr(), last.into_raw_expr()])
    }

    /// How many elements the array has.
    fn length(self) -> Expr<i32> {
        form(Form::Call("cardinality"), [self.into_raw()])
    }

    /// The array with a value behind its elements.
    fn append(self, value: impl IntoExpr<T::Base>) -> Expr<Self::Sql> {
        form(Form::Call("array_append"), [self.into_raw(), value.into_raw_expr()])
    }

    /// The array with another one's elements behind its own.
    fn append_all(self, other: impl IntoExpr<Vec<T>>) -> Expr<Self::Sql> {
        form(Form::Call("array_cat"), [self.into_raw(), other.into_raw_expr()])
    }

    /// The array without the elements that are equal to the value.
    fn without(self, value: impl IntoExpr<T::Base>) -> Expr<Self::Sql> {
        form(Form::Call("array_remove"), [self.into_raw(), value.into_raw_expr()])
    }

    /// The position of the first element that is equal to the value, from 1.
    fn position(self, value: impl IntoExpr<T::Base>) -> Expr<Option<i32>> {
        form(Form::Call("array_position"), [self.into_raw(), value.into_raw_expr()])
    }

    /// The elements as text, with a separator between; NULLs are left out.
    fn join(self, separator: impl IntoExpr<String>) -> Expr<String> {
        form(Form::Call("array_to_string"), [self.into_raw(), separator.into_raw_expr()])
    }
}

impl<T: ArrayElement, X: Expression> ArrayExpression<T> for X where X::Sql: SqlTyped<Base = Vec<T>> {}

fn form<T, const N: usize>(form: Form, operands: [Raw; N]) -> Expr<T> {
    let mut tape = Box::<Tape>::default();
    for operand in operands {
        operand.append_to(&mut tape);
    }
    tape.op(Op::Element);
    tape.count(N);
    let element = NativeElement { needs: Needs::Arrays, form };
    tape.node(Node::new(NodeHead::Element(Arc::new(element)), Tape::new()));
    Expr::from_raw(Raw::Tape(tape))
}

fn quantified(array: Raw, op: BinaryOp, value: Raw, all: bool) -> Expr<bool> {
    match symbol(op) {
        Some(operator) => form(Form::Quantified { operator, all }, [value, array]),
        None => Expr::from_raw(Raw::of(|tape| {
            tape.op(Op::Invalid);
            tape.text(&format!("{op:?} is no comparison of a value with the elements of an array"));
        })),
    }
}

/// The comparisons that ANY and ALL take.
const fn symbol(op: BinaryOp) -> Option<&'static str> {
    Some(match op {
        BinaryOp::Eq => "=",
        BinaryOp::Ne => "<>",
        BinaryOp::Lt => "<",
        BinaryOp::Le => "<=",
        BinaryOp::Gt => ">",
        BinaryOp::Ge => ">=",
        _ => return None,
    })
}

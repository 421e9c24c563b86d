//! Several expressions as one.

use aludel_core::Value;

use super::expr::{Expr, in_query};
use super::into_expr::ExprList;
use super::raw::{Raw, class_size, size_class};
use super::rows::RowValues;
use super::select::Select;
use crate::ast::BinaryOp;
use crate::tape::{Op, Tape};

/// Several expressions as one, to be looked for together: `tuple((A, B)).in_([(1, 2)])`.
pub fn tuple(parts: impl ExprList) -> TupleExpr {
    let mut tape = Box::<Tape>::default();
    let width = parts.push_all(&mut tape);
    tape.op(Op::Tuple);
    tape.count(width);
    TupleExpr { tape, width }
}

/// Several expressions as one; see [`tuple()`].
#[derive(Clone, Debug)]
pub struct TupleExpr {
    tape: Box<Tape>,
    width: usize,
}

impl TupleExpr {
    pub(crate) fn of(parts: Raw, width: usize) -> Self {
        Self { tape: parts.into_tape(), width }
    }

    /// `(a, b) IN ((1, 2), (3, 4))`. A list of tuples of another width is an error when the statement is compiled.
    #[must_use]
    pub fn in_<I>(self, list: I) -> Expr<bool>
    where
        I: IntoIterator,
        I::Item: RowValues,
    {
        self.within(list, false)
    }

    /// `(a, b) NOT IN ((1, 2), (3, 4))`
    #[must_use]
    pub fn not_in<I>(self, list: I) -> Expr<bool>
    where
        I: IntoIterator,
        I::Item: RowValues,
    {
        self.within(list, true)
    }

    /// `(a, b) IN (SELECT …)`
    #[must_use]
    pub fn in_query<R>(self, query: Select<R>) -> Expr<bool> {
        Expr::from_raw(in_query(Raw::Tape(self.tape), query.into_tape(), false))
    }

    pub(crate) fn append_to(mut self, tape: &mut Tape) {
        tape.append(&mut self.tape);
    }

    /// `(a, b) = (1, 2)`: the same in every part.
    #[must_use]
    pub fn eq(self, row: impl RowValues) -> Expr<bool> {
        self.compared(BinaryOp::Eq, row)
    }

    /// `(a, b) <> (1, 2)`: another in some part.
    #[must_use]
    pub fn ne(self, row: impl RowValues) -> Expr<bool> {
        self.compared(BinaryOp::Ne, row)
    }

    /// `(a, b) < (1, 2)`: as they are sorted, by the first part, then by the next.
    #[must_use]
    pub fn lt(self, row: impl RowValues) -> Expr<bool> {
        self.compared(BinaryOp::Lt, row)
    }

    /// `(a, b) <= (1, 2)`
    #[must_use]
    pub fn le(self, row: impl RowValues) -> Expr<bool> {
        self.compared(BinaryOp::Le, row)
    }

    /// `(a, b) > (1, 2)`: what comes behind a row, for reading page by page.
    #[must_use]
    pub fn gt(self, row: impl RowValues) -> Expr<bool> {
        self.compared(BinaryOp::Gt, row)
    }

    /// `(a, b) >= (1, 2)`
    #[must_use]
    pub fn ge(self, row: impl RowValues) -> Expr<bool> {
        self.compared(BinaryOp::Ge, row)
    }

    fn compared(self, op: BinaryOp, row: impl RowValues) -> Expr<bool> {
        let mut values = Vec::new();
        row.push_values(&mut values);
        let mut tape = self.tape;
        if values.len() != self.width {
            tape.op(Op::Invalid);
            tape.text(&format!("a tuple of {} expressions is compared with {} values", self.width, values.len()));
        }
        let count = values.len();
        for value in values {
            let kind = value.kind();
            tape.bind(value, kind);
        }
        tape.op(Op::Tuple);
        tape.count(count);
        tape.op2(Op::Binary, op as u8);
        Expr::from_raw(Raw::Tape(tape))
    }

    fn within<I>(self, list: I, negated: bool) -> Expr<bool>
    where
        I: IntoIterator,
        I::Item: RowValues,
    {
        let mut values = Vec::new();
        let mut rows = 0;
        for row in list {
            row.push_values(&mut values);
            rows += 1;
        }
        // Rows are padded here, since a tuple is several elements of the list.
        let class = size_class(rows);
        if rows > 0 && values.len() == rows * self.width {
            let last: Vec<Value> = values.get(values.len() - self.width..).map(<[Value]>::to_vec).unwrap_or_default();
            while rows < class_size(class).map_or(0, |size| size as usize) {
                values.extend(last.iter().cloned());
                rows += 1;
            }
        }
        let mut tape = self.tape;
        tape.op3(Op::InList, u8::from(negated), class);
        tape.count(if rows == 0 { self.width } else { values.len() / rows.max(1) });
        tape.value(Value::List(values.into()));
        Expr::from_raw(Raw::Tape(tape))
    }
}

//! UNION, INTERSECT and EXCEPT.

use super::select::Select;
use crate::ast::SetOp;
use crate::tape::{Op, Tape};

fn compound<R>(op: SetOp, all: bool, parts: impl IntoIterator<Item = Select<R>>) -> Select<R> {
    let mut tape = Box::<Tape>::default();
    let mut count = 0;
    for part in parts {
        tape.append(&mut part.into_tape());
        tape.op(Op::EndQuery);
        count += 1;
    }
    tape.op3(Op::Compound, op as u8, u8::from(all));
    tape.count(count);
    Select::from_tape(tape)
}

/// `UNION` of two or more queries with rows of one type; order and limit of the result apply to the whole.
pub fn union<R>(parts: impl IntoIterator<Item = Select<R>>) -> Select<R> {
    compound(SetOp::Union, false, parts)
}

/// `UNION ALL`: duplicates are kept.
pub fn union_all<R>(parts: impl IntoIterator<Item = Select<R>>) -> Select<R> {
    compound(SetOp::Union, true, parts)
}

/// `INTERSECT`: rows that every query gives.
pub fn intersect<R>(parts: impl IntoIterator<Item = Select<R>>) -> Select<R> {
    compound(SetOp::Intersect, false, parts)
}

/// `EXCEPT`: rows of the first query that none of the others gives.
pub fn except<R>(parts: impl IntoIterator<Item = Select<R>>) -> Select<R> {
    compound(SetOp::Except, false, parts)
}

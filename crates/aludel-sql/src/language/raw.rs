//! An expression without its Rust type: the frequent small ones in place, the rest as a fragment of tape.

use aludel_core::{Kind, Value};

use crate::ast::BinaryOp;
use crate::schema::StaticColumn;
use crate::tape::{Op, Tape};

/// An expression without its Rust type.
///
/// Conditions of one column and one value, by far the most frequent, stay in place; everything composite is a fragment
/// in a box. This is what keeps both the generated code and the number of allocations small.
#[derive(Clone, Debug)]
#[doc(hidden)]
pub enum Raw {
    Column(&'static StaticColumn),
    Value(Value, Kind),
    Compare(BinaryOp, &'static StaticColumn, Value),
    CompareColumns(BinaryOp, &'static StaticColumn, &'static StaticColumn),
    In { column: &'static StaticColumn, negated: bool, list: Box<[Value]> },
    Tape(Box<Tape>),
}

impl Raw {
    /// Puts the expression behind what is on the tape.
    pub(crate) fn append_to(self, tape: &mut Tape) {
        match self {
            Self::Column(column) => {
                tape.op(Op::Column);
                tape.column(column);
            }
            Self::Value(value, kind) => tape.bind(value, kind),
            Self::Compare(op, column, value) => tape.compare(op, column, value),
            Self::CompareColumns(op, left, right) => tape.compare_columns(op, left, right),
            Self::In { column, negated, list } => {
                tape.op3(Op::InValues, u8::from(negated), size_class(list.len()));
                tape.column(column);
                tape.value(Value::List(list));
            }
            Self::Tape(fragment) => append_fragment(tape, fragment),
        }
    }

    /// The expression as a fragment that further operations can be put behind.
    pub(crate) fn into_tape(self) -> Box<Tape> {
        if let Self::Tape(tape) = self {
            return tape;
        }
        let mut tape = Box::<Tape>::default();
        self.append_to(&mut tape);
        tape
    }

    /// A comparison of a column, by far the most frequent kind.
    pub(crate) fn compare_column(column: &'static StaticColumn, op: BinaryOp, right: Self) -> Self {
        match right {
            Self::Value(value, _) if !value.is_null() => Self::Compare(op, column, value),
            Self::Column(right) => Self::CompareColumns(op, column, right),
            right => Self::compare_column_with_rare(column, op, right),
        }
    }

    /// Apart from the frequent ones, which then need no place for the column.
    #[inline(never)]
    fn compare_column_with_rare(column: &'static StaticColumn, op: BinaryOp, right: Self) -> Self {
        Self::compare(Self::Column(column), op, right)
    }

    pub(crate) fn compare(left: Self, op: BinaryOp, right: Self) -> Self {
        match (left, right) {
            (Self::Column(column), Self::Value(value, _)) if !value.is_null() => Self::Compare(op, column, value),
            (Self::Column(left), Self::Column(right)) => Self::CompareColumns(op, left, right),
            // A comparison with a NULL that the program itself put there asks whether the value is NULL.
            (left, Self::Value(Value::Null, _)) if matches!(op, BinaryOp::Eq | BinaryOp::Ne) => {
                left.is_null(op == BinaryOp::Ne)
            }
            (left, right) => Self::binary(left, op, right),
        }
    }

    pub(crate) fn binary(left: Self, op: BinaryOp, right: Self) -> Self {
        let mut tape = left.into_tape();
        right.append_to(&mut tape);
        tape.op2(Op::Binary, op as u8);
        Self::Tape(tape)
    }

    #[allow(clippy::wrong_self_convention, reason = "an expression is used up by what is made of it")]
    pub(crate) fn is_null(self, negated: bool) -> Self {
        self.then(|tape| tape.op2(Op::IsNull, u8::from(negated)))
    }

    /// The expression with further operations behind it.
    pub(crate) fn then(self, operations: impl FnOnce(&mut Tape)) -> Self {
        let mut tape = self.into_tape();
        operations(&mut tape);
        Self::Tape(tape)
    }

    /// A fragment made of operations alone.
    pub(crate) fn of(operations: impl FnOnce(&mut Tape)) -> Self {
        let mut tape = Box::<Tape>::default();
        operations(&mut tape);
        Self::Tape(tape)
    }

    /// `AND` or `OR` of several.
    pub(crate) fn junction(op: Op, parts: impl IntoIterator<Item = Self>) -> Self {
        let mut tape = Box::<Tape>::default();
        let mut count = 0;
        for part in parts {
            part.append_to(&mut tape);
            count += 1;
        }
        tape.op(op);
        tape.count(count);
        Self::Tape(tape)
    }
}

/// Apart from the frequent small ones, which then need neither its registers nor its places.
#[inline(never)]
fn append_fragment(tape: &mut Tape, mut fragment: Box<Tape>) {
    tape.append(&mut fragment);
}

/// From this length on, lists are padded by less, so that those that just fit under a database's limit still do.
const LONG: usize = 16_384;
/// The steps of long lists, a little below multiples, since the limits are 32,766 and 65,535.
const STEP: usize = 512;
/// The class of the first step.
const FIRST_STEP: u8 = 64;
const STEPS: usize = 96;

/// How many placeholders a list of this length takes, as a power of two plus one; 0 for an empty list. Long lists have classes
/// of their own.
///
/// Only the class is in the key, so that lists of many lengths share few prepared statements.
pub(crate) fn size_class(length: usize) -> u8 {
    if (LONG + 1..LONG + STEPS * STEP - 1).contains(&length) {
        let step = u8::try_from((length + 2 - LONG).div_ceil(STEP) - 1).unwrap_or(u8::MAX);
        return FIRST_STEP.saturating_add(step);
    }
    match length.next_power_of_two().checked_ilog2() {
        _ if length == 0 => 0,
        Some(log) => u8::try_from(log + 1).unwrap_or(u8::MAX),
        None => u8::MAX,
    }
}

/// The number of placeholders of a size class.
pub(crate) fn class_size(class: u8) -> Option<u32> {
    if let Some(step) = class.checked_sub(FIRST_STEP)
        && usize::from(step) < STEPS
    {
        return u32::try_from(LONG + (usize::from(step) + 1) * STEP - 2).ok();
    }
    if class == 0 { Some(0) } else { 1_u32.checked_shl(u32::from(class) - 1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn size_classes_hold_their_lengths() {
        for (length, size) in [(0, 0), (1, 1), (2, 2), (3, 4), (4, 4), (5, 8), (1000, 1024)] {
            assert_eq!(class_size(size_class(length)), Some(size), "{length}");
        }
        // The limits of SQLite, and of PostgreSQL and MySQL less one.
        for (length, size) in [(16_384, 16_384), (16_385, 16_894), (16_895, 17_406), (32_766, 32_766), (32_767, 33_278)]
        {
            assert_eq!(class_size(size_class(length)), Some(size), "{length}");
        }
        for (length, size) in [(65_534, 65_534), (65_535, 65_536), (70_000, 131_072)] {
            assert_eq!(class_size(size_class(length)), Some(size), "{length}");
        }
        assert_eq!(class_size(u8::MAX), None);
    }

    #[test]
    fn an_expression_stays_small() {
        assert!(size_of::<Raw>() <= 56, "{}", size_of::<Raw>());
    }
}

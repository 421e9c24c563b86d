//! Windows.

use super::expr::LiteralValue;
use super::into_expr::ExprList;
use super::order::IntoOrder;
use crate::ast::{FrameExclude, FrameUnits};
use crate::tape::{Op, Tape};

/// What a window function looks at; see [`window`].
#[derive(Clone, Debug, Default)]
pub struct Window {
    partitions: Tape,
    partition_count: usize,
    orders: Tape,
    order_count: usize,
    frame: Option<Frame>,
}

/// A window over all rows; narrow it with [`Window::partition_by`], [`Window::order_by`] and a frame.
#[must_use]
pub fn window() -> Window {
    Window::default()
}

/// Which rows around the current one a window function looks at.
///
/// Bounds are counted from the current row: `None` is the first or last row of the partition, negative numbers stand
/// before it, 0 is the current row itself, positive numbers stand after it. They are part of the SQL text, so another number
/// is another statement.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    units: FrameUnits,
    start: Option<i64>,
    end: Option<i64>,
    exclude: Option<FrameExclude>,
}

impl Frame {
    /// A frame from `start` to `end`.
    #[must_use]
    pub const fn new(units: FrameUnits, start: Option<i64>, end: Option<i64>) -> Self {
        Self { units, start, end, exclude: None }
    }

    /// Leaves rows out of the frame.
    #[must_use]
    pub const fn exclude(mut self, exclude: FrameExclude) -> Self {
        self.exclude = Some(exclude);
        self
    }
}

impl Window {
    /// Only rows with the same values.
    #[must_use]
    pub fn partition_by(mut self, expressions: impl ExprList) -> Self {
        self.partition_count += expressions.push_all(&mut self.partitions);
        self
    }

    /// In this order.
    #[must_use]
    pub fn order_by(mut self, order: impl IntoOrder) -> Self {
        self.order_count += order.push_orders(&mut self.orders);
        self
    }

    /// Only this frame.
    #[must_use]
    pub const fn frame(mut self, frame: Frame) -> Self {
        self.frame = Some(frame);
        self
    }

    /// `ROWS BETWEEN start AND end`; see [`Frame`] for the bounds.
    #[must_use]
    pub const fn rows(self, start: Option<i64>, end: Option<i64>) -> Self {
        self.frame(Frame::new(FrameUnits::Rows, start, end))
    }

    /// `RANGE BETWEEN start AND end`; see [`Frame`] for the bounds.
    #[must_use]
    pub const fn range(self, start: Option<i64>, end: Option<i64>) -> Self {
        self.frame(Frame::new(FrameUnits::Range, start, end))
    }

    /// `GROUPS BETWEEN start AND end`; see [`Frame`] for the bounds.
    #[must_use]
    pub const fn groups(self, start: Option<i64>, end: Option<i64>) -> Self {
        self.frame(Frame::new(FrameUnits::Groups, start, end))
    }

    /// Appends partitions, orders and bounds, then the operation over them.
    pub(crate) fn append_to(mut self, tape: &mut Tape) {
        tape.append(&mut self.partitions);
        tape.append(&mut self.orders);
        let Some(frame) = self.frame else {
            over(tape, self.partition_count, self.order_count);
            tape.byte(0);
            return;
        };
        // Distances are literals, which every database takes there.
        for distance in [frame.start, frame.end].into_iter().flatten().filter(|distance| *distance != 0) {
            let distance = i64::try_from(distance.unsigned_abs()).unwrap_or(i64::MAX);
            distance.push_literal(tape);
        }
        over(tape, self.partition_count, self.order_count);
        let exclude = frame.exclude.map_or(0, |exclude| exclude as u8 + 1);
        tape.bytes(&[1, frame.units as u8, bound(frame.start), bound(frame.end), exclude]);
    }
}

fn over(tape: &mut Tape, partitions: usize, orders: usize) {
    tape.op(Op::Over);
    tape.count(partitions);
    tape.count(orders);
}

/// 0 unbounded, 1 before, 2 the current row, 3 after.
fn bound(distance: Option<i64>) -> u8 {
    match distance {
        None => 0,
        Some(distance) if distance < 0 => 1,
        Some(0) => 2,
        Some(_) => 3,
    }
}

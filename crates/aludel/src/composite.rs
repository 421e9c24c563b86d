//! Values that are kept in several columns.

use aludel_core::Fault;

/// A Rust value that is kept in several columns.
///
/// `#[derive(Composite)]` writes it for a struct, and the attribute `#[composite(columns(…))]` at a field of an entity names
/// the columns.
///
/// ```
/// use aludel::prelude::*;
///
/// #[derive(Composite, Clone, Debug, PartialEq)]
/// struct Point {
///     x: i32,
///     y: i32,
/// }
///
/// #[derive(Entity, Clone, Debug)]
/// struct Line {
///     #[column(primary_key)]
///     id: i64,
///     #[composite(columns(x1: i32, y1: i32))]
///     start: Point,
///     #[composite(columns(x2: i32, y2: i32))]
///     end: Option<Point>,
/// }
///
/// let engine = aludel::blocking::Engine::connect("sqlite::memory:")?;
/// engine.create_all(schema![Line])?;
/// engine.execute(Line::insert().row(Line::build().start(Point { x: 1, y: 2 })))?;
/// let line = engine.fetch_one(Line::select().filter(Line::X1.lt(Line::Y1)))?;
/// assert_eq!((line.start, line.end), (Point { x: 1, y: 2 }, None));
/// # Ok::<(), aludel::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be kept in several columns",
    label = "not a composite",
    note = "derive it: `#[derive(aludel::Composite)]`"
)]
pub trait Composite: Sized {
    /// A tuple of the columns' types, `(i32, i32)`; `(i32,)` for one column.
    type Parts;
    /// Makes the value of the columns'.
    fn compose(parts: Self::Parts) -> Self;
    /// The columns' values.
    fn decompose(&self) -> Self::Parts;
    /// As [`compose`](Self::compose), of what a row has, which may not go together: it is asked for every row, and its
    /// fault is an error of the query.
    ///
    /// # Errors
    /// When no value has these parts. The fault's [column](Fault::column) is the position of the wrong one.
    fn try_compose(parts: Self::Parts) -> Result<Self, Fault> {
        Ok(Self::compose(parts))
    }
    /// As [`try_compose`](Self::try_compose), when one part was changed and those behind it may follow.
    #[doc(hidden)]
    fn recompose(parts: Self::Parts, changed: usize) -> Result<Self, Fault> {
        let _ = changed;
        Self::try_compose(parts)
    }
    /// Makes the value of parts from somewhere.
    #[doc(hidden)]
    fn compose_from(parts: Self::Parts, from: PartsFrom) -> Result<Self, Fault> {
        match from {
            PartsFrom::Program => Ok(Self::compose(parts)),
            PartsFrom::Row => Self::try_compose(parts),
            PartsFrom::Change(part) => Self::recompose(parts, part),
        }
    }
}

/// Where the parts of a composite come from.
#[derive(Clone, Copy, Debug)]
#[doc(hidden)]
pub enum PartsFrom {
    /// The program has given them.
    Program,
    /// They were read.
    Row,
    /// They are those of a value, but for the one at this position.
    Change(usize),
}

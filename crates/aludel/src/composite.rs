//! Values that are kept in several columns.

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
}

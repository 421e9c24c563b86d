//! What builders of all entities share.

use aludel_core::{Decode, Encode, Fault, ParamSink, Value};
use aludel_sql::ColumnSet;

/// A builder with everything set that must be.
pub trait Built {
    /// How many columns the table has.
    const COLUMNS: usize;
    /// What the builder has for the column at this position, set or not.
    fn value(&self, index: usize) -> Option<&dyn Encode>;
}

/// Writes a field of a builder.
pub fn encode_built<B: Built>(builder: &B, index: usize, sink: &mut dyn ParamSink) -> Result<(), Fault> {
    match builder.value(index) {
        Some(value) => value.encode(sink),
        None => Err(Fault::no_column(B::COLUMNS)),
    }
}

/// The value of a field of a builder.
pub fn built_value<B: Built>(builder: &B, index: usize) -> Value {
    builder.value(index).map_or(Value::Null, Encode::to_value)
}

/// The columns that are set.
#[must_use]
pub fn given(columns: &[(usize, bool)]) -> ColumnSet {
    columns.iter().filter(|(_, is_set)| *is_set).fold(ColumnSet::default(), |set, (index, _)| set.with(*index))
}

/// Whether a generated key has the value that a new struct has before the database has given it a number.
pub fn is_unset(key: &impl Encode) -> bool {
    matches!(key.to_value(), Value::Int(0) | Value::Uint(0) | Value::Null)
}

/// One field of a builder, set or not.
pub fn slot<T: Encode>(value: &Option<T>) -> &dyn Encode {
    value
}

/// The value that was set, or what stands in its place until a session or the database has filled it in.
///
/// # Panics
/// When nothing was set and the type has no such value.
pub fn or_blank<T: Decode>(value: Option<T>, column: &str) -> T {
    match value.or_else(T::blank) {
        Some(value) => value,
        None => no_blank(column, std::any::type_name::<T>()),
    }
}

#[cold]
fn no_blank(column: &str, type_name: &str) -> ! {
    panic!(
        "`{column}` was not set, and its type `{type_name}` has no value to stand there until it is: set it in the \
         builder, or let `<{type_name} as Decode>::blank` give such a value"
    );
}

/// What a column is set to: a value, or what can be made into one by [`Into`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be the value of a column of type `{T}`",
    label = "expected `{T}`, or what can be made into one"
)]
pub trait IntoField<T> {
    /// The value for the builder.
    fn into_field(self) -> T;
}

#[diagnostic::do_not_recommend]
impl<T, V: Into<T>> IntoField<T> for V {
    fn into_field(self) -> T {
        self.into()
    }
}

/// What a column that may be NULL is set to: a value, what can be made into one, or an `Option`.
///
/// `M` says which of these it is, and follows from the value.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be the value of a column of type `Option<{T}>`",
    label = "expected `{T}`, what can be made into one, or `Option<{T}>`"
)]
pub trait IntoNullable<T, M> {
    /// The value for the builder.
    fn into_nullable(self) -> Option<T>;
}

/// The value was not an `Option`.
#[derive(Debug)]
pub struct ValueGiven;

/// The value was an `Option`.
#[derive(Debug)]
pub struct OptionGiven;

#[diagnostic::do_not_recommend]
impl<T, V: Into<T>> IntoNullable<T, ValueGiven> for V {
    fn into_nullable(self) -> Option<T> {
        Some(self.into())
    }
}

#[diagnostic::do_not_recommend]
impl<T> IntoNullable<T, OptionGiven> for Option<T> {
    fn into_nullable(self) -> Self {
        self
    }
}

//! Columns that are parts of one field.

use aludel_core::{Decode, Fault, RowRef};

use super::row::field;
use crate::composite::Composite;

/// What stands in a part until it is read.
///
/// # Errors
/// When its type has no such value.
pub fn blank<T: Decode>() -> Result<T, Fault> {
    T::blank().ok_or_else(|| Fault::custom(format!("`{}` has no value to stand in a part", std::any::type_name::<T>())))
}

/// Sets a part of a composite from a row's cell.
///
/// # Errors
/// Those of reading the cell.
pub fn set_part<C: Composite, T: Decode>(
    whole: &mut C,
    row: &dyn RowRef,
    at: usize,
    set: impl FnOnce(&mut C::Parts, T),
) -> Result<(), Fault> {
    let value = field(row, at)?;
    let mut parts = whole.decompose();
    set(&mut parts, value);
    *whole = C::compose(parts);
    Ok(())
}

/// Sets a part of an optional composite that can't be NULL while the composite is there: NULL takes it away.
///
/// # Errors
/// Those of reading the cell.
pub fn set_required_part<C: Composite, T: Decode>(
    whole: &mut Option<C>,
    row: &dyn RowRef,
    at: usize,
    blank: impl FnOnce() -> Result<C::Parts, Fault>,
    set: impl FnOnce(&mut C::Parts, T),
) -> Result<(), Fault> {
    *whole = match field(row, at)? {
        Some(value) => Some(with(whole.as_ref(), value, blank, set)?),
        None => None,
    };
    Ok(())
}

/// Sets a part of an optional composite that may be NULL while the composite is there.
///
/// # Errors
/// Those of reading the cell.
pub fn set_optional_part<C: Composite, T: Decode>(
    whole: &mut Option<C>,
    row: &dyn RowRef,
    at: usize,
    blank: impl FnOnce() -> Result<C::Parts, Fault>,
    set: impl FnOnce(&mut C::Parts, Option<T>),
) -> Result<(), Fault> {
    let value: Option<T> = field(row, at)?;
    if value.is_some() || whole.is_some() {
        *whole = Some(with(whole.as_ref(), value, blank, set)?);
    }
    Ok(())
}

fn with<C: Composite, T>(
    whole: Option<&C>,
    value: T,
    blank: impl FnOnce() -> Result<C::Parts, Fault>,
    set: impl FnOnce(&mut C::Parts, T),
) -> Result<C, Fault> {
    let mut parts = match whole {
        Some(whole) => whole.decompose(),
        None => blank()?,
    };
    set(&mut parts, value);
    Ok(C::compose(parts))
}

//! Columns that are parts of one field.

use aludel_core::{Decode, Fault, RowRef};

use super::row::field;
use crate::composite::PartsFrom;

/// How a composite is made of its parts, and how it is taken apart.
pub type Functions<C, P> = (fn(P, PartsFrom) -> Result<C, Fault>, fn(&C) -> P);

/// A composite of parts that the program itself has given.
///
/// # Panics
/// When they don't go together.
pub fn composed<C>(composed: Result<C, Fault>) -> C {
    match composed {
        Ok(composed) => composed,
        Err(fault) => panic!("these columns make no `{}`: {fault}", std::any::type_name::<C>()),
    }
}

/// A composite that was read from the columns that begin here.
///
/// # Errors
/// When its parts don't go together.
pub fn read_composite<C>(composed: Result<C, Fault>, first: usize) -> Result<C, Fault> {
    composed.map_err(|fault| fault.moved(|part| first + part))
}

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
pub fn set_part<C, P, T: Decode>(
    whole: &mut C,
    (compose, decompose): Functions<C, P>,
    part: usize,
    row: &dyn RowRef,
    at: usize,
    set: impl FnOnce(&mut P, T),
) -> Result<(), Fault> {
    let value = field(row, at)?;
    let mut parts = decompose(whole);
    set(&mut parts, value);
    *whole = compose(parts, PartsFrom::Change(part))?;
    Ok(())
}

/// Sets a part of an optional composite that can't be NULL while the composite is there: NULL takes it away.
///
/// # Errors
/// Those of reading the cell.
pub fn set_required_part<C, P, T: Decode>(
    whole: &mut Option<C>,
    functions: Functions<C, P>,
    part: usize,
    row: &dyn RowRef,
    at: usize,
    blank: impl FnOnce() -> Result<P, Fault>,
    set: impl FnOnce(&mut P, T),
) -> Result<(), Fault> {
    *whole = match field(row, at)? {
        Some(value) => Some(with(whole.as_ref(), functions, part, blank, |parts| set(parts, value))?),
        None => None,
    };
    Ok(())
}

/// Sets a part of an optional composite that may be NULL while the composite is there.
///
/// # Errors
/// Those of reading the cell.
pub fn set_optional_part<C, P, T: Decode>(
    whole: &mut Option<C>,
    functions: Functions<C, P>,
    part: usize,
    row: &dyn RowRef,
    at: usize,
    blank: impl FnOnce() -> Result<P, Fault>,
    set: impl FnOnce(&mut P, Option<T>),
) -> Result<(), Fault> {
    let value: Option<T> = field(row, at)?;
    if value.is_some() || whole.is_some() {
        *whole = Some(with(whole.as_ref(), functions, part, blank, |parts| set(parts, value))?);
    }
    Ok(())
}

fn with<C, P>(
    whole: Option<&C>,
    (compose, decompose): Functions<C, P>,
    part: usize,
    blank: impl FnOnce() -> Result<P, Fault>,
    set: impl FnOnce(&mut P),
) -> Result<C, Fault> {
    let mut parts = match whole {
        Some(whole) => decompose(whole),
        None => blank()?,
    };
    set(&mut parts);
    compose(parts, PartsFrom::Change(part))
}

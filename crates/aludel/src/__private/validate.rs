//! Checks of values before they are written.

use std::any::Any;
use std::fmt::Display;

/// Asks a function that a column names about an object; the text says what is wrong.
pub fn validate<T: 'static, E: Display>(
    object: &dyn Any,
    check: impl FnOnce(&T) -> Result<(), E>,
) -> Result<(), String> {
    match object.downcast_ref::<T>() {
        Some(object) => check(object).map_err(|error| error.to_string()),
        None => Ok(()),
    }
}

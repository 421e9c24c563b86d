//! Faults of enums.

use aludel_core::{Decode, EnumType, Fault, RowRef};

/// What stands in the place of a column that was left out, or the fault of one that was not.
///
/// # Errors
/// The fault.
#[cold]
pub fn or_absent<T: Decode>(row: &dyn RowRef, index: usize, fault: impl FnOnce() -> Fault) -> Result<T, Fault> {
    match T::blank() {
        Some(blank) if row.is_absent(index) => Ok(blank),
        _ => Err(fault()),
    }
}

/// A text that is none of the labels.
#[cold]
#[must_use]
pub fn unknown_label(name: &str, found: &str, known: &EnumType) -> Fault {
    let labels: Vec<String> = known.labels.iter().map(|label| format!("{:?}", &**label)).collect();
    Fault::mismatch(format!("a label of {name} ({})", labels.join(", ")), format!("the text {found:?}"))
}

/// A number that is none of the discriminants.
#[cold]
#[must_use]
pub fn unknown_number(name: &str, found: i64, known: &[i64]) -> Fault {
    let numbers: Vec<String> = known.iter().map(ToString::to_string).collect();
    Fault::mismatch(format!("a number of {name} ({})", numbers.join(", ")), format!("the number {found}"))
}

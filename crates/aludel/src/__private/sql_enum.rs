//! Faults of enums.

use aludel_core::{EnumType, Fault};

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

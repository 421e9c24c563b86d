//! When two definitions are the same.

use super::{Table, Target};

impl PartialEq for Target {
    /// Whether both name the same columns, however they do it.
    fn eq(&self, other: &Self) -> bool {
        self.table() == other.table() && self.columns() == other.columns()
    }
}

impl PartialEq for Table {
    /// Whether both say the same, part for part and in the same order.
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
            && self.schema == other.schema
            && self.columns == other.columns
            && self.primary_key == other.primary_key
            && self.foreign_keys == other.foreign_keys
            && self.uniques == other.uniques
            && self.checks == other.checks
            && self.indexes == other.indexes
            && self.comment == other.comment
            && self.options == other.options
    }
}

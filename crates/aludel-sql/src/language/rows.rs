//! Rows of values: tuples.

use aludel_core::{Encode, Value};

/// A tuple of values, as IN lists of tuples and [`values`](super::values) take them.
pub trait RowValues {
    /// Appends the values.
    #[doc(hidden)]
    fn push_values(self, out: &mut Vec<Value>);
}

/// Values whose number and types are known at run time only.
impl RowValues for Vec<Value> {
    fn push_values(self, out: &mut Vec<Value>) {
        out.extend(self);
    }
}

macro_rules! tuple_row_values {
    ($($name:ident)+) => {
        impl<$($name: Encode),+> RowValues for ($($name,)+) {
            #[allow(non_snake_case, reason = "one variable per type parameter")]
            fn push_values(self, out: &mut Vec<Value>) {
                let ($($name,)+) = self;
                $(out.push($name.into_value());)+
            }
        }
    };
}

tuple_row_values!(A);
tuple_row_values!(A B);
tuple_row_values!(A B C);
tuple_row_values!(A B C D);
tuple_row_values!(A B C D E);
tuple_row_values!(A B C D E F);
tuple_row_values!(A B C D E F G);
tuple_row_values!(A B C D E F G H);

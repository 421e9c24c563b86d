//! `std::time::Duration` as a length of time without months and days.

use std::time::Duration;

use crate::interval::Interval;
use crate::types::SqlType;
use crate::{Decode, Encode, Fault, ParamSink, RowRef, Value, scalar};

scalar!(Interval, SqlType::Interval);
scalar!(Duration, SqlType::Interval);

impl Encode for Interval {
    fn encode(&self, sink: &mut dyn ParamSink) -> Result<(), Fault> {
        sink.interval(*self)
    }
    fn to_value(&self) -> Value {
        Value::Interval(*self)
    }
}

impl Decode for Interval {
    fn decode(row: &dyn RowRef, index: usize) -> Result<Self, Fault> {
        row.interval(index)
    }
}

/// Writes and reads a type that is made of an interval, where either way may fail.
macro_rules! through_interval {
    ($type:ty, $wanted:literal, $out:expr, $back:expr) => {
        impl Encode for $type {
            fn encode(&self, sink: &mut dyn ParamSink) -> Result<(), Fault> {
                let interval: Option<Interval> = $out(*self);
                match interval {
                    Some(interval) => sink.interval(interval),
                    None => Err(Fault::out_of_range("an interval", format!("{self:?}"))),
                }
            }
            fn to_value(&self) -> Value {
                let interval: Option<Interval> = $out(*self);
                match interval {
                    Some(interval) => Value::Interval(interval),
                    // Kept as it is, so that the fault is met when it is written, with the statement named.
                    None => Value::Other(std::sync::Arc::new(*self)),
                }
            }
        }
        impl Decode for $type {
            fn decode(row: &dyn RowRef, index: usize) -> Result<Self, Fault> {
                let value = row.interval(index)?;
                $back(value).ok_or_else(|| Fault::out_of_range($wanted, value.to_string()))
            }
        }
    };
}
#[allow(unused_imports, reason = "used by the files of those libraries whose features are on")]
pub(super) use through_interval;

through_interval!(
    Duration,
    "std::time::Duration (neither negative, nor with months or days)",
    |value: Duration| i128::try_from(value.as_nanos()).ok().and_then(Interval::from_nanos),
    |value: Interval| {
        value.to_nanos().filter(|nanos| *nanos >= 0)?;
        Some(Duration::new(u64::try_from(value.seconds).ok()?, value.nanos))
    }
);

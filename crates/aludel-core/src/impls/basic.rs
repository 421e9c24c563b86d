//! Booleans, numbers, text and bytes.

use compact_str::CompactString;

use crate::decimal::Decimal;
use crate::numeric::Numeric;
use crate::temporal::{Date, DateTime, Time, Timestamp};
use crate::types::SqlType;
use crate::{Decode, Encode, Fault, ParamSink, RowRef, Value, scalar};

scalar!(bool, SqlType::Boolean);
scalar!(i8, SqlType::SmallInt);
scalar!(i16, SqlType::SmallInt);
scalar!(i32, SqlType::Integer);
scalar!(i64, SqlType::BigInt);
// No element of an array: a `Vec<u8>` is bytes.
scalar!(@no_element u8, SqlType::UnsignedTinyInt, crate::CacheSafety::Safe);
scalar!(u16, SqlType::UnsignedSmallInt);
scalar!(u32, SqlType::UnsignedInteger);
scalar!(u64, SqlType::UnsignedBigInt);
scalar!(f32, SqlType::Float);
scalar!(f64, SqlType::Double);
scalar!(String, SqlType::Text);
scalar!(Vec<u8>, SqlType::Blob);
scalar!(Date, SqlType::Date);
scalar!(Time, SqlType::Time);
scalar!(DateTime, SqlType::DateTime);
scalar!(Timestamp, SqlType::Timestamp);
scalar!(Decimal, SqlType::Numeric(None));
scalar!(Numeric, SqlType::Numeric(None));

/// A value that is copied into the variant of the same meaning.
macro_rules! copied {
    ($type:ty, $variant:ident, $method:ident) => {
        impl Encode for $type {
            fn encode(&self, sink: &mut dyn ParamSink) -> Result<(), Fault> {
                sink.$method(*self)
            }
            fn to_value(&self) -> Value {
                Value::$variant(*self)
            }
        }
        impl Decode for $type {
            #[inline]
            fn decode(row: &dyn RowRef, index: usize) -> Result<Self, Fault> {
                row.$method(index)
            }
        }
    };
}

copied!(bool, Bool, bool);
copied!(i64, Int, int);
copied!(u64, Uint, uint);
copied!(f64, Float, float);
copied!(Decimal, Decimal, decimal);
copied!(Date, Date, date);
copied!(Time, Time, time);
copied!(DateTime, DateTime, datetime);
copied!(Timestamp, Timestamp, timestamp);

macro_rules! small_integer {
    ($type:ty, $wanted:literal) => {
        impl Encode for $type {
            fn encode(&self, sink: &mut dyn ParamSink) -> Result<(), Fault> {
                sink.int(i64::from(*self))
            }
            fn to_value(&self) -> Value {
                Value::Int(i64::from(*self))
            }
        }
        impl Decode for $type {
            #[inline]
            fn decode(row: &dyn RowRef, index: usize) -> Result<Self, Fault> {
                let value = row.int(index)?;
                <$type>::try_from(value).map_err(|_| Fault::out_of_range($wanted, value.to_string()))
            }
        }
    };
}

small_integer!(i8, "i8");
small_integer!(i16, "i16");
small_integer!(i32, "i32");
small_integer!(u8, "u8");
small_integer!(u16, "u16");
small_integer!(u32, "u32");

impl Encode for f32 {
    fn encode(&self, sink: &mut dyn ParamSink) -> Result<(), Fault> {
        sink.float(f64::from(*self))
    }
    fn to_value(&self) -> Value {
        Value::Float(f64::from(*self))
    }
}

impl Decode for f32 {
    fn decode(row: &dyn RowRef, index: usize) -> Result<Self, Fault> {
        let value = row.float(index)?;
        #[allow(clippy::cast_possible_truncation, reason = "rounding is wanted; overflow is checked below")]
        let narrow = value as f32;
        if narrow.is_infinite() && value.is_finite() {
            return Err(Fault::out_of_range("f32", format!("{value:?}")));
        }
        Ok(narrow)
    }
}

impl Encode for Numeric {
    fn encode(&self, sink: &mut dyn ParamSink) -> Result<(), Fault> {
        sink.numeric(self)
    }
    fn to_value(&self) -> Value {
        Value::Numeric(Box::new(self.clone()))
    }
    fn into_value(self) -> Value {
        Value::Numeric(Box::new(self))
    }
}

impl Decode for Numeric {
    fn decode(row: &dyn RowRef, index: usize) -> Result<Self, Fault> {
        row.numeric(index)
    }
}

impl Encode for str {
    fn encode(&self, sink: &mut dyn ParamSink) -> Result<(), Fault> {
        sink.text(self)
    }
    fn to_value(&self) -> Value {
        Value::Text(CompactString::new(self))
    }
}

impl Encode for String {
    fn encode(&self, sink: &mut dyn ParamSink) -> Result<(), Fault> {
        sink.text(self)
    }
    fn to_value(&self) -> Value {
        Value::Text(CompactString::new(self))
    }
    fn into_value(self) -> Value {
        Value::Text(CompactString::from(self))
    }
}

impl Decode for String {
    #[inline]
    fn decode(row: &dyn RowRef, index: usize) -> Result<Self, Fault> {
        row.text(index).map(ToOwned::to_owned)
    }
}

impl Encode for [u8] {
    fn encode(&self, sink: &mut dyn ParamSink) -> Result<(), Fault> {
        sink.bytes(self)
    }
    fn to_value(&self) -> Value {
        Value::Bytes(self.into())
    }
}

impl Encode for Vec<u8> {
    fn encode(&self, sink: &mut dyn ParamSink) -> Result<(), Fault> {
        sink.bytes(self)
    }
    fn to_value(&self) -> Value {
        Value::Bytes(self.as_slice().into())
    }
    fn into_value(self) -> Value {
        Value::Bytes(self.into())
    }
}

impl Decode for Vec<u8> {
    fn decode(row: &dyn RowRef, index: usize) -> Result<Self, Fault> {
        row.bytes(index).map(ToOwned::to_owned)
    }
}

impl Decode for Value {
    fn decode(row: &dyn RowRef, index: usize) -> Result<Self, Fault> {
        row.value(index)
    }
}

impl crate::FromRow for Value {
    const WIDTH: usize = 1;
    fn from_row(row: &dyn RowRef, start: usize) -> Result<Self, Fault> {
        row.value(start)
    }
}

//! How values are written: straight into the driver, with no value between.

use crate::decimal::Decimal;
use crate::error::Fault;
use crate::interval::Interval;
use crate::numeric::Numeric;
use crate::temporal::{Date, DateTime, Time, Timestamp};
use crate::value::{Hyphenated, Value};

/// Where one parameter's value goes: a driver's bind call or its wire buffer.
///
/// Each call writes one parameter. The driver knows the parameter's type on the server and narrows or widens; what does
/// not fit is a [`Fault`]. The methods with a body say what a driver without such a type does.
pub trait ParamSink {
    /// Writes NULL.
    fn null(&mut self) -> Result<(), Fault>;
    /// Writes true or false.
    fn bool(&mut self, value: bool) -> Result<(), Fault>;
    /// Writes an integer of any size.
    fn int(&mut self, value: i64) -> Result<(), Fault>;
    /// Writes a floating-point number of either size.
    fn float(&mut self, value: f64) -> Result<(), Fault>;
    /// Writes text.
    fn text(&mut self, value: &str) -> Result<(), Fault>;
    /// Writes bytes.
    fn bytes(&mut self, value: &[u8]) -> Result<(), Fault>;

    /// Writes an integer that may exceed `i64::MAX`; by default that is a fault.
    fn uint(&mut self, value: u64) -> Result<(), Fault> {
        match i64::try_from(value) {
            Ok(value) => self.int(value),
            Err(_) => Err(Fault::out_of_range("a 64-bit signed integer", value.to_string())),
        }
    }
    /// Writes an exact decimal; by default as text.
    fn decimal(&mut self, value: Decimal) -> Result<(), Fault> {
        self.text(&value.to_string())
    }
    /// Writes a date; by default as `YYYY-MM-DD`.
    fn date(&mut self, value: Date) -> Result<(), Fault> {
        self.text(&value.to_string())
    }
    /// Writes a time of day; by default as `HH:MM:SS[.fraction]`.
    fn time(&mut self, value: Time) -> Result<(), Fault> {
        self.text(&value.to_string())
    }
    /// Writes a date and time; by default as `YYYY-MM-DD HH:MM:SS[.fraction]`.
    fn datetime(&mut self, value: DateTime) -> Result<(), Fault> {
        self.text(&value.to_string())
    }
    /// Writes an instant; by default as its date and time in UTC followed by `+00:00`.
    fn timestamp(&mut self, value: Timestamp) -> Result<(), Fault> {
        self.text(&value.to_string())
    }
    /// Writes a length of time; by default as `P1Y2M3DT4H5M6.5S`.
    fn interval(&mut self, value: Interval) -> Result<(), Fault> {
        self.text(&value.to_string())
    }
    /// Writes an exact decimal of any length; by default as [`decimal`](Self::decimal) does where it is one of 128 bits, and
    /// as text otherwise. NaN and infinities are faults.
    fn numeric(&mut self, value: &Numeric) -> Result<(), Fault> {
        match value.to_decimal() {
            Some(decimal) => self.decimal(decimal),
            None if value.is_finite() => self.text(&value.to_string()),
            None => Err(Fault::unsupported(format!("the decimal {value}"))),
        }
    }
    /// Writes a UUID; by default as hyphenated text.
    fn uuid(&mut self, value: &[u8; 16]) -> Result<(), Fault> {
        self.text(&Hyphenated(value).to_string())
    }
    /// Writes a JSON document given as text; by default as text.
    fn json(&mut self, value: &str) -> Result<(), Fault> {
        self.text(value)
    }
    /// Writes a list as one parameter, each element by a call of `each` with its index; by default a fault, since most
    /// databases have no arrays.
    fn list(&mut self, length: usize, each: &mut ElementWriter<'_>) -> Result<(), Fault> {
        let _ = (length, each);
        Err(Fault::unsupported("a list as one parameter"))
    }
    /// Writes bytes in the database's own format for the named type; by default a fault.
    fn raw(&mut self, type_name: &str, bytes: &[u8]) -> Result<(), Fault> {
        let _ = bytes;
        Err(Fault::unsupported(type_name))
    }
}

/// Writes the element with the given index into the sink.
pub type ElementWriter<'a> = dyn FnMut(usize, &mut dyn ParamSink) -> Result<(), Fault> + 'a;

/// A value that can be a parameter.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be written to a database",
    label = "not a parameter value",
    note = "implement `Encode`, or derive `aludel::SqlEnum` for an enum"
)]
pub trait Encode {
    /// Writes the value as one parameter.
    fn encode(&self, sink: &mut dyn ParamSink) -> Result<(), Fault>;
    /// The value as a statement keeps it until it runs.
    fn to_value(&self) -> Value;
    /// As [`to_value`](Self::to_value), without a copy where the value can be moved.
    fn into_value(self) -> Value
    where
        Self: Sized,
    {
        self.to_value()
    }
}

impl<T: Encode> Encode for Option<T> {
    fn encode(&self, sink: &mut dyn ParamSink) -> Result<(), Fault> {
        match self {
            Some(value) => value.encode(sink),
            None => sink.null(),
        }
    }

    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Null, Encode::to_value)
    }

    fn into_value(self) -> Value {
        self.map_or(Value::Null, Encode::into_value)
    }
}

impl<T: Encode + ?Sized> Encode for &T {
    fn encode(&self, sink: &mut dyn ParamSink) -> Result<(), Fault> {
        (**self).encode(sink)
    }

    fn to_value(&self) -> Value {
        (**self).to_value()
    }
}

/// A row of parameters, written in the order of the statement's columns.
pub trait EncodeRow {
    /// Writes the field with this index.
    fn encode_field(&self, index: usize, sink: &mut dyn ParamSink) -> Result<(), Fault>;
}

/// Values whose number and types are known at run time only.
impl EncodeRow for Vec<crate::Value> {
    fn encode_field(&self, index: usize, sink: &mut dyn ParamSink) -> Result<(), Fault> {
        match self.get(index) {
            Some(value) => value.encode(sink),
            None => Err(Fault::no_column(self.len())),
        }
    }
}

/// A row that was read, to be written elsewhere.
impl EncodeRow for crate::Row {
    fn encode_field(&self, index: usize, sink: &mut dyn ParamSink) -> Result<(), Fault> {
        match self.values().get(index) {
            Some(value) => value.encode(sink),
            None => Err(Fault::no_column(self.values().len())),
        }
    }
}

macro_rules! tuple_encode_row {
    ($($name:ident $index:tt)+) => {
        impl<$($name: Encode),+> EncodeRow for ($($name,)+) {
            fn encode_field(&self, index: usize, sink: &mut dyn ParamSink) -> Result<(), Fault> {
                match index {
                    $($index => self.$index.encode(sink),)+
                    _ => Err(Fault::no_column([$($index),+].len())),
                }
            }
        }
    };
}

tuple_encode_row!(A 0);
tuple_encode_row!(A 0 B 1);
tuple_encode_row!(A 0 B 1 C 2);
tuple_encode_row!(A 0 B 1 C 2 D 3);
tuple_encode_row!(A 0 B 1 C 2 D 3 E 4);
tuple_encode_row!(A 0 B 1 C 2 D 3 E 4 F 5);
tuple_encode_row!(A 0 B 1 C 2 D 3 E 4 F 5 G 6);
tuple_encode_row!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7);
tuple_encode_row!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8);
tuple_encode_row!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9);
tuple_encode_row!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10);
tuple_encode_row!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11);

//! How values become parameters.
//!
//! A parameter goes in the binary format of its type, straight into the write buffer. Where a value has no binary form for
//! the type (a text for a date, an integer for a `numeric`), or the type is not known because the statement runs for
//! the first time, it goes as text, which the server reads as it reads a literal. So a statement means the same the
//! first time and later.

pub(crate) mod clock;
pub(crate) mod text;

use aludel_core::postgres::write_numeric;
use aludel_core::{Date, DateTime, Decimal, ElementWriter, Fault, Interval, Numeric, ParamSink, Time, Timestamp};
use bytes::{BufMut, BytesMut};

use crate::number::put_decimal;
use crate::types::{Form, Type};

use self::text::TextParam;

/// Where one parameter goes: its length and its bytes are appended to the write buffer.
#[derive(Debug)]
pub(crate) struct Param<'o> {
    out: &'o mut BytesMut,
    ty: &'o Type,
    /// Whether it went as text.
    pub(crate) is_text: bool,
    /// Whether it can't be written before its type is known.
    pub(crate) needs_type: bool,
}

impl<'o> Param<'o> {
    #[inline]
    pub(crate) fn new(out: &'o mut BytesMut, ty: &'o Type) -> Self {
        Self { out, ty, is_text: false, needs_type: false }
    }

    #[inline]
    fn fixed<const N: usize>(&mut self, bytes: [u8; N]) -> Result<(), Fault> {
        const {
            assert!(N <= 16, "only short values have a fixed length");
        }
        self.out.reserve(4 + N);
        self.out.put_i32(i32::try_from(N).unwrap_or(0));
        self.out.put_slice(&bytes);
        Ok(())
    }

    #[inline]
    fn sized(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        let length = i32::try_from(bytes.len()).map_err(|_| too_long(bytes.len()))?;
        self.out.reserve(4 + bytes.len());
        self.out.put_i32(length);
        self.out.put_slice(bytes);
        Ok(())
    }

    /// Writes something whose length is known when it is written.
    fn measured(&mut self, write: impl FnOnce(&mut BytesMut) -> Result<(), Fault>) -> Result<(), Fault> {
        let start = self.out.len();
        self.out.put_i32(0);
        write(self.out)?;
        let length = self.out.len() - start - 4;
        let length = i32::try_from(length).map_err(|_| too_long(length))?;
        if let Some(place) = self.out.get_mut(start..start + 4) {
            place.copy_from_slice(&length.to_be_bytes());
        }
        Ok(())
    }

    /// Writes it as text, for the server to read.
    #[cold]
    fn as_text(&mut self, write: impl FnOnce(&mut TextParam<'_>) -> Result<(), Fault>) -> Result<(), Fault> {
        self.is_text = true;
        self.measured(|out| write(&mut TextParam::new(out)))
    }

    /// An array in binary. Tells whether each element had a binary form.
    fn array(&mut self, element: &Type, length: usize, each: &mut ElementWriter<'_>) -> Result<bool, Fault> {
        let count = i32::try_from(length).map_err(|_| too_long(length))?;
        let mut is_binary = true;
        self.measured(|out| {
            out.put_i32(i32::from(length > 0));
            let nulls = out.len();
            out.put_i32(0);
            out.put_u32(element.oid);
            if length == 0 {
                return Ok(());
            }
            out.put_i32(count);
            out.put_i32(1);
            for index in 0..length {
                let start = out.len();
                let mut param = Param::new(out, element);
                each(index, &mut param)?;
                is_binary &= !param.is_text;
                if !is_binary {
                    return Ok(());
                }
                if out.get(start..start + 4) == Some(&NULL)
                    && let Some(flag) = out.get_mut(nulls + 3)
                {
                    *flag = 1;
                }
            }
            Ok(())
        })?;
        Ok(is_binary)
    }

    #[cold]
    fn does_not_fit(&self, value: impl ToString) -> Fault {
        Fault::out_of_range(format!("the type {}", self.ty.full_name().unwrap_or("of the column")), value.to_string())
    }
}

/// The length that stands for NULL.
pub(crate) const NULL: [u8; 4] = (-1_i32).to_be_bytes();

#[cold]
fn too_long(length: usize) -> Fault {
    Fault::out_of_range("one parameter, which has a gigabyte at most", format!("a value of {length} bytes"))
}

impl ParamSink for Param<'_> {
    #[inline]
    fn null(&mut self) -> Result<(), Fault> {
        self.out.put_slice(&NULL);
        Ok(())
    }

    fn bool(&mut self, value: bool) -> Result<(), Fault> {
        match self.ty.form {
            Form::Bool => self.fixed([u8::from(value)]),
            _ => self.as_text(|text| text.bool(value)),
        }
    }

    #[inline]
    fn int(&mut self, value: i64) -> Result<(), Fault> {
        match self.ty.form {
            Form::Int8 => self.fixed(value.to_be_bytes()),
            Form::Int4 => match i32::try_from(value) {
                Ok(value) => self.fixed(value.to_be_bytes()),
                Err(_) => Err(self.does_not_fit(value)),
            },
            Form::Int2 => match i16::try_from(value) {
                Ok(value) => self.fixed(value.to_be_bytes()),
                Err(_) => Err(self.does_not_fit(value)),
            },
            Form::Oid => match u32::try_from(value) {
                Ok(value) => self.fixed(value.to_be_bytes()),
                Err(_) => Err(self.does_not_fit(value)),
            },
            Form::Numeric => self.measured(|out| put_decimal(Decimal::new(i128::from(value), 0), out)),
            _ => self.as_text(|text| text.int(value)),
        }
    }

    fn float(&mut self, value: f64) -> Result<(), Fault> {
        match self.ty.form {
            Form::Float8 => self.fixed(value.to_be_bytes()),
            Form::Float4 => {
                #[allow(clippy::cast_possible_truncation, reason = "rounding is wanted; overflow is checked below")]
                let narrow = value as f32;
                if narrow.is_infinite() && value.is_finite() {
                    return Err(self.does_not_fit(value));
                }
                self.fixed(narrow.to_be_bytes())
            }
            _ => self.as_text(|text| text.float(value)),
        }
    }

    #[inline]
    fn text(&mut self, value: &str) -> Result<(), Fault> {
        match self.ty.form {
            Form::Text | Form::Json => self.sized(value.as_bytes()),
            Form::Jsonb => self.json(value),
            _ => self.as_text(|text| text.text(value)),
        }
    }

    fn bytes(&mut self, value: &[u8]) -> Result<(), Fault> {
        match self.ty.form {
            Form::Bytes => self.sized(value),
            Form::Unknown => self.as_text(|text| text.bytes(value)),
            _ => Err(Fault::mismatch(self.ty.words(), "bytes")),
        }
    }

    fn uint(&mut self, value: u64) -> Result<(), Fault> {
        match i64::try_from(value) {
            Ok(value) => self.int(value),
            Err(_) if matches!(self.ty.form, Form::Int2 | Form::Int4 | Form::Int8 | Form::Oid) => {
                Err(self.does_not_fit(value))
            }
            Err(_) => self.decimal(Decimal::new(i128::from(value), 0)),
        }
    }

    fn decimal(&mut self, value: Decimal) -> Result<(), Fault> {
        match self.ty.form {
            Form::Numeric => self.measured(|out| put_decimal(value, out)),
            _ => self.as_text(|text| text.decimal(value)),
        }
    }

    fn date(&mut self, value: Date) -> Result<(), Fault> {
        match (self.ty.form, clock::date_number(value)) {
            (Form::Date, Some(days)) => self.fixed(days.to_be_bytes()),
            _ => self.as_text(|text| text.date(value)),
        }
    }

    fn time(&mut self, value: Time) -> Result<(), Fault> {
        match self.ty.form {
            Form::Time => self.fixed(clock::time_micros(value)?.to_be_bytes()),
            _ => self.as_text(|text| text.time(value)),
        }
    }

    fn datetime(&mut self, value: DateTime) -> Result<(), Fault> {
        match (self.ty.form, clock::timestamp_micros(value.as_utc())) {
            (Form::Timestamp, Some(micros)) => self.fixed(micros.to_be_bytes()),
            _ => self.as_text(|text| text.datetime(value)),
        }
    }

    fn timestamp(&mut self, value: Timestamp) -> Result<(), Fault> {
        match (self.ty.form, clock::timestamp_micros(value)) {
            (Form::TimestampTz | Form::Timestamp, Some(micros)) => self.fixed(micros.to_be_bytes()),
            _ => self.as_text(|text| text.timestamp(value)),
        }
    }

    fn interval(&mut self, value: Interval) -> Result<(), Fault> {
        match self.ty.form {
            Form::Interval => {
                let micros = clock::interval_micros(value)?;
                self.measured(|out| {
                    out.put_i64(micros);
                    out.put_i32(value.days);
                    out.put_i32(value.months);
                    Ok(())
                })
            }
            _ => self.as_text(|text| text.interval(value)),
        }
    }

    fn numeric(&mut self, value: &Numeric) -> Result<(), Fault> {
        match self.ty.form {
            Form::Numeric => {
                let mut bytes = Vec::new();
                write_numeric(value, &mut bytes)?;
                self.sized(&bytes)
            }
            _ => {
                // The server would say of a number that is too long neither which one it is nor what it can take.
                write_numeric(value, &mut Vec::new())?;
                self.as_text(|text| text.numeric(value))
            }
        }
    }

    fn uuid(&mut self, value: &[u8; 16]) -> Result<(), Fault> {
        match self.ty.form {
            Form::Uuid => self.fixed(*value),
            _ => self.as_text(|text| text.uuid(value)),
        }
    }

    fn json(&mut self, value: &str) -> Result<(), Fault> {
        match self.ty.form {
            Form::Jsonb => self.measured(|out| {
                out.put_u8(1);
                out.put_slice(value.as_bytes());
                Ok(())
            }),
            Form::Json | Form::Text => self.sized(value.as_bytes()),
            _ => self.as_text(|text| text.json(value)),
        }
    }

    fn list(&mut self, length: usize, each: &mut ElementWriter<'_>) -> Result<(), Fault> {
        if let Some(element) = self.ty.element() {
            let start = self.out.len();
            if self.array(&element, length, each)? {
                return Ok(());
            }
            self.out.truncate(start);
        }
        let (mut needs_type, out) = (false, &mut *self);
        out.as_text(|text| {
            let written = text.list(length, each);
            needs_type = text.needs_type;
            written
        })?;
        if needs_type && self.ty.form != Form::Unknown {
            return Err(Fault::mismatch(self.ty.words(), "a list of values in the binary format of another type"));
        }
        self.needs_type |= needs_type;
        Ok(())
    }

    fn raw(&mut self, type_name: &str, bytes: &[u8]) -> Result<(), Fault> {
        match self.ty.full_name() {
            _ if self.ty.form == Form::Unknown => {
                self.needs_type = true;
                self.null()
            }
            // Both have one form, and are compared as the first of them.
            Some("bit") if type_name == "varbit" => self.sized(bytes),
            Some("inet") if type_name == "cidr" => self.sized(bytes),
            Some(name) if name != type_name => {
                Err(Fault::mismatch(self.ty.words(), format!("a value of type {type_name}")))
            }
            _ => self.sized(bytes),
        }
    }
}

//! How cells are read: straight from the driver's buffers, by position.

use std::sync::Arc;

use crate::blank::Blank;
use crate::decimal::Decimal;
use crate::dynamic::Names;
use crate::error::Fault;
use crate::interval::Interval;
use crate::numeric::Numeric;
use crate::temporal::{Date, DateTime, Time, Timestamp};
use crate::value::Value;

/// A row as it lies in the driver's buffers.
///
/// A driver implements the plain reads; where its database keeps a type in another way (SQLite keeps dates as text),
/// the methods with a body do the conversion. Reading NULL by anything but [`is_null`](Self::is_null) and
/// [`value`](Self::value) is a fault, and so is a column that the row does not have.
pub trait RowRef {
    /// How many columns the row has.
    fn columns(&self) -> usize;
    /// Whether the cell is NULL.
    fn is_null(&self, index: usize) -> bool;
    /// Reads an integer of any size.
    fn int(&self, index: usize) -> Result<i64, Fault>;
    /// Reads a number as floating point.
    fn float(&self, index: usize) -> Result<f64, Fault>;
    /// Reads text.
    fn text(&self, index: usize) -> Result<&str, Fault>;
    /// Reads bytes.
    fn bytes(&self, index: usize) -> Result<&[u8], Fault>;
    /// Reads the cell as what it is.
    fn value(&self, index: usize) -> Result<Value, Fault>;
    /// The cell's bytes in the database's own format and the name of its type there; `None` where a driver has none.
    fn raw(&self, index: usize) -> Option<(&str, &[u8])> {
        let _ = index;
        None
    }

    /// The names of the columns, where whoever reads has asked for them; see [`Row`](crate::Row).
    fn names(&self) -> Option<Arc<Names>> {
        None
    }

    /// Whether the column was left out of the statement, so that its cell is blank. A type of which a blank cell is no value
    /// gives its own [blank](Decode::blank) then.
    fn is_absent(&self, index: usize) -> bool {
        let _ = index;
        false
    }

    /// Reads true or false; by default from an integer, 0 or 1.
    fn bool(&self, index: usize) -> Result<bool, Fault> {
        match self.int(index)? {
            0 => Ok(false),
            1 => Ok(true),
            other => Err(Fault::out_of_range("a boolean (0 or 1)", other.to_string())),
        }
    }
    /// Reads an unsigned integer; by default from a signed one that is not negative.
    fn uint(&self, index: usize) -> Result<u64, Fault> {
        let value = self.int(index)?;
        u64::try_from(value).map_err(|_| Fault::out_of_range("an unsigned integer", value.to_string()))
    }
    /// Reads an exact decimal; by default from text.
    fn decimal(&self, index: usize) -> Result<Decimal, Fault> {
        parse("a decimal", self.text(index)?, Decimal::parse)
    }
    /// Reads a date; by default from ISO text.
    fn date(&self, index: usize) -> Result<Date, Fault> {
        parse("a date (YYYY-MM-DD)", self.text(index)?, Date::parse)
    }
    /// Reads a time of day; by default from ISO text.
    fn time(&self, index: usize) -> Result<Time, Fault> {
        parse("a time (HH:MM:SS)", self.text(index)?, Time::parse)
    }
    /// Reads a date and time; by default from ISO text.
    fn datetime(&self, index: usize) -> Result<DateTime, Fault> {
        parse("a date and time (YYYY-MM-DD HH:MM:SS)", self.text(index)?, DateTime::parse)
    }
    /// Reads an instant; by default from ISO text with an offset.
    fn timestamp(&self, index: usize) -> Result<Timestamp, Fault> {
        parse("a timestamp (YYYY-MM-DD HH:MM:SS+00:00)", self.text(index)?, Timestamp::parse)
    }
    /// Reads a length of time; by default from text, `P1Y2M3DT4H5M6.5S`.
    fn interval(&self, index: usize) -> Result<Interval, Fault> {
        parse("an interval (P1Y2M3DT4H5M6S)", self.text(index)?, Interval::parse)
    }
    /// Reads an exact decimal of any length; by default as [`decimal`](Self::decimal) does.
    fn numeric(&self, index: usize) -> Result<Numeric, Fault> {
        self.decimal(index).map(Numeric::from)
    }
    /// Reads a UUID; by default from its text, hyphenated or not.
    fn uuid(&self, index: usize) -> Result<[u8; 16], Fault> {
        parse("a UUID", self.text(index)?, parse_uuid)
    }
    /// Reads a JSON document as text.
    fn json(&self, index: usize) -> Result<&str, Fault> {
        self.text(index)
    }
    /// Calls `each` for every element of an array, as a row of one column; by default a fault.
    fn list(&self, index: usize, each: &mut dyn FnMut(&dyn RowRef) -> Result<(), Fault>) -> Result<(), Fault> {
        let _ = (index, each);
        Err(Fault::unsupported("reading an array"))
    }
}

/// A value that can be read from one cell.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be read from a database column",
    label = "not a type of a column",
    note = "use a built-in type, `Option` of one, or implement `Decode`"
)]
pub trait Decode: Sized {
    /// Reads the cell with this index.
    fn decode(row: &dyn RowRef, index: usize) -> Result<Self, Fault>;

    /// What stands in a field that was not loaded yet, or that the database has yet to fill in: `None`, 0, the empty
    /// text. `None` for a type that has no such value; it then can't be left out.
    #[must_use]
    fn blank() -> Option<Self> {
        Self::decode(&Blank, 0).ok()
    }
}

impl<T: Decode> Decode for Option<T> {
    fn decode(row: &dyn RowRef, index: usize) -> Result<Self, Fault> {
        if row.is_null(index) { Ok(None) } else { T::decode(row, index).map(Some) }
    }
}

fn parse<T>(wanted: &'static str, text: &str, parser: fn(&str) -> Option<T>) -> Result<T, Fault> {
    parser(text).ok_or_else(|| Fault::mismatch(wanted, format!("the text {text:?}")))
}

/// Reads 32 hexadecimal digits, hyphens between them or not.
#[must_use]
pub fn parse_uuid(text: &str) -> Option<[u8; 16]> {
    let mut bytes = [0; 16];
    let mut nibbles = text.bytes().filter(|byte| *byte != b'-').map(|byte| char::from(byte).to_digit(16));
    for byte in &mut bytes {
        let value = nibbles.next()?? * 16 + nibbles.next()??;
        *byte = u8::try_from(value).ok()?;
    }
    nibbles.next().is_none().then_some(bytes)
}

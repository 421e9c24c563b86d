//! Parameters as text, as the server's own input functions read them.

use std::fmt::{self, Display, Write};

use aludel_core::{
    Date, DateTime, Decimal, ElementWriter, Fault, Hyphenated, Interval, NANOS_PER_DAY, Numeric, ParamSink, Time,
    Timestamp,
};
use bytes::{BufMut, BytesMut};

/// Where the text of one parameter, or of one element of an array, goes.
#[derive(Debug)]
pub(crate) struct TextParam<'o> {
    out: &'o mut BytesMut,
    /// Whether it stands in an array, where texts are quoted.
    is_element: bool,
    /// Whether it can't be written before its type is known.
    pub(crate) needs_type: bool,
}

impl<'o> TextParam<'o> {
    pub(crate) fn new(out: &'o mut BytesMut) -> Self {
        Self { out, is_element: false, needs_type: false }
    }

    fn shown(&mut self, value: impl Display) -> Result<(), Fault> {
        let mut out = Quoted { out: &mut *self.out, escapes: self.is_element };
        if self.is_element {
            out.out.put_u8(b'"');
        }
        // Nothing that is written here fails.
        let _: fmt::Result = write!(out, "{value}");
        if self.is_element {
            out.out.put_u8(b'"');
        }
        Ok(())
    }
}

/// Puts a backslash before quotes and backslashes, in an array.
struct Quoted<'o> {
    out: &'o mut BytesMut,
    escapes: bool,
}

impl Write for Quoted<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if !self.escapes {
            self.out.put_slice(text.as_bytes());
            return Ok(());
        }
        let mut rest = text;
        while let Some(at) = rest.find(['"', '\\']) {
            let (plain, special) = rest.split_at(at);
            self.out.put_slice(plain.as_bytes());
            self.out.put_u8(b'\\');
            let (special, behind) = special.split_at(1);
            self.out.put_slice(special.as_bytes());
            rest = behind;
        }
        self.out.put_slice(rest.as_bytes());
        Ok(())
    }
}

impl ParamSink for TextParam<'_> {
    fn null(&mut self) -> Result<(), Fault> {
        if self.is_element {
            self.out.put_slice(b"NULL");
        }
        Ok(())
    }

    fn bool(&mut self, value: bool) -> Result<(), Fault> {
        self.shown(value)
    }

    fn int(&mut self, value: i64) -> Result<(), Fault> {
        self.shown(value)
    }

    fn float(&mut self, value: f64) -> Result<(), Fault> {
        self.shown(format_args!("{value:?}"))
    }

    fn text(&mut self, value: &str) -> Result<(), Fault> {
        self.shown(value)
    }

    fn bytes(&mut self, value: &[u8]) -> Result<(), Fault> {
        self.shown(Hex(value))
    }

    fn uint(&mut self, value: u64) -> Result<(), Fault> {
        self.shown(value)
    }

    fn decimal(&mut self, value: Decimal) -> Result<(), Fault> {
        self.shown(value)
    }

    fn date(&mut self, value: Date) -> Result<(), Fault> {
        let (digits, era) = Day::of(value);
        self.shown(format_args!("{digits}{era}"))
    }

    fn time(&mut self, value: Time) -> Result<(), Fault> {
        self.shown(clock(value)?)
    }

    fn datetime(&mut self, value: DateTime) -> Result<(), Fault> {
        let ((digits, era), time) = (Day::of(value.date), clock(value.time)?);
        self.shown(format_args!("{digits} {time}{era}"))
    }

    fn timestamp(&mut self, value: Timestamp) -> Result<(), Fault> {
        let Some(utc) = value.to_utc() else {
            return Err(Fault::out_of_range("a timestamp", value.to_string()));
        };
        let ((digits, era), time) = (Day::of(utc.date), clock(utc.time)?);
        self.shown(format_args!("{digits} {time}+00{era}"))
    }

    fn interval(&mut self, value: Interval) -> Result<(), Fault> {
        self.shown(value)
    }

    fn numeric(&mut self, value: &Numeric) -> Result<(), Fault> {
        self.shown(value)
    }

    fn uuid(&mut self, value: &[u8; 16]) -> Result<(), Fault> {
        self.shown(Hyphenated(value))
    }

    fn json(&mut self, value: &str) -> Result<(), Fault> {
        self.shown(value)
    }

    fn list(&mut self, length: usize, each: &mut ElementWriter<'_>) -> Result<(), Fault> {
        self.out.put_u8(b'{');
        for index in 0..length {
            if index > 0 {
                self.out.put_u8(b',');
            }
            let mut element = TextParam { out: &mut *self.out, is_element: true, needs_type: false };
            each(index, &mut element)?;
            self.needs_type |= element.needs_type;
        }
        self.out.put_u8(b'}');
        Ok(())
    }

    fn raw(&mut self, _: &str, _: &[u8]) -> Result<(), Fault> {
        // Bytes in the binary format have no text here.
        self.needs_type = true;
        self.null()
    }
}

/// Bytes as the server reads them.
struct Hex<'v>(&'v [u8]);

impl Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\\x")?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// A day whose year is counted from 1, before or after our era.
struct Day {
    year: i64,
    month: u32,
    day: u32,
}

impl Day {
    fn of(date: Date) -> (Self, &'static str) {
        let (year, month, day) = date.ymd();
        let year = i64::from(year);
        if year > 0 { (Self { year, month, day }, "") } else { (Self { year: 1 - year, month, day }, " BC") }
    }
}

impl Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// The time of day, what is below microseconds cut off as in the binary format.
fn clock(value: Time) -> Result<Time, Fault> {
    if (0..NANOS_PER_DAY).contains(&value.nanos) {
        return Ok(Time { nanos: value.nanos / 1_000 * 1_000 });
    }
    Err(Fault::out_of_range("a time of one day", format!("{} ns after midnight", value.nanos)))
}

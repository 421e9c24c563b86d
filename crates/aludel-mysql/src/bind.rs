//! How values become parameters, straight in the write buffer.
//!
//! The values of `COM_STMT_EXECUTE` stand behind a bitmap of those that are NULL and, unless the server knows them from the
//! last time, their types. Each value is written in the form that is its own, whatever the column: the server converts.

use std::fmt::Write;

use aludel_core::{
    Date, DateTime, Decimal, ElementWriter, Fault, Hyphenated, Interval, NANOS_PER_DAY, Numeric, ParamSink, SqlType,
    Time, Timestamp,
};
use aludel_sql::schema::StaticColumn;
use bytes::{BufMut, BytesMut};
use mysql_common::constants::ColumnType;

/// A parameter's type and whether it is unsigned, as the protocol writes them.
pub(crate) type ParameterType = [u8; 2];

/// The types of a statement's parameters.
#[derive(Clone, Debug, Default)]
pub(crate) struct Types {
    types: Vec<ParameterType>,
    /// Whether the server knows them.
    pub(crate) is_sent: bool,
    has_changed: bool,
    /// Those that took the place of others since the last [mark](Self::mark), with the others.
    replaced: Vec<(usize, ParameterType)>,
}

impl Types {
    /// A run begins, of so many parameters.
    #[inline]
    pub(crate) fn begin(&mut self, count: usize) {
        if self.types.len() != count {
            self.types = vec![UNKNOWN; count];
            self.is_sent = false;
        }
        self.mark();
    }

    /// Rows begin, of so many parameters each, of which nothing is known yet.
    pub(crate) fn begin_rows(&mut self, count: usize) {
        self.types.clear();
        self.types.resize(count, UNKNOWN);
        self.is_sent = false;
        self.mark();
    }

    /// From here on it is noted what changes.
    #[inline]
    pub(crate) fn mark(&mut self) {
        self.has_changed = false;
        self.replaced.clear();
    }

    /// Whether a value since the last mark has another type than the one that its parameter had before.
    #[inline]
    pub(crate) fn has_replaced(&self) -> bool {
        !self.replaced.is_empty()
    }

    /// The types that the parameters had at the last mark, where they had one.
    #[cold]
    pub(crate) fn before(&self) -> Vec<ParameterType> {
        let mut types = self.types.clone();
        for (index, before) in self.replaced.iter().rev() {
            if let Some(place) = types.get_mut(*index) {
                *place = *before;
            }
        }
        types
    }

    #[inline]
    fn set(&mut self, index: usize, to: ParameterType) {
        if let Some(known) = self.types.get_mut(index)
            && *known != to
        {
            if *known != UNKNOWN {
                self.replaced.push((index, *known));
            }
            *known = to;
            self.has_changed = true;
        }
    }

    /// Whether they must be sent though the server knows others.
    #[inline]
    pub(crate) fn must_resend(&self) -> bool {
        self.is_sent && self.has_changed
    }

    #[inline]
    pub(crate) fn as_slice(&self) -> &[ParameterType] {
        &self.types
    }
}

const fn kind(column: ColumnType) -> ParameterType {
    [column as u8, 0]
}

/// Bytes before a value's own: whether it is NULL, and how many they are.
const MOST_BEFORE: usize = 1 + 9;

/// Of a parameter that was NULL every time. So it says nothing about the type of an expression that it is part of: of
/// `CASE WHEN open THEN number ELSE ? END` a text would make a text.
const UNKNOWN: ParameterType = kind(ColumnType::MYSQL_TYPE_NULL);
const TINY: ParameterType = kind(ColumnType::MYSQL_TYPE_TINY);
const BIGINT: ParameterType = kind(ColumnType::MYSQL_TYPE_LONGLONG);
const UNSIGNED_BIGINT: ParameterType = [ColumnType::MYSQL_TYPE_LONGLONG as u8, 0x80];
const DOUBLE: ParameterType = kind(ColumnType::MYSQL_TYPE_DOUBLE);
const DECIMAL: ParameterType = kind(ColumnType::MYSQL_TYPE_NEWDECIMAL);
const TEXT: ParameterType = kind(ColumnType::MYSQL_TYPE_VAR_STRING);
const BLOB: ParameterType = kind(ColumnType::MYSQL_TYPE_BLOB);
const DATE: ParameterType = kind(ColumnType::MYSQL_TYPE_DATE);
const TIME: ParameterType = kind(ColumnType::MYSQL_TYPE_TIME);
const DATETIME: ParameterType = kind(ColumnType::MYSQL_TYPE_DATETIME);

/// Writes types in their places.
#[inline]
pub(crate) fn put_types(places: &mut [u8], types: &[ParameterType]) {
    for (place, kind) in places.chunks_exact_mut(2).zip(types) {
        place.copy_from_slice(kind);
    }
}

/// As [`put_types`] for many rows, where each parameter has the type of a column: one that is not known is text.
#[inline]
pub(crate) fn put_column_types(places: &mut [u8], types: &[ParameterType]) {
    for (place, kind) in places.chunks_exact_mut(2).zip(types) {
        place.copy_from_slice(if *kind == UNKNOWN { &TEXT } else { kind });
    }
}

/// Writes one value behind the other.
#[derive(Debug)]
pub(crate) struct Params<'a> {
    pub(crate) out: &'a mut BytesMut,
    pub(crate) types: &'a mut Types,
    /// Where it is noted what is NULL.
    pub(crate) nulls: Nulls,
    /// Which parameter comes next.
    pub(crate) index: usize,
    pub(crate) context: Option<&'static StaticColumn>,
    /// Whether UUIDs are written with hyphens where nothing says otherwise.
    pub(crate) hyphens: bool,
}

/// Where it is noted what is NULL.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Nulls {
    /// In a bitmap that begins here.
    Bitmap(usize),
    /// In a byte before each value.
    Indicators,
}

impl Params<'_> {
    /// The next value has this type.
    #[inline]
    pub(crate) fn typed(&mut self, parameter: ParameterType) {
        self.types.set(self.index, parameter);
        self.index += 1;
        if let Nulls::Indicators = self.nulls {
            self.out.put_u8(0);
        }
    }

    #[inline]
    fn sized(&mut self, parameter: ParameterType, bytes: &[u8]) {
        self.out.reserve(bytes.len() + MOST_BEFORE);
        self.typed(parameter);
        put_length(self.out, bytes.len());
        self.out.put_slice(bytes);
    }

    /// Text that is put together on the way; it is never longer than 250 bytes.
    fn shown(&mut self, parameter: ParameterType, value: impl std::fmt::Display) -> Result<(), Fault> {
        self.typed(parameter);
        let at = self.out.len();
        self.out.put_u8(0);
        write!(self.out, "{value}").map_err(|_| Fault::custom("can't be written as text"))?;
        let length = u8::try_from(self.out.len() - at - 1).ok().filter(|length| *length <= 250);
        match (self.out.get_mut(at), length) {
            (Some(place), Some(length)) => *place = length,
            _ => return Err(Fault::custom("is too long as text")),
        }
        Ok(())
    }
}

impl ParamSink for Params<'_> {
    fn null(&mut self) -> Result<(), Fault> {
        match self.nulls {
            Nulls::Bitmap(at) => {
                if let Some(byte) = self.out.get_mut(at + self.index / 8) {
                    *byte |= 1 << (self.index % 8);
                }
            }
            Nulls::Indicators => self.out.put_u8(1),
        }
        // Its type stays what it was.
        self.index += 1;
        Ok(())
    }

    fn bool(&mut self, value: bool) -> Result<(), Fault> {
        self.typed(TINY);
        self.out.put_u8(u8::from(value));
        Ok(())
    }

    #[inline]
    fn int(&mut self, value: i64) -> Result<(), Fault> {
        self.typed(BIGINT);
        self.out.put_i64_le(value);
        Ok(())
    }

    fn uint(&mut self, value: u64) -> Result<(), Fault> {
        match i64::try_from(value) {
            Ok(value) => self.int(value),
            Err(_) => {
                self.typed(UNSIGNED_BIGINT);
                self.out.put_u64_le(value);
                Ok(())
            }
        }
    }

    fn float(&mut self, value: f64) -> Result<(), Fault> {
        if !value.is_finite() {
            return Err(Fault::unsupported(format!("{value}: MySQL's numbers are finite")));
        }
        self.typed(DOUBLE);
        self.out.put_f64_le(value);
        Ok(())
    }

    #[inline]
    fn text(&mut self, value: &str) -> Result<(), Fault> {
        self.sized(TEXT, value.as_bytes());
        Ok(())
    }

    fn bytes(&mut self, value: &[u8]) -> Result<(), Fault> {
        self.sized(BLOB, value);
        Ok(())
    }

    fn decimal(&mut self, value: Decimal) -> Result<(), Fault> {
        if value.scale() > MOST_SCALE {
            return self.numeric(&value.into());
        }
        self.shown(DECIMAL, value)
    }

    fn numeric(&mut self, value: &Numeric) -> Result<(), Fault> {
        if !value.is_finite() {
            return Err(Fault::unsupported(format!("{value}: MySQL's numbers are finite")));
        }
        let zeros = value.digits().iter().rev().take_while(|digit| **digit == 0).count();
        let scale = value.scale().saturating_sub(u32::try_from(zeros).unwrap_or(u32::MAX));
        if value.digits().len() > MOST_DIGITS + zeros || scale > MOST_SCALE {
            let wanted = "a decimal in MySQL, which has 65 digits, up to 30 of them behind the point";
            return Err(Fault::out_of_range(wanted, shortened(&value.to_string())));
        }
        let text = value.to_string();
        let kept = text.len() - usize::try_from(value.scale() - scale).unwrap_or(0);
        self.sized(DECIMAL, text.get(..kept).unwrap_or(&text).trim_end_matches('.').as_bytes());
        Ok(())
    }

    fn interval(&mut self, value: Interval) -> Result<(), Fault> {
        let (is_negative, micros) = checked_interval(value)?;
        let part = |unit: u64, of: u64| u8::try_from(micros / unit % of).unwrap_or(0);
        let days = u32::try_from(micros / (86_400 * MICROS)).unwrap_or(0);
        self.typed(TIME);
        self.out.put_u8(12);
        self.out.put_u8(u8::from(is_negative));
        self.out.put_u32_le(days);
        self.out.put_slice(&[part(3_600 * MICROS, 24), part(60 * MICROS, 60), part(MICROS, 60)]);
        self.out.put_u32_le(u32::try_from(micros % MICROS).unwrap_or(0));
        Ok(())
    }

    fn list(&mut self, _: usize, _: &mut ElementWriter<'_>) -> Result<(), Fault> {
        Err(Fault::unsupported("a list as one parameter: MySQL and MariaDB have no arrays"))
    }

    fn date(&mut self, value: Date) -> Result<(), Fault> {
        let (year, month, day) = checked_date(value)?;
        self.typed(DATE);
        self.out.put_u8(4);
        self.out.put_slice(&year);
        self.out.put_slice(&[month, day]);
        Ok(())
    }

    fn time(&mut self, value: Time) -> Result<(), Fault> {
        let ([hour, minute, second], micros) = checked_time(value)?;
        self.typed(TIME);
        self.out.put_u8(if micros == 0 { 8 } else { 12 });
        self.out.put_slice(&[0, 0, 0, 0, 0, hour, minute, second]);
        if micros != 0 {
            self.out.put_u32_le(micros);
        }
        Ok(())
    }

    fn datetime(&mut self, value: DateTime) -> Result<(), Fault> {
        let (year, month, day) = checked_date(value.date)?;
        let (clock, micros) = checked_time(value.time)?;
        self.typed(DATETIME);
        self.out.put_u8(if micros == 0 { 7 } else { 11 });
        self.out.put_slice(&year);
        self.out.put_slice(&[month, day]);
        self.out.put_slice(&clock);
        if micros != 0 {
            self.out.put_u32_le(micros);
        }
        Ok(())
    }

    fn timestamp(&mut self, value: Timestamp) -> Result<(), Fault> {
        match value.to_utc() {
            Some(clock) if value.nanos < 1_000_000_000 => self.datetime(clock),
            _ => Err(Fault::out_of_range("a timestamp of the years 0 to 9999", value.to_string())),
        }
    }

    fn uuid(&mut self, value: &[u8; 16]) -> Result<(), Fault> {
        let hyphens = match self.context.map(|column| &column.def().sql_type) {
            Some(SqlType::Blob) => {
                self.sized(BLOB, value);
                return Ok(());
            }
            Some(SqlType::Named(name)) if name.to_ascii_lowercase().contains("binary") => {
                self.sized(BLOB, value);
                return Ok(());
            }
            Some(SqlType::Char(length) | SqlType::Varchar(length)) => *length >= 36,
            Some(SqlType::Text) => true,
            _ => self.hyphens,
        };
        if hyphens {
            return self.shown(TEXT, Hyphenated(value));
        }
        self.shown(TEXT, format_args!("{:032x}", u128::from_be_bytes(*value)))
    }

    fn raw(&mut self, type_name: &str, bytes: &[u8]) -> Result<(), Fault> {
        let no_type = || Fault::unsupported(format!("the type {type_name}: MySQL and MariaDB have no such type"));
        let (parameter, size) = raw_type(type_name).ok_or_else(no_type)?;
        match size {
            Some(size) if size == bytes.len() => {
                self.typed(parameter);
                self.out.put_slice(bytes);
            }
            Some(size) => {
                return Err(Fault::custom(format!("has {} bytes, where {type_name} has {size}", bytes.len())));
            }
            None => self.sized(parameter, bytes),
        }
        Ok(())
    }
}

/// The type of a raw parameter, and how many bytes it has, where they don't stand behind their length.
fn raw_type(name: &str) -> Option<(ParameterType, Option<usize>)> {
    use ColumnType as Type;
    let (base, sign) = match name.strip_suffix(" unsigned") {
        Some(base) => (base, 0x80),
        None => (name, 0),
    };
    let fixed = |column: ColumnType, size| Some(([column as u8, sign], Some(size)));
    match base {
        "tinyint" => fixed(Type::MYSQL_TYPE_TINY, 1),
        "smallint" => fixed(Type::MYSQL_TYPE_SHORT, 2),
        "year" => Some(([Type::MYSQL_TYPE_SHORT as u8, 0x80], Some(2))),
        "int" | "mediumint" => fixed(Type::MYSQL_TYPE_LONG, 4),
        "bigint" => fixed(Type::MYSQL_TYPE_LONGLONG, 8),
        "float" => fixed(Type::MYSQL_TYPE_FLOAT, 4),
        "double" => fixed(Type::MYSQL_TYPE_DOUBLE, 8),
        "decimal" => Some((DECIMAL, None)),
        "date" => Some((DATE, None)),
        "time" => Some((TIME, None)),
        "datetime" | "timestamp" => Some((DATETIME, None)),
        "bit" | "binary" | "varbinary" | "blob" | "mediumblob" | "longblob" | "geometry" | "vector" => {
            Some((BLOB, None))
        }
        "char" | "varchar" | "text" | "mediumtext" | "longtext" | "enum" | "set" | "json" | "uuid" | "inet4"
        | "inet6" => Some((TEXT, None)),
        _ => None,
    }
}

/// Writes how many bytes follow.
#[inline]
pub(crate) fn put_length(out: &mut BytesMut, length: usize) {
    let bytes = (length as u64).to_le_bytes();
    match (length, bytes) {
        (0..=250, [a, ..]) => out.put_u8(a),
        (251..=0xffff, [a, b, ..]) => out.put_slice(&[252, a, b]),
        (0x1_0000..=0xff_ffff, [a, b, c, ..]) => out.put_slice(&[253, a, b, c]),
        _ => {
            out.put_u8(254);
            out.put_slice(&bytes);
        }
    }
}

/// Most digits of a decimal, and how many of them may stand behind the point.
const MOST_DIGITS: usize = 65;
const MOST_SCALE: u32 = 30;

/// A long number, as a message shows it.
#[cold]
fn shortened(text: &str) -> String {
    match text.get(..60) {
        Some(begin) if text.len() > 80 => format!("{begin}… ({} characters)", text.len()),
        _ => text.to_owned(),
    }
}

const MICROS: u64 = 1_000_000;
/// 838:59:59.999999
const MOST_TIME: u64 = (838 * 3_600 + 59 * 60 + 59) * MICROS + 999_999;

/// A length of time as `TIME` keeps it: whether it is negative, and microseconds, what is below them cut off towards the past.
fn checked_interval(value: Interval) -> Result<(bool, u64), Fault> {
    let wanted = match value.to_nanos().map(|nanos| nanos.div_euclid(1_000)) {
        Some(micros) => match u64::try_from(micros.unsigned_abs()) {
            Ok(length) if length <= MOST_TIME => return Ok((micros < 0, length)),
            _ => "MySQL's TIME, which ends at 838:59:59.999999",
        },
        None => "MySQL's TIME, which has neither months nor days",
    };
    Err(Fault::out_of_range(wanted, value.to_string()))
}

fn checked_date(value: Date) -> Result<([u8; 2], u8, u8), Fault> {
    let (year, month, day) = value.ymd();
    let parts = (u16::try_from(year).ok().filter(|year| *year <= 9999), u8::try_from(month), u8::try_from(day));
    match parts {
        (Some(year), Ok(month), Ok(day)) => Ok((year.to_le_bytes(), month, day)),
        _ => Err(Fault::out_of_range("a date of the years 0 to 9999", value.to_string())),
    }
}

/// Hour, minute, second; and microseconds, which is as fine as MySQL keeps time.
fn checked_time(value: Time) -> Result<([u8; 3], u32), Fault> {
    if !(0..NANOS_PER_DAY).contains(&value.nanos) {
        return Err(Fault::out_of_range("a time of one day", format!("{} ns after midnight", value.nanos)));
    }
    let (hour, minute, second, nano) = value.hms_nano();
    let narrow = |part| u8::try_from(part).unwrap_or(0);
    Ok(([narrow(hour), narrow(minute), narrow(second)], nano / 1_000))
}

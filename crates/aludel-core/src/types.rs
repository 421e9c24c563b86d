//! SQL types as the language sees them, and the small tag that stands for each in a cache key.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// A value that is either part of the program or shared at run time.
///
/// Schema written by the derives is `Static`; schema read from a database is `Shared`.
#[derive(Debug)]
pub enum Held<T: ?Sized + 'static> {
    /// Lives in the program's own data.
    Static(&'static T),
    /// Made at run time.
    Shared(Arc<T>),
}

impl<T: ?Sized> Clone for Held<T> {
    fn clone(&self) -> Self {
        match self {
            Self::Static(value) => Self::Static(value),
            Self::Shared(value) => Self::Shared(Arc::clone(value)),
        }
    }
}

impl<T: ?Sized> Deref for Held<T> {
    type Target = T;
    fn deref(&self) -> &T {
        match self {
            Self::Static(value) => value,
            Self::Shared(value) => value,
        }
    }
}

impl<T: ?Sized + PartialEq> PartialEq for Held<T> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<T: ?Sized + Eq> Eq for Held<T> {}

impl<T> Default for Held<[T]> {
    fn default() -> Self {
        Self::Static(&[])
    }
}

impl<T> From<Vec<T>> for Held<[T]> {
    fn from(items: Vec<T>) -> Self {
        if items.is_empty() { Self::default() } else { Self::Shared(items.into()) }
    }
}

impl<T: ?Sized + std::hash::Hash> std::hash::Hash for Held<T> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

impl<T: ?Sized + fmt::Display> fmt::Display for Held<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl From<&str> for Held<str> {
    fn from(text: &str) -> Self {
        Self::Shared(Arc::from(text))
    }
}

impl From<String> for Held<str> {
    fn from(text: String) -> Self {
        Self::Shared(Arc::from(text))
    }
}

/// The names of an enumerated type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EnumType {
    /// The type's name in databases that have named enumerations, and its CHECK constraint's elsewhere.
    pub name: Held<str>,
    /// The labels, in order.
    pub labels: Held<[Held<str>]>,
}

/// A type that only one family of databases has.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NativeType {
    /// The family, by the name of its dialect: `postgresql`, or `mysql` for MySQL and MariaDB.
    pub family: Held<str>,
    /// The type in its words: `int4range`, `TIME(6)`.
    pub name: Held<str>,
}

/// A column's or an expression's SQL type, independent of any database.
///
/// Each dialect spells these in its own words: `Double` is `DOUBLE PRECISION` on PostgreSQL and `DOUBLE` elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SqlType {
    /// True or false.
    Boolean,
    /// 16 bits, signed.
    SmallInt,
    /// 32 bits, signed.
    Integer,
    /// 64 bits, signed.
    BigInt,
    /// 8 bits, unsigned; the next larger signed type where the database has no unsigned ones.
    UnsignedTinyInt,
    /// 16 bits, unsigned; the next larger signed type where the database has no unsigned ones.
    UnsignedSmallInt,
    /// 32 bits, unsigned; the next larger signed type where the database has no unsigned ones.
    UnsignedInteger,
    /// 64 bits, unsigned; 64 bits signed where the database has no unsigned ones: a value above `i64::MAX` is then a fault.
    UnsignedBigInt,
    /// Binary floating point of 32 bits.
    Float,
    /// Binary floating point of 64 bits.
    Double,
    /// Exact decimal; precision and scale, or the database's default when absent.
    Numeric(Option<(u16, u16)>),
    /// Text of bounded length, in characters.
    Varchar(u32),
    /// Text of fixed length, in characters.
    Char(u32),
    /// Text of any length.
    Text,
    /// Bytes.
    Blob,
    /// Calendar date.
    Date,
    /// Time of day without a zone.
    Time,
    /// Date and time of day without a zone.
    DateTime,
    /// An instant.
    Timestamp,
    /// A length of time.
    Interval,
    /// 128-bit identifier.
    Uuid,
    /// A JSON document, kept as it was written where the database makes that distinction (PostgreSQL's `json`).
    Json,
    /// A JSON document that can be compared and searched, kept in a form of the database's own (PostgreSQL's `jsonb`).
    Jsonb,
    /// One of a list of labels, kept as text where the database has no enumerations.
    Enum(Held<EnumType>),
    /// Any number of a list of labels (MySQL's `SET`).
    Set(Held<EnumType>),
    /// A list of another type, where the database has arrays.
    Array(Held<SqlType>),
    /// A type that only one family of databases has; an error on others.
    Native(Held<NativeType>),
    /// A type of the database or of the program that Aludel has no word for; written as it stands.
    Named(Held<str>),
}

impl SqlType {
    /// The tag that stands for this type in a statement's key.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Boolean => Kind::Bool,
            Self::SmallInt | Self::UnsignedTinyInt => Kind::SmallInt,
            Self::Integer | Self::UnsignedSmallInt => Kind::Integer,
            Self::BigInt | Self::UnsignedInteger | Self::UnsignedBigInt => Kind::BigInt,
            Self::Float => Kind::Float,
            Self::Double => Kind::Double,
            Self::Numeric(_) => Kind::Decimal,
            Self::Varchar(_) | Self::Char(_) | Self::Text | Self::Enum(_) | Self::Set(_) => Kind::Text,
            Self::Blob => Kind::Bytes,
            Self::Date => Kind::Date,
            Self::Time => Kind::Time,
            Self::DateTime => Kind::DateTime,
            Self::Timestamp => Kind::Timestamp,
            Self::Interval => Kind::Interval,
            Self::Uuid => Kind::Uuid,
            Self::Json | Self::Jsonb => Kind::Json,
            Self::Array(_) => Kind::List,
            Self::Native(_) | Self::Named(_) => Kind::Other,
        }
    }
}

impl SqlType {
    /// Whether it is a whole number of any size.
    #[must_use]
    pub const fn is_integer(&self) -> bool {
        matches!(self.kind(), Kind::SmallInt | Kind::Integer | Kind::BigInt)
    }

    /// Whether it is a whole number without a sign.
    #[must_use]
    pub const fn is_unsigned(&self) -> bool {
        matches!(self, Self::UnsignedTinyInt | Self::UnsignedSmallInt | Self::UnsignedInteger | Self::UnsignedBigInt)
    }

    /// The signed type that holds all values of an unsigned one, but for the 64-bit one: those above `i64::MAX` have none.
    /// Other types are themselves.
    #[must_use]
    pub fn signed(&self) -> Self {
        match self {
            Self::UnsignedTinyInt => Self::SmallInt,
            Self::UnsignedSmallInt => Self::Integer,
            Self::UnsignedInteger | Self::UnsignedBigInt => Self::BigInt,
            other => other.clone(),
        }
    }
}

/// What kind of value a placeholder takes: one byte, part of a statement's key.
///
/// A kind says how a value is written to the database, never what the value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
#[non_exhaustive]
pub enum Kind {
    /// Nothing is known of the value.
    Other = 0,
    /// True or false.
    Bool,
    /// 16-bit integer.
    SmallInt,
    /// 32-bit integer.
    Integer,
    /// 64-bit integer.
    BigInt,
    /// 32-bit floating point.
    Float,
    /// 64-bit floating point.
    Double,
    /// Exact decimal.
    Decimal,
    /// Text.
    Text,
    /// Bytes.
    Bytes,
    /// Calendar date.
    Date,
    /// Time of day.
    Time,
    /// Date and time of day.
    DateTime,
    /// Instant.
    Timestamp,
    /// Length of time.
    Interval,
    /// 128-bit identifier.
    Uuid,
    /// JSON document.
    Json,
    /// A list of values.
    List,
}

impl Kind {
    const ALL: [Self; 18] = [
        Self::Other,
        Self::Bool,
        Self::SmallInt,
        Self::Integer,
        Self::BigInt,
        Self::Float,
        Self::Double,
        Self::Decimal,
        Self::Text,
        Self::Bytes,
        Self::Date,
        Self::Time,
        Self::DateTime,
        Self::Timestamp,
        Self::Interval,
        Self::Uuid,
        Self::Json,
        Self::List,
    ];

    /// The kind a key's byte stands for; bytes that stand for none give `Other`.
    #[must_use]
    pub fn from_byte(byte: u8) -> Self {
        Self::ALL.get(usize::from(byte)).copied().unwrap_or(Self::Other)
    }

    /// The kind in plain words, for messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Other => "value",
            Self::Bool => "boolean",
            Self::SmallInt | Self::Integer | Self::BigInt => "integer",
            Self::Float | Self::Double => "floating-point number",
            Self::Decimal => "decimal",
            Self::Text => "text",
            Self::Bytes => "bytes",
            Self::Date => "date",
            Self::Time => "time",
            Self::DateTime => "date and time",
            Self::Timestamp => "timestamp",
            Self::Interval => "interval",
            Self::Uuid => "UUID",
            Self::Json => "JSON",
            Self::List => "list",
        }
    }
}

/// Whether a custom type or construct may take part in a cached statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CacheSafety {
    /// Its rendering depends on nothing but what stands in the key.
    Safe,
    /// Its rendering depends on something else: statements with it are compiled anew each time, in silence.
    Unsafe,
    /// Nobody has said: as `Unsafe`, and a warning names it once.
    Undeclared,
}

/// A Rust type that stands for an SQL type in expressions.
///
/// `Base` is the type without `Option`: a nullable and a plain column of one type compare with each other.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a type of a database column",
    label = "no SQL type is known for `{Self}`",
    note = "use a built-in type, derive `aludel::SqlEnum` for an enum, or implement `SqlTyped`, `Encode` and `Decode` for your own type"
)]
pub trait SqlTyped: 'static {
    /// The type without `Option`.
    type Base: SqlTyped<Base = Self::Base>;
    /// The SQL type that columns of this Rust type have unless they say otherwise.
    const SQL_TYPE: SqlType;
    /// Whether NULL is one of its values.
    const NULLABLE: bool = false;
    /// Whether statements that use it may be cached.
    const CACHE: CacheSafety = CacheSafety::Undeclared;
    /// The type's name, for messages.
    fn type_name() -> &'static str {
        std::any::type_name::<Self>()
    }
}

impl<T: SqlTyped> SqlTyped for Option<T> {
    type Base = T::Base;
    const SQL_TYPE: SqlType = T::SQL_TYPE;
    const NULLABLE: bool = true;
    const CACHE: CacheSafety = T::CACHE;
}

/// A type that can be an element of an array, as `Vec<T>` is one: every type of one cell but `u8`, since `Vec<u8>` is bytes.
///
/// [`scalar!`](crate::scalar) and the derives write it. An element that may be NULL is an `Option`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be an element of an array column",
    label = "not an element of an array",
    note = "use a built-in type of a column or an `Option` of one, or implement `aludel::ArrayElement` for your own type"
)]
pub trait ArrayElement: SqlTyped {}

impl<T: ArrayElement> ArrayElement for Option<T> {}

//! The database's types: their numbers, names, and what their binary form is.

pub(crate) mod registry;

use std::sync::Arc;

/// A type as the server numbers it, with the form of its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Type {
    /// The server's number for it; 0 when nothing is known.
    pub(crate) oid: u32,
    pub(crate) form: Form,
    /// What the server has said of a type that is not built in.
    custom: Option<Arc<Custom>>,
}

/// A type that is not built in: an enumeration, a domain, a type of an extension.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Custom {
    name: Box<str>,
    /// The type of its elements, for an array.
    element: Option<Type>,
}

/// What a value looks like in the binary format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// The type is not known yet: parameters go as text, which the server reads as whatever it takes them for.
    Unknown,
    /// A type that has no other form here.
    Other,
    Bool,
    Int2,
    Int4,
    Int8,
    /// 32 bits without a sign.
    Oid,
    Float4,
    Float8,
    Numeric,
    /// The text itself.
    Text,
    Bytes,
    Date,
    Time,
    Timestamp,
    TimestampTz,
    /// Microseconds, days and months.
    Interval,
    Uuid,
    /// The text itself.
    Json,
    /// A byte for the version, and the text.
    Jsonb,
    Array,
    /// Nothing: what functions without a result give.
    Void,
}

/// One line of the table of built-in types.
struct Known {
    oid: u32,
    array: u32,
    name: &'static str,
    array_name: &'static str,
    form: Form,
}

/// A line of the table, with the name of the type's array beside its own.
macro_rules! known {
    ($oid:expr, $array:expr, $name:literal, $form:expr) => {
        Known { oid: $oid, array: $array, name: $name, array_name: concat!($name, "[]"), form: $form }
    };
}

pub(crate) const BOOL: u32 = 16;
pub(crate) const BYTEA: u32 = 17;
pub(crate) const INT8: u32 = 20;
pub(crate) const INT2: u32 = 21;
pub(crate) const INT4: u32 = 23;
pub(crate) const FLOAT4: u32 = 700;
pub(crate) const FLOAT8: u32 = 701;
pub(crate) const DATE: u32 = 1082;
pub(crate) const TIME: u32 = 1083;
pub(crate) const TIMESTAMP: u32 = 1114;
pub(crate) const TIMESTAMPTZ: u32 = 1184;
pub(crate) const INTERVAL: u32 = 1186;
pub(crate) const NUMERIC: u32 = 1700;
pub(crate) const UUID: u32 = 2950;
pub(crate) const JSONB: u32 = 3802;

/// The built-in types, in the order of their numbers.
static KNOWN: &[Known] = &[
    known!(BOOL, 1000, "bool", Form::Bool),
    known!(BYTEA, 1001, "bytea", Form::Bytes),
    known!(18, 1002, "char", Form::Text),
    known!(19, 1003, "name", Form::Text),
    known!(INT8, 1016, "int8", Form::Int8),
    known!(INT2, 1005, "int2", Form::Int2),
    known!(INT4, 1007, "int4", Form::Int4),
    known!(24, 1008, "regproc", Form::Oid),
    known!(25, 1009, "text", Form::Text),
    known!(26, 1028, "oid", Form::Oid),
    known!(27, 1010, "tid", Form::Other),
    known!(28, 1011, "xid", Form::Oid),
    known!(29, 1012, "cid", Form::Oid),
    known!(114, 199, "json", Form::Json),
    known!(142, 143, "xml", Form::Text),
    known!(600, 1017, "point", Form::Other),
    known!(601, 1018, "lseg", Form::Other),
    known!(602, 1019, "path", Form::Other),
    known!(603, 1020, "box", Form::Other),
    known!(604, 1027, "polygon", Form::Other),
    known!(628, 629, "line", Form::Other),
    known!(650, 651, "cidr", Form::Other),
    known!(FLOAT4, 1021, "float4", Form::Float4),
    known!(FLOAT8, 1022, "float8", Form::Float8),
    known!(705, 0, "unknown", Form::Text),
    known!(718, 719, "circle", Form::Other),
    known!(774, 775, "macaddr8", Form::Other),
    known!(790, 791, "money", Form::Other),
    known!(829, 1040, "macaddr", Form::Other),
    known!(869, 1041, "inet", Form::Other),
    known!(1033, 1034, "aclitem", Form::Other),
    known!(1042, 1014, "bpchar", Form::Text),
    known!(1043, 1015, "varchar", Form::Text),
    known!(DATE, 1182, "date", Form::Date),
    known!(TIME, 1183, "time", Form::Time),
    known!(TIMESTAMP, 1115, "timestamp", Form::Timestamp),
    known!(TIMESTAMPTZ, 1185, "timestamptz", Form::TimestampTz),
    known!(INTERVAL, 1187, "interval", Form::Interval),
    known!(1266, 1270, "timetz", Form::Other),
    known!(1560, 1561, "bit", Form::Other),
    known!(1562, 1563, "varbit", Form::Other),
    known!(NUMERIC, 1231, "numeric", Form::Numeric),
    known!(2202, 2207, "regprocedure", Form::Oid),
    known!(2203, 2208, "regoper", Form::Oid),
    known!(2204, 2209, "regoperator", Form::Oid),
    known!(2205, 2210, "regclass", Form::Oid),
    known!(2206, 2211, "regtype", Form::Oid),
    known!(2249, 2287, "record", Form::Other),
    known!(2275, 1263, "cstring", Form::Text),
    known!(2278, 0, "void", Form::Void),
    known!(UUID, 2951, "uuid", Form::Uuid),
    known!(3220, 3221, "pg_lsn", Form::Other),
    known!(3614, 3643, "tsvector", Form::Other),
    known!(3615, 3645, "tsquery", Form::Other),
    known!(3734, 3735, "regconfig", Form::Oid),
    known!(3769, 3770, "regdictionary", Form::Oid),
    known!(3802, 3807, "jsonb", Form::Jsonb),
    known!(3904, 3905, "int4range", Form::Other),
    known!(3906, 3907, "numrange", Form::Other),
    known!(3908, 3909, "tsrange", Form::Other),
    known!(3910, 3911, "tstzrange", Form::Other),
    known!(3912, 3913, "daterange", Form::Other),
    known!(3926, 3927, "int8range", Form::Other),
    known!(4072, 4073, "jsonpath", Form::Other),
    known!(4089, 4090, "regnamespace", Form::Oid),
    known!(4096, 4097, "regrole", Form::Oid),
    known!(4191, 4192, "regcollation", Form::Oid),
    known!(4451, 6150, "int4multirange", Form::Other),
    known!(4532, 6151, "nummultirange", Form::Other),
    known!(4533, 6152, "tsmultirange", Form::Other),
    known!(4534, 6153, "tstzmultirange", Form::Other),
    known!(4535, 6155, "datemultirange", Form::Other),
    known!(4536, 6157, "int8multirange", Form::Other),
    known!(5069, 271, "xid8", Form::Other),
];

impl Type {
    /// A type of which nothing is known yet.
    pub(crate) const UNKNOWN: Self = Self { oid: 0, form: Form::Unknown, custom: None };

    /// The type with this number, as far as it is a built-in one.
    pub(crate) fn of(oid: u32) -> Self {
        let form = match find(oid) {
            Some(known) => known.form,
            None if element(oid).is_some() => Form::Array,
            None => Form::Other,
        };
        Self { oid, form, custom: None }
    }

    /// Whether the server has yet to be asked what it is.
    pub(crate) fn is_unheard_of(&self) -> bool {
        self.form == Form::Other && self.custom.is_none() && find(self.oid).is_none()
    }

    /// Its name; none for an array.
    pub(crate) fn name(&self) -> Option<&str> {
        match &self.custom {
            Some(custom) => Some(&custom.name),
            None => find(self.oid).map(|known| known.name),
        }
    }

    /// Its name, also for an array: `int4[]`.
    pub(crate) fn full_name(&self) -> Option<&str> {
        self.name().or_else(|| element(self.oid).map(|known| known.array_name))
    }

    /// The type of its elements, where it is an array.
    pub(crate) fn element(&self) -> Option<Self> {
        match &self.custom {
            Some(custom) => custom.element.clone(),
            None => element(self.oid).map(|known| Self { oid: known.oid, form: known.form, custom: None }),
        }
    }

    /// What a message calls it.
    pub(crate) fn words(&self) -> String {
        match self.full_name() {
            Some(name) => format!("a value of type {name}"),
            None => format!("a value of the type with the number {}", self.oid),
        }
    }
}

fn find(oid: u32) -> Option<&'static Known> {
    KNOWN.binary_search_by_key(&oid, |known| known.oid).ok().and_then(|index| KNOWN.get(index))
}

fn element(array: u32) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.array == array && array != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order_and_has_nothing_twice() {
        assert!(KNOWN.windows(2).all(|pair| pair[0].oid < pair[1].oid));
        for known in KNOWN {
            assert_eq!(Type::of(known.oid).name(), Some(known.name));
            if known.array != 0 {
                let array = Type::of(known.array);
                assert_eq!(array.form, Form::Array);
                assert_eq!(array.element().map(|element| element.oid), Some(known.oid));
            }
        }
        assert_eq!(Type::of(99_999).form, Form::Other);
    }
}

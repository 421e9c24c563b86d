//! Types that are text with rules of their own.

use std::fmt;

use crate::decode::{Decode, RowRef};
use crate::encode::{Encode, ParamSink};
use crate::error::Fault;
use crate::raw::RawValue;
use crate::types::{Held, NativeType, SqlType};
use crate::value::Value;

/// The binary format is the text itself, with some bytes before it; where it is nothing but the text, a driver may take it for
/// text.
macro_rules! own_text {
    ($type:ident, $name:literal, $head:expr) => {
        crate::scalar!(
            $type,
            SqlType::Native(Held::Static(&NativeType {
                family: Held::Static(super::FAMILY),
                name: Held::Static($name),
            }))
        );

        impl $type {
            fn raw(&self) -> Vec<u8> {
                let mut bytes: Vec<u8> = $head.to_vec();
                bytes.extend(self.0.as_bytes());
                bytes
            }
        }

        impl Encode for $type {
            fn encode(&self, sink: &mut dyn ParamSink) -> Result<(), Fault> {
                sink.raw($name, &self.raw())
            }
            fn to_value(&self) -> Value {
                Value::Raw(Box::new(RawValue::new($name, self.raw())))
            }
        }

        impl Decode for $type {
            fn decode(row: &dyn RowRef, index: usize) -> Result<Self, Fault> {
                if row.raw(index).is_none() && $head.is_empty() {
                    return row.text(index).map($type::from);
                }
                let bytes = super::raw_of(row, index, $name)?;
                let text = bytes.strip_prefix(&$head).and_then(|text| std::str::from_utf8(text).ok());
                text.map($type::from).ok_or_else(|| super::garbled($name, bytes))
            }
            fn blank() -> Option<Self> {
                Some(Self::default())
            }
        }
    };
}

macro_rules! text_type {
    ($(#[$doc:meta])* $type:ident, $name:literal, $head:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $type(pub String);

        impl From<&str> for $type {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl From<String> for $type {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        own_text!($type, $name, $head);
    };
}

text_type!(
    /// `citext`: text that is compared without regard to upper and lower case. The database needs the extension of that
    /// name. Equality in Rust is that of the texts as they are.
    Citext,
    "citext",
    [0_u8; 0]
);
text_type!(
    /// `ltree`: the path of a label in a tree, such as `top.science.astronomy`. The database needs the extension of that
    /// name.
    LTree,
    "ltree",
    [1_u8]
);
text_type!(
    /// `xml`: a document or a part of one, as text. PostgreSQL can't compare two of them.
    Xml,
    "xml",
    [0_u8; 0]
);

//! Types that are text with rules of their own.

use std::fmt;

use super::own_type;

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

        own_type!(
            []
            $type,
            $name,
            |value| {
                let mut bytes: Vec<u8> = $head.to_vec();
                bytes.extend(value.0.as_bytes());
                Ok(bytes)
            },
            |bytes| {
                let text = bytes.strip_prefix(&$head)?;
                std::str::from_utf8(text).ok().map($type::from)
            }
        );
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

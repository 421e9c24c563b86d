//! Sets of labels.

use crate::types::{ArrayElement, CacheSafety, EnumType, Held, SqlType, SqlTyped};
use crate::{CompactString, Decode, Encode, Fault, FromRow, ParamSink, RowRef, Value};

/// `SET`: any number of the values of an enum, whose labels are the column's.
///
/// The enum has `#[derive(SqlEnum)]` and is kept as text. MySQL keeps a set in the order of the labels and each once, and so
/// does this: in the order in which the enum's variants stand.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Set<T>(Vec<T>);

impl<T: SqlTyped + Encode> Set<T> {
    const LABELS: &'static SqlType = &T::SQL_TYPE;

    /// The labels, where the type is an enum that is kept as text.
    fn labels() -> &'static [Held<str>] {
        match Self::LABELS {
            SqlType::Enum(labels) => &labels.labels,
            _ => &[],
        }
    }

    fn place(value: &T) -> usize {
        match value.to_value() {
            Value::Text(label) => Self::labels().iter().position(|known| **known == *label).unwrap_or(usize::MAX),
            _ => usize::MAX,
        }
    }

    /// The values as one text with commas, as the database writes them.
    fn text(&self) -> String {
        let mut text = String::new();
        for value in &self.0 {
            if let Value::Text(label) = value.to_value() {
                text.push_str(if text.is_empty() { "" } else { "," });
                text.push_str(&label);
            }
        }
        text
    }
}

impl<T> Set<T> {
    /// The values, in the order of the enum's variants.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.0.iter()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T> Default for Set<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'s, T> IntoIterator for &'s Set<T> {
    type Item = &'s T;
    type IntoIter = std::slice::Iter<'s, T>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: SqlTyped + Encode> FromIterator<T> for Set<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        let mut values: Vec<T> = values.into_iter().collect();
        values.sort_by_key(Self::place);
        values.dedup_by_key(|value| Self::place(value));
        Self(values)
    }
}

impl<T: SqlTyped> SqlTyped for Set<T> {
    type Base = Self;
    const SQL_TYPE: SqlType = match EnumOf::<T>::TYPE {
        SqlType::Enum(Held::Static(labels)) => SqlType::Set(Held::Static(labels)),
        // An enum that is kept as a number, or no enum at all: an error when the table is made, which names the type.
        _ => SqlType::Set(Held::Static(&NO_LABELS)),
    };
    const CACHE: CacheSafety = T::CACHE;
}

struct EnumOf<T>(std::marker::PhantomData<T>);

impl<T: SqlTyped> EnumOf<T> {
    const TYPE: &'static SqlType = &T::SQL_TYPE;
}

static NO_LABELS: EnumType =
    EnumType { name: Held::Static("a set of what is no enum of labels"), labels: Held::Static(&[]) };

impl<T: SqlTyped> ArrayElement for Set<T> {}

impl<T: SqlTyped + Encode> Encode for Set<T> {
    fn encode(&self, sink: &mut dyn ParamSink) -> Result<(), Fault> {
        sink.text(&self.text())
    }
    fn to_value(&self) -> Value {
        Value::Text(CompactString::from(self.text()))
    }
}

impl<T: SqlTyped + Encode + Decode> Decode for Set<T> {
    fn decode(row: &dyn RowRef, index: usize) -> Result<Self, Fault> {
        let text = row.text(index)?;
        text.split(',').filter(|label| !label.is_empty()).map(|label| T::decode(&Label(label), 0)).collect()
    }
    fn blank() -> Option<Self> {
        Some(Self::default())
    }
}

impl<T: SqlTyped + Encode + Decode> FromRow for Set<T> {
    const WIDTH: usize = 1;
    fn from_row(row: &dyn RowRef, start: usize) -> Result<Self, Fault> {
        Self::decode(row, start).map_err(|fault| fault.at(start))
    }
}

/// One label as a row of one cell.
struct Label<'t>(&'t str);

impl RowRef for Label<'_> {
    fn columns(&self) -> usize {
        1
    }
    fn is_null(&self, _: usize) -> bool {
        false
    }
    fn int(&self, _: usize) -> Result<i64, Fault> {
        Err(Fault::mismatch("an integer", "a label of a set"))
    }
    fn float(&self, _: usize) -> Result<f64, Fault> {
        Err(Fault::mismatch("a number", "a label of a set"))
    }
    fn text(&self, _: usize) -> Result<&str, Fault> {
        Ok(self.0)
    }
    fn bytes(&self, _: usize) -> Result<&[u8], Fault> {
        Err(Fault::mismatch("bytes", "a label of a set"))
    }
    fn value(&self, _: usize) -> Result<Value, Fault> {
        Ok(self.0.to_value())
    }
}

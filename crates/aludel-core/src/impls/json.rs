//! Any type with serde's traits as a JSON document.

use std::ops::{Deref, DerefMut};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::types::{ArrayElement, CacheSafety, SqlType, SqlTyped};
use crate::{Decode, Encode, Fault, FromRow, ParamSink, RowRef, Value};

/// A value of the program's own, kept as a JSON document: `settings: Json<Settings>`.
///
/// On PostgreSQL it is `jsonb`, which can be compared and searched.
///
/// ```
/// use aludel_core::{Encode, Json, Value};
///
/// let tags = Json(vec!["a", "b"]);
/// assert_eq!(tags.to_value(), Value::Json(r#"["a","b"]"#.into()));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Json<T>(pub T);

impl<T> Json<T> {
    /// The value itself.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Json<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Json<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T> From<T> for Json<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<T: 'static> SqlTyped for Json<T> {
    type Base = Self;
    const SQL_TYPE: SqlType = SqlType::Jsonb;
    const CACHE: CacheSafety = CacheSafety::Safe;
}

impl<T: 'static> ArrayElement for Json<T> {}

impl<T: Serialize> Json<T> {
    fn text(&self) -> Result<String, Fault> {
        serde_json::to_string(&self.0).map_err(|error| Fault::custom(format!("can't be made a JSON document: {error}")))
    }
}

impl<T: Serialize> Encode for Json<T> {
    fn encode(&self, sink: &mut dyn ParamSink) -> Result<(), Fault> {
        sink.json(&self.text()?)
    }
    fn to_value(&self) -> Value {
        match self.text() {
            Ok(text) => Value::Json(text.into_boxed_str()),
            Err(fault) => fault.into_value(),
        }
    }
}

impl<T: DeserializeOwned> Decode for Json<T> {
    fn decode(row: &dyn RowRef, index: usize) -> Result<Self, Fault> {
        let wanted = || format!("a JSON document of a {}", std::any::type_name::<T>());
        match row.json(index) {
            Ok(text) => {
                serde_json::from_str(text).map(Self).map_err(|error| Fault::mismatch(wanted(), format!("{error}")))
            }
            Err(fault) => {
                let document = super::serde_json::number(row, index).ok_or(fault)?;
                serde_json::from_value(document)
                    .map(Self)
                    .map_err(|error| Fault::mismatch(wanted(), format!("{error}")))
            }
        }
    }
}

impl<T: DeserializeOwned> FromRow for Json<T> {
    const WIDTH: usize = 1;
    fn from_row(row: &dyn RowRef, start: usize) -> Result<Self, Fault> {
        Self::decode(row, start).map_err(|fault| fault.at(start))
    }
}

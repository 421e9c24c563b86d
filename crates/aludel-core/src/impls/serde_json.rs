//! `serde_json::Value`, a JSON document of any shape.

use serde_json::Value as Document;

use crate::types::SqlType;
use crate::{Decode, Encode, Fault, ParamSink, RowRef, Value, scalar};

scalar!(Document, SqlType::Jsonb);

impl Encode for Document {
    fn encode(&self, sink: &mut dyn ParamSink) -> Result<(), Fault> {
        sink.json(&self.to_string())
    }
    fn to_value(&self) -> Value {
        Value::Json(self.to_string().into_boxed_str())
    }
}

impl Decode for Document {
    fn decode(row: &dyn RowRef, index: usize) -> Result<Self, Fault> {
        let text = match row.json(index) {
            Ok(text) => text,
            Err(fault) => return number(row, index).ok_or(fault),
        };
        serde_json::from_str(text)
            .map_err(|error| Fault::mismatch("a JSON document", format!("text that is none ({error})")))
    }
}

/// A document that is nothing but a number: SQLite keeps it as one in a column of type JSON.
#[cold]
pub(super) fn number(row: &dyn RowRef, index: usize) -> Option<Document> {
    match row.int(index) {
        Ok(whole) => Some(whole.into()),
        Err(_) => serde_json::Number::from_f64(row.float(index).ok()?).map(Document::Number),
    }
}

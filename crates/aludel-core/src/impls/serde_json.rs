//! `serde_json::Value`, and any type with serde's traits as a JSON document.

use serde_json::Value as Document;

use crate::types::SqlType;
use crate::{Decode, Encode, Fault, ParamSink, RowRef, Value, scalar};

scalar!(Document, SqlType::Json);

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
        let text = row.json(index)?;
        serde_json::from_str(text).map_err(|error| Fault::mismatch("a JSON document", format!("text that is none ({error})")))
    }
}

//! `Vec<T>` as an array of another type.

use crate::types::{ArrayElement, CacheSafety, Held, SqlType, SqlTyped};
use crate::{Decode, Encode, Fault, FromRow, ParamSink, RowRef, Value};

impl<T: ArrayElement> SqlTyped for Vec<T> {
    type Base = Self;
    const SQL_TYPE: SqlType = SqlType::Array(Held::Static(&T::SQL_TYPE));
    const CACHE: CacheSafety = T::CACHE;
}

impl<T: ArrayElement + Encode> Encode for [T] {
    fn encode(&self, sink: &mut dyn ParamSink) -> Result<(), Fault> {
        sink.list(self.len(), &mut |index, sink| match self.get(index) {
            Some(element) => element.encode(sink),
            None => sink.null(),
        })
    }
    fn to_value(&self) -> Value {
        Value::List(self.iter().map(Encode::to_value).collect())
    }
}

impl<T: ArrayElement + Encode> Encode for Vec<T> {
    fn encode(&self, sink: &mut dyn ParamSink) -> Result<(), Fault> {
        self.as_slice().encode(sink)
    }
    fn to_value(&self) -> Value {
        self.as_slice().to_value()
    }
    fn into_value(self) -> Value {
        Value::List(self.into_iter().map(Encode::into_value).collect())
    }
}

impl<T: ArrayElement + Decode> Decode for Vec<T> {
    fn decode(row: &dyn RowRef, index: usize) -> Result<Self, Fault> {
        let mut elements = Self::new();
        row.list(index, &mut |cell| {
            elements.push(T::decode(cell, 0)?);
            Ok(())
        })
        // A fault of an element tells its place in the element's own row of one cell.
        .map_err(|fault| fault.moved(|_| index))?;
        Ok(elements)
    }

    fn blank() -> Option<Self> {
        Some(Self::new())
    }
}

impl<T: ArrayElement + Decode> FromRow for Vec<T> {
    const WIDTH: usize = 1;
    fn from_row(row: &dyn RowRef, start: usize) -> Result<Self, Fault> {
        Self::decode(row, start).map_err(|fault| fault.at(start))
    }
}

//! The parameters of a bulk statement, of which only the first and the last rows are shown.

use std::collections::VecDeque;
use std::fmt;

use aludel_core::{ElementWriter, Encode, EncodeRow, Fault, ParamSink, RawValue, Value};

use super::shorten::ShownParameters;

/// Parameter sets before the middle is left out: the first eight and the last two stay.
const FIRST_SETS: usize = 8;
const LAST_SETS: usize = 2;

/// The first and the last parameter sets of a bulk statement.
#[derive(Debug, Default)]
pub(crate) struct Sets {
    first: Vec<Vec<Value>>,
    last: VecDeque<Vec<Value>>,
    count: u64,
}

impl Sets {
    pub(crate) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// How many there were.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// Those that are kept, in order.
    pub(crate) fn kept(&self) -> impl Iterator<Item = &Vec<Value>> {
        self.first.iter().chain(&self.last)
    }

    /// Notes a row, of which the given fields are parameters.
    pub(crate) fn note(&mut self, row: &dyn EncodeRow, fields: impl Iterator<Item = usize>) {
        self.count += 1;
        let mut values = Captured(Vec::new());
        for field in fields {
            if row.encode_field(field, &mut values).is_err() {
                values.0.push(Value::Null);
            }
        }
        if self.first.len() < FIRST_SETS {
            self.first.push(values.0);
            return;
        }
        self.last.push_back(values.0);
        if self.last.len() > LAST_SETS {
            self.last.pop_front();
        }
    }
}

impl fmt::Display for Sets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |set: &Vec<Value>| ShownParameters(&set.iter().collect::<Vec<_>>()).to_string();
        let mut parts: Vec<String> = self.first.iter().map(shown).collect();
        let kept = (self.first.len() + self.last.len()) as u64;
        if self.count > kept {
            parts.push(format!("… {} parameter sets more …", self.count - kept));
        }
        parts.extend(self.last.iter().map(shown));
        write!(f, "[{}]", parts.join(", "))
    }
}

/// Values as they are written.
struct Captured(Vec<Value>);

impl Captured {
    fn put(&mut self, value: Value) -> Result<(), Fault> {
        self.0.push(value);
        Ok(())
    }
}

impl ParamSink for Captured {
    fn null(&mut self) -> Result<(), Fault> {
        self.put(Value::Null)
    }
    fn bool(&mut self, value: bool) -> Result<(), Fault> {
        self.put(Value::Bool(value))
    }
    fn int(&mut self, value: i64) -> Result<(), Fault> {
        self.put(Value::Int(value))
    }
    fn float(&mut self, value: f64) -> Result<(), Fault> {
        self.put(Value::Float(value))
    }
    fn text(&mut self, value: &str) -> Result<(), Fault> {
        self.put(value.to_value())
    }
    fn bytes(&mut self, value: &[u8]) -> Result<(), Fault> {
        self.put(value.to_value())
    }
    fn uint(&mut self, value: u64) -> Result<(), Fault> {
        self.put(Value::Uint(value))
    }
    fn list(&mut self, length: usize, each: &mut ElementWriter<'_>) -> Result<(), Fault> {
        let mut elements = Self(Vec::with_capacity(length));
        (0..length).try_for_each(|index| each(index, &mut elements))?;
        self.put(Value::List(elements.0.into()))
    }
    fn raw(&mut self, type_name: &str, bytes: &[u8]) -> Result<(), Fault> {
        self.put(Value::Raw(Box::new(RawValue::new(type_name, bytes))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_show_the_first_eight_and_the_last_two() {
        let mut sets = Sets::default();
        for number in 0..20_i64 {
            sets.note(&(number,), [0].into_iter());
        }
        let text = sets.to_string();
        assert!(text.starts_with("[(0), (1)") && text.ends_with("(18), (19)]"), "{text}");
        assert!(text.contains("(7), … 10 parameter sets more …, (18)"), "{text}");
    }
}

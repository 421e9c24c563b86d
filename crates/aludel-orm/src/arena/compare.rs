//! Which columns of an object were changed.

use std::any::Any;

use aludel_core::{Encode, EncodeRow, Fault, ParamSink};

/// Writes values down as bytes that are equal just when the values are.
#[derive(Default)]
pub(crate) struct Recorder {
    pub(crate) bytes: Vec<u8>,
}

impl Recorder {
    fn tagged(&mut self, tag: u8, bytes: &[u8]) -> Result<(), Fault> {
        self.bytes.push(tag);
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    fn sized(&mut self, tag: u8, bytes: &[u8]) -> Result<(), Fault> {
        self.bytes.push(tag);
        self.bytes.extend_from_slice(&bytes.len().to_le_bytes());
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }
}

impl ParamSink for Recorder {
    fn null(&mut self) -> Result<(), Fault> {
        self.tagged(0, &[])
    }
    fn bool(&mut self, value: bool) -> Result<(), Fault> {
        self.tagged(1, &[u8::from(value)])
    }
    fn int(&mut self, value: i64) -> Result<(), Fault> {
        self.tagged(2, &value.to_le_bytes())
    }
    fn uint(&mut self, value: u64) -> Result<(), Fault> {
        match i64::try_from(value) {
            Ok(value) => self.int(value),
            Err(_) => self.tagged(3, &value.to_le_bytes()),
        }
    }
    fn float(&mut self, value: f64) -> Result<(), Fault> {
        self.tagged(4, &value.to_bits().to_le_bytes())
    }
    fn text(&mut self, value: &str) -> Result<(), Fault> {
        self.sized(5, value.as_bytes())
    }
    fn bytes(&mut self, value: &[u8]) -> Result<(), Fault> {
        self.sized(6, value)
    }
    fn uuid(&mut self, value: &[u8; 16]) -> Result<(), Fault> {
        self.tagged(7, value)
    }
    fn json(&mut self, value: &str) -> Result<(), Fault> {
        self.sized(8, value.as_bytes())
    }
    fn interval(&mut self, value: aludel_core::Interval) -> Result<(), Fault> {
        self.tagged(12, &value.months.to_le_bytes())?;
        self.tagged(12, &value.days.to_le_bytes())?;
        self.tagged(12, &value.time_nanos().to_le_bytes())
    }
    fn numeric(&mut self, value: &aludel_core::Numeric) -> Result<(), Fault> {
        self.sized(13, value.to_string().as_bytes())
    }
    fn list(&mut self, length: usize, each: &mut aludel_core::ElementWriter<'_>) -> Result<(), Fault> {
        self.tagged(9, &length.to_le_bytes())?;
        (0..length).try_for_each(|index| each(index, self))
    }
    fn raw(&mut self, type_name: &str, bytes: &[u8]) -> Result<(), Fault> {
        self.sized(10, type_name.as_bytes())?;
        self.sized(11, bytes)
    }
}

/// Whether two fields of one of the common types differ; nothing for other types, which are compared as they are written.
#[inline]
pub(crate) fn differ_plainly(one: &dyn Any, other: &dyn Any) -> Option<bool> {
    macro_rules! of {
        ($($type:ty),+) => {
            $(
                if let (Some(one), Some(other)) = (one.downcast_ref::<$type>(), other.downcast_ref::<$type>()) {
                    return Some(one != other);
                }
            )+
        };
    }
    of!(String, i64, Option<String>, Option<i64>, i32, bool, Option<i32>, Option<bool>);
    None
}

/// Compares two rows column by column.
#[derive(Default)]
pub(crate) struct Comparison {
    one: Recorder,
    other: Recorder,
}

impl Comparison {
    /// Whether a column differs. One that can't be written counts as changed, so that writing it tells the fault.
    pub(crate) fn differs(&mut self, one: &dyn EncodeRow, other: &dyn EncodeRow, column: usize) -> bool {
        self.one.bytes.clear();
        self.other.bytes.clear();
        let written =
            one.encode_field(column, &mut self.one).and_then(|()| other.encode_field(column, &mut self.other));
        written.is_err() || self.one.bytes != self.other.bytes
    }
}

/// A value as bytes, for keys.
pub(crate) fn record(value: &dyn Encode, into: &mut Vec<u8>) {
    let mut recorder = Recorder { bytes: std::mem::take(into) };
    // What can't be written can't be a key, and is told when it is written.
    let _: Result<(), Fault> = value.encode(&mut recorder);
    *into = recorder.bytes;
}

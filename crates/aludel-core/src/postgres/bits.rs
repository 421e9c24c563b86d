//! Bit strings.

use std::fmt;
use std::str::FromStr;

use super::read::{Read, count};
use crate::decode::{Decode, RowRef};
use crate::encode::{Encode, ParamSink};
use crate::error::Fault;
use crate::raw::RawValue;
use crate::types::{ArrayElement, CacheSafety, Held, NativeType, SqlType, SqlTyped};
use crate::value::Value;

/// `varbit`, and `bit(n)` for a column that says so: a string of bits, the first one on the left.
///
/// ```
/// use aludel_core::postgres::Bits;
///
/// let bits: Bits = "10110".parse().unwrap();
/// assert_eq!((bits.len(), bits.get(0), bits.get(1)), (5, Some(true), Some(false)));
/// assert_eq!(bits.to_string(), "10110");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Bits {
    length: usize,
    /// The first bit is the highest of the first byte; unused ones are 0.
    bytes: Vec<u8>,
}

impl Bits {
    /// How many bits there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.length
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// The bit at this position, from the left and from 0.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<bool> {
        let byte = self.bytes.get(index / 8).filter(|_| index < self.length)?;
        Some(byte & (0x80 >> (index % 8)) != 0)
    }

    /// The bits, from the left.
    pub fn iter(&self) -> impl Iterator<Item = bool> {
        (0..self.length).map_while(|index| self.get(index))
    }
}

impl FromIterator<bool> for Bits {
    fn from_iter<I: IntoIterator<Item = bool>>(bits: I) -> Self {
        let mut all = Self::default();
        for bit in bits {
            if all.length.is_multiple_of(8) {
                all.bytes.push(0);
            }
            if bit && let Some(last) = all.bytes.last_mut() {
                *last |= 0x80 >> (all.length % 8);
            }
            all.length += 1;
        }
        all
    }
}

impl FromStr for Bits {
    type Err = Fault;
    fn from_str(text: &str) -> Result<Self, Fault> {
        let bit = |digit| match digit {
            '0' => Ok(false),
            '1' => Ok(true),
            _ => Err(Fault::mismatch("a text of zeros and ones", format!("the text {text:?}"))),
        };
        text.chars().map(bit).collect()
    }
}

impl fmt::Display for Bits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.iter().try_for_each(|bit| f.write_str(if bit { "1" } else { "0" }))
    }
}

impl SqlTyped for Bits {
    type Base = Self;
    const SQL_TYPE: SqlType = SqlType::Native(Held::Static(&NativeType {
        family: Held::Static(super::FAMILY),
        name: Held::Static("varbit"),
    }));
    const CACHE: CacheSafety = CacheSafety::Safe;
}

impl ArrayElement for Bits {}

fn bytes_of(bits: &Bits) -> Result<Vec<u8>, Fault> {
    let mut bytes = count(bits.length)?.to_be_bytes().to_vec();
    bytes.extend(&bits.bytes);
    Ok(bytes)
}

impl Encode for Bits {
    fn encode(&self, sink: &mut dyn ParamSink) -> Result<(), Fault> {
        // One form for both types.
        sink.raw("varbit", &bytes_of(self)?)
    }
    fn to_value(&self) -> Value {
        match bytes_of(self) {
            Ok(bytes) => Value::Raw(Box::new(RawValue::new("varbit", bytes))),
            Err(fault) => fault.into_value(),
        }
    }
}

impl Decode for Bits {
    fn decode(row: &dyn RowRef, index: usize) -> Result<Self, Fault> {
        let name = if row.raw(index).is_some_and(|(name, _)| name == "bit") { "bit" } else { "varbit" };
        let bytes = super::raw_of(row, index, name)?;
        read(bytes).ok_or_else(|| super::garbled(name, bytes))
    }
    fn blank() -> Option<Self> {
        Some(Self::default())
    }
}

impl crate::FromRow for Bits {
    const WIDTH: usize = 1;
    fn from_row(row: &dyn RowRef, start: usize) -> Result<Self, Fault> {
        Self::decode(row, start).map_err(|fault| fault.at(start))
    }
}

fn read(bytes: &[u8]) -> Option<Bits> {
    let mut rest = Read(bytes);
    let length = usize::try_from(rest.i32()?).ok()?;
    let bytes = rest.bytes(length.div_ceil(8))?.to_vec();
    rest.end(Bits { length, bytes })
}

//! SQL types as bytes on a tape.

use aludel_core::{EnumType, Held, NativeType, SqlType};

use super::Tape;
use super::decode::Reader;

impl Tape {
    pub(crate) fn sql_type(&mut self, sql_type: &SqlType) {
        match sql_type {
            SqlType::Boolean => self.byte(0),
            SqlType::SmallInt => self.byte(1),
            SqlType::Integer => self.byte(2),
            SqlType::BigInt => self.byte(3),
            SqlType::Float => self.byte(4),
            SqlType::Double => self.byte(5),
            SqlType::Numeric(None) => self.byte(6),
            SqlType::Numeric(Some((precision, scale))) => {
                self.byte(7);
                self.bytes(&precision.to_le_bytes());
                self.bytes(&scale.to_le_bytes());
            }
            SqlType::Varchar(length) => {
                self.byte(8);
                self.bytes(&length.to_le_bytes());
            }
            SqlType::Char(length) => {
                self.byte(9);
                self.bytes(&length.to_le_bytes());
            }
            SqlType::Text => self.byte(10),
            SqlType::Blob => self.byte(11),
            SqlType::Date => self.byte(12),
            SqlType::Time => self.byte(13),
            SqlType::DateTime => self.byte(14),
            SqlType::Timestamp => self.byte(15),
            SqlType::Interval => self.byte(16),
            SqlType::Uuid => self.byte(17),
            SqlType::Json => self.byte(18),
            SqlType::Enum(held) => {
                self.byte(19);
                self.labels(held);
            }
            SqlType::Array(element) => {
                self.byte(20);
                self.sql_type(element);
            }
            SqlType::Named(name) => {
                self.byte(21);
                self.text(name);
            }
            SqlType::UnsignedTinyInt => self.byte(23),
            SqlType::UnsignedSmallInt => self.byte(24),
            SqlType::UnsignedInteger => self.byte(25),
            SqlType::UnsignedBigInt => self.byte(26),
            SqlType::Jsonb => self.byte(27),
            SqlType::Set(held) => {
                self.byte(28);
                self.labels(held);
            }
            SqlType::Native(native) => {
                self.byte(29);
                self.text(&native.family);
                self.text(&native.name);
            }
            // A type that core knows and this file does not would make two keys equal that are not: named by its words.
            other => {
                self.byte(22);
                self.text(&format!("{other:?}"));
            }
        }
    }

    fn labels(&mut self, labels: &EnumType) {
        self.text(&labels.name);
        self.count(labels.labels.len());
        labels.labels.iter().for_each(|label| self.text(label));
    }
}

/// Reads what [`Tape::sql_type`] wrote.
pub(super) fn read(reader: &mut Reader<'_>) -> Option<SqlType> {
    Some(match reader.byte()? {
        0 => SqlType::Boolean,
        1 => SqlType::SmallInt,
        2 => SqlType::Integer,
        3 => SqlType::BigInt,
        4 => SqlType::Float,
        5 => SqlType::Double,
        6 => SqlType::Numeric(None),
        7 => SqlType::Numeric(Some((u16::from_le_bytes(reader.array()?), u16::from_le_bytes(reader.array()?)))),
        8 => SqlType::Varchar(u32::from_le_bytes(reader.array()?)),
        9 => SqlType::Char(u32::from_le_bytes(reader.array()?)),
        10 => SqlType::Text,
        11 => SqlType::Blob,
        12 => SqlType::Date,
        13 => SqlType::Time,
        14 => SqlType::DateTime,
        15 => SqlType::Timestamp,
        16 => SqlType::Interval,
        17 => SqlType::Uuid,
        18 => SqlType::Json,
        19 => SqlType::Enum(labels(reader)?),
        20 => SqlType::Array(Held::Shared(read(reader)?.into())),
        21 | 22 => SqlType::Named(Held::from(reader.text()?)),
        23 => SqlType::UnsignedTinyInt,
        24 => SqlType::UnsignedSmallInt,
        25 => SqlType::UnsignedInteger,
        26 => SqlType::UnsignedBigInt,
        27 => SqlType::Jsonb,
        28 => SqlType::Set(labels(reader)?),
        29 => {
            let family = Held::from(reader.text()?);
            SqlType::Native(Held::Shared(NativeType { family, name: Held::from(reader.text()?) }.into()))
        }
        _ => return None,
    })
}

fn labels(reader: &mut Reader<'_>) -> Option<Held<EnumType>> {
    let name = Held::from(reader.text()?);
    let count = reader.count()?;
    let labels: Option<Vec<_>> = (0..count).map(|_| reader.text().map(Held::from)).collect();
    Some(Held::Shared(EnumType { name, labels: Held::Shared(labels?.into()) }.into()))
}

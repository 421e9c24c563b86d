//! The first rows, which are held until it is known whether there are many.

use aludel_core::{EncodeRow, Result};
use aludel_engine::driver::{RowFeed, bulk_fault};
use bytes::BytesMut;

use super::{More, Prepared, Rows, Run};
use crate::bind::Param;
use crate::types::Type;

/// After so many bytes there are many rows, whatever their number.
const ENOUGH: usize = 256 * 1024;

/// The first rows, each value in binary behind its length.
#[derive(Debug, Default)]
pub(super) struct First {
    bytes: BytesMut,
    /// Where each row ends.
    ends: Vec<usize>,
}

impl First {
    /// Takes rows until there are enough of them.
    pub(super) fn gather(
        &mut self,
        run: &mut Run<'_, '_>,
        prepared: &Prepared,
        enough: usize,
        feed: &mut dyn RowFeed,
    ) -> Result<More> {
        let (rows, odd, params) = (run.rows, &mut run.odd, &*prepared.described.params);
        while self.ends.len() < enough && self.bytes.len() < ENOUGH {
            let bytes = &mut self.bytes;
            let mut has_odd = false;
            let taken = feed.next(&mut |row| {
                has_odd = !rows.write_binary(row, params, bytes)?;
                if has_odd {
                    odd.take(row, rows.fields, |index| params.get(index))?;
                }
                Ok(())
            })?;
            if has_odd {
                return Ok(More::Odd);
            }
            if !taken {
                return Ok(More::No);
            }
            self.ends.push(self.bytes.len());
        }
        Ok(More::Yes)
    }

    pub(super) fn rows(&self) -> usize {
        self.ends.len()
    }

    /// The values of each row.
    pub(super) fn each(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| self.bytes.get(start..*end).unwrap_or(&[]))
    }
}

impl Rows<'_> {
    /// Appends a row's values. False, and nothing is appended, if one has no binary form.
    pub(super) fn write_binary(&self, row: &dyn EncodeRow, params: &[Type], out: &mut BytesMut) -> Result<bool> {
        let start = out.len();
        for (index, field) in self.fields.iter().enumerate() {
            let mut param = Param::new(out, params.get(index).unwrap_or(&Type::UNKNOWN));
            row.encode_field(field.index, &mut param).map_err(|fault| bulk_fault(field, index, fault))?;
            if param.is_text {
                out.truncate(start);
                return Ok(false);
            }
        }
        Ok(true)
    }
}

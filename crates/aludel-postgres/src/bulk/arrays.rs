//! Rows in arrays, one for each column, which `unnest` reads side by side.

use std::sync::Arc;

use aludel_core::{EncodeRow, Result};
use aludel_engine::driver::{BulkField, BulkMany, RowFeed, bulk_fault};
use aludel_sql::Compiled;
use bytes::{BufMut, BytesMut};

use super::first::First;
use super::{More, Prepared, Run, is_last};
use crate::bind::{NULL, Param};
use crate::connection::too_large;
use crate::request::{self, Bind};
use crate::types::{Form, Type};

/// A statement takes rows of so many bytes.
const PIECE: usize = 512 * 1024;
/// How many statements are under way at once.
const AHEAD: u32 = 1;
/// What a column's buffer begins with.
const ROOM: usize = 1024;

/// The rows of one statement, column by column.
#[derive(Debug)]
pub(super) struct Columns {
    columns: Vec<Column>,
    rows: usize,
    bytes: usize,
}

#[derive(Debug)]
struct Column {
    element: Type,
    /// Each element behind its length.
    bytes: BytesMut,
    has_null: bool,
    /// Where the row at hand begins.
    start: usize,
}

impl Columns {
    /// Buffers for arrays of these types. None if there is one that is no array.
    pub(super) fn new(params: &[Type], width: usize) -> Option<Self> {
        let column = |ty: &Type| {
            Some(Column { element: ty.element()?, bytes: BytesMut::with_capacity(ROOM), has_null: false, start: 0 })
        };
        let columns: Vec<Column> = params.iter().take(width).map(column).collect::<Option<_>>()?;
        (columns.len() == width).then_some(Self { columns, rows: 0, bytes: 0 })
    }

    /// Whether values for parameters of these types can be elements as they are.
    fn takes(&self, params: &[Type]) -> bool {
        self.columns.iter().zip(params).all(|(column, ty)| {
            column.element.oid == ty.oid
                || (column.element.form == ty.form && !matches!(ty.form, Form::Other | Form::Array))
        })
    }

    /// Takes a row's values that were written already.
    fn push_written(&mut self, values: &[u8]) {
        let mut rest = values;
        for column in &mut self.columns {
            let length = rest.first_chunk().map_or(-1, |length| i32::from_be_bytes(*length));
            let size = 4 + usize::try_from(length).unwrap_or(0);
            let (value, behind) = rest.split_at_checked(size).unwrap_or((rest, &[]));
            column.has_null |= length < 0;
            column.bytes.extend_from_slice(value);
            rest = behind;
        }
        self.rows += 1;
        self.bytes += values.len();
    }

    /// Takes a row. False, and nothing is taken, if a value has no binary form.
    fn push(&mut self, row: &dyn EncodeRow, fields: &[BulkField]) -> Result<bool> {
        for column in &mut self.columns {
            column.start = column.bytes.len();
        }
        for (index, (field, column)) in fields.iter().zip(&mut self.columns).enumerate() {
            let mut param = Param::new(&mut column.bytes, &column.element);
            row.encode_field(field.index, &mut param).map_err(|fault| bulk_fault(field, index, fault))?;
            if param.is_text {
                self.columns.iter_mut().for_each(|column| column.bytes.truncate(column.start));
                return Ok(false);
            }
            column.has_null |= column.bytes.get(column.start..column.start + 4) == Some(&NULL);
            self.bytes += column.bytes.len() - column.start;
        }
        self.rows += 1;
        Ok(true)
    }

    /// Writes the arrays as parameters, and forgets the rows.
    fn write(&mut self, out: &mut BytesMut) -> Result<()> {
        let rows = i32::try_from(self.rows).map_err(|_| too_large())?;
        for column in &mut self.columns {
            out.put_i32(i32::try_from(column.bytes.len() + 20).map_err(|_| too_large())?);
            out.put_i32(1);
            out.put_i32(i32::from(column.has_null));
            out.put_u32(column.element.oid);
            out.put_i32(rows);
            out.put_i32(1);
            out.extend_from_slice(&column.bytes);
            column.bytes.clear();
            column.has_null = false;
        }
        (self.rows, self.bytes) = (0, 0);
        Ok(())
    }
}

/// The statement for many rows, with the buffers of its columns.
struct ManyRows<'m> {
    compiled: &'m Arc<Compiled>,
    prepared: Prepared,
    columns: Columns,
    most: usize,
}

impl Run<'_, '_> {
    /// Sends rows as arrays, one for each column, beginning with those that were written already.
    pub(super) async fn by_arrays(
        &mut self,
        many: BulkMany<'_>,
        single: Prepared,
        first: &First,
        mut more: More,
        feed: &mut dyn RowFeed,
    ) -> Result<()> {
        let BulkMany { compiled, slot, rows: most } = many;
        let prepared = self.prepare(compiled, slot).await?;
        let columns = Columns::new(&prepared.described.params, self.rows.fields.len());
        let Some(mut columns) = columns.filter(|columns| columns.takes(&single.described.params)) else {
            let single = self.prepare_again(single).await?;
            return self.one_by_one(single, first, more, feed).await;
        };
        first.each().for_each(|values| columns.push_written(values));
        let mut many = ManyRows { compiled, prepared, columns, most };
        loop {
            if more != More::No {
                more = self.fill(&mut many, feed)?;
            }
            let is_last = is_last(more, feed);
            if is_last && self.sent == 0 {
                self.take_back_begin();
            }
            if many.columns.rows > 0 {
                self.write_arrays(&mut many)?;
                self.send(is_last).await?;
            } else if is_last {
                // The last rows have gone already: what ends the whole goes alone.
                for sql in self.commit {
                    self.connection.write_query(sql)?;
                }
            }
            match more {
                More::No => return self.finish(is_last).await,
                More::Yes => {
                    if !self.read(AHEAD, 0).await? {
                        return Ok(());
                    }
                }
                More::Odd => {
                    if !self.read(0, 0).await? {
                        return Ok(());
                    }
                    let single = self.prepare_again(single).await?;
                    return self.one_by_one(single, &First::default(), More::Odd, feed).await;
                }
            }
        }
    }

    /// Takes rows until a statement is full.
    fn fill(&mut self, many: &mut ManyRows<'_>, feed: &mut dyn RowFeed) -> Result<More> {
        let (rows, odd) = (self.rows, &mut self.odd);
        let mut has_odd = false;
        loop {
            if many.columns.rows >= many.most || many.columns.bytes >= PIECE {
                return Ok(More::Yes);
            }
            let taken = feed.next(&mut |row| {
                has_odd = !many.columns.push(row, rows.fields)?;
                if has_odd {
                    let columns = &many.columns.columns;
                    odd.take(row, rows.fields, |index| columns.get(index).map(|column| &column.element))?;
                }
                Ok(())
            })?;
            if has_odd {
                return Ok(More::Odd);
            }
            if !taken {
                return Ok(More::No);
            }
        }
    }

    fn write_arrays(&mut self, many: &mut ManyRows<'_>) -> Result<()> {
        let ManyRows { compiled, prepared, columns, .. } = many;
        let width = columns.columns.len();
        let out = self.connection.channel.wire.out();
        let start = out.len();
        let count = u16::try_from(width + compiled.binds.len()).map_err(|_| too_large())?;
        let bind = Bind::begin(prepared.place.name, count, out);
        let written = columns
            .write(out)
            .and_then(|()| self.rows.write_arguments(compiled, &prepared.described.params, width, &bind, out));
        let written = written.and_then(|()| if bind.end(out) { Ok(()) } else { Err(too_large()) });
        if let Err(error) = written {
            self.connection.channel.wire.truncate_out(start);
            return Err(error);
        }
        request::execute(0, out);
        self.connection.commit_request();
        Ok(())
    }
}

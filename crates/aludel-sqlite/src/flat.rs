//! Rows of parameters in flat memory: encoded where the rows are, bound where the statement runs.
//!
//! A row's fields are encoded one behind the other, each a tag and its bytes. The statement is bound out of this memory
//! without copies, since it stays where it is until the row was inserted; and the memory can go to another thread, though the
//! rows' iterator cannot.

use aludel_core::{Fault, Result};
use aludel_engine::driver::{BulkField, RowFeed, bulk_fault, write_fault};
use aludel_sql::{Arguments, Compiled};

use crate::bind::{Params, Target, bind_borrowed, bind_fault};
use crate::ffi::{Code, Run};

/// Memory that is filled at once: half a megabyte.
const MOST_BYTES: usize = 1 << 19;

/// Encoded rows.
#[derive(Debug, Default)]
pub(crate) struct FlatRows {
    bytes: Vec<u8>,
    rows: usize,
}

/// What a value begins with.
mod tag {
    pub(super) const NULL: u8 = 0;
    pub(super) const INT: u8 = 1;
    pub(super) const FLOAT: u8 = 2;
    pub(super) const TEXT: u8 = 3;
    pub(super) const BLOB: u8 = 4;
}

impl FlatRows {
    /// Forgets the rows and keeps the memory, unless a large value has made it large.
    pub(crate) fn clear(&mut self) {
        self.rows = 0;
        self.bytes.clear();
        self.bytes.shrink_to(1 << 20);
    }

    pub(crate) fn len(&self) -> usize {
        self.rows
    }

    /// Takes rows from the feed until there are so many, or half a megabyte, or no more. Tells how many there are now.
    pub(crate) fn fill(&mut self, feed: &mut dyn RowFeed, fields: &[BulkField], most: usize) -> Result<usize> {
        while !self.is_full(most) {
            let begin = self.bytes.len();
            let taken = feed.next(&mut |row| {
                for (index, field) in fields.iter().enumerate() {
                    let sink = &mut Params::new(&mut *self, field.column);
                    row.encode_field(field.index, sink).map_err(|fault| bulk_fault(field, index, fault))?;
                }
                Ok(())
            });
            match taken {
                Ok(true) => self.rows += 1,
                Ok(false) => break,
                Err(error) => {
                    self.bytes.truncate(begin);
                    return Err(error);
                }
            }
        }
        Ok(self.rows)
    }

    /// Whether filling it ended because it was full, and not because there were no more rows.
    pub(crate) fn is_full(&self, most: usize) -> bool {
        self.rows >= most || self.bytes.len() >= MOST_BYTES
    }

    pub(crate) fn reader(&self) -> FlatReader<'_> {
        FlatReader { rest: &self.bytes }
    }

    fn sized(&mut self, tag: u8, bytes: &[u8]) {
        self.bytes.push(tag);
        self.bytes.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
        self.bytes.extend_from_slice(bytes);
    }
}

impl Target for FlatRows {
    fn null(&mut self) -> Result<(), Fault> {
        self.bytes.push(tag::NULL);
        Ok(())
    }

    fn int(&mut self, value: i64) -> Result<(), Fault> {
        self.bytes.push(tag::INT);
        self.bytes.extend_from_slice(&value.to_le_bytes());
        Ok(())
    }

    fn float(&mut self, value: f64) -> Result<(), Fault> {
        self.bytes.push(tag::FLOAT);
        self.bytes.extend_from_slice(&value.to_le_bytes());
        Ok(())
    }

    fn text(&mut self, value: &str) -> Result<(), Fault> {
        self.sized(tag::TEXT, value.as_bytes());
        Ok(())
    }

    fn blob(&mut self, value: &[u8]) -> Result<(), Fault> {
        self.sized(tag::BLOB, value);
        Ok(())
    }
}

/// Reads encoded rows, value after value.
#[derive(Debug)]
pub(crate) struct FlatReader<'v> {
    rest: &'v [u8],
}

impl<'v> FlatReader<'v> {
    /// Binds the next value.
    fn bind(&mut self, run: &mut Run<'_, 'v>) -> Result<(), Code> {
        match self.take(1) {
            [tag::INT] => run.int(i64::from_le_bytes(self.eight())),
            [tag::FLOAT] => run.float(f64::from_le_bytes(self.eight())),
            [tag::TEXT] => {
                let bytes = self.sized();
                run.utf8(bytes)
            }
            [tag::BLOB] => {
                let bytes = self.sized();
                run.blob(bytes)
            }
            _ => run.null(),
        }
    }

    fn sized(&mut self) -> &'v [u8] {
        let length = usize::try_from(u64::from_le_bytes(self.eight())).unwrap_or(usize::MAX);
        self.take(length)
    }

    fn eight(&mut self) -> [u8; 8] {
        self.take(8).try_into().unwrap_or_default()
    }

    fn take(&mut self, count: usize) -> &'v [u8] {
        let (taken, rest) = self.rest.split_at_checked(count).unwrap_or((self.rest, &[]));
        self.rest = rest;
        taken
    }
}

/// How many parameters a statement has: those of its rows first, then its own.
pub(crate) fn parameters(compiled: &Compiled) -> usize {
    compiled.rows.map_or(0, |shape| shape.width * shape.rows) + compiled.binds.len()
}

/// Binds the next row, and the statement's own values behind it.
pub(crate) fn bind_row<'v>(
    run: &mut Run<'_, 'v>,
    row: &mut FlatReader<'v>,
    width: usize,
    compiled: &Compiled,
    arguments: &'v Arguments,
) -> Result<()> {
    for index in 0..width {
        row.bind(run).map_err(|code| write_fault(compiled, index, bind_fault(code)))?;
    }
    for (index, bind) in compiled.binds.iter().enumerate() {
        let value = arguments.get(bind.source);
        bind_borrowed(run, value, bind.context).map_err(|fault| write_fault(compiled, index, fault))?;
    }
    Ok(())
}

//! Statements of many rows, for MySQL.
//!
//! Rows are gathered first, since nobody knows how large they are before they are written: those that are too large for one
//! request go row by row.

use std::ops::Range;

use aludel_core::{Fault, ParamSink, Result};
use aludel_engine::driver::{Bulk, BulkMany, Outcome};
use aludel_sql::{Arguments, Compiled};
use bytes::{BufMut, BytesMut};

use super::{add, write_fields};
use crate::bind::{Nulls, ParameterType, Params, Types};
use crate::connection::MySqlConnection;
use crate::request::{Values, put_run};
use crate::statement::At;

/// Encoded rows.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    bytes: BytesMut,
    cells: Vec<Cell>,
    width: usize,
}

/// One value of a row.
#[derive(Clone, Copy, Debug)]
struct Cell {
    /// Its type; none for NULL.
    kind: Option<ParameterType>,
    end: usize,
}

impl Gathered {
    pub(super) fn count(&self) -> usize {
        self.cells.len() / self.width.max(1)
    }

    fn clear(&mut self) {
        self.bytes.clear();
        self.cells.clear();
    }

    /// The cells of some rows, with their bytes.
    fn cells(&self, rows: Range<usize>) -> impl Iterator<Item = (Option<ParameterType>, &[u8])> {
        let first = rows.start * self.width;
        let start = first.checked_sub(1).and_then(|before| self.cells.get(before)).map_or(0, |cell| cell.end);
        let cells = self.cells.get(first..rows.end * self.width).unwrap_or(&[]);
        cells.iter().scan(start, |start, cell| {
            let bytes = self.bytes.get(*start..cell.end).unwrap_or(&[]);
            *start = cell.end;
            Some((cell.kind, bytes))
        })
    }

    /// Takes up to so many rows from the feed. Tells whether there may be more.
    fn fill(&mut self, bulk: &mut Bulk<'_>, most: usize, hyphens: bool) -> Result<bool> {
        self.width = bulk.fields.len();
        let mut types = Types::default();
        types.begin(self.width);
        while self.count() < most {
            let (fields, bytes, cells, types) = (bulk.fields, &mut self.bytes, &mut self.cells, &mut types);
            let taken = bulk.feed.next(&mut |row| {
                for (index, field) in fields.iter().enumerate() {
                    let before = bytes.len();
                    let mut params = Params {
                        out: &mut *bytes,
                        types: &mut *types,
                        nulls: Nulls::Indicators,
                        index,
                        context: None,
                        hyphens,
                    };
                    write_fields(row, std::slice::from_ref(field), &mut params)?;
                    let is_null = bytes.get(before) == Some(&1);
                    let kind = types.as_slice().get(index).copied().filter(|_| !is_null);
                    cells.push(Cell { kind, end: bytes.len() });
                }
                Ok(())
            })?;
            if !taken {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

impl MySqlConnection {
    /// Sends rows by the statement for many of them. Gives what is left over.
    pub(super) async fn run_values(&mut self, bulk: &mut Bulk<'_>, total: &mut Outcome) -> Result<Gathered> {
        let mut gathered = Gathered::default();
        let hyphens = self.is_mariadb();
        let Some(BulkMany { compiled, rows, slot }) = bulk.many.take() else {
            return Ok(gathered);
        };
        while gathered.fill(bulk, rows, hyphens)? {
            if gathered.bytes.len() + compiled.sql.len() + gathered.cells.len() * 3 > self.max_packet {
                for row in 0..gathered.count() {
                    let at = self.prepared(bulk.single, *bulk.single_slot).await?;
                    *bulk.single_slot = at.slot();
                    self.put_gathered(bulk.single, at, bulk.arguments, &gathered, row..row + 1)?;
                    let outcome = self.read_all(bulk.single, at, bulk.sink).await?;
                    add(total, outcome, 1, bulk.single.kind);
                }
            } else {
                let at = self.prepared(compiled, *slot).await?;
                *slot = at.slot();
                self.put_gathered(compiled, at, bulk.arguments, &gathered, 0..rows)?;
                let outcome = self.read_all(compiled, at, bulk.sink).await?;
                add(total, outcome, rows as u64, compiled.kind);
            }
            gathered.clear();
        }
        Ok(gathered)
    }

    /// Requests a run with these rows.
    pub(super) fn put_gathered(
        &mut self,
        compiled: &Compiled,
        at: At,
        arguments: &Arguments,
        gathered: &Gathered,
        rows: Range<usize>,
    ) -> Result<()> {
        let hyphens = self.is_mariadb();
        let entry = self.statements.get(at);
        let count = rows.len() * gathered.width + compiled.binds.len();
        put_run(&mut self.session, entry.id, &mut entry.types, count, self.max_packet, hyphens, |params| {
            for (kind, bytes) in gathered.cells(rows) {
                match kind {
                    // The first byte has told that it is not NULL.
                    Some(kind) => params.encoded(kind, bytes.get(1..).unwrap_or(&[])),
                    None => {
                        let _: Result<(), Fault> = params.null();
                    }
                }
            }
            Values { compiled, arguments, hyphens }.write(params)
        })
    }
}

impl Params<'_> {
    /// Writes a value that has its form already.
    fn encoded(&mut self, kind: ParameterType, bytes: &[u8]) {
        self.typed(kind);
        self.out.put_slice(bytes);
    }
}

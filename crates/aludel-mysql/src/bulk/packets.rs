//! MariaDB's packets of rows.
//!
//! A packet has the types of all parameters, and then for each row and parameter a byte that tells whether it is NULL, and
//! the value. The server runs the statement for the rows in their order, in one thread, and sends what each returns as it
//! goes, so returned rows are in the rows' order. An INSERT is one statement to it, however many rows there are: all are
//! inserted or none. So a packet that holds all rows needs no transaction around it.
//!
//! While the server works on a packet, the next one is put together.

use aludel_core::Result;
use aludel_engine::driver::{Bulk, BulkField, Outcome, RowFeed};
use aludel_sql::StatementKind;
use bytes::{BufMut, BytesMut};
use mysql_common::constants::{Command, StmtBulkExecuteFlags};

use super::{add, write_fields};
use crate::bind::{Nulls, ParameterType, Params, Types, put_column_types};
use crate::connection::MySqlConnection;
use crate::request::{Values, too_large};
use crate::session::Answer;

/// A packet is sent when it has so many bytes.
const ENOUGH: usize = 256 * 1024;
/// What a packet has before its types.
const HEAD: usize = 1 + 4 + 2;

/// Rows that are put together for a packet find a buffer up to this size there.
const KEPT: usize = 16 * 1024;

/// Memory that rows were put together in before.
#[derive(Debug, Default)]
pub(crate) struct Room {
    bytes: BytesMut,
    types: Types,
}

/// Rows that are put together for a packet.
#[derive(Debug, Default)]
struct Packed {
    bytes: BytesMut,
    rows: u64,
    /// The types of the rows, where they are not those of the last one written.
    types: Option<Vec<ParameterType>>,
    /// How many bytes at the end belong to the next packet: a row that has other types, or is too large for this one.
    carried: usize,
}

impl MySqlConnection {
    pub(super) async fn run_packets(&mut self, bulk: &mut Bulk<'_>) -> Result<Outcome> {
        let at = self.prepared(bulk.single, *bulk.single_slot).await?;
        *bulk.single_slot = at.slot();
        let id = self.statements.get(at).id;
        let count = bulk.fields.len() + bulk.single.binds.len();
        let mut packing = Packing {
            fields: bulk.fields,
            values: Values { compiled: bulk.single, arguments: bulk.arguments, hyphens: self.is_mariadb() },
            types: std::mem::take(&mut self.room.types),
            most: self.max_packet.saturating_sub(HEAD + count * 2 + 1),
            has_ended: false,
        };
        packing.types.begin_rows(count);
        let mut packed = Packed { bytes: std::mem::take(&mut self.room.bytes), ..Packed::default() };
        packing.fill(&mut packed, bulk.feed)?;
        // One INSERT is all or nothing by itself.
        let is_first = bulk.enclosure.is_some_and(|enclosure| !enclosure.begin.is_empty());
        let is_whole = is_first
            && packing.has_ended
            && packed.carried == 0
            && bulk.feed.is_at_end()
            && (bulk.single.kind == StatementKind::Insert || packed.rows == 0);
        let enclosure = bulk.enclosure.filter(|_| !is_whole);
        self.begin_enclosure(enclosure).await?;
        let mut total = Outcome { finished: true, ..Outcome::default() };
        while packed.rows > 0 {
            let (rows, mut next) = self.put_packet(id, &packing, packed);
            self.flush().await?;
            let filled = packing.fill(&mut next, bulk.feed);
            let outcome = self.read_all(bulk.single, at, bulk.sink).await?;
            add(&mut total, outcome, rows, bulk.single.kind);
            filled?;
            packed = next;
        }
        if packed.bytes.capacity() <= KEPT {
            self.room = Room { bytes: packed.bytes, types: packing.types };
        }
        let is_at_end = bulk.feed.is_at_end();
        total.committed = is_whole || self.end_enclosure(enclosure, is_at_end).await?;
        Ok(total)
    }

    /// Requests the run of a packet of rows. Gives how many they are, and what is left for the next.
    fn put_packet(&mut self, id: u32, packing: &Packing<'_>, mut packed: Packed) -> (u64, Packed) {
        let at = self.session.begin(Command::COM_STMT_BULK_EXECUTE);
        let out = self.session.out();
        out.put_u32_le(id);
        out.put_u16_le(StmtBulkExecuteFlags::SEND_TYPES_TO_SERVER.bits());
        let types = packed.types.as_deref().unwrap_or(packing.types.as_slice());
        let places = out.len();
        out.put_bytes(0, types.len() * 2);
        put_column_types(out.get_mut(places..).unwrap_or(&mut []), types);
        let whole = packed.bytes.len() - packed.carried;
        out.put_slice(packed.bytes.get(..whole).unwrap_or(&[]));
        self.session.submit(at, Answer::Result);
        let carried = packed.carried;
        packed.bytes.copy_within(whole.., 0);
        packed.bytes.truncate(carried);
        let next = Packed { bytes: packed.bytes, rows: u64::from(carried > 0), types: None, carried: 0 };
        (packed.rows, next)
    }
}

/// How rows are put together.
struct Packing<'b> {
    fields: &'b [BulkField],
    values: Values<'b>,
    types: Types,
    /// How many bytes of rows a packet can have.
    most: usize,
    has_ended: bool,
}

impl Packing<'_> {
    /// Takes rows from the feed until they are enough for a packet, or there are no more.
    fn fill(&mut self, packed: &mut Packed, feed: &mut dyn RowFeed) -> Result<()> {
        while !self.has_ended && packed.carried == 0 && packed.bytes.len() < ENOUGH {
            let start = packed.bytes.len();
            self.types.mark();
            let (fields, values, types, out) = (self.fields, self.values, &mut self.types, &mut packed.bytes);
            let taken = feed.next(&mut |row| {
                let mut params = Params {
                    out: &mut *out,
                    types: &mut *types,
                    nulls: Nulls::Indicators,
                    index: 0,
                    context: None,
                    hyphens: values.hyphens,
                };
                write_fields(row, fields, &mut params)?;
                values.write(&mut params)
            })?;
            if !taken {
                self.has_ended = true;
                return Ok(());
            }
            let length = packed.bytes.len() - start;
            if length > self.most {
                return Err(too_large(length, self.most));
            }
            let has_other_types = packed.rows > 0 && self.types.has_replaced();
            if has_other_types {
                packed.types = Some(self.types.before());
            }
            if has_other_types || packed.bytes.len() > self.most {
                packed.carried = length;
            } else {
                packed.rows += 1;
            }
        }
        Ok(())
    }
}

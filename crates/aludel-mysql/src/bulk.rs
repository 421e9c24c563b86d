//! Many rows.
//!
//! | server | rows |
//! |---|---|
//! | MariaDB, INSERT | `COM_STMT_BULK_EXECUTE`: a statement of one row, and a packet of rows ([`packets`]) |
//! | MariaDB, UPDATE and DELETE | row by row: of a packet the server counts along what triggers have written, so nobody could tell whether each row was there |
//! | MySQL | statements of many rows ([`values`]), and what is left over row by row |
//! | either, where keys are asked for, or there is one row only | row by row |
//!
//! No row is sent ahead of an answer: a deadlock ends the whole transaction, and what was sent behind it would run, and
//! stay, outside of any.

mod packets;
mod rows;
mod values;

use std::time::Instant;

use aludel_core::Result;
use aludel_engine::driver::{Bulk, BulkField, Enclosure, Outcome};
use aludel_sql::StatementKind;
use mysql_common::constants::MariadbCapabilities;

use crate::connection::MySqlConnection;
use crate::options::BulkMode;

pub(crate) use packets::Room;

/// Rows in one statement on MySQL. What is left over is sent row by row, so more would not be faster on the whole.
pub(crate) const VALUES_ROWS: usize = 128;

impl MySqlConnection {
    /// Runs a statement for each row of the feed.
    pub(crate) async fn run_bulk(&mut self, mut bulk: Bulk<'_>) -> Result<Outcome> {
        self.close_rows().await?;
        let mut times = bulk.times.take();
        let started = times.is_some().then(Instant::now);
        let has_protocol = self.target.options.bulk == BulkMode::Packets
            && self.greeting.mariadb.contains(MariadbCapabilities::MARIADB_CLIENT_STMT_BULK_OPERATIONS);
        let is_counted = bulk.single.kind == StatementKind::Insert;
        let is_single = bulk.feed.size_hint().1.is_some_and(|most| most <= 1);
        let takes_packets = bulk.keys.is_none() && has_protocol && is_counted && !bulk.fields.is_empty() && !is_single;
        let outcome = if takes_packets { self.run_packets(&mut bulk).await? } else { self.run_rows(&mut bulk).await? };
        self.session.rest();
        if let (Some(times), Some(started)) = (&mut times, started) {
            times.execute += started.elapsed();
        }
        Ok(outcome)
    }

    async fn begin_enclosure(&mut self, enclosure: Option<Enclosure<'_>>) -> Result<()> {
        for sql in enclosure.map_or(&[][..], |enclosure| enclosure.begin) {
            // Boxed for a small future where there is none.
            Box::pin(self.run_text(sql)).await?;
        }
        Ok(())
    }

    /// Commits, if the last of all rows was sent. Tells whether it did.
    async fn end_enclosure(&mut self, enclosure: Option<Enclosure<'_>>, is_at_end: bool) -> Result<bool> {
        let Some(enclosure) = enclosure.filter(|_| is_at_end) else {
            return Ok(false);
        };
        for sql in enclosure.commit {
            Box::pin(self.run_text(sql)).await?;
        }
        Ok(true)
    }
}

/// Adds what one answer has told. `rows` were sent for it.
fn add(total: &mut Outcome, outcome: Outcome, rows: u64, kind: StatementKind) {
    // An upsert counts a row twice that it has changed.
    let is_insert = kind == StatementKind::Insert;
    total.affected += if is_insert { outcome.affected.min(rows) } else { outcome.affected };
    total.rows += outcome.rows;
    if is_insert {
        total.last_insert_id = outcome.last_insert_id.or(total.last_insert_id);
    }
}

/// Writes a row's fields.
#[inline]
fn write_fields(
    row: &dyn aludel_core::EncodeRow,
    fields: &[BulkField],
    params: &mut crate::bind::Params<'_>,
) -> Result<()> {
    for (index, field) in fields.iter().enumerate() {
        params.context = field.column;
        row.encode_field(field.index, params)
            .map_err(|fault| aludel_engine::driver::bulk_fault(field, index, fault))?;
    }
    Ok(())
}

//! Row by row, and many rows in a statement where there is one for that.

use aludel_core::Result;
use aludel_engine::driver::{Bulk, Outcome};

use super::values::Gathered;
use super::{add, write_fields};
use crate::connection::MySqlConnection;
use crate::request::{Values, put_run};

impl MySqlConnection {
    pub(super) async fn run_rows(&mut self, bulk: &mut Bulk<'_>) -> Result<Outcome> {
        self.begin_enclosure(bulk.enclosure).await?;
        let mut total = Outcome { finished: true, ..Outcome::default() };
        if bulk.keys.is_none() && bulk.many.is_some() {
            let left = self.run_values(bulk, &mut total).await?;
            self.run_gathered(bulk, &left, &mut total).await?;
        } else {
            self.run_each_row(bulk, &mut total).await?;
        }
        let is_at_end = bulk.feed.is_at_end();
        total.committed = self.end_enclosure(bulk.enclosure, is_at_end).await?;
        Ok(total)
    }

    /// Takes the rows of the feed one by one, and notes the key that was made for each where that is asked for.
    async fn run_each_row(&mut self, bulk: &mut Bulk<'_>, total: &mut Outcome) -> Result<()> {
        let single = bulk.single;
        let at = self.prepared(single, *bulk.single_slot).await?;
        *bulk.single_slot = at.slot();
        let hyphens = self.is_mariadb();
        let count = bulk.fields.len() + single.binds.len();
        loop {
            let (session, max_packet, fields) = (&mut self.session, self.max_packet, bulk.fields);
            let entry = self.statements.get(at);
            let values = Values { compiled: single, arguments: bulk.arguments, hyphens };
            let more = bulk.feed.next(&mut |row| {
                put_run(session, entry.id, &mut entry.types, count, max_packet, hyphens, |params| {
                    write_fields(row, fields, params)?;
                    values.write(params)
                })
            })?;
            if !more {
                return Ok(());
            }
            let outcome = self.read_all(single, at, bulk.sink).await?;
            add(total, outcome, 1, single.kind);
            if let Some(keys) = &mut bulk.keys {
                keys.push(outcome.last_insert_id.unwrap_or(0));
            }
        }
    }

    /// Sends rows that were gathered one by one.
    async fn run_gathered(&mut self, bulk: &mut Bulk<'_>, rows: &Gathered, total: &mut Outcome) -> Result<()> {
        if rows.count() == 0 {
            return Ok(());
        }
        let at = self.prepared(bulk.single, *bulk.single_slot).await?;
        *bulk.single_slot = at.slot();
        for row in 0..rows.count() {
            self.put_gathered(bulk.single, at, bulk.arguments, rows, row..row + 1)?;
            let outcome = self.read_all(bulk.single, at, bulk.sink).await?;
            add(total, outcome, 1, bulk.single.kind);
        }
        Ok(())
    }
}

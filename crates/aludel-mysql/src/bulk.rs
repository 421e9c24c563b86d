//! Many rows.
//!
//! Rows are not sent ahead of their answers: a deadlock ends the whole transaction, and what was sent behind it would run, and
//! stay, outside of any.

use std::time::Instant;

use aludel_core::Result;
use aludel_engine::driver::{Bulk, Outcome, bulk_fault};
use aludel_sql::StatementKind;

use crate::connection::MySqlConnection;
use crate::request::{Values, put_run};

impl MySqlConnection {
    /// Runs a statement for each row of the feed.
    pub(crate) async fn run_bulk(&mut self, bulk: Bulk<'_>) -> Result<Outcome> {
        let Bulk { single, single_slot, arguments, fields, feed, sink, enclosure, mut times, .. } = bulk;
        let started = times.is_some().then(Instant::now);
        for sql in enclosure.map_or(&[][..], |enclosure| enclosure.begin) {
            self.run_text(sql).await?;
        }
        let at = self.prepared(single, *single_slot).await?;
        *single_slot = at.slot();
        let mut total = Outcome { finished: true, ..Outcome::default() };
        let hyphens = self.is_mariadb();
        let count = fields.len() + single.binds.len();
        loop {
            let (session, max_packet) = (&mut self.session, self.max_packet);
            let entry = self.statements.get(at);
            let values = Values { compiled: single, arguments, hyphens };
            let more = feed.next(&mut |row| {
                put_run(session, entry.id, &mut entry.types, count, max_packet, hyphens, |params| {
                    for (index, field) in fields.iter().enumerate() {
                        params.context = field.column;
                        row.encode_field(field.index, params).map_err(|fault| bulk_fault(field, index, fault))?;
                    }
                    values.write(params)
                })
            })?;
            if !more {
                break;
            }
            let outcome = self.read_all(single, at, sink).await?;
            total.affected += outcome.affected;
            total.rows += outcome.rows;
            if single.kind == StatementKind::Insert {
                total.last_insert_id = outcome.last_insert_id.or(total.last_insert_id);
            }
        }
        if let Some(enclosure) = enclosure
            && feed.is_at_end()
        {
            for sql in enclosure.commit {
                self.run_text(sql).await?;
            }
            total.committed = true;
        }
        self.session.rest();
        if let (Some(times), Some(started)) = (&mut times, started) {
            times.execute += started.elapsed();
        }
        Ok(total)
    }
}

//! A bulk insert on the connection's thread: rows are encoded here, some thousand at a time, and bound there.

use std::sync::Arc;
use std::time::Instant;

use aludel_core::Result;
use aludel_engine::driver::{Bulk, Outcome, Times};

use super::Threaded;
use super::job::{Answer, BulkEnd, BulkJob, BulkStart, Job};
use super::line::{Sort, confused};
use crate::flat::FlatRows;

/// Rows that are sent at once, unless half a megabyte is full before.
const ROWS: usize = 4_096;

impl Threaded {
    /// Fills one buffer while the thread inserts the rows of the other.
    pub(super) async fn bulk_elsewhere(&mut self, bulk: Bulk<'_>) -> Result<Outcome> {
        let Bulk { single, single_slot, arguments, fields, feed, sink, keys, enclosure, times, .. } = bulk;
        let started = times.is_some().then(Instant::now);
        let mut rows = FlatRows::default();
        rows.fill(feed, fields, ROWS)?;
        let mut start = Some(BulkStart {
            compiled: Arc::clone(single),
            slot: *single_slot,
            arguments: std::mem::take(arguments),
            sink: sink.fork(),
            keys: keys.is_some().then(Vec::new),
            begin: enclosure.map(|enclosure| enclosure.begin.to_vec()).unwrap_or_default(),
            times: times.is_some().then(Times::default),
        });
        let mut spare = FlatRows::default();
        let end = loop {
            let is_full = rows.is_full(ROWS);
            if !is_full {
                // That was the end of the feed.
                let commit = enclosure.filter(|_| feed.is_at_end());
                let last = Some(commit.map(|enclosure| enclosure.commit.to_vec()).unwrap_or_default());
                self.post(Job::Bulk(Box::new(BulkJob { start: start.take(), rows, last })), Sort::Write);
            } else {
                self.post(Job::Bulk(Box::new(BulkJob { start: start.take(), rows, last: None })), Sort::Write);
                spare.clear();
                spare.fill(feed, fields, ROWS)?;
            }
            let answer = self.line.answer(self.sent).await?;
            self.taken = self.sent;
            match answer.into_result()? {
                Answer::Bulk(end) => break *end,
                Answer::Taken(emptied) => {
                    rows = std::mem::replace(&mut spare, emptied);
                }
                _ => return Err(confused()),
            }
        };
        let BulkEnd { result, slot, arguments: returned, sink: fork, keys: made, times: spent } = end;
        *single_slot = slot;
        *arguments = returned;
        sink.join(fork);
        if let (Some(keys), Some(mut made)) = (keys, made) {
            if keys.is_empty() {
                *keys = made;
            } else {
                keys.append(&mut made);
            }
        }
        if let (Some(times), Some(spent), Some(started)) = (times, spent, started) {
            *times = Times { wait: started.elapsed().saturating_sub(spent.prepare + spent.execute), ..spent };
        }
        result
    }
}

//! Rows one by one: the statement is run for each, and many runs travel in one piece.

use aludel_core::Result;
use aludel_engine::driver::RowFeed;

use super::first::First;
use super::{More, Prepared, Run, is_last};

/// Rows are sent in pieces of this many bytes.
const PIECE: usize = 64 * 1024;
/// How many pieces are under way at once.
const AHEAD: u32 = 2;

impl Run<'_, '_> {
    /// Sends rows one by one, beginning with those that were written already. The statement's Parse may stand in the write
    /// buffer, where it is kept by nobody.
    pub(super) async fn one_by_one(
        &mut self,
        prepared: Prepared,
        first: &First,
        mut more: More,
        feed: &mut dyn RowFeed,
    ) -> Result<()> {
        if is_last(more, feed) {
            // What stands before one Sync is one transaction.
            self.take_back_begin();
        }
        let mut start = self.connection.channel.wire.out().len();
        let written = self.write_first(&prepared, first);
        written.inspect_err(|_| self.connection.channel.wire.truncate_out(start))?;
        loop {
            while more != More::No {
                let out = self.connection.channel.wire.out();
                if out.len() - start >= PIECE {
                    break;
                }
                let (rows, single) = (self.rows, self.single);
                match feed.next(&mut |row| rows.write_single(row, single, &prepared, out)) {
                    Ok(true) => {}
                    Ok(false) => more = More::No,
                    Err(error) => {
                        self.connection.channel.wire.truncate_out(start);
                        return Err(error);
                    }
                }
            }
            self.connection.commit_request();
            self.send(is_last(more, feed)).await?;
            if more == More::No {
                return self.finish(feed.is_at_end()).await;
            }
            if !self.read(AHEAD, 0).await? {
                return Ok(());
            }
            start = self.connection.channel.wire.out().len();
        }
    }

    fn write_first(&mut self, prepared: &Prepared, first: &First) -> Result<()> {
        let odd = std::mem::take(&mut self.odd);
        let out = self.connection.channel.wire.out();
        for values in first.each() {
            self.rows.write_written(values, &[], self.single, prepared, out)?;
        }
        if !odd.texts.is_empty() {
            self.rows.write_written(&odd.bytes, &odd.texts, self.single, prepared, out)?;
        }
        Ok(())
    }
}

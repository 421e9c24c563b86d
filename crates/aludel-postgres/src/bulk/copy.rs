//! Rows by `COPY`, in its binary format.

use std::io;
use std::sync::Arc;

use aludel_core::Result;
use aludel_engine::driver::RowFeed;
use aludel_sql::Compiled;
use bytes::BufMut;

use super::first::First;
use super::{More, Prepared, Run, is_last};
use crate::answer::End;
use crate::connection::{PostgresConnection, too_large};
use crate::copy::SIGNATURE;
use crate::request;

/// Rows are sent in pieces of this many bytes: less than a socket holds, so that the server always has some to work on.
const PIECE: usize = 64 * 1024;
/// How many statements are remembered.
const REMEMBERED: usize = 256;

impl PostgresConnection {
    /// Whether the statement's target takes rows by COPY: it is a table without rules, and no policy hides rows of it.
    pub(crate) async fn can_copy(&mut self, copy: &Compiled) -> Result<bool> {
        if let Some((_, can)) = self.copies.iter().find(|(number, _)| *number == copy.number) {
            return Ok(*can);
        }
        let Some(target) = target(&copy.sql) else {
            return Ok(false);
        };
        let literal = target.replace('\\', "\\\\").replace('\'', "''");
        let sql = format!(
            "SELECT c.relkind IN ('r', 'p', 'f') AND NOT c.relhasrules AND NOT pg_catalog.row_security_active(c.oid) \
             FROM pg_catalog.pg_class AS c WHERE c.oid = pg_catalog.to_regclass(E'{literal}')"
        );
        let rows = self.channel.rows(&sql).await?;
        let can = rows.first().and_then(|row| row.first()?.as_deref()) == Some("t");
        if self.copies.len() >= REMEMBERED {
            self.copies.clear();
        }
        self.copies.push((copy.number, can));
        Ok(can)
    }
}

/// The table in `COPY table (columns) FROM …`, as it is written there.
fn target(sql: &str) -> Option<&str> {
    let rest = sql.strip_prefix("COPY ")?;
    let mut is_quoted = false;
    for (at, byte) in rest.bytes().enumerate() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b' ' | b'(' if !is_quoted => return rest.get(..at),
            _ => {}
        }
    }
    None
}

impl Run<'_, '_> {
    /// Sends rows behind a COPY, beginning with those that were written already.
    pub(super) async fn by_copy(
        &mut self,
        copy: &Arc<Compiled>,
        prepared: &Prepared,
        first: &First,
        feed: &mut dyn RowFeed,
    ) -> Result<()> {
        if feed.is_at_end() {
            self.take_back_begin();
        }
        self.connection.write_query(&copy.sql)?;
        self.connection.channel.state.is_copying = true;
        self.answer.is_copying = true;
        self.sent += 1;
        let mut first = Some(first);
        loop {
            let more = self.write_piece(prepared, first.take(), feed)?;
            let is_last = is_last(more, feed);
            if is_last {
                for sql in self.commit {
                    self.connection.write_query(sql)?;
                }
            }
            self.connection.channel.flush().await?;
            match more {
                More::No => return self.finish(is_last).await,
                More::Odd => {
                    if !self.read(0, 0).await? {
                        return Ok(());
                    }
                    self.answer.is_copying = false;
                    let single = self.prepare_again(prepared.clone()).await?;
                    return self.one_by_one(single, &First::default(), More::Odd, feed).await;
                }
                More::Yes if self.has_failed()? => return Ok(()),
                More::Yes => {}
            }
        }
    }

    /// Writes rows until the piece is full.
    fn write_piece(&mut self, prepared: &Prepared, first: Option<&First>, feed: &mut dyn RowFeed) -> Result<More> {
        let (rows, odd, params) = (self.rows, &mut self.odd, &*prepared.described.params);
        let channel = &mut self.connection.channel;
        let out = channel.wire.out();
        let start = out.len();
        let length_at = request::begin(b'd', out);
        let width = u16::try_from(rows.fields.len()).map_err(|_| too_large())?;
        if let Some(first) = first {
            out.put_slice(SIGNATURE);
            for values in first.each() {
                out.put_u16(width);
                out.put_slice(values);
            }
        }
        let mut has_odd = false;
        let more = loop {
            if out.len() - start >= PIECE {
                break Ok(More::Yes);
            }
            let taken = feed.next(&mut |row| {
                let start = out.len();
                out.put_u16(width);
                has_odd = !rows.write_binary(row, params, out)?;
                if has_odd {
                    out.truncate(start);
                    odd.take(row, rows.fields, |index| params.get(index))?;
                }
                Ok(())
            });
            match taken {
                Ok(_) if has_odd => break Ok(More::Odd),
                Ok(true) => {}
                Ok(false) => break Ok(More::No),
                Err(error) => break Err(error),
            }
        };
        let more = match more {
            Ok(more) => more,
            Err(error) => {
                channel.wire.truncate_out(start);
                return Err(error);
            }
        };
        if more != More::Yes {
            out.put_i16(-1);
        }
        if !request::end(length_at, out) {
            channel.wire.truncate_out(start);
            return Err(too_large());
        }
        if more != More::Yes {
            request::copy_done(out);
            channel.state.is_copying = false;
        }
        Ok(more)
    }

    /// Whether the server has refused a row already. Then nothing is under way any more.
    fn has_failed(&mut self) -> Result<bool> {
        let channel = &mut self.connection.channel;
        let mut error = None;
        let read = channel.wire.try_fill().and_then(|_| {
            channel.drain_buffered(self.sent, &mut error)?;
            if channel.state.owed > self.sent {
                return Ok::<_, io::Error>(None);
            }
            self.answer.read_buffered(channel)
        });
        match read {
            Ok(end) => {
                if let Some(error) = error {
                    return Err(error);
                }
                if end == Some(End::Ready) {
                    channel.state.is_copying = false;
                    self.sent -= 1;
                }
                Ok(end.is_some())
            }
            Err(error) => Err(channel.lose(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets() {
        for (sql, expected) in [
            ("COPY users (a, b) FROM STDIN", Some("users")),
            ("COPY s.users(a) FROM STDIN", Some("s.users")),
            ("COPY \"a (b\"\" c\".\"d e\" (x) FROM STDIN", Some("\"a (b\"\" c\".\"d e\"")),
            ("COPY", None),
        ] {
            assert_eq!(target(sql), expected, "{sql}");
        }
    }
}

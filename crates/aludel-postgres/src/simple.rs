//! Questions of the driver's own, by the simple protocol, with rows of text.

use aludel_core::Result;

use crate::channel::Channel;
use crate::connection::too_large;
use crate::error::Report;
use crate::message::{self, Body};

/// A row of text; none for NULL.
type Row = Vec<Option<String>>;

impl Channel {
    /// The rows of a query. Nothing may be owed.
    pub(crate) async fn rows(&mut self, sql: &str) -> Result<Vec<Row>> {
        if !self.write_query(sql) {
            return Err(too_large());
        }
        self.flush().await?;
        let (mut rows, mut failed) = (Vec::new(), None);
        while self.state.owed > 0 {
            match self.rows_buffered(&mut rows) {
                Ok(None) => {}
                Ok(Some(error)) => failed = Some(error),
                Err(error) => return Err(self.lose(error)),
            }
            if self.state.owed > 0 {
                self.fill().await?;
            }
        }
        match failed {
            Some(error) => Err(error),
            None => Ok(rows),
        }
    }

    fn rows_buffered(&mut self, rows: &mut Vec<Row>) -> std::io::Result<Option<aludel_core::Error>> {
        let Self { wire, state, .. } = self;
        let (mut at, mut failed) = (0, None);
        while state.owed > 0 {
            let Some(message) = message::first(wire.input().get(at..).unwrap_or(&[]))? else {
                break;
            };
            at += message.size;
            match message.tag {
                b'D' => rows.push(row(message.body)?),
                b'E' => {
                    let report = Report::parse(message.body)?;
                    state.is_broken |= report.is_fatal();
                    failed = Some(report.into_error());
                }
                _ => state.note(&message)?,
            }
        }
        wire.consume(at);
        Ok(failed)
    }
}

fn row(body: &[u8]) -> std::io::Result<Row> {
    let mut body = Body(body);
    let count = body.count()?;
    let mut row = Vec::with_capacity(count);
    for _ in 0..count {
        row.push(match usize::try_from(body.i32()?) {
            Ok(length) => Some(String::from_utf8_lossy(body.bytes(length)?).into_owned()),
            Err(_) => None,
        });
    }
    Ok(row)
}

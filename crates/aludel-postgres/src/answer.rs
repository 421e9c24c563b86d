//! Reading the answer to a statement: rows are handed over where they lie in the read buffer.

use std::io;
use std::sync::Arc;
use std::time::Instant;

use aludel_core::{Error, Result, UsageError};
use aludel_engine::driver::{Outcome, RowSink, Times, read_fault};
use aludel_sql::Compiled;

use crate::channel::{Channel, State, refuse_copy};
use crate::error::Report;
use crate::message::{self, Message};
use crate::row::{Cell, PostgresRow, find_cells};
use crate::statement::{Columns, Described, parse_params};
use crate::types::Type;
use crate::types::registry::Registry;

/// After so many bytes of rows that nobody wants, the rest is left to be settled.
const PATIENCE: usize = 64 * 1024;

/// An answer that is being read.
pub(crate) struct Answer<'a> {
    pub(crate) compiled: &'a Compiled,
    pub(crate) sink: &'a mut dyn RowSink,
    /// What the rows look like; read from the answer where the statement is new.
    pub(crate) columns: Option<Arc<Columns>>,
    /// What the server says of a new statement, once it has said it.
    pub(crate) described: Option<Described>,
    pub(crate) outcome: Outcome,
    pub(crate) error: Option<Error>,
    pub(crate) times: Option<&'a mut Times>,
    /// Whether the sink was told what the rows look like.
    pub(crate) is_begun: bool,
    /// Whether the server has the statement.
    pub(crate) is_parsed: bool,
    /// Whether a prepared statement does not fit the tables any more, or is gone.
    pub(crate) is_stale: bool,
    /// Whether data is on its way that a COPY asks for.
    pub(crate) is_copying: bool,
    /// Whether the next statement's answer follows this one's.
    pub(crate) ends_at_complete: bool,
    registry: &'a Registry,
    /// Rows with types that nobody has heard of: the bodies of their messages, each behind its length.
    held: Option<Vec<u8>>,
    discarded: usize,
}

/// Where reading an answer has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// At ReadyForQuery.
    Ready,
    /// The portal has more rows.
    Suspended,
    /// The portal is at its end, or the statement has failed; no Sync was sent yet.
    Unsynced,
    /// At the end of one statement of several.
    Complete,
    /// At an error of this side; what is left of the answer is owed.
    Left,
}

impl<'a> Answer<'a> {
    pub(crate) fn new(
        compiled: &'a Compiled,
        sink: &'a mut dyn RowSink,
        columns: Option<Arc<Columns>>,
        registry: &'a Registry,
    ) -> Self {
        Self {
            compiled,
            sink,
            columns,
            described: None,
            outcome: Outcome::default(),
            error: None,
            times: None,
            is_begun: false,
            is_parsed: false,
            is_stale: false,
            is_copying: false,
            ends_at_complete: false,
            registry,
            held: None,
            discarded: 0,
        }
    }

    /// Reads until the answer's end, or until the portal is suspended.
    pub(crate) async fn read(&mut self, channel: &mut Channel) -> Result<End> {
        let started = self.times.is_some().then(Instant::now);
        let end = loop {
            match self.read_buffered(channel) {
                Ok(Some(end)) => break end,
                Ok(None) => channel.fill().await?,
                Err(error) => return Err(channel.lose(error)),
            }
        };
        if let (Some(times), Some(started)) = (&mut self.times, started) {
            times.execute += started.elapsed().saturating_sub(times.decode);
        }
        Ok(end)
    }

    /// Whether rows are held back until their types are known.
    pub(crate) fn holds_rows(&self) -> bool {
        self.held.is_some() && self.error.is_none()
    }

    /// Asks the server for the types, and hands over the rows that were held back.
    pub(crate) async fn hand_over_held(&mut self, channel: &mut Channel) -> Result<()> {
        let (Some(held), Some(columns)) = (self.held.take(), self.columns.take()) else {
            return Ok(());
        };
        self.registry.ask(channel, &columns.types).await?;
        self.columns = Some(Arc::new(columns.with_types(self.registry.resolve(&columns.types))));
        self.begin();
        let mut rest = &held[..];
        while let Some((length, behind)) = rest.split_first_chunk::<8>() {
            let length = usize::try_from(u64::from_be_bytes(*length)).unwrap_or(usize::MAX);
            let (body, behind) = behind.split_at_checked(length).unwrap_or((behind, &[]));
            if let Err(error) = self.row(body, &mut channel.cells) {
                return Err(channel.lose(error));
            }
            rest = behind;
        }
        Ok(())
    }

    /// The outcome, or the first error.
    pub(crate) fn finish(self) -> Result<Outcome> {
        match self.error {
            Some(error) => Err(error),
            None => Ok(self.outcome),
        }
    }

    /// Reads what has arrived.
    pub(crate) fn read_buffered(&mut self, channel: &mut Channel) -> io::Result<Option<End>> {
        let Channel { wire, state, cells, .. } = channel;
        let input = wire.input();
        let mut at = 0;
        let mut refusal: &[u8] = &[];
        let end = loop {
            let Some(message) = message::first(input.get(at..).unwrap_or(&[]))? else {
                break None;
            };
            at += message.size;
            if message.tag == b'D' {
                self.row(message.body, cells)?;
                if self.discarded > PATIENCE {
                    break Some(End::Left);
                }
            } else if message.tag == b'G' && !self.is_copying {
                refusal = refuse_copy(state);
                break None;
            } else if let Some(end) = self.other(&message, state)? {
                break Some(end);
            }
        };
        wire.consume(at);
        if !refusal.is_empty() {
            wire.out().extend_from_slice(refusal);
        }
        Ok(end)
    }

    #[inline]
    fn row(&mut self, body: &[u8], cells: &mut Vec<Cell>) -> io::Result<()> {
        let Some(columns) = &self.columns else {
            return Err(message::garbled("a row came before it was said what rows look like"));
        };
        if self.error.is_some() {
            self.discarded += body.len();
            return Ok(());
        }
        if let Some(held) = &mut self.held {
            held.extend_from_slice(&u64::try_from(body.len()).unwrap_or(0).to_be_bytes());
            held.extend_from_slice(body);
            return Ok(());
        }
        find_cells(body, cells)?;
        let row = PostgresRow::new(body, cells, columns);
        let taken = match &mut self.times {
            None => self.sink.row(&row),
            Some(times) => {
                let started = Instant::now();
                let taken = self.sink.row(&row);
                times.decode += started.elapsed();
                taken
            }
        };
        match taken {
            Ok(()) => self.outcome.rows += 1,
            Err(fault) => self.error = Some(read_fault(self.compiled, fault)),
        }
        Ok(())
    }

    /// A message that is no row.
    fn other(&mut self, message: &Message<'_>, state: &mut State) -> io::Result<Option<End>> {
        match message.tag {
            b'1' => self.is_parsed = true,
            b't' => {
                let params = parse_params(message.body)?;
                self.described = Some(Described { params, columns: None });
            }
            b'T' => {
                let mut columns = Columns::parse(message.body)?;
                if columns.types.iter().any(Type::is_unheard_of) {
                    columns = columns.with_types(self.registry.resolve(&columns.types));
                    self.held = self.registry.lacks(&columns.types).then(Vec::new);
                }
                let columns = Arc::new(columns);
                if let Some(described) = &mut self.described {
                    described.columns = Some(Arc::clone(&columns));
                }
                self.columns = Some(columns);
            }
            b'2' => {
                state.note(message)?;
                self.begin();
            }
            b'C' => {
                self.outcome.affected += affected(message.body);
                state.note_tag(message.body);
                self.outcome.finished = true;
                if state.is_unsynced {
                    return Ok(Some(End::Unsynced));
                }
                if self.ends_at_complete {
                    return Ok(Some(End::Complete));
                }
            }
            b's' => return Ok(Some(End::Suspended)),
            b'I' => {
                let error = UsageError::new("the SQL holds no statement, only white space or comments");
                self.error.get_or_insert_with(|| error.into());
                if self.ends_at_complete {
                    return Ok(Some(End::Complete));
                }
                if state.is_unsynced {
                    return Ok(Some(End::Unsynced));
                }
            }
            b'E' => {
                let report = Report::parse(message.body)?;
                state.is_broken |= report.is_fatal();
                self.is_stale |= report.is_stale();
                let error = report.into_error();
                self.error.get_or_insert(error);
                if state.is_unsynced {
                    return Ok(Some(End::Unsynced));
                }
            }
            b'Z' => {
                state.note(message)?;
                return Ok(Some(End::Ready));
            }
            _ => state.note(message)?,
        }
        Ok(None)
    }

    fn begin(&mut self) {
        if self.is_begun || self.held.is_some() {
            return;
        }
        self.is_begun = true;
        if let Some(columns) = &self.columns
            && columns.len() > 0
            && let Err(error) = self.sink.begin(&**columns)
        {
            self.error.get_or_insert(error);
        }
    }
}

/// How many rows a CommandComplete says were inserted, changed or deleted: `INSERT 0 5`, `UPDATE 5`.
pub(crate) fn affected(tag: &[u8]) -> u64 {
    let tag = tag.strip_suffix(&[0]).unwrap_or(tag);
    if tag.starts_with(b"SELECT") || tag.starts_with(b"FETCH") || tag.starts_with(b"MOVE") {
        return 0;
    }
    let digits = tag.rsplit(|byte| *byte == b' ').next().unwrap_or(&[]);
    std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags() {
        for (tag, expected) in
            [("INSERT 0 5", 5), ("UPDATE 12", 12), ("DELETE 0", 0), ("SELECT 7", 0), ("BEGIN", 0), ("COPY 3", 3)]
        {
            assert_eq!(affected(format!("{tag}\0").as_bytes()), expected, "{tag}");
        }
    }
}

//! The socket with what is noted of the conversation on it.

use std::io;
use std::sync::Arc;

use aludel_core::{Error, Result};
use aludel_engine::driver::{Face, TransactionState};
use aludel_wire::Wire;
use tokio::task::JoinHandle;

use crate::error::{Report, lost};
use crate::message::{self, Body, Message, garbled};
use crate::notice::{self, Notifications};
use crate::row::Cell;

/// The socket with what is noted of the conversation on it.
#[derive(Debug)]
pub(crate) struct Channel {
    pub(crate) wire: Wire,
    pub(crate) state: State,
    /// Where the cells of the row at hand are; kept for its memory.
    pub(crate) cells: Vec<Cell>,
    /// A request to cancel that is under way: until it has ended it may hit whatever the server runs.
    pub(crate) cancelling: Option<JoinHandle<()>>,
}

/// What is noted of the conversation.
#[derive(Debug)]
pub(crate) struct State {
    /// How many ReadyForQuery are still to come: one for each Sync and each simple query that stands in the write buffer
    /// or was sent.
    pub(crate) owed: u32,
    /// Whether something was asked for that no Sync follows yet.
    pub(crate) is_unsynced: bool,
    /// Whether the server waits for the data of a COPY.
    pub(crate) is_copying: bool,
    /// Whether the session's prepared statements were dropped, by a statement of the program's own.
    pub(crate) has_dropped_statements: bool,
    /// Whether what is owed may begin or end a transaction by itself.
    pub(crate) may_begin: bool,
    /// What the last ReadyForQuery said of the transaction.
    pub(crate) transaction: TransactionState,
    /// Whether the connection is lost.
    pub(crate) is_broken: bool,
    /// Whether a Bind has succeeded since the last ReadyForQuery: the request at hand is of the extended protocol.
    pub(crate) is_bound: bool,
    /// Process and key, for requests to cancel.
    pub(crate) key: (i32, i32),
    /// What the server has told of its settings.
    pub(crate) parameters: Vec<(Arc<str>, Arc<str>)>,
    /// What other connections have said by NOTIFY.
    pub(crate) notifications: Notifications,
}

impl Channel {
    pub(crate) fn new(wire: Wire) -> Self {
        Self {
            wire,
            state: State {
                owed: 0,
                is_unsynced: false,
                is_copying: false,
                has_dropped_statements: false,
                may_begin: false,
                transaction: TransactionState::Idle,
                is_broken: false,
                is_bound: false,
                key: (0, 0),
                parameters: Vec::new(),
                notifications: Notifications::default(),
            },
            cells: Vec::new(),
            cancelling: None,
        }
    }

    /// What stands in the place of a channel that is being settled elsewhere.
    pub(crate) fn absent(face: Face) -> Self {
        Self::new(Wire::absent(face))
    }

    pub(crate) fn face(&self) -> Face {
        self.wire.face()
    }

    /// Reads more, and writes what is left to be written.
    #[inline]
    pub(crate) async fn fill(&mut self) -> Result<()> {
        match self.wire.fill().await {
            Ok(()) => Ok(()),
            Err(error) => Err(self.lose(error)),
        }
    }

    #[inline]
    pub(crate) async fn flush(&mut self) -> Result<()> {
        match self.wire.flush().await {
            Ok(()) => Ok(()),
            Err(error) => Err(self.lose(error)),
        }
    }

    /// Writes as much as goes at once.
    pub(crate) fn try_flush(&mut self) {
        if self.wire.try_flush().is_err() {
            self.state.is_broken = true;
        }
    }

    /// The connection is lost. Where the server has said why before it closed, that is the error.
    #[cold]
    pub(crate) fn lose(&mut self, error: io::Error) -> Error {
        self.state.is_broken = true;
        // A server that goes says so, and then closes; a write can fail before that was read.
        if error.kind() != io::ErrorKind::InvalidData {
            let _: io::Result<bool> = self.wire.try_fill();
            let mut rest = self.wire.input();
            while let Ok(Some(message)) = message::first(rest) {
                if message.tag == b'E'
                    && let Ok(report) = Report::parse(message.body)
                    && report.is_fatal()
                {
                    return report.into_error();
                }
                rest = rest.get(message.size..).unwrap_or(&[]);
            }
        }
        lost(error)
    }

    /// Reads and throws away up to the ReadyForQuery after which so many are still owed. The first error on the way is
    /// given back.
    pub(crate) async fn drain(&mut self, owed: u32) -> Result<Option<Error>> {
        let mut first_error = None;
        self.drain_some(owed, usize::MAX, &mut first_error).await?;
        Ok(first_error)
    }

    /// As [`drain`](Self::drain), and ends early when so many bytes were thrown away. Tells whether it came to its end.
    pub(crate) async fn drain_some(&mut self, owed: u32, most: usize, first_error: &mut Option<Error>) -> Result<bool> {
        let mut discarded = 0_usize;
        self.flush().await?;
        while self.state.owed > owed {
            match self.drain_buffered(owed, first_error) {
                Ok(count) => discarded = discarded.saturating_add(count),
                Err(error) => return Err(self.lose(error)),
            }
            if self.state.owed > owed {
                if discarded > most {
                    return Ok(false);
                }
                // A server that gives up closes the line behind its reason.
                if self.state.is_broken
                    && let Some(error) = first_error.take()
                {
                    return Err(error);
                }
                self.fill().await?;
            }
        }
        Ok(true)
    }

    /// As [`drain`](Self::drain), of what has arrived. Tells how many bytes that was.
    pub(crate) fn drain_buffered(&mut self, owed: u32, first_error: &mut Option<Error>) -> io::Result<usize> {
        let Self { wire, state, .. } = self;
        let mut at = 0;
        let mut answers: Vec<&[u8]> = Vec::new();
        while state.owed > owed {
            let Some(message) = message::first(wire.input().get(at..).unwrap_or(&[]))? else {
                break;
            };
            at += message.size;
            match message.tag {
                b'E' => {
                    let report = Report::parse(message.body)?;
                    state.is_broken |= report.is_fatal();
                    first_error.get_or_insert_with(|| report.into_error());
                }
                b'G' | b'W' => answers.push(refuse_copy(state)),
                _ => state.note(&message)?,
            }
        }
        wire.consume(at);
        answers.into_iter().for_each(|answer| wire.out().extend_from_slice(answer));
        Ok(at)
    }
}

/// What ends a COPY that nobody here has data for. In the extended protocol the server has skipped the Sync that stood
/// behind it, so the one here takes its place.
pub(crate) fn refuse_copy(state: &State) -> &'static [u8] {
    const FAIL: &[u8] = b"f\0\0\0\x2ano data is given to COPY by this call\0S\0\0\0\x04";
    if state.is_bound { FAIL } else { FAIL.split_at(FAIL.len() - 5).0 }
}

impl State {
    /// Notes what any message may bring in the middle of others.
    #[inline]
    pub(crate) fn note(&mut self, message: &Message<'_>) -> io::Result<()> {
        match message.tag {
            b'Z' => {
                self.owed = self.owed.saturating_sub(1);
                self.is_bound = false;
                self.may_begin &= self.owed > 0;
                self.transaction = match message.body {
                    [b'I'] => TransactionState::Idle,
                    [b'T'] => TransactionState::Open,
                    [b'E'] => TransactionState::Failed,
                    _ => return Err(garbled("ReadyForQuery tells no state of the transaction")),
                };
            }
            b'2' => self.is_bound = true,
            b'C' => self.note_tag(message.body),
            b'S' => self.parameter(message.body)?,
            b'N' => notice::tell(message.body)?,
            b'A' => self.notifications.note(message.body)?,
            b'K' => {
                let mut body = Body(message.body);
                self.key = (body.i32()?, body.i32()?);
            }
            _ => {}
        }
        Ok(())
    }

    /// Notes what a statement did that others depend on.
    pub(crate) fn note_tag(&mut self, tag: &[u8]) {
        self.has_dropped_statements |= tag.starts_with(b"DISCARD ALL") || tag.starts_with(b"DEALLOCATE ALL");
    }

    #[cold]
    fn parameter(&mut self, body: &[u8]) -> io::Result<()> {
        let mut body = Body(body);
        let (name, value) = (body.text_lossy()?, body.text_lossy()?);
        match self.parameters.iter_mut().find(|(known, _)| **known == *name) {
            Some((_, place)) => *place = value.into(),
            None => self.parameters.push((name.into(), value.into())),
        }
        Ok(())
    }
}

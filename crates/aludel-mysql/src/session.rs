//! What is asked of the server and what has not been answered yet.
//!
//! Each request is noted before it is written, and is off the list when the last packet of its answer has been read. So
//! whichever future is dropped wherever, the list tells what is still to come, and whoever reads on knows what it is that he reads.

use std::collections::VecDeque;

use aludel_core::Result;
use aludel_wire::Wire;
use bytes::{BufMut, BytesMut};
use mysql_common::constants::{Command, StatusFlags};

use crate::error::{ServerError, broken_protocol, truncated};
use crate::packet::{Packets, begin, end};
use crate::parse::Parse;

/// A connection after it was opened: requests out, answers in.
#[derive(Debug)]
pub(crate) struct Session {
    packets: Packets,
    expected: VecDeque<Expected>,
    state: State,
    status: u16,
    /// Whether rows end by an OK packet, and definitions by nothing.
    deprecates_eof: bool,
    /// Whether definitions of columns hold MariaDB's names of types.
    pub(crate) is_extended: bool,
    is_broken: bool,
}

/// An answer that is to come.
#[derive(Clone, Copy, Debug)]
struct Expected {
    answer: Answer,
    /// The number of its first packet.
    sequence: u8,
}

/// What an answer looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Of a statement that is prepared.
    Prepare,
    /// Of everything else: OK, ERR, or results.
    Result,
}

/// What the next packet is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// The first of an answer, or of its next result.
    Start,
    /// A definition of a prepared statement's parameter or column: so many of this kind are left, then so many columns.
    Prepared { left: usize, then: usize },
    /// The EOF behind such definitions.
    PreparedEof { then: usize },
    /// A definition of a result's column.
    Column { index: usize, count: usize },
    /// The EOF behind those.
    ColumnsEof,
    /// A row or the end of rows.
    Row,
}

/// What a packet was. Its payload can be looked at until the next one is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// A statement has this number on the server and so many placeholders.
    Prepared { id: u32, parameters: usize },
    /// Something of no interest.
    Nothing,
    /// A result with so many columns begins.
    Columns(usize),
    /// The definition of a column.
    Column(usize),
    /// A row.
    Row,
    /// A statement or a result is at its end.
    Done(Done),
    /// A request has failed; the payload is the error. Nothing more comes for it.
    Failed(Answer),
    /// The server wants a file.
    File,
}

/// How a statement has ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Done {
    pub(crate) affected: u64,
    pub(crate) last_insert_id: u64,
    /// How many rows an INSERT was given, where it says so: it does if there may be several.
    pub(crate) records: Option<u64>,
    /// Whether another result of the same request follows.
    pub(crate) more: bool,
}

impl Session {
    pub(crate) fn new(packets: Packets, deprecates_eof: bool, is_extended: bool) -> Self {
        Self {
            packets,
            expected: VecDeque::new(),
            state: State::Start,
            status: StatusFlags::SERVER_STATUS_AUTOCOMMIT.bits(),
            deprecates_eof,
            is_extended,
            is_broken: false,
        }
    }

    pub(crate) fn is_broken(&self) -> bool {
        self.is_broken
    }

    pub(crate) fn set_broken(&mut self) {
        self.is_broken = true;
    }

    /// Whether an answer is still to come.
    #[inline]
    pub(crate) fn owes(&self) -> bool {
        !self.expected.is_empty()
    }

    /// How many answers are still to come.
    pub(crate) fn owed(&self) -> usize {
        self.expected.len()
    }

    /// Whether a transaction was open when the server said so last.
    #[inline]
    pub(crate) fn is_in_transaction(&self) -> bool {
        self.status & StatusFlags::SERVER_STATUS_IN_TRANS.bits() != 0
    }

    pub(crate) fn status(&self) -> u16 {
        self.status
    }

    pub(crate) fn wire(&mut self) -> &mut Wire {
        self.packets.wire()
    }

    #[inline]
    pub(crate) fn out(&mut self) -> &mut BytesMut {
        self.packets.out()
    }

    /// Begins a request. What is appended to the buffer until [`submit`](Self::submit) is part of it.
    #[inline]
    pub(crate) fn begin(&mut self, command: Command) -> usize {
        let out = self.packets.out();
        let at = begin(out);
        out.put_u8(command as u8);
        at
    }

    /// Takes a request back that could not be put together.
    #[cold]
    pub(crate) fn take_back(&mut self, at: usize) {
        self.packets.wire().truncate_out(at);
    }

    /// Ends a request that began at `at`, and notes that it will be answered.
    #[inline]
    pub(crate) fn submit(&mut self, at: usize, answer: Answer) {
        let sequence = end(self.packets.out(), at, 0);
        if self.expected.is_empty() {
            self.packets.expect(sequence);
            self.state = State::Start;
        }
        self.expected.push_back(Expected { answer, sequence });
    }

    /// A request of which the text is all.
    pub(crate) fn query(&mut self, sql: &str) {
        let at = self.begin(Command::COM_QUERY);
        self.out().put_slice(sql.as_bytes());
        self.submit(at, Answer::Result);
    }

    pub(crate) fn ping(&mut self) {
        let at = self.begin(Command::COM_PING);
        self.submit(at, Answer::Result);
    }

    /// Lets a prepared statement go. There is no answer, so it is sent with whatever comes next.
    pub(crate) fn close_statement(&mut self, id: u32) {
        let at = self.begin(Command::COM_STMT_CLOSE);
        let out = self.packets.out();
        out.put_u32_le(id);
        end(out, at, 0);
    }

    /// Writes what is to be written and reads at least a byte.
    #[inline]
    pub(crate) async fn fill(&mut self) -> Result<()> {
        let filled = self.packets.fill().await;
        self.is_broken |= filled.is_err();
        filled
    }

    /// The next event, waited for.
    #[inline]
    pub(crate) async fn next(&mut self) -> Result<Event> {
        loop {
            match self.try_next()? {
                Some(event) => return Ok(event),
                None => self.fill().await?,
            }
        }
    }

    /// The next event, if its packet is there. Nothing may be asked for when nothing is to come.
    #[inline]
    pub(crate) fn try_next(&mut self) -> Result<Option<Event>> {
        self.packets.release();
        let event = self.read_packet();
        if event.is_err() {
            self.is_broken = true;
        }
        event
    }

    #[inline]
    fn read_packet(&mut self) -> Result<Option<Event>> {
        if !self.packets.is_ready()? {
            return Ok(None);
        }
        // The most frequent one by far.
        if self.state == State::Row && self.packets.payload().first() == Some(&0) {
            return Ok(Some(Event::Row));
        }
        self.read_other().map(Some)
    }

    /// The payload of the packet that the last event is about.
    #[inline]
    pub(crate) fn payload(&self) -> &[u8] {
        self.packets.payload()
    }

    /// The error of the last event.
    #[cold]
    pub(crate) fn error(&self) -> aludel_core::Error {
        match ServerError::parse(self.payload()) {
            Some(error) => error.into(),
            None => truncated("an error"),
        }
    }

    fn read_other(&mut self) -> Result<Event> {
        let Some(&Expected { answer, .. }) = self.expected.front() else {
            return Err(broken_protocol("an answer comes that nobody has asked for"));
        };
        let packet = self.packets.payload();
        let Some(&first) = packet.first() else {
            return Err(broken_protocol("a packet is empty"));
        };
        if first == 0xff && matches!(self.state, State::Start | State::Row) {
            self.finish();
            return Ok(Event::Failed(answer));
        }
        match self.state {
            State::Start if answer == Answer::Prepare => self.read_prepared(),
            State::Start => self.read_start(first),
            State::Prepared { left, then } => {
                self.definition_read(left, then);
                Ok(Event::Nothing)
            }
            State::PreparedEof { then } => {
                self.definitions_begin(then, 0);
                Ok(Event::Nothing)
            }
            State::Column { index, count } => {
                self.state = match index + 1 {
                    next if next < count => State::Column { index: next, count },
                    _ if self.deprecates_eof => State::Row,
                    _ => State::ColumnsEof,
                };
                Ok(Event::Column(index))
            }
            State::ColumnsEof => {
                self.read_eof()?;
                self.state = State::Row;
                Ok(Event::Nothing)
            }
            State::Row => self.read_row(first),
        }
    }

    fn read_prepared(&mut self) -> Result<Event> {
        let mut parse = Parse::new(self.packets.payload());
        let (Some(0), Some(id), Some(columns), Some(parameters)) = (parse.u8(), parse.u32(), parse.u16(), parse.u16())
        else {
            return Err(broken_protocol("a statement was prepared, and the answer is none of that"));
        };
        let (columns, parameters) = (usize::from(columns), usize::from(parameters));
        if parameters > 0 {
            self.state = State::Prepared { left: parameters, then: columns };
        } else {
            self.definitions_begin(columns, 0);
        }
        Ok(Event::Prepared { id, parameters })
    }

    fn definitions_begin(&mut self, left: usize, then: usize) {
        match left {
            0 => self.finish(),
            left => self.state = State::Prepared { left, then },
        }
    }

    fn definition_read(&mut self, left: usize, then: usize) {
        match left {
            2.. => self.state = State::Prepared { left: left - 1, then },
            _ if self.deprecates_eof => self.definitions_begin(then, 0),
            _ => self.state = State::PreparedEof { then },
        }
    }

    fn read_start(&mut self, first: u8) -> Result<Event> {
        match first {
            0 => self.read_ok(),
            0xfb => Ok(Event::File),
            _ => {
                let mut parse = Parse::new(self.packets.payload());
                let count = parse.int().and_then(|count| usize::try_from(count).ok()).filter(|count| *count <= 65_535);
                let Some(count @ 1..) = count else {
                    return Err(broken_protocol("a result begins with no number of columns"));
                };
                self.state = State::Column { index: 0, count };
                Ok(Event::Columns(count))
            }
        }
    }

    /// Rows of the text protocol begin with the first cell's length, those of the binary one with 0.
    fn read_row(&mut self, first: u8) -> Result<Event> {
        let is_end = first == 0xfe && self.packets.payload().len() < 0xff_ffff;
        match is_end {
            false => Ok(Event::Row),
            true if self.deprecates_eof => self.read_ok(),
            true => {
                self.read_eof()?;
                Ok(Event::Done(self.done(0, 0)))
            }
        }
    }

    fn read_ok(&mut self) -> Result<Event> {
        let mut parse = Parse::new(self.packets.payload());
        let _header = parse.u8();
        let (Some(affected), Some(last_insert_id), Some(status)) = (parse.int(), parse.int(), parse.u16()) else {
            return Err(truncated("an OK"));
        };
        let records = if affected > 1 { parse_records(&mut parse) } else { None };
        self.status = status;
        Ok(Event::Done(Done { records, ..self.done(affected, last_insert_id) }))
    }

    fn read_eof(&mut self) -> Result<()> {
        let mut parse = Parse::new(self.packets.payload());
        match (parse.u8(), parse.u16(), parse.u16()) {
            (Some(0xfe), Some(_warnings), Some(status)) => {
                self.status = status;
                Ok(())
            }
            _ => Err(broken_protocol("the end of definitions or rows is none")),
        }
    }

    fn done(&mut self, affected: u64, last_insert_id: u64) -> Done {
        let more = self.status & StatusFlags::SERVER_MORE_RESULTS_EXISTS.bits() != 0;
        self.state = State::Start;
        if !more {
            self.finish();
        }
        Done { affected, last_insert_id, more, records: None }
    }

    /// The answer is at its end.
    #[inline]
    fn finish(&mut self) {
        self.expected.pop_front();
        self.state = State::Start;
        if let Some(next) = self.expected.front() {
            self.packets.expect(next.sequence);
        }
    }

    /// All that was asked for is answered: gives memory back that large answers have needed.
    #[inline]
    pub(crate) fn rest(&mut self) {
        self.packets.release();
        self.packets.wire().shrink();
    }

    /// Sends a piece of the file that the server wants; an empty one is its end, and all of it where there is none.
    #[cold]
    pub(crate) fn put_file(&mut self, piece: &[u8]) {
        let sequence = self.packets.sequence();
        let out = self.packets.out();
        let at = begin(out);
        out.put_slice(piece);
        let next = end(out, at, sequence);
        self.packets.expect(next);
    }

    /// Gives the server nothing in place of the file that it wants.
    #[cold]
    pub(crate) fn refuse_file(&mut self) {
        self.put_file(&[]);
    }
}

/// Out of the rest of an OK: `Records: 3  Duplicates: 1  Warnings: 0`.
fn parse_records(ok: &mut Parse<'_>) -> Option<u64> {
    let _warnings = ok.u16()?;
    let info = std::str::from_utf8(ok.bytes()?).ok()?;
    info.strip_prefix("Records: ")?.split(' ').next()?.parse().ok()
}

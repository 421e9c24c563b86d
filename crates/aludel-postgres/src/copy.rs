//! `COPY` in and out, in any format, and with typed rows.

use std::io;
use std::sync::Arc;

use aludel_core::{EncodeRow, Error, FromRow, Result, UsageError};
use aludel_engine::driver::wrong_width;
use aludel_sql::dialect::{Dialect, Postgres as PostgresDialect};
use bytes::{BufMut, Bytes, BytesMut};

use crate::bind::Param;
use crate::connection::{PostgresConnection, too_large};
use crate::error::Report;
use crate::message::{self, garbled};
use crate::request::{self, Name};
use crate::row::{PostgresRow, find_cells};
use crate::statement::{Columns, parse_params};
use crate::types::Type;

/// Data is sent when there is so much of it.
const PIECE: usize = 64 * 1024;
/// What binary data begins with.
pub(crate) const SIGNATURE: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";

/// What the server has answered to a COPY.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    /// It waits for data.
    In,
    /// Data comes.
    Out,
    /// A piece of data of so many bytes is at the front of the read buffer, behind so many others.
    Data(usize),
    /// It is over; so many rows were copied.
    Done(u64),
}

impl PostgresConnection {
    /// Begins a `COPY … FROM STDIN` in any format: `COPY film (title) FROM STDIN (FORMAT csv)`.
    ///
    /// On a connection that blocks, [`wait`](crate::wait) gives the result of this and of what [`CopyIn`] has.
    ///
    /// # Errors
    /// When the database refuses the statement, it is no such COPY, or the connection is lost.
    pub async fn copy_in(&mut self, sql: &str) -> Result<CopyIn<'_>> {
        self.begin_copy(sql, Answer::In).await?;
        self.channel.state.is_copying = true;
        Ok(CopyIn { connection: self })
    }

    /// Begins a `COPY … TO STDOUT` in any format: `COPY film TO STDOUT (FORMAT csv, HEADER)`.
    ///
    /// # Errors
    /// As [`copy_in`](Self::copy_in).
    pub async fn copy_out(&mut self, sql: &str) -> Result<CopyOut<'_>> {
        self.begin_copy(sql, Answer::Out).await?;
        Ok(CopyOut { connection: self, is_done: false })
    }

    /// Begins to copy rows of Rust values into these columns of a table, in the binary format. The names are quoted here; a
    /// table in a schema is `"schema.table"`.
    ///
    /// # Errors
    /// As [`copy_in`](Self::copy_in), and when there is no such table or column.
    pub async fn copy_rows_in(&mut self, table: &str, columns: &[&str]) -> Result<CopyRowsIn<'_>> {
        let quoted = |name: &str| PostgresDialect.quoted(name);
        let table = table.split('.').map(quoted).collect::<Vec<_>>().join(".");
        let names = columns.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ");
        let found = self.describe_query(&format!("SELECT {names} FROM {table}")).await?;
        let sql = format!("COPY {table} ({names}) FROM STDIN (FORMAT binary)");
        self.begin_copy(&sql, Answer::In).await?;
        self.channel.state.is_copying = true;
        let mut copy = CopyIn { connection: self };
        copy.append(SIGNATURE)?;
        Ok(CopyRowsIn { copy, types: found.types.clone(), row: BytesMut::new() })
    }

    /// Begins to copy the rows of a query out, in the binary format, to be read as Rust values.
    ///
    /// # Errors
    /// As [`copy_out`](Self::copy_out), and when the query is none.
    pub async fn copy_rows_out(&mut self, query: &str) -> Result<CopyRowsOut<'_>> {
        let columns = self.describe_query(query).await?;
        let out = self.copy_out(&format!("COPY ({query}) TO STDOUT (FORMAT binary)")).await?;
        Ok(CopyRowsOut { out, columns, has_begun: false })
    }

    /// The columns of a query, with types of which all is known.
    async fn describe_query(&mut self, sql: &str) -> Result<Arc<Columns>> {
        self.settle_for_copy().await?;
        let name = Name { prefix: self.prefix, number: 0 };
        let start = self.channel.wire.out().len();
        if !request::parse(name, sql, &[], self.channel.wire.out()) {
            self.channel.wire.truncate_out(start);
            return Err(too_large());
        }
        request::describe(name, self.channel.wire.out());
        request::sync(self.channel.wire.out());
        self.channel.state.owed += 1;
        let mut columns = None;
        self.read_messages(|tag, body| {
            match tag {
                b't' if !parse_params(body)?.is_empty() => return Err(garbled("a COPY has no place for values")),
                b'T' => columns = Some(Columns::parse(body)?),
                _ => {}
            }
            Ok(())
        })
        .await?;
        let Some(columns) = columns else {
            return Err(UsageError::new(format!("what is to be copied is no query: {sql}")).into());
        };
        let registry = &self.settings.registry;
        registry.ask(&mut self.channel, &columns.types).await?;
        Ok(Arc::new(columns.with_types(registry.resolve(&columns.types))))
    }

    /// Reads to the end of everything that is owed, and hands out the messages.
    async fn read_messages(&mut self, mut each: impl FnMut(u8, &[u8]) -> io::Result<()>) -> Result<()> {
        self.channel.flush().await?;
        let mut failed = None;
        while self.channel.state.owed > 0 {
            let (wire, state) = (&mut self.channel.wire, &mut self.channel.state);
            let read = match message::first(wire.input()) {
                Ok(Some(message)) => {
                    let read = match message.tag {
                        b'E' => Report::parse(message.body).map(|report| {
                            state.is_broken |= report.is_fatal();
                            failed = Some(report.into_error());
                        }),
                        _ => state.note(&message).and_then(|()| each(message.tag, message.body)),
                    };
                    let size = message.size;
                    wire.consume(size);
                    read.map(|()| true)
                }
                Ok(None) => Ok(false),
                Err(error) => Err(error),
            };
            match read {
                Ok(true) => {}
                Ok(false) => self.channel.fill().await?,
                Err(error) => return Err(self.channel.lose(error)),
            }
        }
        failed.map_or(Ok(()), Err)
    }

    async fn settle_for_copy(&mut self) -> Result<()> {
        if self.away.is_some() || self.channel.owes() {
            self.settled(false).await?;
        }
        Ok(())
    }

    async fn begin_copy(&mut self, sql: &str, wanted: Answer) -> Result<()> {
        self.settle_for_copy().await?;
        self.write_query(sql)?;
        self.channel.flush().await?;
        match self.next_answer().await? {
            found if found == wanted => Ok(()),
            Answer::Done(_) => Err(UsageError::new(format!("the SQL is no COPY by the client: {sql}")).into()),
            _ => {
                // The other direction.
                if self.channel.state.owed > 0 {
                    self.channel.state.is_copying = wanted == Answer::Out;
                    self.channel.write_end();
                    self.channel.drain(0).await?;
                }
                Err(UsageError::new(format!("the COPY goes in the other direction: {sql}")).into())
            }
        }
    }

    /// The next thing that a COPY's answer has. After an error of the database nothing is under way.
    async fn next_answer(&mut self) -> Result<Answer> {
        let (mut rows, mut failed) = (0, None);
        loop {
            let (wire, state) = (&mut self.channel.wire, &mut self.channel.state);
            let found = match message::first(wire.input()) {
                Ok(found) => found,
                Err(error) => return Err(self.channel.lose(error)),
            };
            let Some(message) = found else {
                self.channel.fill().await?;
                continue;
            };
            let answer = match message.tag {
                b'G' => Some(Answer::In),
                b'H' | b'W' => Some(Answer::Out),
                b'd' => return Ok(Answer::Data(message.size)),
                _ => None,
            };
            let noted = match message.tag {
                b'E' => Report::parse(message.body).map(|report| {
                    state.is_broken |= report.is_fatal();
                    state.is_copying = false;
                    failed = Some(report.into_error());
                }),
                b'C' => {
                    rows = crate::answer::affected(message.body);
                    Ok(())
                }
                _ => state.note(&message),
            };
            let size = message.size;
            wire.consume(size);
            if let Err(error) = noted {
                return Err(self.channel.lose(error));
            }
            match answer {
                Some(answer) => return Ok(answer),
                None if self.channel.state.owed == 0 => return failed.map_or(Ok(Answer::Done(rows)), Err),
                None => {}
            }
        }
    }
}

/// Data on its way into the database. Unless it is [finished](Self::finish), nothing of it is kept.
#[derive(Debug)]
pub struct CopyIn<'a> {
    connection: &'a mut PostgresConnection,
}

impl CopyIn<'_> {
    /// Sends a piece of data, cut wherever it is.
    ///
    /// # Errors
    /// When the database has refused what came before, or the connection is lost.
    pub async fn write(&mut self, data: &[u8]) -> Result<()> {
        for piece in data.chunks(PIECE) {
            self.append(piece)?;
            if self.connection.channel.wire.out().len() >= PIECE {
                self.send().await?;
            }
        }
        Ok(())
    }

    fn append(&mut self, data: &[u8]) -> Result<()> {
        if !self.connection.channel.state.is_copying {
            return Err(UsageError::new("the COPY has failed before; nothing more can be written to it").into());
        }
        let out = self.connection.channel.wire.out();
        let at = request::begin(b'd', out);
        out.put_slice(data);
        if request::end(at, out) { Ok(()) } else { Err(too_large()) }
    }

    async fn send(&mut self) -> Result<()> {
        let connection = &mut *self.connection;
        connection.channel.flush().await?;
        match connection.channel.wire.try_fill() {
            // The server says nothing unless something is wrong.
            Ok(true) => connection.next_answer().await.map(|_| ()),
            Ok(false) => Ok(()),
            Err(error) => Err(connection.channel.lose(error)),
        }
    }

    /// Says that this was all. Tells how many rows there were.
    ///
    /// # Errors
    /// When the database refuses a row, or the connection is lost.
    pub async fn finish(self) -> Result<u64> {
        let connection = self.connection;
        if connection.channel.state.is_copying {
            request::copy_done(connection.channel.wire.out());
            connection.channel.state.is_copying = false;
        }
        connection.channel.flush().await?;
        match connection.next_answer().await? {
            Answer::Done(rows) => Ok(rows),
            _ => Err(connection.channel.lose(garbled("the end of a COPY has another answer"))),
        }
    }
}

/// Data on its way out of the database.
#[derive(Debug)]
pub struct CopyOut<'a> {
    connection: &'a mut PostgresConnection,
    is_done: bool,
}

impl CopyOut<'_> {
    /// The next piece of data: a row, in most formats. None at the end.
    ///
    /// # Errors
    /// When the database can't go on, or the connection is lost.
    pub async fn read(&mut self) -> Result<Option<Bytes>> {
        if self.is_done {
            return Ok(None);
        }
        match self.connection.next_answer().await {
            Ok(Answer::Data(size)) => {
                let wire = &mut self.connection.channel.wire;
                let data = Bytes::copy_from_slice(wire.input().get(5..size).unwrap_or(&[]));
                wire.consume(size);
                Ok(Some(data))
            }
            Ok(_) => {
                self.is_done = true;
                Ok(None)
            }
            Err(error) => {
                self.is_done = true;
                Err(error)
            }
        }
    }
}

/// Rows of Rust values on their way into a table.
#[derive(Debug)]
pub struct CopyRowsIn<'a> {
    copy: CopyIn<'a>,
    types: Box<[Type]>,
    row: BytesMut,
}

impl CopyRowsIn<'_> {
    /// Sends a row: a tuple, or whatever gives as many values as there are columns.
    ///
    /// # Errors
    /// When a value has no binary form for its column, the database has refused what came before, or the connection is lost.
    pub async fn write<R: EncodeRow + ?Sized>(&mut self, row: &R) -> Result<()> {
        self.row.clear();
        self.row.put_u16(u16::try_from(self.types.len()).map_err(|_| too_large())?);
        for (index, ty) in self.types.iter().enumerate() {
            let mut param = Param::new(&mut self.row, ty);
            row.encode_field(index, &mut param).map_err(|fault| Error::other(fault.at(index)))?;
            if param.is_text {
                let message = format!("the value of column {} has no binary form for {}", index + 1, ty.words());
                return Err(UsageError::new(message).into());
            }
        }
        self.copy.append(&self.row)?;
        if self.copy.connection.channel.wire.out().len() >= PIECE {
            self.copy.send().await?;
        }
        Ok(())
    }

    /// Says that these were all. Tells how many rows there were.
    ///
    /// # Errors
    /// As [`CopyIn::finish`].
    pub async fn finish(mut self) -> Result<u64> {
        self.copy.append(&(-1_i16).to_be_bytes())?;
        self.copy.finish().await
    }
}

/// Rows of a query on their way out, as Rust values.
#[derive(Debug)]
pub struct CopyRowsOut<'a> {
    out: CopyOut<'a>,
    columns: Arc<Columns>,
    has_begun: bool,
}

impl CopyRowsOut<'_> {
    /// The next row. None at the end.
    ///
    /// # Errors
    /// When a cell can't be read as what is wanted, the database can't go on, or the connection is lost.
    pub async fn read<R: FromRow>(&mut self) -> Result<Option<R>> {
        if R::WIDTH != self.columns.len() {
            return Err(wrong_width(R::WIDTH, self.columns.len()));
        }
        while let Some(data) = self.out.read().await? {
            let body = if self.has_begun { &data[..] } else { self.without_head(&data)? };
            if body == (-1_i16).to_be_bytes() || body.is_empty() {
                continue;
            }
            let channel = &mut self.out.connection.channel;
            if let Err(error) = find_cells(body, &mut channel.cells) {
                return Err(channel.lose(error));
            }
            let row = PostgresRow::new(body, &channel.cells, &self.columns);
            return R::from_row(&row, 0).map(Some).map_err(Error::other);
        }
        Ok(None)
    }

    fn without_head<'d>(&mut self, data: &'d [u8]) -> Result<&'d [u8]> {
        self.has_begun = true;
        data.strip_prefix(SIGNATURE)
            .ok_or_else(|| self.out.connection.channel.lose(garbled("binary data begins with something else")))
    }
}

//! Inserts of any number of rows.
//!
//! Rows go by `COPY` where nothing is returned, in arrays (one for each column) otherwise, and one by one where they are few
//! or a value has no binary form for its column. Whichever it is, rows are encoded while the server works on those before, and
//! what begins and ends the whole travels with the rows.

mod arrays;
mod copy;
mod first;
mod single;

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Instant;

use aludel_core::{Encode, EncodeRow, Result};
use aludel_engine::driver::{Bulk, BulkField, Outcome, RowFeed, Slot, bulk_fault, write_fault};
use aludel_sql::{Arguments, Compiled};
use bytes::BytesMut;

use crate::answer::{Answer, End};
use crate::bind::Param;
use crate::connection::{PostgresConnection, too_large};
use crate::prepare::Place;
use crate::request::{self, Bind};
use crate::run::stale;
use crate::statement::Described;
use crate::types::Type;

use self::first::First;

/// Fewer rows than these go one by one.
const FEW: usize = 4;
/// So many rows at least go by `COPY`.
const MANY: usize = 100;

/// Runs a statement for each row of a feed.
pub(crate) async fn run(connection: &mut PostgresConnection, bulk: Bulk<'_>) -> Result<Outcome> {
    let Bulk { single, single_slot, many, copy, arguments, fields, feed, sink, enclosure, times, .. } = bulk;
    let started = times.is_some().then(Instant::now);
    let (begin, commit) = enclosure.map_or((&[][..], &[][..]), |enclosure| (enclosure.begin, enclosure.commit));
    let start = connection.channel.wire.out().len();
    for sql in begin {
        connection.write_query(sql)?;
    }
    let begun = (!begin.is_empty()).then(|| Begun {
        start,
        end: connection.channel.wire.out().len(),
        queries: u32::try_from(begin.len()).unwrap_or(u32::MAX),
        owed: connection.channel.state.owed,
    });
    let settings = Arc::clone(&connection.settings);
    let answer = Answer::new(single, sink, None, &settings.registry);
    let rows = Rows { fields, arguments };
    let odd = Odd::default();
    let mut run =
        Run { connection, rows, single, answer, sent: 0, begun, commit, is_whole: false, is_committed: false, odd };
    let mut prepared = run.prepare(single, single_slot).await?;
    run.answer.columns.clone_from(&prepared.described.columns);
    // Nobody knows how many rows there are, so the first ones decide how they go.
    let mut first = First::default();
    let enough = if copy.is_some() { MANY } else { FEW };
    let more = match (&copy, &many) {
        (None, None) => More::Yes,
        _ => first.gather(&mut run, &prepared, enough, feed)?,
    };
    let mut copy = copy.filter(|_| more == More::Yes);
    if copy.is_some() && prepared.place.is_unnamed {
        // An error of its Parse must not swallow the simple query that comes now.
        run.connection.commit_request();
    }
    if let Some(wanted) = copy
        && !run.connection.can_copy(wanted).await?
    {
        copy = None;
        prepared = run.prepare_again(prepared).await?;
    }
    let number_of_many = many.as_ref().map(|many| many.compiled.number);
    match (copy, many) {
        (Some(copy), _) => run.by_copy(copy, &prepared, &first, feed).await?,
        (None, Some(many)) if more != More::Odd && first.rows() >= FEW => {
            run.by_arrays(many, prepared, &first, more, feed).await?;
        }
        _ => run.one_by_one(prepared, &first, more, feed).await?,
    }
    let Run { answer, is_committed, .. } = run;
    let is_stale = answer.is_stale;
    let outcome = match answer.finish() {
        Ok(outcome) => outcome,
        Err(error) if is_stale => {
            connection.statements.forget(single.number);
            number_of_many.into_iter().for_each(|number| connection.statements.forget(number));
            return Err(stale(&error));
        }
        Err(error) => return Err(error),
    };
    if let (Some(times), Some(started)) = (times, started) {
        times.execute += started.elapsed();
    }
    Ok(Outcome { finished: true, committed: is_committed, ..outcome })
}

/// A bulk insert on its way.
struct Run<'a, 'b> {
    connection: &'a mut PostgresConnection,
    rows: Rows<'b>,
    single: &'b Arc<Compiled>,
    answer: Answer<'b>,
    /// How many answers to rows are under way.
    sent: u32,
    /// What is run before the first row, and may still be taken back.
    begun: Option<Begun>,
    /// What is run behind the last row.
    commit: &'b [Cow<'static, str>],
    /// Whether one statement holds all rows and nothing is run around it.
    is_whole: bool,
    is_committed: bool,
    odd: Odd,
}

/// What begins the whole, as it stands in the write buffer.
#[derive(Clone, Copy, Debug)]
struct Begun {
    start: usize,
    end: usize,
    queries: u32,
    /// How many answers were owed when it had been appended.
    owed: u32,
}

/// A row with a value that has no binary form.
#[derive(Debug, Default)]
struct Odd {
    /// Its values, each behind its length.
    bytes: BytesMut,
    /// Which of them are text; none where there is no such row.
    texts: Vec<bool>,
}

/// What rows are made of.
#[derive(Clone, Copy)]
struct Rows<'b> {
    fields: &'b [BulkField],
    /// Values that are the same for every row, behind the row's own.
    arguments: &'b Arguments,
}

/// A statement that is prepared.
#[derive(Clone, Debug)]
struct Prepared {
    place: Place,
    described: Described,
}

/// Whether more rows follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum More {
    Yes,
    No,
    /// And the row at hand has a value that has no binary form: it was written for a statement of its own.
    Odd,
}

impl Run<'_, '_> {
    /// Finds the statement on the server, or prepares it.
    async fn prepare(&mut self, compiled: &Arc<Compiled>, slot: &mut Slot) -> Result<Prepared> {
        let connection = &mut *self.connection;
        let start = connection.channel.wire.out().len();
        let found = connection.place(compiled, *slot, true);
        let (place, described) = found.inspect_err(|_| connection.channel.wire.truncate_out(start))?;
        *slot = place.slot;
        if !place.is_new {
            return Ok(Prepared { place, described });
        }
        connection.commit_request();
        // Whatever stands before: what begins the whole.
        if let Some(error) = connection.channel.drain(1).await? {
            return Err(error);
        }
        let described = connection.read_description(place, compiled, None).await?;
        Ok(Prepared { place: Place { is_new: false, ..place }, described })
    }

    /// The statement for single rows, after others. One that the server keeps is there still; another is parsed again.
    async fn prepare_again(&mut self, prepared: Prepared) -> Result<Prepared> {
        if !prepared.place.is_unnamed {
            return Ok(prepared);
        }
        let mut slot = prepared.place.slot;
        self.prepare(self.single, &mut slot).await
    }

    /// The next statement holds all rows, and is all or nothing by itself. If what begins the whole was not sent yet, it is
    /// taken back, and what ends the whole is left out.
    fn take_back_begin(&mut self) {
        let channel = &mut self.connection.channel;
        let Some(begun) = self.begun.take() else {
            return;
        };
        if channel.state.owed == begun.owed && channel.wire.out().len() == begun.end {
            channel.wire.truncate_out(begun.start);
            channel.state.owed -= begun.queries;
            self.commit = &[];
            self.is_whole = true;
        }
    }

    /// Rows that stand in the write buffer are sent. Behind the last ones goes what ends the whole.
    async fn send(&mut self, is_last: bool) -> Result<()> {
        self.sent += 1;
        if is_last {
            // After an error a COMMIT is a ROLLBACK.
            for sql in self.commit {
                self.connection.write_query(sql)?;
            }
        }
        self.connection.channel.flush().await
    }

    /// Reads answers until only so many are under way. False if rows have failed: then nothing is under way any more.
    async fn read(&mut self, most: u32, commits: u32) -> Result<bool> {
        let channel = &mut self.connection.channel;
        while self.sent > most {
            // What stands before the first answer to rows: what began the whole.
            if let Some(error) = channel.drain(self.sent + commits).await? {
                channel.drain(0).await?;
                return Err(error);
            }
            let end = self.answer.read(channel).await?;
            self.sent -= 1;
            if self.answer.error.is_some() || end != End::Ready {
                if end == End::Ready {
                    channel.drain(0).await?;
                }
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Reads what is still under way; `has_ended` says whether all rows were sent.
    async fn finish(&mut self, has_ended: bool) -> Result<()> {
        let commits = if has_ended { u32::try_from(self.commit.len()).unwrap_or(0) } else { 0 };
        if !self.read(0, commits).await? {
            return Ok(());
        }
        if has_ended {
            if let Some(error) = self.connection.channel.drain(0).await? {
                return Err(error);
            }
            self.is_committed = self.is_whole || !self.commit.is_empty();
        }
        Ok(())
    }
}

impl Odd {
    /// Takes a row: each value as text, and in binary where it has no text.
    fn take<'t>(
        &mut self,
        row: &dyn EncodeRow,
        fields: &[BulkField],
        ty: impl Fn(usize) -> Option<&'t Type>,
    ) -> Result<()> {
        for (index, field) in fields.iter().enumerate() {
            let start = self.bytes.len();
            let mut param = Param::new(&mut self.bytes, &Type::UNKNOWN);
            row.encode_field(field.index, &mut param).map_err(|fault| bulk_fault(field, index, fault))?;
            let (mut is_text, needs_type) = (param.is_text, param.needs_type);
            if needs_type {
                self.bytes.truncate(start);
                let mut param = Param::new(&mut self.bytes, ty(index).unwrap_or(&Type::UNKNOWN));
                row.encode_field(field.index, &mut param).map_err(|fault| bulk_fault(field, index, fault))?;
                is_text = param.is_text;
            }
            self.texts.push(is_text);
        }
        Ok(())
    }
}

impl Rows<'_> {
    /// Appends `Bind` and `Execute` for one row.
    fn write_single(
        &self,
        row: &dyn EncodeRow,
        compiled: &Compiled,
        prepared: &Prepared,
        out: &mut BytesMut,
    ) -> Result<()> {
        let params = &prepared.described.params;
        let count = self.fields.len() + compiled.binds.len();
        let bind = Bind::begin(prepared.place.name, u16::try_from(count).map_err(|_| too_large())?, out);
        for (index, field) in self.fields.iter().enumerate() {
            let mut param = Param::new(out, params.get(index).unwrap_or(&Type::UNKNOWN));
            row.encode_field(field.index, &mut param).map_err(|fault| bulk_fault(field, index, fault))?;
            if param.is_text {
                bind.as_text(index, out);
            }
        }
        self.write_arguments(compiled, params, self.fields.len(), &bind, out)?;
        if !bind.end(out) {
            return Err(too_large());
        }
        request::execute(0, out);
        Ok(())
    }

    /// Appends `Bind` and `Execute` for a row whose values were written already; those of the given places as text.
    fn write_written(
        &self,
        values: &[u8],
        texts: &[bool],
        compiled: &Compiled,
        prepared: &Prepared,
        out: &mut BytesMut,
    ) -> Result<()> {
        let width = self.fields.len();
        let count = u16::try_from(width + compiled.binds.len()).map_err(|_| too_large())?;
        let bind = Bind::begin(prepared.place.name, count, out);
        texts.iter().enumerate().filter(|(_, is_text)| **is_text).for_each(|(index, _)| bind.as_text(index, out));
        out.extend_from_slice(values);
        self.write_arguments(compiled, &prepared.described.params, width, &bind, out)?;
        if !bind.end(out) {
            return Err(too_large());
        }
        request::execute(0, out);
        Ok(())
    }

    /// Appends the values that are the same for every row.
    fn write_arguments(
        &self,
        compiled: &Compiled,
        params: &[Type],
        first: usize,
        bind: &Bind,
        out: &mut BytesMut,
    ) -> Result<()> {
        for (index, plan) in compiled.binds.iter().enumerate() {
            let at = first + index;
            let mut param = Param::new(out, params.get(at).unwrap_or(&Type::UNKNOWN));
            let value = self.arguments.get(plan.source);
            value.encode(&mut param).map_err(|fault| write_fault(compiled, index, fault))?;
            if param.is_text {
                bind.as_text(at, out);
            }
        }
        Ok(())
    }
}

/// Whether the feed is at its end, and the whole with it.
fn is_last(more: More, feed: &dyn RowFeed) -> bool {
    more == More::No && feed.is_at_end()
}

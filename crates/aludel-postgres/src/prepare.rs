//! Finding a statement on the server, or putting it there.

use std::time::Instant;

use aludel_core::{Encode, Kind, Result, UsageError};
use aludel_engine::driver::{NoRows, Slot, Times, write_fault};
use aludel_sql::{Arguments, Compiled};

use crate::answer::Answer;
use crate::bind::Param;
use crate::channel::Channel;
use crate::connection::{PostgresConnection, too_large};
use crate::request::{self, Bind, Name};
use crate::statement::Described;
use crate::types::{self, Type};

/// A statement's place and name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) slot: Slot,
    pub(crate) name: Name,
    /// Whether it is not known yet what the statement looks like.
    pub(crate) is_new: bool,
    /// Whether it is kept by nobody, or only here.
    pub(crate) is_unnamed: bool,
}

impl PostgresConnection {
    /// Finds the statement, or begins to prepare it: `Parse` and, where it is new, `Describe` are appended.
    pub(crate) fn place(&mut self, compiled: &Compiled, hint: Slot, keep: bool) -> Result<(Place, Described)> {
        if std::mem::take(&mut self.channel.state.has_dropped_statements) {
            self.statements.clear();
        }
        self.write_closes();
        let prefix = self.prefix;
        if let Some((slot, number, described)) = self.statements.find(compiled.number, hint) {
            let name = Name { prefix, number };
            let place = Place { slot, name, is_new: false, is_unnamed: number == 0 };
            let described = described.clone();
            if place.is_unnamed {
                self.declared.clear();
                self.declared.extend(described.params.iter().map(|ty| ty.oid));
                self.write_parse(name, compiled)?;
            }
            return Ok((place, described));
        }
        let sql = &*compiled.sql;
        if let Some(at) = sql.find('\0') {
            return Err(UsageError::new(format!("the SQL holds a zero byte, at byte {at}")).into());
        }
        declare(compiled, &mut self.declared);
        let (slot, number) = if keep { self.statements.reserve(compiled.number) } else { (Slot::EMPTY, 0) };
        let name = Name { prefix, number };
        self.write_parse(name, compiled)?;
        request::describe(name, self.channel.wire.out());
        Ok((Place { slot, name, is_new: true, is_unnamed: number == 0 }, Described::default()))
    }

    fn write_parse(&mut self, name: Name, compiled: &Compiled) -> Result<()> {
        if request::parse(name, &compiled.sql, &self.declared, self.channel.wire.out()) {
            return Ok(());
        }
        Err(too_large())
    }

    /// Appends what lets go of statements that are not needed any more.
    fn write_closes(&mut self) {
        let prefix = self.prefix;
        for number in self.statements.closing().iter() {
            request::close(Name { prefix, number: *number }, self.channel.wire.out());
        }
    }

    /// The request stands in the write buffer as a whole: its Sync is appended, and noted.
    pub(crate) fn commit_request(&mut self) {
        self.statements.closing().clear();
        request::sync(self.channel.wire.out());
        self.channel.state.owed += 1;
    }

    /// As [`commit_request`](Self::commit_request), for a cursor that stays open.
    pub(crate) fn commit_unsynced(&mut self) {
        self.statements.closing().clear();
        request::flush(self.channel.wire.out());
        self.channel.state.is_unsynced = true;
    }

    /// The request could not be written as a whole: nothing of it is sent.
    pub(crate) fn take_back(&mut self, length: usize, place: Option<Place>) {
        self.channel.wire.truncate_out(length);
        if let Some(place) = place
            && place.is_new
        {
            self.statements.release(place.slot, place.name.number);
        }
    }

    /// What an answer has told of a new statement is kept.
    pub(crate) fn keep(&mut self, place: Place, described: Option<Described>, is_parsed: bool) {
        if !place.is_new || place.slot == Slot::EMPTY {
            return;
        }
        match described {
            Some(described) if is_parsed && described.is_understood() => {
                self.statements.fill(place.slot, place.name.number, described);
            }
            // The server has it, and nobody knows what it looks like: it is let go when it is met again.
            _ if is_parsed => {}
            _ => self.statements.release(place.slot, place.name.number),
        }
    }

    /// As [`keep`](Self::keep), with what is known of the types by now.
    pub(crate) fn keep_resolved(&mut self, place: Place, described: Option<Described>, is_parsed: bool) {
        if !place.is_new {
            return;
        }
        let described = described.map(|mut described| {
            described.resolve(&self.settings.registry);
            described
        });
        self.keep(place, described, is_parsed);
    }

    /// Reads the answer to `Parse`, `Describe` and `Sync`, and asks for types that nobody has heard of.
    pub(crate) async fn read_description(
        &mut self,
        place: Place,
        compiled: &Compiled,
        times: Option<&mut Times>,
    ) -> Result<Described> {
        let registry = &self.settings.registry;
        let mut nothing = NoRows;
        let mut answer = Answer::new(compiled, &mut nothing, None, registry);
        let started = Instant::now();
        answer.read(&mut self.channel).await?;
        let (mut described, is_parsed) = (answer.described.take().unwrap_or_default(), answer.is_parsed);
        if let Err(error) = answer.finish() {
            self.keep(place, None, is_parsed);
            return Err(error);
        }
        for types in [Some(&described.params[..]), described.columns.as_ref().map(|columns| &*columns.types)] {
            if let Some(types) = types
                && registry.lacks(types)
            {
                registry.ask(&mut self.channel, types).await?;
            }
        }
        described.resolve(registry);
        self.keep(place, Some(described.clone()), is_parsed);
        if let Some(times) = times {
            times.prepare += started.elapsed();
        }
        Ok(described)
    }
}

/// Writes `Bind` for a statement's own values. False, and nothing is written, if a value can't be written before its type is
/// known.
pub(crate) fn write_bind(
    channel: &mut Channel,
    name: Name,
    compiled: &Compiled,
    params: Option<&[Type]>,
    arguments: &Arguments,
) -> Result<bool> {
    let out = channel.wire.out();
    let start = out.len();
    let count = compiled.binds.len();
    if let Some(params) = params
        && params.len() != count
    {
        let message = format!("the SQL has {} placeholder(s), and {count} value(s) are bound", params.len());
        return Err(UsageError::new(message).into());
    }
    let bind = Bind::begin(name, u16::try_from(count).map_err(|_| too_large())?, out);
    for (index, plan) in compiled.binds.iter().enumerate() {
        let ty = params.and_then(|params| params.get(index)).unwrap_or(&Type::UNKNOWN);
        let mut param = Param::new(out, ty);
        arguments.get(plan.source).encode(&mut param).map_err(|fault| write_fault(compiled, index, fault))?;
        let (is_text, needs_type) = (param.is_text, param.needs_type);
        if needs_type {
            out.truncate(start);
            return Ok(false);
        }
        if is_text {
            bind.as_text(index, out);
        }
    }
    if bind.end(out) { Ok(true) } else { Err(too_large()) }
}

/// The types that the parameters are said to have. What stands beside a column gets its type from there, and text is what
/// the server makes of it; otherwise the value's own kind decides.
fn declare(compiled: &Compiled, types: &mut Vec<u32>) {
    types.clear();
    types.resize(compiled.rows.map_or(0, |shape| shape.width * shape.rows), 0);
    types.extend(compiled.binds.iter().map(|bind| match bind.kind {
        Kind::Bytes => types::BYTEA,
        _ if bind.context.is_some() => 0,
        Kind::Bool => types::BOOL,
        Kind::SmallInt => types::INT2,
        Kind::Integer => types::INT4,
        Kind::BigInt => types::INT8,
        Kind::Float => types::FLOAT4,
        Kind::Double => types::FLOAT8,
        Kind::Decimal => types::NUMERIC,
        Kind::Date => types::DATE,
        Kind::Time => types::TIME,
        Kind::DateTime => types::TIMESTAMP,
        Kind::Timestamp => types::TIMESTAMPTZ,
        Kind::Interval => types::INTERVAL,
        Kind::Uuid => types::UUID,
        Kind::Json => types::JSONB,
        _ => 0,
    }));
}

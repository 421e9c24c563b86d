//! Inserts of any number of rows.

use std::sync::Arc;

use aludel_core::{Encode, Result};
use aludel_engine::driver::{Bulk, BulkField, Outcome, RowFeed, bulk_fault, write_fault};
use aludel_sql::{Arguments, Compiled};

use crate::answer::{Answer, End};
use crate::bind::Param;
use crate::connection::{PostgresConnection, too_large};
use crate::request::{self, Bind, Name};
use crate::types::Type;

/// Rows are sent in pieces of this many bytes.
const PIECE: usize = 64 * 1024;

/// Runs a statement for each row of a feed.
pub(crate) async fn run(connection: &mut PostgresConnection, bulk: Bulk<'_>) -> Result<Outcome> {
    let Bulk { single, single_slot, arguments, fields, feed, sink, enclosure, .. } = bulk;
    for sql in enclosure.map_or(&[][..], |enclosure| enclosure.begin) {
        connection.write_query(sql)?;
    }
    let start = connection.channel.wire.out().len();
    let found = connection.place(single, *single_slot, true);
    let (place, mut described) = match found {
        Ok(found) => found,
        Err(error) => {
            connection.take_back(start, None);
            return Err(error);
        }
    };
    *single_slot = place.slot;
    if place.is_new {
        connection.commit_request();
        connection.channel.flush().await?;
        if let Some(error) = connection.channel.drain(1).await? {
            return Err(error);
        }
        described = connection.read_description(place, single, None).await?;
    }
    let settings = Arc::clone(&connection.settings);
    let mut answer = Answer::new(single, sink, described.columns.clone(), &settings.registry);
    let rows = Rows { compiled: single, name: place.name, params: &described.params, fields, arguments };
    let mut is_committed = false;
    loop {
        let has_more = rows.write_piece(connection, feed)?;
        connection.commit_request();
        let mut commits = 0;
        if let Some(enclosure) = enclosure
            && !has_more
            && feed.is_at_end()
        {
            // After an error this COMMIT is a ROLLBACK.
            for sql in enclosure.commit {
                connection.write_query(sql)?;
                commits += 1;
            }
            is_committed = true;
        }
        connection.channel.flush().await?;
        // What stands before the rows' own answer: what begins the enclosure.
        if let Some(error) = connection.channel.drain(commits + 1).await? {
            return Err(error);
        }
        let end = answer.read(&mut connection.channel).await?;
        if answer.error.is_some() || end != End::Ready {
            break;
        }
        if !has_more {
            if let Some(error) = connection.channel.drain(0).await? {
                return Err(error);
            }
            break;
        }
    }
    let outcome = answer.finish()?;
    Ok(Outcome { finished: true, committed: is_committed, ..outcome })
}

/// How rows are written.
struct Rows<'a> {
    compiled: &'a Arc<Compiled>,
    name: Name,
    params: &'a [Type],
    fields: &'a [BulkField],
    arguments: &'a Arguments,
}

impl Rows<'_> {
    /// Writes rows until the piece is full. False when there are no more.
    fn write_piece(&self, connection: &mut PostgresConnection, feed: &mut dyn RowFeed) -> Result<bool> {
        let start = connection.channel.wire.out().len();
        loop {
            let out = connection.channel.wire.out();
            if out.len() - start >= PIECE {
                return Ok(true);
            }
            let written = feed.next(&mut |row| {
                let count = self.fields.len() + self.compiled.binds.len();
                let bind = Bind::begin(self.name, u16::try_from(count).map_err(|_| too_large())?, out);
                let ty = |index: usize| self.params.get(index).unwrap_or(&Type::UNKNOWN);
                for (index, field) in self.fields.iter().enumerate() {
                    let mut param = Param::new(out, ty(index));
                    row.encode_field(field.index, &mut param).map_err(|fault| bulk_fault(field, index, fault))?;
                    if param.is_text {
                        bind.as_text(index, out);
                    }
                }
                for (index, plan) in self.compiled.binds.iter().enumerate() {
                    let at = self.fields.len() + index;
                    let mut param = Param::new(out, ty(at));
                    let value = self.arguments.get(plan.source);
                    value.encode(&mut param).map_err(|fault| write_fault(self.compiled, index, fault))?;
                    if param.is_text {
                        bind.as_text(at, out);
                    }
                }
                if !bind.end(out) {
                    return Err(too_large());
                }
                request::execute(0, out);
                Ok(())
            });
            match written {
                Ok(true) => {}
                Ok(false) => return Ok(false),
                Err(error) => {
                    connection.take_back(start, None);
                    return Err(error);
                }
            }
        }
    }
}

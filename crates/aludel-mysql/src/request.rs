//! Runs of prepared statements, put into the write buffer.

use aludel_core::{DatabaseError, DatabaseErrorKind, Encode, Error, Fault, Result};
use aludel_engine::driver::write_fault;
use aludel_sql::{Arguments, Compiled};
use bytes::BufMut;
use mysql_common::constants::Command;

use crate::bind::{Nulls, Params, Types, put_types};
use crate::session::{Answer, Session};

/// What a statement is run with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Values<'a> {
    pub(crate) compiled: &'a Compiled,
    pub(crate) arguments: &'a Arguments,
    /// Whether UUIDs are written with hyphens where nothing says otherwise.
    pub(crate) hyphens: bool,
}

impl Values<'_> {
    /// Writes the statement's values behind those that are there.
    #[inline]
    pub(crate) fn write(self, params: &mut Params<'_>) -> Result<()> {
        for (index, bind) in self.compiled.binds.iter().enumerate() {
            params.context = bind.context;
            let value = self.arguments.get(bind.source);
            value.encode(params).map_err(|fault| write_fault(self.compiled, index, fault))?;
        }
        Ok(())
    }
}

/// Requests a run of a prepared statement. After an error nothing is requested.
#[inline]
pub(crate) fn put_execute(
    session: &mut Session,
    id: u32,
    types: &mut Types,
    values: Values<'_>,
    max_packet: usize,
) -> Result<()> {
    let hyphens = values.hyphens;
    put_run(session, id, types, values.compiled.binds.len(), max_packet, hyphens, |params| values.write(params))
}

/// Requests a run with `count` parameters, which `write` writes.
#[inline]
pub(crate) fn put_run(
    session: &mut Session,
    id: u32,
    types: &mut Types,
    count: usize,
    max_packet: usize,
    hyphens: bool,
    write: impl FnOnce(&mut Params<'_>) -> Result<()>,
) -> Result<()> {
    let at = session.begin(Command::COM_STMT_EXECUTE);
    let out = session.out();
    out.put_u32_le(id);
    out.put_slice(&[0, 1, 0, 0, 0]);
    if count > 0 {
        types.begin(count);
        let nulls = out.len();
        out.put_bytes(0, count.div_ceil(8));
        let flag = out.len();
        let sends = !types.is_sent;
        out.put_u8(u8::from(sends));
        if sends {
            out.put_bytes(0, count * 2);
        }
        let mut params = Params { out, types, nulls: Nulls::Bitmap(nulls), index: 0, context: None, hyphens };
        let written = write(&mut params).and_then(|()| match params.index {
            index if index == count => Ok(()),
            index => Err(wrong_count(count, index)),
        });
        if let Err(error) = written {
            types.is_sent = false;
            session.take_back(at);
            return Err(error);
        }
        let out = session.out();
        if types.must_resend() {
            make_room(out, flag + 1, count * 2);
            if let Some(flag) = out.get_mut(flag) {
                *flag = 1;
            }
        }
        if sends || types.must_resend() {
            put_types(out.get_mut(flag + 1..).unwrap_or(&mut []), types.as_slice());
        }
        types.is_sent = true;
    }
    let length = session.out().len() - at;
    if length >= max_packet {
        types.is_sent = false;
        session.take_back(at);
        return Err(too_large(length, max_packet));
    }
    session.submit(at, Answer::Result);
    Ok(())
}

/// Moves what stands at `at` and behind it by so many bytes.
#[cold]
fn make_room(out: &mut bytes::BytesMut, at: usize, count: usize) {
    let end = out.len();
    out.put_bytes(0, count);
    out.copy_within(at..end, at + count);
}

#[cold]
fn wrong_count(wanted: usize, found: usize) -> Error {
    let fault = Fault::custom(format!("writes {found} value(s), where the statement has {wanted} parameter(s)"));
    Error::other(fault)
}

/// What the server would only break the connection for.
#[cold]
pub(crate) fn too_large(length: usize, max_packet: usize) -> Error {
    let message = format!(
        "the request has {length} bytes, and the server takes {max_packet}; raise its max_allowed_packet, or send less at once"
    );
    DatabaseError::new(DatabaseErrorKind::InvalidValue, "1153", message).with_sqlstate("08S01").into()
}

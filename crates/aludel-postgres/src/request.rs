//! The messages of the extended protocol, written straight into the write buffer.

use bytes::{BufMut, BytesMut};

/// The name of a prepared statement: a prefix that no other connection has, and a number; or no name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Name {
    pub(crate) prefix: u64,
    /// 0 for the statement without a name.
    pub(crate) number: u64,
}

impl Name {
    #[inline]
    fn put(self, out: &mut BytesMut) {
        if self.number != 0 {
            out.put_slice(b"al");
            put_hex(self.prefix, 16, out);
            out.put_u8(b'_');
            put_hex(self.number, 1, out);
        }
        out.put_u8(0);
    }
}

/// Hexadecimal digits, at least so many.
fn put_hex(value: u64, least: u32, out: &mut BytesMut) {
    let digits = (16 - value.leading_zeros() / 4).max(least).max(1);
    for place in (0..digits).rev() {
        let nibble = (value >> (place * 4)) & 0xf;
        out.put_u8(b"0123456789abcdef".get(nibble as usize).copied().unwrap_or(b'0'));
    }
}

/// Begins a message, and gives where its length stands.
#[inline]
pub(crate) fn begin(tag: u8, out: &mut BytesMut) -> usize {
    out.put_u8(tag);
    out.put_i32(0);
    out.len() - 4
}

/// Ends the message that was begun there. False for one that is too long for the protocol.
#[inline]
#[must_use]
pub(crate) fn end(length_at: usize, out: &mut BytesMut) -> bool {
    let Ok(length) = i32::try_from(out.len() - length_at) else {
        return false;
    };
    if let Some(place) = out.get_mut(length_at..length_at + 4) {
        place.copy_from_slice(&length.to_be_bytes());
    }
    true
}

/// `Parse`. A type of 0 is left to the server.
#[must_use]
pub(crate) fn parse(name: Name, sql: &str, types: &[u32], out: &mut BytesMut) -> bool {
    let at = begin(b'P', out);
    name.put(out);
    out.put_slice(sql.as_bytes());
    out.put_u8(0);
    let Ok(count) = u16::try_from(types.len()) else {
        return false;
    };
    out.put_u16(count);
    types.iter().for_each(|oid| out.put_u32(*oid));
    end(at, out)
}

/// `Describe` of a statement.
pub(crate) fn describe(name: Name, out: &mut BytesMut) {
    let at = begin(b'D', out);
    out.put_u8(b'S');
    name.put(out);
    let _short: bool = end(at, out);
}

/// `Describe` of the portal without a name.
pub(crate) fn describe_portal(out: &mut BytesMut) {
    out.put_slice(b"D\0\0\0\x06P\0");
}

/// `Close` of a statement.
pub(crate) fn close(name: Name, out: &mut BytesMut) {
    let at = begin(b'C', out);
    out.put_u8(b'S');
    name.put(out);
    let _short: bool = end(at, out);
}

/// A `Bind` that is being written.
#[derive(Debug)]
pub(crate) struct Bind {
    length_at: usize,
    formats_at: usize,
}

impl Bind {
    /// Begins it: all parameters are said to be binary, until [`as_text`](Self::as_text) says something else.
    #[inline]
    pub(crate) fn begin(name: Name, params: u16, out: &mut BytesMut) -> Self {
        let length_at = begin(b'B', out);
        out.put_u8(0);
        name.put(out);
        out.put_u16(params);
        let formats_at = out.len();
        (0..params).for_each(|_| out.put_u16(1));
        out.put_u16(params);
        Self { length_at, formats_at }
    }

    /// The parameter went as text.
    #[inline]
    pub(crate) fn as_text(&self, index: usize, out: &mut BytesMut) {
        let at = self.formats_at + index * 2;
        if let Some(format) = out.get_mut(at..at + 2) {
            format.copy_from_slice(&[0, 0]);
        }
    }

    /// Ends it, and asks for all columns in binary.
    #[inline]
    #[must_use]
    pub(crate) fn end(self, out: &mut BytesMut) -> bool {
        out.put_slice(&[0, 1, 0, 1]);
        end(self.length_at, out)
    }
}

/// `Execute` of the portal without a name; 0 rows stand for all.
#[inline]
pub(crate) fn execute(rows: i32, out: &mut BytesMut) {
    out.put_slice(b"E\0\0\0\x09\0");
    out.put_i32(rows);
}

#[inline]
pub(crate) fn sync(out: &mut BytesMut) {
    out.put_slice(b"S\0\0\0\x04");
}

/// `Flush`: the server sends what it has.
pub(crate) fn flush(out: &mut BytesMut) {
    out.put_slice(b"H\0\0\0\x04");
}

/// `Close` of the portal without a name.
pub(crate) fn close_portal(out: &mut BytesMut) {
    out.put_slice(b"C\0\0\0\x06P\0");
}

/// `CopyFail`: the rows of a COPY so far are thrown away.
pub(crate) fn copy_fail(out: &mut BytesMut) {
    let at = begin(b'f', out);
    out.put_slice(b"the rows were dropped before they were whole\0");
    let _short: bool = end(at, out);
}

/// `CopyDone`.
pub(crate) fn copy_done(out: &mut BytesMut) {
    out.put_slice(b"c\0\0\0\x04");
}

/// A simple query.
#[must_use]
pub(crate) fn query(sql: &str, out: &mut BytesMut) -> bool {
    let at = begin(b'Q', out);
    out.put_slice(sql.as_bytes());
    out.put_u8(0);
    end(at, out)
}

/// `Terminate`.
pub(crate) fn terminate(out: &mut BytesMut) {
    out.put_slice(b"X\0\0\0\x04");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let mut out = BytesMut::new();
        Name { prefix: 0xab, number: 0x1f }.put(&mut out);
        assert_eq!(&out[..], b"al00000000000000ab_1f\0");
        out.clear();
        Name { prefix: 0xab, number: 0 }.put(&mut out);
        assert_eq!(&out[..], b"\0");
    }
}

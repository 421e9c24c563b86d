//! The server's messages where they lie in the read buffer.

use std::io::{self, ErrorKind};

/// A whole message at the front of some bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Message<'b> {
    pub(crate) tag: u8,
    pub(crate) body: &'b [u8],
    /// How many bytes it takes with its head.
    pub(crate) size: usize,
}

/// The first message, if all of it is there.
#[inline]
pub(crate) fn first(bytes: &[u8]) -> io::Result<Option<Message<'_>>> {
    let Some((head, _)) = bytes.split_first_chunk::<5>() else {
        return Ok(None);
    };
    let [tag, length @ ..] = *head;
    let size = match usize::try_from(i32::from_be_bytes(length)) {
        Ok(length) if length >= 4 => length + 1,
        _ => return Err(garbled("a message has a length that makes no sense")),
    };
    Ok(bytes.get(5..size).map(|body| Message { tag, body, size }))
}

/// Reads numbers and texts off the front of a message's body.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Body<'b>(pub(crate) &'b [u8]);

impl<'b> Body<'b> {
    pub(crate) fn u8(&mut self) -> io::Result<u8> {
        self.chunk::<1>().map(|[byte]| byte)
    }

    #[inline]
    pub(crate) fn i32(&mut self) -> io::Result<i32> {
        self.chunk().map(i32::from_be_bytes)
    }

    pub(crate) fn u32(&mut self) -> io::Result<u32> {
        self.chunk().map(u32::from_be_bytes)
    }

    /// A count of things that follow.
    #[inline]
    pub(crate) fn count(&mut self) -> io::Result<usize> {
        // The protocol calls it signed, and means up to 65,535.
        self.chunk().map(u16::from_be_bytes).map(usize::from)
    }

    pub(crate) fn bytes(&mut self, count: usize) -> io::Result<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or_else(too_short)?;
        self.0 = rest;
        Ok(taken)
    }

    /// Text up to the next zero byte.
    pub(crate) fn text(&mut self) -> io::Result<&'b str> {
        let end = self.0.iter().position(|byte| *byte == 0).ok_or_else(too_short)?;
        let text = self.bytes(end)?;
        self.u8()?;
        std::str::from_utf8(text).map_err(|_| garbled("a text of the protocol is not UTF-8"))
    }

    /// As [`text`](Self::text), where what the server says may come before its encoding is set.
    pub(crate) fn text_lossy(&mut self) -> io::Result<std::borrow::Cow<'b, str>> {
        let end = self.0.iter().position(|byte| *byte == 0).ok_or_else(too_short)?;
        let text = self.bytes(end)?;
        self.u8()?;
        Ok(String::from_utf8_lossy(text))
    }

    #[inline]
    fn chunk<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let (chunk, rest) = self.0.split_first_chunk::<N>().ok_or_else(too_short)?;
        self.0 = rest;
        Ok(*chunk)
    }
}

#[cold]
fn too_short() -> io::Error {
    garbled("a message ends too early")
}

/// What the server sent is not PostgreSQL's protocol.
#[cold]
pub(crate) fn garbled(what: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, format!("the server does not speak PostgreSQL's protocol: {what}"))
}

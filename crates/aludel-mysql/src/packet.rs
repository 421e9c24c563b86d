//! Packets in the buffers of a socket.
//!
//! A packet is three bytes of length, a sequence number, and a payload. A payload of 16 MiB or more goes on in the next packet.
//! Small payloads are read where they lie in the socket's buffer; large ones are put together first.

use aludel_core::{Error, Result};
use aludel_wire::Wire;
use bytes::{BufMut, BytesMut};

use crate::error::{broken_protocol, connection_lost};

/// The length that says that the payload goes on.
const FULL: usize = 0xff_ffff;
const HEADER: usize = 4;
/// A payload that was put together stays in memory up to this size.
const KEPT: usize = 1 << 20;

/// Appends room for a packet's header. Gives what [`end`] wants.
#[inline]
pub(crate) fn begin(out: &mut BytesMut) -> usize {
    let at = out.len();
    out.put_slice(&[0; HEADER]);
    at
}

/// Writes the header of the packet that began at `at`, the first of its exchange having the number `sequence`. Gives the
/// number of the answer's first packet.
#[inline]
pub(crate) fn end(out: &mut BytesMut, at: usize, sequence: u8) -> u8 {
    let length = out.len().saturating_sub(at + HEADER);
    if length < FULL {
        put_header(out, at, length, sequence);
        return sequence.wrapping_add(1);
    }
    end_large(out, at, length, sequence)
}

#[inline]
fn put_header(out: &mut BytesMut, at: usize, length: usize, sequence: u8) {
    let [a, b, c, ..] = length.to_le_bytes();
    if let Some(header) = out.get_mut(at..at + HEADER) {
        header.copy_from_slice(&[a, b, c, sequence]);
    }
}

/// Moves the pieces of a large payload apart, the last one first, and puts headers between them.
#[cold]
fn end_large(out: &mut BytesMut, at: usize, length: usize, sequence: u8) -> u8 {
    let more = length / FULL;
    out.resize(out.len() + more * HEADER, 0);
    for piece in (0..=more).rev() {
        let from = at + HEADER + piece * FULL;
        let size = (length - piece * FULL).min(FULL);
        let header = at + piece * (FULL + HEADER);
        out.copy_within(from..from + size, header + HEADER);
        let [low, ..] = piece.to_le_bytes();
        put_header(out, header, size, sequence.wrapping_add(low));
    }
    let [low, ..] = more.to_le_bytes();
    sequence.wrapping_add(low).wrapping_add(1)
}

/// A socket whose bytes are read as packets.
#[derive(Debug)]
pub(crate) struct Packets {
    wire: Wire,
    current: Current,
    large: Vec<u8>,
    /// The number that the next packet must have.
    sequence: u8,
}

/// Where the payload is that is being looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Current {
    Nothing,
    /// In the socket's buffer, so long.
    Here(usize),
    /// In `large`.
    Large,
}

impl Packets {
    pub(crate) fn new(wire: Wire) -> Self {
        Self { wire, current: Current::Nothing, large: Vec::new(), sequence: 0 }
    }

    pub(crate) fn wire(&mut self) -> &mut Wire {
        &mut self.wire
    }

    #[inline]
    pub(crate) fn out(&mut self) -> &mut BytesMut {
        self.wire.out()
    }

    /// The number that the next packet from the server must have.
    pub(crate) fn sequence(&self) -> u8 {
        self.sequence
    }

    /// The answer to a request begins with this number.
    #[inline]
    pub(crate) fn expect(&mut self, sequence: u8) {
        self.sequence = sequence;
    }

    /// Whether the next packet is there as a whole. It is looked at by [`payload`](Self::payload) until it is
    /// [released](Self::release).
    #[inline]
    pub(crate) fn is_ready(&mut self) -> Result<bool> {
        if self.current != Current::Nothing {
            return Ok(true);
        }
        let input = self.wire.input();
        let Some(&[a, b, c, sequence]) = input.first_chunk::<HEADER>() else {
            return Ok(false);
        };
        let length = usize::from(a) | usize::from(b) << 8 | usize::from(c) << 16;
        if length == FULL || !self.large.is_empty() {
            return self.is_large_ready();
        }
        if input.len() < HEADER + length {
            return Ok(false);
        }
        if sequence != self.sequence {
            return Err(out_of_order(self.sequence, sequence));
        }
        self.sequence = sequence.wrapping_add(1);
        self.current = Current::Here(length);
        Ok(true)
    }

    /// Puts the pieces of a large payload together, as far as they are there.
    #[cold]
    fn is_large_ready(&mut self) -> Result<bool> {
        loop {
            let input = self.wire.input();
            let Some(&[a, b, c, sequence]) = input.first_chunk::<HEADER>() else {
                return Ok(false);
            };
            let length = usize::from(a) | usize::from(b) << 8 | usize::from(c) << 16;
            let Some(piece) = input.get(HEADER..HEADER + length) else {
                return Ok(false);
            };
            if sequence != self.sequence {
                return Err(out_of_order(self.sequence, sequence));
            }
            self.large.extend_from_slice(piece);
            self.sequence = sequence.wrapping_add(1);
            self.wire.consume(HEADER + length);
            if length < FULL {
                self.current = Current::Large;
                return Ok(true);
            }
        }
    }

    /// The payload of the packet that is ready.
    #[inline]
    pub(crate) fn payload(&self) -> &[u8] {
        match self.current {
            Current::Nothing => &[],
            Current::Here(length) => self.wire.input().get(HEADER..HEADER + length).unwrap_or(&[]),
            Current::Large => &self.large,
        }
    }

    /// The packet that is ready has been dealt with.
    #[inline]
    pub(crate) fn release(&mut self) {
        match self.current {
            Current::Nothing => return,
            Current::Here(length) => self.wire.consume(HEADER + length),
            Current::Large => {
                self.large.clear();
                self.large.shrink_to(KEPT);
            }
        }
        self.current = Current::Nothing;
    }

    /// Writes what is to be written and reads at least a byte.
    #[inline]
    pub(crate) async fn fill(&mut self) -> Result<()> {
        self.wire.fill().await.map_err(connection_lost)
    }

    /// Waits for a packet.
    pub(crate) async fn next(&mut self) -> Result<&[u8]> {
        self.release();
        while !self.is_ready()? {
            self.fill().await?;
        }
        Ok(self.payload())
    }
}

#[cold]
fn out_of_order(wanted: u8, found: u8) -> Error {
    broken_protocol(&format!("a packet has the number {found}, where {wanted} comes next"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payloads_are_cut_at_16_mib() {
        for length in [0, 1, FULL - 1, FULL, FULL + 1, 2 * FULL, 2 * FULL + 5] {
            let mut out = BytesMut::new();
            out.put_slice(b"before");
            let at = begin(&mut out);
            let payload: Vec<u8> = (0..length).map(|n| n.to_le_bytes()[0] ^ n.to_le_bytes()[1]).collect();
            out.put_slice(&payload);
            let next = end(&mut out, at, 7);
            assert_eq!(&out[..6], b"before");
            let (mut found, mut rest, mut sequence) = (Vec::new(), &out[6..], 7);
            loop {
                let size = usize::from(rest[0]) | usize::from(rest[1]) << 8 | usize::from(rest[2]) << 16;
                assert_eq!(rest[3], sequence);
                sequence += 1;
                found.extend_from_slice(&rest[4..4 + size]);
                rest = &rest[4 + size..];
                if size < FULL {
                    break;
                }
            }
            assert!(rest.is_empty() && found == payload, "{length}");
            assert_eq!(next, sequence);
        }
    }
}

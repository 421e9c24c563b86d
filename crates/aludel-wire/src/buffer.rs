//! The buffer that answers are read into.

/// Bytes that have arrived and were not taken yet. Grows for large messages, and shrinks again.
#[derive(Debug, Default)]
pub(crate) struct ReadBuffer {
    /// Zeroes beyond `end`, so that the whole can be handed to a read.
    bytes: Vec<u8>,
    start: usize,
    end: usize,
}

const SMALLEST: usize = 16 * 1024;
/// A buffer beyond this size goes back to the smallest when it is empty.
const KEPT: usize = 1024 * 1024;
/// The most that one read asks for.
const LARGEST_STEP: usize = 256 * 1024;

impl ReadBuffer {
    #[inline]
    pub(crate) fn filled(&self) -> &[u8] {
        &self.bytes[self.start..self.end]
    }

    #[inline]
    pub(crate) fn consume(&mut self, count: usize) {
        self.start += count.min(self.end - self.start);
        if self.start == self.end {
            self.start = 0;
            self.end = 0;
        }
    }

    /// Room for the next read: what is left behind the filled part, or more.
    pub(crate) fn room(&mut self) -> &mut [u8] {
        let filled = self.end - self.start;
        // A message that is not whole is moved to the front before the buffer grows.
        if self.start > 0 && (self.bytes.len() - self.end < SMALLEST / 2) {
            self.bytes.copy_within(self.start..self.end, 0);
            self.start = 0;
            self.end = filled;
        }
        if self.bytes.len() - self.end < SMALLEST / 4 {
            let more = self.bytes.len().clamp(SMALLEST, LARGEST_STEP.max(self.bytes.len()));
            self.bytes.resize(self.bytes.len() + more, 0);
        }
        let most = self.bytes.len().min(self.end + LARGEST_STEP);
        &mut self.bytes[self.end..most]
    }

    #[inline]
    pub(crate) fn filled_more(&mut self, count: usize) {
        self.end = (self.end + count).min(self.bytes.len());
    }

    /// Gives memory back that a large answer has needed.
    pub(crate) fn shrink(&mut self) {
        if self.start == self.end && self.bytes.len() > KEPT {
            self.bytes = Vec::new();
            self.start = 0;
            self.end = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(buffer: &mut ReadBuffer, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let room = buffer.room();
            let count = room.len().min(bytes.len());
            room[..count].copy_from_slice(&bytes[..count]);
            buffer.filled_more(count);
            bytes = &bytes[count..];
        }
    }

    #[test]
    fn what_goes_in_comes_out_in_order() {
        let mut buffer = ReadBuffer::default();
        let all: Vec<u8> = (0..3_000_000_u32).map(|n| u8::try_from(n % 251).unwrap()).collect();
        let (mut given, mut taken) = (0, 0);
        for step in (1..4000).cycle() {
            let next = (given + step * 17).min(all.len());
            put(&mut buffer, &all[given..next]);
            given = next;
            let take = buffer.filled().len().min(step * 16);
            assert_eq!(buffer.filled()[..take], all[taken..taken + take]);
            buffer.consume(take);
            taken += take;
            if taken == all.len() {
                break;
            }
        }
        buffer.shrink();
        assert!(buffer.bytes.len() <= KEPT);
    }
}

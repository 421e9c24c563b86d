//! Reading the bytes of a tape.

/// A cursor over bytes; every read is `None` at the end.
pub(in crate::tape) struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    pub(in crate::tape) fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(*first)
    }

    /// The next byte, which stays.
    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.first().copied()
    }

    pub(in crate::tape) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.bytes.split_first_chunk()?;
        self.bytes = rest;
        Some(*head)
    }

    pub(in crate::tape) fn count(&mut self) -> Option<usize> {
        match self.byte()? {
            255 => usize::try_from(u32::from_le_bytes(self.array()?)).ok(),
            small => Some(usize::from(small)),
        }
    }

    pub(in crate::tape) fn text(&mut self) -> Option<&'a str> {
        let length = self.count()?;
        let (head, rest) = self.bytes.split_at_checked(length)?;
        self.bytes = rest;
        std::str::from_utf8(head).ok()
    }
}

//! Numbers and texts out of a packet, in the order in which they stand there.

/// What is left of a packet. Nothing is given beyond its end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parse<'p> {
    rest: &'p [u8],
}

impl<'p> Parse<'p> {
    #[inline]
    pub(crate) fn new(packet: &'p [u8]) -> Self {
        Self { rest: packet }
    }

    pub(crate) fn rest(&self) -> &'p [u8] {
        self.rest
    }

    #[inline]
    pub(crate) fn take(&mut self, count: usize) -> Option<&'p [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    #[inline]
    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.rest.split_first_chunk::<N>()?;
        self.rest = rest;
        Some(*taken)
    }

    #[inline]
    pub(crate) fn u8(&mut self) -> Option<u8> {
        self.array().map(|[byte]| byte)
    }

    #[inline]
    pub(crate) fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_le_bytes)
    }

    #[inline]
    pub(crate) fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    /// A number of one to nine bytes.
    #[inline]
    pub(crate) fn int(&mut self) -> Option<u64> {
        match self.u8()? {
            byte @ 0..=250 => Some(u64::from(byte)),
            252 => self.u16().map(u64::from),
            253 => self.array().map(|[a, b, c]| u64::from(u32::from_le_bytes([a, b, c, 0]))),
            254 => self.array().map(u64::from_le_bytes),
            _ => None,
        }
    }

    /// Bytes behind their length.
    #[inline]
    pub(crate) fn bytes(&mut self) -> Option<&'p [u8]> {
        let length = usize::try_from(self.int()?).ok()?;
        self.take(length)
    }

    /// Bytes up to a zero, which is taken too; to the end where there is none.
    pub(crate) fn until_zero(&mut self) -> &'p [u8] {
        let end = self.rest.iter().position(|byte| *byte == 0);
        let taken = self.rest.get(..end.unwrap_or(self.rest.len())).unwrap_or(&[]);
        self.rest = end.and_then(|end| self.rest.get(end + 1..)).unwrap_or(&[]);
        taken
    }
}

/// The text as far as it is UTF-8.
pub(crate) fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

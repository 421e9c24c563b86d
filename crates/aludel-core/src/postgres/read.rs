//! Bytes taken from the front.

/// What is left of a value's bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Read<'b>(pub(super) &'b [u8]);

impl<'b> Read<'b> {
    pub(super) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*taken)
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    pub(super) fn i32(&mut self) -> Option<i32> {
        self.array().map(i32::from_be_bytes)
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_be_bytes)
    }

    pub(super) fn bytes(&mut self, count: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    /// So many bytes as the number before them says.
    pub(super) fn sized(&mut self) -> Option<&'b [u8]> {
        let count = usize::try_from(self.i32()?).ok()?;
        self.bytes(count)
    }

    /// Text up to a zero byte.
    pub(super) fn zero_ended(&mut self) -> Option<&'b str> {
        let end = self.0.iter().position(|byte| *byte == 0)?;
        let text = self.bytes(end)?;
        self.byte()?;
        std::str::from_utf8(text).ok()
    }

    /// The value, if nothing is left.
    pub(super) fn end<T>(self, value: T) -> Option<T> {
        self.0.is_empty().then_some(value)
    }
}

/// Puts bytes behind their number.
pub(super) fn put_sized(out: &mut Vec<u8>, bytes: &[u8]) -> Result<(), crate::Fault> {
    out.extend(count(bytes.len())?.to_be_bytes());
    out.extend(bytes);
    Ok(())
}

/// A number of bytes or elements as PostgreSQL counts them.
pub(super) fn count(count: usize) -> Result<i32, crate::Fault> {
    i32::try_from(count)
        .map_err(|_| crate::Fault::out_of_range("one value, which has a gigabyte at most", count.to_string()))
}

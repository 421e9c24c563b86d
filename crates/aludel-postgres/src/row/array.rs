//! Arrays in the binary format.

use aludel_core::{Fault, RowRef};
use bytes::BufMut;

use super::{Cell, NO_LENGTH, PostgresRow};
use crate::message::Body;
use crate::types::Type;

/// The most dimensions that PostgreSQL has.
const DIMENSIONS: i32 = 6;

/// Hands out the elements of an array, each as a row of one column. Those of an array of several dimensions are arrays of one
/// dimension less.
pub(super) fn list(
    bytes: &[u8],
    ty: &Type,
    each: &mut dyn FnMut(&dyn RowRef) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let garbled = |_| broken();
    let mut body = Body(bytes);
    let dimensions = body.i32().map_err(garbled)?;
    let flags = body.i32().map_err(garbled)?;
    let oid = body.u32().map_err(garbled)?;
    if dimensions == 0 {
        return Ok(());
    }
    if !(1..=DIMENSIONS).contains(&dimensions) {
        return Err(broken());
    }
    let count = body.i32().map_err(garbled)?;
    // The number of the first element.
    body.bytes(4).map_err(garbled)?;
    if dimensions == 1 {
        let types = [ty.element().filter(|element| element.oid == oid).unwrap_or_else(|| Type::of(oid))];
        for _ in 0..count {
            let (element, length) = element(&mut body)?;
            each(&PostgresRow { body: element, cells: &[Cell { start: 0, length }], types: &types })?;
        }
        return Ok(());
    }
    let inner = Inner::take(dimensions, &mut body)?;
    let mut part = Vec::new();
    for _ in 0..count {
        part.clear();
        part.put_i32(dimensions - 1);
        part.put_i32(flags);
        part.put_u32(oid);
        part.put_slice(inner.sizes);
        part.put_slice(inner.elements(&mut body)?);
        let length = u32::try_from(part.len()).map_err(|_| broken())?;
        each(&PostgresRow { body: &part, cells: &[Cell { start: 0, length }], types: std::slice::from_ref(ty) })?;
    }
    Ok(())
}

/// What the elements of an array of several dimensions are.
struct Inner<'b> {
    /// The count and the first number of each of their dimensions.
    sizes: &'b [u8],
    /// How many values each of them has.
    count: usize,
}

impl<'b> Inner<'b> {
    fn take(dimensions: i32, body: &mut Body<'b>) -> Result<Self, Fault> {
        let sizes =
            usize::try_from(dimensions - 1).ok().and_then(|count| body.bytes(count * 8).ok()).ok_or_else(broken)?;
        let count = sizes.chunks(8).try_fold(1_usize, |product, size| {
            let count = Body(size).i32().ok().and_then(|count| usize::try_from(count).ok())?;
            product.checked_mul(count).filter(|product| *product > 0)
        });
        // The server sends no dimension without elements.
        Ok(Self { sizes, count: count.ok_or_else(broken)? })
    }

    /// The bytes of the next of them.
    fn elements(&self, body: &mut Body<'b>) -> Result<&'b [u8], Fault> {
        let from = body.0;
        for _ in 0..self.count {
            element(body)?;
        }
        from.get(..from.len() - body.0.len()).ok_or_else(broken)
    }
}

/// The next value, and its length or that it is NULL.
fn element<'b>(body: &mut Body<'b>) -> Result<(&'b [u8], u32), Fault> {
    match u32::try_from(body.i32().map_err(|_| broken())?) {
        Ok(length) => Ok((body.bytes(length as usize).map_err(|_| broken())?, length)),
        Err(_) => Ok((&[], NO_LENGTH)),
    }
}

#[cold]
fn broken() -> Fault {
    Fault::mismatch("an array", "bytes that are none")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types;

    /// An array of `int4` with these dimensions and values, read as the lists it is made of.
    fn read(dimensions: i32, sizes: &[i32], values: &[i32]) -> Result<String, Fault> {
        fn show(row: &dyn RowRef, depth: i32) -> Result<String, Fault> {
            if depth == 0 {
                return row.int(0).map(|value| value.to_string());
            }
            let mut parts = Vec::new();
            row.list(0, &mut |row| show(row, depth - 1).map(|part| parts.push(part)))?;
            Ok(format!("[{}]", parts.join(" ")))
        }
        let mut bytes = Vec::new();
        bytes.put_i32(dimensions);
        bytes.put_i32(0);
        bytes.put_u32(types::INT4);
        for size in sizes {
            bytes.put_i32(*size);
            bytes.put_i32(1);
        }
        for value in values {
            bytes.put_i32(4);
            bytes.put_i32(*value);
        }
        let length = u32::try_from(bytes.len()).expect("a length");
        let types = [Type::of(1007)];
        show(&PostgresRow { body: &bytes, cells: &[Cell { start: 0, length }], types: &types }, dimensions.clamp(1, 9))
    }

    #[test]
    fn of_several_dimensions() {
        assert_eq!(read(1, &[2], &[1, 2]).expect("a list"), "[1 2]");
        assert_eq!(read(2, &[2, 3], &[1, 2, 3, 4, 5, 6]).expect("lists"), "[[1 2 3] [4 5 6]]");
        assert_eq!(read(3, &[1, 2, 2], &[1, 2, 3, 4]).expect("lists"), "[[[1 2] [3 4]]]");
        assert_eq!(read(6, &[1; 6], &[7]).expect("lists"), "[[[[[[7]]]]]]");
    }

    #[test]
    fn broken_ones() {
        for (dimensions, sizes, values) in [
            (-1, &[1][..], &[1][..]),
            (7, &[1; 7], &[1]),
            (i32::MAX, &[1], &[1]),
            (1, &[3], &[1, 2]),
            (2, &[2], &[1]),
            (2, &[2, 0], &[]),
            (2, &[i32::MAX, 0], &[]),
            (2, &[2, -1], &[]),
            (2, &[1, i32::MAX], &[1]),
            (5, &[1, i32::MAX, i32::MAX, i32::MAX, i32::MAX], &[1]),
            (2, &[2, 2], &[1, 2, 3]),
        ] {
            let fault = read(dimensions, sizes, values).expect_err("no array").to_string();
            assert!(fault.contains("an array"), "{dimensions} {sizes:?}: {fault}");
        }
    }
}

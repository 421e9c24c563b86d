//! Exact decimals in the binary format: groups of four digits, the highest first.

use aludel_core::{Decimal, Fault};
use bytes::{BufMut, BytesMut};

/// Most digits behind the point that the database keeps.
const MOST_SCALE: u32 = 16_383;

/// Writes a decimal.
pub(crate) fn put_decimal(value: Decimal, out: &mut BytesMut) -> Result<(), Fault> {
    let scale = value.scale();
    let Some(dscale) = u16::try_from(scale).ok().filter(|_| scale <= MOST_SCALE) else {
        return Err(Fault::out_of_range("a number with up to 16383 digits behind the point", value.to_string()));
    };
    let mut rest = value.unscaled().unsigned_abs();
    // The lowest group first; 39 digits and an incomplete group are 11 at most.
    let mut groups = [0_u16; 12];
    let mut count = 0_usize;
    let mut push = |group: u128| {
        if let Some(place) = groups.get_mut(count) {
            *place = u16::try_from(group).unwrap_or(0);
            count += 1;
        }
    };
    let odd = scale % 4;
    if odd > 0 {
        let unit = 10_u128.pow(odd);
        push(rest % unit * 10_u128.pow(4 - odd));
        rest /= unit;
    }
    while rest > 0 {
        push(rest % 10_000);
        rest /= 10_000;
    }
    let used = groups.get(..count).unwrap_or(&[]);
    // Groups of nothing at the low end are left out.
    let zeroes = used.iter().take_while(|group| **group == 0).count();
    let used = used.get(zeroes..).unwrap_or(&[]);
    let fraction = i64::from(scale.div_ceil(4));
    let weight = if used.is_empty() { 0 } else { i64::try_from(count).unwrap_or(0) - fraction - 1 };
    out.put_u16(u16::try_from(used.len()).unwrap_or(0));
    out.put_i16(i16::try_from(weight).unwrap_or(0));
    out.put_u16(if value.unscaled() < 0 { 0x4000 } else { 0 });
    out.put_u16(dscale);
    used.iter().rev().for_each(|group| out.put_u16(*group));
    Ok(())
}

/// Reads a decimal.
pub(crate) fn get_decimal(cell: &[u8]) -> Result<Decimal, Fault> {
    let parts = parts(cell)?;
    let (negative, scale) = (parts.sign == 0x4000, i64::from(parts.dscale));
    let too_large = || Fault::out_of_range("a decimal of 128 bits", shown(cell));
    let mut unscaled = 0_i128;
    let mut place = (i64::from(parts.weight) + 1) * 4;
    for group in parts.groups() {
        place -= 4;
        // How many of the group's digits count, beyond the scale there are only zeroes.
        let (factor, digits) = match place + scale {
            behind if behind >= 0 => (10_000, i128::from(group)),
            -1 => (1_000, i128::from(group / 10)),
            -2 => (100, i128::from(group / 100)),
            -3 => (10, i128::from(group / 1_000)),
            _ => (1, 0),
        };
        let digits = if negative { -digits } else { digits };
        unscaled = unscaled.checked_mul(factor).and_then(|so_far| so_far.checked_add(digits)).ok_or_else(too_large)?;
    }
    let missing = place + scale;
    if missing > 0 && unscaled != 0 {
        let factor = u32::try_from(missing).ok().and_then(|missing| 10_i128.checked_pow(missing));
        unscaled = factor.and_then(|factor| unscaled.checked_mul(factor)).ok_or_else(too_large)?;
    }
    Ok(Decimal::new(unscaled, u32::from(parts.dscale)))
}

struct Parts<'c> {
    weight: i16,
    sign: u16,
    dscale: u16,
    groups: &'c [u8],
}

impl Parts<'_> {
    fn groups(&self) -> impl Iterator<Item = u16> {
        self.groups.as_chunks::<2>().0.iter().map(|group| u16::from_be_bytes(*group))
    }
}

fn parts(cell: &[u8]) -> Result<Parts<'_>, Fault> {
    let garbled = || Fault::mismatch("a decimal", "bytes that are none");
    let (head, groups) = cell.split_first_chunk::<8>().ok_or_else(garbled)?;
    let [c0, c1, w0, w1, s0, s1, d0, d1] = *head;
    let sign = u16::from_be_bytes([s0, s1]);
    match sign {
        0 | 0x4000 => {}
        0xC000 => return Err(Fault::out_of_range("a decimal", "NaN")),
        0xD000 => return Err(Fault::out_of_range("a decimal", "Infinity")),
        0xF000 => return Err(Fault::out_of_range("a decimal", "-Infinity")),
        _ => return Err(garbled()),
    }
    if groups.len() != usize::from(u16::from_be_bytes([c0, c1])) * 2 {
        return Err(garbled());
    }
    Ok(Parts { weight: i16::from_be_bytes([w0, w1]), sign, dscale: u16::from_be_bytes([d0, d1]), groups })
}

/// The digits of a decimal, written out.
fn shown(cell: &[u8]) -> String {
    let Ok(parts) = parts(cell) else {
        return String::new();
    };
    let groups: Vec<u16> = parts.groups().collect();
    let mut text = String::new();
    if parts.sign == 0x4000 {
        text.push('-');
    }
    let group = |index: i64| usize::try_from(index).ok().and_then(|index| groups.get(index)).copied().unwrap_or(0);
    let whole = i64::from(parts.weight) + 1;
    if whole <= 0 {
        text.push('0');
    }
    for index in 0..whole.max(0) {
        text += &if index == 0 { group(index).to_string() } else { format!("{:04}", group(index)) };
    }
    if parts.dscale > 0 {
        let mut fraction = String::new();
        let mut index = whole;
        while fraction.len() < usize::from(parts.dscale) {
            fraction += &format!("{:04}", group(index));
            index += 1;
        }
        fraction.truncate(usize::from(parts.dscale));
        text.push('.');
        text += &fraction;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_return() {
        let units = [0, 1, 9, 10, 9_999, 10_000, 10_001, 123_456_789, i128::MAX, i128::MIN, -1, -10_000];
        for unscaled in units {
            for scale in [0, 1, 2, 3, 4, 5, 7, 8, 9, 38, 39, 40, 100] {
                let value = Decimal::new(unscaled, scale);
                let mut out = BytesMut::new();
                put_decimal(value, &mut out).expect("writes");
                let read = get_decimal(&out).expect("reads");
                assert_eq!((read.unscaled(), read.scale()), (unscaled, scale));
                assert_eq!(shown(&out), value.to_string());
            }
        }
    }
}

//! `numeric` in the binary format: groups of four digits, the highest first, with signs for what is no number.

use super::read::Read;
use crate::error::Fault;
use crate::numeric::Numeric;

const NEGATIVE: u16 = 0x4000;
const NAN: u16 = 0xc000;
const INFINITY: u16 = 0xd000;
const NEGATIVE_INFINITY: u16 = 0xf000;

/// A decimal in PostgreSQL's binary format.
///
/// # Errors
/// For a number that PostgreSQL does not have: of more than 131,072 digits before the point or 16,383 behind it.
pub fn write_numeric(value: &Numeric, out: &mut Vec<u8>) -> Result<(), Fault> {
    if !value.is_finite() {
        let sign = match (value.is_nan(), value.is_negative()) {
            (true, _) => NAN,
            (false, true) => NEGATIVE_INFINITY,
            (false, false) => INFINITY,
        };
        for part in [0, 0, sign, 0] {
            out.extend(part.to_be_bytes());
        }
        return Ok(());
    }
    let too_long = || {
        let wanted = "a number of at most 131072 digits before the point and 16383 behind it";
        Fault::out_of_range(
            wanted,
            format!("one of {} digits, {} behind the point", value.digits().len(), value.scale()),
        )
    };
    let scale = u16::try_from(value.scale()).ok().filter(|scale| *scale <= 16_383).ok_or_else(too_long)?;
    // Zeros on both sides, so that the point stands between two groups.
    let behind = usize::from(scale);
    let digits = value.digits();
    let whole = digits.len().saturating_sub(behind);
    let front = (4 - whole % 4) % 4 + behind.saturating_sub(digits.len());
    let mut padded = vec![0; front];
    padded.extend(digits);
    padded.extend(std::iter::repeat_n(0, (4 - behind % 4) % 4));
    let groups: Vec<u16> = padded
        .as_chunks::<4>()
        .0
        .iter()
        .map(|group| group.iter().fold(0, |total, digit| total * 10 + u16::from(*digit)))
        .collect();
    let zeros = groups.iter().take_while(|group| **group == 0).count();
    let used = groups.len() - groups.iter().rev().take_while(|group| **group == 0).count();
    let significant = groups.get(zeros..used).unwrap_or(&[]);
    let before_point = groups.len() - behind.div_ceil(4);
    let weight = i64::try_from(before_point).unwrap_or(i64::MAX) - i64::try_from(zeros).unwrap_or(0) - 1;
    let weight = if significant.is_empty() { 0 } else { i16::try_from(weight).map_err(|_| too_long())? };
    out.extend(u16::try_from(significant.len()).map_err(|_| too_long())?.to_be_bytes());
    out.extend(weight.to_be_bytes());
    out.extend((if value.is_negative() { NEGATIVE } else { 0 }).to_be_bytes());
    out.extend(scale.to_be_bytes());
    significant.iter().for_each(|group| out.extend(group.to_be_bytes()));
    Ok(())
}

/// The decimal that stands in these bytes; `None` where they are none.
#[must_use]
pub fn read_numeric(bytes: &[u8]) -> Option<Numeric> {
    let mut rest = Read(bytes);
    let count = rest.u16()?;
    let weight = i64::from(rest.array().map(i16::from_be_bytes)?);
    let sign = rest.u16()?;
    let scale = u32::from(rest.u16()?);
    match sign {
        0 | NEGATIVE => {}
        NAN => return Some(Numeric::NAN),
        INFINITY => return Some(Numeric::INFINITY),
        NEGATIVE_INFINITY => return Some(Numeric::NEGATIVE_INFINITY),
        _ => return None,
    }
    // Digits from the highest group to the last one behind the point, whether it was sent or not.
    let mut digits = Vec::new();
    let before_first = usize::try_from(-1 - weight).unwrap_or(0).min(scale.div_ceil(4) as usize);
    digits.extend(std::iter::repeat_n(0, before_first * 4));
    for _ in 0..count {
        let group = rest.u16().filter(|group| *group < 10_000)?;
        let group = [group / 1_000, group / 100 % 10, group / 10 % 10, group % 10];
        digits.extend(group.map(|digit| u8::try_from(digit).unwrap_or(0)));
    }
    let wanted = usize::try_from((weight + 1).max(0) * 4 + i64::from(scale)).ok()?;
    // Behind the scale there are zeros only.
    digits.resize(wanted, 0);
    rest.end(Numeric::from_digits(sign == NEGATIVE, &digits, scale)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn there_and_back(text: &str) {
        let number = Numeric::parse(text).expect("a number");
        let mut bytes = Vec::new();
        write_numeric(&number, &mut bytes).expect("it fits");
        assert_eq!(read_numeric(&bytes).as_ref(), Some(&number), "{text}");
    }

    #[test]
    fn known_bytes() {
        let bytes = |text: &str| {
            let mut bytes = Vec::new();
            write_numeric(&Numeric::parse(text).expect("a number"), &mut bytes).expect("it fits");
            bytes
        };
        assert_eq!(bytes("0"), [0; 8]);
        assert_eq!(bytes("1.5"), [0, 2, 0, 0, 0, 0, 0, 1, 0, 1, 0x13, 0x88]);
        assert_eq!(bytes("-10000"), [0, 1, 0, 1, 0x40, 0, 0, 0, 0, 1]);
        assert_eq!(bytes("0.00001"), [0, 1, 0xff, 0xfe, 0, 0, 0, 5, 0x03, 0xe8]);
    }

    #[test]
    fn limits() {
        there_and_back(&"9".repeat(131_072));
        there_and_back(&format!("-{}.{}", "9".repeat(131_072), "9".repeat(16_383)));
        there_and_back(&format!("0.{}1", "0".repeat(16_382)));
        for special in ["NaN", "Infinity", "-Infinity", "0.00", "100000000", "10000.0001"] {
            there_and_back(special);
        }
        let too_long = Numeric::parse(&format!("0.{}1", "0".repeat(16_383))).expect("a number");
        assert!(write_numeric(&too_long, &mut Vec::new()).is_err());
    }

    proptest! {
        #[test]
        fn all_return(text in "-?[0-9]{1,30}(\\.[0-9]{1,30})?") {
            there_and_back(&text);
        }

        #[test]
        fn no_bytes_break_it(bytes: Vec<u8>) {
            let _ = read_numeric(&bytes);
        }
    }
}

//! Exact decimals as a whole number and a scale: the form that drivers and decimal libraries share.

use std::fmt;

/// `unscaled × 10^−scale`.
///
/// Two values that differ only in trailing zeros are different here (`1.0` and `1.00`), since databases and people show
/// them differently.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Decimal {
    // In halves, so that a value needs no more than eight-byte alignment.
    high: i64,
    low: u64,
    scale: u32,
}

impl Decimal {
    /// The decimal `unscaled × 10^−scale`.
    #[must_use]
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the halves are put together again unchanged"
    )]
    pub const fn new(unscaled: i128, scale: u32) -> Self {
        Self { high: (unscaled >> 64) as i64, low: unscaled as u64, scale }
    }

    /// The whole number.
    #[must_use]
    pub const fn unscaled(self) -> i128 {
        ((self.high as i128) << 64) | self.low as i128
    }

    /// How many of its digits stand after the point.
    #[must_use]
    pub const fn scale(self) -> u32 {
        self.scale
    }

    /// How many digits it has without leading zeros and without zeros at the end of a fraction.
    #[must_use]
    pub fn significant_digits(self) -> u32 {
        let mut rest = self.unscaled().unsigned_abs();
        while rest != 0 && rest.is_multiple_of(10) {
            rest /= 10;
        }
        rest.checked_ilog10().map_or(0, |log| log + 1)
    }

    /// Reads `[-+]digits[.digits][e[-+]digits]`; `None` for anything else and for what exceeds 128 bits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (negative, digits) = match mantissa.as_bytes().first()? {
            b'-' => (true, mantissa.get(1..)?),
            b'+' => (false, mantissa.get(1..)?),
            _ => (false, mantissa),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let mut unscaled: i128 = 0;
        for byte in whole.bytes().chain(fraction.bytes()) {
            if !byte.is_ascii_digit() {
                return None;
            }
            unscaled = unscaled.checked_mul(10)?.checked_add(i128::from(byte - b'0'))?;
        }
        let scale = i32::try_from(fraction.len()).ok()?.checked_sub(exponent)?;
        if scale < 0 {
            unscaled = unscaled.checked_mul(10_i128.checked_pow(scale.unsigned_abs())?)?;
        }
        let unscaled = if negative { -unscaled } else { unscaled };
        Some(Self::new(unscaled, u32::try_from(scale).unwrap_or(0)))
    }

    /// The shortest decimal that reads back as this floating-point number; `None` for infinities and NaN.
    #[must_use]
    pub fn from_f64(value: f64) -> Option<Self> {
        value.is_finite().then(|| Self::parse(&format!("{value:e}")))?
    }

    /// The nearest floating-point number.
    #[must_use]
    pub fn to_f64(self) -> f64 {
        // Through text: the standard library's parser rounds correctly, a division would round twice.
        self.to_string().parse().unwrap_or(f64::NAN)
    }

    /// The same number with `scale` digits after the point, half away from zero; `None` when it does not fit.
    #[must_use]
    pub fn rescale(self, scale: u32) -> Option<Self> {
        let unscaled = self.unscaled();
        if scale >= self.scale {
            let factor = 10_i128.checked_pow(scale - self.scale)?;
            return Some(Self::new(unscaled.checked_mul(factor)?, scale));
        }
        let Some(factor) = 10_i128.checked_pow(self.scale - scale) else {
            return Some(Self::new(0, scale));
        };
        let (quotient, rest) = (unscaled / factor, unscaled % factor);
        let up = rest.unsigned_abs() >= factor.unsigned_abs().div_ceil(2);
        Some(Self::new(quotient + if up { unscaled.signum() } else { 0 }, scale))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unscaled = self.unscaled();
        let sign = if unscaled < 0 { "-" } else { "" };
        let digits = unscaled.unsigned_abs().to_string();
        let scale = self.scale as usize;
        if scale == 0 {
            write!(f, "{sign}{digits}")
        } else if digits.len() > scale {
            let (whole, fraction) = digits.split_at(digits.len() - scale);
            write!(f, "{sign}{whole}.{fraction}")
        } else {
            write!(f, "{sign}0.{digits:0>scale$}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn text_both_ways() {
        for text in ["0", "1.50", "-0.05", "12345678901234567890.123456789", "-7"] {
            assert_eq!(Decimal::parse(text).expect("a decimal").to_string(), text);
        }
        assert_eq!(Decimal::parse("1e3").expect("a decimal").to_string(), "1000");
        assert_eq!(Decimal::parse("1.5e-3").expect("a decimal").to_string(), "0.0015");
        for text in ["", "-", ".", "1.2.3", "x", "1e", "1 "] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
    }

    #[test]
    fn rounding_is_half_away_from_zero() {
        let round = |text: &str| Decimal::parse(text).and_then(|d| d.rescale(1)).map(|d| d.to_string());
        assert_eq!(round("0.25").as_deref(), Some("0.3"));
        assert_eq!(round("-0.25").as_deref(), Some("-0.3"));
        assert_eq!(round("0.24").as_deref(), Some("0.2"));
    }

    proptest! {
        #[test]
        fn fifteen_digits_survive_a_floating_point_number(unscaled in -999_999_999_999_999_i64..=999_999_999_999_999, scale in 0_u32..12) {
            let exact = Decimal::new(i128::from(unscaled), scale);
            let back = Decimal::from_f64(exact.to_f64()).and_then(|d| d.rescale(scale));
            prop_assert_eq!(back, Some(exact));
        }

        #[test]
        fn halves_join(unscaled: i128, scale in 0_u32..40) {
            prop_assert_eq!(Decimal::new(unscaled, scale).unscaled(), unscaled);
        }
    }
}

//! Exact decimals of any length, with the values of PostgreSQL's `numeric` that are no numbers.

use std::fmt;

use crate::decimal::Decimal;

/// An exact decimal of any length, or NaN, or an infinity.
///
/// It carries a number between a database and a library for long decimals (`bigdecimal`, with the feature of that name)
/// or text; it does not calculate. Two values that differ only in zeros at the end are different, as with [`Decimal`],
/// which does for up to 38 digits.
///
/// ```
/// use aludel_core::Numeric;
///
/// let long = Numeric::parse("123456789012345678901234567890123456789012345.50").unwrap();
/// assert_eq!((long.digits().len(), long.scale()), (47, 2));
/// assert_eq!(long.to_string(), "123456789012345678901234567890123456789012345.50");
/// assert!(long.to_decimal().is_none());
/// assert_eq!(Numeric::parse("-Infinity"), Some(Numeric::NEGATIVE_INFINITY));
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Numeric(Repr);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Repr {
    Nan,
    Infinity { negative: bool },
    Finite { negative: bool, digits: Box<[u8]>, scale: u32 },
}

impl Numeric {
    /// Not a number.
    pub const NAN: Self = Self(Repr::Nan);
    /// Larger than every number.
    pub const INFINITY: Self = Self(Repr::Infinity { negative: false });
    /// Smaller than every number.
    pub const NEGATIVE_INFINITY: Self = Self(Repr::Infinity { negative: true });

    /// The number `±digits × 10^−scale`. Digits are 0 to 9, the most significant first; zeros in front are dropped. `None`
    /// where one is larger.
    #[must_use]
    pub fn from_digits(negative: bool, digits: &[u8], scale: u32) -> Option<Self> {
        if digits.iter().any(|digit| *digit > 9) {
            return None;
        }
        let zeros = digits.iter().take_while(|digit| **digit == 0).count();
        let digits: Box<[u8]> = digits.get(zeros..)?.into();
        Some(Self(Repr::Finite { negative: negative && !digits.is_empty(), digits, scale }))
    }

    /// Reads `[-+]digits[.digits][e[-+]digits]`, `NaN`, `Infinity` and `-Infinity`; `None` for anything else, and for
    /// exponents beyond 200,000, which no database has.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "NaN" => return Some(Self::NAN),
            "Infinity" => return Some(Self::INFINITY),
            "-Infinity" => return Some(Self::NEGATIVE_INFINITY),
            _ => {}
        }
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (negative, number) = match mantissa.strip_prefix('-') {
            Some(number) => (true, number),
            None => (false, mantissa.strip_prefix('+').unwrap_or(mantissa)),
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if (whole.is_empty() && fraction.is_empty()) || exponent.unsigned_abs() > 200_000 {
            return None;
        }
        let mut digits = Vec::with_capacity(whole.len() + fraction.len());
        for byte in whole.bytes().chain(fraction.bytes()) {
            digits.push(byte.checked_sub(b'0').filter(|digit| *digit <= 9)?);
        }
        let scale = i64::try_from(fraction.len()).ok()? - i64::from(exponent);
        let missing = usize::try_from(-scale).unwrap_or(0);
        digits.extend(std::iter::repeat_n(0, missing));
        Self::from_digits(negative, &digits, u32::try_from(scale).unwrap_or(0))
    }

    /// Whether it is NaN.
    #[must_use]
    pub const fn is_nan(&self) -> bool {
        matches!(self.0, Repr::Nan)
    }

    /// Whether it is a number, neither NaN nor an infinity.
    #[must_use]
    pub const fn is_finite(&self) -> bool {
        matches!(self.0, Repr::Finite { .. })
    }

    /// Whether it is smaller than zero.
    #[must_use]
    pub const fn is_negative(&self) -> bool {
        matches!(self.0, Repr::Finite { negative: true, .. } | Repr::Infinity { negative: true })
    }

    /// Its digits without the point and without zeros in front, each 0 to 9; empty for zero and for what is no number.
    #[must_use]
    pub fn digits(&self) -> &[u8] {
        match &self.0 {
            Repr::Finite { digits, .. } => digits,
            _ => &[],
        }
    }

    /// How many of its digits stand after the point.
    #[must_use]
    pub const fn scale(&self) -> u32 {
        match self.0 {
            Repr::Finite { scale, .. } => scale,
            _ => 0,
        }
    }

    /// The same number as a [`Decimal`], if it is one and fits into 128 bits.
    #[must_use]
    pub fn to_decimal(&self) -> Option<Decimal> {
        let Repr::Finite { negative, digits, scale } = &self.0 else {
            return None;
        };
        let sign = if *negative { -1 } else { 1 };
        let unscaled = digits
            .iter()
            .try_fold(0_i128, |total, digit| total.checked_mul(10)?.checked_add(sign * i128::from(*digit)))?;
        Some(Decimal::new(unscaled, *scale))
    }
}

impl From<Decimal> for Numeric {
    fn from(value: Decimal) -> Self {
        let unscaled = value.unscaled();
        let digits: Vec<u8> = unscaled.unsigned_abs().to_string().bytes().map(|byte| byte.wrapping_sub(b'0')).collect();
        Self::from_digits(unscaled < 0, &digits, value.scale()).unwrap_or(Self::NAN)
    }
}

impl From<i64> for Numeric {
    fn from(value: i64) -> Self {
        Decimal::new(i128::from(value), 0).into()
    }
}

impl fmt::Display for Numeric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (negative, digits, scale) = match &self.0 {
            Repr::Nan => return f.write_str("NaN"),
            Repr::Infinity { negative: false } => return f.write_str("Infinity"),
            Repr::Infinity { negative: true } => return f.write_str("-Infinity"),
            Repr::Finite { negative, digits, scale } => (*negative, digits, *scale as usize),
        };
        let mut text = String::with_capacity(digits.len() + scale + 3);
        text.push_str(if negative { "-" } else { "" });
        let (whole, fraction) = digits.split_at(digits.len().saturating_sub(scale));
        if whole.is_empty() {
            text.push('0');
        }
        text.extend(whole.iter().map(|digit| char::from(b'0' + digit)));
        if scale > 0 {
            text.push('.');
            text.extend(std::iter::repeat_n('0', scale - fraction.len()));
            text.extend(fraction.iter().map(|digit| char::from(b'0' + digit)));
        }
        f.write_str(&text)
    }
}

impl fmt::Debug for Numeric {
    /// The number itself: a list of digits is no help to a reader.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn forms_of_numbers() {
        let text = |text: &str| Numeric::parse(text).map(|number| number.to_string());
        for same in ["0", "0.00", "-0.05", "1.50", "100", "NaN", "Infinity", "-Infinity"] {
            assert_eq!(text(same).as_deref(), Some(same));
        }
        assert_eq!(text("-0.0").as_deref(), Some("0.0"));
        assert_eq!(text("+007").as_deref(), Some("7"));
        assert_eq!(text("1.5e3").as_deref(), Some("1500"));
        assert_eq!(text("1.5e-3").as_deref(), Some("0.0015"));
        for none in ["", "-", ".", "1.2.3", "x", "1e", "1 ", "--1", "nan", "1e999999999"] {
            assert_eq!(text(none), None, "{none}");
        }
    }

    proptest! {
        #[test]
        fn as_decimals(unscaled: i128, scale in 0_u32..60) {
            let decimal = Decimal::new(unscaled, scale);
            let numeric = Numeric::from(decimal);
            prop_assert_eq!(numeric.to_decimal(), Some(decimal));
            prop_assert_eq!(numeric.to_string(), decimal.to_string());
            prop_assert_eq!(Numeric::parse(&decimal.to_string()), Some(numeric));
        }
    }
}

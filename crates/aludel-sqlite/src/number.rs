//! Decimals as SQLite keeps them: floating-point numbers, of which 15 decimal digits are exact.

use aludel_core::Decimal;

/// Powers of ten that are exact floating-point numbers.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
];

/// Below this, every whole number is a floating-point number.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// The nearest floating-point number.
pub(crate) fn decimal_to_float(value: Decimal) -> f64 {
    let power = usize::try_from(value.scale()).ok().and_then(|scale| POWERS.get(scale));
    match (i64::try_from(value.unscaled()), power) {
        // Both are exact, so their quotient is rounded once.
        (Ok(unscaled), Some(power)) if unscaled.unsigned_abs() < 1 << 53 => whole_to_float(unscaled) / power,
        _ => value.to_f64(),
    }
}

/// The decimal of 15 digits that is nearest, with `scale` digits after the point where that loses nothing.
pub(crate) fn float_to_decimal(value: f64, scale: Option<u32>) -> Option<Decimal> {
    if let Some(scale) = scale
        && let Some(power) = usize::try_from(scale).ok().and_then(|scale| POWERS.get(scale))
    {
        let unscaled = (value * power).round();
        // The quotient of two exact numbers is the floating-point number nearest to the decimal: if that is the
        // value, the decimal is the one it was made from.
        if unscaled.abs() < 1e15 && unscaled / power == value {
            return Some(Decimal::new(i128::from(float_to_whole(unscaled)), scale));
        }
    }
    let shortest = shorten(Decimal::parse(&format!("{value:.14e}"))?);
    match scale {
        Some(scale) => Some(rescale_exactly(shortest, scale).unwrap_or(shortest)),
        None => Some(shortest),
    }
}

/// The integer as a decimal, with `scale` digits after the point where it fits.
pub(crate) fn int_to_decimal(value: i64, scale: Option<u32>) -> Decimal {
    let whole = Decimal::new(i128::from(value), 0);
    scale.and_then(|scale| whole.rescale(scale)).unwrap_or(whole)
}

/// The decimal with another number of digits after the point, if nothing but zeros is lost.
pub(crate) fn rescale_exactly(value: Decimal, scale: u32) -> Option<Decimal> {
    value.rescale(scale).filter(|rescaled| rescaled.rescale(value.scale()) == Some(value))
}

/// Whether the integer is a floating-point number.
pub(crate) fn int_to_float(value: i64) -> Option<f64> {
    let float = whole_to_float(value);
    (float.abs() < EXACT || float_to_whole(float) == value && float < 9.2e18).then_some(float)
}

/// Without the zeros at the end of the fraction.
fn shorten(value: Decimal) -> Decimal {
    let (mut unscaled, mut scale) = (value.unscaled(), value.scale());
    while scale > 0 && unscaled % 10 == 0 {
        unscaled /= 10;
        scale -= 1;
    }
    Decimal::new(unscaled, scale)
}

#[allow(clippy::cast_precision_loss, reason = "callers see to it that nothing is lost, or compare")]
fn whole_to_float(value: i64) -> f64 {
    value as f64
}

#[allow(clippy::cast_possible_truncation, reason = "callers see to it that the value is whole and fits")]
fn float_to_whole(value: f64) -> i64 {
    value as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::parse(text).expect("a decimal")
    }

    #[test]
    fn fifteen_digits_come_back() {
        for text in ["0.01", "-12345.67", "9999999999999.99", "0.100000000000001", "1.50", "-0.05", "123456789012.345"]
        {
            let exact = decimal(text);
            assert_eq!(float_to_decimal(decimal_to_float(exact), Some(exact.scale())), Some(exact), "{text}");
        }
    }

    #[test]
    fn sums_are_rounded_to_fifteen_digits() {
        assert_eq!(float_to_decimal(0.1 + 0.2, Some(2)), Some(decimal("0.30")));
        assert_eq!(float_to_decimal(0.1 + 0.2, None), Some(decimal("0.3")));
        assert_eq!(float_to_decimal(0.125, Some(2)), Some(decimal("0.125")));
        assert_eq!(float_to_decimal(1e300, None), None);
    }

    #[test]
    fn integers_beyond_the_exact_ones_are_told() {
        assert_eq!(int_to_float(1 << 60), Some(1_152_921_504_606_846_976.0));
        assert_eq!(int_to_float((1 << 60) + 1), None);
        assert_eq!(int_to_float(i64::MAX), None);
        assert_eq!(int_to_float(i64::MIN), Some(-9_223_372_036_854_775_808.0));
    }
}

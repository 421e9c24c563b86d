//! `bigdecimal::BigDecimal`, a decimal of any length.

use bigdecimal::BigDecimal;
use bigdecimal::num_bigint::{BigInt, Sign};

use crate::numeric::Numeric;
use crate::types::SqlType;
use crate::{Decode, Encode, Fault, ParamSink, RowRef, Value, scalar};

scalar!(BigDecimal, SqlType::Numeric(None));

/// The number with a scale that is not negative; `None` where that would take more than 200,000 zeros.
fn numeric(value: &BigDecimal) -> Option<Numeric> {
    let (unscaled, scale) = value.as_bigint_and_exponent();
    let (sign, mut digits) = unscaled.to_radix_be(10);
    let zeros = usize::try_from(-scale).unwrap_or(0);
    if zeros > 200_000 {
        return None;
    }
    digits.extend(std::iter::repeat_n(0, zeros));
    let scale = if scale < 0 { 0 } else { u32::try_from(scale).ok()? };
    Numeric::from_digits(sign == Sign::Minus, &digits, scale)
}

fn fault(value: &BigDecimal) -> Fault {
    Fault::out_of_range("a decimal of at most 200,000 digits", value.to_scientific_notation())
}

impl Encode for BigDecimal {
    fn encode(&self, sink: &mut dyn ParamSink) -> Result<(), Fault> {
        sink.numeric(&numeric(self).ok_or_else(|| fault(self))?)
    }
    fn to_value(&self) -> Value {
        match numeric(self) {
            Some(numeric) => Value::Numeric(Box::new(numeric)),
            // Kept as it is, so that the fault is met when it is written, with the statement named.
            None => Value::Other(std::sync::Arc::new(self.clone())),
        }
    }
}

impl Decode for BigDecimal {
    fn decode(row: &dyn RowRef, index: usize) -> Result<Self, Fault> {
        let value = row.numeric(index)?;
        if !value.is_finite() {
            return Err(Fault::out_of_range("bigdecimal::BigDecimal", value.to_string()));
        }
        let sign = if value.is_negative() { Sign::Minus } else { Sign::Plus };
        let unscaled = BigInt::from_radix_be(sign, value.digits(), 10).unwrap_or_default();
        Ok(Self::new(unscaled, i64::from(value.scale())))
    }
}

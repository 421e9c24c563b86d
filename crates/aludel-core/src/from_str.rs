//! `text.parse()` for dates, times and decimals.

use std::str::FromStr;

use crate::{Date, DateTime, Decimal, Fault, Interval, Numeric, Time, Timestamp};

macro_rules! from_str {
    ($($type:ident, $wanted:literal;)+) => {
        $(
            impl FromStr for $type {
                type Err = Fault;
                fn from_str(text: &str) -> Result<Self, Fault> {
                    Self::parse(text).ok_or_else(|| Fault::mismatch($wanted, format!("the text {text:?}")))
                }
            }
        )+
    };
}

from_str! {
    Date, "a date as 2024-05-31";
    Time, "a time as 09:30:00";
    DateTime, "a date and time as 2024-05-31 09:30:00";
    Timestamp, "a date and time as 2024-05-31T09:30:00Z";
    Interval, "a length of time as P1Y2M3DT4H0.5S";
    Decimal, "a decimal number of 38 digits at most";
    Numeric, "a decimal number";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_parsed_as_by_the_methods() {
        assert_eq!("2024-05-31".parse::<Date>().ok(), Date::parse("2024-05-31"));
        assert_eq!("1.50".parse::<Decimal>().ok(), Decimal::parse("1.50"));
        assert_eq!("NaN".parse::<Numeric>().ok(), Some(Numeric::NAN));
        let fault = "31.5.2024".parse::<Date>().err().map(|fault| fault.to_string()).unwrap_or_default();
        assert!(fault.contains("2024-05-31") && fault.contains("31.5.2024"), "{fault}");
    }
}

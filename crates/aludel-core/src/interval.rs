//! Lengths of time in the three parts that PostgreSQL keeps and ISO 8601 writes.

use std::fmt;

/// A length of time: months, days, and what can be counted in seconds.
///
/// The three are kept apart, since a month has no fixed number of days and a day none of hours. Two intervals are equal when
/// all parts are: `P1D` and `PT24H` differ here.
///
/// ```
/// use aludel_core::Interval;
///
/// let interval = Interval::parse("P1Y2M3DT4H0.5S").unwrap();
/// assert_eq!((interval.months, interval.days), (14, 3));
/// assert_eq!(interval.to_string(), "P1Y2M3DT4H0.5S");
/// assert_eq!(Interval::from_nanos(-1_500_000_000).unwrap().to_string(), "PT-1.5S");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Interval {
    /// Whole months; 12 make a year.
    pub months: i32,
    /// Whole days.
    pub days: i32,
    /// Whole seconds, rounded downwards.
    pub seconds: i64,
    /// Nanoseconds past those seconds, 0 to 999,999,999.
    pub nanos: u32,
}

const NANOS_PER_SECOND: i128 = 1_000_000_000;

impl Interval {
    /// A length of no months and days; `None` beyond 64 bits of seconds.
    #[must_use]
    pub fn from_nanos(nanos: i128) -> Option<Self> {
        Some(Self {
            months: 0,
            days: 0,
            seconds: i64::try_from(nanos.div_euclid(NANOS_PER_SECOND)).ok()?,
            nanos: u32::try_from(nanos.rem_euclid(NANOS_PER_SECOND)).ok()?,
        })
    }

    /// The part that can be counted in seconds, in nanoseconds.
    #[must_use]
    pub fn time_nanos(self) -> i128 {
        i128::from(self.seconds) * NANOS_PER_SECOND + i128::from(self.nanos)
    }

    /// The whole length in nanoseconds, if it has neither months nor days.
    #[must_use]
    pub fn to_nanos(self) -> Option<i128> {
        (self.months == 0 && self.days == 0).then(|| self.time_nanos())
    }

    /// Reads the form that [`Display`](fmt::Display) writes, and ISO 8601's own, which has one sign for all:
    /// `[-]P[nY][nM][nW][nD][T[nH][nM][n[.fraction]S]]`, each number with a sign of its own if it wants one. `None` for
    /// anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (sign, rest) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text),
        };
        let (date, time) = match rest.strip_prefix('P')?.split_once('T') {
            Some((_, "")) => return None,
            Some((date, time)) => (date, time),
            None => (rest.strip_prefix('P')?, ""),
        };
        if date.is_empty() && time.is_empty() {
            return None;
        }
        let (mut months, mut days, mut nanos) = (0_i64, 0_i64, 0_i128);
        for part in parts(date, "YMWD") {
            let (number, unit) = part?;
            let number: i64 = number.parse().ok()?;
            let (total, factor) = match unit {
                'Y' => (&mut months, 12),
                'M' => (&mut months, 1),
                'W' => (&mut days, 7),
                _ => (&mut days, 1),
            };
            *total = total.checked_add(number.checked_mul(factor)?)?;
        }
        for part in parts(time, "HMS") {
            let (number, unit) = part?;
            let factor = match unit {
                'H' => 3_600,
                'M' => 60,
                _ => 1,
            };
            nanos = nanos.checked_add(nanos_of(number)?.checked_mul(factor)?)?;
        }
        let time = Self::from_nanos(nanos.checked_mul(sign)?)?;
        let sign = i64::try_from(sign).ok()?;
        Some(Self { months: i32::try_from(months * sign).ok()?, days: i32::try_from(days * sign).ok()?, ..time })
    }
}

/// Numbers with the letters behind them, which come in this order, each once at most.
fn parts<'t>(text: &'t str, units: &'static str) -> impl Iterator<Item = Option<(&'t str, char)>> {
    let (mut rest, mut units) = (text, units);
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let taken = rest.find(|c: char| c.is_ascii_uppercase()).and_then(|at| {
            let (number, behind) = rest.split_at(at);
            let unit = behind.chars().next()?;
            units = units.split_once(unit)?.1;
            rest = behind.get(1..)?;
            Some((number, unit))
        });
        if taken.is_none() {
            rest = "";
        }
        Some(taken)
    })
}

/// `[-+]digits[.digits]` in billionths.
fn nanos_of(text: &str) -> Option<i128> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !is_number(whole) || !is_number(fraction) || fraction.len() > 9 {
        return None;
    }
    let seconds: i128 = i128::from(whole.parse::<u64>().ok()?);
    let nanos: i128 = format!("{fraction:0<9}").parse().ok()?;
    let nanos = seconds * NANOS_PER_SECOND + nanos;
    Some(if negative { -nanos } else { nanos })
}

impl fmt::Display for Interval {
    /// ISO 8601 with a sign for each part, as PostgreSQL writes it: `P1Y-2M3DT-4H5M6.5S`; `PT0S` for no time at all.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("P")?;
        for (number, unit) in [(self.months / 12, "Y"), (self.months % 12, "M"), (self.days, "D")] {
            if number != 0 {
                write!(f, "{number}{unit}")?;
            }
        }
        let nanos = self.time_nanos();
        if nanos == 0 {
            return if self.months == 0 && self.days == 0 { f.write_str("T0S") } else { Ok(()) };
        }
        f.write_str("T")?;
        let seconds = nanos / NANOS_PER_SECOND;
        for (number, unit) in [(seconds / 3_600, "H"), (seconds / 60 % 60, "M")] {
            if number != 0 {
                write!(f, "{number}{unit}")?;
            }
        }
        let (second, fraction) = (seconds % 60, (nanos % NANOS_PER_SECOND).unsigned_abs());
        if second == 0 && fraction == 0 {
            return Ok(());
        }
        let sign = if nanos < 0 { "-" } else { "" };
        write!(f, "{sign}{}", second.unsigned_abs())?;
        if fraction != 0 {
            write!(f, ".{}", format!("{fraction:09}").trim_end_matches('0'))?;
        }
        f.write_str("S")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_no_interval() {
        for text in ["", "P", "PT", "P1", "P1S", "PT1D", "1D", "P1DT", "P1.5D", "PT1.S.S", "P1D1Y", "PT1S1S", "PTS"] {
            assert_eq!(Interval::parse(text), None, "{text}");
        }
        assert_eq!(Interval::parse("-P1DT1S"), Interval::parse("P-1DT-1S"));
        assert_eq!(Interval::parse("P2W"), Interval::parse("P14D"));
    }

    proptest! {
        #[test]
        fn text_both_ways(months: i32, days: i32, seconds: i64, nanos in 0_u32..1_000_000_000) {
            let interval = Interval { months, days, seconds, nanos };
            prop_assert_eq!(Interval::parse(&interval.to_string()), Some(interval), "{}", interval);
        }
    }
}

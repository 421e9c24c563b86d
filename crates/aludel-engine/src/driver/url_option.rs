//! The options of a URL, as drivers read them.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use aludel_core::{ConfigError, Error, Result};

/// An option of a URL, to be read as what the driver wants it to be. What is wrong with it is told the same way by every
/// driver.
///
/// ```
/// use std::time::Duration;
///
/// use aludel_engine::driver::{TimeUnit, UrlOption};
///
/// let option = UrlOption { database: "Acme", name: "lock_timeout", value: "5" };
/// assert_eq!(option.duration(TimeUnit::Seconds)?, Duration::from_secs(5));
///
/// let option = UrlOption { database: "Acme", name: "lock_timeout", value: "soon" };
/// assert_eq!(
///     option.duration(TimeUnit::Seconds).unwrap_err().to_string(),
///     "configuration: the Acme URL's option lock_timeout=soon makes no sense; it takes a time such as 5s or 500ms",
/// );
/// # Ok::<(), aludel_engine::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct UrlOption<'a> {
    /// What the database is called in messages.
    pub database: &'static str,
    /// The option's name.
    pub name: &'a str,
    /// Its value, decoded.
    pub value: &'a str,
}

/// What a bare number of an option means that is a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeUnit {
    /// Thousandths of a second.
    Milliseconds,
    /// Seconds.
    Seconds,
}

impl UrlOption<'_> {
    /// The error that the value is none of what is wanted.
    #[cold]
    pub fn wrong(self, wanted: &str) -> Error {
        self.wrong_value(self.value, wanted)
    }

    /// The same, where the value is better not shown as it is.
    #[cold]
    pub fn wrong_value(self, shown: impl fmt::Display, wanted: &str) -> Error {
        let Self { database, name, .. } = self;
        ConfigError::new(format!("the {database} URL's option {name}={shown} makes no sense; it takes {wanted}")).into()
    }

    /// The error that there is no such option, but those that are named.
    #[cold]
    pub fn unknown(self, known: &str) -> Error {
        let Self { database, name, .. } = self;
        ConfigError::new(format!("{database} URLs have no option {name:?}; there are {known}")).into()
    }

    /// A whole number.
    ///
    /// # Errors
    /// When it is none, or does not fit.
    pub fn number<T: FromStr>(self) -> Result<T> {
        self.value.parse().map_err(|_| self.wrong("a whole number"))
    }

    /// `on`, `true`, `yes` and `1`, or their opposites, in any case.
    ///
    /// # Errors
    /// When it is none of them.
    pub fn switch(self) -> Result<bool> {
        match self.value.to_ascii_lowercase().as_str() {
            "on" | "true" | "yes" | "1" => Ok(true),
            "off" | "false" | "no" | "0" => Ok(false),
            _ => Err(self.wrong("on or off")),
        }
    }

    /// One of these words, whatever its case.
    ///
    /// # Errors
    /// When it is none of them.
    pub fn one_of(self, known: &[&'static str]) -> Result<&'static str> {
        let found = known.iter().find(|known| known.eq_ignore_ascii_case(self.value));
        found.copied().ok_or_else(|| self.wrong(&known.join(", ")))
    }

    /// A time: `500ms`, `5s`, `2min`, or a bare number, of which the driver knows what it means. It may be zero.
    ///
    /// # Errors
    /// When it is none, or more than 2^32 of its unit.
    pub fn duration(self, bare: TimeUnit) -> Result<Duration> {
        let bare = match bare {
            TimeUnit::Milliseconds => 1,
            TimeUnit::Seconds => 1_000,
        };
        // "ms" ends in "s" too.
        let units = [("ms", 1), ("min", 60_000), ("s", 1_000), ("", bare)];
        let found = units.into_iter().find_map(|(unit, millis)| Some((self.value.strip_suffix(unit)?, millis)));
        found
            .and_then(|(digits, millis)| Some(u64::from(digits.trim().parse::<u32>().ok()?) * millis))
            .map(Duration::from_millis)
            .ok_or_else(|| self.wrong(TIME))
    }

    /// A time above zero.
    ///
    /// # Errors
    /// When it is none, zero, or more than 2^32 of its unit.
    pub fn some_duration(self, bare: TimeUnit) -> Result<Duration> {
        match self.duration(bare)? {
            Duration::ZERO => Err(self.wrong(TIME)),
            duration => Ok(duration),
        }
    }

    /// A time above zero, or nothing for `off` and `0`.
    ///
    /// # Errors
    /// When it is neither, or more than 2^32 of its unit.
    pub fn duration_or_off(self, bare: TimeUnit) -> Result<Option<Duration>> {
        match self.value {
            "off" | "0" => Ok(None),
            _ => self.some_duration(bare).map(Some),
        }
    }
}

const TIME: &str = "a time such as 5s or 500ms";

#[cfg(test)]
mod tests {
    use super::*;

    fn option(value: &str) -> UrlOption<'_> {
        UrlOption { database: "Acme", name: "it", value }
    }

    #[test]
    fn times() {
        for (text, millis) in [("500ms", 500), ("5s", 5_000), ("2min", 120_000), ("3 s", 3_000), ("0s", 0)] {
            for bare in [TimeUnit::Milliseconds, TimeUnit::Seconds] {
                assert_eq!(option(text).duration(bare).expect(text), Duration::from_millis(millis), "{text}");
            }
        }
        assert_eq!(option("7").duration(TimeUnit::Milliseconds).expect("7"), Duration::from_millis(7));
        assert_eq!(option("7").duration(TimeUnit::Seconds).expect("7"), Duration::from_secs(7));
        assert_eq!(option("4294967295min").duration(TimeUnit::Seconds).expect("long").as_secs(), 257_698_037_700);
        for text in ["", "s", "-1", "1.5s", "5h", "4294967296"] {
            assert!(option(text).duration(TimeUnit::Seconds).is_err(), "{text}");
        }
        assert!(option("0ms").some_duration(TimeUnit::Seconds).is_err());
        for text in ["off", "0"] {
            assert_eq!(option(text).duration_or_off(TimeUnit::Seconds).expect(text), None);
        }
    }

    #[test]
    fn words_and_numbers() {
        assert!(option("YES").switch().expect("on") && !option("0").switch().expect("off"));
        assert_eq!(option("WAL").one_of(&["off", "wal"]).expect("wal"), "wal");
        assert_eq!(option("-3").number::<i64>().expect("-3"), -3);
        let error = option("-3").number::<u8>().expect_err("no").to_string();
        assert_eq!(error, "configuration: the Acme URL's option it=-3 makes no sense; it takes a whole number");
        let error = option("x").unknown("a, b").to_string();
        assert_eq!(error, "configuration: Acme URLs have no option \"it\"; there are a, b");
    }
}

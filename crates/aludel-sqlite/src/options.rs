//! What a URL says about an SQLite database.

use std::path::PathBuf;
use std::time::Duration;

use aludel_core::{ConfigError, Result};
use aludel_engine::Url;
use aludel_engine::driver::{TimeUnit, UrlOption};

/// An SQLite URL's meaning.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    pub(crate) place: Place,
    pub(crate) mode: Mode,
    pub(crate) shared_cache: bool,
    pub(crate) vfs: Option<String>,
    pub(crate) busy_timeout: Duration,
    pub(crate) foreign_keys: bool,
    /// None for the default: WAL where it can be.
    pub(crate) journal_mode: Option<&'static str>,
    /// None for the default: NORMAL under WAL.
    pub(crate) synchronous: Option<&'static str>,
    pub(crate) cache_size: Option<i64>,
    pub(crate) mmap_size: Option<i64>,
    /// Whether plans may depend on bound values, at the price of preparing a statement again when they change.
    pub(crate) plan_by_values: bool,
    pub(crate) inline: bool,
    pub(crate) spin: bool,
    pub(crate) statement_cache: Option<usize>,
}

/// Where the database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Memory,
    File(PathBuf),
}

/// What may be done with the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Read,
    Write,
    Create,
}

const JOURNALS: [&str; 6] = ["delete", "truncate", "persist", "memory", "wal", "off"];
const SYNCHRONOUS: [&str; 4] = ["off", "normal", "full", "extra"];
const KNOWN: &str = "mode, cache, vfs, journal_mode, synchronous, busy_timeout, foreign_keys, cache_size, mmap_size, plan_by_values, inline, spin, statement_cache";

impl Options {
    pub(crate) fn parse(url: &Url) -> Result<Self> {
        let mut options = Self {
            place: place(url)?,
            mode: Mode::Create,
            shared_cache: false,
            vfs: None,
            busy_timeout: Duration::from_secs(5),
            foreign_keys: true,
            journal_mode: None,
            synchronous: None,
            cache_size: None,
            mmap_size: None,
            plan_by_values: false,
            inline: false,
            spin: false,
            statement_cache: None,
        };
        for (name, value) in url.options() {
            options.set(name, value)?;
        }
        Ok(options)
    }

    fn set(&mut self, name: &str, value: &str) -> Result<()> {
        let option = UrlOption { database: "SQLite", name, value };
        match name {
            "mode" => match value {
                "ro" => self.mode = Mode::Read,
                "rw" => self.mode = Mode::Write,
                "rwc" => self.mode = Mode::Create,
                "memory" => self.place = Place::Memory,
                _ => return Err(option.wrong("ro, rw, rwc or memory")),
            },
            "cache" => self.shared_cache = option.one_of(&["private", "shared"])? == "shared",
            "vfs" => self.vfs = Some(value.to_owned()),
            "journal_mode" => self.journal_mode = Some(option.one_of(&JOURNALS)?),
            "synchronous" => self.synchronous = Some(option.one_of(&SYNCHRONOUS)?),
            "busy_timeout" => self.busy_timeout = busy_timeout(option)?,
            "foreign_keys" => self.foreign_keys = option.switch()?,
            "plan_by_values" => self.plan_by_values = option.switch()?,
            "cache_size" => self.cache_size = Some(option.number()?),
            "mmap_size" => self.mmap_size = Some(option.number()?),
            "inline" => self.inline = option.switch()?,
            "spin" => self.spin = option.switch()?,
            "statement_cache" => self.statement_cache = Some(option.number()?),
            _ => return Err(option.unknown(KNOWN)),
        }
        Ok(())
    }
}

/// `sqlite:app.db` and `sqlite://app.db` are relative, `sqlite:/tmp/app.db` and `sqlite:///tmp/app.db` are not.
fn place(url: &Url) -> Result<Place> {
    let body = url.body()?;
    let path = body.strip_prefix("//").unwrap_or(&body);
    if path.contains('\0') {
        return Err(ConfigError::new("the path of the SQLite database holds a zero byte").into());
    }
    Ok(match path {
        "" | ":memory:" => Place::Memory,
        path => Place::File(PathBuf::from(path)),
    })
}

/// A bare number is milliseconds, as in SQLite's PRAGMA, which takes an `i32` of them.
fn busy_timeout(option: UrlOption<'_>) -> Result<Duration> {
    let timeout = option.duration(TimeUnit::Milliseconds)?;
    match i32::try_from(timeout.as_millis()) {
        Ok(_) => Ok(timeout),
        Err(_) => Err(option.wrong("a time such as 5s or 500ms, of 24 days at most")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Options> {
        Options::parse(&Url::parse(text)?)
    }

    #[test]
    fn places() {
        for (url, expected) in [
            ("sqlite::memory:", Place::Memory),
            ("sqlite://:memory:", Place::Memory),
            ("sqlite:", Place::Memory),
            ("sqlite://", Place::Memory),
            ("sqlite:app.db", Place::File("app.db".into())),
            ("sqlite://app.db", Place::File("app.db".into())),
            ("sqlite://dir/app.db?mode=ro", Place::File("dir/app.db".into())),
            ("sqlite:///tmp/app.db", Place::File("/tmp/app.db".into())),
            ("sqlite:/tmp/app.db", Place::File("/tmp/app.db".into())),
            ("sqlite:a%20b.db", Place::File("a b.db".into())),
            ("sqlite:x?mode=memory", Place::Memory),
        ] {
            assert_eq!(parse(url).expect(url).place, expected, "{url}");
        }
    }

    #[test]
    fn settings() {
        let options = parse("sqlite:a?busy_timeout=2s&foreign_keys=off&journal_mode=WAL&synchronous=full&spin=on")
            .expect("options");
        assert_eq!(options.busy_timeout, Duration::from_secs(2));
        assert_eq!((options.foreign_keys, options.spin), (false, true));
        assert_eq!((options.journal_mode, options.synchronous), (Some("wal"), Some("full")));
        assert_eq!(parse("sqlite:a?busy_timeout=250").expect("options").busy_timeout, Duration::from_millis(250));
    }

    #[test]
    fn nonsense_is_named() {
        for (url, expected) in [
            ("sqlite:a?mood=ro", "no option \"mood\"; there are mode,"),
            ("sqlite:a?mode=x", "mode=x makes no sense; it takes ro, rw, rwc or memory"),
            ("sqlite:a?busy_timeout=soon", "busy_timeout=soon makes no sense; it takes a time such as 5s"),
            ("sqlite:a?busy_timeout=9999999s", "busy_timeout=9999999s makes no sense"),
            ("sqlite:a?foreign_keys=maybe", "it takes on or off"),
            ("sqlite:a?statement_cache=-1", "it takes a whole number"),
            ("sqlite:a?journal_mode=wall", "it takes delete, truncate"),
        ] {
            let error = parse(url).expect_err(url).to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}

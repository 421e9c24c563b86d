//! How a statement met the cache.

use std::fmt;
use std::time::{Duration, Instant};

/// How a statement met the cache, as the log says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CacheStatus {
    /// It was compiled, which took so long, and is cached from now on.
    Generated(Duration),
    /// It was found; it was compiled then.
    CachedSince(Instant),
    /// It was compiled and can't be cached.
    NoKey {
        /// The custom type or construct that stands in the way.
        because: &'static str,
        /// How long compiling took.
        took: Duration,
    },
    /// The engine's cache is switched off.
    Disabled(Duration),
    /// The dialect has not declared that its statements may be cached.
    Unsupported {
        /// The dialect.
        dialect: &'static str,
        /// How long compiling took.
        took: Duration,
    },
    /// SQL that the program gave to the driver as it stands.
    Raw,
}

impl CacheStatus {
    /// Whether nothing had to be compiled.
    #[must_use]
    pub const fn is_hit(&self) -> bool {
        matches!(self, Self::CachedSince(_))
    }

    /// How long decoding and compiling took; nothing for a hit.
    #[must_use]
    pub const fn compile_time(&self) -> Duration {
        match self {
            Self::Generated(took)
            | Self::Disabled(took)
            | Self::NoKey { took, .. }
            | Self::Unsupported { took, .. } => *took,
            Self::CachedSince(_) | Self::Raw => Duration::ZERO,
        }
    }

    /// The same with the time that compiling took, where that was not known yet.
    #[must_use]
    pub(crate) const fn with_time(self, time: Duration) -> Self {
        match self {
            Self::Disabled(_) => Self::Disabled(time),
            Self::Unsupported { dialect, .. } => Self::Unsupported { dialect, took: time },
            other => other,
        }
    }
}

impl fmt::Display for CacheStatus {
    /// `generated in 0.00012s`, `cached since 3.142s ago`, `no key 0.00008s`, …
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Generated(took) => write!(f, "generated in {:.5}s", took.as_secs_f64()),
            Self::CachedSince(since) => write!(f, "cached since {:.4}s ago", since.elapsed().as_secs_f64()),
            Self::NoKey { because, took } => write!(f, "no key {:.5}s, because of {because}", took.as_secs_f64()),
            Self::Disabled(took) => write!(f, "caching disabled {:.5}s", took.as_secs_f64()),
            Self::Unsupported { dialect, took } => {
                write!(f, "dialect {dialect} does not support caching {:.5}s", took.as_secs_f64())
            }
            Self::Raw => f.write_str("raw sql"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_read_as_in_the_log() {
        let took = Duration::from_micros(120);
        assert_eq!(CacheStatus::Generated(took).to_string(), "generated in 0.00012s");
        assert_eq!(CacheStatus::Disabled(took).to_string(), "caching disabled 0.00012s");
        assert_eq!(
            CacheStatus::NoKey { because: "Geometry", took }.to_string(),
            "no key 0.00012s, because of Geometry"
        );
        assert_eq!(
            CacheStatus::Unsupported { dialect: "acme", took }.to_string(),
            "dialect acme does not support caching 0.00012s"
        );
        assert_eq!(CacheStatus::Raw.to_string(), "raw sql");
        assert!(CacheStatus::CachedSince(Instant::now()).to_string().starts_with("cached since 0.0"));
    }
}

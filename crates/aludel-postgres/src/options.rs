//! What a URL says about a PostgreSQL database.

use std::fmt;
use std::path::PathBuf;

use aludel_core::{ConfigError, Result};
use aludel_engine::Url;
use aludel_engine::driver::{TimeUnit, UrlOption};
use aludel_wire::{Address, SocketOptions, TlsSettings, Verify};

/// A PostgreSQL URL's meaning.
pub(crate) struct Options {
    pub(crate) address: Address,
    pub(crate) user: String,
    pub(crate) password: Option<String>,
    pub(crate) database: String,
    pub(crate) tls: TlsMode,
    pub(crate) tls_settings: TlsSettings,
    /// Whether a password is shown only where it is bound to the TLS connection.
    pub(crate) must_bind: bool,
    pub(crate) socket: SocketOptions,
    pub(crate) statement_cache: StatementCache,
    /// What the session is begun with: `application_name`, `options` and other settings of the server.
    pub(crate) parameters: Vec<(String, String)>,
}

/// Whether the connection goes over TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TlsMode {
    Never,
    /// Where the server can.
    Prefer,
    Always,
}

/// How many statements a connection keeps prepared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StatementCache {
    /// What the engine says.
    Default,
    Size(usize),
    /// None: behind a pooler that gives each transaction another connection.
    Off,
}

const SSL_MODES: &str = "disable, prefer, require, verify-ca, verify-full or no-verify";
const KNOWN: &str = "host, port, user, password, dbname, sslmode, sslrootcert, sslcert, sslkey, channel_binding, connect_timeout, \
                     read_timeout, keepalive, tcp_user_timeout, statement_cache, application_name, options, \
                     search_path, timezone, statement_timeout, lock_timeout, idle_in_transaction_session_timeout, \
                     default_transaction_isolation, default_transaction_read_only, synchronous_commit";
/// Settings of the server that an option of the URL may give.
const SETTINGS: [&str; 10] = [
    "application_name",
    "options",
    "search_path",
    "timezone",
    "statement_timeout",
    "lock_timeout",
    "idle_in_transaction_session_timeout",
    "default_transaction_isolation",
    "default_transaction_read_only",
    "synchronous_commit",
];

impl Options {
    pub(crate) fn parse(url: &Url) -> Result<Self> {
        url.check_authority()?;
        let mut draft = Draft {
            host: url.host().unwrap_or("localhost").to_owned(),
            port: url.port().unwrap_or(5432),
            user: url.user().map(ToOwned::to_owned),
            database: url.database().map(ToOwned::to_owned),
            ssl_mode: None,
            ..Draft::default()
        };
        draft.password = url.password().map(ToOwned::to_owned);
        for (name, value) in url.options() {
            draft.set(name, value)?;
        }
        draft.finish()
    }
}

/// An URL's options on their way.
#[derive(Default)]
struct Draft {
    host: String,
    port: u16,
    user: Option<String>,
    password: Option<String>,
    database: Option<String>,
    ssl_mode: Option<(TlsMode, Verify)>,
    root_certificate: Option<PathBuf>,
    client_certificate: Option<PathBuf>,
    client_key: Option<PathBuf>,
    must_bind: bool,
    socket: SocketOptions,
    statement_cache: Option<StatementCache>,
    parameters: Vec<(String, String)>,
}

impl Draft {
    fn set(&mut self, name: &str, value: &str) -> Result<()> {
        let option = UrlOption { database: "PostgreSQL", name, value };
        match name {
            "host" => value.clone_into(&mut self.host),
            "port" => self.port = option.number()?,
            "user" => self.user = Some(value.to_owned()),
            "password" => self.password = Some(value.to_owned()),
            "dbname" => self.database = Some(value.to_owned()),
            "sslmode" => self.ssl_mode = Some(ssl_mode(option)?),
            "sslrootcert" => self.root_certificate = Some(value.into()),
            "sslcert" => self.client_certificate = Some(value.into()),
            "channel_binding" => match value {
                "require" => self.must_bind = true,
                "prefer" => self.must_bind = false,
                _ => return Err(option.wrong("prefer or require")),
            },
            "sslkey" => self.client_key = Some(value.into()),
            "connect_timeout" => self.socket.connect_timeout = option.some_duration(TimeUnit::Seconds)?,
            "read_timeout" => self.socket.read_timeout = option.duration_or_off(TimeUnit::Seconds)?,
            "keepalive" => self.socket.keepalive = option.duration_or_off(TimeUnit::Seconds)?,
            "tcp_user_timeout" => self.socket.user_timeout = option.duration_or_off(TimeUnit::Seconds)?,
            "statement_cache" => {
                self.statement_cache = Some(match value {
                    "off" | "0" => StatementCache::Off,
                    _ => StatementCache::Size(option.number()?),
                });
            }
            _ if SETTINGS.contains(&name) => self.parameters.push((name.to_owned(), value.to_owned())),
            _ => return Err(option.unknown(KNOWN)),
        }
        if value.contains('\0') {
            return Err(option.wrong_value("…", "text without zero bytes"));
        }
        Ok(())
    }

    fn finish(self) -> Result<Options> {
        let address = match self.host.strip_prefix('/') {
            Some(_) => Address::Unix(PathBuf::from(&self.host).join(format!(".s.PGSQL.{}", self.port))),
            None => Address::Tcp { host: self.host, port: self.port },
        };
        let user = match self.user.or_else(|| std::env::var("USER").ok()).filter(|user| !user.is_empty()) {
            Some(user) => user,
            None => return Err(ConfigError::new("the PostgreSQL URL names no user: postgres://user@host/db").into()),
        };
        let default = match address {
            // Nobody listens in on a socket in the file system.
            Address::Unix(_) => TlsMode::Never,
            Address::Tcp { .. } => TlsMode::Prefer,
        };
        // Whoever names the authorities wants them to be looked at.
        let unsaid = match self.root_certificate {
            Some(_) => (TlsMode::Always, Verify::Full),
            None => (default, Verify::Nothing),
        };
        let (tls, verify) = self.ssl_mode.unwrap_or(unsaid);
        if matches!(address, Address::Unix(_)) && tls == TlsMode::Always {
            let message =
                "the PostgreSQL URL asks for TLS on a socket in the file system, which has none; leave sslmode out";
            return Err(ConfigError::new(message).into());
        }
        let mut tls_settings = TlsSettings::new(verify);
        tls_settings.root_certificate = self.root_certificate;
        tls_settings.client_certificate = self.client_certificate;
        tls_settings.client_key = self.client_key;
        let database = self.database.unwrap_or_else(|| user.clone());
        if [&user, &database].iter().any(|name| name.contains('\0')) {
            return Err(ConfigError::new("the PostgreSQL URL's user or database holds a zero byte").into());
        }
        Ok(Options {
            address,
            user,
            password: self.password,
            database,
            tls,
            tls_settings,
            must_bind: self.must_bind,
            socket: self.socket,
            statement_cache: self.statement_cache.unwrap_or(StatementCache::Default),
            parameters: self.parameters,
        })
    }
}

impl fmt::Debug for Options {
    /// Without the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("address", &self.address)
            .field("user", &self.user)
            .field("database", &self.database)
            .field("tls", &self.tls)
            .field("statement_cache", &self.statement_cache)
            .finish_non_exhaustive()
    }
}

fn ssl_mode(option: UrlOption<'_>) -> Result<(TlsMode, Verify)> {
    Ok(match option.value {
        "disable" => (TlsMode::Never, Verify::Nothing),
        "prefer" => (TlsMode::Prefer, Verify::Nothing),
        "require" | "verify-full" => (TlsMode::Always, Verify::Full),
        "verify-ca" => (TlsMode::Always, Verify::Authority),
        "no-verify" => (TlsMode::Always, Verify::Nothing),
        _ => return Err(option.wrong(SSL_MODES)),
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn parse(text: &str) -> Result<Options> {
        Options::parse(&Url::parse(text)?)
    }

    #[test]
    fn addresses() {
        let options = parse("postgres://ed:pw@db.example:6432/shop").expect("options");
        assert_eq!(options.address, Address::Tcp { host: "db.example".into(), port: 6432 });
        assert_eq!((&*options.user, &*options.database, options.tls), ("ed", "shop", TlsMode::Prefer));
        for url in ["postgres://ed@%2Fvar%2Frun/shop", "postgresql://ed@/shop?host=/var/run"] {
            let options = parse(url).expect(url);
            assert_eq!(options.address, Address::Unix("/var/run/.s.PGSQL.5432".into()), "{url}");
            assert_eq!(options.tls, TlsMode::Never);
        }
        let error = parse("postgres://ed:pw@db.example:543x/shop").expect_err("a port that is no number").to_string();
        assert!(error.contains("can't be read, at or before \"db.example:543x\""), "{error}");
        assert!(!format!("{:?}", parse("postgres://ed:hidden@h/d").expect("options")).contains("hidden"));
    }

    #[test]
    fn tls_is_verified_when_asked_for() {
        for (mode, tls, verify) in [
            ("require", TlsMode::Always, Verify::Full),
            ("verify-full", TlsMode::Always, Verify::Full),
            ("verify-ca", TlsMode::Always, Verify::Authority),
            ("no-verify", TlsMode::Always, Verify::Nothing),
            ("prefer", TlsMode::Prefer, Verify::Nothing),
            ("disable", TlsMode::Never, Verify::Nothing),
            ("disable&sslrootcert=a.pem", TlsMode::Never, Verify::Nothing),
        ] {
            let options = parse(&format!("postgres://ed@h/d?sslmode={mode}")).expect(mode);
            assert_eq!((options.tls, options.tls_settings.verify), (tls, verify), "{mode}");
        }
        let options = parse("postgres://ed@h/d?sslrootcert=a.pem").expect("options");
        assert_eq!((options.tls, options.tls_settings.verify), (TlsMode::Always, Verify::Full));
    }

    #[test]
    fn settings() {
        let url = "postgres://ed@h/d?connect_timeout=3&read_timeout=500ms&keepalive=off&statement_cache=off&application_name=a";
        let options = parse(url).expect("options");
        assert_eq!(options.socket.connect_timeout, Duration::from_secs(3));
        assert_eq!(options.socket.read_timeout, Some(Duration::from_millis(500)));
        assert_eq!((options.socket.keepalive, options.statement_cache), (None, StatementCache::Off));
        assert_eq!(options.parameters, [("application_name".to_owned(), "a".to_owned())]);
    }

    #[test]
    fn nonsense_is_named() {
        for (url, expected) in [
            ("postgres://ed@h/d?mood=ro", "no option \"mood\"; there are host,"),
            ("postgres://ed@h/d?sslmode=x", "sslmode=x makes no sense; it takes disable, prefer"),
            ("postgres://ed@h/d?connect_timeout=soon", "it takes a time such as 5s"),
            ("postgres://ed@h/d?statement_cache=-1", "it takes a whole number"),
            ("postgres://ed@/d?host=/tmp&sslmode=require", "asks for TLS on a socket in the file system"),
        ] {
            let error = parse(url).expect_err(url).to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}

//! What a URL says about a MySQL or MariaDB database.

use std::fmt;
use std::path::PathBuf;

use aludel_core::{ConfigError, Result};
use aludel_engine::Url;
use aludel_engine::driver::{Opening, TimeUnit, UrlOption};
use aludel_wire::{Address, SocketOptions, TlsSettings, Verify};

use crate::server::Product;

/// A MySQL URL's meaning.
pub(crate) struct Options {
    pub(crate) address: Address,
    pub(crate) user: String,
    pub(crate) password: String,
    pub(crate) database: Option<String>,
    pub(crate) socket: SocketOptions,
    pub(crate) tls_mode: TlsMode,
    pub(crate) tls: TlsSettings,
    /// Which database it is, where the URL says so.
    pub(crate) product: Option<Product>,
    pub(crate) sql_mode: Option<String>,
    pub(crate) collation: Option<String>,
    pub(crate) statement_cache: usize,
    pub(crate) bulk: BulkMode,
    /// Whether the program may send data for LOAD DATA LOCAL.
    pub(crate) local_infile: bool,
}

impl fmt::Debug for Options {
    /// Without the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("address", &self.address)
            .field("user", &self.user)
            .field("database", &self.database)
            .field("tls_mode", &self.tls_mode)
            .field("product", &self.product)
            .finish_non_exhaustive()
    }
}

/// How many rows are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BulkMode {
    /// In packets of rows, where the server takes them.
    Packets,
    /// In statements of many rows.
    Values,
}

/// Whether TLS is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TlsMode {
    Never,
    /// Where the server speaks it.
    Prefer,
    Always,
}

const KNOWN: &str = "server, socket, ssl-mode, ssl-ca, ssl-cert, ssl-key, statement_cache, bulk, local_infile, sql_mode, collation, connect_timeout, read_timeout, keepalive, tcp_user_timeout";

impl Options {
    pub(crate) fn parse(url: &Url, opening: &Opening) -> Result<Self> {
        url.check_authority()?;
        let host = url.host().unwrap_or("localhost").to_owned();
        let mut options = Self {
            address: Address::Tcp { host, port: url.port().unwrap_or(3306) },
            user: url.user().unwrap_or("root").to_owned(),
            password: url.password().unwrap_or("").to_owned(),
            database: url.database().map(ToOwned::to_owned),
            socket: SocketOptions { connect_timeout: opening.connect_timeout, ..SocketOptions::default() },
            tls_mode: TlsMode::Prefer,
            tls: TlsSettings::new(Verify::Nothing),
            product: (url.scheme() == "mariadb").then_some(Product::MariaDb),
            sql_mode: None,
            collation: None,
            statement_cache: opening.statement_cache.unwrap_or(100),
            bulk: BulkMode::Packets,
            local_infile: false,
        };
        let mut is_mode_said = false;
        for (name, value) in url.options() {
            is_mode_said |= matches!(name, "ssl-mode" | "sslmode");
            options.set(name, value)?;
        }
        if matches!(options.address, Address::Unix(_)) {
            if is_mode_said && options.tls_mode == TlsMode::Always {
                let message = "the MySQL URL asks for TLS on a socket in the file system, which has no name that a certificate could prove";
                return Err(ConfigError::new(message).into());
            }
            options.tls_mode = TlsMode::Never;
        } else if !is_mode_said && (options.tls.root_certificate.is_some() || options.tls.client_certificate.is_some())
        {
            // Whoever names certificates wants them to be looked at.
            options.tls_mode = TlsMode::Always;
            options.tls.verify = Verify::Full;
        }
        Ok(options)
    }

    fn set(&mut self, name: &str, value: &str) -> Result<()> {
        let option = UrlOption { database: "MySQL", name, value };
        match name {
            "server" => {
                self.product = Some(match value {
                    "mysql" => Product::MySql,
                    "mariadb" => Product::MariaDb,
                    _ => return Err(option.wrong("mysql or mariadb")),
                });
            }
            "socket" | "unix_socket" => self.address = Address::Unix(PathBuf::from(value)),
            "ssl-mode" | "sslmode" => self.set_tls_mode(option)?,
            "ssl-ca" | "sslrootcert" => self.tls.root_certificate = Some(PathBuf::from(value)),
            "ssl-cert" | "sslcert" => self.tls.client_certificate = Some(PathBuf::from(value)),
            "ssl-key" | "sslkey" => self.tls.client_key = Some(PathBuf::from(value)),
            "statement_cache" => self.statement_cache = option.number()?,
            "bulk" => {
                self.bulk = match value {
                    "packets" => BulkMode::Packets,
                    "values" => BulkMode::Values,
                    _ => return Err(option.wrong("packets or values")),
                }
            }
            "local_infile" => self.local_infile = option.switch()?,
            "sql_mode" => self.sql_mode = Some(checked_sql_mode(option)?),
            "collation" => {
                let is_name =
                    value.starts_with("utf8mb4_") && value.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
                if !is_name {
                    return Err(option.wrong("a collation of utf8mb4, such as utf8mb4_bin"));
                }
                self.collation = Some(value.to_owned());
            }
            "charset" if value.eq_ignore_ascii_case("utf8mb4") => {}
            "charset" => return Err(option.wrong("utf8mb4, which is always used")),
            "connect_timeout" => self.socket.connect_timeout = option.some_duration(TimeUnit::Seconds)?,
            "read_timeout" => self.socket.read_timeout = option.duration_or_off(TimeUnit::Seconds)?,
            "keepalive" => self.socket.keepalive = option.duration_or_off(TimeUnit::Seconds)?,
            "tcp_user_timeout" => self.socket.user_timeout = option.duration_or_off(TimeUnit::Seconds)?,
            _ => return Err(option.unknown(KNOWN)),
        }
        Ok(())
    }

    fn set_tls_mode(&mut self, option: UrlOption<'_>) -> Result<()> {
        (self.tls_mode, self.tls.verify) = match option.value.to_ascii_lowercase().replace('_', "-").as_str() {
            "disable" | "disabled" => (TlsMode::Never, Verify::Nothing),
            "prefer" | "preferred" => (TlsMode::Prefer, Verify::Nothing),
            "require" | "required" | "verify-full" | "verify-identity" => (TlsMode::Always, Verify::Full),
            "verify-ca" => (TlsMode::Always, Verify::Authority),
            "no-verify" => (TlsMode::Always, Verify::Nothing),
            _ => return Err(option.wrong("disable, prefer, require, verify-ca, verify-full or no-verify")),
        };
        Ok(())
    }
}

/// The SQL modes of a session. A backslash must stay what it is, or literals could be broken out of.
fn checked_sql_mode(option: UrlOption<'_>) -> Result<String> {
    let value = option.value.to_ascii_uppercase();
    let is_list = value.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | ','));
    let modes = || value.split(',');
    if !is_list {
        return Err(option.wrong_value(&value, "names of SQL modes, separated by commas"));
    }
    if modes().any(|mode| {
        matches!(
            mode,
            "NO_BACKSLASH_ESCAPES" | "ORACLE" | "MSSQL" | "DB2" | "MAXDB" | "POSTGRESQL" | "MYSQL323" | "MYSQL40"
        )
    }) {
        return Err(
            option.wrong_value(&value, "modes under which a backslash in a literal is an escape, and SQL is MySQL's")
        );
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use aludel_engine::driver::Face;

    use super::*;

    fn parsed(url: &str) -> Result<Options> {
        Options::parse(&Url::parse(url)?, &Opening::new(Face::Blocking))
    }

    #[test]
    fn urls_say_where_and_who() {
        let options = parsed("mysql://ed:s%40cret@db.example:3307/shop?ssl-mode=require").expect("options");
        assert_eq!(options.address.to_string(), "db.example:3307");
        assert_eq!((&*options.user, &*options.password, options.database.as_deref()), ("ed", "s@cret", Some("shop")));
        assert_eq!((options.tls_mode, options.tls.verify), (TlsMode::Always, Verify::Full));
        let options = parsed("mariadb:///shop?socket=/run/my.sock").expect("options");
        assert_eq!((options.address.to_string(), options.tls_mode), ("/run/my.sock".to_owned(), TlsMode::Never));
        assert_eq!(options.product, Some(Product::MariaDb));
        assert_eq!(parsed("mysql://h/d?ssl-ca=a.pem").expect("options").tls.verify, Verify::Full);
    }

    #[test]
    fn what_makes_no_sense_is_told() {
        for (query, expected) in [
            ("port=1", "no option \"port\""),
            ("ssl-mode=maybe", "verify-full"),
            ("sql_mode=no_backslash_escapes", "backslash"),
            ("sql_mode=a'b", "separated by commas"),
            ("collation=latin1_bin", "utf8mb4_bin"),
            ("read_timeout=0s", "5s"),
            ("server=oracle", "mysql or mariadb"),
            ("socket=/s&ssl-mode=require", "file system"),
        ] {
            let error = parsed(&format!("mysql://h/d?{query}")).expect_err(query).to_string();
            assert!(error.contains(expected), "{error}");
        }
        // Nothing else is connected to instead.
        let error = parsed("mysql://ed:pw@db.example:33o6/shop").expect_err("a port that is no number").to_string();
        assert!(error.contains("can't be read, at or before \"db.example:33o6\""), "{error}");
    }
}

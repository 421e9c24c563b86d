//! SQL by a database's own program.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::error::{Error, Result};
use crate::kind::Kind;
use crate::programs;

/// How the administrator's statements reach a server.
#[derive(Clone, Debug)]
pub(crate) enum Client {
    /// By the URL of a server that runs.
    Url(Kind, Url),
    /// By the socket in a private server's folder.
    Folder(Kind, PathBuf, u16),
}

impl Client {
    /// Runs statements; gives the rows, columns separated by tabs.
    pub(crate) fn run(&self, sql: &str) -> Result<String> {
        let mut command = match self {
            Self::Url(Kind::Postgres, url) => {
                let mut command = psql(sql)?;
                command.arg(url.for_psql());
                command
            }
            Self::Url(Kind::MariaDb, url) => {
                let mut command = mariadb(sql)?;
                url.for_mariadb(&mut command);
                command
            }
            Self::Folder(Kind::Postgres, folder, port) => {
                let mut command = psql(sql)?;
                command.args(["-U", "postgres", "-p", &port.to_string(), "-h"]).arg(folder).arg("postgres");
                command
            }
            Self::Folder(Kind::MariaDb, folder, _) => {
                let mut command = mariadb(sql)?;
                command.args(["--user=root", "--socket=server.sock"]).current_dir(folder);
                command
            }
        };
        let output = command.stdin(Stdio::null()).output().map_err(Error::of("start the database's client"))?;
        if !output.status.success() {
            let message = String::from_utf8_lossy(&output.stderr);
            return Err(Error::new(format!("the server refused `{sql}`: {}", message.trim())));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

fn psql(sql: &str) -> Result<Command> {
    let mut command = Command::new(programs::postgres("psql")?);
    command.args(["-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-c", sql]);
    command.env("PGCONNECT_TIMEOUT", "10").env("PGOPTIONS", "-c client_min_messages=warning");
    Ok(command)
}

fn mariadb(sql: &str) -> Result<Command> {
    let mut command = Command::new(programs::mariadb("mariadb")?);
    let options = ["--no-defaults", "--batch", "--skip-column-names", "--connect-timeout=10"];
    command.args(options).arg("--default-character-set=utf8mb4").args(["-e", sql]);
    Ok(command)
}

/// A URL, cut where the database's name stands.
#[derive(Clone, Debug)]
pub(crate) struct Url {
    /// `scheme://user:password@host:port`
    server: String,
    database: String,
    /// With its `?`; or empty.
    query: String,
}

impl Url {
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let (address, query) = text.find('?').map_or((text, ""), |at| text.split_at(at));
        let start = address.find("://").ok_or_else(|| Error::new(format!("`{text}` is not a URL")))? + 3;
        let end = address[start..].find('/').map_or(address.len(), |at| start + at);
        let (server, database) = address.split_at(end);
        Ok(Self {
            server: server.to_owned(),
            database: database.trim_start_matches('/').to_owned(),
            query: query.to_owned(),
        })
    }

    /// The same with another database.
    pub(crate) fn with_database(&self, name: &str) -> String {
        format!("{}/{name}{}", self.server, self.query)
    }

    /// The same database in another server.
    pub(crate) fn with_server(&self, server: &str) -> String {
        format!("{server}/{}{}", self.database, self.query)
    }

    /// User, password, host and port, still escaped.
    pub(crate) fn parts<'a>(&'a self, default_port: &'a str) -> (&'a str, &'a str, &'a str, &'a str) {
        let authority = self.server.split_once("://").map_or("", |(_, rest)| rest);
        let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
        let (user, password) = user.split_once(':').unwrap_or((user, ""));
        let (host, port) = host.rsplit_once(':').unwrap_or((host, default_port));
        (user, password, if host.is_empty() { "localhost" } else { host }, port)
    }

    /// Without what only Aludel's drivers understand.
    fn for_psql(&self) -> String {
        const KNOWN: &[&str] = &["host", "port", "user", "password", "sslmode", "sslrootcert", "sslcert", "sslkey"];
        let mut url = format!("{}/{}", self.server, self.database);
        let mut separator = '?';
        for pair in self.query.trim_start_matches('?').split('&') {
            if pair.split_once('=').is_some_and(|(name, _)| KNOWN.contains(&name)) {
                url.push(separator);
                url += pair;
                separator = '&';
            }
        }
        url
    }

    fn for_mariadb(&self, command: &mut Command) {
        let (user, password, host, port) = self.parts("3306");
        let socket = self.query.trim_start_matches('?').split('&').find_map(|pair| pair.strip_prefix("socket="));
        if let Some(socket) = socket {
            command.arg(format!("--socket={}", plain(socket)));
        } else {
            command.args([format!("--host={}", plain(host)), format!("--port={port}"), "--protocol=tcp".to_owned()]);
        }
        // A password among the arguments can be seen by everybody on the machine.
        command.arg(format!("--user={}", plain(user))).env("MYSQL_PWD", plain(password));
    }
}

/// Without the `%xx` of URLs.
fn plain(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, behind)) = rest.split_first() {
        let digits = behind.get(..2).and_then(|digits| str::from_utf8(digits).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) if first == b'%' => {
                bytes.push(byte);
                rest = &behind[2..];
            }
            _ => {
                bytes.push(first);
                rest = behind;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::{Url, plain};

    #[test]
    fn another_database_keeps_everything_else() {
        let other = |url: &str| Url::parse(url).map(|url| url.with_database("t")).unwrap_or_default();
        assert_eq!(other("postgres://a:b@h:5/x?sslmode=require"), "postgres://a:b@h:5/t?sslmode=require");
        assert_eq!(other("mysql://h"), "mysql://h/t");
        assert_eq!(other("postgres:///x?host=/tmp/a"), "postgres:///t?host=/tmp/a");
        assert!(Url::parse("postgres").is_err());
    }

    #[test]
    fn psql_is_spared_what_it_does_not_know() {
        let url = Url::parse("postgres://h/x?statement_cache=off&sslmode=disable&port=5").map(|url| url.for_psql());
        assert_eq!(url.unwrap_or_default(), "postgres://h/x?sslmode=disable&port=5");
    }

    #[test]
    fn escapes_are_read() {
        assert_eq!(plain("a%40b%2fc%"), "a@b/c%");
    }
}

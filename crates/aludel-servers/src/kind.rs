//! What differs between the two kinds of server.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::client::Client;
use crate::error::{Error, Result};
use crate::options::Options;
use crate::programs;
use crate::user::User;

/// A kind of server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Postgres,
    MariaDb,
}

/// Settings under which a server never waits for the disk. What is committed is with the system all the same, so that
/// it survives the server's sudden end.
const POSTGRES: &[(&str, &str)] = &[
    ("fsync", "off"),
    ("full_page_writes", "off"),
    ("max_connections", "300"),
    ("max_prepared_transactions", "20"),
    ("shared_buffers", "64MB"),
    ("max_wal_size", "2GB"),
    ("listen_addresses", "127.0.0.1"),
    // The data folder itself.
    ("unix_socket_directories", "."),
];

const MARIADB: &[(&str, &str)] = &[
    ("innodb-flush-log-at-trx-commit", "2"),
    ("innodb-doublewrite", "OFF"),
    ("innodb-buffer-pool-size", "64M"),
    ("max-connections", "300"),
    ("max-allowed-packet", "64M"),
    ("character-set-server", "utf8mb4"),
    ("bind-address", "127.0.0.1"),
    ("skip-name-resolve", "ON"),
    ("performance-schema", "OFF"),
    ("datadir", "."),
    ("socket", "server.sock"),
    ("pid-file", "server.pid"),
];

/// Run at each start: the user that tests connect as.
const MARIADB_INIT: &str = "\
CREATE USER IF NOT EXISTS 'aludel'@'%' IDENTIFIED BY 'secret';
GRANT ALL ON *.* TO 'aludel'@'%' WITH GRANT OPTION;
CREATE USER IF NOT EXISTS 'aludel'@'localhost' IDENTIFIED BY 'secret';
GRANT ALL ON *.* TO 'aludel'@'localhost' WITH GRANT OPTION;
CREATE DATABASE IF NOT EXISTS test;
";

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::MariaDb => "mariadb",
        }
    }

    /// The users that root may run it as, best first.
    pub(crate) fn users(self) -> &'static [&'static str] {
        match self {
            Self::Postgres => &["postgres", "nobody"],
            Self::MariaDb => &["mysql", "nobody"],
        }
    }

    pub(crate) fn program(self) -> Result<PathBuf> {
        match self {
            Self::Postgres => programs::postgres("postgres"),
            Self::MariaDb => programs::mariadb("mariadbd"),
        }
    }

    pub(crate) fn url(self, port: u16) -> String {
        match self {
            Self::Postgres => format!("postgres://postgres:secret@127.0.0.1:{port}/postgres"),
            Self::MariaDb => format!("mysql://aludel:secret@127.0.0.1:{port}/test"),
        }
    }

    pub(crate) fn socket(self, folder: &Path, port: u16) -> PathBuf {
        folder.join(match self {
            Self::Postgres => format!(".s.PGSQL.{port}"),
            Self::MariaDb => "server.sock".to_owned(),
        })
    }

    /// The command that fills an empty folder with an empty server's files.
    pub(crate) fn fill(self, folder: &Path, user: User) -> Result<()> {
        let mut command = match self {
            Self::Postgres => {
                let password = folder.with_extension("password");
                fs::write(&password, "secret\n").map_err(Error::of("write a password"))?;
                let mut command = Command::new(programs::postgres("initdb")?);
                command.args(["-D", ".", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "-N"]);
                command.args(["--auth-local=trust", "--auth-host=scram-sha-256"]).arg("--pwfile").arg(&password);
                command
            }
            Self::MariaDb => {
                let mut command = Command::new(programs::mariadb("mariadb-install-db")?);
                command.args(["--no-defaults", "--datadir=.", "--auth-root-authentication-method=normal"]);
                command.args(["--skip-test-db", "--innodb-log-file-size=16M"]);
                command
            }
        };
        user.run(&mut command);
        let output = command.current_dir(folder).output().map_err(Error::of(format_args!("run {command:?}")))?;
        let _ = fs::remove_file(folder.with_extension("password"));
        if output.status.success() {
            return Ok(());
        }
        let text = [output.stdout, output.stderr].concat();
        Err(Error::new(format!("{command:?} failed: {}", String::from_utf8_lossy(&text).trim())))
    }

    /// Writes the settings into the server's folder.
    pub(crate) fn configure(self, folder: &Path, port: u16, options: &Options) -> Result<()> {
        let port = port.to_string();
        let common = match self {
            Self::Postgres => POSTGRES,
            Self::MariaDb => MARIADB,
        };
        let common = common.iter().copied().chain([("port", port.as_str())]);
        let own = options.settings.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let (file, mut text) = match self {
            // Read after the file that initdb has made.
            Self::Postgres => ("postgresql.auto.conf", String::new()),
            Self::MariaDb => ("server.cnf", "[mariadbd]\ninit-file=init.sql\n".to_owned()),
        };
        for (name, value) in common.chain(own) {
            text += &match self {
                Self::Postgres => format!("{name} = '{}'\n", value.replace('\'', "''")),
                Self::MariaDb => format!("{name}=\"{value}\"\n"),
            };
        }
        fs::write(folder.join(file), text).map_err(Error::of("write a server's settings"))?;
        if self == Self::MariaDb {
            fs::write(folder.join("init.sql"), MARIADB_INIT).map_err(Error::of("write a server's settings"))?;
        }
        Ok(())
    }

    pub(crate) fn command(self) -> Result<Command> {
        let mut command = Command::new(self.program()?);
        match self {
            Self::Postgres => command.args(["-D", "."]),
            Self::MariaDb => command.arg("--defaults-file=server.cnf"),
        };
        Ok(command)
    }

    /// Whether the server listens, by what it has written since its start.
    pub(crate) fn is_ready(self, log: &str) -> bool {
        log.contains(match self {
            Self::Postgres => "database system is ready to accept connections",
            Self::MariaDb => "ready for connections",
        })
    }

    /// Whether the server has failed to start because somebody else has its port.
    pub(crate) fn is_port_taken(log: &str) -> bool {
        log.contains("Address already in use")
    }

    /// The signal after which a server ends at once, without care for its data.
    pub(crate) fn at_once(self) -> &'static str {
        match self {
            // KILL would leave shared memory behind.
            Self::Postgres => "QUIT",
            Self::MariaDb => "KILL",
        }
    }

    /// The signal after which a server closes its connections, writes its data and ends.
    pub(crate) fn orderly(self) -> &'static str {
        match self {
            Self::Postgres => "INT",
            Self::MariaDb => "TERM",
        }
    }

    pub(crate) fn create_database(self, name: &str) -> String {
        match self {
            // Nobody is connected to `template0`, so that two databases can be made at once.
            Self::Postgres => format!("CREATE DATABASE {name} TEMPLATE template0"),
            Self::MariaDb => format!("CREATE DATABASE {name} CHARACTER SET utf8mb4"),
        }
    }

    /// Drops a database with whoever is connected to it.
    pub(crate) fn drop_database(self, client: &Client, name: &str) -> Result<()> {
        let (first, kill) = match self {
            Self::Postgres => (format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"), None),
            Self::MariaDb => (
                format!("SET lock_wait_timeout = 1; DROP DATABASE IF EXISTS {name}"),
                Some(format!(
                    "SELECT CONCAT('KILL ', id, ';') FROM information_schema.processlist WHERE db = '{name}'"
                )),
            ),
        };
        let result = client.run(&first);
        match (result, kill) {
            // A transaction that a test has left open holds locks.
            (Err(_), Some(kill)) => {
                for statement in client.run(&kill)?.lines() {
                    // It may have gone by itself.
                    let _ = client.run(statement);
                }
                client.run(&first).map(drop)
            }
            (result, _) => result.map(drop),
        }
    }
}

//! Where a server's database is, in the words of each library.

use std::path::{Path, PathBuf};

use mysql_async::{Opts, OptsBuilder};
use tokio_postgres::config::Host;
use tokio_postgres::{Client, NoTls};

use crate::backend::Backend;
use crate::turns::Result;

/// A database on a server.
#[derive(Clone, Debug)]
pub(crate) struct Address {
    backend: Backend,
    user: String,
    password: String,
    host: String,
    port: u16,
    /// The socket in the file system, where that is the way to it.
    socket: Option<PathBuf>,
    database: String,
}

impl Address {
    /// Reads a URL.
    pub(crate) fn parse(backend: Backend, url: &str) -> Result<Self> {
        if backend == Backend::Mysql {
            let options = Opts::from_url(url)?;
            return Ok(Self {
                backend,
                user: options.user().unwrap_or("root").to_owned(),
                password: options.pass().unwrap_or_default().to_owned(),
                host: options.ip_or_hostname().to_owned(),
                port: options.tcp_port(),
                socket: options.socket().map(PathBuf::from),
                database: options.db_name().unwrap_or("mysql").to_owned(),
            });
        }
        let config: tokio_postgres::Config = url.parse()?;
        let port = config.get_ports().first().copied().unwrap_or(5432);
        let (host, socket) = match config.get_hosts().first() {
            Some(Host::Unix(folder)) => ("localhost".to_owned(), Some(folder.join(format!(".s.PGSQL.{port}")))),
            Some(Host::Tcp(host)) => (host.clone(), None),
            None => ("localhost".to_owned(), None),
        };
        let user = config.get_user().unwrap_or("postgres").to_owned();
        Ok(Self {
            backend,
            password: String::from_utf8_lossy(config.get_password().unwrap_or_default()).into_owned(),
            host,
            port,
            socket,
            database: config.get_dbname().unwrap_or(&user).to_owned(),
            user,
        })
    }

    /// Goes by a socket in the file system from now on.
    pub(crate) fn listen_at(&mut self, socket: &Path) {
        self.socket = Some(socket.to_owned());
    }

    /// Another database on the same server.
    pub(crate) fn with_database(&self, database: &str) -> Self {
        Self { database: database.to_owned(), ..self.clone() }
    }

    /// The kind of database.
    pub(crate) fn backend(&self) -> Backend {
        self.backend
    }

    /// Its name.
    pub(crate) fn database(&self) -> &str {
        &self.database
    }

    /// Its user and the password.
    pub(crate) fn credentials(&self) -> (&str, &str) {
        (&self.user, &self.password)
    }

    /// The host and the port.
    pub(crate) fn host(&self) -> (&str, u16) {
        (&self.host, self.port)
    }

    /// The socket in the file system.
    pub(crate) fn socket(&self) -> Option<&Path> {
        self.socket.as_deref()
    }

    /// How it is reached.
    pub(crate) fn way(&self) -> &'static str {
        if self.socket.is_some() { "over a Unix socket" } else { "over TCP" }
    }

    /// The URL that most libraries read.
    pub(crate) fn url(&self) -> String {
        let Self { user, password, host, port, database, .. } = self;
        match (self.backend, &self.socket) {
            (Backend::Postgres, Some(socket)) => {
                let folder = socket.parent().map(|folder| folder.to_string_lossy().replace('/', "%2F"));
                format!("postgres://{user}:{password}@{}:{port}/{database}", folder.unwrap_or_default())
            }
            (Backend::Postgres, None) => format!("postgres://{user}:{password}@{host}:{port}/{database}"),
            (_, Some(socket)) => {
                format!("mysql://{user}:{password}@localhost:{port}/{database}?socket={}", socket.display())
            }
            (_, None) => format!("mysql://{user}:{password}@{host}:{port}/{database}"),
        }
    }

    /// The URL that the C libraries under Diesel are given.
    pub(crate) fn diesel_url(&self) -> String {
        if self.backend == Backend::Mysql { self.url().replace("?socket=", "?unix_socket=") } else { self.url() }
    }

    /// The URL that mysql_async reads: without it, it would leave TCP for the server's socket.
    pub(crate) fn mysql_async_url(&self) -> String {
        if self.socket.is_some() { self.url() } else { self.url() + "?prefer_socket=false" }
    }

    /// The same as options.
    pub(crate) fn mysql_options(&self) -> Opts {
        let socket = self.socket.as_ref().map(|socket| socket.to_string_lossy().into_owned());
        OptsBuilder::default()
            .user(Some(&self.user))
            .pass(Some(&self.password))
            .ip_or_hostname(&self.host)
            .tcp_port(self.port)
            .prefer_socket(socket.is_some())
            .socket(socket)
            .db_name(Some(&self.database))
            .into()
    }

    /// A connection of tokio-postgres, whose other half is a task, as is usual.
    pub(crate) async fn postgres_client(&self) -> Result<Client> {
        let (client, connection) = tokio_postgres::connect(&self.url(), NoTls).await?;
        tokio::spawn(connection);
        Ok(client)
    }
}

//! Databases on servers: one for the libraries of a race that only read, one for each of those that write.

mod address;
pub(crate) mod read;

use std::sync::atomic::{AtomicU32, Ordering};

use aludel_servers::{MYSQL_VARIABLE, Options, POSTGRES_VARIABLE, Server};
use mysql_async::prelude::Queryable;
use tokio::runtime::Runtime;

pub(crate) use self::address::Address;
use crate::backend::Backend;
use crate::cases::Case;
use crate::place::Place;
use crate::turns::Result;

/// Where cases find their databases.
#[derive(Debug)]
pub(crate) enum Site {
    /// In the program.
    Sqlite,
    /// On a server.
    Server(Databases),
}

/// A server and the databases that were made on it.
#[derive(Debug)]
pub(crate) struct Databases {
    /// A private server stops with the run.
    _server: Option<Server>,
    address: Address,
    made: Vec<Made>,
}

#[derive(Debug)]
struct Made {
    address: Address,
    /// What was run in it, where others may read it too.
    script: Option<String>,
}

/// The same for everybody: nothing waits for the disk, everything fits into memory, nobody cleans up in between.
const POSTGRES: [(&str, &str); 6] = [
    ("shared_buffers", "512MB"),
    ("max_wal_size", "8GB"),
    ("checkpoint_timeout", "1h"),
    ("autovacuum", "off"),
    ("synchronize_seqscans", "off"),
    ("max_parallel_workers_per_gather", "0"),
];
const MYSQL: [(&str, &str); 2] = [("innodb-buffer-pool-size", "512M"), ("innodb-log-file-size", "512M")];

impl Site {
    /// Finds the server, by the URL or by the tests' variable, or starts a private one.
    pub(crate) fn find(backend: Backend, url: Option<&str>, tcp: bool) -> Result<Self> {
        let (variable, settings) = match backend {
            Backend::Sqlite => return Ok(Site::Sqlite),
            Backend::Postgres => (POSTGRES_VARIABLE, &POSTGRES[..]),
            Backend::Mysql => (MYSQL_VARIABLE, &MYSQL[..]),
        };
        let variable = std::env::var(variable).ok().filter(|url| !url.is_empty());
        if let Some(url) = url.map(str::to_owned).or(variable) {
            let address = Address::parse(backend, &url)?;
            return Ok(Site::Server(Databases { _server: None, address, made: Vec::new() }));
        }
        let options = settings.iter().fold(Options::new(), |options, &(name, value)| options.setting(name, value));
        let server = if backend == Backend::Postgres { Server::postgres(options)? } else { Server::mariadb(options)? };
        let mut address = Address::parse(backend, &server.url())?;
        if !tcp {
            address.listen_at(&server.socket());
        }
        Ok(Site::Server(Databases { _server: Some(server), address, made: Vec::new() }))
    }

    /// What the database calls itself, and how it is reached.
    pub(crate) fn title(&self, runtime: &Runtime) -> Result<String> {
        match self {
            Site::Sqlite => Ok(format!("SQLite {}", ::rusqlite::version())),
            Site::Server(databases) => databases.title(runtime),
        }
    }

    /// The database for a library in a case.
    pub(crate) fn place(&mut self, runtime: &Runtime, case: Case) -> Result<Place> {
        match self {
            Site::Sqlite => Ok(Place::sqlite(case)),
            Site::Server(databases) => databases.place(runtime, case),
        }
    }

    /// Drops what was made for a race.
    pub(crate) fn clear(&mut self, runtime: &Runtime) -> Result {
        match self {
            Site::Sqlite => Ok(()),
            Site::Server(databases) => databases.clear(runtime),
        }
    }
}

impl Databases {
    fn title(&self, runtime: &Runtime) -> Result<String> {
        let version = match self.address.backend() {
            Backend::Mysql => runtime.block_on(async {
                let mut connection = mysql_async::Conn::new(self.address.mysql_options()).await?;
                let version: Option<String> = connection.query_first("SELECT VERSION()").await?;
                connection.disconnect().await?;
                Result::Ok(version.unwrap_or_default())
            })?,
            _ => runtime.block_on(async {
                let client = self.address.postgres_client().await?;
                Result::Ok(client.query_one("SHOW server_version", &[]).await?.try_get::<_, String>(0)?)
            })?,
        };
        Ok(format!("{} {version}, {}", self.address.backend().name(), self.address.way()))
    }

    fn place(&mut self, runtime: &Runtime, case: Case) -> Result<Place> {
        let script = case.script(self.address.backend());
        let shared = self.made.iter().find(|made| made.script.as_ref() == Some(&script));
        if let Some(made) = shared.filter(|_| !case.writes()) {
            return Ok(Place::server(case, made.address.clone()));
        }
        let address = self.address.with_database(&fresh_name());
        runtime.block_on(run(&self.address, &[format!("CREATE DATABASE {}", address.database())]))?;
        self.made.push(Made { address: address.clone(), script: (!case.writes()).then(|| script.clone()) });
        let mut statements: Vec<String> = script.split(';').map(|sql| sql.trim().to_owned()).collect();
        statements.retain(|sql| !sql.is_empty());
        match address.backend() {
            Backend::Mysql => statements.insert(0, "SET max_recursive_iterations = 4294967295".to_owned()),
            _ => statements.push("VACUUM ANALYZE".to_owned()),
        }
        runtime.block_on(run(&address, &statements))?;
        Ok(Place::server(case, address))
    }

    fn clear(&mut self, runtime: &Runtime) -> Result {
        let force = if self.address.backend() == Backend::Postgres { " WITH (FORCE)" } else { "" };
        let drops: Vec<String> =
            self.made.drain(..).map(|made| format!("DROP DATABASE {}{force}", made.address.database())).collect();
        runtime.block_on(run(&self.address, &drops))
    }
}

/// Runs statements, each by itself.
async fn run(address: &Address, statements: &[String]) -> Result {
    if address.backend() == Backend::Mysql {
        let mut connection = mysql_async::Conn::new(address.mysql_options()).await?;
        for statement in statements {
            connection.query_drop(statement).await?;
        }
        connection.disconnect().await?;
    } else {
        let client = address.postgres_client().await?;
        for statement in statements {
            client.batch_execute(statement).await?;
        }
    }
    Ok(())
}

fn fresh_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("peers_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

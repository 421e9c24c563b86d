//! `cargo xtask servers`: the database servers that tests need, for as long as this program runs.

use std::env;
use std::thread;

use aludel_servers::{MYSQL_VARIABLE, Options, POSTGRES_VARIABLE, Server};
use anyhow::{Context, Result, anyhow, bail};

use crate::packages;

/// The servers that were started, and the variables by which tests find them.
#[derive(Debug, Default)]
pub(crate) struct Servers {
    pub(crate) variables: Vec<(&'static str, String)>,
    /// They stop with this.
    _servers: Vec<Server>,
}

/// What is started where the variable is not set.
type Start = fn(Options) -> aludel_servers::Result<Server>;
const KINDS: [(&str, Start); 2] = [(POSTGRES_VARIABLE, Server::postgres), (MYSQL_VARIABLE, Server::mariadb)];

impl Servers {
    /// Starts a server for each variable that is not set. A variable that is set names a server that runs already.
    pub(crate) fn start() -> Result<Self> {
        let is_set = |name: &str| env::var(name).is_ok_and(|url| !url.is_empty());
        let mut servers = Self::default();
        let starting: Vec<_> = KINDS
            .into_iter()
            .filter(|(variable, _)| !is_set(variable))
            .map(|(variable, start)| (variable, thread::spawn(move || start(Options::new()))))
            .collect();
        for (variable, thread) in starting {
            let server = thread.join().map_err(|_| anyhow!("starting a server panicked"))?;
            let server = server.with_context(|| format!("no server for {variable}"))?;
            servers.variables.push((variable, server.url()));
            servers._servers.push(server);
        }
        Ok(servers)
    }
}

pub(crate) fn run(words: &[String]) -> Result<()> {
    if let Some(word) = words.first() {
        bail!("`cargo xtask servers` takes no words, not `{word}`");
    }
    packages::ensure(packages::PROGRAMS)?;
    let servers = Servers::start()?;
    if servers.variables.is_empty() {
        println!("{POSTGRES_VARIABLE} and {MYSQL_VARIABLE} are set already: nothing to start");
        return Ok(());
    }
    for (name, url) in &servers.variables {
        println!("export {name}={url}");
    }
    println!("# The servers run until Ctrl-C.");
    // Any end of this program ends the servers.
    loop {
        thread::park();
    }
}

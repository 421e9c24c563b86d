//! A private pgbouncer.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::client::Url;
use crate::error::{Error, Result};
use crate::options::Options;
use crate::place;
use crate::process::Process;
use crate::programs;
use crate::user::User;

/// A pgbouncer on a free port of `127.0.0.1` in front of a PostgreSQL server, in transaction mode unless a setting says
/// otherwise. It stops with this guard.
#[derive(Debug)]
pub struct Bouncer {
    folder: PathBuf,
    url: String,
    // Before the folder goes.
    process: Option<Process>,
}

impl Bouncer {
    /// Starts one in front of the server of a URL, which has a host, a user and a password. [`Options::setting`] is a line
    /// of the `[pgbouncer]` part of its file.
    ///
    /// # Errors
    /// When pgbouncer is not installed, the URL lacks something, or it does not start; the error has its log.
    pub fn start(url: &str, options: &Options) -> Result<Self> {
        let program = programs::in_path("pgbouncer").ok_or_else(|| programs::missing("pgbouncer", "pgbouncer"))?;
        let server = Url::parse(url)?;
        let (name, password, host, port) = server.parts("5432");
        let user = User::unprivileged(&["postgres", "nobody"])?;
        let folder = place::folder(&place::root(user)?, "pgbouncer", user)?;
        let mut bouncer = Self { folder, url: String::new(), process: None };
        let own = place::port()?;
        bouncer.url = server.with_server(&format!("postgres://{name}:{password}@127.0.0.1:{own}"));

        let mut text = format!("[databases]\n* = host={host} port={port}\n[pgbouncer]\nlisten_port = {own}\n");
        text += "listen_addr = 127.0.0.1\nauth_type = scram-sha-256\nauth_file = users.txt\nunix_socket_dir =\n";
        text += "pool_mode = transaction\nmax_client_conn = 300\n";
        for (name, value) in &options.settings {
            text += &format!("{name} = {value}\n");
        }
        let write = |name: &str, contents: &[u8]| {
            let path = bouncer.folder.join(name);
            fs::write(&path, contents).map_err(Error::of(format_args!("write {}", path.display())))
        };
        write("bouncer.ini", text.as_bytes())?;
        write("users.txt", format!("\"{name}\" \"{password}\"\n").as_bytes())?;
        for (name, contents) in &options.files {
            write(name, contents)?;
        }
        let mut command = Command::new(program);
        command.arg("bouncer.ini");
        let log = bouncer.folder.join("server.log");
        let mut process = Process::start(&command, user, "TERM", &log, &bouncer.folder)?;
        process.wait_until_ready(&log, 0, |log| log.contains("process up"))?;
        bouncer.process = Some(process);
        Ok(bouncer)
    }

    /// The URL of the same database through pgbouncer.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What it has written to its log.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.join("server.log")).unwrap_or_default()
    }
}

impl Drop for Bouncer {
    fn drop(&mut self) {
        drop(self.process.take());
        let _ = fs::remove_dir_all(&self.folder);
    }
}

//! A private server.

use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::UNIX_EPOCH;

use crate::client::{Client, Url};
use crate::database::Database;
use crate::error::{Error, Result};
use crate::kind::Kind;
use crate::options::Options;
use crate::place;
use crate::process::Process;
use crate::user::User;

/// A server of its own, on a free port of `127.0.0.1`, with its data in a folder of its own. Both go with this guard, or
/// with the process.
///
/// PostgreSQL's user is `postgres`, MariaDB's `aludel`; the password of both is `secret`, and both may do everything.
#[derive(Debug)]
pub struct Server {
    kind: Kind,
    user: User,
    folder: PathBuf,
    port: u16,
    process: Option<Process>,
}

impl Server {
    /// Starts a PostgreSQL server.
    ///
    /// # Errors
    /// When PostgreSQL is not installed, or the server does not start; the error has the end of its log.
    pub fn postgres(options: Options) -> Result<Self> {
        Self::new(Kind::Postgres, &options)
    }

    /// Starts a MariaDB server.
    ///
    /// # Errors
    /// When MariaDB is not installed, or the server does not start; the error has the end of its log.
    pub fn mariadb(options: Options) -> Result<Self> {
        Self::new(Kind::MariaDb, &options)
    }

    fn new(kind: Kind, options: &Options) -> Result<Self> {
        kind.program()?;
        let user = User::unprivileged(kind.users())?;
        let root = place::root(user)?;
        let folder = place::folder(&root, kind.name(), user)?;
        let mut server = Self { kind, user, folder, port: 0, process: None };
        copy_template(kind, user, &root, &server.folder)?;
        for (name, contents) in &options.files {
            server.write(name, contents)?;
        }
        let mut attempts = 0;
        loop {
            attempts += 1;
            server.port = place::port()?;
            kind.configure(&server.folder, server.port, options)?;
            match server.start() {
                Ok(()) => break,
                // Somebody took the port between the look and the start.
                Err(_) if attempts < 5 && Kind::is_port_taken(&server.log()) => {}
                Err(error) => return Err(error),
            }
        }
        for statement in &options.sql {
            server.run(statement)?;
        }
        Ok(server)
    }

    /// The URL of a database that is there from the start: `postgres`, or `test`.
    #[must_use]
    pub fn url(&self) -> String {
        self.kind.url(self.port)
    }

    /// The port on which it listens, the same after a restart.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its Unix socket. PostgreSQL's URLs want the folder, which is the socket's.
    #[must_use]
    pub fn socket(&self) -> PathBuf {
        self.kind.socket(&self.folder, self.port)
    }

    /// The folder with its data.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The number of its process; none while it is stopped.
    #[must_use]
    pub fn process_id(&self) -> Option<u32> {
        self.process.as_ref().map(Process::id)
    }

    /// What it has written to its log since it was first started.
    #[must_use]
    pub fn log(&self) -> String {
        let log = fs::read(self.log_file()).unwrap_or_default();
        String::from_utf8_lossy(&log).into_owned()
    }

    /// A fresh database. It goes with the server, not with its guard, which may outlive a server that was stopped.
    ///
    /// # Errors
    /// When the server does not answer.
    pub fn database(&self) -> Result<Database> {
        Database::make(self.kind, self.client(), &Url::parse(&self.url())?, false)
    }

    /// Runs statements as administrator, by the database's own program; gives the rows, columns separated by tabs.
    ///
    /// # Errors
    /// When the server does not answer or refuses a statement.
    pub fn run(&self, sql: &str) -> Result<String> {
        self.client().run(sql)
    }

    /// Writes a file into its folder, readable by the server alone.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn write(&self, name: &str, contents: &[u8]) -> Result<()> {
        let path = self.folder.join(name);
        fs::write(&path, contents).map_err(Error::of(format_args!("write {}", path.display())))?;
        let mode = fs::Permissions::from_mode(0o600);
        fs::set_permissions(&path, mode).map_err(Error::of(format_args!("close {}", path.display())))?;
        self.user.own(&path)
    }

    /// Stops every process of the server, by `SIGSTOP`: connections stay open, the system accepts new ones, and nothing
    /// answers.
    ///
    /// # Errors
    /// When the system refuses the signal.
    pub fn pause(&mut self) -> Result<()> {
        self.process.as_mut().map_or(Ok(()), Process::pause)
    }

    /// Lets a paused server go on.
    ///
    /// # Errors
    /// When the system refuses the signal.
    pub fn resume(&mut self) -> Result<()> {
        self.process.as_mut().map_or(Ok(()), Process::resume)
    }

    /// Stops the server in order: connections are closed, data is written. Ready when it has ended.
    ///
    /// # Errors
    /// When the process can't be waited for.
    pub fn stop(&mut self) -> Result<()> {
        self.process.take().map_or(Ok(()), |mut process| process.stop(self.kind.orderly()))
    }

    /// Ends the server without a word to anybody, as if the power had gone. What was committed is found after a
    /// [`start`](Self::start) nevertheless. Ready when it has ended.
    ///
    /// # Errors
    /// When the process can't be waited for.
    pub fn kill(&mut self) -> Result<()> {
        self.process.take().map_or(Ok(()), |mut process| process.stop(self.kind.at_once()))
    }

    /// Starts a stopped server, on the port it had. Ready when it answers. A running server is left as it is.
    ///
    /// # Errors
    /// When it does not start; the error has the end of its log.
    pub fn start(&mut self) -> Result<()> {
        if self.process.is_some() {
            return Ok(());
        }
        let written = fs::metadata(self.log_file()).map_or(0, |log| log.len());
        let command = self.kind.command()?;
        let mut process = Process::start(&command, self.user, self.kind.at_once(), &self.log_file(), &self.folder)?;
        process.wait_until_ready(&self.log_file(), written, |log| self.kind.is_ready(log))?;
        self.process = Some(process);
        Ok(())
    }

    /// Stops the server in order and starts it again.
    ///
    /// # Errors
    /// As [`stop`](Self::stop) and [`start`](Self::start).
    pub fn restart(&mut self) -> Result<()> {
        self.stop()?;
        self.start()
    }

    fn client(&self) -> Client {
        Client::Folder(self.kind, self.folder.clone(), self.port)
    }

    fn log_file(&self) -> PathBuf {
        self.folder.join("server.log")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.take());
        // Where a server was running its shell has done it.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Fills a folder with an empty server's files. They are made once for each version of the database, which takes seconds, and
/// then copied.
fn copy_template(kind: Kind, user: User, root: &Path, folder: &Path) -> Result<()> {
    let program = kind.program()?;
    let changed = fs::metadata(&program).and_then(|program| program.modified());
    let version = changed.ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok()).map_or(0, |time| time.as_secs());
    let name = format!("{}-template-{}-{version}", kind.name(), user.tag());
    let template = root.join(&name);
    let lock = File::create(root.join("lock")).map_err(Error::of("make a lock"))?;
    lock.lock().map_err(Error::of("take a lock"))?;
    if !template.exists() {
        let making = place::folder(root, &name, user)?;
        kind.fill(&making, user)?;
        fs::rename(&making, &template).map_err(Error::of(format_args!("name {}", template.display())))?;
    }
    drop(lock);
    let mut command = Command::new("cp");
    command.args(["-a", "--reflink=auto"]).arg(template.join(".")).arg(folder);
    user.run(&mut command);
    let output = command.output().map_err(Error::of("run cp"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(Error::new(format!("could not copy a server's files: {}", String::from_utf8_lossy(&output.stderr).trim())))
}

//! SQLAlchemy's side: a process that takes names of cases and answers each with a line of JSON.

use std::io::{BufRead, BufReader, Lines, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde::Deserialize;

use super::{Outcome, Suite, python};
use crate::turns::Result;

/// The process; it ends, and its databases are removed, when this is dropped.
#[derive(Debug)]
pub(super) struct Server {
    process: Child,
    orders: Option<ChildStdin>,
    answers: Lines<BufReader<ChildStdout>>,
    versions: String,
}

/// What the process says of itself, as its first line.
#[derive(Deserialize)]
struct Hello {
    versions: String,
}

impl Server {
    /// Starts the process, which fills its databases.
    pub(super) fn start(interpreter: &Path) -> Result<Self> {
        let program = python::folder().join("suite.py");
        let mut process = Command::new(interpreter)
            .arg(program)
            .arg("--serve")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{}: {error}", interpreter.display()))?;
        let orders = process.stdin.take();
        let output = process.stdout.take().ok_or("SQLAlchemy's process has no output")?;
        let answers = BufReader::new(output).lines();
        let mut server = Self { process, orders, answers, versions: String::new() };
        let hello: Hello = serde_json::from_str(&server.answer()?)?;
        server.versions = hello.versions;
        Ok(server)
    }

    /// What is measured: SQLAlchemy, Python and SQLite, with their versions.
    pub(super) fn versions(&self) -> &str {
        &self.versions
    }

    /// Runs one round of a case.
    pub(super) fn run(&mut self, case: Suite) -> Result<Outcome> {
        let orders = self.orders.as_mut().ok_or("SQLAlchemy's process has no input")?;
        writeln!(orders, "{}", case.name())?;
        orders.flush()?;
        Ok(serde_json::from_str(&self.answer()?)?)
    }

    fn answer(&mut self) -> Result<String> {
        match self.answers.next() {
            Some(line) => Ok(line?),
            None => Err("SQLAlchemy's process ended; what it printed says why".into()),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.orders = None; // the end of its input is the end of its work
        if let Err(error) = self.process.wait() {
            eprintln!("SQLAlchemy's process: {error}");
        }
    }
}

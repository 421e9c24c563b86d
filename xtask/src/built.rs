//! What cargo has built, so that it can be run without asking cargo again: with other targets it may choose other features of
//! the dependencies, and build everything anew.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::interrupt;
use crate::steps::shown;

/// A program that was built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Program {
    pub(crate) name: String,
    /// The folder of its package, where cargo runs a test.
    folder: PathBuf,
    path: PathBuf,
}

impl Program {
    /// What runs it where cargo runs tests.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.path);
        // As cargo does: for what looks for its own package's files.
        command.current_dir(&self.folder).env("CARGO_MANIFEST_DIR", &self.folder);
        command
    }
}

/// Builds with this command, to which `--message-format` is added, and gives the programs of this kind of target: `test`,
/// `example`.
pub(crate) fn build(command: &mut Command, kind: &str) -> Result<Vec<Program>> {
    let command = command.arg("--message-format=json-render-diagnostics").stdout(Stdio::piped());
    let mut child = interrupt::spawn(command)?;
    let mut programs = Vec::new();
    if let Some(output) = child.output() {
        for line in BufReader::new(output).lines() {
            programs.extend(read(&line?, kind));
        }
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("{} ended with {status}", shown(command));
    }
    Ok(programs)
}

/// The program of that name.
pub(crate) fn find<'p>(programs: &'p [Program], name: &str) -> Result<&'p Program> {
    programs.iter().find(|program| program.name == name).with_context(|| format!("cargo has built no program {name:?}"))
}

/// What one message says of a program.
fn read(message: &str, kind: &str) -> Option<Program> {
    let message: Value = serde_json::from_str(message).ok()?;
    let target = &message["target"];
    let is_of_kind = target["kind"].as_array()?.iter().any(|of_target| of_target == kind);
    let folder = Path::new(message["manifest_path"].as_str()?).parent()?;
    let path = PathBuf::from(message["executable"].as_str()?);
    let name = target["name"].as_str()?.to_owned();
    is_of_kind.then(|| Program { name, folder: folder.to_owned(), path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_of_cargo() {
        let message = r#"{"reason":"compiler-artifact","manifest_path":"/p/crates/a/Cargo.toml",
            "target":{"kind":["test"],"name":"orm"},"executable":"/p/target/debug/deps/orm-1"}"#;
        let program =
            Program { name: "orm".into(), folder: "/p/crates/a".into(), path: "/p/target/debug/deps/orm-1".into() };
        assert_eq!(read(message, "test"), Some(program.clone()));
        assert_eq!(read(message, "example"), None);
        assert_eq!(read(r#"{"reason":"build-finished","success":true}"#, "test"), None);
        assert_eq!(find(std::slice::from_ref(&program), "orm").unwrap(), &program);
        assert!(find(&[program], "other").unwrap_err().to_string().contains("\"other\""));
    }
}

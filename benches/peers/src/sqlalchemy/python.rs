//! The Python environment, which is made where the program is built.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::turns::Result;

/// The folder of the Python program, beside this one.
pub(super) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("sqlalchemy")
}

/// The interpreter of the environment, made anew unless it is there, with what `requirements.txt` names.
pub(super) fn interpreter() -> Result<PathBuf> {
    let environment = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/sqlalchemy");
    let python = environment.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    if !python.exists() {
        run(Command::new("python3").args(["-m", "venv"]).arg(&environment))?;
    }
    // Nothing is fetched if all of it is there.
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"];
    run(Command::new(&python).args(install).arg(folder().join("requirements.txt")))?;
    Ok(python)
}

fn run(command: &mut Command) -> Result {
    let status = command.status().map_err(|error| format!("{command:?}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{command:?}: {status}").into()) }
}

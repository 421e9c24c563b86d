//! Where the databases' programs are.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// Whether PostgreSQL's server and client are installed.
#[must_use]
pub fn has_postgres() -> bool {
    ["initdb", "postgres", "psql"].iter().all(|name| postgres(name).is_ok())
}

/// Whether MariaDB's server and client are installed.
#[must_use]
pub fn has_mariadb() -> bool {
    ["mariadb-install-db", "mariadbd", "mariadb"].iter().all(|name| mariadb(name).is_ok())
}

/// Whether pgbouncer is installed.
#[must_use]
pub fn has_pgbouncer() -> bool {
    in_path("pgbouncer").is_some()
}

/// A program of PostgreSQL. Debian keeps those of the server in a folder for each version, outside the path; its `psql` in the
/// path is a script that looks for the version and takes longer than the work.
pub(crate) fn postgres(name: &str) -> Result<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = Vec::new();
    for entry in fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten() {
        let version = entry.file_name().to_str().and_then(|name| name.parse().ok());
        let program = entry.path().join("bin").join(name);
        if let Some(version) = version
            && program.is_file()
        {
            versions.push((version, program));
        }
    }
    let newest = versions.into_iter().max_by_key(|(version, _)| *version);
    newest.map(|(_, program)| program).or_else(|| in_path(name)).ok_or_else(|| missing(name, "postgresql"))
}

/// A program of MariaDB.
pub(crate) fn mariadb(name: &str) -> Result<PathBuf> {
    in_path(name).ok_or_else(|| missing(name, "mariadb-server"))
}

pub(crate) fn missing(name: &str, package: &str) -> Error {
    Error::new(format!("there is no program `{name}`; install it (on Debian: apt-get install {package})"))
}

pub(crate) fn in_path(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    // Servers often stand in folders that only root's path has.
    let folders = env::split_paths(&path).chain(["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from));
    folders.map(|folder: PathBuf| folder.join(name)).find(|program: &PathBuf| Path::is_file(program))
}

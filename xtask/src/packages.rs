//! Programs from outside Rust that the tests need, installed by apt-get where they are missing.

use std::env;
use std::ffi::OsStr;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::steps::run_command;

/// A program, what it is for, and the Debian packages that bring it.
#[derive(Debug)]
pub(crate) struct Program {
    name: &'static str,
    is_there: fn(&str) -> bool,
    purpose: &'static str,
    packages: &'static [&'static str],
}

/// Everything the tests need beyond Rust itself.
pub(crate) const PROGRAMS: &[Program] = &[
    Program {
        name: "cc",
        is_there: is_in_path,
        purpose: "compiles the SQLite that the driver brings with it",
        packages: &["gcc", "libc6-dev"],
    },
    Program {
        name: "valgrind",
        is_there: is_in_path,
        purpose: "counts the instructions of the hot paths",
        // Without the debug symbols of the C library valgrind may refuse to start.
        packages: &["valgrind", "libc6-dbg"],
    },
    // Of the databases only the programs are wanted. Where installing starts a service, it is left alone.
    Program {
        name: "postgres",
        is_there: |_| aludel_servers::has_postgres(),
        purpose: "is one of the servers that drivers are tested with",
        packages: &["postgresql"],
    },
    Program {
        name: "mariadbd",
        is_there: |_| aludel_servers::has_mariadb(),
        purpose: "is one of the servers that drivers are tested with",
        packages: &["mariadb-server"],
    },
    Program {
        name: "pgbouncer",
        is_there: |_| aludel_servers::has_pgbouncer(),
        purpose: "stands between client and server in some tests",
        packages: &["pgbouncer"],
    },
];

/// Installs the programs that are missing, or says what to install by hand.
pub(crate) fn ensure(programs: &[Program]) -> Result<()> {
    let path = env::var_os("PATH").unwrap_or_default();
    let missing: Vec<&Program> = programs.iter().filter(|program| !(program.is_there)(program.name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    for program in &missing {
        println!("missing: {}, which {}", program.name, program.purpose);
    }
    let packages: Vec<&str> = missing.iter().flat_map(|program| program.packages).copied().collect();
    let prefix = privilege(&path, is_root()?, &packages)?;

    let apt_get = |words: &[&str]| {
        let words: Vec<&str> = prefix.iter().chain(words).copied().collect();
        run_command(Command::new(words[0]).args(&words[1..]))
    };
    // Old package lists may still do, so only the installation decides.
    if let Err(error) = apt_get(&["apt-get", "update", "-q"]) {
        println!("{error:#}; going on with the package lists at hand");
    }
    let mut install =
        vec!["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-q", "-y", "--no-install-recommends"];
    install.extend(&packages);
    apt_get(&install).with_context(|| by_hand(&packages))
}

/// The words to put before a command that needs the rights of root.
fn privilege(path: &OsStr, root: bool, packages: &[&str]) -> Result<Vec<&'static str>> {
    if !is_on(path, "apt-get") {
        bail!("there is no apt-get here; {}", by_hand(packages));
    }
    if root {
        return Ok(Vec::new());
    }
    if !is_on(path, "sudo") {
        bail!("this is not root and there is no sudo; {}", by_hand(packages));
    }
    // Nobody is there to type a password in CI.
    let in_ci = env::var_os("CI").is_some();
    Ok(if in_ci { vec!["sudo", "-n"] } else { vec!["sudo"] })
}

fn by_hand(packages: &[&str]) -> String {
    format!("install what is missing by hand (on Debian: apt-get install {}) and run this again", packages.join(" "))
}

fn is_root() -> Result<bool> {
    let output = Command::new("id").arg("-u").output().context("could not run `id -u`")?;
    Ok(output.stdout.trim_ascii() == b"0")
}

fn is_in_path(name: &str) -> bool {
    is_on(&env::var_os("PATH").unwrap_or_default(), name)
}

fn is_on(path: &OsStr, name: &str) -> bool {
    env::split_paths(path).any(|folder| folder.join(name).is_file())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn folder_with(programs: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for program in programs {
            fs::write(folder.path().join(program), "").unwrap();
        }
        folder
    }

    #[test]
    fn root_needs_no_sudo() {
        let folder = folder_with(&["apt-get"]);
        let prefix = privilege(folder.path().as_os_str(), true, &["valgrind"]).unwrap();
        assert!(prefix.is_empty());
    }

    #[test]
    fn others_go_by_sudo() {
        let folder = folder_with(&["apt-get", "sudo"]);
        let prefix = privilege(folder.path().as_os_str(), false, &["valgrind"]).unwrap();
        assert_eq!(prefix[0], "sudo");
    }

    #[test]
    fn without_a_way_to_install_the_message_names_the_packages() {
        for (programs, reason) in [(vec!["apt-get"], "no sudo"), (vec![], "no apt-get")] {
            let folder = folder_with(&programs);
            let error = privilege(folder.path().as_os_str(), false, &["gcc", "valgrind"]).unwrap_err().to_string();
            assert!(error.contains(reason), "{error}");
            assert!(error.contains("apt-get install gcc valgrind"), "{error}");
        }
    }
}

//! As whom servers run: as root they refuse.

use std::fs;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use crate::error::{Error, Result};

/// The user that a server runs as, where that is another one than this process's.
#[derive(Clone, Copy, Debug)]
pub(crate) struct User(Option<(u32, u32)>);

impl User {
    /// This process's user; for root the first one there is of those named.
    pub(crate) fn unprivileged(names: &[&str]) -> Result<Self> {
        if !is_root() {
            return Ok(Self(None));
        }
        let users = fs::read_to_string("/etc/passwd").map_err(Error::of("read /etc/passwd"))?;
        let found = names.iter().find_map(|name| users.lines().find_map(|line| ids(line, name)));
        found.map(|ids| Self(Some(ids))).ok_or_else(|| {
            let names = names.join(", ");
            Error::new(format!("root can't run a database server, and of the users {names} there is none"))
        })
    }

    /// Makes a command run as this user.
    pub(crate) fn run(self, command: &mut Command) {
        if let Self(Some((user, group))) = self {
            command.uid(user).gid(group);
        }
    }

    /// Whether it is another user than this process's.
    pub(crate) fn is_other(self) -> bool {
        self.0.is_some()
    }

    /// Gives a file or folder to this user.
    pub(crate) fn own(self, path: &Path) -> Result<()> {
        let Self(Some((user, group))) = self else {
            return Ok(());
        };
        chown(path, Some(user), Some(group)).map_err(Error::of(format_args!("give {} away", path.display())))
    }

    /// A word for folders whose contents belong to the user.
    pub(crate) fn tag(self) -> String {
        self.0.map_or_else(own, |(user, _)| user).to_string()
    }
}

fn is_root() -> bool {
    own() == 0
}

/// The number of this process's user.
fn own() -> u32 {
    rustix::process::geteuid().as_raw()
}

/// The numbers of a line of `/etc/passwd`, if it is the user's.
fn ids(line: &str, name: &str) -> Option<(u32, u32)> {
    let mut fields = line.split(':');
    if fields.next() != Some(name) {
        return None;
    }
    Some((fields.nth(1)?.parse().ok()?, fields.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::ids;

    #[test]
    fn the_whole_name_counts() {
        let line = "postgres:x:101:104:PostgreSQL administrator,,,:/var/lib/postgresql:/bin/bash";
        assert_eq!(ids(line, "postgres"), Some((101, 104)));
        assert_eq!(ids(line, "post"), None);
    }
}

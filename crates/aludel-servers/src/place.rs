//! Where servers keep their data, and on which ports they listen.

use std::collections::hash_map::RandomState;
use std::env;
use std::fs;
use std::hash::BuildHasher;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{self, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::error::{Error, Result};
use crate::user::User;

/// The longest path of the folder that still leaves room for a socket in a server's folder: the system's limit is 107 bytes.
const LONGEST: usize = 64;

/// The folder in which each server has its own: `servers` in Cargo's target folder, or one for temporary files where the
/// server's user can't get there (the home of root) or where paths would be too long for sockets.
pub(crate) fn root(user: User) -> Result<PathBuf> {
    let wanted = target().map(|target| target.join("servers"));
    if let Some(wanted) = wanted
        && wanted.as_os_str().len() <= LONGEST
        && open(&wanted, user).is_ok()
        && is_reached(&wanted, user)
    {
        return Ok(wanted);
    }
    let other = env::temp_dir().join(format!("aludel-servers-{}", user.tag()));
    open(&other, user).map_err(Error::of(format_args!("make the folder {}", other.display())))?;
    if is_reached(&other, user) {
        return Ok(other);
    }
    Err(Error::new(format!("the servers' user can't reach {}", other.display())))
}

/// A new folder that belongs to the user. Its path is found by `name`, which says what it is for.
pub(crate) fn folder(root: &Path, name: &str, user: User) -> Result<PathBuf> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let folder = root.join(format!("{name}-{}-{count}", process::id()));
    let failed = || Error::of(format!("make the folder {}", folder.display()));
    if folder.exists() {
        // Of a process with the same number, which the machine's end has kept from clearing up.
        fs::remove_dir_all(&folder).map_err(failed())?;
    }
    fs::create_dir(&folder).map_err(failed())?;
    user.own(&folder)?;
    Ok(folder)
}

/// A port where nobody listens, outside the range from which the system gives ports to clients: a server that restarts must
/// find its own again.
pub(crate) fn port() -> Result<u16> {
    const FIRST: u64 = 20_000;
    const COUNT: u64 = 12_000;
    for attempt in 0_u32..200 {
        let number = RandomState::new().hash_one((process::id(), attempt));
        if let Ok(port) = u16::try_from(FIRST + number % COUNT)
            && TcpListener::bind(("127.0.0.1", port)).is_ok()
        {
            return Ok(port);
        }
    }
    Err(Error::new("found no free port between 20000 and 32000"))
}

/// Cargo marks its target folder, and programs that it builds are below it.
fn target() -> Option<PathBuf> {
    let program = env::current_exe().ok()?;
    program.ancestors().find(|folder| folder.join("CACHEDIR.TAG").is_file()).map(Path::to_owned)
}

/// Makes the folder. Servers of several users delete their own folders in it, as in the system's folder for temporary files.
fn open(folder: &Path, user: User) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    if user.is_other() {
        fs::set_permissions(folder, fs::Permissions::from_mode(0o1777))?;
    }
    Ok(())
}

fn is_reached(folder: &Path, user: User) -> bool {
    let mut command = Command::new("true");
    command.current_dir(folder).stdin(Stdio::null());
    user.run(&mut command);
    command.status().is_ok_and(|status| status.success())
}

//! A server's process, which ends at the latest when this process does.
//!
//! Between the two stands a shell that reads from a pipe. The pipe ends with this process however it ends, and then the shell
//! stops the server and deletes its folder.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::error::{Error, Result};
use crate::user::User;

/// `$1` is the signal that stops the server at once, `$2` its log, `$3` the folder to delete, the rest the server. A line read
/// is the signal of an orderly end, after which the folder stays. The server may have been paused, so it is woken up.
const SHELL: &str = r#"
at_once=$1 log=$2 folder=$3
shift 3
"$@" </dev/null >>"$log" 2>&1 &
server=$!
echo "$server"
if read -r signal; then keep=yes; else signal=$at_once keep=; fi
exec 2>/dev/null
kill -s "$signal" "$server"
kill -s CONT "$server"
wait "$server"
cd /
[ -n "$keep" ] || rm -rf "$folder"
"#;

/// How long a server may take to start; machines in CI are slow.
const PATIENCE: Duration = Duration::from_secs(120);

#[derive(Debug)]
pub(crate) struct Process {
    shell: Child,
    pipe: Option<ChildStdin>,
    server: Pid,
    paused: Vec<Pid>,
}

impl Process {
    /// Starts a server in its folder.
    pub(crate) fn start(server: &Command, user: User, at_once: &str, log: &Path, folder: &Path) -> Result<Self> {
        let mut command = Command::new("sh");
        command.args(["-c", SHELL, "server", at_once]).arg(log).arg(folder);
        command.arg(server.get_program()).args(server.get_args());
        // A group of its own, so that Ctrl-C reaches whoever started it and not the server.
        command.current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::piped()).process_group(0);
        command.env("LC_ALL", "C.UTF-8");
        user.run(&mut command);
        let mut shell = command.spawn().map_err(Error::of("start a shell"))?;
        let pipe = shell.stdin.take();
        let mut line = String::new();
        if let Some(output) = shell.stdout.take() {
            BufReader::new(output).read_line(&mut line).map_err(Error::of("read from a shell"))?;
        }
        let server = line.trim().parse().ok().and_then(Pid::from_raw);
        let server = server.ok_or_else(|| Error::new("the shell that starts servers gave no process number"))?;
        Ok(Self { shell, pipe, server, paused: Vec::new() })
    }

    pub(crate) fn id(&self) -> u32 {
        self.server.as_raw_nonzero().get().unsigned_abs()
    }

    /// Waits until the server's log, from an offset on, says that it is ready.
    pub(crate) fn wait_until_ready(&mut self, log: &Path, from: u64, is_ready: impl Fn(&str) -> bool) -> Result<()> {
        let start = Instant::now();
        loop {
            let text = fs::read(log).unwrap_or_default();
            let new = usize::try_from(from).ok().and_then(|from| text.get(from..)).unwrap_or_default();
            let new = String::from_utf8_lossy(new);
            if is_ready(&new) {
                return Ok(());
            }
            let has_ended = self.has_ended();
            if has_ended || start.elapsed() > PATIENCE {
                let what = if has_ended { "ended while starting" } else { "does not start" };
                let lines: Vec<&str> = new.lines().collect();
                let end = lines.get(lines.len().saturating_sub(20)..).unwrap_or_default().join("\n");
                // Whoever owns the folder may want it for another attempt.
                self.stop("KILL")?;
                return Err(Error::new(format!("the server of {} {what}:\n{end}", log.display())));
            }
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Whether the server has ended by itself.
    fn has_ended(&self) -> bool {
        state(self.server).is_none_or(|(state, _)| state == 'Z')
    }

    /// Sends the signal and waits for the end. The folder stays.
    pub(crate) fn stop(&mut self, signal: &str) -> Result<()> {
        self.resume()?;
        if let Some(mut pipe) = self.pipe.take() {
            writeln!(pipe, "{signal}").map_err(Error::of("stop a server"))?;
        }
        self.shell.wait().map_err(Error::of("wait for a server's end"))?;
        Ok(())
    }

    /// Stops the server and each of its processes, as if the machine were out of breath.
    pub(crate) fn pause(&mut self) -> Result<()> {
        // The first one is stopped first, so that it starts no others.
        for process in [vec![self.server], children(self.server)].concat() {
            match kill_process(process, Signal::STOP) {
                Ok(()) => self.paused.push(process),
                Err(rustix::io::Errno::SRCH) => {}
                Err(error) => return Err(Error::new(format!("could not pause a server: {error}"))),
            }
        }
        Ok(())
    }

    pub(crate) fn resume(&mut self) -> Result<()> {
        for process in self.paused.drain(..).rev() {
            match kill_process(process, Signal::CONT) {
                Ok(()) | Err(rustix::io::Errno::SRCH) => {}
                Err(error) => return Err(Error::new(format!("could not wake a server: {error}"))),
            }
        }
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // A destructor has nobody to tell; the shell does what can be done.
        let _ = self.resume();
        drop(self.pipe.take());
        let _ = self.shell.wait();
    }
}

fn children(parent: Pid) -> Vec<Pid> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let numbers = processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok().and_then(Pid::from_raw));
    numbers.filter(|&process| state(process).is_some_and(|(_, of)| of == parent.as_raw_nonzero().get())).collect()
}

/// A process's state and its parent's number; none when there is no such process.
fn state(process: Pid) -> Option<(char, i32)> {
    let text = fs::read_to_string(format!("/proc/{}/stat", process.as_raw_nonzero())).ok()?;
    // The name stands in parentheses and may have any character.
    let (_, rest) = text.rsplit_once(") ")?;
    let mut words = rest.split(' ');
    Some((words.next()?.chars().next()?, words.next()?.parse().ok()?))
}

//! What happens at Ctrl-C, and when somebody asks this program to end.
//!
//! The servers end with this program, however it ends: see `crates/aludel-servers/src/process.rs`. What it has started
//! besides, and what that has started in its turn, is told here.

use std::os::unix::process::CommandExt;
use std::process::{self, Child, ChildStdout, Command, ExitStatus};
use std::sync::Mutex;
use std::thread;

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process_group};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::steps::shown;

/// The group of processes that is running now.
static RUNNING: Mutex<Option<Pid>> = Mutex::new(None);

/// From now on a signal to end is passed on to what is running, before this program ends.
pub(crate) fn watch() -> Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP]).context("could not listen to signals")?;
    thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            stop_running();
            process::exit(128 + signal);
        }
    });
    Ok(())
}

/// Runs a command to its end; a status other than success is an error that shows the whole command.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = spawn(command)?.wait()?;
    if !status.success() {
        bail!("{} ended with {status}", shown(command));
    }
    Ok(())
}

/// Starts a program in a group of its own, so that everything that it starts can be ended with it.
pub(crate) fn spawn(command: &mut Command) -> Result<Running> {
    let mut running = running();
    let child = command.process_group(0).spawn().with_context(|| format!("could not start {}", shown(command)))?;
    *running = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    Ok(Running(child))
}

/// A program that runs. It is ended with this guard if it was not awaited.
pub(crate) struct Running(Child);

impl Running {
    pub(crate) fn output(&mut self) -> Option<ChildStdout> {
        self.0.stdout.take()
    }

    pub(crate) fn wait(&mut self) -> Result<ExitStatus> {
        let status = self.0.wait()?;
        *running() = None;
        Ok(status)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        stop_running();
    }
}

fn stop_running() {
    if let Some(group) = running().take() {
        // It may just have ended.
        let _ = kill_process_group(group, Signal::TERM);
    }
}

fn running() -> std::sync::MutexGuard<'static, Option<Pid>> {
    RUNNING.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
